-- Rounding to whole kronor when a payment is made (lag 1970:1029): öre are kept
-- inside; who pays what is to be paid has paid all.
\set name regress_rounding
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'amili');
CALL t.creditor(3, 'SE', 'amili');
UPDATE reminder.creditor SET rounds_payments = false WHERE creditor_id = 3;
DO $$ BEGIN FOR c IN 1 .. 3 LOOP CALL t.customer(c, 'C'); END LOOP; END $$;
CREATE VIEW t.paid AS
SELECT p.creditor_id AS c, p.invoice_no AS invoice, p.payment_no AS payment, p.amount, coalesce(a.principal, p.amount) AS principal, a.interest, a.fee, a.overpaid, a.rounded_off, i.open_amount AS open
FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no) JOIN reminder.invoice i USING (creditor_id, invoice_no)
ORDER BY 1, 2, p.paid_on, 3;

\echo '# the nearest krona, half up; nothing else; and not where the law has it not, or otherwise is agreed'
DO $$
DECLARE
  _of record;
BEGIN
  FOR _of IN SELECT c, v.* FROM generate_series(1, 3) c, (VALUES
      ('a', 1000.49, 1000), ('b', 1000.50, 1001), ('c', 1000.50, 1000), ('d', 1000.51, 1001), ('e', 999.51, 1000), ('f', 1000.49, 1000.01),
      ('g', 1000.49, 1001), ('h', 0.49, 0.10), ('i', 0.50, 1), ('j', 1000.00, 999.70), ('k', 1000.00, 1000), ('l', 1000.49, 999)) v (no, owed, paid) LOOP
    CALL t.invoice(_of.c, _of.no, 'C', '2026-03-02', _of.owed);
    CALL t.pay(_of.c, 'p' || _of.no, _of.no, '2026-03-02', _of.paid);
  END LOOP;
END
$$;
SELECT * FROM t.paid WHERE c = 1;
SELECT * FROM t.paid WHERE rounded_off <> 0 AND c > 1;
SELECT invoice, open FROM t.paid WHERE c = 2 AND invoice IN ('a', 'b');

\echo '# in two payments, in one statement and in two'
CALL t.invoice(1, 'two', 'C', '2026-03-02', 1000.40);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'two1', 'two', '2026-03-01', 500), (1, 'two2', 'two', '2026-03-02', 500);
CALL t.invoice(1, 'twice', 'C', '2026-03-02', 1000.40);
CALL t.pay(1, 'twice1', 'twice', '2026-03-01', 500);
CALL t.pay(1, 'twice2', 'twice', '2026-03-02', 500);
SELECT * FROM t.paid WHERE invoice LIKE 'tw%';

\echo '# a letter claims öre and asks for kronor; what it asks for ends the case, and a bounce brings the öre back'
CALL t.invoice(1, 'letter', 'C', '2026-03-02', 1234.40);
CALL t.invoice(1, 'rest', 'C', '2026-03-02');
\set c 1
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(1, 'letter', 'reminder', :d) \g /dev/null
SELECT principal, interest, fees, total, to_pay FROM reminder.letter_list WHERE invoice_no = 'letter';
SELECT to_pay FROM reminder.letter_list WHERE invoice_no = 'letter' \gset
CALL t.pay(1, 'all', 'letter', '2026-03-18', :to_pay);
SELECT * FROM t.paid WHERE invoice = 'letter';
SELECT stage, state, outcome, open FROM reminder.case_status WHERE invoice_no = 'letter';
UPDATE reminder.payment SET bounced_on = '2026-03-20' WHERE payment_no = 'all';
SELECT state, principal, interest, fees_open, open FROM reminder.case_status WHERE invoice_no = 'letter';
\echo '# a krona less is not all of it'
UPDATE reminder.payment SET bounced_on = NULL, amount = amount - 1 WHERE payment_no = 'all';
SELECT * FROM t.paid WHERE invoice = 'letter';

\echo '# the principal to the öre, and costs that no krona pays: nobody is asked for 20 öre'
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES (1, 'costs', 'rest', '2026-03-18', 63.91, 'law');
SELECT principal, interest, fees_open, open FROM reminder.case_status WHERE invoice_no = 'rest';
CALL t.pay(1, 'principal', 'rest', '2026-03-19', 1000);
SELECT stage, state, outcome, open FROM reminder.case_status WHERE invoice_no = 'rest';
SELECT event, event_on, amount FROM reminder.event_list WHERE invoice_no = 'rest' AND event = 'interest_waived';
UPDATE reminder.payment SET bounced_on = '2026-03-20' WHERE payment_no = 'principal';
SELECT stage, state, outcome, open FROM reminder.case_status WHERE invoice_no = 'rest';

\echo '# new law is a row'
INSERT INTO reminder.rounding_rule VALUES ('SE', 'SEK', '2026-04-01', 0.01, 'sourced', 'a test');
CALL t.invoice(1, 'before', 'C', '2026-03-02', 10.40);
CALL t.invoice(1, 'after', 'C', '2026-03-02', 10.40);
CALL t.pay(1, 'before', 'before', '2026-03-31', 10);
CALL t.pay(1, 'after', 'after', '2026-04-01', 10);
SELECT * FROM t.paid WHERE invoice IN ('before', 'after');
SELECT * FROM reminder.check();
\i test/sql/include/ladder_end.sql
