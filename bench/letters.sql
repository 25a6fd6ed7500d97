-- letters.sql: a run that sends :letters letters, against writing the same rows
-- by INSERT … SELECT, and the same UPDATE, into copies of the tables with the
-- same indexes, without triggers and foreign keys.
SET client_min_messages = warning;
SELECT bench.day(:day) + 5 AS as_of, clock_timestamp() AS began \gset
CALL reminder.run(:'as_of', 1);
SELECT format('letters|%s', round(extract(epoch FROM clock_timestamp() - :'began') * 1000, 1));
SELECT format('memory|%s', bench.memory_mb());

CREATE TABLE IF NOT EXISTS bench.decision (LIKE reminder.decision INCLUDING ALL);
CREATE TABLE IF NOT EXISTS bench.collection_case (LIKE reminder.collection_case INCLUDING ALL);
SELECT to_regclass('bench.position') IS NULL AS first \gset
\if :first
CREATE TABLE bench.position (LIKE reminder.position INCLUDING ALL);
INSERT INTO bench.position SELECT * FROM reminder.position;
\endif
CREATE TABLE bench.d AS SELECT * FROM reminder.decision WHERE as_of = :'as_of' ORDER BY creditor_id, invoice_no;
CREATE TABLE bench.k AS SELECT * FROM reminder.collection_case WHERE opened_on = :'as_of' ORDER BY creditor_id, invoice_no;
CREATE TABLE bench.p AS SELECT p.* FROM reminder.position p JOIN bench.d USING (creditor_id, invoice_no) ORDER BY creditor_id, invoice_no;
-- the places as they were before the run
DELETE FROM bench.position b USING bench.p WHERE b.creditor_id = p.creditor_id AND b.invoice_no = p.invoice_no;
INSERT INTO bench.position (creditor_id, invoice_no, rule_no, passed, base_date)
SELECT creditor_id, invoice_no, rule_no, 0, bench.day(:day) FROM bench.p;
VACUUM ANALYZE bench.position;
ANALYZE bench.d, bench.k, bench.p;
SELECT format('writing|%s', bench.ms($$
  INSERT INTO bench.decision SELECT * FROM bench.d;
  INSERT INTO bench.collection_case SELECT * FROM bench.k;
  UPDATE bench.position p SET passed = x.passed, base_date = x.base_date, letter_date = x.letter_date, charged = x.charged, waiting_for = x.waiting_for
  FROM bench.p x WHERE p.creditor_id = x.creditor_id AND p.invoice_no = x.invoice_no
$$));
DROP TABLE bench.d, bench.k, bench.p;
