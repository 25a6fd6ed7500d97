-- What holds of every table and function, by the catalogs; and of the money and
-- the cases, whatever is done in whatever order (M1, M2, C1, C6, B5, B9, G1).
\set ON_ERROR_STOP on
CREATE SCHEMA t;
\ir ../sql/include/wrong.sql
BEGIN;
SELECT plan(24);

CREATE VIEW t.tables AS
SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r';
-- Small tables that are the same for all creditors.
CREATE VIEW t.global AS
SELECT * FROM t.tables WHERE relname IN ('installation', 'jurisdiction', 'stage', 'stage_fee_kind', 'statutory_fee', 'interest_rule', 'reference_rate', 'limitation_rule', 'demand_content', 'interval_rule', 'interval_use', 'allocation_rule', 'retention_rule', 'rounding_rule', 'closing_reason', 'enforcement_fee_kind', 'agency', 'agency_closing_reason', 'channel', 'channel_use', 'invoice_channel', 'price_list', 'price', 'vat_rate', 'default_account',
                  'agreement', 'terms_version', 'terms_acceptance', 'account', 'partner', 'role_grant', 'partner_access', 'service_access', 'agency_access', 'attachment', 'default_control_account');

-- Tables.
SELECT is_empty($$
  SELECT t.relname FROM t.tables t
  WHERE t.oid NOT IN (SELECT oid FROM t.global)
    AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'creditor_id' AND a.atttypid = 'bigint'::regtype AND a.attnotnull)
  $$, 'every table but the global ones is of one creditor');
SELECT is_empty($$
  SELECT i.indexrelid::regclass FROM pg_index i JOIN t.tables t ON t.oid = i.indrelid
  WHERE t.oid NOT IN (SELECT oid FROM t.global) AND i.indkey[0] IS DISTINCT FROM (
    SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = 'creditor_id')
  $$, 'creditor_id leads every key and index');
SELECT is_empty($$
  SELECT k.conname FROM pg_constraint k JOIN t.tables t ON t.oid = k.conrelid
  WHERE k.contype = 'f' AND t.oid NOT IN (SELECT oid FROM t.global) AND k.confrelid NOT IN (SELECT oid FROM t.global)
    AND (k.conkey[1], k.confkey[1]) IS DISTINCT FROM (
      (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = k.conrelid AND a.attname = 'creditor_id'),
      (SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = k.confrelid AND a.attname = 'creditor_id'))
  $$, 'foreign keys go from creditor to the same creditor');
SELECT is_empty($$
  SELECT t.relname FROM t.tables t
  WHERE t.relname NOT IN ('installation', 'customer_rule_history')
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'p')
  $$, 'every table has a primary key, but a version and a history');
SELECT is_empty($$
  SELECT format('%s.%s', t.relname, a.attname) FROM t.tables t JOIN pg_attribute a ON a.attrelid = t.oid
  WHERE a.atttypid = 'numeric'::regtype AND a.attname NOT IN ('seconds', 'rate_percent', 'margin_points', 'interest_percent', 'price') AND format_type(a.atttypid, a.atttypmod) NOT IN ('numeric(14,2)', 'numeric(20,2)')
  $$, 'amounts have two decimals');
SELECT is_empty($$
  SELECT format('%s.%s', t.relname, a.attname) FROM t.tables t JOIN pg_attribute a ON a.attrelid = t.oid
  WHERE format_type(a.atttypid, a.atttypmod) = 'numeric(14,2)'
    -- written by us alone, from amounts that are checked
    AND (t.relname, a.attname) NOT IN (('event', 'amount'), ('decision', 'fee_cap'), ('decision', 'fee_of_rule'), ('decision', 'fees_settled'))
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
  $$, 'every amount has its bounds');
SELECT is_empty($$
  SELECT format('%s.%s', t.relname, a.attname) FROM t.tables t JOIN pg_attribute a ON a.attrelid = t.oid
  WHERE a.atttypid = 'date'::regtype
    AND t.relname NOT IN ('position', 'customer_rule_history', 'run_count', 'run_exception')
    AND (t.relname, a.attname) NOT IN (('rule', 'enabled_after'), ('decision', 'due_date'))
    AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = t.oid AND k.contype = 'c' AND a.attnum = ANY (k.conkey))
  $$, 'every date that is written has its bounds');
SELECT is_empty($$
  SELECT format('%s.%s', t.relname, a.attname) FROM t.tables t JOIN pg_attribute a ON a.attrelid = t.oid
  WHERE a.attname ~ '_no$' AND a.atttypid = 'text'::regtype AND a.attname <> 'identity_no' AND a.attcollation <> '"C"'::regcollation
  $$, 'ids compare byte by byte');
SELECT is_empty($$
  SELECT k.conname FROM pg_constraint k JOIN t.tables t ON t.oid = k.conrelid
  WHERE k.contype IN ('p', 'u', 'f', 'c') AND k.conname !~ ('^' || t.relname) AND k.conname !~ ('^' || regexp_replace(t.relname, '_.*', '')) OR k.conname ~ '_check[0-9]*$'
  $$, 'every constraint has a name of its own, its table''s first');
SELECT is_empty($$
  SELECT c.oid::regclass FROM pg_class c
  WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'S'
  $$, 'no sequence: what it gives would not be restored');
SELECT is_empty($$
  SELECT pg_describe_object(d.classid, d.objid, d.objsubid)
  FROM pg_depend d
  JOIN pg_depend m ON m.classid = d.refclassid AND m.objid = d.refobjid AND m.deptype = 'e'
  JOIN pg_extension e ON e.oid = m.refobjid AND m.refclassid = 'pg_extension'::regclass AND e.extname = 'reminder'
  WHERE d.classid IN ('pg_class'::regclass, 'pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_type'::regclass)
    AND d.refclassid <> 'pg_extension'::regclass
  $$, 'no column, default, constraint or index hangs on the extension: DROP ... CASCADE takes no row');
SELECT is_empty($$
  SELECT pg_describe_object(d.classid, d.objid, 0) FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
  WHERE e.extname = 'reminder' AND d.deptype = 'e' AND d.classid <> 'pg_proc'::regclass
  $$, 'the extension holds functions and nothing else');
SELECT is_empty($$
  SELECT i.indexrelid::regclass FROM pg_index i
  WHERE i.indrelid = 'reminder.invoice'::regclass
    AND ((SELECT a.attnum FROM pg_attribute a WHERE a.attrelid = i.indrelid AND a.attname = 'open_amount') = ANY (i.indkey)
         OR pg_get_expr(i.indpred, i.indrelid) ~ 'open_amount')
  $$, 'no index of the invoice names what payments change');

-- Triggers and functions.
SELECT is_empty($$
  SELECT format('%s.%s', t.relname, g.tgname) FROM pg_trigger g JOIN t.tables t ON t.oid = g.tgrelid
  WHERE NOT g.tgisinternal AND (g.tgenabled <> 'A' OR g.tgattr <> '')
  $$, 'triggers fire always, and for every column');
SELECT is_empty($$
  SELECT t.relname FROM t.tables t
  WHERE t.relname NOT IN ('installation', 'jurisdiction', 'stage', 'stage_fee_kind', 'statutory_fee')
    AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgtype & 32 > 0)
  $$, 'no table is emptied behind the row triggers');
SELECT is_empty($$
  SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL
  $$, 'every function says what it does');
SELECT is_empty($$
  SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
  WHERE p.pronamespace = 'reminder'::regnamespace AND l.lanname <> 'c'
    AND ('search_path=pg_catalog, pg_temp' = ANY (p.proconfig)) IS NOT TRUE
  $$, 'every function in SQL or PL/pgSQL has a search path of its own');
SELECT is_empty($$
  SELECT p.oid::regprocedure FROM pg_proc p
  WHERE p.pronamespace = 'reminder'::regnamespace AND has_function_privilege('public', p.oid, 'EXECUTE') AND (p.prosecdef OR p.prosrc = 'reminder_act' OR p.provolatile = 'v' OR p.proname LIKE '\_%' AND p.proname NOT IN ('_step_date', '_case_now')) AND p.proname <> '_attached_row'
  $$, 'what acts for others is nobody''s until it is granted');
SELECT is_empty($$
  SELECT t.relname FROM t.tables t WHERE obj_description(t.oid, 'pg_class') IS NULL
  $$, 'every table says what it holds');

-- A random walk over twelve invoices: whatever is done, the money adds up, and
-- every error is one of ours, or a constraint's on what was written.
INSERT INTO reminder.account VALUES (1, 'Walk');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, iban, sender_address, claim_description) VALUES
  (1, 1, 'Svea', 'SE', '5402-9681', NULL, 'Gatan 1', 'Varor'), (2, 1, 'Suomi', 'FI', NULL, 'FI2112345600000785', 'Katu 1', 'Tavarat');
SELECT reminder.add_preset(1, 'amili'), reminder.add_preset(2, 'netvisor');
SELECT reminder.activate(1, confirm => true), reminder.activate(2, confirm => true);
UPDATE reminder.creditor SET credits_in_case = 'apply' WHERE creditor_id = 2;
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES (1, 'C', 'C', 'company'), (1, 'P', 'P', 'person'), (2, 'C', 'C', 'company'), (2, 'P', 'P', 'person');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1 + n % 2, 'I' || n, CASE WHEN n % 3 = 0 THEN 'P' ELSE 'C' END, '2026-01-02', date '2026-02-02' + n, CASE n % 2 WHEN 0 THEN 'SEK' ELSE 'EUR' END, 100 + 10 * n
FROM generate_series(1, 12) n;
COMMIT;

CREATE TABLE t.step (n integer, statement text, result text);
CREATE FUNCTION t.some(VARIADIC of text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT of[1 + floor(random() * cardinality(of))::integer] $$;
-- The n-th statement of a walk, at random.
CREATE FUNCTION t.statement(n integer, day date) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  _invoice record;
  _payment record;
  _credit record;
  _amount numeric := t.some('1', '12', '60', '60.5', '100', '160', '180', '240', '500')::numeric;
BEGIN
  SELECT i.creditor_id, i.invoice_no, i.open_amount INTO _invoice FROM reminder.invoice i ORDER BY random() LIMIT 1;
  SELECT p.* INTO _payment FROM reminder.payment p WHERE p.creditor_id = _invoice.creditor_id ORDER BY random() LIMIT 1;
  SELECT c.* INTO _credit FROM reminder.credit c WHERE c.creditor_id = _invoice.creditor_id ORDER BY random() LIMIT 1;
  RETURN format(t.some(
    'INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (%1$L, %3$L, %2$L, %4$L, %5$L)',
    'INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (%1$L, %3$L, %2$L, %4$L, %6$L)',
    'INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (%1$L, %3$L, %2$L, %4$L, %6$s + 60)',
    'INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT %1$L, %3$L || i.invoice_no, i.invoice_no, %4$L, %5$L FROM reminder.invoice i WHERE i.creditor_id = %1$L LIMIT 3',
    'INSERT INTO reminder.payment (creditor_id, payment_no, reference, paid_on, amount) VALUES (%1$L, %3$L, %2$L || %7$L, %4$L, %5$L)',
    'UPDATE reminder.payment SET bounced_on = %4$L WHERE creditor_id = %1$L AND payment_no = %8$L',
    'UPDATE reminder.payment SET bounced_on = NULL WHERE creditor_id = %1$L AND payment_no = %8$L',
    'UPDATE reminder.payment SET invoice_no = %2$L WHERE creditor_id = %1$L AND payment_no = %8$L',
    'UPDATE reminder.payment SET amount = %5$L WHERE creditor_id = %1$L AND payment_no = %8$L',
    'UPDATE reminder.payment SET amount = amount + 1, paid_on = %4$L WHERE creditor_id = %1$L',
    'DELETE FROM reminder.payment WHERE creditor_id = %1$L AND payment_no = %8$L',
    'INSERT INTO reminder.refund (creditor_id, payment_no, refunded_on, amount) VALUES (%1$L, %8$L, %4$L, %5$L)',
    'INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (%1$L, %3$L, %2$L, %4$L, %5$L)',
    'INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (%1$L, %3$L, %2$L, ''void'', %4$L, %6$L)',
    'SELECT reminder.credit_in_case(%1$L, %2$L, %5$L, NULL, %4$L)',
    'SELECT reminder.credit_in_case(%1$L, %2$L, %6$L, NULL, %4$L)',
    'UPDATE reminder.credit SET amount = %5$L WHERE creditor_id = %1$L AND credit_no = %9$L',
    'UPDATE reminder.credit SET invoice_no = %2$L WHERE creditor_id = %1$L AND credit_no = %9$L',
    'DELETE FROM reminder.credit WHERE creditor_id = %1$L AND credit_no = %9$L',
    'INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (%1$L, %2$L, ''doubtful'', %4$L, %5$L)',
    'UPDATE reminder.credit_loss SET reversed_on = %4$L WHERE creditor_id = %1$L AND invoice_no = %2$L',
    'UPDATE reminder.credit_loss SET reversed_on = NULL WHERE creditor_id = %1$L AND invoice_no = %2$L',
    'DELETE FROM reminder.credit_loss WHERE creditor_id = %1$L',
    'UPDATE reminder.invoice SET amount = amount + %5$L WHERE creditor_id = %1$L AND invoice_no = %2$L',
    'UPDATE reminder.invoice SET amount = amount - %5$L WHERE creditor_id = %1$L AND invoice_no = %2$L',
    'UPDATE reminder.invoice SET external_collection = NOT external_collection WHERE creditor_id = %1$L AND invoice_no = %2$L AND %5$s < 60',
    'UPDATE reminder.invoice SET open_amount = 0 WHERE creditor_id = %1$L AND invoice_no = %2$L',
    'DELETE FROM reminder.invoice WHERE creditor_id = %1$L AND invoice_no = %2$L',
    'SELECT reminder.hold(%1$L, %2$L, ''dispute'', %4$L, %4$L)',
    'SELECT reminder.release(%1$L, %2$L, %4$L)',
    'SELECT reminder.withdraw(%1$L, %2$L, NULL, %4$L)',
    'SELECT reminder.close_case(%1$L, %2$L, ''lapsed'', %4$L)',
    'SELECT reminder.put_back(%1$L, %2$L, %4$L)',
    'SELECT reminder.put_back(%1$L, %2$L, %4$L)',
    'SELECT reminder.take_out(%1$L, %2$L, %4$L)',
    'SELECT reminder.hand_to_enforcement(%1$L, %2$L, NULL, %4$L)',
    'SELECT reminder.back_to_monitoring(%1$L, %2$L, %4$L)',
    'SELECT reminder.confirm_letter(d.creditor_id, d.invoice_no, d.stage, %4$L) FROM reminder.decision d WHERE d.creditor_id = %1$L AND d.status = ''queued''',
    'SELECT reminder.confirm_letter(%1$L, %2$L, ''reminder'', %4$L)',
    'SELECT reminder.fail_letter(%1$L, %2$L, ''reminder'', NULL, %4$L)',
    'SELECT reminder.fail_letter(%1$L, %2$L, ''demand'', NULL, %4$L)',
    'SELECT reminder.move_customers(%1$L, ''{C}'', NULL)',
    'SELECT reminder.block_customers(%1$L, ''{C}'')',
    'CALL reminder.run(%4$L)', 'CALL reminder.run(%4$L)', 'CALL reminder.run(%4$L)', 'CALL reminder.run(%4$L)'),
    _invoice.creditor_id, _invoice.invoice_no, 'N' || n, day, _amount, _invoice.open_amount, t.some('', '', 'x'), coalesce(_payment.payment_no, 'none'), coalesce(_credit.credit_no, 'none'));
END
$$;
CREATE FUNCTION t.walk(seed float8, steps integer) RETURNS integer LANGUAGE plpgsql SET client_min_messages = error AS $$
DECLARE
  _statement text;
  _result text;
  _constraint text;
  _wrong text;
BEGIN
  PERFORM setseed(seed);
  FOR n IN 1 .. steps LOOP
    _statement := t.statement(n, date '2026-02-01' + n / 6);
    BEGIN
      EXECUTE _statement;
      _result := 'ok';
    EXCEPTION WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS _constraint = CONSTRAINT_NAME;
      -- a constraint of what is kept would be our mistake, not the statement's
      _result := CASE WHEN SQLSTATE LIKE '__R__' OR SQLSTATE = '23503' OR SQLSTATE = '23514' AND _constraint ~ '^(invoice|payment|credit|refund)_'
                      THEN SQLSTATE ELSE format('%s %s', SQLSTATE, SQLERRM) END;
    END;
    SELECT string_agg(format('%s: %s', w.invoice_no, w.what), '; ') INTO _wrong FROM t.wrong w;
    INSERT INTO t.step VALUES (n, _statement, _result || coalesce(' and then ' || _wrong, ''));
    EXIT WHEN _wrong IS NOT NULL;
  END LOOP;
  RETURN (SELECT count(*) FROM t.step s WHERE s.result = 'ok');
END
$$;
BEGIN;
SELECT cmp_ok(t.walk(-0.499, 1500), '>', 500, 'a walk of 1,500 steps gets somewhere');
SELECT is_empty($$ SELECT * FROM t.step s WHERE s.result <> 'ok' AND length(s.result) <> 5 ORDER BY s.n $$,
  'and every step leaves the money adding up, or is refused by a rule or a constraint');
SELECT is_empty('SELECT finding, object, detail FROM reminder.check()', 'and check() finds nothing');
SELECT is_empty('SELECT * FROM reminder.conservation()', 'and the money adds up');
SELECT is_empty($$
  SELECT x.* FROM reminder.run_exception x
  $$, 'and no run met an invoice that it could not decide');
SELECT * FROM finish();
ROLLBACK;
