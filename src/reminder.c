/*
 * reminder.c: where the library starts.
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "access.h"
#include "attachbook.h"
#include "errors.h"
#include "merge.h"
#include "owner.h"
#include "probe.h"

PG_MODULE_MAGIC;

void		_PG_init(void);

/* Binds our messages; registers what the rooms need to hear: the end of transactions, changed relations. */
void
_PG_init(void)
{
	pg_bindtextdomain(TEXTDOMAIN);
	InitAccess();
	InitAttachbook();
	InitKeeper();
	InitMerge();
	InitProbe();
}
