/*
 * What cases were, kept where nothing else tells it (V2).
 */

CREATE FUNCTION reminder._next_version(
  creditor_id bigint, invoice_no text, case_no smallint,
  OUT version_no integer, OUT event_no integer, OUT sent_on date, OUT deadline date)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT (SELECT coalesce(max(v.version_no), 0) + 1 FROM reminder.case_version v WHERE v.creditor_id = $1 AND v.invoice_no = $2 AND v.case_no = $3),
         (SELECT coalesce(max(e.event_no), 0) FROM reminder.event e WHERE e.creditor_id = $1 AND e.invoice_no = $2),
         l.as_of, l.deadline
  FROM (VALUES (1)) one
  LEFT JOIN LATERAL (
    SELECT d.as_of, d.deadline FROM reminder.decision d
    WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = $3 AND d.outcome = 'sent' AND d.taken_back = 0 AND d.status <> 'failed'
    ORDER BY d.rung DESC LIMIT 1) l ON true
$$;
COMMENT ON FUNCTION reminder._next_version(bigint, text, smallint) IS
'Internal: gives the number of a case''s next version, its invoice''s latest event, and the dates of its last letter.';

CREATE FUNCTION reminder._keep_version(creditor_id bigint, invoice_nos text[]) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO reminder.case_version (
    creditor_id, invoice_no, case_no, version_no, event_no, state, ended_from, collected_by, rule_no, state_on, ended_on,
    fees, fees_waived, compensation, interest, interest_waived, reference, sent_on, deadline)
  SELECT k.creditor_id, k.invoice_no, k.case_no, v.version_no, v.event_no, k.state, k.ended_from, k.collected_by, k.rule_no, k.state_on, k.ended_on,
         k.fees, k.fees_waived, k.compensation, k.interest, k.interest_waived, k.reference, v.sent_on, v.deadline
  FROM unnest($2) n (invoice_no)
  CROSS JOIN LATERAL (
    SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = n.invoice_no ORDER BY k.case_no DESC LIMIT 1) k
  CROSS JOIN LATERAL reminder._next_version(k.creditor_id, k.invoice_no, k.case_no) v
$$;
COMMENT ON FUNCTION reminder._keep_version(bigint, text[]) IS
'Internal: keeps the latest cases of invoices as they are now: called where something else than a run''s letter or what is paid has changed them, when all of it is done.';

CREATE FUNCTION reminder._hold_changed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._keep(true);
  INSERT INTO reminder.hold_version (creditor_id, invoice_no, hold_no, version_no, until_on, released_on)
  SELECT o.creditor_id, o.invoice_no, o.hold_no, coalesce(v.version_no, 0) + 1, o.until_on, o.released_on
  FROM old_rows o
  JOIN new_rows n ON n.creditor_id = o.creditor_id AND n.invoice_no = o.invoice_no AND n.hold_no = o.hold_no
  CROSS JOIN LATERAL (
    SELECT max(v.version_no) AS version_no FROM reminder.hold_version v
    WHERE v.creditor_id = o.creditor_id AND v.invoice_no = o.invoice_no AND v.hold_no = o.hold_no) v
  WHERE (o.until_on, o.released_on) IS DISTINCT FROM (n.until_on, n.released_on);
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._hold_changed() IS
'Internal: AFTER UPDATE STATEMENT on hold: keeps until when one stood before.';

CREATE FUNCTION reminder._plan_changed() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._keep(true);
  INSERT INTO reminder.plan_version (creditor_id, invoice_no, plan_no, version_no, state)
  SELECT o.creditor_id, o.invoice_no, o.plan_no, coalesce(v.version_no, 0) + 1, o.state
  FROM old_rows o
  JOIN new_rows n ON n.creditor_id = o.creditor_id AND n.invoice_no = o.invoice_no AND n.plan_no = o.plan_no
  CROSS JOIN LATERAL (
    SELECT max(v.version_no) AS version_no FROM reminder.plan_version v
    WHERE v.creditor_id = o.creditor_id AND v.invoice_no = o.invoice_no AND v.plan_no = o.plan_no) v
  WHERE o.state <> n.state;
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._plan_changed() IS
'Internal: AFTER UPDATE STATEMENT on payment_plan: keeps its state before.';
