/*
 * drift.c: how the rows of an application's attached table compare with ours
 * (A3). They are mapped with the rights of the table's owner, as they are when
 * they are taken in, and compared with our own.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "attach.h"
#include "attachbook.h"
#include "compat.h"
#include "owner.h"
#include "probe.h"

PG_FUNCTION_INFO_V1(reminder_drift);

#define FETCHED 1000

/* Puts what a query gives into a store, within SPI; a part at a time. */
static TupleDesc
StoreQuery(const char *sql, Tuplestorestate *store, MemoryContext memory)
{
	Portal		portal = SPI_cursor_open_with_args(NULL, sql, 0, NULL, NULL, NULL, true, 0);
	TupleDesc	desc = NULL;
	uint64		n;

	do
	{
		MemoryContext old;

		SPI_cursor_fetch(portal, true, FETCHED);
		old = MemoryContextSwitchTo(memory);
		n = SPI_processed;
		if (desc == NULL)
			desc = CreateTupleDescCopy(SPI_tuptable->tupdesc);
		for (uint64 i = 0; i < n; i++)
			tuplestore_puttuple(store, SPI_tuptable->vals[i]);
		MemoryContextSwitchTo(old);
		SPI_freetuptable(SPI_tuptable);
	} while (n > 0);
	SPI_cursor_close(portal);
	return desc;
}

/* Gives the attachment of a number. */
static const Attachment *
FindAttachment(const Attached *attached, int32 attachment_no)
{
	for (int i = 0; i < attached->n; i++)
		if (attached->attachment[i].attachment_no == attachment_no)
			return &attached->attachment[i];
	elog(ERROR, "attachment %d has gone", attachment_no);
}

/* Maps the rows of a table of its own, as if they stood in the attached one, within SPI. */
static TupleDesc
StorePart(Oid part, const Attachment *attachment, Tuplestorestate *store, MemoryContext memory)
{
	char	   *name = quote_qualified_identifier(get_namespace_name(get_rel_namespace(part)), get_rel_name(part));
	Tuplestorestate *rows = tuplestore_begin_heap(true, false, work_mem);
	TupleDesc	desc = StoreQuery(psprintf("SELECT * FROM %s", name), rows, CurrentMemoryContext);

	RegisterRows("new_rows", InvalidOid, desc, rows);
	desc = StoreQuery(attachment->each.sql, store, memory);
	tuplestore_end(rows);
	return desc;
}

/*
 * Maps all rows of an attached table, or those of a partition that left it,
 * and runs a query of ours over them, as mapped_rows: relation,
 * attachment_no, query, partition (or the relation itself). Gives the two
 * columns of the query's only row.
 */
Datum
reminder_drift(PG_FUNCTION_ARGS)
{
	MemoryContext memory = CurrentMemoryContext;
	Relation	rel = OpenGiven(PG_GETARG_OID(0));
	Oid			part = PG_GETARG_OID(3);
	Attached   *attached = GetAttached(rel);
	const Attachment *attachment = FindAttachment(attached, PG_GETARG_INT32(1));
	Tuplestorestate *store = tuplestore_begin_heap(true, false, work_mem);
	TupleDesc	desc;
	RoleScope	scope;
	Datum		found[2] = {(Datum) 0, (Datum) 0};
	bool		nulls[2] = {true, true};
	int			two = 2;
	int			first = 1;

	HoldAttached();
	EnterRole(&scope, attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	if (part == RelationGetRelid(rel))
		desc = StoreQuery(attachment->load.sql, store, memory);
	else
		desc = StorePart(part, attachment, store, memory);
	SPI_finish();
	LeaveRole(&scope);
	ReleaseAttached();

	EnterRole(&scope, ReminderOwner(), false);
	SPI_connect();
	RegisterRows("mapped_rows", InvalidOid, desc, store);
	if (SPI_execute(text_to_cstring(PG_GETARG_TEXT_PP(2)), true, 1) != SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "unexpected result of a comparison");
	for (int i = 0; i < 2; i++)
	{
		char	   *value = SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1);

		nulls[i] = value == NULL;
		if (value != NULL)
		{
			MemoryContext old = MemoryContextSwitchTo(memory);

			found[i] = CStringGetTextDatum(value);
			MemoryContextSwitchTo(old);
		}
	}
	SPI_finish();
	LeaveRole(&scope);
	tuplestore_end(store);
	table_close(rel, NoLock);
	PG_RETURN_ARRAYTYPE_P(construct_md_array(found, nulls, 1, &two, &first, TEXTOID, -1, false, TYPALIGN_INT));
}
