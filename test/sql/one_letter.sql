-- B6: one letter for all invoices of a customer whose step it is, if the rule
-- says so; each with a decision, a case and a fee limit of its own, and one fee
-- a letter, on the oldest that may carry it. `:run` holds plan() and explain()
-- against what the run does (B1).
\set name regress_one_letter
\i test/sql/include/ladder.sql
SET client_min_messages = warning;
SET timezone = 'UTC';
CREATE VIEW t.letter AS
SELECT l.creditor_id AS c, l.customer_no AS customer, l.invoice_no AS invoice, l.stage, l.letter_date, l.deadline, l.currency, l.principal, l.fee, l.total, l.letter_of, l.status
FROM reminder.letter_list l;

\echo '# B6: off in every preset'
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'netvisor');
CALL t.creditor(3, 'SE', 'lawful');
SELECT count(*) AS steps, count(*) FILTER (WHERE one_letter) AS one_letter FROM reminder.rule_step;
UPDATE reminder.rule SET claims_interest = false;

\echo '# B6: a step''s own setting, and no stage''s without a letter; the rule says it in words'
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 1;
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 1 AND stage <> 'monitoring';
SELECT d FROM reminder.describe_rule(1, 1) d WHERE d LIKE '%after%';

\echo '# B6: one fee, on the oldest by due date, then number; another currency or sender is another letter, another customer too'
UPDATE reminder.rule SET collected_by = 'creditor' WHERE creditor_id = 1;
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency) VALUES (1, 1, 'SEK'), (1, 1, 'EUR');
CALL t.customer(1, 'A');
CALL t.customer(1, 'B');
CALL t.customer(1, 'C', 'person');
CALL t.invoice(1, 'a3', 'A', '2026-03-02', 300);
CALL t.invoice(1, 'a2', 'A', '2026-03-02', 200);
CALL t.invoice(1, 'a9', 'A', '2026-02-27', 900);
CALL t.invoice(1, 'e1', 'A', '2026-03-02', 100, 'EUR');
CALL t.invoice(1, 'e2', 'A', '2026-03-01', 100, 'EUR');
CALL t.invoice(1, 't1', 'A', '2026-02-20', 100);
CALL t.invoice(1, 'b1', 'B', '2026-03-02', 100);
CALL t.invoice(1, 'c1', 'C', '2026-03-02', 100);
UPDATE reminder.invoice SET trading_name = 'Bikes' WHERE invoice_no = 't1';
\set c 1
\set d '\'2026-03-07\''
:run
SELECT customer, invoice, letter_date, deadline, currency, principal, fee, total, letter_of FROM t.letter ORDER BY 1, currency, letter_of, 2;
\echo '# each has its own decision and case'
SELECT invoice_no, rung, fee, charged_nth, fees, case_no FROM reminder.decision WHERE customer_no = 'A' ORDER BY 1;
SELECT invoice_no, stage, state, principal, fees_open FROM reminder.case_status WHERE customer_no = 'A' ORDER BY 1;

\echo '# V8: a letter is claimed as one, with its lines; what is waiting is counted by letters'
SELECT channel, waiting, in_hand, to_retry FROM reminder.outbox;
\x on
SELECT dedupe_key, invoice_no, reference, due_date, invoice_amount, principal, fee, fees, total, to_pay, (SELECT jsonb_pretty(jsonb_agg(x - 'case_id')) FROM jsonb_array_elements(lines) x) AS lines FROM reminder.claim_letters(n => 1) WHERE customer_no = 'A';
\x off
SELECT channel, waiting, in_hand, to_retry FROM reminder.outbox;
SELECT dedupe_key, customer_no, currency, principal, fee, total, jsonb_array_length(lines) AS lines, lines IS NULL AS plain, reference IS NOT NULL AS reference FROM reminder.claim_letters() ORDER BY 1;
SELECT count(*) FROM reminder.claim_letters();
SELECT channel, waiting, in_hand, to_retry FROM reminder.outbox;

\echo '# V8: given back, leased for longer, tried again: as a whole'
SELECT reminder.extend_letters(ARRAY['1-a9-10-1', '1-b1-10-1'], '1 hour'), reminder.release_letters(ARRAY['1-a9-10-1']);
SELECT channel, waiting, in_hand, to_retry FROM reminder.outbox;
SELECT dedupe_key, attempt, jsonb_array_length(lines) AS lines FROM reminder.claim_letters(n => 1);
SELECT dedupe_key, outcome FROM reminder.fail_letters(ARRAY['1-a9-10-1'], 'no paper', '2026-03-08', '1 second');
SELECT pg_sleep(1.1);
\echo '# paid meanwhile: its line leaves the letter, with its fee; the others go out'
CALL t.pay(1, 'p1', 'a9', '2026-03-08', 900);
SELECT invoice, fee, status FROM t.letter WHERE letter_of = 'a9' ORDER BY 1;
SELECT dedupe_key, attempt, invoice_no, principal, fee, total, jsonb_path_query_array(lines, '$[*].invoice_no') AS lines FROM reminder.claim_letters(n => 1);
SELECT * FROM reminder.confirm_letters(ARRAY['1-a9-10-1'], '2026-03-08');
SELECT * FROM reminder.confirm_letters(ARRAY['1-a9-10-1', '1-a2-10-1'], '2026-03-08');
SELECT invoice_no, outcome, attempts FROM reminder.delivery ORDER BY 1;
SELECT invoice, fee, status FROM t.letter WHERE letter_of = 'a9' ORDER BY 1;
SELECT invoice_no, state, outcome, fees, fees_waived FROM reminder.case_status WHERE invoice_no IN ('a2', 'a3', 'a9') ORDER BY 1;

\echo '# C6: it finally fails: no line has a fee or starts a wait; all of it paid: it is cancelled'
SELECT dedupe_key, outcome FROM reminder.fail_letters(ARRAY['1-e2-10-1'], 'no such address', '2026-03-08');
SELECT dedupe_key, outcome FROM reminder.fail_letters(ARRAY['1-e1-10-1'], 'no such address', '2026-03-08');
SELECT invoice_no, fee, charged_nth, status FROM reminder.decision WHERE invoice_no LIKE 'e%' ORDER BY 1;
SELECT invoice_no, message FROM reminder.exception_list ORDER BY 1;
CALL t.pay(1, 'p2', 'b1', '2026-03-08', 100);
SELECT dedupe_key, outcome FROM reminder.confirm_letters(ARRAY['1-b1-10-1', '1-c1-10-1', '1-t1-10-1'], '2026-03-08');
SELECT * FROM reminder.outbox;

\echo '# F10: a letter costs what a letter costs'
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, 'letter', '2026-03-10', 2);
SELECT month, channel, stage, letters, waiting FROM reminder.sending_cost ORDER BY 1, 2, 3;

\echo '# F4: what had a fee already may carry none: the next oldest that may does'
CALL t.creditor(4, 'SE');
CALL t.before_law('SE', $$CALL t.rule(4, 1, 'company', 'creditor', true, 'reminder 5d 8d 60', 'reminder 5d 8d 60', 'reminder 5d 8d 60', 'reminder 5d 8d 60', 'demand 5d 10d 180')$$);
UPDATE reminder.rule SET claims_interest = false, general = true WHERE creditor_id = 4;
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 4;
SELECT reminder.activate(4, confirm => true) \g /dev/null
CALL t.customer(4, 'D');
CALL t.invoice(4, 'd1', 'D', '2026-03-02', 100);
CALL t.invoice(4, 'd2', 'D', '2026-03-02', 100);
CALL t.invoice(4, 'd3', 'D', '2026-03-02', 100);
\set c 4
\set d '\'2026-03-07\''
:run
\set d '\'2026-03-17\''
:run
\set d '\'2026-03-26\''
:run
\set d '\'2026-04-14\''
:run
SELECT letter_date, stage, string_agg(invoice || coalesce(' ' || nullif(fee, 0), ''), ', ' ORDER BY invoice) AS lines FROM t.letter WHERE c = 4 GROUP BY 1, 2 ORDER BY 1;

\echo '# B1: upcoming() and explain() of days to come count what goes out before'
CALL t.creditor(5, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 5;
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 5 AND stage <> 'monitoring';
CALL t.customer(5, 'A');
CALL t.invoice(5, 'a1', 'A', '2026-03-02', 100);
CALL t.invoice(5, 'a2', 'A', '2026-03-03', 100);
CALL t.invoice(5, 'a3', 'A', '2026-03-03', 100);
SELECT letter_date, invoice_no, fee, letter_of FROM reminder.upcoming('2026-03-02', '2026-03-31', 5);
SELECT e.outcome, e.fee, e.words FROM unnest('{a1,a2,a3}'::text[]) n CROSS JOIN LATERAL reminder.explain(5, n, '2026-03-02') e;
SELECT letter_date, invoice_no, fee, letter_of, cost FROM reminder.preview_rule(5, 1, '2026-03-02', '2026-03-31');
\set c 5
\set d '\'2026-03-07\''
:run
\set d '\'2026-03-08\''
:run
SELECT letter_date, invoice, fee, letter_of FROM t.letter WHERE c = 5 ORDER BY 1, 2;

\echo '# N1: what is decided later on the same day has a letter of its own, and no second fee; on another day one'
CALL t.invoice(5, 'a0', 'A', '2026-03-02', 100);
:run
\set d '\'2026-03-09\''
CALL t.invoice(5, 'a4', 'A', '2026-03-02', 100);
:run
SELECT letter_date, invoice, fee, letter_of FROM t.letter WHERE c = 5 ORDER BY 1, 2;

\echo '# R8: whoever stands on different rungs from which it is the next step gets one letter'
CALL t.rule(5, 7, 'company', 'service', true, 'notice 0d 5d', 'demand 5d 10d 180');
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 5 AND rule_no = 7 AND stage = 'demand';
CALL t.invoice(5, 'a5', 'A', '2026-03-10', 100);
SELECT reminder.record_letter(5, 'a5', 'notice', '2026-03-11', NULL, '2026-03-11', '2026-03-12') \g /dev/null
SELECT invoice_no, rule_no, passed FROM reminder.position WHERE creditor_id = 5 ORDER BY 1;
\set d '\'2026-03-23\''
:run
SELECT letter_date, stage, invoice, fee, letter_of FROM t.letter WHERE c = 5 AND letter_date = '2026-03-23' ORDER BY 1, 2, 3;

\echo '# B7: approval is of each; the letter has those that have it'
CALL t.creditor(6, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 6;
UPDATE reminder.rule_step SET one_letter = true, approval = true WHERE creditor_id = 6 AND stage = 'reminder';
CALL t.customer(6, 'A');
CALL t.invoice(6, 'a1', 'A', '2026-03-02', 100);
CALL t.invoice(6, 'a2', 'A', '2026-03-02', 100);
CALL t.invoice(6, 'a3', 'A', '2026-03-02', 100);
SELECT invoice_no, outcome FROM reminder.approve_letters(6, ARRAY['a2', 'a3'], '2026-03-06');
\set c 6
\set d '\'2026-03-07\''
:run
SELECT invoice, fee, letter_of FROM t.letter WHERE c = 6 ORDER BY 1;
SELECT invoice_no, waiting_for FROM reminder.position WHERE creditor_id = 6 ORDER BY 1;

\echo '# N7: by hand, those that are named: one letter, and the fee of the day is charged once'
SELECT invoice_no, outcome, fee FROM reminder.plan_now(6, ARRAY['a1'], '2026-03-07');
SELECT invoice_no, outcome, fee FROM reminder.plan_now(6, ARRAY['a1'], '2026-03-08');
CALL t.invoice(6, 'a4', 'A', '2026-03-05', 100);
SELECT invoice_no, outcome, fee FROM reminder.send_now(6, ARRAY['a4', 'a1'], '2026-03-08');
SELECT letter_date, invoice, fee, letter_of FROM t.letter WHERE c = 6 ORDER BY 1, 2;

\echo '# B4: a letter is taken back invoice by invoice: the rest of it stands'
SELECT dedupe_key, jsonb_array_length(lines) AS lines FROM reminder.claim_letters(creditor_id => 6, lease => '1 second') ORDER BY 1;
SELECT reminder.take_back_letter(6, 'a2', 'goodwill', '2026-03-08');
SELECT dedupe_key, outcome FROM reminder.confirm_letters(ARRAY['6-a2-10-1'], '2026-03-08');
SELECT invoice_no, rung, taken_back, fee, status FROM reminder.decision WHERE creditor_id = 6 ORDER BY 1, 2, 3;
SELECT invoice_no, nth, outcome FROM reminder.delivery WHERE creditor_id = 6 ORDER BY 1;
\echo '# decided anew, it has a letter of its own, under a key of its own'
SELECT invoice_no, outcome FROM reminder.approve_letters(6, ARRAY['a2'], '2026-03-09');
\set d '\'2026-03-09\''
:run
SELECT pg_sleep(1.1);
SELECT dedupe_key, fee, lines IS NULL AS alone FROM reminder.claim_letters(creditor_id => 6) ORDER BY 1;
SELECT dedupe_key, outcome FROM reminder.confirm_letters(ARRAY['6-a2-10-2'], '2026-03-09');
\echo '# by the invoice, all of its letter'
SELECT reminder.confirm_letter(6, 'a4', 'reminder', '2026-03-09');
SELECT invoice, status FROM t.letter WHERE c = 6 ORDER BY 1;
SELECT reminder.confirm_letter(6, 'a1', 'reminder', '2026-03-09');

\echo '# N6, V5: what cannot be decided is left out; the others get their one letter'
CALL t.creditor(7, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 7;
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 7 AND stage = 'reminder';
INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT 7, 'c' || n, 'C' FROM generate_series(1, 5) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 7, 'i' || n, 'c' || n % 5 + 1, '2026-02-02', '2026-03-02', 'SEK', 100 FROM generate_series(10, 59) n;
CREATE FUNCTION t.trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.invoice_no IN ('i10', 'i32') THEN
    RAISE EXCEPTION 'trouble with "%"', NEW.invoice_no USING ERRCODE = 'P0001';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER trouble BEFORE INSERT ON reminder.decision FOR EACH ROW EXECUTE FUNCTION t.trouble();
CALL reminder.run('2026-03-07', 7);
SELECT customer, letter_of, count(*), sum(fee) AS fee FROM t.letter WHERE c = 7 GROUP BY 1, 2 ORDER BY 1;
SELECT invoice_no, message FROM reminder.exception_list WHERE creditor_id = 7 ORDER BY 1;
SELECT due, done FROM reminder.run_log WHERE creditor_id = 7;
DROP TRIGGER trouble ON reminder.decision;
\echo '# the same date again, the trouble gone: no second fee'
CALL reminder.run('2026-03-07', 7);
SELECT customer, letter_of, count(*), sum(fee) AS fee FROM t.letter WHERE c = 7 AND letter_of IN ('i10', 'i32', 'i15', 'i12') GROUP BY 1, 2 ORDER BY 1, 2;

\echo '# N1: a customer with more invoices than a chunk has them decided in one, whatever their numbers'
CALL t.creditor(8, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 8;
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = 8 AND stage = 'reminder';
INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT 8, 'c' || n, 'C' FROM generate_series(1, 3) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 8, 'i' || n, CASE WHEN n % 20 = 0 THEN 'c1' WHEN n % 20 = 1 THEN 'c3' ELSE 'c2' END, '2026-02-02', '2026-03-02', 'SEK', 100 FROM generate_series(1, 12000) n;
CREATE VIEW t.written AS SELECT d.customer_no, count(*), count(DISTINCT d.xmin::text) AS chunks, sum(d.fee) AS fee, count(DISTINCT l.letter_of) AS letters
FROM reminder.decision d JOIN reminder.letter_list l USING (creditor_id, invoice_no, rung) WHERE d.creditor_id = 8 GROUP BY 1 ORDER BY 1;
CALL reminder.run('2026-03-07', 8);
SELECT * FROM t.written;
SELECT count(DISTINCT xmin::text) AS chunks FROM reminder.letter_line WHERE creditor_id = 8;
\echo '# and it is claimed whole, even by who asks for one'
SELECT dedupe_key, jsonb_array_length(lines) AS lines, fee, total FROM reminder.claim_letters(creditor_id => 8, n => 1);
SELECT dedupe_key, jsonb_array_length(lines) AS lines, fee, total FROM reminder.claim_letters(creditor_id => 8, n => 20000);
SELECT count(*) FROM reminder.claim_letters(creditor_id => 8, n => 20000);
SELECT channel, waiting, in_hand FROM reminder.outbox WHERE creditor_id = 8;

SELECT * FROM reminder.check();
\i test/sql/include/ladder_end.sql
