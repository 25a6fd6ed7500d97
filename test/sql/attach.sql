-- An application's own tables, attached: what is there is taken in, what
-- changes follows in the same transaction, and detaching leaves no trace (A1).
\set ON_ERROR_STOP off
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT reminder.install();
CREATE ROLE attach_shop;
SELECT reminder.grant_role('administrator', 'attach_shop');
CREATE SCHEMA shop AUTHORIZATION attach_shop;
INSERT INTO reminder.account VALUES (1, 'Shop');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, sender_address) VALUES
  (1, 1, 'Svea', '5402-9681', 'Gatan 1'), (2, 1, 'Göta', '5402-9681', 'Gatan 2');

SET ROLE attach_shop;
CREATE TABLE shop.customer (id bigint PRIMARY KEY, full_name text NOT NULL, company boolean NOT NULL, mail text, note text);
CREATE TABLE shop.invoice (
  id bigint PRIMARY KEY, number varchar(20) UNIQUE, customer_id bigint REFERENCES shop.customer,
  issued date, due date, total numeric, status text DEFAULT 'open', note text);
INSERT INTO shop.customer SELECT g, 'Kund ' || g, g % 2 = 0 FROM generate_series(1, 5) g;
INSERT INTO shop.invoice SELECT g, 'F' || g, g % 5 + 1, '2026-01-01', '2026-01-31', g * 10 FROM generate_series(1, 10) g;
INSERT INTO shop.invoice VALUES (11, 'F11', 1, '2026-01-02', '2026-02-01', 110, 'draft');
CREATE VIEW shop.mirrored AS
  SELECT i.invoice_no, i.customer_no, i.kind, i.invoice_date, i.due_date, i.currency, i.amount, i.open_amount FROM reminder.invoice i;
RESET ROLE;
GRANT SELECT ON reminder.invoice, reminder.customer, reminder.attachments TO attach_shop;
SET ROLE attach_shop;

-- What is there is taken in.
SELECT reminder.attach('customer', 'shop.customer', 1,
  '{"customer_no": "id", "name": "full_name", "kind": {"expression": "company", "values": {"true": "company", "false": "person"}}, "email": "mail"}');
SELECT reminder.attach('invoice', 'shop.invoice', 1,
  '{"invoice_no": "number", "customer_no": "customer_id", "invoice_date": "issued", "due_date": "due", "amount": "total", "where": "status <> ''draft''"}');
SELECT customer_no, name, kind, email FROM reminder.customer ORDER BY 1;
SELECT * FROM shop.mirrored ORDER BY 1;
SELECT attachment_no, kind, action, relation, creditor_id, map, state FROM reminder.attachments ORDER BY 1;

-- What changes follows.
INSERT INTO shop.customer VALUES (6, 'Kund 6', true, 'a@example.com', 'x');
INSERT INTO shop.invoice VALUES (12, 'F12', 6, '2026-01-03', '2026-02-02', 12.50), (13, 'F13', 6, '2026-01-03', '2026-02-02', 13, 'draft');
UPDATE shop.invoice SET note = 'seen';
UPDATE shop.invoice SET total = total + 1 WHERE id IN (1, 2);
UPDATE shop.invoice SET status = 'draft' WHERE id = 3;
UPDATE shop.invoice SET status = 'open' WHERE id = 11;
UPDATE shop.invoice SET number = 'G4' WHERE id = 4;
UPDATE shop.invoice SET id = 105 WHERE id = 5;
DELETE FROM shop.invoice WHERE id = 6;
UPDATE shop.customer SET full_name = 'Kund Sju' WHERE id = 2;
INSERT INTO shop.invoice VALUES (7, 'F7', 1, '2026-01-01', '2026-01-31', 71), (14, 'F14', 1, '2026-01-04', '2026-02-03', 14)
ON CONFLICT (id) DO UPDATE SET total = excluded.total;
SELECT * FROM shop.mirrored ORDER BY 1;
BEGIN; DELETE FROM shop.invoice; SELECT count(*) FROM reminder.invoice; ROLLBACK;
SELECT count(*) FROM reminder.invoice;
TRUNCATE shop.invoice;

RESET ROLE;
SELECT * FROM reminder.check();
SET ROLE attach_shop;
SELECT reminder.detach('shop.invoice');
SELECT reminder.detach('shop.invoice');
SELECT reminder.detach('shop.customer');
RESET ROLE;
SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger t WHERE t.tgname LIKE 'reminder%';
SELECT c.relname FROM pg_class c WHERE c.relname ~ '^attached_';
SELECT count(*) FROM reminder.invoice;
DROP SCHEMA shop CASCADE;
DROP OWNED BY attach_shop;
DROP ROLE attach_shop;
