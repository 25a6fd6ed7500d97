# Eight sessions on an application's own tables that are attached (A1, G2): two
# of them run, six issue, pay, take back, bounce, credit, change and delete
# there, make drafts of invoices and issue them again with what settles them,
# keep a residual, book losses, withdraw and put back, under all isolation levels.  No snapshot may show a row that is not the same on both sides, and no
# error may be any but a refusal of ours or one to retry.
#
# Then the canary, in a database of its own: with one trigger of ours gone, the
# same load must show differences.
#
# RACE_SECONDS=60 goes on for so long.
use strict;
use warnings;
use Test::More;

use lib 'test/t/lib';
use Race;

# What a session does to the invoice of a slot, and which refusals it must reckon with.
my @acts = (
	# another invoice for the slot; the old one is paid, or runs would judge it for ever
	[ renew => 8, q(
		INSERT INTO app.invoice (number, customer, issued, due, total) VALUES (coming, 'c' || slot % 4, today - 20, today - 5, 1000);
		UPDATE test.slot s SET invoice_no = s.next_no, next_no = gen_random_uuid()::text WHERE s.slot = act.slot;
		INSERT INTO app.payment (invoice, day, amount)
		SELECT no, today, i.open_amount FROM reminder.invoice i WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0), '23503', '23505' ],
	[ pay => 14, q(INSERT INTO app.payment (invoice, day, amount) VALUES (no, today, (ARRAY[100, 300, 1000, 1060])[1 + trunc(4 * random())::integer])), '23503' ],
	[ move_payment => 4, q(
		UPDATE app.payment SET invoice = no WHERE id = (
		  SELECT p.id FROM app.payment p JOIN test.slot s ON s.invoice_no = p.invoice WHERE s.slot = 1 + act.slot % 12 AND p.undone IS NULL LIMIT 1)), '23503' ],
	[ bounce => 8, q(
		UPDATE app.payment SET undone = greatest(day, today) WHERE id = (SELECT max(p.id::text)::uuid FROM app.payment p WHERE p.invoice = no AND p.undone IS NULL)), '23503' ],
	[ unpay => 6, q(DELETE FROM app.payment WHERE id = (SELECT min(p.id::text)::uuid FROM app.payment p WHERE p.invoice = no)) ],
	[ credit => 8, q(INSERT INTO app.credit (invoice, day, amount) VALUES (no, today, 50)), '23R01', '22R03', '23503' ],
	[ uncredit => 6, q(DELETE FROM app.credit WHERE invoice = no), '23R01' ],
	[ change => 6, q(UPDATE app.invoice SET total = total + 1, note = 'changed' WHERE number = no), '23R01' ],
	[ postpone => 4, q(UPDATE app.invoice SET due = due + 1 WHERE number = no), '23R01' ],
	[ rebill => 3, q(UPDATE app.invoice SET customer = 'c' || (act.slot + 1) % 4 WHERE number = no), '23R01' ],
	[ hide => 8, q(UPDATE app.invoice SET state = 'draft' WHERE number = no AND state = 'posted'), '23R01', '23R04', '23503' ],
	[ show => 12, q(UPDATE app.invoice SET state = 'posted' WHERE number = no AND state = 'draft') ],
	[ look => 4, q(UPDATE app.invoice SET note = 'seen' WHERE number = no) ],
	[ remove => 2, q(DELETE FROM app.invoice WHERE number = no), '23R01', '23R04', '23503' ],
	[ settle => 10, q(UPDATE app.balance SET rest = trunc((random() * 2)::numeric * 500) / 1, day = today WHERE number = 'b' || act.slot), '22R03' ],
	[ lose => 6, q(INSERT INTO app.loss (invoice, account) VALUES (no, '6351')), '23R01' ],
	[ unlose => 10, q(DELETE FROM app.loss WHERE invoice = no) ],
	[ withdraw => 8, q(PERFORM reminder.withdraw(1, no, NULL, today)), '55R03', '22R02', '22R04' ],
	[ put_back => 8, q(PERFORM reminder.put_back(1, no, today)), '22R04' ],);

my $race = Race->new(acts => \@acts, wrong => 'SELECT * FROM test.wrong');
$race->prepare($_, book => <<'SQL') for 'race', 'lame';
CREATE SCHEMA app;
CREATE TABLE app.customer (no text PRIMARY KEY, name text);
CREATE TABLE app.invoice (number text PRIMARY KEY, customer text, issued date, due date, total numeric, note text, state text DEFAULT 'posted');
CREATE TABLE app.balance (number text PRIMARY KEY, total numeric, rest numeric, day date);
CREATE TABLE app.payment (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text REFERENCES app.invoice ON DELETE CASCADE, day date, amount numeric, undone date);
CREATE INDEX ON app.payment (invoice);
CREATE TABLE app.credit (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text REFERENCES app.invoice ON DELETE CASCADE, day date, amount numeric);
CREATE INDEX ON app.credit (invoice);
CREATE TABLE app.loss (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text, account text);
CREATE INDEX ON app.loss (invoice);
INSERT INTO app.customer SELECT 'c' || n, 'Customer' FROM generate_series(0, 3) n;
INSERT INTO app.invoice SELECT 'i' || n, 'c' || n % 4, '2026-01-01', '2026-01-05', 1000 FROM generate_series(1, 12) n;
INSERT INTO app.balance SELECT 'b' || n, 1000, 1000, '2026-01-01' FROM generate_series(1, 12) n;
SELECT reminder.attach('customer', 'app.customer', 1, '{"customer_no": "no", "name": "name"}'),
  reminder.attach('invoice', 'app.invoice', 1, '{"invoice_no": "number", "customer_no": "customer", "invoice_date": "issued", "due_date": "due", "amount": "total", "where": "state = ''posted''"}'),
  reminder.attach('invoice', 'app.balance', 1,
    '{"invoice_no": "number", "customer_no": "''c1''", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-05''", "amount": "total", "open_amount": "rest", "paid_on": "day"}'),
  reminder.attach('credit', 'app.credit', 1, '{"credit_no": "id", "invoice_no": "invoice", "credited_on": "day", "amount": "amount"}'),
  reminder.attach('payment', 'app.payment', 1, '{"payment_no": "id", "invoice_no": "invoice", "paid_on": "day", "amount": "amount", "bounced_on": "undone"}'),
  reminder.protect('app.loss', 'invoice', 'loss', NULL, 1);
CREATE VIEW test.wrong AS
SELECT 'invoice differs' AS what, coalesce(s.number, i.invoice_no) AS invoice_no, concat_ws(' ', s.total, i.amount, s.due, i.due_date) AS found
FROM (SELECT number, customer, due, total FROM app.invoice WHERE state = 'posted' UNION ALL SELECT number, 'c1', '2026-01-05', total FROM app.balance) s
FULL JOIN reminder.invoice i ON i.creditor_id = 1 AND i.invoice_no = s.number
WHERE (i.amount = s.total AND i.due_date = s.due AND i.customer_no = s.customer) IS NOT TRUE
UNION ALL
SELECT 'open differs', b.number, concat_ws(' ', b.rest, i.open_amount) FROM app.balance b JOIN reminder.invoice i ON i.creditor_id = 1 AND i.invoice_no = b.number WHERE i.open_amount <> b.rest
UNION ALL
SELECT 'payment differs', coalesce(s.invoice, p.invoice_no), concat_ws(' ', s.id, p.payment_no)
FROM (SELECT p.* FROM app.payment p JOIN app.invoice i ON i.number = p.invoice WHERE i.state = 'posted') s
FULL JOIN (SELECT * FROM reminder.payment p WHERE p.payment_no !~ '~') p ON p.creditor_id = 1 AND p.payment_no = s.id::text
WHERE (p.amount = s.amount AND p.paid_on = s.day AND p.invoice_no = s.invoice AND p.bounced_on IS NOT DISTINCT FROM s.undone) IS NOT TRUE
UNION ALL
SELECT 'credit differs', coalesce(s.invoice, c.invoice_no), concat_ws(' ', s.id, c.credit_no)
FROM (SELECT c.* FROM app.credit c JOIN app.invoice i ON i.number = c.invoice WHERE i.state = 'posted') s
FULL JOIN reminder.credit c ON c.creditor_id = 1 AND c.credit_no = s.id::text
WHERE (c.amount = s.amount AND c.credited_on = s.day AND c.invoice_no = s.invoice) IS NOT TRUE
UNION ALL
SELECT 'loss beside a case', l.invoice, NULL FROM app.loss l JOIN reminder.collection_case k ON k.creditor_id = 1 AND k.invoice_no = l.invoice AND k.ended_on IS NULL
UNION ALL
SELECT v.invariant, v.invoice_no, v.found FROM test.violations(1) v WHERE v.invariant NOT IN ('run counts', 'decided backdated');
SQL

# The race.  Sessions that never meet prove nothing.
my $seen = $race->clean('race', $ENV{RACE_SECONDS} || 10);
cmp_ok($seen->{opened}, '>', 20, 'cases were opened');
cmp_ok($seen->{done}{$_} || 0, '>', 5, $_)
  for 'renew done', 'pay done', 'bounce done', 'unpay done', 'credit done', 'credit refused', 'hide done', 'show done', 'change done', 'change refused', 'settle done', 'lose done', 'lose refused', 'withdraw done';
# of a minute's days not all have a rate of interest yet
is($seen->{session}->sql(q(SELECT count(*) FROM reminder.check() WHERE finding NOT IN ('cases_without_interest', 'interest_rate_missing'))), '0', 'check() finds nothing')
  or diag($seen->{session}->sql(q(SELECT * FROM reminder.check())));
$seen->{session}->quit;

# The canary, past what reminder refuses, in the catalogue itself, before any session looks.
$race->node->safe_psql('lame', q(
	SET allow_system_table_mods = on;
	UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'app.payment'::regclass AND tgname = 'reminder_updated'));
like($race->until_found('lame'), qr/payment differs/, 'with a trigger gone there are differences');

$race->node->stop('fast');
done_testing();
