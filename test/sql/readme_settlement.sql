-- What the README says of settling with a creditor (M3): test/t/readme.pl compares.
\set name regress_readme_settlement
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili') \g /dev/null
SELECT reminder.activate(1, confirm => true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C1', 'Berg & Co AB');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'F401', 'C1', '2026-09-01', '2026-10-01', 'SEK', 3000), (1, 'F402', 'C1', '2026-09-01', '2026-10-01', 'SEK', 800);
CALL reminder.run('2026-10-06', 1);
SET search_path = t;
\pset footer on
\pset null ''
\set ECHO all
-- Paid to the service, with the fee and interest; and the other to the creditor.
SELECT invoice_no, principal, interest, fee, total FROM reminder.letter_list ORDER BY invoice_no;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES
  (1, 'B1', 'F401', '2026-10-14', 3064.11, 'service'), (1, 'B2', 'F402', '2026-10-14', 861.10, 'creditor');
SELECT reminder.settle(1, '2026-10-15');
SELECT line, invoice_no, text, amount, balance FROM reminder.settlement_statement WHERE settlement_no = 1 ORDER BY line;
SELECT payout_no, number, amount, due_on FROM reminder.payout_list WHERE settlement_no = 1;
SELECT item, invoice_no, net, vat, charged FROM reminder.service_invoice WHERE settlement_no = 1 ORDER BY invoice_no;
-- Does it add up?
SELECT * FROM reminder.conservation(1);
\set ECHO none
RESET search_path;
\i test/sql/include/ladder_end.sql
