/*
 * terms.h: a step of a rule, and what the rule takes.
 */
#ifndef REMINDER_TERMS_H
#define REMINDER_TERMS_H

#include "accrual.h"
#include "decide.h"

/* One currency a rule takes, and from what amount to what. */
typedef struct AmountWindow
{
	char	   *currency;
	Datum		lowest;
	Datum		highest;
} AmountWindow;

/* By which channels a letter may go out, and what they ask of customer and claim (C2). */
typedef struct ChannelTerms
{
	bool		chosen;			/* by what the customer has, among these */
	bool		einvoice;
	bool		email;
	bool		print;
	bool		asks_address;	/* of letters by print */
	int64		lowest;			/* open principal that an agency takes; 0: any */
	char	   *lowest_currency;
	char	   *identity_country;	/* asks for an identity number, of this country if the customer has none; NULL: does not */
} ChannelTerms;

/* What holds for all invoices on one rung of one rule. */
typedef struct Terms
{
	Datum		stage;
	Datum		channel;
	ChannelTerms by;
	Datum		rule_version;
	Datum		collected_by;
	Datum		charged_cap;
	bool		no_charged_cap;
	char	   *home_currency;
	char	   *law_currency;	/* of the jurisdiction, and so of compensation */
	bool		windows;
	bool		waives_deadline;
	bool		together;		/* a customer gets one letter of it (B6) */
	int32		together_from;	/* then: the lowest rung from which the step is the next */
	bool		claims_interest;
	int32		lapsed_by;		/* no claim has lapsed whose invoice is of a later day */
	InterestTerms interest;
	int			nwindows;
	AmountWindow *window;
	int			nbranches;		/* -1: every branch */
	Datum	   *branch;
	int			ntrading_names; /* -1: every one */
	Datum	   *trading_name;
	Step		step;			/* the last: of its closed days most are not there */
} Terms;

extern Terms *ReadTerms(int64 creditor_id, int32 as_of, int32 rule_no, int32 passed);

#endif							/* REMINDER_TERMS_H */
