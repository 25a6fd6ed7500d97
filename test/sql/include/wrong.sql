/*
 * t.wrong: where money does not add up, or what is kept does not follow from
 * what was written. No row is good. The schema t stands already.
 */
CREATE VIEW t.wrong AS
SELECT i.invoice_no, format('%s <> %s open + %s paid + %s credited', i.amount, i.open_amount, p.principal, c.amount) AS what
FROM reminder.invoice i
CROSS JOIN LATERAL (
  SELECT coalesce(sum(coalesce(a.principal, p.amount)), 0) AS principal
  FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
  WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.bounced_on IS NULL) p
CROSS JOIN LATERAL (
  SELECT coalesce(sum(c.amount), 0) AS amount FROM reminder.credit c
  WHERE c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no) c
WHERE i.amount <> i.open_amount + p.principal + c.amount
UNION ALL
SELECT p.invoice_no, format('payment %s of %s is split into %s + %s + %s + %s', p.payment_no, p.amount, a.principal, a.interest, a.fee, a.overpaid)
FROM reminder.allocation a LEFT JOIN reminder.payment p USING (creditor_id, payment_no)
WHERE p.payment_no IS NULL OR p.invoice_no IS NULL OR p.bounced_on IS NOT NULL OR p.amount + a.rounded_off <> a.principal + a.interest + a.fee + a.overpaid
UNION ALL
SELECT k.invoice_no, format('fees paid of case %s: %s by its payments, %s kept', k.case_no, a.fee, k.fees_paid)
FROM reminder.collection_case k
CROSS JOIN LATERAL (
  SELECT coalesce(sum(a.fee), 0) AS fee FROM reminder.payment p JOIN reminder.allocation a USING (creditor_id, payment_no)
  WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND a.case_no = k.case_no) a
WHERE a.fee <> k.fees_paid
UNION ALL
SELECT k.invoice_no, format('interest paid of case %s: %s by its payments, %s kept', k.case_no, a.interest, k.interest_paid)
FROM reminder.collection_case k
CROSS JOIN LATERAL (
  SELECT coalesce(sum(a.interest), 0) AS interest FROM reminder.payment p JOIN reminder.allocation a USING (creditor_id, payment_no)
  WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND a.case_no = k.case_no) a
WHERE a.interest <> k.interest_paid
UNION ALL
SELECT i.invoice_no, 'stands on the ladder though nothing is open, or the other way round'
FROM reminder.invoice i LEFT JOIN reminder.position p USING (creditor_id, invoice_no)
WHERE (p.invoice_no IS NOT NULL) <> (i.open_amount > 0)
UNION ALL
SELECT k.invoice_no, format('case %s is active beside a booked loss', k.case_no)
FROM reminder.collection_case k JOIN reminder.credit_loss l USING (creditor_id, invoice_no)
WHERE k.ended_on IS NULL AND l.reversed_on IS NULL
UNION ALL
SELECT k.invoice_no, format('case %s ended %s with costs of %s open', k.case_no, k.state, k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived)
FROM reminder.collection_case k
WHERE k.ended_on IS NOT NULL AND (k.fees <> k.fees_paid + k.fees_waived OR k.interest <> k.interest_paid + k.interest_waived)
UNION ALL
SELECT k.invoice_no, format('case %s ended %s with letters waiting', k.case_no, k.state)
FROM reminder.collection_case k JOIN reminder.decision d USING (creditor_id, invoice_no, case_no)
WHERE k.ended_on IS NOT NULL AND d.status = 'queued'
UNION ALL
SELECT k.invoice_no, format('case %s is active, with nothing to collect', k.case_no)
FROM reminder.collection_case k JOIN reminder.invoice i USING (creditor_id, invoice_no) JOIN reminder.rule r USING (creditor_id, rule_no)
WHERE k.ended_on IS NULL AND i.open_amount = 0
  -- costs that a payment plan is of are paid as agreed
  AND NOT (k.fees + k.interest > k.fees_paid + k.fees_waived + k.interest_paid + k.interest_waived
           AND EXISTS (SELECT FROM reminder.payment_plan p WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.state = 'active'))
  AND k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived <= r.residual_above
UNION ALL
SELECT p.invoice_no, format('payment %s: %s refunded of %s overpaid', p.payment_no, r.amount, coalesce(a.overpaid, 0))
FROM reminder.payment p
JOIN (SELECT creditor_id, payment_no, sum(amount) AS amount FROM reminder.refund GROUP BY 1, 2) r USING (creditor_id, payment_no)
LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
WHERE p.bounced_on IS NULL AND r.amount > CASE WHEN p.invoice_no IS NULL THEN p.amount ELSE coalesce(a.overpaid, 0) END
UNION ALL
SELECT p.invoice_no, format('%s %s is posted by %s and %s', p.event, p.document_no, sum(p.debit), sum(p.credit))
FROM reminder.posting_list p
GROUP BY p.creditor_id, p.event, p.document_no, p.entry_no, p.invoice_no HAVING sum(p.debit) IS DISTINCT FROM sum(p.credit)
UNION ALL
SELECT i.invoice_no, format('%s posted as paid of the principal, %s paid', p.posted, a.paid)
FROM reminder.invoice i
CROSS JOIN LATERAL (
  SELECT coalesce(sum(coalesce(p.credit, 0) - coalesce(p.debit, 0)), 0) AS posted FROM reminder.posting_list p
  WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.purpose = 'receivable' AND p.event LIKE 'payment%') p
CROSS JOIN LATERAL (
  SELECT coalesce(sum(coalesce(a.principal, p.amount)), 0) AS paid FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
  WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.bounced_on IS NULL) a
WHERE p.posted <> a.paid;
