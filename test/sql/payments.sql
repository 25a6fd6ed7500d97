-- Payments: in part, in full, too much, matched, moved, corrected, taken back.
-- (M1, C6, B5, L8). After each story the money must add up: t.wrong is empty.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_payments
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- Before any case: what is settled leaves the ladder, and nothing is sent for it.
CALL t.invoice('A1');
CALL t.invoice('A2');
CALL t.pay('P01', 'A1', '2026-01-20', 300);
CALL t.pay('P02', 'A1', '2026-02-06', 700);
CALL t.pay('P03', 'A2', '2026-02-06', 999.99);
TABLE t.open;
CALL reminder.run('2026-02-07', 1);
TABLE t.letters;
TABLE t.wrong;

-- In a case (C6): a part leaves the case and its letter, the rest ends it in
-- the same transaction; the letter was not confirmed as sent, so it is
-- cancelled, and its fee with it.
CALL t.invoice('B1');
CALL reminder.run('2026-02-08', 1);
CALL t.pay('P04', 'B1', '2026-02-09', 400);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.letters WHERE invoice_no = 'B1';
BEGIN;
CALL t.pay('P05', 'B1', '2026-02-10', 600);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';
ROLLBACK;
SELECT * FROM t.cases WHERE invoice_no = 'B1';

-- Confirmed, the letter stands, and its fee is owed: 60 is waived when it is
-- not paid (B9), and paid when it is (M1): principal first, then the fee.
SELECT reminder.confirm_letter(1, 'B1', 'reminder', '2026-02-09') \g /dev/null
BEGIN;
CALL t.pay('P05', 'B1', '2026-02-10', 600);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';
ROLLBACK;
CALL t.pay('P05', 'B1', '2026-02-10', 661.64);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.paid WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';
TABLE t.wrong;

-- Too much (M1): kept as the customer's credit balance, with a warning, and
-- paid back up to that.
CALL t.invoice('C1');
\set VERBOSITY sqlstate
CALL t.pay('P06', 'C1', '2026-02-09', 1250);
\set VERBOSITY default
CALL t.pay('P07', 'C1', '2026-02-10', 10);
SELECT * FROM reminder.credit_balance ORDER BY payment_no;
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P06', 'R1', '2026-02-11', 200);
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P06', 'R2', '2026-02-11', 50.01);
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P06', 'R2', '2026-02-11', 50);
UPDATE reminder.refund SET amount = 51 WHERE refund_no = 'R2';
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P01', 'R3', '2026-02-11', 1);
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P99', 'R3', '2026-02-11', 1);
SELECT * FROM reminder.credit_balance ORDER BY payment_no;
-- What was paid back cannot pay something else afterwards.
DELETE FROM reminder.payment WHERE payment_no = 'P06';
UPDATE reminder.payment SET amount = 1200 WHERE payment_no = 'P06';
CALL t.invoice('C2', 1000.01);
UPDATE reminder.payment SET invoice_no = 'C2' WHERE payment_no = 'P06';
UPDATE reminder.payment SET amount = 1251 WHERE payment_no = 'P06';
-- A bounced payment is a fact: the balance is then the customer's debt.
UPDATE reminder.payment SET bounced_on = '2026-02-12' WHERE payment_no = 'P06';
SELECT * FROM reminder.credit_balance ORDER BY payment_no;
SELECT * FROM t.open WHERE invoice_no = 'C1';
TABLE t.wrong;

-- Several payments of one invoice in one statement: in the order of their
-- numbers. And of several invoices.
CALL t.invoice('D1');
CALL t.invoice('D2', 500);
CALL t.invoice('D3', 70.07);
CALL reminder.run('2026-02-09', 1);
SELECT reminder.confirm_letter(1, i, 'reminder', '2026-02-09') FROM unnest(ARRAY['D1', 'D2', 'D3']) i \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES
  (1, 'P13', 'D1', '2026-02-10', 400), (1, 'P11', 'D1', '2026-02-10', 400), (1, 'P12', 'D1', '2026-02-10', 400),
  (1, 'P14', 'D2', '2026-02-10', 250), (1, 'P15', 'D3', '2026-02-10', 70.07), (1, 'P16', 'D2', '2026-02-10', 200);
SELECT * FROM t.paid WHERE payment_no BETWEEN 'P11' AND 'P16';
SELECT * FROM t.cases WHERE invoice_no IN ('D1', 'D2', 'D3');
TABLE t.wrong;

-- Matched by the invoice's reference, or its number where it has none;
-- unmatched ones wait, and an UPDATE takes them to their invoice.
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, reference) VALUES
  (1, 'E1', 'C', '2026-01-02', '2026-02-02', 'SEK', 100, '1234567897'),
  (1, 'E2', 'C', '2026-01-02', '2026-02-02', 'SEK', 100, NULL),
  (1, 'E3', 'C', '2026-01-02', '2026-02-02', 'SEK', 100, NULL);
INSERT INTO reminder.payment (creditor_id, payment_no, reference, paid_on, amount) VALUES
  (1, 'P21', '1234567897', '2026-02-10', 100), (1, 'P22', 'E2', '2026-02-10', 50), (1, 'P23', 'E1', '2026-02-10', 100), (1, 'P24', NULL, '2026-02-10', 30);
SELECT * FROM t.paid WHERE payment_no BETWEEN 'P21' AND 'P24';
SELECT * FROM reminder.unmatched_payments ORDER BY payment_no;
-- Another creditor's invoice of that number is not meant.
INSERT INTO reminder.payment (creditor_id, payment_no, reference, paid_on, amount) VALUES (2, 'P21', 'E2', '2026-02-10', 30);
SELECT creditor_id, payment_no, invoice_no FROM reminder.payment WHERE payment_no = 'P21' ORDER BY 1;
UPDATE reminder.payment SET invoice_no = 'E2' WHERE payment_no IN ('P23', 'P24') AND creditor_id = 1;
SELECT * FROM t.paid WHERE payment_no BETWEEN 'P21' AND 'P24';
SELECT * FROM t.open WHERE invoice_no IN ('E1', 'E2', 'E3');
TABLE t.wrong;
-- What waits can be paid back, too, and then no more than the rest can be matched.
INSERT INTO reminder.payment (creditor_id, payment_no, paid_on, amount) VALUES (1, 'P25', '2026-02-10', 90);
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P25', 'R1', '2026-02-11', 90);
UPDATE reminder.payment SET invoice_no = 'E3' WHERE payment_no = 'P25';
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'P25', 'R2', '2026-02-11', 0.01);

-- Moved to another invoice, corrected up and down, deleted, given another number.
UPDATE reminder.payment SET invoice_no = 'E3' WHERE payment_no = 'P21' AND creditor_id = 1;
SELECT * FROM t.open WHERE invoice_no IN ('E1', 'E2', 'E3');
UPDATE reminder.payment SET amount = 40 WHERE payment_no = 'P21' AND creditor_id = 1;
SELECT * FROM t.open WHERE invoice_no IN ('E1', 'E2', 'E3');
UPDATE reminder.payment SET amount = 140, payment_no = 'P31' WHERE payment_no = 'P21' AND creditor_id = 1;
SELECT * FROM t.paid WHERE payment_no IN ('P21', 'P31');
UPDATE reminder.payment SET payment_no = 'P32' WHERE payment_no = 'P31';
SELECT * FROM t.paid WHERE payment_no IN ('P31', 'P32');
DELETE FROM reminder.payment WHERE payment_no = 'P32';
SELECT * FROM t.open WHERE invoice_no IN ('E1', 'E2', 'E3');
SELECT count(*) FROM reminder.allocation WHERE payment_no IN ('P21', 'P31', 'P32');
-- What says nothing about money changes nothing.
UPDATE reminder.payment SET source = 'service', reference = 'bank line 7' WHERE payment_no = 'P22';
SELECT * FROM t.events WHERE invoice_no LIKE 'E_';
TABLE t.wrong;

-- Taken back (B5): the case reopens where it was, and no letter is repeated.
CALL t.invoice('F1');
CALL t.invoice('F2');
CALL reminder.run('2026-02-10', 1);
SELECT reminder.confirm_letter(1, i, 'reminder', '2026-02-10') FROM unnest(ARRAY['F1', 'F2']) i \g /dev/null
CALL t.pay('P41', 'F1', '2026-02-11', 1000);
CALL t.pay('P42', 'F2', '2026-02-11', 1062.19);
SELECT * FROM t.cases WHERE invoice_no LIKE 'F_';
UPDATE reminder.payment SET bounced_on = '2026-02-12' WHERE payment_no = 'P41';
DELETE FROM reminder.payment WHERE payment_no = 'P42';
SELECT * FROM t.cases WHERE invoice_no LIKE 'F_';
SELECT * FROM t.events WHERE invoice_no LIKE 'F_';
CALL reminder.run('2026-02-12', 1);
CALL reminder.run('2026-02-24', 1);
SELECT * FROM t.letters WHERE invoice_no LIKE 'F_';
SELECT * FROM t.cases WHERE invoice_no LIKE 'F_';
-- Gone back, and come again: the fee of the demand that never went out is no
-- more claimed, the reminder's is; and at its next end it is waived again.
CALL t.pay('P43', 'F1', '2026-02-25', 1000);
UPDATE reminder.payment SET bounced_on = '2026-02-26' WHERE payment_no = 'P43';
SELECT * FROM t.cases WHERE invoice_no = 'F1';
UPDATE reminder.payment SET bounced_on = NULL WHERE payment_no = 'P43';
SELECT * FROM t.cases WHERE invoice_no = 'F1';
SELECT no, kind, as_of, amount FROM t.events WHERE invoice_no = 'F1';
TABLE t.wrong;
-- It stands on the ladder after the demand now, so the next run has nothing to repeat.
UPDATE reminder.payment SET bounced_on = '2026-02-26' WHERE payment_no = 'P43';
CALL reminder.run('2026-02-26', 1);
SELECT * FROM t.letters WHERE invoice_no = 'F1';

-- A part that went back does not end or reopen anything, but opens the rest.
CALL t.pay('P44', 'F2', '2026-02-26', 500);
UPDATE reminder.payment SET bounced_on = '2026-02-27' WHERE payment_no = 'P44';
SELECT * FROM t.cases WHERE invoice_no = 'F2';
-- A loss booked since keeps the case ended (G1); its costs stay nobody's.
CALL t.pay('P45', 'F2', '2026-02-27', 1246.58);
SELECT * FROM t.cases WHERE invoice_no = 'F2';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'F2', 'L1', 'doubtful', '2026-02-27', 1000);
DELETE FROM reminder.payment WHERE payment_no = 'P45';
SELECT * FROM t.cases WHERE invoice_no = 'F2';
SELECT * FROM t.open WHERE invoice_no = 'F2';
TABLE t.wrong;
-- Where a credit ended the case, a payment that goes back reopens it just so.
CALL t.pay('P46', 'F1', '2026-02-27', 300);
SELECT reminder.credit_in_case(1, 'F1', 700, 'goodwill', '2026-02-27') IS NOT NULL AS credited;
SELECT * FROM t.cases WHERE invoice_no = 'F1';
UPDATE reminder.payment SET bounced_on = '2026-02-28' WHERE payment_no = 'P46';
SELECT * FROM t.cases WHERE invoice_no = 'F1';
TABLE t.wrong;

-- By own rules (F3) a later fee takes an earlier one's place; when the notice
-- is cancelled with a payment, the fee of the reminder that went out stands
-- again, and is pursued (B9): the rule waives nothing.
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (2, 'G1', 'C', '2026-01-02', '2026-02-02', 'EUR', 1000), (2, 'G2', 'C', '2026-01-02', '2026-02-02', 'EUR', 1000);
UPDATE reminder.rule_step SET fee = 5 WHERE creditor_id = 2 AND stage = 'reminder';
CALL reminder.run('2026-02-12', 2);
SELECT reminder.confirm_letter(2, 'G1', 'reminder', '2026-02-12') \g /dev/null
CALL reminder.run('2026-02-24', 2);
SELECT * FROM t.letters WHERE invoice_no LIKE 'G_';
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES
  (2, 'P51', 'G1', '2026-02-25', 1000), (2, 'P52', 'G2', '2026-02-25', 1000);
SELECT * FROM t.cases WHERE invoice_no LIKE 'G_';
UPDATE reminder.payment SET bounced_on = '2026-02-26' WHERE creditor_id = 2;
SELECT * FROM t.cases WHERE invoice_no LIKE 'G_';
TABLE t.wrong;

-- A letter that finally failed carries no fee (C6), and none either when the
-- case comes back.
CALL t.invoice('H1');
CALL reminder.run('2026-02-27', 1);
SELECT reminder.fail_letter(1, 'H1', 'reminder', 'no such address', '2026-02-27') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'H1';
CALL t.pay('P61', 'H1', '2026-02-28', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'H1';
UPDATE reminder.payment SET bounced_on = '2026-02-28' WHERE payment_no = 'P61';
SELECT * FROM t.cases WHERE invoice_no = 'H1';
SELECT * FROM t.letters WHERE invoice_no = 'H1';
SELECT * FROM t.events WHERE invoice_no = 'H1';
TABLE t.wrong;

-- However it is written: COPY, ON CONFLICT, a writable CTE.
CALL t.invoice('J1');
CALL t.invoice('J2');
COPY reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) FROM STDIN;
1	P71	J1	2026-02-28	100	creditor
1	P72	J2	2026-02-28	200	service
1	P73	J2	2026-02-28	300	service
\.
INSERT INTO reminder.payment AS p (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'P71', 'J1', '2026-02-28', 150), (1, 'P74', 'J1', '2026-02-28', 1), (1, 'P75', 'J2', '2026-02-28', 7)
ON CONFLICT (creditor_id, payment_no) DO UPDATE SET amount = excluded.amount;
DELETE FROM reminder.payment WHERE payment_no = 'P72';
WITH moved AS (DELETE FROM reminder.payment WHERE payment_no = 'P75' RETURNING *),
     corrected AS (UPDATE reminder.payment SET amount = 351 WHERE payment_no = 'P73')
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT creditor_id, 'P76', 'J1', paid_on, amount FROM moved;
SELECT * FROM t.paid WHERE payment_no BETWEEN 'P71' AND 'P79';
SELECT * FROM t.open WHERE invoice_no LIKE 'J_';
SELECT payment_no, source FROM reminder.payment WHERE source = 'service' ORDER BY 1;
TABLE t.wrong;

-- An application's trigger on our table that catches an error of its own does
-- not disturb what is kept.
CREATE FUNCTION t.audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    PERFORM 1 / 0;
  EXCEPTION WHEN division_by_zero THEN
  END;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit AFTER UPDATE ON reminder.invoice FOR EACH ROW EXECUTE FUNCTION t.audit();
UPDATE reminder.payment SET amount = 1111 WHERE payment_no = 'P73';
UPDATE reminder.payment SET amount = 10 WHERE payment_no = 'P73';
DROP TRIGGER audit ON reminder.invoice;
SELECT * FROM t.open WHERE invoice_no LIKE 'J_';

-- A fee belongs to the case it was paid in: taken back, it is that case's, and
-- not the one's that was opened since. And where only costs come back that the
-- rule does not pursue, nothing reopens (B9).
CALL t.invoice('K1');
CALL reminder.run('2026-02-28', 1);
SELECT reminder.confirm_letter(1, 'K1', 'reminder', '2026-02-28') \g /dev/null
CALL t.pay('P81', 'K1', '2026-02-28', 1000);
CALL t.pay('P82', 'K1', '2026-02-28', 10);
DELETE FROM reminder.payment WHERE payment_no = 'P82';
UPDATE reminder.payment SET amount = 1027.12, allocates = 'principal' WHERE payment_no = 'P81';
CALL t.pay('P83', 'K1', '2026-03-01', 10);
SELECT * FROM t.cases WHERE invoice_no = 'K1';
UPDATE reminder.payment SET amount = 1067.12 WHERE payment_no = 'P81';
CALL t.pay('P84', 'K1', '2026-03-01', 5);
UPDATE reminder.payment SET bounced_on = '2026-03-01' WHERE payment_no = 'P84';
UPDATE reminder.invoice SET amount = 1100 WHERE invoice_no = 'K1';
CALL reminder.run('2026-03-20', 1);
SELECT * FROM t.cases WHERE invoice_no = 'K1';
UPDATE reminder.payment SET amount = 1037.12 WHERE payment_no = 'P81';
SELECT * FROM t.cases WHERE invoice_no = 'K1';
SELECT * FROM t.events WHERE invoice_no = 'K1';
SELECT p.payment_no, a.* FROM reminder.payment p JOIN reminder.allocation a USING (creditor_id, payment_no) WHERE p.invoice_no = 'K1' ORDER BY 1;
TABLE t.wrong;

-- Its reminder's fee is paid with a demand still waiting; the money bounces:
-- the reminder's 60 are owed again, the demand that never went out costs nothing.
CALL t.invoice('L1');
CALL reminder.run('2026-03-21', 1);
SELECT reminder.confirm_letter(1, 'L1', 'reminder', '2026-03-21') \g /dev/null
CALL reminder.run('2026-04-08', 1);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES (1, 'P91', 'L1', '2026-04-08', 1060, 'principal');
SELECT * FROM t.letters WHERE invoice_no = 'L1';
SELECT * FROM t.cases WHERE invoice_no = 'L1';
UPDATE reminder.payment SET bounced_on = '2026-04-10' WHERE payment_no = 'P91';
SELECT * FROM t.cases WHERE invoice_no = 'L1';

-- The numbers and dates there are for payments.
\t
\a
SELECT t.show($$
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', 0)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', 0.004)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', -1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', 'NaN')
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', 'Infinity')
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', 1000000000000)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', 'infinity', 1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '1989-12-31', 1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2201-01-01', 1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J9', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (3, 'X', NULL, '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (2, 'X', 'J1', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (1, '', 'J1', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (1, 'P73', 'J1', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'J1', '2026-02-28', 1, 'bank')
  UPDATE reminder.payment SET bounced_on = '2026-02-27' WHERE payment_no = 'P73'
  UPDATE reminder.payment SET creditor_id = 2 WHERE payment_no = 'P73'
$$);
SELECT count(*) || ' wrong' FROM t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
