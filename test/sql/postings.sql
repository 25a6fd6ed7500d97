-- What money means to the creditor's books (F7, M4): a fee is booked when it is
-- paid, and not when it is claimed; every entry balances; what was posted once
-- is posted back and does not go away.
\set name regress_postings
\i test/sql/include/ladder.sql
CREATE VIEW t.posting AS
SELECT p.creditor_id AS c, p.posted_on, p.event, p.document_no AS doc, p.entry_no AS n, p.invoice_no AS invoice,
       string_agg(format('%s %s %s%s', CASE WHEN p.debit IS NULL THEN 'K' ELSE 'D' END, coalesce(p.account, '?'), coalesce(p.debit, p.credit), CASE p.currency WHEN 'SEK' THEN '' ELSE ' ' || p.currency END), ', ' ORDER BY p.line) AS lines
FROM reminder.posting_list p GROUP BY 1, 2, 3, 4, 5, 6;
-- None is good: an entry that does not balance, a line that is both or neither.
CREATE VIEW t.unbalanced AS
SELECT p.creditor_id, p.event, p.document_no, p.entry_no, p.invoice_no, sum(p.debit) AS debit, sum(p.credit) AS credit FROM reminder.posting_list p
GROUP BY 1, 2, 3, 4, 5 HAVING sum(p.debit) IS DISTINCT FROM sum(p.credit) OR bool_or(num_nonnulls(p.debit, p.credit) <> 1 OR coalesce(p.debit, p.credit) <= 0);

\echo '# F7: a letter posts nothing; its fee is booked with the payment'
CALL t.creditor(1, 'SE');
CALL t.rule(1, 11, 'company', 'creditor', true, 'reminder 5d 10d 60');
CALL t.rule(1, 12, 'company', 'service', true, 'reminder 5d 10d 60');
SELECT reminder.activate(1, true) \g /dev/null
CALL t.customer(1, 'own', 'company', 11);
CALL t.customer(1, 'service', 'company', 12);
CALL t.invoice(1, 'a', 'own', '2026-03-02');
CALL t.invoice(1, 'b', 'own', '2026-03-02');
CALL t.invoice(1, 's', 'service', '2026-03-02');
CALL t.invoice(1, 's2', 'service', '2026-03-02');
\set c 1
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(1, d.invoice_no, d.stage, :d) FROM reminder.decision d WHERE d.creditor_id = 1 \g /dev/null
SELECT invoice_no, principal, interest, fee, total FROM reminder.letter_list ORDER BY 1;
SELECT count(*) FROM reminder.posting_list;
CALL t.pay(1, 'part', 'a', '2026-03-18', 400);
SELECT * FROM t.posting ORDER BY posted_on, doc;
CALL t.pay(1, 'rest', 'a', '2026-03-19', 664.11);
SELECT * FROM t.posting ORDER BY posted_on, doc;

\echo '# it bounces: what was posted is posted back, the fee too'
UPDATE reminder.payment SET bounced_on = '2026-03-23' WHERE payment_no = 'rest';
SELECT * FROM t.posting WHERE doc = 'rest' ORDER BY posted_on, n, event;
\echo '# it comes after all, is of another invoice, and is deleted'
UPDATE reminder.payment SET bounced_on = NULL WHERE payment_no = 'rest';
UPDATE reminder.payment SET invoice_no = 'b' WHERE payment_no = 'rest';
DELETE FROM reminder.payment WHERE payment_no = 'rest';
SELECT * FROM t.posting WHERE doc = 'rest' ORDER BY n, event;
SELECT account, sum(debit) AS debit, sum(credit) AS credit FROM reminder.posting_list WHERE document_no = 'rest' GROUP BY 1 ORDER BY 1;

\echo '# an overpayment and its refund; a payment of no invoice yet; rounding'
CALL t.pay(1, 'over', 'b', '2026-03-20', 1164.11);
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'over', 'back', '2026-03-21', 100);
INSERT INTO reminder.payment (creditor_id, payment_no, reference, paid_on, amount) VALUES (1, 'whose', 'nobody''s', '2026-03-20', 250);
SELECT * FROM t.posting WHERE doc IN ('over', 'over back', 'whose') ORDER BY doc, n;
UPDATE reminder.payment SET invoice_no = 'a' WHERE payment_no = 'whose';
CALL t.pay(1, 'rounded', 'a', '2026-03-24', 414);
SELECT * FROM t.posting WHERE doc IN ('whose', 'rounded') ORDER BY doc, n, event;

\echo '# M4: fees that the service keeps are no income: paid to it, and paid to the creditor'
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'to service', 's', '2026-03-20', 1064.11, 'service'), (1, 'to creditor', 's2', '2026-03-20', 1064.11, 'creditor');
SELECT * FROM t.posting WHERE doc LIKE 'to %' ORDER BY doc;

\echo '# M4: credit losses, without what is known of VAT, and with it; doubtful, confirmed, recovered'
DO $$ BEGIN FOR n IN 1 .. 5 LOOP CALL t.invoice(1, 'l' || n, 'own', '2026-03-23', 12500); END LOOP; END $$;
INSERT INTO reminder.invoice_vat VALUES (1, 'l2', 25, 10000, 2500), (1, 'l3', 25, 10000, 2500), (1, 'l4', 25, 5000, 1250), (1, 'l4', 12, 1000, 120), (1, 'l4', 0, 5130, 0), (1, 'l5', 0, 0, 0);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES
  (1, 'l1', 'L1', 'doubtful', '2026-03-24', 12500), (1, 'l2', 'L2', 'doubtful', '2026-03-24', 12500), (1, 'l3', 'L3', 'confirmed', '2026-03-24', 12500),
  (1, 'l4', 'L4', 'confirmed', '2026-03-24', 1000.01), (1, 'l5', 'L5', 'confirmed', '2026-03-24', 0.01);
SELECT * FROM t.posting WHERE doc LIKE 'L_' ORDER BY doc, posted_on, event;
-- what was doubtful is certain
UPDATE reminder.credit_loss SET reversed_on = '2026-03-25' WHERE loss_no = 'L2';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'l2', 'L6', 'confirmed', '2026-03-25', 12500);
-- and what was lost is paid
UPDATE reminder.credit_loss SET reversed_on = '2026-03-26' WHERE loss_no = 'L3';
CALL t.pay(1, 'recovered', 'l3', '2026-03-26', 12500);
SELECT * FROM t.posting WHERE invoice IN ('l2', 'l3') ORDER BY invoice, posted_on, doc, event;
SELECT invoice_no, account, coalesce(sum(debit), 0) - coalesce(sum(credit), 0) AS balance FROM reminder.posting_list WHERE invoice_no IN ('l2', 'l3') GROUP BY 1, 2 ORDER BY 1, 2;
TABLE t.unbalanced;
-- accounts of one's own; and what is no VAT
INSERT INTO reminder.account_map VALUES (1, 'confirmed_loss', '6359'), (1, 'output_vat', '2640');
SELECT * FROM t.posting WHERE doc = 'L6';
DELETE FROM reminder.account_map WHERE creditor_id = 1 AND purpose IN ('confirmed_loss', 'output_vat');
SELECT s AS vat, t.try(format('INSERT INTO reminder.invoice_vat VALUES (1, %s)', s)) FROM (VALUES
  ('''l1'', -1, 1, 0'), ('''l1'', 101, 1, 1.01'), ('''l1'', ''NaN'', 1, 0'), ('NULL, 25, 1, 0'), ('''none'', 25, 4, 1'), ('''l2'', 25, 4, 1'), ('''l1'', 25, -4, -1'),
  ('''l1'', 25, ''NaN'', 1'), ('''l1'', 25, 4, ''NaN'''), ('''l1'', 25, 4, ''Infinity'''), ('''l1'', 25, 4, 2.01'), ('''l1'', 25, 1000000000000, 250000000000')) x (s);
SELECT * FROM reminder.conservation(1);

\echo '# F8: the authority''s share'
INSERT INTO reminder.tax_reduction VALUES (1, 'b', 'rot', 500);
SELECT reminder.tax_reduction_paid(1, 'b', 300, '2026-04-01'), reminder.tax_reduction_refused(1, 'b', 200, '2026-05-01', '2026-04-02') \g /dev/null
SELECT * FROM t.posting WHERE doc = 'rot' ORDER BY n;

\echo '# accounts of one''s own; and where there is no default'
INSERT INTO reminder.account_map VALUES (1, 'fee_income', '3930'), (1, 'bank', '1940');
SELECT * FROM t.posting WHERE doc = 'over';
CALL t.creditor(2, 'FI');
CALL t.customer(2, 'C');
CALL t.invoice(2, 'f', 'C', '2026-03-02');
CALL t.pay(2, 'f', 'f', '2026-03-02', 1000);
INSERT INTO reminder.account_map VALUES (2, 'receivable', '1700');
SELECT * FROM t.posting WHERE c = 2;
SELECT t.try('INSERT INTO reminder.account_map VALUES (1, ''pleasure'', ''9999'')'), t.try('INSERT INTO reminder.account_map VALUES (1, ''rounding'', '''')');

\echo '# what was posted stays posted: a fee of the creditor''s own, of a case that goes on with the service'
CALL t.customer(1, 'both', 'company', 11);
CALL t.rule(1, 21, 'company', 'service', true, 'reminder 5d 10d 60', 'demand 12d 10d 180');
CALL t.invoice(1, 'h', 'both', '2026-03-02');
\set d '\'2026-04-02\''
:run
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES (1, 'own fee', 'h', '2026-04-03', 400, 'law');
SELECT * FROM t.posting WHERE doc = 'own fee' ORDER BY n, event;
UPDATE reminder.customer SET own_rule = 21 WHERE customer_no = 'both';
\set d '\'2026-04-20\''
:run
SELECT state, collected_by, fees, fees_paid FROM reminder.collection_case WHERE invoice_no = 'h';
SELECT * FROM t.posting WHERE doc = 'own fee' ORDER BY n, event;

\echo '# and a payment that the service took in after all; one of another day, that bounced'
CALL t.invoice(1, 'g', 'own', '2026-03-02');
CALL t.pay(1, 'late', 'g', '2026-03-10', 100);
UPDATE reminder.payment SET source = 'service' WHERE payment_no = 'late';
SELECT * FROM t.posting WHERE doc = 'late' ORDER BY n, event;
UPDATE reminder.payment SET paid_on = '2026-03-01', bounced_on = '2026-03-05' WHERE payment_no = 'late';
SELECT * FROM t.posting WHERE doc = 'late' ORDER BY n, event;

\echo '# all balance, and the receivable is what was settled'
SELECT * FROM t.unbalanced;
SELECT i.creditor_id AS c, i.invoice_no, i.amount - i.open_amount AS settled,
       coalesce((SELECT sum(coalesce(p.credit, 0) - coalesce(p.debit, 0)) FROM reminder.posting_list p
                 WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.purpose = 'receivable' AND p.event LIKE 'payment%'), 0) AS posted
FROM reminder.invoice i ORDER BY 1, 2;
SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
