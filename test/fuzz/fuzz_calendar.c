/*
 * fuzz_calendar.c
 *		Bank days (L7, F2) of any day, number and calendar, own closed days
 *		included: what must hold whatever the rules are.
 *
 * Needs: src/calendar.c
 */
#include "calendar.h"

#include <string.h>

#include "fuzz.h"

#define MANY		24
#define NONE		CALENDAR_OUT_OF_RANGE

/* Tells whether a day is one that calendar.h speaks of. */
static bool
InRange(int32_t day)
{
	return day >= CALENDAR_FIRST_DAY && day <= CALENDAR_LAST_DAY;
}

/* Takes any day: mostly one in range, often of this century, or an end. */
static int32_t
TakeDay(Bytes *bytes)
{
	switch (Take(bytes, 1) % 8)
	{
		case 0:
			return (int32_t) TakeBetween(bytes, INT32_MIN, INT32_MAX);
		case 1:
			return CALENDAR_FIRST_DAY + (int32_t) TakeBetween(bytes, -2, 12);
		case 2:
			return CALENDAR_LAST_DAY - (int32_t) TakeBetween(bytes, -2, 12);
		case 3:
		case 4:
			return (int32_t) TakeBetween(bytes, CALENDAR_FIRST_DAY, CALENDAR_LAST_DAY);
		default:
			return (int32_t) TakeBetween(bytes, 0, 36524);
	}
}

/* Takes any number of bank days, mostly a small one. */
static int32_t
TakeNumber(Bytes *bytes)
{
	switch (Take(bytes, 1) % 8)
	{
		case 0:
			return (int32_t) TakeBetween(bytes, INT32_MIN, INT32_MAX);
		case 1:
		case 2:
			return (int32_t) TakeBetween(bytes, -100000, 100000);
		case 3:
			return 0;
		default:
			return (int32_t) TakeBetween(bytes, -60, 60);
	}
}

/* Takes own closed days: ascending, some repeated, near a day or anywhere. */
static int
TakeClosed(Bytes *bytes, int32_t near, int32_t *closed)
{
	int			count = (int) TakeBetween(bytes, 0, MANY);
	int64_t		day = (int64_t) near + TakeBetween(bytes, -100, 100);
	int			i;

	if (TakeBool(bytes))
		day = TakeBetween(bytes, INT32_MIN, INT32_MAX);
	for (i = 0; i < count; i++)
	{
		if (day < INT32_MIN)
			day = INT32_MIN;
		if (day > INT32_MAX)
			day = INT32_MAX;
		closed[i] = (int32_t) day;
		day += TakeBetween(bytes, 0, TakeBool(bytes) ? 3 : 200);
	}
	return count;
}

/* A day, its date, and the day after. */
static void
AskDate(int32_t day)
{
	int			y;
	int			m;
	int			d;
	int			next_d;

	if (!InRange(day))
		return;
	DateOfDay(day, &y, &m, &d);
	Require(y >= 1900 && y <= 2500 && m >= 1 && m <= 12 && d >= 1 && d <= 31, "a day has a date");
	Require(DayOfDate(y, m, d) == day, "a date is the day it was made of");
	DateOfDay(day + 1, &y, &m, &next_d);
	Require(next_d == d + 1 || (next_d == 1 && d >= 28), "a date follows on the one before");
}

/* Whether the banks are open. */
static void
AskOpen(const Calendar *cal, int32_t day)
{
	const Calendar plain = {cal->id, NULL, 0};
	bool		open = IsBankDay(cal, day);
	bool		own = false;
	int			i;

	for (i = 0; i < cal->nclosed; i++)
		own |= cal->closed[i] == day;
	Require(open == (IsBankDay(&plain, day) && !own), "own closed days, and no others, are taken away");
	Require(InRange(day) || !open, "no day outside is a bank day");
	Require(!open || (day - CALENDAR_FIRST_DAY) % 7 < 5, "no weekend is a bank day");
}

/* The bank day at, after and before a day. */
static void
AskNearest(const Calendar *cal, int32_t day)
{
	int32_t		next = NextBankDay(cal, day);
	int32_t		previous = PreviousBankDay(cal, day);
	bool		open = IsBankDay(cal, day);

	if (!InRange(day))
	{
		Require(next == NONE && previous == NONE, "no bank day is near a day outside");
		return;
	}
	Require((next == day) == open && (previous == day) == open, "an open day is its own next and previous, no other is");
	if (next != NONE)
	{
		Require(next >= day && IsBankDay(cal, next), "the next bank day is one, and not before");
		Require(NextBankDay(cal, next) == next, "and its own next");
		Require(BankDaysBetween(cal, day, next) == !open, "with none between");
	}
	if (previous != NONE)
	{
		Require(previous <= day && IsBankDay(cal, previous), "the previous bank day is one, and not after");
		Require(PreviousBankDay(cal, previous) == previous, "and its own previous");
		Require(BankDaysBetween(cal, previous, day) == 0, "with none after it");
	}
}

/* Counts the bank days of all there are before a day (back) or after it. */
static int32_t
Left(const Calendar *cal, int32_t day, bool back)
{
	if (!back)
		return BankDaysBetween(cal, day, CALENDAR_LAST_DAY);
	return BankDaysBetween(cal, CALENDAR_FIRST_DAY, day) - IsBankDay(cal, day) +
		IsBankDay(cal, CALENDAR_FIRST_DAY);
}

/* Walks n bank days day by day. */
static int32_t
Walk(const Calendar *cal, int32_t day, int32_t n)
{
	int			step = n > 0 ? 1 : -1;

	while (n != 0)
	{
		day += step;
		if (!InRange(day))
			return NONE;
		n -= IsBankDay(cal, day) ? step : 0;
	}
	return day;
}

/* So many bank days from a day on; the day may be closed, n 0 or negative. */
static void
AskAdd(const Calendar *cal, int32_t day, int32_t n)
{
	int32_t		result = AddBankDays(cal, day, n);
	bool		open = IsBankDay(cal, day);
	int32_t		back;

	if (!InRange(day))
	{
		Require(result == NONE, "nothing is added to a day outside");
		return;
	}
	if (n == 0)
	{
		Require(result == day, "none added is the day itself, open or closed");
		return;
	}
	if (n >= -40 && n <= 40)
		Require(result == Walk(cal, day, n), "a walk day by day comes to the same day");
	if (result == NONE)
	{
		Require(n > 0 ? Left(cal, day, false) < n : Left(cal, day, true) < -(int64_t) n,
				"only what lies outside has no answer");
		return;
	}
	Require(InRange(result) && IsBankDay(cal, result), "a bank day is what it comes to");
	Require(n > 0 ? result > day : result < day, "after the day, or before it");
	Require(BankDaysBetween(cal, day, result) == n + (n < 0 && !open), "with so many between");
	back = AddBankDays(cal, result, -n);
	Require(back == (open ? day : n > 0 ? PreviousBankDay(cal, day) : NextBankDay(cal, day)),
			"as many back is the bank day it began on, or the nearest one behind");
}

/* Two answers in their order; one that is missing lies beyond that end. */
static bool
InOrder(int32_t a, int32_t b, bool upwards)
{
	if (a == NONE || b == NONE)
		return upwards ? b == NONE : a == NONE;
	return a <= b;
}

/* More days, and later ones, come to later days; additions add up. */
static void
AskOrder(const Calendar *cal, int32_t day, int32_t other, int32_t n, int32_t m)
{
	int32_t		first = day < other ? day : other;
	int32_t		last = day < other ? other : day;
	int32_t		result;
	int64_t		sum = (int64_t) n + m;

	if (!InRange(day) || !InRange(other))
		return;
	result = AddBankDays(cal, day, n);
	Require(n == 0 || InOrder(AddBankDays(cal, first, n), AddBankDays(cal, last, n), n > 0),
			"a later day comes to no earlier one");
	if (n < INT32_MAX)
	{
		int32_t		further = AddBankDays(cal, day, n + 1);

		Require(n >= 0 ? result == NONE ? further == NONE : further == NONE || further > result :
				further == NONE ? result == NONE : result == NONE || further > result,
				"one more comes to a later day");
	}
	/* of a closed day only in one direction: back from it is not forth to it */
	if (result == NONE || sum < INT32_MIN || sum > INT32_MAX ||
		!(IsBankDay(cal, day) || (n > 0 && m > 0) || (n < 0 && m < 0)))
		return;
	Require(AddBankDays(cal, result, m) == AddBankDays(cal, day, (int32_t) sum), "additions add up");
}

/* Counts between three days. */
static void
AskBetween(const Calendar *cal, int32_t a, int32_t b, int32_t c)
{
	const Calendar plain = {cal->id, NULL, 0};
	int32_t		count = BankDaysBetween(cal, a, b);

	if (!InRange(a) || !InRange(b))
	{
		Require(count == NONE, "nothing is counted from or to a day outside");
		return;
	}
	Require(BankDaysBetween(cal, b, a) == -count, "the other way round it is as many, negative");
	Require(a <= b ? count >= 0 && count <= b - a : count <= 0 && count >= b - a, "no more than there are days");
	Require(abs(count) <= abs(BankDaysBetween(&plain, a, b)), "no more than without own closed days");
	Require(abs(BankDaysBetween(&plain, a, b)) - abs(count) <= cal->nclosed, "which take one each at most");
	if (InRange(c))
		Require(count + BankDaysBetween(cal, b, c) == BankDaysBetween(cal, a, c), "counts add up");
}

/* Asks about bytes as a name. */
static void
AskName(const Bytes *bytes)
{
	size_t		len = bytes->left < 8 ? bytes->left : 8;
	CalendarId	id = CALENDAR_COUNT;

	if (!CalendarByName((const char *) bytes->at, len, &id))
		return;
	Require(id < CALENDAR_COUNT && strlen(CalendarName(id)) == len &&
			memcmp(CalendarName(id), bytes->at, len) == 0, "a calendar is found by its own name");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	int32_t		closed[MANY];
	Calendar	cal = {(CalendarId) TakeBetween(&bytes, 0, CALENDAR_COUNT - 1), NULL, 0};
	int32_t		day = TakeDay(&bytes);
	int32_t		n = TakeNumber(&bytes);
	int32_t		other = TakeBool(&bytes) ? TakeDay(&bytes) :
		(int32_t) (day + (uint32_t) TakeBetween(&bytes, 0, 10));
	int32_t		m = TakeNumber(&bytes);
	int32_t		third = TakeDay(&bytes);

	if (TakeBool(&bytes))
	{
		cal.nclosed = TakeClosed(&bytes, day, closed);
		cal.closed = closed;
	}
	AskDate(day);
	AskOpen(&cal, day);
	AskNearest(&cal, day);
	AskAdd(&cal, day, n);
	AskOrder(&cal, day, other, n, m);
	AskBetween(&cal, day, other, third);
	AskName(&bytes);
	return 0;
}
