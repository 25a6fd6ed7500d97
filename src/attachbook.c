/*
 * attachbook.c: what is attached of a table, as a backend keeps it: the
 * expressions of the maps, and the statements made of them.
 *
 * An expression is read back from its view as text, with the names of now. It
 * is made anew when the table changes, or the registry; and it is read again,
 * and kept if it is the same, when anything may have got another name.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/htup_details.h"
#include "access/sysattr.h"
#include "access/table.h"
#include "access/xact.h"
#include "catalog/partition.h"
#include "catalog/pg_am.h"
#include "catalog/pg_index.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "nodes/nodeFuncs.h"
#include "rewrite/rewriteManip.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/ruleutils.h"

#include "attachbook.h"
#include "compat.h"
#include "errors.h"
#include "expression.h"
#include "fired.h"
#include "mirror.h"
#include "probe.h"

PG_FUNCTION_INFO_V1(reminder_attachments_changed);

/* A table by the relation whose trigger is fired. */
typedef struct Entry
{
	Oid			relid;
	Attached   *attached;
} Entry;

static HTAB *book = NULL;
static Oid	registry = InvalidOid;

/* Those that are not valid any more, which an outer trigger may be using; and how many triggers use any. */
static List *stale = NIL;
static int	in_use = 0;

/* Notes that a relation has changed, or any; looks nothing up here. */
static void
ForgetByTable(Datum arg, Oid changed)
{
	HASH_SEQ_STATUS all;
	Entry	   *entry;

	if (book == NULL)
		return;
	hash_seq_init(&all, book);
	while ((entry = hash_seq_search(&all)) != NULL)
		if (entry->attached != NULL &&
			(changed == InvalidOid || changed == registry || changed == entry->relid || changed == entry->attached->root))
			entry->attached->valid = false;
}

/* No trigger is left when a transaction ends, whatever became of it. */
static void
ReleaseAtEnd(XactEvent event, void *arg)
{
	in_use = 0;
}

/* Registers for the news; called once a backend. */
void
InitAttachbook(void)
{
	CacheRegisterRelcacheCallback(ForgetByTable, (Datum) 0);
	RegisterXactCallback(ReleaseAtEnd, NULL);
}

/* Keeps what GetAttached() gave until it is released. */
void
HoldAttached(void)
{
	in_use++;
}

/* Releases it. */
void
ReleaseAttached(void)
{
	in_use = Max(in_use - 1, 0);
}

/* AFTER STATEMENT on the registry: tells every session. */
Datum
reminder_attachments_changed(PG_FUNCTION_ARGS)
{
	CheckTrigger(fcinfo, "_attachments_changed", "attachment", TRIGGER_EVENT_AFTER, false);
	CacheInvalidateRelcache(((TriggerData *) fcinfo->context)->tg_relation);
	return PointerGetDatum(NULL);
}

/* Frees the plan of a statement. */
static void
FreePlan(Statement *statement)
{
	if (statement->plan != NULL)
		SPI_freeplan(statement->plan);
	statement->plan = NULL;
}

/* Frees what is kept of a table. */
static void
FreeAttached(Attached *attached)
{
	for (int i = 0; i < attached->n; i++)
	{
		Attachment *attachment = &attached->attachment[i];

		FreePlan(&attachment->now);
		FreePlan(&attachment->changed);
		FreePlan(&attachment->still);
		FreePlan(&attachment->before);
		FreePlan(&attachment->booked);
		FreePlan(&attachment->rebooked);
		FreePlan(&attachment->insert);
		FreePlan(&attachment->insert_rest);
		FreePlan(&attachment->lacking);
		FreePlan(&attachment->update);
		FreePlan(&attachment->hold);
		FreePlan(&attachment->count);
		FreePlan(&attachment->hold_gone);
		FreePlan(&attachment->adopt);
		FreePlan(&attachment->leave);
		FreePlan(&attachment->hold_leaving);
		FreePlan(&attachment->outlive);
		FreePlan(&attachment->remove);
		FreePlan(&attachment->remove_payments);
		FreePlan(&attachment->remove_credits);
		FreePlan(&attachment->note);
		FreePlan(&attachment->forget);
		FreePlan(&attachment->returned);
		FreePlan(&attachment->newcomers);
		FreePlan(&attachment->reopen);
		FreePlan(&attachment->unsettle);
		FreePlan(&attachment->place);
		FreePlan(&attachment->pay);
		FreePlan(&attachment->differ);
	}
	MemoryContextDelete(attached->memory);
}

/* Frees what is stale, if nobody uses it. */
static void
FreeStale(void)
{
	while (in_use == 0 && stale != NIL)
	{
		Attached   *attached = llast(stale);

		stale = list_delete_last(stale);
		FreeAttached(attached);
	}
}

/* Tells whether what is kept of a table says the same as what was read again. */
static bool
SaysTheSame(const Attached *kept, const Attached *again)
{
	bool		same = kept->valid && kept->n == again->n;

	/* the statement of the whole table has every name that any of them has */
	for (int i = 0; i < kept->n && same; i++)
		same = strcmp(kept->attachment[i].load.sql, again->attachment[i].load.sql) == 0;
	return same;
}

/* Gives the kind of a word of the registry. */
static AttachKind
KindOf(const char *kind)
{
	static const char *const kinds[] = {"customer", "invoice", "payment", "credit", "ledger_entry", "booking"};

	for (int i = 0; i < (int) lengthof(kinds); i++)
		if (strcmp(kinds[i], kind) == 0)
			return (AttachKind) i;
	elog(ERROR, "unknown kind of attachment \"%s\"", kind);
}

/* Gives an expression of a map as text with the names of now, over the table as "t"; adds the columns it reads. */
static char *
WriteExpression(Node *expression, int varno, Oid root, Bitmapset **attnums)
{
	Node	   *copy = copyObject(expression);

	ChangeVarNodes(copy, varno, 1, 0);
	*attnums = bms_add_members(*attnums, FindColumns(copy, 1));
	return deparse_expression(copy, deparse_context_for("t", root), true, false);
}

/* Gives what a text was made of by a cast that leaves what differs different. */
static Node *
WithoutTextCast(Node *value)
{
	for (;;)
	{
		if (IsA(value, CollateExpr))
			value = (Node *) ((CollateExpr *) value)->arg;
		else if (IsA(value, RelabelType))
			value = (Node *) ((RelabelType *) value)->arg;
		else if (IsA(value, CoerceViaIO))
			value = (Node *) ((CoerceViaIO *) value)->arg;
		else
			return value;
	}
}

/* Tells whether an index keeps a column unique by itself, in every row and at every moment. */
static bool
KeepsUnique(Relation index, AttrNumber attnum)
{
	return index->rd_index->indisunique && index->rd_index->indisvalid && index->rd_index->indimmediate &&
		index->rd_index->indnkeyatts == 1 && index->rd_index->indkey.values[0] == attnum &&
		heap_attisnull(index->rd_indextuple, Anum_pg_index_indpred, NULL);
}

/* Tells whether a key of a map is a column that is unique in its table. */
static bool
StandsOnce(Node *key, Oid root)
{
	Node	   *column = WithoutTextCast(key);
	Relation	rel;
	bool		once = false;
	ListCell   *cell;

	if (!IsA(column, Var))
		return false;
	rel = table_open(root, AccessShareLock);
	foreach(cell, RelationGetIndexList(rel))
	{
		Relation	index = index_open(lfirst_oid(cell), AccessShareLock);

		once |= KeepsUnique(index, ((Var *) column)->varattno);
		index_close(index, NoLock);
	}
	table_close(rel, NoLock);
	return once;
}

/*
 * Gives the condition that a row's key is the one of a row "n", which an index
 * on what the key is made of can serve; NULL if that is of no type that numbers
 * can be looked up in.
 */
static char *
FoundBy(Node *key, const char *name, int varno, Oid root)
{
	Node	   *made_of = WithoutTextCast(key);
	Bitmapset  *attnums = NULL;
	char	   *text = WriteExpression(made_of, varno, root, &attnums);
	Oid			collation = exprCollation(made_of);

	bms_free(attnums);
	switch (getBaseType(exprType(made_of)))
	{
		case TEXTOID:
		case VARCHAROID:
			return psprintf("(%s) OPERATOR(pg_catalog.=) (n.%s COLLATE %s)", text, name,
							OidIsValid(collation) ? generate_collation_name(collation) : "pg_catalog.\"default\"");
		case INT2OID:
		case INT4OID:
		case INT8OID:
			return psprintf("(%s) OPERATOR(pg_catalog.=) CASE WHEN n.%s OPERATOR(pg_catalog.~) '^-?[0-9]{1,18}$' THEN n.%s::bigint END", text, name, name);
		case UUIDOID:
			return psprintf("(%s) OPERATOR(pg_catalog.=) CASE WHEN n.%s OPERATOR(pg_catalog.~) '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN n.%s::uuid END", text, name, name);
		default:
			return NULL;
	}
}

/* Reads the map of an attachment out of its view; gives the columns of the table that it reads. */
static Bitmapset *
ReadMapView(Attachment *attachment, Oid map, Oid root)
{
	Relation	view = table_open(map, AccessShareLock);
	Query	   *query = QueryOfMap(view);
	int			varno = linitial_node(RangeTblRef, query->jointree->fromlist)->rtindex;
	Bitmapset  *attnums = NULL;
	ListCell   *cell;

	attachment->field = palloc0(list_length(query->targetList) * sizeof(MapField));
	foreach(cell, query->targetList)
	{
		TargetEntry *entry = lfirst_node(TargetEntry, cell);
		MapField	field;

		field.name = pstrdup(NameStr(TupleDescAttr(RelationGetDescr(view), entry->resno - 1)->attname));
		field.expression = WriteExpression((Node *) entry->expr, varno, root, &attnums);
		if (strcmp(field.name, "creditor_id") == 0)
		{
			attachment->creditor = field.expression;
			continue;
		}
		if (attachment->nfields == 0 && attachment->kind == ATTACH_CUSTOMER)
			attachment->once = StandsOnce((Node *) entry->expr, root);
		if (attachment->nfields == 0)
			attachment->found_by = FoundBy((Node *) entry->expr, field.name, varno, root);
		attachment->field[attachment->nfields++] = field;
	}
	attachment->filter = query->jointree->quals == NULL ? "true" : WriteExpression(query->jointree->quals, varno, root, &attnums);
	table_close(view, AccessShareLock);
	return attnums;
}

/* Gives the list of what a map selects: the creditor, and so many of the fields. */
static char *
SelectList(const Attachment *attachment, int nfields)
{
	StringInfoData list;

	initStringInfo(&list);
	appendStringInfo(&list, "%s AS creditor_id", attachment->creditor);
	for (int i = 0; i < nfields; i++)
		appendStringInfo(&list, ", %s AS %s", attachment->field[i].expression, attachment->field[i].name);
	return list.data;
}

/* Opens the primary key of an attached table. Raises 55R04 if it has none any more. */
static Relation
OpenPrimaryKey(Relation root)
{
	/* fills in the field */
	list_free(RelationGetIndexList(root));
	if (!OidIsValid(root->rd_pkindex))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_NOT_READY),
				 errmsg("table \"%s\" is attached to reminder and has no primary key any more", RelationGetRelationName(root)),
				 errhint("Give it one: rows are found again by it."),
				 errtable(root)));
	return index_open(root->rd_pkindex, AccessShareLock);
}

/* Gives the columns of a table's primary key as a list with an alias. */
static char *
KeyColumns(Relation root, const char *alias)
{
	Relation	key = OpenPrimaryKey(root);
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(key); i++)
		appendStringInfo(&list, "%s%s.%s", i == 0 ? "" : ", ", alias,
						 quote_identifier(get_attname(RelationGetRelid(root), key->rd_index->indkey.values[i], false)));
	index_close(key, NoLock);
	return list.data;
}

/* Gives the condition that rows of a table are those that a transition table names, as "n". */
static char *
SameKey(Relation root)
{
	Relation	key = OpenPrimaryKey(root);
	StringInfoData same;

	initStringInfo(&same);
	for (int i = 0; i < IndexRelationGetNumberOfKeyAttributes(key); i++)
	{
		AttrNumber	attnum = key->rd_index->indkey.values[i];
		const char *name = quote_identifier(get_attname(RelationGetRelid(root), attnum, false));
		Oid			type = get_atttype(RelationGetRelid(root), attnum);
		Oid			equal = get_opfamily_member(key->rd_opfamily[i], key->rd_opcintype[i], key->rd_opcintype[i], BTEqualStrategyNumber);

		if (i > 0)
			appendStringInfoString(&same, " AND ");
		generate_operator_clause(&same, psprintf("t.%s", name), type, equal, psprintf("n.%s", name), type);
	}
	index_close(key, NoLock);
	return same.data;
}

/* Tells whether a table has partitions. */
static bool
IsPartitioned(Relation root)
{
	return root->rd_rel->relkind == RELKIND_PARTITIONED_TABLE;
}

/*
 * Makes the statements that read what was changed from the table itself: of
 * MERGE on a partitioned table new_rows holds in some releases, from 15 on,
 * instead of each row that was updated the last one that was inserted.
 */
static void
PrepareChanged(Attachment *attachment, Relation root, const char *all, const char *key, const char *named)
{
	const char *columns = KeyColumns(root, "t");

	attachment->changed.sql = psprintf("SELECT %s FROM %s AND (%s)", all, named, attachment->filter);
	attachment->rebooked.sql = psprintf("SELECT %s, %s FROM %s AND (%s) UNION %s", key, columns, named, attachment->filter, attachment->rebooked.sql);
}

/* Gives the expression of a field of a map, NULL if it does not have it. */
static const char *
ExpressionOf(const Attachment *attachment, const char *name)
{
	for (int i = 0; i < attachment->nfields; i++)
		if (strcmp(attachment->field[i].name, name) == 0)
			return attachment->field[i].expression;
	return NULL;
}

/* Gives the condition that rows of a table of payments or credits are those that returned_rows names, or of an invoice there. */
static char *
SettlesReturned(const Attachment *attachment)
{
	const char *invoice_no = ExpressionOf(attachment, "invoice_no");
	char	   *named = psprintf("(%s, %s) IN (SELECT r.creditor_id, r.document_no FROM returned_rows r WHERE r.kind OPERATOR(pg_catalog.=) '%s')",
								 attachment->creditor, attachment->field[0].expression, attachment->kind == ATTACH_PAYMENT ? "payment" : "credit");

	if (invoice_no == NULL)
		return named;
	return psprintf("(%s OR (%s, %s) IN (SELECT r.creditor_id, r.invoice_no FROM returned_rows r))", named, attachment->creditor, invoice_no);
}

/*
 * Makes the statements that map rows, with all names written out: of the whole
 * table; of it those that are asked for by their numbers; of rows that a
 * statement named, as they are now; of keys before; and of bookings.
 */
static void
PrepareMap(Attachment *attachment, Relation root)
{
	char	   *all = SelectList(attachment, attachment->nfields);
	char	   *key = SelectList(attachment, 1);
	char	   *table = psprintf("%s%s", IsPartitioned(root) ? "" : "ONLY ",
								 quote_qualified_identifier(get_namespace_name(RelationGetNamespace(root)), RelationGetRelationName(root)));
	char	   *same = SameKey(root);
	char	   *columns = KeyColumns(root, "t");
	char	   *filter = attachment->filter;

	attachment->find = psprintf("SELECT %s FROM %s AS t WHERE EXISTS (SELECT FROM asked_rows AS n WHERE n.creditor_id OPERATOR(pg_catalog.=) (%s)"
								" AND n.%s OPERATOR(pg_catalog.=) (%s)%s%s) AND (%s)", all, table, attachment->creditor,
								attachment->field[0].name, attachment->field[0].expression,
								attachment->found_by == NULL ? "" : " AND ", attachment->found_by == NULL ? "" : attachment->found_by, filter);
	attachment->load.sql = psprintf("SELECT %s FROM %s AS t WHERE %s", all, table, filter);
	attachment->each.sql = psprintf("SELECT %s FROM new_rows AS t WHERE %s", all, filter);
	attachment->now.sql = psprintf("SELECT %s FROM %s AS t WHERE EXISTS (SELECT FROM new_rows AS n WHERE %s) AND (%s)", all, table, same, filter);
	attachment->still.sql = psprintf("SELECT %s FROM %s AS t WHERE EXISTS (SELECT FROM old_rows AS n WHERE %s) AND (%s)", all, table, same, filter);
	attachment->before.sql = psprintf("SELECT %s FROM old_rows AS t WHERE %s", key, filter);
	attachment->booked.sql = psprintf("SELECT %s FROM new_rows AS t WHERE %s", key, filter);
	attachment->rebooked.sql = psprintf("SELECT %s, %s FROM new_rows AS t WHERE %s EXCEPT SELECT %s, %s FROM old_rows AS t WHERE %s",
										key, columns, filter, key, columns, filter);
	if (IsPartitioned(root))
		PrepareChanged(attachment, root, all, key,
					   psprintf("%s AS t WHERE EXISTS (SELECT FROM (SELECT %s FROM new_rows AS t UNION ALL SELECT %s FROM old_rows AS t) AS n WHERE %s)",
								table, columns, columns, same));
	if (attachment->kind == ATTACH_PAYMENT || attachment->kind == ATTACH_CREDIT)
	{
		char	   *settles = SettlesReturned(attachment);

		attachment->places.sql = psprintf("SELECT t.tableoid, t.ctid FROM %s AS t WHERE (%s) AND %s", table, filter, settles);
		attachment->settles.sql = psprintf("SELECT %s FROM %s AS t WHERE (%s) AND %s", all, table, filter, settles);
	}
}

/* The columns that matter of a table, as they are collected. */
typedef struct MatteringColumns
{
	int			n;
	AttrNumber	number[MaxHeapAttributeNumber];
} MatteringColumns;

/* Gives the place of a column of the table among those that matter; adds it. */
static int
PlaceColumn(MatteringColumns *columns, AttrNumber attnum)
{
	for (int i = 0; i < columns->n; i++)
		if (columns->number[i] == attnum)
			return i;
	columns->number[columns->n] = attnum;
	return columns->n++;
}

/* Reads an attachment: row n of what was read of the registry. */
static void
ReadAttachment(Attachment *attachment, int n, Relation root, MatteringColumns *columns)
{
	HeapTuple	row = SPI_tuptable->vals[n];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	Bitmapset  *attnums;
	bool		isnull;
	int			i = -1;
	Datum		creditor_id;

	attachment->attachment_no = DatumGetInt32(SPI_getbinval(row, desc, 1, &isnull));
	attachment->kind = KindOf(SPI_getvalue(row, desc, 2));
	attachment->action = SPI_getvalue(row, desc, 3);
	if (attachment->action != NULL)
		attachment->action = pstrdup(attachment->action);
	creditor_id = SPI_getbinval(row, desc, 5, &isnull);
	if (!isnull)
		attachment->creditor = psprintf("'" INT64_FORMAT "'::bigint", DatumGetInt64(creditor_id));
	attnums = ReadMapView(attachment, DatumGetObjectId(SPI_getbinval(row, desc, 4, &isnull)), RelationGetRelid(root));
	/* a row in the place of another has another key, if nothing else */
	if (IsPartitioned(root))
		attnums = bms_union(attnums, RelationGetIndexAttrBitmap(root, INDEX_ATTR_BITMAP_PRIMARY_KEY));
	while ((i = bms_next_member(attnums, i)) >= 0)
		attachment->columns = bms_add_member(attachment->columns, PlaceColumn(columns, i + FirstLowInvalidHeapAttributeNumber));
	PrepareMap(attachment, root);
	if (attachment->kind != ATTACH_BOOKING)
		PrepareMirror(attachment);
}

/* Gives the table that a relation is, or is a partition of. */
static Oid
RootOf(Relation rel)
{
	List	   *ancestors;

	if (!rel->rd_rel->relispartition)
		return RelationGetRelid(rel);
	ancestors = get_partition_ancestors(RelationGetRelid(rel));
	return ancestors == NIL ? RelationGetRelid(rel) : llast_oid(ancestors);
}

/* Reads what is attached of a table, into a memory that is current; within the owner's scope. */
static void
ReadAttached(Attached *attached, Relation rel, Relation root)
{
	static Statement read = {
		.sql = "SELECT a.attachment_no, a.kind, a.action, a.map::oid, a.creditor_id FROM reminder.attachment a"
		" WHERE a.relation = $1 ORDER BY a.attachment_no",
		.nargs = 1,.argtypes = {REGCLASSOID}
	};
	MatteringColumns *columns = palloc0(sizeof(MatteringColumns));
	MemoryContext memory = CurrentMemoryContext;
	Datum		values[1] = {ObjectIdGetDatum(RelationGetRelid(root))};

	SPI_connect();
	attached->n = (int) ExecuteFresh(&read, values, NULL, SPI_OK_SELECT);
	MemoryContextSwitchTo(memory);
	if (attached->n == 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("table \"%s\" has triggers of reminder and is not attached to it", RelationGetRelationName(rel)),
				 errhint("SELECT reminder.detach(relation); takes them away.")));
	attached->attachment = palloc0(attached->n * sizeof(Attachment));
	for (int i = 0; i < attached->n; i++)
		ReadAttachment(&attached->attachment[i], i, root, columns);
	SPI_finish();
	MemoryContextSwitchTo(memory);
	attached->ncolumns = columns->n;
	attached->column = palloc(Max(columns->n, 1) * sizeof(AttrNumber));
	for (int i = 0; i < columns->n; i++)
	{
		attached->column[i] = get_attnum(RelationGetRelid(rel), get_attname(RelationGetRelid(root), columns->number[i], false));
		attached->last = Max(attached->last, attached->column[i]);
	}
}

/* Puts attachments in the order in which what changed goes into our tables. */
static int
CompareAttachments(const void *left, const void *right)
{
	const Attachment *a = left;
	const Attachment *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return a->attachment_no < b->attachment_no ? -1 : a->attachment_no > b->attachment_no;
}

/* Makes what is kept of a table, in a memory of its own that goes with the transaction until it is whole. */
static Attached *
MakeAttached(Relation rel)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "reminder attached", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Attached   *attached = palloc0(sizeof(Attached));
	Relation	root = table_open(RootOf(rel), AccessShareLock);
	RoleScope	scope;

	attached->relid = RelationGetRelid(rel);
	attached->memory = memory;
	attached->root = RelationGetRelid(root);
	attached->owner = root->rd_rel->relowner;
	EnterRole(&scope, ReminderOwner(), false);
	ReadAttached(attached, rel, root);
	LeaveRole(&scope);
	qsort(attached->attachment, attached->n, sizeof(Attachment), CompareAttachments);
	table_close(root, NoLock);
	MemoryContextSwitchTo(old);
	return attached;
}

/* Finds the place of a relation in the book. */
static Entry *
FindEntry(Oid relid)
{
	bool		found;
	Entry	   *entry;

	if (book == NULL)
	{
		HASHCTL		shape = {.keysize = sizeof(Oid),.entrysize = sizeof(Entry),.hcxt = CacheMemoryContext};

		book = hash_create("reminder attached tables", 16, &shape, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	}
	entry = hash_search(book, &relid, HASH_ENTER, &found);
	if (!found)
		entry->attached = NULL;
	return entry;
}

/* Puts what was made into the book; what was there may still be in use. */
static void
KeepAttached(Entry *entry, Attached *attached)
{
	MemoryContext old = MemoryContextSwitchTo(CacheMemoryContext);

	if (entry->attached != NULL)
		stale = lappend(stale, entry->attached);
	MemoryContextSetParent(attached->memory, CacheMemoryContext);
	entry->attached = attached;
	MemoryContextSwitchTo(old);
}

/*
 * Gives what is attached of a table, by the relation whose trigger is fired.
 * Raises 39P01 if nothing is. It stays while it is held.
 */
Attached *
GetAttached(Relation rel)
{
	Entry	   *entry;
	Attached   *attached;
	Relation	ours;
	uint64		changes = NameChanges();

	FreeStale();
	entry = FindEntry(RelationGetRelid(rel));
	if (entry->attached != NULL && entry->attached->valid && entry->attached->changes == changes)
		return entry->attached;
	ours = OpenOurs("attachment", AccessShareLock);
	registry = RelationGetRelid(ours);
	table_close(ours, NoLock);
	attached = MakeAttached(rel);
	attached->changes = changes;
	/* what changed just now is not told of what is not in the book */
	attached->valid = NameChanges() == changes;
	/* and that may have got entries meanwhile */
	entry = FindEntry(RelationGetRelid(rel));
	if (entry->attached == NULL || !SaysTheSame(entry->attached, attached))
		KeepAttached(entry, attached);
	else
	{
		MemoryContextDelete(attached->memory);
		entry->attached->changes = changes;
	}
	return entry->attached;
}

/* Gives the attachment of a number. */
Attachment *
FindAttachment(Attached *attached, int32 attachment_no)
{
	for (int i = 0; i < attached->n; i++)
		if (attached->attachment[i].attachment_no == attachment_no)
			return &attached->attachment[i];
	elog(ERROR, "attachment %d has gone", attachment_no);
}
