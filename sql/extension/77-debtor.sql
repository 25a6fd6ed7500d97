/*
 * 77-debtor.sql: the debtor's own view (V9): by a token it sees what it owes
 * and why, and can acknowledge, dispute, ask for a plan and choose a language.
 * Whoever has the token may: no other right is asked (src/caller.c).
 */

CREATE FUNCTION reminder._random_token() RETURNS bytea
LANGUAGE c VOLATILE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_random_token';
COMMENT ON FUNCTION reminder._random_token() IS
'Internal: gives 256 random bits that nobody can guess.';

CREATE FUNCTION reminder.debtor_token(creditor_id bigint, as_of date, valid_until date, invoice_no text DEFAULT NULL, customer text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _token CONSTANT bytea := reminder._random_token();
  _customer_no text := $5;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($2, 'as_of');
  PERFORM reminder._date($3, 'valid_until');
  IF $3 < $2 THEN
    RAISE EXCEPTION 'valid_until % is before %', $3, $2
      USING ERRCODE = '22R02', HINT = 'Give the last day on which the token is to open anything.';
  END IF;
  IF num_nonnulls($4, $5) <> 1 THEN
    RAISE EXCEPTION 'a token is for one invoice or for one customer'
      USING ERRCODE = '22R01', HINT = 'Give invoice_no, or customer (its number) for all of its invoices.';
  END IF;
  IF $4 IS NOT NULL THEN
    SELECT i.customer_no INTO _customer_no FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $4;
    IF NOT FOUND THEN
      PERFORM reminder._unknown_invoice($4);
    END IF;
  END IF;
  -- Tokens are numbered under the lock on their customer.
  PERFORM FROM reminder.customer c WHERE c.creditor_id = $1 AND c.customer_no = _customer_no FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    PERFORM reminder._unknown_customer(_customer_no);
  END IF;
  INSERT INTO reminder.debtor_token (creditor_id, customer_no, token_no, token_hash, invoice_no, made_on, valid_until)
  SELECT $1, _customer_no, coalesce(max(t.token_no), 0) + 1, sha256(_token), coalesce($4, ''), $2, $3
  FROM reminder.debtor_token t WHERE t.creditor_id = $1 AND t.customer_no = _customer_no;
  RETURN $1 || '-' || encode(_token, 'hex');
END
$$;
COMMENT ON FUNCTION reminder.debtor_token(bigint, date, date, text, text) IS
'Makes a token by which a debtor sees what it owes, from as_of to valid_until, of one invoice (invoice_no) or of all of a customer (its number). Gives the token, once: the creditor''s number and 256 random bits, of which only the SHA-256 is kept. It opens nothing after that day, once it is revoked or the customer erased, or when the invoice has become another customer''s. Raises 22R01 unless it is for either, 22R02 for bad dates, 22R04 for an unknown creditor, invoice or customer.';

CREATE FUNCTION reminder.revoke_debtor_tokens(creditor_id bigint, customer text, as_of date, token_no integer DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _revoked integer;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($3, 'as_of');
  IF NOT EXISTS (SELECT FROM reminder.customer c WHERE c.creditor_id = $1 AND c.customer_no = $2) THEN
    PERFORM reminder._unknown_customer($2);
  END IF;
  UPDATE reminder.debtor_token t SET revoked_on = greatest($3, t.made_on)
  WHERE t.creditor_id = $1 AND t.customer_no = $2 AND t.revoked_on IS NULL AND ($4 IS NULL OR t.token_no = $4);
  GET DIAGNOSTICS _revoked = ROW_COUNT;
  RETURN _revoked;
END
$$;
COMMENT ON FUNCTION reminder.revoke_debtor_tokens(bigint, text, date, integer) IS
'Revokes the tokens of a customer (its number), those for one invoice of it too, or the one with token_no: at once and for good, whatever day is asked for. Gives how many were revoked. Raises 22R02 for a bad date, 22R04 for an unknown creditor or customer.';

CREATE FUNCTION reminder._debtor(token text, as_of date, OUT creditor_id bigint, OUT customer_no text, OUT invoice_no text, OUT token_no integer)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _shaped CONSTANT boolean := coalesce(octet_length($1) <= 100 AND $1 ~ '^-?[0-9]{1,18}-[0-9a-f]{64}$', false);
BEGIN
  PERFORM reminder._date($2, 'as_of');
  -- One look-up by the hash, whatever is wrong with it: nothing is compared that comes closer to a token by guessing.
  SELECT t.creditor_id, t.customer_no, t.invoice_no, t.token_no INTO creditor_id, customer_no, invoice_no, token_no
  FROM reminder.debtor_token t
  WHERE t.creditor_id = CASE WHEN _shaped THEN regexp_replace($1, '-[0-9a-f]{64}$', '') ELSE '0' END::bigint
    AND t.token_hash = sha256(decode(CASE WHEN _shaped THEN right($1, 64) ELSE '' END, 'hex'))
    AND $2 BETWEEN t.made_on AND t.valid_until AND t.revoked_on IS NULL
    AND (t.invoice_no = '' OR EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = t.creditor_id AND i.invoice_no = t.invoice_no AND i.customer_no = t.customer_no));
  IF NOT FOUND THEN
    RAISE EXCEPTION 'the token is unknown or no longer valid'
      USING ERRCODE = '22R04', HINT = 'Ask the creditor for a new one.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._debtor(text, date) IS
'Internal: whose a token is on a day, and for which invoice (empty: all). A token that is wrong, unknown, expired or revoked is the same answer: 22R04. Raises 22R02 for a bad date.';

/* The invoices that a token opens of which something is owed, or the one that is asked for. */
CREATE FUNCTION reminder._debtor_invoices(creditor_id bigint, customer_no text, of_token text, invoice_no text) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT i.invoice_no FROM reminder.invoice i
    WHERE i.creditor_id = $1 AND i.customer_no = $2 AND ($3 = '' OR i.invoice_no = $3) AND i.kind IN ('invoice', 'interest')
      AND CASE WHEN $4 IS NOT NULL THEN i.invoice_no = $4
               ELSE $3 <> '' OR i.open_amount > 0
                    OR EXISTS (SELECT FROM reminder.collection_case k WHERE k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL) END
    ORDER BY i.invoice_no;
  IF NOT FOUND AND $4 IS NOT NULL THEN
    RAISE EXCEPTION 'invoice "%" is unknown or not yours', left($4, 64)
      USING ERRCODE = '22R04', HINT = 'debtor_view() lists the invoices that the token opens.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._debtor_invoices(bigint, text, text, text) IS
'Internal: the invoices that a token opens, or one of them; 22R04 for any other.';

/* What is owed of an invoice, item by item, each with what it rests on: together what is open. */
CREATE FUNCTION reminder._claim_items(creditor_id bigint, invoice_no text, OUT item text, OUT on_date date, OUT amount numeric, OUT law text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH claim AS (
    SELECT i.*, c.jurisdiction, u.kind AS customer_kind, CASE u.kind WHEN 'person' THEN 'person' ELSE 'company' END AS debtor_kind, k.case_no, k.collected_by, k.fees, k.compensation, k.interest,
           k.fees_paid + k.interest_paid AS costs_paid, k.fees_waived + k.interest_waived AS costs_waived
    FROM reminder.invoice i
    JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
    JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
    LEFT JOIN reminder.collection_case k ON k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL
    WHERE i.creditor_id = $1 AND i.invoice_no = $2),
  letter AS (
    SELECT d.as_of, d.compensation, g.fee_kind
    FROM claim m
    JOIN reminder.decision d ON d.creditor_id = m.creditor_id AND d.invoice_no = m.invoice_no AND d.case_no = m.case_no AND d.outcome = 'sent' AND d.taken_back = 0
      AND d.status IN ('queued', 'sent')
    LEFT JOIN LATERAL (
      SELECT g.fee_kind FROM reminder.stage_fee_kind g
      WHERE g.jurisdiction = m.jurisdiction AND g.stage = d.stage AND g.collected_by = d.collected_by AND g.nth <= d.rung % 10 + 1 AND d.fee > 0 ORDER BY g.nth DESC LIMIT 1) g ON true),
  item AS (
    SELECT 1 AS place, 'principal' AS item, m.due_date AS on_date, m.open_amount AS amount, NULL::text AS law FROM claim m
    UNION ALL
    SELECT 2, 'interest', m.due_date, m.interest,
           (SELECT string_agg(DISTINCT split_part(f.source, ';', 1), '; ') FROM reminder._interest_in_force(m.jurisdiction, m.due_date, m.creditor_id) f
            WHERE f.confidence <> 'unconfirmed' AND f.debtor_kind IN (m.customer_kind, m.debtor_kind, 'any'))
    FROM claim m
    UNION ALL
    SELECT 3, 'fees', (SELECT max(l.as_of) FROM letter l),
           m.fees - m.compensation - coalesce((SELECT sum(p.fee_added) FROM reminder.payment_plan p WHERE p.creditor_id = m.creditor_id AND p.invoice_no = m.invoice_no AND p.case_no = m.case_no), 0)
             - reminder._enforcement_fees(m.creditor_id, m.invoice_no, m.case_no),
           (SELECT string_agg(DISTINCT split_part(f.source, ';', 1), '; ') FROM letter l
            CROSS JOIN LATERAL reminder._fees_in_force(m.jurisdiction, l.as_of, m.creditor_id) f
            WHERE f.fee_kind = l.fee_kind AND f.confidence <> 'unconfirmed' AND f.debtor_kind IN (m.customer_kind, m.debtor_kind, 'any'))
    FROM claim m
    UNION ALL
    SELECT 4, 'compensation', (SELECT min(l.as_of) FROM letter l WHERE l.compensation > 0), m.compensation,
           (SELECT string_agg(DISTINCT split_part(f.source, ';', 1), '; ') FROM (SELECT max(l.as_of) AS as_of FROM letter l) l
            CROSS JOIN LATERAL reminder._fees_in_force(m.jurisdiction, l.as_of, m.creditor_id) f
            WHERE f.fee_kind = 'late_compensation_flat' AND f.confidence <> 'unconfirmed' AND f.debtor_kind IN (m.customer_kind, m.debtor_kind, 'any'))
    FROM claim m
    UNION ALL
    SELECT 5, 'payment plan', p.agreed_on, p.fee_added, p.fee_law
    FROM claim m JOIN reminder.payment_plan p ON p.creditor_id = m.creditor_id AND p.invoice_no = m.invoice_no AND p.case_no = m.case_no
    UNION ALL
    SELECT 6, 'enforcement', e.as_of, e.amount,
           (SELECT string_agg(DISTINCT split_part(f.source, ';', 1), '; ') FROM reminder.enforcement_fee_kind g
            CROSS JOIN LATERAL reminder._fees_in_force(m.jurisdiction, e.as_of, m.creditor_id) f
            WHERE g.jurisdiction = m.jurisdiction AND g.item = e.item AND f.fee_kind = g.fee_kind AND f.confidence <> 'unconfirmed' AND f.debtor_kind IN (m.customer_kind, m.debtor_kind, 'any'))
    FROM claim m JOIN reminder.enforcement_fee e ON e.creditor_id = m.creditor_id AND e.invoice_no = m.invoice_no AND e.case_no = m.case_no
    UNION ALL
    SELECT 7, 'costs paid', NULL, -m.costs_paid, NULL FROM claim m
    UNION ALL
    SELECT 8, 'costs waived', NULL, -m.costs_waived, NULL FROM claim m)
  SELECT t.item, t.on_date, t.amount, t.law FROM item t WHERE t.amount <> 0 ORDER BY t.place, t.on_date
$$;
COMMENT ON FUNCTION reminder._claim_items(bigint, text) IS
'Internal: what is owed of an invoice, item by item, with the law that each rests on. Costs are those of its active case.';

CREATE FUNCTION reminder.debtor_view(token text, as_of date) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _debtor record;
BEGIN
  _debtor := reminder._debtor($1, $2);
  RETURN (
    WITH claim AS (
      SELECT i.*, u.name, coalesce(u.language, j.language) AS spoken, c.name AS creditor, c.bankgiro, c.plusgiro, c.iban, coalesce(c.contract_address, c.sender_address) AS contact,
             s.stage, s.plan, s.next_instalment, s.next_instalment_on, coalesce(k.collected_by, 'creditor') AS payee,
             coalesce(substring(i.description FROM '.*\S.*'), substring(c.claim_description FROM '.*\S.*'), reminder.claim_ground(coalesce(u.language, j.language), i.invoice_no, i.invoice_date)) AS ground,
             m.items, m.owed, coalesce(round(m.owed / r.unit) * r.unit, m.owed) AS to_pay, coalesce(l.letters, '[]') AS letters, coalesce(l.reference, i.reference, i.invoice_no) AS paid_by,
             EXISTS (SELECT FROM reminder.hold h WHERE h.creditor_id = i.creditor_id AND h.invoice_no = i.invoice_no AND h.kind = 'dispute'
                       AND coalesce(h.until_on >= $2, true) AND coalesce(h.released_on > $2, true)) AS disputed
      FROM reminder._debtor_invoices(_debtor.creditor_id, _debtor.customer_no, _debtor.invoice_no, NULL) n (invoice_no)
      JOIN reminder.invoice i ON i.creditor_id = _debtor.creditor_id AND i.invoice_no = n.invoice_no
      JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
      JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
      JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
      LEFT JOIN reminder.collection_case k ON k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL
      LEFT JOIN reminder.case_status s ON s.creditor_id = i.creditor_id AND s.invoice_no = i.invoice_no AND s.case_no = k.case_no
      LEFT JOIN LATERAL (
        SELECT r.unit FROM reminder.rounding_rule r
        WHERE r.jurisdiction = c.jurisdiction AND r.currency = i.currency AND r.valid_from <= $2 AND r.confidence <> 'unconfirmed'
        ORDER BY r.valid_from DESC LIMIT 1) r ON c.rounds_payments
      CROSS JOIN LATERAL (
        SELECT coalesce(sum(t.amount), 0.00) AS owed,
               coalesce(jsonb_agg(jsonb_build_object('item', t.item, 'on_date', t.on_date, 'amount', t.amount, 'law', t.law)), '[]') AS items
        FROM reminder._claim_items(i.creditor_id, i.invoice_no) t) m
      CROSS JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('stage', l.stage, 'letter_date', l.letter_date, 'deadline', l.deadline, 'to_pay', l.to_pay) ORDER BY l.letter_date, l.rung) AS letters,
               (array_agg(l.reference ORDER BY l.letter_date DESC, l.rung DESC))[1] AS reference
        FROM reminder.letter_list l
        WHERE l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no AND l.status = 'sent' AND l.letter_date <= $2) l)
    SELECT jsonb_build_object(
      'as_of', $2, 'language', coalesce(u.language, j.language), 'creditor', c.name, 'contact', coalesce(c.contract_address, c.sender_address), 'customer_no', u.customer_no, 'customer', u.name,
      'owed', (SELECT coalesce(jsonb_object_agg(o.currency, o.owed), '{}') FROM (SELECT m.currency, sum(m.owed) AS owed FROM claim m GROUP BY m.currency) o),
      'invoices', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
          'invoice_no', m.invoice_no, 'invoice_date', m.invoice_date, 'due_date', m.due_date, 'currency', m.currency, 'amount', m.amount, 'description', m.ground,
          'stage', m.stage, 'disputed', m.disputed, 'owed', m.owed, 'items', m.items, 'letters', m.letters,
          'plan', CASE WHEN m.plan IS NOT NULL THEN jsonb_build_object('state', m.plan, 'next_instalment', m.next_instalment, 'next_instalment_on', m.next_instalment_on) END,
          'pay', jsonb_build_object('amount', m.to_pay, 'reference', m.paid_by, 'payee', m.payee, 'bankgiro', m.bankgiro, 'plusgiro', m.plusgiro, 'iban', m.iban))
          ORDER BY m.due_date, m.invoice_no), '[]') FROM claim m))
    FROM reminder.customer u
    JOIN reminder.creditor c ON c.creditor_id = u.creditor_id
    JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
    WHERE u.creditor_id = _debtor.creditor_id AND u.customer_no = _debtor.customer_no);
END
$$;
COMMENT ON FUNCTION reminder.debtor_view(text, date) IS
'Gives what the debtor of a token owes, and why, as JSON: language, creditor, owed by currency, and for each invoice what it is for, the items that together are owed, each with the law it rests on (principal, interest and fees that letters claimed, compensation, fees of a payment plan and of enforcement, less costs paid and waived), the letters that went out, whether it is disputed, its payment plan, and how to pay: the amount to be paid, the reference, the payee and its accounts. as_of is the day; what is owed is as it stands. Raises 22R04 for a token that is wrong, unknown, expired or revoked, all in the same words, 22R02 for a bad date.';

CREATE FUNCTION reminder.debtor_acknowledge(token text, as_of date, invoice_no text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _debtor record;
  _no text;
  _count integer := 0;
BEGIN
  _debtor := reminder._debtor($1, $2);
  FOR _no IN SELECT * FROM reminder._debtor_invoices(_debtor.creditor_id, _debtor.customer_no, _debtor.invoice_no, $3) LOOP
    PERFORM reminder._lock_invoice(_debtor.creditor_id, _no, $2);
    -- Once a day is enough.
    IF NOT EXISTS (SELECT FROM reminder.interruption x WHERE x.creditor_id = _debtor.creditor_id AND x.invoice_no = _no
                     AND x.kind = 'acknowledgement' AND x.on_date = $2 AND x.retracted_on IS NULL) THEN
      PERFORM reminder.interrupt_limitation(_debtor.creditor_id, _no, $2, 'acknowledgement', format('by the debtor, with token %s', _debtor.token_no));
      _count := _count + 1;
    END IF;
  END LOOP;
  RETURN _count;
END
$$;
COMMENT ON FUNCTION reminder.debtor_acknowledge(text, date, text) IS
'Records that the debtor of a token acknowledges what it owes, of one invoice or (NULL) of all that the token opens, as interrupt_limitation() does: where the law has it so the time of limitation begins anew. Twice on a day counts once. Gives of how many invoices. Raises 22R04 for a token that is wrong, unknown, expired or revoked, and for an invoice that it does not open, 22R02 for a bad date.';

CREATE FUNCTION reminder._debtor_words(words text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF coalesce(octet_length(btrim($1, E' \t\r\n')), 0) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'the debtor''s words are missing or too long'
      USING ERRCODE = '22R01', HINT = 'Say why, in up to 1000 bytes.';
  END IF;
  RETURN btrim($1, E' \t\r\n');
END
$$;
COMMENT ON FUNCTION reminder._debtor_words(text) IS
'Internal: checks what a debtor writes. Raises 22R01.';

CREATE FUNCTION reminder.debtor_dispute(token text, as_of date, words text, invoice_no text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _debtor record;
  _no text;
  _count integer := 0;
BEGIN
  _debtor := reminder._debtor($1, $2);
  PERFORM reminder._debtor_words($3);
  FOR _no IN SELECT * FROM reminder._debtor_invoices(_debtor.creditor_id, _debtor.customer_no, _debtor.invoice_no, $4) LOOP
    PERFORM reminder._lock_invoice(_debtor.creditor_id, _no, $2);
    IF NOT EXISTS (SELECT FROM reminder.hold h WHERE h.creditor_id = _debtor.creditor_id AND h.invoice_no = _no AND h.kind = 'dispute'
                     AND h.until_on IS NULL AND h.released_on IS NULL) THEN
      PERFORM reminder.hold(_debtor.creditor_id, _no, 'dispute', NULL, $2);
    END IF;
    PERFORM reminder._keep(true);
    PERFORM reminder._note(_debtor.creditor_id, _no, 'debtor_disputed', $2, detail => reminder._debtor_words($3));
    PERFORM reminder._keep(false);
    _count := _count + 1;
  END LOOP;
  RETURN _count;
END
$$;
COMMENT ON FUNCTION reminder.debtor_dispute(text, date, text, text) IS
'Puts what the debtor of a token disputes on hold, one invoice or (NULL) all that the token opens, until somebody releases it; what it says (words, up to 1000 bytes) is an event. Gives of how many invoices. Raises 22R01 without words, 22R04 for a token that is wrong, unknown, expired or revoked, and for an invoice that it does not open, 22R02 for a bad date.';

CREATE FUNCTION reminder.debtor_ask_for_plan(token text, as_of date, instalments integer, words text DEFAULT NULL, invoice_no text DEFAULT NULL) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _debtor record;
  _no text;
  _count integer := 0;
BEGIN
  _debtor := reminder._debtor($1, $2);
  IF ($3 BETWEEN 2 AND 60) IS NOT TRUE THEN
    RAISE EXCEPTION 'a payment plan of % instalments cannot be asked for', coalesce($3::text, 'NULL')
      USING ERRCODE = '22R01', HINT = 'Ask for 2 to 60.';
  END IF;
  IF $4 IS NOT NULL THEN
    PERFORM reminder._debtor_words($4);
  END IF;
  FOR _no IN SELECT * FROM reminder._debtor_invoices(_debtor.creditor_id, _debtor.customer_no, _debtor.invoice_no, $5) LOOP
    PERFORM reminder._lock_invoice(_debtor.creditor_id, _no, $2);
    PERFORM reminder._keep(true);
    PERFORM reminder._note(_debtor.creditor_id, _no, 'debtor_asked_for_plan', $2, detail => concat_ws(': ', format('%s instalments', $3), CASE WHEN $4 IS NOT NULL THEN reminder._debtor_words($4) END));
    PERFORM reminder._keep(false);
    _count := _count + 1;
  END LOOP;
  RETURN _count;
END
$$;
COMMENT ON FUNCTION reminder.debtor_ask_for_plan(text, date, integer, text, text) IS
'Notes as an event that the debtor of a token asks to pay in so many instalments, of one invoice or (NULL) of all that the token opens, with words of up to 1000 bytes or none. Nothing stops for it: make_payment_plan() agrees. Gives of how many invoices. Raises 22R01 for other than 2 to 60 instalments or too many words, 22R04 for a token that is wrong, unknown, expired or revoked, and for an invoice that it does not open, 22R02 for a bad date.';

CREATE FUNCTION reminder.debtor_language(token text, as_of date, language text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _debtor record;
BEGIN
  _debtor := reminder._debtor($1, $2);
  IF ($3 ~ '^[a-z]{2,3}(-[A-Z]{2})?$') IS NOT TRUE THEN
    RAISE EXCEPTION 'unknown language "%"', left(coalesce($3, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Give its code: sv, fi, en, de-AT.';
  END IF;
  -- Events of a creditor are numbered under the lock on it.
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = _debtor.creditor_id FOR NO KEY UPDATE;
  UPDATE reminder.customer c SET language = $3
  WHERE c.creditor_id = _debtor.creditor_id AND c.customer_no = _debtor.customer_no AND c.language IS DISTINCT FROM $3;
  IF FOUND THEN
    PERFORM reminder._keep(true);
    PERFORM reminder._note(_debtor.creditor_id, '', 'debtor_language', $2, detail => format('%s: %s', _debtor.customer_no, $3));
    PERFORM reminder._keep(false);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.debtor_language(text, date, text) IS
'Sets the language that the debtor of a token is written to in, by its code (sv, fi, de-AT), and notes it as an event. Raises 22R01 for what is no code, 22R04 for a token that is wrong, unknown, expired or revoked, 22R02 for a bad date.';
