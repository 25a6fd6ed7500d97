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

#include "access/htup_details.h"
#include "access/relscan.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

#include "calendar.h"
#include "compat.h"
#include "decide.h"
#include "errors.h"
#include "money.h"
#include "owner.h"
#include "status.h"
#include "termbook.h"
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
	S_STAGE, S_RUNG, S_WAIT, S_WAIT_UNIT
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
enum
{
	C_JURISDICTION, C_CASE_URL
};
enum
{
	J_CALENDAR, J_MOVES_DUE_DATE
};
static Shelf positions = {.table = "position",.index = "position_pkey",.columns.names = {"rule_no", "passed", "base_date", "letter_date", "waiting_for"}};
static Shelf holds = {.table = "hold",.index = "hold_pkey",.columns.names = {"kind", "reason", "until_on", "released_on", "recorded_at", "hold_no"}};
static Shelf hold_versions = {.table = "hold_version",.index = "hold_version_pkey",.columns.names = {"hold_no", "until_on", "released_on", "changed_at"}};
static Shelf decisions = {.table = "decision",.index = "decision_pkey",.columns.names = {"case_no", "outcome", "taken_back", "status", "as_of", "deadline", "rung", "channel"}};
static Shelf payments = {.table = "payment",.index = "payment_invoice_idx",.columns.names = {"payment_no", "amount", "bounced_on"}};
static Shelf allocations = {.table = "allocation",.index = "allocation_pkey",.columns.names = {"principal"}};
static Shelf plans = {.table = "payment_plan",.index = "payment_plan_pkey",.columns.names = {"plan_no", "case_no", "state"}};
static Shelf enforcement_fees = {.table = "enforcement_fee",.index = "enforcement_fee_pkey",.columns.names = {"case_no", "amount", "recorded_at"}};
static Shelf handovers = {.table = "handover",.index = "handover_pkey",.columns.names = {"case_no", "agency", "answer", "reference", "recorded_at"}};
static Shelf messages = {.table = "agency_message",.index = "agency_message_invoice_idx",.columns.names = {"kind", "status", "on_date", "amount", "problem", "recorded_at", "message_id"}};
static Shelf events = {.table = "event",.index = "event_pkey",.columns.names = {"kind"}};
static Shelf runs = {.table = "run_log",.index = "run_log_pkey",.columns.names = {"as_of"}};
static Shelf creditors = {.table = "creditor",.index = "creditor_pkey",.columns.names = {"jurisdiction", "case_url"}};
static Shelf jurisdictions = {.table = "jurisdiction",.index = "jurisdiction_pkey",.columns.names = {"calendar", "moves_due_date"}};
static Shelf closed_days = {.table = "closed_day",.index = "closed_day_pkey",.columns.names = {"day"}};
static Shelf rules = {.table = "rule",.index = "rule_pkey",.columns.names = {"waives_deadline"}};
static Shelf steps = {.table = "rule_step",.index = "rule_step_pkey",.columns.names = {"stage", "rung", "wait", "wait_unit"}};

/* A step of a rule, as far as the next one is found by it. */
typedef struct Rung
{
	int32		rung;
	int32		wait;
	bool		in_bank_days;
	Datum		stage;
} Rung;

/* A rule, by the creditor's number and its own. */
typedef struct Ladder
{
	int64		creditor_id;
	int64		rule_no;
	bool		waives_deadline;
	int			nrungs;
	Rung	   *rung;
} Ladder;

/* A creditor: where it shows its cases, and which days it counts. */
typedef struct House
{
	int64		creditor_id;
	Datum		url;			/* 0: it has none */
	Step	   *step;			/* of its next steps, which one writes in */
} House;

/* A few megabytes; past this they are forgotten, and read as they are asked for. */
#define MAX_KEPT 1024

/* What this backend has read, for as long as it hears of no change. */
static Book kept;

/* Gives an answer. */
static void
Answer(Asked *asked, int which, Datum value)
{
	asked->value[which] = value;
	asked->isnull[which] = false;
}

/* Gives a column as an answer, copied, for the row goes; of a column that is NULL none. */
static void
AnswerColumn(Asked *asked, int which, const Probe *probe, Shelf *shelf, int n)
{
	ColumnValue value = Column(probe, &shelf->columns, n);

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
ColumnIs(const Probe *probe, Shelf *shelf, int n, const char *word)
{
	ColumnValue value = Column(probe, &shelf->columns, n);

	return !value.isnull && TextIs(value.datum, word);
}

/* Tells whether a column is NULL. */
static bool
ColumnIsNull(const Probe *probe, Shelf *shelf, int n)
{
	return Column(probe, &shelf->columns, n).isnull;
}

/* Tells whether a row is of the case that is asked of. */
static bool
IsOfCase(const Asked *asked, const Probe *probe, Shelf *shelf, int n)
{
	ColumnValue value = Column(probe, &shelf->columns, n);

	return !value.isnull && DatumGetInt16(value.datum) == asked->case_no;
}

/* Tells whether a row was there by the moment that is asked of, by the column that says when it was recorded. */
bool
WasThen(const Asked *asked, const Probe *probe, Shelf *shelf, int n)
{
	return asked->until == DT_NOEND || DatumGetTimestampTz(Column(probe, &shelf->columns, n).datum) < asked->until;
}

/* Opens a table on the first row of the invoice. */
bool
OpenOfInvoice(const Asked *asked, Probe *probe, Shelf *shelf)
{
	OpenShelf(probe, shelf, 2, asked->snapshot);
	return FindRow(probe, asked->creditor_id, asked->invoice_no);
}

/* Opens a table to read the rows of a creditor, and of a rule of his unless that is 0, from the first or the last on. */
static bool
OpenOfCreditor(const Asked *asked, Probe *probe, Shelf *shelf, int32 rule_no, ScanDirection direction)
{
	ScanKeyData key[2];
	int			n = rule_no == 0 ? 1 : 2;

	OpenShelf(probe, shelf, n, asked->snapshot);
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, asked->creditor_id);
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(rule_no));
	index_rescan(probe->scan, key, n, NULL, 0);
	return index_getnext_slot(probe->scan, direction, probe->slot);
}

/* Gives the date of the creditor's latest run, NO_DATE if there has been none. */
static DateADT
Today(const Asked *asked)
{
	Sitting    *sitting = asked->sitting;
	Probe		probe;

	if (sitting->has_today && sitting->creditor_id == DatumGetInt64(asked->creditor_id))
		return sitting->today;
	sitting->today = OpenOfCreditor(asked, &probe, &runs, 0, BackwardScanDirection) ? DateColumn(&probe, &runs.columns, 0) : NO_DATE;
	CloseProbe(&probe);
	sitting->creditor_id = DatumGetInt64(asked->creditor_id);
	sitting->has_today = true;
	return sitting->today;
}

/* Makes a table of a book. */
static HTAB *
MakeTable(const char *name, Size key, Size entry, MemoryContext memory)
{
	HASHCTL		shape = {.keysize = key,.entrysize = entry,.hcxt = memory};

	return hash_create(name, 64, &shape, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Begins a book anew. */
static void
BeginBook(Book *book, MemoryContext parent, uint64 heard)
{
	MemoryContext old = book->memory;

	book->memory = NULL;
	if (old != NULL)
		MemoryContextDelete(old);
	book->memory = AllocSetContextCreate(parent, "reminder status", ALLOCSET_SMALL_SIZES);
	book->houses = MakeTable("reminder houses", sizeof(int64), sizeof(House), book->memory);
	book->ladders = MakeTable("reminder ladders", 2 * sizeof(int64), sizeof(Ladder), book->memory);
	book->heard = heard;
}

/* Gives the book to read from: the backend's, or where that may keep nothing the statement's own. */
static Book *
OpenBook(const Asked *asked)
{
	uint64		heard = TermsHeard();
	Book	   *own = &asked->sitting->book;

	if (heard == 0)
	{
		if (own->memory == NULL)
			BeginBook(own, GetMemoryChunkContext(asked->sitting), 0);
		return own;
	}
	if (kept.memory == NULL || kept.heard != heard ||
		hash_get_num_entries(kept.houses) >= MAX_KEPT || hash_get_num_entries(kept.ladders) >= MAX_KEPT)
		BeginBook(&kept, CacheMemoryContext, heard);
	return &kept;
}

/* Reads by which calendar a jurisdiction counts, and its own rules. */
static void
ReadJurisdiction(const Asked *asked, Datum jurisdiction, Step *step)
{
	Probe		probe;
	ScanKeyData key;
	CalendarId	id;
	text	   *name;

	OpenShelf(&probe, &jurisdictions, 1, asked->snapshot);
	ScanKeyEntryInitialize(&key, 0, 1, BTEqualStrategyNumber, InvalidOid, C_COLLATION_OID, F_TEXTEQ, jurisdiction);
	index_rescan(probe.scan, &key, 1, NULL, 0);
	if (!NextRow(&probe))
		elog(ERROR, "a creditor's jurisdiction has gone");
	name = DatumGetTextPP(Column(&probe, &jurisdictions.columns, J_CALENDAR).datum);
	if (!CalendarByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &id))
		elog(ERROR, "a jurisdiction's calendar has gone");
	step->calendar = id;
	step->moves_due_date = BoolColumn(&probe, &jurisdictions.columns, J_MOVES_DUE_DATE);
	CloseProbe(&probe);
}

/* Reads the days on which a creditor itself is closed, in ascending order. */
static void
ReadClosedDays(const Asked *asked, Step *step)
{
	Probe		probe;
	bool		found = OpenOfCreditor(asked, &probe, &closed_days, 0, ForwardScanDirection);

	for (; found; found = NextRow(&probe))
	{
		if (step->closed_days == MAX_CLOSED_DAYS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many values: %d, at most %d are allowed", step->closed_days + 1, MAX_CLOSED_DAYS)));
		step->closed[step->closed_days++] = DateColumn(&probe, &closed_days.columns, 0);
	}
	CloseProbe(&probe);
}

/* Reads a creditor. */
static void
ReadHouse(const Asked *asked, House *house)
{
	Step	   *step = palloc0(sizeof(Step));
	Size		size;
	Probe		probe;
	ColumnValue url;
	MemoryContext old;

	if (!OpenOfCreditor(asked, &probe, &creditors, 0, ForwardScanDirection))
		elog(ERROR, "a case's creditor has gone");
	url = Column(&probe, &creditors.columns, C_CASE_URL);
	ReadJurisdiction(asked, Column(&probe, &creditors.columns, C_JURISDICTION).datum, step);
	ReadClosedDays(asked, step);
	old = MemoryContextSwitchTo(asked->book->memory);
	house->url = url.isnull ? (Datum) 0 : PointerGetDatum(DatumGetTextPCopy(url.datum));
	size = offsetof(Step, closed) + step->closed_days * sizeof(int32);
	house->step = memcpy(palloc(size), step, size);
	MemoryContextSwitchTo(old);
	CloseProbe(&probe);
	pfree(step);
}

/* Reads a rule, with its steps in any order. */
static void
ReadLadder(const Asked *asked, Ladder *ladder)
{
	MemoryContext old = MemoryContextSwitchTo(asked->book->memory);
	int			room = 8;
	Probe		probe;
	bool		found = OpenOfCreditor(asked, &probe, &rules, (int32) ladder->rule_no, ForwardScanDirection);

	ladder->waives_deadline = found && BoolColumn(&probe, &rules.columns, 0);
	CloseProbe(&probe);
	ladder->rung = palloc(room * sizeof(Rung));
	found = OpenOfCreditor(asked, &probe, &steps, (int32) ladder->rule_no, ForwardScanDirection);
	for (; found; found = NextRow(&probe))
	{
		ColumnValue rung = Column(&probe, &steps.columns, S_RUNG);

		if (rung.isnull)
			continue;
		if (ladder->nrungs == room)
			ladder->rung = repalloc(ladder->rung, (room *= 2) * sizeof(Rung));
		ladder->rung[ladder->nrungs++] = (Rung) {
			.rung = DatumGetInt16(rung.datum),
				.wait = DatumGetInt32(Column(&probe, &steps.columns, S_WAIT).datum),
				.in_bank_days = ColumnIs(&probe, &steps, S_WAIT_UNIT, "bank_day"),
				.stage = PointerGetDatum(DatumGetTextPCopy(Column(&probe, &steps.columns, S_STAGE).datum))
		};
	}
	CloseProbe(&probe);
	MemoryContextSwitchTo(old);
}

/*
 * Gives the question as it is asked where the book has no answer: what a backend keeps it reads as it is
 * committed now, for a snapshot older than what it has heard would leave behind
 * what is stale already.
 */
static Asked
AskAnew(const Asked *asked)
{
	Asked		anew = *asked;

	anew.snapshot = RegisterSnapshot(asked->book == &kept ? GetLatestSnapshot() : asked->snapshot);
	return anew;
}

/* Gives the creditor of the case. */
static const House *
GetHouse(const Asked *asked)
{
	House		read = {.creditor_id = DatumGetInt64(asked->creditor_id)};
	House	   *house = hash_search(asked->book->houses, &read.creditor_id, HASH_FIND, NULL);
	Asked		anew;

	if (house != NULL)
		return house;
	anew = AskAnew(asked);
	ReadHouse(&anew, &read);
	UnregisterSnapshot(anew.snapshot);
	house = hash_search(asked->book->houses, &read.creditor_id, HASH_ENTER, NULL);
	*house = read;
	return house;
}

/* Gives a rule of the creditor. */
static const Ladder *
GetLadder(const Asked *asked, int32 rule_no)
{
	Ladder		read = {.creditor_id = DatumGetInt64(asked->creditor_id),.rule_no = rule_no};
	Ladder	   *ladder = hash_search(asked->book->ladders, &read.creditor_id, HASH_FIND, NULL);
	Asked		anew;

	if (ladder != NULL)
		return ladder;
	anew = AskAnew(asked);
	ReadLadder(&anew, &read);
	UnregisterSnapshot(anew.snapshot);
	ladder = hash_search(asked->book->ladders, &read.creditor_id, HASH_ENTER, NULL);
	*ladder = read;
	return ladder;
}

/* Answers which step comes next and when, from where the invoice stands. */
static void
AnswerNextStep(Asked *asked, int32 rule_no, int32 passed, Facts *facts)
{
	const Ladder *ladder;
	const Rung *next = NULL;
	Step	   *step;

	/* no rule has this number: the customer is outside automation */
	if (rule_no == 0)
		return;
	ladder = GetLadder(asked, rule_no);
	for (int i = 0; i < ladder->nrungs; i++)
		if (ladder->rung[i].rung > passed && (next == NULL || ladder->rung[i].rung < next->rung))
			next = &ladder->rung[i];
	if (next == NULL)
		return;
	Answer(asked, NEXT_STAGE, PointerGetDatum(DatumGetTextPCopy(next->stage)));
	step = GetHouse(asked)->step;
	step->passed = passed;
	step->wait = next->wait;
	step->wait_in_bank_days = next->in_bank_days;
	step->waives_deadline = ladder->waives_deadline;
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

	OpenShelf(&probe, &allocations, 2, asked->snapshot);
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
	Datum		url = GetHouse(asked)->url;

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

	asked->book = OpenBook(asked);
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
Sitting *
OpenSitting(FunctionCallInfo fcinfo)
{
	if (fcinfo->resultinfo == NULL || !IsA(fcinfo->resultinfo, ReturnSetInfo))
		return palloc0(sizeof(Sitting));
	if (fcinfo->flinfo->fn_extra == NULL)
		fcinfo->flinfo->fn_extra = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Sitting));
	return fcinfo->flinfo->fn_extra;
}

/* Gives the type of a function's rows, which stays the same as long as the function does. */
TupleDesc
KeptRowType(FunctionCallInfo fcinfo, int natts, TupleDesc *kept, Oid *of)
{
	TupleDesc	desc;
	MemoryContext old;

	if (*kept != NULL && *of == fcinfo->flinfo->fn_oid)
		return *kept;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != natts)
		elog(ERROR, "return type must be a row type");
	old = MemoryContextSwitchTo(CacheMemoryContext);
	*kept = BlessTupleDesc(CreateTupleDescCopy(desc));
	/* ours: who is given it does not free it */
	(*kept)->tdrefcount = 1;
	MemoryContextSwitchTo(old);
	*of = fcinfo->flinfo->fn_oid;
	return *kept;
}

/* Gives the only row: in a set at once, for which the executor looks into no type. */
static void
GiveRow(FunctionCallInfo fcinfo, TupleDesc desc, Asked *asked)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old;

	if (info == NULL || !IsA(info, ReturnSetInfo) || (info->allowedModes & SFRM_Materialize) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	old = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	info->setResult = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(old);
	info->returnMode = SFRM_Materialize;
	info->setDesc = desc;
	tuplestore_putvalues(info->setResult, desc, asked->value, asked->isnull);
}

/* Gives what the view case_status shows of a case beside itself and its invoice, to that view alone. */
Datum
reminder_case_now(PG_FUNCTION_ARGS)
{
	static TupleDesc kept_type = NULL;
	static Oid	of = InvalidOid;
	Asked		asked;

	RequireView(fcinfo);
	for (int i = 1; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i))
			PG_RETURN_NULL();
	asked = (Asked) {
		.creditor_id = PG_GETARG_DATUM(1),.invoice_no = PointerGetDatum(PG_GETARG_TEXT_PP(2)),.case_no = PG_GETARG_INT16(3),
			.case_id = PG_GETARG_DATUM(4),.active = PG_GETARG_BOOL(5),.opened_on = PG_GETARG_DATEADT(6),
			.collected_by = PointerGetDatum(PG_GETARG_TEXT_PP(7)),.due_date = PG_GETARG_DATEADT(8),
			.snapshot = GetActiveSnapshot(),.until = DT_NOEND,.sitting = OpenSitting(fcinfo)
	};
	AnswerAll(&asked);
	GiveRow(fcinfo, KeptRowType(fcinfo, ANSWERS, &kept_type, &of), &asked);
	PG_RETURN_NULL();
}
