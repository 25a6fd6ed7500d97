-- The tamper-evident log (V3): blocks sealed in a chain, verified by anybody's
-- settings; what is changed behind the guards is named, what is changed by
-- those who may is not.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_seal
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- What seal() gave, without what is another each time.
CREATE VIEW t.seals AS SELECT creditor_id, block_no, row_count, digest ~ '^[0-9a-f]{64}$' AS digest FROM reminder.seal_list ORDER BY 1, 2;
-- Nothing has happened but what made the book.
SELECT creditor_id, block_no, row_count, length(digest) FROM reminder.seal();
SELECT count(*) FROM reminder.seal();

CALL t.invoice('A1');
CALL t.invoice('A2');
CALL t.invoice('A3');
CALL t.invoice('A4', 1000, 'P');
CALL t.invoice('A5');
CALL reminder.run('2026-02-07', 1);
SELECT count(*) FROM reminder.confirm_letters((SELECT array_agg(l.dedupe_key) FROM reminder.claim_letters(NULL, 1) l WHERE invoice_no IN ('A1', 'A2')), '2026-02-07');
SELECT reminder.fail_letter(1, 'A3', 'reminder', 'nobody lives there', '2026-02-07') \g /dev/null
CALL t.pay('P1', 'A1', '2026-02-08', 300);
CALL t.pay('P2', 'A2', '2026-02-08', 1070);
SELECT reminder.hold(1, 'A1', 'says that he has paid', NULL, '2026-02-09') \g /dev/null
SELECT reminder.withdraw(1, 'A4', 'a friend', '2026-02-09') \g /dev/null
SELECT reminder.waive_fee(1, 'A5', 20, 'as a favour', '2026-02-09') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'A4', 'L1', 'doubtful', '2026-02-10', 500);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount, reason) VALUES (1, 'K1', 'A4', '2026-02-10', 100, 'broken');
-- money in another currency, references that are corrected, a bounce whose day is
SELECT reminder.record_payment(1, 'Q7', '2026-02-10', 50, 'EUR', NULL, 'RF18 5390'), reminder.record_payment(1, 'Q8', '2026-02-10', 60, 'SEK', NULL, 'A 5') \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, reference, bounced_on) VALUES (1, 'Q9', 'A5', '2026-02-09', 1, '55', '2026-02-10');
SELECT * FROM reminder.seal(1) \g /dev/null
SELECT digest AS known FROM reminder.seal_list WHERE creditor_id = 1 ORDER BY block_no DESC LIMIT 1 \gset
TABLE t.seals;
SELECT source, count(*) FROM reminder.sealed_row WHERE creditor_id = 1 GROUP BY 1 ORDER BY 1;
SELECT * FROM reminder.verify();
SELECT * FROM reminder.verify(1, :'known');

-- What may be changed is no finding, sealed or not: letters that go out, money
-- that is corrected, bounces or is deleted, losses reversed, holds released.
CREATE PROCEDURE t.later() LANGUAGE plpgsql AS $$
BEGIN
  PERFORM reminder.confirm_letter(1, 'A5', 'reminder', '2026-02-11');
  PERFORM reminder.release(1, 'A1', '2026-02-11');
  PERFORM reminder.take_back_letter(1, 'A1', 'sent by mistake', '2026-02-11');
  UPDATE reminder.payment SET bounced_on = '2026-02-11' WHERE payment_no = 'P1';
  UPDATE reminder.payment SET amount = 1080 WHERE payment_no = 'P2';
  INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) SELECT 1, 'P2', 'R1', '2026-02-11', overpaid FROM reminder.allocation WHERE payment_no = 'P2' AND overpaid > 0;
  UPDATE reminder.credit_loss SET reversed_on = '2026-02-11';
  UPDATE reminder.credit_loss SET reversed_on = '2026-02-12';
  UPDATE reminder.credit_loss SET amount = 400;
  UPDATE reminder.credit SET amount = 200;
  UPDATE reminder.credit SET reason = 'broken when it came';
  UPDATE reminder.payment SET reference = 'RF18 5391' WHERE payment_no = 'Q7';
  UPDATE reminder.payment SET reference = NULL WHERE payment_no = 'Q8';
  UPDATE reminder.payment SET bounced_on = '2026-02-11' WHERE payment_no = 'Q9';
END
$$;
CALL t.later();
SELECT * FROM reminder.verify(1, :'known');
SELECT block_no, row_count FROM reminder.seal(1);
SELECT * FROM reminder.verify(1, :'known');
UPDATE reminder.payment SET bounced_on = NULL WHERE payment_no = 'P1';
DELETE FROM reminder.credit;
DELETE FROM reminder.credit_loss;
DELETE FROM reminder.payment WHERE payment_no = 'P1';
SELECT * FROM reminder.verify(1, :'known');
SELECT block_no, row_count FROM reminder.seal(1);
SELECT * FROM reminder.verify(1, :'known');
SELECT source, document_no, part_no, undone_no, kind, amount, reversed_on, note FROM reminder.booking_undone ORDER BY 1, 2, 3, 4;

-- The same by other settings.
CALL t.invoice('A6');
CALL reminder.run('2026-02-12', 1);
SET TimeZone = 'Australia/Eucla';
SET DateStyle = 'German, DMY';
SET IntervalStyle = 'sql_standard';
SET extra_float_digits = -10;
SET bytea_output = 'escape';
SET client_encoding = 'LATIN1';
SET lc_messages = 'C';
SET lc_monetary = 'C';
SET lc_numeric = 'C';
SET lc_time = 'C';
SET quote_all_identifiers = on;
SET standard_conforming_strings = off;
SELECT * FROM reminder.verify(1, :'known');
SELECT block_no, row_count FROM reminder.seal(1);
RESET ALL;
SET client_min_messages = warning;
SELECT * FROM reminder.verify(1, :'known');

-- What a superuser changes whom no trigger stops, and no foreign key. Each
-- change by itself; verify() says where.
CREATE FUNCTION t.tamper(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _found text;
  _rows bigint;
BEGIN
  BEGIN
    PERFORM set_config('session_replication_role', 'replica', true);
    PERFORM reminder._keep(true);
    EXECUTE (SELECT string_agg(format('ALTER TABLE reminder.%I DISABLE TRIGGER ALL', c.relname), '; ') FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r');
    PERFORM reminder._keep(false);
    EXECUTE statement;
    GET DIAGNOSTICS _rows = ROW_COUNT;
    SELECT string_agg(concat_ws(' ', v.finding, v.block_no, regexp_replace(v.object, '\d{4}-\d\d-\d\dT[^"]*', '...')), ', ') INTO _found FROM reminder.verify(1, current_setting('t.known')) v;
    RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
  EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
    RETURN format('%s: %s', _rows, coalesce(_found, 'NOT FOUND'));
  END;
END
$$;
SELECT set_config('t.known', :'known', false) \g /dev/null
\t
\a
WITH statement AS (
  SELECT btrim(s) AS s, n FROM regexp_split_to_table($$
  UPDATE reminder.event SET amount = 1 WHERE invoice_no = 'A5' AND kind = 'fee_waived'
  UPDATE reminder.event SET detail = 'an enemy' WHERE kind = 'case_withdrawn'
  UPDATE reminder.event SET detail = NULL WHERE kind = 'case_withdrawn'
  UPDATE reminder.event SET detail = 'something' WHERE kind = 'released'
  UPDATE reminder.event SET recorded_at = recorded_at - interval '1 microsecond' WHERE kind = 'held'
  UPDATE reminder.event SET recorded_by = 'somebody' WHERE kind = 'held'
  UPDATE reminder.event SET event_no = 77 WHERE kind = 'held'
  UPDATE reminder.event SET invoice_no = 'A9' WHERE kind = 'held'
  UPDATE reminder.event SET creditor_id = 2 WHERE kind = 'held'
  DELETE FROM reminder.event WHERE kind = 'held'
  UPDATE reminder.decision SET as_of = as_of - 1, step_date = step_date - 1 WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET fee = 59 WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET channel = 'email' WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET outcome = 'skipped', reason = 'blocked', case_no = NULL, deadline = NULL, status = NULL, charged_nth = NULL WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET customer_no = 'P' WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET decided_at = decided_at - interval '1 day' WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET status = 'sent' WHERE invoice_no = 'A4'
  UPDATE reminder.decision SET status = 'failed', charged_nth = NULL WHERE invoice_no = 'A5'
  UPDATE reminder.decision SET status = 'queued', charged_nth = 1 WHERE invoice_no = 'A3'
  DELETE FROM reminder.decision WHERE invoice_no = 'A5'
  UPDATE reminder.delivery SET as_of = as_of + 1 WHERE invoice_no = 'A5'
  UPDATE reminder.delivery SET reason = 'refused' WHERE invoice_no = 'A3'
  DELETE FROM reminder.delivery WHERE invoice_no = 'A5'
  UPDATE reminder.payment SET amount = 900 WHERE payment_no = 'P2'
  UPDATE reminder.payment SET invoice_no = 'A5' WHERE payment_no = 'P2'
  UPDATE reminder.payment SET paid_on = '2026-02-01' WHERE payment_no = 'P2'
  UPDATE reminder.payment SET source = 'service' WHERE payment_no = 'P2'
  UPDATE reminder.payment SET bounced_on = '2026-02-09' WHERE payment_no = 'P2'
  DELETE FROM reminder.payment WHERE payment_no = 'P2'
  UPDATE reminder.allocation SET fee = fee - 1, principal = principal + 1 WHERE payment_no = 'P2'
  DELETE FROM reminder.allocation WHERE payment_no = 'P2'
  UPDATE reminder.payment_undone SET undone_on = undone_on + 1 WHERE payment_no = 'P1'
  UPDATE reminder.payment_undone SET amount = 301, principal = 301 WHERE payment_no = 'P1'
  DELETE FROM reminder.payment_undone WHERE payment_no = 'P2'
  UPDATE reminder.refund SET amount = 1
  DELETE FROM reminder.refund
  UPDATE reminder.booking_undone SET amount = 1 WHERE source = 'loss'
  UPDATE reminder.booking_undone SET reversed_on = NULL WHERE source = 'loss'
  UPDATE reminder.booking_undone SET note = 'whole' WHERE source = 'credit'
  DELETE FROM reminder.booking_undone WHERE source = 'credit'
  UPDATE reminder.waiver SET amount = 21
  UPDATE reminder.waiver SET reason = 'no favour'
  DELETE FROM reminder.waiver
  UPDATE reminder.hold SET reason = 'says nothing'
  UPDATE reminder.hold SET until_on = '2027-01-01'
  UPDATE reminder.hold SET released_on = NULL
  UPDATE reminder.collection_case SET opened_on = opened_on - 1 WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET case_id = gen_random_uuid() WHERE invoice_no = 'A5'
  DELETE FROM reminder.collection_case WHERE invoice_no = 'A5'
  UPDATE reminder.payment SET reference = 'RF18 5392' WHERE payment_no = 'Q7'
  UPDATE reminder.payment SET reference = NULL WHERE payment_no = 'Q7'
  UPDATE reminder.payment SET bounced_on = '2026-02-10' WHERE payment_no = 'Q9'
  UPDATE reminder.payment_version SET reference = 'A 6' WHERE payment_no = 'Q8'
  DELETE FROM reminder.payment_version WHERE payment_no = 'Q9'
  UPDATE reminder.payment_currency SET currency = 'USD'
  DELETE FROM reminder.payment_currency
  UPDATE reminder.collection_case SET fees = fees + 1 WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET fees_paid = fees_paid - 1, fees_waived = 1 WHERE invoice_no = 'A2'
  UPDATE reminder.collection_case SET fees_waived = fees_waived + 1 WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET interest = interest + 1 WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET interest_paid = interest_paid - 1, interest_waived = interest_waived + 1 WHERE invoice_no = 'A2'
  UPDATE reminder.collection_case SET compensation = 1 WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET state = 'demand' WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET state_on = state_on + 1 WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET state = 'credited' WHERE invoice_no = 'A2'
  UPDATE reminder.collection_case SET ended_from = 'notice' WHERE invoice_no = 'A2'
  UPDATE reminder.collection_case SET ended_on = ended_on + 1 WHERE invoice_no = 'A2'
  UPDATE reminder.collection_case SET closing_reason = 'an enemy' WHERE invoice_no = 'A4'
  UPDATE reminder.collection_case SET closing_reason = NULL WHERE invoice_no = 'A4'
  UPDATE reminder.collection_case SET reference = 'U 1' WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET collected_by = 'creditor' WHERE invoice_no = 'A5'
  UPDATE reminder.collection_case SET rule_no = 99 WHERE invoice_no = 'A5'
  UPDATE reminder.run_log SET started_at = started_at + interval '1 second' WHERE as_of = '2026-02-07'
  UPDATE reminder.sealed_row SET digest = sha256('') WHERE source = 'hold'
  UPDATE reminder.sealed_row SET block_no = 3 WHERE source = 'hold'
  UPDATE reminder.sealed_row SET salt = gen_random_uuid() WHERE source = 'hold'
  UPDATE reminder.sealed_row SET salt = NULL, note_digest = sha256('') WHERE source = 'hold'
  DELETE FROM reminder.sealed_row WHERE source = 'hold'
  UPDATE reminder.sealed_block SET digest = sha256('') WHERE creditor_id = 1 AND block_no = 2
  UPDATE reminder.sealed_block SET sealed_by = 'nobody' WHERE creditor_id = 1 AND block_no = 2
  UPDATE reminder.sealed_block SET last_at = now() WHERE creditor_id = 1 AND block_no = 2
  DELETE FROM reminder.sealed_block WHERE creditor_id = 1 AND block_no = 2
  WITH b AS (DELETE FROM reminder.sealed_block WHERE creditor_id = 1 AND block_no >= 2) DELETE FROM reminder.sealed_row WHERE creditor_id = 1 AND block_no >= 2
  $$, '\n') WITH ORDINALITY x (s, n) WHERE btrim(s) <> '')
SELECT s || E'\n    ' || t.tamper(s) FROM statement ORDER BY n;
\a
\t
-- Who can write everything can seal everything anew; but not so that a digest
-- that is kept elsewhere comes out.
BEGIN;
SET LOCAL session_replication_role = replica;
ALTER EVENT TRIGGER reminder_ddl DISABLE;
ALTER TABLE reminder.event DISABLE TRIGGER ALL;
ALTER TABLE reminder.sealed_row DISABLE TRIGGER ALL;
ALTER TABLE reminder.sealed_block DISABLE TRIGGER ALL;
UPDATE reminder.event SET amount = 1 WHERE invoice_no = 'A5' AND kind = 'fee_waived';
DELETE FROM reminder.sealed_row;
DELETE FROM reminder.sealed_block;
ALTER TABLE reminder.sealed_row ENABLE ALWAYS TRIGGER sealed_row_kept;
SELECT count(*) FROM reminder.seal();
SELECT * FROM reminder.verify(1);
SELECT * FROM reminder.verify(1, :'known');
ROLLBACK;
-- Nothing of it stayed.
SELECT * FROM reminder.verify(1, :'known');

-- A plan (C5), whose hold moves with its payments.
CALL t.invoice('A7');
CALL t.invoice('A8');
SELECT reminder.make_payment_plan(1, i, '2026-02-13', instalments => 2, first_due => '2026-03-13') FROM unnest(ARRAY['A7', 'A8']) i \g /dev/null
SELECT * FROM reminder.seal(1) \g /dev/null
CALL t.pay('P8', 'A8', '2026-03-13', 500);
SELECT reminder.remove_payment_plan(1, 'A7', 'moved abroad', '2026-03-14') \g /dev/null
SELECT * FROM reminder.verify(1, :'known');
SELECT * FROM reminder.seal(1) \g /dev/null
CALL t.pay('P9', 'A8', '2026-04-13', 500);
UPDATE reminder.payment SET bounced_on = '2026-04-14' WHERE payment_no = 'P9';
SELECT * FROM reminder.seal(1) \g /dev/null
CALL t.pay('P10', 'A8', '2026-04-15', 500);
SELECT * FROM reminder.verify(1, :'known');
\t
\a
WITH statement AS (
  SELECT btrim(s) AS s, n FROM regexp_split_to_table($$
  UPDATE reminder.payment_plan SET grace_days = 9 WHERE invoice_no = 'A8'
  UPDATE reminder.payment_plan SET why = 'no reason' WHERE invoice_no = 'A7'
  UPDATE reminder.payment_plan SET state = 'broken', why = NULL WHERE invoice_no = 'A7'
  UPDATE reminder.instalment SET due_date = due_date + 1, in_time_until = in_time_until + 1 WHERE invoice_no = 'A8'
  $$, '\n') WITH ORDINALITY x (s, n) WHERE btrim(s) <> '')
SELECT s || E'\n    ' || t.tamper(s) FROM statement ORDER BY n;
\a
\t

-- Every table that reminder keeps was thought of. Not sealed are: what follows
-- from what is, what only the present is about, what has an event of its own.
SELECT string_agg(c.relname, ' ' ORDER BY c.relname) AS not_sealed
FROM pg_class c
WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r'
  AND EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = c.oid AND g.tgname = c.relname || '_kept')
  AND NOT EXISTS (SELECT FROM reminder._log_sources() l WHERE l.relation ~ ('reminder\.' || c.relname || '\M'));

-- What is asked wrongly.
\t
\a
SELECT t.show($$
  SELECT reminder.seal(77)
  SELECT reminder.verify(77)
  SELECT reminder.verify(1, 'abc')
  SELECT reminder.verify(1, '')
  SELECT reminder.verify(NULL, repeat('0', 64))
  SELECT reminder.verify(1, repeat('0', 64))
  INSERT INTO reminder.sealed_block VALUES (1, 9, 1, NULL, NULL, now(), 'x', sha256(''))
  DELETE FROM reminder.sealed_row
$$);
\a
\t
TABLE t.wrong;
SELECT finding, object, detail FROM reminder.check();
\i :leave
