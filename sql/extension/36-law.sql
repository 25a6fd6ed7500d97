/*
 * 36-law.sql: the law as one list to be read (L1).
 */

CREATE FUNCTION reminder._own_law(
  creditor_id bigint, jurisdiction text,
  OUT law text, OUT what text, OUT debtor_kind text, OUT valid_from date, OUT above numeric, OUT figure numeric, OUT own text, OUT reason text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- plpgsql, because it keeps its plan
  RETURN QUERY
    SELECT y.law, y.what, y.debtor_kind, y.valid_from, y.above, y.figure, 'own', format('for creditor %s: %s', y.creditor_id, y.reason)
    FROM reminder.creditor_law y
    WHERE y.creditor_id = $1 AND y.jurisdiction = $2;
END
$$;
COMMENT ON FUNCTION reminder._own_law(bigint, text) IS
'Internal: what a creditor relies on for itself, as law_in_force() shows it.';

CREATE FUNCTION reminder._fees_in_force(
  jurisdiction text, on_date date, creditor_id bigint DEFAULT NULL,
  OUT debtor_kind text, OUT fee_kind text, OUT above numeric, OUT fee numeric, OUT currency text,
  OUT valid_from date, OUT confidence text, OUT source text, OUT note text) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- The latest rows that hold, as _fee_tiers() uses them, and what would take their place if it were confirmed.
  RETURN QUERY
    WITH begun AS (
      SELECT f.debtor_kind, f.fee_kind, f.above, coalesce(y.figure, f.fee) AS fee, f.currency, f.valid_from,
             coalesce(y.own, f.confidence) AS confidence, concat_ws('; ', f.source, y.reason) AS source, f.note,
             max(f.valid_from) FILTER (WHERE coalesce(y.own, f.confidence) <> 'unconfirmed') OVER kind AS held_from,
             max(f.valid_from) FILTER (WHERE coalesce(y.own, f.confidence) = 'unconfirmed') OVER kind AS unconfirmed_from
      FROM reminder.statutory_fee f
      LEFT JOIN reminder._own_law($3, $1) y
        ON f.confidence = 'unconfirmed' AND (y.law, y.what, y.debtor_kind, y.valid_from, y.above) = ('statutory_fee', f.fee_kind, f.debtor_kind, f.valid_from, f.above)
      WHERE f.jurisdiction = $1 AND f.valid_from <= $2
      WINDOW kind AS (PARTITION BY f.debtor_kind, f.fee_kind))
    SELECT b.debtor_kind, b.fee_kind, b.above, b.fee, b.currency, b.valid_from, b.confidence, b.source, b.note
    FROM begun b
    WHERE CASE b.confidence
            WHEN 'unconfirmed' THEN b.valid_from = b.unconfirmed_from AND b.valid_from >= coalesce(b.held_from, b.valid_from)
            ELSE b.valid_from = b.held_from
          END;
END
$$;
COMMENT ON FUNCTION reminder._fees_in_force(text, date, bigint) IS
'Internal: the rows of statutory_fee that a date falls under, unconfirmed ones too; for a creditor as it relies on them.';

CREATE FUNCTION reminder._interest_in_force(
  jurisdiction text, on_date date, creditor_id bigint,
  OUT debtor_kind text, OUT base text, OUT margin_points numeric, OUT day_count text, OUT holds_by text,
  OUT valid_from date, OUT confidence text, OUT source text, OUT note text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH begun AS (
    SELECT r.debtor_kind, r.base, coalesce(y.figure, r.margin_points) AS margin_points, r.day_count, r.holds_by, r.valid_from,
           coalesce(y.own, r.confidence) AS confidence, concat_ws('; ', r.source, y.reason) AS source, r.note,
           max(r.valid_from) FILTER (WHERE coalesce(y.own, r.confidence) <> 'unconfirmed') OVER kind AS held_from,
           max(r.valid_from) OVER kind AS latest
    FROM reminder.interest_rule r
    LEFT JOIN reminder._own_law($3, $1) y
      ON r.confidence = 'unconfirmed' AND (y.law, y.debtor_kind, y.valid_from) = ('interest_rule', r.debtor_kind, r.valid_from)
    WHERE r.jurisdiction = $1 AND r.valid_from <= $2
    WINDOW kind AS (PARTITION BY r.debtor_kind))
  SELECT b.debtor_kind, b.base, b.margin_points, b.day_count, b.holds_by, b.valid_from, b.confidence, b.source, b.note
  FROM begun b
  WHERE b.valid_from IN (b.held_from, b.latest)
$$;
COMMENT ON FUNCTION reminder._interest_in_force(text, date, bigint) IS
'Internal: the rows of interest_rule that a claim falls under that is due on a date, unconfirmed ones too; for a creditor as it relies on them.';

CREATE FUNCTION reminder._rate_in_force(
  jurisdiction text, on_date date, creditor_id bigint,
  OUT rate_percent numeric, OUT kind text, OUT valid_from date, OUT confidence text, OUT source text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- A rate holds for its half-year; where there is none, it says so. A creditor's own is of the kind that the last one was.
  SELECT coalesce(y.figure, r.rate_percent),
         coalesce(r.kind, CASE WHEN y.own IS NOT NULL THEN coalesce(l.kind, 'reference') END),
         h.half_year, coalesce(y.own, r.confidence, 'missing'), nullif(concat_ws('; ', r.source, y.reason), '')
  FROM (SELECT make_date(extract(year FROM $2)::integer, CASE WHEN extract(month FROM $2) < 7 THEN 1 ELSE 7 END, 1)) h (half_year)
  LEFT JOIN reminder.reference_rate r ON r.jurisdiction = $1 AND r.valid_from = h.half_year
  LEFT JOIN reminder._own_law($3, $1) y
    ON coalesce(r.confidence, 'unconfirmed') = 'unconfirmed' AND (y.law, y.valid_from) = ('reference_rate', h.half_year)
   AND num_nonnulls(y.figure, r.rate_percent) > 0
  LEFT JOIN LATERAL (
    SELECT l.kind FROM reminder.reference_rate l
    WHERE l.jurisdiction = $1 AND l.valid_from < h.half_year
    ORDER BY l.valid_from DESC LIMIT 1) l ON true
$$;
COMMENT ON FUNCTION reminder._rate_in_force(text, date, bigint) IS
'Internal: the rate of a date''s half-year, with the confidence "missing" where there is none; for a creditor as it relies on it.';

CREATE FUNCTION reminder._other_law_in_force(
  jurisdiction text, on_date date, creditor_id bigint,
  OUT place numeric, OUT topic text, OUT debtor_kind text, OUT what text, OUT value numeric, OUT unit text,
  OUT valid_from date, OUT confidence text, OUT source text, OUT note text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE ROWS 30
SET search_path = pg_catalog, pg_temp
AS $$
  WITH law AS (
    SELECT 6 AS place, 'limitation_rule' AS law, l.claim_kind AS key, 'limitation' AS topic, l.debtor_kind,
           l.claim_kind || ' claim, from ' || replace(l.runs_from, '_', ' ') AS what, l.years AS value, 'years' AS unit,
           l.valid_from, l.confidence, l.source,
           concat_ws('; ', CASE WHEN l.interrupted_by_reminder THEN 'a reminder interrupts it' ELSE 'a reminder does not interrupt it' END,
                     'interrupted by ' || l.interrupted_by, l.note) AS note
    FROM reminder.limitation_rule l WHERE l.jurisdiction = $1
    UNION ALL
    SELECT 7, 'interval_rule', i.rule, 'interval', i.debtor_kind, i.rule, i.value, i.unit, i.valid_from, i.confidence, i.source, i.sentence
    FROM reminder.interval_rule i WHERE i.jurisdiction = $1
    UNION ALL
    SELECT 7 + d.place * 0.01, 'demand_content', d.item, 'demand content', 'any', d.item, NULL, NULL, d.valid_from, d.confidence, d.source, d.sentence
    FROM reminder.demand_content d WHERE d.jurisdiction = $1
    UNION ALL
    SELECT 8, 'allocation_rule', '', 'allocation', a.debtor_kind,
           (SELECT string_agg(p.part, ', then ' ORDER BY p.rank) FROM (VALUES (a.principal, 'principal'), (a.interest, 'interest'), (a.fee, 'fees')) p (rank, part)),
           NULL, NULL, a.valid_from, a.confidence, a.source, a.note
    FROM reminder.allocation_rule a WHERE a.jurisdiction = $1
    UNION ALL
    SELECT 8.1, 'retention_rule', '', 'retention', 'any', 'bookings are kept from the end of the ' || CASE t.runs_from WHEN 'fiscal_year' THEN 'fiscal year' ELSE 'calendar year in which the fiscal year ended' END,
           t.years, 'years', t.valid_from, t.confidence, t.source, t.note
    FROM reminder.retention_rule t WHERE t.jurisdiction = $1),
  begun AS (
    SELECT l.place, l.topic, l.debtor_kind, l.what, coalesce(y.figure, l.value) AS value, l.unit, l.valid_from,
           coalesce(y.own, l.confidence) AS confidence, concat_ws('; ', l.source, y.reason) AS source, l.note,
           max(l.valid_from) FILTER (WHERE coalesce(y.own, l.confidence) <> 'unconfirmed') OVER kind AS held_from,
           max(l.valid_from) OVER kind AS latest
    FROM law l
    LEFT JOIN reminder._own_law($3, $1) y
      ON l.confidence = 'unconfirmed' AND (y.law, y.what, y.debtor_kind, y.valid_from) = (l.law, l.key, l.debtor_kind, l.valid_from)
    WHERE l.valid_from <= $2
    WINDOW kind AS (PARTITION BY l.law, l.key, l.debtor_kind))
  SELECT b.place, b.topic, b.debtor_kind, b.what, b.value, b.unit, b.valid_from, b.confidence, b.source, b.note
  FROM begun b
  WHERE b.valid_from IN (b.held_from, b.latest)
$$;
COMMENT ON FUNCTION reminder._other_law_in_force(text, date, bigint) IS
'Internal: limitation, intervals, demand content, allocation and retention that a date falls under, unconfirmed ones too; for a creditor as it relies on them.';

CREATE FUNCTION reminder.law_in_force(jurisdiction text, on_date date, creditor_id bigint DEFAULT NULL)
RETURNS TABLE (
  topic text, debtor_kind text, what text, above numeric, value numeric, unit text,
  valid_from date, confidence text, source text, note text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 60
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._jurisdiction(jurisdiction);
  PERFORM reminder._date(on_date, 'on_date');
  IF creditor_id IS NOT NULL THEN
    PERFORM reminder._creditor(creditor_id);
  END IF;
  RETURN QUERY
  SELECT l.topic, l.debtor_kind, l.what, l.above, l.value, l.unit, l.valid_from, l.confidence, l.source, l.note
  FROM (
    SELECT CASE f.fee_kind WHEN 'late_compensation_flat' THEN 2 ELSE 1 END AS place,
           CASE f.fee_kind WHEN 'late_compensation_flat' THEN 'late compensation' ELSE 'fee' END AS topic,
           f.debtor_kind, f.fee_kind AS what, nullif(f.above, 0) AS above, f.fee AS value, f.currency AS unit,
           f.valid_from, f.confidence, f.source, f.note
    FROM reminder._fees_in_force($1, $2, $3) f
    UNION ALL
    SELECT 3, 'late interest', 'any', CASE r.kind WHEN 'total' THEN 'rate' ELSE 'reference rate' END, NULL, r.rate_percent, 'percent',
           r.valid_from, r.confidence, r.source,
           CASE WHEN r.confidence IN ('missing', 'unconfirmed') THEN 'late interest over this half-year is an error until it is confirmed' END
    FROM reminder._rate_in_force($1, $2, $3) r
    UNION ALL
    SELECT 4, 'late interest', i.debtor_kind, 'margin on the reference rate', NULL, i.margin_points, 'percentage points',
           i.valid_from, i.confidence, i.source, concat_ws('; ', i.base, i.note)
    FROM reminder._interest_in_force($1, $2, $3) i
    UNION ALL
    SELECT 5, 'late interest', i.debtor_kind, 'rate of a claim due on this day', NULL,
           r.rate_percent + CASE r.kind WHEN 'total' THEN 0 ELSE i.margin_points END, 'percent',
           greatest(i.valid_from, r.valid_from), CASE WHEN 'own' IN (i.confidence, r.confidence) THEN 'own' ELSE 'derived' END,
           concat_ws('; ', i.source, r.source), 'the two above together, simple, ' || i.day_count
    FROM reminder._interest_in_force($1, $2, $3) i, reminder._rate_in_force($1, $2, $3) r
    WHERE i.confidence <> 'unconfirmed' AND r.confidence NOT IN ('missing', 'unconfirmed')
    UNION ALL
    SELECT o.place, o.topic, o.debtor_kind, o.what, NULL, o.value, o.unit, o.valid_from, o.confidence, o.source, o.note
    FROM reminder._other_law_in_force($1, $2, $3) o
    UNION ALL
    SELECT 8.5, 'rounding', 'any', 'the amount to be paid, half up', NULL, r.unit, r.currency, r.valid_from, r.confidence, r.source, r.note
    FROM reminder.rounding_rule r
    WHERE r.jurisdiction = $1 AND r.valid_from = (
      SELECT max(x.valid_from) FROM reminder.rounding_rule x
      WHERE (x.jurisdiction, x.currency) = (r.jurisdiction, r.currency) AND x.valid_from <= $2)
    UNION ALL
    SELECT 2.1, 'late compensation', 'any',
           CASE WHEN j.compensation_offsets THEN 'together with fees the larger of the two' ELSE 'on top of fees' END,
           NULL, NULL, NULL, NULL, f.confidence, f.source, f.note
    FROM reminder.jurisdiction j
    CROSS JOIN LATERAL (
      SELECT f.confidence, f.source, f.note FROM reminder._fees_in_force($1, $2, $3) f
      WHERE f.fee_kind = 'late_compensation_flat' ORDER BY f.confidence = 'unconfirmed', f.debtor_kind COLLATE "C" LIMIT 1) f
    WHERE j.jurisdiction = $1
    UNION ALL
    SELECT 9, 'dates', 'any',
           CASE WHEN j.moves_due_date THEN 'a due date on a closed day moves to the next bank day' ELSE 'a due date on a closed day stays' END,
           NULL, NULL, NULL, NULL, 'sourced', j.source, 'bank days of the calendar ' || j.calendar
    FROM reminder.jurisdiction j
    WHERE j.jurisdiction = $1
    UNION ALL
    SELECT 9.1, 'dates', 'any', 'bank-closed days of ' || d.year || ', beside Saturdays and Sundays', NULL, count(*), 'days', NULL, 'sourced', j.calendar_source,
           string_agg(d.day::date::text, ', ' ORDER BY d.day)
    FROM reminder.jurisdiction j
    CROSS JOIN LATERAL (
      SELECT to_char($2, 'YYYY') AS year, y.day
      FROM generate_series(date_trunc('year', $2::timestamp), date_trunc('year', $2::timestamp) + interval '1 year - 1 day', interval '1 day') y (day)
      WHERE extract(isodow FROM y.day) < 6 AND NOT reminder.is_bank_day(j.calendar, y.day::date)) d
    WHERE j.jurisdiction = $1
    GROUP BY d.year, j.calendar_source) l
  ORDER BY l.place, l.what COLLATE "C", array_position(ARRAY['any', 'person', 'company', 'public'], l.debtor_kind), l.above NULLS FIRST, l.confidence;
END
$$;
COMMENT ON FUNCTION reminder.law_in_force(text, date, bigint) IS
'Lists everything the law tables say of a jurisdiction (SE, FI, ...) on a date: fees, late compensation, late interest, limitation, intervals and counts, demand content, what a payment settles first, dates. Each row with the day it began (1900-01-01 where that was not found), its source, and its confidence: "sourced", "derived", "unconfirmed" (shown, and not used) or "missing". With a creditor_id as it is for that creditor: what it relies on for itself (confirm_law) is "own", with its own figure and reason. above: the principal from which, itself not included, a fee holds. A value of NULL: no figure is known, or none belongs there. Raises 22R01 for an unknown jurisdiction, 22R02 for a bad date, 22R04 for an unknown creditor.';
