-- What others rely on: names, comments, volatility, rights, and the rules that
-- every table keeps.
BEGIN;
SELECT * FROM no_plan();

CREATE TEMP VIEW func AS
SELECT p.oid, p.oid::regprocedure::text AS name, p.proname,
       -- what is called for its callers stands in a function of its own
       coalesce((SELECT o.prosrc FROM pg_proc o WHERE p.prosrc = 'reminder_act' AND o.pronamespace = p.pronamespace AND o.proname = '_owner_' || p.proname AND o.proargtypes = p.proargtypes), p.prosrc) AS prosrc,
       p.prosrc = 'reminder_act' AS acts, p.proconfig, p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.prorettype,
       p.proargnames[1:p.pronargs] AS args, l.lanname, p.proname !~ '^_' AS public, obj_description(p.oid, 'pg_proc') AS comment
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang WHERE p.pronamespace = 'reminder'::regnamespace;

-- the names of the functions, and how the planner may use them; d: acts for the owner, for callers who may
SELECT is(
    (SELECT format('%s(%s) %s%s%s%s', CASE p.prokind WHEN 'p' THEN 'procedure ' ELSE '' END || p.proname, pg_get_function_identity_arguments(p.oid),
                   p.provolatile, CASE WHEN p.proisstrict THEN 't' ELSE 'f' END, p.proparallel, CASE WHEN p.prosrc = 'reminder_act' THEN 'd' WHEN p.prosecdef THEN '!' ELSE 'i' END)
     FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname = v.name),
    CASE v.name WHEN 'run' THEN 'procedure ' ELSE '' END || v.name || '(' || v.args || ') ' || v.how,
    format('%s takes (%s) and is %s', v.name, v.args, v.how))
FROM (VALUES
    ('install', '', 'vfui'),
    ('repair', '', 'vfui'),
    ('add_preset', 'creditor_id bigint, preset text', 'vfud'),
    ('rule_findings', 'creditor_id bigint, rule_no integer, on_date date', 'sfud'),
    ('describe_rule', 'creditor_id bigint, rule_no integer', 'sfud'),
    ('preview_rule', 'creditor_id bigint, rule_no integer, from_day date, to_day date, customer_nos text[], OUT letter_date date, OUT invoice_no text, OUT customer_no text, OUT stage text, OUT deadline date, OUT channel text, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT letter_of text, OUT cost numeric, OUT cost_currency text', 'vfud'),
    ('confirm_law', 'creditor_id bigint, law text, what text, debtor_kind text, valid_from date, reason text, figure numeric', 'vfud'),
    ('activate', 'creditor_id bigint, confirm boolean, as_of date', 'vfud'),
    ('deactivate', 'creditor_id bigint', 'vfud'),
    ('activate_channel', 'creditor_id bigint, channel text, as_of date', 'vfud'),
    ('deactivate_channel', 'creditor_id bigint, channel text, as_of date', 'vfud'),
    ('price_in_force', 'creditor_id bigint, item text, on_date date, channel text, stage text, OUT price numeric, OUT currency text', 'sfud'),
    ('conservation', 'creditor_id bigint, OUT rule text, OUT creditor bigint, OUT object text, OUT found text', 'sfud'),
    ('ageing', 'creditor_id bigint, as_of date, days_late integer[], by_customer boolean, OUT customer_no text, OUT currency text, OUT bucket integer, OUT from_days integer, OUT to_days integer, OUT invoices bigint, OUT open numeric, OUT written_off numeric', 'sfud'),
    ('recovery_by_stage', 'creditor_id bigint, as_of date, OUT month date, OUT stage text, OUT currency text, OUT invoices bigint, OUT principal numeric, OUT paid_at_stage numeric, OUT paid_since numeric, OUT percent_at_stage numeric, OUT percent_since numeric', 'sfud'),
    ('days_to_pay', 'creditor_id bigint, as_of date, OUT month date, OUT currency text, OUT invoices bigint, OUT paid numeric, OUT days numeric, OUT days_weighted numeric, OUT days_late numeric, OUT days_late_weighted numeric', 'sfud'),
    ('payment_behaviour', 'creditor_id bigint, as_of date, customer_nos text[], OUT customer_no text, OUT paid_invoices bigint, OUT paid_late bigint, OUT overdue bigint, OUT days_late numeric, OUT percent_late numeric, OUT days_late_recently numeric, OUT days_late_before numeric, OUT trend numeric', 'sfud'),
    ('dso', 'creditor_id bigint, as_of date, days integer, OUT currency text, OUT receivable numeric, OUT sales numeric, OUT simple numeric, OUT count_back numeric', 'sfud'),
    ('earnings', 'creditor_id bigint, as_of date, OUT month date, OUT currency text, OUT fees_claimed numeric, OUT fees_paid numeric, OUT fees_waived numeric, OUT fees_lost numeric, OUT interest_claimed numeric, OUT interest_paid numeric, OUT interest_waived numeric, OUT interest_lost numeric, OUT commission numeric, OUT sending_cost numeric', 'sfud'),
    ('case_outcomes', 'creditor_id bigint, as_of date, OUT month date, OUT currency text, OUT stage text, OUT outcome text, OUT cases bigint, OUT principal numeric', 'sfud'),
    ('debtor_token', 'creditor_id bigint, as_of date, valid_until date, invoice_no text, customer text', 'vfud'),
    ('revoke_debtor_tokens', 'creditor_id bigint, customer text, as_of date, token_no integer', 'vfud'),
    ('debtor_view', 'token text, as_of date', 'sfud'),
    ('debtor_acknowledge', 'token text, as_of date, invoice_no text', 'vfud'),
    ('debtor_dispute', 'token text, as_of date, words text, invoice_no text', 'vfud'),
    ('debtor_ask_for_plan', 'token text, as_of date, instalments integer, words text, invoice_no text', 'vfud'),
    ('debtor_language', 'token text, as_of date, language text', 'vfud'),
    ('settle', 'creditor_id bigint, as_of date', 'vfud'),
    ('payout_done', 'creditor_id bigint, settlement_no integer, payout_no integer, paid_on date', 'vfud'),
    ('set_material_format', 'creditor_id bigint, agency text, material_format text', 'vfud'),
    ('publish_terms', 'agreement text, version text, title text, published_on date, body text, uri text, sha256 bytea, in_force_from date, needs_acceptance boolean', 'vfud'),
    ('accept_terms', 'version text, accepted_on date, accepted_by text, signature text, account_id bigint, partner_id bigint', 'vfud'),
    ('terms_in_force', 'creditor_id bigint, as_of date, OUT agreement text, OUT version text, OUT title text, OUT published_on date, OUT in_force_from date, OUT needs_acceptance boolean, OUT body text, OUT uri text, OUT sha256 bytea, OUT accepted boolean, OUT accepted_version text, OUT accepted_on date', 'sfud'),
    ('add_creditor', 'partner_id bigint, creditor_id bigint, name text, jurisdiction text, bankgiro text, plusgiro text, iban text, sender_address text, claim_description text', 'vfui'),
    ('run', 'IN as_of date, IN creditor_id bigint', 'vfui'),
    ('plan', 'as_of date, creditor_id bigint, OUT invoice_no text, OUT customer_no text, OUT stage text, OUT outcome text, OUT reason text, OUT step_date date, OUT deadline date, OUT channel text, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT rule_no integer, OUT letter_of text', 'sfud'),
    ('raise_walls', '', 'vfui'),
    ('lower_walls', '', 'vfui'),
    ('create_roles', 'prefix text', 'vfui'),
    ('grant_role', 'kind text, role_name text', 'vfui'),
    ('revoke_role', 'kind text, role_name text', 'vfui'),
    ('sees', 'creditor_id bigint', 'stsi'),
    ('sees_whole', 'creditor_id bigint', 'stsi'),
    ('sees_invoice', 'creditor_id bigint, invoice_no text', 'stsi'),
    ('sees_customer', 'creditor_id bigint, customer_no text', 'stsi'),
    ('sees_partner', 'partner_id bigint', 'stsi'),
    ('explain', 'creditor_id bigint, invoice_no text, as_of date, OUT rule_no integer, OUT rule text, OUT stage text, OUT outcome text, OUT reason text, OUT step_date date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT words text', 'sfud'),
    ('case_status_as_of', 'INOUT creditor_id bigint, as_of date, INOUT invoice_no text, OUT customer_no text, OUT case_id uuid, OUT case_no smallint, OUT stage text, OUT state text, OUT opened_on date, OUT stage_on date, OUT ended_on date, OUT outcome text, OUT closing_reason text, OUT sent_on date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fees numeric, OUT fees_paid numeric, OUT fees_waived numeric, OUT fees_open numeric, OUT interest_paid numeric, OUT open numeric, OUT hold text, OUT hold_until date, OUT collected_by text, OUT rule_no integer, OUT reference text, OUT paid numeric, OUT link text, OUT plan text, OUT enforcement_fees numeric, OUT next_stage text, OUT next_on date, OUT why_not text, OUT commission numeric, OUT next_instalment_on date, OUT next_instalment numeric, OUT instalments_missed numeric, OUT agency text, OUT agency_reference text, OUT agency_status text, OUT agency_status_on date, OUT agency_fees numeric', 'sfud'),
    ('upcoming', 'from_day date, to_day date, creditor_id bigint, OUT letter_date date, OUT invoice_no text, OUT customer_no text, OUT stage text, OUT deadline date, OUT channel text, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT letter_of text', 'sfud'),
    ('invoice_interest', 'creditor_id bigint, invoice_no text, until date, OUT from_day date, OUT to_day date, OUT days integer, OUT rate numeric, OUT capital numeric, OUT amount numeric, OUT year_days integer, OUT total numeric', 'sfud'),
    ('claim_letters', 'INOUT channel text, INOUT creditor_id bigint, n integer, lease interval, OUT dedupe_key text, OUT attempt integer, OUT leased_until timestamp with time zone, OUT invoice_no text, OUT customer_no text, OUT case_id uuid, OUT stage text, OUT letter_date date, OUT deadline date, OUT language text, OUT currency text, OUT principal numeric, OUT interest numeric, OUT interest_until date, OUT fee numeric, OUT fees numeric, OUT compensation numeric, OUT total numeric, OUT to_pay numeric, OUT reference text, OUT payee text, OUT bankgiro text, OUT plusgiro text, OUT iban text, OUT creditor_name text, OUT jurisdiction text, OUT sender_name text, OUT sender_address text, OUT contact_address text, OUT customer_name text, OUT customer_kind text, OUT address text, OUT country text, OUT email text, OUT invoice_date date, OUT due_date date, OUT invoice_amount numeric, OUT claim_description text, OUT lines jsonb', 'vfud'),
    ('confirm_letters', 'dedupe_keys text[], as_of date, creditor_id bigint, OUT dedupe_key text, OUT outcome text, OUT words text', 'vfud'),
    ('fail_letters', 'dedupe_keys text[], reason text, as_of date, retry_after interval, attempts integer, creditor_id bigint, OUT dedupe_key text, OUT outcome text, OUT retry_at timestamp with time zone', 'vfud'),
    ('extend_letters', 'dedupe_keys text[], lease interval, creditor_id bigint', 'vfud'),
    ('release_letters', 'dedupe_keys text[], creditor_id bigint', 'vfud'),
    ('set_registration', 'creditor_id bigint, registration text, as_of date', 'vfud'),
    ('register_invoice', 'creditor_id bigint, invoice_no text, registration text, as_of date', 'vfud'),
    ('claim_invoices', 'INOUT channel text, INOUT creditor_id bigint, n integer, lease interval, OUT dedupe_key text, OUT attempt integer, OUT leased_until timestamp with time zone, OUT sent_to text, OUT invoice_no text, OUT customer_no text, OUT invoice_kind text, OUT invoice_date date, OUT due_date date, OUT language text, OUT currency text, OUT invoice_amount numeric, OUT to_pay numeric, OUT reference text, OUT payee text, OUT bankgiro text, OUT plusgiro text, OUT iban text, OUT creditor_name text, OUT jurisdiction text, OUT sender_name text, OUT sender_address text, OUT contact_address text, OUT customer_name text, OUT customer_kind text, OUT address text, OUT country text, OUT email text, OUT claim_description text, OUT media_type text, OUT content bytea, OUT uri text', 'vfud'),
    ('confirm_invoices', 'dedupe_keys text[], as_of date, creditor_id bigint, OUT dedupe_key text, OUT outcome text, OUT words text', 'vfud'),
    ('extend_invoices', 'dedupe_keys text[], lease interval, creditor_id bigint', 'vfud'),
    ('release_invoices', 'dedupe_keys text[], creditor_id bigint', 'vfud'),
    ('fail_invoices', 'dedupe_keys text[], reason text, as_of date, retry_after interval, attempts integer, creditor_id bigint, OUT dedupe_key text, OUT outcome text, OUT retry_at timestamp with time zone, OUT channel text', 'vfud'),
    ('withdraw', 'creditor_id bigint, invoice_no text, reason text, as_of date', 'vfud'),
    ('close_case', 'creditor_id bigint, invoice_no text, closing_reason text, as_of date', 'vfud'),
    ('hand_to_enforcement', 'creditor_id bigint, invoice_no text, reference text, as_of date, application_fee numeric', 'vfud'),
    ('add_enforcement_fee', 'creditor_id bigint, invoice_no text, item text, amount numeric, as_of date, reason text', 'vfud'),
    ('back_to_monitoring', 'creditor_id bigint, invoice_no text, as_of date', 'vfud'),
    ('credit_in_case', 'creditor_id bigint, invoice_no text, amount numeric, reason text, as_of date', 'vfud'),
    ('hold', 'creditor_id bigint, invoice_no text, reason text, until date, as_of date', 'vfud'),
    ('release', 'creditor_id bigint, invoice_no text, as_of date', 'vfud'),
    ('preview_payment_plan', 'creditor_id bigint, invoice_no text, as_of date, instalments integer, first_due date, every_months integer, due_dates date[], amounts numeric[], fee numeric, with_interest boolean, with_fees boolean, grace_days integer, OUT instalment integer, OUT due_date date, OUT in_time_until date, OUT amount numeric, OUT left_after numeric, OUT principal numeric, OUT interest numeric, OUT fees numeric', 'sfud'),
    ('make_payment_plan', 'creditor_id bigint, invoice_no text, as_of date, instalments integer, first_due date, every_months integer, due_dates date[], amounts numeric[], fee numeric, with_interest boolean, with_fees boolean, grace_days integer', 'vfud'),
    ('remove_payment_plan', 'creditor_id bigint, invoice_no text, why text, as_of date', 'vfud'),
    ('take_out', 'creditor_id bigint, invoice_no text, as_of date', 'vfud'),
    ('put_back', 'creditor_id bigint, invoice_no text, as_of date', 'vfud'),
    ('send_now', 'creditor_id bigint, invoice_nos text[], as_of date, stage text, all_or_nothing boolean, OUT invoice_no text, OUT stage_now text, OUT outcome text, OUT reason text, OUT step_date date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT words text', 'vfud'),
    ('plan_now', 'creditor_id bigint, invoice_nos text[], as_of date, stage text, OUT invoice_no text, OUT stage_now text, OUT outcome text, OUT reason text, OUT step_date date, OUT deadline date, OUT currency text, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT total numeric, OUT words text', 'vfud'),
    ('record_letter', 'creditor_id bigint, invoice_no text, stage text, letter_date date, fee numeric, as_of date, deadline date', 'vfud'),
    ('take_over', 'creditor_id bigint, book jsonb, as_of date, OUT invoice_no text, OUT stage text, OUT letter_date date, OUT outcome text, OUT reason text, OUT words text', 'vfud'),
    ('waive_step', 'creditor_id bigint, invoice_no text, stage text, reason text, as_of date', 'vfud'),
    ('approve_letters', 'creditor_id bigint, invoice_nos text[], as_of date, OUT invoice_no text, OUT stage text, OUT outcome text, OUT words text', 'vfud'),
    ('withdraw_approval', 'creditor_id bigint, invoice_nos text[], as_of date, OUT invoice_no text, OUT stage text, OUT outcome text, OUT words text', 'vfud'),
    ('take_back_letter', 'creditor_id bigint, invoice_no text, reason text, as_of date', 'vfud'),
    ('waive_fee', 'creditor_id bigint, invoice_no text, amount numeric, reason text, as_of date', 'vfud'),
    ('waive_interest', 'creditor_id bigint, invoice_no text, amount numeric, reason text, as_of date', 'vfud'),
    ('move_customers', 'creditor_id bigint, customer_nos text[], rule_no integer', 'vfud'),
    ('block_customers', 'creditor_id bigint, customer_nos text[]', 'vfud'),
    ('claims_near_lapse', 'creditor_id bigint, as_of date, within_days integer', 'sfud'),
    ('interrupt_limitation', 'creditor_id bigint, invoice_no text, on_date date, kind text, detail text', 'vfud'),
    ('retract_interruption', 'creditor_id bigint, invoice_no text, interruption_no integer, as_of date', 'vfud'),
    ('tax_reduction_paid', 'creditor_id bigint, invoice_no text, amount numeric, as_of date, kind text', 'vfud'),
    ('tax_reduction_refused', 'creditor_id bigint, invoice_no text, amount numeric, due_date date, as_of date, kind text, new_invoice_no text', 'vfud'),
    ('fee_cap', 'jurisdiction text, debtor_kind text, fee_kind text, principal numeric, on_date date', 'sfsi'),
    ('is_bank_day', 'calendar text, day date', 'itsi'),
    ('add_bank_days', 'calendar text, day date, n integer', 'itsi'),
    ('bank_days_between', 'calendar text, from_day date, to_day date', 'itsi'),
    ('make_reference', 'format text, base text', 'itsi'),
    ('check_identity', 'country text, value text', 'itsi'),
    ('demand_missing', 'creditor_id bigint, invoice_no text, as_of date', 'sfud'),
    ('readiness', 'creditor_id bigint, invoice_no text, as_of date', 'sfud'),
    ('customer_readiness', 'creditor_id bigint, customer_no text', 'sfud'),
    ('check_reference', 'format text, value text', 'itsi'),
    ('invoice_reference', 'jurisdiction text, invoice_no text', 'itsi'),
    ('referenced_invoice', 'jurisdiction text, reference text', 'itsi'),
    ('reasons', 'OUT reason text, OUT if_catches_up text, OUT if_not text, OUT sentence text, OUT by_hand boolean', 'ifsi')
) v (name, args, how);

-- what every function keeps
SELECT is_empty(
    $$SELECT p.oid::regprocedure, n.name FROM pg_proc p, unnest(coalesce(p.proargnames, array_fill(''::text, ARRAY[p.pronargs]))) n (name)
      WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname !~ '^_' AND p.prorettype <> 'trigger'::regtype AND coalesce(n.name, '') !~ '^[a-z][a-z0-9_]*$'$$,
    'every argument of a public function has a name');
SELECT is_empty(
    -- by their names: those that one can do without
    $$SELECT name, arg FROM (
        SELECT f.name, a.arg, a.n, p.pronargs - p.pronargdefaults AS wanted FROM func f JOIN pg_proc p ON p.oid = f.oid, unnest(f.args) WITH ORDINALITY a (arg, n) WHERE f.public) x
      WHERE n <= wanted AND arg IN ('all_or_nothing', 'attempts', 'confirm', 'deadline', 'digest_time', 'failed', 'lease', 'new_invoice_no', 'nth', 'retry_after', 'run_time', 'within_days')$$,
    'and what may be left out has a default');
SELECT is_empty(
    'SELECT name FROM func WHERE comment IS NULL',
    'every function has a comment');
SELECT is_empty(
    $$SELECT name FROM func WHERE public AND NOT (comment ~ '\mRaises\M' AND comment ~ '\.$' AND length(comment) > 40)$$,
    'a public function''s comment says in sentences what it does and what it raises');
SELECT is_empty(
    $$SELECT name, arg FROM func, unnest(args) arg WHERE public AND arg NOT IN ('creditor_id', 'invoice_no', 'as_of', 'on_date')
        AND comment !~* replace(regexp_replace(arg, '_(id|nos?|day)$', ''), '_', '.')$$,
    'and names what it takes beside a creditor, an invoice and a date');
SELECT is_empty(
    $$SELECT name, code[1] FROM func, regexp_matches(prosrc, $r$ERRCODE = '([0-9A-Z]{5})'$r$, 'g') code WHERE public AND comment !~ code[1]$$,
    'and every SQLSTATE it raises itself');
SELECT is_empty(
    $$SELECT name, code[1] FROM func, regexp_matches(comment, '\m(01R|22R|23R|42R|55R)([0-9]{2})\M', 'g') code
      WHERE code[1] || code[2] NOT IN ('01R01', '01R02', '22R01', '22R02', '22R03', '22R04', '23R01', '23R02', '23R03', '23R04', '23R05', '23R06', '42R01', '42R02', '55R01', '55R02', '55R03', '55R04', '55R05', '55R06', '55R07', '55R08')$$,
    'and no SQLSTATE that there is not');
SELECT is_empty(
    $$SELECT name FROM func WHERE lanname IN ('sql', 'plpgsql') AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)$$,
    'every SQL and PL/pgSQL function has the fixed search_path');
SELECT is_empty(
    $$SELECT name FROM func WHERE 'enable_nestloop=off' = ANY (proconfig) AND NOT 'jit=off' = ANY (proconfig)$$,
    'where a nested loop costs ten thousand million, no second goes into compiling for it');
SELECT is_empty(
    $$SELECT name FROM func WHERE public AND prosecdef$$,
    'nobody calls a function that acts for the owner but through the one that looks whom the caller may act for');
SELECT is_empty(
    $$SELECT name FROM func WHERE prosrc ~ '\m(INSERT INTO|UPDATE reminder|DELETE FROM)\M' AND (provolatile, proparallel) <> ('v', 'u')$$,
    'what writes is volatile and parallel unsafe');
SELECT is_empty(
    $$SELECT name FROM func WHERE (proname ~ '^_(loss_stands|loss_index|judge)' OR prosrc ~ '\mreminder\._(loss_stands|loss_index|judge\w*|protected_in_case|invoice_findings|check_cases|check_attached|plan|send_by_hand)\(') AND proparallel <> 'u'$$,
    'nor is what runs an application''s own conditions, which need not be, parallel safe');
SELECT is_empty(
    $$SELECT name FROM func WHERE lanname IN ('sql', 'plpgsql') AND prosrc ~ '\m(FROM|JOIN) reminder\.[a-z]' AND prosrc !~ '(FROM|JOIN) reminder\._?[a-z_]+\(' AND provolatile = 'i'$$,
    'what reads a table is not immutable');
SELECT is_empty(
    $$SELECT name FROM func WHERE prorettype = 'trigger'::regtype AND (provolatile, proparallel, proisstrict) <> ('v', 'u', false)$$,
    'triggers are volatile and parallel unsafe');
SELECT is_empty(
    $$SELECT name FROM func WHERE (prosecdef OR acts OR NOT public OR provolatile = 'v') AND proname NOT IN ('_step_date', '_case_now', '_attached_row') AND has_function_privilege('public', oid, 'EXECUTE')$$,
    'nobody but the owner executes what writes, acts for the owner, or is internal');

-- what the extension brings: functions, and nothing of theirs in a table
SELECT is(
    array_agg(DISTINCT d.classid::regclass::text), ARRAY['pg_proc'],
    'the extension owns functions only')
FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'reminder') AND d.deptype = 'e';
SELECT is_empty(
    $$SELECT d.classid::regclass, pg_describe_object(d.classid, d.objid, d.objsubid) FROM pg_depend d JOIN func f ON d.refclassid = 'pg_proc'::regclass AND d.refobjid = f.oid
      WHERE d.classid IN ('pg_attrdef'::regclass, 'pg_constraint'::regclass, 'pg_class'::regclass)$$,
    'no default, CHECK, index or generated column uses one of its functions');

CREATE TEMP VIEW tab AS
SELECT c.oid, c.relname AS name,
       c.relname IN ('installation', 'jurisdiction', 'stage', 'stage_fee_kind', 'statutory_fee', 'interest_rule', 'reference_rate', 'limitation_rule', 'demand_content', 'interval_rule', 'interval_use', 'allocation_rule', 'retention_rule', 'rounding_rule', 'closing_reason', 'enforcement_fee_kind', 'default_account', 'default_control_account',
                     'agency', 'attachment', 'agency_closing_reason', 'channel', 'channel_use', 'invoice_channel', 'price_list', 'price', 'vat_rate', 'agreement', 'terms_version', 'terms_acceptance', 'account', 'partner', 'role_grant', 'partner_access', 'service_access', 'agency_access', 'attachment', 'default_control_account') AS global
FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r';
CREATE TEMP VIEW col AS
SELECT t.name AS tab, t.global, a.attname AS name, a.attnum, t.oid, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull, a.attgenerated,
       (SELECT collname FROM pg_collation WHERE oid = a.attcollation) AS coll
FROM tab t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped;

-- what every table keeps
SELECT is_empty(
    $$SELECT name FROM tab WHERE obj_description(oid, 'pg_class') IS NULL$$,
    'every table has a comment');
SELECT is_empty(
    -- history is only appended to, and no clock must keep a customer from moving
    $$SELECT name FROM tab WHERE name NOT IN ('installation', 'customer_rule_history') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = tab.oid AND k.contype = 'p')$$,
    'every table has a primary key');
SELECT is_empty(
    $$SELECT t.name, i.indexrelid::regclass FROM tab t JOIN pg_index i ON i.indrelid = t.oid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
      WHERE NOT t.global AND a.attname <> 'creditor_id'$$,
    'creditor_id leads every primary key, unique constraint and index');
SELECT is_empty(
    $$SELECT t.name, k.conname FROM tab t JOIN pg_constraint k ON k.conrelid = t.oid AND k.contype = 'f' JOIN tab r ON r.oid = k.confrelid
      JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.conkey[1] JOIN pg_attribute b ON b.attrelid = r.oid AND b.attnum = k.confkey[1]
      WHERE NOT r.global AND (a.attname, b.attname) <> ('creditor_id', 'creditor_id')$$,
    'and every foreign key, but to small global tables');
SELECT is_empty(
    $$SELECT tab, name FROM col WHERE name = 'creditor_id' AND NOT (type = 'bigint' AND (attnotnull OR global))$$,
    'creditor_id is a bigint and never null');
SELECT is_empty(
    $$SELECT t.name, k.conname FROM tab t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.conname ~ '_(check|key|fkey|excl)[0-9]+$' OR k.conname ~ '_check$'$$,
    'every constraint has a name of its own');
SELECT is_empty(
    $$SELECT t.name, k.conname FROM tab t JOIN pg_constraint k ON k.conrelid = t.oid WHERE k.condeferrable AND k.contype <> 't' OR NOT k.convalidated$$,
    'none is deferrable, but triggers, or not validated');
SELECT is_empty(
    $$SELECT tab, name FROM col WHERE type = 'text' AND coll <> 'C' AND (name ~ '_no$' AND name <> 'identity_no' OR name IN ('class', 'stage', 'state', 'outcome', 'reason_code', 'currency', 'jurisdiction', 'kind', 'branch', 'trading_name', 'channel', 'status'))$$,
    'ids and codes are COLLATE "C"');
SELECT is_empty(
    $$SELECT tab, name FROM col WHERE (tab, name) IN (('customer', 'customer_no'), ('customer_class', 'class'), ('invoice', 'invoice_no'), ('payment', 'payment_no'), ('credit', 'credit_no'), ('credit_loss', 'loss_no'), ('refund', 'refund_no'))
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = col.oid AND k.contype = 'c' AND pg_get_constraintdef(k.oid) ~ ('octet_length\(' || col.name || '\) >= 1\).*octet_length\(' || col.name || '\) <= 64'))$$,
    'ids are 1 to 64 bytes long');
SELECT is_empty(
    $$SELECT tab, name, type FROM col WHERE type ~ '^numeric' AND type <> 'numeric(14,2)' AND tab NOT IN ('run_count', 'run_log', 'reference_rate', 'interest_rule', 'price', 'creditor_price', 'vat_rate', 'settlement', 'payout') AND name <> 'interest_percent'$$,
    'amounts are numeric(14,2)');
SELECT is_empty(
    $$SELECT tab, name FROM col WHERE type = 'numeric(14,2)' AND tab NOT IN ('event')
      AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = col.oid AND k.contype = 'c' AND col.attnum = ANY (k.conkey))$$,
    'and bounded by a CHECK, which keeps NaN out');
SELECT is_empty(
    $$SELECT tab, name FROM col WHERE type = 'date' AND tab IN ('creditor', 'closed_day', 'invoice', 'payment', 'refund', 'credit', 'credit_loss', 'hold', 'collection_case', 'run_log', 'event') OR (tab, name) = ('rule', 'import_from')
      EXCEPT SELECT c.tab, c.name FROM col c JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'c' AND c.attnum = ANY (k.conkey) AND pg_get_constraintdef(k.oid) ~ '2200-12-31'$$,
    'dates that are written are finite: 1990 to 2200');
SELECT is_empty(
    $$SELECT t.name, g.tgname FROM tab t JOIN pg_trigger g ON g.tgrelid = t.oid WHERE NOT g.tgisinternal AND g.tgenabled <> 'A'$$,
    'every trigger fires always, in replica mode too');
SELECT is_empty(
    $$SELECT n FROM unnest(ARRAY['account', 'partner', 'terms_version', 'terms_acceptance', 'creditor', 'customer_class', 'customer', 'invoice', 'payment', 'credit', 'credit_loss', 'rule', 'rule_step', 'rule_window', 'closed_day', 'position', 'hold', 'payment_plan', 'instalment', 'interruption', 'collection_case', 'decision', 'event', 'by_hand', 'waiver', 'approval', 'channel_switch', 'agency_setting', 'rule_version', 'customer_rule_history', 'run_log', 'run_count', 'run_exception', 'letter_batch', 'letter_lease', 'letter_line', 'delivery', 'settlement', 'settlement_line', 'payout']) n
      WHERE NOT EXISTS (SELECT FROM tab t JOIN pg_trigger g ON g.tgrelid = t.oid AND g.tgtype & 32 > 0 WHERE t.name = n)$$,
    'no table is truncated');
SELECT throws_ok(
    format('UPDATE reminder.%I SET %I = %2$I', tab, name), '42R01', NULL, format('%s is not written by hand', tab))
FROM col WHERE name = 'creditor_id' AND tab = ANY (ARRAY['position', 'allocation', 'hold', 'payment_plan', 'instalment', 'interruption', 'collection_case', 'decision', 'event', 'by_hand', 'waiver', 'approval', 'channel_switch', 'agency_setting', 'rule_version', 'customer_rule_history', 'run_log', 'run_count', 'run_exception', 'letter_batch', 'letter_lease', 'letter_line', 'delivery', 'settlement', 'settlement_line', 'payout'])
ORDER BY tab;

-- what applications write and read, by name
CREATE TEMP VIEW promised (relation, columns) AS VALUES
    ('account', 'account_id,name'),
    ('partner', 'partner_id,name'),
    ('creditor', 'creditor_id,account_id,partner_id,name,jurisdiction,currency,bankgiro,plusgiro,iban'),
    ('customer_class', 'creditor_id,class,rule_no,excluded'),
    ('customer', 'creditor_id,customer_no,name,kind,country,class'),
    ('invoice', 'creditor_id,invoice_no,customer_no,kind,invoice_date,due_date,currency,amount,open_amount,branch'),
    ('payment', 'creditor_id,payment_no,invoice_no,paid_on,amount,source'),
    ('credit', 'creditor_id,credit_no,invoice_no,kind,credited_on,amount'),
    ('credit_loss', 'creditor_id,loss_no,invoice_no,kind,booked_on,amount,reversed_on'),
    ('letter_list', 'creditor_id,invoice_no,customer_no,stage,letter_date,deadline,channel,currency,principal,interest,fee,total,reference,status'),
    ('invoice_status', 'creditor_id,invoice_no,customer_no,due_date,open_amount,status,last_event,last_event_on'),
    ('case_status', 'creditor_id,invoice_no,case_id,stage,state,opened_on,ended_on,outcome,next_stage,next_on'),
    ('event_list', 'creditor_id,invoice_no,event_on,event,stage,amount,detail,rule_no'),
    ('rule_customers', 'creditor_id,rule_no,rule,assigned_by,customer_no,since'),
    ('exception_list', 'creditor_id,invoice_no,as_of,stage,message');
SELECT is_empty(
    $$SELECT p.relation, c FROM promised p, string_to_array(p.columns, ',') s, unnest(s) c
      WHERE NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass('reminder.' || p.relation) AND a.attname = c AND NOT a.attisdropped)$$,
    'tables and views have the columns that others rely on');
SELECT is_empty(
    $$SELECT relname FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'v' AND obj_description(oid, 'pg_class') IS NULL$$,
    'every view has a comment');
SELECT is_empty(
    $$SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'v' AND c.relname !~ '^_' AND coalesce(col_description(c.oid, a.attnum), '') = ''$$,
    'and so has every column of those that are not internal');
SELECT is_empty(
    $$SELECT relname FROM pg_class c WHERE relnamespace = 'reminder'::regnamespace AND relkind IN ('r', 'v') AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee = 0)$$,
    'nothing is granted to everybody');

-- N2: every reason is documented
SELECT is_empty(
    $$SELECT reason FROM reminder.reasons() WHERE reason !~ '^[a-z_]+$' OR sentence !~ '^(It|Its|A|What|The) .*\.$' OR if_catches_up NOT IN ('leaves it due', 'closes the step') OR if_not NOT IN ('leaves it due', 'closes the step')$$,
    'N2: every reason has a code, a sentence, and what it does to the step');
SELECT is(count(*), count(DISTINCT reason), 'N2: once') FROM reminder.reasons();
SELECT is_empty(
    $$SELECT reason FROM reminder.reasons() WHERE if_catches_up = 'closes the step' AND if_not = 'leaves it due'$$,
    'N3: a rule that catches up never closes a step that another leaves due');
SELECT set_eq(
    $$SELECT reason FROM reminder.reasons() WHERE if_catches_up = 'closes the step'$$,
    ARRAY['credit_note', 'interest_invoice', 'factored', 'principal_paid', 'already_handled', 'lapsed', 'charged_elsewhere', 'outside_automation', 'waived'],
    'N3: final under every rule are handled, also elsewhere, paid, lapsed, the kind of invoice, what came too late, and what was waived');
SELECT set_eq(
    $$SELECT reason FROM reminder.reasons() WHERE if_not = 'leaves it due'$$,
    ARRAY['automation_off', 'terms_not_accepted', 'opens_by_hand', 'channel_off', 'no_address', 'identity_missing', 'demand_content_missing', 'invoice_unsent', 'being_sent', 'approval_pending'],
    'N3: the operator''s own trouble leaves it due under every rule');

SELECT * FROM finish();
ROLLBACK;
