-- The extension and its tables: installed once, refused where they cannot be,
-- dropped only on purpose, and without a row (DESIGN: functions in the
-- extension, tables beside it).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_install
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
\set VERBOSITY default

-- What stands in the schema, by name and definition, and who else may what.
CREATE FUNCTION t.others(acl aclitem[], owner oid) RETURNS text LANGUAGE sql AS $$
  SELECT string_agg(format('%s %s', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, a.privilege_type), ', ' ORDER BY 1)
  FROM aclexplode(acl) a WHERE a.grantee <> owner $$;
CREATE VIEW t.stands AS
SELECT 'relation' AS kind, format('%s %s %s %s', c.relkind, c.relname, t.others(c.relacl, c.relowner), c.reloptions) AS what FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace
UNION ALL
SELECT 'column', format('%s.%s %s %s %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'reminder'::regnamespace
UNION ALL
SELECT 'constraint', format('%s %s %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) FROM pg_constraint k WHERE k.connamespace = 'reminder'::regnamespace
UNION ALL
SELECT 'trigger', format('%s %s %s', g.tgenabled, g.tgname, pg_get_triggerdef(g.oid)) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
WHERE c.relnamespace = 'reminder'::regnamespace AND NOT g.tgisinternal
UNION ALL
SELECT 'event trigger', format('%s %s %s %s %s', e.evtenabled, e.evtname, e.evtevent, e.evtfoid::regproc, e.evttags) FROM pg_event_trigger e
UNION ALL
SELECT 'view', format('%s %s', c.relname, pg_get_viewdef(c.oid)) FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'v'
UNION ALL
SELECT 'index', pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE c.relnamespace = 'reminder'::regnamespace
UNION ALL
SELECT 'comment', format('%s %s', d.objoid::regclass, d.description) FROM pg_description d JOIN pg_class c ON d.classoid = 'pg_class'::regclass AND c.oid = d.objoid WHERE c.relnamespace = 'reminder'::regnamespace
UNION ALL
SELECT 'function', format('%s %s %s', p.oid::regprocedure, t.others(p.proacl, p.proowner), p.proconfig) FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace;
CREATE TABLE t.stood AS TABLE t.stands;
CREATE VIEW t.difference AS
(SELECT 'gone' AS now, s.* FROM (TABLE t.stood EXCEPT TABLE t.stands) s UNION ALL SELECT 'new', s.* FROM (TABLE t.stands EXCEPT TABLE t.stood) s) ORDER BY 1, 2, 3;
CALL t.invoice('A');
CALL reminder.run('2026-02-07', 1);
SELECT t.state() AS before \gset

-- Called twice, the second call changes nothing.
SELECT reminder.install();
TABLE t.difference;
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END AS state;
-- A right that was granted meanwhile stays.
BEGIN;
CREATE ROLE regress_reader;
GRANT SELECT ON reminder.invoice_status TO regress_reader, PUBLIC;
SELECT reminder.install();
SELECT has_table_privilege('regress_reader', 'reminder.invoice_status', 'SELECT');
ROLLBACK;

-- Tables of a newer version are refused (55R04); of an older one, upgrade() is named.
BEGIN;
UPDATE reminder.installation SET version = '99.0.0';
SELECT reminder.install();
\echo :SQLSTATE
ROLLBACK;
BEGIN;
UPDATE reminder.installation SET version = '99.0.0';
SELECT reminder.upgrade();
\echo :SQLSTATE
ROLLBACK;
BEGIN;
UPDATE reminder.installation SET version = '0.0.1';
SELECT reminder.install();
ROLLBACK;
-- Nobody else installs, even if he may execute it.
CREATE ROLE regress_other;
SET ROLE regress_other;
SELECT reminder.install();
RESET ROLE;
GRANT USAGE ON SCHEMA reminder TO regress_other;
GRANT EXECUTE ON FUNCTION reminder.install() TO regress_other;
SET ROLE regress_other;
SELECT reminder.install();
\echo :SQLSTATE
RESET ROLE;
REVOKE EXECUTE ON FUNCTION reminder.install() FROM regress_other;

-- It stays where it is.
ALTER EXTENSION reminder SET SCHEMA public;
CREATE EXTENSION reminder;
-- DROP EXTENSION is refused while guards and views stand on its functions.
\set VERBOSITY terse
DROP EXTENSION reminder;
\set VERBOSITY default
TABLE t.difference;
-- With CASCADE it takes triggers and views, and views of others on these, but not
-- a row; CREATE EXTENSION and install() bring back what was reminder's.
SELECT pg_get_viewdef('t.wrong'::regclass) AS wrong \gset
DROP EXTENSION reminder CASCADE;
SELECT now, kind, count(*) > 0 AS some FROM t.difference GROUP BY 1, 2 ORDER BY 1, 2;
SELECT CASE WHEN t.state() = :'before' THEN 'no row has gone' ELSE 'CHANGED' END AS state;
CREATE EXTENSION reminder;
SELECT reminder.install();
TABLE t.difference;
SELECT reminder.install();
SELECT CASE WHEN t.state() = :'before' THEN 'no row has gone' ELSE 'CHANGED' END AS state;
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'A', 'L1', 'confirmed', '2026-02-08', 100);
CALL reminder.run('2026-02-21', 1);
CALL t.pay('P1', 'A', '2026-02-22', 1000);
TABLE t.cases;
CREATE VIEW t.wrong AS :wrong
TABLE t.wrong;
-- A trigger does not go in passing; one that has gone is put back, too.
DROP TRIGGER credit_loss_guard ON reminder.credit_loss;
\echo :SQLSTATE
ALTER EVENT TRIGGER reminder_drop DISABLE;
DROP TRIGGER credit_loss_guard ON reminder.credit_loss;
SELECT reminder.install();
SELECT reminder.repair();
SELECT now, kind FROM t.difference;

-- CREATE EXTENSION refuses a schema that others own or may write, or that
-- holds functions, operators or types of theirs. Tables may stand.
DROP EXTENSION reminder CASCADE;
DROP SCHEMA reminder CASCADE;
CREATE SCHEMA reminder AUTHORIZATION regress_other;
GRANT CREATE ON SCHEMA reminder TO regress_other;
BEGIN;
SET LOCAL client_min_messages = error;
CREATE EXTENSION reminder;
\echo :SQLSTATE
ROLLBACK;
ALTER SCHEMA reminder OWNER TO CURRENT_USER;
GRANT CREATE ON SCHEMA reminder TO regress_other;
CREATE EXTENSION reminder;
\echo :SQLSTATE
REVOKE CREATE ON SCHEMA reminder FROM regress_other;
GRANT CREATE ON SCHEMA reminder TO PUBLIC;
CREATE EXTENSION reminder;
REVOKE CREATE ON SCHEMA reminder FROM PUBLIC;
CREATE FUNCTION reminder.evil() RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE EXTENSION reminder;
\echo :SQLSTATE
DROP FUNCTION reminder.evil();
CREATE PROCEDURE reminder.evil() LANGUAGE sql AS 'SELECT 1';
CREATE EXTENSION reminder;
DROP PROCEDURE reminder.evil();
CREATE AGGREGATE reminder.evil(integer) (SFUNC = int4pl, STYPE = integer);
CREATE EXTENSION reminder;
DROP AGGREGATE reminder.evil(integer);
CREATE OPERATOR reminder.= (FUNCTION = int8eq, LEFTARG = bigint, RIGHTARG = bigint);
CREATE EXTENSION reminder;
DROP OPERATOR reminder.= (bigint, bigint);
CREATE TYPE reminder.evil AS ENUM ('a');
CREATE EXTENSION reminder;
DROP TYPE reminder.evil;
CREATE DOMAIN reminder.evil AS text;
CREATE EXTENSION reminder;
DROP DOMAIN reminder.evil;
CREATE TYPE reminder.evil AS RANGE (SUBTYPE = integer);
CREATE EXTENSION reminder;
DROP TYPE reminder.evil;
CREATE TYPE reminder.evil AS (a integer);
CREATE EXTENSION reminder;
DROP TYPE reminder.evil;
CREATE VIEW reminder.letters AS SELECT 1 AS one;
CREATE TABLE reminder.mine (a integer[], b text);
CREATE EXTENSION reminder;
SELECT count(*) FROM reminder.mine;
DROP EXTENSION reminder;
CREATE EXTENSION reminder SCHEMA public;
CREATE EXTENSION reminder VERSION '0.0.1';
-- Only a superuser creates it.
SET ROLE regress_other;
CREATE EXTENSION reminder;
RESET ROLE;
-- A database in another encoding keeps its letters.
\set ECHO none
\c :home
DROP DATABASE :name;
DROP ROLE regress_other;
CREATE DATABASE :name TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C';
\c :name
SET client_min_messages = warning;
\set ECHO all
CREATE EXTENSION reminder;
SELECT reminder.install();
SELECT char_length(j.name), char_length(j.source) - char_length(replace(j.source, chr(230), '')) AS letters FROM reminder.jurisdiction j WHERE j.jurisdiction = 'DK';
\i :leave
