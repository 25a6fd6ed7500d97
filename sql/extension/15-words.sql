/*
 * Messages in the language of the session (G4). What C raises is looked up by
 * itself; what PL/pgSQL raises of guards (23R.., 42R..) comes through here.
 */

CREATE FUNCTION reminder._say(message text) RETURNS text
LANGUAGE c STABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_say';
COMMENT ON FUNCTION reminder._say(text) IS
'Internal: a message of our catalogue (po/) as lc_messages has it, with conversions for format(); itself if it is not there.';
