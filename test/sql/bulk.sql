-- One statement of many rows: more than a batch of the triggers takes (20,000
-- new invoices, 50,000 losses), and more than fits into work_mem, so that the
-- transition tables come from disk. Every row counts, the last one too.
\set name regress_bulk
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.customer(1, 'C');
CALL t.customer(1, 'none');
SELECT reminder.block_customers(1, ARRAY['none']) \g /dev/null
SET work_mem = '64kB';
\echo '# every invoice takes its place'
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, to_char(n, 'FM00000'), CASE WHEN n % 1000 = 0 THEN 'none' ELSE 'C' END, '2026-02-01', '2026-12-01', 'SEK', n
FROM (SELECT n FROM generate_series(1, 50001) n ORDER BY md5(n::text)) n;
SELECT count(*), count(DISTINCT invoice_no), count(*) FILTER (WHERE rule_no = 0) AS without_rule, min(base_date), max(base_date) FROM reminder.position;
\echo '# of 50,001 losses the last in order of number is refused, and so are all'
CALL t.invoice(1, '99999', 'C', '2026-03-02');
CALL reminder.run('2026-03-07');
SELECT invoice_no, stage, state FROM reminder.case_status;
CREATE FUNCTION t.lose(last text) RETURNS text LANGUAGE sql AS $$
  SELECT t.try(format('INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount)
    SELECT 1, i.invoice_no, i.invoice_no, ''doubtful'', ''2026-03-08'', 1 FROM reminder.invoice i WHERE i.invoice_no <= %L ORDER BY i.invoice_no', last))
$$;
SELECT t.lose('99999');
SELECT count(*) FROM reminder.credit_loss;
\echo '# without it they are all booked; reversed; and the one again, in an UPDATE of all'
SELECT t.lose('50001');
SELECT count(*) FROM reminder.credit_loss;
UPDATE reminder.credit_loss SET reversed_on = '2026-03-09';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, reversed_on, amount) VALUES (1, '99999', 'z', 'doubtful', '2026-03-01', '2026-03-02', 1);
SELECT t.try('UPDATE reminder.credit_loss SET reversed_on = NULL');
SELECT count(*) FROM reminder.credit_loss WHERE reversed_on IS NULL;
\echo '# every payment counts, and so does every bounce'
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
SELECT 1, i.invoice_no, i.invoice_no, '2026-03-10', i.open_amount FROM reminder.invoice i ORDER BY md5(i.invoice_no);
SELECT count(*), sum(open_amount) FROM reminder.invoice;
SELECT count(*) FROM reminder.position;
UPDATE reminder.payment SET bounced_on = '2026-03-12' WHERE payment_no > '00001';
SELECT count(*), sum(open_amount) FROM reminder.invoice WHERE open_amount > 0;
SELECT count(*) FROM reminder.position;
SELECT * FROM reminder.check();
\i test/sql/include/ladder_end.sql
