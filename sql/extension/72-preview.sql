/*
 * 72-preview.sql: what a rule is and would do, before it does it (R7). The
 * letters are those of upcoming(): nothing else decides.
 */

CREATE FUNCTION reminder.describe_rule(creditor_id bigint, rule_no integer) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 6
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _rule record;
  _windows text;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._known_rule($1, $2);
  SELECT r.*, coalesce(c.currency, j.currency) AS currency INTO _rule
  FROM reminder.rule r JOIN reminder.creditor c USING (creditor_id) JOIN reminder.jurisdiction j USING (jurisdiction)
  WHERE r.creditor_id = $1 AND r.rule_no = $2;
  RETURN NEXT format('Rule %s, "%s", is for %s%s; %s%s; switched %s.', _rule.rule_no, _rule.name,
    CASE _rule.kind WHEN 'person' THEN 'persons' ELSE 'companies and public bodies' END,
    CASE WHEN _rule.general THEN ' that no other rule takes' ELSE '' END,
    CASE _rule.collected_by WHEN 'creditor' THEN 'the creditor collects' WHEN 'service' THEN 'the service collects' ELSE format('the agency %s collects', _rule.agency) END,
    CASE WHEN _rule.catches_up THEN '; steps whose date has passed are caught up with' ELSE '; steps whose date has passed are not caught up with' END,
    CASE WHEN _rule.enabled THEN 'on' ELSE 'off' END);
  SELECT string_agg(CASE WHEN w.highest < 999999999999.99 THEN format('%s to %s %s', w.lowest, w.highest, w.currency) ELSE format('%s %s or more', w.lowest, w.currency) END, ', ' ORDER BY w.currency)
  INTO _windows FROM reminder.rule_window w WHERE w.creditor_id = $1 AND w.rule_no = $2;
  RETURN NEXT format('It takes invoices of %s%s%s%s%s.', coalesce(_windows, 'any amount in ' || _rule.currency),
    ', of the branches ' || array_to_string(_rule.branches, ', '),
    ', under the trading names ' || array_to_string(_rule.trading_names, ', '),
    ', due from ' || _rule.import_from || ' on',
    CASE _rule.opens WHEN 'by_hand' THEN ', whose cases are opened by hand' ELSE '' END);
  RETURN QUERY
    SELECT format('%s after the %s: %s%s%s%s.',
                  reminder._count(l.wait, CASE l.wait_unit WHEN 'bank_day' THEN 'bank day' ELSE 'day' END),
                  coalesce(lag(l.name) OVER (ORDER BY l.rung) || CASE WHEN _rule.waives_deadline THEN '' ELSE ', and after its deadline' END, 'due date'), l.name,
                  CASE WHEN l.letter THEN ', ' || reminder._count(l.term, CASE l.term_unit WHEN 'bank_day' THEN 'bank day' ELSE 'day' END) || ' to pay' ELSE '' END,
                  CASE WHEN l.fee IS NULL THEN '' ELSE format(', a fee of %s%s', CASE WHEN l.fee_up_to_cap THEN 'up to ' ELSE '' END, l.fee) END,
                  CASE WHEN l.open_at_least > 0 THEN format(', if at least %s is open', l.open_at_least) ELSE '' END
                  || CASE WHEN l.one_letter THEN ', one letter for all invoices of a customer' ELSE '' END
                  || CASE WHEN l.letter AND l.channel <> 'system_default' THEN ', ' || k.title ELSE '' END
                  || CASE WHEN l.letter AND NOT h.usable THEN '; its channel is switched off' ELSE '' END)
    FROM reminder._ladder(reminder._rule_definition($1, $2)) l
    LEFT JOIN reminder.channel k ON k.channel = l.channel
    CROSS JOIN LATERAL reminder._channels($1, l.channel, l.stage, _rule.kind, NULL) h
    ORDER BY l.rung;
  RETURN QUERY
    SELECT format('%s under it, with %s.', reminder._count(count(DISTINCT c.customer_no), 'customer'), reminder._count(count(i.invoice_no), 'open invoice'))
    FROM reminder.customer c
    LEFT JOIN reminder.invoice i ON i.creditor_id = c.creditor_id AND i.customer_no = c.customer_no AND i.open_amount > 0
    WHERE c.creditor_id = $1 AND c.rule_no = $2;
END
$$;
COMMENT ON FUNCTION reminder.describe_rule(bigint, integer) IS
'Gives a rule in words, a line each: what it is, which invoices it takes, each step, the customers it has. rule_no: the creditor''s number of it. Raises 22R04 for an unknown creditor or rule.';

CREATE FUNCTION reminder.preview_rule(
  creditor_id bigint, rule_no integer, from_day date, to_day date, customer_nos text[] DEFAULT NULL,
  OUT letter_date date, OUT invoice_no text, OUT customer_no text, OUT stage text, OUT deadline date, OUT channel text,
  OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT letter_of text, OUT cost numeric, OUT cost_currency text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _letters jsonb;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._known_rule($1, $2);
  BEGIN
    UPDATE reminder.rule r SET enabled = true WHERE r.creditor_id = $1 AND r.rule_no = $2 AND NOT r.enabled;
    PERFORM reminder._keep(true);
    UPDATE reminder.creditor c SET automation = true WHERE c.creditor_id = $1 AND NOT c.automation;
    PERFORM reminder._keep(false);
    IF customer_nos IS NOT NULL THEN
      PERFORM reminder.move_customers($1, $5, $2);
    END IF;
    SELECT jsonb_agg(to_jsonb(u)) INTO _letters
    FROM reminder.upcoming($3, $4, $1) u
    JOIN reminder.customer c ON c.creditor_id = $1 AND c.customer_no = u.customer_no AND c.rule_no = $2;
    -- takes it all back; what is in the variable stays
    RAISE SQLSTATE '55R00';
  EXCEPTION
    WHEN SQLSTATE '55R00' THEN NULL;
  END;
  RETURN QUERY
    SELECT u.*, CASE WHEN u.letter_of <> u.invoice_no THEN 0 * p.cost ELSE p.cost END, p.currency FROM jsonb_to_recordset(_letters) u (
      letter_date date, invoice_no text, customer_no text, stage text, deadline date, channel text,
      currency text, principal numeric, interest numeric, fee numeric, total numeric, letter_of text)
    CROSS JOIN LATERAL reminder._sending_price($1, u.channel, u.stage, u.letter_date) p
    ORDER BY u.letter_date, u.invoice_no;
END
$$;
COMMENT ON FUNCTION reminder.preview_rule(bigint, integer, date, date, text[]) IS
'Gives the letters that daily runs from from_day to to_day would send under a rule, as upcoming() does: as if rule_no and the creditor''s automation were switched on, and customer_nos (NULL: whom it has) under it; cost is what sending the letter costs the creditor, in cost_currency and without VAT (NULL: no price), and of a letter for several invoices (letter_of) counted with the one that names it. Nothing is changed; for as long as it takes, the creditor''s runs wait. Raises 22R01 when a customer is not of the rule''s kind, 22R02 for bad dates or more than 366 days, 22R04 for an unknown creditor or rule, 55R01 for days before the latest run.';
