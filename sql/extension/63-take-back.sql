/*
 * Taking letters back, and waiving what they claim (B4).
 */

CREATE FUNCTION reminder._free_step(creditor_id bigint, invoice_no text, rung integer) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _number CONSTANT integer := (
    SELECT max(d.taken_back) + 1 FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.rung = $3);
BEGIN
  UPDATE reminder.decision d SET taken_back = _number, status = CASE d.status WHEN 'queued' THEN 'cancelled' ELSE d.status END
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.rung = $3 AND d.taken_back = 0;
  UPDATE reminder.letter_line l SET taken_back = _number
  WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.rung = $3 AND l.taken_back = 0;
  UPDATE reminder.by_hand b SET taken_back = _number
  WHERE b.creditor_id = $1 AND b.invoice_no = $2 AND b.rung = $3 AND b.taken_back = 0;
  DELETE FROM reminder.approval a WHERE a.creditor_id = $1 AND a.invoice_no = $2 AND a.rung = $3;
END
$$;
COMMENT ON FUNCTION reminder._free_step(bigint, text, integer) IS
'Internal: takes the decision on a step back, so that it can be decided anew. A letter that waits to be sent is cancelled. The place on the ladder is left to the caller.';

CREATE FUNCTION reminder._end_settled(creditor_id bigint, invoice_no text, case_no smallint, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _left record;
BEGIN
  -- As the ledger does it when a payment settles the principal (B9).
  SELECT k.fees - k.fees_paid - k.fees_waived AS fee, k.interest - k.interest_paid - k.interest_waived AS interest, i.open_amount,
         y.on_plan,
         CASE WHEN y.on_plan THEN 0
              ELSE coalesce((SELECT r.residual_above FROM reminder.rule r WHERE r.creditor_id = k.creditor_id AND r.rule_no = k.rule_no),
                            (SELECT (v.definition ->> 'residual_above')::numeric FROM reminder.rule_version v
                             WHERE v.creditor_id = k.creditor_id AND v.rule_no = k.rule_no ORDER BY v.version DESC LIMIT 1), 0) END AS residual_above
  INTO _left
  FROM reminder.collection_case k JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
  CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT FROM reminder.payment_plan p WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.state = 'active') AS on_plan) y
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3 AND k.ended_on IS NULL;
  IF NOT FOUND OR _left.open_amount > 0 OR _left.fee + _left.interest > greatest(_left.residual_above, CASE WHEN _left.fee + _left.interest BETWEEN 0.01 AND 0.49 AND NOT _left.on_plan THEN (
       -- what would be rounded to nothing nobody pays
       SELECT r.unit / 2 - 0.01 FROM reminder.invoice i
       JOIN reminder.creditor y ON y.creditor_id = i.creditor_id AND y.rounds_payments
       JOIN reminder.rounding_rule r ON r.jurisdiction = y.jurisdiction AND r.currency = i.currency AND r.valid_from <= $4 AND r.confidence <> 'unconfirmed'
       WHERE i.creditor_id = $1 AND i.invoice_no = $2 ORDER BY r.valid_from DESC LIMIT 1) END) THEN
    RETURN;
  END IF;
  UPDATE reminder.collection_case k
  SET state = 'paid', ended_from = k.state, ended_on = greatest($4, k.state_on),
      fees_waived = k.fees_waived + _left.fee, interest_waived = k.interest_waived + _left.interest
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3;
  IF _left.fee > 0 THEN
    PERFORM reminder._note(creditor_id, invoice_no, 'fee_waived', as_of, case_no, amount => _left.fee);
  END IF;
  IF _left.interest > 0 THEN
    PERFORM reminder._note(creditor_id, invoice_no, 'interest_waived', as_of, case_no, amount => _left.interest);
  END IF;
  PERFORM reminder._note(creditor_id, invoice_no, 'case_paid', as_of, case_no);
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
END
$$;
COMMENT ON FUNCTION reminder._end_settled(bigint, text, smallint, date) IS
'Internal: ends an active case as paid whose principal is settled, when what is left of costs is not more than its rule pursues; the rest is waived with an event.';

CREATE FUNCTION reminder.take_back_letter(creditor_id bigint, invoice_no text, reason text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case record;
  _letter record;
  _before record;
  _claim record;
  _fees numeric;
  _waived numeric;
  _interest numeric;
  _last date;
BEGIN
  PERFORM reminder._reason(reason, 'taking a letter back');
  _case := reminder._active_case(creditor_id, invoice_no, as_of);
  IF _case.state = 'enforcement' THEN
    RAISE EXCEPTION 'no letter of invoice "%" can be taken back: its case is at the enforcement authority', invoice_no
      USING ERRCODE = '55R07', HINT = 'Take the case back first: reminder.back_to_monitoring().';
  END IF;
  IF EXISTS (SELECT FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.case_no = _case.case_no AND p.state = 'active') THEN
    RAISE EXCEPTION 'no letter of invoice "%" can be taken back: a payment plan stands on it', invoice_no
      USING ERRCODE = '55R07', HINT = 'Remove the plan first: reminder.remove_payment_plan().';
  END IF;
  IF reminder._enforcement_fees(creditor_id, invoice_no, _case.case_no) > 0 THEN
    RAISE EXCEPTION 'no letter of invoice "%" can be taken back: its case bears fees of enforcement', invoice_no
      USING ERRCODE = '55R07', HINT = 'Withdraw the case instead: reminder.withdraw().';
  END IF;
  SELECT max(d.as_of) INTO _last FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.taken_back = 0;
  IF as_of < _last THEN
    RAISE EXCEPTION 'as_of % is before the last step of invoice "%" was decided on %', as_of, invoice_no, _last
      USING ERRCODE = '22R02', HINT = 'Events do not go back in time.';
  END IF;
  -- The newest; and what of its case stands before it.
  SELECT d.rung, d.stage, d.status, d.fee INTO _letter FROM reminder.decision d
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = _case.case_no AND d.taken_back = 0 ORDER BY d.rung DESC LIMIT 1;
  SELECT d.rung, d.stage, d.fees, d.compensation INTO _before FROM reminder.decision d
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = _case.case_no AND d.taken_back = 0 AND d.rung < _letter.rung ORDER BY d.rung DESC LIMIT 1;
  SELECT k.fees, k.fees_paid, k.fees_waived, k.interest, k.interest_paid, k.interest_waived INTO _claim
  FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _case.case_no;
  SELECT least(_claim.interest, coalesce((array_agg(d.interest ORDER BY d.rung DESC))[1], 0)) INTO _interest FROM reminder.decision d
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = _case.case_no AND d.taken_back = 0 AND d.rung < _letter.rung AND d.status IN ('queued', 'sent');
  -- A payment plan made since is not the letter's.
  SELECT coalesce(_before.fees, 0) + coalesce(sum(p.fee_added), 0), greatest(_interest, least(_claim.interest, coalesce(max(p.interest_claimed), 0))) INTO _fees, _interest
  FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.case_no = _case.case_no AND p.rung >= _before.rung;
  IF _claim.fees_paid > _fees OR _claim.interest_paid > _interest THEN
    RAISE EXCEPTION 'the % of invoice "%" cannot be taken back: what it claims has been paid', _letter.stage, invoice_no
      USING ERRCODE = '55R07',
            DETAIL = format('Of fees %s are paid and of interest %s; without the %s there would be %s and %s.', _claim.fees_paid, _claim.interest_paid, _letter.stage, _fees, _interest),
            HINT = 'Withdraw the case instead: reminder.withdraw().';
  END IF;
  -- What was waived with a letter that failed goes with it; what was waived by hand stays.
  _waived := _claim.fees_waived;
  IF _letter.status IN ('failed', 'cancelled') THEN
    _waived := greatest(_waived - greatest(_letter.fee, _claim.fees - _fees), (
      SELECT least(coalesce(sum(w.amount), 0), _waived) FROM reminder.waiver w
      WHERE w.creditor_id = $1 AND w.invoice_no = $2 AND w.case_no = _case.case_no AND w.kind = 'fee'));
  END IF;
  _interest := least(_claim.interest, greatest(_interest, _claim.interest_paid + _claim.interest_waived));
  PERFORM reminder._keep(true);
  -- Whatever was skipped after it followed from it.
  PERFORM reminder._free_step($1, $2, d.rung) FROM reminder.decision d
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.taken_back = 0 AND d.rung >= _letter.rung;
  PERFORM reminder._note(creditor_id, invoice_no, 'letter_taken_back', as_of, _case.case_no, amount => _letter.fee,
                         detail => format('%s: %s', _letter.stage, reason));
  IF _before IS NULL THEN
    UPDATE reminder.collection_case k
    SET state = 'withdrawn', ended_from = k.state, ended_on = $4, closing_reason = $3,
        fees = 0, fees_waived = 0, compensation = 0, interest = 0, interest_waived = 0
    WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _case.case_no;
    PERFORM reminder._note(creditor_id, invoice_no, 'case_withdrawn', as_of, _case.case_no, detail => reason);
  ELSE
    -- Those before it may have failed since: no more is claimed than what stands.
    _waived := greatest(_waived, _fees - (SELECT s.fees FROM reminder._standing($1, $2, _case.case_no) s));
    UPDATE reminder.collection_case k
    SET state = _before.stage, state_on = $4, fees = _fees, fees_waived = least(_waived, _fees - k.fees_paid),
        compensation = least(_before.compensation, _fees), interest = _interest
    WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _case.case_no;
    PERFORM reminder._end_settled(creditor_id, invoice_no, _case.case_no, as_of);
  END IF;
  PERFORM reminder._place(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
  RETURN _letter.stage;
END
$$;
COMMENT ON FUNCTION reminder.take_back_letter(bigint, text, text, date) IS
'Takes the newest letter of an invoice''s active case back, or monitoring that no letter leads to: one that waits is not sent, or, if it is for more invoices, without this one; its fee and interest are claimed no more, the case goes back to the stage before, and if this letter opened it, ends as withdrawn. The invoice stays in automation and the step is free: unless it is put on hold, taken out or the step waived, a run decides it anew. reason is a text of up to 1000 bytes. Gives the stage. Raises 22R01 without a reason, 55R07 when what it claims is paid, a payment plan stands, or the case is at enforcement or was and bears its fees, 55R03 without an active case, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder._waive(creditor_id bigint, invoice_no text, kind text, amount numeric, reason text, as_of date) RETURNS numeric
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case record;
  _open numeric;
  _waived numeric;
BEGIN
  PERFORM reminder._reason(reason, 'waiving a fee or interest');
  IF amount IS NOT NULL AND (NOT (amount > 0 AND amount < 1000000000000) OR amount <> round(amount, 2)) THEN
    RAISE EXCEPTION 'amount is out of range: %', left(amount::text, 64)
      USING ERRCODE = '22R03', HINT = 'Waive more than 0, with two decimals; NULL: all that is open.';
  END IF;
  _case := reminder._active_case(creditor_id, invoice_no, as_of);
  SELECT CASE $3 WHEN 'fee' THEN k.fees - k.fees_paid - k.fees_waived ELSE k.interest - k.interest_paid - k.interest_waived END INTO _open
  FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _case.case_no;
  IF _open = 0 THEN
    RAISE EXCEPTION 'no % of invoice "%" is open', kind, invoice_no
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.case_status; shows what is claimed and open.';
  ELSIF amount > _open THEN
    RAISE EXCEPTION 'more than the open % of invoice "%" cannot be waived', kind, invoice_no
      USING ERRCODE = '22R03', DETAIL = format('Open are %s.', _open), HINT = 'Waive what is open; pay back what was paid as a refund.';
  END IF;
  _waived := coalesce(amount, _open);
  PERFORM reminder._keep(true);
  UPDATE reminder.collection_case k
  SET fees_waived = k.fees_waived + CASE $3 WHEN 'fee' THEN _waived ELSE 0 END,
      interest_waived = k.interest_waived + CASE $3 WHEN 'fee' THEN 0 ELSE _waived END
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _case.case_no;
  INSERT INTO reminder.waiver (creditor_id, invoice_no, waiver_no, case_no, kind, rung, amount, as_of, reason)
  SELECT $1, $2, coalesce(max(w.waiver_no), 0) + 1, _case.case_no, $3,
         (SELECT max(d.rung) FROM reminder.decision d
          WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = _case.case_no AND d.taken_back = 0
            AND d.outcome = 'sent' AND (d.fee > 0 OR d.compensation > 0) AND $3 = 'fee'),
         _waived, $6, $5
  FROM reminder.waiver w WHERE w.creditor_id = $1 AND w.invoice_no = $2;
  PERFORM reminder._note(creditor_id, invoice_no, kind || '_waived', as_of, _case.case_no, amount => _waived, detail => reason);
  PERFORM reminder._end_settled(creditor_id, invoice_no, _case.case_no, as_of);
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
  RETURN _waived;
END
$$;
COMMENT ON FUNCTION reminder._waive(bigint, text, text, numeric, text, date) IS
'Internal: waives open fees or interest of the active case, and ends a case whose principal is settled and that then has nothing to collect.';

CREATE FUNCTION reminder.waive_fee(creditor_id bigint, invoice_no text, amount numeric, reason text, as_of date) RETURNS numeric
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT reminder._waive($1, $2, 'fee', $3, $4, $5) $$;
COMMENT ON FUNCTION reminder.waive_fee(bigint, text, numeric, text, date) IS
'Waives fees of an invoice''s active case, compensation for being late included: amount, or (NULL) all that is open, for a reason of up to 1000 bytes. No later letter claims them; where nothing else is open the case ends as paid. Gives what was waived. Raises 22R01 without a reason, 22R03 for a bad amount or more than is open, 55R03 when nothing is open or without an active case, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.waive_interest(creditor_id bigint, invoice_no text, amount numeric, reason text, as_of date) RETURNS numeric
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT reminder._waive($1, $2, 'interest', $3, $4, $5) $$;
COMMENT ON FUNCTION reminder.waive_interest(bigint, text, numeric, text, date) IS
'Waives late interest that letters of an invoice''s active case have claimed: amount, or (NULL) all that is open, for a reason of up to 1000 bytes. A later letter claims what accrues beyond it. Gives what was waived. Raises as waive_fee() does.';

CREATE FUNCTION reminder._losses_deleted() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Events are numbered under the lock on their invoice.
  PERFORM FROM reminder.invoice i
  WHERE (i.creditor_id, i.invoice_no) IN (SELECT l.creditor_id, l.invoice_no FROM old_rows l)
  ORDER BY i.creditor_id, i.invoice_no FOR NO KEY UPDATE;
  PERFORM reminder._refuse_stale(l.creditor_id, l.invoice_no, NULL) FROM (SELECT DISTINCT l.creditor_id, l.invoice_no FROM old_rows l) l;
  PERFORM reminder._keep(true);
  PERFORM reminder._note(l.creditor_id, l.invoice_no, 'loss_deleted', greatest(l.booked_on, l.reversed_on, reminder._last_run(l.creditor_id)),
                         amount => l.amount, detail => l.kind || ' ' || l.loss_no)
  FROM old_rows l;
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._losses_deleted() IS
'Internal: AFTER DELETE STATEMENT on credit_loss: notes each as an event, of the creditor''s latest run.';
