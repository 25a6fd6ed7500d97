/*
 * lock.c: the lock on an invoice. Whoever opens a case, and whoever books
 * what a case forbids, takes it first and looks afterwards: see guard.c.
 */
#include "postgres.h"

#include "access/tableam.h"
#include "access/xact.h"
#include "miscadmin.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "errors.h"
#include "lock.h"
#include "owner.h"
#include "walk.h"
#include "words.h"

/* Puts keys in the order of the primary key. */
static int
CompareKeys(const void *left, const void *right)
{
	const InvoiceKey *a = left;
	const InvoiceKey *b = right;

	if (a->creditor_id != b->creditor_id)
		return a->creditor_id < b->creditor_id ? -1 : 1;
	return CompareTexts(a->invoice_no, b->invoice_no);
}

/*
 * Puts keys in ascending order, each once; gives how many are left. It is the
 * order in which all lock, and in which the rows lie.
 */
int
SortKeys(InvoiceKey *key, int n)
{
	int			left = 0;

	qsort(key, n, sizeof(InvoiceKey), CompareKeys);
	for (int i = 0; i < n; i++)
		if (i == 0 || CompareKeys(&key[left - 1], &key[i]) != 0)
			key[left++] = key[i];
	return left;
}

/*
 * Locks the last version of the row a probe stands on, waiting for whoever
 * holds it, until the end of the transaction; tells whether there is one.
 * The probe then stands on it.
 */
bool
LockRow(Probe *probe, LockTupleMode mode)
{
	TM_FailureData failure;
	ItemPointerData tid = probe->slot->tts_tid;
	TM_Result	result = table_tuple_lock(probe->heap, &tid, SnapshotSelf, probe->slot, GetCurrentCommandId(false),
										  mode, LockWaitBlock,
										  TUPLE_LOCK_FLAG_FIND_LAST_VERSION, &failure);

	switch (result)
	{
		case TM_Ok:
		case TM_SelfModified:
			return true;
		case TM_Deleted:
			return false;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not serialize access due to concurrent update")));
	}
	return false;
}

/* Locks the invoice of a number; tells whether there is one. */
bool
LockNumber(Walk *invoice, Datum creditor_id, Datum invoice_no)
{
	CHECK_FOR_INTERRUPTS();
	return FindInTurn(invoice, creditor_id, invoice_no) && LockRow(&invoice->probe, LockTupleNoKeyExclusive);
}

/*
 * Locks many invoices in the order given, which is to be ascending; gives the
 * place of each one's last version, an invalid one for those that have gone,
 * and if asked its customer.
 */
void
LockInvoices(Datum creditor_id, const Datum *invoice_no, int n, ItemPointer place, Datum *customer_no)
{
	static Columns columns = {.names = {"customer_no"}};
	Snapshot	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	Walk		walk;

	OpenWalk(&walk, "invoice", "invoice_pkey", RowShareLock, snapshot);
	for (int i = 0; i < n; i++)
	{
		bool		isnull;

		ItemPointerSetInvalid(&place[i]);
		if (!LockNumber(&walk, creditor_id, invoice_no[i]))
			continue;
		place[i] = walk.probe.slot->tts_tid;
		if (customer_no != NULL)
			customer_no[i] = PointerGetDatum(PG_DETOAST_DATUM_COPY(slot_getattr(walk.probe.slot, ColumnNumbers(walk.probe.heap, &columns)[0], &isnull)));
	}
	CloseWalk(&walk);
	UnregisterSnapshot(snapshot);
}

/*
 * Locks an invoice as committed now, our own changes included; tells whether
 * there is one. The probe has SnapshotSelf, which is cheaper than a snapshot;
 * but such a scan can miss a row that is updated under it, so that what it
 * does not find is looked for again with one.
 */
bool
LockInvoice(Probe *invoice, Datum creditor_id, Datum invoice_no)
{
	ItemPointerData place;

	if (FindRow(invoice, creditor_id, invoice_no))
		return LockRow(invoice, LockTupleNoKeyExclusive);
	LockInvoices(creditor_id, &invoice_no, 1, &place, NULL);
	return ItemPointerIsValid(&place) &&
		table_tuple_fetch_row_version(invoice->heap, &place, SnapshotSelf, invoice->slot);
}

/* Locks many invoices of any creditors; those that have gone are for a foreign key to miss. */
void
LockKeys(InvoiceKey *key, int n)
{
	Snapshot	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	Walk		walk;

	n = SortKeys(key, n);
	OpenWalk(&walk, "invoice", "invoice_pkey", RowShareLock, snapshot);
	for (int i = 0; i < n; i++)
		(void) LockNumber(&walk, Int64GetDatum(key[i].creditor_id), PointerGetDatum(key[i].invoice_no));
	CloseWalk(&walk);
	UnregisterSnapshot(snapshot);
}
