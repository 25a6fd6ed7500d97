/*
 * 73-seal.sql: the log, tamper-evident (V3). What has happened is sealed in
 * blocks: each row has a digest of its own, each block one of its rows' and of
 * the block before it. doc/design.md says what is sealed of a row, and why.
 */

CREATE FUNCTION reminder._booking_of(relation text, rows text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT format(CASE $1
    WHEN 'credit' THEN
      'SELECT x.creditor_id, ''credit''::text AS source, x.credit_no AS document_no, ''''::text AS part_no, x.invoice_no, x.kind, x.credited_on AS booked_on, x.amount, NULL::date AS reversed_on, x.reason AS note, x.recorded_at AS made_at FROM %s x'
    WHEN 'credit_loss' THEN
      'SELECT x.creditor_id, ''loss''::text AS source, x.invoice_no AS document_no, x.loss_no AS part_no, x.invoice_no, x.kind, x.booked_on, x.amount, x.reversed_on, NULL::text AS note, x.recorded_at AS made_at FROM %s x'
    ELSE
      'SELECT x.creditor_id, ''refund''::text AS source, x.payment_no AS document_no, x.refund_no AS part_no, NULL::text AS invoice_no, NULL::text AS kind, x.refunded_on AS booked_on, x.amount, NULL::date AS reversed_on, NULL::text AS note, NULL::timestamptz AS made_at FROM %s x'
    END, $2)
$$;
COMMENT ON FUNCTION reminder._booking_of(text, text) IS
'Internal: gives the query of credits, losses or refunds, of their table or a transition table, as bookings.';

CREATE FUNCTION reminder._bookings() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- with the number of those that each came after
  SELECT '(SELECT b.*, coalesce(u.undone_no, 0) + 1 AS version FROM ('
    || reminder._booking_of('credit', 'reminder.credit') || ' UNION ALL ' || reminder._booking_of('credit_loss', 'reminder.credit_loss') || ' UNION ALL '
    || reminder._booking_of('refund', 'reminder.refund') || ') b
       LEFT JOIN (SELECT u.creditor_id, u.source, u.document_no, u.part_no, max(u.undone_no) AS undone_no FROM reminder.booking_undone u GROUP BY 1, 2, 3, 4) u
         ON u.creditor_id = b.creditor_id AND u.source = b.source AND u.document_no = b.document_no AND u.part_no = b.part_no)'
$$;
COMMENT ON FUNCTION reminder._bookings() IS
'Internal: gives the query of all bookings as they stand.';

/*
 * The one list of what is sealed: where a row is ("r"), its key, what of it
 * never changes, its free text, and when it was written. Texts, dates and
 * numbers in a JSON array are written alike whatever a session has set; a
 * moment only by UTC.
 */
CREATE FUNCTION reminder._log_sources(OUT source text, OUT relation text, OUT key text, OUT facts text, OUT note text, OUT written_at text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  VALUES
    ('event', 'reminder.event r',
     'r.invoice_no, r.event_no', 'r.kind, r.as_of, r.case_no, r.rule_no, r.amount, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.detail', 'r.recorded_at'),
    -- a letter's way out is in deliveries, and a step taken back leaves an event
    ('decision', 'reminder.decision r',
     'r.invoice_no, r.rung, r.decided_at AT TIME ZONE ''UTC''',
     'r.stage, r.outcome, r.reason, r.as_of, r.step_date, r.rule_no, r.rule_version, r.case_no, r.customer_no, r.collected_by, r.due_date, r.amount, r.currency,
      r.principal, r.interest, r.interest_settled, r.interest_until, r.fee, r.fee_cap, r.fee_of_rule, r.charged_cap, r.fees, r.fees_settled, r.compensation, r.fees_at_least,
      r.deadline, r.channel, r.reference', 'NULL::text', 'r.decided_at'),
    ('letter_line',
     '(SELECT l.*, d.decided_at FROM reminder.letter_line l
       JOIN reminder.decision d ON d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = l.taken_back) r',
     'r.invoice_no, r.rung, r.decided_at AT TIME ZONE ''UTC''', 'r.customer_no, r.as_of, r.letter_of, r.letter_nth', 'NULL::text', 'r.decided_at'),
    ('delivery', 'reminder.delivery r',
     'r.invoice_no, r.rung, r.nth, r.outcome', 'r.as_of, r.stage, r.case_no, r.attempts, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.reason', 'r.recorded_at'),
    ('handover', 'reminder.handover r',
     'r.invoice_no, r.rung, r.nth', 'r.case_no, r.agency, r.channel, r.stage, r.answer, r.as_of, r.reference, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.reason', 'r.recorded_at'),
    -- not its problem: that goes when it could be done
    ('agency_message', 'reminder.agency_message r',
     'r.agency, r.message_id', 'r.invoice_no, r.kind, r.on_date, r.status, r.stage, r.amount, r.currency, r.deadline, r.as_of, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.detail', 'r.recorded_at'),
    ('withdrawal_request', 'reminder.agency_withdrawal r',
     'r.invoice_no, r.request_no', 'r.case_no, r.agency, r.requested_on, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.reason', 'r.recorded_at'),
    ('withdrawal_answer', '(SELECT w.* FROM reminder.agency_withdrawal w WHERE w.answer IS NOT NULL) r',
     'r.invoice_no, r.request_no', 'r.answer, r.answered_on', 'NULL::text', 'NULL::timestamptz'),
    ('by_hand', 'reminder.by_hand r',
     'r.invoice_no, r.rung, r.recorded_at AT TIME ZONE ''UTC''', 'r.kind, r.recorded_by', 'r.reason', 'r.recorded_at'),
    ('waiver', 'reminder.waiver r',
     'r.invoice_no, r.waiver_no', 'r.case_no, r.kind, r.rung, r.amount, r.as_of, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.reason', 'r.recorded_at'),
    ('enforcement_fee', 'reminder.enforcement_fee r',
     'r.invoice_no, r.fee_no', 'r.case_no, r.item, r.amount, r.fee_cap, r.as_of, r.recorded_at AT TIME ZONE ''UTC'', r.recorded_by', 'r.reason', 'r.recorded_at'),
    ('case', 'reminder.collection_case r',
     'r.invoice_no, r.case_no', 'r.case_id, r.opened_on', 'NULL::text', 'NULL::timestamptz'),
    ('case_version', 'reminder.case_version r',
     'r.invoice_no, r.case_no, r.version_no',
     'r.event_no, r.state, r.ended_from, r.collected_by, r.rule_no, r.state_on, r.ended_on, r.fees, r.fees_waived, r.compensation, r.interest, r.interest_waived,
      r.sent_on, r.deadline, r.recorded_at AT TIME ZONE ''UTC''', 'r.reference', 'r.recorded_at'),
    ('hold_version', 'reminder.hold_version r',
     'r.invoice_no, r.hold_no, r.version_no', 'r.until_on, r.released_on, r.changed_at AT TIME ZONE ''UTC''', 'NULL::text', 'r.changed_at'),
    ('plan_version', 'reminder.plan_version r',
     'r.invoice_no, r.plan_no, r.version_no', 'r.state, r.changed_at AT TIME ZONE ''UTC''', 'NULL::text', 'r.changed_at'),
    ('invoice_version', 'reminder.invoice_version r',
     'r.invoice_no, r.version_no', 'r.customer_no, r.currency, r.open_more, r.changed_at AT TIME ZONE ''UTC''', 'NULL::text', 'r.changed_at'),
    -- that of a plan ends with its plan, as payments have it
    ('hold', 'reminder.hold r',
     'r.invoice_no, r.hold_no', 'r.kind, r.from_on, CASE WHEN r.kind <> ''payment_plan'' THEN r.until_on END', 'r.reason', 'NULL::timestamptz'),
    ('hold_released', '(SELECT h.* FROM reminder.hold h WHERE h.released_on IS NOT NULL AND h.kind <> ''payment_plan'') r',
     'r.invoice_no, r.hold_no', 'r.released_on', 'NULL::text', 'NULL::timestamptz'),
    ('payment_plan', 'reminder.payment_plan r',
     'r.invoice_no, r.plan_no',
     'r.hold_no, r.case_no, r.rung, r.agreed_on, r.principal, r.interest, r.fees, r.fee, r.fee_added, r.fee_cap, r.fee_law, r.fee_to, r.interest_claimed, r.paid_before,
      r.rounded_to, r.grace_days', 'NULL::text', 'NULL::timestamptz'),
    ('instalment', 'reminder.instalment r',
     'r.invoice_no, r.plan_no, r.instalment_no', 'r.due_date, r.in_time_until, r.amount', 'NULL::text', 'NULL::timestamptz'),
    ('plan_removed', '(SELECT p.* FROM reminder.payment_plan p WHERE p.state = ''removed'') r',
     'r.invoice_no, r.plan_no', 'r.ended_on', 'r.why', 'NULL::timestamptz'),
    ('interruption', 'reminder.interruption r',
     'r.invoice_no, r.interruption_no', 'r.kind, r.on_date', 'r.detail', 'NULL::timestamptz'),
    ('interruption_retracted', '(SELECT x.* FROM reminder.interruption x WHERE x.retracted_on IS NOT NULL) r',
     'r.invoice_no, r.interruption_no', 'r.retracted_on', 'NULL::text', 'NULL::timestamptz'),
    ('tax_reduction_answer', 'reminder.tax_reduction_answer r',
     'r.invoice_no, r.kind, r.answer_no', 'r.answered_on, r.share, r.paid, r.refused, r.left_over, r.new_invoice_no', 'NULL::text', 'NULL::timestamptz'),
    ('settlement', 'reminder.settlement r',
     'r.settlement_no, r.currency', 'r.as_of, r.carried_in, r.due, r.paid_out, r.carried_on, r.made_at AT TIME ZONE ''UTC''', 'NULL::text', 'r.made_at'),
    ('settlement_line', 'reminder.settlement_line r',
     'r.kind, r.document_no, r.entry_no',
     'r.settlement_no, r.currency, r.destination, r.invoice_no, r.case_no, r.source, r.booked_on, r.collected, r.held, r.fee, r.fee_vat, r.interest, r.commission,
      r.commission_vat, r.refunded, r.vat_percent, r.due', 'NULL::text', 'NULL::timestamptz'),
    ('payout', 'reminder.payout r',
     'r.settlement_no, r.payout_no', 'r.currency, r.destination, r.kind, r.number, r.amount, r.due_on', 'NULL::text', 'NULL::timestamptz'),
    ('payout_done', '(SELECT o.* FROM reminder.payout o WHERE o.paid_on IS NOT NULL) r',
     'r.settlement_no, r.payout_no', 'r.paid_on', 'NULL::text', 'NULL::timestamptz'),
    ('run', 'reminder.run_log r', 'r.as_of', 'r.started_at AT TIME ZONE ''UTC''', 'NULL::text', 'r.started_at'),
    -- a payment as it stands, and each as it stood before: the row moves, what it says stays
    ('payment',
     '(SELECT p.creditor_id, p.payment_no, coalesce(u.undone_no, 0) + 1 AS version, p.invoice_no, p.source, p.paid_on, p.amount,
              coalesce(a.principal, CASE WHEN p.invoice_no IS NULL THEN 0 ELSE p.amount END)::numeric(14,2) AS principal, coalesce(a.fee, 0)::numeric(14,2) AS fee,
              coalesce(a.interest, 0)::numeric(14,2) AS interest, coalesce(a.overpaid, 0)::numeric(14,2) AS overpaid, coalesce(a.rounded_off, 0)::numeric(14,2) AS rounded_off,
              a.case_no, p.recorded_at
       FROM reminder.payment p
       LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
       LEFT JOIN (SELECT u.creditor_id, u.payment_no, max(u.undone_no) AS undone_no FROM reminder.payment_undone u GROUP BY 1, 2) u
         ON u.creditor_id = p.creditor_id AND u.payment_no = p.payment_no
       WHERE p.bounced_on IS NULL
       UNION ALL
       SELECT u.creditor_id, u.payment_no, u.undone_no, u.invoice_no, u.source, u.paid_on, u.amount, u.principal, u.fee, u.interest, u.overpaid, u.rounded_off, u.case_no, NULL
       FROM reminder.payment_undone u) r',
     'r.payment_no, r.version', 'r.invoice_no, r.source, r.paid_on, r.amount, r.principal, r.fee, r.interest, r.overpaid, r.rounded_off, r.case_no', 'NULL::text', 'r.recorded_at'),
    ('payment_detail',
     '(SELECT p.creditor_id, p.payment_no, coalesce(v.version_no, 0) + 1 AS version, p.reference, p.bounced_on
       FROM reminder.payment p
       LEFT JOIN (SELECT v.creditor_id, v.payment_no, max(v.version_no) AS version_no FROM reminder.payment_version v GROUP BY 1, 2) v
         ON v.creditor_id = p.creditor_id AND v.payment_no = p.payment_no
       WHERE num_nonnulls(p.reference, p.bounced_on) > 0
       UNION ALL
       SELECT v.creditor_id, v.payment_no, v.version_no, v.reference, v.bounced_on FROM reminder.payment_version v) r',
     'r.payment_no, r.version', 'r.reference, r.bounced_on', 'NULL::text', 'NULL::timestamptz'),
    ('payment_currency', 'reminder.payment_currency r', 'r.payment_no', 'r.currency', 'NULL::text', 'NULL::timestamptz'),
    ('payment_undone', 'reminder.payment_undone r',
     'r.payment_no, r.undone_no', 'r.undone_on', 'NULL::text', 'NULL::timestamptz'),
    ('booking',
     '(SELECT b.creditor_id, b.source, b.document_no, b.part_no, b.version, b.invoice_no, b.kind, b.booked_on, b.amount, b.note, b.made_at
       FROM ' || reminder._bookings() || ' b
       UNION ALL
       SELECT u.creditor_id, u.source, u.document_no, u.part_no, u.undone_no, u.invoice_no, u.kind, u.booked_on, u.amount, u.note, NULL
       FROM reminder.booking_undone u) r',
     'r.source, r.document_no, r.part_no, r.version', 'r.invoice_no, r.kind, r.booked_on, r.amount', 'r.note', 'r.made_at'),
    ('loss_reversed',
     '(SELECT b.creditor_id, b.document_no, b.part_no, b.version, b.reversed_on
       FROM ' || reminder._bookings() || ' b WHERE b.reversed_on IS NOT NULL
       UNION ALL
       SELECT u.creditor_id, u.document_no, u.part_no, u.undone_no, u.reversed_on FROM reminder.booking_undone u WHERE u.reversed_on IS NOT NULL) r',
     'r.document_no, r.part_no, r.version', 'r.reversed_on', 'NULL::text', 'NULL::timestamptz'),
    ('booking_undone', 'reminder.booking_undone r',
     'r.source, r.document_no, r.part_no, r.undone_no', 'r.undone_at AT TIME ZONE ''UTC''', 'NULL::text', 'r.undone_at')
$$;
COMMENT ON FUNCTION reminder._log_sources() IS
'Internal: what is sealed, each as pieces of a query: a relation called r with a creditor_id, its key after that, what of it never changes, its free text, and when it was written.';

CREATE FUNCTION reminder._row_digest(source text, key text, facts text, note_digest text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- a piece of a query, and no function of a row: that would cost more than the digest
  SELECT format('sha256(convert_to(%L || %s || %s, ''UTF8'') || coalesce(%s, ''''))', $1, $2, $3, $4)
$$;
COMMENT ON FUNCTION reminder._row_digest(text, text, text, text) IS
'Internal: gives the expression of the digest of a row, from a source and the expressions of its key, facts and the digest of its free text.';

CREATE FUNCTION reminder._block_digest(
  creditor_id bigint, block_no integer, row_count bigint, first_at timestamptz, last_at timestamptz, sealed_at timestamptz, sealed_by text,
  rows_digest bytea, previous bytea) RETURNS bytea
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT sha256(convert_to(json_build_array($1, $2, $3, $4 AT TIME ZONE 'UTC', $5 AT TIME ZONE 'UTC', $6 AT TIME ZONE 'UTC', $7)::text, 'UTF8') || $8 || coalesce($9, ''))
$$;
COMMENT ON FUNCTION reminder._block_digest(bigint, integer, bigint, timestamptz, timestamptz, timestamptz, text, bytea, bytea) IS
'Internal: the digest of a block, from that of its rows and that of the block before it.';

CREATE FUNCTION reminder._unsealed(creditor_id bigint) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT string_agg(format($query$
      SELECT u.source, u.key, u.written_at, u.salt, %s AS digest
      FROM (SELECT %L::text AS source, json_build_array(%s)::text AS key, json_build_array(%s)::text AS facts, %s AS note, %s AS written_at,
                   CASE WHEN %s IS NOT NULL THEN gen_random_uuid() END AS salt
            FROM %s
            WHERE r.creditor_id = %s
              AND NOT EXISTS (SELECT FROM reminder.sealed_row s
                              WHERE s.creditor_id = %s AND s.source = %L AND s.key = json_build_array(%s)::text)) u$query$,
      reminder._row_digest(l.source, 'u.key', 'u.facts', 'sha256(uuid_send(u.salt) || convert_to(u.note, ''UTF8''))'),
      l.source, l.key, l.facts, l.note, l.written_at, l.note, l.relation, $1, $1, l.source, l.key), ' UNION ALL ')
  FROM reminder._log_sources() l
$$;
COMMENT ON FUNCTION reminder._unsealed(bigint) IS
'Internal: gives the query of a creditor''s rows that no block holds yet.';

-- What was sealed just now is in no statistics: without nested loops, whatever the planner thinks of it.
CREATE FUNCTION reminder._seal(creditor_id bigint, OUT block_no integer, OUT row_count bigint, OUT digest bytea)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  _block reminder.sealed_block;
  _previous record;
  _rows bytea;
BEGIN
  SELECT b.block_no, b.digest INTO _previous FROM reminder.sealed_block b WHERE b.creditor_id = $1 ORDER BY b.block_no DESC LIMIT 1;
  _block.creditor_id := $1;
  _block.block_no := coalesce(_previous.block_no, 0) + 1;
  -- One statement, and so one snapshot. Digests ten thousand at a time, so that no block is too long.
  EXECUTE format($query$
    WITH unsealed AS MATERIALIZED (%s),
    sealed AS (
      INSERT INTO reminder.sealed_row (creditor_id, source, key, block_no, digest, salt)
      SELECT $1, u.source, u.key, $2, u.digest, u.salt FROM unsealed u)
    SELECT coalesce(sum(p.row_count), 0), min(p.first_at), max(p.last_at), sha256(string_agg(p.digest, '' ORDER BY p.page))
    FROM (SELECT n.page, count(*) AS row_count, min(n.written_at) AS first_at, max(n.written_at) AS last_at, sha256(string_agg(n.digest, '' ORDER BY n.source COLLATE "C", n.key COLLATE "C")) AS digest
          FROM (SELECT u.*, (row_number() OVER (ORDER BY u.source COLLATE "C", u.key COLLATE "C") - 1) / 10000 AS page FROM unsealed u) n
          GROUP BY n.page) p$query$, reminder._unsealed($1))
  INTO _block.row_count, _block.first_at, _block.last_at, _rows USING $1, _block.block_no;
  IF _block.row_count = 0 THEN
    RETURN;
  END IF;
  _block.sealed_at := clock_timestamp();
  _block.sealed_by := session_user;
  _block.digest := reminder._block_digest(_block.creditor_id, _block.block_no, _block.row_count, _block.first_at, _block.last_at,
                                          _block.sealed_at, _block.sealed_by, _rows, _previous.digest);
  INSERT INTO reminder.sealed_block SELECT _block.*;
  PERFORM pg_notify('reminder_seals', json_build_object('creditor_id', _block.creditor_id, 'block_no', _block.block_no, 'digest', encode(_block.digest, 'hex'))::text);
  block_no := _block.block_no;
  row_count := _block.row_count;
  digest := _block.digest;
END
$$;
COMMENT ON FUNCTION reminder._seal(bigint) IS
'Internal: seals what a creditor''s log has that no block holds yet. NULL: there is nothing.';

CREATE FUNCTION reminder.seal(INOUT creditor_id bigint DEFAULT NULL, OUT block_no integer, OUT row_count bigint, OUT digest text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _creditor record;
  _block record;
BEGIN
  IF creditor_id IS NOT NULL THEN
    PERFORM reminder._creditor(creditor_id);
  END IF;
  -- Nobody else seals meanwhile. Who writes what is sealed neither waits nor is waited for.
  LOCK TABLE reminder.sealed_block IN SHARE ROW EXCLUSIVE MODE;
  PERFORM reminder._keep(true);
  FOR _creditor IN SELECT c.creditor_id FROM reminder.creditor c WHERE c.creditor_id = $1 OR $1 IS NULL ORDER BY 1 LOOP
    _block := reminder._seal(_creditor.creditor_id);
    IF _block.block_no IS NOT NULL THEN
      creditor_id := _creditor.creditor_id;
      block_no := _block.block_no;
      row_count := _block.row_count;
      digest := encode(_block.digest, 'hex');
      RETURN NEXT;
    END IF;
  END LOOP;
  PERFORM reminder._keep(false);
EXCEPTION WHEN unique_violation THEN
  -- by a snapshot older than somebody else's block
  RAISE EXCEPTION 'could not serialize access: the log has been sealed meanwhile'
    USING ERRCODE = 'serialization_failure', HINT = 'Begin the transaction again.';
END
$$;
COMMENT ON FUNCTION reminder.seal(bigint) IS
'Seals what has happened since the last block, of one creditor or (NULL) of all: events, decisions, deliveries, payments, credits, losses, refunds, holds, waivers. What a transaction writes that is still open goes into the next block; nobody waits. Gives each new block with its digest, and notifies reminder_seals of it: keep it where nobody who can write here can write. Raises 22R04 for an unknown creditor, 40001 when somebody else sealed meanwhile, never under READ COMMITTED.';

CREATE FUNCTION reminder._first_bad_block(creditor_id bigint, known_digest bytea, OUT block_no integer, OUT finding text, OUT detail text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  _block record;
  _previous bytea;
  _before integer := 0;
  _known boolean := known_digest IS NULL;
BEGIN
  FOR _block IN
    SELECT b.*, p.row_count AS rows_there, coalesce(p.digest, '') AS rows_digest
    FROM (SELECT p.block_no, sum(p.row_count) AS row_count, sha256(string_agg(p.digest, '' ORDER BY p.page)) AS digest
          FROM (SELECT n.block_no, n.page, count(*) AS row_count, sha256(string_agg(n.digest, '' ORDER BY n.source, n.key)) AS digest
                FROM (SELECT s.block_no, s.source, s.key, s.digest, (row_number() OVER (PARTITION BY s.block_no ORDER BY s.source, s.key) - 1) / 10000 AS page
                      FROM reminder.sealed_row s WHERE s.creditor_id = $1) n
                GROUP BY n.block_no, n.page) p
          GROUP BY p.block_no) p
    FULL JOIN (SELECT b.* FROM reminder.sealed_block b WHERE b.creditor_id = $1) b ON b.block_no = p.block_no
    ORDER BY coalesce(b.block_no, p.block_no)
  LOOP
    IF _block.block_no IS DISTINCT FROM _before + 1 THEN
      block_no := _before + 1;
      finding := 'block_missing';
      detail := 'Its row in sealed_block is not there.';
      RETURN;
    END IF;
    _before := _block.block_no;
    IF reminder._block_digest(_block.creditor_id, _block.block_no, _block.row_count, _block.first_at, _block.last_at,
                              _block.sealed_at, _block.sealed_by, _block.rows_digest, _previous) <> _block.digest OR _block.rows_there IS DISTINCT FROM _block.row_count THEN
      block_no := _block.block_no;
      finding := 'block_changed';
      detail := 'Its digest is not that of its rows, its own columns and the block before it.';
      RETURN;
    END IF;
    _previous := _block.digest;
    _known := _known OR _block.digest = known_digest;
  END LOOP;
  IF NOT _known THEN
    finding := 'digest_unknown';
    detail := 'No block has the digest that is known: blocks were cut off, or all of them sealed anew.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._first_bad_block(bigint, bytea) IS
'Internal: the first block of a creditor that is not what its digests say, or that is missing; whether one has a digest that is known.';

CREATE FUNCTION reminder._first_bad_row(creditor_id bigint, OUT block_no integer, OUT finding text, OUT source text, OUT key text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  _source record;
  _block_no integer;
  _finding text;
  _key text;
BEGIN
  FOR _source IN SELECT l.* FROM reminder._log_sources() l ORDER BY l.source COLLATE "C" LOOP
    EXECUTE format($query$
      SELECT s.block_no, CASE WHEN l.key IS NULL THEN 'row_gone' ELSE 'row_changed' END AS finding, s.key
      FROM reminder.sealed_row s
      LEFT JOIN (SELECT json_build_array(%s)::text AS key, json_build_array(%s)::text AS facts, %s AS note FROM %s WHERE r.creditor_id = $1) l ON l.key = s.key
      WHERE s.creditor_id = $1 AND s.source = %L
        AND (s.digest = %s AND (s.note_digest IS NULL OR coalesce(l.note, '') IN ('', reminder._erased()))) IS NOT TRUE
      ORDER BY s.block_no, s.key LIMIT 1$query$,
      _source.key, _source.facts, _source.note, _source.relation, _source.source,
      reminder._row_digest(_source.source, 's.key', 'l.facts',
                           'coalesce(s.note_digest, CASE WHEN (s.salt IS NULL) <> (l.note IS NULL) THEN decode(''00'', ''hex'') ELSE sha256(uuid_send(s.salt) || convert_to(l.note, ''UTF8'')) END)'))
    INTO _block_no, _finding, _key USING $1;
    IF _block_no < block_no OR block_no IS NULL THEN
      block_no := _block_no;
      finding := _finding;
      source := _source.source;
      key := _key;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._first_bad_row(bigint) IS
'Internal: the first sealed row of a creditor, by block, source and key, that is not there or is not what it was.';

/* What must not be changed otherwise than by what is sealed: where a letter stands by its deliveries. */
CREATE FUNCTION reminder._first_bad_letter(creditor_id bigint, OUT invoice_no text, OUT detail text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
  SELECT d.invoice_no, format('The log says that %s of its letters of rung %s went out and %s failed, the letters that %s did and %s.', y.sent, d.rung, y.failed, d.sent, d.failed)
  FROM (SELECT d.invoice_no, d.rung, count(*) FILTER (WHERE d.status = 'sent') AS sent, count(*) FILTER (WHERE d.status = 'failed') AS failed
        FROM reminder.decision d WHERE d.creditor_id = $1 GROUP BY 1, 2) d
  LEFT JOIN (SELECT y.invoice_no, y.rung, count(*) FILTER (WHERE y.outcome = 'sent') AS sent, count(*) FILTER (WHERE y.outcome = 'failed') AS failed
             FROM (SELECT y.invoice_no, y.rung, y.outcome FROM reminder.delivery y WHERE y.creditor_id = $1
                   UNION ALL
                   SELECT b.invoice_no, b.rung, 'sent' FROM reminder.by_hand b WHERE b.creditor_id = $1 AND b.kind = 'recorded') y GROUP BY 1, 2) y
    ON y.invoice_no = d.invoice_no AND y.rung = d.rung
  WHERE (d.sent, d.failed) IS DISTINCT FROM (coalesce(y.sent, 0), coalesce(y.failed, 0))
  ORDER BY d.invoice_no, d.rung LIMIT 1
$$;
COMMENT ON FUNCTION reminder._first_bad_letter(bigint) IS
'Internal: the first invoice of a creditor with letters of a step that stand as sent or failed otherwise than the log says.';

/* And what a case is follows from its letters, from money and from what hands did, which are sealed. */
CREATE FUNCTION reminder._first_bad_case(creditor_id bigint, OUT invoice_no text, OUT detail text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT x.invoice_no, format('By the log its case %s has %s.', x.case_no, string_agg(format('%s %s and not %s', f.name, coalesce(f.should, 'none'), coalesce(f.has, 'none')), ', ' ORDER BY f.n))
  FROM (
    SELECT k.*, s.stage, s.stage_on, s.ended_on AS ended, s.outcome, s.fees AS claimed, s.fees_paid AS paid, s.fees_waived AS waived, s.interest AS interest_open, s.interest_paid AS i_paid,
           s.collected_by AS by, s.rule_no AS rule, s.reference AS named, c.compensation AS compensated, e.detail AS reason
    FROM reminder.collection_case k
    LEFT JOIN reminder.case_status_as_of($1, '2200-12-31') s ON s.invoice_no = k.invoice_no AND s.case_no = k.case_no
    LEFT JOIN LATERAL (
      SELECT c.compensation
      FROM (SELECT v.recorded_at AS at, v.compensation FROM reminder.case_version v WHERE v.creditor_id = k.creditor_id AND v.invoice_no = k.invoice_no AND v.case_no = k.case_no
            UNION ALL
            SELECT d.decided_at, d.compensation FROM reminder.decision d WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no) c
      ORDER BY c.at DESC LIMIT 1) c ON true
    LEFT JOIN LATERAL (
      SELECT e.detail FROM reminder.event e
      WHERE e.creditor_id = k.creditor_id AND e.invoice_no = k.invoice_no AND e.case_no = k.case_no AND e.kind = 'case_' || k.state AND k.state IN ('withdrawn', 'closed')
      ORDER BY e.event_no DESC LIMIT 1) e ON true
    WHERE k.creditor_id = $1) x
  CROSS JOIN LATERAL (VALUES
    (1, 'stage', x.stage, CASE WHEN x.ended_on IS NULL THEN x.state ELSE x.ended_from END), (2, 'outcome', x.outcome, CASE WHEN x.ended_on IS NOT NULL THEN x.state END),
    (3, 'state_on', x.stage_on::text, x.state_on::text), (4, 'ended_on', x.ended::text, x.ended_on::text),
    (5, 'fees', x.claimed::numeric(14,2)::text, x.fees::numeric(14,2)::text), (6, 'fees_paid', x.paid::numeric(14,2)::text, x.fees_paid::numeric(14,2)::text), (7, 'fees_waived', x.waived::numeric(14,2)::text, x.fees_waived::numeric(14,2)::text),
    (8, 'interest open', x.interest_open::numeric(14,2)::text, (x.interest - x.interest_paid - x.interest_waived)::text), (9, 'interest_paid', x.i_paid::numeric(14,2)::text, x.interest_paid::numeric(14,2)::text),
    (10, 'compensation', x.compensated::numeric(14,2)::text, x.compensation::numeric(14,2)::text), (11, 'collected_by', x.by, x.collected_by), (12, 'rule_no', x.rule::text, x.rule_no::text),
    (13, 'reference', x.named, x.reference),
    -- erased, the log says nothing of why
    (14, 'closing_reason', x.reason, CASE WHEN x.reason IS NULL AND x.state = 'closed' THEN NULL ELSE x.closing_reason END)) f (n, name, should, has)
  WHERE f.should IS DISTINCT FROM f.has
  GROUP BY x.invoice_no, x.case_no ORDER BY x.invoice_no, x.case_no LIMIT 1
$$;
COMMENT ON FUNCTION reminder._first_bad_case(bigint) IS
'Internal: the first invoice of a creditor with a case that is otherwise than the log says.';

CREATE FUNCTION reminder.verify(
  INOUT creditor_id bigint DEFAULT NULL, known_digest text DEFAULT NULL, OUT block_no integer, OUT finding text, OUT object text, OUT detail text) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _creditor record;
  _block record;
  _row record;
  _letter record;
  _case record;
BEGIN
  IF creditor_id IS NOT NULL THEN
    PERFORM reminder._creditor(creditor_id);
  END IF;
  IF known_digest IS NOT NULL AND (creditor_id IS NULL OR lower(known_digest) !~ '^[0-9a-f]{64}$') THEN
    RAISE EXCEPTION 'known_digest is no digest of one creditor''s block'
      USING ERRCODE = '22R01', HINT = 'Give the creditor, and the 64 hexadecimal digits that seal() gave.';
  END IF;
  FOR _creditor IN SELECT c.creditor_id FROM reminder.creditor c WHERE c.creditor_id = $1 OR $1 IS NULL ORDER BY 1 LOOP
    _block := reminder._first_bad_block(_creditor.creditor_id, decode(lower(known_digest), 'hex'));
    _row := reminder._first_bad_row(_creditor.creditor_id);
    creditor_id := _creditor.creditor_id;
    IF _row.block_no <= _block.block_no OR _row.block_no IS NOT NULL AND _block.block_no IS NULL THEN
      block_no := _row.block_no;
      finding := _row.finding;
      object := format('%s %s', _row.source, _row.key);
      detail := CASE _row.finding WHEN 'row_gone' THEN 'It was sealed, and is not there.' ELSE 'It is not what was sealed.' END;
      RETURN NEXT;
    ELSIF _block.finding IS NOT NULL THEN
      block_no := _block.block_no;
      finding := _block.finding;
      object := NULL;
      detail := _block.detail;
      RETURN NEXT;
    END IF;
    SELECT l.* INTO _letter FROM reminder._first_bad_letter(_creditor.creditor_id) l;
    IF FOUND THEN
      block_no := NULL;
      finding := 'letter_differs';
      object := format('invoice %s', _letter.invoice_no);
      detail := _letter.detail;
      RETURN NEXT;
    END IF;
    SELECT k.* INTO _case FROM reminder._first_bad_case(_creditor.creditor_id) k;
    IF FOUND THEN
      block_no := NULL;
      finding := 'case_differs';
      object := format('invoice %s', _case.invoice_no);
      detail := _case.detail;
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder.verify(bigint, text) IS
'Verifies the sealed log of one creditor or (NULL) of all. Gives nothing when it is as it was sealed; else the first block that is not, with the first row of it that differs where that can be told: row_changed, row_gone, block_changed, block_missing; digest_unknown when no block has known_digest, one that seal() gave and that was kept elsewhere, in hexadecimal; letter_differs when letters stand otherwise than the log says, case_differs when a case does. Without a known_digest whoever can write everything can seal everything anew. Raises 22R01 for a known_digest that is none, or without a creditor, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder._erased() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT '[erased]' $$;
COMMENT ON FUNCTION reminder._erased() IS 'Internal: what stands for a text that is erased, where there must be one.';

/* What bookings were before they were changed or deleted. Setting the day on which a loss is reversed changes nothing it was. */
CREATE FUNCTION reminder._booking_undone() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _before text := reminder._booking_of(TG_TABLE_NAME, 'old_rows');
BEGIN
  -- erase_customer() takes words away: what they were is not to be kept here
  IF reminder._keeping() THEN
    RETURN NULL;
  END IF;
  PERFORM reminder._keep(true);
  EXECUTE format($query$
    INSERT INTO reminder.booking_undone (creditor_id, source, document_no, part_no, undone_no, invoice_no, kind, booked_on, amount, reversed_on, note, made_at)
    SELECT o.creditor_id, o.source, o.document_no, o.part_no,
           coalesce((SELECT max(u.undone_no) FROM reminder.booking_undone u
                     WHERE u.creditor_id = o.creditor_id AND u.source = o.source AND u.document_no = o.document_no AND u.part_no = o.part_no), 0) + 1,
           o.invoice_no, o.kind, o.booked_on, o.amount, o.reversed_on, o.note, o.made_at
    FROM (%s) o %s$query$, _before,
    CASE TG_OP WHEN 'UPDATE' THEN format($query$
      WHERE NOT EXISTS (
        SELECT FROM (%s) n
        WHERE n.creditor_id = o.creditor_id AND n.document_no = o.document_no AND n.part_no = o.part_no
          AND (n.invoice_no, n.kind, n.booked_on, n.amount, n.note) IS NOT DISTINCT FROM (o.invoice_no, o.kind, o.booked_on, o.amount, o.note)
          AND (o.reversed_on IS NULL OR n.reversed_on IS NOT DISTINCT FROM o.reversed_on))$query$, reminder._booking_of(TG_TABLE_NAME, 'new_rows')) ELSE '' END);
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._booking_undone() IS
'Internal: AFTER UPDATE and AFTER DELETE STATEMENT on credit, credit_loss and refund: keeps what they were.';
