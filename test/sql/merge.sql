-- MERGE, which came with PostgreSQL 15: payments and customers follow it, and
-- guards refuse by it what they refuse by any other statement (M1, R3, G1, G2, A2).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_merge
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
CALL t.invoice('in case');
CALL reminder.run('2026-02-07', 1);
CALL t.invoice('free');
CALL t.invoice('paid');

-- Payments: one taken away, one corrected, one new.
CALL t.pay('P1', 'paid', '2026-02-07', 200);
CALL t.pay('P2', 'paid', '2026-02-07', 300);
MERGE INTO reminder.payment p USING (VALUES ('P1', 0), ('P2', 350), ('P3', 7)) n (payment_no, amount) ON p.creditor_id = 1 AND p.payment_no = n.payment_no
WHEN MATCHED AND n.amount = 0 THEN DELETE
WHEN MATCHED THEN UPDATE SET amount = n.amount
WHEN NOT MATCHED THEN INSERT (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, n.payment_no, 'paid', '2026-02-07', n.amount);
SELECT * FROM t.paid;
SELECT * FROM t.open WHERE invoice_no = 'paid';

-- Customers: one that is there, and one that comes, find their rule.
MERGE INTO reminder.customer c USING (SELECT customer_no FROM reminder.invoice WHERE invoice_no = 'free' UNION ALL VALUES ('new')) n (no) ON c.creditor_id = 1 AND c.customer_no = n.no
WHEN MATCHED THEN UPDATE SET blocked = true
WHEN NOT MATCHED THEN INSERT (creditor_id, customer_no, name) VALUES (1, n.no, 'New');
SELECT customer_no, rule_no, assigned_by FROM reminder.rule_customers WHERE creditor_id = 1 ORDER BY 1;
TABLE t.wrong;

-- Losses and invoices; and an application's own bookings.
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount, reversed_on) VALUES (1, 'in case', 'L0', 'doubtful', '2026-02-01', 100, '2026-02-02');
CREATE SCHEMA erp;
CREATE TABLE erp.booking (booking_id bigint PRIMARY KEY, invoice text, account text NOT NULL);
CREATE INDEX ON erp.booking (invoice);
SELECT reminder.protect('erp.booking', 'invoice', 'loss', 'account IN (''1515'', ''6351'')', 1);
INSERT INTO erp.booking VALUES (1, 'in case', '3001');
-- In partitions: of rows that it updates after one that it inserted, triggers are not shown the new ones in some
-- releases; of rows that it moves, neither in any.
CREATE TABLE erp.line (year integer, line_no integer, invoice text, account integer, PRIMARY KEY (year, line_no)) PARTITION BY LIST (year);
CREATE TABLE erp.line_2026 (account integer, line_no integer NOT NULL, invoice text, year integer NOT NULL);
ALTER TABLE erp.line ATTACH PARTITION erp.line_2026 FOR VALUES IN (2026);
CREATE TABLE erp.line_2025 PARTITION OF erp.line FOR VALUES IN (2025) PARTITION BY RANGE (line_no);
CREATE TABLE erp.line_2025_1 PARTITION OF erp.line_2025 FOR VALUES FROM (1) TO (10);
CREATE TABLE erp.line_2025_2 PARTITION OF erp.line_2025 FOR VALUES FROM (10) TO (100);
CREATE INDEX ON erp.line (invoice) WHERE account = 6351;
SELECT reminder.protect('erp.line', 'invoice', 'loss', 'account = 6351', 1);
INSERT INTO erp.line VALUES (2025, 1, 'in case', 3001), (2025, 2, 'free', 3001), (2026, 1, 'in case', 3001);
CREATE FUNCTION t.book_state() RETURNS text LANGUAGE sql AS $$
  SELECT md5(t.state() || (SELECT string_agg(b::text, ' ' ORDER BY b.booking_id) FROM erp.booking b) || (SELECT string_agg(l::text, ' ' ORDER BY l::text) FROM erp.line l)) $$;
SELECT t.book_state() AS before \gset
\t
\a
SELECT t.show($$
  MERGE INTO reminder.credit_loss l USING (VALUES ('in case', 'L0'), ('free', 'M')) n (i, no) ON l.invoice_no = n.i AND l.loss_no = n.no WHEN MATCHED THEN UPDATE SET reversed_on = NULL WHEN NOT MATCHED THEN INSERT VALUES (1, n.i, n.no, 'doubtful', '2026-02-07', 1)
  MERGE INTO reminder.credit_loss l USING (VALUES ('in case', 'M')) n (i, no) ON l.invoice_no = n.i AND l.loss_no = n.no WHEN NOT MATCHED THEN INSERT VALUES (1, n.i, n.no, 'doubtful', '2026-02-07', 1)
  MERGE INTO reminder.invoice i USING (VALUES ('in case')) n (no) ON i.invoice_no = n.no WHEN MATCHED THEN DELETE
  MERGE INTO reminder.invoice i USING (VALUES ('in case')) n (no) ON i.invoice_no = n.no WHEN MATCHED THEN UPDATE SET amount = 1
  MERGE INTO erp.booking b USING (VALUES (1, 'in case'), (9, 'free')) n (id, no) ON b.booking_id = n.id WHEN MATCHED THEN UPDATE SET account = '6351' WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.no, '6351')
  MERGE INTO erp.booking b USING (VALUES (8, 'in case')) n (id, no) ON b.booking_id = n.id WHEN NOT MATCHED THEN INSERT VALUES (n.id, n.no, '6351')
  MERGE INTO erp.line l USING (VALUES (0, 'in case'), (1, 'in case')) n (no, invoice) ON l.line_no = n.no AND l.year = 2025 WHEN MATCHED THEN UPDATE SET account = 6351 WHEN NOT MATCHED THEN INSERT VALUES (2026, 99, n.invoice, 3001)
  MERGE INTO erp.line l USING (VALUES (1)) n (no) ON l.line_no = n.no AND l.year = 2025 WHEN MATCHED THEN UPDATE SET account = 6351, year = 2026, line_no = 7
  MERGE INTO erp.line l USING (VALUES (1)) n (no) ON l.line_no = n.no AND l.year = 2025 WHEN MATCHED THEN UPDATE SET line_no = 17
  MERGE INTO erp.line l USING (VALUES (1), (2)) n (no) ON l.line_no = n.no AND l.year = 2025 AND n.no = 2 WHEN MATCHED THEN UPDATE SET account = 6351, year = 2026 WHEN NOT MATCHED THEN INSERT VALUES (2026, 99, 'free', 3001)
  DO 'BEGIN MERGE INTO erp.line l USING (VALUES (1)) n (no) ON l.line_no = n.no AND l.year = 2026 WHEN MATCHED THEN UPDATE SET year = 2025, line_no = 5; END'
  UPDATE erp.line SET account = 6351, year = 2026, line_no = 7 WHERE year = 2025 AND line_no = 1
$$);
\a
\t
-- every kept table
SELECT replace(t.try(format('MERGE INTO reminder.%I k USING (SELECT) s ON false WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN DO NOTHING', c.relname)), c.relname, '...') AS result, count(*) > 40 AS all_of_them
FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = c.relname || '_kept' AND g.tgenabled = 'A')
GROUP BY 1;
SELECT t.book_state() = :'before' AS unchanged;
-- what it does not move goes through, whatever it sets
MERGE INTO erp.line l USING (VALUES (1), (2)) n (no) ON l.line_no = n.no AND l.year = 2025 WHEN MATCHED THEN UPDATE SET account = 3002, year = 2025, line_no = n.no;
MERGE INTO erp.line l USING (VALUES (1), (3)) n (no) ON l.line_no = n.no AND l.year = 2025 WHEN MATCHED THEN UPDATE SET account = 3003 WHEN NOT MATCHED THEN INSERT VALUES (2026, 3, 'free', 3001);
MERGE INTO erp.line l USING (VALUES (8)) n (no) ON l.line_no = n.no WHEN MATCHED THEN UPDATE SET account = 3003, year = 2026 WHEN NOT MATCHED THEN INSERT VALUES (2026, 8, 'free', 3001);
SELECT * FROM erp.line ORDER BY 1, 2;

\set QUIET 1
SET client_min_messages = warning;
DROP SCHEMA erp CASCADE;
\i :leave
