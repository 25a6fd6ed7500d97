/*
 * interest_sql.c: late interest for SQL (F9). Checks what a caller gave, asks
 * lawbook.c for the rates, and interest.c for the sum.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "calendar.h"
#include "clip.h"
#include "compat.h"
#include "errors.h"
#include "interest.h"
#include "lawbook.h"
#include "money.h"

PG_FUNCTION_INFO_V1(late_interest);
PG_FUNCTION_INFO_V1(interest_statement);

/* Dates of the extension, narrower than what interest.c could answer for. */
#define FIRST_DATE	(-3652)		/* 1990-01-01 */
#define LAST_DATE	73413		/* 2200-12-31 */

#define STATEMENT_COLUMNS 8

/* A statement's periods, while they are handed out. */
typedef struct InterestStatement
{
	int			count;
	int			room;
	InterestPeriod *periods;
	DayCount	day_count;
} InterestStatement;

/* Passes a date on; raises 22R02 if it is not one that columns of ours can hold. */
static DateADT
CheckedDate(const char *what, DateADT date)
{
	/* Infinite dates lie outside, too. */
	if (date < FIRST_DATE || date > LAST_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("%s is out of range: \"%s\"", what, DateForMessage(date)),
				 errhint("Dates are from 1990-01-01 to 2200-12-31.")));
	return date;
}

/* Gives a date argument. */
static DateADT
DateArg(FunctionCallInfo fcinfo, int n, const char *what)
{
	if (PG_ARGISNULL(n))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("%s must not be null", what),
				 errhint("Dates are arguments, never the clock: say which day it is.")));
	return CheckedDate(what, PG_GETARG_DATEADT(n));
}

/* Refuses an amount. */
static void
RefuseAmount(const char *what, Numeric amount)
{
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_AMOUNT),
			 errmsg("%s is out of range: %.64s", what,
					amount == NULL ? "NULL" : numeric_normalize(amount)),
			 errhint("Amounts are from 0 to below 1000000000000.")));
}

/* Gives an amount in öre; raises 22R03 if it is not one, or negative. */
static int64
CheckedOre(const char *what, Datum amount)
{
	int64		ore = OreFromDatum(amount);

	if (ore < 0)
		RefuseAmount(what, DatumGetNumeric(amount));
	return ore;
}

/* Orders changes by day. */
static int
CompareChanges(const void *a, const void *b)
{
	int32		day_a = ((const CapitalChange *) a)->day;
	int32		day_b = ((const CapitalChange *) b)->day;

	return day_a < day_b ? -1 : day_a > day_b;
}

/* Gives the elements of a one-dimensional array argument, none for NULL. */
static int
ArrayArg(FunctionCallInfo fcinfo, int n, Oid type, int16 len, bool by_value, char align,
		 Datum **values, bool **nulls)
{
	ArrayType  *array;
	int			count;

	if (PG_ARGISNULL(n))
		return 0;
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("payments must be arrays of one dimension"),
				 errhint("Give a date and an amount for each payment.")));
	deconstruct_array(array, type, len, by_value, align, values, nulls, &count);
	return count;
}

/* Puts the payments of a claim behind its principal, by day. */
static void
ReadPayments(FunctionCallInfo fcinfo, InterestClaim *claim, CapitalChange *principal)
{
	Datum	   *days = NULL;
	Datum	   *amounts = NULL;
	bool	   *no_day = NULL;
	bool	   *no_amount = NULL;
	int			count = ArrayArg(fcinfo, 5, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &days, &no_day);
	CapitalChange *changes;

	if (count != ArrayArg(fcinfo, 6, NUMERICOID, -1, false, TYPALIGN_INT, &amounts, &no_amount))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("there are not as many payment dates as payments"),
				 errhint("Give a date and an amount for each payment.")));
	changes = palloc((count + 1) * sizeof(CapitalChange));
	changes[0] = *principal;
	for (int i = 0; i < count; i++)
	{
		if (no_day[i])
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_DATE),
					 errmsg("payment date must not be null"),
					 errhint("Give a date and an amount for each payment.")));
		if (no_amount[i])
			RefuseAmount("payment", NULL);
		changes[i + 1].day = CheckedDate("payment date", DatumGetDateADT(days[i]));
		changes[i + 1].change = -CheckedOre("payment", amounts[i]);
	}
	qsort(changes + 1, count, sizeof(CapitalChange), CompareChanges);
	claim->changes = changes;
	claim->nchanges = count + 1;
}

/* Lets a claim end on the day it is paid, after which it needs no rates. */
static void
EndWhenPaid(InterestClaim *claim)
{
	int64		capital = 0;

	for (int i = 0; i < claim->nchanges; i++)
	{
		capital += claim->changes[i].change;
		if (capital > 0)
			continue;
		claim->nchanges = i + 1;
		claim->until = Min(claim->until, Max(claim->changes[i].day, claim->due_day));
	}
}

/* Refuses to compute with law that is missing or unconfirmed, from a day on. */
static void
RefuseGap(FunctionCallInfo fcinfo, LawState state, int32 day)
{
	char	   *jurisdiction = ClippedText(PG_GETARG_TEXT_PP(0));
	char	   *kind = ClippedText(PG_GETARG_TEXT_PP(1));
	char	   *half_year = DateForMessage(HalfYearStart(day));
	const char *never = "A rate holds for its half-year only and is never carried forward; what is unconfirmed is not used.";

	switch (state)
	{
		case LAW_NO_RATE:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("the rate of late interest of %s for the half-year from %s is missing", jurisdiction, half_year),
					 errdetail("%s", never),
					 errhint("Look it up, and INSERT INTO reminder.reference_rate (jurisdiction, valid_from, rate_percent, kind, confidence, source) VALUES ('%s', '%s', ..., 'reference', 'sourced', '...').", jurisdiction, half_year)));
		case LAW_RATE_UNCONFIRMED:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("the rate of late interest of %s for the half-year from %s is unconfirmed", jurisdiction, half_year),
					 errdetail("%s", never),
					 errhint("Look it up, and UPDATE reminder.reference_rate SET rate_percent = ..., confidence = 'sourced', source = '...' WHERE jurisdiction = '%s' AND valid_from = '%s'.", jurisdiction, half_year)));
		case LAW_RULE_UNCONFIRMED:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("the rule of late interest of %s for debtor kind %s on %s is unconfirmed", jurisdiction, kind, DateForMessage(day)),
					 errdetail("%s", never),
					 errhint("Look it up, and UPDATE reminder.interest_rule SET confidence = 'sourced', source = '...' WHERE jurisdiction = '%s' AND ....", jurisdiction)));
		default:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("there is no rule of late interest of %s for debtor kind %s on %s", jurisdiction, kind, DateForMessage(day)),
					 errhint("Look it up, and INSERT it INTO reminder.interest_rule.")));
	}
}

/* Gives a claim the rates of the days it needs; raises 55R05 if one is not known. */
static void
SetRates(FunctionCallInfo fcinfo, InterestClaim *claim, const LawTimeline *law)
{
	int			first = LawStretch(law, claim->due_day + 1);
	int			last = first;

	while (last + 1 < law->count && law->rates[last + 1].valid_from <= claim->until)
		last++;
	for (int i = first; i <= last; i++)
		if (law->states[i] != LAW_KNOWN && claim->until > claim->due_day)
			RefuseGap(fcinfo, law->states[i], Max(law->rates[i].valid_from, claim->due_day + 1));
	claim->rates = &law->rates[first];
	claim->nrates = last - first + 1;
	claim->day_count = law->day_counts[first];
}

/* Reads the arguments that both functions begin with, and looks up the law. */
static void
ReadClaim(FunctionCallInfo fcinfo, InterestClaim *claim, CapitalChange *principal)
{
	text	   *jurisdiction = PG_ARGISNULL(0) ? NULL : PG_GETARG_TEXT_PP(0);
	text	   *debtor_kind = PG_ARGISNULL(1) ? NULL : PG_GETARG_TEXT_PP(1);
	const LawTimeline *law;

	claim->due_day = DateArg(fcinfo, 3, "due_date");
	claim->until = DateArg(fcinfo, 4, "until");
	if (claim->until < claim->due_day)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("until is before due_date"),
				 errdetail("Interest was asked for until %s on a claim due on %s.", DateForMessage(claim->until), DateForMessage(claim->due_day)),
				 errhint("Ask until a day on or after the due date.")));
	law = GetLawTimeline(jurisdiction, debtor_kind, claim->due_day);
	if (PG_ARGISNULL(2))
		RefuseAmount("principal", NULL);
	principal->day = CALENDAR_FIRST_DAY;
	principal->change = CheckedOre("principal", PG_GETARG_DATUM(2));
	claim->changes = principal;
	claim->nchanges = 1;
	claim->each = NULL;
	if (PG_NARGS() > 5)
		ReadPayments(fcinfo, claim, principal);
	EndWhenPaid(claim);
	SetRates(fcinfo, claim, law);
}

/* Computes a claim; the bounds of amounts, rates and dates leave no other answer. */
static int64
Compute(const InterestClaim *claim)
{
	int64		interest;

	if (LateInterest(claim, &interest) != INTEREST_OK)
		elog(ERROR, "late interest is out of range");
	return interest;
}

/* Gives the late interest on a claim. */
Datum
late_interest(PG_FUNCTION_ARGS)
{
	InterestClaim claim;
	CapitalChange principal;

	ReadClaim(fcinfo, &claim, &principal);
	PG_RETURN_NUMERIC(NumericFromOre(Compute(&claim)));
}

/* Takes down a period. */
static void
TakeDown(const InterestPeriod *period, void *context)
{
	InterestStatement *statement = context;

	if (statement->count == statement->room)
	{
		statement->room *= 2;
		statement->periods = repalloc(statement->periods, statement->room * sizeof(InterestPeriod));
	}
	statement->periods[statement->count++] = *period;
}

/* Computes a claim, period by period. */
static InterestStatement *
MakeStatement(FunctionCallInfo fcinfo)
{
	InterestStatement *statement = palloc0(sizeof(InterestStatement));
	InterestClaim claim;
	CapitalChange principal;

	ReadClaim(fcinfo, &claim, &principal);
	statement->room = 16;
	statement->periods = palloc(statement->room * sizeof(InterestPeriod));
	statement->day_count = claim.day_count;
	claim.each = TakeDown;
	claim.context = statement;
	Compute(&claim);
	return statement;
}

/* Gives the days of the year that a period's interest is a share of. */
static int32
YearDays(DayCount day_count, int32 day)
{
	int			year;
	int			month;
	int			d;

	if (day_count != DAY_COUNT_ACT_ACT)
		return day_count == DAY_COUNT_30_360 ? 360 : 365;
	DateOfDay(day, &year, &month, &d);
	return DayOfDate(year + 1, 1, 1) - DayOfDate(year, 1, 1);
}

/* Gives the interest on a claim, a row for each period. */
Datum
interest_statement(PG_FUNCTION_ARGS)
{
	FuncCallContext *context;
	InterestStatement *statement;
	const InterestPeriod *period;
	int			n;
	Datum		values[STATEMENT_COLUMNS];
	bool		nulls[STATEMENT_COLUMNS] = {false};

	if (SRF_IS_FIRSTCALL())
	{
		MemoryContext old;
		TupleDesc	desc;

		context = SRF_FIRSTCALL_INIT();
		old = MemoryContextSwitchTo(context->multi_call_memory_ctx);
		if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
			elog(ERROR, "return type must be a row type");
		context->tuple_desc = BlessTupleDesc(desc);
		context->user_fctx = MakeStatement(fcinfo);
		MemoryContextSwitchTo(old);
	}
	context = SRF_PERCALL_SETUP();
	statement = context->user_fctx;
	n = (int) context->call_cntr;
	if (n >= statement->count)
		SRF_RETURN_DONE(context);
	period = &statement->periods[n];
	values[0] = DateADTGetDatum(period->from);
	values[1] = DateADTGetDatum(period->to);
	values[2] = Int32GetDatum(period->days);
	values[3] = NumericGetDatum(NumericFromOre(period->rate_bp));
	values[4] = NumericGetDatum(NumericFromOre(period->capital));
	/* what the rounded sum has grown by: so that the rows add up to it */
	values[5] = NumericGetDatum(NumericFromOre(period->total - (n > 0 ? period[-1].total : 0)));
	values[6] = Int32GetDatum(YearDays(statement->day_count, period->from));
	values[7] = NumericGetDatum(NumericFromOre(period->total));
	SRF_RETURN_NEXT(context, HeapTupleGetDatum(heap_form_tuple(context->tuple_desc, values, nulls)));
}
