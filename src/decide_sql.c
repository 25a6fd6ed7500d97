/*
 * decide_sql.c: the SQL face of decide.c. A step travels through a query as
 * one bytea, made once for each rule and date; only the facts come per row.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "decide_sql.h"
#include "errors.h"
#include "money.h"

PG_FUNCTION_INFO_V1(reminder_step);
PG_FUNCTION_INFO_V1(reminder_latest_base);
PG_FUNCTION_INFO_V1(reminder_deadline);
PG_FUNCTION_INFO_V1(reminder_step_date);
PG_FUNCTION_INFO_V1(reminder_reasons);

/* Gives the size of a step's memory that is in use. */
static Size
StepSize(const Step *step)
{
	return offsetof(Step, closed) + step->closed_days * sizeof(int32);
}

/* Gives a date argument, NO_DATE for NULL. */
static int32
DateArg(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NO_DATE : PG_GETARG_DATEADT(n);
}

/* Gives an amount argument in öre, the given value for NULL. */
static int64
OreArg(FunctionCallInfo fcinfo, int n, int64 if_null)
{
	return PG_ARGISNULL(n) ? if_null : OreFromNumeric(PG_GETARG_NUMERIC(n));
}

/* Gives a boolean argument, false for NULL. */
static bool
BoolArg(FunctionCallInfo fcinfo, int n)
{
	return !PG_ARGISNULL(n) && PG_GETARG_BOOL(n);
}

/* Gives the elements of a one-dimensional array argument, none for NULL. */
static int
ArrayArg(FunctionCallInfo fcinfo, int n, Oid type, int max, Datum **values, bool **nulls)
{
	ArrayType  *array;
	int			count;
	bool		is_date = (type == DATEOID);

	if (PG_ARGISNULL(n))
		return 0;
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1 || ARR_ELEMTYPE(array) != type)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("argument %d is not a one-dimensional array", n + 1)));
	deconstruct_array(array, type, is_date ? 4 : -1, is_date, TYPALIGN_INT, values, nulls, &count);
	if (count > max)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many values: %d, at most %d are allowed", count, max)));
	return count;
}

/* Fills in the fee tiers of a step. */
static void
SetTiers(FunctionCallInfo fcinfo, int above_arg, int cap_arg, Step *step)
{
	Datum	   *above;
	Datum	   *cap;
	bool	   *no_above;
	bool	   *no_cap;
	int			n = ArrayArg(fcinfo, above_arg, NUMERICOID, MAX_FEE_TIERS, &above, &no_above);

	if (n != ArrayArg(fcinfo, cap_arg, NUMERICOID, MAX_FEE_TIERS, &cap, &no_cap))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("fee tiers and caps differ in number")));
	for (int tier = 0; tier < n; tier++)
	{
		step->above[tier] = no_above[tier] ? 0 : OreFromNumeric(DatumGetNumeric(above[tier]));
		step->cap[tier] = no_cap[tier] ? NO_LIMIT : OreFromNumeric(DatumGetNumeric(cap[tier]));
	}
	step->tiers = n;
}

/* Fills in the creditor's own closed days, which come in ascending order. */
static void
SetClosedDays(FunctionCallInfo fcinfo, int arg, Step *step)
{
	Datum	   *day;
	bool	   *is_null;
	int			n = ArrayArg(fcinfo, arg, DATEOID, MAX_CLOSED_DAYS, &day, &is_null);

	for (int i = 0; i < n; i++)
		step->closed[i] = DatumGetDateADT(day[i]);
	step->closed_days = n;
}

/* Gives the number of a calendar's name; install() writes only names that there are. */
static CalendarId
CalendarArg(FunctionCallInfo fcinfo, int n)
{
	text	   *name = PG_GETARG_TEXT_PP(n);
	CalendarId	id;

	if (!CalendarByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &id))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("unknown bank calendar")));
	return id;
}

/*
 * Packs one step as it stands on one date. See _step() in
 * sql/extension/40-decide.sql for the arguments.
 */
Datum
reminder_step(PG_FUNCTION_ARGS)
{
	Step	   *step = palloc0(sizeof(Step));
	bytea	   *packed;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(4) || PG_ARGISNULL(5) || PG_ARGISNULL(7) || PG_ARGISNULL(9))
		PG_RETURN_NULL();
	step->magic = STEP_MAGIC;
	step->as_of = PG_GETARG_DATEADT(0);
	step->calendar = CalendarArg(fcinfo, 1);
	SetClosedDays(fcinfo, 2, step);
	step->moves_due_date = BoolArg(fcinfo, 3);
	step->passed = PG_GETARG_INT32(4);
	step->rung = PG_GETARG_INT32(5);
	step->letter = BoolArg(fcinfo, 6);
	step->wait = PG_GETARG_INT32(7);
	step->wait_in_bank_days = BoolArg(fcinfo, 8);
	step->term = PG_GETARG_INT32(9);
	step->term_in_bank_days = BoolArg(fcinfo, 10);
	step->fee = OreArg(fcinfo, 11, 0);
	step->open_at_least = OreArg(fcinfo, 12, 0);
	step->adds_fees = BoolArg(fcinfo, 13);
	step->catches_up = BoolArg(fcinfo, 14);
	step->waives_deadline = BoolArg(fcinfo, 15);
	step->opens_by_hand = BoolArg(fcinfo, 16);
	step->enabled = BoolArg(fcinfo, 17);
	step->enabled_after = DateArg(fcinfo, 18);
	step->import_from = DateArg(fcinfo, 19);
	step->automation = BoolArg(fcinfo, 20);
	step->automation_from = DateArg(fcinfo, 21);
	step->charged_cap = PG_ARGISNULL(22) ? PG_INT32_MAX : PG_GETARG_INT32(22);
	SetTiers(fcinfo, 23, 24, step);
	step->compensation = OreArg(fcinfo, 25, 0);
	step->compensation_offsets = BoolArg(fcinfo, 26);
	step->content_missing = BoolArg(fcinfo, 27);
	step->approval = BoolArg(fcinfo, 28);
	step->channel_off = BoolArg(fcinfo, 29);
	step->terms_lacking = BoolArg(fcinfo, 30);

	packed = palloc(VARHDRSZ + StepSize(step));
	SET_VARSIZE(packed, VARHDRSZ + StepSize(step));
	memcpy(VARDATA(packed), step, StepSize(step));
	pfree(step);
	PG_RETURN_BYTEA_P(packed);
}

/* Unpacks a step into aligned memory; refuses bytes that _step() did not make. */
void
UnpackStep(bytea *packed, Step *step)
{
	Size		size = VARSIZE_ANY_EXHDR(packed);

	if (size >= offsetof(Step, closed) && size <= sizeof(Step))
	{
		memcpy(step, VARDATA_ANY(packed), size);
		if (step->magic == STEP_MAGIC &&
			step->closed_days >= 0 && step->closed_days <= MAX_CLOSED_DAYS &&
			step->tiers >= 0 && step->tiers <= MAX_FEE_TIERS &&
			step->calendar >= 0 && step->calendar < CALENDAR_COUNT &&
			step->wait >= 0 && step->wait <= 10000 &&
			step->term >= 0 && step->term <= 10000 &&
			step->as_of > -100000 && step->as_of < 100000 &&
			size == StepSize(step))
			return;
	}
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_INPUT),
			 errmsg("not a step"),
			 errhint("Only _step() makes steps.")));
}

/* Gives the latest base date whose step can have come due. */
Datum
reminder_latest_base(PG_FUNCTION_ARGS)
{
	Step		step;
	int32		latest;

	UnpackStep(PG_GETARG_BYTEA_PP(0), &step);
	latest = LatestBase(&step);
	if (latest == PG_INT32_MAX)
		PG_RETURN_DATEADT(DATEVAL_NOEND);
	PG_RETURN_DATEADT(latest);
}

/* Gives the deadline of a letter sent on the step's date. */
Datum
reminder_deadline(PG_FUNCTION_ARGS)
{
	Step		step;

	UnpackStep(PG_GETARG_BYTEA_PP(0), &step);
	PG_RETURN_DATEADT(Deadline(&step));
}

/*
 * Gives the date the next step of an invoice comes due, for views that show
 * it: the same StepDate that decides. See _step_date() in
 * sql/extension/40-decide.sql for the arguments.
 */
Datum
reminder_step_date(PG_FUNCTION_ARGS)
{
	Step	   *step = palloc0(sizeof(Step));
	Facts		facts = {0};

	if (PG_ARGISNULL(0) || PG_ARGISNULL(4) || PG_ARGISNULL(5) || PG_ARGISNULL(7) || PG_ARGISNULL(8))
		PG_RETURN_NULL();
	step->calendar = CalendarArg(fcinfo, 0);
	SetClosedDays(fcinfo, 1, step);
	step->moves_due_date = BoolArg(fcinfo, 2);
	step->waives_deadline = BoolArg(fcinfo, 3);
	step->passed = PG_GETARG_INT32(4);
	step->wait = PG_GETARG_INT32(5);
	step->wait_in_bank_days = BoolArg(fcinfo, 6);
	facts.due_date = PG_GETARG_DATEADT(7);
	facts.base_date = PG_GETARG_DATEADT(8);
	facts.letter_date = PG_ARGISNULL(9) ? facts.base_date : PG_GETARG_DATEADT(9);
	facts.decided_on = facts.plan_broken_on = NO_DATE;
	PG_RETURN_DATEADT(StepDate(step, &facts));
}

/* Gives what a reason does under rules that catch up, or do not. */
static const char *
FinalityWord(Finality finality, bool catches_up)
{
	if (finality == FINALITY_FINAL)
		return "closes the step";
	if (finality == FINALITY_OPERATOR || catches_up)
		return "leaves it due";
	return "closes the step";
}

/* Lists every reason with what it does to the step, its sentence, and whether a hand overrides it. */
Datum
reminder_reasons(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	int			reason;
	Datum		values[5];
	bool		nulls[5] = {false};

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
	reason = (int) context->call_cntr + 1;
	if (reason >= REASON_COUNT)
		SRF_RETURN_DONE(context);
	values[0] = CStringGetTextDatum(reason_info[reason].code);
	values[1] = CStringGetTextDatum(FinalityWord(reason_info[reason].finality, true));
	values[2] = CStringGetTextDatum(FinalityWord(reason_info[reason].finality, false));
	values[3] = CStringGetTextDatum(reason_info[reason].sentence);
	values[4] = BoolGetDatum(OverriddenByHand((Reason) reason));
	SRF_RETURN_NEXT(context, HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, values, nulls)));
}
