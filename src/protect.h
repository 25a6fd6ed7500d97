/*
 * protect.h: bookings in an application's own tables that a case forbids (A2).
 */
#ifndef REMINDER_PROTECT_H
#define REMINDER_PROTECT_H

#include "utils/rel.h"

#include "lock.h"

extern void GuardBookings(Relation rel, const char *action, InvoiceKey *key, int n);

#endif							/* REMINDER_PROTECT_H */
