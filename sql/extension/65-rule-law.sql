/*
 * 65-rule-law.sql: a rule held against the law (R7, L2, L3), before it is one
 * and whenever it changes. What the law says stands in its tables: caps in
 * statutory_fee, intervals and counts in interval_rule, and in interval_use
 * what of a ladder an interval measures.
 *
 * A rule is judged by its definition, as rule_version keeps it: so a ladder
 * can be judged, and mended, that is in no table yet.
 */

CREATE FUNCTION reminder._rule_definition(creditor_id bigint, rule_no integer) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT to_jsonb(r) || jsonb_build_object(
             'steps', (SELECT coalesce(jsonb_agg(to_jsonb(s) - '{creditor_id,rule_no}'::text[] ORDER BY s.rung), '[]')
                       FROM reminder.rule_step s WHERE s.creditor_id = r.creditor_id AND s.rule_no = r.rule_no),
             'windows', (SELECT coalesce(jsonb_agg(to_jsonb(w) - '{creditor_id,rule_no}'::text[] ORDER BY w.currency), '[]')
                         FROM reminder.rule_window w WHERE w.creditor_id = r.creditor_id AND w.rule_no = r.rule_no))
    FROM reminder.rule r WHERE r.creditor_id = $1 AND r.rule_no = $2);
END
$$;
COMMENT ON FUNCTION reminder._rule_definition(bigint, integer) IS
'Internal: a rule with its steps and windows, as rule_version keeps it.';

CREATE FUNCTION reminder._count(n bigint, what text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN n || ' ' || what || CASE n WHEN 1 THEN '' ELSE 's' END;
END
$$;
COMMENT ON FUNCTION reminder._count(bigint, text) IS 'Internal: so many of something, in words.';

CREATE FUNCTION reminder._ladder(
  definition jsonb,
  OUT rung integer, OUT stage text, OUT nth smallint, OUT name text, OUT letter boolean, OUT channel text,
  OUT wait integer, OUT wait_unit text, OUT wait_days integer, OUT gap integer, OUT at_day integer,
  OUT term integer, OUT term_unit text, OUT term_days integer,
  OUT fee numeric, OUT fee_up_to_cap boolean, OUT open_at_least numeric, OUT one_letter boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- Five bank days last five days at least, from a Sunday on, and ten of them twelve.
  RETURN QUERY
  SELECT x.rung, x.stage, x.nth, x.name, x.letter, x.channel,
         x.wait, x.wait_unit, x.wait_days, x.gap, sum(x.gap) OVER (ORDER BY x.rung)::integer,
         x.term, x.term_unit, x.term_days, x.fee, x.fee_up_to_cap, x.open_at_least, x.one_letter
  FROM (
    SELECT d.*,
           -- as StepDate() in src/decide.c has it: the wait, but not before the day after the deadline of the letter before
           greatest(d.wait_days, CASE WHEN ($1 ->> 'waives_deadline')::boolean THEN 1 ELSE coalesce(lag(d.term_days) OVER (ORDER BY d.rung), 0) + 1 END) AS gap
    FROM (
      SELECT g.rung + s.nth - 1 AS rung, s.stage, s.nth, g.letter, s.channel,
             CASE WHEN s.nth > 1 THEN (ARRAY['second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth'])[s.nth - 1] || ' ' ELSE '' END || s.stage AS name,
             s.wait, s.wait_unit, CASE s.wait_unit WHEN 'bank_day' THEN s.wait + 2 * ((s.wait - 1) / 5) ELSE s.wait END AS wait_days,
             s.term, s.term_unit, CASE s.term_unit WHEN 'bank_day' THEN s.term + 2 * ((s.term - 1) / 5) ELSE s.term END AS term_days,
             s.fee, s.fee_up_to_cap, s.open_at_least, coalesce(s.one_letter, false) AS one_letter
      FROM jsonb_to_recordset($1 -> 'steps') s (
             stage text, nth smallint, wait integer, wait_unit text, term integer, term_unit text,
             channel text, fee numeric, fee_up_to_cap boolean, open_at_least numeric, one_letter boolean)
      JOIN reminder.stage g ON g.stage = s.stage) d) x
  ORDER BY x.rung;
END
$$;
COMMENT ON FUNCTION reminder._ladder(jsonb) IS
'Internal: the steps of a definition in their order, with the days that lie between them at least: gap from the step before or the due date, at_day from the due date.';

CREATE FUNCTION reminder._law_day(creditor_id bigint, definition jsonb) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- No letter of it can be older; where nothing says how old, all that is known of the law has come.
  RETURN coalesce(greatest(reminder._last_run($1),
                           (SELECT c.automation_from FROM reminder.creditor c WHERE c.creditor_id = $1),
                           ($2 ->> 'import_from')::date),
                  '2200-12-31');
END
$$;
COMMENT ON FUNCTION reminder._law_day(bigint, jsonb) IS
'Internal: the day whose law a rule is held against: the latest of the creditor''s last run, its automation_from and the rule''s import_from.';

CREATE FUNCTION reminder._cap_source(
  creditor_id bigint, jurisdiction text, debtor_kind text, fee_kind text, on_date date, cap numeric,
  OUT currency text, OUT source text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT f.currency, CASE WHEN y.figure IS NULL THEN f.source ELSE y.reason END INTO currency, source
  FROM reminder.statutory_fee f
  LEFT JOIN reminder.creditor_law y
    ON f.confidence = 'unconfirmed' AND y.creditor_id = $1
   AND (y.law, y.jurisdiction, y.what, y.debtor_kind, y.valid_from, y.above) = ('statutory_fee', f.jurisdiction, f.fee_kind, f.debtor_kind, f.valid_from, f.above)
  WHERE f.jurisdiction = $2 AND f.debtor_kind IN ($3, 'any') AND f.fee_kind = $4 AND f.valid_from <= $5 AND coalesce(y.figure, f.fee) = $6
  ORDER BY f.debtor_kind = 'any', f.valid_from DESC LIMIT 1;
END
$$;
COMMENT ON FUNCTION reminder._cap_source(bigint, text, text, text, date, numeric) IS
'Internal: where a cap of a fee comes from, and its currency.';

/*
 * Fees. Unlike an interval, a cap is kept by the run too: on the letter's date
 * the fee is the lower of the rule's and the cap. So a fee is refused only if
 * it is above the cap of the day and of every day to come: a rule made for
 * 2013 may ask 60 before the law allows it, and gets 50 until then.
 */
CREATE FUNCTION reminder._fee_findings(
  creditor_id bigint, jurisdiction text, definition jsonb, on_date date,
  OUT severity text, OUT code text, OUT rung integer, OUT figure numeric, OUT law numeric, OUT unit text,
  OUT sentence text, OUT paragraph text, OUT mend text, OUT at_once boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _kind CONSTANT text := $3 ->> 'kind';
BEGIN
  RETURN QUERY
  WITH step AS MATERIALIZED (
    SELECT l.rung, l.name, l.fee, l.fee_up_to_cap, l.open_at_least, k.fee_kind
    FROM reminder._ladder($3) l
    CROSS JOIN LATERAL (
      SELECT k.fee_kind FROM reminder.stage_fee_kind k
      WHERE (k.jurisdiction, k.stage, k.collected_by) = ($2, l.stage, $3 ->> 'collected_by') AND k.nth <= l.nth
      ORDER BY k.nth DESC LIMIT 1) k
    WHERE l.fee IS NOT NULL),
  -- the caps of the day, and of every later day on which they change
  version AS MATERIALIZED (
    SELECT s.rung, v.day, t.above, t.cap
    FROM step s
    CROSS JOIN LATERAL (
      SELECT $4 AS day
      UNION SELECT f.valid_from FROM reminder.statutory_fee f
      WHERE f.jurisdiction = $2 AND f.fee_kind = s.fee_kind AND f.debtor_kind IN (_kind, 'any') AND f.valid_from > $4) v
    CROSS JOIN LATERAL reminder._fee_tiers($2, _kind, s.fee_kind, v.day, $1) t),
  -- a principal of each tier of each of them, and whether the rule lets the step meet it
  principal AS (
    SELECT s.rung, p.amount,
           EXISTS (SELECT FROM jsonb_to_recordset($3 -> 'windows') w (lowest numeric, highest numeric)
                   WHERE p.amount BETWEEN w.lowest AND w.highest)
           OR $3 -> 'windows' = '[]' AS met
    FROM step s
    CROSS JOIN LATERAL (
      SELECT greatest(v.amount, s.open_at_least) AS amount
      FROM (
        SELECT 0 UNION ALL SELECT b.above + 0.01 FROM version x, unnest(x.above) b (above) WHERE x.rung = s.rung AND b.above > 0
        UNION ALL SELECT w.lowest FROM jsonb_to_recordset($3 -> 'windows') w (lowest numeric)) v (amount)
      GROUP BY 1) p),
  capped AS (
    SELECT p.rung, p.amount, p.met, v.day, t.cap,
           -- the tier reaches to the next one's bound
           t.above AS tier_above, (SELECT min(b.above) FROM unnest(v.above) b (above) WHERE b.above >= greatest(p.amount, 0.01)) AS tier_to
    FROM principal p
    JOIN version v ON v.rung = p.rung
    CROSS JOIN LATERAL (
      SELECT t.above, t.cap FROM unnest(v.above, v.cap) WITH ORDINALITY t (above, cap, tier)
      WHERE t.above < p.amount OR t.tier = 1 ORDER BY t.tier DESC LIMIT 1) t),
  -- what the law allows at some time, for each principal
  allowed AS MATERIALIZED (
    SELECT DISTINCT ON (c.rung, c.amount) c.*, s.name, s.fee, s.fee_up_to_cap, s.fee_kind, coalesce(s.fee > c.cap, false) AS over
    FROM capped c JOIN step s ON s.rung = c.rung
    ORDER BY c.rung, c.amount, c.cap DESC NULLS FIRST, c.day),
  -- the tier that says most: the lowest cap, or the highest if the fee goes up to the cap
  refused AS (
    SELECT * FROM (
      SELECT DISTINCT ON (a.rung) a.*,
             bool_and(a.over) OVER step AS everywhere, bool_and(a.over) FILTER (WHERE a.met) OVER step AS wherever_met,
             a.fee_up_to_cap OR min(a.cap) FILTER (WHERE a.met) OVER step = max(a.cap) FILTER (WHERE a.met) OVER step AS one_cap
      FROM allowed a
      WINDOW step AS (PARTITION BY a.rung)
      ORDER BY a.rung, a.met DESC, CASE WHEN a.fee_up_to_cap THEN -a.cap ELSE a.cap END, a.amount) a
    WHERE a.met AND CASE WHEN a.fee_up_to_cap THEN a.wherever_met ELSE a.over END)
  SELECT 'error', CASE r.cap WHEN 0 THEN 'fee_not_allowed' ELSE 'fee_above_cap' END, r.rung, r.fee, r.cap, l.currency,
         CASE r.cap WHEN 0 THEN format('The %s asks for a fee of %s, and the law allows none', r.name, r.fee)
                    ELSE format('The %s asks for a fee of %s, and the law allows %s %s', r.name, r.fee, r.cap, l.currency) END
         || CASE WHEN r.one_cap THEN '.'
                 WHEN r.tier_to IS NOT NULL THEN format(' for a principal up to %s.', r.tier_to)
                 ELSE format(' for a principal above %s.', r.tier_above) END,
         l.source,
         CASE WHEN NOT r.one_cap THEN 'up_to_cap' WHEN r.cap = 0 THEN 'no_fee' ELSE 'fee' END,
         r.everywhere
  FROM refused r
  CROSS JOIN LATERAL reminder._cap_source($1, $2, _kind, r.fee_kind, r.day, r.cap) l
  UNION ALL
  -- lawful at some time, not always: the run lowers it
  SELECT 'warning', 'fee_lowered', c.rung, c.fee, c.cap, f.currency,
         format('The %s asks for a fee of %s: by the law of %s it is lowered to %s %s.', c.name, c.fee, c.day, c.cap, f.currency),
         f.source, NULL, false
  FROM (
    SELECT DISTINCT ON (c.rung) c.*, s.name, s.fee, s.fee_kind
    FROM capped c JOIN step s ON s.rung = c.rung
    WHERE c.met AND s.fee > c.cap AND NOT s.fee_up_to_cap AND NOT EXISTS (SELECT FROM refused r WHERE r.rung = c.rung)
    ORDER BY c.rung, c.day, c.cap) c
  CROSS JOIN LATERAL reminder._cap_source($1, $2, _kind, c.fee_kind, c.day, c.cap) f
  UNION ALL
  -- what the law adds to its number
  SELECT 'warning', 'fee_to_be_agreed', s.rung, s.fee, NULL, NULL,
         format('The %s asks for a fee that must have been agreed no later than when the debt arose.', s.name), f.source, NULL, false
  FROM step s
  CROSS JOIN LATERAL (
    SELECT f.must_be_agreed, f.source FROM reminder.statutory_fee f
    WHERE f.jurisdiction = $2 AND f.fee_kind = s.fee_kind AND f.debtor_kind IN (_kind, 'any') AND f.valid_from <= $4 AND f.confidence <> 'unconfirmed'
    ORDER BY f.debtor_kind = 'any', f.valid_from DESC, f.above LIMIT 1) f
  WHERE f.must_be_agreed
  UNION ALL
  -- and what it may say: from memory, so told and not held against the rule
  SELECT DISTINCT ON (s.rung) 'warning', CASE u.fee WHEN 0 THEN 'fee_not_allowed' ELSE 'fee_above_cap' END, s.rung, s.fee, u.fee, u.currency,
         format('The %s asks for a fee of %s; not confirmed: the law allows %s %s%s.', s.name, s.fee, u.fee, u.currency, ' (' || u.note || ')'),
         u.source, NULL, false
  FROM step s
  JOIN reminder._fees_in_force($2, $4, $1) u ON u.fee_kind = s.fee_kind AND u.debtor_kind IN (_kind, 'any') AND u.confidence = 'unconfirmed'
  WHERE s.fee > u.fee;
END
$$;
COMMENT ON FUNCTION reminder._fee_findings(bigint, text, jsonb, date) IS
'Internal: findings on the fees of a definition, each apart: fee_above_cap, fee_not_allowed, fee_lowered, fee_to_be_agreed.';

CREATE FUNCTION reminder._total_findings(
  creditor_id bigint, jurisdiction text, definition jsonb, on_date date,
  OUT severity text, OUT code text, OUT rung integer, OUT figure numeric, OUT law numeric, OUT unit text,
  OUT sentence text, OUT paragraph text, OUT mend text, OUT at_once boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _total_kind text;
  _above numeric[];
  _cap numeric[];
BEGIN
  SELECT j.total_fee_kind INTO _total_kind FROM reminder.jurisdiction j WHERE j.jurisdiction = $2;
  SELECT t.above, t.cap INTO _above, _cap FROM reminder._fee_tiers($2, $3 ->> 'kind', _total_kind, $4, $1) t;
  IF _above IS NULL THEN
    RETURN;
  END IF;
  RETURN QUERY
  WITH step AS MATERIALIZED (
    SELECT l.rung, l.fee, l.open_at_least, t.above, t.cap
    FROM reminder._ladder($3) l
    LEFT JOIN LATERAL (
      SELECT k.fee_kind FROM reminder.stage_fee_kind k
      WHERE (k.jurisdiction, k.stage, k.collected_by) = ($2, l.stage, $3 ->> 'collected_by') AND k.nth <= l.nth
      ORDER BY k.nth DESC LIMIT 1) k ON true
    LEFT JOIN LATERAL reminder._fee_tiers($2, $3 ->> 'kind', k.fee_kind, $4, $1) t ON true
    WHERE l.fee IS NOT NULL),
  principal AS (
    SELECT b.above + 0.01 AS amount FROM step s, unnest(s.above) b (above)
    UNION SELECT greatest(s.open_at_least, 0.01) FROM step s
    UNION SELECT b.above + 0.01 FROM unnest(_above) b (above)
    UNION SELECT w.lowest FROM jsonb_to_recordset($3 -> 'windows') w (lowest numeric)),
  -- fees of the service add up; by own rules a later one takes the place of an earlier
  total AS (
    SELECT p.amount, CASE $3 ->> 'collected_by' WHEN 'creditor' THEN max(x.fee) ELSE sum(x.fee) END AS fees
    FROM principal p
    JOIN step s ON s.open_at_least <= p.amount
    CROSS JOIN LATERAL (
      SELECT least(s.fee, (SELECT t.cap FROM unnest(s.above, s.cap) WITH ORDINALITY t (above, cap, tier)
                           WHERE t.above < p.amount OR t.tier = 1 ORDER BY t.tier DESC LIMIT 1)) AS fee) x
    WHERE $3 -> 'windows' = '[]' OR EXISTS (SELECT FROM jsonb_to_recordset($3 -> 'windows') w (lowest numeric, highest numeric) WHERE p.amount BETWEEN w.lowest AND w.highest)
    GROUP BY p.amount)
  SELECT 'error', 'fees_above_total', NULL::integer, o.fees, o.cap, f.currency,
         format('The fees of a principal of %s come to %s in all, and the law allows %s %s.', o.amount, o.fees, o.cap, f.currency),
         f.source, NULL, false
  FROM (
    SELECT t.amount, t.fees, c.cap
    FROM total t
    CROSS JOIN LATERAL (
      SELECT c.cap FROM unnest(_above, _cap) WITH ORDINALITY c (above, cap, tier)
      WHERE c.above < t.amount OR c.tier = 1 ORDER BY c.tier DESC LIMIT 1) c
    WHERE t.fees > c.cap
    ORDER BY t.amount LIMIT 1) o
  CROSS JOIN LATERAL reminder._cap_source($1, $2, $3 ->> 'kind', _total_kind, $4, o.cap) f;
END
$$;
COMMENT ON FUNCTION reminder._total_findings(bigint, text, jsonb, date) IS
'Internal: the finding on all fees of a definition together: fees_above_total.';

/*
 * Intervals and counts. No run keeps these (but the count of fee-carrying
 * reminders), so the law of the day must be kept; what comes later is told.
 */
CREATE FUNCTION reminder._interval_findings(
  creditor_id bigint, jurisdiction text, definition jsonb, on_date date,
  OUT severity text, OUT code text, OUT rung integer, OUT figure numeric, OUT law numeric, OUT unit text,
  OUT sentence text, OUT paragraph text, OUT mend text, OUT at_once boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH step AS MATERIALIZED (
    SELECT l.* FROM reminder._ladder($3) l WHERE l.letter),
  known AS (
    SELECT i.rule, i.debtor_kind, i.valid_from, i.unit, coalesce(y.figure::integer, i.value) AS value,
           CASE WHEN y.figure IS NULL THEN i.sentence ELSE format('The creditor''s own figure is %s %s.', y.figure::integer, i.unit) END AS sentence,
           CASE WHEN y.figure IS NULL THEN i.source ELSE y.reason END AS source,
           CASE WHEN y.creditor_id IS NULL THEN i.confidence ELSE 'own' END AS confidence
    FROM reminder.interval_rule i
    LEFT JOIN reminder.creditor_law y
      ON i.confidence = 'unconfirmed' AND y.creditor_id = $1
     AND (y.law, y.jurisdiction, y.what, y.debtor_kind, y.valid_from) = ('interval_rule', i.jurisdiction, i.rule, i.debtor_kind, i.valid_from)
    WHERE i.jurisdiction = $2 AND i.debtor_kind IN ($3 ->> 'kind', 'any')),
  begun AS (
    SELECT DISTINCT ON (i.rule, i.confidence = 'unconfirmed') i.*
    FROM known i
    WHERE i.valid_from <= $4
    ORDER BY i.rule, i.confidence = 'unconfirmed', i.debtor_kind = 'any', i.valid_from DESC),
  law AS (
    SELECT u.*, i.value, i.unit, i.sentence, i.source, i.confidence <> 'unconfirmed' AND NOT u.kept_by_run AS binds,
           CASE i.confidence WHEN 'unconfirmed' THEN 'not confirmed: ' ELSE '' END AS says
    FROM begun i JOIN reminder.interval_use u USING (rule)
    WHERE i.confidence <> 'unconfirmed'
       OR NOT EXISTS (SELECT FROM begun b WHERE b.rule = i.rule AND b.confidence <> 'unconfirmed' AND b.valid_from > i.valid_from)
    UNION ALL
    SELECT u.*, i.value, i.unit, i.sentence, i.source, false, format('from %s on%s: ', i.valid_from, CASE i.confidence WHEN 'unconfirmed' THEN ', not confirmed' ELSE '' END)
    FROM known i JOIN reminder.interval_use u USING (rule)
    WHERE i.valid_from > $4),
  broken AS (
    SELECT w.*, s.rung, s.term_days AS figure,
           CASE s.term_unit WHEN 'bank_day' THEN format('The %s gives %s to pay, which can be as few as %s', s.name, reminder._count(s.term, 'bank day'), reminder._count(s.term_days, 'day'))
                            ELSE format('The %s gives %s to pay', s.name, reminder._count(s.term, 'day')) END AS finding,
           'term' AS mend, true AS alone
    FROM law w JOIN step s ON s.stage = ANY (w.stages) AND (s.fee IS NOT NULL OR NOT w.charged)
    WHERE w.measures = 'term' AND w.unit = 'days' AND s.term_days < w.value
    UNION ALL
    SELECT w.*, s.rung, s.at_day - coalesce(e.at_day, 0),
           format('The %s can go out%s %s after the %s', s.name, CASE WHEN w.charged THEN ' with a fee' ELSE '' END,
                  reminder._count(s.at_day - coalesce(e.at_day, 0), 'day'), coalesce(e.name, 'due date')),
           CASE WHEN w.charged THEN 'no_fee' ELSE 'wait' END, false
    FROM law w JOIN step s ON s.stage = ANY (w.stages) AND (s.fee IS NOT NULL OR NOT w.charged)
    LEFT JOIN LATERAL (
      SELECT e.at_day, e.name FROM step e
      WHERE w.since = 'letter' AND e.rung < s.rung AND e.stage = ANY (w.since_stages) AND (e.fee IS NOT NULL OR NOT w.since_charged)
      ORDER BY e.rung DESC LIMIT 1) e ON true
    WHERE w.measures = 'wait' AND w.unit = 'days' AND (w.since = 'due_date' OR e.at_day IS NOT NULL)
      AND s.at_day - coalesce(e.at_day, 0) < w.value
    UNION ALL
    SELECT w.*, s.rung, s.letters,
           format('%s of its letters carry a fee%s', s.letters, CASE WHEN w.kept_by_run THEN ', and a run charges for no more than ' || w.value ELSE '' END),
           'no_fee', false
    FROM law w
    JOIN LATERAL (
      SELECT s.rung, row_number() OVER (ORDER BY s.rung) AS place, count(*) OVER () AS letters
      FROM step s WHERE s.stage = ANY (w.stages) AND (s.fee IS NOT NULL OR NOT w.charged)) s ON s.place = w.value + 1
    WHERE w.measures = 'letters' AND w.unit = 'letters')
  SELECT CASE WHEN b.binds THEN 'error' ELSE 'warning' END, b.rule, b.rung, b.figure::numeric, b.value::numeric, b.unit,
         format('%s; %s%s', b.finding, b.says, lower(left(b.sentence, 1)) || substr(b.sentence, 2)), b.source,
         CASE WHEN b.binds THEN b.mend END, b.alone AND b.binds
  FROM broken b;
END
$$;
COMMENT ON FUNCTION reminder._interval_findings(bigint, text, jsonb, date) IS
'Internal: findings on the intervals and counts of a definition; the code of each is the name of the interval_rule.';

/* What is wrong or strange whatever the law. */
CREATE FUNCTION reminder._sense_findings(
  creditor_id bigint, definition jsonb, on_date date,
  OUT severity text, OUT code text, OUT rung integer, OUT figure numeric, OUT law numeric, OUT unit text,
  OUT sentence text, OUT paragraph text, OUT mend text, OUT at_once boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH step AS MATERIALIZED (
    SELECT l.*, lag(l.name) OVER up AS before, lag(l.term_days) OVER up AS term_before, k.title AS by_channel, k.agency, a.title AS agency_title
    FROM reminder._ladder($2) l
    LEFT JOIN reminder.channel k ON k.channel = l.channel
    LEFT JOIN reminder.agency a ON a.agency = k.agency
    WINDOW up AS (ORDER BY l.rung))
  -- C2
  SELECT 'error', 'channel_not_allowed', s.rung, NULL::numeric, NULL::numeric, NULL,
         CASE s.channel WHEN 'email' THEN 'A demand never goes out by email.' WHEN 'einvoice' THEN format('To persons no %s goes out as an e-invoice.', s.name)
           ELSE format('No %s goes out %s.', s.name, s.by_channel) END,
         NULL, NULL, true
  FROM step s
  WHERE s.letter AND NOT reminder._channel_used($1, s.channel, s.stage, $2 ->> 'kind')
  UNION ALL
  SELECT 'warning', 'channel_off', s.rung, NULL, NULL, NULL,
         format('The %s goes out %s, which is switched off: it waits.', s.name, s.by_channel), NULL, NULL, false
  FROM step s
  WHERE s.letter AND reminder._channel_used($1, s.channel, s.stage, $2 ->> 'kind') AND NOT (reminder._channels($1, s.channel, s.stage, $2 ->> 'kind', $3)).usable
  UNION ALL
  -- R7
  SELECT 'error', 'two_agencies', min(s.rung), NULL, NULL, NULL,
         format('Letters go out through more than one agency: %s.', string_agg(DISTINCT coalesce(a.title, s.agency), ', ')), NULL, NULL, false
  FROM (SELECT s.rung, s.agency FROM step s WHERE s.letter AND s.agency IS NOT NULL UNION ALL SELECT NULL, $2 ->> 'agency' WHERE $2 ->> 'agency' IS NOT NULL) s
  LEFT JOIN reminder.agency a ON a.agency = s.agency
  HAVING count(DISTINCT s.agency) > 1
  UNION ALL
  SELECT 'error', 'agency_has_taken_over', s.rung, NULL, NULL, NULL,
         format('The %s comes after a reminder that goes to %s, which then collects.', s.name, (SELECT min(r.agency_title) FROM step r WHERE r.stage = 'reminder' AND r.agency IS NOT NULL)),
         NULL, NULL, false
  FROM step s
  WHERE s.stage IN ('notice', 'demand') AND EXISTS (SELECT FROM step r WHERE r.stage = 'reminder' AND r.agency IS NOT NULL)
  UNION ALL
  -- F6
  SELECT 'error', 'agency_has_fees', s.rung, s.fee, 0, NULL,
         format('The %s asks for a fee, and goes out through an agency, whose fees are its own.', s.name), NULL, 'no_fee', true
  FROM step s
  WHERE s.fee IS NOT NULL AND ($2 ->> 'collected_by' = 'agency' OR s.agency IS NOT NULL)
  UNION ALL
  -- F5
  SELECT 'error', 'currency_of_other_market', NULL, NULL, NULL, w.currency,
         format('The %s collects in %s, the currency of its market, and the rule takes %s.', $2 ->> 'collected_by', j.currency, w.currency), NULL, NULL, true
  FROM reminder.creditor c
  JOIN reminder.jurisdiction j USING (jurisdiction)
  CROSS JOIN LATERAL (
    SELECT w.currency FROM jsonb_to_recordset($2 -> 'windows') w (currency text)
    UNION SELECT coalesce(c.currency, j.currency) WHERE $2 -> 'windows' = '[]') w
  WHERE c.creditor_id = $1 AND w.currency <> j.currency AND $2 ->> 'collected_by' <> 'creditor'
  UNION ALL
  SELECT 'warning', 'no_steps', NULL, NULL, NULL, NULL, 'The rule has no steps: it takes its customers'' invoices and sends nothing.', NULL, NULL, false
  WHERE NOT EXISTS (SELECT FROM step)
  UNION ALL
  SELECT 'warning', 'no_time_to_pay', s.rung, s.term, NULL, 'days', format('The %s is to be paid on the day it goes out.', s.name), NULL, NULL, false
  FROM step s WHERE s.letter AND s.term = 0
  UNION ALL
  SELECT 'warning', 'step_missing', s.rung, s.nth, NULL, NULL, format('There is a %s, and no letter of its stage before it.', s.name), NULL, NULL, false
  FROM step s WHERE s.nth > 1 AND NOT EXISTS (SELECT FROM step e WHERE e.stage = s.stage AND e.nth = s.nth - 1)
  UNION ALL
  -- B3
  SELECT 'warning', 'wait_before_deadline', s.rung, s.wait_days, s.gap, 'days',
         format('The %s waits %s, and comes no sooner than the day after the deadline of the %s: after %s at least.',
                s.name, reminder._count(s.wait_days, 'day'), s.before, reminder._count(s.gap, 'day')),
         NULL, NULL, false
  FROM step s WHERE s.wait > 0 AND s.wait_days < s.gap AND s.term_before IS NOT NULL
  UNION ALL
  -- F5
  SELECT 'warning', 'fee_in_other_currency', NULL, NULL, NULL, v.currencies,
         format('A fee is the same number in %s, where the law counts in %s.', v.currencies, v.currency), v.source, NULL, false
  FROM (
    SELECT j.currency, j.source, string_agg(DISTINCT w.currency, ', ' ORDER BY w.currency) AS currencies
    FROM reminder.creditor c
    JOIN reminder.jurisdiction j USING (jurisdiction)
    CROSS JOIN LATERAL (
      SELECT w.currency FROM jsonb_to_recordset($2 -> 'windows') w (currency text)
      UNION SELECT coalesce(c.currency, j.currency) WHERE $2 -> 'windows' = '[]') w
    WHERE c.creditor_id = $1 AND w.currency <> j.currency AND EXISTS (SELECT FROM step s WHERE s.fee IS NOT NULL)
    GROUP BY j.currency, j.source) v;
END
$$;
COMMENT ON FUNCTION reminder._sense_findings(bigint, jsonb, date) IS
'Internal: findings that no law row has: channel_not_allowed, channel_off, two_agencies, agency_has_taken_over, agency_has_fees, currency_of_other_market, no_steps, no_time_to_pay, step_missing, wait_before_deadline, fee_in_other_currency.';

CREATE FUNCTION reminder._rule_findings(
  creditor_id bigint, definition jsonb, on_date date DEFAULT NULL,
  OUT severity text, OUT code text, OUT rung integer, OUT figure numeric, OUT law numeric, OUT unit text,
  OUT sentence text, OUT paragraph text, OUT mend text, OUT at_once boolean)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _jurisdiction text;
  _day date;
BEGIN
  SELECT c.jurisdiction INTO _jurisdiction FROM reminder.creditor c WHERE c.creditor_id = $1;
  _day := coalesce(on_date, reminder._law_day($1, $2));
  RETURN QUERY
  SELECT f.severity, f.code, f.rung, f.figure, f.law, f.unit, f.sentence, f.paragraph, f.mend, f.at_once
  FROM (
    SELECT * FROM reminder._fee_findings($1, _jurisdiction, $2, _day)
    UNION ALL SELECT * FROM reminder._total_findings($1, _jurisdiction, $2, _day)
    UNION ALL SELECT * FROM reminder._interval_findings($1, _jurisdiction, $2, _day)
    UNION ALL SELECT * FROM reminder._sense_findings($1, $2, on_date)) f
  ORDER BY f.severity COLLATE "C", f.rung NULLS LAST, f.code COLLATE "C", f.sentence COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder._rule_findings(bigint, jsonb, date) IS
'Internal: all findings on a definition by the law of a date, or of its own day. mend is what would mend it: "fee" lower it to the law''s, "up_to_cap" let it follow the cap, "no_fee", "term" and "wait" make it longer; at_once: nothing but its own step can.';

CREATE FUNCTION reminder.rule_findings(creditor_id bigint, rule_no integer, on_date date DEFAULT NULL)
RETURNS TABLE (severity text, code text, stage text, nth smallint, sentence text, figure numeric, law numeric, unit text, paragraph text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 10
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _definition jsonb;
BEGIN
  PERFORM reminder._creditor($1);
  IF on_date IS NOT NULL THEN
    PERFORM reminder._date(on_date, 'on_date');
  END IF;
  _definition := reminder._rule_definition($1, reminder._known_rule($1, $2));
  RETURN QUERY
  SELECT f.severity, f.code, l.stage, l.nth, f.sentence, f.figure, f.law, f.unit, f.paragraph
  FROM reminder._rule_findings($1, _definition, $3) WITH ORDINALITY f
  LEFT JOIN reminder._ladder(_definition) l ON l.rung = f.rung
  ORDER BY f.ordinality;
END
$$;
COMMENT ON FUNCTION reminder.rule_findings(bigint, integer, date) IS
'Gives everything that is wrong with a rule (R7), each with the paragraph of the law it rests on: severity "error" (a rule with one is refused, unless it is switched off) or "warning", a code, the step, a sentence, the rule''s figure and the law''s. By the law of on_date; NULL: of the latest of the creditor''s last run, its automation_from and the rule''s import_from, and where there is none of all that is known. No row is good. Raises 22R02 for a bad date, 22R04 for an unknown creditor or rule.';

CREATE FUNCTION reminder._known_rule(creditor_id bigint, rule_no integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF rule_no IS NULL THEN
    RAISE EXCEPTION 'rule % is unknown or not yours', 'NULL'
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.rule_customers; lists rules with their customers.';
  END IF;
  RETURN reminder._rule(creditor_id, rule_no);
END
$$;
COMMENT ON FUNCTION reminder._known_rule(bigint, integer) IS
'Internal: checks a rule that must be named. Raises 22R04.';

CREATE FUNCTION reminder._refuse_unlawful(creditor_id bigint, rule_no integer, whole boolean) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _definition CONSTANT jsonb := reminder._rule_definition($1, $2);
  _first text;
  _all text;
BEGIN
  IF (_definition ->> 'enabled')::boolean IS NOT TRUE THEN
    RETURN;
  END IF;
  SELECT (array_agg(rtrim(lower(left(f.sentence, 1)) || substr(f.sentence, 2), '.') ORDER BY f.ordinality))[1],
         string_agg(f.sentence || coalesce(' (' || f.paragraph || ')', ''), E'\n' ORDER BY f.ordinality)
  INTO _first, _all
  FROM reminder._rule_findings($1, _definition) WITH ORDINALITY f
  WHERE f.severity = 'error' AND (f.at_once OR whole);
  IF _first IS NOT NULL THEN
    RAISE EXCEPTION 'rule % is refused: %', rule_no, _first
      USING ERRCODE = '55R06', DETAIL = _all, SCHEMA = 'reminder', TABLE = 'rule',
            HINT = format('SELECT * FROM reminder.rule_findings(%s, %s); lists what is wrong with a rule; one that is switched off is kept as it is.', creditor_id, rule_no);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._refuse_unlawful(bigint, integer, boolean) IS
'Internal: refuses a rule that is switched on and has findings that are errors: any of the rule as a whole, or only those that one step alone has. Raises 55R06.';

CREATE FUNCTION reminder._rule_lawful() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Of many changes in a transaction the last one is judged.
  IF EXISTS (SELECT FROM reminder.rule r WHERE r.creditor_id = NEW.creditor_id AND r.rule_no = NEW.rule_no AND r.version = NEW.version) THEN
    PERFORM reminder._refuse_unlawful(NEW.creditor_id, NEW.rule_no, true);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._rule_lawful() IS
'Internal: AFTER ROW on rule, deferred: refuses a rule that is against the law. Every change of a step or window changes the rule''s version. Raises 55R06.';

CREATE FUNCTION reminder._rules_lawful() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NEW.jurisdiction <> OLD.jurisdiction THEN
    PERFORM reminder._refuse_unlawful(r.creditor_id, r.rule_no, true)
    FROM reminder.rule r WHERE r.creditor_id = NEW.creditor_id ORDER BY r.rule_no;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._rules_lawful() IS
'Internal: AFTER ROW on creditor, deferred, when its jurisdiction changes: refuses rules that are against the new one''s law. Raises 55R06.';

/* What is lawful without a choice (L6). */

CREATE FUNCTION reminder._lawful(creditor_id bigint, definition jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _finding record;
  _step record;
BEGIN
  -- One thing at a time: what mends one may mend others, or bring them to light.
  FOR _n IN 1..100 LOOP
    SELECT f.* INTO _finding FROM reminder._rule_findings(creditor_id, definition) f WHERE f.mend IS NOT NULL AND f.severity = 'error' LIMIT 1;
    EXIT WHEN NOT FOUND;
    SELECT l.*, (l.ordinality - 1)::text AS place INTO _step FROM reminder._ladder(definition) WITH ORDINALITY l WHERE l.rung = _finding.rung;
    definition := CASE _finding.mend
      WHEN 'fee' THEN jsonb_set(definition, ARRAY['steps', _step.place, 'fee'], to_jsonb(_finding.law))
      WHEN 'up_to_cap' THEN jsonb_set(definition, ARRAY['steps', _step.place, 'fee_up_to_cap'], 'true')
      WHEN 'no_fee' THEN jsonb_set(definition, ARRAY['steps', _step.place, 'fee'], 'null')
      WHEN 'term' THEN jsonb_set(definition, ARRAY['steps', _step.place, 'term'], to_jsonb(_step.term + CASE _step.term_unit WHEN 'bank_day' THEN 1 ELSE (_finding.law - _finding.figure)::integer END))
      WHEN 'wait' THEN jsonb_set(definition, ARRAY['steps', _step.place, 'wait'], to_jsonb(_step.gap + (_finding.law - _finding.figure)::integer))
      END;
  END LOOP;
  RETURN definition;
END
$$;
COMMENT ON FUNCTION reminder._lawful(bigint, jsonb) IS
'Internal: a definition, its steps in order, made to keep the law: fees lowered or left out, waits and terms made longer.';

/* Law that is not confirmed, taken by one creditor for itself (L1). */

CREATE FUNCTION reminder.confirm_law(
  creditor_id bigint, law text, what text, debtor_kind text, valid_from date, reason text, figure numeric DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _rows bigint;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._reason(reason, 'confirming law',
    'Say where the law was read, or who answers for it, in up to 1000 bytes.');
  PERFORM reminder._word($2, 'law', ARRAY['statutory_fee', 'reference_rate', 'interest_rule', 'limitation_rule', 'interval_rule', 'demand_content', 'allocation_rule', 'retention_rule']);
  PERFORM reminder._word(coalesce($4, 'any'), 'debtor kind', ARRAY['any', 'person', 'company', 'public']);
  BEGIN
    INSERT INTO reminder.creditor_law AS y (creditor_id, law, jurisdiction, what, debtor_kind, valid_from, above, figure, reason)
    SELECT $1, u.law, u.jurisdiction, u.what, u.debtor_kind, u.valid_from, u.above, $7, $6
    FROM reminder.creditor c
    CROSS JOIN LATERAL (
      SELECT u.law, u.jurisdiction, u.what, u.debtor_kind, u.valid_from, u.above
      FROM reminder.unconfirmed_law u WHERE u.jurisdiction = c.jurisdiction
      UNION ALL
      -- one's own in place of one that is missing
      SELECT 'reference_rate', c.jurisdiction, '', 'any', $5, 0
      WHERE $7 IS NOT NULL AND extract(day FROM $5) = 1 AND extract(month FROM $5) IN (1, 7)
        AND NOT EXISTS (SELECT FROM reminder.reference_rate r WHERE r.jurisdiction = c.jurisdiction AND r.valid_from = $5)) u
    WHERE c.creditor_id = $1
      AND (u.law, u.what, u.debtor_kind, u.valid_from) = ($2, coalesce($3, ''), coalesce($4, 'any'), $5)
    ON CONFLICT ON CONSTRAINT creditor_law_pkey DO UPDATE SET figure = EXCLUDED.figure, reason = EXCLUDED.reason;
    GET DIAGNOSTICS _rows = ROW_COUNT;
  EXCEPTION
    WHEN check_violation OR numeric_value_out_of_range THEN
      RAISE EXCEPTION 'figure is out of range: %', left(figure::text, 64)
        USING ERRCODE = '22R03',
              HINT = 'A fee is from 0 to below 1000000000000, a rate from -100 to 100, a margin from 0 to 100, years are from 1 to 100, an interval from 0 to 3650; demand content and allocation have none.';
  END;
  IF _rows = 0 THEN
    RAISE EXCEPTION 'no such law waits to be confirmed'
      USING ERRCODE = '22R01',
            DETAIL = format('Looked for was "%s" of "%s" for debtor kind "%s" from %s.',
                            left(coalesce(what, ''), 64), left(coalesce(law, 'NULL'), 64), left(coalesce(debtor_kind, 'any'), 64), coalesce(valid_from::text, 'NULL')),
            HINT = 'SELECT * FROM reminder.unconfirmed_law; lists what does. One''s own reference rate can also be put where there is none.';
  END IF;
  RETURN _rows;
END
$$;
COMMENT ON FUNCTION reminder.confirm_law(bigint, text, text, text, date, text, numeric) IS
'Lets one creditor rely on law of its jurisdiction that is not confirmed, for a reason of up to 1000 bytes: its letters, rules, payments and claims are then held to it. law, what, debtor_kind and valid_from name it, as the view unconfirmed_law has them: the law table, its fee_kind, claim_kind, rule or item (NULL where it has none), the kind of debtor as the table has it (NULL: "any"), and the day it began; of a fee all tiers. figure: the creditor''s own in place of the table''s: a fee in the law''s currency, a rate in per cent, a margin in points, years, days or letters; NULL: the table''s. A reference rate of one''s own can also be put where there is none. Gives the number of rows; deleting them from reminder.creditor_law takes it back. Raises 22R01 for an unknown law or debtor_kind, when no such law waits to be confirmed, or there is no reason, 22R03 for a bad figure, 22R04 for an unknown creditor.';
