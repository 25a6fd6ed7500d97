-- table.sql: the figures, as ratios of the pairs of each repetition, their
-- medians beside their goals.
SET client_min_messages = warning;
CREATE TEMP TABLE figure AS
SELECT split_part(line, '|', 1) AS name, split_part(line, '|', 2)::numeric AS ms,
       row_number() OVER (PARTITION BY split_part(line, '|', 1) ORDER BY n) AS pair
FROM regexp_split_to_table(:'results', '\n') WITH ORDINALITY r (line, n) WHERE line LIKE '%|%';

CREATE FUNCTION pg_temp.ratio(ours text, base text, less text DEFAULT NULL)
RETURNS TABLE (ratio numeric, ours_ms numeric, base_ms numeric) LANGUAGE sql AS $$
  SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY (o.ms - coalesce(l.ms, 0)) / nullif(b.ms - coalesce(l.ms, 0), 0))::numeric,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY o.ms - coalesce(l.ms, 0))::numeric,
         percentile_cont(0.5) WITHIN GROUP (ORDER BY b.ms - coalesce(l.ms, 0))::numeric
  FROM figure o JOIN figure b ON b.name = $2 AND b.pair = o.pair LEFT JOIN figure l ON l.name = $3 AND l.pair = o.pair
  WHERE o.name = $1
$$;

\pset footer off
SELECT t.what AS "what, against what", round(t.ratio, CASE WHEN t.ratio < 0.1 THEN 4 ELSE 2 END) AS ratio, t.goal,
       CASE WHEN t.ratio <= t.bound THEN 'met' ELSE 'MISSED' END AS " ", round(t.ours_ms) AS ms, round(t.base_ms) AS "base ms"
FROM (
  SELECT 1 AS n, 'run of many letters : the writing alone' AS what, r.*, '<= 1.6' AS goal, 1.6 AS bound FROM pg_temp.ratio('letters', 'writing') r
  UNION ALL SELECT 2, 'run of few due : in a tenth of the book', r.*, '<= 1.2', 1.2 FROM pg_temp.ratio('few', 'few_of_few') r
  UNION ALL SELECT 3, 'guard of a loss : a foreign key', r.*, '<= 0.6', 0.6 FROM pg_temp.ratio('loss_guard', 'loss_key', 'loss_bare') r
  UNION ALL SELECT 4, 'COPY of invoices : without our triggers', r.*, '<= 1.5', 1.5 FROM pg_temp.ratio('copying', 'copy_base') r
  UNION ALL SELECT 5, 'payments : INSERT and UPDATE alone', r.*, '<= 2.0', 2.0 FROM pg_temp.ratio('paying', 'pay_base') r
  UNION ALL SELECT 6, 'bank days in C : a loop in plpgsql', r.*, '<= 0.02', 0.02 FROM pg_temp.ratio('day_c', 'day_loop', 'day_none') r
  UNION ALL SELECT 7, 'MB of memory in a run of many letters', max(ms), NULL, NULL, '<= 256', 256 FROM figure WHERE name = 'memory'
  UNION ALL SELECT 8, 'ten bank days in C : by QuantLib', r.*, '<= 0.05', 0.05 FROM pg_temp.ratio('day_ours', 'day_quantlib') r
  UNION ALL SELECT 9, 'ten thousand bank days in C : ten', r.*, '<= 1.5', 1.5 FROM pg_temp.ratio('day_far', 'day_near') r
  UNION ALL SELECT 10, 'late interest over three rates : an empty C function', r.*, '<= 3.0', 3.0 FROM pg_temp.ratio('interest', 'interest_empty') r
  UNION ALL SELECT 11, 'explain() of one invoice : its rows by key', r.*, '<= 3.0', 3.0 FROM pg_temp.ratio('explain', 'explain_rows') r
  UNION ALL SELECT 12, 'case_status of one invoice : its rows by key', r.*, '<= 5.0', 5.0 FROM pg_temp.ratio('case_status', 'case_rows') r
  UNION ALL SELECT 13, 'customers moved to another rule : the bare UPDATE', r.*, '<= 2.0', 2.0 FROM pg_temp.ratio('moving', 'move_base') r
  UNION ALL SELECT 14, 'settlement of payments : writing its lines alone', r.*, '<= 2.0', 2.0 FROM pg_temp.ratio('settling', 'settle_base') r
  UNION ALL SELECT 15, 'messages of an agency : a plain INSERT with a key', r.*, '<= 2.5', 2.5 FROM pg_temp.ratio('agency', 'agency_base') r
  UNION ALL SELECT 16, 'the same messages once more : a plain INSERT with a key', r.*, '<= 2.5', 2.5 FROM pg_temp.ratio('agency_again', 'agency_base') r
  UNION ALL SELECT 17, 'guard of a booking in an own table : a foreign key', r.*, '<= 0.6', 0.6 FROM pg_temp.ratio('booking_guard', 'booking_key', 'booking_bare') r
  UNION ALL SELECT 18, 'µs of a row there that is no booking', percentile_cont(0.5) WITHIN GROUP (ORDER BY ms)::numeric, NULL, NULL, '<= 0.8', 0.8 FROM figure WHERE name = 'other_row'
  UNION ALL SELECT 19, 'attach() of a book : INSERT of the same', r.*, '<= 1.5', 1.5 FROM pg_temp.ratio('attach', 'attach_base') r
  UNION ALL SELECT 20, 'INSERT into an attached table : both by hand', r.*, '<= 1.6', 1.6 FROM pg_temp.ratio('attached', 'attached_base') r
  UNION ALL SELECT 21, 'UPDATE beside the map, three indexes : not attached', r.*, '<= 1.05', 1.05 FROM pg_temp.ratio('indexed', 'indexed_base') r
  UNION ALL SELECT 22, 'the same without indexes, microseconds a row more',
                   percentile_cont(0.5) WITHIN GROUP (ORDER BY (o.ms - b.ms) * 1000 / n.ms)::numeric, NULL, NULL, '<= 0.8', 0.8
            FROM figure o JOIN figure b USING (pair) JOIN figure n USING (pair) WHERE o.name = 'lone' AND b.name = 'lone_base' AND n.name = 'lone_rows'
  UNION ALL SELECT 23, 'case_status of one invoice : its case by key', r.*, '<= 5.0', 5.0 FROM pg_temp.ratio('case_status', 'case_row') r
  UNION ALL SELECT 24, 'case_status of one, as of an earlier day : as of now', r.*, '<= 3.0', 3.0 FROM pg_temp.ratio('case_as_of', 'case_status') r
  UNION ALL SELECT 24.5, 'the same of one that has changed since : as of now', r.*, '<= 3.0', 3.0 FROM pg_temp.ratio('case_as_of_changed', 'case_status_changed') r
  UNION ALL SELECT 25, 'where all invoices stand : a count of the index', r.*, '<= 10.0', 10.0 FROM pg_temp.ratio('overview', 'overview_count') r
  UNION ALL SELECT 26, 'ageing : a scan of what it reads', r.*, '<= 2.0', 2.0 FROM pg_temp.ratio('report_ageing', 'report_scan') r
  UNION ALL SELECT 27, 'dso : a scan of what it reads', r.*, '<= 2.0', 2.0 FROM pg_temp.ratio('report_dso', 'report_scan') r
  UNION ALL SELECT 28, 'days_to_pay : invoices joined to their sums of payments', r.*, '<= 2.5', 2.5 FROM pg_temp.ratio('report_days_to_pay', 'report_join') r
  UNION ALL SELECT 29, 'payment_behaviour : invoices joined to their sums of payments', r.*, '<= 2.5', 2.5 FROM pg_temp.ratio('report_payment_behaviour', 'report_join') r) t
WHERE t.ratio IS NOT NULL
ORDER BY t.n;
