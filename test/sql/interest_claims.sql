-- What letters claim beside principal and fees: late interest (F9) and
-- compensation for being late (L4); and what a payment settles of it (L8).
-- Figures are worked out in the comments.
\set name regress_interest_claims
\i test/sql/include/ladder.sql
CREATE VIEW t.letter AS
SELECT l.creditor_id AS c, l.invoice_no AS invoice, l.stage, l.letter_date, l.principal, l.interest, l.fees, l.compensation AS comp, l.total FROM reminder.letter_list l;
CREATE VIEW t.claim AS
SELECT k.creditor_id AS c, k.invoice_no AS invoice, k.case_no AS no, k.state, i.open_amount AS principal,
       k.interest, k.interest_paid AS i_paid, k.interest_waived AS i_waived, k.fees, k.fees_paid AS f_paid, k.fees_waived AS f_waived
FROM reminder.collection_case k JOIN reminder.invoice i USING (creditor_id, invoice_no);
CREATE VIEW t.paid AS
SELECT p.creditor_id AS c, p.payment_no, p.invoice_no AS invoice, p.amount, p.allocates, a.fee, a.interest, a.principal, a.overpaid
FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no);
-- A payment that says what it pays.
CREATE PROCEDURE t.pay_as(creditor_id bigint, payment_no text, invoice_no text, paid_on date, amount numeric, allocates text) LANGUAGE sql AS $$
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES ($1, $2, $3, $4, $5, $6)
$$;

-- Sweden: 10,000 due on 2025-05-31: June at 11 %, July to September at 10 %:
-- 30 and 92 days, 90.4110 + 252.0548 = 342.47. Norway: 30 days at
-- 12.5 % of a leap year, 102.46. Finland: 46 days at 9.5 %, from a company and
-- a public body at 10.5 %: 11.97 and 13.23.
\echo '# F9: interest by law, over a change of rate, by kind of debtor'
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'NO', 'netvisor');
CALL t.creditor(3, 'FI', 'netvisor');
UPDATE reminder.rule_step SET fee = NULL WHERE creditor_id = 2;
CALL t.customer(1, 'C');
CALL t.customer(2, 'P', 'person');
CALL t.customer(3, 'P', 'person');
CALL t.customer(3, 'C');
CALL t.customer(3, 'U', 'public');
CALL t.invoice(1, 'rates', 'C', '2025-05-31', 10000);
CALL t.invoice(2, 'leap', 'P', '2024-01-31', 10000);
CALL t.invoice(3, 'person', 'P', '2026-06-15');
CALL t.invoice(3, 'company', 'C', '2026-06-15');
CALL t.invoice(3, 'public', 'U', '2026-06-15');
UPDATE reminder.rule SET catches_up = true WHERE creditor_id IN (2, 3);
\set c 1
\set d '\'2025-09-30\''
:run
\set c 2
\set d '\'2024-03-01\''
:run
\set c 3
\set d '\'2026-07-31\''
:run
SELECT c, invoice, principal, interest, fees, total FROM t.letter ORDER BY 1, 2;
SELECT * FROM reminder.invoice_interest(1, 'rates', '2025-09-30');

-- 10,000 due on 2026-03-02, at 10 %. 4,000 paid on 03-12, before the first letter
-- of 03-17: 10 days of 10,000 and 5 of 6,000, 27.40 + 8.22 = 35.62. 1,000 credited
-- on 03-22, 2,000 paid on 03-27, demand on 04-01: 5 days of 6,000 more, 5 of 5,000,
-- 5 of 3,000: 35.62 + 8.22 + 6.85 + 4.11 = 54.79 (54.7945).
\echo '# F9: part payments and credits before and after a letter'
CALL t.creditor(4, 'SE', 'amili');
UPDATE reminder.creditor SET credits_in_case = 'apply' WHERE creditor_id = 4;
UPDATE reminder.rule_step SET wait = 15, fee = NULL WHERE creditor_id = 4 AND stage = 'reminder';
UPDATE reminder.rule_step SET fee = NULL WHERE creditor_id = 4 AND stage = 'demand';
CALL t.customer(4, 'C');
CALL t.invoice(4, 'parts', 'C', '2026-03-02', 10000);
CALL t.invoice(4, 'bounced', 'C', '2026-03-02', 10000);
CALL t.invoice(4, 'early', 'C', '2026-03-02', 10000);
CALL t.pay(4, 'p1', 'parts', '2026-03-12', 4000);
CALL t.pay(4, 'b1', 'bounced', '2026-03-12', 4000);
CALL t.pay(4, 'e1', 'early', '2026-02-20', 4000);
\set c 4
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(4, invoice, stage, '2026-03-17') FROM t.letter WHERE c = 4 \g /dev/null
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (4, 'c1', 'parts', '2026-03-22', 1000);
CALL t.pay(4, 'p2', 'parts', '2026-03-27', 2000);
-- It bounced: as if it had never been paid, 30 days of 10,000. The other was paid
-- before it was due: 30 days of 6,000, and what is paid on the day of the letter counts from the next.
UPDATE reminder.payment SET bounced_on = '2026-03-20' WHERE creditor_id = 4 AND payment_no = 'b1';
CALL t.pay(4, 'e2', 'early', '2026-04-01', 3000);
\set d '\'2026-04-01\''
:run
SELECT invoice, stage, principal, interest, total FROM t.letter WHERE c = 4 ORDER BY 1, stage DESC;
SELECT * FROM reminder.invoice_interest(4, 'parts', '2026-04-01');
SELECT reminder.late_interest('SE', 'company', 10000, '2026-03-02', '2026-04-01', '{2026-03-12,2026-03-22,2026-03-27}', '{4000,1000,2000}');
-- Paid, it bears no more, and needs no rates for what comes after.
CALL t.pay(4, 'p3', 'parts', '2026-04-11', 3000);
SELECT invoice, state, principal, interest, i_paid, i_waived FROM t.claim WHERE c = 4 AND invoice = 'parts';
SELECT max(to_day), max(total) FROM reminder.invoice_interest(4, 'parts', '2199-01-01');
-- A payment that is booked late takes from what was claimed: paid on 03-03, the
-- rest of it bears 1 day of 10,000 and, until 05-01, 59 of 3,000: 2.74 + 48.49.
CALL t.invoice(4, 'late', 'C', '2026-03-02', 10000);
\set d '\'2026-04-02\''
:run
CALL t.pay(4, 'l1', 'late', '2026-03-03', 7000);
SELECT reminder.confirm_letter(4, 'late', 'reminder', '2026-04-02') \g /dev/null
\set d '\'2026-05-01\''
:run
SELECT stage, principal, interest FROM t.letter WHERE c = 4 AND invoice = 'late' ORDER BY letter_date;

-- The agreed rate of 24 %, 15 days of 10,000 as 15/365, 15/360. By invoice: from
-- 30 days after its date of 2026-01-31, 03-02, as it is; or of 02-20, 03-22: none
-- yet; by the first letter, of 03-17: from 04-16.
\echo '# F9: terms that were agreed'
CALL t.creditor(5, 'SE');
SELECT reminder.activate(5, true);
CALL t.rule(5, 11, 'company', 'creditor', true, 'reminder 15d 10d', 'demand 40d 10d');
CALL t.rule(5, 12, 'company', 'creditor', true, 'reminder 15d 10d', 'demand 40d 10d');
CALL t.rule(5, 13, 'company', 'creditor', true, 'reminder 15d 10d', 'demand 40d 10d');
CALL t.rule(5, 14, 'company', 'creditor', true, 'reminder 15d 10d', 'demand 40d 10d');
CALL t.rule(5, 15, 'company', 'creditor', true, 'reminder 15d 10d', 'demand 40d 10d');
UPDATE reminder.rule SET interest_percent = 24 WHERE creditor_id = 5 AND rule_no = 11;
UPDATE reminder.rule SET interest_percent = 24, day_count = '30/360' WHERE creditor_id = 5 AND rule_no = 12;
UPDATE reminder.rule SET interest_from = 'invoice' WHERE creditor_id = 5 AND rule_no = 13;
UPDATE reminder.rule SET interest_from = 'letter' WHERE creditor_id = 5 AND rule_no = 14;
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 5 AND rule_no = 15;
DO $$ BEGIN FOR n IN 11 .. 15 LOOP CALL t.customer(5, 'C' || n, 'company', n); END LOOP; END $$;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (5, 'agreed', 'C11', '2026-01-31', '2026-03-02', 'SEK', 10000), (5, '30/360', 'C12', '2026-01-31', '2026-03-02', 'SEK', 10000),
  (5, 'invoice', 'C13', '2026-01-31', '2026-03-02', 'SEK', 10000), (5, 'invoice late', 'C13', '2026-02-20', '2026-03-02', 'SEK', 10000),
  (5, 'letter', 'C14', '2026-01-31', '2026-03-02', 'SEK', 10000), (5, 'none', 'C15', '2026-01-31', '2026-03-02', 'SEK', 10000),
  (5, 'failed', 'C14', '2026-01-31', '2026-03-02', 'SEK', 10000);
\set c 5
\set d '\'2026-03-17\''
:run
SELECT invoice, interest, total FROM t.letter WHERE c = 5 ORDER BY 1;
SELECT reminder.late_interest('SE', 'company', 10000, '2026-03-02', '2026-03-17', NULL, NULL, agreed_percent => 24) AS agreed,
       reminder.late_interest('SE', 'company', 10000, '2026-03-02', '2026-03-17', NULL, NULL, agreed_percent => 24, day_count => '30/360') AS "30/360",
       (SELECT sum(amount) FROM reminder.interest_statement('SE', 'company', 10000, '2026-03-02', '2026-03-17', day_count => '30/360')) AS "by law, 30/360";
-- The demands of 04-26: 55 days, 35 from 03-22, 10 from 04-16. A letter that failed starts nothing.
SELECT reminder.confirm_letter(5, invoice, stage, '2026-03-17') FROM t.letter WHERE c = 5 AND invoice <> 'failed' \g /dev/null
SELECT reminder.fail_letter(5, 'failed', 'reminder', 'returned', '2026-03-18') \g /dev/null
\set d '\'2026-04-26\''
:run
SELECT invoice, interest, total FROM t.letter WHERE c = 5 AND stage = 'demand' ORDER BY 1;
SELECT i.invoice_no, max(s.total) AS borne FROM reminder.invoice i CROSS JOIN LATERAL reminder.invoice_interest(5, i.invoice_no, '2026-04-26') s WHERE i.creditor_id = 5 GROUP BY 1 ORDER BY 1;
SELECT what, t.try(what) AS result FROM (VALUES
  ('SELECT reminder.invoice_interest(5, ''no such'', ''2026-04-26'')'), ('SELECT reminder.invoice_interest(99, ''agreed'', ''2026-04-26'')'),
  ('SELECT reminder.invoice_interest(4, ''agreed'', ''2026-04-26'')'), ('SELECT reminder.invoice_interest(5, NULL, ''2026-04-26'')'),
  ('SELECT reminder.invoice_interest(5, ''agreed'', NULL)'), ('SELECT reminder.invoice_interest(5, ''agreed'', ''infinity'')'),
  ('SELECT reminder.invoice_interest(5, ''invoice'', ''2100-01-01'')'),
  ('SELECT reminder.late_interest(''SE'', ''company'', 1, ''2026-03-02'', ''2026-03-17'', NULL, NULL, -1)'),
  ('SELECT reminder.late_interest(''SE'', ''company'', 1, ''2026-03-02'', ''2026-03-17'', NULL, NULL, 100.01)'),
  ('SELECT reminder.late_interest(''SE'', ''company'', 1, ''2026-03-02'', ''2026-03-17'', NULL, NULL, ''NaN'')'),
  ('SELECT reminder.late_interest(''SE'', ''company'', 1, ''2026-03-02'', ''2026-03-17'', NULL, NULL, 1, ''actual/364'')'),
  ('UPDATE reminder.rule SET interest_percent = -1 WHERE creditor_id = 5'), ('UPDATE reminder.rule SET interest_percent = ''NaN'' WHERE creditor_id = 5'),
  ('UPDATE reminder.rule SET interest_from = ''today'' WHERE creditor_id = 5'), ('UPDATE reminder.rule SET day_count = ''actual'' WHERE creditor_id = 5'),
  ('UPDATE reminder.payment SET allocates = ''fees'' WHERE creditor_id = 4')) v (what);

\echo '# L1: a rate that is not known is never carried forward: a letter claims interest up to the last day that is, and says so; the next one the rest'
CALL t.creditor(6, 'DK', 'netvisor');
UPDATE reminder.rule SET catches_up = true WHERE creditor_id = 6;
CALL t.customer(6, 'C');
CALL t.invoice(6, 'rate', 'C', '2026-06-15');
CALL t.creditor(16, 'EU', 'netvisor');
CALL t.customer(16, 'C');
CALL t.invoice(16, 'none', 'C', '2026-06-15');
\set c 6
\set d '\'2026-07-02\''
-- 15 days at 9.75 %: 4.0068. Of the union itself no rate is known at all.
SELECT outcome, words FROM reminder.explain(6, 'rate', :d);
:run
CALL reminder.run(:d, 16);
SELECT l.invoice_no, l.letter_date, l.interest, l.interest_until, e.detail
FROM reminder.letter_list l JOIN reminder.event_list e USING (creditor_id, invoice_no) WHERE creditor_id IN (6, 16) ORDER BY 1;
SELECT finding, object, detail FROM reminder.check() WHERE finding = 'interest_rate_missing' AND object = 'creditor 6';
INSERT INTO reminder.reference_rate VALUES ('DK', '2026-07-01', 2, 'reference', 'sourced', 'a test');
SELECT finding, object, detail FROM reminder.check() WHERE finding = 'interest_rate_missing' AND object = 'creditor 6';
-- 4.0068, and at 10 % from 07-01 on.
\set d '\'2026-07-14\''
:run
SELECT l.invoice_no, l.letter_date, l.interest, l.interest_until FROM reminder.letter_list l WHERE creditor_id = 6 ORDER BY 1, 2;

-- Companies: reminder 60, demand 180, 450 together. Persons: none. Norway: 430 less
-- the fee of 35, at most two of them. Denmark: 310 on top of 100, and of 200. In
-- euro none of the 450 kronor, and the fee is the rule's number (F5).
\echo '# L4: compensation for being late'
CALL t.creditor(7, 'SE', 'amili');
CALL t.creditor(8, 'NO');
CALL t.creditor(9, 'DK');
SELECT reminder.activate(8, true), reminder.activate(9, true) \g /dev/null
CALL t.rule(8, 11, 'company', 'service', true, 'reminder 14d 14d 35', 'reminder 14d 14d 35');
CALL t.rule(9, 11, 'company', 'service', true, 'reminder 10d 10d 100', 'reminder 10d 10d 100');
UPDATE reminder.rule SET claims_compensation = true, claims_interest = false WHERE creditor_id IN (7, 8, 9);
CALL t.customer(7, 'C');
CALL t.customer(7, 'U', 'public');
CALL t.customer(7, 'P', 'person');
CALL t.customer(8, 'C', 'company', 11);
CALL t.customer(9, 'C', 'company', 11);
CALL t.creditor(17, 'SE');
SELECT reminder.activate(17, true) \g /dev/null
CALL t.rule(17, 11, 'company', 'creditor', true, 'reminder 5d 10b 60', 'demand 12d 10b 180');
UPDATE reminder.rule SET claims_compensation = true, claims_interest = false WHERE creditor_id = 17;
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency) VALUES (17, 11, 'SEK'), (17, 11, 'EUR');
CALL t.customer(17, 'C', 'company', 11);
CALL t.invoice(7, 'company', 'C', '2026-08-03');
CALL t.invoice(7, 'public', 'U', '2026-08-03');
CALL t.invoice(7, 'person', 'P', '2026-08-03');
CALL t.invoice(17, 'euro', 'C', '2026-08-03', 1000, 'EUR');
CALL t.invoice(7, 'failed', 'C', '2026-08-03');
CALL t.invoice(7, 'paid', 'C', '2026-08-03');
CALL t.invoice(7, 'given up', 'C', '2026-08-03');
CALL t.invoice(8, 'norway', 'C', '2026-08-03');
CALL t.invoice(9, 'denmark', 'C', '2026-08-03');
\set c 7
\set d '\'2026-08-10\''
:run
SELECT words FROM reminder.explain(7, 'company', '2026-08-10');
SELECT reminder.confirm_letter(7, invoice, stage, '2026-08-10') FROM t.letter WHERE c = 7 AND invoice NOT IN ('failed', 'paid') \g /dev/null
-- One that failed carries neither fee nor compensation; the next claims both.
SELECT reminder.fail_letter(7, 'failed', 'reminder', 'returned', '2026-08-11') \g /dev/null
-- Paid while the letter was waiting to be sent, it claims nothing; nor does it when the money goes back.
CALL t.pay(7, 'p', 'paid', '2026-08-11', 1000);
SELECT invoice, state, fees, f_paid, f_waived FROM t.claim WHERE c = 7 AND invoice IN ('failed', 'paid') ORDER BY 1;
UPDATE reminder.payment SET bounced_on = '2026-08-12' WHERE creditor_id = 7;
SELECT invoice, state, fees, f_paid, f_waived FROM t.claim WHERE c = 7 AND invoice = 'paid';
-- By law 450 of a payment go to them first; what was paid is not claimed again by another case.
CALL t.pay_as(7, 'g', 'given up', '2026-08-12', 500, 'law');
SELECT reminder.withdraw(7, 'given up', NULL, '2026-08-13'), reminder.put_back(7, 'given up', '2026-08-14') \g /dev/null
\set d '\'2026-08-28\''
:run
\set c 8
:run
\set d '\'2026-09-30\''
:run
\set c 9
\set d '\'2026-08-28\''
:run
\set d '\'2026-09-30\''
:run
\set c 17
\set d '\'2026-08-10\''
:run
\set d '\'2026-08-28\''
:run
SELECT c, invoice, stage, letter_date, principal, fees, comp, total FROM t.letter WHERE c IN (7, 8, 9, 17) ORDER BY 1, 2, 4;
-- A demand that is cancelled leaves what the reminder claims; one more stage without a fee changes nothing.
CALL t.pay(7, 'c', 'company', '2026-08-29', 1000);
SELECT invoice, state, fees, f_paid, f_waived FROM t.claim WHERE c = 7 AND invoice = 'company';

-- Sweden and Germany: fees, interest, principal. Finland: the law's order is
-- unconfirmed: principal first. 60 and 10.14 (37 days at 10 %).
\echo '# L8: what a payment settles'
CALL t.creditor(10, 'SE', 'amili');
CALL t.creditor(11, 'DE');
CALL t.creditor(12, 'FI', 'netvisor');
SELECT reminder.activate(11, true) \g /dev/null
CALL t.rule(11, 11, 'company', 'creditor', true, 'reminder 5d 10d 2');
UPDATE reminder.rule SET catches_up = true WHERE creditor_id = 12;
CALL t.customer(10, 'C');
CALL t.customer(11, 'C', 'company', 11);
CALL t.customer(12, 'C');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT v.c, i, 'C', '2026-02-03', '2026-03-03', v.currency, 1000
FROM (VALUES (10, 'SEK'), (11, 'EUR'), (12, 'EUR')) v (c, currency), unnest(ARRAY['designated', 'law', 'override', 'principal', 'several', 'all at once']) i;
SET client_min_messages = error;
CALL reminder.run('2026-04-09', 10);
CALL reminder.run('2026-04-09', 11);
CALL reminder.run('2026-04-09', 12);
SELECT c, invoice, interest, fees FROM t.letter WHERE c IN (10, 11, 12) AND invoice = 'law' ORDER BY 1;
DO $$ BEGIN
  FOR c IN 10 .. 12 LOOP
    CALL t.pay(c, 'a', 'designated', '2026-04-10', 1000);
    CALL t.pay(c, 'b', 'law', '2026-04-10', 1005);
    CALL t.pay_as(c, 'c', 'override', '2026-04-10', 65, 'law');
    CALL t.pay_as(c, 'd', 'principal', '2026-04-10', 1005, 'principal');
    -- as they would be one by one: the first is the principal's; the second pays the rest
    INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES
      (c, 'e1', 'several', '2026-04-10', 600, NULL), (c, 'e2', 'several', '2026-04-11', 405, NULL), (c, 'e3', 'several', '2026-04-11', 100, 'principal'),
      (c, 'f1', 'all at once', '2026-04-11', 1.50, 'law'), (c, 'f2', 'all at once', '2026-04-10', 400, NULL), (c, 'f3', 'all at once', '2026-04-12', 1000, NULL);
  END LOOP;
END $$;
SELECT * FROM t.paid WHERE c IN (10, 11, 12) ORDER BY 1, 3, 2;
SELECT * FROM t.claim WHERE c IN (10, 11, 12) ORDER BY 1, 2;
-- Confirmed, Finland's order holds from then on.
UPDATE reminder.allocation_rule SET confidence = 'sourced' WHERE jurisdiction = 'FI';
CALL t.pay(12, 'g', 'override', '2026-04-12', 950);
SELECT * FROM t.paid WHERE c = 12 AND payment_no = 'g';
-- Saying afterwards what a payment was for allocates it anew; taken back, all is as it was.
UPDATE reminder.payment SET allocates = 'principal' WHERE creditor_id = 10 AND payment_no = 'c';
SELECT * FROM t.paid WHERE c = 10 AND payment_no = 'c';
DELETE FROM reminder.payment WHERE creditor_id IN (10, 11, 12);
SELECT c, invoice, state, principal, interest, i_paid, i_waived, fees, f_paid, f_waived FROM t.claim WHERE c IN (10, 11, 12) AND (principal, i_paid, f_paid) <> (1000, 0, 0) ORDER BY 1, 2;
SET client_min_messages = notice;

-- A demand that is not sent takes its interest with it: 15 days of it at 10 %,
-- 4.11, have gone out with the reminder, not the 8.22 of 30.
\echo '# C6: interest of letters that never went out'
CALL t.creditor(13, 'SE', 'amili');
UPDATE reminder.rule SET residual_above = 0 WHERE creditor_id = 13;
CALL t.customer(13, 'C');
CALL t.invoice(13, 'cancelled', 'C', '2026-03-02');
CALL t.invoice(13, 'failed', 'C', '2026-03-02');
\set c 13
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(13, invoice, stage, '2026-03-17') FROM t.letter WHERE c = 13 \g /dev/null
\set d '\'2026-04-01\''
:run
SELECT invoice, stage, interest FROM t.letter WHERE c = 13 ORDER BY 1, letter_date;
SELECT reminder.fail_letter(13, 'failed', 'demand', 'returned', '2026-04-02') \g /dev/null
CALL t.pay(13, 'p', 'cancelled', '2026-04-02', 1000);
SELECT invoice, state, principal, interest, i_waived, fees, f_waived FROM t.claim WHERE c = 13 ORDER BY 1;
SELECT event, amount FROM reminder.event_list WHERE creditor_id = 13 AND invoice_no = 'cancelled' ORDER BY recorded_at, event;
CALL t.pay(13, 'q', 'cancelled', '2026-04-03', 64.11);
SELECT invoice, state, interest, i_paid, fees, f_paid FROM t.claim WHERE c = 13 AND invoice = 'cancelled';
-- It bounces, the other goes back too: the reminder's claim stands again, and no other.
UPDATE reminder.payment SET bounced_on = '2026-04-04' WHERE creditor_id = 13;
SELECT invoice, state, principal, interest, i_paid, i_waived, fees, f_paid, f_waived FROM t.claim WHERE c = 13 AND invoice = 'cancelled';
-- Where the rule does not pursue the 64.11 the case ends, all waived; reopened it
-- claims what the reminder did.
UPDATE reminder.rule SET residual_above = 100 WHERE creditor_id = 13;
CALL t.invoice(13, 'ended', 'C', '2026-03-20');
\set d '\'2026-04-04\''
:run
SELECT reminder.confirm_letter(13, 'ended', 'reminder', '2026-04-04') \g /dev/null
\set d '\'2026-04-19\''
:run
\set d '\'2026-04-21\''
:run
SELECT stage, letter_date, interest FROM t.letter WHERE c = 13 AND invoice = 'ended' ORDER BY 2;
CALL t.pay(13, 'r', 'ended', '2026-04-22', 1000);
SELECT invoice, state, interest, i_waived, fees, f_waived FROM t.claim WHERE c = 13 AND invoice = 'ended';
UPDATE reminder.payment SET bounced_on = '2026-04-23' WHERE creditor_id = 13 AND payment_no = 'r';
SELECT invoice, state, principal, interest, i_waived, fees, f_waived FROM t.claim WHERE c = 13 AND invoice = 'ended';

-- Part of the interest was paid in a case that was withdrawn: the next one claims the rest.
\echo '# F9: interest that was paid in an earlier case is not claimed again'
CALL t.creditor(14, 'SE', 'amili');
CALL t.customer(14, 'C');
CALL t.invoice(14, 'again', 'C', '2026-03-02', 10000);
\set c 14
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(14, 'again', 'reminder', '2026-03-17') \g /dev/null
CALL t.pay_as(14, 'p', 'again', '2026-03-18', 80, 'law');
SELECT * FROM t.paid WHERE c = 14;
SELECT reminder.withdraw(14, 'again', NULL, '2026-03-19'), reminder.put_back(14, 'again', '2026-03-20') \g /dev/null
\set d '\'2026-04-01\''
:run
SELECT stage, letter_date, principal, interest, fees FROM t.letter WHERE c = 14 ORDER BY 2;
SELECT max(total) AS borne FROM reminder.invoice_interest(14, 'again', '2026-04-01');
SELECT * FROM t.claim WHERE c = 14 ORDER BY no;

SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
