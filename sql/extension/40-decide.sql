/*
 * The one decision (src/decide.c), and what is put before it. Terms are the
 * steps of a creditor's rules as they stand on one date, with the law of that
 * date; judge() puts the facts of invoices before them. run, plan and explain
 * all read judge().
 */

CREATE FUNCTION reminder._step(
  as_of date, calendar text, closed date[], moves_due_date boolean,
  passed integer, rung integer, letter boolean,
  wait integer, wait_in_bank_days boolean, term integer, term_in_bank_days boolean,
  fee numeric, open_at_least numeric, adds_fees boolean,
  catches_up boolean, waives_deadline boolean, opens_by_hand boolean,
  enabled boolean, enabled_after date, import_from date,
  automation boolean, automation_from date,
  charged_cap integer, above numeric[], cap numeric[],
  compensation numeric DEFAULT NULL, compensation_offsets boolean DEFAULT NULL, content_missing boolean DEFAULT false, approval boolean DEFAULT false, channel_off boolean DEFAULT false,
  terms_lacking boolean DEFAULT false) RETURNS bytea
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_step';
COMMENT ON FUNCTION reminder._step(date, text, date[], boolean, integer, integer, boolean, integer, boolean, integer, boolean, numeric, numeric, boolean, boolean, boolean, boolean, boolean, date, date, boolean, date, integer, numeric[], numeric[], numeric, boolean, boolean, boolean, boolean, boolean) IS
'Internal: packs one step of a rule as it stands on one date. Amounts in the currency of the invoice; closed days ascending; fee tiers ascending, a tier''s cap holding for principals above its bound, NULL meaning no cap; compensation for being late (L4), which the law may offset against fees; whether the letter lacks what the law wants said (L5), whether it waits for approval (B7), whether nothing goes out by its channel (C2), and whether the creditor''s terms wait to be accepted (P2).';

CREATE FUNCTION reminder._latest_base(step bytea) RETURNS date
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_latest_base';
COMMENT ON FUNCTION reminder._latest_base(bytea) IS
'Internal: the latest base date whose step can have come due on the step''s date.';

CREATE FUNCTION reminder._deadline(step bytea) RETURNS date
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_deadline';
COMMENT ON FUNCTION reminder._deadline(bytea) IS
'Internal: the deadline of a letter sent on the step''s date.';

CREATE FUNCTION reminder._step_date(
  calendar text, closed date[], moves_due_date boolean, waives_deadline boolean,
  passed integer, wait integer, wait_in_bank_days boolean,
  due_date date, base_date date, letter_date date) RETURNS date
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_step_date';
COMMENT ON FUNCTION reminder._step_date(text, date[], boolean, boolean, integer, integer, boolean, date, date, date) IS
'Internal: the date the next step of an invoice comes due: for views.';

CREATE FUNCTION reminder.reasons(
  OUT reason text, OUT if_catches_up text, OUT if_not text, OUT sentence text, OUT by_hand boolean) RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 40
AS 'MODULE_PATHNAME', 'reminder_reasons';
COMMENT ON FUNCTION reminder.reasons() IS
'Lists every reason why a step is not taken: its code, what it does to the step under rules that catch up and under rules that do not, a sentence, and (by_hand) whether send_now() overrides it. Raises nothing.';

/* Whose law: fee caps. */

CREATE FUNCTION reminder._fee_tiers(
  jurisdiction text, debtor_kind text, fee_kind text, on_date date, creditor_id bigint DEFAULT NULL,
  OUT above numeric[], OUT cap numeric[])
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- plpgsql, because it keeps its plan: planned anew each time, this was most of what _terms costs.
  -- A row for the debtor's own kind goes before one for any; then the latest that is in force.
  WITH begun AS (
    SELECT f.debtor_kind, f.valid_from, f.above, coalesce(y.figure, f.fee) AS fee
    FROM reminder.statutory_fee f
    LEFT JOIN reminder.creditor_law y
      ON f.confidence = 'unconfirmed' AND y.creditor_id = $5
     AND (y.law, y.jurisdiction, y.what, y.debtor_kind, y.valid_from, y.above) = ('statutory_fee', f.jurisdiction, f.fee_kind, f.debtor_kind, f.valid_from, f.above)
    WHERE f.jurisdiction = $1 AND f.fee_kind = $3 AND f.debtor_kind IN ($2, 'any') AND f.valid_from <= $4
      AND (f.confidence <> 'unconfirmed' OR y.creditor_id IS NOT NULL)),
  in_force AS (
    SELECT b.debtor_kind, b.valid_from FROM begun b ORDER BY b.debtor_kind = 'any', b.valid_from DESC LIMIT 1)
  SELECT array_agg(b.above ORDER BY b.above), array_agg(b.fee ORDER BY b.above) INTO above, cap
  FROM begun b JOIN in_force i USING (debtor_kind, valid_from);
END
$$;
COMMENT ON FUNCTION reminder._fee_tiers(text, text, text, date, bigint) IS
'Internal: the tiers of a statutory fee in force on a date, lowest first; NULL when there is no cap. Those that are not confirmed only if the creditor has confirmed them for itself.';

CREATE FUNCTION reminder._debtor_kind(debtor_kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  CASE debtor_kind
    WHEN 'person', 'B2C' THEN RETURN 'person';
    WHEN 'company', 'B2B', 'B2B_OR_PUBLIC' THEN RETURN 'company';
    WHEN 'public' THEN RETURN 'public';
    ELSE
      RAISE EXCEPTION 'unknown debtor kind "%"', left(coalesce(debtor_kind, 'NULL'), 64)
        USING ERRCODE = '22R01', HINT = 'Debtor kinds are company, person and public.';
  END CASE;
END
$$;
COMMENT ON FUNCTION reminder._debtor_kind(text) IS
'Internal: checks a debtor kind (company, person, public; B2B and B2C are taken too). Raises 22R01 for any other.';

CREATE FUNCTION reminder._jurisdiction(jurisdiction text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF jurisdiction IS NULL OR NOT EXISTS (SELECT FROM reminder.jurisdiction j WHERE j.jurisdiction = $1) THEN
    RAISE EXCEPTION 'unknown jurisdiction "%"', left(coalesce(jurisdiction, 'NULL'), 64)
      USING ERRCODE = '22R01',
            HINT = format('Jurisdictions are %s.', (SELECT string_agg(j.jurisdiction, ', ' ORDER BY 1) FROM reminder.jurisdiction j));
  END IF;
  RETURN jurisdiction;
END
$$;
COMMENT ON FUNCTION reminder._jurisdiction(text) IS
'Internal: checks a jurisdiction. Raises 22R01 for one that is not in the table.';

CREATE FUNCTION reminder._word(value text, what text, words text[]) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF (value = ANY (words)) IS NOT TRUE THEN
    RAISE EXCEPTION 'unknown % "%"', what, left(coalesce(value, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = format('Take one of %s.', array_to_string(words, ', '));
  END IF;
  RETURN value;
END
$$;
COMMENT ON FUNCTION reminder._word(text, text, text[]) IS
'Internal: checks a word of a list. Raises 22R01, which says what the list is.';

CREATE FUNCTION reminder._reason(reason text, what text, hint text DEFAULT 'Say why, in up to 1000 bytes.') RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF coalesce(octet_length(btrim(reason)), 0) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION '% needs a reason', what USING ERRCODE = '22R01', HINT = hint;
  END IF;
  RETURN reason;
END
$$;
COMMENT ON FUNCTION reminder._reason(text, text, text) IS
'Internal: checks the reason of what is done by hand. Raises 22R01.';

CREATE FUNCTION reminder._date(day date, what text) RETURNS date
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF day IS NULL THEN
    RAISE EXCEPTION '% must not be null', what
      USING ERRCODE = '22R02', HINT = 'Dates are arguments, never the clock: say which day it is.';
  ELSIF NOT (day BETWEEN '1990-01-01' AND '2200-12-31') THEN
    RAISE EXCEPTION '% is out of range: "%"', what, day
      USING ERRCODE = '22R02', HINT = 'Dates are from 1990-01-01 to 2200-12-31.';
  END IF;
  RETURN day;
END
$$;
COMMENT ON FUNCTION reminder._date(date, text) IS
'Internal: checks a business date. Raises 22R02 when it is null, infinite or outside 1990 to 2200.';

CREATE FUNCTION reminder.fee_cap(
  jurisdiction text, debtor_kind text, fee_kind text, principal numeric, on_date date) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _above numeric[];
  _cap numeric[];
BEGIN
  PERFORM reminder._jurisdiction(jurisdiction);
  PERFORM reminder._date(on_date, 'on_date');
  IF fee_kind IS NULL OR NOT EXISTS (
       SELECT FROM reminder.statutory_fee f WHERE f.fee_kind = $3
       UNION ALL SELECT FROM reminder.stage_fee_kind k WHERE k.fee_kind = $3) THEN
    RAISE EXCEPTION 'unknown fee kind "%"', left(coalesce(fee_kind, 'NULL'), 64)
      USING ERRCODE = '22R01',
            HINT = format('Fee kinds are %s.', (SELECT string_agg(DISTINCT f.fee_kind, ', ' ORDER BY f.fee_kind) FROM reminder.statutory_fee f));
  END IF;
  IF principal IS NULL OR NOT (principal >= 0 AND principal < 1000000000000) THEN
    RAISE EXCEPTION 'principal is out of range: %', left(coalesce(principal::text, 'NULL'), 64)
      USING ERRCODE = '22R03', HINT = 'Amounts are from 0 to below 1000000000000.';
  END IF;
  SELECT t.above, t.cap INTO _above, _cap
  FROM reminder._fee_tiers(jurisdiction, reminder._debtor_kind(debtor_kind), fee_kind, on_date) t;
  RETURN (SELECT t.cap
          FROM unnest(_above, _cap) WITH ORDINALITY t (above, cap, tier)
          WHERE t.above < principal OR t.tier = 1
          ORDER BY t.tier DESC LIMIT 1);
END
$$;
COMMENT ON FUNCTION reminder.fee_cap(text, text, text, numeric, date) IS
'Gives the statutory cap of a fee: for a jurisdiction (SE, FI, ...), a debtor kind (company, person, public), a fee kind (reminder, demand_letter, ...), a principal in the jurisdiction''s currency, on a date. NULL: no statutory cap; 0: nothing may be charged. Raises 22R01 for an unknown name, 22R02 for a bad date, 22R03 for a bad amount.';

/* The steps of a creditor's rules as they stand on one date. */

CREATE FUNCTION reminder._terms(
  creditor_id bigint, as_of date, only_rule integer DEFAULT NULL, only_passed integer DEFAULT NULL,
  OUT rule_no integer, OUT rule_version integer, OUT passed integer, OUT stage text, OUT nth smallint, OUT rung integer,
  OUT letter boolean, OUT collected_by text, OUT channel text, OUT step bytea, OUT latest_base date,
  OUT home_currency text, OUT windows boolean, OUT branches text[], OUT trading_names text[], OUT charged_cap smallint, OUT waives_deadline boolean,
  OUT claims_interest boolean, OUT jurisdiction text, OUT agreed_bp integer, OUT day_count integer, OUT interest_start integer, OUT law_currency text, OUT lapsed_by date,
  OUT by_einvoice boolean, OUT by_email boolean, OUT by_print boolean, OUT asks_address boolean, OUT lowest numeric, OUT lowest_currency text, OUT identity_country text, OUT together_from integer)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _lacking CONSTANT boolean := reminder._terms_lacking($1, $2);
BEGIN
  RETURN QUERY
  -- the rungs that invoices stand on, by leaps through the ladder's index
  WITH RECURSIVE occupied AS (
    (SELECT p.rule_no, p.passed FROM reminder.position p WHERE p.creditor_id = $1 AND $3 IS NULL ORDER BY p.rule_no, p.passed LIMIT 1)
    UNION ALL
    SELECT n.rule_no, n.passed FROM occupied o CROSS JOIN LATERAL (
      SELECT p.rule_no, p.passed FROM reminder.position p
      WHERE p.creditor_id = $1 AND (p.rule_no, p.passed) > (o.rule_no, o.passed)
      ORDER BY p.rule_no, p.passed LIMIT 1) n)
  SELECT rule_no, rule_version, passed, stage, nth, rung, letter, collected_by, channel, step,
         reminder._latest_base(step), home_currency, windows, branches, trading_names, charged_reminders, waives_deadline,
         claims_interest, jurisdiction, agreed_bp, day_count, interest_start, law_currency, lapsed_by,
         by_einvoice, by_email, by_print, needs_address, lowest, lowest_currency, identity_country, together_from
  FROM (
    SELECT r.rule_no, r.version AS rule_version, p.passed::integer AS passed, s.stage, s.nth, s.rung::integer AS rung, g.letter,
           r.collected_by, s.channel, coalesce(c.currency, j.currency) AS home_currency,
           EXISTS (SELECT FROM reminder.rule_window w WHERE (w.creditor_id, w.rule_no) = (r.creditor_id, r.rule_no)) AS windows,
           r.branches, r.trading_names, j.charged_reminders, r.waives_deadline,
           r.claims_interest, c.jurisdiction, (r.interest_percent * 100)::integer AS agreed_bp,
           array_position(ARRAY['actual/365', 'actual/actual', '30/360'], r.day_count) - 1 AS day_count,
           array_position(ARRAY['due_date', 'invoice', 'letter'], r.interest_from) - 1 AS interest_start, j.currency AS law_currency, w.lapsed_by,
           h.by_einvoice, h.by_email, h.by_print, c.needs_address, h.lowest, h.lowest_currency,
           -- whose numbers a customer has who is of no other country; NULL: none is asked for
           CASE WHEN s.stage = 'demand' AND (c.needs_identity OR EXISTS (SELECT FROM reminder._demand_content(c.jurisdiction, $2, $1) d WHERE d.needs = 'identity_no'))
                THEN coalesce(c.country, c.jurisdiction) END AS identity_country,
           CASE WHEN s.one_letter THEN coalesce((SELECT max(b.rung) FROM reminder.rule_step b
                                                 WHERE (b.creditor_id, b.rule_no) = (s.creditor_id, s.rule_no) AND b.rung < s.rung), 0)::integer END AS together_from,
           reminder._step(
             $2, j.calendar, d.closed, j.moves_due_date,
             p.passed::integer, s.rung::integer, g.letter,
             s.wait, s.wait_unit = 'bank_day', s.term, s.term_unit = 'bank_day',
             -- an agency's fees are its own (F6)
             CASE WHEN r.collected_by <> 'agency' AND h.agency IS NULL THEN s.fee END, s.open_at_least, r.collected_by <> 'creditor',
             r.catches_up, r.waives_deadline, r.opens = 'by_hand',
             r.enabled, r.enabled_after, r.import_from,
             c.automation, c.automation_from,
             j.charged_reminders::integer, t.above, t.cap, m.cap[1], j.compensation_offsets,
             s.stage = 'demand' AND EXISTS (SELECT FROM reminder._demand_lacks($1, $2)), s.approval AND g.letter,
             g.letter AND NOT h.usable, _lacking) AS step
    FROM reminder.creditor c
    JOIN reminder.jurisdiction j USING (jurisdiction)
    JOIN reminder.rule r USING (creditor_id)
    JOIN (SELECT * FROM occupied UNION ALL SELECT $3, $4::smallint WHERE $3 IS NOT NULL) p ON p.rule_no = r.rule_no
    -- from each rung, the rule's lowest step above it
    CROSS JOIN LATERAL (
      SELECT s.* FROM reminder.rule_step s
      WHERE (s.creditor_id, s.rule_no) = (r.creditor_id, r.rule_no) AND s.rung > p.passed
      ORDER BY s.rung LIMIT 1) s
    JOIN reminder.stage g ON g.stage = s.stage
    LEFT JOIN LATERAL (
      SELECT k.fee_kind FROM reminder.stage_fee_kind k
      WHERE (k.jurisdiction, k.stage, k.collected_by) = (c.jurisdiction, s.stage, r.collected_by) AND k.nth <= s.nth
      ORDER BY k.nth DESC LIMIT 1) k ON true
    CROSS JOIN LATERAL reminder._fee_tiers(c.jurisdiction, r.kind, k.fee_kind, $2, $1) t
    CROSS JOIN LATERAL reminder._channels($1, s.channel, s.stage, r.kind, $2) h
    -- owed by companies and public bodies alike
    LEFT JOIN LATERAL reminder._fee_tiers(c.jurisdiction, r.kind, 'late_compensation_flat', $2, $1) m ON r.claims_compensation AND r.kind = 'company'
    -- no claim lapses sooner than its shortest period after its invoice; a day more, for 29 February
    CROSS JOIN LATERAL (
      SELECT ($2 - make_interval(years => min(least(l.years, l.final_years, l.title_years))))::date + 1 AS lapsed_by
      FROM reminder._limitation_law(c.jurisdiction, $2, $1) l
      WHERE CASE l.customer_kind WHEN 'public' THEN 'company' ELSE l.customer_kind END = r.kind) w
    CROSS JOIN LATERAL (
      SELECT array_agg(d.day ORDER BY d.day) AS closed FROM reminder.closed_day d WHERE d.creditor_id = c.creditor_id) d
    WHERE c.creditor_id = $1) x;
END
$$;
COMMENT ON FUNCTION reminder._terms(bigint, date, integer, integer) IS
'Internal: the next step from every rung that an invoice stands on, or from one of them alone, with the law of the date. together_from: the lowest rung from which it is the next, if a customer gets one letter of it (B6); NULL: a letter for each invoice.';

/* Puts invoices before the decision: src/judge.c. */
CREATE FUNCTION reminder._judge(
  creditor_id bigint, as_of date, rule_no integer, passed integer, invoice_nos text[],
  OUT opens boolean, OUT case_no smallint, OUT outcome text, OUT reason text, OUT waiting_for text, OUT place tid,
  OUT rung integer, OUT stage text, OUT deadline date, OUT step_date date, OUT charged_nth smallint, OUT invoice_no text,
  OUT fees numeric, OUT compensation numeric, OUT interest numeric, OUT collected_by text, OUT currency text, OUT principal numeric,
  OUT fee numeric, OUT customer_no text, OUT channel text, OUT fee_cap numeric, OUT fee_of_rule numeric, OUT charged_cap smallint,
  OUT fees_settled numeric, OUT fees_at_least numeric, OUT interest_settled numeric, OUT interest_until date, OUT due_date date, OUT amount numeric,
  OUT reference text, OUT rule_version integer, OUT letter_of text)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE ROWS 10000
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_judge';
COMMENT ON FUNCTION reminder._judge(bigint, date, integer, integer, text[]) IS
'Internal: decides the next step of each of these invoices, standing on one rung of one rule, writing nothing. letter_of: where a customer gets one letter, the invoice that names it.';

CREATE FUNCTION reminder._judge_ahead(
  creditor_id bigint, as_of date, rule_no integer, passed integer, invoice_nos text[],
  OUT opens boolean, OUT case_no smallint, OUT outcome text, OUT reason text, OUT waiting_for text, OUT place tid,
  OUT rung integer, OUT stage text, OUT deadline date, OUT step_date date, OUT charged_nth smallint, OUT invoice_no text,
  OUT fees numeric, OUT compensation numeric, OUT interest numeric, OUT collected_by text, OUT currency text, OUT principal numeric,
  OUT fee numeric, OUT customer_no text, OUT channel text, OUT fee_cap numeric, OUT fee_of_rule numeric, OUT charged_cap smallint,
  OUT fees_settled numeric, OUT fees_at_least numeric, OUT interest_settled numeric, OUT interest_until date, OUT due_date date, OUT amount numeric,
  OUT reference text, OUT rule_version integer, OUT letter_of text)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_judge_ahead';
COMMENT ON FUNCTION reminder._judge_ahead(bigint, date, integer, integer, text[]) IS
'Internal: decides what _judge() does, each by itself as in a letter of its own, by terms as they are now; and where its step is not due (step_date lies after as_of), as on the day it comes due.';

CREATE FUNCTION reminder._terms_changed() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_terms_changed';
COMMENT ON FUNCTION reminder._terms_changed() IS
'Internal: AFTER ROW on the tables that _terms() reads: tells every session that they changed, so that sessions may keep terms they read. Raises 39P01 anywhere else.';
