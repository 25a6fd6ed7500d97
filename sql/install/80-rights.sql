  /*
   * Nothing is anybody's but the owner's until it is granted.
   */
  DECLARE
    _relation regclass;
  BEGIN
    -- what was granted since stays granted
    FOR _relation IN
      SELECT c.oid::regclass FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'v') AND NOT _tables
    LOOP
      EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', _relation);
    END LOOP;
  END;
