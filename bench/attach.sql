-- attach.sql: an application's own table, attached: what taking in the book
-- costs against the same INSERT ... SELECT, what its own INSERT of invoices
-- costs against the two INSERTs by hand, and what an UPDATE of a column that
-- does not matter costs more, with three indexes and bare.
SET client_min_messages = warning;
SELECT NOT EXISTS (SELECT FROM reminder.creditor WHERE creditor_id = 3) AS first \gset
\set map '{"invoice_no": "invoice_no", "customer_no": "customer_no", "invoice_date": "invoice_date", "due_date": "due_date", "currency": "currency", "amount": "amount"}'
\set columns 'invoice_no, customer_no, invoice_date, due_date, currency, amount'
\if :first
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (3, 1, 'Attached AB', '5402-9681', 'Goods');
SELECT reminder.add_preset(3, 'amili') \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT 3, customer_no, name, kind FROM reminder.customer WHERE creditor_id = 1;
CREATE TABLE bench.app (id bigint PRIMARY KEY, invoice_no text, customer_no text, invoice_date date, due_date date, currency text, amount numeric(14,2), note text);
INSERT INTO bench.app SELECT row_number() OVER (), :columns, 'n' FROM bench.book;
CREATE TABLE bench.new AS SELECT id, 'N' || invoice_no AS invoice_no, customer_no, invoice_date, due_date, currency, amount, note FROM bench.app WHERE id <= :attached;
CREATE TABLE bench.hand (LIKE bench.app INCLUDING ALL);
CREATE TABLE bench.indexed (LIKE bench.app INCLUDING ALL);
CREATE INDEX ON bench.indexed (invoice_no);
CREATE INDEX ON bench.indexed (customer_no);
INSERT INTO bench.indexed SELECT * FROM bench.new;
CREATE TABLE bench.lone (LIKE bench.app INCLUDING ALL);
INSERT INTO bench.lone SELECT * FROM bench.new;
VACUUM ANALYZE bench.app, bench.new, bench.indexed, bench.lone, reminder.customer;
\endif

-- The book is taken in.
BEGIN;
SELECT format('attach_base|%s', bench.ms(format('INSERT INTO reminder.invoice (creditor_id, %s) SELECT 3, %1$s FROM bench.app', :'columns')));
ROLLBACK;
VACUUM reminder.invoice, reminder.position;
BEGIN;
SELECT format('attach|%s', bench.ms(format('SELECT reminder.attach(''invoice'', ''bench.app'', 3, %L)', :'map')));
ROLLBACK;
VACUUM reminder.invoice, reminder.position;

-- The application writes invoices.
BEGIN;
SELECT format('attached_base|%s', bench.ms('INSERT INTO bench.hand SELECT * FROM bench.new')
  + bench.ms(format('INSERT INTO reminder.invoice (creditor_id, %s) SELECT 3, %1$s FROM bench.new', :'columns')));
ROLLBACK;
VACUUM bench.hand, reminder.invoice, reminder.position;
SELECT reminder.attach('invoice', 'bench.hand', 3, :'map') \g /dev/null
BEGIN;
SELECT format('attached|%s', bench.ms('INSERT INTO bench.hand SELECT * FROM bench.new'));
ROLLBACK;
SELECT reminder.detach('bench.hand') \g /dev/null
VACUUM bench.hand, reminder.invoice, reminder.position;

-- It changes what does not matter, in a session that has met the table. The
-- invoices need not be here for that.
\set only '{"invoice_no": "invoice_no", "customer_no": "customer_no", "invoice_date": "invoice_date", "due_date": "due_date", "currency": "currency", "amount": "amount", "where": "amount < 0"}'
BEGIN;
UPDATE bench.indexed SET note = 'n' WHERE id = 1;
SELECT format('indexed_base|%s', bench.ms($$UPDATE bench.indexed SET note = 'm'$$));
ROLLBACK;
VACUUM FULL bench.indexed;
BEGIN;
UPDATE bench.lone SET note = 'n' WHERE id = 1;
SELECT format('lone_base|%s', bench.ms($$UPDATE bench.lone SET note = 'm'$$));
ROLLBACK;
VACUUM FULL bench.lone;
SELECT reminder.attach('invoice', 'bench.indexed', 3, :'only'), reminder.attach('invoice', 'bench.lone', 3, :'only') \g /dev/null
BEGIN;
UPDATE bench.indexed SET note = 'n' WHERE id = 1;
SELECT format('indexed|%s', bench.ms($$UPDATE bench.indexed SET note = 'm'$$));
ROLLBACK;
VACUUM FULL bench.indexed;
BEGIN;
UPDATE bench.lone SET note = 'n' WHERE id = 1;
SELECT format('lone|%s', bench.ms($$UPDATE bench.lone SET note = 'm'$$));
ROLLBACK;
VACUUM FULL bench.lone;
SELECT format('lone_rows|%s', count(*)) FROM bench.lone;
SELECT reminder.detach('bench.indexed'), reminder.detach('bench.lone') \g /dev/null
