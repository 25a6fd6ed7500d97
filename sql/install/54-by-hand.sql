  /*
   * What people decided: steps taken or waived by hand, costs waived,
   * letters approved.
   */
  CREATE TABLE reminder.by_hand (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    taken_back smallint NOT NULL DEFAULT 0,
    kind text COLLATE "C" NOT NULL,
    reason text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT by_hand_pkey PRIMARY KEY (creditor_id, invoice_no, rung, taken_back),
    CONSTRAINT by_hand_kind CHECK (kind IN ('sent', 'recorded', 'waived')),
    CONSTRAINT by_hand_reason CHECK ((kind = 'waived') = (reason IS NOT NULL) AND coalesce(octet_length(reason), 1) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.by_hand IS 'Decisions that no run made: whose, and why.';
  COMMENT ON COLUMN reminder.by_hand.rung IS 'rung and taken_back name the decision';
  COMMENT ON COLUMN reminder.by_hand.kind IS '"sent" by send_now(), "recorded" after it was sent outside, "waived" and so skipped';

  CREATE TABLE reminder.waiver (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    waiver_no smallint NOT NULL,
    case_no smallint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    rung smallint,
    amount numeric(14,2) NOT NULL,
    as_of date NOT NULL,
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT waiver_pkey PRIMARY KEY (creditor_id, invoice_no, waiver_no),
    CONSTRAINT waiver_kind CHECK (kind IN ('fee', 'interest')),
    CONSTRAINT waiver_amount CHECK (amount > 0 AND amount < 1000000000000),
    CONSTRAINT waiver_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT waiver_reason CHECK (octet_length(reason) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.waiver IS 'Fees and interest waived by hand: they stay so, whatever is paid or bounces afterwards, and no later letter claims them.';
  COMMENT ON COLUMN reminder.waiver.rung IS 'the last letter that had brought fees about; what of it never goes out is gone anyway';

  CREATE TABLE reminder.approval (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    rule_no integer NOT NULL,
    rule_version integer NOT NULL,
    approved_on date NOT NULL,
    approved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    approved_by text NOT NULL DEFAULT session_user,
    CONSTRAINT approval_pkey PRIMARY KEY (creditor_id, invoice_no, rung),
    CONSTRAINT approval_approved_on CHECK (approved_on BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.approval IS 'Letters that somebody approved (B7). An approval holds for the rule as it stood, and is gone when the letter is taken back.';
