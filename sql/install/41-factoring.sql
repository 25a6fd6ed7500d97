  /*
   * Factoring (N2): to which company an invoice is sold, and whether that one
   * leaves the reminders to the creditor.
   */
  CREATE TABLE reminder.factoring_company (
    creditor_id bigint NOT NULL,
    company text COLLATE "C" NOT NULL,
    allowed boolean NOT NULL DEFAULT false,
    CONSTRAINT factoring_company_pkey PRIMARY KEY (creditor_id, company),
    CONSTRAINT factoring_company_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT factoring_company_length CHECK (octet_length(company) BETWEEN 1 AND 64)
  );
  COMMENT ON TABLE reminder.factoring_company IS 'Factoring companies that a creditor sells invoices to.';
  COMMENT ON COLUMN reminder.factoring_company.allowed IS 'invoices sold to it are reminded of as others are; false: they are left alone';

  CREATE TABLE reminder.factored_invoice (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    company text COLLATE "C" NOT NULL,
    CONSTRAINT factored_invoice_pkey PRIMARY KEY (creditor_id, invoice_no),
    CONSTRAINT factored_invoice_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT factored_invoice_company_fkey FOREIGN KEY (creditor_id, company) REFERENCES reminder.factoring_company ON UPDATE CASCADE,
    CONSTRAINT factored_invoice_length CHECK (octet_length(invoice_no) <= 64 AND octet_length(company) <= 64)
  );
  COMMENT ON TABLE reminder.factored_invoice IS 'To which company an invoice of the kind "factored" is sold; without a row it is to none that is allowed. It goes with its invoice.';
