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
  _stands text;
BEGIN
  IF pg_catalog.to_regclass('reminder.installation') IS NOT NULL THEN
    EXECUTE 'SELECT version FROM reminder.installation' INTO _stands;
    IF pg_catalog.string_to_array(_stands, '.')::integer[] > pg_catalog.string_to_array(_here, '.')::integer[] THEN
      RAISE EXCEPTION 'tables of reminder % are newer than the extension %', _stands, _here
        USING ERRCODE = '55R04',
              HINT = 'Update the extension first: ALTER EXTENSION reminder UPDATE.';
    END IF;
    RETURN pg_catalog.format('reminder %s is installed already', _stands);
  END IF;
  IF NOT pg_catalog.pg_has_role(
       (SELECT n.nspowner FROM pg_catalog.pg_namespace n WHERE n.nspname = 'reminder'), 'USAGE') THEN
    RAISE EXCEPTION 'permission denied to install the tables of reminder'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Call install() as the owner of the schema reminder, or as a superuser.';
  END IF;
  -- What the body names before it exists (views over functions, functions over views) is checked when used.
  PERFORM pg_catalog.set_config('check_function_bodies', 'off', true);

