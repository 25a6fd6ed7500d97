  CREATE OR REPLACE VIEW reminder.outbox AS
  SELECT d.creditor_id, d.channel, count(*) FILTER (WHERE w.attempts IS NULL AND y.first) AS waiting,
         count(*) FILTER (WHERE w.in_hand AND w.leased_until > clock_timestamp() AND y.first) AS in_hand,
         count(*) FILTER (WHERE (w.leased_until <= clock_timestamp() OR NOT w.in_hand) AND y.first) AS to_retry,
         min(d.as_of) AS oldest
  FROM (
    SELECT b.creditor_id, b.as_of, b.rung, unnest(b.invoice_nos[b.claimed + 1 :]) AS invoice_no,
           NULL::smallint AS attempts, NULL::boolean AS in_hand, NULL::timestamptz AS leased_until
    FROM reminder.letter_batch b
    UNION ALL
    SELECT l.creditor_id, NULL::date AS as_of, l.rung, l.invoice_no, l.attempts, l.in_hand, l.leased_until FROM reminder.letter_lease l) w
  JOIN reminder.decision d ON d.creditor_id = w.creditor_id AND d.invoice_no = w.invoice_no AND CASE w.rung WHEN 0 THEN d.as_of = w.as_of ELSE d.rung = w.rung END
   AND d.taken_back = 0 AND d.status = 'queued'
  -- of a letter for several invoices the first that waits counts
  LEFT JOIN reminder.letter_line l ON l.creditor_id = d.creditor_id AND l.invoice_no = d.invoice_no AND l.rung = d.rung AND l.taken_back = 0
  CROSS JOIN LATERAL (
    SELECT l.creditor_id IS NULL OR NOT EXISTS (
      SELECT FROM reminder.letter_line m
      CROSS JOIN LATERAL (
        SELECT FROM reminder.decision o WHERE o.creditor_id = m.creditor_id AND o.invoice_no = m.invoice_no AND o.rung = m.rung AND o.taken_back = 0 AND o.status = 'queued' OFFSET 0) o
      WHERE m.creditor_id = l.creditor_id AND m.customer_no = l.customer_no AND m.as_of = l.as_of AND m.rung = l.rung AND m.letter_of = l.letter_of
        AND m.letter_nth = l.letter_nth AND m.taken_back = 0 AND m.invoice_no < l.invoice_no)
      -- its entry in a batch is passed over when another line had all of the letter claimed
      AND NOT (w.attempts IS NULL AND EXISTS (
        SELECT FROM reminder.letter_lease e WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung)) AS first) y
  WHERE reminder.sees_invoice(d.creditor_id, d.invoice_no)
  GROUP BY d.creditor_id, d.channel;
  COMMENT ON VIEW reminder.outbox IS 'Letters waiting to be sent, by channel. claim_letters() gives them to a sender.';
  COMMENT ON COLUMN reminder.outbox.waiting IS 'no sender has claimed them yet';
  COMMENT ON COLUMN reminder.outbox.in_hand IS 'a sender has claimed them';
  COMMENT ON COLUMN reminder.outbox.to_retry IS 'a sender gave them back, or never came back; they are claimed again';
  COMMENT ON COLUMN reminder.outbox.oldest IS 'the date of the oldest letter';
