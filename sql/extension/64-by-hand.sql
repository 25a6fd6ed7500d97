/*
 * Letters by hand (N7): chosen invoices, now, decided by the run's own
 * decision, which is told that somebody overrides.
 */

CREATE FUNCTION reminder._judge_by_hand(
  creditor_id bigint, as_of date, rule_no integer, passed integer, invoice_nos text[], not_before date[],
  OUT opens boolean, OUT case_no smallint, OUT outcome text, OUT reason text, OUT waiting_for text, OUT place tid,
  OUT rung integer, OUT stage text, OUT deadline date, OUT step_date date, OUT charged_nth smallint, OUT invoice_no text,
  OUT fees numeric, OUT compensation numeric, OUT interest numeric, OUT collected_by text, OUT currency text, OUT principal numeric,
  OUT fee numeric, OUT customer_no text, OUT channel text, OUT fee_cap numeric, OUT fee_of_rule numeric, OUT charged_cap smallint,
  OUT fees_settled numeric, OUT fees_at_least numeric, OUT interest_settled numeric, OUT interest_until date, OUT due_date date, OUT amount numeric,
  OUT reference text, OUT rule_version integer, OUT letter_of text)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_judge';
COMMENT ON FUNCTION reminder._judge_by_hand(bigint, date, integer, integer, text[], date[]) IS
'Internal: decides what _judge() does, for somebody who overrides what a hand may; not before the days given with the invoices (NULL: any day).';

CREATE FUNCTION reminder._take_by_hand(creditor_id bigint, as_of date, rule_no integer, passed integer, invoice_nos text[], not_before date[]) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_take_by_hand';
COMMENT ON FUNCTION reminder._take_by_hand(bigint, date, integer, integer, text[], date[]) IS
'Internal: takes the next step of invoices that are locked already, ascending, and can be sent by hand: decisions, cases, places. Raises 40001 if one cannot, being changed meanwhile.';

CREATE FUNCTION reminder._lawful_from(
  creditor_id bigint, rule_no integer, rung integer, invoice_nos text[], as_of date,
  OUT invoice_no text, OUT not_before date)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY
  WITH rule AS MATERIALIZED (
    SELECT c.jurisdiction, r.kind, reminder._rule_definition($1, $2) AS definition
    FROM reminder.creditor c JOIN reminder.rule r ON r.creditor_id = c.creditor_id AND r.rule_no = $2
    WHERE c.creditor_id = $1),
  step AS MATERIALIZED (
    SELECT l.* FROM rule r CROSS JOIN LATERAL reminder._ladder(r.definition) l WHERE l.letter),
  law AS (
    SELECT u.*, i.value
    FROM (SELECT DISTINCT ON (i.rule) i.* FROM reminder.interval_rule i JOIN rule r ON i.jurisdiction = r.jurisdiction AND i.debtor_kind IN (r.kind, 'any')
          WHERE i.valid_from <= $5 AND i.confidence <> 'unconfirmed'
          ORDER BY i.rule, i.debtor_kind = 'any', i.valid_from DESC) i
    JOIN reminder.interval_use u USING (rule)
    WHERE u.measures = 'wait' AND i.unit = 'days' AND NOT u.kept_by_run),
  -- The step itself; and those after it, which will follow at the rule's waits: an early letter must not bring them too soon.
  bound AS (
    SELECT w.since, w.since_stages, w.since_charged, max(w.value - (s.at_day - t.at_day)) AS days
    FROM law w
    JOIN step t ON t.rung = $3
    JOIN step s ON s.rung >= $3 AND s.stage = ANY (w.stages) AND (s.fee IS NOT NULL OR NOT w.charged)
    WHERE w.since = 'due_date'
       OR NOT EXISTS (SELECT FROM step e WHERE e.rung >= $3 AND e.rung < s.rung AND e.stage = ANY (w.since_stages) AND (e.fee IS NOT NULL OR NOT w.since_charged))
    GROUP BY w.since, w.since_stages, w.since_charged)
  SELECT i.invoice_no, max(CASE b.since WHEN 'due_date' THEN i.due_date ELSE l.last END + b.days)
  FROM reminder.invoice i
  CROSS JOIN bound b
  LEFT JOIN LATERAL (
    SELECT max(d.as_of) AS last FROM reminder.decision d
    WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no AND d.taken_back = 0 AND d.status IN ('queued', 'sent')
      AND d.stage = ANY (b.since_stages) AND (d.fee IS NOT NULL OR NOT b.since_charged)) l ON true
  WHERE i.creditor_id = $1 AND i.invoice_no = ANY ($4)
  GROUP BY i.invoice_no;
END
$$;
COMMENT ON FUNCTION reminder._lawful_from(bigint, integer, integer, text[], date) IS
'Internal: from when on the intervals of the law (L3) allow a step of a rule, whatever its wait: for it, and for the steps that follow it at theirs. No row, or NULL: any day.';

CREATE FUNCTION reminder._letter_stage(stage text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF stage IN ('reminder', 'notice', 'demand') THEN
    RETURN stage;
  END IF;
  RAISE EXCEPTION '"%" is no stage with a letter', left(coalesce(stage, 'NULL'), 64)
    USING ERRCODE = '22R01', HINT = 'Letters are reminder, notice and demand.';
END
$$;
COMMENT ON FUNCTION reminder._letter_stage(text) IS 'Internal: checks the stage of a letter. Raises 22R01.';

CREATE FUNCTION reminder._free_skipped(creditor_id bigint, invoice_nos text[], stage text) RETURNS text[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _freed text[];
BEGIN
  -- From the lowest skipped step of the stage up, if no letter and no stage stands above it.
  WITH skipped AS (
    SELECT d.invoice_no, min(d.rung) AS rung FROM reminder.decision d
    WHERE d.creditor_id = $1 AND d.invoice_no = ANY ($2) AND d.stage = $3 AND d.outcome = 'skipped' AND d.taken_back = 0
    GROUP BY d.invoice_no),
  free AS (
    SELECT s.* FROM skipped s
    WHERE NOT EXISTS (SELECT FROM reminder.decision d
                      WHERE d.creditor_id = $1 AND d.invoice_no = s.invoice_no AND d.taken_back = 0 AND d.outcome <> 'skipped' AND d.rung > s.rung))
  SELECT array_agg(DISTINCT f.invoice_no) INTO _freed
  FROM free f
  JOIN reminder.decision d ON d.creditor_id = $1 AND d.invoice_no = f.invoice_no AND d.rung >= f.rung AND d.taken_back = 0
  CROSS JOIN LATERAL (SELECT reminder._free_step($1, d.invoice_no, d.rung)) x;
  IF _freed IS NOT NULL THEN
    PERFORM reminder._place(creditor_id, _freed);
  END IF;
  RETURN coalesce(_freed, '{}');
END
$$;
COMMENT ON FUNCTION reminder._free_skipped(bigint, text[], text) IS
'Internal: frees the steps of a stage that were skipped, and those skipped after them, where no letter stands above: a letter by hand takes their place (R9). Gives the invoices.';

CREATE FUNCTION reminder._send_by_hand(creditor_id bigint, invoice_nos text[], as_of date, stage text) RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _asked text[];
  _freed text[];
  _told jsonb := jsonb '[]';
  _rows jsonb;
  _judged jsonb;
  _group record;
  _term record;
  _nos text[];
  _days date[];
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  IF stage IS NOT NULL THEN
    PERFORM reminder._letter_stage(stage);
  END IF;
  IF coalesce(cardinality(invoice_nos), 0) = 0 THEN
    RAISE EXCEPTION 'no invoice is named'
      USING ERRCODE = '22R01', HINT = 'Name those to send, as ARRAY[''...''].';
  END IF;
  -- No rule changes meanwhile; and a run decides an invoice before or after, not while.
  IF EXISTS (SELECT FROM reminder.rule_step s WHERE s.creditor_id = $1 AND s.one_letter) THEN
    -- Nor does it, or another hand, decide on another invoice of the same letter.
    PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR NO KEY UPDATE;
  END IF;
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR KEY SHARE;
  PERFORM reminder._refuse_stale(creditor_id, '', NULL);
  IF as_of < reminder._last_run(creditor_id) THEN
    RAISE EXCEPTION 'creditor % has had a later run', creditor_id
      USING ERRCODE = '55R01', DETAIL = format('Its latest run was for %s.', reminder._last_run(creditor_id)), HINT = 'Letters are not dated back: send for that date or a later one.';
  END IF;
  PERFORM reminder._require_terms(creditor_id, as_of);
  PERFORM FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = ANY ($2) ORDER BY i.invoice_no FOR NO KEY UPDATE;
  SELECT array_agg(i.invoice_no ORDER BY i.invoice_no) INTO _asked FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = ANY ($2);
  PERFORM reminder._refuse_stale($1, n.invoice_no, NULL) FROM unnest(_asked) n (invoice_no);
  SELECT coalesce(jsonb_agg(jsonb_build_object('invoice_no', n.invoice_no, 'outcome', 'refused', 'reason', 'unknown', 'words', 'It is unknown or not yours.')), '[]')
  INTO _told
  FROM (SELECT DISTINCT u.invoice_no COLLATE "C" AS invoice_no FROM unnest($2) u (invoice_no)) n
  WHERE (n.invoice_no = ANY (_asked)) IS NOT TRUE;
  PERFORM reminder._keep(true);
  LOOP
    _rows := '[]';
    BEGIN
      _freed := CASE WHEN stage IS NULL THEN '{}' ELSE reminder._free_skipped(creditor_id, _asked, stage) END;
      -- Whom no rule takes, a hand sends what the general one says.
      FOR _group IN
        SELECT CASE WHEN p.invoice_no IS NULL THEN -1 ELSE coalesce(c.rule_no, r.rule_no, 0) END AS rule_no, coalesce(p.passed, 0)::integer AS passed,
               array_agg(i.invoice_no ORDER BY i.invoice_no) AS invoice_nos
        FROM reminder.invoice i
        JOIN reminder.customer c ON c.creditor_id = i.creditor_id AND c.customer_no = i.customer_no
        LEFT JOIN reminder.rule r ON r.creditor_id = i.creditor_id AND r.general AND r.kind = c.rule_kind
        LEFT JOIN reminder.position p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
        WHERE i.creditor_id = $1 AND i.invoice_no = ANY (_asked)
        GROUP BY 1, 2 ORDER BY 1, 2
      LOOP
        SELECT t.* INTO _term FROM reminder._terms($1, $3, _group.rule_no, _group.passed) t;
        IF NOT FOUND OR NOT _term.letter OR _term.stage <> stage THEN
          _rows := _rows || (
            SELECT jsonb_agg(jsonb_build_object('invoice_no', n.invoice_no, 'outcome', 'refused', 'stage', $4, 'reason', x.reason, 'words', x.words))
            FROM unnest(_group.invoice_nos) n (invoice_no)
            CROSS JOIN LATERAL (
              SELECT CASE WHEN _group.rule_no = -1 THEN 'principal_paid' WHEN _group.rule_no = 0 THEN 'no_rule' WHEN _term.stage IS NULL THEN 'no_step'
                          WHEN g.rung + 9 < _term.rung THEN 'already_handled' WHEN _term.letter THEN 'other_stage' ELSE 'no_letter' END
              FROM (SELECT (SELECT g.rung FROM reminder.stage g WHERE g.stage = $4)) g (rung)) y (reason)
            CROSS JOIN LATERAL (
              SELECT y.reason, CASE y.reason
                WHEN 'no_rule' THEN 'The creditor has no rule for its customer.'
                WHEN 'no_step' THEN 'It has passed every step of its rule.'
                WHEN 'other_stage' THEN format('Its next step is the %s, and none is jumped: send or waive that first.', _term.stage)
                WHEN 'no_letter' THEN format('Its next step is %s, which is no letter.', _term.stage)
                ELSE (SELECT r.sentence FROM reminder.reasons() r WHERE r.reason = y.reason) END AS words) x);
          CONTINUE;
        END IF;
        SELECT array_agg(n.invoice_no ORDER BY n.ordinality), array_agg(l.not_before ORDER BY n.ordinality) INTO _nos, _days
        FROM unnest(_group.invoice_nos) WITH ORDINALITY n (invoice_no, ordinality)
        LEFT JOIN reminder._lawful_from($1, _group.rule_no, _term.rung, _group.invoice_nos, $3) l ON l.invoice_no = n.invoice_no;
        SELECT jsonb_agg(jsonb_build_object(
                 'invoice_no', j.invoice_no, 'stage', j.stage, 'outcome', CASE j.outcome WHEN 'waits' THEN 'refused' ELSE j.outcome END, 'reason', j.reason,
                 'step_date', j.step_date, 'currency', j.currency, 'principal', j.principal, 'words', x.words, 'rung', j.rung, 'case_no', j.case_no)
               || CASE j.outcome WHEN 'sent' THEN jsonb_build_object(
                 'deadline', j.deadline, 'interest', j.interest - j.interest_settled, 'fee', j.fee,
                 'total', j.principal + j.interest - j.interest_settled + j.fees - j.fees_settled) ELSE '{}' END)
        INTO _judged
        FROM reminder._judge_by_hand($1, $3, _group.rule_no, _group.passed, _nos, _days) j
        CROSS JOIN LATERAL (
          SELECT CASE j.outcome
            WHEN 'sent' THEN format('Its %s is sent, to be paid by %s.', j.stage, j.deadline)
            WHEN 'not_due' THEN format('Its %s can be sent from %s on, by law and by the deadline before it.', j.stage, j.step_date)
            ELSE (SELECT format('Its %s is not sent: %s', j.stage, lower(left(r.sentence, 1)) || substr(r.sentence, 2)) FROM reminder.reasons() r WHERE r.reason = j.reason) END AS words) x;
        _rows := _rows || _judged;
        SELECT array_agg(n.invoice_no ORDER BY n.ordinality), array_agg(n.day ORDER BY n.ordinality) INTO _nos, _days
        FROM unnest(_nos, _days) WITH ORDINALITY n (invoice_no, day, ordinality)
        JOIN jsonb_to_recordset(_judged) j (invoice_no text, outcome text) ON j.invoice_no = n.invoice_no AND j.outcome = 'sent';
        PERFORM reminder._take_by_hand($1, $3, _group.rule_no, _group.passed, _nos, _days);
      END LOOP;
      -- Where a freed step cannot be sent it stays skipped: all over again, without those.
      SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') INTO _judged
      FROM (SELECT x FROM jsonb_array_elements(_rows) x WHERE x ->> 'outcome' <> 'sent' AND x ->> 'invoice_no' = ANY (_freed)) x (x);
      IF _judged <> '[]' THEN
        RAISE SQLSTATE '55R00';
      END IF;
      EXIT;
    EXCEPTION
      WHEN SQLSTATE '55R00' THEN
        _told := _told || _judged;
        _asked := ARRAY(SELECT n.invoice_no FROM unnest(_asked) n (invoice_no)
                        WHERE n.invoice_no NOT IN (SELECT x ->> 'invoice_no' FROM jsonb_array_elements(_judged) x));
    END;
  END LOOP;
  _told := _told || _rows;
  INSERT INTO reminder.by_hand (creditor_id, invoice_no, rung, kind)
  SELECT $1, x.invoice_no, x.rung, 'sent' FROM jsonb_to_recordset(_told) x (invoice_no text, rung smallint, outcome text) WHERE x.outcome = 'sent';
  PERFORM reminder._note($1, x.invoice_no, 'sent_by_hand', $3, x.case_no, detail => x.stage)
  FROM jsonb_to_recordset(_told) x (invoice_no text, stage text, case_no smallint, outcome text) WHERE x.outcome = 'sent';
  PERFORM reminder._keep(false);
  RETURN _told;
END
$$;
COMMENT ON FUNCTION reminder._send_by_hand(bigint, text[], date, text) IS
'Internal: sends the next letters of invoices by hand, and tells of each what came of it.';

CREATE FUNCTION reminder.send_now(
  creditor_id bigint, invoice_nos text[], as_of date, stage text DEFAULT NULL, all_or_nothing boolean DEFAULT false,
  OUT invoice_no text, OUT stage_now text, OUT outcome text, OUT reason text, OUT step_date date, OUT deadline date, OUT currency text,
  OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT words text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _told CONSTANT jsonb := reminder._send_by_hand($1, $2, $3, $4);
  _not integer;
  _why text;
BEGIN
  SELECT count(*), string_agg(format('%s: %s', coalesce(left(x.invoice_no, 64), 'NULL'), x.words), E'\n' ORDER BY x.invoice_no COLLATE "C") INTO _not, _why
  FROM jsonb_to_recordset(_told) x (invoice_no text, outcome text, words text) WHERE x.outcome <> 'sent';
  IF all_or_nothing AND _not > 0 THEN
    RAISE EXCEPTION '% of % invoices cannot be sent a letter now', _not, jsonb_array_length(_told)
      USING ERRCODE = '55R07', DETAIL = _why, HINT = 'Leave them out, or send what can be sent: all_or_nothing => false.';
  END IF;
  RETURN QUERY
    SELECT x.invoice_no, x.stage, x.outcome, x.reason, x.step_date, x.deadline, x.currency, x.principal, x.interest, x.fee, x.total, x.words
    FROM jsonb_to_recordset(_told) x (
      invoice_no text, stage text, outcome text, reason text, step_date date, deadline date, currency text,
      principal numeric, interest numeric, fee numeric, total numeric, words text)
    ORDER BY x.invoice_no COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.send_now(bigint, text[], date, text, boolean) IS
'Sends the next letters of chosen invoices now, for the business date as_of, or (stage: reminder, notice or demand) those of a stage, which may have been skipped. It overrides dates, blocks, amounts, branches, outside_automation and whatever else reasons() says a hand overrides; never a ban, a dispute or hold, a payment or the law: its intervals, caps and counts, and the deadline of the letter before. Gives a row an invoice: outcome "sent", "not_due" (not before step_date) or "refused" with the reason, and a sentence; all_or_nothing raises 55R07 with all that cannot be sent and sends nothing. Amounts in the invoice''s currency. Raises 22R01 for an unknown stage or no invoices, 22R02 for a bad date, 22R04 for an unknown creditor, 55R01 for a date before the latest run, 55R04 while the creditor''s terms are not accepted.';

CREATE FUNCTION reminder.plan_now(
  creditor_id bigint, invoice_nos text[], as_of date, stage text DEFAULT NULL,
  OUT invoice_no text, OUT stage_now text, OUT outcome text, OUT reason text, OUT step_date date, OUT deadline date, OUT currency text,
  OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT words text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _told jsonb;
BEGIN
  BEGIN
    SELECT jsonb_agg(to_jsonb(s)) INTO _told FROM reminder.send_now($1, $2, $3, $4) s;
    -- takes it all back; what is in the variable stays
    RAISE SQLSTATE '55R00';
  EXCEPTION
    WHEN SQLSTATE '55R00' THEN NULL;
  END;
  RETURN QUERY
    SELECT x.* FROM jsonb_to_recordset(_told) x (
      invoice_no text, stage_now text, outcome text, reason text, step_date date, deadline date, currency text,
      principal numeric, interest numeric, fee numeric, total numeric, words text)
    ORDER BY x.invoice_no COLLATE "C";
END
$$;
COMMENT ON FUNCTION reminder.plan_now(bigint, text[], date, text) IS
'Gives what send_now() would do with these invoices (and this stage), and changes nothing; for as long as it takes, the invoices are locked. Raises as send_now() does.';
