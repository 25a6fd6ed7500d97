/*
 * mirror.c: what rows of an application's tables, put into the form of ours,
 * are in our tables: one statement for all of them that inserts, one that
 * changes, one that removes. Our own triggers do the rest, as for anyone who
 * writes these tables.
 */
#include "postgres.h"

#include "access/xact.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "attach.h"
#include "compat.h"
#include "lock.h"
#include "rows.h"

/* Our table of a kind, and what of its fields are not columns there. */
typedef struct Mirror
{
	const char *table;
	const char *key;
} Mirror;

static const Mirror mirrors[] = {
	[ATTACH_CUSTOMER] = {"customer", "customer_no"},
	[ATTACH_INVOICE] = {"invoice", "invoice_no"},
	[ATTACH_PAYMENT] = {"payment", "payment_no"},
	[ATTACH_CREDIT] = {"credit", "credit_no"},
};

/* Gives a field's place, -1 if the map does not have it. */
static int
FindField(const Attachment *attachment, const char *name)
{
	for (int i = 0; i < attachment->nfields; i++)
		if (strcmp(attachment->field[i].name, name) == 0)
			return i;
	return -1;
}

/* Tells whether a field is a column of ours that follows the application's whenever that changes. */
static bool
IsColumn(const Attachment *attachment, int i)
{
	const char *name = attachment->field[i].name;

	if (strcmp(name, mirrors[attachment->kind].key) == 0)
		return false;
	/* what is open follows by payments */
	return attachment->kind != ATTACH_INVOICE || (strcmp(name, "open_amount") != 0 && strcmp(name, "paid_on") != 0);
}

/* Gives the columns that follow, each with something before it, and commas between. */
static char *
ListColumns(const Attachment *attachment, const char *before)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < attachment->nfields; i++)
		if (IsColumn(attachment, i))
			appendStringInfo(&list, "%s%s%s", list.len == 0 ? "" : ", ", before, attachment->field[i].name);
	return list.data;
}

/* Gives the assignments of the columns that follow. */
static char *
ListAssignments(const Attachment *attachment)
{
	StringInfoData list;

	initStringInfo(&list);
	for (int i = 0; i < attachment->nfields; i++)
		if (IsColumn(attachment, i))
			appendStringInfo(&list, "%s%s = m.%s", list.len == 0 ? "" : ", ", attachment->field[i].name, attachment->field[i].name);
	return list.data;
}

/* Gives the rows, each key once, ascending: a customer may stand in many rows of a table. */
static char *
OneOfEach(const Attachment *attachment)
{
	const char *key = mirrors[attachment->kind].key;

	return psprintf("(SELECT DISTINCT ON (r.creditor_id, r.%s) r.* FROM now_rows r ORDER BY r.creditor_id, r.%s)", key, key);
}

/* Makes the INSERT of those that we do not have. */
static char *
InsertText(const Attachment *attachment)
{
	const Mirror *mirror = &mirrors[attachment->kind];
	bool		invoice = attachment->kind == ATTACH_INVOICE;
	bool		own_currency = invoice && FindField(attachment, "currency") < 0;
	bool		open = invoice && FindField(attachment, "open_amount") >= 0;

	return psprintf("INSERT INTO reminder.%s (creditor_id, %s, %s%s%s)"
					" SELECT m.creditor_id, m.%s, %s%s%s FROM %s m%s"
					" WHERE NOT EXISTS (SELECT FROM reminder.%s x WHERE x.creditor_id = m.creditor_id AND x.%s = m.%s)"
					" ORDER BY m.creditor_id, m.%s",
					mirror->table, mirror->key, ListColumns(attachment, ""),
					own_currency ? ", currency" : "", open ? ", open_amount" : "",
					mirror->key, ListColumns(attachment, "m."),
					own_currency ? ", k.currency" : "", open ? ", greatest(coalesce(m.open_amount, m.amount), 0)" : "",
					attachment->kind == ATTACH_CUSTOMER ? OneOfEach(attachment) : "now_rows",
					own_currency ? " LEFT JOIN reminder.creditor k ON k.creditor_id = m.creditor_id" : "",
					mirror->table, mirror->key, mirror->key, mirror->key);
}

/* Makes the UPDATE of those that are otherwise than we have them. */
static char *
UpdateText(const Attachment *attachment)
{
	const Mirror *mirror = &mirrors[attachment->kind];

	return psprintf("UPDATE reminder.%s x SET %s FROM %s m WHERE x.creditor_id = m.creditor_id AND x.%s = m.%s"
					" AND ROW(%s) IS DISTINCT FROM ROW(%s)",
					mirror->table, ListAssignments(attachment),
					attachment->kind == ATTACH_CUSTOMER ? OneOfEach(attachment) : "now_rows",
					mirror->key, mirror->key, ListColumns(attachment, "x."), ListColumns(attachment, "m."));
}

/* Makes the DELETE of those whose key has gone. A customer stays as long as an invoice is his. */
static char *
RemoveText(const Attachment *attachment)
{
	const Mirror *mirror = &mirrors[attachment->kind];

	return psprintf("DELETE FROM reminder.%s x USING before_rows b WHERE x.creditor_id = b.creditor_id AND x.%s = b.%s"
					" AND NOT EXISTS (SELECT FROM now_rows m WHERE m.creditor_id = b.creditor_id AND m.%s = b.%s)%s",
					mirror->table, mirror->key, mirror->key, mirror->key, mirror->key,
					attachment->kind == ATTACH_CUSTOMER
					? " AND NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = b.creditor_id AND i.customer_no = b.customer_no)" : "");
}

/* Makes the statements that write our table. */
void
PrepareMirror(Attachment *attachment)
{
	attachment->insert.sql = InsertText(attachment);
	attachment->update.sql = UpdateText(attachment);
	attachment->remove.sql = RemoveText(attachment);
}

/* Connects to SPI, with the rows named. */
static void
BeginMirror(const MappedRows *now, const MappedRows *before)
{
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (now != NULL)
		RegisterRows("now_rows", InvalidOid, now->desc, now->store);
	if (before != NULL)
		RegisterRows("before_rows", InvalidOid, before->desc, before->store);
}

/* Locks the invoices that rows are of, ascending. */
static void
LockMapped(const MappedRows *mapped)
{
	InvoiceKey *key = palloc_extended(mapped->n * sizeof(InvoiceKey), MCXT_ALLOC_HUGE);
	int			n = 0;
	Rows		rows;

	OpenRows(&rows, mapped->store, mapped->desc);
	while (NextOfRows(&rows))
	{
		bool		no_creditor;
		bool		no_invoice;
		Datum		creditor_id = slot_getattr(rows.slot, 1, &no_creditor);
		Datum		invoice_no = slot_getattr(rows.slot, 2, &no_invoice);

		if (no_creditor || no_invoice)
			continue;
		key[n].creditor_id = DatumGetInt64(creditor_id);
		key[n++].invoice_no = DatumGetTextPCopy(invoice_no);
	}
	CloseRows(&rows);
	LockKeys(key, n);
}

/* Brings our table into step with rows as they are now. */
void
MirrorRows(Attachment *attachment, const MappedRows *now, bool expect_new)
{
	uint64		inserted = 0;

	if (now->n == 0)
		return;
	BeginMirror(now, NULL);
	if (expect_new)
		inserted = RunFor(&attachment->insert, now->n, SPI_OK_INSERT);
	if (inserted < (uint64) now->n)
	{
		if (attachment->kind == ATTACH_INVOICE)
			LockMapped(now);
		RunFor(&attachment->update, now->n, SPI_OK_UPDATE);
		if (!expect_new)
			inserted = RunFor(&attachment->insert, now->n, SPI_OK_INSERT);
	}
	SPI_finish();
}

/* Removes from our table what stood in rows before, and stands there no more. */
void
RemoveRows(Attachment *attachment, const MappedRows *before, const MappedRows *now)
{
	if (before->n == 0)
		return;
	BeginMirror(now, before);
	RunFor(&attachment->remove, before->n, SPI_OK_DELETE);
	SPI_finish();
}
