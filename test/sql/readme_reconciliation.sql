-- What the README says of reconciling with the general ledger (G5): test/t/readme.pl compares.
\set name regress_readme_reconciliation
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles and repairs');
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C1', 'Berg & Co AB');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'F501', 'C1', '2026-09-01', '2026-10-01', 'SEK', 3000), (1, 'F502', 'C1', '2026-09-20', '2026-10-20', 'SEK', 800);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'B5', 'F501', '2026-09-30', 1200);
SET search_path = t;
\pset footer on
\pset null ''
\set ECHO all
-- What stands in the ledger is booked, a day late; a correction by hand is not.
INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount, event, document_no) VALUES
  (1, '1', 'A1', '1510', '2026-09-01', 3000, 'invoice', 'F501'), (1, '2', 'A1', '3001', '2026-09-01', -2400, NULL, NULL), (1, '3', 'A1', '2611', '2026-09-01', -600, NULL, NULL),
  (1, '4', 'A2', '1930', '2026-10-01', 1200, NULL, NULL), (1, '5', 'A2', '1510', '2026-10-01', -1200, 'payment', 'B5');
INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount) VALUES (1, '6', 'A3', '1510', '2026-10-02', -100);
SELECT account, period, ledger, general_ledger, difference, balance_difference FROM reminder.reconciliation ORDER BY account, period;
SELECT period, event, document_no, vouchers, ledger, general_ledger, difference, reason FROM reminder.reconciliation_detail ORDER BY period, document_no;
\set ECHO none
RESET search_path;
\i test/sql/include/ladder_end.sql
