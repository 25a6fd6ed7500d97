-- Each case has a public id that never changes, and a link made from the creditor's
-- URL template (C9, V2).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_case_link
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('A1');
CALL t.invoice('A2');
CALL reminder.run('2026-02-07', 1);
-- Without a template there is no link.
SELECT invoice_no, link FROM reminder.case_status ORDER BY 1;
CREATE TABLE t.known AS SELECT invoice_no, case_no, case_id FROM reminder.case_status;
UPDATE reminder.creditor SET case_url = 'https://cases.example.com/c/{case_id}?from=reminder' WHERE creditor_id = 1;
SELECT s.invoice_no, replace(s.link, k.case_id::text, 'ID') AS link FROM reminder.case_status s JOIN t.known k USING (invoice_no, case_no) ORDER BY 1;
SELECT count(DISTINCT case_id) AS ids, bool_and(case_id::text ~ '^[0-9a-f]{8}-[0-9a-f]{4}-4') AS tell_nothing FROM t.known;
-- Beyond what is drawn at a time too, none comes twice.
SELECT count(DISTINCT id) AS ids, bool_and(id::text ~ '^.{14}4.{3}-[89ab]') AS version_4 FROM (SELECT reminder._random_uuid() AS id FROM generate_series(1, 1000)) x;
-- The id is the case's from its first letter on: at every stage, ended, and reopened; another case has another.
CALL reminder.run('2026-02-21', 1);
CALL t.pay('P1', 'A1', '2026-02-22', 1245.21);
CALL reminder.run('2026-03-07', 1);
SELECT invoice_no, s.state, s.case_id = k.case_id AS same FROM reminder.case_status s JOIN t.known k USING (invoice_no, case_no) ORDER BY 1;
UPDATE reminder.payment SET bounced_on = '2026-03-08' WHERE payment_no = 'P1';
SELECT reminder.withdraw(1, 'A2', NULL, '2026-03-08'), reminder.hand_to_enforcement(1, 'A1', 'KFM 1', '2026-03-08') \g /dev/null
SELECT invoice_no, s.stage, s.state, s.case_id = k.case_id AS same FROM reminder.case_status s JOIN t.known k USING (invoice_no, case_no) ORDER BY 1;
CALL t.invoice('A3');
CALL reminder.run('2026-03-09', 1);
SELECT reminder.take_back_letter(1, 'A3', 'an error', '2026-03-10') \g /dev/null
CALL reminder.run('2026-03-10', 1);
SELECT count(*) AS cases, count(DISTINCT case_id) AS ids FROM reminder.case_status WHERE invoice_no = 'A3';
-- Nobody changes it.
\set VERBOSITY sqlstate
UPDATE reminder.collection_case SET case_id = gen_random_uuid();
SET session_replication_role = replica;
UPDATE reminder.collection_case SET case_id = gen_random_uuid();
RESET session_replication_role;
\set VERBOSITY default
-- A letter that is claimed tells it, so that it can print the link.
SELECT c.invoice_no, count(*) FROM reminder.claim_letters(creditor_id => 1) c JOIN reminder.collection_case k USING (creditor_id, case_id) GROUP BY 1 ORDER BY 1;

-- Only what is a link when it is filled in: nothing that would end it where it is written.
\t
\a
SELECT t.show($$
  UPDATE reminder.creditor SET case_url = 'http://localhost:8080/{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'https://cases.example.com/{case_id}/{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'https://cases.example.com/{invoice_no}/{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'https://cases.example.com/' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'javascript:alert("{case_id}")' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'https://{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'HTTPS://cases.example.com/{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = ' https://cases.example.com/{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'https://cases.example.com/{case_id}">' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = E'https://cases.example.com/{case_id}\n' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = E'https://cases.example.com/a b/{case_id}' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = '' WHERE creditor_id = 2
  UPDATE reminder.creditor SET case_url = 'https://cases.example.com/{case_id}?' || repeat('x', 1000) WHERE creditor_id = 2
$$);
SELECT coalesce(case_url, 'none') FROM reminder.creditor WHERE creditor_id = 2;
SELECT count(*) || ' wrong' FROM t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
