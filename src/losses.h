/*
 * losses.h: losses that stand in an application's own tables.
 */
#ifndef REMINDER_LOSSES_H
#define REMINDER_LOSSES_H

#include "utils/snapshot.h"

#include "lock.h"

extern void AnnounceBookings(const InvoiceKey *key, int n);
extern void AwaitBookings(int64 creditor_id);
extern Oid *FindLosses(int64 creditor_id, const Datum *invoice_no, int n, Snapshot snapshot);
extern Oid	FindLoss(int64 creditor_id, Datum invoice_no, Snapshot snapshot);

#endif							/* REMINDER_LOSSES_H */
