/*
 * Walls between creditors (S2): row-level security by role membership. They
 * are there once raise_walls() was called, and cost nothing until then.
 */

DO $$
DECLARE
  _sees record;
BEGIN
  EXECUTE 'CREATE FUNCTION reminder._sees_support(internal) RETURNS internal LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS ''MODULE_PATHNAME'', ''reminder_sees_support''';
  FOR _sees IN
    SELECT * FROM (VALUES
      ('sees', 'creditor_id bigint', 'Tells whether the caller sees anything of a creditor: all of it, or its own invoices.'),
      ('sees_whole', 'creditor_id bigint', 'Tells whether the caller sees all of a creditor.'),
      ('sees_invoice', 'creditor_id bigint, invoice_no text', 'Tells whether the caller sees an invoice of a creditor, which need not be there if it sees all of that.'),
      ('sees_customer', 'creditor_id bigint, customer_no text', 'Tells whether the caller sees a customer (customer_no) of a creditor: who is limited to its own invoices sees their customers.'),
      ('sees_partner', 'partner_id bigint', 'Tells whether the caller sees a partner with all its creditors.')
    ) s (name, args, comment)
  LOOP
    EXECUTE format('CREATE FUNCTION reminder.%I(%s) RETURNS boolean LANGUAGE c STABLE STRICT PARALLEL SAFE SUPPORT reminder._sees_support AS ''MODULE_PATHNAME'', %L',
                   _sees.name, _sees.args, 'reminder_' || _sees.name);
    EXECUTE format('COMMENT ON FUNCTION reminder.%I IS %L', _sees.name,
                   _sees.comment || ' Everybody sees all while there are no walls. For policies and views of one''s own. Raises nothing.');
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._sees_support(internal) IS
'Internal: tells the planner what sees() and its kin come to for the present role.';

CREATE FUNCTION reminder.own_invoice(creditor_id bigint, invoice_no text) RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_sees_invoice';
COMMENT ON FUNCTION reminder.own_invoice(bigint, text) IS
'What sees_invoice() asks for each row where the caller is limited to its own invoices. Raises nothing.';

CREATE FUNCTION reminder.own_customer(creditor_id bigint, customer_no text) RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_sees_customer';
COMMENT ON FUNCTION reminder.own_customer(bigint, text) IS
'What sees_customer() asks for each row where the caller is limited to its own invoices; takes customer_no. Raises nothing.';

CREATE FUNCTION reminder._access_changed() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_access_changed';
COMMENT ON FUNCTION reminder._access_changed() IS
'Internal: AFTER STATEMENT on the tables of access and on creditor: tells every session that somebody''s access may have changed.';

/* The one list of walls: of every table with a creditor, so that a new one is walled without a thought. */
CREATE FUNCTION reminder._walls(OUT relation text, OUT seen text, OUT written text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH ours AS (
    SELECT c.relname,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'invoice_no') AS of_invoice,
           EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'customer_no') AS of_customer
    FROM pg_class c
    WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'p')
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'creditor_id'))
  SELECT o.relname,
         CASE
           -- what everything else rests on
           WHEN o.relname IN ('creditor', 'closed_day', 'run_log') THEN 'reminder.sees(creditor_id)'
           -- rules are for those who see the creditor whole, and whom they are over as well; the general ledger, too
           WHEN o.relname IN ('customer_rule_history', 'invoice_access', 'general_ledger_entry') THEN 'reminder.sees_whole(creditor_id)'
           WHEN o.of_invoice THEN 'reminder.sees_invoice(creditor_id, invoice_no)'
           WHEN o.of_customer THEN 'reminder.sees_customer(creditor_id, customer_no)'
           ELSE 'reminder.sees_whole(creditor_id)' END,
         CASE o.relname
           WHEN 'creditor' THEN '(reminder.sees_whole(creditor_id) OR reminder.sees_partner(partner_id))'
           -- an invoice of one's own does not show another's customer by being put under it
           WHEN 'invoice' THEN '(reminder.sees_invoice(creditor_id, invoice_no) AND reminder.sees_customer(creditor_id, customer_no))' END
  FROM ours o
  UNION ALL
  SELECT 'partner', 'reminder.sees_partner(partner_id)', NULL
  UNION ALL
  SELECT 'partner_access', 'reminder.sees_partner(partner_id)', NULL
  UNION ALL
  SELECT 'terms_version', '((EXISTS ( SELECT FROM reminder.account a WHERE (a.agreement = terms_version.agreement))) OR (EXISTS ( SELECT FROM reminder.partner p WHERE (p.agreement = terms_version.agreement))))', NULL
  UNION ALL
  SELECT 'terms_acceptance', '((EXISTS ( SELECT FROM reminder.account a WHERE (a.account_id = terms_acceptance.account_id))) OR reminder.sees_partner(partner_id))', NULL
  UNION ALL
  SELECT 'account', '(EXISTS ( SELECT FROM reminder.creditor c WHERE ((c.account_id = account.account_id) AND reminder.sees(c.creditor_id))))', NULL
$$;
COMMENT ON FUNCTION reminder._walls() IS
'Internal: the tables that are walled, each with what says who sees a row, and who may write it where that is another.';

CREATE FUNCTION reminder._walls_stand() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT coalesce((SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = to_regclass('reminder.creditor')), false) $$;
COMMENT ON FUNCTION reminder._walls_stand() IS
'Internal: tells whether walls were raised.';

CREATE FUNCTION reminder._put_walls() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _wall record;
BEGIN
  IF NOT reminder._walls_stand() THEN
    RETURN;
  END IF;
  FOR _wall IN SELECT w.* FROM reminder._walls() w LOOP
    EXECUTE format('DROP POLICY IF EXISTS walls ON reminder.%I', _wall.relation);
    EXECUTE format('CREATE POLICY walls ON reminder.%I USING (%s) WITH CHECK (%s)', _wall.relation, _wall.seen, coalesce(_wall.written, _wall.seen));
    EXECUTE format('ALTER TABLE reminder.%I ENABLE ROW LEVEL SECURITY', _wall.relation);
  END LOOP;
  -- A condition of the caller's must not see a row before ours has.
  FOR _wall IN SELECT v.relation FROM reminder._walled_views() v LOOP
    EXECUTE format('ALTER VIEW %s SET (security_barrier = true)', _wall.relation);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._put_walls() IS
'Internal: puts every wall in its place, if walls stand.';

CREATE FUNCTION reminder._walled_views(OUT relation regclass, OUT barrier boolean) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT c.oid::regclass, coalesce('security_barrier=true' = ANY (c.reloptions), false)
  FROM pg_class c
  WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'v' AND c.relname NOT LIKE '\_%'
    AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'creditor_id')
$$;
COMMENT ON FUNCTION reminder._walled_views() IS
'Internal: the views that show creditors'' rows, and whether they keep conditions of the caller''s from seeing more.';

CREATE FUNCTION reminder._as_owner(what text) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF to_regclass('reminder.installation') IS NULL THEN
    RAISE EXCEPTION 'there are no tables of reminder'
      USING ERRCODE = '55R04', HINT = 'SELECT reminder.install(); makes them.';
  END IF;
  IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'reminder'), 'USAGE') THEN
    RAISE EXCEPTION 'permission denied to %', what
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Call it as the owner of the schema reminder, or as a superuser.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._as_owner(text) IS
'Internal: raises 42501 for anyone but the owner of the schema, 55R04 without tables.';

CREATE FUNCTION reminder.raise_walls() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
BEGIN
  PERFORM reminder._as_owner('raise walls');
  IF reminder._walls_stand() THEN
    PERFORM reminder._put_walls();
    RETURN 'walls stand already';
  END IF;
  ALTER TABLE reminder.creditor ENABLE ROW LEVEL SECURITY;
  PERFORM reminder._put_walls();
  RETURN 'walls stand between creditors';
END
$$;
COMMENT ON FUNCTION reminder.raise_walls() IS
'Raises walls between creditors: from now on a role sees only those that reminder.creditor_access, partner_access or service_access give to it, or to a role it is a member of, whatever else it was granted. The owner, superusers and roles with BYPASSRLS see all; PostgreSQL refuses COPY FROM to everybody else. Takes nothing; gives a sentence that says what was done; called again, it puts right what was taken away. Raises 42501 for anyone but the owner of the schema, 55R04 without tables.';

CREATE FUNCTION reminder.lower_walls() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  _wall record;
BEGIN
  PERFORM reminder._as_owner('lower walls');
  FOR _wall IN SELECT w.relation FROM reminder._walls() w LOOP
    EXECUTE format('DROP POLICY IF EXISTS walls ON reminder.%I', _wall.relation);
    EXECUTE format('ALTER TABLE reminder.%I DISABLE ROW LEVEL SECURITY', _wall.relation);
  END LOOP;
  FOR _wall IN SELECT v.relation FROM reminder._walled_views() v LOOP
    EXECUTE format('ALTER VIEW %s RESET (security_barrier)', _wall.relation);
  END LOOP;
  RETURN 'no walls stand between creditors';
END
$$;
COMMENT ON FUNCTION reminder.lower_walls() IS
'Takes the walls between creditors away; who has access to which stays written. Takes nothing; gives a sentence. Raises 42501 for anyone but the owner of the schema, 55R04 without tables.';

/* What raise_walls() put, and somebody took away; and access of roles that there are not. */
CREATE FUNCTION reminder._check_walls(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH stands AS (
    SELECT format('reminder.%I', w.relation) AS relation, c.relrowsecurity, p.oid IS NOT NULL AS policy,
           p.polcmd = '*' AND p.polpermissive AND p.polroles = ARRAY[0::oid]
             AND regexp_replace(pg_get_expr(p.polqual, c.oid), '\s+', ' ', 'g') = w.seen
             AND regexp_replace(pg_get_expr(p.polwithcheck, c.oid), '\s+', ' ', 'g') = coalesce(w.written, w.seen) AS whole,
           (SELECT string_agg(quote_ident(o.polname), ', ' ORDER BY o.polname) FROM pg_policy o WHERE o.polrelid = c.oid AND o.polpermissive AND o.polname <> 'walls') AS others
    FROM reminder._walls() w
    JOIN pg_class c ON c.relnamespace = 'reminder'::regnamespace AND c.relname = w.relation
    LEFT JOIN pg_policy p ON p.polrelid = c.oid AND p.polname = 'walls')
  SELECT 'wall_missing', s.relation, CASE WHEN NOT s.relrowsecurity THEN 'Row-level security is off, and walls were asked for.' WHEN NOT s.policy THEN 'Its policy is not there.' ELSE 'Its policy is another one.' END,
         'SELECT reminder.raise_walls();'
  FROM stands s WHERE reminder._walls_stand() AND (s.relrowsecurity AND s.whole) IS NOT TRUE
  UNION ALL
  SELECT 'wall_open', s.relation, format('Other policies let rows through: %s.', s.others), 'Drop them, or make them RESTRICTIVE.'
  FROM stands s WHERE reminder._walls_stand() AND s.others IS NOT NULL
  UNION ALL
  SELECT 'wall_missing', v.relation::text, 'A condition of the caller''s can see rows that the view does not show.', 'SELECT reminder.raise_walls();'
  FROM reminder._walled_views() v WHERE reminder._walls_stand() AND NOT v.barrier
  UNION ALL
  SELECT 'wall_missing', format('reminder.%I', w.relation), 'It has a wall, and walls were not asked for: reminder''s views show everybody''s rows.',
         'SELECT reminder.raise_walls();'
  FROM reminder._walls() w JOIN pg_policy p ON p.polrelid = to_regclass(format('reminder.%I', w.relation)) AND p.polname = 'walls'
  WHERE NOT reminder._walls_stand()
  UNION ALL
  SELECT 'role_missing', format('%I', a.role_name), format('No role has this name, which stands in %s: whoever gets it gets that.', string_agg(a.place, ', ' ORDER BY a.place)),
         'Make it again: SELECT reminder.create_roles(); or delete the rows.'
  FROM (SELECT r.role_name, 'role_grant' AS place FROM reminder.role_grant r
        UNION SELECT r.role_name, 'creditor_access' FROM reminder.creditor_access r
        UNION SELECT r.role_name, 'invoice_access' FROM reminder.invoice_access r
        UNION SELECT r.role_name, 'partner_access' FROM reminder.partner_access r
        UNION SELECT r.role_name, 'agency_access' FROM reminder.agency_access r
        UNION SELECT r.role_name, 'service_access' FROM reminder.service_access r) a
  WHERE NOT EXISTS (SELECT FROM pg_roles o WHERE o.rolname = a.role_name)
  GROUP BY a.role_name
$$;
COMMENT ON FUNCTION reminder._check_walls() IS
'Internal: findings on walls: wall_missing, wall_open, role_missing.';
