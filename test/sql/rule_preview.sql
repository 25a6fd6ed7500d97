-- A rule in words, and what it would do, before it does it (R7).
\set name regress_rule_preview
\i test/sql/include/ladder.sql

\echo '# R7: a rule in words, and what it would do; nothing is changed'
CALL t.creditor(30, 'SE', 'amili');
CALL t.rule(30, 10, 'company', 'service', true, 'reminder 20d 10b 60', 'demand 1b 10b 180', 'monitoring 0d 0d');
UPDATE reminder.rule SET enabled = false, branches = '{north,west}', import_from = '2026-01-01', opens = 'by_hand' WHERE creditor_id = 30 AND rule_no = 10;
UPDATE reminder.rule_step SET open_at_least = 50 WHERE creditor_id = 30 AND rule_no = 10 AND stage = 'demand';
INSERT INTO reminder.rule_window VALUES (30, 10, 'SEK', 100, DEFAULT), (30, 10, 'EUR', 10, 500);
CALL t.customer(30, 'A');
CALL t.customer(30, 'B');
CALL t.invoice(30, 'a', 'A', '2026-03-02');
CALL t.invoice(30, 'b', 'B', '2026-03-02');
SELECT reminder.describe_rule(30, 10);
SELECT reminder.describe_rule(30, 1);
CALL t.creditor(31, 'FI');
CALL t.rule(31, 1, 'person', 'creditor', false, 'demand 1d 14d');
UPDATE reminder.rule_step SET fee = 5, fee_up_to_cap = true, wait = 14 WHERE creditor_id = 31;
UPDATE reminder.rule SET waives_deadline = true, trading_names = '{Bikes}', collected_by = 'agency', agency = 'intrum', enabled = false WHERE creditor_id = 31;
SELECT reminder.describe_rule(31, 1);
UPDATE reminder.rule SET branches = NULL, opens = 'automatic' WHERE creditor_id = 30 AND rule_no = 10;
SELECT reminder.deactivate(30) \g /dev/null
CREATE TEMP VIEW stands AS
SELECT md5(string_agg(r::text, ' ' ORDER BY r::text)) AS rows FROM (
  SELECT c::text FROM reminder.customer c UNION ALL SELECT r::text FROM reminder.rule r UNION ALL SELECT k::text FROM reminder.creditor k
  UNION ALL SELECT p::text FROM reminder.position p UNION ALL SELECT h::text FROM reminder.customer_rule_history h UNION ALL SELECT e::text FROM reminder.event e) r;
SELECT rows AS before FROM stands \gset
SELECT * FROM reminder.preview_rule(30, 10, '2026-03-01', '2026-04-30', ARRAY['A']);
SELECT count(*) AS has_no_customers FROM reminder.preview_rule(30, 10, '2026-03-01', '2026-04-30');
SELECT invoice_no, stage, letter_date, fee FROM reminder.preview_rule(30, 1, '2026-03-01', '2026-04-30') ORDER BY 1;
SELECT rows = :'before' AS as_it_was FROM stands;
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'words of an unknown rule', 'SELECT reminder.describe_rule(30, 77)'),
  (2, 'words of no creditor', 'SELECT reminder.describe_rule(NULL, 1)'),
  (3, 'preview of an unknown rule', 'SELECT reminder.preview_rule(30, 77, ''2026-03-01'', ''2026-03-02'')'),
  (4, 'preview backwards', 'SELECT reminder.preview_rule(30, 1, ''2026-03-02'', ''2026-03-01'')'),
  (5, 'preview from no date', 'SELECT reminder.preview_rule(30, 1, NULL, ''2026-03-01'')'),
  (6, 'preview of an unknown creditor', 'SELECT reminder.preview_rule(99, 1, ''2026-03-01'', ''2026-03-02'')'),
  (7, 'preview of a customer of the other kind', 'SELECT reminder.preview_rule(30, 2, ''2026-03-01'', ''2026-03-02'', ARRAY[''A''])')) v (n, what, sql)
ORDER BY n;

\echo '# the example of the README'
CALL t.creditor(50, 'SE', 'amili');
CALL t.rule(50, 10, 'company', 'service', true, 'reminder 20d 10b 60', 'demand 30d 10b 180');
UPDATE reminder.rule SET name = 'Key accounts' WHERE creditor_id = 50 AND rule_no = 10;
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest) VALUES (50, 10, 'SEK', 500);
\pset footer on
SELECT reminder.describe_rule(50, 10);
\pset footer off

\i test/sql/include/ladder_end.sql
