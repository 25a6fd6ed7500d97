/*
 * What cases were, kept where nothing else tells it (V2).
 */

CREATE FUNCTION reminder._next_version(
  creditor_id bigint, invoice_no text, case_no smallint,
  OUT version_no integer, OUT event_no integer, OUT sent_on date, OUT deadline date)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT (SELECT coalesce(max(v.version_no), 0) + 1 FROM reminder.case_version v WHERE v.creditor_id = $1 AND v.invoice_no = $2 AND v.case_no = $3),
         (SELECT coalesce(max(e.event_no), 0) FROM reminder.event e WHERE e.creditor_id = $1 AND e.invoice_no = $2),
         l.as_of, l.deadline
  INTO version_no, event_no, sent_on, deadline
  FROM (VALUES (1)) one
  LEFT JOIN LATERAL (
    SELECT d.as_of, d.deadline FROM reminder.decision d
    WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = $3 AND d.outcome = 'sent' AND d.taken_back = 0 AND d.status <> 'failed'
    ORDER BY d.rung DESC LIMIT 1) l ON true;
END
$$;
COMMENT ON FUNCTION reminder._next_version(bigint, text, smallint) IS
'Internal: gives the number of a case''s next version, its invoice''s latest event, and the dates of its last letter.';

CREATE FUNCTION reminder._keep_version(creditor_id bigint, invoice_nos text[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO reminder.case_version (
    creditor_id, invoice_no, case_no, version_no, event_no, state, ended_from, collected_by, rule_no, state_on, ended_on,
    fees, fees_waived, compensation, interest, interest_waived, reference, sent_on, deadline)
  SELECT k.creditor_id, k.invoice_no, k.case_no, v.version_no, v.event_no, k.state, k.ended_from, k.collected_by, k.rule_no, k.state_on, k.ended_on,
         k.fees, k.fees_waived, k.compensation, k.interest, k.interest_waived, k.reference, v.sent_on, v.deadline
  FROM unnest($2) n (invoice_no)
  CROSS JOIN LATERAL (
    SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = n.invoice_no ORDER BY k.case_no DESC LIMIT 1) k
  CROSS JOIN LATERAL reminder._next_version(k.creditor_id, k.invoice_no, k.case_no) v;
END
$$;
COMMENT ON FUNCTION reminder._keep_version(bigint, text[]) IS
'Internal: keeps the latest cases of invoices as they are now: called where something else than a run''s letter or what is paid has changed them, when all of it is done.';
