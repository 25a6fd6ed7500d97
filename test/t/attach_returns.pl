# An attached invoice that leaves its filter, or is deleted, and comes back: what
# stands of its payments and credits in attached tables comes with it, whatever
# became of it meanwhile, and whoever writes it at the same time (A1).
use strict;
use warnings;

use Reminder;
use Session;
use Test::More;
use Waiter;

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
$session->sql(<<'SQL');
SET client_min_messages = warning;
INSERT INTO reminder.account VALUES (1, 'Shop');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (1, 1, 'Svea', '5050-1055', 'Goods'), (2, 1, 'Nord', '5050-1055', 'Goods');
CREATE SCHEMA shop;
CREATE TABLE shop.customer (company bigint, id integer, name text, PRIMARY KEY (company, id));
CREATE TABLE shop.invoice (id bigint, company bigint DEFAULT 1, customer integer DEFAULT 1, total numeric DEFAULT 100, state text DEFAULT 'posted', PRIMARY KEY (company, id)) PARTITION BY LIST (company);
CREATE TABLE shop.invoice_1 PARTITION OF shop.invoice FOR VALUES IN (1);
CREATE TABLE shop.invoice_2 PARTITION OF shop.invoice FOR VALUES IN (2);
CREATE TABLE shop.payment (id integer PRIMARY KEY, company bigint DEFAULT 1, invoice bigint, day date DEFAULT '2026-02-01', amount numeric, undone date, note text);
CREATE TABLE shop.receipt (no text PRIMARY KEY, reference text, amount numeric);
CREATE TABLE shop.credit (id integer PRIMARY KEY, company bigint DEFAULT 1, invoice bigint, amount numeric, kind text DEFAULT 'credit');
INSERT INTO shop.customer VALUES (1, 1, 'Ett'), (2, 1, 'Ett');
INSERT INTO shop.invoice (id, company) SELECT n, c FROM generate_series(1, 9) n, generate_series(1, 2) c;
INSERT INTO shop.payment (id, company, invoice, amount) SELECT 100 * c + n, c, n, 10 FROM generate_series(1, 9) n, generate_series(1, 2) c;
INSERT INTO shop.payment (id, invoice, amount, undone) VALUES (901, 1, 20, '2026-02-03'), (902, 1, 60, NULL);
INSERT INTO shop.credit (id, company, invoice, amount) SELECT 100 * c + n, c, n, 30 FROM generate_series(1, 9) n, generate_series(1, 2) c;
INSERT INTO shop.receipt VALUES ('R2', '2', 5);
SELECT
  reminder.attach('customer', 'shop.customer', columns => '{"creditor_id": "company", "customer_no": "id", "name": "name"}'),
  reminder.attach('invoice', 'shop.invoice', columns =>
    '{"creditor_id": "company", "invoice_no": "id", "customer_no": "customer", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "total", "reference": "id", "where": "state = ''posted''"}'),
  reminder.attach('credit', 'shop.credit', columns => '{"creditor_id": "company", "credit_no": "id", "invoice_no": "invoice", "credited_on": "date ''2026-01-15''", "amount": "amount", "kind": "kind"}'),
  reminder.attach('payment', 'shop.payment', columns => '{"creditor_id": "company", "payment_no": "id", "invoice_no": "invoice", "paid_on": "day", "amount": "amount", "bounced_on": "undone"}'),
  reminder.attach('payment', 'shop.receipt', 1, '{"payment_no": "no", "reference": "reference", "paid_on": "date ''2026-02-02''", "amount": "amount"}');

-- What the application says is open, and what is not the same on both sides.
CREATE VIEW public.wrong AS
SELECT 'invoice' AS kind, coalesce(s.company, i.creditor_id) AS company, coalesce(s.id::text, i.invoice_no) AS no, s.open, i.open_amount
FROM (SELECT i.company, i.id,
             greatest(i.total - coalesce((SELECT sum(p.amount) FROM shop.payment p WHERE p.company = i.company AND p.invoice = i.id AND p.undone IS NULL), 0)
               - coalesce((SELECT sum(r.amount) FROM shop.receipt r WHERE i.company = 1 AND r.reference = i.id::text), 0)
               - coalesce((SELECT sum(c.amount) FROM shop.credit c WHERE c.company = i.company AND c.invoice = i.id), 0), 0) AS open
      FROM shop.invoice i WHERE i.state = 'posted') s
FULL JOIN reminder.invoice i ON i.creditor_id = s.company AND i.invoice_no = s.id::text WHERE (i.open_amount = s.open) IS NOT TRUE
UNION ALL
SELECT 'payment', coalesce(s.company, p.creditor_id), coalesce(s.id, p.payment_no), s.amount, p.amount
FROM (SELECT p.company, p.id::text AS id, p.amount, p.undone FROM shop.payment p JOIN shop.invoice i ON i.company = p.company AND i.id = p.invoice WHERE i.state = 'posted'
      UNION ALL SELECT 1, r.no, r.amount, NULL FROM shop.receipt r JOIN shop.invoice i ON i.company = 1 AND i.id::text = r.reference WHERE i.state = 'posted') s
FULL JOIN reminder.payment p ON p.creditor_id = s.company AND p.payment_no = s.id WHERE (p.amount = s.amount AND p.bounced_on IS NOT DISTINCT FROM s.undone) IS NOT TRUE
UNION ALL
SELECT 'credit', coalesce(s.company, c.creditor_id), coalesce(s.id::text, c.credit_no), s.amount, c.amount
FROM (SELECT c.* FROM shop.credit c JOIN shop.invoice i ON i.company = c.company AND i.id = c.invoice WHERE i.state = 'posted') s
FULL JOIN reminder.credit c ON c.creditor_id = s.company AND c.credit_no = s.id::text WHERE (c.amount = s.amount) IS NOT TRUE;
SQL

sub in_step
{
	my ($what) = @_;
	is($session->sql('SELECT * FROM wrong ORDER BY 1, 2, 3'), '', "$what: both sides are the same");
	is($session->sql('SELECT finding, object, detail FROM reminder.check()'), '', "$what: nothing to find");
	return;
}
in_step('attached');
my $before = $session->sql('SELECT count(*), sum(amount) FROM reminder.payment');

# A trigger of the application's, fired before ours, pays what comes back: that alone has brought the invoice by then.
$session->sql(<<'SQL');
CREATE FUNCTION shop.pay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO shop.payment (id, company, invoice, amount) VALUES (1000 * NEW.company + NEW.id, NEW.company, NEW.id, 1);
  RETURN NULL;
END
$$;
CREATE TRIGGER pay AFTER UPDATE ON shop.invoice FOR EACH ROW WHEN (OLD.state <> NEW.state AND NEW.state = 'posted') EXECUTE FUNCTION shop.pay();
UPDATE shop.invoice SET state = 'draft' WHERE id = 9;
UPDATE shop.invoice SET state = 'posted' WHERE id = 9;
SQL
in_step('paid as it comes');
$session->sql('DROP TRIGGER pay ON shop.invoice; DELETE FROM shop.payment WHERE id IN (1009, 2009)');
in_step('and not');

# Out and in again, each by one statement or many.
for my $way (
	[ 'a state',            q(UPDATE shop.invoice SET state = 'draft' WHERE id IN (1, 2)), q(UPDATE shop.invoice SET state = 'posted' WHERE id = 1; UPDATE shop.invoice SET state = 'posted' WHERE id = 2) ],
	[ 'all of it',          q(UPDATE shop.invoice SET state = 'draft'), q(UPDATE shop.invoice SET state = 'posted') ],
	[ 'a partition itself', q(UPDATE shop.invoice_2 SET state = 'draft'), q(UPDATE shop.invoice_2 SET state = 'posted') ],
	[ 'deleted',            q(DELETE FROM shop.invoice WHERE id < 4), q(INSERT INTO shop.invoice (id, company) SELECT n, c FROM generate_series(1, 3) n, generate_series(1, 2) c) ],
	[ 'deleted, as drafts', q(DELETE FROM shop.invoice WHERE id < 4), q(INSERT INTO shop.invoice (id, company, state) SELECT n, c, 'draft' FROM generate_series(1, 3) n, generate_series(1, 2) c; UPDATE shop.invoice SET state = 'posted', total = 100) ],
	[ 'among new ones',     q(DELETE FROM shop.invoice WHERE id = 1), q(INSERT INTO shop.invoice (id, company) SELECT n, 1 FROM generate_series(1000, 2000) n; INSERT INTO shop.invoice (id) SELECT n FROM generate_series(2001, 3000) n UNION ALL SELECT 1; INSERT INTO shop.invoice (id, company) VALUES (1, 2); DELETE FROM shop.invoice WHERE id >= 1000) ],
	[ 'in replica mode',    q(SET session_replication_role = replica; DELETE FROM shop.invoice WHERE id = 2; RESET session_replication_role), q(SET session_replication_role = replica; INSERT INTO shop.invoice (id, company) VALUES (2, 1), (2, 2); RESET session_replication_role) ],
	[ 'undone',             q(BEGIN; UPDATE shop.invoice SET state = 'draft'; SAVEPOINT s; UPDATE shop.invoice SET state = 'posted'; ROLLBACK TO s), q(UPDATE shop.invoice SET state = 'posted'; COMMIT) ],)
{
	my ($name, $out, $in) = @$way;
	$session->sql($out);
	is($session->sql('SELECT * FROM wrong ORDER BY 1, 2, 3'), '', "$name: what left took it along");
	$session->sql($in);
	in_step($name);
	is($session->sql('SELECT count(*), sum(amount) FROM reminder.payment'), $before, "$name: with all that was there");
	is($session->sql('SELECT count(*) FROM reminder.left_with_invoice'), '0', "$name: nothing is kept of it");
}

# What became of it meanwhile.
$session->sql(<<'SQL');
UPDATE shop.invoice SET state = 'draft' WHERE id IN (1, 2, 3);
DELETE FROM shop.payment WHERE id = 901;
DELETE FROM shop.credit WHERE id = 203;
UPDATE shop.payment SET note = 'seen' WHERE invoice = 1;
UPDATE shop.payment SET invoice = 4 WHERE id = 102;
SQL
is($session->sql('SELECT * FROM wrong ORDER BY 1, 2, 3'), '', 'meanwhile: one is of another invoice now');
$session->sql(q(UPDATE shop.invoice SET state = 'posted'));
in_step('meanwhile');
is($session->sql('SELECT invoice_no FROM reminder.payment WHERE payment_no = \'102\''), '4', 'meanwhile: and stays there');
is($session->sql('SELECT count(*) FROM reminder.left_with_invoice'), '0', 'meanwhile: nothing is kept');

# Lines of one table: an invoice, what settles it; the invoice's alone leaves.
$session->sql(<<'SQL');
CREATE TABLE shop.line (id integer PRIMARY KEY, account text DEFAULT '1510', doc text, settles text, kind text, amount numeric, posted boolean DEFAULT true);
INSERT INTO shop.line (id, doc, settles, kind, amount) VALUES (5001, 'L1', NULL, 'invoice', 100), (5002, NULL, 'L1', 'receipt', 40), (5003, NULL, 'L1', 'credit', 60);
SELECT
  reminder.attach('invoice', 'shop.line', 1, '{"invoice_no": "doc", "customer_no": "1", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "amount", "where": "kind = ''invoice'' AND posted"}'),
  reminder.attach('credit', 'shop.line', 1, '{"credit_no": "id", "invoice_no": "settles", "credited_on": "date ''2026-01-15''", "amount": "amount", "where": "kind = ''credit'' AND posted"}'),
  reminder.attach('payment', 'shop.line', 1, '{"payment_no": "id", "invoice_no": "settles", "paid_on": "date ''2026-01-15''", "amount": "amount", "where": "kind = ''receipt'' AND posted"}');
SQL
my $lines = q(SELECT i.open_amount, (SELECT count(*) FROM reminder.payment p WHERE p.invoice_no = 'L1'), (SELECT count(*) FROM reminder.credit c WHERE c.invoice_no = 'L1') FROM reminder.invoice i WHERE i.invoice_no = 'L1');
is($session->sql($lines), '0.00|1|1', 'lines: settled');
for my $of ('id = 5001', "doc = 'L1' OR settles = 'L1'", "id IN (5001, 5002)")
{
	$session->sql("UPDATE shop.line SET posted = false WHERE $of");
	is($session->sql($lines), '', "lines: where $of, they leave");
	$session->sql("UPDATE shop.line SET posted = true WHERE $of");
	is($session->sql($lines), '0.00|1|1', "lines: where $of, they are settled when they return");
}
is($session->sql('SELECT finding, object, detail FROM reminder.check()'), '', 'lines: nothing to find');
$session->sql('DELETE FROM shop.line');

# Detached between, and attached where all may come.
$session->sql(q(UPDATE shop.invoice SET state = 'draft' WHERE id = 5; SELECT reminder.detach('shop.invoice')));
$session->sql(q(UPDATE shop.invoice SET state = 'posted';
  SELECT reminder.attach('invoice', 'shop.invoice', columns => '{"creditor_id": "company", "invoice_no": "id", "customer_no": "customer", "invoice_date": "date ''2026-01-01''", "due_date": "date ''2026-01-31''", "amount": "total", "reference": "id", "where": "state = ''posted''"}')));
is($session->sql(q(SELECT open_amount FROM reminder.invoice WHERE invoice_no = '5')), "60.00\n60.00", 'attached again: with all of it');

# A cascade takes the rows themselves: nothing to keep of them.
$session->sql(<<'SQL');
ALTER TABLE shop.payment ADD FOREIGN KEY (company, invoice) REFERENCES shop.invoice ON DELETE CASCADE;
ALTER TABLE shop.credit ADD FOREIGN KEY (company, invoice) REFERENCES shop.invoice ON DELETE CASCADE;
DELETE FROM shop.invoice WHERE id = 6;
SQL
is($session->sql('SELECT count(*) FROM reminder.left_with_invoice'), '0', 'a cascade: nothing is kept');
$session->sql('INSERT INTO shop.invoice (id) VALUES (6)');
is($session->sql(q(SELECT open_amount FROM reminder.invoice WHERE invoice_no = '6')), '100.00', 'a cascade: comes back with nothing');

# Another session changes what is coming back.
my $monitor = Session->new($node, 'book');
my $other = Waiter->new($node, 'book');
for my $level ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
{
	for my $change ('DELETE FROM shop.payment WHERE id = %d', 'UPDATE shop.payment SET invoice = 8 WHERE id = %d')
	{
		for my $first ('change', 'return')
		{
			my $what = sprintf '%s, %s first: %s', lc $level, $first, $change;
			my $id = $session->sql('INSERT INTO shop.payment (id, invoice, amount) SELECT max(id) + 1, 7, 1 FROM shop.payment RETURNING id');
			$session->sql(q(UPDATE shop.invoice SET state = 'draft' WHERE id = 7));
			my %do = (change => sprintf($change, $id), return => q(UPDATE shop.invoice SET state = 'posted' WHERE id = 7));
			my $second = $first eq 'change' ? 'return' : 'change';
			$_->sql("BEGIN ISOLATION LEVEL $level; SELECT FROM shop.invoice") for $session;
			$other->send("BEGIN ISOLATION LEVEL $level; SELECT FROM shop.invoice");
			$other->wait;
			$session->sql($do{$first});
			$other->send($do{$second});
			for (1 .. 100)
			{
				last if $other->done(0.02) || $other->waits_for($session, $monitor);
			}
			$session->sql('COMMIT');
			my $state = $other->wait;
			$other->send($state eq '00000' ? 'COMMIT' : "ROLLBACK; $do{$second}");
			$other->wait;
			like($state, $level eq 'READ COMMITTED' ? qr/^00000$/ : qr/^(?:00000|40001)$/, "$what: done, or to be tried again") or diag $other->output;
			is($session->sql(q(SELECT * FROM wrong WHERE no IN ('7', '8') OR kind = 'payment')), '', "$what: both sides are the same");
		}
	}
}

$session->quit;
$monitor->quit;
$other->quit;
$node->stop('fast');
done_testing();
