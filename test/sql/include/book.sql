/*
 * A database of its own for one test, named :name, with a small book in it:
 * creditor 1 (Sweden, preset amili) and creditor 2 (Finland, preset netvisor),
 * each with a company C and a person P; tools in the schema t.
 */
SET client_min_messages = warning;
\set home :DBNAME
DROP DATABASE IF EXISTS :name;
CREATE DATABASE :name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
\c :name
SET client_min_messages = warning;
SET lc_messages = 'C';
\o /dev/null
-- Without tables CREATE EXTENSION says something, which here would come with this file's path.
CREATE SCHEMA reminder;
CREATE TABLE reminder.installation ();
CREATE EXTENSION reminder;
DROP TABLE reminder.installation;
SELECT reminder.install();
CREATE SCHEMA t;

-- Runs a statement; gives what became of it.
CREATE FUNCTION t.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _message text;
  _detail text;
  _hint text;
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS _message = MESSAGE_TEXT, _detail = PG_EXCEPTION_DETAIL, _hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n    ', SQLSTATE || ' ' || _message, 'DETAIL: ' || left(nullif(regexp_replace(_detail, '^Failing row .*', ''), ''), 200), 'HINT: ' || nullif(_hint, ''));
END
$$;
-- Shows statements, one a line, and what became of each.
CREATE FUNCTION t.show(statements text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  _statement text;
BEGIN
  FOREACH _statement IN ARRAY string_to_array(btrim(statements, E' \n'), E'\n') LOOP
    RETURN NEXT btrim(_statement);
    RETURN NEXT '    ' || t.try(_statement);
  END LOOP;
END
$$;

-- A fingerprint of every row of reminder's tables.
CREATE FUNCTION t.state() RETURNS text LANGUAGE plpgsql AS $$
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

\ir wrong.sql

INSERT INTO reminder.account VALUES (1, 'Book');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, iban, sender_address, claim_description) VALUES
  (1, 1, 'Svea', 'SE', '5402-9681', NULL, 'Gatan 1', 'Varor'), (2, 1, 'Suomi', 'FI', NULL, 'FI2112345600000785', 'Katu 1', 'Tavarat');
SELECT reminder.add_preset(1, 'amili'), reminder.add_preset(2, 'netvisor');
SELECT reminder.activate(1, confirm => true), reminder.activate(2, confirm => true);
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES
  (1, 'C', 'Bolag', 'company'), (1, 'P', 'Ada', 'person'), (2, 'C', 'Yhtiö', 'company'), (2, 'P', 'Aino', 'person');

-- An invoice of creditor 1, of 1000.00 unless said otherwise, due on 2026-02-02.
CREATE PROCEDURE t.invoice(invoice_no text, amount numeric DEFAULT 1000, customer_no text DEFAULT 'C') LANGUAGE sql AS $$
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
  VALUES (1, invoice_no, customer_no, '2026-01-02', '2026-02-02', 'SEK', amount)
$$;
CREATE PROCEDURE t.pay(payment_no text, invoice_no text, paid_on date, amount numeric) LANGUAGE sql AS $$
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, $1, $2, $3, $4)
$$;
-- Its reminder can be sent on 2026-02-07 (to be paid by 2026-02-20), its demand
-- on 2026-02-21 (by 2026-03-06), and it enters monitoring on 2026-03-07.
CREATE VIEW t.cases AS
SELECT k.invoice_no, k.case_no, k.state, k.ended_from, k.ended_on, k.fees, k.fees_paid AS paid, k.fees_waived AS waived,
       k.interest, k.interest_paid AS i_paid, k.interest_waived AS i_waived, i.open_amount AS open
FROM reminder.collection_case k JOIN reminder.invoice i USING (creditor_id, invoice_no)
ORDER BY k.creditor_id, k.invoice_no, k.case_no;
CREATE VIEW t.letters AS
SELECT d.invoice_no, d.stage, d.outcome, d.as_of, d.status, d.fee, d.fees, d.reason FROM reminder.decision d
ORDER BY d.creditor_id, d.invoice_no, d.rung;
CREATE VIEW t.events AS
SELECT e.invoice_no, e.event_no AS no, e.kind, e.as_of, e.case_no AS "case", e.amount, e.detail FROM reminder.event e
WHERE e.invoice_no <> '' ORDER BY e.creditor_id, e.invoice_no, e.event_no;
CREATE VIEW t.open AS
SELECT i.invoice_no, i.amount, i.open_amount AS open, s.status FROM reminder.invoice i JOIN reminder.invoice_status s USING (creditor_id, invoice_no)
ORDER BY i.creditor_id, i.invoice_no;
CREATE VIEW t.paid AS
SELECT p.payment_no, p.invoice_no, p.amount, a.principal, a.interest, a.fee, a.overpaid, p.bounced_on
FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
ORDER BY p.creditor_id, p.payment_no;
\o
\pset null '-'
\pset footer off
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = warning;
\set ECHO all
