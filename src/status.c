/*
 * status.c: what the view case_status shows of a case beside the case itself
 * and its invoice: its next step, letter, hold, payments, plan and agency.
 *
 * Table by table, each by its own index, with the snapshot of the statement
 * that asks. Joins and subqueries would say the same; but who asks for one case
 * would wait while a plan of a hundred nodes is set up, most of which then find
 * nothing.
 *
 * A view's functions are called with the rights of whoever reads it, and this
 * one reads what only the owner may. So it answers to our views alone: they
 * show it the key of the installation, which nobody but the owner can read.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/date.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "decide.h"
#include "errors.h"
#include "money.h"
#include "owner.h"
#include "resultset.h"
#include "status.h"
#include "words.h"

PG_FUNCTION_INFO_V1(reminder_case_now);

enum
{
	P_RULE_NO, P_PASSED, P_BASE_DATE, P_LETTER_DATE, P_WAITING_FOR
};
enum
{
	H_KIND, H_REASON, H_UNTIL_ON, H_RELEASED_ON, H_RECORDED_AT, H_HOLD_NO
};
enum
{
	V_HOLD_NO, V_UNTIL_ON, V_RELEASED_ON, V_CHANGED_AT
};
enum
{
	D_CASE_NO, D_OUTCOME, D_TAKEN_BACK, D_STATUS, D_AS_OF, D_DEADLINE, D_RUNG, D_CHANNEL
};
enum
{
	M_PAYMENT_NO, M_AMOUNT, M_BOUNCED_ON
};
enum
{
	Y_PLAN_NO, Y_CASE_NO, Y_STATE
};
enum
{
	F_CASE_NO, F_AMOUNT, F_RECORDED_AT
};
enum
{
	O_CASE_NO, O_AGENCY, O_ANSWER, O_REFERENCE, O_RECORDED_AT
};
enum
{
	G_KIND, G_STATUS, G_ON_DATE, G_AMOUNT, G_PROBLEM, G_RECORDED_AT, G_MESSAGE_ID
};
enum
{
	E_KIND
};
static IndexedTable positions = {.table = "position",.index = "position_pkey",.columns.names = {"rule_no", "passed", "base_date", "letter_date", "waiting_for"}};
static IndexedTable holds = {.table = "hold",.index = "hold_pkey",.columns.names = {"kind", "reason", "until_on", "released_on", "recorded_at", "hold_no"}};
static IndexedTable hold_versions = {.table = "hold_version",.index = "hold_version_pkey",.columns.names = {"hold_no", "until_on", "released_on", "changed_at"}};
static IndexedTable decisions = {.table = "decision",.index = "decision_pkey",.columns.names = {"case_no", "outcome", "taken_back", "status", "as_of", "deadline", "rung", "channel"}};
static IndexedTable payments = {.table = "payment",.index = "payment_invoice_idx",.columns.names = {"payment_no", "amount", "bounced_on"}};
static IndexedTable allocations = {.table = "allocation",.index = "allocation_pkey",.columns.names = {"principal"}};
static IndexedTable plans = {.table = "payment_plan",.index = "payment_plan_pkey",.columns.names = {"plan_no", "case_no", "state"}};
static IndexedTable enforcement_fees = {.table = "enforcement_fee",.index = "enforcement_fee_pkey",.columns.names = {"case_no", "amount", "recorded_at"}};
static IndexedTable handovers = {.table = "handover",.index = "handover_pkey",.columns.names = {"case_no", "agency", "answer", "reference", "recorded_at"}};
static IndexedTable messages = {.table = "agency_message",.index = "agency_message_invoice_idx",.columns.names = {"kind", "status", "on_date", "amount", "problem", "recorded_at", "message_id"}};
static IndexedTable events = {.table = "event",.index = "event_pkey",.columns.names = {"kind"}};
static IndexedTable runs = {.table = "run_log",.index = "run_log_pkey",.columns.names = {"as_of"}};

/* Gives an answer. */
static void
Answer(Asked *asked, int which, Datum value)
{
	asked->value[which] = value;
	asked->isnull[which] = false;
}

/* Gives a column as an answer, copied, for the row goes; of a column that is NULL none. */
static void
AnswerColumn(Asked *asked, int which, const Probe *probe, IndexedTable *table, int n)
{
	ColumnValue value = Column(probe, &table->columns, n);

	asked->isnull[which] = value.isnull;
	if (!value.isnull)
		asked->value[which] = PointerGetDatum(DatumGetTextPCopy(value.datum));
}

/* Gives a date as an answer; NO_DATE: none. */
static void
AnswerDate(Asked *asked, int which, DateADT date)
{
	asked->isnull[which] = date == NO_DATE;
	asked->value[which] = DateADTGetDatum(date);
}

/* Tells whether a column is of this text. */
static bool
ColumnIs(const Probe *probe, IndexedTable *table, int n, const char *word)
{
	ColumnValue value = Column(probe, &table->columns, n);

	return !value.isnull && TextIs(value.datum, word);
}

/* Tells whether a column is NULL. */
static bool
ColumnIsNull(const Probe *probe, IndexedTable *table, int n)
{
	return Column(probe, &table->columns, n).isnull;
}

/* Tells whether a row is of the case that is asked of, by the column of its number. */
bool
IsOfCase(const Asked *asked, const Probe *probe, IndexedTable *table, int n)
{
	ColumnValue value = Column(probe, &table->columns, n);

	return !value.isnull && DatumGetInt16(value.datum) == asked->case_no;
}

/* Tells whether a row was there by the moment that is asked of, by the column that says when it was recorded. */
bool
WasThen(const Asked *asked, const Probe *probe, IndexedTable *table, int n)
{
	return asked->until == DT_NOEND || DatumGetTimestampTz(Column(probe, &table->columns, n).datum) < asked->until;
}

/* Opens a table on the first row of the invoice. */
bool
OpenOfInvoice(const Asked *asked, Probe *probe, IndexedTable *table)
{
	OpenIndexed(probe, table, 2, asked->snapshot);
	return FindRow(probe, asked->creditor_id, asked->invoice_no);
}

/* Gives the date of the creditor's latest run, NO_DATE if there has been none. */
static DateADT
Today(const Asked *asked)
{
	StatementCache *cache = asked->cache;
	Probe		probe;

	if (cache->has_today && cache->creditor_id == DatumGetInt64(asked->creditor_id))
		return cache->today;
	cache->today = OpenOfCreditor(&probe, &runs, asked->creditor_id, 0, asked->snapshot, BackwardScanDirection) ? DateColumn(&probe, &runs.columns, 0) : NO_DATE;
	CloseProbe(&probe);
	cache->creditor_id = DatumGetInt64(asked->creditor_id);
	cache->has_today = true;
	return cache->today;
}

/* Answers which step comes next and when, from where the invoice stands. */
static void
AnswerNextStep(Asked *asked, int32 rule_no, int32 passed, Facts *facts)
{
	const KeptRule *rule;
	const KeptStep *next = NULL;
	Step	   *step;

	/* no rule has this number: the customer is outside automation */
	if (rule_no == 0)
		return;
	rule = BookedRule(asked->book, asked->creditor_id, rule_no, asked->snapshot);
	for (int i = 0; i < rule->nsteps; i++)
		if (rule->step[i].rung > passed && (next == NULL || rule->step[i].rung < next->rung))
			next = &rule->step[i];
	if (next == NULL)
		return;
	Answer(asked, NEXT_STAGE, PointerGetDatum(DatumGetTextPCopy(next->stage)));
	step = BookedCreditor(asked->book, asked->creditor_id, asked->snapshot)->step;
	step->passed = passed;
	step->wait = next->wait;
	step->wait_in_bank_days = next->in_bank_days;
	step->waives_deadline = rule->waives_deadline;
	AnswerDate(asked, NEXT_ON, StepDate(step, facts));
}

/* Answers what comes next of an active case, and why it has not come. */
static void
AnswerPosition(Asked *asked)
{
	Facts		facts = {.due_date = asked->due_date,.decided_on = NO_DATE,.plan_broken_on = NO_DATE};
	Probe		probe;
	bool		found;
	int32		rule_no = 0;
	int32		passed = 0;

	if (!asked->active)
		return;
	found = OpenOfInvoice(asked, &probe, &positions);
	if (found)
	{
		AnswerColumn(asked, WHY_NOT, &probe, &positions, P_WAITING_FOR);
		rule_no = DatumGetInt32(Column(&probe, &positions.columns, P_RULE_NO).datum);
		passed = DatumGetInt16(Column(&probe, &positions.columns, P_PASSED).datum);
		facts.base_date = DateColumn(&probe, &positions.columns, P_BASE_DATE);
		facts.letter_date = DateColumn(&probe, &positions.columns, P_LETTER_DATE);
		if (facts.letter_date == NO_DATE)
			facts.letter_date = facts.base_date;
	}
	CloseProbe(&probe);
	if (found)
		AnswerNextStep(asked, rule_no, passed, &facts);
}

/* What the decisions on an invoice say of what else there may be of it. */
typedef struct Past
{
	int32		highest;		/* stage, as its rung */
	bool		at_agency;		/* a letter may have gone through an agency */
} Past;

/* Tells whether a letter goes by a channel of our own, or none: any other may be an agency's. */
static bool
GoesByOwnChannel(const Probe *probe)
{
	ColumnValue value = Column(probe, &decisions.columns, D_CHANNEL);

	return value.isnull || TextIs(value.datum, "print") || TextIs(value.datum, "email") || TextIs(value.datum, "einvoice");
}

/* Answers which letter of the case went out last, and gives what the decisions say besides. */
static Past
AnswerLetter(Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &decisions);
	Past		past = {0};

	/* they come in the order of their rungs */
	for (; found; found = NextRow(&probe))
	{
		past.highest = DatumGetInt16(Column(&probe, &decisions.columns, D_RUNG).datum);
		past.at_agency = past.at_agency || !GoesByOwnChannel(&probe);
		if (!IsOfCase(asked, &probe, &decisions, D_CASE_NO) ||
			DatumGetInt16(Column(&probe, &decisions.columns, D_TAKEN_BACK).datum) != 0 ||
			!ColumnIs(&probe, &decisions, D_OUTCOME, "sent") ||
			ColumnIsNull(&probe, &decisions, D_STATUS) || ColumnIs(&probe, &decisions, D_STATUS, "failed"))
			continue;
		AnswerDate(asked, SENT_ON, DateColumn(&probe, &decisions.columns, D_AS_OF));
		AnswerDate(asked, DEADLINE, DateColumn(&probe, &decisions.columns, D_DEADLINE));
	}
	CloseProbe(&probe);
	return past;
}

/* Finds until when the hold that a probe stands on was to last, and when it was released, by what was recorded then. */
static void
FindHold(const Asked *asked, const Probe *probe, DateADT *until_on, DateADT *released_on)
{
	Probe		version;
	bool		found;

	*until_on = DateColumn(probe, &holds.columns, H_UNTIL_ON);
	*released_on = DateColumn(probe, &holds.columns, H_RELEASED_ON);
	if (asked->until == DT_NOEND)
		return;
	/* of each what it was before: the first one since */
	found = OpenOfInvoice(asked, &version, &hold_versions);
	while (found && (WasThen(asked, &version, &hold_versions, V_CHANGED_AT) ||
					 DatumGetInt16(Column(&version, &hold_versions.columns, V_HOLD_NO).datum) != DatumGetInt16(Column(probe, &holds.columns, H_HOLD_NO).datum)))
		found = NextRow(&version);
	if (found)
	{
		*until_on = DateColumn(&version, &hold_versions.columns, V_UNTIL_ON);
		*released_on = DateColumn(&version, &hold_versions.columns, V_RELEASED_ON);
	}
	CloseProbe(&version);
}

/* Tells whether a hold stands on a date. */
static bool
HoldStands(DateADT until_on, DateADT released_on, DateADT today)
{
	return (until_on == NO_DATE || today == NO_DATE || until_on >= today) &&
		(released_on == NO_DATE || (today != NO_DATE && released_on > today));
}

/* Answers what holds an active case: a dispute first, then what lasts longest. Tells whether the invoice ever had a hold. */
static bool
AnswerHold(Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &holds);
	bool		any = found;
	bool		disputed = false;
	int64		until = PG_INT64_MIN;

	/* they come in the order of their numbers: of two alike the later one */
	for (; found && asked->active; found = NextRow(&probe))
	{
		bool		dispute = ColumnIs(&probe, &holds, H_KIND, "dispute");
		DateADT		until_on;
		DateADT		released_on;
		int64		lasts;

		FindHold(asked, &probe, &until_on, &released_on);
		lasts = until_on == NO_DATE ? PG_INT64_MAX : until_on;
		if (!WasThen(asked, &probe, &holds, H_RECORDED_AT) || !HoldStands(until_on, released_on, Today(asked)) || dispute < disputed || (dispute == disputed && lasts < until))
			continue;
		disputed = dispute;
		until = lasts;
		AnswerColumn(asked, HOLD, &probe, &holds, H_REASON);
		AnswerDate(asked, HOLD_UNTIL, until_on);
	}
	CloseProbe(&probe);
	return any;
}

/* Gives what a payment settled of principal: all of it, unless it was allocated. */
static int64
PrincipalOf(const Asked *asked, const Probe *payment)
{
	Probe		probe;
	int64		principal;

	OpenIndexed(&probe, &allocations, 2, asked->snapshot);
	principal = FindRow(&probe, asked->creditor_id, Column(payment, &payments.columns, M_PAYMENT_NO).datum)
		? OreColumn(&probe, &allocations.columns, 0)
		: OreColumn(payment, &payments.columns, M_AMOUNT);
	CloseProbe(&probe);
	return principal;
}

/* Answers what of the invoice's principal is paid; tells whether there is any payment. */
static bool
AnswerPaid(Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &payments);
	bool		any = found;
	int64		paid = 0;

	for (; found; found = NextRow(&probe))
		if (ColumnIsNull(&probe, &payments, M_BOUNCED_ON))
			paid += PrincipalOf(asked, &probe);
	CloseProbe(&probe);
	Answer(asked, PAID, NumericGetDatum(NumericFromOre(paid)));
	return any;
}

/* Runs a statement of the owner's about the case; copies its only row to the answers from the given one on. */
static void
AnswerStatement(Asked *asked, Statement *statement, int16 no, int first, int n)
{
	Datum		values[4] = {asked->creditor_id, asked->invoice_no, Int16GetDatum(no), TimestampTzGetDatum(asked->until)};
	MemoryContext memory = CurrentMemoryContext;
	MemoryContext old;
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (ExecuteSeen(statement, values) != 1)
		elog(ERROR, "unexpected number of rows");
	old = MemoryContextSwitchTo(memory);
	for (int i = 0; i < n; i++)
	{
		FormData_pg_attribute *attribute = TupleDescAttr(SPI_tuptable->tupdesc, i);
		Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &asked->isnull[first + i]);

		if (!asked->isnull[first + i])
			asked->value[first + i] = datumCopy(value, attribute->attbyval, attribute->attlen);
	}
	MemoryContextSwitchTo(old);
	SPI_finish();
	LeaveOwner(&scope);
}

/* Tells whether the invoice was sent to monitoring by hand. */
static bool
MonitoredByHand(const Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &events);
	bool		monitored = false;

	for (; found && !monitored; found = NextRow(&probe))
		monitored = ColumnIs(&probe, &events, E_KIND, "monitoring");
	CloseProbe(&probe);
	return monitored;
}

/* Answers what the service has earned: of payments while a case of its own was in monitoring. */
static void
AnswerCommission(Asked *asked, bool paid, int32 highest)
{
	static Statement read = {
		.sql = "SELECT coalesce(sum(m.commission), 0.00) FROM reminder._commission_list m WHERE m.creditor_id = $1 AND m.invoice_no = $2 AND m.case_no = $3",
		.nargs = 3,.argtypes = {INT8OID, TEXTOID, INT2OID}
	};
	static Statement read_then = {
		.sql = "SELECT reminder._commission_then($1, $2, $3, $4)",
		.nargs = 4,.argtypes = {INT8OID, TEXTOID, INT2OID, TIMESTAMPTZOID}
	};

	/* of payments that were all taken back nothing is left */
	if (paid && TextIs(asked->collected_by, "service") && (highest >= RUNG_MONITORING || MonitoredByHand(asked)))
		AnswerStatement(asked, asked->until == DT_NOEND ? &read : &read_then, asked->case_no, COMMISSION, 1);
	else
		Answer(asked, COMMISSION, NumericGetDatum(NumericFromOre(0)));
}

/* Answers where the case is shown. */
static void
AnswerLink(Asked *asked)
{
	Datum		url = BookedCreditor(asked->book, asked->creditor_id, asked->snapshot)->url;

	if (url != (Datum) 0)
		Answer(asked, LINK, DirectFunctionCall3Coll(replace_text, C_COLLATION_OID, url, CStringGetTextDatum("{case_id}"),
													CStringGetTextDatum(DatumGetCString(DirectFunctionCall1(uuid_out, asked->case_id)))));
}

/* Answers what stands of the last payment plan of the case; of an active one also of any before it. */
static void
AnswerPlan(Asked *asked)
{
	static Statement read = {
		.sql = "SELECT min(s.due_date) FILTER (WHERE s.open > 0), (array_agg(s.open ORDER BY s.due_date) FILTER (WHERE s.open > 0))[1],"
		" sum(s.open) FILTER (WHERE s.state = 'missed')"
		" FROM reminder._instalment_list s WHERE s.creditor_id = $1 AND s.invoice_no = $2 AND s.plan_no = $3",
		.nargs = 3,.argtypes = {INT8OID, TEXTOID, INT2OID}
	};
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &plans);
	bool		stands = false;
	int16		plan_no = 0;

	for (; found; found = NextRow(&probe))
	{
		if (!asked->active && !IsOfCase(asked, &probe, &plans, Y_CASE_NO))
			continue;
		plan_no = DatumGetInt16(Column(&probe, &plans.columns, Y_PLAN_NO).datum);
		stands = ColumnIs(&probe, &plans, Y_STATE, "active") || ColumnIs(&probe, &plans, Y_STATE, "broken");
		AnswerColumn(asked, PLAN, &probe, &plans, Y_STATE);
	}
	CloseProbe(&probe);
	if (stands)
		AnswerStatement(asked, &read, plan_no, NEXT_INSTALMENT_ON, 3);
}

/* Tells whether there ever was a payment plan of the invoice. */
static bool
HasPlan(const Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &plans);

	CloseProbe(&probe);
	return found;
}

/* Answers what enforcement has cost in the case. */
static void
AnswerEnforcementFees(Asked *asked, int32 highest)
{
	Probe		probe;
	int64		fees = 0;

	/* it comes after a demand or monitoring, which were decided on, taken back or not */
	if (highest >= RUNG_DEMAND)
	{
		bool		found = OpenOfInvoice(asked, &probe, &enforcement_fees);

		for (; found; found = NextRow(&probe))
			if (IsOfCase(asked, &probe, &enforcement_fees, F_CASE_NO) && WasThen(asked, &probe, &enforcement_fees, F_RECORDED_AT))
				fees += OreColumn(&probe, &enforcement_fees.columns, F_AMOUNT);
		CloseProbe(&probe);
	}
	Answer(asked, ENFORCEMENT_FEES, NumericGetDatum(NumericFromOre(fees)));
}

/* Answers which agency took the case over last, and its own number of it. */
static void
AnswerAgency(Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &handovers);

	/* they come in the order in which they were made */
	for (; found; found = NextRow(&probe))
	{
		if (!IsOfCase(asked, &probe, &handovers, O_CASE_NO) || !ColumnIs(&probe, &handovers, O_ANSWER, "acknowledged") ||
			!WasThen(asked, &probe, &handovers, O_RECORDED_AT))
			continue;
		AnswerColumn(asked, AGENCY, &probe, &handovers, O_AGENCY);
		AnswerColumn(asked, AGENCY_REFERENCE, &probe, &handovers, O_REFERENCE);
	}
	/* told at another time */
	if (!asked->isnull[AGENCY] && asked->isnull[AGENCY_REFERENCE])
		for (found = FindRow(&probe, asked->creditor_id, asked->invoice_no); found; found = NextRow(&probe))
			if (IsOfCase(asked, &probe, &handovers, O_CASE_NO) && !ColumnIsNull(&probe, &handovers, O_REFERENCE) &&
				SameText(Column(&probe, &handovers.columns, O_AGENCY).datum, asked->value[AGENCY]) &&
				WasThen(asked, &probe, &handovers, O_RECORDED_AT))
				AnswerColumn(asked, AGENCY_REFERENCE, &probe, &handovers, O_REFERENCE);
	CloseProbe(&probe);
}

/* What an agency said last. */
typedef struct Said
{
	DateADT		on_date;
	TimestampTz recorded_at;
	text	   *message_id;		/* NULL: nothing */
} Said;

/* Tells whether one message came after another. */
static bool
IsLater(const Said *said, const Said *than)
{
	if (than->message_id == NULL || said->on_date != than->on_date)
		return than->message_id == NULL || said->on_date > than->on_date;
	if (said->recorded_at != than->recorded_at)
		return said->recorded_at > than->recorded_at;
	return CompareTexts(said->message_id, than->message_id) > 0;
}

/* Answers where the agency says the case stands, and what it charges itself. */
static void
AnswerMessages(Asked *asked)
{
	Probe		probe;
	bool		found = OpenOfInvoice(asked, &probe, &messages);
	int64		fees = 0;
	Said		last = {0};

	for (; found; found = NextRow(&probe))
	{
		Said		said;

		if (!ColumnIsNull(&probe, &messages, G_PROBLEM) || !WasThen(asked, &probe, &messages, G_RECORDED_AT))
			continue;
		if (ColumnIs(&probe, &messages, G_KIND, "fee"))
			fees += OreColumn(&probe, &messages.columns, G_AMOUNT);
		if (!ColumnIs(&probe, &messages, G_KIND, "status") && !ColumnIs(&probe, &messages, G_KIND, "closure"))
			continue;
		said.on_date = DateColumn(&probe, &messages.columns, G_ON_DATE);
		said.recorded_at = DatumGetTimestampTz(Column(&probe, &messages.columns, G_RECORDED_AT).datum);
		said.message_id = DatumGetTextPP(Column(&probe, &messages.columns, G_MESSAGE_ID).datum);
		if (said.on_date < asked->opened_on || !IsLater(&said, &last))
			continue;
		last = said;
		last.message_id = DatumGetTextPCopy(PointerGetDatum(said.message_id));
		AnswerColumn(asked, AGENCY_STATUS, &probe, &messages, G_STATUS);
		AnswerDate(asked, AGENCY_STATUS_ON, said.on_date);
	}
	CloseProbe(&probe);
	Answer(asked, AGENCY_FEES, NumericGetDatum(NumericFromOre(fees)));
}

/* Answers everything; but of an earlier moment neither letters nor payments. */
void
AnswerAll(Asked *asked)
{
	Past		past;
	bool		held;
	bool		paid;

	asked->book = OpenStatusBook(&asked->cache->book, GetMemoryChunkContext(asked->cache));
	memset(asked->isnull, true, sizeof(asked->isnull));
	/* known of now alone */
	if (asked->until == DT_NOEND)
		AnswerPosition(asked);
	past = AnswerLetter(asked);
	held = AnswerHold(asked);
	paid = AnswerPaid(asked);
	AnswerCommission(asked, paid, past.highest);
	AnswerLink(asked);
	/* a plan has a hold of its own; what it was is not looked at here */
	if (held && asked->until == DT_NOEND)
		AnswerPlan(asked);
	else if (held)
		asked->unclear = asked->unclear || HasPlan(asked);
	AnswerEnforcementFees(asked, past.highest);
	if (past.at_agency)
		AnswerAgency(asked);
	AnswerMessages(asked);
}

/* Reads the key that our views show. */
static pg_uuid_t
ReadKey(void)
{
	static Columns columns = {.names = {"view_key"}};
	Relation	rel = OpenOurs("installation", AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
	TableScanDesc scan = table_beginscan(rel, snapshot, 0, NULL);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	pg_uuid_t	key = {{0}};
	bool		isnull = true;

	if (table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		Datum		value = slot_getattr(slot, ColumnNumbers(rel, &columns)[0], &isnull);

		if (!isnull)
			key = *DatumGetUUIDP(value);
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, AccessShareLock);
	if (isnull)
		elog(ERROR, "the key of our views has gone");
	return key;
}

/* Raises 42501 unless one of our own views calls: it shows the key, which is read anew if it is another than the last time. */
static void
RequireView(FunctionCallInfo fcinfo)
{
	static pg_uuid_t key;
	static bool has_key = false;
	const pg_uuid_t *shown = PG_ARGISNULL(0) ? NULL : PG_GETARG_UUID_P(0);

	if (shown != NULL && has_key && memcmp(&key, shown, sizeof(key)) == 0)
		return;
	key = ReadKey();
	has_key = true;
	if (shown == NULL || memcmp(&key, shown, sizeof(key)) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function %s", "_case_now"),
				 errhint("SELECT * FROM reminder.case_status; shows what it gives.")));
}

/* Gives what a statement has read; elsewhere than in FROM a single call. */
StatementCache *
OpenStatementCache(FunctionCallInfo fcinfo)
{
	if (fcinfo->resultinfo == NULL || !IsA(fcinfo->resultinfo, ReturnSetInfo))
		return palloc0(sizeof(StatementCache));
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(StatementCache));
	return fcinfo->flinfo->fn_extra;
}

/* Gives what the view case_status shows of a case beside itself and its invoice, to that view alone. */
Datum
reminder_case_now(PG_FUNCTION_ARGS)
{
	static TupleDesc kept = NULL;
	static Oid	of = InvalidOid;
	TupleDesc	desc;
	Tuplestorestate *rows;
	Asked		asked;

	RequireView(fcinfo);
	for (int i = 1; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	asked = (Asked) {
		.creditor_id = PG_GETARG_DATUM(1),.invoice_no = PointerGetDatum(PG_GETARG_TEXT_PP(2)),.case_no = PG_GETARG_INT16(3),
			.case_id = PG_GETARG_DATUM(4),.active = PG_GETARG_BOOL(5),.opened_on = PG_GETARG_DATEADT(6),
			.collected_by = PointerGetDatum(PG_GETARG_TEXT_PP(7)),.due_date = PG_GETARG_DATEADT(8),
			.snapshot = GetActiveSnapshot(),.until = DT_NOEND,.cache = OpenStatementCache(fcinfo)
	};
	AnswerAll(&asked);
	/* a set of one row: for that the executor looks into no type */
	desc = KeptRowType(fcinfo, ANSWERS, &kept, &of);
	rows = MakeResultSet(fcinfo);
	tuplestore_putvalues(rows, desc, asked.value, asked.isnull);
	GiveResultSet(fcinfo, rows, desc);
	PG_RETURN_NULL();
}
