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
#include "utils/snapmgr.h"

#include "accrual.h"
#include "calendar.h"
#include "clip.h"
#include "compat.h"
#include "errors.h"
#include "interest.h"
#include "lawbook.h"
#include "money.h"

PG_FUNCTION_INFO_V1(late_interest);
PG_FUNCTION_INFO_V1(interest_statement);
PG_FUNCTION_INFO_V1(reminder_invoice_interest);

#define LARGEST_RATE 10000		/* 100 % */

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

/* Gives an agreed rate in hundredths of a point; raises 22R03 if it is none. */
static int32
AgreedRate(FunctionCallInfo fcinfo, int n)
{
	Numeric		percent = PG_GETARG_NUMERIC(n);
	int64		rate = OreFromDatum(NumericGetDatum(percent));

	if (rate < 0 || rate > LARGEST_RATE)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_AMOUNT),
				 errmsg("agreed_percent is out of range: %.64s", numeric_normalize(percent)),
				 errhint("Rates are from 0 to 100 percent a year.")));
	return (int32) rate;
}

/* Gives a day count by its name; raises 22R01 for an unknown one. */
static DayCount
DayCountByName(const text *name)
{
	static const char *const names[] = {
		[DAY_COUNT_ACT_365] = "actual/365",
		[DAY_COUNT_ACT_ACT] = "actual/actual",
		[DAY_COUNT_30_360] = "30/360",
	};

	for (int i = 0; i < (int) lengthof(names); i++)
		if (strlen(names[i]) == VARSIZE_ANY_EXHDR(name) && memcmp(names[i], VARDATA_ANY(name), strlen(names[i])) == 0)
			return (DayCount) i;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_INPUT),
			 errmsg("unknown day count \"%s\"", ClippedText(name)),
			 errhint("Day counts are actual/365, actual/actual and 30/360.")));
}

/*
 * Sets rates and day count of a claim, agreed or by law; raises 55R05 if a
 * rate is not known.
 */
static void
SetRates(FunctionCallInfo fcinfo, InterestClaim *claim, InterestRate *agreed, const LawTimeline *law)
{
	LawGap		gap;

	claim->day_count = law->day_counts[LawStretch(law, claim->due_day + 1)];
	if (PG_NARGS() > 8 && !PG_ARGISNULL(8))
		claim->day_count = DayCountByName(PG_GETARG_TEXT_PP(8));
	if (PG_NARGS() > 7 && !PG_ARGISNULL(7))
	{
		agreed->valid_from = CALENDAR_FIRST_DAY;
		agreed->rate_bp = AgreedRate(fcinfo, 7);
		claim->rates = agreed;
		claim->nrates = 1;
		return;
	}
	if (!SetLawRates(claim, law, &gap) && claim->until > claim->due_day)
		RefuseGap(PG_GETARG_TEXT_PP(0), PG_GETARG_TEXT_PP(1), &gap);
}

/* Reads the arguments that both functions begin with, and looks up the law. */
static void
ReadClaim(FunctionCallInfo fcinfo, InterestClaim *claim, CapitalChange *principal, InterestRate *agreed)
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
	law = GetLawTimeline(NO_CREDITOR, jurisdiction, debtor_kind, claim->due_day);
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
	SetRates(fcinfo, claim, agreed, law);
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
	InterestRate agreed;

	ReadClaim(fcinfo, &claim, &principal, &agreed);
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

/* Begins a statement. */
static InterestStatement *
NewStatement(void)
{
	InterestStatement *statement = palloc0(sizeof(InterestStatement));

	statement->room = 16;
	statement->periods = palloc(statement->room * sizeof(InterestPeriod));
	return statement;
}

/* Computes a claim, period by period. */
static InterestStatement *
StatementOfClaim(FunctionCallInfo fcinfo)
{
	InterestStatement *statement = NewStatement();
	InterestClaim claim;
	CapitalChange principal;
	InterestRate agreed;

	ReadClaim(fcinfo, &claim, &principal, &agreed);
	statement->day_count = claim.day_count;
	claim.each = TakeDown;
	claim.context = statement;
	Compute(&claim);
	return statement;
}

/*
 * The same of an invoice, by its rule's terms; see invoice_interest() in
 * sql/extension/68-interest.sql, which looks them up.
 */
static InterestStatement *
StatementOfInvoice(FunctionCallInfo fcinfo)
{
	InterestStatement *statement = NewStatement();
	InterestTerms terms = {.agreed_bp = BY_LAW,.day_count = BY_LAW};
	Bearing		bearing = {.first_letter = PG_INT32_MAX};
	Accrual		accrual = {.each = TakeDown,.context = statement};
	Payments	payments;

	for (int i = 0; i < PG_NARGS(); i++)
		if (PG_ARGISNULL(i) && i != 4 && i != 5 && i != 9)
			return statement;
	bearing.creditor_id = PG_GETARG_DATUM(0);
	bearing.invoice_no = PG_GETARG_DATUM(1);
	terms.jurisdiction = PG_GETARG_TEXT_PP(2);
	bearing.debtor_kind = PG_GETARG_TEXT_PP(3);
	if (!PG_ARGISNULL(4))
		terms.agreed_bp = PG_GETARG_INT32(4);
	if (!PG_ARGISNULL(5))
		terms.day_count = (int32) DayCountByName(PG_GETARG_TEXT_PP(5));
	terms.start = (InterestStart) PG_GETARG_INT32(6);
	bearing.due_date = PG_GETARG_DATEADT(7);
	bearing.invoice_date = PG_GETARG_DATEADT(8);
	if (!PG_ARGISNULL(9))
		bearing.first_letter = PG_GETARG_DATEADT(9);
	bearing.open = OreFromDatum(PG_GETARG_DATUM(10));
	bearing.settled_in_part = PG_GETARG_BOOL(11);

	OpenPayments(&payments, GetActiveSnapshot());
	if (!AccruedInterest(&terms, &payments, &bearing, PG_GETARG_DATEADT(12), &accrual))
		RefuseGap(terms.jurisdiction, bearing.debtor_kind, &accrual.gap);
	ClosePayments(&payments);
	statement->day_count = accrual.day_count;
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

/* Hands a statement out, a row for each period. */
static Datum
HandOut(FunctionCallInfo fcinfo, InterestStatement *(*make) (FunctionCallInfo))
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
		context->user_fctx = make(fcinfo);
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

/* Gives the interest on a claim, a row for each period. */
Datum
interest_statement(PG_FUNCTION_ARGS)
{
	return HandOut(fcinfo, StatementOfClaim);
}

/* Gives the interest on an invoice, a row for each period. */
Datum
reminder_invoice_interest(PG_FUNCTION_ARGS)
{
	return HandOut(fcinfo, StatementOfInvoice);
}
