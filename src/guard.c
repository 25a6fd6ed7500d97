/*
 * guard.c: what must not happen while a claim is being collected (G1-G3).
 *
 * Both sides, the opener of a case and the booking that a case forbids, first
 * lock the invoice row FOR NO KEY UPDATE and only then look at what the other
 * side wrote, as it is committed after the lock. Locking alone would not
 * do under REPEATABLE READ, whose snapshot is older than the lock; looking
 * alone would not do under any level.
 */
#include "postgres.h"

#include "access/skey.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "errors.h"
#include "guard.h"
#include "owner.h"
#include "probe.h"

PG_FUNCTION_INFO_V1(reminder_guard_loss);
PG_FUNCTION_INFO_V1(reminder_guard_credit);
PG_FUNCTION_INFO_V1(reminder_guard_invoice);
PG_FUNCTION_INFO_V1(reminder_kept);

/*
 * Refuses to run but as the trigger this function is meant for, on our table
 * of this name (NULL: any of ours): on another its columns need not be what
 * we take them for.
 */
void
CheckTrigger(FunctionCallInfo fcinfo, const char *name, const char *table, TriggerEvent timing, bool row)
{
	static Oid	ours = InvalidOid;	/* the last table that was found to be ours */
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", name)));
	if ((trigdata->tg_event & TRIGGER_EVENT_TIMINGMASK) != timing ||
		(TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) != 0) != row)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired in the wrong way", name)));
	if ((table != NULL && strcmp(RelationGetRelationName(trigdata->tg_relation), table) != 0) ||
		(RelationGetRelid(trigdata->tg_relation) != ours &&
		 RelationGetNamespace(trigdata->tg_relation) != ReminderSchema()))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired for the wrong table", name)));
	ours = RelationGetRelid(trigdata->tg_relation);
}

/* Begins a scan of a (creditor_id, invoice_no) index. */
static IndexScanDesc
BeginKeyScan(Relation heap, Relation index, Snapshot snapshot, Datum creditor_id, Datum invoice_no)
{
	ScanKeyData key[2];
	IndexScanDesc scan = BeginIndexScan(heap, index, snapshot, 2);

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, creditor_id);
	ScanKeyEntryInitialize(&key[1], 0, 2, BTEqualStrategyNumber, InvalidOid,
						   C_COLLATION_OID, F_TEXTEQ, invoice_no);
	index_rescan(scan, key, 2, NULL, 0);
	return scan;
}

/* Locks the version of a row that is the last one; tells whether there is one. */
static bool
LockLastVersion(Relation rel, TupleTableSlot *slot)
{
	TM_FailureData failure;
	ItemPointerData tid = slot->tts_tid;
	TM_Result	result = table_tuple_lock(rel, &tid, SnapshotSelf, slot, GetCurrentCommandId(false),
										  LockTupleNoKeyExclusive, LockWaitBlock,
										  TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);

	switch (result)
	{
		case TM_Ok:
		case TM_SelfModified:
			return true;
		case TM_Deleted:
			return false;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent update")));
	}
	return false;
}

/*
 * Finds an invoice as committed now, our own changes included. Without a
 * snapshot, which is cheaper; but a scan without one can miss a row that is
 * updated under it, so that what it does not find is looked for again.
 */
static bool
FindInvoice(Relation heap, Relation index, Datum creditor_id, Datum invoice_no, TupleTableSlot *slot)
{
	Snapshot	snapshot = SnapshotSelf;
	bool		found = false;

	for (int tries = 0; tries < 2 && !found; tries++)
	{
		IndexScanDesc scan = BeginKeyScan(heap, index, snapshot, creditor_id, invoice_no);

		found = index_getnext_slot(scan, ForwardScanDirection, slot);
		index_endscan(scan);
		if (snapshot != SnapshotSelf)
			UnregisterSnapshot(snapshot);
		else if (!found)
			snapshot = RegisterSnapshot(GetLatestSnapshot());
	}
	return found;
}

/*
 * Locks an invoice FOR NO KEY UPDATE until the end of the transaction, waiting
 * for whoever holds it; tells whether there is one, and whether it is in
 * external collection.
 */
bool
LockInvoice(Relation near, Datum creditor_id, Datum invoice_no, bool *external)
{
	const Siblings *table = GetSiblings(near);
	Relation	heap = table_open(table->invoice, RowShareLock);
	Relation	index = index_open(table->invoice_pkey, AccessShareLock);
	TupleTableSlot *slot = table_slot_create(heap, NULL);
	bool		found;
	bool		isnull;

	/* an invoice that this very statement inserted can be locked only after it */
	CommandCounterIncrement();
	found = FindInvoice(heap, index, creditor_id, invoice_no, slot) && LockLastVersion(heap, slot);
	*external = found && DatumGetBool(slot_getattr(slot, table->external_collection, &isnull));
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, NoLock);
	table_close(heap, NoLock);
	return found;
}

/* Copies what an error says of a case out of its row. */
static void
ReadCase(const Siblings *table, TupleTableSlot *slot, ActiveCase *found)
{
	bool		isnull;

	found->active = true;
	found->case_no = DatumGetInt16(slot_getattr(slot, table->case_no, &isnull));
	text_to_cstring_buffer(DatumGetTextPP(slot_getattr(slot, table->case_state, &isnull)),
						   found->state, sizeof(found->state));
}

/*
 * Looks for an active case of an invoice that is locked, as committed now, our
 * own changes included. Whoever writes a case of it holds that lock, so no row
 * moves under the scan and it needs no snapshot.
 */
void
LookForActiveCase(Relation near, Datum creditor_id, Datum invoice_no, ActiveCase *found)
{
	const Siblings *table = GetSiblings(near);
	Relation	heap = table_open(table->collection_case, AccessShareLock);
	Relation	index = index_open(table->active_case_key, AccessShareLock);
	TupleTableSlot *slot = table_slot_create(heap, NULL);
	IndexScanDesc scan = BeginKeyScan(heap, index, SnapshotSelf, creditor_id, invoice_no);

	if (index_getnext_slot(scan, ForwardScanDirection, slot))
		ReadCase(table, slot, found);
	index_endscan(scan);
	ExecDropSingleTupleTableSlot(slot);
	index_close(index, NoLock);
	table_close(heap, NoLock);
}

/* Locks an invoice and looks: gives what stands in the way of a booking on it. */
static void
LockAndLook(Relation near, Datum creditor_id, Datum invoice_no, ActiveCase *found)
{
	memset(found, 0, sizeof(*found));
	/* a missing invoice is for the foreign key to refuse */
	if (!LockInvoice(near, creditor_id, invoice_no, &found->external))
		return;
	LookForActiveCase(near, creditor_id, invoice_no, found);
	found->active |= found->external;
}

/* Raises 23R01: names the invoice, the case and its stage, and what to do first. */
static void
RefuseInCase(Relation rel, Datum invoice_no, const ActiveCase *found, const char *what)
{
	char	   *invoice = TextDatumGetCString(invoice_no);

	if (found->case_no == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_CASE_ACTIVE),
				 errmsg("cannot %s invoice \"%s\" while it is in external collection", what, invoice),
				 errhint("End the external collection first, then clear external_collection."),
				 errtable(rel)));
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_CASE_ACTIVE),
			 errmsg("cannot %s invoice \"%s\" while its collection case is active", what, invoice),
			 errdetail("Case %d of the invoice is at the stage \"%s\".", found->case_no, found->state),
			 strcmp(found->state, "enforcement") == 0
			 ? errhint("End the case first: the service or an administrator calls reminder.close_case().")
			 : errhint("End the case first: call reminder.withdraw()."),
			 errtable(rel)));
}

/* The row a row trigger is about: the new one, or the old one of a DELETE. */
static TupleTableSlot *
TriggerRow(TriggerData *trigdata)
{
	return TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ? trigdata->tg_newslot : trigdata->tg_trigslot;
}

/* Tells whether an UPDATE changed a column. */
static bool
Changed(TriggerData *trigdata, AttrNumber attnum)
{
	Form_pg_attribute attribute = TupleDescAttr(RelationGetDescr(trigdata->tg_relation), attnum - 1);
	bool		old_null;
	bool		new_null;
	Datum		old_value = slot_getattr(trigdata->tg_trigslot, attnum, &old_null);
	Datum		new_value = slot_getattr(trigdata->tg_newslot, attnum, &new_null);

	if (old_null || new_null)
		return old_null != new_null;
	return !datum_image_eq(old_value, new_value, attribute->attbyval, attribute->attlen);
}

/*
 * AFTER INSERT OR UPDATE ROW on credit_loss: a loss, doubtful too, is not
 * booked while a case is active (G1). One that is reversed is let through.
 */
Datum
reminder_guard_loss(PG_FUNCTION_ARGS)
{
	static Columns columns = {.names = {"creditor_id", "invoice_no", "reversed_on"}};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Relation	rel;
	TupleTableSlot *row;
	const AttrNumber *number;
	Datum		creditor_id;
	Datum		invoice_no;
	ActiveCase	found;
	bool		isnull;

	CheckTrigger(fcinfo, "_guard_loss", "credit_loss", TRIGGER_EVENT_AFTER, true);
	rel = trigdata->tg_relation;
	row = TriggerRow(trigdata);
	number = ColumnNumbers(rel, &columns);
	if (!slot_attisnull(row, number[2]))
		return PointerGetDatum(NULL);
	creditor_id = slot_getattr(row, number[0], &isnull);
	invoice_no = slot_getattr(row, number[1], &isnull);
	LockAndLook(rel, creditor_id, invoice_no, &found);
	if (found.active)
		RefuseInCase(rel, invoice_no, &found, "book a credit loss on");
	return PointerGetDatum(NULL);
}

/* Tells whether the creditor's setting says that credits are applied through the case. */
static bool
AppliesCreditsInCase(Relation rel, Datum creditor_id)
{
	static Statement setting = {
		.sql = "SELECT FROM reminder.creditor WHERE creditor_id = $1 AND credits_in_case = 'apply'",
		.nargs = 1,.argtypes = {INT8OID}
	};
	OwnerScope	scope;
	bool		applies;

	EnterOwner(&scope, rel->rd_rel->relowner);
	SPI_connect();
	applies = ExecuteFresh(&setting, &creditor_id, NULL, SPI_OK_SELECT) > 0;
	SPI_finish();
	LeaveOwner(&scope);
	return applies;
}

/* Refuses a credit of the invoice a row names, if its case is active and does not take it. */
static void
GuardCredit(TriggerData *trigdata, TupleTableSlot *row, const AttrNumber *number)
{
	Relation	rel = trigdata->tg_relation;
	bool		isnull;
	Datum		creditor_id = slot_getattr(row, number[0], &isnull);
	Datum		invoice_no = slot_getattr(row, number[1], &isnull);
	ActiveCase	found;

	LockAndLook(rel, creditor_id, invoice_no, &found);
	if (!found.active || KeeperActs())
		return;
	if (found.external || !AppliesCreditsInCase(rel, creditor_id))
		RefuseInCase(rel, invoice_no, &found,
					 TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ? "credit" : "change a credit of");
}

/*
 * AFTER INSERT OR UPDATE OR DELETE ROW on credit: no credit, void or offset
 * while a case is active, unless the creditor's setting or credit_in_case(),
 * which acts for the owner, applies it through the case (G1).
 */
Datum
reminder_guard_credit(PG_FUNCTION_ARGS)
{
	static Columns columns = {.names = {"creditor_id", "invoice_no"}};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const AttrNumber *number;

	CheckTrigger(fcinfo, "_guard_credit", "credit", TRIGGER_EVENT_AFTER, true);
	number = ColumnNumbers(trigdata->tg_relation, &columns);
	GuardCredit(trigdata, TriggerRow(trigdata), number);
	/* one that moves to another invoice leaves this one */
	if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) &&
		(Changed(trigdata, number[0]) || Changed(trigdata, number[1])))
		GuardCredit(trigdata, trigdata->tg_trigslot, number);
	return PointerGetDatum(NULL);
}

/* The columns of an invoice that stand still while a case is active come first. */
#define GUARDED_COLUMNS 8
static Columns invoice_columns = {.names = {
	"creditor_id", "invoice_no", "customer_no", "kind", "invoice_date", "due_date", "currency", "amount",
	"open_amount", "external_collection", "automation"
}};
enum
{
	CREDITOR_ID, INVOICE_NO, AMOUNT = GUARDED_COLUMNS - 1, OPEN_AMOUNT, EXTERNAL_COLLECTION, AUTOMATION
};

/* Gives the first guarded column that an UPDATE changed, NULL for none. */
static const char *
ChangedColumn(TriggerData *trigdata, const AttrNumber *number)
{
	for (int i = 0; i < GUARDED_COLUMNS; i++)
		if (Changed(trigdata, number[i]))
			return invoice_columns.names[i];
	return NULL;
}

/* Puts an invoice whose terms have changed in its place on the ladder again. */
static void
PlaceInvoice(Relation rel, Datum creditor_id, Datum invoice_no)
{
	static Statement place = {
		.sql = "SELECT reminder._place($1, ARRAY[$2])",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	Datum		values[2] = {creditor_id, invoice_no};
	OwnerScope	scope;

	EnterOwner(&scope, rel->rd_rel->relowner);
	SPI_connect();
	ExecuteFresh(&place, values, NULL, SPI_OK_SELECT);
	SPI_finish();
	LeaveOwner(&scope);
}

/* Raises 42R01: what is open, and whether a case was withdrawn, follows from what was done. */
static void
RefuseDerived(Relation rel, AttrNumber attnum, const char *what, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_DERIVED),
			 errmsg("%s", what),
			 errhint("%s", hint),
			 errtablecol(rel, attnum)));
}

/* Gives the difference that an UPDATE made to an amount. */
static Datum
Difference(TriggerData *trigdata, AttrNumber attnum)
{
	bool		isnull;

	return DirectFunctionCall2(numeric_sub,
							   slot_getattr(trigdata->tg_newslot, attnum, &isnull),
							   slot_getattr(trigdata->tg_trigslot, attnum, &isnull));
}

/* Tells whether what is open has changed otherwise than with the amount. */
static bool
OpenAmountSet(TriggerData *trigdata, const AttrNumber *number)
{
	if (!Changed(trigdata, number[OPEN_AMOUNT]) && !Changed(trigdata, number[AMOUNT]))
		return false;
	return DatumGetBool(DirectFunctionCall2(numeric_ne, Difference(trigdata, number[OPEN_AMOUNT]),
											Difference(trigdata, number[AMOUNT])));
}

/* Refuses an UPDATE by hand of the columns that follow from something else. */
static void
RefuseDerivedChanges(TriggerData *trigdata, const AttrNumber *number)
{
	if (KeeperActs())
		return;
	if (OpenAmountSet(trigdata, number))
		RefuseDerived(trigdata->tg_relation, number[OPEN_AMOUNT],
					  "open_amount is kept by payments and credits",
					  "Insert into reminder.payment or reminder.credit.");
	if (Changed(trigdata, number[AUTOMATION]))
		RefuseDerived(trigdata->tg_relation, number[AUTOMATION],
					  "automation of an invoice is not set by hand",
					  "Call reminder.take_out() or reminder.put_back().");
}

/*
 * Refuses to begin an external collection of an invoice on which a loss is
 * booked: it counts as an active case, and keeps the same order (G1). The row
 * is locked already: we changed it.
 */
static void
RefuseExternalOnLoss(TriggerData *trigdata, const AttrNumber *number)
{
	static Statement booked = {
		.sql = "SELECT kind FROM reminder.credit_loss WHERE creditor_id = $1 AND invoice_no = $2 AND reversed_on IS NULL ORDER BY loss_no LIMIT 1",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	Relation	rel = trigdata->tg_relation;
	Datum		values[2];
	OwnerScope	scope;
	bool		isnull;

	if (!Changed(trigdata, number[EXTERNAL_COLLECTION]) ||
		!DatumGetBool(slot_getattr(trigdata->tg_newslot, number[EXTERNAL_COLLECTION], &isnull)))
		return;
	values[0] = slot_getattr(trigdata->tg_newslot, number[CREDITOR_ID], &isnull);
	values[1] = slot_getattr(trigdata->tg_newslot, number[INVOICE_NO], &isnull);
	EnterOwner(&scope, rel->rd_rel->relowner);
	SPI_connect();
	if (ExecuteFresh(&booked, values, NULL, SPI_OK_SELECT) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_LOSS_BOOKED),
				 errmsg("cannot collect invoice \"%s\" while a credit loss is booked on it", TextDatumGetCString(values[1])),
				 errdetail("A %s loss stands.", SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
				 errhint("Reverse the loss first: set its reversed_on."),
				 errtablecol(rel, number[EXTERNAL_COLLECTION])));
	SPI_finish();
	LeaveOwner(&scope);
}

/*
 * AFTER UPDATE OR DELETE ROW on invoice: what a case rests on stands still
 * while it is active (G1). A payment, which changes the open amount alone,
 * passes on a few comparisons. The row is locked already: we changed it.
 *
 * Placing is one statement a row, for changes of terms only: transition
 * tables would tax every payment's update for these few.
 */
Datum
reminder_guard_invoice(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	bool		update;
	Relation	rel;
	const AttrNumber *number;
	Datum		creditor_id;
	Datum		invoice_no;
	const char *column = NULL;
	ActiveCase	found = {0};
	bool		isnull;

	CheckTrigger(fcinfo, "_guard_invoice", "invoice", TRIGGER_EVENT_AFTER, true);
	rel = trigdata->tg_relation;
	number = ColumnNumbers(rel, &invoice_columns);
	update = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event);
	if (update && (column = ChangedColumn(trigdata, number)) == NULL)
	{
		RefuseDerivedChanges(trigdata, number);
		RefuseExternalOnLoss(trigdata, number);
		return PointerGetDatum(NULL);
	}

	creditor_id = slot_getattr(trigdata->tg_trigslot, number[CREDITOR_ID], &isnull);
	invoice_no = slot_getattr(trigdata->tg_trigslot, number[INVOICE_NO], &isnull);
	found.external = DatumGetBool(slot_getattr(trigdata->tg_trigslot, number[EXTERNAL_COLLECTION], &isnull));
	LookForActiveCase(rel, creditor_id, invoice_no, &found);
	if (found.active || found.external)
		RefuseInCase(rel, invoice_no, &found,
					 update ? psprintf("change \"%s\" of", column) : "delete");
	if (update)
	{
		RefuseDerivedChanges(trigdata, number);
		RefuseExternalOnLoss(trigdata, number);
	}
	PlaceInvoice(rel, creditor_id, invoice_no);
	if (update)
		PlaceInvoice(rel, slot_getattr(trigdata->tg_newslot, number[CREDITOR_ID], &isnull),
					 slot_getattr(trigdata->tg_newslot, number[INVOICE_NO], &isnull));
	return PointerGetDatum(NULL);
}

/*
 * BEFORE STATEMENT on the tables that reminder keeps: nobody writes them by
 * hand, the owner included; and nobody truncates a table of ours at all.
 */
Datum
reminder_kept(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	bool		truncate;

	CheckTrigger(fcinfo, "_kept", NULL, TRIGGER_EVENT_BEFORE, false);
	truncate = TRIGGER_FIRED_BY_TRUNCATE(trigdata->tg_event);
	if (!truncate && KeeperActs())
		return PointerGetDatum(NULL);
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_DERIVED),
			 truncate
			 ? errmsg("cannot truncate table \"%s\" of reminder", RelationGetRelationName(trigdata->tg_relation))
			 : errmsg("table \"%s\" is kept by reminder", RelationGetRelationName(trigdata->tg_relation)),
			 truncate
			 ? errhint("DELETE removes what may be removed.")
			 : errhint("Use the functions of reminder; they write it."),
			 errtable(trigdata->tg_relation)));
	return PointerGetDatum(NULL);
}
