/*
 * test_law.c
 *		Which rate the law gives on which day (L1): margins, half-years, kinds of
 *		debtor, gaps; and random law against a look at every single day.
 *
 * Needs: src/calendar.c
 */
#include "law.h"

#include <stdlib.h>

#include "calendar.h"
#include "oracle_law.h"
#include "tap.h"

#define MANY		12
#define ROOM		LAW_ROOM(MANY, MANY)

/* A timeline with its arrays. */
typedef struct Room
{
	LawTimeline timeline;
	InterestRate rates[ROOM];
	DayCount	day_counts[ROOM];
	LawState	states[ROOM];
} Room;

/* Makes a timeline in a room. */
static const LawTimeline *
Make(Room *room, const LawRule *rules, int nrules, const LawRate *rates,
	 int nrates, int32_t due_day)
{
	room->timeline.rates = room->rates;
	room->timeline.day_counts = room->day_counts;
	room->timeline.states = room->states;
	MakeLawTimeline(rules, nrules, rates, nrates, due_day, &room->timeline);
	return &room->timeline;
}

/* Checks the state and the rate of a day. */
static void
CheckDay(const LawTimeline *law, int32_t day, LawState state, int32_t rate_bp,
		 const char *what)
{
	int			i = LawStretch(law, day);

	Check(law->states[i] == state && law->rates[i].rate_bp == rate_bp, what);
}

/* The law of a country with a margin, as Sweden's. */
static void
TestHalfYears(void)
{
	const LawRule rules[] = {{DayOfDate(2002, 7, 1), 800, DAY_COUNT_ACT_365, true, false, true}};
	const LawRate rates[] = {
		{DayOfDate(2025, 7, 1), 200, false, true},
		{DayOfDate(2025, 1, 1), 300, false, true},
		{DayOfDate(2026, 1, 1), 200, false, true},
		{DayOfDate(2027, 1, 1), -50, false, true},
		{DayOfDate(2027, 7, 1), 100, false, false},
	};
	Room		room;
	const LawTimeline *law = Make(&room, rules, 1, rates, 5, 0);

	CheckDay(law, DayOfDate(2025, 1, 1), LAW_KNOWN, 1100, "L1: the first day of a half-year");
	CheckDay(law, DayOfDate(2025, 6, 30), LAW_KNOWN, 1100, "L1: its last day");
	CheckDay(law, DayOfDate(2025, 7, 1), LAW_KNOWN, 1000, "L1: the next one");
	CheckDay(law, DayOfDate(2024, 12, 31), LAW_NO_RATE, 0, "L1: the day before all rates has none");
	CheckDay(law, DayOfDate(2026, 6, 30), LAW_KNOWN, 1000, "L1: the last day before a missing rate");
	CheckDay(law, DayOfDate(2026, 7, 1), LAW_NO_RATE, 0, "L1: a rate is never carried forward");
	CheckDay(law, DayOfDate(2026, 12, 31), LAW_NO_RATE, 0, "L1: all the half-year long");
	CheckDay(law, DayOfDate(2027, 6, 30), LAW_KNOWN, 750, "L1: a rate may be negative");
	CheckDay(law, DayOfDate(2027, 7, 1), LAW_RATE_UNCONFIRMED, 0, "L1: an unconfirmed rate is not used");
	CheckDay(law, DayOfDate(2028, 1, 1), LAW_NO_RATE, 0, "L1: and ends with its half-year");
	CheckDay(law, DayOfDate(2002, 6, 30), LAW_NO_RULE, 0, "L1: the day before the first rule");
	CheckInt(LawStretch(law, DayOfDate(2026, 3, 1)) - LawStretch(law, DayOfDate(2025, 8, 1)), 0,
			 "the same rate in the next half-year is no change");
	CheckInt(HalfYearStart(DayOfDate(2024, 6, 30)), DayOfDate(2024, 1, 1), "30 June is in the first half");
	CheckInt(HalfYearStart(DayOfDate(2024, 12, 31)), DayOfDate(2024, 7, 1), "31 December in the second");
}

/* Rules: by day, by due date, for one kind and for any, totals. */
static void
TestRules(void)
{
	const LawRate rates[] = {
		{DayOfDate(2012, 7, 1), 45, false, true},
		{DayOfDate(2013, 1, 1), 20, false, true},
		{DayOfDate(2013, 7, 1), 950, true, true},
	};
	const LawRule by_due_date[] = {
		{DayOfDate(2002, 8, 1), 700, DAY_COUNT_ACT_365, true, true, true},
		{DayOfDate(2013, 3, 1), 800, DAY_COUNT_30_360, true, true, true},
	};
	const LawRule by_day[] = {
		{DayOfDate(2002, 8, 1), 700, DAY_COUNT_ACT_365, false, false, true},
		{DayOfDate(2013, 3, 16), 800, DAY_COUNT_ACT_ACT, true, false, true},
		{DayOfDate(2013, 5, 1), 900, DAY_COUNT_ACT_ACT, false, false, true},
		{DayOfDate(2013, 6, 1), 950, DAY_COUNT_ACT_ACT, true, false, false},
	};
	const LawRule unconfirmed[] = {{DayOfDate(2013, 3, 16), 800, DAY_COUNT_ACT_365, true, false, false}};
	Room		room;
	const LawTimeline *law;

	law = Make(&room, by_due_date, 2, rates, 3, DayOfDate(2013, 2, 28));
	CheckDay(law, DayOfDate(2013, 6, 1), LAW_KNOWN, 720, "DK: a claim due before 2013-03-01 keeps 7");
	CheckInt(law->due_from, DayOfDate(2002, 8, 1), "so do all due since 7 began");
	CheckInt(law->due_to, DayOfDate(2013, 2, 28), "and before it ended");
	law = Make(&room, by_due_date, 2, rates, 3, DayOfDate(2013, 3, 1));
	CheckDay(law, DayOfDate(2013, 6, 1), LAW_KNOWN, 820, "DK: one due on it bears 8");
	CheckInt(law->due_to, INT32_MAX, "and all later ones");
	Check(law->day_counts[LawStretch(law, DayOfDate(2013, 6, 1))] == DAY_COUNT_30_360, "a rule brings its day count");
	law = Make(&room, by_due_date, 2, rates, 3, DayOfDate(2002, 7, 31));
	CheckDay(law, DayOfDate(2013, 6, 1), LAW_NO_RULE, 0, "one due before all rules has none");
	CheckInt(law->due_from, INT32_MIN, "as have all earlier ones");

	law = Make(&room, by_day, 4, rates, 3, DayOfDate(2012, 12, 1));
	CheckDay(law, DayOfDate(2013, 3, 15), LAW_KNOWN, 720, "FI: the older margin to the day");
	CheckDay(law, DayOfDate(2013, 3, 16), LAW_KNOWN, 820, "FI: the newer one within a half-year");
	CheckDay(law, DayOfDate(2013, 5, 1), LAW_KNOWN, 820, "the debtor's own kind goes before any");
	CheckDay(law, DayOfDate(2013, 6, 1), LAW_KNOWN, 820, "an unconfirmed rule takes no confirmed one's place");
	CheckDay(law, DayOfDate(2013, 7, 1), LAW_KNOWN, 950, "NO: to a total no margin is added");
	Check(law->due_from == INT32_MIN && law->due_to == INT32_MAX, "rules by day hold for every due date");

	law = Make(&room, unconfirmed, 1, rates, 3, 0);
	CheckDay(law, DayOfDate(2013, 3, 15), LAW_NO_RULE, 0, "no rule before the unconfirmed one");
	CheckDay(law, DayOfDate(2013, 3, 16), LAW_RULE_UNCONFIRMED, 0, "EU: an unconfirmed rule is not used");
	law = Make(&room, NULL, 0, NULL, 0, 0);
	CheckDay(law, 0, LAW_NO_RULE, 0, "no law at all");
	CheckInt(law->count, 1, "is one stretch");
}

/* Fills law at random: rates of distinct half-years, rules of distinct days. */
static void
RandomLaw(LawRule *rules, int *nrules, LawRate *rates, int *nrates)
{
	int			half_year = 0;
	int			day = DayOfDate(2010, 1, 1);
	int			i;

	*nrates = (int) RandomBetween(0, MANY);
	for (i = 0; i < *nrates; i++)
	{
		half_year += (int) RandomBetween(1, 2);
		rates[i].valid_from = DayOfDate(2010 + half_year / 2, half_year % 2 == 0 ? 1 : 7, 1);
		rates[i].rate_bp = (int32_t) RandomBetween(-3, 3);
		rates[i].total = RandomBetween(0, 4) == 0;
		rates[i].confirmed = RandomBetween(0, 4) > 0;
	}
	*nrules = (int) RandomBetween(1, 5);
	for (i = 0; i < *nrules; i++)
	{
		day += (int) RandomBetween(1, 700);
		rules[i].valid_from = day;
		rules[i].margin_bp = (int32_t) RandomBetween(0, 3);
		rules[i].day_count = (DayCount) RandomBetween(DAY_COUNT_ACT_365, DAY_COUNT_30_360);
		rules[i].own_kind = RandomBetween(0, 1) == 1;
		rules[i].by_due_date = RandomBetween(0, 1) == 1;
		rules[i].confirmed = RandomBetween(0, 4) > 0;
	}
}

/* Random law against every single day of seventeen years. */
static void
TestRandom(void)
{
	int			bad = 0;
	int			bad_order = 0;
	int			i;

	for (i = 0; i < 300; i++)
	{
		LawRule		rules[MANY];
		LawRate		rates[MANY];
		int			nrules;
		int			nrates;
		int32_t		due = DayOfDate(2010, 1, 1) + (int32_t) RandomBetween(0, 3000);
		int32_t		day;
		Room		room;
		const LawTimeline *law;
		int			j;

		RandomLaw(rules, &nrules, rates, &nrates);
		law = Make(&room, rules, nrules, rates, nrates, due);
		for (day = DayOfDate(2009, 12, 1); day < DayOfDate(2026, 12, 1); day++)
		{
			int32_t		rate_bp;
			DayCount	day_count;
			LawState	state = Naive(rules, nrules, rates, nrates, due, day, &rate_bp, &day_count);
			int			stretch = LawStretch(law, day);

			bad += law->states[stretch] != state || law->rates[stretch].rate_bp != rate_bp ||
				law->day_counts[stretch] != day_count;
		}
		bad_order += due < law->due_from || due > law->due_to || law->count > ROOM;
		for (j = 1; j < law->count; j++)
			bad_order += law->rates[j].valid_from <= law->rates[j - 1].valid_from;
	}
	CheckInt(bad, 0, "L1: 300 random laws, each day of 17 years");
	CheckInt(bad_order, 0, "stretches ascend, and the claim is among those they are for");
}

int
main(void)
{
	TestHalfYears();
	TestRules();
	TestRandom();
	return DoneTesting();
}
