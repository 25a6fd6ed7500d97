-- What cannot be attached, and why: nothing is changed (A1, A3). And whose
-- rights the expressions of a map run with.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_attach_input
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

SET client_min_messages = error;
CREATE ROLE attach_input;
CREATE ROLE attach_other;
SELECT reminder.grant_role('administrator', 'attach_input'), reminder.grant_role('administrator', 'attach_other'), reminder.grant_role('clerk', 'attach_other') \g /dev/null
GRANT USAGE ON SCHEMA t TO attach_input;
CREATE SCHEMA app AUTHORIZATION attach_input;
GRANT USAGE ON SCHEMA app TO attach_other;
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE app.foreign_one (id int) SERVER files OPTIONS (filename '/dev/null');
ALTER FOREIGN TABLE app.foreign_one OWNER TO attach_input;
CREATE TABLE app.owned_by_other (id int PRIMARY KEY);
SET client_min_messages = warning;
SET ROLE attach_input;
CREATE TABLE app.good (id int PRIMARY KEY, no text, name text, amount text, day date, PRIMARY_ text, big numeric);
ALTER TABLE app.good DROP COLUMN primary_;
CREATE TABLE app.no_key (id int, no text);
CREATE VIEW app.view AS SELECT * FROM app.good;
CREATE MATERIALIZED VIEW app.stored AS SELECT * FROM app.good;
CREATE UNLOGGED TABLE app.unlogged (id int PRIMARY KEY);
CREATE TEMP TABLE temporary (id int PRIMARY KEY);
CREATE TABLE app.parent (id int PRIMARY KEY);
CREATE TABLE app.child (PRIMARY KEY (id)) INHERITS (app.parent);
CREATE TABLE app.root (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE TABLE app.part PARTITION OF app.root DEFAULT;
CREATE TABLE app.half (id int PRIMARY KEY) PARTITION BY LIST (id);
CREATE UNLOGGED TABLE app.half_part PARTITION OF app.half DEFAULT;
CREATE TABLE app.ruled (id int PRIMARY KEY);
CREATE RULE away AS ON INSERT TO app.ruled DO INSTEAD NOTHING;
CREATE SEQUENCE app.numbers;
RESET ROLE;
CREATE FUNCTION t.as_owner(statements text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  SET LOCAL ROLE attach_input;
  RETURN QUERY SELECT t.show(statements);
  RESET ROLE;
END
$$;
-- The same, and undone whatever becomes of it.
CREATE FUNCTION t.undone(statements text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  _statement text;
BEGIN
  FOREACH _statement IN ARRAY string_to_array(btrim(statements, E' \n'), E'\n') LOOP
    BEGIN
      SET LOCAL ROLE attach_input;
      RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = t.try(_statement);
    EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
      RETURN NEXT _statement;
      RETURN NEXT '    ' || SQLERRM;
    END;
  END LOOP;
END
$$;
CREATE TABLE t.before AS SELECT t.state() AS state;

-- Tables.
SELECT t.undone($$
SELECT reminder.attach('invoices', 'app.good', 1, '{}')
SELECT reminder.attach('booking', 'app.good', 1, '{}')
SELECT reminder.attach(NULL, 'app.good', 1, '{}')
SELECT reminder.attach('customer', NULL, 1, '{}')
SELECT reminder.attach('customer', 'app.nothing', 1, '{}')
SELECT reminder.attach('customer', 4711, 1, '{}')
SELECT reminder.attach('customer', 'app.no_key', 1, '{}')
SELECT reminder.attach('customer', 'app.view', 1, '{}')
SELECT reminder.attach('customer', 'app.stored', 1, '{}')
SELECT reminder.attach('customer', 'app.foreign_one', 1, '{}')
SELECT reminder.attach('customer', 'app.unlogged', 1, '{}')
SELECT reminder.attach('customer', 'pg_temp.temporary', 1, '{}')
SELECT reminder.attach('customer', 'app.parent', 1, '{}')
SELECT reminder.attach('customer', 'app.child', 1, '{}')
SELECT reminder.attach('customer', 'app.part', 1, '{}')
SELECT reminder.attach('customer', 'app.half', 1, '{}')
SELECT reminder.attach('customer', 'app.ruled', 1, '{}')
SELECT reminder.attach('customer', 'app.numbers', 1, '{}')
SELECT reminder.attach('customer', 'app.good_pkey', 1, '{}')
SELECT reminder.attach('customer', 'app.owned_by_other', 1, '{}')
SELECT reminder.attach('customer', 'pg_catalog.pg_class', 1, '{}')
SELECT reminder.attach('customer', 'reminder.customer', 1, '{}')
SELECT reminder.detach('app.good')
SELECT reminder.detach('app.owned_by_other')
SELECT reminder.detach(NULL)
$$);
SET ROLE attach_other;
SELECT reminder.attach('customer', 'app.good', 1, '{}');
RESET ROLE;
SELECT reminder.attach('customer', 'pg_catalog.pg_class', 1, '{}');
SELECT reminder.attach('customer', 'reminder.customer', 1, '{}');

-- Maps.
SELECT t.undone($$
SELECT reminder.attach('customer', 'app.good', 1, NULL)
SELECT reminder.attach('customer', 'app.good', 1, '[]')
SELECT reminder.attach('customer', 'app.good', 1, '{}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"custmer_no": "no", "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "colour": "no"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "rule_no": "1"}')
SELECT reminder.attach('customer', 'app.good', NULL, '{"customer_no": "no", "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "creditor_id": "1"}')
SELECT reminder.attach('customer', 'app.good', 77, '{"customer_no": "no", "name": "name"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "no", "invoice_date": "day", "due_date": "day", "amount": "amount", "open_amount": "amount"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": null, "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": ["no"], "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": {"expression": "name"}}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": {"expression": "name", "values": {}, "else": "x"}}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": {"expression": "name", "values": {"a": "b"}, "otherwise": "x"}}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "nr", "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "names"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "blocked": "day"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "where": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "no_such(name)"}')
$$);

-- Expressions: exactly one, of one row, the same each time.
SELECT t.undone(string_agg(format('SELECT reminder.attach(''customer'', ''app.good'', 1, %L)', jsonb_build_object('customer_no', 'no', 'name', e)), E'\n' ORDER BY n))
FROM unnest(ARRAY[
  '', ' ', 'name,', 'name, no', 'name AS x', 'name x', '*', 'good.*', 't.*::text', 't::text', 'name FROM app.good', 'name; DROP TABLE app.good', 'name)::text FROM app.good; --', 'name) , (no',
  'name --', 'SELECT name', 'name UNION SELECT no', 'DISTINCT name', 'name ORDER BY 1', 'name INTO x', 'max(name)', 'rank() OVER ()::text', 'unnest(ARRAY[name])', 'random()::text', 'clock_timestamp()::text',
  'ctid::text', '$1', '''a', 'name /* ', 'ALL name', 'VALUES (1)']) WITH ORDINALITY x (e, n);
SELECT t.undone($$
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "where": "true; DROP TABLE app.good"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "where": "count(*) > 1"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name", "where": "random() > 0"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": {"expression": "no) --", "values": {"a": "b"}}, "name": "name"}')
$$);

-- Rows: which one it is.
INSERT INTO app.good SELECT g, 'N' || g, 'Namn', CASE g WHEN 700 THEN 'many' ELSE g::text END, '2026-01-01', CASE g WHEN 3 THEN 1e13 ELSE g END FROM generate_series(1, 1000) g;
SELECT t.undone($$
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "day", "due_date": "day", "amount": "amount"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "day", "due_date": "day", "amount": "big"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "day", "due_date": "day", "amount": "1", "where": "amount::int > 0"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "left(no, 3)", "customer_no": "''C''", "invoice_date": "day", "due_date": "day", "amount": "1"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''nobody''", "invoice_date": "day", "due_date": "day", "amount": "1"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "day", "due_date": "day - 1", "amount": "1"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "day", "due_date": "day", "amount": "1", "kind": "name"}')
SELECT reminder.attach('invoice', 'app.good', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "day", "due_date": "day", "amount": "1", "open_amount": "2", "paid_on": "day"}')
SELECT reminder.attach('payment', 'app.good', 1, '{"payment_no": "no", "invoice_no": "''nothing''", "paid_on": "day", "amount": "1"}')
$$);
SELECT count(*) AS triggers FROM pg_trigger WHERE tgname LIKE 'reminder\_%';
SELECT count(*) AS views FROM pg_class WHERE relname ~ '^attached_';
SELECT count(*) AS attached FROM reminder.attachment;
SELECT state = t.state() AS unchanged FROM t.before;

-- Twice the same.
SELECT t.as_owner($$
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name"}')
SELECT reminder.attach('customer', 'app.good', 2, '{"customer_no": "no", "name": "name"}')
SELECT reminder.detach('app.good')
$$);

-- An expression runs with the rights of the table's owner, whoever writes, and writes nothing itself.
SET ROLE attach_input;
CREATE TABLE app.seen (who text);
CREATE FUNCTION app.spy(name text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN name || ' ' || current_user || ' ' || current_setting('transaction_read_only') || ' ' || current_setting('jit') || ' ' || current_setting('search_path'); END $$;
CREATE FUNCTION app.note() RETURNS void LANGUAGE plpgsql VOLATILE AS $$ BEGIN INSERT INTO app.seen VALUES (current_user); END $$;
CREATE FUNCTION app.write(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM app.note(); RETURN name; END $$;
CREATE FUNCTION app.look(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN (SELECT r.role_name FROM reminder.service_access r LIMIT 1); END $$;
CREATE DOMAIN app.watched AS text CHECK (app.spy(VALUE) !~ '^x postgres');
CREATE TYPE app.pair AS (a app.watched, b text);
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "spy(name || (''(x,y)''::pair).b)", "where": "id < 4"}');
GRANT ALL ON app.good TO attach_other;
SET ROLE attach_other;
UPDATE app.good SET name = 'Ny' WHERE id = 1;
SELECT customer_no, name FROM reminder.customer WHERE customer_no IN ('N1', 'N2') ORDER BY 1;
RESET ROLE;
SELECT t.as_owner($$
SELECT reminder.detach('app.good')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "app.look(name)"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "app.write(name)"}')
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "app.write(''x'')"}')
$$);
SELECT * FROM app.seen;
-- what a row that is left behind says
CREATE TRIGGER reminder_inserted AFTER INSERT ON app.seen REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reminder._attached_rows();
CREATE TRIGGER by_row AFTER DELETE ON app.seen FOR EACH ROW EXECUTE FUNCTION reminder._attached_rows();
CREATE TRIGGER without_rows AFTER UPDATE ON app.seen FOR EACH STATEMENT EXECUTE FUNCTION reminder._attached_rows();
SELECT t.as_owner($$
INSERT INTO app.seen VALUES ('x')
UPDATE app.seen SET who = 'x'
$$);

-- Whoever ends attach() while it looks for the row that fails is heard.
SET ROLE attach_input;
CREATE FUNCTION app.slow(id integer) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN PERFORM pg_sleep(0.1); RETURN 1 / (id - 10); END $$;
CREATE TABLE app.slowly (id integer PRIMARY KEY);
INSERT INTO app.slowly SELECT generate_series(1, 10);
SET statement_timeout = '1.5s';
SELECT reminder.attach('customer', 'app.slowly', 1, '{"customer_no": "id", "name": "app.slow(id)"}');
RESET statement_timeout;
RESET ROLE;

-- What is for us alone to call comes to an error, too, of what it is not for.
SELECT reminder.attach('customer', 'app.good', 1, '{"customer_no": "no", "name": "name"}') \g /dev/null
SELECT t.show($$
SELECT reminder._drift('app.good', a.attachment_no, 'SELECT 1, 2', 0) FROM reminder.attachment a
SELECT reminder._drift('app.good', 0, 'SELECT 1, 2', 'app.good')
SELECT reminder._loss_index('app.good', 'app.good')
SELECT reminder._loss_index('app.good', 0)
SELECT reminder._loss_index('app.seen', a.map) FROM reminder.attachment a
SELECT reminder._store_map('app.seen', 'app.good', '{x}', '{id}', 'true')
SELECT reminder._take_partition('reminder.invoice_status')
SELECT reminder._take_partition(0)
SELECT reminder._load_attached('app.good', 0)
$$);
SELECT reminder.detach('app.good') \g /dev/null

SELECT finding, object FROM reminder.check() WHERE finding <> 'trigger_unknown';
SET client_min_messages = error;
DROP SCHEMA app CASCADE;
DROP OWNED BY attach_input, attach_other;
DROP ROLE attach_input, attach_other;
\i :leave
