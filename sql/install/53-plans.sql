  /*
   * Payment plans (C5): what a customer may pay in instalments, and when each is
   * due. A plan stops letters as the hold that goes with it, whose last day is
   * kept as payments come and go back: so nothing is asked of a plan where
   * letters are decided.
   */
  CREATE TABLE reminder.payment_plan (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    plan_no smallint NOT NULL,
    hold_no smallint NOT NULL,
    case_no smallint,
    rung smallint NOT NULL DEFAULT 0,
    agreed_on date NOT NULL,
    principal numeric(14,2) NOT NULL,
    interest numeric(14,2) NOT NULL DEFAULT 0,
    fees numeric(14,2) NOT NULL DEFAULT 0,
    fee numeric(14,2) NOT NULL DEFAULT 0,
    fee_added numeric(14,2) NOT NULL DEFAULT 0,
    fee_cap numeric(14,2),
    fee_law text,
    fee_to text COLLATE "C",
    interest_claimed numeric(14,2) NOT NULL DEFAULT 0,
    paid_before numeric(14,2) NOT NULL DEFAULT 0,
    rounded_to numeric(14,2),
    grace_days smallint NOT NULL DEFAULT 0,
    state text COLLATE "C" NOT NULL DEFAULT 'active',
    ended_on date,
    why text,
    CONSTRAINT payment_plan_pkey PRIMARY KEY (creditor_id, invoice_no, plan_no),
    CONSTRAINT payment_plan_agreed_on CHECK (agreed_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT payment_plan_amounts CHECK (
      principal >= 0 AND interest >= 0 AND fees >= 0 AND principal + interest + fees > 0 AND principal + interest + fees < 1000000000000),
    CONSTRAINT payment_plan_fee CHECK (fee >= 0 AND fee < 1000000000000 AND fee <= coalesce(fee_cap, fee) AND fee_added >= 0 AND fee_added <= fee AND fee_added <= fees),
    CONSTRAINT payment_plan_fee_to CHECK (fee_to IN ('creditor', 'service', 'agency') AND (fee > 0) = (fee_to IS NOT NULL) AND (fee = 0 OR case_no IS NOT NULL)),
    CONSTRAINT payment_plan_interest_claimed CHECK (interest_claimed >= interest AND interest_claimed < 1000000000000),
    CONSTRAINT payment_plan_paid_before CHECK (paid_before >= 0 AND paid_before < 1000000000000),
    CONSTRAINT payment_plan_rounded_to CHECK (rounded_to > 0 AND rounded_to <= 1),
    CONSTRAINT payment_plan_grace_days CHECK (grace_days BETWEEN 0 AND 60),
    CONSTRAINT payment_plan_state CHECK (state IN ('active', 'broken', 'paid', 'removed')),
    CONSTRAINT payment_plan_ended CHECK ((state = 'active') = (ended_on IS NULL)),
    CONSTRAINT payment_plan_ended_on CHECK (ended_on BETWEEN agreed_on AND '2200-12-31'),
    CONSTRAINT payment_plan_why CHECK ((state = 'removed') = (why IS NOT NULL) AND coalesce(octet_length(why), 1) BETWEEN 1 AND 1000)
  );
  CREATE UNIQUE INDEX payment_plan_active_key ON reminder.payment_plan (creditor_id, invoice_no) WHERE state = 'active';
  COMMENT ON TABLE reminder.payment_plan IS 'Payment plans: one at a time on an invoice, with a case or without one. make_payment_plan() makes them.';
  COMMENT ON COLUMN reminder.payment_plan.hold_no IS 'the hold that stops letters: until the last day of the first instalment that is not paid in time';
  COMMENT ON COLUMN reminder.payment_plan.case_no IS 'the case that was active when it was made';
  COMMENT ON COLUMN reminder.payment_plan.rung IS 'the step of the case''s last letter before it; 0: none';
  COMMENT ON COLUMN reminder.payment_plan.principal IS 'what the plan is of: principal, interest and fees together are what the instalments come to';
  COMMENT ON COLUMN reminder.payment_plan.fees IS 'fees of the case that the plan is of, its own included';
  COMMENT ON COLUMN reminder.payment_plan.fee IS 'its own fee';
  COMMENT ON COLUMN reminder.payment_plan.fee_added IS 'what that put to the fees of the case: less where the law offsets compensation for being late';
  COMMENT ON COLUMN reminder.payment_plan.fee_cap IS 'the statutory cap in force on agreed_on; NULL: none';
  COMMENT ON COLUMN reminder.payment_plan.fee_law IS 'where that is from';
  COMMENT ON COLUMN reminder.payment_plan.fee_to IS 'who gets the fee: whoever collects the case';
  COMMENT ON COLUMN reminder.payment_plan.interest_claimed IS 'late interest that the case claimed by then, paid or not';
  COMMENT ON COLUMN reminder.payment_plan.paid_before IS 'payments of the invoice that counted when it was made: what comes beyond them is for the instalments';
  COMMENT ON COLUMN reminder.payment_plan.rounded_to IS 'to what an amount to be paid is rounded; NULL: it is not';
  COMMENT ON COLUMN reminder.payment_plan.grace_days IS 'days after an instalment''s due date on which it is still in time';
  COMMENT ON COLUMN reminder.payment_plan.state IS 'active, broken (as of the first run after an instalment was missed), paid (nothing of it is owed any more) or removed';

  CREATE TABLE reminder.instalment (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    plan_no smallint NOT NULL,
    instalment_no smallint NOT NULL,
    due_date date NOT NULL,
    in_time_until date NOT NULL,
    amount numeric(14,2) NOT NULL,
    CONSTRAINT instalment_pkey PRIMARY KEY (creditor_id, invoice_no, plan_no, instalment_no),
    CONSTRAINT instalment_due_date CHECK (due_date BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT instalment_in_time_until CHECK (in_time_until BETWEEN due_date AND '2201-12-31'),
    CONSTRAINT instalment_amount CHECK (amount > 0 AND amount < 1000000000000)
  );
  COMMENT ON TABLE reminder.instalment IS 'Instalments of payment plans, in the order of their due dates. Payments are credited to them in that order.';
  COMMENT ON COLUMN reminder.instalment.in_time_until IS 'the last day on which a payment is in time: the due date, moved where the law moves it from a closed day, and the days of grace';
