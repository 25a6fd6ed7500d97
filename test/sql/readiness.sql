-- What is missing: for a demand, what the law wants said (L5); for an invoice and
-- a customer, whatever keeps them from being collected (P7), documents included (P6).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_readiness
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- Creditors that have set nothing but how they are paid.
UPDATE reminder.creditor SET sender_address = NULL, claim_description = NULL;
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, iban)
SELECT 10 + n, 1, 'In ' || j, j, 'NO9386011117947' FROM unnest(ARRAY['SE', 'FI', 'NO', 'DK', 'DE', 'EU']) WITH ORDINALITY j (j, n);
INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT 10 + n, 'C', 'Company' FROM generate_series(1, 6) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, description)
SELECT c.creditor_id, v.invoice_no, 'C', '2026-01-02', '2026-02-02', c.currency, 1000, v.description
FROM reminder.creditor c, (VALUES ('bare', NULL), ('told', 'Two bicycles')) v (invoice_no, description)
WHERE c.creditor_id > 10;
CREATE VIEW t.missing AS
SELECT c.jurisdiction AS law, i.invoice_no AS invoice, m.item, m.to_set
FROM reminder.creditor c JOIN reminder.invoice i USING (creditor_id)
CROSS JOIN LATERAL reminder.demand_missing(c.creditor_id, i.invoice_no, '2026-03-01') WITH ORDINALITY m (item, sentence, source, to_set, n)
ORDER BY c.creditor_id, i.invoice_no, m.n;

-- L5: each is named, with the law's sentence and where it is set.
SELECT * FROM reminder.demand_missing(12, 'bare', '2026-03-01');
SELECT * FROM t.missing WHERE invoice = 'bare';
-- For a whole creditor at once: what every demand lacks. A run leaves them due.
SELECT c.creditor_id, c.jurisdiction, l.* FROM reminder.creditor c CROSS JOIN LATERAL reminder._demand_lacks(c.creditor_id, '2026-03-01') l WHERE creditor_id > 10 ORDER BY 1;
UPDATE reminder.creditor SET iban = NULL WHERE creditor_id IN (11, 12, 13);
UPDATE reminder.creditor SET contract_address = 'Box 1' WHERE creditor_id = 12;
SELECT * FROM t.missing WHERE invoice = 'bare';
UPDATE reminder.creditor SET plusgiro = '28 65 43-4', claim_description = 'Goods and services', sender_address = 'Gatan 1', contract_address = NULL WHERE creditor_id > 10;
SELECT * FROM t.missing WHERE invoice = 'bare';
SELECT c.creditor_id, l.* FROM reminder.creditor c CROSS JOIN LATERAL reminder._demand_lacks(c.creditor_id, '2026-03-01') l WHERE creditor_id > 10 ORDER BY 1;
-- The ground every letter says: what the invoice is for, or else which one it is.
SELECT l, reminder.claim_ground(l, '17', '2026-01-02') FROM unnest(ARRAY['sv', 'fi', 'nb', 'da', 'de', 'en', NULL]) l;
-- New law is a row, from its day on; what is not confirmed is not asked for.
UPDATE reminder.creditor SET contract_address = NULL, sender_address = NULL WHERE creditor_id = 11;
INSERT INTO reminder.demand_content VALUES
  ('SE', 'complaints', '2026-03-02', 9, 'contact_address', 'Where to complain.', 'sourced', 'a new law'),
  ('SE', 'moon', '2026-01-01', 10, 'sender_address', 'The phase of the moon.', 'unconfirmed', 'from memory'),
  ('SE', 'how_to_pay', '2026-03-02', 5, 'nothing', 'No way to pay.', 'sourced', 'a new law');
UPDATE reminder.creditor SET plusgiro = NULL WHERE creditor_id = 11;
SELECT d.day, m.item, m.source, m.to_set FROM (VALUES ('2026-03-01'::date), ('2026-03-02')) d (day) CROSS JOIN LATERAL reminder.demand_missing(11, 'bare', d.day) m ORDER BY 1, 2;

-- P7: all that is wrong, each with a code and a sentence.
SELECT * FROM reminder.readiness(12, 'bare', '2026-03-01');
CALL t.invoice('A1');
SELECT * FROM reminder.readiness(1, 'A1');
UPDATE reminder.creditor SET claim_description = 'Goods' WHERE creditor_id = 1;
UPDATE reminder.customer SET identity_no = '556036-0793', address = 'Vägen 1' WHERE (creditor_id, customer_no) = (1, 'C');
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) VALUES (1, 'A1', '%PDF');
SELECT * FROM reminder.readiness(1, 'A1');
-- Each finding by itself.
CREATE FUNCTION t.with(change text, invoice_no text DEFAULT 'A1') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _found text;
BEGIN
  EXECUTE change;
  SELECT string_agg(r.code || ': ' || r.sentence, E'\n' ORDER BY n) INTO _found FROM reminder.readiness(1, invoice_no, '2026-02-10') WITH ORDINALITY r (code, sentence, n);
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
  RETURN _found;
END
$$;
SELECT what, t.with(what) AS found
FROM unnest(ARRAY[
  $$UPDATE reminder.creditor SET bankgiro = ''$$,
  $$SELECT reminder.deactivate(1)$$,
  $$SELECT reminder.activate(1, true, '2026-02-11')$$,
  $$UPDATE reminder.invoice SET kind = 'interest' WHERE invoice_no = 'A1'$$,
  $$UPDATE reminder.invoice SET kind = 'factored' WHERE invoice_no = 'A1'$$,
  $$UPDATE reminder.invoice SET kind = 'credit_note' WHERE invoice_no = 'A1'$$,
  $$CALL t.pay('P', 'A1', '2026-01-03', 1000)$$,
  $$UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'A1'$$,
  $$SELECT reminder.take_out(1, 'A1', '2026-02-01')$$,
  $$UPDATE reminder.rule SET enabled = false WHERE creditor_id = 1$$,
  $$INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, 'A1', 'doubtful', '2026-02-03', 1000)$$,
  $$SELECT reminder.hold(1, 'A1', 'dispute', '2026-02-10', '2026-02-01')$$,
  $$SELECT reminder.hold(1, 'A1', 'dispute', '2026-02-09', '2026-02-01')$$,
  $$SELECT reminder.hold(1, 'A1', 'promise', NULL, '2026-02-10')$$,
  $$UPDATE reminder.invoice SET due_date = invoice_date WHERE invoice_no = 'A1'$$,
  $$UPDATE reminder.rule SET import_from = '2026-02-03' WHERE creditor_id = 1$$,
  $$UPDATE reminder.invoice SET currency = 'EUR' WHERE invoice_no = 'A1'$$,
  $$INSERT INTO reminder.rule_window SELECT 1, rule_no, 'SEK', 2000, 3000 FROM reminder.rule WHERE creditor_id = 1$$,
  $$INSERT INTO reminder.rule_window SELECT 1, rule_no, 'SEK', 20, 30 FROM reminder.rule WHERE creditor_id = 1$$,
  $$INSERT INTO reminder.rule_window SELECT 1, rule_no, 'EUR', 20, 30 FROM reminder.rule WHERE creditor_id = 1$$,
  $$UPDATE reminder.rule SET branches = '{North}' WHERE creditor_id = 1$$,
  $$UPDATE reminder.rule SET trading_names = '{Shop}' WHERE creditor_id = 1$$,
  $$DELETE FROM reminder.invoice_document$$,
  $$UPDATE reminder.customer SET blocked = true WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET country = 'NO' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET country = 'NO', identity_no = '974 760 673' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET country = 'DE' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET collection_ban = true, standing = 'bankrupt', consumer_einvoice = true WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET standing = 'estate' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET standing = 'minor' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET identity_no = ' ' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET identity_no = '556036-0794' WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET address = NULL WHERE creditor_id = 1$$,
  $$UPDATE reminder.customer SET address = NULL, email = 'a@example.com' WHERE creditor_id = 1$$,
  $$UPDATE reminder.rule_step SET channel = 'email' WHERE creditor_id = 1 AND stage = 'reminder'$$]) WITH ORDINALITY w (what, n)
ORDER BY n;
-- Of a customer alone.
SELECT * FROM reminder.customer_readiness(1, 'C');
SELECT * FROM reminder.customer_readiness(1, 'P');
SELECT * FROM reminder.customer_readiness(12, 'C');

-- P6: the document, its bytes or where it is.
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, media_type, uri) VALUES (12, 'bare', 'text/html', 'https://example.com/invoice?no=1');
SELECT creditor_id, invoice_no, media_type, encode(sha256, 'hex') AS sha256, octet_length(content) AS bytes, uri FROM reminder.invoice_document ORDER BY 1;
SELECT count(*) FROM reminder.readiness(12, 'bare') WHERE code = 'document_missing';
DELETE FROM reminder.invoice WHERE (creditor_id, invoice_no) = (12, 'bare');
SELECT count(*) FROM reminder.invoice_document WHERE creditor_id = 12;
\set ECHO none
\pset format unaligned
\pset tuples_only on
SELECT t.show($t$
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, uri) VALUES (1, 'A1', 'https://example.com')
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, uri) VALUES (12, 'A1', 'https://example.com')
INSERT INTO reminder.invoice_document (creditor_id, invoice_no) VALUES (12, 'told')
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content, uri) VALUES (12, 'told', 'x', 'x:y')
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) VALUES (12, 'told', '')
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) VALUES (12, 'told', convert_to(repeat('x', 67108865), 'UTF8'))
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, uri) VALUES (12, 'told', 'invoice.pdf')
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, uri) VALUES (12, 'told', 'x:' || repeat('x', 1999))
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content, media_type) VALUES (12, 'told', 'x', 'PDF')
SELECT * FROM reminder.demand_missing(1, 'X', '2026-01-01')
SELECT * FROM reminder.demand_missing(1, NULL, '2026-01-01')
SELECT * FROM reminder.demand_missing(1, 'A1', NULL)
SELECT * FROM reminder.demand_missing(1, 'A1', 'infinity')
SELECT * FROM reminder.readiness(7, 'A1')
SELECT * FROM reminder.readiness(1, 'A1', '-infinity')
SELECT * FROM reminder.customer_readiness(7, 'C')
SELECT * FROM reminder.customer_readiness(1, 'X')
SELECT * FROM reminder.customer_readiness(1, NULL)
INSERT INTO reminder.demand_content VALUES ('SE', 'moon', '2027-01-01', 10, 'moon', 'The phase of the moon.', 'sourced', 'x')
$t$);
\pset tuples_only off
\pset format aligned
\set ECHO all
TABLE t.wrong;
SELECT finding, object FROM reminder.check();

\i :leave
