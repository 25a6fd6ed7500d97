-- agency.sql: :messages messages of an agency, each of another claim that it has,
-- taken in, against a plain INSERT of the same rows with a unique key; and the same
-- once more, which changes nothing.
SET client_min_messages = warning;
SELECT 950 + :n AS creditor \gset
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) SELECT :creditor, min(account_id), 'Handed over', '5050-1055', 'Goods' FROM reminder.account;
INSERT INTO reminder.customer (creditor_id, customer_no, name, blocked) VALUES (:creditor, 'c', 'Customer', true);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, external_collection)
SELECT :creditor, 'A' || n, 'c', '2026-01-01', '2026-02-01', 'SEK', 100 + n % 997, true FROM generate_series(1, :messages) n;
VACUUM ANALYZE reminder.invoice;
DROP TABLE IF EXISTS bench.said, bench.agency_message;
CREATE TABLE bench.said AS
SELECT jsonb_agg(jsonb_build_object('id', md5(n::text), 'invoice_no', 'A' || n, 'kind', 'status', 'date', '2026-03-01', 'status', 'in collection', 'detail', 'letter ' || n)) AS messages
FROM generate_series(1, :messages) n;
SELECT format('agency|%s', bench.ms(format($$ SELECT count(*) FROM reminder.take_agency_messages(%s, 'intrum', (SELECT messages FROM bench.said), '2026-03-01') $$, :creditor)));
SELECT format('agency_again|%s', bench.ms(format($$ SELECT count(*) FROM reminder.take_agency_messages(%s, 'intrum', (SELECT messages FROM bench.said), '2026-03-01') $$, :creditor)));
CREATE TABLE bench.agency_message (LIKE reminder.agency_message INCLUDING DEFAULTS INCLUDING CONSTRAINTS, PRIMARY KEY (creditor_id, agency, message_id));
SELECT format('agency_base|%s', bench.ms(format($$ INSERT INTO bench.agency_message (creditor_id, agency, message_id, invoice_no, kind, on_date, status, detail, as_of)
  SELECT creditor_id, agency, message_id, invoice_no, kind, on_date, status, detail, as_of FROM reminder.agency_message WHERE creditor_id = %s $$, :creditor)));
