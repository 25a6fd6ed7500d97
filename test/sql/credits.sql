-- Credits, voids and offsets: before a case, through it, and taken back.
-- (M2, C6, G1). After each story the money must add up: t.wrong is empty.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_credits
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- Before any case: in part, and in full, by each kind (M2). A voided invoice
-- is settled: nothing is sent for it.
CALL t.invoice('A1');
CALL t.invoice('A2');
CALL t.invoice('A3');
CALL t.invoice('A4');
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount, reason) VALUES
  (1, 'K01', 'A1', 'credit', '2026-01-20', 100, 'returned goods'), (1, 'K02', 'A2', 'void', '2026-01-20', 1000, 'cancelled'),
  (1, 'K03', 'A3', 'offset', '2026-01-20', 999.99, NULL), (1, 'K04', 'A1', 'offset', '2026-01-21', 50.5, NULL);
CALL t.pay('P01', 'A1', '2026-01-22', 849.50);
TABLE t.open;
CALL reminder.run('2026-02-07', 1);
TABLE t.letters;
TABLE t.wrong;

-- No more than is open, all credits of a statement together.
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K05', 'A2', '2026-01-23', 0.01);
CALL t.invoice('B1');
CALL t.invoice('B2');
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES
  (1, 'K05', 'B2', '2026-01-23', 1), (1, 'K06', 'B1', '2026-01-23', 600), (1, 'K07', 'B1', '2026-01-23', 600);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K06', 'B1', '2026-01-23', 600);
UPDATE reminder.credit SET amount = 1000.01 WHERE credit_no = 'K06';
UPDATE reminder.credit SET amount = 1000 WHERE credit_no = 'K06';
SELECT * FROM t.open WHERE invoice_no LIKE 'B_';
-- Corrected, moved, deleted: what is open follows, and so does the ladder.
UPDATE reminder.credit SET amount = 400, credit_no = 'K08' WHERE credit_no = 'K06';
UPDATE reminder.credit SET invoice_no = 'B2' WHERE credit_no = 'K08';
SELECT * FROM t.open WHERE invoice_no LIKE 'B_';
UPDATE reminder.credit SET kind = 'offset', reason = 'by agreement' WHERE credit_no = 'K08';
DELETE FROM reminder.credit WHERE credit_no = 'K08';
SELECT * FROM t.open WHERE invoice_no LIKE 'B_';
SELECT * FROM t.events WHERE invoice_no LIKE 'B_';
TABLE t.wrong;

-- In a case each kind is refused (G1), and so is a change of one that stands.
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K10', 'B1', '2026-01-23', 100);
CALL reminder.run('2026-02-08', 1);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K11', 'B1', 'credit', '2026-02-09', 1);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K11', 'B1', 'void', '2026-02-09', 900);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K11', 'B1', 'offset', '2026-02-09', 1);
UPDATE reminder.credit SET amount = 200 WHERE credit_no = 'K10';
DELETE FROM reminder.credit WHERE credit_no = 'K10';
-- One can neither move into the case nor out of it.
UPDATE reminder.credit SET invoice_no = 'B1' WHERE credit_no = 'K01';
UPDATE reminder.credit SET invoice_no = 'A4' WHERE credit_no = 'K10';
CALL t.invoice('B3');
UPDATE reminder.credit SET invoice_no = 'B3' WHERE credit_no = 'K10';
SELECT * FROM t.cases WHERE invoice_no = 'B1';

-- credit_in_case() goes through the case: a part leaves it, the whole ends it,
-- its letter cancelled and its costs waived, in the same transaction.
SELECT reminder.credit_in_case(1, 'B1', 900.01, 'too much', '2026-02-09');
SELECT reminder.credit_in_case(1, 'B1', 300, 'goodwill', '2026-02-09') IS NOT NULL AS credited;
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT reminder.credit_in_case(1, 'B1', 600, NULL, '2026-02-10') IS NOT NULL AS credited;
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';
SELECT * FROM t.open WHERE invoice_no = 'B1';
SELECT kind, credited_on, amount, reason FROM reminder.credit WHERE invoice_no = 'B1' ORDER BY credited_on, amount;
SELECT reminder.credit_in_case(1, 'B1', 1, NULL, '2026-02-10');
TABLE t.wrong;

-- Taken back, the case reopens where it was (B5), the fee of the letter that
-- never went out left out; and no letter is repeated.
DELETE FROM reminder.credit WHERE invoice_no = 'B1' AND amount = 600;
SELECT * FROM t.cases WHERE invoice_no = 'B1';
CALL reminder.run('2026-02-10', 1);
SELECT * FROM t.letters WHERE invoice_no = 'B1';
CALL reminder.run('2026-02-24', 1);
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT * FROM t.cases WHERE invoice_no = 'B1';
TABLE t.wrong;

-- The creditor's setting says that credits are applied through the case.
UPDATE reminder.creditor SET credits_in_case = 'apply' WHERE creditor_id = 1;
SELECT reminder.confirm_letter(1, 'B1', 'demand', '2026-02-24') \g /dev/null
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K12', 'B1', '2026-02-25', 100);
UPDATE reminder.credit SET amount = 200 WHERE credit_no = 'K12';
SELECT * FROM t.cases WHERE invoice_no = 'B1';
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K13', 'B1', 'void', '2026-02-26', 400);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT no, kind, as_of, amount FROM t.events WHERE invoice_no = 'B1';
TABLE t.wrong;
-- Not in external collection, which is no case of ours.
CALL t.invoice('C1');
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'C1';
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K14', 'C1', '2026-02-26', 1);
UPDATE reminder.creditor SET credits_in_case = 'refuse' WHERE creditor_id = 1;

-- A case that a payment ended is reopened when a credit goes, too.
CALL t.invoice('D1');
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K20', 'D1', '2026-02-26', 400);
CALL reminder.run('2026-02-26', 1);
CALL t.pay('P20', 'D1', '2026-02-27', 600);
SELECT * FROM t.cases WHERE invoice_no = 'D1';
DELETE FROM reminder.credit WHERE credit_no = 'K20';
SELECT * FROM t.cases WHERE invoice_no = 'D1';
TABLE t.wrong;

-- The numbers, dates and kinds there are for credits; 22R03, 55R03 and the rest
-- of credit_in_case().
\t
\a
SELECT t.show($$
  INSERT INTO reminder.credit VALUES (1, 'X', 'B3', 'credit', '2026-02-26', 0)
  INSERT INTO reminder.credit VALUES (1, 'X', 'B3', 'credit', '2026-02-26', 'NaN')
  INSERT INTO reminder.credit VALUES (1, 'X', 'B3', 'credit', '2026-02-26', 1000000000000)
  INSERT INTO reminder.credit VALUES (1, 'X', 'B3', 'rebate', '2026-02-26', 1)
  INSERT INTO reminder.credit VALUES (1, 'X', 'B3', 'credit', '-infinity', 1)
  INSERT INTO reminder.credit VALUES (1, 'X', 'B9', 'credit', '2026-02-26', 1)
  INSERT INTO reminder.credit VALUES (2, 'X', 'B2', 'credit', '2026-02-26', 1)
  INSERT INTO reminder.credit VALUES (1, 'X', 'B3', 'credit', '2026-02-26', 1, repeat('x', 1001))
  SELECT reminder.credit_in_case(1, 'D1', 0, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', -5, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', 1.005, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', 'NaN', NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', 'Infinity', NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', 1e12, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', 1e300, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', NULL, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(1, 'D1', 1, NULL, '2026-02-25')
  SELECT reminder.credit_in_case(1, 'D1', 1, NULL, NULL)
  SELECT reminder.credit_in_case(1, 'D1', 1, repeat('x', 1001), '2026-02-28')
  SELECT reminder.credit_in_case(1, 'A1', 1, NULL, '2026-02-28')
  SELECT reminder.credit_in_case(2, 'D1', 1, NULL, '2026-02-28')
$$);
SELECT count(*) || ' wrong' FROM t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
