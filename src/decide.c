/*
 * decide.c: the one decision. Facts, step, law and date in; sent or not, and
 * why, out. Pure: no table, no clock, no server.
 */
#include "decide.h"

#include <string.h>

/* Why a step is not taken: the code, what it does to the step, and in words. */
const ReasonInfo reason_info[REASON_COUNT] = {
	[REASON_NONE] = {"", FINALITY_FINAL, ""},
	[REASON_AUTOMATION_OFF] = {"automation_off", FINALITY_OPERATOR, "The creditor's automation is off."},
	[REASON_CREDIT_NOTE] = {"credit_note", FINALITY_FINAL, "It is a credit note."},
	[REASON_INTEREST_INVOICE] = {"interest_invoice", FINALITY_FINAL, "It is an interest invoice."},
	[REASON_FACTORED] = {"factored", FINALITY_FINAL, "It is sold to a factoring company."},
	[REASON_PRINCIPAL_PAID] = {"principal_paid", FINALITY_FINAL, "Its principal is settled; no more letters are sent for costs."},
	[REASON_ALREADY_HANDLED] = {"already_handled", FINALITY_FINAL, "Its case has passed this stage already."},
	[REASON_LAPSED] = {"lapsed", FINALITY_FINAL, "Its claim has lapsed."},
	[REASON_CHARGED_ELSEWHERE] = {"charged_elsewhere", FINALITY_FINAL, "A reminder with a fee was sent elsewhere, and the law allows no more of them."},
	[REASON_EXTERNAL_COLLECTION] = {"external_collection", FINALITY_RULE, "It is being collected outside."},
	[REASON_WITHDRAWN] = {"withdrawn", FINALITY_RULE, "Its case was withdrawn, and it has not been put back."},
	[REASON_CLOSED] = {"closed", FINALITY_RULE, "Its case was closed, and it has not been put back."},
	[REASON_INVOICE_BLOCKED] = {"invoice_blocked", FINALITY_RULE, "It is taken out of automation."},
	[REASON_CUSTOMER_BLOCKED] = {"customer_blocked", FINALITY_RULE, "Its customer is outside automation."},
	[REASON_RULE_DISABLED] = {"rule_disabled", FINALITY_RULE, "Its customer's rule is switched off."},
	[REASON_OUTSIDE_AUTOMATION] = {"outside_automation", FINALITY_FINAL, "Its customer was not under the rule in the first run that could have taken the step."},
	[REASON_COLLECTION_BAN] = {"collection_ban", FINALITY_RULE, "Its customer must not be collected from."},
	[REASON_BANKRUPT] = {"bankrupt", FINALITY_RULE, "Its customer is bankrupt."},
	[REASON_DECEASED] = {"deceased", FINALITY_RULE, "Its customer is deceased."},
	[REASON_MINOR] = {"minor", FINALITY_RULE, "Its customer is a minor."},
	[REASON_LOSS_BOOKED] = {"loss_booked", FINALITY_RULE, "A credit loss is booked on it."},
	[REASON_DISPUTED] = {"disputed", FINALITY_RULE, "It is disputed."},
	[REASON_PAYMENT_PLAN] = {"payment_plan", FINALITY_RULE, "A payment plan stands on it."},
	[REASON_ON_HOLD] = {"on_hold", FINALITY_RULE, "It is on hold."},
	[REASON_CONSUMER_EINVOICE] = {"consumer_einvoice", FINALITY_RULE, "Its customer has a consumer e-invoice or direct-debit agreement."},
	[REASON_DUE_BEFORE_IMPORT] = {"due_before_import", FINALITY_RULE, "It was due before the rule's import date."},
	[REASON_CURRENCY_NOT_SUPPORTED] = {"currency_not_supported", FINALITY_RULE, "The rule does not take its currency."},
	[REASON_AMOUNT_BELOW] = {"amount_below", FINALITY_RULE, "Its amount is below the rule's lowest."},
	[REASON_AMOUNT_ABOVE] = {"amount_above", FINALITY_RULE, "Its amount is above the rule's highest."},
	[REASON_BRANCH_NOT_IN_RULE] = {"branch_not_in_rule", FINALITY_RULE, "The rule does not take its branch."},
	[REASON_TRADING_NAME_NOT_IN_RULE] = {"trading_name_not_in_rule", FINALITY_RULE, "The rule does not take its trading name."},
	[REASON_OPEN_BELOW_MINIMUM] = {"open_below_minimum", FINALITY_RULE, "What is open is under the step's minimum."},
	[REASON_AGENCY_MINIMUM] = {"agency_minimum", FINALITY_RULE, "What is open is less than the agency takes."},
	[REASON_TERMS_NOT_ACCEPTED] = {"terms_not_accepted", FINALITY_OPERATOR, "The creditor's terms are not accepted."},
	[REASON_OPENS_BY_HAND] = {"opens_by_hand", FINALITY_OPERATOR, "The rule opens cases by hand only."},
	[REASON_CHANNEL_OFF] = {"channel_off", FINALITY_OPERATOR, "Its letter's channel is switched off."},
	[REASON_NO_ADDRESS] = {"no_address", FINALITY_OPERATOR, "Its customer has no address for the letter's channel."},
	[REASON_IDENTITY_MISSING] = {"identity_missing", FINALITY_OPERATOR, "Its customer has no identity number that holds, and its demand needs one."},
	[REASON_DEMAND_CONTENT_MISSING] = {"demand_content_missing", FINALITY_OPERATOR, "Its demand cannot say all that the law wants said."},
	[REASON_INVOICE_UNSENT] = {"invoice_unsent", FINALITY_OPERATOR, "Its original, which the service is to send, has not been sent."},
	[REASON_BEING_SENT] = {"being_sent", FINALITY_OPERATOR, "Its last letter is with a sender, who has not said what became of it."},
	[REASON_APPROVAL_PENDING] = {"approval_pending", FINALITY_OPERATOR, "It waits for somebody to approve it."},
	[REASON_WAIVED] = {"waived", FINALITY_FINAL, "It was waived by hand."},
};

/*
 * What a hand overrides (N7): dates, blocks, what the rule takes and when. Not
 * what the claim is, who else has a say in it, or the law; nor a rule that is
 * switched off, which nobody has held against the law.
 */
static const bool overridden[REASON_COUNT] = {
	[REASON_AUTOMATION_OFF] = true,
	[REASON_CHARGED_ELSEWHERE] = true,
	[REASON_WITHDRAWN] = true,
	[REASON_INVOICE_BLOCKED] = true,
	[REASON_CUSTOMER_BLOCKED] = true,
	[REASON_OUTSIDE_AUTOMATION] = true,
	[REASON_CONSUMER_EINVOICE] = true,
	[REASON_DUE_BEFORE_IMPORT] = true,
	[REASON_AMOUNT_BELOW] = true,
	[REASON_AMOUNT_ABOVE] = true,
	[REASON_BRANCH_NOT_IN_RULE] = true,
	[REASON_TRADING_NAME_NOT_IN_RULE] = true,
	[REASON_OPEN_BELOW_MINIMUM] = true,
	[REASON_OPENS_BY_HAND] = true,
	[REASON_APPROVAL_PENDING] = true,
};

/* Tells whether whoever sends a letter by hand overrides a reason. */
bool
OverriddenByHand(Reason reason)
{
	return overridden[reason];
}

/* Tells whether a reason that holds stands against the step. */
static bool
Stands(const Facts *facts, Reason reason, bool holds)
{
	return holds && !(facts->by_hand && overridden[reason]);
}

/* Gives the reason of a code, REASON_NONE for an unknown one. */
Reason
ReasonByCode(const char *code)
{
	for (int reason = 1; reason < REASON_COUNT; reason++)
		if (strcmp(reason_info[reason].code, code) == 0)
			return (Reason) reason;
	return REASON_NONE;
}

/* Gives the calendar of a step, the creditor's own closed days included. */
static Calendar
StepCalendar(const Step *step)
{
	Calendar	calendar = {(CalendarId) step->calendar, step->closed, step->closed_days};

	return calendar;
}

/* Gives the day n days, or bank days, after a day. */
static int32_t
AddDays(const Calendar *calendar, int32_t day, int32_t n, bool bank_days)
{
	return bank_days ? AddBankDays(calendar, day, n) : day + n;
}

/* Gives the deadline of a letter sent on the step's date: its term, moved to a bank day (F2). */
int32_t
Deadline(const Step *step)
{
	Calendar	calendar = StepCalendar(step);

	return NextBankDay(&calendar, AddDays(&calendar, step->as_of, step->term, step->term_in_bank_days));
}

/* Gives the day the first step waits from: the due date, moved where the law moves it (F2). */
static int32_t
EffectiveDueDate(const Step *step, const Calendar *calendar, int32_t due_date)
{
	return step->moves_due_date ? NextBankDay(calendar, due_date) : due_date;
}

static int32_t
Later(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static int64_t
Larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t
Smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/*
 * Tells whether a payment plan was broken since the last letter, or step that
 * was skipped: then the step after it falls due that day (C5). The first step
 * has its own day, by which a run finds it.
 */
bool
AfterBrokenPlan(const Step *step, const Facts *facts)
{
	return step->passed != 0 && facts->plan_broken_on != NO_DATE && facts->letter_date < facts->plan_broken_on;
}

/*
 * Gives the date the step comes due: its wait from the due date or the last
 * letter, but never before the day after that letter's own deadline unless
 * the rule waives it, and never on the day of another decision (B3): a step
 * that was skipped waits from its step date, but was decided later. By hand
 * it does not wait, but for the law; nor when a payment plan was broken since.
 */
int32_t
StepDate(const Step *step, const Facts *facts)
{
	Calendar	calendar = StepCalendar(step);
	int32_t		from;
	int32_t		earliest;
	int32_t		day;

	if (step->passed == 0)
	{
		from = EffectiveDueDate(step, &calendar, facts->due_date);
		earliest = from + 1;
	}
	else
	{
		from = facts->letter_date;
		earliest = (step->waives_deadline ? Later(facts->letter_date, facts->decided_on) : facts->base_date) + 1;
	}
	if (facts->by_hand)
		return Later(facts->not_before, earliest);
	day = AddDays(&calendar, from, step->wait, step->wait_in_bank_days);
	if (AfterBrokenPlan(step, facts) && day > facts->plan_broken_on)
		day = Later(facts->plan_broken_on, facts->not_before);
	return Later(day, earliest);
}

/*
 * Gives the latest base date whose step can have come due on the step's date:
 * StepDate turned round, so that a run reads an index range. For later steps
 * the bound is the deadline alone, and Decide looks at the wait.
 */
int32_t
LatestBase(const Step *step)
{
	Calendar	calendar = StepCalendar(step);
	int32_t		latest;

	if (step->passed != 0)
		return step->waives_deadline ? INT32_MAX : step->as_of - 1;
	/* from which days is the n-th bank day by the date? those before the n-th one back, the date counted */
	if (step->wait_in_bank_days && step->wait > 0)
		latest = AddBankDays(&calendar, step->as_of + 1, -step->wait) - 1;
	else
		latest = step->as_of - step->wait;
	if (latest > step->as_of - 1)
		latest = step->as_of - 1;
	/* a due date on closed days moves forward, so the last one in time is on or before a bank day */
	return step->moves_due_date ? PreviousBankDay(&calendar, latest) : latest;
}

/* Gives the statutory cap for a letter over this principal, NO_LIMIT if there is none. */
int64_t
FeeCap(const Step *step, int64_t principal)
{
	int64_t		cap = NO_LIMIT;

	for (int tier = 0; tier < step->tiers; tier++)
		if (tier == 0 || principal > step->above[tier])
			cap = step->cap[tier];
	return cap;
}

/* Tells whether the step is a reminder whose fee would be one more than the law allows (F4). */
bool
FeeIsTooMany(const Step *step, const Facts *facts)
{
	return step->letter && step->rung < RUNG_DEMAND && step->fee > 0 && facts->charged >= step->charged_cap;
}

/* Gives the final reasons: handled, settled, lapsed, or not a kind of invoice that is reminded. */
static Reason
FinalReason(const Step *step, const Facts *facts)
{
	if (facts->kind == 'c')
		return REASON_CREDIT_NOTE;
	if (facts->kind == 'I')
		return REASON_INTEREST_INVOICE;
	if (facts->kind == 'f')
		return REASON_FACTORED;
	if (facts->open == 0)
		return REASON_PRINCIPAL_PAID;
	if (facts->case_active && facts->case_rung >= step->rung)
		return REASON_ALREADY_HANDLED;
	if (facts->lapsed)
		return REASON_LAPSED;
	/* a service is paid by the fee: where it may not ask it, the demand follows at once (B8) */
	if (Stands(facts, REASON_CHARGED_ELSEWHERE, step->adds_fees && facts->charged_elsewhere && FeeIsTooMany(step, facts)))
		return REASON_CHARGED_ELSEWHERE;
	return REASON_NONE;
}

/*
 * Tells whether the customer was outside the rule in the first run from the
 * step date on (R9): only rules that do not catch up ask.
 */
static bool
OutsideAutomation(const Step *step, const Facts *facts, int32_t step_date)
{
	if (step->catches_up || facts->examined)
		return false;
	return step_date <= Later(facts->outside_until, step->enabled_after);
}

/* Gives the reasons that lie in who is automated at all. */
static Reason
AutomationReason(const Step *step, const Facts *facts, int32_t step_date)
{
	if (Stands(facts, REASON_EXTERNAL_COLLECTION, facts->external_collection))
		return REASON_EXTERNAL_COLLECTION;
	if (Stands(facts, REASON_WITHDRAWN, facts->automation == 'w'))
		return REASON_WITHDRAWN;
	if (Stands(facts, REASON_CLOSED, facts->automation == 'c'))
		return REASON_CLOSED;
	if (Stands(facts, REASON_INVOICE_BLOCKED, facts->automation == 'b'))
		return REASON_INVOICE_BLOCKED;
	if (Stands(facts, REASON_CUSTOMER_BLOCKED, facts->customer_blocked))
		return REASON_CUSTOMER_BLOCKED;
	if (Stands(facts, REASON_RULE_DISABLED, !step->enabled))
		return REASON_RULE_DISABLED;
	if (Stands(facts, REASON_OUTSIDE_AUTOMATION, OutsideAutomation(step, facts, step_date)))
		return REASON_OUTSIDE_AUTOMATION;
	return REASON_NONE;
}

/* Gives the reasons that lie in the customer or the claim. */
static Reason
ClaimReason(const Step *step, const Facts *facts)
{
	if (Stands(facts, REASON_COLLECTION_BAN, facts->collection_ban))
		return REASON_COLLECTION_BAN;
	if (Stands(facts, REASON_BANKRUPT, facts->standing == 'b'))
		return REASON_BANKRUPT;
	if (Stands(facts, REASON_DECEASED, facts->standing == 'e'))
		return REASON_DECEASED;
	if (Stands(facts, REASON_MINOR, facts->standing == 'm'))
		return REASON_MINOR;
	if (Stands(facts, REASON_LOSS_BOOKED, facts->loss_booked && !facts->case_active))
		return REASON_LOSS_BOOKED;
	if (Stands(facts, REASON_DISPUTED, facts->disputed))
		return REASON_DISPUTED;
	if (Stands(facts, REASON_PAYMENT_PLAN, facts->on_plan))
		return REASON_PAYMENT_PLAN;
	if (Stands(facts, REASON_ON_HOLD, facts->on_hold))
		return REASON_ON_HOLD;
	if (Stands(facts, REASON_CONSUMER_EINVOICE, facts->consumer_einvoice && step->letter))
		return REASON_CONSUMER_EINVOICE;
	return REASON_NONE;
}

/* Gives the reasons that lie in what the rule takes. */
static Reason
RuleReason(const Step *step, const Facts *facts)
{
	if (Stands(facts, REASON_DUE_BEFORE_IMPORT, facts->due_date < step->import_from))
		return REASON_DUE_BEFORE_IMPORT;
	if (Stands(facts, REASON_CURRENCY_NOT_SUPPORTED, !facts->currency_supported))
		return REASON_CURRENCY_NOT_SUPPORTED;
	if (Stands(facts, REASON_AMOUNT_BELOW, facts->amount_below))
		return REASON_AMOUNT_BELOW;
	if (Stands(facts, REASON_AMOUNT_ABOVE, facts->amount_above))
		return REASON_AMOUNT_ABOVE;
	if (Stands(facts, REASON_BRANCH_NOT_IN_RULE, !facts->branch_in_rule))
		return REASON_BRANCH_NOT_IN_RULE;
	if (Stands(facts, REASON_TRADING_NAME_NOT_IN_RULE, !facts->trading_name_in_rule))
		return REASON_TRADING_NAME_NOT_IN_RULE;
	if (Stands(facts, REASON_OPEN_BELOW_MINIMUM, facts->open < step->open_at_least))
		return REASON_OPEN_BELOW_MINIMUM;
	if (Stands(facts, REASON_AGENCY_MINIMUM, step->letter && facts->below_agency_minimum))
		return REASON_AGENCY_MINIMUM;
	if (Stands(facts, REASON_TERMS_NOT_ACCEPTED, step->terms_lacking))
		return REASON_TERMS_NOT_ACCEPTED;
	if (Stands(facts, REASON_OPENS_BY_HAND, step->opens_by_hand && !facts->case_active))
		return REASON_OPENS_BY_HAND;
	if (Stands(facts, REASON_CHANNEL_OFF, step->channel_off))
		return REASON_CHANNEL_OFF;
	if (Stands(facts, REASON_NO_ADDRESS, step->letter && facts->no_address))
		return REASON_NO_ADDRESS;
	if (Stands(facts, REASON_IDENTITY_MISSING, facts->no_identity))
		return REASON_IDENTITY_MISSING;
	if (Stands(facts, REASON_DEMAND_CONTENT_MISSING, step->content_missing))
		return REASON_DEMAND_CONTENT_MISSING;
	if (Stands(facts, REASON_INVOICE_UNSENT, facts->invoice_unsent))
		return REASON_INVOICE_UNSENT;
	if (Stands(facts, REASON_BEING_SENT, facts->being_sent))
		return REASON_BEING_SENT;
	/* the last, so that nobody is asked about a letter that would not go out */
	if (Stands(facts, REASON_APPROVAL_PENDING, step->approval && !facts->approved))
		return REASON_APPROVAL_PENDING;
	return REASON_NONE;
}

/* Gives the first reason not to take the step, REASON_NONE to take it. */
static Reason
FirstReason(const Step *step, const Facts *facts, int32_t step_date)
{
	Reason		reason;

	/* then no run decides anything, not even what would be final */
	if (Stands(facts, REASON_AUTOMATION_OFF, !step->automation || step->as_of < step->automation_from))
		return REASON_AUTOMATION_OFF;
	if ((reason = FinalReason(step, facts)) != REASON_NONE ||
		(reason = AutomationReason(step, facts, step_date)) != REASON_NONE ||
		(reason = ClaimReason(step, facts)) != REASON_NONE)
		return reason;
	return RuleReason(step, facts);
}

/*
 * Sets the letter's fee: the rule's, lowered to the cap in force (L2), and
 * none for one fee-carrying reminder more than the law allows (F4), or where
 * the letter is of more invoices than this one, and another carries it (B6).
 */
static void
SetFee(const Step *step, const Facts *facts, Decision *decision)
{
	decision->fee_cap = FeeCap(step, facts->open);
	decision->fee = step->fee < decision->fee_cap ? step->fee : decision->fee_cap;
	if (FeeIsTooMany(step, facts))
		decision->fee = 0;
	decision->fee_lowered = decision->fee < step->fee;
	if (facts->fee_elsewhere && decision->fee > 0)
	{
		decision->fee = 0;
		decision->fee_lowered = false;
	}
	if (step->rung < RUNG_DEMAND && decision->fee > 0)
		decision->charged_nth = facts->charged + 1;
}

/*
 * Gives the fees of the case without compensation: with the service they add
 * up; by own rules a later stage's fee takes the place of an earlier one and
 * of one set by hand, what is paid of these counting towards it (F3). What was
 * waived, as the fee of a letter that failed, is no part of it. The fee of a
 * payment plan stands beside them; what is settled is of the letters first.
 */
static int64_t
LetterFees(const Step *step, const Facts *facts, int64_t fee)
{
	int64_t		before = facts->case_active ? facts->fees : facts->fee_by_hand;
	int64_t		settled = facts->fees_paid + facts->fees_waived;
	int64_t		plan_settled = Smaller(Larger(settled - (before - facts->plan_fees), 0), facts->plan_fees);
	int64_t		letters_paid = Larger(facts->fees_paid - plan_settled, 0);

	if (step->adds_fees)
		return before + fee;
	if (fee == 0)
		return before;
	return settled + facts->plan_fees - plan_settled + Larger(fee - letters_paid, 0);
}

/*
 * Sets the fees of the case and the compensation for being late among them
 * (L4): where the law offsets them, they are together the larger of the two,
 * what was paid in earlier cases counting towards it; else it comes on top.
 * Of what has been claimed, nothing is taken back here. What was waived by hand
 * counts as claimed and settled, or the next letter would claim it anew (B4).
 */
static void
SetFees(const Step *step, const Facts *facts, Decision *decision)
{
	int64_t		whole = facts->other_currency ? 0 : step->compensation;
	int64_t		gone = facts->fees_waived - facts->fees_waived_by_hand;
	int64_t		claimed = facts->case_active ? facts->fees - gone : 0;
	int64_t		letters;
	int64_t		together;

	if (whole == 0 && facts->compensation == 0)
	{
		decision->fees = LetterFees(step, facts, decision->fee);
		return;
	}
	if (step->adds_fees)
		letters = facts->letter_fees + decision->fee;
	else
		letters = decision->fee > 0 ? decision->fee : facts->letter_fees;
	letters += facts->plan_fees;
	if (step->compensation_offsets)
		together = decision->fees_at_least = Larger(whole - facts->fees_paid_before, 0);
	else
		together = letters + Larger(whole - facts->compensation_paid_before, 0);
	together = Larger(Larger(together, letters), claimed);
	decision->compensation = together - letters;
	decision->fees = gone + together;
}

/* Sets what becomes of a step that is not taken (N3); by hand nothing does. */
static void
SetNotTaken(const Step *step, const Facts *facts, Reason reason, Decision *decision)
{
	Finality	finality = reason_info[reason].finality;

	decision->reason = reason;
	decision->outcome = !facts->by_hand && (finality == FINALITY_FINAL || (finality == FINALITY_RULE && !step->catches_up))
		? OUTCOME_SKIPPED : OUTCOME_WAITS;
}

/* Decides one step of one invoice. The same input gives the same decision, always. */
void
Decide(const Step *step, const Facts *facts, Decision *decision)
{
	Reason		reason;

	memset(decision, 0, sizeof(*decision));
	decision->fee_cap = NO_LIMIT;
	decision->deadline = NO_DATE;
	decision->fees = facts->case_active ? facts->fees : facts->fee_by_hand;
	decision->compensation = facts->case_active ? facts->compensation : 0;
	decision->interest = facts->interest;
	decision->step_date = StepDate(step, facts);
	if (decision->step_date > step->as_of)
	{
		decision->outcome = OUTCOME_NOT_DUE;
		return;
	}
	reason = FirstReason(step, facts, decision->step_date);
	if (reason != REASON_NONE)
	{
		SetNotTaken(step, facts, reason, decision);
		return;
	}
	decision->outcome = step->letter ? OUTCOME_SENT : OUTCOME_ENTERED;
	if (!step->letter)
		return;
	SetFee(step, facts, decision);
	SetFees(step, facts, decision);
	decision->deadline = Deadline(step);
}
