-- M1: a payment that matched nothing finds its invoice, one that found the wrong
-- one is moved, and money keeps its currency; what hangs on it follows.
\set name regress_matching
\i test/sql/include/ladder.sql
CREATE VIEW t.wrong AS SELECT * FROM reminder.conservation();
CREATE VIEW t.open AS
SELECT i.creditor_id AS c, i.invoice_no, i.currency, i.open_amount, k.state, k.fees, k.fees_paid, k.fees_waived
FROM reminder.invoice i LEFT JOIN reminder.collection_case k USING (creditor_id, invoice_no) ORDER BY 1, 2;
CREATE VIEW t.paid AS
SELECT p.creditor_id AS c, p.payment_no, p.invoice_no, p.amount, p.source, p.reference FROM reminder.payment p ORDER BY 1, 2;
CREATE VIEW t.event AS
SELECT e.invoice_no, e.event_no AS no, e.kind, e.as_of, e.amount, e.detail FROM reminder.event e
WHERE e.kind LIKE 'payment\_%' OR e.kind LIKE 'case\_%' OR e.kind LIKE 'plan\_%' ORDER BY 1, 2;
CREATE VIEW t.posting AS
SELECT p.posted_on, p.event, p.document_no AS doc, p.entry_no AS n, p.invoice_no, string_agg(format('%s %s %s', CASE WHEN p.debit IS NULL THEN 'K' ELSE 'D' END, p.account, coalesce(p.debit, p.credit)), ', ' ORDER BY p.line) AS lines, p.currency
FROM reminder.posting_list p GROUP BY 1, 2, 3, 4, 5, p.currency, p.creditor_id ORDER BY p.creditor_id, doc, n DESC, event;
CALL t.creditor(1, 'SE');
CALL t.creditor(2, 'SE');
CALL t.rule(1, 11, 'company', 'creditor', true, 'reminder 5d 10d 60');
CALL t.rule(1, 12, 'company', 'service', true, 'reminder 5d 10d 60');
SELECT reminder.activate(1, true) \g /dev/null
CALL t.customer(1, 'own', 'company', 11);
CALL t.customer(1, 'service', 'company', 12);
CALL t.customer(2, 'other', 'company');
CALL t.invoice(1, 'a', 'service', '2026-03-02');
CALL t.invoice(1, 'b', 'service', '2026-03-02');
CALL t.invoice(1, 'own', 'own', '2026-03-02');
CALL t.invoice(1, 'eur', 'own', '2026-03-02', 1000, 'EUR');
CALL t.invoice(2, 'other', 'other', '2026-03-02');
\set c 1
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(1, i, 'reminder', :d) FROM unnest(ARRAY['a', 'b', 'own']) i \g /dev/null
SELECT invoice_no, payee, principal, interest, fee, total, currency FROM reminder.letter_list ORDER BY 1;

\echo '# matched by hand, moved, and off again: cases end, reopen and end'
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, reference) VALUES
  (1, 'p1', NULL, '2026-03-20', 1064.11, 'service', 'from somebody'), (2, 'p1', NULL, '2026-03-20', 7, 'creditor', NULL);
SELECT * FROM reminder.unmatched_payments ORDER BY 1, 2;
SELECT reminder.match_payment(1, 'p1', 'a', '2026-03-23');
TABLE t.open;
SELECT reminder.match_payment(1, 'p1', 'b', '2026-03-24');
SELECT reminder.match_payment(1, 'p1', 'b', '2026-03-24');
TABLE t.open;
SELECT reminder.settle(1, '2026-03-24') \g /dev/null
SELECT reminder.unmatch_payment(1, 'p1', '2026-03-25');
SELECT reminder.unmatch_payment(1, 'p1', '2026-03-25');
TABLE t.open;
SELECT * FROM reminder.unmatched_payments ORDER BY 1, 2;
SELECT reminder.settle(1, '2026-03-26') \g /dev/null
SELECT settlement_no, text, invoice_no, amount, balance FROM reminder.settlement_statement ORDER BY 1, line;
TABLE t.event;
TABLE t.posting;
TABLE t.wrong;

\echo '# by the reference it came with, once there is the invoice'
SELECT t.try($$ SELECT reminder.match_payment(1, 'p1', NULL, '2026-03-26') $$);
CALL t.invoice(1, 'from somebody', 'own', '2026-03-02');
SELECT reminder.match_payment(1, 'p1', NULL, '2026-03-26');
SELECT * FROM t.paid WHERE c = 1;

\echo '# a plan follows'
SELECT reminder.make_payment_plan(1, 'a', '2026-03-26', instalments => 2, first_due => '2026-04-30') \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, paid_on, amount) VALUES (1, 'p2', '2026-03-27', 532.06);
SELECT reminder.match_payment(1, 'p2', 'a', '2026-03-27');
SELECT instalment_no, amount, paid FROM reminder.instalment_list WHERE invoice_no = 'a' ORDER BY 1;
SELECT reminder.unmatch_payment(1, 'p2', '2026-03-28');
\echo '# M1: an error that a trigger of the application''s catches meanwhile leaves the move its day'
BEGIN;
CREATE FUNCTION t.catches() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN BEGIN RAISE EXCEPTION 'caught'; EXCEPTION WHEN OTHERS THEN NULL; END; RETURN NEW; END $$;
CREATE TRIGGER catches BEFORE UPDATE ON reminder.payment FOR EACH ROW EXECUTE FUNCTION t.catches();
SELECT reminder.match_payment(1, 'p2', 'a', '2026-03-29');
SELECT undone_on FROM reminder.payment_undone WHERE creditor_id = 1 AND payment_no = 'p2' ORDER BY undone_no DESC LIMIT 1;
ROLLBACK;
SELECT instalment_no, amount, paid FROM reminder.instalment_list WHERE invoice_no = 'a' ORDER BY 1;
TABLE t.wrong;

\echo '# in another currency: refused by number, held by reference, and moved by nothing'
SELECT t.try($$ SELECT reminder.record_payment(1, 'e1', '2026-03-30', 100, 'EUR', invoice_no => 'b') $$);
SET client_min_messages = warning;
\set VERBOSITY sqlstate
SELECT reminder.record_payment(1, 'e1', '2026-03-30', 100, 'EUR', reference => 'b');
\set VERBOSITY default
RESET client_min_messages;
SELECT reminder.record_payment(1, 'e2', '2026-03-30', 100, 'EUR', reference => 'eur');
SELECT reminder.record_payment(1, 'e3', '2026-03-30', 1, 'SEK');
SELECT * FROM t.paid WHERE payment_no LIKE 'e%';
SELECT payment_no, reference, currency FROM reminder.unmatched_payments ORDER BY 1;
TABLE reminder.payment_currency;
SELECT t.try($$ UPDATE reminder.payment SET invoice_no = 'b' WHERE payment_no = 'e1' $$);
SELECT t.try($$ UPDATE reminder.payment SET invoice_no = 'b' WHERE payment_no = 'e2' $$);
SELECT t.try($$ UPDATE reminder.payment SET invoice_no = 'eur' WHERE payment_no = 'e3' $$);
SELECT t.try($$ UPDATE reminder.payment SET invoice_no = 'b', amount = 3 WHERE payment_no IN ('e1', 'e3') $$);
SELECT t.try($$ SELECT reminder.match_payment(1, 'e2', 'own', '2026-03-30') $$);
SELECT reminder.match_payment(1, 'e1', 'eur', '2026-03-30');
-- taken off, it stays what it was
UPDATE reminder.payment SET invoice_no = NULL WHERE payment_no = 'e2';
SELECT t.try($$ UPDATE reminder.payment SET invoice_no = 'b' WHERE payment_no = 'e2' $$);
SELECT t.try($$ DELETE FROM reminder.payment WHERE payment_no = 'e2' $$);
SELECT t.try($$ DELETE FROM reminder.payment_currency $$);
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'e2', 'r', '2026-03-31', 40);
TABLE reminder.payment_currency;
SELECT * FROM t.posting WHERE doc LIKE 'e%';
TABLE t.wrong;
-- collected by the service, in its own currency's account
UPDATE reminder.payment SET source = 'service' WHERE payment_no = 'e2';
SELECT currency, collected, refunded, not_paid_out FROM reminder.service_account WHERE creditor_id = 1 ORDER BY 1;
SELECT reminder.settle(1, '2026-04-01') \g /dev/null
UPDATE reminder.payment SET bounced_on = '2026-04-02' WHERE payment_no = 'e2';
SELECT reminder.settle(1, '2026-04-03') \g /dev/null
SELECT currency, collected, refunded, not_paid_out FROM reminder.service_account WHERE creditor_id = 1 ORDER BY 1;
TABLE t.wrong;

\echo '# taken in by whom the last letter said to pay'
SELECT reminder.record_payment(1, 's1', '2026-04-07', 10, 'SEK', invoice_no => 'b');
SELECT reminder.record_payment(1, 's2', '2026-04-07', 10, 'SEK', invoice_no => 'own');
SELECT reminder.record_payment(1, 's3', '2026-04-07', 10, 'SEK', invoice_no => 'from somebody');
SELECT reminder.record_payment(1, 's4', '2026-04-07', 10, 'SEK', reference => 'b', source => 'creditor', allocates => 'law');
SELECT reminder.record_payment(1, 's5', '2026-04-07', 10, 'SEK');
SELECT p.payment_no, p.invoice_no, p.source, p.reference, p.allocates FROM reminder.payment p WHERE payment_no LIKE 's%' ORDER BY 1;

\echo '# what cannot be'
\pset format unaligned
\pset tuples_only
SELECT format('%s: %s', s, t.try(s)) FROM (VALUES
  ($$SELECT reminder.match_payment(9, 'p1', 'a', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(NULL, 'p1', 'a', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(1, 'none', 'a', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(1, NULL, 'a', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(1, 'p1', 'none', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(1, 'p1', 'other', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(2, 'p1', 'a', '2026-04-07')$$),
  ($$SELECT reminder.match_payment(1, 'p1', 'a', NULL)$$),
  ($$SELECT reminder.match_payment(1, 'p1', 'a', 'infinity')$$),
  ($$SELECT reminder.match_payment(1, 'p1', 'a', '2026-03-19')$$),
  ($$SELECT reminder.match_payment(1, 'e2', 'eur', '2026-04-07')$$),
  ($$SELECT reminder.unmatch_payment(1, 'none', '2026-04-07')$$),
  ($$SELECT reminder.unmatch_payment(1, 'e2', '2026-04-07')$$),
  ($$SELECT reminder.unmatch_payment(1, 's1', '2026-04-01')$$),
  ($$SELECT reminder.record_payment(9, 'x', '2026-04-07', 1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, NULL, '2026-04-07', 1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, '', '2026-04-07', 1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'p1', '2026-04-07', 1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', NULL, 1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', '-infinity', 1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', NULL, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 0, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', -1, 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 'NaN', 'SEK')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, NULL)$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'kr')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', invoice_no => 'none')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', source => 'bank')$$),
  ($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', allocates => 'fee')$$)) x (s);
-- what was paid back pays nothing else
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 's5', 'r', '2026-04-08', 10);
SELECT t.try($$SELECT reminder.match_payment(1, 's5', 'b', '2026-04-08')$$);
\pset tuples_only
\pset format aligned
TABLE t.wrong;

\echo '# a credit balance pays another invoice of the customer'
CALL t.invoice(1, 'next', 'own', '2026-05-04', 50);
CALL t.invoice(1, 'later', 'own', '2026-05-04', 500);
CALL t.invoice(1, 'last', 'own', '2026-05-04', 500);
SELECT * FROM reminder.credit_balance ORDER BY payment_no;
SELECT reminder.use_balance(1, 'p1', 'next', NULL, '2026-04-09', 'u1');
SELECT reminder.use_balance(1, 'p1', 'later', 10, '2026-04-09', 'u2');
SELECT reminder.use_balance(1, 'p1', 'last', NULL, '2026-04-09', 'u3');
SELECT s, t.try(s) FROM (VALUES
  ($$SELECT reminder.use_balance(1, 's3', 'b', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'eur', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'from somebody', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'next', NULL, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', 10.01, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', 0, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', -1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', 'NaN', '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', 1, '2026-04-06', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', 1, '2026-04-09', '')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'later', 1, '2026-04-09', 'p1')$$),
  ($$SELECT reminder.use_balance(1, 's3', 'none', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's3', NULL, 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 'p1', 'later', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 's1', 'later', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(1, 'p2', 'later', 1, '2026-04-09', 'x')$$),
  ($$SELECT reminder.use_balance(2, 's3', 'later', 1, '2026-04-09', 'x')$$)) x (s);
SELECT * FROM reminder.credit_balance ORDER BY payment_no;
SELECT * FROM t.open WHERE invoice_no IN ('next', 'later', 'last');
SELECT payment_no, refund_no, amount FROM reminder.refund WHERE payment_no = 'p1' ORDER BY 2;
SELECT * FROM t.paid WHERE payment_no LIKE 'u%';
SELECT invoice_no, kind, as_of, amount, detail FROM reminder.event WHERE kind = 'balance_used' ORDER BY event_no;
SELECT account, coalesce(sum(debit), 0) - coalesce(sum(credit), 0) AS balance FROM reminder.posting_list WHERE document_no IN ('p1 u1', 'p1 u2', 'p1 u3', 'u1', 'u2', 'u3') GROUP BY 1 ORDER BY 1;
SELECT reminder.settle(1, '2026-04-10') \g /dev/null
TABLE t.wrong;
DELETE FROM reminder.payment WHERE payment_no = 'u2';
DELETE FROM reminder.refund WHERE refund_no = 'u2';
SELECT * FROM reminder.credit_balance ORDER BY payment_no;
TABLE t.wrong;

\echo '# who is limited to an invoice records what it is paid, and moves nothing; another creditor''s is unknown'
CREATE ROLE regress_matching NOLOGIN;
CREATE ROLE regress_matching_own NOLOGIN;
SELECT reminder.grant_role('clerk', r) FROM unnest(ARRAY['regress_matching', 'regress_matching_own']) r \g /dev/null
GRANT USAGE ON SCHEMA t TO PUBLIC;
SELECT reminder.raise_walls() \g /dev/null
INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (2, 'regress_matching');
INSERT INTO reminder.creditor_access (creditor_id, role_name, limited) VALUES (1, 'regress_matching_own', true);
INSERT INTO reminder.invoice_access (creditor_id, invoice_no, role_name) VALUES (1, 'b', 'regress_matching_own');
\pset format unaligned
\pset tuples_only
SET ROLE regress_matching;
SELECT t.try($$SELECT reminder.match_payment(1, 'p1', 'a', '2026-04-07')$$);
SELECT t.try($$SELECT reminder.unmatch_payment(1, 'p1', '2026-04-07')$$);
SELECT t.try($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK')$$);
SELECT t.try($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', invoice_no => 'b')$$);
SELECT reminder.match_payment(2, 'p1', 'other', '2026-04-07');
SELECT count(*) FROM reminder.payment_currency;
SET ROLE regress_matching_own;
SELECT t.try($$SELECT reminder.match_payment(1, 'p1', 'b', '2026-04-07')$$);
SELECT t.try($$SELECT reminder.unmatch_payment(1, 's1', '2026-04-07')$$);
SELECT t.try($$SELECT reminder.use_balance(1, 'p1', 'b', 1, '2026-04-07')$$);
SELECT t.try($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', reference => 'own')$$);
SELECT t.try($$SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', invoice_no => 'own')$$);
SELECT reminder.record_payment(1, 'x', '2026-04-07', 1, 'SEK', invoice_no => 'b');
SELECT count(*) FROM reminder.unmatched_payments;
RESET ROLE;
\pset tuples_only
\pset format aligned
TABLE t.wrong;
SELECT reminder.lower_walls() \g /dev/null
SELECT reminder.revoke_role('clerk', r) FROM unnest(ARRAY['regress_matching', 'regress_matching_own']) r \g /dev/null
SELECT finding, object, detail FROM reminder.check();
DROP OWNED BY regress_matching, regress_matching_own;
DROP ROLE regress_matching, regress_matching_own;
\i test/sql/include/ladder_end.sql
