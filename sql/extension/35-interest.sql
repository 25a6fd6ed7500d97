-- 35-interest.sql: late interest by law (F9).
--
-- No SET search_path: these functions run no SQL (the law tables are read as
-- catalogs are), and the clause would cost more (about 1 us a call) than they
-- do. Not STRICT: what must be given is an error when it is not.

CREATE FUNCTION reminder.late_interest(
  jurisdiction text, debtor_kind text, principal numeric, due_date date, until date) RETURNS numeric
AS 'MODULE_PATHNAME'
LANGUAGE C STABLE PARALLEL SAFE;

COMMENT ON FUNCTION reminder.late_interest(text, text, numeric, date, date) IS
'Gives the late interest of the law on a principal: simple, from the day after due_date up to and with until, each day at its own rate, rounded once to two decimals. Takes a jurisdiction (SE, FI, ...), a debtor_kind (company, person, public), a principal in the jurisdiction''s currency, due_date and until. Raises 22R01 for an unknown name, 22R02 for a bad date or until before due_date, 22R03 for a bad amount, 55R05 if a rate or rule it needs is missing or unconfirmed: what a creditor has confirmed for itself is law in invoice_interest().';

CREATE FUNCTION reminder.late_interest(
  jurisdiction text, debtor_kind text, principal numeric, due_date date, until date,
  paid_on date[], paid numeric[], agreed_percent numeric DEFAULT NULL, day_count text DEFAULT NULL) RETURNS numeric
AS 'MODULE_PATHNAME'
LANGUAGE C STABLE PARALLEL SAFE;

COMMENT ON FUNCTION reminder.late_interest(text, text, numeric, date, date, date[], numeric[], numeric, text) IS
'The same on a principal that was paid in parts, or with terms of its own: takes jurisdiction, debtor_kind, principal, due_date and until as without payments, and in paid_on and paid on which days and how much, in any order (NULL: nothing). The day of a payment still bears interest on all, the day after it on the rest. In place of the law''s rate goes agreed_percent, in per cent a year, in place of its day count day_count (actual/365, actual/actual, 30/360), unless they are NULL. Raises 22R01, 22R02, 22R03 and 55R05 as without payments, 22R01 also if the arrays do not go together or for an unknown day count.';

CREATE FUNCTION reminder.interest_statement(
  jurisdiction text, debtor_kind text, principal numeric, due_date date, until date,
  paid_on date[] DEFAULT NULL, paid numeric[] DEFAULT NULL, agreed_percent numeric DEFAULT NULL, day_count text DEFAULT NULL)
RETURNS TABLE (
  from_day date, to_day date, days integer, rate numeric, capital numeric, amount numeric, year_days integer, total numeric)
AS 'MODULE_PATHNAME'
LANGUAGE C STABLE PARALLEL SAFE ROWS 5;

COMMENT ON FUNCTION reminder.interest_statement(text, text, numeric, date, date, date[], numeric[], numeric, text) IS
'Gives the late interest of late_interest() as a row for each period with one rate and one capital, to be checked by hand: a period bears capital * rate / 100 * days / year_days. total is the sum of all periods so far, rounded; amount what it grew by, so that amounts add up to late_interest(). Takes jurisdiction, debtor_kind, principal, due_date, until, with payments paid_on and paid, and agreed_percent and day_count, as late_interest() does. Raises 22R01 for an unknown name or arrays that do not go together, 22R02 for a bad date or until before due_date, 22R03 for a bad amount, 55R05 if a rate or rule it needs is missing or unconfirmed.';

CREATE FUNCTION reminder._law_changed() RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_law_changed';
COMMENT ON FUNCTION reminder._law_changed() IS
'Internal: AFTER STATEMENT on jurisdiction, reference_rate, interest_rule and creditor_law: tells every session that they changed, so that sessions may keep what they read. Raises 39P01 anywhere else.';
