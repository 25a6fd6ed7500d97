/*
 * Payment plans (C5): shown, made and removed by hand. That one is broken or
 * paid follows from dates and payments: src/plans.c.
 */

CREATE FUNCTION reminder._plan_stands(
  creditor_id bigint, invoice_no text, plan_no smallint,
  OUT until_on date, OUT paid numeric, OUT owed numeric, OUT changed_on date)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH plan AS MATERIALIZED (
    SELECT p.*, p.principal + p.interest + p.fees AS total FROM reminder.payment_plan p
    WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.plan_no = $3),
  money AS MATERIALIZED (
    SELECT y.paid_on, y.bounced_on, y.amount - coalesce(a.overpaid, 0) AS amount
    FROM reminder.payment y LEFT JOIN reminder.allocation a ON a.creditor_id = y.creditor_id AND a.payment_no = y.payment_no
    WHERE y.creditor_id = $1 AND y.invoice_no = $2),
  now AS MATERIALIZED (
    SELECT coalesce((SELECT sum(m.amount) FROM money m WHERE m.bounced_on IS NULL), 0) - p.paid_before AS paid,
           i.open_amount + coalesce(least(p.fees, k.fees - k.fees_paid - k.fees_waived) + least(p.interest, k.interest - k.interest_paid - k.interest_waived), 0) AS owed,
           greatest(p.agreed_on, k.ended_on,
                    (SELECT max(coalesce(m.bounced_on, m.paid_on)) FROM money m),
                    (SELECT max(c.credited_on) FROM reminder.credit c WHERE c.creditor_id = $1 AND c.invoice_no = $2),
                    (SELECT max(w.as_of) FROM reminder.waiver w WHERE w.creditor_id = $1 AND w.invoice_no = $2)) AS changed_on
    FROM plan p
    JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = $2
    LEFT JOIN LATERAL (
      SELECT k.* FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 ORDER BY k.case_no DESC LIMIT 1) k ON true),
  -- What is credited or waived is taken off the last instalments; what rounding leaves is asked of the last.
  asked AS MATERIALIZED (
    SELECT s.in_time_until AS last_day,
           least(sum(s.amount) OVER w, p.total, n.owed + n.paid)
           - CASE WHEN lead(1) OVER w IS NULL THEN 0 ELSE s.instalment_no * greatest(p.rounded_to / 2 - 0.01, 0) END AS amount
    FROM reminder.instalment s CROSS JOIN plan p CROSS JOIN now n
    WHERE s.creditor_id = $1 AND s.invoice_no = $2 AND s.plan_no = $3
    WINDOW w AS (ORDER BY s.instalment_no))
  -- An instalment is missed from the day after its last one, or from that on which a payment went back.
  SELECT (SELECT min(d.day) - 1
          FROM asked s
          CROSS JOIN LATERAL (SELECT s.last_day + 1 UNION SELECT m.bounced_on FROM money m WHERE m.bounced_on > s.last_day + 1) d (day)
          WHERE s.amount > coalesce((SELECT sum(m.amount) FROM money m
                                     WHERE m.paid_on <= s.last_day AND coalesce(m.bounced_on > d.day, true)), 0) - p.paid_before),
         n.paid, n.owed, n.changed_on
  FROM plan p CROSS JOIN now n
$$;
COMMENT ON FUNCTION reminder._plan_stands(bigint, text, smallint) IS
'Internal: until which day a payment plan stands, by its instalments and the payments that count (NULL: nothing of it can be missed); what is paid of it, what is owed, and when that last changed.';

CREATE FUNCTION reminder._keep_plans(creditor_id bigint, invoice_nos text[]) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_keep_plans';
COMMENT ON FUNCTION reminder._keep_plans(bigint, text[]) IS
'Internal: has the payment plans of invoices, locked already, follow what is paid and owed.';

CREATE FUNCTION reminder._plan_days(instalments integer, first_due date, every_months integer, due_dates date[], as_of date) RETURNS date[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _days date[] := due_dates;
  _last date := as_of - 1;
BEGIN
  IF (due_dates IS NULL) = (instalments IS NULL AND first_due IS NULL) THEN
    RAISE EXCEPTION 'a payment plan needs a number of instalments and a first due date, or due dates'
      USING ERRCODE = '22R01', HINT = 'instalments => 3, first_due => ''2026-03-01''; or due_dates => ''{2026-03-01,2026-04-01}''.';
  END IF;
  IF due_dates IS NULL THEN
    PERFORM reminder._date(first_due, 'first_due');
    IF (instalments BETWEEN 1 AND 120) IS NOT TRUE OR (every_months BETWEEN 1 AND 12) IS NOT TRUE THEN
      RAISE EXCEPTION 'instalments or every_months is out of range: %, %', coalesce(instalments::text, 'NULL'), coalesce(every_months::text, 'NULL')
        USING ERRCODE = '22R01', HINT = 'From 1 to 120 instalments, every 1 to 12 months.';
    END IF;
    -- Each from the first one, so that the 31st comes back after a shorter month.
    SELECT array_agg((first_due + make_interval(months => n * every_months))::date ORDER BY n) INTO _days FROM generate_series(0, instalments - 1) n;
  ELSIF coalesce(array_ndims(due_dates), 0) <> 1 OR cardinality(due_dates) > 120 THEN
    RAISE EXCEPTION 'due_dates is not an array of 1 to 120 dates' USING ERRCODE = '22R01', HINT = 'Name them as ''{2026-03-01,2026-04-01}''.';
  END IF;
  FOR n IN array_lower(_days, 1) .. array_upper(_days, 1) LOOP
    PERFORM reminder._date(_days[n], 'a due date');
    IF _days[n] <= _last THEN
      RAISE EXCEPTION 'instalment due on % does not follow %', _days[n], _last
        USING ERRCODE = '22R02', HINT = 'Due dates are in order, the first not before the plan is agreed on.';
    END IF;
    _last := _days[n];
  END LOOP;
  RETURN ARRAY(SELECT unnest(_days));
END
$$;
COMMENT ON FUNCTION reminder._plan_days(integer, date, integer, date[], date) IS
'Internal: the due dates of a payment plan, from how it is asked for. Raises 22R01, 22R02.';

CREATE FUNCTION reminder._plan_amounts(total numeric, n integer, amounts numeric[]) RETURNS numeric[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _amounts numeric[] := amounts;
  _amount numeric;
BEGIN
  IF _amounts IS NULL THEN
    _amounts := array_fill(trunc(total / n, 2), ARRAY[n - 1]);
  END IF;
  FOREACH _amount IN ARRAY _amounts LOOP
    IF _amount IS NULL OR NOT (_amount > 0 AND _amount < 1000000000000) OR _amount <> round(_amount, 2) THEN
      RAISE EXCEPTION 'amount is out of range: %', left(coalesce(_amount::text, 'NULL'), 64)
        USING ERRCODE = '22R03', HINT = 'An instalment is more than 0, with two decimals.';
    END IF;
  END LOOP;
  _amount := (SELECT coalesce(sum(a), 0) FROM unnest(_amounts) a);
  IF cardinality(_amounts) = n - 1 AND _amount < total THEN
    _amounts := _amounts || total - _amount;
  ELSIF cardinality(_amounts) <> n OR _amount <> total THEN
    RAISE EXCEPTION 'the instalments do not come to what is owed'
      USING ERRCODE = '22R03', DETAIL = format('Owed are %s; %s come to %s, for %s.', total, reminder._count(cardinality(_amounts), 'amount'), _amount, reminder._count(n, 'due date')),
            HINT = 'Name an amount for each due date, or for all but the last, which then takes the rest.';
  END IF;
  RETURN ARRAY(SELECT unnest(_amounts)::numeric(14,2));
END
$$;
COMMENT ON FUNCTION reminder._plan_amounts(numeric, integer, numeric[]) IS
'Internal: the amounts of the instalments of a payment plan, which come to what is owed to the last öre. Raises 22R03.';

CREATE FUNCTION reminder._plan_fee(
  creditor_id bigint, debtor_kind text, principal numeric, currency text, instalments integer, as_of date,
  OUT fee_cap numeric, OUT fee_law text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _jurisdiction text;
  _kind text;
BEGIN
  -- Where the law has less for few instalments, that.
  SELECT c.jurisdiction, k.kind, f.cap INTO _jurisdiction, _kind, fee_cap
  FROM reminder.creditor c
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
  CROSS JOIN LATERAL (VALUES ('payment_plan'), ('payment_plan_up_to_4_instalments')) k (kind)
  CROSS JOIN LATERAL reminder._fee_tiers(c.jurisdiction, $2, k.kind, $6, $1) t
  CROSS JOIN LATERAL (
    SELECT u.cap FROM unnest(t.above, t.cap) WITH ORDINALITY u (above, cap, tier)
    WHERE u.above < $3 OR u.tier = 1 ORDER BY u.tier DESC LIMIT 1) f
  WHERE c.creditor_id = $1 AND j.currency = $4 AND (k.kind = 'payment_plan' OR $5 <= 4)
  ORDER BY f.cap LIMIT 1;
  IF _kind IS NOT NULL THEN
    SELECT max(l.source) INTO fee_law FROM reminder._fees_in_force(_jurisdiction, $6, $1) l
    WHERE l.fee_kind = _kind AND l.debtor_kind IN ($2, 'any') AND l.confidence <> 'unconfirmed';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._plan_fee(bigint, text, numeric, text, integer, date) IS
'Internal: the most that a payment plan may cost (L2), and by which law; NULL: no statutory cap.';

CREATE FUNCTION reminder._plan_total(creditor_id bigint, debtor_kind text, principal numeric, currency text, as_of date) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT u.cap
    FROM reminder.creditor c
    JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
    CROSS JOIN LATERAL reminder._fee_tiers(c.jurisdiction, $2, j.total_fee_kind, $5, $1) t
    CROSS JOIN LATERAL unnest(t.above, t.cap) WITH ORDINALITY u (above, cap, tier)
    WHERE c.creditor_id = $1 AND j.currency = $4 AND (u.above < $3 OR u.tier = 1)
    ORDER BY u.tier DESC LIMIT 1);
END
$$;
COMMENT ON FUNCTION reminder._plan_total(bigint, text, numeric, text, date) IS
'Internal: the most that all fees of a claim together may come to (L3), a payment plan''s too; NULL: no statutory cap.';

/*
 * A plan before it is made, and what making it does to the case.
 */
CREATE FUNCTION reminder._plan_draft(
  creditor_id bigint, invoice_no text, as_of date, instalments integer, first_due date, every_months integer, due_dates date[], amounts numeric[],
  asked_fee numeric, with_interest boolean, with_fees boolean, grace_days integer,
  OUT case_no smallint, OUT rung smallint, OUT principal numeric, OUT interest numeric, OUT fees numeric,
  OUT fee numeric, OUT fee_added numeric, OUT fee_cap numeric, OUT fee_law text, OUT fee_to text,
  OUT interest_claimed numeric, OUT paid_before numeric, OUT rounded_to numeric, OUT grace smallint,
  OUT days date[], OUT last_days date[], OUT parts numeric[])
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _claim record;
BEGIN
  SELECT i.open_amount, i.kind, i.currency, i.external_collection, u.kind AS debtor_kind, c.plan_grace_days,
         k.case_no, k.collected_by, k.state_on, k.compensation, k.interest, k.interest_paid + k.interest_waived AS interest_settled,
         k.fees - k.fees_waived AS fees, k.fees - k.fees_paid - k.fees_waived AS fees_open, coalesce(r.claims_interest, false) AS claims_interest,
         (SELECT r.unit FROM reminder.rounding_rule r
          WHERE c.rounds_payments AND r.jurisdiction = c.jurisdiction AND r.currency = i.currency AND r.valid_from <= $3 AND r.confidence <> 'unconfirmed'
          ORDER BY r.valid_from DESC LIMIT 1) AS unit
  INTO _claim
  FROM reminder.invoice i
  JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
  JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
  LEFT JOIN reminder.rule r ON r.creditor_id = u.creditor_id AND r.rule_no = u.rule_no
  LEFT JOIN reminder.collection_case k ON k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL
  WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  IF NOT FOUND THEN
    PERFORM reminder._unknown_invoice(invoice_no);
  END IF;
  IF EXISTS (SELECT FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.state = 'active') THEN
    RAISE EXCEPTION 'invoice "%" has a payment plan', invoice_no
      USING ERRCODE = '55R08', HINT = 'Remove it first: reminder.remove_payment_plan().';
  END IF;
  IF as_of < greatest(_claim.state_on, (SELECT max(greatest(p.agreed_on, p.ended_on)) FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2)) THEN
    RAISE EXCEPTION 'as_of % is before what has happened to invoice "%"', as_of, invoice_no
      USING ERRCODE = '22R02', HINT = 'Its case came to its stage, or a payment plan of it ended, later: events do not go back in time.';
  END IF;
  IF NOT grace_days BETWEEN 0 AND 60 THEN
    RAISE EXCEPTION 'grace_days is out of range: %', grace_days USING ERRCODE = '22R01', HINT = 'From 0 to 60 days; NULL: as the creditor has it.';
  END IF;
  grace := coalesce(grace_days, _claim.plan_grace_days);
  days := reminder._plan_days(instalments, first_due, every_months, due_dates, as_of);
  SELECT array_agg(reminder._waits_from($1, d.day) + grace ORDER BY d.day) INTO last_days FROM unnest(days) d (day);

  case_no := _claim.case_no;
  rung := coalesce((SELECT max(d.rung) FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = _claim.case_no AND d.taken_back = 0), 0);
  principal := CASE _claim.kind WHEN 'credit_note' THEN 0 ELSE _claim.open_amount END;
  fee := coalesce(asked_fee, 0);
  IF NOT (fee >= 0 AND fee < 1000000000000) OR fee <> round(fee, 2) THEN
    RAISE EXCEPTION 'fee is out of range: %', left(asked_fee::text, 64) USING ERRCODE = '22R03', HINT = 'A fee is 0 or more, with two decimals.';
  END IF;
  IF fee > 0 AND case_no IS NULL THEN
    RAISE EXCEPTION 'a fee for the payment plan of invoice "%" needs an active case', invoice_no
      USING ERRCODE = '55R03', HINT = 'Without a case nothing but the principal is claimed: leave the fee out.';
  END IF;
  SELECT f.fee_cap, f.fee_law INTO fee_cap, fee_law
  FROM reminder._plan_fee(creditor_id, _claim.debtor_kind, principal, _claim.currency, cardinality(days), as_of) f;
  IF fee > fee_cap THEN
    RAISE EXCEPTION 'a fee of % for a payment plan is more than the law allows', fee
      USING ERRCODE = '22R03', DETAIL = format('It allows %s on %s: %s.', fee_cap, as_of, fee_law), HINT = 'Take that or less.';
  END IF;
  -- Where the law offsets compensation for being late, a fee is held by it until it is used up (L4).
  fee_added := CASE WHEN _claim.compensation > 0 AND EXISTS (
    SELECT FROM reminder.decision d
    WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = _claim.case_no AND d.taken_back = 0 AND d.fees_at_least > 0 AND d.status IN ('queued', 'sent'))
    THEN greatest(fee - _claim.compensation, 0) ELSE fee END;
  IF fee > 0 AND _claim.fees + fee_added > reminder._plan_total(creditor_id, _claim.debtor_kind, principal, _claim.currency, as_of) THEN
    RAISE EXCEPTION 'a fee of % for a payment plan is more than the law allows', fee
      USING ERRCODE = '22R03', DETAIL = format('All fees of the claim together would come to %s; it allows %s on %s.', _claim.fees + fee_added,
                                               reminder._plan_total(creditor_id, _claim.debtor_kind, principal, _claim.currency, as_of), as_of), HINT = 'Take less.';
  END IF;
  fee_to := CASE WHEN fee > 0 THEN _claim.collected_by END;
  fees := CASE WHEN with_fees THEN coalesce(_claim.fees_open, 0) ELSE 0 END + fee_added;
  interest_claimed := coalesce(_claim.interest, 0);
  IF with_interest AND case_no IS NOT NULL AND _claim.claims_interest AND principal > 0 THEN
    -- As a letter of the day would claim it.
    interest_claimed := greatest(interest_claimed,
      coalesce((SELECT max(s.total) FROM reminder.invoice_interest(creditor_id, invoice_no, as_of) s), 0)
      - coalesce((SELECT sum(k.interest_paid) FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.ended_on IS NOT NULL), 0)
      - coalesce((SELECT sum(w.amount) FROM reminder.waiver w WHERE w.creditor_id = $1 AND w.invoice_no = $2 AND w.kind = 'interest' AND w.case_no <> _claim.case_no), 0));
  END IF;
  interest := CASE WHEN with_interest THEN interest_claimed - coalesce(_claim.interest_settled, 0) ELSE 0 END;
  IF principal + interest + fees = 0 THEN
    RAISE EXCEPTION 'nothing is owed on invoice "%"', invoice_no
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.invoice_status; shows where each invoice stands.';
  END IF;
  parts := reminder._plan_amounts(principal + interest + fees, cardinality(days), amounts);
  paid_before := coalesce((
    SELECT sum(y.amount - coalesce(a.overpaid, 0))
    FROM reminder.payment y LEFT JOIN reminder.allocation a ON a.creditor_id = y.creditor_id AND a.payment_no = y.payment_no
    WHERE y.creditor_id = $1 AND y.invoice_no = $2 AND y.bounced_on IS NULL), 0);
  rounded_to := _claim.unit;
END
$$;
COMMENT ON FUNCTION reminder._plan_draft(bigint, text, date, integer, date, integer, date[], numeric[], numeric, boolean, boolean, integer) IS
'Internal: a payment plan as it would be made. Raises what make_payment_plan() does.';

CREATE FUNCTION reminder.preview_payment_plan(
  creditor_id bigint, invoice_no text, as_of date, instalments integer DEFAULT NULL, first_due date DEFAULT NULL, every_months integer DEFAULT 1,
  due_dates date[] DEFAULT NULL, amounts numeric[] DEFAULT NULL, fee numeric DEFAULT NULL,
  with_interest boolean DEFAULT true, with_fees boolean DEFAULT true, grace_days integer DEFAULT NULL,
  OUT instalment integer, OUT due_date date, OUT in_time_until date, OUT amount numeric, OUT left_after numeric,
  OUT principal numeric, OUT interest numeric, OUT fees numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 12
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($3, 'as_of');
  RETURN QUERY
    SELECT s.n::integer, s.due_date, s.last_day, s.amount, d.principal + d.interest + d.fees - sum(s.amount) OVER (ORDER BY s.n), d.principal, d.interest, d.fees
    FROM reminder._plan_draft($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, true), coalesce($11, true), $12) d
    CROSS JOIN LATERAL unnest(d.days, d.last_days, d.parts) WITH ORDINALITY s (due_date, last_day, amount, n)
    ORDER BY s.n;
END
$$;
COMMENT ON FUNCTION reminder.preview_payment_plan(bigint, text, date, integer, date, integer, date[], numeric[], numeric, boolean, boolean, integer) IS
'Shows the payment plan that make_payment_plan() would make of the same arguments (instalments, first_due, every_months, due_dates, amounts, fee, with_interest, with_fees, grace_days), and makes none: a row an instalment, with the last day on which it is paid in time and what is owed after it; and what the whole plan is of: principal, interest and fees. Raises what that does.';

CREATE FUNCTION reminder.make_payment_plan(
  creditor_id bigint, invoice_no text, as_of date, instalments integer DEFAULT NULL, first_due date DEFAULT NULL, every_months integer DEFAULT 1,
  due_dates date[] DEFAULT NULL, amounts numeric[] DEFAULT NULL, fee numeric DEFAULT NULL,
  with_interest boolean DEFAULT true, with_fees boolean DEFAULT true, grace_days integer DEFAULT NULL) RETURNS smallint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _plan record;
  _hold smallint;
  _no smallint;
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  SELECT d.* INTO _plan
  FROM reminder._plan_draft($1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce($10, true), coalesce($11, true), $12) d;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.hold (creditor_id, invoice_no, hold_no, kind, reason, from_on, until_on)
  SELECT $1, $2, coalesce(max(h.hold_no), 0) + 1, 'payment_plan', 'payment plan', $3, _plan.last_days[1]
  FROM reminder.hold h WHERE h.creditor_id = $1 AND h.invoice_no = $2
  RETURNING hold_no INTO _hold;
  INSERT INTO reminder.payment_plan (
    creditor_id, invoice_no, plan_no, hold_no, case_no, rung, agreed_on, principal, interest, fees, fee, fee_added, fee_cap, fee_law, fee_to,
    interest_claimed, paid_before, rounded_to, grace_days)
  SELECT $1, $2, coalesce(max(p.plan_no), 0) + 1, _hold, _plan.case_no, _plan.rung, $3, _plan.principal, _plan.interest, _plan.fees, _plan.fee, _plan.fee_added,
         _plan.fee_cap, _plan.fee_law, _plan.fee_to, _plan.interest_claimed, _plan.paid_before, _plan.rounded_to, _plan.grace
  FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2
  RETURNING plan_no INTO _no;
  INSERT INTO reminder.instalment (creditor_id, invoice_no, plan_no, instalment_no, due_date, in_time_until, amount)
  SELECT $1, $2, _no, s.n, s.due_date, s.last_day, s.amount
  FROM unnest(_plan.days, _plan.last_days, _plan.parts) WITH ORDINALITY s (due_date, last_day, amount, n);
  UPDATE reminder.collection_case k
  SET fees = k.fees + _plan.fee_added, compensation = k.compensation - (_plan.fee - _plan.fee_added), interest = _plan.interest_claimed
  WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.case_no = _plan.case_no;
  PERFORM reminder._note(creditor_id, invoice_no, 'plan_made', as_of, _plan.case_no, amount => _plan.principal + _plan.interest + _plan.fees,
                         detail => concat_ws(', ', reminder._count(cardinality(_plan.days), 'instalment'), 'a fee of ' || nullif(_plan.fee, 0)::numeric(14,2)));
  PERFORM reminder._keep_version(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
  RETURN _no;
END
$$;
COMMENT ON FUNCTION reminder.make_payment_plan(bigint, text, date, integer, date, integer, date[], numeric[], numeric, boolean, boolean, integer) IS
'Makes a payment plan for an invoice, with a case or without one, agreed on as_of: of a number of instalments, the first due on first_due and then one every_months months, or due on due_dates; of equal amounts in the invoice''s currency, or of the amounts named, the last taking the rest. It is of the open principal, and in a case of late interest up to as_of (with_interest) and of fees (with_fees), its own fee (NULL: none) included. grace_days after its due date an instalment is still in time (NULL: creditor.plan_grace_days). While the plan stands no letter is sent, not by hand either; the first run after an instalment was missed finds it broken, and the next stage falls due. Gives its number. Raises 22R01 for a plan that is not said, 22R02 for bad due dates, 22R03 for amounts that are not what is owed or a fee above the law''s, 55R03 when nothing is owed, or for a fee without a case, 55R08 while another plan stands, 55R05 if a rate is missing, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.remove_payment_plan(creditor_id bigint, invoice_no text, why text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _plan record;
BEGIN
  PERFORM reminder._reason(why, 'removing a payment plan');
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  SELECT p.plan_no, p.hold_no, p.case_no, p.agreed_on INTO _plan FROM reminder.payment_plan p
  WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.state = 'active';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice "%" has no payment plan', invoice_no
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.payment_plan_list; shows every plan and what became of it.';
  ELSIF as_of < _plan.agreed_on THEN
    RAISE EXCEPTION 'as_of % is before the payment plan of invoice "%" was agreed on, %', as_of, invoice_no, _plan.agreed_on
      USING ERRCODE = '22R02', HINT = 'Events do not go back in time.';
  END IF;
  PERFORM reminder._keep(true);
  UPDATE reminder.payment_plan p SET state = 'removed', ended_on = $4, why = $3
  WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.plan_no = _plan.plan_no;
  UPDATE reminder.hold h SET until_on = NULL, released_on = $4
  WHERE h.creditor_id = $1 AND h.invoice_no = $2 AND h.hold_no = _plan.hold_no;
  PERFORM reminder._note(creditor_id, invoice_no, 'plan_removed', as_of, _plan.case_no, detail => why);
  PERFORM reminder._end_settled(k.creditor_id, k.invoice_no, k.case_no, as_of)
  FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.invoice_no = $2 AND k.ended_on IS NULL;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.remove_payment_plan(bigint, text, text, date) IS
'Removes the payment plan that stands on an invoice, from as_of on; why is a text of up to 1000 bytes. What it has put to the case stays claimed. Steps that came due meanwhile stay closed under rules that do not catch up. Raises 22R01 without a reason, 22R02 for a bad date, 55R03 without a plan, 22R04 for an unknown invoice.';
