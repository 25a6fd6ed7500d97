-- What the README says of doing things by hand, and of taking a book over:
-- test/t/readme.pl compares.
\set name regress_readme_by_hand
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili') \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C1', 'Berg & Co AB');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'F' || n, 'C1', '2026-09-01', '2026-10-01', 'SEK', 1000 FROM generate_series(201, 208) n;
SELECT reminder.hold(1, 'F202', 'dispute', NULL, '2026-10-01') \g /dev/null
SELECT reminder.take_out(1, 'F203', '2026-10-01') \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'P1', 'F207', '2026-10-01', 1000);
CREATE TABLE t.old_system (invoice_no text, stage text, letter_date date, fee numeric);
INSERT INTO t.old_system VALUES ('F206', 'reminder', '2026-10-02', 60), ('F207', 'reminder', '2026-10-02', 60), ('F208', 'reminder', '2026-10-02', 80);
SET search_path = t;
\pset footer on
\pset null ''
\set ECHO all
-- What had another system sent?
SELECT * FROM reminder.take_over(1, (SELECT jsonb_agg(o) FROM old_system o), '2026-10-02');
SELECT reminder.activate(1, confirm => true, as_of => '2026-10-02');
-- Send some now. What cannot be sent says why.
SELECT invoice_no, outcome, reason, fee, total, words
FROM reminder.send_now(1, ARRAY['F201', 'F202', 'F203'], '2026-10-02');
SELECT reminder.record_letter(1, 'F204', 'reminder', letter_date => '2026-10-02', fee => 60, as_of => '2026-10-03');
SELECT reminder.waive_step(1, 'F205', 'reminder', 'he asked for the demand', '2026-10-03');
-- Take a letter back, or waive what it claims.
SELECT reminder.take_back_letter(1, 'F203', 'sent to the wrong address', '2026-10-03');
SELECT reminder.waive_fee(1, 'F201', 20, 'a good customer', '2026-10-03');
SELECT reminder.waive_interest(1, 'F201', NULL, 'a good customer', '2026-10-03');
SELECT invoice_no, stage, outcome, fees, fees_waived, open FROM reminder.case_status ORDER BY invoice_no;
-- Demands only with somebody's yes.
UPDATE reminder.rule_step SET approval = true WHERE creditor_id = 1 AND stage = 'demand';
CALL reminder.run('2026-10-20', 1);
SELECT invoice_no, stage, status, open_amount, fee_of_rule FROM reminder.approvals ORDER BY invoice_no;
SELECT * FROM reminder.approve_letters(1, ARRAY['F201', 'F202'], '2026-10-20');
-- One letter for all of a customer's demands.
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 1 AND stage = 'demand';
SELECT * FROM reminder.approve_letters(1, ARRAY['F204', 'F205'], '2026-10-20') \g /dev/null
SELECT invoice_no, stage, fee, total, letter_of FROM reminder.plan('2026-10-20', 1) WHERE outcome = 'sent';
SELECT finding, object, detail FROM reminder.check();
\set ECHO none
RESET search_path;
\i test/sql/include/ladder_end.sql
