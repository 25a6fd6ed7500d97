/*
 * owner.c: acting as the owner of our tables, with a search path of our own
 * and eyes that see what was committed a moment ago.
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "miscadmin.h"
#include "utils/date.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "compat.h"
#include "owner.h"

PG_FUNCTION_INFO_V1(reminder_keep);
PG_FUNCTION_INFO_V1(reminder_keeping);
PG_FUNCTION_INFO_V1(reminder_move_on);
PG_FUNCTION_INFO_V1(reminder_moved_on);

/* Gives the OID of the schema reminder. */
Oid
ReminderSchema(void)
{
	return get_namespace_oid("reminder", false);
}

/* Gives the owner of the schema reminder, who owns its tables. */
Oid
ReminderOwner(void)
{
	HeapTuple	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(ReminderSchema()));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "schema reminder has gone");
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * What functions of ours are doing just now. How many act as the keeper of our
 * tables: only they may write what is kept, and only they may credit within a
 * case; being the owner of the tables is not enough, for an application's own
 * SECURITY DEFINER functions may well run as him. And on which day payments
 * are being moved, if they are.
 */
typedef struct Acting
{
	int			keepers;
	bool		moves;
	DateADT		moved_on;
} Acting;

static Acting acting;

/* The same at the start of each open subtransaction, by nesting; and for how many there is room. */
static Acting *at_start = NULL;
static int	start_room = 0;

/* Tells whether one of our functions is acting as the keeper. */
bool
KeeperActs(void)
{
	return acting.keepers > 0;
}

/* An error leaves nobody acting. */
static void
ForgetActingAtEnd(XactEvent event, void *arg)
{
	memset(&acting, 0, sizeof(acting));
}

/*
 * An error caught in a subtransaction ends what began in it, and nothing else:
 * an application's trigger on a table of ours may catch an error of its own
 * while we act.
 */
static void
ForgetActingAtSubAbort(SubXactEvent event, SubTransactionId subxact, SubTransactionId parent, void *arg)
{
	int			nesting = GetCurrentTransactionNestLevel();

	if (event == SUBXACT_EVENT_START_SUB)
	{
		if (nesting >= start_room)
		{
			int			room = 2 * nesting + 16;

			at_start = at_start == NULL
				? MemoryContextAlloc(TopMemoryContext, room * sizeof(Acting))
				: repalloc(at_start, room * sizeof(Acting));
			start_room = room;
		}
		at_start[nesting] = acting;
	}
	else if (event == SUBXACT_EVENT_ABORT_SUB)
	{
		if (nesting < start_room)
			acting = at_start[nesting];
		else
			memset(&acting, 0, sizeof(acting));
	}
}

/* Registers the clean-up; called once a backend. */
void
InitKeeper(void)
{
	RegisterXactCallback(ForgetActingAtEnd, NULL);
	RegisterSubXactCallback(ForgetActingAtSubAbort, NULL);
}

/*
 * Lets a plpgsql function of ours act as the keeper, or end it. Nobody but
 * the owner may execute this, and our functions bracket their writes with it.
 */
Datum
reminder_keep(PG_FUNCTION_ARGS)
{
	acting.keepers = PG_GETARG_BOOL(0) ? acting.keepers + 1 : Max(acting.keepers - 1, 0);
	PG_RETURN_VOID();
}

/* Tells SQL whether one of our functions is acting as the keeper. */
Datum
reminder_keeping(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(KeeperActs());
}

/* Says on which day payments are moved from now on; NULL: on none that we know. */
Datum
reminder_move_on(PG_FUNCTION_ARGS)
{
	acting.moves = !PG_ARGISNULL(0);
	if (acting.moves)
		acting.moved_on = PG_GETARG_DATEADT(0);
	PG_RETURN_VOID();
}

/* Gives the day on which payments are being moved, or NULL. */
Datum
reminder_moved_on(PG_FUNCTION_ARGS)
{
	if (!acting.moves)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(acting.moved_on);
}

/*
 * Takes on the owner's rights and a fixed search path, row-level security
 * set aside even under FORCE, as the built-in foreign keys do, and acts as
 * the keeper. An error ends the scope by itself: the transaction's abort puts
 * user and settings back.
 */
void
EnterOwner(OwnerScope *scope, Oid owner)
{
	GetUserIdAndSecContext(&scope->user, &scope->security);
	SetUserIdAndSecContext(owner, scope->security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	scope->guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	acting.keepers++;
}

/* Sets a setting, until the scope ends. */
void
SetHere(const char *setting, const char *value)
{
	(void) set_config_option(setting, value, PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/* Switches a setting of the planner off, until the scope ends. */
void
SwitchOff(const char *setting)
{
	SetHere(setting, "off");
}

/* Gives rights and settings back. */
void
LeaveOwner(const OwnerScope *scope)
{
	acting.keepers--;
	AtEOXact_GUC(true, scope->guc_level);
	SetUserIdAndSecContext(scope->user, scope->security);
}

/*
 * Takes on a role's rights and a fixed search path, row-level security of its
 * own tables set aside, and does not act as the keeper, whoever called.
 * Restricted: code of the role's own may run, which then writes nothing,
 * leaves nothing behind, and has days begin and dates read in one way for
 * every session. An error ends the scope by itself.
 */
void
EnterRole(RoleScope *scope, Oid role, bool restricted)
{
	static const char *const settings[][2] = {
		{"DateStyle", "ISO, YMD"}, {"TimeZone", "UTC"}
	};

	GetUserIdAndSecContext(&scope->owner.user, &scope->owner.security);
	SetUserIdAndSecContext(role, scope->owner.security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS |
						   (restricted ? SECURITY_RESTRICTED_OPERATION : 0));
	scope->owner.guc_level = NewGUCNestLevel();
	(void) set_config_option("search_path", "pg_catalog, pg_temp", PGC_USERSET, PGC_S_SESSION,
							 GUC_ACTION_SAVE, true, 0, false);
	for (int i = 0; restricted && i < (int) lengthof(settings); i++)
		(void) set_config_option(settings[i][0], settings[i][1], PGC_USERSET, PGC_S_SESSION,
								 GUC_ACTION_SAVE, true, 0, false);
	/* as a setting it cannot be given back from 17 on; a subtransaction that fails does that by itself */
	scope->read_only = XactReadOnly;
	XactReadOnly |= restricted;
	scope->keepers = acting.keepers;
	acting.keepers = 0;
}

/* Looks names up in the schema of a table too, after PostgreSQL's own, until the scope ends. */
void
SetPathOf(Relation rel)
{
	char	   *schema = get_namespace_name(RelationGetNamespace(rel));

	(void) set_config_option("search_path", psprintf("pg_catalog, %s, pg_temp", quote_identifier(schema)),
							 PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
}

/* Gives rights, settings and the keeper back. */
void
LeaveRole(const RoleScope *scope)
{
	acting.keepers = scope->keepers;
	XactReadOnly = scope->read_only;
	AtEOXact_GUC(true, scope->owner.guc_level);
	SetUserIdAndSecContext(scope->owner.user, scope->owner.security);
}

/*
 * Gives a snapshot of what is committed now, our own changes included. The
 * one that a REPEATABLE READ transaction began with does not show what
 * another session committed while we waited for its lock.
 */
Snapshot
TakeFreshSnapshot(void)
{
	CommandCounterIncrement();
	return GetLatestSnapshot();
}

/* Plans a statement, within SPI, with which the plan goes if nobody frees it before. */
SPIPlanPtr
PrepareOnce(const Statement *statement)
{
	SPIPlanPtr	plan = SPI_prepare(statement->sql, statement->nargs, (Oid *) statement->argtypes);

	if (plan == NULL)
		elog(ERROR, "SPI_prepare failed: %s", SPI_result_code_string(SPI_result));
	return plan;
}

/* Plans a statement for the life of the backend; published only when whole. */
static void
PlanStatement(Statement *statement)
{
	SPIPlanPtr	plan;

	if (statement->plan != NULL)
		return;
	plan = PrepareOnce(statement);
	if (SPI_keepplan(plan) != 0)
		elog(ERROR, "SPI_keepplan failed");
	statement->plan = plan;
}

/*
 * Runs a statement under a snapshot, within SPI and an owner's scope; gives
 * the number of rows. Its triggers fire at its own end.
 */
uint64
ExecuteSnapshot(Statement *statement, Datum *values, const char *nulls, Snapshot snapshot, int expected)
{
	int			result;

	/* the result before this one has been read; a run would pile them up */
	SPI_freetuptable(SPI_tuptable);
	PlanStatement(statement);
	result = SPI_execute_snapshot(statement->plan, values, nulls, snapshot, InvalidSnapshot, false, true, 0);
	if (result != expected)
		elog(ERROR, "unexpected result of a statement: %s", SPI_result_code_string(result));
	return SPI_processed;
}

/* The same under a fresh snapshot. */
uint64
ExecuteFresh(Statement *statement, Datum *values, const char *nulls, int expected)
{
	Snapshot	fresh = RegisterSnapshot(TakeFreshSnapshot());
	uint64		n = ExecuteSnapshot(statement, values, nulls, fresh, expected);

	UnregisterSnapshot(fresh);
	return n;
}

/* Runs a statement that only reads, with the snapshot in force; gives the number of rows. */
uint64
ExecuteSeen(Statement *statement, Datum *values)
{
	int			result;

	PlanStatement(statement);
	result = SPI_execute_plan(statement->plan, values, NULL, true, 0);
	if (result != SPI_OK_SELECT)
		elog(ERROR, "unexpected result of a statement: %s", SPI_result_code_string(result));
	return SPI_processed;
}
