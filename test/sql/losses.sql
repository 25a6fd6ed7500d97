-- Credit losses, doubtful and confirmed: one that is booked keeps a case from
-- opening until it is reversed, and an active case keeps it from being booked
-- (G1, G3, C4). guards.sql has every way of writing one.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_losses
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
CREATE VIEW t.loss AS
SELECT l.invoice_no, CASE WHEN length(l.loss_no) = 36 THEN 'given' ELSE l.loss_no END AS loss, l.kind, l.booked_on, l.amount, l.reversed_on
FROM reminder.credit_loss l ORDER BY l.creditor_id, l.invoice_no, l.booked_on, l.loss_no;

-- Both kinds keep a case from opening; a number that is left out is given.
CALL t.invoice('doubtful');
CALL t.invoice('confirmed');
CALL t.invoice('reversed');
CALL t.invoice('twice');
CALL t.invoice('none');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES
  (1, 'doubtful', 'doubtful', '2026-02-03', 1000), (1, 'confirmed', 'confirmed', '2026-02-03', 400),
  (1, 'twice', 'doubtful', '2026-02-03', 300), (1, 'twice', 'confirmed', '2026-02-04', 700);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount, reversed_on) VALUES (1, 'reversed', 'doubtful', '2026-02-03', 1000, '2026-02-03');
TABLE t.loss;
SELECT invoice_no, outcome, reason FROM reminder.plan('2026-02-07', 1) ORDER BY 1;
SELECT words FROM reminder.explain(1, 'confirmed', '2026-02-07');
CALL reminder.run('2026-02-07', 1);
SELECT invoice_no, stage, as_of FROM t.letters;
SELECT invoice_no, status, last_event, why_not FROM reminder.invoice_status ORDER BY 1;
-- A loss is no payment: what is open stays open.
TABLE t.open;

-- Reversed, or deleted, the rule takes the invoice up (amili catches up); of two
-- losses both must be gone.
UPDATE reminder.credit_loss SET reversed_on = '2026-02-10' WHERE invoice_no = 'doubtful';
UPDATE reminder.credit_loss SET reversed_on = '2026-02-10' WHERE invoice_no = 'twice' AND kind = 'doubtful';
DELETE FROM reminder.credit_loss WHERE invoice_no = 'confirmed';
CALL reminder.run('2026-02-10', 1);
SELECT invoice_no, stage, as_of FROM t.letters;
UPDATE reminder.credit_loss SET reversed_on = '2026-02-11' WHERE invoice_no = 'twice' AND kind = 'confirmed';
CALL reminder.run('2026-02-11', 1);
SELECT invoice_no, stage, as_of FROM t.letters WHERE invoice_no = 'twice';
-- The case that opened keeps a loss from coming back, the same or another; what
-- is reversed may be changed otherwise.
UPDATE reminder.credit_loss SET reversed_on = NULL WHERE invoice_no = 'twice' AND kind = 'confirmed';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, 'twice', 'doubtful', '2026-02-12', 1);
UPDATE reminder.credit_loss SET amount = 650, reversed_on = '2026-02-12' WHERE invoice_no = 'twice' AND kind = 'confirmed';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount, reversed_on) VALUES (1, 'twice', 'L3', 'doubtful', '2026-02-12', 1, '2026-02-12');
TABLE t.loss;
-- Nor can one that stands move to an invoice in a case.
CALL t.invoice('free');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'free', 'L1', 'confirmed', '2026-02-12', 1000);
UPDATE reminder.credit_loss SET invoice_no = 'twice' WHERE loss_no = 'L1';

-- Withdrawn, the loss goes through, in the same transaction too (C4); and it
-- keeps the ladder from going on, even when the invoice is put back.
BEGIN;
SELECT reminder.withdraw(1, 'none', 'not worth it', '2026-02-12') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'none', 'L1', 'confirmed', '2026-02-12', 1000);
COMMIT;
SELECT reminder.put_back(1, 'none', '2026-02-13') \g /dev/null
CALL reminder.run('2026-02-24', 1);
SELECT invoice_no, status, why_not FROM reminder.invoice_status WHERE invoice_no IN ('none', 'free') ORDER BY 1;
-- Rolled back, the withdrawal takes the loss with it.
BEGIN;
SELECT reminder.withdraw(1, 'doubtful', NULL, '2026-02-25') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'doubtful', 'L1', 'confirmed', '2026-02-25', 1000);
ROLLBACK;
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'doubtful', 'L1', 'confirmed', '2026-02-25', 1000);
SELECT invoice_no, case_no, state FROM t.cases;

-- Money still comes in, and can be credited, on an invoice that is lost.
CALL t.pay('P1', 'free', '2026-02-25', 250);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K1', 'free', '2026-02-25', 50);
SELECT * FROM t.open WHERE invoice_no = 'free';
SELECT event_on, event, amount, detail FROM reminder.event_list WHERE invoice_no = 'none' AND event LIKE '%loss%' ORDER BY 1, 2;
SELECT event, count(*) FROM reminder.event_list WHERE event LIKE '%loss%' GROUP BY 1 ORDER BY 1;

-- Under a rule that does not catch up the loss closes the step on its day (R9):
-- reversed later, the ladder goes on with the next one.
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'own', 'C', '2026-01-02', '2026-02-02', 'EUR', 80);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (2, 'own', 'L1', 'doubtful', '2026-02-10', 80);
CALL reminder.run('2026-02-12', 2);
UPDATE reminder.credit_loss SET reversed_on = '2026-02-13' WHERE creditor_id = 2;
CALL reminder.run('2026-02-13', 2);
CALL reminder.run('2026-02-23', 2);
SELECT * FROM t.letters WHERE invoice_no = 'own';

-- External collection counts as a case, and a loss keeps it from beginning.
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'free';
UPDATE reminder.credit_loss SET reversed_on = '2026-02-26' WHERE invoice_no = 'free';
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'free';
UPDATE reminder.credit_loss SET reversed_on = NULL WHERE invoice_no = 'free';
UPDATE reminder.invoice SET external_collection = false WHERE invoice_no = 'free';
UPDATE reminder.credit_loss SET reversed_on = NULL WHERE invoice_no = 'free';
TABLE t.wrong;
SELECT finding, object, detail FROM reminder.check();
\i :leave
