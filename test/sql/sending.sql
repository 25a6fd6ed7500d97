-- "Sending letters" of the README, as printed there.
\set name regress_sending
\i test/sql/include/ladder.sql
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, currency, bankgiro, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', 'SEK', '5402-9681', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili'), reminder.activate(1, confirm => true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES
  (1, 'C1', 'Ada Berg', 'person'),
  (1, 'C2', 'Berg & Co AB', 'company');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (1, '101', 'C1', '2026-09-01', '2026-10-01', 'SEK',  1250.00),
  (1, '102', 'C2', '2026-09-03', '2026-10-03', 'SEK', 18000.00),
  (1, '103', 'C2', '2026-09-03', '2026-10-03', 'SEK',   940.00);
CALL reminder.run('2026-10-10', 1);

\pset footer on
SELECT channel, waiting, in_hand, to_retry, oldest FROM reminder.outbox;

SELECT dedupe_key, customer_name, stage, to_pay, reference, bankgiro, deadline
FROM reminder.claim_letters('print', n => 100, lease => '10 minutes');

-- the post took one; one came back; and one was paid meanwhile
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'P1', '103', '2026-10-12', 940.00);
SELECT dedupe_key, outcome, words FROM reminder.confirm_letters(ARRAY['1-101-10-1', '1-103-10-1'], '2026-10-12');

SELECT dedupe_key, outcome FROM reminder.fail_letters(ARRAY['1-102-10-1'], 'moved, address unknown', '2026-10-12');

SELECT invoice_no, as_of, stage, message, detail FROM reminder.exception_list;

\pset footer off
\i test/sql/include/ladder_end.sql
