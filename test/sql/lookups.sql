-- What is looked up in the order of the numbers, along the index (walk.c), is
-- what is looked up one by one: for numbers near and far apart, out of order,
-- twice, and unknown; where many rows have one number, and where rows have gone.
\set name regress_lookups
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT 1, 'K' || n, 'Customer', CASE n % 3 WHEN 0 THEN 'person' ELSE 'company' END FROM generate_series(1, 700) n;
UPDATE reminder.customer SET collection_ban = true WHERE customer_no LIKE '%7';
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, to_char(n, 'FM00000'), 'K' || 1 + n * 31 % 700, '2026-02-01', '2026-03-02', 'SEK', 100 + n FROM generate_series(1, 6000) n;
SELECT reminder.hold(1, to_char(n, 'FM00000'), CASE n % 4 WHEN 0 THEN 'dispute' ELSE 'manual' END, NULL, '2026-03-01') FROM generate_series(1, 2000, 3) n \g /dev/null
SELECT reminder.hold(1, to_char(n, 'FM00000'), 'manual', '2026-03-03', '2026-03-02') FROM generate_series(1, 3000, 2) n \g /dev/null
SELECT reminder.release(1, to_char(n, 'FM00000'), '2026-03-03') FROM generate_series(1, 2000, 6) n \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount)
SELECT 1, to_char(n, 'FM00000'), l, 'doubtful', '2026-03-03', 1 FROM generate_series(3, 6000, 11) n, generate_series(1, 3) l;
UPDATE reminder.credit_loss SET reversed_on = '2026-03-04' WHERE loss_no <> '2' OR invoice_no < '03000';
-- rows that have gone leave entries in the index for a while
DELETE FROM reminder.credit_loss WHERE invoice_no > '05000';
CALL reminder.run('2026-03-10', 1);
SELECT reminder.withdraw(1, invoice_no, 'by hand', '2026-03-11') FROM reminder.collection_case WHERE invoice_no LIKE '%5' \g /dev/null
SELECT outcome, reason, count(*) FROM (
  SELECT p.passed, reminder._judge(1, '2026-04-20', p.rule_no, p.passed, ARRAY[p.invoice_no]) j FROM reminder.position p) x, LATERAL (SELECT (x.j).*) j
GROUP BY 1, 2 ORDER BY 1, 2;

CREATE TABLE t.one AS
SELECT p.rule_no, p.passed, md5(j::text) AS judged, j.invoice_no
FROM reminder.position p, reminder._judge(1, '2026-04-20', p.rule_no, p.passed, ARRAY[p.invoice_no]) j;
CREATE FUNCTION t.differ(by_what text, which text DEFAULT 'true') RETURNS TABLE (judged bigint, differ bigint) LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY EXECUTE format($q$
    SELECT count(j.invoice_no), count(*) FILTER (WHERE j.invoice_no IS NULL OR md5(j::text) <> o.judged)
    FROM (SELECT rule_no, passed, array_agg(invoice_no ORDER BY %1$s) AS nos FROM t.one o WHERE %2$s GROUP BY 1, 2) d
    CROSS JOIN LATERAL unnest(d.nos) AS asked (invoice_no) JOIN t.one o USING (invoice_no)
    LEFT JOIN (SELECT j.* FROM (SELECT rule_no, passed, array_agg(invoice_no ORDER BY %1$s) AS nos FROM t.one o WHERE %2$s GROUP BY 1, 2) e,
      reminder._judge(1, '2026-04-20', e.rule_no, e.passed, e.nos) j) j ON j.invoice_no = o.invoice_no$q$, by_what, which);
END
$$;
SELECT w.what, d.* FROM (VALUES
  ('all, ascending', 'invoice_no', 'true'), ('descending', 'invoice_no DESC', 'true'), ('shuffled', 'md5(invoice_no)', 'true'),
  ('every seventh', 'invoice_no', 'invoice_no::int % 7 = 0'), ('far apart', 'invoice_no', 'invoice_no::int % 1000 = 1'),
  ('in runs', 'invoice_no::int % 500, invoice_no', 'true'), ('the last of them', 'invoice_no', 'invoice_no > ''05500''')) w (what, by_what, which),
  LATERAL t.differ(w.by_what, w.which) d;
\echo '# twice, unknown, and longer than any number'
SELECT count(*) FROM reminder._judge(1, '2026-04-20', (SELECT rule_no FROM t.one WHERE invoice_no = '00007'), (SELECT passed FROM t.one WHERE invoice_no = '00007'),
  ARRAY['00001', '00007', '00007', '00007x', repeat('0', 200), '00007', '00008', 'zzz', '00007']) j WHERE j.invoice_no = '00007';
\i test/sql/include/ladder_end.sql
