  /*
   * Payment plans, and what is paid of their instalments. Before the other
   * views: case_status shows the plan of a case.
   */
  CREATE OR REPLACE VIEW reminder._instalment_list AS
  SELECT p.creditor_id, p.invoice_no, p.plan_no, s.instalment_no, s.due_date, s.in_time_until, s.amount,
         x.paid, x.open,
         CASE WHEN x.open = 0 THEN 'paid' WHEN p.state = 'removed' THEN 'removed' WHEN s.in_time_until < t.today THEN 'missed'
              WHEN s.due_date <= t.today THEN 'due' ELSE 'open' END AS state
  FROM reminder.payment_plan p
  JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
  CROSS JOIN LATERAL (SELECT max(r.as_of) AS today FROM reminder.run_log r WHERE r.creditor_id = p.creditor_id) t
  LEFT JOIN LATERAL (
    SELECT k.fees - k.fees_paid - k.fees_waived AS fees, k.interest - k.interest_paid - k.interest_waived AS interest FROM reminder.collection_case k
    WHERE k.creditor_id = p.creditor_id AND k.invoice_no = p.invoice_no AND coalesce(k.case_no = p.case_no, true) ORDER BY k.case_no DESC LIMIT 1) k ON true
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(y.amount - coalesce(a.overpaid, 0)), 0) - p.paid_before AS paid
    FROM reminder.payment y LEFT JOIN reminder.allocation a ON a.creditor_id = y.creditor_id AND a.payment_no = y.payment_no
    WHERE y.creditor_id = p.creditor_id AND y.invoice_no = p.invoice_no AND y.bounced_on IS NULL AND coalesce(y.paid_on <= p.ended_on, true)) m
  CROSS JOIN LATERAL (
    -- what is credited or waived since is taken off the last instalments
    SELECT m.paid + i.open_amount + coalesce(least(p.fees, k.fees) + least(p.interest, k.interest), 0) AS asked) n
  CROSS JOIN LATERAL (
    SELECT s.*, sum(s.amount) OVER (ORDER BY s.instalment_no) - s.amount AS before FROM reminder.instalment s
    WHERE s.creditor_id = p.creditor_id AND s.invoice_no = p.invoice_no AND s.plan_no = p.plan_no) s
  CROSS JOIN LATERAL (
    SELECT greatest(least(m.paid - s.before, s.amount), 0)::numeric(14,2) AS paid,
           greatest(least(n.asked - s.before, s.amount) - greatest(least(m.paid - s.before, s.amount), 0), 0)::numeric(14,2) AS open) x;
  COMMENT ON VIEW reminder._instalment_list IS 'Internal: instalment_list, with no look at who asks.';

  CREATE OR REPLACE VIEW reminder.instalment_list AS
  SELECT * FROM reminder._instalment_list s WHERE reminder.sees_invoice(s.creditor_id, s.invoice_no);
  COMMENT ON VIEW reminder.instalment_list IS 'Instalments of payment plans, and what is paid of them: payments are credited to them in the order of their due dates.';
  COMMENT ON COLUMN reminder.instalment_list.in_time_until IS 'the last day on which a payment is in time';
  COMMENT ON COLUMN reminder.instalment_list.open IS 'what is still asked of it: less than the amount where something was credited or waived since, the last instalments first';
  COMMENT ON COLUMN reminder.instalment_list.state IS 'as of the latest run: open, due, paid, missed, or removed with its plan';

  CREATE OR REPLACE VIEW reminder.payment_plan_list AS
  SELECT p.creditor_id, p.invoice_no, i.customer_no, p.plan_no, p.case_no, p.agreed_on, p.state, p.ended_on, p.why, i.currency,
         p.principal, p.interest, p.fees, p.principal + p.interest + p.fees AS total, p.fee, p.fee_to, p.fee_law,
         s.instalments, s.paid, s.open, n.instalment_no AS next_instalment, n.due_date AS next_due, n.open AS next_amount, s.missed, h.until_on AS stands_until
  FROM reminder.payment_plan p
  JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
  JOIN reminder.hold h ON h.creditor_id = p.creditor_id AND h.invoice_no = p.invoice_no AND h.hold_no = p.hold_no
  CROSS JOIN LATERAL (
    SELECT count(*) AS instalments, sum(s.paid) AS paid, sum(s.open) AS open, coalesce(sum(s.open) FILTER (WHERE s.state = 'missed'), 0.00) AS missed
    FROM reminder._instalment_list s WHERE s.creditor_id = p.creditor_id AND s.invoice_no = p.invoice_no AND s.plan_no = p.plan_no) s
  LEFT JOIN LATERAL (
    SELECT s.instalment_no, s.due_date, s.open
    FROM reminder._instalment_list s WHERE s.creditor_id = p.creditor_id AND s.invoice_no = p.invoice_no AND s.plan_no = p.plan_no AND s.open > 0
    ORDER BY s.instalment_no LIMIT 1) n ON p.state = 'active'
  WHERE reminder.sees_invoice(p.creditor_id, p.invoice_no);
  COMMENT ON VIEW reminder.payment_plan_list IS 'Payment plans: what each is of, what is paid of it, what comes next and what was missed.';
  COMMENT ON COLUMN reminder.payment_plan_list.state IS 'active, broken (as of the first run after an instalment was missed), paid or removed';
  COMMENT ON COLUMN reminder.payment_plan_list.total IS 'what the instalments come to: principal, interest and fees';
  COMMENT ON COLUMN reminder.payment_plan_list.fee_to IS 'who gets the plan''s own fee';
  COMMENT ON COLUMN reminder.payment_plan_list.missed IS 'what is open of instalments whose last day has passed, as of the latest run';
  COMMENT ON COLUMN reminder.payment_plan_list.stands_until IS 'the day after which it breaks if nothing more is paid; NULL: nothing more can be missed';
