-- What the README says of payment plans (C5): test/t/readme.pl compares.
\set name regress_readme_payment_plan
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili') \g /dev/null
SELECT reminder.activate(1, confirm => true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C1', 'Berg & Co AB');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'F301', 'C1', '2026-09-01', '2026-10-01', 'SEK', 3000);
CALL reminder.run('2026-10-06', 1);
SET search_path = t;
\pset footer on
\pset null ''
\set ECHO all
-- What would it be?
SELECT instalment, due_date, in_time_until, amount, left_after, principal, interest, fees
FROM reminder.preview_payment_plan(1, 'F301', '2026-10-12', instalments => 3, first_due => '2026-10-31', fee => 170);
SELECT reminder.make_payment_plan(1, 'F301', '2026-10-12', instalments => 3, first_due => '2026-10-31', fee => 170);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'P31', 'F301', '2026-11-02', 1080);
CALL reminder.run('2026-11-29', 1);
SELECT instalment_no, due_date, amount, paid, open, state FROM reminder.instalment_list WHERE invoice_no = 'F301' ORDER BY instalment_no;
SELECT stage, state, plan, next_instalment_on, next_instalment, why_not FROM reminder.case_status WHERE invoice_no = 'F301';
-- The second is not paid on Monday.
SELECT words FROM reminder.explain(1, 'F301', '2026-12-01');
CALL reminder.run('2026-12-01', 1);
SELECT state, ended_on, paid, open, missed FROM reminder.payment_plan_list WHERE invoice_no = 'F301';
-- He calls, and gets another chance.
SELECT reminder.make_payment_plan(1, 'F301', '2026-12-03', due_dates => '{2026-12-10,2027-01-11}', amounts => '{1000}', with_interest => false);
SELECT reminder.remove_payment_plan(1, 'F301', 'he disputes it after all', '2026-12-08');
\set ECHO none
RESET search_path;
\i test/sql/include/ladder_end.sql
