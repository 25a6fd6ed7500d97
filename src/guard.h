/*
 * guard.h: what must not happen while a claim is being collected.
 */
#ifndef REMINDER_GUARD_H
#define REMINDER_GUARD_H

#include "commands/trigger.h"
#include "utils/rel.h"

/* What stands in the way of a booking on an invoice. */
typedef struct ActiveCase
{
	bool		active;			/* an active case, or external collection */
	bool		external;
	int			case_no;
	char		state[16];
} ActiveCase;

extern bool LockInvoice(Relation near, Datum creditor_id, Datum invoice_no, bool *external);
extern void LookForActiveCase(Relation near, Datum creditor_id, Datum invoice_no, ActiveCase *found);
extern void CheckTrigger(FunctionCallInfo fcinfo, const char *name, const char *table, TriggerEvent timing, bool row);

#endif							/* REMINDER_GUARD_H */
