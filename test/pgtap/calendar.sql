-- Bank days as SQL sees them (L7, F2). The rules themselves are tested in
-- test/unit/test_calendar.c.
BEGIN;
SELECT plan(43);

-- what an application may rely on
SELECT function_returns('reminder', name, args, result, format('%s gives %s', name, result))
FROM (VALUES
    ('is_bank_day', ARRAY['text', 'date'], 'boolean'),
    ('next_bank_day', ARRAY['text', 'date'], 'date'),
    ('previous_bank_day', ARRAY['text', 'date'], 'date'),
    ('add_bank_days', ARRAY['text', 'date', 'integer'], 'date'),
    ('bank_days_between', ARRAY['text', 'date', 'date'], 'integer')
) AS f (name, args, result);

SELECT is(
    array_agg(DISTINCT format('%s %s %s', provolatile, proisstrict, proparallel)),
    ARRAY['i t s'],
    'all are immutable, strict and parallel safe')
FROM pg_proc
WHERE pronamespace = 'reminder'::regnamespace AND proname ~ '^(is|next|previous)_bank_day$|^add_bank_days$|^bank_days_between$';

SELECT is(
    array_agg(proname ORDER BY proname),
    NULL,
    'all have a comment')
FROM pg_proc
WHERE pronamespace = 'reminder'::regnamespace AND proname ~ '^(is|next|previous)_bank_day$|^add_bank_days$|^bank_days_between$'
    AND obj_description(oid, 'pg_proc') IS NULL;

-- values
SELECT is(reminder.is_bank_day(calendar, day), expected,
    format('L7: %s %s is %s', calendar, day, CASE WHEN expected THEN 'open' ELSE 'closed' END))
FROM (VALUES
    ('SE', date '2026-06-19', false),
    ('SE', date '2026-06-18', true),
    ('SE', date '2004-05-31', false),
    ('SE', date '2005-05-16', true),
    ('FI', date '2026-12-31', true),
    ('NO', date '2026-12-24', false),
    ('DK', date '2023-05-05', false),
    ('DK', date '2024-04-26', true),
    ('DE', date '2017-10-31', false),
    ('TARGET', date '2001-12-31', false),
    ('TARGET', date '2200-12-31', true),
    ('SE', date '1990-01-01', false)
) AS t (calendar, day, expected);

SELECT is(reminder.next_bank_day('SE', '2026-12-24'), date '2026-12-28',
    'F2: a deadline on Christmas Eve moves to the next bank day');
SELECT is(reminder.next_bank_day('SE', '2026-12-28'), date '2026-12-28',
    'an open day is its own next bank day');
SELECT is(reminder.previous_bank_day('DK', '2024-04-01'), date '2024-03-27',
    'the bank day before Easter in Denmark');
SELECT is(reminder.previous_bank_day('DK', '2024-03-27'), date '2024-03-27',
    'and is its own previous bank day');
SELECT is(reminder.add_bank_days('SE', '2026-12-23', 10), date '2027-01-13',
    'F2: ten bank days over Christmas');
SELECT is(reminder.add_bank_days('SE', '2027-01-13', -10), date '2026-12-23',
    'and back');
SELECT is(reminder.add_bank_days('SE', '2026-12-24', 0), date '2026-12-24',
    'no bank days: the day itself, though closed');
SELECT is(reminder.bank_days_between('SE', '2026-12-23', '2027-01-13'), 10,
    'counted: without the first day, with the last');
SELECT is(reminder.bank_days_between('SE', '2027-01-13', '2026-12-23'), -10,
    'the other way round it is negative');
SELECT is(
    (SELECT count(*)::integer FROM generate_series(date '2026-01-02', '2026-12-31', '1 day') AS d
     WHERE reminder.is_bank_day('SE', d::date)),
    reminder.bank_days_between('SE', '2026-01-01', '2026-12-31'),
    'a year counted by days and at once');
SELECT is(reminder.is_bank_day(NULL, '2026-01-02'), NULL, 'NULL in, NULL out');

-- errors
SELECT throws_ok(sql, '22R01', message, format('22R01: %s', sql))
FROM (VALUES
    ($$SELECT reminder.is_bank_day('GB', '2026-01-02')$$, 'unknown bank calendar "GB"'),
    ($$SELECT reminder.next_bank_day('se', '2026-01-02')$$, 'unknown bank calendar "se"'),
    ($$SELECT reminder.bank_days_between('', '2026-01-02', '2026-01-02')$$, 'unknown bank calendar ""'),
    ($$SELECT reminder.add_bank_days(repeat('SE', 500000), '2026-01-02', 1)$$,
        format('unknown bank calendar "%s"', repeat('SE', 32)))
) AS t (sql, message);

SELECT throws_ok(sql, '22R02', message, format('22R02: %s', sql))
FROM (VALUES
    ($$SELECT reminder.is_bank_day('SE', 'infinity')$$, 'date infinity is out of range'),
    ($$SELECT reminder.next_bank_day('SE', '-infinity')$$, 'date -infinity is out of range'),
    ($$SELECT reminder.previous_bank_day('SE', '1989-12-31')$$, 'date 1989-12-31 is out of range'),
    ($$SELECT reminder.bank_days_between('SE', '2026-01-02', '2201-01-01')$$, 'date 2201-01-01 is out of range'),
    ($$SELECT reminder.is_bank_day('SE', '0044-03-15 BC')$$, 'date 0044-03-15 BC is out of range'),
    ($$SELECT reminder.next_bank_day('SE', '2200-12-31')$$, 'date 2200-12-31 +1 bank days is out of range'),
    ($$SELECT reminder.previous_bank_day('SE', '1990-01-01')$$, 'date 1990-01-01 -1 bank days is out of range'),
    ($$SELECT reminder.add_bank_days('SE', '2026-01-02', 2147483647)$$,
        'date 2026-01-02 +2147483647 bank days is out of range'),
    ($$SELECT reminder.add_bank_days('SE', '2026-01-02', -2147483648)$$,
        'date 2026-01-02 -2147483648 bank days is out of range')
) AS t (sql, message);

SELECT * FROM finish();
ROLLBACK;
