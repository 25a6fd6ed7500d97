# Shop - an application with tables of its own, attached and protected, for the
# tests in test/t.
#
#   Shop->tables($session);                    # of role shop, in schema shop, filled
#   Shop->attach($session);                    # to creditor 1, who collects
#   my $wrong = Shop->differences($session);   # rows that are not the same on both sides
#
# shop.invoice is partitioned by year, what is open there follows shop.payment
# and shop.credit; shop.balance keeps it as a residual; losses are booked in
# shop.loss, partitioned too. All invoices are due on 2026-01-31.
package Shop;

use strict;
use warnings;

sub tables
{
	my ($class, $session) = @_;
	$session->sql(<<'SQL');
SET client_min_messages = warning;
DO $$
BEGIN
  IF to_regrole('shop') IS NULL THEN
    CREATE ROLE shop LOGIN;
  END IF;
END
$$;
CREATE SCHEMA shop AUTHORIZATION shop;
SET ROLE shop;
CREATE TABLE shop.customer (id integer PRIMARY KEY, name text NOT NULL, kind text DEFAULT 'firm', note text);
CREATE TABLE shop.invoice (
  id integer, year integer, number text NOT NULL, customer_id integer, issued date, due date, total numeric, note text,
  PRIMARY KEY (year, id)) PARTITION BY LIST (year);
CREATE TABLE shop.invoice_2025 PARTITION OF shop.invoice FOR VALUES IN (2025);
CREATE TABLE shop.invoice_2026 PARTITION OF shop.invoice FOR VALUES IN (2026);
CREATE TABLE shop.balance (number text PRIMARY KEY, customer_id integer, issued date, due date, total numeric, rest numeric, day date);
CREATE TABLE shop.payment (id integer PRIMARY KEY, invoice text, day date, amount numeric, undone date);
CREATE TABLE shop.credit (id integer PRIMARY KEY, invoice text, day date, amount numeric);
CREATE TABLE shop.loss (id integer, year integer DEFAULT 2026, invoice text, account text, PRIMARY KEY (year, id)) PARTITION BY LIST (year);
CREATE TABLE shop.loss_2025 PARTITION OF shop.loss FOR VALUES IN (2025);
CREATE TABLE shop.loss_2026 PARTITION OF shop.loss FOR VALUES IN (2026);
CREATE INDEX ON shop.loss (invoice);
INSERT INTO shop.customer VALUES (1, 'Ett', 'firm'), (2, 'Två', 'man');
INSERT INTO shop.invoice SELECT n, 2025 + n % 2, 'F' || n, n % 2 + 1, '2026-01-01', '2026-01-31', n * 100 FROM generate_series(1, 20) n;
INSERT INTO shop.balance SELECT 'B' || n, 1, '2026-01-01', '2026-01-31', n * 100, n * 100, '2026-01-01' FROM generate_series(1, 5) n;
INSERT INTO shop.payment VALUES (1, 'F1', '2026-02-01', 50);
INSERT INTO shop.credit VALUES (1, 'F2', '2026-02-01', 50);
RESET ROLE;
SQL
	return;
}

sub attach
{
	my ($class, $session) = @_;
	$session->sql(<<'SQL');
SET client_min_messages = warning;
INSERT INTO reminder.account VALUES (1, 'Shop');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (1, 1, 'Svea', '5050-1055', 'Goods');
SELECT reminder.add_preset(1, 'amili'), reminder.activate(1, confirm => true, as_of => '2026-01-01');
SELECT reminder.grant_role('administrator', 'shop');
SET ROLE shop;
SELECT
  reminder.attach('customer', 'shop.customer', 1, '{"customer_no": "id", "name": "name", "kind": {"expression": "kind", "values": {"firm": "company"}, "else": "person"}}'),
  reminder.attach('invoice', 'shop.invoice', 1, '{"invoice_no": "number", "customer_no": "customer_id", "invoice_date": "issued", "due_date": "due", "amount": "total"}'),
  reminder.attach('invoice', 'shop.balance', 1,
    '{"invoice_no": "number", "customer_no": "customer_id", "invoice_date": "issued", "due_date": "due", "amount": "total", "open_amount": "rest", "paid_on": "day"}'),
  reminder.attach('credit', 'shop.credit', 1, '{"credit_no": "id", "invoice_no": "invoice", "credited_on": "day", "amount": "amount"}'),
  reminder.attach('payment', 'shop.payment', 1, '{"payment_no": "id", "invoice_no": "invoice", "paid_on": "day", "amount": "amount", "bounced_on": "undone"}'),
  reminder.protect('shop.loss', 'invoice', 'loss', 'account = ''6351''', 1);
RESET ROLE;
SQL
	return;
}

sub differences
{
	my ($class, $session) = @_;
	return $session->sql(<<'SQL');
SELECT 'invoice', coalesce(s.number, i.invoice_no), s.total, i.amount
FROM (SELECT number, customer_id, due, total FROM shop.invoice UNION ALL SELECT number, customer_id, due, total FROM shop.balance) s
FULL JOIN reminder.invoice i ON i.invoice_no = s.number
WHERE (i.amount = s.total AND i.customer_no = s.customer_id::text AND i.due_date = s.due) IS NOT TRUE
UNION ALL
SELECT 'open', i.invoice_no, b.rest, i.open_amount FROM shop.balance b JOIN reminder.invoice i ON i.invoice_no = b.number WHERE i.open_amount <> greatest(b.rest, 0)
UNION ALL
SELECT 'payment', coalesce(s.id::text, p.payment_no), s.amount, p.amount
FROM shop.payment s FULL JOIN (SELECT * FROM reminder.payment p WHERE p.payment_no !~ '~') p ON p.payment_no = s.id::text
WHERE (p.amount = s.amount AND p.paid_on = s.day AND p.invoice_no IS NOT DISTINCT FROM s.invoice AND p.bounced_on IS NOT DISTINCT FROM s.undone) IS NOT TRUE
UNION ALL
SELECT 'credit', coalesce(s.id::text, c.credit_no), s.amount, c.amount
FROM shop.credit s FULL JOIN reminder.credit c ON c.credit_no = s.id::text
WHERE (c.amount = s.amount AND c.credited_on = s.day AND c.invoice_no = s.invoice) IS NOT TRUE
UNION ALL
SELECT 'customer', coalesce(s.id::text, c.customer_no), NULL, NULL
FROM shop.customer s FULL JOIN reminder.customer c ON c.customer_no = s.id::text
WHERE (c.name = s.name AND c.kind = CASE s.kind WHEN 'firm' THEN 'company' ELSE 'person' END) IS NOT TRUE
ORDER BY 1, 2
SQL
}

1;
