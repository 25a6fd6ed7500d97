/*
 * fired.c: how a trigger function of ours is to be fired.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/rel.h"

#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "owner.h"

/* Refuses to run but as a trigger that is fired in the way this function is meant for. */
void
CheckFired(FunctionCallInfo fcinfo, const char *name, TriggerEvent timing, bool row)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", name)));
	if ((trigdata->tg_event & TRIGGER_EVENT_TIMINGMASK) != timing ||
		(TRIGGER_FIRED_FOR_ROW(trigdata->tg_event) != 0) != row)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired in the wrong way", name)));
}

/*
 * The same, on our table of this name (NULL: any of ours): on another its
 * columns need not be what we take them for.
 */
void
CheckTrigger(FunctionCallInfo fcinfo, const char *name, const char *table, TriggerEvent timing, bool row)
{
	static Oid	ours = InvalidOid;	/* the last table that was found to be ours */
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	CheckFired(fcinfo, name, timing, row);
	if ((table != NULL && strcmp(RelationGetRelationName(trigdata->tg_relation), table) != 0) ||
		(RelationGetRelid(trigdata->tg_relation) != ours &&
		 RelationGetNamespace(trigdata->tg_relation) != ReminderSchema()))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired for the wrong table", name)));
	ours = RelationGetRelid(trigdata->tg_relation);
}
