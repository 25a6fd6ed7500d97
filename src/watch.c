/*
 * watch.c: whether a backend is told when a table of ours changes, and so may
 * keep what it read there.
 */
#include "postgres.h"

#include "catalog/pg_trigger.h"
#include "commands/trigger.h"
#include "nodes/makefuncs.h"
#include "parser/parse_func.h"
#include "utils/rel.h"

#include "compat.h"
#include "watch.h"

/* Tells whether triggers of a function of ours that tells of changes stand on a table, whatever may happen. */
bool
IsWatched(Relation rel, const char *function)
{
	char	   *name = pstrdup(function);
	Oid			oid = LookupFuncName(list_make2(makeString("reminder"), makeString(name)), 0, NULL, true);
	int16		told = 0;

	if (rel->trigdesc == NULL || !OidIsValid(oid))
		return false;
	for (int i = 0; i < rel->trigdesc->numtriggers; i++)
	{
		const Trigger *trigger = &rel->trigdesc->triggers[i];

		if (trigger->tgfoid == oid && trigger->tgenabled == TRIGGER_FIRES_ALWAYS &&
			trigger->tgqual == NULL && trigger->tgnattr == 0)
			told |= trigger->tgtype;
	}
	return TRIGGER_FOR_INSERT(told) && TRIGGER_FOR_UPDATE(told) && TRIGGER_FOR_DELETE(told);
}
