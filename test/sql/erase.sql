-- Personal data, told and erased (S3): what is kept about a customer, what may
-- be erased and when, and that the sealed log still verifies (V3).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_erase
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

UPDATE reminder.customer SET name = 'Ada Berg', address = 'Storgatan 1', email = 'ada@example.com', identity_no = '8507099805', einvoice_address = 'ada', language = 'sv', standing = 'minor'
WHERE creditor_id = 1 AND customer_no = 'P';
CALL t.invoice('A1', 1000, 'P');
CALL t.invoice('A2', 1000, 'P');
CALL t.invoice('B1');
UPDATE reminder.invoice SET description = 'Spectacles for Ada Berg' WHERE invoice_no = 'A1';
UPDATE reminder.customer SET standing = 'normal' WHERE creditor_id = 1 AND customer_no = 'P';
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) VALUES (1, 'A1', 'Ada Berg owes 1000');
-- where she takes original invoices (P5), and somebody else does
INSERT INTO reminder.customer_address (creditor_id, customer_no, channel, address) VALUES (1, 'P', 'kivra', 'Ada Berg 850709-9805'), (1, 'P', 'bank', 'Ada at the bank'), (1, 'C', 'peppol', '0007:5560001234');
SELECT reminder.hold(1, 'B1', 'another''s', '2026-02-03', '2026-02-03') \g /dev/null
SELECT reminder.hold(1, 'A1', 'Ada Berg is in hospital', '2026-02-03', '2026-02-03') \g /dev/null
SELECT reminder.interrupt_limitation(1, 'A1', '2026-02-03', 'acknowledgement', 'Ada Berg rang') \g /dev/null
CALL reminder.run('2026-02-07', 1);
SELECT reminder.fail_letter(1, 'A2', 'reminder', 'Ada Berg has moved', '2026-02-08') \g /dev/null
SELECT reminder.waive_fee(1, 'A1', 10, 'Ada Berg is poor', '2026-02-08') \g /dev/null
-- and one that its sender was to try again
CALL t.invoice('A3', 1000, 'P');
CALL reminder.run('2026-02-09', 1);
SELECT count(*) FROM reminder.claim_letters(creditor_id => 1) \g /dev/null
SELECT count(*) FROM reminder.fail_letters((SELECT array_agg(x.key) FROM (SELECT reminder._letter_key(1, l.invoice_no, l.rung, 1::smallint) AS key FROM reminder.letter_lease l WHERE l.invoice_no = 'A3') x), 'Ada Berg''s door is shut', '2026-02-09', '1 hour') \g /dev/null
CALL t.pay('P0', 'A3', '2026-02-09', 1000);
SELECT * FROM reminder.seal() \g /dev/null
SELECT digest AS known FROM reminder.seal_list WHERE creditor_id = 1 ORDER BY block_no DESC LIMIT 1 \gset
CREATE VIEW t.personal AS
SELECT c.name, c.address, c.email, c.identity_no, c.einvoice_address AS einvoice, c.language, c.standing FROM reminder.customer c WHERE c.creditor_id = 1 AND c.customer_no = 'P';
-- Who she is anywhere, the seals aside, whose digests say nothing.
CREATE FUNCTION t.traces(word text) RETURNS TABLE (relation text, rows bigint) LANGUAGE plpgsql AS $$
DECLARE
  _rows bigint;
BEGIN
  FOR relation IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' ORDER BY 1 LOOP
    EXECUTE format('SELECT count(*) FROM reminder.%I r WHERE r::text LIKE %L OR r::text LIKE %L', relation, '%' || word || '%', '%' || encode(word::bytea, 'hex') || '%') INTO rows;
    IF rows > 0 THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;

-- What is kept about her: every table that has a word of hers is in it.
SELECT relation, count(*) FROM reminder.personal_data(1, 'P') GROUP BY 1 ORDER BY 1;
SELECT data ->> 'name' AS name, data ->> 'identity_no' AS identity_no FROM reminder.personal_data(1, 'P') WHERE relation = 'customer';
SELECT data ->> 'channel' AS channel, data ->> 'address' AS address FROM reminder.personal_data(1, 'P') WHERE relation = 'customer_address' ORDER BY 1;
SELECT t.relation FROM t.traces('Ada') t WHERE t.relation NOT IN (SELECT d.relation FROM reminder.personal_data(1, 'P') d);
SELECT count(*) FROM reminder.personal_data(1, 'P') d WHERE d.data ->> 'invoice_no' = 'B1' OR d.data ->> 'customer_no' = 'C';

-- Not while she is collected from, owes, is owed, or the books need her; nor
-- when nobody knows how long they do. Each in turn.
\t
\a
CREATE FUNCTION t.erase(as_of date) RETURNS text LANGUAGE sql AS $$ SELECT t.try(format('SELECT reminder.erase_customer(1, ''P'', %L, ''she asked'')', as_of)) $$;
SELECT t.erase('2040-01-01');
SELECT reminder.withdraw(1, 'A1', 'Ada Berg says so', '2026-02-09') \g /dev/null
SELECT t.erase('2040-01-01');
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount, reason) VALUES (1, 'K1', 'A1', '2026-02-10', 400, 'Ada Berg was right');
UPDATE reminder.credit SET reason = 'Ada Berg was right after all' WHERE credit_no = 'K1';
CALL t.pay('P1', 'A1', '2026-02-11', 600);
CALL t.pay('P2', 'A2', '2026-03-01', 1200);
SELECT t.erase('2040-01-01');
INSERT INTO reminder.refund (creditor_id, payment_no, refunded_on, amount) SELECT 1, 'P2', '2026-03-02', b.balance FROM reminder.credit_balance b WHERE b.payment_no = 'P2';
SELECT t.erase('2040-01-01');
SELECT law, jurisdiction, figure, source FROM reminder.unconfirmed_law WHERE law = 'retention_rule' AND jurisdiction = 'SE';
SELECT reminder.confirm_law(1, 'retention_rule', NULL, 'any', '1900-01-01', 'read by our lawyer');
SELECT t.erase('2033-12-31');
-- A fiscal year that ends in June: bookings of March are of this one's, those of July of the next one's.
SELECT t.try($$SELECT reminder.erase_customer(1, 'P', '2033-12-31', 'she asked', fiscal_year_ends => 6)$$);
SELECT t.try($$SELECT reminder.erase_customer(1, 'P', '2033-12-31', 'she asked', fiscal_year_ends => 2)$$);
SELECT reminder._kept_until(1, '2026-03-02', '2040-01-01', m) FROM unnest(ARRAY[1, 2, 3, 12]) m;
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'A2';
SELECT t.erase('2034-01-01');
UPDATE reminder.invoice SET external_collection = false WHERE invoice_no = 'A2';
-- One's own years, and another country's way to count.
BEGIN;
SELECT reminder.confirm_law(1, 'retention_rule', NULL, 'any', '1900-01-01', 'we keep ten', 10);
SELECT t.erase('2034-01-01');
UPDATE reminder.retention_rule SET confidence = 'sourced', runs_from = 'fiscal_year', years = 5 WHERE jurisdiction = 'SE';
SELECT reminder._kept_until(1, '2026-03-02', '2040-01-01', m) FROM unnest(ARRAY[1, 2, 3, 12]) m;
ROLLBACK;
SELECT t.show($$
  SELECT reminder.erase_customer(1, 'X', '2034-01-01', 'why')
  SELECT reminder.erase_customer(77, 'P', '2034-01-01', 'why')
  SELECT reminder.erase_customer(1, NULL, '2034-01-01', 'why')
  SELECT reminder.erase_customer(1, 'P', NULL, 'why')
  SELECT reminder.erase_customer(1, 'P', 'infinity', 'why')
  SELECT reminder.erase_customer(1, 'P', '2034-01-01', ' ')
  SELECT reminder.erase_customer(1, 'P', '2034-01-01', NULL)
  SELECT reminder.erase_customer(1, 'P', '2034-01-01', repeat('x', 1001))
  SELECT reminder.erase_customer(1, 'P', '2034-01-01', 'why', 13)
  SELECT reminder.erase_customer(1, 'P', '2034-01-01', 'why', NULL)
  SELECT reminder.personal_data(1, 'X')
  SELECT reminder.personal_data(NULL, 'P')
  SELECT reminder.personal_data(2, NULL)
$$);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT t.erase('2034-01-01');
ROLLBACK;
-- Nor by a day that has not come: the latest run is of 2026.
SELECT t.erase('2034-01-01');
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 1;
CALL reminder.run('2033-01-01', 1);
SELECT t.erase('2034-01-03');
\a
\t
TABLE t.personal;
SELECT * FROM reminder.verify(1, :'known');

-- Erased: no word of hers is left; numbers and amounts are; the log verifies,
-- what was sealed before and what was not.
SELECT reminder.erase_customer(1, 'P', '2034-01-01', 'she asked');
TABLE t.personal;
SELECT * FROM t.traces('Ada');
SELECT customer_no, channel FROM reminder.customer_address;
SELECT relation, count(*) FROM reminder.personal_data(1, 'P') GROUP BY 1 ORDER BY 1;
SELECT kind, reason FROM reminder.hold ORDER BY invoice_no;
SELECT kind, as_of, detail FROM reminder.event WHERE kind = 'customer_erased';
SELECT * FROM reminder.verify(1, :'known');
SELECT block_no > 0 AS sealed FROM reminder.seal(1);
SELECT * FROM reminder.verify(1, :'known');
SELECT source, count(*), count(salt) AS salts, count(note_digest) AS digests FROM reminder.sealed_row WHERE creditor_id = 1 AND (salt IS NOT NULL OR note_digest IS NOT NULL) GROUP BY 1 ORDER BY 1;
-- Another word in its place is found.
BEGIN;
SET LOCAL session_replication_role = replica;
ALTER EVENT TRIGGER reminder_ddl DISABLE;
ALTER TABLE reminder.hold DISABLE TRIGGER ALL;
UPDATE reminder.hold SET reason = 'she never complained' WHERE invoice_no = 'A1';
SELECT block_no, finding, object FROM reminder.verify(1, :'known');
ROLLBACK;
-- Once more changes nothing but that it is told.
SELECT reminder.erase_customer(1, 'P', '2034-01-02', 'she asked again');
SELECT count(*) FROM reminder.event WHERE kind = 'customer_erased';
-- A customer without invoices is in no books.
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (2, 'N', 'Nobody');
SELECT reminder.erase_customer(2, 'N', '2026-03-03', 'never bought');
SELECT name FROM reminder.customer WHERE customer_no = 'N';
TABLE t.wrong;
SELECT finding, object, detail FROM reminder.check();
\i :leave
