-- Holds, disputes and promises (C5): before a case exists and within it, until
-- a day that is included, released; and single invoices taken out (R6).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_holds
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- Before a case exists: nothing is sent up to and with the last day.
CALL t.invoice('A1');
CALL t.invoice('A2');
CALL t.invoice('A3');
CALL t.invoice('A4');
SELECT reminder.hold(1, 'A1', 'dispute', '2026-02-09', '2026-02-01') \g /dev/null
SELECT reminder.hold(1, 'A2', 'promise', '2026-02-08', '2026-02-07') \g /dev/null
SELECT reminder.hold(1, 'A3', 'customer is on leave', NULL, '2026-02-01') \g /dev/null
SELECT reminder.hold(1, 'A4', 'from tomorrow', NULL, '2026-02-08') \g /dev/null
SELECT invoice_no, hold_no, kind, reason, from_on, until_on, released_on FROM reminder.hold ORDER BY 1;
SELECT invoice_no, outcome, reason FROM reminder.plan('2026-02-07', 1);
CALL reminder.run('2026-02-07', 1);
SELECT invoice_no, why_not FROM reminder.invoice_status ORDER BY 1;
CALL reminder.run('2026-02-08', 1);
CALL reminder.run('2026-02-09', 1);
CALL reminder.run('2026-02-10', 1);
SELECT invoice_no, stage, as_of FROM t.letters;
-- Released, from that day on.
SELECT reminder.release(1, 'A3', '2026-02-12') \g /dev/null
CALL reminder.run('2026-02-11', 1);
SELECT why_not FROM reminder.invoice_status WHERE invoice_no = 'A3';
CALL reminder.run('2026-02-12', 1);
SELECT invoice_no, stage, as_of FROM t.letters;
SELECT * FROM t.events;
TABLE t.wrong;

-- Within a case: it stays where it is, and what is due waits. Payments and
-- withdrawing go on (C4, C6).
SELECT reminder.hold(1, 'A1', 'disputed', NULL, '2026-02-13') \g /dev/null
SELECT reminder.hold(1, 'A2', 'dispute', '2026-03-05', '2026-02-13') \g /dev/null
SELECT reminder.hold(1, 'A2', 'and a promise', '2026-03-01', '2026-02-13') \g /dev/null
CALL reminder.run('2026-02-24', 1);
SELECT invoice_no, stage, state, hold, hold_until, why_not, next_stage, next_on FROM reminder.case_status ORDER BY 1;
CALL t.pay('P1', 'A1', '2026-02-24', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'A1';
CALL reminder.run('2026-03-05', 1);
SELECT * FROM t.letters WHERE invoice_no = 'A2';
CALL reminder.run('2026-03-06', 1);
SELECT * FROM t.letters WHERE invoice_no = 'A2';
SELECT invoice_no, state, hold FROM reminder.case_status ORDER BY 1;
-- One release ends all holds that stand, and none that has ended.
SELECT reminder.hold(1, 'A2', 'one', NULL, '2026-03-06') \g /dev/null
SELECT reminder.hold(1, 'A2', 'two', '2026-04-30', '2026-03-06') \g /dev/null
SELECT reminder.withdraw(1, 'A2', NULL, '2026-03-06') \g /dev/null
SELECT reminder.release(1, 'A2', '2026-03-07') \g /dev/null
SELECT hold_no, kind, reason, from_on, until_on, released_on FROM reminder.hold WHERE invoice_no = 'A2' ORDER BY 1;
SELECT reminder.release(1, 'A2', '2026-03-07');
-- A hold that was to begin later is released before it began.
SELECT reminder.hold(1, 'A4', 'later', NULL, '2026-05-01') \g /dev/null
SELECT reminder.release(1, 'A4', '2026-03-07') \g /dev/null
SELECT hold_no, reason, from_on, until_on, released_on FROM reminder.hold WHERE invoice_no = 'A4' ORDER BY 1;

-- By own rules, which do not catch up, a hold on the step's day closes the step (R9, N3).
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'N1', 'C', '2026-01-02', '2026-02-02', 'EUR', 80);
SELECT reminder.hold(2, 'N1', 'dispute', '2026-02-12', '2026-02-03') \g /dev/null
CALL reminder.run('2026-02-12', 2);
CALL reminder.run('2026-02-13', 2);
CALL reminder.run('2026-02-23', 2);
SELECT * FROM t.letters WHERE invoice_no = 'N1';

-- R6: one invoice out of automation, and back. Its case stays as it is.
CALL t.invoice('B1');
CALL t.invoice('B2');
SELECT reminder.take_out(1, 'B1', '2026-03-07') \g /dev/null
CALL reminder.run('2026-03-07', 1);
SELECT reminder.take_out(1, 'B2', '2026-03-08') \g /dev/null
SELECT reminder.take_out(1, 'B2', '2026-03-08') \g /dev/null
CALL reminder.run('2026-03-25', 1);
SELECT invoice_no, status, why_not FROM reminder.invoice_status WHERE invoice_no LIKE 'B_' ORDER BY 1;
SELECT reminder.put_back(1, 'B1', '2026-03-26') \g /dev/null
SELECT reminder.put_back(1, 'B2', '2026-03-26') \g /dev/null
CALL reminder.run('2026-03-26', 1);
SELECT * FROM t.letters WHERE invoice_no LIKE 'B_';
SELECT * FROM t.events WHERE invoice_no LIKE 'B_';
TABLE t.wrong;

-- What is refused: 22R01, 22R02, 22R04, 55R03.
\t
\a
SELECT t.show($$
  SELECT reminder.hold(1, 'A1', NULL, NULL, '2026-03-26')
  SELECT reminder.hold(1, 'A1', '', NULL, '2026-03-26')
  SELECT reminder.hold(1, 'A1', repeat('x', 1001), NULL, '2026-03-26')
  SELECT reminder.hold(1, 'A1', 'dispute', '2026-03-25', '2026-03-26')
  SELECT reminder.hold(1, 'A1', 'dispute', 'infinity', '2026-03-26')
  SELECT reminder.hold(1, 'A1', 'dispute', NULL, NULL)
  SELECT reminder.hold(1, 'A1', 'dispute', NULL, '-infinity')
  SELECT reminder.hold(1, 'none', 'dispute', NULL, '2026-03-26')
  SELECT reminder.hold(2, 'A1', 'dispute', NULL, '2026-03-26')
  SELECT reminder.release(1, 'B1', '2026-03-26')
  SELECT reminder.release(1, 'A1', NULL)
$$);
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
