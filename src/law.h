/*
 * law.h
 *		Which rate of late interest the law gives on which day (L1).
 *
 * Reference rates hold for their own half-year and are never carried forward;
 * rules, which put a margin on them, hold until the next one.  What is not
 * confirmed is not used.  Days and rates are as in interest.h.
 */
#ifndef REMINDER_LAW_H
#define REMINDER_LAW_H

#include <stdbool.h>
#include <stdint.h>

#include "interest.h"

/* A rate of one jurisdiction, from the first day of a half-year. */
typedef struct LawRate
{
	int32_t		valid_from;
	int32_t		rate_bp;
	bool		total;			/* no margin is added */
	bool		confirmed;
} LawRate;

/* A rule of one jurisdiction, for one kind of debtor or for any. */
typedef struct LawRule
{
	int32_t		valid_from;
	int32_t		margin_bp;
	DayCount	day_count;
	bool		own_kind;		/* goes before one for any kind */
	bool		by_due_date;	/* valid_from is compared with the due date */
	bool		confirmed;
} LawRule;

/* What is known of a day's rate. */
typedef enum LawState
{
	LAW_KNOWN,
	LAW_NO_RULE,
	LAW_RULE_UNCONFIRMED,
	LAW_NO_RATE,
	LAW_RATE_UNCONFIRMED
} LawState;

/*
 * The rates of claims that are due from one day to another.  Stretch i begins
 * on rates[i].valid_from and reaches to the next one; the first begins on
 * CALENDAR_FIRST_DAY.  A stretch whose state is not LAW_KNOWN has the rate 0.
 */
typedef struct LawTimeline
{
	int32_t		due_from;
	int32_t		due_to;			/* this day included */
	int			count;
	InterestRate *rates;		/* the caller's, as are the next two, ... */
	DayCount   *day_counts;
	LawState   *states;			/* ... with LAW_ROOM elements each */
} LawTimeline;

#define LAW_ROOM(nrules, nrates) (1 + (nrules) + 2 * (nrates))

extern int32_t HalfYearStart(int32_t day);

/* Makes the timeline of a claim, from rules and rates in any order. */
extern void MakeLawTimeline(const LawRule *rules, int nrules,
							const LawRate *rates, int nrates,
							int32_t due_day, LawTimeline *timeline);

/* Gives the stretch that a day lies in. */
extern int	LawStretch(const LawTimeline *timeline, int32_t day);

#endif							/* REMINDER_LAW_H */
