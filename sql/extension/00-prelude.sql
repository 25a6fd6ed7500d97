\echo Use "CREATE EXTENSION reminder" to load this file. \quit

/*
 * The schema is reminder's alone. pg_dump writes CREATE SCHEMA before CREATE
 * EXTENSION, so it may stand already, with its tables; but nobody else may be
 * able to put a function or an operator of his own in it.
 */
DO $$
DECLARE
  _owner oid;
BEGIN
  SELECT nspowner INTO STRICT _owner FROM pg_catalog.pg_namespace WHERE nspname = 'reminder';
  IF _owner <> (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)
     AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE oid = _owner) THEN
    RAISE EXCEPTION 'schema "reminder" belongs to another role'
      USING ERRCODE = 'duplicate_schema',
            HINT = 'Drop or rename that schema first.';
  END IF;
  IF EXISTS (
       SELECT FROM pg_catalog.pg_namespace n, pg_catalog.aclexplode(n.nspacl) a
       WHERE n.nspname = 'reminder' AND a.privilege_type = 'CREATE' AND a.grantee <> _owner) THEN
    RAISE EXCEPTION 'others may create objects in schema "reminder"'
      USING ERRCODE = 'duplicate_schema',
            HINT = 'REVOKE CREATE ON SCHEMA reminder from them first.';
  END IF;
  IF EXISTS (SELECT FROM pg_catalog.pg_proc WHERE pronamespace = 'reminder'::regnamespace)
     OR EXISTS (SELECT FROM pg_catalog.pg_operator WHERE oprnamespace = 'reminder'::regnamespace)
     OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'c')
     OR EXISTS (SELECT FROM pg_catalog.pg_type
                WHERE typnamespace = 'reminder'::regnamespace AND typrelid = 0
                  AND typelem NOT IN (SELECT reltype FROM pg_catalog.pg_class WHERE relnamespace = 'reminder'::regnamespace)) THEN
    RAISE EXCEPTION 'schema "reminder" holds objects of others'
      USING ERRCODE = 'duplicate_schema',
            HINT = 'Drop or move them first; tables of an earlier reminder may stay.';
  END IF;
END
$$;

-- Function bodies name tables that install() makes later.
SET LOCAL check_function_bodies = off;
SET LOCAL search_path TO pg_catalog, pg_temp;
