-- No demand without the customer's identity number, where the law or whoever collects
-- needs it (C3, N2, L5): a setting, off in amili; its check digits are looked at, those
-- of the customer's country (P7).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_identity
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, identity_no) VALUES
  (1, 'none', 'None', 'company', NULL, NULL), (1, 'blank', 'Blank', 'company', NULL, E' \t'), (1, 'wrong digit', 'Wrong', 'company', NULL, '556016-0681'),
  (1, 'company', 'Company', 'company', NULL, '556016-0680'), (1, 'person', 'Person', 'person', NULL, '811228-9841'), (1, 'wrong person', 'Wrong', 'person', NULL, '811228-9842'),
  (1, 'finn', 'Finn', 'company', 'FI', '0737546-2'), (1, 'no finn', 'No Finn', 'company', 'FI', '556016-0680'), (1, 'german', 'German', 'company', 'DE', 'HRB 4711'), (1, 'rubbish', 'Rubbish', 'company', NULL, repeat('9', 64));
SELECT format('CALL t.invoice(%1$L, 1000, %1$L)', customer_no) FROM reminder.customer WHERE creditor_id = 1 AND customer_no NOT IN ('C', 'P') ORDER BY 1 \gexec
CALL t.invoice('amili');
-- Off in amili: the demand follows by itself.
SELECT needs_identity FROM reminder.creditor ORDER BY creditor_id;
CALL reminder.run('2026-02-07', 1);
BEGIN;
CALL reminder.run('2026-02-21', 1);
SELECT stage, outcome, count(*) FROM t.letters GROUP BY 1, 2 ORDER BY 2, 1;
ROLLBACK;
-- On, it waits for a number that holds; the reminder did not ask for one.
UPDATE reminder.creditor SET needs_identity = true WHERE creditor_id = 1;
SELECT invoice_no, stage, outcome, reason FROM reminder.plan('2026-02-21', 1) ORDER BY 1;
SELECT words FROM reminder.explain(1, 'wrong digit', '2026-02-21');
CALL reminder.run('2026-02-21', 1);
SELECT invoice_no, stage, as_of FROM t.letters WHERE stage = 'demand';
SELECT invoice_no, why_not FROM reminder.invoice_status WHERE why_not IS NOT NULL ORDER BY 1;
-- So it is by hand: the law, or whoever collects, is not overridden.
SELECT invoice_no, outcome, reason FROM reminder.send_now(1, ARRAY['none'], '2026-02-22', all_or_nothing => false);
SELECT code, sentence FROM reminder.customer_readiness(1, 'wrong digit') ORDER BY 1;
-- Put right, it goes out in the next run, dated that day.
UPDATE reminder.customer SET identity_no = '5560160680' WHERE creditor_id = 1 AND customer_no IN ('none', 'wrong digit');
UPDATE reminder.customer SET identity_no = '811228-9841' WHERE creditor_id = 1 AND customer_no = 'wrong person';
CALL reminder.run('2026-02-23', 1);
SELECT invoice_no, stage, as_of FROM t.letters WHERE stage = 'demand' AND as_of > '2026-02-21';
-- Off again, the rest of them.
UPDATE reminder.creditor SET needs_identity = false WHERE creditor_id = 1;
CALL reminder.run('2026-02-24', 1);
SELECT invoice_no, stage, as_of FROM t.letters WHERE stage = 'demand' AND as_of > '2026-02-23';
-- Monitoring asks for none: it follows whatever becomes of the number.
UPDATE reminder.creditor SET needs_identity = true WHERE creditor_id = 1;
CALL reminder.run('2026-03-20', 1);
SELECT DISTINCT state FROM t.cases;

-- Where the law wants it from a day on, the setting is not asked; own rules as well.
INSERT INTO reminder.demand_content VALUES ('FI', 'debtor_identity', '2026-05-01', 9, 'identity_no', 'Who owes it, by number.', 'sourced', 'a new law');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (2, 'before', 'C', '2026-01-02', '2026-02-02', 'EUR', 80), (2, 'after', 'C', '2026-03-02', '2026-04-02', 'EUR', 80);
\set ECHO none
SELECT format('CALL reminder.run(%L, 2)', date '2026-02-01' + day) FROM generate_series(7, 120) day \gexec
\set ECHO all
SELECT invoice_no, stage, as_of FROM t.letters WHERE invoice_no IN ('before', 'after');
SELECT invoice_no, why_not FROM reminder.invoice_status WHERE creditor_id = 2 ORDER BY 1;
SELECT * FROM reminder.demand_missing(2, 'after', '2026-04-30');
SELECT * FROM reminder.demand_missing(2, 'after', '2026-05-01');
UPDATE reminder.customer SET identity_no = '0737546-2' WHERE creditor_id = 2 AND customer_no = 'C';
SELECT * FROM reminder.demand_missing(2, 'after', '2026-05-01');
CALL reminder.run('2026-06-02', 2);
SELECT invoice_no, stage, as_of FROM t.letters WHERE invoice_no IN ('before', 'after') AND stage = 'demand';

-- It is yes or no.
\set VERBOSITY sqlstate
UPDATE reminder.creditor SET needs_identity = NULL;
INSERT INTO reminder.demand_content VALUES ('FI', 'shoe_size', '2026-05-01', 9, 'shoe_size', 'How large.', 'sourced', 'a new law');
\set VERBOSITY default
TABLE t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
