/*
 * history.c: what holds and payment plans were before they changed (V2).
 *
 * Numbered by what is committed now: whoever changes one under REPEATABLE READ
 * does not see in his own snapshot what was kept a moment ago.
 */
#include "postgres.h"

#include "executor/spi.h"

#include "compat.h"
#include "fired.h"
#include "owner.h"
#include "rows.h"

PG_FUNCTION_INFO_V1(reminder_hold_changed);
PG_FUNCTION_INFO_V1(reminder_plan_changed);

/* Runs a statement that keeps the old rows of a table, as its owner. */
static void
KeepVersions(FunctionCallInfo fcinfo, const char *function, const char *table, Statement *keep)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;

	CheckTrigger(fcinfo, function, table, TRIGGER_EVENT_AFTER, false);
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	ForRows(fcinfo, keep, SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
}

/* AFTER UPDATE STATEMENT on hold: keeps until when one stood before. */
Datum
reminder_hold_changed(PG_FUNCTION_ARGS)
{
	static Statement keep = {
		.sql = "INSERT INTO reminder.hold_version (creditor_id, invoice_no, hold_no, version_no, until_on, released_on)"
		" SELECT o.creditor_id, o.invoice_no, o.hold_no, coalesce(v.version_no, 0) + 1, o.until_on, o.released_on"
		" FROM old_rows o"
		" JOIN new_rows n ON n.creditor_id = o.creditor_id AND n.invoice_no = o.invoice_no AND n.hold_no = o.hold_no"
		" CROSS JOIN LATERAL (SELECT max(v.version_no) AS version_no FROM reminder.hold_version v"
		"  WHERE v.creditor_id = o.creditor_id AND v.invoice_no = o.invoice_no AND v.hold_no = o.hold_no) v"
		" WHERE (o.until_on, o.released_on) IS DISTINCT FROM (n.until_on, n.released_on)"
	};

	KeepVersions(fcinfo, "_hold_changed", "hold", &keep);
	return PointerGetDatum(NULL);
}

/* AFTER UPDATE STATEMENT on payment_plan: keeps its state before. */
Datum
reminder_plan_changed(PG_FUNCTION_ARGS)
{
	static Statement keep = {
		.sql = "INSERT INTO reminder.plan_version (creditor_id, invoice_no, plan_no, version_no, state)"
		" SELECT o.creditor_id, o.invoice_no, o.plan_no, coalesce(v.version_no, 0) + 1, o.state"
		" FROM old_rows o"
		" JOIN new_rows n ON n.creditor_id = o.creditor_id AND n.invoice_no = o.invoice_no AND n.plan_no = o.plan_no"
		" CROSS JOIN LATERAL (SELECT max(v.version_no) AS version_no FROM reminder.plan_version v"
		"  WHERE v.creditor_id = o.creditor_id AND v.invoice_no = o.invoice_no AND v.plan_no = o.plan_no) v"
		" WHERE o.state <> n.state"
	};

	KeepVersions(fcinfo, "_plan_changed", "payment_plan", &keep);
	return PointerGetDatum(NULL);
}
