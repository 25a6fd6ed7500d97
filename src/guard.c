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

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "replication/logicalworker.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "access.h"
#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "guard.h"
#include "lock.h"
#include "losses.h"
#include "origin.h"
#include "owner.h"
#include "probe.h"
#include "residual.h"
#include "rows.h"
#include "said.h"
#include "walk.h"

PG_FUNCTION_INFO_V1(reminder_guard_loss);
PG_FUNCTION_INFO_V1(reminder_guard_losses);
PG_FUNCTION_INFO_V1(reminder_replicates);
PG_FUNCTION_INFO_V1(reminder_guard_credit);
PG_FUNCTION_INFO_V1(reminder_guard_invoice);
PG_FUNCTION_INFO_V1(reminder_kept);

/* What stands in the way of a booking on an invoice. */
typedef struct ActiveCase
{
	bool		active;			/* an active case, or external collection */
	bool		external;
	int			case_no;
	char		state[16];
} ActiveCase;

/* The tables that a guard looks at, open. */
typedef struct Watch
{
	Probe		invoice;
	Probe		collection_case;
} Watch;

/* Opens the cases, to find the active one of an invoice. */
static void
OpenCases(Probe *probe)
{
	OpenProbe(probe, "collection_case", "collection_case_active_key", AccessShareLock, SnapshotSelf);
}

/* Opens the tables, to see what is committed now, our own changes included. */
static void
OpenWatch(Watch *watch)
{
	/* an invoice that this very statement inserted can be locked only after it */
	CommandCounterIncrement();
	OpenProbe(&watch->invoice, "invoice", "invoice_pkey", RowShareLock, SnapshotSelf);
	OpenCases(&watch->collection_case);
}

/* Closes them. */
static void
CloseWatch(Watch *watch)
{
	CloseProbe(&watch->invoice);
	CloseProbe(&watch->collection_case);
}

/* Reads the active case on which a probe stands. */
static void
ReadActiveCase(Probe *probe, ActiveCase *found)
{
	static Columns columns = {.names = {"case_no", "state"}};
	const AttrNumber *number = ColumnNumbers(probe->heap, &columns);
	bool		isnull;

	found->active = true;
	found->case_no = DatumGetInt16(slot_getattr(probe->slot, number[0], &isnull));
	text_to_cstring_buffer(DatumGetTextPP(slot_getattr(probe->slot, number[1], &isnull)),
						   found->state, sizeof(found->state));
}

/*
 * Looks for an active case of an invoice that is locked. Whoever writes a case
 * of it holds that lock, so no row moves under the scan and it needs no
 * snapshot.
 */
static void
LookForActiveCase(Probe *probe, Datum creditor_id, Datum invoice_no, ActiveCase *found)
{
	if (FindRow(probe, creditor_id, invoice_no))
		ReadActiveCase(probe, found);
}

/* Tells whether somebody else collects the invoice on which a probe stands. */
static bool
IsExternal(Probe *invoice)
{
	static Columns columns = {.names = {"external_collection"}};
	bool		isnull;

	return DatumGetBool(slot_getattr(invoice->slot, ColumnNumbers(invoice->heap, &columns)[0], &isnull));
}

/* Locks an invoice and looks what stands in the way of a booking on it. */
static void
LockAndLook(Watch *watch, Datum creditor_id, Datum invoice_no, ActiveCase *found)
{
	memset(found, 0, sizeof(*found));
	/* a missing invoice is for the foreign key to refuse */
	if (!LockInvoice(&watch->invoice, creditor_id, invoice_no))
		return;
	found->external = IsExternal(&watch->invoice);
	LookForActiveCase(&watch->collection_case, creditor_id, invoice_no, found);
	found->active |= found->external;
}

/* Raises 23R01: names the invoice, to whom it may be told the case and its stage, and what to do first. */
static void
RefuseInCase(Relation rel, Datum invoice_no, const ActiveCase *found, const char *what, bool told)
{
	char	   *invoice = TextDatumGetCString(invoice_no);

	if (found->case_no == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_CASE_ACTIVE),
				 SayInCase(what, invoice, true),
				 errhint("End the external collection first, then clear external_collection."),
				 errtable(rel)));
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_CASE_ACTIVE),
			 SayInCase(what, invoice, false),
			 told ? errdetail("Case %d of the invoice is at the stage \"%s\".", found->case_no, found->state) : 0,
			 told && strcmp(found->state, "enforcement") == 0
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
Changed(const TriggerData *trigdata, AttrNumber attnum)
{
	return IsOther(attnum, trigdata->tg_trigslot, trigdata->tg_newslot);
}

/* A loss booked in our own table: one without its invoice a foreign key refuses. */
static const BookingAction loss = {.words = "book a credit loss on"};

/* Reads the invoice that a loss is booked on; false if the loss is reversed. */
static bool
ReadLoss(Relation rel, TupleTableSlot *row, InvoiceKey *key)
{
	static Columns columns = {.names = {"creditor_id", "invoice_no", "reversed_on"}};
	const AttrNumber *number = ColumnNumbers(rel, &columns);
	bool		isnull;

	if (!slot_attisnull(row, number[2]))
		return false;
	key->creditor_id = DatumGetInt64(slot_getattr(row, number[0], &isnull));
	key->invoice_no = DatumGetTextPP(slot_getattr(row, number[1], &isnull));
	return true;
}

/* Tells whether the creditor's setting says that credits are applied through the case. */
static bool
AppliesCreditsInCase(Datum creditor_id)
{
	static Statement setting = {
		.sql = "SELECT FROM reminder.creditor WHERE creditor_id = $1 AND credits_in_case = 'apply'",
		.nargs = 1,.argtypes = {INT8OID}
	};
	OwnerScope	scope;
	bool		applies;

	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	applies = ExecuteFresh(&setting, &creditor_id, NULL, SPI_OK_SELECT) > 0;
	SPI_finish();
	LeaveOwner(&scope);
	return applies;
}

/* Tells whether whoever reads the error may read in which case an invoice is, and where that stands. */
static bool
MayBeTold(Relation collection_case, const InvoiceKey *key)
{
	Oid			role = GetOuterUserId();

	return pg_class_aclcheck(RelationGetRelid(collection_case), role, ACL_SELECT) == ACLCHECK_OK &&
		SeesInvoice(role, key->creditor_id, PointerGetDatum(key->invoice_no));
}

/* Refuses a booking because of the case on which the probe stands, or, if it stands on none, of external collection. */
static void
RefuseBooking(Relation rel, const BookingAction *action, Probe *collection_case, const InvoiceKey *key, ActiveCase *found)
{
	RefuseInCase(rel, PointerGetDatum(key->invoice_no), found, action->words,
				 RelationGetNamespace(rel) == ReminderSchema() || MayBeTold(collection_case->heap, key));
}

/* Refuses a booking on an invoice that somebody else collects. */
static void
RefuseExternal(Relation rel, const BookingAction *action, const InvoiceKey *key)
{
	ActiveCase	found = {.external = true};
	Probe		probe;

	OpenCases(&probe);
	LookForActiveCase(&probe, Int64GetDatum(key->creditor_id), PointerGetDatum(key->invoice_no), &found);
	RefuseBooking(rel, action, &probe, key, &found);
}

/*
 * Locks invoices, whose order is ascending, and refuses bookings on them if
 * somebody else collects one. Puts those that it does not find behind the
 * others, each in their order, and gives how many it found.
 */
static int
LockFound(Relation rel, const BookingAction *action, InvoiceKey *key, int n)
{
	InvoiceKey *missing = palloc(n * sizeof(InvoiceKey));
	int			found = 0;
	Walk		invoice;

	OpenWalk(&invoice, "invoice", "invoice_pkey", RowShareLock, SnapshotSelf);
	for (int i = 0; i < n; i++)
	{
		if (!LockNumber(&invoice, Int64GetDatum(key[i].creditor_id), PointerGetDatum(key[i].invoice_no)))
		{
			missing[i - found] = key[i];
			continue;
		}
		if (IsExternal(&invoice.probe))
			RefuseExternal(rel, action, &key[i]);
		key[found++] = key[i];
	}
	CloseWalk(&invoice);
	memcpy(&key[found], missing, (n - found) * sizeof(InvoiceKey));
	pfree(missing);
	return found;
}

/* Refuses a booking on an invoice whose case this transaction ended, by what it took down first. */
static void
RefuseEndedHere(Relation rel, const BookingAction *action, Probe *collection_case, const InvoiceKey *key)
{
	int			case_no = CaseEndedHere(key);

	if (case_no == 0 || (action->credits && AppliesCreditsInCase(Int64GetDatum(key->creditor_id))))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_CASE_ACTIVE),
			 SayInCase(action->words, text_to_cstring(key->invoice_no), false),
			 RelationGetNamespace(rel) == ReminderSchema() || MayBeTold(collection_case->heap, key)
			 ? errdetail("Case %d of the invoice ended in this transaction, in which its residual was taken down.", case_no) : 0,
			 errhint("End the case first: call reminder.withdraw(). If the invoice is paid, commit that before you book."),
			 errtable(rel)));
}

/*
 * Refuses bookings on invoices, whose order is ascending, if a case of one is
 * active. All of them are locked before the first is looked at: the path to the
 * next reads ahead.
 */
static void
LookAtLocked(Relation rel, const BookingAction *action, const InvoiceKey *key, int n)
{
	bool		residual_paid = ResidualPaid();
	Walk		collection_case;

	OpenWalk(&collection_case, "collection_case", "collection_case_active_key", AccessShareLock, SnapshotSelf);
	for (int i = 0; i < n; i++)
	{
		ActiveCase	found = {0};
		Datum		creditor_id = Int64GetDatum(key[i].creditor_id);

		CHECK_FOR_INTERRUPTS();
		if (!FindInTurn(&collection_case, creditor_id, PointerGetDatum(key[i].invoice_no)))
		{
			if (residual_paid)
				RefuseEndedHere(rel, action, &collection_case.probe, &key[i]);
			continue;
		}
		ReadActiveCase(&collection_case.probe, &found);
		if (!action->credits || !AppliesCreditsInCase(creditor_id))
			RefuseBooking(rel, action, &collection_case.probe, &key[i], &found);
	}
	CloseWalk(&collection_case);
}

/*
 * Raises 23R01 if one of these bookings must not be. Of those in an
 * application's own table an invoice that is not there yet may come, and its
 * case be opened, before we commit: whoever opens one waits for bookings of
 * that kind. Sorts the keys.
 */
void
GuardKeys(Relation rel, const BookingAction *action, InvoiceKey *key, int n)
{
	int			found;

	n = SortKeys(key, n);
	/* an invoice that this very statement inserted can be locked only after it */
	CommandCounterIncrement();
	found = LockFound(rel, action, key, n);
	LookAtLocked(rel, action, key, found);
	if (found == n)
		return;
	key += found;
	n -= found;
	if (action->keeps_cases)
		AnnounceBookings(key, n);
	/* a row that is updated under a scan without a snapshot may be missed by it, too */
	LockKeys(key, n);
	found = LockFound(rel, action, key, n);
	LookAtLocked(rel, action, key, found);
}

/* Reads the next losses that count, GUARD_BATCH at most; gives how many. */
#define GUARD_BATCH 50000
static int
ReadLosses(Relation rel, Rows *rows, InvoiceKey *key)
{
	int			n = 0;

	while (n < GUARD_BATCH && NextOfRows(rows))
		if (ReadLoss(rel, rows->slot, &key[n]))
		{
			key[n].invoice_no = DatumGetTextPCopy(PointerGetDatum(key[n].invoice_no));
			n++;
		}
	return n;
}

/*
 * AFTER INSERT and AFTER UPDATE STATEMENT on credit_loss: a loss, doubtful
 * too, is not booked while a case is active (G1). One that is reversed is let
 * through. All of a statement at once: in the order of their invoices they
 * cost half of what a foreign key does, row by row more than one.
 */
Datum
reminder_guard_losses(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	MemoryContext batch;
	MemoryContext old;
	InvoiceKey *key;
	Rows		rows;
	int			n;

	CheckTrigger(fcinfo, "_guard_losses", "credit_loss", TRIGGER_EVENT_AFTER, false);
	if (trigdata->tg_newtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired in the wrong way", "_guard_losses")));
	batch = AllocSetContextCreate(CurrentMemoryContext, "reminder losses", ALLOCSET_DEFAULT_SIZES);
	key = palloc(Min(tuplestore_tuple_count(trigdata->tg_newtable), GUARD_BATCH) * sizeof(InvoiceKey));
	OpenRows(&rows, trigdata->tg_newtable, RelationGetDescr(trigdata->tg_relation));
	old = MemoryContextSwitchTo(batch);
	while ((n = ReadLosses(trigdata->tg_relation, &rows, key)) > 0)
	{
		GuardKeys(trigdata->tg_relation, &loss, key, n);
		MemoryContextReset(batch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(batch);
	CloseRows(&rows);
	return PointerGetDatum(NULL);
}

/*
 * AFTER INSERT OR UPDATE ROW on credit_loss, where changes come by logical
 * replication: its worker fires no statement triggers.
 */
Datum
reminder_guard_loss(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	InvoiceKey	key;

	CheckTrigger(fcinfo, "_guard_loss", "credit_loss", TRIGGER_EVENT_AFTER, true);
	if (ReadLoss(trigdata->tg_relation, TriggerRow(trigdata), &key))
		GuardKeys(trigdata->tg_relation, &loss, &key, 1);
	return PointerGetDatum(NULL);
}

/* Tells whether this session applies what another server did. */
Datum
reminder_replicates(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(IsLogicalWorker());
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
	Watch		watch;

	OpenWatch(&watch);
	LockAndLook(&watch, creditor_id, invoice_no, &found);
	CloseWatch(&watch);
	if (!found.active || KeeperActs())
		return;
	if (found.external || !AppliesCreditsInCase(creditor_id))
		RefuseInCase(rel, invoice_no, &found,
					 TRIGGER_FIRED_BY_INSERT(trigdata->tg_event) ? "credit" : "change a credit of", true);
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
	CREDITOR_ID, INVOICE_NO, CUSTOMER_NO, CURRENCY = GUARDED_COLUMNS - 2, AMOUNT, OPEN_AMOUNT, EXTERNAL_COLLECTION, AUTOMATION
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

/* Keeps of an invoice that has had a case what it was, and how much more is open now: case_status_as_of() asks (V2). */
static void
KeepVersion(const TriggerData *trigdata, const AttrNumber *number)
{
	static Statement keep = {
		.sql = "INSERT INTO reminder.invoice_version (creditor_id, invoice_no, version_no, customer_no, currency, open_more)"
		" SELECT $1, $2, (SELECT coalesce(max(v.version_no), 0) + 1 FROM reminder.invoice_version v WHERE v.creditor_id = $1 AND v.invoice_no = $2), $3, $4, $6 - $5"
		" WHERE EXISTS (SELECT FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2)",
		.nargs = 6,.argtypes = {INT8OID, TEXTOID, TEXTOID, TEXTOID, NUMERICOID, NUMERICOID}
	};
	static const int columns[] = {CREDITOR_ID, INVOICE_NO, CUSTOMER_NO, CURRENCY, OPEN_AMOUNT, OPEN_AMOUNT};
	Datum		values[lengthof(columns)];
	OwnerScope	scope;
	bool		isnull;

	for (int i = 0; i < (int) lengthof(columns); i++)
		values[i] = slot_getattr(i < (int) lengthof(columns) - 1 ? trigdata->tg_trigslot : trigdata->tg_newslot, number[columns[i]], &isnull);
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	SPI_connect();
	ExecuteFresh(&keep, values, NULL, SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
}

/*
 * Puts an invoice whose terms have changed, or that has gone, in its place on
 * the ladder again. Whoever approved its letter approved another (B7).
 */
static void
PlaceInvoice(Relation rel, Datum creditor_id, Datum invoice_no)
{
	static Statement unapprove = {
		.sql = "WITH gone AS (DELETE FROM reminder.approval a WHERE a.creditor_id = $1 AND a.invoice_no = $2 RETURNING a.*)"
		" SELECT reminder._note($1, $2, 'approval_withdrawn', greatest(max(a.approved_on), reminder._last_run($1)), detail => 'The invoice has changed.')"
		" FROM gone a HAVING count(*) > 0",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	static Statement place = {
		.sql = "SELECT reminder._place($1, ARRAY[$2])",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	Datum		values[2] = {creditor_id, invoice_no};
	OwnerScope	scope;

	EnterOwner(&scope, rel->rd_rel->relowner);
	SPI_connect();
	ExecuteFresh(&unapprove, values, NULL, SPI_OK_SELECT);
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
			 errmsg_internal("%s", InWords(what)),
			 errhint("%s", InWords(hint)),
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
					  gettext_noop("open_amount is kept by payments and credits"),
					  gettext_noop("Insert into reminder.payment or reminder.credit."));
	if (Changed(trigdata, number[AUTOMATION]))
		RefuseDerived(trigdata->tg_relation, number[AUTOMATION],
					  gettext_noop("automation of an invoice is not set by hand"),
					  gettext_noop("Call reminder.take_out() or reminder.put_back()."));
}

/* The same, of a loss that stands in a protected table of an application; it is named to who may read it. */
static void
RefuseExternalOnProtectedLoss(Relation rel, AttrNumber attnum, Datum *key)
{
	Snapshot	snapshot;
	Oid			table;

	AwaitBookings(DatumGetInt64(key[0]));
	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	table = FindLoss(DatumGetInt64(key[0]), key[1], snapshot);
	UnregisterSnapshot(snapshot);
	if (OidIsValid(table))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_LOSS_BOOKED),
				 errmsg("cannot collect invoice \"%s\" while a credit loss is booked on it", TextDatumGetCString(key[1])),
				 pg_class_aclcheck(table, GetOuterUserId(), ACL_SELECT) == ACLCHECK_OK
				 ? errdetail("It stands in the protected table \"%s\".", get_rel_name(table)) : 0,
				 errhint("Reverse the loss first."),
				 errtablecol(rel, attnum)));
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
				 strcmp(SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1), "confirmed") == 0
				 ? errdetail("A confirmed loss stands.") : errdetail("A doubtful loss stands."),
				 errhint("Reverse the loss first: set its reversed_on."),
				 errtablecol(rel, number[EXTERNAL_COLLECTION])));
	SPI_finish();
	LeaveOwner(&scope);
	RefuseExternalOnProtectedLoss(rel, number[EXTERNAL_COLLECTION], values);
}

/*
 * Refuses to delete or renumber an invoice on which a step was decided: the
 * decisions, which have no foreign key, stay with it. Whoever writes one holds
 * the lock on the invoice, as we do.
 */
static void
RefuseDecided(Relation rel, Datum creditor_id, Datum invoice_no, bool renumber)
{
	Probe		probe;
	bool		found;

	OpenProbe(&probe, "decision", "decision_pkey", AccessShareLock, SnapshotSelf);
	found = FindRow(&probe, creditor_id, invoice_no);
	CloseProbe(&probe);
	if (found)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_KEPT),
				 renumber
				 ? errmsg("cannot renumber invoice \"%s\": a step of it has been decided", TextDatumGetCString(invoice_no))
				 : errmsg("cannot delete invoice \"%s\": a step of it has been decided", TextDatumGetCString(invoice_no)),
				 errhint("Void what is open of it: insert into reminder.credit."),
				 errtable(rel)));
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
	Watch		watch;
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
	OpenWatch(&watch);
	LookForActiveCase(&watch.collection_case, creditor_id, invoice_no, &found);
	CloseWatch(&watch);
	if (found.active || found.external)
		RefuseInCase(rel, invoice_no, &found,
					 update ? psprintf("change \"%s\" of", column) : "delete", true);
	if (!update || Changed(trigdata, number[CREDITOR_ID]) || Changed(trigdata, number[INVOICE_NO]))
		RefuseDecided(rel, creditor_id, invoice_no, update);
	if (update && Changed(trigdata, number[CREDITOR_ID]))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_KEPT),
				 errmsg("creditor_id never changes"),
				 errhint("Insert the invoice for the other creditor, and void this one."),
				 errtable(rel)));
	if (update)
	{
		RefuseDerivedChanges(trigdata, number);
		RefuseExternalOnLoss(trigdata, number);
		KeepVersion(trigdata, number);
		if (Changed(trigdata, number[INVOICE_NO]))
			NoteRenumbered(rel->rd_rel->relowner, creditor_id, slot_getattr(trigdata->tg_newslot, number[INVOICE_NO], &isnull));
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
