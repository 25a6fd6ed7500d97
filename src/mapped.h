/*
 * mapped.h: rows of an application's table in the form of ours.
 */
#ifndef REMINDER_MAPPED_H
#define REMINDER_MAPPED_H

#include "access/tupdesc.h"
#include "utils/tuplestore.h"

#include "lock.h"
#include "owner.h"
#include "rows.h"

/* Rows fetched at a time. */
#define FETCHED 1000

typedef struct MappedRows
{
	Tuplestorestate *store;
	TupleDesc	desc;
	int64		n;
	MemoryContext memory;		/* in which they are */
} MappedRows;

extern MappedRows *BeginMapped(MemoryContext memory);
extern void FetchInto(MappedRows *rows, Portal portal);
extern void MapInto(MappedRows *rows, Statement *statement, int64 n);
extern int	ReadKeys(Rows *rows, InvoiceKey *key, int max);
extern void EndMapped(MappedRows *rows);
extern void RegisterRows(const char *name, Oid relid, TupleDesc desc, Tuplestorestate *store);
extern uint64 RunMapped(Statement *statement, int64 n, int expected);

#endif							/* REMINDER_MAPPED_H */
