-- Which rule a customer is under, and why, after whatever is done to
-- customers, classes, rules and creditors (R3, R4, R5, R10, V4).
\set name regress_assignment
\i test/sql/include/ladder.sql

-- Creditor 1 takes foreign customers under its general rules (1 companies, 2
-- persons), creditor 2 blocks them. Both have a rule 11 for companies and 21
-- for persons, and classes under them, excluded, and without a rule.
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'netvisor');
CALL t.rule(1, 11, 'company', 'creditor', false, 'reminder 10d 10d 5');
CALL t.rule(2, 11, 'company', 'creditor', false, 'reminder 10d 10d 5');
CALL t.rule(1, 21, 'person', 'creditor', false, 'reminder 14d 14d 5');
CALL t.rule(2, 21, 'person', 'creditor', false, 'reminder 14d 14d 5');
INSERT INTO reminder.customer_class (creditor_id, class, rule_no, excluded)
SELECT c, k.* FROM generate_series(1, 2) c, (VALUES ('companies', 11, false), ('persons', 21, false), ('out', 11, true), ('plain', NULL, false)) k (class, rule_no, excluded);

-- R3: the precedence, one customer for each line of it; the kind of a rule is its customers'.
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, class, own_rule, blocked)
SELECT c, v.no, 'Customer ' || v.no, v.kind, v.country, v.class, v.own, v.blocked
FROM generate_series(1, 2) c, (VALUES
  ('01 company', 'company', NULL, NULL, NULL::integer, false),
  ('02 person', 'person', NULL, NULL, NULL, false),
  ('03 public body', 'public', NULL, NULL, NULL, false),
  ('04 Swede', 'company', 'SE', NULL, NULL, false),
  ('05 Finn', 'company', 'FI', NULL, NULL, false),
  ('06 Finnish person', 'person', 'FI', NULL, NULL, false),
  ('07 class', 'company', NULL, 'companies', NULL, false),
  ('08 class of the other kind', 'person', NULL, 'companies', NULL, false),
  ('09 class of its kind', 'person', NULL, 'persons', NULL, false),
  ('10 class, foreign', 'company', 'NO', 'companies', NULL, false),
  ('11 class of the other kind, foreign', 'person', 'NO', 'companies', NULL, false),
  ('12 class without a rule', 'company', NULL, 'plain', NULL, false),
  ('13 class without a rule, foreign', 'company', 'NO', 'plain', NULL, false),
  ('14 excluded class', 'company', NULL, 'out', NULL, false),
  ('15 own rule', 'company', NULL, NULL, 11, false),
  ('16 own rule, class of the other kind', 'person', NULL, 'companies', 21, false),
  ('17 own rule, foreign', 'company', 'NO', NULL, 11, false),
  ('18 own rule, excluded class', 'company', NULL, 'out', 11, false),
  ('19 own rule, blocked', 'company', NULL, NULL, 11, true),
  ('20 class, blocked', 'company', NULL, 'companies', NULL, true),
  ('21 public body, class', 'public', NULL, 'companies', NULL, false)) v (no, kind, country, class, own, blocked);
SELECT a.customer, a.kind, a.country, a.class, a.own, a.rule AS rule_1, a.assigned_by AS by_1, b.rule AS rule_2, b.assigned_by AS by_2
FROM t.customer a JOIN t.customer b USING (customer) WHERE a.c = 1 AND b.c = 2 ORDER BY 1;
SELECT * FROM t.misplaced ORDER BY 1, 2;

-- Each has an invoice, whose place on the ladder moves with it (t.misplaced looks there too).
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT creditor_id, customer_no, customer_no, '2026-04-01', '2026-05-01', 'SEK', 1000 FROM reminder.customer;
SELECT * FROM t.misplaced ORDER BY 1, 2;

-- What moved: the rows that history has and a look before had not.
CREATE TABLE t.seen AS SELECT creditor_id, customer_no, since FROM reminder.customer_rule_history;
CREATE PROCEDURE t.look() LANGUAGE sql AS $$
  INSERT INTO t.seen SELECT creditor_id, customer_no, since FROM reminder.customer_rule_history EXCEPT SELECT * FROM t.seen;
$$;
CREATE VIEW t.moved AS
SELECT h.creditor_id AS c, h.customer_no AS customer, h.rule_no AS rule, h.assigned_by
FROM reminder.customer_rule_history h
WHERE NOT EXISTS (SELECT FROM t.seen s WHERE (s.creditor_id, s.customer_no, s.since) = (h.creditor_id, h.customer_no, h.since));
\set moved 'SELECT * FROM t.moved WHERE customer !~ \'bulk\' ORDER BY 1, 2; SELECT * FROM t.misplaced ORDER BY 1, 2; CALL t.look();'

\echo '# R3: a class gets another rule, loses it, is excluded, comes back'
CALL t.rule(1, 12, 'company', 'creditor', false, 'reminder 10d 10d 5');
UPDATE reminder.customer_class SET rule_no = 12 WHERE creditor_id = 1 AND class = 'companies';
:moved
UPDATE reminder.customer_class SET rule_no = NULL WHERE creditor_id = 2 AND class = 'companies';
:moved
UPDATE reminder.customer_class SET excluded = true WHERE class = 'persons';
:moved
UPDATE reminder.customer_class SET excluded = false;
:moved
UPDATE reminder.customer_class SET rule_no = 21 WHERE creditor_id = 2 AND class = 'companies';
:moved

\echo '# R3: foreign customers blocked, and not; the creditor moves to Norway and back'
UPDATE reminder.creditor SET foreign_customers = CASE foreign_customers WHEN 'blocked' THEN 'general' ELSE 'blocked' END;
:moved
UPDATE reminder.creditor SET country = 'NO' WHERE creditor_id = 1;
:moved
UPDATE reminder.creditor SET country = NULL WHERE creditor_id = 1;
:moved

\echo '# R3: a preset applied again: the general rules stay the same, the foreign setting is the preset''s'
SELECT reminder.add_preset(1, 'netvisor');
:moved
SELECT reminder.add_preset(1, 'amili');
:moved
SELECT rule_no, name, kind, general, collected_by FROM reminder.rule WHERE creditor_id = 1 AND general ORDER BY 1;

\echo '# R3: a rule is deleted: its customers fall to their class and the general rules'
DELETE FROM reminder.rule WHERE creditor_id = 1 AND rule_no IN (11, 12);
:moved
SELECT class, rule_no, excluded FROM reminder.customer_class WHERE creditor_id = 1 ORDER BY 1;

\echo '# R3: a customer whose kind changes falls back to the general rule of its new kind; a public body is under rules for companies'
UPDATE reminder.customer SET kind = 'person' WHERE creditor_id = 2 AND customer_no < '16';
:moved
UPDATE reminder.customer SET kind = 'public' WHERE creditor_id = 2 AND customer_no < '16';
:moved
SELECT customer, own FROM t.customer WHERE c = 2 AND own IS NOT NULL ORDER BY 1;
\echo '# given a rule of its new kind in the same statement it keeps that; one of its old kind is refused'
UPDATE reminder.customer SET kind = 'person', own_rule = 21 WHERE creditor_id = 2 AND customer_no = '17 own rule, foreign';
:moved
UPDATE reminder.customer SET kind = 'company' WHERE creditor_id = 2 AND customer_no = '17 own rule, foreign';
:moved
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'a rule for persons', 'UPDATE reminder.customer SET own_rule = 21 WHERE creditor_id = 2 AND customer_no = ''01 company'''),
  (2, 'no such rule', 'UPDATE reminder.customer SET own_rule = 99 WHERE creditor_id = 2 AND customer_no = ''01 company'''),
  (3, 'a rule of another creditor', 'UPDATE reminder.customer SET own_rule = 11 WHERE creditor_id = 1 AND customer_no = ''01 company'''),
  (4, 'no such class', 'UPDATE reminder.customer SET class = ''none'' WHERE creditor_id = 2 AND customer_no = ''01 company'''),
  (5, 'a class with no such rule', 'UPDATE reminder.customer_class SET rule_no = 99 WHERE creditor_id = 2'),
  (6, 'a class in use deleted', 'DELETE FROM reminder.customer_class WHERE creditor_id = 2 AND class = ''out'''),
  (7, 'a class in use renamed', 'UPDATE reminder.customer_class SET class = ''in'' WHERE creditor_id = 2 AND class = ''out'''),
  (8, 'no such kind', 'UPDATE reminder.customer SET kind = ''ghost'' WHERE creditor_id = 2'),
  (9, 'no such creditor', 'INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (9, ''X'', ''X'')'),
  (10, 'no creditor', 'INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (NULL, ''X'', ''X'')'),
  (11, 'the rule''s kind', 'UPDATE reminder.rule SET kind = ''person'' WHERE creditor_id = 2 AND rule_no = 11'),
  (12, 'the rule''s number', 'UPDATE reminder.rule SET rule_no = 13 WHERE creditor_id = 2 AND rule_no = 11'))
  v (n, what, sql) ORDER BY n;
:moved

\echo '# R4: general rules are edited, not deleted, and there are two'
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'deleted', 'DELETE FROM reminder.rule WHERE creditor_id = 1 AND rule_no = 1'),
  (3, 'made particular', 'UPDATE reminder.rule SET general = false WHERE creditor_id = 1 AND rule_no = 2'),
  (4, 'a third', 'UPDATE reminder.rule SET general = true WHERE creditor_id = 1 AND rule_no = 21'),
  (5, 'edited', 'UPDATE reminder.rule SET name = ''Swedish companies'', description = ''Edited'' WHERE creditor_id = 1 AND rule_no = 1'))
  v (n, what, sql) ORDER BY n;
:moved

\echo '# R3: resulting columns written by hand are set right at once'
UPDATE reminder.customer SET rule_no = 21, assigned_by = 'own' WHERE creditor_id = 2 AND customer_no = '02 person';
:moved

\echo '# R5: one customer, many at once, a foreign one by hand; blocked, and given back'
SELECT reminder.move_customers(2, ARRAY['01 company'], 11);
SELECT reminder.move_customers(2, ARRAY['04 Swede', '05 Finn', '20 class, blocked', 'nobody'], 11);
:moved
SELECT reminder.block_customers(2, ARRAY['01 company', '02 person', 'nobody']);
:moved
SELECT reminder.move_customers(2, ARRAY['01 company', '02 person', '04 Swede', '05 Finn'], NULL);
:moved
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'one of the other kind among them', 'SELECT reminder.move_customers(2, ARRAY[''01 company'', ''16 own rule, class of the other kind''], 11)'),
  (2, 'no such rule', 'SELECT reminder.move_customers(2, ARRAY[''01 company''], 99)'),
  (3, 'no such creditor', 'SELECT reminder.move_customers(9, ARRAY[''01 company''], 11)'),
  (4, 'no creditor', 'SELECT reminder.block_customers(NULL, ARRAY[''01 company''])'),
  (5, 'nobody', 'SELECT reminder.move_customers(2, NULL, 11)'))
  v (n, what, sql) ORDER BY n;
:moved

\echo '# R3: 10,000 in one statement, by COPY and ON CONFLICT, in replica mode'
UPDATE reminder.creditor SET foreign_customers = 'blocked' WHERE creditor_id = 2;
UPDATE reminder.customer_class SET excluded = true WHERE class = 'out';
CALL t.look();
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, class, own_rule, blocked)
SELECT 1 + n % 2, 'bulk ' || n, 'Bulk', (ARRAY['company', 'person', 'public'])[1 + n % 3], (ARRAY[NULL, 'SE', 'FI'])[1 + n / 3 % 3],
       (ARRAY[NULL, 'companies', 'persons', 'out', 'plain'])[1 + n / 9 % 5], CASE WHEN n % 2 = 1 AND n % 3 <> 1 AND n % 7 = 0 THEN 11 END, n % 11 = 0
FROM generate_series(1, 10000) n;
SELECT c, kind, rule, assigned_by, count(*) FROM t.customer WHERE customer LIKE 'bulk %' GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3 NULLS FIRST, 4;
SELECT count(*) AS noted FROM t.moved;
CALL t.look();
SELECT * FROM t.misplaced ORDER BY 1, 2;
COPY reminder.customer (creditor_id, customer_no, name, kind, country, class) FROM STDIN;
1	copied 1	Copied	company	NO	companies
2	copied 2	Copied	person	\N	\N
2	copied 3	Copied	person	NO	\N
\.
:moved
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country)
VALUES (2, 'copied 2', 'Changed', 'company', 'SE'), (2, 'copied 3', 'Changed', 'person', 'FI'), (2, 'new', 'New', 'person', NULL)
ON CONFLICT (creditor_id, customer_no) DO UPDATE SET name = excluded.name, kind = excluded.kind, country = excluded.country;
:moved
SET session_replication_role = replica;
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country) VALUES (2, 'replica', 'Replica', 'company', 'SE');
UPDATE reminder.customer_class SET excluded = true WHERE creditor_id = 1 AND class = 'persons';
RESET session_replication_role;
SELECT c, rule, assigned_by, count(*) FROM t.moved WHERE customer ~ 'bulk' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
:moved

\echo '# R3: in one transaction, what was rolled back or changed a moment ago is not remembered'
BEGIN;
CALL t.customer(1, 'in it 1');
SAVEPOINT s;
UPDATE reminder.creditor SET foreign_customers = 'blocked' WHERE creditor_id = 1;
INSERT INTO reminder.customer (creditor_id, customer_no, name, country, class) VALUES (1, 'in it 2', 'In it', 'NO', 'plain');
SELECT customer, rule, assigned_by FROM t.customer WHERE customer LIKE 'in it%' ORDER BY 1;
ROLLBACK TO s;
INSERT INTO reminder.customer (creditor_id, customer_no, name, country, class) VALUES (1, 'in it 3', 'In it', 'NO', 'plain');
SELECT customer, rule, assigned_by FROM t.customer WHERE customer LIKE 'in it%' ORDER BY 1;
CALL t.rule(1, 13, 'company', 'creditor', false, 'reminder 10d 10d 5');
UPDATE reminder.customer_class SET rule_no = 13 WHERE creditor_id = 1 AND class = 'plain';
INSERT INTO reminder.customer (creditor_id, customer_no, name, country, class) VALUES (1, 'in it 4', 'In it', 'NO', 'plain');
SELECT customer, rule, assigned_by FROM t.customer WHERE customer LIKE 'in it%' ORDER BY 1;
DELETE FROM reminder.customer WHERE customer_no = 'in it 1';
COMMIT;
SELECT * FROM t.misplaced ORDER BY 1, 2;

\echo '# R3: a creditor that gets its first general rules, by activation and by hand'
CALL t.creditor(3, 'SE');
CALL t.customer(3, 'C', 'company');
CALL t.customer(3, 'P', 'person');
SELECT customer, rule, assigned_by FROM t.customer WHERE c = 3 ORDER BY 1;
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, general) VALUES (3, 7, 'Companies', 'company', true);
SELECT customer, rule, assigned_by FROM t.customer WHERE c = 3 ORDER BY 1;
SELECT reminder.activate(3, confirm => true);
SELECT customer, rule, assigned_by FROM t.customer WHERE c = 3 ORDER BY 1;
SELECT rule_no, name, kind, general FROM reminder.rule WHERE creditor_id = 3 ORDER BY 1;
SELECT * FROM t.misplaced ORDER BY 1, 2;

\echo '# R10: the resulting rule, why, and all former ones; the latest run when it changed'
SET client_min_messages = warning;
CALL reminder.run('2026-05-02', 3);
SELECT reminder.block_customers(3, ARRAY['C']);
CALL reminder.run('2026-05-03', 3);
SELECT reminder.move_customers(3, ARRAY['C'], 7);
SELECT customer_no, rule_no, assigned_by, after_run, since = max(since) OVER (PARTITION BY customer_no) AS now
FROM reminder.customer_rule_history WHERE creditor_id = 3 ORDER BY customer_no, since;

\echo '# V4: rules with their customers; those outside automation, and why'
SELECT rule_no, rule, assigned_by, customer_no, after_run, since IS NOT NULL AS since FROM reminder.rule_customers WHERE creditor_id = 3 ORDER BY customer_no;
SELECT assigned_by, min(customer_no), count(*) FROM reminder.outside_automation WHERE creditor_id = 2 GROUP BY 1 ORDER BY 1;
SELECT rule_no, rule, count(*) FROM reminder.rule_customers WHERE creditor_id = 2 GROUP BY 1, 2 ORDER BY 1 NULLS LAST;

\i test/sql/include/ladder_end.sql
