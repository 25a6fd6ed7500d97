-- lint.sql - what plpgsql_check says of our functions; fails if it is anything.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION plpgsql_check;
CREATE EXTENSION reminder;
SELECT reminder.install() \g /dev/null

-- A trigger function can be checked only with a table that it stands on.
CREATE TEMP TABLE finding AS
SELECT DISTINCT p.oid::regprocedure AS function, c.lineno, c.level, c.message, c.hint
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
LEFT JOIN pg_trigger t ON t.tgfoid = p.oid,
LATERAL plpgsql_check_function_tb(p.oid, coalesce(t.tgrelid, 0), security_warnings => true,
  oldtable => t.tgoldtable, newtable => t.tgnewtable) c
WHERE p.pronamespace = 'reminder'::regnamespace
AND (p.prorettype <> 'trigger'::regtype OR t.oid IS NOT NULL)
-- _triggers(), _attached_triggers(), _event_triggers(), _rights(), _walls(), _log_sources() and _booking_of() write what these execute, nobody else.
AND NOT (p.proname IN ('_arm', '_give', '_put_walls', 'revoke_role', '_seal', '_first_bad_row', '_booking_undone', '_forget_notes', '_put_attached_triggers', '_arm_events') AND c.level = 'security');

SELECT format('%s, line %s: %s: %s %s', function, lineno, level, message, hint)
FROM finding
ORDER BY function::text, lineno;

SELECT count(*) = 0 AS clean FROM finding \gset
\if :clean
\else
DO $$ BEGIN RAISE EXCEPTION 'plpgsql_check has findings'; END $$;
\endif
