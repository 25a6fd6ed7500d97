/*
 * statusbook.h: the creditors and rules that the status of cases is told by.
 */
#ifndef REMINDER_STATUSBOOK_H
#define REMINDER_STATUSBOOK_H

#include "utils/hsearch.h"
#include "utils/snapshot.h"

#include "decide.h"

/* A step of a rule, as far as the next one is found by it. */
typedef struct KeptStep
{
	int32		rung;
	int32		wait;
	bool		in_bank_days;
	Datum		stage;
} KeptStep;

/* A rule, by the creditor's number and its own. */
typedef struct KeptRule
{
	int64		creditor_id;
	int64		rule_no;
	bool		waives_deadline;
	int			nsteps;
	KeptStep   *step;			/* in any order */
} KeptRule;

/* A creditor: where it shows its cases, and which days it counts. */
typedef struct KeptCreditor
{
	int64		creditor_id;
	Datum		url;			/* 0: it has none */
	Step	   *step;			/* of its next steps, which one writes in */
} KeptCreditor;

/* Creditors and rules, as they were read. */
typedef struct StatusBook
{
	MemoryContext memory;		/* NULL: it was not begun */
	HTAB	   *creditors;
	HTAB	   *rules;
	uint64		heard;			/* what TermsHeard() said then */
} StatusBook;

extern StatusBook *OpenStatusBook(StatusBook *own, MemoryContext parent);
extern const KeptCreditor *BookedCreditor(StatusBook *book, Datum creditor_id, Snapshot snapshot);
extern const KeptRule *BookedRule(StatusBook *book, Datum creditor_id, int32 rule_no, Snapshot snapshot);

#endif							/* REMINDER_STATUSBOOK_H */
