/*
 * interest.h
 *		Late interest: simple, by the day, exact, rounded once (F9).
 *
 * Days are day numbers as in calendar.h, amounts are öre, rates are hundredths
 * of a percentage point (10 % is 1000).
 */
#ifndef REMINDER_INTEREST_H
#define REMINDER_INTEREST_H

#include <stdbool.h>
#include <stdint.h>

typedef enum DayCount
{
	DAY_COUNT_ACT_365,			/* every day a 365th of a year */
	DAY_COUNT_ACT_ACT,			/* a 366th in leap years */
	DAY_COUNT_30_360			/* months of 30 days: the 31st counts none */
} DayCount;

/* The yearly rate from a day on, until the next one. */
typedef struct InterestRate
{
	int32_t		valid_from;
	int32_t		rate_bp;
} InterestRate;

/*
 * What the capital grows by on a day, or shrinks by if negative.  The day
 * itself still bears interest on the capital before: a payment stops interest
 * from the day after.
 */
typedef struct CapitalChange
{
	int32_t		day;
	int64_t		change;
} CapitalChange;

/* Days in a row with one rate, capital and (ACT/ACT) length of the year. */
typedef struct InterestPeriod
{
	int32_t		from;
	int32_t		to;				/* this day included */
	int32_t		days;			/* as the day count counts them */
	int32_t		rate_bp;
	int64_t		capital;
	int64_t		total;			/* all interest up to here, rounded */
} InterestPeriod;

typedef void (*InterestPeriodFunction) (const InterestPeriod *period,
										void *context);

typedef struct InterestClaim
{
	int32_t		due_day;		/* interest runs from the day after ... */
	int32_t		until;			/* ... up to and with this one */
	DayCount	day_count;
	const InterestRate *rates;	/* ascending */
	int			nrates;
	const CapitalChange *changes;	/* ascending */
	int			nchanges;
	InterestPeriodFunction each;	/* told every period, may be NULL */
	void	   *context;
} InterestClaim;

typedef enum InterestStatus
{
	INTEREST_OK,
	INTEREST_NO_RATE,			/* a day with capital comes before all rates */
	INTEREST_OUT_OF_RANGE		/* a day or an amount is too large */
} InterestStatus;

/*
 * Stores the interest on a claim, the exact sum rounded once, half an öre away
 * from zero.  Capital of nothing or less bears none, and makes no period.
 */
extern InterestStatus LateInterest(const InterestClaim *claim,
								   int64_t *interest);

#endif							/* REMINDER_INTEREST_H */
