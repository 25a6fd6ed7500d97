/*
 * losses.c: losses that stand in an application's own tables, put under
 * protect() (A2): the other side of the guard in protect.c.
 *
 * Whoever opens a case looks for them once it has locked the invoice: with one
 * statement a table for all invoices of a chunk, by an index, as the table's
 * owner, who sees all its rows, and read-only: a condition may call functions
 * of the application. What the statement is follows from the map, a view; so
 * that it is made anew when a relation changes, or a name that stands in it.
 * Where nothing is protected nothing is asked.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/namespace.h"
#include "catalog/pg_am.h"
#include "catalog/pg_class.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/nodeFuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parsetree.h"
#include "rewrite/rewriteManip.h"
#include "storage/bufmgr.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/uuid.h"

#include "access.h"
#include "compat.h"
#include "errors.h"
#include "expression.h"
#include "losses.h"
#include "owner.h"
#include "probe.h"
#include "words.h"

PG_FUNCTION_INFO_V1(reminder_loss_stands);
PG_FUNCTION_INFO_V1(reminder_lock_losses);
PG_FUNCTION_INFO_V1(reminder_loss_index);
PG_FUNCTION_INFO_V1(reminder_refuse_standing);

/* What a protected table says of its bookings, in the words of the table as it is now. */
typedef struct Map
{
	Oid			relid;
	Node	   *invoice_no;		/* a text */
	Node	   *creditor_id;	/* a bigint; NULL: one creditor has all rows */
	Node	   *where;			/* NULL: every row */
} Map;

/* How a table is looked into. */
typedef struct Look
{
	Oid			relid;
	bool		any_creditor;	/* a column says whose invoice it is */
	int64		creditor_id;	/* else this one's */
	Map			map;
	Node	   *key;			/* what its index has: the invoice's number, or what that is made of */
	Oid			type;			/* of the numbers to compare it with */
	SPIPlanPtr	plan;			/* NULL until it is needed */
} Look;

/* All looks, as long as nothing changes that they could name. */
static struct
{
	uint64		changes;		/* of names, when they were read; 0: not yet */
	int			n;
	Look	   *look;
	MemoryContext memory;
}			kept;

/* How many looks are under way: their plans are in use. */
static int	looking = 0;

/* Gives a column of a view's query by name; NULL if it has none. */
static Node *
ColumnOfView(const Query *query, const char *name)
{
	ListCell   *cell;

	foreach(cell, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);

		if (entry->resname != NULL && strcmp(entry->resname, name) == 0)
			return (Node *) entry->expr;
	}
	return NULL;
}

/* Gives the place of a relation among those that a view is over. */
static int
PlaceInView(const Query *query, Oid relid)
{
	ListCell   *cell;

	foreach(cell, query->jointree->fromlist)
		if (IsA(lfirst(cell), RangeTblRef))
		{
			int			place = lfirst_node(RangeTblRef, cell)->rtindex;

			if (rt_fetch(place, query->rtable)->relid == relid)
				return place;
		}
	elog(ERROR, "a map is not of its relation");
	return 0;
}

/* Reads a map, its columns numbered as those of the only relation there is. */
static void
ReadMap(Oid relid, Oid view, Map *map)
{
	Relation	rel = table_open(view, AccessShareLock);
	Query	   *query = copyObject(QueryOfMap(rel));
	int			place = PlaceInView(query, relid);

	table_close(rel, AccessShareLock);
	map->relid = relid;
	map->invoice_no = ColumnOfView(query, "invoice_no");
	map->creditor_id = ColumnOfView(query, "creditor_id");
	map->where = query->jointree->quals;
	ChangeVarNodes(map->invoice_no, place, 1, 0);
	ChangeVarNodes(map->creditor_id, place, 1, 0);
	ChangeVarNodes(map->where, place, 1, 0);
}

/* Gives an expression of a map as text; the table is t there. */
static char *
TextOf(const Map *map, Node *expression)
{
	return deparse_expression(expression, deparse_context_for("t", map->relid), true, false);
}

/* Gives the name of a relation, with its schema. */
static char *
NameOf(Oid relid)
{
	return quote_qualified_identifier(get_namespace_name(get_rel_namespace(relid)), get_rel_name(relid));
}

/* Gives a text as it was before a collation was put on it, as maps do. */
static Node *
WithoutCollation(Node *value)
{
	return IsA(value, CollateExpr) ? (Node *) ((CollateExpr *) value)->arg : value;
}

/* Gives what a value was made of by a cast to text or bigint; itself if it is none. */
static Node *
WithoutCast(Node *value)
{
	if (IsA(value, RelabelType))
		return (Node *) ((RelabelType *) value)->arg;
	if (IsA(value, CoerceViaIO))
		return (Node *) ((CoerceViaIO *) value)->arg;
	if (IsA(value, FuncExpr) && list_length(((FuncExpr *) value)->args) == 1 &&
		((FuncExpr *) value)->funcformat != COERCE_EXPLICIT_CALL)
		return linitial(((FuncExpr *) value)->args);
	return value;
}

/* Gives the type in which numbers of invoices are compared with a value; InvalidOid if only as text. */
static Oid
TypeToCompare(Node *value)
{
	switch (getBaseType(exprType(value)))
	{
		case TEXTOID:
		case VARCHAROID:
			return TEXTOID;
		case BPCHAROID:
			return BPCHAROID;
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return INT8OID;
		case UUIDOID:
			return UUIDOID;
		case NUMERICOID:
			return NUMERICOID;
		default:
			return InvalidOid;
	}
}

/* Gives the operator by which a value is compared for being the same as one of a type. */
static Oid
EqualOperator(Node *value, Oid type)
{
	Oid			left = getBaseType(exprType(value));

	return OpernameGetOprid(list_make2(makeString("pg_catalog"), makeString("=")), left == VARCHAROID ? TEXTOID : left, type);
}

/* Tells whether a column of an index is a value, which is compared by an operator. */
static bool
IndexHas(Relation index, int n, Node *value, Oid operator)
{
	AttrNumber	attnum = index->rd_index->indkey.values[n];
	int			nth = 0;

	if (n >= index->rd_index->indnkeyatts || !op_in_opfamily(operator, index->rd_opfamily[n]) ||
		(OidIsValid(index->rd_indcollation[n]) && index->rd_indcollation[n] != exprCollation(value)))
		return false;
	if (attnum != InvalidAttrNumber)
		return IsA(value, Var) && ((Var *) value)->varattno == attnum;
	for (int i = 0; i < n; i++)
		nth += index->rd_index->indkey.values[i] == InvalidAttrNumber;
	return equal(strip_implicit_coercions(list_nth(RelationGetIndexExpressions(index), nth)),
				 strip_implicit_coercions(eval_const_expressions(NULL, value)));
}

/* Tells whether every row that counts is in an index. */
static bool
IndexIsWhole(Relation index, Node *where)
{
	List	   *predicate = RelationGetIndexPredicate(index);

	return predicate == NIL ||
		predicate_implied_by(predicate, make_ands_implicit((Expr *) eval_const_expressions(NULL, where)), false);
}

/* Tells whether an index of the table finds a value by itself, or after the creditor. */
static bool
IndexServes(Relation index, const Map *map, Node *value, Oid type)
{
	Oid			operator = EqualOperator(value, type);
	Node	   *creditor = map->creditor_id == NULL ? NULL : WithoutCast(map->creditor_id);

	if (!index->rd_index->indisvalid || (index->rd_rel->relam != BTREE_AM_OID && index->rd_rel->relam != HASH_AM_OID) ||
		!OidIsValid(operator) || !IndexIsWhole(index, map->where))
		return false;
	return IndexHas(index, 0, value, operator) ||
		(creditor != NULL && TypeToCompare(creditor) == INT8OID && IndexHas(index, 0, creditor, EqualOperator(creditor, INT8OID)) && IndexHas(index, 1, value, operator));
}

/* Tells whether a table has an index that finds a value. */
static bool
HasIndex(const Map *map, Node *value, Oid type)
{
	Relation	rel = table_open(map->relid, AccessShareLock);
	List	   *indexes = RelationGetIndexList(rel);
	bool		serves = false;
	ListCell   *cell;

	foreach(cell, indexes)
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		serves |= IndexServes(index, map, value, type);
		index_close(index, AccessShareLock);
	}
	table_close(rel, AccessShareLock);
	return serves;
}

/*
 * Chooses by what the rows of an invoice are found: by what its number is made
 * of, or by the number as a text. Tells whether an index serves.
 */
static bool
ChooseKeyOf(Look *look)
{
	Node	   *as_text = WithoutCollation(look->map.invoice_no);
	Node	   *made_of = WithoutCast(as_text);
	Oid			type = TypeToCompare(made_of);
	bool		as_made = OidIsValid(type) && HasIndex(&look->map, made_of, type);
	bool		serves = as_made || HasIndex(&look->map, as_text, TEXTOID);

	as_made |= OidIsValid(type) && !serves;
	look->key = as_made ? made_of : as_text;
	look->type = as_made ? type : TEXTOID;
	return serves;
}

/*
 * The same with the rights of the table's owner: to compare expressions with
 * those of an index PostgreSQL folds constants, which calls his functions.
 */
static bool
ChooseKey(Look *look)
{
	Relation	rel = table_open(look->relid, AccessShareLock);
	RoleScope	scope;
	bool		serves;

	EnterRole(&scope, rel->rd_rel->relowner, true);
	serves = ChooseKeyOf(look);
	LeaveRole(&scope);
	table_close(rel, NoLock);
	return serves;
}

/* Gives the statement that finds, of invoices given, those on which a loss stands. */
static char *
StatementOf(const Look *look)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfo(&sql, "SELECT %s FROM %s AS t WHERE (%s) = ANY ($1)",
					 TextOf(&look->map, look->map.invoice_no), NameOf(look->relid), TextOf(&look->map, look->key));
	if (look->any_creditor)
		appendStringInfo(&sql, " AND (%s) = $2",
						 TextOf(&look->map, TypeToCompare(WithoutCast(look->map.creditor_id)) == INT8OID
								? WithoutCast(look->map.creditor_id) : look->map.creditor_id));
	if (look->map.where != NULL)
		appendStringInfo(&sql, " AND (%s)", TextOf(&look->map, look->map.where));
	return sql.data;
}

/* Takes on the rights of a table's owner, to read it by its index. */
static void
EnterTable(RoleScope *scope, Relation rel)
{
	EnterRole(scope, rel->rd_rel->relowner, true);
	SetPathOf(rel);
	SwitchOff("enable_seqscan");
	SwitchOff("jit");
	/* whose number of invoices does not matter */
	SetHere("plan_cache_mode", "force_generic_plan");
}

/*
 * Tells whether a row of the registry stands and its table is there, once
 * whoever is just changing that table is done: whom we waited for may have
 * taken the row, and with it the map.
 */
static bool
StillStands(Relation registry, TupleTableSlot *slot, Oid relid)
{
	Relation	rel = try_relation_open(relid, AccessShareLock);

	if (rel == NULL)
		return false;
	relation_close(rel, NoLock);
	return table_tuple_satisfies_snapshot(registry, slot, SnapshotSelf);
}

/* Reads a row of the registry; false if it keeps no case from opening. */
static bool
ReadLook(Relation registry, TupleTableSlot *slot, Look *look, Oid *view)
{
	static Columns columns = {.names = {"kind", "action", "relation", "map", "creditor_id"}};
	const AttrNumber *number = ColumnNumbers(registry, &columns);
	bool		isnull;
	bool		no_action;
	Datum		kind = slot_getattr(slot, number[0], &isnull);
	Datum		action = slot_getattr(slot, number[1], &no_action);

	if (no_action || !TextIs(kind, "booking") || !TextIs(action, "loss"))
		return false;
	memset(look, 0, sizeof(*look));
	look->relid = DatumGetObjectId(slot_getattr(slot, number[2], &isnull));
	*view = DatumGetObjectId(slot_getattr(slot, number[3], &isnull));
	look->creditor_id = DatumGetInt64(slot_getattr(slot, number[4], &look->any_creditor));
	/* a table that has gone holds none */
	return StillStands(registry, slot, look->relid);
}

/* Forgets the looks; their plans stay if one is just being carried out. */
static void
ForgetLooks(void)
{
	kept.changes = 0;
	for (int i = 0; i < kept.n && looking == 0; i++)
		if (kept.look[i].plan != NULL)
			SPI_freeplan(kept.look[i].plan);
	if (kept.memory != NULL && looking == 0)
		MemoryContextDelete(kept.memory);
	kept.memory = NULL;
	kept.look = NULL;
	kept.n = 0;
}

/* Reads the registry, as it is now. */
static void
ReadRegistry(Relation registry)
{
	TupleTableSlot *slot = table_slot_create(registry, NULL);
	TableScanDesc scan = table_beginscan(registry, SnapshotSelf, 0, NULL);

	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		Look		look;
		Oid			view;

		if (!ReadLook(registry, slot, &look, &view))
			continue;
		ReadMap(look.relid, view, &look.map);
		if (look.map.invoice_no == NULL || (look.any_creditor && look.map.creditor_id == NULL))
			elog(ERROR, "a map lacks a column");
		(void) ChooseKey(&look);
		kept.look = kept.n == 0 ? palloc(sizeof(Look)) : repalloc(kept.look, (kept.n + 1) * sizeof(Look));
		kept.look[kept.n++] = look;
	}
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
}

/* Brings the looks up to date, the registry locked; gives it, or InvalidOid before there is one. */
static Oid
ReadLooks(LOCKMODE lockmode)
{
	Oid			relid = get_relname_relid("attachment", ReminderSchema());
	MemoryContext old;
	Relation	registry;
	uint64		changes;

	if (!OidIsValid(relid))
		return InvalidOid;
	registry = table_open(relid, lockmode);
	if (kept.changes != NameChanges())
	{
		ForgetLooks();
		changes = NameChanges();
		kept.memory = AllocSetContextCreate(CacheMemoryContext, "reminder losses", ALLOCSET_SMALL_SIZES);
		old = MemoryContextSwitchTo(kept.memory);
		if (RelationGetNumberOfBlocks(registry) > 0)
			ReadRegistry(registry);
		MemoryContextSwitchTo(old);
		kept.changes = changes;
	}
	table_close(registry, NoLock);
	return relid;
}

/* Tells whether a look is for invoices of a creditor. */
static bool
Concerns(const Look *look, int64 creditor_id)
{
	return look->any_creditor || look->creditor_id == creditor_id;
}

/* Announces, until the end of the transaction, that bookings stand on invoices of these creditors which are not there yet. */
void
AnnounceBookings(const InvoiceKey *key, int n)
{
	Oid			registry = get_relname_relid("attachment", ReminderSchema());

	for (int i = 0; i < n; i++)
		if (i == 0 || key[i - 1].creditor_id != key[i].creditor_id)
			LockDatabaseObject(registry, (Oid) key[i].creditor_id, 0, RowExclusiveLock);
}

/*
 * Waits, where losses of a creditor are booked in tables of an application, for
 * those on invoices that were not there yet; from here on until the end of the
 * transaction none of them is booked, and no other table is protected. To be
 * called by who opens cases, before the snapshot by which he looks is taken.
 */
void
AwaitBookings(int64 creditor_id)
{
	Oid			registry = ReadLooks(RowShareLock);

	for (int i = 0; i < kept.n; i++)
		if (Concerns(&kept.look[i], creditor_id))
		{
			LockDatabaseObject(registry, (Oid) creditor_id, 0, ShareLock);
			return;
		}
}

/* Gives a number of an invoice as a whole number; false if it is not how one is written. */
static bool
ReadInteger(const char *no, Datum *value)
{
	char		written[32];
	char	   *end;
	long long	number;

	errno = 0;
	number = strtoll(no, &end, 10);
	if (errno != 0 || *end != '\0')
		return false;
	pg_lltoa(number, written);
	*value = Int64GetDatum(number);
	return strcmp(written, no) == 0;
}

/* Gives a number of an invoice as a decimal number; false if it is not how one is written. */
static bool
ReadDecimal(const char *no, Datum *value)
{
	Size		digits = strspn(no, "-0123456789.");

	if (strpbrk(no, "0123456789") == NULL || no[digits] != '\0' || strspn(no, "-") > 1 || strchr(no + 1, '-') != NULL ||
		(strchr(no, '.') != NULL && strchr(strchr(no, '.') + 1, '.') != NULL))
		return false;
	*value = DirectFunctionCall3(numeric_in, CStringGetDatum(no), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
	return true;
}

/* Gives a number of an invoice as a UUID; false if it is not how one is written. */
static bool
ReadUuid(const char *no, Datum *value)
{
	if (strlen(no) != 36 || strspn(no, "0123456789abcdef-") != 36)
		return false;
	for (int i = 0; i < 36; i++)
		if ((no[i] == '-') != (i == 8 || i == 13 || i == 18 || i == 23))
			return false;
	*value = DirectFunctionCall1(uuid_in, CStringGetDatum(no));
	return true;
}

/* Gives a number of an invoice in the type of a key; false if no value of that type is written so. */
static bool
ReadAs(Oid type, Datum invoice_no, Datum *value)
{
	switch (type)
	{
		case INT8OID:
			return ReadInteger(TextDatumGetCString(invoice_no), value);
		case UUIDOID:
			return ReadUuid(TextDatumGetCString(invoice_no), value);
		case NUMERICOID:
			return ReadDecimal(TextDatumGetCString(invoice_no), value);
		default:
			*value = invoice_no;
			return true;
	}
}

/* Gives those of the numbers that can be in a table as an array of its type. */
static Datum
ArrayFor(const Look *look, const Datum *invoice_no, int n)
{
	Datum	   *value = palloc(Max(n, 1) * sizeof(Datum));
	int			left = 0;
	int16		length;
	bool		by_value;
	char		align;

	for (int i = 0; i < n; i++)
		left += ReadAs(look->type, invoice_no[i], &value[left]);
	get_typlenbyvalalign(look->type, &length, &by_value, &align);
	return PointerGetDatum(construct_array(value, left, look->type, length, by_value, align));
}

/* Plans the look, as the table's owner. */
static void
PlanLook(Look *look)
{
	Oid			types[] = {get_array_type(look->type), INT8OID};
	char	   *sql = StatementOf(look);
	SPIPlanPtr	plan = SPI_prepare(sql, look->any_creditor ? 2 : 1, types);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "SPI_keepplan failed");
	look->plan = plan;
}

/* Puts texts in their order. */
static int
CompareFound(const void *left, const void *right)
{
	return CompareTexts(DatumGetTextPP(*(const Datum *) left), DatumGetTextPP(*(const Datum *) right));
}

/* Gives what the statement of a look found, ascending, in the memory given. */
static Datum *
TakeFound(MemoryContext memory, int *n)
{
	MemoryContext old = MemoryContextSwitchTo(memory);
	Datum	   *found = palloc(Max(SPI_processed, 1) * sizeof(Datum));

	*n = 0;
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;
		Datum		value = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);

		if (!isnull)
			found[(*n)++] = PointerGetDatum(DatumGetTextPCopy(value));
	}
	MemoryContextSwitchTo(old);
	qsort(found, *n, sizeof(Datum), CompareFound);
	return found;
}

/* Looks into one table, with a snapshot; gives the numbers that it found. */
static Datum *
LookInto(Look *look, int64 creditor_id, const Datum *invoice_no, int n, Snapshot snapshot, int *nfound)
{
	MemoryContext memory = CurrentMemoryContext;
	Datum		values[2] = {ArrayFor(look, invoice_no, n), Int64GetDatum(creditor_id)};
	Relation	rel = try_relation_open(look->relid, AccessShareLock);
	Datum	   *found;
	RoleScope	scope;
	int			result;

	*nfound = 0;
	/* it was being dropped */
	if (rel == NULL)
		return NULL;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	EnterTable(&scope, rel);
	/* the map may call what looks itself, and has the looks read anew */
	looking++;
	PG_TRY();
	{
		if (look->plan == NULL)
			PlanLook(look);
		result = SPI_execute_snapshot(look->plan, values, NULL, snapshot, InvalidSnapshot, true, false, 0);
	}
	PG_FINALLY();
	{
		looking--;
	}
	PG_END_TRY();
	if (result != SPI_OK_SELECT)
		elog(ERROR, "unexpected result of a statement: %s", SPI_result_code_string(result));
	found = TakeFound(memory, nfound);
	LeaveRole(&scope);
	SPI_finish();
	relation_close(rel, NoLock);
	return found;
}

/*
 * Tells of which of these invoices a loss stands in a protected table, as the
 * snapshot sees it: gives the table of each, InvalidOid for none; NULL if it is
 * none of any. Rights of the caller do not matter.
 */
Oid *
FindLosses(int64 creditor_id, const Datum *invoice_no, int n, Snapshot snapshot)
{
	Oid		   *lost = NULL;

	(void) ReadLooks(AccessShareLock);
	for (int l = 0; l < kept.n; l++)
	{
		Look	   *look = &kept.look[l];
		Datum	   *found;
		int			nfound;

		if (!Concerns(look, creditor_id))
			continue;
		found = LookInto(look, creditor_id, invoice_no, n, snapshot, &nfound);
		if (nfound > 0 && lost == NULL)
			lost = palloc0(n * sizeof(Oid));
		for (int i = 0; i < n && nfound > 0; i++)
			if (bsearch(&invoice_no[i], found, nfound, sizeof(Datum), CompareFound) != NULL)
				lost[i] = look->relid;
	}
	return lost;
}

/* The same of one invoice. */
Oid
FindLoss(int64 creditor_id, Datum invoice_no, Snapshot snapshot)
{
	Oid		   *lost = FindLosses(creditor_id, &invoice_no, 1, snapshot);

	return lost == NULL ? InvalidOid : lost[0];
}

/* Tells SQL in which protected table a loss stands on an invoice that the caller sees, by the snapshot in force; NULL: in none. */
Datum
reminder_loss_stands(PG_FUNCTION_ARGS)
{
	Oid			table = InvalidOid;

	(void) ReadLooks(AccessShareLock);
	if (kept.n > 0 && SeesInvoice(GetUserId(), PG_GETARG_INT64(0), PG_GETARG_DATUM(1)))
		table = FindLoss(PG_GETARG_INT64(0), PointerGetDatum(PG_GETARG_TEXT_PP(1)), GetActiveSnapshot());
	if (!OidIsValid(table))
		PG_RETURN_NULL();
	PG_RETURN_OID(table);
}

/*
 * Gives SQL those of a creditor's invoices, locked by now, on which a loss
 * stands in a protected table, as is committed now; and none comes until the
 * end of the transaction.
 */
Datum
reminder_lock_losses(PG_FUNCTION_ARGS)
{
	int64		creditor_id = PG_GETARG_INT64(0);
	Datum	   *invoice_no;
	bool	   *is_null;
	Snapshot	snapshot;
	Oid		   *lost;
	int			n;
	int			left = 0;

	AwaitBookings(creditor_id);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &invoice_no, &is_null, &n);
	for (int i = 0; i < n; i++)
		if (!is_null[i])
			invoice_no[left++] = invoice_no[i];
	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	lost = FindLosses(creditor_id, invoice_no, left, snapshot);
	UnregisterSnapshot(snapshot);
	n = 0;
	for (int i = 0; i < left && lost != NULL; i++)
		if (OidIsValid(lost[i]))
			invoice_no[n++] = invoice_no[i];
	PG_RETURN_ARRAYTYPE_P(construct_array(invoice_no, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * Gives SQL the index that a table, mapped by a view, lacks for its losses to
 * be found by their invoices, as a statement; NULL if it has one.
 */
Datum
reminder_loss_index(PG_FUNCTION_ARGS)
{
	Look		look = {.relid = PG_GETARG_OID(0)};
	StringInfoData sql;
	char	   *key;

	ReadMap(look.relid, PG_GETARG_OID(1), &look.map);
	if (ChooseKey(&look))
		PG_RETURN_NULL();
	key = deparse_expression(look.key, deparse_context_for("t", look.relid), false, false);
	initStringInfo(&sql);
	appendStringInfo(&sql, IsA(look.key, Var) ? "CREATE INDEX ON %s (%s);" : "CREATE INDEX ON %s ((%s));", NameOf(look.relid), key);
	PG_RETURN_TEXT_P(cstring_to_text(sql.data));
}

/*
 * Raises 23R01 if, as is committed now, a loss stands in a table that was
 * protected a moment ago on an invoice, of a creditor or any, that is being
 * collected.
 */
Datum
reminder_refuse_standing(PG_FUNCTION_ARGS)
{
	static Statement find = {
		.sql = "SELECT p.invoice_no, c.creditor_id, reminder._count(count(*) OVER (), 'invoice')"
		" FROM reminder.creditor c CROSS JOIN LATERAL reminder._protected_in_case(c.creditor_id) p"
		" WHERE p.relation = $1 AND coalesce(c.creditor_id = $2, true) ORDER BY c.creditor_id, p.invoice_no LIMIT 1",
		.nargs = 2,.argtypes = {REGCLASSOID, INT8OID}
	};
	Datum		values[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	char		nulls[2] = {' ', PG_ARGISNULL(1) ? 'n' : ' '};
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (ExecuteFresh(&find, values, nulls, SPI_OK_SELECT) > 0)
	{
		HeapTuple	row = SPI_tuptable->vals[0];
		TupleDesc	desc = SPI_tuptable->tupdesc;

		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_CASE_ACTIVE),
				 errmsg("cannot protect table \"%s\": a loss stands there on invoice \"%s\", which is being collected",
						get_rel_name(PG_GETARG_OID(0)), SPI_getvalue(row, desc, 1)),
				 errdetail("It is one of %s, of creditor %s.", SPI_getvalue(row, desc, 3), SPI_getvalue(row, desc, 2)),
				 errhint("End their cases first, or reverse the losses.")));
	}
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_VOID();
}
