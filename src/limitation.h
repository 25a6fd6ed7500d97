/*
 * limitation.h
 *		When a claim lapses, and what has kept it from lapsing (L9).
 *
 * Days are as in calendar.h.  A claim lapses when its last day ends: what
 * happens on that day is still in time.
 */
#ifndef REMINDER_LIMITATION_H
#define REMINDER_LIMITATION_H

#include <stdbool.h>
#include <stdint.h>

#include "calendar.h"

/* Stands for "none" where there may be no day. */
#define LIMITATION_NEVER	INT32_MIN

/* From when a period runs. */
typedef enum LimitationStart
{
	FROM_ORIGIN,				/* the day of the invoice */
	FROM_DUE_DATE,
	FROM_YEAR_END				/* of the year of the invoice */
} LimitationStart;

/* One period of the law, and what makes it begin anew. */
typedef struct LimitationPeriod
{
	int			years;			/* 0: the law has none */
	bool		by_letter;
	bool		by_payment;
} LimitationPeriod;

typedef struct LimitationLaw
{
	LimitationStart runs_from;
	LimitationPeriod ordinary;
	LimitationPeriod judgment;	/* once there is a judgment; else the ordinary one */
	bool		suspended_by_step;	/* a legal step stops the time until it ends; else the period begins anew */
	bool		moves_on;		/* a last day on a closed day moves to the next open one */
	CalendarId	calendar;
	LimitationStart final_from;
	int			final_years;	/* whatever happens, from final_from; 0: no such limit */
	int			title_years;	/* whatever happens, from a judgment; 0: no such limit */
} LimitationLaw;

typedef enum InterruptionKind
{
	BY_LETTER,
	BY_PAYMENT,
	BY_ACKNOWLEDGEMENT,
	BY_LEGAL_STEP,
	BY_END_OF_STEP,				/* interrupts nothing, but ends a suspension */
	BY_JUDGMENT,
	INTERRUPTION_KINDS
} InterruptionKind;

typedef struct Interruption
{
	int32_t		day;
	InterruptionKind kind;
} Interruption;

typedef struct Limitation
{
	int32_t		last_day;		/* the earlier of the period's and final_day */
	int32_t		final_day;		/* LIMITATION_NEVER: no such limit */
	int			interrupted_by; /* the last that moved the last day, in its place in the list; -1: none */
	bool		suspended;		/* time stands still, counted up to until */
} Limitation;

/* Gives the same day so many years later; 28 February for a 29 that is not. */
extern int32_t AddYears(int32_t day, int years);

extern bool InterruptionByName(const char *name, size_t len, InterruptionKind *kind);
extern const char *InterruptionName(InterruptionKind kind);
extern bool LimitationStartByName(const char *name, size_t len, LimitationStart *start);

/*
 * Tells when a claim lapses, as things stand at the end of the day until: what
 * happened is given in the order of its days, and what is later than until is
 * left out, as is what came when the claim had lapsed.
 */
extern void LimitClaim(const LimitationLaw *law, int32_t invoice_date, int32_t due_date,
				  const Interruption *happened, int n, int32_t until,
				  Limitation *limitation);

#endif							/* REMINDER_LIMITATION_H */
