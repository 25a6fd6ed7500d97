-- An application's own tables, attached: what is there is taken in, what
-- changes follows in the same transaction, and detaching leaves no trace (A1).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_attach
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

SET client_min_messages = error;
CREATE ROLE attach_shop;
SELECT reminder.grant_role('administrator', 'attach_shop') \g /dev/null
GRANT USAGE ON SCHEMA t TO attach_shop;
GRANT SELECT ON reminder.customer, reminder.settled_before TO attach_shop;
CREATE SCHEMA shop AUTHORIZATION attach_shop;
SET client_min_messages = warning;
SET ROLE attach_shop;
CREATE TABLE shop.customer (id bigint PRIMARY KEY, full_name text NOT NULL, company boolean NOT NULL, mail text, note text);
CREATE TABLE shop.invoice (
  id bigint PRIMARY KEY, number varchar(20) UNIQUE, customer_id bigint REFERENCES shop.customer,
  issued date, due date, total numeric, status text DEFAULT 'open', note text);
INSERT INTO shop.customer SELECT g, 'Kund ' || g, g % 2 = 0 FROM generate_series(1, 5) g;
INSERT INTO shop.invoice SELECT g, 'F' || g, g % 5 + 1, '2026-01-01', '2026-01-31', g * 10 FROM generate_series(1, 10) g;
INSERT INTO shop.invoice VALUES (11, 'F11', 1, '2026-01-02', '2026-02-01', 110, 'draft');
CREATE TEMP VIEW invoices AS
SELECT invoice_no AS no, customer_no AS customer, kind, invoice_date, due_date, currency, amount, open_amount AS open FROM reminder.invoice
ORDER BY creditor_id, invoice_no COLLATE "C";

-- What is there is taken in; values of the application's become ours; rows are filtered.
SELECT reminder.attach('customer', 'shop.customer', 1,
  '{"customer_no": "id", "name": "full_name", "kind": {"expression": "company", "values": {"true": "company", "false": "person"}}, "email": "mail"}');
SELECT reminder.attach('invoice', 'shop.invoice', 1,
  '{"invoice_no": "number", "customer_no": "customer_id", "invoice_date": "issued", "due_date": "due", "amount": "total", "where": "status <> ''draft''"}');
SELECT customer_no, name, kind, email FROM reminder.customer WHERE customer_no ~ '^\d' ORDER BY 1;
SELECT * FROM invoices;
SELECT attachment_no AS no, kind, action, relation, creditor_id, map, state FROM reminder.attachments ORDER BY 1;

-- What changes follows: new rows, mapped columns, others, rows into and out of the filter, numbers, keys, deletions.
INSERT INTO shop.customer VALUES (6, 'Kund 6', true, 'a@example.com', 'x');
INSERT INTO shop.invoice VALUES (12, 'F12', 6, '2026-01-03', '2026-02-02', 12.50), (13, 'F13', 6, '2026-01-03', '2026-02-02', 13, 'draft');
UPDATE shop.invoice SET note = 'seen';
UPDATE shop.invoice SET total = total + 1 WHERE id IN (1, 2);
UPDATE shop.invoice SET status = 'draft' WHERE id = 3;
UPDATE shop.invoice SET status = 'open' WHERE id = 11;
UPDATE shop.invoice SET number = 'G4' WHERE id = 4;
UPDATE shop.invoice SET id = 105 WHERE id = 5;
UPDATE shop.invoice SET due = due + 1 WHERE id = 105;
DELETE FROM shop.invoice WHERE id = 6;
UPDATE shop.customer SET full_name = 'Kund Två' WHERE id = 2;
INSERT INTO shop.invoice VALUES (7, 'F7', 1, '2026-01-01', '2026-01-31', 71), (14, 'F14', 1, '2026-01-04', '2026-02-03', 14)
ON CONFLICT (id) DO UPDATE SET total = excluded.total;
WITH gone AS (DELETE FROM shop.invoice WHERE id = 8 RETURNING *), new AS (INSERT INTO shop.customer VALUES (7, 'Kund 7', true) RETURNING id)
INSERT INTO shop.invoice SELECT 15, 'F15', new.id, gone.issued, gone.due, gone.total FROM gone, new;
COPY shop.invoice (id, number, customer_id, issued, due, total) FROM stdin;
16	F16	7	2026-01-05	2026-02-04	16
17	F17	7	2026-01-05	2026-02-04	17
\.
SELECT * FROM invoices;
SELECT customer_no, name FROM reminder.customer WHERE customer_no IN ('2', '7') ORDER BY 1;
BEGIN;
DELETE FROM shop.invoice;
SELECT count(*) FROM invoices;
ROLLBACK;
SELECT count(*) FROM invoices;

-- What our tables refuse, the application's statement is refused.
RESET ROLE;
CREATE FUNCTION t.as_shop(statements text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL ROLE attach_shop;
  RETURN QUERY SELECT t.show(statements);
  RESET ROLE;
END
$$;
SELECT t.as_shop($$
TRUNCATE shop.invoice
INSERT INTO shop.invoice VALUES (20, 'F20', 1, '2026-01-05', '2026-01-04', 1)
INSERT INTO shop.invoice VALUES (20, repeat('9', 20), 1, '2026-01-05', '2026-02-04', -1)
UPDATE shop.invoice SET number = NULL WHERE id = 1
UPDATE shop.invoice SET total = 'NaN' WHERE id = 1
UPDATE shop.invoice SET total = 1e15 WHERE id = 1
UPDATE shop.invoice SET due = 'infinity' WHERE id = 1
$$);

-- Several tables of a kind, and the same number from two of them.
SET ROLE attach_shop;
CREATE TABLE shop.old_invoice (no text PRIMARY KEY, amount text, paid boolean, paid_day date, creditor bigint);
INSERT INTO shop.old_invoice VALUES ('O1', '100.00', false, NULL, 1), ('O2', '50', true, '2026-01-15', 1);
SELECT reminder.attach('invoice', 'shop.old_invoice', NULL,
  '{"creditor_id": "creditor", "invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''",
    "amount": "amount", "open_amount": "CASE WHEN paid THEN 0 ELSE amount::numeric END", "paid_on": "paid_day", "kind": "''invoice''", "external_collection": false}');
CREATE TEMP VIEW paid AS
SELECT i.invoice_no AS no, i.amount, i.open_amount AS open, b.amount AS before, p.payment_no, p.paid_on, p.amount AS paid, p.bounced_on
FROM reminder.invoice i LEFT JOIN reminder.settled_before b USING (creditor_id, invoice_no) LEFT JOIN reminder.payment p USING (creditor_id, invoice_no)
WHERE i.invoice_no ~ '^[OR]' ORDER BY i.invoice_no, p.payment_no;
SELECT * FROM paid;
UPDATE shop.old_invoice SET paid = true, paid_day = '2026-02-01' WHERE no = 'O1';
SELECT * FROM paid;
UPDATE shop.old_invoice SET paid = false;
SELECT * FROM paid;
RESET ROLE;
SELECT t.as_shop($$
INSERT INTO shop.old_invoice VALUES ('F1', '1', false, NULL, 1)
UPDATE shop.invoice SET number = 'O1' WHERE id = 1
INSERT INTO shop.old_invoice VALUES ('O3', '1', false, NULL, 77)
INSERT INTO shop.old_invoice VALUES ('O3', '1', false, NULL, NULL)
INSERT INTO shop.old_invoice VALUES ('O3', 'many', false, NULL, 1)
UPDATE shop.old_invoice SET paid = true, paid_day = NULL
$$);

-- A customer goes with the last row that is his, in whatever table; one who stands
-- once goes without another look.
CREATE TABLE shop.contact (id int PRIMARY KEY, customer_no text, name text);
CREATE TABLE shop.member (no int PRIMARY KEY, name text);
SELECT reminder.attach('customer', 'shop.contact', 1, '{"customer_no": "customer_no", "name": "name"}'),
       reminder.attach('customer', 'shop.member', 1, '{"customer_no": "no", "name": "name"}');
INSERT INTO shop.contact SELECT n, 'T' || n % 3, 'Twice' FROM generate_series(1, 6) n;
INSERT INTO shop.contact VALUES (7, '901', 'Both');
INSERT INTO shop.member VALUES (901, 'Both'), (902, 'Member');
DELETE FROM shop.contact WHERE id IN (1, 2, 5);
UPDATE shop.contact SET customer_no = 'T9' WHERE id = 3;
SELECT customer_no FROM reminder.customer WHERE customer_no ~ '^(T|90)' ORDER BY 1;
DELETE FROM shop.contact WHERE id IN (4, 7);
DELETE FROM shop.member WHERE no = 902;
SELECT customer_no FROM reminder.customer WHERE customer_no ~ '^(T|90)' ORDER BY 1;
DELETE FROM shop.member;
DELETE FROM shop.contact;
SELECT customer_no FROM reminder.customer WHERE customer_no ~ '^(T|90)' ORDER BY 1;
SELECT reminder.detach('shop.contact'), reminder.detach('shop.member') \g /dev/null
DROP TABLE shop.contact, shop.member;

-- A stored residual: parts are paid, taken back, split.
SET ROLE attach_shop;
CREATE TABLE shop.residual (id serial PRIMARY KEY, no text, total numeric, rest numeric, day date);
SELECT reminder.attach('invoice', 'shop.residual', 1,
  '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "total", "open_amount": "rest", "paid_on": "day"}');
INSERT INTO shop.residual (no, total, rest) VALUES ('R1', 100, 100), ('R2', 100, 60);
UPDATE shop.residual SET rest = rest - 20, day = '2026-02-01';
UPDATE shop.residual SET rest = rest - 30, day = '2026-02-02';
SELECT * FROM paid WHERE no ~ 'R';
UPDATE shop.residual SET rest = rest + 10, day = '2026-02-03';
SELECT * FROM paid WHERE no ~ 'R';
UPDATE shop.residual SET rest = total, day = NULL;
SELECT * FROM paid WHERE no ~ 'R';
UPDATE shop.residual SET total = total + 5, rest = rest + 5;
UPDATE shop.residual SET rest = -7, day = '2026-02-05' WHERE no = 'R1';
SELECT * FROM paid WHERE no ~ 'R';
RESET ROLE;
CALL t.pay('X', 'R2', '2026-02-06', 5);
SELECT t.as_shop($$
UPDATE shop.residual SET rest = rest - 1, day = NULL WHERE no = 'R2'
UPDATE shop.residual SET rest = total + 0.5 WHERE no = 'R2'
UPDATE shop.residual SET rest = rest + 0.5 WHERE no = 'R2'
UPDATE shop.residual SET rest = rest - 5, day = '2026-02-07' WHERE no = 'R2'
UPDATE shop.residual SET no = 'R9' WHERE no = 'R1'
DELETE FROM shop.residual WHERE no = 'R1'
$$);
SELECT * FROM paid WHERE no ~ 'R';

-- Payments and credits as rows; an invoice that goes takes what came with it.
SET ROLE attach_shop;
CREATE TABLE shop.entry (
  id bigint PRIMARY KEY, invoice_id bigint REFERENCES shop.invoice ON DELETE CASCADE, kind text, day date, amount numeric, undone date);
INSERT INTO shop.entry VALUES (1, 1, 'pay', '2026-02-01', 4), (2, 2, 'pay', '2026-02-01', 21), (3, 9, 'credit note', '2026-02-02', 50), (4, 9, 'memo', '2026-02-02', 0);
SELECT reminder.attach('payment', 'shop.entry', 1,
  '{"payment_no": "id", "invoice_no": "(SELECT i.number FROM invoice i WHERE i.id = invoice_id)", "paid_on": "day", "amount": "amount", "bounced_on": "undone", "where": "kind = ''pay''"}');
SELECT reminder.attach('credit', 'shop.entry', 1,
  '{"credit_no": "''K'' || id", "invoice_no": "(SELECT i.number FROM shop.invoice i WHERE i.id = invoice_id)", "credited_on": "day", "amount": "amount",
    "kind": {"expression": "kind", "values": {"credit note": "credit", "set off": "offset"}, "else": null}, "where": "kind NOT IN (''pay'', ''memo'')"}');
CREATE TEMP VIEW entries AS
SELECT * FROM (
  SELECT p.payment_no AS no, p.invoice_no, 'payment' AS kind, p.paid_on AS day, p.amount, p.bounced_on FROM reminder.payment p WHERE p.payment_no ~ '^\d'
  UNION ALL SELECT c.credit_no, c.invoice_no, c.kind, c.credited_on, c.amount, NULL FROM reminder.credit c) e JOIN (
  SELECT i.invoice_no, i.open_amount AS open FROM reminder.invoice i) i USING (invoice_no) ORDER BY no COLLATE "C";
SELECT * FROM entries;
INSERT INTO shop.entry VALUES (5, 10, 'set off', '2026-02-03', 10), (6, 10, 'pay', '2026-02-03', 90);
UPDATE shop.entry SET undone = '2026-02-04' WHERE id = 2;
UPDATE shop.entry SET amount = 5 WHERE id = 1;
UPDATE shop.entry SET kind = 'pay' WHERE id = 3;
DELETE FROM shop.entry WHERE id = 5;
SELECT * FROM entries;
DELETE FROM shop.invoice WHERE id = 9;
SELECT * FROM entries;
SELECT count(*) FROM shop.entry;
-- of several rows one leaves, with what is recorded on it; another number is in the way of that
SET ROLE attach_shop;
UPDATE shop.invoice SET status = CASE id WHEN 10 THEN 'draft' ELSE status END, total = total + 1 WHERE id IN (2, 10);
SELECT * FROM entries;
RESET ROLE;
SELECT finding, object, detail FROM reminder.check();
SELECT t.as_shop($$
UPDATE shop.invoice SET number = 'F2b' WHERE id = 2
$$);
SET ROLE attach_shop;

-- Partitions: through the root, on a partition, and from one to another.
CREATE TABLE shop.book (year int, no text, amount numeric, note text, PRIMARY KEY (year, no)) PARTITION BY LIST (year);
CREATE TABLE shop.book_2025 (note text, amount numeric, dropped int, no text NOT NULL, year int NOT NULL, PRIMARY KEY (year, no));
ALTER TABLE shop.book_2025 DROP COLUMN dropped;
ALTER TABLE shop.book ATTACH PARTITION shop.book_2025 FOR VALUES IN (2025);
CREATE TABLE shop.book_2026 PARTITION OF shop.book FOR VALUES IN (2026);
INSERT INTO shop.book VALUES (2025, 'B1', 10), (2026, 'B2', 20);
SELECT reminder.attach('invoice', 'shop.book', 1,
  '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "make_date(year, 1, 1)", "due_date": "make_date(year, 1, 31)", "amount": "amount"}');
INSERT INTO shop.book VALUES (2025, 'B3', 30), (2026, 'B4', 40);
INSERT INTO shop.book_2025 (year, no, amount) VALUES (2025, 'B5', 50);
UPDATE shop.book SET amount = amount + 1;
UPDATE shop.book_2025 SET amount = amount + 1, note = 'x';
UPDATE shop.book SET year = 2026 WHERE no = 'B3';
DELETE FROM shop.book_2025 WHERE no = 'B1';
SELECT * FROM invoices WHERE no ~ 'B';
-- one that another partition does not let in has gone, whether others go there or not
CREATE FUNCTION shop.lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN CASE WHEN NEW.note IS DISTINCT FROM 'lose' THEN NEW END; END $$;
CREATE TRIGGER lose BEFORE INSERT ON shop.book_2026 FOR EACH ROW EXECUTE FUNCTION shop.lose();
INSERT INTO shop.book VALUES (2025, 'B6', 60, 'lose'), (2025, 'B7', 70, 'keep'), (2025, 'B8', 80, 'lose');
UPDATE shop.book SET year = 2026 WHERE no IN ('B6', 'B7');
UPDATE shop.book SET year = 2026 WHERE no = 'B8';
SELECT year, no FROM shop.book WHERE no > 'B5' ORDER BY 2;
SELECT * FROM invoices WHERE no ~ 'B' AND no > 'B5';
DROP TRIGGER lose ON shop.book_2026;
RESET ROLE;
SELECT t.as_shop($$
TRUNCATE shop.book_2025
TRUNCATE shop.book
$$);
SELECT relation, state FROM reminder.attachments WHERE relation ~ 'book';

-- A trigger of the application's changes the row after it was written, in a statement of its own.
SET ROLE attach_shop;
CREATE TABLE shop.late (id int PRIMARY KEY, no text, amount numeric);
CREATE FUNCTION shop.round_up() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE shop.late SET amount = ceil(amount) WHERE id = NEW.id AND amount <> ceil(amount);
  RETURN NULL;
END
$$;
CREATE TRIGGER a_round_up AFTER INSERT OR UPDATE ON shop.late FOR EACH ROW EXECUTE FUNCTION shop.round_up();
SELECT reminder.attach('invoice', 'shop.late', 1,
  '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "amount"}');
INSERT INTO shop.late VALUES (1, 'L1', 1.2), (2, 'L2', 2.5);
UPDATE shop.late SET amount = amount + 0.7;
SELECT l.no, l.amount, i.amount FROM shop.late l JOIN reminder.invoice i ON i.invoice_no = l.no ORDER BY 1;

-- What is renamed goes on; what the map reads stays.
ALTER TABLE shop.late RENAME COLUMN amount TO sum;
DROP TRIGGER a_round_up ON shop.late;
ALTER TABLE shop.late RENAME TO "Late ones";
INSERT INTO shop."Late ones" VALUES (3, 'L3', 3);
RESET ROLE;
ALTER SCHEMA shop RENAME TO "The shop";
SET ROLE attach_shop;
INSERT INTO "The shop"."Late ones" VALUES (4, 'L4', 4);
ALTER TABLE "The shop"."Late ones" ADD COLUMN more text, ADD COLUMN and_more text;
ALTER TABLE "The shop"."Late ones" DROP COLUMN more;
INSERT INTO "The shop"."Late ones" VALUES (5, 'L5', 5);
UPDATE "The shop"."Late ones" SET sum = sum + 1;
SELECT * FROM invoices WHERE no ~ 'L';
SELECT relation FROM reminder.attachments ORDER BY attachment_no;
RESET ROLE;
ALTER SCHEMA "The shop" RENAME TO shop;
-- So does what else the map names, in statements that are planned for many rows, too.
SET ROLE attach_shop;
CREATE TABLE shop.prefix (prefix text);
INSERT INTO shop.prefix VALUES ('N');
CREATE FUNCTION shop.clean(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT btrim($1)';
CREATE TYPE shop.state AS ENUM ('draft', 'sent');
CREATE TABLE shop.many (id int PRIMARY KEY, name text, state shop.state DEFAULT 'sent');
SELECT reminder.attach('customer', 'shop.many', 1,
  '{"customer_no": "(SELECT prefix FROM prefix) || id", "name": "clean(name)", "where": "state = ''sent''"}');
INSERT INTO shop.many SELECT n, ' Kund ' FROM generate_series(1, 500) n;
ALTER FUNCTION shop.clean(text) RENAME TO "Clean";
INSERT INTO shop.many SELECT n, ' Kund ' FROM generate_series(501, 1000) n;
ALTER TABLE shop.prefix RENAME TO "Prefix";
INSERT INTO shop.many SELECT n, ' Kund ' FROM generate_series(1001, 1500) n;
ALTER TABLE shop."Prefix" RENAME COLUMN prefix TO "Prefix";
INSERT INTO shop.many SELECT n, ' Kund ' FROM generate_series(1501, 2000) n;
ALTER TYPE shop.state RENAME VALUE 'sent' TO 'Sent';
ALTER TABLE shop.many ALTER COLUMN state SET DEFAULT 'Sent';
INSERT INTO shop.many SELECT n, ' Kund ' FROM generate_series(2001, 2500) n;
ALTER TYPE shop.state RENAME TO "State";
INSERT INTO shop.many SELECT n, ' Kund ' FROM generate_series(2501, 3000) n;
RESET ROLE;
ALTER SCHEMA shop RENAME TO "The shop";
SET ROLE attach_shop;
INSERT INTO "The shop".many SELECT n, ' Kund ' FROM generate_series(3001, 3500) n;
INSERT INTO "The shop".many VALUES (3501, ' Kund ');
RESET ROLE;
ALTER SCHEMA "The shop" RENAME TO shop;
SELECT name, count(*) FROM reminder.customer WHERE customer_no ~ '^N\d' GROUP BY 1;
SET ROLE attach_shop;
DELETE FROM shop.many;
SELECT reminder.detach('shop.many') \g /dev/null
RESET ROLE;
SELECT count(*) FROM reminder.customer WHERE customer_no ~ '^N\d';
SELECT t.as_shop($$
ALTER TABLE shop."Late ones" DROP COLUMN sum
ALTER TABLE shop."Late ones" ALTER COLUMN sum TYPE text
ALTER TABLE shop."Late ones" ALTER COLUMN id TYPE bigint
DROP TABLE shop."Late ones"
$$);

-- Payments were attached first, and paid what was credited: the latest give way, with a warning of what is then too much.
SET ROLE attach_shop;
CREATE TABLE shop.bill (no text PRIMARY KEY, amount numeric);
CREATE TABLE shop.receipt (id int PRIMARY KEY, bill text, day date, amount numeric);
CREATE TABLE shop.note (id int PRIMARY KEY, bill text, day date, amount numeric);
INSERT INTO shop.bill SELECT 'OB' || n, 100 FROM generate_series(1, 5) n;
INSERT INTO shop.receipt VALUES (1, 'OB1', '2026-01-10', 60), (2, 'OB1', '2026-01-12', 40), (3, 'OB2', '2026-01-10', 80), (4, 'OB3', '2026-01-10', 110), (5, 'OB4', '2026-01-11', 100);
INSERT INTO shop.note VALUES (1, 'OB1', '2026-01-05', 30), (2, 'OB2', '2026-01-05', 30), (3, 'OB3', '2026-01-05', 5), (4, 'OB4', '2026-01-05', 100), (5, 'OB5', '2026-01-05', 50);
SELECT reminder.attach('invoice', 'shop.bill', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "amount"}');
SELECT reminder.attach('payment', 'shop.receipt', 1, '{"payment_no": "''OR'' || id", "invoice_no": "bill", "paid_on": "day", "amount": "amount"}');
SELECT reminder.attach('credit', 'shop.note', 1, '{"credit_no": "id", "invoice_no": "bill", "credited_on": "day", "amount": "amount"}');
SELECT * FROM invoices WHERE no ~ '^OB';
SELECT payment_no, balance FROM reminder.credit_balance ORDER BY 1;
RESET ROLE;
SELECT p.payment_no, coalesce(a.principal, p.amount) AS principal, coalesce(a.overpaid, 0) AS over FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no) WHERE p.payment_no ~ '^OR' ORDER BY 1;
SELECT p.invoice_no FROM reminder.position p WHERE p.invoice_no ~ '^OB' ORDER BY 1;
SELECT p.posted_on, p.event, p.document_no, p.entry_no, p.purpose, p.debit, p.credit FROM reminder.posting_list p WHERE p.document_no = 'OR2' ORDER BY 1, 2, 4, p.line;
SELECT * FROM reminder.conservation();
\echo '# one credited beyond what it ever was cannot be'
SET ROLE attach_shop;
SELECT reminder.detach('shop.note');
INSERT INTO shop.note VALUES (6, 'OB2', '2026-01-05', 71);
SELECT reminder.attach('credit', 'shop.note', 1, '{"credit_no": "id", "invoice_no": "bill", "credited_on": "day", "amount": "amount"}');
DELETE FROM shop.note WHERE id = 6;
SELECT reminder.attach('credit', 'shop.note', 1, '{"credit_no": "id", "invoice_no": "bill", "credited_on": "day", "amount": "amount"}');
SELECT reminder.detach(r::regclass) FROM unnest('{shop.note,shop.receipt,shop.bill}'::text[]) r \g /dev/null
RESET ROLE;
SELECT * FROM reminder.conservation();

-- Detached, the tables are as they were.
SELECT finding, object, detail FROM reminder.check();
SET ROLE attach_shop;
SELECT reminder.detach(r::regclass) FROM unnest('{shop.customer,shop.invoice,shop.old_invoice,shop.residual,shop.entry,shop.book}'::text[]) r \g /dev/null
SELECT relation, state FROM reminder.attachments;
SELECT t.tgrelid::regclass, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgname LIKE 'reminder\_%' ORDER BY 1, 2;
INSERT INTO shop.invoice VALUES (99, 'F99', 1, '2026-01-05', '2026-01-04', 1);
-- and attached again, they are ours again
SELECT reminder.attach('customer', 'shop.customer', 1, '{"customer_no": "id", "name": "full_name"}');
UPDATE shop.customer SET full_name = 'Kund Ett' WHERE id = 1;
SELECT customer_no, name, kind FROM reminder.customer WHERE customer_no ~ '^\d' ORDER BY 1;
SELECT reminder.detach('shop.customer');
RESET ROLE;
SELECT finding, object, detail FROM reminder.check();
SET client_min_messages = error;
DROP SCHEMA shop CASCADE;
DROP OWNED BY attach_shop;
DROP ROLE attach_shop;
\i :leave
