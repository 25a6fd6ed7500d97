-- What must not happen while a claim is being collected (G1), however it is
-- written (G2), and in one session together with the case (G3). A refused
-- statement changes nothing: the fingerprint of all rows stays the same.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_guards
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- One invoice at every stage; one in external collection; one outside any
-- case; two whose case has ended.
CALL t.invoice('at enforcement');
CALL t.invoice('at monitoring');
CALL reminder.run('2026-02-07', 1);
CALL reminder.run('2026-02-21', 1);
SELECT reminder.hand_to_enforcement(1, 'at enforcement', 'KFM 7', '2026-02-22') \g /dev/null
CALL t.invoice('at demand');
CALL t.invoice('withdrawn');
CALL reminder.run('2026-02-22', 1);
CALL reminder.run('2026-03-08', 1);
SELECT reminder.withdraw(1, 'withdrawn', NULL, '2026-03-08') \g /dev/null
CALL t.invoice('at reminder');
CALL t.invoice('paid');
CALL reminder.run('2026-03-09', 1);
CALL t.pay('P1', 'paid', '2026-03-09', 1000);
CALL t.invoice('external');
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'external';
CALL t.invoice('free');
TABLE t.open;
SELECT invoice_no, case_no, state, ended_from FROM t.cases;
SELECT t.state() AS before \gset

-- G1: neither a loss nor a credit, void or offset.
\t
\a
SELECT t.show($$
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'at reminder', 'L1', 'doubtful', '2026-03-09', 100)
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'at reminder', 'L1', 'confirmed', '2026-03-09', 100)
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'at demand', 'L1', 'confirmed', '2026-03-09', 100)
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'at monitoring', 'L1', 'confirmed', '2026-03-09', 100)
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'at enforcement', 'L1', 'confirmed', '2026-03-09', 100)
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'external', 'L1', 'confirmed', '2026-03-09', 100)
  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'at reminder', 'credit', '2026-03-09', 100)
  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'at demand', 'void', '2026-03-09', 1000)
  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'at monitoring', 'offset', '2026-03-09', 100)
  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'at enforcement', 'credit', '2026-03-09', 100)
  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'external', 'void', '2026-03-09', 1000)
$$);
-- Neither delete nor change what the claim rests on.
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C2', 'Annan');
SELECT t.state() AS before \gset
SELECT t.show($$
  DELETE FROM reminder.invoice WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET amount = 900 WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET amount = amount + 1 WHERE invoice_no = 'at demand'
  UPDATE reminder.invoice SET customer_no = 'C2' WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET currency = 'EUR' WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET invoice_no = 'at another' WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET kind = 'factored' WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET invoice_date = '2026-01-01' WHERE invoice_no = 'at reminder'
  UPDATE reminder.invoice SET due_date = '2026-04-01' WHERE invoice_no = 'at monitoring'
  UPDATE reminder.invoice SET creditor_id = 2 WHERE invoice_no = 'at enforcement'
  DELETE FROM reminder.invoice WHERE invoice_no = 'external'
  UPDATE reminder.invoice SET amount = 900 WHERE invoice_no = 'external'
  UPDATE reminder.invoice SET amount = 900, external_collection = false WHERE invoice_no = 'external'
$$);
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END;
\a
\t
-- What is not guarded may change, and a change to the same is none.
UPDATE reminder.invoice SET description = 'bicycles', branch = 'north', amount = 1000.00, due_date = due_date WHERE invoice_no = 'at reminder';
-- Outside a case all of it may be done: that is what withdrawing is for.
BEGIN;
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES
  (1, 'withdrawn', 'L1', 'confirmed', '2026-03-09', 100), (1, 'paid', 'L1', 'doubtful', '2026-03-09', 100), (1, 'free', 'L1', 'confirmed', '2026-03-09', 100);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'withdrawn', 'void', '2026-03-09', 1000);
UPDATE reminder.invoice SET amount = 1100, customer_no = 'C2', currency = 'EUR', kind = 'factored', invoice_date = '2026-01-01', due_date = '2026-04-01' WHERE invoice_no = 'free';
TABLE t.open;
TABLE t.wrong;
ROLLBACK;
BEGIN;
UPDATE reminder.invoice SET invoice_no = 'freer' WHERE invoice_no = 'free';
DELETE FROM reminder.invoice WHERE invoice_no = 'freer';
TABLE t.wrong;
ROLLBACK;
-- An invoice that has had a case keeps its number and stays.
DELETE FROM reminder.invoice WHERE invoice_no = 'paid';
DELETE FROM reminder.invoice WHERE invoice_no = 'withdrawn';
UPDATE reminder.invoice SET invoice_no = 'gone' WHERE invoice_no = 'withdrawn';

-- A booked loss, doubtful too, keeps a case from opening until it is reversed
-- (G1), and an external collection from beginning; the other way round too (G3).
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'free', 'L1', 'doubtful', '2026-03-09', 100);
CALL reminder.run('2026-03-10', 1);
SELECT invoice_no, outcome, reason FROM reminder.plan('2026-03-10', 1) WHERE invoice_no = 'free';
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'free';
\echo :SQLSTATE
UPDATE reminder.invoice SET external_collection = true, description = 'x', due_date = '2026-02-03' WHERE invoice_no = 'free';
UPDATE reminder.credit_loss SET reversed_on = '2026-03-10' WHERE invoice_no = 'free';
BEGIN;
CALL reminder.run('2026-03-10', 1);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'free', 'L2', 'doubtful', '2026-03-10', 100);
ROLLBACK;
BEGIN;
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'free', 'L2', 'doubtful', '2026-03-10', 100);
CALL reminder.run('2026-03-10', 1);
SELECT count(*) FROM t.cases WHERE invoice_no = 'free';
DELETE FROM reminder.credit_loss WHERE loss_no = 'L2';
CALL reminder.run('2026-03-10', 1);
UPDATE reminder.credit_loss SET reversed_on = NULL WHERE invoice_no = 'free';
ROLLBACK;

-- G2: every kind of statement, mixed with rows that would pass.
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount, reversed_on) VALUES (1, 'at reminder', 'L0', 'doubtful', '2026-03-01', 100, '2026-03-02');
CREATE VIEW t.loss AS SELECT creditor_id, invoice_no, loss_no, kind, booked_on, amount, reversed_on FROM reminder.credit_loss;
CREATE FUNCTION t.book(invoice_no text) RETURNS void LANGUAGE sql AS $$
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, $1, 'F', 'confirmed', '2026-03-10', 1) $$;
CREATE FUNCTION t.book_as_superuser(invoice_no text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
  PERFORM t.book(invoice_no);
END $$;
SELECT t.state() AS before \gset
\t
\a
SELECT t.show($$
  INSERT INTO reminder.credit_loss SELECT creditor_id, invoice_no, 'S', 'confirmed', '2026-03-10', 1 FROM reminder.invoice WHERE creditor_id = 1 AND invoice_no IN ('free', 'at demand') ORDER BY invoice_no DESC
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'V', 'confirmed', '2026-03-10', 1), (1, 'at reminder', 'V', 'confirmed', '2026-03-10', 1), (1, 'paid', 'V', 'confirmed', '2026-03-10', 1)
  UPDATE reminder.credit_loss SET reversed_on = NULL
  UPDATE reminder.credit_loss SET reversed_on = NULL, invoice_no = 'at monitoring' WHERE invoice_no = 'free'
  INSERT INTO reminder.credit_loss VALUES (1, 'at reminder', 'L0', 'doubtful', '2026-03-01', 100) ON CONFLICT (creditor_id, invoice_no, loss_no) DO UPDATE SET reversed_on = NULL
  WITH taken AS (DELETE FROM reminder.credit_loss WHERE loss_no = 'L0' RETURNING *) INSERT INTO reminder.credit_loss SELECT creditor_id, invoice_no, 'W', kind, booked_on, amount FROM taken
  INSERT INTO t.loss VALUES (1, 'at demand', 'VW', 'confirmed', '2026-03-10', 1)
  UPDATE t.loss SET reversed_on = NULL WHERE loss_no = 'L0'
  SELECT t.book('at demand')
  SELECT t.book_as_superuser('at demand')
  DO 'BEGIN PERFORM t.book(''at demand''); END'
  INSERT INTO reminder.invoice SELECT * FROM reminder.invoice WHERE invoice_no = 'at demand' ON CONFLICT (creditor_id, invoice_no) DO UPDATE SET due_date = '2026-04-01'
  WITH gone AS (DELETE FROM reminder.invoice WHERE invoice_no = 'at demand') SELECT
  UPDATE reminder.invoice i SET due_date = c.until FROM (VALUES ('2026-04-01'::date)) c (until) WHERE i.creditor_id = 1
  WITH credited AS (INSERT INTO reminder.credit VALUES (1, 'W', 'at demand', 'credit', '2026-03-10', 1) RETURNING *) SELECT count(*) FROM credited
$$);
\a
\t
COPY reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) FROM STDIN;
1	free	C	confirmed	2026-03-10	1
1	at demand	C	confirmed	2026-03-10	1
\.
COPY reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) FROM STDIN;
1	C	at demand	2026-03-10	1
\.
-- Prepared, again and again.
PREPARE book(text) AS INSERT INTO reminder.credit_loss VALUES (1, $1, 'P', 'confirmed', '2026-03-10', 1);
EXECUTE book('at demand');
SET plan_cache_mode = force_generic_plan;
EXECUTE book('at demand');
EXECUTE book('at monitoring');
RESET plan_cache_mode;
-- With errors caught on the way.
BEGIN;
SAVEPOINT s;
EXECUTE book('at demand');
ROLLBACK TO s;
SAVEPOINT s2;
EXECUTE book('at reminder');
ROLLBACK TO s;
EXECUTE book('at monitoring');
ROLLBACK;
DO $$
BEGIN
  FOR n IN 1 .. 3 LOOP
    BEGIN
      PERFORM t.book('at demand');
      RAISE WARNING 'booked';
    EXCEPTION WHEN SQLSTATE '23R01' THEN
    END;
  END LOOP;
END
$$;
-- It is no constraint that could be put off to the end.
BEGIN;
SET CONSTRAINTS ALL DEFERRED;
EXECUTE book('at demand');
COMMIT;
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END AS state;

-- In replica mode, as logical replication applies changes.
SET session_replication_role = replica;
EXECUTE book('at demand');
INSERT INTO reminder.credit VALUES (1, 'R', 'at demand', 'credit', '2026-03-10', 1);
UPDATE reminder.invoice SET amount = 1 WHERE invoice_no = 'at demand';
DELETE FROM reminder.invoice WHERE invoice_no = 'at demand';
RESET session_replication_role;

-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
-- For a caller who may write bookings and invoices and see nothing else, with
-- row-level security forced upon everybody, temporary tables of the same
-- names, and a search path with operators of his own, which find nothing.
DO $$
DECLARE
  _table regclass;
BEGIN
  FOR _table IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', _table);
  END LOOP;
END
$$;
CREATE ROLE regress_clerk;
GRANT USAGE ON SCHEMA reminder, t TO regress_clerk;
GRANT SELECT, INSERT, UPDATE, DELETE ON reminder.invoice, reminder.credit, reminder.credit_loss, reminder.payment, reminder.customer TO regress_clerk;
CREATE POLICY clerk ON reminder.invoice TO regress_clerk USING (true);
CREATE POLICY clerk ON reminder.credit TO regress_clerk USING (true);
CREATE POLICY clerk ON reminder.credit_loss TO regress_clerk USING (true);
CREATE POLICY clerk ON reminder.payment TO regress_clerk USING (true);
CREATE POLICY clerk ON reminder.customer TO regress_clerk USING (true);
GRANT CREATE ON SCHEMA t TO regress_clerk;
SET ROLE regress_clerk;
CREATE TEMP TABLE invoice (creditor_id bigint, invoice_no text, open_amount numeric);
CREATE TEMP TABLE collection_case (creditor_id bigint, invoice_no text, case_no smallint, state text, ended_on date);
CREATE TEMP TABLE position (creditor_id bigint, invoice_no text);
CREATE TEMP TABLE creditor AS SELECT 1::bigint AS creditor_id, 'apply'::text AS credits_in_case;
CREATE FUNCTION t.never(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION t.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION t.never(numeric, numeric) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR t.= (FUNCTION = t.never, LEFTARG = bigint, RIGHTARG = bigint);
CREATE OPERATOR t.= (FUNCTION = t.never, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR t.> (FUNCTION = t.never, LEFTARG = numeric, RIGHTARG = numeric);
SET search_path = pg_temp, t, pg_catalog;
SET row_security = off;
EXECUTE book('at demand');
RESET row_security;
SELECT count(*) FROM reminder.collection_case;
INSERT INTO reminder.credit_loss VALUES (1, 'at demand', 'E', 'confirmed', '2026-03-10', 1);
INSERT INTO reminder.credit VALUES (1, 'E', 'at demand', 'credit', '2026-03-10', 1);
INSERT INTO reminder.credit VALUES (1, 'E', 'free', 'credit', '2026-03-10', 1000.01);
UPDATE reminder.invoice SET amount = 1 WHERE invoice_no OPERATOR(pg_catalog.=) 'at demand';
DELETE FROM reminder.invoice WHERE invoice_no OPERATOR(pg_catalog.=) 'at demand';
UPDATE reminder.invoice SET open_amount = 1 WHERE invoice_no OPERATOR(pg_catalog.=) 'free';
-- And what is right is done right for him.
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C3', 'Ny');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (1, 'new', 'C3', '2026-03-10', '2026-03-10', 'SEK', 50);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'P2', 'new', '2026-03-10', 20), (1, 'P3', 'at reminder', '2026-03-10', 1000);
INSERT INTO reminder.payment (creditor_id, payment_no, reference, paid_on, amount) VALUES (1, 'P4', 'new', '2026-03-10', 40);
SELECT reminder.withdraw(1, 'at demand', NULL, '2026-03-10');
RESET ROLE;
RESET search_path;
DROP TABLE pg_temp.invoice, pg_temp.collection_case, pg_temp.position, pg_temp.creditor;
DROP OPERATOR t.= (bigint, bigint), t.= (text, text), t.> (numeric, numeric);
SELECT * FROM t.open WHERE invoice_no IN ('new', 'at reminder');
SELECT * FROM t.cases WHERE invoice_no = 'at reminder';
SELECT customer_no, rule_no, assigned_by FROM reminder.customer WHERE customer_no = 'C3';
TABLE t.wrong;
SELECT count(*) FROM reminder.credit_loss WHERE reversed_on IS NULL;
\set ECHO none
\c :home
DROP DATABASE :name;
DROP ROLE regress_clerk;
