/*
 * rows.c: the rows that a statement trigger is about, one after the other, or
 * by one statement for all of them.
 */
#include "postgres.h"

#include "executor/executor.h"
#include "utils/datum.h"

#include "owner.h"
#include "rows.h"

/* Begins to read a transition table, from its first row. */
void
OpenRows(Rows *rows, Tuplestorestate *store, TupleDesc desc)
{
	rows->store = store;
	rows->pointer = tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND);
	tuplestore_select_read_pointer(store, rows->pointer);
	tuplestore_rescan(store);
	rows->slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
}

/* Reads the next row; false if there are no more. It stays until the next one is read. */
bool
NextOfRows(Rows *rows)
{
	MemoryContext old = MemoryContextSwitchTo(rows->slot->tts_mcxt);
	bool		found;

	tuplestore_select_read_pointer(rows->store, rows->pointer);
	found = tuplestore_gettupleslot(rows->store, true, false, rows->slot);
	MemoryContextSwitchTo(old);
	return found;
}

/* Ends the reading. */
void
CloseRows(Rows *rows)
{
	ExecDropSingleTupleTableSlot(rows->slot);
}

/* Tells whether a column is other in one row than in another. */
bool
IsOther(AttrNumber attnum, TupleTableSlot *before, TupleTableSlot *after)
{
	Form_pg_attribute attribute = TupleDescAttr(before->tts_tupleDescriptor, attnum - 1);
	bool		old_null;
	bool		new_null;
	Datum		old_value = slot_getattr(before, attnum, &old_null);
	Datum		new_value = slot_getattr(after, attnum, &new_null);

	if (old_null || new_null)
		return old_null != new_null;
	return !datum_image_eq(old_value, new_value, attribute->attbyval, attribute->attlen);
}

/* Gives the number of rows a statement trigger is about. */
int64
RowCount(TriggerData *trigdata)
{
	Tuplestorestate *rows = trigdata->tg_newtable ? trigdata->tg_newtable : trigdata->tg_oldtable;

	return rows == NULL ? 0 : tuplestore_tuple_count(rows);
}

/*
 * Runs one statement for a number of rows. A few rows share a plan kept by the
 * backend; for many the statement is planned for their number.
 */
uint64
RunFor(Statement *statement, int64 n, int expected)
{
	Statement	once = *statement;
	uint64		processed;

	if (n < MANY_ROWS)
		return ExecuteFresh(statement, NULL, NULL, expected);
	once.plan = PrepareOnce(statement);
	processed = ExecuteFresh(&once, NULL, NULL, expected);
	SPI_freeplan(once.plan);
	return processed;
}

/* The same for the rows of a trigger. */
void
ForRows(FunctionCallInfo fcinfo, Statement *statement, int expected)
{
	(void) RunFor(statement, RowCount((TriggerData *) fcinfo->context), expected);
}
