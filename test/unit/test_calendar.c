/*
 * test_calendar.c
 *		Bank days by rule (L7, F2), against dates known from elsewhere and
 *		against a second set of rules written here, walked day by day.
 *
 * The second set shares nothing with calendar.c: it steps through the years
 * one day at a time, asks of each day what it is, and finds Easter by Knuth's
 * algorithm (The Art of Computer Programming, 1.3.2, exercise 14).
 */
#include "calendar.h"

#include <stdlib.h>

#include "tap.h"

#define DAYS	(CALENDAR_LAST_DAY - CALENDAR_FIRST_DAY + 1)

typedef struct Date
{
	int			year;
	int			month;
	int			day;
	int			weekday;		/* 0 is Monday */
	int			easter;			/* days since this year's Easter Sunday */
} Date;

static bool oracle[CALENDAR_COUNT][DAYS];
static bool own_oracle[DAYS];

/* Of one walk through all days: each bank day, and how many come before a day. */
static int32_t bank_day[CALENDAR_COUNT][DAYS];
static int32_t bank_days_before[CALENDAR_COUNT][DAYS + 1];

static const Calendar plain[CALENDAR_COUNT] = {
	{CALENDAR_SE, NULL, 0}, {CALENDAR_FI, NULL, 0}, {CALENDAR_NO, NULL, 0},
	{CALENDAR_DK, NULL, 0}, {CALENDAR_DE, NULL, 0}, {CALENDAR_TARGET, NULL, 0}
};

/* Gives the length of a month. */
static int
DaysInMonth(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && leap);
}

/* Gives the day number of a date by adding up months. */
static int32_t
Day(int year, int month, int day)
{
	int32_t		number = CALENDAR_FIRST_DAY + day - 1;
	int			y;
	int			m;

	for (y = 1900; y <= year; y++)
	{
		for (m = 1; m <= 12 && (y < year || m < month); m++)
			number += DaysInMonth(y, m);
	}
	return number;
}

/* Gives Easter Sunday as a day of March (32 is 1 April). */
static int
KnuthEaster(int year)
{
	int			golden = year % 19 + 1;
	int			century = year / 100 + 1;
	int			x = 3 * century / 4 - 12;
	int			z = (8 * century + 5) / 25 - 5;
	int			d = 5 * year / 4 - x - 10;
	int			epact = ((11 * golden + 20 + z - x) % 30 + 30) % 30;
	int			n;

	if ((epact == 25 && golden > 11) || epact == 24)
		epact++;
	n = 44 - epact;
	if (n < 21)
		n += 30;
	return n + 7 - (d + n) % 7;
}

/* Tells whether a Friday is Midsummer Eve. */
static bool
IsMidsummerEve(const Date *d)
{
	return d->weekday == 4 && d->month == 6 && d->day >= 19 && d->day <= 25;
}

/* Tells whether the banks close, weekends aside, by the rules of a country. */
static bool
OracleCloses(CalendarId id, const Date *d)
{
	int			date = d->month * 100 + d->day;
	int			e = d->easter;
	int			y = d->year;

	if (date == 101 || date == 1225 || date == 1226 || e == -2 || e == 1)
		return true;
	switch (id)
	{
		case CALENDAR_SE:
			return date == 106 || date == 501 || e == 39 ||
				IsMidsummerEve(d) || date == 1224 || date == 1231 ||
				(y >= 2005 ? date == 606 : e == 50);
		case CALENDAR_FI:
			return date == 106 || date == 501 || e == 39 ||
				IsMidsummerEve(d) || date == 1206 || date == 1224;
		case CALENDAR_NO:
			return e == -3 || date == 501 || date == 517 || e == 39 ||
				e == 50 || date == 1224;
		case CALENDAR_DK:
			return e == -3 || (e == 26 && y < 2024) || e == 39 || e == 40 ||
				e == 50 || date == 605 || date == 1224 || date == 1231;
		case CALENDAR_DE:
			return date == 501 || e == 39 || e == 50 || date == 1003 ||
				(y == 2017 && date == 1031);
		case CALENDAR_TARGET:
			return date == 501 || (y == 2001 && date == 1231);
		default:
			return false;
	}
}

/* Tells whether calendar.c turns a day and its date into each other. */
static bool
IsDateOfDay(int32_t number, const Date *d)
{
	int			year;
	int			month;
	int			day;

	DateOfDay(number, &year, &month, &day);
	return year == d->year && month == d->month && day == d->day &&
		DayOfDate(d->year, d->month, d->day) == number;
}

/* Fills the oracle: one entry a day, from 1900-01-01, a Monday. */
static void
FillOracle(void)
{
	Date		d;
	int			bad = 0;
	int			i = 0;
	int			id;

	for (d.year = 1900, d.weekday = 0; d.year <= 2500; d.year++)
	{
		/* Of the year's days the 60th (61st) is 1 March. */
		int			of_year = 59 + DaysInMonth(d.year, 2) - 28;

		d.easter = 1 - (of_year + KnuthEaster(d.year));
		for (d.month = 1; d.month <= 12; d.month++)
		{
			for (d.day = 1; d.day <= DaysInMonth(d.year, d.month); d.day++)
			{
				for (id = 0; id < CALENDAR_COUNT; id++)
					oracle[id][i] = d.weekday < 5 &&
						!OracleCloses((CalendarId) id, &d);
				bad += !IsDateOfDay(i + CALENDAR_FIRST_DAY, &d);
				i++;
				d.easter++;
				d.weekday = (d.weekday + 1) % 7;
			}
		}
	}
	CheckInt(bad, 0, "every day of 1900-2500 and its date");
}

/* Walks through all days once, for the questions that lie far apart. */
static void
WalkOnce(void)
{
	int			id;

	for (id = 0; id < CALENDAR_COUNT; id++)
	{
		int32_t		count = 0;
		int32_t		i;

		for (i = 0; i < DAYS; i++)
		{
			bank_days_before[id][i] = count;
			if (oracle[id][i])
				bank_day[id][count++] = CALENDAR_FIRST_DAY + i;
		}
		bank_days_before[id][DAYS] = count;
	}
}

/* Gives the bank day that a walk of n bank days comes to, from what was noted. */
static int32_t
Noted(int id, int32_t day, int32_t n)
{
	const int32_t *before = &bank_days_before[id][day - CALENDAR_FIRST_DAY];
	int32_t		number = n > 0 ? before[1] + n - 1 : before[0] + n;

	if (n == 0)
		return day;
	return number < 0 || number >= bank_days_before[id][DAYS] ? CALENDAR_OUT_OF_RANGE : bank_day[id][number];
}

/* Walks n bank days forth or back, one day at a time. */
static int32_t
Walk(const bool *open, int32_t day, int32_t n)
{
	int32_t		i = day - CALENDAR_FIRST_DAY;

	while (n > 0)
	{
		if (++i >= DAYS)
			return CALENDAR_OUT_OF_RANGE;
		n -= open[i];
	}
	while (n < 0)
	{
		if (--i < 0)
			return CALENDAR_OUT_OF_RANGE;
		n += open[i];
	}
	return i + CALENDAR_FIRST_DAY;
}

/* Counts the bank days between two days, one day at a time. */
static int32_t
Count(const bool *open, int32_t from, int32_t to)
{
	int32_t		n = 0;
	int32_t		day;

	for (day = from; day < to; day++)
		n += open[day + 1 - CALENDAR_FIRST_DAY];
	for (day = from; day > to; day--)
		n -= open[day - CALENDAR_FIRST_DAY];
	return n;
}

/* Names are found as they are written, and nothing else is. */
static void
TestNames(void)
{
	CalendarId	id;
	int			good = 0;
	int			i;

	for (i = 0; i < CALENDAR_COUNT; i++)
	{
		const char *name = CalendarName((CalendarId) i);

		good += CalendarByName(name, strlen(name), &id) && (int) id == i;
	}
	CheckInt(good, CALENDAR_COUNT, "L7: every calendar is found by its name");
	Check(CalendarByName("TARGET2", 6, &id) && id == CALENDAR_TARGET,
		  "the length given decides where a name ends");
	Check(!CalendarByName("", 0, &id) && !CalendarByName("se", 2, &id) &&
		  !CalendarByName("S", 1, &id) && !CalendarByName("SEK", 3, &id) &&
		  !CalendarByName("GB", 2, &id) && !CalendarByName("SE", 3, &id),
		  "no other name is a calendar");
}

/* A list of dates whose state is known from calendars, not from a rule. */
static void
TestKnownDates(void)
{
	static const struct
	{
		CalendarId	id;
		int			year;
		int			month;
		int			day;
		bool		open;
		const char *what;
	}			known[] =
	{
		{CALENDAR_SE, 2004, 5, 31, false, "SE Whit Monday 2004"},
		{CALENDAR_SE, 2005, 5, 16, true, "SE Whit Monday 2005"},
		{CALENDAR_SE, 2003, 6, 6, true, "SE 6 June 2003"},
		{CALENDAR_SE, 2005, 6, 6, false, "SE 6 June 2005"},
		{CALENDAR_SE, 2004, 6, 25, false, "SE Midsummer Eve 2004"},
		{CALENDAR_SE, 2009, 6, 19, false, "SE Midsummer Eve 2009"},
		{CALENDAR_SE, 2010, 6, 18, true, "SE 18 June 2010"},
		{CALENDAR_SE, 2010, 6, 25, false, "SE Midsummer Eve 2010"},
		{CALENDAR_SE, 2024, 6, 21, false, "SE Midsummer Eve 2024"},
		{CALENDAR_SE, 2026, 6, 19, false, "SE Midsummer Eve 2026"},
		{CALENDAR_SE, 2026, 1, 5, true, "SE 5 January 2026, a half day"},
		{CALENDAR_SE, 2026, 1, 6, false, "SE Epiphany 2026"},
		{CALENDAR_SE, 2026, 4, 30, true, "SE 30 April 2026, a half day"},
		{CALENDAR_SE, 2026, 5, 14, false, "SE Ascension 2026"},
		{CALENDAR_SE, 2026, 5, 15, true, "SE the day after Ascension 2026"},
		{CALENDAR_SE, 2026, 12, 31, false, "SE 31 December 2026"},
		{CALENDAR_FI, 2026, 12, 31, true, "FI 31 December 2026"},
		{CALENDAR_FI, 2022, 12, 6, false, "FI Independence Day 2022"},
		{CALENDAR_FI, 2026, 4, 2, true, "FI Maundy Thursday 2026"},
		{CALENDAR_FI, 2010, 6, 25, false, "FI Midsummer Eve 2010"},
		{CALENDAR_FI, 2024, 6, 6, true, "FI 6 June 2024"},
		{CALENDAR_NO, 2026, 4, 2, false, "NO Maundy Thursday 2026"},
		{CALENDAR_NO, 2024, 5, 17, false, "NO 17 May 2024"},
		{CALENDAR_NO, 2024, 5, 20, false, "NO Whit Monday 2024"},
		{CALENDAR_NO, 2024, 12, 24, false, "NO 24 December 2024"},
		{CALENDAR_NO, 2024, 12, 31, true, "NO 31 December 2024"},
		{CALENDAR_DK, 2023, 5, 5, false, "DK Store bededag 2023"},
		{CALENDAR_DK, 2024, 4, 26, true, "DK no Store bededag 2024"},
		{CALENDAR_DK, 2024, 5, 1, true, "DK 1 May 2024"},
		{CALENDAR_DK, 2024, 5, 10, false, "DK the day after Ascension 2024"},
		{CALENDAR_DK, 2024, 6, 5, false, "DK 5 June 2024"},
		{CALENDAR_DK, 2024, 12, 31, false, "DK 31 December 2024"},
		{CALENDAR_DE, 2017, 10, 31, false, "DE 31 October 2017"},
		{CALENDAR_DE, 2016, 10, 31, true, "DE 31 October 2016"},
		{CALENDAR_DE, 2018, 10, 31, true, "DE 31 October 2018"},
		{CALENDAR_DE, 2024, 10, 3, false, "DE 3 October 2024"},
		{CALENDAR_DE, 2024, 12, 24, true, "DE 24 December 2024"},
		{CALENDAR_TARGET, 2001, 12, 31, false, "TARGET 31 December 2001"},
		{CALENDAR_TARGET, 2002, 12, 31, true, "TARGET 31 December 2002"},
		{CALENDAR_TARGET, 2024, 12, 24, true, "TARGET 24 December 2024"},
		{CALENDAR_TARGET, 2024, 5, 9, true, "TARGET Ascension 2024"},
		{CALENDAR_TARGET, 2024, 5, 1, false, "TARGET 1 May 2024"},
	};
	size_t		i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
	{
		int32_t		day = Day(known[i].year, known[i].month, known[i].day);

		Check(IsBankDay(&plain[known[i].id], day) == known[i].open,
			  known[i].what);
	}
}

/*
 * Easter Sundays from almanacs, among them the earliest and latest possible
 * and the years in which the rule of the epacts makes its exceptions.  What
 * TARGET closes between 1 March and 30 April is Good Friday and Easter Monday.
 */
static void
TestEasters(void)
{
	static const struct
	{
		int			year;
		int			month;
		int			day;
	}			easters[] =
	{
		{1913, 3, 23}, {1943, 4, 25}, {1954, 4, 18}, {1961, 4, 2},
		{1981, 4, 19}, {1999, 4, 4}, {2000, 4, 23}, {2001, 4, 15},
		{2002, 3, 31}, {2003, 4, 20}, {2004, 4, 11}, {2005, 3, 27},
		{2006, 4, 16}, {2007, 4, 8}, {2008, 3, 23}, {2009, 4, 12},
		{2010, 4, 4}, {2011, 4, 24}, {2012, 4, 8}, {2013, 3, 31},
		{2014, 4, 20}, {2015, 4, 5}, {2016, 3, 27}, {2017, 4, 16},
		{2018, 4, 1}, {2019, 4, 21}, {2020, 4, 12}, {2021, 4, 4},
		{2022, 4, 17}, {2023, 4, 9}, {2024, 3, 31}, {2025, 4, 20},
		{2026, 4, 5}, {2027, 3, 28}, {2028, 4, 16}, {2029, 4, 1},
		{2030, 4, 21}, {2031, 4, 13}, {2032, 3, 28}, {2033, 4, 17},
		{2034, 4, 9}, {2035, 3, 25}, {2036, 4, 13}, {2037, 4, 5},
		{2038, 4, 25}, {2039, 4, 10}, {2040, 4, 1}, {2049, 4, 18},
		{2076, 4, 19}, {2160, 3, 23}, {2285, 3, 22}
	};
	const Calendar *target = &plain[CALENDAR_TARGET];
	size_t		i;
	int			bad = 0;

	for (i = 0; i < sizeof(easters) / sizeof(easters[0]); i++)
	{
		int32_t		easter = Day(easters[i].year, easters[i].month, easters[i].day);
		int32_t		day = Day(easters[i].year, 3, 1);
		int32_t		end = Day(easters[i].year, 4, 30);

		for (; day <= end; day++)
		{
			bool		weekday = (day - CALENDAR_FIRST_DAY) % 7 < 5;

			bad += IsBankDay(target, day) !=
				(weekday && day != easter - 2 && day != easter + 1);
		}
	}
	CheckInt(bad, 0, "Good Friday and Easter Monday of known years");
}

/* Every single day, and every count of days, against the oracle. */
static void
TestEveryDay(void)
{
	int			bad_day = 0;
	int			bad_count = 0;
	int			bad_next = 0;
	int			id;

	for (id = 0; id < CALENDAR_COUNT; id++)
	{
		const Calendar *cal = &plain[id];
		int32_t		count = 0;
		int32_t		last = CALENDAR_OUT_OF_RANGE;
		int32_t		i;

		for (i = 0; i < DAYS; i++)
		{
			int32_t		day = CALENDAR_FIRST_DAY + i;

			if (oracle[id][i])
				last = day;
			count += i > 0 && oracle[id][i];
			bad_day += IsBankDay(cal, day) != oracle[id][i];
			bad_count += BankDaysBetween(cal, CALENDAR_FIRST_DAY, day) != count;
			bad_next += PreviousBankDay(cal, day) != last;
			bad_next += NextBankDay(cal, day) !=
				(oracle[id][i] ? day : Walk(oracle[id], day, 1));
		}
	}
	CheckInt(Day(2000, 1, 1), 0, "days are counted from 2000-01-01");
	CheckInt(Day(2500, 12, 31), CALENDAR_LAST_DAY, "the range ends with 2500");
	CheckInt(bad_day, 0, "L7: every day of 1900-2500 in every calendar");
	CheckInt(bad_count, 0, "L7: bank days from 1900-01-01 to every day");
	CheckInt(bad_next, 0, "F2: the bank day at or after, at or before every day");
}

/* A million random additions and counts against the day-by-day walk. */
static void
TestRandomWalks(void)
{
	int32_t		first = Day(2000, 1, 1);
	int32_t		end = Day(2200, 12, 31);
	int			bad = 0;
	int			i;

	for (i = 0; i < 1000000; i++)
	{
		int			id = (int) RandomBetween(0, CALENDAR_COUNT - 1);
		int32_t		day = (int32_t) RandomBetween(first, end);
		int32_t		n = (int32_t) RandomBetween(-300, 300);
		int32_t		result = AddBankDays(&plain[id], day, n);

		if (result != Walk(oracle[id], day, n) && bad++ < 5)
			Diag("%s %" PRId32 " %+" PRId32 ": %" PRId32,
				 CalendarName((CalendarId) id), day, n, result);
	}
	CheckInt(bad, 0, "L7: 1,000,000 random additions of -300..300 bank days");

	for (i = 0, bad = 0; i < 1500; i++)
	{
		int			id = (int) RandomBetween(0, CALENDAR_COUNT - 1);
		int32_t		day = (int32_t) RandomBetween(first, end);
		int32_t		n = (int32_t) RandomBetween(-100000, 100000);

		bad += AddBankDays(&plain[id], day, n) != Walk(oracle[id], day, n);
	}
	CheckInt(bad, 0, "1,500 random additions of -100,000..100,000");

	for (i = 0, bad = 0; i < 100000; i++)
	{
		int			id = (int) RandomBetween(0, CALENDAR_COUNT - 1);
		int32_t		from = (int32_t) RandomBetween(first, end);
		int32_t		to = from + (int32_t) RandomBetween(-500, 500);

		bad += BankDaysBetween(&plain[id], from, to) !=
			Count(oracle[id], from, to);
	}
	CheckInt(bad, 0, "100,000 random counts between two days");
}

/* A million questions of every kind, far and near, against the one walk. */
static void
TestQuestions(void)
{
	int32_t		first = Day(2000, 1, 1);
	int32_t		end = Day(2200, 12, 31);
	int			bad[5] = {0};
	int			closed = 0;
	int			out = 0;
	int			i;

	for (i = 0; i < 1000000; i++)
	{
		int			id = (int) RandomBetween(0, CALENDAR_COUNT - 1);
		const Calendar *cal = &plain[id];
		int32_t		day = (int32_t) RandomBetween(first, end);
		int32_t		n = (int32_t) RandomBetween(-100000, 100000) / (i % 7 == 0 ? 10000 : 1);
		int32_t		to = day + n;
		bool		open = oracle[id][day - CALENDAR_FIRST_DAY];
		int32_t		expected;

		if (to < CALENDAR_FIRST_DAY || to > CALENDAR_LAST_DAY)
			to = first;
		switch (i % 5)
		{
			case 0:
				bad[0] += IsBankDay(cal, day) != open;
				break;
			case 1:
				bad[1] += NextBankDay(cal, day) != (open ? day : Noted(id, day, 1));
				break;
			case 2:
				bad[2] += PreviousBankDay(cal, day) != (open ? day : Noted(id, day, -1));
				break;
			case 3:
				expected = Noted(id, day, n);
				bad[3] += AddBankDays(cal, day, n) != expected;
				closed += !open;
				out += expected == CALENDAR_OUT_OF_RANGE;
				break;
			default:
				bad[4] += BankDaysBetween(cal, day, to) !=
					bank_days_before[id][to + 1 - CALENDAR_FIRST_DAY] -
					bank_days_before[id][day + 1 - CALENDAR_FIRST_DAY];
		}
	}
	CheckInt(bad[0], 0, "L7: 200,000 random days of 2000-2200, open or not");
	CheckInt(bad[1], 0, "L7: 200,000 random next bank days");
	CheckInt(bad[2], 0, "L7: 200,000 random previous bank days");
	CheckInt(bad[3], 0, "L7: 200,000 random additions of -100,000..100,000 bank days");
	CheckInt(bad[4], 0, "L7: 200,000 random counts over -100,000..100,000 days");
	Check(closed > 50000 && out > 10000 && out < 150000, "many from closed days, some beyond the range");
}

/* Order and way back over any distance, from open days and closed ones. */
static void
TestFarLaws(void)
{
	int			bad_inverse = 0;
	int			bad_day_order = 0;
	int			bad_number_order = 0;
	int			asked = 0;
	int			i;

	for (i = 0; i < 300000; i++)
	{
		const Calendar *cal = &plain[RandomBetween(0, CALENDAR_COUNT - 1)];
		int32_t		day = (int32_t) RandomBetween(0, Day(2200, 12, 31));
		int32_t		later = day + (int32_t) RandomBetween(0, i % 2 == 0 ? 5 : 50000);
		int32_t		n = (int32_t) RandomBetween(-100000, 100000) / (i % 3 == 0 ? 10000 : 1);
		int32_t		more = n + (int32_t) RandomBetween(1, i % 2 == 0 ? 2 : 50000);
		int32_t		result = AddBankDays(cal, day, n);
		int32_t		of_later = AddBankDays(cal, later, n);
		int32_t		of_more = AddBankDays(cal, day, more);

		if (result == CALENDAR_OUT_OF_RANGE)
			continue;
		asked++;
		bad_day_order += of_later != CALENDAR_OUT_OF_RANGE ? of_later < result : n <= 0;
		bad_number_order += of_more != CALENDAR_OUT_OF_RANGE ? of_more <= result : more <= 0;
		bad_inverse += AddBankDays(cal, result, -n) !=
			(n == 0 ? day : n > 0 ? PreviousBankDay(cal, day) : NextBankDay(cal, day));
	}
	Check(asked > 100000, "most results are in range");
	CheckInt(bad_day_order, 0, "a later day never comes to an earlier one");
	CheckInt(bad_number_order, 0, "more bank days always come to a later day");
	CheckInt(bad_inverse, 0, "n forth and n back is the day, or the bank day next to a closed one");
}

/* What must hold for any calendar, whatever its rules. */
static void
TestLaws(void)
{
	int			bad_zero = 0;
	int			bad_inverse = 0;
	int			bad_between = 0;
	int			bad_sum = 0;
	int			bad_order = 0;
	int			i;

	for (i = 0; i < 100000; i++)
	{
		const Calendar *cal = &plain[RandomBetween(0, CALENDAR_COUNT - 1)];
		int32_t		day = (int32_t) RandomBetween(0, Day(2200, 12, 31));
		int32_t		n = (int32_t) RandomBetween(1, 400);
		int32_t		m = (int32_t) RandomBetween(1, 400);
		int32_t		open = NextBankDay(cal, day);
		int32_t		after = AddBankDays(cal, day, n);
		int32_t		before = AddBankDays(cal, day, -n);

		bad_zero += AddBankDays(cal, day, 0) != day;
		bad_inverse +=
			AddBankDays(cal, AddBankDays(cal, open, n), -n) != open ||
			AddBankDays(cal, AddBankDays(cal, open, -n), n) != open;
		bad_between += BankDaysBetween(cal, day, after) != n ||
			BankDaysBetween(cal, after, day) != -n ||
			BankDaysBetween(cal, open, AddBankDays(cal, open, -n)) != -n;
		bad_sum += AddBankDays(cal, after, m) != AddBankDays(cal, day, n + m) ||
			AddBankDays(cal, before, -m) != AddBankDays(cal, day, -n - m) ||
			BankDaysBetween(cal, before, day) + BankDaysBetween(cal, day, after) !=
			BankDaysBetween(cal, before, after);
		bad_order += !IsBankDay(cal, after) || !IsBankDay(cal, before) ||
			before >= day || after <= day || open < day ||
			AddBankDays(cal, day, n + 1) <= after ||
			AddBankDays(cal, day + 1, n) < after ||
			AddBankDays(cal, day + 1, -n) < before;
	}
	CheckInt(bad_zero, 0, "adding nothing gives the day itself, open or closed");
	CheckInt(bad_inverse, 0, "from a bank day, n forth and n back is the day");
	CheckInt(bad_between, 0, "between a day and its n-th bank day lie n");
	CheckInt(bad_sum, 0, "additions and counts add up");
	CheckInt(bad_order, 0, "results are bank days in the order of day and n");
}

/* Additions from weekends and holidays, the dates looked up by hand. */
static void
TestFromClosedDays(void)
{
	const Calendar *se = &plain[CALENDAR_SE];
	const Calendar *dk = &plain[CALENDAR_DK];

	CheckInt(AddBankDays(se, Day(2026, 4, 4), 1), Day(2026, 4, 7),
			 "Easter Saturday and one is the Tuesday after");
	CheckInt(AddBankDays(se, Day(2026, 4, 4), -1), Day(2026, 4, 2),
			 "Easter Saturday less one is Maundy Thursday");
	CheckInt(AddBankDays(se, Day(2026, 12, 23), 10), Day(2027, 1, 13),
			 "F2: ten bank days over Christmas 2026 in Sweden");
	CheckInt(AddBankDays(se, Day(2026, 6, 5), 10), Day(2026, 6, 22),
			 "F2: ten bank days over Midsummer 2026 in Sweden");
	CheckInt(NextBankDay(se, Day(2026, 12, 24)), Day(2026, 12, 28),
			 "F2: a deadline on Christmas Eve 2026 moves to the 28th");
	CheckInt(PreviousBankDay(dk, Day(2024, 4, 1)), Day(2024, 3, 27),
			 "before Easter Monday 2024 Denmark was last open on Wednesday");
	CheckInt(BankDaysBetween(se, Day(2026, 12, 23), Day(2027, 1, 13)), 10,
			 "and there are as many between them");
	CheckInt(BankDaysBetween(se, Day(2026, 4, 4), Day(2026, 4, 4)), 0,
			 "none between a closed day and itself");
}

/* Outside the range there is no result, and never a wrong one. */
static void
TestRange(void)
{
	const Calendar *se = &plain[CALENDAR_SE];
	int32_t		first = CALENDAR_FIRST_DAY;
	int32_t		last = CALENDAR_LAST_DAY;
	const int32_t none = CALENDAR_OUT_OF_RANGE;

	Check(!IsBankDay(se, first - 1) && !IsBankDay(se, last + 1) &&
		  !IsBankDay(se, INT32_MIN) && !IsBankDay(se, INT32_MAX),
		  "no day outside the range is a bank day");
	Check(AddBankDays(se, first - 1, 0) == none &&
		  AddBankDays(se, last + 1, 0) == none &&
		  AddBankDays(se, INT32_MAX, INT32_MAX) == none &&
		  AddBankDays(se, INT32_MIN, INT32_MIN) == none,
		  "nothing is added to a day outside");
	Check(AddBankDays(se, 0, INT32_MAX) == none &&
		  AddBankDays(se, 0, INT32_MIN) == none &&
		  AddBankDays(se, first, -1) == none &&
		  AddBankDays(se, last, 1) == none,
		  "nothing is given beyond the range");
	Check(NextBankDay(se, last) == none && PreviousBankDay(se, first) == none,
		  "31 December 2500 and 1 January 1900 are closed, and ends");
	CheckInt(PreviousBankDay(se, last), Day(2500, 12, 30), "the last bank day");
	CheckInt(NextBankDay(se, first), Day(1900, 1, 2), "the first bank day");
	Check(BankDaysBetween(se, 0, last + 1) == none &&
		  BankDaysBetween(se, first - 1, 0) == none &&
		  BankDaysBetween(se, INT32_MAX, INT32_MIN) == none,
		  "no count from or to a day outside");
}

/* Orders day numbers for qsort. */
static int
CompareDays(const void *a, const void *b)
{
	int32_t		x = *(const int32_t *) a;
	int32_t		y = *(const int32_t *) b;

	return (x > y) - (x < y);
}

/* Compares one calendar with own closed days with the walk; counts misses. */
static int
CompareOwnClosed(const Calendar *cal)
{
	int			bad = 0;
	int			i;

	memcpy(own_oracle, oracle[cal->id], sizeof(own_oracle));
	for (i = 0; i < cal->nclosed; i++)
		own_oracle[cal->closed[i] - CALENDAR_FIRST_DAY] = false;

	for (i = 0; i < 500; i++)
	{
		int32_t		day = (int32_t) RandomBetween(-200, 1200);
		int32_t		n = (int32_t) RandomBetween(-100, 100);
		int32_t		to = (int32_t) RandomBetween(-200, 1200);
		bool		open = own_oracle[day - CALENDAR_FIRST_DAY];

		bad += IsBankDay(cal, day) != open;
		bad += AddBankDays(cal, day, n) != Walk(own_oracle, day, n);
		bad += NextBankDay(cal, day) != (open ? day : Walk(own_oracle, day, 1));
		bad += PreviousBankDay(cal, day) !=
			(open ? day : Walk(own_oracle, day, -1));
		bad += BankDaysBetween(cal, day, to) != Count(own_oracle, day, to);
	}
	return bad;
}

/* A creditor's own closed days: repeated ones, weekends, holidays and all. */
static void
TestOwnClosed(void)
{
	int32_t		closed[400] = {0};
	int32_t		ends[] = {INT32_MIN, CALENDAR_FIRST_DAY + 1,
	CALENDAR_LAST_DAY - 1, INT32_MAX};
	Calendar	cal;
	int			bad = 0;
	int			round;
	int			i;

	for (round = 0; round < 100; round++)
	{
		cal.id = (CalendarId) RandomBetween(0, CALENDAR_COUNT - 1);
		cal.nclosed = (int) RandomBetween(0, 400);
		cal.closed = closed;
		for (i = 0; i < cal.nclosed; i++)
			closed[i] = (int32_t) RandomBetween(0, 1000);
		qsort(closed, cal.nclosed, sizeof(closed[0]), CompareDays);
		bad += CompareOwnClosed(&cal);
	}
	CheckInt(bad, 0, "L7: own closed days, 100 random lists of up to 400");

	cal.id = CALENDAR_SE;
	cal.closed = ends;
	cal.nclosed = 4;
	Check(!IsBankDay(&cal, CALENDAR_FIRST_DAY + 1) &&
		  !IsBankDay(&cal, CALENDAR_LAST_DAY - 1) &&
		  !IsBankDay(&cal, INT32_MIN) && !IsBankDay(&cal, INT32_MAX) &&
		  NextBankDay(&cal, CALENDAR_FIRST_DAY) == CALENDAR_FIRST_DAY + 2 &&
		  PreviousBankDay(&cal, CALENDAR_LAST_DAY) == CALENDAR_LAST_DAY - 2 &&
		  AddBankDays(&cal, CALENDAR_FIRST_DAY + 2, -1) == CALENDAR_OUT_OF_RANGE &&
		  AddBankDays(&cal, CALENDAR_LAST_DAY - 2, 1) == CALENDAR_OUT_OF_RANGE,
		  "own closed days at and beyond both ends of the range");
}

/* Marks the days of one list of closed days; the result is how many it had. */
static int
ReadClosedDays(const char *folder, const char *name, bool *closed, int32_t days)
{
	char		path[4096];
	char		line[256];
	FILE	   *file;
	int			count = 0;

	snprintf(path, sizeof(path), "%s/bank_closed/%s.csv", folder, name);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
	{
		int			y;
		int			m;
		int			d;

		if (sscanf(line, "%4d-%2d-%2d,", &y, &m, &d) == 3 &&
			y >= 2000 && Day(y, m, d) < days)
		{
			closed[Day(y, m, d)] = true;
			count++;
		}
	}
	fclose(file);
	return count;
}

/* Every day of 2000-2040 against published lists, where they are at hand. */
static void
TestPublishedLists(void)
{
	static bool closed[15000];
	const char *folder = getenv("REMINDER_FACTS");
	int32_t		days = Day(2041, 1, 1);
	int			id;

	for (id = 0; id < CALENDAR_COUNT; id++)
	{
		const char *name = CalendarName((CalendarId) id);
		char		what[64];
		int			bad = 0;
		int32_t		day;

		memset(closed, 0, sizeof(closed));
		if (folder == NULL || *folder == '\0')
		{
			Skip("REMINDER_FACTS names no folder with lists of closed days");
			continue;
		}
		if (ReadClosedDays(folder, name, closed, days) < 41 * 6)
			bad++;
		for (day = 0; day < days; day++)
		{
			bool		weekday = (day - CALENDAR_FIRST_DAY) % 7 < 5;

			bad += IsBankDay(&plain[id], day) != (weekday && !closed[day]);
		}
		snprintf(what, sizeof(what), "L7: %s 2000-2040 as published", name);
		CheckInt(bad, 0, what);
	}
}

int
main(void)
{
	FillOracle();
	WalkOnce();
	TestNames();
	TestKnownDates();
	TestEasters();
	TestEveryDay();
	TestRandomWalks();
	TestQuestions();
	TestLaws();
	TestFarLaws();
	TestFromClosedDays();
	TestRange();
	TestOwnClosed();
	TestPublishedLists();
	return DoneTesting();
}
