/*
 * judge.h: the facts of invoices, put before the decision.
 */
#ifndef REMINDER_JUDGE_H
#define REMINDER_JUDGE_H

#include "access/tupdesc.h"
#include "fmgr.h"
#include "storage/itemptr.h"
#include "utils/snapshot.h"
#include "utils/tuplestore.h"

/* Invoices that stand on one rung of one rule, to be judged for one date. */
typedef struct Docket
{
	int64		creditor_id;
	int32		as_of;
	int32		rule_no;
	int32		passed;
	int			n;
	const Datum *invoice_no;	/* no NULL among them */
	const ItemPointerData *place;	/* of the invoices' rows, if they are locked; or NULL */
	const Datum *customer_no;	/* of the locked invoices; or NULL */
	bool		by_hand;		/* somebody sends them now; on which rule they stand does not matter */
	const int32 *not_before;	/* then: from when on the law's intervals allow it; NO_DATE: any day */
	const ItemPointerData *position_place;	/* where their rows in position were; or NULL */
} Docket;

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
