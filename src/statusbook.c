/*
 * statusbook.c: the creditors and rules that the status of cases is told by,
 * kept by the backend for as long as it hears of no change.
 */
#include "postgres.h"

#include "access/relscan.h"
#include "catalog/pg_collation.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/fmgroids.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

#include "calendar.h"
#include "column.h"
#include "compat.h"
#include "errors.h"
#include "statusbook.h"
#include "termbook.h"
#include "words.h"

enum
{
	C_JURISDICTION, C_CASE_URL
};
enum
{
	J_CALENDAR, J_MOVES_DUE_DATE
};
enum
{
	S_STAGE, S_RUNG, S_WAIT, S_WAIT_UNIT
};
static IndexedTable creditors = {.table = "creditor",.index = "creditor_pkey",.columns.names = {"jurisdiction", "case_url"}};
static IndexedTable jurisdictions = {.table = "jurisdiction",.index = "jurisdiction_pkey",.columns.names = {"calendar", "moves_due_date"}};
static IndexedTable closed_days = {.table = "closed_day",.index = "closed_day_pkey",.columns.names = {"day"}};
static IndexedTable rules = {.table = "rule",.index = "rule_pkey",.columns.names = {"waives_deadline"}};
static IndexedTable steps = {.table = "rule_step",.index = "rule_step_pkey",.columns.names = {"stage", "rung", "wait", "wait_unit"}};

/* A few megabytes; past this they are forgotten, and read as they are asked for. */
#define MAX_KEPT 1024

/* What this backend has read, for as long as it hears of no change. */
static StatusBook kept;

/* Makes a table of a book. */
static HTAB *
MakeTable(const char *name, Size key, Size entry, MemoryContext memory)
{
	HASHCTL		shape = {.keysize = key,.entrysize = entry,.hcxt = memory};

	return hash_create(name, 64, &shape, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Begins a book anew. */
static void
BeginBook(StatusBook *book, MemoryContext parent, uint64 heard)
{
	MemoryContext old = book->memory;

	book->memory = NULL;
	if (old != NULL)
		MemoryContextDelete(old);
	book->memory = AllocSetContextCreate(parent, "reminder status", ALLOCSET_SMALL_SIZES);
	book->creditors = MakeTable("reminder creditors", sizeof(int64), sizeof(KeptCreditor), book->memory);
	book->rules = MakeTable("reminder rules", 2 * sizeof(int64), sizeof(KeptRule), book->memory);
	book->heard = heard;
}

/* Gives the book to read from: the backend's, or where that may keep nothing the caller's own, below a context of his. */
StatusBook *
OpenStatusBook(StatusBook *own, MemoryContext parent)
{
	uint64		heard = TermsHeard();

	if (heard == 0)
	{
		if (own->memory == NULL)
			BeginBook(own, parent, 0);
		return own;
	}
	if (kept.memory == NULL || kept.heard != heard ||
		hash_get_num_entries(kept.creditors) >= MAX_KEPT || hash_get_num_entries(kept.rules) >= MAX_KEPT)
		BeginBook(&kept, CacheMemoryContext, heard);
	return &kept;
}

/* Reads by which calendar a jurisdiction counts, and its own rules. */
static void
ReadJurisdiction(Datum jurisdiction, Snapshot snapshot, Step *step)
{
	Probe		probe;
	ScanKeyData key;
	CalendarId	id;
	text	   *name;

	OpenIndexed(&probe, &jurisdictions, 1, snapshot);
	ScanKeyEntryInitialize(&key, 0, 1, BTEqualStrategyNumber, InvalidOid, C_COLLATION_OID, F_TEXTEQ, jurisdiction);
	index_rescan(probe.scan, &key, 1, NULL, 0);
	if (!NextRow(&probe))
		elog(ERROR, "a creditor's jurisdiction has gone");
	name = DatumGetTextPP(Column(&probe, &jurisdictions.columns, J_CALENDAR).datum);
	if (!CalendarByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name), &id))
		elog(ERROR, "a jurisdiction's calendar has gone");
	step->calendar = id;
	step->moves_due_date = BoolColumn(&probe, &jurisdictions.columns, J_MOVES_DUE_DATE);
	CloseProbe(&probe);
}

/* Reads the days on which a creditor itself is closed, in ascending order. */
static void
ReadClosedDays(Datum creditor_id, Snapshot snapshot, Step *step)
{
	Probe		probe;
	bool		found = OpenOfCreditor(&probe, &closed_days, creditor_id, 0, snapshot, ForwardScanDirection);

	for (; found; found = NextRow(&probe))
	{
		if (step->closed_days == MAX_CLOSED_DAYS)
			ereport(ERROR,
					(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					 errmsg("too many values: %d, at most %d are allowed", step->closed_days + 1, MAX_CLOSED_DAYS)));
		step->closed[step->closed_days++] = DateColumn(&probe, &closed_days.columns, 0);
	}
	CloseProbe(&probe);
}

/* Reads a creditor into a book. */
static void
ReadCreditor(KeptCreditor *creditor, const StatusBook *book, Snapshot snapshot)
{
	Datum		creditor_id = Int64GetDatum(creditor->creditor_id);
	Step	   *step = palloc0(sizeof(Step));
	Size		size;
	Probe		probe;
	ColumnValue url;
	MemoryContext old;

	if (!OpenOfCreditor(&probe, &creditors, creditor_id, 0, snapshot, ForwardScanDirection))
		elog(ERROR, "a case's creditor has gone");
	url = Column(&probe, &creditors.columns, C_CASE_URL);
	ReadJurisdiction(Column(&probe, &creditors.columns, C_JURISDICTION).datum, snapshot, step);
	ReadClosedDays(creditor_id, snapshot, step);
	old = MemoryContextSwitchTo(book->memory);
	creditor->url = url.isnull ? (Datum) 0 : PointerGetDatum(DatumGetTextPCopy(url.datum));
	size = offsetof(Step, closed) + step->closed_days * sizeof(int32);
	creditor->step = memcpy(palloc(size), step, size);
	MemoryContextSwitchTo(old);
	CloseProbe(&probe);
	pfree(step);
}

/* Reads the step that a probe stands on. */
static KeptStep
ReadStep(const Probe *probe)
{
	return (KeptStep) {
		.rung = DatumGetInt16(Column(probe, &steps.columns, S_RUNG).datum),
			.wait = DatumGetInt32(Column(probe, &steps.columns, S_WAIT).datum),
			.in_bank_days = TextIs(Column(probe, &steps.columns, S_WAIT_UNIT).datum, "bank_day"),
			.stage = PointerGetDatum(DatumGetTextPCopy(Column(probe, &steps.columns, S_STAGE).datum))
	};
}

/* Reads a rule, with those of its steps that have a rung, into a book. */
static void
ReadRule(KeptRule *rule, const StatusBook *book, Snapshot snapshot)
{
	Datum		creditor_id = Int64GetDatum(rule->creditor_id);
	MemoryContext old = MemoryContextSwitchTo(book->memory);
	int			room = 8;
	Probe		probe;
	bool		found = OpenOfCreditor(&probe, &rules, creditor_id, (int32) rule->rule_no, snapshot, ForwardScanDirection);

	rule->waives_deadline = found && BoolColumn(&probe, &rules.columns, 0);
	CloseProbe(&probe);
	rule->step = palloc(room * sizeof(KeptStep));
	found = OpenOfCreditor(&probe, &steps, creditor_id, (int32) rule->rule_no, snapshot, ForwardScanDirection);
	for (; found; found = NextRow(&probe))
	{
		if (Column(&probe, &steps.columns, S_RUNG).isnull)
			continue;
		if (rule->nsteps == room)
			rule->step = repalloc(rule->step, (room *= 2) * sizeof(KeptStep));
		rule->step[rule->nsteps++] = ReadStep(&probe);
	}
	CloseProbe(&probe);
	MemoryContextSwitchTo(old);
}

/*
 * Gives the snapshot to read by what a book has no answer for. What a backend
 * keeps is read as it is committed now: a snapshot older than what it has heard
 * would leave behind what is stale already.
 */
static Snapshot
ReadingSnapshot(const StatusBook *book, Snapshot snapshot)
{
	return RegisterSnapshot(book == &kept ? GetLatestSnapshot() : snapshot);
}

/* Gives a creditor; raises an error if it has gone. */
const KeptCreditor *
BookedCreditor(StatusBook *book, Datum creditor_id, Snapshot snapshot)
{
	KeptCreditor read = {.creditor_id = DatumGetInt64(creditor_id)};
	KeptCreditor *creditor = hash_search(book->creditors, &read.creditor_id, HASH_FIND, NULL);

	if (creditor != NULL)
		return creditor;
	snapshot = ReadingSnapshot(book, snapshot);
	ReadCreditor(&read, book, snapshot);
	UnregisterSnapshot(snapshot);
	creditor = hash_search(book->creditors, &read.creditor_id, HASH_ENTER, NULL);
	*creditor = read;
	return creditor;
}

/* Gives a rule of a creditor; of one that has gone no step. */
const KeptRule *
BookedRule(StatusBook *book, Datum creditor_id, int32 rule_no, Snapshot snapshot)
{
	KeptRule	read = {.creditor_id = DatumGetInt64(creditor_id),.rule_no = rule_no};
	KeptRule   *rule = hash_search(book->rules, &read.creditor_id, HASH_FIND, NULL);

	if (rule != NULL)
		return rule;
	snapshot = ReadingSnapshot(book, snapshot);
	ReadRule(&read, book, snapshot);
	UnregisterSnapshot(snapshot);
	rule = hash_search(book->rules, &read.creditor_id, HASH_ENTER, NULL);
	*rule = read;
	return rule;
}
