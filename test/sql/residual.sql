-- Principal paid, costs open (B9): no more letters for them; pursued above the
-- rule's amount (amili: 100), else waived with an event and the case ends paid.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_residual
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- Of 1000 due on 2026-02-02 a reminder of 02-07 claims 60 and interest of 1.37 (5
-- days at 10 %): waived. A demand of 02-21 240 and 5.21 (19 days): pursued.
CALL t.invoice('after reminder');
CALL t.invoice('after demand');
CALL t.invoice('part by part');
CALL t.invoice('in monitoring');
CALL t.invoice('left over 100');
CALL t.invoice('left over 100.01');
CALL reminder.run('2026-02-07', 1);
SELECT reminder.confirm_letter(1, invoice_no, 'reminder', '2026-02-07') FROM reminder.invoice ORDER BY invoice_no \g /dev/null
CALL t.pay('P1', 'after reminder', '2026-02-08', 1000);
CALL reminder.run('2026-02-21', 1);
SELECT reminder.confirm_letter(1, invoice_no, 'demand', '2026-02-21') FROM t.letters WHERE stage = 'demand' ORDER BY invoice_no \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES
  (1, 'P2', 'after demand', '2026-02-22', 1000, NULL), (1, 'P3', 'part by part', '2026-02-22', 1000, NULL),
  (1, 'P4', 'left over 100', '2026-02-22', 1145.21, 'principal'), (1, 'P5', 'left over 100.01', '2026-02-22', 1145.20, 'principal');
TABLE t.cases;
SELECT invoice_no, kind, amount FROM t.events ORDER BY invoice_no, no;
TABLE t.wrong;
-- Pursued, but by no letter: the case stays where it is, and off the ladder.
CALL reminder.run('2026-03-07', 1);
CALL reminder.run('2026-06-01', 1);
SELECT invoice_no, state, open FROM t.cases WHERE state NOT IN ('paid');
SELECT invoice_no, stage, as_of FROM t.letters WHERE as_of > '2026-03-01';
SELECT outcome, reason, words FROM reminder.explain(1, 'after demand', '2026-06-01');
SELECT stage, state, principal, fees_open, open, next_stage FROM reminder.case_status WHERE invoice_no = 'after demand';
-- It is a case still (G1).
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'after demand', 'L1', 'confirmed', '2026-06-02', 240);
-- Paid whole; paid part by part, until what is left is waived.
CALL t.pay('P6', 'after demand', '2026-06-03', 245.21);
CALL t.pay('P7', 'part by part', '2026-06-03', 145.20);
SELECT * FROM t.cases WHERE invoice_no IN ('after demand', 'part by part');
CALL t.pay('P8', 'part by part', '2026-06-04', 0.01);
SELECT * FROM t.cases WHERE invoice_no IN ('after demand', 'part by part');
SELECT * FROM t.paid WHERE invoice_no IN ('after demand', 'part by part');
SELECT * FROM t.events WHERE invoice_no IN ('after demand', 'part by part');
TABLE t.wrong;
-- In monitoring it is the same.
CALL t.pay('P9', 'in monitoring', '2026-06-04', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'in monitoring';
-- Withdrawn, the costs are waived with an event, and nothing is pursued.
SELECT reminder.withdraw(1, 'in monitoring', 'not worth it', '2026-06-05') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'in monitoring';
SELECT * FROM t.events WHERE invoice_no = 'in monitoring';
-- The principal comes back while its costs are pursued: the case is where it was.
DELETE FROM reminder.payment WHERE payment_no = 'P5';
SELECT * FROM t.cases WHERE invoice_no = 'left over 100.01';
CALL reminder.run('2026-06-06', 1);
SELECT * FROM t.cases WHERE invoice_no = 'left over 100.01';
TABLE t.wrong;

-- By own rules of the preset nothing is waived: 5 are pursued, and interest of 0.29 (14 days at 9.5 %).
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (2, 'own', 'P', '2026-01-02', '2026-02-02', 'EUR', 80), (2, 'own waives', 'P', '2026-01-02', '2026-02-02', 'EUR', 80);
CALL reminder.run('2026-02-16', 2);
SELECT reminder.confirm_letter(2, 'own', 'reminder', '2026-02-16'), reminder.confirm_letter(2, 'own waives', 'reminder', '2026-02-16') \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (2, 'P1', 'own', '2026-02-17', 80);
UPDATE reminder.rule SET residual_above = 5.29 WHERE creditor_id = 2 AND kind = 'person';
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (2, 'P2', 'own waives', '2026-02-17', 80);
-- What a rule says now changes nothing that has happened (R8).
UPDATE reminder.rule SET residual_above = 0 WHERE creditor_id = 2 AND kind = 'person';
SELECT * FROM t.cases WHERE invoice_no LIKE 'own%';
SELECT * FROM t.events WHERE invoice_no LIKE 'own%';
TABLE t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
