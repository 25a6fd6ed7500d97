  /*
   * What one can see. In views "today" is the creditor's latest run.
   */
  CREATE OR REPLACE VIEW reminder.letter_list AS
  SELECT d.creditor_id, d.invoice_no, d.customer_no, d.stage, d.as_of AS letter_date, d.deadline, d.channel, d.currency,
         d.principal, d.interest - d.interest_settled AS interest, coalesce(d.interest_until, d.as_of) AS interest_until, coalesce(d.fee, 0) AS fee, d.fees - d.fees_settled AS fees, d.compensation,
         t.total, coalesce(round(t.total / r.unit) * r.unit, t.total) AS to_pay,
         d.reference, d.status, d.case_no, d.rung, d.step_date, d.rule_no, d.rule_version, d.fee_cap, d.fee_of_rule,
         -- the service from its first letter on; from the invoice on where it sent that (F1)
         CASE WHEN d.collected_by = 'creditor' AND EXISTS (SELECT FROM reminder.invoice_letter o WHERE o.creditor_id = d.creditor_id AND o.invoice_no = d.invoice_no AND o.status = 'sent' AND o.told_on <= d.as_of)
              THEN 'service' ELSE d.collected_by END AS payee,
         coalesce(i.trading_name, c.name) AS sender_name, coalesce(u.language, j.language) AS language,
         coalesce(substring(i.description FROM '.*\S.*'), substring(c.claim_description FROM '.*\S.*'),
                  reminder.claim_ground(coalesce(u.language, j.language), i.invoice_no, i.invoice_date)) AS claim_description,
         y.letter_of
  FROM reminder.decision d
  JOIN reminder.invoice i ON i.creditor_id = d.creditor_id AND i.invoice_no = d.invoice_no
  JOIN reminder.customer u ON u.creditor_id = d.creditor_id AND u.customer_no = d.customer_no
  JOIN reminder.creditor c ON c.creditor_id = d.creditor_id
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
  CROSS JOIN LATERAL (SELECT d.principal + d.interest - d.interest_settled + d.fees - d.fees_settled AS total) t
  LEFT JOIN LATERAL (
    SELECT r.unit FROM reminder.rounding_rule r
    WHERE r.jurisdiction = c.jurisdiction AND r.currency = d.currency AND r.valid_from <= d.as_of AND r.confidence <> 'unconfirmed'
    ORDER BY r.valid_from DESC LIMIT 1) r ON c.rounds_payments
  LEFT JOIN reminder.letter_line y ON y.creditor_id = d.creditor_id AND y.invoice_no = d.invoice_no AND y.rung = d.rung AND y.taken_back = d.taken_back
  WHERE d.outcome = 'sent' AND d.taken_back = 0 AND reminder.sees_invoice(d.creditor_id, d.invoice_no);
  COMMENT ON VIEW reminder.letter_list IS 'Letters, sent and to be sent.';
  COMMENT ON COLUMN reminder.letter_list.fee IS 'the letter''s own fee';
  COMMENT ON COLUMN reminder.letter_list.fees IS 'all fees the letter claims, those of earlier letters and compensation for being late too';
  COMMENT ON COLUMN reminder.letter_list.interest IS 'late interest up to interest_until, less what is paid of it: interest_statement() shows how it comes about';
  COMMENT ON COLUMN reminder.letter_list.interest_until IS 'the letter''s date; or the last day whose rate was known, if that was earlier';
  COMMENT ON COLUMN reminder.letter_list.compensation IS 'of all fees of the case, compensation for being late';
  COMMENT ON COLUMN reminder.letter_list.total IS 'principal, interest and all fees';
  COMMENT ON COLUMN reminder.letter_list.to_pay IS 'the total, rounded where the law has it';
  COMMENT ON COLUMN reminder.letter_list.status IS 'queued, sent (confirmed), failed or cancelled';
  COMMENT ON COLUMN reminder.letter_list.payee IS 'whom to pay: the creditor, the service or the agency';
  COMMENT ON COLUMN reminder.letter_list.fee_of_rule IS 'what the rule would have charged, when the law allowed less';
  COMMENT ON COLUMN reminder.letter_list.letter_of IS 'of steps that send a customer one letter: the invoice that names it, the same for all its invoices';

  CREATE OR REPLACE VIEW reminder._event_list AS
  SELECT e.creditor_id, e.invoice_no, e.as_of AS event_on, e.recorded_at, e.kind AS event, NULL::text AS stage,
         e.amount, e.detail, e.rule_no, e.case_no, e.recorded_by
  FROM reminder.event e
  UNION ALL
  SELECT d.creditor_id, d.invoice_no, d.as_of, d.decided_at, d.outcome, d.stage, d.fee,
         CASE WHEN d.outcome = 'skipped' THEN d.reason
              ELSE nullif(concat_ws('; ',
                CASE WHEN d.fee_of_rule IS NOT NULL THEN format('fee lowered from %s to %s by law', d.fee_of_rule, coalesce(d.fee, 0)) END,
                CASE WHEN d.interest_until IS NOT NULL THEN format('interest up to %s only: the rate after it is not known', d.interest_until) END), '') END,
         d.rule_no, d.case_no, NULL
  FROM reminder.decision d
  UNION ALL
  SELECT p.creditor_id, p.invoice_no, p.paid_on, p.recorded_at, 'payment', NULL, p.amount, p.payment_no, NULL, NULL, NULL
  FROM reminder.payment p WHERE p.invoice_no IS NOT NULL
  UNION ALL
  SELECT p.creditor_id, p.invoice_no, p.bounced_on, NULL, 'payment_bounced', NULL, p.amount, p.payment_no, NULL, NULL, NULL
  FROM reminder.payment p WHERE p.invoice_no IS NOT NULL AND p.bounced_on IS NOT NULL
  UNION ALL
  SELECT c.creditor_id, c.invoice_no, c.credited_on, c.recorded_at, c.kind, NULL, c.amount, c.credit_no, NULL, NULL, NULL
  FROM reminder.credit c
  UNION ALL
  SELECT l.creditor_id, l.invoice_no, l.booked_on, l.recorded_at, l.kind || '_loss', NULL, l.amount, l.loss_no, NULL, NULL, NULL
  FROM reminder.credit_loss l
  UNION ALL
  SELECT l.creditor_id, l.invoice_no, l.reversed_on, NULL, 'loss_reversed', NULL, l.amount, l.loss_no, NULL, NULL, NULL
  FROM reminder.credit_loss l WHERE l.reversed_on IS NOT NULL
  UNION ALL
  SELECT y.creditor_id, y.invoice_no, y.as_of, y.recorded_at, 'letter_' || y.outcome, y.stage, NULL, NULL, NULL, y.case_no, y.recorded_by
  FROM reminder.delivery y WHERE y.outcome <> 'failed'
  UNION ALL
  -- payments, letters and what ends a case leave events of their own
  SELECT m.creditor_id, m.invoice_no, m.on_date, m.recorded_at, 'agency_' || m.kind, m.stage, m.amount, concat_ws(': ', m.agency, m.status, m.detail), NULL, NULL, m.recorded_by
  FROM reminder.agency_message m WHERE m.kind IN ('status', 'letter', 'fee', 'not_withdrawn') AND m.problem IS NULL;
  COMMENT ON VIEW reminder._event_list IS 'Internal: event_list, with no look at who asks.';

  CREATE OR REPLACE VIEW reminder.event_list AS
  SELECT * FROM reminder._event_list e WHERE reminder.sees_invoice(e.creditor_id, e.invoice_no);
  COMMENT ON VIEW reminder.event_list IS 'Everything automation and people did: decisions, letters that went out, money, events. Filter by creditor_id, invoice_no, rule_no or event_on; an empty invoice_no is an event of the creditor.';

  -- what is beside the case and its invoice is read row by row in C: for one case a plan of joins is longer in the making than in use
  CREATE OR REPLACE VIEW reminder.case_status AS
  SELECT k.creditor_id, k.invoice_no, i.customer_no, k.case_id, k.case_no,
         CASE WHEN k.ended_on IS NULL THEN k.state ELSE k.ended_from END AS stage,
         CASE WHEN k.ended_on IS NOT NULL THEN 'ended' WHEN n.hold IS NOT NULL THEN 'held' ELSE 'active' END AS state,
         k.opened_on, k.state_on AS stage_on, k.ended_on, CASE WHEN k.ended_on IS NOT NULL THEN k.state END AS outcome, k.closing_reason,
         n.next_stage, n.next_on, n.why_not, n.sent_on, n.deadline,
         i.currency, i.open_amount AS principal, k.interest - k.interest_paid - k.interest_waived AS interest,
         k.fees, k.fees_paid, k.fees_waived, k.fees - k.fees_paid - k.fees_waived AS fees_open, k.interest_paid,
         CASE WHEN k.ended_on IS NULL THEN i.open_amount + k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived ELSE 0.00 END AS open,
         n.hold, n.hold_until, k.collected_by, k.rule_no, k.reference,
         k.fees_paid + k.interest_paid + n.principal_paid AS paid, n.commission, n.link,
         n.plan, n.next_instalment_on, n.next_instalment, n.instalments_missed, n.enforcement_fees,
         n.agency, n.agency_reference, n.agency_status, n.agency_status_on, n.agency_fees
  FROM reminder.collection_case k
  JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
  -- a query of its own: what a subquery stands in is looked through for it each time it is run
  CROSS JOIN LATERAL (
    SELECT n.*
    FROM reminder._case_now(
      (SELECT v.view_key FROM reminder.installation v), k.creditor_id, k.invoice_no, k.case_no, k.case_id, k.ended_on IS NULL, k.opened_on, k.collected_by, i.due_date) n) n
  WHERE reminder.sees_invoice(k.creditor_id, k.invoice_no);
  COMMENT ON VIEW reminder.case_status IS 'Where every case stands: one row a case.';
  COMMENT ON COLUMN reminder.case_status.stage IS 'its stage, or the stage it ended in';
  COMMENT ON COLUMN reminder.case_status.state IS 'active, held or ended';
  COMMENT ON COLUMN reminder.case_status.case_id IS 'the case''s public id: it never changes, and tells nothing';
  COMMENT ON COLUMN reminder.case_status.outcome IS 'how it ended: paid, withdrawn, credited or closed';
  COMMENT ON COLUMN reminder.case_status.interest IS 'late interest claimed and open: as of the last letter';
  COMMENT ON COLUMN reminder.case_status.next_on IS 'the day its next step comes due';
  COMMENT ON COLUMN reminder.case_status.why_not IS 'why the last run left that step due';
  COMMENT ON COLUMN reminder.case_status.paid IS 'of the invoice''s principal, and of the case''s fees and interest';
  COMMENT ON COLUMN reminder.case_status.commission IS 'the service''s, without VAT: see commission_list';
  COMMENT ON COLUMN reminder.case_status.enforcement_fees IS 'of the fees, those of enforcement';
  COMMENT ON COLUMN reminder.case_status.agency IS 'the agency that has taken it over; handover and agency_message say more';
  COMMENT ON COLUMN reminder.case_status.agency_reference IS 'the agency''s own number of the case';
  COMMENT ON COLUMN reminder.case_status.agency_status IS 'where the agency says it stands, in its own word';
  COMMENT ON COLUMN reminder.case_status.agency_status_on IS 'since when';
  COMMENT ON COLUMN reminder.case_status.agency_fees IS 'what the agency said it charges on its own account; no part of fees';
  COMMENT ON COLUMN reminder.case_status.link IS 'where the case is shown: the creditor''s case_url, with its case_id';
  COMMENT ON COLUMN reminder.case_status.plan IS 'its payment plan: active, broken, paid or removed; payment_plan_list says more';
  COMMENT ON COLUMN reminder.case_status.next_instalment IS 'what is still to be paid of the plan''s next instalment';
  COMMENT ON COLUMN reminder.case_status.instalments_missed IS 'what is open of instalments whose last day has passed, as of the latest run';

  CREATE OR REPLACE VIEW reminder.invoice_status AS
  SELECT i.creditor_id, i.invoice_no, i.customer_no, i.due_date, i.currency, i.amount, i.open_amount,
         CASE WHEN k.case_no IS NOT NULL AND k.ended_on IS NULL THEN k.state
              WHEN i.external_collection THEN 'external_collection'
              WHEN x.lost OR reminder._loss_stands(i.creditor_id, i.invoice_no) IS NOT NULL THEN 'loss_booked'
              WHEN i.open_amount = 0 AND (k.state = 'credited' OR k.state IS DISTINCT FROM 'paid'
                AND EXISTS (SELECT FROM reminder.credit c WHERE c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no)
                AND NOT EXISTS (SELECT FROM reminder.payment p WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.bounced_on IS NULL))
                THEN 'credited'
              WHEN i.open_amount = 0 THEN 'paid'
              WHEN i.automation <> 'on' THEN i.automation
              WHEN i.due_date < t.today THEN 'overdue'
              ELSE 'open' END AS status,
         e.event AS last_event, e.event_on AS last_event_on, e.stage AS last_event_stage,
         p.waiting_for AS why_not
  FROM reminder.invoice i
  CROSS JOIN LATERAL (SELECT max(r.as_of) AS today FROM reminder.run_log r WHERE r.creditor_id = i.creditor_id) t
  LEFT JOIN reminder.position p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
  LEFT JOIN LATERAL (
    SELECT * FROM reminder.collection_case k
    WHERE k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no ORDER BY k.case_no DESC LIMIT 1) k ON true
  LEFT JOIN LATERAL (
    SELECT true AS lost FROM reminder.credit_loss l
    WHERE l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no AND l.reversed_on IS NULL LIMIT 1) x ON true
  LEFT JOIN LATERAL (
    SELECT e.event, e.event_on, e.stage FROM reminder._event_list e
    WHERE e.creditor_id = i.creditor_id AND e.invoice_no = i.invoice_no
    ORDER BY e.event_on DESC NULLS LAST, e.recorded_at DESC NULLS LAST LIMIT 1) e ON true
  WHERE reminder.sees_invoice(i.creditor_id, i.invoice_no);
  COMMENT ON VIEW reminder.invoice_status IS 'The invoice list: for every invoice its latest status and event, without another look-up.';

  CREATE OR REPLACE VIEW reminder.rule_customers AS
  SELECT c.creditor_id, c.rule_no, r.name AS rule, c.assigned_by, c.customer_no, c.name, c.kind, c.country, c.class,
         h.since, h.after_run
  FROM reminder.customer c
  LEFT JOIN reminder.rule r ON r.creditor_id = c.creditor_id AND r.rule_no = c.rule_no
  LEFT JOIN LATERAL (
    SELECT h.since, h.after_run FROM reminder.customer_rule_history h
    WHERE h.creditor_id = c.creditor_id AND h.customer_no = c.customer_no ORDER BY h.since DESC LIMIT 1) h ON true
  WHERE reminder.sees_whole(c.creditor_id);
  COMMENT ON VIEW reminder.rule_customers IS 'Rules with their customers. Those without a rule are outside automation; assigned_by says why.';

  CREATE OR REPLACE VIEW reminder.outside_automation AS
  SELECT * FROM reminder.rule_customers r WHERE r.rule_no IS NULL;
  COMMENT ON VIEW reminder.outside_automation IS 'Customers outside automation, and why.';

  -- all of it is in one index: no invoice is read
  CREATE OR REPLACE VIEW reminder.creditor_overview AS
  SELECT x.creditor_id, x.rule_no, r.name AS rule, g.stage, CASE WHEN g.stage IS NOT NULL THEN x.passed - g.rung + 1 END AS nth, n.stage AS next_stage,
         x.invoices, x.first_on, x.last_on
  FROM (
    SELECT p.creditor_id, p.rule_no, p.passed, count(*) AS invoices, min(p.base_date) AS first_on, max(p.base_date) AS last_on
    FROM reminder.position p WHERE p.passed < 99 GROUP BY p.creditor_id, p.rule_no, p.passed) x
  LEFT JOIN reminder.rule r ON r.creditor_id = x.creditor_id AND r.rule_no = x.rule_no
  LEFT JOIN LATERAL (SELECT g.stage, g.rung FROM reminder.stage g WHERE g.rung <= x.passed ORDER BY g.rung DESC LIMIT 1) g ON true
  LEFT JOIN LATERAL (
    SELECT s.stage FROM reminder.rule_step s
    WHERE s.creditor_id = x.creditor_id AND s.rule_no = x.rule_no AND s.rung > x.passed ORDER BY s.rung LIMIT 1) n ON true
  WHERE reminder.sees_whole(x.creditor_id);
  COMMENT ON VIEW reminder.creditor_overview IS 'How many of a creditor''s open invoices stand where on the ladders of its rules, at a glance. Credit notes, interest and factored invoices that no step is for are not among them, as soon as a run has found them.';
  COMMENT ON COLUMN reminder.creditor_overview.rule_no IS 'the rule; 0: the customers are outside automation';
  COMMENT ON COLUMN reminder.creditor_overview.stage IS 'of the step that they passed last, by a letter or without one; NULL: none yet';
  COMMENT ON COLUMN reminder.creditor_overview.nth IS 'the how many-eth step of that stage';
  COMMENT ON COLUMN reminder.creditor_overview.next_stage IS 'the stage of their next step; NULL: none is left';
  COMMENT ON COLUMN reminder.creditor_overview.invoices IS 'how many';
  COMMENT ON COLUMN reminder.creditor_overview.first_on IS 'the earliest day that the next step waits from: a due date at first, then a letter''s deadline';
  COMMENT ON COLUMN reminder.creditor_overview.last_on IS 'the latest such day';

  CREATE OR REPLACE VIEW reminder.exception_list AS
  SELECT c.creditor_id, x.invoice_no, x.as_of, x.stage, x.sqlstate, x.message, x.detail, x.recorded_at
  FROM (SELECT c.creditor_id, reminder._last_run(c.creditor_id) AS today FROM reminder.creditor c) c
  CROSS JOIN LATERAL (
    SELECT x.invoice_no, x.as_of, x.stage, x.sqlstate, x.message, x.detail, x.recorded_at
    FROM reminder.run_exception x WHERE x.creditor_id = c.creditor_id AND x.as_of >= c.today - 30
    UNION ALL
    SELECT y.invoice_no, y.as_of, y.stage, NULL::text AS sqlstate, 'the letter could not be sent'::text AS message, y.reason, y.recorded_at
    FROM reminder.delivery y WHERE y.creditor_id = c.creditor_id AND y.outcome = 'failed' AND y.as_of >= c.today - 30
    UNION ALL
    SELECT d.invoice_no, d.as_of, d.stage, NULL::text AS sqlstate, 'the letter was claimed before the latest run, and neither confirmed nor failed'::text AS message,
           format('Claimed %s times, last by %s%s', l.attempts, l.claimed_by, coalesce('; its last attempt failed: ' || l.reason, '.')) AS detail, d.decided_at
    FROM reminder.letter_lease l
    JOIN reminder.decision d ON d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = 0 AND d.status = 'queued'
    WHERE l.creditor_id = c.creditor_id AND d.as_of < c.today
    UNION ALL
    SELECT o.invoice_no, o.told_on, 'invoice'::text AS stage, NULL::text AS sqlstate, 'the original invoice could not be sent'::text AS message, o.reason, o.changed_at
    FROM reminder.invoice_letter o WHERE o.creditor_id = c.creditor_id AND o.status = 'failed' AND coalesce(o.told_on >= c.today - 30, true)
    UNION ALL
    SELECT o.invoice_no, o.as_of, 'invoice'::text AS stage, NULL::text AS sqlstate, 'the original invoice was claimed before the latest run, and neither confirmed nor failed'::text AS message,
           format('Claimed %s times, last by %s%s', o.attempts, o.claimed_by, coalesce('; its last attempt failed: ' || o.reason, '.')) AS detail, o.changed_at
    FROM reminder.invoice_letter o WHERE o.creditor_id = c.creditor_id AND o.status = 'queued' AND o.attempts > 0
      AND o.changed_at < (SELECT max(r.started_at) FROM reminder.run_log r WHERE r.creditor_id = c.creditor_id)
    UNION ALL
    SELECT m.invoice_no, m.as_of, m.stage, NULL::text AS sqlstate, 'what an agency said could not be done'::text AS message,
           format('Message "%s" of %s, a %s of %s: %s.', m.message_id, m.agency, m.kind, m.on_date, m.problem) AS detail, m.recorded_at
    FROM reminder.agency_message m
    WHERE m.creditor_id = c.creditor_id AND m.problem IS NOT NULL AND (m.kind = 'payment' OR m.as_of >= coalesce(c.today, m.as_of) - 30)) x
  WHERE reminder.sees_invoice(c.creditor_id, x.invoice_no);
  COMMENT ON VIEW reminder.exception_list IS 'What needs a look: invoices that a run could not decide, and letters and original invoices (stage "invoice") that failed, for 30 days back from the creditor''s latest run; messages of agencies that could not be done, likewise, those of payments as long as they are; letters that are stuck with a sender, as long as they are.';

  CREATE OR REPLACE VIEW reminder.credit_balance AS
  SELECT p.creditor_id, i.customer_no, p.payment_no, i.currency,
         coalesce(a.overpaid, 0) - coalesce(r.refunded, 0) AS balance
  FROM reminder.payment p
  JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
  LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  LEFT JOIN LATERAL (SELECT sum(r.amount) AS refunded FROM reminder.refund r
                     WHERE r.creditor_id = p.creditor_id AND r.payment_no = p.payment_no) r ON true
  WHERE (a.overpaid > 0 OR r.refunded > 0) AND reminder.sees_invoice(p.creditor_id, p.invoice_no);
  COMMENT ON VIEW reminder.credit_balance IS 'Overpayments, less what was refunded: what customers have to their credit. Below zero: a payment bounced after its overpayment was paid back.';

  CREATE OR REPLACE VIEW reminder.unmatched_payments AS
  SELECT p.creditor_id, p.payment_no, p.paid_on, p.amount, p.source, p.reference, coalesce(y.currency, c.currency) AS currency
  FROM reminder.payment p
  JOIN reminder.creditor c ON c.creditor_id = p.creditor_id
  LEFT JOIN reminder.payment_currency y ON y.creditor_id = p.creditor_id AND y.payment_no = p.payment_no
  WHERE p.invoice_no IS NULL AND p.bounced_on IS NULL AND reminder.sees_whole(p.creditor_id);
  COMMENT ON VIEW reminder.unmatched_payments IS 'Payments that matched no invoice; match_payment() takes one to its invoice.';

  CREATE OR REPLACE VIEW reminder.run_progress AS
  SELECT r.creditor_id, r.as_of, r.started_at, r.ended_at, r.done, r.due,
         round(r.done / nullif(r.seconds, 0)) AS per_second,
         CASE WHEN r.ended_at IS NULL THEN round((r.due - r.done) * r.seconds / nullif(r.done, 0)) ELSE 0 END AS seconds_left
  FROM reminder.run_log r WHERE reminder.sees_whole(r.creditor_id);
  COMMENT ON VIEW reminder.run_progress IS 'Runs and how far they are, while they run.';

  CREATE OR REPLACE VIEW reminder.reason_list AS SELECT * FROM reminder.reasons();
  COMMENT ON VIEW reminder.reason_list IS 'Why a step is not taken: every reason, and whether it closes the step.';
