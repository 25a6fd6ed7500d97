-- What is done to many rows in one statement costs what the rows cost, not
-- their square: also where a table passes for small, and where the session
-- has planned the statement for one row before. Each takes a second or two;
-- it took from half a minute on.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_growth
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'I' || n, CASE n % 2 WHEN 0 THEN 'C' ELSE 'P' END, '2026-01-02', '2026-02-02', 'SEK', 1000 FROM generate_series(1, 20000) n;
CALL reminder.run('2026-02-07', 1);
CALL reminder.run('2026-03-02', 1);
SET statement_timeout = '15s';

\echo '# M1: payments of principal and costs; bounced, put right, and deleted'
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
SELECT 1, 'P' || n, 'I' || n, '2026-03-03', 1200 FROM generate_series(1, 20000) n;
UPDATE reminder.payment SET bounced_on = '2026-03-05';
UPDATE reminder.payment SET bounced_on = NULL;
SELECT count(*), sum(principal) AS principal, sum(fee) AS fee, sum(overpaid) AS overpaid, sum(rounded_off) AS rounded_off FROM reminder.allocation;
DELETE FROM reminder.payment;
SELECT count(*), sum(open_amount) AS open FROM reminder.invoice;

\echo '# B4: letters taken back one by one, of customers who have many others'
SELECT count(reminder.take_back_letter(1, 'I' || n, 'too soon', '2026-03-05')) FROM generate_series(1, 1000) n;

\echo '# R5: one customer, then many'
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT 1, 'X' || n, 'X', 'company' FROM generate_series(1, 20000) n;
SELECT reminder.block_customers(1, ARRAY['C']);
SELECT reminder.block_customers(1, array_agg('X' || n)) FROM generate_series(1, 20000) n;

\echo '# B6, V8: one letter for many invoices, given back, claimed again and tried again'
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 2 AND stage <> 'monitoring';
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 2, 'E' || n, 'C', '2026-01-02', '2026-02-02', 'EUR', 1000 FROM generate_series(1, 4000) n;
CALL reminder.run('2026-03-05', 2);
SELECT invoice_no, jsonb_array_length(lines) AS lines, fee FROM reminder.claim_letters(creditor_id => 2);
SELECT reminder.release_letters(ARRAY['2-E1-10-1']);
SELECT attempt, jsonb_array_length(lines) AS lines FROM reminder.claim_letters(creditor_id => 2);
SELECT outcome FROM reminder.fail_letters(ARRAY['2-E1-10-1'], 'no paper', '2026-03-05', '1 second');
SELECT outcome FROM reminder.confirm_letters(ARRAY['2-E1-10-1'], '2026-03-05');

RESET statement_timeout;
\i :leave
