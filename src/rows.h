/*
 * rows.h: the rows that a statement trigger is about.
 */
#ifndef REMINDER_ROWS_H
#define REMINDER_ROWS_H

#include "executor/tuptable.h"
#include "utils/tuplestore.h"

#include "owner.h"

/* From here on a statement is planned anew for its own number of rows. */
#define MANY_ROWS 500

typedef struct Rows
{
	Tuplestorestate *store;
	int			pointer;		/* our own: other triggers read the store too */
	TupleTableSlot *slot;		/* the row that NextOfRows() has read */
} Rows;

extern void OpenRows(Rows *rows, Tuplestorestate *store, TupleDesc desc);
extern bool NextOfRows(Rows *rows);
extern void CloseRows(Rows *rows);
extern bool IsOther(AttrNumber attnum, TupleTableSlot *before, TupleTableSlot *after);
extern int64 RowCount(TriggerData *trigdata);
extern uint64 RunFor(Statement *statement, int64 n, int expected);
extern void ForRows(FunctionCallInfo fcinfo, Statement *statement, int expected);

#endif							/* REMINDER_ROWS_H */
