/*
 * 73-as-of.sql: cases as they stood (V2). What was recorded before the first
 * run of a later date began, is what there was after a day: that moment is in
 * run_log, and nothing that happens later moves it.
 */

CREATE FUNCTION reminder.case_status_as_of(
  INOUT creditor_id bigint, as_of date, INOUT invoice_no text DEFAULT NULL,
  OUT customer_no text, OUT case_id uuid, OUT case_no smallint, OUT stage text, OUT state text,
  OUT opened_on date, OUT stage_on date, OUT ended_on date, OUT outcome text, OUT closing_reason text,
  OUT sent_on date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric,
  OUT fees numeric, OUT fees_paid numeric, OUT fees_waived numeric, OUT fees_open numeric, OUT interest_paid numeric, OUT open numeric,
  OUT hold text, OUT hold_until date, OUT collected_by text, OUT rule_no integer, OUT reference text, OUT paid numeric, OUT link text, OUT plan text, OUT enforcement_fees numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- planning it for one invoice would take ten times as long as answering: one plan, row by row by key, does for one as for all
SET plan_cache_mode = force_generic_plan
SET enable_seqscan = off
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
            WHERE f.creditor_id = k.creditor_id AND f.invoice_no = k.invoice_no AND f.case_no = k.case_no AND f.recorded_at < _until)
    FROM (
      SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $3
      UNION ALL
      SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND $3 IS NULL) k
    CROSS JOIN LATERAL (
      SELECT i.customer_no, i.currency, i.open_amount FROM reminder.invoice i WHERE i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no OFFSET 0) i
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
             coalesce(sum(x.amount) FILTER (WHERE x.kind = 'fee_waived'), 0) AS fees,
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
      SELECT coalesce(x.state, y.state) AS state
      FROM reminder.payment_plan y
      JOIN reminder.hold h ON h.creditor_id = y.creditor_id AND h.invoice_no = y.invoice_no AND h.hold_no = y.hold_no AND h.recorded_at < _until
      LEFT JOIN LATERAL (
        SELECT x.state FROM reminder.plan_version x
        WHERE x.creditor_id = y.creditor_id AND x.invoice_no = y.invoice_no AND x.plan_no = y.plan_no AND x.changed_at >= _until
        ORDER BY x.version_no LIMIT 1) x ON true
      WHERE y.creditor_id = k.creditor_id AND y.invoice_no = k.invoice_no AND (y.case_no = k.case_no OR e.ended_on IS NULL)
      ORDER BY y.plan_no DESC LIMIT 1) y ON true
    WHERE v.version_no IS NOT NULL OR d.rung IS NOT NULL
    ORDER BY k.invoice_no, k.case_no;
END
$$;
COMMENT ON FUNCTION reminder.case_status_as_of(bigint, date, text) IS
'Gives the rows of the view case_status, of one invoice or (NULL) of all, as they stood after the business day as_of: by what had been recorded when the first run of a later date began, or by now if there has been none; so always the same of a day before the latest run, whatever happened since. Gives stage, state, dates, the letter sent last, hold, plan and amounts in the invoice''s currency; not the next step, why it waited, instalments and commission. Raises 22R02 for a bad date, 22R04 for an unknown creditor or invoice.';
