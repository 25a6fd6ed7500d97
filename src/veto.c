/*
 * veto.c: what our event triggers refuse, so that nobody takes a guard away in
 * passing: triggers disabled, replaced or dropped, rules and children that lead
 * rows past them, rewrites that no trigger sees.
 *
 * Every command of the database comes by here. What one could do is read off
 * its parse tree; only one of a kind that weakens makes us look, with eyes for
 * what is committed now, at what it has done. What our own functions do as the
 * keeper is let through. A superuser can switch event triggers off: he is found
 * by check(), not stopped.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "commands/event_trigger.h"
#include "miscadmin.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "compat.h"
#include "errors.h"
#include "owner.h"

PG_FUNCTION_INFO_V1(reminder_veto_ddl);
PG_FUNCTION_INFO_V1(reminder_veto_drop);
PG_FUNCTION_INFO_V1(reminder_veto_leave);
PG_FUNCTION_INFO_V1(reminder_veto_rewrite);

/* What a command could have done, and what _weakened() is to look for. */
enum
{
	ASPECT_TRIGGER = 1, ASPECT_RULE = 2, ASPECT_CHILD = 4, ASPECT_LOGGED = 8, ASPECT_MAP = 16,
	/* not weakened, but to be guarded, or no longer */
	ASPECT_PARTITION = 32, ASPECT_LEAVING = 64
};
static const char *const aspect_name[] = {"trigger", "rule", "child", "logged", "map"};

/* Gives the event that fired us; refuses any other call. */
static EventTriggerData *
CheckEvent(FunctionCallInfo fcinfo, const char *name, const char *event)
{
	EventTriggerData *trigdata = (EventTriggerData *) fcinfo->context;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo) || strcmp(trigdata->event, event) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by the event trigger of %s", name, event)));
	return trigdata;
}

/* Tells what one part of an ALTER TABLE could have weakened. */
static int
AspectOfAlter(AlterTableType type)
{
	switch (type)
	{
		case AT_EnableTrig:
		case AT_EnableTrigAll:
		case AT_EnableTrigUser:
		case AT_EnableReplicaTrig:
		case AT_DisableTrig:
		case AT_DisableTrigAll:
		case AT_DisableTrigUser:
			return ASPECT_TRIGGER;
		case AT_AddInherit:
			return ASPECT_CHILD;
		case AT_AttachPartition:
			return ASPECT_CHILD | ASPECT_PARTITION;
		case AT_DetachPartition:
#ifdef HAVE_DETACH_CONCURRENTLY
		case AT_DetachPartitionFinalize:
#endif
			return ASPECT_LEAVING;
		case AT_SetUnLogged:
			return ASPECT_LOGGED;
		default:
			return 0;
	}
}

/* Tells what a command could have weakened. */
static int
AspectsOf(Node *command)
{
	int			aspects = 0;
	ListCell   *cell;

	switch (nodeTag(command))
	{
		case T_AlterTableStmt:
			foreach(cell, ((AlterTableStmt *) command)->cmds)
				aspects |= AspectOfAlter(((AlterTableCmd *) lfirst(cell))->subtype);
			return aspects;
		case T_CreateTrigStmt:
			/* one that is new takes nothing away */
			return ReplacesTrigger((CreateTrigStmt *) command) ? ASPECT_TRIGGER : 0;
		case T_RenameStmt:
			return ((RenameStmt *) command)->renameType == OBJECT_TRIGGER ? ASPECT_TRIGGER : 0;
		case T_RuleStmt:
			return ASPECT_RULE;
		case T_ViewStmt:
			return ((ViewStmt *) command)->replace ? ASPECT_MAP : 0;
		case T_CreateStmt:
		case T_CreateForeignTableStmt:	/* begins as a CreateStmt does */
			return ((CreateStmt *) command)->inhRelations != NIL ? ASPECT_CHILD | ASPECT_PARTITION : 0;
		case T_CreateSchemaStmt:
			/* of what it makes we hear nothing but here */
			foreach(cell, ((CreateSchemaStmt *) command)->schemaElts)
				aspects |= AspectsOf(lfirst(cell));
			return aspects;
		default:
			return 0;
	}
}

/* Raises 42R02, in words for what was found. */
static void
RefuseWeakened(const char *kind, const char *relation, const char *object)
{
	if (strncmp(kind, "trigger", 7) == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("trigger \"%s\" of table \"%s\" is a guard and stays as it is", object, relation),
				 strcmp(kind, "trigger_missing") == 0 ? errdetail("It would be gone.")
				 : strcmp(kind, "trigger_disabled") == 0 ? errdetail("It would be disabled.")
				 : strcmp(kind, "trigger_not_always") == 0 ? errdetail("It would not fire in replica mode.")
				 : errdetail("It would be another trigger."),
				 errhint("Leave it as it is. reminder.repair() puts back what is not as it should be.")));
	if (strcmp(kind, "rule") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" is guarded and takes no rules", relation),
				 errdetail("Rule \"%s\" could turn writes away before a guard sees them.", object),
				 errhint("Write a trigger instead.")));
	if (strcmp(kind, "child") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" is guarded and takes no child", relation),
				 errdetail("Rows of \"%s\" would pass for its own, and pass no guard.", object),
				 errhint("Make a table of its own: CREATE TABLE ... (LIKE ...).")));
	if (strcmp(kind, "parent") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" is guarded and gets no parent", relation),
				 errdetail("What is written through \"%s\" would pass its guards.", object)));
	if (strcmp(kind, "partition") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" cannot have partition \"%s\"", relation, object),
				 errdetail("One of them is guarded, and rows of the partition would pass that guard."),
				 errhint("Detach it from reminder first: reminder.detach(), reminder.unprotect(). A foreign table has no guards.")));
	if (strcmp(kind, "leaving") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("partition \"%s\" cannot leave its table while one of its invoices is collected", relation),
				 errdetail("The case of invoice \"%s\" is active.", object),
				 errhint("End the case first: call reminder.withdraw().")));
	if (strcmp(kind, "key") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" is attached to reminder and keeps a primary key", relation),
				 errdetail("Rows are found again by it."),
				 errhint("Drop it and add the other in one ALTER TABLE; or call reminder.detach() or reminder.unprotect() first.")));
	if (strcmp(kind, "map") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("the map of table \"%s\" stays as it was attached", object),
				 errdetail("View \"%s\" holds it.", relation),
				 errhint("Call reminder.detach() or reminder.unprotect(), and attach it anew.")));
	if (strcmp(kind, "logged") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" is guarded and stays logged", relation),
				 errdetail("A crash would empty it.")));
	if (strcmp(kind, "rewrite") == 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("table \"%s\" is guarded, and the types of its columns stay", relation),
				 errdetail("Its rows would be written anew, and no guard would see them.")));
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_WEAKENED),
			 errmsg("constraint \"%s\" of schema \"%s\" is a guard and stays", object, relation),
			 errhint("Leave it as it is; upgrade() changes what another version has otherwise.")));
}

/* Runs a query for what is weakened, in the owner's scope; refuses the first that it finds. */
static void
RefuseFound(Statement *statement, Datum *values)
{
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	if (ExecuteFresh(statement, values, NULL, SPI_OK_SELECT) > 0)
	{
		HeapTuple	row = SPI_tuptable->vals[0];
		TupleDesc	desc = SPI_tuptable->tupdesc;

		RefuseWeakened(SPI_getvalue(row, desc, 1), SPI_getvalue(row, desc, 2), SPI_getvalue(row, desc, 3));
	}
	SPI_finish();
	LeaveOwner(&scope);
}

/* Guards partitions that a command brought to guarded tables, and takes their rows in. */
static void
TakePartitions(void)
{
	static Statement take = {
		.sql = "SELECT reminder._take_partitions()"
	};
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	ExecuteFresh(&take, NULL, NULL, SPI_OK_SELECT);
	SPI_finish();
	LeaveOwner(&scope);
}

/* At the end of a command: it left every guard on the tables that it touched. */
Datum
reminder_veto_ddl(PG_FUNCTION_ARGS)
{
	static Statement weakened = {
		.sql = "SELECT w.kind, w.relation, w.object FROM reminder._weakened($1) w LIMIT 1",
		.nargs = 1,.argtypes = {TEXTOID}
	};
	static Statement leaving = {
		.sql = "SELECT w.kind, w.relation, w.object FROM reminder._let_partitions_go() w LIMIT 1"
	};
	EventTriggerData *trigdata = CheckEvent(fcinfo, "_veto_ddl", "ddl_command_end");
	int			aspects = KeeperActs() ? 0 : AspectsOf(trigdata->parsetree);

	/* our own tables may have gone: then nothing is guarded */
	if (aspects != 0 && !OidIsValid(get_relname_relid("attachment", ReminderSchema())))
		PG_RETURN_NULL();
	for (int i = 0; i < (int) lengthof(aspect_name); i++)
		if (aspects & 1 << i)
		{
			Datum		aspect = CStringGetTextDatum(aspect_name[i]);

			RefuseFound(&weakened, &aspect);
		}
	if (aspects & ASPECT_LEAVING)
		RefuseFound(&leaving, NULL);
	if (aspects & ASPECT_PARTITION)
		TakePartitions();
	PG_RETURN_NULL();
}

/* Forgets what was attached of tables that have gone, in the owner's scope. */
static void
ForgetDropped(void)
{
	static Statement forget = {
		.sql = "DELETE FROM reminder.attachment a USING pg_event_trigger_dropped_objects() d"
		" WHERE d.object_type = 'table' AND a.relation = d.objid::regclass"
	};

	ExecuteFresh(&forget, NULL, NULL, SPI_OK_DELETE);
}

/* When objects have been dropped: none of them was a guard of a table that stays. */
Datum
reminder_veto_drop(PG_FUNCTION_ARGS)
{
	static Statement dropped = {
		.sql = "SELECT w.kind, w.relation, w.object FROM reminder._dropped() w LIMIT 1",
	};
	/* what is attached is asked only for what could be */
	static Statement any = {
		.sql = "SELECT FROM pg_event_trigger_dropped_objects() d"
		" WHERE CASE WHEN d.object_type IN ('table', 'view') THEN EXISTS (SELECT FROM reminder.attachment a WHERE d.objid IN (a.relation, a.map))"
		" WHEN d.object_type = 'trigger' THEN d.address_names[1] = 'reminder' OR d.address_names[3] LIKE 'reminder%'"
		" WHEN d.object_type IN ('table constraint', 'index') THEN d.address_names[1] = 'reminder'"
		"  OR EXISTS (SELECT FROM reminder.attachment a WHERE a.relation = reminder._relation_named(d.address_names[1], d.address_names[2])) END LIMIT 1"
	};
	OwnerScope	scope;
	bool		concerns;

	(void) CheckEvent(fcinfo, "_veto_drop", "sql_drop");
	/* our own tables may have gone, too: then nothing is guarded */
	if (KeeperActs() || !OidIsValid(get_relname_relid("attachment", ReminderSchema())))
		PG_RETURN_NULL();
	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	concerns = ExecuteFresh(&any, NULL, NULL, SPI_OK_SELECT) > 0;
	if (concerns)
		ForgetDropped();
	SPI_finish();
	LeaveOwner(&scope);
	if (concerns)
		RefuseFound(&dropped, NULL);
	PG_RETURN_NULL();
}

/* Gives the roles all of whose objects a command drops. */
static List *
OwnersLeaving(Node *command)
{
	List	   *owners = NIL;
	ListCell   *cell;

	if (IsA(command, DropOwnedStmt))
		foreach(cell, ((DropOwnedStmt *) command)->roles)
			owners = lappend_oid(owners, get_rolespec_oid(lfirst(cell), true));
	return owners;
}

/* Gives the owner of a function of ours, which is our extension's. */
static Oid
OwnerOfFunction(Oid function)
{
	HeapTuple	row = SearchSysCache1(PROCOID, ObjectIdGetDatum(function));
	Oid			owner;

	if (!HeapTupleIsValid(row))
		elog(ERROR, "cache lookup failed for function %u", function);
	owner = ((Form_pg_proc) GETSTRUCT(row))->proowner;
	ReleaseSysCache(row);
	return owner;
}

/* Tells whether a command drops our extension, or its schema, be it with all that depends on them. */
static bool
DropsUs(Node *command, Oid function)
{
	DropStmt   *drop = (DropStmt *) command;
	ListCell   *cell;

	if (IsA(command, DropOwnedStmt))
		return ((DropOwnedStmt *) command)->behavior == DROP_CASCADE &&
			(list_member_oid(OwnersLeaving(command), ReminderOwner()) || list_member_oid(OwnersLeaving(command), OwnerOfFunction(function)));
	if (!IsA(command, DropStmt) ||
		(drop->removeType != OBJECT_EXTENSION && drop->removeType != OBJECT_SCHEMA))
		return false;
	foreach(cell, drop->objects)
		if (strcmp(strVal(lfirst(cell)), "reminder") == 0)
			return true;
	return false;
}

/* Gives the tables and schemas that a command drops, and what it detaches in several transactions; InvalidOid for a name that there is not. */
static List *
ObjectsLeaving(Node *command)
{
	List	   *objects = NIL;
	ListCell   *cell;

	if (IsA(command, DropStmt))
	{
		DropStmt   *drop = (DropStmt *) command;

		foreach(cell, drop->objects)
		{
			if (drop->removeType == OBJECT_TABLE)
				objects = lappend_oid(objects, RangeVarGetRelid(makeRangeVarFromNameList(lfirst(cell)), NoLock, true));
			else if (drop->removeType == OBJECT_SCHEMA)
				objects = lappend_oid(objects, get_namespace_oid(strVal(lfirst(cell)), true));
		}
	}
	else if (IsA(command, AlterTableStmt))
	{
		foreach(cell, ((AlterTableStmt *) command)->cmds)
		{
			AlterTableCmd *part = lfirst(cell);

			if (part->subtype == AT_DetachPartition && DetachesConcurrently((PartitionCmd *) part->def))
				objects = lappend_oid(objects, RangeVarGetRelid(((PartitionCmd *) part->def)->name, NoLock, true));
		}
	}
	return objects;
}

/* Gives OIDs as an array of SQL. */
static Datum
OidArray(const List *oids)
{
	Datum	   *oid = palloc(Max(list_length(oids), 1) * sizeof(Datum));
	int			n = 0;
	ListCell   *cell;

	foreach(cell, oids)
		oid[n++] = ObjectIdGetDatum(lfirst_oid(cell));
	return PointerGetDatum(construct_array(oid, n, OIDOID, sizeof(Oid), true, TYPALIGN_INT));
}

/* Refuses to let partitions go while one of their invoices is collected; tells that to who could. */
static void
RefuseLeaving(const List *objects, const List *owners)
{
	static Statement leaving = {
		.sql = "SELECT w.kind, w.relation, w.object FROM reminder._leaving($1, $2, $3) w LIMIT 1",
		.nargs = 3,.argtypes = {OIDARRAYOID, OIDARRAYOID, OIDOID}
	};
	Datum		values[3] = {OidArray(objects), OidArray(owners), ObjectIdGetDatum(GetUserId())};

	RefuseFound(&leaving, values);
}

/*
 * Before something goes of which nothing would be left to look at: a partition
 * that is dropped, or detached in several transactions; and our extension or
 * schema, while it guards tables of others. With CASCADE that would take these
 * event triggers before they fire; without, PostgreSQL refuses it itself, but
 * names a hundred tables of our own before any that is attached.
 */
Datum
reminder_veto_leave(PG_FUNCTION_ARGS)
{
	static Statement attached = {
		.sql = "SELECT string_agg(DISTINCT a.relation::text, ', ') FROM reminder.attachment a HAVING count(*) > 0"
	};
	EventTriggerData *trigdata = CheckEvent(fcinfo, "_veto_leave", "ddl_command_start");
	List	   *objects;
	List	   *owners;
	OwnerScope	scope;

	if (KeeperActs() || !OidIsValid(get_relname_relid("attachment", ReminderSchema())))
		PG_RETURN_NULL();
	objects = ObjectsLeaving(trigdata->parsetree);
	owners = OwnersLeaving(trigdata->parsetree);
	if (objects != NIL || owners != NIL)
		RefuseLeaving(objects, owners);
	/* what is attached is told to who could have dropped it: whose schema it is takes the extension with it */
	if (!DropsUs(trigdata->parsetree, fcinfo->flinfo->fn_oid) || !has_privs_of_role(GetUserId(), ReminderOwner()))
		PG_RETURN_NULL();
	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	if (ExecuteFresh(&attached, NULL, NULL, SPI_OK_SELECT) > 0)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_WEAKENED),
				 errmsg("reminder guards tables of others and cannot be dropped"),
				 errdetail("Attached or protected: %s.", SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1)),
				 errhint("Call reminder.detach() and reminder.unprotect() on each of them first.")));
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_NULL();
}

/* Before a table is rewritten: not with other values, which no trigger would see. */
Datum
reminder_veto_rewrite(PG_FUNCTION_ARGS)
{
	Oid			relid;

	(void) CheckEvent(fcinfo, "_veto_rewrite", "table_rewrite");
	relid = DatumGetObjectId(OidFunctionCall0(F_PG_EVENT_TRIGGER_TABLE_REWRITE_OID));
	if (!KeeperActs() && get_rel_namespace(relid) == ReminderSchema() &&
		(DatumGetInt32(OidFunctionCall0(F_PG_EVENT_TRIGGER_TABLE_REWRITE_REASON)) & AT_REWRITE_COLUMN_REWRITE) != 0)
		RefuseWeakened("rewrite", quote_qualified_identifier("reminder", get_rel_name(relid)), NULL);
	PG_RETURN_NULL();
}
