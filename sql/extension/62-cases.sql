/*
 * Cases by hand: holds, withdrawing, closing, crediting. Each first locks the
 * invoice, as the run and the guards do.
 */

CREATE FUNCTION reminder._random_uuid() RETURNS uuid
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_random_uuid';
COMMENT ON FUNCTION reminder._random_uuid() IS
'Internal: gives the public id of a new case, which nobody can guess.';

CREATE FUNCTION reminder._factored(creditor_id bigint, invoice_no text, kind text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT $3 = 'factored' AND NOT EXISTS (
    SELECT FROM reminder.factored_invoice f JOIN reminder.factoring_company c ON c.creditor_id = f.creditor_id AND c.company = f.company
    WHERE f.creditor_id = $1 AND f.invoice_no = $2 AND c.allowed)
$$;
COMMENT ON FUNCTION reminder._factored(bigint, text, text) IS
'Internal: tells whether an invoice of a kind is sold to a factoring company that is not allowed, as a run does.';

CREATE FUNCTION reminder._lock_invoice(creditor_id bigint, invoice_no text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  PERFORM FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2 FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM reminder._unknown_invoice(invoice_no);
  END IF;
  PERFORM reminder._refuse_stale(creditor_id, invoice_no, NULL);
END
$$;
COMMENT ON FUNCTION reminder._lock_invoice(bigint, text, date) IS
'Internal: checks the date and locks the invoice until the end of the transaction. Raises 22R02, 22R04.';

CREATE FUNCTION reminder._active_case(creditor_id bigint, invoice_no text, as_of date, OUT case_no smallint, OUT state text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _since date;
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  SELECT k.case_no, k.state, k.state_on INTO case_no, state, _since
  FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.ended_on IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice "%" has no active case', invoice_no
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.invoice_status; shows where each invoice stands.';
  END IF;
  IF as_of < _since THEN
    RAISE EXCEPTION 'as_of % is before the case of invoice "%" came to its stage on %', as_of, invoice_no, _since
      USING ERRCODE = '22R02', HINT = 'Events of a case do not go back in time.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._active_case(bigint, text, date) IS
'Internal: locks an invoice and gives its active case. Raises 55R03 if there is none, 22R02 for a date before its stage.';

CREATE FUNCTION reminder.hold(creditor_id bigint, invoice_no text, reason text, until date, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  IF reason IS NULL OR octet_length(reason) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'a hold needs a reason'
      USING ERRCODE = '22R01', HINT = '"dispute", "promise", or why in up to 1000 bytes.';
  END IF;
  IF until IS NOT NULL AND NOT (until BETWEEN as_of AND '2200-12-31') THEN
    RAISE EXCEPTION 'a hold until % does not follow %', until, as_of
      USING ERRCODE = '22R02', HINT = 'until is the last day of the hold, or NULL for no end.';
  END IF;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.hold (creditor_id, invoice_no, hold_no, kind, reason, from_on, until_on)
  SELECT $1, $2, coalesce(max(h.hold_no), 0) + 1,
         CASE WHEN $3 IN ('dispute', 'disputed') THEN 'dispute' WHEN $3 = 'promise' THEN 'promise' ELSE 'manual' END,
         $3, $5, $4
  FROM reminder.hold h WHERE h.creditor_id = $1 AND h.invoice_no = $2;
  PERFORM reminder._note(creditor_id, invoice_no, 'held', as_of, detail => reason);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.hold(bigint, text, text, date, date) IS
'Puts an invoice on hold from as_of to until (both included; NULL: no end). reason is "dispute", "promise", or a text of up to 1000 bytes. It may stand before a case exists. Raises 22R01 without a reason, 22R02 for bad dates, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.release(creditor_id bigint, invoice_no text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _released bigint;
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  PERFORM reminder._keep(true);
  UPDATE reminder.hold h SET released_on = greatest($3, h.from_on)
  WHERE h.creditor_id = $1 AND h.invoice_no = $2 AND h.released_on IS NULL AND coalesce(h.until_on >= $3, true) AND h.kind <> 'payment_plan';
  GET DIAGNOSTICS _released = ROW_COUNT;
  IF _released = 0 THEN
    RAISE EXCEPTION 'invoice "%" is not on hold', invoice_no
      USING ERRCODE = '55R03', HINT = 'A hold ends by itself when its last day has passed; a payment plan is removed: reminder.remove_payment_plan().';
  END IF;
  PERFORM reminder._note(creditor_id, invoice_no, 'released', as_of);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.release(bigint, text, date) IS
'Ends every hold on an invoice from as_of on, but not a payment plan. Raises 55R03 if there is none, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder._end_case(creditor_id bigint, invoice_no text, case_no smallint, state text, closing_reason text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _left record;
BEGIN
  PERFORM reminder._keep(true);
  UPDATE reminder.decision d SET status = 'cancelled'
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = $3 AND d.status = 'queued' AND d.taken_back = 0;
  SELECT k.fees - k.fees_paid - k.fees_waived AS fee, k.interest - k.interest_paid - k.interest_waived AS interest INTO _left
  FROM reminder.collection_case k
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3;
  UPDATE reminder.collection_case k
  SET state = $4, ended_from = k.state, ended_on = $6, closing_reason = $5, fees_waived = k.fees_waived + _left.fee,
      interest_waived = k.interest_waived + _left.interest
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3;
  UPDATE reminder.invoice i SET automation = CASE $4 WHEN 'withdrawn' THEN 'withdrawn' ELSE 'closed' END
  WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  IF _left.fee > 0 THEN
    PERFORM reminder._note(creditor_id, invoice_no, 'fee_waived', as_of, case_no, amount => _left.fee);
  END IF;
  IF _left.interest > 0 THEN
    PERFORM reminder._note(creditor_id, invoice_no, 'interest_waived', as_of, case_no, amount => _left.interest);
  END IF;
  PERFORM reminder._note(creditor_id, invoice_no, 'case_' || state, as_of, case_no, detail => closing_reason);
  PERFORM reminder._keep_plans(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._end_case(bigint, text, smallint, text, text, date) IS
'Internal: ends a case that is not paid: letters not confirmed as sent are cancelled, its costs waived with an event, the invoice taken out of automation.';

CREATE FUNCTION reminder._refuse_withdrawal(creditor_id bigint, invoice_no text, state text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _standing text;
BEGIN
  SELECT c.standing INTO _standing
  FROM reminder.invoice i JOIN reminder.customer c ON c.creditor_id = i.creditor_id AND c.customer_no = i.customer_no
  WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  IF state = 'enforcement' OR _standing IN ('bankrupt', 'estate') THEN
    RAISE EXCEPTION 'the case of invoice "%" cannot be withdrawn', invoice_no
      USING ERRCODE = '55R02',
            DETAIL = concat_ws(' ', CASE WHEN state = 'enforcement' THEN 'It has been handed to the enforcement authority.' END,
                               CASE _standing WHEN 'bankrupt' THEN 'The customer is bankrupt.' WHEN 'estate' THEN 'The customer is the estate of a deceased.' END),
            HINT = format('The service or an administrator can close it, reminder.close_case() with the closing reason %s; then a loss can be booked.',
                          CASE _standing WHEN 'bankrupt' THEN '"bankruptcy"' WHEN 'estate' THEN '"deceased"' ELSE 'that holds' END);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._refuse_withdrawal(bigint, text, text) IS
'Internal: refuses to withdraw a case at enforcement, or of a customer who is bankrupt or an estate. Raises 55R02.';

CREATE FUNCTION reminder.withdraw(creditor_id bigint, invoice_no text, reason text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case record;
  _agency text;
BEGIN
  _case := reminder._active_case(creditor_id, invoice_no, as_of);
  IF octet_length(reason) > 1000 THEN
    RAISE EXCEPTION 'reason is too long' USING ERRCODE = '22R01', HINT = 'Up to 1000 bytes.';
  END IF;
  PERFORM reminder._refuse_withdrawal(creditor_id, invoice_no, _case.state);
  _agency := reminder._agency_has(creditor_id, invoice_no, _case.case_no);
  IF _agency IS NOT NULL THEN
    RAISE EXCEPTION 'the case of invoice "%" cannot be withdrawn', invoice_no
      USING ERRCODE = '55R02', DETAIL = format('The agency "%s" has it.', _agency),
            HINT = 'reminder.request_withdrawal() asks it to give the case back; its answer ends the case.';
  END IF;
  PERFORM reminder._end_case(creditor_id, invoice_no, _case.case_no, 'withdrawn', reason, as_of);
END
$$;
COMMENT ON FUNCTION reminder.withdraw(bigint, text, text, date) IS
'Ends the active case of an invoice before it is paid, for the creditor; then a loss can be booked, and the invoice is out of automation until put_back(). reason is free text of up to 1000 bytes, or NULL. Raises 22R01 for a longer one, 55R02 at enforcement, when an agency has it, or when the customer is bankrupt or an estate, 55R03 without an active case, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder._closing_reason(closing_reason text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- as people write them
  _reason CONSTANT text := lower(btrim(translate(split_part(closing_reason, ':', 1), '_-', '  ')));
  _words CONSTANT text := btrim(substr(closing_reason, strpos(closing_reason, ':') + 1));
BEGIN
  IF coalesce(octet_length(btrim(closing_reason)), 0) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'closing a case needs a closing reason'
      USING ERRCODE = '22R01', HINT = (SELECT format('Closing reasons are %s; "other: why" for any other, in up to 1000 bytes.', string_agg(r.closing_reason, ', ' ORDER BY r.closing_reason)) FROM reminder.closing_reason r);
  ELSIF NOT EXISTS (SELECT FROM reminder.closing_reason r WHERE r.closing_reason = _reason) OR (_reason = 'other' AND (strpos(closing_reason, ':') = 0 OR _words = '')) THEN
    RAISE EXCEPTION 'unknown closing reason "%"', left(closing_reason, 64)
      USING ERRCODE = '22R01', HINT = (SELECT format('Closing reasons are %s; "other: why" for any other, in up to 1000 bytes.', string_agg(r.closing_reason, ', ' ORDER BY r.closing_reason)) FROM reminder.closing_reason r);
  END IF;
  RETURN concat_ws(': ', _reason, CASE WHEN strpos(closing_reason, ':') > 0 THEN nullif(_words, '') END);
END
$$;
COMMENT ON FUNCTION reminder._closing_reason(text) IS
'Internal: checks a closing reason, a row of closing_reason with or without words after a colon, and gives it as the table writes it. Raises 22R01.';

CREATE FUNCTION reminder.close_case(creditor_id bigint, invoice_no text, closing_reason text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case record;
  _reason CONSTANT text := reminder._closing_reason(closing_reason);
BEGIN
  _case := reminder._active_case(creditor_id, invoice_no, as_of);
  PERFORM reminder._end_case(creditor_id, invoice_no, _case.case_no, 'closed', _reason, as_of);
END
$$;
COMMENT ON FUNCTION reminder.close_case(bigint, text, text, date) IS
'Closes the active case of an invoice with its closing reason, for the service or an administrator, at any stage; then a loss can be booked. closing_reason is a row of reminder.closing_reason (bankruptcy, deceased, minor, unknown address, lapsed, ...), more words after a colon; "other" needs them. Up to 1000 bytes. Raises 22R01 for any other, 55R03 without an active case, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder._take(creditor_id bigint, invoice_no text, automation text, kind text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  PERFORM reminder._keep(true);
  UPDATE reminder.invoice i SET automation = $3 WHERE i.creditor_id = $1 AND i.invoice_no = $2 AND i.automation <> $3;
  IF FOUND THEN
    -- What came due until the latest run was outside automation (R9).
    UPDATE reminder.position p SET outside_until = reminder._last_run($1), waiting_for = NULL
    WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND $3 = 'on';
    PERFORM reminder._note(creditor_id, invoice_no, kind, as_of);
  END IF;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._take(bigint, text, text, text, date) IS 'Internal: takes an invoice out of automation, or puts it back.';

CREATE FUNCTION reminder.take_out(creditor_id bigint, invoice_no text, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT reminder._take($1, $2, 'blocked', 'taken_out', $3) $$;
COMMENT ON FUNCTION reminder.take_out(bigint, text, date) IS
'Takes a single invoice out of automation; a case it has stays as it is and goes no further. Raises 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.put_back(creditor_id bigint, invoice_no text, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT reminder._take($1, $2, 'on', 'put_back', $3) $$;
COMMENT ON FUNCTION reminder.put_back(bigint, text, date) IS
'Puts an invoice back into automation that was taken out, or whose case was withdrawn or closed. Raises 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.credit_in_case(creditor_id bigint, invoice_no text, amount numeric, reason text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _credit_no text := gen_random_uuid()::text;
BEGIN
  IF amount IS NULL OR NOT (amount > 0 AND amount < 1000000000000) OR amount <> round(amount, 2) THEN
    RAISE EXCEPTION 'amount is out of range: %', left(coalesce(amount::text, 'NULL'), 64)
      USING ERRCODE = '22R03', HINT = 'Credit more than 0, with two decimals.';
  END IF;
  IF octet_length(reason) > 1000 THEN
    RAISE EXCEPTION 'reason is too long' USING ERRCODE = '22R01', HINT = 'Up to 1000 bytes.';
  END IF;
  PERFORM reminder._active_case(creditor_id, invoice_no, as_of);
  PERFORM reminder._keep(true);
  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount, reason)
  VALUES ($1, _credit_no, $2, 'credit', $5, $3, $4);
  PERFORM reminder._keep(false);
  RETURN _credit_no;
END
$$;
COMMENT ON FUNCTION reminder.credit_in_case(bigint, text, numeric, text, date) IS
'Credits an invoice through its active case: what is open and the case change together; credited in full, the case ends. reason is free text of up to 1000 bytes, or NULL. Gives the credit_no. Raises 22R01 for a longer one, 22R03 for a bad amount or one above what is open, 55R03 without an active case, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder._enforcement_fees(creditor_id bigint, invoice_no text, case_no smallint) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (SELECT coalesce(sum(e.amount), 0.00) FROM reminder.enforcement_fee e WHERE e.creditor_id = $1 AND e.invoice_no = $2 AND e.case_no = $3);
END
$$;
COMMENT ON FUNCTION reminder._enforcement_fees(bigint, text, smallint) IS
'Internal: the fees of enforcement among the fees of a case.';

CREATE FUNCTION reminder._standing(
  creditor_id bigint, invoice_no text, case_no smallint,
  OUT fees numeric, OUT not_owed numeric, OUT interest numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  -- plpgsql, because it keeps its plan
  WITH letter AS (
    SELECT d.*, d.status IN ('queued', 'sent') AS stands FROM reminder.decision d
    WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = $3 AND d.taken_back = 0 AND d.outcome = 'sent')
  SELECT s.fees,
         -- as the ledger has it when money is taken back
         CASE WHEN k.collected_by = 'creditor' AND NOT l.compensation THEN greatest(CASE WHEN l.fee_gone THEN greatest(k.fees - s.fees, 0) ELSE 0 END + w.last, w.fees)
              ELSE greatest(CASE WHEN l.compensation THEN greatest(k.fees - s.fees, 0) ELSE l.gone END, w.gone) + w.fees - w.gone END,
         greatest(l.interest, p.interest)
  INTO fees, not_owed, interest
  FROM reminder.collection_case k
  JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
  CROSS JOIN (
    SELECT coalesce(sum(d.fee) FILTER (WHERE d.stands), 0) AS fees,
           coalesce(sum(d.fee) FILTER (WHERE NOT d.stands), 0) AS gone, coalesce(bool_or(d.fee > 0 AND NOT d.stands), false) AS fee_gone,
           (array_agg(d.fee ORDER BY d.rung DESC) FILTER (WHERE d.stands AND d.fee > 0))[1] AS last_fee,
           (array_agg(d.rung ORDER BY d.rung DESC) FILTER (WHERE d.stands AND d.fee > 0))[1] AS last_rung,
           coalesce(max(d.compensation) FILTER (WHERE d.stands AND d.fees_at_least = 0), 0) AS on_top,
           coalesce(max(d.fees_at_least) FILTER (WHERE d.stands), 0) AS at_least,
           coalesce(bool_or(d.compensation > 0), false) AS compensation,
           coalesce((array_agg(d.interest ORDER BY d.rung DESC) FILTER (WHERE d.stands))[1], 0) AS interest
    FROM letter d) l
  CROSS JOIN (
    SELECT coalesce(sum(p.fee), 0) AS fees, coalesce(max(p.interest_claimed), 0) AS interest
    FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.case_no = $3) p
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(w.amount), 0) AS fees, coalesce(sum(w.amount) FILTER (WHERE w.rung IS NOT DISTINCT FROM l.last_rung), 0) AS last,
           coalesce(sum(w.amount) FILTER (WHERE EXISTS (SELECT FROM letter d WHERE d.rung = w.rung AND NOT d.stands AND d.decided_at <= w.recorded_at)), 0) AS gone
    FROM reminder.waiver w WHERE w.creditor_id = $1 AND w.invoice_no = $2 AND w.case_no = $3 AND w.kind = 'fee') w
  CROSS JOIN LATERAL (
    SELECT greatest(CASE k.collected_by WHEN 'creditor' THEN coalesce(l.last_fee, i.fee_by_hand) ELSE i.fee_by_hand + l.fees END + p.fees + l.on_top, l.at_least)
             + reminder._enforcement_fees($1, $2, $3) AS fees) s
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3;
END
$$;
COMMENT ON FUNCTION reminder._standing(bigint, text, smallint) IS
'Internal: what the letters of a case claim that went out or may, and its payment plans: fees with compensation for being late (L4) and those of enforcement (C7), and late interest; and what of its fees nobody owes: those of letters that never went out, and what was waived by hand.';

CREATE FUNCTION reminder._waiting_letter(creditor_id bigint, invoice_no text, stage text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _rung smallint;
BEGIN
  PERFORM reminder._letter_stage(stage);
  -- Those of one letter are told of together, and so locked together, ascending.
  PERFORM FROM reminder.invoice i
  WHERE i.creditor_id = $1 AND i.invoice_no IN (
    SELECT f.* FROM reminder.letter_line l CROSS JOIN LATERAL reminder._fellows($1, $2, l.rung) f
    WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.taken_back = 0)
  ORDER BY i.invoice_no FOR NO KEY UPDATE;
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  SELECT d.rung INTO _rung FROM reminder.decision d
  WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.stage = $3 AND d.status = 'queued' AND d.taken_back = 0
  ORDER BY d.rung DESC LIMIT 1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice "%" has no % waiting to be sent', invoice_no, stage
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.letter_list; shows every letter and its status.';
  END IF;
  RETURN reminder._letter_key(creditor_id, invoice_no, _rung, reminder._letter_nth(creditor_id, invoice_no, _rung, 0::smallint));
END
$$;
COMMENT ON FUNCTION reminder._waiting_letter(bigint, text, text, date) IS
'Internal: locks an invoice and gives the dedupe key of its queued letter at a stage. Raises 22R01 for a stage without letters, 55R03 if none waits.';

CREATE FUNCTION reminder.confirm_letter(creditor_id bigint, invoice_no text, stage text, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT FROM reminder._letters_sent(ARRAY[reminder._waiting_letter($1, $2, $3, $4)], $4) $$;
COMMENT ON FUNCTION reminder.confirm_letter(bigint, text, text, date) IS
'Confirms that the queued letter of an invoice at a stage (reminder, notice or demand) went out, with all invoices that it is for. Raises 22R01 for an unknown stage, 55R03 if none waits, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.fail_letter(creditor_id bigint, invoice_no text, stage text, reason text, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT FROM reminder._letters_failed(ARRAY[reminder._waiting_letter($1, $2, $3, $5)], left($4, 1000), $5) $$;
COMMENT ON FUNCTION reminder.fail_letter(bigint, text, text, text, date) IS
'Says that the queued letter of an invoice at a stage (reminder, notice or demand) finally failed, with all invoices that it is for, and for what reason: it carries no fee. Raises 22R01 for an unknown stage, 55R03 if none waits, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.case_transitions(OUT from_state text, OUT to_state text, OUT by text) RETURNS SETOF record
LANGUAGE c IMMUTABLE PARALLEL SAFE ROWS 50
AS 'MODULE_PATHNAME', 'reminder_case_transitions';
COMMENT ON FUNCTION reminder.case_transitions() IS
'Lists what may follow what in a collection case, and what brings it about; from NULL a case is opened. Raises nothing.';
