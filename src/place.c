/*
 * place.c: invoices take their place on the ladder: new ones before the first
 * step of their customer's rule, others again where their decisions put them.
 *
 * New ones come a batch of invoices at a time, by direct access to the tables: first the
 * customers not met before, ascending, then the places, in the order in which
 * the invoices came. A join would give them in the order of the customers,
 * scattered over the index and over every later run.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "storage/bufmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/snapmgr.h"

#include "compat.h"
#include "fired.h"
#include "lock.h"
#include "origin.h"
#include "owner.h"
#include "probe.h"
#include "walk.h"
#include "rows.h"

PG_FUNCTION_INFO_V1(reminder_invoice_placed);
PG_FUNCTION_INFO_V1(reminder_place);

#define BATCH 20000				/* invoices */
#define CUSTOMERS 200000		/* remembered from batch to batch */
#define PAGEFUL 500				/* places written at once */

/* A customer of new invoices. The key comes first, its rest zero. */
typedef struct Customer
{
	struct
	{
		int64		creditor_id;
		char		customer_no[MAX_NO];
	}			key;
	int			length;
	bool		found;
	int32		rule_no;		/* 0: none */
} Customer;

/* A new invoice that is open. */
typedef struct NewInvoice
{
	Datum		creditor_id;
	Datum		invoice_no;
	DateADT		due_date;
	Customer   *customer;
} NewInvoice;

typedef struct Batch
{
	MemoryContext memory;		/* of the invoices */
	MemoryContext customers_memory;
	HTAB	   *customers;
	Customer  **unread;			/* those whose rule has not been read */
	int			nunread;
	bool		settled_before;	/* some come in settled, in part or wholly */
	int			n;
	NewInvoice	invoice[BATCH];
} Batch;

/* The table of places, open for writing. */
typedef struct Writer
{
	Relation	rel;
	EState	   *estate;
	ResultRelInfo *result;
	BulkInsertState bulk;
	int			n;
	TupleTableSlot *slot[PAGEFUL];
} Writer;

enum
{
	I_CREDITOR_ID, I_INVOICE_NO, I_CUSTOMER_NO, I_DUE_DATE, I_AMOUNT, I_OPEN_AMOUNT
};
static Columns invoice_columns = {.names = {"creditor_id", "invoice_no", "customer_no", "due_date", "amount", "open_amount"}};
static Columns customer_columns = {.names = {"rule_no"}};
enum
{
	P_CREDITOR_ID, P_INVOICE_NO, P_RULE_NO, P_PASSED, P_BASE_DATE, P_CHARGED
};
static Columns position_columns = {.names = {"creditor_id", "invoice_no", "rule_no", "passed", "base_date", "charged"}};

/* Forgets all customers. */
static void
ForgetCustomers(Batch *batch)
{
	HASHCTL		control = {.keysize = sizeof(((Customer *) NULL)->key),.entrysize = sizeof(Customer)};

	MemoryContextReset(batch->customers_memory);
	control.hcxt = batch->customers_memory;
	batch->customers = hash_create("reminder customers", 1024, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Empties the batch; its customers stay, locked as they are, unless there are too many. */
static void
EmptyBatch(Batch *batch)
{
	MemoryContextReset(batch->memory);
	batch->n = batch->nunread = 0;
	if (hash_get_num_entries(batch->customers) > CUSTOMERS)
		ForgetCustomers(batch);
}

/* Gives the customer of an invoice; one too long for the table is none, and its row refused. */
static Customer *
EnterCustomer(Batch *batch, int64 creditor_id, const text *customer_no)
{
	Customer	sought;
	Customer   *customer;
	bool		known;
	int			length = Min(VARSIZE_ANY_EXHDR(customer_no), MAX_NO);

	memset(&sought.key, 0, sizeof(sought.key));
	sought.key.creditor_id = creditor_id;
	memcpy(sought.key.customer_no, VARDATA_ANY(customer_no), length);
	customer = hash_search(batch->customers, &sought.key, HASH_ENTER, &known);
	if (!known)
	{
		customer->length = length;
		customer->found = false;
		batch->unread[batch->nunread++] = customer;
	}
	return customer;
}

/* Tells whether an amount is more than nothing. */
static bool
IsOpen(Datum amount)
{
	static Numeric zero = NULL;

	if (zero == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		zero = DatumGetNumeric(DirectFunctionCall1(int4_numeric, Int32GetDatum(0)));
		MemoryContextSwitchTo(old);
	}
	return DatumGetBool(DirectFunctionCall2(numeric_gt, amount, NumericGetDatum(zero)));
}

/* Reads the next open invoices; false if there are no more. */
static bool
ReadBatch(Batch *batch, Rows *rows, const AttrNumber *number)
{
	MemoryContext old;

	EmptyBatch(batch);
	old = MemoryContextSwitchTo(batch->memory);
	while (batch->n < BATCH && NextOfRows(rows))
	{
		NewInvoice *invoice = &batch->invoice[batch->n];
		bool		isnull;
		Datum		open = slot_getattr(rows->slot, number[I_OPEN_AMOUNT], &isnull);

		if (!batch->settled_before)
			batch->settled_before = DatumGetBool(DirectFunctionCall2(numeric_ne, open, slot_getattr(rows->slot, number[I_AMOUNT], &isnull)));
		if (!IsOpen(open))
			continue;
		invoice->creditor_id = slot_getattr(rows->slot, number[I_CREDITOR_ID], &isnull);
		invoice->invoice_no = PointerGetDatum(PG_DETOAST_DATUM_COPY(slot_getattr(rows->slot, number[I_INVOICE_NO], &isnull)));
		invoice->due_date = DatumGetDateADT(slot_getattr(rows->slot, number[I_DUE_DATE], &isnull));
		invoice->customer = EnterCustomer(batch, DatumGetInt64(invoice->creditor_id),
										  DatumGetTextPP(slot_getattr(rows->slot, number[I_CUSTOMER_NO], &isnull)));
		batch->n++;
	}
	MemoryContextSwitchTo(old);
	return batch->n > 0;
}

/* Puts customers in the order of their key. */
static int
CompareCustomers(const void *left, const void *right)
{
	const Customer *a = *(Customer *const *) left;
	const Customer *b = *(Customer *const *) right;

	if (a->key.creditor_id != b->key.creditor_id)
		return a->key.creditor_id < b->key.creditor_id ? -1 : 1;
	/* no text has a zero byte: where the shorter one ends it is the lower */
	return memcmp(a->key.customer_no, b->key.customer_no, MAX_NO);
}

/* Locks a customer FOR SHARE and reads the rule: whoever moves it waits, and then finds our places. */
static void
ReadRule(Walk *walk, Customer *customer)
{
	Probe	   *probe = &walk->probe;
	Datum		customer_no = PointerGetDatum(cstring_to_text_with_len(customer->key.customer_no, customer->length));
	Datum		rule_no;
	bool		isnull;

	customer->found = FindInTurn(walk, Int64GetDatum(customer->key.creditor_id), customer_no) &&
		LockRow(probe, LockTupleShare);
	if (!customer->found)
		return;
	rule_no = slot_getattr(probe->slot, ColumnNumbers(probe->heap, &customer_columns)[0], &isnull);
	customer->rule_no = isnull ? 0 : DatumGetInt32(rule_no);
}

/* Reads the rules of a batch's new customers, ascending, as everybody locks them. */
static void
ReadRules(Batch *batch)
{
	MemoryContext old = MemoryContextSwitchTo(batch->memory);
	Snapshot	snapshot = RegisterSnapshot(TakeFreshSnapshot());
	Walk		walk;

	qsort(batch->unread, batch->nunread, sizeof(Customer *), CompareCustomers);
	OpenWalk(&walk, "customer", "customer_pkey", RowShareLock, snapshot);
	for (int i = 0; i < batch->nunread; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ReadRule(&walk, batch->unread[i]);
	}
	CloseWalk(&walk);
	UnregisterSnapshot(snapshot);
	MemoryContextSwitchTo(old);
}

/* Opens the table of places. */
static void
OpenWriter(Writer *writer)
{
	writer->rel = OpenOurs("position", RowExclusiveLock);
	writer->estate = CreateExecutorState();
	writer->result = makeNode(ResultRelInfo);
	InitResultRelInfo(writer->result, writer->rel, 1, NULL, 0);
	ExecOpenIndices(writer->result, false);
	writer->bulk = GetBulkInsertState();
	writer->n = 0;
	for (int i = 0; i < PAGEFUL; i++)
		writer->slot[i] = NULL;
}

/* Writes the places that are ready. */
static void
FlushWriter(Writer *writer)
{
	if (writer->n == 0)
		return;
	table_multi_insert(writer->rel, writer->slot, writer->n, GetCurrentCommandId(true), 0, writer->bulk);
	for (int i = 0; i < writer->n; i++)
	{
		InsertIndexEntries(writer->result, writer->slot[i], writer->estate);
		ExecClearTuple(writer->slot[i]);
		ResetPerTupleExprContext(writer->estate);
	}
	writer->n = 0;
}

/* Makes the place of a new invoice. */
static void
WritePlace(Writer *writer, const NewInvoice *invoice)
{
	const AttrNumber *number = ColumnNumbers(writer->rel, &position_columns);
	TupleTableSlot *slot = writer->slot[writer->n];

	if (slot == NULL)
		slot = writer->slot[writer->n] = table_slot_create(writer->rel, NULL);
	ExecClearTuple(slot);
	memset(slot->tts_isnull, true, slot->tts_tupleDescriptor->natts * sizeof(bool));
	memset(slot->tts_values, 0, slot->tts_tupleDescriptor->natts * sizeof(Datum));
	slot->tts_values[number[P_CREDITOR_ID] - 1] = invoice->creditor_id;
	slot->tts_values[number[P_INVOICE_NO] - 1] = invoice->invoice_no;
	slot->tts_values[number[P_RULE_NO] - 1] = Int32GetDatum(invoice->customer->rule_no);
	slot->tts_values[number[P_PASSED] - 1] = Int16GetDatum(0);
	slot->tts_values[number[P_BASE_DATE] - 1] = DateADTGetDatum(invoice->due_date);
	slot->tts_values[number[P_CHARGED] - 1] = Int16GetDatum(0);
	for (int i = 0; position_columns.names[i] != NULL; i++)
		slot->tts_isnull[number[i] - 1] = false;
	ExecStoreVirtualTuple(slot);
	if (++writer->n == PAGEFUL)
		FlushWriter(writer);
}

/* Closes the table. */
static void
CloseWriter(Writer *writer)
{
	FlushWriter(writer);
	for (int i = 0; i < PAGEFUL && writer->slot[i] != NULL; i++)
		ExecDropSingleTupleTableSlot(writer->slot[i]);
	FreeBulkInsertState(writer->bulk);
	ExecCloseIndices(writer->result);
	FreeExecutorState(writer->estate);
	table_close(writer->rel, NoLock);
	CommandCounterIncrement();
}

/* Gives the places of a batch; a missing customer is for the foreign key to refuse. */
static void
PlaceBatch(const Batch *batch)
{
	Writer		writer;

	OpenWriter(&writer);
	for (int i = 0; i < batch->n; i++)
		if (batch->invoice[i].customer->found)
			WritePlace(&writer, &batch->invoice[i]);
	CloseWriter(&writer);
}

/* Keeps what was settled of new invoices before they came in. */
static void
NoteSettledBefore(FunctionCallInfo fcinfo)
{
	static Statement note = {
		.sql = "INSERT INTO reminder.settled_before (creditor_id, invoice_no, amount)"
		" SELECT i.creditor_id, i.invoice_no, i.amount - i.open_amount FROM new_rows i WHERE i.open_amount < i.amount"
	};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;

	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	ForRows(fcinfo, &note, SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
}

/*
 * Queues the originals of new invoices whose creditors have the service send
 * them (P5). Where no creditor does it is asked once a statement.
 */
static void
QueueOriginals(FunctionCallInfo fcinfo)
{
	static Statement queue = {
		.sql = "WITH queued AS (INSERT INTO reminder.invoice_letter (creditor_id, invoice_no, as_of, status, place, channel, told_on, reason)"
		" SELECT i.creditor_id, i.invoice_no, i.invoice_date, CASE WHEN h.channel IS NULL THEN 'failed' ELSE 'queued' END, h.place, h.channel,"
		"  CASE WHEN h.channel IS NULL THEN i.invoice_date END, CASE WHEN h.channel IS NULL THEN 'no channel reaches the customer' END"
		" FROM reminder.distribution d JOIN new_rows i ON i.creditor_id = d.creditor_id AND i.invoice_date >= d.from_on"
		" CROSS JOIN LATERAL reminder._invoice_channel(i.creditor_id, i.customer_no, 0, i.invoice_date) h"
		" WHERE i.kind IN ('invoice', 'interest') AND i.open_amount > 0 RETURNING creditor_id)"
		" SELECT pg_notify('reminder_letters', q.creditor_id::text) FROM (SELECT DISTINCT creditor_id FROM queued) q"
	};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	Relation	distribution = OpenOurs("distribution", AccessShareLock);
	bool		none = RelationGetNumberOfBlocks(distribution) == 0;
	OwnerScope	scope;

	table_close(distribution, NoLock);
	if (none)
		return;
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	ForRows(fcinfo, &queue, SPI_OK_SELECT);
	SPI_finish();
	LeaveOwner(&scope);
}

/* AFTER INSERT STATEMENT on invoice: new invoices take their place on the ladder. */
Datum
reminder_invoice_placed(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const AttrNumber *number;
	Batch	   *batch;
	Rows		rows;
	int			n;

	CheckTrigger(fcinfo, "_invoice_placed", "invoice", TRIGGER_EVENT_AFTER, false);
	if (trigdata->tg_newtable == NULL || tuplestore_tuple_count(trigdata->tg_newtable) == 0)
		return PointerGetDatum(NULL);
	number = ColumnNumbers(trigdata->tg_relation, &invoice_columns);
	n = (int) Min(tuplestore_tuple_count(trigdata->tg_newtable), BATCH);
	batch = palloc(offsetof(Batch, invoice) + n * sizeof(NewInvoice));
	batch->unread = palloc(n * sizeof(Customer *));
	batch->memory = AllocSetContextCreate(CurrentMemoryContext, "reminder new invoices", ALLOCSET_DEFAULT_SIZES);
	batch->customers_memory = AllocSetContextCreate(CurrentMemoryContext, "reminder customers", ALLOCSET_DEFAULT_SIZES);
	batch->settled_before = false;
	ForgetCustomers(batch);
	OpenRows(&rows, trigdata->tg_newtable, RelationGetDescr(trigdata->tg_relation));
	while (ReadBatch(batch, &rows, number))
	{
		ReadRules(batch);
		PlaceBatch(batch);
	}
	CloseRows(&rows);
	MemoryContextDelete(batch->memory);
	MemoryContextDelete(batch->customers_memory);
	if (batch->settled_before)
		NoteSettledBefore(fcinfo);
	QueueOriginals(fcinfo);
	NoteWritten(fcinfo, ATTACH_INVOICE);
	return PointerGetDatum(NULL);
}

/*
 * Puts invoices, locked already, in their places on the ladder again, from
 * their own state and their decisions. Their customers' rows are held as for
 * new invoices: whoever moves a customer meanwhile finds the place, or we find
 * his rule.
 */
Datum
reminder_place(PG_FUNCTION_ARGS)
{
	/* from the invoices to their customers: while a table passes for small the other way looks as good, through the whole book */
	static Statement hold_customers = {
		.sql = "SELECT count(*) FROM (SELECT DISTINCT i.customer_no FROM reminder.invoice i"
		" WHERE i.creditor_id = $1 AND i.invoice_no = ANY ($2) ORDER BY 1) i"
		" CROSS JOIN LATERAL (SELECT FROM reminder.customer c"
		"  WHERE c.creditor_id = $1 AND c.customer_no = i.customer_no FOR SHARE) held",
		.nargs = 2,.argtypes = {INT8OID, TEXTARRAYOID}
	};

	/* what is settled, or has gone, stands nowhere */
	static Statement remove = {
		.sql = "DELETE FROM reminder.position p WHERE p.creditor_id = $1 AND p.invoice_no = ANY ($2)"
		" AND NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = p.invoice_no AND i.open_amount > 0)",
		.nargs = 2,.argtypes = {INT8OID, TEXTARRAYOID}
	};

	/* the rest stands after its last decision that was not taken back */
	static Statement place = {
		.sql = "INSERT INTO reminder.position AS p (creditor_id, invoice_no, rule_no, passed, base_date, letter_date, outside_until, charged)"
		" SELECT i.creditor_id, i.invoice_no, coalesce(c.rule_no, 0),"
		"  CASE WHEN d.reason IN ('credit_note', 'interest_invoice', 'factored') AND i.kind <> 'invoice' THEN 99 ELSE coalesce(d.rung, 0) END,"
		"  CASE WHEN d.status = 'failed' THEN greatest(w.deadline, w.as_of, d.as_of) ELSE coalesce(d.deadline, d.as_of, i.due_date) END,"
		"  CASE WHEN d.status = 'failed' THEN coalesce(w.letter_date, reminder._waits_from(i.creditor_id, i.due_date))"
		"   WHEN d.outcome = 'skipped' THEN d.step_date ELSE d.as_of END,"
		/* whoever was moved while it was settled was outside the rule until then (R9) */
		"  (SELECT h.after_run FROM reminder.customer_rule_history h"
		"   WHERE h.creditor_id = i.creditor_id AND h.customer_no = i.customer_no AND h.rule_no = c.rule_no"
		"    AND h.since > (SELECT max(o.since) FROM reminder.customer_rule_history o"
		"     WHERE o.creditor_id = i.creditor_id AND o.customer_no = i.customer_no AND o.rule_no IS DISTINCT FROM c.rule_no)"
		"   ORDER BY h.since LIMIT 1),"
		"  (SELECT count(*) FROM reminder.decision x"
		"   WHERE x.creditor_id = i.creditor_id AND x.invoice_no = i.invoice_no AND x.charged_nth IS NOT NULL AND x.taken_back = 0)"
		" FROM reminder.invoice i"
		" JOIN LATERAL (SELECT c.rule_no FROM reminder.customer c WHERE c.creditor_id = i.creditor_id AND c.customer_no = i.customer_no OFFSET 0) c ON true"
		" LEFT JOIN LATERAL (SELECT * FROM reminder.decision d"
		"  WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no AND d.taken_back = 0"
		"  ORDER BY d.rung DESC LIMIT 1) d ON true"
		/* a letter that finally failed starts no wait (C6): the decision before it does, or the due date */
		" LEFT JOIN LATERAL (SELECT w.deadline, w.as_of, CASE w.outcome WHEN 'skipped' THEN w.step_date ELSE w.as_of END AS letter_date"
		"  FROM reminder.decision w WHERE d.status = 'failed' AND w.creditor_id = i.creditor_id AND w.invoice_no = i.invoice_no AND w.taken_back = 0"
		"   AND w.rung < d.rung AND w.status IS DISTINCT FROM 'failed' ORDER BY w.rung DESC LIMIT 1) w ON true"
		" WHERE i.creditor_id = $1 AND i.invoice_no = ANY ($2) AND i.open_amount > 0"
		" ON CONFLICT ON CONSTRAINT position_pkey DO UPDATE"
		" SET rule_no = excluded.rule_no, passed = excluded.passed, base_date = excluded.base_date,"
		"  letter_date = excluded.letter_date, charged = excluded.charged, waiting_for = NULL,"
		"  outside_until = CASE WHEN p.rule_no = excluded.rule_no THEN p.outside_until ELSE reminder._last_run($1) END",
		.nargs = 2,.argtypes = {INT8OID, TEXTARRAYOID}
	};
	Datum		values[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	ArrayType  *invoice_nos = DatumGetArrayTypeP(values[1]);
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	/* an invoice by itself, as a trigger asks row by row, takes longer to plan for than to place */
	if (ArrayGetNItems(ARR_NDIM(invoice_nos), ARR_DIMS(invoice_nos)) < MANY_ROWS)
	{
		SwitchOff("enable_seqscan");
		SetHere("plan_cache_mode", "force_generic_plan");
	}
	else
		SetHere("plan_cache_mode", "force_custom_plan");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	ExecuteFresh(&hold_customers, values, NULL, SPI_OK_SELECT);
	ExecuteFresh(&remove, values, NULL, SPI_OK_DELETE);
	ExecuteFresh(&place, values, NULL, SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_VOID();
}
