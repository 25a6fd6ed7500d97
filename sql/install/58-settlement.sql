
  /*
   * Settlement (M3): what the service collected for a creditor, less what it
   * keeps, is paid out. Lines are written once and never changed: a payment
   * that goes back later is a line of its own, the opposite of the first.
   */
  CREATE TABLE reminder.vat_rate (
    jurisdiction text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    rate_percent numeric(5,2) NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    CONSTRAINT vat_rate_pkey PRIMARY KEY (jurisdiction, valid_from),
    CONSTRAINT vat_rate_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT vat_rate_valid_from CHECK (valid_from BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT vat_rate_rate_percent CHECK (rate_percent BETWEEN 0 AND 100),
    CONSTRAINT "vat_rate_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT vat_rate_source_length CHECK (octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.vat_rate IS 'The VAT on what a service charges, where a creditor''s prices have no vat_percent of their own. In force is the row of the latest valid_from; one that is unconfirmed is not used.';
  INSERT INTO reminder.vat_rate VALUES
    ('SE', '1995-01-01', 25, 'derived', 'mervärdesskattelag 2023:200, 9 kap. 2 §; Amili''s invoice: 15.00 on a reminder''s 60');

  CREATE TABLE reminder.settlement_terms (
    creditor_id bigint NOT NULL,
    valid_from date NOT NULL,
    bank_days smallint NOT NULL DEFAULT 5,
    interest_share numeric(14,2) NOT NULL DEFAULT 0,
    CONSTRAINT settlement_terms_pkey PRIMARY KEY (creditor_id, valid_from),
    CONSTRAINT settlement_terms_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT settlement_terms_valid_from CHECK (valid_from BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT settlement_terms_bank_days CHECK (bank_days BETWEEN 0 AND 60),
    CONSTRAINT settlement_terms_interest_share CHECK (interest_share BETWEEN 0 AND 100)
  );
  COMMENT ON TABLE reminder.settlement_terms IS 'How the service settles with a creditor, from a day until the next row; before the first one: within 5 bank days, and all late interest is the creditor''s.';
  COMMENT ON COLUMN reminder.settlement_terms.bank_days IS 'a payout is made within so many bank days of its settlement';
  COMMENT ON COLUMN reminder.settlement_terms.interest_share IS 'the service''s share of late interest paid in its cases, in per cent';

  CREATE TABLE reminder.payout_destination (
    creditor_id bigint NOT NULL,
    branch text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    number text NOT NULL,
    CONSTRAINT payout_destination_pkey PRIMARY KEY (creditor_id, branch),
    CONSTRAINT payout_destination_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT payout_destination_branch_length CHECK (octet_length(branch) BETWEEN 1 AND 64),
    CONSTRAINT "payout_destination_kind: bankgiro, plusgiro, iban" CHECK (kind IN ('bankgiro', 'plusgiro', 'iban')),
    CONSTRAINT payout_destination_number_length CHECK (octet_length(number) BETWEEN 1 AND 64)
  );
  COMMENT ON TABLE reminder.payout_destination IS 'Where payouts for the invoices of a branch go; all others go to the creditor''s own bankgiro, plusgiro or IBAN.';

  CREATE TABLE reminder.settlement (
    creditor_id bigint NOT NULL,
    settlement_no integer NOT NULL,
    currency text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    carried_in numeric(20,2) NOT NULL DEFAULT 0,
    due numeric(20,2) NOT NULL DEFAULT 0,
    paid_out numeric(20,2) NOT NULL DEFAULT 0,
    carried_on numeric(20,2) NOT NULL DEFAULT 0,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT settlement_pkey PRIMARY KEY (creditor_id, settlement_no, currency),
    CONSTRAINT settlement_as_of_key UNIQUE (creditor_id, as_of, currency),
    CONSTRAINT settlement_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT settlement_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT settlement_sum CHECK (carried_in + due = paid_out + carried_on AND carried_in <= 0 AND paid_out >= 0 AND carried_on <= 0)
  );
  COMMENT ON TABLE reminder.settlement IS 'Settlements of the service with a creditor, at most one a day and currency.';
  COMMENT ON COLUMN reminder.settlement.carried_in IS 'what the creditor owed after the settlement before, below zero';
  COMMENT ON COLUMN reminder.settlement.due IS 'the sum of its lines: the creditor''s';
  COMMENT ON COLUMN reminder.settlement.carried_on IS 'what the creditor owes now, below zero: netted in the next one';

  CREATE TABLE reminder.settlement_line (
    creditor_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    document_no text COLLATE "C" NOT NULL,
    entry_no integer NOT NULL,
    settlement_no integer NOT NULL,
    currency text COLLATE "C" NOT NULL,
    destination text COLLATE "C" NOT NULL DEFAULT '',
    invoice_no text COLLATE "C",
    case_no smallint,
    source text COLLATE "C",
    booked_on date NOT NULL,
    collected numeric(14,2) NOT NULL DEFAULT 0,
    held numeric(14,2) NOT NULL DEFAULT 0,
    fee numeric(14,2) NOT NULL DEFAULT 0,
    fee_vat numeric(14,2) NOT NULL DEFAULT 0,
    interest numeric(14,2) NOT NULL DEFAULT 0,
    commission numeric(14,2) NOT NULL DEFAULT 0,
    commission_vat numeric(14,2) NOT NULL DEFAULT 0,
    refunded numeric(14,2) NOT NULL DEFAULT 0,
    vat_percent numeric(14,2),
    due numeric(14,2) NOT NULL,
    CONSTRAINT settlement_line_pkey PRIMARY KEY (creditor_id, kind, document_no, entry_no),
    CONSTRAINT settlement_line_kind CHECK (kind IN ('payment', 'taken_back', 'refund', 'commission')),
    CONSTRAINT settlement_line_booked_on CHECK (booked_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT settlement_line_vat CHECK (vat_percent IS NOT NULL OR (fee_vat = 0 AND commission_vat = 0)),
    CONSTRAINT settlement_line_due CHECK (due = collected - held - fee - fee_vat - interest - commission - commission_vat - refunded)
  );
  CREATE INDEX settlement_line_settlement_idx ON reminder.settlement_line (creditor_id, settlement_no);
  COMMENT ON TABLE reminder.settlement_line IS 'What each settlement is made of. A payment is settled once, and taken back once, by the key. No foreign keys: a payment that was settled and deleted is taken back.';
  COMMENT ON COLUMN reminder.settlement_line.kind IS '"payment"; "taken_back", one that bounced, was corrected or deleted since; "refund" of money that is not there any more; "commission" of a case';
  COMMENT ON COLUMN reminder.settlement_line.document_no IS 'the payment, or the invoice whose case earned commission';
  COMMENT ON COLUMN reminder.settlement_line.entry_no IS 'the how many-eth life of the payment, as payment_undone counts them; else the how many-eth line';
  COMMENT ON COLUMN reminder.settlement_line.destination IS 'the branch that has a payout destination of its own; empty: the creditor''s';
  COMMENT ON COLUMN reminder.settlement_line.collected IS 'what the service took in';
  COMMENT ON COLUMN reminder.settlement_line.held IS 'of it, the customer''s credit balance, which the service holds';
  COMMENT ON COLUMN reminder.settlement_line.fee IS 'fees that are the service''s, whoever took them in';
  COMMENT ON COLUMN reminder.settlement_line.fee_vat IS 'VAT on top of them, which the creditor pays';
  COMMENT ON COLUMN reminder.settlement_line.interest IS 'the service''s share of late interest';
  COMMENT ON COLUMN reminder.settlement_line.refunded IS 'paid back to the customer, of a payment that then went back itself';
  COMMENT ON COLUMN reminder.settlement_line.due IS 'what is the creditor''s; below zero: the service''s';

  CREATE TABLE reminder.payout (
    creditor_id bigint NOT NULL,
    settlement_no integer NOT NULL,
    payout_no smallint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    destination text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    number text NOT NULL,
    amount numeric(20,2) NOT NULL,
    due_on date NOT NULL,
    paid_on date,
    CONSTRAINT payout_pkey PRIMARY KEY (creditor_id, settlement_no, payout_no),
    CONSTRAINT payout_settlement_fkey FOREIGN KEY (creditor_id, settlement_no, currency) REFERENCES reminder.settlement,
    CONSTRAINT payout_amount CHECK (amount > 0),
    CONSTRAINT payout_due_on CHECK (due_on BETWEEN '1990-01-01' AND '2210-12-31'),
    CONSTRAINT payout_paid_on CHECK (paid_on BETWEEN '1990-01-01' AND '2210-12-31')
  );
  COMMENT ON TABLE reminder.payout IS 'What settlements pay out, one for each destination and currency, to the number as it was then.';
  COMMENT ON COLUMN reminder.payout.due_on IS 'the last day to pay it, a bank day';
  COMMENT ON COLUMN reminder.payout.paid_on IS 'when it was paid, by payout_done()';
