-- Approval (B7): letters of a step that is marked wait for somebody's yes.
\set name regress_approval
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'netvisor');
UPDATE reminder.rule_step SET approval = true WHERE stage = 'demand' AND creditor_id = 1;
UPDATE reminder.rule_step SET approval = true WHERE stage = 'reminder' AND creditor_id = 2;
CALL t.customer(1, 'C');
CALL t.customer(2, 'C');
CREATE PROCEDURE t.invoices(creditor_id bigint, numbers integer[], due_date date) LANGUAGE plpgsql AS $$
DECLARE
  _n integer;
BEGIN
  FOREACH _n IN ARRAY numbers LOOP
    CALL t.invoice(creditor_id, 'A' || _n, 'C', due_date);
  END LOOP;
END
$$;
CREATE VIEW t.approvals AS SELECT creditor_id AS c, invoice_no AS invoice, stage, status, open_amount, fee_of_rule, approved_on, approved_by = session_user AS by_me FROM reminder.approvals ORDER BY 1, 2;

\echo '# B7: the reminder goes out by itself, the demand waits'
CALL t.invoices(1, '{1,2,3,4,5,6}', '2026-03-02');
\set c 1
\set d '\'2026-03-07\''
:run
\set d '\'2026-03-23\''
:run
SELECT * FROM t.decision WHERE stage = 'demand';
TABLE t.approvals;
SELECT words FROM reminder.explain(1, 'A1', '2026-03-23');
SELECT invoice_no, why_not FROM reminder.invoice_status ORDER BY 1;
\echo '# approved: what can be, and why the others cannot'
SELECT * FROM reminder.approve_letters(1, ARRAY['A1', 'A2', 'A3', 'A4', 'A4', 'nix', NULL], '2026-03-24');
SELECT * FROM reminder.approve_letters(1, ARRAY['A1'], '2026-03-24');
TABLE t.approvals;
SELECT invoice_no, event, event_on, detail FROM reminder.event_list WHERE invoice_no = 'A1' ORDER BY recorded_at;
\echo '# and withdrawn'
SELECT * FROM reminder.withdraw_approval(1, ARRAY['A2', 'A5', 'nix'], '2026-03-24');
\echo '# sent by the next run, if it is still due: A3 is paid, A4 disputed since'
CALL t.pay(1, 'P1', 'A3', '2026-03-24', 1000);
SELECT reminder.hold(1, 'A4', 'dispute', '2026-03-26', '2026-03-24') \g /dev/null
\set d '\'2026-03-25\''
:run
SELECT invoice, stage, outcome, as_of, fee FROM t.decision WHERE stage = 'demand' ORDER BY 1;
SELECT invoice_no, why_not FROM reminder.invoice_status ORDER BY 1;
TABLE t.approvals;
\echo '# A4 when the dispute is over; approvals of a later day do not count before it'
SELECT outcome FROM reminder.approve_letters(1, ARRAY['A5'], '2026-03-28');
\set d '\'2026-03-27\''
:run
SELECT invoice, stage, outcome, as_of, fee FROM t.decision WHERE stage = 'demand' ORDER BY 1;
\echo '# an approval holds for the rule as it stood'
UPDATE reminder.rule_step SET fee = 170 WHERE creditor_id = 1 AND stage = 'demand';
\set d '\'2026-03-28\''
:run
TABLE t.approvals;
SELECT outcome FROM reminder.approve_letters(1, ARRAY['A5'], '2026-03-29');
\set d '\'2026-03-29\''
:run
SELECT invoice, stage, outcome, as_of, fee FROM t.decision WHERE stage = 'demand' ORDER BY 1;
\echo '# taken back, it needs another; and sent by hand, none: that is somebody''s yes'
SELECT reminder.take_back_letter(1, 'A5', 'too much', '2026-03-30');
\set d '\'2026-03-30\''
:run
TABLE t.approvals;
SELECT outcome FROM reminder.send_now(1, ARRAY['A6'], '2026-03-30');
\echo '# N3: it is the operator''s own trouble: under a rule that does not catch up the step stays due'
CALL t.invoices(2, '{1,2}', '2026-03-02');
\set c 2
\set d '\'2026-03-12\''
:run
\set d '\'2026-03-20\''
:run
SELECT outcome FROM reminder.approve_letters(2, ARRAY['A1'], '2026-03-21');
\set d '\'2026-03-21\''
:run
SELECT * FROM t.decision WHERE c = 2;
\echo '# what was approved is an invoice as it was: changed, or another of its number, it is approved anew'
CALL t.invoices(2, '{9}', '2026-03-02');
SELECT outcome FROM reminder.approve_letters(2, ARRAY['A9'], '2026-03-31');
UPDATE reminder.invoice SET amount = 90000 WHERE creditor_id = 2 AND invoice_no = 'A9';
SELECT outcome, reason FROM reminder.plan('2026-03-31', 2) WHERE invoice_no = 'A9';
SELECT outcome FROM reminder.approve_letters(2, ARRAY['A9'], '2026-03-31');
UPDATE reminder.invoice SET description = 'goods' WHERE creditor_id = 2 AND invoice_no = 'A9';
SELECT outcome, reason FROM reminder.plan('2026-03-31', 2) WHERE invoice_no = 'A9';
DELETE FROM reminder.invoice WHERE creditor_id = 2 AND invoice_no = 'A9';
CALL t.invoices(2, '{9}', '2026-03-02');
SELECT outcome, reason FROM reminder.plan('2026-03-31', 2) WHERE invoice_no = 'A9';
SELECT event_on, event, detail FROM reminder.event_list WHERE creditor_id = 2 AND invoice_no = 'A9' AND event LIKE '%appro%' ORDER BY recorded_at;
\echo '# what needs none'
SELECT outcome, words FROM reminder.approve_letters(2, ARRAY['A1'], '2026-03-21');
SELECT t.try($$SELECT reminder.approve_letters(1, '{}', '2026-03-31')$$);
SELECT t.try($$SELECT reminder.approve_letters(1, NULL, '2026-03-31')$$);
SELECT t.try($$SELECT reminder.approve_letters(1, '{A1}', NULL)$$);
SELECT t.try($$SELECT reminder.withdraw_approval(3, '{A1}', '2026-03-31')$$);
SELECT t.try($$UPDATE reminder.approval SET approved_on = '2026-01-01'$$);
SELECT finding, object, detail FROM reminder.check();

\i test/sql/include/ladder_end.sql
