  /*
   * What keeps a claim from lapsing that is neither a letter nor a payment of ours.
   */
  CREATE TABLE reminder.interruption (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    interruption_no smallint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    on_date date NOT NULL,
    detail text,
    retracted_on date,
    CONSTRAINT interruption_pkey PRIMARY KEY (creditor_id, invoice_no, interruption_no),
    CONSTRAINT interruption_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT interruption_kind CHECK (kind IN ('acknowledgement', 'legal_step', 'legal_step_ended', 'judgment')),
    CONSTRAINT interruption_on_date CHECK (on_date BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT interruption_detail_length CHECK (octet_length(detail) <= 1000),
    CONSTRAINT interruption_retracted_on CHECK (retracted_on BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.interruption IS 'What was recorded by hand that keeps a claim from lapsing. Letters and payments do so by themselves.';
  COMMENT ON COLUMN reminder.interruption.kind IS '"acknowledgement" by the debtor; "legal_step", in court or for enforcement; "legal_step_ended" without a judgment; "judgment", or another title for enforcement';
  COMMENT ON COLUMN reminder.interruption.retracted_on IS 'set when it was recorded by mistake: it then counts no more';

