
  /*
   * What reports are made of: since when each row counts, and until when. As of
   * a day the same rows count whenever one asks.
   */
  CREATE OR REPLACE VIEW reminder._booking_life AS
  SELECT x.creditor_id, x.source, x.invoice_no, x.kind, x.amount, w.on_date, least(x.reversed_on, w.undone_on) AS undone_on
  FROM (
    SELECT c.creditor_id, 'credit'::text AS source, c.credit_no AS document_no, ''::text AS part_no, NULL::integer AS undone_no,
           c.invoice_no, c.kind, c.amount, c.credited_on AS booked_on, NULL::date AS reversed_on, NULL::timestamptz AS undone_at
    FROM reminder.credit c
    UNION ALL
    SELECT l.creditor_id, 'loss' AS source, l.invoice_no, l.loss_no, NULL AS undone_no, l.invoice_no, l.kind, l.amount, l.booked_on, l.reversed_on, NULL AS undone_at
    FROM reminder.credit_loss l
    UNION ALL
    SELECT u.creditor_id, u.source, u.document_no, u.part_no, u.undone_no, u.invoice_no, u.kind, u.amount, u.booked_on, u.reversed_on, u.undone_at
    FROM reminder.booking_undone u WHERE u.source IN ('credit', 'loss')) x
  -- the day of the run before it was corrected or deleted
  CROSS JOIN LATERAL (
    SELECT greatest(x.booked_on, (
             SELECT max(r.as_of) FROM reminder.booking_undone b JOIN reminder.run_log r ON r.creditor_id = b.creditor_id AND r.started_at <= b.undone_at
             WHERE b.creditor_id = x.creditor_id AND b.source = x.source AND b.document_no = x.document_no AND b.part_no = x.part_no
               AND coalesce(b.undone_no < x.undone_no, true))) AS on_date,
           CASE WHEN x.undone_at IS NOT NULL THEN coalesce((
             SELECT max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = x.creditor_id AND r.started_at <= x.undone_at), x.booked_on) END AS undone_on) w
  WHERE coalesce(w.undone_on > w.on_date, true);
  COMMENT ON VIEW reminder._booking_life IS 'Internal: credits and losses, and what they were before they were corrected or deleted, each from on_date until before undone_on.';

  CREATE OR REPLACE VIEW reminder._principal_life AS
  SELECT p.creditor_id, p.invoice_no, true AS paid, p.paid_on,
         greatest(p.paid_on, (SELECT max(u.undone_on) FROM reminder.payment_undone u WHERE u.creditor_id = p.creditor_id AND u.payment_no = p.payment_no)) AS on_date,
         NULL::date AS undone_on, coalesce(a.principal, p.amount) AS principal
  FROM reminder.payment p
  LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE p.bounced_on IS NULL AND p.invoice_no IS NOT NULL
  UNION ALL
  SELECT u.creditor_id, u.invoice_no, true, u.paid_on, w.on_date, u.undone_on, u.principal
  FROM reminder.payment_undone u
  CROSS JOIN LATERAL (
    SELECT greatest(u.paid_on, (SELECT max(b.undone_on) FROM reminder.payment_undone b
                                WHERE b.creditor_id = u.creditor_id AND b.payment_no = u.payment_no AND b.undone_no < u.undone_no)) AS on_date) w
  WHERE u.invoice_no IS NOT NULL AND u.undone_on > w.on_date
  UNION ALL
  SELECT b.creditor_id, b.invoice_no, false, NULL, b.on_date, b.undone_on, b.amount
  FROM reminder._booking_life b WHERE b.source = 'credit';
  COMMENT ON VIEW reminder._principal_life IS 'Internal: what settled principal, by payment or credit, from on_date until before undone_on; paid_on is the payment''s own day.';

  CREATE OR REPLACE VIEW reminder._letter_life AS
  SELECT d.*,
         CASE d.status
           WHEN 'failed' THEN coalesce((
             SELECT min(y.as_of) FROM reminder.delivery y
             WHERE y.creditor_id = d.creditor_id AND y.invoice_no = d.invoice_no AND y.rung = d.rung AND y.case_no = d.case_no AND y.outcome = 'failed' AND y.recorded_at > d.decided_at), d.as_of)
           WHEN 'cancelled' THEN coalesce(least(d.taken_on, (
             SELECT e.as_of FROM reminder.event e
             WHERE e.creditor_id = d.creditor_id AND e.invoice_no = d.invoice_no AND e.case_no = d.case_no AND e.recorded_at > d.decided_at
               AND e.kind IN ('case_paid', 'case_credited', 'case_withdrawn', 'case_closed')
             ORDER BY e.event_no LIMIT 1), (
             -- its principal was settled, and costs are pursued
             SELECT min(m.on_date) FROM reminder._principal_life m
             WHERE m.creditor_id = d.creditor_id AND m.invoice_no = d.invoice_no AND m.on_date >= d.as_of
               AND (SELECT sum(l.principal) FROM reminder._principal_life l
                    WHERE l.creditor_id = d.creditor_id AND l.invoice_no = d.invoice_no AND l.on_date <= m.on_date AND coalesce(l.undone_on > m.on_date, true))
                 = (SELECT i.amount - coalesce(b.amount, 0) FROM reminder.invoice i
                    LEFT JOIN reminder.settled_before b ON b.creditor_id = i.creditor_id AND b.invoice_no = i.invoice_no
                    WHERE i.creditor_id = d.creditor_id AND i.invoice_no = d.invoice_no))), d.as_of) END AS unsent_on
  FROM (
    SELECT d.*,
           -- the newest is taken back first: so its event is the one before which as many others were taken back as were decided after it
           CASE WHEN d.taken_back > 0 THEN (
             SELECT e.as_of FROM reminder.event e
             WHERE e.creditor_id = d.creditor_id AND e.invoice_no = d.invoice_no AND e.case_no = d.case_no AND e.kind = 'letter_taken_back' AND e.recorded_at > d.decided_at
               AND (SELECT count(*) FROM reminder.event x
                    WHERE x.creditor_id = d.creditor_id AND x.invoice_no = d.invoice_no AND x.case_no = d.case_no AND x.kind = 'letter_taken_back'
                      AND x.recorded_at > d.decided_at AND x.event_no < e.event_no)
                 = (SELECT count(*) FROM reminder.decision o
                    WHERE o.creditor_id = d.creditor_id AND o.invoice_no = d.invoice_no AND o.case_no = d.case_no AND o.taken_back > 0
                      AND o.decided_at > d.decided_at AND o.decided_at < e.recorded_at)
             ORDER BY e.event_no LIMIT 1) END AS taken_on
    FROM reminder.decision d WHERE d.outcome <> 'skipped') d;
  COMMENT ON VIEW reminder._letter_life IS 'Internal: letters and stages without one, those taken back too: taken_on is the day it was, unsent_on the day a letter failed or was cancelled.';
