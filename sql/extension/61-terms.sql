/*
 * 61-terms.sql: the terms of agreements (P2): publishing a version, accepting
 * it, and whether a creditor is bound by the one in force. All by dates: what
 * a run for a day decides hangs on how they stood on that day.
 */

CREATE FUNCTION reminder._terms_of(
  creditor_id bigint, as_of date,
  OUT agreement text, OUT version text, OUT in_force_from date, OUT accepted boolean, OUT accepted_version text, OUT accepted_on date)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _account_id bigint;
  _partner_id bigint;
  _needed date;
  _bound date;
BEGIN
  SELECT c.account_id, c.partner_id, coalesce(a.agreement, p.agreement) INTO _account_id, _partner_id, agreement
  FROM reminder.creditor c
  LEFT JOIN reminder.account a ON a.account_id = c.account_id
  LEFT JOIN reminder.partner p ON p.partner_id = c.partner_id
  WHERE c.creditor_id = $1;
  SELECT v.version, v.in_force_from INTO version, in_force_from FROM reminder.terms_version v
  WHERE v.agreement = _terms_of.agreement AND v.in_force_from <= $2 ORDER BY v.in_force_from DESC LIMIT 1;
  accepted := true;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  SELECT max(v.in_force_from) INTO _needed FROM reminder.terms_version v
  WHERE v.agreement = _terms_of.agreement AND v.in_force_from <= $2 AND v.needs_acceptance;
  -- One that needs no acceptance binds by the one before it.
  SELECT v.version, v.in_force_from, x.accepted_on INTO accepted_version, _bound, accepted_on
  FROM reminder.terms_acceptance x JOIN reminder.terms_version v ON v.agreement = x.agreement AND v.version = x.version
  WHERE x.agreement = _terms_of.agreement AND (x.account_id = _account_id OR x.partner_id = _partner_id)
    AND x.accepted_on <= $2 AND v.in_force_from <= $2
  ORDER BY v.in_force_from DESC LIMIT 1;
  accepted := coalesce(_bound >= _needed, _needed IS NULL);
END
$$;
COMMENT ON FUNCTION reminder._terms_of(bigint, date) IS
'Internal: the terms in force for a creditor on a date, whether they are accepted, and which version was, last.';

CREATE FUNCTION reminder._terms_lacking(creditor_id bigint, as_of date) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- Where none are published there is nothing to accept, and every run asks.
  RETURN EXISTS (SELECT FROM reminder.terms_version) AND NOT (SELECT t.accepted FROM reminder._terms_of($1, $2) t);
END
$$;
COMMENT ON FUNCTION reminder._terms_lacking(bigint, date) IS
'Internal: tells whether terms in force for a creditor on a date wait to be accepted.';

CREATE FUNCTION reminder._terms_hold(creditor_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RETURN EXISTS (SELECT FROM reminder.terms_version) AND coalesce(reminder._terms_lacking($1, reminder._last_run($1)), false);
END
$$;
COMMENT ON FUNCTION reminder._terms_hold(bigint) IS
'Internal: tells whether letters that are queued wait because terms came into force since that are not accepted, as of the creditor''s latest run.';

CREATE FUNCTION reminder._require_terms(creditor_id bigint, as_of date) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _terms record;
  _party record;
BEGIN
  IF NOT reminder._terms_lacking($1, $2) THEN
    RETURN;
  END IF;
  _terms := reminder._terms_of($1, $2);
  SELECT CASE WHEN c.account_id IS NULL THEN 'partner' ELSE 'account' END AS kind, coalesce(c.account_id, c.partner_id) AS no INTO _party
  FROM reminder.creditor c WHERE c.creditor_id = $1;
  RAISE EXCEPTION 'the terms of creditor % are not accepted', $1
    USING ERRCODE = '55R04',
          DETAIL = format('Version "%s" of agreement "%s" is in force from %s, and %s %s has not accepted it by %s.',
                          _terms.version, _terms.agreement, _terms.in_force_from, _party.kind, _party.no, $2),
          HINT = format('SELECT reminder.accept_terms(%L, accepted_on => ..., accepted_by => ..., %s_id => %s);', _terms.version, _party.kind, _party.no);
END
$$;
COMMENT ON FUNCTION reminder._require_terms(bigint, date) IS
'Internal: raises 55R04 where terms in force for a creditor on a date wait to be accepted. What opens a case, takes one further or sends asks it: activate(), send_now(), record_letter(), take_over(), hand_to_enforcement(), back_to_monitoring() from a demand. What ends, holds, credits or takes back does not.';

CREATE FUNCTION reminder._lock_bound(agreement text, account_id bigint, partner_id bigint, day date) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _bound bigint[];
  _late record;
BEGIN
  SELECT array_agg(c.creditor_id ORDER BY c.creditor_id) INTO _bound
  FROM reminder.creditor c
  LEFT JOIN reminder.account a ON a.account_id = c.account_id
  LEFT JOIN reminder.partner p ON p.partner_id = c.partner_id
  WHERE CASE WHEN $1 IS NOT NULL THEN coalesce(a.agreement, p.agreement) = $1 ELSE c.account_id = $2 OR c.partner_id = $3 END;
  -- A run's chunk holds this row: nothing comes into force under one.
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = ANY (_bound) ORDER BY c.creditor_id FOR NO KEY UPDATE;
  PERFORM reminder._refuse_stale(b, '', NULL) FROM unnest(_bound) b;
  SELECT r.creditor_id, r.as_of INTO _late FROM reminder.run_log r
  WHERE r.creditor_id = ANY (_bound) AND r.as_of > $4 ORDER BY r.as_of DESC, r.creditor_id LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'creditor % has had a later run', _late.creditor_id
      USING ERRCODE = '55R01', DETAIL = format('Its latest run was for %s.', _late.as_of),
            HINT = 'What was decided for a day stays as it was: take that date or a later one.';
  END IF;
  RETURN coalesce(_bound, '{}');
END
$$;
COMMENT ON FUNCTION reminder._lock_bound(text, bigint, bigint, date) IS
'Internal: locks the creditors that an agreement binds, or those of one account or partner, and gives them. Raises 55R01 if one of them has had a run after the day from which something is to hold.';

CREATE FUNCTION reminder.publish_terms(
  agreement text, version text, title text, published_on date, body text DEFAULT NULL, uri text DEFAULT NULL, sha256 bytea DEFAULT NULL,
  in_force_from date DEFAULT NULL, needs_acceptance boolean DEFAULT true) RETURNS bytea
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _from date;
  _sha256 bytea;
  _same text;
  _bound bigint[];
BEGIN
  IF $1 IS NULL OR NOT EXISTS (SELECT FROM reminder.agreement a WHERE a.agreement = $1) THEN
    RAISE EXCEPTION 'unknown agreement "%"', left(coalesce($1, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = (SELECT format('Agreements are %s; a new one is a row of reminder.agreement.', string_agg(a.agreement, ', ' ORDER BY a.agreement)) FROM reminder.agreement a);
  ELSIF (octet_length($2) BETWEEN 1 AND 64 AND octet_length($3) BETWEEN 1 AND 1000) IS NOT TRUE THEN
    RAISE EXCEPTION 'terms need a version and a title'
      USING ERRCODE = '22R01', HINT = 'A version of up to 64 bytes, a title of up to 1000.';
  ELSIF num_nonnulls($5, $6) <> 1 OR (octet_length($5) BETWEEN 1 AND 10485760) IS FALSE
     OR (octet_length($6) <= 2000 AND $6 ~ '^[A-Za-z][A-Za-z0-9+.-]*:[^[:space:]]+$') IS FALSE THEN
    RAISE EXCEPTION 'terms need a body or a URI'
      USING ERRCODE = '22R01', HINT = 'One of them: a text of up to 10 MB, or a URI of up to 2000 bytes.';
  ELSIF $9 IS NULL THEN
    RAISE EXCEPTION 'terms need acceptance or they do not: needs_acceptance must not be null'
      USING ERRCODE = '22R01', HINT = 'false: the version binds whoever has accepted the one before it.';
  END IF;
  _sha256 := coalesce(sha256(convert_to($5, 'UTF8')), $7);
  IF octet_length(_sha256) <> 32 OR $7 <> _sha256 THEN
    RAISE EXCEPTION 'sha256 is not that of the terms'
      USING ERRCODE = '22R01', HINT = 'Leave it out for a body: it is reckoned, of the text in UTF-8. Of what is at a URI give 32 bytes.';
  END IF;
  PERFORM reminder._date($4, 'published_on');
  _from := reminder._date(coalesce($8, $4), 'in_force_from');
  IF _from < $4 THEN
    RAISE EXCEPTION 'in_force_from % is before published_on %', _from, $4
      USING ERRCODE = '22R02', HINT = 'Terms come into force when they are published, or later.';
  ELSIF EXISTS (SELECT FROM reminder.terms_version v WHERE v.agreement = $1 AND v.version = $2) THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('version "%s" of agreement "%s" is published already'), $2, $1),
      ERRCODE = '23R04', HINT = reminder._say('What is published stays as it is: publish another version.');
  END IF;
  SELECT v.version INTO _same FROM reminder.terms_version v WHERE v.agreement = $1 AND v.in_force_from = _from;
  IF FOUND THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('version "%s" of agreement "%s" is in force from %s already'), _same, $1, _from),
      ERRCODE = '23R04', HINT = reminder._say('No two come into force on one day: take another one.');
  END IF;
  _bound := reminder._lock_bound($1, NULL, NULL, _from);
  PERFORM reminder._keep(true);
  INSERT INTO reminder.terms_version (agreement, version, title, body, uri, sha256, published_on, in_force_from, needs_acceptance)
  VALUES ($1, $2, $3, $5, $6, _sha256, $4, _from, $9);
  PERFORM reminder._note(b, '', 'terms_published', $4, detail => format('%s %s, in force from %s', $1, $2, _from)) FROM unnest(_bound) b;
  PERFORM reminder._keep(false);
  RETURN _sha256;
END
$$;
COMMENT ON FUNCTION reminder.publish_terms(text, text, text, date, text, text, bytea, date, boolean) IS
'Publishes a version of the terms of an agreement (a row of reminder.agreement): its title, and its body (text) or the uri where it is, with the sha256 of that if it is known. It can be accepted from published_on on and is in force from in_force_from (NULL: the same day) until the next one is. needs_acceptance: until an account has accepted it, or a partner for its template, nothing is opened or sent for their creditors; false: it binds whoever accepted the one before it. A version is never changed or taken back. Gives the SHA-256 of the body in UTF-8. Raises 22R01 for an unknown agreement, without version, title and just one of body and uri, or for a sha256 of something else, 22R02 for bad dates, 23R04 for a version that is published, or a day from which one is in force already, 55R01 if a creditor that it binds has had a run after that day.';

CREATE FUNCTION reminder.accept_terms(
  version text, accepted_on date, accepted_by text, signature text DEFAULT NULL, account_id bigint DEFAULT NULL, partner_id bigint DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _agreement text;
  _terms record;
  _later record;
  _bound bigint[];
BEGIN
  IF num_nonnulls($5, $6) <> 1 THEN
    RAISE EXCEPTION 'terms are accepted by an account or by a partner'
      USING ERRCODE = '22R01', HINT = 'Give account_id or partner_id, one of them.';
  END IF;
  SELECT a.agreement INTO _agreement FROM reminder.account a WHERE a.account_id = $5
  UNION ALL SELECT p.agreement FROM reminder.partner p WHERE p.partner_id = $6;
  IF NOT FOUND AND $6 IS NULL THEN
    RAISE EXCEPTION 'account % is unknown or not yours', $5
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.account; lists those there are.';
  ELSIF NOT FOUND THEN
    RAISE EXCEPTION 'partner % is unknown or not yours', $6
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.partner; lists those there are.';
  END IF;
  PERFORM reminder._date($2, 'accepted_on');
  IF (octet_length($3) BETWEEN 1 AND 1000 AND $3 ~ '\S') IS NOT TRUE THEN
    RAISE EXCEPTION 'accepting terms needs to say who does'
      USING ERRCODE = '22R01', HINT = 'Give the name of the person, in up to 1000 bytes, as accepted_by.';
  ELSIF octet_length($4) > 1000 THEN
    RAISE EXCEPTION 'signature is too long' USING ERRCODE = '22R01', HINT = 'Up to 1000 bytes: where the signature is.';
  END IF;
  SELECT v.* INTO _terms FROM reminder.terms_version v WHERE v.agreement = _agreement AND v.version = $1;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'agreement "%" has no version "%"', _agreement, left(coalesce($1, 'NULL'), 64)
      USING ERRCODE = '22R01',
            HINT = (SELECT coalesce('Versions are ' || string_agg(v.version, ', ' ORDER BY v.in_force_from) || '.', 'Nothing is published: there is nothing to accept.')
                    FROM reminder.terms_version v WHERE v.agreement = _agreement);
  ELSIF $2 < _terms.published_on THEN
    RAISE EXCEPTION 'version "%" of agreement "%" is not published by %', $1, _agreement, $2
      USING ERRCODE = '22R02', DETAIL = format('It is published on %s.', _terms.published_on), HINT = 'Accept it on that date or a later one.';
  END IF;
  SELECT v.version, v.in_force_from INTO _later FROM reminder.terms_version v
  WHERE v.agreement = _agreement AND v.in_force_from > _terms.in_force_from AND v.in_force_from <= $2 ORDER BY v.in_force_from DESC LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'version "%" of agreement "%" is no longer in force on %', $1, _agreement, $2
      USING ERRCODE = '22R02', DETAIL = format('Version "%s" is, from %s on.', _later.version, _later.in_force_from), HINT = 'Accept that one.';
  ELSIF EXISTS (SELECT FROM reminder.terms_acceptance x WHERE x.agreement = _agreement AND x.version = $1 AND (x.account_id = $5 OR x.partner_id = $6)) THEN
    RETURN false;
  END IF;
  _bound := reminder._lock_bound(NULL, $5, $6, greatest($2, _terms.in_force_from));
  PERFORM reminder._keep(true);
  INSERT INTO reminder.terms_acceptance (agreement, version, account_id, partner_id, accepted_on, accepted_by, signature)
  VALUES (_agreement, $1, $5, $6, $2, $3, $4) ON CONFLICT DO NOTHING;
  IF FOUND THEN
    PERFORM reminder._note(b, '', 'terms_accepted', $2, detail => format('%s %s', _agreement, $1)) FROM unnest(_bound) b;
    PERFORM reminder._keep(false);
    RETURN true;
  END IF;
  PERFORM reminder._keep(false);
  RETURN false;
END
$$;
COMMENT ON FUNCTION reminder.accept_terms(text, date, text, text, bigint, bigint) IS
'Accepts a version of the terms of an account''s agreement (account_id), or of a partner''s template (partner_id), for all its creditors, those that are made later too: on the business date accepted_on, by accepted_by, the person who does, and with the reference of a signature, both in up to 1000 bytes. From that date on, and from when the version is in force, it binds them; it cannot be taken back. Gives true; false if the version was accepted before, which stays as it was. Raises 22R01 without an account or a partner, or with both, without a person, for an unknown version, 22R02 for a bad date, one before the version is published or one on which another is in force, 22R04 for an unknown account or partner, 55R01 if one of the creditors has had a run after the day from which it would hold.';

CREATE FUNCTION reminder.terms_in_force(
  creditor_id bigint, as_of date,
  OUT agreement text, OUT version text, OUT title text, OUT published_on date, OUT in_force_from date, OUT needs_acceptance boolean,
  OUT body text, OUT uri text, OUT sha256 bytea, OUT accepted boolean, OUT accepted_version text, OUT accepted_on date)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($2, 'as_of');
  SELECT t.agreement, v.version, v.title, v.published_on, v.in_force_from, v.needs_acceptance, v.body, v.uri, v.sha256, t.accepted, t.accepted_version, t.accepted_on
  INTO agreement, version, title, published_on, in_force_from, needs_acceptance, body, uri, sha256, accepted, accepted_version, accepted_on
  FROM reminder._terms_of($1, $2) t
  LEFT JOIN reminder.terms_version v ON v.agreement = t.agreement AND v.version = t.version;
END
$$;
COMMENT ON FUNCTION reminder.terms_in_force(bigint, date) IS
'Gives the terms in force for a creditor on a date, by the agreement of its account or the template of its partner (version NULL: none, and there is nothing to accept), whether they are accepted by then, and the latest version that was, with its day. Raises 22R02 for a bad date, 22R04 for an unknown creditor.';

/* With the caller's own rights: walls keep a partner to itself. */
CREATE FUNCTION reminder.add_creditor(
  partner_id bigint, creditor_id bigint, name text, jurisdiction text DEFAULT 'SE',
  bankgiro text DEFAULT NULL, plusgiro text DEFAULT NULL, iban text DEFAULT NULL, sender_address text DEFAULT NULL, claim_description text DEFAULT NULL) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _agreement text;
BEGIN
  SELECT p.agreement INTO _agreement FROM reminder.partner p WHERE p.partner_id = $1 AND reminder.sees_partner(p.partner_id);
  IF NOT FOUND THEN
    RAISE EXCEPTION 'partner % is unknown or not yours', coalesce($1::text, 'NULL')
      USING ERRCODE = '22R04', HINT = 'SELECT * FROM reminder.partner; lists those there are.';
  END IF;
  PERFORM reminder._jurisdiction($4);
  INSERT INTO reminder.creditor (creditor_id, partner_id, name, jurisdiction, bankgiro, plusgiro, iban, sender_address, claim_description)
  VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9);
  RETURN _agreement;
END
$$;
COMMENT ON FUNCTION reminder.add_creditor(bigint, bigint, text, text, text, text, text, text, text) IS
'Makes a creditor of a partner, under the partner''s agreement template, which binds it as far as the partner has accepted it: its number, name and jurisdiction, a number to be paid to (bankgiro, plusgiro or iban), sender_address and claim_description; columns that are not named here are set by UPDATE. Gives the agreement. Raises 22R04 for an unknown partner, 22R01 for an unknown jurisdiction or a bad number to be paid to, 23505 for a number that is taken, and the errors of INSERT.';

CREATE FUNCTION reminder._creditor_moved() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._keep(true);
  PERFORM reminder._note(NEW.creditor_id, '', 'creditor_moved', reminder._last_run(NEW.creditor_id),
                         detail => format('%s to %s', CASE WHEN OLD.account_id IS NULL THEN 'partner ' || OLD.partner_id ELSE 'account ' || OLD.account_id END,
                                          CASE WHEN NEW.account_id IS NULL THEN 'partner ' || NEW.partner_id ELSE 'account ' || NEW.account_id END));
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._creditor_moved() IS
'Internal: AFTER ROW on creditor: notes that it belongs to another account or partner, whose agreement binds it from now on.';

