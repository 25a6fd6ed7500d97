  /*
   * Commission (C3): in per cent of the principal paid while the case was in
   * monitoring, to whomever, by the prices that the case keeps. Nothing of it is
   * written: it follows from payments and from when the case was where.
   */
  CREATE OR REPLACE VIEW reminder._commission_list AS
  SELECT s.creditor_id, s.invoice_no, s.case_no, s.on_date, s.event, s.payment_no, s.entry_no, s.source, s.currency, s.principal, s.percent,
         s.commission - coalesce(lag(s.commission) OVER (PARTITION BY s.creditor_id, s.invoice_no, s.case_no ORDER BY s.on_date, s.principal DESC, s.payment_no, s.entry_no), 0) AS commission
  FROM (
    SELECT w.*, i.currency, t.percent,
           -- a bound is in the currency of its price; the highest goes before the lowest
           CASE WHEN w.so_far > 0 THEN round(least(greatest(w.so_far * t.percent / 100, CASE WHEN l.currency = i.currency THEN t.at_least END), CASE WHEN l.currency = i.currency THEN t.at_most END), 2) ELSE 0.00 END AS commission
    FROM (
      SELECT c.*, sum(c.principal) OVER (PARTITION BY c.creditor_id, c.invoice_no, c.case_no ORDER BY c.on_date, c.principal DESC, c.payment_no, c.entry_no) AS so_far
      FROM (
        -- of two cases that were in monitoring that day, the later one
        SELECT DISTINCT ON (x.creditor_id, x.invoice_no, x.payment_no, x.entry_no, x.event) x.*, o.case_no
        FROM (
          -- a stay in monitoring, to the day it ended; none: it lasts, or the case was paid or credited, which may be taken back
          SELECT g.*, lead(g.from_on) OVER (PARTITION BY g.creditor_id, g.invoice_no, g.case_no ORDER BY g.from_on, g.recorded_at) AS to_on
          FROM (
            SELECT d.creditor_id, d.invoice_no, d.case_no, d.as_of AS from_on, d.decided_at AS recorded_at, true AS entered
            FROM reminder.decision d WHERE d.stage = 'monitoring' AND d.outcome = 'entered'
            UNION ALL
            -- no letter leads out of it, and one that is taken back leads to a stage before it
            SELECT e.creditor_id, e.invoice_no, e.case_no, e.as_of, e.recorded_at, e.kind = 'monitoring'
            FROM reminder.event e WHERE e.kind IN ('monitoring', 'enforcement', 'letter_taken_back', 'case_withdrawn', 'case_closed')) g) o
        JOIN (
          SELECT p.creditor_id, p.payment_no, p.invoice_no, p.source, 'payment' AS event, 0 AS entry_no,
                 greatest(p.paid_on, (SELECT max(u.undone_on) FROM reminder.payment_undone u WHERE u.creditor_id = p.creditor_id AND u.payment_no = p.payment_no)) AS on_date, p.paid_on, coalesce(a.principal, p.amount) AS principal
          FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
          WHERE p.bounced_on IS NULL
          UNION ALL
          SELECT u.creditor_id, u.payment_no, u.invoice_no, u.source, t.event, u.undone_no,
                 CASE t.sign WHEN 1 THEN greatest(u.paid_on, (SELECT max(b.undone_on) FROM reminder.payment_undone b WHERE b.creditor_id = u.creditor_id AND b.payment_no = u.payment_no AND b.undone_no < u.undone_no))
                             ELSE u.undone_on END, u.paid_on, t.sign * u.principal
          FROM reminder.payment_undone u CROSS JOIN (VALUES ('payment', 1), ('payment_taken_back', -1)) t (event, sign)) x
          ON x.creditor_id = o.creditor_id AND x.invoice_no = o.invoice_no AND x.paid_on >= o.from_on AND coalesce(x.paid_on <= o.to_on, true)
        WHERE o.entered AND x.principal <> 0
        ORDER BY x.creditor_id, x.invoice_no, x.payment_no, x.entry_no, x.event, o.case_no DESC) c) w
    JOIN reminder.collection_case k ON k.creditor_id = w.creditor_id AND k.invoice_no = w.invoice_no AND k.case_no = w.case_no AND k.collected_by = 'service'
    JOIN reminder.invoice i ON i.creditor_id = w.creditor_id AND i.invoice_no = w.invoice_no
    -- as case_prices has them, without its function: whoever sees a case's status may call none but his own
    CROSS JOIN LATERAL (
      SELECT x.price_list, coalesce((SELECT y.currency FROM reminder.price_list y WHERE y.price_list = x.price_list), c.currency) AS currency
      FROM reminder.creditor c
      LEFT JOIN LATERAL (
        SELECT y.price_list FROM reminder.creditor_price_list y WHERE y.creditor_id = k.creditor_id AND y.valid_from <= k.opened_on ORDER BY y.valid_from DESC LIMIT 1) x ON true
      WHERE c.creditor_id = k.creditor_id) l
    CROSS JOIN LATERAL (
      SELECT max(q.price) FILTER (WHERE q.item = 'commission_percent') AS percent, max(q.price) FILTER (WHERE q.item = 'commission_at_least') AS at_least,
             max(q.price) FILTER (WHERE q.item = 'commission_at_most') AS at_most
      FROM (
        SELECT DISTINCT ON (y.item) y.item, y.price
        FROM (
          (SELECT DISTINCT ON (o.item) o.item, o.price, 1 AS place FROM reminder.creditor_price o
           WHERE o.creditor_id = k.creditor_id AND o.item LIKE 'commission%' AND o.valid_from <= k.opened_on ORDER BY o.item, o.valid_from DESC)
          UNION ALL
          (SELECT DISTINCT ON (o.item) o.item, o.price, 2 FROM reminder.price o
           WHERE o.price_list = l.price_list AND o.item LIKE 'commission%' AND o.valid_from <= k.opened_on ORDER BY o.item, o.valid_from DESC)) y
        WHERE y.price IS NOT NULL ORDER BY y.item, y.place) q) t
    WHERE t.percent IS NOT NULL) s;
  COMMENT ON VIEW reminder._commission_list IS 'Internal: commission_list, with no look at who asks.';

  CREATE OR REPLACE VIEW reminder.commission_list AS
  SELECT * FROM reminder._commission_list c WHERE reminder.sees_invoice(c.creditor_id, c.invoice_no);
  COMMENT ON VIEW reminder.commission_list IS 'The service''s commission, without VAT: a row for each payment of principal while the case was in monitoring, whoever took it in, and for each that was taken back. What a case has earned is their sum, between its lowest and its highest.';
  COMMENT ON COLUMN reminder.commission_list.on_date IS 'of the payment, or of its bounce (of one that was moved or corrected: when it was); a day in monitoring counts whole';
  COMMENT ON COLUMN reminder.commission_list.event IS '"payment" or "payment_taken_back" (bounced, corrected or deleted)';
  COMMENT ON COLUMN reminder.commission_list.entry_no IS 'with event and payment it names the row, as in posting_list; 0: of the payment as it stands now';
  COMMENT ON COLUMN reminder.commission_list.source IS 'who took the payment in: "creditor" or "service"';
  COMMENT ON COLUMN reminder.commission_list.principal IS 'of the payment; below zero: taken back';
  COMMENT ON COLUMN reminder.commission_list.percent IS 'as in force when the case was opened';
  COMMENT ON COLUMN reminder.commission_list.commission IS 'what the row adds to the commission of its case; 0: the case has its lowest or highest';

