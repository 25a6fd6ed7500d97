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

#include "mirror.h"
#include "compat.h"
#include "errors.h"
#include "lock.h"
#include "origin.h"
#include "residual.h"
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
	[ATTACH_LEDGER_ENTRY] = {"general_ledger_entry", "entry_no"},
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

/* Our table that rows of a kind are of, and by which field; NULL: of none, or the map does not say. */
static const Mirror *
ParentOf(const Attachment *attachment)
{
	const Mirror *parent = attachment->kind == ATTACH_INVOICE ? &mirrors[ATTACH_CUSTOMER]
		: attachment->kind == ATTACH_PAYMENT || attachment->kind == ATTACH_CREDIT ? &mirrors[ATTACH_INVOICE] : NULL;

	return parent != NULL && FindField(attachment, parent->key) >= 0 ? parent : NULL;
}

/*
 * Makes the INSERT of those that we do not have; but those whose customer or
 * invoice we lack only if it is to be of all. An unknown creditor has no
 * currency, and is for the foreign key to refuse. A customer that stands in
 * many rows may come in two sessions at once, and then the first brings him.
 */
static char *
InsertText(const Attachment *attachment, bool all)
{
	const Mirror *mirror = &mirrors[attachment->kind];
	const Mirror *parent = all ? NULL : ParentOf(attachment);
	bool		invoice = attachment->kind == ATTACH_INVOICE;
	bool		own_currency = invoice && FindField(attachment, "currency") < 0;
	bool		open = invoice && FindField(attachment, "open_amount") >= 0;

	return psprintf("INSERT INTO reminder.%s (creditor_id, %s, %s%s%s)"
					" SELECT m.creditor_id, m.%s, %s%s%s FROM %s m%s%s"
					" WHERE %sNOT EXISTS (SELECT FROM reminder.%s x WHERE x.creditor_id = m.creditor_id AND x.%s = m.%s)"
					" ORDER BY m.creditor_id, m.%s%s",
					mirror->table, mirror->key, ListColumns(attachment, ""),
					own_currency ? ", currency" : "", open ? ", open_amount" : "",
					mirror->key, ListColumns(attachment, "m."),
					own_currency ? ", coalesce(k.currency, 'XXX')" : "", open ? ", greatest(coalesce(m.open_amount, m.amount), 0)" : "",
					attachment->kind == ATTACH_CUSTOMER ? OneOfEach(attachment) : "now_rows",
					own_currency ? " LEFT JOIN reminder.creditor k ON k.creditor_id = m.creditor_id" : "",
					parent == NULL ? "" : psprintf(" LEFT JOIN reminder.%s p ON p.creditor_id = m.creditor_id AND p.%s = m.%s", parent->table, parent->key, parent->key),
					parent == NULL ? "" : psprintf("(m.%s IS NULL OR p.%s IS NOT NULL) AND ", parent->key, parent->key),
					mirror->table, mirror->key, mirror->key, mirror->key,
					attachment->kind == ATTACH_CUSTOMER ? " ON CONFLICT (creditor_id, customer_no) DO NOTHING" : "");
}

/* Makes the SELECT of the customers or invoices of rows that we lack; NULL for rows that are of none. */
static char *
LackingText(const Attachment *attachment)
{
	const Mirror *parent = ParentOf(attachment);

	if (parent == NULL)
		return NULL;
	return psprintf("SELECT DISTINCT m.creditor_id, m.%s FROM now_rows m WHERE m.%s IS NOT NULL"
					" AND NOT EXISTS (SELECT FROM reminder.%s x WHERE x.creditor_id = m.creditor_id AND x.%s = m.%s)",
					parent->key, parent->key, parent->table, parent->key, parent->key);
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

/* Makes the DELETE from the list of those that are of no attached table. */
static char *
AdoptText(const Attachment *attachment)
{
	const Mirror *mirror = &mirrors[attachment->kind];

	return psprintf("DELETE FROM reminder.unattached u USING now_rows m WHERE u.creditor_id = m.creditor_id AND u.kind = '%s' AND u.no = m.%s",
					mirror->table, mirror->key);
}

/* Makes the DELETE of those whose key has gone. */
static char *
RemoveText(const Attachment *attachment)
{
	const Mirror *mirror = &mirrors[attachment->kind];

	return psprintf("DELETE FROM reminder.%s x USING before_rows b WHERE x.creditor_id = b.creditor_id AND x.%s = b.%s"
					" AND NOT EXISTS (SELECT FROM now_rows m WHERE m.creditor_id = b.creditor_id AND m.%s = b.%s)",
					mirror->table, mirror->key, mirror->key, mirror->key, mirror->key);
}

/*
 * Customers are locked in three ways, ascending. Who brings a row of one keeps
 * him from being removed. Who takes one away waits for others that do, so that
 * the last of them finds no other row; and for those who bring one, if he is to
 * be removed. Each looks when it has the lock.
 */
#define HOLD(rows) \
	"SELECT FROM reminder.customer c WHERE (c.creditor_id, c.customer_no) IN (" rows ") ORDER BY c.creditor_id, c.customer_no"
#define COUNT \
	"SELECT count(*) FROM (SELECT DISTINCT m.creditor_id, m.customer_no FROM now_rows m) m"
#define GONE_CUSTOMERS \
	"SELECT b.creditor_id, b.customer_no FROM before_rows b" \
	" WHERE NOT EXISTS (SELECT FROM now_rows m WHERE m.creditor_id = b.creditor_id AND m.customer_no = b.customer_no)"

/* The customers of ours whose key has gone, as far as those rows tell. One stays as long as an invoice is his. */
#define LEAVE \
	GONE_CUSTOMERS \
	" AND EXISTS (SELECT FROM reminder.customer c WHERE c.creditor_id = b.creditor_id AND c.customer_no = b.customer_no)" \
	" AND NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = b.creditor_id AND i.customer_no = b.customer_no)"

/* Those who stay for an invoice, and may stay on when that has gone. */
#define OUTLIVE \
	"INSERT INTO reminder.unattached (creditor_id, kind, no) SELECT b.creditor_id, 'customer', b.customer_no FROM before_rows b" \
	" WHERE NOT EXISTS (SELECT FROM now_rows m WHERE m.creditor_id = b.creditor_id AND m.customer_no = b.customer_no)" \
	" AND EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = b.creditor_id AND i.customer_no = b.customer_no) ON CONFLICT DO NOTHING"

/* Those of the keys before that have gone. */
#define GONE_INVOICES \
	"(SELECT b.creditor_id, b.invoice_no FROM before_rows b" \
	" WHERE NOT EXISTS (SELECT FROM now_rows m WHERE m.creditor_id = b.creditor_id AND m.invoice_no = b.invoice_no)) b"

/* Tells that rows of a kind come from an attached table, whose own triggers may be fired only after this one's, as by ON DELETE CASCADE. */
#define COMES_ATTACHED(kind) \
	"EXISTS (SELECT FROM reminder.attachment a WHERE a.kind = '" kind "' AND (a.creditor_id = b.creditor_id OR a.creditor_id IS NULL))"

/* With an invoice go its payments and credits that came of the application. */
#define REMOVE_PAYMENTS \
	"DELETE FROM reminder.payment p USING " GONE_INVOICES " WHERE p.creditor_id = b.creditor_id AND p.invoice_no = b.invoice_no AND (" COMES_ATTACHED("payment") \
	" OR p.payment_no LIKE '%~%' AND left(p.payment_no, length(p.payment_no) - length(substring(p.payment_no from '~[0-9]+$')))" \
	"  IN (b.invoice_no, md5(b.invoice_no)))"
#define REMOVE_CREDITS \
	"DELETE FROM reminder.credit p USING " GONE_INVOICES " WHERE p.creditor_id = b.creditor_id AND p.invoice_no = b.invoice_no AND " COMES_ATTACHED("credit")

/* Notes which of them leave so: they may stand in the application's tables yet, and come back when the invoice does (returns.c). */
#define NOTED(kind) \
	"SELECT p.creditor_id, '" kind "', p." kind "_no, p.invoice_no FROM reminder." kind " p JOIN " GONE_INVOICES \
	" ON p.creditor_id = b.creditor_id AND p.invoice_no = b.invoice_no WHERE " COMES_ATTACHED(kind)
#define NOTE \
	"INSERT INTO reminder.left_with_invoice (creditor_id, kind, document_no, invoice_no) " NOTED("payment") " UNION ALL " NOTED("credit") \
	" ON CONFLICT ON CONSTRAINT left_with_invoice_pkey DO UPDATE SET invoice_no = excluded.invoice_no"
#define RETURNED \
	"SELECT l.creditor_id, l.kind, l.document_no, l.invoice_no FROM now_rows m" \
	" JOIN reminder.left_with_invoice l ON l.creditor_id = m.creditor_id AND l.invoice_no = m.invoice_no" \
	" WHERE EXISTS (SELECT FROM reminder.left_with_invoice)"

/* Makes the DELETE of notes of payments or credits that have gone now. */
static char *
ForgetText(const Attachment *attachment)
{
	const char *kind = mirrors[attachment->kind].table;
	const char *key = mirrors[attachment->kind].key;

	return psprintf("DELETE FROM reminder.left_with_invoice l USING before_rows b"
					" WHERE l.creditor_id = b.creditor_id AND l.kind = '%s' AND l.document_no = b.%s"
					" AND NOT EXISTS (SELECT FROM now_rows m WHERE m.creditor_id = b.creditor_id AND m.%s = b.%s)", kind, key, key, key);
}

/* An invoice among the rows that we do not have: it may be one of those that have gone, by another number. */
#define NEWCOMERS \
	"SELECT FROM now_rows m WHERE NOT EXISTS (SELECT FROM reminder.invoice x WHERE x.creditor_id = m.creditor_id AND x.invoice_no = m.invoice_no) LIMIT 1"

/*
 * What is open in the application of the invoices of the rows, and with us.
 * More than paid is nothing to collect.
 */
#define OPEN \
	"SELECT i.creditor_id, i.invoice_no, m.paid_on, i.open_amount AS ours, greatest(coalesce(m.open_amount, m.amount), 0) AS theirs," \
	"  CASE WHEN octet_length(i.invoice_no) > 52 THEN md5(i.invoice_no) ELSE i.invoice_no END || '~' AS prefix" \
	" FROM now_rows m JOIN reminder.invoice i ON i.creditor_id = m.creditor_id AND i.invoice_no = m.invoice_no" \
	" WHERE i.open_amount <> greatest(coalesce(m.open_amount, m.amount), 0)"

/* The payments that we made of such differences, of invoices "o"; and the number of each. */
#define OUR_PAYMENTS \
	"reminder.payment p ON p.creditor_id = o.creditor_id AND p.invoice_no = o.invoice_no" \
	" AND left(p.payment_no, length(o.prefix)) = o.prefix AND substr(p.payment_no, length(o.prefix) + 1) ~ '^[0-9]{1,6}$'"
#define OUR_NUMBER "substr(p.payment_no, length(o.prefix) + 1)::integer"

#define NEXT_NUMBER "(SELECT coalesce(max(" OUR_NUMBER "), 0) + 1 FROM (SELECT) x JOIN " OUR_PAYMENTS ")"

/*
 * More is open than with us: takes back the latest such payments, as many as
 * it takes. Of one that was too large the rest is paid anew, on its own day.
 * The INSERT reads what the UPDATE gives to its end, so that its triggers are
 * fired after those of the UPDATE.
 */
#define REOPEN \
	"WITH taken AS MATERIALIZED (SELECT p.creditor_id, p.payment_no, p.invoice_no, p.paid_on, p.amount, o.prefix, " NEXT_NUMBER " AS next_no," \
	"   greatest(o.paid_on, p.paid_on) AS bounced_on, o.theirs - o.ours AS more," \
	"   sum(p.amount) OVER (PARTITION BY p.creditor_id, p.invoice_no ORDER BY " OUR_NUMBER " DESC) - p.amount AS later" \
	"  FROM (" OPEN ") o JOIN " OUR_PAYMENTS " WHERE o.theirs > o.ours AND p.bounced_on IS NULL)," \
	" undone AS (UPDATE reminder.payment u SET bounced_on = t.bounced_on FROM taken t" \
	"  WHERE u.creditor_id = t.creditor_id AND u.payment_no = t.payment_no AND t.later < t.more RETURNING t.*)" \
	" INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates)" \
	" SELECT t.creditor_id, t.prefix || t.next_no, t.invoice_no, t.paid_on, t.later + t.amount - t.more, 'principal'" \
	" FROM undone t WHERE t.later + t.amount > t.more"

/* What is still missing was settled before the invoice came in; then it was not. */
#define UNSETTLE \
	"WITH less AS MATERIALIZED (SELECT b.creditor_id, b.invoice_no, b.amount, least(b.amount, o.theirs - o.ours) AS reopened" \
	"  FROM (" OPEN ") o JOIN reminder.settled_before b ON b.creditor_id = o.creditor_id AND b.invoice_no = o.invoice_no" \
	"  WHERE o.theirs > o.ours)," \
	" opened AS (UPDATE reminder.invoice i SET open_amount = i.open_amount + l.reopened FROM less l" \
	"  WHERE i.creditor_id = l.creditor_id AND i.invoice_no = l.invoice_no)," \
	" lowered AS (UPDATE reminder.settled_before b SET amount = l.amount - l.reopened FROM less l" \
	"  WHERE b.creditor_id = l.creditor_id AND b.invoice_no = l.invoice_no AND l.amount > l.reopened)," \
	" removed AS (DELETE FROM reminder.settled_before b USING less l" \
	"  WHERE b.creditor_id = l.creditor_id AND b.invoice_no = l.invoice_no AND l.amount = l.reopened)" \
	" SELECT FROM less"
#define PLACE_MAPPED \
	"SELECT reminder._place(m.creditor_id, array_agg(DISTINCT m.invoice_no)) FROM now_rows m GROUP BY m.creditor_id"

/* Less is open than with us: pays the difference, on the day that the map says. */
#define PAY_OPEN \
	"INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates)" \
	" SELECT o.creditor_id, o.prefix || " NEXT_NUMBER "," \
	"   o.invoice_no, o.paid_on, o.ours - o.theirs, 'principal'" \
	" FROM (" OPEN ") o WHERE o.theirs < o.ours ORDER BY o.creditor_id, o.invoice_no"

/* The invoices of credits that are new. */
#define CREDITED \
	"SELECT m.creditor_id, m.invoice_no, sum(m.amount) AS amount FROM now_rows m" \
	" WHERE NOT EXISTS (SELECT FROM reminder.credit x WHERE x.creditor_id = m.creditor_id AND x.credit_no = m.credit_no) GROUP BY 1, 2"
#define LOCK_CREDITED \
	"SELECT FROM reminder.invoice i WHERE (i.creditor_id, i.invoice_no) IN (SELECT c.creditor_id, c.invoice_no FROM (" CREDITED ") c)" \
	" ORDER BY i.creditor_id, i.invoice_no FOR NO KEY UPDATE"

/* The latest payments that leave too little open of them. */
#define IN_THE_WAY \
	"SELECT array_agg(x.creditor_id), array_agg(x.payment_no)" \
	" FROM (SELECT p.creditor_id, p.payment_no, coalesce(a.principal, p.amount) AS principal, c.amount - i.open_amount AS too_much," \
	"   sum(coalesce(a.principal, p.amount)) OVER (PARTITION BY p.creditor_id, p.invoice_no ORDER BY p.paid_on DESC, p.payment_no DESC) - coalesce(a.principal, p.amount) AS of_later" \
	"  FROM (" CREDITED ") c JOIN reminder.invoice i ON i.creditor_id = c.creditor_id AND i.invoice_no = c.invoice_no AND i.open_amount < c.amount" \
	"  JOIN reminder.payment p ON p.creditor_id = c.creditor_id AND p.invoice_no = c.invoice_no AND p.bounced_on IS NULL" \
	"  LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no) x" \
	" WHERE x.of_later < x.too_much AND x.principal > 0"

/* Makes the statements that write our table. */
void
PrepareMirror(Attachment *attachment)
{
	attachment->insert.sql = InsertText(attachment, false);
	attachment->insert_rest.sql = InsertText(attachment, true);
	attachment->lacking.sql = LackingText(attachment);
	attachment->update.sql = UpdateText(attachment);
	attachment->hold.sql = HOLD("SELECT m.creditor_id, m.customer_no FROM now_rows m") " FOR KEY SHARE OF c";
	attachment->count.sql = COUNT;
	attachment->hold_gone.sql = HOLD(GONE_CUSTOMERS) " FOR NO KEY UPDATE OF c";
	if (attachment->kind <= ATTACH_CREDIT)
		attachment->adopt.sql = AdoptText(attachment);
	attachment->leave.sql = LEAVE;
	attachment->hold_leaving.sql = HOLD(LEAVE) " FOR UPDATE OF c";
	attachment->outlive.sql = OUTLIVE;
	attachment->remove.sql = RemoveText(attachment);
	attachment->remove_payments.sql = REMOVE_PAYMENTS;
	attachment->remove_credits.sql = REMOVE_CREDITS;
	attachment->note.sql = NOTE;
	attachment->forget.sql = ForgetText(attachment);
	attachment->returned.sql = RETURNED;
	attachment->newcomers.sql = NEWCOMERS;
	attachment->follows_open = attachment->kind == ATTACH_INVOICE && FindField(attachment, "open_amount") >= 0;
	attachment->reopen.sql = REOPEN;
	attachment->unsettle.sql = UNSETTLE;
	attachment->place.sql = PLACE_MAPPED;
	attachment->pay.sql = PAY_OPEN;
	attachment->differ.sql = "SELECT o.invoice_no, o.theirs, o.ours, o.theirs < o.ours AND o.paid_on IS NULL FROM (" OPEN ") o ORDER BY 4 DESC, o.creditor_id, o.invoice_no LIMIT 1";
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
	Rows		rows;

	OpenRows(&rows, mapped->store, mapped->desc);
	LockKeys(key, ReadKeys(&rows, key, (int) Min(mapped->n, INT_MAX)));
	CloseRows(&rows);
}

/* Raises 22R03 if more is open in the application than can be with us. */
static void
RefuseDifference(Attachment *attachment, const MappedRows *now)
{
	if (RunMapped(&attachment->differ, now->n, SPI_OK_SELECT) == 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_AMOUNT),
			 errmsg("%s are open of invoice \"%s\" in its attached table, which cannot be here",
					SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 2), SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
			 errdetail("Open are %s here.", SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 3)),
			 errhint("Take back the payments and credits of reminder that the attached table does not know of.")));
}

/* Raises 22R02 if an invoice was paid on no day. */
static void
RefuseNoDay(void)
{
	bool		isnull;

	if (DatumGetBool(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 4, &isnull)))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_DATE),
				 errmsg("invoice \"%s\" is paid in its attached table, on no day", SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
				 errhint("Give the column that paid_on is mapped to in the same statement.")));
}

/* Lets what is open follow the application, by payments of the difference. */
static void
FollowOpen(Attachment *attachment, const MappedRows *now)
{
	OwnerScope	scope;

	if (RunMapped(&attachment->differ, now->n, SPI_OK_SELECT) == 0)
		return;
	RefuseNoDay();
	if (RunMapped(&attachment->pay, now->n, SPI_OK_INSERT) > 0)
		NoteResidualPaid();
	RunMapped(&attachment->reopen, now->n, SPI_OK_INSERT);
	/* what was settled before is nobody's but the keeper's to change */
	EnterOwner(&scope, ReminderOwner());
	if (RunMapped(&attachment->unsettle, now->n, SPI_OK_SELECT) > 0)
		RunMapped(&attachment->place, now->n, SPI_OK_SELECT);
	LeaveOwner(&scope);
	RefuseDifference(attachment, now);
}

/* Counts the customers of rows. */
static int64
CountCustomers(Attachment *attachment, const MappedRows *now)
{
	bool		isnull;

	if (now->n == 1)
		return 1;
	(void) RunMapped(&attachment->count, now->n, SPI_OK_SELECT);
	return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull));
}

/*
 * Brings customers into step, and keeps those that were here from being
 * removed by another session, whose row of theirs was the last. Those that
 * were removed while we waited are brought anew.
 */
static uint64
MirrorCustomers(Attachment *attachment, const MappedRows *now)
{
	uint64		inserted = RunMapped(&attachment->insert, now->n, SPI_OK_INSERT);
	uint64		again = 0;
	int64		held = -1;
	int64		held_before;
	int64		customers;

	if (inserted == (uint64) now->n)
		return inserted;
	customers = CountCustomers(attachment, now);
	RunMapped(&attachment->update, now->n, SPI_OK_UPDATE);
	do
	{
		held_before = held;
		held = (int64) RunMapped(&attachment->hold, now->n, SPI_OK_SELECT);
		again = held == customers ? 0 : RunMapped(&attachment->insert, now->n, SPI_OK_INSERT);
		inserted += again;
		/* if none came, another session brought them, or a trigger of somebody's keeps them out */
	} while (again > 0 || (held < customers && held > held_before));
	return inserted;
}

/* Brings what is of customers into step, invoices with what is open of them. */
static uint64
MirrorOthers(Attachment *attachment, const MappedRows *now, bool expect_new)
{
	uint64		inserted = 0;

	if (expect_new)
		inserted = RunMapped(&attachment->insert, now->n, SPI_OK_INSERT);
	if (inserted == (uint64) now->n)
		return inserted;
	if (attachment->kind == ATTACH_INVOICE)
		LockMapped(now);
	RunMapped(&attachment->update, now->n, SPI_OK_UPDATE);
	if (!expect_new)
		inserted = RunMapped(&attachment->insert_rest, now->n, SPI_OK_INSERT);
	if (attachment->follows_open && inserted < (uint64) now->n)
		FollowOpen(attachment, now);
	return inserted;
}

/* Writes our table as rows are now, within SPI; gives how many are new there. */
static uint64
WriteRows(Attachment *attachment, const MappedRows *now, bool expect_new)
{
	uint64		inserted = attachment->kind == ATTACH_CUSTOMER ? MirrorCustomers(attachment, now) : MirrorOthers(attachment, now, expect_new);

	if (inserted < (uint64) now->n)
		AdoptRows(attachment, now->n);
	return inserted;
}

/* Writes the rows that were left out. */
static uint64
WriteRest(Attachment *attachment, const MappedRows *now, bool expect_new)
{
	(void) expect_new;
	return RunMapped(&attachment->insert_rest, now->n, SPI_OK_INSERT);
}

/* Writes our table for an attached one, which its rows are known by as long as that lasts. */
static uint64
WriteAttached(uint64 (*write) (Attachment *, const MappedRows *, bool), Attachment *attachment, const MappedRows *now, bool expect_new)
{
	int			before = MirroredKind();
	uint64		inserted = 0;

	if (now->n == 0)
		return 0;
	BeginMirror(now, NULL);
	MirrorKind(attachment->kind);
	PG_TRY();
	{
		inserted = write(attachment, now, expect_new);
	}
	PG_FINALLY();
	{
		MirrorKind(before);
	}
	PG_END_TRY();
	SPI_finish();
	return inserted;
}

/*
 * Brings our table into step with rows as they are now; gives how many are new
 * there. What an INSERT brings is left out if we lack its customer or invoice.
 */
uint64
MirrorRows(Attachment *attachment, const MappedRows *now, bool expect_new)
{
	return WriteAttached(WriteRows, attachment, now, expect_new);
}

/* Inserts the new rows that were left out. Raises 23503 for those whose customer or invoice we lack still. */
uint64
MirrorRest(Attachment *attachment, const MappedRows *now)
{
	return WriteAttached(WriteRest, attachment, now, true);
}

/* Finds the customers or invoices of rows that we lack. */
void
FindLacking(Attachment *attachment, const MappedRows *now, MappedRows *lacking)
{
	if (now->n == 0 || attachment->lacking.sql == NULL)
		return;
	BeginMirror(now, NULL);
	MapInto(lacking, &attachment->lacking, now->n);
	SPI_finish();
}

/* Finds the customers that rows were of before, and none of ours keeps; they are locked. Notes the others. */
void
FindLeaving(Attachment *attachment, const MappedRows *before, const MappedRows *now, MappedRows *leaving)
{
	OwnerScope	scope;

	if (before->n == 0)
		return;
	BeginMirror(now, before);
	if (RunMapped(&attachment->hold_gone, before->n, SPI_OK_SELECT) > 0 &&
		RunMapped(&attachment->hold_leaving, before->n, SPI_OK_SELECT) > 0)
		MapInto(leaving, &attachment->leave, before->n);
	EnterOwner(&scope, ReminderOwner());
	RunMapped(&attachment->outlive, before->n, SPI_OK_INSERT);
	LeaveOwner(&scope);
	SPI_finish();
}

/*
 * Removes invoices that have gone, or got another number. What is recorded on
 * one keeps that from being: 23R04, with what PostgreSQL found.
 */
static uint64
RemoveRenumbered(Attachment *attachment, const MappedRows *before)
{
	MemoryContext memory = CurrentMemoryContext;
	uint64		removed = 0;

	PG_TRY();
	{
		removed = RunMapped(&attachment->remove, before->n, SPI_OK_DELETE);
	}
	PG_CATCH();
	{
		ErrorData  *error;

		MemoryContextSwitchTo(memory);
		error = CopyErrorData();
		if (error->sqlerrcode != ERRCODE_FOREIGN_KEY_VIOLATION)
			PG_RE_THROW();
		FlushErrorState();
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_KEPT),
				 errmsg("an attached invoice cannot get another number while something is recorded on it"),
				 error->detail != NULL ? errdetail_internal("%s", error->detail) : 0,
				 errhint("Take back what is recorded on it first, and record it anew on the other number.")));
	}
	PG_END_TRY();
	return removed;
}

/* Removes what settles invoices that have gone, and notes what comes of the application. */
static void
RemoveSettlements(Attachment *attachment, const MappedRows *before)
{
	OwnerScope	scope;

	LockMapped(before);
	/* notes are nobody's but the keeper's */
	EnterOwner(&scope, ReminderOwner());
	RunMapped(&attachment->note, before->n, SPI_OK_INSERT);
	LeaveOwner(&scope);
	RunMapped(&attachment->remove_credits, before->n, SPI_OK_DELETE);
	RunMapped(&attachment->remove_payments, before->n, SPI_OK_DELETE);
}

/* Forgets payments or credits that have gone, where some of them had left with their invoice. */
static void
ForgetSettlements(Attachment *attachment, const MappedRows *before)
{
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	RunMapped(&attachment->forget, before->n, SPI_OK_DELETE);
	LeaveOwner(&scope);
}

/* Removes from our table what stood in rows before, and stands there no more; gives how many. */
uint64
RemoveRows(Attachment *attachment, const MappedRows *before, const MappedRows *now)
{
	uint64		removed;

	if (before->n == 0)
		return 0;
	BeginMirror(now, before);
	if (attachment->kind == ATTACH_INVOICE && now->n < before->n &&
		(now->n == 0 || RunMapped(&attachment->newcomers, now->n, SPI_OK_SELECT) == 0))
		RemoveSettlements(attachment, before);
	if (attachment->kind == ATTACH_INVOICE && now->n > 0)
		removed = RemoveRenumbered(attachment, before);
	else
		removed = RunMapped(&attachment->remove, before->n, SPI_OK_DELETE);
	if ((attachment->kind == ATTACH_PAYMENT || attachment->kind == ATTACH_CREDIT) && (int64) removed < before->n - now->n)
		ForgetSettlements(attachment, before);
	SPI_finish();
	return removed;
}

/*
 * Has payments give way to credits that were made before an application's
 * table of them was attached: theirs was taken in first, and paid what was
 * credited by then. False if none is in the way; else they are to be paid
 * again when the credits are in.
 */
bool
MakeRoom(const MappedRows *credits, PaymentsAgain *payments)
{
	MemoryContext memory = CurrentMemoryContext;
	OwnerScope	scope;
	bool		any;

	EnterOwner(&scope, ReminderOwner());
	BeginMirror(credits, NULL);
	if (SPI_execute(LOCK_CREDITED, false, 0) != SPI_OK_SELECT ||
		SPI_execute(IN_THE_WAY, false, 0) != SPI_OK_SELECT)
		elog(ERROR, "SPI_execute failed");
	any = ReadPaymentsAgain(payments, memory);
	if (any)
		TakePaymentsBack(payments);
	SPI_finish();
	LeaveOwner(&scope);
	return any;
}

/* Pays them again. */
void
TakeRoom(const PaymentsAgain *payments)
{
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	PayAgain(payments);
	SPI_finish();
	LeaveOwner(&scope);
}
