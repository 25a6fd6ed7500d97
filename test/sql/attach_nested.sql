-- What an application writes of a row before our trigger on that row's table is
-- fired (A1): by a trigger of its own for each row, by another part of the same
-- statement, when it commits. It is a payment, a credit or an invoice as any other.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_attach_nested
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

SET client_min_messages = error;
CREATE ROLE attach_nested;
CREATE ROLE attach_nested_clerk;
SELECT reminder.grant_role('administrator', 'attach_nested') \g /dev/null
CREATE SCHEMA app AUTHORIZATION attach_nested;
GRANT USAGE ON SCHEMA app TO attach_nested_clerk;
SET client_min_messages = warning;
SET ROLE attach_nested;
-- Keys of every type that numbers are looked up in, and one that has none.
CREATE DOMAIN app.slug AS varchar(30) COLLATE "C" CHECK (VALUE ~ '^[a-z0-9-]+$');
CREATE TABLE app.customer (slug app.slug PRIMARY KEY, name text NOT NULL, first_order numeric);
CREATE TABLE app.invoice (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), customer app.slug, day date, total numeric, prepaid numeric, welcome numeric);
CREATE TABLE app.order (no bigint PRIMARY KEY, customer app.slug, day date, total numeric, prepaid numeric);
CREATE TABLE app.bill (serial text, no integer, customer app.slug, day date, total numeric, prepaid numeric, PRIMARY KEY (serial, no));
CREATE TABLE app.payment (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, invoice text NOT NULL, day date, amount numeric);
CREATE TABLE app.credit (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, invoice text NOT NULL, day date, amount numeric);
SELECT
  reminder.attach('customer', 'app.customer', 1, '{"customer_no": "slug", "name": "name"}'),
  reminder.attach('invoice', 'app.invoice', 1, '{"invoice_no": "id", "customer_no": "customer", "invoice_date": "day", "due_date": "day + 30", "amount": "total"}'),
  reminder.attach('invoice', 'app.order', 1, '{"invoice_no": "no", "customer_no": "customer", "invoice_date": "day", "due_date": "day + 30", "amount": "total"}'),
  reminder.attach('invoice', 'app.bill', 1, '{"invoice_no": "serial || no", "customer_no": "customer", "invoice_date": "day", "due_date": "day + 30", "amount": "total"}'),
  reminder.attach('credit', 'app.credit', 1, '{"credit_no": "id", "invoice_no": "invoice", "credited_on": "day", "amount": "amount"}'),
  reminder.attach('payment', 'app.payment', 1, '{"payment_no": "id", "invoice_no": "invoice", "paid_on": "day", "amount": "amount"}');
CREATE FUNCTION app.first_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.first_order > 0 THEN
    INSERT INTO app.invoice (customer, day, total, prepaid, welcome) VALUES (NEW.slug, '2026-01-01', NEW.first_order, 10, 5);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER first_order AFTER INSERT OR UPDATE ON app.customer FOR EACH ROW EXECUTE FUNCTION app.first_order();
CREATE FUNCTION app.use_prepaid() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  _new jsonb := to_jsonb(NEW);
  _no text := coalesce(_new ->> 'id', _new ->> 'serial', '') || coalesce(_new ->> 'no', '');
BEGIN
  IF NEW.prepaid > 0 THEN
    INSERT INTO app.payment (invoice, day, amount) VALUES (_no, NEW.day, NEW.prepaid);
  END IF;
  IF (_new ->> 'welcome')::numeric > 0 THEN
    INSERT INTO app.credit (invoice, day, amount) VALUES (_no, NEW.day, (_new ->> 'welcome')::numeric);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER use_prepaid AFTER INSERT ON app.invoice FOR EACH ROW EXECUTE FUNCTION app.use_prepaid();
CREATE TRIGGER use_prepaid AFTER INSERT ON app.order FOR EACH ROW EXECUTE FUNCTION app.use_prepaid();
CREATE TRIGGER use_prepaid AFTER INSERT ON app.bill FOR EACH ROW EXECUTE FUNCTION app.use_prepaid();
GRANT ALL ON ALL TABLES IN SCHEMA app TO attach_nested_clerk;
RESET ROLE;
CREATE VIEW t.book AS
SELECT i.customer_no, CASE length(i.invoice_no) WHEN 36 THEN 'uuid' ELSE i.invoice_no END AS invoice_no, i.amount, i.open_amount FROM reminder.invoice i
WHERE i.creditor_id = 1 ORDER BY i.invoice_date, i.customer_no, 2, i.amount;

-- Row by row, three deep; and many rows at once.
SET ROLE attach_nested_clerk;
INSERT INTO app.customer VALUES ('alfa', 'Alfa', 100), ('beta', 'Beta', NULL);
UPDATE app.customer SET first_order = 200 WHERE slug = 'beta';
INSERT INTO app.invoice (customer, day, total, prepaid) VALUES ('alfa', '2026-01-02', 300, 30);
INSERT INTO app.order VALUES (4711, 'alfa', '2026-01-03', 400, 40);
INSERT INTO app.bill VALUES ('F', 17, 'alfa', '2026-01-04', 500, 50);
INSERT INTO app.order SELECT n, 'beta', '2026-01-05', n, 1 FROM generate_series(1001, 1003) n;
RESET ROLE;
SELECT * FROM t.book;
SET ROLE attach_nested_clerk;
INSERT INTO app.customer SELECT 'c' || n, 'Many', n FROM generate_series(100, 1299) n;
RESET ROLE;
SELECT count(*), sum(amount), sum(open_amount) FROM t.book WHERE customer_no ~ '^c';

-- Parts of one statement, in either order.
SET ROLE attach_nested_clerk;
WITH c AS (INSERT INTO app.customer VALUES ('gamma', 'Gamma')), o AS (INSERT INTO app.order VALUES (5001, 'gamma', '2026-01-06', 100)),
     p AS (INSERT INTO app.payment (invoice, day, amount) VALUES ('5001', '2026-01-06', 1)) SELECT;
WITH p AS (INSERT INTO app.payment (invoice, day, amount) VALUES ('5002', '2026-01-06', 2)), o AS (INSERT INTO app.order VALUES (5002, 'delta', '2026-01-06', 100)),
     c AS (INSERT INTO app.customer VALUES ('delta', 'Delta')) SELECT;
WITH o AS (INSERT INTO app.order VALUES (5003, 'delta', '2026-01-06', 100)), p AS (UPDATE app.payment SET invoice = '5003' WHERE invoice = '5002') SELECT;
RESET ROLE;
SELECT * FROM t.book WHERE customer_no IN ('gamma', 'delta');

-- At COMMIT.
SET ROLE attach_nested;
CREATE FUNCTION app.bonus() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO app.order VALUES (NEW.no + 1000, NEW.customer, NEW.day, NEW.total, 3);
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER bonus AFTER INSERT ON app.order DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.no BETWEEN 6000 AND 6999) EXECUTE FUNCTION app.bonus();
SET ROLE attach_nested_clerk;
BEGIN;
INSERT INTO app.order VALUES (6001, 'delta', '2026-01-07', 100);
INSERT INTO app.customer VALUES ('epsilon', 'Epsilon');
UPDATE app.order SET customer = 'epsilon' WHERE no = 6001;
COMMIT;
RESET ROLE;
SELECT * FROM t.book WHERE customer_no IN ('delta', 'epsilon') AND invoice_no ~ '^[67]';

-- What stands nowhere is refused as before, and with it all that came of it.
\t
\a
SELECT t.show($$
INSERT INTO app.payment (invoice, day, amount) VALUES ('nothing', '2026-01-08', 1)
INSERT INTO app.payment (invoice, day, amount) VALUES ('99999999999999999999', '2026-01-08', 1)
INSERT INTO app.order VALUES (8001, 'nobody', '2026-01-08', 1, 1)
INSERT INTO app.credit (invoice, day, amount) VALUES ('4711', '2026-01-08', 9999)
INSERT INTO app.customer VALUES ('zeta', 'Zeta', 'NaN')
WITH p AS (INSERT INTO app.payment (invoice, day, amount) VALUES ('8002', '2026-01-08', 'NaN')), o AS (INSERT INTO app.order VALUES (8002, 'alfa', '2026-01-08', 1)) SELECT
$$);
\a
\t
SELECT count(*) FROM t.book WHERE invoice_no ~ '^8' OR customer_no = 'zeta';
SELECT finding, object, detail FROM reminder.check();

SET client_min_messages = error;
DROP SCHEMA app CASCADE;
DROP OWNED BY attach_nested, attach_nested_clerk;
DROP ROLE attach_nested, attach_nested_clerk;
\i :leave
