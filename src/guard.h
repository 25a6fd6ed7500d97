/*
 * guard.h: what must not happen while a claim is being collected.
 */
#ifndef REMINDER_GUARD_H
#define REMINDER_GUARD_H

#include "commands/trigger.h"
#include "utils/rel.h"

extern void CheckTrigger(FunctionCallInfo fcinfo, const char *name, const char *table, TriggerEvent timing, bool row);

#endif							/* REMINDER_GUARD_H */
