-- What users of a collection service are told, told again to the database: what they
-- see of a case (V1, V2), what a case forbids and how it is ended (G1, C4), which
-- invoices go there (R1, N7, F5, F8), how it goes on by itself (C3, C5, C6), what it
-- costs and pays (L6, F10, M3), whose it all is (P1 to P6), and what debtors see (V9).
\set name regress_service
\i test/sql/include/ladder.sql
SET client_min_messages = warning;
-- What became of a statement, with what to do.
CREATE FUNCTION t.told(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _detail text;
  _hint text;
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS _detail = PG_EXCEPTION_DETAIL, _hint = PG_EXCEPTION_HINT;
  RETURN concat_ws(E'\n', SQLSTATE || ' ' || SQLERRM, nullif(_detail, ''), nullif(_hint, ''));
END
$$;
CREATE VIEW t.row AS
SELECT s.creditor_id AS c, s.invoice_no AS invoice, s.open_amount AS open, s.status, s.last_event, s.last_event_on, s.last_event_stage AS stage, s.why_not FROM reminder.invoice_status s;
CREATE VIEW t.case AS
SELECT k.creditor_id AS c, k.invoice_no AS invoice, k.stage, k.state, k.outcome, k.stage_on, k.sent_on, k.deadline, k.next_stage, k.next_on, k.principal, k.fees, k.open FROM reminder.case_status k;

\echo '# V1: the list tells the latest of a reminder by hand and of a case alike, without another look-up'
CALL t.creditor(1, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false;
CALL t.customer(1, 'C');
CALL t.customer(1, 'P', 'person');
DO $$ BEGIN FOR n IN 1 .. 6 LOOP CALL t.invoice(1, 'F' || n, CASE n WHEN 6 THEN 'P' ELSE 'C' END, '2026-03-02'); END LOOP; END $$;
SELECT reminder.record_letter(1, 'F1', 'reminder', '2026-03-05', NULL, '2026-03-05');
\set c 1
\set d '\'2026-03-07\''
:run
SELECT outcome FROM reminder.confirm_letters(ARRAY['1-F2-10-1', '1-F3-10-1'], '2026-03-09');
SELECT * FROM t.row WHERE c = 1 ORDER BY 2;

\echo '# G1, C4: neither a doubtful nor a confirmed loss while the case is active, and what to do first; withdrawn, it is booked as ever'
SELECT k, t.told(format($$INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, 'F2', %L, '2026-03-10', 1000)$$, k)) FROM unnest(ARRAY['doubtful', 'confirmed']) k;
\echo '# G1: nor credit, void or offset'
SELECT k, t.told(format($$INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K', 'F2', %L, '2026-03-10', 1000)$$, k)) FROM unnest(ARRAY['credit', 'void', 'offset']) k;
SELECT reminder.withdraw(1, 'F2', NULL, '2026-03-10');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, 'F2', 'confirmed', '2026-03-10', 1000);
SELECT reminder.withdraw(1, 'F3', NULL, '2026-03-10');
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K', 'F3', 'void', '2026-03-10', 1000);
SELECT * FROM t.row WHERE c = 1 AND invoice IN ('F2', 'F3') ORDER BY 2;
\echo '# C4: not ended by the creditor at the enforcement authority, nor of who is bankrupt or an estate'
\set d '\'2026-03-21\''
:run
SELECT reminder.hand_to_enforcement(1, 'F4', 'KFM 1', '2026-03-22');
SELECT t.told($$SELECT reminder.withdraw(1, 'F4', NULL, '2026-03-23')$$);
UPDATE reminder.customer SET standing = CASE customer_no WHEN 'C' THEN 'bankrupt' ELSE 'estate' END WHERE creditor_id = 1;
SELECT i, t.told(format($$SELECT reminder.withdraw(1, %L, NULL, '2026-03-23')$$, i)) FROM unnest(ARRAY['F5', 'F6']) i;
\echo '# C7: what enforcement costs comes on top'
SELECT invoice, stage, principal, fees FROM t.case WHERE c = 1 AND invoice IN ('F4', 'F5') ORDER BY 1;

\echo '# R1, N7: which invoices go there one chooses, one or several of the list; from then on it goes by itself'
CALL t.creditor(2, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false, opens = 'by_hand' WHERE creditor_id = 2;
CALL t.customer(2, 'C');
INSERT INTO reminder.customer (creditor_id, customer_no, name, country) VALUES (2, 'abroad', 'Tallinn', 'EE');
DO $$ BEGIN FOR n IN 1 .. 4 LOOP CALL t.invoice(2, 'G' || n, 'C', '2026-03-02'); END LOOP; END $$;
CALL t.invoice(2, 'abroad', 'abroad', '2026-03-02');
CALL t.invoice(2, 'euro', 'C', '2026-03-02', 1000, 'EUR');
CALL t.invoice(2, 'rot', 'C', '2026-03-02');
INSERT INTO reminder.tax_reduction (creditor_id, invoice_no, kind, amount) VALUES (2, 'rot', 'rot', 300);
\set c 2
\set d '\'2026-03-07\''
:run
SELECT invoice, outcome FROM t.decision WHERE c = 2 ORDER BY 1;
SELECT invoice_no, outcome, reason, principal, fee FROM reminder.send_now(2, ARRAY['G1'], '2026-03-07');
\echo '# F8, F5: those with a tax reduction for the customer''s part, and foreign ones in kronor; no other currency'
SELECT invoice_no, outcome, reason, principal, fee FROM reminder.send_now(2, ARRAY['G2', 'abroad', 'euro', 'rot'], '2026-03-07');
\echo '# L6, F2: ten bank days to pay; C3: unpaid, the demand follows, twelve days later or when the ten have passed; V2: its status and the day it was sent'
SELECT outcome FROM reminder.confirm_letters(ARRAY['2-G1-10-1'], '2026-03-08');
SELECT invoice, deadline, deadline = reminder.add_bank_days('SE', '2026-03-08', 10) AS ten, next_stage, next_on, sent_on FROM t.case WHERE c = 2 AND invoice = 'G1';
\set d '\'2026-03-21\''
:run
SELECT outcome FROM reminder.confirm_letters(ARRAY['2-G1-30-1'], '2026-03-22');
SELECT invoice, stage, deadline, sent_on, next_stage, next_on, principal, fees, open FROM t.case WHERE c = 2 ORDER BY 1;
\echo '# C6, M1: what the customer pays the creditor is entered, and ends it in the same moment; G3 and G4 were never sent there'
CALL t.pay(2, 'p1', 'G1', '2026-03-23', 1240);
SELECT * FROM t.row WHERE c = 2 AND invoice ~ '^G' ORDER BY 2;
\echo '# C5: in instalments; paid so, it is over'
SELECT reminder.make_payment_plan(2, 'G2', '2026-03-23', 2, '2026-04-20') \g /dev/null
SELECT instalment_no, due_date, amount FROM reminder.instalment_list WHERE creditor_id = 2 ORDER BY 1;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT 2, 'i' || instalment_no, 'G2', due_date, amount FROM reminder.instalment_list WHERE creditor_id = 2;
\set d '\'2026-05-21\''
:run
SELECT invoice, stage, state, outcome FROM t.case WHERE c = 2 ORDER BY 1;
\echo '# V7: and reports: who owes what for how long'
SELECT customer_no, currency, from_days, to_days, invoices, open FROM reminder.ageing(2, '2026-05-21', by_customer => true) ORDER BY 1, 2, 3;

\echo '# P1: a creditor is an account''s or a partner''s, never both; an account has several; a partner makes more as it needs them'
INSERT INTO reminder.partner (partner_id, name) VALUES (1, 'Byrån');
SELECT t.try($$INSERT INTO reminder.creditor (creditor_id, account_id, partner_id, name, bankgiro) VALUES (9, 1, 1, 'Both', '5402-9681')$$),
       t.try($$INSERT INTO reminder.creditor (creditor_id, name, bankgiro) VALUES (9, 'Neither', '5402-9681')$$);
SELECT reminder.add_creditor(1, 10 + n, 'Client ' || n, bankgiro => '5402-9681') FROM generate_series(1, 2) n;
SELECT account_id, partner_id, count(*) FROM reminder.creditor GROUP BY 1, 2 ORDER BY 1, 2;
\echo '# P2: one agreement binds all creditors of an account, and is signed once; P4: each is switched on by itself'
SELECT reminder.publish_terms('standard', '2', 'Terms of Service', '2026-06-01', body => 'Text') \g /dev/null
SELECT creditor_id, next_version, next_from, accept_by_then FROM reminder.terms_status WHERE creditor_id < 10 ORDER BY 1;
CALL t.invoice(1, 'new', 'C', '2026-06-01');
UPDATE reminder.customer SET standing = 'normal' WHERE creditor_id = 1;
SELECT outcome, reason FROM reminder.plan('2026-06-08', 1) WHERE invoice_no = 'new';
SELECT count(*) AS readable FROM t.case WHERE c = 1;
SELECT reminder.accept_terms('2', '2026-06-08', 'Ada Lind', 'BankID 4711', account_id => 1);
SELECT creditor_id, next_version, next_from, accept_by_then FROM reminder.terms_status WHERE creditor_id < 10 ORDER BY 1;
SELECT outcome, reason FROM reminder.plan('2026-06-08', 1) WHERE invoice_no = 'new';
SELECT creditor_id, automation FROM reminder.creditor WHERE creditor_id < 20 ORDER BY 1;

\echo '# P3: the text of the claim is the invoice''s, else the creditor''s; without anywhere to be paid to nothing is switched on'
CALL t.creditor(3, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 3;
CALL t.customer(3, 'C');
CALL t.invoice(3, 'H1', 'C', '2026-06-01');
CALL t.invoice(3, 'H2', 'C', '2026-06-01');
UPDATE reminder.invoice SET description = 'Two bicycles' WHERE creditor_id = 3 AND invoice_no = 'H2';
INSERT INTO reminder.creditor (creditor_id, account_id, name) VALUES (4, 1, 'Nowhere to pay');
SELECT t.told($$SELECT reminder.activate(4, confirm => true)$$);
\echo '# P7, P6: what is missing is told before; a case without its original is marked'
SELECT code, sentence FROM reminder.readiness(3, 'H1', '2026-06-08') ORDER BY 1;
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) VALUES (3, 'H1', 'the original');
SELECT code FROM reminder.readiness(3, 'H1', '2026-06-08') ORDER BY 1;
\set c 3
\set d '\'2026-06-08\''
:run
SELECT invoice_no, claim_description, payee FROM reminder.letter_list WHERE creditor_id = 3 ORDER BY 1;

\echo '# F10, M3: letters cost the creditor nothing; the customer pays the fees, which the service keeps; what was owed is paid out'
SELECT stage, letters, cost FROM reminder.sending_cost WHERE creditor_id = 3;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (3, 's1', 'H1', '2026-06-10', 1060, 'service');
SELECT reminder.settle(3, '2026-06-11');
SELECT collected, fee, commission, vat, paid_out FROM reminder.settlement_list WHERE creditor_id = 3;
\echo '# M3: its invoice is of the VAT on them, 60.00 and 15.00, which is input VAT'
SELECT item, net, vat_percent, vat, charged FROM reminder.service_invoice WHERE creditor_id = 3;
SELECT p.account, p.debit FROM reminder.posting_list p WHERE p.creditor_id = 3 AND p.purpose = 'input_vat';

\echo '# V9: the debtor looks without logging in, in his language, says what is wrong with it, and nothing goes on meanwhile'
SELECT reminder.debtor_token(3, '2026-06-10', '2026-12-31', 'H2') AS token \gset
SELECT reminder.debtor_language(:'token', '2026-06-11', 'fi');
SELECT v ->> 'language' AS language, v -> 'invoices' -> 0 ->> 'invoice_no' AS invoice FROM reminder.debtor_view(:'token', '2026-06-11') v;
SELECT reminder.debtor_dispute(:'token', '2026-06-11', 'never came');
\set d '\'2026-06-30\''
:run
SELECT * FROM t.row WHERE c = 3 ORDER BY 2;
SELECT finding, object, detail FROM reminder.check();
SELECT * FROM reminder.conservation();

\i test/sql/include/ladder_end.sql
