-- protect.sql: :losses bookings of random invoices in an application's table:
-- what the guard adds to them, against what one built-in foreign key adds; and
-- what each row costs that is no booking.
SET client_min_messages = warning;
SELECT to_regclass('bench.entry') IS NULL AS first \gset
\if :first
CREATE TABLE bench.entry AS
SELECT n AS entry_no, b.creditor_id, b.invoice_no, '6351'::text AS account, b.amount
FROM (SELECT b.*, row_number() OVER (ORDER BY md5(invoice_no)) AS n FROM bench.book b
      WHERE NOT EXISTS (SELECT FROM reminder.decision d WHERE d.creditor_id = 1 AND d.invoice_no = b.invoice_no)) b
WHERE n <= :losses;
-- as many times over as it takes
INSERT INTO bench.entry SELECT e.entry_no + n * (SELECT max(entry_no) FROM bench.entry), e.creditor_id, e.invoice_no, e.account, e.amount
FROM bench.entry e CROSS JOIN generate_series(1, 1000) n
LIMIT greatest(:losses - (SELECT count(*) FROM bench.entry), 0);
CREATE TABLE bench.entries (entry_no bigint PRIMARY KEY, creditor_id bigint, invoice_no text COLLATE "C", account text, amount numeric);
CREATE INDEX ON bench.entries (invoice_no) WHERE account IN ('1515', '6351');
CREATE TABLE bench.entries_referring (LIKE bench.entries INCLUDING ALL);
ALTER TABLE bench.entries_referring ADD FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice;
CREATE TABLE bench.entries_guarded (LIKE bench.entries INCLUDING ALL);
SELECT reminder.protect('bench.entries_guarded', 'invoice_no', 'loss', $$account IN ('1515', '6351')$$, 1) \g /dev/null
VACUUM ANALYZE bench.entry;
\endif
-- whoever comes second finds the invoices as the first has left them
SELECT :n % 2 = 0 AS guard_first, $$INSERT INTO bench.entries_guarded SELECT * FROM bench.entry$$ AS guard, $$INSERT INTO bench.entries_referring SELECT * FROM bench.entry$$ AS key \gset
BEGIN;
SELECT format('booking_bare|%s', bench.ms($$INSERT INTO bench.entries SELECT * FROM bench.entry$$));
ROLLBACK;
\if :guard_first
BEGIN;
SELECT format('booking_guard|%s', bench.ms(:'guard'));
ROLLBACK;
\endif
BEGIN;
SELECT format('booking_key|%s', bench.ms(:'key'));
ROLLBACK;
\if :guard_first
\else
BEGIN;
SELECT format('booking_guard|%s', bench.ms(:'guard'));
ROLLBACK;
\endif
BEGIN;
SELECT bench.ms($$INSERT INTO bench.entries SELECT entry_no, creditor_id, invoice_no, '3001', amount FROM bench.entry$$) AS bare \gset
ROLLBACK;
BEGIN;
SELECT format('other_row|%s', (bench.ms($$INSERT INTO bench.entries_guarded SELECT entry_no, creditor_id, invoice_no, '3001', amount FROM bench.entry$$) - :bare) * 1000 / :losses);
ROLLBACK;
VACUUM bench.entries, bench.entries_referring, bench.entries_guarded;
