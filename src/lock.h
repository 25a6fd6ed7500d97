/*
 * lock.h: the lock on an invoice, which both sides of a guard take first.
 */
#ifndef REMINDER_LOCK_H
#define REMINDER_LOCK_H

#include "nodes/lockoptions.h"
#include "storage/itemptr.h"

#include "walk.h"

/* The key of an invoice. */
typedef struct InvoiceKey
{
	int64		creditor_id;
	text	   *invoice_no;
} InvoiceKey;

extern int	SortKeys(InvoiceKey *key, int n);
extern bool LockRow(Probe *probe, LockTupleMode mode);
extern bool LockInvoice(Probe *invoice, Datum creditor_id, Datum invoice_no);
extern bool LockNumber(Walk *invoice, Datum creditor_id, Datum invoice_no);
extern void LockKeys(InvoiceKey *key, int n);
extern void LockInvoices(Datum creditor_id, const Datum *invoice_no, int n, ItemPointer place, Datum *customer_no);

#endif							/* REMINDER_LOCK_H */
