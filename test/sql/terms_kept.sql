-- Terms that a session keeps (B1): every table that _terms() reads of, and no
-- other, tells of its changes. Tables that are read stay locked for the transaction.
\set name regress_terms_kept
\i test/sql/include/ladder.sql
SET client_min_messages = warning;

INSERT INTO reminder.agreement VALUES ('service', 'Service agreement');
INSERT INTO reminder.account (account_id, name, agreement) VALUES (2, 'With terms', 'service');
CALL t.creditor(1, 'SE');
UPDATE reminder.creditor SET account_id = 2 WHERE creditor_id = 1;
CALL t.rule(1, 10, 'company', 'creditor', true, 'reminder 5d 10d', 'demand 12d 10d');
SELECT length(reminder.publish_terms('service', '1', 'Terms of service', '2026-03-05', body => 'Terms')) AS published;

BEGIN;
SELECT stage FROM reminder._terms(1, '2026-03-09', 10, 0);
SELECT stage FROM reminder._terms(1, '2026-03-09', 10, 10);
\echo '# of position it reads only for all rungs'
WITH read AS (
  SELECT DISTINCT c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
  WHERE l.pid = pg_backend_pid() AND c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' AND c.relname <> 'position'),
told AS (
  SELECT c.relname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE g.tgname = 'terms_changed' AND g.tgenabled = 'A')
SELECT relname, r.relname IS NOT NULL AS read, t.relname IS NOT NULL AS told FROM read r FULL JOIN told t USING (relname) ORDER BY relname;
COMMIT;
\echo '# the trigger stands nowhere else'
CREATE TRIGGER elsewhere AFTER INSERT ON reminder.rule FOR EACH STATEMENT EXECUTE FUNCTION reminder._terms_changed();
DO $$ BEGIN INSERT INTO reminder.rule SELECT * FROM reminder.rule WHERE false; EXCEPTION WHEN OTHERS THEN RAISE WARNING '% %', sqlstate, sqlerrm; END $$;
\i test/sql/include/ladder_end.sql
