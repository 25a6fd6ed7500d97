/*
 * expression.c: SQL expressions that others write, as the map of an
 * application's table onto ours.
 *
 * Each is exactly one expression over one table, so that nothing can be added
 * to the statements that it becomes a part of. It is read, and later run, with
 * the rights of the table's owner: reading alone runs the input functions of
 * types, and so the checks of domains, which are the application's.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_attribute.h"
#include "commands/view.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/analyze.h"
#include "parser/parser.h"
#include "rewrite/rewriteHandler.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"
#include "utils/varlena.h"

#include "compat.h"
#include "errors.h"
#include "expression.h"
#include "owner.h"
#include "probe.h"

PG_FUNCTION_INFO_V1(reminder_one_expression);
PG_FUNCTION_INFO_V1(reminder_store_map);
PG_FUNCTION_INFO_V1(reminder_nearest);

/* Says of which field an error is; its place in a text of ours says nothing to the caller. */
static void
NameField(void *arg)
{
	errposition(0);
	errcontext("field \"%s\" of the map", (char *) arg);
}

/* Reads a text; what is wrong with it is said of a field. */
static List *
ReadText(const char *sql, char *field)
{
	ErrorContextCallback context = {.callback = NameField,.arg = field,.previous = error_context_stack};
	List	   *statements;

	error_context_stack = &context;
	statements = RawParser(sql);
	error_context_stack = context.previous;
	return statements;
}

/* Tells whether what a text was read as is SELECT with one expression and nothing else. */
static bool
IsOneExpression(List *statements)
{
	SelectStmt *select;
	ResTarget  *target;

	if (list_length(statements) != 1)
		return false;
	select = (SelectStmt *) linitial_node(RawStmt, statements)->stmt;
	if (!IsA(select, SelectStmt) || list_length(select->targetList) != 1 || select->op != SETOP_NONE ||
		select->distinctClause != NIL || select->intoClause != NULL || select->fromClause != NIL ||
		select->whereClause != NULL || select->groupClause != NIL || select->havingClause != NULL ||
		select->windowClause != NIL || select->valuesLists != NIL || select->sortClause != NIL ||
		select->limitOffset != NULL || select->limitCount != NULL || select->lockingClause != NIL ||
		select->withClause != NULL)
		return false;
	target = linitial_node(ResTarget, select->targetList);
	if (target->name != NULL || target->indirection != NIL)
		return false;
	return !(IsA(target->val, ColumnRef) && IsA(llast(((ColumnRef *) target->val)->fields), A_Star));
}

/*
 * Gives a text as an expression in parentheses. Raises 22R01 unless it is
 * exactly one expression. It is read twice: as it stands, so that it cannot
 * close our parentheses; and within them, as it will be used.
 */
Datum
reminder_one_expression(PG_FUNCTION_ARGS)
{
	char	   *field = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char	   *given = text_to_cstring(PG_GETARG_TEXT_PP(1));
	char	   *whole = psprintf("(\n%s\n)", given);

	if (!IsOneExpression(ReadText(psprintf("SELECT\n%s\n", given), field)) ||
		!IsOneExpression(ReadText(psprintf("SELECT\n%s\n", whole), field)))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("field \"%s\" of the map is not one expression", field),
				 errhint("Take a column or an expression of columns; put a subquery in parentheses.")));
	PG_RETURN_TEXT_P(cstring_to_text(whole));
}

/* What FindColumns() looks for and finds. */
typedef struct ColumnSearch
{
	int			varno;
	int			levels_up;
	Bitmapset  *attnums;		/* of the table, each less FirstLowInvalidHeapAttributeNumber */
} ColumnSearch;

/* Finds the columns of one table that an expression reads, in its subqueries too. */
static bool
FindColumnsWalker(Node *node, void *context)
{
	ColumnSearch *search = context;
	bool		stop;

	if (node == NULL)
		return false;
	if (IsA(node, Var))
	{
		Var		   *var = (Var *) node;

		if ((int) var->varno == search->varno && (int) var->varlevelsup == search->levels_up)
			search->attnums = bms_add_member(search->attnums, var->varattno - FirstLowInvalidHeapAttributeNumber);
		return false;
	}
	if (IsA(node, Query))
	{
		search->levels_up++;
		stop = query_tree_walker((Query *) node, FindColumnsWalker, search, 0);
		search->levels_up--;
		return stop;
	}
	return expression_tree_walker(node, FindColumnsWalker, search);
}

/* Gives the columns of a table that an expression over it reads, each less FirstLowInvalidHeapAttributeNumber. */
Bitmapset *
FindColumns(Node *expression, int varno)
{
	ColumnSearch search = {.varno = varno};

	(void) FindColumnsWalker(expression, &search);
	return search.attnums;
}

/* Raises 22R01 if a field of a map, or its filter, reads what a trigger cannot see, or gives another result each time. */
static void
RequireSteady(Query *query, Relation rel, const char *field)
{
	Bitmapset  *attnums = FindColumns((Node *) query->targetList, 1);
	int			i = -1;

	if (query->hasAggs || query->hasWindowFuncs || query->hasTargetSRFs)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("field \"%s\" of the map is not of one row", field),
				 errhint("Aggregates, window functions and functions that give rows cannot be mapped.")));
	if (contain_volatile_functions((Node *) query))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("field \"%s\" of the map is another each time", field),
				 errhint("Call only functions that are IMMUTABLE or STABLE.")));
	while ((i = bms_next_member(attnums, i)) >= 0)
	{
		AttrNumber	attnum = i + FirstLowInvalidHeapAttributeNumber;

		if (attnum <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_INPUT),
					 errmsg("field \"%s\" of the map reads a whole row or a system column", field),
					 errhint("Name the columns.")));
		if (IsVirtualColumn(TupleDescAttr(RelationGetDescr(rel), attnum - 1)))
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_INPUT),
					 errmsg("field \"%s\" of the map reads column \"%s\", which is not stored", field,
							get_attname(RelationGetRelid(rel), attnum, false)),
					 errhint("Make the column STORED, or map its expression.")));
	}
}

/* Analyzes a text of ours; what is wrong with it is said of a field. */
static Query *
AnalyzeText(const char *sql, char *field)
{
	ErrorContextCallback context = {.callback = NameField,.arg = field,.previous = error_context_stack};
	Query	   *query;

	error_context_stack = &context;
	query = ParseAnalyze(linitial_node(RawStmt, RawParser(sql)), sql);
	error_context_stack = context.previous;
	return query;
}

/* Gives the elements of an array of texts without NULLs. */
static char **
TextElements(ArrayType *array, int *n)
{
	Datum	   *element;
	char	  **string;

	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &element, NULL, n);
	string = palloc(Max(*n, 1) * sizeof(char *));
	for (int i = 0; i < *n; i++)
		string[i] = TextDatumGetCString(element[i]);
	return string;
}

/* Reads the map of a table, with its owner's rights: fields with their expressions, and the filter ("true": none). */
static Query *
ReadMap(Relation rel, char **field, char **expression, int n, char *filter)
{
	char	   *relation = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel));
	StringInfoData whole;
	RoleScope	scope;
	Query	   *query;

	EnterRole(&scope, rel->rd_rel->relowner, true);
	SetPathOf(rel);
	initStringInfo(&whole);
	for (int i = 0; i < n; i++)
	{
		RequireSteady(AnalyzeText(psprintf("SELECT %s AS %s FROM %s AS t", expression[i], quote_identifier(field[i]), relation), field[i]),
					  rel, field[i]);
		appendStringInfo(&whole, "%s%s AS %s", i == 0 ? "SELECT " : ",\n", expression[i], quote_identifier(field[i]));
	}
	RequireSteady(AnalyzeText(psprintf("SELECT %s AS \"where\" FROM %s AS t", filter, relation), "where"), rel, "where");
	appendStringInfo(&whole, " FROM %s AS t WHERE %s", relation, filter);
	query = AnalyzeText(whole.data, "where");
	LeaveRole(&scope);
	return query;
}

/* Gives the query of a view that holds a map; it is the relation's own, not to be changed. */
Query *
QueryOfMap(Relation view)
{
	if (view->rd_rel->relkind != RELKIND_VIEW)
		elog(ERROR, "\"%s\" is not a view", RelationGetRelationName(view));
	return get_view_query(view);
}

/*
 * Puts a map into its view, which has the fields as columns: view, table,
 * fields, expressions, filter. The view is the caller's, who is reminder; the
 * table's owner may not make it, and we may not read the expressions.
 */
Datum
reminder_store_map(PG_FUNCTION_ARGS)
{
	Relation	view = OpenGiven(PG_GETARG_OID(0));
	Relation	rel = OpenGiven(PG_GETARG_OID(1));
	int			n;
	int			expressions;
	char	  **field = TextElements(PG_GETARG_ARRAYTYPE_P(2), &n);
	char	  **expression = TextElements(PG_GETARG_ARRAYTYPE_P(3), &expressions);
	Query	   *query;

	if (n != expressions)
		elog(ERROR, "there are not as many fields as expressions");
	query = ReadMap(rel, field, expression, n, text_to_cstring(PG_GETARG_TEXT_PP(4)));
	(void) QueryOfMap(view);
	StoreViewQuery(RelationGetRelid(view), query, true);
	table_close(view, NoLock);
	table_close(rel, NoLock);
	PG_RETURN_VOID();
}

/* Gives the word of an array that a misspelt one is likely meant for, NULL if none is. */
Datum
reminder_nearest(PG_FUNCTION_ARGS)
{
	char	   *word = text_to_cstring(PG_GETARG_TEXT_PP(0));
	int			n;
	char	  **known = TextElements(PG_GETARG_ARRAYTYPE_P(1), &n);
	int			nearest = -1;
	int			least = Min((int) strlen(word) / 2, 4) + 1;

	if (strlen(word) > 64)
		PG_RETURN_NULL();
	for (int i = 0; i < n; i++)
	{
		int			distance = varstr_levenshtein(word, strlen(word), known[i], strlen(known[i]), 1, 1, 1, true);

		if (distance < least)
		{
			least = distance;
			nearest = i;
		}
	}
	if (nearest < 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(known[nearest]));
}
