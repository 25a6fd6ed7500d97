/*
 * facts.h: the facts of an invoice, as the tables have them in a snapshot.
 */
#ifndef REMINDER_FACTS_H
#define REMINDER_FACTS_H

#include "storage/itemptr.h"
#include "utils/numeric.h"

#include "accrual.h"
#include "column.h"
#include "decide.h"
#include "terms.h"
#include "walk.h"

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

/* The tables, open, and what they are read for. */
typedef struct Court
{
	const Docket *docket;
	Terms	   *terms;
	Snapshot	snapshot;
	Datum		creditor_id;
	Probe		position;
	Probe		invoice;
	Walk		customer;
	Walk		collection_case;
	Walk		loss;
	Walk		hold;
	Probe		decision;
	Probe		waiver;
	Probe		approval;
	Probe		lease;			/* none where no sender has a letter */
	Probe		original;		/* not sent yet, by the service; none where it sends none */
	Oid		   *lost;			/* of each invoice the protected table in which a loss stands; NULL: of none */
	struct Customer *customers;		/* of locked invoices; or NULL */
	Payments	payments;
	Numeric		amount[4];		/* the last amounts made: fees are few */
	int64		ore[4];
	int			next_amount;
} Court;

/* What the result says beside facts and decision. */
typedef struct Verdict
{
	Facts		facts;
	Decision	decision;
	Datum		customer_no;
	Datum		currency;
	Datum		principal;
	Datum		amount;
	Datum		due_date;
	Datum		reference;
	Datum		channel;
	ColumnValue sender;			/* the trading name, if it has one */
	Datum		letter_of;		/* the invoice that names the letter, where a customer gets one; else 0 */
	ColumnValue waiting_for;
	Bearing		bearing;
	int64		interest_claimed;	/* by the active case so far */
	int64		interest_settled;	/* of this, paid or waived */
	int64		interest_paid;	/* in cases that have ended, or waived by hand */
	int32		interest_until; /* the last day whose law is known, if that is before the letter's; else NO_DATE */
	int32		passed;			/* where it stands */
	bool		taken;
	int16		case_no;		/* the active one, or the next */
	ItemPointerData place;		/* of the row in position */
} Verdict;

extern void OpenTables(Court *court);
extern void CloseTables(Court *court);
extern bool ReadFacts(Court *court, int n, Verdict *verdict);
extern void ReadInterest(Court *court, Datum invoice_no, Verdict *verdict);

#endif							/* REMINDER_FACTS_H */
