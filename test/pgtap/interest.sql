-- Late interest as SQL sees it (F9, L1). The sum itself is tested in
-- test/unit/test_interest.c, which rate a day has in test_law.c, and both
-- together on random claims in test/t/differential.pl.
BEGIN;
SELECT plan(76);

-- what an application may rely on
SELECT function_returns('reminder', 'late_interest', ARRAY['text', 'text', 'numeric', 'date', 'date'], 'numeric');
SELECT function_returns('reminder', 'late_interest', ARRAY['text', 'text', 'numeric', 'date', 'date', 'date[]', 'numeric[]', 'numeric', 'text'], 'numeric');
SELECT function_returns('reminder', 'interest_statement', ARRAY['text', 'text', 'numeric', 'date', 'date', 'date[]', 'numeric[]', 'numeric', 'text'], 'setof record');
SELECT is(format('%s %s', provolatile, proparallel), 's s', format('%s is stable and parallel safe', oid::regprocedure))
FROM pg_proc
WHERE pronamespace = 'reminder'::regnamespace AND proname IN ('late_interest', 'interest_statement')
ORDER BY oid::regprocedure::text;
SELECT isnt(obj_description(oid, 'pg_proc'), NULL, format('%s has a comment', oid::regprocedure))
FROM pg_proc
WHERE pronamespace = 'reminder'::regnamespace AND proname IN ('late_interest', 'interest_statement')
ORDER BY oid::regprocedure::text;

-- worked examples (FACTS.md 2)
SELECT is(reminder.late_interest('SE', 'company', 10000, '2025-05-31', '2025-09-30'), 342.47, 'F9: SE, 30 days at 11 % and 92 at 10 %');
SELECT is(reminder.late_interest('SE', 'person', 50000, '2025-08-31', '2025-09-30'), 410.96, 'F9: SE, 30 days at 10 %');
SELECT is(reminder.late_interest('SE', 'person', 6780, '2020-12-31', '2021-04-20'), 163.46, 'F9: SE, 110 days at 8 %');
SELECT is(reminder.late_interest('NO', 'person', 10000, '2024-01-31', '2024-03-01'), 102.46, 'F9: NO, 30 days at 12.5 %, each a 366th of the year');
SELECT is(reminder.late_interest('FI', 'person', 1000, '2026-06-15', '2026-07-31'), 11.97, 'F9: FI, a consumer, 46 days at 9.5 %');

-- each country's rule, on a day of 2025 and one of 2026
SELECT is(reminder.late_interest(j, k, 36500, '2025-12-30', '2025-12-31'), rate, format('L1: %s, %s: %s %% on 2025-12-31', j, k, rate))
FROM (VALUES
    ('SE', 'person', 10.00), ('SE', 'company', 10.00), ('SE', 'public', 10.00),
    ('FI', 'person', 9.50), ('FI', 'company', 10.50), ('FI', 'public', 10.50),
    ('NO', 'person', 12.25), ('NO', 'company', 12.25),
    ('DK', 'person', 9.75), ('DK', 'public', 9.75),
    ('DE', 'person', 6.27), ('DE', 'company', 10.27)) t (j, k, rate);

-- by due date, by day, negative references
SELECT is(reminder.late_interest('DK', 'company', 36500, '2013-02-28', '2013-03-10'), 72.00, 'L1: DK, a claim due before 2013-03-01 keeps 7 + 0.20');
SELECT is(reminder.late_interest('DK', 'company', 36500, '2013-03-01', '2013-03-11'), 82.00, 'L1: DK, one due on it bears 8 + 0.20');
SELECT is(reminder.late_interest('DE', 'person', 36500, '2020-01-01', '2020-01-02'), 4.12, 'L1: DE, 5 - 0.88');
SELECT is(reminder.late_interest('DE', 'company', 36500, '2014-07-28', '2014-07-28'), 0.00, 'nothing on the due date itself');
SELECT is(
    (SELECT string_agg(format('%s %s', from_day, rate), ', ' ORDER BY from_day)
     FROM reminder.interest_statement('FI', 'public', 1000, '2013-03-15', '2013-07-10')),
    '2013-03-16 9.00, 2013-07-01 8.50', 'L1: FI, a rule that begins within a half-year');

-- a statement can be checked by hand, and adds up
SELECT results_eq(
    $$SELECT * FROM reminder.interest_statement('SE', 'company', 10000, '2025-05-31', '2025-12-31', '{2025-10-15,2025-08-01}', '{1000,4000}')$$,
    $$VALUES ('2025-06-01'::date, '2025-06-30'::date, 30, 11.00, 10000.00,  90.41, 365,  90.41),
             ('2025-07-01', '2025-08-01', 32, 10.00, 10000.00,  87.67, 365, 178.08),
             ('2025-08-02', '2025-10-15', 75, 10.00,  6000.00, 123.29, 365, 301.37),
             ('2025-10-16', '2025-12-31', 77, 10.00,  5000.00, 105.48, 365, 406.85)$$,
    'F9: a row for each rate and each capital');
SELECT is(
    (SELECT round(sum(capital * rate * days / (100 * year_days)), 2)
     FROM reminder.interest_statement('NO', 'company', 12345.67, '2023-11-02', '2026-11-22', '{2024-02-29,2025-06-30}', '{345.67,2000}')),
    reminder.late_interest('NO', 'company', 12345.67, '2023-11-02', '2026-11-22', '{2024-02-29,2025-06-30}', '{345.67,2000}'),
    'F9: the rows'' days, rates and capitals give the interest');
SELECT is(
    (SELECT sum(amount) FROM reminder.interest_statement('NO', 'company', 12345.67, '2023-11-02', '2026-11-22', '{2024-02-29,2025-06-30}', '{345.67,2000}')),
    reminder.late_interest('NO', 'company', 12345.67, '2023-11-02', '2026-11-22', '{2024-02-29,2025-06-30}', '{345.67,2000}'),
    'F9: and so do their amounts, rounded once');
SELECT is(
    (SELECT array_agg(year_days ORDER BY from_day) FROM reminder.interest_statement('NO', 'company', 100, '2023-12-30', '2025-01-02')),
    ARRAY[365, 366, 365], 'F9: NO, periods end with the year');
SELECT is(
    (SELECT count(*) FROM reminder.interest_statement('SE', 'company', 10000, '2025-05-31', '2025-12-31', '{2025-05-01}', '{10000}')), 0::bigint,
    'F9: what was paid in time bears nothing');
SELECT is(
    (SELECT max(to_day) FROM reminder.interest_statement('SE', 'company', 10000, '2025-05-31', '2199-12-31', '{2025-06-10,2025-06-20}', '{9999.99,0.02}')), '2025-06-20',
    'F9: once it is paid no rate is needed');
SELECT is(reminder.late_interest('SE', 'company', 0, '2025-05-31', '2199-12-31'), 0.00, 'F9: nor on no principal');
SELECT is(reminder.late_interest('SE', 'company', 10000, '2025-05-31', '2025-09-30', '{}', '{}'), 342.47, 'no payments');
SELECT is(reminder.late_interest('SE', 'company', 10000, '2025-05-31', '2025-09-30', NULL, NULL), 342.47, 'no payments either');
SELECT is(reminder.late_interest('SE', 'B2B', 10000, '2025-05-31', '2025-09-30'), 342.47, 'other names of the kinds');
SELECT is(reminder.late_interest('SE', 'company', 999999999999.99, '2024-12-31', '2025-06-30'), 54547945205.48, 'the largest amount');
SELECT is(reminder.late_interest('SE', 'company', 10000.000, '2025-05-31', '2025-09-30'), 342.47, 'more zeros than two');

-- what is not known is an error that says what to do
CREATE FUNCTION pg_temp.raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE _message text; _hint text; _state text;
BEGIN
  EXECUTE statement;
  RETURN 'nothing raised';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS _message = MESSAGE_TEXT, _hint = PG_EXCEPTION_HINT, _state = RETURNED_SQLSTATE;
  RETURN format('%s: %s. %s', _state, _message, _hint);
END $$;
SELECT is(pg_temp.raised($$SELECT reminder.late_interest('DK', 'company', 100, '2026-06-29', '2026-07-01')$$),
    '55R05: the rate of late interest of DK for the half-year from 2026-07-01 is missing. Look it up, and INSERT INTO reminder.reference_rate (jurisdiction, valid_from, rate_percent, kind, confidence, source) VALUES (''DK'', ''2026-07-01'', ..., ''reference'', ''sourced'', ''...'').',
    'L1: a missing rate is an error');
SELECT is(pg_temp.raised($$SELECT reminder.late_interest('DE', 'person', 100, '2015-06-29', '2016-07-10')$$),
    '55R05: the rate of late interest of DE for the half-year from 2015-01-01 is unconfirmed. Look it up, and UPDATE reminder.reference_rate SET rate_percent = ..., confidence = ''sourced'', source = ''...'' WHERE jurisdiction = ''DE'' AND valid_from = ''2015-01-01''.',
    'L1: an unconfirmed one too');
SELECT matches(pg_temp.raised($$SELECT reminder.late_interest('EU', 'company', 100, '2025-06-29', '2025-07-10')$$),
    '^55R05: the rule of late interest of EU for debtor kind company on 2025-06-30 is unconfirmed\.', 'L1: an unconfirmed rule');
SELECT matches(pg_temp.raised($$SELECT reminder.late_interest('FI', 'company', 100, '2013-01-31', '2013-07-10')$$),
    '^55R05: there is no rule of late interest of FI for debtor kind company on 2013-02-01\.', 'L1: a day before all rules');
SELECT matches(pg_temp.raised($$SELECT * FROM reminder.interest_statement('SE', 'company', 100, '2026-12-31', '2027-01-01')$$),
    '^55R05: the rate of late interest of SE for the half-year from 2027-01-01 is missing\.', 'L1: nor is the future carried forward');
SELECT is(reminder.late_interest('DK', 'company', 36500, '2026-06-29', '2026-06-30'), 9.75, 'L1: up to the missing rate all is well');

-- confirming, and new law, hold at once; and what is rolled back never did
SAVEPOINT before_law;
UPDATE reminder.reference_rate SET confidence = 'sourced', source = 'Bundesbank' WHERE jurisdiction = 'DE' AND valid_from BETWEEN '2015-01-01' AND '2016-01-01';
SELECT is(reminder.late_interest('DE', 'person', 36500, '2015-06-30', '2015-07-10'), 41.70, 'L1: confirmed rates are used');
INSERT INTO reminder.reference_rate VALUES ('DK', '2026-07-01', 2.00, 'reference', 'sourced', 'test');
SELECT is(reminder.late_interest('DK', 'company', 36500, '2026-06-30', '2026-07-10'), 100.00, 'L1: a rate put in is used');
UPDATE reminder.interest_rule SET confidence = 'sourced' WHERE jurisdiction = 'EU';
SELECT is(reminder.late_interest('EU', 'public', 36500, '2025-12-31', '2026-01-10'), 101.50, 'L1: a confirmed rule is used');
UPDATE reminder.interest_rule SET day_count = '30/360' WHERE jurisdiction = 'DK';
SELECT is(reminder.late_interest('DK', 'company', 36000, '2026-01-31', '2026-02-28'), 273.00, 'F9: 30/360, where that is agreed');
ROLLBACK TO before_law;
SELECT matches(pg_temp.raised($$SELECT reminder.late_interest('DK', 'company', 36500, '2026-06-30', '2026-07-10')$$), '^55R05', 'L1: what is rolled back is gone');

-- bad input, and which error it is
SELECT throws_ok(call, state, NULL, call)
FROM (VALUES
    ($$SELECT reminder.late_interest('XX', 'company', 100, '2025-05-31', '2025-09-30')$$, '22R01'),
    ($$SELECT reminder.late_interest('se', 'company', 100, '2025-05-31', '2025-09-30')$$, '22R01'),
    ($$SELECT reminder.late_interest(repeat('S', 1000000), 'company', 100, '2025-05-31', '2025-09-30')$$, '22R01'),
    ($$SELECT reminder.late_interest('SE', 'customer', 100, '2025-05-31', '2025-09-30')$$, '22R01'),
    ($$SELECT reminder.late_interest('SE', NULL, 100, '2025-05-31', '2025-09-30')$$, '22R01'),
    ($$SELECT reminder.late_interest('SE', 'company', 'NaN', '2025-05-31', '2025-09-30')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', 1e13, '2025-05-31', '2025-09-30')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', 1e300, '2025-05-31', '2025-09-30')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', -0.01, '2025-05-31', '2025-09-30')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', 0.001, '2025-05-31', '2025-09-30')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', NULL, '2025-05-31', '2025-09-30')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-05-30')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '0044-03-15 BC', '2025-05-30')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '20000-01-01')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '-infinity', '2025-05-30')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', 'infinity')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, NULL, '2025-05-30')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{2025-06-01}', '{}')$$, '22R01'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{NULL}', '{1}')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{infinity}', '{1}')$$, '22R02'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{2025-06-01}', '{-1}')$$, '22R03'),
    ($$SELECT reminder.late_interest('SE', 'company', 100, '2025-05-31', '2025-09-30', '{2025-06-01}', '{NULL}')$$, '22R03')) t (call, state);

SELECT * FROM finish();
ROLLBACK;
