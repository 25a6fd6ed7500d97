
  /*
   * What money means to the creditor's books (F7, M4). No fee is booked when a
   * letter claims it, only when it is paid: postings are made of payments.
   */
  CREATE TABLE reminder.default_account (
    jurisdiction text COLLATE "C" NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    source text NOT NULL,
    CONSTRAINT default_account_pkey PRIMARY KEY (jurisdiction, purpose),
    CONSTRAINT default_account_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT default_account_purpose CHECK (purpose IN (
      'bank', 'service_claim', 'service_debt', 'receivable', 'fee_income', 'interest_income', 'overpayment', 'unmatched', 'rounding', 'tax_reduction', 'commission', 'input_vat')),
    CONSTRAINT default_account_account CHECK (octet_length(account) BETWEEN 1 AND 32),
    CONSTRAINT default_account_source_length CHECK (octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.default_account IS 'The accounts of posting_list, where a creditor has not set its own.';
  COMMENT ON COLUMN reminder.default_account.purpose IS '"bank"; "service_claim" on and "service_debt" to whoever collects for the creditor; "receivable", the customers''; "fee_income" and "interest_income"; "overpayment", which is the customer''s; "unmatched", of no invoice yet; "rounding"; "tax_reduction", what an authority is to pay; "commission" and "input_vat" of the service''s invoice';
  INSERT INTO reminder.default_account VALUES
    ('SE', 'bank', '1930', 'BAS 2024; FAR Redovisa rätt'),
    ('SE', 'receivable', '1510', 'BAS 2024; FAR Redovisa rätt'),
    ('SE', 'fee_income', '3591', 'bjornlunden.se; 3930 and 3990 are used, too'),
    ('SE', 'interest_income', '8313', 'BAS, from memory'),
    ('SE', 'service_claim', '1680', 'BAS, from memory'),
    ('SE', 'service_debt', '2890', 'BAS, from memory'),
    ('SE', 'overpayment', '2420', 'BAS, from memory'),
    ('SE', 'unmatched', '2420', 'BAS, from memory'),
    ('SE', 'rounding', '3740', 'BAS, from memory'),
    ('SE', 'tax_reduction', '1513', 'BAS, from memory'),
    ('SE', 'commission', '6062', 'BAS, from memory'),
    ('SE', 'input_vat', '2641', 'Visma Spiris: the VAT of Amili''s invoice is input VAT on 2641');

  CREATE TABLE reminder.account_map (
    creditor_id bigint NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    CONSTRAINT account_map_pkey PRIMARY KEY (creditor_id, purpose),
    CONSTRAINT account_map_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT account_map_purpose CHECK (purpose IN (
      'bank', 'service_claim', 'service_debt', 'receivable', 'fee_income', 'interest_income', 'overpayment', 'unmatched', 'rounding', 'tax_reduction', 'commission', 'input_vat')),
    CONSTRAINT account_map_account CHECK (octet_length(account) BETWEEN 1 AND 32)
  );
  COMMENT ON TABLE reminder.account_map IS 'A creditor''s own accounts; for other purposes the default_account of its jurisdiction goes.';

  CREATE TABLE reminder.payment_undone (
    creditor_id bigint NOT NULL,
    payment_no text COLLATE "C" NOT NULL,
    undone_no smallint NOT NULL,
    invoice_no text COLLATE "C",
    source text COLLATE "C" NOT NULL,
    paid_on date NOT NULL,
    undone_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    principal numeric(14,2) NOT NULL,
    fee numeric(14,2) NOT NULL,
    interest numeric(14,2) NOT NULL,
    overpaid numeric(14,2) NOT NULL,
    rounded_off numeric(14,2) NOT NULL,
    case_no smallint,
    made_at timestamptz NOT NULL,
    undone_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    again_at timestamptz,
    CONSTRAINT payment_undone_pkey PRIMARY KEY (creditor_id, payment_no, undone_no),
    CONSTRAINT payment_undone_dates CHECK (undone_on >= paid_on),
    CONSTRAINT payment_undone_parts CHECK (
      amount + rounded_off = principal + fee + interest + overpaid + CASE WHEN invoice_no IS NULL THEN amount ELSE 0 END)
  );
  CREATE INDEX payment_undone_invoice_idx ON reminder.payment_undone (creditor_id, invoice_no) WHERE invoice_no IS NOT NULL;
  COMMENT ON TABLE reminder.payment_undone IS 'Where payments had gone that bounced, were corrected or deleted, so that what was posted is posted back. No foreign keys: it tells of what is no more.';
  COMMENT ON COLUMN reminder.payment_undone.made_at IS 'when the payment came to count so, undone_at when it ceased to';
  COMMENT ON COLUMN reminder.payment_undone.again_at IS 'when one that bounced came to count again: it had not bounced after all; one that was corrected does so at once, in undone_at';
