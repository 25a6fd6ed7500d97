CREATE FUNCTION reminder.version() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT '@VERSION@'::text $$;
COMMENT ON FUNCTION reminder.version() IS
'Gives the version of the extension''s functions, as text of three numbers. Raises nothing.';
