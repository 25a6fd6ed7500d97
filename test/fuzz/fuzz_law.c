/*
 * fuzz_law.c
 *		Timelines of late interest (L1) from any rules and rates that the tables
 *		can hold, in any order.
 *
 * Needs: src/law.c src/calendar.c
 */
#include "law.h"

#include <string.h>

#include "calendar.h"
#include "fuzz.h"
#include "oracle_law.h"

#define MANY		8
#define ROOM		LAW_ROOM(MANY, MANY)
#define FIRST_YEAR	1900
#define LAST_YEAR	2200

/* Law as it is read from the tables. */
typedef struct Law
{
	LawRule		rules[MANY];
	int			nrules;
	LawRate		rates[MANY];
	int			nrates;
} Law;

/* A timeline with its arrays. */
typedef struct Room
{
	LawTimeline timeline;
	InterestRate rates[ROOM];
	DayCount	day_counts[ROOM];
	LawState	states[ROOM];
} Room;

/* Takes a day that law may begin on, mostly one of a few years. */
static int32_t
TakeDay(Bytes *bytes)
{
	if (Take(bytes, 1) % 8 == 0)
		return (int32_t) TakeBetween(bytes, DayOfDate(FIRST_YEAR, 1, 1), DayOfDate(LAST_YEAR, 12, 31));
	return (int32_t) TakeBetween(bytes, DayOfDate(2012, 1, 1), DayOfDate(2018, 1, 1));
}

/* Takes rules; as the tables' keys have it, no two of one kind begin on a day. */
static void
TakeRules(Bytes *bytes, Law *law)
{
	int			count = (int) TakeBetween(bytes, 0, MANY);

	law->nrules = 0;
	for (int i = 0; i < count; i++)
	{
		LawRule		rule = {0};
		bool		taken = false;

		rule.valid_from = TakeDay(bytes);
		rule.own_kind = TakeBool(bytes);
		rule.by_due_date = TakeBool(bytes);
		rule.confirmed = Take(bytes, 1) % 4 > 0;
		rule.margin_bp = (int32_t) TakeBetween(bytes, 0, TakeBool(bytes) ? 3 : 10000);
		rule.day_count = (DayCount) TakeBetween(bytes, DAY_COUNT_ACT_365, DAY_COUNT_30_360);
		for (int j = 0; j < law->nrules; j++)
			taken |= law->rules[j].valid_from == rule.valid_from && law->rules[j].own_kind == rule.own_kind;
		if (!taken)
			law->rules[law->nrules++] = rule;
	}
}

/* Takes rates, each of a half-year of its own. */
static void
TakeRates(Bytes *bytes, Law *law)
{
	int			count = (int) TakeBetween(bytes, 0, MANY);

	law->nrates = 0;
	for (int i = 0; i < count; i++)
	{
		LawRate		rate = {0};
		bool		taken = false;

		rate.valid_from = HalfYearStart(TakeDay(bytes));
		rate.total = Take(bytes, 1) % 4 == 0;
		rate.confirmed = Take(bytes, 1) % 4 > 0;
		rate.rate_bp = TakeBool(bytes) ? (int32_t) TakeBetween(bytes, -3, 3) :
			(int32_t) TakeBetween(bytes, -10000, 10000);
		for (int j = 0; j < law->nrates; j++)
			taken |= law->rates[j].valid_from == rate.valid_from;
		if (!taken)
			law->rates[law->nrates++] = rate;
	}
}

/* Makes the timeline of claims that are due on a day. */
static const LawTimeline *
Make(Room *room, const Law *law, int32_t due_day)
{
	room->timeline.rates = room->rates;
	room->timeline.day_counts = room->day_counts;
	room->timeline.states = room->states;
	MakeLawTimeline(law->rules, law->nrules, law->rates, law->nrates, due_day, &room->timeline);
	return &room->timeline;
}

/* How a timeline is built. */
static void
RequireShape(const LawTimeline *line, const Law *law, int32_t due_day)
{
	Require(line->count >= 1 && line->count <= LAW_ROOM(law->nrules, law->nrates), "a timeline has room");
	Require(line->rates[0].valid_from == CALENDAR_FIRST_DAY, "it begins with the first day there is");
	Require(line->due_from <= due_day && due_day <= line->due_to, "it is for claims due on the day it was made for");
	for (int i = 0; i < line->count; i++)
	{
		Require(line->states[i] == LAW_KNOWN || line->rates[i].rate_bp == 0, "what is not known has no rate");
		if (i == 0)
			continue;
		Require(line->rates[i].valid_from > line->rates[i - 1].valid_from &&
				line->rates[i].valid_from <= CALENDAR_LAST_DAY, "stretches ascend");
		Require(line->states[i] != line->states[i - 1] || line->rates[i].rate_bp != line->rates[i - 1].rate_bp ||
				line->day_counts[i] != line->day_counts[i - 1], "a stretch is not the one before");
	}
}

/* A day's stretch is what the law says of the day. */
static void
AskDay(const LawTimeline *line, const Law *law, int32_t due_day, int32_t day)
{
	int			stretch = LawStretch(line, day);
	int32_t		rate_bp;
	DayCount	day_count;
	LawState	state = Naive(law->rules, law->nrules, law->rates, law->nrates, due_day, day, &rate_bp, &day_count);

	Require(stretch >= 0 && stretch < line->count, "every day lies in a stretch");
	Require(line->rates[stretch].valid_from <= day, "which has begun");
	Require(stretch + 1 == line->count || line->rates[stretch + 1].valid_from > day, "and has not ended");
	Require(line->states[stretch] == state && line->rates[stretch].rate_bp == rate_bp, "a day has the rate that the law gives it");
	Require(line->day_counts[stretch] == day_count, "and its rule's day count");
}

/* Tells whether two timelines say the same. */
static bool
IsSame(const LawTimeline *a, const LawTimeline *b)
{
	if (a->count != b->count || a->due_from != b->due_from || a->due_to != b->due_to)
		return false;
	for (int i = 0; i < a->count; i++)
		if (a->rates[i].valid_from != b->rates[i].valid_from || a->rates[i].rate_bp != b->rates[i].rate_bp ||
			a->day_counts[i] != b->day_counts[i] || a->states[i] != b->states[i])
			return false;
	return true;
}

/* Turns the order of rules and rates round. */
static void
Reverse(Law *law)
{
	Law			turned = *law;

	for (int i = 0; i < law->nrules; i++)
		law->rules[i] = turned.rules[law->nrules - 1 - i];
	for (int i = 0; i < law->nrates; i++)
		law->rates[i] = turned.rates[law->nrates - 1 - i];
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	Law			law;
	Room		room;
	Room		other;
	int32_t		due_day;
	int32_t		other_due_day;
	const LawTimeline *line;

	TakeRules(&bytes, &law);
	TakeRates(&bytes, &law);
	due_day = Take(&bytes, 1) % 8 == 0 ? (int32_t) TakeBetween(&bytes, INT32_MIN, INT32_MAX) : TakeDay(&bytes);
	line = Make(&room, &law, due_day);
	RequireShape(line, &law, due_day);

	for (int i = 0; i < 8; i++)
		AskDay(line, &law, due_day, TakeDay(&bytes));
	for (int i = 0; i < line->count; i++)
	{
		AskDay(line, &law, due_day, line->rates[i].valid_from);
		if (i > 0)
			AskDay(line, &law, due_day, line->rates[i].valid_from - 1);
	}
	AskDay(line, &law, due_day, CALENDAR_LAST_DAY);

	/* what is kept for a due date is used for others */
	other_due_day = (int32_t) TakeBetween(&bytes, line->due_from, line->due_to);
	Require(IsSame(line, Make(&other, &law, other_due_day)), "claims due between the two days have the same timeline");
	Require(IsSame(line, Make(&other, &law, line->due_from)) && IsSame(line, Make(&other, &law, line->due_to)),
			"and those due on them");
	Reverse(&law);
	Require(IsSame(line, Make(&other, &law, due_day)), "the order of the rows does not matter");
	return 0;
}
