/*
 * judge.c: the facts of invoices, put before the decision: reminder._judge(),
 * which run, plan and explain all read.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "errors.h"
#include "facts.h"
#include "judge.h"
#include "money.h"
#include "resultset.h"
#include "termbook.h"
#include "together.h"
#include "words.h"

PG_FUNCTION_INFO_V1(reminder_judge);
PG_FUNCTION_INFO_V1(reminder_judge_ahead);

static const char *const outcome_names[] = {
	[OUTCOME_NOT_DUE] = "not_due",
	[OUTCOME_WAITS] = "waits",
	[OUTCOME_SKIPPED] = "skipped",
	[OUTCOME_ENTERED] = "entered",
	[OUTCOME_SENT] = "sent",
};

/* Decides by the facts that are read: the same facts, the same decision. */
static void
DecideVerdict(Court *court, Verdict *verdict)
{
	court->terms->step.passed = verdict->passed;
	Decide(&court->terms->step, &verdict->facts, &verdict->decision);
}

/* Decides the n-th invoice; false if it is not there, or stands elsewhere. */
static bool
JudgeInvoice(Court *court, int n, Verdict *verdict)
{
	if (!ReadFacts(court, n, verdict))
		return false;
	DecideVerdict(court, verdict);
	/* only a letter asks for interest, which costs most to know */
	if (verdict->decision.outcome == OUTCOME_SENT && court->terms->claims_interest)
	{
		ReadInterest(court, court->docket->invoice_no[n], verdict);
		DecideVerdict(court, verdict);
	}
	verdict->taken = verdict->decision.outcome == OUTCOME_SENT || verdict->decision.outcome == OUTCOME_ENTERED;
	return true;
}

/* Gives the numeric of an amount; the same few come again and again. */
static Datum
Amount(Court *court, int64 ore)
{
	MemoryContext old;
	int			n;

	for (n = 0; n < (int) lengthof(court->ore); n++)
		if (court->amount[n] != NULL && court->ore[n] == ore)
			return NumericGetDatum(court->amount[n]);
	n = court->next_amount++ % (int) lengthof(court->ore);
	old = MemoryContextSwitchTo(GetMemoryChunkContext(court));
	court->amount[n] = NumericFromOre(ore);
	court->ore[n] = ore;
	MemoryContextSwitchTo(old);
	return NumericGetDatum(court->amount[n]);
}

/*
 * The columns of the result, in the order in which PutVerdict() sets them:
 * first those by which WriteDecisions() sorts the rows out, as to read a
 * column is to read all before it.
 */
static const struct
{
	const char *name;
	Oid			type;
}			judgment_columns[] = {
	{"opens", BOOLOID},			/* a new case */
	{"case_no", INT2OID},		/* that the decision is taken in */
	{"outcome", TEXTOID},
	{"reason", TEXTOID},
	{"waiting_for", TEXTOID},
	{"place", TIDOID},			/* of the row in position */
	{"rung", INT4OID},
	{"stage", TEXTOID},
	{"deadline", DATEOID},
	{"step_date", DATEOID},
	{"charged_nth", INT2OID},
	{"invoice_no", TEXTOID},
	{"fees", NUMERICOID},
	{"compensation", NUMERICOID},
	{"interest", NUMERICOID},
	{"collected_by", TEXTOID},
	{"currency", TEXTOID},
	{"principal", NUMERICOID},
	{"fee", NUMERICOID},
	{"customer_no", TEXTOID},
	{"channel", TEXTOID},
	{"fee_cap", NUMERICOID},
	{"fee_of_rule", NUMERICOID},
	{"charged_cap", INT2OID},
	{"fees_settled", NUMERICOID},
	{"fees_at_least", NUMERICOID},
	{"interest_settled", NUMERICOID},
	{"interest_until", DATEOID},
	{"due_date", DATEOID},
	{"amount", NUMERICOID},
	{"reference", TEXTOID},
	{"rule_version", INT4OID},
	{"letter_of", TEXTOID},		/* the invoice that names the letter, where a customer gets one */
};

#define JUDGMENT_COLUMNS lengthof(judgment_columns)

/* Gives the shape of the result. */
TupleDesc
JudgmentDesc(void)
{
	TupleDesc	desc = CreateTemplateTupleDesc(JUDGMENT_COLUMNS);

	for (int i = 0; i < (int) JUDGMENT_COLUMNS; i++)
		TupleDescInitEntry(desc, (AttrNumber) (i + 1), judgment_columns[i].name, judgment_columns[i].type, -1, 0);
	return desc;
}

/* Tells whether the row in position is to change: a step left due for the same reason leaves it as it is. */
static bool
Moves(const Verdict *verdict)
{
	return verdict->decision.outcome != OUTCOME_WAITS || verdict->waiting_for.isnull ||
		!TextIs(verdict->waiting_for.datum, reason_info[verdict->decision.reason].code);
}

/* Adds a verdict to the result. */
static void
PutVerdict(Court *court, Datum invoice_no, const Verdict *verdict, Judgment *judgment)
{
	const Terms *terms = court->terms;
	const Facts *facts = &verdict->facts;
	const Decision *decision = &verdict->decision;
	ItemPointerData place = verdict->place;
	Datum		values[JUDGMENT_COLUMNS];
	bool		nulls[JUDGMENT_COLUMNS] = {false};
	int			n = 0;

	nulls[n] = !verdict->taken;
	values[n++] = BoolGetDatum(!facts->case_active);
	nulls[n] = !verdict->taken;
	values[n++] = Int16GetDatum(verdict->case_no);
	values[n++] = CStringGetTextDatum(outcome_names[decision->outcome]);
	if (!(nulls[n++] = (decision->reason == REASON_NONE)))
		values[n - 1] = CStringGetTextDatum(reason_info[decision->reason].code);
	nulls[n] = verdict->waiting_for.isnull;
	values[n++] = verdict->waiting_for.datum;
	values[n++] = PointerGetDatum(&place);
	values[n++] = Int32GetDatum(terms->step.rung);
	values[n++] = terms->stage;
	if (!(nulls[n++] = (decision->deadline == NO_DATE)))
		values[n - 1] = DateADTGetDatum(decision->deadline);
	values[n++] = DateADTGetDatum(decision->step_date);
	if (!(nulls[n++] = (decision->charged_nth == 0)))
		values[n - 1] = Int16GetDatum((int16) decision->charged_nth);
	values[n++] = invoice_no;
	values[n++] = Amount(court, decision->fees);
	values[n++] = Amount(court, decision->compensation);
	values[n++] = Amount(court, decision->interest);
	values[n++] = terms->collected_by;
	values[n++] = verdict->currency;
	values[n++] = verdict->principal;
	if (!(nulls[n++] = (decision->fee == 0)))
		values[n - 1] = Amount(court, decision->fee);
	values[n++] = verdict->customer_no;
	values[n++] = verdict->channel;
	if (!(nulls[n++] = (decision->fee_cap == NO_LIMIT)))
		values[n - 1] = Amount(court, decision->fee_cap);
	if (!(nulls[n++] = !decision->fee_lowered))
		values[n - 1] = Amount(court, terms->step.fee);
	nulls[n] = terms->no_charged_cap;
	values[n++] = terms->charged_cap;
	values[n++] = Amount(court, facts->fees_paid + facts->fees_waived);
	values[n++] = Amount(court, decision->fees_at_least);
	values[n++] = Amount(court, verdict->interest_settled);
	if (!(nulls[n++] = (verdict->interest_until == NO_DATE)))
		values[n - 1] = DateADTGetDatum(verdict->interest_until);
	values[n++] = verdict->due_date;
	values[n++] = verdict->amount;
	values[n++] = verdict->reference;
	values[n++] = terms->rule_version;
	nulls[n] = verdict->letter_of == (Datum) 0;
	values[n++] = verdict->letter_of;
	Assert(n == JUDGMENT_COLUMNS);
	tuplestore_putvalues(judgment->rows, judgment->desc, values, nulls);
	judgment->count++;
	judgment->waiting += decision->outcome == OUTCOME_WAITS;
	judgment->moves += Moves(verdict);
	judgment->lines += verdict->letter_of != (Datum) 0;
}

/* Judges invoices one after the other. */
static void
JudgeEach(Court *court, bool due_only, Judgment *judgment)
{
	const Docket *docket = court->docket;
	MemoryContext row = AllocSetContextCreate(CurrentMemoryContext, "reminder invoice", ALLOCSET_DEFAULT_SIZES);

	for (int i = 0; i < docket->n; i++)
	{
		MemoryContext old = MemoryContextSwitchTo(row);
		Verdict		verdict;

		CHECK_FOR_INTERRUPTS();
		if (JudgeInvoice(court, i, &verdict) && !(due_only && verdict.decision.outcome == OUTCOME_NOT_DUE))
			PutVerdict(court, docket->invoice_no[i], &verdict, judgment);
		MemoryContextSwitchTo(old);
		MemoryContextReset(row);
	}
	MemoryContextDelete(row);
}

/* Gives a copy of a verdict that does not rest on the rows it was read from. */
static Verdict *
KeepVerdict(const Verdict *verdict)
{
	Verdict    *kept = palloc(sizeof(Verdict));
	ColumnValue    *value[] = {&kept->sender, &kept->waiting_for};
	Datum	   *datum[] = {
		&kept->customer_no, &kept->currency, &kept->principal, &kept->amount, &kept->reference, &kept->channel
	};

	*kept = *verdict;
	for (int i = 0; i < (int) lengthof(datum); i++)
		*datum[i] = datumCopy(*datum[i], false, -1);
	for (int i = 0; i < (int) lengthof(value); i++)
		if (!value[i]->isnull)
			value[i]->datum = datumCopy(value[i]->datum, false, -1);
	return kept;
}

/*
 * Judges invoices whose letters are put together (B6): each by itself; then
 * those that get a letter once more, knowing whose letter it is and which of
 * its lines carries the fee.
 */
static void
JudgeTogether(Court *court, bool due_only, Judgment *judgment)
{
	const Docket *docket = court->docket;
	MemoryContext memory = CurrentMemoryContext;
	MemoryContext row = AllocSetContextCreate(memory, "reminder invoice", ALLOCSET_DEFAULT_SIZES);
	Verdict   **verdict = MemoryContextAllocHuge(memory, Max(docket->n, 1) * sizeof(Verdict *));
	Line	   *line = MemoryContextAllocHuge(memory, Max(docket->n, 1) * sizeof(Line));
	int			lines = 0;

	for (int i = 0; i < docket->n; i++)
	{
		Verdict		judged;
		bool		found;

		CHECK_FOR_INTERRUPTS();
		verdict[i] = NULL;
		MemoryContextSwitchTo(row);
		found = JudgeInvoice(court, i, &judged);
		MemoryContextSwitchTo(memory);
		if (found && !(due_only && judged.decision.outcome == OUTCOME_NOT_DUE))
			verdict[i] = KeepVerdict(&judged);
		MemoryContextReset(row);
		if (verdict[i] != NULL && judged.decision.outcome == OUTCOME_SENT)
			line[lines++] = (Line)
		{
			.n = i,.invoice_no = docket->invoice_no[i],.customer_no = verdict[i]->customer_no,.currency = verdict[i]->currency,
				.channel = verdict[i]->channel,.sender = verdict[i]->sender,.due_date = judged.facts.due_date,
				.has_fee = judged.decision.fee > 0
		};
	}
	PutTogether(docket->creditor_id, docket->as_of, court->terms->step.rung, line, lines);
	for (int i = 0; i < lines; i++)
	{
		verdict[line[i].n]->letter_of = line[i].letter_of;
		verdict[line[i].n]->facts.fee_elsewhere = line[i].fee_elsewhere;
		DecideVerdict(court, verdict[line[i].n]);
	}
	for (int i = 0; i < docket->n; i++)
		if (verdict[i] != NULL)
			PutVerdict(court, docket->invoice_no[i], verdict[i], judgment);
	MemoryContextDelete(row);
}

/*
 * Decides the next step of each of these invoices that stands on this rung of
 * this rule, as they look in a snapshot, which is the active one. With
 * due_only, those whose step is not due are left out.
 */
void
Judge(const Docket *docket, Snapshot snapshot, bool due_only, Judgment *judgment)
{
	Court	   *court = palloc0(sizeof(Court));

	court->docket = docket;
	court->snapshot = snapshot;
	court->creditor_id = Int64GetDatum(docket->creditor_id);
	court->terms = ReadTerms(docket->creditor_id, docket->as_of, docket->rule_no, docket->passed);
	if (court->terms == NULL)
		return;
	OpenTables(court);
	if (court->terms->together)
		JudgeTogether(court, due_only, judgment);
	else
		JudgeEach(court, due_only, judgment);
	CloseTables(court);
}

/*
 * Decides, of these invoices, each by itself as in a letter of its own; where
 * its step is not due, as on the day it comes due, by the terms and the facts
 * of that day. The terms are those of now.
 */
static void
JudgeAhead(const Docket *docket, Snapshot snapshot, Judgment *judgment)
{
	Court	   *court = palloc0(sizeof(Court));

	court->docket = docket;
	court->snapshot = snapshot;
	court->creditor_id = Int64GetDatum(docket->creditor_id);
	OpenTables(court);
	for (int i = 0; i < docket->n; i++)
	{
		Verdict		verdict;
		int32		step_date;

		CHECK_FOR_INTERRUPTS();
		court->terms = GetTerms(docket->creditor_id, docket->as_of, docket->rule_no, docket->passed);
		if (court->terms == NULL || !JudgeInvoice(court, i, &verdict))
			continue;
		step_date = verdict.decision.step_date;
		if (verdict.decision.outcome == OUTCOME_NOT_DUE)
		{
			court->terms = GetTerms(docket->creditor_id, step_date, docket->rule_no, docket->passed);
			if (court->terms == NULL || !JudgeInvoice(court, i, &verdict))
				continue;
			verdict.decision.step_date = step_date;
		}
		PutVerdict(court, docket->invoice_no[i], &verdict, judgment);
	}
	CloseTables(court);
}

/* Reads the invoices of a docket that SQL gives, and by hand when each may be sent at the earliest. */
void
ReadDocket(FunctionCallInfo fcinfo, Docket *docket)
{
	Datum	   *invoice_no;
	Datum	   *day;
	bool	   *is_null;
	bool	   *no_day;
	int32	   *not_before;
	int			n;
	int			days = 0;

	docket->creditor_id = PG_GETARG_INT64(0);
	docket->as_of = PG_GETARG_DATEADT(1);
	docket->rule_no = PG_GETARG_INT32(2);
	docket->passed = PG_GETARG_INT32(3);
	docket->by_hand = PG_NARGS() > 5;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(4), TEXTOID, -1, false, TYPALIGN_INT, &invoice_no, &is_null, &n);
	if (docket->by_hand)
		deconstruct_array(PG_GETARG_ARRAYTYPE_P(5), DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &day, &no_day, &days);
	not_before = palloc(Max(n, 1) * sizeof(int32));
	for (int i = 0; i < n; i++)
	{
		if (is_null[i])
			continue;
		not_before[docket->n] = i < days && !no_day[i] ? DatumGetDateADT(day[i]) : NO_DATE;
		invoice_no[docket->n++] = invoice_no[i];
	}
	docket->invoice_no = invoice_no;
	docket->not_before = not_before;
}

/* Takes what SQL asks about; false if that is nothing. */
static bool
TakeDocket(FunctionCallInfo fcinfo, Docket *docket, Judgment *judgment)
{
	judgment->desc = JudgmentDesc();
	judgment->rows = MakeResultSet(fcinfo);
	GiveResultSet(fcinfo, judgment->rows, judgment->desc);
	for (int i = 0; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			return false;
	ReadDocket(fcinfo, docket);
	return true;
}

/* The same for SQL: see _judge() in sql/extension/40-decide.sql. */
Datum
reminder_judge(PG_FUNCTION_ARGS)
{
	Judgment	judgment = {0};
	Docket		docket = {0};

	if (TakeDocket(fcinfo, &docket, &judgment))
		Judge(&docket, GetActiveSnapshot(), false, &judgment);
	return (Datum) 0;
}

/* And this: see _judge_ahead() there. */
Datum
reminder_judge_ahead(PG_FUNCTION_ARGS)
{
	Judgment	judgment = {0};
	Docket		docket = {0};

	if (TakeDocket(fcinfo, &docket, &judgment))
		JudgeAhead(&docket, GetActiveSnapshot(), &judgment);
	return (Datum) 0;
}
