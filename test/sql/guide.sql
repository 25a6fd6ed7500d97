-- What users of automatic reminders are told, told again to the database: what
-- activation does with customers (P4, R3, R4), choosing and moving them (R5, V4),
-- how far back invoices are taken (R1), who came a day too late (R9), what has been
-- sent before (B8, F4), agencies abroad (C2), and what cannot be cleared (V5).
\set name regress_guide
\i test/sql/include/ladder.sql

\echo '# P4, R3, R4: customers were there before; activation puts them under the general rules, by what their card says'
CALL t.creditor(1, 'FI');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country) VALUES
  (1, '01', 'Aalto Oy', 'company', NULL), (1, '02', 'Aino Virtanen', 'person', 'FI'), (1, '03', 'Turun kaupunki', 'public', 'FI'),
  (1, '04', 'Berg AB', 'company', 'SE'), (1, '05', 'Eino Virtanen', 'person', 'EE');
CREATE VIEW t.place AS SELECT c.customer_no, c.name, c.kind, c.country, c.rule, c.assigned_by FROM reminder.rule_customers c WHERE c.creditor_id = 1 ORDER BY 1;
TABLE t.place;
SELECT reminder.activate(1);
SELECT count(*) AS rules FROM reminder.rule;
SELECT reminder.activate(1, confirm => true, as_of => '2026-04-01');
TABLE t.place;
SELECT rule_no, name, kind, general, enabled, description FROM reminder.rule ORDER BY 1;
\echo '# V4: foreign ones are outside automation, and it says why; R5: under a rule by hand'
SELECT customer_no, name, assigned_by FROM reminder.outside_automation WHERE creditor_id = 1 ORDER BY 1;
SELECT reminder.move_customers(1, ARRAY['04'], 1);
\echo '# V4, R5: found by a part of the name, and moved together'
SELECT customer_no, name FROM reminder.rule_customers WHERE creditor_id = 1 AND name ILIKE '%virta%' ORDER BY 1;
CALL t.rule(1, 12, 'person', 'creditor', false, 'reminder 14d 14d', 'notice 15d 14d');
SELECT reminder.move_customers(1, (SELECT array_agg(customer_no) FROM reminder.rule_customers WHERE creditor_id = 1 AND name ILIKE '%virta%'), 12);
TABLE t.place;
\echo '# R3: the application sets the rule with the customer, when it is written or afterwards; without, it is the general one'
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, own_rule) VALUES (1, '06', 'Written with it', 'person', 12), (1, '07', 'Without', 'person', NULL), (1, '08', 'Company', 'company', NULL);
UPDATE reminder.customer SET own_rule = 12 WHERE creditor_id = 1 AND customer_no = '02';
UPDATE reminder.customer SET own_rule = NULL WHERE creditor_id = 1 AND customer_no = '05';
UPDATE reminder.customer SET blocked = true WHERE creditor_id = 1 AND customer_no = '08';
TABLE t.place;
\echo '# R1: as many rules as one likes, each with its own ladder; R4: the general ones are edited, not deleted'
DO $$ BEGIN FOR n IN 100 .. 139 LOOP CALL t.rule(1, n, 'company', 'creditor', false, 'reminder ' || n - 90 || 'd 10d'); END LOOP; END $$;
SELECT count(*), count(DISTINCT s.wait) AS waits FROM reminder.rule r JOIN reminder.rule_step s USING (creditor_id, rule_no) WHERE r.rule_no >= 100;
UPDATE reminder.rule_step SET wait = 20 WHERE creditor_id = 1 AND rule_no = 1 AND stage = 'reminder';
SELECT t.try('DELETE FROM reminder.rule WHERE creditor_id = 1 AND rule_no = 1');

\echo '# R1: twenty that were due on 12-31: not from 01-01 on, but from 12-31 on'
CALL t.creditor(3, 'SE', 'amili');
CALL t.customer(3, 'C');
DO $$ BEGIN FOR n IN 1 .. 20 LOOP CALL t.invoice(3, 'f' || n, 'C', '2022-12-31'); END LOOP; END $$;
UPDATE reminder.rule SET import_from = '2023-01-01' WHERE creditor_id = 3;
SELECT outcome, reason, count(*) FROM reminder.plan('2023-01-10', 3) GROUP BY 1, 2;
UPDATE reminder.rule SET import_from = '2022-12-31' WHERE creditor_id = 3;
SELECT outcome, reason, count(*) FROM reminder.plan('2023-01-10', 3) GROUP BY 1, 2;
\echo '# R5: a class kept out by a date and an amount that nothing reaches, as well as by excluding it'
CALL t.rule(3, 10, 'company', 'service', true, 'reminder 5d 10b 60');
UPDATE reminder.rule SET import_from = '2200-01-01' WHERE creditor_id = 3 AND rule_no = 10;
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest) VALUES (3, 10, 'SEK', 999999999999.99);
INSERT INTO reminder.customer_class (creditor_id, class, rule_no) VALUES (3, 'state', 10);
UPDATE reminder.customer SET class = 'state' WHERE creditor_id = 3;
SELECT outcome, reason, count(*) FROM reminder.plan('2023-01-10', 3) GROUP BY 1, 2;
UPDATE reminder.rule SET import_from = NULL WHERE creditor_id = 3 AND rule_no = 10;
SELECT outcome, reason, count(*) FROM reminder.plan('2023-01-10', 3) GROUP BY 1, 2;

-- Due Tuesday 04-14, so that the run of 04-15 is the first to try.
\echo '# R9, N7: tried on 04-15, put under the rule on 04-16: left to be reminded by hand; the notice follows by itself'
CALL t.creditor(4, 'FI', 'netvisor');
CALL t.rule(4, 11, 'company', 'creditor', false, 'reminder 1d 10d', 'notice 11d 10d', 'demand 11d 10d');
CALL t.customer(4, 'C', 'company', 11);
CALL t.customer(4, 'D', 'company', 11);
SELECT reminder.block_customers(4, ARRAY['C', 'D']) \g /dev/null
CALL t.invoice(4, 'late', 'C', '2026-04-14');
CALL t.invoice(4, 'in time', 'C', '2026-04-15');
CALL t.invoice(4, 'by nobody', 'D', '2026-04-14');
\set c 4
\set d '\'2026-04-15\''
:run
SELECT reminder.move_customers(4, ARRAY['C', 'D'], 11);
\set d '\'2026-04-16\''
:run
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = 4 ORDER BY 1, as_of;
SELECT reminder.record_letter(4, 'late', 'reminder', '2026-04-16', NULL, '2026-04-17');
DO $$ BEGIN FOR n IN 17 .. 30 LOOP CALL reminder.run('2026-04-01'::date + n - 1, 4); END LOOP; END $$;
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision WHERE c = 4 ORDER BY 1, as_of;

\echo '# B8, F4: what was reminded of elsewhere, with a fee, is not again; the demand follows'
CALL t.creditor(5, 'SE', 'amili');
CALL t.customer(5, 'C');
CALL t.invoice(5, 'charged', 'C', '2026-03-02');
CALL t.invoice(5, 'without', 'C', '2026-03-02');
SELECT invoice_no, outcome FROM reminder.take_over(5, '[{"invoice_no": "charged", "stage": "reminder", "letter_date": "2026-03-10", "fee": 60}]', '2026-03-20');
\set c 5
\set d '\'2026-03-26\''
:run
SELECT invoice, stage, outcome, as_of, fee, fees FROM t.decision WHERE c = 5 ORDER BY 1, as_of;

-- Sweden allows one with a fee, Norway two. By own rules the letter goes without one,
-- and says so; the service, which is paid by the fee, goes on to the demand.
\echo '# B8, F4, N2: one with a fee was sent elsewhere, and the rule would send another'
CALL t.creditor(7, 'NO', 'amili');
UPDATE reminder.rule SET claims_interest = false;
CALL t.rule(5, 11, 'company', 'creditor', true, 'reminder 5d 10d 60', 'notice 11d 10d 60', 'demand 11d 10d 180');
CALL t.rule(5, 12, 'company', 'service', true, 'reminder 5d 10d 60', 'notice 11d 10d 60', 'demand 11d 10d 180');
CALL t.rule(7, 12, 'company', 'service', true, 'reminder 14d 14d 35', 'notice 15d 14d 35', 'demand 15d 14d 35');
UPDATE reminder.rule SET claims_interest = false;
CALL t.customer(5, 'own', 'company', 11);
CALL t.customer(5, 'service', 'company', 12);
CALL t.customer(7, 'norway', 'company', 12);
CALL t.invoice(5, 'own', 'own', '2026-03-02');
CALL t.invoice(5, 'service', 'service', '2026-03-02');
CALL t.invoice(5, 'here', 'service', '2026-03-16');
CALL t.invoice(5, 'free', 'service', '2026-03-02');
CALL t.invoice(5, 'hand', 'service', '2026-03-02');
CALL t.invoice(7, 'norway', 'norway', '2026-03-02');
SELECT reminder.record_letter(5, i, 'reminder', '2026-03-16', CASE i WHEN 'free' THEN NULL ELSE 60 END, '2026-03-26', '2026-03-26') FROM unnest(ARRAY['own', 'service', 'free', 'hand']) i \g /dev/null
SELECT reminder.record_letter(7, 'norway', 'reminder', '2026-03-16', 35, '2026-03-26', '2026-03-30') \g /dev/null
SELECT invoice_no, stage_now, outcome, fee, words FROM reminder.send_now(5, ARRAY['hand'], '2026-03-27');
DO $$
BEGIN
  FOR n IN 0 .. 25 LOOP
    CALL reminder.run('2026-03-27'::date + n, 5);
    CALL reminder.run('2026-03-27'::date + n, 7);
  END LOOP;
END
$$;
SELECT d.invoice_no, d.stage, d.outcome, d.reason, d.as_of, d.fee, d.fees, d.fee_of_rule FROM reminder.decision d
WHERE d.creditor_id IN (5, 7) AND d.invoice_no NOT IN ('charged', 'without') ORDER BY 1, d.rung;
SELECT invoice_no, event_on, event, stage, amount, detail FROM reminder.event_list WHERE creditor_id = 5 AND stage = 'notice' ORDER BY 1, 2;
\echo '# N2: the letter before is in a sender''s hand: the next one waits until he has said what became of it'
CALL t.creditor(8, 'SE', 'amili');
CALL t.customer(8, 'C');
CALL t.invoice(8, 's', 'C', '2026-03-02');
CALL t.invoice(8, 'unclaimed', 'C', '2026-03-02');
\set c 8
\set d '\'2026-03-07\''
:run
SELECT dedupe_key FROM reminder.claim_letters('print', 8, 1);
\set d '\'2026-03-21\''
:run
SELECT invoice, stage, outcome, as_of FROM t.decision WHERE c = 8 ORDER BY 1, as_of;
SELECT words FROM reminder.explain(8, 's', '2026-03-21');
SELECT invoice_no, outcome, reason, words FROM reminder.send_now(8, ARRAY['s'], '2026-03-21');
SELECT invoice_no, message FROM reminder.exception_list WHERE creditor_id = 8;
SELECT outcome FROM reminder.confirm_letters(ARRAY['8-s-10-1'], '2026-03-22');
\set d '\'2026-03-22\''
:run
SELECT invoice, stage, outcome, as_of FROM t.decision WHERE c = 8 ORDER BY 1, as_of;

\echo '# C2, F6: the services of both agencies take foreign customers, too, and the rule adds no fee'
CALL t.creditor(6, 'FI', 'netvisor');
SELECT reminder.activate_channel(6, c) FROM unnest(ARRAY['amili_notice', 'amili_collection', 'intrum_notice', 'intrum_collection']) c;
CALL t.rule(6, 11, 'company', 'creditor', false, 'notice 10d 10d', 'demand 11d 10d');
CALL t.rule(6, 12, 'company', 'creditor', false, 'notice 10d 10d', 'demand 11d 10d');
UPDATE reminder.rule_step SET channel = CASE rule_no WHEN 11 THEN 'amili' ELSE 'intrum' END || CASE stage WHEN 'notice' THEN '_notice' ELSE '_collection' END WHERE creditor_id = 6 AND rule_no > 10;
INSERT INTO reminder.customer (creditor_id, customer_no, name, country, own_rule) VALUES (6, 'A', 'A', 'EE', 11), (6, 'I', 'I', 'EE', 12);
CALL t.invoice(6, 'a', 'A', '2026-04-07');
CALL t.invoice(6, 'i', 'I', '2026-04-07');
\set c 6
\set d '\'2026-04-17\''
:run
\set d '\'2026-04-28\''
:run
SELECT invoice_no, stage, outcome, as_of, channel, fee FROM reminder.decision WHERE creditor_id = 6 ORDER BY 1, rung;
\echo '# C2: switched off afterwards the rule says so, and nothing goes out'
SELECT reminder.deactivate_channel(6, 'amili_notice', '2026-04-28');
SELECT severity, code, sentence FROM reminder.rule_findings(6, 11);
CALL t.invoice(6, 'a2', 'A', '2026-04-17');
:run
SELECT words FROM reminder.explain(6, 'a2', '2026-04-28');

\echo '# V3: what automation did: by rule, by invoice, by date, over all'
SELECT event_on, invoice_no, event, stage FROM reminder.event_list WHERE creditor_id = 6 AND rule_no = 11 ORDER BY 1, 2;
SELECT event_on, event, stage FROM reminder.event_list WHERE creditor_id = 6 AND invoice_no = 'i' ORDER BY 1;
SELECT event, count(*) FROM reminder.event_list WHERE creditor_id = 6 AND event_on BETWEEN '2026-04-17' AND '2026-04-27' GROUP BY 1 ORDER BY 1;
\echo '# V5: letters that failed are seen for 30 days, and nobody clears them'
SELECT dedupe_key FROM reminder.claim_letters('intrum_collection', 6);
SELECT outcome FROM reminder.fail_letters(ARRAY['6-i-30-1'], 'refused by the agency', '2026-04-28');
SELECT invoice_no, as_of, stage, message, detail FROM reminder.exception_list WHERE creditor_id = 6;
SELECT t.try('DELETE FROM reminder.delivery'), t.try('UPDATE reminder.delivery SET outcome = ''sent'''), t.try('DELETE FROM reminder.exception_list');
CALL reminder.run('2026-05-28', 6);
SELECT count(*) FROM reminder.exception_list WHERE creditor_id = 6;
CALL reminder.run('2026-05-29', 6);
SELECT count(*) FROM reminder.exception_list WHERE creditor_id = 6;

SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
