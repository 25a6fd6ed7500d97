/*
 * What happened outside, recorded by hand: letters (N7), a whole book taken
 * over (B8); and steps that are waived (B3).
 */

CREATE FUNCTION reminder._record_letters(creditor_id bigint, letters jsonb, as_of date)
-- tables that pass for empty would be read whole for each letter
RETURNS TABLE (n integer, refusal text, reason text, words text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _lost text[] := reminder._lock_losses(creditor_id, ARRAY(SELECT DISTINCT l.invoice_no FROM jsonb_to_recordset($2) l (invoice_no text)));
  _letters jsonb;
  _nos text[];
BEGIN
  WITH letter AS MATERIALIZED (
    SELECT l.n, l.stage, l.letter_date, nullif(l.fee, 0) AS fee, l.deadline AS own_deadline, g.rung AS stage_rung,
           i.invoice_no, i.customer_no, i.kind, reminder._factored(i.creditor_id, i.invoice_no, i.kind) AS factored, i.invoice_date, i.due_date, i.currency, i.amount, i.open_amount, i.external_collection, i.reference, i.fee_by_hand,
           c.jurisdiction, j.charged_reminders, r.rule_no, r.version, r.kind AS rule_kind, r.collected_by,
           k.case_no, k.state, k.state_on, k.fees, k.fees_paid, k.fees_waived, k.compensation, k.interest, k.interest_paid, k.interest_waived,
           d.standing, d.last_on, d.fees_at_least, d.charged, e.case_no AS last_case, e.ended_on,
           i.invoice_no = ANY (_lost)
             OR EXISTS (SELECT FROM reminder.credit_loss s WHERE s.creditor_id = $1 AND s.invoice_no = i.invoice_no AND s.reversed_on IS NULL) AS lost,
           greatest(d.standing + 1, g.rung) AS rung
    FROM jsonb_to_recordset($2) l (n integer, invoice_no text, stage text, letter_date date, fee numeric, deadline date)
    JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = l.invoice_no
    JOIN reminder.customer u ON u.creditor_id = $1 AND u.customer_no = i.customer_no
    JOIN reminder.creditor c ON c.creditor_id = $1
    JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
    JOIN reminder.stage g ON g.stage = l.stage
    LEFT JOIN reminder.rule r ON r.creditor_id = $1 AND r.rule_no = coalesce(u.rule_no, (
      SELECT x.rule_no FROM reminder.rule x WHERE x.creditor_id = $1 AND x.general AND x.kind = u.rule_kind))
    LEFT JOIN reminder.collection_case k ON k.creditor_id = $1 AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL
    CROSS JOIN LATERAL (
      SELECT coalesce(max(d.rung) FILTER (WHERE d.outcome <> 'skipped'), 0)::integer AS standing, max(d.as_of) FILTER (WHERE d.outcome <> 'skipped') AS last_on,
             count(d.charged_nth) AS charged, (array_agg(d.fees_at_least ORDER BY d.rung DESC) FILTER (WHERE d.outcome <> 'skipped'))[1] AS fees_at_least
      FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = i.invoice_no AND d.taken_back = 0) d
    CROSS JOIN LATERAL (
      SELECT max(e.case_no) AS case_no, max(e.ended_on) AS ended_on FROM reminder.collection_case e WHERE e.creditor_id = $1 AND e.invoice_no = i.invoice_no) e),
  -- the law's cap and the rule's term, once for each day and stage
  term AS MATERIALIZED (
    SELECT t.rule_no, t.rung, t.letter_date, f.above, f.cap, s.deadline
    FROM (SELECT DISTINCT l.rule_no, l.rule_kind, l.collected_by, l.jurisdiction, l.stage, l.stage_rung, l.rung, l.letter_date FROM letter l
          WHERE l.rule_no IS NOT NULL AND l.letter_date BETWEEN '1990-01-01' AND $3) t
    LEFT JOIN LATERAL (
      SELECT k.fee_kind FROM reminder.stage_fee_kind k
      WHERE (k.jurisdiction, k.stage, k.collected_by) = (t.jurisdiction, t.stage, t.collected_by) AND k.nth <= t.rung - t.stage_rung + 1
      ORDER BY k.nth DESC LIMIT 1) k ON true
    CROSS JOIN LATERAL reminder._fee_tiers(t.jurisdiction, t.rule_kind, k.fee_kind, t.letter_date, $1) f
    LEFT JOIN LATERAL (
      SELECT reminder._deadline(s.step) AS deadline FROM reminder._terms($1, t.letter_date, t.rule_no, t.rung - 1) s WHERE s.rung = t.rung) s ON true),
  claim AS (
    SELECT l.*, p.principal, b.cap, coalesce(l.own_deadline, t.deadline, l.letter_date) AS deadline,
           CASE WHEN l.fee IS NOT NULL AND l.rung < 30 THEN l.charged + 1 END AS charged_nth, x.letters
    FROM letter l
    LEFT JOIN term t ON t.rule_no = l.rule_no AND t.rung = l.rung AND t.letter_date = l.letter_date
    CROSS JOIN LATERAL (
      SELECT l.open_amount
        + coalesce((SELECT sum(coalesce(a.principal, p.amount)) FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
                    WHERE p.creditor_id = $1 AND p.invoice_no = l.invoice_no AND p.bounced_on IS NULL AND p.paid_on > l.letter_date), 0)
        + coalesce((SELECT sum(c.amount) FROM reminder.credit c WHERE c.creditor_id = $1 AND c.invoice_no = l.invoice_no AND c.credited_on > l.letter_date), 0) AS principal) p
    LEFT JOIN LATERAL (
      SELECT f.cap FROM unnest(t.above, t.cap) WITH ORDINALITY f (above, cap, tier)
      WHERE f.above < p.principal OR f.tier = 1 ORDER BY f.tier DESC LIMIT 1) b ON true
    -- what the letters claim, without compensation and what was waived (F3)
    CROSS JOIN LATERAL (
      SELECT CASE WHEN l.collected_by <> 'creditor' THEN coalesce(l.fees - l.fees_waived - l.compensation, l.fee_by_hand) + coalesce(l.fee, 0)
                  WHEN l.fee IS NULL THEN coalesce(l.fees - l.fees_waived - l.compensation, l.fee_by_hand)
                  ELSE greatest(l.fee, coalesce(l.fees_paid, 0)) END AS letters) x),
  judged AS (
    SELECT c.*,
           CASE WHEN c.kind IN ('credit_note', 'interest') OR c.factored OR c.open_amount = 0 OR c.external_collection OR c.lost AND c.case_no IS NULL THEN 'left_alone'
                WHEN c.rule_no IS NULL OR c.standing >= c.stage_rung + 9 OR c.rung > c.stage_rung + 8 OR c.state IN ('monitoring', 'enforcement') THEN 'step'
                WHEN (c.letter_date BETWEEN greatest(c.invoice_date, '1990-01-01') AND $3) IS NOT TRUE OR c.letter_date <= c.last_on
                  OR c.letter_date < c.state_on OR c.letter_date < c.ended_on OR (c.deadline BETWEEN c.letter_date AND '2200-12-31') IS NOT TRUE THEN 'date'
                WHEN (c.fee > 0 AND c.fee < 1000000000000 AND c.fee = round(c.fee, 2)) IS FALSE OR c.fee > c.cap OR c.charged_nth > c.charged_reminders THEN 'fee' END AS refusal
    FROM claim c)
  SELECT jsonb_agg(to_jsonb(j) || jsonb_build_object(
           'reason', CASE j.refusal
             WHEN 'left_alone' THEN CASE WHEN j.kind = 'credit_note' THEN 'credit_note' WHEN j.kind = 'interest' THEN 'interest_invoice' WHEN j.factored THEN 'factored'
                                         WHEN j.open_amount = 0 THEN 'principal_paid' WHEN j.external_collection THEN 'external_collection' ELSE 'loss_booked' END
             WHEN 'step' THEN CASE WHEN j.rule_no IS NULL THEN 'no_rule' ELSE 'already_handled' END
             WHEN 'date' THEN 'letter_date' WHEN 'fee' THEN 'fee' END,
           'words', CASE j.refusal
             WHEN 'step' THEN CASE WHEN j.rule_no IS NULL THEN 'The creditor has no rule for its customer.' ELSE 'A letter of this or a later stage stands.' END
             WHEN 'date' THEN CASE WHEN j.letter_date <= j.last_on THEN format('Its last letter is of %s.', j.last_on)
                                   WHEN j.letter_date < j.state_on THEN format('Its case came to its stage on %s.', j.state_on)
                                   WHEN j.letter_date < j.ended_on THEN format('Its last case ended on %s.', j.ended_on)
                                   WHEN (j.letter_date BETWEEN greatest(j.invoice_date, '1990-01-01') AND $3) IS NOT TRUE THEN format('The letter is of a day from %s, the invoice''s, to %s.', j.invoice_date, $3)
                                   ELSE 'The deadline is not before the letter.' END
             WHEN 'fee' THEN CASE WHEN j.fee > j.cap THEN format('The law allows a fee of %s.', j.cap)
                                  WHEN j.charged_nth > j.charged_reminders THEN format('The law allows %s with a fee, and it has had them.', reminder._count(j.charged_reminders, 'reminder'))
                                  ELSE 'A fee is 0 or more, with two decimals.' END
             ELSE (SELECT r.sentence FROM reminder.reasons() r
                   WHERE r.reason = CASE WHEN j.kind = 'credit_note' THEN 'credit_note' WHEN j.kind = 'interest' THEN 'interest_invoice' WHEN j.factored THEN 'factored'
                                         WHEN j.open_amount = 0 THEN 'principal_paid' WHEN j.external_collection THEN 'external_collection' ELSE 'loss_booked' END
                     AND j.refusal = 'left_alone') END))
  INTO _letters FROM judged j;
  RETURN QUERY SELECT x.n, x.refusal, x.reason, x.words FROM jsonb_to_recordset(_letters) x (n integer, refusal text, reason text, words text);
  SELECT jsonb_agg(x), array_agg(x ->> 'invoice_no') INTO _letters, _nos FROM jsonb_array_elements(_letters) x WHERE x ->> 'refusal' IS NULL;
  IF _nos IS NULL THEN
    RETURN;
  END IF;
  PERFORM reminder._keep(true);
  -- It takes the place of what was skipped (R9).
  PERFORM reminder._free_step($1, d.invoice_no, d.rung)
  FROM jsonb_to_recordset(_letters) x (invoice_no text, rung smallint)
  JOIN reminder.decision d ON d.creditor_id = $1 AND d.invoice_no = x.invoice_no AND d.rung >= x.rung AND d.taken_back = 0;
  WITH letter AS MATERIALIZED (
    SELECT x.*, coalesce(x.case_no, x.last_case + 1, 1) AS in_case,
           coalesce(x.fees_waived, 0) + CASE WHEN coalesce(x.compensation, 0) = 0 THEN x.letters
             ELSE greatest(x.fees - x.fees_waived, x.letters + CASE WHEN x.fees_at_least > 0 THEN 0 ELSE x.compensation END) END AS fees_now
    FROM jsonb_to_recordset(_letters) x (
      invoice_no text, stage text, letter_date date, rung smallint, fee numeric, cap numeric, charged_nth smallint, charged_reminders smallint,
      customer_no text, due_date date, currency text, amount numeric, principal numeric, reference text, deadline date,
      rule_no integer, version integer, collected_by text, case_no smallint, last_case smallint,
      fees numeric, fees_paid numeric, fees_waived numeric, compensation numeric, fees_at_least numeric, letters numeric,
      interest numeric, interest_paid numeric, interest_waived numeric)),
  decided AS (
    INSERT INTO reminder.decision (
      creditor_id, invoice_no, rung, stage, outcome, as_of, step_date, rule_no, rule_version, case_no, customer_no, collected_by, due_date, amount, currency, principal,
      interest, interest_settled, fee, fee_cap, charged_nth, charged_cap, fees, fees_settled, compensation, fees_at_least, deadline, reference, status)
    SELECT $1, l.invoice_no, l.rung, l.stage, 'sent', l.letter_date, l.letter_date, l.rule_no, l.version, l.in_case, l.customer_no, l.collected_by, l.due_date, l.amount, l.currency,
           least(l.principal, l.amount), coalesce(l.interest, 0), coalesce(l.interest_paid + l.interest_waived, 0), l.fee, l.cap, l.charged_nth, l.charged_reminders,
           l.fees_now, coalesce(l.fees_paid + l.fees_waived, 0), least(greatest(l.fees_now - l.letters - coalesce(l.fees_waived, 0), 0), coalesce(l.compensation, 0)),
           least(coalesce(l.fees_at_least, 0), l.fees_now), l.deadline, l.reference, 'sent'
    FROM letter l),
  opened AS (
    INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on, fees, compensation)
    SELECT $1, l.invoice_no, l.in_case, l.stage, l.collected_by, l.rule_no, l.letter_date, l.letter_date, l.fees_now, 0
    FROM letter l WHERE l.case_no IS NULL),
  advanced AS (
    UPDATE reminder.collection_case k
    SET state = l.stage, state_on = l.letter_date, collected_by = l.collected_by, rule_no = l.rule_no, fees = l.fees_now,
        compensation = least(greatest(l.fees_now - l.letters - coalesce(l.fees_waived, 0), 0), coalesce(l.compensation, 0))
    FROM letter l
    WHERE k.creditor_id = $1 AND k.invoice_no = l.invoice_no AND k.case_no = l.case_no)
  INSERT INTO reminder.by_hand (creditor_id, invoice_no, rung, kind)
  SELECT $1, l.invoice_no, l.rung, 'recorded' FROM letter l;
  INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, amount, detail)
  SELECT $1, x.invoice_no, reminder._next_event($1, x.invoice_no), 'letter_recorded', $3, x.fee, format('%s of %s', x.stage, x.letter_date)
  FROM jsonb_to_recordset(_letters) x (invoice_no text, stage text, letter_date date, fee numeric);
  PERFORM reminder._place($1, _nos);
  PERFORM reminder._keep_version($1, _nos);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._record_letters(bigint, jsonb, date) IS
'Internal: records letters that were sent outside, one an invoice, all of them locked and known; each has a number n, by which it tells why one was not: "left_alone", "step", "date" or "fee".';

CREATE FUNCTION reminder.record_letter(
  creditor_id bigint, invoice_no text, stage text, letter_date date, fee numeric, as_of date, deadline date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _refused record;
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  PERFORM reminder._letter_stage(stage);
  PERFORM reminder._date(letter_date, 'letter_date');
  PERFORM reminder._require_terms(creditor_id, as_of);
  SELECT r.* INTO _refused
  FROM reminder._record_letters(creditor_id, jsonb_build_array(jsonb_build_object(
    'n', 1, 'invoice_no', invoice_no, 'stage', stage, 'letter_date', letter_date, 'fee', fee, 'deadline', deadline)), as_of) r;
  IF _refused.refusal = 'date' THEN
    RAISE EXCEPTION 'the % of invoice "%" cannot be recorded as of %', stage, invoice_no, letter_date
      USING ERRCODE = '22R02', DETAIL = _refused.words, HINT = 'Letters are recorded in their order, with the days they were sent.';
  ELSIF _refused.refusal = 'fee' THEN
    RAISE EXCEPTION 'the % of invoice "%" cannot be recorded with a fee of %', stage, invoice_no, fee
      USING ERRCODE = '22R03', DETAIL = _refused.words, HINT = 'Record the fee that is claimed; NULL: none.';
  ELSIF _refused.refusal IS NOT NULL THEN
    RAISE EXCEPTION 'the % of invoice "%" cannot be recorded', stage, invoice_no
      USING ERRCODE = '55R07', DETAIL = _refused.words, HINT = 'SELECT * FROM reminder.invoice_status; shows where each invoice stands.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.record_letter(bigint, text, text, date, numeric, date, date) IS
'Records a letter that was sent outside, as if sent here: its stage (reminder, notice or demand), letter_date, fee (NULL or 0: none) and deadline (NULL: the rule''s term from that date). It opens or advances the case, counts as a fee-carrying reminder, takes the place of a step that was skipped, and the next step waits from it. as_of is the day of recording. Raises 22R01 for an unknown stage, 22R02 for a date that is not after the letter before or not by as_of, 22R03 for a fee above what the law allows, 55R04 while the creditor''s terms are not accepted, 55R07 when nothing is open, a later letter stands, a loss is booked or it is collected outside, 22R04 for an unknown invoice.';

CREATE FUNCTION reminder.take_over(
  creditor_id bigint, book jsonb, as_of date,
  OUT invoice_no text, OUT stage text, OUT letter_date date, OUT outcome text, OUT reason text, OUT words text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET enable_seqscan = off
AS $$
#variable_conflict use_column
DECLARE
  _book jsonb;
  _told jsonb := jsonb '[]';
  _round jsonb;
  _last integer;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  IF jsonb_typeof(book) IS DISTINCT FROM 'array' OR EXISTS (SELECT FROM jsonb_array_elements(book) b WHERE jsonb_typeof(b) <> 'object') THEN
    RAISE EXCEPTION 'book is not an array of letters'
      USING ERRCODE = '22R01', HINT = 'Give [{"invoice_no": ..., "stage": ..., "letter_date": ..., "fee": ..., "deadline": ...}, ...], as jsonb_agg() makes of rows.';
  END IF;
  PERFORM reminder._require_terms(creditor_id, as_of);
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR KEY SHARE;
  PERFORM FROM reminder.invoice i
  WHERE i.creditor_id = $1 AND i.invoice_no IN (SELECT b.invoice_no FROM jsonb_to_recordset($2) b (invoice_no text)) ORDER BY i.invoice_no FOR NO KEY UPDATE;
  PERFORM reminder._refuse_stale($1, b.invoice_no, NULL) FROM (SELECT DISTINCT b.invoice_no FROM jsonb_to_recordset($2) b (invoice_no text)) b;
  -- The letters of an invoice one after the other; what is recorded already stays as it is.
  WITH entry AS MATERIALIZED (
    SELECT b.*, row_number() OVER () AS n FROM jsonb_to_recordset($2) b (invoice_no text, stage text, letter_date date, fee numeric, deadline date)),
  known AS (
    SELECT e.*, i.invoice_no IS NOT NULL AS known, g.rung BETWEEN 10 AND 30 AS letter,
           EXISTS (SELECT FROM reminder.by_hand h JOIN reminder.decision d USING (creditor_id, invoice_no, rung, taken_back)
                   WHERE h.creditor_id = $1 AND h.invoice_no = e.invoice_no AND h.taken_back = 0 AND h.kind = 'recorded' AND d.stage = e.stage AND d.as_of = e.letter_date) AS there
    FROM entry e
    LEFT JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = e.invoice_no
    LEFT JOIN reminder.stage g ON g.stage = e.stage)
  SELECT jsonb_agg(to_jsonb(k)) INTO _book
  FROM (SELECT k.*, CASE WHEN k.known AND k.letter AND NOT k.there
                         THEN row_number() OVER (PARTITION BY k.invoice_no, k.known AND k.letter AND NOT k.there ORDER BY k.letter_date, k.n) END AS round
        FROM known k) k;
  _last := coalesce((SELECT max((b ->> 'round')::integer) FROM jsonb_array_elements(_book) b), 0);
  FOR _this IN 1 .. _last LOOP
    SELECT jsonb_agg(b) INTO _round FROM jsonb_array_elements(_book) b WHERE (b ->> 'round')::integer = _this;
    SELECT _told || coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO _told FROM reminder._record_letters($1, _round, $3) r;
  END LOOP;
  RETURN QUERY
    SELECT b.invoice_no, b.stage, b.letter_date,
           CASE WHEN b.there THEN 'recorded' WHEN b.round IS NULL AND NOT (b.known AND b.stage IS NULL) THEN 'refused'
                WHEN s.reason IS NOT NULL OR t.refusal = 'left_alone' THEN 'left_alone' WHEN t.refusal IS NOT NULL THEN 'refused'
                WHEN b.round IS NULL THEN 'in_automation' ELSE 'recorded' END,
           CASE WHEN b.there THEN NULL WHEN NOT b.known THEN 'unknown' WHEN b.stage IS NULL THEN s.reason WHEN b.round IS NULL THEN 'stage' ELSE t.reason END,
           CASE WHEN b.there THEN 'It was recorded before.' WHEN NOT b.known THEN 'It is unknown or not yours.'
                WHEN b.stage IS NULL THEN (SELECT r.sentence FROM reminder.reasons() r WHERE r.reason = s.reason)
                WHEN b.round IS NULL THEN 'Letters are reminder, notice and demand.' ELSE t.words END
    FROM jsonb_to_recordset(_book) b (n integer, invoice_no text, stage text, letter_date date, known boolean, letter boolean, there boolean, round integer)
    LEFT JOIN jsonb_to_recordset(_told) t (n integer, refusal text, reason text, words text) ON t.n = b.n
    LEFT JOIN LATERAL (
      SELECT CASE WHEN i.open_amount = 0 THEN 'principal_paid' WHEN i.external_collection THEN 'external_collection'
                  WHEN EXISTS (SELECT FROM reminder.credit_loss l WHERE l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no AND l.reversed_on IS NULL)
                    OR reminder._loss_stands(i.creditor_id, i.invoice_no) IS NOT NULL THEN 'loss_booked' END AS reason
      FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.invoice_no = b.invoice_no AND b.stage IS NULL) s ON true
    ORDER BY b.n;
END
$$;
COMMENT ON FUNCTION reminder.take_over(bigint, jsonb, date) IS
'Takes over a book (B8): records the letters that another system has sent, as record_letter() does, for many invoices at once. book is a JSON array of objects with invoice_no, stage, letter_date, fee and deadline, any number an invoice; without a stage an invoice is only looked at. as_of is the day of taking over. Gives a row each: outcome "recorded", "left_alone" (paid, credited, lost or collected elsewhere), "in_automation" or "refused", with a reason and a sentence; what is refused keeps the others from nothing, and what was recorded before stays. Raises 22R01 when book is no array, 22R02 for a bad date, 22R04 for an unknown creditor, 55R04 while its terms are not accepted.';

CREATE FUNCTION reminder.waive_step(creditor_id bigint, invoice_no text, stage text, reason text, as_of date) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _place record;
  _term record;
  _step record;
  _last date;
BEGIN
  PERFORM reminder._lock_invoice(creditor_id, invoice_no, as_of);
  PERFORM reminder._reason(reason, 'waiving a step');
  IF stage IS NOT NULL THEN
    PERFORM reminder._word(stage, 'stage', ARRAY['reminder', 'notice', 'demand', 'monitoring']);
  END IF;
  SELECT p.passed, p.base_date, p.rule_no INTO _place FROM reminder.position p
  WHERE p.creditor_id = $1 AND p.invoice_no = $2;
  SELECT t.* INTO _term FROM reminder._terms($1, $5, coalesce(_place.rule_no, 0), _place.passed) t;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'invoice "%" has no step before it', invoice_no
      USING ERRCODE = '55R03', HINT = format('SELECT words FROM reminder.explain(%s, %L, %L); says why.', creditor_id, invoice_no, as_of);
  ELSIF _term.stage <> stage THEN
    RAISE EXCEPTION 'the next step of invoice "%" is the %, not the %', invoice_no, _term.stage, left(stage, 64)
      USING ERRCODE = '55R07', HINT = 'Steps are waived one after the other; NULL: the next.';
  END IF;
  SELECT max(d.as_of) INTO _last FROM reminder.decision d WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.taken_back = 0;
  IF as_of <= _last THEN
    RAISE EXCEPTION 'as_of % is not after the last step of invoice "%" on %', as_of, invoice_no, _last
      USING ERRCODE = '22R02', HINT = 'No two steps fall on one day.';
  END IF;
  SELECT j.* INTO _step FROM reminder._judge($1, $5, _place.rule_no, _place.passed::integer, ARRAY[$2]) j;
  PERFORM reminder._keep(true);
  -- What follows waits from its date, but not before the deadline of the letter before it.
  INSERT INTO reminder.decision (
    creditor_id, invoice_no, rung, stage, outcome, reason, as_of, step_date, rule_no, rule_version, customer_no, collected_by, due_date, amount, currency, principal,
    interest, interest_settled, fees, fees_settled, compensation, fees_at_least, deadline, reference)
  SELECT $1, $2, _step.rung, _step.stage, 'skipped', 'waived', $5, least(_step.step_date, $5), _place.rule_no, _term.rule_version, _step.customer_no, _step.collected_by,
         _step.due_date, _step.amount, _step.currency, _step.principal, coalesce(k.interest, 0), coalesce(k.interest_paid + k.interest_waived, 0),
         coalesce(k.fees, i.fee_by_hand), coalesce(k.fees_paid + k.fees_waived, 0), coalesce(k.compensation, 0), 0,
         CASE WHEN _place.passed > 0 AND _place.base_date >= $5 THEN _place.base_date END, _step.reference
  FROM reminder.invoice i
  LEFT JOIN reminder.collection_case k ON k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL
  WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  INSERT INTO reminder.by_hand (creditor_id, invoice_no, rung, kind, reason) VALUES ($1, $2, _step.rung, 'waived', $4);
  PERFORM reminder._note(creditor_id, invoice_no, 'step_waived', as_of, detail => format('%s: %s', _step.stage, reason));
  PERFORM reminder._place(creditor_id, ARRAY[$2]);
  PERFORM reminder._keep(false);
  RETURN _step.stage;
END
$$;
COMMENT ON FUNCTION reminder.waive_step(bigint, text, text, text, date) IS
'Waives the next step of an invoice, whether it has come due or not: it is skipped, with the reason "waived", and the one after it is next, which waits from this one''s date (that of as_of, if it had not come). stage names it (NULL: whichever it is); reason is a text of up to 1000 bytes. Gives the stage. Raises 22R01 without a reason or for an unknown stage, 22R02 for a bad date or one that is not after the last step, 55R03 when no step is left, 55R07 when another stage is next, 22R04 for an unknown invoice.';
