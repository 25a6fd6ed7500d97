-- Law as data: fee caps in force, and own closed days (L2, L7, F2).
\set name regress_law
\i test/sql/include/ladder.sql

\echo '# L2: caps by jurisdiction, debtor, kind, tier and date; NULL where there is none'
SELECT j, kind, fee, principal, on_date, reminder.fee_cap(j, kind, fee, principal, on_date::date) AS cap
FROM (VALUES
  -- Sweden: 50 and 160 from 1996-12-01, 60 and 180 from 2013-03-16, for everybody
  (1, 'SE', 'person', 'reminder', 100, '1996-11-30'), (2, 'SE', 'person', 'reminder', 100, '1996-12-01'), (3, 'SE', 'person', 'reminder', 100, '2013-03-15'),
  (4, 'SE', 'person', 'reminder', 100, '2013-03-16'), (5, 'SE', 'company', 'reminder', 1000000, '2026-01-01'), (6, 'SE', 'public', 'reminder', 100, '2026-01-01'),
  (7, 'SE', 'person', 'demand_letter', 100, '2013-03-15'), (8, 'SE', 'company', 'demand_letter', 100, '2013-03-16'), (9, 'SE', 'company', 'demand_letter', 100, '2200-12-31'),
  -- Finland, consumers: 5 for a reminder and for the creditor's own demand; tiers to 100, to 1000, above
  (10, 'FI', 'person', 'reminder', 100, '2013-03-15'), (11, 'FI', 'person', 'reminder', 100, '2026-01-01'), (12, 'FI', 'person', 'demand_letter_by_creditor_itself', 5000, '2026-01-01'),
  (13, 'FI', 'person', 'demand_letter', 0, '2026-01-01'), (14, 'FI', 'person', 'demand_letter', 100, '2026-01-01'), (15, 'FI', 'person', 'demand_letter', 100.01, '2026-01-01'),
  (16, 'FI', 'person', 'demand_letter', 1000, '2026-01-01'), (17, 'FI', 'person', 'demand_letter', 1000.01, '2026-01-01'), (18, 'FI', 'person', 'demand_letter_second', 1000.01, '2026-01-01'),
  (19, 'FI', 'person', 'demand_letter', 100, '2013-03-15'),
  -- Finland, companies: from 2022-05-01
  (20, 'FI', 'company', 'reminder', 100, '2022-04-30'), (21, 'FI', 'company', 'reminder', 100, '2022-05-01'), (22, 'FI', 'company', 'demand_letter_by_creditor_itself', 100, '2022-05-01'),
  (23, 'FI', 'company', 'demand_letter', 500, '2022-05-01'), (24, 'FI', 'company', 'demand_letter', 500.01, '2022-05-01'), (25, 'FI', 'company', 'demand_letter', 2500.01, '2022-05-01'),
  (26, 'FI', 'company', 'demand_letter', 10000.01, '2022-05-01'), (27, 'FI', 'company', 'demand_letter_second', 10000.01, '2022-05-01'),
  -- the words of the source are taken too
  (28, 'FI', 'B2C', 'reminder', 100, '2026-01-01'), (29, 'FI', 'B2B', 'reminder', 100, '2026-01-01')) v (n, j, kind, fee, principal, on_date)
ORDER BY n;
\echo '# L2: bad input'
SELECT what, t.try('SELECT reminder.fee_cap(' || what || ')') AS result
FROM (VALUES
  (1, '''XX'', ''person'', ''reminder'', 100, ''2026-01-01'''), (2, 'NULL, ''person'', ''reminder'', 100, ''2026-01-01'''), (3, '''SE'', ''ghost'', ''reminder'', 100, ''2026-01-01'''),
  (4, '''SE'', NULL, ''reminder'', 100, ''2026-01-01'''), (5, '''SE'', ''person'', ''bribe'', 100, ''2026-01-01'''), (6, '''SE'', ''person'', NULL, 100, ''2026-01-01'''),
  (7, '''SE'', ''person'', ''reminder'', -1, ''2026-01-01'''), (8, '''SE'', ''person'', ''reminder'', ''NaN'', ''2026-01-01'''), (9, '''SE'', ''person'', ''reminder'', ''Infinity'', ''2026-01-01'''),
  (10, '''SE'', ''person'', ''reminder'', 1e12, ''2026-01-01'''), (11, '''SE'', ''person'', ''reminder'', NULL, ''2026-01-01'''), (12, '''SE'', ''person'', ''reminder'', 100, NULL'),
  (13, '''SE'', ''person'', ''reminder'', 100, ''infinity'''), (14, '''SE'', ''person'', ''reminder'', 100, ''1989-12-31''')) v (n, what)
ORDER BY n;

-- Due Monday 2030-01-07: reminder on 01-12. A new law is an INSERT.
\echo '# L2: a new law is an insert; what is unconfirmed is not used; 0 forbids, NULL abolishes, the debtor''s own kind goes before any'
CALL t.creditor(1, 'SE', 'amili');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES (1, 'C', 'C', 'company'), (1, 'P', 'P', 'person');
-- No rate of 2030 is known, which would be the reason for every one of them.
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 1;
CALL t.invoice(1, 'c1', 'C', '2030-01-07');
CALL t.invoice(1, 'p1', 'P', '2030-01-07');
SELECT invoice_no, fee FROM reminder.plan('2030-01-12', 1) ORDER BY 1;
INSERT INTO reminder.statutory_fee VALUES ('SE', 'any', 'reminder', '2030-01-12', 0, 55, 'SEK', 'unconfirmed', 'heard of');
SELECT invoice_no, fee FROM reminder.plan('2030-01-12', 1) ORDER BY 1;
UPDATE reminder.statutory_fee SET confidence = 'sourced' WHERE fee = 55;
SELECT invoice_no, fee FROM reminder.plan('2030-01-11', 1) ORDER BY 1;
SELECT invoice_no, fee FROM reminder.plan('2030-01-12', 1) ORDER BY 1;
INSERT INTO reminder.statutory_fee VALUES ('SE', 'person', 'reminder', '2030-01-12', 0, 0, 'SEK', 'sourced', 'a new act'), ('SE', 'person', 'reminder', '2030-01-12', 1000, 20, 'SEK', 'sourced', 'a new act');
CALL t.invoice(1, 'p2', 'P', '2030-01-07', 1000.01);
SELECT invoice_no, fee FROM reminder.plan('2030-01-12', 1) ORDER BY 1;
INSERT INTO reminder.statutory_fee VALUES ('SE', 'any', 'reminder', '2030-02-01', 0, NULL, 'SEK', 'sourced', 'abolished');
UPDATE reminder.rule_step SET fee = 500 WHERE creditor_id = 1 AND rule_no = 1 AND stage = 'reminder';
SELECT invoice_no, fee FROM reminder.plan('2030-01-31', 1) ORDER BY 1;
SELECT invoice_no, fee FROM reminder.plan('2030-02-01', 1) ORDER BY 1;
\set c 1
\set d '\'2030-01-12\''
:run
\echo '# and changes no letter that was sent'
UPDATE reminder.statutory_fee SET fee = 1 WHERE fee = 55;
SELECT invoice_no, fee, fee_cap, fee_of_rule FROM reminder.letter_list WHERE creditor_id = 1 ORDER BY 1;
SELECT what, t.try('INSERT INTO reminder.statutory_fee VALUES (' || what || ', ''SEK'', ''sourced'', ''x'')') AS result
FROM (VALUES
  (1, '''SE'', ''any'', ''reminder'', ''2030-01-12'', 0, 1'), (2, '''XX'', ''any'', ''reminder'', ''2031-01-01'', 0, 1'), (3, '''SE'', ''ghost'', ''reminder'', ''2031-01-01'', 0, 1'),
  (4, '''SE'', ''any'', ''reminder'', ''infinity'', 0, 1'), (5, '''SE'', ''any'', ''reminder'', ''2031-01-01'', -1, 1'), (6, '''SE'', ''any'', ''reminder'', ''2031-01-01'', 0, ''NaN''')) v (n, what)
ORDER BY n;

-- L7. Creditor 2 is closed on Monday 2026-03-02 and from Thursday 03-19 to Friday
-- 03-20 as well, creditor 3 is not. Due on 03-02: counts from Tuesday 03-03 for 2,
-- reminder on 03-08 (3: 03-07). Ten bank days from there: 09 10 11 12 13 16 17 18
-- (19 20) 23 24: 03-24 (3: 03-20). Demand on 03-25 (3: 03-21).
\echo '# L7, F2: a creditor''s own closed days move due dates, terms, waits and deadlines, and no other creditor''s'
CALL t.creditor(2, 'SE', 'amili');
CALL t.creditor(3, 'SE', 'amili');
INSERT INTO reminder.closed_day VALUES (2, '2026-03-20'), (2, '2026-03-02'), (2, '2026-03-19'), (2, '2026-03-21');
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (2, 'C', 'C'), (3, 'C', 'C');
CALL t.invoice(2, 'i', 'C', '2026-03-02');
CALL t.invoice(3, 'i', 'C', '2026-03-02');
SET client_min_messages = warning;
DO $$ BEGIN FOR c IN 2..3 LOOP FOR n IN 0..30 LOOP CALL reminder.run(date '2026-03-02' + n, c); END LOOP; END LOOP; END $$;
SET client_min_messages = notice;
SELECT c, invoice, stage, step_date, as_of, deadline FROM t.decision WHERE c IN (2, 3) ORDER BY 1, as_of;
-- Waits in bank days. Due Monday 2026-03-16, four bank days: 17 18 (19 20) 23 24:
-- 03-24 for 2, 03-20 for 3. A deadline of 3 days from 03-24 is 03-27; of 0 days is
-- the same day.
CALL t.rule(2, 11, 'company', 'creditor', true, 'reminder 4b 0d', 'demand 3b 8d');
CALL t.rule(3, 11, 'company', 'creditor', true, 'reminder 4b 0d', 'demand 3b 8d');
CALL t.customer(2, 'D', 'company', 11);
CALL t.customer(3, 'D', 'company', 11);
CALL t.invoice(2, 'wait', 'D', '2026-03-16');
CALL t.invoice(3, 'wait', 'D', '2026-03-16');
SELECT c, stage, outcome, step_date, deadline FROM (VALUES (2), (3)) v (c) CROSS JOIN LATERAL reminder.explain(c, 'wait', '2026-03-17') ORDER BY 1;
\echo '# L7: the view of cases knows them too: next_on is what explain() says'
INSERT INTO reminder.closed_day VALUES (2, '2026-04-08'), (2, '2026-04-09');
\set d '\'2026-04-02\''
\set c 2
:run
\set c 3
:run
SELECT k.creditor_id, k.invoice_no, k.next_stage, k.next_on, e.step_date AS explained
FROM reminder.case_status k CROSS JOIN LATERAL reminder.explain(k.creditor_id, k.invoice_no, '2026-04-02') e
WHERE k.creditor_id IN (2, 3) ORDER BY 1, 2;
SELECT what, t.try('INSERT INTO reminder.closed_day VALUES (' || what || ')') AS result
FROM (VALUES (1, '2, ''2026-03-02'''), (2, '9, ''2026-03-02'''), (3, '2, NULL'), (4, '2, ''infinity'''), (5, '2, ''1989-12-31'''), (6, 'NULL, ''2026-03-02''')) v (n, what)
ORDER BY n;

\i test/sql/include/ladder_end.sql
