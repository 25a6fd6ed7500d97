/*
 * probe.h: our own tables by direct index access, without SPI.
 */
#ifndef REMINDER_PROBE_H
#define REMINDER_PROBE_H

#include "utils/rel.h"

/* The tables a guard looks at, found beside the table its trigger is on. */
typedef struct Siblings
{
	Oid			schema;
	Oid			invoice;
	Oid			invoice_pkey;
	Oid			collection_case;
	Oid			active_case_key;
	AttrNumber	external_collection;
	AttrNumber	case_no;
	AttrNumber	case_state;
} Siblings;

#define MAX_COLUMNS 12

/* The numbers of some columns of a table, looked up by name once a backend. */
typedef struct Columns
{
	const char *names[MAX_COLUMNS];
	Oid			relid;
	uint64		generation;
	AttrNumber	number[MAX_COLUMNS];
} Columns;

extern const Siblings *GetSiblings(Relation near);
extern const AttrNumber *ColumnNumbers(Relation rel, Columns *columns);
extern void InitProbe(void);

#endif							/* REMINDER_PROBE_H */
