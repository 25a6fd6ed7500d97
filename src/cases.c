/*
 * cases.c: the states of a collection case, and what may follow what (C1).
 *
 * One table: the trigger obeys it, and reminder.case_transitions() shows it; the
 * diagram in doc/cases.md is drawn from it.
 * And what keeps functions in SQL from deciding by a snapshot that is too old.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "owner.h"
#include "probe.h"

PG_FUNCTION_INFO_V1(reminder_case_changes);
PG_FUNCTION_INFO_V1(reminder_case_transitions);
PG_FUNCTION_INFO_V1(reminder_refuse_stale);

typedef struct Transition
{
	const char *from;			/* NULL: the case is opened */
	const char *to;
	const char *by;
} Transition;

static const Transition transitions[] = {
	{NULL, "reminder", "the first letter"},
	{NULL, "notice", "the first letter"},
	{NULL, "demand", "the first letter"},
	{NULL, "monitoring", "the demand's deadline, put back after a demand"},
	{"reminder", "reminder", "a further reminder"},
	{"reminder", "notice", "the next letter"},
	{"reminder", "demand", "the next letter"},
	{"reminder", "monitoring", "the next stage, the demand skipped"},
	{"notice", "notice", "a further notice"},
	{"notice", "demand", "the next letter"},
	{"notice", "monitoring", "the next stage, the demand skipped"},
	{"demand", "demand", "a further demand"},
	{"demand", "monitoring", "the demand's deadline, back_to_monitoring()"},
	{"demand", "enforcement", "hand_to_enforcement()"},
	{"monitoring", "enforcement", "hand_to_enforcement()"},
	{"enforcement", "monitoring", "back_to_monitoring()"},
	{"notice", "reminder", "take_back_letter()"},
	{"demand", "reminder", "take_back_letter()"},
	{"demand", "notice", "take_back_letter()"},
	{"monitoring", "reminder", "take_back_letter()"},
	{"monitoring", "notice", "take_back_letter()"},
	{"monitoring", "demand", "take_back_letter()"},
	{"reminder", "paid", "payment"},
	{"notice", "paid", "payment"},
	{"demand", "paid", "payment"},
	{"monitoring", "paid", "payment"},
	{"enforcement", "paid", "payment"},
	{"reminder", "credited", "credit"},
	{"notice", "credited", "credit"},
	{"demand", "credited", "credit"},
	{"monitoring", "credited", "credit"},
	{"enforcement", "credited", "credit"},
	{"reminder", "withdrawn", "withdraw(), take_back_letter()"},
	{"notice", "withdrawn", "withdraw(), take_back_letter()"},
	{"demand", "withdrawn", "withdraw(), take_back_letter()"},
	{"monitoring", "withdrawn", "withdraw(), take_back_letter()"},
	{"reminder", "closed", "close_case()"},
	{"notice", "closed", "close_case()"},
	{"demand", "closed", "close_case()"},
	{"monitoring", "closed", "close_case()"},
	{"enforcement", "closed", "close_case()"},
	{"paid", "reminder", "payment or credit taken back"},
	{"paid", "notice", "payment or credit taken back"},
	{"paid", "demand", "payment or credit taken back"},
	{"paid", "monitoring", "payment or credit taken back"},
	{"paid", "enforcement", "payment or credit taken back"},
	{"credited", "reminder", "payment or credit taken back"},
	{"credited", "notice", "payment or credit taken back"},
	{"credited", "demand", "payment or credit taken back"},
	{"credited", "monitoring", "payment or credit taken back"},
	{"credited", "enforcement", "payment or credit taken back"},
};

/* Tells whether a case may go from one state to another; from NULL it is opened. */
static bool
TransitionExists(const char *from, const char *to)
{
	for (int i = 0; i < (int) lengthof(transitions); i++)
		if ((from == NULL) == (transitions[i].from == NULL) &&
			(from == NULL || strcmp(from, transitions[i].from) == 0) &&
			strcmp(to, transitions[i].to) == 0)
			return true;
	return false;
}

/* Raises 23R03 for a transition that does not exist. */
static void
RefuseTransition(Relation rel, const char *invoice_no, const char *from, const char *to)
{
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_TRANSITION),
			 from == NULL
			 ? errmsg("a case of invoice \"%s\" cannot be opened at \"%s\"", invoice_no, to)
			 : errmsg("the case of invoice \"%s\" cannot go from \"%s\" to \"%s\"", invoice_no, from, to),
			 errhint("SELECT * FROM reminder.case_transitions() lists what may follow what."),
			 errtable(rel)));
}

/* AFTER INSERT OR UPDATE ROW on collection_case: only transitions that there are. */
Datum
reminder_case_changes(PG_FUNCTION_ARGS)
{
	static Columns columns = {.names = {"invoice_no", "state"}};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const AttrNumber *number;
	TupleTableSlot *row;
	char	   *from = NULL;
	char	   *to;
	bool		update;
	bool		isnull;

	CheckTrigger(fcinfo, "_case_changes", "collection_case", TRIGGER_EVENT_AFTER, true);
	number = ColumnNumbers(trigdata->tg_relation, &columns);
	update = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event);
	row = update ? trigdata->tg_newslot : trigdata->tg_trigslot;
	to = TextDatumGetCString(slot_getattr(row, number[1], &isnull));
	if (update)
	{
		from = TextDatumGetCString(slot_getattr(trigdata->tg_trigslot, number[1], &isnull));
		if (strcmp(from, to) == 0)
			return PointerGetDatum(NULL);
	}
	if (!TransitionExists(from, to))
		RefuseTransition(trigdata->tg_relation,
						 TextDatumGetCString(slot_getattr(row, number[0], &isnull)), from, to);
	return PointerGetDatum(NULL);
}

/* Lists the transitions: from (NULL: opened), to, and what brings them about. */
Datum
reminder_case_transitions(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	const Transition *transition;
	Datum		values[3];
	bool		nulls[3] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;
		TupleDesc	desc;

		context = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		context->tuple_desc = BlessTupleDesc(desc);
		MemoryContextSwitchTo(old);
	}
	context = SRF_PERCALL_SETUP();
	if (context->call_cntr >= lengthof(transitions))
		SRF_RETURN_DONE(context);
	transition = &transitions[context->call_cntr];
	if (!(nulls[0] = (transition->from == NULL)))
		values[0] = CStringGetTextDatum(transition->from);
	values[1] = CStringGetTextDatum(transition->to);
	values[2] = CStringGetTextDatum(transition->by);
	SRF_RETURN_NEXT(context, HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, values, nulls)));
}

/* Gives the versions of the rows that a statement found, NULL for none. */
static char *
Versions(void)
{
	return SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1);
}

/*
 * Under REPEATABLE READ and SERIALIZABLE a function in SQL reads what its
 * transaction began with. Whoever changed something meanwhile that we only
 * lock, as a run does with an invoice, is not noticed by that lock. So what
 * hangs on an invoice ('': on the creditor) or a payment, locked by now, must
 * be the same in that snapshot and in a fresh one. Raises 40001 if not.
 */
Datum
reminder_refuse_stale(PG_FUNCTION_ARGS)
{
	static Statement read = {
		.sql = "SELECT string_agg(x.version, ' ' ORDER BY x.version) FROM ("
		" SELECT 'case ' || k.ctid FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2"
		" UNION ALL SELECT 'decision ' || d.ctid FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2"
		" UNION ALL SELECT 'loss ' || l.ctid FROM reminder.credit_loss l WHERE l.creditor_id = $1 AND l.invoice_no = $2"
		" UNION ALL SELECT 'hold ' || h.ctid FROM reminder.hold h WHERE h.creditor_id = $1 AND h.invoice_no = $2"
		" UNION ALL SELECT 'event ' || max(e.event_no) FROM reminder.event e WHERE e.creditor_id = $1 AND e.invoice_no = $2"
		" UNION ALL SELECT 'run ' || max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = $1 AND $2 = ''"
		" UNION ALL SELECT 'allocation ' || a.ctid FROM reminder.allocation a WHERE a.creditor_id = $1 AND a.payment_no = $3"
		" UNION ALL SELECT 'refund ' || r.ctid FROM reminder.refund r WHERE r.creditor_id = $1 AND r.payment_no = $3"
		") x (version)",
		.nargs = 3,.argtypes = {INT8OID, TEXTOID, TEXTOID}
	};
	Datum		values[3];
	char		nulls[3];
	OwnerScope	scope;
	char	   *now;
	char	   *then;

	if (!IsolationUsesXactSnapshot())
		PG_RETURN_VOID();
	for (int i = 0; i < 3; i++)
	{
		values[i] = PG_GETARG_DATUM(i);
		nulls[i] = PG_ARGISNULL(i) ? 'n' : ' ';
	}
	EnterOwner(&scope, ReminderOwner());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	ExecuteFresh(&read, values, nulls, SPI_OK_SELECT);
	now = Versions();
	if (SPI_execute_snapshot(read.plan, values, nulls, GetTransactionSnapshot(), InvalidSnapshot, true, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute_snapshot failed");
	then = Versions();
	if ((now == NULL) != (then == NULL) || (now != NULL && strcmp(now, then) != 0))
		ereport(ERROR,
				(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
				 errmsg("could not serialize access due to concurrent update")));
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_VOID();
}
