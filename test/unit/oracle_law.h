/*
 * oracle_law.h
 *		What is known of one day's rate (L1), by looking at every rule and every
 *		rate: what law.c's timelines must say of the day.
 */
#ifndef REMINDER_ORACLE_LAW_H
#define REMINDER_ORACLE_LAW_H

#include <stddef.h>

#include "law.h"

/* Gives a day's rate and day count by looking at everything; the state, too. */
static LawState
Naive(const LawRule *rules, int nrules, const LawRate *rates, int nrates,
	  int32_t due_day, int32_t day, int32_t *rate_bp, DayCount *day_count)
{
	const LawRule *rule = NULL;
	bool		unconfirmed = false;
	int			i;

	*rate_bp = 0;
	*day_count = DAY_COUNT_ACT_365;
	for (i = 0; i < 2 * nrules; i++)
	{
		const LawRule *next = &rules[i % nrules];
		bool		own = i < nrules;	/* own kind in the first round */

		if (next->own_kind != own ||
			next->valid_from > (next->by_due_date ? due_day : day))
			continue;
		unconfirmed |= !next->confirmed;
		if (next->confirmed && (rule == NULL || (rule->own_kind == own &&
												 next->valid_from > rule->valid_from)))
			rule = next;
	}
	if (rule == NULL)
		return unconfirmed ? LAW_RULE_UNCONFIRMED : LAW_NO_RULE;
	for (i = 0; i < nrates; i++)
	{
		if (HalfYearStart(day) != rates[i].valid_from)
			continue;
		if (!rates[i].confirmed)
			return LAW_RATE_UNCONFIRMED;
		*rate_bp = rates[i].rate_bp + (rates[i].total ? 0 : rule->margin_bp);
		*day_count = rule->day_count;
		return LAW_KNOWN;
	}
	return LAW_NO_RATE;
}

#endif							/* REMINDER_ORACLE_LAW_H */
