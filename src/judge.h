/*
 * judge.h: the facts of invoices, put before the decision.
 */
#ifndef REMINDER_JUDGE_H
#define REMINDER_JUDGE_H

#include "access/tupdesc.h"
#include "fmgr.h"
#include "utils/snapshot.h"
#include "utils/tuplestore.h"

#include "facts.h"

/* What comes of it: a row an invoice. */
typedef struct Judgment
{
	TupleDesc	desc;
	Tuplestorestate *rows;
	int64		count;
	int64		waiting;
	int64		moves;			/* rows of position to be changed */
	int64		lines;			/* of letters that may be for several invoices */
} Judgment;

extern TupleDesc JudgmentDesc(void);
extern void ReadDocket(FunctionCallInfo fcinfo, Docket *docket);
extern void Judge(const Docket *docket, Snapshot snapshot, bool due_only, Judgment *judgment);

#endif							/* REMINDER_JUDGE_H */
