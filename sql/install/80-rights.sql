  /*
   * Nothing is anybody's but the owner's until it is granted.
   */
  DECLARE
    _relation text;
  BEGIN
    FOR _relation IN
      SELECT c.oid::regclass::text FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'v')
    LOOP
      EXECUTE 'REVOKE ALL ON ' || _relation || ' FROM PUBLIC';
    END LOOP;
  END;
