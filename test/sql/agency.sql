-- Traffic with agencies (C8): claims handed over once, what agencies say of them
-- taken once, and done in the same transaction; what they have is asked back.
\set name regress_agency
\i test/sql/include/ladder.sql
SET client_min_messages = warning;
CALL t.creditor(1, 'FI');
CALL t.creditor(2, 'FI');
SELECT reminder.activate(c, true), reminder.activate_channel(c, 'intrum_notice'), reminder.activate_channel(c, 'intrum_collection') FROM generate_series(1, 2) c \g /dev/null
-- the agency's from the demand on; the creditor's own reminder before
CALL t.rule(1, 10, 'company', 'creditor', true, 'reminder 10d 10d', 'demand 11d 10d');
CALL t.rule(2, 10, 'company', 'creditor', true, 'reminder 10d 10d', 'demand 11d 10d');
UPDATE reminder.rule_step SET channel = 'intrum_collection' WHERE stage = 'demand' AND rule_no = 10;
UPDATE reminder.rule SET claims_interest = false;
CALL t.customer(1, 'K', 'company', 10);
UPDATE reminder.customer SET identity_no = '1234567-1';
CALL t.customer(2, 'K', 'company', 10);

DO $$ BEGIN FOR n IN 1 .. 12 LOOP CALL t.invoice(1, 'A' || n, 'K', '2026-03-02', 100 + n); END LOOP; END $$;
CALL t.invoice(1, 'B1', 'K', '2026-04-10', 100);
CALL t.invoice(2, 'A1', 'K', '2026-03-02', 100);
\set c 1
\set d '\'2026-03-12\''
:run
\set c 2
:run
SELECT invoice_no, outcome FROM reminder.claim_letters(NULL, NULL, 100) l, reminder.confirm_letters(ARRAY[l.dedupe_key], '2026-03-12') \g /dev/null
\set d '\'2026-04-02\''
:run
\set c 1
:run

\echo '# C8: a claim is given to one, leased, given again when the lease is over, with all that an agency needs'
SELECT agency, creditor_id, channel, dedupe_key, attempt, invoice_no, stage, letter_date, total, customer_name, identity_no FROM reminder.claim_handovers('intrum', 1, 2);
SELECT count(*), count(DISTINCT dedupe_key) FROM reminder.claim_handovers('intrum', 1, 100);
SELECT count(*) FROM reminder.claim_handovers('intrum', 1, 100);
SELECT count(*) FROM reminder.claim_handovers('amili');
SELECT creditor_id, invoice_no FROM reminder.claim_handovers('intrum', NULL, 100);
SELECT creditor_id, channel, waiting, in_hand FROM reminder.outbox ORDER BY 1, 2;

\echo '# acknowledged once, and it says so; what was cancelled or rejected meanwhile, it says, too'
SELECT * FROM reminder.acknowledge_handovers('intrum', ARRAY['1-A1-30-1', '1-A2-30-1'], '2026-04-03', 1, ARRAY['IN-1', NULL]);
SELECT * FROM reminder.acknowledge_handovers('intrum', ARRAY['1-A1-30-1', '1-A3-30-1'], '2026-04-04');
SELECT dedupe_key, outcome, retry_at FROM reminder.reject_handovers('intrum', ARRAY['1-A4-30-1'], 'unknown debtor', '2026-04-03');
SELECT dedupe_key, outcome FROM reminder.reject_handovers('intrum', ARRAY['1-A4-30-1', '1-A1-30-1'], 'unknown debtor', '2026-04-03');
SELECT dedupe_key, outcome, retry_at > now() AS later FROM reminder.reject_handovers('intrum', ARRAY['1-A5-30-1'], 'busy', '2026-04-03', retry_after => '1 second');
SELECT * FROM reminder.acknowledge_handovers('intrum', ARRAY['1-A4-30-1'], '2026-04-03');
SELECT reminder.withdraw(1, 'A6', 'not the agency''s yet', '2026-04-03');
SELECT * FROM reminder.acknowledge_handovers('intrum', ARRAY['1-A6-30-1'], '2026-04-03');
SELECT pg_sleep(1.1) \g /dev/null
SELECT invoice_no, attempt FROM reminder.claim_handovers('intrum', 1);
SELECT outcome FROM reminder.acknowledge_handovers('intrum', ARRAY(SELECT '1-A' || n || '-30-1' FROM generate_series(5, 12) n WHERE n <> 6), '2026-04-03') \g /dev/null
SELECT invoice_no, rung, agency, stage, answer, as_of, reference, reason FROM reminder.handover ORDER BY 1;
SELECT invoice_no, message, detail FROM reminder.exception_list ORDER BY 1;

\echo '# status: case_status shows it; a stage moves the case; events and the invoice list show the latest (V1)'
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "s1", "invoice_no": "A1", "kind": "status", "date": "2026-04-05", "status": "in collection"},
  {"id": "s2", "invoice_no": "A2", "kind": "status", "date": "2026-04-06", "status": "surveillance", "stage": "monitoring", "detail": "no answer"},
  {"id": "s3", "invoice_no": "A2", "kind": "status", "date": "2026-04-07", "status": "at court", "stage": "enforcement", "currency": "EUR"}]', '2026-04-08');
SELECT invoice_no, stage, stage_on, agency, agency_reference, agency_status, agency_status_on FROM reminder.case_status WHERE creditor_id = 1 AND invoice_no IN ('A1', 'A2', 'A3') ORDER BY 1;
SELECT invoice_no, status, last_event, last_event_on FROM reminder.invoice_status WHERE creditor_id = 1 AND invoice_no IN ('A1', 'A2', 'A3') ORDER BY 1;
SELECT event_on, event, stage, detail FROM reminder.event_list WHERE creditor_id = 1 AND invoice_no = 'A2' AND event_on > '2026-04-03' ORDER BY 1, recorded_at;
\echo '# the same once more changes nothing, in the same call or another'
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "s1", "invoice_no": "A1", "kind": "status", "date": "2026-04-05", "status": "in collection"},
  {"id": "s4", "invoice_no": "A1", "kind": "status", "date": "2026-04-08", "status": "promised"},
  {"id": "s4", "invoice_no": "A1", "kind": "status", "date": "2026-04-08", "status": "promised"}]', '2026-04-09');
SELECT count(*) FROM reminder.agency_message;
\echo '# with other content it is refused, and all that came with it; another creditor''s or agency''s id is another'
SELECT t.try($$SELECT reminder.take_agency_messages(1, 'intrum', '[{"id": "s5", "invoice_no": "A1", "kind": "status", "date": "2026-04-09", "status": "x"},
  {"id": "s1", "invoice_no": "A1", "kind": "status", "date": "2026-04-05", "status": "elsewhere"}]', '2026-04-09')$$);
SELECT t.try($$SELECT reminder.take_agency_messages(1, 'intrum', '[{"id": "s6", "invoice_no": "A1", "kind": "status", "date": "2026-04-09", "status": "x"},
  {"id": "s6", "invoice_no": "A1", "kind": "status", "date": "2026-04-09", "status": "y"}]', '2026-04-09')$$);
SELECT count(*) FROM reminder.agency_message;
SELECT outcome FROM reminder.acknowledge_handovers('intrum', ARRAY['2-A1-30-1'], '2026-04-03', 2);
SELECT * FROM reminder.take_agency_messages(2, 'intrum', '[{"id": "s1", "invoice_no": "A1", "kind": "status", "date": "2026-04-05", "status": "other"}]', '2026-04-09');

\echo '# M1, M4, F6: what is paid to the agency is the customer''s payment, no income or payout of the service; the agency''s fee is its own'
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "p1", "invoice_no": "A1", "kind": "payment", "date": "2026-04-10", "amount": 40},
  {"id": "p2", "invoice_no": "A3", "kind": "payment", "date": "2026-04-10", "amount": 103},
  {"id": "f1", "invoice_no": "A1", "kind": "fee", "date": "2026-04-10", "amount": 24.50, "currency": "EUR"}]', '2026-04-10');
SELECT payment_no, invoice_no, paid_on, amount, source FROM reminder.payment ORDER BY 1;
SELECT invoice_no, stage, state, outcome, principal, fees, paid, open, agency_fees FROM reminder.case_status WHERE creditor_id = 1 AND invoice_no IN ('A1', 'A3') ORDER BY 1;
SELECT document_no, purpose, debit, credit FROM reminder.posting_list WHERE creditor_id = 1 ORDER BY 1, line;
SELECT reminder.settle(1, '2026-04-10');
SELECT count(*) FROM reminder.settlement_line;
SELECT count(*) FROM reminder.payout;
SELECT collected, not_paid_out FROM reminder.service_account WHERE creditor_id = 1;
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[{"id": "p2", "invoice_no": "A3", "kind": "payment", "date": "2026-04-10", "amount": 103.00}]', '2026-04-11');
SELECT count(*) FROM reminder.payment;

\echo '# a letter counts as sent outside; that of the step by which it was handed over is there already'
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "l1", "invoice_no": "A7", "kind": "letter", "date": "2026-04-04", "stage": "demand"},
  {"id": "l2", "invoice_no": "A7", "kind": "letter", "date": "2026-04-09", "stage": "demand", "deadline": "2026-04-20"},
  {"id": "l3", "invoice_no": "A7", "kind": "letter", "date": "2026-04-10", "stage": "demand"},
  {"id": "l4", "invoice_no": "A8", "kind": "letter", "date": "2026-04-10", "stage": "reminder"},
  {"id": "l5", "invoice_no": "A3", "kind": "letter", "date": "2026-04-11", "stage": "notice"}]', '2026-04-11');
SELECT invoice_no, rung, stage, as_of, deadline, fee, status FROM reminder.decision WHERE creditor_id = 1 AND invoice_no IN ('A7', 'A8') AND rung >= 30 ORDER BY 1, 2;

\echo '# a closure closes the case, by a closing reason or the agency''s own word for one'
INSERT INTO reminder.agency_closing_reason VALUES ('intrum', 'K11', 'bankruptcy');
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "c1", "invoice_no": "A8", "kind": "closure", "date": "2026-04-11", "status": "K11", "detail": "by the court"},
  {"id": "c2", "invoice_no": "A9", "kind": "closure", "date": "2026-04-11", "status": "unknown_address"},
  {"id": "c3", "invoice_no": "A3", "kind": "closure", "date": "2026-04-11", "status": "settled"},
  {"id": "c4", "invoice_no": "A1", "kind": "closure", "date": "2026-04-11", "status": "K99"}]', '2026-04-11');
SELECT invoice_no, state, outcome, closing_reason, ended_on FROM reminder.case_status WHERE creditor_id = 1 AND invoice_no IN ('A1', 'A3', 'A8', 'A9') ORDER BY 1;

\echo '# V5: what is not known, or cannot be, is kept as an exception and can be tried again'
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "x1", "invoice_no": "N1", "kind": "payment", "date": "2026-04-11", "amount": 10},
  {"id": "x2", "invoice_no": "B1", "kind": "payment", "date": "2026-04-11", "amount": 10},
  {"id": "x3", "invoice_no": "A1", "kind": "payment", "date": "2026-04-11", "amount": 10, "currency": "SEK"},
  {"id": "x4", "invoice_no": "A9", "kind": "status", "date": "2026-04-11", "status": "x", "stage": "monitoring"},
  {"id": "x5", "invoice_no": "A2", "kind": "status", "date": "2026-04-11", "status": "x", "stage": "monitoring"},
  {"id": "x6", "invoice_no": "A2", "kind": "withdrawn", "date": "2026-04-11"}]', '2026-04-11');
SELECT * FROM reminder.take_agency_messages(1, 'amili', '[{"id": "x1", "invoice_no": "A1", "kind": "payment", "date": "2026-04-11", "amount": 10}]', '2026-04-11');
SELECT invoice_no, message, detail FROM reminder.exception_list WHERE message ~ 'agency' ORDER BY 1, 3;
SELECT count(*) FROM reminder.payment;
CALL t.invoice(1, 'N1', 'K', '2026-03-02', 100);
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no IN ('N1', 'B1');
INSERT INTO reminder.agency_closing_reason VALUES ('intrum', 'K99', 'not worth it');
SELECT * FROM reminder.retry_agency_messages(1, 'intrum', '2026-04-12');
SELECT payment_no, invoice_no, source FROM reminder.payment ORDER BY 1;
SELECT invoice_no, outcome, closing_reason FROM reminder.case_status WHERE invoice_no = 'A1' AND creditor_id = 1;
SELECT invoice_no, status, last_event FROM reminder.invoice_status WHERE invoice_no = 'N1';
SELECT outcome FROM reminder.take_agency_messages(1, 'intrum', '[{"id": "c5", "invoice_no": "N1", "kind": "closure", "date": "2026-04-12", "status": "settled"}]', '2026-04-12');
SELECT invoice_no, external_collection FROM reminder.invoice WHERE invoice_no IN ('N1', 'B1') ORDER BY 1;

\echo '# C2, C4: what an agency has it is asked for; only its answer ends the case'
SELECT t.try($$SELECT reminder.withdraw(1, 'A10', NULL, '2026-04-12')$$);
SELECT reminder.request_withdrawal(1, 'A10', 'paid by hand', '2026-04-12'), reminder.request_withdrawal(1, 'A10', 'again', '2026-04-12');
SELECT reminder.request_withdrawal(1, 'A11', NULL, '2026-04-12'), reminder.request_withdrawal(1, 'A12', NULL, '2026-04-12');
SELECT agency, creditor_id, invoice_no, case_id IS NOT NULL AS has_case, reference, reason, requested_on FROM reminder.withdrawal_requests('intrum') ORDER BY invoice_no;
SELECT invoice_no, state FROM reminder.case_status WHERE invoice_no = 'A10';
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "w1", "invoice_no": "A10", "kind": "withdrawn", "date": "2026-04-13"},
  {"id": "w2", "invoice_no": "A11", "kind": "not_withdrawn", "date": "2026-04-13", "detail": "at court"},
  {"id": "w3", "invoice_no": "A12", "kind": "closure", "date": "2026-04-13", "status": "lapsed"}]', '2026-04-13');
SELECT invoice_no, state, outcome, closing_reason FROM reminder.case_status WHERE invoice_no IN ('A10', 'A11', 'A12') ORDER BY 1;
SELECT invoice_no, reason, requested_on, answer, answered_on FROM reminder.agency_withdrawal ORDER BY 1;
SELECT count(*) FROM reminder.withdrawal_requests('intrum', 1);
SELECT reminder.request_withdrawal(1, 'A11', 'once more', '2026-04-14');

\echo '# V3, M3: it is sealed, and adds up'
SELECT reminder.seal(1) IS NOT NULL AS sealed;
SELECT * FROM reminder.verify(1);
SELECT * FROM reminder.conservation();
SELECT * FROM reminder.check();

\echo '# what is not right changes nothing'
SELECT outcome FROM reminder.take_agency_messages(1, 'intrum', '[{"id": "s9", "invoice_no": "A5", "kind": "status", "date": "2026-04-12", "status": "at court", "stage": "enforcement"}]', '2026-04-12');
CREATE TABLE t.bad (n integer, what text, sql text);
INSERT INTO t.bad VALUES
  (1, 'no such agency', $$SELECT reminder.claim_handovers('nobody')$$),
  (2, 'NULL', 'SELECT reminder.claim_handovers(NULL)'),
  (3, 'no such creditor', $$SELECT reminder.claim_handovers('intrum', 9)$$),
  (4, 'none', $$SELECT reminder.claim_handovers('intrum', 1, 0)$$),
  (5, 'an endless lease', $$SELECT reminder.claim_handovers('intrum', 1, 1, '1 year')$$),
  (6, 'no key', $$SELECT reminder.acknowledge_handovers('intrum', '{nonsense}', '2026-04-13')$$),
  (7, 'keys NULL', $$SELECT reminder.acknowledge_handovers('intrum', NULL, '2026-04-13')$$),
  (8, 'a reminder by print', $$SELECT reminder.acknowledge_handovers('intrum', '{1-A1-10-1}', '2026-04-13')$$),
  (9, 'another agency''s', $$SELECT reminder.acknowledge_handovers('amili', '{1-A1-30-1}', '2026-04-13')$$),
  (10, 'another creditor''s', $$SELECT reminder.acknowledge_handovers('intrum', '{1-A1-30-1}', '2026-04-13', 2)$$),
  (11, 'a reference too many', $$SELECT reminder.acknowledge_handovers('intrum', '{1-A1-30-1}', '2026-04-13', 1, '{a,b}')$$),
  (12, 'no date', $$SELECT reminder.acknowledge_handovers('intrum', '{1-A1-30-1}', NULL)$$),
  (13, 'no reason', $$SELECT reminder.reject_handovers('intrum', '{1-A1-30-1}', NULL, '2026-04-13')$$),
  (14, 'a key that is not there', $$SELECT reminder.reject_handovers('intrum', '{1-A99-30-1}', 'x', '2026-04-13')$$),
  (15, 'nothing to ask for', $$SELECT reminder.request_withdrawal(1, 'A9', NULL, '2026-04-13')$$),
  (16, 'not the agency''s', $$SELECT reminder.request_withdrawal(1, 'A4', NULL, '2026-04-13')$$),
  (17, 'at enforcement', $$SELECT reminder.request_withdrawal(1, 'A5', NULL, '2026-04-13')$$),
  (18, 'no such invoice', $$SELECT reminder.request_withdrawal(1, 'A99', NULL, '2026-04-13')$$),
  (19, 'too long a reason', $$SELECT reminder.request_withdrawal(1, 'A11', repeat('x', 1001), '2026-04-14')$$),
  (20, 'messages NULL', $$SELECT reminder.take_agency_messages(1, 'intrum', NULL, '2026-04-13')$$),
  (21, 'an object', $$SELECT reminder.take_agency_messages(1, 'intrum', '{}', '2026-04-13')$$),
  (22, 'no objects', $$SELECT reminder.take_agency_messages(1, 'intrum', '[1]', '2026-04-13')$$),
  (23, 'nothing in it', $$SELECT reminder.take_agency_messages(1, 'intrum', '[{}]', '2026-04-13')$$),
  (24, 'an unknown creditor', $$SELECT reminder.take_agency_messages(9, 'intrum', '[]', '2026-04-13')$$),
  (25, 'an unknown agency', $$SELECT reminder.take_agency_messages(1, 'nobody', '[]', '2026-04-13')$$),
  (26, 'no date', $$SELECT reminder.take_agency_messages(1, 'intrum', '[]', NULL)$$),
  (27, 'infinite', $$SELECT reminder.take_agency_messages(1, 'intrum', '[]', 'infinity')$$),
  (28, 'an unknown closing reason', $$INSERT INTO reminder.agency_closing_reason VALUES ('intrum', 'K1', 'boredom')$$),
  (29, 'a word of nobody', $$INSERT INTO reminder.agency_closing_reason VALUES ('nobody', 'K1', 'lapsed')$$),
  (30, 'a word twice', $$INSERT INTO reminder.agency_closing_reason VALUES ('intrum', 'K11', 'lapsed')$$),
  (31, 'an empty word', $$INSERT INTO reminder.agency_closing_reason VALUES ('intrum', '', 'lapsed')$$),
  (32, 'a message by hand', 'DELETE FROM reminder.agency_message'),
  (33, 'a handover by hand', 'UPDATE reminder.handover SET reference = NULL'),
  (34, 'a request by hand', 'DELETE FROM reminder.agency_withdrawal'),
  (35, 'retried of nobody', $$SELECT reminder.retry_agency_messages(1, 'nobody', '2026-04-13')$$),
  (36, 'requests to nobody', $$SELECT reminder.withdrawal_requests('nobody')$$);
INSERT INTO t.bad
SELECT 40 + row_number() OVER (), m.what, format($$SELECT reminder.take_agency_messages(1, 'intrum', '[%s]', '2026-04-13')$$, (jsonb_build_object('id', 'b', 'invoice_no', 'A1', 'kind', 'payment', 'date', '2026-04-13', 'amount', 1) || m.m::jsonb)::text)
FROM (VALUES
  ('no id', '{"id": null}'), ('a long id', jsonb_build_object('id', repeat('x', 65))::text), ('no invoice', '{"invoice_no": ""}'), ('no kind', '{"kind": "party"}'), ('a day to come', '{"date": "2026-04-14"}'),
  ('no day', '{"date": "2026-02-31"}'), ('no number', '{"amount": "much"}'), ('NaN', '{"amount": "NaN"}'), ('below zero', '{"amount": -1}'), ('half an öre', '{"amount": 1.005}'), ('huge', '{"amount": 1e12}'),
  ('no amount', '{"amount": null}'), ('status of a payment', '{"status": "x"}'), ('no status', '{"kind": "status", "amount": null}'), ('a long one', jsonb_build_object('kind', 'status', 'amount', null, 'status', repeat('x', 65))::text),
  ('a letter of no stage', '{"kind": "letter", "amount": null}'), ('a stage that is no status''s', '{"kind": "status", "amount": null, "status": "x", "stage": "demand"}'),
  ('due before it', '{"kind": "letter", "amount": null, "stage": "demand", "deadline": "2026-04-12"}'), ('no currency', '{"currency": "euro"}'), ('a long detail', jsonb_build_object('detail', repeat('x', 1001))::text),
  ('an infinite day', '{"date": "infinity"}')) m (what, m);
SELECT n, what, t.try(sql) FROM t.bad ORDER BY n;
SELECT count(*) FROM reminder.agency_message;
SELECT count(*) FROM reminder.take_agency_messages(1, 'intrum', '[]', '2026-04-13');
\i test/sql/include/ladder_end.sql
