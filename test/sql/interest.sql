-- Late interest that the law tables have no answer for is an error (55R05) that
-- says what is missing and what to do; and other questions that have none.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_interest
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
\t
\a

SELECT t.show($$
  SELECT reminder.late_interest('DK', 'company', 100, '2026-06-29', '2026-07-01')
  SELECT reminder.late_interest('DE', 'person', 100, '2015-06-29', '2016-07-10')
  SELECT reminder.late_interest('EU', 'company', 100, '2025-06-29', '2025-07-10')
  SELECT reminder.late_interest('FI', 'company', 100, '2013-01-31', '2013-07-10')
  SELECT reminder.interest_statement('SE', 'company', 100, '2026-12-31', '2027-01-01')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-05-30')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', 'infinity')
  SELECT reminder.late_interest('SE', 'company', 100, '-infinity', '2025-05-31')
  SELECT reminder.late_interest('SE', 'company', 100, '0044-03-15 BC', '2025-05-31')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '20000-01-01')
  SELECT reminder.late_interest('SE', 'company', 100, NULL, '2025-05-31')
  SELECT reminder.late_interest('SE', 'company', -100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', -0.01, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', 'NaN', '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', 1e12, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', 1e13, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', 1e300, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', 0.001, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', NULL, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('Sweden', 'company', 100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest(repeat('S', 1048576), 'company', 100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest(NULL, 'company', 100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'customer', 100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'any', 100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest(E'S\xff', 'company', 100, '2025-05-31', '2025-09-30')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{2025-06-01}', '{}')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{NULL}', '{1}')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{2025-06-01}', '{-1}')
  SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{{2025-06-01}}', '{{1}}')
$$);
-- Principals as rows hold them: packed, whole, compressed, and kept elsewhere.
CREATE TABLE t.principal (n integer, principal numeric, elsewhere numeric);
ALTER TABLE t.principal ALTER elsewhere SET STORAGE EXTERNAL;
INSERT INTO t.principal VALUES (1, 10000, 10000.00), (2, 999999999999.99, 0.01), (3, 0, 0.00), (4, repeat('9', 50000)::numeric, repeat('9', 50000)::numeric), (5, 'NaN', -1);
SELECT pg_column_size(principal) BETWEEN 100 AND 10000, pg_column_size(elsewhere) > 20000 FROM t.principal WHERE n = 4;
SELECT reminder.late_interest('SE', 'company', principal, '2025-05-31', '2025-09-30'), reminder.late_interest('SE', 'company', elsewhere, '2025-05-31', '2025-09-30'),
       reminder.late_interest('SE', 'company', principal + elsewhere - elsewhere, '2025-05-31', '2025-09-30')
FROM t.principal WHERE n < 4 ORDER BY n;
SELECT t.show($$
  SELECT reminder.late_interest('SE', 'company', principal, '2025-05-31', '2025-09-30') FROM t.principal WHERE n = 4
  SELECT reminder.late_interest('SE', 'company', elsewhere, '2025-05-31', '2025-09-30') FROM t.principal WHERE n = 4
  SELECT reminder.late_interest('SE', 'company', principal, '2025-05-31', '2025-09-30') FROM t.principal WHERE n = 5
  SELECT reminder.late_interest('SE', 'company', elsewhere, '2025-05-31', '2025-09-30') FROM t.principal WHERE n = 5
$$);
-- The hints, done, are the way out.
BEGIN;
INSERT INTO reminder.reference_rate (jurisdiction, valid_from, rate_percent, kind, confidence, source) VALUES ('DK', '2026-07-01', 2.00, 'reference', 'sourced', 'read here');
SELECT reminder.late_interest('DK', 'company', 36500, '2026-06-30', '2026-07-01');
UPDATE reminder.reference_rate SET confidence = 'sourced', source = 'read there' WHERE jurisdiction = 'DE' AND valid_from BETWEEN '2015-01-01' AND '2016-01-01';
SELECT reminder.late_interest('DE', 'person', 36500, '2015-06-30', '2015-07-01');
ROLLBACK;
SELECT t.show($$
  SELECT reminder.late_interest('DK', 'company', 36500, '2026-06-30', '2026-07-01')
$$);
\i :leave
