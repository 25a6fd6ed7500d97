
  IF _tables THEN
    RETURN pg_catalog.format('triggers and views of reminder %s are put back', _here);
  END IF;
  INSERT INTO reminder.installation (version) VALUES (_here);
  RETURN pg_catalog.format('reminder %s installed', _here);
END
$install$;

COMMENT ON FUNCTION reminder.install() IS
'Makes the tables, triggers, views and grants of reminder in the schema reminder. Takes nothing; gives a sentence that says what was done. Called twice, the second call changes nothing; called after DROP EXTENSION ... CASCADE and CREATE EXTENSION, it puts triggers and views back and leaves the rows. Raises 55R04 when the tables are of a newer version, 42501 for anyone but the owner of the schema.';
REVOKE ALL ON FUNCTION reminder.install() FROM PUBLIC;

DO $$
BEGIN
  IF pg_catalog.to_regclass('reminder.installation') IS NULL THEN
    -- INFO, because CREATE EXTENSION silences notices
    RAISE INFO 'the extension brings functions only'
      USING HINT = 'SELECT reminder.install(); makes the tables.';
  END IF;
END
$$;
