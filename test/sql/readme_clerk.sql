-- A clerk's morning, as the README prints it: a creditor in five statements, a
-- rule looked at before there is one, tomorrow's letters, and why an invoice got
-- nothing (P4, R7, N4). test/t/readme.pl compares.
\set name regress_readme_clerk
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
DELETE FROM reminder.account;
\pset footer on
\pset null ''
\set ECHO all
-- A creditor.
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Nordic Bikes');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1, Stockholm', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili');
INSERT INTO reminder.digest_subscriber (creditor_id, email) VALUES (1, 'ada@nordicbikes.example');
SELECT reminder.activate(1, confirm => true, as_of => '2026-10-05');
\set ECHO none
-- the application writes these
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country) VALUES
  (1, 'C1', 'Ada Berg', 'person', NULL), (1, 'C2', 'Berg & Co AB', 'company', NULL), (1, 'C3', 'Cykelgruppen AB', 'company', NULL), (1, 'C4', 'Dahl & Bergström AB', 'company', NULL);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (1, 'F101', 'C1', '2026-09-01', '2026-10-01', 'SEK',  1250.00),
  (1, 'F102', 'C2', '2026-09-04', '2026-10-05', 'SEK', 18000.00),
  (1, 'F103', 'C3', '2026-09-04', '2026-10-05', 'SEK',   400.00),
  (1, 'F104', 'C4', '2026-09-04', '2026-10-05', 'SEK',  4300.00),
  (1, 'F105', 'C2', '2026-09-20', '2026-10-20', 'SEK',   990.00);
SELECT reminder.block_customers(1, ARRAY['C4']) \g /dev/null
SELECT reminder.hold(1, 'F102', 'promise', '2026-10-30', '2026-10-06') \g /dev/null
SET client_min_messages = error;
CALL reminder.run('2026-10-09', 1);
SET client_min_messages = notice;
\set ECHO all
-- Whom would it be for?
SELECT customer_no, name, rule, assigned_by
FROM reminder.rule_customers WHERE creditor_id = 1 AND name ILIKE '%berg%' ORDER BY 1;
-- What would a rule do? It is looked at, and rolled back.
BEGIN;
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up, enabled)
VALUES (1, 10, 'Key accounts', 'company', 'service', true, false);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, term_unit, fee)
VALUES (1, 10, 'reminder', 20, 10, 'bank_day', 60),
       (1, 10, 'demand',   30,  5, 'bank_day', 200);
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest)
VALUES (1, 10, 'SEK', 500);
SELECT severity, stage, sentence FROM reminder.rule_findings(1, 10);
UPDATE reminder.rule_step SET term = 10, fee = 180 WHERE (creditor_id, rule_no, stage) = (1, 10, 'demand');
SELECT reminder.describe_rule(1, 10);
SELECT letter_date, invoice_no, customer_no, stage, deadline, fee, total, cost
FROM reminder.preview_rule(1, 10, '2026-10-10', '2026-11-30', ARRAY['C2', 'C3', 'C4']);
ROLLBACK;
-- What goes out tomorrow, and in the coming days?
SELECT letter_date, invoice_no, customer_no, stage, channel, fee, total
FROM reminder.upcoming('2026-10-10', '2026-10-25', 1);
-- Why did these get nothing?
SELECT i.invoice_no, e.reason, e.words
FROM reminder.invoice i CROSS JOIN LATERAL reminder.explain(1, i.invoice_no, '2026-10-10') e
WHERE i.creditor_id = 1 AND i.invoice_no IN ('F102', 'F104', 'F105') ORDER BY 1;
\set ECHO none
\i test/sql/include/ladder_end.sql
