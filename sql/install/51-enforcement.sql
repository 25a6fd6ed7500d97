  /*
   * Enforcement (C7): what the authority and going there cost, on top of the
   * fees of letters.
   */
  CREATE TABLE reminder.enforcement_fee_kind (
    jurisdiction text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    fee_kind text COLLATE "C" NOT NULL,
    CONSTRAINT enforcement_fee_kind_pkey PRIMARY KEY (jurisdiction, item),
    CONSTRAINT enforcement_fee_kind_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT "enforcement_item: application, representation, enforcement" CHECK (item IN ('application', 'representation', 'enforcement'))
  );
  COMMENT ON TABLE reminder.enforcement_fee_kind IS 'Which statutory fee an item of enforcement is: what is added if no amount is said, and the most of it.';
  COMMENT ON COLUMN reminder.enforcement_fee_kind.item IS '"application" to the authority, added when a case is handed over; "representation", one''s own or an agent''s work on it; "enforcement" of a title';
  INSERT INTO reminder.enforcement_fee_kind VALUES
    ('SE', 'application', 'court_application_fee_payment_order'),
    ('SE', 'representation', 'application_cost_own_or_agent_payment_order'),
    ('SE', 'enforcement', 'enforcement_basic_fee_utmatning');

  CREATE TABLE reminder.enforcement_fee (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    fee_no smallint NOT NULL,
    case_no smallint NOT NULL,
    item text COLLATE "C" NOT NULL,
    amount numeric(14,2) NOT NULL,
    fee_cap numeric(14,2),
    as_of date NOT NULL,
    reason text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT enforcement_fee_pkey PRIMARY KEY (creditor_id, invoice_no, fee_no),
    CONSTRAINT enforcement_fee_day_key UNIQUE (creditor_id, invoice_no, as_of, item),
    CONSTRAINT enforcement_fee_item CHECK (item IN ('application', 'representation', 'enforcement', 'other')),
    CONSTRAINT enforcement_fee_amount CHECK (amount > 0 AND amount <= coalesce(fee_cap, 999999999999.99)),
    CONSTRAINT enforcement_fee_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT enforcement_fee_reason CHECK (octet_length(reason) BETWEEN 1 AND 1000 AND (item <> 'other' OR reason IS NOT NULL))
  );
  COMMENT ON TABLE reminder.enforcement_fee IS 'Fees of enforcement that a case bears: they are among its fees, to be paid, waived and taken back as those of its letters.';
  COMMENT ON COLUMN reminder.enforcement_fee.fee_cap IS 'the statutory fee in force on its day; NULL: none is known';

