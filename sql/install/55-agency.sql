
  /*
   * Traffic with agencies (C8): claims handed over to them, what they say of
   * these, and what they are asked to give back. A claim waits to be handed over
   * as a letter does, in the outbox.
   */
  CREATE TABLE reminder.handover (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    nth smallint NOT NULL,
    case_no smallint NOT NULL,
    agency text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    answer text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    reference text,
    reason text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT handover_pkey PRIMARY KEY (creditor_id, invoice_no, rung, nth),
    CONSTRAINT "handover_answer: acknowledged, rejected" CHECK (answer IN ('acknowledged', 'rejected')),
    CONSTRAINT handover_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT handover_text_length CHECK (coalesce(octet_length(reference), 0) <= 64 AND coalesce(octet_length(reason), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.handover IS 'What agencies said of claims that were handed over to them: append-only.';
  COMMENT ON COLUMN reminder.handover.nth IS 'the how many-eth letter of its step, as in delivery';
  COMMENT ON COLUMN reminder.handover.reference IS 'the agency''s own number of the case';

  CREATE TABLE reminder.agency_message (
    creditor_id bigint NOT NULL,
    agency text COLLATE "C" NOT NULL,
    message_id text COLLATE "C" NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    on_date date NOT NULL,
    status text COLLATE "C",
    stage text COLLATE "C",
    amount numeric(14,2),
    currency text COLLATE "C",
    deadline date,
    detail text,
    problem text COLLATE "C",
    as_of date NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT agency_message_pkey PRIMARY KEY (creditor_id, agency, message_id),
    CONSTRAINT agency_message_kind CHECK (kind IN ('status', 'letter', 'payment', 'fee', 'closure', 'withdrawn', 'not_withdrawn')),
    CONSTRAINT agency_message_dates CHECK (on_date BETWEEN '1990-01-01' AND as_of AND as_of <= '2200-12-31'),
    CONSTRAINT agency_message_deadline CHECK (deadline BETWEEN on_date AND '2200-12-31'),
    CONSTRAINT agency_message_amount CHECK (amount > 0 AND amount < 1000000000000)
  );
  CREATE INDEX agency_message_invoice_idx ON reminder.agency_message (creditor_id, invoice_no);
  CREATE INDEX agency_message_problem_idx ON reminder.agency_message (creditor_id, agency) WHERE problem IS NOT NULL;
  COMMENT ON TABLE reminder.agency_message IS 'What agencies said of claims, each message once: take_agency_messages(). No foreign key to the invoice: what nobody knows is kept, too, and exception_list shows it.';
  COMMENT ON COLUMN reminder.agency_message.status IS 'the agency''s own word for where the claim stands; of a closure, its reason';
  COMMENT ON COLUMN reminder.agency_message.stage IS 'of a letter; or where a claim has come to: monitoring or enforcement';
  COMMENT ON COLUMN reminder.agency_message.amount IS 'what was paid; or the agency''s own fee';
  COMMENT ON COLUMN reminder.agency_message.problem IS 'why it has changed nothing; NULL: it has done what it says';

  CREATE TABLE reminder.agency_closing_reason (
    agency text COLLATE "C" NOT NULL,
    status text COLLATE "C" NOT NULL,
    closing_reason text COLLATE "C" NOT NULL,
    CONSTRAINT agency_closing_reason_pkey PRIMARY KEY (agency, status),
    CONSTRAINT agency_closing_reason_agency_fkey FOREIGN KEY (agency) REFERENCES reminder.agency,
    CONSTRAINT agency_closing_reason_reason_fkey FOREIGN KEY (closing_reason) REFERENCES reminder.closing_reason,
    CONSTRAINT agency_closing_reason_status_length CHECK (octet_length(status) BETWEEN 1 AND 64)
  );
  COMMENT ON TABLE reminder.agency_closing_reason IS 'Which closing reason an agency''s own word for one is; a word that is a closing reason itself needs no row.';

  CREATE TABLE reminder.agency_withdrawal (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    request_no smallint NOT NULL,
    case_no smallint NOT NULL,
    agency text COLLATE "C" NOT NULL,
    reason text,
    requested_on date NOT NULL,
    answer text COLLATE "C",
    answered_on date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT agency_withdrawal_pkey PRIMARY KEY (creditor_id, invoice_no, request_no),
    CONSTRAINT agency_withdrawal_requested_on CHECK (requested_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT agency_withdrawal_answer CHECK (answer IN ('withdrawn', 'not_withdrawn', 'ended') AND (answer IS NULL) = (answered_on IS NULL)),
    CONSTRAINT agency_withdrawal_answered_on CHECK (answered_on BETWEEN requested_on AND '2200-12-31'),
    CONSTRAINT agency_withdrawal_reason_length CHECK (octet_length(reason) <= 1000)
  );
  CREATE UNIQUE INDEX agency_withdrawal_open_key ON reminder.agency_withdrawal (creditor_id, invoice_no) WHERE answer IS NULL;
  COMMENT ON TABLE reminder.agency_withdrawal IS 'Claims that agencies were asked to give back, and what they answered: request_withdrawal().';
