-- Control accounts (G5): nothing is booked on them by hand, and what differs
-- between ledger and general ledger is told to the öre, with what makes it up.
\set name regress_control_accounts
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE');
CALL t.creditor(2, 'FI');
CALL t.customer(1, 'C');
CALL t.customer(2, 'C');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount, open_amount, branch) VALUES
  (1, 'A', 'C', 'invoice', '2026-01-10', '2026-02-09', 'SEK', 1000, 1000, 'north'),
  (1, 'B', 'C', 'invoice', '2026-01-20', '2026-02-19', 'SEK', 12500, 12500, 'south'),
  (1, 'C', 'C', 'invoice', '2026-02-05', '2026-03-07', 'SEK', 333.33, 333.33, NULL),
  (1, 'N', 'C', 'credit_note', '2026-02-06', '2026-02-06', 'SEK', 100.10, 100.10, 'north'),
  (1, 'D', 'C', 'invoice', '2026-02-10', '2026-03-12', 'SEK', 500, 200, NULL),
  (1, 'E', 'C', 'invoice', '2026-02-15', '2026-03-17', 'SEK', 7000, 7000, NULL),
  (2, 'F', 'C', 'invoice', '2026-02-15', '2026-03-17', 'EUR', 50, 50, NULL);
INSERT INTO reminder.invoice_vat VALUES (1, 'B', 25, 10000, 2500);
INSERT INTO reminder.tax_reduction VALUES (1, 'E', 'rot', 3000);
CALL t.pay(1, 'P1', 'A', '2026-02-03', 400);
CALL t.pay(1, 'P2', 'A', '2026-02-27', 600);
UPDATE reminder.payment SET bounced_on = '2026-03-02' WHERE payment_no = 'P2';
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K1', 'B', '2026-02-20', 500);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'B', 'L1', 'doubtful', '2026-03-10', 12000);
SELECT reminder.tax_reduction_paid(1, 'E', 2500, '2026-03-15');
SELECT reminder.tax_reduction_refused(1, 'E', 500, '2026-04-15', '2026-03-16');
CALL t.pay(2, 'F1', 'F', '2026-02-20', 50);

-- How this test books: a voucher of one line for each entry of the ledger.
CREATE PROCEDURE t.book(creditor_id bigint) LANGUAGE sql AS $$
  INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount, currency, branch, event, document_no, invoice_no)
  SELECT l.creditor_id, row_number() OVER (), concat_ws(' ', l.event, l.invoice_no, l.document_no), l.account, l.posted_on, l.amount, l.currency, l.branch, l.event, l.document_no, l.invoice_no
  FROM reminder.ledger_entry_list l WHERE l.creditor_id = $1
$$;
-- One entry by hand, or of a document.
CREATE PROCEDURE t.entry(voucher_no text, account text, amount numeric, event text DEFAULT NULL, document_no text DEFAULT NULL, invoice_no text DEFAULT NULL, creditor_id bigint DEFAULT 1) LANGUAGE sql AS $$
  INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount, event, document_no, invoice_no)
  VALUES ($7, $1, $1, $2, '2026-03-20', $3, $4, $5, $6)
$$;
CREATE VIEW t.reconciled AS
SELECT r.account, r.branch, to_char(r.period, 'YYYY-MM') AS period, r.ledger, r.general_ledger, r.difference, r.ledger_balance AS balance, r.balance_difference
FROM reminder.reconciliation r WHERE r.creditor_id = 1 ORDER BY r.account, r.branch, r.period;
CREATE VIEW t.detail AS
SELECT d.account, d.branch, to_char(d.period, 'YYYY-MM') AS period, d.event, d.document_no, d.invoice_no, d.vouchers, d.ledger, d.general_ledger, d.difference, d.reason
FROM reminder.reconciliation_detail d WHERE d.creditor_id = 1 ORDER BY d.account, d.branch, d.period, d.event, d.document_no, d.vouchers;
-- None is good: a difference that its parts do not come to; a ledger that is not what invoices say.
CREATE VIEW t.wrong AS
SELECT r.creditor_id, r.account, r.branch, r.period, r.difference, d.difference AS parts
FROM reminder.reconciliation r
FULL JOIN (SELECT d.creditor_id, d.account, coalesce(d.branch, '') AS branch, d.currency, d.period, sum(d.difference) AS difference FROM reminder.reconciliation_detail d GROUP BY 1, 2, 3, 4, 5) d
  ON d.creditor_id = r.creditor_id AND d.account = r.account AND d.branch = coalesce(r.branch, '') AND d.currency = r.currency AND d.period = r.period
WHERE coalesce(r.difference, 0) <> coalesce(d.difference, 0)
UNION ALL
SELECT i.creditor_id, 'receivable', NULL, NULL, i.owed, coalesce(l.amount, 0)
FROM (
  SELECT i.creditor_id, sum(CASE i.kind WHEN 'credit_note' THEN -i.open_amount ELSE i.open_amount END - coalesce(w.amount, 0)) AS owed
  FROM reminder.invoice i
  LEFT JOIN (SELECT w.creditor_id, w.invoice_no, sum(w.amount) AS amount FROM reminder.credit_loss w WHERE w.reversed_on IS NULL GROUP BY 1, 2) w USING (creditor_id, invoice_no)
  GROUP BY 1) i
LEFT JOIN (
  SELECT l.creditor_id, sum(l.amount) AS amount FROM reminder.ledger_entry_list l
  JOIN reminder.control_account_list a USING (creditor_id, account) WHERE a.purpose = 'receivable' GROUP BY 1) l USING (creditor_id)
WHERE i.owed <> coalesce(l.amount, 0) AND i.creditor_id = 1;

\echo '# what is a control account: the chart''s, and what the creditor books receivables on'
SELECT * FROM reminder.control_account_list ORDER BY 1, 2;
INSERT INTO reminder.account_map VALUES (2, 'receivable', '1700');
INSERT INTO reminder.control_account VALUES (2, '2930', false), (2, '1700', true);
SELECT * FROM reminder.control_account_list WHERE creditor_id = 2 ORDER BY 1, 2;
UPDATE reminder.control_account SET direct_posting = false WHERE account = '1700';

\echo '# what the ledger has on them'
SELECT l.account, l.branch, l.posted_on, l.event, l.document_no, l.invoice_no, l.amount FROM reminder.ledger_entry_list l WHERE creditor_id = 1 ORDER BY l.account, l.branch, l.posted_on, l.event, l.document_no;
SELECT * FROM t.wrong;

\echo '# nothing is booked by hand: alone, among others, by UPDATE and COPY; nor in the name of what is not there'
CALL t.entry('M1', '1510', 50);
CALL t.entry('M1', '1511', 50);
CALL t.entry('M1', '1700', 50, creditor_id => 2);
CALL t.entry('M1', '2930', 50, creditor_id => 2);
CALL t.entry('M1', '1510', 50, creditor_id => 2);
INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount, event, document_no) VALUES
  (1, '1', 'M2', '1930', '2026-03-20', -50, NULL, NULL), (1, '2', 'M2', '1510', '2026-03-20', 50, NULL, NULL), (1, '3', 'M0', '1510', '2026-03-20', -400, 'payment', 'P1');
COPY reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount) FROM STDIN;
1	M3	M3	1515	2026-03-20	50
\.
CALL t.entry('M4', '1518', 50);
CALL t.entry('M4', '1930', 50);
CALL t.entry('M5', '1930', 50);
UPDATE reminder.general_ledger_entry SET account = '1519' WHERE voucher_no = 'M5';
CREATE VIEW t.refused AS
SELECT e.event, e.document_no, e.invoice_no, t.try(format('CALL t.entry(''V'', ''1510'', 1, %L, %L, %L)', e.event, e.document_no, e.invoice_no)) AS became
FROM (VALUES
  ('invoice', 'F', NULL), ('settled_before', 'C', NULL), ('credit', 'K2', NULL), ('tax_reduction', 'rut', 'E'), ('payment', 'F1', NULL), ('payment_taken_back', 'P1', NULL), ('refund', 'P1 R', NULL),
  ('doubtful_loss', 'L1', 'A'), ('doubtful_loss_reversed', 'L1', 'B'), ('confirmed_loss', 'L1', 'B'), ('confirmed_loss_reversed', 'L1', 'B'), ('settlement', '1 SEK', NULL), ('payout', '1 1', NULL),
  ('tax_reduction_paid', 'rot', 'A'), ('tax_reduction_refused', 'rot', 'A'), ('doubtful_loss', 'L1', NULL), ('tax_reduction', 'rot', NULL), ('invoice', NULL, NULL), (NULL, 'A', NULL), ('gift', 'A', NULL), ('invoice', '', NULL)) e (event, document_no, invoice_no);
SELECT * FROM t.refused;
SELECT t.try('CALL t.entry(''V'', ''1930'', 0)'), t.try('CALL t.entry(''V'', ''1930'', ''NaN'')'), t.try('CALL t.entry(''V'', '''', 1)'), t.try('CALL t.entry('''', ''1930'', 1)'), t.try('CALL t.entry(''M4'', ''1930'', 1)'), t.try('CALL t.entry(''V'', ''1930'', 1, creditor_id => 3)');
SELECT voucher_no, account FROM reminder.general_ledger_entry ORDER BY 1;
SET session_replication_role = replica;
CALL t.entry('M1', '1510', 50);
RESET session_replication_role;
DELETE FROM reminder.general_ledger_entry;

\echo '# booked as it stands here there is no difference'
CALL t.book(1);
SELECT * FROM t.reconciled;
SELECT * FROM t.detail;
SELECT * FROM t.wrong;

\echo '# missing; in another month, branch, account; another amount; by hand; of what has gone since'
DELETE FROM reminder.general_ledger_entry WHERE voucher_no = 'invoice C C';
UPDATE reminder.general_ledger_entry SET posted_on = '2026-03-01' WHERE document_no = 'P1';
UPDATE reminder.general_ledger_entry SET branch = 'north' WHERE document_no = 'K1';
UPDATE reminder.general_ledger_entry SET account = '1511' WHERE document_no = 'N';
UPDATE reminder.general_ledger_entry SET amount = -600.01 WHERE voucher_no = 'payment A P2';
-- half of a loss, whose accounts would balance without the other
DELETE FROM reminder.general_ledger_entry WHERE document_no = 'L1' AND account = '1519';
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'K2', 'C', '2026-03-21', 0.33);
CALL t.entry('V9', '1510', -0.33, 'credit', 'K2');
DELETE FROM reminder.credit WHERE credit_no = 'K2';
INSERT INTO reminder.control_account VALUES (1, '1510', true);
CALL t.entry('M1', '1510', 50);
CALL t.entry('M6', '1510', -20);
SELECT * FROM t.reconciled;
SELECT * FROM t.detail;
SELECT * FROM t.wrong;

\echo '# what was booked by hand stays when that is no longer allowed, and check() tells'
UPDATE reminder.control_account SET direct_posting = false WHERE creditor_id = 1;
CALL t.entry('M7', '1510', 1);
SELECT * FROM reminder.check();
DELETE FROM reminder.general_ledger_entry WHERE voucher_no IN ('M1', 'M6');
SELECT * FROM reminder.check();

\echo '# a loss of another kind, reversed; a payment that comes after all; accounts of one''s own'
UPDATE reminder.credit_loss SET reversed_on = '2026-04-01' WHERE loss_no = 'L1';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'B', 'L2', 'confirmed', '2026-04-01', 12000);
UPDATE reminder.payment SET bounced_on = NULL WHERE payment_no = 'P2';
UPDATE reminder.payment SET invoice_no = 'C', amount = 333.33 WHERE payment_no = 'P2';
INSERT INTO reminder.account_map VALUES (1, 'doubtful_receivable', '1516');
DELETE FROM reminder.general_ledger_entry;
CALL t.book(1);
SELECT account, branch, event, document_no, sum(ledger) AS ledger, sum(difference) AS difference FROM reminder.reconciliation_detail GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4;
SELECT account, branch, ledger_balance, general_ledger_balance, balance_difference FROM (
  SELECT DISTINCT ON (account, branch) r.* FROM reminder.reconciliation r WHERE creditor_id = 1 ORDER BY account, branch, period DESC) r;
SELECT * FROM t.wrong;

\echo '# another currency; and the other creditor, whose accounts are its own'
CALL t.invoice(1, 'G', 'C', '2026-05-10', 10, 'USD');
CALL t.entry('VG', '1510', 10, 'invoice', 'G');
SELECT currency, branch, event, document_no, difference, reason FROM reminder.reconciliation_detail WHERE creditor_id = 1 ORDER BY 1;
SELECT account, currency, period, ledger, general_ledger, balance_difference FROM reminder.reconciliation WHERE creditor_id = 2;

\echo '# an application''s own general ledger, attached'
CREATE TABLE t.line (
  line_id bigint PRIMARY KEY, voucher text NOT NULL, account text NOT NULL, day date NOT NULL, debit numeric(14,2) NOT NULL DEFAULT 0, credit numeric(14,2) NOT NULL DEFAULT 0,
  source text, document text);
INSERT INTO t.line VALUES
  (1, 'V1', '1700', '2026-02-15', 50, 0, 'INV', 'F'), (2, 'V1', '3000', '2026-02-15', 0, 50, NULL, NULL), (3, 'V2', '1910', '2026-02-20', 49, 0, NULL, NULL), (4, 'V2', '1700', '2026-02-20', 0, 49, 'PAY', 'F1');
SELECT reminder.attach('ledger_entry', 't.line', 2, '{"entry_no": "line_id", "voucher_no": "voucher", "account": "account", "posted_on": "day", "amount": "debit - credit",
  "event": {"expression": "source", "values": {"INV": "invoice", "PAY": "payment"}}, "document_no": "document", "where": "account LIKE ''1%''"}');
SELECT entry_no, voucher_no, account, posted_on, amount, currency, event, document_no FROM reminder.general_ledger_entry WHERE creditor_id = 2 ORDER BY 1;
SELECT event, document_no, vouchers, ledger, general_ledger, difference, reason FROM reminder.reconciliation_detail WHERE creditor_id = 2;
INSERT INTO t.line VALUES (5, 'V3', '1910', '2026-02-21', 1, 0), (6, 'V3', '1700', '2026-02-21', 0, 1);
UPDATE t.line SET source = NULL, document = NULL WHERE line_id = 4;
UPDATE t.line SET account = '3001' WHERE line_id = 2;
UPDATE t.line SET debit = 0, credit = 50 WHERE line_id = 4;
SELECT account, currency, period, ledger, general_ledger, balance_difference FROM reminder.reconciliation WHERE creditor_id = 2;
DELETE FROM t.line WHERE voucher = 'V2';
SELECT entry_no, account, amount FROM reminder.general_ledger_entry WHERE creditor_id = 2 ORDER BY 1;
SELECT event, document_no, vouchers, difference, reason FROM reminder.reconciliation_detail WHERE creditor_id = 2;
SELECT finding, object, detail FROM reminder.check();
UPDATE reminder.general_ledger_entry SET amount = 51 WHERE creditor_id = 2;
SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
