  /*
   * Holds, cases, decisions, events and runs: what automation and people did.
   */
  CREATE TABLE reminder.hold (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    hold_no smallint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    reason text NOT NULL,
    from_on date NOT NULL,
    until_on date,
    released_on date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT hold_pkey PRIMARY KEY (creditor_id, invoice_no, hold_no),
    CONSTRAINT hold_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT hold_kind CHECK (kind IN ('dispute', 'promise', 'manual', 'payment_plan')),
    CONSTRAINT hold_reason_length CHECK (octet_length(reason) BETWEEN 1 AND 1000),
    CONSTRAINT hold_from_on CHECK (from_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT hold_until_on CHECK (until_on BETWEEN from_on AND '2200-12-31'),
    CONSTRAINT hold_released_on CHECK (released_on BETWEEN from_on AND '2200-12-31')
  );
  CREATE INDEX hold_ends_idx ON reminder.hold (creditor_id, until_on) WHERE kind IN ('promise', 'payment_plan') AND released_on IS NULL;
  COMMENT ON TABLE reminder.hold IS 'Stops on invoices: disputes, promises to pay, payment plans, manual ones. A hold stands on from_on to until_on, both included, and not from released_on on.';

  CREATE TABLE reminder.closing_reason (
    closing_reason text COLLATE "C" NOT NULL,
    sentence text NOT NULL,
    CONSTRAINT closing_reason_pkey PRIMARY KEY (closing_reason),
    CONSTRAINT closing_reason_words CHECK (closing_reason ~ '^[a-z]+( [a-z]+)*$' AND octet_length(closing_reason) <= 64),
    CONSTRAINT closing_reason_sentence_length CHECK (octet_length(sentence) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.closing_reason IS 'Why close_case() may close a case. One''s own reasons are more rows.';
  INSERT INTO reminder.closing_reason VALUES
    ('bankruptcy', 'The customer is bankrupt.'),
    ('ceased', 'The company is dissolved or struck off.'),
    ('debt relief', 'The customer was granted relief of debts, and the claim is among them.'),
    ('deceased', 'The customer has died.'),
    ('disputed', 'The customer disputes the claim, and it is not taken to court.'),
    ('emigrated', 'The customer has left for where the claim is not pursued.'),
    ('fraud', 'Somebody else bought in the customer''s name.'),
    ('lapsed', 'The claim has lapsed.'),
    ('minor', 'The customer is a minor.'),
    ('mistake', 'The claim should not have been collected.'),
    ('no assets', 'Enforcement found nothing to take.'),
    ('not worth it', 'More would cost more than it brings.'),
    ('other', 'Any other, in words after a colon.'),
    ('reorganisation', 'The company is in reorganisation.'),
    ('settled', 'Creditor and customer have settled it among themselves.'),
    ('unknown address', 'The customer is not to be found.'),
    ('wrong debtor', 'Somebody else owes it.');

  CREATE TABLE reminder.collection_case (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    case_no smallint NOT NULL,
    case_id uuid NOT NULL DEFAULT gen_random_uuid(),
    state text COLLATE "C" NOT NULL,
    ended_from text COLLATE "C",
    collected_by text COLLATE "C" NOT NULL,
    rule_no integer NOT NULL,
    opened_on date NOT NULL,
    state_on date NOT NULL,
    ended_on date,
    closing_reason text,
    fees numeric(14,2) NOT NULL DEFAULT 0,
    fees_paid numeric(14,2) NOT NULL DEFAULT 0,
    fees_waived numeric(14,2) NOT NULL DEFAULT 0,
    compensation numeric(14,2) NOT NULL DEFAULT 0,
    interest numeric(14,2) NOT NULL DEFAULT 0,
    interest_paid numeric(14,2) NOT NULL DEFAULT 0,
    interest_waived numeric(14,2) NOT NULL DEFAULT 0,
    reference text,
    CONSTRAINT collection_case_pkey PRIMARY KEY (creditor_id, invoice_no, case_no),
    CONSTRAINT collection_case_state CHECK (state IN ('reminder', 'notice', 'demand', 'monitoring', 'enforcement', 'paid', 'withdrawn', 'credited', 'closed')),
    CONSTRAINT collection_case_ended CHECK ((state IN ('paid', 'withdrawn', 'credited', 'closed')) = (ended_on IS NOT NULL)),
    CONSTRAINT collection_case_ended_from CHECK ((ended_from IS NULL) = (ended_on IS NULL)),
    CONSTRAINT collection_case_closed CHECK ((state = 'closed') = (closing_reason IS NOT NULL) OR state = 'withdrawn'),
    CONSTRAINT collection_case_collected_by CHECK (collected_by IN ('creditor', 'service', 'agency')),
    CONSTRAINT collection_case_opened_on CHECK (opened_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT collection_case_state_on CHECK (state_on BETWEEN opened_on AND '2200-12-31'),
    CONSTRAINT collection_case_ended_on CHECK (ended_on BETWEEN opened_on AND '2200-12-31'),
    CONSTRAINT collection_case_fees CHECK (fees >= 0 AND fees < 1000000000000),
    CONSTRAINT collection_case_fees_paid CHECK (fees_paid >= 0 AND fees_waived >= 0 AND fees_paid + fees_waived <= fees),
    CONSTRAINT collection_case_compensation CHECK (compensation >= 0 AND compensation <= fees),
    CONSTRAINT collection_case_interest CHECK (interest >= 0 AND interest < 1000000000000),
    CONSTRAINT collection_case_interest_paid CHECK (interest_paid >= 0 AND interest_waived >= 0 AND interest_paid + interest_waived <= interest),
    CONSTRAINT collection_case_text_length CHECK (coalesce(octet_length(closing_reason), 0) <= 1000 AND coalesce(octet_length(reference), 0) <= 64)
  ) WITH (fillfactor = 85);
  CREATE UNIQUE INDEX collection_case_active_key ON reminder.collection_case (creditor_id, invoice_no) WHERE ended_on IS NULL;
  COMMENT ON TABLE reminder.collection_case IS 'The collection of one invoice, from its first letter until it is ended; at most one active at a time. No foreign key: only a run opens cases, under the lock on the invoice, and what has been decided on cannot be deleted.';
  COMMENT ON COLUMN reminder.collection_case.state IS 'its stage; or how it ended: paid, withdrawn, credited, closed. case_transitions() lists what may follow what';
  COMMENT ON COLUMN reminder.collection_case.ended_from IS 'the stage it ended in';
  COMMENT ON COLUMN reminder.collection_case.case_id IS 'its public id: it never changes, and tells nothing';
  COMMENT ON COLUMN reminder.collection_case.closing_reason IS 'of one closed: a row of closing_reason, with words after a colon or without; of one withdrawn: why, in words';
  COMMENT ON COLUMN reminder.collection_case.fees IS 'fees claimed so far, all letters, compensation for being late and fees of enforcement included';
  COMMENT ON COLUMN reminder.collection_case.compensation IS 'of the fees, compensation for being late: as of the last letter';
  COMMENT ON COLUMN reminder.collection_case.interest IS 'late interest claimed: as of the last letter that went out or may';

  CREATE TABLE reminder.decision (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    taken_back smallint NOT NULL DEFAULT 0,
    stage text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    reason text COLLATE "C",
    as_of date NOT NULL,
    step_date date NOT NULL,
    rule_no integer NOT NULL,
    rule_version integer NOT NULL,
    case_no smallint,
    customer_no text COLLATE "C" NOT NULL,
    collected_by text COLLATE "C" NOT NULL,
    due_date date NOT NULL,
    amount numeric(14,2) NOT NULL,
    currency text COLLATE "C" NOT NULL,
    principal numeric(14,2) NOT NULL,
    interest numeric(14,2) NOT NULL DEFAULT 0,
    interest_settled numeric(14,2) NOT NULL DEFAULT 0,
    interest_until date,
    fee numeric(14,2),
    fee_cap numeric(14,2),
    fee_of_rule numeric(14,2),
    charged_nth smallint,
    charged_cap smallint,
    fees numeric(14,2) NOT NULL DEFAULT 0,
    fees_settled numeric(14,2) NOT NULL DEFAULT 0,
    compensation numeric(14,2) NOT NULL DEFAULT 0,
    fees_at_least numeric(14,2) NOT NULL DEFAULT 0,
    deadline date,
    channel text COLLATE "C",
    reference text COLLATE "C",
    status text COLLATE "C",
    decided_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT decision_pkey PRIMARY KEY (creditor_id, invoice_no, rung, taken_back),
    CONSTRAINT decision_outcome CHECK (outcome IN ('sent', 'entered', 'skipped')),
    CONSTRAINT decision_reason CHECK ((outcome = 'skipped') = (reason IS NOT NULL)),
    CONSTRAINT decision_case CHECK ((outcome = 'skipped') = (case_no IS NULL)),
    CONSTRAINT decision_letter CHECK ((outcome = 'sent') = (deadline IS NOT NULL AND status IS NOT NULL)),
    CONSTRAINT decision_dates CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31' AND step_date <= as_of AND deadline BETWEEN as_of AND '2210-12-31'),
    CONSTRAINT decision_status CHECK (status IN ('queued', 'sent', 'failed', 'cancelled')),
    CONSTRAINT decision_amounts CHECK (amount >= 0 AND principal >= 0 AND principal <= amount AND interest >= 0 AND interest < 1000000000000),
    CONSTRAINT decision_interest_settled CHECK (interest_settled >= 0 AND interest_settled <= interest),
    CONSTRAINT decision_interest_until CHECK (interest_until IS NULL OR (outcome = 'sent' AND interest_until < as_of)),
    CONSTRAINT decision_compensation CHECK (compensation >= 0 AND compensation <= fees AND fees_at_least >= 0 AND fees_at_least <= fees),
    CONSTRAINT decision_fee_within_cap CHECK (fee > 0 AND fee <= coalesce(fee_cap, 999999999999.99)),
    CONSTRAINT decision_fee_of_rule CHECK (fee_of_rule > coalesce(fee, 0) AND fee_of_rule < 1000000000000),
    CONSTRAINT decision_charged_within_cap CHECK (charged_nth > 0 AND charged_nth <= coalesce(charged_cap, 9)),
    CONSTRAINT decision_charged CHECK ((charged_nth IS NOT NULL) = (fee IS NOT NULL AND rung BETWEEN 10 AND 29 AND status <> 'failed')),
    CONSTRAINT decision_fees CHECK (fees_settled >= 0 AND fees_settled <= fees AND fees < 1000000000000)
  ) WITH (fillfactor = 90);
  CREATE UNIQUE INDEX decision_charged_key ON reminder.decision (creditor_id, invoice_no, charged_nth) WHERE charged_nth IS NOT NULL AND taken_back = 0;
  COMMENT ON TABLE reminder.decision IS 'One decision per invoice and step, ever: the row is the claim on the step, and the letter if one was sent. No foreign key: see collection_case.';
  COMMENT ON COLUMN reminder.decision.rung IS 'the step: the rung of its stage, one higher for each further letter of that stage';
  COMMENT ON COLUMN reminder.decision.taken_back IS '0; a letter taken back gets the next number and leaves the step free';
  COMMENT ON COLUMN reminder.decision.outcome IS '"sent" (a letter), "entered" (a stage without one), "skipped" (never to be sent)';
  COMMENT ON COLUMN reminder.decision.as_of IS 'the business date of the decision: the date of the letter';
  COMMENT ON COLUMN reminder.decision.step_date IS 'the date the step came due';
  COMMENT ON COLUMN reminder.decision.fee IS 'this letter''s own fee';
  COMMENT ON COLUMN reminder.decision.fee_cap IS 'the statutory cap in force on the letter date; NULL: none';
  COMMENT ON COLUMN reminder.decision.fee_of_rule IS 'what the rule would have charged, when the law allowed less';
  COMMENT ON COLUMN reminder.decision.charged_nth IS 'the how many-eth fee-carrying reminder of the invoice, those that finally failed not counted';
  COMMENT ON COLUMN reminder.decision.fees IS 'all fees of the case, this one included';
  COMMENT ON COLUMN reminder.decision.fees_settled IS 'of these, paid or waived when the letter was made: it claims the rest';
  COMMENT ON COLUMN reminder.decision.compensation IS 'of the fees, compensation for being late';
  COMMENT ON COLUMN reminder.decision.fees_at_least IS 'what compensation makes of the fees at least, where the law offsets the two';
  COMMENT ON COLUMN reminder.decision.interest IS 'late interest of the case up to as_of, or up to interest_until';
  COMMENT ON COLUMN reminder.decision.interest_until IS 'the last day whose rate was known, if that was before as_of: a rate is never carried forward';
  COMMENT ON COLUMN reminder.decision.interest_settled IS 'of this, paid or waived when the letter was made: it claims the rest';

  CREATE TABLE reminder.event (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL DEFAULT '',
    event_no integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    as_of date,
    case_no smallint,
    rule_no integer,
    amount numeric(14,2),
    detail text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT event_pkey PRIMARY KEY (creditor_id, invoice_no, event_no),
    CONSTRAINT event_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT event_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT event_detail_length CHECK (octet_length(detail) <= 10000)
  );
  COMMENT ON TABLE reminder.event IS 'What happened that is neither a decision nor money: append-only. event_list shows all three.';
  COMMENT ON COLUMN reminder.event.invoice_no IS 'empty: an event of the creditor';

  CREATE TABLE reminder.run_log (
    creditor_id bigint NOT NULL,
    as_of date NOT NULL,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    ended_at timestamptz,
    due bigint NOT NULL DEFAULT 0,
    done bigint NOT NULL DEFAULT 0,
    seconds numeric(12,3) NOT NULL DEFAULT 0,
    CONSTRAINT run_log_pkey PRIMARY KEY (creditor_id, as_of),
    CONSTRAINT run_log_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT run_log_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.run_log IS 'Runs, by creditor and as-of date. The latest one is the creditor''s "today".';
  COMMENT ON COLUMN reminder.run_log.due IS 'invoices to look at, as counted when the run began';

  CREATE TABLE reminder.run_count (
    creditor_id bigint NOT NULL,
    as_of date NOT NULL,
    stage text COLLATE "C" NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL DEFAULT '',
    currency text COLLATE "C" NOT NULL,
    invoices bigint NOT NULL,
    principal numeric(20,2) NOT NULL,
    fee numeric(20,2) NOT NULL,
    CONSTRAINT run_count_pkey PRIMARY KEY (creditor_id, as_of, stage, outcome, reason, currency),
    CONSTRAINT run_count_run_fkey FOREIGN KEY (creditor_id, as_of) REFERENCES reminder.run_log
  );
  COMMENT ON TABLE reminder.run_count IS 'What each run did: how many invoices and how much, by stage, outcome and reason.';

  CREATE TABLE reminder.run_exception (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    stage text COLLATE "C" NOT NULL,
    sqlstate text COLLATE "C" NOT NULL,
    message text NOT NULL,
    detail text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT run_exception_pkey PRIMARY KEY (creditor_id, invoice_no, as_of, stage)
  );
  COMMENT ON TABLE reminder.run_exception IS 'Invoices a run could not decide, and why; the run went on without them.';
