-- Taking letters back, and waiving what they claim (B4); a deleted loss leaves
-- an event (V3).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_take_back
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
CREATE VIEW t.steps AS
SELECT d.invoice_no, d.stage, d.taken_back AS back, d.outcome, d.as_of, d.status, d.fee, d.fees, d.interest, d.case_no AS "case" FROM reminder.decision d
ORDER BY d.creditor_id, d.invoice_no, d.rung, d.taken_back;
CREATE VIEW t.place AS
SELECT p.invoice_no, p.passed, p.base_date, p.letter_date, p.charged FROM reminder.position p ORDER BY 1;

\echo '# B4: the letter that opened the case waits to be sent: nothing is left but the history'
CALL t.invoice('A1');
CALL reminder.run('2026-02-07', 1);
SELECT reminder.take_back_letter(1, 'A1', 'wrong customer', '2026-02-07');
SELECT * FROM t.steps;
SELECT * FROM t.cases;
SELECT * FROM t.place;
SELECT invoice_no, status, last_event FROM reminder.invoice_status;
SELECT invoice_no, stage FROM reminder.letter_list;
SELECT reminder.confirm_letter(1, 'A1', 'reminder', '2026-02-07');
\echo '# the claim can be written off, or credited, as before its first letter'
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'A1', 'L1', 'doubtful', '2026-02-07', 10);
\echo '# V3: a loss that is deleted leaves an event'
DELETE FROM reminder.credit_loss;
SELECT invoice_no, event_on, event, amount, detail FROM reminder.event_list WHERE invoice_no = 'A1' ORDER BY recorded_at;
\echo '# the step is free, and so decided anew, with its fee (F4): in a case of its own'
SELECT stage, outcome, fee, total FROM reminder.plan('2026-02-09', 1);
CALL reminder.run('2026-02-09', 1);
SELECT * FROM t.steps;
SELECT * FROM t.cases;

\echo '# one that went out is taken back too; the next run then sends it again, unless somebody says otherwise'
SELECT reminder.confirm_letter(1, 'A1', 'reminder', '2026-02-09') \g /dev/null
SELECT reminder.take_back_letter(1, 'A1', 'not agreed', '2026-02-10');
SELECT reminder.take_out(1, 'A1', '2026-02-10') \g /dev/null
CALL reminder.run('2026-02-11', 1);
SELECT * FROM t.steps;
SELECT why_not FROM reminder.invoice_status;

\echo '# newest first: monitoring, the demand, the reminder'
CALL t.invoice('B1');
CALL reminder.run('2026-02-12', 1);
SELECT reminder.confirm_letter(1, 'B1', 'reminder', '2026-02-12') \g /dev/null
CALL reminder.run('2026-03-02', 1);
CALL reminder.run('2026-03-20', 1);
SELECT * FROM t.steps WHERE invoice_no = 'B1';
SELECT reminder.take_back_letter(1, 'B1', 'too soon', '2026-03-20');
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT reminder.take_back_letter(1, 'B1', 'too soon', '2026-03-20');
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.place WHERE invoice_no = 'B1';
\echo '# the demand is due again'
SELECT stage, outcome, fee, interest, total FROM reminder.plan('2026-03-21', 1) WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';

\echo '# refused: what it claims is paid, wholly or in part; at enforcement; dates that go back; without a reason'
CALL t.invoice('C1');
CALL t.invoice('C2', 1000, 'P');
CALL reminder.run('2026-03-22', 1);
CALL t.pay('P1', 'C1', '2026-03-23', 1020);
SELECT * FROM t.cases WHERE invoice_no = 'C1';
SELECT reminder.take_back_letter(1, 'C1', 'why', '2026-03-23');
CALL reminder.run('2026-04-10', 1);
SELECT reminder.take_back_letter(1, 'C2', 'why', '2026-04-09');
SELECT reminder.hand_to_enforcement(1, 'C2', 'U', '2026-04-11', 0) \g /dev/null
SELECT reminder.take_back_letter(1, 'C2', 'why', '2026-04-12');
SELECT reminder.back_to_monitoring(1, 'C2', '2026-04-12') \g /dev/null
\echo '# back from there without a letter, the newest is the demand'
SELECT reminder.take_back_letter(1, 'C2', 'why', '2026-04-12');
SELECT * FROM t.cases WHERE invoice_no = 'C2';
\echo '# a letter that failed is taken back and goes out again, to a better address'
CALL reminder.run('2026-04-13', 1);
SELECT reminder.fail_letter(1, 'C2', 'demand', 'returned', '2026-04-14') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'C2';
SELECT reminder.take_back_letter(1, 'C2', 'new address', '2026-04-14');
CALL reminder.run('2026-04-14', 1);
SELECT * FROM t.cases WHERE invoice_no = 'C2';
SELECT * FROM t.steps WHERE invoice_no = 'C2';
TABLE t.wrong;

\echo '# by own rules the fee of the letter before stands again (F3); what was skipped after a letter goes with it'
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (2, 'N1', 'C', '2026-01-02', '2026-02-02', 'EUR', 80), (2, 'N2', 'C', '2026-01-02', '2026-02-02', 'EUR', 80);
CALL reminder.run('2026-02-12', 2);
CALL reminder.run('2026-02-24', 2);
SELECT reminder.hold(2, 'N2', 'promise', '2026-03-20', '2026-03-01') \g /dev/null
CALL reminder.run('2026-03-10', 2);
SELECT * FROM t.steps WHERE invoice_no LIKE 'N_';
SELECT reminder.take_back_letter(2, 'N1', 'no demand yet', '2026-03-10');
SELECT reminder.take_back_letter(2, 'N2', 'no notice yet', '2026-03-10');
SELECT * FROM t.cases WHERE invoice_no LIKE 'N_';
SELECT * FROM t.place WHERE invoice_no LIKE 'N_';

\echo '# B4: a fee waived, in part and whole, with a reason; no letter claims it again'
CALL t.invoice('D1');
CALL reminder.run('2026-05-04', 1);
SELECT reminder.waive_fee(1, 'D1', 20, 'kindness', '2026-05-05');
SELECT reminder.waive_interest(1, 'D1', NULL, 'kindness', '2026-05-05');
SELECT * FROM t.cases WHERE invoice_no = 'D1';
SELECT * FROM t.events WHERE invoice_no = 'D1';
SELECT stage, principal, interest, fee, total FROM reminder.plan('2026-05-25', 1) WHERE invoice_no = 'D1';
CALL reminder.run('2026-05-25', 1);
SELECT * FROM t.cases WHERE invoice_no = 'D1';
SELECT stage, principal, interest, fees, total FROM reminder.letter_list WHERE invoice_no = 'D1' ORDER BY letter_date;
SELECT reminder.confirm_letter(1, 'D1', stage, '2026-05-25') FROM unnest(ARRAY['reminder', 'demand']) stage \g /dev/null
\echo '# paid, it ends; bounced, it is reopened, and what was waived stays so'
CALL t.pay('P2', 'D1', '2026-05-26', 2000);
SELECT * FROM t.cases WHERE invoice_no = 'D1';
UPDATE reminder.payment SET bounced_on = '2026-05-27' WHERE payment_no = 'P2';
SELECT * FROM t.cases WHERE invoice_no = 'D1';
\echo '# paid but for costs that are not pursued, the rest is waived; that alone is claimed again'
SELECT reminder.waive_fee(1, 'D1', 150, 'kindness', '2026-05-28') \g /dev/null
CALL t.pay('P3', 'D1', '2026-05-28', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'D1';
UPDATE reminder.payment SET bounced_on = '2026-05-29' WHERE payment_no = 'P3';
SELECT * FROM t.cases WHERE invoice_no = 'D1';
\echo '# nor does a letter of a later case claim interest that was waived in an earlier one'
SELECT reminder.waive_interest(1, 'D1', 5, 'kindness', '2026-05-30') \g /dev/null
SELECT reminder.withdraw(1, 'D1', NULL, '2026-05-30') \g /dev/null
SELECT reminder.put_back(1, 'D1', '2026-05-30') \g /dev/null
DELETE FROM reminder.rule_step WHERE stage = 'monitoring';
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, term) VALUES (1, 1, 'demand', 2, 10, 10);
SELECT stage, interest, reminder.late_interest('SE', 'company', 1000, '2026-02-02', '2026-06-30') AS borne,
       (SELECT sum(w.amount) FROM reminder.waiver w WHERE w.invoice_no = 'D1' AND w.kind = 'interest') AS waived
FROM reminder.plan('2026-06-30', 1) WHERE invoice_no = 'D1';
\echo '# nor one of the same case, reopened, whose letters never went out'
CALL t.invoice('G1');
CALL reminder.run('2026-06-30', 1);
SELECT reminder.waive_interest(1, 'G1', 10, 'kindness', '2026-07-01'), reminder.waive_fee(1, 'G1', 10, 'kindness', '2026-07-01');
CALL t.pay('P5', 'G1', '2026-07-01', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'G1';
UPDATE reminder.payment SET bounced_on = '2026-07-02' WHERE payment_no = 'P5';
SELECT * FROM t.cases WHERE invoice_no = 'G1';
SELECT stage, interest, reminder.late_interest('SE', 'company', 1000, '2026-02-02', '2026-07-20') AS borne FROM reminder.plan('2026-07-20', 1) WHERE invoice_no = 'G1';

\echo '# compensation for being late, offset against fees (L4): waived, no later letter claims it either'
UPDATE reminder.rule SET claims_compensation = true, claims_interest = false WHERE creditor_id = 1;
CALL t.invoice('E1');
CALL reminder.run('2026-06-30', 1);
SELECT * FROM t.cases WHERE invoice_no = 'E1';
SELECT reminder.waive_fee(1, 'E1', 390, 'the reminder''s own 60 stay', '2026-07-01');
CALL reminder.run('2026-07-20', 1);
SELECT invoice_no, stage, fee, fees, compensation, total FROM reminder.letter_list WHERE invoice_no = 'E1' ORDER BY letter_date;
SELECT * FROM t.cases WHERE invoice_no = 'E1';

\echo '# principal paid and costs pursued: the case ends when what is left is waived'
CALL t.invoice('F1');
CALL reminder.run('2026-07-21', 1);
SELECT reminder.confirm_letter(1, 'F1', 'reminder', '2026-07-21') \g /dev/null
CALL t.pay('P4', 'F1', '2026-07-22', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'F1';
SELECT reminder.waive_fee(1, 'F1', 300, 'settled by telephone', '2026-07-23');
SELECT * FROM t.cases WHERE invoice_no = 'F1';
SELECT reminder.waive_fee(1, 'F1', 51, 'settled by telephone', '2026-07-23');
SELECT * FROM t.cases WHERE invoice_no = 'F1';
SELECT * FROM t.events WHERE invoice_no = 'F1';

\echo '# what is refused'
\t
\a
SELECT t.show($$
  SELECT reminder.take_back_letter(1, 'E1', NULL, '2026-07-24')
  SELECT reminder.take_back_letter(1, 'E1', ' ', '2026-07-24')
  SELECT reminder.take_back_letter(1, 'E1', repeat('x', 1001), '2026-07-24')
  SELECT reminder.take_back_letter(1, 'E1', 'why', NULL)
  SELECT reminder.take_back_letter(1, 'E1', 'why', 'infinity')
  SELECT reminder.take_back_letter(1, 'E1', 'why', '2026-07-01')
  SELECT reminder.take_back_letter(1, 'none', 'why', '2026-07-24')
  SELECT reminder.take_back_letter(2, 'E1', 'why', '2026-07-24')
  SELECT reminder.take_back_letter(1, 'F1', 'why', '2026-07-24')
  SELECT reminder.waive_fee(1, 'E1', NULL, NULL, '2026-07-24')
  SELECT reminder.waive_fee(1, 'E1', 0, 'why', '2026-07-24')
  SELECT reminder.waive_fee(1, 'E1', 'NaN', 'why', '2026-07-24')
  SELECT reminder.waive_fee(1, 'E1', 0.001, 'why', '2026-07-24')
  SELECT reminder.waive_fee(1, 'E1', 1000, 'why', '2026-07-24')
  SELECT reminder.waive_fee(1, 'F1', NULL, 'why', '2026-07-24')
  SELECT reminder.waive_interest(1, 'E1', NULL, 'why', '2026-07-24')
  SELECT reminder.waive_interest(2, 'E1', NULL, 'why', '2026-07-24')
  SELECT reminder.waive_interest(1, 'E1', NULL, 'why', '1989-12-31')
  SELECT reminder.hand_to_enforcement(1, 'E1', 'U', '2026-07-24')
  SELECT reminder.take_back_letter(1, 'E1', 'why', '2026-07-24')
$$);
\echo '# all was waived, then a letter is cancelled that never went out: nothing of it comes back with a payment that bounces'
CALL t.invoice('H1');
CALL reminder.run('2026-08-01', 1);
SELECT reminder.confirm_letter(1, 'H1', 'reminder', '2026-08-01') \g /dev/null
CALL reminder.run('2026-08-20', 1);
SELECT reminder.waive_fee(1, 'H1', 100, 'kindness', '2026-08-20'), reminder.waive_fee(1, 'H1', NULL, 'kindness', '2026-08-20');
CALL t.pay('P9', 'H1', '2026-08-21', 1000);
UPDATE reminder.payment SET bounced_on = '2026-08-22' WHERE payment_no = 'P9';
SELECT * FROM t.cases WHERE invoice_no = 'H1';
\echo '# C6: the fee of a letter that never went out is owed by nobody, though it was paid: it failed, the payment bounces'
UPDATE reminder.rule SET claims_compensation = false, claims_interest = false WHERE creditor_id = 1;
CALL t.invoice('I1');
CALL t.invoice('I2');
CALL reminder.run('2026-08-23', 1);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates) VALUES (1, 'I1', 'I1', '2026-08-24', 60, 'law'), (1, 'I2', 'I2', '2026-08-24', 45, 'law'), (1, 'I3', 'I2', '2026-08-24', 5, 'law');
SELECT * FROM t.cases WHERE invoice_no IN ('I1', 'I2');
SELECT reminder.fail_letter(1, i, 'reminder', 'returned', '2026-08-25') FROM unnest(ARRAY['I1', 'I2']) i \g /dev/null
SELECT * FROM t.cases WHERE invoice_no IN ('I1', 'I2');
UPDATE reminder.payment SET bounced_on = '2026-08-26' WHERE payment_no IN ('I1', 'I2');
SELECT * FROM t.cases WHERE invoice_no IN ('I1', 'I2');
SELECT * FROM t.events WHERE invoice_no IN ('I1', 'I2');
SELECT invoice_no, fees, fees_paid, fees_waived, fees_open, open FROM reminder.case_status_as_of(1, '2026-08-26') WHERE invoice_no IN ('I1', 'I2');
\echo '# or it was cancelled when all was paid; unless it went out all the same'
CALL t.invoice('J1');
CALL t.invoice('J2');
CALL reminder.run('2026-08-27', 1);
SELECT reminder.confirm_letter(1, i, 'reminder', '2026-08-27') FROM unnest(ARRAY['J1', 'J2']) i \g /dev/null
CALL reminder.run('2026-09-30', 1);
SELECT dedupe_key AS key FROM reminder.claim_letters('print', 1) WHERE invoice_no = 'J2' \gset
CALL t.pay('J1', 'J1', '2026-10-01', 1240);
CALL t.pay('J2', 'J2', '2026-10-01', 1240);
SELECT outcome FROM reminder.confirm_letters(ARRAY[:'key'], '2026-10-02');
UPDATE reminder.payment SET bounced_on = '2026-10-03' WHERE payment_no IN ('J1', 'J2');
SELECT * FROM t.cases WHERE invoice_no IN ('J1', 'J2');
\echo '# what was waived of a letter that fails goes with it, what was waived of others stays: no more, no less, and so after a payment that bounces'
CALL t.invoice('K1');
CALL reminder.run('2026-10-04', 1);
SELECT reminder.confirm_letter(1, 'K1', 'reminder', '2026-10-04'), reminder.waive_fee(1, 'K1', 20, 'kindness', '2026-10-04') \g /dev/null
CALL reminder.run('2026-10-30', 1);
SELECT reminder.waive_fee(1, 'K1', 100, 'kindness', '2026-10-30') \g /dev/null
SELECT reminder.fail_letter(1, 'K1', 'demand', 'returned', '2026-10-31') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'K1';
CALL t.pay('K1', 'K1', '2026-11-01', 1040);
UPDATE reminder.payment SET bounced_on = '2026-11-02' WHERE payment_no = 'K1';
SELECT * FROM t.cases WHERE invoice_no = 'K1';
\echo '# waived of a letter that was taken back, and sent again, it stays when that one fails'
CALL t.invoice('L1');
CALL reminder.run('2026-11-03', 1);
SELECT reminder.confirm_letter(1, 'L1', 'reminder', '2026-11-03') \g /dev/null
CALL reminder.run('2026-11-25', 1);
SELECT reminder.waive_fee(1, 'L1', 50, 'kindness', '2026-11-25'), reminder.take_back_letter(1, 'L1', 'too soon', '2026-11-25') \g /dev/null
CALL reminder.run('2026-11-26', 1);
SELECT reminder.fail_letter(1, 'L1', 'demand', 'returned', '2026-11-26') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'L1';
CALL t.pay('L1', 'L1', '2026-11-27', 1010);
UPDATE reminder.payment SET bounced_on = '2026-11-28' WHERE payment_no = 'L1';
SELECT * FROM t.cases WHERE invoice_no = 'L1';
\echo '# by own rules (F3) the reminder stands again, less what was waived of it'
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'O1', 'C', '2026-02-02', '2026-03-02', 'EUR', 80);
CALL reminder.run('2026-03-12', 2);
SELECT reminder.confirm_letter(2, 'O1', 'reminder', '2026-03-12'), reminder.waive_fee(2, 'O1', 3, 'kindness', '2026-03-12') \g /dev/null
CALL reminder.run('2026-03-30', 2);
SELECT reminder.waive_fee(2, 'O1', 6, 'kindness', '2026-03-30') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'O1';
SELECT reminder.fail_letter(2, 'O1', 'notice', 'returned', '2026-03-31') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'O1';
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT creditor_id, 'O1', invoice_no, '2026-04-01', open FROM reminder.case_status WHERE invoice_no = 'O1';
UPDATE reminder.payment SET bounced_on = '2026-04-02' WHERE payment_no = 'O1';
SELECT * FROM t.cases WHERE invoice_no = 'O1';
SELECT count(*) || ' wrong' FROM t.wrong;
SELECT * FROM reminder.conservation();
SELECT finding, object, detail FROM reminder.check();
\i :leave
