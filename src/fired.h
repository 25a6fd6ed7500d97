/*
 * fired.h: how a trigger function of ours is to be fired.
 */
#ifndef REMINDER_FIRED_H
#define REMINDER_FIRED_H

#include "commands/trigger.h"

extern void CheckFired(FunctionCallInfo fcinfo, const char *name, TriggerEvent timing, bool row);
extern void CheckTrigger(FunctionCallInfo fcinfo, const char *name, const char *table, TriggerEvent timing, bool row);

#endif							/* REMINDER_FIRED_H */
