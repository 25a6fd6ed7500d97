-- The services' own ladders, and what a new creditor gets without choosing (L6, R4).
\set name regress_presets
\i test/sql/include/ladder.sql
CREATE VIEW t.ladder AS
SELECT r.creditor_id AS c, r.rule_no AS rule, r.name, r.kind, r.collected_by, r.catches_up AS catches, r.residual_above AS residual,
       (SELECT string_agg(format('%s %s%s/%s%s %s', s.stage, s.wait, left(s.wait_unit, 1), s.term, left(s.term_unit, 1), coalesce(s.fee::text, '-')), ', ' ORDER BY s.rung) FROM reminder.rule_step s WHERE (s.creditor_id, s.rule_no) = (r.creditor_id, r.rule_no)) AS steps
FROM reminder.rule r;

\echo '# L6: the presets as they stand'
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'netvisor');
SELECT creditor_id, foreign_customers, automation FROM reminder.creditor ORDER BY 1;
SELECT * FROM t.ladder ORDER BY c, rule;
SELECT creditor_id, rule_no, general, enabled, opens, import_from, branches, trading_names, waives_deadline, claims_interest, claims_compensation, agency FROM reminder.rule ORDER BY 1, 2;
SELECT count(*) AS windows FROM reminder.rule_window;

\echo '# L6, R4: what activation makes by itself: two general rules whose defaults differ; no fee where no sourced cap is known'
CALL t.creditor(11, 'SE');
CALL t.creditor(12, 'FI');
CALL t.creditor(13, 'NO');
CALL t.creditor(14, 'DK');
CALL t.creditor(15, 'DE');
CALL t.creditor(16, 'EU');
SELECT count(reminder.activate(creditor_id, true)) IS NOT NULL AS activated FROM reminder.creditor WHERE creditor_id > 10;
SELECT * FROM t.ladder WHERE c > 10 ORDER BY c, rule;
SELECT creditor_id, foreign_customers FROM reminder.creditor WHERE creditor_id > 10 ORDER BY 1;
\echo '# R4: rules that stand are left as they are, whatever is missing'
CALL t.creditor(21, 'SE');
CALL t.rule(21, 5, 'company', 'creditor', true, 'reminder 9d 9d 9');
UPDATE reminder.rule SET general = true WHERE creditor_id = 21;
CALL t.rule(21, 7, 'person', 'creditor', true, 'reminder 8d 8d 8');
CALL t.creditor(22, 'NO');
CALL t.rule(22, 5, 'company', 'creditor', true, 'reminder 14d 9d 9');
SELECT reminder.activate(21, true), reminder.activate(22, true) \g /dev/null
SELECT reminder.activate(21, true), reminder.deactivate(21), reminder.activate(21, true) \g /dev/null
SELECT * FROM t.ladder WHERE c > 20 ORDER BY c, rule;

\echo '# L6: applied again it makes the general rules over: the same rules, other steps; the rest stays'
CALL t.rule(1, 9, 'company', 'creditor', true, 'reminder 9d 9d 9');
UPDATE reminder.rule SET import_from = '2020-01-01', enabled = false WHERE creditor_id = 1 AND rule_no = 1;
UPDATE reminder.rule_step SET fee = NULL WHERE creditor_id = 1 AND rule_no = 2;
UPDATE reminder.rule SET collected_by = 'agency', agency = 'intrum' WHERE creditor_id = 1 AND rule_no = 2;
SELECT reminder.add_preset(1, 'netvisor') \g /dev/null
SELECT * FROM t.ladder WHERE c = 1 ORDER BY rule;
SELECT rule_no, import_from, enabled, agency FROM reminder.rule WHERE creditor_id = 1 ORDER BY 1;
SELECT foreign_customers FROM reminder.creditor WHERE creditor_id = 1;
SELECT reminder.add_preset(1, 'amili') \g /dev/null
SELECT * FROM t.ladder WHERE c = 1 ORDER BY rule;
SELECT foreign_customers FROM reminder.creditor WHERE creditor_id = 1;
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'unknown preset', 'SELECT reminder.add_preset(1, ''intrum'')'),
  (2, 'no preset', 'SELECT reminder.add_preset(1, NULL)'),
  (3, 'a long one', 'SELECT reminder.add_preset(1, repeat(''x'', 1000000))'),
  (4, 'unknown creditor', 'SELECT reminder.add_preset(9, ''amili'')'),
  (5, 'no creditor', 'SELECT reminder.add_preset(NULL, ''amili'')')) v (n, what, sql)
ORDER BY n;
UPDATE reminder.rule SET enabled = true, import_from = NULL WHERE creditor_id = 1;

-- amili. Due Friday 2026-06-05: reminder on 06-10, ten bank days (11 12 15 16 17
-- 18, 19 is Midsummer Eve, 22 23 24 25) to Thursday 06-25; twelve days after it
-- went out are 06-22, but the deadline is 06-25, so the demand comes on 06-26. Ten
-- bank days (29 30 01 02 03 06 07 08 09 10) to 07-10, monitoring on 07-11.
-- Due Saturday 2026-06-06, the national day: counts from Monday 06-08.
-- netvisor, persons. Due Friday 2026-06-05: reminder on 06-19, in Finland Midsummer
-- Eve too, 14 days to Friday 07-03; notice on 07-04, to Saturday 07-18, which moves
-- to Monday 07-20; demand on 07-21, to 08-04.
-- Companies: reminder on 06-15, 10 days to 06-25; notice 06-26, to Monday 07-06;
-- demand 07-07, to 07-17.
\echo '# L6: the ladders run'
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT c, k, k, k FROM generate_series(1, 2) c, unnest(ARRAY['company', 'person']) k;
CALL t.invoice(1, 'friday company', 'company', '2026-06-05');
CALL t.invoice(1, 'friday person', 'person', '2026-06-05');
CALL t.invoice(1, 'saturday', 'company', '2026-06-06');
CALL t.invoice(2, 'company', 'company', '2026-06-05');
CALL t.invoice(2, 'person', 'person', '2026-06-05');
DO $$ BEGIN FOR c IN 1..2 LOOP FOR n IN 0..80 LOOP CALL reminder.run(date '2026-06-05' + n, c); END LOOP; END LOOP; END $$;
SELECT c, invoice, stage, outcome, as_of, deadline, fee, fees FROM t.decision ORDER BY 1, 2, as_of;
SELECT creditor_id, invoice_no, payee, channel FROM reminder.letter_list WHERE stage = 'reminder' ORDER BY 1, 2;
SELECT creditor_id, invoice_no, stage, state, next_stage FROM reminder.case_status ORDER BY 1, 2;

\i test/sql/include/ladder_end.sql
