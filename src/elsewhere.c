/*
 * elsewhere.c: rows of other attached tables that count for those of a
 * statement. Numbers that stand in several rows: in another table of the kind;
 * or of customers, who may well do so, in other rows of the same table, too.
 * And customers and invoices whose own triggers are yet to be fired.
 */
#include "postgres.h"

#include "access/relation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "attachbook.h"
#include "compat.h"
#include "elsewhere.h"
#include "errors.h"
#include "mirror.h"
#include "rows.h"

/* Another attachment of the kind, or the same. */
typedef struct Place
{
	Oid			relid;
	int32		attachment_no;
} Place;

/* Gives where rows of a kind may stand that count for those of an attachment; its own table among them if asked to. NULL: of its own kind. */
static Place *
PlacesOf(const Attachment *attachment, const char *kind, bool own, int *n)
{
	static Statement places = {
		.sql = "SELECT o.relation::oid, o.attachment_no FROM reminder.attachment a"
		" JOIN reminder.attachment o ON o.kind = coalesce($3, a.kind) AND (a.creditor_id = o.creditor_id) IS NOT FALSE"
		" WHERE a.attachment_no = $1 AND (o.attachment_no <> a.attachment_no OR $2) ORDER BY o.attachment_no",
		.nargs = 3,.argtypes = {INT4OID, BOOLOID, TEXTOID}
	};
	Datum		values[3] = {
		Int32GetDatum(attachment->attachment_no), BoolGetDatum(own), kind == NULL ? (Datum) 0 : CStringGetTextDatum(kind)
	};
	Place	   *place;
	bool		isnull;

	SPI_connect();
	*n = (int) ExecuteFresh(&places, values, kind == NULL ? "  n" : NULL, SPI_OK_SELECT);
	place = SPI_palloc(Max(*n, 1) * sizeof(Place));
	for (int i = 0; i < *n; i++)
	{
		place[i].relid = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		place[i].attachment_no = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_finish();
	return place;
}

/*
 * Finds those of some numbers that stand in a place, as is committed now, with
 * the rights of its owner: the numbers alone, or the whole rows. Gives the
 * attachment that they are of; NULL if the table has gone.
 */
static Attachment *
FindIn(const Place *place, const MappedRows *asked, bool whole, MappedRows *found)
{
	Relation	rel = try_relation_open(place->relid, AccessShareLock);
	Attached   *attached;
	Attachment *attachment;
	RoleScope	scope;
	Statement	find = {0};

	if (rel == NULL)
		return NULL;
	attached = GetAttached(rel);
	attachment = FindAttachment(attached, place->attachment_no);
	find.sql = whole ? attachment->find
		: psprintf("SELECT x.creditor_id, x.%s FROM (%s) x ORDER BY 1, 2", attachment->field[0].name, attachment->find);
	EnterRole(&scope, attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	if (asked->n < MANY_ROWS)
	{
		SwitchOff("enable_seqscan");
		SwitchOff("jit");
	}
	RegisterRows("asked_rows", InvalidOid, asked->desc, asked->store);
	MapInto(found, &find, MANY_ROWS);
	SPI_finish();
	LeaveRole(&scope);
	relation_close(rel, NoLock);
	return attachment;
}

/* Raises 23505 for the first of some numbers, which stands in a place. */
static void
RefuseFirst(const Place *place, const char *key, const MappedRows *found)
{
	Rows		rows;
	bool		isnull;

	OpenRows(&rows, found->store, found->desc);
	(void) NextOfRows(&rows);
	ereport(ERROR,
			(errcode(ERRCODE_UNIQUE_VIOLATION),
			 errmsg("%s \"%s\" stands in table \"%s\" already, which is attached too", key,
					TextDatumGetCString(slot_getattr(rows.slot, 2, &isnull)), get_rel_name(place->relid)),
			 errhint("Map the number to what is unique in all tables of a kind.")));
}

/*
 * Looks, where numbers were not new, whether they are another attached
 * table's: then both would be one row of ours. Customers may well be the same.
 */
void
RefuseElsewhere(const Attachment *attachment, const MappedRows *now)
{
	int			n;
	Place	   *place;

	if (attachment->kind == ATTACH_CUSTOMER)
		return;
	place = PlacesOf(attachment, NULL, false, &n);
	for (int i = 0; i < n; i++)
	{
		MappedRows *found = BeginMapped(CurrentMemoryContext);

		(void) FindIn(&place[i], now, false, found);
		if (found->n > 0)
			RefuseFirst(&place[i], attachment->field[0].name, found);
		EndMapped(found);
	}
}

/*
 * Removes from our customers those who stood in rows before, and stand in none
 * that is attached any more; gives how many. Where one could go, the tables are
 * read for another row of his: his own, too, unless he can stand there but once.
 */
uint64
RemoveCustomers(Attachment *attachment, const MappedRows *before, const MappedRows *now)
{
	MappedRows *leaving = BeginMapped(CurrentMemoryContext);
	MappedRows *stay = BeginMapped(CurrentMemoryContext);
	uint64		removed = 0;
	int			n;
	Place	   *place;

	FindLeaving(attachment, before, now, leaving);
	if (leaving->n > 0)
	{
		stay->desc = leaving->desc;
		place = PlacesOf(attachment, NULL, !attachment->once, &n);
		for (int i = 0; i < n; i++)
			(void) FindIn(&place[i], leaving, false, stay);
		removed = RemoveRows(attachment, leaving, stay);
	}
	EndMapped(leaving);
	EndMapped(stay);
	return removed;
}

/*
 * Takes in the customers or invoices of rows that we lack, as far as they stand
 * in an attached table: a trigger of the application's, or a part of its
 * statement, may write what is of a row before our trigger on that row's table
 * is fired.
 */
static void
BringParents(Attachment *attachment, const MappedRows *now)
{
	MappedRows *lacking = BeginMapped(CurrentMemoryContext);
	int			n = 0;
	Place	   *place = NULL;

	FindLacking(attachment, now, lacking);
	if (lacking->n > 0)
		place = PlacesOf(attachment, attachment->kind == ATTACH_INVOICE ? "customer" : "invoice", true, &n);
	for (int i = 0; i < n; i++)
	{
		MappedRows *found = BeginMapped(CurrentMemoryContext);
		Attachment *parent = FindIn(&place[i], lacking, true, found);

		if (found->n > 0)
			(void) MirrorWhole(parent, found, true);
		EndMapped(found);
	}
	EndMapped(lacking);
}

/*
 * Brings our table into step with rows as they are now, whatever they are of
 * coming first; gives how many are new there.
 */
uint64
MirrorWhole(Attachment *attachment, const MappedRows *now, bool expect_new)
{
	uint64		inserted;

	if (!expect_new)
		BringParents(attachment, now);
	inserted = MirrorRows(attachment, now, expect_new);
	/* what an INSERT left out it is to bring now, whoever brought meanwhile what was lacking */
	if (expect_new && inserted < (uint64) now->n && attachment->lacking.sql != NULL)
	{
		BringParents(attachment, now);
		inserted += MirrorRest(attachment, now);
	}
	return inserted;
}
