/*
 * probe.c: our own tables by direct index access, without SPI.
 */
#include "postgres.h"

#include "access/attnum.h"
#include "access/skey.h"
#include "access/table.h"
#include "access/tableam.h"
#include "catalog/pg_collation.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/fmgroids.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "owner.h"
#include "probe.h"

/* Counts the relation changes this backend has heard of: what was looked up before is stale. */
static uint64 generation = 1;

/* Forgets what was looked up when any relation changes; looks nothing up here. */
static void
ForgetRelations(Datum arg, Oid relid)
{
	generation++;
}

/* And the changes of what else an expression may name. */
static uint64 named = 0;

/* Notes that a name may mean something else. */
static void
ForgetNames(Datum arg, int cacheid, uint32 hashvalue)
{
	named++;
}

/* Tells how many changes this backend has heard of that an expression read back as text could show: as long as it is the same, none. */
uint64
NameChanges(void)
{
	return generation + named;
}

/* Registers for the news that a relation, or a name, has changed; called once a backend. */
void
InitProbe(void)
{
	static const int caches[] = {NAMESPACEOID, PROCOID, TYPEOID, ENUMOID, OPEROID, COLLOID};

	CacheRegisterRelcacheCallback(ForgetRelations, (Datum) 0);
	for (int i = 0; i < (int) lengthof(caches); i++)
		CacheRegisterSyscacheCallback(caches[i], ForgetNames, (Datum) 0);
}

/* Gives a relation of the schema by name; raises an error if it has gone. */
static Oid
FindRelation(Oid schema, const char *name)
{
	Oid			relid = get_relname_relid(name, schema);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s\" of reminder has gone", name),
				 errhint("SELECT * FROM reminder.check();")));
	return relid;
}

/* Gives a column of a relation by name; raises an error if it has gone. */
static AttrNumber
FindColumn(Oid relid, const char *name)
{
	AttrNumber	attnum = get_attnum(relid, name);

	if (attnum == InvalidAttrNumber)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of \"%s\" has gone", name, get_rel_name(relid))));
	return attnum;
}

/* Gives the numbers of columns of a table of ours, in the order of their names. */
const AttrNumber *
ColumnNumbers(Relation rel, Columns *columns)
{
	if (columns->generation == generation && columns->relid == RelationGetRelid(rel))
		return columns->number;
	for (int i = 0; i < MAX_COLUMNS && columns->names[i] != NULL; i++)
		columns->number[i] = FindColumn(RelationGetRelid(rel), columns->names[i]);
	columns->relid = RelationGetRelid(rel);
	columns->generation = generation;
	return columns->number;
}

/* Opens a table that a function of ours was given; of one that is not there PostgreSQL's own check of rights says so (42P01). */
Relation
OpenGiven(Oid relid)
{
	(void) pg_class_aclcheck(relid, GetUserId(), ACL_SELECT);
	return table_open(relid, AccessShareLock);
}

/* Opens a table of ours by name. */
Relation
OpenOurs(const char *table, LOCKMODE lockmode)
{
	return table_open(FindRelation(ReminderSchema(), table), lockmode);
}

/*
 * Opens a table of ours to look rows up by the first two columns of one of
 * its indexes, creditor_id and a number. What is left open by an error goes
 * with the transaction's resources.
 */
void
OpenProbe(Probe *probe, const char *table, const char *index, LOCKMODE lockmode, Snapshot snapshot)
{
	probe->heap = OpenOurs(table, lockmode);
	probe->index = index_open(FindRelation(ReminderSchema(), index), AccessShareLock);
	probe->slot = table_slot_create(probe->heap, NULL);
	probe->scan = BeginIndexScan(probe->heap, probe->index, snapshot, 2);
	probe->memory = CurrentMemoryContext;
}

/*
 * Opens a table of ours, to be read only, by the first columns of one of its
 * indexes. Its names are not looked up each time: it is opened for one row.
 */
void
OpenIndexed(Probe *probe, IndexedTable *table, int nkeys, Snapshot snapshot)
{
	if (table->generation != generation)
	{
		table->heap = FindRelation(ReminderSchema(), table->table);
		table->btree = FindRelation(ReminderSchema(), table->index);
		table->generation = generation;
	}
	probe->heap = table_open(table->heap, AccessShareLock);
	probe->index = index_open(table->btree, AccessShareLock);
	probe->slot = table_slot_create(probe->heap, NULL);
	probe->scan = BeginIndexScan(probe->heap, probe->index, snapshot, nkeys);
	probe->memory = CurrentMemoryContext;
}

/*
 * Opens one of our tables on the first row of a creditor, or by its direction
 * the last, and of one of his rules unless that is 0; false if there is none.
 */
bool
OpenOfCreditor(Probe *probe, IndexedTable *table, Datum creditor_id, int32 rule_no, Snapshot snapshot, ScanDirection direction)
{
	ScanKeyData key[2];
	int			n = rule_no == 0 ? 1 : 2;

	OpenIndexed(probe, table, n, snapshot);
	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, creditor_id);
	ScanKeyInit(&key[1], 2, BTEqualStrategyNumber, F_INT4EQ, Int32GetDatum(rule_no));
	index_rescan(probe->scan, key, n, NULL, 0);
	return index_getnext_slot(probe->scan, direction, probe->slot);
}

/* Looks for the first row of a key. */
bool
FindRow(Probe *probe, Datum creditor_id, Datum no)
{
	ScanKeyData key[2];

	ScanKeyInit(&key[0], 1, BTEqualStrategyNumber, F_INT8EQ, creditor_id);
	ScanKeyEntryInitialize(&key[1], 0, 2, BTEqualStrategyNumber, InvalidOid,
						   C_COLLATION_OID, F_TEXTEQ, no);
	index_rescan(probe->scan, key, 2, NULL, 0);
	return NextRow(probe);
}

/* Goes on to the next row of the same key. */
bool
NextRow(Probe *probe)
{
	MemoryContext old = MemoryContextSwitchTo(probe->memory);
	bool		found = index_getnext_slot(probe->scan, ForwardScanDirection, probe->slot);

	MemoryContextSwitchTo(old);
	return found;
}

/* Closes the table; its lock stays until the end of the transaction. */
void
CloseProbe(Probe *probe)
{
	index_endscan(probe->scan);
	ExecDropSingleTupleTableSlot(probe->slot);
	index_close(probe->index, NoLock);
	table_close(probe->heap, NoLock);
}
