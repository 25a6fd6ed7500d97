-- Fees of enforcement (C7): those of the law, added when a case is handed over and
-- while it is there; among the case's fees for allocation, residual costs (B9),
-- waiving, bounces (B5) and postings (F7, M4).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_enforcement_fees
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CREATE VIEW t.fees AS
SELECT invoice_no, fee_no, item, amount, fee_cap, as_of, reason FROM reminder.enforcement_fee ORDER BY creditor_id, invoice_no, fee_no;
CREATE VIEW t.status AS
SELECT invoice_no, stage, state, reference, principal, fees, enforcement_fees AS of_enforcement, fees_paid, fees_waived, fees_open, open FROM reminder.case_status ORDER BY creditor_id, invoice_no;

-- 60 and 180 were claimed, and 5.21 of interest; the law's application fee is 300.
SELECT * FROM reminder.enforcement_fee_kind ORDER BY 1, 2;
SELECT k.item, f.fee, f.valid_from, f.source FROM reminder.enforcement_fee_kind k JOIN reminder.statutory_fee f USING (jurisdiction, fee_kind) ORDER BY 1;
SELECT format('CALL t.invoice(%L)', n) FROM unnest('{paid,residual,bounced,back,closed,own amount,none,refused}'::text[]) n \gexec
CALL reminder.run('2026-02-07', 1);
CALL reminder.run('2026-02-21', 1);
SELECT reminder.confirm_letter(1, invoice_no, stage, '2026-02-21') FROM t.letters ORDER BY invoice_no, stage DESC \g /dev/null
CALL reminder.run('2026-03-07', 1);
SELECT reminder.hand_to_enforcement(1, n, 'KFM ' || n, '2026-03-08') FROM unnest('{paid,residual,bounced,back,closed}'::text[]) n ORDER BY n \g /dev/null
SELECT reminder.hand_to_enforcement(1, 'own amount', 'KFM', '2026-03-08', 250), reminder.hand_to_enforcement(1, 'none', 'KFM', '2026-03-08', application_fee => 0) \g /dev/null
SELECT * FROM t.status;
SELECT * FROM t.fees;
-- While it is there: work on it, and the fee of the enforcement itself; other costs with a reason.
SELECT reminder.add_enforcement_fee(1, 'paid', 'representation', NULL, '2026-03-09'), reminder.add_enforcement_fee(1, 'paid', 'enforcement', NULL, '2026-03-20', 'utmätning'),
       reminder.add_enforcement_fee(1, 'paid', 'other', 45.50, '2026-03-20', 'a translation');
SELECT * FROM t.fees WHERE invoice_no = 'paid';
SELECT * FROM t.events WHERE invoice_no = 'paid';
TABLE t.wrong;
-- Paid by law: costs and interest go before the principal (L8); then all of it. The service keeps its fees.
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, allocates) VALUES (1, 'P1', 'paid', '2026-03-21', 2000, 'service', 'law');
SELECT * FROM t.paid WHERE payment_no = 'P1';
SELECT * FROM t.status WHERE invoice_no = 'paid';
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'P2', 'paid', '2026-03-22', 570.71, 'service');
SELECT * FROM t.paid WHERE payment_no = 'P2';
SELECT * FROM t.cases WHERE invoice_no = 'paid';
SELECT document_no, purpose, debit, credit FROM reminder.posting_list WHERE invoice_no = 'paid' ORDER BY 1, 2;
SELECT sum(debit) = sum(credit) AS balances FROM reminder.posting_list;
-- Principal paid: what is left is above 100, and pursued without a letter (B9); waived, the case ends.
CALL t.pay('P3', 'residual', '2026-03-21', 1000);
SELECT * FROM t.status WHERE invoice_no = 'residual';
CALL reminder.run('2026-04-01', 1);
SELECT reminder.waive_fee(1, 'residual', 450, 'not worth it', '2026-04-02');
SELECT * FROM t.cases WHERE invoice_no = 'residual';
SELECT * FROM t.events WHERE invoice_no = 'residual';
-- Bounced it is where it was, its fees too; what was waived with the end is claimed again.
CALL t.pay('P4', 'bounced', '2026-03-21', 1545.21);
SELECT * FROM t.cases WHERE invoice_no = 'bounced';
UPDATE reminder.payment SET bounced_on = '2026-03-25' WHERE payment_no = 'P4';
SELECT * FROM t.cases WHERE invoice_no = 'bounced';
-- Ended without a result: back to monitoring the fees stay; no letter is taken back from under them; withdrawn they are waived, with an event.
SELECT reminder.back_to_monitoring(1, 'back', '2026-04-02') \g /dev/null
SELECT reminder.take_back_letter(1, 'back', 'why not', '2026-04-02');
SELECT * FROM t.status WHERE invoice_no = 'back';
SELECT reminder.hand_to_enforcement(1, 'back', NULL, '2026-04-02') \g /dev/null
SELECT * FROM t.fees WHERE invoice_no = 'back';
SELECT reminder.back_to_monitoring(1, 'back', '2026-04-02') \g /dev/null
-- on the same day the fee is not added twice
SELECT reminder.hand_to_enforcement(1, 'back', NULL, '2026-04-02'), reminder.back_to_monitoring(1, 'back', '2026-04-02') \g /dev/null
SELECT reminder.withdraw(1, 'back', NULL, '2026-04-03') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'back';
SELECT * FROM t.events WHERE invoice_no = 'back';
-- Closed by the service, with its reason; then the loss can be booked.
SELECT reminder.withdraw(1, 'closed', NULL, '2026-04-02');
SELECT reminder.close_case(1, 'closed', 'no assets', '2026-04-02') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'closed', 'L1', 'confirmed', '2026-04-02', 1000);
SELECT * FROM t.cases WHERE invoice_no = 'closed';
TABLE t.wrong;
SELECT finding, object, detail FROM reminder.check();

-- By own rules a letter that never went out takes its own fee with it (F3), not that of enforcement. Finland's is not known here.
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'fi paid', 'P', '2026-01-02', '2026-02-02', 'EUR', 80), (2, 'fi failed', 'P', '2026-01-02', '2026-02-02', 'EUR', 80);
\set ECHO none
SELECT format('CALL reminder.run(%L, 2)', date '2026-02-01' + day) FROM generate_series(7, 60) day \gexec
\set ECHO all
SELECT * FROM t.letters WHERE invoice_no LIKE 'fi%';
SELECT reminder.hand_to_enforcement(2, 'fi paid', 'U 1', '2026-04-03'), reminder.hand_to_enforcement(2, 'fi failed', 'U 2', '2026-04-03', 65) \g /dev/null
SELECT reminder.add_enforcement_fee(2, 'fi paid', 'application', NULL, '2026-04-03');
SELECT reminder.add_enforcement_fee(2, 'fi paid', 'application', 55, '2026-04-03');
SELECT * FROM t.status WHERE invoice_no LIKE 'fi%';
-- no letter went out: 5 are gone with them, 55 stay and are pursued
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (2, 'P1', 'fi paid', '2026-04-04', 80);
SELECT * FROM t.cases WHERE invoice_no = 'fi paid';
-- paid wholly, they are the creditor's, who has collected
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (2, 'P2', 'fi paid', '2026-04-05', 55);
SELECT * FROM t.cases WHERE invoice_no = 'fi paid';
SELECT purpose, debit, credit FROM reminder.posting_list WHERE document_no = 'P2' AND creditor_id = 2 ORDER BY 1;
UPDATE reminder.payment SET bounced_on = '2026-04-06' WHERE creditor_id = 2 AND payment_no = 'P1';
SELECT * FROM t.cases WHERE invoice_no = 'fi paid';
-- all letters failed: the fee of enforcement alone is left
SELECT reminder.fail_letter(2, 'fi failed', stage, 'returned', '2026-04-06') FROM t.letters WHERE invoice_no = 'fi failed' AND status = 'queued' ORDER BY stage \g /dev/null
SELECT * FROM t.status WHERE invoice_no = 'fi failed';
TABLE t.wrong;

-- The law of the day, in its currency: none before it began, none for an amount in another.
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (1, 'in euro', 'C', '2026-01-02', '2026-02-02', 'EUR', 1000);
SELECT reminder._enforcement_fee_cap(1, 'refused', 'application', d.day) AS application, reminder._enforcement_fee_cap(1, 'refused', 'representation', d.day) AS representation, reminder._enforcement_fee_cap(1, 'in euro', 'application', d.day) AS in_euro
FROM unnest('{2008-11-30,2008-12-01,2013-12-31,2014-01-01}'::date[]) d (day);
-- Nobody writes them but these functions; a second one of an item and day is refused by a constraint, too.
\set VERBOSITY sqlstate
UPDATE reminder.enforcement_fee SET amount = 1;
SET session_replication_role = replica;
DELETE FROM reminder.enforcement_fee;
RESET session_replication_role;
BEGIN;
SELECT reminder._keep(true) \g /dev/null
SET LOCAL session_replication_role = replica;
SAVEPOINT a;
INSERT INTO reminder.enforcement_fee (creditor_id, invoice_no, fee_no, case_no, item, amount, as_of) SELECT creditor_id, invoice_no, 9, case_no, item, amount, as_of FROM reminder.enforcement_fee LIMIT 1;
ROLLBACK TO a;
UPDATE reminder.enforcement_fee SET amount = fee_cap + 0.01 WHERE fee_cap IS NOT NULL;
ROLLBACK;
\set VERBOSITY default
-- What is refused changes nothing.
SELECT t.state() AS before \gset
\t
\a
SELECT t.show($$
  SELECT reminder.hand_to_enforcement(1, 'refused', 'KFM', '2026-04-07', 300.01)
  SELECT reminder.hand_to_enforcement(1, 'refused', 'KFM', '2026-04-07', -1)
  SELECT reminder.hand_to_enforcement(1, 'refused', 'KFM', '2026-04-07', 'NaN')
  SELECT reminder.hand_to_enforcement(1, 'refused', 'KFM', '2026-04-07', 0.001)
  SELECT reminder.add_enforcement_fee(1, 'refused', 'application', NULL, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'none', 'appeal', NULL, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'none', NULL, 1, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'none', 'representation', 380.01, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'none', 'representation', 0, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'none', 'other', 'NaN', '2026-04-07', 'a cost')
  SELECT reminder.add_enforcement_fee(1, 'none', 'other', 1e12, '2026-04-07', 'a cost')
  SELECT reminder.add_enforcement_fee(1, 'none', 'other', NULL, '2026-04-07', 'a cost')
  SELECT reminder.add_enforcement_fee(1, 'none', 'other', 10, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'none', 'other', 10, '2026-04-07', ' ')
  SELECT reminder.add_enforcement_fee(1, 'none', 'other', 10, '2026-04-07', repeat('x', 1001))
  SELECT reminder.add_enforcement_fee(1, 'own amount', 'application', NULL, '2026-03-08')
  SELECT reminder.add_enforcement_fee(1, 'none', 'application', NULL, '2026-03-01')
  SELECT reminder.add_enforcement_fee(1, 'none', 'application', NULL, 'infinity')
  SELECT reminder.add_enforcement_fee(2, 'none', 'application', NULL, '2026-04-07')
  SELECT reminder.add_enforcement_fee(1, 'closed', 'application', NULL, '2026-04-07')
$$);
\a
\t
SELECT t.state() = :'before' AS unchanged;
SELECT * FROM t.status WHERE invoice_no IN ('none', 'own amount', 'refused');
-- And reminder itself finds nothing amiss.
SELECT rule, object, found FROM reminder.conservation(NULL);
SELECT finding, object, detail FROM reminder.check();
\i :leave
