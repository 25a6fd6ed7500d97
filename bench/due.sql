-- due.sql: one run that meets :due invoices, in a book of any size, in a
-- session that has met its pages before: or what is measured is how the kernel
-- maps a large book into a new process.
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM (SELECT i.invoice_date FROM reminder.invoice i UNION ALL SELECT p.base_date FROM reminder.position p) heaps \g /dev/null
SELECT count(*) FROM reminder.customer \g /dev/null
SET enable_seqscan = off;
SET enable_bitmapscan = off;
SELECT count(invoice_no) FROM reminder.invoice WHERE creditor_id = 1 \g /dev/null
SELECT count(customer_no) FROM reminder.customer WHERE creditor_id = 1 \g /dev/null
SELECT count(invoice_no) FROM reminder.position WHERE creditor_id = 1 \g /dev/null
SELECT count(base_date) FROM reminder.position WHERE creditor_id = 1 AND rule_no > 0 AND passed >= 0 \g /dev/null
RESET ALL;
SET client_min_messages = warning;
SELECT bench.day(:day) + 5 AS as_of, clock_timestamp() AS began \gset
CALL reminder.run(:'as_of', 1);
SELECT format('%s|%s', :'name', round(extract(epoch FROM clock_timestamp() - :'began') * 1000, 1));
