/*
 * 69-distribution.sql: the two ways to register invoices (P5). By "full" the
 * service sends the original invoice itself, by the first channel of the chain
 * that reaches the customer (C2), and collects afterwards; by
 * "collection_only" the creditor has sent it.
 *
 * What waits for a sender is the row in invoice_letter, and its lease stands
 * there too: an invoice has one original, so there is nothing to sort.
 */

CREATE FUNCTION reminder._invoice_channel(creditor_id bigint, customer_no text, after_place integer, on_date date, OUT place smallint, OUT channel text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT h.place, h.channel INTO place, channel
  FROM reminder.customer u
  JOIN reminder.creditor c ON c.creditor_id = u.creditor_id
  JOIN reminder.invoice_channel h ON h.customer_kind = u.rule_kind AND h.place > $3
  WHERE u.creditor_id = $1 AND u.customer_no = $2
    AND CASE h.channel
          WHEN 'print' THEN NOT c.needs_address OR u.address ~ '\S'
          ELSE reminder._invoice_address($1, $2, h.channel) IS NOT NULL END
    AND reminder._channel_on($1, h.channel, $4)
  ORDER BY h.place LIMIT 1;
END
$$;
COMMENT ON FUNCTION reminder._invoice_channel(bigint, text, integer, date) IS
'Internal: the first channel of the chain after a place that is on and reaches the customer; NULL: none does.';

CREATE FUNCTION reminder._invoice_address(creditor_id bigint, customer_no text, channel text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _address text := (SELECT a.address FROM reminder.customer_address a WHERE a.creditor_id = $1 AND a.customer_no = $2 AND a.channel = $3);
BEGIN
  IF _address IS NULL AND channel IN ('operator', 'email', 'print') THEN
    SELECT substring(CASE channel WHEN 'operator' THEN u.einvoice_address WHEN 'email' THEN u.email ELSE u.address END FROM '.*\S.*') INTO _address
    FROM reminder.customer u WHERE u.creditor_id = $1 AND u.customer_no = $2;
  END IF;
  RETURN _address;
END
$$;
COMMENT ON FUNCTION reminder._invoice_address(bigint, text, text) IS
'Internal: where a customer takes original invoices by a channel; NULL: nowhere.';

CREATE FUNCTION reminder.set_registration(creditor_id bigint, registration text, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _creditor record;
  _changed boolean;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  PERFORM reminder._check_registration(registration);
  -- as nothing else is switched under a run
  SELECT c.* INTO _creditor FROM reminder.creditor c WHERE c.creditor_id = $1 FOR UPDATE;
  PERFORM reminder._refuse_stale($1, '', NULL);
  PERFORM reminder._keep(true);
  IF registration = 'full' THEN
    IF concat(_creditor.bankgiro, _creditor.plusgiro, _creditor.iban) !~ '\S' THEN
      RAISE EXCEPTION 'creditor % has no payout destination', creditor_id
        USING ERRCODE = '55R04', HINT = 'Set bankgiro, plusgiro or iban of the creditor first.';
    END IF;
    PERFORM reminder._require_terms(creditor_id, as_of);
    INSERT INTO reminder.distribution VALUES ($1, $3) ON CONFLICT DO NOTHING;
  ELSE
    DELETE FROM reminder.distribution d WHERE d.creditor_id = $1;
  END IF;
  _changed := FOUND;
  IF _changed THEN
    PERFORM reminder._note(creditor_id, '', 'registration', as_of, detail => registration);
  END IF;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.set_registration(bigint, text, date) IS
'Says how a creditor''s invoices are registered from now on: "full", those that come in and are dated as_of or later are sent out by the service, which then collects, or "collection_only", as at first: the creditor sends them himself. register_invoice() says it of one. What is queued stays queued. Done twice, it changes nothing. Raises 22R01 for any other registration, 22R02 for a bad date, 22R04 for an unknown creditor, 55R04 without a payout destination or while the creditor''s terms are not accepted.';

CREATE FUNCTION reminder._check_registration(registration text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF registration IS NULL OR registration NOT IN ('full', 'collection_only') THEN
    RAISE EXCEPTION 'unknown registration "%"', left(coalesce(registration, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Registrations are full and collection_only.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._check_registration(text) IS 'Internal: checks a registration. Raises 22R01.';

CREATE FUNCTION reminder._credited_whole(creditor_id bigint, invoice_no text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT coalesce((SELECT sum(c.amount) FROM reminder.credit c WHERE c.creditor_id = $1 AND c.invoice_no = $2 AND c.kind IN ('credit', 'void'))
                  >= (SELECT i.amount FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2), false)
$$;
COMMENT ON FUNCTION reminder._credited_whole(bigint, text) IS
'Internal: tells whether all of an invoice was credited or voided. One that is paid, or offset, is still to be sent.';

CREATE FUNCTION reminder.register_invoice(creditor_id bigint, invoice_no text, registration text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _invoice reminder.invoice;
  _letter reminder.invoice_letter;
  _by record;
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  PERFORM reminder._check_registration(registration);
  PERFORM reminder._invoice_exists(creditor_id, invoice_no);
  SELECT i.* INTO _invoice FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = $2 FOR NO KEY UPDATE;
  PERFORM reminder._refuse_stale($1, $2, NULL);
  SELECT l.* INTO _letter FROM reminder.invoice_letter l WHERE l.creditor_id = $1 AND l.invoice_no = $2 FOR UPDATE;
  IF _letter.status = 'sent' THEN
    RAISE EXCEPTION 'invoice "%" has been sent already', invoice_no
      USING ERRCODE = '55R07', DETAIL = format('It went out on %s, channel %s.', _letter.told_on, _letter.channel), HINT = 'An original invoice is sent once.';
  ELSIF _letter.in_hand AND _letter.leased_until > clock_timestamp() AND _letter.status = 'queued' AND registration <> 'full' THEN
    RAISE EXCEPTION 'invoice "%" is with a sender', invoice_no
      USING ERRCODE = '55R07', HINT = 'Wait until the sender has said what became of it.';
  END IF;
  PERFORM reminder._keep(true);
  IF registration = 'collection_only' THEN
    -- What no sender has ever had leaves no trace; of what one had the keys are not given again.
    DELETE FROM reminder.invoice_letter l WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.attempts = 0 AND l.tried = '{}';
    UPDATE reminder.invoice_letter l SET status = 'cancelled', in_hand = false, leased_until = NULL, told_on = $4, changed_at = clock_timestamp()
    WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.status <> 'cancelled';
    IF _letter.status IN ('queued', 'failed') THEN
      PERFORM reminder._note(creditor_id, invoice_no, 'invoice_not_sent', as_of, detail => 'collection_only');
    END IF;
  ELSIF _letter.status IS DISTINCT FROM 'queued' THEN
    PERFORM reminder._require_terms(creditor_id, as_of);
    IF _invoice.kind = 'credit_note' OR reminder._factored(creditor_id, invoice_no, _invoice.kind) OR reminder._credited_whole(creditor_id, invoice_no) THEN
      RAISE EXCEPTION 'invoice "%" is not sent out', invoice_no
        USING ERRCODE = '55R07',
              DETAIL = CASE _invoice.kind WHEN 'credit_note' THEN 'It is a credit note.' WHEN 'factored' THEN 'It is sold to a factoring company.' ELSE 'All of it is credited.' END,
              HINT = 'Invoices and interest invoices are, until all of them is credited.';
    END IF;
    _by := reminder._invoice_channel(creditor_id, _invoice.customer_no, 0, as_of);
    IF _by.channel IS NULL THEN
      RAISE EXCEPTION 'no channel reaches customer "%"', _invoice.customer_no
        USING ERRCODE = '55R07', HINT = 'Give the customer an address for a channel of the chain that is on: reminder.customer_address, customer.email, customer.address.';
    END IF;
    INSERT INTO reminder.invoice_letter AS l (creditor_id, invoice_no, as_of, place, channel)
    VALUES ($1, $2, $4, _by.place, _by.channel)
    ON CONFLICT ON CONSTRAINT invoice_letter_pkey DO UPDATE
    SET as_of = excluded.as_of, status = 'queued', place = excluded.place, channel = excluded.channel, tried = l.tried || coalesce(l.channel, ''),
        attempts = 0, in_hand = false, leased_until = NULL, told_on = NULL, reason = NULL, changed_at = clock_timestamp();
    PERFORM reminder._note(creditor_id, invoice_no, 'invoice_queued', as_of, detail => _by.channel);
    PERFORM pg_notify('reminder_letters', $1::text);
  END IF;
  PERFORM reminder._keep(false);
  RETURN (SELECT l.channel FROM reminder.invoice_letter l WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.status = 'queued');
END
$$;
COMMENT ON FUNCTION reminder.register_invoice(bigint, text, text, date) IS
'Registers one invoice on as_of, whatever its creditor''s registration is: "full", the original is queued to be sent by the service (anew, if it had finally failed or was cancelled), or "collection_only", the creditor sends it: what is queued is not sent. Gives the channel it is queued for; NULL: it is not. Done twice, it changes nothing. Raises 22R01 for any other registration, 22R02 for a bad date, 22R04 for an unknown invoice, 55R04 while the creditor''s terms are not accepted, 55R07 if it has been sent, is with a sender, is a credit note, factored or credited, or if no channel reaches the customer.';

CREATE FUNCTION reminder._invoice_letter_credited() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM reminder.invoice_letter l WHERE l.status IN ('queued', 'failed')) THEN
    RETURN NULL;
  END IF;
  PERFORM reminder._keep(true);
  WITH cancelled AS (
    UPDATE reminder.invoice_letter l SET status = 'cancelled', told_on = n.credited_on, changed_at = clock_timestamp()
    FROM (SELECT n.creditor_id, n.invoice_no, max(n.credited_on) AS credited_on FROM new_rows n GROUP BY 1, 2) n
    WHERE l.creditor_id = n.creditor_id AND l.invoice_no = n.invoice_no AND l.status IN ('queued', 'failed')
      AND reminder._credited_whole(n.creditor_id, n.invoice_no)
    RETURNING l.creditor_id, l.invoice_no, l.told_on)
  INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, detail)
  SELECT c.creditor_id, c.invoice_no, reminder._next_event(c.creditor_id, c.invoice_no), 'invoice_not_sent', c.told_on, 'credited' FROM cancelled c;
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._invoice_letter_credited() IS
'Internal: AFTER INSERT STATEMENT on credit: an original invoice that is credited before it went out is not sent.';

CREATE FUNCTION reminder._invoice_letters(dedupe_keys text[], of_creditor bigint)
RETURNS TABLE (dedupe_key text, creditor_id bigint, invoice_no text, nth integer, now_nth integer, status text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _keys text[];
  _creditors bigint[];
  _invoices text[];
  _nths integer[];
  _bad text;
BEGIN
  IF dedupe_keys IS NULL THEN
    RAISE EXCEPTION 'dedupe_keys must not be null'
      USING ERRCODE = '22R01', HINT = 'Give back the dedupe_key of each invoice, as claim_invoices() gave it.';
  END IF;
  SELECT array_agg(k.dedupe_key), array_agg(l.creditor_id), array_agg(l.invoice_no), array_agg(l.nth::integer),
         min(left(coalesce(k.dedupe_key, 'NULL'), 64)) FILTER (WHERE l.creditor_id IS NULL OR l.rung <> 0)
  INTO _keys, _creditors, _invoices, _nths, _bad
  FROM (SELECT DISTINCT k.dedupe_key FROM unnest($1) k (dedupe_key)) k
  CROSS JOIN LATERAL reminder._read_letter_key(k.dedupe_key) l;
  IF _bad IS NOT NULL THEN
    RAISE EXCEPTION '"%" is not the dedupe key of an invoice', _bad
      USING ERRCODE = '22R01', HINT = 'Give back the dedupe_key of each invoice, as claim_invoices() gave it.';
  END IF;
  -- Ascending, as everybody locks them, and before the letters.
  PERFORM FROM reminder.invoice i
  WHERE (i.creditor_id, i.invoice_no) IN (SELECT k.* FROM unnest(_creditors, _invoices) k) AND coalesce(i.creditor_id = $2, true)
  ORDER BY i.creditor_id, i.invoice_no FOR NO KEY UPDATE;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM reminder._refuse_stale(k.creditor_id, k.invoice_no, NULL) FROM unnest(_creditors, _invoices) k (creditor_id, invoice_no);
  END IF;
  SELECT min(k.dedupe_key) INTO _bad
  FROM unnest(_keys, _creditors, _invoices, _nths) k (dedupe_key, creditor_id, invoice_no, nth)
  WHERE coalesce(k.creditor_id <> $2, false)
     OR NOT EXISTS (SELECT FROM reminder.invoice_letter l
                    WHERE l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no AND k.nth BETWEEN 1 AND cardinality(l.tried) + 1);
  IF _bad IS NOT NULL THEN
    RAISE EXCEPTION 'letter "%" is unknown or not yours', _bad
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.invoice_letter; shows every original invoice and its status.';
  END IF;
  RETURN QUERY
    SELECT k.dedupe_key, l.creditor_id, l.invoice_no, k.nth, cardinality(l.tried) + 1, l.status
    FROM unnest(_keys, _creditors, _invoices, _nths) k (dedupe_key, creditor_id, invoice_no, nth)
    JOIN reminder.invoice_letter l ON l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no;
END
$$;
COMMENT ON FUNCTION reminder._invoice_letters(text[], bigint) IS
'Internal: finds original invoices by their dedupe keys, each key once, of one creditor or (NULL) any, and locks them. nth is which of its channels the key is for, now_nth which has its turn. Raises 22R01, 22R04.';

CREATE FUNCTION reminder.claim_invoices(
  INOUT channel text DEFAULT NULL, INOUT creditor_id bigint DEFAULT NULL, n integer DEFAULT 100, lease interval DEFAULT '5 minutes',
  OUT dedupe_key text, OUT attempt integer, OUT leased_until timestamptz, OUT sent_to text,
  OUT invoice_no text, OUT customer_no text, OUT invoice_kind text, OUT invoice_date date, OUT due_date date, OUT language text,
  OUT currency text, OUT invoice_amount numeric, OUT to_pay numeric, OUT reference text, OUT payee text, OUT bankgiro text, OUT plusgiro text, OUT iban text,
  OUT creditor_name text, OUT jurisdiction text, OUT sender_name text, OUT sender_address text, OUT contact_address text,
  OUT customer_name text, OUT customer_kind text, OUT address text, OUT country text, OUT email text,
  OUT claim_description text, OUT media_type text, OUT content bytea, OUT uri text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _until timestamptz;
BEGIN
  IF $2 IS NOT NULL THEN
    PERFORM reminder._creditor($2);
  END IF;
  IF $1 IS NOT NULL AND NOT EXISTS (SELECT FROM reminder.invoice_channel h WHERE h.channel = $1) THEN
    RAISE EXCEPTION 'unknown channel "%"', left($1, 64)
      USING ERRCODE = '22R01', HINT = (SELECT 'Channels are ' || string_agg(DISTINCT h.channel, ', ' ORDER BY h.channel) || '; NULL is any.' FROM reminder.invoice_channel h);
  END IF;
  IF n IS NULL OR n NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION 'n is out of range: %', coalesce(n::text, 'NULL')
      USING ERRCODE = '22R01', HINT = 'Claim from 1 to 100000 invoices.';
  END IF;
  PERFORM reminder._check_lease(lease, 'lease', '7 days');
  _until := clock_timestamp() + lease;
  PERFORM reminder._keep(true);
  RETURN QUERY
    WITH waits AS MATERIALIZED (
      SELECT l.creditor_id, l.invoice_no FROM reminder.invoice_letter l
      WHERE l.status = 'queued' AND coalesce(l.channel = $1, true)
        AND l.creditor_id BETWEEN coalesce($2, -9223372036854775808) AND coalesce($2, 9223372036854775807)
        AND coalesce(l.leased_until <= clock_timestamp(), true)
        AND NOT reminder._channel_off(l.creditor_id, l.channel)
        AND NOT reminder._terms_lacking(l.creditor_id, greatest(l.as_of, reminder._last_run(l.creditor_id)))
      ORDER BY l.creditor_id, l.invoice_no LIMIT $3 FOR UPDATE SKIP LOCKED),
    taken AS (
      UPDATE reminder.invoice_letter l
      SET in_hand = true, leased_until = _until, attempts = l.attempts + 1, claimed_by = session_user, changed_at = clock_timestamp()
      FROM waits w WHERE l.creditor_id = w.creditor_id AND l.invoice_no = w.invoice_no
      RETURNING l.*)
    SELECT l.channel, l.creditor_id, reminder._letter_key(l.creditor_id, l.invoice_no, 0::smallint, (cardinality(l.tried) + 1)::smallint),
           l.attempts::integer, l.leased_until, reminder._invoice_address(l.creditor_id, i.customer_no, l.channel),
           i.invoice_no, i.customer_no, i.kind, i.invoice_date, i.due_date, g.language,
           i.currency, i.amount, i.open_amount, coalesce(i.reference, reminder.invoice_reference(c.jurisdiction, i.invoice_no)), 'service',
           c.bankgiro, c.plusgiro, c.iban,
           c.name, c.jurisdiction, coalesce(i.trading_name, c.name), c.sender_address, coalesce(c.contract_address, c.sender_address),
           u.name, u.kind, u.address, coalesce(u.country, c.country), u.email,
           coalesce(substring(i.description FROM '.*\S.*'), substring(c.claim_description FROM '.*\S.*'), reminder.claim_ground(g.language, i.invoice_no, i.invoice_date)),
           d.media_type, d.content, d.uri
    FROM taken l
    JOIN reminder.invoice i ON i.creditor_id = l.creditor_id AND i.invoice_no = l.invoice_no
    JOIN reminder.creditor c ON c.creditor_id = l.creditor_id
    JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
    JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
    LEFT JOIN reminder.invoice_document d ON d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no
    CROSS JOIN LATERAL (SELECT coalesce(u.language, j.language) AS language) g
    ORDER BY l.creditor_id, l.invoice_no;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.claim_invoices(text, bigint, integer, interval) IS
'Gives up to n original invoices that wait to be sent, with all that a sender needs, and leases them: nobody else gets them until lease has passed. channel is one of reminder.invoice_channel; NULL: any that is not switched off; creditor_id NULL: all creditors. dedupe_key is the invoice''s own for that channel, the same in every attempt. Then confirm_invoices() or fail_invoices(), or it is claimed again. Commit before sending: a claim that is rolled back was none. lease is from 1 second to 7 days of real time. sent_to is the address by the channel; to_pay what is open now; payee the service, whose claim it is from the invoice on; media_type with content or uri the document, if one is attached. Amounts in currency. Raises 22R01 for an unknown channel, n or lease out of range, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.confirm_invoices(dedupe_keys text[], as_of date, creditor_id bigint DEFAULT NULL, OUT dedupe_key text, OUT outcome text, OUT words text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  -- What is read, the number of the latest event too, is read under the lock: by a later statement.
  PERFORM FROM reminder._invoice_letters($1, $3);
  PERFORM reminder._keep(true);
  RETURN QUERY
    WITH letter AS MATERIALIZED (
      -- the first of an invoice's keys confirms it, the others find it sent
      SELECT l.*, l.status IN ('queued', 'failed') AND row_number() OVER (PARTITION BY l.creditor_id, l.invoice_no ORDER BY l.nth) = 1 AS confirms,
             l.status = 'cancelled' AND NOT EXISTS (
               SELECT FROM reminder.event e WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no
                 AND e.kind = 'invoice_sent_anyway' AND e.detail = l.dedupe_key) AS anyway
      FROM reminder._invoice_letters($1, $3) l),
    sent AS (
      UPDATE reminder.invoice_letter o
      -- an earlier channel may have worked after all
      SET status = 'sent', channel = CASE WHEN l.nth < l.now_nth THEN o.tried[l.nth] ELSE o.channel END,
          in_hand = false, leased_until = NULL, told_on = $2, reason = NULL, changed_at = clock_timestamp()
      FROM letter l
      WHERE o.creditor_id = l.creditor_id AND o.invoice_no = l.invoice_no AND l.confirms
      RETURNING o.creditor_id, o.invoice_no, l.nth, 'invoice_sent' AS kind, o.channel AS detail),
    noted AS (
      INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, detail)
      SELECT h.creditor_id, h.invoice_no,
             coalesce((SELECT max(e.event_no) FROM reminder.event e WHERE e.creditor_id = h.creditor_id AND e.invoice_no = h.invoice_no), 0)
               + (row_number() OVER (PARTITION BY h.creditor_id, h.invoice_no ORDER BY h.nth))::integer,
             h.kind, $2, h.detail
      FROM (SELECT s.* FROM sent s
            UNION ALL
            SELECT l.creditor_id, l.invoice_no, l.nth, 'invoice_sent_anyway', l.dedupe_key FROM letter l WHERE l.anyway) h)
    SELECT l.dedupe_key, x.outcome,
           CASE x.outcome
             WHEN 'sent' THEN 'It is sent.'
             WHEN 'already_sent' THEN 'It had been confirmed before; nothing has changed.'
             ELSE 'It had been cancelled, for it was credited or left to the creditor meanwhile. That it went out anyway is recorded.' END
    FROM letter l
    CROSS JOIN LATERAL (SELECT CASE WHEN l.confirms THEN 'sent' WHEN l.status = 'cancelled' THEN 'cancelled' ELSE 'already_sent' END AS outcome) x
    ORDER BY l.creditor_id, l.invoice_no, l.nth;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.confirm_invoices(text[], date, bigint) IS
'Says that original invoices went out on as_of, by the dedupe keys that claim_invoices() gave. Gives for each what it came to: sent, already_sent (nothing changes), or cancelled: then it had been credited meanwhile; that it went out anyway is recorded. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.fail_invoices(
  dedupe_keys text[], reason text, as_of date, retry_after interval DEFAULT NULL, attempts integer DEFAULT 5, creditor_id bigint DEFAULT NULL,
  OUT dedupe_key text, OUT outcome text, OUT retry_at timestamptz, OUT channel text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _letter record;
  _now reminder.invoice_letter;
  _next record;
BEGIN
  PERFORM reminder._check_failing($2, $3, $4, $5);
  PERFORM reminder._keep(true);
  FOR _letter IN SELECT l.* FROM reminder._invoice_letters($1, $6) l ORDER BY l.creditor_id, l.invoice_no, l.nth LOOP
    SELECT l.* INTO _now FROM reminder.invoice_letter l WHERE l.creditor_id = _letter.creditor_id AND l.invoice_no = _letter.invoice_no;
    dedupe_key := _letter.dedupe_key;
    retry_at := NULL;
    channel := _now.channel;
    IF _now.status <> 'queued' THEN
      outcome := CASE _now.status WHEN 'sent' THEN 'already_sent' WHEN 'failed' THEN 'already_failed' ELSE 'cancelled' END;
    ELSIF _letter.nth < cardinality(_now.tried) + 1 THEN
      outcome := 'next_channel';
    ELSIF $4 IS NOT NULL AND _now.attempts < $5 THEN
      outcome := 'waits';
      UPDATE reminder.invoice_letter l SET in_hand = false, leased_until = clock_timestamp() + $4, reason = $2, changed_at = clock_timestamp()
      WHERE l.creditor_id = _letter.creditor_id AND l.invoice_no = _letter.invoice_no
      RETURNING l.leased_until INTO retry_at;
    ELSE
      SELECT h.* INTO _next
      FROM reminder.invoice i CROSS JOIN LATERAL reminder._invoice_channel(i.creditor_id, i.customer_no, _now.place, $3) h
      WHERE i.creditor_id = _letter.creditor_id AND i.invoice_no = _letter.invoice_no;
      outcome := CASE WHEN _next.channel IS NULL THEN 'failed' ELSE 'next_channel' END;
      channel := coalesce(_next.channel, _now.channel);
      UPDATE reminder.invoice_letter l
      SET status = CASE outcome WHEN 'failed' THEN 'failed' ELSE 'queued' END, reason = $2, in_hand = false, leased_until = NULL, changed_at = clock_timestamp(),
          told_on = CASE outcome WHEN 'failed' THEN $3 END,
          tried = CASE outcome WHEN 'failed' THEN l.tried ELSE l.tried || l.channel END,
          attempts = CASE outcome WHEN 'failed' THEN l.attempts ELSE 0 END,
          place = coalesce(_next.place, l.place), channel = coalesce(_next.channel, l.channel)
      WHERE l.creditor_id = _letter.creditor_id AND l.invoice_no = _letter.invoice_no;
      PERFORM reminder._note(_letter.creditor_id, _letter.invoice_no, 'invoice_failed', $3, detail => _now.channel || ': ' || $2);
      PERFORM pg_notify('reminder_letters', _letter.creditor_id::text);
    END IF;
    RETURN NEXT;
  END LOOP;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.fail_invoices(text[], text, date, interval, integer, bigint) IS
'Says that original invoices could not be sent on as_of, by the dedupe keys that claim_invoices() gave, and for what reason, in up to 1000 bytes. With retry_after each waits for that long, then it can be claimed again, unless it has been claimed as often as attempts says. Otherwise it goes by the next channel of the chain that reaches its customer, under a key of its own; after the last it finally failed, and exception_list shows it. Gives for each what it came to: waits (and until when), next_channel, failed, or already_failed, already_sent or cancelled, which nothing changes; and its channel now. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 without a reason, for what is no dedupe key, attempts or retry_after out of range, 22R02 for a bad date, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.extend_invoices(dedupe_keys text[], lease interval DEFAULT '5 minutes', creditor_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _extended bigint;
BEGIN
  PERFORM reminder._check_lease(lease, 'lease', '7 days');
  PERFORM reminder._keep(true);
  UPDATE reminder.invoice_letter l SET leased_until = clock_timestamp() + $2, changed_at = clock_timestamp()
  FROM reminder._invoice_letters($1, $3) k
  WHERE l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no AND k.nth = k.now_nth AND l.status = 'queued' AND l.in_hand;
  GET DIAGNOSTICS _extended = ROW_COUNT;
  PERFORM reminder._keep(false);
  RETURN _extended;
END
$$;
COMMENT ON FUNCTION reminder.extend_invoices(text[], interval, bigint) IS
'Leases original invoices in hand, by their dedupe keys, for lease from now on: for a sender that needs longer. Gives how many were in hand still. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, or a lease not from 1 second to 7 days, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.release_invoices(dedupe_keys text[], creditor_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _released bigint;
BEGIN
  PERFORM reminder._keep(true);
  UPDATE reminder.invoice_letter l SET in_hand = false, leased_until = clock_timestamp(), attempts = greatest(l.attempts - 1, 0), changed_at = clock_timestamp()
  FROM reminder._invoice_letters($1, $2) k
  WHERE l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no AND k.nth = k.now_nth AND l.status = 'queued' AND l.in_hand;
  GET DIAGNOSTICS _released = ROW_COUNT;
  PERFORM reminder._keep(false);
  RETURN _released;
END
$$;
COMMENT ON FUNCTION reminder.release_invoices(text[], bigint) IS
'Gives original invoices in hand back unsent, by their dedupe keys: they can be claimed at once, and this claim does not count as an attempt. Gives how many were in hand still. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, 22R04 for an unknown invoice.';
