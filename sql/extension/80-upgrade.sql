/*
 * upgrade(): brings the tables of an older version up, step by step. A step
 * is a function _upgrade_to_X_Y_Z() of the extension: what version X.Y.Z
 * changes in the tables of the one before it. Triggers need no step: the list
 * is put in place after the last one.
 */

CREATE FUNCTION reminder._upgrades(OUT version text, OUT step regprocedure) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- Members of the extension only, whatever else may stand in the schema.
  SELECT v.version, p.oid::regprocedure
  FROM pg_proc p
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND e.extname = 'reminder'
  CROSS JOIN LATERAL (SELECT replace(substring(p.proname FROM '^_upgrade_to_(\d+_\d+_\d+)$'), '_', '.')) v (version)
  WHERE v.version IS NOT NULL
  ORDER BY string_to_array(v.version, '.')::integer[]
$$;
COMMENT ON FUNCTION reminder._upgrades() IS
'Internal: the steps that upgrade() knows, oldest first, each with the version it leads to.';

CREATE FUNCTION reminder.upgrade() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  _here CONSTANT text := reminder.version();
  _stands text;
  _upgrade record;
BEGIN
  IF to_regclass('reminder.installation') IS NULL THEN
    RAISE EXCEPTION 'there are no tables of reminder to upgrade'
      USING ERRCODE = '55R04', HINT = 'SELECT reminder.install(); makes them.';
  END IF;
  IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'reminder'), 'USAGE') THEN
    RAISE EXCEPTION 'permission denied to upgrade the tables of reminder'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Call upgrade() as the owner of the schema reminder, or as a superuser.';
  END IF;
  -- Two upgrades take turns.
  SELECT i.version INTO STRICT _stands FROM reminder.installation i FOR UPDATE;
  IF string_to_array(_stands, '.')::integer[] > string_to_array(_here, '.')::integer[] THEN
    RAISE EXCEPTION 'tables of reminder % are newer than the extension %', _stands, _here
      USING ERRCODE = '55R04',
            HINT = 'Update the extension first: ALTER EXTENSION reminder UPDATE.';
  ELSIF _stands = _here THEN
    RETURN format('reminder %s stands already', _here);
  END IF;
  PERFORM reminder._keep(true);
  FOR _upgrade IN
    SELECT u.step::oid::regproc AS step FROM reminder._upgrades() u
    WHERE string_to_array(u.version, '.')::integer[] > string_to_array(_stands, '.')::integer[]
      AND string_to_array(u.version, '.')::integer[] <= string_to_array(_here, '.')::integer[]
    ORDER BY string_to_array(u.version, '.')::integer[]
  LOOP
    EXECUTE format('SELECT %s()', _upgrade.step);
  END LOOP;
  PERFORM reminder._arm();
  PERFORM reminder._put_walls();
  PERFORM reminder._grant_again();
  PERFORM reminder._arm_events();
  UPDATE reminder.installation i SET version = _here;
  PERFORM reminder._keep(false);
  RETURN format('reminder %s upgraded to %s', _stands, _here);
END
$$;
COMMENT ON FUNCTION reminder.upgrade() IS
'Brings the tables of an older version up to the extension''s, step by step, all or nothing. Takes nothing; gives a sentence that says what was done. Called again, it changes nothing. Raises 55R04 when there are no tables or they are of a newer version, 42501 for anyone but the owner of the schema.';
