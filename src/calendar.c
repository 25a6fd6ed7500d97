/*
 * calendar.c
 *		Bank days of SE, FI, NO, DK, DE and TARGET, computed by rule (L7).
 *
 * Weekdays (Monday to Friday) are numbered from 1900-01-01, a Monday, so that
 * a day and its weekday number turn into each other by arithmetic alone.  What
 * is left is the handful of weekdays a year that the banks close.  Each
 * calendar keeps the numbers of these in one ascending table, built by rule
 * when the calendar is first asked for, with an index into it for every 16
 * weekdays and for every 16 bank days.  Counting bank days and finding the
 * n-th one are then both one look at an index and a few steps through the
 * table, however far away the day is.
 *
 * Nothing here allocates, and nothing depends on a server.
 */
#include "calendar.h"

#include <string.h>

#define DAYS_TO_2000	730425	/* from 0000-03-01 */
#define FIRST_YEAR		1900
#define LAST_YEAR		2500
#define WEEKDAYS		((CALENDAR_LAST_DAY - CALENDAR_FIRST_DAY) / 7 * 5 + 5)
#define MAX_CLOSED		((LAST_YEAR - FIRST_YEAR + 1) * 16) /* DK closes most: 13 */
#define STRIDE			16
#define INDEX_SIZE		(WEEKDAYS / STRIDE + 1)

#define SE				(1 << CALENDAR_SE)
#define FI				(1 << CALENDAR_FI)
#define NO				(1 << CALENDAR_NO)
#define DK				(1 << CALENDAR_DK)
#define DE				(1 << CALENDAR_DE)
#define TARGET			(1 << CALENDAR_TARGET)
#define ALL				((1 << CALENDAR_COUNT) - 1)

#define ALWAYS			FIRST_YEAR, LAST_YEAR
#define FROM(year)		(year), LAST_YEAR
#define TO(year)		FIRST_YEAR, (year)
#define ONLY(year)		(year), (year)

typedef enum RuleKind
{
	ON_DATE,					/* month, day of the month */
	FROM_EASTER,				/* days after Easter Sunday, month unused */
	FRIDAY_FROM					/* the first Friday on or after month, day */
} RuleKind;

typedef struct ClosingRule
{
	int			calendars;
	RuleKind	kind;
	int			month;
	int			day;
	int			first_year;
	int			last_year;
} ClosingRule;

typedef struct ClosedTable
{
	bool		built;
	int			nclosed;
	int32_t		nbank;			/* bank days in the whole range */

	/* weekday numbers the bank closes, ascending, then INT32_MAX */
	int32_t		closed[MAX_CLOSED + 1];

	/* [i]: how many closed weekdays come before weekday, bank day i * STRIDE */
	uint16_t	by_weekday[INDEX_SIZE];
	uint16_t	by_bank_day[INDEX_SIZE];
} ClosedTable;

static const char *const names[CALENDAR_COUNT] = {
	"SE", "FI", "NO", "DK", "DE", "TARGET"
};

/*
 * Days that always fall on a weekend (Midsummer Day, All Saints) are not
 * needed.  Half days, such as 5 January and 30 April in Sweden, are bank days.
 */
static const ClosingRule rules[] = {
	{ALL, ON_DATE, 1, 1, ALWAYS},
	{SE | FI, ON_DATE, 1, 6, ALWAYS},	/* Epiphany */
	{NO | DK, FROM_EASTER, 0, -3, ALWAYS},	/* Maundy Thursday */
	{ALL, FROM_EASTER, 0, -2, ALWAYS},
	{ALL, FROM_EASTER, 0, 1, ALWAYS},
	{DK, FROM_EASTER, 0, 26, TO(2023)}, /* Store bededag, lov 214/2023 */
	{ALL & ~DK, ON_DATE, 5, 1, ALWAYS},
	{NO, ON_DATE, 5, 17, ALWAYS},
	{ALL & ~TARGET, FROM_EASTER, 0, 39, ALWAYS},	/* Ascension */
	{DK, FROM_EASTER, 0, 40, ALWAYS},
	{NO | DK | DE, FROM_EASTER, 0, 50, ALWAYS}, /* Whit Monday */
	{SE, FROM_EASTER, 0, 50, TO(2004)}, /* made way for 6 June, SFS 2004:1320 */
	{DK, ON_DATE, 6, 5, ALWAYS},
	{SE, ON_DATE, 6, 6, FROM(2005)},
	{SE | FI, FRIDAY_FROM, 6, 19, ALWAYS},	/* Midsummer Eve */
	{DE, ON_DATE, 10, 3, ALWAYS},
	{DE, ON_DATE, 10, 31, ONLY(2017)},	/* Reformation, 500 years */
	{FI, ON_DATE, 12, 6, ALWAYS},
	{SE | FI | NO | DK, ON_DATE, 12, 24, ALWAYS},
	{ALL, ON_DATE, 12, 25, ALWAYS},
	{ALL, ON_DATE, 12, 26, ALWAYS},
	{SE | DK, ON_DATE, 12, 31, ALWAYS},
	{TARGET, ON_DATE, 12, 31, ONLY(2001)},	/* the change to euro notes */
};

static ClosedTable tables[CALENDAR_COUNT];

/* Gives the day number of a Gregorian date. */
int32_t
DayOfDate(int year, int month, int day)
{
	/* Count years from March, so that the leap day comes last in its year. */
	int			y = month > 2 ? year : year - 1;
	int			m = month > 2 ? month - 3 : month + 9;
	int			days = 365 * y + y / 4 - y / 100 + y / 400 +
		(153 * m + 2) / 5 + day - 1;

	return days - DAYS_TO_2000;
}

/* Gives the Gregorian date of a day in range. */
void
DateOfDay(int32_t number, int *year, int *month, int *day)
{
	int			days = number + DAYS_TO_2000;
	int			of_era = days % 146097; /* in its 400 years */
	int			y = (of_era - of_era / 1460 + of_era / 36524 -
					 of_era / 146096) / 365;
	int			of_year = of_era - (365 * y + y / 4 - y / 100);
	int			m = (5 * of_year + 2) / 153;

	*day = of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + days / 146097 * 400 + (*month <= 2);
}

/* Gives the day of the week, 0 for Monday, of a day in range. */
static inline int
DayOfWeek(int32_t day)
{
	return (day - CALENDAR_FIRST_DAY) % 7;
}

/* Counts the weekdays before day, which is day's own number if it is one. */
static inline int32_t
WeekdaysBefore(int32_t day)
{
	int32_t		days = day - CALENDAR_FIRST_DAY;
	int32_t		rest = days % 7;

	return days / 7 * 5 + (rest < 5 ? rest : 5);
}

/* Gives the day of a weekday number. */
static inline int32_t
DayOfWeekday(int32_t weekday)
{
	return CALENDAR_FIRST_DAY + weekday / 5 * 7 + weekday % 5;
}

/* Gives Easter Sunday of a Gregorian year (Meeus, Jones and Butcher). */
static int32_t
EasterSunday(int year)
{
	int			a = year % 19;
	int			b = year / 100;
	int			c = year % 100;
	int			f = (b + 8) / 25;
	int			g = (b - f + 1) / 3;
	int			h = (19 * a + b - b / 4 - g + 15) % 30;
	int			l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int			m = (a + 11 * h + 22 * l) / 451;
	int			n = h + l - 7 * m + 114;

	return DayOfDate(year, n / 31, n % 31 + 1);
}

/* Gives the day that a rule closes in a year whose Easter Sunday is known. */
static int32_t
RuleDay(const ClosingRule *rule, int year, int32_t easter)
{
	int32_t		day;

	if (rule->kind == FROM_EASTER)
		return easter + rule->day;

	day = DayOfDate(year, rule->month, rule->day);
	if (rule->kind == FRIDAY_FROM)
		day += (4 - DayOfWeek(day) + 7) % 7;
	return day;
}

/* Puts a closed weekday in its place in the table, unless it stands there. */
static void
InsertClosed(ClosedTable *table, int32_t weekday)
{
	int			i = table->nclosed;

	while (i > 0 && table->closed[i - 1] > weekday)
		i--;
	if (i > 0 && table->closed[i - 1] == weekday)
		return;
	memmove(&table->closed[i + 1], &table->closed[i],
			(table->nclosed - i) * sizeof(table->closed[0]));
	table->closed[i] = weekday;
	table->nclosed++;
}

/* Enters the weekdays that a calendar's rules close in a year. */
static void
CloseYear(ClosedTable *table, CalendarId id, int year)
{
	int32_t		easter = EasterSunday(year);
	size_t		i;

	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
	{
		const ClosingRule *rule = &rules[i];
		int32_t		day;

		if ((rule->calendars & (1 << id)) == 0 ||
			year < rule->first_year || year > rule->last_year)
			continue;
		day = RuleDay(rule, year, easter);
		if (DayOfWeek(day) < 5)
			InsertClosed(table, WeekdaysBefore(day));
	}
}

/* Fills both indexes of a table whose closed weekdays are complete. */
static void
IndexTable(ClosedTable *table)
{
	int			before = 0;
	int			through = 0;
	int			i;

	table->closed[table->nclosed] = INT32_MAX;
	for (i = 0; i < INDEX_SIZE; i++)
	{
		while (table->closed[before] < i * STRIDE)
			before++;
		while (table->closed[through] - through <= i * STRIDE)
			through++;
		table->by_weekday[i] = (uint16_t) before;
		table->by_bank_day[i] = (uint16_t) through;
	}
	table->nbank = WeekdaysBefore(CALENDAR_LAST_DAY + 1) - table->nclosed;
}

/* Gives the table of a calendar, built at the first call for it. */
static inline const ClosedTable *
GetTable(CalendarId id)
{
	ClosedTable *table = &tables[id];

	if (!table->built)
	{
		int			year;

		table->nclosed = 0;
		for (year = FIRST_YEAR; year <= LAST_YEAR; year++)
			CloseYear(table, id, year);
		IndexTable(table);
		table->built = true;
	}
	return table;
}

/* Counts the closed weekdays whose number is lower than weekday. */
static inline int
ClosedBefore(const ClosedTable *table, int32_t weekday)
{
	int			i = table->by_weekday[weekday / STRIDE];

	while (table->closed[i] < weekday)
		i++;
	return i;
}

/* Counts the bank days before day, which may be one past the last day. */
static inline int32_t
BankDaysBefore(const ClosedTable *table, int32_t day)
{
	int32_t		weekday = WeekdaysBefore(day);

	return weekday - ClosedBefore(table, weekday);
}

/* Gives the bank day that has n bank days before it. */
static inline int32_t
BankDayNumber(const ClosedTable *table, int64_t n)
{
	int			i;

	if (n < 0 || n >= table->nbank)
		return CALENDAR_OUT_OF_RANGE;

	/* closed[i] has closed[i] - i bank days before it: is it passed by then? */
	i = table->by_bank_day[n / STRIDE];
	while (table->closed[i] - i <= n)
		i++;
	return DayOfWeekday((int32_t) n + i);
}

/* Gives the n-th bank day after (n < 0: before) a day in range; n is not 0. */
static inline int32_t
MoveBankDays(const ClosedTable *table, int32_t day, int32_t n)
{
	int64_t		base;

	if (n > 0)
		base = (int64_t) BankDaysBefore(table, day + 1) - 1;
	else
		base = BankDaysBefore(table, day);
	return BankDayNumber(table, base + n);
}

/* Tells whether the bank itself is open on a day. */
static inline bool
BankIsOpen(const ClosedTable *table, int32_t day)
{
	int32_t		weekday = WeekdaysBefore(day);

	return DayOfWeek(day) < 5 &&
		table->closed[ClosedBefore(table, weekday)] != weekday;
}

/* Tells whether day is one that this file knows about. */
static inline bool
InRange(int32_t day)
{
	return day >= CALENDAR_FIRST_DAY && day <= CALENDAR_LAST_DAY;
}

/* Gives the place of the first own closed day on or after day. */
static int
OwnClosedFrom(const Calendar *cal, int32_t day)
{
	int			low = 0;
	int			high = cal->closed == NULL ? 0 : cal->nclosed;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (cal->closed[middle] < day)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Tells whether the i-th own closed day, one in range, takes a bank day away. */
static bool
OwnClosedCounts(const Calendar *cal, const ClosedTable *table, int i)
{
	int32_t		day = cal->closed[i];

	/* Of repeated days the first counts. */
	return (i == 0 || cal->closed[i - 1] != day) && BankIsOpen(table, day);
}

/* Moves result on by one bank day for every own closed day passed from day. */
static int32_t
PassOwnClosed(const Calendar *cal, const ClosedTable *table,
			  int32_t day, int32_t result)
{
	int			i;

	for (i = OwnClosedFrom(cal, day + 1);
		 i < cal->nclosed && cal->closed[i] <= result; i++)
	{
		if (OwnClosedCounts(cal, table, i))
			result = MoveBankDays(table, result, 1);
	}
	return result;
}

/* The same backwards: result lies before day. */
static int32_t
PassOwnClosedBack(const Calendar *cal, const ClosedTable *table,
				  int32_t day, int32_t result)
{
	int			i;

	for (i = OwnClosedFrom(cal, day) - 1;
		 i >= 0 && result != CALENDAR_OUT_OF_RANGE && cal->closed[i] >= result;
		 i--)
	{
		if (OwnClosedCounts(cal, table, i))
			result = MoveBankDays(table, result, -1);
	}
	return result;
}

/* Counts the bank days after from, up to and with to, that are own closed. */
static int32_t
OwnClosedBetween(const Calendar *cal, const ClosedTable *table,
				 int32_t from, int32_t to)
{
	int32_t		count = 0;
	int			i;

	for (i = OwnClosedFrom(cal, from + 1);
		 i < cal->nclosed && cal->closed[i] <= to; i++)
	{
		if (OwnClosedCounts(cal, table, i))
			count++;
	}
	return count;
}

/* Finds a calendar by its name, written exactly so; false if there is none. */
bool
CalendarByName(const char *name, size_t len, CalendarId *id)
{
	int			i;

	for (i = 0; i < CALENDAR_COUNT; i++)
	{
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
		{
			*id = (CalendarId) i;
			return true;
		}
	}
	return false;
}

/* Gives the name that CalendarByName knows a calendar by. */
const char *
CalendarName(CalendarId id)
{
	return names[id];
}

/* Tells whether both the bank and the creditor are open on a day. */
bool
IsBankDay(const Calendar *cal, int32_t day)
{
	int			i;

	if (!InRange(day) || !BankIsOpen(GetTable(cal->id), day))
		return false;
	if (cal->closed == NULL)
		return true;
	i = OwnClosedFrom(cal, day);
	return i == cal->nclosed || cal->closed[i] != day;
}

/* Gives the first bank day on or after a day. */
int32_t
NextBankDay(const Calendar *cal, int32_t day)
{
	return IsBankDay(cal, day) ? day : AddBankDays(cal, day, 1);
}

/* Gives the last bank day on or before a day. */
int32_t
PreviousBankDay(const Calendar *cal, int32_t day)
{
	return IsBankDay(cal, day) ? day : AddBankDays(cal, day, -1);
}

/* Gives the n-th bank day after or before a day, in a time that n is no part of. */
int32_t
AddBankDays(const Calendar *cal, int32_t day, int32_t n)
{
	const ClosedTable *table;
	int32_t		result;

	if (!InRange(day))
		return CALENDAR_OUT_OF_RANGE;
	if (n == 0)
		return day;

	table = GetTable(cal->id);
	result = MoveBankDays(table, day, n);
	if (cal->closed == NULL)
		return result;
	if (n > 0)
		return PassOwnClosed(cal, table, day, result);
	return PassOwnClosedBack(cal, table, day, result);
}

/* Counts the bank days from one day to another, as the header defines it. */
int32_t
BankDaysBetween(const Calendar *cal, int32_t from, int32_t to)
{
	const ClosedTable *table;
	int32_t		count;

	if (!InRange(from) || !InRange(to))
		return CALENDAR_OUT_OF_RANGE;
	if (to < from)
		return -BankDaysBetween(cal, to, from);

	table = GetTable(cal->id);
	count = BankDaysBefore(table, to + 1) - BankDaysBefore(table, from + 1);
	if (cal->closed != NULL)
		count -= OwnClosedBetween(cal, table, from, to);
	return count;
}
