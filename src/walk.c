/*
 * walk.c: rows of our own tables looked up in the ascending order of their
 * numbers, from each to the next along the index where that is near.
 *
 * Who looks up every tenth row of a table, or in a table that hardly has one,
 * would go down the index once for each: two to three pages, most of what a
 * lookup costs. A scan that stays where it was has the next number a few
 * entries on. But such a scan reads a page of the index whole, for numbers
 * that lie far apart in vain: then it rests, longer each time.
 */
#include "postgres.h"

#include "access/skey.h"
#include "access/tableam.h"
#include "catalog/pg_collation.h"
#include "utils/fmgroids.h"

#include "compat.h"
#include "walk.h"
#include "words.h"

#define MAX_STEPS 256			/* entries to the next number; more is further than to go down again */
#define PAYS_FROM 8				/* lookups for each time it goes down */
#define FEW 4					/* lookups before it is worth a try */
#define FIRST_REST 16
#define LONGEST_REST 1024

/* Opens a table of ours as OpenProbe() does. */
void
OpenWalk(Walk *walk, const char *table, const char *index, LOCKMODE lockmode, Snapshot snapshot)
{
	memset(walk, 0, sizeof(*walk));
	OpenProbe(&walk->probe, table, index, lockmode, snapshot);
	walk->snapshot = snapshot;
	walk->last = palloc(VARHDRSZ + MAX_NO);
	walk->rest = FEW;
	walk->longer = FIRST_REST;
}

/* Closes it; the table's lock stays until the end of the transaction. */
void
CloseWalk(Walk *walk)
{
	if (walk->path != NULL)
		index_endscan(walk->path);
	CloseProbe(&walk->probe);
}

/* Goes one entry on. */
static void
Step(Walk *walk)
{
	MemoryContext old = MemoryContextSwitchTo(walk->probe.memory);

	walk->ended = index_getnext_tid(walk->path, ForwardScanDirection) == NULL;
	MemoryContextSwitchTo(old);
}

/* Begins anew, at a number. */
static void
Begin(Walk *walk, Datum creditor_id, Datum no)
{
	MemoryContext old = MemoryContextSwitchTo(walk->probe.memory);
	ScanKeyData key[2];

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, creditor_id);
	ScanKeyEntryInitialize(&key[1], 0, 2, BTGreaterEqualStrategyNumber, InvalidOid,
						   C_COLLATION_OID, F_TEXT_GE, no);
	if (walk->path == NULL)
	{
		walk->path = BeginIndexScan(walk->probe.heap, walk->probe.index, walk->snapshot, 2);
		walk->path->xs_want_itup = true;
	}
	index_rescan(walk->path, key, 2, NULL, 0);
	MemoryContextSwitchTo(old);
	walk->creditor_id = creditor_id;
	walk->walking = true;
	walk->served = 0;
	Step(walk);
}

/* Stops, to go on soon if it has paid, and later if it has not. */
static void
Stop(Walk *walk)
{
	bool		paid = walk->served >= PAYS_FROM;

	walk->rest = paid ? 0 : walk->longer;
	walk->longer = paid ? FIRST_REST : Min(2 * walk->longer, LONGEST_REST);
	walk->walking = false;
}

/* Compares the number of the entry it stands at with another. */
static int
CompareEntry(const Walk *walk, const text *no)
{
	bool		isnull;
	Datum		here = index_getattr(walk->path->xs_itup, 2, walk->path->xs_itupdesc, &isnull);

	return CompareTexts(DatumGetTextPP(here), no);
}

/* Fetches the row of the entry it stands at, or of a later one of the same number; false if the snapshot sees none. */
static bool
FetchSame(Walk *walk, const text *no)
{
	for (; !walk->ended && CompareEntry(walk, no) == 0; Step(walk))
		if (index_fetch_heap(walk->path, walk->probe.slot))
			return true;
	return false;
}

/* Goes on to a number, or to where it would be; false if that is too far. */
static bool
WalkTo(Walk *walk, const text *no)
{
	for (int steps = 0; steps < MAX_STEPS; steps++)
	{
		if (walk->ended || CompareEntry(walk, no) >= 0)
			return true;
		Step(walk);
	}
	return false;
}

/* Tells whether a number comes after the last one that was looked for. */
static bool
IsInTurn(const Walk *walk, Datum creditor_id, const text *no)
{
	return DatumGetInt64(creditor_id) == DatumGetInt64(walk->creditor_id) && CompareTexts(walk->last, no) < 0;
}

/* Tells whether the number is to be looked for on the path, and puts the path there. */
static bool
IsOnPath(Walk *walk, Datum creditor_id, const text *no)
{
	if (VARSIZE_ANY_EXHDR(no) > MAX_NO)
		return false;
	if (walk->walking && !(IsInTurn(walk, creditor_id, no) && WalkTo(walk, no)))
		Stop(walk);
	if (!walk->walking && walk->rest > 0)
	{
		walk->rest--;
		return false;
	}
	if (!walk->walking)
		Begin(walk, creditor_id, PointerGetDatum(no));
	walk->served++;
	memcpy(VARDATA(walk->last), VARDATA_ANY(no), VARSIZE_ANY_EXHDR(no));
	SET_VARSIZE(walk->last, VARHDRSZ + VARSIZE_ANY_EXHDR(no));
	return true;
}

/* Looks for the first row of a key: any key, but cheaper the nearer it comes after the last. */
bool
FindInTurn(Walk *walk, Datum creditor_id, Datum no)
{
	walk->by_path = IsOnPath(walk, creditor_id, DatumGetTextPP(no));
	return walk->by_path ? FetchSame(walk, walk->last) : FindRow(&walk->probe, creditor_id, no);
}

/* Goes on to the next row of the same key. */
bool
NextInTurn(Walk *walk)
{
	if (!walk->by_path)
		return NextRow(&walk->probe);
	Step(walk);
	return FetchSame(walk, walk->last);
}
