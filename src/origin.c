/*
 * origin.c: which rows of ours are of no attached table, though tables of their
 * kind are attached (A3): check() is to tell of those whose row is gone there.
 *
 * What comes of attached tables is most of all rows, and is not written down
 * again; what is written here beside it is, in reminder.unattached. Where
 * nothing is attached that table is not looked at.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "storage/bufmgr.h"

#include "compat.h"
#include "mapped.h"
#include "origin.h"
#include "probe.h"
#include "rows.h"

#define NO_KIND (-1)

/* The kind of rows that a statement brings from an attached table just now. */
static int	mirrored = NO_KIND;

/* Tells of which kind rows come from an attached table just now. */
int
MirroredKind(void)
{
	return mirrored;
}

/* Sets it. Whoever does puts back what it was, whatever happens. */
void
MirrorKind(int kind)
{
	mirrored = kind;
}

/* Tells whether a table of ours has never had a row, or was emptied since. */
static bool
IsEmpty(const char *table)
{
	Relation	rel = OpenOurs(table, AccessShareLock);
	bool		empty = RelationGetNumberOfBlocks(rel) == 0;

	table_close(rel, AccessShareLock);
	return empty;
}

#define COMES_ATTACHED(kind) \
	"EXISTS (SELECT FROM reminder.attachment a WHERE a.kind = '" kind "' AND (a.creditor_id = n.creditor_id OR a.creditor_id IS NULL))"
#define NOTE(kind, no) \
	"INSERT INTO reminder.unattached (creditor_id, kind, no) SELECT n.creditor_id, '" kind "', n." no " FROM new_rows n" \
	" WHERE " COMES_ATTACHED(kind) " ON CONFLICT DO NOTHING"
#define NOTE_MOVED(kind, no) \
	"INSERT INTO reminder.unattached (creditor_id, kind, no) SELECT n.creditor_id, '" kind "', n." no " FROM new_rows n" \
	" WHERE " COMES_ATTACHED(kind) " AND NOT EXISTS (SELECT FROM old_rows o WHERE o.creditor_id = n.creditor_id AND o." no " = n." no ")" \
	" ON CONFLICT DO NOTHING"

/* Notes rows that an INSERT brought, or an UPDATE gave another number, unless they come from an attached table. */
void
NoteWritten(FunctionCallInfo fcinfo, AttachKind kind)
{
	static Statement note[] = {
		[ATTACH_CUSTOMER] = {.sql = NOTE("customer", "customer_no")},
		[ATTACH_INVOICE] = {.sql = NOTE("invoice", "invoice_no")},
		[ATTACH_PAYMENT] = {.sql = NOTE("payment", "payment_no")},
		[ATTACH_CREDIT] = {.sql = NOTE("credit", "credit_no")},
	};
	static Statement note_moved[] = {
		[ATTACH_CUSTOMER] = {.sql = NOTE_MOVED("customer", "customer_no")},
		[ATTACH_INVOICE] = {.sql = NULL},
		[ATTACH_PAYMENT] = {.sql = NOTE_MOVED("payment", "payment_no")},
		[ATTACH_CREDIT] = {.sql = NOTE_MOVED("credit", "credit_no")},
	};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;

	if (mirrored == (int) kind || IsEmpty("attachment"))
		return;
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	ForRows(fcinfo, trigdata->tg_oldtable == NULL ? &note[kind] : &note_moved[kind], SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
}

/* Notes an invoice that was given another number here. */
void
NoteRenumbered(Oid owner, Datum creditor_id, Datum invoice_no)
{
	static Statement note = {
		.sql = "INSERT INTO reminder.unattached (creditor_id, kind, no) SELECT n.creditor_id, 'invoice', n.invoice_no"
		" FROM (VALUES ($1, $2)) n (creditor_id, invoice_no) WHERE " COMES_ATTACHED("invoice") " ON CONFLICT DO NOTHING",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	Datum		values[2] = {creditor_id, invoice_no};
	OwnerScope	scope;

	if (IsEmpty("attachment"))
		return;
	EnterOwner(&scope, owner);
	SPI_connect();
	ExecuteFresh(&note, values, NULL, SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
}

/* Strikes out rows that stand in an attached table now, among now_rows, within SPI. */
void
AdoptRows(Attachment *attachment, int64 n)
{
	OwnerScope	scope;

	if (attachment->adopt.sql == NULL || IsEmpty("unattached"))
		return;
	EnterOwner(&scope, ReminderOwner());
	RunMapped(&attachment->adopt, n, SPI_OK_DELETE);
	LeaveOwner(&scope);
}
