/*
 * calendar.h
 *		Day numbers, and bank days of SE, FI, NO, DK, DE and TARGET by rule (L7).
 *
 * A day is an int32 number of days since 2000-01-01, which is PostgreSQL's
 * DateADT, so callers inside the server convert nothing.  Days from
 * 1900-01-01 to 2500-12-31 are known; years before 2000 follow the oldest rule
 * known.  A result that would lie outside, or that starts from a day outside,
 * is CALENDAR_OUT_OF_RANGE, and no day outside is a bank day.
 */
#ifndef REMINDER_CALENDAR_H
#define REMINDER_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CALENDAR_FIRST_DAY		(-36524)	/* 1900-01-01 */
#define CALENDAR_LAST_DAY		182986	/* 2500-12-31 */
#define CALENDAR_OUT_OF_RANGE	INT32_MIN

/* The dates that callers may give and the tables hold: fewer than a calendar knows. */
#define FIRST_DATE				(-3652) /* 1990-01-01 */
#define LAST_DATE				73413	/* 2200-12-31 */

typedef enum CalendarId
{
	CALENDAR_SE,
	CALENDAR_FI,
	CALENDAR_NO,
	CALENDAR_DK,
	CALENDAR_DE,
	CALENDAR_TARGET,
	CALENDAR_COUNT
} CalendarId;

/*
 * A calendar as one creditor keeps it: the bank days of id, less the
 * creditor's own closed days.  They stand in ascending order; repeated days
 * and days that the bank closes anyway do no harm.
 */
typedef struct Calendar
{
	CalendarId	id;
	const int32_t *closed;		/* may be NULL */
	int			nclosed;
} Calendar;

/* A day number and its Gregorian date; months and days count from 1. */
extern int32_t DayOfDate(int year, int month, int day);
extern void DateOfDay(int32_t number, int *year, int *month, int *day);

extern bool CalendarByName(const char *name, size_t len, CalendarId *id);
extern const char *CalendarName(CalendarId id);

extern bool IsBankDay(const Calendar *cal, int32_t day);

/* The day itself if it is open, else the nearest bank day after or before. */
extern int32_t NextBankDay(const Calendar *cal, int32_t day);
extern int32_t PreviousBankDay(const Calendar *cal, int32_t day);

/*
 * The n-th bank day after day, or before it if n < 0; n = 0 gives the day
 * itself, even if it is closed.
 */
extern int32_t AddBankDays(const Calendar *cal, int32_t day, int32_t n);

/*
 * The number of bank days after from, up to and with to.  If to < from it is
 * -BankDaysBetween(cal, to, from): from counts then, to does not.  Stretches
 * thus add up: between(a, b) + between(b, c) = between(a, c), in any order.
 */
extern int32_t BankDaysBetween(const Calendar *cal, int32_t from, int32_t to);

#endif							/* REMINDER_CALENDAR_H */
