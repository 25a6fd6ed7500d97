/*
 * fuzz_decide.c
 *		The one decision (N1 to N3, B3, F2 to F4, L2) for any step and any facts:
 *		dates that never go back, reasons and outcomes that go together, fees
 *		within the law.
 *
 * Needs: src/decide.c src/calendar.c
 */
#include "decide.h"

#include <string.h>

#include "fuzz.h"

#define FIRST_DATE	(-3652)		/* 1990-01-01 */
#define LAST_DATE	73413		/* 2200-12-31 */
#define BOUND		INT64_C(100000000000000)
#define MANY		8

/* Takes a date that columns hold: near another one, or any. */
static int32_t
TakeDate(Bytes *bytes, int32_t near)
{
	int64_t		date = Take(bytes, 1) % 8 == 0 ? TakeBetween(bytes, FIRST_DATE, LAST_DATE) :
		near + TakeBetween(bytes, -40, 40);

	return (int32_t) (date < FIRST_DATE ? FIRST_DATE : date > LAST_DATE ? LAST_DATE : date);
}

/* The same, or none. */
static int32_t
TakeDateOrNone(Bytes *bytes, int32_t near)
{
	return TakeBool(bytes) ? NO_DATE : TakeDate(bytes, near);
}

/* Takes an amount, often nothing or a small one. */
static int64_t
TakeAmount(Bytes *bytes)
{
	switch (Take(bytes, 1) % 4)
	{
		case 0:
			return 0;
		case 1:
			return TakeBetween(bytes, 0, BOUND - 1);
		default:
			return TakeBetween(bytes, 0, 30000);
	}
}

/* Takes fee tiers: principals ascending, from nothing. */
static void
TakeTiers(Bytes *bytes, Step *step)
{
	int64_t		above = 0;

	step->tiers = (int32_t) TakeBetween(bytes, 0, MAX_FEE_TIERS);
	for (int i = 0; i < step->tiers; i++)
	{
		step->above[i] = above;
		above += 1 + TakeAmount(bytes) / MAX_FEE_TIERS;
		step->cap[i] = Take(bytes, 1) % 8 == 0 ? NO_LIMIT : TakeAmount(bytes);
	}
}

/* Takes a step. */
static void
TakeStep(Bytes *bytes, Step *step)
{
	static const int rungs[] = {RUNG_REMINDER, RUNG_REMINDER + 1, RUNG_NOTICE, RUNG_DEMAND, RUNG_MONITORING, RUNG_ENFORCEMENT};
	int			rung = (int) TakeBetween(bytes, 0, 5);
	int32_t		day;

	memset(step, 0, offsetof(Step, closed));
	step->magic = STEP_MAGIC;
	step->as_of = TakeDate(bytes, 9700);
	step->calendar = (int32_t) TakeBetween(bytes, 0, CALENDAR_COUNT - 1);
	step->wait = (int32_t) TakeBetween(bytes, 0, TakeBool(bytes) ? 30 : 10000);
	step->term = (int32_t) TakeBetween(bytes, 0, TakeBool(bytes) ? 30 : 10000);
	step->import_from = TakeDateOrNone(bytes, step->as_of);
	step->enabled_after = TakeDateOrNone(bytes, step->as_of);
	step->automation_from = TakeDateOrNone(bytes, step->as_of);
	step->charged_cap = TakeBool(bytes) ? INT32_MAX : (int32_t) TakeBetween(bytes, 0, 3);
	step->rung = rungs[rung];
	step->passed = rung > 0 && TakeBool(bytes) ? rungs[TakeBetween(bytes, 0, rung - 1)] : 0;
	step->wait_in_bank_days = TakeBool(bytes);
	step->term_in_bank_days = TakeBool(bytes);
	step->moves_due_date = TakeBool(bytes);
	step->letter = TakeBool(bytes);
	step->adds_fees = TakeBool(bytes);
	step->catches_up = TakeBool(bytes);
	step->waives_deadline = TakeBool(bytes);
	step->opens_by_hand = TakeBool(bytes);
	step->enabled = Take(bytes, 1) % 8 > 0;
	step->automation = Take(bytes, 1) % 8 > 0;
	step->fee = TakeAmount(bytes);
	step->open_at_least = TakeAmount(bytes);
	TakeTiers(bytes, step);
	step->closed_days = (int32_t) TakeBetween(bytes, 0, MANY);
	day = TakeDate(bytes, step->as_of);
	for (int i = 0; i < step->closed_days; i++, day += (int32_t) TakeBetween(bytes, 0, 10))
		step->closed[i] = day;
}

/* Takes facts: of the reasons not to take a step, few at a time or none. */
static void
TakeFacts(Bytes *bytes, Step *step, Facts *facts)
{
	bool		clear = TakeBool(bytes);
	uint64_t	against = clear ? 0 : Take(bytes, 2) & Take(bytes, 2);

	memset(facts, 0, sizeof(*facts));
	facts->kind = clear ? 'i' : "iiiiicIf"[Take(bytes, 1) % 8];
	facts->automation = clear ? 'o' : "ooooobwc"[Take(bytes, 1) % 8];
	facts->standing = clear ? 'n' : "nnnnnbem"[Take(bytes, 1) % 8];
	facts->external_collection = against & 1;
	facts->customer_blocked = against & 2;
	facts->collection_ban = against & 4;
	facts->consumer_einvoice = against & 8;
	facts->loss_booked = against & 16;
	facts->disputed = against & 32;
	facts->on_hold = against & 64;
	facts->currency_supported = !(against & 128);
	facts->amount_below = against & 256;
	facts->amount_above = against & 512;
	facts->branch_in_rule = !(against & 1024);
	facts->trading_name_in_rule = !(against & 2048);
	facts->lapsed = against & 4096;
	facts->approved = !(against & 8192);
	facts->charged_elsewhere = against & 16384;
	facts->being_sent = against & 32768;
	facts->below_agency_minimum = against & 16384;
	facts->no_address = against & 32768;
	facts->no_identity = against & 2;
	facts->case_active = TakeBool(bytes);
	facts->examined = TakeBool(bytes);
	facts->case_rung = facts->case_active ? (int32_t) TakeBetween(bytes, 1, 5) * 10 : 0;
	facts->due_date = TakeDate(bytes, step->as_of - step->wait);
	facts->base_date = step->passed == 0 ? facts->due_date : TakeDate(bytes, step->as_of - step->wait);
	/* the base date of a later step is its letter's deadline */
	facts->letter_date = facts->base_date - (step->passed == 0 ? 0 : (int32_t) TakeBetween(bytes, 0, 40));
	facts->plan_broken_on = facts->not_before = NO_DATE;
	facts->decided_on = step->waives_deadline && TakeBool(bytes) ? TakeDate(bytes, facts->letter_date) : NO_DATE;
	facts->outside_until = TakeDateOrNone(bytes, step->as_of);
	facts->charged = (int32_t) TakeBetween(bytes, 0, 4);
	facts->open = TakeAmount(bytes);
	facts->fee_by_hand = TakeAmount(bytes);
	facts->fees = TakeAmount(bytes);
	facts->fees_paid = TakeAmount(bytes);
	facts->fees_waived = TakeAmount(bytes);
	if (TakeBool(bytes))
		return;
	facts->other_currency = TakeBool(bytes);
	facts->compensation = facts->case_active && TakeBool(bytes) ? TakeAmount(bytes) : 0;
	facts->letter_fees = TakeAmount(bytes);
	facts->fees_waived_by_hand = TakeBetween(bytes, 0, 3) * facts->fees_waived / 3;
	facts->fees_paid_before = TakeAmount(bytes);
	facts->compensation_paid_before = TakeAmount(bytes);
	step->compensation = TakeAmount(bytes);
	step->compensation_offsets = TakeBool(bytes);
	step->content_missing = TakeBetween(bytes, 0, 15) == 0;
	step->approval = TakeBetween(bytes, 0, 15) == 0;
	step->channel_off = TakeBetween(bytes, 0, 15) == 0;
	step->terms_lacking = TakeBetween(bytes, 0, 15) == 0;
	facts->on_plan = TakeBetween(bytes, 0, 15) == 0;
	facts->plan_broken_on = TakeDateOrNone(bytes, step->as_of);
	facts->not_before = TakeDateOrNone(bytes, step->as_of);
	facts->plan_fees = facts->case_active ? TakeAmount(bytes) : 0;
}

/* The cap is that of the last tier that the principal is above, the first at least. */
static void
AskCap(const Step *step, int64_t principal)
{
	int64_t		expected = NO_LIMIT;

	for (int i = step->tiers - 1; i >= 0; i--)
		if (i == 0 || principal > step->above[i])
		{
			expected = step->cap[i];
			break;
		}
	Require(FeeCap(step, principal) == expected, "the cap is that of the principal's tier");
}

/* When the step comes due, and until when its letter is to be paid. */
static void
AskDates(Step *step, const Facts *facts)
{
	const Calendar calendar = {(CalendarId) step->calendar, step->closed, step->closed_days};
	int32_t		date = StepDate(step, facts);
	int32_t		deadline = Deadline(step);

	Require(date > (step->passed == 0 ? facts->due_date : facts->letter_date), "no step comes on the day it waits from");
	Require(step->passed == 0 || step->waives_deadline || date > facts->base_date, "nor by the deadline of the letter before");
	Require(facts->decided_on == NO_DATE || date > facts->decided_on || step->passed == 0 || !step->waives_deadline,
			"nor on the day of another decision");
	Require(AfterBrokenPlan(step, facts) || step->wait_in_bank_days || date >= (step->passed == 0 ? facts->due_date : facts->letter_date) + step->wait,
			"nor before its wait is over");
	Require(deadline >= step->as_of && IsBankDay(&calendar, deadline), "a deadline is a bank day, not before the letter");
	Require(step->term_in_bank_days || deadline >= step->as_of + step->term, "nor before its term is over");
	Require(!step->term_in_bank_days || BankDaysBetween(&calendar, step->as_of, deadline) >= step->term, "bank days too");
	step->wait++;
	Require(StepDate(step, facts) >= date, "a longer wait comes no sooner");
	step->wait--;
	step->term++;
	Require(Deadline(step) >= deadline, "a longer term ends no sooner");
	step->term--;
}

/* The index range that a run reads misses nothing, and of first steps has nothing else. */
static void
AskRange(const Step *step, Facts *facts)
{
	int32_t		latest = LatestBase(step);
	int32_t		due = facts->due_date;

	Require(StepDate(step, facts) > step->as_of || facts->base_date <= latest, "what has come due is in the range");
	if (step->passed != 0)
		return;
	for (facts->due_date = latest - 1; facts->due_date <= latest + 1; facts->due_date++)
		Require((StepDate(step, facts) <= step->as_of) == (facts->due_date <= latest), "what is in the range has come due");
	facts->due_date = due;
}

/* Whether outcome, reason, dates and fees go together. */
static void
AskDecision(const Step *step, const Facts *facts)
{
	Decision	decision;
	Decision	again;
	bool		due;
	int64_t		gone = facts->fees_waived - facts->fees_waived_by_hand;
	int64_t		before = facts->case_active ? facts->fees : facts->fee_by_hand;

	memset(&again, 0xff, sizeof(again));
	Decide(step, facts, &decision);
	Decide(step, facts, &again);
	Require(again.outcome == decision.outcome && again.reason == decision.reason && again.step_date == decision.step_date &&
			again.deadline == decision.deadline && again.charged_nth == decision.charged_nth && again.fee == decision.fee &&
			again.fee_cap == decision.fee_cap && again.fees == decision.fees && again.fee_lowered == decision.fee_lowered &&
			again.compensation == decision.compensation && again.fees_at_least == decision.fees_at_least,
			"the same question has the same answer");

	due = decision.step_date <= step->as_of;
	Require(decision.step_date == StepDate(step, facts), "the step date is the step's");
	Require(due == (decision.outcome != OUTCOME_NOT_DUE), "what is not due is not decided, all else is");
	Require(decision.reason >= REASON_NONE && decision.reason < REASON_COUNT, "a reason is one of the list");
	Require((decision.reason == REASON_NONE) == (!due || decision.outcome == OUTCOME_SENT || decision.outcome == OUTCOME_ENTERED),
			"what is not taken has a reason, nothing else has");
	if (decision.reason != REASON_NONE)
	{
		Finality	finality = reason_info[decision.reason].finality;

		Require((decision.outcome == OUTCOME_SKIPPED) == (finality == FINALITY_FINAL ||
														  (finality == FINALITY_RULE && !step->catches_up)),
				"a reason closes the step or leaves it due as its finality says");
	}
	Require(!step->terms_lacking || (decision.outcome != OUTCOME_SENT && decision.outcome != OUTCOME_ENTERED),
			"nothing is taken while the terms are not accepted");
	if (decision.outcome != OUTCOME_SENT)
	{
		Require(decision.deadline == NO_DATE && decision.fee == 0 && decision.charged_nth == 0 && !decision.fee_lowered &&
				decision.fees == before, "what is no letter claims nothing more");
		return;
	}
	Require(step->letter && facts->open > 0 && facts->kind == 'i' && !facts->lapsed, "letters are of open invoices whose claims have not lapsed");
	Require(decision.deadline == Deadline(step), "the deadline is the step's");
	Require(decision.fee >= 0 && decision.fee <= step->fee && decision.fee <= decision.fee_cap, "a fee is within the rule and the law");
	Require(decision.fee_cap == FeeCap(step, facts->open), "the cap is that of what is open");
	Require(decision.fee_lowered == (decision.fee < step->fee), "what was lowered says so");
	Require(decision.charged_nth == 0 || (decision.fee > 0 && decision.charged_nth <= step->charged_cap && step->rung < RUNG_DEMAND),
			"no more reminders carry a fee than the law allows");
	Require((decision.charged_nth > 0) == (decision.fee > 0 && step->rung < RUNG_DEMAND), "and each that does counts");
	Require(!step->channel_off && !facts->no_address, "no letter goes by a channel that is off, or without an address it needs");
	Require(!facts->below_agency_minimum, "nor to an agency that does not take it");
	Require(!facts->no_identity, "no letter goes to somebody whose identity number it needs");
	Require(!step->content_missing, "no letter lacks what the law wants said");
	Require(!step->approval || facts->approved, "no letter that wants approval goes without");
	if ((step->compensation == 0 || facts->other_currency) && facts->compensation == 0)
		Require((step->adds_fees ? decision.fees == before + decision.fee : decision.fee > 0 || decision.fees == before) &&
				decision.compensation == 0, "a letter without a fee leaves what was claimed");
	else
	{
		Require(decision.compensation >= 0 && decision.fees - gone >= decision.compensation, "compensation is among the fees");
		Require(!facts->case_active || decision.fees >= facts->fees, "nothing that was claimed is taken back");
		Require(decision.fees - gone >= decision.fees_at_least, "together they are the larger of the two");
	}
}

/* Whether a hand overrides what it may, and nothing else (N7). */
static void
AskByHand(const Step *step, Facts *facts, int32_t not_before)
{
	Decision	by_run;
	Decision	by_hand;

	Decide(step, facts, &by_run);
	facts->by_hand = true;
	facts->not_before = NO_DATE;
	Decide(step, facts, &by_hand);
	Require(by_hand.step_date <= by_run.step_date, "a hand does not wait");
	Require(by_run.outcome != OUTCOME_SENT ||
			(by_hand.outcome == OUTCOME_SENT && by_hand.fee == by_run.fee && by_hand.fees == by_run.fees && by_hand.deadline == by_run.deadline),
			"what a run sends a hand can send, for the same");
	Require(by_hand.outcome != OUTCOME_SKIPPED, "nothing is skipped by hand");
	Require(!OverriddenByHand(by_hand.reason), "no reason that is overridden is told");
	Require(by_hand.outcome != OUTCOME_SENT || step->waives_deadline || step->as_of > facts->base_date, "no letter before the last one's deadline");
	facts->not_before = not_before;
	Require(StepDate(step, facts) >= not_before, "nor before the law allows it");
	facts->by_hand = false;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	Step		step;
	Facts		facts;

	TakeStep(&bytes, &step);
	TakeFacts(&bytes, &step, &facts);
	AskCap(&step, facts.open);
	AskDates(&step, &facts);
	AskRange(&step, &facts);
	AskDecision(&step, &facts);
	AskByHand(&step, &facts, TakeDateOrNone(&bytes, step.as_of));
	return 0;
}
