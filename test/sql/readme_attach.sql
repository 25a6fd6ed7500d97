-- On your own tables, as the README prints it: from a plain table of invoices to
-- a loss booking that is refused (A1, A2, G1). test/t/readme.pl compares.
\set name regress_readme_attach
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
DELETE FROM reminder.account;
-- the application's, before anybody thought of reminders
CREATE TABLE invoices (id bigint PRIMARY KEY, customer text NOT NULL, issued date, due date, total numeric(12,2), paid numeric(12,2) NOT NULL DEFAULT 0, paid_on date, state text NOT NULL DEFAULT 'sent');
INSERT INTO invoices VALUES
  (4711, 'Berg & Co AB', '2026-09-01', '2026-10-01', 1250.00, 0, NULL, 'sent'),
  (4712, 'Cykelgruppen AB', '2026-09-03', '2026-10-03', 18000.00, 10000.00, '2026-10-02', 'sent'),
  (4713, 'Berg & Co AB', '2026-09-03', '2026-10-03', 940.00, 940.00, '2026-10-01', 'sent'),
  (4714, 'Dahl AB', NULL, NULL, 300.00, 0, NULL, 'draft');
CREATE TABLE bookings (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, invoice bigint, account text NOT NULL, amount numeric(12,2) NOT NULL);
\pset footer on
\pset null ''
\set ECHO all
-- Your tables, as they are: invoices, and the bookings on them.
SELECT * FROM invoices ORDER BY id;
-- Who collects, and how.
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Nordic Bikes');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro) VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681');
SELECT reminder.add_preset(1, 'amili'), reminder.activate(1, confirm => true);
-- What your columns are.
SELECT reminder.attach('customer', 'invoices', 1, '{"customer_no": "customer", "name": "customer"}');
SELECT reminder.attach('invoice', 'invoices', 1, '{"invoice_no": "id", "customer_no": "customer", "invoice_date": "issued", "due_date": "due",
  "amount": "total", "open_amount": "total - paid", "paid_on": "coalesce(paid_on, issued)", "where": "state <> ''draft''"}');
-- Which of your bookings are losses.
CREATE INDEX ON bookings (invoice);
SELECT reminder.protect('bookings', 'invoice', 'loss', $$account IN ('1515', '6351')$$, 1);
-- That is all. A run reminds of what is late.
CALL reminder.run('2026-10-10', 1);
SELECT invoice_no, stage, letter_date, deadline, principal, interest, fee, to_pay FROM reminder.letter_list ORDER BY 1;
-- And a loss on what is being collected is refused.
INSERT INTO bookings (invoice, account, amount) VALUES (4712, '6351', 8000.00);
-- Your statements stay what they were.
UPDATE invoices SET paid = total, paid_on = '2026-10-14' WHERE id = 4711;
SELECT invoice_no, open_amount, status, last_event, last_event_on FROM reminder.invoice_status ORDER BY 1;
SELECT reminder.withdraw(1, '4712', 'customer is insolvent', '2026-10-15');
INSERT INTO bookings (invoice, account, amount) VALUES (4712, '6351', 8000.00);
SELECT kind, action, relation, state FROM reminder.attachments ORDER BY 1, 2;
\set ECHO none
\i test/sql/include/ladder_end.sql
