/*
 * The outbox (V8): senders claim letters for a while, hand them over, and say
 * what became of them. At least once: a letter whose sender never comes back
 * is claimed again, under the same dedupe key.
 *
 * A lease is about real time, so here, and nowhere else, the clock is read.
 * What is recorded of a letter is recorded for a business date, as everything.
 */

CREATE FUNCTION reminder._queue_letters(creditor_id bigint, channel text, as_of date, rung integer, invoice_nos text[]) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO reminder.letter_batch AS b (creditor_id, channel, as_of, rung, first_no, invoice_nos)
  SELECT $1, $2, $3, $4, min(n), array_agg(n ORDER BY n) FROM unnest($5) n HAVING count(*) > 0
  ON CONFLICT ON CONSTRAINT letter_batch_pkey DO UPDATE SET invoice_nos = b.invoice_nos || excluded.invoice_nos
  RETURNING pg_notify('reminder_letters', b.creditor_id::text)
$$;
COMMENT ON FUNCTION reminder._queue_letters(bigint, text, date, integer, text[]) IS
'Internal: puts letters of one step into the outbox that are not in it, and wakes senders; a run does the same with its own statement.';

CREATE FUNCTION reminder._letter_nth(creditor_id bigint, invoice_no text, rung smallint, taken_back smallint) RETURNS smallint
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF $4 > 0 THEN
    RETURN $4;
  END IF;
  RETURN (SELECT 1 + coalesce(max(d.taken_back), 0) FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.rung = $3);
END
$$;
COMMENT ON FUNCTION reminder._letter_nth(bigint, text, smallint, smallint) IS
'Internal: the how many-eth letter of its step a letter is; the same before and after it is taken back.';

CREATE FUNCTION reminder._letter_key(creditor_id bigint, invoice_no text, rung smallint, nth smallint) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT $1 || '-' || CASE WHEN $2 ~ '^[A-Za-z0-9._-]+$' THEN $2 ELSE '=' || encode(convert_to($2, 'UTF8'), 'hex') END || '-' || $3 || '-' || $4
$$;
COMMENT ON FUNCTION reminder._letter_key(bigint, text, smallint, smallint) IS
'Internal: the dedupe key of a letter, made of characters that file names and Message-IDs take.';

CREATE FUNCTION reminder._read_letter_key(dedupe_key text, OUT creditor_id bigint, OUT invoice_no text, OUT rung smallint, OUT nth smallint)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _parts text[] := regexp_match(left(dedupe_key, 1000), '^(-?[0-9]{1,19})-(.+)-([0-9]{1,2})-([0-9]{1,4})$');
BEGIN
  IF _parts[1]::numeric BETWEEN -9223372036854775808 AND 9223372036854775807 THEN
    creditor_id := _parts[1]::bigint;
    rung := _parts[3]::smallint;
    nth := _parts[4]::smallint;
    invoice_no := CASE WHEN _parts[2] LIKE '=%' THEN convert_from(decode(substr(_parts[2], 2), 'hex'), 'UTF8') ELSE _parts[2] END;
  END IF;
  -- A letter has one key.
  IF reminder._letter_key(creditor_id, invoice_no, rung, nth) IS DISTINCT FROM dedupe_key THEN
    creditor_id := NULL;
  END IF;
EXCEPTION WHEN data_exception THEN
  creditor_id := NULL;
END
$$;
COMMENT ON FUNCTION reminder._read_letter_key(text) IS
'Internal: reads a dedupe key; creditor_id is NULL for what is none.';

CREATE FUNCTION reminder._has_lines(creditors bigint[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN EXISTS (SELECT FROM unnest(creditors) c (creditor_id)
                 CROSS JOIN LATERAL (SELECT FROM reminder.letter_line l WHERE l.creditor_id = c.creditor_id LIMIT 1) l);
END
$$;
COMMENT ON FUNCTION reminder._has_lines(bigint[]) IS
'Internal: tells whether any of these creditors has letters that may be for several invoices (B6): with those that have none it need not be asked letter by letter.';

CREATE FUNCTION reminder._fellows(creditor_id bigint, invoice_no text, rung smallint) RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
BEGIN
  RETURN QUERY
    SELECT m.invoice_no
    FROM reminder.letter_line l
    -- OFFSET 0, here and below: by all that names the letter, or where statistics are old, all lines of the creditor would be read
    CROSS JOIN LATERAL (
      SELECT m.invoice_no FROM reminder.letter_line m
      WHERE (m.creditor_id, m.customer_no, m.as_of, m.rung, m.letter_of, m.letter_nth) = (l.creditor_id, l.customer_no, l.as_of, l.rung, l.letter_of, l.letter_nth)
        AND m.taken_back = 0 OFFSET 0) m
    WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.rung = $3 AND l.taken_back = 0;
END
$$;
COMMENT ON FUNCTION reminder._fellows(bigint, text, smallint) IS
'Internal: the invoices of the letter for several that an invoice''s letter of a step is part of, its own among them; none if it is not of such a step.';

CREATE FUNCTION reminder._lines(creditor_id bigint, invoice_no text, rung smallint, nth smallint, OUT line_of text, OUT line_nth smallint) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
BEGIN
  -- What was cancelled before anybody claimed it was never in the letter, unless all of it was.
  RETURN QUERY
    SELECT x.invoice_no, reminder._letter_nth($1, x.invoice_no, $3, x.taken_back)
    FROM (
      SELECT m.invoice_no, m.taken_back, d.status <> 'cancelled' AS stands, bool_or(d.status <> 'cancelled') OVER () AS any_stands,
             EXISTS (SELECT FROM reminder.letter_lease e WHERE e.creditor_id = $1 AND e.invoice_no = m.invoice_no AND e.rung = $3) AS in_hand
      FROM reminder.letter_line l
      CROSS JOIN LATERAL (
        SELECT m.* FROM reminder.letter_line m
        WHERE (m.creditor_id, m.customer_no, m.as_of, m.rung, m.letter_of, m.letter_nth) = (l.creditor_id, l.customer_no, l.as_of, l.rung, l.letter_of, l.letter_nth) OFFSET 0) m
      CROSS JOIN LATERAL (
        SELECT d.status FROM reminder.decision d
        WHERE (d.creditor_id, d.invoice_no, d.rung, d.taken_back) = (m.creditor_id, m.invoice_no, m.rung, m.taken_back) OFFSET 0) d
      WHERE l.creditor_id = $1 AND l.invoice_no = $2 AND l.rung = $3 AND reminder._letter_nth($1, $2, $3, l.taken_back) = $4) x
    WHERE x.stands OR x.in_hand OR NOT x.any_stands;
  IF NOT FOUND THEN
    RETURN QUERY SELECT $2, $4;
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._lines(bigint, text, smallint, smallint) IS
'Internal: the lines of the letter that an invoice''s letter of a step is one of; or that one alone.';

CREATE FUNCTION reminder._letters(dedupe_keys text[], locks boolean, of_creditor bigint DEFAULT NULL)
RETURNS TABLE (dedupe_key text, creditor_id bigint, invoice_no text, rung smallint, nth smallint, taken_back smallint,
               stage text, case_no smallint, fee numeric, charged boolean, status text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _keys text[];
  _creditors bigint[];
  _invoices text[];
  _rungs smallint[];
  _nths smallint[];
  _found bigint;
  _bad text;
BEGIN
  IF dedupe_keys IS NULL THEN
    RAISE EXCEPTION 'dedupe_keys must not be null'
      USING ERRCODE = '22R01', HINT = 'Give back the dedupe_key of each letter, as claim_letters() gave it.';
  END IF;
  SELECT array_agg(k.dedupe_key), array_agg(l.creditor_id), array_agg(l.invoice_no), array_agg(l.rung), array_agg(l.nth),
         min(left(coalesce(k.dedupe_key, 'NULL'), 64)) FILTER (WHERE l.creditor_id IS NULL)
  INTO _keys, _creditors, _invoices, _rungs, _nths, _bad
  FROM (SELECT DISTINCT k.dedupe_key FROM unnest($1) k (dedupe_key)) k
  CROSS JOIN LATERAL reminder._read_letter_key(k.dedupe_key) l;
  IF _bad IS NOT NULL THEN
    RAISE EXCEPTION '"%" is not the dedupe key of a letter', _bad
      USING ERRCODE = '22R01', HINT = 'Give back the dedupe_key of each letter, as claim_letters() gave it.';
  END IF;
  SELECT min(k.dedupe_key) INTO _bad FROM unnest(_keys, _creditors) k (dedupe_key, creditor_id) WHERE k.creditor_id <> of_creditor;
  IF _bad IS NULL AND reminder._has_lines(_creditors) THEN
    SELECT array_agg(x.dedupe_key), array_agg(x.creditor_id), array_agg(x.line_of), array_agg(x.rung), array_agg(x.line_nth)
    INTO _keys, _creditors, _invoices, _rungs, _nths
    FROM (SELECT DISTINCT ON (k.creditor_id, l.line_of, k.rung, l.line_nth) k.dedupe_key, k.creditor_id, l.line_of, k.rung, l.line_nth
          FROM unnest(_keys, _creditors, _invoices, _rungs, _nths) k (dedupe_key, creditor_id, invoice_no, rung, nth)
          CROSS JOIN LATERAL reminder._lines(k.creditor_id, k.invoice_no, k.rung, k.nth) l
          ORDER BY k.creditor_id, l.line_of, k.rung, l.line_nth, k.dedupe_key) x;
  END IF;
  IF locks AND _bad IS NULL THEN
    -- Ascending, as everybody locks them.
    PERFORM FROM reminder.invoice i
    WHERE (i.creditor_id, i.invoice_no) IN (SELECT k.* FROM unnest(_creditors, _invoices) k)
    ORDER BY i.creditor_id, i.invoice_no FOR NO KEY UPDATE;
    IF current_setting('transaction_isolation') <> 'read committed' THEN
      PERFORM reminder._refuse_stale(k.creditor_id, k.invoice_no, NULL) FROM unnest(_creditors, _invoices) k (creditor_id, invoice_no);
    END IF;
  END IF;
  RETURN QUERY
    SELECT k.dedupe_key, d.creditor_id, d.invoice_no, d.rung, k.nth, d.taken_back, d.stage, d.case_no, d.fee, d.charged_nth IS NOT NULL,
           CASE WHEN d.taken_back > 0 AND d.status = 'queued' THEN 'cancelled' ELSE d.status END
    FROM unnest(_keys, _creditors, _invoices, _rungs, _nths) k (dedupe_key, creditor_id, invoice_no, rung, nth)
    JOIN reminder.decision d ON d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.rung = k.rung AND d.outcome = 'sent'
    -- as _letter_nth() has it, without a call for each
    CROSS JOIN LATERAL (SELECT max(x.taken_back) AS taken_back FROM reminder.decision x
                        WHERE d.taken_back = 0 AND x.creditor_id = d.creditor_id AND x.invoice_no = d.invoice_no AND x.rung = d.rung) x
    WHERE _bad IS NULL AND CASE d.taken_back WHEN 0 THEN x.taken_back + 1 ELSE d.taken_back END = k.nth;
  GET DIAGNOSTICS _found = ROW_COUNT;
  IF _found < cardinality(_keys) THEN
    SELECT coalesce(_bad, min(k.dedupe_key)) INTO _bad
    FROM unnest(_keys, _creditors, _invoices, _rungs, _nths) k (dedupe_key, creditor_id, invoice_no, rung, nth)
    WHERE NOT EXISTS (SELECT FROM reminder.decision d
                      WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.rung = k.rung AND d.outcome = 'sent'
                        AND reminder._letter_nth(d.creditor_id, d.invoice_no, d.rung, d.taken_back) = k.nth);
    RAISE EXCEPTION 'letter "%" is unknown or not yours', _bad
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.letter_list; shows every letter and its status.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._letters(text[], boolean, bigint) IS
'Internal: finds letters by their dedupe keys, each once, of one creditor or (NULL) any; locks their invoices first if asked to. A letter for several invoices gives a row for each. Raises 22R01, 22R04.';

CREATE FUNCTION reminder._outcome(statuses text[], now_is text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN 'queued' = ANY ($1) THEN $2 WHEN 'sent' = ANY ($1) THEN 'already_sent'
              WHEN 'failed' = ANY ($1) THEN CASE $2 WHEN 'failed' THEN 'already_failed' ELSE 'failed' END ELSE 'cancelled' END
$$;
COMMENT ON FUNCTION reminder._outcome(text[], text) IS
'Internal: what telling the outcome of a letter comes to, by what its lines were.';

CREATE FUNCTION reminder._letters_sent(dedupe_keys text[], as_of date, of_creditor bigint DEFAULT NULL, OUT dedupe_key text, OUT outcome text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  PERFORM reminder._keep(true);
  RETURN QUERY
    WITH letter AS MATERIALIZED (
      SELECT l.* FROM reminder._letters($1, true, $3) l),
    told AS (
      UPDATE reminder.decision d SET status = 'sent'
      FROM letter l
      WHERE d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = l.taken_back
        AND l.status = 'queued'),
    freed AS (
      DELETE FROM reminder.letter_lease e USING letter l
      WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung AND l.taken_back = 0
      RETURNING l.dedupe_key, l.invoice_no, e.attempts),
    kept AS (
      INSERT INTO reminder.delivery (creditor_id, invoice_no, rung, nth, outcome, as_of, stage, case_no, attempts)
      SELECT l.creditor_id, l.invoice_no, l.rung, l.nth, CASE l.status WHEN 'queued' THEN 'sent' ELSE 'sent_anyway' END,
             $2, l.stage, l.case_no, coalesce(f.attempts, 0)
      FROM letter l LEFT JOIN freed f ON f.dedupe_key = l.dedupe_key AND f.invoice_no = l.invoice_no
      WHERE l.status <> 'sent'
      ON CONFLICT DO NOTHING)
    SELECT l.dedupe_key, reminder._outcome(array_agg(l.status), 'sent') FROM letter l GROUP BY l.dedupe_key;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._letters_sent(text[], date, bigint) IS
'Internal: what follows when letters went out. Raises 22R01, 22R02, 22R04.';

CREATE FUNCTION reminder._letters_failed(dedupe_keys text[], reason text, as_of date, OUT dedupe_key text, OUT outcome text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _creditors bigint[];
  _invoices text[];
  _cases smallint[];
  _charged boolean;
  _keys text[];
  _outcomes text[];
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  -- What is read, the number of the latest event too, is read under the lock: by a later statement.
  PERFORM FROM reminder._letters($1, true);
  PERFORM reminder._keep(true);
  WITH letter AS MATERIALIZED (
    SELECT l.*, l.status = 'queued' AS fails FROM reminder._letters($1, false) l),
  told AS (
    UPDATE reminder.decision d SET status = 'failed', charged_nth = NULL
    FROM letter l
    WHERE d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = l.taken_back AND l.fails),
  freed AS (
    DELETE FROM reminder.letter_lease e USING letter l
    WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung AND l.taken_back = 0
    RETURNING l.dedupe_key, l.invoice_no, e.attempts),
  kept AS (
    INSERT INTO reminder.delivery (creditor_id, invoice_no, rung, nth, outcome, as_of, stage, case_no, attempts, reason)
    SELECT l.creditor_id, l.invoice_no, l.rung, l.nth, 'failed', $3, l.stage, l.case_no, coalesce(f.attempts, 0), $2
    FROM letter l LEFT JOIN freed f ON f.dedupe_key = l.dedupe_key AND f.invoice_no = l.invoice_no
    WHERE l.fails),
  noted AS (
    INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, case_no, amount, detail)
    SELECT l.creditor_id, l.invoice_no,
           -- _next_event() would be a call for each
           coalesce((SELECT max(e.event_no) FROM reminder.event e WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no), 0)
             + (row_number() OVER (PARTITION BY l.creditor_id, l.invoice_no ORDER BY l.rung))::integer,
           'letter_failed', $3, l.case_no, l.fee, $2
    FROM letter l WHERE l.fails)
  SELECT array_agg(l.creditor_id) FILTER (WHERE l.fails), array_agg(l.invoice_no) FILTER (WHERE l.fails), array_agg(l.case_no) FILTER (WHERE l.fails),
         bool_or(l.fails AND l.charged),
         array_agg(l.dedupe_key), array_agg(l.status)
  INTO _creditors, _invoices, _cases, _charged, _keys, _outcomes
  FROM letter l;
  -- A letter that finally failed carries no fee, no interest, and no compensation that no other letter claims.
  UPDATE reminder.collection_case k
  SET fees_waived = greatest(k.fees_waived, least(s.not_owed, k.fees - k.fees_paid)),
      interest = least(k.interest, greatest(s.interest, k.interest_paid + k.interest_waived))
  FROM (SELECT DISTINCT f.creditor_id, f.invoice_no, f.case_no FROM unnest(_creditors, _invoices, _cases) f (creditor_id, invoice_no, case_no)) f
  CROSS JOIN LATERAL reminder._standing(f.creditor_id, f.invoice_no, f.case_no) s
  WHERE k.creditor_id = f.creditor_id AND k.invoice_no = f.invoice_no AND k.case_no = f.case_no;
  -- What was paid of that fee goes to what is owed.
  IF EXISTS (SELECT FROM unnest(_creditors, _invoices, _cases) f (creditor_id, invoice_no, case_no)
             JOIN reminder.collection_case k ON k.creditor_id = f.creditor_id AND k.invoice_no = f.invoice_no AND k.case_no = f.case_no WHERE k.fees_paid > 0) THEN
    PERFORM reminder._allocate_again(_creditors, _invoices, $3);
  END IF;
  -- Nor does it count as charged (F4). The others close up: the next one's number is one more than there are.
  FOR _nth IN 2..CASE WHEN _charged THEN 9 ELSE 1 END LOOP
    UPDATE reminder.decision d SET charged_nth = _nth - 1
    WHERE (d.creditor_id, d.invoice_no) IN (SELECT f.* FROM unnest(_creditors, _invoices) f) AND d.charged_nth = _nth AND d.taken_back = 0
      AND NOT EXISTS (SELECT FROM reminder.decision x WHERE x.creditor_id = d.creditor_id AND x.invoice_no = d.invoice_no AND x.charged_nth = _nth - 1 AND x.taken_back = 0);
  END LOOP;
  -- What a payment plan is of is less now.
  PERFORM reminder._keep_plans(p.creditor_id, array_agg(DISTINCT p.invoice_no))
  FROM unnest(_creditors, _invoices) f (creditor_id, invoice_no)
  JOIN reminder.payment_plan p ON p.creditor_id = f.creditor_id AND p.invoice_no = f.invoice_no GROUP BY p.creditor_id;
  -- And the next step waits from the letter before it.
  PERFORM reminder._place(f.creditor_id, array_agg(DISTINCT f.invoice_no)), reminder._keep_version(f.creditor_id, array_agg(DISTINCT f.invoice_no))
  FROM unnest(_creditors, _invoices) f (creditor_id, invoice_no) GROUP BY f.creditor_id;
  PERFORM reminder._keep(false);
  RETURN QUERY SELECT k.dedupe_key, reminder._outcome(array_agg(k.status), 'failed') FROM unnest(_keys, _outcomes) k (dedupe_key, status) GROUP BY k.dedupe_key;
END
$$;
COMMENT ON FUNCTION reminder._letters_failed(text[], text, date) IS
'Internal: what follows when letters finally failed (C6): they carry no fee, what was paid of it goes to what is owed, they count as none that did, and start no wait. Raises 22R01, 22R02, 22R04.';

CREATE FUNCTION reminder._check_lease(lease interval, what text, longest interval) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF lease IS NULL OR NOT (lease BETWEEN '1 second' AND longest) THEN
    RAISE EXCEPTION '% is out of range: %', what, coalesce(lease::text, 'NULL')
      USING ERRCODE = '22R01', HINT = format('From 1 second to %s.', longest);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._check_lease(interval, text, interval) IS
'Internal: checks how long a letter is leased, or left alone. Raises 22R01.';

CREATE FUNCTION reminder._check_failing(reason text, as_of date, retry_after interval, attempts integer) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  IF reason IS NULL OR octet_length(reason) NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'failing letters needs a reason' USING ERRCODE = '22R01', HINT = 'Say why, in up to 1000 bytes.';
  END IF;
  IF attempts IS NULL OR attempts NOT BETWEEN 1 AND 1000 THEN
    RAISE EXCEPTION 'attempts is out of range: %', coalesce(attempts::text, 'NULL')
      USING ERRCODE = '22R01', HINT = 'From 1 to 1000; the last of them fails the letter finally.';
  END IF;
  IF retry_after IS NOT NULL THEN
    PERFORM reminder._check_lease(retry_after, 'retry_after', '30 days');
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._check_failing(text, date, interval, integer) IS
'Internal: checks what is said of letters and original invoices that could not be sent. Raises 22R01, 22R02.';

CREATE FUNCTION reminder._claim_again(channel text, creditor_id bigint, n integer, leased_until timestamptz, OUT seen integer, OUT creditors bigint[], OUT invoices text[], OUT rungs smallint[])
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
  WITH first AS MATERIALIZED (
    SELECT l.creditor_id, l.invoice_no, l.rung FROM reminder.letter_lease l
    WHERE l.creditor_id BETWEEN coalesce($2, -9223372036854775808) AND coalesce($2, 9223372036854775807)
      AND coalesce(l.channel = $1, true) AND l.leased_until <= clock_timestamp()
      AND NOT reminder._channel_off(l.creditor_id, l.channel)
      AND NOT reminder._terms_hold(l.creditor_id)
      -- of a letter for several invoices the first line speaks for all
      AND NOT EXISTS (
        -- not by _fellows(): most lines find one before them at once
        SELECT FROM reminder.letter_line y
        CROSS JOIN LATERAL (
          SELECT m.invoice_no FROM reminder.letter_line m
          WHERE (m.creditor_id, m.customer_no, m.as_of, m.rung, m.letter_of, m.letter_nth) = (y.creditor_id, y.customer_no, y.as_of, y.rung, y.letter_of, y.letter_nth)
            AND m.taken_back = 0 AND m.invoice_no < y.invoice_no OFFSET 0) m
        CROSS JOIN LATERAL (
          SELECT FROM reminder.letter_lease o WHERE o.creditor_id = y.creditor_id AND o.invoice_no = m.invoice_no AND o.rung = y.rung OFFSET 0) o
        WHERE y.creditor_id = l.creditor_id AND y.invoice_no = l.invoice_no AND y.rung = l.rung AND y.taken_back = 0)
    ORDER BY l.creditor_id, l.channel, l.leased_until LIMIT $3 FOR UPDATE SKIP LOCKED),
  -- and if somebody has one of the others in hand it is not claimed now
  others AS MATERIALIZED (
    SELECT x.invoice_no AS first_no, o.creditor_id, o.invoice_no, o.rung FROM first x
    CROSS JOIN LATERAL reminder._fellows(x.creditor_id, x.invoice_no, x.rung) f (invoice_no)
    CROSS JOIN LATERAL (
      SELECT o.* FROM reminder.letter_lease o WHERE o.creditor_id = x.creditor_id AND o.invoice_no = f.invoice_no AND o.rung = x.rung
      FOR UPDATE SKIP LOCKED) o
    WHERE f.invoice_no > x.invoice_no),
  whole AS MATERIALIZED (
    SELECT x.* FROM first x
    WHERE (SELECT count(*) FROM others o WHERE o.creditor_id = x.creditor_id AND o.rung = x.rung AND o.first_no = x.invoice_no) = (
      SELECT count(*) FROM reminder._fellows(x.creditor_id, x.invoice_no, x.rung) f (invoice_no)
      CROSS JOIN LATERAL (
        SELECT FROM reminder.letter_lease o WHERE o.creditor_id = x.creditor_id AND o.invoice_no = f.invoice_no AND o.rung = x.rung OFFSET 0) o
      WHERE f.invoice_no > x.invoice_no)),
  expired AS MATERIALIZED (
    SELECT w.creditor_id, w.invoice_no, w.rung FROM whole w
    UNION ALL
    SELECT o.creditor_id, o.invoice_no, o.rung FROM whole w JOIN others o ON o.creditor_id = w.creditor_id AND o.rung = w.rung AND o.first_no = w.invoice_no),
  waiting AS MATERIALIZED (
    SELECT x.*, EXISTS (SELECT FROM reminder.decision d
                        WHERE d.creditor_id = x.creditor_id AND d.invoice_no = x.invoice_no AND d.rung = x.rung AND d.taken_back = 0 AND d.status = 'queued') AS waits
    FROM expired x),
  -- what was cancelled meanwhile
  gone AS (
    DELETE FROM reminder.letter_lease l USING waiting w
    WHERE l.creditor_id = w.creditor_id AND l.invoice_no = w.invoice_no AND l.rung = w.rung AND NOT w.waits),
  again AS (
    UPDATE reminder.letter_lease l SET attempts = l.attempts + 1, in_hand = true, leased_until = $4, claimed_by = session_user
    FROM waiting w
    WHERE l.creditor_id = w.creditor_id AND l.invoice_no = w.invoice_no AND l.rung = w.rung AND w.waits
    RETURNING l.creditor_id, l.invoice_no, l.rung)
  SELECT (SELECT count(*) FROM waiting)::integer, array_agg(a.creditor_id), array_agg(a.invoice_no), array_agg(a.rung) FROM again a
$$;
COMMENT ON FUNCTION reminder._claim_again(text, bigint, integer, timestamptz) IS
'Internal: claims letters whose lease ran out, up to n, that nobody else is claiming; seen is how many there were, those that need not be sent any more included.';

CREATE FUNCTION reminder._sort_batch(creditor_id bigint, waits boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _batch reminder.letter_batch;
BEGIN
  IF waits THEN
    SELECT b.* INTO _batch FROM reminder.letter_batch b
    WHERE b.creditor_id BETWEEN coalesce($1, -9223372036854775808) AND coalesce($1, 9223372036854775807) AND b.channel = ''
    ORDER BY b.creditor_id, b.channel, b.as_of, b.rung, b.first_no LIMIT 1 FOR UPDATE;
  ELSE
    SELECT b.* INTO _batch FROM reminder.letter_batch b
    WHERE b.creditor_id BETWEEN coalesce($1, -9223372036854775808) AND coalesce($1, 9223372036854775807) AND b.channel = ''
    ORDER BY b.creditor_id, b.channel, b.as_of, b.rung, b.first_no LIMIT 1 FOR UPDATE SKIP LOCKED;
  END IF;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  IF reminder._has_lines(ARRAY[_batch.creditor_id]) THEN
    -- The lines of a letter lie together, to be claimed together.
    INSERT INTO reminder.letter_batch AS b (creditor_id, channel, as_of, rung, first_no, invoice_nos)
    SELECT d.creditor_id, d.channel, d.as_of, d.rung, min(d.invoice_no), array_agg(d.invoice_no ORDER BY coalesce(l.letter_of, d.invoice_no), d.invoice_no)
    FROM unnest(_batch.invoice_nos) n (invoice_no)
    JOIN reminder.decision d ON d.creditor_id = _batch.creditor_id AND d.invoice_no = n.invoice_no
     AND d.as_of = _batch.as_of AND d.taken_back = 0 AND d.status = 'queued'
    LEFT JOIN reminder.letter_line l ON l.creditor_id = d.creditor_id AND l.invoice_no = d.invoice_no AND l.rung = d.rung AND l.taken_back = 0
    GROUP BY d.creditor_id, d.channel, d.as_of, d.rung
    ON CONFLICT ON CONSTRAINT letter_batch_pkey DO UPDATE SET invoice_nos = b.invoice_nos || excluded.invoice_nos;
  ELSE
    INSERT INTO reminder.letter_batch AS b (creditor_id, channel, as_of, rung, first_no, invoice_nos)
    SELECT d.creditor_id, d.channel, d.as_of, d.rung, min(d.invoice_no), array_agg(d.invoice_no ORDER BY d.invoice_no)
    FROM unnest(_batch.invoice_nos) n (invoice_no)
    JOIN reminder.decision d ON d.creditor_id = _batch.creditor_id AND d.invoice_no = n.invoice_no
     AND d.as_of = _batch.as_of AND d.taken_back = 0 AND d.status = 'queued'
    GROUP BY d.creditor_id, d.channel, d.as_of, d.rung
    ON CONFLICT ON CONSTRAINT letter_batch_pkey DO UPDATE SET invoice_nos = b.invoice_nos || excluded.invoice_nos;
  END IF;
  DELETE FROM reminder.letter_batch b
  WHERE (b.creditor_id, b.channel, b.as_of, b.rung, b.first_no) = (_batch.creditor_id, _batch.channel, _batch.as_of, _batch.rung, _batch.first_no);
  RETURN true;
END
$$;
COMMENT ON FUNCTION reminder._sort_batch(bigint, boolean) IS
'Internal: sorts what a run left by channel and step: one batch that nobody else is sorting, or, when waits, the first. False: there is none.';

CREATE FUNCTION reminder._claim_batch(channel text, creditor_id bigint, n integer, leased_until timestamptz, waits boolean, OUT seen integer, OUT creditors bigint[], OUT invoices text[], OUT rungs smallint[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _batch reminder.letter_batch;
  _numbers text[];
BEGIN
  IF waits THEN
    SELECT b.* INTO _batch FROM reminder.letter_batch b
    WHERE b.creditor_id BETWEEN coalesce($2, -9223372036854775808) AND coalesce($2, 9223372036854775807) AND coalesce(b.channel = $1, b.channel <> '')
      AND NOT reminder._channel_off(b.creditor_id, b.channel)
      AND NOT reminder._terms_hold(b.creditor_id)
    ORDER BY b.creditor_id, b.channel, b.as_of, b.rung, b.first_no LIMIT 1 FOR UPDATE;
  ELSE
    SELECT b.* INTO _batch FROM reminder.letter_batch b
    WHERE b.creditor_id BETWEEN coalesce($2, -9223372036854775808) AND coalesce($2, 9223372036854775807) AND coalesce(b.channel = $1, b.channel <> '')
      AND NOT reminder._channel_off(b.creditor_id, b.channel)
      AND NOT reminder._terms_hold(b.creditor_id)
    ORDER BY b.creditor_id, b.channel, b.as_of, b.rung, b.first_no LIMIT 1 FOR UPDATE SKIP LOCKED;
  END IF;
  seen := 0;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  _numbers := _batch.invoice_nos[_batch.claimed + 1 : _batch.claimed + n];
  seen := cardinality(_numbers);
  IF _batch.claimed + n >= cardinality(_batch.invoice_nos) THEN
    DELETE FROM reminder.letter_batch b
    WHERE (b.creditor_id, b.channel, b.as_of, b.rung, b.first_no) = (_batch.creditor_id, _batch.channel, _batch.as_of, _batch.rung, _batch.first_no);
  ELSE
    UPDATE reminder.letter_batch b SET claimed = b.claimed + n
    WHERE (b.creditor_id, b.channel, b.as_of, b.rung, b.first_no) = (_batch.creditor_id, _batch.channel, _batch.as_of, _batch.rung, _batch.first_no);
  END IF;
  IF reminder._has_lines(ARRAY[_batch.creditor_id]) THEN
    -- All of a letter, wherever its other lines lie, each letter looked up once; they are passed over later.
    WITH asked AS MATERIALIZED (
      SELECT b.invoice_no, b.place, l.customer_no, l.as_of, l.letter_of, l.letter_nth
      FROM unnest(_numbers) WITH ORDINALITY b (invoice_no, place)
      LEFT JOIN LATERAL (
        SELECT l.customer_no, l.as_of, l.letter_of, l.letter_nth FROM reminder.letter_line l
        WHERE l.creditor_id = _batch.creditor_id AND l.invoice_no = b.invoice_no AND l.rung = _batch.rung AND l.taken_back = 0 OFFSET 0) l ON true)
    SELECT array_agg(x.invoice_no ORDER BY x.place, x.invoice_no) INTO _numbers
    FROM (
      SELECT a.invoice_no, a.place FROM asked a WHERE a.letter_of IS NULL
      UNION ALL
      SELECT m.invoice_no, w.place
      FROM (SELECT a.customer_no, a.as_of, a.letter_of, a.letter_nth, min(a.place) AS place FROM asked a WHERE a.letter_of IS NOT NULL GROUP BY 1, 2, 3, 4) w
      CROSS JOIN LATERAL (
        SELECT m.invoice_no FROM reminder.letter_line m
        WHERE (m.creditor_id, m.customer_no, m.as_of, m.rung, m.letter_of, m.letter_nth) = (_batch.creditor_id, w.customer_no, w.as_of, _batch.rung, w.letter_of, w.letter_nth)
          AND m.taken_back = 0 OFFSET 0) m) x;
  END IF;
  WITH taken AS (
    INSERT INTO reminder.letter_lease (creditor_id, invoice_no, rung, channel, leased_until)
    SELECT d.creditor_id, d.invoice_no, d.rung, d.channel, $4
    FROM unnest(_numbers) WITH ORDINALITY b (invoice_no, place)
    JOIN reminder.decision d ON d.creditor_id = _batch.creditor_id AND d.invoice_no = b.invoice_no AND d.rung = _batch.rung
     AND d.taken_back = 0 AND d.status = 'queued'
    ORDER BY b.place
    ON CONFLICT DO NOTHING
    RETURNING letter_lease.creditor_id, letter_lease.invoice_no, letter_lease.rung)
  SELECT array_agg(t.creditor_id), array_agg(t.invoice_no), array_agg(t.rung) INTO creditors, invoices, rungs FROM taken t;
END
$$;
COMMENT ON FUNCTION reminder._claim_batch(text, bigint, integer, timestamptz, boolean) IS
'Internal: claims letters of one batch, up to n: of one that nobody else is claiming from, or, when waits, the first. seen is how many there were, those that need not be sent any more included; 0: no batch.';

CREATE FUNCTION reminder._claimed_letters(
  creditors bigint[], invoices text[], rungs smallint[],
  OUT channel text, OUT creditor_id bigint,
  OUT dedupe_key text, OUT attempt integer, OUT leased_until timestamptz,
  OUT invoice_no text, OUT customer_no text, OUT case_id uuid, OUT stage text, OUT letter_date date, OUT deadline date, OUT language text,
  OUT currency text, OUT principal numeric, OUT interest numeric, OUT interest_until date, OUT fee numeric, OUT fees numeric, OUT compensation numeric, OUT total numeric, OUT to_pay numeric,
  OUT reference text, OUT payee text, OUT bankgiro text, OUT plusgiro text, OUT iban text,
  OUT creditor_name text, OUT jurisdiction text, OUT sender_name text, OUT sender_address text, OUT contact_address text,
  OUT customer_name text, OUT customer_kind text, OUT address text, OUT country text, OUT email text,
  OUT invoice_date date, OUT due_date date, OUT invoice_amount numeric, OUT claim_description text, OUT lines jsonb)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT w.channel, w.creditor_id, reminder._letter_key(w.creditor_id, w.letter_of, w.rung, w.letter_nth), w.attempts::integer, w.leased_until,
           w.invoice_no, w.customer_no, w.case_id, w.stage, w.letter_date, w.deadline, w.language,
           w.currency, w.principals, w.interests, w.interests_until, w.own_fee, w.all_fees, w.compensations, w.totals, w.to_be_paid,
           CASE WHEN w.lines IS NULL THEN w.reference END, w.payee, c.bankgiro, c.plusgiro, c.iban,
           c.name, c.jurisdiction, w.sender_name, c.sender_address, coalesce(c.contract_address, c.sender_address),
           u.name, u.kind, u.address, coalesce(u.country, c.country), u.email,
           w.invoice_date, w.due_date, w.invoice_amount, w.claim_description, w.lines
    FROM (
      SELECT l.*, row_number() OVER letter AS line, sum(l.principal) OVER letter AS principals, sum(l.interest) OVER letter AS interests,
             min(l.interest_until) OVER letter AS interests_until, sum(l.fee) OVER letter AS own_fee, sum(l.fees) OVER letter AS all_fees,
             sum(l.compensation) OVER letter AS compensations, sum(l.total) OVER letter AS totals, sum(l.to_pay) OVER letter AS to_be_paid, min(l.place) OVER letter AS first_place,
             CASE WHEN count(*) OVER letter > 1 THEN jsonb_agg(jsonb_build_object(
               'invoice_no', l.invoice_no, 'invoice_date', l.invoice_date, 'due_date', l.due_date, 'invoice_amount', l.invoice_amount, 'claim_description', l.claim_description,
               'case_id', l.case_id, 'principal', l.principal, 'interest', l.interest, 'interest_until', l.interest_until, 'fee', l.fee, 'fees', l.fees,
               'compensation', l.compensation, 'total', l.total, 'to_pay', l.to_pay, 'reference', l.reference)) OVER letter END AS lines
      FROM (
        SELECT l.*, t.place, e.attempts, e.leased_until, k.case_id, i.invoice_date, i.due_date, i.amount AS invoice_amount,
               coalesce(y.letter_of, l.invoice_no) AS letter_of, coalesce(y.letter_nth, reminder._letter_nth(l.creditor_id, l.invoice_no, l.rung, 0::smallint)) AS letter_nth
        FROM unnest($1, $2, $3) WITH ORDINALITY t (creditor_id, invoice_no, rung, place)
        -- OFFSET 0: as in claim_letters()
        CROSS JOIN LATERAL (
          SELECT l.channel, l.creditor_id, l.rung, l.invoice_no, l.customer_no, l.case_no, l.stage, l.letter_date, l.deadline, l.language, l.currency, l.principal, l.interest, l.interest_until,
                 l.fee, l.fees, l.compensation, l.total, l.to_pay, l.reference, l.payee, l.sender_name, l.claim_description
          FROM reminder.letter_list l WHERE l.creditor_id = t.creditor_id AND l.invoice_no = t.invoice_no AND l.rung = t.rung OFFSET 0) l
        JOIN reminder.letter_lease e ON e.creditor_id = t.creditor_id AND e.invoice_no = t.invoice_no AND e.rung = t.rung
        JOIN reminder.collection_case k ON k.creditor_id = t.creditor_id AND k.invoice_no = t.invoice_no AND k.case_no = l.case_no
        JOIN reminder.invoice i ON i.creditor_id = t.creditor_id AND i.invoice_no = t.invoice_no
        LEFT JOIN reminder.letter_line y ON y.creditor_id = t.creditor_id AND y.invoice_no = t.invoice_no AND y.rung = t.rung AND y.taken_back = 0) l
      WINDOW letter AS (PARTITION BY l.creditor_id, l.letter_of, l.rung, l.letter_nth ORDER BY l.due_date, l.invoice_no ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) w
    JOIN reminder.creditor c ON c.creditor_id = w.creditor_id
    JOIN reminder.customer u ON u.creditor_id = w.creditor_id AND u.customer_no = w.customer_no
    WHERE w.line = 1
    ORDER BY w.first_place;
END
$$;
COMMENT ON FUNCTION reminder._claimed_letters(bigint[], text[], smallint[]) IS
'Internal: what claim_letters() gives of claimed letters when some may be for several invoices: a row a letter.';

CREATE FUNCTION reminder.claim_letters(
  INOUT channel text DEFAULT NULL, INOUT creditor_id bigint DEFAULT NULL, n integer DEFAULT 100, lease interval DEFAULT '5 minutes',
  OUT dedupe_key text, OUT attempt integer, OUT leased_until timestamptz,
  OUT invoice_no text, OUT customer_no text, OUT case_id uuid, OUT stage text, OUT letter_date date, OUT deadline date, OUT language text,
  OUT currency text, OUT principal numeric, OUT interest numeric, OUT interest_until date, OUT fee numeric, OUT fees numeric, OUT compensation numeric, OUT total numeric, OUT to_pay numeric,
  OUT reference text, OUT payee text, OUT bankgiro text, OUT plusgiro text, OUT iban text,
  OUT creditor_name text, OUT jurisdiction text, OUT sender_name text, OUT sender_address text, OUT contact_address text,
  OUT customer_name text, OUT customer_kind text, OUT address text, OUT country text, OUT email text,
  OUT invoice_date date, OUT due_date date, OUT invoice_amount numeric, OUT claim_description text, OUT lines jsonb)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _until timestamptz;
  _taken record;
  _creditors bigint[] := '{}'::bigint[];
  _invoices text[] := '{}'::text[];
  _rungs smallint[] := '{}'::smallint[];
  _looks integer := 0;
BEGIN
  IF $2 IS NOT NULL THEN
    PERFORM reminder._creditor($2);
  END IF;
  IF $1 IS NOT NULL AND NOT EXISTS (SELECT FROM reminder.channel k WHERE k.channel = $1 AND k.kind NOT IN ('choice', 'invoice')) THEN
    RAISE EXCEPTION 'unknown channel "%"', left($1, 64)
      USING ERRCODE = '22R01', HINT = (SELECT 'Channels are ' || string_agg(k.channel, ', ' ORDER BY k.channel) || '; NULL is any.' FROM reminder.channel k WHERE k.kind NOT IN ('choice', 'invoice'));
  END IF;
  IF n IS NULL OR n NOT BETWEEN 1 AND 100000 THEN
    RAISE EXCEPTION 'n is out of range: %', coalesce(n::text, 'NULL')
      USING ERRCODE = '22R01', HINT = 'Claim from 1 to 100000 letters.';
  END IF;
  PERFORM reminder._check_lease(lease, 'lease', '7 days');
  _until := clock_timestamp() + lease;
  PERFORM reminder._keep(true);
  WHILE cardinality(_invoices) < n LOOP
    SELECT t.* INTO _taken FROM reminder._claim_again($1, $2, n - cardinality(_invoices), _until) t;
    EXIT WHEN _taken.seen = 0;
    _creditors := _creditors || _taken.creditors;
    _invoices := _invoices || _taken.invoices;
    _rungs := _rungs || _taken.rungs;
  END LOOP;
  WHILE cardinality(_invoices) < n LOOP
    SELECT t.* INTO _taken FROM reminder._claim_batch($1, $2, n - cardinality(_invoices), _until, _looks > 0) t;
    CONTINUE WHEN _taken.seen = 0 AND reminder._sort_batch($2, _looks > 0);
    -- Nothing is left, or others have it: with empty hands one waits for them, and looks once more.
    EXIT WHEN _taken.seen = 0 AND (_looks = 2 OR cardinality(_invoices) > 0);
    _looks := CASE _taken.seen WHEN 0 THEN _looks + 1 ELSE 0 END;
    _creditors := _creditors || _taken.creditors;
    _invoices := _invoices || _taken.invoices;
    _rungs := _rungs || _taken.rungs;
  END LOOP;
  PERFORM reminder._keep(false);
  IF reminder._has_lines(_creditors) THEN
    RETURN QUERY SELECT l.* FROM reminder._claimed_letters(_creditors, _invoices, _rungs) l;
    RETURN;
  END IF;
  RETURN QUERY
    SELECT l.channel, l.creditor_id,
           reminder._letter_key(l.creditor_id, l.invoice_no, l.rung, reminder._letter_nth(l.creditor_id, l.invoice_no, l.rung, 0::smallint)),
           e.attempts::integer, e.leased_until,
           l.invoice_no, l.customer_no, k.case_id, l.stage, l.letter_date, l.deadline, l.language,
           l.currency, l.principal, l.interest, l.interest_until, l.fee, l.fees, l.compensation, l.total, l.to_pay,
           l.reference, l.payee, c.bankgiro, c.plusgiro, c.iban,
           c.name, c.jurisdiction, l.sender_name, c.sender_address, coalesce(c.contract_address, c.sender_address),
           u.name, u.kind, u.address, coalesce(u.country, c.country), u.email,
           i.invoice_date, i.due_date, i.amount, l.claim_description, NULL::jsonb
    FROM unnest(_creditors, _invoices, _rungs) WITH ORDINALITY t (creditor_id, invoice_no, rung, place)
    -- OFFSET 0: letter by letter, or so many joins would be made in the order in which they are written, of all letters
    CROSS JOIN LATERAL (SELECT l.* FROM reminder.letter_list l WHERE l.creditor_id = t.creditor_id AND l.invoice_no = t.invoice_no AND l.rung = t.rung OFFSET 0) l
    JOIN reminder.letter_lease e ON e.creditor_id = t.creditor_id AND e.invoice_no = t.invoice_no AND e.rung = t.rung
    JOIN reminder.collection_case k ON k.creditor_id = t.creditor_id AND k.invoice_no = t.invoice_no AND k.case_no = l.case_no
    JOIN reminder.invoice i ON i.creditor_id = t.creditor_id AND i.invoice_no = t.invoice_no
    JOIN reminder.creditor c ON c.creditor_id = t.creditor_id
    JOIN reminder.customer u ON u.creditor_id = t.creditor_id AND u.customer_no = l.customer_no
    ORDER BY t.place;
END
$$;
COMMENT ON FUNCTION reminder.claim_letters(text, bigint, integer, interval) IS
'Gives up to n letters that wait to be sent, with all that a sender needs, and leases them: nobody else gets them until lease has passed. channel is einvoice, email, print or another of reminder.channel; NULL: any that is not switched off; creditor_id NULL: all creditors. dedupe_key is the letter''s own, the same in every attempt. Then confirm_letters() or fail_letters(), or it is claimed again. Commit before sending: a claim that is rolled back was none. lease is from 1 second to 7 days of real time. A letter for several invoices (one_letter of its step) has them in lines, oldest first: an array of objects with what is each invoice''s own (invoice_no, invoice_date, due_date, invoice_amount, claim_description, case_id, principal, interest, interest_until, fee, fees, compensation, total, to_pay, reference); its amounts are the sums, what is an invoice''s is the oldest''s, and reference is NULL, for each is paid by itself. It counts as so many as it has lines. Amounts in currency; address, email and payout numbers NULL if not known. Raises 22R01 for an unknown channel, n or lease out of range, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.confirm_letters(dedupe_keys text[], as_of date, creditor_id bigint DEFAULT NULL, OUT dedupe_key text, OUT outcome text, OUT words text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
    SELECT l.dedupe_key, l.outcome,
           CASE l.outcome
             WHEN 'sent' THEN 'It is sent.'
             WHEN 'already_sent' THEN 'It had been confirmed before; nothing has changed.'
             WHEN 'cancelled' THEN 'It had been cancelled, for its case was paid or ended meanwhile. That it went out anyway is recorded; its costs stay waived.'
             ELSE 'It had finally failed before. That it went out anyway is recorded; its costs stay waived.' END
    FROM reminder._letters_sent($1, $2, $3) l ORDER BY l.dedupe_key;
END
$$;
COMMENT ON FUNCTION reminder.confirm_letters(text[], date, bigint) IS
'Says that letters went out on as_of, by the dedupe keys that claim_letters() gave; in one statement for as many as one likes. Gives for each what it came to: sent, already_sent (nothing changes), or cancelled or failed: then its case had been paid, withdrawn or given up meanwhile; that it went out anyway is recorded. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, 22R02 for a bad date, 22R04 for an unknown letter.';

CREATE FUNCTION reminder.fail_letters(
  dedupe_keys text[], reason text, as_of date, retry_after interval DEFAULT NULL, attempts integer DEFAULT 5, creditor_id bigint DEFAULT NULL,
  OUT dedupe_key text, OUT outcome text, OUT retry_at timestamptz) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _again text[];
  _finally text[];
BEGIN
  PERFORM reminder._check_failing(reason, as_of, retry_after, attempts);
  SELECT coalesce(array_agg(l.dedupe_key) FILTER (WHERE l.again), '{}'), coalesce(array_agg(l.dedupe_key) FILTER (WHERE NOT l.again), '{}')
  INTO _again, _finally
  FROM (SELECT l.dedupe_key, bool_or(l.status = 'queued') AND $4 IS NOT NULL AND coalesce(max(e.attempts) < $5, true) AS again
        FROM reminder._letters($1, true, $6) l
        LEFT JOIN reminder.letter_lease e ON e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung
        GROUP BY l.dedupe_key) l;
  PERFORM reminder._keep(true);
  RETURN QUERY
    WITH letter AS MATERIALIZED (
      SELECT l.* FROM reminder._letters(_again, false) l),
    later AS (
      UPDATE reminder.letter_lease e SET in_hand = false, leased_until = clock_timestamp() + $4, reason = $2
      FROM letter l
      WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung
      RETURNING l.dedupe_key, e.leased_until)
    SELECT l.dedupe_key, 'waits'::text, (SELECT max(t.leased_until) FROM later t WHERE t.dedupe_key = l.dedupe_key) FROM letter l GROUP BY 1 ORDER BY 1;
  PERFORM reminder._keep(false);
  RETURN QUERY SELECT l.dedupe_key, l.outcome, NULL::timestamptz FROM reminder._letters_failed(_finally, $2, $3) l ORDER BY 1;
END
$$;
COMMENT ON FUNCTION reminder.fail_letters(text[], text, date, interval, integer, bigint) IS
'Says that letters could not be sent on as_of, by the dedupe keys that claim_letters() gave, and for what reason, in up to 1000 bytes. With retry_after each waits for that long, then it can be claimed again, unless it has been claimed as often as attempts says. Otherwise it finally failed: it carries no fee, what was paid of it is allocated again on as_of (with a warning, 01R01, of what is more than is owed), the next step waits as if it had not been, and exception_list shows it. Gives for each what it came to: waits (and until when), failed, or already_failed, already_sent or cancelled, which nothing changes. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 without a reason, for what is no dedupe key, attempts or retry_after out of range, 22R02 for a bad date, 22R04 for an unknown letter.';

CREATE FUNCTION reminder.extend_letters(dedupe_keys text[], lease interval DEFAULT '5 minutes', creditor_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _extended bigint;
BEGIN
  PERFORM reminder._check_lease(lease, 'lease', '7 days');
  PERFORM reminder._keep(true);
  WITH extended AS (
    UPDATE reminder.letter_lease e SET leased_until = clock_timestamp() + $2
    FROM reminder._letters($1, false, $3) l
    WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung AND l.taken_back = 0 AND e.in_hand
    RETURNING l.dedupe_key)
  SELECT count(DISTINCT x.dedupe_key) INTO _extended FROM extended x;
  PERFORM reminder._keep(false);
  RETURN _extended;
END
$$;
COMMENT ON FUNCTION reminder.extend_letters(text[], interval, bigint) IS
'Leases letters in hand, by their dedupe keys, for lease from now on: for a sender that needs longer. Gives how many were in hand still. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, or a lease not from 1 second to 7 days, 22R04 for an unknown letter.';

CREATE FUNCTION reminder.release_letters(dedupe_keys text[], creditor_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _released bigint;
  _creditors bigint[];
BEGIN
  PERFORM reminder._keep(true);
  WITH released AS (
    UPDATE reminder.letter_lease e SET in_hand = false, leased_until = clock_timestamp(), attempts = greatest(e.attempts - 1, 0)
    FROM reminder._letters($1, false, $2) l
    WHERE e.creditor_id = l.creditor_id AND e.invoice_no = l.invoice_no AND e.rung = l.rung AND l.taken_back = 0 AND e.in_hand
    RETURNING e.creditor_id, l.dedupe_key)
  SELECT count(DISTINCT r.dedupe_key), array_agg(DISTINCT r.creditor_id) INTO _released, _creditors FROM released r;
  PERFORM pg_notify('reminder_letters', c::text) FROM unnest(_creditors) c;
  PERFORM reminder._keep(false);
  RETURN _released;
END
$$;
COMMENT ON FUNCTION reminder.release_letters(text[], bigint) IS
'Gives letters in hand back unsent, by their dedupe keys: they can be claimed at once, and this claim does not count as an attempt. Gives how many were in hand still. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, 22R04 for an unknown letter.';
