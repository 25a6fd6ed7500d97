-- copy.sql: COPY of the whole book into the invoices with every trigger on,
-- against the same table with its constraints and without our triggers.
SET client_min_messages = warning;
SELECT format('%s/bench_book.copy', coalesce(nullif(current_setting('data_directory'), ''), '/tmp')) AS file \gset
SELECT format('COPY (SELECT 2, invoice_no, customer_no, invoice_date, due_date, currency, amount FROM bench.book) TO %L', :'file') \gexec
SELECT NOT EXISTS (SELECT FROM reminder.creditor WHERE creditor_id = 2) AS first \gset
\if :first
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (2, 1, 'Copy AB', '5402-9681', 'Goods');
SELECT reminder.add_preset(2, 'amili') \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT 2, customer_no, name, kind FROM reminder.customer WHERE creditor_id = 1;
CREATE TABLE bench.copied (LIKE reminder.invoice INCLUDING ALL);
ALTER TABLE bench.copied ADD FOREIGN KEY (creditor_id, customer_no) REFERENCES reminder.customer, ALTER open_amount DROP NOT NULL;
\endif
VACUUM ANALYZE reminder.customer;
BEGIN;
SELECT format('copying|%s', bench.ms(format('COPY reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) FROM %L', :'file')));
ROLLBACK;
VACUUM reminder.invoice, reminder.position;
BEGIN;
SELECT format('copy_base|%s', bench.ms(format('COPY bench.copied (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) FROM %L', :'file')));
ROLLBACK;
VACUUM bench.copied;
