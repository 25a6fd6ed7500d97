
  /*
   * Settlements, what is paid out, and how each came about (M3).
   */
  CREATE OR REPLACE VIEW reminder.settlement_list AS
  SELECT s.creditor_id, s.settlement_no, s.as_of, s.currency, coalesce(l.payments, 0) AS payments, coalesce(l.collected, 0) AS collected, coalesce(l.held, 0) AS held,
         coalesce(l.fee, 0) AS fee, coalesce(l.interest, 0) AS interest, coalesce(l.commission, 0) AS commission, coalesce(l.vat, 0) AS vat, coalesce(l.refunded, 0) AS refunded,
         s.carried_in, s.due, s.paid_out, s.carried_on
  FROM reminder.settlement s
  LEFT JOIN (
    SELECT l.creditor_id, l.settlement_no, l.currency, count(*) FILTER (WHERE l.kind = 'payment') AS payments, sum(l.collected) AS collected, sum(l.held) AS held, sum(l.fee) AS fee,
           sum(l.interest) AS interest, sum(l.commission) AS commission, sum(l.fee_vat + l.commission_vat) AS vat, sum(l.refunded) AS refunded
    FROM reminder.settlement_line l GROUP BY l.creditor_id, l.settlement_no, l.currency) l
    ON l.creditor_id = s.creditor_id AND l.settlement_no = s.settlement_no AND l.currency = s.currency
  WHERE reminder.sees_whole(s.creditor_id);
  COMMENT ON VIEW reminder.settlement_list IS 'Settlements in sum: due is collected, less held, fee, interest, commission, vat and refunded; carried_in and due are paid_out and carried_on.';
  COMMENT ON COLUMN reminder.settlement_list.payments IS 'settled for the first time; what was taken back is in the sums';

  CREATE OR REPLACE VIEW reminder.payout_list AS
  SELECT p.creditor_id, p.settlement_no, p.payout_no, s.as_of, p.destination, p.kind, p.number, p.currency, p.amount, p.due_on, p.paid_on
  FROM reminder.payout p
  JOIN reminder.settlement s ON s.creditor_id = p.creditor_id AND s.settlement_no = p.settlement_no AND s.currency = p.currency
  WHERE reminder.sees_whole(p.creditor_id);
  COMMENT ON VIEW reminder.payout_list IS 'Payouts: how much, to which number, by when, and when they were paid.';

  CREATE OR REPLACE VIEW reminder.settlement_statement AS
  SELECT x.creditor_id, x.settlement_no, x.currency, x.line, x.text, x.invoice_no, x.booked_on, x.amount,
         sum(x.amount) OVER (PARTITION BY x.creditor_id, x.settlement_no, x.currency ORDER BY x.line) AS balance
  FROM (
    SELECT t.creditor_id, t.settlement_no, t.currency, t.text, t.invoice_no, t.booked_on, t.amount,
           row_number() OVER (PARTITION BY t.creditor_id, t.settlement_no, t.currency ORDER BY t.part, t.booked_on, t.document_no, t.entry_no, t.kind, t.n) AS line
    FROM (
      SELECT s.creditor_id, s.settlement_no, s.currency, 1 AS part, NULL::date AS booked_on, NULL::text AS document_no, 0 AS entry_no, NULL::text AS kind, 0 AS n,
             'carried over' AS text, NULL::text AS invoice_no, s.carried_in AS amount
      FROM reminder.settlement s
      UNION ALL
      SELECT l.creditor_id, l.settlement_no, l.currency, 2, l.booked_on, l.document_no, l.entry_no, l.kind, i.n,
             CASE l.kind WHEN 'taken_back' THEN 'taken back: ' ELSE '' END || i.text, l.invoice_no, i.amount
      FROM reminder.settlement_line l
      CROSS JOIN LATERAL (VALUES
        (1, format('payment %s, collected', l.document_no), l.collected),
        (2, format('payment %s, credit balance of the customer', l.document_no), -l.held),
        (3, format('payment %s, fees%s', l.document_no, CASE l.source WHEN 'creditor' THEN ' paid to the creditor' WHEN 'agency' THEN ' paid to an agency' ELSE '' END), -l.fee),
        (4, format('payment %s, %s %% VAT on fees', l.document_no, trim_scale(l.vat_percent)), -l.fee_vat),
        (5, format('payment %s, share of late interest', l.document_no), -l.interest),
        (6, format('commission of case %s', l.case_no), -l.commission),
        (7, format('%s %% VAT on commission', trim_scale(l.vat_percent)), -l.commission_vat),
        (8, format('payment %s, paid back to the customer', l.document_no), -l.refunded)) i (n, text, amount)
      WHERE i.amount <> 0
      UNION ALL
      SELECT p.creditor_id, p.settlement_no, p.currency, 3, p.due_on, NULL AS document_no, p.payout_no, NULL AS kind, 0, format('paid out to %s %s', p.kind, p.number), NULL AS invoice_no, -p.amount
      FROM reminder.payout p) t
    WHERE t.amount <> 0) x
  WHERE reminder.sees_whole(x.creditor_id);
  COMMENT ON VIEW reminder.settlement_statement IS 'A settlement item by item, to be checked by hand: what was carried over, what was collected and kept, what is paid out. The last balance is what is carried on.';
  COMMENT ON COLUMN reminder.settlement_statement.booked_on IS 'when the customer paid, the payment went back, or the payout is due';

  CREATE OR REPLACE VIEW reminder.service_invoice AS
  SELECT l.creditor_id, l.settlement_no, s.as_of AS invoice_date, l.currency, i.item, l.invoice_no, l.document_no, i.net, l.vat_percent, i.vat,
         CASE i.item WHEN 'fee' THEN i.vat ELSE i.net + i.vat END AS charged
  FROM reminder.settlement_line l
  JOIN reminder.settlement s ON s.creditor_id = l.creditor_id AND s.settlement_no = l.settlement_no AND s.currency = l.currency
  CROSS JOIN LATERAL (VALUES ('fee', l.fee, l.fee_vat), ('commission', l.commission, l.commission_vat)) i (item, net, vat)
  WHERE (i.net <> 0 OR i.vat <> 0) AND reminder.sees_whole(l.creditor_id);
  COMMENT ON VIEW reminder.service_invoice IS 'The service''s invoice for each settlement, item by item: VAT on top of the fees that customers paid, and commission with VAT. It is netted in the settlement, and its VAT booked as input VAT.';
  COMMENT ON COLUMN reminder.service_invoice.net IS 'of a fee: what the customer paid';
  COMMENT ON COLUMN reminder.service_invoice.charged IS 'what the creditor pays: of a fee the VAT alone';

  CREATE OR REPLACE VIEW reminder.service_account AS
  SELECT c.creditor_id, a.currency, a.collected, a.paid_out, a.commission, a.fee, a.interest, a.vat, a.refunded,
         a.held_lines + a.refund_lines - a.refunded + a.carried_on + a.to_settle - a.to_take_back AS not_paid_out, a.netted, a.carried_on
  FROM reminder.creditor c
  CROSS JOIN LATERAL (
    SELECT x.currency, sum(x.collected) AS collected, sum(x.paid_out) AS paid_out, sum(x.commission) AS commission, sum(x.fee) AS fee, sum(x.interest) AS interest, sum(x.vat) AS vat,
           sum(x.refunded) AS refunded, sum(x.held) AS held_lines, sum(x.refund_lines) AS refund_lines, sum(x.carried_on) AS carried_on, sum(x.to_settle) AS to_settle,
           sum(x.to_take_back) AS to_take_back, sum(x.netted) AS netted
    FROM (
      -- what the service has taken in, and what of it no settlement has seen
      SELECT coalesce(i.currency, l.currency, c.currency) AS currency, l.amount AS collected, 0::numeric AS paid_out, 0::numeric AS commission, 0::numeric AS fee, 0::numeric AS interest, 0::numeric AS vat,
             0::numeric AS refunded, 0::numeric AS held, 0::numeric AS refund_lines, 0::numeric AS carried_on, CASE WHEN s.creditor_id IS NULL THEN l.amount ELSE 0 END AS to_settle,
             0::numeric AS to_take_back, 0::numeric AS netted
      FROM reminder._payment_life l
      LEFT JOIN reminder.invoice i ON i.creditor_id = l.creditor_id AND i.invoice_no = l.invoice_no
      LEFT JOIN reminder.settlement_line s ON s.creditor_id = l.creditor_id AND s.kind = 'payment' AND s.document_no = l.payment_no AND s.entry_no = l.life
      WHERE l.creditor_id = c.creditor_id AND l.source = 'service' AND l.stands
      UNION ALL
      SELECT coalesce(i.currency, y.currency, c.currency), 0, 0, 0, 0, 0, 0, r.amount, 0, 0, 0, 0, 0, 0
      FROM reminder.refund r
      JOIN reminder.payment p ON p.creditor_id = r.creditor_id AND p.payment_no = r.payment_no AND p.source = 'service'
      LEFT JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
      LEFT JOIN reminder.payment_currency y ON y.creditor_id = p.creditor_id AND y.payment_no = p.payment_no
      WHERE r.creditor_id = c.creditor_id
      UNION ALL
      SELECT l.currency, 0, 0, l.commission, l.fee, l.interest, l.fee_vat + l.commission_vat, 0, l.held, l.refunded, 0, 0,
             CASE WHEN l.kind = 'payment' AND NOT EXISTS (
                    SELECT FROM reminder.settlement_line b WHERE b.creditor_id = l.creditor_id AND b.kind = 'taken_back' AND b.document_no = l.document_no AND b.entry_no = l.entry_no)
                  AND EXISTS (SELECT FROM reminder.payment_undone u WHERE u.creditor_id = l.creditor_id AND u.payment_no = l.document_no AND u.undone_no = l.entry_no)
                  THEN l.collected ELSE 0 END,
             CASE WHEN l.source <> 'service' THEN l.fee + l.fee_vat + l.interest ELSE 0 END
      FROM reminder.settlement_line l WHERE l.creditor_id = c.creditor_id
      UNION ALL
      SELECT p.currency, 0, p.amount, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM reminder.payout p WHERE p.creditor_id = c.creditor_id
      UNION ALL
      SELECT o.currency, 0, 0, 0, 0, 0, 0, 0, 0, 0, o.carried_on, 0, 0, 0
      FROM (SELECT DISTINCT ON (o.currency) o.currency, o.carried_on FROM reminder.settlement o WHERE o.creditor_id = c.creditor_id ORDER BY o.currency, o.settlement_no DESC) o) x
    GROUP BY x.currency) a
  WHERE reminder.sees_whole(c.creditor_id);
  COMMENT ON VIEW reminder.service_account IS 'The service''s account with each creditor, by currency. collected = paid_out + commission + fee + interest + vat + refunded + not_paid_out.';
  COMMENT ON COLUMN reminder.service_account.netted IS 'of what it kept, what the creditor had taken in itself';
  COMMENT ON COLUMN reminder.service_account.not_paid_out IS 'credit balances and payments of no invoice, which the service holds, and what the next settlement pays out; less what went back and was paid out, and what the creditor owes';
