/*
 * install(): makes the tables, triggers, views, policies and grants as
 * ordinary objects of the schema, so that a dump restores them with their
 * triggers after their data, and DROP EXTENSION can never take a row.
 * The body is the pieces of sql/install, in the order of the Makefile.
 */
CREATE FUNCTION reminder.install() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $install$
DECLARE
  _here CONSTANT text := reminder.version();
  _tables CONSTANT boolean := pg_catalog.to_regclass('reminder.installation') IS NOT NULL;
  _stands text;
BEGIN
  IF NOT pg_catalog.pg_has_role(
       (SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname = 'reminder'), 'USAGE') THEN
    RAISE EXCEPTION 'permission denied to install the tables of reminder'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Call install() as the owner of the schema reminder, or as a superuser.';
  END IF;
  IF _tables THEN
    EXECUTE 'SELECT version FROM reminder.installation' INTO _stands;
    IF pg_catalog.string_to_array(_stands, '.')::integer[] > pg_catalog.string_to_array(_here, '.')::integer[] THEN
      RAISE EXCEPTION 'tables of reminder % are newer than the extension %', _stands, _here
        USING ERRCODE = '55R04',
              HINT = 'Update the extension first: ALTER EXTENSION reminder UPDATE.';
    ELSIF _stands IS DISTINCT FROM _here THEN
      RETURN pg_catalog.format('reminder %s is installed; SELECT reminder.upgrade() brings it up to %s', _stands, _here);
    ELSIF NOT EXISTS (SELECT FROM reminder._triggers() t
                      WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_trigger g
                                        WHERE g.tgrelid = pg_catalog.to_regclass(pg_catalog.format('reminder.%I', t.relation)) AND g.tgname = t.name)) THEN
      RETURN pg_catalog.format('reminder %s is installed already', _stands);
    END IF;
    -- DROP EXTENSION ... CASCADE left the tables; what it took comes back below.
  END IF;
  -- What the body names before it exists (views over functions, functions over views) is checked when used.
  PERFORM pg_catalog.set_config('check_function_bodies', 'off', true);
  IF NOT _tables THEN
