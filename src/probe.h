/*
 * probe.h: our own tables by direct index access, without SPI.
 */
#ifndef REMINDER_PROBE_H
#define REMINDER_PROBE_H

#include "access/genam.h"
#include "executor/tuptable.h"
#include "storage/lockdefs.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

#define MAX_COLUMNS 16
#define MAX_NO 64				/* bytes of a number, as the tables' constraints say */

/* The numbers of some columns of a table, looked up by name once a backend. */
typedef struct Columns
{
	const char *names[MAX_COLUMNS];
	Oid			relid;
	uint64		generation;
	AttrNumber	number[MAX_COLUMNS];
} Columns;

/* One of our tables, open for looking its rows up by creditor and number. */
typedef struct Probe
{
	Relation	heap;
	Relation	index;
	IndexScanDesc scan;
	TupleTableSlot *slot;
	MemoryContext memory;		/* the scan's, which it goes on to take from */
} Probe;

/* One of our tables, and the index by which its rows are looked up: found by name once, as long as no relation changes. */
typedef struct IndexedTable
{
	const char *table;
	const char *index;
	Columns		columns;
	uint64		generation;
	Oid			heap;
	Oid			btree;
} IndexedTable;

extern Relation OpenGiven(Oid relid);
extern Relation OpenOurs(const char *table, LOCKMODE lockmode);
extern void OpenProbe(Probe *probe, const char *table, const char *index, LOCKMODE lockmode, Snapshot snapshot);
extern void OpenIndexed(Probe *probe, IndexedTable *table, int nkeys, Snapshot snapshot);
extern bool OpenOfCreditor(Probe *probe, IndexedTable *table, Datum creditor_id, int32 rule_no, Snapshot snapshot, ScanDirection direction);
extern bool FindRow(Probe *probe, Datum creditor_id, Datum no);
extern bool NextRow(Probe *probe);
extern void CloseProbe(Probe *probe);
extern const AttrNumber *ColumnNumbers(Relation rel, Columns *columns);
extern uint64 NameChanges(void);
extern void InitProbe(void);

#endif							/* REMINDER_PROBE_H */
