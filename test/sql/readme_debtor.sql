-- What the README says of the debtor's own view (V9): test/t/readme.pl compares.
\set name regress_readme_debtor
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili') \g /dev/null
SELECT reminder.activate(1, confirm => true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C1', 'Berg & Co AB');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'F401', 'C1', '2026-09-01', '2026-10-01', 'SEK', 3000);
CALL reminder.run('2026-10-06', 1);
SELECT reminder.confirm_letter(1, 'F401', 'reminder', '2026-10-06') \g /dev/null
SET search_path = t;
\pset footer on
\pset null ''
\set ECHO all
SELECT reminder.debtor_token(1, '2026-10-06', valid_until => '2026-12-31', customer => 'C1') AS token \gset
SELECT i ->> 'invoice_no' AS invoice_no, x ->> 'item' AS item, x ->> 'amount' AS amount, x ->> 'law' AS law
FROM reminder.debtor_view(:'token', '2026-10-08') v, jsonb_array_elements(v -> 'invoices') i, jsonb_array_elements(i -> 'items') x;
SELECT i -> 'pay' ->> 'amount' AS amount, i -> 'pay' ->> 'bankgiro' AS bankgiro, i -> 'pay' ->> 'reference' AS reference, i -> 'letters' -> 0 ->> 'deadline' AS deadline
FROM reminder.debtor_view(:'token', '2026-10-08') v, jsonb_array_elements(v -> 'invoices') i;
SELECT reminder.debtor_dispute(:'token', '2026-10-08', 'The bicycle came without a saddle.', 'F401');
SELECT state, hold FROM reminder.case_status WHERE invoice_no = 'F401';
SELECT reminder.debtor_view(:'token', '2027-01-01');
\set ECHO none
RESET search_path;
\i test/sql/include/ladder_end.sql
