/*
 * Public functions that act for the owner are called through one in C, with
 * the caller's rights, that looks whom the caller may act for: src/caller.c.
 * The function proper gets a name that nobody else may execute. None is left
 * out: one that names no creditor is for those who see all.
 */
DO $$
DECLARE
  _function record;
BEGIN
  FOR _function IN
    SELECT p.oid, p.proname, pg_get_function_identity_arguments(p.oid) AS identity, pg_get_function_arguments(p.oid) AS arguments,
           pg_get_function_result(p.oid) AS result, CASE p.provolatile WHEN 'v' THEN 'VOLATILE' WHEN 's' THEN 'STABLE' ELSE 'IMMUTABLE' END AS volatility,
           p.procost, CASE WHEN p.proretset THEN ' ROWS ' || p.prorows ELSE '' END AS rows, obj_description(p.oid, 'pg_proc') AS comment
    FROM pg_catalog.pg_proc p
    WHERE p.pronamespace = 'reminder'::regnamespace AND p.prosecdef AND p.proname NOT LIKE '\_%' AND p.prokind = 'f'
  LOOP
    EXECUTE format('ALTER FUNCTION reminder.%I(%s) RENAME TO %I', _function.proname, _function.identity, '_owner_' || _function.proname);
    EXECUTE format('CREATE FUNCTION reminder.%I(%s) RETURNS %s LANGUAGE c %s PARALLEL UNSAFE COST %s%s AS ''MODULE_PATHNAME'', ''reminder_act''',
                   _function.proname, _function.arguments, _function.result, _function.volatility, _function.procost, _function.rows);
    EXECUTE format('COMMENT ON FUNCTION reminder.%I(%s) IS %L', _function.proname, _function.identity, _function.comment);
    EXECUTE format('COMMENT ON FUNCTION reminder.%I(%s) IS %L', '_owner_' || _function.proname, _function.identity,
                   format('Internal: %s(), for callers who may.', _function.proname));
  END LOOP;
END
$$;
