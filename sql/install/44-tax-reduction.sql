
  /*
   * The part of an invoice that an authority pays for the customer (F8). It is
   * no part of invoice.amount, which is what the customer owes: so nothing that
   * reminds, allocates or accrues can touch it.
   */
  CREATE TABLE reminder.tax_reduction (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    amount numeric(14,2) NOT NULL,
    CONSTRAINT tax_reduction_pkey PRIMARY KEY (creditor_id, invoice_no, kind),
    CONSTRAINT tax_reduction_share_key UNIQUE (creditor_id, invoice_no, kind, amount),
    CONSTRAINT tax_reduction_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT "tax_reduction_kind: rot, rut, green_technology" CHECK (kind IN ('rot', 'rut', 'green_technology')),
    CONSTRAINT tax_reduction_amount CHECK (amount > 0 AND amount < 1000000000000),
    CONSTRAINT tax_reduction_invoice_no_length CHECK (octet_length(invoice_no) <= 64)
  );
  COMMENT ON TABLE reminder.tax_reduction IS 'What an authority is to pay of an invoice in the customer''s place, beside invoice.amount, which is the customer''s part alone.';

  CREATE TABLE reminder.tax_reduction_answer (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    answer_no smallint NOT NULL,
    answered_on date NOT NULL,
    share numeric(14,2) NOT NULL,
    paid numeric(14,2) NOT NULL,
    refused numeric(14,2) NOT NULL,
    left_over numeric(14,2) NOT NULL,
    new_invoice_no text COLLATE "C",
    CONSTRAINT tax_reduction_answer_pkey PRIMARY KEY (creditor_id, invoice_no, kind, answer_no),
    CONSTRAINT tax_reduction_answer_reduction_fkey FOREIGN KEY (creditor_id, invoice_no, kind, share) REFERENCES reminder.tax_reduction (creditor_id, invoice_no, kind, amount),
    CONSTRAINT tax_reduction_answer_invoice_fkey FOREIGN KEY (creditor_id, new_invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT tax_reduction_answer_answered_on CHECK (answered_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT tax_reduction_answer_amounts CHECK (
      share > 0 AND share < 1000000000000 AND paid >= 0 AND refused >= 0 AND paid + refused > 0 AND paid + refused < 1000000000000 AND left_over >= 0 AND (refused > 0) = (new_invoice_no IS NOT NULL))
  );
  COMMENT ON TABLE reminder.tax_reduction_answer IS 'What the authority paid of it, and what it refused: kept by tax_reduction_paid() and tax_reduction_refused().';
  COMMENT ON COLUMN reminder.tax_reduction_answer.share IS 'the whole share: once it is answered, its amount stays';
  COMMENT ON COLUMN reminder.tax_reduction_answer.left_over IS 'of the share, after this answer';
  COMMENT ON COLUMN reminder.tax_reduction_answer.new_invoice_no IS 'the invoice by which the customer owes what was refused';
