/*
 * 61-channels.sql: channels of a creditor, switched on and off, and what of
 * them a step may use (C2). Switches are dated: what a run for a day decides
 * hangs on how they stood on that day.
 */

CREATE FUNCTION reminder._channel_on(creditor_id bigint, channel text, on_date date) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN coalesce((SELECT w.active FROM reminder.channel_switch w
                   WHERE w.creditor_id = $1 AND w.channel = $2 AND w.from_on <= coalesce($3, '2200-12-31') ORDER BY w.from_on DESC LIMIT 1),
                  (SELECT k.from_start FROM reminder.channel k WHERE k.channel = $2), false);
END
$$;
COMMENT ON FUNCTION reminder._channel_on(bigint, text, date) IS
'Internal: tells whether a channel is on for a creditor on a date; NULL: when all that is known of it has come.';

CREATE FUNCTION reminder._channel_off(creditor_id bigint, channel text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Hardly any is ever switched, and every letter that is claimed is asked about.
  RETURN EXISTS (SELECT FROM reminder.channel_switch w WHERE w.creditor_id = $1 AND w.channel = $2)
     AND NOT reminder._channel_on($1, $2, reminder._last_run($1));
END
$$;
COMMENT ON FUNCTION reminder._channel_off(bigint, text) IS
'Internal: tells whether a channel that letters wait for was switched off since, as of the creditor''s latest run.';

CREATE FUNCTION reminder._channels(
  creditor_id bigint, channel text, stage text, customer_kind text, on_date date,
  OUT usable boolean, OUT by_einvoice boolean, OUT by_email boolean, OUT by_print boolean, OUT agency text, OUT lowest numeric, OUT lowest_currency text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT count(*) > 0, coalesce(bool_or(k.channel = 'einvoice'), false), coalesce(bool_or(k.channel = 'email'), false), coalesce(bool_or(k.channel = 'print'), false)
  INTO usable, by_einvoice, by_email, by_print
  FROM reminder.channel k
  JOIN reminder.channel_use u ON u.channel = k.channel AND u.stage = $3 AND u.customer_kind = $4
  LEFT JOIN reminder.agency a ON a.agency = k.agency
  LEFT JOIN reminder.agency_setting g ON g.creditor_id = $1 AND g.agency = k.agency
  WHERE k.channel = ANY (CASE $2 WHEN 'system_default' THEN ARRAY['einvoice', 'email', 'print'] ELSE ARRAY[$2] END)
    AND u.material_format IN ('any', coalesce(g.material_format, a.material_format, 'any'))
    AND reminder._channel_on($1, k.channel, $5);
  SELECT k.agency, nullif(a.lowest, 0), a.currency INTO agency, lowest, lowest_currency
  FROM reminder.channel k JOIN reminder.agency a ON a.agency = k.agency WHERE k.channel = $2;
END
$$;
COMMENT ON FUNCTION reminder._channels(bigint, text, text, text, date) IS
'Internal: whether a letter of a stage, to customers of a rule''s kind, can go out by a step''s channel on a date (NULL: when all that is known has come), by which of those that what the customer has decides between, and through which agency, which takes no claim below lowest.';

CREATE FUNCTION reminder._channel_used(creditor_id bigint, channel text, stage text, customer_kind text) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN channel = 'system_default' OR EXISTS (
    SELECT FROM reminder.channel_use u
    JOIN reminder.channel k ON k.channel = u.channel
    LEFT JOIN reminder.agency a ON a.agency = k.agency
    LEFT JOIN reminder.agency_setting g ON g.creditor_id = $1 AND g.agency = k.agency
    WHERE (u.channel, u.stage, u.customer_kind) = ($2, $3, $4)
      AND u.material_format IN ('any', coalesce(g.material_format, a.material_format, 'any')));
END
$$;
COMMENT ON FUNCTION reminder._channel_used(bigint, text, text, text) IS
'Internal: tells whether a channel carries letters of a stage to customers of a rule''s kind, on or off.';

CREATE FUNCTION reminder._switch_channel(creditor_id bigint, channel text, active boolean, as_of date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _last date;
  _from date;
BEGIN
  PERFORM reminder._creditor($1);
  IF $4 IS NOT NULL THEN
    PERFORM reminder._date($4, 'as_of');
  END IF;
  IF $2 IS NULL OR NOT EXISTS (SELECT FROM reminder.channel k WHERE k.channel = $2 AND k.kind <> 'choice') THEN
    RAISE EXCEPTION 'unknown channel "%"', left(coalesce($2, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = (SELECT 'Channels are ' || string_agg(k.channel, ', ' ORDER BY k.channel) || '.' FROM reminder.channel k WHERE k.kind <> 'choice');
  END IF;
  -- A run's chunk holds this row: nothing is switched under one.
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR UPDATE;
  PERFORM reminder._refuse_stale($1, '', NULL);
  _last := reminder._last_run($1);
  IF $4 < _last THEN
    RAISE EXCEPTION 'creditor % has had a later run', $1
      USING ERRCODE = '55R01', DETAIL = format('Its latest run was for %s.', _last), HINT = 'Switch it from that date on, or a later one.';
  END IF;
  _from := coalesce($4, _last, '1990-01-01');
  IF reminder._channel_on($1, $2, _from) = $3 THEN
    RETURN;
  END IF;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.channel_switch (creditor_id, channel, from_on, active) VALUES ($1, $2, _from, $3)
  ON CONFLICT ON CONSTRAINT channel_switch_pkey DO UPDATE SET active = excluded.active;
  PERFORM reminder._note($1, '', CASE WHEN $3 THEN 'channel_on' ELSE 'channel_off' END, coalesce($4, _last), detail => $2);
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._switch_channel(bigint, text, boolean, date) IS
'Internal: what activate_channel() and deactivate_channel() do.';

CREATE FUNCTION reminder.activate_channel(creditor_id bigint, channel text, as_of date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._switch_channel($1, $2, true, $3);
END
$$;
COMMENT ON FUNCTION reminder.activate_channel(bigint, text, date) IS
'Switches a channel (one of reminder.channel) on for a creditor, from the business date as_of on; NULL: from its latest run, or from the start. Email and print are on from the start. Done twice, it changes nothing. Raises 22R01 for an unknown channel, 22R02 for a bad date, 22R04 for an unknown creditor, 55R01 for a date before its latest run.';

CREATE FUNCTION reminder.deactivate_channel(creditor_id bigint, channel text, as_of date DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._switch_channel($1, $2, false, $3);
END
$$;
COMMENT ON FUNCTION reminder.deactivate_channel(bigint, text, date) IS
'Switches a channel (one of reminder.channel) off for a creditor, from the business date as_of on; NULL: from its latest run, or from the start. Rules that have it stay as they are and say so; their letters wait, and those that are queued for it are claimed by nobody. Done twice, it changes nothing. Raises 22R01 for an unknown channel, 22R02 for a bad date, 22R04 for an unknown creditor, 55R01 for a date before its latest run.';

CREATE FUNCTION reminder.set_material_format(creditor_id bigint, agency text, material_format text) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _moved bigint;
BEGIN
  PERFORM reminder._creditor($1);
  IF $2 IS NULL OR NOT EXISTS (SELECT FROM reminder.agency a WHERE a.agency = $2 AND a.material_format IS NOT NULL) THEN
    RAISE EXCEPTION 'agency "%" has no material format to set', left(coalesce($2, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = (SELECT 'Agencies that have are ' || string_agg(a.agency, ', ' ORDER BY a.agency) || '.' FROM reminder.agency a WHERE a.material_format IS NOT NULL);
  END IF;
  IF $3 IS NULL OR $3 NOT IN ('by_status', 'collection') THEN
    RAISE EXCEPTION 'unknown material format "%"', left(coalesce($3, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Material formats are by_status and collection.';
  END IF;
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR UPDATE;
  PERFORM reminder._refuse_stale($1, '', NULL);
  IF $3 IS DISTINCT FROM (SELECT coalesce(g.material_format, a.material_format) FROM reminder.agency a
                          LEFT JOIN reminder.agency_setting g ON g.creditor_id = $1 AND g.agency = a.agency WHERE a.agency = $2) THEN
    PERFORM reminder._keep(true);
    INSERT INTO reminder.agency_setting AS g (creditor_id, agency, material_format) VALUES ($1, $2, $3)
    ON CONFLICT ON CONSTRAINT agency_setting_pkey DO UPDATE SET material_format = excluded.material_format;
    PERFORM reminder._note($1, '', 'material_format', reminder._last_run($1), detail => $2 || ': ' || $3);
    PERFORM reminder._keep(false);
  END IF;
  -- The steps that go out through a service it no longer takes them in go with it.
  UPDATE reminder.rule_step s SET channel = u.channel
  FROM reminder.rule r, reminder.channel k, reminder.channel n, reminder.channel_use u
  WHERE s.creditor_id = $1 AND r.creditor_id = s.creditor_id AND r.rule_no = s.rule_no
    AND k.channel = s.channel AND k.agency = $2 AND NOT reminder._channel_used($1, s.channel, s.stage, r.kind)
    AND n.agency = $2 AND u.channel = n.channel AND u.stage = s.stage AND u.customer_kind = r.kind AND u.material_format IN ('any', $3);
  GET DIAGNOSTICS _moved = ROW_COUNT;
  RETURN _moved;
END
$$;
COMMENT ON FUNCTION reminder.set_material_format(bigint, text, text) IS
'Sets how a creditor sends material to an agency (intrum): material_format "by_status", reminders and notices to its notice service and demands to its collection service, or "collection", all to its collection service. Steps that go out through the agency move along to the service that now takes them; each rule that changes has a new version. Gives the number of steps moved. Raises 22R01 for an agency that has no such setting, or an unknown format, 22R04 for an unknown creditor.';

