/*
 * attach.c: an application's own tables keep ours in step (A1, A2).
 *
 * Triggers of ours stand on the application's table. What a statement changed
 * goes two ways in turn. First, with the rights of the table's owner and
 * nothing written, rows are put into the form of ours by the expressions of
 * the map: an application's functions may run there, and must not with our
 * rights. Then, with our rights, one statement each inserts, changes or
 * removes what they are in our table; or a booking is looked at by its guard.
 *
 * Rows are read as they are now, by their primary key, not out of the
 * transition table: a trigger of the application's may have changed them
 * since, in a statement of its own whose triggers were fired before ours.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"

#include "attachbook.h"
#include "compat.h"
#include "elsewhere.h"
#include "errors.h"
#include "failing.h"
#include "fired.h"
#include "mirror.h"
#include "probe.h"
#include "protect.h"
#include "returns.h"
#include "rows.h"
#include "try.h"

PG_FUNCTION_INFO_V1(reminder_attached_rows);
PG_FUNCTION_INFO_V1(reminder_attached_row);
PG_FUNCTION_INFO_V1(reminder_attached_truncated);
PG_FUNCTION_INFO_V1(reminder_load_attached);
PG_FUNCTION_INFO_V1(reminder_take_partition);

/* Bookings guarded at a time. */
#define GUARDED 50000

/* What a statement did to a table; NULL: nothing of that kind. */
typedef struct Change
{
	Relation	rel;
	Tuplestorestate *old;
	Tuplestorestate *new;
	bool	   *changed;		/* of Attached.column; NULL: all of them */
	int64		n;
} Change;

/* What an attachment makes of a change. */
typedef struct Outcome
{
	Attachment *attachment;
	MappedRows *now;			/* NULL: not asked */
	MappedRows *before;
	MappedRows *booked;
} Outcome;

/* Says what was done when an error came from an expression of the map. */
static void
NameTable(void *arg)
{
	errcontext("mapping rows of table \"%s\" for reminder", (char *) arg);
}

/* Tells whether a change touches what an attachment reads. */
static bool
Touches(const Change *change, const Attachment *attachment)
{
	int			i = -1;

	if (change->changed == NULL)
		return true;
	while ((i = bms_next_member(attachment->columns, i)) >= 0)
		if (change->changed[i])
			return true;
	return false;
}

/* Ends the stores of rows. */
static void
EndRows(Outcome *outcome, int n)
{
	for (int i = 0; i < n; i++)
	{
		EndMapped(outcome[i].now);
		EndMapped(outcome[i].before);
		EndMapped(outcome[i].booked);
	}
}

/* Begins what a change is to become, for each attachment that reads what it touches; gives for how many. */
static int
BeginOutcomes(Attached *attached, const Change *change, Outcome *outcome, MemoryContext memory)
{
	int			n = 0;

	for (int i = 0; i < attached->n; i++)
	{
		Attachment *attachment = &attached->attachment[i];
		bool		booking = attachment->kind == ATTACH_BOOKING;

		if (!Touches(change, attachment))
			continue;
		memset(&outcome[n], 0, sizeof(Outcome));
		outcome[n].attachment = attachment;
		if (booking && change->new != NULL)
			outcome[n].booked = BeginMapped(memory);
		if (!booking)
			outcome[n].now = BeginMapped(memory);
		if (!booking && change->old != NULL)
			outcome[n].before = BeginMapped(memory);
		n++;
	}
	return n;
}

/* Puts what a change did into the form of ours, for one attachment. */
static void
MapChange(const Outcome *outcome, const Change *change)
{
	Attachment *attachment = outcome->attachment;

	if (outcome->booked != NULL)
		MapInto(outcome->booked, change->old == NULL ? &attachment->booked : &attachment->rebooked, change->n);
	if (outcome->now != NULL && change->new != NULL && change->old != NULL && attachment->changed.sql != NULL)
		MapInto(outcome->now, &attachment->changed, change->n);
	else if (outcome->now != NULL)
		MapInto(outcome->now, change->new != NULL ? &attachment->now : &attachment->still, change->n);
	if (outcome->before != NULL)
		MapInto(outcome->before, &attachment->before, change->n);
}

/* A change with what is made of it, for Try(). */
typedef struct Mapping
{
	Attached   *attached;
	const Change *change;
	Outcome    *outcome;
	int			n;
} Mapping;

/* Puts what a change did into the form of ours, with the rights of the table's owner. */
static void
MapAll(void *arg)
{
	Mapping    *mapping = arg;
	const Change *change = mapping->change;
	ErrorContextCallback context = {.callback = NameTable,.arg = RelationGetRelationName(change->rel),.previous = error_context_stack};
	/* a statement on a partition has locked that alone */
	Relation	root = table_open(mapping->attached->root, AccessShareLock);
	RoleScope	scope;

	error_context_stack = &context;
	EnterRole(&scope, mapping->attached->owner, true);
	SetPathOf(root);
	SPI_connect();
	if (change->new != NULL)
		RegisterRows("new_rows", RelationGetRelid(change->rel), NULL, change->new);
	if (change->old != NULL)
		RegisterRows("old_rows", RelationGetRelid(change->rel), NULL, change->old);
	for (int i = 0; i < mapping->n; i++)
		MapChange(&mapping->outcome[i], change);
	SPI_finish();
	LeaveRole(&scope);
	error_context_stack = context.previous;
	table_close(root, NoLock);
}

/* Maps a part of the rows of a change by themselves, those after it or those before. */
static void
MapPart(const Mapping *whole, Tuplestorestate *rows, bool after)
{
	Change		change = {
		.rel = whole->change->rel,.old = after ? NULL : rows,.new = after ? rows : NULL,
		.changed = whole->change->changed,.n = tuplestore_tuple_count(rows)
	};
	Mapping		part = {.attached = whole->attached,.change = &change};

	part.outcome = palloc(whole->attached->n * sizeof(Outcome));
	part.n = BeginOutcomes(whole->attached, &change, part.outcome, CurrentMemoryContext);
	MapAll(&part);
	EndRows(part.outcome, part.n);
}

/* Maps a part of those after it. */
static void
MapAfter(void *whole, Tuplestorestate *rows)
{
	MapPart(whole, rows, true);
}

/* Maps a part of those before it. */
static void
MapBefore(void *whole, Tuplestorestate *rows)
{
	MapPart(whole, rows, false);
}

/*
 * Maps a change; an error says on which row it came. The stores of what is
 * made are begun before the subtransaction, which they outlive.
 */
static void
MapOrName(Mapping *mapping)
{
	const Change *change = mapping->change;
	ErrorData  *error = Try(MapAll, mapping, true);

	if (error == NULL)
		return;
	if (change->new != NULL && !IsInterruption(error))
		RaiseFirstFailing(change->rel, change->new, MapAfter, mapping);
	if (change->old != NULL && !IsInterruption(error))
		RaiseFirstFailing(change->rel, change->old, MapBefore, mapping);
	ReThrowError(error);
}

/* Has bookings guarded, all of them in parts. Rows without an invoice book nothing. */
static void
GuardBooked(Relation rel, const Attachment *attachment, const MappedRows *booked)
{
	MemoryContext part = AllocSetContextCreate(CurrentMemoryContext, "reminder bookings", ALLOCSET_DEFAULT_SIZES);
	InvoiceKey *key = palloc(Min(booked->n, GUARDED) * sizeof(InvoiceKey));
	MemoryContext old;
	Rows		rows;
	int			n;

	OpenRows(&rows, booked->store, booked->desc);
	old = MemoryContextSwitchTo(part);
	while ((n = ReadKeys(&rows, key, GUARDED)) > 0)
	{
		GuardBookings(rel, attachment->action, key, n);
		MemoryContextReset(part);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(part);
	CloseRows(&rows);
}

/* Removes what has gone; gives how much. */
static uint64
RemoveOutcome(const Outcome *outcome)
{
	if (outcome->attachment->kind == ATTACH_CUSTOMER)
		return RemoveCustomers(outcome->attachment, outcome->before, outcome->now);
	return RemoveRows(outcome->attachment, outcome->before, outcome->now);
}

/*
 * Brings our tables into step, with our own rights. First has bookings guarded:
 * a row that is voided has nothing left to pay, and what that pays might end the
 * case. Then removes, from what hangs on invoices to customers, and writes, the
 * other way round. Last comes what left with invoices that are new now.
 */
static void
MirrorAll(Relation rel, const Outcome *outcome, int n, bool expect_new)
{
	RoleScope	scope;
	bool		renumbered = false;

	EnterRole(&scope, ReminderOwner(), false);
	for (int i = 0; i < n; i++)
		if (outcome[i].booked != NULL && outcome[i].booked->n > 0)
			GuardBooked(rel, outcome[i].attachment, outcome[i].booked);
	for (int i = n - 1; i >= 0; i--)
		if (outcome[i].before != NULL && RemoveOutcome(&outcome[i]) > 0)
			renumbered = true;
	for (int i = 0; i < n; i++)
		if (outcome[i].now != NULL &&
			MirrorWhole(outcome[i].attachment, outcome[i].now, expect_new) < (uint64) outcome[i].now->n &&
			(expect_new || renumbered))
			RefuseElsewhere(outcome[i].attachment, outcome[i].now);
	/* an invoice may be here already for what a trigger of the application's wrote before this one was fired */
	for (int i = 0; i < n; i++)
		if (outcome[i].attachment->kind == ATTACH_INVOICE && outcome[i].now->n > 0)
			BringSettlements(outcome[i].attachment, outcome[i].now);
	LeaveRole(&scope);
}

/* Follows a change of a table. */
static void
Follow(Attached *attached, const Change *change)
{
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "reminder attached", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Mapping		mapping = {.attached = attached,.change = change};

	HoldAttached();
	mapping.outcome = palloc(attached->n * sizeof(Outcome));
	mapping.n = BeginOutcomes(attached, change, mapping.outcome, memory);
	MapOrName(&mapping);
	MirrorAll(change->rel, mapping.outcome, mapping.n, change->old == NULL);
	EndRows(mapping.outcome, mapping.n);
	ReleaseAttached();
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
}

/*
 * Tells whether two rows are the same, byte by byte, up to and with a column:
 * half the price of taking both apart. Where it cannot tell it says no.
 */
static bool
BeginsTheSame(TupleTableSlot *before, TupleTableSlot *after, AttrNumber last)
{
	HeapTuple	old = ((MinimalTupleTableSlot *) before)->tuple;
	HeapTuple	new = ((MinimalTupleTableSlot *) after)->tuple;
	uint32		length;

	if (HeapTupleHeaderGetNatts(old->t_data) < last || HeapTupleHeaderGetNatts(new->t_data) < last ||
		old->t_data->t_hoff != new->t_data->t_hoff || HeapTupleHasNulls(old) != HeapTupleHasNulls(new))
		return false;
	slot_getsomeattrs(after, last);
	length = ((MinimalTupleTableSlot *) after)->off;
	if (HeapTupleHasNulls(new) && memcmp(old->t_data->t_bits, new->t_data->t_bits, BITMAPLEN(last)) != 0)
		return false;
	return old->t_len >= new->t_data->t_hoff + length &&
		memcmp((char *) old->t_data + old->t_data->t_hoff, (char *) new->t_data + new->t_data->t_hoff, length) == 0;
}

/* Notes which of the columns that matter are other; tells whether any is. */
static bool
NoteChanges(const Attached *attached, TupleTableSlot *before, TupleTableSlot *after, bool *changed)
{
	bool		any = false;

	if (BeginsTheSame(before, after, attached->last))
		return false;
	for (int i = 0; i < attached->ncolumns; i++)
		if (IsOther(attached->column[i], before, after))
			any = changed[i] = true;
	return any;
}

/* Follows what a statement did, whatever it changed. */
static void
FollowAll(Attached *attached, TriggerData *trigdata)
{
	Change		change = {
		.rel = trigdata->tg_relation,.old = trigdata->tg_oldtable,.new = trigdata->tg_newtable
	};

	change.n = Max(change.old == NULL ? 0 : tuplestore_tuple_count(change.old), change.new == NULL ? 0 : tuplestore_tuple_count(change.new));
	if (change.n > 0)
		Follow(attached, &change);
}

/*
 * Follows an UPDATE, as far as it changed what matters: the rows before and
 * after stand in the same order. But one that goes to another partition, whose
 * trigger lets it not in, stands there before only.
 */
static void
FollowUpdate(Attached *attached, TriggerData *trigdata)
{
	Relation	rel = trigdata->tg_relation;
	Change		change = {.rel = rel};
	Rows		before;
	Rows		after;

	if (tuplestore_tuple_count(trigdata->tg_oldtable) != tuplestore_tuple_count(trigdata->tg_newtable))
	{
		FollowAll(attached, trigdata);
		return;
	}
	OpenRows(&before, trigdata->tg_oldtable, RelationGetDescr(rel));
	OpenRows(&after, trigdata->tg_newtable, RelationGetDescr(rel));
	change.changed = palloc0(attached->ncolumns * sizeof(bool));
	while (NextOfRows(&before) && NextOfRows(&after))
	{
		if (!NoteChanges(attached, before.slot, after.slot, change.changed))
			continue;
		if (change.n++ == 0)
		{
			change.old = tuplestore_begin_heap(true, false, work_mem);
			change.new = tuplestore_begin_heap(true, false, work_mem);
		}
		tuplestore_puttupleslot(change.old, before.slot);
		tuplestore_puttupleslot(change.new, after.slot);
	}
	CloseRows(&before);
	CloseRows(&after);
	if (change.n == 0)
		return;
	Follow(attached, &change);
	tuplestore_end(change.old);
	tuplestore_end(change.new);
}

/* AFTER STATEMENT on an application's table: what is attached of it keeps in step, bookings are guarded. */
Datum
reminder_attached_rows(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Attached   *attached;

	CheckFired(fcinfo, "_attached_rows", TRIGGER_EVENT_AFTER, false);
	if (TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event) ||
		(trigdata->tg_newtable == NULL && !TRIGGER_FIRED_BY_DELETE(trigdata->tg_event)) ||
		(trigdata->tg_oldtable == NULL && !TRIGGER_FIRED_BY_INSERT(trigdata->tg_event)))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired in the wrong way", "_attached_rows")));
	attached = GetAttached(trigdata->tg_relation);
	if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
		FollowUpdate(attached, trigdata);
	else
		FollowAll(attached, trigdata);
	return PointerGetDatum(NULL);
}

/* Gives a store of one row. */
static Tuplestorestate *
StoreRow(TupleTableSlot *row)
{
	Tuplestorestate *store = tuplestore_begin_heap(true, false, work_mem);

	tuplestore_puttupleslot(store, row);
	return store;
}

/*
 * AFTER ROW on an application's table, where changes come by logical
 * replication: its worker fires no statement triggers.
 */
Datum
reminder_attached_row(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Attached   *attached;
	Change		change = {0};

	CheckFired(fcinfo, "_attached_row", TRIGGER_EVENT_AFTER, true);
	attached = GetAttached(trigdata->tg_relation);
	change.rel = trigdata->tg_relation;
	change.n = 1;
	if (!TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		change.old = StoreRow(trigdata->tg_trigslot);
	if (!TRIGGER_FIRED_BY_DELETE(trigdata->tg_event))
		change.new = StoreRow(TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ? trigdata->tg_newslot : trigdata->tg_trigslot);
	Follow(attached, &change);
	if (change.old != NULL)
		tuplestore_end(change.old);
	if (change.new != NULL)
		tuplestore_end(change.new);
	return PointerGetDatum(NULL);
}

/* BEFORE TRUNCATE STATEMENT on an application's table: no row of ours would hear of it. */
Datum
reminder_attached_truncated(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	CheckFired(fcinfo, "_attached_truncated", TRIGGER_EVENT_BEFORE, false);
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_KEPT),
			 errmsg("cannot truncate table \"%s\", which is attached to reminder", RelationGetRelationName(trigdata->tg_relation)),
			 errhint("DELETE removes what may be removed; or call reminder.detach() or reminder.unprotect() first."),
			 errtable(trigdata->tg_relation)));
	return PointerGetDatum(NULL);
}

/* Puts all rows of a table into the form of ours, with the rights of its owner. */
static void
MapTable(const Attached *attached, Relation rel, Outcome *outcome)
{
	ErrorContextCallback context = {.callback = NameTable,.arg = RelationGetRelationName(rel),.previous = error_context_stack};
	RoleScope	scope;

	error_context_stack = &context;
	EnterRole(&scope, attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	MapInto(outcome->now, &outcome->attachment->load, MANY_ROWS);
	SPI_finish();
	LeaveRole(&scope);
	error_context_stack = context.previous;
}

/* What Try() is given to load a table, or to map one of its rows. */
typedef struct Loading
{
	const Attached *attached;
	Relation	rel;
	Outcome    *outcome;
	HeapTuple	row;
	TupleDesc	desc;
} Loading;

/* Maps the table. */
static void
LoadTable(void *arg)
{
	Loading    *loading = arg;

	MapTable(loading->attached, loading->rel, loading->outcome);
}

/* Maps one row of it, within the owner's scope. */
static void
LoadRow(void *arg)
{
	Loading    *loading = arg;
	Tuplestorestate *store = tuplestore_begin_heap(true, false, work_mem);

	tuplestore_puttuple(store, loading->row);
	SPI_connect();
	RegisterRows("new_rows", InvalidOid, loading->desc, store);
	SPI_execute(loading->outcome->attachment->each.sql, true, 0);
	SPI_finish();
	tuplestore_end(store);
}

/* Tells whether a row cannot be mapped, within the owner's scope. */
static bool
RowFails(Loading *loading)
{
	ErrorData  *error = Try(LoadRow, loading, true);

	if (error != NULL && IsInterruption(error))
		ReThrowError(error);
	return error != NULL;
}

/* Finds the first row that cannot be mapped; gives its key, NULL if there is none. */
static char *
FindFailingRow(Loading *loading)
{
	Relation	rel = loading->rel;
	MemoryContext memory = CurrentMemoryContext;
	char	   *found = NULL;
	RoleScope	scope;
	Portal		portal;

	EnterRole(&scope, loading->attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	portal = SPI_cursor_open_with_args(NULL,
									   psprintf("SELECT * FROM %s", quote_qualified_identifier(get_namespace_name(RelationGetNamespace(rel)), RelationGetRelationName(rel))),
									   0, NULL, NULL, NULL, true, 0);
	do
	{
		SPITupleTable *rows;

		SPI_cursor_fetch(portal, true, FETCHED);
		rows = SPI_tuptable;
		for (uint64 i = 0; i < rows->numvals && found == NULL; i++)
		{
			CHECK_FOR_INTERRUPTS();
			loading->row = rows->vals[i];
			loading->desc = rows->tupdesc;
			if (RowFails(loading))
			{
				MemoryContext old = MemoryContextSwitchTo(memory);

				found = WriteKey(rel, rows->vals[i], rows->tupdesc);
				MemoryContextSwitchTo(old);
			}
		}
		if (rows->numvals == 0)
			break;
		SPI_freetuptable(rows);
	} while (found == NULL);
	SPI_cursor_close(portal);
	SPI_finish();
	LeaveRole(&scope);
	return found;
}

/* Raises what kept a table from being mapped, with the row on which it did. */
static void
RaiseWithRow(ErrorData *error, Loading *loading)
{
	RaiseOfRow(error, loading->rel, IsInterruption(error) ? NULL : FindFailingRow(loading));
}

/* Raises 22R01 if a number stands in several rows: they cannot all be the one of ours. */
static void
RefuseDoubles(Relation rel, Attachment *attachment, const MappedRows *now)
{
	const char *key = attachment->field[0].name;

	if (attachment->kind == ATTACH_CUSTOMER)
		return;
	SPI_connect();
	RegisterRows("now_rows", InvalidOid, now->desc, now->store);
	if (SPI_execute(psprintf("SELECT r.%s FROM now_rows r GROUP BY r.creditor_id, r.%s HAVING pg_catalog.count(*) > 1 ORDER BY 1 LIMIT 1", key, key), true, 1) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed");
	if (SPI_processed > 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("%s \"%s\" stands in several rows of table \"%s\"", key,
						SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1), RelationGetRelationName(rel)),
				 errhint("Map it to what is unique, or leave rows out by \"where\".")));
	SPI_finish();
}

/*
 * Takes in all rows of a table that was attached just now and is locked
 * against writing: relation, attachment_no. Gives how many; of a table that was
 * protected, in how many rows something is booked.
 */
Datum
reminder_load_attached(PG_FUNCTION_ARGS)
{
	Relation	rel = OpenGiven(PG_GETARG_OID(0));
	Attached   *attached = GetAttached(rel);
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "reminder attached", ALLOCSET_DEFAULT_SIZES);
	Outcome		outcome = {.attachment = FindAttachment(attached, PG_GETARG_INT32(1))};
	Loading		loading = {.attached = attached,.rel = rel,.outcome = &outcome};
	PaymentsAgain payments = {.nulls = "  n"};
	bool		makes_room;
	ErrorData  *error;
	int64		n;

	HoldAttached();
	outcome.now = BeginMapped(memory);
	error = Try(LoadTable, &loading, true);
	if (error != NULL)
		RaiseWithRow(error, &loading);
	/* of bookings nothing is taken in: they are only to be tried */
	if (outcome.attachment->kind != ATTACH_BOOKING)
	{
		RefuseDoubles(rel, outcome.attachment, outcome.now);
		makes_room = outcome.attachment->kind == ATTACH_CREDIT && MakeRoom(outcome.now, &payments);
		MirrorAll(rel, &outcome, 1, true);
		if (makes_room)
			TakeRoom(&payments);
	}
	n = outcome.now->n;
	EndRows(&outcome, 1);
	ReleaseAttached();
	MemoryContextDelete(memory);
	table_close(rel, NoLock);
	PG_RETURN_INT64(n);
}

/*
 * Takes in the rows of a partition that an attached table has got, as if they
 * had been inserted: relation. Its bookings are guarded, too.
 */
Datum
reminder_take_partition(PG_FUNCTION_ARGS)
{
	Relation	rel = OpenGiven(PG_GETARG_OID(0));
	Change		change = {.rel = rel,.new = tuplestore_begin_heap(true, false, work_mem)};
	Snapshot	snapshot;
	TupleTableSlot *slot;
	TableScanDesc scan;

	if (rel->rd_rel->relkind != RELKIND_RELATION)
		elog(ERROR, "\"%s\" is not a table", RelationGetRelationName(rel));
	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	slot = table_slot_create(rel, NULL);
	scan = table_beginscan(rel, snapshot, 0, NULL);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		tuplestore_puttupleslot(change.new, slot);
	table_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	UnregisterSnapshot(snapshot);
	change.n = tuplestore_tuple_count(change.new);
	if (change.n > 0)
		Follow(GetAttached(rel), &change);
	tuplestore_end(change.new);
	table_close(rel, NoLock);
	PG_RETURN_VOID();
}
