/*
 * returns.c: an attached invoice that comes back, with what settles it.
 *
 * No payment or credit can come of an attached table while its invoice is not
 * here: a foreign key refuses it. So what stands there of an invoice that comes
 * can only have left with it, and that was noted then (mirror.c). An invoice of
 * which nothing was noted has nothing to look for, and while nothing is noted
 * at all, no invoice is looked for.
 */
#include "postgres.h"

#include "access/relation.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "attachbook.h"
#include "compat.h"
#include "elsewhere.h"
#include "returns.h"
#include "rows.h"

/* Finds what left with invoices that are here again; it is looked for no more. */
static void
TakeNotes(Attachment *attachment, const MappedRows *now, MappedRows *returned)
{
	static Statement forget = {
		.sql = "DELETE FROM reminder.left_with_invoice l USING returned_rows r"
		" WHERE l.creditor_id = r.creditor_id AND l.kind = r.kind AND l.document_no = r.document_no"
	};
	OwnerScope	scope;

	SPI_connect();
	RegisterRows("now_rows", InvalidOid, now->desc, now->store);
	MapInto(returned, &attachment->returned, now->n);
	if (returned->n > 0)
	{
		RegisterRows("returned_rows", InvalidOid, returned->desc, returned->store);
		/* notes are nobody's but the keeper's */
		EnterOwner(&scope, ReminderOwner());
		(void) RunMapped(&forget, returned->n, SPI_OK_DELETE);
		LeaveOwner(&scope);
	}
	SPI_finish();
}

/* Gives in which tables payments and credits may stand, credits first: what is credited cannot be paid. */
static int
FindTables(const MappedRows *returned, Oid **relid, int32 **attachment_no)
{
	static Statement tables = {
		.sql = "SELECT a.relation::oid, a.attachment_no FROM reminder.attachment a WHERE a.kind IN ('credit', 'payment')"
		" AND (a.creditor_id IS NULL OR a.creditor_id IN (SELECT r.creditor_id FROM returned_rows r)) ORDER BY a.kind, a.attachment_no"
	};
	int			n;

	SPI_connect();
	RegisterRows("returned_rows", InvalidOid, returned->desc, returned->store);
	n = (int) ExecuteFresh(&tables, NULL, NULL, SPI_OK_SELECT);
	*relid = SPI_palloc(Max(n, 1) * sizeof(Oid));
	*attachment_no = SPI_palloc(Max(n, 1) * sizeof(int32));
	for (int i = 0; i < n; i++)
	{
		bool		isnull;

		(*relid)[i] = DatumGetObjectId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		(*attachment_no)[i] = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_finish();
	return n;
}

/* Maps rows of a table that settle what has returned, with the rights of its owner. */
static void
MapSettlements(const Attached *attached, Relation rel, Statement *map, const MappedRows *returned, MappedRows *found)
{
	RoleScope	scope;

	EnterRole(&scope, attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	RegisterRows("returned_rows", InvalidOid, returned->desc, returned->store);
	MapInto(found, map, MANY_ROWS);
	SPI_finish();
	LeaveRole(&scope);
}

/* Locks the last version of a row of an application's, if there still is one. */
static void
LockPlace(Relation rel, ItemPointer tid)
{
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	TM_FailureData failure;

	(void) table_tuple_lock(rel, tid, SnapshotSelf, slot, GetCurrentCommandId(false), LockTupleShare, LockWaitBlock,
							TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);
	ExecDropSingleTupleTableSlot(slot);
}

/*
 * Locks rows of an application's until the end of the transaction. Whoever is
 * changing one has looked for it here in vain, so that we wait, and map it as
 * it is then; and who changes one later finds it here.
 */
static void
LockPlaces(const MappedRows *places)
{
	Rows		rows;

	OpenRows(&rows, places->store, places->desc);
	while (NextOfRows(&rows))
	{
		bool		isnull;
		Oid			relid = DatumGetObjectId(slot_getattr(rows.slot, 1, &isnull));
		ItemPointerData tid = *((ItemPointer) DatumGetPointer(slot_getattr(rows.slot, 2, &isnull)));
		Relation	rel = table_open(relid, RowShareLock);

		CHECK_FOR_INTERRUPTS();
		LockPlace(rel, &tid);
		table_close(rel, NoLock);
	}
	CloseRows(&rows);
}

/* Brings what stands in one table. */
static void
BringOf(Oid relid, int32 attachment_no, const MappedRows *returned)
{
	Relation	rel = try_relation_open(relid, AccessShareLock);
	MappedRows *places;
	MappedRows *found;
	Attached   *attached;
	Attachment *attachment;

	/* a table that has gone has none */
	if (rel == NULL)
		return;
	places = BeginMapped(CurrentMemoryContext);
	found = BeginMapped(CurrentMemoryContext);
	attached = GetAttached(rel);
	attachment = FindAttachment(attached, attachment_no);
	MapSettlements(attached, rel, &attachment->places, returned, places);
	if (places->n > 0)
	{
		LockPlaces(places);
		MapSettlements(attached, rel, &attachment->settles, returned, found);
		(void) MirrorWhole(attachment, found, true);
	}
	EndMapped(places);
	EndMapped(found);
	relation_close(rel, NoLock);
}

/*
 * Brings the payments and credits that stand in attached tables for invoices
 * that have come back, as one set for each table; with our own rights.
 */
void
BringSettlements(Attachment *attachment, const MappedRows *now)
{
	MappedRows *returned = BeginMapped(CurrentMemoryContext);
	Oid		   *relid;
	int32	   *attachment_no;

	TakeNotes(attachment, now, returned);
	if (returned->n > 0)
	{
		int			n = FindTables(returned, &relid, &attachment_no);

		for (int i = 0; i < n; i++)
			BringOf(relid[i], attachment_no[i], returned);
	}
	EndMapped(returned);
}
