-- What a letter says and claims: dates, payee, fees (F1, F2, F3, F4, L2, V1, V3).
\set name regress_letters
\i test/sql/include/ladder.sql
CREATE VIEW t.letter AS
SELECT l.creditor_id AS c, l.invoice_no AS invoice, l.stage, l.letter_date, l.deadline, l.currency, l.principal, l.fee, l.fees, l.total, l.fee_cap, l.fee_of_rule FROM reminder.letter_list l;

-- F1: due Monday 2026-03-02, reminder on 03-07; 10 days to pay: Tuesday 03-17.
CALL t.creditor(1, 'SE', 'netvisor');
UPDATE reminder.creditor SET claim_description = 'Services' WHERE creditor_id = 1;
CALL t.rule(1, 11, 'company', 'creditor', true, 'reminder 5d 10d 60');
CALL t.rule(1, 12, 'company', 'service', true, 'reminder 5d 10d 60');
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, agency, catches_up) VALUES (1, 13, 'Agency', 'company', 'agency', 'intrum', true);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term) VALUES (1, 13, 'reminder', 5, 10);
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule, email, language) VALUES
  (1, 'own', 'Own', 11, 'own@example.com', 'fi'), (1, 'service', 'Service', 12, NULL, NULL), (1, 'agency', 'Agency', 13, NULL, NULL);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, trading_name, reference, description) VALUES
  (1, 'F1', 'own', '2026-02-02', '2026-03-02', 'SEK', 1000, 'Bikes & More', '1230', 'One bicycle'),
  (1, 'F2', 'service', '2026-02-02', '2026-03-02', 'SEK', 1000, NULL, NULL, NULL),
  (1, 'F3', 'agency', '2026-02-02', '2026-03-02', 'SEK', 1000, NULL, NULL, NULL);
\set c 1
\set d '\'2026-03-07\''
:run
\echo '# F1: stage, date, channel, language, sender, payee, deadline, what for, reference; the claim split'
SELECT invoice_no, customer_no, stage, letter_date, deadline, channel, language, sender_name, payee, claim_description, reference, status FROM reminder.letter_list ORDER BY 1;
SELECT invoice_no, currency, principal, interest, fee, fees, total FROM reminder.letter_list ORDER BY 1;

-- F2: a due date on a closed day counts from the next bank day in Sweden, not
-- under the directive alone. Due Saturday 2026-04-04, between Good Friday and
-- Easter Monday 04-06: Tuesday 04-07 + 5 = 04-12; else 04-09.
\echo '# F2: due dates and deadlines on closed days'
CALL t.creditor(2, 'EU', 'netvisor');
CALL t.rule(2, 11, 'company', 'creditor', true, 'reminder 5d 14d');
CALL t.customer(2, 'C', 'company', 11);
CALL t.invoice(2, 'easter', 'C', '2026-04-04');
CALL t.customer(1, 'C', 'company', 11);
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 2;
CALL t.invoice(1, 'easter', 'C', '2026-04-04');
SELECT creditor_id, letter_date, invoice_no, deadline FROM (VALUES (1), (2)) v (creditor_id) CROSS JOIN LATERAL reminder.upcoming('2026-04-01', '2026-04-30', v.creditor_id) ORDER BY 1;
-- 04-12 + 10 = Wednesday 04-22. 04-09 + 14 = 04-23. A deadline on Ascension Day,
-- Thursday 05-14, moves to Friday; on Saturday 05-23 to Monday 05-25.
CALL t.invoice(1, 'ascension', 'C', '2026-04-29');
CALL t.invoice(1, 'saturday', 'C', '2026-05-08');
SELECT letter_date, invoice_no, deadline, reminder.is_bank_day('SE', letter_date + 10) AS open FROM reminder.upcoming('2026-05-01', '2026-05-31', 1) WHERE invoice_no <> 'easter';

-- F3, own rules. Finland, companies, 12 at most for reminder and notice. Due
-- Tuesday 2026-03-03: reminder on 03-08, to be paid by 03-18, notice on 03-19, to
-- be paid by Monday 03-30 (03-29 is a Sunday), demand on 03-31.
\echo '# F3: by own rules a later fee takes the place of an earlier one, and of one set by hand'
CALL t.creditor(3, 'FI', 'netvisor');
CALL t.rule(3, 11, 'company', 'creditor', true, 'reminder 5d 10d 12', 'notice 11d 10d 12', 'demand 11d 10d');
CALL t.rule(3, 12, 'company', 'creditor', true, 'reminder 5d 10d 12', 'notice 11d 10d 5', 'demand 11d 10d 8');
CALL t.rule(3, 13, 'company', 'creditor', true, 'reminder 5d 10d', 'notice 11d 10d 12', 'demand 11d 10d');
CALL t.rule(3, 14, 'company', 'creditor', true, 'reminder 5d 10d', 'notice 11d 10d', 'demand 11d 10d');
CALL t.rule(3, 15, 'company', 'service', true, 'reminder 5d 10d 5', 'demand 23d 10d 50');
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule)
SELECT 3, v.* FROM (VALUES ('same', 'S', 11), ('lower', 'L', 12), ('later', 'L', 13), ('none', 'N', 14), ('service', 'S', 15)) v;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, fee_by_hand)
SELECT 3, customer_no || hand, customer_no, '2026-02-03', '2026-03-03', 'EUR', 1000, CASE hand WHEN '' THEN 0 ELSE 20 END
FROM reminder.customer, unnest(ARRAY['', ' by hand']) hand WHERE creditor_id = 3;
\set c 3
\set d '\'2026-03-08\''
:run
\set d '\'2026-03-19\''
:run
\set d '\'2026-03-31\''
:run
SELECT invoice, string_agg(format('%s %s: %s', stage, coalesce(fee::text, '-'), fees), ', ' ORDER BY letter_date) AS letter_own_fee_and_all,
       (SELECT fees_open FROM reminder.case_status k WHERE (k.creditor_id, k.invoice_no) = (l.c, l.invoice)) AS case_claims
FROM t.letter l WHERE c = 3 GROUP BY c, invoice ORDER BY 1;

-- F3: 'part' paid all its principal and 5 of the fee of 12, 'all' the whole fee,
-- before the payment of the principal bounced; 'failed' had a reminder that could
-- not be delivered. The fee of the notice takes the place of the reminder's.
\echo '# F3: what is paid of the earlier fee counts towards the later; what was waived does not'
CALL t.creditor(4, 'FI', 'netvisor');
CALL t.rule(4, 11, 'company', 'creditor', true, 'reminder 5d 10d 12', 'notice 11d 10d 12', 'demand 11d 10d');
CALL t.rule(4, 12, 'company', 'creditor', true, 'reminder 5d 10d 12', 'notice 11d 10d 5', 'demand 11d 10d');
CALL t.customer(4, 'C', 'company', 11);
CALL t.customer(4, 'D', 'company', 12);
CALL t.invoice(4, 'part', 'C', '2026-03-03');
CALL t.invoice(4, 'all', 'C', '2026-03-03');
CALL t.invoice(4, 'failed', 'C', '2026-03-03');
CALL t.invoice(4, 'more', 'D', '2026-03-03');
\set c 4
\set d '\'2026-03-08\''
:run
SELECT reminder.confirm_letter(4, 'part', 'reminder', '2026-03-08'), reminder.confirm_letter(4, 'all', 'reminder', '2026-03-08'), reminder.confirm_letter(4, 'more', 'reminder', '2026-03-08') \g /dev/null
SELECT reminder.fail_letter(4, 'failed', 'reminder', 'returned', '2026-03-10') \g /dev/null
CALL t.pay(4, 'p1', 'part', '2026-03-10', 1000);
CALL t.pay(4, 'p2', 'part', '2026-03-11', 6.44);
CALL t.pay(4, 'p3', 'all', '2026-03-10', 1000);
CALL t.pay(4, 'p4', 'all', '2026-03-11', 13.44);
CALL t.pay(4, 'p5', 'more', '2026-03-10', 1000);
CALL t.pay(4, 'p6', 'more', '2026-03-11', 12.44);
UPDATE reminder.payment SET bounced_on = '2026-03-12' WHERE creditor_id = 4 AND payment_no IN ('p1', 'p3', 'p5');
\set d '\'2026-03-19\''
:run
SELECT l.invoice, l.stage, l.principal, l.fee, l.fees, l.total, k.fees AS case_fees, k.fees_paid, k.fees_waived, k.open
FROM t.letter l JOIN reminder.case_status k ON (k.creditor_id, k.invoice_no) = (l.c, l.invoice) WHERE l.c = 4 AND l.stage = 'notice' ORDER BY 1;

-- F4: fee-carrying reminders, a notice counting as one: Sweden one, Norway two,
-- Denmark three, Finland any number.
\echo '# F4: at most what the law allows carry a fee'
CALL t.creditor(5, 'SE', 'netvisor');
CALL t.creditor(6, 'NO', 'netvisor');
CALL t.creditor(7, 'DK', 'netvisor');
CALL t.creditor(8, 'FI', 'netvisor');
CALL t.rule(5, 11, 'company', 'creditor', true, 'reminder 14d 14d 5', 'reminder 15d 14d 5', 'notice 15d 14d 5', 'notice 15d 14d 5', 'demand 15d 14d 5', 'demand 15d 14d 5');
CALL t.rule(6, 11, 'company', 'creditor', true, 'reminder 14d 14d 5', 'reminder 15d 14d 5', 'notice 15d 14d 5', 'notice 15d 14d 5', 'demand 15d 14d 5', 'demand 15d 14d 5');
CALL t.rule(7, 11, 'company', 'creditor', true, 'reminder 14d 14d 5', 'reminder 15d 14d 5', 'notice 15d 14d 5', 'notice 15d 14d 5', 'demand 15d 14d 5', 'demand 15d 14d 5');
CALL t.rule(8, 11, 'company', 'creditor', true, 'reminder 14d 14d 5', 'reminder 15d 14d 5', 'notice 15d 14d 5', 'notice 15d 14d 5', 'demand 15d 14d 5', 'demand 15d 14d 5');
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule) SELECT c, 'C', 'C', 11 FROM generate_series(5, 8) c;
CALL t.invoice(5, 'i', 'C', '2026-03-02');
CALL t.invoice(6, 'i', 'C', '2026-03-02');
CALL t.invoice(7, 'i', 'C', '2026-03-02');
CALL t.invoice(8, 'i', 'C', '2026-03-02');
SET client_min_messages = error;
DO $$ BEGIN FOR c IN 5..8 LOOP FOR n IN 14..110 LOOP CALL reminder.run(date '2026-03-02' + n, c); END LOOP; END LOOP; END $$;
SET client_min_messages = notice;
SELECT c.jurisdiction, string_agg(format('%s %s', stage, coalesce(fee::text, 'none') || coalesce(' (' || charged_nth || '.)', '')), ', ' ORDER BY rung) AS fees FROM reminder.decision d JOIN reminder.creditor c USING (creditor_id) WHERE creditor_id BETWEEN 5 AND 8 GROUP BY 1 ORDER BY min(creditor_id);
SELECT creditor_id, stage, detail FROM reminder.event_list WHERE creditor_id = 5 AND detail IS NOT NULL ORDER BY event_on;
\echo '# F4: counted ever: another case of the same invoice is not charged again; a reminder that was skipped leaves it to the notice'
CALL t.creditor(9, 'SE', 'netvisor');
CALL t.rule(9, 11, 'company', 'creditor', false, 'reminder 5d 10d 60', 'notice 11d 10d 60', 'demand 11d 10d 180');
CALL t.customer(9, 'C', 'company', 11);
CALL t.invoice(9, 'withdrawn', 'C', '2026-03-02');
CALL t.invoice(9, 'skipped', 'C', '2026-03-02');
SELECT reminder.hold(9, 'skipped', 'dispute', '2026-03-10', '2026-03-03') \g /dev/null
\set c 9
\set d '\'2026-03-07\''
:run
SELECT reminder.withdraw(9, 'withdrawn', 'by mistake', '2026-03-08'), reminder.put_back(9, 'withdrawn', '2026-03-09') \g /dev/null
\set d '\'2026-03-18\''
:run
SELECT invoice_no, stage, outcome, case_no, fee, charged_nth, fees FROM reminder.decision WHERE creditor_id = 9 ORDER BY 1, rung;
\echo '# F4, L2: constraints hold it, in replica mode too, whoever writes'
SET session_replication_role = replica;
SELECT what, t.try(format('SELECT reminder._keep(true); INSERT INTO reminder.decision (creditor_id, invoice_no, rung, stage, outcome, as_of, step_date, rule_no, rule_version, case_no, customer_no, collected_by, due_date, amount, currency, principal, fee, fee_cap, charged_nth, charged_cap, fees, deadline, status)
  SELECT creditor_id, invoice_no, %s, stage, outcome, as_of, step_date, rule_no, rule_version, case_no, customer_no, collected_by, due_date, amount, currency, principal, %s, fee_cap, %s, charged_cap, fees, deadline, status
  FROM reminder.decision WHERE creditor_id = 9 AND invoice_no = ''withdrawn'' AND rung = 10; SELECT reminder._keep(false)', rung, fee, nth)) AS result
FROM (VALUES (1, 'a second one', 11, 'fee', '2'), (2, 'another first one', 11, 'fee', '1'), (3, 'one that is not counted', 11, 'fee', 'NULL'), (4, 'one above the cap', 11, '60.01', '1'), (5, 'a fee of nothing', 11, '0', '1'), (6, 'the same step again', 10, 'NULL', 'NULL')) v (n, what, rung, fee, nth)
ORDER BY n;
SELECT t.try('UPDATE reminder.decision SET fee = 50 WHERE creditor_id = 9') AS by_hand;
RESET session_replication_role;

-- L2, Sweden before 2013-03-16: 50 and 160. 'old' is due on Friday 2013-02-01:
-- reminder on 02-06, ten bank days (07 08 11 12 13 14 15 18 19 20) to 02-20,
-- demand on 02-21. 'last' is due on 03-08, decided on 03-15; its ten bank days (18
-- 19 20 21 22 25 26 27 28, 29 is Good Friday, 04-01 Easter Monday, 04-02) end on
-- 04-02, its demand comes on 04-03. 'first' is due on Monday 03-11: 03-16.
\echo '# L2: the fee is the lower of the rule''s and the cap in force on the letter''s date, and the event says so'
CALL t.creditor(10, 'SE', 'amili');
CALL t.customer(10, 'C');
CALL t.invoice(10, 'old', 'C', '2013-02-01');
CALL t.invoice(10, 'last', 'C', '2013-03-08');
CALL t.invoice(10, 'first', 'C', '2013-03-11');
\set c 10
\set d '\'2013-02-06\''
:run
\set d '\'2013-02-21\''
:run
\set d '\'2013-03-15\''
:run
\set d '\'2013-03-16\''
:run
\set d '\'2013-04-03\''
:run
SELECT invoice, stage, letter_date, deadline, fee, fee_cap, fee_of_rule, fees FROM t.letter WHERE c = 10 ORDER BY letter_date, 1;
SELECT event_on, invoice_no, event, stage, amount, detail FROM reminder.event_list WHERE creditor_id = 10 AND event = 'sent' ORDER BY 1, 2;

-- L2, Finland: a demand by the service has tiers of the open principal on the
-- letter's date, a second one half; the creditor's own 5 and 12. Rules of a time
-- when this was not known ask 200.
\echo '# L2: tiers of the open principal, by debtor and by who collects'
CALL t.creditor(11, 'FI', 'netvisor');
CALL t.before_law('FI',
  $$CALL t.rule(11, 11, 'person', 'service', true, 'demand 5d 10d 200', 'demand 11d 10d 200', 'demand 11d 10d 200')$$,
  $$CALL t.rule(11, 12, 'company', 'service', true, 'demand 5d 10d 200', 'demand 11d 10d 200')$$,
  $$CALL t.rule(11, 13, 'person', 'creditor', true, 'reminder 5d 10d 200', 'demand 11d 10d 200')$$,
  $$CALL t.rule(11, 14, 'company', 'creditor', true, 'reminder 5d 10d 200', 'demand 11d 10d 200')$$);
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, own_rule)
VALUES (11, 'P service', 'P', 'person', 11), (11, 'C service', 'C', 'company', 12), (11, 'P own', 'P', 'person', 13), (11, 'C own', 'C', 'company', 14), (11, 'public', 'C', 'public', 14);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 11, customer_no || ' ' || amount, customer_no, '2026-02-03', '2026-03-03', 'EUR', amount
FROM reminder.customer, unnest(CASE customer_no WHEN 'P service' THEN '{0.01,100,100.01,1000,1000.01}' WHEN 'C service' THEN '{500,500.01,2500,2500.01,10000,10000.01}' ELSE '{100,10000}' END::numeric[]) amount WHERE creditor_id = 11;
CALL t.invoice(11, 'P service part', 'P service', '2026-03-03', 1500);
CALL t.pay(11, 'p', 'P service part', '2026-03-04', 500);
\set c 11
\set d '\'2026-03-08\''
:run
\set d '\'2026-03-19\''
:run
\set d '\'2026-04-01\''
:run
SELECT customer_no, principal, string_agg(format('%s %s', stage, fee), ', ' ORDER BY rung) AS fees FROM reminder.letter_list WHERE creditor_id = 11 GROUP BY 1, 2, invoice_no ORDER BY 1, 2;

\echo '# F5: in a foreign currency the fee is the rule''s number'
CALL t.creditor(12, 'SE', 'netvisor');
CALL t.rule(12, 11, 'company', 'creditor', true, 'reminder 5d 10d 10');
INSERT INTO reminder.rule_window VALUES (12, 11, 'SEK'), (12, 11, 'EUR');
CALL t.customer(12, 'C', 'company', 11);
CALL t.invoice(12, 'kronor', 'C', '2026-03-02');
CALL t.invoice(12, 'euro', 'C', '2026-03-02', 1000, 'EUR');
\set c 12
\set d '\'2026-03-07\''
:run
SELECT invoice, currency, principal, fee, total FROM t.letter WHERE c = 12 ORDER BY 1;

\echo '# V1: for every invoice its latest status and event, without another look-up'
CALL t.pay(1, 'v1', 'F1', '2026-03-10', 400);
SELECT reminder.withdraw(1, 'F2', NULL, '2026-03-10') \g /dev/null
SELECT * FROM reminder.invoice_status WHERE creditor_id = 1 ORDER BY invoice_no;
\echo '# V3: events per rule, per invoice, over all; by date and number'
SELECT event_on, invoice_no, event, stage, amount FROM reminder.event_list WHERE creditor_id = 3 AND rule_no = 11 ORDER BY 1, 2;
SELECT event_on, event, stage, amount, detail FROM reminder.event_list WHERE creditor_id = 4 AND invoice_no = 'part' ORDER BY event_on, recorded_at, event;
SELECT event, count(*) FROM reminder.event_list WHERE creditor_id = 4 AND event_on BETWEEN '2026-03-08' AND '2026-03-11' GROUP BY 1 ORDER BY 1;

\i test/sql/include/ladder_end.sql
