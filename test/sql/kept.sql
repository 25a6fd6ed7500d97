-- What reminder keeps nobody writes by hand, the owner included (G2, V3): tables,
-- columns, and the functions behind them.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_kept
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('A1');
CALL reminder.run('2026-02-07', 1);
CALL t.pay('P1', 'A1', '2026-02-07', 100);
CALL t.invoice('A2');
SELECT t.state() AS before \gset

-- Kept tables, whatever the statement, even one without rows; as superuser,
-- and in replica mode.
CREATE VIEW t.kept AS
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = 1
WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r'
  AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = c.relname || '_kept' AND g.tgenabled = 'A');
SELECT string_agg(relname, ' ' ORDER BY relname) AS kept FROM t.kept;
CREATE FUNCTION t.write_kept() RETURNS TABLE (result text, tables bigint) LANGUAGE sql AS $$
  SELECT replace(t.try(format(s.statement, k.relname, k.attname)), k.relname, '...'), count(*)
  FROM t.kept k CROSS JOIN (VALUES
    ('INSERT INTO reminder.%1$I SELECT * FROM reminder.%1$I LIMIT 0'), ('INSERT INTO reminder.%1$I SELECT * FROM reminder.%1$I'),
    ('UPDATE reminder.%1$I SET %2$I = %2$I'), ('UPDATE reminder.%1$I SET %2$I = %2$I WHERE false'),
    ('DELETE FROM reminder.%1$I'), ('WITH d AS (DELETE FROM reminder.%1$I WHERE false) SELECT')) s (statement)
  GROUP BY 1 ORDER BY 1 $$;
SELECT * FROM t.write_kept();
SET session_replication_role = replica;
SELECT * FROM t.write_kept();
RESET session_replication_role;
COPY reminder.event (creditor_id, invoice_no, event_no, kind) FROM STDIN;
1	A1	99	case_closed
\.
-- No table is emptied, alone or with others; but law is only data, and what
-- refers to it keeps it.
SELECT replace(t.try(format('TRUNCATE reminder.%I CASCADE', c.relname)), c.relname, '...') AS result, count(*)
FROM pg_class c
WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r'
  AND c.relname NOT IN ('installation', 'jurisdiction', 'stage', 'stage_fee_kind', 'statutory_fee')
GROUP BY 1 ORDER BY 1;
TRUNCATE reminder.jurisdiction;
SET session_replication_role = replica;
TRUNCATE reminder.credit_loss;
RESET session_replication_role;

-- Kept columns: by hand, beside others, and on the way in.
\t
\a
SELECT t.show($$
  UPDATE reminder.invoice SET open_amount = 0
  UPDATE reminder.invoice SET open_amount = NULL
  UPDATE reminder.invoice SET open_amount = 'NaN'
  UPDATE reminder.invoice SET automation = 'withdrawn'
  UPDATE reminder.invoice SET open_amount = 0, due_date = '2026-02-03' WHERE invoice_no = 'A2'
  UPDATE reminder.invoice SET open_amount = 1, amount = 2000 WHERE invoice_no = 'A2'
  UPDATE reminder.invoice SET automation = 'blocked', invoice_date = '2026-01-03' WHERE invoice_no = 'A2'
  UPDATE reminder.creditor SET automation = false
  UPDATE reminder.creditor SET automation_from = '2026-05-01'
  UPDATE reminder.creditor SET creditor_id = creditor_id + 10
  INSERT INTO reminder.creditor (creditor_id, account_id, name, automation) VALUES (9, 1, 'X', true)
  UPDATE reminder.rule SET kind = 'person' WHERE kind = 'company'
  UPDATE reminder.rule SET general = false
  UPDATE reminder.rule SET rule_no = 9 WHERE rule_no = 1
  DELETE FROM reminder.rule
$$);
\a
\t
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END AS state;
-- Whom a customer is under is said by rules, not by hand (R3).
BEGIN;
UPDATE reminder.customer SET rule_no = 2, assigned_by = 'own' WHERE customer_no = 'C';
UPDATE reminder.customer SET rule_no = NULL, assigned_by = 'blocked' WHERE customer_no = 'P';
SELECT creditor_id, customer_no, rule_no, assigned_by FROM reminder.customer ORDER BY 1, 2;
ROLLBACK;
-- A rule's version goes up by one, whatever is written (R8).
BEGIN;
SELECT version AS stood FROM reminder.rule WHERE creditor_id = 1 AND rule_no = 1 \gset
UPDATE reminder.rule SET version = 0 WHERE creditor_id = 1 AND rule_no = 1;
UPDATE reminder.rule SET version = 99, name = 'All' WHERE creditor_id = 1 AND rule_no = 1;
SELECT version - :stood AS up, (SELECT count(*) FROM reminder.rule_version v WHERE v.creditor_id = 1 AND v.rule_no = 1 AND v.version > :stood) AS kept
FROM reminder.rule WHERE creditor_id = 1 AND rule_no = 1;
ROLLBACK;
-- An application's own function, though it runs as the owner, is no keeper;
-- and none is left behind by an error, caught or not.
CREATE FUNCTION t.forge() RETURNS void LANGUAGE sql SECURITY DEFINER AS $$
  UPDATE reminder.collection_case SET state = 'closed' $$;
SELECT t.forge();
DO $$
BEGIN
  BEGIN
    PERFORM reminder.credit_in_case(1, 'A1', 2000, NULL, '2026-02-08');
  EXCEPTION WHEN SQLSTATE '22R03' THEN
  END;
  UPDATE reminder.position SET passed = 0;
END
$$;
BEGIN;
SAVEPOINT s;
SELECT reminder.credit_in_case(1, 'A1', 2000, NULL, '2026-02-08');
ROLLBACK TO s;
UPDATE reminder.position SET passed = 0;
ROLLBACK;
BEGIN;
SELECT reminder.hold(1, 'A1', 'dispute', NULL, '2026-02-08') \g /dev/null
DELETE FROM reminder.hold;
ROLLBACK;
BEGIN;
CALL t.pay('P2', 'A1', '2026-02-08', 100);
DELETE FROM reminder.hold;
ROLLBACK;

-- Who may execute what. Open to all is what computes, or reads with the
-- caller's own rights.
SELECT p.proname FROM pg_proc p
WHERE p.pronamespace = 'reminder'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE') ORDER BY 1;
CREATE ROLE regress_nobody;
GRANT USAGE ON SCHEMA reminder, t TO regress_nobody;
SET ROLE regress_nobody;
-- Each of the others, called with as many NULLs as it takes (a strict one would
-- not be called at all), or put on a table of one's own.
CREATE TEMP TABLE x ();
SELECT split_part(t.try(format(
         CASE WHEN p.prorettype = 'trigger'::regtype THEN 'CREATE TRIGGER x BEFORE INSERT ON x FOR EACH STATEMENT EXECUTE FUNCTION %s()'
              WHEN p.prorettype = 'event_trigger'::regtype THEN 'SELECT %s()'
              WHEN p.prokind = 'p' THEN 'CALL %s(%s)' ELSE 'SELECT * FROM %s(%s)' END,
         p.oid::regproc, (SELECT string_agg(format('NULL::%s', format_type(a, NULL)), ', ') FROM unnest(p.proargtypes) a))), ' for ', 1) AS result,
       count(*) > 40 AS many
FROM pg_proc p
WHERE p.pronamespace = 'reminder'::regnamespace AND NOT has_function_privilege(p.oid, 'EXECUTE') AND NOT p.proisstrict
GROUP BY 1 ORDER BY 1;
DROP TABLE x;
-- And no table or view is his.
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'v')
  AND (has_table_privilege(c.oid, 'SELECT') OR has_table_privilege(c.oid, 'INSERT') OR has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE'));
RESET ROLE;

-- A superuser may call and attach anything. Trigger functions refuse to be
-- called, and to be fired in another way or for another table than theirs.
SELECT t.try(format('SELECT %s()', p.oid::regproc)) ~ '^(39P01|39P03|0A000) ' AS refused, count(*) > 15 AS many
FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND p.prorettype IN ('trigger'::regtype, 'event_trigger'::regtype) GROUP BY 1;
CREATE TABLE t.other (creditor_id text, invoice_no integer, payment_no integer, state integer, reversed_on text, amount text, open_amount text, reference integer);
CREATE TABLE reminder.other (creditor_id text, invoice_no integer, payment_no integer, state integer, reversed_on text, amount text, open_amount text, reference integer);
CREATE FUNCTION t.attach(relation text, timing text, event text, level text, function text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _result text;
BEGIN
  BEGIN
    EXECUTE format('CREATE TRIGGER "Attacked" %s %s ON %s %s FOR EACH %s EXECUTE FUNCTION %s()', timing, event, relation,
                   CASE WHEN timing = 'AFTER' AND level = 'STATEMENT' THEN
                     CASE event WHEN 'INSERT' THEN 'REFERENCING NEW TABLE AS new_rows' WHEN 'DELETE' THEN 'REFERENCING OLD TABLE AS old_rows'
                                ELSE 'REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows' END ELSE '' END, level, function);
    IF relation LIKE '%other' THEN
      EXECUTE format('INSERT INTO %s VALUES (''1'', 1, 1, 1, ''x'', ''x'', ''x'', 1)', relation);
      EXECUTE format('UPDATE %s SET invoice_no = 2', relation);
      EXECUTE format('DELETE FROM %s', relation);
    ELSE
      INSERT INTO reminder.credit_loss VALUES (2, 'N1', 'L1', 'doubtful', '2026-02-08', 1);
      UPDATE reminder.credit_loss SET reversed_on = '2026-02-08';
      DELETE FROM reminder.credit_loss;
    END IF;
    _result := 'ok';
  EXCEPTION WHEN OTHERS THEN
    _result := SQLSTATE;
  END;
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = _result;
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
  RETURN SQLERRM;
END
$$;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'N1', 'C', '2026-01-02', '2026-02-02', 'EUR', 80);
-- 39P01 from those in C. One that serves several tables, and those in plpgsql,
-- find other columns (42703), other types (42883), or no transition table of
-- the name (42P01) in their way.
SELECT l.lanname, r.relation, t.attach(r.relation, m.timing, e.event, v.level, p.oid::regproc::text) AS result, count(*) > 0 AS some
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN unnest(ARRAY['t.other', 'reminder.other']) r (relation)
CROSS JOIN unnest(ARRAY['BEFORE', 'AFTER']) m (timing)
CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) e (event)
CROSS JOIN unnest(ARRAY['ROW', 'STATEMENT']) v (level)
WHERE p.pronamespace = 'reminder'::regnamespace AND p.prorettype = 'trigger'::regtype AND p.proname <> '_kept'
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;
-- On one of our own tables, each in every wrong way.
SELECT l.lanname, t.attach('reminder.credit_loss', m.timing, e.event, v.level, p.oid::regproc::text) AS result, count(*) > 0 AS some
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN unnest(ARRAY['BEFORE', 'AFTER']) m (timing)
CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE']) e (event)
CROSS JOIN unnest(ARRAY['ROW', 'STATEMENT']) v (level)
WHERE p.pronamespace = 'reminder'::regnamespace AND p.prorettype = 'trigger'::regtype AND p.proname NOT IN ('_kept', '_guard_loss', '_guard_losses')
GROUP BY 1, 2 ORDER BY 1, 2;
SELECT f.name, m.timing, v.level, t.attach('reminder.credit_loss', m.timing, 'INSERT', v.level, 'reminder.' || f.name) AS result
FROM unnest(ARRAY['_guard_loss', '_guard_losses']) f (name) CROSS JOIN unnest(ARRAY['BEFORE', 'AFTER']) m (timing) CROSS JOIN unnest(ARRAY['ROW', 'STATEMENT']) v (level)
ORDER BY 1, 2, 3;
SELECT relation, timing, level, t.attach(relation, timing, 'INSERT', level, 'reminder._kept') AS result
FROM unnest(ARRAY['t.other', 'reminder.other']) r (relation), unnest(ARRAY['BEFORE', 'AFTER']) m (timing), unnest(ARRAY['ROW', 'STATEMENT']) v (level) ORDER BY 1, 2, 3;
\set ECHO none
\c :home
DROP DATABASE :name;
DROP ROLE regress_nobody;
