/*
 * 69-tax-reduction.sql: the authority's share of an invoice (F8): paid by the
 * authority, or refused, and then the customer's.
 */

CREATE FUNCTION reminder._lock_reduction(
  creditor_id bigint, invoice_no text, reduction text, amount numeric, as_of date,
  OUT kind text, OUT share numeric, OUT left_over numeric, OUT answer_no smallint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _kinds text[];
  _last date;
BEGIN
  PERFORM reminder._lock_invoice($1, $2, $5);
  IF $3 IS NOT NULL THEN
    PERFORM reminder._word($3, 'kind of tax reduction', ARRAY['rot', 'rut', 'green_technology']);
  END IF;
  SELECT array_agg(t.kind ORDER BY t.kind), min(t.kind), min(t.amount) INTO _kinds, kind, share
  FROM reminder.tax_reduction t
  WHERE t.creditor_id = $1 AND t.invoice_no = $2 AND ($3 IS NULL OR t.kind = $3);
  IF _kinds IS NULL THEN
    RAISE EXCEPTION 'invoice "%" has no tax reduction%', $2, coalesce(' "' || left($3, 64) || '"', '')
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.tax_reduction_list; lists them.';
  ELSIF cardinality(_kinds) > 1 THEN
    RAISE EXCEPTION 'invoice "%" has more than one tax reduction', $2
      USING ERRCODE = '22R01', HINT = format('Say which: %s.', array_to_string(_kinds, ' or '));
  END IF;
  SELECT coalesce(sum(a.paid + a.refused), 0), coalesce(max(a.answer_no), 0) + 1, max(a.answered_on) INTO left_over, answer_no, _last
  FROM reminder.tax_reduction_answer a
  WHERE a.creditor_id = $1 AND a.invoice_no = $2 AND a.kind = _kinds[1];
  left_over := share - left_over;
  IF $4 IS NULL OR NOT ($4 > 0 AND $4 < 1000000000000) OR $4 <> round($4, 2) THEN
    RAISE EXCEPTION 'amount is out of range: %', left(coalesce($4::text, 'NULL'), 64)
      USING ERRCODE = '22R03', HINT = 'More than 0, with two decimals.';
  ELSIF $4 > left_over THEN
    RAISE EXCEPTION '% is more than the authority''s share of invoice "%"', $4, $2
      USING ERRCODE = '22R03',
            DETAIL = format('Of the share %s are neither paid nor refused.', left_over),
            HINT = 'What it paid too much is the authority''s.';
  ELSIF $5 < _last THEN
    RAISE EXCEPTION 'as_of % is before the authority''s last answer of %', $5, _last
      USING ERRCODE = '22R02', HINT = 'Answers come in the order of their days.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._lock_reduction(bigint, text, text, numeric, date) IS
'Internal: locks an invoice and finds its tax reduction, the only one if none is named, of which an amount is to be answered. Raises 22R01, 22R02, 22R03, 22R04, 55R03.';

CREATE FUNCTION reminder.tax_reduction_paid(creditor_id bigint, invoice_no text, amount numeric, as_of date, kind text DEFAULT NULL) RETURNS numeric
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _reduction record;
BEGIN
  SELECT r.* INTO _reduction FROM reminder._lock_reduction($1, $2, $5, $3, $4) r;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.tax_reduction_answer (creditor_id, invoice_no, kind, answer_no, answered_on, share, paid, refused, left_over)
  VALUES ($1, $2, _reduction.kind, _reduction.answer_no, $4, _reduction.share, $3, 0, _reduction.left_over - $3);
  PERFORM reminder._note($1, $2, 'tax_reduction_paid', $4, amount => $3, detail => _reduction.kind);
  PERFORM reminder._keep(false);
  RETURN _reduction.left_over - amount;
END
$$;
COMMENT ON FUNCTION reminder.tax_reduction_paid(bigint, text, numeric, date, text) IS
'Records what the authority paid of its share of an invoice (F8): an amount in the invoice''s currency, received on as_of; the customer''s part is as open as it was. kind: "rot", "rut" or "green_technology"; NULL: the only one. Gives what is left of the share. Raises 22R01 for any other kind, or if the invoice has more than one, 22R02 for a bad date or one before the last answer, 22R03 for a bad amount or more than the share, 22R04 for an unknown invoice, 55R03 if it has none.';

CREATE FUNCTION reminder.tax_reduction_refused(
  creditor_id bigint, invoice_no text, amount numeric, due_date date, as_of date,
  kind text DEFAULT NULL, new_invoice_no text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _reduction record;
  _invoice_no text;
BEGIN
  PERFORM reminder._date(due_date, 'due_date');
  SELECT r.* INTO _reduction FROM reminder._lock_reduction($1, $2, $6, $3, $5) r;
  IF due_date < as_of THEN
    RAISE EXCEPTION 'due_date % is before as_of', due_date
      USING ERRCODE = '22R02', HINT = 'The customer owes what was refused from now on: give time to pay it.';
  END IF;
  _invoice_no := coalesce($7, $2 || '-' || _reduction.answer_no);
  IF octet_length(_invoice_no) NOT BETWEEN 1 AND 64 OR EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = _invoice_no) THEN
    RAISE EXCEPTION 'new_invoice_no "%" is taken or too long', left(_invoice_no, 64)
      USING ERRCODE = '22R01', HINT = 'Name one that is free, of 1 to 64 bytes.';
  END IF;
  -- The claim arose with the invoice, from which its limitation runs; it is late from its own due date.
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, branch, trading_name, description)
  SELECT i.creditor_id, _invoice_no, i.customer_no, i.invoice_date, $4, i.currency, $3, i.branch, i.trading_name, i.description
  FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.tax_reduction_answer (creditor_id, invoice_no, kind, answer_no, answered_on, share, paid, refused, left_over, new_invoice_no)
  VALUES ($1, $2, _reduction.kind, _reduction.answer_no, $5, _reduction.share, 0, $3, _reduction.left_over - $3, _invoice_no);
  PERFORM reminder._note($1, $2, 'tax_reduction_refused', $5, amount => $3, detail => format('%s, now invoice %s', _reduction.kind, _invoice_no));
  PERFORM reminder._keep(false);
  RETURN _invoice_no;
END
$$;
COMMENT ON FUNCTION reminder.tax_reduction_refused(bigint, text, numeric, date, date, text, text) IS
'Records what the authority refused on as_of of its share of an invoice (F8), and makes it the customer''s: an invoice of its own over the amount, of the same customer, currency and invoice date, due on due_date, which is reminded like any other. new_invoice_no names it; NULL: the invoice''s number, a hyphen, and the number of the answer. kind: "rot", "rut" or "green_technology"; NULL: the only one. Gives the new invoice''s number. Raises 22R01 if the invoice has more than one tax reduction or the new number is taken, 22R02 for a bad date, one before the last answer, or a due date before as_of, 22R03 for a bad amount or more than the share, 22R04 for an unknown invoice, 55R03 if it has none.';
