-- Original invoices that the service sends out itself (P5): by which channels
-- (C2), who is paid (F1), what they cost (F10), and what waits for them.
\set name regress_distribution
\i test/sql/include/ladder.sql
SET client_min_messages = warning;
SET timezone = 'UTC';

-- Creditor 1, Sweden, amili: due on Monday 2026-03-02, reminder on 03-07. Its own
-- rules collect for creditor 2, by netvisor: reminder on 03-12.
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'SE', 'netvisor');
UPDATE reminder.rule SET claims_interest = false;
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, email, address, einvoice_address) VALUES
  (1, 'all', 'Ada Berg', 'person', 'ada@example.com', 'Storgatan 1', NULL),
  (1, 'kivra', 'Bo Ek', 'person', 'bo@example.com', 'Storgatan 2', NULL),
  (1, 'email', 'Cia Alm', 'person', 'cia@example.com', 'Storgatan 3', NULL),
  (1, 'firm', 'Berg AB', 'company', 'info@example.com', 'Storgatan 4', '0037123'),
  (1, 'paper', 'Ek AB', 'company', NULL, NULL, NULL),
  (2, 'own', 'Alm AB', 'company', NULL, 'Storgatan 5', NULL);
INSERT INTO reminder.customer_address (creditor_id, customer_no, channel, address)
SELECT 1, 'all', a, a || ' 1' FROM unnest(ARRAY['network', 'peppol', 'operator', 'bank', 'kivra']) a;
INSERT INTO reminder.customer_address (creditor_id, customer_no, channel, address) VALUES (1, 'kivra', 'kivra', '19121212-1212'), (1, 'firm', 'bank', 'no channel for companies');
CREATE VIEW t.original AS SELECT invoice_no, as_of, status, channel, tried, attempts, in_hand, told_on, reason FROM reminder.invoice_letter ORDER BY creditor_id, invoice_no;
CREATE VIEW t.waiting AS SELECT p.invoice_no, p.passed, p.waiting_for FROM reminder.position p ORDER BY p.creditor_id, p.invoice_no;

\echo '# P5: for collection only, as at first, nothing is queued'
CALL t.invoice(1, 'before', 'firm', '2026-03-02');
TABLE t.original;

\echo '# C2: the chain, by kind of customer'
SELECT customer_kind, string_agg(channel, ', ' ORDER BY place) AS chain FROM reminder.invoice_channel GROUP BY 1 ORDER BY 1;

\echo '# P5, C2: full: what comes in is queued, by the first channel that is on and that the customer has'
SELECT reminder.set_registration(1, 'full', '2026-01-01');
SELECT reminder.set_registration(1, 'full', '2026-02-01');
TABLE reminder.distribution;
SELECT reminder.activate_channel(1, k) FROM unnest(ARRAY['operator', 'bank', 'kivra']) k \g /dev/null
CALL t.invoice(1, 'F-all', 'all', '2026-03-02');
CALL t.invoice(1, 'F-kivra', 'kivra', '2026-03-02');
CALL t.invoice(1, 'F-email', 'email', '2026-03-02');
CALL t.invoice(1, 'F-firm', 'firm', '2026-03-02');
CALL t.invoice(1, 'F-paper', 'paper', '2026-03-02');
CALL t.invoice(2, 'F-own', 'own', '2026-03-02');
TABLE t.original;
\echo '# each channel of the chain in its turn, as they are switched on and addresses go'
CREATE FUNCTION t.chain(customer text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  _place integer := 0;
  _by record;
BEGIN
  LOOP
    _by := reminder._invoice_channel(1, customer, _place, '2026-03-02');
    EXIT WHEN _by.channel IS NULL;
    RETURN NEXT _by.channel;
    _place := _by.place;
  END LOOP;
END
$$;
SELECT u, array_agg(c) AS chain FROM unnest(ARRAY['all', 'kivra', 'email', 'firm', 'paper']) u, t.chain(u) c GROUP BY 1 ORDER BY 1;
BEGIN;
SELECT reminder.activate_channel(1, k) FROM unnest(ARRAY['network', 'peppol']) k \g /dev/null
UPDATE reminder.creditor SET needs_address = true WHERE creditor_id = 1;
SELECT u, array_agg(c) AS chain FROM unnest(ARRAY['all', 'kivra', 'email', 'firm', 'paper']) u, t.chain(u) c GROUP BY 1 ORDER BY 1;
\echo '# V5: whom no channel reaches'
CALL t.invoice(1, 'F-nowhere', 'paper', '2026-03-02');
SELECT invoice_no, status, channel, reason FROM t.original WHERE invoice_no = 'F-nowhere';
ROLLBACK;

\echo '# P5: neither credit notes, factored invoices, what is settled nor what is dated before'
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount, open_amount) VALUES
  (1, 'N1', 'firm', 'credit_note', '2026-02-01', '2026-03-02', 'SEK', 10, 10),
  (1, 'N2', 'firm', 'factored', '2026-02-01', '2026-03-02', 'SEK', 10, 10),
  (1, 'N3', 'firm', 'invoice', '2026-02-01', '2026-03-02', 'SEK', 10, 0),
  (1, 'N4', 'firm', 'invoice', '2025-12-31', '2026-03-02', 'SEK', 10, 10),
  (1, 'Y5', 'firm', 'interest', '2026-02-01', '2026-03-02', 'SEK', 10, 10);
SELECT invoice_no, channel FROM t.original WHERE invoice_no ~ '^[NY]';

\echo '# P5, V8, F1: claimed once, with all that a sender needs; to be paid to the service'
\x on
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) VALUES (1, 'F-all', 'the invoice');
SELECT dedupe_key, attempt, leased_until > clock_timestamp() + interval '9 minutes' AS leased, channel, creditor_id, sent_to, invoice_no, customer_no, invoice_kind, invoice_date, due_date, language,
       currency, invoice_amount, to_pay, reference, payee, bankgiro, plusgiro, iban, creditor_name, jurisdiction, sender_name, sender_address, contact_address,
       customer_name, customer_kind, address, country, email, claim_description, media_type, content, uri
FROM reminder.claim_invoices('operator', 1, 1, '10 minutes');
\x off
SELECT dedupe_key, channel, attempt, sent_to FROM reminder.claim_invoices('kivra');
SELECT dedupe_key, channel, attempt, sent_to FROM reminder.claim_invoices(n => 2);
SELECT dedupe_key, channel, attempt, sent_to FROM reminder.claim_invoices(lease => '1 second');
SELECT count(*) FROM reminder.claim_invoices();
\echo '# no letter of a case is among them, nor are they among the letters'
SELECT count(*) FROM reminder.claim_letters();

\echo '# N2: a reminder waits for the original; nobody else does'
\set d '\'2026-03-14\''
\set c 1
:run
\set c 2
:run
TABLE t.waiting;
SELECT outcome, reason, words FROM reminder.explain(1, 'F-firm', '2026-03-14');
SELECT * FROM reminder.readiness(1, 'F-firm', '2026-03-14') WHERE code ~ 'unsent';
SELECT invoice_no, reason FROM reminder.send_now(1, ARRAY['F-firm'], '2026-03-14');

\echo '# P5: confirmed once'
SELECT * FROM reminder.confirm_invoices(ARRAY['1-F-all-0-1', '1-F-kivra-0-1'], '2026-03-15');
SELECT * FROM reminder.confirm_invoices(ARRAY['1-F-kivra-0-1'], '2026-03-16');
\echo '# C2: the next channel where one fails, under a key of its own; after a while where it is to be tried again'
SELECT dedupe_key, outcome, retry_at > clock_timestamp() + interval '50 minutes' AS later, channel FROM reminder.fail_invoices(ARRAY['1-F-email-0-1'], 'mailbox full', '2026-03-15', '1 hour');
SELECT dedupe_key, outcome, retry_at, channel FROM reminder.fail_invoices(ARRAY['1-F-email-0-1'], 'no such mailbox', '2026-03-15', '1 hour', 1);
SELECT dedupe_key, outcome, retry_at, channel FROM reminder.fail_invoices(ARRAY['1-F-email-0-1', '1-F-all-0-1'], 'again', '2026-03-15');
SELECT dedupe_key, channel, attempt FROM reminder.claim_invoices('print', 1, 1);
SELECT reminder.extend_invoices(ARRAY['1-F-email-0-2', '1-F-email-0-1'], '1 hour');
SELECT reminder.release_invoices(ARRAY['1-F-email-0-1']), reminder.release_invoices(ARRAY['1-F-email-0-2'], 1), reminder.release_invoices(ARRAY['1-F-email-0-2']);
SELECT reminder.extend_invoices(ARRAY['1-F-email-0-2']);
SELECT dedupe_key, channel, attempt FROM reminder.claim_invoices('print', 1, 1);
\echo '# V5: the last one failed'
SELECT dedupe_key, outcome, retry_at, channel FROM reminder.fail_invoices(ARRAY['1-F-email-0-2'], 'the letter came back', '2026-03-15');
SELECT dedupe_key, outcome, retry_at, channel FROM reminder.fail_invoices(ARRAY['1-F-email-0-2'], 'the letter came back', '2026-03-15');
SELECT invoice_no, as_of, stage, message, detail FROM reminder.exception_list WHERE stage = 'invoice' ORDER BY 1;
TABLE t.original;
\echo '# an earlier channel had worked after all'
SELECT * FROM reminder.confirm_invoices(ARRAY['1-F-email-0-1', '1-F-email-0-2'], '2026-03-15');
SELECT invoice_no, status, channel FROM t.original WHERE invoice_no = 'F-email';

\echo '# P5: credited before it was sent it is cancelled, in a sender''s hand too; in part, paid or offset it is not'
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES
  (1, 'c1', 'F-paper', 'void', '2026-03-15', 1000), (1, 'c2', 'F-firm', 'credit', '2026-03-15', 400), (1, 'c3', 'Y5', 'offset', '2026-03-15', 10);
CALL t.pay(1, 'p1', 'F-firm', '2026-03-15', 600);
SELECT invoice_no, status, told_on FROM t.original WHERE invoice_no IN ('F-paper', 'F-firm', 'Y5');
SELECT pg_sleep(1.1) \g /dev/null
SELECT dedupe_key, channel, attempt, to_pay FROM reminder.claim_invoices();
SELECT * FROM reminder.confirm_invoices(ARRAY['1-F-paper-0-1'], '2026-03-16');
SELECT * FROM reminder.confirm_invoices(ARRAY['1-F-paper-0-1', '1-F-firm-0-1'], '2026-03-16');

\echo '# N2: sent, the reminder follows'
\set c 1
\set d '\'2026-03-16\''
:run
TABLE t.waiting;
SELECT invoice_no, stage, letter_date, payee FROM reminder.letter_list ORDER BY 1;

\echo '# P5: one invoice by itself: by its own creditor''s rules, too; then the service is paid from the invoice on'
SELECT reminder.register_invoice(2, 'F-own', 'full', '2026-03-16');
SELECT reminder.register_invoice(2, 'F-own', 'full', '2026-03-16');
SELECT reminder.register_invoice(2, 'F-own', 'collection_only', '2026-03-16');
SELECT count(*) FROM reminder.invoice_letter WHERE creditor_id = 2;
SELECT reminder.register_invoice(2, 'F-own', 'full', '2026-03-17');
SELECT dedupe_key FROM reminder.claim_invoices('print', 2);
SELECT t.try($$SELECT reminder.register_invoice(2, 'F-own', 'collection_only', '2026-03-17')$$);
SELECT outcome FROM reminder.fail_invoices(ARRAY['2-F-own-0-1'], 'no paper', '2026-03-17');
SELECT reminder.register_invoice(2, 'F-own', 'collection_only', '2026-03-17');
SELECT reminder.register_invoice(2, 'F-own', 'full', '2026-03-17');
SELECT dedupe_key FROM reminder.claim_invoices('print', 2);
SELECT outcome FROM reminder.confirm_invoices(ARRAY['2-F-own-0-2'], '2026-03-17');
CALL t.invoice(2, 'F-next', 'own', '2026-03-02');
SELECT reminder.register_invoice(2, 'F-next', 'full', '2026-03-17');
SELECT outcome FROM reminder.claim_invoices('print', 2) i, reminder.confirm_invoices(ARRAY[i.dedupe_key], '2026-03-17');
\set c 2
\set d '\'2026-03-18\''
:run
SELECT invoice_no, letter_date, payee FROM reminder.letter_list WHERE creditor_id = 2 ORDER BY 1;

\echo '# F10: what they cost, by the day: 3.50 to the internet bank, 3.50 by Kivra and 5.50 from October 2023 on'
SELECT month, channel, stage, letters, waiting, currency, for_letters, for_channel, cost, without_price FROM reminder.sending_cost WHERE creditor_id = 1 ORDER BY 1, 3, 2;
SELECT d, k, (reminder.price_in_force(1, 'channel', d, k, 'invoice')).* FROM unnest(ARRAY['bank', 'kivra', 'email']) k, unnest(ARRAY['2023-09-30', '2023-10-01']::date[]) d ORDER BY 2, 1;
SELECT line FROM regexp_split_to_table(reminder._sending_words(1, '2026-03-16'), E'\n') line WHERE line ~ 'invoice';
SELECT count(*) FROM regexp_split_to_table(reminder._sending_words(2, '2026-03-16', 'amili'), E'\n') line WHERE line ~ 'invoice';

\echo '# V3: what happened'
SELECT invoice_no, event_on, event, detail FROM reminder.event_list WHERE event ~ '^(invoice_|registration)' ORDER BY creditor_id, invoice_no, event_on, event, detail;

\echo '# C2: a channel that is switched off is passed over, and what is queued for it is claimed by nobody'
SELECT reminder.register_invoice(1, 'before', 'full', '2026-03-17');
SELECT reminder.deactivate_channel(1, 'operator', '2026-03-16');
SELECT count(*) FROM reminder.claim_invoices(creditor_id => 1);
SELECT reminder.activate_channel(1, 'operator', '2026-03-16');
\echo '# P2: nor while terms wait to be accepted'
BEGIN;
SELECT reminder.register_invoice(1, 'N4', 'full', '2026-03-19');
SELECT reminder.publish_terms('standard', '2', 'Terms', '2026-03-19', 'body') \g /dev/null
SELECT invoice_no FROM reminder.claim_invoices(creditor_id => 1);
SELECT t.try($$SELECT reminder.set_registration(2, 'full', '2026-03-19')$$);
CALL t.invoice(2, 'F-third', 'own', '2026-03-02');
SELECT t.try($$SELECT reminder.register_invoice(2, 'F-third', 'full', '2026-03-19')$$);
ROLLBACK;
SELECT dedupe_key FROM reminder.claim_invoices(creditor_id => 1);
\echo '# V5: claimed before the latest run, and not told of'
\set c 1
\set d '\'2026-03-17\''
:run
SELECT invoice_no, as_of, stage, message, detail FROM reminder.exception_list WHERE stage = 'invoice' ORDER BY 1;

\echo '# S3: addresses by channel are shown, and erased'
SELECT relation, data FROM reminder.personal_data(1, 'kivra') WHERE relation = 'customer_address';

\echo '# nothing else is taken, and nothing changes'
SELECT t.try($$SELECT reminder.set_registration(1, 'half', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.set_registration(1, NULL, '2026-03-17')$$);
SELECT t.try($$SELECT reminder.set_registration(9, 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.set_registration(1, 'full', 'infinity')$$);
SELECT t.try($$SELECT reminder.set_registration(1, 'full', NULL)$$);
SELECT t.try($$UPDATE reminder.creditor SET bankgiro = NULL WHERE creditor_id = 2; SELECT reminder.set_registration(2, 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'nobody''s', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(2, 'F-firm', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, NULL, 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'N1', 'none', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'N1', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'N2', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'F-paper', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'F-all', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.register_invoice(1, 'F-all', 'collection_only', '2026-03-17')$$);
SELECT t.try($$UPDATE reminder.creditor SET needs_address = true; UPDATE reminder.customer SET address = ' ', email = NULL, einvoice_address = ''; SELECT reminder.register_invoice(1, 'N4', 'full', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.claim_invoices('amili_notice')$$);
SELECT t.try($$SELECT reminder.claim_letters('kivra')$$);
SELECT t.try($$SELECT reminder.claim_invoices(n => 0)$$);
SELECT t.try($$SELECT reminder.claim_invoices(n => NULL)$$);
SELECT t.try($$SELECT reminder.claim_invoices(lease => '-1 second')$$);
SELECT t.try($$SELECT reminder.claim_invoices(creditor_id => 9)$$);
SELECT t.try($$SELECT reminder.confirm_invoices(NULL, '2026-03-17')$$);
SELECT t.try($$SELECT reminder.confirm_invoices(ARRAY['1-F-all-10-1'], '2026-03-17')$$);
SELECT t.try($$SELECT reminder.confirm_invoices(ARRAY['1-F-all-0-2'], '2026-03-17')$$);
SELECT t.try($$SELECT reminder.confirm_invoices(ARRAY['1-F-all-0-0'], '2026-03-17')$$);
SELECT t.try($$SELECT reminder.confirm_invoices(ARRAY['1-F-all-0-1', NULL], '2026-03-17')$$);
SELECT t.try($$SELECT reminder.confirm_invoices(ARRAY['1-F-all-0-1'], NULL)$$);
SELECT t.try($$SELECT reminder.confirm_invoices(ARRAY['1-F-all-0-1'], '2026-03-17', 2)$$);
SELECT t.try($$SELECT reminder.confirm_letters(ARRAY['1-F-all-0-1'], '2026-03-17')$$);
SELECT t.try($$SELECT reminder.fail_invoices(ARRAY['1-F-all-0-1'], '', '2026-03-17')$$);
SELECT t.try($$SELECT reminder.fail_invoices(ARRAY['1-F-all-0-1'], NULL, '2026-03-17')$$);
SELECT t.try($$SELECT reminder.fail_invoices(ARRAY['1-F-all-0-1'], 'why', '2026-03-17', '31 days')$$);
SELECT t.try($$SELECT reminder.fail_invoices(ARRAY['1-F-all-0-1'], 'why', '2026-03-17', attempts => 0)$$);
SELECT t.try($$SELECT reminder.extend_invoices(ARRAY['1-F-all-0-1'], '8 days')$$);
SELECT t.try($$SELECT reminder.release_invoices(ARRAY['1-F-all-0-1'], 2)$$);
SELECT t.try($$SELECT reminder.fail_invoices(ARRAY['nonsense'], 'why', '2026-03-17')$$);
SELECT t.try($$INSERT INTO reminder.customer_address VALUES (1, 'firm', 'email', 'a@example.com')$$);
SELECT t.try($$INSERT INTO reminder.customer_address VALUES (1, 'firm', 'peppol', ' ')$$);
SELECT t.try($$INSERT INTO reminder.customer_address VALUES (2, 'firm', 'peppol', '0007:1')$$);
SELECT t.try($$INSERT INTO reminder.customer_address VALUES (1, 'firm', 'bank', '1')$$);
SELECT t.try($$UPDATE reminder.invoice_letter SET status = 'queued'$$);
SELECT t.try($$DELETE FROM reminder.distribution$$);
CALL t.invoice(1, 'F-gone', 'firm', '2026-06-01');
SELECT t.try($$DELETE FROM reminder.invoice WHERE invoice_no = 'F-gone'$$);
SELECT reminder.register_invoice(1, 'F-gone', 'collection_only', '2026-03-17');
SELECT t.try($$DELETE FROM reminder.invoice WHERE invoice_no = 'F-gone'$$);
SELECT reminder.set_registration(1, 'collection_only', '2026-03-18');
CALL t.invoice(1, 'after', 'firm', '2026-03-02');
SELECT invoice_no FROM t.original WHERE invoice_no = 'after';
SELECT * FROM reminder.check();
