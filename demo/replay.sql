/*
 * Lives through the history: on each day the applications' statements, then
 * the run at top level, then the print service. Prints a line a month.
 */
SET client_min_messages = error;

SELECT demo.wrap(format('%s: %s of %s of %s, %s to %s, %s', s.title,
  (SELECT demo.count_of(count(*), 'invoice') FROM demo.book), (SELECT demo.count_of(count(*), 'customer') FROM reminder.customer),
  (SELECT demo.count_of(count(*), 'creditor') FROM reminder.creditor),
  s.first_day, s.last_day, demo.count_of(s.last_day - s.first_day + 1, 'day'))) || E'\n'
FROM demo.span s;
SELECT format('%-7s  %9s %9s %8s %7s', 'month', 'invoices', 'payments', 'letters', 'days/s');

UPDATE demo.span SET started_at = clock_timestamp(), month_started_at = clock_timestamp(), month_days = 0;

-- Statistics, as autovacuum would soon bring them: after 1, 2, 4, 8 ... months of a growing book.
SELECT statement
FROM (SELECT s.first_day + n AS today, extract(month FROM age(s.first_day + n, s.first_day)) + 12 * extract(year FROM age(s.first_day + n, s.first_day)) AS months,
             extract(day FROM age(s.first_day + n, s.first_day)) = 0 AS whole
      FROM demo.span s, generate_series(0, s.last_day - s.first_day) n) d
CROSS JOIN LATERAL (VALUES
  (1, format('SELECT demo.morning(%L)', d.today)),
  (2, format('CALL reminder.run(%L)', d.today)),
  (3, format('SELECT demo.evening(%L)', d.today)),
  (4, CASE WHEN d.whole AND d.months IN (1, 2, 4, 8, 16, 32, 64) THEN 'ANALYZE' END)) s (nth, statement)
WHERE statement IS NOT NULL
ORDER BY d.today, s.nth
\gexec

UPDATE demo.span SET ended_at = clock_timestamp();
