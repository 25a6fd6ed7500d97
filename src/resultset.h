/*
 * resultset.h: the rows that a function of ours gives, all of them at once.
 */
#ifndef REMINDER_RESULTSET_H
#define REMINDER_RESULTSET_H

#include "access/tupdesc.h"
#include "fmgr.h"
#include "utils/tuplestore.h"

extern bool TakesResultSet(FunctionCallInfo fcinfo);
extern Tuplestorestate *MakeResultSet(FunctionCallInfo fcinfo);
extern void GiveResultSet(FunctionCallInfo fcinfo, Tuplestorestate *rows, TupleDesc desc);
extern TupleDesc KeptRowType(FunctionCallInfo fcinfo, int natts, TupleDesc *kept, Oid *of);

#endif							/* REMINDER_RESULTSET_H */
