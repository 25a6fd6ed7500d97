/*
 * rows.c: the rows that a statement trigger is about, one after the other.
 */
#include "postgres.h"

#include "executor/executor.h"

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
