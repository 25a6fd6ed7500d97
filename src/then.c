/*
 * then.c: how the cases of one invoice stood after an earlier day (V2).
 *
 * The same as _case_status_then() puts together in one statement for all cases,
 * row by row for those of one invoice: what case_version says, and what letters,
 * payments and events have come to since. It leaves to that function, which takes
 * ten times as long, invoices with a payment plan, or with a credit, or a payment
 * that had another life.
 */
#include "postgres.h"

#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "decide.h"
#include "errors.h"
#include "money.h"
#include "owner.h"
#include "resultset.h"
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
	K_CASE_NO, K_CASE_ID, K_OPENED_ON, K_CLOSING_REASON
};
enum
{
	I_CUSTOMER_NO, I_CURRENCY, I_OPEN_AMOUNT, I_DUE_DATE
};
enum
{
	R_AS_OF, R_STARTED_AT
};
static IndexedTable cases = {.table = "collection_case",.index = "collection_case_pkey",.columns.names = {"case_no", "case_id", "opened_on", "closing_reason"}};
static IndexedTable invoices = {.table = "invoice",.index = "invoice_pkey",.columns.names = {"customer_no", "currency", "open_amount", "due_date"}};
static IndexedTable runs = {.table = "run_log",.index = "run_log_pkey",.columns.names = {"as_of", "started_at"}};

static IndexedTable versions = {.table = "case_version",.index = "case_version_pkey",.columns.names = {
		"case_no", "event_no", "state", "ended_from", "collected_by", "rule_no", "state_on", "ended_on",
		"fees", "fees_waived", "interest", "interest_waived", "reference", "sent_on", "deadline", "recorded_at"
}};
static IndexedTable decisions = {.table = "decision",.index = "decision_pkey",.columns.names = {
		"case_no", "stage", "as_of", "collected_by", "rule_no", "fees", "interest", "outcome", "deadline", "decided_at"
}};
static IndexedTable events = {.table = "event",.index = "event_pkey",.columns.names = {"case_no", "event_no", "kind", "as_of", "amount", "recorded_at"}};
static IndexedTable payments = {.table = "payment",.index = "payment_invoice_idx",.columns.names = {"payment_no", "amount", "bounced_on", "recorded_at"}};
static IndexedTable allocations = {.table = "allocation",.index = "allocation_pkey",.columns.names = {"principal", "fee", "interest", "case_no"}};
static IndexedTable invoice_versions = {.table = "invoice_version",.index = "invoice_version_pkey",.columns.names = {"customer_no", "currency", "open_more", "changed_at"}};

/* What had another life, or may have had one. */
static IndexedTable undone[] = {
	{.table = "payment_undone",.index = "payment_undone_invoice_idx"},
	{.table = "booking_undone",.index = "booking_undone_invoice_idx"},
	{.table = "credit",.index = "credit_invoice_idx"},
};
static IndexedTable payments_undone = {.table = "payment_undone",.index = "payment_undone_pkey"};

enum
{
	V_CASE_NO, V_EVENT_NO, V_STATE, V_ENDED_FROM, V_COLLECTED_BY, V_RULE_NO, V_STATE_ON, V_ENDED_ON,
	V_FEES, V_FEES_WAIVED, V_INTEREST, V_INTEREST_WAIVED, V_REFERENCE, V_SENT_ON, V_DEADLINE, V_RECORDED_AT
};
enum
{
	D_CASE_NO, D_STAGE, D_AS_OF, D_COLLECTED_BY, D_RULE_NO, D_FEES, D_INTEREST, D_OUTCOME, D_DEADLINE, D_DECIDED_AT
};
enum
{
	X_CASE_NO, X_EVENT_NO, X_KIND, X_AS_OF, X_AMOUNT, X_RECORDED_AT
};
enum
{
	M_PAYMENT_NO, M_AMOUNT, M_BOUNCED_ON, M_RECORDED_AT
};
enum
{
	A_PRINCIPAL, A_FEE, A_INTEREST, A_CASE_NO
};
enum
{
	N_CUSTOMER_NO, N_CURRENCY, N_OPEN_MORE, N_CHANGED_AT
};

/* A case, as it was. Texts are 0 where there is none, dates NO_DATE. */
typedef struct Case
{
	Datum		state;
	Datum		ended_from;
	Datum		collected_by;
	Datum		rule_no;
	Datum		reference;
	Datum		outcome;
	Datum		closing_reason;
	DateADT		state_on;
	DateADT		ended_on;
	DateADT		sent_on;
	DateADT		deadline;
	int64		fees;
	int64		fees_paid;
	int64		fees_waived;
	int64		interest;		/* claimed, then open */
	int64		interest_paid;
	int64		interest_waived;
	int64		principal;
	int64		principal_paid;
	int32		event_no;		/* up to which it is told above */
	TimestampTz version_at;		/* of the version; DT_NOBEGIN: there was none */
	TimestampTz decided_at;		/* of the last decision since; likewise */
} Case;

/* The invoice, and the case of it that is put into a row. */
typedef struct Row
{
	Asked		asked;
	ColumnValue customer_no;
	ColumnValue currency;
	int64		principal;
	Case		then;
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
	StatementCache *cache = asked->cache;
	ScanKeyData key[2];
	Probe		probe;

	OpenIndexed(&probe, &runs, 2, asked->snapshot);
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, asked->creditor_id);
	ScanKeyInit(&key[1], 2, BTGreaterStrategyNumber, F_DATE_GT, DateADTGetDatum(as_of));
	index_rescan(probe.scan, key, 2, NULL, 0);
	if (NextRow(&probe))
		asked->until = DatumGetTimestampTz(Column(&probe, &runs.columns, R_STARTED_AT).datum);
	ScanKeyInit(&key[1], 2, BTLessEqualStrategyNumber, F_DATE_LE, DateADTGetDatum(as_of));
	index_rescan(probe.scan, key, 2, NULL, 0);
	cache->today = index_getnext_slot(probe.scan, BackwardScanDirection, probe.slot) ? DateColumn(&probe, &runs.columns, R_AS_OF) : NO_DATE;
	CloseProbe(&probe);
	cache->creditor_id = DatumGetInt64(asked->creditor_id);
	cache->has_today = true;
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

/* Gives a text of the row a probe stands on, copied; 0 for NULL. */
static Datum
TextColumn(const Probe *probe, IndexedTable *table, int n)
{
	ColumnValue value = Column(probe, &table->columns, n);

	return value.isnull ? (Datum) 0 : PointerGetDatum(DatumGetTextPCopy(value.datum));
}

/* Gives a time of the row a probe stands on. */
static TimestampTz
TimeColumn(const Probe *probe, IndexedTable *table, int n)
{
	return DatumGetTimestampTz(Column(probe, &table->columns, n).datum);
}

/* Tells whether the invoice has what is not put together here. */
static bool
HasOtherLives(const Asked *asked)
{
	Probe		probe;
	Probe		other;
	bool		found = false;
	bool		paid;

	for (int i = 0; i < (int) lengthof(undone) && !found; i++)
	{
		found = OpenOfInvoice(asked, &probe, &undone[i]);
		CloseProbe(&probe);
	}
	paid = OpenOfInvoice(asked, &probe, &payments);
	/* a payment, perhaps of another invoice before */
	for (; paid && !found; paid = NextRow(&probe))
	{
		OpenIndexed(&other, &payments_undone, 2, asked->snapshot);
		found = FindRow(&other, asked->creditor_id, Column(&probe, &payments.columns, M_PAYMENT_NO).datum);
		CloseProbe(&other);
	}
	CloseProbe(&probe);
	return found;
}

/* Takes the invoice back to what it was: the first version since has whose it was, and all of them what is open more since. */
static void
TakeInvoiceBack(Row *row)
{
	const Asked *asked = &row->asked;
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &invoice_versions);
	bool		first = true;

	for (; found; found = NextRow(&probe))
	{
		if (WasThen(asked, &probe, &invoice_versions, N_CHANGED_AT))
			continue;
		row->principal -= OreColumn(&probe, &invoice_versions.columns, N_OPEN_MORE);
		if (first)
		{
			row->customer_no.datum = TextColumn(&probe, &invoice_versions, N_CUSTOMER_NO);
			row->currency.datum = TextColumn(&probe, &invoice_versions, N_CURRENCY);
		}
		first = false;
	}
	CloseProbe(&probe);
}

/* Reads the last version of the case. */
static void
ReadVersion(const Asked *asked, Case *then)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &versions);

	/* they come in the order of their numbers */
	for (; found; found = NextRow(&probe))
		if (IsOfCase(asked, &probe, &versions, V_CASE_NO) && WasThen(asked, &probe, &versions, V_RECORDED_AT))
		{
			then->state = TextColumn(&probe, &versions, V_STATE);
			then->ended_from = TextColumn(&probe, &versions, V_ENDED_FROM);
			then->collected_by = TextColumn(&probe, &versions, V_COLLECTED_BY);
			then->rule_no = Column(&probe, &versions.columns, V_RULE_NO).datum;
			then->reference = TextColumn(&probe, &versions, V_REFERENCE);
			then->state_on = DateColumn(&probe, &versions.columns, V_STATE_ON);
			then->ended_on = DateColumn(&probe, &versions.columns, V_ENDED_ON);
			then->sent_on = DateColumn(&probe, &versions.columns, V_SENT_ON);
			then->deadline = DateColumn(&probe, &versions.columns, V_DEADLINE);
			then->fees = OreColumn(&probe, &versions.columns, V_FEES);
			then->fees_waived = OreColumn(&probe, &versions.columns, V_FEES_WAIVED);
			then->interest = OreColumn(&probe, &versions.columns, V_INTEREST);
			then->interest_waived = OreColumn(&probe, &versions.columns, V_INTEREST_WAIVED);
			then->event_no = DatumGetInt32(Column(&probe, &versions.columns, V_EVENT_NO).datum);
			then->version_at = TimeColumn(&probe, &versions, V_RECORDED_AT);
		}
	CloseProbe(&probe);
}

/* Goes on with what was decided since the version: the last decision, and the last letter. */
static void
ReadDecisions(const Asked *asked, Case *then)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &decisions);
	TimestampTz sent_at = DT_NOBEGIN;

	for (; found; found = NextRow(&probe))
	{
		TimestampTz at = TimeColumn(&probe, &decisions, D_DECIDED_AT);

		if (!IsOfCase(asked, &probe, &decisions, D_CASE_NO) || at >= asked->until || at <= then->version_at)
			continue;
		if (at >= then->decided_at)
		{
			then->decided_at = at;
			then->state = TextColumn(&probe, &decisions, D_STAGE);
			then->state_on = DateColumn(&probe, &decisions.columns, D_AS_OF);
			then->collected_by = TextColumn(&probe, &decisions, D_COLLECTED_BY);
			then->rule_no = Column(&probe, &decisions.columns, D_RULE_NO).datum;
			then->fees = OreColumn(&probe, &decisions.columns, D_FEES);
			then->interest = OreColumn(&probe, &decisions.columns, D_INTEREST);
			then->ended_from = (Datum) 0;
			then->ended_on = NO_DATE;
		}
		if (at >= sent_at && TextIs(Column(&probe, &decisions.columns, D_OUTCOME).datum, "sent"))
		{
			sent_at = at;
			then->sent_on = DateColumn(&probe, &decisions.columns, D_AS_OF);
			if (DateColumn(&probe, &decisions.columns, D_DEADLINE) != NO_DATE)
				then->deadline = DateColumn(&probe, &decisions.columns, D_DEADLINE);
		}
	}
	CloseProbe(&probe);
}

/* Goes on with what payments and credits did since: what they cancelled of a case that goes on is claimed no more. */
static void
ReadEvents(const Asked *asked, Case *then)
{
	Probe		probe;
	bool		found;
	bool		paid = false;
	bool		credited = false;
	DateADT		ended_on = NO_DATE;

	if (then->ended_on != NO_DATE)
	{
		then->outcome = then->state;
		then->state = then->ended_from;
		return;
	}
	found = OpenOfInvoice(asked, &probe, &events);
	for (; found; found = NextRow(&probe))
	{
		Datum		kind = Column(&probe, &events.columns, X_KIND).datum;

		if (!IsOfCase(asked, &probe, &events, X_CASE_NO) || !WasThen(asked, &probe, &events, X_RECORDED_AT) ||
			DatumGetInt32(Column(&probe, &events.columns, X_EVENT_NO).datum) <= then->event_no)
			continue;
		if (TextIs(kind, "case_paid") || TextIs(kind, "case_credited"))
		{
			paid = paid || TextIs(kind, "case_paid");
			credited = true;
			ended_on = Max(ended_on, DateColumn(&probe, &events.columns, X_AS_OF));
		}
		else if (TextIs(kind, "fee_waived"))
			then->fees_waived += OreColumn(&probe, &events.columns, X_AMOUNT);
		else if (TextIs(kind, "interest_waived") && TimeColumn(&probe, &events, X_RECORDED_AT) > then->decided_at)
			then->interest -= OreColumn(&probe, &events.columns, X_AMOUNT);
	}
	CloseProbe(&probe);
	if (!credited)
		return;
	then->outcome = CStringGetTextDatum(paid ? "paid" : "credited");
	then->ended_on = Max(ended_on, then->state_on);
}

/* Reads what was paid then, and takes the principal back to what it was. */
static void
ReadPayments(const Asked *asked, Case *then)
{
	Probe		probe;
	Probe		allocation;
	bool		found = OpenOfInvoice(asked, &probe, &payments);

	for (; found; found = NextRow(&probe))
	{
		bool		counted = WasThen(asked, &probe, &payments, M_RECORDED_AT);
		int64		principal = OreColumn(&probe, &payments.columns, M_AMOUNT);

		if (!Column(&probe, &payments.columns, M_BOUNCED_ON).isnull)
			continue;
		OpenIndexed(&allocation, &allocations, 2, asked->snapshot);
		if (FindRow(&allocation, asked->creditor_id, Column(&probe, &payments.columns, M_PAYMENT_NO).datum))
		{
			ColumnValue case_no = Column(&allocation, &allocations.columns, A_CASE_NO);

			principal = OreColumn(&allocation, &allocations.columns, A_PRINCIPAL);
			if (counted && !case_no.isnull && DatumGetInt16(case_no.datum) == asked->case_no)
			{
				then->fees_paid += OreColumn(&allocation, &allocations.columns, A_FEE);
				then->interest_paid += OreColumn(&allocation, &allocations.columns, A_INTEREST);
			}
		}
		CloseProbe(&allocation);
		if (counted)
			then->principal_paid += principal;
		else
			then->principal += principal;
	}
	CloseProbe(&probe);
}

/* Reads the case as it was; false if it was not there yet. */
static bool
ReadCase(Row *row, const Probe *probe)
{
	const Asked *asked = &row->asked;
	Case	   *then = &row->then;

	*then = (Case) {
		.state_on = NO_DATE,.ended_on = NO_DATE,.sent_on = NO_DATE,.deadline = NO_DATE,.principal = row->principal,
			.version_at = DT_NOBEGIN,.decided_at = DT_NOBEGIN
	};
	ReadVersion(asked, then);
	ReadDecisions(asked, then);
	if (then->version_at == DT_NOBEGIN && then->decided_at == DT_NOBEGIN)
		return false;
	ReadEvents(asked, then);
	ReadPayments(asked, then);
	then->interest -= then->interest_waived + then->interest_paid;
	if (then->ended_on != NO_DATE)
	{
		/* what was left was claimed no more */
		then->fees_waived = then->fees - then->fees_paid;
		then->interest = 0;
		if (TextIs(then->outcome, "closed") || TextIs(then->outcome, "withdrawn"))
			then->closing_reason = TextColumn(probe, &cases, K_CLOSING_REASON);
	}
	return true;
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

/* Puts a text, unless it is 0. */
static void
PutText(Row *row, int column, Datum value)
{
	if (value != (Datum) 0)
		Put(row, column, value);
}

/* Puts a date, unless it is NO_DATE. */
static void
PutDate(Row *row, int column, DateADT date)
{
	row->isnull[column] = date == NO_DATE;
	row->value[column] = DateADTGetDatum(date);
}

/* Puts the case itself. */
static void
PutCase(Row *row)
{
	const Asked *asked = &row->asked;
	const Case *then = &row->then;
	int64		fees_open = then->fees - then->fees_paid - then->fees_waived;

	Put(row, T_CREDITOR_ID, asked->creditor_id);
	Put(row, T_INVOICE_NO, asked->invoice_no);
	Put(row, T_CUSTOMER_NO, row->customer_no.datum);
	Put(row, T_CASE_ID, asked->case_id);
	Put(row, T_CASE_NO, Int16GetDatum(asked->case_no));
	PutText(row, T_STAGE, then->state);
	Put(row, T_STATE, CStringGetTextDatum(!asked->active ? "ended" : asked->isnull[HOLD] ? "active" : "held"));
	PutDate(row, T_OPENED_ON, asked->opened_on);
	PutDate(row, T_STAGE_ON, then->state_on);
	PutDate(row, T_ENDED_ON, then->ended_on);
	PutText(row, T_OUTCOME, then->outcome);
	PutText(row, T_CLOSING_REASON, then->closing_reason);
	PutDate(row, T_SENT_ON, then->sent_on);
	PutDate(row, T_DEADLINE, then->deadline);
	Put(row, T_CURRENCY, row->currency.datum);
	PutOre(row, T_PRINCIPAL, then->principal);
	PutOre(row, T_INTEREST, then->interest);
	PutOre(row, T_FEES, then->fees);
	PutOre(row, T_FEES_PAID, then->fees_paid);
	PutOre(row, T_FEES_WAIVED, then->fees_waived);
	PutOre(row, T_FEES_OPEN, fees_open);
	PutOre(row, T_INTEREST_PAID, then->interest_paid);
	PutOre(row, T_OPEN, asked->active ? then->principal + fees_open + then->interest : 0);
	Put(row, T_COLLECTED_BY, then->collected_by);
	Put(row, T_RULE_NO, then->rule_no);
	PutText(row, T_REFERENCE, then->reference);
	PutOre(row, T_PAID, then->fees_paid + then->interest_paid + then->principal_paid);
}

/* Makes the row of the case that a probe stands on; false if it was not there yet. */
static bool
MakeRow(Row *row, const Probe *probe)
{
	Asked	   *asked = &row->asked;

	asked->case_no = DatumGetInt16(Column(probe, &cases.columns, K_CASE_NO).datum);
	if (!ReadCase(row, probe))
		return false;
	asked->case_id = Column(probe, &cases.columns, K_CASE_ID).datum;
	asked->active = row->then.ended_on == NO_DATE;
	asked->opened_on = DateColumn(probe, &cases.columns, K_OPENED_ON);
	asked->collected_by = row->then.collected_by;
	AnswerAll(asked);
	memset(row->isnull, true, sizeof(row->isnull));
	for (int i = 0; i < ANSWERS; i++)
		if (!asked->isnull[i])
			Put(row, answer_column[i], asked->value[i]);
	PutCase(row);
	return true;
}

/* Makes the rows of an invoice; false if what it was is not put together here. */
static bool
MakeRows(Row *row, Tuplestorestate *rows, TupleDesc desc)
{
	Asked	   *asked = &row->asked;
	Probe		probe;
	bool		found;

	if (HasOtherLives(asked))
		return false;
	if (asked->until != DT_NOEND)
		TakeInvoiceBack(row);
	found = OpenOfInvoice(asked, &probe, &cases);
	for (; found && !asked->unclear; found = NextRow(&probe))
		if (MakeRow(row, &probe))
			tuplestore_putvalues(rows, desc, row->value, row->isnull);
	CloseProbe(&probe);
	return !asked->unclear;
}

/* Gives the rows in one go; false if they are not put together here, and nothing is given. */
static bool
GiveRows(FunctionCallInfo fcinfo, Row *row)
{
	static TupleDesc kept = NULL;
	static Oid	of = InvalidOid;
	Tuplestorestate *rows;
	TupleDesc	desc = KeptRowType(fcinfo, THEN_COLUMNS, &kept, &of);

	FindMoment(&row->asked, PG_GETARG_DATEADT(1));
	if (!ReadInvoice(row))
		return false;
	rows = MakeResultSet(fcinfo);
	if (!MakeRows(row, rows, desc))
	{
		tuplestore_end(rows);
		return false;
	}
	GiveResultSet(fcinfo, rows, desc);
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
	return TakesResultSet(fcinfo) && !PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2) &&
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
		row.asked.cache = palloc0(sizeof(StatementCache));
		if (GiveRows(fcinfo, &row))
			PG_RETURN_NULL();
	}
	return PutTogether(fcinfo);
}
