/*
 * The run, and the same decisions written nowhere.
 */

-- No SET and no SECURITY DEFINER: PostgreSQL forbids COMMIT under either. It takes both by hand, chunk by chunk.
CREATE PROCEDURE reminder.run(as_of date, creditor_id bigint DEFAULT NULL)
LANGUAGE c
AS 'MODULE_PATHNAME', 'reminder_run';
COMMENT ON PROCEDURE reminder.run(date, bigint) IS
'Decides, for the business date as_of, every invoice whose next step has come due, of one creditor or (NULL) of all. Called at top level it commits in chunks and can be stopped at any moment without loss; the same call goes on where it stopped. In a transaction block it is one transaction. Raises 22R02 for a bad date, 22R04 for an unknown creditor, 55R01 for a date before the creditor''s latest run (of all, when the others are done), 2D000 inside a function.';

CREATE PROCEDURE reminder.run_at(moment timestamptz, creditor_id bigint DEFAULT NULL)
LANGUAGE c
AS 'MODULE_PATHNAME', 'reminder_run_at';
COMMENT ON PROCEDURE reminder.run_at(timestamptz, bigint) IS
'Runs one creditor or (NULL) all, each for its own business date at a moment, by its time zone: what a scheduler calls, with now(). Raises what run() raises; 22R02 for a moment that is null or out of range.';

CREATE FUNCTION reminder._plan(
  creditor_id bigint, as_of date, decided text[],
  OUT invoice_no text, OUT customer_no text, OUT stage text, OUT outcome text, OUT reason text,
  OUT step_date date, OUT deadline date, OUT channel text, OUT currency text, OUT principal numeric,
  OUT interest numeric, OUT fee numeric, OUT total numeric, OUT rule_no integer, OUT letter_of text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- From rung to rung; but a customer's invoices that share a letter are judged together, whichever they stand on.
  RETURN QUERY
    SELECT j.invoice_no, j.customer_no, j.stage, j.outcome, j.reason, j.step_date, j.deadline, j.channel, j.currency,
           j.principal, CASE WHEN j.outcome = 'sent' THEN j.interest - j.interest_settled END, j.fee,
           CASE WHEN j.outcome = 'sent' THEN j.principal + j.interest - j.interest_settled + j.fees - j.fees_settled END, t.rule_no, j.letter_of
    FROM (
      SELECT t.rule_no, max(t.passed) AS passed, array_agg(p.invoice_no) AS invoice_nos
      FROM reminder._terms($1, $2) t
      CROSS JOIN LATERAL (
        SELECT p.invoice_no FROM reminder.position p
        WHERE p.creditor_id = $1 AND p.rule_no = t.rule_no AND p.passed = t.passed AND p.base_date <= t.latest_base) p
      WHERE NOT EXISTS (SELECT FROM unnest($3) d (invoice_no) WHERE d.invoice_no = p.invoice_no)
      GROUP BY t.rule_no, t.rung, CASE WHEN t.together_from IS NULL THEN t.passed END) t
    CROSS JOIN LATERAL reminder._judge($1, $2, t.rule_no, t.passed, t.invoice_nos) j
    WHERE j.outcome <> 'not_due'
    ORDER BY j.step_date, j.invoice_no;
END
$$;
COMMENT ON FUNCTION reminder._plan(bigint, date, text[]) IS
'Internal: what a run would decide, if earlier ones had decided these invoices.';

CREATE FUNCTION reminder._may_plan(creditor_id bigint, as_of date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _last date;
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  _last := reminder._last_run(creditor_id);
  IF as_of < _last THEN
    RAISE EXCEPTION 'creditor % has had a later run', creditor_id
      USING ERRCODE = '55R01', DETAIL = format('Its latest run was for %s.', _last), HINT = 'Plan for that date or a later one.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._may_plan(bigint, date) IS
'Internal: checks what is to be planned. Raises 22R02, 22R04, and 55R01 for a day before the latest run.';

CREATE FUNCTION reminder.plan(
  as_of date, creditor_id bigint,
  OUT invoice_no text, OUT customer_no text, OUT stage text, OUT outcome text, OUT reason text,
  OUT step_date date, OUT deadline date, OUT channel text, OUT currency text, OUT principal numeric,
  OUT interest numeric, OUT fee numeric, OUT total numeric, OUT rule_no integer, OUT letter_of text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._may_plan(creditor_id, as_of);
  RETURN QUERY SELECT p.* FROM reminder._plan($2, $1, '{}') p;
END
$$;
COMMENT ON FUNCTION reminder.plan(date, bigint) IS
'Gives what run(as_of, creditor_id) would decide, and writes nothing: outcome is sent, entered (a stage without a letter), skipped (never to be sent) or waits (left due), with the reason. letter_of: of steps that send a customer one letter, the invoice that names it, the same for all its invoices. Amounts in the invoice''s currency. Raises 22R02, 22R04, 55R01 as run() does.';

CREATE FUNCTION reminder.upcoming(
  from_day date, to_day date, creditor_id bigint,
  OUT letter_date date, OUT invoice_no text, OUT customer_no text, OUT stage text, OUT deadline date, OUT channel text,
  OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT letter_of text)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _decided text[] := '{}'::text[];
  _today text[];
  _outcome text;
BEGIN
  PERFORM reminder._date(from_day, 'from_day');
  PERFORM reminder._date(to_day, 'to_day');
  IF to_day - from_day NOT BETWEEN 0 AND 366 THEN
    RAISE EXCEPTION 'the days from % to % are not up to a year', from_day, to_day
      USING ERRCODE = '22R02', HINT = 'Ask for at most 366 days.';
  END IF;
  PERFORM reminder._may_plan(creditor_id, from_day);
  -- The first run that does not leave a step due decides it; what waits may come to be sent.
  FOR _day IN 0..to_day - from_day LOOP
    letter_date := from_day + _day;
    _today := '{}'::text[];
    FOR invoice_no, customer_no, stage, deadline, channel, currency, principal, interest, fee, total, letter_of, _outcome IN
      SELECT p.invoice_no, p.customer_no, p.stage, p.deadline, p.channel, p.currency, p.principal, p.interest, p.fee, p.total, p.letter_of, p.outcome
      FROM reminder._plan(creditor_id, letter_date, _decided) p WHERE p.outcome <> 'waits' ORDER BY p.invoice_no
    LOOP
      _today := _today || invoice_no;
      IF _outcome = 'sent' THEN
        RETURN NEXT;
      END IF;
    END LOOP;
    _decided := _decided || _today;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder.upcoming(date, date, bigint) IS
'Gives the letters that daily runs from from_day to to_day will send, as things stand: the next one of each invoice. letter_of: of steps that send a customer one letter, the invoice that names it, the same for all its invoices. Raises 22R02 for bad dates or more than 366 days, 22R04 for an unknown creditor, 55R01 for days before the latest run.';

CREATE FUNCTION reminder._words(
  as_of date, outcome text, stage text, letter boolean, step_date date, deadline date, currency text,
  fee numeric, compensation numeric, interest numeric, total numeric) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN CASE outcome
      WHEN 'not_due' THEN format('Its %s comes due on %s', stage, step_date)
      WHEN 'sent' THEN format('Its %s is sent in a run for %s', stage, as_of)
      WHEN 'entered' THEN format('It enters %s in a run for %s', stage, as_of)
      WHEN 'skipped' THEN format('Its %s, due on %s, is skipped and never %s', stage, step_date, CASE WHEN letter THEN 'sent' ELSE 'entered' END)
      ELSE format('Its %s, due since %s, waits', stage, step_date) END
    || CASE WHEN deadline IS NULL THEN ''
            ELSE format(' with %s%s, %s %s in all, to be paid by %s',
                        CASE WHEN fee IS NULL THEN 'no fee' ELSE format('a fee of %s %s', fee, currency) END,
                        CASE WHEN compensation > 0 THEN format(', compensation of %s %s', compensation, currency) ELSE '' END
                        || CASE WHEN interest > 0 THEN format(' and late interest of %s %s', interest, currency) ELSE '' END, total, currency, deadline) END;
END
$$;
COMMENT ON FUNCTION reminder._words(date, text, text, boolean, date, date, text, numeric, numeric, numeric, numeric) IS
'Internal: what becomes of a step, in words, without why.';

CREATE FUNCTION reminder.explain(
  creditor_id bigint, invoice_no text, as_of date,
  OUT rule_no integer, OUT rule text, OUT stage text, OUT outcome text, OUT reason text, OUT step_date date,
  OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT words text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _invoice record;
  _judged record;
  _invoices text[];
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  -- with the rule's lowest step above where it stands
  SELECT i.customer_no, i.open_amount, i.currency, c.rule_no, c.assigned_by, p.passed::integer AS passed, r.name AS rule,
         s.stage, s.rung, s.channel, s.one_letter, g.letter
  INTO _invoice
  FROM reminder.invoice i
  JOIN reminder.customer c ON c.creditor_id = i.creditor_id AND c.customer_no = i.customer_no
  LEFT JOIN reminder.position p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
  LEFT JOIN reminder.rule r ON r.creditor_id = c.creditor_id AND r.rule_no = c.rule_no
  LEFT JOIN LATERAL (
    SELECT s.stage, s.rung, s.channel, s.one_letter FROM reminder.rule_step s
    WHERE s.creditor_id = c.creditor_id AND s.rule_no = c.rule_no AND s.rung > p.passed
    ORDER BY s.rung LIMIT 1) s ON true
  LEFT JOIN reminder.stage g ON g.stage = s.stage
  WHERE i.creditor_id = $1 AND i.invoice_no = $2;
  IF NOT FOUND THEN
    PERFORM reminder._unknown_invoice(invoice_no);
  END IF;
  rule_no := _invoice.rule_no;
  rule := _invoice.rule;
  currency := _invoice.currency;
  principal := _invoice.open_amount;
  IF _invoice.passed IS NULL THEN
    outcome := 'done';
    reason := 'principal_paid';
    words := 'Its principal is settled; no more letters are sent.';
    RETURN;
  END IF;
  IF _invoice.rule_no IS NULL THEN
    outcome := 'waits';
    reason := 'customer_blocked';
    words := format('Its customer "%s" is outside automation: %s.', _invoice.customer_no,
                    CASE _invoice.assigned_by WHEN 'blocked' THEN 'blocked by hand' WHEN 'class_excluded' THEN 'its class is excluded'
                      WHEN 'foreign' THEN 'foreign customers are blocked' ELSE 'the creditor has no rule for it' END);
    RETURN;
  END IF;
  IF _invoice.stage IS NULL THEN
    outcome := 'done';
    -- No rung is left for what is no invoice to be reminded of.
    SELECT d.reason, r.sentence || ' No letters are sent for it.' INTO reason, words
    FROM reminder.decision d JOIN reminder.reasons() r USING (reason)
    WHERE d.creditor_id = $1 AND d.invoice_no = $2 AND d.taken_back = 0 AND _invoice.passed = 99
    ORDER BY d.rung DESC LIMIT 1;
    words := coalesce(words, 'It has passed every step of its rule.');
    RETURN;
  END IF;
  stage := _invoice.stage;
  IF _invoice.one_letter THEN
    -- With those that it may share a letter with: of them depends whether the fee is its own.
    _invoices := ARRAY(
      SELECT p.invoice_no FROM reminder.invoice i JOIN reminder.position p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
      WHERE i.creditor_id = $1 AND i.customer_no = _invoice.customer_no AND p.rule_no = _invoice.rule_no AND p.passed < _invoice.rung
        AND p.passed >= coalesce((SELECT max(b.rung) FROM reminder.rule_step b
                                  WHERE b.creditor_id = $1 AND b.rule_no = _invoice.rule_no AND b.rung < _invoice.rung), 0));
    SELECT j.* INTO _judged FROM reminder._judge($1, $3, _invoice.rule_no, _invoice.passed, _invoices) j WHERE j.invoice_no = $2;
    step_date := _judged.step_date;
    IF step_date > as_of THEN
      -- What goes out before is not there any more.
      _invoices := ARRAY(SELECT j.invoice_no FROM reminder._judge($1, step_date - 1, _invoice.rule_no, _invoice.passed, _invoices) j
                         WHERE j.outcome IN ('not_due', 'waits'));
      SELECT j.* INTO _judged FROM reminder._judge($1, step_date, _invoice.rule_no, _invoice.passed, _invoices) j WHERE j.invoice_no = $2;
    END IF;
  ELSE
    SELECT j.* INTO _judged FROM reminder._judge_ahead($1, $3, _invoice.rule_no, _invoice.passed, ARRAY[$2]) j;
    step_date := _judged.step_date;
  END IF;
  outcome := CASE WHEN step_date > as_of THEN 'not_due' ELSE _judged.outcome END;
  reason := _judged.reason;
  IF _judged.outcome = 'sent' THEN
    deadline := _judged.deadline;
    fee := _judged.fee;
    interest := _judged.interest - _judged.interest_settled;
    total := _judged.principal + interest + _judged.fees - _judged.fees_settled;
  END IF;
  words := reminder._words(as_of, outcome, stage, _invoice.letter, step_date, deadline, currency, fee, _judged.compensation, interest, total);
  IF _judged.letter_of <> $2 THEN
    words := words || format(', in the letter of invoice %s', _judged.letter_of);
  END IF;
  IF _judged.fee_of_rule IS NOT NULL THEN
    words := words || format(' (the rule has a fee of %s, the law allows %s)', _judged.fee_of_rule, coalesce(fee, 0));
  END IF;
  IF _judged.interest_until IS NOT NULL THEN
    words := words || format(' (interest up to %s only: the rate after it is not known)', _judged.interest_until);
  END IF;
  IF reason IS NULL THEN
    words := words || '.';
    RETURN;
  END IF;
  words := words || format(': %s', (SELECT lower(left(r.sentence, 1)) || substr(r.sentence, 2) FROM reminder.reasons() r WHERE r.reason = _judged.reason));
  CASE reason
    WHEN 'channel_off' THEN
      words := words || format(' Its channel is %s.', _invoice.channel);
    WHEN 'terms_not_accepted' THEN
      words := words || (SELECT format(' Version %s of the agreement %s waits to be.', t.version, t.agreement)
                         FROM reminder._terms_of($1, greatest(step_date, as_of)) t);
    WHEN 'demand_content_missing' THEN
      words := words || (SELECT coalesce(string_agg(format(' Set %s: %s', l.to_set, l.sentence), ''), '')
                         FROM reminder._demand_lacks($1, coalesce(step_date, as_of)) l);
    ELSE
      NULL;
  END CASE;
END
$$;
COMMENT ON FUNCTION reminder.explain(bigint, text, date) IS
'Tells of one invoice, in codes and in words, which rule it is under, which step is next, when, for how much, or why not: the decision of a run for as_of. Raises 22R02 for a bad date, 22R04 for an unknown creditor or invoice.';
