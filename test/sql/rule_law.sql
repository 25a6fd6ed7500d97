-- A rule held against the law when it is made or changed (R7, L2, L3), what is
-- lawful without a choice (L6), and law that one creditor confirms (L1).
\set name regress_rule_law
\i test/sql/include/ladder.sql

CREATE VIEW t.ladder AS
SELECT c.jurisdiction AS law, r.creditor_id AS c, r.rule_no AS rule, r.kind, r.collected_by,
       (SELECT string_agg(format('%s %s%s/%s%s %s%s', s.stage, s.wait, left(s.wait_unit, 1), s.term, left(s.term_unit, 1), CASE WHEN s.fee_up_to_cap THEN '<=' END, coalesce(s.fee::text, '-')), ', ' ORDER BY s.rung)
        FROM reminder.rule_step s WHERE (s.creditor_id, s.rule_no) = (r.creditor_id, r.rule_no)) AS steps
FROM reminder.rule r JOIN reminder.creditor c USING (creditor_id);
-- What is found of a rule, the codes of errors large.
CREATE FUNCTION t.codes(creditor_id bigint, rule_no integer, on_date date DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
  SELECT coalesce(string_agg(concat_ws(' ', CASE f.severity WHEN 'error' THEN upper(f.code) ELSE f.code END, f.stage || coalesce(nullif(f.nth, 1)::text, ''),
                                       CASE WHEN f.law IS NOT NULL THEN format('%s:%s', f.figure, f.law) END), ', ' ORDER BY f.ordinality), 'nothing')
  FROM reminder.rule_findings(creditor_id, rule_no, on_date) WITH ORDINALITY f
$$;
-- What a ladder would be told and refused for: made switched off, looked at, taken away.
CREATE FUNCTION t.found(creditor_id bigint, kind text, collected_by text, steps text, change text DEFAULT '') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _found text;
BEGIN
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, enabled) VALUES (creditor_id, 999, 'T', kind, collected_by, false);
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, wait_unit, term, term_unit, fee)
  SELECT $1, 999, p[1], row_number() OVER (PARTITION BY p[1] ORDER BY n),
         rtrim(p[2], 'db')::integer, CASE right(p[2], 1) WHEN 'b' THEN 'bank_day' ELSE 'day' END,
         rtrim(p[3], 'db')::integer, CASE right(p[3], 1) WHEN 'b' THEN 'bank_day' ELSE 'day' END, p[4]::numeric
  FROM unnest(string_to_array(steps, ', ')) WITH ORDINALITY s (step, n), string_to_array(step, ' ') p;
  IF change <> '' THEN
    EXECUTE format(change, creditor_id, 999);
  END IF;
  _found := t.codes(creditor_id, 999);
  DELETE FROM reminder.rule r WHERE r.creditor_id = $1 AND r.rule_no = 999;
  RETURN _found;
END
$$;
SELECT format('CALL t.creditor(%s, %L)', n, j) FROM unnest('{SE,FI,NO,DK,DE,EU}'::text[]) WITH ORDINALITY u (j, n) ORDER BY n \gexec

\echo '# L6: what activation makes breaks no law, nor does any preset in any country'
SELECT count(reminder.activate(creditor_id, confirm => true)) FROM reminder.creditor;
SELECT law, kind, collected_by, steps, t.codes(c, rule) AS found FROM t.ladder ORDER BY c, rule;
SELECT count(reminder.add_preset(creditor_id, 'amili')) FROM reminder.creditor;
SELECT law, kind, collected_by, steps, t.codes(c, rule) AS found FROM t.ladder ORDER BY c, rule;
SELECT count(reminder.add_preset(creditor_id, 'netvisor')) FROM reminder.creditor;
SELECT law, kind, collected_by, steps, t.codes(c, rule) AS found FROM t.ladder ORDER BY c, rule;
SELECT count(reminder.add_preset(creditor_id, 'lawful')) FROM reminder.creditor;
SELECT law, kind, collected_by, steps, t.codes(c, rule) AS found FROM t.ladder ORDER BY c, rule;
\echo '# a creditor whose time is named gets the fees of that time and later: 70 was lawful in Norway from 2017 to September 2020'
CALL t.creditor(7, 'NO');
SELECT reminder.activate(7, true, '2018-01-01'), reminder.add_preset(7, 'lawful');
SELECT law, steps, t.codes(c, rule) AS found FROM t.ladder WHERE c = 7 ORDER BY rule;

\echo '# F5: the service takes the currency of its market, and no other'
SELECT t.found(1, 'company', by, 'demand 12d 10d', w) FROM unnest(ARRAY['creditor', 'service']) by,
  unnest(ARRAY['INSERT INTO reminder.rule_window VALUES (%s, %s, ''SEK'')', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'')']) w;

\echo '# R7: everything that is wrong at once, each with its paragraph; a rule switched off may be so'
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, enabled) VALUES (2, 10, 'All wrong', 'person', false);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, term, fee, channel) VALUES
  (2, 10, 'reminder', 1, 5, 0, 6, 'einvoice'), (2, 10, 'reminder', 3, 4, 5, 5, 'print'), (2, 10, 'demand', 1, 4, 9, 50, 'email'), (2, 10, 'demand', 2, 20, 14, 5, 'print'), (2, 10, 'demand', 3, 20, 14, 5, 'print');
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency) VALUES (2, 10, 'EUR'), (2, 10, 'SEK');
\x on
SELECT * FROM reminder.rule_findings(2, 10);
\x off
\echo '# and is refused when it is switched on'
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 2 AND rule_no = 10;
SELECT enabled, version FROM reminder.rule WHERE creditor_id = 2 AND rule_no = 10;

\echo '# L2: a fee above the cap is refused at once, on INSERT and on UPDATE, and in the middle of a transaction'
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'SE 61', 'CALL t.rule(1, 11, ''company'', ''creditor'', true, ''reminder 5d 10d 61'')'),
  (2, 'SE 60', 'CALL t.rule(1, 11, ''company'', ''creditor'', true, ''reminder 5d 10d 60'')'),
  (3, 'raised to 60.01', 'UPDATE reminder.rule_step SET fee = 60.01 WHERE creditor_id = 1 AND rule_no = 11'),
  (4, 'a demand of 180.01', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES (1, 11, ''demand'', 12, 10, 180.01)'),
  (5, 'one of 180', 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES (1, 11, ''demand'', 12, 10, 180)'),
  (6, 'with 7 days to pay', 'UPDATE reminder.rule_step SET term = 7 WHERE creditor_id = 1 AND rule_no = 11 AND stage = ''demand'''),
  (7, 'with 7 bank days to pay, 9 days at least', 'UPDATE reminder.rule_step SET term = 7, term_unit = ''bank_day'' WHERE creditor_id = 1 AND rule_no = 11 AND stage = ''demand'''),
  (8, 'with 5 bank days to pay', 'UPDATE reminder.rule_step SET term = 5, term_unit = ''bank_day'' WHERE creditor_id = 1 AND rule_no = 11 AND stage = ''demand'''),
  (9, 'by email', 'UPDATE reminder.rule_step SET channel = ''email'' WHERE creditor_id = 1 AND rule_no = 11 AND stage = ''demand'''),
  (10, 'the reminder by email', 'UPDATE reminder.rule_step SET channel = ''email'' WHERE creditor_id = 1 AND rule_no = 11 AND stage = ''reminder'''),
  (11, 'FI 12.01 for companies', 'CALL t.rule(2, 11, ''company'', ''creditor'', true, ''reminder 10d 10d 12.01'')'),
  (12, 'FI 5.01 for persons', 'CALL t.rule(2, 11, ''person'', ''creditor'', true, ''reminder 14d 14d 5.01'')'),
  (13, 'FI 14 for its own demand', 'CALL t.rule(2, 11, ''person'', ''creditor'', true, ''demand 14d 14d 14'')'),
  (14, 'FI 14 for the service''s', 'CALL t.rule(2, 11, ''person'', ''service'', true, ''demand 14d 14d 14'')'),
  (15, 'FI 51 for the service''s', 'CALL t.rule(2, 12, ''person'', ''service'', true, ''demand 14d 14d 51'')'),
  (16, 'EU, which caps nothing', 'CALL t.rule(6, 11, ''person'', ''service'', true, ''reminder 1d 1d 500'', ''demand 1d 1d 5000'')'),
  (17, 'a NULL version of a rule that is not there', 'UPDATE reminder.rule_step SET fee = 600 WHERE creditor_id = 1 AND rule_no = 77')) v (n, what, sql)
ORDER BY n;
SELECT * FROM t.ladder WHERE rule = 11 ORDER BY c;

\echo '# what the rule as a whole must keep is looked at when the transaction is done'
BEGIN;
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (2, 13, 'Second demand', 'person');
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES (2, 13, 'reminder', 5, 14, 5);
UPDATE reminder.rule_step SET wait = 14 WHERE creditor_id = 2 AND rule_no = 13;
COMMIT;
BEGIN;
UPDATE reminder.rule_step SET wait = 13 WHERE creditor_id = 2 AND rule_no = 13;
SELECT t.codes(2, 13);
COMMIT;
BEGIN;
UPDATE reminder.rule_step SET wait = 13 WHERE creditor_id = 2 AND rule_no = 13;
SET CONSTRAINTS reminder.rule_lawful IMMEDIATE;
ROLLBACK;
UPDATE reminder.rule_step SET wait = 13 WHERE creditor_id = 2 AND rule_no = 13;
SELECT * FROM t.ladder WHERE c = 2 AND rule = 13;
\echo '# a rule that is gone, or off, by then is not judged'
BEGIN;
UPDATE reminder.rule_step SET wait = 13 WHERE creditor_id = 2 AND rule_no = 13;
DELETE FROM reminder.rule WHERE creditor_id = 2 AND rule_no = 13;
COMMIT;

\echo '# L2: tiers. A fee is refused that is above the cap for any amount the rule takes'
SELECT what, t.found(2, kind, 'service', steps, change) AS found
FROM (VALUES
  (1, 'every amount', 'person', 'demand 14d 14d 24', ''),
  (2, 'from 100.01', 'person', 'demand 14d 14d 24', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 100.01)'),
  (3, 'from 100', 'person', 'demand 14d 14d 24', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 100)'),
  (4, 'from 100.01, and up to 50 in SEK', 'person', 'demand 14d 14d 24', 'INSERT INTO reminder.rule_window VALUES (%1$s, %2$s, ''EUR'', 100.01, 1000), (%1$s, %2$s, ''SEK'', 0, 50)'),
  (5, 'the top tier, up to 1000', 'person', 'demand 14d 14d 50', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 500, 1000)'),
  (6, 'the top tier, from 1000.01 open', 'person', 'demand 14d 14d 50', 'UPDATE reminder.rule_step SET open_at_least = 1000.01 WHERE (creditor_id, rule_no) = (%s, %s)'),
  (7, 'as much as the cap', 'person', 'demand 14d 14d 50', 'UPDATE reminder.rule_step SET fee_up_to_cap = true WHERE (creditor_id, rule_no) = (%s, %s)'),
  (8, 'more than any cap', 'person', 'demand 14d 14d 51', 'UPDATE reminder.rule_step SET fee_up_to_cap = true WHERE (creditor_id, rule_no) = (%s, %s)'),
  (9, 'the second one half', 'company', 'demand 14d 14d 50, demand 14d 14d 50', ''),
  (10, 'each its own', 'company', 'demand 14d 14d 50, demand 14d 14d 25', ''),
  (11, 'above the lowest tier, up to 400', 'company', 'demand 14d 14d 51', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 0, 400)')) v (n, what, kind, steps, change)
ORDER BY n;
\echo '# rule, step and window in one transaction are one rule'
BEGIN;
CALL t.rule(2, 14, 'person', 'service', true, 'demand 14d 14d 24');
INSERT INTO reminder.rule_window VALUES (2, 14, 'EUR', 100.01);
COMMIT;
SELECT t.codes(2, 14);
UPDATE reminder.rule_window SET lowest = 0 WHERE creditor_id = 2 AND rule_no = 14;
DELETE FROM reminder.rule_window WHERE creditor_id = 2 AND rule_no = 14;
SELECT reminder.activate(2, true) \g /dev/null
CALL t.customer(2, 'P', 'person', 14);
CALL t.invoice(2, 'tier', 'P', '2026-03-02', 100.01);
CALL t.invoice(2, 'below', 'P', '2026-03-02', 200);
CALL t.pay(2, 'p', 'below', '2026-03-03', 150);
\echo '# paid in part, a claim comes to a lower tier: the run keeps that cap'
SELECT invoice_no, principal, fee FROM reminder.plan('2026-03-16', 2) ORDER BY 1;

\echo '# L2: of a cap that changes, the highest in force from the rule''s day on: the run lowers the fee on the letter''s date'
CALL t.creditor(21, 'SE', 'amili');
CALL t.customer(21, 'C');
CALL t.invoice(21, 'i', 'C', '2012-03-01');
\set c 21
\set d '\'2012-03-06\''
:run
SELECT t.try('UPDATE reminder.rule_step SET wait = 6 WHERE creditor_id = 21 AND stage = ''reminder''') AS edited, t.codes(21, 1), (SELECT fee FROM reminder.letter_list WHERE creditor_id = 21);
SELECT sentence, paragraph FROM reminder.rule_findings(21, 1) WHERE code = 'fee_lowered';
SELECT fee, t.try(format('CALL t.rule(21, %s, ''company'', ''creditor'', true, ''reminder 5d 10d %s'')', 100 + fee, fee)) AS result FROM unnest('{50,60,61}'::integer[]) fee;
SELECT day, t.codes(21, 1, day) FROM unnest('{1996-11-30,2013-03-15,2013-03-16,2200-12-31}'::date[]) day ORDER BY 1;
\echo '# import_from and automation_from are such days too; a cap that came down is no longer one of them'
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro) VALUES (22, 1, 'N', 'NO', '5402-9681');
SELECT t.try('INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, import_from) VALUES (22, 1, ''2018'', ''company'', ''2018-01-01''); INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES (22, 1, ''reminder'', 14, 14, 70)') AS since_2018;
SELECT t.try('UPDATE reminder.rule SET import_from = NULL WHERE creditor_id = 22; SET CONSTRAINTS ALL IMMEDIATE') AS since_ever;
SELECT t.try('UPDATE reminder.rule SET import_from = ''2021-01-01'' WHERE creditor_id = 22; SET CONSTRAINTS ALL IMMEDIATE') AS since_2021;
SELECT t.codes(22, 1), t.codes(22, 1, '2012-01-01') AS not_found, t.codes(22, 1, '2020-09-30') AS to_september, t.codes(22, 1, '2020-10-01') AS from_october;
SELECT reminder.activate(22, true, '2021-01-01') \g /dev/null
SELECT t.codes(22, 1), t.try('UPDATE reminder.rule SET description = ''edited'' WHERE creditor_id = 22 AND rule_no = 1; SET CONSTRAINTS ALL IMMEDIATE') AS edited;

\echo '# new law changes no rule that stands; it is told of one, and must be kept when the rule is next changed. Off it can always be switched'
CALL t.creditor(23, 'DK', 'lawful');
INSERT INTO reminder.statutory_fee VALUES ('DK', 'person', 'reminder', '2026-06-01', 0, 0, 'DKK', 'sourced', 'a new act');
SELECT rule_no, t.codes(23, rule_no) FROM reminder.rule WHERE creditor_id = 23 ORDER BY 1;
UPDATE reminder.rule SET description = 'edited' WHERE creditor_id = 23 AND kind = 'person';
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 23 AND kind = 'person';
UPDATE reminder.rule_step s SET fee = NULL FROM reminder.rule r WHERE r.creditor_id = 23 AND r.kind = 'person' AND (s.creditor_id, s.rule_no) = (r.creditor_id, r.rule_no);
UPDATE reminder.rule SET enabled = true WHERE creditor_id = 23 AND kind = 'person';
SELECT reminder.add_preset(23, 'lawful');
SELECT kind, steps FROM t.ladder WHERE c = 23 ORDER BY 1;
DELETE FROM reminder.statutory_fee WHERE source = 'a new act';

-- L3. Ten bank days are twelve days at least, five of them five; a step comes no
-- sooner than the day after the deadline before it, unless the rule waives that.
\echo '# L3: intervals and counts, from the due date and between letters'
SELECT law, kind, steps, change, t.found(c, kind, by, steps, coalesce(change, '')) AS found
FROM (VALUES
  (1, 'FI', 2, 'person', 'creditor', 'reminder 13d 14d 5', NULL),
  (2, 'FI', 2, 'person', 'creditor', 'reminder 14d 14d 5', NULL),
  (3, 'FI', 2, 'person', 'creditor', 'reminder 10b 14d 5', NULL),
  (4, 'FI', 2, 'person', 'creditor', 'reminder 11b 14d 5', NULL),
  (5, 'FI', 2, 'person', 'creditor', 'reminder 5d 14d', NULL),
  (6, 'FI', 2, 'person', 'creditor', 'reminder 5d 5d, notice 5d 14d 5', NULL),
  (7, 'FI', 2, 'person', 'creditor', 'reminder 5d 5d, notice 13d 14d 5', NULL),
  (8, 'FI', 2, 'person', 'creditor', 'reminder 5d 13d, notice 0d 14d 5', NULL),
  (9, 'FI', 2, 'person', 'creditor', 'reminder 5d 13d, notice 0d 14d 5', 'UPDATE reminder.rule SET waives_deadline = true WHERE (creditor_id, rule_no) = (%s, %s)'),
  (10, 'FI', 2, 'person', 'creditor', 'reminder 14d 14d 5, notice 7d 5d, demand 7d 14d', NULL),
  (11, 'FI', 2, 'person', 'creditor', 'reminder 14d 5d 5, demand 13d 14d', NULL),
  (12, 'FI', 2, 'person', 'creditor', 'reminder 14d 14d 5, demand 14d 9d', NULL),
  (13, 'FI', 2, 'person', 'service', 'demand 14d 14d 14, demand 14d 14d 7, demand 14d 14d 7', NULL),
  (14, 'FI', 2, 'company', 'creditor', 'reminder 1d 5d 12, notice 9d 5d 12', NULL),
  (15, 'FI', 2, 'company', 'creditor', 'reminder 1d 5d 12, notice 5d 4d, demand 5d 5d 12', NULL),
  (16, 'FI', 2, 'company', 'creditor', 'reminder 1d 3d 12, notice 4d 3d, demand 5d 5d 12', NULL),
  (17, 'NO', 3, 'person', 'creditor', 'reminder 14d 14d 38, reminder 14d 14d 38, notice 14d 14d 38, demand 14d 14d 113', NULL),
  (18, 'NO', 3, 'company', 'creditor', 'reminder 13d 5d 38, notice 7d 13d, demand 1d 13d', NULL),
  (19, 'NO', 3, 'company', 'creditor', 'reminder 14d 12d 38, notice 0d 14d 38', NULL),
  (20, 'DK', 4, 'person', 'creditor', 'reminder 1d 8d 100, reminder 1d 9d 100, notice 1d 9d 100, notice 10d 9d 100, demand 10d 9d', NULL),
  (21, 'SE', 1, 'person', 'creditor', 'reminder 1d 1d 60, notice 2d 1d 60, demand 2d 8d 180', NULL),
  (22, 'DE', 5, 'person', 'creditor', 'reminder 1d 1d, notice 2d 1d, demand 2d 1d', NULL)) v (n, law, c, kind, by, steps, change)
ORDER BY n;

-- Bank days without a holiday between them, due on every day of four weeks; one
-- rule in days alone, one that waives the deadline.
\echo '# L3: fewer days than the law is held against never lie between letters'
CALL t.creditor(40, 'EU');
CALL t.rule(40, 1, 'company', 'creditor', true, 'reminder 3b 4b', 'notice 5b 2d', 'demand 1d 6b', 'demand 9b 1d');
CALL t.rule(40, 2, 'company', 'creditor', true, 'reminder 0d 0d', 'reminder 6d 4d', 'notice 3d 11b', 'demand 12d 1d');
CALL t.rule(40, 3, 'company', 'creditor', true, 'reminder 1b 9d', 'notice 7b 20d', 'demand 0d 1d', 'demand 2d 1d');
UPDATE reminder.rule SET waives_deadline = true WHERE creditor_id = 40 AND rule_no = 3;
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 40;
SELECT reminder.activate(40, true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule) SELECT 40, 'R' || n, 'R', n FROM generate_series(1, 3) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 40, format('%s %s', n, d), 'R' || n, '2026-08-01', date '2026-08-31' + d, 'EUR', 100 FROM generate_series(1, 3) n, generate_series(0, 27) d;
SET client_min_messages = error;
DO $$ BEGIN FOR n IN 0..90 LOOP CALL reminder.run(date '2026-08-31' + n, 40); END LOOP; END $$;
SET client_min_messages = notice;
SELECT d.rule_no, d.stage, d.rung, count(*) AS letters, min(d.gap) AS fewest, l.gap AS counted, min(d.gap) >= l.gap AS kept
FROM (SELECT d.*, d.as_of - lag(d.as_of, 1, d.due_date) OVER (PARTITION BY d.invoice_no ORDER BY d.rung) AS gap FROM reminder.decision d WHERE d.creditor_id = 40) d
CROSS JOIN LATERAL (SELECT l.gap FROM reminder._ladder(reminder._rule_definition(40, d.rule_no)) l WHERE l.rung = d.rung) l
GROUP BY d.rule_no, d.stage, d.rung, l.gap ORDER BY 1, 3;

\echo '# L3: all fees together (Finland 60, 120, 210): with the service they add up, by own rules the highest stands'
SELECT by, t.found(2, 'person', by, string_agg(stage || ' 15d 14d 5', ', ' ORDER BY stage DESC)) AS found
FROM unnest('{service,creditor}'::text[]) by, unnest('{reminder,notice}'::text[]) stage, generate_series(1, 9) GROUP BY 1 ORDER BY 1;
SELECT n AS reminders, t.found(2, 'person', 'service', string_agg('reminder 15d 14d 5', ', ') || ', demand 15d 14d 50, demand 15d 14d 25',
         'UPDATE reminder.rule_step SET fee_up_to_cap = true WHERE (creditor_id, rule_no) = (%s, %s)') AS found
FROM unnest('{7,8}'::integer[]) n, generate_series(1, n) GROUP BY n ORDER BY n;

\echo '# R7: what no law has: channels, terms, order, deadlines, currencies'
SELECT what, t.found(c, kind, 'creditor', steps, change) AS found
FROM (VALUES
  (1, 'no steps', 1, 'company', '', ''),
  (2, 'an e-invoice to persons', 1, 'person', 'reminder 5d 10d', 'UPDATE reminder.rule_step SET channel = ''einvoice'' WHERE (creditor_id, rule_no) = (%s, %s)'),
  (3, 'an e-invoice to companies', 1, 'company', 'reminder 5d 10d', 'UPDATE reminder.rule_step SET channel = ''einvoice'' WHERE (creditor_id, rule_no) = (%s, %s)'),
  (4, 'email', 1, 'company', 'reminder 5d 10d, notice 11d 10d, demand 11d 10d', 'UPDATE reminder.rule_step SET channel = ''email'' WHERE (creditor_id, rule_no) = (%s, %s)'),
  (5, 'no time to pay', 1, 'company', 'reminder 5d 0d', ''),
  (6, 'a second one only', 1, 'company', 'reminder 5d 10d', 'UPDATE reminder.rule_step SET nth = 2 WHERE (creditor_id, rule_no) = (%s, %s)'),
  (7, 'a wait within the deadline', 1, 'company', 'reminder 5d 10d, notice 10d 10d, demand 0d 10d', ''),
  (8, 'a wait within the deadline, waived', 1, 'company', 'reminder 5d 10d, notice 10d 10d', 'UPDATE reminder.rule SET waives_deadline = true WHERE (creditor_id, rule_no) = (%s, %s)'),
  (9, 'another currency', 1, 'company', 'demand 5d 10d 180', 'INSERT INTO reminder.rule_window VALUES (%1$s, %2$s, ''EUR''), (%1$s, %2$s, ''NOK''), (%1$s, %2$s, ''SEK'')'),
  (10, 'another currency without a fee', 1, 'company', 'demand 5d 10d', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'')'),
  (11, 'an agency, whose fees are its own', 1, 'company', 'reminder 5d 10d 60, demand 12d 10d', 'UPDATE reminder.rule SET collected_by = ''agency'', agency = ''intrum'' WHERE (creditor_id, rule_no) = (%s, %s)')) v (n, what, c, kind, steps, change)
ORDER BY n;

\echo '# L1: what is not confirmed is told and refuses nothing, until a creditor confirms it for itself'
CALL t.rule(5, 21, 'company', 'creditor', true, 'reminder 5d 10d 3');
SELECT severity, code, sentence, paragraph FROM reminder.rule_findings(5, 21);
CALL t.creditor(8, 'DE');
CALL t.rule(8, 21, 'company', 'creditor', true, 'reminder 5d 10d 3');
SELECT reminder.activate(8, true), reminder.confirm_law(8, 'statutory_fee', 'reminder', 'any', '1900-01-01', 'our lawyer');
SELECT creditor_id, law, jurisdiction, what, debtor_kind, valid_from, above, figure, reason FROM reminder.creditor_law;
SELECT c, t.codes(c, 21), t.try(format('UPDATE reminder.rule SET description = ''edited'' WHERE creditor_id = %s AND rule_no = 21; SET CONSTRAINTS ALL IMMEDIATE', c)) AS edited FROM unnest('{5,8}'::integer[]) c ORDER BY 1;
SELECT reminder.add_preset(8, 'lawful');
SELECT kind, steps FROM t.ladder WHERE c = 8 AND rule <> 21 ORDER BY 1;
\echo '# for its letters too, and for nobody else''s'
SELECT reminder.activate(5, true) \g /dev/null
CALL t.customer(5, 'C', 'company', 21);
CALL t.customer(8, 'C', 'company', 21);
CALL t.invoice(5, 'i', 'C', '2026-03-02');
CALL t.invoice(8, 'i', 'C', '2026-03-02');
SELECT c, p.fee FROM unnest('{5,8}'::integer[]) c, reminder.plan('2026-03-10', c) p ORDER BY 1;
\echo '# a tier that is not known ends the cap below it when it is confirmed: a lawyer''s fee above 500'
SELECT t.found(8, 'company', 'service', 'demand 5d 10d 60', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 500.01)');
SELECT reminder.confirm_law(8, 'statutory_fee', 'agency_collection_cost', 'any', '2026-08-01', 'our lawyer');
SELECT t.found(8, 'company', 'service', 'demand 5d 10d 60', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 500.01)'), t.found(8, 'company', 'service', 'demand 5d 10d 60', 'INSERT INTO reminder.rule_window VALUES (%s, %s, ''EUR'', 500)');
\echo '# taken back; and what cannot be'
DELETE FROM reminder.creditor_law WHERE creditor_id = 8 AND what = 'reminder';
SELECT t.codes(8, 21);
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'confirmed already', 'SELECT reminder.confirm_law(8, ''statutory_fee'', ''agency_collection_cost'', ''any'', ''2026-08-01'', ''again'')'),
  (2, 'sourced', 'SELECT reminder.confirm_law(1, ''statutory_fee'', ''reminder'', ''any'', ''2013-03-16'', ''why'')'),
  (3, 'another country''s', 'SELECT reminder.confirm_law(1, ''statutory_fee'', ''agency_collection_cost'', ''any'', ''2026-08-01'', ''why'')'),
  (4, 'no such', 'SELECT reminder.confirm_law(8, NULL, NULL, NULL, NULL, ''why'')'),
  (5, 'no reason', 'SELECT reminder.confirm_law(8, ''statutory_fee'', ''reminder'', ''any'', ''1900-01-01'', '' '')'),
  (6, 'NULL reason', 'SELECT reminder.confirm_law(8, ''statutory_fee'', ''reminder'', ''any'', ''1900-01-01'', NULL)'),
  (7, 'a long one', 'SELECT reminder.confirm_law(8, ''statutory_fee'', ''reminder'', ''any'', ''1900-01-01'', repeat(''x'', 1001))'),
  (8, 'unknown creditor', 'SELECT reminder.confirm_law(99, ''statutory_fee'', ''reminder'', ''any'', ''1900-01-01'', ''why'')'),
  (9, 'no creditor', 'SELECT reminder.confirm_law(NULL, ''statutory_fee'', ''reminder'', ''any'', ''1900-01-01'', ''why'')'),
  (10, 'without a reason', 'INSERT INTO reminder.creditor_law VALUES (8, ''statutory_fee'', ''DE'', ''reminder'', ''any'', ''1900-01-01'', 0, NULL, '''')'),
  (11, 'of no law table', 'INSERT INTO reminder.creditor_law VALUES (8, ''jurisdiction'', ''DE'', ''reminder'', ''any'', ''1900-01-01'', 0, NULL, ''why'')')) v (n, what, sql)
ORDER BY n;

\echo '# a creditor under another law is under it with its rules'
SELECT t.try('UPDATE reminder.creditor SET jurisdiction = ''FI'' WHERE creditor_id = 4; SET CONSTRAINTS ALL IMMEDIATE') AS with_them, t.try('UPDATE reminder.creditor SET jurisdiction = ''EU'' WHERE creditor_id = 4; SET CONSTRAINTS ALL IMMEDIATE') AS without_caps;
BEGIN;
UPDATE reminder.creditor SET jurisdiction = 'FI' WHERE creditor_id = 4;
SELECT reminder.add_preset(4, 'netvisor');
COMMIT;
SELECT law, steps FROM t.ladder WHERE c = 4 ORDER BY rule;

SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'findings of no rule', 'SELECT reminder.rule_findings(1, NULL)'),
  (2, 'findings of an unknown rule', 'SELECT reminder.rule_findings(1, 77)'),
  (3, 'findings of an unknown creditor', 'SELECT reminder.rule_findings(99, 1)'),
  (4, 'findings of no creditor', 'SELECT reminder.rule_findings(NULL, 1)'),
  (5, 'findings for ever', 'SELECT reminder.rule_findings(1, 1, ''infinity'')'),
  (6, 'findings before the calendar', 'SELECT reminder.rule_findings(1, 1, ''1989-12-31'')'),
  (14, 'an interval that measures nothing', 'INSERT INTO reminder.interval_use VALUES (''x'', ''height'', ''{reminder}'', true)'),
  (15, 'a wait since nothing', 'INSERT INTO reminder.interval_use VALUES (''x'', ''wait'', ''{reminder}'', true)'),
  (16, 'a wait since letters of no stage', 'INSERT INTO reminder.interval_use VALUES (''x'', ''wait'', ''{reminder}'', true, ''letter'')'),
  (17, 'a term since a letter', 'INSERT INTO reminder.interval_use VALUES (''x'', ''term'', ''{reminder}'', true, ''letter'', ''{reminder}'', true)')) v (n, what, sql)
ORDER BY n;

\echo '# the example of the README'
CALL t.creditor(50, 'SE', 'amili');
\pset footer on
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up)
VALUES (50, 10, 'Key accounts', 'company', 'service', true);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, term_unit, fee)
VALUES (50, 10, 'reminder', 20, 10, 'bank_day', 60),
       (50, 10, 'demand',   30, 10, 'bank_day', 180);
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest)
VALUES (50, 10, 'SEK', 500);
UPDATE reminder.rule_step SET fee = 200, term = 5
WHERE (creditor_id, rule_no, stage) = (50, 10, 'demand');
SELECT severity, stage, sentence FROM reminder.rule_findings(50, 10);
\pset footer off

\echo '# L3: a new interval is a row, and what it measures another'
INSERT INTO reminder.interval_rule VALUES
  ('EU', 'any', 'reminder_time_to_pay', '2027-01-01', 7, 'days', 'A reminder gives 7 days.', 'sourced', 'a new act'),
  ('EU', 'person', 'reminder_time_to_pay', '2028-01-01', 9, 'days', 'A reminder gives a consumer 9 days.', 'unconfirmed', 'heard of');
INSERT INTO reminder.interval_use VALUES ('reminder_time_to_pay', 'term', '{reminder}', false);
SELECT day, t.codes(6, 11, day) FROM unnest('{2026-12-31,2027-01-01,2028-01-01}'::date[]) day ORDER BY 1;
SELECT sentence FROM reminder.rule_findings(6, 11, '2026-12-31') WHERE code = 'reminder_time_to_pay';
\echo '# the triggers stand as the list says'
SELECT finding, object FROM reminder.check() WHERE object NOT LIKE '%t.%';

\i test/sql/include/ladder_end.sql
