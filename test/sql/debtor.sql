-- The debtor's own view (V9): by a token, and by nothing else, it sees what it
-- owes and why, acknowledges, disputes, asks for a plan, chooses a language.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_debtor
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('A1', 1000, 'P');
CALL t.invoice('A2', 500, 'P');
CALL t.invoice('A3', 300, 'P');
CALL t.invoice('B1', 800, 'C');
CALL t.pay('p0', 'A3', '2026-02-03', 300);
CALL t.pay('p1', 'A1', '2026-02-04', 100);
CALL reminder.run('2026-02-07', 1);
SELECT reminder.confirm_letter(1, 'A1', 'reminder', '2026-02-07') \g /dev/null
SELECT reminder.waive_fee(1, 'A1', 10, 'late letter', '2026-02-08') \g /dev/null

-- A token: what opens, and what is kept of it.
SELECT reminder.debtor_token(1, '2026-02-08', '2026-03-31', customer => 'P') AS all, reminder.debtor_token(1, '2026-02-08', '2026-03-31', 'A2') AS one,
       reminder.debtor_token(1, '2026-02-08', '2026-03-31', 'B1') AS other, reminder.debtor_token(2, '2026-02-08', '2026-03-31', customer => 'C') AS elsewhere \gset
SELECT :'all' ~ '^1-[0-9a-f]{64}$' AS shaped, :'all' <> :'one' AS another;
SELECT customer_no, token_no, invoice_no, made_on, valid_until, revoked_on FROM reminder.debtor_token ORDER BY creditor_id, 1, 2;
SELECT t.token_hash = sha256(decode(right(:'all', 64), 'hex')) AS hashed FROM reminder.debtor_token t WHERE t.creditor_id = 1 AND t.customer_no = 'P' AND t.token_no = 1;
CREATE FUNCTION t.holds(word text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _relation text;
  _rows bigint;
BEGIN
  FOR _relation IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' LOOP
    EXECUTE format('SELECT count(*) FROM reminder.%I r WHERE r::text LIKE %L', _relation, '%' || word || '%') INTO _rows;
    IF _rows > 0 THEN
      RETURN _relation;
    END IF;
  END LOOP;
  RETURN 'nowhere';
END
$$;
SELECT t.holds(right(:'all', 64)) AS the_token_is_kept;

-- Of A1 1000 - 100 are owed, interest (1000 * 10 % * 2 / 365 + 900 * 10 % * 3 / 365 = 1.29), and 60 less 10 waived: 951.29,
-- to be paid 951. Of A2 500, 500 * 10 % * 5 / 365 = 0.68, and 60; its letter has not gone out yet. A3 is paid, and not shown.
SELECT jsonb_pretty(reminder.debtor_view(:'all', '2026-02-10'));
-- One invoice, and no other.
SELECT i ->> 'invoice_no' AS invoice_no, i ->> 'owed' AS owed FROM jsonb_array_elements(reminder.debtor_view(:'one', '2026-02-10') -> 'invoices') i;
-- The items are what the case claims and is open.
SELECT i ->> 'invoice_no' AS invoice_no, (i ->> 'owed')::numeric = (SELECT sum((x ->> 'amount')::numeric) FROM jsonb_array_elements(i -> 'items') x) AND (i ->> 'owed')::numeric = s.open AS adds_up
FROM jsonb_array_elements(reminder.debtor_view(:'all', '2026-02-10') -> 'invoices') i JOIN reminder.case_status s ON s.creditor_id = 1 AND s.invoice_no = i ->> 'invoice_no';

-- Acknowledged: in Sweden the time begins anew. Twice on a day is once.
SELECT reminder.debtor_acknowledge(:'all', '2026-02-10'), reminder.debtor_acknowledge(:'all', '2026-02-10'), reminder.debtor_acknowledge(:'all', '2026-02-11', 'A2');
SELECT invoice_no, kind, on_date, detail FROM reminder.interruption ORDER BY 1, 3;
CALL reminder.run('2026-02-12', 1);
SELECT invoice_no, interrupted_on, interrupted_by FROM reminder.limitation WHERE creditor_id = 1 AND invoice_no IN ('A1', 'A2') ORDER BY 1;
-- Disputed: on hold until somebody releases it, and once; the words are events.
SELECT reminder.debtor_dispute(:'one', '2026-02-12', E'  never came\n'), reminder.debtor_dispute(:'all', '2026-02-13', 'it was broken', 'A2');
SELECT invoice_no, kind, reason, from_on, until_on FROM reminder.hold ORDER BY 1, hold_no;
SELECT i ->> 'invoice_no' AS invoice_no, i ->> 'disputed' AS disputed FROM jsonb_array_elements(reminder.debtor_view(:'all', '2026-02-13') -> 'invoices') i;
-- A plan: asked for, and nothing else.
SELECT reminder.debtor_ask_for_plan(:'all', '2026-02-13', 3, 'from April on', 'A1'), reminder.debtor_ask_for_plan(:'one', '2026-02-13', 2);
-- Its language, from then on.
SELECT reminder.debtor_language(:'all', '2026-02-13', 'en'), reminder.debtor_language(:'all', '2026-02-13', 'en');
SELECT v ->> 'language' AS language, v -> 'invoices' -> 1 ->> 'description' AS description FROM reminder.debtor_view(:'all', '2026-02-13') v;
SELECT invoice_no, kind, as_of, detail FROM reminder.event WHERE creditor_id = 1 AND (kind LIKE 'debtor%' OR kind = 'held' OR kind LIKE 'limitation%') ORDER BY 1, event_no;

-- Wrong, of another shape, expired, not valid yet, revoked, another creditor's number before it: the same answer.
\t
\a
SELECT count(DISTINCT x), min(x) FROM (
  SELECT t.try(format(f, k, d)) FROM unnest(ARRAY['SELECT reminder.debtor_view(%L, %L)', 'SELECT reminder.debtor_acknowledge(%L, %L)', 'SELECT reminder.debtor_dispute(%L, %L, NULL)',
    'SELECT reminder.debtor_ask_for_plan(%L, %L, NULL)', 'SELECT reminder.debtor_language(%L, %L, NULL)']) f,
  (VALUES ('1-' || repeat('0', 64), '2026-02-13'), (NULL, '2026-02-13'), ('', '2026-02-13'), ('1', '2026-02-13'), (left(:'all', -1), '2026-02-13'), (:'all' || '0', '2026-02-13'), (upper(:'all'), '2026-02-13'),
    (repeat('9', 18) || '-' || repeat('f', 64), '2026-02-13'), (repeat('9', 40) || '-' || repeat('f', 64), '2026-02-13'), ('2' || substr(:'all', 2), '2026-02-13'), (repeat('x', 1000000), '2026-02-13'),
    (:'all', '2026-04-01'), (:'all', '2026-02-07'), ((SELECT encode(t.token_hash, 'hex') FROM reminder.debtor_token t LIMIT 1), '2026-02-13')) v (k, d)) y (x);
SELECT reminder.revoke_debtor_tokens(1, 'P', '2026-02-14', 2), reminder.revoke_debtor_tokens(1, 'P', '2026-02-14', 2);
SELECT t.try(format('SELECT reminder.debtor_view(%L, %L)', :'one', d)) FROM unnest('{2026-02-13,2026-02-20}'::date[]) d;
-- Its last day, and an invoice of another's.
SELECT reminder.debtor_view(:'all', '2026-03-31') ->> 'customer', reminder.debtor_view(:'elsewhere', '2026-03-31') -> 'invoices';
SELECT t.try(format('SELECT reminder.debtor_acknowledge(%L, ''2026-02-14'', %L)', :'all', n)) FROM unnest('{B1,none,NULL}'::text[]) n;
SELECT t.try(format('SELECT reminder.debtor_acknowledge(%L, ''2026-02-14'', ''A1'')', :'other'));
-- An invoice that has become another's is no longer seen with the token for it.
SELECT reminder.withdraw(1, 'B1', 'wrong customer', '2026-02-14');
UPDATE reminder.invoice SET customer_no = 'P' WHERE creditor_id = 1 AND invoice_no = 'B1';
SELECT t.try(format('SELECT reminder.debtor_view(%L, ''2026-02-14'')', :'other'));

\echo -- what is no input
SELECT t.show($$
SELECT reminder.debtor_token(1, '2026-02-14', '2026-02-13', 'A1')
SELECT reminder.debtor_token(1, '2026-02-14', 'infinity', 'A1')
SELECT reminder.debtor_token(1, NULL, '2026-02-13', 'A1')
SELECT reminder.debtor_token(1, '2026-02-14', '2026-02-14')
SELECT reminder.debtor_token(1, '2026-02-14', '2026-02-14', 'A1', 'P')
SELECT reminder.debtor_token(1, '2026-02-14', '2026-02-14', 'none')
SELECT reminder.debtor_token(1, '2026-02-14', '2026-02-14', customer => 'none')
SELECT reminder.debtor_token(99, '2026-02-14', '2026-02-14', customer => 'P')
SELECT reminder.revoke_debtor_tokens(1, 'none', '2026-02-14')
SELECT reminder.revoke_debtor_tokens(1, NULL, '2026-02-14')
SELECT reminder.revoke_debtor_tokens(1, 'P', 'infinity')
$$);
SELECT t.try(format(s, :'all')) FROM unnest(ARRAY[
  'SELECT reminder.debtor_view(%L, NULL)', 'SELECT reminder.debtor_dispute(%L, ''2026-02-14'', NULL)', 'SELECT reminder.debtor_dispute(%L, ''2026-02-14'', '' '')',
  'SELECT reminder.debtor_dispute(%L, ''2026-02-14'', repeat(''x'', 1001))', 'SELECT reminder.debtor_ask_for_plan(%L, ''2026-02-14'', NULL)', 'SELECT reminder.debtor_ask_for_plan(%L, ''2026-02-14'', 61)',
  'SELECT reminder.debtor_ask_for_plan(%L, ''2026-02-14'', 3, '''')', 'SELECT reminder.debtor_language(%L, ''2026-02-14'', NULL)', 'SELECT reminder.debtor_language(%L, ''2026-02-14'', ''Swedish'')']) s;

\echo -- the web server has these functions and no table; walls stand or not
SELECT reminder.create_roles('regress_debtor_') \g /dev/null
SET ROLE regress_debtor_debtor;
SELECT t.relname FROM pg_class t WHERE t.relnamespace = 'reminder'::regnamespace AND t.relkind IN ('r', 'v') AND (has_table_privilege(t.oid, 'SELECT, INSERT, UPDATE, DELETE') OR has_any_column_privilege(t.oid, 'SELECT'));
SELECT reminder.debtor_view(:'all', '2026-02-14') ->> 'customer';
RESET ROLE;
GRANT USAGE ON SCHEMA t TO PUBLIC;
SELECT reminder.raise_walls();
SET ROLE regress_debtor_debtor;
SELECT reminder.debtor_view(:'all', '2026-02-14') ->> 'customer', reminder.debtor_acknowledge(:'all', '2026-02-14', 'A1');
SELECT t.try($$SELECT reminder.debtor_token(1, '2026-02-14', '2026-02-14', customer => 'P')$$);
SELECT t.try($$SELECT reminder._random_token()$$);
RESET ROLE;
-- erased with the customer
SELECT reminder.revoke_debtor_tokens(1, 'P', '2026-02-14');
SELECT reminder.debtor_token(2, '2026-02-08', '2040-12-31', customer => 'P') AS gone \gset
SELECT reminder.erase_customer(2, 'P', '2026-02-14', 'asked');
SELECT t.try(format('SELECT reminder.debtor_view(%L, ''2026-02-14'')', :'gone')), (SELECT count(*) FROM reminder.debtor_token WHERE creditor_id = 2 AND customer_no = 'P');
SELECT * FROM reminder.check();
DO $$
DECLARE
  _kind text;
BEGIN
  PERFORM reminder.revoke_role(k.kind, 'regress_debtor_' || k.kind) FROM reminder._kinds() k;
  FOR _kind IN SELECT k.kind FROM reminder._kinds() k LOOP
    EXECUTE format('DROP ROLE %I', 'regress_debtor_' || _kind);
  END LOOP;
END
$$;
\i :leave
