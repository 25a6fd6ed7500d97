/*
 * guard.h: what must not happen while a claim is being collected.
 */
#ifndef REMINDER_GUARD_H
#define REMINDER_GUARD_H

#include "utils/rel.h"

#include "lock.h"

/* What an application books in a table of its own. */
typedef struct BookingAction
{
	const char *name;
	const char *words;			/* of the error */
	bool		credits;		/* the creditor's setting may have it applied through the case */
	bool		keeps_cases;	/* while it stands no case is opened */
} BookingAction;

extern void GuardKeys(Relation rel, const BookingAction *action, InvoiceKey *key, int n);

#endif							/* REMINDER_GUARD_H */
