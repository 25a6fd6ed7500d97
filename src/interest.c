/*
 * interest.c
 *		Late interest: simple, by the day, exact, rounded once (F9).
 *
 * The sum is kept as whole öre and a rest of one common denominator, so that
 * every step is exact in 64 bits and nothing is rounded before the end.
 *
 * Nothing here allocates, and nothing depends on a server.
 */
#include "interest.h"

#include "calendar.h"

#define BP_ONE		10000		/* 100 % */
#define LARGEST		(INT64_MAX / 4) /* so that two of them never overflow */

/* So that their product never overflows. */
#define SMALL_CAPITAL	(INT64_C(1) << 33)
#define SMALL_FACTOR	(INT64_C(1) << 30)

/* An exact number of öre: whole + rest / denominator. */
typedef struct Exact
{
	int64_t		whole;
	int64_t		rest;			/* 0 <= rest < denominator */
	int64_t		denominator;
} Exact;

/* What a walk through a claim knows about the period it has come to. */
typedef struct Walk
{
	const InterestClaim *claim;
	Exact		sum;
	int			next_rate;		/* the first one not in force yet */
	int			next_change;
	int64_t		capital;
} Walk;

/* Gives the denominator of all interest in a day count. */
static int64_t
Denominator(DayCount day_count)
{
	switch (day_count)
	{
		case DAY_COUNT_ACT_ACT:
			return INT64_C(365) * 366 * BP_ONE;
		case DAY_COUNT_30_360:
			return INT64_C(360) * BP_ONE;
		default:
			return INT64_C(365) * BP_ONE;
	}
}

/* Multiplies a number that is not negative; false if it grows too large. */
static bool
Multiply(Exact *number, int64_t factor)
{
	/* Factors are below 2^31 and denominators below 2^31, so this fits. */
	int64_t		rest = number->rest * factor;
	int64_t		carry = rest / number->denominator;

	if (factor > 0 && number->whole > (INT64_MAX - carry) / factor)
		return false;
	number->whole = number->whole * factor + carry;
	number->rest = rest % number->denominator;
	return true;
}

/* Adds a number that is not negative to a sum, or takes it away. */
static bool
AddTo(Exact *sum, const Exact *number, bool negative)
{
	int64_t		rest = sum->rest + (negative ? -number->rest : number->rest);
	int64_t		carry = rest < 0 ? -1 : rest >= sum->denominator ? 1 : 0;

	if (number->whole > LARGEST)
		return false;
	sum->whole += (negative ? -number->whole : number->whole) + carry;
	sum->rest = rest - carry * sum->denominator;
	return sum->whole <= LARGEST && sum->whole >= -LARGEST;
}

/* Rounds a sum to whole öre, half an öre away from zero. */
static int64_t
Rounded(const Exact *sum)
{
	int64_t		twice = 2 * sum->rest;

	/* Below zero, whole is already the one further away. */
	if (sum->whole < 0)
		return sum->whole + (twice > sum->denominator);
	return sum->whole + (twice >= sum->denominator);
}

/* Adds what capital bears in a number of days, each so many parts of a year. */
static bool
AddInterest(Exact *sum, int64_t capital, int32_t rate_bp, int32_t days,
			int64_t parts)
{
	Exact		part;
	int64_t		rate = rate_bp < 0 ? -(int64_t) rate_bp : rate_bp;
	int64_t		factor = rate * days * parts;	/* 31 + 18 + 9 bits */

	part.denominator = sum->denominator;
	/* Most claims are small: one multiplication and one division will do. */
	if (capital < SMALL_CAPITAL && factor < SMALL_FACTOR)
	{
		int64_t		product = capital * factor;

		part.whole = product / part.denominator;
		part.rest = product % part.denominator;
		return AddTo(sum, &part, rate_bp < 0);
	}
	part.whole = capital / part.denominator;
	part.rest = capital % part.denominator;
	return Multiply(&part, rate) && Multiply(&part, days) &&
		Multiply(&part, parts) && AddTo(sum, &part, rate_bp < 0);
}

/* Numbers days so that every month has 30: the 31st shares the 30th's number. */
static int32_t
DayIn360(int32_t day)
{
	int			y;
	int			m;
	int			d;

	DateOfDay(day, &y, &m, &d);
	return 360 * y + 30 * m + (d > 30 ? 30 : d);
}

/* Counts the days of a period. */
static int32_t
CountDays(DayCount day_count, int32_t from, int32_t to)
{
	if (day_count == DAY_COUNT_30_360)
		return DayIn360(to) - DayIn360(from - 1);
	return to - from + 1;
}

/*
 * Gives how many parts of a year a day is, of the denominator's parts, and the
 * last day that holds for.
 */
static int64_t
DayParts(DayCount day_count, int32_t day, int32_t *last)
{
	int			year;
	int			m;
	int			d;

	*last = CALENDAR_LAST_DAY;
	if (day_count != DAY_COUNT_ACT_ACT)
		return 1;
	DateOfDay(day, &year, &m, &d);
	*last = DayOfDate(year, 12, 31);
	/* 365 * 366 parts by the days of the year, which are one or the other */
	return 365 + 366 - (*last - DayOfDate(year, 1, 1) + 1);
}

/* Brings capital and rate up to a day; false if the capital grows too large. */
static bool
Advance(Walk *walk, int32_t day)
{
	const InterestClaim *claim = walk->claim;

	while (walk->next_rate < claim->nrates &&
		   claim->rates[walk->next_rate].valid_from <= day)
		walk->next_rate++;

	for (; walk->next_change < claim->nchanges &&
		 claim->changes[walk->next_change].day < day; walk->next_change++)
	{
		int64_t		change = claim->changes[walk->next_change].change;

		if (change > 0 ? walk->capital > INT64_MAX - change :
			walk->capital < INT64_MIN - change)
			return false;
		walk->capital += change;
	}
	return true;
}

/* Gives the last day, at most last, on which nothing changes since Advance. */
static int32_t
PeriodEnd(const Walk *walk, int32_t last)
{
	const InterestClaim *claim = walk->claim;

	if (claim->until < last)
		last = claim->until;
	if (walk->next_rate < claim->nrates &&
		claim->rates[walk->next_rate].valid_from - 1 < last)
		last = claim->rates[walk->next_rate].valid_from - 1;
	if (walk->next_change < claim->nchanges &&
		claim->changes[walk->next_change].day < last)
		last = claim->changes[walk->next_change].day;
	return last;
}

/* Adds one period's interest, and tells whoever wants to know about it. */
static InterestStatus
AddPeriod(Walk *walk, int32_t from, int32_t to, int64_t parts)
{
	const InterestClaim *claim = walk->claim;
	InterestPeriod period;

	if (walk->next_rate == 0)
		return INTEREST_NO_RATE;
	period.from = from;
	period.to = to;
	period.days = CountDays(claim->day_count, from, to);
	period.rate_bp = claim->rates[walk->next_rate - 1].rate_bp;
	period.capital = walk->capital;
	if (!AddInterest(&walk->sum, period.capital, period.rate_bp, period.days,
					 parts))
		return INTEREST_OUT_OF_RANGE;
	period.total = Rounded(&walk->sum);
	if (claim->each != NULL)
		claim->each(&period, claim->context);
	return INTEREST_OK;
}

/* Gives the interest on a claim, as the header says. */
InterestStatus
LateInterest(const InterestClaim *claim, int64_t *interest)
{
	Walk		walk = {claim, {0, 0, Denominator(claim->day_count)}, 0, 0, 0};
	int32_t		day;
	int32_t		end;

	*interest = 0;
	if (claim->until <= claim->due_day)
		return INTEREST_OK;
	if (claim->due_day < CALENDAR_FIRST_DAY || claim->until > CALENDAR_LAST_DAY)
		return INTEREST_OUT_OF_RANGE;

	for (day = claim->due_day + 1; day <= claim->until; day = end + 1)
	{
		InterestStatus status = INTEREST_OK;
		int64_t		parts = DayParts(claim->day_count, day, &end);

		if (!Advance(&walk, day))
			return INTEREST_OUT_OF_RANGE;
		end = PeriodEnd(&walk, end);
		if (walk.capital > 0)
			status = AddPeriod(&walk, day, end, parts);
		if (status != INTEREST_OK)
			return status;
	}
	*interest = Rounded(&walk.sum);
	return INTEREST_OK;
}
