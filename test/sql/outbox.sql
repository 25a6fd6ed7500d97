-- The outbox (V8, V5, C6): letters are claimed for a while, then confirmed,
-- failed or tried again.
\set name regress_outbox
\i test/sql/include/ladder.sql
SET client_min_messages = warning;
SET timezone = 'UTC';

-- Creditor 1, Sweden: due on Monday 2026-03-02, reminder on 03-07 (fee 60), to be
-- paid by 03-20, demand on 03-21 (fee 180). P's reminders go by email.
CALL t.creditor(1, 'SE', 'amili');
UPDATE reminder.creditor SET contract_address = 'Contract street 2' WHERE creditor_id = 1;
UPDATE reminder.rule SET claims_interest = false;
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, email, address, language) VALUES
  (1, 'P', 'Ada Berg', 'person', 'ada@example.com', 'Storgatan 1', 'fi'),
  (1, 'C', 'Berg AB', 'company', NULL, 'Storgatan 2', NULL);
CALL t.invoice(1, 'F1', 'C', '2026-03-02');
CALL t.invoice(1, 'F2', 'P', '2026-03-02');
CALL t.invoice(1, 'F-3', 'C', '2026-03-02');
CALL t.invoice(1, 'F4/2026 å', 'P', '2026-03-02');
CALL t.invoice(1, 'F5', 'C', '2026-03-02');
\set c 1
\set d '\'2026-03-07\''
:run
CREATE VIEW t.lease AS SELECT invoice_no, rung, channel, attempts, in_hand, leased_until > clock_timestamp() AS leased, reason FROM reminder.letter_lease ORDER BY creditor_id, invoice_no, rung;
CREATE VIEW t.status AS SELECT d.invoice_no, d.stage, d.as_of, d.status, d.fee, d.charged_nth FROM reminder.decision d ORDER BY d.creditor_id, d.invoice_no, d.rung;

\echo '# V8: letters wait by channel, and are claimed with all that a sender needs'
SELECT * FROM reminder.outbox ORDER BY 1, 2;
\x on
SELECT dedupe_key, attempt, leased_until > clock_timestamp() + interval '9 minutes' AS leased, creditor_id, invoice_no, customer_no, case_id IS NOT NULL AS case_id, stage, letter_date, deadline, channel, language,
       currency, principal, interest, interest_until, fee, fees, compensation, total, to_pay, reference, payee, bankgiro, plusgiro, iban, creditor_name, jurisdiction, sender_name, sender_address, contact_address,
       customer_name, customer_kind, address, country, email, invoice_date, due_date, invoice_amount, claim_description
FROM reminder.claim_letters('email', 1, 1, '10 minutes');
\x off
\echo '# V8: as many as are asked for, each once; odd numbers have plain keys'
SELECT dedupe_key, channel, attempt FROM reminder.claim_letters('print', n => 2);
SELECT dedupe_key, channel, attempt FROM reminder.claim_letters();
SELECT count(*) FROM reminder.claim_letters();
SELECT * FROM reminder.outbox ORDER BY 1, 2;
SELECT count(*) AS batches FROM reminder.letter_batch;
TABLE t.lease;

\echo '# V8: what is given back, or whose sender never came back, is claimed again under its key'
SELECT reminder.release_letters(ARRAY['1-F1-10-1', '1-F2-10-1']);
SELECT reminder.release_letters(ARRAY['1-F1-10-1']);
SELECT dedupe_key, attempt FROM reminder.claim_letters(lease => '1 second');
SELECT reminder.extend_letters(ARRAY['1-F1-10-1'], '1 hour');
SELECT pg_sleep(1.1);
SELECT * FROM reminder.outbox ORDER BY 1, 2;
SELECT dedupe_key, attempt FROM reminder.claim_letters();
TABLE t.lease;

\echo '# V8: confirmed once; paid or withdrawn meanwhile it was cancelled, and confirming says so'
CALL t.pay(1, 'p1', 'F5', '2026-03-09', 1000);
SELECT reminder.withdraw(1, 'F-3', 'goodwill', '2026-03-09') \g /dev/null
SELECT * FROM reminder.confirm_letters(ARRAY['1-F1-10-1', '1-F1-10-1', '1-F5-10-1'], '2026-03-09');
SELECT * FROM reminder.confirm_letters(ARRAY['1-F1-10-1', '1-F5-10-1'], '2026-03-10');
TABLE t.status;
SELECT invoice_no, rung, nth, outcome, as_of, stage, case_no, attempts, reason FROM reminder.delivery ORDER BY 1;
SELECT invoice_no, event_on, event, stage FROM reminder.event_list WHERE event LIKE 'letter%' ORDER BY 1;
TABLE t.lease;
\echo '# V8: one that was cancelled is not claimed again'
SELECT reminder.release_letters(ARRAY['1-F-3-10-1']);
SELECT dedupe_key FROM reminder.claim_letters();
TABLE t.lease;

\echo '# V8: tried again after a while, at last failed; V5: an exception for 30 days'
SELECT dedupe_key, outcome, retry_at > clock_timestamp() AS later FROM reminder.fail_letters(ARRAY['1-F2-10-1', '1-F1-10-1', '1-F5-10-1'], 'mailbox full', '2026-03-10', '1 second', 3);
TABLE t.lease;
SELECT count(*) FROM reminder.claim_letters();
SELECT pg_sleep(1.1);
SELECT dedupe_key, attempt FROM reminder.claim_letters();
SELECT dedupe_key, outcome, retry_at FROM reminder.fail_letters(ARRAY['1-F2-10-1'], 'mailbox full', '2026-03-11', '1 second', 3);
SELECT dedupe_key, outcome FROM reminder.fail_letters(ARRAY['1-F2-10-1'], 'mailbox full', '2026-03-11');
SELECT * FROM reminder.confirm_letters(ARRAY['1-F2-10-1'], '2026-03-12');
SELECT dedupe_key, outcome FROM reminder.fail_letters(ARRAY['1-=46342f3230323620c3a5-10-1'], 'no such address', '2026-03-11');
SELECT invoice_no, event_on, event, stage, amount, detail FROM reminder.event_list WHERE invoice_no = 'F2' ORDER BY recorded_at;
SELECT invoice_no, state, sent_on, fees, fees_waived, open FROM reminder.case_status WHERE invoice_no IN ('F1', 'F2') ORDER BY 1;
SELECT creditor_id, invoice_no, as_of, stage, sqlstate, message, detail FROM reminder.exception_list ORDER BY 2;
\set d '\'2026-03-20\''
:run
SELECT count(*) FROM reminder.exception_list;
\set d '\'2026-04-10\''
:run
SELECT count(*) FROM reminder.exception_list;
\set d '\'2026-04-11\''
:run
SELECT count(*) FROM reminder.exception_list;
\echo '# V5: a letter that a sender has had since before the latest run is stuck'
SELECT dedupe_key FROM reminder.claim_letters();
\set d '\'2026-04-12\''
:run
SELECT invoice_no, as_of, stage, message, replace(detail, current_user, 'somebody') AS detail FROM reminder.exception_list ORDER BY 1;
SELECT * FROM reminder.confirm_letters((SELECT array_agg(reminder._letter_key(creditor_id, invoice_no, rung, 1::smallint)) FROM reminder.letter_lease), '2026-04-12');
SELECT count(*) FROM reminder.exception_list;
SELECT * FROM reminder.outbox;

-- Finland, companies: at most 12. Due on Easter Saturday 2026-04-04, and so on
-- Tuesday 04-07: reminder on 04-12, to be paid by 04-22, notice on 04-23.
\echo '# C6: a letter that finally failed carries no fee, counts as none that did, and starts no wait'
CALL t.creditor(2, 'FI', 'netvisor');
CALL t.rule(2, 11, 'company', 'creditor', true, 'reminder 5d 10d 8', 'notice 11d 10d 12', 'demand 11d 10d');
CALL t.creditor(3, 'NO', 'netvisor');
CALL t.rule(3, 11, 'company', 'creditor', true, 'reminder 14d 14d 5', 'reminder 15d 14d 5', 'notice 15d 14d 5', 'demand 15d 14d 5');
UPDATE reminder.rule SET claims_interest = false;
CALL t.customer(2, 'C', 'company', 11);
CALL t.customer(3, 'C', 'company', 11);
CALL t.invoice(2, 'first', 'C', '2026-04-04');
CALL t.invoice(2, 'second', 'C', '2026-04-04');
CALL t.invoice(2, 'none', 'C', '2026-04-04');
\set c 2
\set d '\'2026-04-12\''
:run
SELECT reminder.fail_letter(2, 'first', 'reminder', 'returned', '2026-04-12') \g /dev/null
-- the same day no other step is taken (B3)
:run
SELECT invoice_no, passed, base_date, letter_date, charged FROM reminder.position WHERE creditor_id = 2 ORDER BY 1;
SELECT letter_date, invoice_no, stage, fee, total FROM reminder.upcoming('2026-04-12', '2026-04-30', 2);
\set d '\'2026-04-18\''
:run
\set d '\'2026-04-23\''
:run
-- 'second': the notice of 04-23 fails, the reminder's fee stands again, and the demand waits from the reminder
SELECT outcome FROM reminder.fail_letters(ARRAY['2-second-20-1'], 'returned', '2026-04-24');
SELECT invoice_no, passed, base_date, letter_date, charged FROM reminder.position WHERE creditor_id = 2 ORDER BY 1;
SELECT invoice_no, stage, sent_on, fees, fees_waived, fees_open, next_stage, next_on FROM reminder.case_status WHERE creditor_id = 2 ORDER BY 1;
\set d '\'2026-04-24\''
:run
\set d '\'2026-04-25\''
:run
SELECT * FROM t.status WHERE invoice_no IN ('first', 'second', 'none');
SELECT letter_date, invoice_no, stage, status, fee, fees, total FROM reminder.letter_list WHERE creditor_id = 2 ORDER BY 2, rung;
\echo '# C6, F4: Norway allows two that carry a fee, of those that went out'
CALL t.invoice(3, 'i', 'C', '2026-03-02');
\set c 3
\set d '\'2026-03-16\''
:run
\set d '\'2026-03-31\''
:run
SELECT * FROM t.status WHERE invoice_no = 'i';
SELECT outcome FROM reminder.fail_letters(ARRAY['3-i-10-1'], 'returned', '2026-03-31');
SELECT * FROM t.status WHERE invoice_no = 'i';
\set d '\'2026-04-15\''
:run
SELECT * FROM t.status WHERE invoice_no = 'i';

\echo '# V8: ten thousand are one statement''s work, and found without a scan of the decisions'
CALL t.creditor(4, 'SE', 'amili');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 4;
CALL t.customer(4, 'C', 'company');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 4, 'N' || lpad(n::text, 5, '0'), 'C', '2026-01-31', '2026-03-02', 'SEK', 1000 FROM generate_series(1, 12000) n;
CALL reminder.run('2026-03-07', 4);
SELECT channel, as_of, rung, first_no, cardinality(invoice_nos), claimed FROM reminder.letter_batch WHERE creditor_id = 4 ORDER BY first_no;
CREATE VIEW t.scans AS SELECT relname, seq_scan FROM pg_stat_xact_user_tables WHERE schemaname = 'reminder' AND relname IN ('decision', 'invoice', 'letter_lease', 'letter_batch', 'collection_case', 'customer');
BEGIN;
CREATE TEMP TABLE scans AS TABLE t.scans;
CREATE TEMP TABLE claimed AS SELECT * FROM reminder.claim_letters(creditor_id => 4, n => 11000);
SELECT count(*), count(DISTINCT dedupe_key), min(invoice_no), max(invoice_no) FROM claimed;
SELECT outcome, count(*) FROM reminder.confirm_letters((SELECT array_agg(dedupe_key) FROM claimed WHERE invoice_no <= 'N10000'), '2026-03-08') GROUP BY 1;
SELECT outcome, count(*) FROM reminder.fail_letters((SELECT array_agg(dedupe_key) FROM claimed WHERE invoice_no > 'N10000'), 'no printer', '2026-03-08') GROUP BY 1;
SELECT relname, s.seq_scan - b.seq_scan AS scans FROM t.scans s JOIN scans b USING (relname) ORDER BY 1;
COMMIT;
SELECT waiting, in_hand FROM reminder.outbox WHERE creditor_id = 4;
SELECT status, count(*), sum(fee) FROM reminder.decision WHERE creditor_id = 4 GROUP BY 1 ORDER BY 1;
SELECT sum(fees - fees_waived) FROM reminder.collection_case WHERE creditor_id = 4;
SELECT count(*) FROM reminder.claim_letters(creditor_id => 4, n => 100000);
SELECT outcome, count(*) FROM reminder.confirm_letters((SELECT array_agg(format('4-%s-10-1', invoice_no)) FROM reminder.letter_lease WHERE creditor_id = 4), '2026-03-08') GROUP BY 1;

\echo '# V8: what is wrong is refused, and nothing changes'
CALL t.invoice(1, 'F6', 'C', '2026-04-20');
CALL t.invoice(1, 'F7', 'C', '2026-04-20');
CALL reminder.run('2026-04-25', 1);
SELECT dedupe_key FROM reminder.claim_letters('print', 1, 1);
CREATE VIEW t.rows AS SELECT l::text AS row FROM reminder.letter_lease l UNION ALL SELECT b::text FROM reminder.letter_batch b UNION ALL SELECT y::text FROM reminder.delivery y UNION ALL SELECT d::text FROM reminder.decision d;
CREATE TABLE t.were AS TABLE t.rows;
SELECT left(call, 50) AS call, t.try('SELECT FROM reminder.' || call) FROM (VALUES
  ($$claim_letters('pigeon')$$), ($$claim_letters(creditor_id => 99)$$), ($$claim_letters(n => 0)$$), ($$claim_letters(n => NULL)$$), ($$claim_letters(n => 100001)$$),
  ($$claim_letters(lease => NULL)$$), ($$claim_letters(lease => '0')$$), ($$claim_letters(lease => '-1 day')$$), ($$claim_letters(lease => '8 days')$$), ($$claim_letters(lease => '170000000 years')$$),
  ($$confirm_letters(NULL, '2026-04-25')$$), ($$confirm_letters('{1-F6-10-1}', NULL)$$), ($$confirm_letters('{1-F6-10-1}', 'infinity')$$), ($$confirm_letters('{NULL}', '2026-04-25')$$),
  ($$confirm_letters('{""}', '2026-04-25')$$), ($$confirm_letters('{1-F6-10}', '2026-04-25')$$), ($$confirm_letters('{01-F6-10-1}', '2026-04-25')$$), ($$confirm_letters('{"1-F6-10-1 "}', '2026-04-25')$$),
  ($$confirm_letters('{9999999999999999999-F6-10-1}', '2026-04-25')$$), ($$confirm_letters('{1-=xyz-10-1}', '2026-04-25')$$), ($$confirm_letters('{1-=c328-10-1}', '2026-04-25')$$), ($$confirm_letters('{1-=4636-10-1}', '2026-04-25')$$),
  ($$confirm_letters(ARRAY[repeat('x', 1000000)], '2026-04-25')$$),
  ($$confirm_letters('{1-F6-10-1,1-F6-20-1}', '2026-04-25')$$), ($$confirm_letters('{1-F6-10-2}', '2026-04-25')$$), ($$confirm_letters('{2-F6-10-1}', '2026-04-25')$$), ($$confirm_letters('{1-F6-10-1}', '2026-04-25', 2)$$), ($$release_letters('{1-F6-10-1}', 2)$$),
  ($$fail_letters('{1-F7-10-1}', NULL, '2026-04-25')$$), ($$fail_letters('{1-F7-10-1}', '', '2026-04-25')$$), ($$fail_letters('{1-F7-10-1}', repeat('x', 1001), '2026-04-25')$$),
  ($$fail_letters('{1-F7-10-1}', 'x', NULL)$$), ($$fail_letters('{1-F7-10-1}', 'x', '2026-04-25', '31 days')$$), ($$fail_letters('{1-F7-10-1}', 'x', '2026-04-25', '0')$$), ($$fail_letters('{1-F7-10-1}', 'x', '2026-04-25', NULL, 0)$$),
  ($$fail_letters('{1-F9-10-1}', 'x', '2026-04-25')$$), ($$fail_letters(NULL, 'x', '2026-04-25')$$),
  ($$extend_letters('{1-F7-10-1}', '8 days')$$), ($$extend_letters('{nobody}')$$), ($$release_letters('{nobody}')$$), ($$release_letters(NULL)$$)) c (call);
SELECT count(*) AS changed FROM (TABLE t.were EXCEPT TABLE t.rows) x;
\echo '# no letter, nothing to do'
SELECT * FROM reminder.confirm_letters('{}', '2026-04-25');
SELECT * FROM reminder.fail_letters('{}', 'x', '2026-04-25', '1 day');
SELECT reminder.extend_letters('{}'), reminder.release_letters('{}');

\echo '# B4: a letter that was taken back is cancelled; the one that takes its place has a key of its own'
SELECT dedupe_key FROM reminder.claim_letters('print', 1, 1, '1 second');
SELECT reminder.take_back_letter(1, 'F7', 'by mistake', '2026-04-26');
SELECT dedupe_key, outcome FROM reminder.fail_letters('{1-F7-10-1}', 'x', '2026-04-26', '1 day');
SELECT dedupe_key, outcome FROM reminder.confirm_letters('{1-F7-10-1}', '2026-04-26');
CALL reminder.run('2026-04-27', 1);
SELECT pg_sleep(1.1);
SELECT dedupe_key FROM reminder.claim_letters('print', 1);
SELECT dedupe_key, outcome FROM reminder.confirm_letters('{1-F7-10-2}', '2026-04-27');
SELECT rung, taken_back, status FROM reminder.decision WHERE creditor_id = 1 AND invoice_no = 'F7' ORDER BY 2;
SELECT rung, nth, outcome FROM reminder.delivery WHERE creditor_id = 1 AND invoice_no = 'F7' ORDER BY 2;
\echo '# nothing is amiss'
SELECT * FROM reminder.check();
\i test/sql/include/ladder_end.sql
