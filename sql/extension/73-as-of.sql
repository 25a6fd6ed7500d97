/*
 * 73-as-of.sql: cases as they stood (V2). What was recorded before the first
 * run of a later date began, is what there was after a day: that moment is in
 * run_log, and nothing that happens later moves it.
 */

/* The payments of an invoice that counted at a moment, by their lives (payment_undone has those that ended). */
CREATE FUNCTION reminder._paid_then(creditor_id bigint, invoice_no text, until timestamptz, OUT paid_on date, OUT principal numeric, OUT received numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- plpgsql, because it keeps its plan
  RETURN QUERY
    SELECT p.paid_on, coalesce(y.principal, p.amount), p.amount - coalesce(y.overpaid, 0)
    FROM reminder.payment p
    LEFT JOIN reminder.allocation y ON y.creditor_id = p.creditor_id AND y.payment_no = p.payment_no
    LEFT JOIN LATERAL (
      SELECT coalesce(u.again_at, u.undone_at) AS made_at FROM reminder.payment_undone u
      WHERE u.creditor_id = p.creditor_id AND u.payment_no = p.payment_no ORDER BY u.undone_no DESC LIMIT 1) u ON true
    WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.bounced_on IS NULL AND greatest(p.recorded_at, u.made_at) < $3
    UNION ALL
    SELECT u.paid_on, u.principal, u.amount - u.overpaid
    FROM reminder.payment_undone u WHERE u.creditor_id = $1 AND u.invoice_no = $2 AND u.made_at < $3 AND u.undone_at >= $3;
END
$$;
COMMENT ON FUNCTION reminder._paid_then(bigint, text, timestamptz) IS
'Internal: the payments of an invoice that counted before a moment: on which day they were paid, what of principal, and what without overpayment.';

CREATE FUNCTION reminder._commission_then(creditor_id bigint, invoice_no text, case_no smallint, until timestamptz) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- plpgsql, because it keeps its plan
  RETURN (
    -- as _commission_list has it, in sum
    WITH stay AS MATERIALIZED (
      SELECT g.*
      FROM (
        SELECT g.*, lead(g.from_on) OVER (PARTITION BY g.case_no ORDER BY g.from_on, g.recorded_at) AS to_on
        FROM (
          SELECT d.case_no, d.as_of AS from_on, d.decided_at AS recorded_at, true AS entered
          FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.stage = 'monitoring' AND d.outcome = 'entered' AND d.decided_at < $4
          UNION ALL
          SELECT e.case_no, e.as_of, e.recorded_at, e.kind = 'monitoring'
          FROM reminder.event e
          WHERE e.creditor_id = $1 AND e.invoice_no = $2 AND e.kind IN ('monitoring', 'enforcement', 'letter_taken_back', 'case_withdrawn', 'case_closed') AND e.recorded_at < $4) g) g
      WHERE g.entered)
    SELECT CASE WHEN w.principal > 0 AND t.percent IS NOT NULL
                THEN round(least(greatest(w.principal * t.percent / 100, CASE WHEN l.currency = i.currency THEN t.at_least END), CASE WHEN l.currency = i.currency THEN t.at_most END), 2)
                ELSE 0.00 END
    FROM (SELECT sum(p.principal) AS principal FROM reminder._paid_then($1, $2, $4) p
          WHERE EXISTS (SELECT FROM stay)
            AND (SELECT max(s.case_no) FROM stay s WHERE p.paid_on >= s.from_on AND coalesce(p.paid_on <= s.to_on, true)) = $3) w
    JOIN reminder.collection_case k ON k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3
    JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = $2
    CROSS JOIN LATERAL (
      SELECT x.price_list, coalesce((SELECT y.currency FROM reminder.price_list y WHERE y.price_list = x.price_list), c.currency) AS currency
      FROM reminder.creditor c
      LEFT JOIN LATERAL (
        SELECT y.price_list FROM reminder.creditor_price_list y WHERE y.creditor_id = k.creditor_id AND y.valid_from <= k.opened_on ORDER BY y.valid_from DESC LIMIT 1) x ON true
      WHERE c.creditor_id = $1) l
    CROSS JOIN LATERAL (
      SELECT max(q.price) FILTER (WHERE q.item = 'commission_percent') AS percent, max(q.price) FILTER (WHERE q.item = 'commission_at_least') AS at_least,
             max(q.price) FILTER (WHERE q.item = 'commission_at_most') AS at_most
      FROM (VALUES ('commission_percent'), ('commission_at_least'), ('commission_at_most')) n (item)
      CROSS JOIN LATERAL (SELECT n.item, p.price FROM reminder._price($1, n.item, '', '', k.opened_on) p) q
      WHERE w.principal > 0) t);
END
$$;
COMMENT ON FUNCTION reminder._commission_then(bigint, text, smallint, timestamptz) IS
'Internal: what a case that the service collected had earned it by what was recorded before a moment.';

CREATE FUNCTION reminder._instalments_then(
  creditor_id bigint, invoice_no text, plan_no smallint, state text, until timestamptz, today date, principal numeric, fees numeric, interest numeric,
  OUT next_on date, OUT next_amount numeric, OUT missed numeric)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- as _instalment_list has it
  SELECT min(x.due_date) FILTER (WHERE x.open > 0), (array_agg(x.open ORDER BY x.due_date) FILTER (WHERE x.open > 0))[1],
         sum(x.open) FILTER (WHERE x.open > 0 AND x.in_time_until < $6)
  FROM (
    SELECT s.due_date, s.in_time_until,
           greatest(least(n.asked - s.before, s.amount) - greatest(least(n.paid - s.before, s.amount), 0), 0)::numeric(14,2) AS open
    FROM (
      SELECT m.paid, m.paid + $7 + coalesce(least(p.fees, $8) + least(p.interest, $9), 0) AS asked
      FROM reminder.payment_plan p
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(y.received), 0) - p.paid_before AS paid FROM reminder._paid_then($1, $2, $5) y
        WHERE $4 = 'active' OR coalesce(y.paid_on <= p.ended_on, true)) m
      WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.plan_no = $3) n
    CROSS JOIN (
      SELECT s.*, sum(s.amount) OVER (ORDER BY s.instalment_no) - s.amount AS before FROM reminder.instalment s
      WHERE s.creditor_id = $1 AND s.invoice_no = $2 AND s.plan_no = $3) s) x
$$;
COMMENT ON FUNCTION reminder._instalments_then(bigint, text, smallint, text, timestamptz, date, numeric, numeric, numeric) IS
'Internal: the next instalment of a plan, and what was missed of it, by what was recorded before a moment, and what of the claim was open then.';

CREATE FUNCTION reminder._case_status_then(
  INOUT creditor_id bigint, as_of date, INOUT invoice_no text DEFAULT NULL,
  OUT customer_no text, OUT case_id uuid, OUT case_no smallint, OUT stage text, OUT state text,
  OUT opened_on date, OUT stage_on date, OUT ended_on date, OUT outcome text, OUT closing_reason text,
  OUT sent_on date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric,
  OUT fees numeric, OUT fees_paid numeric, OUT fees_waived numeric, OUT fees_open numeric, OUT interest_paid numeric, OUT open numeric,
  OUT hold text, OUT hold_until date, OUT collected_by text, OUT rule_no integer, OUT reference text, OUT paid numeric, OUT link text, OUT plan text, OUT enforcement_fees numeric,
  OUT next_stage text, OUT next_on date, OUT why_not text, OUT commission numeric, OUT next_instalment_on date, OUT next_instalment numeric, OUT instalments_missed numeric,
  OUT agency text, OUT agency_reference text, OUT agency_status text, OUT agency_status_on date, OUT agency_fees numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
-- planning it for one invoice would take ten times as long as answering: one plan, row by row by key, does for one as for all
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
SET max_parallel_workers_per_gather = 0
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  _until timestamptz;
  _today date;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($2, 'as_of');
  IF $3 IS NOT NULL THEN
    PERFORM reminder._invoice_exists($1, $3);
  END IF;
  SELECT coalesce(min(r.started_at), 'infinity') INTO _until
  FROM (SELECT r.started_at FROM reminder.run_log r WHERE r.creditor_id = $1 AND r.as_of > $2 ORDER BY r.as_of LIMIT 1) r;
  SELECT max(r.as_of) INTO _today FROM reminder.run_log r WHERE r.creditor_id = $1 AND r.as_of <= $2;
  RETURN QUERY
    SELECT k.creditor_id, k.invoice_no, coalesce(n.customer_no, i.customer_no), k.case_id, k.case_no,
           CASE WHEN s.event_no IS NOT NULL THEN b.state WHEN b.ended_on IS NOT NULL THEN b.ended_from ELSE b.state END,
           CASE WHEN e.ended_on IS NOT NULL THEN 'ended' WHEN h.reason IS NOT NULL THEN 'held' ELSE 'active' END,
           k.opened_on, b.state_on, e.ended_on, e.outcome, CASE WHEN e.outcome IN ('closed', 'withdrawn') THEN k.closing_reason END,
           b.sent_on, b.deadline, coalesce(n.currency, i.currency), o.principal, a.interest,
           b.fees, m.fees, a.waived, b.fees - m.fees - a.waived, m.interest,
           CASE WHEN e.ended_on IS NULL THEN o.principal + b.fees - m.fees - a.waived + a.interest ELSE 0.00 END,
           h.reason, h.until_on, b.collected_by, b.rule_no, b.reference, m.fees + m.interest + p.principal,
           (SELECT replace(c.case_url, '{case_id}', k.case_id::text) FROM reminder.creditor c WHERE c.creditor_id = k.creditor_id), y.state,
           (SELECT coalesce(sum(f.amount), 0.00) FROM reminder.enforcement_fee f
            WHERE f.creditor_id = k.creditor_id AND f.invoice_no = k.invoice_no AND f.case_no = k.case_no AND f.recorded_at < _until),
           w.stage, w.step_date, w.waiting_for,
           CASE b.collected_by WHEN 'service' THEN reminder._commission_then(k.creditor_id, k.invoice_no, k.case_no, _until) ELSE 0.00 END,
           z.next_on, z.next_amount, z.missed, g.agency, g.reference, q.status, q.on_date,
           (SELECT coalesce(sum(f.amount), 0.00) FROM reminder.agency_message f
            WHERE f.creditor_id = k.creditor_id AND f.invoice_no = k.invoice_no AND f.kind = 'fee' AND f.problem IS NULL AND f.recorded_at < _until)
    FROM (
      SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $3
      UNION ALL
      SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND $3 IS NULL) k
    CROSS JOIN LATERAL (
      SELECT i.customer_no, i.currency, i.due_date, i.open_amount FROM reminder.invoice i WHERE i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no OFFSET 0) i
    CROSS JOIN LATERAL (
      SELECT (array_agg(n.customer_no ORDER BY n.version_no))[1] AS customer_no, (array_agg(n.currency ORDER BY n.version_no))[1] AS currency,
             coalesce(sum(n.open_more), 0) AS open_more
      FROM reminder.invoice_version n WHERE n.creditor_id = k.creditor_id AND n.invoice_no = k.invoice_no AND n.changed_at >= _until) n
    -- the last version, and the last letter since
    LEFT JOIN LATERAL (
      SELECT v.* FROM reminder.case_version v
      WHERE v.creditor_id = k.creditor_id AND v.invoice_no = k.invoice_no AND v.case_no = k.case_no AND v.recorded_at < _until
      ORDER BY v.version_no DESC LIMIT 1) v ON true
    LEFT JOIN LATERAL (
      SELECT d.* FROM reminder.decision d
      WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no
        AND d.decided_at < _until AND d.decided_at > coalesce(v.recorded_at, '-infinity')
      ORDER BY d.decided_at DESC LIMIT 1) d ON true
    LEFT JOIN LATERAL (
      SELECT d.as_of, d.deadline FROM reminder.decision d
      WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.outcome = 'sent'
        AND d.decided_at < _until AND d.decided_at > coalesce(v.recorded_at, '-infinity')
      ORDER BY d.decided_at DESC LIMIT 1) l ON true
    CROSS JOIN LATERAL (
      SELECT coalesce(d.stage, v.state) AS state, coalesce(d.as_of, v.state_on) AS state_on,
             CASE WHEN d.rung IS NULL THEN v.ended_from END AS ended_from, CASE WHEN d.rung IS NULL THEN v.ended_on END AS ended_on,
             coalesce(d.collected_by, v.collected_by) AS collected_by, coalesce(d.rule_no, v.rule_no) AS rule_no,
             coalesce(d.fees, v.fees) AS fees, coalesce(d.interest, v.interest) AS interest, coalesce(v.interest_waived, 0) AS interest_waived,
             v.reference, coalesce(l.as_of, v.sent_on) AS sent_on, coalesce(l.deadline, v.deadline) AS deadline) b
    -- what payments and credits did to it since: what they cancelled of a case that goes on is claimed no more
    CROSS JOIN LATERAL (
      SELECT max(x.event_no) FILTER (WHERE x.kind IN ('case_paid', 'case_credited')) AS event_no,
             max(x.as_of) FILTER (WHERE x.kind IN ('case_paid', 'case_credited')) AS ended_on,
             max(substr(x.kind, 6)) FILTER (WHERE x.kind IN ('case_paid', 'case_credited')) AS outcome,
             coalesce(sum(x.amount) FILTER (WHERE x.kind = 'fee_waived'), 0.00) AS fees,
             coalesce(sum(x.amount) FILTER (WHERE x.kind = 'interest_waived' AND x.recorded_at > coalesce(d.decided_at, '-infinity')), 0) AS interest
      FROM reminder.event x
      WHERE b.ended_on IS NULL AND x.creditor_id = k.creditor_id AND x.invoice_no = k.invoice_no AND x.case_no = k.case_no
        AND x.event_no > coalesce(v.event_no, 0) AND x.recorded_at < _until) s
    CROSS JOIN LATERAL (
      SELECT CASE WHEN s.event_no IS NOT NULL THEN greatest(s.ended_on, b.state_on) ELSE b.ended_on END AS ended_on,
             CASE WHEN s.event_no IS NOT NULL THEN s.outcome WHEN b.ended_on IS NOT NULL THEN b.state END AS outcome) e
    -- payments that counted then, and against those that count now
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.principal) FILTER (WHERE x.counted), 0) AS principal,
             coalesce(sum(x.principal) FILTER (WHERE x.counts), 0) AS principal_now,
             coalesce(sum(x.fee) FILTER (WHERE x.counted AND x.case_no = k.case_no), 0.00) AS fees,
             coalesce(sum(x.interest) FILTER (WHERE x.counted AND x.case_no = k.case_no), 0.00) AS interest
      FROM (
        SELECT coalesce(y.principal, p.amount) AS principal, coalesce(y.fee, 0) AS fee, coalesce(y.interest, 0) AS interest, y.case_no, true AS counts,
               greatest(p.recorded_at, u.made_at) < _until AS counted
        FROM reminder.payment p
        LEFT JOIN reminder.allocation y ON y.creditor_id = p.creditor_id AND y.payment_no = p.payment_no
        LEFT JOIN LATERAL (
          SELECT coalesce(u.again_at, u.undone_at) AS made_at FROM reminder.payment_undone u
          WHERE u.creditor_id = p.creditor_id AND u.payment_no = p.payment_no ORDER BY u.undone_no DESC LIMIT 1) u ON true
        WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.bounced_on IS NULL
        UNION ALL
        SELECT u.principal, u.fee, u.interest, u.case_no, false, u.made_at < _until AND u.undone_at >= _until
        FROM reminder.payment_undone u WHERE u.creditor_id = k.creditor_id AND u.invoice_no = k.invoice_no) x) p
    CROSS JOIN LATERAL (SELECT p.fees::numeric(14,2) AS fees, p.interest::numeric(14,2) AS interest) m
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(x.amount) FILTER (WHERE x.counts), 0) - coalesce(sum(x.amount) FILTER (WHERE x.counted), 0) AS since
      FROM (
        SELECT c.amount, true AS counts,
               greatest(c.recorded_at, (SELECT max(u.undone_at) FROM reminder.booking_undone u
                                        WHERE u.creditor_id = c.creditor_id AND u.source = 'credit' AND u.document_no = c.credit_no)) < _until AS counted
        FROM reminder.credit c WHERE c.creditor_id = k.creditor_id AND c.invoice_no = k.invoice_no
        UNION ALL
        SELECT u.amount, false,
               greatest(u.made_at, (SELECT max(x.undone_at) FROM reminder.booking_undone x
                                    WHERE x.creditor_id = u.creditor_id AND x.source = u.source AND x.document_no = u.document_no AND x.undone_no < u.undone_no)) < _until
                 AND u.undone_at >= _until
        FROM reminder.booking_undone u WHERE u.creditor_id = k.creditor_id AND u.source = 'credit' AND u.invoice_no = k.invoice_no) x) c
    CROSS JOIN LATERAL (SELECT i.open_amount + p.principal_now - p.principal + c.since - n.open_more AS principal) o
    CROSS JOIN LATERAL (
      SELECT CASE WHEN e.ended_on IS NULL THEN coalesce(v.fees_waived, 0) + s.fees ELSE b.fees - m.fees END AS waived,
             CASE WHEN e.ended_on IS NULL THEN b.interest - s.interest - b.interest_waived - m.interest ELSE 0.00 END AS interest) a
    LEFT JOIN LATERAL (
      SELECT h.reason, w.until_on
      FROM reminder.hold h
      LEFT JOIN LATERAL (
        SELECT w.* FROM reminder.hold_version w
        WHERE w.creditor_id = h.creditor_id AND w.invoice_no = h.invoice_no AND w.hold_no = h.hold_no AND w.changed_at >= _until
        ORDER BY w.version_no LIMIT 1) x ON true
      CROSS JOIN LATERAL (
        SELECT CASE WHEN x.version_no IS NULL THEN h.until_on ELSE x.until_on END AS until_on,
               CASE WHEN x.version_no IS NULL THEN h.released_on ELSE x.released_on END AS released_on) w
      WHERE h.creditor_id = k.creditor_id AND h.invoice_no = k.invoice_no AND h.recorded_at < _until
        AND coalesce(w.until_on >= _today, true) AND coalesce(w.released_on > _today, w.released_on IS NULL)
      ORDER BY h.kind = 'dispute' DESC, w.until_on DESC NULLS FIRST, h.hold_no DESC LIMIT 1) h ON e.ended_on IS NULL
    LEFT JOIN LATERAL (
      SELECT y.plan_no, coalesce(x.state, y.state) AS state
      FROM reminder.payment_plan y
      JOIN reminder.hold h ON h.creditor_id = y.creditor_id AND h.invoice_no = y.invoice_no AND h.hold_no = y.hold_no AND h.recorded_at < _until
      LEFT JOIN LATERAL (
        SELECT x.state FROM reminder.plan_version x
        WHERE x.creditor_id = y.creditor_id AND x.invoice_no = y.invoice_no AND x.plan_no = y.plan_no AND x.changed_at >= _until
        ORDER BY x.version_no LIMIT 1) x ON true
      WHERE y.creditor_id = k.creditor_id AND y.invoice_no = k.invoice_no AND (y.case_no = k.case_no OR e.ended_on IS NULL)
      ORDER BY y.plan_no DESC LIMIT 1) y ON true
    LEFT JOIN LATERAL reminder._instalments_then(k.creditor_id, k.invoice_no, y.plan_no, y.state, _until, _today, o.principal, b.fees - m.fees - a.waived, a.interest) z
      ON y.state IN ('active', 'broken')
    -- rules change, and a run that leaves a step due writes no row: this is known of now alone
    LEFT JOIN LATERAL (
      SELECT n.stage, n.step_date, p.waiting_for
      FROM reminder.position p
      LEFT JOIN LATERAL (
        SELECT s.stage, reminder._step_date(
                 j.calendar, (SELECT array_agg(d.day ORDER BY d.day) FROM reminder.closed_day d WHERE d.creditor_id = s.creditor_id),
                 j.moves_due_date, r.waives_deadline, p.passed::integer, s.wait, s.wait_unit = 'bank_day', i.due_date, p.base_date, p.letter_date) AS step_date
        FROM reminder.rule_step s
        JOIN reminder.rule r ON r.creditor_id = s.creditor_id AND r.rule_no = s.rule_no
        JOIN reminder.creditor c ON c.creditor_id = s.creditor_id
        JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
        WHERE s.creditor_id = p.creditor_id AND s.rule_no = p.rule_no AND s.rung > p.passed
        ORDER BY s.rung LIMIT 1) n ON true
      WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no) w ON e.ended_on IS NULL AND _until = 'infinity'
    LEFT JOIN LATERAL (
      SELECT x.agency, coalesce(x.reference, (
               SELECT h.reference FROM reminder.handover h
               WHERE h.creditor_id = k.creditor_id AND h.invoice_no = k.invoice_no AND h.case_no = k.case_no AND h.agency = x.agency AND h.reference IS NOT NULL AND h.recorded_at < _until
               ORDER BY h.rung DESC, h.nth DESC LIMIT 1)) AS reference
      FROM reminder.handover x
      WHERE x.creditor_id = k.creditor_id AND x.invoice_no = k.invoice_no AND x.case_no = k.case_no AND x.answer = 'acknowledged' AND x.recorded_at < _until
      ORDER BY x.rung DESC, x.nth DESC LIMIT 1) g ON true
    LEFT JOIN LATERAL (
      SELECT x.status, x.on_date FROM reminder.agency_message x
      WHERE x.creditor_id = k.creditor_id AND x.invoice_no = k.invoice_no AND x.kind IN ('status', 'closure') AND x.problem IS NULL AND x.on_date >= k.opened_on AND x.recorded_at < _until
      ORDER BY x.on_date DESC, x.recorded_at DESC, x.message_id DESC LIMIT 1) q ON true
    WHERE v.version_no IS NOT NULL OR d.rung IS NOT NULL
    ORDER BY k.invoice_no, k.case_no;
END
$$;
COMMENT ON FUNCTION reminder._case_status_then(bigint, date, text) IS
'Internal: case_status_as_of(), put together from all that was recorded.';

-- of one invoice row by row, the same
CREATE FUNCTION reminder.case_status_as_of(
  INOUT creditor_id bigint, as_of date, INOUT invoice_no text DEFAULT NULL,
  OUT customer_no text, OUT case_id uuid, OUT case_no smallint, OUT stage text, OUT state text,
  OUT opened_on date, OUT stage_on date, OUT ended_on date, OUT outcome text, OUT closing_reason text,
  OUT sent_on date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric,
  OUT fees numeric, OUT fees_paid numeric, OUT fees_waived numeric, OUT fees_open numeric, OUT interest_paid numeric, OUT open numeric,
  OUT hold text, OUT hold_until date, OUT collected_by text, OUT rule_no integer, OUT reference text, OUT paid numeric, OUT link text, OUT plan text, OUT enforcement_fees numeric,
  OUT next_stage text, OUT next_on date, OUT why_not text, OUT commission numeric, OUT next_instalment_on date, OUT next_instalment numeric, OUT instalments_missed numeric,
  OUT agency text, OUT agency_reference text, OUT agency_status text, OUT agency_status_on date, OUT agency_fees numeric)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL SAFE SECURITY DEFINER COST 100
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_case_status_as_of';
COMMENT ON FUNCTION reminder.case_status_as_of(bigint, date, text) IS
'Gives the rows of the view case_status, of one invoice or (NULL) of all, as they stood after the business day as_of: by what had been recorded when the first run of a later date began, or by now if there has been none; so always the same of a day before the latest run, whatever happened since. Gives every column of it, in the invoice''s currency; but the next step, next_on and why_not are known of now alone, and NULL of a day before the latest run: rules change, and a run that leaves a step due writes no row. Raises 22R02 for a bad date, 22R04 for an unknown creditor or invoice.';
