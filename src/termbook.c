/*
 * termbook.c: terms, as a backend keeps them: for who asks of one invoice
 * after the other, which a run does not. To read them costs more than the
 * decision.
 *
 * They rest on the tables below, which change seldom. Each has the trigger
 * _terms_changed, for each row, so that it tells of what replication applies,
 * too; and a change of its definition tells of itself. Where the trigger does
 * not stand, ALWAYS, nothing is kept. A transaction that looks at the tables
 * as they were when it began keeps nothing and is given nothing that was kept.
 */
#include "postgres.h"

#include "access/table.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "owner.h"
#include "termbook.h"
#include "watch.h"

PG_FUNCTION_INFO_V1(reminder_terms_changed);

/* A few megabytes; past this all are forgotten, and read as they are asked for. */
#define MAX_TERMS 1024

/* What _terms() reads, as it is asked here: for one rung of one rule. */
static const char *const table_names[] = {
	"account", "agency", "agency_setting", "channel", "channel_switch", "channel_use", "closed_day", "creditor",
	"creditor_law", "demand_content", "jurisdiction", "limitation_rule", "partner", "rule", "rule_step", "rule_window",
	"stage", "stage_fee_kind", "statutory_fee", "terms_acceptance", "terms_version",
};

#define TERMS_TABLES lengthof(table_names)

/* What is asked for; all of it counts, so it is cleared before it is filled in. */
typedef struct TermsKey
{
	int64		creditor_id;
	int32		as_of;
	int32		rule_no;
	int32		passed;
} TermsKey;

typedef struct KeptTerms
{
	TermsKey	key;
	Terms	   *terms;			/* as far as they are in use */
	Size		size;
} KeptTerms;

/* Everything that is kept, in a memory context of its own. */
static HTAB *kept = NULL;
static MemoryContext kept_memory = NULL;
static Oid	relid[TERMS_TABLES];
static bool watched;			/* we are told of all changes */
static uint64 heard;			/* of changes, when it was begun */

/* How many changes we have heard of that make what is kept stale. */
static uint64 changes = 0;

/* Notes that a table of ours, or any, has changed; looks nothing up here. */
static void
ForgetByTable(Datum arg, Oid changed)
{
	bool		ours = changed == InvalidOid;

	for (int i = 0; i < (int) TERMS_TABLES && !ours; i++)
		ours = changed == relid[i];
	if (ours)
		changes++;
}

/* Notes that a function has changed: it may be one that reads terms, as after an upgrade. */
static void
ForgetByFunction(Datum arg, int cache, uint32 hash)
{
	changes++;
}

/* AFTER ROW on the tables that terms rest on: tells every backend that they changed. */
Datum
reminder_terms_changed(PG_FUNCTION_ARGS)
{
	Relation	rel;
	bool		ours = false;

	CheckTrigger(fcinfo, "_terms_changed", NULL, TRIGGER_EVENT_AFTER, true);
	rel = ((TriggerData *) fcinfo->context)->tg_relation;
	for (int i = 0; i < (int) TERMS_TABLES && !ours; i++)
		ours = strcmp(RelationGetRelationName(rel), table_names[i]) == 0;
	if (!ours)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired for the wrong table", "_terms_changed")));
	CacheInvalidateRelcache(rel);
	return PointerGetDatum(NULL);
}

/* Tells whether we hear of every change of one of the tables. */
static bool
WatchTable(int n)
{
	Relation	rel;
	bool		told;

	relid[n] = get_relname_relid(table_names[n], ReminderSchema());
	if (!OidIsValid(relid[n]))
		return false;
	rel = table_open(relid[n], AccessShareLock);
	told = IsWatched(rel, "_terms_changed");
	table_close(rel, AccessShareLock);
	return told;
}

/* Forgets what is kept and begins anew. */
static void
BeginTermbook(void)
{
	static bool registered = false;
	HASHCTL		shape = {.keysize = sizeof(TermsKey),.entrysize = sizeof(KeptTerms)};

	if (!registered)
	{
		CacheRegisterRelcacheCallback(ForgetByTable, (Datum) 0);
		CacheRegisterSyscacheCallback(PROCOID, ForgetByFunction, (Datum) 0);
		registered = true;
	}
	kept = NULL;
	if (kept_memory != NULL)
		MemoryContextDelete(kept_memory);
	kept_memory = NULL;
	/* now: a change that we hear of from here on makes it stale at once */
	heard = changes;
	watched = true;
	for (int i = 0; i < (int) TERMS_TABLES; i++)
		watched = WatchTable(i) && watched;
	kept_memory = AllocSetContextCreate(CacheMemoryContext, "reminder terms", ALLOCSET_SMALL_SIZES);
	shape.hcxt = kept_memory;
	kept = hash_create("reminder terms", MAX_TERMS, &shape, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/*
 * Tells how many changes were heard of in the tables that terms rest on: what
 * was read there, as it is committed, holds as long as it is the same. 0: not
 * all changes are heard of, or none may be kept, so nothing may be.
 */
uint64
TermsHeard(void)
{
	if (IsolationUsesXactSnapshot() || IsInParallelMode())
		return 0;
	AcceptInvalidationMessages();
	if (kept == NULL || heard != changes)
		BeginTermbook();
	return watched ? heard + 1 : 0;
}

/* Reads terms as they are committed now, and keeps them, unless we hear of a change meanwhile. */
static Terms *
ReadAndKeep(const TermsKey *key)
{
	/* in the caller's memory until they are whole, so that an error leaves nothing behind */
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "reminder terms", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Terms	   *terms;
	Terms	   *whole;
	Terms	   *part;
	KeptTerms  *entry;
	Size		size;

	/* a snapshot older than what we have heard would leave behind what is stale already */
	PushActiveSnapshot(GetLatestSnapshot());
	terms = ReadTerms(key->creditor_id, key->as_of, key->rule_no, key->passed);
	PopActiveSnapshot();
	MemoryContextSwitchTo(old);
	if (terms == NULL || heard != changes)
		return terms;
	size = offsetof(Terms, step) + offsetof(Step, closed) + terms->step.closed_days * sizeof(int32);
	part = memcpy(MemoryContextAlloc(memory, size), terms, size);
	/* the whole, which is much larger, goes to the caller */
	whole = memcpy(palloc(sizeof(Terms)), terms, sizeof(Terms));
	pfree(terms);
	entry = hash_search(kept, key, HASH_ENTER, NULL);
	entry->terms = part;
	entry->size = size;
	MemoryContextSetParent(memory, kept_memory);
	return whole;
}

/*
 * Gives the step from a rung of a rule, and what the rule takes, as they are
 * now; NULL if there is none. What they point to is there until the next call.
 */
Terms *
GetTerms(int64 creditor_id, int32 as_of, int32 rule_no, int32 passed)
{
	TermsKey	key;
	KeptTerms  *entry;
	Terms	   *terms;

	if (IsolationUsesXactSnapshot())
		return ReadTerms(creditor_id, as_of, rule_no, passed);
	AcceptInvalidationMessages();
	if (kept == NULL || heard != changes || hash_get_num_entries(kept) >= MAX_TERMS)
		BeginTermbook();
	if (!watched)
		return ReadTerms(creditor_id, as_of, rule_no, passed);
	memset(&key, 0, sizeof(key));
	key.creditor_id = creditor_id;
	key.as_of = as_of;
	key.rule_no = rule_no;
	key.passed = passed;
	entry = hash_search(kept, &key, HASH_FIND, NULL);
	if (entry == NULL)
		return ReadAndKeep(&key);
	/* a copy: who judges by them writes in them, where each invoice stands */
	terms = palloc(sizeof(Terms));
	return memcpy(terms, entry->terms, entry->size);
}
