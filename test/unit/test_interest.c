/*
 * test_interest.c
 *		Late interest (F9): worked examples, and random claims against a sum day
 *		by day in exact fractions.
 *
 * Needs: src/calendar.c
 */
#include "interest.h"

#include <stdlib.h>

#include "calendar.h"
#include "oracle_interest.h"
#include "tap.h"

#define MANY		8

/* What the callback saw. */
typedef struct Seen
{
	int			count;
	int			bad;
	InterestPeriod last;
} Seen;

/* Computes a claim with one principal and no payments. */
static InterestStatus
Compute(int64_t principal, int32_t due, int32_t until, DayCount day_count,
		const InterestRate *rates, int nrates, int64_t *interest)
{
	CapitalChange change = {due, principal};
	InterestClaim claim = {due, until, day_count, rates, nrates, &change, 1,
	NULL, NULL};

	return LateInterest(&claim, interest);
}

/* The same for claims that have an answer. */
static int64_t
Interest(int64_t principal, int32_t due, int32_t until, DayCount day_count,
		 const InterestRate *rates, int nrates)
{
	int64_t		interest;

	if (Compute(principal, due, until, day_count, rates, nrates,
				&interest) != INTEREST_OK)
		return INT64_MIN;
	return interest;
}

/* And for claims that may have none. */
static InterestStatus
Status(int64_t principal, int32_t due, int32_t until, const InterestRate *rates,
	   int nrates)
{
	int64_t		interest;

	return Compute(principal, due, until, DAY_COUNT_ACT_365, rates, nrates,
				   &interest);
}

/* Examples computed by hand or by authorities. */
static void
TestExamples(void)
{
	const InterestRate se[] = {{DayOfDate(2025, 1, 1), 1100},
	{DayOfDate(2025, 7, 1), 1000}};
	const InterestRate ten[] = {{DayOfDate(2020, 1, 1), 1000}};
	const InterestRate eight[] = {{DayOfDate(2020, 7, 1), 800}};
	const InterestRate no[] = {{DayOfDate(2024, 1, 1), 1250}};
	const InterestRate fi[] = {{DayOfDate(2026, 1, 1), 950},
	{DayOfDate(2026, 7, 1), 950}};

	CheckInt(Interest(1000000, DayOfDate(2025, 5, 31), DayOfDate(2025, 9, 30),
					  DAY_COUNT_ACT_365, se, 2), 34247,
			 "F9: SE 10,000 over a change of rate, 342.47");
	CheckInt(Interest(5000000, DayOfDate(2025, 3, 1), DayOfDate(2025, 3, 31),
					  DAY_COUNT_ACT_365, ten, 1), 41096,
			 "F9: SE 50,000 for 30 days at 10 %, 410.96");
	CheckInt(Interest(678000, DayOfDate(2020, 12, 31), DayOfDate(2021, 4, 20),
					  DAY_COUNT_ACT_365, eight, 1), 16346,
			 "F9: SE 6,780 for 110 days at 8 %, 163.46");
	CheckInt(Interest(1000000, DayOfDate(2024, 1, 31), DayOfDate(2024, 3, 1),
					  DAY_COUNT_ACT_ACT, no, 1), 10246,
			 "F9: NO 10,000 for 30 days of a leap year at 12.5 %, 102.46");
	CheckInt(Interest(100000, DayOfDate(2026, 6, 15), DayOfDate(2026, 7, 31),
					  DAY_COUNT_ACT_365, fi, 2), 1197,
			 "F9: FI 1,000 for 46 days at 9.5 %, 11.97");
	CheckInt(Interest(1000000, DayOfDate(2025, 1, 31), DayOfDate(2025, 2, 28),
					  DAY_COUNT_30_360, ten, 1), 7778,
			 "30/360: 31 January to 28 February is 28 days");
	CheckInt(Interest(3600000, DayOfDate(2025, 1, 15), DayOfDate(2026, 1, 15),
					  DAY_COUNT_30_360, ten, 1), 360000,
			 "30/360: a year is a year");
	CheckInt(Interest(1000000, DayOfDate(2023, 12, 31), DayOfDate(2024, 12, 31),
					  DAY_COUNT_ACT_ACT, no, 1), 125000,
			 "ACT/ACT: a leap year is a year");
	CheckInt(Interest(36500, DayOfDate(2025, 1, 1), DayOfDate(2025, 1, 2),
					  DAY_COUNT_ACT_365, ten, 1), 10,
			 "the day after the due day is the first");
	CheckInt(Interest(1000000, DayOfDate(2025, 1, 1), DayOfDate(2025, 1, 1),
					  DAY_COUNT_ACT_365, ten, 1), 0,
			 "paid on the due day: nothing");
	CheckInt(Interest(1000000, DayOfDate(2025, 1, 1), DayOfDate(2024, 1, 1),
					  DAY_COUNT_ACT_365, ten, 1), 0,
			 "paid before the due day: nothing");
}

/* A part payment stops its share the day after, and rounding waits. */
static void
TestPayments(void)
{
	const InterestRate rates[] = {{0, 1000}};
	const CapitalChange changes[] = {
		{DayOfDate(2025, 1, 1), 1000000},
		{DayOfDate(2025, 1, 31), -400000},
		{DayOfDate(2025, 1, 31), -100000},
		{DayOfDate(2025, 3, 2), -500000},
	};
	InterestClaim claim = {DayOfDate(2025, 1, 1), DayOfDate(2025, 12, 31),
		DAY_COUNT_ACT_365, rates, 1, changes, 4, NULL, NULL};
	int64_t		interest;

	/* 30 days of 10,000 and 30 days of 5,000: 12,328.767 öre */
	CheckInt(LateInterest(&claim, &interest), INTEREST_OK, "payments: answered");
	CheckInt(interest, 12329, "payments: each capital for its days");

	claim.until = DayOfDate(2025, 1, 31);
	LateInterest(&claim, &interest);
	CheckInt(interest, 8219, "the day of a payment bears interest on all");
	claim.until = DayOfDate(2025, 2, 1);
	LateInterest(&claim, &interest);
	CheckInt(interest, 8356, "the day after it on the rest");
}

/* Half an öre goes away from zero, on the sum, whatever the parts. */
static void
TestRounding(void)
{
	const InterestRate plus[] = {{0, 1000}};
	const InterestRate minus[] = {{0, -1000}};
	const InterestRate thirds[] = {{0, 1000}, {DayOfDate(2025, 1, 3), 1001},
	{DayOfDate(2025, 1, 4), 999}};
	int32_t		due = DayOfDate(2025, 1, 1);

	CheckInt(Interest(1825, due, due + 1, DAY_COUNT_ACT_365, plus, 1), 1,
			 "half an öre is rounded up");
	CheckInt(Interest(1824, due, due + 1, DAY_COUNT_ACT_365, plus, 1), 0,
			 "a little less is rounded down");
	CheckInt(Interest(1825, due, due + 1, DAY_COUNT_ACT_365, minus, 1), -1,
			 "a negative half is rounded away from zero, too");
	CheckInt(Interest(1824, due, due + 1, DAY_COUNT_ACT_365, minus, 1), 0,
			 "a little less is not");
	CheckInt(Interest(1825, due, due + 3, DAY_COUNT_ACT_365, thirds, 3), 2,
			 "F9: three periods of half an öre are 1.5, rounded once");
}

/* What cannot be answered is said, not guessed. */
static void
TestRefusals(void)
{
	const InterestRate from_ten[] = {{10, 1000}};
	const InterestRate whole[] = {{INT32_MIN, 10000}, {1000000, 0}};
	const InterestRate minus[] = {{INT32_MIN, -10000}};
	const InterestRate huge[] = {{INT32_MIN, INT32_MAX}};
	const InterestRate least[] = {{INT32_MIN, INT32_MIN}};
	const CapitalChange late = {9, 1000000};
	InterestClaim claim = {1, 19, DAY_COUNT_ACT_365, from_ten, 1, &late, 1,
	NULL, NULL};
	int64_t		interest;

	Check(LateInterest(&claim, &interest) == INTEREST_OK && interest == 2740,
		  "a day without capital needs no rate");
	claim.nchanges = 0;
	Check(LateInterest(&claim, &interest) == INTEREST_OK && interest == 0,
		  "no capital, no interest");
	CheckInt(Status(1, 9, 10, from_ten, 1), INTEREST_OK,
			 "the first day of the first rate has one");
	CheckInt(Status(1, 8, 10, from_ten, 1), INTEREST_NO_RATE,
			 "the day before has none");
	CheckInt(Status(1, 0, 1, NULL, 0), INTEREST_NO_RATE, "no rates at all");

	CheckInt(Status(1, CALENDAR_FIRST_DAY, CALENDAR_LAST_DAY, whole, 2),
			 INTEREST_OK, "from the first to the last day");
	CheckInt(Status(1, CALENDAR_FIRST_DAY - 1, 0, whole, 2),
			 INTEREST_OUT_OF_RANGE, "due before 1900");
	CheckInt(Status(1, 0, CALENDAR_LAST_DAY + 1, whole, 2),
			 INTEREST_OUT_OF_RANGE, "paid after 2500");
	CheckInt(Status(1, INT32_MAX, INT32_MAX, whole, 2), INTEREST_OK,
			 "the last of all days bears nothing");

	CheckInt(Status(INT64_MAX / 4, 0, 365, whole, 1), INTEREST_OK,
			 "a quarter of 64 bits");
	CheckInt(Status(INT64_MAX / 4 + 1, 0, 365, whole, 1), INTEREST_OUT_OF_RANGE,
			 "more than that");
	CheckInt(Status(INT64_MAX / 4, 0, 366, whole, 1), INTEREST_OUT_OF_RANGE,
			 "more than that in one more day");
	CheckInt(Status(INT64_MAX / 4, 0, 366, minus, 1), INTEREST_OUT_OF_RANGE,
			 "or as much below zero");
	CheckInt(Status(INT64_MAX, 0, 1, huge, 1), INTEREST_OUT_OF_RANGE,
			 "far more than 64 bits");
	CheckInt(Status(INT64_MAX, 0, 1, least, 1), INTEREST_OUT_OF_RANGE,
			 "and far less");
}

/* Claims whose parts fit and whose sum does not. */
static void
TestSumsTooLarge(void)
{
	const InterestRate whole[] = {{0, 10000}, {366, 10000}};
	const InterestRate minus[] = {{0, -10000}, {366, -10000}};
	const InterestRate from_two[] = {{0, 10000}, {2, 10000}};
	const CapitalChange twice[] = {{0, INT64_MAX}, {0, 1}};
	const CapitalChange below[] = {{0, INT64_MIN}, {0, -1}};

	/* Two periods of 365 days, the rate the same. */
	CheckInt(Status(INT64_MAX / 8, 0, 730, whole, 2), INTEREST_OK,
			 "two parts, together a quarter of 64 bits");
	CheckInt(Status(INT64_MAX / 8 + 10, 0, 730, whole, 2), INTEREST_OUT_OF_RANGE,
			 "two parts, together more");
	CheckInt(Status(INT64_MAX / 8 + 10, 0, 730, minus, 2), INTEREST_OUT_OF_RANGE,
			 "two parts below zero");
	CheckInt(Status(INT64_MAX, 0, 366, from_two, 2), INTEREST_OUT_OF_RANGE,
			 "a small part and one of 64 bits");
	Check(LateInterest(&(InterestClaim) {0, 10, DAY_COUNT_ACT_365, whole, 2,
		  twice, 2, NULL, NULL}, &(int64_t) {0}) == INTEREST_OUT_OF_RANGE,
		  "capital beyond 64 bits");
	Check(LateInterest(&(InterestClaim) {0, 10, DAY_COUNT_ACT_365, whole, 2,
		  below, 2, NULL, NULL}, &(int64_t) {0}) == INTEREST_OUT_OF_RANGE,
		  "and below");
}

/* Amounts at the bound of all amounts, for as long as there are dates. */
static void
TestLargeAmounts(void)
{
	const InterestRate hundred[] = {{CALENDAR_FIRST_DAY, 10000}};
	int64_t		bound = INT64_C(100000000000000);

	CheckInt(Interest(bound - 1, DayOfDate(2025, 12, 31),
					  DayOfDate(2026, 12, 31), DAY_COUNT_ACT_365, hundred, 1),
			 bound - 1, "100 % of the largest amount in a year");
	CheckInt(Interest(bound - 1, DayOfDate(1999, 12, 31),
					  DayOfDate(2200, 12, 31), DAY_COUNT_ACT_ACT, hundred, 1),
			 201 * (bound - 1), "and in 201 years");
	CheckInt(Interest(bound - 1, DayOfDate(1999, 12, 31),
					  DayOfDate(2200, 12, 31), DAY_COUNT_30_360, hundred, 1),
			 201 * (bound - 1), "and in as many of 360 days");

	/* Where one multiplication no longer does, the other way goes on. */
	CheckInt(Interest((INT64_C(1) << 33) - 1, DayOfDate(2025, 12, 31),
					  DayOfDate(2026, 12, 31), DAY_COUNT_ACT_365, hundred, 1),
			 (INT64_C(1) << 33) - 1, "the largest of the small amounts");
	CheckInt(Interest(INT64_C(1) << 33, DayOfDate(2025, 12, 31),
					  DayOfDate(2026, 12, 31), DAY_COUNT_ACT_365, hundred, 1),
			 INT64_C(1) << 33, "the smallest of the large ones");
}

/* Checks that a period follows on the last one and keeps it in mind. */
static void
See(const InterestPeriod *period, void *context)
{
	Seen	   *seen = context;

	if (period->to < period->from || period->capital <= 0 ||
		(seen->count > 0 && period->from <= seen->last.to))
		seen->bad++;
	seen->last = *period;
	seen->count++;
}

/* The periods are the ones a letter has to show. */
static void
TestPeriods(void)
{
	const InterestRate rates[] = {{0, 1250}, {DayOfDate(2025, 7, 1), 1225}};
	const CapitalChange changes[] = {{0, 1000000},
	{DayOfDate(2025, 2, 10), -1000000}, {DayOfDate(2025, 6, 1), 500000}};
	Seen		seen = {0};
	InterestClaim claim = {DayOfDate(2024, 12, 15), DayOfDate(2025, 7, 31),
		DAY_COUNT_ACT_ACT, rates, 2, changes, 3, See, NULL};
	int64_t		interest;

	claim.context = &seen;
	LateInterest(&claim, &interest);
	CheckInt(seen.count, 4, "periods end with the year, a payment, a rate");
	CheckInt(seen.bad, 0, "periods are in order, and have capital");
	CheckInt(seen.last.from, DayOfDate(2025, 7, 1), "the last one begins");
	CheckInt(seen.last.to, DayOfDate(2025, 7, 31), "and ends");
	Check(seen.last.days == 31 && seen.last.rate_bp == 1225 &&
		  seen.last.capital == 500000 && seen.last.total == interest,
		  "with its days, rate, capital, and the sum at its end");
}

#ifdef __SIZEOF_INT128__

/* A year's interest at and beside powers of two, where one way of computing ends. */
static void
TestPowers(void)
{
	int			bad = 0;

	for (int k = 0; k < 47; k++)
		for (int f = 8; f < 22; f++)
			for (int beside = -1; beside <= 1; beside++)
			{
				int64_t		capital = (INT64_C(1) << k) + beside;
				const InterestRate rate[] = {{0, (1 << f) + beside}};
				__int128	twice = 2 * (__int128) (capital > 0 ? capital : 0) * rate[0].rate_bp;
				int32_t		due = DayOfDate(2025, 12, 31);

				bad += Interest(capital, due, due + 365, DAY_COUNT_ACT_365, rate, 1) != (int64_t) ((twice + 10000) / 20000);
				bad += Interest(capital, due, due + 365 * 100, DAY_COUNT_ACT_365, rate, 1) != (int64_t) ((100 * twice + 10000) / 20000);
			}
	CheckInt(bad, 0, "F9: capitals and rates at powers of two, in 1 and 100 years");
}

/* Fills a claim with random rates and changes, ascending. */
static void
RandomClaim(InterestClaim *claim, InterestRate *rates, CapitalChange *changes)
{
	int64_t		size = RandomBetween(1, 1000000);
	int			i;

	claim->due_day = (int32_t) RandomBetween(3000, 12000);
	claim->until = claim->due_day + (int32_t) RandomBetween(-5, 1200);
	claim->day_count = (DayCount) RandomBetween(0, 2);
	claim->nrates = (int) RandomBetween(1, MANY);
	claim->nchanges = (int) RandomBetween(0, MANY);
	for (i = 0; i < claim->nrates; i++)
	{
		rates[i].valid_from = i == 0 ? 0 :
			claim->due_day + (int32_t) (RandomBetween(-50, 250) + 180 * i);
		rates[i].rate_bp = (int32_t) RandomBetween(-200, 2500);
		if (i > 0 && rates[i].valid_from < rates[i - 1].valid_from)
			rates[i].valid_from = rates[i - 1].valid_from;
	}
	for (i = 0; i < claim->nchanges; i++)
	{
		changes[i].day = i == 0 ? claim->due_day - (int32_t) RandomBetween(-5, 60) :
			changes[i - 1].day + (int32_t) (RandomBetween(0, 3) * RandomBetween(0, 90));
		changes[i].change = i == 0 ? size * RandomBetween(1, 100000) :
			size * RandomBetween(-60000, 30000);
	}
}

/* Random claims against the sum day by day. */
static void
TestRandom(void)
{
	int			bad = 0;
	int			bad_periods = 0;
	int			i;

	for (i = 0; i < 20000; i++)
	{
		InterestRate rates[MANY];
		CapitalChange changes[MANY];
		Seen		seen = {0};
		InterestClaim claim = {0};
		int64_t		interest;

		claim.rates = rates;
		claim.changes = changes;
		claim.each = See;
		claim.context = &seen;
		RandomClaim(&claim, rates, changes);
		bad += LateInterest(&claim, &interest) != INTEREST_OK ||
			interest != Naive(&claim);
		bad_periods += seen.bad + (seen.last.total != interest);
		if (seen.count > 0)
		{
			int64_t		so_far = seen.last.total;

			claim.until = seen.last.to;
			LateInterest(&claim, &interest);
			bad_periods += interest != so_far;
		}
	}
	CheckInt(bad, 0, "F9: 20,000 random claims, summed day by day");
	CheckInt(bad_periods, 0, "and their periods' running sums");
}

#else

/* Without 128-bit numbers there is nothing exact to compare with. */
static void
TestPowers(void)
{
}

static void
TestRandom(void)
{
	Skip("this compiler has no 128-bit integers");
}

#endif

int
main(void)
{
	TestExamples();
	TestPayments();
	TestRounding();
	TestRefusals();
	TestSumsTooLarge();
	TestLargeAmounts();
	TestPeriods();
	TestPowers();
	TestRandom();
	return DoneTesting();
}
