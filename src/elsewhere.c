/*
 * elsewhere.c: numbers that stand in several rows that are attached: in another
 * table of the kind; or of customers, who may well do so, in other rows of the
 * same table, too.
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
#include "rows.h"

/* Another attachment of the kind, or the same. */
typedef struct Place
{
	Oid			relid;
	int32		attachment_no;
} Place;

/* Gives where numbers of an attachment may stand, too; its own table among them if asked to. */
static Place *
PlacesOf(const Attachment *attachment, bool own, int *n)
{
	static Statement places = {
		.sql = "SELECT o.relation::oid, o.attachment_no FROM reminder.attachment a"
		" JOIN reminder.attachment o ON o.kind = a.kind AND (a.creditor_id = o.creditor_id) IS NOT FALSE"
		" WHERE a.attachment_no = $1 AND (o.attachment_no <> a.attachment_no OR $2) ORDER BY o.attachment_no",
		.nargs = 2,.argtypes = {INT4OID, BOOLOID}
	};
	Datum		values[2] = {Int32GetDatum(attachment->attachment_no), BoolGetDatum(own)};
	Place	   *place;
	bool		isnull;

	SPI_connect();
	*n = (int) ExecuteFresh(&places, values, NULL, SPI_OK_SELECT);
	place = SPI_palloc(Max(*n, 1) * sizeof(Place));
	for (int i = 0; i < *n; i++)
	{
		place[i].relid = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		place[i].attachment_no = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_finish();
	return place;
}

/* Finds those of some numbers that stand in a place, as is committed now, with the rights of its owner. */
static void
FindIn(const Place *place, const MappedRows *asked, MappedRows *found)
{
	Relation	rel = try_relation_open(place->relid, AccessShareLock);
	Attached   *attached;
	const Attachment *attachment;
	const char *key;
	RoleScope	scope;
	Statement	find = {0};

	/* a table that has gone has none */
	if (rel == NULL)
		return;
	attached = GetAttached(rel);
	attachment = FindAttachment(attached, place->attachment_no);
	key = attachment->field[0].name;
	find.sql = psprintf("SELECT x.creditor_id, x.%s FROM (%s) x WHERE EXISTS (SELECT FROM asked_rows n"
						" WHERE n.creditor_id OPERATOR(pg_catalog.=) x.creditor_id AND n.%s OPERATOR(pg_catalog.=) x.%s) ORDER BY 1, 2",
						key, attachment->load.sql, key, key);
	EnterRole(&scope, attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	RegisterRows("asked_rows", InvalidOid, asked->desc, asked->store);
	MapInto(found, &find, MANY_ROWS);
	SPI_finish();
	LeaveRole(&scope);
	relation_close(rel, NoLock);
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
	place = PlacesOf(attachment, false, &n);
	for (int i = 0; i < n; i++)
	{
		MappedRows *found = BeginMapped(CurrentMemoryContext);

		FindIn(&place[i], now, found);
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
		place = PlacesOf(attachment, !attachment->once, &n);
		for (int i = 0; i < n; i++)
			FindIn(&place[i], leaving, stay);
		removed = RemoveRows(attachment, leaving, stay);
	}
	EndMapped(leaving);
	EndMapped(stay);
	return removed;
}
