-- Channels (C2): what each carries, what the customer has, switched on and off,
-- agencies with their services, their least amount, and Intrum's material format.
\set name regress_channels
\i test/sql/include/ladder.sql
SET client_min_messages = warning;

\echo '# C2: channels are rows; email and print are on from the start, the others when they are activated'
SELECT channel, kind, agency, title, active, since, material_format FROM reminder.channel_list ORDER BY 1;
CALL t.creditor(1, 'FI');
SELECT channel, kind, agency, title, active, since, material_format FROM reminder.channel_list ORDER BY kind, 1;
SELECT channel, stage, string_agg(customer_kind, ', ' ORDER BY customer_kind) AS customers, material_format FROM reminder.channel_use GROUP BY 1, 2, 4 ORDER BY 1, 2, 4;

\echo '# C2: by what the customer has: e-invoice, email, print; persons get no e-invoice, demands never go by email'
SELECT reminder.activate(1, true) \g /dev/null
CREATE TABLE t.has (what text, einvoice text, email text, address text);
INSERT INTO t.has VALUES ('all', '003712345678', 'a@example.com', 'Street 1'), ('email', ' ', 'a@example.com', 'Street 1'), ('print', NULL, '', 'Street 1'), ('nothing', NULL, NULL, NULL);
CALL t.rule(1, 10, 'company', 'creditor', true, 'reminder 10d 10d', 'notice 11d 10d', 'demand 11d 10d');
CALL t.rule(1, 11, 'person', 'creditor', true, 'reminder 14d 14d', 'notice 15d 14d', 'demand 15d 14d');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, own_rule, einvoice_address, email, address)
SELECT 1, k || ' ' || what, 'C', k, CASE k WHEN 'person' THEN 11 ELSE 10 END, einvoice, email, address FROM t.has, unnest(ARRAY['company', 'person', 'public']) k;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, customer_no, customer_no, '2026-01-02', '2026-02-02', 'EUR', 100 FROM reminder.customer WHERE creditor_id = 1;
-- As if it stood on a rung; taken back at once.
CREATE FUNCTION t.judged(c bigint, rule integer, at integer, i text, OUT reason text, OUT channel text) LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    PERFORM reminder._keep(true);
    UPDATE reminder.position p SET passed = at WHERE p.creditor_id = c AND p.invoice_no = i;
    SELECT j.reason, j.channel INTO reason, channel FROM reminder._judge(c, '2026-06-01', rule, at, ARRAY[i]) j;
    RAISE SQLSTATE '55R00';
  EXCEPTION WHEN SQLSTATE '55R00' THEN NULL;
  END;
END
$$;
-- What each letter would go out by, or why it waits.
CREATE FUNCTION t.by(c bigint, rule integer) RETURNS TABLE (customer text, reminder text, notice text, demand text) LANGUAGE sql AS $$
  SELECT i.invoice_no, max(j.said) FILTER (WHERE p.passed = 0), max(j.said) FILTER (WHERE p.passed = 10), max(j.said) FILTER (WHERE p.passed = 20)
  FROM reminder.invoice i JOIN reminder.customer u USING (creditor_id, customer_no)
  CROSS JOIN unnest(ARRAY[0, 10, 20]) p (passed)
  CROSS JOIN LATERAL (
    SELECT coalesce(j.reason, j.channel) AS said
    FROM (SELECT x.stage FROM reminder._terms(c, '2026-06-01', rule, p.passed) x) s
    LEFT JOIN LATERAL t.judged(c, rule, p.passed, i.invoice_no) j ON true) j
  WHERE i.creditor_id = c AND u.rule_no = rule GROUP BY 1 ORDER BY 1 $$;
SELECT * FROM t.by(1, 10) UNION ALL SELECT * FROM t.by(1, 11);
SELECT reminder.activate_channel(1, 'einvoice');
SELECT * FROM t.by(1, 10) UNION ALL SELECT * FROM t.by(1, 11);
\echo '# C2: a channel that is off is passed over; where none is left, the reason says which'
SELECT reminder.deactivate_channel(1, 'email');
SELECT * FROM t.by(1, 10);
SELECT reminder.deactivate_channel(1, 'print');
SELECT * FROM t.by(1, 10) UNION ALL SELECT * FROM t.by(1, 11);
SELECT reminder.activate_channel(1, 'email'), reminder.activate_channel(1, 'print');
\echo '# N2: print asks for an address only where the creditor does; email and e-invoice always'
UPDATE reminder.creditor SET needs_address = true WHERE creditor_id = 1;
SELECT * FROM t.by(1, 10);
UPDATE reminder.rule_step SET channel = 'print' WHERE creditor_id = 1 AND rule_no = 10;
SELECT * FROM t.by(1, 10) WHERE customer LIKE 'company%';
UPDATE reminder.creditor SET needs_address = false WHERE creditor_id = 1;
SELECT * FROM t.by(1, 10) WHERE customer LIKE 'company%';
UPDATE reminder.rule_step SET channel = CASE stage WHEN 'notice' THEN 'email' ELSE 'einvoice' END WHERE creditor_id = 1 AND rule_no = 10;
SELECT * FROM t.by(1, 10) WHERE customer LIKE 'company%';
\echo '# P7: and readiness says it before'
SELECT customer_no, r.* FROM reminder.customer, reminder.customer_readiness(creditor_id, customer_no) r
WHERE customer_no IN ('company all', 'company nothing') AND code ~ 'einvoice|email|address|channel' ORDER BY 1, 2;
SELECT reminder.deactivate_channel(1, 'einvoice');
SELECT customer_no, r.* FROM reminder.customer, reminder.customer_readiness(creditor_id, customer_no) r
WHERE customer_no IN ('company all') AND code ~ 'einvoice|email|address|channel' ORDER BY 1, 2;

\echo '# R7: what goes where is held against the rows, all at once'
CREATE FUNCTION t.found(c bigint, rule integer) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT concat_ws(' ', f.severity, f.code || ':', f.sentence) FROM reminder.rule_findings(c, rule) f $$;
CREATE PROCEDURE t.channels(rule integer, VARIADIC channels text[]) LANGUAGE sql AS $$
  UPDATE reminder.rule_step s SET channel = c.channel FROM unnest(channels) WITH ORDINALITY c (channel, n)
  WHERE s.creditor_id = 1 AND s.rule_no = rule AND s.stage = (ARRAY['reminder', 'notice', 'demand'])[c.n] $$;
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 1 AND rule_no IN (10, 11);
CALL t.channels(11, 'einvoice', 'einvoice', 'email');
SELECT t.found(1, 11);
CALL t.channels(10, 'amili_collection', 'intrum_collection', 'intrum_notice');
SELECT t.found(1, 10);
CALL t.channels(10, 'amili_notice', 'amili_notice', 'amili_collection');
UPDATE reminder.rule_step SET fee = 5 WHERE creditor_id = 1 AND rule_no = 10 AND stage = 'notice';
SELECT t.found(1, 10);
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 1 AND rule_no = 10;
UPDATE reminder.rule_step SET fee = NULL WHERE creditor_id = 1;
UPDATE reminder.rule SET collected_by = 'agency', agency = 'intrum' WHERE creditor_id = 1 AND rule_no = 10;
SELECT t.found(1, 10);
UPDATE reminder.rule SET collected_by = 'creditor', agency = NULL WHERE creditor_id = 1 AND rule_no = 10;
CALL t.channels(10, 'system_default', 'amili_notice', 'intrum_collection');
SELECT t.found(1, 10);
\echo '# one agency, and a rule that says so of channels that are off; then it is right'
CALL t.channels(10, 'system_default', 'amili_notice', 'amili_collection');
SELECT t.found(1, 10);
SELECT reminder.describe_rule(1, 10);
SELECT reminder.activate_channel(1, 'amili_notice'), reminder.activate_channel(1, 'amili_collection');
SELECT t.found(1, 10);
SELECT reminder.describe_rule(1, 10);
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 1 AND rule_no = 10;

\echo '# C2: Intrum, by status or always as collection; the steps move along, and each rule has a new version'
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 1 AND rule_no = 10;
CALL t.channels(10, 'email', 'intrum_notice', 'intrum_collection');
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 1 AND rule_no = 10;
CREATE VIEW t.step AS SELECT r.rule_no, r.version, string_agg(s.channel, ', ' ORDER BY s.rung) AS channels FROM reminder.rule r JOIN reminder.rule_step s USING (creditor_id, rule_no) WHERE r.creditor_id = 1 AND r.rule_no = 10 GROUP BY 1, 2;
TABLE t.step;
SELECT reminder.set_material_format(1, 'intrum', 'collection');
TABLE t.step;
SELECT t.found(1, 10);
SELECT reminder.set_material_format(1, 'intrum', 'collection');
TABLE t.step;
UPDATE reminder.rule_step SET channel = 'intrum_notice' WHERE creditor_id = 1 AND rule_no = 10 AND stage = 'notice';
SELECT reminder.set_material_format(1, 'intrum', 'by_status');
TABLE t.step;
SELECT channel, material_format FROM reminder.channel_list WHERE agency = 'intrum' ORDER BY 1;
SELECT event_on, event, detail FROM reminder.event_list WHERE event ~ 'channel|material' ORDER BY recorded_at;

\echo '# C2, F6: Intrum takes 5 EUR or more, foreign customers too; below, the history says so; the rule adds no fee'
SELECT reminder.activate_channel(1, 'intrum_notice'), reminder.activate_channel(1, 'intrum_collection');
CALL t.rule(1, 20, 'company', 'creditor', false, 'notice 10d 10d', 'demand 11d 10d');
UPDATE reminder.rule_step SET channel = CASE stage WHEN 'notice' THEN 'intrum_notice' ELSE 'intrum_collection' END WHERE creditor_id = 1 AND rule_no = 20;
INSERT INTO reminder.rule_window VALUES (1, 20, 'EUR'), (1, 20, 'SEK');
INSERT INTO reminder.customer (creditor_id, customer_no, name, country, own_rule) VALUES (1, 'I', 'Intrum''s', 'EE', 20);
CALL t.invoice(1, 'I1', 'I', '2026-03-02', 4.99);
CALL t.invoice(1, 'I2', 'I', '2026-03-02', 5);
CALL t.invoice(1, 'I3', 'I', '2026-03-02', 4.99, 'SEK');
CALL t.invoice(1, 'I4', 'I', '2026-03-02', 100);
CALL t.invoice(1, 'I5', 'I', '2026-03-02', 100);
CALL t.pay(1, 'p4', 'I4', '2026-03-05', 95.01);
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 1 AND rule_no IN (1, 2, 10, 11);
\set c 1
\set d '\'2026-03-12\''
:run
SELECT invoice_no, stage, outcome, reason, channel, fee FROM reminder.decision WHERE invoice_no LIKE 'I%' ORDER BY 1;
SELECT invoice_no, event, detail FROM reminder.event_list WHERE invoice_no IN ('I1', 'I4') AND event = 'skipped' ORDER BY 1;
SELECT words FROM reminder.explain(1, 'I1', '2026-03-12');
\echo '# C2: only a hand takes back what the agency has'
SELECT count(*) FROM reminder.claim_letters('intrum_notice', 1);
SELECT outcome FROM reminder.confirm_letters(ARRAY['1-I5-20-1', '1-I2-20-1'], '2026-03-12');
CALL t.pay(1, 'p5', 'I5', '2026-03-13', 97);
SELECT reminder.block_customers(1, ARRAY['I']);
SELECT reminder.move_customers(1, ARRAY['I'], 20);
\set d '\'2026-03-13\''
:run
SELECT invoice_no, status FROM reminder.letter_list WHERE invoice_no = 'I5';
SELECT reminder.take_back_letter(1, 'I5', 'asked the agency to end it', '2026-03-13');
SELECT count(*) FROM reminder.letter_list WHERE invoice_no = 'I5';

\echo '# C2: one that is switched off: its steps wait under every rule, what is queued is claimed by nobody; dated, as everything is'
SELECT dedupe_key FROM reminder.claim_letters() ORDER BY 1;
SELECT dedupe_key FROM reminder.fail_letters(ARRAY['1-I3-20-1'], 'busy', '2026-03-13', '1 second');
CALL t.invoice(1, 'I6', 'I', '2026-03-02', 50);
CALL t.invoice(1, 'I7', 'I', '2026-03-10', 50);
SELECT t.try('SELECT reminder.deactivate_channel(1, ''intrum_notice'', ''2026-03-12'')');
SELECT reminder.deactivate_channel(1, 'intrum_notice', '2026-03-21');
SELECT outcome, reason FROM reminder.explain(1, 'I7', '2026-03-20');
SELECT outcome, reason, words FROM reminder.explain(1, 'I7', '2026-03-21');
\set d '\'2026-03-21\''
:run
SELECT invoice_no, waiting_for FROM reminder.position WHERE waiting_for IS NOT NULL AND invoice_no LIKE 'I%' ORDER BY 1;
SELECT pg_sleep(1.1) \g /dev/null
SELECT dedupe_key FROM reminder.claim_letters();
SELECT outcome, reason FROM reminder.send_now(1, ARRAY['I7'], '2026-03-21');
SELECT t.found(1, 20);
SELECT reminder.describe_rule(1, 20);
SELECT reminder.activate_channel(1, 'intrum_notice', '2026-03-22');
\set d '\'2026-03-22\''
:run
SELECT invoice_no, as_of, channel FROM reminder.decision WHERE invoice_no = 'I7';
SELECT dedupe_key FROM reminder.claim_letters() ORDER BY 1;
SELECT t.found(1, 20);
\echo '# done twice, nothing changes; and what is not one is refused'
SELECT reminder.activate_channel(1, 'intrum_notice', '2026-03-22');
SELECT channel, from_on, active FROM reminder.channel_switch WHERE channel LIKE 'intrum%' ORDER BY 1, 2;
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'no channel', 'SELECT reminder.activate_channel(1, NULL)'),
  (2, 'an unknown one', 'SELECT reminder.activate_channel(1, ''pigeon'')'),
  (3, 'the choice', 'SELECT reminder.deactivate_channel(1, ''system_default'')'),
  (4, 'an unknown creditor', 'SELECT reminder.activate_channel(99, ''email'')'),
  (5, 'no creditor', 'SELECT reminder.activate_channel(NULL, ''email'')'),
  (6, 'an infinite day', 'SELECT reminder.activate_channel(1, ''email'', ''infinity'')'),
  (7, 'a day before the latest run', 'SELECT reminder.activate_channel(1, ''email'', ''2026-03-21'')'),
  (8, 'Amili''s format', 'SELECT reminder.set_material_format(1, ''amili'', ''collection'')'),
  (9, 'no agency', 'SELECT reminder.set_material_format(1, NULL, ''collection'')'),
  (10, 'a bad format', 'SELECT reminder.set_material_format(1, ''intrum'', ''pdf'')'),
  (11, 'no format', 'SELECT reminder.set_material_format(1, ''intrum'', NULL)'),
  (12, 'a format of nobody''s', 'SELECT reminder.set_material_format(99, ''intrum'', ''collection'')'),
  (13, 'a switch by hand', 'INSERT INTO reminder.channel_switch VALUES (1, ''email'', ''2026-01-01'', false)'),
  (14, 'a setting by hand', 'INSERT INTO reminder.agency_setting VALUES (1, ''intrum'', ''collection'')'),
  (15, 'a channel of an agency that is none', 'INSERT INTO reminder.channel VALUES (''fax'', ''letter'', ''intrum'', ''by fax'')'),
  (16, 'of an unknown agency', 'INSERT INTO reminder.channel VALUES (''fax'', ''agency'', ''nobody'', ''by fax'')'),
  (17, 'of no kind', 'INSERT INTO reminder.channel VALUES (''fax'', ''machine'', NULL, ''by fax'')'),
  (18, 'of no name', 'INSERT INTO reminder.channel VALUES ('''', ''letter'', NULL, ''by fax'')'),
  (19, 'twice', 'INSERT INTO reminder.channel VALUES (''email'', ''letter'', NULL, ''by email'')'),
  (20, 'a use of what there is not', 'INSERT INTO reminder.channel_use VALUES (''fax'', ''reminder'', ''person'')'),
  (21, 'at no stage', 'INSERT INTO reminder.channel_use VALUES (''email'', ''threat'', ''person'')'),
  (22, 'to nobody', 'INSERT INTO reminder.channel_use VALUES (''email'', ''reminder'', ''dog'')'),
  (23, 'in no format', 'INSERT INTO reminder.channel_use VALUES (''email'', ''reminder'', ''person'', ''pdf'')'),
  (24, 'a use twice', 'INSERT INTO reminder.channel_use VALUES (''email'', ''reminder'', ''person'')'),
  (25, 'an agency of no name', 'INSERT INTO reminder.agency VALUES ('''', ''x'')'),
  (26, 'twice', 'INSERT INTO reminder.agency VALUES (''intrum'', ''x'')'),
  (27, 'in no format', 'INSERT INTO reminder.agency VALUES (''x'', ''x'', ''pdf'')'),
  (28, 'with a least amount of no currency', 'INSERT INTO reminder.agency VALUES (''x'', ''x'', NULL, 5)'),
  (29, 'of a bad currency', 'INSERT INTO reminder.agency VALUES (''x'', ''x'', NULL, 5, ''eur'')'),
  (30, 'NaN', 'INSERT INTO reminder.agency VALUES (''x'', ''x'', NULL, ''NaN'', ''EUR'')'),
  (31, 'a channel in use, deleted', 'DELETE FROM reminder.channel WHERE channel = ''intrum_notice''')) v (n, what, sql)
ORDER BY n;
\echo '# new channels are rows, too'
INSERT INTO reminder.channel VALUES ('mailbox', 'letter', NULL, 'by digital mailbox');
INSERT INTO reminder.channel_use SELECT 'mailbox', 'reminder', k FROM unnest(ARRAY['company', 'person']) k;
SELECT reminder.activate_channel(1, 'mailbox');
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 1 AND rule_no = 10;
CALL t.channels(10, 'mailbox', 'mailbox', 'print');
SELECT t.found(1, 10);
CALL t.channels(10, 'mailbox', 'print', 'print');
SELECT t.found(1, 10);
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 1 AND rule_no = 10;
SELECT * FROM t.by(1, 10) WHERE customer = 'company nothing';

\i test/sql/include/ladder_end.sql
