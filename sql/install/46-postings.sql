
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
      'bank', 'service_claim', 'service_debt', 'receivable', 'fee_income', 'interest_income', 'overpayment', 'unmatched', 'rounding', 'tax_reduction', 'commission', 'input_vat',
      'doubtful_receivable', 'loss_allowance', 'doubtful_loss', 'confirmed_loss', 'output_vat')),
    CONSTRAINT default_account_account CHECK (octet_length(account) BETWEEN 1 AND 32),
    CONSTRAINT default_account_source_length CHECK (octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.default_account IS 'The accounts of posting_list, where a creditor has not set its own.';
  COMMENT ON COLUMN reminder.default_account.purpose IS '"bank"; "service_claim" on and "service_debt" to whoever collects for the creditor; "receivable", the customers''; "fee_income" and "interest_income"; "overpayment", which is the customer''s; "unmatched", of no invoice yet; "rounding"; "tax_reduction", what an authority is to pay; "commission" and "input_vat" of the service''s invoice; of credit losses "doubtful_receivable" and its "loss_allowance", "doubtful_loss" and "confirmed_loss", and "output_vat", of which a confirmed loss takes its share back';
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
    ('SE', 'input_vat', '2641', 'Visma Spiris: the VAT of Amili''s invoice is input VAT on 2641'),
    ('SE', 'doubtful_receivable', '1515', 'BAS 2024'),
    ('SE', 'loss_allowance', '1519', 'BAS 2024'),
    ('SE', 'confirmed_loss', '6351', 'BAS 2024'),
    ('SE', 'doubtful_loss', '6352', 'BAS 2024'),
    ('SE', 'output_vat', '2611', 'BAS 2024; mervärdesskattelag 2023:200, 8 kap. 16 § and 7 kap. 43 §: a confirmed loss lowers the tax base');

  CREATE TABLE reminder.account_map (
    creditor_id bigint NOT NULL,
    purpose text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    CONSTRAINT account_map_pkey PRIMARY KEY (creditor_id, purpose),
    CONSTRAINT account_map_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT account_map_purpose CHECK (purpose IN (
      'bank', 'service_claim', 'service_debt', 'receivable', 'fee_income', 'interest_income', 'overpayment', 'unmatched', 'rounding', 'tax_reduction', 'commission', 'input_vat',
      'doubtful_receivable', 'loss_allowance', 'doubtful_loss', 'confirmed_loss', 'output_vat')),
    CONSTRAINT account_map_account CHECK (octet_length(account) BETWEEN 1 AND 32)
  );
  COMMENT ON TABLE reminder.account_map IS 'A creditor''s own accounts; for other purposes the default_account of its jurisdiction goes.';

  CREATE TABLE reminder.invoice_vat (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rate_percent numeric(14,2) NOT NULL,
    net numeric(14,2) NOT NULL,
    vat numeric(14,2) NOT NULL,
    CONSTRAINT invoice_vat_pkey PRIMARY KEY (creditor_id, invoice_no, rate_percent),
    CONSTRAINT invoice_vat_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT invoice_vat_rate_percent CHECK (rate_percent BETWEEN 0 AND 100),
    CONSTRAINT invoice_vat_net CHECK (net >= 0 AND net < 1000000000000),
    -- some round the VAT of each line
    CONSTRAINT invoice_vat_vat CHECK (vat >= 0 AND vat < 1000000000000 AND abs(vat - net * rate_percent / 100) <= 1)
  );
  COMMENT ON TABLE reminder.invoice_vat IS 'The VAT of invoices by rate, for who wants credit losses posted without it: a loss of an invoice that has no row is posted whole. It goes with its invoice.';

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
