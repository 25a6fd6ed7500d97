-- settle.sql: :payments payments that the service collected, a tenth of them with a
-- fee, settled, against writing the same lines into a copy of their table. Each time
-- with as many invoices of its own, of a creditor of its own.
SET client_min_messages = warning;
SELECT 900 + :n AS creditor \gset
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) SELECT :creditor, min(account_id), 'Settled', '5050-1055', 'Goods' FROM reminder.account;
SELECT reminder.add_preset(:creditor, 'amili'), reminder.activate(:creditor, true) \g /dev/null
INSERT INTO reminder.customer (creditor_id, customer_no, name, blocked) VALUES (:creditor, 'c', 'Customer', true), (:creditor, 'late', 'Customer', false);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT :creditor, 'S' || n, CASE WHEN n % 10 = 0 THEN 'late' ELSE 'c' END, '2026-01-01', '2026-02-01', 'SEK', 100 + n % 997 FROM generate_series(1, :payments) n;
VACUUM ANALYZE reminder.invoice, reminder.position, reminder.customer;
CALL reminder.run('2026-02-07', :creditor);
SELECT array_agg(l.dedupe_key) AS keys FROM reminder.claim_letters(NULL, :creditor, 100000, '1 day') l \gset
SELECT count(*) FROM reminder.confirm_letters(:'keys', '2026-02-07', :creditor) \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, allocates)
SELECT :creditor, 'S' || n, 'S' || n, date '2026-02-09' + n % 20, 100 + n % 997, 'service', CASE WHEN n % 10 = 0 THEN 'law' END FROM generate_series(1, :payments) n;
VACUUM ANALYZE reminder.invoice, reminder.payment, reminder.allocation, reminder.decision, reminder.settlement_line;
SELECT format('settling|%s', bench.ms(format($$ SELECT reminder.settle(%s, '2026-03-01') $$, :creditor)));
DROP TABLE IF EXISTS bench.lines, bench.settlement_line;
CREATE TABLE bench.lines AS SELECT * FROM reminder.settlement_line WHERE creditor_id = :creditor;
CREATE TABLE bench.settlement_line (LIKE reminder.settlement_line INCLUDING ALL);
INSERT INTO bench.settlement_line SELECT * FROM reminder.settlement_line WHERE creditor_id <> :creditor;
SELECT format('settle_base|%s', bench.ms('INSERT INTO bench.settlement_line SELECT * FROM bench.lines'));
