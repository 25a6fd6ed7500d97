/*
 * plans.h: payment plans kept by what is paid and owed.
 */
#ifndef REMINDER_PLANS_H
#define REMINDER_PLANS_H

#include "utils/date.h"

extern void EndPromises(int64 creditor_id, DateADT as_of);

#endif							/* REMINDER_PLANS_H */
