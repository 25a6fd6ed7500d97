/*
 * reminder.c: where the library starts.
 */
#include "postgres.h"

#include "fmgr.h"

#include "access.h"
#include "attachbook.h"
#include "owner.h"
#include "probe.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

/* Registers what the rooms need to hear: the end of transactions, changed relations. */
void
_PG_init(void)
{
	InitAccess();
	InitAttachbook();
	InitKeeper();
	InitProbe();
}
