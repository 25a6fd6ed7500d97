-- losses.sql: :losses credit losses of random invoices: what the guard alone
-- costs over no trigger, against what one built-in foreign key costs.
-- The guard finds the invoices beside the table it stands on, so its table is
-- the real one, emptied each time by a rollback.
SET client_min_messages = warning;
SELECT to_regclass('bench.loss') IS NULL AS first \gset
\if :first
CREATE TABLE bench.loss AS
SELECT b.creditor_id, b.invoice_no, 'L' || n AS loss_no, 'confirmed'::text AS kind, date '2027-01-01' AS booked_on, b.amount
FROM (SELECT b.*, row_number() OVER (ORDER BY md5(invoice_no)) AS n FROM bench.book b
      WHERE NOT EXISTS (SELECT FROM reminder.decision d WHERE d.creditor_id = 1 AND d.invoice_no = b.invoice_no)) b
WHERE n <= :losses;
-- as many times over as it takes
INSERT INTO bench.loss SELECT creditor_id, invoice_no, 'M' || loss_no, kind, booked_on, amount FROM bench.loss
LIMIT greatest(:losses - (SELECT count(*) FROM bench.loss), 0);
CREATE TABLE bench.bare (LIKE reminder.credit_loss INCLUDING ALL);
CREATE TABLE bench.referring (LIKE reminder.credit_loss INCLUDING ALL);
ALTER TABLE bench.referring ADD FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice;
ALTER EVENT TRIGGER reminder_drop DISABLE;
ALTER TABLE reminder.credit_loss DROP CONSTRAINT credit_loss_invoice_fkey;
VACUUM ANALYZE bench.loss;
\endif
-- whoever comes second finds the invoices as the first has left them
SELECT :n % 2 = 0 AS guard_first, $$INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) SELECT * FROM bench.loss$$ AS guard,
       $$INSERT INTO bench.referring (creditor_id, invoice_no, loss_no, kind, booked_on, amount) SELECT * FROM bench.loss$$ AS key \gset
BEGIN;
SELECT format('loss_bare|%s', bench.ms($$INSERT INTO bench.bare (creditor_id, invoice_no, loss_no, kind, booked_on, amount) SELECT * FROM bench.loss$$));
ROLLBACK;
\if :guard_first
BEGIN;
SELECT format('loss_guard|%s', bench.ms(:'guard'));
ROLLBACK;
\endif
BEGIN;
SELECT format('loss_key|%s', bench.ms(:'key'));
ROLLBACK;
\if :guard_first
\else
BEGIN;
SELECT format('loss_guard|%s', bench.ms(:'guard'));
ROLLBACK;
\endif
VACUUM bench.bare, bench.referring, reminder.credit_loss;
