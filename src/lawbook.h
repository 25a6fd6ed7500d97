/*
 * lawbook.h: the law tables on late interest, as a backend keeps them.
 */
#ifndef REMINDER_LAWBOOK_H
#define REMINDER_LAWBOOK_H

#include "compat.h"
#include "law.h"

/* In place of a creditor: only what is law for everybody. */
#define NO_CREDITOR PG_INT64_MIN

/*
 * Gives the rates of a claim, by what is confirmed or what the creditor has
 * confirmed for itself; raises 22R01 for an unknown jurisdiction or kind of
 * debtor. They are there until the next call.
 */
extern const LawTimeline *GetLawTimeline(int64 creditor_id,
										 const text *jurisdiction,
										 const text *debtor_kind,
										 int32 due_day);

/* A day whose law a claim needs, and what is the matter with it. */
typedef struct LawGap
{
	LawState	state;
	int32		day;
} LawGap;

/* Gives a claim the law's rates of its days; false, and the first gap, if one is not known. */
extern bool SetLawRates(InterestClaim *claim, const LawTimeline *law, LawGap *gap);

/* Raises 55R05 for a gap. */
pg_noreturn extern void RefuseGap(const text *jurisdiction, const text *debtor_kind, const LawGap *gap);

#endif							/* REMINDER_LAWBOOK_H */
