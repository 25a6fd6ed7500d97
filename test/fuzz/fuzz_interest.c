/*
 * fuzz_interest.c
 *		Late interest (F9) of any claim: exact, in order, additive, and never
 *		silently too large.
 *
 * Needs: src/interest.c src/calendar.c
 */
#include "interest.h"

#include <string.h>

#include "calendar.h"
#include "fuzz.h"
#include "oracle_interest.h"

#define MANY		8
#define LARGEST		(INT64_MAX / 4)
#define BOUND		INT64_C(100000000000000)	/* of all amounts that columns hold */
#define WALK_DAYS	400			/* as long as a sum day by day takes no time */

/* A claim with its arrays. */
typedef struct Case
{
	InterestClaim claim;
	InterestRate rates[MANY];
	CapitalChange changes[MANY];
} Case;

/* What the periods were, and what they come to in floating point. */
typedef struct Seen
{
	const InterestClaim *claim;
	int			count;
	InterestPeriod last;
	long double sum;
	long double most;			/* the sum was ever away from zero */
} Seen;

/* Takes any day, mostly one in range. */
static int32_t
TakeDay(Bytes *bytes)
{
	switch (Take(bytes, 1) % 16)
	{
		case 0:
			return (int32_t) TakeBetween(bytes, INT32_MIN, INT32_MAX);
		case 1:
			return CALENDAR_FIRST_DAY + (int32_t) TakeBetween(bytes, -2, 12);
		case 2:
			return CALENDAR_LAST_DAY - (int32_t) TakeBetween(bytes, -2, 12);
		case 3:
			return (int32_t) TakeBetween(bytes, CALENDAR_FIRST_DAY, CALENDAR_LAST_DAY);
		default:
			return (int32_t) TakeBetween(bytes, 0, 36524);
	}
}

/* Takes a day not before another one. */
static int32_t
TakeDayFrom(Bytes *bytes, int32_t from)
{
	int64_t		day = from + TakeBetween(bytes, 0, Take(bytes, 1) % 4 == 0 ? 100000 : 400);

	return day > INT32_MAX ? INT32_MAX : (int32_t) day;
}

/* Takes a power of two or its neighbour, where a number may become too large. */
static int64_t
TakePower(Bytes *bytes, int most)
{
	return (INT64_C(1) << TakeBetween(bytes, 0, most)) + TakeBetween(bytes, -1, 1);
}

/* Takes any amount: often one that columns hold, else any there is. */
static int64_t
TakeAmount(Bytes *bytes)
{
	switch (Take(bytes, 1) % 5)
	{
		case 0:
			return TakeBetween(bytes, INT64_MIN, INT64_MAX);
		case 1:
			return TakeBetween(bytes, -(BOUND - 1), BOUND - 1);
		case 2:
			return TakeBetween(bytes, 0, BOUND - 1);
		case 3:
			return TakePower(bytes, 62);
		default:
			return TakeBetween(bytes, -10000000, 10000000);
	}
}

/* Takes any rate, mostly one as of law. */
static int32_t
TakeRate(Bytes *bytes)
{
	switch (Take(bytes, 1) % 6)
	{
		case 0:
			return (int32_t) TakeBetween(bytes, INT32_MIN, INT32_MAX);
		case 1:
			return (int32_t) TakePower(bytes, 30);
		default:
			return (int32_t) TakeBetween(bytes, -2000, 4000);
	}
}

/* Takes a claim as it is every day: an invoice of this century, paid in parts within a year or so. */
static void
TakeOrdinaryCase(Bytes *bytes, Case *c)
{
	int			round = TakeBool(bytes) ? 1000 : 1; /* with such rates ... */
	int			tie = TakeBool(bytes) ? 1825 : 1;	/* ... such amounts bear half an öre a day */
	int32_t		day;

	c->claim.due_day = (int32_t) TakeBetween(bytes, 0, 36524);
	c->claim.until = c->claim.due_day + (int32_t) TakeBetween(bytes, 0, WALK_DAYS);
	c->claim.nrates = (int) TakeBetween(bytes, 1, MANY);
	c->claim.nchanges = (int) TakeBetween(bytes, 1, MANY);
	day = 0;
	for (int i = 0; i < c->claim.nrates; i++)
	{
		c->rates[i].valid_from = day;
		c->rates[i].rate_bp = round * (int32_t) TakeBetween(bytes, -2000 / round, 4000 / round);
		day = (i == 0 ? c->claim.due_day : day) + (int32_t) TakeBetween(bytes, 0, 200);
	}
	day = c->claim.due_day - (int32_t) TakeBetween(bytes, 0, 30);
	for (int i = 0; i < c->claim.nchanges; i++)
	{
		c->changes[i].day = day;
		c->changes[i].change = i > 0 ? -tie * TakeBetween(bytes, 0, c->changes[0].change / tie / 2) :
			tie * TakeBetween(bytes, 0, (TakeBool(bytes) ? BOUND - 1 : 10000000) / tie);
		day += (int32_t) TakeBetween(bytes, 0, 200);
	}
}

/* Takes any claim. */
static void
TakeWildCase(Bytes *bytes, Case *c)
{
	int32_t		day;

	c->claim.due_day = TakeDay(bytes);
	c->claim.until = TakeBool(bytes) ? TakeDayFrom(bytes, c->claim.due_day) : TakeDay(bytes);
	c->claim.nrates = (int) TakeBetween(bytes, 0, MANY);
	c->claim.nchanges = (int) TakeBetween(bytes, 0, MANY);
	day = TakeBool(bytes) ? CALENDAR_FIRST_DAY : TakeDay(bytes);
	for (int i = 0; i < c->claim.nrates; i++)
	{
		c->rates[i].valid_from = day;
		c->rates[i].rate_bp = TakeRate(bytes);
		day = TakeDayFrom(bytes, i == 0 && day < c->claim.due_day ? c->claim.due_day : day);
	}
	day = TakeBool(bytes) ? c->claim.due_day : TakeDay(bytes);
	for (int i = 0; i < c->claim.nchanges; i++)
	{
		c->changes[i].day = day;
		c->changes[i].change = TakeAmount(bytes);
		day = TakeDayFrom(bytes, day);
	}
}

/* Takes a claim; rates and changes ascend, as the header asks. */
static void
TakeCase(Bytes *bytes, Case *c)
{
	memset(c, 0, sizeof(*c));
	c->claim.day_count = (DayCount) TakeBetween(bytes, DAY_COUNT_ACT_365, DAY_COUNT_30_360);
	c->claim.rates = c->rates;
	c->claim.changes = c->changes;
	if (TakeBool(bytes))
		TakeOrdinaryCase(bytes, c);
	else
		TakeWildCase(bytes, c);
}

/* Takes down a period, and requires what holds of each. */
static void
See(const InterestPeriod *period, void *context)
{
	Seen	   *seen = context;
	const InterestClaim *claim = seen->claim;
	int32_t		rate = 0;
	int			year;
	int			m;
	int			d;
	int			year_days = claim->day_count == DAY_COUNT_30_360 ? 360 : 365;

	for (int i = 0; i < claim->nrates && claim->rates[i].valid_from <= period->from; i++)
		rate = claim->rates[i].rate_bp;
	Require(period->rate_bp == rate, "a period has the rate that is in force on its first day");
	Require(period->from > claim->due_day && period->to <= claim->until && period->from <= period->to,
			"a period lies within the claim");
	Require(seen->count == 0 || period->from > seen->last.to, "and after the one before");
	Require(period->capital > 0, "it has capital");
	Require(period->days >= 0 && (claim->day_count == DAY_COUNT_30_360 || period->days == period->to - period->from + 1),
			"and counts its days");
	Require(period->total <= LARGEST + 1 && period->total >= -LARGEST - 1, "a sum is within its bounds");

	DateOfDay(period->from, &year, &m, &d);
	if (claim->day_count == DAY_COUNT_ACT_ACT)
	{
		year_days = DayOfDate(year + 1, 1, 1) - DayOfDate(year, 1, 1);
		Require(period->to < DayOfDate(year + 1, 1, 1), "ACT/ACT: a period ends with its year");
	}
	seen->sum += (long double) period->capital * period->rate_bp * period->days / year_days / 10000;
	if (seen->sum > seen->most)
		seen->most = seen->sum;
	if (-seen->sum > seen->most)
		seen->most = -seen->sum;
	seen->last = *period;
	seen->count++;
}

/* Gives the interest on a claim up to a day; INT64_MIN if it has none. */
static int64_t
Until(const InterestClaim *claim, int32_t due_day, int32_t until)
{
	InterestClaim part = *claim;
	int64_t		interest;

	part.due_day = due_day;
	part.until = until;
	part.each = NULL;
	return LateInterest(&part, &interest) == INTEREST_OK ? interest : INT64_MIN;
}

/* Asks for the interest, and whether the periods come to it. */
static InterestStatus
AskPeriods(Case *c, int64_t *interest)
{
	Seen		seen = {&c->claim, 0, {0}, 0, 0};
	InterestStatus status;
	long double slack;

	c->claim.each = See;
	c->claim.context = &seen;
	status = LateInterest(&c->claim, interest);
	c->claim.each = NULL;
	Require(status >= INTEREST_OK && status <= INTEREST_OUT_OF_RANGE, "there is an answer");
	slack = 2 + seen.most * 1e-15L;
	Require(seen.count == 0 || (seen.last.total - seen.sum < slack && seen.sum - seen.last.total < slack),
			"a sum that is too large is not taken for one that is not");
	if (status != INTEREST_OK)
	{
		Require(*interest == 0, "what has no answer has no interest");
		return status;
	}
	Require(*interest == (seen.count > 0 ? seen.last.total : 0), "the last period's total is the interest");
	return status;
}

/* Tells whether all amounts and rates are such as columns hold. */
static bool
IsOrdinary(const InterestClaim *claim)
{
	int64_t		capital = 0;

	for (int i = 0; i < claim->nchanges; i++)
	{
		if (claim->changes[i].change >= BOUND || claim->changes[i].change <= -BOUND)
			return false;
		capital += claim->changes[i].change;
		if (capital >= BOUND)
			return false;
	}
	for (int i = 0; i < claim->nrates; i++)
		if (claim->rates[i].rate_bp > 20000 || claim->rates[i].rate_bp < -20000)
			return false;
	return claim->due_day >= CALENDAR_FIRST_DAY && claim->until <= CALENDAR_LAST_DAY;
}

/* The day cuts the claim: both parts come to the whole, but for rounding. */
static void
AskCut(const InterestClaim *claim, int32_t day, int64_t interest)
{
	int64_t		before;
	int64_t		after;

	if (day < claim->due_day || day > claim->until)
		return;
	before = Until(claim, claim->due_day, day);
	after = Until(claim, day, claim->until);
	if (before == INT64_MIN || after == INT64_MIN)
		return;
	Require(interest - before - after <= 1 && before + after - interest <= 1, "two parts of a claim come to the whole");
}

/* Turned round, all rates give the same, negative. */
static void
AskNegative(const Case *c, int64_t interest)
{
	Case		turned = *c;
	int64_t		other;

	turned.claim.rates = turned.rates;
	for (int i = 0; i < c->claim.nrates; i++)
	{
		if (c->rates[i].rate_bp == INT32_MIN)
			return;
		turned.rates[i].rate_bp = -c->rates[i].rate_bp;
	}
	other = Until(&turned.claim, c->claim.due_day, c->claim.until);
	/* one bound is the other's neighbour */
	Require(other == -interest || (other == INT64_MIN && !IsOrdinary(&c->claim)), "negative rates give the same, negative");
}

/* Where no rate is negative, more and longer bears no less. */
static void
AskOrder(const Case *c, int32_t day, int64_t interest)
{
	Case		more = *c;
	int64_t		other;

	for (int i = 0; i < c->claim.nrates; i++)
		if (c->rates[i].rate_bp < 0)
			return;
	Require(interest >= 0, "no interest is negative where no rate is");
	if (day < c->claim.until)
	{
		other = Until(&c->claim, c->claim.due_day, day);
		Require(other == INT64_MIN || other <= interest, "a shorter time bears no more");
	}
	more.claim.changes = more.changes;
	more.claim.rates = more.rates;
	if (c->claim.nchanges > 0 && c->changes[0].change < INT64_MAX)
	{
		more.changes[0].change++;
		other = Until(&more.claim, c->claim.due_day, c->claim.until);
		Require(other == INT64_MIN || other >= interest, "more principal bears no less");
		more.changes[0].change--;
	}
	if (c->claim.nrates > 0 && c->rates[0].rate_bp < INT32_MAX)
	{
		more.rates[0].rate_bp++;
		other = Until(&more.claim, c->claim.due_day, c->claim.until);
		Require(other == INT64_MIN || other >= interest, "a higher rate bears no less");
	}
}

/* Two principals bear what their sum bears, but for rounding. */
static void
AskSum(const InterestClaim *claim, int64_t a, int64_t b)
{
	CapitalChange change = {CALENDAR_FIRST_DAY, 0};
	InterestClaim one = *claim;
	int64_t		bears[3];

	one.changes = &change;
	one.nchanges = 1;
	if (a < 0 || b < 0 || a >= BOUND || b >= BOUND)
		return;
	for (int i = 0; i < 3; i++)
	{
		change.change = i == 0 ? a : i == 1 ? b : a + b;
		bears[i] = Until(&one, claim->due_day, claim->until);
		if (bears[i] == INT64_MIN)
			return;
	}
	Require(bears[2] - bears[0] - bears[1] <= 1 && bears[0] + bears[1] - bears[2] <= 1,
			"two principals bear what they bear together");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	Case		c;
	int32_t		day;
	int64_t		a;
	int64_t		b;
	int64_t		interest;
	InterestStatus status;

	TakeCase(&bytes, &c);
	day = TakeBool(&bytes) ? TakeDay(&bytes) : TakeDayFrom(&bytes, c.claim.due_day);
	a = TakeAmount(&bytes);
	b = TakeAmount(&bytes);

	status = AskPeriods(&c, &interest);
	Require(IsOrdinary(&c.claim) ? status != INTEREST_OUT_OF_RANGE : true, "what columns hold is never too large");
	AskSum(&c.claim, a, b);
	if (status != INTEREST_OK)
		return 0;
	AskCut(&c.claim, day, interest);
	AskNegative(&c, interest);
	AskOrder(&c, day, interest);
#ifdef __SIZEOF_INT128__
	if (IsOrdinary(&c.claim) && c.claim.due_day < c.claim.until && c.claim.until - c.claim.due_day <= WALK_DAYS)
		Require(interest == Naive(&c.claim), "summed day by day it is the same");
#endif
	return 0;
}
