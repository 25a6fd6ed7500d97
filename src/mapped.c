/*
 * mapped.c: rows of an application's table in the form of ours, kept from the
 * statement that maps them to those that write or compare them, which run with
 * other rights.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/snapmgr.h"

#include "mapped.h"

/* Begins to keep rows; they stay until they are ended, or the memory goes. */
MappedRows *
BeginMapped(MemoryContext memory)
{
	MemoryContext old = MemoryContextSwitchTo(memory);
	MappedRows *rows = palloc0(sizeof(MappedRows));

	rows->store = tuplestore_begin_heap(true, false, work_mem);
	rows->memory = memory;
	MemoryContextSwitchTo(old);
	return rows;
}

/* Keeps what SPI gave. */
static void
KeepRows(MappedRows *rows)
{
	MemoryContext old = MemoryContextSwitchTo(rows->memory);

	if (rows->desc == NULL)
		rows->desc = CreateTupleDescCopy(SPI_tuptable->tupdesc);
	for (uint64 i = 0; i < SPI_processed; i++)
		tuplestore_puttuple(rows->store, SPI_tuptable->vals[i]);
	rows->n += SPI_processed;
	MemoryContextSwitchTo(old);
}

/* Keeps all that a cursor gives, a part at a time, and closes it. */
void
FetchInto(MappedRows *rows, Portal portal)
{
	do
	{
		SPI_cursor_fetch(portal, true, FETCHED);
		KeepRows(rows);
		SPI_freetuptable(SPI_tuptable);
	} while (SPI_processed > 0);
	SPI_cursor_close(portal);
}

/* Runs a statement that maps rows, a part at a time where there are many; within SPI and the owner's scope. */
void
MapInto(MappedRows *rows, Statement *statement, int64 n)
{
	SPIPlanPtr	plan;

	if (n < MANY_ROWS)
	{
		(void) RunMapped(statement, n, SPI_OK_SELECT);
		KeepRows(rows);
		return;
	}
	plan = PrepareOnce(statement);
	PushActiveSnapshot(TakeFreshSnapshot());
	FetchInto(rows, SPI_cursor_open(NULL, plan, NULL, NULL, true));
	PopActiveSnapshot();
	SPI_freeplan(plan);
}

/*
 * Reads of which invoices the next rows are, so many at most, into the memory
 * that is current; gives how many. Those without an invoice are left out.
 */
int
ReadKeys(Rows *rows, InvoiceKey *key, int max)
{
	int			n = 0;

	while (n < max && NextOfRows(rows))
	{
		bool		no_creditor;
		bool		no_invoice;
		Datum		creditor_id = slot_getattr(rows->slot, 1, &no_creditor);
		Datum		invoice_no = slot_getattr(rows->slot, 2, &no_invoice);

		if (no_creditor || no_invoice)
			continue;
		key[n].creditor_id = DatumGetInt64(creditor_id);
		key[n++].invoice_no = DatumGetTextPCopy(invoice_no);
	}
	return n;
}

/* Ends the store of rows, if there are any. */
void
EndMapped(MappedRows *rows)
{
	if (rows != NULL)
		tuplestore_end(rows->store);
}

/* Names rows for the statements of an SPI connection: of a relation, or of a description. */
void
RegisterRows(const char *name, Oid relid, TupleDesc desc, Tuplestorestate *store)
{
	EphemeralNamedRelation rows = palloc0(sizeof(EphemeralNamedRelationData));

	rows->md.name = pstrdup(name);
	rows->md.reliddesc = relid;
	rows->md.tupdesc = desc;
	rows->md.enrtype = ENR_NAMED_TUPLESTORE;
	rows->md.enrtuples = tuplestore_tuple_count(store);
	rows->reldata = store;
	if (SPI_register_relation(rows) != SPI_OK_REL_REGISTER)
		elog(ERROR, "SPI_register_relation failed");
}

/*
 * Runs a statement for a number of mapped rows, within SPI and a role's scope.
 * What is planned for few never reads a table whole; and where it has to, as in
 * a subquery of the map, the price put on that must not have it compiled.
 */
uint64
RunMapped(Statement *statement, int64 n, int expected)
{
	if (n < MANY_ROWS)
	{
		SwitchOff("enable_seqscan");
		SwitchOff("jit");
	}
	return RunFor(statement, n, expected);
}
