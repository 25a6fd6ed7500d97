-- The same decisions, written nowhere: plan(), upcoming() and explain() (N4, B1).
\set name regress_plan
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
\set c 1

-- A small book of the preset amili. Due on Monday 2026-03-02: reminder on
-- Saturday 03-07, to be paid in ten bank days (09 10 11 12 13 16 17 18 19 20),
-- on Friday 03-20; demand on 03-21, ten bank days later (23 24 25 26 27 30 31
-- 01 02, 03 is Good Friday, 06 Easter Monday, 07) to be paid by Tuesday 04-07,
-- monitoring on 04-08.
CALL t.customer(1, 'A', 'company');
CALL t.customer(1, 'B', 'person');
UPDATE reminder.customer SET email = 'b@example.com' WHERE customer_no = 'B';
CALL t.invoice(1, 'first', 'A', '2026-03-02', 1000);
CALL t.invoice(1, 'second', 'B', '2026-03-02', 500.50);
CALL t.invoice(1, 'later', 'A', '2026-03-09', 2000);
CALL t.invoice(1, 'held', 'A', '2026-03-02', 3000);
CALL t.invoice(1, 'disputed', 'A', '2026-03-02', 4000);
CALL t.invoice(1, 'part', 'A', '2026-03-02', 5000);
CALL t.invoice(1, 'note', 'A', '2026-03-02', 100, NULL, 'credit_note');
CALL t.invoice(1, 'paid', 'A', '2026-03-02', 700);
SELECT reminder.hold(1, 'held', 'promise', '2026-03-10', '2026-03-03');
SELECT reminder.hold(1, 'disputed', 'dispute', NULL, '2026-03-03');
CALL t.pay(1, 'p1', 'part', '2026-03-04', 1234.56);
CALL t.pay(1, 'p2', 'paid', '2026-03-04', 700);

\echo '# N4: the day before nothing is due'
SELECT * FROM reminder.plan('2026-03-06', 1);
\echo '# N4: plan() shows what a run would decide, whole'
SELECT * FROM reminder.plan('2026-03-07', 1);
\echo '# N4: upcoming() shows the letters to come, each on the day of the run that sends it: the held one when its hold has ended'
SELECT * FROM reminder.upcoming('2026-03-01', '2026-03-31', 1);
SELECT letter_date, invoice_no FROM reminder.upcoming('2026-03-08', '2026-03-13', 1);
SELECT letter_date, invoice_no FROM reminder.upcoming('2026-03-10', '2026-03-10', 1);
\echo '# N4: explain() tells of one, in codes and words'
SELECT i.invoice_no, e.* FROM reminder.invoice i CROSS JOIN LATERAL reminder.explain(1, i.invoice_no, '2026-03-07') e WHERE e.stage IS NOT NULL ORDER BY 1;
SELECT i.invoice_no, e.words FROM reminder.invoice i CROSS JOIN LATERAL reminder.explain(1, i.invoice_no, '2026-03-06') e ORDER BY 1;

\echo '# N4: and none of them writes anything: a read-only transaction will do'
CREATE TABLE t.before_look AS SELECT 'position' AS what, p::text AS row FROM reminder.position p UNION ALL SELECT 'event', e::text FROM reminder.event e;
BEGIN TRANSACTION READ ONLY;
SELECT count(*) FROM reminder.plan('2026-03-07', 1);
SELECT count(*) FROM reminder.upcoming('2026-03-01', '2026-03-31', 1);
SELECT stage FROM reminder.explain(1, 'first', '2026-03-07');
COMMIT;
SELECT count(*) AS changed FROM (TABLE t.before_look EXCEPT (SELECT 'position', p::text FROM reminder.position p UNION ALL SELECT 'event', e::text FROM reminder.event e)) x;
SELECT count(*) AS decided FROM reminder.decision;
SELECT count(*) AS runs FROM reminder.run_log;

\echo '# B1: on days with and without something due, what was planned and explained is what the run did (a difference would be a warning)'
\set d '\'2026-03-07\''
:run
SELECT invoice, stage, outcome, reason, as_of, deadline, fee, fees FROM t.decision ORDER BY 1;
\set d '\'2026-03-10\''
:run
\set d '\'2026-03-11\''
:run
\set d '\'2026-03-13\''
:run
\set d '\'2026-03-14\''
:run
\set d '\'2026-03-20\''
:run
\set d '\'2026-03-21\''
:run
\set d '\'2026-03-24\''
:run
\set d '\'2026-03-25\''
:run
\set d '\'2026-03-27\''
:run
\set d '\'2026-03-28\''
:run
\set d '\'2026-04-07\''
:run
\set d '\'2026-04-08\''
:run
\set d '\'2026-04-30\''
:run
SELECT invoice, stage, outcome, as_of, deadline, fee, fees FROM t.decision WHERE as_of > '2026-03-07' ORDER BY as_of, 1;
SELECT invoice_no, stage, channel, letter_date, deadline, principal, fee, fees, total FROM reminder.letter_list ORDER BY letter_date, 1;

\echo '# N4: explain() after it: what is next, or why nothing is'
SELECT i.invoice_no, e.stage, e.outcome, e.reason, e.words FROM reminder.invoice i CROSS JOIN LATERAL reminder.explain(1, i.invoice_no, '2026-04-30') e ORDER BY 1;

\echo '# N4, R3: and for customers outside automation'
CALL t.creditor(2, 'FI', 'netvisor');
CALL t.creditor(3, 'SE');
INSERT INTO reminder.customer_class (creditor_id, class, excluded) VALUES (2, 'out', true);
INSERT INTO reminder.customer (creditor_id, customer_no, name, country, class, blocked) VALUES
  (2, 'foreign', 'F', 'SE', NULL, false), (2, 'excluded', 'E', NULL, 'out', false), (2, 'blocked', 'B', NULL, NULL, true), (3, 'no rule', 'N', NULL, NULL, false);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT creditor_id, customer_no, customer_no, '2026-03-01', '2026-03-02', 'EUR', 10 FROM reminder.customer WHERE creditor_id > 1;
SELECT i.invoice_no, e.outcome, e.reason, e.words FROM reminder.invoice i CROSS JOIN LATERAL reminder.explain(i.creditor_id, i.invoice_no, '2026-04-30') e WHERE i.creditor_id > 1 ORDER BY 1;

\echo '# N4: a fee lowered by law is said so (F4: one charged reminder in Sweden)'
CALL t.before_law('SE', $$CALL t.rule(1, 11, 'company', 'creditor', true, 'reminder 5d 10d 60', 'reminder 5d 10d 60', 'demand 5d 10d 200')$$);
CALL t.customer(1, 'L', 'company', 11);
CALL t.invoice(1, 'law', 'L', '2026-04-20');
SELECT words FROM reminder.explain(1, 'law', '2026-04-30');
\set d '\'2026-05-01\''
:run
SELECT words FROM reminder.explain(1, 'law', :d);
\set d '\'2026-05-20\''
:run
SELECT words FROM reminder.explain(1, 'law', :d);

\echo '# N4: bad input'
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'plan for no date', 'SELECT reminder.plan(NULL, 1)'),
  (2, 'plan for infinity', 'SELECT reminder.plan(''infinity'', 1)'),
  (3, 'plan before the calendar', 'SELECT reminder.plan(''1989-12-31'', 1)'),
  (4, 'plan of no creditor', 'SELECT reminder.plan(''2026-05-20'', NULL)'),
  (5, 'plan of an unknown creditor', 'SELECT reminder.plan(''2026-05-20'', 9)'),
  (6, 'plan before the last run', 'SELECT reminder.plan(''2026-05-19'', 1)'),
  (7, 'plan for the last run', 'SELECT reminder.plan(''2026-05-20'', 1)'),
  (8, 'upcoming backwards', 'SELECT reminder.upcoming(''2026-05-21'', ''2026-05-20'', 1)'),
  (9, 'upcoming for two years', 'SELECT reminder.upcoming(''2026-05-21'', ''2028-05-20'', 1)'),
  (10, 'upcoming from no date', 'SELECT reminder.upcoming(NULL, ''2028-05-20'', 1)'),
  (11, 'upcoming for ever', 'SELECT reminder.upcoming(''2026-05-21'', ''infinity'', 1)'),
  (12, 'upcoming before the last run', 'SELECT reminder.upcoming(''2026-05-19'', ''2026-05-21'', 1)'),
  (13, 'upcoming of an unknown creditor', 'SELECT reminder.upcoming(''2026-05-21'', ''2026-05-22'', 9)'),
  (14, 'explain for no date', 'SELECT reminder.explain(1, ''first'', NULL)'),
  (15, 'explain of no invoice', 'SELECT reminder.explain(1, NULL, ''2026-05-20'')'),
  (16, 'explain of an unknown invoice', 'SELECT reminder.explain(1, ''none'', ''2026-05-20'')'),
  (17, 'explain of another creditor''s', 'SELECT reminder.explain(2, ''first'', ''2026-05-20'')'),
  (18, 'explain of an unknown creditor', 'SELECT reminder.explain(9, ''first'', ''2026-05-20'')')) v (n, what, sql)
ORDER BY n;

\i test/sql/include/ladder_end.sql
