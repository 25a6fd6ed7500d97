/*
 * together.h: which invoices share a letter, and which carries its fee (B6).
 */
#ifndef REMINDER_TOGETHER_H
#define REMINDER_TOGETHER_H

#include "column.h"

/* An invoice that gets a letter; and what comes of it. */
typedef struct Line
{
	int			n;				/* in the docket */
	Datum		invoice_no;
	Datum		customer_no;
	Datum		currency;
	Datum		channel;
	ColumnValue sender;
	int32		due_date;
	bool		has_fee;		/* if it had a letter of its own */
	Datum		letter_of;		/* the invoice that names the letter */
	bool		fee_elsewhere;	/* the letter's fee is another's */
} Line;

extern void PutTogether(int64 creditor_id, int32 as_of, int32 rung, Line *line, int n);

#endif							/* REMINDER_TOGETHER_H */
