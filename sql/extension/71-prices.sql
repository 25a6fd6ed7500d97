/*
 * 71-prices.sql: what sending costs the creditor, by the prices in force on a
 * letter's date; what the service takes of a case, by those of the day it was
 * opened on (F10). Nothing of it is written with a letter: what was in force
 * does not change afterwards, so that it can be counted at any time.
 */

CREATE FUNCTION reminder._price(
  creditor_id bigint, item text, channel text, stage text, on_date date, default_list text DEFAULT NULL,
  OUT price numeric, OUT currency text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _list text;
BEGIN
  SELECT l.price_list INTO _list FROM reminder.creditor_price_list l
  WHERE l.creditor_id = $1 AND l.valid_from <= $5 ORDER BY l.valid_from DESC LIMIT 1;
  IF NOT FOUND THEN
    _list := $6;
  END IF;
  currency := coalesce((SELECT l.currency FROM reminder.price_list l WHERE l.price_list = _list), (SELECT c.currency FROM reminder.creditor c WHERE c.creditor_id = $1));
  -- Of each key the latest one; then one's own, then the closest.
  SELECT k.price INTO price
  FROM (
    SELECT DISTINCT ON (p.own, p.channel, p.stage) p.*
    FROM (
      SELECT true AS own, o.channel, o.stage, o.valid_from, o.price FROM reminder.creditor_price o WHERE o.creditor_id = $1 AND o.item = $2 AND o.valid_from <= $5
      UNION ALL
      SELECT false, o.channel, o.stage, o.valid_from, o.price FROM reminder.price o WHERE o.price_list = _list AND o.item = $2 AND o.valid_from <= $5) p
    WHERE p.channel IN ('', $3) AND p.stage IN ('', $4)
    ORDER BY p.own, p.channel, p.stage, p.valid_from DESC) k
  WHERE k.price IS NOT NULL
  ORDER BY k.own DESC, k.channel <> '' DESC, k.stage <> '' DESC LIMIT 1;
END
$$;
COMMENT ON FUNCTION reminder._price(bigint, text, text, text, date, text) IS
'Internal: the price of an item for a creditor on a date, NULL if there is none, and the currency its prices are in. default_list: for a creditor that has never been on one.';

CREATE FUNCTION reminder._sending_price(
  creditor_id bigint, channel text, stage text, on_date date, default_list text DEFAULT NULL,
  OUT for_letter numeric, OUT for_channel numeric, OUT cost numeric, OUT currency text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT p.price, p.currency INTO for_letter, currency FROM reminder._price($1, 'letter', $2, $3, $4, $5) p;
  SELECT p.price INTO for_channel FROM reminder._price($1, 'channel', $2, $3, $4, $5) p;
  IF for_letter IS NOT NULL OR for_channel IS NOT NULL THEN
    cost := coalesce(for_letter, 0) + coalesce(for_channel, 0);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._sending_price(bigint, text, text, date, text) IS
'Internal: what a letter costs the creditor, without VAT: for the letter, for its channel, and both together; NULL where there is no price.';

CREATE FUNCTION reminder._price_channel(channel text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN reminder._word($1, 'channel', ARRAY(SELECT k.channel FROM reminder.channel k WHERE k.kind <> 'choice' ORDER BY k.channel));
END
$$;
COMMENT ON FUNCTION reminder._price_channel(text) IS 'Internal: checks a channel that a price is for. Raises 22R01.';

CREATE FUNCTION reminder.price_in_force(
  creditor_id bigint, item text, on_date date, channel text DEFAULT '', stage text DEFAULT '',
  OUT price numeric, OUT currency text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($3, 'on_date');
  IF $2 IS NULL OR $2 NOT IN ('letter', 'channel', 'case_fee', 'commission_percent', 'commission_at_least', 'commission_at_most', 'vat_percent') THEN
    RAISE EXCEPTION 'unknown item "%"', left(coalesce($2, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Items are letter, channel, case_fee, commission_percent, commission_at_least, commission_at_most and vat_percent.';
  END IF;
  IF $4 <> '' THEN
    PERFORM reminder._price_channel($4);
  END IF;
  IF $5 <> '' THEN
    PERFORM reminder._word($5, 'stage', ARRAY['invoice', 'reminder', 'notice', 'demand']);
  END IF;
  SELECT p.price, p.currency INTO price, currency FROM reminder._price($1, $2, coalesce($4, ''), coalesce($5, ''), $3) p;
END
$$;
COMMENT ON FUNCTION reminder.price_in_force(bigint, text, date, text, text) IS
'Gives the price of an item for a creditor on a date, without VAT, and its currency: item letter (each letter), channel (the channel''s own), case_fee, commission_percent, commission_at_least, commission_at_most or vat_percent; for letters by channel and of a stage, where these have a price of their own. stage invoice is the original invoice. price NULL: none. Raises 22R01 for an unknown item, channel or stage, 22R02 for a bad date, 22R04 for an unknown creditor.';

CREATE FUNCTION reminder._sending_words(creditor_id bigint, on_date date, default_list text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _day CONSTANT date := coalesce(on_date, '2200-12-31');
BEGIN
  RETURN coalesce((
    SELECT string_agg(format('%s %s %s costs %s %s%s.', CASE x.stage WHEN 'invoice' THEN 'An' ELSE 'A' END, x.stage, x.title, trim_scale(x.cost), x.currency, CASE WHEN x.for_channel IS NULL THEN ', and the channel''s own price' ELSE '' END), E'\n' ORDER BY x.rung, x.channel)
    FROM (
      SELECT g.stage, g.rung, k.channel, k.title, p.*
      FROM reminder.channel k
      JOIN reminder.stage g ON EXISTS (SELECT FROM reminder.channel_use u WHERE u.channel = k.channel AND u.stage = g.stage)
      CROSS JOIN LATERAL reminder._sending_price($1, k.channel, g.stage, _day, $3) p
      WHERE reminder._channel_on($1, k.channel, _day) AND p.cost IS NOT NULL
      UNION ALL
      -- original invoices cost nothing where the creditor sends them
      SELECT 'invoice', 0, k.channel, k.title, p.*
      FROM reminder.channel k
      CROSS JOIN LATERAL reminder._sending_price($1, k.channel, 'invoice', _day, $3) p
      WHERE EXISTS (SELECT FROM reminder.distribution d WHERE d.creditor_id = $1) AND EXISTS (SELECT FROM reminder.invoice_channel h WHERE h.channel = k.channel)
        AND reminder._channel_on($1, k.channel, _day) AND p.cost IS NOT NULL) x),
    'What sending costs is not known: the creditor has no prices.');
END
$$;
COMMENT ON FUNCTION reminder._sending_words(bigint, date, text) IS
'Internal: what letters cost a creditor by the channels that are on, a sentence each; NULL: when all that is known has come.';

CREATE FUNCTION reminder._price_list_of_preset(creditor_id bigint, preset text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  INSERT INTO reminder.creditor_price_list (creditor_id, valid_from, price_list)
  SELECT $1, '1990-01-01', l.price_list FROM reminder.price_list l
  WHERE l.price_list = $2 AND NOT EXISTS (SELECT FROM reminder.creditor_price_list y WHERE y.creditor_id = $1)
    AND NOT EXISTS (SELECT FROM reminder.creditor_price y WHERE y.creditor_id = $1);
END
$$;
COMMENT ON FUNCTION reminder._price_list_of_preset(bigint, text) IS
'Internal: puts a creditor that has no prices yet on the list of a preset, if that has one.';

CREATE FUNCTION reminder._guard_price_list() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NEW.currency IS DISTINCT FROM OLD.currency THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('the currency of price list "%s" does not change'), OLD.price_list),
      ERRCODE = '23R04', HINT = reminder._say('Make another list.');
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._guard_price_list() IS
'Internal: AFTER ROW on price_list: prices stay in their currency. Raises 23R04.';

CREATE FUNCTION reminder._guard_price() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _old CONSTANT jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  _new CONSTANT jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  _creditor_id CONSTANT bigint := (coalesce(_new, _old) ->> 'creditor_id')::bigint;
  _from date := (_old ->> 'valid_from')::date;
  _last date;
  _changes boolean;
BEGIN
  IF _new ->> 'channel' <> '' THEN
    PERFORM reminder._price_channel(_new ->> 'channel');
  END IF;
  IF coalesce(NEW.valid_from, OLD.valid_from) IS NOT NULL AND TG_TABLE_NAME = 'price' THEN
    SELECT max(r.as_of) INTO _last FROM reminder.run_log r
    WHERE r.creditor_id IN (SELECT l.creditor_id FROM reminder.creditor_price_list l WHERE l.price_list IN (_old ->> 'price_list', _new ->> 'price_list'));
  ELSE
    _last := reminder._last_run(_creditor_id);
  END IF;
  _changes := coalesce(_from <= _last, false) AND (_old - 'source') IS DISTINCT FROM (_new - 'source');
  IF NOT _changes AND _new IS NOT NULL AND (_new ->> 'valid_from')::date <= _last THEN
    _from := (_new ->> 'valid_from')::date;
    -- What had no price may get one; what had one keeps it.
    IF TG_TABLE_NAME = 'creditor_price_list' THEN
      _changes := EXISTS (SELECT FROM reminder.creditor_price_list l WHERE l.creditor_id = _creditor_id AND l.valid_from < _from)
               OR EXISTS (SELECT FROM reminder.creditor_price o WHERE o.creditor_id = _creditor_id AND o.valid_from <= _last);
    ELSE
      _changes := EXISTS (
        SELECT FROM (
          SELECT o.item, o.channel, o.stage, o.valid_from, (o.channel <> '', o.stage <> '') < (_new ->> 'channel' <> '', _new ->> 'stage' <> '') AS gives_way
          FROM reminder.price o WHERE TG_TABLE_NAME = 'price' AND o.price_list = _new ->> 'price_list'
          UNION ALL
          SELECT o.item, o.channel, o.stage, o.valid_from, (o.channel <> '', o.stage <> '') < (_new ->> 'channel' <> '', _new ->> 'stage' <> '')
          FROM reminder.creditor_price o WHERE TG_TABLE_NAME = 'creditor_price' AND o.creditor_id = _creditor_id
          UNION ALL
          -- one's own goes before any of the list
          SELECT o.item, o.channel, o.stage, greatest(o.valid_from, l.valid_from), true
          FROM reminder.creditor_price_list l JOIN reminder.price o ON o.price_list = l.price_list
          WHERE TG_TABLE_NAME = 'creditor_price' AND l.creditor_id = _creditor_id) o
        WHERE o.item = _new ->> 'item' AND CASE WHEN o.gives_way THEN o.valid_from <= _last ELSE o.valid_from < _from END
          AND CASE WHEN o.gives_way THEN (o.channel IN ('', _new ->> 'channel') OR _new ->> 'channel' = '') AND (o.stage IN ('', _new ->> 'stage') OR _new ->> 'stage' = '')
                   ELSE (o.channel, o.stage) = (_new ->> 'channel', _new ->> 'stage') END);
    END IF;
  END IF;
  IF _changes THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('prices in force do not change: this one is from %s, and the latest run was for %s'), _from, _last),
      ERRCODE = '23R04', DETAIL = reminder._say('Letters are counted by the prices of their dates, and cases keep those they were opened under.'),
      HINT = format(reminder._say('Add one that is valid from %s on, or later.'), _last + 1);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._guard_price() IS
'Internal: AFTER ROW on price, creditor_price and creditor_price_list: what was in force by the latest run stays, and what had no price may get one. Raises 22R01 for an unknown channel, 23R04.';

