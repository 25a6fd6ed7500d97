-- book.sql: a book of :invoices invoices of one creditor, the same each time.
-- No two amounts are alike; which invoices fall due together is scattered over
-- the book. Days 0 to 9 have :due invoices each, days 10 to 19 :letters each,
-- as far as the book reaches; the rest falls due after them, over ten years.
SET client_min_messages = warning;
CREATE EXTENSION reminder;
SELECT reminder.install() \g /dev/null
CREATE SCHEMA bench;
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Bench');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (1, 1, 'Bench AB', '5402-9681', 'Goods');
SELECT reminder.add_preset(1, 'amili') \g /dev/null
-- Each run meets one step only: demands are out of the way.
UPDATE reminder.rule_step SET term = 1000 WHERE stage = 'reminder';
SELECT reminder.activate(1, confirm => true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind)
SELECT 1, 'K' || lpad(k::text, 7, '0'), 'Customer ' || k, CASE k % 2 WHEN 0 THEN 'company' ELSE 'person' END
FROM generate_series(1, :customers) k;

CREATE FUNCTION bench.day(n bigint) RETURNS date IMMUTABLE LANGUAGE sql AS
$$ SELECT date '2024-09-02' + (n / 5 * 7 + n % 5)::integer $$;
CREATE TABLE bench.book AS
SELECT 1::bigint AS creditor_id, 'F' || lpad(i::text, 8, '0') AS invoice_no,
       'K' || lpad((1 + i::bigint * 104729 % :customers)::text, 7, '0') AS customer_no,
       due_date - 30 AS invoice_date, due_date, 'SEK'::text AS currency, round(100 + i * 0.07, 2) AS amount
FROM (
  SELECT i, CASE WHEN place < 10 * :due THEN bench.day(place / :due)
                 WHEN place < 10 * :due + least(10 * :letters, :invoices * 6 / 10) THEN bench.day(10 + (place - 10 * :due) / :letters)
                 ELSE date '2026-01-01' + (place % 3650)::integer END AS due_date
  FROM (SELECT i, i::bigint * 48271 % :invoices AS place FROM generate_series(1, :invoices) i) p) d;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount FROM bench.book;

-- Runs a statement and gives its milliseconds.
CREATE FUNCTION bench.ms(statement text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
  _began timestamptz := clock_timestamp();
BEGIN
  EXECUTE statement;
  RETURN round(extract(epoch FROM clock_timestamp() - _began) * 1000, 1);
END $$;

-- The most memory of its own that the backend has had so far, in MB: what it
-- ever had in all, less what it shares.
CREATE FUNCTION bench.memory_mb() RETURNS numeric LANGUAGE sql AS $$
  SELECT round(sum(CASE WHEN line LIKE 'VmHWM%' THEN kb ELSE -kb END) / 1024, 1)
  FROM regexp_split_to_table(pg_read_file('/proc/self/status'), '\n') line,
  LATERAL (SELECT substring(line FROM '(\d+) kB')::numeric AS kb) k
  WHERE line ~ '^(VmHWM|RssFile|RssShmem)'
$$;
VACUUM ANALYZE;
