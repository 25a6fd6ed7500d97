-- overview.sql: where all open invoices of a creditor stand, against a count of
-- the same index.
SET client_min_messages = warning;
SET jit = off;
VACUUM ANALYZE reminder.position;
SELECT format('overview|%s', bench.ms($$ SELECT * FROM reminder.creditor_overview WHERE creditor_id = 1 $$));
SELECT format('overview_count|%s', bench.ms($$ SELECT count(*) FROM reminder.position WHERE creditor_id = 1 $$));
