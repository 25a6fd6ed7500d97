-- Commission (C3, F10): in per cent of the principal paid while in monitoring, to
-- whomever, with a lowest and a highest a case; what a case has is in its status (V2).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_commission
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CREATE VIEW t.commission AS
SELECT invoice_no, case_no AS "case", on_date, event, payment_no, entry_no AS entry, source, principal, percent, commission
FROM reminder.commission_list ORDER BY creditor_id, invoice_no, on_date, principal DESC, payment_no, entry_no;
-- The same by case, worked out from the sum: 12 %, at least 15, at most 100.
CREATE VIEW t.earned AS
SELECT c.invoice_no, c.case_no, sum(c.principal) AS principal, sum(c.commission) AS commission,
       CASE WHEN sum(c.principal) > 0 THEN least(greatest(round(sum(c.principal) * 0.12, 2), 15), 100) ELSE 0 END AS by_hand
FROM reminder.commission_list c GROUP BY 1, 2;

SELECT * FROM reminder.creditor_price_list;
INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES
  ('amili', 'commission_percent', '2026-01-01', 12), ('amili', 'commission_at_least', '2026-01-01', 15), ('amili', 'commission_at_most', '2026-01-01', 100),
  -- of cases opened later
  ('amili', 'commission_percent', '2026-03-01', 50), ('amili', 'commission_at_most', '2026-03-01', NULL);
SELECT i.item, p.* FROM unnest('{commission_percent,commission_at_least,commission_at_most}'::text[]) i (item), LATERAL reminder.price_in_force(1, i.item, '2026-02-07') p;
SELECT format('CALL t.invoice(%L)', n) FROM unnest('{part,capped,least,bounced,enforced,withdrawn,over,deleted,moved,costs,credited,taken back,again}'::text[]) n \gexec
CALL reminder.run('2026-02-07', 1);
CALL reminder.run('2026-02-21', 1);
SELECT reminder.confirm_letter(1, invoice_no, stage, '2026-02-21') FROM t.letters ORDER BY invoice_no, stage DESC \g /dev/null

-- What is paid before monitoring bears none; from its first day on, whoever takes it in.
CALL t.pay('P1', 'part', '2026-03-06', 200);
SELECT reminder.withdraw(1, 'again', NULL, '2026-03-06') \g /dev/null
CALL reminder.run('2026-03-07', 1);
SELECT state, count(*) FROM t.cases GROUP BY 1;
TABLE t.commission;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES (1, 'P2', 'part', '2026-03-07', 300, 'creditor'), (1, 'P3', 'part', '2026-03-20', 500, 'service');
SELECT * FROM t.commission WHERE invoice_no = 'part';
-- A payment of an earlier day that is entered late bears none either.
UPDATE reminder.payment SET amount = 400 WHERE payment_no = 'P3';
CALL t.pay('P4', 'part', '2026-03-01', 100);
SELECT * FROM t.commission WHERE invoice_no = 'part';
-- At most 100, at least 15 a case; 900 are 108, 50 are 6, 150 are 18.
CALL t.pay('P5', 'capped', '2026-03-20', 900);
CALL t.pay('P6', 'capped', '2026-03-21', 100);
CALL t.pay('P7', 'least', '2026-03-20', 50);
CALL t.pay('P8', 'least', '2026-03-21', 100);
SELECT * FROM t.commission WHERE invoice_no IN ('capped', 'least');
-- Bounced it is taken back on that day, and what comes then bears it again.
CALL t.pay('P9', 'bounced', '2026-03-20', 400);
UPDATE reminder.payment SET bounced_on = '2026-04-10' WHERE payment_no = 'P9';
CALL t.pay('P10', 'bounced', '2026-04-11', 400);
-- Deleted, moved to another invoice.
CALL t.pay('P11', 'deleted', '2026-03-20', 400);
DELETE FROM reminder.payment WHERE payment_no = 'P11';
CALL t.pay('P12', 'deleted', '2026-03-21', 300);
UPDATE reminder.payment SET invoice_no = 'moved' WHERE payment_no = 'P12';
SELECT * FROM t.commission WHERE invoice_no IN ('bounced', 'deleted', 'moved');
-- Paid whole, and bounced after the case had ended: it goes on where it was.
CALL t.pay('P13', 'over', '2026-03-20', 2000);
SELECT invoice_no, state, fees, paid, open FROM t.cases WHERE invoice_no = 'over';
SELECT * FROM t.commission WHERE invoice_no = 'over';
UPDATE reminder.payment SET bounced_on = '2026-03-22' WHERE payment_no = 'P13';
CALL t.pay('P14', 'over', '2026-03-23', 500);
SELECT * FROM t.commission WHERE invoice_no = 'over';
-- Costs bear none, nor does a credit.
CALL t.pay('P15', 'costs', '2026-03-20', 1000);
CALL t.pay('P16', 'costs', '2026-03-21', 200);
SELECT reminder.credit_in_case(1, 'credited', 700, NULL, '2026-03-20') IS NOT NULL AS credited;
SELECT * FROM t.commission WHERE invoice_no IN ('costs', 'credited');
-- At enforcement none, but of the day it was handed over on; back in monitoring again.
CALL t.pay('P17', 'enforced', '2026-03-20', 100);
SELECT reminder.hand_to_enforcement(1, 'enforced', 'KFM 1', '2026-03-25') \g /dev/null
CALL t.pay('P18', 'enforced', '2026-03-25', 10);
CALL t.pay('P19', 'enforced', '2026-03-26', 200);
SELECT reminder.back_to_monitoring(1, 'enforced', '2026-04-01') \g /dev/null
CALL t.pay('P20', 'enforced', '2026-04-02', 190);
SELECT * FROM t.commission WHERE invoice_no = 'enforced';
-- Withdrawn, none from the day after it; nor when monitoring was taken back.
SELECT reminder.withdraw(1, 'withdrawn', NULL, '2026-03-25') \g /dev/null
CALL t.pay('P21', 'withdrawn', '2026-03-25', 200);
CALL t.pay('P22', 'withdrawn', '2026-03-26', 300);
SELECT reminder.take_back_letter(1, 'taken back', 'too early', '2026-03-25');
CALL t.pay('P23', 'taken back', '2026-03-26', 300);
SELECT * FROM t.commission WHERE invoice_no IN ('withdrawn', 'taken back');
-- Put back, another case is in monitoring, by the prices of its own day: 50 %, no highest.
SELECT reminder.put_back(1, 'again', '2026-04-01') \g /dev/null
CALL reminder.run('2026-04-02', 1);
CALL t.pay('P24', 'again', '2026-04-02', 400);
SELECT * FROM t.commission WHERE invoice_no IN ('again', 'taken back');
-- A bounce belongs to the case whose payment it takes back.
UPDATE reminder.payment SET bounced_on = '2026-04-20' WHERE payment_no = 'P21';
SELECT * FROM t.commission WHERE invoice_no = 'withdrawn';

-- Each case has what its sum comes to, and its status says so (V2).
SELECT * FROM t.earned WHERE case_no = 1 ORDER BY invoice_no;
SELECT count(*) AS differ FROM t.earned WHERE case_no = 1 AND commission <> by_hand;
SELECT invoice_no, case_no, stage, state, principal, paid, commission FROM reminder.case_status ORDER BY 1, 2;
SELECT sum(commission) = (SELECT sum(commission) FROM reminder.commission_list) AS same FROM reminder.case_status;
-- What each keeps.
SELECT creditor_id, invoice_no, case_no, commission_percent, commission_at_least, commission_at_most FROM reminder.case_prices WHERE invoice_no = 'again' ORDER BY 1, 2, 3;
SELECT count(*) AS differ FROM reminder.commission_list c JOIN reminder.case_prices p USING (creditor_id, invoice_no, case_no) WHERE c.percent <> p.commission_percent;
-- One's own prices go before the list's; where they end, the list's hold again.
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, 'commission_percent', '2026-04-03', 10), (1, 'commission_percent', '2026-04-05', NULL), (1, 'commission_at_most', '2026-04-03', 30);
CALL t.invoice('own');
CALL reminder.run('2026-04-03', 1);
CALL t.invoice('the list''s');
\set ECHO none
SELECT format('CALL reminder.run(%L, 1)', date '2026-04-05' + n) FROM generate_series(0, 60) n \gexec
\set ECHO all
CALL t.pay('P30', 'own', '2026-06-03', 250);
CALL t.pay('P31', 'own', '2026-06-04', 250);
CALL t.pay('P32', 'the list''s', '2026-06-04', 250);
SELECT * FROM t.commission WHERE invoice_no IN ('own', 'the list''s');
SELECT count(*) AS differ FROM reminder.commission_list c JOIN reminder.case_prices p USING (creditor_id, invoice_no, case_no) WHERE c.percent <> p.commission_percent;
-- Who may read the status of cases and nothing else, reads all of it.
CREATE ROLE regress_commission;
GRANT USAGE ON SCHEMA reminder TO regress_commission;
GRANT SELECT ON reminder.case_status TO regress_commission;
SET ROLE regress_commission;
SELECT invoice_no, paid, commission, link FROM reminder.case_status WHERE invoice_no = 'own';
RESET ROLE;
DROP OWNED BY regress_commission;
DROP ROLE regress_commission;
-- What was in force by then does not change (F10).
\set VERBOSITY terse
UPDATE reminder.price SET price = 13 WHERE item = 'commission_percent' AND valid_from = '2026-01-01';
INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES ('amili', 'commission_at_least', '2026-02-01', 10);
INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES ('amili', 'commission_percent', '2027-02-01', 101);
INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES ('amili', 'commission_at_least', '2027-02-01', 'NaN');
TABLE t.wrong;
-- And reminder itself finds nothing amiss.
SELECT rule, object, found FROM reminder.conservation(NULL);
SELECT finding, object, detail FROM reminder.check();
\i :leave
