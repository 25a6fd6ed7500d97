/*
 * owner.h: acting as the owner of our tables, with a search path of our own
 * and eyes that see what was committed a moment ago.
 */
#ifndef REMINDER_OWNER_H
#define REMINDER_OWNER_H

#include "commands/trigger.h"
#include "executor/spi.h"
#include "utils/rel.h"
#include "utils/snapshot.h"

typedef struct OwnerScope
{
	Oid			user;
	int			security;
	int			guc_level;
} OwnerScope;

/* The same for another role, during which nobody acts as the keeper. */
typedef struct RoleScope
{
	OwnerScope	owner;
	int			keepers;
	bool		read_only;
} RoleScope;

/* One SQL statement of ours, planned once a backend. */
typedef struct Statement
{
	const char *sql;
	int			nargs;
	Oid			argtypes[8];
	SPIPlanPtr	plan;
} Statement;

extern void EnterOwner(OwnerScope *scope, Oid owner);
extern void SetHere(const char *setting, const char *value);
extern void SwitchOff(const char *setting);
extern void LeaveOwner(const OwnerScope *scope);
extern void EnterRole(RoleScope *scope, Oid role, bool restricted);
extern void SetPathOf(Relation rel);
extern void LeaveRole(const RoleScope *scope);
extern bool KeeperActs(void);
extern void InitKeeper(void);
extern Oid	ReminderOwner(void);
extern Oid	ReminderSchema(void);

extern SPIPlanPtr PrepareOnce(const Statement *statement);
extern Snapshot TakeFreshSnapshot(void);
extern uint64 ExecuteSeen(Statement *statement, Datum *values);
extern uint64 ExecuteSnapshot(Statement *statement, Datum *values, const char *nulls, Snapshot snapshot, int expected);
extern uint64 ExecuteFresh(Statement *statement, Datum *values, const char *nulls, int expected);

#endif							/* REMINDER_OWNER_H */
