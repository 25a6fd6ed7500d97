/*
 * then.c: how the cases of one invoice stood after an earlier day (V2).
 *
 * An invoice of which nothing was recorded since stands as it did: then what
 * case_status shows is the answer, but for what goes by the date. Of others the
 * tables that keep what was have to be put together, which _case_status_then()
 * does, at ten times the cost. Where it is not certain, it is asked.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "calendar.h"
#include "compat.h"
#include "decide.h"
#include "errors.h"
#include "money.h"
#include "owner.h"
#include "status.h"
#include "words.h"

PG_FUNCTION_INFO_V1(reminder_case_status_as_of);

/* The columns that are given, in this order. */
enum
{
	T_CREDITOR_ID, T_INVOICE_NO, T_CUSTOMER_NO, T_CASE_ID, T_CASE_NO, T_STAGE, T_STATE,
	T_OPENED_ON, T_STAGE_ON, T_ENDED_ON, T_OUTCOME, T_CLOSING_REASON,
	T_SENT_ON, T_DEADLINE, T_CURRENCY, T_PRINCIPAL, T_INTEREST,
	T_FEES, T_FEES_PAID, T_FEES_WAIVED, T_FEES_OPEN, T_INTEREST_PAID, T_OPEN,
	T_HOLD, T_HOLD_UNTIL, T_COLLECTED_BY, T_RULE_NO, T_REFERENCE, T_PAID, T_LINK, T_PLAN, T_ENFORCEMENT_FEES,
	T_NEXT_STAGE, T_NEXT_ON, T_WHY_NOT, T_COMMISSION, T_NEXT_INSTALMENT_ON, T_NEXT_INSTALMENT, T_INSTALMENTS_MISSED,
	T_AGENCY, T_AGENCY_REFERENCE, T_AGENCY_STATUS, T_AGENCY_STATUS_ON, T_AGENCY_FEES, THEN_COLUMNS
};

/* Where of these stands what there is beside a case. */
static const int answer_column[ANSWERS] = {
	[NEXT_STAGE] = T_NEXT_STAGE, [NEXT_ON] = T_NEXT_ON, [WHY_NOT] = T_WHY_NOT, [SENT_ON] = T_SENT_ON, [DEADLINE] = T_DEADLINE,
	[HOLD] = T_HOLD, [HOLD_UNTIL] = T_HOLD_UNTIL, [PAID] = T_PAID, [COMMISSION] = T_COMMISSION, [LINK] = T_LINK,
	[PLAN] = T_PLAN, [NEXT_INSTALMENT_ON] = T_NEXT_INSTALMENT_ON, [NEXT_INSTALMENT] = T_NEXT_INSTALMENT,
	[INSTALMENTS_MISSED] = T_INSTALMENTS_MISSED, [ENFORCEMENT_FEES] = T_ENFORCEMENT_FEES,
	[AGENCY] = T_AGENCY, [AGENCY_REFERENCE] = T_AGENCY_REFERENCE, [AGENCY_STATUS] = T_AGENCY_STATUS,
	[AGENCY_STATUS_ON] = T_AGENCY_STATUS_ON, [AGENCY_FEES] = T_AGENCY_FEES,
};

enum
{
	K_CASE_NO, K_CASE_ID, K_STATE, K_ENDED_FROM, K_COLLECTED_BY, K_RULE_NO, K_OPENED_ON, K_STATE_ON, K_ENDED_ON, K_CLOSING_REASON,
	K_FEES, K_FEES_PAID, K_FEES_WAIVED, K_INTEREST, K_INTEREST_PAID, K_INTEREST_WAIVED, K_REFERENCE
};
enum
{
	I_CUSTOMER_NO, I_CURRENCY, I_OPEN_AMOUNT, I_DUE_DATE
};
enum
{
	R_AS_OF, R_STARTED_AT
};
static Shelf cases = {.table = "collection_case",.index = "collection_case_pkey",.columns.names = {
		"case_no", "case_id", "state", "ended_from", "collected_by", "rule_no", "opened_on", "state_on", "ended_on", "closing_reason",
		"fees", "fees_paid", "fees_waived", "interest", "interest_paid", "interest_waived", "reference"
}};
static Shelf invoices = {.table = "invoice",.index = "invoice_pkey",.columns.names = {"customer_no", "currency", "open_amount", "due_date"}};
static Shelf runs = {.table = "run_log",.index = "run_log_pkey",.columns.names = {"as_of", "started_at"}};

static Shelf decisions = {.table = "decision",.index = "decision_pkey",.columns.names = {"decided_at", "case_no"}};
static Shelf versions = {.table = "case_version",.index = "case_version_pkey",.columns.names = {"recorded_at", "case_no"}};

/* What tells when something of an invoice was recorded, beside what is read for its status anyway. */
static Shelf records[] = {
	{.table = "case_version",.index = "case_version_pkey",.columns.names = {"recorded_at"}},
	{.table = "event",.index = "event_pkey",.columns.names = {"recorded_at"}},
	{.table = "invoice_version",.index = "invoice_version_pkey",.columns.names = {"changed_at"}},
	{.table = "hold_version",.index = "hold_version_pkey",.columns.names = {"changed_at"}},
	{.table = "plan_version",.index = "plan_version_pkey",.columns.names = {"changed_at"}},
};

/* What had another life, or may have had one: it is not looked at here. */
static Shelf undone[] = {
	{.table = "payment_undone",.index = "payment_undone_invoice_idx"},
	{.table = "booking_undone",.index = "booking_undone_invoice_idx"},
	{.table = "credit",.index = "credit_invoice_idx"},
};
static Shelf payments = {.table = "payment",.index = "payment_invoice_idx",.columns.names = {"payment_no"}};
static Shelf payments_undone = {.table = "payment_undone",.index = "payment_undone_pkey"};

/* The invoice, and the case of it that is put into a row. */
typedef struct Row
{
	Asked		asked;
	ColumnValue customer_no;
	ColumnValue currency;
	int64		principal;
	Datum		value[THEN_COLUMNS];
	bool		isnull[THEN_COLUMNS];
} Row;

/*
 * Finds which day was the last one of a run, up to a date, and when the first
 * run of a later date began: what was recorded before is what there was.
 */
static void
FindMoment(Asked *asked, DateADT as_of)
{
	Sitting    *sitting = asked->sitting;
	ScanKeyData key[2];
	Probe		probe;

	OpenShelf(&probe, &runs, 2, asked->snapshot);
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, asked->creditor_id);
	ScanKeyInit(&key[1], 2, BTGreaterStrategyNumber, F_DATE_GT, DateADTGetDatum(as_of));
	index_rescan(probe.scan, key, 2, NULL, 0);
	if (NextRow(&probe))
		asked->until = DatumGetTimestampTz(Column(&probe, &runs.columns, R_STARTED_AT).datum);
	ScanKeyInit(&key[1], 2, BTLessEqualStrategyNumber, F_DATE_LE, DateADTGetDatum(as_of));
	index_rescan(probe.scan, key, 2, NULL, 0);
	sitting->today = index_getnext_slot(probe.scan, BackwardScanDirection, probe.slot) ? DateColumn(&probe, &runs.columns, R_AS_OF) : NO_DATE;
	CloseProbe(&probe);
	sitting->creditor_id = DatumGetInt64(asked->creditor_id);
	sitting->has_today = true;
}

/* Reads the invoice; false if it is not there. */
static bool
ReadInvoice(Row *row)
{
	Probe		probe;
	bool		found = OpenOfInvoice(&row->asked, &probe, &invoices);

	if (found)
	{
		row->customer_no = Column(&probe, &invoices.columns, I_CUSTOMER_NO);
		row->customer_no.datum = PointerGetDatum(DatumGetTextPCopy(row->customer_no.datum));
		row->currency = Column(&probe, &invoices.columns, I_CURRENCY);
		row->currency.datum = PointerGetDatum(DatumGetTextPCopy(row->currency.datum));
		row->principal = OreColumn(&probe, &invoices.columns, I_OPEN_AMOUNT);
		row->asked.due_date = DateColumn(&probe, &invoices.columns, I_DUE_DATE);
	}
	CloseProbe(&probe);
	return found;
}

/* Tells when the row that a probe stands on was recorded, by its first column. */
static TimestampTz
RecordedAt(const Probe *probe, Shelf *shelf)
{
	return DatumGetTimestampTz(Column(probe, &shelf->columns, 0).datum);
}

/* Tells whether a payment of the invoice had another life, perhaps of another invoice. */
static bool
HasPaymentUndone(const Asked *asked)
{
	Probe		probe;
	Probe		other;
	bool		found = OpenOfInvoice(asked, &probe, &payments);
	bool		undone_once = false;

	for (; found && !undone_once; found = NextRow(&probe))
	{
		OpenShelf(&other, &payments_undone, 2, asked->snapshot);
		undone_once = FindRow(&other, asked->creditor_id, Column(&probe, &payments.columns, 0).datum);
		CloseProbe(&other);
	}
	CloseProbe(&probe);
	return undone_once;
}

/* Notes whether anything of the invoice was recorded since, or taken back at any time. */
static void
HeedRecords(Asked *asked)
{
	Probe		probe;

	for (int i = 0; i < (int) lengthof(records) && !asked->changed; i++)
	{
		bool		found = OpenOfInvoice(asked, &probe, &records[i]);

		for (; found && !asked->changed; found = NextRow(&probe))
			asked->changed = RecordedAt(&probe, &records[i]) >= asked->until;
		CloseProbe(&probe);
	}
	for (int i = 0; i < (int) lengthof(undone) && !asked->changed; i++)
	{
		asked->changed = OpenOfInvoice(asked, &probe, &undone[i]);
		CloseProbe(&probe);
	}
	asked->changed = asked->changed || HasPaymentUndone(asked);
}

/* Tells whether a table has anything that was recorded of a case of the invoice by then. */
static bool
HasEarlier(const Asked *asked, Shelf *shelf)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, shelf);

	while (found && (RecordedAt(&probe, shelf) >= asked->until || Column(&probe, &shelf->columns, 1).isnull))
		found = NextRow(&probe);
	CloseProbe(&probe);
	return found;
}

/* Puts a value into the row. */
static void
Put(Row *row, int column, Datum value)
{
	row->value[column] = value;
	row->isnull[column] = false;
}

/* Puts an amount. */
static void
PutOre(Row *row, int column, int64 ore)
{
	Put(row, column, NumericGetDatum(NumericFromOre(ore)));
}

/* Puts a text of the case, if it has one. */
static void
PutText(Row *row, int column, const Probe *probe, int n)
{
	ColumnValue value = Column(probe, &cases.columns, n);

	if (!value.isnull)
		Put(row, column, PointerGetDatum(DatumGetTextPCopy(value.datum)));
}

/* Puts what the case itself says. */
static void
PutCase(Row *row, const Probe *probe)
{
	const Asked *asked = &row->asked;
	int64		fees = OreColumn(probe, &cases.columns, K_FEES);
	int64		fees_paid = OreColumn(probe, &cases.columns, K_FEES_PAID);
	int64		fees_waived = OreColumn(probe, &cases.columns, K_FEES_WAIVED);
	int64		interest_paid = OreColumn(probe, &cases.columns, K_INTEREST_PAID);
	int64		fees_open = fees - fees_paid - fees_waived;
	int64		interest = OreColumn(probe, &cases.columns, K_INTEREST) - interest_paid - OreColumn(probe, &cases.columns, K_INTEREST_WAIVED);

	Put(row, T_CREDITOR_ID, asked->creditor_id);
	Put(row, T_INVOICE_NO, asked->invoice_no);
	Put(row, T_CUSTOMER_NO, row->customer_no.datum);
	Put(row, T_CASE_ID, asked->case_id);
	Put(row, T_CASE_NO, Int16GetDatum(asked->case_no));
	PutText(row, T_STAGE, probe, asked->active ? K_STATE : K_ENDED_FROM);
	Put(row, T_STATE, CStringGetTextDatum(!asked->active ? "ended" : asked->isnull[HOLD] ? "active" : "held"));
	Put(row, T_OPENED_ON, DateADTGetDatum(asked->opened_on));
	Put(row, T_STAGE_ON, Column(probe, &cases.columns, K_STATE_ON).datum);
	if (!asked->active)
	{
		Put(row, T_ENDED_ON, Column(probe, &cases.columns, K_ENDED_ON).datum);
		PutText(row, T_OUTCOME, probe, K_STATE);
		PutText(row, T_CLOSING_REASON, probe, K_CLOSING_REASON);
	}
	Put(row, T_CURRENCY, row->currency.datum);
	PutOre(row, T_PRINCIPAL, row->principal);
	PutOre(row, T_INTEREST, interest);
	PutOre(row, T_FEES, fees);
	PutOre(row, T_FEES_PAID, fees_paid);
	PutOre(row, T_FEES_WAIVED, fees_waived);
	PutOre(row, T_FEES_OPEN, fees_open);
	PutOre(row, T_INTEREST_PAID, interest_paid);
	PutOre(row, T_OPEN, asked->active ? row->principal + fees_open + interest : 0);
	Put(row, T_COLLECTED_BY, asked->collected_by);
	Put(row, T_RULE_NO, Column(probe, &cases.columns, K_RULE_NO).datum);
	PutText(row, T_REFERENCE, probe, K_REFERENCE);
	PutOre(row, T_PAID, fees_paid + interest_paid + OreFromNumeric(DatumGetNumeric(asked->value[PAID])));
}

/* Makes the row of the case that a probe stands on. */
static void
MakeRow(Row *row, const Probe *probe)
{
	Asked	   *asked = &row->asked;

	asked->case_no = DatumGetInt16(Column(probe, &cases.columns, K_CASE_NO).datum);
	asked->case_id = Column(probe, &cases.columns, K_CASE_ID).datum;
	asked->active = Column(probe, &cases.columns, K_ENDED_ON).isnull;
	asked->opened_on = DateColumn(probe, &cases.columns, K_OPENED_ON);
	asked->collected_by = Column(probe, &cases.columns, K_COLLECTED_BY).datum;
	AnswerAll(asked);
	memset(row->isnull, true, sizeof(row->isnull));
	for (int i = 0; i < ANSWERS; i++)
		if (!asked->isnull[i])
			Put(row, answer_column[i], asked->value[i]);
	PutCase(row, probe);
}

/* Makes the rows of an invoice as it is, or none if it had no case yet; false if they may have been others then. */
static bool
MakeRows(Row *row, Tuplestorestate *rows, TupleDesc desc)
{
	Asked	   *asked = &row->asked;
	Probe		probe;
	bool		found;

	if (asked->until != DT_NOEND)
		HeedRecords(asked);
	found = OpenOfInvoice(asked, &probe, &cases);
	for (; found && !asked->changed; found = NextRow(&probe))
	{
		MakeRow(row, &probe);
		if (!asked->changed)
			tuplestore_putvalues(rows, desc, row->value, row->isnull);
	}
	CloseProbe(&probe);
	if (!asked->changed)
		return true;
	tuplestore_clear(rows);
	return !HasEarlier(asked, &decisions) && !HasEarlier(asked, &versions);
}

/* Gives the rows in one go, if it is certain what they were; false if not, and nothing is given. */
static bool
GiveRows(FunctionCallInfo fcinfo, Row *row)
{
	static TupleDesc kept = NULL;
	static Oid	of = InvalidOid;
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;
	Tuplestorestate *rows;
	TupleDesc	desc = KeptRowType(fcinfo, THEN_COLUMNS, &kept, &of);

	FindMoment(&row->asked, PG_GETARG_DATEADT(1));
	if (!ReadInvoice(row))
		return false;
	old = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	rows = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	desc = CreateTupleDescCopy(desc);
	MemoryContextSwitchTo(old);
	if (!MakeRows(row, rows, desc))
	{
		tuplestore_end(rows);
		FreeTupleDesc(desc);
		return false;
	}
	info->returnMode = SFRM_Materialize;
	info->setDesc = desc;
	info->setResult = rows;
	return true;
}

/* Has the rows put together in SQL, for the same caller. */
static Datum
PutTogether(FunctionCallInfo fcinfo)
{
	static const Oid types[] = {INT8OID, DATEOID, TEXTOID};
	LOCAL_FCINFO(call, 3);
	FmgrInfo   *flinfo = fcinfo->flinfo->fn_extra;
	Datum		result;

	if (flinfo == NULL)
	{
		Oid			oid = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid, CStringGetDatum("_case_status_then"),
										  PointerGetDatum(buildoidvector(types, 3)), ObjectIdGetDatum(ReminderSchema()));

		if (!OidIsValid(oid))
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_FUNCTION),
					 errmsg("function \"%s\" of reminder has gone", "_case_status_then"),
					 errhint("SELECT * FROM reminder.check();")));
		flinfo = MemoryContextAlloc(fcinfo->flinfo->fn_mcxt, sizeof(FmgrInfo));
		fmgr_info_cxt(oid, flinfo, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = flinfo;
	}
	InitFunctionCallInfoData(*call, flinfo, 3, fcinfo->fncollation, fcinfo->context, fcinfo->resultinfo);
	memcpy(call->args, fcinfo->args, 3 * sizeof(NullableDatum));
	result = FunctionCallInvoke(call);
	fcinfo->isnull = call->isnull;
	return result;
}

/* Tells whether one existing invoice and a good date are asked of, by who takes all rows at once. */
static bool
IsPlain(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;

	return info != NULL && IsA(info, ReturnSetInfo) && (info->allowedModes & SFRM_Materialize) != 0 &&
		!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) &&
		PG_GETARG_DATEADT(1) >= FIRST_DATE && PG_GETARG_DATEADT(1) <= LAST_DATE;
}

/* Gives the cases of a creditor, or of one invoice, as they stood after a day. */
Datum
reminder_case_status_as_of(PG_FUNCTION_ARGS)
{
	Row			row = {0};

	if (IsPlain(fcinfo))
	{
		row.asked.creditor_id = PG_GETARG_DATUM(0);
		row.asked.invoice_no = PointerGetDatum(PG_GETARG_TEXT_PP(2));
		row.asked.snapshot = GetActiveSnapshot();
		row.asked.until = DT_NOEND;
		row.asked.sitting = palloc0(sizeof(Sitting));
		if (GiveRows(fcinfo, &row))
			PG_RETURN_NULL();
	}
	return PutTogether(fcinfo);
}
