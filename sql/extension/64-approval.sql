/*
 * Approval (B7): letters of a step that is marked wait for somebody's yes.
 */

CREATE FUNCTION reminder._approve(
  creditor_id bigint, invoice_nos text[], as_of date, approve boolean,
  OUT invoice_no text, OUT stage text, OUT outcome text, OUT words text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _no text;
  _place record;
  _term record;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($3, 'as_of');
  IF coalesce(cardinality($2), 0) = 0 THEN
    RAISE EXCEPTION 'no invoice is named'
      USING ERRCODE = '22R01', HINT = 'Name them, as ARRAY[''...'']; SELECT * FROM reminder.approvals; lists what waits.';
  END IF;
  -- The rule that is approved stands still until it is.
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR KEY SHARE;
  PERFORM reminder._refuse_stale($1, '', NULL);
  PERFORM FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = ANY ($2) ORDER BY i.invoice_no FOR NO KEY UPDATE;
  PERFORM reminder._keep(true);
  FOR _no IN SELECT DISTINCT n.no COLLATE "C" FROM unnest($2) n (no) ORDER BY 1 LOOP
    invoice_no := _no;
    stage := NULL;
    outcome := 'refused';
    IF NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = _no) THEN
      words := 'It is unknown or not yours.';
      RETURN NEXT;
      CONTINUE;
    END IF;
    PERFORM reminder._refuse_stale($1, _no, NULL);
    SELECT p.rule_no, p.passed INTO _place FROM reminder.position p WHERE p.creditor_id = $1 AND p.invoice_no = _no;
    SELECT t.rung, t.stage, t.rule_version, s.approval INTO _term
    FROM reminder._terms($1, $3, coalesce(_place.rule_no, 0), _place.passed) t
    JOIN reminder.rule_step s ON s.creditor_id = $1 AND s.rule_no = _place.rule_no AND s.rung = t.rung;
    stage := _term.stage;
    IF _term.rung IS NULL THEN
      words := 'It has no step before it.';
    ELSIF NOT _term.approval THEN
      words := format('Its %s needs no approval.', _term.stage);
    ELSIF approve AND EXISTS (SELECT FROM reminder.approval a WHERE a.creditor_id = $1 AND a.invoice_no = _no AND a.rung = _term.rung
                              AND a.rule_no = _place.rule_no AND a.rule_version = _term.rule_version) THEN
      words := format('Its %s is approved already.', _term.stage);
    ELSIF approve THEN
      INSERT INTO reminder.approval AS a (creditor_id, invoice_no, rung, rule_no, rule_version, approved_on)
      VALUES ($1, _no, _term.rung, _place.rule_no, _term.rule_version, $3)
      ON CONFLICT ON CONSTRAINT approval_pkey DO UPDATE
      SET rule_no = EXCLUDED.rule_no, rule_version = EXCLUDED.rule_version, approved_on = EXCLUDED.approved_on,
          approved_at = EXCLUDED.approved_at, approved_by = EXCLUDED.approved_by;
      PERFORM reminder._note($1, _no, 'letter_approved', $3, rule_no => _place.rule_no, detail => _term.stage);
      outcome := 'approved';
      words := format('Its %s goes out in the next run, if it is still due.', _term.stage);
    ELSE
      DELETE FROM reminder.approval a WHERE a.creditor_id = $1 AND a.invoice_no = _no AND a.rung = _term.rung;
      IF FOUND THEN
        PERFORM reminder._note($1, _no, 'approval_withdrawn', $3, rule_no => _place.rule_no, detail => _term.stage);
        outcome := 'withdrawn';
        words := format('Its %s waits for approval.', _term.stage);
      ELSE
        words := format('Its %s is not approved.', _term.stage);
      END IF;
    END IF;
    RETURN NEXT;
  END LOOP;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._approve(bigint, text[], date, boolean) IS
'Internal: approves the next letters of invoices, or withdraws the approval, and tells of each what came of it.';

CREATE FUNCTION reminder.approve_letters(
  creditor_id bigint, invoice_nos text[], as_of date,
  OUT invoice_no text, OUT stage text, OUT outcome text, OUT words text)
RETURNS SETOF record
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT a.* FROM reminder._approve($1, $2, $3, true) a $$;
COMMENT ON FUNCTION reminder.approve_letters(bigint, text[], date) IS
'Approves the next letters of these invoices, of steps marked for approval: runs for as_of and later send them when they are due, if nothing else stands against it. An approval holds for the rule as it stands. Gives a row an invoice: outcome "approved" or "refused", and a sentence. Raises 22R01 when no invoice is named, 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.withdraw_approval(
  creditor_id bigint, invoice_nos text[], as_of date,
  OUT invoice_no text, OUT stage text, OUT outcome text, OUT words text)
RETURNS SETOF record
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT a.* FROM reminder._approve($1, $2, $3, false) a $$;
COMMENT ON FUNCTION reminder.withdraw_approval(bigint, text[], date) IS
'Withdraws the approval of letters of these invoices that have not gone out; as_of is the day of it. Gives a row an invoice: outcome "withdrawn" or "refused", and a sentence. Raises as approve_letters() does.';
