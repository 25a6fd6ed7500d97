-- The way into enforcement and back (C4, C7): from demand or monitoring only;
-- the creditor can withdraw no more, the service can close.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_enforcement
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('A1');
CALL t.invoice('A2');
CALL reminder.run('2026-02-07', 1);
SELECT reminder.confirm_letter(1, 'A1', 'reminder', '2026-02-07') \g /dev/null
CALL reminder.run('2026-02-21', 1);
SELECT reminder.confirm_letter(1, 'A1', 'demand', '2026-02-21') \g /dev/null
CALL t.invoice('A3');
CALL reminder.run('2026-03-07', 1);
SELECT invoice_no, state FROM t.cases;
-- Not from a reminder.
SELECT reminder.hand_to_enforcement(1, 'A3', NULL, '2026-03-08');
SELECT reminder.back_to_monitoring(1, 'A3', '2026-03-08');
CALL t.pay('P1', 'A1', '2026-03-08', 100);
SELECT reminder.hand_to_enforcement(1, 'A1', 'KFM 1-26', '2026-03-08') \g /dev/null
SELECT reminder.hand_to_enforcement(1, 'A1', 'KFM 1-26', '2026-03-08');
SELECT invoice_no, stage, stage_on, state, reference, open FROM reminder.case_status WHERE invoice_no = 'A1';
SELECT * FROM t.events;
-- G1, C4: a clear error that says why.
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'A1', 'L1', 'confirmed', '2026-03-09', 100);
SELECT reminder.withdraw(1, 'A1', NULL, '2026-03-09');
\echo :SQLSTATE
-- Runs leave it alone.
CALL reminder.run('2026-06-01', 1);
SELECT invoice_no, state FROM t.cases;
-- Back to monitoring it can be withdrawn again.
SELECT reminder.back_to_monitoring(1, 'A1', '2026-06-02') \g /dev/null
BEGIN;
SELECT reminder.withdraw(1, 'A1', NULL, '2026-06-03') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'A1';
ROLLBACK;
SELECT reminder.hand_to_enforcement(1, 'A1', NULL, '2026-06-03') \g /dev/null
SELECT stage, reference FROM reminder.case_status WHERE invoice_no = 'A1';
-- The service closes it with its reason; then the loss can be booked.
BEGIN;
SELECT reminder.close_case(1, 'A1', 'lapsed', '2026-06-04') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'A1', 'L1', 'confirmed', '2026-06-04', 900);
SELECT invoice_no, stage, state, outcome, closing_reason, ended_on FROM reminder.case_status WHERE invoice_no = 'A1';
TABLE t.wrong;
ROLLBACK;
-- Money ends it as any other: principal, then costs.
CALL t.pay('P2', 'A1', '2026-06-04', 1745.21);
SELECT * FROM t.cases WHERE invoice_no = 'A1';
UPDATE reminder.payment SET bounced_on = '2026-06-05' WHERE payment_no = 'P2';
SELECT * FROM t.cases WHERE invoice_no = 'A1';
SELECT reminder.credit_in_case(1, 'A1', 900, NULL, '2026-06-05') IS NOT NULL AS credited;
SELECT * FROM t.cases WHERE invoice_no = 'A1';
-- From demand too, before its deadline; monitoring is then passed over.
CALL reminder.run('2026-06-02', 1);
CALL t.invoice('A4');
CALL reminder.run('2026-06-03', 1);
CALL reminder.run('2026-06-19', 1);
SELECT reminder.hand_to_enforcement(1, 'A4', 'KFM 2-26', '2026-06-22') \g /dev/null
CALL reminder.run('2026-08-01', 1);
SELECT * FROM t.letters WHERE invoice_no = 'A4';
SELECT invoice_no, state FROM t.cases WHERE invoice_no = 'A4';
SELECT * FROM t.events WHERE invoice_no IN ('A1', 'A4');
TABLE t.wrong;

\t
\a
SELECT t.show($$
  SELECT reminder.hand_to_enforcement(1, 'A4', repeat('x', 65), '2026-08-02')
  SELECT reminder.hand_to_enforcement(1, 'A4', NULL, '2026-06-01')
  SELECT reminder.hand_to_enforcement(1, 'A1', NULL, '2026-08-02')
  SELECT reminder.hand_to_enforcement(1, 'none', NULL, '2026-08-02')
  SELECT reminder.hand_to_enforcement(2, 'A4', NULL, '2026-08-02')
  SELECT reminder.hand_to_enforcement(1, 'A4', NULL, NULL)
  SELECT reminder.back_to_monitoring(1, 'A4', 'infinity')
  SELECT reminder.back_to_monitoring(1, 'A1', '2026-08-02')
$$);
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
