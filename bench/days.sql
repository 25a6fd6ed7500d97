-- days.sql: add_bank_days a call in C, against a loop over a holiday table in
-- plpgsql; the same ten bank days from every day of ten years.
SET client_min_messages = warning;
SELECT to_regclass('bench.holiday') IS NULL AS first \gset
\if :first
CREATE TABLE bench.holiday AS
SELECT d::date AS day FROM generate_series(date '2015-01-01', '2040-12-31', '1 day') d
WHERE extract(isodow FROM d) < 6 AND NOT reminder.is_bank_day('SE', d::date);
ALTER TABLE bench.holiday ADD PRIMARY KEY (day);
CREATE FUNCTION bench.add_bank_days(day date, n integer) RETURNS date LANGUAGE plpgsql STABLE AS $$
BEGIN
  WHILE n > 0 LOOP
    day := day + 1;
    IF extract(isodow FROM day) < 6 AND NOT EXISTS (SELECT FROM bench.holiday h WHERE h.day = add_bank_days.day) THEN
      n := n - 1;
    END IF;
  END LOOP;
  RETURN day;
END $$;
ANALYZE bench.holiday;
\endif
SET max_parallel_workers_per_gather = 0;
CREATE TEMP TABLE probe AS SELECT date '2020-01-01' + n % 3650 AS day FROM generate_series(1, 300000) n;
SELECT count(*) FROM probe \g /dev/null
SELECT format('day_none|%s', bench.ms('SELECT count(day + 10) FROM probe'));
SELECT format('day_c|%s', bench.ms('SELECT count(reminder.add_bank_days(''SE'', day, 10)) FROM probe'));
SELECT format('day_loop|%s', 100 * bench.ms('SELECT count(bench.add_bank_days(day, 10)) FROM (SELECT * FROM probe LIMIT 3000) p'));
