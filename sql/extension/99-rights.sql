/*
 * Nobody but the owner executes what writes, or what is internal. Functions
 * that only compute, or read through the caller's own rights, stay open.
 */
DO $$
DECLARE
  _function record;
BEGIN
  FOR _function IN
    SELECT p.oid::regprocedure AS name, p.prokind
    FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'reminder'::regnamespace
      AND (p.provolatile = 'v' OR p.prosecdef OR p.prosrc = 'reminder_act' OR p.proname LIKE '\_%')
      -- called by a view with the rights of whoever reads that: pure, or asking for
      -- the view's key; and what PostgreSQL puts on a partition with the rights of
      -- whoever makes it
      AND p.proname NOT IN ('_step_date', '_case_now', '_attached_row')
  LOOP
    EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', _function.name);
  END LOOP;
END
$$;
