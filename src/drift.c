/*
 * drift.c: how the rows of an application's attached table compare with ours
 * (A3), and which they are. They are mapped with the rights of the table's owner,
 * as they are when they are taken in, and compared with our own.
 */
#include "postgres.h"

#include "access/table.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#include "attachbook.h"
#include "compat.h"
#include "mapped.h"
#include "owner.h"
#include "probe.h"
#include "resultset.h"

PG_FUNCTION_INFO_V1(reminder_drift);
PG_FUNCTION_INFO_V1(reminder_mapped_keys);

/* Keeps what a query gives, as the snapshot in force sees it, within SPI. */
static void
FetchQuery(MappedRows *rows, const char *sql)
{
	FetchInto(rows, SPI_cursor_open_with_args(NULL, sql, 0, NULL, NULL, NULL, true, 0));
}

/* Maps the rows of a table of its own, as if they stood in the attached one, within SPI. */
static void
FetchPart(MappedRows *rows, Relation part, const Attachment *attachment)
{
	char	   *name = quote_qualified_identifier(get_namespace_name(RelationGetNamespace(part)), RelationGetRelationName(part));
	MappedRows *theirs = BeginMapped(CurrentMemoryContext);

	FetchQuery(theirs, psprintf("SELECT * FROM %s", name));
	RegisterRows("new_rows", InvalidOid, theirs->desc, theirs->store);
	FetchQuery(rows, attachment->each.sql);
	EndMapped(theirs);
}

/* Maps all rows of an attached table, or those of a partition that left it, with the rights of the table's owner. */
static MappedRows *
MapGiven(Oid relid, int32 attachment_no, Oid partid, bool keys)
{
	Relation	rel = OpenGiven(relid);
	Relation	part = OpenGiven(partid);
	Attached   *attached = GetAttached(rel);
	const Attachment *attachment = FindAttachment(attached, attachment_no);
	MappedRows *rows = BeginMapped(CurrentMemoryContext);
	RoleScope	scope;

	HoldAttached();
	EnterRole(&scope, attached->owner, true);
	SetPathOf(rel);
	SPI_connect();
	if (relid != partid)
		FetchPart(rows, part, attachment);
	else if (keys)
		FetchQuery(rows, psprintf("SELECT x.creditor_id, x.%s FROM (%s) x", attachment->field[0].name, attachment->load.sql));
	else
		FetchQuery(rows, attachment->load.sql);
	SPI_finish();
	LeaveRole(&scope);
	ReleaseAttached();
	table_close(part, NoLock);
	table_close(rel, NoLock);
	return rows;
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
	MappedRows *rows = MapGiven(PG_GETARG_OID(0), PG_GETARG_INT32(1), PG_GETARG_OID(3), false);
	RoleScope	scope;
	Datum		found[2] = {(Datum) 0, (Datum) 0};
	bool		nulls[2] = {true, true};
	int			two = 2;
	int			first = 1;

	EnterRole(&scope, ReminderOwner(), false);
	SPI_connect();
	RegisterRows("mapped_rows", InvalidOid, rows->desc, rows->store);
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
	EndMapped(rows);
	PG_RETURN_ARRAYTYPE_P(construct_md_array(found, nulls, 1, &two, &first, TEXTOID, -1, false, TYPALIGN_INT));
}

/* The creditors and numbers of such rows: relation, attachment_no, partition (or the relation itself). Those without either are left out. */
Datum
reminder_mapped_keys(PG_FUNCTION_ARGS)
{
	static TupleDesc kept = NULL;
	static Oid	of = InvalidOid;
	TupleDesc	desc = KeptRowType(fcinfo, 2, &kept, &of);
	Tuplestorestate *keys = MakeResultSet(fcinfo);
	MappedRows *mapped = MapGiven(PG_GETARG_OID(0), PG_GETARG_INT32(1), PG_GETARG_OID(2), true);
	Rows		rows;

	OpenRows(&rows, mapped->store, mapped->desc);
	while (NextOfRows(&rows))
	{
		Datum		key[2];
		bool		nulls[2];

		for (int i = 0; i < 2; i++)
			key[i] = slot_getattr(rows.slot, i + 1, &nulls[i]);
		if (!nulls[0] && !nulls[1])
			tuplestore_putvalues(keys, desc, key, nulls);
	}
	CloseRows(&rows);
	EndMapped(mapped);
	GiveResultSet(fcinfo, keys, desc);
	return (Datum) 0;
}
