/*
 * lawbook.h: the law tables on late interest, as a backend keeps them.
 */
#ifndef REMINDER_LAWBOOK_H
#define REMINDER_LAWBOOK_H

#include "law.h"

/*
 * Gives the rates of a claim; raises 22R01 for an unknown jurisdiction or kind
 * of debtor. They are there until the next call.
 */
extern const LawTimeline *GetLawTimeline(const text *jurisdiction,
										 const text *debtor_kind,
										 int32 due_day);

#endif							/* REMINDER_LAWBOOK_H */
