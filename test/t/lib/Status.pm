# Status - the view case_status in plain SQL, to hold against the one that asks C.
#
#   Status->define($session);          # public.status_in_sql and the function below
#   $session->sql('SELECT * FROM public.status_otherwise()');   # rows that only one has
package Status;

use strict;
use warnings;

sub define
{
	my ($class, $session) = @_;
	$session->sql(<<'SQL');
CREATE VIEW public.status_in_sql AS
SELECT k.creditor_id, k.invoice_no, i.customer_no, k.case_id, k.case_no,
       CASE WHEN k.ended_on IS NULL THEN k.state ELSE k.ended_from END AS stage,
       CASE WHEN k.ended_on IS NOT NULL THEN 'ended' WHEN h.reason IS NOT NULL THEN 'held' ELSE 'active' END AS state,
       k.opened_on, k.state_on AS stage_on, k.ended_on, CASE WHEN k.ended_on IS NOT NULL THEN k.state END AS outcome, k.closing_reason,
       n.stage AS next_stage, n.step_date AS next_on, CASE WHEN k.ended_on IS NULL THEN p.waiting_for END AS why_not,
       l.letter_date AS sent_on, l.deadline,
       i.currency, i.open_amount AS principal, k.interest - k.interest_paid - k.interest_waived AS interest,
       k.fees, k.fees_paid, k.fees_waived, k.fees - k.fees_paid - k.fees_waived AS fees_open, k.interest_paid,
       CASE WHEN k.ended_on IS NULL THEN i.open_amount + k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived ELSE 0.00 END AS open,
       h.reason AS hold, h.until_on AS hold_until, k.collected_by, k.rule_no, k.reference,
       k.fees_paid + k.interest_paid + (
         SELECT coalesce(sum(coalesce(a.principal, m.amount)), 0) FROM reminder.payment m
         LEFT JOIN reminder.allocation a ON a.creditor_id = m.creditor_id AND a.payment_no = m.payment_no
         WHERE m.creditor_id = k.creditor_id AND m.invoice_no = k.invoice_no AND m.bounced_on IS NULL) AS paid,
       (SELECT coalesce(sum(m.commission), 0.00) FROM reminder._commission_list m
        WHERE m.creditor_id = k.creditor_id AND m.invoice_no = k.invoice_no AND m.case_no = k.case_no) AS commission,
       (SELECT replace(c.case_url, '{case_id}', k.case_id::text) FROM reminder.creditor c WHERE c.creditor_id = k.creditor_id) AS link,
       y.state AS plan, y.next_instalment_on, y.next_instalment, y.missed AS instalments_missed,
       (SELECT coalesce(sum(m.amount), 0.00) FROM reminder.enforcement_fee m
        WHERE m.creditor_id = k.creditor_id AND m.invoice_no = k.invoice_no AND m.case_no = k.case_no) AS enforcement_fees,
       g.agency, g.reference AS agency_reference, a.status AS agency_status, a.on_date AS agency_status_on,
       (SELECT coalesce(sum(m.amount), 0.00) FROM reminder.agency_message m
        WHERE m.creditor_id = k.creditor_id AND m.invoice_no = k.invoice_no AND m.kind = 'fee' AND m.problem IS NULL) AS agency_fees
FROM reminder.collection_case k
JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
LEFT JOIN reminder.position p ON p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no
CROSS JOIN LATERAL (SELECT max(r.as_of) AS today FROM reminder.run_log r WHERE r.creditor_id = k.creditor_id) t
LEFT JOIN LATERAL (
  SELECT h.reason, h.until_on FROM reminder.hold h
  WHERE h.creditor_id = k.creditor_id AND h.invoice_no = k.invoice_no
    AND coalesce(h.until_on >= t.today, true)
    AND coalesce(h.released_on > t.today, h.released_on IS NULL)
  ORDER BY h.kind = 'dispute' DESC, h.until_on DESC NULLS FIRST, h.hold_no DESC LIMIT 1) h ON k.ended_on IS NULL
LEFT JOIN LATERAL (
  SELECT d.as_of AS letter_date, d.deadline FROM reminder.decision d
  WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.outcome = 'sent' AND d.taken_back = 0
    AND d.status <> 'failed'
  ORDER BY d.rung DESC LIMIT 1) l ON true
LEFT JOIN LATERAL (
  SELECT s.stage, reminder._step_date(
           j.calendar, (SELECT array_agg(d.day ORDER BY d.day) FROM reminder.closed_day d WHERE d.creditor_id = s.creditor_id),
           j.moves_due_date, r.waives_deadline, p.passed::integer, s.wait, s.wait_unit = 'bank_day',
           i.due_date, p.base_date, p.letter_date) AS step_date
  FROM reminder.rule_step s
  JOIN reminder.rule r ON r.creditor_id = s.creditor_id AND r.rule_no = s.rule_no
  JOIN reminder.creditor c ON c.creditor_id = s.creditor_id
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
  WHERE s.creditor_id = p.creditor_id AND s.rule_no = p.rule_no AND s.rung > p.passed
  ORDER BY s.rung LIMIT 1) n ON k.ended_on IS NULL
LEFT JOIN LATERAL (
  SELECT y.state, s.next_instalment_on, s.next_instalment, s.missed
  FROM reminder.payment_plan y
  CROSS JOIN LATERAL (
    SELECT min(s.due_date) FILTER (WHERE s.open > 0) AS next_instalment_on,
           (array_agg(s.open ORDER BY s.due_date) FILTER (WHERE s.open > 0))[1] AS next_instalment,
           sum(s.open) FILTER (WHERE s.state = 'missed') AS missed
    FROM reminder._instalment_list s
    WHERE s.creditor_id = y.creditor_id AND s.invoice_no = y.invoice_no AND s.plan_no = y.plan_no AND y.state IN ('active', 'broken')) s
  WHERE y.creditor_id = k.creditor_id AND y.invoice_no = k.invoice_no AND (y.case_no = k.case_no OR k.ended_on IS NULL)
  ORDER BY y.plan_no DESC LIMIT 1) y ON true
LEFT JOIN LATERAL (
  SELECT x.agency, coalesce(x.reference, (
           SELECT o.reference FROM reminder.handover o
           WHERE o.creditor_id = k.creditor_id AND o.invoice_no = k.invoice_no AND o.case_no = k.case_no AND o.agency = x.agency AND o.reference IS NOT NULL
           ORDER BY o.rung DESC, o.nth DESC LIMIT 1)) AS reference
  FROM reminder.handover x
  WHERE x.creditor_id = k.creditor_id AND x.invoice_no = k.invoice_no AND x.case_no = k.case_no AND x.answer = 'acknowledged'
  ORDER BY x.rung DESC, x.nth DESC LIMIT 1) g ON true
LEFT JOIN LATERAL (
  SELECT m.status, m.on_date FROM reminder.agency_message m
  WHERE m.creditor_id = k.creditor_id AND m.invoice_no = k.invoice_no AND m.kind IN ('status', 'closure') AND m.problem IS NULL AND m.on_date >= k.opened_on
  ORDER BY m.on_date DESC, m.recorded_at DESC, m.message_id DESC LIMIT 1) a ON true
WHERE reminder.sees_invoice(k.creditor_id, k.invoice_no);
CREATE FUNCTION public.status_otherwise() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
    SELECT format('in SQL %s, is %s', p, s)
    FROM public.status_in_sql p FULL JOIN reminder.case_status s USING (creditor_id, invoice_no, case_no)
    WHERE p::text IS DISTINCT FROM s::text;
END
$$;
SQL
	return;
}

1;
