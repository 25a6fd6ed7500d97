/*
 * 74-schedule.sql: what happens by itself (N8, V6): the nightly run and the
 * weekly digest, by pg_cron. The moment is read from the clock in the job, once;
 * everything else takes it as an argument.
 */

CREATE FUNCTION reminder._digest_content(creditor_id bigint, as_of date) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH letter AS (
    SELECT u.* FROM reminder.upcoming(greatest($2, reminder._last_run($1)), date_trunc('week', $2)::date + 6, $1) u
    WHERE greatest($2, reminder._last_run($1)) <= date_trunc('week', $2)::date + 6)
  SELECT jsonb_build_object(
    'collections', coalesce((
      SELECT jsonb_agg(jsonb_build_object('letter_date', l.letter_date, 'invoice_no', l.invoice_no, 'customer_no', l.customer_no,
                                          'total', l.total, 'currency', l.currency) ORDER BY l.letter_date, l.invoice_no)
      FROM letter l WHERE l.stage = 'demand'), '[]'),
    'sums', coalesce((
      SELECT jsonb_agg(jsonb_build_object('stage', s.stage, 'letters', s.letters, 'total', s.total, 'currency', s.currency) ORDER BY s.rung, s.currency)
      FROM (SELECT l.stage, g.rung, l.currency, count(*) AS letters, sum(l.total) AS total
            FROM letter l JOIN reminder.stage g ON g.stage = l.stage WHERE l.stage <> 'demand' GROUP BY l.stage, g.rung, l.currency) s), '[]'))
$$;
COMMENT ON FUNCTION reminder._digest_content(bigint, date) IS
'Internal: what a creditor will send from a day to the Sunday of its week: demands one by one, other letters in sum.';

CREATE FUNCTION reminder.queue_digests(as_of date, creditor_id bigint DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _queued bigint;
BEGIN
  PERFORM reminder._date(as_of, 'as_of');
  IF creditor_id IS NOT NULL THEN
    PERFORM reminder._creditor(creditor_id);
  END IF;
  PERFORM reminder._keep(true);
  WITH wanted AS (
    -- made once for each creditor, whoever reads it
    SELECT c.creditor_id, reminder._digest_content(c.creditor_id, $1) AS content, j.language
    FROM reminder.creditor c JOIN reminder.jurisdiction j USING (jurisdiction)
    WHERE c.automation AND (c.creditor_id = $2 OR $2 IS NULL)
      AND EXISTS (SELECT FROM reminder.digest_subscriber s WHERE s.creditor_id = c.creditor_id AND NOT s.blocks_messages)
    OFFSET 0),
  queued AS (
    INSERT INTO reminder.digest (creditor_id, week, email, as_of, name, language, content)
    SELECT s.creditor_id, date_trunc('week', $1)::date, s.email, $1, s.name, coalesce(s.language, w.language), w.content
    FROM wanted w JOIN reminder.digest_subscriber s USING (creditor_id)
    WHERE NOT s.blocks_messages
    ON CONFLICT DO NOTHING
    RETURNING 1)
  SELECT count(*) INTO _queued FROM queued;
  PERFORM reminder._keep(false);
  IF _queued > 0 THEN
    PERFORM pg_notify('reminder_digests', _queued::text);
  END IF;
  RETURN _queued;
END
$$;
COMMENT ON FUNCTION reminder.queue_digests(date, bigint) IS
'Queues the weekly digest for those in reminder.digest_subscriber who do not block messages, of one creditor or (NULL) of all whose automation is on: what will be sent from as_of to the Sunday of its week, demands invoice by invoice, reminders and notices in sum. Once a week and address, however often it is called. Notifies reminder_digests. Gives how many were queued. Raises 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.digest_done(creditor_id bigint, week date, email text, failed text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._keep(true);
  UPDATE reminder.digest d
  SET status = CASE WHEN $4 IS NULL THEN 'sent' ELSE 'failed' END, detail = left($4, 1000)
  WHERE d.creditor_id = $1 AND d.week = $2 AND d.email = $3 AND d.status = 'queued';
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no digest of the week % waits for "%"', coalesce(week::text, 'NULL'), left(coalesce(email, 'NULL'), 64)
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.digest WHERE status = ''queued''; lists those that do.';
  END IF;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.digest_done(bigint, date, text, text) IS
'Confirms that a queued digest of a week (its Monday) went to an email address; or says why it finally failed. Raises 55R03 if none waits, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder.digest_text(language text, week date, content jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT concat_ws(E'\n',
    CASE WHEN $1 LIKE 'sv%' THEN format('Det här skickas veckan från %s.', $2)
         WHEN $1 LIKE 'fi%' THEN format('Nämä lähetetään viikolla, joka alkaa %s.', $2)
         ELSE format('This will be sent in the week from %s.', $2) END,
    '',
    (SELECT string_agg(format('%s: %s, %s %s', s.stage, s.letters, s.total, s.currency), E'\n' ORDER BY s.n)
     FROM ROWS FROM (jsonb_to_recordset($3 -> 'sums') AS (stage text, letters bigint, total numeric, currency text)) WITH ORDINALITY s (stage, letters, total, currency, n)),
    (SELECT string_agg(format('%s: %s (%s), %s %s', c.letter_date, c.invoice_no, c.customer_no, c.total, c.currency), E'\n' ORDER BY c.n)
     FROM ROWS FROM (jsonb_to_recordset($3 -> 'collections') AS (letter_date date, invoice_no text, customer_no text, total numeric, currency text))
            WITH ORDINALITY c (letter_date, invoice_no, customer_no, total, currency, n)),
    CASE WHEN $3 = '{"sums": [], "collections": []}' THEN
      CASE WHEN $1 LIKE 'sv%' THEN 'Ingenting.' WHEN $1 LIKE 'fi%' THEN 'Ei mitään.' ELSE 'Nothing.' END END)
$$;
COMMENT ON FUNCTION reminder.digest_text(text, date, jsonb) IS
'Gives the text of a digest from its week and content, in a language (sv, fi; English for others). Raises 22023 or 22P02 for content that is no digest''s.';

/* pg_cron is another extension, and may live in another database: it is asked by name. */
CREATE FUNCTION reminder._cron() RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = 'pg_cron') THEN
    RAISE EXCEPTION 'pg_cron is not in this database'
      USING ERRCODE = '55R04',
            HINT = format('shared_preload_libraries = ''pg_cron'' and cron.database_name = %L, and then CREATE EXTENSION pg_cron; or, where pg_cron is: SELECT cron.schedule_in_database(''reminder run'', ''0 3 * * *'', ''CALL reminder.run_at(now())'', %L);',
                          current_database(), current_database());
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._cron() IS
'Internal: refuses when pg_cron is not in this database: 55R04.';

CREATE FUNCTION reminder.schedule(run_time time DEFAULT '03:00', digest_time time DEFAULT '06:00')
RETURNS TABLE (job text, at text, command text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF run_time IS NULL OR digest_time IS NULL THEN
    RAISE EXCEPTION '% must not be null', CASE WHEN run_time IS NULL THEN 'run_time' ELSE 'digest_time' END
      USING ERRCODE = '22R02', HINT = 'Say at what time of the day, by pg_cron''s clock.';
  END IF;
  PERFORM reminder._cron();
  FOR job, at, command IN
    VALUES ('reminder run', format('%s %s * * *', extract(minute FROM run_time), extract(hour FROM run_time)::integer % 24),
            'CALL reminder.run_at(now())'),
           ('reminder digest', format('%s %s * * 1', extract(minute FROM digest_time), extract(hour FROM digest_time)::integer % 24),
            'SELECT reminder.queue_digests_at(now())')
  LOOP
    EXECUTE format('SELECT %I.schedule($1, $2, $3)', 'cron') USING job, at, command;
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder.schedule(time, time) IS
'Has pg_cron run every night at run_time, each creditor for its own date, and queue the digest on Mondays at digest_time (both by pg_cron''s clock, which is GMT unless cron.timezone says otherwise), as the user who calls it. Called again, it changes the times. Gives the jobs. Raises 55R04 when pg_cron is not in this database, 22R02 for a time that is null.';

CREATE FUNCTION reminder.unschedule() RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _jobs bigint;
BEGIN
  PERFORM reminder._cron();
  EXECUTE format('SELECT count(%1$I.unschedule(j.jobid)) FROM %1$I.job j
                  WHERE j.jobname IN (''reminder run'', ''reminder digest'') AND j.database = current_database() AND j.username = current_user', 'cron')
  INTO _jobs;
  RETURN _jobs;
END
$$;
COMMENT ON FUNCTION reminder.unschedule() IS
'Takes away the jobs that schedule() made for the user who calls it. Gives how many there were. Raises 55R04 when pg_cron is not in this database.';

CREATE FUNCTION reminder.queue_digests_at(moment timestamptz) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF moment IS NULL THEN
    RAISE EXCEPTION 'moment must not be null' USING ERRCODE = '22R02', HINT = 'A scheduler says now().';
  END IF;
  RETURN (SELECT coalesce(sum(reminder.queue_digests(d.day, d.creditor_id)), 0)
          FROM (SELECT s.creditor_id, (moment AT TIME ZONE c.time_zone)::date AS day
                FROM reminder.creditor c JOIN (SELECT DISTINCT s.creditor_id FROM reminder.digest_subscriber s) s USING (creditor_id)
                ORDER BY s.creditor_id OFFSET 0) d);
END
$$;
COMMENT ON FUNCTION reminder.queue_digests_at(timestamptz) IS
'Queues the weekly digests of all creditors, each as of its own date at a moment, by its time zone: what a scheduler calls, with now(). Gives how many were queued. Raises 22R02 for a moment that is null or out of range.';
