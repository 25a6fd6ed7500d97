/*
 * 36-law.sql: the law as one list to be read (L1).
 */

CREATE FUNCTION reminder._fees_in_force(
  jurisdiction text, on_date date,
  OUT debtor_kind text, OUT fee_kind text, OUT above numeric, OUT fee numeric, OUT currency text,
  OUT valid_from date, OUT confidence text, OUT source text, OUT note text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- The latest confirmed rows, as _fee_tiers() uses them, and what would take their place if it were confirmed.
  WITH begun AS (
    SELECT f.*,
           max(f.valid_from) FILTER (WHERE f.confidence <> 'unconfirmed') OVER kind AS confirmed_from,
           max(f.valid_from) FILTER (WHERE f.confidence = 'unconfirmed') OVER kind AS unconfirmed_from
    FROM reminder.statutory_fee f
    WHERE f.jurisdiction = $1 AND f.valid_from <= $2
    WINDOW kind AS (PARTITION BY f.debtor_kind, f.fee_kind))
  SELECT b.debtor_kind, b.fee_kind, b.above, b.fee, b.currency, b.valid_from, b.confidence, b.source, b.note
  FROM begun b
  WHERE CASE b.confidence
          WHEN 'unconfirmed' THEN b.valid_from = b.unconfirmed_from AND b.valid_from >= coalesce(b.confirmed_from, b.valid_from)
          ELSE b.valid_from = b.confirmed_from
        END
$$;
COMMENT ON FUNCTION reminder._fees_in_force(text, date) IS
'Internal: the rows of statutory_fee that a date falls under, unconfirmed ones too.';

CREATE FUNCTION reminder._interest_in_force(
  jurisdiction text, on_date date,
  OUT debtor_kind text, OUT base text, OUT margin_points numeric, OUT day_count text, OUT holds_by text,
  OUT valid_from date, OUT confidence text, OUT source text, OUT note text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH begun AS (
    SELECT r.*,
           max(r.valid_from) FILTER (WHERE r.confidence <> 'unconfirmed') OVER kind AS confirmed_from,
           max(r.valid_from) FILTER (WHERE r.confidence = 'unconfirmed') OVER kind AS unconfirmed_from
    FROM reminder.interest_rule r
    WHERE r.jurisdiction = $1 AND r.valid_from <= $2
    WINDOW kind AS (PARTITION BY r.debtor_kind))
  SELECT b.debtor_kind, b.base, b.margin_points, b.day_count, b.holds_by, b.valid_from, b.confidence, b.source, b.note
  FROM begun b
  WHERE CASE b.confidence
          WHEN 'unconfirmed' THEN b.valid_from = b.unconfirmed_from AND b.valid_from >= coalesce(b.confirmed_from, b.valid_from)
          ELSE b.valid_from = b.confirmed_from
        END
$$;
COMMENT ON FUNCTION reminder._interest_in_force(text, date) IS
'Internal: the rows of interest_rule that a claim falls under that is due on a date, unconfirmed ones too.';

CREATE FUNCTION reminder._rate_in_force(
  jurisdiction text, on_date date,
  OUT rate_percent numeric, OUT kind text, OUT valid_from date, OUT confidence text, OUT source text)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- A rate holds for its half-year; where there is none, it says so.
  SELECT r.rate_percent, r.kind, h.half_year, coalesce(r.confidence, 'missing'), r.source
  FROM (SELECT make_date(extract(year FROM $2)::integer, CASE WHEN extract(month FROM $2) < 7 THEN 1 ELSE 7 END, 1)) h (half_year)
  LEFT JOIN reminder.reference_rate r ON r.jurisdiction = $1 AND r.valid_from = h.half_year
$$;
COMMENT ON FUNCTION reminder._rate_in_force(text, date) IS
'Internal: the rate of a date''s half-year, with the confidence "missing" where there is none.';

CREATE FUNCTION reminder.law_in_force(jurisdiction text, on_date date)
RETURNS TABLE (
  topic text, debtor_kind text, what text, above numeric, value numeric, unit text,
  valid_from date, confidence text, source text, note text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 60
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._jurisdiction(jurisdiction);
  PERFORM reminder._date(on_date, 'on_date');
  RETURN QUERY
  SELECT l.topic, l.debtor_kind, l.what, l.above, l.value, l.unit, l.valid_from, l.confidence, l.source, l.note
  FROM (
    SELECT CASE f.fee_kind WHEN 'late_compensation_flat' THEN 2 ELSE 1 END AS place,
           CASE f.fee_kind WHEN 'late_compensation_flat' THEN 'late compensation' ELSE 'fee' END AS topic,
           f.debtor_kind, f.fee_kind AS what, nullif(f.above, 0) AS above, f.fee AS value, f.currency AS unit,
           f.valid_from, f.confidence, f.source, f.note
    FROM reminder._fees_in_force($1, $2) f
    UNION ALL
    SELECT 3, 'late interest', 'any', CASE r.kind WHEN 'total' THEN 'rate' ELSE 'reference rate' END, NULL, r.rate_percent, 'percent',
           r.valid_from, r.confidence, r.source,
           CASE WHEN r.confidence IN ('missing', 'unconfirmed') THEN 'late interest over this half-year is an error until it is confirmed' END
    FROM reminder._rate_in_force($1, $2) r
    UNION ALL
    SELECT 4, 'late interest', i.debtor_kind, 'margin on the reference rate', NULL, i.margin_points, 'percentage points',
           i.valid_from, i.confidence, i.source, concat_ws('; ', i.base, i.note)
    FROM reminder._interest_in_force($1, $2) i
    UNION ALL
    SELECT 5, 'late interest', i.debtor_kind, 'rate of a claim due on this day', NULL,
           r.rate_percent + CASE r.kind WHEN 'total' THEN 0 ELSE i.margin_points END, 'percent',
           greatest(i.valid_from, r.valid_from), 'derived', concat_ws('; ', i.source, r.source), 'the two above together, simple, ' || i.day_count
    FROM reminder._interest_in_force($1, $2) i, reminder._rate_in_force($1, $2) r
    WHERE i.confidence <> 'unconfirmed' AND r.confidence IN ('sourced', 'derived')
    UNION ALL
    SELECT 6, 'limitation', l.debtor_kind, l.claim_kind || ' claim, from ' || replace(l.runs_from, '_', ' '), NULL, l.years, 'years',
           l.valid_from, l.confidence, l.source,
           concat_ws('; ', CASE WHEN l.interrupted_by_reminder THEN 'a reminder interrupts it' ELSE 'a reminder does not interrupt it' END,
                     'interrupted by ' || l.interrupted_by, l.note)
    FROM reminder.limitation_rule l
    WHERE l.jurisdiction = $1 AND l.valid_from = (
      SELECT max(x.valid_from) FROM reminder.limitation_rule x
      WHERE (x.jurisdiction, x.claim_kind, x.debtor_kind) = (l.jurisdiction, l.claim_kind, l.debtor_kind) AND x.valid_from <= $2)
    UNION ALL
    SELECT 7, 'interval', i.debtor_kind, i.rule, NULL, i.value, i.unit, i.valid_from, i.confidence, i.source, i.sentence
    FROM reminder.interval_rule i
    WHERE i.jurisdiction = $1 AND i.valid_from = (
      SELECT max(x.valid_from) FROM reminder.interval_rule x
      WHERE (x.jurisdiction, x.rule, x.debtor_kind) = (i.jurisdiction, i.rule, i.debtor_kind) AND x.valid_from <= $2)
    UNION ALL
    SELECT 7 + d.place * 0.01, 'demand content', 'any', d.item, NULL, NULL, NULL, d.valid_from, d.confidence, d.source, d.sentence
    FROM reminder.demand_content d
    WHERE d.jurisdiction = $1 AND d.valid_from = (
      SELECT max(x.valid_from) FROM reminder.demand_content x
      WHERE (x.jurisdiction, x.item) = (d.jurisdiction, d.item) AND x.valid_from <= $2)
    UNION ALL
    SELECT 8, 'allocation', a.debtor_kind,
           (SELECT string_agg(p.part, ', then ' ORDER BY p.rank) FROM (VALUES (a.principal, 'principal'), (a.interest, 'interest'), (a.fee, 'fees')) p (rank, part)),
           NULL, NULL, NULL, a.valid_from, a.confidence, a.source, a.note
    FROM reminder.allocation_rule a
    WHERE a.jurisdiction = $1 AND a.valid_from = (
      SELECT max(x.valid_from) FROM reminder.allocation_rule x
      WHERE (x.jurisdiction, x.debtor_kind) = (a.jurisdiction, a.debtor_kind) AND x.valid_from <= $2)
    UNION ALL
    SELECT 8.5, 'rounding', 'any', 'the amount to be paid, half up', NULL, r.unit, r.currency, r.valid_from, r.confidence, r.source, r.note
    FROM reminder.rounding_rule r
    WHERE r.jurisdiction = $1 AND r.valid_from = (
      SELECT max(x.valid_from) FROM reminder.rounding_rule x
      WHERE (x.jurisdiction, x.currency) = (r.jurisdiction, r.currency) AND x.valid_from <= $2)
    UNION ALL
    SELECT 9, 'dates', 'any',
           CASE WHEN j.moves_due_date THEN 'a due date on a closed day moves to the next bank day' ELSE 'a due date on a closed day stays' END,
           NULL, NULL, NULL, NULL, 'sourced', j.source, 'bank days of the calendar ' || j.calendar
    FROM reminder.jurisdiction j
    WHERE j.jurisdiction = $1) l
  ORDER BY l.place, l.what COLLATE "C", array_position(ARRAY['any', 'person', 'company', 'public'], l.debtor_kind), l.above NULLS FIRST, l.confidence;
END
$$;
COMMENT ON FUNCTION reminder.law_in_force(text, date) IS
'Lists everything the law tables say of a jurisdiction (SE, FI, ...) on a date: fees, late compensation, late interest, limitation, intervals and counts, demand content, what a payment settles first, dates. Each row with the day it began (1900-01-01 where that was not found), its source, and its confidence: "sourced", "derived", "unconfirmed" (shown, and not used) or "missing". above: the principal from which, itself not included, a fee holds. A value of NULL: no figure is known, or none belongs there. Raises 22R01 for an unknown jurisdiction, 22R02 for a bad date.';
