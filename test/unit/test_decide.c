/*
 * test_decide.c
 *		The one decision without a server: when a step comes due (F2, B3, L7),
 *		why it is not taken and what becomes of it (N2, N3, R9), and what the
 *		letter claims (F3, F4, L2). Needs: src/calendar.c
 *
 * Dates are worked out by hand in the comments beside them.
 */
#include "decide.h"

#include "tap.h"

#define SEK(amount) ((int64_t) (amount) * 100)

static Step step;
static Facts facts;
static Decision decision;

/* Gives the day number of a date. */
static int32_t
Day(int year, int month, int day)
{
	return DayOfDate(year, month, day);
}

/* Sets a first step that a rule of the preset amili has, on a date, with the law of 2026. */
static void
AmiliReminder(int32_t as_of)
{
	memset(&step, 0, sizeof(step));
	step.magic = STEP_MAGIC;
	step.as_of = as_of;
	step.calendar = CALENDAR_SE;
	step.wait = 5;
	step.term = 10;
	step.term_in_bank_days = true;
	step.import_from = NO_DATE;
	step.enabled_after = NO_DATE;
	step.automation_from = NO_DATE;
	step.charged_cap = 1;
	step.rung = RUNG_REMINDER;
	step.tiers = 1;
	step.cap[0] = SEK(60);
	step.moves_due_date = true;
	step.letter = true;
	step.adds_fees = true;
	step.catches_up = true;
	step.enabled = true;
	step.automation = true;
	step.fee = SEK(60);
}

/* Sets the facts of an invoice of 1000 SEK that nothing stands against. */
static void
PlainFacts(int32_t due_date)
{
	memset(&facts, 0, sizeof(facts));
	facts.kind = 'i';
	facts.automation = 'o';
	facts.standing = 'n';
	facts.currency_supported = true;
	facts.branch_in_rule = true;
	facts.trading_name_in_rule = true;
	facts.due_date = due_date;
	facts.base_date = due_date;
	facts.letter_date = due_date;
	facts.outside_until = NO_DATE;
	facts.decided_on = facts.plan_broken_on = NO_DATE;
	facts.open = SEK(1000);
}

/* Makes the step a later one: the invoice has a letter of this date and deadline behind it. */
static void
AfterLetter(int32_t letter_date, int32_t deadline, int passed, int rung)
{
	step.passed = passed;
	step.rung = rung;
	facts.letter_date = letter_date;
	facts.base_date = deadline;
	facts.case_active = true;
	facts.case_rung = passed;
}

/* Every reason has a code of its own, a sentence, and the finality that N3 gives it. */
static void
TestReasons(void)
{
	static const struct
	{
		const char *code;
		Finality	finality;
	}			expected[] = {
		{"automation_off", FINALITY_OPERATOR},
		{"credit_note", FINALITY_FINAL},
		{"interest_invoice", FINALITY_FINAL},
		{"factored", FINALITY_FINAL},
		{"principal_paid", FINALITY_FINAL},
		{"already_handled", FINALITY_FINAL},
		{"lapsed", FINALITY_FINAL},
		{"charged_elsewhere", FINALITY_FINAL},
		{"external_collection", FINALITY_RULE},
		{"withdrawn", FINALITY_RULE},
		{"closed", FINALITY_RULE},
		{"invoice_blocked", FINALITY_RULE},
		{"customer_blocked", FINALITY_RULE},
		{"rule_disabled", FINALITY_RULE},
		{"outside_automation", FINALITY_FINAL},
		{"collection_ban", FINALITY_RULE},
		{"bankrupt", FINALITY_RULE},
		{"deceased", FINALITY_RULE},
		{"minor", FINALITY_RULE},
		{"loss_booked", FINALITY_RULE},
		{"disputed", FINALITY_RULE},
		{"payment_plan", FINALITY_RULE},
		{"on_hold", FINALITY_RULE},
		{"consumer_einvoice", FINALITY_RULE},
		{"due_before_import", FINALITY_RULE},
		{"currency_not_supported", FINALITY_RULE},
		{"amount_below", FINALITY_RULE},
		{"amount_above", FINALITY_RULE},
		{"branch_not_in_rule", FINALITY_RULE},
		{"trading_name_not_in_rule", FINALITY_RULE},
		{"open_below_minimum", FINALITY_RULE},
		{"agency_minimum", FINALITY_RULE},
		{"terms_not_accepted", FINALITY_OPERATOR},
		{"opens_by_hand", FINALITY_OPERATOR},
		{"channel_off", FINALITY_OPERATOR},
		{"no_address", FINALITY_OPERATOR},
		{"identity_missing", FINALITY_OPERATOR},
		{"demand_content_missing", FINALITY_OPERATOR},
		{"invoice_unsent", FINALITY_OPERATOR},
		{"being_sent", FINALITY_OPERATOR},
		{"approval_pending", FINALITY_OPERATOR},
		{"waived", FINALITY_FINAL},
	};
	int			known = (int) (sizeof(expected) / sizeof(expected[0]));
	int			bad = 0;

	CheckInt(REASON_COUNT - 1, known, "N2: this test knows every reason");
	for (int i = 0; i < known; i++)
	{
		Reason		reason = ReasonByCode(expected[i].code);
		const char *sentence = reason_info[reason].sentence;

		if (reason == REASON_NONE || reason_info[reason].finality != expected[i].finality)
		{
			Diag("reason %s", expected[i].code);
			bad++;
		}
		bad += sentence[0] < 'A' || sentence[0] > 'Z' || sentence[strlen(sentence) - 1] != '.';
	}
	CheckInt(bad, 0, "N3: each is final, the operator's, or the rule's, as the table says, in a sentence");
	CheckInt(ReasonByCode("no such reason"), REASON_NONE, "an unknown code is no reason");
	CheckInt(ReasonByCode(""), REASON_NONE, "nor is an empty one");
}

/* Dates of the preset amili, worked out by hand. */
static void
TestDatesByHand(void)
{
	/*
	 * Due Friday 2026-05-01, a bank holiday, then a weekend: the due date
	 * counts from Monday 05-04, so the reminder comes due on Saturday 05-09.
	 */
	AmiliReminder(Day(2026, 5, 9));
	PlainFacts(Day(2026, 5, 1));
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 9), "F2: a due date on closed days counts from the next bank day");
	CheckInt(LatestBase(&step), Day(2026, 5, 4), "and 05-04 is the last due date that has come due on 05-09");

	/*
	 * Ten bank days after Saturday 05-09: 11 12 13 (14 is Ascension) 15 18 19
	 * 20 21 22 25, so Monday 05-25.
	 */
	CheckInt(Deadline(&step), Day(2026, 5, 25), "F2: ten bank days over Ascension Day");
	step.term_in_bank_days = false;
	CheckInt(Deadline(&step), Day(2026, 5, 19), "F2: ten days are ten days");
	step.term = 14;
	CheckInt(Deadline(&step), Day(2026, 5, 25), "F2: a deadline on Saturday 05-23 moves to Monday");

	/* The creditor's own closed days: Monday 05-25 and Tuesday 05-26. */
	step.closed[0] = Day(2026, 5, 25);
	step.closed[1] = Day(2026, 5, 26);
	step.closed_days = 2;
	CheckInt(Deadline(&step), Day(2026, 5, 27), "L7: and past the creditor's own closed days");
	step.term = 10;
	step.term_in_bank_days = true;
	CheckInt(Deadline(&step), Day(2026, 5, 27), "L7: which are no bank days of the term either");
	step.closed[0] = Day(2026, 5, 4);
	step.closed_days = 1;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 10), "L7: a due date moves past an own closed day too");
	step.moves_due_date = false;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 6), "F2: where the law moves no due date, 05-01 + 5 is 05-06");

	/* Not on the due date itself, whatever the wait. */
	AmiliReminder(Day(2026, 6, 1));
	PlainFacts(Day(2026, 6, 1));
	step.wait = 0;
	CheckInt(StepDate(&step, &facts), Day(2026, 6, 2), "a first step never comes on the due date");
	CheckInt(LatestBase(&step), Day(2026, 5, 29), "so on Monday 06-01 the last is due on Friday 05-29");
	step.wait = 3;
	step.wait_in_bank_days = true;
	CheckInt(StepDate(&step, &facts), Day(2026, 6, 4), "R2: three bank days after Monday 06-01");

	/*
	 * The demand: 12 days after the reminder of 05-09 are 05-21, but the
	 * reminder's deadline is 05-25, so 05-26. With five days to pay (05-14,
	 * Ascension, moves to 05-15) it is 05-21.
	 */
	AmiliReminder(Day(2026, 5, 26));
	AfterLetter(Day(2026, 5, 9), Day(2026, 5, 25), RUNG_REMINDER, RUNG_DEMAND);
	step.wait = 12;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 26), "B3: never before the day after the previous letter's own deadline");
	facts.base_date = Day(2026, 5, 15);
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 21), "R2: else the wait counts from the previous letter");
	facts.base_date = Day(2026, 5, 25);
	step.waives_deadline = true;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 21), "B3: a rule may waive the deadline");
	step.wait = 0;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 10), "B3: but no two letters go out on one day");

	/* The reminder of step date 05-09 was skipped by a run for 06-15; the wait of 12 days ended on 05-21. */
	step.wait = 12;
	facts.base_date = facts.decided_on = Day(2026, 6, 15);
	CheckInt(StepDate(&step, &facts), Day(2026, 6, 16), "B3: nor two stages, when a skipped step was decided late");

	/* A payment plan that was broken on 05-12: the demand waits for its reminder's deadline and the law alone. */
	AfterLetter(Day(2026, 5, 9), Day(2026, 5, 10), RUNG_REMINDER, RUNG_DEMAND);
	facts.plan_broken_on = Day(2026, 5, 12);
	facts.not_before = NO_DATE;
	step.waives_deadline = false;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 12), "C5: after a broken plan the next unsent stage falls due that day");
	facts.not_before = Day(2026, 5, 14);
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 14), "C5, L3: if the law's intervals allow it");
	facts.not_before = Day(2026, 5, 30);
	facts.plan_broken_on = Day(2026, 5, 25);
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 21), "C5: nor later than without a plan");
	facts.plan_broken_on = Day(2026, 5, 9);
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 21), "C5: and only the next: not one that follows a letter of the day the plan was broken");
	facts.plan_broken_on = Day(2026, 5, 10);
	facts.not_before = NO_DATE;
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 11), "B3: nor before the day after the deadline");
	step.passed = 0;
	facts.plan_broken_on = Day(2026, 5, 12);
	PlainFacts(Day(2026, 5, 9));
	CheckInt(StepDate(&step, &facts), Day(2026, 5, 23), "C5: the first stage has its own day, here 12 days from Monday the 11th");
}

/* Draws a step and a calendar. */
static void
RandomStep(void)
{
	AmiliReminder((int32_t) RandomBetween(Day(1995, 1, 1), Day(2199, 12, 31)));
	step.calendar = (int32_t) RandomBetween(0, CALENDAR_COUNT - 1);
	step.wait = (int32_t) RandomBetween(0, RandomBetween(0, 3) == 0 ? 400 : 12);
	step.term = (int32_t) RandomBetween(0, 40);
	step.wait_in_bank_days = RandomBetween(0, 1) == 1;
	step.term_in_bank_days = RandomBetween(0, 1) == 1;
	step.moves_due_date = RandomBetween(0, 1) == 1;
	step.waives_deadline = RandomBetween(0, 1) == 1;
	step.catches_up = RandomBetween(0, 1) == 1;
	step.closed_days = (int32_t) RandomBetween(0, 8);
	for (int i = 0, day = step.as_of - 20; i < step.closed_days; i++)
		step.closed[i] = day += (int32_t) RandomBetween(1, 6);
}

/* What is found in the ladder's index is exactly what has come due. */
static void
TestLatestBaseInverts(void)
{
	int			bad = 0;

	for (int i = 0; i < 200000; i++)
	{
		int32_t		latest;

		RandomStep();
		latest = LatestBase(&step);
		for (int32_t due = latest - 8; due <= latest + 8; due++)
		{
			PlainFacts(due);
			if ((StepDate(&step, &facts) <= step.as_of) == (due <= latest))
				continue;
			if (bad++ == 0)
				Diag("calendar %s, as of day %d: due on %d (latest %d) comes due on %d; wait %d%s%s",
					 CalendarName((CalendarId) step.calendar), step.as_of, due, latest, StepDate(&step, &facts),
					 step.wait, step.wait_in_bank_days ? " bank days" : "",
					 step.moves_due_date ? ", due dates move" : "");
		}
	}
	CheckInt(bad, 0, "N1, N5: LatestBase turns StepDate of first steps round exactly");
}

/* Of later steps the index range misses none, and none is taken early. */
static void
TestLaterSteps(void)
{
	int			missed = 0;
	int			early = 0;
	int			taken = 0;

	for (int i = 0; i < 200000; i++)
	{
		int32_t		letter;
		int32_t		deadline;

		RandomStep();
		PlainFacts(Day(1991, 1, 1));
		letter = step.as_of - (int32_t) RandomBetween(0, 60);
		deadline = letter + (int32_t) RandomBetween(0, 60);
		AfterLetter(letter, deadline, RUNG_REMINDER, RUNG_DEMAND);
		Decide(&step, &facts, &decision);
		if (decision.outcome == OUTCOME_NOT_DUE)
			continue;
		taken += decision.outcome == OUTCOME_SENT;
		missed += facts.base_date > LatestBase(&step);
		early += step.as_of <= letter;
		early += !step.waives_deadline && step.as_of <= deadline;
		early += !step.wait_in_bank_days && step.as_of < letter + step.wait;
		early += decision.step_date > step.as_of;
		early += decision.outcome == OUTCOME_SENT && decision.deadline < step.as_of;
	}
	Check(taken > 10000, "later steps are taken");
	CheckInt(missed, 0, "N1: the index range of a later step misses none");
	CheckInt(early, 0, "B3: none is early, none on the day of the letter before");
}

/* Reasons are looked at in the order of the table, each takes its turn. */
static void
TestReasonOrder(void)
{
	int			bad = 0;

	/* but the last, which people alone give */
	for (int expected = 1; expected < REASON_WAIVED; expected++)
	{
		/* all that stands against it from this reason on */
		AmiliReminder(Day(2026, 5, 26));
		PlainFacts(Day(2026, 5, 4));
		AfterLetter(Day(2026, 5, 9), Day(2026, 5, 25), RUNG_REMINDER, RUNG_DEMAND);
		facts.case_active = false;
		step.catches_up = false;
		step.opens_by_hand = expected <= REASON_OPENS_BY_HAND;
		step.enabled = expected > REASON_RULE_DISABLED;
		step.automation = expected > REASON_AUTOMATION_OFF;
		step.import_from = expected > REASON_DUE_BEFORE_IMPORT ? NO_DATE : Day(2026, 5, 5);
		step.open_at_least = expected > REASON_OPEN_BELOW_MINIMUM ? SEK(1000) : SEK(1000) + 1;
		facts.kind = expected == REASON_CREDIT_NOTE ? 'c' : expected == REASON_INTEREST_INVOICE ? 'I' : expected == REASON_FACTORED ? 'f' : 'i';
		if (expected <= REASON_PRINCIPAL_PAID)
			facts.open = 0;
		if (expected == REASON_ALREADY_HANDLED)
		{
			facts.case_active = true;
			facts.case_rung = RUNG_MONITORING;
		}
		facts.lapsed = expected <= REASON_LAPSED;
		if (expected == REASON_CHARGED_ELSEWHERE)
		{
			step.rung = RUNG_NOTICE;
			step.adds_fees = true;
			step.charged_cap = facts.charged = 1;
			facts.charged_elsewhere = true;
		}
		facts.external_collection = expected <= REASON_EXTERNAL_COLLECTION;
		facts.automation = expected == REASON_WITHDRAWN ? 'w' : expected == REASON_CLOSED ? 'c' : expected == REASON_INVOICE_BLOCKED ? 'b' : 'o';
		facts.customer_blocked = expected <= REASON_CUSTOMER_BLOCKED;
		facts.outside_until = expected <= REASON_OUTSIDE_AUTOMATION ? Day(2026, 5, 26) : Day(2026, 5, 25);
		facts.collection_ban = expected <= REASON_COLLECTION_BAN;
		facts.standing = expected <= REASON_BANKRUPT ? 'b' : expected == REASON_DECEASED ? 'e' : expected == REASON_MINOR ? 'm' : 'n';
		facts.loss_booked = expected <= REASON_LOSS_BOOKED;
		facts.disputed = expected <= REASON_DISPUTED;
		facts.on_plan = expected <= REASON_PAYMENT_PLAN;
		facts.on_hold = expected <= REASON_ON_HOLD;
		facts.consumer_einvoice = expected <= REASON_CONSUMER_EINVOICE;
		facts.currency_supported = expected > REASON_CURRENCY_NOT_SUPPORTED;
		facts.amount_below = expected <= REASON_AMOUNT_BELOW;
		facts.amount_above = expected <= REASON_AMOUNT_ABOVE;
		facts.branch_in_rule = expected > REASON_BRANCH_NOT_IN_RULE;
		facts.trading_name_in_rule = expected > REASON_TRADING_NAME_NOT_IN_RULE;
		facts.below_agency_minimum = expected <= REASON_AGENCY_MINIMUM;
		step.terms_lacking = expected <= REASON_TERMS_NOT_ACCEPTED;
		step.channel_off = expected <= REASON_CHANNEL_OFF;
		facts.no_address = expected <= REASON_NO_ADDRESS;
		facts.no_identity = expected <= REASON_IDENTITY_MISSING;
		step.content_missing = expected <= REASON_DEMAND_CONTENT_MISSING;
		facts.invoice_unsent = expected <= REASON_INVOICE_UNSENT;
		facts.being_sent = expected <= REASON_BEING_SENT;
		step.approval = true;
		Decide(&step, &facts, &decision);
		if ((int) decision.reason != expected)
		{
			Diag("expected %s, got %s", reason_info[expected].code, reason_info[decision.reason].code);
			bad++;
		}
		bad += decision.deadline != NO_DATE || decision.fee != 0 || decision.charged_nth != 0;
	}
	CheckInt(bad, 0, "N2: each reason is reached, in the order of the table, and claims nothing");
}

/* A reason closes the step or leaves it due, by kind of reason and rule (N3). */
static void
TestOutcomes(void)
{
	AmiliReminder(Day(2026, 5, 9));
	PlainFacts(Day(2026, 5, 4));
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "nothing against it: sent");
	facts.disputed = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_WAITS, "N3: under a rule that catches up a dispute leaves it due");
	step.catches_up = false;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SKIPPED, "N3: under one that does not it closes the step");
	CheckInt(decision.step_date, Day(2026, 5, 9), "R9: on its step date");
	step.as_of = Day(2026, 5, 20);
	Decide(&step, &facts, &decision);
	CheckInt(decision.step_date, Day(2026, 5, 9), "R9: also when a later run decides it");
	step.automation = false;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_WAITS, "N3: the operator's own trouble leaves it due under every rule");
	facts.kind = 'c';
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_WAITS, "B1: and so does what would be final, while no run decides anything");
	step.automation = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SKIPPED, "N3: the kind of invoice is final under every rule");
	step.catches_up = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SKIPPED, "N3: under one that catches up too");
	step.as_of = Day(2026, 5, 8);
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_NOT_DUE, "before its date it is not due, whatever stands against it");
	CheckInt(decision.reason, REASON_NONE, "and has no reason");
}

/* What stands just on the edge is let through. */
static void
TestEdges(void)
{
	AmiliReminder(Day(2026, 5, 9));
	PlainFacts(Day(2026, 5, 4));
	step.import_from = Day(2026, 5, 4);
	step.open_at_least = SEK(1000);
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "R1, R2: due on import_from, the minimum open: sent");

	AmiliReminder(Day(2026, 5, 26));
	AfterLetter(Day(2026, 5, 9), Day(2026, 5, 25), RUNG_REMINDER, RUNG_DEMAND);
	facts.loss_booked = true;
	step.opens_by_hand = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "R1: the rest of the ladder runs itself; a case that is open goes on");
	facts.case_rung = RUNG_DEMAND;
	Decide(&step, &facts, &decision);
	CheckInt(decision.reason, REASON_ALREADY_HANDLED, "N2: a case at the very stage has it behind it");
}

/* Steps due by a run that came before the customer (R9). */
static void
TestOutsideAutomation(void)
{
	AmiliReminder(Day(2026, 5, 20));
	PlainFacts(Day(2026, 5, 4));	/* comes due on 05-09 */
	step.catches_up = false;
	facts.outside_until = Day(2026, 5, 8);
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "R9: under the rule since before the first run from the step date on");
	facts.outside_until = Day(2026, 5, 9);
	Decide(&step, &facts, &decision);
	CheckInt(decision.reason, REASON_OUTSIDE_AUTOMATION, "R9: a run for the step date came before the customer");
	facts.outside_until = NO_DATE;
	step.enabled_after = Day(2026, 5, 9);
	Decide(&step, &facts, &decision);
	CheckInt(decision.reason, REASON_OUTSIDE_AUTOMATION, "R9: or before the rule was switched on");
	facts.examined = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "N3: a run left it due for the operator's own trouble");
	facts.examined = false;
	step.catches_up = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "R9: a rule that catches up takes it");
	step.automation_from = Day(2026, 5, 21);
	Decide(&step, &facts, &decision);
	CheckInt(decision.reason, REASON_AUTOMATION_OFF, "P4: automation that begins tomorrow is off today");
	step.automation_from = Day(2026, 5, 20);
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "P4: and on from its first day");

	/* A stage without a letter: no fee, no deadline, and no e-invoice stands in its way. */
	AmiliReminder(Day(2026, 6, 30));
	AfterLetter(Day(2026, 5, 26), Day(2026, 6, 10), RUNG_DEMAND, RUNG_MONITORING);
	step.letter = false;
	step.fee = 0;
	facts.consumer_einvoice = true;
	facts.fees = SEK(240);
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_ENTERED, "C3: monitoring is entered without a letter");
	CheckInt(decision.deadline, NO_DATE, "with no deadline");
	CheckInt(decision.fees, SEK(240), "and no further fee");
	facts.case_rung = RUNG_ENFORCEMENT;
	Decide(&step, &facts, &decision);
	CheckInt(decision.reason, REASON_ALREADY_HANDLED, "N2: a case at enforcement has passed monitoring");
}

/* Finnish tiers: 14 up to 100, 24 up to 1000, 50 above (L2). */
static void
TestCaps(void)
{
	AmiliReminder(Day(2026, 5, 9));
	step.tiers = 3;
	step.above[0] = 0;
	step.above[1] = SEK(100);
	step.above[2] = SEK(1000);
	step.cap[0] = SEK(14);
	step.cap[1] = SEK(24);
	step.cap[2] = SEK(50);
	CheckInt(FeeCap(&step, 0), SEK(14), "L2: no principal is in the lowest tier");
	CheckInt(FeeCap(&step, SEK(100)), SEK(14), "L2: 100.00 still is");
	CheckInt(FeeCap(&step, SEK(100) + 1), SEK(24), "L2: 100.01 is in the next");
	CheckInt(FeeCap(&step, SEK(1000)), SEK(24), "L2: 1000.00 still is");
	CheckInt(FeeCap(&step, SEK(1000) + 1), SEK(50), "L2: 1000.01 is in the last");
	CheckInt(FeeCap(&step, SEK(9999999)), SEK(50), "L2: which has no end");
	step.cap[1] = NO_LIMIT;
	CheckInt(FeeCap(&step, SEK(500)), NO_LIMIT, "L2: a tier may have no cap");
	step.cap[1] = 0;
	CheckInt(FeeCap(&step, SEK(500)), 0, "L2: or allow nothing");
	step.tiers = 0;
	CheckInt(FeeCap(&step, SEK(500)), NO_LIMIT, "L2: no row is no cap");
}

/* A letter's own fee (L2, F4). */
static void
TestFee(void)
{
	AmiliReminder(Day(2026, 5, 9));
	PlainFacts(Day(2026, 5, 4));
	Decide(&step, &facts, &decision);
	CheckInt(decision.fee, SEK(60), "the rule's fee, within the cap");
	CheckInt(decision.charged_nth, 1, "F4: the first fee-carrying reminder");
	Check(!decision.fee_lowered, "and is not lowered");
	step.cap[0] = SEK(50);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fee, SEK(50), "L2: lowered to the cap of the letter's date");
	Check(decision.fee_lowered, "and says so");
	step.cap[0] = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fee, 0, "L2: nothing may be charged");
	CheckInt(decision.charged_nth, 0, "F4: then it is no fee-carrying reminder");
	step.cap[0] = SEK(60);
	facts.charged = 1;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fee, 0, "F4: a second reminder carries no fee where the law allows one");
	Check(decision.fee_lowered, "and says so");
	step.charged_cap = 2;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fee, SEK(60), "F4: where it allows two it does");
	CheckInt(decision.charged_nth, 2, "as the second");
	step.charged_cap = 1;
	step.rung = RUNG_DEMAND;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fee, SEK(60), "F4: a demand is no reminder");
	CheckInt(decision.charged_nth, 0, "and does not count as one");
}

/* What all letters claim together (F3). */
static void
TestFees(void)
{
	AmiliReminder(Day(2026, 5, 26));
	PlainFacts(Day(2026, 5, 4));
	AfterLetter(Day(2026, 5, 9), Day(2026, 5, 25), RUNG_REMINDER, RUNG_DEMAND);
	facts.fees = SEK(60);
	step.fee = SEK(180);
	step.cap[0] = SEK(180);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(240), "F3: collected by the service they add up, 60 + 180");

	step.adds_fees = false;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(180), "F3: by own rules the later takes the place of the earlier");
	step.fee = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(60), "F3: a stage with no fee leaves the earlier one standing");
	step.fee = SEK(20);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(20), "F3: a lower one takes its place too");
	facts.fees_paid = SEK(15);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(20), "F3: what is paid of the earlier counts towards it");
	facts.fees_paid = SEK(25);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(25), "F3: nothing more is owed when more was paid, and nothing back");
	facts.fees_waived = SEK(35);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(60), "F3: beside what was waived");
	facts.fees_paid = 0;
	facts.fees_waived = SEK(60);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_waived, SEK(20), "C6: a fee waived with its failed letter pays for no later one");

	/* A payment plan's 170 stands beside the letters' fees: 60 + 170 claimed. */
	facts.fees = SEK(230);
	facts.plan_fees = SEK(170);
	step.fee = SEK(180);
	facts.fees_waived = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(350), "C5, F3: the fee of a plan stands beside that of a later stage");
	facts.fees_paid = SEK(100);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_paid, SEK(250), "C5, F3: what is paid is of the letter first: 130 of the plan left, and 120 of 180");
	facts.fees_paid = SEK(230);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_paid, SEK(120), "C5, F3: both paid");
	facts.fees_waived = SEK(60);
	facts.fees_paid = SEK(0);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_waived, SEK(350), "C5, C6: a letter's fee that is gone takes nothing of the plan's with it");
	facts.fees_paid = facts.fees_waived = facts.plan_fees = 0;
	facts.fees = SEK(60);
	step.fee = SEK(20);
	facts.fees_waived = 0;

	/* The first letter, and a fee set by hand. */
	facts.case_active = false;
	facts.fees = 0;
	facts.fee_by_hand = SEK(45);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(20), "F3: a rule's fee takes the place of one set by hand");
	step.fee = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(45), "F3: which stands if the rule has none");
}

/* Compensation for being late, and the fees it is set off against (L4). */
static void
TestCompensation(void)
{
	AmiliReminder(Day(2026, 5, 9));
	PlainFacts(Day(2026, 5, 4));
	step.compensation = SEK(450);
	step.compensation_offsets = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(450), "L4: compensation and the reminder's fee are together 450");
	CheckInt(decision.compensation, SEK(390), "L4: of which the fee is 60");
	facts.fees_paid_before = SEK(60);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(390), "L4: what was paid in an earlier case counts towards it");
	facts.fees_paid_before = 0;
	facts.other_currency = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(60), "L4: none in another currency than the law's");
	facts.other_currency = false;

	/* The demand after it. */
	AfterLetter(Day(2026, 5, 9), Day(2026, 5, 25), RUNG_REMINDER, RUNG_DEMAND);
	step.as_of = Day(2026, 5, 26);
	step.fee = SEK(180);
	step.cap[0] = SEK(180);
	facts.fees = SEK(450);
	facts.compensation = SEK(390);
	facts.letter_fees = SEK(60);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(450), "L4: so they are with 60 + 180");
	CheckInt(decision.compensation, SEK(210), "L4: of which the fees are 240");
	facts.letter_fees = SEK(300);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(480), "L4: and 480 with 300 + 180");
	CheckInt(decision.compensation, 0, "L4: which leaves nothing of it");
	facts.letter_fees = SEK(60);
	step.compensation = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(450), "L4: what was claimed is not taken back when the rule claims none any more");
	step.compensation = SEK(450);
	facts.letter_fees = 0;
	facts.fees_waived = SEK(450);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_waived, SEK(450), "C6: waived with the letter that failed, it is claimed by the next");
	facts.fees_waived = 0;
	facts.letter_fees = SEK(60);

	/* Where it comes on top. */
	step.compensation_offsets = false;
	step.compensation = SEK(310);
	facts.fees = SEK(370);
	facts.compensation = SEK(310);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(550), "L4: in Denmark 310 on top of 60 + 180");
	facts.compensation_paid_before = SEK(310);
	facts.fees = SEK(60);
	facts.compensation = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees, SEK(240), "L4: once");

	/* By own rules. */
	step.adds_fees = false;
	step.compensation_offsets = true;
	step.compensation = SEK(450);
	facts.compensation_paid_before = 0;
	facts.fees = SEK(450);
	facts.compensation = SEK(390);
	Decide(&step, &facts, &decision);
	CheckInt(decision.compensation, SEK(270), "F3, L4: the later fee takes the earlier one's place, the rest is compensation");
	step.fee = 0;
	Decide(&step, &facts, &decision);
	CheckInt(decision.compensation, SEK(390), "F3, L4: a stage with no fee leaves the earlier one standing");
}

/* By hand: when, and over what (N7, B3, B4). */
static void
TestSentByHand(void)
{
	/* Due on Monday 2026-03-02, the reminder waits for the 7th. */
	AmiliReminder(Day(2026, 3, 3));
	PlainFacts(Day(2026, 3, 2));
	facts.not_before = NO_DATE;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_NOT_DUE, "N7: a run waits");
	facts.by_hand = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "N7: a hand does not, from the day after the due date");
	step.as_of--;
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_NOT_DUE, "N7: but not on it");
	facts.not_before = Day(2026, 3, 16);
	CheckInt(StepDate(&step, &facts), Day(2026, 3, 16), "L3: nor before the law's interval is over");

	/* A demand after a letter of 2026-03-03, to be paid by the 17th. */
	AfterLetter(Day(2026, 3, 3), Day(2026, 3, 17), RUNG_REMINDER, RUNG_DEMAND);
	facts.not_before = NO_DATE;
	CheckInt(StepDate(&step, &facts), Day(2026, 3, 18), "B3: nor before the day after the deadline");
	step.waives_deadline = true;
	facts.decided_on = Day(2026, 3, 5);
	CheckInt(StepDate(&step, &facts), Day(2026, 3, 6), "B3: unless it is waived, and then on no day with another decision");

	/* What stands, the rule not catching up, leaves the step as it is. */
	AmiliReminder(Day(2026, 3, 9));
	step.catches_up = false;
	step.automation = false;
	PlainFacts(Day(2026, 3, 2));
	facts.not_before = NO_DATE;
	facts.by_hand = true;
	facts.automation = 'b';
	facts.amount_above = true;
	facts.outside_until = Day(2026, 3, 8);
	Decide(&step, &facts, &decision);
	CheckInt(decision.outcome, OUTCOME_SENT, "N7: several reasons are overridden at once");
	facts.disputed = true;
	Decide(&step, &facts, &decision);
	CheckInt(decision.reason, REASON_DISPUTED, "N7: a dispute is not");
	CheckInt(decision.outcome, OUTCOME_WAITS, "N7: and nothing is skipped by hand");

	/* SE: 450 claimed, of which 390 were waived by hand: the demand claims 60. */
	AmiliReminder(Day(2026, 4, 20));
	AfterLetter(Day(2026, 3, 3), Day(2026, 3, 17), RUNG_REMINDER, RUNG_DEMAND);
	PlainFacts(Day(2026, 3, 2));
	step.compensation = SEK(450);
	step.compensation_offsets = true;
	step.fee = SEK(180);
	step.cap[0] = SEK(180);
	facts.case_active = true;
	facts.case_rung = RUNG_REMINDER;
	facts.fees = SEK(450);
	facts.compensation = SEK(390);
	facts.letter_fees = SEK(60);
	facts.fees_waived = SEK(390);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_waived, SEK(450), "L4: what a letter that failed claimed is claimed again");
	facts.fees_waived_by_hand = SEK(390);
	Decide(&step, &facts, &decision);
	CheckInt(decision.fees - facts.fees_waived, SEK(60), "B4: what was waived by hand is not");
}

int
main(void)
{
	TestReasons();
	TestDatesByHand();
	TestLatestBaseInverts();
	TestLaterSteps();
	TestReasonOrder();
	TestOutcomes();
	TestEdges();
	TestOutsideAutomation();
	TestCaps();
	TestFee();
	TestFees();
	TestCompensation();
	TestSentByHand();
	return DoneTesting();
}
