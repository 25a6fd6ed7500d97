-- What cannot be protected, and why: nothing is changed (A2). Of each kind of
-- relation, and of each argument what it cannot be.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_protect_input
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

SET client_min_messages = error;
CREATE ROLE protect_input;
CREATE ROLE protect_other;
SELECT reminder.grant_role('administrator', 'protect_input'), reminder.grant_role('administrator', 'protect_other') \g /dev/null
CREATE SCHEMA app AUTHORIZATION protect_input;
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE app.foreign_one (invoice text) SERVER files OPTIONS (filename '/dev/null');
ALTER FOREIGN TABLE app.foreign_one OWNER TO protect_input;
SET ROLE protect_input;
CREATE TABLE app.good (id integer PRIMARY KEY, invoice text, account text, total numeric, company float8, day date);
CREATE INDEX ON app.good (invoice);
CREATE TABLE app.no_key (invoice text);
CREATE TABLE app.deferred (id integer PRIMARY KEY DEFERRABLE, invoice text);
CREATE VIEW app.view AS SELECT * FROM app.good;
CREATE MATERIALIZED VIEW app.stored AS SELECT * FROM app.good;
CREATE UNLOGGED TABLE app.unlogged (id integer PRIMARY KEY, invoice text);
CREATE TEMP TABLE temporary (id integer PRIMARY KEY, invoice text);
CREATE TABLE app.parent (id integer PRIMARY KEY, invoice text);
CREATE TABLE app.child (PRIMARY KEY (id)) INHERITS (app.parent);
CREATE TABLE app.root (id integer PRIMARY KEY, invoice text) PARTITION BY LIST (id);
CREATE TABLE app.part PARTITION OF app.root DEFAULT;
CREATE TABLE app.ruled (id integer PRIMARY KEY, invoice text);
CREATE RULE away AS ON INSERT TO app.ruled DO INSTEAD NOTHING;
CREATE SEQUENCE app.numbers;
CREATE TYPE app.pair AS (id integer, invoice text);
GRANT USAGE ON SCHEMA app TO protect_other;
GRANT ALL ON app.good TO protect_other;
RESET ROLE;
-- Each by itself, and undone whatever becomes of it.
CREATE FUNCTION t.undone(statements text, who name DEFAULT 'protect_input') RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  _statement text;
BEGIN
  FOREACH _statement IN ARRAY string_to_array(btrim(statements, E' \n'), E'\n') LOOP
    BEGIN
      EXECUTE format('SET LOCAL ROLE %I', who);
      RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = t.try(_statement);
    EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
      RETURN NEXT _statement;
      RETURN NEXT '    ' || SQLERRM;
    END;
  END LOOP;
END
$$;
GRANT USAGE ON SCHEMA t TO protect_input, protect_other;
CREATE TABLE t.before AS SELECT t.state() AS state;
\t
\a

-- Relations.
SELECT t.undone(string_agg(format('SELECT reminder.protect(%L, ''invoice'', ''loss'', NULL, 1)', r), E'\n' ORDER BY n)) FROM unnest(ARRAY[
  'app.no_key', 'app.deferred', 'app.view', 'app.stored', 'app.foreign_one', 'app.unlogged', 'pg_temp.temporary', 'app.parent', 'app.child', 'app.part', 'app.ruled', 'app.numbers',
  'app.good_pkey', 'app.pair', 'app.nothing', '4711', '0', '4294967295']) WITH ORDINALITY x (r, n);
SELECT t.undone('SELECT reminder.protect(NULL, ''invoice'', ''loss'', NULL, 1)');
SELECT t.undone('SELECT reminder.protect(''app.good'', ''invoice'', ''loss'', NULL, 1)', 'protect_other');

-- Actions, invoice columns, conditions and creditors.
SELECT t.undone(string_agg(format('SELECT reminder.protect(''app.good'', ''invoice'', %s, NULL, 1)', a), E'\n' ORDER BY n)) FROM unnest(ARRAY[
  'NULL', '''''', '''LOSS''', '''loss ''', '''NaN''', 'repeat(''loss'', 30000)']) WITH ORDINALITY x (a, n);
SELECT t.undone(string_agg(format('SELECT reminder.protect(''app.good'', %s, ''loss'', NULL, 1)', c), E'\n' ORDER BY n)) FROM unnest(ARRAY[
  'NULL', '''''', '''  ''', '''invoce''', '''"Invoice"''', '''invoice, id''', '''count(*)''', '''random()::text''', '''good''', '''ctid''', '''--''', '''('' || repeat(''x'', 100000)',
  '''(SELECT max(g.invoice) FROM app.good g; DROP TABLE app.good)''']) WITH ORDINALITY x (c, n);
SELECT t.undone(string_agg(format('SELECT reminder.protect(''app.good'', ''invoice'', ''loss'', %s, 1)', c), E'\n' ORDER BY n)) FROM unnest(ARRAY[
  '''''', '''acount = 1''', '''account''', '''total''', '''account = ''''1''''; DROP TABLE app.good''', '''account = 1''', '''count(*) > 1''', '''random() > 0''', '''true) OR (true''', '''app.nothing(id)''']) WITH ORDINALITY x (c, n);
SELECT t.undone($$
SELECT reminder.protect('app.good', 'invoice', 'loss')
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, 1, 'id')
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, 0)
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, -1)
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, 77)
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, 9223372036854775807)
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, 'NaN'::float8::bigint)
SELECT reminder.protect('app.good', 'invoice', 'loss', creditor_column => '')
SELECT reminder.protect('app.good', 'invoice', 'loss', creditor_column => 'compny')
SELECT reminder.protect('app.good', 'invoice', 'loss', creditor_column => 'day')
SELECT reminder.attach('customer', 'app.good', -1, '{"customer_no": "id", "name": "account"}')
SELECT reminder.attach('customer', 'app.good', 9223372036854775807, '{"customer_no": "id", "name": "account"}')
SELECT reminder.attach('Customer', 'app.good', 1, '{"customer_no": "id", "name": "account"}')
SELECT reminder.attach('', 'app.good', 1, '{"customer_no": "id", "name": "account"}')
SELECT reminder.attach(repeat('customer', 30000), 'app.good', 1, '{"customer_no": "id", "name": "account"}')
$$);

-- Rows: which one it is; and what of a row is no invoice's books nothing.
INSERT INTO app.good SELECT n, 'G' || n, CASE n WHEN 70 THEN 'many' ELSE n::text END, n, CASE n WHEN 80 THEN 'NaN'::float8 ELSE 1 END FROM generate_series(1, 100) n;
SELECT t.undone($$
SELECT reminder.protect('app.good', 'invoice', 'loss', 'account::integer > 1000', 1)
SELECT reminder.protect('app.good', '(1 / (id - 50))::text', 'credit', NULL, 1)
SELECT reminder.protect('app.good', 'invoice', 'loss', creditor_column => 'company')
$$);
\a
\t
SELECT count(*) AS triggers FROM pg_trigger WHERE tgname LIKE 'reminder\_%' AND tgrelid::regclass::text ~ '^app';
SELECT count(*) AS views FROM pg_class WHERE relname ~ '^attached_';
SELECT count(*) AS attached FROM reminder.attachment;
SELECT state = t.state() AS unchanged FROM t.before;

-- The same twice, of one action; another is another.
SET ROLE protect_input;
SELECT reminder.protect('app.good', 'invoice', 'loss', NULL, 1);
SELECT reminder.protect('app.good', 'invoice', 'loss', 'account = ''x''', 2);
SELECT reminder.protect('app.good', 'invoice', 'credit', NULL, 1);
INSERT INTO app.good VALUES (101, NULL), (102, repeat('x', 100000)), (103, ''), (104, 'nobody''s');
RESET ROLE;
SELECT finding, object FROM reminder.check();

SET client_min_messages = error;
DROP SCHEMA app CASCADE;
DROP OWNED BY protect_input, protect_other;
DROP ROLE protect_input, protect_other;
\i :leave
