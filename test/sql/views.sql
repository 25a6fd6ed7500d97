-- What one can see: the invoice list (V1), cases (V2), events (V3), rules and
-- those outside (V4), balances and runs; for a story told from start to end.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_views
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('not due');
CALL t.invoice('collected');
CALL t.invoice('disputed');
CALL t.invoice('withdrawn');
CALL t.invoice('lost');
CALL t.invoice('voided');
CALL t.invoice('paid at once');
CALL t.invoice('paid late');
CALL t.invoice('external');
CALL t.invoice('taken out');
UPDATE reminder.invoice SET due_date = '2026-12-31' WHERE invoice_no = 'not due';
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'external';
SELECT reminder.take_out(1, 'taken out', '2026-01-20') \g /dev/null
-- Before the first run nothing is late: "today" is the creditor's latest run.
SELECT invoice_no, status, last_event, last_event_on, last_event_stage, why_not FROM reminder.invoice_status ORDER BY 1;
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) VALUES (1, 'K1', 'voided', 'void', '2026-02-01', 1000);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'lost', 'L1', 'doubtful', '2026-02-01', 400);
CALL t.pay('P1', 'paid at once', '2026-02-01', 1000);
CALL reminder.run('2026-02-07', 1);
SELECT reminder.confirm_letter(1, 'collected', 'reminder', '2026-02-07') \g /dev/null
SELECT reminder.hold(1, 'disputed', 'dispute', '2026-02-28', '2026-02-08') \g /dev/null
SELECT reminder.withdraw(1, 'withdrawn', NULL, '2026-02-08') \g /dev/null
CALL t.pay('P2', 'paid late', '2026-02-09', 1200);
CALL t.pay('P3', 'collected', '2026-02-10', 300);
CALL reminder.run('2026-02-21', 1);
-- V1: one row an invoice, its latest status and event.
SELECT invoice_no, open_amount, status, last_event, last_event_on, last_event_stage, why_not FROM reminder.invoice_status ORDER BY 1;
-- V2: one row a case. What is open is principal and costs.
SELECT invoice_no, case_no, stage, state, stage_on, next_stage, next_on, why_not, sent_on, deadline FROM reminder.case_status ORDER BY 1;
SELECT invoice_no, opened_on, ended_on, outcome, principal, interest, fees, fees_paid, fees_waived, fees_open, open, hold, hold_until FROM reminder.case_status ORDER BY 1;
SELECT count(DISTINCT case_id) FROM reminder.case_status;
-- V3: a claim's whole story, in order.
SELECT event_on, event, stage, amount, detail, case_no FROM reminder.event_list WHERE invoice_no = 'paid late' ORDER BY event_on, recorded_at;
SELECT event_on, event, stage, amount, detail, case_no FROM reminder.event_list WHERE invoice_no = 'collected' ORDER BY event_on, recorded_at;
SELECT event, count(*) FROM reminder.event_list WHERE creditor_id = 1 GROUP BY 1 ORDER BY 1;
-- Letters: principal, fee, what is claimed in all.
SELECT invoice_no, stage, letter_date, deadline, channel, principal, fee, fees, total, payee, sender_name, language, reference, status FROM reminder.letter_list ORDER BY invoice_no, stage DESC;
-- V4.
UPDATE reminder.customer SET blocked = true WHERE creditor_id = 1 AND customer_no = 'P';
SELECT creditor_id, rule, customer_no, assigned_by FROM reminder.rule_customers ORDER BY creditor_id, customer_no;
SELECT creditor_id, customer_no, assigned_by FROM reminder.outside_automation;
-- How many stand where: as many as there are invoices of the creditors that are open.
SELECT rule_no, rule, stage, nth, next_stage, invoices, first_on, last_on FROM reminder.creditor_overview WHERE creditor_id = 1 ORDER BY rule_no, stage;
SELECT sum(o.invoices) = (SELECT count(*) FROM reminder.invoice i WHERE i.open_amount > 0) AS all_of_them FROM reminder.creditor_overview o;
-- Balances and runs.
SELECT * FROM reminder.credit_balance;
SELECT creditor_id, as_of, done, ended_at IS NOT NULL AS ended FROM reminder.run_progress ORDER BY 1, 2;
SELECT as_of, stage, outcome, reason, invoices, principal, fee FROM reminder.run_count ORDER BY as_of, stage, outcome, reason;
SELECT count(*) FROM reminder.exception_list;
-- No view without a word on what it is.
SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'v' AND obj_description(c.oid, 'pg_class') IS NULL ORDER BY 1;
TABLE t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
