/*
 * failing.h: the row on which an expression fails.
 */
#ifndef REMINDER_FAILING_H
#define REMINDER_FAILING_H

#include "utils/rel.h"
#include "utils/tuplestore.h"

#include "compat.h"

extern bool IsInterruption(const ErrorData *error);
extern char *WriteKey(Relation rel, HeapTuple row, TupleDesc desc);
pg_noreturn extern void RaiseOfRow(ErrorData *error, Relation rel, const char *key);
extern void RaiseFirstFailing(Relation rel, Tuplestorestate *rows, void (*map) (void *, Tuplestorestate *), void *arg);

#endif							/* REMINDER_FAILING_H */
