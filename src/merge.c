/*
 * merge.c: rows that MERGE moves to another partition.
 *
 * PostgreSQL's triggers of statements are not shown such rows: neither those of
 * UPDATE nor, where MERGE inserts or deletes nothing else, any other. What is
 * attached would fall behind, and a booking would get past its guard. So a MERGE
 * that moves rows of a table of ours is refused, where the executor is about to
 * fire its triggers. The library is loaded by then: a row of such a table that
 * is written asks the condition of its row trigger, reminder.replicates().
 */
#include "postgres.h"

#include "access/sysattr.h"
#include "access/table.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "nodes/makefuncs.h"
#include "optimizer/optimizer.h"
#include "parser/parse_func.h"
#include "utils/partcache.h"
#include "utils/rel.h"

#include "compat.h"
#include "errors.h"
#include "merge.h"

#if MERGE_MOVES_UNSEEN

static ExecutorFinish_hook_type next_hook = NULL;

/* Tells whether the statements that write a table are followed, or guarded. */
static bool
IsFollowed(Relation rel)
{
	const TriggerDesc *triggers = rel->trigdesc;
	Oid			oid;

	if (triggers == NULL)
		return false;
	oid = LookupFuncName(list_make2(makeString("reminder"), makeString("_attached_rows")), 0, NULL, true);
	for (int i = 0; i < triggers->numtriggers; i++)
		if (OidIsValid(oid) && triggers->triggers[i].tgfoid == oid)
			return true;
	return false;
}

/* Gives the columns that actions of a MERGE set. */
static Bitmapset *
ColumnsSet(List *actions)
{
	Bitmapset  *set = NULL;
	ListCell   *cell;

	foreach(cell, actions)
	{
		ListCell   *column;

		foreach(column, lfirst_node(MergeAction, cell)->updateColnos)
			set = bms_add_member(set, lfirst_int(column) - FirstLowInvalidHeapAttributeNumber);
	}
	return set;
}

/* Tells whether a MERGE sets columns that the partition of a row hangs on: by its actions for the first of the partitions. */
static bool
SetsPartition(const ModifyTableState *state)
{
	const ModifyTable *plan = (const ModifyTable *) state->ps.plan;
	RangeTblEntry *entry = exec_rt_fetch(linitial_int(plan->resultRelations), state->ps.state);
	Relation	partition = table_open(entry->relid, AccessShareLock);
	Bitmapset  *key = NULL;

	pull_varattnos((Node *) RelationGetPartitionQual(partition), 1, &key);
	table_close(partition, NoLock);
	return bms_overlap(key, ColumnsSet(linitial(plan->mergeActionLists)));
}

/* Tells whether a MERGE may have moved rows: a slot is there for those it inserts, else from the first one on that moves. */
static bool
MayHaveMoved(const ModifyTableState *state)
{
	if (!SetsPartition(state))
		return false;
	return (state->mt_merge_subcommands & MERGE_INSERT) != 0 ? state->mt_merge_updated > 0 : state->mt_root_tuple_slot != NULL;
}

/* Refuses a MERGE that may have moved rows of a table of ours. */
static void
RefuseMoves(PlanState *planstate)
{
	const ModifyTableState *state = (const ModifyTableState *) planstate;
	Relation	rel;

	if (planstate == NULL || !IsA(planstate, ModifyTableState) || state->operation != CMD_MERGE)
		return;
	rel = state->rootResultRelInfo->ri_RelationDesc;
	if (rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE || !IsFollowed(rel) ||
		!MayHaveMoved(state))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("MERGE cannot give rows of table \"%s\", which is attached to reminder, another partition", RelationGetRelationName(rel)),
			 errdetail("PostgreSQL does not show such rows to triggers of statements."),
			 errhint("Leave the columns of the partition key out of its SET, or use UPDATE."),
			 errtable(rel)));
}

/* Looks at what a statement has done, before its triggers are fired. */
static void
FinishExecutor(QueryDesc *query)
{
	List	   *parts = query->estate->es_auxmodifytables;

	if (query->operation == CMD_MERGE)
		RefuseMoves(query->planstate);
	for (int i = 0; i < list_length(parts); i++)
		RefuseMoves(list_nth(parts, i));
	if (next_hook != NULL)
		next_hook(query);
	else
		standard_ExecutorFinish(query);
}

/* Begins to look; called once a backend. */
void
InitMerge(void)
{
	next_hook = ExecutorFinish_hook;
	ExecutorFinish_hook = FinishExecutor;
}

#else

/* There is no MERGE, or its triggers see what it moves. */
void
InitMerge(void)
{
}

#endif
