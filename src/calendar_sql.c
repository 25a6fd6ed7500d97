/*
 * calendar_sql.c: bank days for SQL. Checks what a caller gave, then asks
 * calendar.c.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/date.h"

#include "calendar.h"
#include "clip.h"
#include "compat.h"
#include "errors.h"

PG_FUNCTION_INFO_V1(is_bank_day);
PG_FUNCTION_INFO_V1(next_bank_day);
PG_FUNCTION_INFO_V1(previous_bank_day);
PG_FUNCTION_INFO_V1(add_bank_days);
PG_FUNCTION_INFO_V1(bank_days_between);

/* Gives a calendar without own closed days; an error if none is named so. */
static Calendar
GetCalendar(const text *name)
{
	Calendar	cal = {CALENDAR_COUNT, NULL, 0};

	if (!CalendarByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &cal.id))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("unknown bank calendar \"%s\"", ClippedText(name)),
				 errhint("Bank calendars are SE, FI, NO, DK, DE and TARGET.")));
	return cal;
}

/* Passes a date on; an error if it is not one that we know bank days for. */
static DateADT
CheckedDate(DateADT date)
{
	/* Infinite dates lie outside, too. */
	if (date < FIRST_DATE || date > LAST_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("date %s is out of range", DateForMessage(date)),
				 errhint("Dates are from 1990-01-01 to 2200-12-31.")));
	return date;
}

/* Passes on what n bank days from a date gave; an error if it lies too far. */
static Datum
CheckedResult(int32 result, DateADT date, int32 n)
{
	/* CALENDAR_OUT_OF_RANGE lies outside, too. */
	if (result < FIRST_DATE || result > LAST_DATE)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("date %s %+d bank days is out of range",
						DateForMessage(date), n),
				 errhint("Dates are from 1990-01-01 to 2200-12-31.")));
	PG_RETURN_DATEADT(result);
}

/* Tells whether the banks are open on a date. */
Datum
is_bank_day(PG_FUNCTION_ARGS)
{
	Calendar	cal = GetCalendar(PG_GETARG_TEXT_PP(0));

	PG_RETURN_BOOL(IsBankDay(&cal, CheckedDate(PG_GETARG_DATEADT(1))));
}

/* Gives the first bank day on or after a date. */
Datum
next_bank_day(PG_FUNCTION_ARGS)
{
	Calendar	cal = GetCalendar(PG_GETARG_TEXT_PP(0));
	DateADT		day = CheckedDate(PG_GETARG_DATEADT(1));

	return CheckedResult(NextBankDay(&cal, day), day, 1);
}

/* Gives the last bank day on or before a date. */
Datum
previous_bank_day(PG_FUNCTION_ARGS)
{
	Calendar	cal = GetCalendar(PG_GETARG_TEXT_PP(0));
	DateADT		day = CheckedDate(PG_GETARG_DATEADT(1));

	return CheckedResult(PreviousBankDay(&cal, day), day, -1);
}

/* Gives the n-th bank day after a date, before it if n is negative. */
Datum
add_bank_days(PG_FUNCTION_ARGS)
{
	Calendar	cal = GetCalendar(PG_GETARG_TEXT_PP(0));
	DateADT		day = CheckedDate(PG_GETARG_DATEADT(1));
	int32		n = PG_GETARG_INT32(2);

	return CheckedResult(AddBankDays(&cal, day, n), day, n);
}

/* Counts the bank days after one date, up to and with another. */
Datum
bank_days_between(PG_FUNCTION_ARGS)
{
	Calendar	cal = GetCalendar(PG_GETARG_TEXT_PP(0));
	DateADT		from_day = CheckedDate(PG_GETARG_DATEADT(1));
	DateADT		to_day = CheckedDate(PG_GETARG_DATEADT(2));

	PG_RETURN_INT32(BankDaysBetween(&cal, from_day, to_day));
}
