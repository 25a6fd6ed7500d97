/*
 * When claims lapse (L9): the law that holds, what interrupts it, and which
 * claims are near it. The arithmetic is in src/limitation.c.
 */

CREATE FUNCTION reminder._lapse(
  invoice_date date, due_date date, until date,
  runs_from text, years integer, by_letter boolean, by_payment boolean, suspended_by_step boolean, calendar text,
  judgment_years integer, judgment_by_letter boolean, judgment_by_payment boolean,
  final_from text, final_years integer, title_years integer,
  days date[], kinds text[],
  OUT lapses_on date, OUT final_on date, OUT interrupted_on date, OUT interrupted_by text, OUT suspended boolean)
LANGUAGE c IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_lapse';
COMMENT ON FUNCTION reminder._lapse(date, date, date, text, integer, boolean, boolean, boolean, text, integer, boolean, boolean, text, integer, integer, date[], text[]) IS
'Internal: tells when a claim lapses by a law, as things stand at the end of the day until, from what happened, in the order of its days. A calendar: a last day on a closed day moves on; NULL: it stays.';

CREATE FUNCTION reminder._limitation_law(
  jurisdiction text, on_date date, creditor_id bigint,
  OUT customer_kind text, OUT runs_from text, OUT years integer, OUT by_letter boolean, OUT by_payment boolean,
  OUT suspended_by_step boolean, OUT calendar text,
  OUT judgment_years integer, OUT judgment_by_letter boolean, OUT judgment_by_payment boolean,
  OUT final_from text, OUT final_years integer, OUT title_years integer, OUT source text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- plpgsql, because it keeps its plan: planned anew for each invoice, this was most of what the view costs.
  RETURN QUERY
  -- A row for the debtor's own kind goes before one for any; then the latest that is in force.
  WITH law AS (
    SELECT DISTINCT ON (k.kind, l.claim_kind) k.kind AS customer_kind, l.*, coalesce(y.figure::integer, l.years) AS in_years,
           CASE WHEN y.figure IS NULL THEN l.source ELSE y.reason END AS read_in, CASE WHEN l.moves_on THEN j.calendar END AS calendar
    FROM (VALUES ('company'), ('person'), ('public')) k (kind)
    JOIN reminder.limitation_rule l ON l.debtor_kind IN (k.kind, 'any')
    JOIN reminder.jurisdiction j ON j.jurisdiction = l.jurisdiction
    LEFT JOIN reminder.creditor_law y
      ON l.confidence = 'unconfirmed' AND y.creditor_id = $3
     AND (y.law, y.jurisdiction, y.what, y.debtor_kind, y.valid_from) = ('limitation_rule', l.jurisdiction, l.claim_kind, l.debtor_kind, l.valid_from)
    WHERE l.jurisdiction = $1 AND l.valid_from <= $2 AND (l.confidence <> 'unconfirmed' OR y.creditor_id IS NOT NULL)
    ORDER BY k.kind, l.claim_kind, l.debtor_kind = 'any', l.valid_from DESC)
  SELECT o.customer_kind, o.runs_from, o.in_years, o.interrupted_by_reminder, o.interrupted_by_payment,
         o.suspended_by_legal_step, o.calendar,
         j.in_years, j.interrupted_by_reminder, j.interrupted_by_payment,
         f.runs_from, f.in_years, t.in_years, concat_ws('; ', o.read_in, o.note)
  FROM law o
  LEFT JOIN law j ON j.customer_kind = o.customer_kind AND j.claim_kind = 'judgment'
  LEFT JOIN law f ON f.customer_kind = o.customer_kind AND f.claim_kind = 'final'
  LEFT JOIN law t ON t.customer_kind = o.customer_kind AND t.claim_kind = 'final_title'
  WHERE o.claim_kind = 'ordinary';
END
$$;
COMMENT ON FUNCTION reminder._limitation_law(text, date, bigint) IS
'Internal: the limitation of ordinary claims in force on a date, by kind of customer: what is unconfirmed is used only if the creditor has confirmed it for itself.';

/*
 * Like _judge it is pinned to the order of its joins, invoice by invoice, and
 * so to one plan: planned anew each time, this was half of what it costs.
 */
CREATE FUNCTION reminder._limitation(
  creditor_id bigint, as_of date, invoice_nos text[],
  OUT invoice_no text, OUT as_of_date date, OUT runs_from text, OUT years integer,
  OUT interrupted_on date, OUT interrupted_by text, OUT suspended boolean, OUT final_on date, OUT lapses_on date, OUT source text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
SET search_path = pg_catalog, pg_temp
SET enable_hashjoin = off
SET enable_mergejoin = off
SET enable_seqscan = off
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
  _as_of CONSTANT date := coalesce(as_of, reminder._last_run(creditor_id));
BEGIN
  RETURN QUERY
  SELECT i.invoice_no, _as_of, l.runs_from, l.years, z.interrupted_on, z.interrupted_by, z.suspended, z.final_on, z.lapses_on, l.source
  FROM reminder.creditor c
  CROSS JOIN unnest($3) n (invoice_no)
  CROSS JOIN LATERAL (SELECT * FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = n.invoice_no OFFSET 0) i
  CROSS JOIN LATERAL (SELECT u.kind FROM reminder.customer u WHERE u.creditor_id = $1 AND u.customer_no = i.customer_no OFFSET 0) u
  LEFT JOIN reminder._limitation_law(c.jurisdiction, coalesce(_as_of, '2200-12-31'), $1) l ON l.customer_kind = u.kind
  CROSS JOIN LATERAL (
    SELECT array_agg(x.day ORDER BY x.day, x.place) AS days, array_agg(x.kind ORDER BY x.day, x.place) AS kinds
    FROM (
      SELECT d.as_of, 'letter', -1 FROM reminder.decision d
      WHERE d.creditor_id = $1 AND d.invoice_no = n.invoice_no AND d.outcome = 'sent' AND d.status = 'sent' AND d.taken_back = 0
      UNION ALL
      SELECT p.paid_on, 'payment', -1 FROM reminder.payment p
      WHERE p.creditor_id = $1 AND p.invoice_no = n.invoice_no AND coalesce(p.bounced_on > _as_of, p.bounced_on IS NULL)
      UNION ALL
      -- handing a case over is a legal step, and it ends with the case or when the case comes back
      SELECT e.as_of, CASE e.kind WHEN 'enforcement' THEN 'legal_step' ELSE 'legal_step_ended' END, 0 FROM reminder.event e
      WHERE e.creditor_id = $1 AND e.invoice_no = n.invoice_no AND e.kind IN ('enforcement', 'monitoring', 'case_closed') AND e.as_of IS NOT NULL
      UNION ALL
      SELECT x.on_date, x.kind, x.interruption_no FROM reminder.interruption x
      WHERE x.creditor_id = $1 AND x.invoice_no = n.invoice_no AND x.retracted_on IS NULL) x (day, kind, place)) h
  CROSS JOIN LATERAL reminder._lapse(
    i.invoice_date, i.due_date, _as_of,
    l.runs_from, l.years, l.by_letter, l.by_payment, l.suspended_by_step, l.calendar,
    l.judgment_years, l.judgment_by_letter, l.judgment_by_payment,
    l.final_from, l.final_years, l.title_years,
    h.days, h.kinds) z
  WHERE c.creditor_id = $1;
END
$$;
COMMENT ON FUNCTION reminder._limitation(bigint, date, text[]) IS
'Internal: when the claims of these invoices lapse, as things stood at the end of as_of (NULL: of the creditor''s latest run).';

CREATE FUNCTION reminder._near_lapse(
  creditor_id bigint, as_of date, within_days integer,
  OUT invoice_no text, OUT customer_no text, OUT currency text, OUT open_amount numeric, OUT lapses_on date, OUT days_left integer,
  OUT interrupted_on date, OUT interrupted_by text, OUT source text)
RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE ROWS 100
SET search_path = pg_catalog, pg_temp
AS $$
  -- No claim lapses sooner than its shortest period after its invoice; a day more, for 29 February.
  WITH law AS (
    SELECT l.customer_kind, ($2 + $3 - make_interval(years => least(l.years, l.final_years, l.title_years)))::date + 1 AS invoiced_by
    FROM reminder.creditor c CROSS JOIN LATERAL reminder._limitation_law(c.jurisdiction, $2, $1) l
    WHERE c.creditor_id = $1),
  old AS (
    SELECT array_agg(i.invoice_no) AS invoice_nos
    FROM reminder.invoice i
    JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
    JOIN law l ON l.customer_kind = u.kind
    WHERE i.creditor_id = $1 AND i.open_amount > 0 AND i.kind <> 'credit_note' AND i.invoice_date <= l.invoiced_by)
  SELECT l.invoice_no, i.customer_no, i.currency, i.open_amount, l.lapses_on, l.lapses_on - $2, l.interrupted_on, l.interrupted_by, l.source
  FROM old o
  CROSS JOIN LATERAL reminder._limitation($1, $2, o.invoice_nos) l
  JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = l.invoice_no
  WHERE l.lapses_on BETWEEN $2 AND $2 + $3
$$;
COMMENT ON FUNCTION reminder._near_lapse(bigint, date, integer) IS
'Internal: the open claims of a creditor that lapse within so many days.';

CREATE FUNCTION reminder.claims_near_lapse(creditor_id bigint, as_of date, within_days integer DEFAULT 180)
RETURNS TABLE (
  invoice_no text, customer_no text, currency text, open_amount numeric, lapses_on date, days_left integer,
  interrupted_on date, interrupted_by text, source text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  IF within_days IS NULL OR within_days NOT BETWEEN 0 AND 3660 THEN
    RAISE EXCEPTION 'within_days is out of range: %', coalesce(within_days::text, 'NULL')
      USING ERRCODE = '22R02', HINT = 'Ask for 0 to 3660 days.';
  END IF;
  RETURN QUERY
    SELECT l.* FROM reminder._near_lapse($1, $2, $3) l ORDER BY l.lapses_on, l.invoice_no;
END
$$;
COMMENT ON FUNCTION reminder.claims_near_lapse(bigint, date, integer) IS
'Gives the open claims of a creditor that lapse from as_of on within within_days days (0 to 3660; 180 unless given) if nothing interrupts it: lapses_on is the last day, and still in time. What interrupted it so far counts if it came by as_of; what is open is as it is now. Amounts in the invoice''s currency. Raises 22R02 for a bad date or number of days, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.interrupt_limitation(
  creditor_id bigint, invoice_no text, on_date date, kind text, detail text DEFAULT NULL) RETURNS smallint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _no smallint;
  _invoice_date date;
BEGIN
  PERFORM reminder._date(on_date, 'on_date');
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, on_date);
  IF $4 IS NULL OR $4 NOT IN ('acknowledgement', 'legal_step', 'legal_step_ended', 'judgment') THEN
    RAISE EXCEPTION 'unknown interruption "%"', left(coalesce($4, 'NULL'), 64)
      USING ERRCODE = '22R01',
            HINT = 'What is recorded by hand is acknowledgement, legal_step, legal_step_ended or judgment; letters and payments count by themselves.';
  END IF;
  IF octet_length(detail) > 1000 THEN
    RAISE EXCEPTION 'detail is too long' USING ERRCODE = '22R01', HINT = 'Up to 1000 bytes.';
  END IF;
  SELECT i.invoice_date INTO _invoice_date FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  IF on_date < _invoice_date THEN
    RAISE EXCEPTION 'on_date % is before invoice "%" of %', on_date, invoice_no, _invoice_date
      USING ERRCODE = '22R02', HINT = 'A claim is interrupted when it has arisen.';
  END IF;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.interruption (creditor_id, invoice_no, interruption_no, kind, on_date, detail)
  SELECT $1, $2, coalesce(max(x.interruption_no), 0) + 1, $4, $3, $5
  FROM reminder.interruption x WHERE x.creditor_id = $1 AND x.invoice_no = $2
  RETURNING interruption_no INTO _no;
  PERFORM reminder._note(creditor_id, invoice_no, 'limitation_' || $4, on_date, detail => detail);
  PERFORM reminder._keep(false);
  RETURN _no;
END
$$;
COMMENT ON FUNCTION reminder.interrupt_limitation(bigint, text, date, text, text) IS
'Records what keeps the claim of an invoice from lapsing and is neither a letter nor a payment: on_date, and its kind: "acknowledgement" by the debtor, "legal_step" (in court or for enforcement), "legal_step_ended" without a judgment, or "judgment" (or another title for enforcement); detail is free text of up to 1000 bytes, or NULL. Gives its number. What comes after the claim has lapsed is recorded and changes nothing. Raises 22R01 for another kind or a longer detail, 22R02 for a bad date or one before the invoice, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.retract_interruption(creditor_id bigint, invoice_no text, interruption_no integer, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _retracted record;
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  PERFORM reminder._keep(true);
  UPDATE reminder.interruption x SET retracted_on = $4
  WHERE x.creditor_id = $1 AND x.invoice_no = $2 AND x.interruption_no = $3 AND x.retracted_on IS NULL
  RETURNING x.kind, x.on_date INTO _retracted;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice "%" has no interruption %', invoice_no, coalesce(interruption_no::text, 'NULL')
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.interruption; lists those recorded by hand.';
  END IF;
  PERFORM reminder._note(creditor_id, invoice_no, 'limitation_retracted', as_of,
                         detail => format('%s of %s', _retracted.kind, _retracted.on_date));
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.retract_interruption(bigint, text, integer, date) IS
'Takes back an interruption_no that interrupt_limitation() recorded by mistake: it counts no more. Raises 55R03 if there is none or it was taken back, 22R02 for a bad date, 22R04 for an unknown invoice.';

