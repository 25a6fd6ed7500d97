-- An expression of a map that fails on one row of a statement: the error says
-- which row, by its primary key, as attach() does (A1, A2).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_attach_rows
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

SET client_min_messages = error;
CREATE SCHEMA app;
CREATE TABLE app.invoice (year int, id int, amount text, note text, PRIMARY KEY (year, id)) PARTITION BY LIST (year);
CREATE TABLE app.invoice_1 PARTITION OF app.invoice FOR VALUES IN (1);
CREATE TABLE app.invoice_2 PARTITION OF app.invoice FOR VALUES IN (2);
CREATE TABLE app.new (LIKE app.invoice);
CREATE TABLE app.loss (id uuid PRIMARY KEY, invoice text, account text);
CREATE INDEX ON app.loss (invoice);
CREATE TABLE app.ratio (id int PRIMARY KEY, part int, whole int);
CREATE FUNCTION app.share(part int, whole int) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN 100 * part / whole;
EXCEPTION WHEN division_by_zero THEN
  RAISE EXCEPTION 'nothing to share' USING ERRCODE = 'XX999', DETAIL = 'The whole is 0.', HINT = 'Share something.';
END
$$;
SELECT
  reminder.attach('invoice', 'app.invoice', 1, '{"invoice_no": "''I'' || year || ''.'' || id", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "amount"}'),
  reminder.attach('invoice', 'app.ratio', 1, '{"invoice_no": "''R'' || id", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "app.share(part, whole)"}'),
  reminder.protect('app.loss', 'invoice', 'loss', 'account::int = 6351', 1) \g /dev/null
INSERT INTO app.invoice SELECT 1 + g % 2, g, g FROM generate_series(1, 2000) g;
INSERT INTO app.new SELECT 1 + g % 2, g, CASE g WHEN 3333 THEN 'many' WHEN 4444 THEN 'more' ELSE g::text END FROM generate_series(3001, 5000) g;
INSERT INTO app.loss SELECT ('00000000-0000-0000-0000-' || lpad(g::text, 12, '0'))::uuid, 'I' || g, g FROM generate_series(1, 20) g;
INSERT INTO app.ratio SELECT g, 1, 1 FROM generate_series(1, 9) g;
SELECT t.state() AS before \gset

SELECT t.show($$
INSERT INTO app.invoice VALUES (1, 9001, 'one')
INSERT INTO app.invoice VALUES (1, 9001, '1'), (2, 9002, 'two'), (1, 9003, '3')
INSERT INTO app.invoice VALUES (1, 9001, '1'), (1, 9003, '1e13')
INSERT INTO app.invoice SELECT * FROM app.new
INSERT INTO app.invoice_2 SELECT * FROM app.new WHERE year = 2
INSERT INTO app.invoice SELECT * FROM app.new ON CONFLICT (year, id) DO UPDATE SET amount = excluded.amount
UPDATE app.invoice SET amount = CASE id WHEN 1234 THEN 'NaN?' ELSE '1' END
UPDATE app.invoice SET year = 3 - year, amount = CASE id WHEN 1234 THEN 'NaN?' ELSE '1' END
UPDATE app.invoice SET id = id + 10000, amount = CASE id WHEN 7 THEN 'seven' ELSE amount END WHERE id < 10
WITH d AS (DELETE FROM app.invoice WHERE id = 5 RETURNING year) INSERT INTO app.invoice SELECT year, 9005, 'five' FROM d
INSERT INTO app.loss SELECT ('00000000-0000-0000-0000-' || lpad(g::text, 12, '0'))::uuid, 'I' || g, CASE g WHEN 33 THEN 'loss' ELSE '1' END FROM generate_series(31, 40) g
UPDATE app.loss SET account = CASE invoice WHEN 'I7' THEN 'loss' ELSE '1' END
INSERT INTO app.ratio VALUES (21, 1, 2), (22, 1, 0), (23, 1, 0)
UPDATE app.ratio SET whole = whole - 1 WHERE id IN (4, 5)
SELECT reminder.protect('app.ratio', 'id', 'void', 'part / (whole - 1) = 1', 1)
$$);
COPY app.invoice (year, id, amount) FROM STDIN;
1	9001	1
2	9002	two
1	9003	3
\.

-- In a transaction that goes on, nothing of it is left.
BEGIN;
SAVEPOINT s;
INSERT INTO app.invoice SELECT * FROM app.new;
ROLLBACK TO s;
INSERT INTO app.invoice VALUES (1, 9001, '1');
SELECT amount FROM reminder.invoice WHERE invoice_no = 'I1.9001';
ROLLBACK;

-- A statement that is stopped has no row to name.
CREATE FUNCTION app.stops(amount text) RETURNS numeric LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF current_setting('app.stopping', true) = 'on' THEN
    RAISE EXCEPTION 'stopped' USING ERRCODE = '57014';
  END IF;
  RETURN amount;
END
$$;
CREATE TABLE app.stopped (id int PRIMARY KEY, amount text);
SELECT reminder.attach('invoice', 'app.stopped', 1, '{"invoice_no": "''S'' || id", "customer_no": "''C''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "app.stops(amount)"}');
SET app.stopping = on;
INSERT INTO app.stopped VALUES (1, '1'), (2, '2');
SET app.stopping = off;
SELECT reminder.detach('app.stopped') \g /dev/null

SELECT t.state() = :'before' AS nothing_changed;
SELECT finding, object FROM reminder.check();
SET client_min_messages = error;
SELECT reminder.detach('app.invoice'), reminder.detach('app.ratio'), reminder.unprotect('app.loss') \g /dev/null
DROP SCHEMA app CASCADE;
\i :leave
