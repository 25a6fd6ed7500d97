-- Reports (V7), each figure worked out by hand beside it: what is late, what
-- came in after which stage, how long it took, what was earned, how cases
-- ended; and the same answers for a past day, whatever happened since.
\set name regress_reports
\i test/sql/include/ladder.sql

CREATE PROCEDURE t.bounce(payment_no text, bounced_on date) LANGUAGE sql AS $$ UPDATE reminder.payment p SET bounced_on = $2 WHERE p.payment_no = $1 $$;
-- All reports of a day, as text.
CREATE FUNCTION t.reports(c bigint, d date) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT 'ageing ' || r::text FROM reminder.ageing(c, d) r UNION ALL SELECT 'ageing by customer ' || r::text FROM reminder.ageing(c, d, by_customer => true) r
  UNION ALL SELECT 'recovery ' || r::text FROM reminder.recovery_by_stage(c, d) r UNION ALL SELECT 'days to pay ' || r::text FROM reminder.days_to_pay(c, d) r
  UNION ALL SELECT 'behaviour ' || r::text FROM reminder.payment_behaviour(c, d) r UNION ALL SELECT 'dso ' || r::text FROM reminder.dso(c, d) r
  UNION ALL SELECT 'earnings ' || r::text FROM reminder.earnings(c, d) r UNION ALL SELECT 'outcomes ' || r::text FROM reminder.case_outcomes(c, d) r
$$;
CREATE TABLE t.told (c bigint, d date, words text);
CREATE VIEW t.otherwise AS
SELECT d.c, d.d, x.* FROM (SELECT DISTINCT c, d FROM t.told) d
CROSS JOIN LATERAL (
  SELECT 'now' AS told, n AS words FROM (SELECT t.reports(d.c, d.d) EXCEPT ALL SELECT words FROM t.told o WHERE (o.c, o.d) = (d.c, d.d)) n (n)
  UNION ALL SELECT 'then', n FROM (SELECT words FROM t.told o WHERE (o.c, o.d) = (d.c, d.d) EXCEPT ALL SELECT t.reports(d.c, d.d)) n (n)) x;

\echo '# ageing'
CALL t.creditor(1, 'SE');
CALL t.customer(1, 'A');
CALL t.customer(1, 'B');
CALL t.invoice(1, 'a1', 'A', '2026-01-31', 100);
CALL t.invoice(1, 'a2', 'A', '2026-03-01', 200);
CALL t.invoice(1, 'b1', 'B', '2026-03-31', 400);
CALL t.invoice(1, 'b2', 'B', '2026-02-10', 800, 'EUR');
CALL t.invoice(1, 'b3', 'B', '2026-04-30', 1600);
CALL t.invoice(1, 'note', 'B', '2026-01-31', 3200, 'SEK', 'credit_note');
CALL t.invoice(1, 'sold', 'B', '2026-01-31', 6400, 'SEK', 'factored');
CALL t.pay(1, 'p1', 'a1', '2026-03-10', 50);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'c1', 'a2', '2026-03-20', 30);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'b2', 'l1', 'confirmed', '2026-03-15', 70), (1, 'b1', 'l2', 'doubtful', '2026-03-15', 70);
-- On 31 March: b1 is due today, 400. a2 is 30 days late, 200 - 30 = 170. a1 is
-- 59 days late, 100 - 50 = 50. b2 49 days, 800 EUR, of which 70 are lost. b3 is
-- dated that day, and not late; note and sold are no claims.
SELECT currency, bucket, from_days, to_days, invoices, open, written_off FROM reminder.ageing(1, '2026-03-31');
SELECT customer_no, currency, bucket, invoices, open, written_off FROM reminder.ageing(1, '2026-03-31', by_customer => true);
-- a2 is 30 days late, and so is the last in a bucket that ends there
SELECT bucket, from_days, to_days, invoices, open FROM reminder.ageing(1, '2026-03-31', '{29,30}') WHERE currency = 'SEK';
SELECT bucket, from_days, to_days, invoices, open FROM reminder.ageing(1, '2026-03-31', '{-1}') WHERE currency = 'SEK';
-- On 9 March nothing was paid, credited or lost, and b3 was not there yet.
SELECT currency, bucket, invoices, open, written_off FROM reminder.ageing(1, '2026-03-09') WHERE invoices > 0;
SELECT * FROM reminder.ageing(1, '2020-01-01');

\echo '# and the same for that day later: the payment bounces, the loss is reversed, more is paid'
INSERT INTO t.told SELECT 1, d, t.reports(1, d) FROM unnest('{2026-03-09,2026-03-31}'::date[]) d;
CALL t.bounce('p1', '2026-04-05');
UPDATE reminder.credit_loss SET reversed_on = '2026-04-10' WHERE loss_no = 'l1';
CALL t.pay(1, 'p2', 'a2', '2026-04-07', 170);
SELECT * FROM t.otherwise;
-- On 10 April: a1 is 100 again, a2 is paid, b1 10 days late, b2 whole.
SELECT currency, bucket, invoices, open, written_off FROM reminder.ageing(1, '2026-04-10') WHERE invoices > 0;
-- p1 had not bounced after all: it counts once on each of these days, and a1 is 50 on 10 April.
UPDATE reminder.payment SET bounced_on = NULL WHERE payment_no = 'p1';
SELECT * FROM t.otherwise;
SELECT currency, bucket, invoices, open, written_off FROM reminder.ageing(1, '2026-04-10') WHERE currency = 'SEK' AND invoices > 0;
CALL t.bounce('p1', '2026-04-05');
SELECT * FROM t.otherwise;

\echo '# and whatever is corrected, deleted or moved: credits, losses and payments count as they were until then'
CALL t.creditor(9, 'SE');
CALL t.rule(9, 11, 'company', 'creditor', true, 'reminder 200d 10d 60');
SELECT reminder.activate(9, true) \g /dev/null
CALL t.customer(9, 'A', 'company', 11);
CALL t.invoice(9, 'a1', 'A', '2026-01-31', 1000);
CALL t.invoice(9, 'a2', 'A', '2026-01-31', 1000);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (9, 'c1', 'a1', '2026-02-02', 100), (9, 'c2', 'a1', '2026-02-02', 10);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (9, 'a2', 'l1', 'confirmed', '2026-02-02', 200), (9, 'a2', 'l2', 'confirmed', '2026-02-02', 20);
CALL t.pay(9, 'p1', 'a1', '2026-02-03', 300);
CALL t.pay(9, 'p2', 'a1', '2026-02-03', 30);
CALL t.pay(9, 'p3', 'a1', '2026-02-03', 3);
CALL reminder.run('2026-02-10', 9);
-- a1: 1000 - 110 - 333 = 557, a2: 1000 less 220 that are lost
SELECT bucket, invoices, open, written_off FROM reminder.ageing(9, '2026-02-10') WHERE invoices > 0;
INSERT INTO t.told SELECT 9, d, t.reports(9, d) FROM unnest('{2026-02-02,2026-02-03,2026-02-10}'::date[]) d;
CALL reminder.run('2026-02-20', 9);
UPDATE reminder.credit SET amount = 50 WHERE credit_no = 'c1' AND creditor_id = 9;
DELETE FROM reminder.credit WHERE credit_no = 'c2' AND creditor_id = 9;
UPDATE reminder.credit_loss SET amount = 250 WHERE loss_no = 'l1' AND creditor_id = 9;
DELETE FROM reminder.credit_loss WHERE loss_no = 'l2' AND creditor_id = 9;
UPDATE reminder.payment SET amount = 200 WHERE payment_no = 'p1' AND creditor_id = 9;
DELETE FROM reminder.payment WHERE payment_no = 'p2' AND creditor_id = 9;
SELECT reminder.match_payment(9, 'p3', 'a2', '2026-02-21') \g /dev/null
SELECT * FROM t.otherwise;
INSERT INTO t.told SELECT 9, d, t.reports(9, d) FROM unnest('{2026-02-19,2026-02-20,2026-02-21}'::date[]) d;
-- 19 February as before; on the 20th a1: 1000 - 50 - 203 = 747, and 250 of a2 are lost; on the 21st 3 are a2's and not a1's
SELECT d.day, a.bucket, a.invoices, a.open, a.written_off FROM (VALUES (date '2026-02-19'), ('2026-02-20'), ('2026-02-21')) d (day) CROSS JOIN LATERAL reminder.ageing(9, d.day) a WHERE a.invoices > 0 ORDER BY 1;
CALL reminder.run('2026-03-20', 9);
UPDATE reminder.credit SET amount = 60 WHERE credit_no = 'c1' AND creditor_id = 9;
UPDATE reminder.payment SET bounced_on = '2026-03-01' WHERE creditor_id = 9;
SELECT * FROM t.otherwise;

\echo '# days to pay, and DSO'
CALL t.creditor(2, 'SE');
CALL t.customer(2, 'A');
CALL t.customer(2, 'B');
-- Dated 1 January, due on the 31st: 100 paid on 11 January (10 days), 300 in two
-- parts, 200 on 31 January and 100 on 10 February (40 days).
CALL t.invoice(2, 'a1', 'A', '2026-01-31', 100);
CALL t.invoice(2, 'a2', 'A', '2026-01-31', 300);
-- Dated 30 January, due on 1 March: 400 paid on 20 February (21 days); 500 credited whole; 600 credited by half and paid on 11 March (40 days); 900 open.
CALL t.invoice(2, 'b1', 'B', '2026-03-01', 400);
CALL t.invoice(2, 'b2', 'B', '2026-03-01', 500);
CALL t.invoice(2, 'b3', 'B', '2026-03-01', 600);
CALL t.invoice(2, 'b4', 'B', '2026-03-01', 900);
CALL t.pay(2, 'p1', 'a1', '2026-01-11', 100);
CALL t.pay(2, 'p2', 'a2', '2026-01-31', 200);
CALL t.pay(2, 'p3', 'a2', '2026-02-10', 100);
CALL t.pay(2, 'p4', 'b1', '2026-02-20', 400);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (2, 'c1', 'b2', '2026-02-10', 500), (2, 'c2', 'b3', '2026-02-10', 300);
CALL t.pay(2, 'p5', 'b3', '2026-03-11', 300);
-- January: 10 days, 20 early. February: a2 40 days and b1 21, (40 + 21) / 2 = 30.50; by amount
-- (200 * 30 + 100 * 40 + 400 * 21) / 700 = 18400 / 700 = 26.29; late 10 and -9: 0.50, and
-- (200 * 0 + 100 * 10 + 400 * -9) / 700 = -3.71. March: b3 40 days, 10 late.
SELECT * FROM reminder.days_to_pay(2, '2026-03-31');
-- On 9 February neither a2 nor b1 was paid.
SELECT * FROM reminder.days_to_pay(2, '2026-02-09');
-- A: 2 paid, a2 late (50 %), (-20 + 10) / 2 = -5. B: b1 9 early, b3 10 late, b4 overdue: 2 of 3 late, 0.50 days.
SELECT customer_no, paid_invoices, paid_late, overdue, days_late, percent_late FROM reminder.payment_behaviour(2, '2026-03-31');
-- Half a year on: b5 is paid 30 days late, in the last 180 days; what was paid from 5 October 2025 to 2 April 2026 is before. 30 - 0.50 = 29.50.
CALL t.invoice(2, 'b5', 'B', '2026-08-01', 100);
CALL t.pay(2, 'p6', 'b5', '2026-08-31', 100);
SELECT * FROM reminder.payment_behaviour(2, '2026-09-30');
SELECT customer_no FROM reminder.payment_behaviour(2, '2026-09-30', '{A,nobody}');
SELECT customer_no FROM reminder.payment_behaviour(2, '2026-09-30', '{}');
-- DSO on 31 January: sold are 100 + 300 + 400 + 500 + 600 + 900 = 2800, owed 2800 - 100 - 200 = 2500.
-- Simple: 2500 / 2800 * 90 = 80.36. Count-back: all in January, 31 * 2500 / 2800 = 27.68.
SELECT * FROM reminder.dso(2, '2026-01-31');
-- On 15 March: owed are 900 (b3 is paid); back from there 15 days of March and 28 of February without sales, and 31 * 900 / 2800 = 9.96 of January.
SELECT * FROM reminder.dso(2, '2026-03-15');
-- Sold in the last 30 days: nothing.
SELECT * FROM reminder.dso(2, '2026-03-15', 30);
-- February sells 400 and March 200 more, all open: on 15 March 1500 are owed. 15 + 28 days fit (600), of January 31 * 900 / 2800 as before;
-- in 60 days (from 15 January) 400 + 500 + 600 + 900 + 600 = 3000 were sold: 1500 / 3000 * 60 = 30.
CALL t.invoice(2, 'f1', 'A', '2026-03-20', 400);
CALL t.invoice(2, 'm1', 'A', '2026-04-10', 200);
SELECT * FROM reminder.dso(2, '2026-03-15', 60);
-- Were 500 owed alone: 200 of March (15 days), and 300 of the 400 of February: 28 * 3 / 4 = 21.
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (2, 'c3', 'b4', '2026-03-15', 900), (2, 'c4', 'f1', '2026-03-15', 100);
SELECT * FROM reminder.dso(2, '2026-03-15', 60);

\echo '# cases: reminders on 7 March, demands from the 19th on'
CALL t.creditor(3, 'SE');
CALL t.rule(3, 11, 'company', 'service', true, 'reminder 5d 10d 60', 'demand 12d 10d 180', 'monitoring 0d 0d');
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (3, 'letter', '1990-01-01', 0.25), (3, 'commission_percent', '1990-01-01', 10);
SELECT reminder.activate(3, true) \g /dev/null
CALL t.customer(3, 'A', 'company', 11);
DO $$ BEGIN FOR n IN 1 .. 7 LOOP CALL t.invoice(3, 'r' || n, 'A', '2026-03-02'); END LOOP; END $$;
\set c 3
\set d '\'2026-03-07\''
:run
-- each claims 1000 * 10 % * 5 / 365 = 1.37 interest and 60; six go out, r4's fails two days later
SELECT reminder.confirm_letter(3, 'r' || n, 'reminder', '2026-03-07') FROM generate_series(1, 7) n WHERE n <> 4 \g /dev/null
INSERT INTO t.told SELECT 3, '2026-03-07', t.reports(3, '2026-03-07');
SELECT reminder.fail_letter(3, 'r4', 'reminder', 'moved', '2026-03-09') \g /dev/null
-- r1 is paid with its costs; r2 pays 400 on the day of its demand, and before it
CALL t.pay(3, 'p1', 'r1', '2026-03-10', 1061.37);
INSERT INTO t.told SELECT 3, '2026-03-10', t.reports(3, '2026-03-10');
CALL t.pay(3, 'p2', 'r2', '2026-03-19', 400);
\set d '\'2026-03-19\''
:run
-- 1000 * 10 % * 17 / 365 = 4.66, and 180 more; all go out but that of r7
SELECT reminder.confirm_letter(3, 'r' || n, 'demand', '2026-03-19') FROM generate_series(2, 6) n \g /dev/null
INSERT INTO t.told SELECT 3, '2026-03-19', t.reports(3, '2026-03-19');
-- the demand of r5 is taken back; 60 of r2's fees are waived; r6 is withdrawn; r3 and r7 pay their principal, and the demand of r7 never goes out
SELECT reminder.take_back_letter(3, 'r5', 'too early', '2026-03-20') \g /dev/null
SELECT reminder.waive_fee(3, 'r2', 60, 'asked', '2026-03-21') \g /dev/null
INSERT INTO t.told SELECT 3, '2026-03-21', t.reports(3, '2026-03-21');
SELECT reminder.withdraw(3, 'r6', 'a good customer', '2026-03-24') \g /dev/null
CALL t.pay(3, 'p3', 'r3', '2026-03-25', 1000);
CALL t.pay(3, 'p4', 'r7', '2026-03-26', 1000);
INSERT INTO t.told SELECT 3, '2026-03-26', t.reports(3, '2026-03-26');
-- r2 and r4 enter monitoring, r5 gets its demand again; r4 pays 500 in monitoring
\set d '\'2026-03-31\''
:run
CALL t.pay(3, 'p5', 'r4', '2026-04-01', 500);
INSERT INTO t.told SELECT 3, '2026-04-01', t.reports(3, '2026-04-01');
SELECT * FROM t.otherwise;
-- Reminders: all but r4's. In their stage came 1000 of r1, 400 of r2, 1000 of r7, whose demand never went out: 2400 of
-- 6000; since then 1000 of r3, too: 3400.
-- Demands: r2 of 600, r3, r4, r5 (the second), r6 of 1000. In their stage 1000 of r3; since then 500 of r4: 1500 of 4600.
-- Monitoring: r2 of 600, r4 of 1000, and 500 of it.
SELECT * FROM reminder.recovery_by_stage(3, '2026-04-01');
-- r1; r3, r5 and r7; r6; r2 and r4.
SELECT * FROM reminder.case_outcomes(3, '2026-04-01');
-- Fees: six times 60, and 180 of r2 to r6: 1260. Paid are 60, waived 60, lost 240 of r6. Interest: 1.37 of r1 and r7,
-- 4.66 of r2, r3, r4, r6, 7.95 (29 days) of r5: 29.33; paid 1.37, lost 4.66. Letters: six, and six demands, the one
-- taken back too, at 0.25. In April commission: 10 % of 500.
SELECT * FROM reminder.earnings(3, '2026-04-01');
-- On 21 March nothing was lost, r7 still claimed 240 and 4.66, and r5 60 and 1.37: 6 * 60 + 5 * 180, and 2 * 1.37 + 5 * 4.66.
SELECT fees_claimed, fees_paid, fees_waived, fees_lost, interest_claimed, interest_lost FROM reminder.earnings(3, '2026-03-21');

\echo '# the payment of r1 bounces in April; r2 goes to enforcement and brings 600; and all that was told stays so'
CALL t.bounce('p1', '2026-04-02');
SELECT reminder.hand_to_enforcement(3, 'r2', 'U-1', '2026-04-10', 300) \g /dev/null
CALL t.pay(3, 'p6', 'r2', '2026-05-04', 600);
SELECT * FROM t.otherwise;
-- Reminders lost the 1000 of r1; r2's 600 came in after each of its stages: 1400, and 3400 - 1000 + 600 = 3000 of 6000; demands 1000, and
-- 2100 of 4600; monitoring 500 and 1100 of 1600, enforcement 600 of 600.
SELECT * FROM reminder.recovery_by_stage(3, '2026-05-31');
SELECT * FROM reminder.case_outcomes(3, '2026-05-31');
-- April takes 60 and 1.37 back, and claims the 300 of enforcement.
SELECT * FROM reminder.earnings(3, '2026-05-31');
-- What is claimed is paid, waived, lost and open.
SELECT sum(e.fees_claimed - e.fees_paid - e.fees_waived - e.fees_lost) AS fees_open, sum(e.interest_claimed - e.interest_paid - e.interest_waived - e.interest_lost) AS interest_open
FROM reminder.earnings(3, '2026-05-31') e
UNION ALL
SELECT sum(k.fees - k.fees_paid - k.fees_waived), sum(k.interest - k.interest_paid - k.interest_waived) FROM reminder.collection_case k WHERE k.creditor_id = 3;

\echo '# own rules: a later fee takes the place of an earlier one; one letter taken back after another; a plan'
CALL t.creditor(4, 'SE');
CALL t.rule(4, 11, 'company', 'creditor', true, 'reminder 5d 10d 60', 'demand 12d 10d 180');
SELECT reminder.activate(4, true) \g /dev/null
CALL t.customer(4, 'A', 'company', 11);
DO $$ BEGIN FOR n IN 1 .. 3 LOOP CALL t.invoice(4, 'o' || n, 'A', '2026-03-02'); END LOOP; END $$;
\set c 4
\set d '\'2026-03-07\''
:run
\set d '\'2026-03-19\''
:run
SELECT reminder.confirm_letter(4, 'o' || n, s, '2026-03-19') FROM generate_series(1, 3) n, unnest('{reminder,demand}'::text[]) s \g /dev/null
INSERT INTO t.told SELECT 4, d, t.reports(4, d) FROM unnest('{2026-03-07,2026-03-19}'::date[]) d;
-- each claims 180, as its demand's fee takes the place of the reminder's, and 4.66
SELECT fees_claimed, interest_claimed FROM reminder.earnings(4, '2026-03-19');
-- o2's demand is taken back on the 20th: 60 and 1.37 again; its reminder on the 21st: nothing. o3 gets a plan on the
-- 23rd, for 100: 180 + 280; its interest of 21 days: 5.75 + 4.66.
SELECT reminder.take_back_letter(4, 'o2', 'wrong', '2026-03-20') \g /dev/null
INSERT INTO t.told SELECT 4, '2026-03-20', t.reports(4, '2026-03-20');
SELECT fees_claimed, interest_claimed FROM reminder.earnings(4, '2026-03-20');
SELECT reminder.take_back_letter(4, 'o2', 'wrong', '2026-03-21') \g /dev/null
SELECT reminder.make_payment_plan(4, 'o3', '2026-03-23', 2, '2026-04-30', fee => 100) \g /dev/null
SELECT fees_claimed, fees_lost, interest_claimed FROM reminder.earnings(4, '2026-03-23');
SELECT stage, outcome, cases FROM reminder.case_outcomes(4, '2026-03-23');
SELECT stage, invoices, principal FROM reminder.recovery_by_stage(4, '2026-03-23');
SELECT * FROM t.otherwise;

\echo '# what is no input'
\t
\a
SELECT t.try($$SELECT * FROM reminder.ageing(1, '2026-03-31', '$$ || b || $$')$$) FROM unnest(ARRAY['{}', '{30,0}', '{0,0}', '{0,NULL}', '{{0,30},{60,90}}', '[0:1]={0,30}', '{2147483647}', '{-2147483648,0}']) b;
SELECT t.try('SELECT * FROM reminder.ageing(1, ''2026-03-31'', NULL)');
SELECT t.try(format('SELECT * FROM reminder.ageing(1, ''2026-03-31'', %L)', ARRAY(SELECT generate_series(1, 51))));
SELECT t.try(format('SELECT * FROM reminder.dso(1, ''2026-03-31'', %s)', d)) FROM unnest('{0,-1,3661,2147483647}'::integer[]) d;
SELECT t.try('SELECT * FROM reminder.dso(1, ''2026-03-31'', NULL)');
SELECT f, t.try(format('SELECT * FROM reminder.%I(%s, %L)', f, c, d))
FROM unnest('{ageing,recovery_by_stage,days_to_pay,payment_behaviour,dso,earnings,case_outcomes}'::text[]) f,
     (VALUES ('1', NULL), ('1', 'infinity'), ('1', '1989-12-31'), ('NULL', '2026-03-31'), ('99', '2026-03-31')) v (c, d);
\i test/sql/include/ladder_end.sql
