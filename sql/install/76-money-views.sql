
  /*
   * The authority's share of invoices (F8).
   */
  CREATE OR REPLACE VIEW reminder.tax_reduction_list AS
  SELECT t.creditor_id, t.invoice_no, i.customer_no, i.currency, t.kind, t.amount, a.paid, a.refused, t.amount - a.paid - a.refused AS open, a.answered_on, a.new_invoice_nos
  FROM reminder.tax_reduction t
  JOIN reminder.invoice i ON i.creditor_id = t.creditor_id AND i.invoice_no = t.invoice_no
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.paid), 0) AS paid, coalesce(sum(a.refused), 0) AS refused, max(a.answered_on) AS answered_on,
           array_agg(a.new_invoice_no ORDER BY a.answer_no) FILTER (WHERE a.new_invoice_no IS NOT NULL) AS new_invoice_nos
    FROM reminder.tax_reduction_answer a
    WHERE a.creditor_id = t.creditor_id AND a.invoice_no = t.invoice_no AND a.kind = t.kind) a
  WHERE reminder.sees_invoice(t.creditor_id, t.invoice_no);
  COMMENT ON VIEW reminder.tax_reduction_list IS 'What authorities are to pay of invoices, and what they paid and refused.';
  COMMENT ON COLUMN reminder.tax_reduction_list.open IS 'what they have neither paid nor refused';
  COMMENT ON COLUMN reminder.tax_reduction_list.new_invoice_nos IS 'the invoices by which the customer owes what was refused';

  /*
   * The lives of payments: as one stands now, and as it stood before it
   * bounced, was corrected or deleted.
   */
  CREATE OR REPLACE VIEW reminder._payment_life AS
  SELECT x.*, CASE WHEN x.payee <> 'creditor' THEN x.fee ELSE 0 END AS others_fee, CASE WHEN x.payee = 'service' THEN x.fee ELSE 0 END AS service_fee,
         CASE WHEN x.payee = 'service' THEN x.interest ELSE 0 END AS service_interest, y.currency
  FROM (
    SELECT x.*, CASE WHEN x.fee + x.interest > 0 THEN coalesce((
        -- whose letter it was then: the case may have passed to another since
        SELECT d.collected_by FROM reminder.decision d
        WHERE d.creditor_id = x.creditor_id AND d.invoice_no = x.invoice_no AND d.case_no = x.case_no AND d.outcome = 'sent'
        ORDER BY greatest(d.as_of, x.paid_on), d.as_of DESC, d.rung DESC LIMIT 1), 'creditor') ELSE 'creditor' END AS payee
    FROM (
      SELECT p.creditor_id, p.payment_no, coalesce(u.lives, 0) + 1 AS life, true AS stands, p.paid_on, greatest(p.paid_on, u.undone_on) AS counts_on, NULL::date AS undone_on, p.invoice_no, p.source, p.amount,
             coalesce(a.principal, CASE WHEN p.invoice_no IS NULL THEN 0 ELSE p.amount END) AS principal,
             coalesce(a.fee, 0) AS fee, coalesce(a.interest, 0) AS interest, coalesce(a.overpaid, 0) AS overpaid, coalesce(a.rounded_off, 0) AS rounded_off, a.case_no
      FROM reminder.payment p
      LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
      LEFT JOIN (SELECT u.creditor_id, u.payment_no, max(u.undone_no) AS lives, max(u.undone_on) AS undone_on FROM reminder.payment_undone u GROUP BY u.creditor_id, u.payment_no) u
        ON u.creditor_id = p.creditor_id AND u.payment_no = p.payment_no
      WHERE p.bounced_on IS NULL
      UNION ALL
      SELECT u.creditor_id, u.payment_no, u.undone_no, false, u.paid_on,
             greatest(u.paid_on, (SELECT max(b.undone_on) FROM reminder.payment_undone b WHERE b.creditor_id = u.creditor_id AND b.payment_no = u.payment_no AND b.undone_no < u.undone_no)),
             u.undone_on, u.invoice_no, u.source, u.amount,
             u.principal, u.fee, u.interest, u.overpaid, u.rounded_off, u.case_no
      FROM reminder.payment_undone u) x) x
  -- of an invoice it is the invoice's
  LEFT JOIN reminder.payment_currency y ON y.creditor_id = x.creditor_id AND y.payment_no = x.payment_no AND x.invoice_no IS NULL;
  COMMENT ON VIEW reminder._payment_life IS 'Internal: where each payment went, and had gone before it was undone, with the fees and interest that are of the letters of who collects for the creditor; it counts from counts_on until before undone_on.';

  /*
   * Postings: each event balanced, a debit or a credit a line.
   */
  CREATE OR REPLACE VIEW reminder._posting AS
  SELECT e.creditor_id, e.posted_on, e.event, e.document_no, e.entry_no, e.invoice_no, e.currency, l.line, l.purpose, e.sign * l.amount AS amount
  FROM (
    -- what is paid, and what was paid and taken back
    SELECT p.creditor_id, p.on_date AS posted_on, p.event, p.payment_no AS document_no, p.entry_no, p.invoice_no, p.sign,
           CASE p.source WHEN 'creditor' THEN p.amount ELSE 0 END AS bank,
           -- fees are whose who collects: what he took in he keeps, what the creditor took in it owes him
           CASE WHEN p.source = 'creditor' THEN 0 WHEN p.source = 'agency' AND p.payee = 'service' THEN p.amount ELSE p.amount - p.others_fee END AS service_claim,
           CASE WHEN p.source = 'creditor' OR p.source = 'agency' AND p.payee = 'service' THEN -p.others_fee ELSE 0 END AS service_debt,
           -p.principal AS receivable, p.others_fee - p.fee AS fee_income, -p.interest AS interest_income,
           -p.overpaid AS overpayment, CASE WHEN p.invoice_no IS NULL THEN -p.amount ELSE 0 END AS unmatched, p.rounded_off AS rounding, 0 AS tax_reduction, 0 AS commission, 0 AS input_vat, p.currency
    FROM (
      SELECT l.*, s.event, CASE WHEN l.stands THEN 0 ELSE l.life END AS entry_no, s.sign, CASE s.sign WHEN 1 THEN l.counts_on ELSE l.undone_on END AS on_date
      FROM reminder._payment_life l
      JOIN (VALUES ('payment', 1), ('payment_taken_back', -1)) s (event, sign) ON s.sign = 1 OR NOT l.stands) p
    UNION ALL
    SELECT r.creditor_id, r.refunded_on AS posted_on, 'refund' AS event, r.payment_no || ' ' || r.refund_no AS document_no, 0 AS entry_no, p.invoice_no, 1 AS sign,
           CASE p.source WHEN 'creditor' THEN -r.amount ELSE 0 END AS bank, CASE p.source WHEN 'creditor' THEN 0 ELSE -r.amount END AS service_claim,
           0 AS service_debt, 0 AS receivable, 0 AS fee_income, 0 AS interest_income,
           CASE WHEN p.invoice_no IS NULL THEN 0 ELSE r.amount END AS overpayment, CASE WHEN p.invoice_no IS NULL THEN r.amount ELSE 0 END AS unmatched, 0 AS rounding, 0 AS tax_reduction, 0 AS commission, 0 AS input_vat, y.currency
    FROM reminder.refund r JOIN reminder.payment p ON p.creditor_id = r.creditor_id AND p.payment_no = r.payment_no
    LEFT JOIN reminder.payment_currency y ON y.creditor_id = p.creditor_id AND y.payment_no = p.payment_no AND p.invoice_no IS NULL
    UNION ALL
    SELECT t.creditor_id, t.answered_on AS posted_on, CASE WHEN t.paid > 0 THEN 'tax_reduction_paid' ELSE 'tax_reduction_refused' END AS event,
           t.kind AS document_no, t.answer_no AS entry_no, t.invoice_no, 1 AS sign,
           t.paid AS bank, 0 AS service_claim, 0 AS service_debt, t.refused AS receivable, 0 AS fee_income, 0 AS interest_income,
           0 AS overpayment, 0 AS unmatched, 0 AS rounding, -t.paid - t.refused AS tax_reduction, 0 AS commission, 0 AS input_vat, NULL AS currency
    FROM reminder.tax_reduction_answer t
    UNION ALL
    -- what the service keeps, and charges; where the creditor took it in, it is owed to the service by then
    SELECT s.creditor_id, s.as_of AS posted_on, 'settlement' AS event, s.settlement_no || ' ' || s.currency AS document_no, 0 AS entry_no, NULL AS invoice_no, 1 AS sign,
           0 AS bank, -l.fee_owed - l.interest - l.commission - l.vat AS service_claim, l.fee_owed AS service_debt, 0 AS receivable, 0 AS fee_income, l.interest AS interest_income,
           0 AS overpayment, 0 AS unmatched, 0 AS rounding, 0 AS tax_reduction, l.commission, l.vat AS input_vat, s.currency
    FROM reminder.settlement s
    JOIN (SELECT l.creditor_id, l.settlement_no, l.currency, coalesce(sum(l.fee) FILTER (WHERE l.source <> 'service'), 0) AS fee_owed, sum(l.interest) AS interest,
                 sum(l.commission) AS commission, sum(l.fee_vat + l.commission_vat) AS vat
          FROM reminder.settlement_line l GROUP BY l.creditor_id, l.settlement_no, l.currency) l
      ON l.creditor_id = s.creditor_id AND l.settlement_no = s.settlement_no AND l.currency = s.currency
    UNION ALL
    SELECT p.creditor_id, p.paid_on AS posted_on, 'payout' AS event, p.settlement_no || ' ' || p.payout_no AS document_no, 0 AS entry_no, NULL AS invoice_no, 1 AS sign,
           p.amount AS bank, -p.amount AS service_claim, 0 AS service_debt, 0 AS receivable, 0 AS fee_income, 0 AS interest_income,
           0 AS overpayment, 0 AS unmatched, 0 AS rounding, 0 AS tax_reduction, 0 AS commission, 0 AS input_vat, p.currency
    FROM reminder.payout p WHERE p.paid_on IS NOT NULL) e
  CROSS JOIN LATERAL (VALUES
    (1, 'bank', e.bank), (2, 'service_claim', e.service_claim), (3, 'receivable', e.receivable), (4, 'tax_reduction', e.tax_reduction),
    (5, 'fee_income', e.fee_income), (6, 'interest_income', e.interest_income), (7, 'service_debt', e.service_debt),
    (8, 'overpayment', e.overpayment), (9, 'unmatched', e.unmatched), (10, 'rounding', e.rounding), (11, 'commission', e.commission), (12, 'input_vat', e.input_vat)) l (line, purpose, amount)
  UNION ALL
  -- a doubtful claim is set apart, and what it may lose without VAT; once that is certain, the VAT comes back
  SELECT w.creditor_id, CASE s.sign WHEN 1 THEN w.booked_on ELSE w.reversed_on END, CASE s.sign WHEN 1 THEN w.kind || '_loss' ELSE w.kind || '_loss_reversed' END,
         w.loss_no, 0, w.invoice_no, NULL, l.line, l.purpose, s.sign * l.amount
  FROM reminder.credit_loss w
  CROSS JOIN LATERAL (
    SELECT coalesce(round(w.amount * sum(v.vat) / nullif(sum(v.net + v.vat), 0), 2), 0) AS vat
    FROM reminder.invoice_vat v WHERE v.creditor_id = w.creditor_id AND v.invoice_no = w.invoice_no) v
  CROSS JOIN LATERAL (VALUES
    (3, 'receivable', 'doubtful', -w.amount), (13, 'doubtful_receivable', 'doubtful', w.amount), (14, 'loss_allowance', 'doubtful', v.vat - w.amount), (15, 'doubtful_loss', 'doubtful', w.amount - v.vat),
    (3, 'receivable', 'confirmed', -w.amount), (16, 'confirmed_loss', 'confirmed', w.amount - v.vat), (17, 'output_vat', 'confirmed', v.vat)) l (line, purpose, kind, amount)
  CROSS JOIN (VALUES (1), (-1)) s (sign)
  WHERE l.kind = w.kind AND (s.sign = 1 OR w.reversed_on IS NOT NULL);
  COMMENT ON VIEW reminder._posting IS 'Internal: what each event of money means, a line each: above zero a debit, below a credit.';

  CREATE OR REPLACE VIEW reminder.posting_list AS
  SELECT e.creditor_id, e.posted_on, e.event, e.document_no, e.entry_no, e.invoice_no, e.line, e.purpose,
         coalesce(m.account, d.account) AS account,
         CASE WHEN e.amount > 0 THEN e.amount END AS debit,
         CASE WHEN e.amount < 0 THEN -e.amount END AS credit,
         coalesce(e.currency, i.currency, c.currency, j.currency) AS currency
  FROM reminder._posting e
  JOIN reminder.creditor c ON c.creditor_id = e.creditor_id
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
  LEFT JOIN reminder.invoice i ON i.creditor_id = e.creditor_id AND i.invoice_no = e.invoice_no
  LEFT JOIN reminder.default_account d ON d.jurisdiction = c.jurisdiction AND d.purpose = e.purpose
  LEFT JOIN reminder.account_map m ON m.creditor_id = e.creditor_id AND m.purpose = e.purpose
  WHERE e.amount <> 0 AND reminder.sees_whole(e.creditor_id);
  COMMENT ON VIEW reminder.posting_list IS 'What money means to the creditor''s books: for each payment, refund, credit loss, settlement, payout and answer of an authority debits and credits that balance. A fee is booked when it is paid, and back when the payment bounces; what was posted of payments stays posted: one that is moved, corrected or deleted is posted back on the day it was, or that of the latest run, and anew then. A credit loss is posted as it stands, its VAT by invoice_vat; one that turns out otherwise, or is recovered, is reversed and not deleted, a doubtful one that is confirmed, too.';
  COMMENT ON COLUMN reminder.posting_list.event IS '"payment", "payment_taken_back" (bounced, corrected or deleted), "refund", "doubtful_loss", "confirmed_loss", and either with "_reversed", "settlement", "payout", "tax_reduction_paid", "tax_reduction_refused"';
  COMMENT ON COLUMN reminder.posting_list.document_no IS 'the payment''s number, with the refund''s after it; the loss''s; the settlement''s, with its currency or the payout''s; or the kind of the tax reduction';
  COMMENT ON COLUMN reminder.posting_list.entry_no IS 'with event, document and invoice it names the entry; 0: of the payment as it stands now';
  COMMENT ON COLUMN reminder.posting_list.purpose IS 'see default_account';
  COMMENT ON COLUMN reminder.posting_list.account IS 'of account_map, else of default_account; NULL: none is set';

  /*
   * What became of each claim, to the öre.
   */
  CREATE OR REPLACE VIEW reminder.claim_account AS
  SELECT i.creditor_id, i.invoice_no, i.customer_no, i.currency,
         i.amount AS invoiced, coalesce(k.fees - k.compensation, 0) AS fees, coalesce(k.compensation, 0) AS compensation, coalesce(k.interest, 0) AS interest,
         coalesce(b.amount, 0) AS settled_before, coalesce(p.paid, 0) AS paid, coalesce(p.overpaid, 0) AS overpaid, coalesce(p.rounded_off, 0) AS rounded_off,
         coalesce(c.amount, 0) AS credited, l.written_off, coalesce(k.waived, 0) AS waived, i.open_amount - l.written_off + coalesce(k.open, 0) AS open
  FROM reminder.invoice i
  LEFT JOIN reminder.settled_before b ON b.creditor_id = i.creditor_id AND b.invoice_no = i.invoice_no
  LEFT JOIN (
    SELECT k.creditor_id, k.invoice_no, sum(k.fees) AS fees, sum(k.compensation) AS compensation, sum(k.interest) AS interest, sum(k.fees_waived + k.interest_waived) AS waived,
           sum(k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived) AS open
    FROM reminder.collection_case k GROUP BY k.creditor_id, k.invoice_no) k ON k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no
  LEFT JOIN (
    SELECT p.creditor_id, p.invoice_no, sum(p.amount) AS paid, sum(a.overpaid) AS overpaid, sum(a.rounded_off) AS rounded_off
    FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
    WHERE p.bounced_on IS NULL GROUP BY p.creditor_id, p.invoice_no) p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
  LEFT JOIN (
    SELECT c.creditor_id, c.invoice_no, sum(c.amount) AS amount FROM reminder.credit c GROUP BY c.creditor_id, c.invoice_no) c ON c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no
  LEFT JOIN (
    SELECT w.creditor_id, w.invoice_no, sum(w.amount) AS amount FROM reminder.credit_loss w WHERE w.kind = 'confirmed' AND w.reversed_on IS NULL GROUP BY w.creditor_id, w.invoice_no) w
    ON w.creditor_id = i.creditor_id AND w.invoice_no = i.invoice_no
  CROSS JOIN LATERAL (SELECT least(coalesce(w.amount, 0), i.open_amount) AS written_off) l
  WHERE reminder.sees_invoice(i.creditor_id, i.invoice_no);
  COMMENT ON VIEW reminder.claim_account IS 'Each invoice with its costs, and what became of them: invoiced + fees + compensation + interest = settled_before + paid - overpaid + rounded_off + credited + written_off + waived + open.';
  COMMENT ON COLUMN reminder.claim_account.settled_before IS 'before the invoice came in';
  COMMENT ON COLUMN reminder.claim_account.paid IS 'by payments that count, whoever took them in';
  COMMENT ON COLUMN reminder.claim_account.written_off IS 'of what is open, confirmed losses that are not reversed';
