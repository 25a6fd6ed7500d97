-- S1: whoever gives a word that is none of the list is told the list. Every
-- text that a public function takes, and every column of the tables that
-- applications write, by the catalogs: what is new fails here until it is known
-- to be a word of a list, or anybody's own.
BEGIN;
SELECT * FROM no_plan();
SET LOCAL client_min_messages = error;

-- A word of a list: where, and what the list is. passes: what is no word of it, and is taken all the same.
CREATE TEMP TABLE enumeration (functions text, argument text, words text[], passes text[] DEFAULT '{}');
INSERT INTO enumeration VALUES
    ('is_bank_day next_bank_day previous_bank_day add_bank_days bank_days_between', 'calendar', '{SE,FI,NO,DK,DE,TARGET}'),
    ('make_reference check_reference', 'format', '{se_ocr,se_ocr_length,se_bankgiro,se_plusgiro,se_identity,fi_viite,rf,no_kid10,no_kid11,dk_fik71,iban}'),
    ('fee_cap late_interest interest_statement law_in_force add_creditor', 'jurisdiction', '{SE,FI,NO,DK,DE,EU}'),
    ('fee_cap late_interest interest_statement', 'debtor_kind', '{company,person,public}'),
    ('late_interest interest_statement', 'day_count', '{actual/365,actual/actual,30/360}'),
    ('fee_cap', 'fee_kind', '{reminder,demand_letter,payment_plan,late_compensation_flat}'),
    ('add_preset', 'preset', '{amili,netvisor,lawful}'),
    ('activate_channel deactivate_channel', 'channel', '{print,email,einvoice,intrum_notice,intrum_collection,amili_notice,amili_collection}'),
    ('claim_letters', 'channel', '{print,email,einvoice,intrum_notice,intrum_collection,amili_notice,amili_collection}'),
    ('claim_invoices', 'channel', '{print,network,peppol,operator,bank,kivra,email}'),
    ('price_in_force', 'item', '{letter,channel,case_fee,commission_percent,commission_at_least,commission_at_most,vat_percent}'),
    ('price_in_force', 'channel', '{print,email,einvoice,kivra}'),
    ('price_in_force', 'stage', '{reminder,notice,demand}'),
    ('set_material_format', 'agency', '{intrum}'),
    ('set_material_format', 'material_format', '{collection,by_status}'),
    ('publish_terms', 'agreement', '{standard}'),
    ('accept_terms', 'version', '{first,second}'),
    ('close_case', 'closing_reason', '{lapsed,bankruptcy,ceased,deceased,minor,"unknown address",other}'),
    ('send_now plan_now record_letter confirm_letter fail_letter waive_step', 'stage', '{reminder,notice,demand}'),
    ('add_enforcement_fee', 'item', '{application,representation,enforcement,other}'),
    ('record_payment', 'source', '{creditor,service,agency}'),
    ('record_payment', 'allocates', '{principal,law}'),
    ('confirm_law', 'law', '{retention_rule,statutory_fee,reference_rate,interest_rule,limitation_rule,interval_rule,demand_content,allocation_rule}'),
    ('confirm_law', 'debtor_kind', '{any,company,person,public}'),
    ('interrupt_limitation', 'kind', '{acknowledgement,legal_step,legal_step_ended,judgment}'),
    ('tax_reduction_paid tax_reduction_refused', 'kind', '{rot,rut,green_technology}'),
    ('set_registration register_invoice', 'registration', '{full,collection_only}'),
    ('attach', 'kind', '{customer,invoice,payment,credit,ledger_entry}'),
    ('protect unprotect', 'action', '{loss,credit,void,offset}'),
    ('grant_role revoke_role', 'kind', '{reader,personal_reader,rule_reader,rule_editor,activator,runner,agent,clerk,partner,debtor,auditor,administrator}');
-- a price of any channel or stage; a reason as people write it
UPDATE enumeration SET passes = '{""}' WHERE functions = 'price_in_force' AND argument IN ('channel', 'stage');
UPDATE enumeration SET passes = '{LAPSED}' WHERE argument = 'closing_reason';

-- Anybody's own: numbers, names, reasons, texts.
CREATE TEMP TABLE own (argument text, functions text);
INSERT INTO own SELECT a, NULL FROM unnest(string_to_array(
    'accepted_by agency_references base body claim_description customer customer_no customer_nos dedupe_keys detail email failed iban invoice_no invoice_nos known_digest name new_invoice_no
     new_payment_no payment_no bankgiro plusgiro prefix reason reference role_name sender_address signature title to_invoice token uri value what why words', ' ')) s, btrim(s, E'\n ') a WHERE a <> '';
INSERT INTO own VALUES
    -- a new version has a name of its own
    ('version', 'publish_terms'),
    -- expressions over an application's own table
    ('invoice_column', 'protect'), ('condition', 'protect'), ('creditor_column', 'protect'),
    -- one's own, or unknown like another's (B10)
    ('agency', 'claim_handovers acknowledge_handovers reject_handovers withdrawal_requests take_agency_messages retry_agency_messages'),
    -- codes of which there are many: any that is written as one
    ('currency', 'record_payment'), ('language', 'debtor_language'),
    -- another than those they know has an answer, too
    ('language', 'claim_ground digest_text'), ('jurisdiction', 'invoice_reference referenced_invoice'), ('country', 'check_identity');

CREATE TEMP VIEW argument AS
SELECT p.oid, p.proname, p.prokind, a.name, format_type(a.type, NULL) AS type, a.place > p.pronargs - p.pronargdefaults AS has_default, a.place
FROM pg_proc p, unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) WITH ORDINALITY a (name, type, place)
WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname !~ '^_' AND p.prorettype <> 'trigger'::regtype;
CREATE TEMP VIEW listed AS
SELECT a.oid, a.proname, a.name, e.words, e.passes
FROM enumeration e JOIN argument a ON a.name = e.argument AND a.proname = ANY (string_to_array(e.functions, ' '));

SELECT is_empty(
    $$SELECT a.proname, a.name FROM argument a
      WHERE a.type ~ '^(text|name|character|character varying|citext)(\[\])?$'
        AND NOT EXISTS (SELECT FROM listed l WHERE l.oid = a.oid AND l.name = a.name)
        AND NOT EXISTS (SELECT FROM own o WHERE o.argument = a.name AND (o.functions IS NULL OR a.proname = ANY (string_to_array(o.functions, ' '))))$$,
    'every text that a function takes is known to be a word of a list, or anybody''s own');
SELECT is_empty(
    $$SELECT f, e.argument FROM (SELECT functions, argument FROM enumeration UNION ALL SELECT functions, argument FROM own WHERE functions IS NOT NULL) e, string_to_array(e.functions, ' ') s, unnest(s) f
      WHERE NOT EXISTS (SELECT FROM argument a WHERE a.proname = f AND a.name = e.argument)
      UNION ALL SELECT NULL, o.argument FROM own o WHERE o.functions IS NULL AND NOT EXISTS (SELECT FROM argument a WHERE a.name = o.argument)$$,
    'and nothing is known that there is not');

-- A book to try it on: an invoice that is being collected, one that is not, one with a tax reduction.
INSERT INTO reminder.account VALUES (1, 'Account');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description) VALUES (1, 1, 'Svea', 'SE', '5402-9681', 'Gatan 1', 'Varor');
INSERT INTO reminder.partner (partner_id, name) VALUES (1, 'Partner');
SELECT count(reminder.publish_terms('standard', v, 'Terms', '2026-01-01', v, needs_acceptance => false, in_force_from => d)) FROM (VALUES ('first', date '2026-01-01'), ('second', '2027-01-01')) t (v, d) \g /dev/null
SELECT reminder.add_preset(1, 'amili'), reminder.activate(1, confirm => true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES (1, 'C', 'C', 'company');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, n, 'C', '2026-01-02', '2026-02-02', 'SEK', 1000 FROM unnest(ARRAY['A', 'R']) n;
INSERT INTO reminder.tax_reduction (creditor_id, invoice_no, kind, amount) VALUES (1, 'R', 'rot', 100);
CALL reminder.run('2026-02-07', 1);

-- What functions are given beside the word; what has a default keeps it.
CREATE TEMP TABLE given (argument text PRIMARY KEY, value text);
INSERT INTO given VALUES
    ('creditor_id', '1'), ('invoice_no', '''A'''), ('invoice_nos', '''{A}'''), ('as_of', '''2026-02-08'''), ('on_date', '''2026-02-08'''), ('day', '''2026-02-08'''),
    ('from_day', '''2026-02-08'''), ('to_day', '''2026-02-08'''), ('due_date', '''2026-02-08'''), ('until', '''2026-02-08'''), ('letter_date', '''2026-02-08'''), ('paid_on', '''2026-02-08'''),
    ('valid_from', '''1900-01-01'''), ('published_on', '''2026-02-08'''), ('accepted_on', '''2026-02-08'''), ('accepted_by', '''Ada'''), ('partner_id', '1'),
    ('n', '1'), ('amount', '1'), ('principal', '1'), ('fee', 'NULL'), ('base', '''1'''), ('value', '''1'''), ('reason', '''why'''), ('what', 'NULL'), ('title', '''Terms'''), ('body', '''Text'''),
    ('version', '''3'''), ('name', '''Name'''), ('payment_no', '''N'''), ('currency', '''SEK'''), ('role_name', 'current_user'), ('paid', '''{}''');
CREATE TABLE public.own (no text PRIMARY KEY);
INSERT INTO given VALUES ('relation', '''public.own'''), ('invoice_column', '''no''');
-- of the same name, and another in these
CREATE TEMP TABLE given_to (function text, argument text, value text);
INSERT INTO given_to VALUES
    ('late_interest', 'paid_on', '''{}'''), ('interest_statement', 'paid_on', '''{}'''), ('late_interest', 'rate_percent', 'NULL'), ('interest_statement', 'rate_percent', 'NULL'),
    ('add_creditor', 'creditor_id', '9'), ('tax_reduction_paid', 'invoice_no', '''R'''), ('tax_reduction_refused', 'invoice_no', '''R'''), ('accept_terms', 'account_id', '1'),
    ('publish_terms', 'body', '''Text'''), ('attach', 'columns', '''{"customer_no": "no", "name": "no"}'''), ('attach', 'creditor_id', '1'), ('protect', 'creditor_id', '1');

-- Calls a function with a word; gives what became of it, which is taken back.
CREATE FUNCTION pg_temp.said(function oid, argument text, word text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _call text;
  _detail text;
  _hint text;
BEGIN
  SELECT format(CASE p.prokind WHEN 'p' THEN 'CALL %s(%s)' ELSE 'SELECT * FROM %s(%s)' END, 'reminder.' || p.proname, x.list) INTO _call
  FROM pg_proc p CROSS JOIN LATERAL (
    SELECT string_agg(format('%I => %s', a.name, CASE WHEN a.name = $2 THEN quote_literal($3)
                                                      ELSE coalesce(t.value, (SELECT quote_literal(l.words[1]) FROM listed l WHERE l.oid = a.oid AND l.name = a.name), g.value, 'NULL') END), ', ' ORDER BY a.place) AS list
    FROM argument a LEFT JOIN given g ON g.argument = a.name LEFT JOIN given_to t ON (t.function, t.argument) = (a.proname, a.name)
    WHERE a.oid = $1 AND (a.name = $2 OR NOT a.has_default OR t.value IS NOT NULL)) x
  WHERE p.oid = $1;
  EXECUTE _call;
  RAISE SQLSTATE '00R00';
EXCEPTION
  WHEN SQLSTATE '00R00' THEN
    RETURN 'taken';
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS _detail = PG_EXCEPTION_DETAIL, _hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' / ', SQLSTATE, SQLERRM, nullif(_detail, ''), nullif(_hint, ''));
END
$$;
-- A fingerprint of all that there is.
CREATE FUNCTION pg_temp.state() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _table regclass;
  _rows text;
  _all text := '';
BEGIN
  FOR _table IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' ORDER BY c.relname LOOP
    EXECUTE format('SELECT md5(coalesce(string_agg(r::text, E''\n'' ORDER BY r::text), '''')) FROM %s r', _table) INTO _rows;
    _all := _all || _table || _rows;
  END LOOP;
  RETURN md5(_all);
END
$$;
SELECT pg_temp.state() AS before \gset

SELECT is_empty(
    $$SELECT l.proname, l.name, l.words[1], s FROM listed l, pg_temp.said(l.oid, l.name, l.words[1]) s WHERE s LIKE '22R01%'$$,
    'a word of the list is taken as one');
SELECT is_empty(
    $$SELECT l.proname, l.name, v, s
      FROM listed l CROSS JOIN LATERAL unnest(ARRAY['nonsense', '', CASE WHEN l.words[1] = upper(l.words[1]) THEN lower(l.words[1]) ELSE upper(l.words[1]) END]) v, pg_temp.said(l.oid, l.name, v) s
      WHERE v <> ALL (l.words) AND v <> ALL (l.passes)
        AND NOT (s LIKE '22R01 / %' AND (SELECT bool_and(strpos(substr(s, 9), w) > 0) FROM unnest(l.words) w))$$,
    'S1: any other, an empty one and one in capitals are 22R01, which says what the list is');
SELECT is(pg_temp.state(), :'before', 'and nothing is changed');

-- Columns that applications write: a CHECK whose name lists its words, or a
-- trigger of its name that does, where they are too many.
INSERT INTO reminder.customer_address (creditor_id, customer_no, channel, address) VALUES (1, 'C', 'peppol', '0007:1');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'P', 'A', '2026-02-08', 1);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (1, 'B', 'C', '2026-01-02', '2026-12-02', 'SEK', 1000);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K', 'B', '2026-02-08', 1);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, 'B', 'doubtful', '2026-02-08', 1);
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, 'letter', '2030-01-01', 1);
INSERT INTO reminder.creditor (creditor_id, account_id, name) VALUES (2, 1, 'Other');
INSERT INTO reminder.account_map (creditor_id, purpose, account) VALUES (1, 'bank', '1930');
INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount) VALUES (1, '1', 'V', '1930', '2026-02-08', 1);
INSERT INTO reminder.payout_destination (creditor_id, branch, kind, number) VALUES (1, 'north', 'bankgiro', '5402-9681');
SELECT reminder.confirm_law(1, 'retention_rule', NULL, 'any', '1900-01-01', 'read') \g /dev/null
CREATE TEMP VIEW word_column AS
SELECT k.conrelid, c.relname, a.attname, k.conname, w.words,
       EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = k.conrelid AND g.tgname = k.conname) AS by_trigger
FROM pg_constraint k
JOIN pg_class c ON c.oid = k.conrelid AND c.relnamespace = 'reminder'::regnamespace
JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
CROSS JOIN LATERAL (
  SELECT array_agg(m[1] ORDER BY n) AS words FROM regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''', 'g') WITH ORDINALITY x (m, n) WHERE m[1] <> '') w
WHERE k.contype = 'c' AND pg_get_constraintdef(k.oid) ~ '^CHECK \(\(\w+ = ANY \(ARRAY\[[^]]*\]\)\)\)$'
  AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = k.conrelid AND g.tgname = c.relname || '_kept');

-- Writes a row like one that there is, but for a word; gives what became of it, which is taken back.
CREATE FUNCTION pg_temp.written(relation text, attribute text, word text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _columns text;
  _rows bigint;
  _hint text;
BEGIN
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO _columns FROM pg_attribute a
  WHERE a.attrelid = format('reminder.%I', relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '';
  EXECUTE format('INSERT INTO reminder.%1$I (%2$s) SELECT %2$s FROM (SELECT (jsonb_populate_record(r, jsonb_build_object(%3$L, %4$L))).* FROM reminder.%1$I r ORDER BY r.ctid DESC LIMIT 1) r',
    relation, _columns, attribute, word);
  GET DIAGNOSTICS _rows = ROW_COUNT;
  RETURN CASE _rows WHEN 0 THEN 'there is no row' ELSE 'taken' END;
EXCEPTION
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS _hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' / ', SQLSTATE, SQLERRM, nullif(_hint, ''));
END
$$;
SELECT pg_temp.state() AS before \gset
SELECT is_empty(
    $$SELECT w.relname, w.attname, v, s FROM word_column w CROSS JOIN unnest(ARRAY['nonsense', upper(w.words[1])]) v CROSS JOIN LATERAL pg_temp.written(w.relname, w.attname, v) s
      WHERE NOT (s LIKE CASE WHEN w.by_trigger THEN '22R01 / %' ELSE '23514 / %' END AND (SELECT bool_and(strpos(substr(s, 9), x) > 0) FROM unnest(w.words) x))$$,
    'S1: who writes another word, or one in capitals, into a column is told what the list is');
SELECT is(pg_temp.state(), :'before', 'and nothing is changed');

SELECT * FROM finish();
ROLLBACK;
