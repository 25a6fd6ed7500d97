/*
 * 76-reports.sql: reports and statistics of a creditor (V7), as of any day.
 * Each reads what it counts once. What was open on a day is what is open now,
 * and what has been settled since: so of the payments only those after it are
 * looked up. Amounts are in the currency of their row; credit notes and
 * factored invoices are no claims of the creditor's on its customers, and are
 * not counted.
 *
 * They are planned for the creditor asked of, with memory for what is summed by
 * invoice, and not compiled, which takes longer than running them. Where each
 * invoice's payments are summed, no workers: each would sum all of them.
 */

CREATE FUNCTION reminder._report(creditor_id bigint, as_of date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
END
$$;
COMMENT ON FUNCTION reminder._report(bigint, date) IS
'Internal: checks whom a report is of and for which day. Raises 22R04, 22R02.';

CREATE FUNCTION reminder.ageing(
  creditor_id bigint, as_of date, days_late integer[] DEFAULT '{0,30,60,90}', by_customer boolean DEFAULT false,
  OUT customer_no text, OUT currency text, OUT bucket integer, OUT from_days integer, OUT to_days integer,
  OUT invoices bigint, OUT open numeric, OUT written_off numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  IF (array_ndims($3) = 1 AND array_lower($3, 1) = 1 AND cardinality($3) <= 50
      AND (SELECT bool_and(d BETWEEN -100000 AND 100000 AND coalesce(d > before, true)) AND count(d) = count(*)
           FROM (SELECT d, lag(d) OVER (ORDER BY n) AS before FROM unnest($3) WITH ORDINALITY x (d, n)) x)) IS NOT TRUE THEN
    RAISE EXCEPTION 'days_late is no list of buckets'
      USING ERRCODE = '22R01', HINT = 'Give the last day late of each bucket but the last, ascending, up to 50 of them: {0,30,60,90}.';
  END IF;
  RETURN QUERY
    WITH since AS (
      SELECT x.invoice_no, sum(x.principal) AS principal
      FROM (
        -- a payment that counts now began to on its day, or on the last one on which it was undone
        SELECT p.invoice_no, coalesce(a.principal, p.amount) AS principal
        FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
        WHERE p.creditor_id = $1 AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL
          AND (p.paid_on > $2 OR p.payment_no IN (SELECT u.payment_no FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.undone_on > $2))
        UNION ALL
        SELECT l.invoice_no, CASE WHEN l.undone_on IS NULL THEN l.principal ELSE -l.principal END
        FROM reminder._principal_life l
        WHERE l.creditor_id = $1 AND NOT (l.paid AND l.undone_on IS NULL)
          AND CASE WHEN l.undone_on IS NULL THEN l.on_date > $2 ELSE l.on_date <= $2 AND l.undone_on > $2 END) x
      GROUP BY x.invoice_no),
    lost AS (
      SELECT l.invoice_no, sum(l.amount) AS amount FROM reminder._booking_life l
      WHERE l.creditor_id = $1 AND l.source = 'loss' AND l.kind = 'confirmed' AND l.on_date <= $2 AND coalesce(l.undone_on > $2, true) GROUP BY l.invoice_no),
    claim AS (
      SELECT CASE WHEN $4 THEN i.customer_no END AS customer_no, i.currency, width_bucket($2 - i.due_date - 1, $3) AS bucket,
             o.principal - least(coalesce(l.amount, 0.00), o.principal) AS open, least(coalesce(l.amount, 0.00), o.principal) AS written_off
      FROM reminder.invoice i
      LEFT JOIN since s ON s.invoice_no = i.invoice_no
      LEFT JOIN lost l ON l.invoice_no = i.invoice_no
      CROSS JOIN LATERAL (SELECT coalesce(i.open_amount + s.principal, i.open_amount) AS principal) o
      WHERE i.creditor_id = $1 AND i.kind IN ('invoice', 'interest') AND i.invoice_date <= $2 AND o.principal > 0),
    aged AS MATERIALIZED (
      SELECT c.customer_no, c.currency, c.bucket, count(*) AS invoices, sum(c.open) AS open, sum(c.written_off) AS written_off FROM claim c GROUP BY 1, 2, 3),
    -- in sum, a bucket with nothing in it has a row too
    filled AS (
      SELECT * FROM aged
      UNION ALL
      SELECT NULL, c.currency, n, 0, 0.00, 0.00
      FROM (SELECT DISTINCT a.currency FROM aged a WHERE $4 IS NOT TRUE) c
      CROSS JOIN generate_series(0, cardinality($3)) n
      WHERE NOT EXISTS (SELECT FROM aged a WHERE a.currency = c.currency AND a.bucket = n))
    SELECT f.customer_no, f.currency, f.bucket + 1, ($3)[f.bucket] + 1, ($3)[f.bucket + 1], f.invoices, f.open, f.written_off
    FROM filled f
    ORDER BY f.customer_no COLLATE "C", f.currency COLLATE "C", f.bucket;
END
$$;
COMMENT ON FUNCTION reminder.ageing(bigint, date, integer[], boolean) IS
'Gives what customers owe of principal as of a day, by how many days it is late: days_late is the last day late of each bucket but the last ({0,30,60,90}: not late, 1 to 30, 31 to 60, 61 to 90, more). A row a bucket and currency, in sum (customer_no is NULL, a bucket with nothing in it has a row too) or by_customer. open is without confirmed losses, which are in written_off. What was paid and bounced later counted until it did, and so what was moved, corrected or deleted, credits and losses too, until then or the run before it; invoices count from their date on. Raises 22R01 for days that do not ascend, 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.recovery_by_stage(
  creditor_id bigint, as_of date,
  OUT month date, OUT stage text, OUT currency text, OUT invoices bigint, OUT principal numeric,
  OUT paid_at_stage numeric, OUT paid_since numeric, OUT percent_at_stage numeric, OUT percent_since numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  RETURN QUERY
    WITH reached AS (
      SELECT l.invoice_no, l.stage, l.as_of AS on_date, l.decided_at AS at, l.principal
      FROM reminder._letter_life l
      WHERE l.creditor_id = $1 AND l.as_of <= $2 AND coalesce(l.taken_on > $2, true) AND coalesce(l.unsent_on > $2, true)
      UNION ALL
      -- no letter leads to enforcement, nor back
      SELECT e.invoice_no, e.kind, e.as_of, e.recorded_at, i.amount - coalesce(b.amount, 0) - coalesce(s.principal, 0)
      FROM reminder.event e
      JOIN reminder.invoice i ON i.creditor_id = e.creditor_id AND i.invoice_no = e.invoice_no
      LEFT JOIN reminder.settled_before b ON b.creditor_id = e.creditor_id AND b.invoice_no = e.invoice_no
      CROSS JOIN LATERAL (SELECT sum(l.principal) AS principal FROM reminder._principal_life l
                          WHERE l.creditor_id = e.creditor_id AND l.invoice_no = e.invoice_no AND l.on_date <= e.as_of AND coalesce(l.undone_on > e.as_of, true)) s
      WHERE e.creditor_id = $1 AND e.as_of <= $2 AND e.kind IN ('enforcement', 'monitoring')),
    stay AS (
      SELECT r.*, lead(r.on_date) OVER (PARTITION BY r.invoice_no ORDER BY r.on_date, r.at) AS next_on FROM reached r),
    paid AS (
      SELECT y.invoice_no, y.on_date, y.at, least(y.principal, coalesce(sum(l.principal) FILTER (WHERE coalesce(l.on_date <= y.next_on, true)), 0.00)) AS at_stage,
             least(y.principal, coalesce(sum(l.principal), 0.00)) AS since, y.stage, y.principal
      FROM stay y
      LEFT JOIN reminder._principal_life l
        ON l.creditor_id = $1 AND l.paid AND l.on_date <= $2 AND coalesce(l.undone_on > $2, true) AND l.invoice_no = y.invoice_no AND l.on_date > y.on_date
      GROUP BY y.invoice_no, y.on_date, y.at, y.stage, y.principal)
    SELECT date_trunc('month', p.on_date::timestamp)::date, p.stage, i.currency, count(*), sum(p.principal), sum(p.at_stage), sum(p.since),
           round(100 * sum(p.at_stage) / nullif(sum(p.principal), 0), 2), round(100 * sum(p.since) / nullif(sum(p.principal), 0), 2)
    FROM paid p JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = p.invoice_no
    JOIN reminder.stage g ON g.stage = p.stage
    GROUP BY 1, p.stage, g.rung, i.currency
    ORDER BY 1, g.rung, i.currency COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.recovery_by_stage(bigint, date) IS
'Gives what came in after each stage of the principal that stood open there, by the month (its first day) in which invoices came to the stage, as of a day: paid_at_stage from the day after the letter to the day of the next one, paid_since up to as_of; percent_ columns are those of principal. Payments that had bounced do not count, nor letters that had been taken back, cancelled or failed; credits are nothing that came in. Raises 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.days_to_pay(
  creditor_id bigint, as_of date,
  OUT month date, OUT currency text, OUT invoices bigint, OUT paid numeric,
  OUT days numeric, OUT days_weighted numeric, OUT days_late numeric, OUT days_late_weighted numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET max_parallel_workers_per_gather = 0
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  RETURN QUERY
    WITH paid AS (
      SELECT p.invoice_no, sum(p.principal) AS principal, max(p.paid_on) AS paid_on, sum(p.principal * (p.paid_on - date '1990-01-01')) AS amount_days
      -- in order: hashing so many sums would take all memory
      FROM (SELECT p.invoice_no, p.paid_on, coalesce(a.principal, p.amount) AS principal
            FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
            WHERE p.creditor_id = $1 AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL AND p.paid_on <= $2 AND a.principal IS DISTINCT FROM 0
              AND (p.payment_no IN (SELECT u.payment_no FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.undone_on > $2)) IS NOT TRUE
            ORDER BY p.invoice_no OFFSET 0) p
      GROUP BY p.invoice_no),
    -- what counted then, and was undone since
    gone AS (
      SELECT l.invoice_no, sum(l.principal) AS principal, max(l.paid_on) FILTER (WHERE l.principal > 0) AS paid_on,
             sum(l.principal * (l.paid_on - date '1990-01-01')) AS amount_days
      FROM reminder._principal_life l
      WHERE l.creditor_id = $1 AND l.paid AND l.undone_on IS NOT NULL AND l.on_date <= $2 AND l.undone_on > $2
      GROUP BY l.invoice_no),
    since AS (
      SELECT x.invoice_no, sum(x.principal) AS principal
      FROM (
        -- a payment that counts now began to on its day, or on the last one on which it was undone
        SELECT p.invoice_no, coalesce(a.principal, p.amount) AS principal
        FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
        WHERE p.creditor_id = $1 AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL
          AND (p.paid_on > $2 OR p.payment_no IN (SELECT u.payment_no FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.undone_on > $2))
        UNION ALL
        SELECT l.invoice_no, CASE WHEN l.undone_on IS NULL THEN l.principal ELSE -l.principal END
        FROM reminder._principal_life l
        WHERE l.creditor_id = $1 AND NOT (l.paid AND l.undone_on IS NULL)
          AND CASE WHEN l.undone_on IS NULL THEN l.on_date > $2 ELSE l.on_date <= $2 AND l.undone_on > $2 END) x
      GROUP BY x.invoice_no),
    settled AS (
      SELECT i.currency, i.invoice_date, i.due_date, coalesce(p.principal + g.principal, p.principal, g.principal) AS paid, greatest(p.paid_on, g.paid_on) AS paid_on,
             coalesce(p.amount_days + g.amount_days, p.amount_days, g.amount_days) AS amount_days
      FROM reminder.invoice i
      LEFT JOIN paid p ON p.invoice_no = i.invoice_no
      LEFT JOIN gone g ON g.invoice_no = i.invoice_no
      LEFT JOIN since s ON s.invoice_no = i.invoice_no
      WHERE i.creditor_id = $1 AND i.kind IN ('invoice', 'interest') AND i.invoice_date <= $2
        AND coalesce(i.open_amount + s.principal, i.open_amount) <= 0
      -- what is worked out here is so once
      OFFSET 0)
    SELECT date_trunc('month', s.paid_on::timestamp)::date, s.currency, count(*), sum(s.paid),
           round(avg(s.paid_on - s.invoice_date), 2), round(sum(s.amount_days - s.paid * (s.invoice_date - date '1990-01-01')) / sum(s.paid), 2),
           round(avg(s.paid_on - s.due_date), 2), round(sum(s.amount_days - s.paid * (s.due_date - date '1990-01-01')) / sum(s.paid), 2)
    FROM settled s WHERE s.paid_on IS NOT NULL
    GROUP BY 1, s.currency ORDER BY 1, s.currency COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.days_to_pay(bigint, date) IS
'Gives how long customers took to pay, by the month (its first day) in which an invoice''s last payment settled it, as of a day: days from the invoice''s date to that payment on average of invoices, and days_weighted by amount, each payment to its own day; days_late the same from the due date (below zero: early). Invoices that are still open, or were credited whole, are not among them. Raises 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.payment_behaviour(
  creditor_id bigint, as_of date, customer_nos text[] DEFAULT NULL,
  OUT customer_no text, OUT paid_invoices bigint, OUT paid_late bigint, OUT overdue bigint,
  OUT days_late numeric, OUT percent_late numeric, OUT days_late_recently numeric, OUT days_late_before numeric, OUT trend numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET max_parallel_workers_per_gather = 0
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  RETURN QUERY
    WITH paid AS (
      SELECT p.invoice_no, max(p.paid_on) AS paid_on
      FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
      WHERE p.creditor_id = $1 AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL AND p.paid_on <= $2 AND a.principal IS DISTINCT FROM 0
        AND (p.payment_no IN (SELECT u.payment_no FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.undone_on > $2)) IS NOT TRUE
        AND ($3 IS NULL OR p.invoice_no IN (SELECT i.invoice_no FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.customer_no = ANY ($3)))
      GROUP BY p.invoice_no),
    -- what counted then, and was undone since
    gone AS (
      SELECT l.invoice_no, max(l.paid_on) FILTER (WHERE l.principal > 0) AS paid_on
      FROM reminder._principal_life l
      WHERE l.creditor_id = $1 AND l.paid AND l.undone_on IS NOT NULL AND l.on_date <= $2 AND l.undone_on > $2
      GROUP BY l.invoice_no),
    since AS (
      SELECT x.invoice_no, sum(x.principal) AS principal
      FROM (
        -- a payment that counts now began to on its day, or on the last one on which it was undone
        SELECT p.invoice_no, coalesce(a.principal, p.amount) AS principal
        FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
        WHERE p.creditor_id = $1 AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL
          AND (p.paid_on > $2 OR p.payment_no IN (SELECT u.payment_no FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.undone_on > $2))
        UNION ALL
        SELECT l.invoice_no, CASE WHEN l.undone_on IS NULL THEN l.principal ELSE -l.principal END
        FROM reminder._principal_life l
        WHERE l.creditor_id = $1 AND NOT (l.paid AND l.undone_on IS NULL)
          AND CASE WHEN l.undone_on IS NULL THEN l.on_date > $2 ELSE l.on_date <= $2 AND l.undone_on > $2 END) x
      GROUP BY x.invoice_no),
    invoice AS (
      SELECT i.customer_no, i.due_date, coalesce(i.open_amount + s.principal, i.open_amount) <= 0 AS settled, greatest(p.paid_on, g.paid_on) AS paid_on
      FROM reminder.invoice i
      LEFT JOIN paid p ON p.invoice_no = i.invoice_no
      LEFT JOIN gone g ON g.invoice_no = i.invoice_no
      LEFT JOIN since s ON s.invoice_no = i.invoice_no
      WHERE i.creditor_id = $1 AND i.kind IN ('invoice', 'interest') AND i.invoice_date <= $2 AND ($3 IS NULL OR i.customer_no = ANY ($3))
      -- what is worked out here is so once
      OFFSET 0),
    customer AS (
      SELECT i.customer_no,
             count(*) FILTER (WHERE i.settled) AS paid, count(*) FILTER (WHERE i.settled AND i.paid_on > i.due_date) AS paid_late,
             count(*) FILTER (WHERE NOT i.settled AND i.due_date < $2) AS overdue, avg(i.paid_on - i.due_date) FILTER (WHERE i.settled) AS days_late,
             avg(i.paid_on - i.due_date) FILTER (WHERE i.settled AND i.paid_on > $2 - 180) AS recently,
             avg(i.paid_on - i.due_date) FILTER (WHERE i.settled AND i.paid_on BETWEEN $2 - 359 AND $2 - 180) AS before
      FROM invoice i
      WHERE NOT i.settled OR i.paid_on IS NOT NULL
      GROUP BY i.customer_no)
    SELECT c.customer_no, c.paid, c.paid_late, c.overdue, round(c.days_late, 2),
           round(100.0 * (c.paid_late + c.overdue) / nullif(c.paid + c.overdue, 0), 2),
           round(c.recently, 2), round(c.before, 2), round(c.recently - c.before, 2)
    FROM customer c
    ORDER BY c.customer_no COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.payment_behaviour(bigint, date, text[]) IS
'Gives how customers pay, as of a day: all of a creditor''s, or customer_nos. Of invoices paid in full, how many, how many of them late, and days_late on average (below zero: early); overdue are open and past their due date; percent_late is the share of those paid late and overdue in both. trend is days_late of what was paid in the last 180 days less that of the 180 days before: above zero they pay later than they did. NULL: there is nothing to tell it by. Raises 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.dso(
  creditor_id bigint, as_of date, days integer DEFAULT 90,
  OUT currency text, OUT receivable numeric, OUT sales numeric, OUT simple numeric, OUT count_back numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  IF ($3 BETWEEN 1 AND 3660) IS NOT TRUE THEN
    RAISE EXCEPTION 'days is out of range: %', coalesce($3::text, 'NULL')
      USING ERRCODE = '22R01', HINT = 'Over how many days, 1 to 3660, sales are compared with what is owed.';
  END IF;
  RETURN QUERY
    WITH since AS (
      SELECT x.invoice_no, sum(x.principal) AS principal
      FROM (
        -- a payment that counts now began to on its day, or on the last one on which it was undone
        SELECT p.invoice_no, coalesce(a.principal, p.amount) AS principal
        FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
        WHERE p.creditor_id = $1 AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL
          AND (p.paid_on > $2 OR p.payment_no IN (SELECT u.payment_no FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.undone_on > $2))
        UNION ALL
        SELECT l.invoice_no, CASE WHEN l.undone_on IS NULL THEN l.principal ELSE -l.principal END
        FROM reminder._principal_life l
        WHERE l.creditor_id = $1 AND NOT (l.paid AND l.undone_on IS NULL)
          AND CASE WHEN l.undone_on IS NULL THEN l.on_date > $2 ELSE l.on_date <= $2 AND l.undone_on > $2 END) x
      GROUP BY x.invoice_no),
    sold AS MATERIALIZED (
      SELECT i.currency, date_trunc('month', i.invoice_date::timestamp)::date AS month, sum(i.amount) AS amount, sum(i.amount) FILTER (WHERE i.invoice_date > $2 - $3) AS in_days,
             sum(i.open_amount) + coalesce(sum(s.principal), 0) AS open
      FROM reminder.invoice i
      LEFT JOIN since s ON s.invoice_no = i.invoice_no
      WHERE i.creditor_id = $1 AND i.kind IN ('invoice', 'interest') AND i.invoice_date <= $2
      GROUP BY 1, 2),
    owed AS (
      SELECT s.currency, sum(s.open) AS open, coalesce(sum(s.in_days), 0.00) AS in_days FROM sold s GROUP BY s.currency),
    -- back from as_of, month by month: what is owed, less the sales of the later months
    month AS (
      SELECT s.currency, s.month, s.amount, o.open - (sum(s.amount) OVER (PARTITION BY s.currency ORDER BY s.month DESC) - s.amount) AS left_over,
             $2 - s.month + 1 AS days_to_end, (least((s.month + interval '1 month')::date - 1, $2) - s.month + 1) AS days_of_month
      FROM sold s JOIN owed o ON o.currency = s.currency)
    SELECT o.currency, o.open, o.in_days, round(o.open * $3 / nullif(o.in_days, 0), 2),
           -- the month that the rest falls in, in part; before it every day counts, with sales or without
           coalesce((SELECT round(m.days_to_end - m.days_of_month + m.days_of_month * m.left_over / m.amount, 2) FROM month m
                     WHERE m.currency = o.currency AND m.left_over > 0 AND m.left_over <= m.amount AND m.amount > 0 ORDER BY m.month DESC LIMIT 1), 0.00)
    FROM owed o ORDER BY o.currency COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.dso(bigint, date, integer) IS
'Gives days sales outstanding as of a day, for each currency. receivable is the open principal, sales the amounts of invoices dated in the last days (90), credits and losses not taken off. simple: receivable / sales * days; NULL without sales. count_back: back from as_of, month by month, as many whole months as their sales fit into receivable, and of the month before the part of its days that the rest is of its sales; of its own month, the days up to as_of. Raises 22R01 for days out of range, 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.earnings(
  creditor_id bigint, as_of date,
  OUT month date, OUT currency text,
  OUT fees_claimed numeric, OUT fees_paid numeric, OUT fees_waived numeric, OUT fees_lost numeric,
  OUT interest_claimed numeric, OUT interest_paid numeric, OUT interest_waived numeric, OUT interest_lost numeric,
  OUT commission numeric, OUT sending_cost numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  RETURN QUERY
    WITH letter AS MATERIALIZED (
      SELECT l.invoice_no, l.case_no, l.rung, l.as_of, l.fee, l.interest, l.fees_at_least,
             CASE WHEN l.fees_at_least = 0 THEN l.compensation ELSE 0 END AS on_top
      FROM reminder._letter_life l
      WHERE l.creditor_id = $1 AND l.outcome = 'sent' AND l.as_of <= $2 AND coalesce(l.taken_on > $2, true) AND coalesce(l.unsent_on > $2, true)),
    cause AS (
      SELECT l.invoice_no, l.case_no, l.as_of AS on_date, 1 AS kind, l.rung::integer AS n, l.fee, l.on_top, l.fees_at_least, 0.00 AS beside, 0.00 AS enforced, l.interest FROM letter l
      UNION ALL
      SELECT p.invoice_no, p.case_no, p.agreed_on, 2, p.plan_no, NULL, 0, 0, p.fee, 0, p.interest_claimed
      FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.case_no IS NOT NULL AND p.agreed_on <= $2
      UNION ALL
      SELECT e.invoice_no, e.case_no, e.as_of, 3, e.fee_no, NULL, 0, 0, 0, e.amount, NULL
      FROM reminder.enforcement_fee e WHERE e.creditor_id = $1 AND e.as_of <= $2),
    -- what the case claims after each: with the service fees add up, by own rules a later one takes the place of an earlier one (F3)
    claimed AS (
      SELECT c.invoice_no, c.case_no, c.on_date, c.kind, c.n,
             greatest(CASE k.collected_by WHEN 'creditor' THEN coalesce((array_agg(c.fee) FILTER (WHERE c.fee > 0) OVER w)[count(*) FILTER (WHERE c.fee > 0) OVER w], i.fee_by_hand)
                                          ELSE i.fee_by_hand + coalesce(sum(c.fee) OVER w, 0) END + sum(c.beside) OVER w + max(c.on_top) OVER w,
                      max(c.fees_at_least) OVER w) + sum(c.enforced) OVER w AS fees,
             greatest(coalesce((array_agg(c.interest) FILTER (WHERE c.kind = 1) OVER w)[count(*) FILTER (WHERE c.kind = 1) OVER w], 0),
                      coalesce(max(c.interest) FILTER (WHERE c.kind = 2) OVER w, 0)) AS interest
      FROM cause c
      JOIN reminder.collection_case k ON k.creditor_id = $1 AND k.invoice_no = c.invoice_no AND k.case_no = c.case_no
      JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = c.invoice_no
      WINDOW w AS (PARTITION BY c.invoice_no, c.case_no ORDER BY c.on_date, c.kind, c.n)),
    flow AS MATERIALIZED (
      SELECT c.invoice_no, c.case_no, c.on_date,
             c.fees - coalesce(lag(c.fees) OVER w, 0) AS fees_claimed, 0.00 AS fees_paid, 0.00 AS fees_waived,
             c.interest - coalesce(lag(c.interest) OVER w, 0) AS interest_claimed, 0.00 AS interest_paid, 0.00 AS interest_waived
      FROM claimed c WINDOW w AS (PARTITION BY c.invoice_no, c.case_no ORDER BY c.on_date, c.kind, c.n)
      UNION ALL
      SELECT p.invoice_no, p.case_no, t.on_date, 0.00, t.sign * p.fee, 0.00, 0.00, t.sign * p.interest, 0.00
      FROM reminder._payment_life p
      CROSS JOIN LATERAL (VALUES (1, p.counts_on), (-1, p.undone_on)) t (sign, on_date)
      WHERE p.creditor_id = $1 AND p.case_no IS NOT NULL AND t.on_date <= $2
      UNION ALL
      -- what was waived of a letter that never went out went with it
      SELECT w.invoice_no, w.case_no, w.as_of, 0.00, 0.00, CASE w.kind WHEN 'fee' THEN w.amount ELSE 0.00 END, 0.00, 0.00, CASE w.kind WHEN 'interest' THEN w.amount ELSE 0.00 END
      FROM reminder.waiver w
      WHERE w.creditor_id = $1 AND w.as_of <= $2
        AND EXISTS (SELECT FROM letter l WHERE l.invoice_no = w.invoice_no AND l.case_no = w.case_no AND l.rung = coalesce(w.rung, l.rung))),
    ended AS (
      SELECT e.invoice_no, e.case_no, e.as_of AS on_date
      FROM (SELECT DISTINCT ON (e.invoice_no, e.case_no) e.invoice_no, e.case_no, e.as_of, e.kind FROM reminder.event e
            WHERE e.creditor_id = $1 AND e.as_of <= $2 AND e.kind IN ('case_paid', 'case_credited', 'case_withdrawn', 'case_closed', 'case_reopened')
            ORDER BY e.invoice_no, e.case_no, e.event_no DESC) e
      WHERE e.kind <> 'case_reopened'),
    account AS MATERIALIZED (
      SELECT f.invoice_no, f.case_no, sum(f.fees_claimed - f.fees_paid - f.fees_waived) AS fees, sum(f.interest_claimed - f.interest_paid - f.interest_waived) AS interest,
             max(f.on_date) AS last_on
      FROM flow f GROUP BY f.invoice_no, f.case_no),
    line AS (
      SELECT f.on_date, i.currency, f.fees_claimed, f.fees_paid, f.fees_waived, 0.00 AS fees_lost, f.interest_claimed, f.interest_paid, f.interest_waived, 0.00 AS interest_lost, 0.00 AS commission, 0.00 AS cost
      FROM flow f JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = f.invoice_no
      UNION ALL
      SELECT e.on_date, i.currency, 0.00, 0.00, 0.00, greatest(a.fees, 0.00), 0.00, 0.00, 0.00, greatest(a.interest, 0.00), 0.00, 0.00
      FROM ended e
      JOIN account a ON a.invoice_no = e.invoice_no AND a.case_no = e.case_no
      JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = e.invoice_no
      UNION ALL
      -- a letter that was cancelled when its costs were paid did claim them
      SELECT a.last_on, i.currency, greatest(-a.fees, 0.00), 0.00, 0.00, 0.00, greatest(-a.interest, 0.00), 0.00, 0.00, 0.00, 0.00, 0.00
      FROM account a JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = a.invoice_no
      UNION ALL
      SELECT c.on_date, c.currency, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, c.commission, 0.00
      FROM reminder._commission_list c WHERE c.creditor_id = $1 AND c.on_date <= $2
      UNION ALL
      SELECT s.as_of, p.currency, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, s.letters * p.cost
      FROM (
        -- as sending_cost counts them
        SELECT l.as_of, l.channel, l.stage, count(*) AS letters
        FROM reminder._letter_life l
        LEFT JOIN reminder.letter_line y ON y.creditor_id = l.creditor_id AND y.invoice_no = l.invoice_no AND y.rung = l.rung AND y.taken_back = l.taken_back
        WHERE l.creditor_id = $1 AND l.outcome = 'sent' AND l.as_of <= $2 AND coalesce(l.unsent_on > $2, true) AND l.channel IS NOT NULL
          AND coalesce(y.letter_of = l.invoice_no, true)
          AND NOT EXISTS (SELECT FROM reminder.by_hand b WHERE b.creditor_id = l.creditor_id AND b.invoice_no = l.invoice_no AND b.rung = l.rung
                            AND b.taken_back = l.taken_back AND b.kind = 'recorded')
        GROUP BY l.as_of, l.channel, l.stage) s
      CROSS JOIN LATERAL reminder._sending_price($1, s.channel, s.stage, s.as_of) p WHERE p.cost > 0)
    SELECT date_trunc('month', l.on_date::timestamp)::date, l.currency, sum(l.fees_claimed), sum(l.fees_paid), sum(l.fees_waived), sum(l.fees_lost),
           sum(l.interest_claimed), sum(l.interest_paid), sum(l.interest_waived), sum(l.interest_lost), sum(l.commission), sum(l.cost)
    FROM line l GROUP BY 1, l.currency
    HAVING num_nonnulls(nullif(sum(l.fees_claimed), 0), nullif(sum(l.fees_paid), 0), nullif(sum(l.fees_waived), 0), nullif(sum(l.fees_lost), 0), nullif(sum(l.interest_claimed), 0),
                        nullif(sum(l.interest_paid), 0), nullif(sum(l.interest_waived), 0), nullif(sum(l.interest_lost), 0), nullif(sum(l.commission), 0), nullif(sum(l.cost), 0)) > 0
    ORDER BY 1, l.currency COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.earnings(bigint, date) IS
'Gives fees (compensation for being late, and those of plans and enforcement, too) and late interest of a creditor''s cases by month (its first day) and currency, as of a day: claimed by letters that went out or may, paid (less what bounced, in the month it did), waived by hand, and lost: open when its case ended. Summed over all months, claimed is paid, waived, lost and what is still open. Beside them what it cost: the service''s commission, and sending letters (both without VAT, in the currency of their prices). Raises 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.case_outcomes(
  creditor_id bigint, as_of date,
  OUT month date, OUT currency text, OUT stage text, OUT outcome text, OUT cases bigint, OUT principal numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET plan_cache_mode = force_custom_plan
SET work_mem = '64MB'
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._report($1, $2);
  RETURN QUERY
    WITH letter AS MATERIALIZED (
      SELECT l.invoice_no, l.case_no, l.rung, l.stage, l.decided_at, l.principal, coalesce(l.taken_on > $2, true) AS stands
      FROM reminder._letter_life l WHERE l.creditor_id = $1 AND l.as_of <= $2),
    -- what stood there when it was opened, and its last step that stands; if none does, the first
    stepped AS (
      SELECT l.invoice_no, l.case_no, (array_agg(l.principal ORDER BY l.decided_at))[1] AS principal,
             (array_agg(l.stage ORDER BY l.stands DESC, CASE WHEN l.stands THEN l.rung END DESC, l.decided_at))[1] AS stage,
             max(l.decided_at) FILTER (WHERE l.stands) AS at
      FROM letter l GROUP BY l.invoice_no, l.case_no),
    told AS (
      SELECT e.invoice_no, e.case_no,
             (array_agg(e.kind ORDER BY e.event_no DESC) FILTER (WHERE e.kind LIKE 'case\_%'))[1] AS ended,
             (array_agg(e.kind ORDER BY e.event_no DESC) FILTER (WHERE e.kind NOT LIKE 'case\_%'))[1] AS moved,
             (array_agg(e.recorded_at ORDER BY e.event_no DESC) FILTER (WHERE e.kind NOT LIKE 'case\_%'))[1] AS at
      FROM reminder.event e
      WHERE e.creditor_id = $1 AND e.as_of <= $2 AND e.case_no IS NOT NULL
        AND e.kind IN ('case_paid', 'case_credited', 'case_withdrawn', 'case_closed', 'case_reopened', 'enforcement', 'monitoring', 'letter_taken_back')
      GROUP BY e.invoice_no, e.case_no),
    stood AS (
      SELECT i.currency, k.opened_on, s.principal, coalesce(nullif(substr(t.ended, 6), 'reopened'), 'active') AS outcome,
             CASE WHEN t.moved IN ('enforcement', 'monitoring') AND coalesce(t.at > s.at, true) THEN t.moved ELSE s.stage END AS stage
      FROM reminder.collection_case k
      JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
      JOIN stepped s ON s.invoice_no = k.invoice_no AND s.case_no = k.case_no
      LEFT JOIN told t ON t.invoice_no = k.invoice_no AND t.case_no = k.case_no
      WHERE k.creditor_id = $1 AND k.opened_on <= $2)
    SELECT date_trunc('month', s.opened_on::timestamp)::date, s.currency, s.stage, s.outcome, count(*), sum(s.principal)
    FROM stood s JOIN reminder.stage g ON g.stage = s.stage
    GROUP BY 1, s.currency, s.stage, g.rung, s.outcome
    ORDER BY 1, s.currency COLLATE "C", g.rung, s.outcome COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.case_outcomes(bigint, date) IS
'Gives how cases stood as of a day, by the month (its first day) in which they were opened: the stage they were at, or ended in, and their outcome: active, paid, withdrawn, credited or closed; principal is what was open when they were opened. Raises 22R02 for a bad date, 22R04 for an unknown creditor.';
