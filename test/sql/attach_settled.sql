-- A residual that goes to nothing ends the case, as if the invoice were paid. What
-- is booked on it in the same transaction is what took it down, and refused as in
-- an active case (A2, G1): by a trigger of the application's, or before or after.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_attach_settled
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

SET client_min_messages = error;
CREATE ROLE attach_settled;
SELECT reminder.grant_role('administrator', 'attach_settled') \g /dev/null
CREATE SCHEMA app AUTHORIZATION attach_settled;
SET client_min_messages = warning;
SET ROLE attach_settled;
CREATE TABLE app.invoice (no text PRIMARY KEY, total numeric, rest numeric, day date DEFAULT '2026-02-20', status text DEFAULT 'sent');
CREATE TABLE app.booking (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, invoice text, kind text);
CREATE INDEX ON app.booking (invoice);
CREATE FUNCTION app.settle() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind ~ TG_ARGV[0] THEN
    UPDATE app.invoice SET rest = 0 WHERE no = NEW.invoice;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER settle_before BEFORE INSERT ON app.booking FOR EACH ROW EXECUTE FUNCTION app.settle('before');
CREATE TRIGGER settle_after AFTER INSERT ON app.booking FOR EACH ROW EXECUTE FUNCTION app.settle('after');
SELECT reminder.attach('invoice', 'app.invoice', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-02''", "due_date": "date ''2026-01-31''",
  "amount": "total", "open_amount": "rest", "paid_on": "day"}'),
  reminder.protect('app.booking', 'invoice', 'loss', 'kind ~ ''loss''', 1), reminder.protect('app.booking', 'invoice', 'credit', 'kind ~ ''credit''', 1),
  reminder.protect('app.invoice', 'no', 'void', 'status = ''void''', 1);
INSERT INTO app.invoice SELECT 'S' || n, 100, 100 FROM generate_series(1, 8) n;
RESET ROLE;
CALL reminder.run('2026-02-10', 1);
SELECT count(*) FROM t.cases WHERE invoice_no ~ '^S' AND state = 'reminder';

\t
\a
SELECT t.show($$
INSERT INTO app.booking (invoice, kind) VALUES ('S1', 'loss after')
INSERT INTO app.booking (invoice, kind) VALUES ('S1', 'loss before')
INSERT INTO app.booking (invoice, kind) VALUES ('S1', 'credit after')
INSERT INTO app.booking (invoice, kind) SELECT 'S' || n, 'loss after' FROM generate_series(1, 8) n
WITH b AS (INSERT INTO app.booking (invoice, kind) VALUES ('S1', 'loss')) UPDATE app.invoice SET rest = 0 WHERE no = 'S1'
WITH b AS (INSERT INTO app.booking (invoice, kind) VALUES ('S1', 'loss')), u AS (UPDATE app.invoice SET rest = 0 WHERE no = 'S1') SELECT
DO 'BEGIN UPDATE app.invoice SET rest = 0 WHERE no = ''S1''; UPDATE app.invoice SET status = ''void'' WHERE no = ''S1''; END'
DO 'BEGIN UPDATE app.invoice SET rest = 0 WHERE no = ''S1''; INSERT INTO app.booking (invoice, kind) VALUES (''S1'', ''loss''); END'
$$);
\a
\t
SELECT no, rest, status FROM app.invoice WHERE rest <> 100 OR status <> 'sent';
SELECT count(*) FROM t.cases WHERE invoice_no ~ '^S' AND state = 'reminder';

-- What is undone has taken nothing down.
BEGIN;
SAVEPOINT undone;
UPDATE app.invoice SET rest = 0 WHERE no = 'S1';
ROLLBACK TO undone;
SELECT reminder.withdraw(1, 'S1', 'to be lost', '2026-02-20');
INSERT INTO app.booking (invoice, kind) VALUES ('S1', 'loss after');
COMMIT;
BEGIN;
UPDATE app.invoice SET rest = 0 WHERE no = 'S2';
UPDATE app.invoice SET rest = 100 WHERE no = 'S2';
SELECT reminder.withdraw(1, 'S2', 'to be lost', '2026-02-20');
INSERT INTO app.booking (invoice, kind) VALUES ('S2', 'loss after');
COMMIT;
-- Nor what was in no case, or was taken down in a transaction of its own, as by a payment.
UPDATE app.invoice SET rest = 0 WHERE no = 'S3';
INSERT INTO app.booking (invoice, kind) VALUES ('S3', 'loss');
INSERT INTO app.invoice VALUES ('S9', 100, 100);
INSERT INTO app.booking (invoice, kind) VALUES ('S9', 'credit after');
-- And it is applied through the case where the creditor says so.
UPDATE reminder.creditor SET credits_in_case = 'apply' WHERE creditor_id = 1;
INSERT INTO app.booking (invoice, kind) VALUES ('S4', 'credit after');
UPDATE reminder.creditor SET credits_in_case = 'refuse' WHERE creditor_id = 1;
SELECT i.no, i.rest, c.state FROM app.invoice i LEFT JOIN t.cases c ON c.invoice_no = i.no ORDER BY 1;
SELECT finding, object, detail FROM reminder.check();

SET client_min_messages = error;
DROP SCHEMA app CASCADE;
DROP OWNED BY attach_settled;
DROP ROLE attach_settled;
\i :leave
