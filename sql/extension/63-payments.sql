/*
 * 63-payments.sql: money that has to find its invoice (M1). A payment can be
 * inserted as it comes; these are for what a plain INSERT cannot say: its
 * currency, that it is another invoice's, or nobody's yet.
 */

CREATE FUNCTION reminder.record_payment(
  creditor_id bigint, payment_no text, paid_on date, amount numeric, currency text,
  invoice_no text DEFAULT NULL, reference text DEFAULT NULL, source text DEFAULT NULL, allocates text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _own text;
  _invoice_no text;
  _currency text;
  _source text;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($3, 'paid_on');
  IF $5 IS NULL OR $5 !~ '^[A-Z]{3}$' THEN
    RAISE EXCEPTION '"%" is no currency', left(coalesce($5, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Three capital letters, as "SEK".';
  END IF;
  IF $8 IS NOT NULL THEN
    PERFORM reminder._word($8, 'source', ARRAY['creditor', 'service', 'agency']);
  END IF;
  IF $9 IS NOT NULL THEN
    PERFORM reminder._word($9, 'allocation', ARRAY['principal', 'law']);
  END IF;
  SELECT c.currency INTO _own FROM reminder.creditor c WHERE c.creditor_id = $1;
  SELECT i.invoice_no, i.currency INTO _invoice_no, _currency
  FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = coalesce($6, reminder._referenced($1, $7));
  IF $6 IS NOT NULL AND NOT FOUND THEN
    PERFORM reminder._unknown_invoice($6);
  ELSIF $6 IS NOT NULL AND _currency <> $5 THEN
    RAISE EXCEPTION 'payment "%" is in %, and invoice "%" in %', left(coalesce($2, 'NULL'), 64), $5, $6, _currency
      USING ERRCODE = '22R01', HINT = 'Record it without an invoice: it is then held.';
  ELSIF _currency <> $5 THEN
    -- It came in, whatever it is: nobody can be told to take it back.
    RAISE WARNING 'payment "%" is held: it is in %, and invoice "%" in %', left(coalesce($2, 'NULL'), 64), $5, _invoice_no, _currency
      USING ERRCODE = '01R02', HINT = 'SELECT * FROM reminder.unmatched_payments; shows what is held.';
    _invoice_no := NULL;
  END IF;
  -- Whom the last letter said to pay.
  _source := coalesce($8, (
    SELECT CASE d.collected_by WHEN 'creditor' THEN 'creditor' ELSE 'service' END
    FROM reminder.decision d
    WHERE d.creditor_id = $1 AND d.invoice_no = _invoice_no AND d.outcome = 'sent' AND d.taken_back = 0 AND d.status IN ('queued', 'sent')
    ORDER BY d.rung DESC LIMIT 1), 'creditor');
  -- Its reference comes after it, or it would match.
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, reference, allocates)
  VALUES ($1, $2, _invoice_no, $3, $4, _source, CASE WHEN _invoice_no IS NOT NULL THEN $7 END, $9);
  IF _invoice_no IS NULL AND $7 IS NOT NULL THEN
    UPDATE reminder.payment p SET reference = $7 WHERE p.creditor_id = $1 AND p.payment_no = $2;
  END IF;
  IF _invoice_no IS NULL AND $5 <> _own THEN
    PERFORM reminder._keep(true);
    INSERT INTO reminder.payment_currency (creditor_id, payment_no, currency) VALUES ($1, $2, $5);
    PERFORM reminder._keep(false);
  END IF;
  RETURN _invoice_no;
END
$$;
COMMENT ON FUNCTION reminder.record_payment(bigint, text, date, numeric, text, text, text, text, text) IS
'Records a payment of amount in currency on the day paid_on, of the invoice invoice_no or the one that reference names; source, "creditor" or "service", is whom the invoice''s last letter said to pay, if it is left out; allocates as in reminder.payment. Gives the invoice, or NULL: it matches none and waits in unmatched_payments, as it does with a warning (01R02) if the invoice of its reference is in another currency. Warns with 01R01 of an overpayment. Raises 22R01 for a bad currency or one that is not the invoice''s, and for an unknown source or way to allocate, 22R02 for a bad date, 22R04 for an unknown creditor or invoice.';

CREATE FUNCTION reminder._lock_payment(creditor_id bigint, payment_no text, as_of date, OUT invoice_no text, OUT reference text, OUT amount numeric)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _paid_on date;
  _bounced_on date;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($3, 'as_of');
  -- As an UPDATE of it does: the payment first, then its invoices.
  SELECT p.invoice_no, p.reference, p.amount, p.paid_on, p.bounced_on INTO invoice_no, reference, amount, _paid_on, _bounced_on
  FROM reminder.payment p WHERE p.creditor_id = $1 AND p.payment_no = $2 FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'payment "%" is unknown or not yours', left(coalesce($2, 'NULL'), 64)
      USING ERRCODE = '22R04', HINT = 'SELECT payment_no FROM reminder.payment; lists the payments there are.';
  END IF;
  PERFORM reminder._refuse_stale($1, NULL, $2);
  IF _bounced_on IS NOT NULL THEN
    RAISE EXCEPTION 'payment "%" went back on %', $2, _bounced_on
      USING ERRCODE = '55R03', HINT = 'There is no money to move.';
  ELSIF $3 < _paid_on THEN
    RAISE EXCEPTION 'as_of % is before payment "%" was made on %', $3, $2, _paid_on
      USING ERRCODE = '22R02', HINT = 'Take that day or a later one.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._lock_payment(bigint, text, date) IS
'Internal: locks a payment that counts until the end of the transaction. Raises 22R02, 22R04, 55R03.';

CREATE FUNCTION reminder.match_payment(creditor_id bigint, payment_no text, to_invoice text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _payment record;
  _invoice_no text;
BEGIN
  _payment := reminder._lock_payment($1, $2, $4);
  SELECT i.invoice_no INTO _invoice_no
  FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = coalesce($3, reminder._referenced($1, _payment.reference));
  IF NOT FOUND AND $3 IS NULL THEN
    RAISE EXCEPTION 'the reference of payment "%" matches no invoice', $2
      USING ERRCODE = '55R03', HINT = 'Name the invoice.';
  ELSIF NOT FOUND THEN
    PERFORM reminder._unknown_invoice($3);
  ELSIF _payment.invoice_no = _invoice_no THEN
    RETURN _invoice_no;
  END IF;
  -- Invoices, cases, plans and postings follow by the triggers; they lock both invoices.
  PERFORM reminder._move_on($4);
  UPDATE reminder.payment p SET invoice_no = _invoice_no WHERE p.creditor_id = $1 AND p.payment_no = $2;
  PERFORM reminder._move_on(NULL);
  PERFORM reminder._keep(true);
  IF _payment.invoice_no IS NOT NULL THEN
    PERFORM reminder._note($1, _payment.invoice_no, 'payment_moved', $4, amount => _payment.amount, detail => format('%s to %s', $2, _invoice_no));
  END IF;
  PERFORM reminder._note($1, _invoice_no, 'payment_matched', $4, amount => _payment.amount, detail => $2);
  PERFORM reminder._keep(false);
  RETURN _invoice_no;
END
$$;
COMMENT ON FUNCTION reminder.match_payment(bigint, text, text, date) IS
'Takes a payment that is of no invoice, or of another one, to the invoice to_invoice (NULL: the one that its reference names by now), with an event on as_of on each. What is open, cases, plans and settlements follow, as if it had been paid there; it keeps the day it was paid on, but is posted back and anew on as_of. Gives the invoice; nothing changes if the payment is there. Warns with 01R01 of an overpayment. Raises 22R01 for an invoice of another currency, 22R02 for a bad date or one before the payment, 22R03 if more of it was paid back than would be left over, 22R04 for an unknown creditor, payment or invoice, 55R03 if it went back, or its reference matches nothing.';

CREATE FUNCTION reminder.unmatch_payment(creditor_id bigint, payment_no text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _payment record;
BEGIN
  _payment := reminder._lock_payment($1, $2, $3);
  IF _payment.invoice_no IS NULL THEN
    RETURN;
  END IF;
  PERFORM reminder._move_on($3);
  UPDATE reminder.payment p SET invoice_no = NULL WHERE p.creditor_id = $1 AND p.payment_no = $2;
  PERFORM reminder._move_on(NULL);
  PERFORM reminder._keep(true);
  PERFORM reminder._note($1, _payment.invoice_no, 'payment_unmatched', $3, amount => _payment.amount, detail => $2);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.unmatch_payment(bigint, text, date) IS
'Takes a payment off its invoice, with an event on as_of: it waits in unmatched_payments, in the invoice''s currency. The case reopens as if the payment had gone back. Nothing changes if it is of no invoice. Raises 22R02 for a bad date or one before the payment, 22R04 for an unknown creditor or payment, 55R03 if it went back.';

CREATE FUNCTION reminder.use_balance(creditor_id bigint, payment_no text, to_invoice text, amount numeric, as_of date, new_payment_no text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _payment record;
  _from record;
  _to record;
  _balance numeric;
  _amount numeric;
  _new_no text := coalesce($6, gen_random_uuid()::text);
BEGIN
  _payment := reminder._lock_payment($1, $2, $5);
  -- Both invoices, ascending, as everybody locks them.
  PERFORM FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no IN (_payment.invoice_no, $3) ORDER BY i.invoice_no FOR NO KEY UPDATE;
  PERFORM reminder._refuse_stale($1, i, NULL) FROM unnest(ARRAY[_payment.invoice_no, $3]) i
  WHERE EXISTS (SELECT FROM reminder.invoice x WHERE x.creditor_id = $1 AND x.invoice_no = i);
  SELECT i.customer_no, i.currency INTO _from FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = _payment.invoice_no;
  SELECT i.customer_no, i.currency, i.open_amount + coalesce((
           SELECT sum(k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived) FROM reminder.collection_case k
           WHERE k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL), 0) AS owed
  INTO _to FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $3;
  IF NOT FOUND THEN
    PERFORM reminder._unknown_invoice($3);
  END IF;
  SELECT coalesce((SELECT a.overpaid FROM reminder.allocation a WHERE a.creditor_id = $1 AND a.payment_no = $2), 0)
       - coalesce((SELECT sum(r.amount) FROM reminder.refund r WHERE r.creditor_id = $1 AND r.payment_no = $2), 0) INTO _balance;
  _amount := coalesce($4, least(_balance, _to.owed));
  IF _payment.invoice_no IS NULL OR _balance <= 0 THEN
    RAISE EXCEPTION 'payment "%" has no credit balance', $2
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.credit_balance; shows what customers have.';
  ELSIF _from.customer_no <> _to.customer_no OR _payment.invoice_no = $3 THEN
    RAISE EXCEPTION 'the credit balance of payment "%" is not for invoice "%"', $2, $3
      USING ERRCODE = '22R01', HINT = 'Another invoice of the same customer.';
  ELSIF _from.currency <> _to.currency THEN
    RAISE EXCEPTION 'payment "%" is in %, and invoice "%" in %', $2, _from.currency, $3, _to.currency
      USING ERRCODE = '22R01', HINT = 'Exchange it, and record what came of it as a payment of its own.';
  ELSIF (_amount > 0 AND _amount <= _balance) IS NOT TRUE THEN
    RAISE EXCEPTION '% of the credit balance of payment "%" cannot be used', _amount, $2
      USING ERRCODE = '22R03', DETAIL = format('The balance is %s, and on invoice "%s" are owed %s.', _balance, $3, _to.owed), HINT = 'Use what is left of it, for what is owed.';
  END IF;
  -- Paid back and paid in: what is kept of payments, and settled, stays true of each. Its number is the refund's.
  INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES ($1, $2, _new_no, $5, _amount);
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source)
  SELECT $1, _new_no, $3, $5, _amount, p.source FROM reminder.payment p WHERE p.creditor_id = $1 AND p.payment_no = $2;
  PERFORM reminder._keep(true);
  PERFORM reminder._note($1, _payment.invoice_no, 'balance_used', $5, amount => _amount, detail => format('of %s for %s', $2, $3));
  PERFORM reminder._keep(false);
  RETURN _new_no;
END
$$;
COMMENT ON FUNCTION reminder.use_balance(bigint, text, text, numeric, date, text) IS
'Uses amount of the credit balance of a payment (NULL: as much as there is and is owed) for another invoice of the same customer, to_invoice: a refund of it, and a payment there on as_of, both numbered new_payment_no, with an event. To undo it, delete that payment and the refund. Gives the number. Raises 22R01 for an invoice of another customer or currency, or its own, 22R02 for a bad date or one before the payment, 22R03 for an amount that is not there, 22R04 for an unknown creditor, payment or invoice, 55R03 if the payment has no balance or went back.';
