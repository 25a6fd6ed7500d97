/*
 * Late interest on an invoice, as its letters claim it (F9).
 */

CREATE FUNCTION reminder._invoice_interest(
  creditor_id bigint, invoice_no text, jurisdiction text, debtor_kind text,
  agreed_bp integer, day_count text, interest_start integer,
  due_date date, invoice_date date, first_letter date, open numeric, settled_in_part boolean, until date)
RETURNS TABLE (
  from_day date, to_day date, days integer, rate numeric, capital numeric, amount numeric, year_days integer, total numeric)
LANGUAGE c STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_invoice_interest';
COMMENT ON FUNCTION reminder._invoice_interest(bigint, text, text, text, integer, text, integer, date, date, date, numeric, boolean, date) IS
'Internal: the interest on an invoice by terms that are looked up already; src/accrual.c.';

CREATE FUNCTION reminder.invoice_interest(
  creditor_id bigint, invoice_no text, until date,
  OUT from_day date, OUT to_day date, OUT days integer, OUT rate numeric, OUT capital numeric,
  OUT amount numeric, OUT year_days integer, OUT total numeric)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(until, 'until');
  PERFORM reminder._invoice_exists(creditor_id, invoice_no);
  RETURN QUERY
    SELECT s.*
    FROM reminder.invoice i
    JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
    JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
    LEFT JOIN reminder.rule r ON r.creditor_id = u.creditor_id AND r.rule_no = u.rule_no
    CROSS JOIN LATERAL (
      SELECT min(d.as_of) AS first_letter FROM reminder.decision d
      WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no AND d.taken_back = 0 AND d.status IN ('queued', 'sent')) d
    CROSS JOIN LATERAL reminder._invoice_interest(
      i.creditor_id, i.invoice_no, c.jurisdiction, u.kind, (r.interest_percent * 100)::integer, r.day_count,
      coalesce(array_position(ARRAY['due_date', 'invoice', 'letter'], r.interest_from), 1) - 1,
      i.due_date, i.invoice_date, d.first_letter, i.open_amount, i.open_amount <> i.amount, $3) s
    WHERE i.creditor_id = $1 AND i.invoice_no = $2;
END
$$;
COMMENT ON FUNCTION reminder.invoice_interest(bigint, text, date) IS
'Gives the late interest that an invoice has borne up to and with the day until, paid or not, by the terms of its customer''s rule (agreed rate, day count, start) or else by law, and by the payments and credits that count: a row for each period with one rate and one capital, as interest_statement() does, to be checked by hand. The last total is what a letter of that day claims, before what is paid of it. Whether the rule claims interest at all is not asked. Raises 22R02 for a bad date, 22R04 for an unknown creditor or invoice, 55R05 if a rate or rule it needs is missing or unconfirmed.';
