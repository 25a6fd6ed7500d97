/*
 * law.c
 *		Which rate of late interest the law gives on which day (L1).
 *
 * Nothing here allocates, and nothing depends on a server.
 */
#include "law.h"

#include <stddef.h>

#include "calendar.h"

/* Gives the first day of a day's half-year. */
int32_t
HalfYearStart(int32_t day)
{
	int			year;
	int			month;
	int			d;

	DateOfDay(day, &year, &month, &d);
	return DayOfDate(year, month < 7 ? 1 : 7, 1);
}

/* Gives the first day after a day's half-year. */
static int32_t
NextHalfYear(int32_t day)
{
	int			year;
	int			month;
	int			d;

	DateOfDay(day, &year, &month, &d);
	return month < 7 ? DayOfDate(year, 7, 1) : DayOfDate(year + 1, 1, 1);
}

/* Tells whether a rule has begun for a claim's interest on a day. */
static bool
Begun(const LawRule *rule, int32_t due_day, int32_t day)
{
	return rule->valid_from <= (rule->by_due_date ? due_day : day);
}

/* Gives the rule in force: the debtor's own kind first, then the latest. */
static const LawRule *
RuleInForce(const LawRule *rules, int nrules, int32_t due_day, int32_t day,
			bool confirmed)
{
	const LawRule *best = NULL;
	int			i;

	for (i = 0; i < nrules; i++)
	{
		const LawRule *rule = &rules[i];

		if (rule->confirmed != confirmed || !Begun(rule, due_day, day))
			continue;
		if (best == NULL || (rule->own_kind && !best->own_kind) ||
			(rule->own_kind == best->own_kind &&
			 rule->valid_from > best->valid_from))
			best = rule;
	}
	return best;
}

/* Gives the rate of a day's half-year, if there is one. */
static const LawRate *
RateInForce(const LawRate *rates, int nrates, int32_t day)
{
	int			i;

	for (i = 0; i < nrates; i++)
		if (rates[i].valid_from <= day && day < NextHalfYear(rates[i].valid_from))
			return &rates[i];
	return NULL;
}

/* Brings a next day nearer if this one lies between the two. */
static void
Nearer(int32_t *next, int32_t day, int32_t candidate)
{
	if (candidate > day && candidate < *next)
		*next = candidate;
}

/* Gives the first day after this one on which anything may begin or end. */
static int32_t
NextChange(const LawRule *rules, int nrules, const LawRate *rates, int nrates,
		   int32_t day)
{
	int32_t		next = CALENDAR_LAST_DAY + 1;
	int			i;

	for (i = 0; i < nrules; i++)
		if (!rules[i].by_due_date)
			Nearer(&next, day, rules[i].valid_from);
	for (i = 0; i < nrates; i++)
	{
		Nearer(&next, day, rates[i].valid_from);
		Nearer(&next, day, NextHalfYear(rates[i].valid_from));
	}
	return next;
}

/* Puts a day's rate at the end of a timeline, unless the last one goes on. */
static void
AddStretch(LawTimeline *timeline, int32_t day, const LawRule *rule,
		   const LawRate *rate, LawState state)
{
	int			last = timeline->count - 1;
	int32_t		rate_bp = 0;
	DayCount	day_count = DAY_COUNT_ACT_365;

	if (state == LAW_KNOWN)
	{
		rate_bp = rate->rate_bp + (rate->total ? 0 : rule->margin_bp);
		day_count = rule->day_count;
	}
	if (last >= 0 && timeline->states[last] == state &&
		timeline->rates[last].rate_bp == rate_bp &&
		timeline->day_counts[last] == day_count)
		return;
	timeline->rates[last + 1].valid_from = day;
	timeline->rates[last + 1].rate_bp = rate_bp;
	timeline->day_counts[last + 1] = day_count;
	timeline->states[last + 1] = state;
	timeline->count++;
}

/* Sets the due days for which no rule by due date begins or ends. */
static void
SetDueDays(LawTimeline *timeline, const LawRule *rules, int nrules,
		   int32_t due_day)
{
	int			i;

	timeline->due_from = INT32_MIN;
	timeline->due_to = INT32_MAX;
	for (i = 0; i < nrules; i++)
	{
		int32_t		from = rules[i].valid_from;

		if (!rules[i].by_due_date)
			continue;
		if (from <= due_day && from > timeline->due_from)
			timeline->due_from = from;
		if (from > due_day && from <= timeline->due_to)
			timeline->due_to = from - 1;
	}
}

/* Makes the timeline of a claim, as the header says. */
void
MakeLawTimeline(const LawRule *rules, int nrules, const LawRate *rates,
				int nrates, int32_t due_day, LawTimeline *timeline)
{
	int32_t		day;

	SetDueDays(timeline, rules, nrules, due_day);
	timeline->count = 0;
	for (day = CALENDAR_FIRST_DAY; day <= CALENDAR_LAST_DAY;
		 day = NextChange(rules, nrules, rates, nrates, day))
	{
		const LawRule *rule = RuleInForce(rules, nrules, due_day, day, true);
		const LawRate *rate = RateInForce(rates, nrates, day);
		LawState	state = LAW_KNOWN;

		if (rule == NULL)
			state = RuleInForce(rules, nrules, due_day, day, false) == NULL ?
				LAW_NO_RULE : LAW_RULE_UNCONFIRMED;
		else if (rate == NULL)
			state = LAW_NO_RATE;
		else if (!rate->confirmed)
			state = LAW_RATE_UNCONFIRMED;
		AddStretch(timeline, day, rule, rate, state);
	}
}

/* Gives the stretch that a day lies in. */
int
LawStretch(const LawTimeline *timeline, int32_t day)
{
	int			low = 0;
	int			high = timeline->count - 1;

	while (low < high)
	{
		int			middle = (low + high + 1) / 2;

		if (timeline->rates[middle].valid_from <= day)
			low = middle;
		else
			high = middle - 1;
	}
	return low;
}
