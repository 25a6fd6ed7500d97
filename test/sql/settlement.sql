-- M3: the service pays out what it collected, less what it keeps; its invoice;
-- what goes back is netted; nothing is settled twice. M4: the postings.
\set name regress_settlement
\i test/sql/include/ladder.sql
CREATE VIEW t.wrong AS SELECT * FROM reminder.conservation();
CREATE VIEW t.statement AS
SELECT s.creditor_id AS c, s.settlement_no AS no, s.line, s.invoice_no AS invoice, s.text, s.booked_on, s.amount, s.balance, s.currency FROM reminder.settlement_statement s ORDER BY 1, 2, s.currency, 3;
CREATE VIEW t.payout AS
SELECT p.creditor_id AS c, p.settlement_no AS no, p.payout_no AS n, p.kind, p.number, p.currency, p.amount, p.due_on, p.paid_on FROM reminder.payout_list p ORDER BY 1, 2, 3;
CREATE VIEW t.posting AS
SELECT p.posted_on, p.event, p.document_no AS doc, string_agg(format('%s %s %s', CASE WHEN p.debit IS NULL THEN 'K' ELSE 'D' END, p.account, coalesce(p.debit, p.credit)), ', ' ORDER BY p.line) AS lines
FROM reminder.posting_list p WHERE p.event IN ('settlement', 'payout') GROUP BY 1, 2, 3, p.creditor_id ORDER BY p.creditor_id, p.posted_on, doc;

\echo '# a month: paid to the service and to the creditor, too much, of no invoice, in part'
CALL t.creditor(1, 'SE');
CALL t.rule(1, 11, 'company', 'creditor', true, 'reminder 5d 10d 60');
CALL t.rule(1, 12, 'company', 'service', true, 'reminder 5d 10d 60');
SELECT reminder.activate(1, true) \g /dev/null
CALL t.customer(1, 'own', 'company', 11);
CALL t.customer(1, 'service', 'company', 12);
CALL t.invoice(1, 'own', 'own', '2026-03-02');
DO $$ BEGIN FOR n IN 1 .. 6 LOOP CALL t.invoice(1, 's' || n, 'service', '2026-03-02'); END LOOP; END $$;
\set c 1
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(1, d.invoice_no, d.stage, :d) FROM reminder.decision d WHERE d.creditor_id = 1 \g /dev/null
SELECT invoice_no, principal, interest, fee, total FROM reminder.letter_list WHERE invoice_no IN ('own', 's1') ORDER BY 1;
-- 1000.00 principal, 4.11 interest, 60.00 fee
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES
  (1, 'p1', 's1', '2026-03-20', 1064.11, 'service'), (1, 'p2', 's2', '2026-03-20', 1064.11, 'creditor'), (1, 'p3', 's3', '2026-03-20', 1164.11, 'service'),
  (1, 'p4', NULL, '2026-03-20', 250, 'service'), (1, 'p5', 'own', '2026-03-23', 1064.11, 'service'), (1, 'p6', 's4', '2026-03-20', 400, 'creditor'),
  (1, 'p7', 's4', '2026-03-24', 400, 'service');
SELECT * FROM reminder.service_account;
SELECT reminder.settle(1, '2026-03-23');
-- 1064.11 - 75 + 1064.11 (held: 100) - 75 + 1064.11 (a fee of the creditor's own) - 75 owed for p2
TABLE t.statement;
TABLE t.payout;
SELECT item, invoice_no, document_no, net, vat_percent, vat, charged FROM reminder.service_invoice ORDER BY document_no;
TABLE t.posting;
SELECT * FROM reminder.service_account;
TABLE t.wrong;

\echo '# again for the same day, and before it: nothing, whatever came in since'
CREATE TABLE t.before AS SELECT * FROM reminder.settlement_line;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'late', 's5', '2026-03-10', 10, 'service');
SELECT reminder.settle(1, '2026-03-23');
SELECT t.try($$ SELECT reminder.settle(1, '2026-03-22') $$);
SELECT t.try($$ SELECT reminder.settle(1, '2062-03-24') $$);
SELECT count(*) FROM (TABLE reminder.settlement_line EXCEPT TABLE t.before) x;
SELECT count(*) FROM reminder.payout;

\echo '# bounced after it was paid out: netted, and what is more than there is, is carried on'
UPDATE reminder.payment SET bounced_on = '2026-04-01' WHERE payment_no = 'p1';
SELECT reminder.settle(1, '2026-04-02');
SELECT reminder.settle(1, '2026-04-03');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'p8', 's6', '2026-04-07', 1064.11, 'service');
SELECT reminder.settle(1, '2026-04-07');
SELECT * FROM t.statement WHERE no > 1;
SELECT settlement_no AS no, as_of, payments, collected, held, fee, interest, commission, vat, refunded, carried_in, due, paid_out, carried_on FROM reminder.settlement_list ORDER BY 1;
TABLE t.payout;
TABLE t.wrong;

\echo '# corrected, moved, deleted, matched at last, and taken in by the other'
UPDATE reminder.payment SET amount = 500 WHERE payment_no = 'p7';
UPDATE reminder.payment SET invoice_no = 's5' WHERE payment_no = 'late';
DELETE FROM reminder.payment WHERE payment_no = 'p8';
UPDATE reminder.payment SET invoice_no = 's5' WHERE payment_no = 'p4';
UPDATE reminder.payment SET source = 'service' WHERE payment_no = 'p2';
UPDATE reminder.payment SET bounced_on = NULL WHERE payment_no = 'p1';
SELECT * FROM reminder.service_account;
SELECT reminder.settle(1, '2026-04-20');
SELECT * FROM t.statement WHERE no = 5;
TABLE t.wrong;

\echo '# a balance paid back is held by the service; one whose payment then goes back is the creditor''s'
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'p3', 'back', '2026-04-21', 40);
SELECT reminder.settle(1, '2026-04-21');
UPDATE reminder.payment SET bounced_on = '2026-04-22' WHERE payment_no = 'p3';
SELECT reminder.settle(1, '2026-04-22');
DELETE FROM reminder.refund WHERE payment_no = 'p3';
SELECT reminder.settle(1, '2026-04-23');
SELECT * FROM t.statement WHERE no > 5;
TABLE t.wrong;

\echo '# late interest is shared by a setting, from a day on; and payouts are due sooner'
INSERT INTO reminder.settlement_terms (creditor_id, valid_from, bank_days, interest_share) VALUES (1, '2026-04-24', 2, 50);
CALL t.invoice(1, 'i1', 'service', '2026-03-02');
CALL t.invoice(1, 'i2', 'service', '2026-03-02');
\set d '\'2026-04-24\''
:run
SELECT invoice_no, interest, fee, total FROM reminder.letter_list WHERE invoice_no = 'i1';
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'q1', 'i1', '2026-04-28', 1074.52, 'service'), (1, 'q2', 'i2', '2026-04-28', 1074.52, 'creditor');
-- Valborg's eve is one, the first of May is none: 29 and 30 April
SELECT reminder.settle(1, '2026-04-28');
SELECT * FROM t.statement WHERE no = 9;
SELECT * FROM t.payout WHERE no = 9;
SELECT * FROM t.posting WHERE doc LIKE '9 %';
TABLE t.wrong;

\echo '# destinations by branch, netted one with the other; other currencies by themselves'
UPDATE reminder.creditor SET iban = 'SE4550000000058398257466' WHERE creditor_id = 1;
INSERT INTO reminder.payout_destination VALUES (1, 'north', 'plusgiro', '4-2');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, branch) VALUES
  (1, 'n', 'own', '2026-04-01', '2026-05-01', 'SEK', 1000, 'north'), (1, 'w', 'own', '2026-04-01', '2026-05-01', 'SEK', 1000, 'west'), (1, 'e', 'own', '2026-04-01', '2026-05-01', 'EUR', 1000, 'west');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'n1', 'n', '2026-04-29', 300, 'service'), (1, 'w1', 'w', '2026-04-29', 200, 'service'), (1, 'e1', 'e', '2026-04-29', 70, 'service');
SELECT reminder.settle(1, '2026-04-29');
SELECT * FROM t.payout WHERE no = 10;
DELETE FROM reminder.payment WHERE payment_no = 'w1';
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'n2', 'n', '2026-04-30', 250, 'service');
SELECT reminder.settle(1, '2026-04-30');
SELECT * FROM t.statement WHERE no = 11;
SELECT * FROM t.payout WHERE no = 11;
TABLE t.wrong;

\echo '# paid out, and booked then'
SELECT reminder.payout_done(1, 11, 1, '2026-05-04'), reminder.payout_done(1, 11, 1, '2026-05-04');
SELECT * FROM t.payout WHERE no = 11;
SELECT * FROM t.posting WHERE event = 'payout';

\echo '# commission, in per cent of what is paid in monitoring, to whomever, with its VAT and its highest'
CALL t.creditor(3, 'SE', 'amili');
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (3, 'commission_percent', '1990-01-01', 10), (3, 'commission_at_most', '1990-01-01', 50), (3, 'vat_percent', '1990-01-01', 25);
CALL t.customer(3, 'c');
CALL t.invoice(3, 'm', 'c', '2026-01-05');
CALL t.invoice(3, 'k', 'c', '2026-01-05');
CALL reminder.run('2026-01-12', 3);
CALL reminder.run('2026-01-30', 3);
CALL reminder.run('2026-02-20', 3);
SELECT invoice_no, state, state_on FROM reminder.collection_case WHERE creditor_id = 3 ORDER BY 1;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (3, 'm1', 'm', '2026-02-23', 300, 'service'), (3, 'k1', 'k', '2026-02-23', 200, 'creditor');
-- 300 - 30.00 - 7.50 VAT, and 20.00 + 5.00 of what the creditor took in
SELECT reminder.settle(3, '2026-02-24');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (3, 'm2', 'm', '2026-02-25', 400, 'service'), (3, 'm0', 'm', '2026-02-21', 100, 'service');
-- 80.00 would be due, 50.00 is the highest: 20.00 more
SELECT reminder.settle(3, '2026-02-26');
UPDATE reminder.payment SET bounced_on = '2026-02-27' WHERE payment_no = 'm2';
-- 40.00 of 400 are left
SELECT reminder.settle(3, '2026-02-27');
SELECT reminder.settle(3, '2026-02-28');
SELECT * FROM t.statement WHERE c = 3;
SELECT item, invoice_no, net, vat, charged FROM reminder.service_invoice WHERE creditor_id = 3 ORDER BY settlement_no, invoice_no;
SELECT p.posted_on, p.document_no, p.purpose, p.debit, p.credit FROM reminder.posting_list p WHERE p.creditor_id = 3 AND p.event = 'settlement' ORDER BY 1, p.line;
SELECT * FROM reminder.service_account WHERE creditor_id = 3;
TABLE t.wrong;

\echo '# bad input'

CREATE TABLE t.lines AS TABLE reminder.settlement_line;
SELECT t.try(s) FROM (VALUES
  ($$ SELECT reminder.settle(99, '2026-05-04') $$), ($$ SELECT reminder.settle(NULL, '2026-05-04') $$), ($$ SELECT reminder.settle(1, NULL) $$), ($$ SELECT reminder.settle(1, 'infinity') $$),
  ($$ SELECT reminder.payout_done(1, 99, 1, '2026-05-04') $$), ($$ SELECT reminder.payout_done(1, 11, NULL, '2026-05-04') $$), ($$ SELECT reminder.payout_done(1, 11, 1, '2026-05-05') $$),
  ($$ SELECT reminder.payout_done(1, 10, 1, '2026-04-28') $$), ($$ SELECT reminder.payout_done(1, 10, 1, NULL) $$), ($$ SELECT reminder.payout_done(99, 10, 1, '2026-05-05') $$),
  ($$ INSERT INTO reminder.settlement_terms VALUES (1, '2026-04-30') $$), ($$ UPDATE reminder.settlement_terms SET interest_share = 0 $$), ($$ DELETE FROM reminder.settlement_terms $$),
  ($$ INSERT INTO reminder.settlement_terms VALUES (1, '2026-06-01', 61) $$), ($$ INSERT INTO reminder.settlement_terms VALUES (1, '2026-06-01', 5, 'NaN') $$), ($$ INSERT INTO reminder.settlement_terms VALUES (1, 'infinity') $$),
  ($$ INSERT INTO reminder.settlement_terms VALUES (99, '2026-06-01') $$), ($$ INSERT INTO reminder.settlement_terms VALUES (1, '2026-06-01', 0, 100) $$),
  ($$ INSERT INTO reminder.payout_destination VALUES (1, 'south', 'bankgiro', '5402-9682') $$), ($$ INSERT INTO reminder.payout_destination VALUES (1, 'south', 'cash', '1') $$), ($$ INSERT INTO reminder.payout_destination VALUES (1, '', 'plusgiro', '4-2') $$),
  ($$ INSERT INTO reminder.settlement_line SELECT * FROM reminder.settlement_line $$), ($$ DELETE FROM reminder.payout $$), ($$ UPDATE reminder.settlement SET due = 0 $$)) s (s);
SELECT count(*) FROM (TABLE reminder.settlement_line EXCEPT TABLE t.lines) x;
-- nowhere to pay it; a country whose VAT nobody has said
CALL t.creditor(2, 'FI');
CALL t.rule(2, 12, 'company', 'service', true, 'reminder 14d 14d 5');
SELECT reminder.activate(2, true) \g /dev/null
CALL t.customer(2, 'c', 'company', 12);
CALL t.invoice(2, 'f', 'c', '2026-03-02');
CALL t.invoice(2, 'g', 'c', '2026-03-02');
\set c 2
\set d '\'2026-03-17\''
:run
SELECT invoice_no, interest, fee, total FROM reminder.letter_list WHERE creditor_id = 2 ORDER BY 1;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, allocates) VALUES (2, 'f', 'f', '2026-03-20', 1500, 'service', 'law'), (2, 'g', 'g', '2026-03-20', 1000, 'service', 'principal');
SELECT t.try($$ SELECT reminder.settle(2, '2026-03-23') $$);
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (2, 'vat_percent', '1990-01-01', 24), (2, 'vat_percent', '2026-04-01', 25.5);
UPDATE reminder.creditor SET bankgiro = NULL WHERE creditor_id = 2;
SELECT t.try($$ SELECT reminder.settle(2, '2026-03-23') $$);
UPDATE reminder.creditor SET bankgiro = '5402-9681' WHERE creditor_id = 2;
SELECT reminder.settle(2, '2026-03-23');
SELECT * FROM t.statement WHERE c = 2;
TABLE t.wrong;
SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
