/*
 * run.c: the run (N1, N6). Decides every invoice whose next step has come
 * due, in chunks that are transactions of their own.
 *
 * A chunk locks the creditor, then some of the invoices that stand due on a
 * rung, in ascending order, and then, under a fresh snapshot, judges them and
 * writes decisions, cases and places in one statement. The decision row,
 * unique per invoice and step, is the claim: whatever happens in between,
 * a step is decided once or not yet.
 *
 * No SET clause and no SECURITY DEFINER on the procedure: PostgreSQL forbids
 * COMMIT under either. It takes the owner's rights by hand, chunk by chunk.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/queryenvironment.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "access.h"
#include "calendar.h"
#include "compat.h"
#include "errors.h"
#include "judge.h"
#include "lock.h"
#include "losses.h"
#include "owner.h"
#include "plans.h"
#include "try.h"
#include "words.h"

PG_FUNCTION_INFO_V1(reminder_run);
PG_FUNCTION_INFO_V1(reminder_run_at);
PG_FUNCTION_INFO_V1(reminder_take_by_hand);

#define CHUNK_SIZE 10000
#define WINDOW_SIZE 250000
#define DEADLOCK_TRIES 5
#define NOTICE_SECONDS 5
#define JUDGMENT_KB 32768		/* a chunk's judgment stays in memory */

/* A rung of a rule's ladder, and the latest base date that can be due there. */
typedef struct Rung
{
	int32		rule_no;
	int32		passed;
	DateADT		latest_base;
	char	   *stage;
	int32		rung;			/* the step's */
	bool		together;		/* a customer gets one letter of it: its invoices are decided in one chunk */
} Rung;

typedef struct Run
{
	bool		atomic;			/* all in the caller's transaction */
	bool		by_hand;		/* no run: nothing is counted */
	int64		creditor_id;
	DateADT		as_of;
	int			nrungs;
	Rung	   *rungs;
	int64		due;
	int64		done;
	int64		waiting;		/* how many were left due; more than that if some were tried again */
	EphemeralNamedRelation judgment;	/* what the statements of a run call by this name */
	TimestampTz started_at;
	TimestampTz noticed_at;
	MemoryContext memory;		/* outlives the chunks' transactions */
} Run;

/*
 * The invoices that stand due on one rung, ascending: a window of them at a
 * time. Where letters are put together, by their customers.
 */
typedef struct Window
{
	const Rung *rung;
	int			n;
	int			next;			/* from here on they are to be decided */
	Datum	   *invoice_no;
	ItemPointerData *place;		/* of their rows in position */
	Datum	   *customer_no;	/* where letters are put together; else NULL */
	bool		full;			/* there may be more */
	char		last[65];		/* the window ends with it */
	char		last_customer[65];
	MemoryContext memory;
} Window;

/* Ends the transaction of a chunk and begins the next one, READ COMMITTED whatever the default. */
static void
NextTransaction(const Run *run)
{
	if (run->atomic)
		return;
	SPI_commit();
	SPI_start_transaction();
	/* no snapshot is taken yet: this is SET TRANSACTION ISOLATION LEVEL */
	XactIsoLevel = XACT_READ_COMMITTED;
}

/* Takes the owner's rights for a chunk, its plans pinned to the indexes. */
static void
EnterChunk(OwnerScope *scope)
{
	static const char *const off[] = {"enable_seqscan", "enable_hashjoin", "enable_mergejoin", "jit"};

	EnterOwner(scope, ReminderOwner());
	for (int i = 0; i < (int) lengthof(off); i++)
		SwitchOff(off[i]);
}

/* Refuses a moment left out. */
static void
CheckGiven(FunctionCallInfo fcinfo, const char *argument)
{
	if (PG_ARGISNULL(0))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("%s must not be null", argument),
				 errhint("Dates are arguments, never the clock: say which day it is.")));
}

/* Refuses a business date that no column of ours could hold. */
static DateADT
CheckAsOf(DateADT as_of)
{
	if (as_of < FIRST_DATE || as_of > LAST_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("as_of is out of range: \"%s\"",
						DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(as_of)))),
				 errhint("Dates are from 1990-01-01 to 2200-12-31.")));
	return as_of;
}

/*
 * Tells whether the run is part of the caller's transaction. In a block it
 * is, and says so; from a function it cannot be what was meant.
 */
static bool
CheckAtomic(FunctionCallInfo fcinfo)
{
	bool		atomic = !(fcinfo->context && IsA(fcinfo->context, CallContext) &&
						   !castNode(CallContext, fcinfo->context)->atomic);

	if (atomic && !IsTransactionBlock())
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_TRANSACTION_TERMINATION),
				 errmsg("reminder.run cannot commit its chunks inside a function"),
				 errhint("CALL reminder.run at top level.")));
	if (atomic)
		ereport(NOTICE,
				(errmsg("the run is one transaction, because it was called in a transaction block"),
				 errhint("CALL it outside a block to have it commit in chunks.")));
	return atomic;
}

/* Gives a column of the first row a statement gave. */
static int64
FirstNumber(void)
{
	bool		isnull;
	Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);

	return isnull ? 0 : DatumGetInt64(value);
}

/*
 * Locks the creditor for the chunk: two runs take turns, and nothing of its
 * rules changes under the chunk. FOR NO KEY UPDATE leaves foreign keys alone.
 */
static void
LockCreditor(const Run *run)
{
	static Statement lock = {
		.sql = "SELECT FROM reminder.creditor WHERE creditor_id = $1 FOR NO KEY UPDATE",
		.nargs = 1,.argtypes = {INT8OID}
	};
	static Statement later = {
		.sql = "SELECT to_char(max(as_of), 'YYYY-MM-DD') FROM reminder.run_log WHERE creditor_id = $1 AND as_of > $2",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	Datum		values[2] = {Int64GetDatum(run->creditor_id), DateADTGetDatum(run->as_of)};
	char	   *last;

	ExecuteFresh(&lock, values, NULL, SPI_OK_SELECT);
	ExecuteFresh(&later, values, NULL, SPI_OK_SELECT);
	last = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
	if (last != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_RUN_ORDER),
				 errmsg("creditor %lld has had a later run", (long long) run->creditor_id),
				 errdetail("Its latest run was for %s.", last),
				 errhint("Run for that date or a later one; days missed are not made up backdated.")));
}

/*
 * Reads the rungs where something may be due, and how much, by the index
 * alone; highest first, so that no invoice is met twice. Where letters are
 * put together, the rungs from which the same step is the next are one.
 */
static void
ReadRungs(Run *run)
{
	static Statement read = {
		.sql = "SELECT t.rule_no, max(t.passed), max(t.latest_base), min(t.stage), sum(d.due)::bigint, t.rung, t.together_from IS NOT NULL"
		" FROM reminder._terms($1, $2) t"
		" CROSS JOIN LATERAL (SELECT count(*) AS due FROM reminder.position p WHERE p.creditor_id = $1"
		"  AND p.rule_no = t.rule_no AND p.passed = t.passed AND p.base_date <= t.latest_base) d"
		" WHERE d.due > 0 GROUP BY t.rule_no, t.rung, t.together_from, CASE WHEN t.together_from IS NULL THEN t.passed END ORDER BY 2 DESC, 1",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	Datum		values[2] = {Int64GetDatum(run->creditor_id), DateADTGetDatum(run->as_of)};
	uint64		n = ExecuteFresh(&read, values, NULL, SPI_OK_SELECT);
	bool		isnull;

	run->nrungs = (int) n;
	run->rungs = MemoryContextAllocZero(run->memory, Max(n, 1) * sizeof(Rung));
	for (uint64 i = 0; i < n; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;

		run->rungs[i].rule_no = DatumGetInt32(SPI_getbinval(row, desc, 1, &isnull));
		run->rungs[i].passed = DatumGetInt32(SPI_getbinval(row, desc, 2, &isnull));
		run->rungs[i].latest_base = DatumGetDateADT(SPI_getbinval(row, desc, 3, &isnull));
		run->rungs[i].stage = MemoryContextStrdup(run->memory, SPI_getvalue(row, desc, 4));
		run->due += DatumGetInt64(SPI_getbinval(row, desc, 5, &isnull));
		run->rungs[i].rung = DatumGetInt32(SPI_getbinval(row, desc, 6, &isnull));
		run->rungs[i].together = DatumGetBool(SPI_getbinval(row, desc, 7, &isnull));
	}
}

/*
 * Begins the creditor's run: false if its automation is off, or not on yet.
 * Such a run leaves no trace, and so is no run whose steps were missed (R9).
 */
static bool
BeginRun(Run *run)
{
	static Statement begin = {
		.sql = "WITH begun AS (INSERT INTO reminder.run_log (creditor_id, as_of, due) SELECT c.creditor_id, $2, 0 FROM reminder.creditor c"
		"  WHERE c.creditor_id = $1 AND c.automation AND coalesce(c.automation_from <= $2, true) ON CONFLICT DO NOTHING)"
		" SELECT count(*) FROM reminder.creditor c WHERE c.creditor_id = $1 AND c.automation AND coalesce(c.automation_from <= $2, true)",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	static Statement due = {
		.sql = "UPDATE reminder.run_log SET due = done + $3 WHERE creditor_id = $1 AND as_of = $2",
		.nargs = 3,.argtypes = {INT8OID, DATEOID, INT8OID}
	};
	Datum		values[3] = {Int64GetDatum(run->creditor_id), DateADTGetDatum(run->as_of)};
	OwnerScope	scope;
	bool		automated;

	EnterChunk(&scope);
	LockCreditor(run);
	ExecuteFresh(&begin, values, NULL, SPI_OK_SELECT);
	automated = FirstNumber() > 0;
	if (automated)
	{
		EndPromises(run->creditor_id, run->as_of);
		ReadRungs(run);
		values[2] = Int64GetDatum(run->due);
		ExecuteFresh(&due, values, NULL, SPI_OK_UPDATE);
	}
	LeaveOwner(&scope);
	NextTransaction(run);
	return automated;
}

/* Gives the texts of an array, in the memory that is current. */
static Datum *
TextsOf(Datum array, int *n)
{
	Datum	   *value;

	deconstruct_array(DatumGetArrayTypePCopy(array), TEXTOID, -1, false, TYPALIGN_INT, &value, NULL, n);
	return value;
}

/* Ends a window where its last customer's invoices begin, of which there may be more; unless it has no other. */
static void
LeaveLastCustomer(Window *window)
{
	int			n = window->n;

	while (n > 1 && SameText(window->customer_no[n - 2], window->customer_no[n - 1]))
		n--;
	if (n > 1)
		window->n = n - 1;
}

/*
 * Reads the next window of the invoices that stand due on a rung; false if
 * there are no more. In the order of their numbers, which is that in which
 * they are locked and for the most part that in which they lie. Where letters
 * are put together in that of their customers, so that a chunk has all of one.
 */
static bool
ReadWindow(const Run *run, Window *window)
{
	static Statement read = {
		/* OFFSET 0: the ladder's index finds them, whatever the order asked for */
		.sql = "SELECT array_agg(x.invoice_no), array_agg(x.ctid) FROM (SELECT d.invoice_no, d.ctid"
		"  FROM (SELECT p.invoice_no, p.ctid FROM reminder.position p"
		"   WHERE p.creditor_id = $1 AND p.rule_no = $2 AND p.passed = $3 AND p.base_date <= $4 OFFSET 0) d"
		"  WHERE d.invoice_no > $5 ORDER BY d.invoice_no LIMIT $6) x",
		.nargs = 6,.argtypes = {INT8OID, INT4OID, INT4OID, DATEOID, TEXTOID, INT4OID}
	};
	static Statement read_together = {
		.sql = "SELECT array_agg(x.invoice_no), array_agg(x.ctid), array_agg(x.customer_no) FROM (SELECT d.invoice_no, d.ctid, i.customer_no"
		"  FROM (SELECT p.invoice_no, p.ctid FROM reminder._terms($1, $4) t"
		"   CROSS JOIN LATERAL (SELECT p.invoice_no, p.ctid FROM reminder.position p"
		"    WHERE p.creditor_id = $1 AND p.rule_no = t.rule_no AND p.passed = t.passed AND p.base_date <= t.latest_base OFFSET 0) p"
		"   WHERE t.rule_no = $2 AND t.rung = $3 ORDER BY p.invoice_no) d"
		"  CROSS JOIN LATERAL (SELECT i.customer_no FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = d.invoice_no OFFSET 0) i"
		"  WHERE (i.customer_no, d.invoice_no) > ($7, $5) ORDER BY i.customer_no, d.invoice_no LIMIT $6) x",
		.nargs = 7,.argtypes = {INT8OID, INT4OID, INT4OID, DATEOID, TEXTOID, INT4OID, TEXTOID}
	};
	const Rung *rung = window->rung;
	Datum		values[7] = {
		Int64GetDatum(run->creditor_id), Int32GetDatum(rung->rule_no), Int32GetDatum(rung->together ? rung->rung : rung->passed),
		DateADTGetDatum(rung->together ? run->as_of : rung->latest_base), CStringGetTextDatum(window->last), Int32GetDatum(WINDOW_SIZE),
		CStringGetTextDatum(window->last_customer)
	};
	MemoryContext old;
	HeapTuple	row;
	TupleDesc	desc;
	Datum		found;
	Datum	   *place;
	bool		isnull;

	MemoryContextReset(window->memory);
	ExecuteFresh(rung->together ? &read_together : &read, values, NULL, SPI_OK_SELECT);
	row = SPI_tuptable->vals[0];
	desc = SPI_tuptable->tupdesc;
	window->n = window->next = 0;
	window->full = false;
	found = SPI_getbinval(row, desc, 1, &isnull);
	if (isnull)
		return false;
	old = MemoryContextSwitchTo(window->memory);
	window->invoice_no = TextsOf(found, &window->n);
	window->place = palloc(window->n * sizeof(ItemPointerData));
	deconstruct_array(DatumGetArrayTypeP(SPI_getbinval(row, desc, 2, &isnull)),
					  TIDOID, sizeof(ItemPointerData), false, TYPALIGN_SHORT, &place, NULL, &window->n);
	for (int i = 0; i < window->n; i++)
		window->place[i] = *(ItemPointer) DatumGetPointer(place[i]);
	pfree(place);
	if (rung->together)
		window->customer_no = TextsOf(SPI_getbinval(row, desc, 3, &isnull), &window->n);
	MemoryContextSwitchTo(old);
	window->full = window->n == WINDOW_SIZE;
	if (rung->together && window->full)
		LeaveLastCustomer(window);
	text_to_cstring_buffer(DatumGetTextPP(window->invoice_no[window->n - 1]), window->last, sizeof(window->last));
	if (rung->together)
		text_to_cstring_buffer(DatumGetTextPP(window->customer_no[window->n - 1]), window->last_customer, sizeof(window->last_customer));
	return true;
}

/* Moves the places of a judgment up the ladder. */
#define MOVE(found_by) \
	"UPDATE reminder.position p SET" \
	"   passed = CASE WHEN j.outcome = 'waits' THEN p.passed WHEN j.reason IN ('credit_note', 'interest_invoice', 'factored') THEN 99 ELSE j.rung END," \
	"   base_date = CASE j.outcome WHEN 'waits' THEN p.base_date WHEN 'sent' THEN j.deadline ELSE $2 END," \
	"   letter_date = CASE j.outcome WHEN 'waits' THEN p.letter_date WHEN 'skipped' THEN j.step_date ELSE $2 END," \
	"   charged = coalesce(j.charged_nth, p.charged)," \
	"   waiting_for = CASE j.outcome WHEN 'waits' THEN j.reason END" \
	"  FROM (SELECT $1 AS creditor_id, j.* FROM judgment j WHERE j.outcome <> 'waits' OR j.waiting_for IS DISTINCT FROM j.reason OFFSET 0) j" \
	"  WHERE " found_by

/* Gives the numbers of a docket's invoices as an array. */
static Datum
InvoiceNumbers(const Docket *docket)
{
	Datum	   *invoice_no = palloc(docket->n * sizeof(Datum));

	memcpy(invoice_no, docket->invoice_no, docket->n * sizeof(Datum));
	return PointerGetDatum(construct_array(invoice_no, docket->n, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * Writes what follows from a judgment: decisions (the letters among them),
 * cases opened or advanced, places on the ladder, the run's counts, and where
 * senders find the letters: sorting them out is for the first who claims some.
 *
 * Where the planner thinks a creditor has few rows it would read them all for
 * each invoice: hence j.creditor_id and not $1. OFFSET 0 has the rows written
 * in the order of the judgment, which is ascending, as a moved customer's
 * places are taken: or they deadlock.
 */
static void
WriteDecisions(const Run *run, const Rung *rung, const Docket *docket, const Judgment *judgment, Snapshot snapshot)
{
	static Statement write = {
		.sql =
		"WITH decided AS (INSERT INTO reminder.decision (creditor_id, invoice_no, rung, stage, outcome, reason, as_of, step_date,"
		"   rule_no, rule_version, case_no, customer_no, collected_by, due_date, amount, currency, principal, fee, fee_cap, fee_of_rule,"
		"   charged_nth, charged_cap, fees, fees_settled, compensation, fees_at_least, interest, interest_settled, interest_until, deadline, channel, reference, status)"
		"  SELECT $1, j.invoice_no, j.rung, j.stage, j.outcome, j.reason, $2, j.step_date,"
		"   $3, j.rule_version, j.case_no, j.customer_no, j.collected_by, j.due_date, j.amount, j.currency, j.principal, j.fee, j.fee_cap, j.fee_of_rule,"
		"   j.charged_nth, j.charged_cap, j.fees, j.fees_settled, j.compensation, j.fees_at_least, j.interest, j.interest_settled, j.interest_until, j.deadline, CASE WHEN j.outcome = 'sent' THEN j.channel END, j.reference, CASE WHEN j.outcome = 'sent' THEN 'queued' END"
		"  FROM judgment j WHERE j.outcome <> 'waits'),"
		" opened AS (INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, case_id, state, collected_by, rule_no, opened_on, state_on, fees, compensation, interest)"
		"  SELECT $1, j.invoice_no, j.case_no, reminder._random_uuid(), j.stage, j.collected_by, $3, $2, $2, j.fees, j.compensation, j.interest FROM judgment j WHERE j.opens),"
		" advanced AS (UPDATE reminder.collection_case k SET state = j.stage, state_on = $2, collected_by = j.collected_by, rule_no = $3,"
		"   fees = j.fees, compensation = j.compensation, interest = j.interest"
		"  FROM (SELECT $1 AS creditor_id, j.* FROM judgment j WHERE NOT j.opens OFFSET 0) j"
		"  WHERE k.creditor_id = j.creditor_id AND k.invoice_no = j.invoice_no AND k.case_no = j.case_no),"
		" moved AS (" MOVE("p.ctid = j.place") " RETURNING 1),"
		" batched AS (INSERT INTO reminder.letter_batch AS b (creditor_id, as_of, first_no, invoice_nos)"
		"  SELECT $1, $2, $5[1], $5 WHERE EXISTS (SELECT FROM judgment j WHERE j.outcome = 'sent')"
		"  ON CONFLICT (creditor_id, channel, as_of, rung, first_no) DO UPDATE SET invoice_nos = b.invoice_nos || excluded.invoice_nos"
		"  RETURNING pg_notify('reminder_letters', creditor_id::text)),"
		" counted AS (INSERT INTO reminder.run_count AS c (creditor_id, as_of, stage, outcome, reason, currency, invoices, principal, fee)"
		"  SELECT $1, $2, j.stage, j.outcome, coalesce(j.reason, ''), j.currency, count(*), sum(j.principal), coalesce(sum(j.fee), 0)"
		"  FROM judgment j WHERE j.outcome <> 'waits' AND $4 GROUP BY j.stage, j.outcome, j.reason, j.currency"
		"  ON CONFLICT (creditor_id, as_of, stage, outcome, reason, currency) DO UPDATE"
		"  SET invoices = c.invoices + excluded.invoices, principal = c.principal + excluded.principal, fee = c.fee + excluded.fee)"
		" SELECT count(*), (SELECT count(*) FROM batched) FROM moved",
		.nargs = 5,.argtypes = {INT8OID, DATEOID, INT4OID, BOOLOID, TEXTARRAYOID}
	};

	/* what came out the same is written over */
	static Statement move_by_number = {
		.sql = MOVE("p.creditor_id = j.creditor_id AND p.invoice_no = j.invoice_no AND $3 IS NOT NULL"),
		.nargs = 3,.argtypes = {INT8OID, DATEOID, INT4OID}
	};
	/* lines of letters for several invoices, which most rules have none of */
	static Statement write_lines = {
		.sql = "INSERT INTO reminder.letter_line (creditor_id, invoice_no, rung, customer_no, as_of, letter_of, letter_nth)"
		" SELECT $1, j.invoice_no, j.rung, j.customer_no, $2, j.letter_of, x.nth FROM judgment j"
		" CROSS JOIN LATERAL (SELECT 1 + coalesce(max(d.taken_back), 0) AS nth FROM reminder.decision d"
		"  WHERE d.creditor_id = $1 AND d.invoice_no = j.letter_of AND d.rung = j.rung) x"
		" WHERE j.letter_of IS NOT NULL",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};

	Datum		values[5] = {
		Int64GetDatum(run->creditor_id), DateADTGetDatum(run->as_of), Int32GetDatum(rung->rule_no), BoolGetDatum(!run->by_hand),
		InvoiceNumbers(docket)
	};

	ExecuteSnapshot(&write, values, NULL, snapshot, SPI_OK_SELECT);
	/* one of them was moved to another rule meanwhile, and so to another row */
	if (FirstNumber() < judgment->moves)
		ExecuteFresh(&move_by_number, values, NULL, SPI_OK_UPDATE);
	if (judgment->lines > 0)
		ExecuteSnapshot(&write_lines, values, NULL, snapshot, SPI_OK_INSERT);
}

/* An invoice of a window. */
typedef struct Standing
{
	Datum		invoice_no;
	ItemPointerData place;		/* of its row in position */
} Standing;

/* Puts invoices in the order of their numbers. */
static int
CompareStandings(const void *left, const void *right)
{
	return CompareTexts(DatumGetTextPP(((const Standing *) left)->invoice_no), DatumGetTextPP(((const Standing *) right)->invoice_no));
}

/* Puts the invoices [from, to) of a window, which has them by their customers, in the order in which they are locked. */
static void
SortByNumber(const Window *window, int from, int to, Datum *invoice_no, ItemPointerData *place)
{
	Standing   *standing = palloc((to - from) * sizeof(Standing));

	for (int i = from; i < to; i++)
		standing[i - from] = (Standing)
	{
		window->invoice_no[i], window->place[i]
	};
	qsort(standing, to - from, sizeof(Standing), CompareStandings);
	for (int i = 0; i < to - from; i++)
	{
		invoice_no[i] = standing[i].invoice_no;
		place[i] = standing[i].place;
	}
	pfree(standing);
}

/*
 * Locks the invoices [from, to) of a window: from here on nobody books, pays
 * or withdraws under us. Then judges them by what is committed now, and
 * writes what follows.
 */
static void
DecideInvoices(Run *run, const Window *window, int from, int to)
{
	const Rung *rung = window->rung;
	ItemPointerData *place = palloc((to - from) * sizeof(ItemPointerData));
	Datum	   *customer_no = palloc((to - from) * sizeof(Datum));
	Docket		docket = {
		.creditor_id = run->creditor_id,.as_of = run->as_of,.rule_no = rung->rule_no,.passed = rung->passed,
		.n = to - from,.invoice_no = window->invoice_no + from,.place = place,
		.customer_no = customer_no,.position_place = window->place + from
	};
	Judgment	judgment = {.desc = run->judgment->md.tupdesc};
	Snapshot	snapshot;

	if (rung->together)
	{
		Datum	   *invoice_no = palloc(docket.n * sizeof(Datum));
		ItemPointerData *position_place = palloc(docket.n * sizeof(ItemPointerData));

		SortByNumber(window, from, to, invoice_no, position_place);
		docket.invoice_no = invoice_no;
		docket.position_place = position_place;
	}
	LockInvoices(Int64GetDatum(run->creditor_id), docket.invoice_no, docket.n, place, customer_no);
	AwaitBookings(run->creditor_id);
	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	PushActiveSnapshot(snapshot);
	judgment.rows = tuplestore_begin_heap(false, false, JUDGMENT_KB);
	Judge(&docket, snapshot, true, &judgment);
	PopActiveSnapshot();
	run->judgment->reldata = judgment.rows;
	run->judgment->md.enrtuples = judgment.count;
	run->waiting += judgment.waiting;
	WriteDecisions(run, rung, &docket, &judgment, snapshot);
	tuplestore_end(judgment.rows);
	UnregisterSnapshot(snapshot);
}

/* Records an invoice that could not be decided; the run goes on without it. */
static void
RecordException(const Run *run, const Window *window, int at, const ErrorData *error)
{
	static Statement record = {
		.sql = "INSERT INTO reminder.run_exception (creditor_id, invoice_no, as_of, stage, sqlstate, message, detail)"
		" VALUES ($1, $2, $3, $4, $5, left($6, 1000), left($7, 1000)) ON CONFLICT DO NOTHING",
		.nargs = 7,.argtypes = {INT8OID, TEXTOID, DATEOID, TEXTOID, TEXTOID, TEXTOID, TEXTOID}
	};
	Datum		values[7] = {
		Int64GetDatum(run->creditor_id), window->invoice_no[at], DateADTGetDatum(run->as_of),
		CStringGetTextDatum(window->rung->stage), CStringGetTextDatum(unpack_sql_state(error->sqlerrcode)),
		CStringGetTextDatum(error->message), CStringGetTextDatum(error->detail ? error->detail : "")
	};
	OwnerScope	scope;

	EnterChunk(&scope);
	ExecuteFresh(&record, values, NULL, SPI_OK_INSERT);
	LeaveOwner(&scope);
}

/* Tells whether an error is about the whole run rather than about one invoice. */
static bool
EndsTheRun(int sqlstate)
{
	return ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_OPERATOR_INTERVENTION ||
		ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_INSUFFICIENT_RESOURCES ||
		ERRCODE_TO_CATEGORY(sqlstate) == ERRCODE_SYSTEM_ERROR ||
		sqlstate == ERRCODE_READ_ONLY_SQL_TRANSACTION ||
		sqlstate == ERRCODE_T_R_SERIALIZATION_FAILURE;
}

/*
 * Has constraints that an application deferred to the commit looked at now,
 * while it is known whose trouble they are. Not in the caller's transaction:
 * when his own are looked at is his to say.
 */
static void
CheckConstraints(const Run *run)
{
	static Statement check = {.sql = "SET CONSTRAINTS ALL IMMEDIATE"};

	if (!run->atomic)
		ExecuteFresh(&check, NULL, NULL, SPI_OK_UTILITY);
}

/* Invoices of a window, for Try(). */
typedef struct Part
{
	Run		   *run;
	const Window *window;
	int			from;
	int			to;
} Part;

/* Decides them. */
static void
DecidePart(void *arg)
{
	const Part *part = arg;
	OwnerScope	scope;

	EnterChunk(&scope);
	DecideInvoices(part->run, part->window, part->from, part->to);
	CheckConstraints(part->run);
	LeaveOwner(&scope);
}

/*
 * Decides the invoices [from, to) of a window, or, only to see whether that
 * goes, takes it all back. NULL, or what is wrong with them; trouble that is
 * not theirs ends the run.
 */
static ErrorData *
DecideOrTell(Run *run, const Window *window, int from, int to, bool keep)
{
	Part		part = {.run = run,.window = window,.from = from,.to = to};
	ErrorData  *error = NULL;

	for (int tries = 0; tries < DEADLOCK_TRIES; tries++)
	{
		CHECK_FOR_INTERRUPTS();
		error = Try(DecidePart, &part, keep);
		if (error == NULL)
			return NULL;
		if (error->sqlerrcode != ERRCODE_T_R_DEADLOCK_DETECTED)
			break;
	}
	if (EndsTheRun(error->sqlerrcode) || error->sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED)
		ReThrowError(error);

	/* a foreign key looks with the caller's snapshot, which is older than the invoice */
	if (IsolationUsesXactSnapshot() && error->sqlerrcode == ERRCODE_FOREIGN_KEY_VIOLATION)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update"),
				 errhint("CALL reminder.run outside a transaction block.")));
	return error;
}

/* Gives where to halve a range: between customers where letters are put together, or its beginning if there is but one. */
static int
Middle(const Window *window, int from, int to)
{
	int			middle = from + (to - from) / 2;
	int			i;

	if (!window->rung->together)
		return middle;
	for (i = middle; i < to; i++)
		if (!SameText(window->customer_no[i - 1], window->customer_no[i]))
			return i;
	for (i = middle - 1; i > from; i--)
		if (!SameText(window->customer_no[i - 1], window->customer_no[i]))
			return i;
	return from;
}

/*
 * Decides the invoices [from, to) of one customer, whose letters are put
 * together, without those that cannot be decided: each is tried alone first,
 * so that the others still get one letter.
 */
static void
DecideWithout(Run *run, Window *window, int from, int to, ErrorData *error)
{
	int			kept = from;

	for (int i = from; i < to; i++)
	{
		ErrorData  *own = DecideOrTell(run, window, i, i + 1, false);
		Datum		invoice_no = window->invoice_no[i];
		ItemPointerData place = window->place[i];

		if (own != NULL)
		{
			RecordException(run, window, i, own);
			continue;
		}
		window->invoice_no[i] = window->invoice_no[kept];
		window->place[i] = window->place[kept];
		window->invoice_no[kept] = invoice_no;
		window->place[kept++] = place;
	}
	if (kept == from || (kept < to && (error = DecideOrTell(run, window, from, kept, true)) == NULL))
		return;
	for (int i = from; i < kept; i++)
		RecordException(run, window, i, error);
}

/*
 * Decides the invoices [from, to) of a window. Trouble with one of them must
 * not stop the others: the half without it goes through whole, and the other
 * is halved again until the one is alone.
 */
static void
DecideRange(Run *run, Window *window, int from, int to)
{
	ErrorData  *error;
	int			middle;

	check_stack_depth();
	error = DecideOrTell(run, window, from, to, true);
	if (error == NULL)
		return;
	if (to - from == 1)
	{
		RecordException(run, window, from, error);
		return;
	}
	middle = Middle(window, from, to);
	if (middle == from)
		DecideWithout(run, window, from, to, error);
	else
	{
		DecideRange(run, window, from, middle);
		DecideRange(run, window, middle, to);
	}
}

/* Notes in the run's row how far it is, for others to watch. */
static void
NoteProgress(Run *run, int n)
{
	static Statement note = {
		.sql = "UPDATE reminder.run_log SET done = done + $3, seconds = extract(epoch FROM clock_timestamp() - started_at), ended_at = NULL"
		" WHERE creditor_id = $1 AND as_of = $2",
		.nargs = 3,.argtypes = {INT8OID, DATEOID, INT8OID}
	};
	Datum		values[3] = {Int64GetDatum(run->creditor_id), DateADTGetDatum(run->as_of), Int64GetDatum(n)};

	ExecuteFresh(&note, values, NULL, SPI_OK_UPDATE);
	run->done += n;
}

/* Tells the caller of a long run, now and then, how far it is. */
static void
TellProgress(Run *run)
{
	TimestampTz now = GetCurrentTimestamp();
	double		seconds = (now - run->started_at) / 1000000.0;
	double		speed = run->done / Max(seconds, 0.001);

	if (!TimestampDifferenceExceeds(run->noticed_at, now, NOTICE_SECONDS * 1000))
		return;
	run->noticed_at = now;
	ereport(NOTICE,
			(errmsg("run for creditor %lld: %lld of %lld invoices, %.0f a second, %.0f s left",
					(long long) run->creditor_id, (long long) run->done, (long long) run->due, speed, Max(run->due - run->done, 0) / Max(speed, 0.001))));
}

/* Decides the next chunk of a rung and commits; false if there was none. */
static bool
RunChunk(Run *run, Window *window)
{
	OwnerScope	scope;
	MemoryContext memory = AllocSetContextCreate(run->memory, "reminder chunk", ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	bool		found;

	EnterChunk(&scope);
	LockCreditor(run);
	found = window->next < window->n || ReadWindow(run, window);
	LeaveOwner(&scope);
	if (found)
	{
		int			from = window->next;

		window->next = Min(window->n, from + CHUNK_SIZE);
		while (window->rung->together && window->next < window->n &&
			   SameText(window->customer_no[window->next - 1], window->customer_no[window->next]))
			window->next++;
		DecideRange(run, window, from, window->next);
		EnterChunk(&scope);
		NoteProgress(run, window->next - from);
		LeaveOwner(&scope);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(memory);
	NextTransaction(run);
	TellProgress(run);
	return found && (window->next < window->n || window->full);
}

/* Counts what is left due and why, and ends the run's row: done is what the date decided, left due or could not decide. */
static void
EndRun(const Run *run)
{
	static Statement forget = {
		.sql = "DELETE FROM reminder.run_count WHERE creditor_id = $1 AND as_of = $2 AND outcome = 'waits'",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	static Statement waits = {
		.sql = "INSERT INTO reminder.run_count (creditor_id, as_of, stage, outcome, reason, currency, invoices, principal, fee)"
		" SELECT $1, $2, t.stage, 'waits', p.waiting_for, i.currency, count(*), sum(i.open_amount), 0"
		" FROM reminder._terms($1, $2) t"
		" CROSS JOIN LATERAL (SELECT p.invoice_no, p.waiting_for FROM reminder.position p WHERE p.creditor_id = $1"
		"  AND p.rule_no = t.rule_no AND p.passed = t.passed AND p.base_date <= t.latest_base AND p.waiting_for IS NOT NULL OFFSET 0) p"
		" CROSS JOIN LATERAL (SELECT i.currency, i.open_amount FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = p.invoice_no OFFSET 0) i"
		" GROUP BY t.stage, p.waiting_for, i.currency",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	static Statement end = {
		.sql = "UPDATE reminder.run_log r SET ended_at = clock_timestamp(), seconds = extract(epoch FROM clock_timestamp() - r.started_at),"
		"   due = x.counted + x.undecided, done = x.counted + x.undecided"
		" FROM (SELECT"
		"   (SELECT coalesce(sum(c.invoices), 0) FROM reminder.run_count c WHERE c.creditor_id = $1 AND c.as_of = $2) AS counted,"
		"   (SELECT count(DISTINCT e.invoice_no) FROM reminder.run_exception e WHERE e.creditor_id = $1 AND e.as_of = $2"
		"     AND NOT EXISTS (SELECT FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = e.invoice_no AND d.as_of = $2)) AS undecided) x"
		" WHERE r.creditor_id = $1 AND r.as_of = $2 AND r.ended_at IS NULL",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	Datum		values[2] = {Int64GetDatum(run->creditor_id), DateADTGetDatum(run->as_of)};
	OwnerScope	scope;

	EnterChunk(&scope);
	LockCreditor(run);
	/* OFFSET 0 keeps a plan made for a small book from reading all of a large one */
	if (ExecuteFresh(&forget, values, NULL, SPI_OK_DELETE) > 0 || run->waiting > 0)
		ExecuteFresh(&waits, values, NULL, SPI_OK_INSERT);
	ExecuteFresh(&end, values, NULL, SPI_OK_UPDATE);
	LeaveOwner(&scope);
	NextTransaction(run);
}

/* Runs one creditor. */
static void
RunCreditor(Run *run)
{
	run->started_at = run->noticed_at = GetCurrentTimestamp();
	run->due = run->done = run->waiting = 0;
	if (!BeginRun(run))
		return;
	for (int i = 0; i < run->nrungs; i++)
	{
		Window		window = {.rung = &run->rungs[i]};

		window.memory = AllocSetContextCreate(run->memory, "reminder window", ALLOCSET_DEFAULT_SIZES);
		while (RunChunk(run, &window))
			CHECK_FOR_INTERRUPTS();
		MemoryContextDelete(window.memory);
	}
	EndRun(run);
}

/* A creditor to run, and for which date. */
typedef struct Errand
{
	int64		creditor_id;
	DateADT		as_of;
	bool		late;			/* it has had a later run */
} Errand;

/*
 * Gives the creditors to run, ascending: the one named, or all that the caller
 * sees; for the date given, or each for its own at a moment. Raises 22R04 for
 * an unknown one, or one that is not the caller's.
 */
static Errand *
ReadErrands(FunctionCallInfo fcinfo, bool at, MemoryContext memory, int *n)
{
	static Statement read = {
		.sql = "SELECT c.creditor_id, d.as_of, d.as_of < (SELECT max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = c.creditor_id)"
		" FROM reminder.creditor c CROSS JOIN LATERAL (SELECT coalesce($2, ($3 AT TIME ZONE c.time_zone)::date) AS as_of) d"
		" WHERE $1 IS NULL OR c.creditor_id = $1 ORDER BY c.creditor_id",
		.nargs = 3,.argtypes = {INT8OID, DATEOID, TIMESTAMPTZOID}
	};
	Datum		values[3] = {PG_GETARG_DATUM(1), PG_GETARG_DATUM(0), PG_GETARG_DATUM(0)};
	char		nulls[] = {PG_ARGISNULL(1) ? 'n' : ' ', at ? 'n' : ' ', at ? ' ' : 'n', '\0'};
	Oid			caller = GetUserId();
	OwnerScope	scope;
	Errand	   *errands;
	int			seen = 0;
	bool		isnull;

	if (!PG_ARGISNULL(1) && !SeesAll(caller))
		RequireCreditor(caller, PG_GETARG_INT64(1));
	EnterOwner(&scope, ReminderOwner());
	*n = (int) ExecuteFresh(&read, values, nulls, SPI_OK_SELECT);
	LeaveOwner(&scope);
	if (*n == 0 && !PG_ARGISNULL(1))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("creditor %lld is unknown or not yours", (long long) PG_GETARG_INT64(1)),
				 errhint("SELECT creditor_id, name FROM reminder.creditor; lists the creditors there are.")));
	errands = MemoryContextAllocZero(memory, Max(*n, 1) * sizeof(Errand));
	for (int i = 0; i < *n; i++)
	{
		errands[seen].creditor_id = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		errands[seen].as_of = DatumGetDateADT(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
		errands[seen].late = DatumGetBool(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 3, &isnull)) && !isnull;
		seen += SeesWhole(caller, errands[seen].creditor_id);
	}
	*n = seen;
	return errands;
}

/* Makes the name under which the run's statements read what was judged; its rows come chunk by chunk. */
static void
NameJudgment(Run *run)
{
	MemoryContext old = MemoryContextSwitchTo(run->memory);

	run->judgment = palloc0(sizeof(EphemeralNamedRelationData));
	run->judgment->md.name = pstrdup("judgment");
	run->judgment->md.tupdesc = JudgmentDesc();
	run->judgment->md.enrtype = ENR_NAMED_TUPLESTORE;
	if (SPI_register_relation(run->judgment) != SPI_OK_REL_REGISTER)
		elog(ERROR, "SPI_register_relation failed");
	MemoryContextSwitchTo(old);
}

/*
 * Runs creditors. One that has had a later run does not keep the others from
 * theirs: it is an error when they are done, as far as commits go.
 */
static void
RunErrands(FunctionCallInfo fcinfo, bool at)
{
	Run			run = {0};
	Errand	   *errands;
	int			n;

	run.atomic = CheckAtomic(fcinfo);
	if (SPI_connect_ext(run.atomic ? 0 : SPI_OPT_NONATOMIC) != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect_ext failed");
	run.memory = AllocSetContextCreate(PortalContext, "reminder run", ALLOCSET_DEFAULT_SIZES);
	NameJudgment(&run);
	errands = ReadErrands(fcinfo, at, run.memory, &n);
	NextTransaction(&run);
	for (int late = 0; late < 2; late++)
		for (int i = 0; i < n; i++)
		{
			if (errands[i].late != (late == 1))
				continue;
			run.creditor_id = errands[i].creditor_id;
			run.as_of = CheckAsOf(errands[i].as_of);
			RunCreditor(&run);
		}
	MemoryContextDelete(run.memory);
	SPI_finish();
}

/* CALL reminder.run(as_of, creditor_id): see sql/extension/70-run.sql. */
Datum
reminder_run(PG_FUNCTION_ARGS)
{
	CheckGiven(fcinfo, "as_of");
	(void) CheckAsOf(PG_GETARG_DATEADT(0));
	RunErrands(fcinfo, false);
	PG_RETURN_VOID();
}

/* CALL reminder.run_at(moment, creditor_id): the same, each creditor for its own date at a moment. */
Datum
reminder_run_at(PG_FUNCTION_ARGS)
{
	CheckGiven(fcinfo, "moment");
	RunErrands(fcinfo, true);
	PG_RETURN_VOID();
}

/*
 * Takes the next step of invoices that somebody sends by hand, all of them
 * locked already, as a run would, but for what a hand overrides (N7). It is no
 * run, and is not counted among them. See _take_by_hand() in
 * sql/extension/64-by-hand.sql.
 */
Datum
reminder_take_by_hand(PG_FUNCTION_ARGS)
{
	Run			run = {.atomic = true,.by_hand = true};
	Rung		rung = {0};
	Docket		docket = {0};
	Judgment	judgment = {0};
	OwnerScope	scope;
	Snapshot	snapshot;

	ReadDocket(fcinfo, &docket);
	run.creditor_id = docket.creditor_id;
	run.as_of = docket.as_of;
	run.memory = CurrentMemoryContext;
	rung.rule_no = docket.rule_no;
	rung.passed = docket.passed;
	EnterChunk(&scope);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	NameJudgment(&run);
	AwaitBookings(run.creditor_id);
	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	PushActiveSnapshot(snapshot);
	judgment.desc = run.judgment->md.tupdesc;
	judgment.rows = tuplestore_begin_heap(false, false, JUDGMENT_KB);
	Judge(&docket, snapshot, true, &judgment);
	PopActiveSnapshot();
	if (judgment.count - judgment.waiting != docket.n)
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update")));
	run.judgment->reldata = judgment.rows;
	run.judgment->md.enrtuples = judgment.count;
	WriteDecisions(&run, &rung, &docket, &judgment, snapshot);
	tuplestore_end(judgment.rows);
	UnregisterSnapshot(snapshot);
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_VOID();
}
