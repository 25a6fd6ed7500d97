-- 20-calendar.sql: bank days of SE, FI, NO, DK, DE and TARGET (L7).
--
-- No SET search_path: these functions run no SQL, and the clause would cost
-- more (about 1 us a call) than they do.

CREATE FUNCTION reminder.is_bank_day(calendar text, day date) RETURNS boolean
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.is_bank_day(text, date) IS
'Tells whether the banks are open on a day. Takes a calendar (SE, FI, NO, DK, DE or TARGET) and a day from 1990 to 2200. Raises 22R01 for another calendar, 22R02 for another day.';

CREATE FUNCTION reminder.next_bank_day(calendar text, day date) RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.next_bank_day(text, date) IS
'Gives the day itself if the banks are open, else the first bank day after it. Takes a calendar (SE, FI, NO, DK, DE or TARGET) and a day from 1990 to 2200. Raises 22R01 for another calendar, 22R02 if day or result lies outside.';

CREATE FUNCTION reminder.previous_bank_day(calendar text, day date) RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.previous_bank_day(text, date) IS
'Gives the day itself if the banks are open, else the last bank day before it. Takes a calendar (SE, FI, NO, DK, DE or TARGET) and a day from 1990 to 2200. Raises 22R01 for another calendar, 22R02 if day or result lies outside.';

CREATE FUNCTION reminder.add_bank_days(calendar text, day date, n integer) RETURNS date
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.add_bank_days(text, date, integer) IS
'Gives the n-th bank day after a day, before it if n is negative, the day itself (open or closed) if n is 0. Takes a calendar (SE, FI, NO, DK, DE or TARGET), a day from 1990 to 2200 and n. Raises 22R01 for another calendar, 22R02 if day or result lies outside.';

CREATE FUNCTION reminder.bank_days_between(calendar text, from_day date, to_day date) RETURNS integer
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.bank_days_between(text, date, date) IS
'Counts the bank days after from_day up to and with to_day; with the days the other way round it is the same count, negative. Takes a calendar (SE, FI, NO, DK, DE or TARGET) and days from 1990 to 2200. Raises 22R01 for another calendar, 22R02 for another day.';
