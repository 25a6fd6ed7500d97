/*
 * What came of the history, for a terminal of 80 columns. Everything is asked
 * of reminder's own tables, views and functions, as an application would.
 */
\pset footer off
\pset columns 79
\pset null ''

\echo
\echo '== Letters =='
\echo
SELECT EXISTS (SELECT FROM reminder.letter_list) AS any_letter, EXISTS (SELECT FROM reminder.event_list e WHERE e.invoice_no <> '') AS any_event,
       EXISTS (SELECT FROM reminder.credit_balance) AS overpaid, EXISTS (SELECT FROM reminder.exception_list) AS any_exception,
       EXISTS (SELECT FROM reminder.outside_automation) AS outside, EXISTS (SELECT FROM demo.rehearsal) AS rehearsed,
       EXISTS (SELECT FROM reminder.case_status k WHERE k.state = 'active' AND k.principal = 0) AS costs_only
\gset
\if :any_letter
-- One line a stage, alike for eyes and scripts.
SELECT format('%s %s %s, %s', l.stage, sum(l.letters), CASE WHEN sum(l.letters) = 1 THEN 'letter' ELSE 'letters' END,
              coalesce(string_agg(format('%s %s', l.fee, l.currency), ' and ' ORDER BY l.currency DESC) FILTER (WHERE l.fee > 0) || ' in fees', 'no fees'))
FROM (SELECT l.stage, l.rung / 10 AS rung, l.currency, count(*) AS letters, sum(l.fee) AS fee
      FROM reminder.letter_list l GROUP BY l.stage, l.rung / 10, l.currency) l
GROUP BY l.stage, l.rung ORDER BY l.rung;
\echo

\pset tuples_only off
\pset format wrapped
SELECT to_char(m.month, 'YYYY-MM') AS month, s.stage, count(l.stage) AS letters, s.rung
FROM demo.span p,
     generate_series(date_trunc('month', p.first_day), p.last_day, '1 month') m (month)
CROSS JOIN (SELECT DISTINCT l.stage, l.rung / 10 AS rung FROM reminder.letter_list l) s
LEFT JOIN reminder.letter_list l ON l.stage = s.stage AND date_trunc('month', l.letter_date) = m.month
GROUP BY m.month, s.stage, s.rung ORDER BY m.month
\crosstabview month stage letters rung

\echo '== Cases, by the stage they came to and how they ended =='
\echo
WITH c AS (
  SELECT s.rung, k.stage,
         CASE WHEN k.state = 'ended' THEN k.outcome WHEN k.state = 'held' THEN 'held' WHEN k.principal = 0 THEN 'costs only' ELSE 'active' END AS fate
  FROM reminder.case_status k JOIN reminder.stage s USING (stage)),
f (fate, nth) AS (VALUES ('paid', 1), ('withdrawn', 2), ('credited', 3), ('closed', 4), ('costs only', 5), ('active', 6), ('held', 7))
SELECT s.stage, coalesce(f.fate, 'all') AS fate, count(c.fate) AS cases, coalesce(f.nth, 8) AS nth
FROM (SELECT DISTINCT c.rung, c.stage FROM c) s
CROSS JOIN (SELECT * FROM f WHERE f.fate IN (SELECT c.fate FROM c)) f
LEFT JOIN c ON (c.stage, c.fate) = (s.stage, f.fate)
GROUP BY s.rung, s.stage, ROLLUP ((f.fate, f.nth)) ORDER BY s.rung, nth
\crosstabview stage fate cases nth

\if :costs_only
\echo 'Costs only: the principal is paid, and so much of interest and fees is not'
\echo 'that the rule goes on claiming them.'
\echo
\endif
SELECT k.currency AS "fees in", sum(k.fees) AS claimed, sum(k.fees_paid) AS paid, sum(k.fees_waived) AS waived, sum(k.fees_open) AS open
FROM reminder.case_status k GROUP BY k.currency ORDER BY k.currency DESC;

SELECT k.currency AS "interest in", sum(k.interest_paid) AS paid, sum(k.interest) AS open
FROM reminder.case_status k GROUP BY k.currency ORDER BY k.currency DESC;

\echo 'What the last letter of each creditor claims, and what to pay it by:'
\echo
SELECT DISTINCT ON (l.creditor_id) l.creditor_id AS creditor, l.letter_date AS letter, l.stage, l.principal, l.interest, l.fees, l.total, l.to_pay AS "to pay", l.reference
FROM reminder.letter_list l ORDER BY l.creditor_id, l.letter_date DESC, l.rung DESC, l.principal DESC, l.invoice_no LIMIT 3
\gx
\echo 'Within the law of their countries, of which this is a part (law_in_force()):'
\echo
SELECT c.jurisdiction AS in, l.debtor_kind AS debtor,
       CASE l.topic WHEN 'fee' THEN replace(replace(l.what, '_', ' '), ' by creditor itself', '') ELSE 'late interest' END AS what,
       l.above, l.value || CASE l.unit WHEN 'percent' THEN ' %' ELSE ' ' || l.unit END AS "at most", btrim(regexp_replace(l.source, '[;(].*', '')) AS source
FROM (SELECT DISTINCT c.jurisdiction FROM reminder.creditor c) c
CROSS JOIN demo.span s
CROSS JOIN LATERAL reminder.law_in_force(c.jurisdiction, s.last_day) l
WHERE (l.topic = 'fee' AND EXISTS (SELECT FROM reminder.stage_fee_kind k JOIN reminder.rule r ON r.collected_by = k.collected_by
                                   JOIN reminder.creditor o ON o.creditor_id = r.creditor_id AND o.jurisdiction = c.jurisdiction
                                   WHERE k.jurisdiction = c.jurisdiction AND k.fee_kind = l.what)
       OR l.what = 'rate of a claim due on this day')
ORDER BY 1 DESC, l.topic, 3 DESC, 2, l.above NULLS FIRST;

\else
\pset tuples_only off
\pset format wrapped
\echo 'None: nothing was due for one.'
\echo
\endif

\echo '== Invoices =='
\echo
SELECT i.status, i.currency AS in, count(*) AS invoices, sum(i.amount) AS amount, sum(i.open_amount) AS open
FROM reminder.invoice_status i LEFT JOIN reminder.stage s ON s.stage = i.status
GROUP BY i.status, i.currency, s.rung ORDER BY s.rung NULLS FIRST, i.status, i.currency DESC;

\if :overpaid
SELECT b.currency AS "overpaid in", count(*) AS payments, sum(b.balance) AS "to customers' credit"
FROM reminder.credit_balance b GROUP BY b.currency ORDER BY b.currency DESC;
\endif

\if :any_exception
\echo 'Invoices that a run could not decide, the first ten:'
\echo
SELECT x.creditor_id AS creditor, x.invoice_no AS invoice, x.as_of, x.sqlstate, x.message FROM reminder.exception_list x ORDER BY x.as_of LIMIT 10;
\endif

\echo '== Customers outside automation =='
\echo
\if :outside
SELECT left(c.name, 20) AS creditor,
       CASE o.assigned_by WHEN 'foreign' THEN 'foreign: ' || string_agg(DISTINCT o.country, ' ') WHEN 'blocked' THEN 'blocked by hand'
                          WHEN 'class_excluded' THEN 'class excluded' ELSE o.assigned_by END AS why,
       count(DISTINCT o.customer_no) AS customers, count(i.invoice_no) AS invoices, coalesce(sum(i.open_amount), 0) AS open
FROM reminder.outside_automation o
JOIN reminder.creditor c USING (creditor_id)
LEFT JOIN reminder.invoice i USING (creditor_id, customer_no)
GROUP BY c.creditor_id, c.name, o.assigned_by ORDER BY c.creditor_id, 2;
\else
\echo 'None: every customer is under a rule.'
\echo
\endif

\if :any_event
SELECT e.creditor_id, e.invoice_no
FROM reminder.event_list e
JOIN reminder.invoice i USING (creditor_id, invoice_no)
GROUP BY e.creditor_id, e.invoice_no
ORDER BY count(*) DESC, count(DISTINCT (e.event, e.stage)) DESC, min(e.event_on) DESC, e.creditor_id, e.invoice_no LIMIT 1
\gset
\echo '== The story of invoice' :invoice_no '=='
\echo
SELECT i.customer_no AS customer, i.invoice_date AS invoiced, i.due_date AS due, i.currency AS in, i.amount, i.open_amount AS open, i.status, e.words
FROM (SELECT i.*, s.status FROM reminder.invoice i JOIN reminder.invoice_status s USING (creditor_id, invoice_no)) i, demo.span p,
     reminder.explain(i.creditor_id, i.invoice_no, p.last_day) e
WHERE (i.creditor_id, i.invoice_no) = (:creditor_id, :'invoice_no')
\gx

SELECT e.event_on AS on, e.event, e.stage, e.amount, e.detail
FROM reminder.event_list e
WHERE (e.creditor_id, e.invoice_no) = (:creditor_id, :'invoice_no')
ORDER BY e.event_on, e.recorded_at;

SELECT l.letter_date AS letter, l.stage, l.deadline AS "pay by", l.principal, l.interest, l.fees, l.to_pay AS "to pay"
FROM reminder.letter_list l
WHERE (l.creditor_id, l.invoice_no) = (:creditor_id, :'invoice_no') ORDER BY l.letter_date;

SELECT p.paid_on AS paid, p.amount, coalesce(a.principal, p.amount) AS principal, coalesce(a.interest, 0) AS interest, coalesce(a.fee, 0) AS fees, coalesce(a.overpaid, 0) AS "too much"
FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
WHERE (p.creditor_id, p.invoice_no) = (:creditor_id, :'invoice_no') ORDER BY p.paid_on;

\endif

\if :rehearsed
\echo '== A loss on a claim that is being collected =='
\echo
\pset tuples_only on
\pset format unaligned
SELECT demo.wrap(format('Tried on the evening of %s, when a %s had gone out for invoice %s of creditor %s, and taken back: so the history stays the book''s.',
                        r.day, s.stage, r.invoice_no, r.creditor_id)) || E'\n\n'
  || format(E'=> SELECT words FROM reminder.explain(%s, %L, %L);\n', r.creditor_id, r.invoice_no, r.day)
  || demo.wrap(r.explained) || E'\n\n'
  || '=> ' || replace(r.book_loss, E'\n', E'\n   ') || E'\n'
  || demo.wrap(format('ERROR:  %s: %s', r.sqlstate, r.message), '', '        ') || E'\n'
  || demo.wrap(format('DETAIL:  %s', r.detail), '', '         ') || E'\n'
  || demo.wrap(format('HINT:  %s', r.hint), '', '       ') || E'\n\n'
  || '=> ' || replace(r.withdraw, E'\n', E'\n   ') || E'\n\n'
  || '=> ' || replace(r.book_loss, E'\n', E'\n   ') || E'\n'
  || format('INSERT 0 %s', r.booked) || E'\n\n'
  || format(E'=> SELECT status FROM reminder.invoice_status WHERE invoice_no = %L;\n%s', r.invoice_no, r.status)
FROM demo.rehearsal r JOIN reminder.stage s ON s.rung = r.rung / 10 * 10;
\echo
\endif

\pset tuples_only on
\pset format unaligned
-- An open claim, if there is one: one that waits for something, or has come farthest.
SELECT coalesce((
  SELECT format('%s, %L, %L', i.creditor_id, i.invoice_no, p.last_day)
  FROM demo.span p, reminder.invoice i
  JOIN reminder.position o USING (creditor_id, invoice_no)
  JOIN reminder.customer c ON (c.creditor_id, c.customer_no) = (i.creditor_id, i.customer_no) AND c.rule_no IS NOT NULL
  WHERE i.automation = 'on'
  ORDER BY o.passed BETWEEN 1 AND 39 DESC, o.waiting_for IS NULL, i.amount DESC, i.creditor_id, i.invoice_no LIMIT 1), '') AS explained \gset
SELECT :'explained' <> '' AS something_open \gset
\if :something_open
\echo '== Why a claim is where it is =='
\echo
\echo '=> SELECT * FROM reminder.explain(':explained');'
\pset tuples_only off
\pset format wrapped
SELECT * FROM reminder.explain(:explained)
\gx
\pset tuples_only on
\pset format unaligned
\endif

\echo '== What it took =='
\echo
SELECT format(E'%s in %s s: %s a second\n%s in %s s of that: %s a second, %s letters a second\n%s, %s, %s',
              demo.count_of(t.days, 'day'), round(t.seconds, 1), round(t.days / t.seconds),
              demo.count_of(t.runs, 'run'), round(t.run_seconds, 1), round(t.runs / t.run_seconds), round(t.letters / t.run_seconds),
              demo.count_of(t.invoices, 'invoice'), demo.count_of(t.payments, 'payment'), demo.count_of(t.letters, 'letter'))
FROM (SELECT s.last_day - s.first_day + 1 AS days,
             (SELECT count(*) FROM reminder.run_log) AS runs,
             (SELECT count(*) FROM reminder.invoice) AS invoices,
             (SELECT count(*) FROM reminder.payment) AS payments,
             (SELECT count(*) FROM reminder.letter_list) AS letters,
             greatest(extract(epoch FROM s.ended_at - s.started_at), 0.001) AS seconds,
             (SELECT greatest(sum(r.seconds), 0.001) FROM reminder.run_log r) AS run_seconds
      FROM demo.span s) t;
