/*
 * Traffic with agencies (C8). A claim that goes to an agency is a letter by one
 * of its channels, so it waits in the outbox and is claimed, leased and tried
 * again as any letter is; what is an agency's own is which of them are its, and
 * what it says of them afterwards: messages, each of which counts once.
 */

CREATE FUNCTION reminder._agency(agency text) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _channels text[];
BEGIN
  IF $1 IS NULL OR NOT EXISTS (SELECT FROM reminder.agency a WHERE a.agency = $1) THEN
    RAISE EXCEPTION 'agency "%" is unknown or not yours', left(coalesce($1, 'NULL'), 64)
      USING ERRCODE = '22R04', HINT = 'SELECT agency, title FROM reminder.agency; lists the agencies there are.';
  END IF;
  SELECT coalesce(array_agg(k.channel ORDER BY k.channel), '{}') INTO _channels FROM reminder.channel k WHERE k.agency = $1;
  RETURN _channels;
END
$$;
COMMENT ON FUNCTION reminder._agency(text) IS
'Internal: checks an agency and gives its channels. Raises 22R04.';

CREATE FUNCTION reminder.claim_handovers(
  INOUT agency text, INOUT creditor_id bigint DEFAULT NULL, n integer DEFAULT 100, lease interval DEFAULT '5 minutes',
  OUT channel text, OUT dedupe_key text, OUT attempt integer, OUT leased_until timestamptz,
  OUT invoice_no text, OUT case_id uuid, OUT stage text, OUT letter_date date, OUT deadline date, OUT language text,
  OUT currency text, OUT principal numeric, OUT interest numeric, OUT interest_until date, OUT fees numeric, OUT compensation numeric, OUT total numeric, OUT reference text,
  OUT creditor_name text, OUT jurisdiction text, OUT sender_name text, OUT sender_address text,
  OUT customer_no text, OUT customer_name text, OUT customer_kind text, OUT identity_no text, OUT address text, OUT country text, OUT email text,
  OUT invoice_date date, OUT due_date date, OUT invoice_amount numeric, OUT claim_description text, OUT lines jsonb)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _channel text;
  _left integer := n;
  _got integer;
BEGIN
  FOREACH _channel IN ARRAY reminder._agency($1) LOOP
    RETURN QUERY
      SELECT $1, l.creditor_id, l.channel, l.dedupe_key, l.attempt, l.leased_until, l.invoice_no, l.case_id, l.stage, l.letter_date, l.deadline, l.language,
             l.currency, l.principal, l.interest, l.interest_until, l.fees, l.compensation, l.total, l.reference,
             l.creditor_name, l.jurisdiction, l.sender_name, l.sender_address, l.customer_no, l.customer_name, l.customer_kind, u.identity_no, l.address, l.country, l.email,
             l.invoice_date, l.due_date, l.invoice_amount, l.claim_description, l.lines
      FROM reminder.claim_letters(_channel, $2, _left, $4) l
      JOIN reminder.customer u ON u.creditor_id = l.creditor_id AND u.customer_no = l.customer_no;
    GET DIAGNOSTICS _got = ROW_COUNT;
    _left := _left - _got;
    EXIT WHEN _left <= 0;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder.claim_handovers(text, bigint, integer, interval) IS
'Gives up to n claims that wait to be handed over to an agency (a row of reminder.agency), with all that it needs, and leases them, as claim_letters() does with the channels of that agency: nobody else gets them until lease (1 second to 7 days of real time) has passed. creditor_id NULL: of all creditors. dedupe_key is the handover''s own, the same in every attempt. Then acknowledge_handovers() or reject_handovers(), or it is claimed again. Commit before handing over: a claim that is rolled back was none. Amounts in currency; identity_no, address and email NULL if not known; lines as of claim_letters(). Raises 22R01 for n or lease out of range, 22R04 for an unknown agency or creditor.';

CREATE FUNCTION reminder._of_agency(agency text, dedupe_keys text[]) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
  _channels CONSTANT text[] := reminder._agency($1);
  _bad text;
BEGIN
  -- what is no key at all is told by who reads them
  SELECT min(k.dedupe_key) INTO _bad
  FROM unnest($2) k (dedupe_key) CROSS JOIN LATERAL reminder._read_letter_key(k.dedupe_key) l
  WHERE l.creditor_id IS NOT NULL
    AND NOT EXISTS (SELECT FROM reminder.decision d
                    WHERE d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.channel = ANY (_channels));
  IF _bad IS NOT NULL THEN
    RAISE EXCEPTION 'handover "%" is unknown or not yours', left(_bad, 64)
      USING ERRCODE = '22R04', HINT = 'Give back the dedupe_key of each claim, as claim_handovers() gave it.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._of_agency(text, text[]) IS
'Internal: refuses keys of letters that do not go through an agency. Raises 22R04.';

CREATE FUNCTION reminder._keep_handovers(agency text, dedupe_keys text[], answer text, as_of date, reference_of text[], reason text) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
  INSERT INTO reminder.handover (creditor_id, invoice_no, rung, nth, case_no, agency, channel, stage, answer, as_of, reference, reason)
  SELECT l.creditor_id, l.invoice_no, l.rung, l.nth, l.case_no, $1, d.channel, l.stage, $3, $4, r.reference, $6
  FROM reminder._letters($2, false) l
  JOIN reminder.decision d ON d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = l.taken_back
  LEFT JOIN (SELECT k.dedupe_key, min(k.reference) AS reference FROM unnest($2, $5) k (dedupe_key, reference) GROUP BY 1) r ON r.dedupe_key = l.dedupe_key
  ON CONFLICT DO NOTHING
$$;
COMMENT ON FUNCTION reminder._keep_handovers(text, text[], text, date, text[], text) IS
'Internal: writes what an agency said of handovers, by their keys, each with its reference at the same place; what was said first stays.';

CREATE FUNCTION reminder.acknowledge_handovers(
  agency text, dedupe_keys text[], as_of date, creditor_id bigint DEFAULT NULL, agency_references text[] DEFAULT NULL,
  OUT dedupe_key text, OUT outcome text, OUT words text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _told text[];
  _outcomes text[];
BEGIN
  PERFORM reminder._of_agency($1, $2);
  IF cardinality($5) <> cardinality($2) OR (SELECT max(octet_length(r)) FROM unnest($5) r) > 64 THEN
    RAISE EXCEPTION 'agency_references are one for each of dedupe_keys, of up to 64 bytes'
      USING ERRCODE = '22R01', HINT = 'NULL where the agency has none.';
  END IF;
  SELECT array_agg(l.dedupe_key ORDER BY l.dedupe_key), array_agg(CASE l.outcome WHEN 'sent' THEN 'acknowledged' WHEN 'already_sent' THEN 'already_acknowledged' WHEN 'failed' THEN 'rejected' ELSE l.outcome END ORDER BY l.dedupe_key)
  INTO _told, _outcomes FROM reminder._letters_sent($2, $3, $4) l;
  PERFORM reminder._keep(true);
  PERFORM reminder._keep_handovers($1, array_agg(k.dedupe_key), 'acknowledged', $3, array_agg(k.reference), NULL)
  FROM unnest($2, $5) k (dedupe_key, reference)
  WHERE k.dedupe_key = ANY (ARRAY(SELECT t.k FROM unnest(_told, _outcomes) t (k, o) WHERE t.o IN ('acknowledged', 'already_acknowledged')))
  HAVING count(*) > 0;
  PERFORM reminder._keep(false);
  RETURN QUERY
    SELECT t.k, t.o,
           CASE t.o
             WHEN 'acknowledged' THEN 'The agency has it.'
             WHEN 'already_acknowledged' THEN 'It had been acknowledged before; nothing has changed.'
             WHEN 'cancelled' THEN 'It had been cancelled, for its case was paid or ended meanwhile: take it back.'
             ELSE 'It had been rejected before: take it back.' END
    FROM unnest(_told, _outcomes) t (k, o);
END
$$;
COMMENT ON FUNCTION reminder.acknowledge_handovers(text, text[], date, bigint, text[]) IS
'Says that an agency took over claims on as_of, by the dedupe keys that claim_handovers() gave, with agency_references, its own number of each at the same place (up to 64 bytes; NULL: none). The letter of the step counts as sent. Gives for each what it came to: acknowledged, already_acknowledged (nothing changes), or cancelled or rejected: then its case had been paid, withdrawn or given up meanwhile, and the agency is to drop it. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 for what is no dedupe key, or references that do not go with the keys, 22R02 for a bad date, 22R04 for an unknown agency, or a claim that does not go to it.';

CREATE FUNCTION reminder.reject_handovers(
  agency text, dedupe_keys text[], reason text, as_of date, creditor_id bigint DEFAULT NULL, retry_after interval DEFAULT NULL,
  OUT dedupe_key text, OUT outcome text, OUT retry_at timestamptz) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _told text[];
  _outcomes text[];
  _retries timestamptz[];
BEGIN
  PERFORM reminder._of_agency($1, $2);
  SELECT array_agg(l.dedupe_key ORDER BY l.dedupe_key),
         array_agg(CASE l.outcome WHEN 'failed' THEN 'rejected' WHEN 'already_failed' THEN 'already_rejected' WHEN 'already_sent' THEN 'already_acknowledged' ELSE l.outcome END ORDER BY l.dedupe_key),
         array_agg(l.retry_at ORDER BY l.dedupe_key)
  INTO _told, _outcomes, _retries FROM reminder.fail_letters($2, $3, $4, $6, 1000, $5) l;
  PERFORM reminder._keep(true);
  PERFORM reminder._keep_handovers($1, array_agg(t.k), 'rejected', $4, NULL, $3) FROM unnest(_told, _outcomes) t (k, o) WHERE t.o = 'rejected' HAVING count(*) > 0;
  PERFORM reminder._keep(false);
  RETURN QUERY SELECT t.* FROM unnest(_told, _outcomes, _retries) t;
END
$$;
COMMENT ON FUNCTION reminder.reject_handovers(text, text[], text, date, bigint, interval) IS
'Says that an agency did not take over claims on as_of, by the dedupe keys that claim_handovers() gave, and for what reason, in up to 1000 bytes. With retry_after (1 second to 30 days) each waits for that long, then it can be claimed again. Otherwise it is rejected: as a letter that finally failed, and exception_list shows it. Gives for each what it came to: waits (and until when), rejected, or already_rejected, already_acknowledged or cancelled, which nothing changes. All are of creditor_id, or (NULL) of any, for callers who see all. Raises 22R01 without a reason, for what is no dedupe key, or retry_after out of range, 22R02 for a bad date, 22R04 for an unknown agency, or a claim that does not go to it.';

/*
 * Withdrawing what an agency has: it is asked, and answers by a message.
 */
CREATE FUNCTION reminder._agency_has(creditor_id bigint, invoice_no text, case_no smallint) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN (SELECT k.agency FROM reminder.decision d JOIN reminder.channel k ON k.channel = d.channel AND k.kind = 'agency'
          WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.case_no = $3 AND d.taken_back = 0 AND d.status = 'sent'
          ORDER BY d.rung DESC LIMIT 1);
END
$$;
COMMENT ON FUNCTION reminder._agency_has(bigint, text, smallint) IS
'Internal: the agency that a case was handed over to, and that acknowledged it; NULL: none.';

CREATE FUNCTION reminder.request_withdrawal(creditor_id bigint, invoice_no text, reason text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _case record;
  _agency text;
BEGIN
  _case := reminder._active_case($1, $2, $4);
  IF octet_length($3) > 1000 THEN
    RAISE EXCEPTION 'reason is too long' USING ERRCODE = '22R01', HINT = 'Up to 1000 bytes.';
  END IF;
  PERFORM reminder._refuse_withdrawal($1, $2, _case.state);
  _agency := reminder._agency_has($1, $2, _case.case_no);
  IF _agency IS NULL THEN
    RAISE EXCEPTION 'no agency has the case of invoice "%"', $2
      USING ERRCODE = '55R03', HINT = 'reminder.withdraw() ends it.';
  ELSIF EXISTS (SELECT FROM reminder.agency_withdrawal w WHERE w.creditor_id = $1 AND w.invoice_no = $2 AND w.answer IS NULL) THEN
    RETURN _agency;
  END IF;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.agency_withdrawal (creditor_id, invoice_no, request_no, case_no, agency, reason, requested_on)
  SELECT $1, $2, coalesce(max(w.request_no), 0) + 1, _case.case_no, _agency, $3, $4
  FROM reminder.agency_withdrawal w WHERE w.creditor_id = $1 AND w.invoice_no = $2;
  PERFORM reminder._note($1, $2, 'withdrawal_requested', $4, _case.case_no, detail => concat_ws(': ', _agency, $3));
  PERFORM reminder._keep(false);
  PERFORM pg_notify('reminder_withdrawals', _agency);
  RETURN _agency;
END
$$;
COMMENT ON FUNCTION reminder.request_withdrawal(bigint, text, text, date) IS
'Asks the agency that has the case of an invoice to give it back; NOTIFY reminder_withdrawals tells its agent. The case goes on until the agency''s message withdrawn ends it. reason is free text of up to 1000 bytes, or NULL. Asked twice before an answer, nothing changes. Gives the agency. Raises 22R01 for a longer reason, 22R02 for a bad date, 22R04 for an unknown invoice, 55R02 at enforcement, or when the customer is bankrupt or an estate, 55R03 without an active case, or when no agency has it.';

CREATE FUNCTION reminder.withdrawal_requests(
  INOUT agency text, INOUT creditor_id bigint DEFAULT NULL, OUT invoice_no text, OUT case_id uuid, OUT reference text, OUT reason text, OUT requested_on date) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._agency($1);
  IF $2 IS NOT NULL THEN
    PERFORM reminder._creditor($2);
  END IF;
  RETURN QUERY
    SELECT w.agency, w.creditor_id, w.invoice_no, k.case_id,
           (SELECT h.reference FROM reminder.handover h
            WHERE h.creditor_id = w.creditor_id AND h.invoice_no = w.invoice_no AND h.case_no = w.case_no AND h.agency = w.agency ORDER BY h.rung DESC, h.nth DESC LIMIT 1),
           w.reason, w.requested_on
    FROM reminder.agency_withdrawal w
    JOIN reminder.collection_case k ON k.creditor_id = w.creditor_id AND k.invoice_no = w.invoice_no AND k.case_no = w.case_no
    WHERE w.agency = $1 AND ($2 IS NULL OR w.creditor_id = $2) AND w.answer IS NULL
    ORDER BY w.requested_on, w.creditor_id, w.invoice_no;
END
$$;
COMMENT ON FUNCTION reminder.withdrawal_requests(text, bigint) IS
'Lists the claims that an agency is asked to give back and has not answered about, oldest first; creditor_id NULL: of all creditors. reference is the agency''s own. Raises 22R04 for an unknown agency or creditor.';

/*
 * Messages. What one says is kept first, once for its id; then it takes effect,
 * in the same transaction, or says in problem why not.
 */
CREATE FUNCTION reminder._agency_problems(creditor_id bigint, agency text, invoice_nos text[]) RETURNS text[]
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
SET enable_hashjoin = off
AS $$
DECLARE
  _channels CONSTANT text[] := reminder._agency($2);
  _problems text[];
BEGIN
  SELECT array_agg(CASE WHEN i.invoice_no IS NULL THEN 'unknown_invoice'
                        WHEN NOT i.external_collection AND NOT EXISTS (
                          SELECT FROM reminder.decision d
                          WHERE d.creditor_id = $1 AND d.invoice_no = x.invoice_no AND d.taken_back = 0 AND d.status <> 'failed' AND d.channel = ANY (_channels))
                        THEN 'not_at_agency' END)
  INTO _problems
  FROM unnest($3) x (invoice_no)
  LEFT JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = x.invoice_no;
  RETURN _problems;
END
$$;
COMMENT ON FUNCTION reminder._agency_problems(bigint, text, text[]) IS
'Internal: what keeps an agency from saying anything of invoices, in their order; NULL: it has the claim.';

CREATE FUNCTION reminder._agency_payments(creditor_id bigint, agency text, message_ids text[]) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source)
  SELECT m.creditor_id, reminder._agency_payment_no(m.agency, m.message_id), m.invoice_no, m.on_date, m.amount, 'agency'
  FROM reminder.agency_message m
  WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY ($3) AND m.kind = 'payment' AND m.problem IS NULL
  ORDER BY m.invoice_no, m.on_date, m.message_id
$$;
COMMENT ON FUNCTION reminder._agency_payments(bigint, text, text[]) IS
'Internal: makes the payments that messages of an agency tell of.';

CREATE FUNCTION reminder._agency_payment_no(agency text, message_id text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN octet_length($1) + octet_length($2) < 64 THEN $1 || ':' || $2 ELSE 'agency:' || md5($1 || ':' || $2) END
$$;
COMMENT ON FUNCTION reminder._agency_payment_no(text, text) IS
'Internal: the number of the payment that a message of an agency tells of.';

CREATE FUNCTION reminder._agency_letters(creditor_id bigint, agency text, message_ids text[], as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _channels CONSTANT text[] := reminder._agency($2);
  _left text[];
  _round text[];
BEGIN
  -- That of the step by which it was handed over is there already.
  SELECT array_agg(m.message_id) INTO _left
  FROM reminder.agency_message m
  WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY ($3) AND m.kind = 'letter' AND m.problem IS NULL
    AND NOT (EXISTS (SELECT FROM reminder.decision d
                     WHERE d.creditor_id = $1 AND d.invoice_no = m.invoice_no AND d.taken_back = 0 AND d.status <> 'failed' AND d.channel = ANY (_channels) AND d.stage = m.stage
                       AND d.as_of <= m.on_date)
             AND NOT EXISTS (SELECT FROM reminder.agency_message e
                             WHERE e.creditor_id = $1 AND e.invoice_no = m.invoice_no AND e.agency = $2 AND e.kind = 'letter' AND e.stage = m.stage AND e.problem IS NULL
                               AND (e.on_date, e.message_id) < (m.on_date, m.message_id)));
  UPDATE reminder.agency_message m
  SET problem = CASE WHEN k.case_no IS NULL THEN 'case_ended' ELSE 'terms_not_accepted' END
  FROM reminder.agency_message o
  LEFT JOIN reminder.collection_case k ON k.creditor_id = o.creditor_id AND k.invoice_no = o.invoice_no AND k.ended_on IS NULL
  WHERE o.creditor_id = $1 AND o.agency = $2 AND o.message_id = ANY (_left) AND (k.case_no IS NULL OR reminder._terms_hold($1))
    AND m.creditor_id = o.creditor_id AND m.agency = o.agency AND m.message_id = o.message_id;
  LOOP
    -- One of each invoice at a time, in the order of their dates.
    SELECT array_agg(x.message_id) INTO _round
    FROM (SELECT DISTINCT ON (m.invoice_no) m.message_id FROM reminder.agency_message m
          WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY (_left) AND m.problem IS NULL ORDER BY m.invoice_no, m.on_date, m.message_id) x;
    EXIT WHEN _round IS NULL;
    UPDATE reminder.agency_message m SET problem = 'letter_' || r.refusal
    FROM (SELECT array_agg(m.message_id ORDER BY m.message_id) AS ids,
                 jsonb_agg(jsonb_build_object('n', x.n, 'invoice_no', m.invoice_no, 'stage', m.stage, 'letter_date', m.on_date, 'deadline', m.deadline)) AS letters
          FROM unnest(_round) WITH ORDINALITY x (message_id, n)
          JOIN reminder.agency_message m ON m.creditor_id = $1 AND m.agency = $2 AND m.message_id = x.message_id) l
    CROSS JOIN LATERAL reminder._record_letters($1, l.letters, $4) r
    WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = _round[r.n] AND r.refusal IS NOT NULL;
    _left := ARRAY(SELECT x FROM unnest(_left) x WHERE x <> ALL (_round));
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._agency_letters(bigint, text, text[], date) IS
'Internal: records letters that messages of an agency tell of as sent outside, but not the one of the step by which it has the claim. They carry no fee: an agency''s are its own.';

CREATE FUNCTION reminder._agency_case(creditor_id bigint, agency text, message_id text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _message record;
  _case record;
  _on date;
  _reason text;
BEGIN
  SELECT m.* INTO _message FROM reminder.agency_message m WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = $3;
  SELECT k.case_no, k.state, k.state_on INTO _case
  FROM reminder.collection_case k WHERE k.creditor_id = _message.creditor_id AND k.invoice_no = _message.invoice_no AND k.ended_on IS NULL;
  _on := greatest(_message.on_date, _case.state_on);
  IF _message.kind IN ('withdrawn', 'not_withdrawn') THEN
    UPDATE reminder.agency_withdrawal w
    SET answer = _message.kind, answered_on = greatest(_message.on_date, w.requested_on)
    WHERE w.creditor_id = _message.creditor_id AND w.invoice_no = _message.invoice_no AND w.agency = _message.agency AND w.answer IS NULL
      AND (_message.kind = 'not_withdrawn' OR _case.state IS DISTINCT FROM 'enforcement')
    RETURNING w.reason INTO _reason;
    IF NOT FOUND THEN
      RETURN CASE WHEN _case.state = 'enforcement' THEN 'at_enforcement' ELSE 'not_requested' END;
    ELSIF _message.kind = 'withdrawn' AND _case.case_no IS NOT NULL THEN
      PERFORM reminder._end_case(_message.creditor_id, _message.invoice_no, _case.case_no, 'withdrawn', _reason, _on);
      PERFORM reminder._keep(true);
    END IF;
  ELSIF _message.kind = 'closure' THEN
    SELECT coalesce((SELECT r.closing_reason FROM reminder.agency_closing_reason r WHERE r.agency = _message.agency AND r.status = _message.status),
                    (SELECT r.closing_reason FROM reminder.closing_reason r WHERE r.closing_reason = lower(btrim(translate(_message.status, '_-', '  '))) AND r.closing_reason <> 'other'))
    INTO _reason;
    IF _reason IS NULL THEN
      RETURN 'unknown_closing_reason';
    END IF;
    UPDATE reminder.invoice i SET external_collection = false
    WHERE i.creditor_id = _message.creditor_id AND i.invoice_no = _message.invoice_no AND i.external_collection;
    -- one that was paid or ended meanwhile is closed already
    IF _case.case_no IS NOT NULL THEN
      PERFORM reminder._end_case(_message.creditor_id, _message.invoice_no, _case.case_no, 'closed', concat_ws(': ', _reason, left(_message.detail, 500)), _on);
      PERFORM reminder._keep(true);
    END IF;
    UPDATE reminder.agency_withdrawal w SET answer = 'ended', answered_on = greatest(_message.on_date, w.requested_on)
    WHERE w.creditor_id = _message.creditor_id AND w.invoice_no = _message.invoice_no AND w.agency = _message.agency AND w.answer IS NULL;
  ELSIF _message.stage IS NOT NULL AND _case.state IS DISTINCT FROM _message.stage THEN
    IF _case.case_no IS NULL THEN
      RETURN 'case_ended';
    ELSIF NOT EXISTS (
        SELECT FROM reminder.case_transitions() t
        WHERE t.from_state = _case.state AND t.to_state = _message.stage
          AND t.by LIKE CASE _message.stage WHEN 'monitoring' THEN '%back_to_monitoring()%' ELSE '%hand_to_enforcement()%' END) THEN
      RETURN 'no_such_transition';
    ELSIF _case.state <> 'enforcement' AND reminder._terms_hold(_message.creditor_id) THEN
      RETURN 'terms_not_accepted';
    END IF;
    UPDATE reminder.collection_case k SET state = _message.stage, state_on = _on
    WHERE k.creditor_id = _message.creditor_id AND k.invoice_no = _message.invoice_no AND k.case_no = _case.case_no;
    PERFORM reminder._note(_message.creditor_id, _message.invoice_no, _message.stage, _on, _case.case_no, detail => _message.agency);
    PERFORM reminder._keep_version(_message.creditor_id, ARRAY[_message.invoice_no]);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._agency_case(bigint, text, text) IS
'Internal: what a message of an agency does to the case, whose invoice is locked: a closure or a withdrawal ends it, a stage moves it as far as a hand could. Gives why it could not.';

CREATE FUNCTION reminder._agency_effects(creditor_id bigint, agency text, message_ids text[], as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _message record;
  _problem text;
  _invoices text[];
BEGIN
  -- Ascending, as everybody locks them.
  SELECT array_agg(x.invoice_no) INTO _invoices
  FROM (SELECT i.invoice_no FROM reminder.invoice i
        WHERE i.creditor_id = $1 AND i.invoice_no IN (
          SELECT m.invoice_no FROM reminder.agency_message m WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY ($3))
        ORDER BY i.invoice_no FOR NO KEY UPDATE) x;
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    PERFORM reminder._refuse_stale($1, n, NULL) FROM unnest(_invoices) n;
  END IF;
  UPDATE reminder.agency_message m SET problem = 'other_currency'
  FROM reminder.invoice i
  WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY ($3) AND i.creditor_id = m.creditor_id AND i.invoice_no = m.invoice_no AND m.currency <> i.currency;
  PERFORM reminder._agency_letters($1, $2, $3, $4);
  PERFORM reminder._agency_payments($1, $2, $3);
  PERFORM reminder._keep(true);
  FOR _message IN
    SELECT m.message_id FROM reminder.agency_message m
    WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY ($3) AND m.problem IS NULL AND (m.kind IN ('closure', 'withdrawn', 'not_withdrawn') OR m.kind = 'status' AND m.stage IS NOT NULL)
    ORDER BY m.invoice_no, m.on_date, m.kind = 'closure', m.message_id
  LOOP
    _problem := reminder._agency_case($1, $2, _message.message_id);
    UPDATE reminder.agency_message m SET problem = _problem
    WHERE _problem IS NOT NULL AND m.creditor_id = $1 AND m.agency = $2 AND m.message_id = _message.message_id;
  END LOOP;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._agency_effects(bigint, text, text[], date) IS
'Internal: what messages of an agency that are kept by now do: letters, then money, then what becomes of the cases. One that cannot says why in problem.';

CREATE FUNCTION reminder._refuse_agency_message(n bigint, message_id text, what text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'message % is not one: %', n, what
    USING ERRCODE = '22R01', DETAIL = format('Its id is %s.', coalesce('"' || left(message_id, 64) || '"', 'not given')), HINT = 'None of the messages was taken.';
END
$$;
COMMENT ON FUNCTION reminder._refuse_agency_message(bigint, text, text) IS
'Internal: raises 22R01.';

CREATE FUNCTION reminder._put_agency_messages(
  creditor_id bigint, agency text, messages jsonb, as_of date,
  OUT message_ids text[], OUT acts text[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
SET enable_mergejoin = off
AS $$
#variable_conflict use_column
DECLARE
  _channels CONSTANT text[] := reminder._agency($2);
  _detail text;
BEGIN
  -- read, checked, looked up and kept in one pass
  WITH put AS (
    INSERT INTO reminder.agency_message AS o (creditor_id, agency, message_id, invoice_no, kind, on_date, status, stage, amount, currency, deadline, detail, problem, as_of)
    SELECT $1, $2, x.id, x.invoice_no, CASE WHEN w.what IS NULL THEN x.kind ELSE reminder._refuse_agency_message(x.n, x.id, w.what) END,
           x.date, x.status, x.stage, x.amount, x.currency, x.deadline, x.detail,
           CASE WHEN i.invoice_no IS NULL THEN 'unknown_invoice'
                WHEN NOT i.external_collection AND NOT EXISTS (
                  SELECT FROM reminder.decision d
                  WHERE d.creditor_id = $1 AND d.invoice_no = x.invoice_no AND d.taken_back = 0 AND d.status <> 'failed' AND d.channel = ANY (_channels))
                THEN 'not_at_agency' END, $4
    FROM ROWS FROM (jsonb_to_recordset($3) AS (id text, invoice_no text, kind text, date date, status text, stage text, amount numeric, currency text, deadline date, detail text)) WITH ORDINALITY x (id, invoice_no, kind, date, status, stage, amount, currency, deadline, detail, n)
    CROSS JOIN LATERAL (
      SELECT   CASE
          WHEN coalesce(octet_length(x.id), 0) NOT BETWEEN 1 AND 64 THEN 'id is missing, or over 64 bytes'
          WHEN coalesce(octet_length(x.invoice_no), 0) NOT BETWEEN 1 AND 64 THEN 'invoice_no is missing, or over 64 bytes'
          WHEN (x.kind IN ('status', 'letter', 'payment', 'fee', 'closure', 'withdrawn', 'not_withdrawn')) IS NOT TRUE THEN 'kind is not status, letter, payment, fee, closure, withdrawn or not_withdrawn'
          WHEN (x.date BETWEEN '1990-01-01' AND $4) IS NOT TRUE THEN 'date is missing, before 1990 or after as_of'
          WHEN (x.kind IN ('payment', 'fee')) <> (x.amount IS NOT NULL) THEN 'amount is of a payment or fee, and of nothing else'
          WHEN NOT (x.amount > 0 AND x.amount < 1000000000000 AND x.amount = round(x.amount, 2)) THEN 'amount is not more than 0, with two decimals'
          WHEN (x.kind IN ('status', 'closure')) <> (x.status IS NOT NULL) THEN 'status is of a status or closure, and of nothing else'
          WHEN octet_length(x.status) NOT BETWEEN 1 AND 64 THEN 'status is empty, or over 64 bytes'
          WHEN x.kind = 'letter' AND (x.stage IN ('reminder', 'notice', 'demand')) IS NOT TRUE THEN 'stage of a letter is not reminder, notice or demand'
          WHEN x.kind <> 'letter' AND x.stage IS NOT NULL AND NOT (x.kind = 'status' AND x.stage IN ('monitoring', 'enforcement')) THEN 'stage is of a letter, or monitoring or enforcement of a status'
          WHEN x.deadline IS NOT NULL AND (x.kind = 'letter' AND x.deadline BETWEEN x.date AND '2200-12-31') IS NOT TRUE THEN 'deadline is of a letter, and not before it'
          WHEN x.currency !~ '^[A-Z]{3}$' THEN 'currency is not three capital letters'
          WHEN octet_length(x.detail) > 1000 THEN 'detail is over 1000 bytes' END AS what) w
    LEFT JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = x.invoice_no
    ON CONFLICT DO NOTHING
    RETURNING o.message_id, o.problem IS NULL AND (o.kind NOT IN ('status', 'fee') OR o.stage IS NOT NULL OR o.currency IS NOT NULL) AS acts)
  SELECT array_agg(p.message_id), array_agg(p.message_id) FILTER (WHERE p.acts) INTO message_ids, acts FROM put p;
EXCEPTION WHEN data_exception THEN
  IF SQLSTATE LIKE '22R%' THEN
    RAISE;
  END IF;
  GET STACKED DIAGNOSTICS _detail = MESSAGE_TEXT;
  RAISE EXCEPTION 'messages cannot be read'
    USING ERRCODE = '22R01', DETAIL = _detail, HINT = 'They are an array of objects with id, invoice_no, kind, date and what the kind needs.';
END
$$;
COMMENT ON FUNCTION reminder._put_agency_messages(bigint, text, jsonb, date) IS
'Internal: reads messages of an agency and keeps those that are new: their ids, and of these those that do more than stand there. Raises 22R01.';

CREATE FUNCTION reminder.take_agency_messages(
  creditor_id bigint, agency text, messages jsonb, as_of date,
  OUT message_id text, OUT outcome text, OUT problem text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _put record;
  _ids text[];
  _other text;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._agency($2);
  PERFORM reminder._date($4, 'as_of');
  IF jsonb_typeof($3) IS DISTINCT FROM 'array' THEN
    RAISE EXCEPTION 'messages cannot be read'
      USING ERRCODE = '22R01', HINT = 'They are an array of objects with id, invoice_no, kind, date and what the kind needs.';
  END IF;
  PERFORM reminder._keep(true);
  _put := reminder._put_agency_messages($1, $2, $3, $4);
  _ids := _put.message_ids;
  IF coalesce(cardinality(_ids), 0) < jsonb_array_length($3) THEN
    SELECT array_agg(x.id ORDER BY x.n),
           min(x.id COLLATE "C") FILTER (WHERE (o.invoice_no, o.kind, o.on_date, o.status, o.stage, o.amount, o.currency, o.deadline, o.detail)
             IS DISTINCT FROM (x.invoice_no, x.kind, x.date, x.status, x.stage, x.amount, x.currency, x.deadline, x.detail))
    INTO _ids, _other
    FROM ROWS FROM (jsonb_to_recordset($3) AS (id text, invoice_no text, kind text, date date, status text, stage text, amount numeric, currency text, deadline date, detail text)) WITH ORDINALITY x (id, invoice_no, kind, date, status, stage, amount, currency, deadline, detail, n)
    JOIN reminder.agency_message o ON o.creditor_id = $1 AND o.agency = $2 AND o.message_id = x.id;
    IF _other IS NOT NULL THEN
      RAISE EXCEPTION USING MESSAGE = format(reminder._say('message "%s" of agency "%s" came before, and said something else'), _other, $2),
        ERRCODE = '23R05', DETAIL = reminder._say('What came first has taken effect.'), HINT = reminder._say('A correction is a message of its own, with an id of its own. None of the messages was taken.');
    END IF;
  END IF;
  IF _put.acts IS NOT NULL THEN
    PERFORM reminder._agency_effects($1, $2, _put.acts, $4);
  END IF;
  PERFORM reminder._keep(false);
  IF cardinality(_ids) = cardinality(_put.message_ids) THEN
    RETURN QUERY
      SELECT m.message_id, CASE WHEN p.problem IS NULL THEN 'taken' ELSE 'exception' END, p.problem
      FROM unnest(_ids) WITH ORDINALITY m (message_id, n)
      LEFT JOIN (SELECT o.message_id, o.problem FROM reminder.agency_message o WHERE o.creditor_id = $1 AND o.agency = $2 AND o.problem IS NOT NULL) p ON p.message_id = m.message_id
      ORDER BY m.n;
  ELSE
    -- the first of those with one id is the one that was taken
    RETURN QUERY
      SELECT m.message_id, CASE WHEN w.message_id IS NULL OR f.n < m.n THEN 'already_taken' WHEN p.problem IS NULL THEN 'taken' ELSE 'exception' END, p.problem
      FROM unnest(_ids) WITH ORDINALITY m (message_id, n)
      LEFT JOIN unnest(_put.message_ids) w (message_id) ON w.message_id = m.message_id
      LEFT JOIN (SELECT m.message_id, min(m.n) AS n FROM unnest(_ids) WITH ORDINALITY m (message_id, n) GROUP BY m.message_id HAVING count(*) > 1) f ON f.message_id = m.message_id
      LEFT JOIN (SELECT o.message_id, o.problem FROM reminder.agency_message o WHERE o.creditor_id = $1 AND o.agency = $2 AND o.problem IS NOT NULL) p ON p.message_id = m.message_id
      ORDER BY m.n;
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.take_agency_messages(bigint, text, jsonb, date) IS
'Takes in what an agency says of a creditor''s claims: messages, an array of objects with id (the agency''s, up to 64 bytes), invoice_no, kind and date, each in one of these kinds: status (status: the agency''s word; stage: monitoring or enforcement where the case came to one), letter (stage; deadline: NULL, the rule''s), payment (amount that is paid on the claim), fee (amount of the agency''s own), closure (status: a row of closing_reason, or of agency_closing_reason), withdrawn and not_withdrawn (answers to request_withdrawal()). Any may have currency, which then must be the invoice''s, and detail, up to 1000 bytes. A message counts once for its id, however often it comes, and what it does is done with it: a letter counts as sent outside, a payment is the customer''s to the agency and is allocated, a closure ends the case. Gives for each, in order: taken, already_taken (nothing changes), or exception with a problem: unknown_invoice, not_at_agency, other_currency, case_ended, terms_not_accepted, no_such_transition, unknown_closing_reason, not_requested, at_enforcement, letter_left_alone, letter_step or letter_date; exception_list shows it until retry_agency_messages(). as_of is the day they are taken in. Raises 22R01 for what is no message, 22R02 for a bad date, 22R04 for an unknown creditor or agency, 23R05 for one that came before with other content; then none is taken.';

CREATE FUNCTION reminder.retry_agency_messages(creditor_id bigint, agency text, as_of date, OUT message_id text, OUT outcome text, OUT problem text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _ids text[];
  _invoices text[];
  _problems text[];
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._agency($2);
  PERFORM reminder._date($3, 'as_of');
  PERFORM reminder._keep(true);
  SELECT array_agg(m.message_id ORDER BY m.message_id), array_agg(m.invoice_no ORDER BY m.message_id) INTO _ids, _invoices
  FROM (SELECT m.message_id, m.invoice_no FROM reminder.agency_message m WHERE m.creditor_id = $1 AND m.agency = $2 AND m.problem IS NOT NULL AND m.on_date <= $3
        ORDER BY m.message_id FOR UPDATE) m;
  _problems := reminder._agency_problems($1, $2, _invoices);
  UPDATE reminder.agency_message m SET problem = x.problem
  FROM unnest(_ids, _problems) x (message_id, problem)
  WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = x.message_id AND m.problem IS DISTINCT FROM x.problem;
  PERFORM reminder._agency_effects($1, $2, ARRAY(SELECT x.id FROM unnest(_ids, _problems) x (id, problem) WHERE x.problem IS NULL), $3);
  PERFORM reminder._keep(false);
  RETURN QUERY
    SELECT m.message_id, CASE WHEN m.problem IS NULL THEN 'taken' ELSE 'exception' END, m.problem
    FROM reminder.agency_message m WHERE m.creditor_id = $1 AND m.agency = $2 AND m.message_id = ANY (_ids) ORDER BY m.message_id;
END
$$;
COMMENT ON FUNCTION reminder.retry_agency_messages(bigint, text, date) IS
'Tries again what messages of an agency say that were exceptions: their invoice has come in since, their closing reason has a row. Gives for each what it came to, as take_agency_messages(). Raises 22R02 for a bad date, 22R04 for an unknown creditor or agency.';
