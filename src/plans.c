/*
 * plans.c: payment plans kept by what is paid and owed (C5).
 *
 * How long a plan stands is a matter of dates and payments alone: until the
 * last day of the first instalment that is not paid in time. That day is kept
 * as the end of the plan's hold, whenever payments, credits or waivers change;
 * so a decision only looks at holds, and a run, a late one or another for the
 * same date finds the same.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "fired.h"
#include "owner.h"
#include "plans.h"
#include "rows.h"

PG_FUNCTION_INFO_V1(reminder_keep_plans);
PG_FUNCTION_INFO_V1(reminder_plan_kept);

/* The number of the n-th of the events in "h", under the lock on their invoice. */
#define EVENT_NO \
	"coalesce((SELECT max(e.event_no) FROM reminder.event e WHERE e.creditor_id = h.creditor_id AND e.invoice_no = h.invoice_no), 0)" \
	" + (row_number() OVER (PARTITION BY h.creditor_id, h.invoice_no ORDER BY h.n))::integer"

/* Ends the cases of invoices whose plan no longer keeps their costs from being waived (B9). */
static void
EndSettled(Datum creditor_id, Datum invoice_nos)
{
	static Statement end = {
		.sql = "SELECT reminder._end_settled(k.creditor_id, k.invoice_no, k.case_no, greatest(p.ended_on, k.state_on))"
		" FROM reminder.collection_case k JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no"
		" CROSS JOIN LATERAL (SELECT p.ended_on FROM reminder.payment_plan p WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no"
		"  ORDER BY p.plan_no DESC LIMIT 1) p"
		" WHERE k.creditor_id = $1 AND k.invoice_no = ANY ($2) AND k.ended_on IS NULL AND i.open_amount = 0 AND p.ended_on IS NOT NULL"
		" ORDER BY k.invoice_no",
		.nargs = 2,.argtypes = {INT8OID, TEXTARRAYOID}
	};
	Datum		values[2] = {creditor_id, invoice_nos};

	ExecuteFresh(&end, values, NULL, SPI_OK_SELECT);
}

/*
 * Keeps the latest plans of invoices, which are locked: the day until which
 * each stands, and whether it is paid; one that was broken, or paid, stands
 * again if it should not have been.
 */
static void
KeepPlans(Datum creditor_id, Datum invoice_nos)
{
	static Statement keep = {
		.sql = "WITH plan AS MATERIALIZED (SELECT p.*, s.until_on, s.changed_on,"
		"   CASE WHEN p.state = 'broken' AND s.until_on < p.ended_on THEN 'broken' WHEN s.owed = 0 THEN 'paid' ELSE 'active' END AS now"
		"  FROM reminder.payment_plan p CROSS JOIN LATERAL reminder._plan_stands(p.creditor_id, p.invoice_no, p.plan_no) s"
		"  WHERE p.creditor_id = $1 AND p.invoice_no = ANY ($2) AND p.state <> 'removed'"
		"   AND NOT EXISTS (SELECT FROM reminder.payment_plan o WHERE o.creditor_id = p.creditor_id AND o.invoice_no = p.invoice_no AND o.plan_no > p.plan_no)),"
		" changed AS (UPDATE reminder.payment_plan k SET state = p.now, ended_on = CASE p.now WHEN 'active' THEN NULL ELSE p.changed_on END"
		"  FROM plan p WHERE k.creditor_id = p.creditor_id AND k.invoice_no = p.invoice_no AND k.plan_no = p.plan_no AND p.now <> p.state),"
		" held AS (UPDATE reminder.hold h SET until_on = CASE p.now WHEN 'paid' THEN NULL ELSE p.until_on END,"
		"   released_on = CASE p.now WHEN 'active' THEN NULL WHEN 'paid' THEN p.changed_on ELSE p.until_on + 1 END"
		"  FROM plan p WHERE h.creditor_id = p.creditor_id AND h.invoice_no = p.invoice_no AND h.hold_no = p.hold_no"
		"   AND (p.now <> p.state OR (p.now <> 'paid' AND h.until_on IS DISTINCT FROM p.until_on))),"
		" happened AS (SELECT p.*, 1 AS n FROM plan p WHERE p.now <> p.state),"
		" noted AS (INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, case_no)"
		"  SELECT h.creditor_id, h.invoice_no, " EVENT_NO ","
		"   CASE h.now WHEN 'paid' THEN 'plan_paid' ELSE 'plan_resumed' END, greatest(h.changed_on, h.ended_on), h.case_no FROM happened h)"
		" SELECT array_agg(p.invoice_no) FROM plan p WHERE p.now = 'paid' AND p.state <> 'paid'",
		.nargs = 2,.argtypes = {INT8OID, TEXTARRAYOID}
	};
	Datum		values[2] = {creditor_id, invoice_nos};
	Datum		paid;
	bool		none;

	ExecuteFresh(&keep, values, NULL, SPI_OK_SELECT);
	paid = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &none);
	if (!none)
		EndSettled(creditor_id, PointerGetDatum(PG_DETOAST_DATUM_COPY(paid)));
}

/* The same for SQL: see _keep_plans() in sql/extension/69-plans.sql. */
Datum
reminder_keep_plans(PG_FUNCTION_ARGS)
{
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	KeepPlans(PG_GETARG_DATUM(0), PG_GETARG_DATUM(1));
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_VOID();
}

/* Tells whether there is a plan at all: of most books there is none. */
static bool
AnyPlan(void)
{
	static Statement any = {.sql = "SELECT FROM reminder.payment_plan LIMIT 1"};

	return ExecuteFresh(&any, NULL, NULL, SPI_OK_SELECT) > 0;
}

#define WITH_PLANS(rows) \
	"SELECT m.creditor_id, array_agg(DISTINCT m.invoice_no) FROM (" rows ") m" \
	" WHERE EXISTS (SELECT FROM reminder.payment_plan p WHERE p.creditor_id = m.creditor_id AND p.invoice_no = m.invoice_no)" \
	" GROUP BY m.creditor_id"
#define INVOICES_OF(rows) "SELECT r.creditor_id, r.invoice_no FROM " rows " r"

/* What changes what is paid or owed. */
static const char *const tables[] = {"payment", "credit", "waiver"};

/* Gives the number of the table that a trigger is on, of those; the first if it is none. */
static int
TableOfPlans(const TriggerData *trigdata)
{
	for (int i = 1; i < (int) lengthof(tables); i++)
		if (strcmp(RelationGetRelationName(trigdata->tg_relation), tables[i]) == 0)
			return i;
	return 0;
}

/* Gives the statement that finds the invoices of a trigger's rows that have had a plan: one for each table, whose rows differ. */
static Statement *
InvoicesWithPlans(const TriggerData *trigdata)
{
	static Statement made[lengthof(tables)];
	static Statement removed[lengthof(tables)];
	static Statement changed[lengthof(tables)];
	int			table = TableOfPlans(trigdata);

	made[table].sql = WITH_PLANS(INVOICES_OF("new_rows"));
	removed[table].sql = WITH_PLANS(INVOICES_OF("old_rows"));
	changed[table].sql = WITH_PLANS(INVOICES_OF("old_rows") " UNION ALL " INVOICES_OF("new_rows"));
	if (TRIGGER_FIRED_BY_INSERT(trigdata->tg_event))
		return &made[table];
	return TRIGGER_FIRED_BY_DELETE(trigdata->tg_event) ? &removed[table] : &changed[table];
}

/*
 * AFTER STATEMENT on payment, credit and waiver, when these have done their
 * work, which locked the invoices: keeps the plans of the rows' invoices.
 */
Datum
reminder_plan_kept(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;
	Datum	   *creditor_id;
	Datum	   *invoice_nos;
	bool		isnull;
	int			n;

	CheckTrigger(fcinfo, "_plan_kept", NULL, TRIGGER_EVENT_AFTER, false);
	CheckTrigger(fcinfo, "_plan_kept", tables[TableOfPlans(trigdata)], TRIGGER_EVENT_AFTER, false);
	if (RowCount(trigdata) == 0)
		return PointerGetDatum(NULL);
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	if (AnyPlan())
	{
		ForRows(fcinfo, InvoicesWithPlans(trigdata), SPI_OK_SELECT);
		n = (int) SPI_processed;
		creditor_id = palloc(Max(n, 1) * sizeof(Datum));
		invoice_nos = palloc(Max(n, 1) * sizeof(Datum));
		for (int i = 0; i < n; i++)
		{
			creditor_id[i] = SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull);
			invoice_nos[i] = PointerGetDatum(PG_DETOAST_DATUM_COPY(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull)));
		}
		for (int i = 0; i < n; i++)
			KeepPlans(creditor_id[i], invoice_nos[i]);
	}
	SPI_finish();
	LeaveOwner(&scope);
	return PointerGetDatum(NULL);
}

/* Locks the invoices whose promise or plan ended before a date; gives them, or NULL. */
static ArrayType *
LockOver(Datum *values)
{
	static Statement over = {
		.sql = "SELECT array_agg(i.invoice_no) FROM (SELECT i.invoice_no FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no IN ("
		"  SELECT h.invoice_no FROM reminder.hold h WHERE h.creditor_id = $1 AND h.until_on < $2"
		"   AND h.kind IN ('promise', 'payment_plan') AND h.released_on IS NULL)"
		"  ORDER BY i.invoice_no FOR NO KEY UPDATE) i",
		.nargs = 2,.argtypes = {INT8OID, DATEOID}
	};
	Datum		found;
	bool		none;

	ExecuteFresh(&over, values, NULL, SPI_OK_SELECT);
	found = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &none);
	return none ? NULL : DatumGetArrayTypePCopy(found);
}

/*
 * Says of a creditor's promises and plans that ended before a run's date, and
 * were not kept, that they are broken. That letters go on is no news: the run,
 * and plan() before it, look at the holds, which are over.
 */
void
EndPromises(int64 creditor_id, DateADT as_of)
{
	static Statement end = {
		.sql = "WITH over AS MATERIALIZED (SELECT h.*, p.plan_no, p.case_no FROM reminder.hold h"
		"  LEFT JOIN reminder.payment_plan p ON p.creditor_id = h.creditor_id AND p.invoice_no = h.invoice_no AND p.hold_no = h.hold_no"
		"  WHERE h.creditor_id = $1 AND h.invoice_no = ANY ($3) AND h.until_on < $2 AND h.kind IN ('promise', 'payment_plan') AND h.released_on IS NULL),"
		" released AS (UPDATE reminder.hold h SET released_on = o.until_on + 1 FROM over o"
		"  WHERE h.creditor_id = o.creditor_id AND h.invoice_no = o.invoice_no AND h.hold_no = o.hold_no),"
		" broken AS (UPDATE reminder.payment_plan p SET state = 'broken', ended_on = $2 FROM over o"
		"  WHERE p.creditor_id = o.creditor_id AND p.invoice_no = o.invoice_no AND p.plan_no = o.plan_no),"
		" happened AS (SELECT o.*, o.hold_no AS n FROM over o JOIN reminder.invoice i ON i.creditor_id = o.creditor_id AND i.invoice_no = o.invoice_no"
		"  WHERE o.kind = 'payment_plan' OR i.open_amount > 0)"
		" INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, case_no, detail)"
		"  SELECT h.creditor_id, h.invoice_no, " EVENT_NO ", CASE h.kind WHEN 'promise' THEN 'promise_broken' ELSE 'plan_broken' END, $2, h.case_no,"
		"   format('the last day was %s', h.until_on) FROM happened h",
		.nargs = 3,.argtypes = {INT8OID, DATEOID, TEXTARRAYOID}
	};
	Datum		values[3] = {Int64GetDatum(creditor_id), DateADTGetDatum(as_of)};
	ArrayType  *invoice_nos = LockOver(values);

	if (invoice_nos == NULL)
		return;
	values[2] = PointerGetDatum(invoice_nos);
	ExecuteFresh(&end, values, NULL, SPI_OK_INSERT);
	EndSettled(values[0], values[2]);
}
