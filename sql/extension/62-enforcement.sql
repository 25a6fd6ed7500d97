/*
 * Enforcement (C7): handing a case over, what that adds to its fees, and
 * taking it back when it has brought nothing.
 */

CREATE FUNCTION reminder._advance_case(creditor_id bigint, invoice_no text, state text, reference text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case record;
BEGIN
  _case := reminder._active_case(creditor_id, invoice_no, as_of);
  IF octet_length(reference) > 64 THEN
    RAISE EXCEPTION 'reference is too long' USING ERRCODE = '22R01', HINT = 'Up to 64 bytes.';
  END IF;
  IF _case.state = state THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('the case of invoice "%s" is at "%s" already'), invoice_no, state),
      ERRCODE = '23R03', HINT = reminder._say('SELECT * FROM reminder.case_transitions() lists what may follow what.');
  END IF;
  -- The table says what a hand may do, too: only a run passes over a demand, one that was skipped.
  IF NOT EXISTS (
       SELECT FROM reminder.case_transitions() t
       WHERE t.from_state = _case.state AND t.to_state = $3
         AND t.by LIKE CASE $3 WHEN 'monitoring' THEN '%back_to_monitoring()%' ELSE '%hand_to_enforcement()%' END) THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('the case of invoice "%s" cannot go from "%s" to "%s"'), invoice_no, _case.state, state),
      ERRCODE = '23R03', HINT = reminder._say('SELECT * FROM reminder.case_transitions() lists what may follow what.');
  END IF;
  -- A case goes no further until the terms are accepted; from the authority it comes back.
  IF _case.state <> 'enforcement' THEN
    PERFORM reminder._require_terms(creditor_id, as_of);
  END IF;
  PERFORM reminder._keep(true);
  UPDATE reminder.collection_case k SET state = $3, state_on = $5, reference = coalesce($4, k.reference)
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _case.case_no;
  PERFORM reminder._note(creditor_id, invoice_no, state, as_of, _case.case_no, detail => reference);
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._advance_case(bigint, text, text, text, date) IS
'Internal: moves a case to monitoring or enforcement by hand, as far as the table of transitions allows a hand to: 23R03.';

CREATE FUNCTION reminder._enforcement_fee_cap(creditor_id bigint, invoice_no text, item text, on_date date) RETURNS numeric
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT (SELECT y.cap FROM unnest(t.above, t.cap) WITH ORDINALITY y (above, cap, tier) WHERE y.above < i.open_amount OR y.tier = 1 ORDER BY y.tier DESC LIMIT 1)
  FROM reminder.invoice i
  JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
  -- in another currency the law says nothing of an amount
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction AND j.currency = i.currency
  JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
  JOIN reminder.enforcement_fee_kind k ON k.jurisdiction = c.jurisdiction AND k.item = $3
  CROSS JOIN LATERAL reminder._fee_tiers(c.jurisdiction, u.kind, k.fee_kind, $4, $1) t
  WHERE i.creditor_id = $1 AND i.invoice_no = $2
$$;
COMMENT ON FUNCTION reminder._enforcement_fee_cap(bigint, text, text, date) IS
'Internal: the statutory fee of an item of enforcement in force on a date; NULL if none is known in the currency of the invoice.';

CREATE FUNCTION reminder._add_enforcement_fee(creditor_id bigint, invoice_no text, case_no smallint, item text, amount numeric, as_of date, reason text) RETURNS numeric
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _cap CONSTANT numeric := reminder._enforcement_fee_cap(creditor_id, invoice_no, item, as_of);
  _amount CONSTANT numeric := coalesce(amount, _cap);
BEGIN
  IF _amount IS NULL THEN
    RAISE EXCEPTION 'no statutory fee is known for "%" of invoice "%"', item, invoice_no
      USING ERRCODE = '22R03', HINT = 'Say the amount; SELECT * FROM reminder.enforcement_fee_kind; lists the fees of the law.';
  ELSIF NOT (_amount > 0 AND _amount < 1000000000000) OR _amount <> round(_amount, 2) THEN
    RAISE EXCEPTION 'amount is out of range: %', left(_amount::text, 64)
      USING ERRCODE = '22R03', HINT = 'Add more than 0, with two decimals; NULL: the fee of the law.';
  ELSIF _amount > _cap THEN
    RAISE EXCEPTION 'a fee of % for "%" is more than the law allows', _amount, item
      USING ERRCODE = '22R03', DETAIL = format('On %s it allows %s.', as_of, _cap), HINT = 'Add what the law allows; NULL: just that.';
  ELSIF EXISTS (SELECT FROM reminder.enforcement_fee e WHERE e.creditor_id = $1 AND e.invoice_no = $2 AND e.item = $4 AND e.as_of = $6) THEN
    RAISE EXCEPTION 'the fee for "%" of invoice "%" was added on % already', item, invoice_no, as_of
      USING ERRCODE = '22R03', HINT = 'SELECT * FROM reminder.enforcement_fee; lists them. One fee of an item is added a day.';
  END IF;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.enforcement_fee (creditor_id, invoice_no, fee_no, case_no, item, amount, fee_cap, as_of, reason)
  SELECT $1, $2, coalesce(max(e.fee_no), 0) + 1, $3, $4, _amount, _cap, $6, $7
  FROM reminder.enforcement_fee e WHERE e.creditor_id = $1 AND e.invoice_no = $2;
  UPDATE reminder.collection_case k SET fees = k.fees + _amount
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = $3;
  PERFORM reminder._note(creditor_id, invoice_no, 'enforcement_fee', as_of, case_no, amount => _amount, detail => concat_ws(': ', item, reason));
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
  RETURN _amount;
END
$$;
COMMENT ON FUNCTION reminder._add_enforcement_fee(bigint, text, smallint, text, numeric, date, text) IS
'Internal: adds a fee of enforcement to a case, its invoice locked. Raises 22R03.';

CREATE FUNCTION reminder.hand_to_enforcement(creditor_id bigint, invoice_no text, reference text, as_of date, application_fee numeric DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case_no smallint;
BEGIN
  PERFORM reminder._advance_case(creditor_id, invoice_no, 'enforcement', reference, as_of);
  IF application_fee IS DISTINCT FROM 0
     AND (application_fee IS NOT NULL OR (reminder._enforcement_fee_cap(creditor_id, invoice_no, 'application', as_of) > 0
          AND NOT EXISTS (SELECT FROM reminder.enforcement_fee e WHERE e.creditor_id = $1 AND e.invoice_no = $2 AND e.item = 'application' AND e.as_of = $4))) THEN
    SELECT k.case_no INTO _case_no FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.ended_on IS NULL;
    PERFORM reminder._add_enforcement_fee(creditor_id, invoice_no, _case_no, 'application', application_fee, as_of, NULL);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.hand_to_enforcement(bigint, text, text, date, numeric) IS
'Hands a case to the enforcement authority, from demand or monitoring, with the authority''s reference (up to 64 bytes, or NULL), and adds its application fee to the case''s: application_fee, never above the law''s; NULL: the law''s of that day, if one is known; 0: none. From then on the creditor cannot withdraw it. Raises 22R01 for a longer reference, 22R03 for another fee, 23R03 from any other stage, 55R03 without an active case, 55R04 while the creditor''s terms are not accepted, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.add_enforcement_fee(creditor_id bigint, invoice_no text, item text, amount numeric, as_of date, reason text DEFAULT NULL) RETURNS numeric
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _case record;
BEGIN
  IF item IS NULL OR item NOT IN ('application', 'representation', 'enforcement', 'other') THEN
    RAISE EXCEPTION 'unknown fee of enforcement "%"', left(coalesce(item, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Items are application, representation, enforcement and other.';
  ELSIF octet_length(reason) NOT BETWEEN 1 AND 1000 OR (item = 'other' AND coalesce(btrim(reason), '') = '') THEN
    RAISE EXCEPTION 'another fee of enforcement needs a reason of up to 1000 bytes'
      USING ERRCODE = '22R01', HINT = 'Say what it is for; for an item of the law it may be NULL.';
  END IF;
  _case := reminder._active_case(creditor_id, invoice_no, as_of);
  IF _case.state <> 'enforcement' THEN
    RAISE EXCEPTION 'the case of invoice "%" is not at the enforcement authority', invoice_no
      USING ERRCODE = '55R03', HINT = 'Hand it over first: reminder.hand_to_enforcement().';
  END IF;
  RETURN reminder._add_enforcement_fee(creditor_id, invoice_no, _case.case_no, item, amount, as_of, reason);
END
$$;
COMMENT ON FUNCTION reminder.add_enforcement_fee(bigint, text, text, numeric, date, text) IS
'Adds a fee of enforcement to the fees of a case that is at the enforcement authority. item: "application" (one more), "representation" (one''s own or an agent''s work), "enforcement" (of a title), or "other" with a reason; amount never above the law''s, NULL: the law''s of as_of. One of an item a day; waive_fee() takes one off. Gives the amount. Raises 22R01 for another item or a missing or longer reason, 22R03 for a bad amount, one above the law''s or a second one, 55R03 elsewhere, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.back_to_monitoring(creditor_id bigint, invoice_no text, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$ SELECT reminder._advance_case($1, $2, 'monitoring', NULL, $3) $$;
COMMENT ON FUNCTION reminder.back_to_monitoring(bigint, text, date) IS
'Takes a case back to monitoring when enforcement has ended without a result; its fees stay. Raises 23R03 from any stage but demand and enforcement, 55R03 without an active case, 55R04 from a demand while the creditor''s terms are not accepted, 22R02 for a bad date, 22R04 for an unknown invoice.';
