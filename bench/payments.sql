-- payments.sql: :payments payments in one statement, every third of a part, a
-- tenth of them on active cases, against the same INSERT plus the UPDATE of
-- the invoices, without triggers.
SET client_min_messages = warning;
SELECT to_regclass('bench.payment') IS NULL AS first \gset
\if :first
CREATE TABLE bench.payment (LIKE reminder.payment INCLUDING ALL);
ALTER TABLE bench.payment ADD FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice;
CREATE TABLE bench.invoice (LIKE reminder.invoice INCLUDING ALL);
INSERT INTO bench.invoice SELECT * FROM reminder.invoice;
\endif
DROP TABLE IF EXISTS bench.pay;
CREATE TABLE bench.pay AS
SELECT creditor_id, 'P' || :n || invoice_no AS payment_no, invoice_no, date '2027-01-01' AS paid_on,
       CASE WHEN n % 3 = 0 THEN round(open_amount / 2, 2) ELSE open_amount END AS amount
FROM (SELECT i.*, row_number() OVER (PARTITION BY k.invoice_no IS NULL ORDER BY md5(i.invoice_no || :n)) AS n, k.invoice_no IS NOT NULL AS in_case
      FROM reminder.invoice i LEFT JOIN reminder.collection_case k USING (creditor_id, invoice_no)
      WHERE i.open_amount > 1) i
WHERE n <= CASE WHEN in_case THEN :payments / 10 ELSE :payments * 9 / 10 END;
VACUUM ANALYZE bench.pay, bench.invoice, reminder.invoice, reminder.position;
SELECT format('paying|%s', bench.ms($$
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT * FROM bench.pay $$));
SELECT format('pay_base|%s', bench.ms($$
  INSERT INTO bench.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT * FROM bench.pay;
  UPDATE bench.invoice i SET open_amount = i.open_amount - p.amount FROM bench.pay p
  WHERE i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no $$));
