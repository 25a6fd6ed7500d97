-- What a rule takes and when; edited, and caught up with or not (R1, R2, R6, R8, R9, B3).
\set name regress_rules
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'netvisor');
CALL t.creditor(2, 'FI', 'netvisor');
\set c 1

-- R1, R2: what a rule, a step and a window cannot be.
CALL t.rule(1, 10, 'company', 'creditor', true, 'reminder 5d 10d 60');
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'rule of no creditor', 'INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (9, 1, ''R'', ''company'')'),
  (2, 'rule number 0', 'INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 0, ''R'', ''company'')'),
  (3, 'rule without a name', 'INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 99, '''', ''company'')'),
  (4, 'rule for public bodies', 'INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 99, ''R'', ''public'')'),
  (5, 'rule of an agency that is not named', 'UPDATE reminder.rule SET collected_by = ''agency'' WHERE creditor_id = 1 AND rule_no = 10'),
  (6, 'agency of a rule that has none', 'UPDATE reminder.rule SET agency = ''intrum'' WHERE creditor_id = 1 AND rule_no = 10'),
  (7, 'collected by nobody', 'UPDATE reminder.rule SET collected_by = ''nobody'' WHERE creditor_id = 1 AND rule_no = 10'),
  (8, 'opens at will', 'UPDATE reminder.rule SET opens = ''at_will'' WHERE creditor_id = 1 AND rule_no = 10'),
  (9, 'imports from infinity', 'UPDATE reminder.rule SET import_from = ''infinity'' WHERE creditor_id = 1 AND rule_no = 10'),
  (10, 'step of no rule', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 99, ''demand'', 1)'),
  (11, 'step of no stage', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, ''call'', 1)'),
  (12, 'enforcement by rule', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, ''enforcement'', 1)'),
  (13, 'wait -1', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, ''demand'', -1)'),
  (14, 'wait for ever', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, ''demand'', 3651)'),
  (15, 'wait in weeks', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, wait_unit) VALUES (1, 10, ''demand'', 1, ''week'')'),
  (16, 'wait not said', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, ''demand'', NULL)'),
  (17, 'term -1', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term) VALUES (1, 10, ''demand'', 1, -1)'),
  (18, 'fee 0', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, fee) VALUES (1, 10, ''demand'', 1, 0)'),
  (19, 'fee NaN', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, fee) VALUES (1, 10, ''demand'', 1, ''NaN'')'),
  (20, 'fee too large', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, fee) VALUES (1, 10, ''demand'', 1, 1e12)'),
  (21, 'minimum NaN', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, open_at_least) VALUES (1, 10, ''demand'', 1, ''NaN'')'),
  (22, 'monitoring with a fee', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, fee) VALUES (1, 10, ''monitoring'', 1, 10)'),
  (23, 'a tenth reminder', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait) VALUES (1, 10, ''reminder'', 10, 1)'),
  (24, 'the same step twice', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, ''reminder'', 1)'),
  (25, 'window upside down', 'INSERT INTO reminder.rule_window VALUES (1, 10, ''SEK'', 100, 99)'),
  (26, 'window below zero', 'INSERT INTO reminder.rule_window VALUES (1, 10, ''SEK'', -1, 99)'),
  (27, 'window of NaN', 'INSERT INTO reminder.rule_window VALUES (1, 10, ''SEK'', 0, ''NaN'')'),
  (28, 'window in no currency', 'INSERT INTO reminder.rule_window VALUES (1, 10, ''kr'', 0, 99)')) v (n, what, sql)
ORDER BY n;

-- R1: amount windows per currency, on the invoice amount, bounds included; with
-- windows only their currencies; without, every amount in the creditor's own.
-- All are due on Monday 2026-03-02, so the reminder comes due on 03-07.
CALL t.rule(1, 11, 'company', 'creditor', true, 'reminder 5d 10d 60');
CALL t.rule(1, 12, 'company', 'creditor', true, 'reminder 5d 10d 60');
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest, highest) VALUES (1, 11, 'SEK', 100, 5000), (1, 11, 'EUR', 10, 500);
CALL t.customer(1, 'windows', 'company', 11);
CALL t.customer(1, 'none', 'company', 12);
CALL t.invoice(1, 'w1', 'windows', '2026-03-02', 99.99);
CALL t.invoice(1, 'w2', 'windows', '2026-03-02', 100);
CALL t.invoice(1, 'w3', 'windows', '2026-03-02', 5000);
CALL t.invoice(1, 'w4', 'windows', '2026-03-02', 5000.01);
CALL t.invoice(1, 'w5', 'windows', '2026-03-02', 9.99, 'EUR');
CALL t.invoice(1, 'w6', 'windows', '2026-03-02', 10, 'EUR');
CALL t.invoice(1, 'w7', 'windows', '2026-03-02', 500, 'EUR');
CALL t.invoice(1, 'w8', 'windows', '2026-03-02', 500.01, 'EUR');
CALL t.invoice(1, 'w9', 'windows', '2026-03-02', 100, 'NOK');
CALL t.invoice(1, 'n1', 'none', '2026-03-02', 0.01);
CALL t.invoice(1, 'n2', 'none', '2026-03-02', 999999999999.99);
CALL t.invoice(1, 'n3', 'none', '2026-03-02', 100, 'EUR');
\echo '# the window is on the invoice amount: 200 of which 50 are open is within 100 to 5000'
CALL t.invoice(1, 'w10', 'windows', '2026-03-02', 200);
CALL t.pay(1, 'p1', 'w10', '2026-03-01', 150);

-- R1: the filter on branches and on trading names; the letter's sender is the invoice's trading name.
CALL t.rule(1, 13, 'company', 'creditor', true, 'reminder 5d 10d 60');
UPDATE reminder.rule SET branches = '{north,west}', trading_names = '{Bikes,"Bikes & More"}' WHERE creditor_id = 1 AND rule_no = 13;
CALL t.customer(1, 'filter', 'company', 13);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, branch, trading_name)
SELECT 1, no, 'filter', '2026-02-02', '2026-03-02', 'SEK', 1000, branch, trading_name
FROM (VALUES ('f1', 'west', 'Bikes & More'), ('f2', 'south', 'Bikes'), ('f3', NULL, 'Bikes'), ('f4', 'north', 'Boats'), ('f5', 'north', NULL), ('f6', 'West', 'Bikes')) v (no, branch, trading_name);

-- R1: only invoices due on or after import_from.
CALL t.rule(1, 14, 'company', 'service', true, 'reminder 5d 10d 60');
UPDATE reminder.rule SET import_from = '2026-03-01' WHERE creditor_id = 1 AND rule_no = 14;
CALL t.customer(1, 'import', 'company', 14);
CALL t.invoice(1, 'i1', 'import', '2026-02-28');
CALL t.invoice(1, 'i2', 'import', '2026-03-01');
CALL t.invoice(1, 'i3', 'import', '2026-03-02');

-- R2: the minimum is of the open principal, equal passes.
CALL t.rule(1, 15, 'company', 'creditor', true, 'reminder 5d 10d 60');
UPDATE reminder.rule_step SET open_at_least = 100 WHERE creditor_id = 1 AND rule_no = 15;
CALL t.customer(1, 'minimum', 'company', 15);
CALL t.invoice(1, 'm1', 'minimum', '2026-03-02', 100);
CALL t.invoice(1, 'm2', 'minimum', '2026-03-02', 99.99);
CALL t.invoice(1, 'm3', 'minimum', '2026-03-02', 200);
CALL t.pay(1, 'p2', 'm3', '2026-03-01', 100);
CALL t.invoice(1, 'm4', 'minimum', '2026-03-02', 200);
CALL t.pay(1, 'p3', 'm4', '2026-03-01', 100.01);

-- R1: a rule that opens cases by hand only.
CALL t.rule(1, 16, 'company', 'creditor', true, 'reminder 5d 10d 60', 'demand 12d 10d 180');
UPDATE reminder.rule SET opens = 'by_hand' WHERE creditor_id = 1 AND rule_no = 16;
CALL t.customer(1, 'by hand', 'company', 16);
CALL t.invoice(1, 'h1', 'by hand', '2026-03-02');
\echo '# R1, R2: the run, and where the dates of what it left due stand'
\set d '\'2026-03-07\''
:run
SELECT d.invoice, i.amount, i.currency, i.open_amount AS open, d.outcome, d.reason, d.step_date
FROM (SELECT invoice, outcome, reason, step_date FROM t.decision WHERE c = :c
      UNION ALL SELECT invoice_no, 'waits', waiting_for, NULL FROM reminder.position WHERE creditor_id = :c AND waiting_for IS NOT NULL) d
JOIN reminder.invoice i ON i.creditor_id = :c AND i.invoice_no = d.invoice ORDER BY 1;
SELECT invoice_no, payee, sender_name FROM reminder.letter_list WHERE creditor_id = :c AND invoice_no IN ('f1', 'i2', 'w2') ORDER BY 1;

\echo '# R1: what waits is taken when the rule comes to take it, dated the day of that run'
UPDATE reminder.rule SET branches = NULL, trading_names = NULL WHERE creditor_id = 1 AND rule_no = 13;
UPDATE reminder.rule SET import_from = '2026-02-28' WHERE creditor_id = 1 AND rule_no = 14;
UPDATE reminder.rule_window SET lowest = 0 WHERE creditor_id = 1 AND rule_no = 11;
UPDATE reminder.rule_window SET highest = 5000.01 WHERE creditor_id = 1 AND rule_no = 11 AND currency = 'SEK';
INSERT INTO reminder.rule_window VALUES (1, 12, 'EUR');
\set d '\'2026-03-09\''
:run
SELECT invoice, outcome, reason, step_date, as_of FROM t.decision WHERE c = :c AND as_of = :d ORDER BY 1;
\echo '# R1: with a window for EUR rule 12 takes only EUR: its SEK cases go no further'
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 1 AND rule_no = 12;
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term) VALUES (1, 12, 'demand', 12, 10);
SELECT invoice_no, outcome, reason FROM reminder.plan('2026-04-01', 1) WHERE invoice_no IN ('n1', 'n2', 'n3') ORDER BY 1;
\echo '# R1: opened by hand, the rest of the ladder runs itself: a case that another rule began goes on'
CALL t.invoice(1, 'h2', 'none', '2026-03-02', 100, 'EUR');
:run
SELECT reminder.move_customers(1, ARRAY['none'], 16);
INSERT INTO reminder.rule_window VALUES (1, 16, 'SEK'), (1, 16, 'EUR');
SELECT invoice_no, stage, outcome, reason, step_date FROM reminder.plan('2026-04-01', 1) WHERE invoice_no LIKE 'h%' ORDER BY 1;

-- R2, B3: waits and terms in days and bank days. All due on Tuesday 2026-04-28;
-- Friday 05-01 is a bank holiday.
--   days:      reminder 04-28 + 5 = Sunday 05-03; 10 days to pay: Wednesday 05-13;
--              demand 05-03 + 12 = 05-15.
--   bank days: 29 30 (01 closed) 04 05 06: Wednesday 05-06; 10 bank days: 07 08 11
--              12 13 (14 Ascension) 15 18 19 20 21: 05-21; demand 3 bank days after
--              05-06 would be 05-11, but the deadline is 05-21: 05-22.
--   waived:    as bank days, but the rule waives the deadline: 05-11.
CALL t.rule(1, 20, 'company', 'creditor', true, 'reminder 5d 10d', 'demand 12d 10d');
CALL t.rule(1, 21, 'company', 'creditor', true, 'reminder 5b 10b', 'demand 3b 10d');
CALL t.rule(1, 22, 'company', 'creditor', true, 'reminder 5b 10b', 'demand 3b 10d');
UPDATE reminder.rule SET waives_deadline = true WHERE creditor_id = 1 AND rule_no = 22;
CALL t.customer(1, 'days', 'company', 20);
CALL t.customer(1, 'bank days', 'company', 21);
CALL t.customer(1, 'waived', 'company', 22);
CALL t.invoice(1, 'd1', 'days', '2026-04-28');
CALL t.invoice(1, 'd2', 'bank days', '2026-04-28');
CALL t.invoice(1, 'd3', 'waived', '2026-04-28');
SELECT letter_date, invoice_no, stage, deadline FROM reminder.upcoming('2026-04-28', '2026-05-31', 1) WHERE invoice_no LIKE 'd%';
\set d '\'2026-05-02\''
:run
\set d '\'2026-05-03\''
:run
\set d '\'2026-05-05\''
:run
\set d '\'2026-05-06\''
:run
SELECT letter_date, invoice_no, stage, deadline FROM reminder.upcoming('2026-05-06', '2026-05-31', 1) WHERE invoice_no LIKE 'd%';
\set d '\'2026-05-10\''
:run
\set d '\'2026-05-11\''
:run
\set d '\'2026-05-14\''
:run
\set d '\'2026-05-15\''
:run
\set d '\'2026-05-21\''
:run
\set d '\'2026-05-22\''
:run
SELECT invoice, stage, step_date, as_of, deadline FROM t.decision WHERE c = :c AND invoice LIKE 'd%' ORDER BY 1, as_of;
-- R8: editing a rule changes what happens next. Due Monday 2026-03-02, the
-- reminder comes due on 03-07, to be paid by Tuesday 03-17, the demand 12 days
-- after the reminder, on 03-19.
CALL t.creditor(3, 'SE', 'netvisor');
\set c 3
CALL t.rule(3, 30, 'company', 'creditor', true, 'reminder 5d 10d 60', 'demand 12d 10d 180');
CALL t.customer(3, 'C', 'company', 30);
CALL t.invoice(3, 'a', 'C', '2026-03-02');
CALL t.invoice(3, 'late', 'C', '2026-03-23');
\set d '\'2026-03-07\''
:run
CREATE VIEW t.row AS
SELECT 'invoice ' || ctid || ' ' || xmin AS version FROM reminder.invoice UNION ALL SELECT 'position ' || ctid || ' ' || xmin FROM reminder.position;
CREATE TABLE t.rows AS SELECT * FROM t.row;
SELECT stage, step_date FROM reminder.explain(3, 'a', :d);
\echo '# a new wait counts from the last letter: 20 days from 03-07; but 5 days are before the deadline of 03-17 (B3)'
UPDATE reminder.rule_step SET wait = 20 WHERE creditor_id = 3 AND rule_no = 30 AND stage = 'demand';
SELECT stage, step_date FROM reminder.explain(3, 'a', :d);
UPDATE reminder.rule_step SET wait = 5 WHERE creditor_id = 3 AND rule_no = 30 AND stage = 'demand';
SELECT stage, step_date FROM reminder.explain(3, 'a', :d);
\echo '# a longer term changes no letter that went out'
UPDATE reminder.rule_step SET term = 30, fee = 50 WHERE creditor_id = 3 AND rule_no = 30 AND stage = 'reminder';
SELECT stage, step_date FROM reminder.explain(3, 'a', :d);
\echo '# a notice put in between is the next step, 15 days from 03-07'
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES (3, 30, 'notice', 15, 10, 60);
SELECT stage, step_date FROM reminder.explain(3, 'a', :d);
\echo '# a second reminder before it too, and taken away again'
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, term) VALUES (3, 30, 'reminder', 2, 14, 10);
SELECT stage, step_date FROM reminder.explain(3, 'a', :d);
DELETE FROM reminder.rule_step WHERE creditor_id = 3 AND rule_no = 30 AND nth = 2;
\echo '# and all this touched no invoice, nor its place on the ladder'
SELECT count(*) AS touched FROM (TABLE t.rows EXCEPT TABLE t.row) x;
\set d '\'2026-03-21\''
:run
\set d '\'2026-03-22\''
:run
\echo '# the notice of 03-22 is to be paid by Wednesday 04-01; the demand, 5 days, comes due on 04-02'
\set d '\'2026-04-01\''
:run
\set d '\'2026-04-02\''
:run
\echo '# a stage put in below one that is passed is never sent'
DELETE FROM reminder.rule_step WHERE creditor_id = 3 AND rule_no = 30 AND stage = 'notice';
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, term) VALUES (3, 30, 'notice', 2, 1, 1);
\set d '\'2026-05-02\''
:run
SELECT invoice, stage, outcome, step_date, as_of, deadline, fee FROM t.decision WHERE c = :c ORDER BY 1, as_of;

\echo '# R8: each decision keeps the version it was made under, and that version is kept whole'
SELECT d.invoice_no, d.rung, d.as_of, d.rule_no, d.rule_version,
       (SELECT string_agg(format('%s%s %s/%s', s ->> 'stage', s ->> 'nth', s ->> 'wait', s ->> 'term'), ', ' ORDER BY (s ->> 'rung')::integer)
        FROM jsonb_array_elements(v.definition -> 'steps') s) AS steps
FROM reminder.decision d LEFT JOIN reminder.rule_version v ON (v.creditor_id, v.rule_no, v.version) = (d.creditor_id, d.rule_no, d.rule_version)
WHERE d.creditor_id = 3 ORDER BY 1, 2;
INSERT INTO reminder.rule_window VALUES (3, 30, 'SEK', 1, 2), (3, 30, 'EUR', 3, 4);
UPDATE reminder.rule SET description = 'With windows' WHERE creditor_id = 3 AND rule_no = 30;
UPDATE reminder.rule SET description = 'With windows' WHERE creditor_id = 3 AND rule_no = 30;
DELETE FROM reminder.rule_window WHERE creditor_id = 3 AND rule_no = 30 AND currency = 'EUR';
SELECT version, definition ->> 'description' AS description, jsonb_array_length(definition -> 'steps') AS steps, definition -> 'windows' AS windows
FROM reminder.rule_version WHERE creditor_id = 3 AND rule_no = 30 ORDER BY version DESC LIMIT 4;
SELECT version, definition - 'steps' - 'windows' AS definition FROM reminder.rule_version WHERE creditor_id = 3 AND rule_no = 30 AND version = 1;
\echo '# every change made a version, none is missing; a number used again goes on counting'
SELECT r.rule_no, r.version, count(*) = max(v.version) AS whole FROM reminder.rule r JOIN reminder.rule_version v USING (creditor_id, rule_no) WHERE creditor_id = 3 GROUP BY 1, 2 ORDER BY 1;
CALL t.rule(3, 31, 'company', 'creditor', true, 'reminder 5d 10d');
DELETE FROM reminder.rule WHERE creditor_id = 3 AND rule_no = 31;
CALL t.rule(3, 31, 'company', 'creditor', true, 'notice 5d 10d');
SELECT v.version, v.definition -> 'steps' -> 0 ->> 'stage' AS first_step FROM reminder.rule_version v WHERE creditor_id = 3 AND rule_no = 31 ORDER BY 1;

-- R8: so too when a customer moves. Rule 32 has a reminder and a demand, rule 33 a
-- second reminder, a notice and a demand, rule 34 a reminder only. Due Monday
-- 2026-06-01, reminder of rule 32 on 06-06, to be paid by 06-16.
--   to 33: its second reminder, 14 days from 06-06, on Saturday 06-20.
--   to 34: nothing is left.
CALL t.rule(3, 32, 'company', 'creditor', true, 'reminder 5d 10d', 'demand 12d 10d');
CALL t.rule(3, 33, 'company', 'creditor', true, 'reminder 2d 10d', 'reminder 14d 10d', 'notice 14d 10d', 'demand 14d 10d');
CALL t.rule(3, 34, 'company', 'creditor', true, 'reminder 2d 10d');
CALL t.customer(3, 'M', 'company', 32);
CALL t.invoice(3, 'moved', 'M', '2026-06-01');
\set d '\'2026-06-06\''
:run
SELECT rule_no, stage, outcome, step_date, words FROM reminder.explain(3, 'moved', '2026-06-07');
SELECT reminder.move_customers(3, ARRAY['M'], 34);
SELECT rule_no, stage, outcome, step_date, words FROM reminder.explain(3, 'moved', '2026-06-07');
SELECT reminder.move_customers(3, ARRAY['M'], 33);
SELECT rule_no, stage, outcome, step_date, words FROM reminder.explain(3, 'moved', '2026-06-07');
\set d '\'2026-06-20\''
:run
\echo '# and back: the second reminder of 06-20 is to be paid by 06-30; the demand, 12 days, on 07-02'
SELECT reminder.move_customers(3, ARRAY['M'], 32);
SELECT rule_no, stage, outcome, step_date FROM reminder.explain(3, 'moved', :d);
\set d '\'2026-07-02\''
:run
SELECT d.rung, d.stage, d.as_of, d.rule_no, k.rule_no AS case_rule FROM reminder.decision d JOIN reminder.collection_case k USING (creditor_id, invoice_no, case_no) WHERE d.invoice_no = 'moved' ORDER BY 1;

-- R9: rules 41 catches up, 42 does not; else they are the same. Due Tuesday
-- 2026-04-14: reminder on 04-15, 7 days to pay; notice 10 days after, on 04-25,
-- to be paid by Saturday 05-02, which moves to Monday 05-04; demand on 05-05.
CALL t.creditor(4, 'FI', 'netvisor');
\set c 4
CALL t.rule(4, 41, 'company', 'creditor', true, 'reminder 1d 7d 5', 'notice 10d 7d 5', 'demand 10d 7d');
CALL t.rule(4, 42, 'company', 'creditor', false, 'reminder 1d 7d 5', 'notice 10d 7d 5', 'demand 10d 7d');
CALL t.rule(4, 43, 'company', 'creditor', true, 'reminder 1d 7d 5', 'notice 10d 7d 5', 'demand 10d 7d');
CALL t.rule(4, 44, 'company', 'creditor', false, 'reminder 1d 7d 5', 'notice 10d 7d 5', 'demand 10d 7d');
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule)
SELECT 4, what || ' ' || rule, what, rule FROM (VALUES ('under'), ('later'), ('taken out'), ('weekend')) v (what), (VALUES (41), (42)) r (rule)
UNION ALL SELECT 4, 'switched ' || rule, 'switched', rule FROM (VALUES (43), (44)) r (rule);
UPDATE reminder.customer SET blocked = true WHERE creditor_id = 4 AND name IN ('later', 'weekend');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 4, customer_no, customer_no, '2026-04-01', CASE name WHEN 'weekend' THEN date '2026-04-17' ELSE '2026-04-14' END, 'EUR', 1000 FROM reminder.customer WHERE creditor_id = 4;
SELECT reminder.take_out(4, 'taken out 41', '2026-04-10'), reminder.take_out(4, 'taken out 42', '2026-04-10');
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 4 AND rule_no IN (43, 44);
\set d '\'2026-04-15\''
:run
\echo '# R9: after the run for 04-15 the blocked come in, the taken out are put back, the rules are switched on'
SELECT reminder.move_customers(4, ARRAY['later 41'], 41), reminder.move_customers(4, ARRAY['later 42'], 42);
SELECT reminder.put_back(4, 'taken out 41', '2026-04-16'), reminder.put_back(4, 'taken out 42', '2026-04-16');
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 4 AND rule_no IN (43, 44);
\set d '\'2026-04-16\''
:run
\echo '# R9: 04-17 + 1 day is Saturday 04-18, when nothing runs: who comes in on Sunday is there for the first run from then on'
\set d '\'2026-04-17\''
:run
SELECT reminder.move_customers(4, ARRAY['weekend 41'], 41), reminder.move_customers(4, ARRAY['weekend 42'], 42);
\set d '\'2026-04-20\''
:run
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = :c ORDER BY left(invoice, -2), invoice, as_of;
\echo '# R9: a step skipped counts as passed on its step date, from which the next waits; it is never sent'
\set d '\'2026-04-24\''
:run
\set d '\'2026-04-25\''
:run
SELECT invoice, stage, outcome, reason, step_date, as_of, deadline FROM t.decision WHERE c = :c AND as_of >= '2026-04-24' ORDER BY left(invoice, -2), invoice;
\set d '\'2026-05-04\''
:run
\set d '\'2026-05-05\''
:run
SELECT invoice, string_agg(stage || ' ' || outcome || ' ' || as_of, ', ' ORDER BY as_of) AS story FROM t.decision WHERE c = :c GROUP BY 1 ORDER BY left(invoice, -2), invoice;

\echo '# R9, B3, C1: a demand that is skipped is passed over too: monitoring follows from the reminder, but only by the ladder'
CALL t.rule(4, 45, 'company', 'service', false, 'reminder 1d 7d 5', 'demand 10d 7d 14', 'monitoring 10d 0d');
CALL t.customer(4, 'passed over', 'company', 45);
CALL t.invoice(4, 'passed over', 'passed over', '2026-05-11');
\set d '\'2026-05-12\''
:run
SELECT reminder.hold(4, 'passed over', 'dispute', '2026-05-25', '2026-05-20');
\set d '\'2026-05-22\''
:run
SELECT t.try('SELECT reminder.back_to_monitoring(4, ''passed over'', ''2026-05-30'')');
\set d '\'2026-06-01\''
:run
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = :c AND invoice = 'passed over' ORDER BY as_of;
SELECT stage, state FROM reminder.case_status WHERE creditor_id = :c AND invoice_no = 'passed over';

\echo '# R9: a month without a run: the reminder is skipped on 07-20, and only the next run may send the notice (B3, N1)'
CALL t.customer(4, 'month', 'company', 42);
UPDATE reminder.customer SET blocked = true WHERE creditor_id = 4 AND customer_no = 'month';
CALL t.invoice(4, 'month', 'month', '2026-06-15');
\set d '\'2026-06-20\''
:run
SELECT reminder.move_customers(4, ARRAY['month'], 42);
\set d '\'2026-07-20\''
:run
:run
SELECT outcome, stage, step_date FROM reminder.explain(4, 'month', :d);
\set d '\'2026-07-21\''
:run
:run
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = :c AND invoice = 'month' ORDER BY as_of;
\echo '# B3: the same where the rule waives deadlines'
UPDATE reminder.rule SET waives_deadline = true WHERE creditor_id = 4 AND rule_no = 42;
CALL t.invoice(4, 'waived', 'later 42', '2026-06-15');
SELECT reminder.take_out(4, 'waived', '2026-07-21');
:run
:run
SELECT reminder.put_back(4, 'waived', '2026-07-21');
:run
\set d '\'2026-07-22\''
:run
\set d '\'2026-07-23\''
:run
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = :c AND invoice = 'waived' ORDER BY as_of;

\echo '# R9, B5: moved while it was paid: when the payment goes, the step that came due before is outside'
CALL t.customer(4, 'paid', 'company', 42);
SELECT reminder.block_customers(4, ARRAY['paid']);
CALL t.invoice(4, 'paid', 'paid', '2026-07-20');
CALL t.invoice(4, 'never', 'paid', '2026-07-20');
\set d '\'2026-07-24\''
:run
CALL t.pay(4, 'moved', 'paid', '2026-07-24', 1000);
SELECT reminder.move_customers(4, ARRAY['paid'], 42);
DELETE FROM reminder.payment WHERE creditor_id = 4 AND payment_no = 'moved';
SELECT invoice_no, outside_until FROM reminder.position WHERE creditor_id = 4 AND invoice_no IN ('paid', 'never') ORDER BY 1;
\set d '\'2026-07-27\''
:run
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = :c AND invoice IN ('paid', 'never') ORDER BY 1, as_of;

-- R6: due Monday 2026-07-06, reminder on 07-11, to be paid by 07-21, demand on 07-23.
\echo '# R6: one invoice is taken out, its case stays as it is; put back, it goes on'
\set c 3
CALL t.invoice(3, 'r', 'M', '2026-07-06');
\set d '\'2026-07-11\''
:run
SELECT reminder.take_out(3, 'r', '2026-07-12');
SELECT reminder.take_out(3, 'r', '2026-07-12');
\set d '\'2026-07-23\''
:run
SELECT outcome, reason, words FROM reminder.explain(3, 'r', :d);
SELECT s.status, s.why_not, c.stage, c.state, c.why_not FROM reminder.invoice_status s JOIN reminder.case_status c USING (creditor_id, invoice_no) WHERE invoice_no = 'r';
SELECT reminder.put_back(3, 'r', '2026-07-24');
SELECT reminder.put_back(3, 'r', '2026-07-24');
\set d '\'2026-07-24\''
:run
SELECT event_on, event, stage FROM reminder.event_list WHERE creditor_id = 3 AND invoice_no = 'r' ORDER BY event_on, recorded_at;
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'unknown invoice', 'SELECT reminder.take_out(3, ''none'', ''2026-05-22'')'),
  (2, 'of another creditor', 'SELECT reminder.take_out(2, ''r'', ''2026-05-22'')'),
  (3, 'no date', 'SELECT reminder.put_back(3, ''r'', NULL)'),
  (4, 'by hand', 'UPDATE reminder.invoice SET automation = ''blocked'' WHERE creditor_id = 3 AND invoice_no = ''r''')) v (n, what, sql) ORDER BY n;

\i test/sql/include/ladder_end.sql
