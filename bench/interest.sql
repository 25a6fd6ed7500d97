-- interest.sql: late_interest of a claim over three rates, a call, against one
-- of a C function of the same arguments that does nothing. Both read the claims.
SET client_min_messages = warning;
SELECT to_regclass('bench.claim') IS NULL AS first \gset
\if :first
CREATE FUNCTION bench.empty(jurisdiction text, debtor_kind text, principal numeric, due_date date, until date) RETURNS numeric
LANGUAGE C STABLE PARALLEL SAFE AS :'empty', 'empty';
-- 4.00 from 2024, 3.00 from 2025, 2.00 from 2025-07
CREATE TABLE bench.claim AS
SELECT 'SE'::text AS jurisdiction, 'company'::text AS debtor_kind, round(100 + n * 0.37, 2) AS principal,
       date '2024-07-01' + n % 184 AS due_date, date '2025-07-01' + n % 150 AS until
FROM generate_series(1, 300000) n;
VACUUM ANALYZE bench.claim;
\endif
SET max_parallel_workers_per_gather = 0;
SELECT count(*) FROM bench.claim \g /dev/null
SELECT format('interest|%s', bench.ms('SELECT count(reminder.late_interest(jurisdiction, debtor_kind, principal, due_date, until)) FROM bench.claim'));
SELECT format('interest_empty|%s', bench.ms('SELECT count(bench.empty(jurisdiction, debtor_kind, principal, due_date, until)) FROM bench.claim'));
