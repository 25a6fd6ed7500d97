-- C6, M1: what was paid of the fee of a letter that failed goes to what is
-- owed, on the day on which it failed: cases, settlements, postings, the log.
\set name regress_paid_again
\i test/sql/include/ladder.sql
CREATE VIEW t.wrong AS SELECT * FROM reminder.conservation();
CREATE VIEW t.claim AS
SELECT k.invoice_no, k.state, k.ended_on, k.fees, k.fees_paid AS paid, k.fees_waived AS waived, k.interest, k.interest_paid AS i_paid, i.open_amount AS open
FROM reminder.collection_case k JOIN reminder.invoice i USING (creditor_id, invoice_no) ORDER BY 1;
CREATE VIEW t.allocated AS
SELECT p.invoice_no, p.payment_no, p.amount, coalesce(a.principal, p.amount) AS principal, coalesce(a.fee, 0) AS fee, coalesce(a.interest, 0) AS interest, coalesce(a.overpaid, 0) AS over
FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no) ORDER BY 1, 2;
CREATE VIEW t.statement AS
SELECT s.settlement_no AS no, s.line, s.invoice_no AS invoice, s.text, s.booked_on, s.amount, s.balance FROM reminder.settlement_statement s ORDER BY 1, 2;
CREATE VIEW t.posting AS
SELECT p.posted_on, p.event, p.document_no AS doc, p.entry_no AS n, string_agg(format('%s %s %s', CASE WHEN p.debit IS NULL THEN 'K' ELSE 'D' END, p.account, coalesce(p.debit, p.credit)), ', ' ORDER BY p.line) AS lines
FROM reminder.posting_list p WHERE p.event IN ('payment', 'payment_taken_back') GROUP BY 1, 2, 3, 4, p.invoice_no ORDER BY p.posted_on, doc, p.event DESC, n;

CALL t.creditor(1, 'SE');
CALL t.rule(1, 11, 'company', 'service', true, 'reminder 5d 10d 60', 'demand 12d 10d 180');
SELECT reminder.activate(1, true) \g /dev/null
CALL t.customer(1, 'C', 'company', 11);
DO $$ BEGIN FOR n IN 1 .. 7 LOOP CALL t.invoice(1, 'a' || n, 'C', '2026-03-02'); END LOOP; END $$;
\set c 1
\set d '\'2026-03-17\''
:run
SELECT invoice_no, principal, interest, fee, total FROM reminder.letter_list WHERE invoice_no = 'a1';
-- 1000.00 principal, 4.11 interest, 60.00 fee. a1: fee 60, interest 4.11, principal 435.89; a2 in two; a3 all but 10; a4 no fee;
-- a5 more than is owed without the fee; a6 goes out; a7 fee alone
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, allocates) VALUES
  (1, 'p1', 'a1', '2026-03-18', 500, 'service', 'law'), (1, 'p2', 'a2', '2026-03-18', 40, 'service', 'law'), (1, 'p3', 'a2', '2026-03-19', 100, 'creditor', 'law'),
  (1, 'p4', 'a3', '2026-03-18', 1054.11, 'service', NULL), (1, 'p5', 'a4', '2026-03-18', 300, 'service', NULL),
  (1, 'p6', 'a5', '2026-03-18', 1014.11, 'service', NULL), (1, 'p7', 'a6', '2026-03-18', 500, 'service', 'law'), (1, 'p8', 'a7', '2026-03-20', 60, 'service', 'law');
SELECT * FROM t.claim;
SELECT * FROM t.allocated;
SELECT reminder.settle(1, '2026-03-20');
SELECT reminder.seal(1) \g /dev/null
CALL reminder.run('2026-03-21', 1);

\echo '# they failed: nobody owes their fees'
SELECT outcome, count(*) FROM reminder.fail_letters(
  ARRAY(SELECT c.dedupe_key FROM reminder.claim_letters('print', 1) c WHERE c.invoice_no <> 'a6'), 'returned', '2026-03-23') GROUP BY 1;
SELECT reminder.confirm_letter(1, 'a6', 'reminder', '2026-03-23');
SELECT * FROM t.claim;
SELECT * FROM t.allocated;
SELECT invoice_no, event_on, event, amount, detail FROM reminder.event_list WHERE invoice_no IN ('a1', 'a3', 'a4', 'a7') ORDER BY invoice_no, recorded_at, event;
TABLE t.wrong;
SELECT * FROM reminder.verify();
\echo '# as of the day before it is what it was; settled, it is corrected in a settlement of its own, and posted on its own day'
SELECT invoice_no, fees, fees_paid, fees_waived, principal, open FROM reminder.case_status_as_of(1, '2026-03-20') WHERE invoice_no <> 'a6';
SELECT invoice_no, state, fees, fees_paid, fees_waived, principal, open FROM reminder.case_status_as_of(1, '2026-03-23') WHERE invoice_no <> 'a6';
SELECT s.as_of, s.due = sum(l.due) AS whole FROM reminder.settlement s JOIN reminder.settlement_line l USING (creditor_id, settlement_no) GROUP BY s.as_of, s.due;
SELECT reminder.settle(1, '2026-03-23');
SELECT * FROM t.statement WHERE no = 2;
SELECT * FROM t.posting WHERE doc IN ('p1', 'p3');
SELECT reminder.settle(1, '2026-03-24');
SELECT count(*) FROM t.statement WHERE no = 3;
TABLE t.wrong;
SELECT * FROM reminder.verify();
SELECT finding, object, detail FROM reminder.check();

\echo '# the payment bounces after all'
UPDATE reminder.payment SET bounced_on = '2026-03-24' WHERE payment_no = 'p4';
SELECT * FROM t.claim WHERE invoice_no = 'a3';
TABLE t.wrong;
SELECT * FROM reminder.verify();

\echo '# C5: an instalment paid of it is so of the principal, and the plan is of less; once that is paid it is paid'
CALL t.invoice(1, 'b1', 'C', '2026-03-02');
\set d '\'2026-03-25\''
:run
SELECT total FROM reminder.letter_list WHERE invoice_no = 'b1';
SELECT reminder.make_payment_plan(1, 'b1', '2026-03-26', due_dates => ARRAY['2026-04-10', '2026-05-11']::date[]);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, allocates) VALUES (1, 'b1', 'b1', '2026-04-10', 1010, 'service', 'law');
SELECT * FROM t.claim WHERE invoice_no = 'b1';
SELECT reminder.fail_letter(1, 'b1', 'reminder', 'returned', '2026-04-12');
SELECT * FROM t.claim WHERE invoice_no = 'b1';
SELECT due_date, amount, open FROM reminder.instalment_list WHERE invoice_no = 'b1' ORDER BY 1;
SELECT state, ended_on FROM reminder.payment_plan;
TABLE t.wrong;
SELECT * FROM reminder.verify();
\i test/sql/include/ladder_end.sql
