/*
 * Rules by hand: presets, activation, moving customers.
 */

CREATE FUNCTION reminder._creditor(creditor_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM reminder.creditor c WHERE c.creditor_id = $1) OR creditor_id IS NULL THEN
    RAISE EXCEPTION 'creditor % is unknown or not yours', coalesce(creditor_id::text, 'NULL')
      USING ERRCODE = '22R04', HINT = 'SELECT creditor_id, name FROM reminder.creditor; lists the creditors there are.';
  END IF;
  RETURN creditor_id;
END
$$;
COMMENT ON FUNCTION reminder._creditor(bigint) IS
'Internal: checks a creditor. "Unknown" and "not yours" are the same answer: 22R04.';

CREATE FUNCTION reminder._unknown_invoice(invoice_no text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'invoice "%" is unknown or not yours', left(coalesce(invoice_no, 'NULL'), 64)
    USING ERRCODE = '22R04', HINT = 'SELECT creditor_id, invoice_no FROM reminder.invoice_status; lists the invoices there are.';
END
$$;
COMMENT ON FUNCTION reminder._unknown_invoice(text) IS
'Internal: raises 22R04 for an invoice that there is not, as RequireInvoice() in src/access.c does for one of others.';

CREATE FUNCTION reminder._unknown_customer(customer_no text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'customer "%" is unknown or not yours', left(coalesce(customer_no, 'NULL'), 64)
    USING ERRCODE = '22R04', HINT = 'SELECT creditor_id, customer_no FROM reminder.rule_customers; lists the customers there are.';
END
$$;
COMMENT ON FUNCTION reminder._unknown_customer(text) IS
'Internal: raises 22R04 for a customer that there is not, as RequireCustomer() in src/access.c does for one of others.';

CREATE FUNCTION reminder._note(
  creditor_id bigint, invoice_no text, kind text, as_of date,
  case_no smallint DEFAULT NULL, rule_no integer DEFAULT NULL, amount numeric DEFAULT NULL, detail text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, case_no, rule_no, amount, detail)
  VALUES ($1, $2, reminder._next_event($1, $2), $3, $4, $5, $6, $7, $8);
END
$$;
COMMENT ON FUNCTION reminder._note(bigint, text, text, date, smallint, integer, numeric, text) IS
'Internal: writes an event, under a lock already held on the invoice, or on the creditor if invoice_no is empty.';

/*
 * The presets (L6). Waits count from the due date, then from the previous
 * letter; no step comes before the day after that letter's own deadline. What
 * the creditor's law does not allow of them is mended by _lawful().
 */
CREATE FUNCTION reminder._preset(
  preset text, OUT kind text, OUT collected_by text, OUT catches_up boolean, OUT residual_above numeric, OUT foreign_customers text,
  OUT stage text, OUT wait integer, OUT term integer, OUT term_unit text, OUT fee numeric, OUT fee_of_law boolean)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT p.kind, p.collected_by, p.catches_up, p.residual_above, p.foreign_customers, p.stage, p.wait, p.term, p.term_unit, p.fee,
         p.preset = 'lawful' AND p.stage <> 'demand'
  FROM (VALUES
    -- The service: 10 bank days to pay, the demand 12 days after the reminder, monitoring the day after the demand's deadline.
    ('amili', 'company', 'service', true, 100, 'general', 'reminder',    5, 10, 'bank_day', 60),
    ('amili', 'company', 'service', true, 100, 'general', 'demand',     12, 10, 'bank_day', 180),
    ('amili', 'company', 'service', true, 100, 'general', 'monitoring',  0,  0, 'day', NULL),
    ('amili', 'person',  'service', true, 100, 'general', 'reminder',    5, 10, 'bank_day', 60),
    ('amili', 'person',  'service', true, 100, 'general', 'demand',     12, 10, 'bank_day', 180),
    ('amili', 'person',  'service', true, 100, 'general', 'monitoring',  0,  0, 'day', NULL),
    -- Own rules: each letter the day after the deadline of the one before; no fee is suggested for the demand.
    ('netvisor', 'company', 'creditor', false, 0, 'blocked', 'reminder', 10, 10, 'day', 12),
    ('netvisor', 'company', 'creditor', false, 0, 'blocked', 'notice',   11, 10, 'day', 12),
    ('netvisor', 'company', 'creditor', false, 0, 'blocked', 'demand',   11, 10, 'day', NULL),
    ('netvisor', 'person',  'creditor', false, 0, 'blocked', 'reminder', 14, 14, 'day', 5),
    ('netvisor', 'person',  'creditor', false, 0, 'blocked', 'notice',   15, 14, 'day', 5),
    ('netvisor', 'person',  'creditor', false, 0, 'blocked', 'demand',   15, 14, 'day', NULL),
    -- The same for everybody, with the waits and terms that every country's law is content with, and the fees of the law.
    ('lawful', 'company', 'creditor', false, 0, 'blocked', 'reminder', 14, 14, 'day', NULL),
    ('lawful', 'company', 'creditor', false, 0, 'blocked', 'notice',   15, 14, 'day', NULL),
    ('lawful', 'company', 'creditor', false, 0, 'blocked', 'demand',   15, 14, 'day', NULL),
    ('lawful', 'person',  'creditor', false, 0, 'blocked', 'reminder', 14, 14, 'day', NULL),
    ('lawful', 'person',  'creditor', false, 0, 'blocked', 'notice',   15, 14, 'day', NULL),
    ('lawful', 'person',  'creditor', false, 0, 'blocked', 'demand',   15, 14, 'day', NULL))
    p (preset, kind, collected_by, catches_up, residual_above, foreign_customers, stage, wait, term, term_unit, fee)
  WHERE p.preset = $1
$$;
COMMENT ON FUNCTION reminder._preset(text) IS 'Internal: the steps of a preset.';

CREATE FUNCTION reminder._fee_of_law(creditor_id bigint, kind text, collected_by text, stage text, on_date date) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (
    SELECT nullif(max(t.cap), 0)
    FROM reminder.creditor c
    JOIN reminder.stage_fee_kind k ON (k.jurisdiction, k.stage, k.collected_by, k.nth) = (c.jurisdiction, $4, $3, 1)
    CROSS JOIN LATERAL reminder._fee_tiers(c.jurisdiction, $2, k.fee_kind, $5, $1) f
    CROSS JOIN LATERAL unnest(f.cap) t (cap)
    WHERE c.creditor_id = $1
      AND NOT EXISTS (SELECT FROM reminder.statutory_fee x
                      WHERE x.jurisdiction = c.jurisdiction AND x.fee_kind = k.fee_kind AND x.debtor_kind IN ($2, 'any') AND x.must_be_agreed));
END
$$;
COMMENT ON FUNCTION reminder._fee_of_law(bigint, text, text, text, date) IS
'Internal: the most that the law of a date lets a creditor charge for a letter without an agreement; NULL when it caps nothing, or allows nothing.';

CREATE FUNCTION reminder._make_general(creditor_id bigint, kind text, preset text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _rule_no integer;
  _definition jsonb;
BEGIN
  SELECT r.rule_no INTO _rule_no FROM reminder.rule r WHERE r.creditor_id = $1 AND r.general AND r.kind = $2;
  IF _rule_no IS NULL THEN
    SELECT coalesce(max(r.rule_no), 0) + 1 INTO _rule_no FROM reminder.rule r WHERE r.creditor_id = $1;
    INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, general)
    VALUES ($1, _rule_no, CASE $2 WHEN 'person' THEN 'Persons' ELSE 'Companies' END, $2, true);
  ELSE
    DELETE FROM reminder.rule_step s WHERE s.creditor_id = $1 AND s.rule_no = _rule_no;
  END IF;
  UPDATE reminder.rule r
  SET collected_by = p.collected_by, agency = NULL, catches_up = p.catches_up, residual_above = p.residual_above,
      description = format('General rule of the preset %s', $3)
  FROM (SELECT DISTINCT p.collected_by, p.catches_up, p.residual_above FROM reminder._preset($3) p WHERE p.kind = $2) p
  WHERE r.creditor_id = $1 AND r.rule_no = _rule_no;
  _definition := reminder._rule_definition($1, _rule_no);
  _definition := reminder._lawful($1, jsonb_set(_definition, '{steps}', (
    SELECT jsonb_agg(jsonb_build_object(
             'stage', p.stage, 'nth', 1, 'wait', p.wait, 'wait_unit', 'day', 'term', p.term, 'term_unit', p.term_unit,
             'fee', CASE WHEN p.fee_of_law THEN reminder._fee_of_law($1, $2, p.collected_by, p.stage, reminder._law_day($1, _definition)) ELSE p.fee END,
             'fee_up_to_cap', false, 'open_at_least', 0) ORDER BY g.rung)
    FROM reminder._preset($3) p JOIN reminder.stage g ON g.stage = p.stage WHERE p.kind = $2)));
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, term_unit, fee, fee_up_to_cap)
  SELECT $1, _rule_no, l.stage, l.wait, l.term, l.term_unit, l.fee, l.fee_up_to_cap FROM reminder._ladder(_definition) l;
END
$$;
COMMENT ON FUNCTION reminder._make_general(bigint, text, text) IS
'Internal: makes, or makes over, one general rule by a preset, as far as the creditor''s law allows it, under the lock on the creditor already held.';

CREATE FUNCTION reminder.add_preset(creditor_id bigint, preset text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  IF NOT EXISTS (SELECT FROM reminder._preset(preset)) THEN
    RAISE EXCEPTION 'unknown preset "%"', left(coalesce(preset, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Presets are amili, netvisor and lawful.';
  END IF;
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR UPDATE;
  PERFORM reminder._make_general(creditor_id, 'company', preset);
  PERFORM reminder._make_general(creditor_id, 'person', preset);
  UPDATE reminder.creditor c SET foreign_customers = (SELECT min(p.foreign_customers) FROM reminder._preset($2) p)
  WHERE c.creditor_id = $1;
  PERFORM reminder._price_list_of_preset(creditor_id, preset);
END
$$;
COMMENT ON FUNCTION reminder.add_preset(bigint, text) IS
'Makes, or makes over, the two general rules of a creditor (companies, persons) by a preset: "amili" (the service collects: reminder, demand, monitoring), "netvisor" (own rules: reminder, notice, demand) or "lawful" (the same with the waits, terms and fees of the creditor''s law). What that law does not allow of a preset is left out or lowered: fees above a cap or too early; times that are too short are made longer. Fees are in the invoice''s currency. A creditor that has no prices yet is put on the preset''s price list. Raises 22R01 for an unknown preset, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.activate(creditor_id bigint, confirm boolean DEFAULT false, as_of date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _creditor record;
  _preset text;
  _kind text;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  IF as_of IS NOT NULL THEN
    PERFORM reminder._date(as_of, 'as_of');
  END IF;
  -- Two general rules exist from the activation on (R4): the presets where they
  -- come from, elsewhere what the law allows (L6).
  _preset := (SELECT CASE c.jurisdiction WHEN 'SE' THEN 'amili' WHEN 'FI' THEN 'netvisor' ELSE 'lawful' END FROM reminder.creditor c WHERE c.creditor_id = $1);
  IF confirm IS NOT TRUE THEN
    RAISE EXCEPTION 'switching automation on must be confirmed'
      USING ERRCODE = '55R04', DETAIL = reminder._sending_words(creditor_id, coalesce(as_of, reminder._last_run(creditor_id)), _preset),
            HINT = 'Sending costs money. Call activate(..., confirm => true).';
  END IF;
  SELECT * INTO _creditor FROM reminder.creditor c WHERE c.creditor_id = $1 FOR UPDATE;
  IF coalesce(_creditor.bankgiro, '') || coalesce(_creditor.plusgiro, '') || coalesce(_creditor.iban, '') ~ '^\s*$' THEN
    RAISE EXCEPTION 'creditor % has no payout destination', creditor_id
      USING ERRCODE = '55R04', HINT = 'Set bankgiro, plusgiro or iban of the creditor first.';
  END IF;
  -- Without a day it is that of the latest run, or of the latest acceptance, after which the next run comes.
  PERFORM reminder._require_terms(creditor_id, coalesce(as_of, greatest(reminder._last_run(creditor_id), (
    SELECT max(x.accepted_on) FROM reminder.terms_acceptance x
    WHERE x.account_id = _creditor.account_id OR x.partner_id = _creditor.partner_id)), '2200-12-31'));
  IF NOT EXISTS (SELECT FROM reminder.rule r WHERE r.creditor_id = $1 AND r.general) THEN
    UPDATE reminder.creditor c SET foreign_customers = (SELECT min(p.foreign_customers) FROM reminder._preset(_preset) p)
    WHERE c.creditor_id = $1;
    PERFORM reminder._price_list_of_preset(creditor_id, _preset);
  END IF;
  FOREACH _kind IN ARRAY ARRAY['company', 'person'] LOOP
    IF NOT EXISTS (SELECT FROM reminder.rule r WHERE r.creditor_id = $1 AND r.general AND r.kind = _kind) THEN
      PERFORM reminder._make_general(creditor_id, _kind, _preset);
    END IF;
  END LOOP;
  PERFORM reminder._keep(true);
  UPDATE reminder.creditor c SET automation = true, automation_from = $3 WHERE c.creditor_id = $1;
  PERFORM reminder._note(creditor_id, '', 'automation_on', as_of);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.activate(bigint, boolean, date) IS
'Switches a creditor''s automation on: from the date as_of, or from the first run if it is NULL. confirm must be true, because sending costs money: without it the error tells how much. Makes the two general rules if they are missing. Raises 55R04 without confirmation, without a payout destination, or while the creditor''s terms are not accepted, 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.deactivate(creditor_id bigint) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR UPDATE;
  PERFORM reminder._keep(true);
  UPDATE reminder.creditor c SET automation = false WHERE c.creditor_id = $1;
  PERFORM reminder._note(creditor_id, '', 'automation_off', reminder._last_run(creditor_id));
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.deactivate(bigint) IS
'Switches a creditor''s automation off. Cases stay as they are and go no further. Raises 22R04 for an unknown creditor.';

CREATE FUNCTION reminder._rule(creditor_id bigint, rule_no integer) RETURNS integer
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF rule_no IS NOT NULL AND NOT EXISTS (SELECT FROM reminder.rule r WHERE r.creditor_id = $1 AND r.rule_no = $2) THEN
    RAISE EXCEPTION 'rule % is unknown or not yours', rule_no
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.rule_customers; lists rules with their customers.';
  END IF;
  RETURN rule_no;
END
$$;
COMMENT ON FUNCTION reminder._rule(bigint, integer) IS 'Internal: checks a rule, NULL allowed. Raises 22R04.';

CREATE FUNCTION reminder._lock_customers(creditor_id bigint, customer_nos text[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR KEY SHARE;
  PERFORM FROM reminder.customer c WHERE c.creditor_id = $1 AND c.customer_no = ANY ($2)
  ORDER BY c.customer_no FOR NO KEY UPDATE;
END
$$;
COMMENT ON FUNCTION reminder._lock_customers(bigint, text[]) IS
'Internal: locks customers in the order in which everybody locks: the creditor, as whoever writes a customer does, then customers ascending.';

CREATE FUNCTION reminder.move_customers(creditor_id bigint, customer_nos text[], rule_no integer) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _kind text;
  _wrong text;
  _moved bigint;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._rule(creditor_id, rule_no);
  SELECT r.kind INTO _kind FROM reminder.rule r WHERE r.creditor_id = $1 AND r.rule_no = $3;
  SELECT c.customer_no INTO _wrong FROM reminder.customer c
  WHERE c.creditor_id = $1 AND c.customer_no = ANY ($2) AND c.rule_kind <> _kind ORDER BY 1 LIMIT 1;
  IF _wrong IS NOT NULL THEN
    RAISE EXCEPTION 'customer "%" is not of the kind of rule %', _wrong, rule_no
      USING ERRCODE = '22R01', DETAIL = format('The rule is for kind "%s".', _kind),
            HINT = 'Companies and public bodies go under rules for companies, persons under rules for persons.';
  END IF;
  PERFORM reminder._lock_customers(creditor_id, customer_nos);
  UPDATE reminder.customer c SET own_rule = $3, blocked = false
  WHERE c.creditor_id = $1 AND c.customer_no = ANY ($2);
  GET DIAGNOSTICS _moved = ROW_COUNT;
  RETURN _moved;
END
$$;
COMMENT ON FUNCTION reminder.move_customers(bigint, text[], integer) IS
'Puts customers under a rule by hand, all in one statement; a rule of NULL gives them back to their class and the general rules. Gives the number of customers moved; blocked ones are unblocked. Raises 22R01 when a customer is not of the rule''s kind, 22R04 for an unknown creditor or rule.';

CREATE FUNCTION reminder.block_customers(creditor_id bigint, customer_nos text[]) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _blocked bigint;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._lock_customers(creditor_id, customer_nos);
  UPDATE reminder.customer c SET blocked = true WHERE c.creditor_id = $1 AND c.customer_no = ANY ($2);
  GET DIAGNOSTICS _blocked = ROW_COUNT;
  RETURN _blocked;
END
$$;
COMMENT ON FUNCTION reminder.block_customers(bigint, text[]) IS
'Takes customers out of automation, all in one statement; move_customers() takes them back. Gives their number. Raises 22R04 for an unknown creditor.';
