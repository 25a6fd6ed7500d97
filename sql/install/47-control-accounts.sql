
  /*
   * The application's general ledger, as far as it is to agree with what is
   * here (G5). Control accounts stand for the ledger of the customers: what is
   * booked on them follows from invoices, payments, credits and losses.
   */
  CREATE TABLE reminder.default_control_account (
    jurisdiction text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    direct_posting boolean NOT NULL,
    source text NOT NULL,
    CONSTRAINT default_control_account_pkey PRIMARY KEY (jurisdiction, account),
    CONSTRAINT default_control_account_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT default_control_account_account CHECK (octet_length(account) BETWEEN 1 AND 32),
    CONSTRAINT default_control_account_source_length CHECK (octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.default_control_account IS 'The control accounts of a jurisdiction''s chart, where a creditor has not said otherwise. Control accounts are, too, those that account_map or default_account have for receivables.';
  INSERT INTO reminder.default_control_account VALUES
    ('SE', '1510', false, 'BAS 2024'),
    ('SE', '1511', false, 'BAS, from memory'),
    ('SE', '1512', false, 'BAS, from memory: pledged to a factoring company'),
    ('SE', '1513', false, 'BAS, from memory: the authority''s share'),
    ('SE', '1515', false, 'BAS 2024'),
    ('SE', '1516', false, 'BAS, from memory: disputed'),
    ('SE', '1518', true, 'BAS, from memory: receivables that stand in no ledger of customers'),
    ('SE', '1519', false, 'BAS 2024');

  CREATE TABLE reminder.control_account (
    creditor_id bigint NOT NULL,
    account text COLLATE "C" NOT NULL,
    direct_posting boolean NOT NULL DEFAULT false,
    CONSTRAINT control_account_pkey PRIMARY KEY (creditor_id, account),
    CONSTRAINT control_account_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT control_account_account CHECK (octet_length(account) BETWEEN 1 AND 32)
  );
  COMMENT ON TABLE reminder.control_account IS 'A creditor''s own say on control accounts: others than those it has by default, and those that may be booked by hand.';
  COMMENT ON COLUMN reminder.control_account.direct_posting IS 'it may be booked by hand, too; reconciliation shows what was';

  CREATE TABLE reminder.general_ledger_entry (
    creditor_id bigint NOT NULL,
    entry_no text COLLATE "C" NOT NULL,
    voucher_no text COLLATE "C" NOT NULL,
    account text COLLATE "C" NOT NULL,
    posted_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    currency text COLLATE "C",
    branch text COLLATE "C",
    event text COLLATE "C",
    document_no text COLLATE "C",
    invoice_no text COLLATE "C",
    CONSTRAINT general_ledger_entry_pkey PRIMARY KEY (creditor_id, entry_no),
    CONSTRAINT general_ledger_entry_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    -- a refund's document is its payment's number, a blank and its own
    CONSTRAINT general_ledger_entry_no_length CHECK (
      octet_length(entry_no) BETWEEN 1 AND 64 AND octet_length(voucher_no) BETWEEN 1 AND 64 AND coalesce(octet_length(document_no), 1) BETWEEN 1 AND 129 AND coalesce(octet_length(invoice_no), 1) BETWEEN 1 AND 64),
    CONSTRAINT general_ledger_entry_account CHECK (octet_length(account) BETWEEN 1 AND 32),
    CONSTRAINT general_ledger_entry_posted_on CHECK (posted_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT general_ledger_entry_amount CHECK (amount <> 0 AND abs(amount) < 1000000000000),
    CONSTRAINT general_ledger_entry_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT general_ledger_entry_branch_length CHECK (octet_length(branch) <= 64),
    CONSTRAINT general_ledger_entry_event CHECK (event IN (
      'invoice', 'settled_before', 'credit', 'tax_reduction', 'payment', 'payment_taken_back', 'refund', 'doubtful_loss', 'doubtful_loss_reversed',
      'confirmed_loss', 'confirmed_loss_reversed', 'settlement', 'payout', 'tax_reduction_paid', 'tax_reduction_refused')),
    CONSTRAINT general_ledger_entry_source CHECK (
      (event IS NULL) = (document_no IS NULL) AND (event !~ 'loss|tax' OR invoice_no IS NOT NULL))
  );
  CREATE INDEX general_ledger_entry_account_idx ON reminder.general_ledger_entry (creditor_id, account);
  COMMENT ON TABLE reminder.general_ledger_entry IS 'Entries of the application''s general ledger, to be reconciled; only those on control accounts matter. On one that does not allow direct posting an entry names what it books: event and document as ledger_entry_list has them. No foreign key to what it books: an entry stays when that goes.';
  COMMENT ON COLUMN reminder.general_ledger_entry.entry_no IS 'what the application knows the entry by, a line of a voucher';
  COMMENT ON COLUMN reminder.general_ledger_entry.amount IS 'above zero a debit, below a credit';
  COMMENT ON COLUMN reminder.general_ledger_entry.currency IS 'left out: the creditor''s';
  COMMENT ON COLUMN reminder.general_ledger_entry.event IS 'what it books; NULL: it is booked by hand';
  COMMENT ON COLUMN reminder.general_ledger_entry.invoice_no IS 'of losses and tax reductions, which are numbered by invoice; of others for who reads it';
