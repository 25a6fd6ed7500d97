/*
 * oracle_interest.h
 *		Late interest (F9) summed day by day in exact fractions: what interest.c
 *		must give.  Its day numbers alone are calendar.c's.
 *
 * Good for capitals below 10^14 öre and rates below 10^9; there only where the
 * compiler has 128-bit integers.
 */
#ifndef REMINDER_ORACLE_INTEREST_H
#define REMINDER_ORACLE_INTEREST_H

#include "calendar.h"
#include "interest.h"

#ifdef __SIZEOF_INT128__

/* Sums day by day over one denominator for all day counts; rounds at the end. */
static int64_t
Naive(const InterestClaim *claim)
{
	const __int128 denominator = (__int128) 10000 * 360 * 365 * 366;
	__int128	sum = 0;
	__int128	doubled;
	int32_t		day;

	for (day = claim->due_day + 1; day <= claim->until; day++)
	{
		int			y;
		int			m;
		int			d;
		int			share;		/* of a year, in 360 * 365 * 366 parts */
		int64_t		capital = 0;
		int32_t		rate = 0;
		int			i;

		for (i = 0; i < claim->nchanges; i++)
			capital += claim->changes[i].day < day ? claim->changes[i].change : 0;
		for (i = 0; i < claim->nrates; i++)
			rate = claim->rates[i].valid_from <= day ? claim->rates[i].rate_bp : rate;

		DateOfDay(day, &y, &m, &d);
		if (claim->day_count == DAY_COUNT_30_360)
		{
			/* The 31st counts none; 1 March makes February's 30 full. */
			int			days = d == 31 ? 0 : 1;

			if (m == 3 && d == 1)
				days += DayOfDate(y, 3, 1) - DayOfDate(y, 2, 28) == 1 ? 2 : 1;
			share = days * 365 * 366;
		}
		else if (claim->day_count == DAY_COUNT_ACT_ACT &&
				 DayOfDate(y + 1, 1, 1) - DayOfDate(y, 1, 1) == 366)
			share = 360 * 365;
		else
			share = 360 * 366;
		if (capital > 0)
			sum += (__int128) capital * rate * share;
	}
	doubled = 2 * (sum < 0 ? -sum : sum) + denominator;
	return (int64_t) (sum < 0 ? -(doubled / (2 * denominator)) :
					  doubled / (2 * denominator));
}

#endif

#endif							/* REMINDER_ORACLE_INTEREST_H */
