/*
 * walk.h: rows of our own tables looked up in the ascending order of their
 * numbers, from each to the next along the index where that is near.
 */
#ifndef REMINDER_WALK_H
#define REMINDER_WALK_H

#include "probe.h"

typedef struct Walk
{
	Probe		probe;			/* where the row that was found is */
	Snapshot	snapshot;
	IndexScanDesc path;			/* along the index, from a number on; NULL until it is needed */
	Datum		creditor_id;
	text	   *last;			/* the number that was looked for last */
	bool		walking;		/* the path stands at or after the last number */
	bool		ended;			/* nothing comes on the path */
	bool		by_path;		/* the row was found on the path */
	int			served;			/* lookups since it began */
	int			rest;			/* lookups until it is tried again */
	int			longer;			/* the rest after that, if it does not pay again */
} Walk;

extern void OpenWalk(Walk *walk, const char *table, const char *index, LOCKMODE lockmode, Snapshot snapshot);
extern bool FindInTurn(Walk *walk, Datum creditor_id, Datum no);
extern bool NextInTurn(Walk *walk);
extern void CloseWalk(Walk *walk);

#endif							/* REMINDER_WALK_H */
