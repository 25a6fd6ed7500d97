-- The first ten minutes of the README, as printed there: from an empty
-- database, and leaving one behind.
\set ECHO none
\set QUIET on
SET client_min_messages = warning;
DROP EXTENSION IF EXISTS reminder CASCADE;
DROP SCHEMA IF EXISTS reminder CASCADE;
\set VERBOSITY default
\set ECHO all
CREATE EXTENSION reminder;
SELECT reminder.install();

-- 1. Who collects for whom.
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Nordic Bikes');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, currency, bankgiro, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', 'SEK', '5402-9681', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'amili');
SELECT reminder.activate(1, confirm => true);

-- 2. Customers and invoices: just write them.
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES
  (1, 'C1', 'Ada Berg', 'person'),
  (1, 'C2', 'Berg & Co AB', 'company'),
  (1, 'C3', 'Cykelgruppen AB', 'company');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (1, 'F101', 'C1', '2026-09-01', '2026-10-01', 'SEK',  1250.00),
  (1, 'F102', 'C2', '2026-09-03', '2026-10-03', 'SEK', 18000.00),
  (1, 'F103', 'C3', '2026-09-03', '2026-10-03', 'SEK',   940.00),
  (1, 'F104', 'C2', '2026-09-20', '2026-10-20', 'SEK',  4300.00);
SELECT reminder.hold(1, 'F103', 'dispute', NULL, '2026-10-05');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
VALUES (1, 'P1', 'F102', '2026-10-08', 10000.00);

-- 3. What would a run do? plan() writes nothing.
SELECT invoice_no, stage, outcome, reason, deadline, principal, interest, fee, total
FROM reminder.plan('2026-10-10', 1);

-- 4. Run it.
CALL reminder.run('2026-10-10', 1);
SELECT invoice_no, stage, letter_date, deadline, channel, principal, interest, fee, total, status
FROM reminder.letter_list ORDER BY invoice_no;

-- 5. Why did F103 and F104 get nothing?
SELECT invoice_no, words FROM (VALUES ('F103'), ('F104')) i (invoice_no)
CROSS JOIN LATERAL reminder.explain(1, i.invoice_no, '2026-10-10');

-- 6. How does the interest on F102 come about?
SELECT from_day, to_day, days, rate, capital, amount, total
FROM reminder.invoice_interest(1, 'F102', '2026-10-10');

-- 7. A loss on an invoice that is being collected is refused.
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount)
VALUES (1, 'F102', 'L1', 'confirmed', '2026-10-12', 8000.00);

-- 8. Withdraw the case, and the same booking goes through.
SELECT reminder.withdraw(1, 'F102', 'customer is insolvent', '2026-10-12');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount)
VALUES (1, 'F102', 'L1', 'confirmed', '2026-10-12', 8000.00);

-- 9. A payment ends a case by itself, in the same transaction.
SELECT reminder.confirm_letter(1, 'F101', 'reminder', '2026-10-12');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
VALUES (1, 'P2', 'F101', '2026-10-20', 1313.08);

-- 10. Where everything stands.
SELECT invoice_no, due_date, open_amount, status, last_event, last_event_on, why_not
FROM reminder.invoice_status ORDER BY invoice_no;
SELECT invoice_no, event_on, event, stage, amount, detail
FROM reminder.event_list WHERE invoice_no = 'F102' ORDER BY event_on, recorded_at;

-- 11. Tomorrow's letters, and the coming weeks'.
SELECT letter_date, invoice_no, stage, deadline, total
FROM reminder.upcoming('2026-10-21', '2026-11-10', 1);

\set ECHO none
DROP EXTENSION reminder CASCADE;
DROP SCHEMA reminder CASCADE;
CREATE EXTENSION reminder;
