/*
 * residual.c: cases that this very transaction ended by taking a residual down
 * (A2).
 *
 * An application that keeps what is open as a number takes that number down,
 * and says afterwards, in another statement, what it was: a payment, or a loss.
 * Until it commits nobody knows which, and a loss must not pass for a payment
 * only because it is booked second. So as long as the transaction that ended a
 * case in this way lasts, the guard takes the case for active. Whoever took
 * no residual down is not asked.
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/transam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "owner.h"
#include "probe.h"
#include "residual.h"

/* The latest transaction of this backend that took a residual down. */
static TransactionId paid_in = InvalidTransactionId;

/* Notes that this transaction did. */
void
NoteResidualPaid(void)
{
	paid_in = GetTopTransactionId();
}

/* Tells whether this transaction did. */
bool
ResidualPaid(void)
{
	return TransactionIdIsValid(paid_in) && TransactionIdEquals(paid_in, GetTopTransactionIdIfAny());
}

/* Tells whether this transaction wrote the row on which a probe stands. */
static bool
WroteRow(const Probe *probe)
{
	bool		isnull;

	return TransactionIdIsCurrentTransactionId(DatumGetTransactionId(slot_getsysattr(probe->slot, MinTransactionIdAttributeNumber, &isnull)));
}

/* Tells whether this transaction took the residual of an invoice down. */
static bool
TookDown(const InvoiceKey *key)
{
	static Statement payments = {
		.sql = "SELECT p.xmin FROM reminder.payment p WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.bounced_on IS NULL"
		" AND p.payment_no ~ '~[0-9]{1,6}$' AND left(p.payment_no, -length(substring(p.payment_no from '~[0-9]+$'))) IN (p.invoice_no, md5(p.invoice_no))",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	Datum		values[2] = {Int64GetDatum(key->creditor_id), PointerGetDatum(key->invoice_no)};
	OwnerScope	scope;
	bool		took = false;

	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	ExecuteFresh(&payments, values, NULL, SPI_OK_SELECT);
	for (uint64 i = 0; i < SPI_processed && !took; i++)
	{
		bool		isnull;

		took = TransactionIdIsCurrentTransactionId(DatumGetTransactionId(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)));
	}
	SPI_finish();
	LeaveOwner(&scope);
	return took;
}

/*
 * Gives the case of an invoice that this transaction ended by taking its
 * residual down, 0 if there is none. The invoice is locked.
 */
int
CaseEndedHere(const InvoiceKey *key)
{
	static Columns columns = {.names = {"case_no", "state"}};
	Probe		probe;
	int			case_no = 0;

	OpenProbe(&probe, "collection_case", "collection_case_pkey", AccessShareLock, SnapshotSelf);
	for (bool more = FindRow(&probe, Int64GetDatum(key->creditor_id), PointerGetDatum(key->invoice_no)); more; more = NextRow(&probe))
	{
		const AttrNumber *number = ColumnNumbers(probe.heap, &columns);
		bool		isnull;

		if (WroteRow(&probe) && strcmp(TextDatumGetCString(slot_getattr(probe.slot, number[1], &isnull)), "paid") == 0)
			case_no = DatumGetInt16(slot_getattr(probe.slot, number[0], &isnull));
	}
	CloseProbe(&probe);
	return case_no != 0 && TookDown(key) ? case_no : 0;
}
