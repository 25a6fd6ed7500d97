
  /*
   * The ledger of the customers against the general ledger (G5).
   */
  CREATE OR REPLACE VIEW reminder._ledger_entry AS
  SELECT x.creditor_id, coalesce(m.account, d.account) AS account, x.branch, coalesce(x.currency, c.currency, j.currency) AS currency,
         x.posted_on, x.event, x.document_no, x.invoice_no, x.amount
  FROM (
    SELECT e.creditor_id, e.purpose, i.branch, coalesce(e.currency, i.currency) AS currency, e.posted_on, e.event, e.document_no, e.invoice_no, e.amount
    FROM reminder._posting e
    LEFT JOIN reminder.invoice i ON i.creditor_id = e.creditor_id AND i.invoice_no = e.invoice_no
    UNION ALL
    -- a credit note is the invoice's opposite, and so is what settles it
    SELECT i.creditor_id, l.purpose, i.branch, i.currency, l.posted_on, l.event, l.document_no, i.invoice_no,
           CASE i.kind WHEN 'credit_note' THEN -l.amount ELSE l.amount END AS amount
    FROM (
      SELECT i.creditor_id, i.invoice_no, 'receivable' AS purpose, 'invoice' AS event, i.invoice_no AS document_no, i.invoice_date AS posted_on, i.amount
      FROM reminder.invoice i
      -- the refusal debited it already
      WHERE NOT EXISTS (SELECT FROM reminder.tax_reduction_answer a WHERE a.creditor_id = i.creditor_id AND a.new_invoice_no = i.invoice_no)
      UNION ALL
      SELECT b.creditor_id, b.invoice_no, 'receivable' AS purpose, 'settled_before' AS event, b.invoice_no AS document_no, NULL::date AS posted_on, -b.amount AS amount FROM reminder.settled_before b
      UNION ALL
      SELECT c.creditor_id, c.invoice_no, 'receivable' AS purpose, 'credit' AS event, c.credit_no AS document_no, c.credited_on AS posted_on, -c.amount AS amount FROM reminder.credit c
      UNION ALL
      SELECT t.creditor_id, t.invoice_no, 'tax_reduction' AS purpose, 'tax_reduction' AS event, t.kind AS document_no, NULL::date AS posted_on, t.amount FROM reminder.tax_reduction t) n
    JOIN reminder.invoice i ON i.creditor_id = n.creditor_id AND i.invoice_no = n.invoice_no
    CROSS JOIN LATERAL (SELECT n.purpose, n.event, n.document_no, coalesce(n.posted_on, i.invoice_date) AS posted_on, n.amount) l) x
  JOIN reminder.creditor c ON c.creditor_id = x.creditor_id
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
  LEFT JOIN reminder.default_account d ON d.jurisdiction = c.jurisdiction AND d.purpose = x.purpose
  LEFT JOIN reminder.account_map m ON m.creditor_id = x.creditor_id AND m.purpose = x.purpose
  WHERE x.amount <> 0;
  COMMENT ON VIEW reminder._ledger_entry IS 'Internal: what the ledger of the customers debits and, below zero, credits: invoices and what settles them, with the postings of money.';

  CREATE OR REPLACE VIEW reminder._control_account AS
  SELECT a.creditor_id, a.account, coalesce(bool_or(a.own), bool_or(a.chart), false) AS direct_posting, string_agg(a.purpose, ', ' ORDER BY a.purpose) AS purpose
  FROM (
    SELECT k.creditor_id, k.account, k.direct_posting AS own, NULL::boolean AS chart, NULL::text AS purpose FROM reminder.control_account k
    UNION ALL
    SELECT c.creditor_id, d.account, NULL::boolean AS own, d.direct_posting AS chart, NULL::text AS purpose
    FROM reminder.creditor c JOIN reminder.default_control_account d ON d.jurisdiction = c.jurisdiction
    UNION ALL
    SELECT c.creditor_id, coalesce(m.account, d.account) AS account, NULL::boolean AS own, NULL::boolean AS chart, p.purpose
    FROM reminder.creditor c
    CROSS JOIN (VALUES ('receivable'), ('tax_reduction'), ('doubtful_receivable'), ('loss_allowance')) p (purpose)
    LEFT JOIN reminder.default_account d ON d.jurisdiction = c.jurisdiction AND d.purpose = p.purpose
    LEFT JOIN reminder.account_map m ON m.creditor_id = c.creditor_id AND m.purpose = p.purpose
    WHERE coalesce(m.account, d.account) IS NOT NULL) a
  GROUP BY a.creditor_id, a.account;
  COMMENT ON VIEW reminder._control_account IS 'Internal: the control accounts of each creditor.';

  CREATE OR REPLACE VIEW reminder.control_account_list AS
  SELECT a.creditor_id, a.account, a.direct_posting, a.purpose FROM reminder._control_account a WHERE reminder.sees_whole(a.creditor_id);
  COMMENT ON VIEW reminder.control_account_list IS 'The control accounts of creditors: those of receivables by account_map and default_account, those of default_control_account, and their own of control_account.';
  COMMENT ON COLUMN reminder.control_account_list.direct_posting IS 'it may be booked by hand; false: only what stands in the ledger is booked on it';
  COMMENT ON COLUMN reminder.control_account_list.purpose IS 'what posting_list books on it; NULL: nothing of receivables';

  CREATE OR REPLACE VIEW reminder.ledger_entry_list AS
  SELECT l.creditor_id, l.account, l.branch, l.currency, l.posted_on, l.event, l.document_no, l.invoice_no, l.amount
  FROM reminder._ledger_entry l
  JOIN reminder._control_account a ON a.creditor_id = l.creditor_id AND a.account = l.account
  WHERE reminder.sees_whole(l.creditor_id);
  COMMENT ON VIEW reminder.ledger_entry_list IS 'What control accounts should have: invoices and what settles them, and what posting_list books there. The general ledger''s entries name event, document and invoice as they stand here.';
  COMMENT ON COLUMN reminder.ledger_entry_list.branch IS 'the invoice''s';
  COMMENT ON COLUMN reminder.ledger_entry_list.posted_on IS 'the day it counts from; what settled an invoice before it came in: the invoice''s date';
  COMMENT ON COLUMN reminder.ledger_entry_list.event IS '"invoice", "settled_before" it came in, "credit" (a void or offset, too), "tax_reduction", an authority''s share; and those of posting_list';
  COMMENT ON COLUMN reminder.ledger_entry_list.document_no IS 'the invoice''s or credit''s number, the kind of the tax reduction; else as in posting_list';
  COMMENT ON COLUMN reminder.ledger_entry_list.amount IS 'above zero a debit, below a credit';

  /*
   * Both sides, a line for each entry. Losses and tax reductions are numbered by
   * invoice, all others for the creditor: one that moved to another invoice is
   * the same payment. What was booked by hand is known by its voucher.
   */
  CREATE OR REPLACE VIEW reminder._reconciled AS
  SELECT x.creditor_id, x.account, x.branch, x.currency, date_trunc('month', x.posted_on::timestamp)::date AS period,
         x.event, x.document_no, CASE WHEN x.by_invoice THEN x.invoice_no END AS invoice_no, CASE WHEN x.event IS NULL THEN x.voucher_no END AS by_hand,
         x.voucher_no, x.ledger, x.general_ledger
  FROM (
    SELECT l.creditor_id, l.account, l.branch, l.currency, l.posted_on, l.event, l.document_no, l.invoice_no, l.event ~ 'loss|tax' AS by_invoice,
           NULL::text COLLATE "C" AS voucher_no, l.amount AS ledger, NULL::numeric AS general_ledger
    FROM reminder._ledger_entry l
    UNION ALL
    SELECT g.creditor_id, g.account, g.branch, coalesce(g.currency, c.currency, j.currency) AS currency, g.posted_on, g.event, g.document_no, g.invoice_no, g.event ~ 'loss|tax' AS by_invoice,
           g.voucher_no, NULL::numeric AS ledger, g.amount AS general_ledger
    FROM reminder.general_ledger_entry g
    JOIN reminder.creditor c ON c.creditor_id = g.creditor_id
    JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction) x
  JOIN reminder._control_account a ON a.creditor_id = x.creditor_id AND a.account = x.account;
  COMMENT ON VIEW reminder._reconciled IS 'Internal: what ledger and general ledger have on control accounts, each with its month and document.';

  CREATE OR REPLACE VIEW reminder.reconciliation AS
  SELECT r.creditor_id, r.account, r.branch, r.currency, r.period, r.ledger, r.general_ledger, r.general_ledger - r.ledger AS difference,
         sum(r.ledger) OVER w AS ledger_balance, sum(r.general_ledger) OVER w AS general_ledger_balance, sum(r.general_ledger - r.ledger) OVER w AS balance_difference
  FROM (
    SELECT r.creditor_id, r.account, r.branch, r.currency, r.period, coalesce(sum(r.ledger), 0.00) AS ledger, coalesce(sum(r.general_ledger), 0.00) AS general_ledger
    FROM reminder._reconciled r
    WHERE reminder.sees_whole(r.creditor_id)
    GROUP BY r.creditor_id, r.account, r.branch, r.currency, r.period) r
  WINDOW w AS (PARTITION BY r.creditor_id, r.account, r.branch, r.currency ORDER BY r.period);
  COMMENT ON VIEW reminder.reconciliation IS 'The ledger of the customers (invoices, payments, credits, losses) against the application''s general ledger, by control account, branch, currency and month: debits above zero. What makes up a difference is in reconciliation_detail.';
  COMMENT ON COLUMN reminder.reconciliation.branch IS 'the invoice''s, and the one that the general ledger names';
  COMMENT ON COLUMN reminder.reconciliation.period IS 'the first day of the month';
  COMMENT ON COLUMN reminder.reconciliation.ledger IS 'what the month should have';
  COMMENT ON COLUMN reminder.reconciliation.general_ledger IS 'what it has';
  COMMENT ON COLUMN reminder.reconciliation.difference IS 'of it, too much; below zero, too little';
  COMMENT ON COLUMN reminder.reconciliation.ledger_balance IS 'at the end of the month';
  COMMENT ON COLUMN reminder.reconciliation.general_ledger_balance IS 'at the end of the month';
  COMMENT ON COLUMN reminder.reconciliation.balance_difference IS 'at the end of the month';

  CREATE OR REPLACE VIEW reminder.reconciliation_detail AS
  SELECT r.creditor_id, r.account, r.branch, r.currency, r.period, r.event, r.document_no, r.invoice_no,
         (SELECT array_agg(DISTINCT v.voucher_no ORDER BY v.voucher_no) FROM unnest(r.vouchers) v (voucher_no)) AS vouchers,
         r.ledger, r.general_ledger, r.difference,
         CASE
           WHEN r.event IS NULL THEN 'manual'
           WHEN NOT r.document_booked THEN 'not_in_general_ledger'
           WHEN NOT r.document_in_ledger THEN 'not_in_ledger'
           WHEN r.left_in_branch = 0 THEN 'other_period'
           WHEN r.left_in_account = 0 THEN 'other_branch'
           -- accounts of one document balance by themselves: one must have come in another's place
           WHEN r.left_in_document = 0 AND r.account_booked <> r.account_in_ledger AND bool_or(r.account_booked AND NOT r.account_in_ledger) OVER d THEN 'other_account'
           WHEN NOT r.account_booked THEN 'not_in_general_ledger'
           WHEN NOT r.account_in_ledger THEN 'not_in_ledger'
           ELSE 'other_amount' END AS reason
  FROM (
    SELECT r.*, bool_or(r.booked) OVER d AS document_booked, bool_or(r.in_ledger) OVER d AS document_in_ledger, sum(r.difference) OVER d AS left_in_document,
           bool_or(r.booked) OVER a AS account_booked, bool_or(r.in_ledger) OVER a AS account_in_ledger, sum(r.difference) OVER a AS left_in_account,
           sum(r.difference) OVER b AS left_in_branch
    FROM (
      -- most documents agree: what is asked of those that do not is asked of few
      SELECT r.*, bool_or(r.difference <> 0) OVER d AS differs
      FROM (
        SELECT r.creditor_id, r.account, r.branch, r.currency, r.period, r.event, r.document_no, r.invoice_no, r.by_hand,
               coalesce(sum(r.ledger), 0.00) AS ledger, coalesce(sum(r.general_ledger), 0.00) AS general_ledger,
               coalesce(sum(r.general_ledger), 0.00) - coalesce(sum(r.ledger), 0.00) AS difference,
               count(r.ledger) > 0 AS in_ledger, count(r.general_ledger) > 0 AS booked, array_agg(r.voucher_no) FILTER (WHERE r.voucher_no IS NOT NULL) AS vouchers
        FROM reminder._reconciled r
        WHERE reminder.sees_whole(r.creditor_id)
        -- in the order of the windows, what differs most first
        GROUP BY r.creditor_id, r.document_no, r.event, r.currency, r.invoice_no, r.by_hand, r.account, r.branch, r.period) r
      WINDOW d AS (PARTITION BY r.creditor_id, r.document_no, r.event, r.currency, r.invoice_no, r.by_hand)) r
    WHERE r.differs
    WINDOW d AS (PARTITION BY r.creditor_id, r.document_no, r.event, r.currency, r.invoice_no, r.by_hand),
           a AS (PARTITION BY r.creditor_id, r.document_no, r.event, r.currency, r.invoice_no, r.by_hand, r.account),
           b AS (PARTITION BY r.creditor_id, r.document_no, r.event, r.currency, r.invoice_no, r.by_hand, r.account, r.branch)) r
  WHERE r.difference <> 0
  WINDOW d AS (PARTITION BY r.creditor_id, r.document_no, r.event, r.currency, r.invoice_no, r.by_hand);
  COMMENT ON VIEW reminder.reconciliation_detail IS 'What the differences of reconciliation are made of: a row for each document, or of what was booked by hand for each voucher, that differs there. They sum up to them, to the öre.';
  COMMENT ON COLUMN reminder.reconciliation_detail.branch IS 'the invoice''s, and the one that the general ledger names';
  COMMENT ON COLUMN reminder.reconciliation_detail.period IS 'the first day of the month';
  COMMENT ON COLUMN reminder.reconciliation_detail.event IS 'see ledger_entry_list; NULL: booked by hand';
  COMMENT ON COLUMN reminder.reconciliation_detail.document_no IS 'see ledger_entry_list';
  COMMENT ON COLUMN reminder.reconciliation_detail.invoice_no IS 'of losses and tax reductions, which are numbered by invoice';
  COMMENT ON COLUMN reminder.reconciliation_detail.vouchers IS 'the vouchers that book it; NULL: none does in this month, account and branch';
  COMMENT ON COLUMN reminder.reconciliation_detail.ledger IS 'what should be booked';
  COMMENT ON COLUMN reminder.reconciliation_detail.general_ledger IS 'what is booked';
  COMMENT ON COLUMN reminder.reconciliation_detail.difference IS 'booked too much; below zero, too little';
  COMMENT ON COLUMN reminder.reconciliation_detail.reason IS '"manual"; "not_in_general_ledger", missing there; "not_in_ledger", nothing such is in the ledger any more; "other_period", "other_branch", "other_account": booked right but there; "other_amount"';
