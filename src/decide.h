/*
 * decide.h: the one decision. Facts, step, law and date in; sent or not, and
 * why, out. Pure: no table, no clock, no server. run, plan and explain all
 * call it, and nothing else decides.
 */
#ifndef REMINDER_DECIDE_H
#define REMINDER_DECIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "calendar.h"

/* Dates are day numbers as in calendar.h; this one stands for "none". */
#define NO_DATE INT32_MIN

/* Amounts are öre; this one stands for "no such limit". */
#define NO_LIMIT INT64_MAX

#define RUNG_REMINDER 10
#define RUNG_NOTICE 20
#define RUNG_DEMAND 30
#define RUNG_MONITORING 40
#define RUNG_ENFORCEMENT 50
#define RUNG_NONE_FOLLOWS 99

#define MAX_FEE_TIERS 16
#define MAX_CLOSED_DAYS 4096

typedef enum Outcome
{
	OUTCOME_NOT_DUE,			/* the step date has not come */
	OUTCOME_WAITS,				/* due, not taken, stays due */
	OUTCOME_SKIPPED,			/* due, never to be taken */
	OUTCOME_ENTERED,			/* taken: a stage without a letter */
	OUTCOME_SENT				/* taken: a letter */
} Outcome;

/* Why a step is not taken, in the order in which the reasons are looked at. */
typedef enum Reason
{
	REASON_NONE,
	REASON_AUTOMATION_OFF,
	REASON_CREDIT_NOTE,
	REASON_INTEREST_INVOICE,
	REASON_FACTORED,
	REASON_PRINCIPAL_PAID,
	REASON_ALREADY_HANDLED,
	REASON_LAPSED,
	REASON_CHARGED_ELSEWHERE,
	REASON_EXTERNAL_COLLECTION,
	REASON_WITHDRAWN,
	REASON_CLOSED,
	REASON_INVOICE_BLOCKED,
	REASON_CUSTOMER_BLOCKED,
	REASON_RULE_DISABLED,
	REASON_OUTSIDE_AUTOMATION,
	REASON_COLLECTION_BAN,
	REASON_BANKRUPT,
	REASON_DECEASED,
	REASON_MINOR,
	REASON_LOSS_BOOKED,
	REASON_DISPUTED,
	REASON_PAYMENT_PLAN,
	REASON_ON_HOLD,
	REASON_CONSUMER_EINVOICE,
	REASON_DUE_BEFORE_IMPORT,
	REASON_CURRENCY_NOT_SUPPORTED,
	REASON_AMOUNT_BELOW,
	REASON_AMOUNT_ABOVE,
	REASON_BRANCH_NOT_IN_RULE,
	REASON_TRADING_NAME_NOT_IN_RULE,
	REASON_OPEN_BELOW_MINIMUM,
	REASON_AGENCY_MINIMUM,
	REASON_TERMS_NOT_ACCEPTED,
	REASON_OPENS_BY_HAND,
	REASON_CHANNEL_OFF,
	REASON_NO_ADDRESS,
	REASON_IDENTITY_MISSING,
	REASON_DEMAND_CONTENT_MISSING,
	REASON_INVOICE_UNSENT,
	REASON_BEING_SENT,
	REASON_APPROVAL_PENDING,
	REASON_WAIVED,				/* by people alone: see waive_step() */
	REASON_COUNT
} Reason;

/* What a reason does to its step (DOMAIN rows N3 and R9). */
typedef enum Finality
{
	FINALITY_FINAL,				/* closes the step under every rule */
	FINALITY_OPERATOR,			/* the operator's own trouble: leaves it due under every rule */
	FINALITY_RULE				/* leaves it due if the rule catches up, else closes it */
} Finality;

typedef struct ReasonInfo
{
	const char *code;
	Finality	finality;
	const char *sentence;
} ReasonInfo;

/*
 * One step of a rule as it stands on one business date, with the law of that
 * date. A flat piece of memory, so that it can be handed through SQL whole;
 * closed days and tiers follow it there (see StepSize).
 */
typedef struct Step
{
	int32_t		magic;
	int32_t		as_of;
	int32_t		calendar;
	int32_t		wait;
	int32_t		term;
	int32_t		import_from;
	int32_t		enabled_after;
	int32_t		automation_from;
	int32_t		charged_cap;	/* fee-carrying reminders allowed; INT32_MAX: any number */
	int32_t		passed;			/* the rung passed before this step */
	int32_t		rung;
	int32_t		tiers;
	int32_t		closed_days;
	uint8_t		wait_in_bank_days;
	uint8_t		term_in_bank_days;
	uint8_t		moves_due_date;
	uint8_t		letter;
	uint8_t		adds_fees;
	uint8_t		catches_up;
	uint8_t		waives_deadline;
	uint8_t		opens_by_hand;
	uint8_t		enabled;
	uint8_t		automation;
	uint8_t		compensation_offsets;
	uint8_t		approval;		/* the letter waits for somebody's yes (B7) */
	uint8_t		content_missing;	/* the letter cannot say all that the law wants said (L5) */
	uint8_t		channel_off;	/* nothing goes out by the letter's channel (C2) */
	uint8_t		terms_lacking;	/* the creditor has not accepted the terms in force (P2) */
	int64_t		compensation;	/* for being late, 0: none is claimed */
	int64_t		fee;
	int64_t		open_at_least;
	int64_t		above[MAX_FEE_TIERS];	/* a tier's cap holds for principals above this */
	int64_t		cap[MAX_FEE_TIERS]; /* NO_LIMIT: no cap */
	int32_t		closed[MAX_CLOSED_DAYS];
} Step;

#define STEP_MAGIC 0x52656d32

/* What is known of one invoice when its step is decided. */
typedef struct Facts
{
	char		kind;			/* first letter of invoice.kind: i, c(redit note), I(nterest), f; i if sold to a company that is allowed */
	char		automation;		/* first letter of invoice.automation: o, b, w, c */
	char		standing;		/* first letter of customer.standing: n, b, e, m */
	bool		external_collection;
	bool		customer_blocked;
	bool		collection_ban;
	bool		consumer_einvoice;
	bool		loss_booked;
	bool		disputed;
	bool		on_plan;		/* a payment plan stands on it */
	bool		on_hold;
	bool		currency_supported;
	bool		amount_below;
	bool		amount_above;
	bool		branch_in_rule;
	bool		trading_name_in_rule;
	bool		below_agency_minimum;	/* of the agency that the letter goes out through */
	bool		no_address;		/* of the customer, for the letter's channel */
	bool		no_identity;	/* of the customer, and the letter asks for it (C3) */
	bool		case_active;
	bool		lapsed;			/* of the claim, by the limitation of its law */
	bool		other_currency; /* than that of the law */
	bool		approved;		/* asked for when the step wants approval */
	bool		charged_elsewhere;	/* a reminder with a fee was sent outside; asked for when one more is too many */
	bool		invoice_unsent; /* the service is to send the original, and has not (P5) */
	bool		being_sent;		/* a sender has the letter before in hand */
	bool		by_hand;		/* somebody sends it now, whatever the dates */
	bool		fee_elsewhere;	/* another line of its letter carries the fee (B6) */
	bool		examined;		/* an earlier run left it due for the operator's own trouble */
	int32_t		case_rung;
	int32_t		due_date;
	int32_t		base_date;
	int32_t		letter_date;
	int32_t		not_before;		/* by hand, or after a broken plan: what the law's intervals allow; NO_DATE: any day */
	int32_t		plan_broken_on; /* the day after the last one of a payment plan; NO_DATE: none was broken */
	int32_t		decided_on;		/* last, asked for when the rule waives deadlines */
	int32_t		outside_until;
	int32_t		charged;
	int64_t		open;
	int64_t		fee_by_hand;
	int64_t		fees;			/* claimed by the active case so far */
	int64_t		fees_paid;		/* of these */
	int64_t		fees_waived;
	int64_t		fees_waived_by_hand;	/* of these; asked for when compensation is claimed */
	int64_t		compensation;	/* of the fees, for being late */
	int64_t		letter_fees;	/* of the letters that stand; asked for when compensation is claimed */
	int64_t		plan_fees;		/* of the case's payment plans; they stand beside the letters' */
	int64_t		fees_paid_before;	/* in earlier cases */
	int64_t		compensation_paid_before;	/* of these, at most */
	int64_t		interest;		/* claimed as of the date, paid or not */
} Facts;

typedef struct Decision
{
	Outcome		outcome;
	Reason		reason;
	int32_t		step_date;
	int32_t		deadline;
	int32_t		charged_nth;	/* 0: not a fee-carrying reminder */
	int64_t		fee;			/* 0: none */
	int64_t		fee_cap;
	int64_t		fees;			/* compensation included */
	int64_t		compensation;
	int64_t		fees_at_least;	/* because of it, where the law offsets the two */
	int64_t		interest;
	bool		fee_lowered;
} Decision;

extern const ReasonInfo reason_info[REASON_COUNT];

extern bool AfterBrokenPlan(const Step *step, const Facts *facts);
extern bool OverriddenByHand(Reason reason);
extern Reason ReasonByCode(const char *code);
extern int64_t FeeCap(const Step *step, int64_t principal);
extern int32_t StepDate(const Step *step, const Facts *facts);
extern int32_t LatestBase(const Step *step);
extern int32_t Deadline(const Step *step);
extern bool FeeIsTooMany(const Step *step, const Facts *facts);
extern void Decide(const Step *step, const Facts *facts, Decision *decision);

#endif							/* REMINDER_DECIDE_H */
