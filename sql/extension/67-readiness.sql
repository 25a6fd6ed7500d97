/*
 * What is missing: for a demand, what the law wants said (L5); and before an
 * invoice is handed over, whatever would keep it from being collected (P7).
 */

CREATE FUNCTION reminder._demand_content(
  jurisdiction text, on_date date, creditor_id bigint,
  OUT item text, OUT place smallint, OUT needs text, OUT sentence text, OUT source text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 8
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT DISTINCT ON (d.item) d.item, d.place, d.needs, d.sentence, d.source
  FROM reminder.demand_content d
  WHERE d.jurisdiction = $1 AND d.valid_from <= $2
    AND (d.confidence <> 'unconfirmed'
         OR EXISTS (SELECT FROM reminder.creditor_law y
                    WHERE y.creditor_id = $3 AND (y.law, y.jurisdiction, y.what, y.debtor_kind, y.valid_from) = ('demand_content', d.jurisdiction, d.item, 'any', d.valid_from)))
  ORDER BY d.item, d.valid_from DESC;
END
$$;
COMMENT ON FUNCTION reminder._demand_content(text, date, bigint) IS
'Internal: what a demand must say on a date, and what must be known for that: what is unconfirmed is used only if the creditor has confirmed it for itself.';

CREATE FUNCTION reminder.claim_ground(language text, invoice_no text, invoice_date date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE
           WHEN $1 LIKE 'sv%' THEN format('Faktura %s av den %s', $2, $3)
           WHEN $1 LIKE 'fi%' THEN format('Lasku %s, %s', $2, $3)
           WHEN $1 LIKE 'nb%' OR $1 LIKE 'no%' THEN format('Faktura %s av %s', $2, $3)
           WHEN $1 LIKE 'da%' THEN format('Faktura %s af %s', $2, $3)
           WHEN $1 LIKE 'de%' THEN format('Rechnung %s vom %s', $2, $3)
           ELSE format('Invoice %s of %s', $2, $3)
         END
$$;
COMMENT ON FUNCTION reminder.claim_ground(text, text, date) IS
'Gives the ground of a claim that has no description, as its letters say it: the invoice number and the invoice date, in a language (sv, fi, nb, da, de; English for others). Raises nothing.';

CREATE FUNCTION reminder._demand_lacks(creditor_id bigint, as_of date)
RETURNS TABLE (item text, sentence text, source text, to_set text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  SELECT d.item, d.sentence, d.source,
         CASE d.needs
           WHEN 'payout' THEN 'creditor.bankgiro, plusgiro or iban'
           WHEN 'contact_address' THEN 'creditor.contract_address or sender_address'
           ELSE 'creditor.' || d.needs
         END
  FROM reminder.creditor c
  CROSS JOIN LATERAL reminder._demand_content(c.jurisdiction, $2, $1) d
  WHERE c.creditor_id = $1
    AND CASE d.needs
          WHEN 'payout' THEN concat(c.bankgiro, c.plusgiro, c.iban)
          WHEN 'sender_address' THEN c.sender_address
          WHEN 'contact_address' THEN concat(c.contract_address, c.sender_address)
          ELSE 'said'
        END ~ '\S' IS NOT TRUE
  ORDER BY d.place;
END
$$;
COMMENT ON FUNCTION reminder._demand_lacks(bigint, date) IS
'Internal: what every demand of a creditor lacks that the law wants said, and where it is set. The ground of the claim every letter says: letter_list.claim_description.';

CREATE FUNCTION reminder._invoice_exists(creditor_id bigint, invoice_no text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2) THEN
    PERFORM reminder._unknown_invoice(invoice_no);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._invoice_exists(bigint, text) IS
'Internal: checks an invoice. Raises 22R04.';

CREATE FUNCTION reminder.demand_missing(creditor_id bigint, invoice_no text, as_of date)
RETURNS TABLE (item text, sentence text, source text, to_set text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 2
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  PERFORM reminder._invoice_exists(creditor_id, invoice_no);
  RETURN QUERY SELECT l.* FROM reminder._demand_lacks($1, $3) l;
  -- and what its customer lacks
  RETURN QUERY
  SELECT d.item, d.sentence, d.source, 'customer.identity_no'
  FROM reminder.invoice i
  JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
  JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
  CROSS JOIN LATERAL reminder._demand_content(c.jurisdiction, $3, $1) d
  WHERE i.creditor_id = $1 AND i.invoice_no = $2 AND d.needs = 'identity_no'
    AND (coalesce(u.identity_no, '') !~ '\S' OR NOT reminder.check_identity(coalesce(u.country, c.country, c.jurisdiction), u.identity_no));
END
$$;
COMMENT ON FUNCTION reminder.demand_missing(bigint, text, date) IS
'Lists what a debt collection demand for an invoice must say by the law of as_of, and cannot: each item with the law''s sentence, its source, and what to set. No row: nothing is missing. Raises 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder._customer_findings(creditor_id bigint, customer_no text)
RETURNS TABLE (code text, sentence text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH facts AS (
    SELECT u.*, coalesce(u.country, c.country, c.jurisdiction) AS its_country,
           s.by_print, s.by_email, s.by_einvoice, s.off
    FROM reminder.customer u
    JOIN reminder.creditor c ON c.creditor_id = u.creditor_id
    CROSS JOIN LATERAL (
      SELECT string_agg(s.stage, ', ' ORDER BY s.rung) FILTER (WHERE s.channel = 'print') AS by_print,
             string_agg(s.stage, ', ' ORDER BY s.rung) FILTER (WHERE s.channel = 'email') AS by_email,
             string_agg(s.stage, ', ' ORDER BY s.rung) FILTER (WHERE s.channel = 'einvoice') AS by_einvoice,
             string_agg(s.stage, ', ' ORDER BY s.rung) FILTER (WHERE NOT s.usable) AS off
      FROM (
        SELECT s.stage, s.rung, h.usable,
               -- as a run chooses it
               CASE WHEN s.channel <> 'system_default' THEN s.channel
                 WHEN h.by_einvoice AND u.einvoice_address ~ '\S' THEN 'einvoice' WHEN h.by_email AND u.email ~ '\S' THEN 'email' ELSE 'print' END AS channel
        FROM reminder.rule_step s JOIN reminder.stage g ON g.stage = s.stage AND g.letter
        CROSS JOIN LATERAL reminder._channels(s.creditor_id, s.channel, s.stage, u.rule_kind, NULL) h
        WHERE s.creditor_id = u.creditor_id AND s.rule_no = u.rule_no) s) s
    WHERE u.creditor_id = $1 AND u.customer_no = $2)
  SELECT f.code, coalesce(f.sentence, replace(r.sentence, 'Its customer', 'The customer'))
  FROM facts u
  CROSS JOIN LATERAL (VALUES
    (1, 'customer_blocked', u.rule_no IS NULL,
     format('The customer is outside automation: %s.',
            CASE u.assigned_by WHEN 'blocked' THEN 'blocked by hand' WHEN 'class_excluded' THEN 'its class is excluded'
              WHEN 'foreign' THEN 'foreign customers are blocked' ELSE 'the creditor has no rule for it' END)),
    (2, 'collection_ban', u.collection_ban, NULL),
    (3, 'bankrupt', u.standing = 'bankrupt', NULL),
    (4, 'deceased', u.standing = 'estate', NULL),
    (5, 'minor', u.standing = 'minor', NULL),
    (6, 'consumer_einvoice', u.consumer_einvoice, NULL),
    (7, 'identity_missing', coalesce(u.identity_no, '') !~ '\S', 'The customer has no identity number.'),
    (8, 'identity_wrong', u.identity_no ~ '\S' AND NOT reminder.check_identity(u.its_country, u.identity_no),
     format('The customer''s identity number is not one of %s: its form, date or check digits are wrong.', u.its_country)),
    (9, 'address_missing', coalesce(u.address, '') !~ '\S' AND u.by_print IS NOT NULL,
     format('The customer has no address for letters by print: %s.', u.by_print)),
    (10, 'email_missing', coalesce(u.email, '') !~ '\S' AND u.by_email IS NOT NULL,
     format('The customer has no email address for letters by email: %s.', u.by_email)),
    (11, 'einvoice_missing', coalesce(u.einvoice_address, '') !~ '\S' AND u.by_einvoice IS NOT NULL,
     format('The customer has no address for e-invoices: %s.', u.by_einvoice)),
    (12, 'channel_off', u.off IS NOT NULL, format('The channel of its rule is switched off: %s.', u.off)))
    f (place, code, holds, sentence)
  LEFT JOIN reminder.reasons() r ON r.reason = f.code
  WHERE f.holds
  ORDER BY f.place;
END
$$;
COMMENT ON FUNCTION reminder._customer_findings(bigint, text) IS
'Internal: what is wrong or missing for a customer.';

CREATE FUNCTION reminder._invoice_findings(creditor_id bigint, invoice_no text, as_of date)
RETURNS TABLE (code text, sentence text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH facts AS (
    SELECT i.*, r.enabled, r.import_from, r.branches, r.trading_names,
           c.automation AS automatic, c.automation_from, concat(c.bankgiro, c.plusgiro, c.iban) ~ '\S' AS payable,
           -- as a run decides it
           CASE WHEN EXISTS (SELECT FROM reminder.rule_window w WHERE w.creditor_id = r.creditor_id AND w.rule_no = r.rule_no)
                THEN w.currency IS NOT NULL ELSE i.currency = coalesce(c.currency, j.currency) END AS currency_supported,
           w.lowest, w.highest, h.disputed, h.on_plan, h.on_hold,
           EXISTS (SELECT FROM reminder.credit_loss l WHERE l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no AND l.reversed_on IS NULL)
             OR reminder._loss_stands(i.creditor_id, i.invoice_no) IS NOT NULL AS loss_booked,
           EXISTS (SELECT FROM reminder.invoice_document d WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no) AS documented,
           EXISTS (SELECT FROM reminder.invoice_letter l WHERE l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no AND l.status IN ('queued', 'failed')) AS unsent
    FROM reminder.invoice i
    JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
    JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
    JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
    LEFT JOIN reminder.rule r ON r.creditor_id = u.creditor_id AND r.rule_no = u.rule_no
    LEFT JOIN reminder.rule_window w ON w.creditor_id = r.creditor_id AND w.rule_no = r.rule_no AND w.currency = i.currency
    LEFT JOIN LATERAL (
      SELECT bool_or(h.kind = 'dispute') AS disputed, bool_or(h.kind = 'payment_plan') AS on_plan, bool_or(h.kind IN ('promise', 'manual')) AS on_hold
      FROM reminder.hold h
      WHERE h.creditor_id = i.creditor_id AND h.invoice_no = i.invoice_no
        AND h.from_on <= $3 AND coalesce(h.until_on >= $3, true) AND coalesce(h.released_on > $3, true)) h ON true
    WHERE i.creditor_id = $1 AND i.invoice_no = $2)
  SELECT f.code, coalesce(f.sentence, r.sentence)
  FROM facts i
  CROSS JOIN LATERAL (VALUES
    (1, 'automation_off', NOT i.automatic OR $3 < i.automation_from, NULL),
    (2, 'payout_missing', NOT i.payable, 'The creditor has no bankgiro, plusgiro or IBAN to be paid to.'),
    (3, 'credit_note', i.kind = 'credit_note', NULL),
    (4, 'interest_invoice', i.kind = 'interest', NULL),
    (5, 'factored', reminder._factored($1, $2, i.kind), NULL),
    (6, 'nothing_open', i.open_amount = 0, 'Nothing is open on it.'),
    (7, 'lapsed', EXISTS (SELECT FROM reminder._limitation($1, $3, ARRAY[$2]) l WHERE l.lapses_on < $3), NULL),
    (8, 'external_collection', i.external_collection, NULL),
    (9, 'withdrawn', i.automation = 'withdrawn', NULL),
    (10, 'closed', i.automation = 'closed', NULL),
    (11, 'invoice_blocked', i.automation = 'blocked', NULL),
    (12, 'rule_disabled', NOT i.enabled, NULL),
    (13, 'loss_booked', i.loss_booked, NULL),
    (14, 'disputed', i.disputed, NULL),
    (15, 'payment_plan', i.on_plan, NULL),
    (16, 'on_hold', i.on_hold, NULL),
    (17, 'no_time_to_pay', i.due_date = i.invoice_date, 'It is due on the day it is dated.'),
    (18, 'due_before_import', i.due_date < i.import_from, NULL),
    (19, 'currency_not_supported', i.enabled IS NOT NULL AND NOT i.currency_supported, NULL),
    (20, 'amount_below', i.amount < i.lowest, NULL),
    (21, 'amount_above', i.amount > i.highest, NULL),
    (22, 'branch_not_in_rule', i.branches IS NOT NULL AND coalesce(i.branch <> ALL (i.branches), true), NULL),
    (23, 'trading_name_not_in_rule', i.trading_names IS NOT NULL AND coalesce(i.trading_name <> ALL (i.trading_names), true), NULL),
    (24, 'document_missing', NOT i.documented, 'Its document is not attached.'),
    (25, 'terms_not_accepted', reminder._terms_lacking($1, $3), NULL),
    (26, 'invoice_unsent', i.unsent, NULL))
    f (place, code, holds, sentence)
  LEFT JOIN reminder.reasons() r ON r.reason = f.code
  WHERE f.holds
  ORDER BY f.place;
  RETURN QUERY
  SELECT 'demand_content_missing', format('A demand cannot say what %s wants said (%s): set %s.', m.source, m.item, m.to_set)
  FROM reminder._demand_lacks($1, $3) m;
END
$$;
COMMENT ON FUNCTION reminder._invoice_findings(bigint, text, date) IS
'Internal: what is wrong or missing for an invoice, beside its customer.';

CREATE FUNCTION reminder.readiness(creditor_id bigint, invoice_no text, as_of date DEFAULT NULL)
RETURNS TABLE (code text, sentence text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 5
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _customer_no text;
  _due_date date;
  _as_of date;
BEGIN
  IF as_of IS NOT NULL THEN
    PERFORM reminder._date(as_of, 'as_of');
  END IF;
  PERFORM reminder._invoice_exists(creditor_id, invoice_no);
  SELECT i.customer_no, i.due_date INTO _customer_no, _due_date FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  _as_of := coalesce(as_of, reminder._last_run(creditor_id), _due_date);
  RETURN QUERY
    SELECT f.* FROM reminder._invoice_findings($1, $2, _as_of) f
    UNION ALL
    SELECT f.* FROM reminder._customer_findings($1, _customer_no) f;
END
$$;
COMMENT ON FUNCTION reminder.readiness(bigint, text, date) IS
'Lists all that is wrong or missing for an invoice to be collected, its customer included, each with a code (that of the reason why a run would not take a step, where it is one) and a sentence. as_of: the day for which it is asked; NULL: the creditor''s latest run, before the first one the due date. No row: it is ready. Raises 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.customer_readiness(creditor_id bigint, customer_no text)
RETURNS TABLE (code text, sentence text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  IF NOT EXISTS (SELECT FROM reminder.customer u WHERE u.creditor_id = $1 AND u.customer_no = $2) THEN
    PERFORM reminder._unknown_customer(customer_no);
  END IF;
  RETURN QUERY SELECT f.* FROM reminder._customer_findings($1, $2) f;
END
$$;
COMMENT ON FUNCTION reminder.customer_readiness(bigint, text) IS
'Lists all that is wrong or missing for a customer to be sent letters, each with a code and a sentence: outside automation, no address for the channels of its rule, identity number missing or wrong, and so on. Takes customer_no. No row: the customer is ready. Raises 22R04 for an unknown creditor or customer.';

