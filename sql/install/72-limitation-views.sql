  /*
   * When claims lapse, and a warning before they do.
   */
  CREATE OR REPLACE VIEW reminder.limitation AS
  SELECT i.creditor_id, i.invoice_no, i.customer_no, i.currency, i.open_amount, i.invoice_date, i.due_date,
         l.years, l.runs_from, l.interrupted_on, l.interrupted_by, l.suspended, l.final_on, l.lapses_on,
         l.as_of_date AS as_of, l.lapses_on - l.as_of_date AS days_left, l.source
  FROM reminder.invoice i
  CROSS JOIN LATERAL reminder._limitation(i.creditor_id, NULL, ARRAY[i.invoice_no]) l
  WHERE i.open_amount > 0 AND i.kind <> 'credit_note' AND reminder.sees_invoice(i.creditor_id, i.invoice_no);
  COMMENT ON VIEW reminder.limitation IS 'When the claim of every open invoice lapses, as things stand in the creditor''s latest run.';
  COMMENT ON COLUMN reminder.limitation.runs_from IS '"origin" (the invoice date), "due_date", or "year_end" (of the invoice date)';
  COMMENT ON COLUMN reminder.limitation.interrupted_by IS 'what interrupted it last: a letter confirmed as sent, a payment, an acknowledgement, a legal_step or a judgment. NULL: nothing has, or the law does not count it';
  COMMENT ON COLUMN reminder.limitation.suspended IS 'a legal step has stopped the time and not ended: lapses_on moves on with each day';
  COMMENT ON COLUMN reminder.limitation.final_on IS 'the last day whatever happens; NULL: there is none';
  COMMENT ON COLUMN reminder.limitation.lapses_on IS 'the last day, still in time; NULL: no confirmed rule is known';
  COMMENT ON COLUMN reminder.limitation.days_left IS 'from the latest run; below 0: it has lapsed';

  CREATE OR REPLACE VIEW reminder.lapse_warnings AS
  SELECT c.creditor_id, l.*
  FROM reminder.creditor c
  CROSS JOIN LATERAL reminder._near_lapse(c.creditor_id, reminder._last_run(c.creditor_id), 180) l
  WHERE reminder.sees_whole(c.creditor_id);
  COMMENT ON VIEW reminder.lapse_warnings IS 'Open claims that lapse within 180 days of the creditor''s latest run, if nothing interrupts it.';
  COMMENT ON COLUMN reminder.lapse_warnings.lapses_on IS 'the last day, still in time';

