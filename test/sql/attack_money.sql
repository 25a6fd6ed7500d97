-- Money where two things meet: letters that fail and are taken back, plans,
-- fees of enforcement, settlements (B4, C5, C6, C7, M1 to M4).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_attack_money
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
\echo '# B4, C6: when both letters failed, taking the newer one back does not claim the fee of the older one'
UPDATE reminder.rule SET claims_compensation = true WHERE creditor_id = 2 AND kind = 'company';
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (2, 'A1', 'C', '2026-01-02', '2026-02-02', 'EUR', 1000), (2, 'A2', 'P', '2026-01-02', '2026-02-02', 'EUR', 1000), (2, 'A3', 'P', '2026-01-02', '2026-02-02', 'EUR', 1000);
CALL reminder.run('2026-03-05', 2);
CALL reminder.run('2026-03-30', 2);
SELECT * FROM t.letters;
SELECT n, stage, reminder.fail_letter(2, n, stage, 'no such address', '2026-03-31') FROM unnest('{A1,A2}'::text[]) n, unnest('{reminder,notice}'::text[]) stage WHERE EXISTS (SELECT FROM t.letters l WHERE l.invoice_no = n AND l.stage = stage);
SELECT * FROM t.cases;
SELECT reminder.take_back_letter(2, n, 'no such address', '2026-04-01') FROM unnest('{A1,A2}'::text[]) n;
SELECT * FROM t.cases;
\echo '# M1, L8: a payment of the principal''s amount that pays interest first, the rest rounded off, is split all the same'
CALL t.invoice('B1', 10);
CALL reminder.run('2026-02-07', 1);
SELECT reminder.confirm_letter(1, 'B1', 'reminder', '2026-02-07') \g /dev/null
SELECT reminder.waive_fee(1, 'B1', NULL, 'kindness', '2026-02-08');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES (1, 'B1', 'B1', '2026-02-09', 10, 'law');
SELECT p.payment_no, p.amount, a.principal, a.interest, a.fee, a.overpaid, a.rounded_off FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM reminder.conservation();
UPDATE reminder.payment SET bounced_on = '2026-02-10' WHERE payment_no = 'B1';
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM reminder.conservation();
\i :leave
