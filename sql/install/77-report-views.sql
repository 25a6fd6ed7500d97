
  /*
   * What reports are made of: since when each row counts, and until when. As of
   * a day the same rows count whenever one asks.
   */
  CREATE OR REPLACE VIEW reminder._principal_life AS
  SELECT p.creditor_id, p.invoice_no, true AS paid, p.paid_on AS on_date, NULL::date AS undone_on, coalesce(a.principal, p.amount) AS principal
  FROM reminder.payment p
  LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE p.bounced_on IS NULL AND p.invoice_no IS NOT NULL
  UNION ALL
  SELECT u.creditor_id, u.invoice_no, true, u.paid_on, u.undone_on, u.principal
  FROM reminder.payment_undone u WHERE u.invoice_no IS NOT NULL AND u.undone_on > u.paid_on
  UNION ALL
  SELECT c.creditor_id, c.invoice_no, false, c.credited_on, NULL, c.amount
  FROM reminder.credit c;
  COMMENT ON VIEW reminder._principal_life IS 'Internal: what settled principal, by payment or credit, from on_date until before undone_on. A credit that was corrected counts as it is now.';

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
