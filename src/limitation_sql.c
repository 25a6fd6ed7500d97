/*
 * limitation_sql.c: when claims lapse, for SQL, by limitation.c.
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
#include "limitation.h"

#define MOST_YEARS	100

PG_FUNCTION_INFO_V1(reminder_lapse);

/* In the order of _lapse()'s arguments. */
enum
{
	ARG_INVOICE_DATE, ARG_DUE_DATE, ARG_UNTIL,
	ARG_RUNS_FROM, ARG_YEARS, ARG_BY_LETTER, ARG_BY_PAYMENT, ARG_SUSPENDED_BY_STEP, ARG_CALENDAR,
	ARG_JUDGMENT_YEARS, ARG_JUDGMENT_BY_LETTER, ARG_JUDGMENT_BY_PAYMENT,
	ARG_FINAL_FROM, ARG_FINAL_YEARS, ARG_TITLE_YEARS,
	ARG_DAYS, ARG_KINDS
};

/* Refuses a name that none of ours is. */
static void
RefuseName(const char *what, const text *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_INPUT),
			 errmsg("unknown %s \"%s\"", what, ClippedText(name))));
}

/* Gives a date, if it is one that we know. */
static int32
CheckedDate(DateADT date)
{
	if (date < FIRST_DATE || date > LAST_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("date %s is out of range", DateForMessage(date))));
	return date;
}

/* Gives a number of years, 0 for none. */
static int
YearsArg(FunctionCallInfo fcinfo, int n)
{
	int			years = PG_ARGISNULL(n) ? 0 : PG_GETARG_INT32(n);

	return Max(0, Min(years, MOST_YEARS));
}

/* Gives a flag, false for NULL. */
static bool
FlagArg(FunctionCallInfo fcinfo, int n)
{
	return !PG_ARGISNULL(n) && PG_GETARG_BOOL(n);
}

/* Gives the start of a period, that of an ordinary one for NULL. */
static LimitationStart
StartArg(FunctionCallInfo fcinfo, int n)
{
	LimitationStart start = FROM_ORIGIN;
	text	   *name;

	if (PG_ARGISNULL(n))
		return start;
	name = PG_GETARG_TEXT_PP(n);
	if (!LimitationStartByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &start))
		RefuseName("start of a period", name);
	return start;
}

/* Reads the law out of the arguments. */
static LimitationLaw
ReadLaw(FunctionCallInfo fcinfo)
{
	LimitationLaw law = {
		.runs_from = StartArg(fcinfo, ARG_RUNS_FROM),
		.ordinary = {YearsArg(fcinfo, ARG_YEARS), FlagArg(fcinfo, ARG_BY_LETTER), FlagArg(fcinfo, ARG_BY_PAYMENT)},
		.judgment = {YearsArg(fcinfo, ARG_JUDGMENT_YEARS), FlagArg(fcinfo, ARG_JUDGMENT_BY_LETTER),
		FlagArg(fcinfo, ARG_JUDGMENT_BY_PAYMENT)},
		.suspended_by_step = FlagArg(fcinfo, ARG_SUSPENDED_BY_STEP),
		.moves_on = !PG_ARGISNULL(ARG_CALENDAR),
		.final_from = StartArg(fcinfo, ARG_FINAL_FROM),
		.final_years = YearsArg(fcinfo, ARG_FINAL_YEARS),
		.title_years = YearsArg(fcinfo, ARG_TITLE_YEARS)
	};

	if (law.moves_on)
	{
		text	   *name = PG_GETARG_TEXT_PP(ARG_CALENDAR);

		if (!CalendarByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &law.calendar))
			RefuseName("bank calendar", name);
	}
	return law;
}

/* Gives the elements of an array argument, none for NULL. */
static int
ElementsArg(FunctionCallInfo fcinfo, int n, Oid type, Datum **values)
{
	ArrayType  *array;
	bool	   *nulls;
	int			count;
	bool		is_date = (type == DATEOID);

	if (PG_ARGISNULL(n))
		return 0;
	array = PG_GETARG_ARRAYTYPE_P(n);
	if (ARR_NDIM(array) > 1 || ARR_ELEMTYPE(array) != type || array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("argument %d is not a one-dimensional array", n + 1)));
	deconstruct_array(array, type, is_date ? (int) sizeof(DateADT) : -1, is_date, TYPALIGN_INT, values, &nulls, &count);
	return count;
}

/* Reads what happened, which comes by day. */
static int
ReadHistory(FunctionCallInfo fcinfo, Interruption **happened)
{
	Datum	   *days = NULL;
	Datum	   *kinds = NULL;
	int			n = ElementsArg(fcinfo, ARG_DAYS, DATEOID, &days);

	if (n != ElementsArg(fcinfo, ARG_KINDS, TEXTOID, &kinds))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("days and kinds differ in number")));
	*happened = palloc(Max(n, 1) * sizeof(Interruption));
	for (int i = 0; i < n; i++)
	{
		text	   *name = DatumGetTextPP(kinds[i]);

		(*happened)[i].day = CheckedDate(DatumGetDateADT(days[i]));
		if (!InterruptionByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &(*happened)[i].kind))
			RefuseName("interruption", name);
	}
	return n;
}

/* Packs when a claim lapses, and why then, into the caller's row. */
static Datum
LimitationRow(FunctionCallInfo fcinfo, const Limitation *limitation, const Interruption *happened)
{
	TupleDesc	desc;
	Datum		values[5];
	bool		nulls[5] = {false};
	const Interruption *by = limitation->interrupted_by < 0 ? NULL : &happened[limitation->interrupted_by];

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	values[0] = DateADTGetDatum(limitation->last_day);
	nulls[1] = (limitation->final_day == LIMITATION_NEVER);
	values[1] = DateADTGetDatum(limitation->final_day);
	nulls[2] = nulls[3] = (by == NULL);
	values[2] = by == NULL ? (Datum) 0 : DateADTGetDatum(by->day);
	values[3] = by == NULL ? (Datum) 0 : CStringGetTextDatum(InterruptionName(by->kind));
	values[4] = BoolGetDatum(limitation->suspended);
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/* Tells when a claim lapses: see LimitClaim(). NULL where the law has no period, or a date is missing. */
Datum
reminder_lapse(PG_FUNCTION_ARGS)
{
	LimitationLaw law = ReadLaw(fcinfo);
	Limitation	limitation;
	Interruption *happened;
	int			n;
	int32		invoice_date;
	int32		until;

	if (law.ordinary.years == 0 || PG_ARGISNULL(ARG_INVOICE_DATE) || PG_ARGISNULL(ARG_DUE_DATE))
		PG_RETURN_NULL();
	n = ReadHistory(fcinfo, &happened);
	invoice_date = CheckedDate(PG_GETARG_DATEADT(ARG_INVOICE_DATE));
	if (!PG_ARGISNULL(ARG_UNTIL))
		until = CheckedDate(PG_GETARG_DATEADT(ARG_UNTIL));
	else
		until = n > 0 ? happened[n - 1].day : invoice_date;
	LimitClaim(&law, invoice_date, CheckedDate(PG_GETARG_DATEADT(ARG_DUE_DATE)), happened, n, until, &limitation);
	return LimitationRow(fcinfo, &limitation, happened);
}
