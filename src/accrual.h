/*
 * accrual.h: the late interest on an invoice, from what the ledger says of it.
 */
#ifndef REMINDER_ACCRUAL_H
#define REMINDER_ACCRUAL_H

#include "interest.h"
#include "lawbook.h"
#include "probe.h"

/* From when on interest runs (L1). */
typedef enum InterestStart
{
	START_DUE_DATE,				/* a due date that was agreed: from the day after */
	START_INVOICE,				/* else from 30 days after the invoice ... */
	START_LETTER				/* ... or after the first letter */
} InterestStart;

#define BY_LAW (-1)

/* What interest a rule claims. */
typedef struct InterestTerms
{
	text	   *jurisdiction;
	int32		agreed_bp;		/* BY_LAW, or the rate that was agreed */
	int32		day_count;		/* BY_LAW, or a DayCount */
	InterestStart start;
} InterestTerms;

/* The tables that tell what was paid when, open. */
typedef struct Payments
{
	Probe		payment;
	Probe		allocation;
	Probe		credit;
} Payments;

/* An invoice that bears interest. */
typedef struct Bearing
{
	Datum		creditor_id;
	Datum		invoice_no;
	text	   *debtor_kind;
	int32		due_date;
	int32		invoice_date;
	int32		first_letter;	/* PG_INT32_MAX if there was none */
	int64		open;
	bool		settled_in_part;	/* less is open than the invoice's amount */
} Bearing;

/* What comes of it, and who is told of each period, if anybody. */
typedef struct Accrual
{
	InterestPeriodFunction each;
	void	   *context;
	DayCount	day_count;
	LawGap		gap;			/* if the law of a day is not known */
	int64		interest;
} Accrual;

extern void OpenPayments(Payments *payments, Snapshot snapshot);
extern void ClosePayments(Payments *payments);
extern bool AccruedInterest(const InterestTerms *terms, Payments *payments, const Bearing *bearing, int32 until, Accrual *accrual);

#endif							/* REMINDER_ACCRUAL_H */
