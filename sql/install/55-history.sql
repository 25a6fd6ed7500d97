  /*
   * What cases were (V2). Decisions, money and events say what became of a case
   * but for what hands and bounces do to it: after those it is kept as it was
   * then, and so nothing is written for a letter or a payment.
   */
  CREATE TABLE reminder.case_version (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    case_no smallint NOT NULL,
    version_no integer NOT NULL,
    event_no integer NOT NULL,
    state text COLLATE "C" NOT NULL,
    ended_from text COLLATE "C",
    collected_by text COLLATE "C" NOT NULL,
    rule_no integer NOT NULL,
    state_on date NOT NULL,
    ended_on date,
    fees numeric(14,2) NOT NULL,
    fees_waived numeric(14,2) NOT NULL,
    compensation numeric(14,2) NOT NULL,
    interest numeric(14,2) NOT NULL,
    interest_waived numeric(14,2) NOT NULL,
    reference text,
    sent_on date,
    deadline date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT case_version_pkey PRIMARY KEY (creditor_id, invoice_no, case_no, version_no),
    CONSTRAINT case_version_dates CHECK (
      state_on BETWEEN '1990-01-01' AND '2200-12-31' AND ended_on BETWEEN '1990-01-01' AND '2200-12-31'
      AND sent_on BETWEEN '1990-01-01' AND '2200-12-31' AND deadline BETWEEN sent_on AND '2210-12-31'),
    CONSTRAINT case_version_fees CHECK (fees_waived >= 0 AND fees_waived <= fees AND compensation >= 0 AND compensation <= fees AND fees < 1000000000000),
    CONSTRAINT case_version_interest CHECK (interest_waived >= 0 AND interest_waived <= interest AND interest < 1000000000000)
  );
  COMMENT ON TABLE reminder.case_version IS 'What a case was after each change that is neither a letter of a run nor a payment or credit that settled something. case_status_as_of() goes on from there.';
  COMMENT ON COLUMN reminder.case_version.event_no IS 'the invoice''s latest event then';
  COMMENT ON COLUMN reminder.case_version.sent_on IS 'the date of its last letter that had not failed';

  CREATE TABLE reminder.hold_version (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    hold_no smallint NOT NULL,
    version_no integer NOT NULL,
    until_on date,
    released_on date,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT hold_version_pkey PRIMARY KEY (creditor_id, invoice_no, hold_no, version_no),
    CONSTRAINT hold_version_until_on CHECK (until_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT hold_version_released_on CHECK (released_on BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.hold_version IS 'Until when holds stood before that changed: one was released, or payments moved the end of a plan''s.';

  CREATE TABLE reminder.plan_version (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    plan_no smallint NOT NULL,
    version_no integer NOT NULL,
    state text COLLATE "C" NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT plan_version_pkey PRIMARY KEY (creditor_id, invoice_no, plan_no, version_no)
  );
  COMMENT ON TABLE reminder.plan_version IS 'What payment plans were before that changed: active, broken or paid.';

  CREATE TABLE reminder.payment_version (
    creditor_id bigint NOT NULL,
    payment_no text COLLATE "C" NOT NULL,
    version_no integer NOT NULL,
    reference text COLLATE "C",
    bounced_on date,
    CONSTRAINT payment_version_pkey PRIMARY KEY (creditor_id, payment_no, version_no),
    CONSTRAINT payment_version_bounced_on CHECK (bounced_on BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.payment_version IS 'The references of payments, and the days on which they went back, before either was changed or the payment deleted; payment_undone has the rest. No foreign key: it tells of what is no more.';

  CREATE TABLE reminder.invoice_version (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    version_no integer NOT NULL,
    customer_no text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    open_more numeric(14,2) NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT invoice_version_pkey PRIMARY KEY (creditor_id, invoice_no, version_no),
    CONSTRAINT invoice_version_open_more CHECK (open_more > -1000000000000 AND open_more < 1000000000000)
  );
  COMMENT ON TABLE reminder.invoice_version IS 'What invoices that have had a case were before they were changed.';
  COMMENT ON COLUMN reminder.invoice_version.open_more IS 'how much more was open then than before, less below zero';
