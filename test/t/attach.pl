# Attached tables of an application: dumped and restored in one piece or in
# sections, detached without a trace, fed by logical replication, and without
# the extension for a while (A1, A3).
use strict;
use warnings;

use Reminder;
use Session;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = Reminder->cluster('main', allows_streaming => 'logical', conf => "wal_retrieve_retry_interval = 100ms\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
$session->sql(<<'SQL');
CREATE ROLE shop;
CREATE SCHEMA shop AUTHORIZATION shop;
SET ROLE shop;
CREATE TABLE shop.customer (id int PRIMARY KEY, name text NOT NULL, kind text DEFAULT 'firm');
CREATE TABLE shop.invoice (id int, year int, number text NOT NULL, customer_id int REFERENCES shop.customer, due date, total numeric(10,2), rest numeric(10,2), day date, note text,
  PRIMARY KEY (year, id)) PARTITION BY LIST (year);
CREATE TABLE shop.invoice_2025 PARTITION OF shop.invoice FOR VALUES IN (2025);
CREATE TABLE shop.invoice_2026 PARTITION OF shop.invoice FOR VALUES IN (2026);
INSERT INTO shop.customer VALUES (1, 'Ett', 'firm'), (2, 'Tv', 'man');
INSERT INTO shop.invoice SELECT n, 2025 + n % 2, 'F' || n, n % 2 + 1, '2026-01-31', n, n FROM generate_series(1, 20) n;
RESET ROLE;
INSERT INTO reminder.account VALUES (1, 'Shop');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, sender_address) VALUES (1, 1, 'Svea', '5402-9681', 'Gatan 1');
SQL

my $dir = $node->basedir;

# Runs a command of PostgreSQL's; any word on stderr is a failure.
sub silently
{
	my ($what, @command) = @_;
	my ($stdout, $stderr) = run_command([ $command[0], '-h', $node->host, '-p', $node->port, @command[ 1 .. $#command ] ]);
	# said by CREATE EXTENSION, when there is no table yet
	$stderr =~ s/^.*INFO:  the extension brings functions only\n.*HINT:  .*\n?//mg;
	is($stderr, '', $what);
	return;
}

# The application's schema, as pg_dump writes it.
sub application
{
	silently("pg_dump of the application, $_[0]", 'pg_dump', '--schema=shop', '-f', "$dir/$_[0].sql", 'book');
	# of some versions: another each time
	return slurp_file("$dir/$_[0].sql") =~ s/^\\(?:un)?restrict .*\n//mgr;
}

my $attach = <<'SQL';
SELECT reminder.attach('customer', 'shop.customer', 1, '{"customer_no": "id", "name": "name", "kind": {"expression": "kind", "values": {"firm": "company"}, "else": "person"}}');
SELECT reminder.attach('invoice', 'shop.invoice', 1,
  '{"invoice_no": "number", "customer_no": "customer_id", "invoice_date": "make_date(year, 1, 1)", "due_date": "due", "amount": "total", "open_amount": "rest", "paid_on": "day"}');
SQL
my $before = application('before');
$session->sql($attach);
isnt(application('attached'), $before, 'attached, it has triggers');
$session->sql("SELECT reminder.detach('shop.invoice'), reminder.detach('shop.customer')");
is(application('detached'), $before, 'detached, it is byte for byte as it was');
$session->sql($attach);

# What is there of the invoices in a database, both sides.
my $both = q{SELECT string_agg(format('%s %s %s', i.invoice_no, i.amount, i.open_amount), ', ' ORDER BY i.invoice_no) = string_agg(format('%s %s %s', s.number, s.total, s.rest), ', ' ORDER BY i.invoice_no)
  FROM reminder.invoice i FULL JOIN shop.invoice s ON s.number = i.invoice_no};

# Copies go on like the original.
silently('pg_dump, custom', 'pg_dump', '-Fc', '-f', "$dir/custom.dump", 'book');
silently('pg_dump, directory', 'pg_dump', '-Fd', '-j2', '-f', "$dir/directory.dump", 'book');
silently('pg_dump, tar', 'pg_dump', '-Ft', '-f', "$dir/tar.dump", 'book');
silently('pg_dump, plain', 'pg_dump', '-f', "$dir/plain.sql", 'book');
silently("pg_dump, $_", 'pg_dump', "--section=$_", '-f', "$dir/$_.sql", 'book') for qw(pre-data data post-data);
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE template0") for qw(custom directory tar plain sections);
silently("pg_restore -j2, $_", 'pg_restore', '-j2', '-d', $_, "$dir/$_.dump") for qw(custom directory);
silently('pg_restore, tar', 'pg_restore', '-d', 'tar', "$dir/tar.dump");
silently('psql', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/plain.sql", 'plain');
silently("psql, $_", 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/$_.sql", 'sections') for qw(pre-data data post-data);
for my $database (qw(book custom directory tar plain sections))
{
	my $copy = Session->new($node, $database);
	is($copy->sql('SELECT relation, state FROM reminder.attachments ORDER BY 1'), "shop.customer|on\nshop.invoice|on", "$database: attached");
	is($copy->sql('SELECT finding, object, detail FROM reminder.check()'), '', "$database: nothing to find");
	$copy->sql(<<'SQL');
INSERT INTO shop.invoice VALUES (30, 2025, 'F30', 1, '2026-02-01', 30, 30);
UPDATE shop.invoice_2025 SET rest = rest - 1, day = '2026-02-02' WHERE id % 4 = 0;
UPDATE shop.invoice SET note = 'n', total = total + 1, rest = rest + 1 WHERE id = 3;
DELETE FROM shop.invoice WHERE id = 5;
SQL
	is($copy->sql($both), 't', "$database: and in step");
	$copy->quit;
}

# Rows that come by logical replication, whose worker fires no statement triggers.
$node->safe_psql('postgres', 'CREATE DATABASE elsewhere');
$node->safe_psql('elsewhere', <<'SQL');
CREATE SCHEMA shop;
CREATE TABLE shop.customer (id int PRIMARY KEY, name text NOT NULL, kind text DEFAULT 'firm');
CREATE PUBLICATION shop FOR TABLE shop.customer;
SELECT pg_create_logical_replication_slot('shop', 'pgoutput');
SQL
my $publisher = $node->connstr('elsewhere');
$publisher =~ s/'/''/g;
$node->safe_psql('book', "CREATE SUBSCRIPTION shop CONNECTION '$publisher' PUBLICATION shop WITH (create_slot = false, slot_name = 'shop', copy_data = false)");
$node->safe_psql('elsewhere', "INSERT INTO shop.customer VALUES (7, 'Sju', 'man')");
ok($node->poll_query_until('book', "SELECT count(*) = 1 FROM reminder.customer WHERE customer_no = '7' AND name = 'Sju' AND kind = 'person'"), 'a row that is replicated comes in');
$node->safe_psql('elsewhere', "UPDATE shop.customer SET name = 'Seven'");
ok($node->poll_query_until('book', "SELECT count(*) = 1 FROM reminder.customer WHERE customer_no = '7' AND name = 'Seven'"), 'and is changed');
$node->safe_psql('elsewhere', 'DELETE FROM shop.customer');
ok($node->poll_query_until('book', "SELECT count(*) = 0 FROM reminder.customer WHERE customer_no = '7'"), 'and goes');
$node->safe_psql('book', 'ALTER SUBSCRIPTION shop DISABLE; ALTER SUBSCRIPTION shop SET (slot_name = NONE); DROP SUBSCRIPTION shop');

# A statement of many rows that is refused leaves nothing of its plans behind.
SKIP:
{
	skip 'memory is not shown before PostgreSQL 14', 1
	  if $session->sql("SELECT current_setting('server_version_num')::integer < 140000") eq 't';
	my $refused = "INSERT INTO shop.customer SELECT n, CASE n WHEN 1600 THEN repeat('x', 5000) ELSE 'n' END FROM generate_series(1001, 1600) n";
	my $plans = "SELECT count(*) FROM pg_backend_memory_contexts WHERE name = 'CachedPlanSource'";
	$session->try($refused) for 1 .. 2;
	my $kept = $session->sql($plans);
	$session->try($refused) for 1 .. 5;
	is($session->sql($plans), $kept, 'no plan of a refused statement is kept');
}

# Without the extension for a while.
like(($node->psql('book', 'DROP EXTENSION reminder'))[2], qr/reminder guards tables of others and cannot be dropped\nDETAIL:  Attached or protected: shop.customer, shop.invoice\.\n/,
	'the extension is not dropped while tables are attached, and says which');
like(($node->psql('book', q(BEGIN; SELECT reminder.detach('shop.invoice'), reminder.detach('shop.customer'), reminder.protect('shop.invoice', 'number', 'void', 'rest = 0', 1); DROP EXTENSION reminder)))[2],
	qr/cannot be dropped\nDETAIL:  Attached or protected: shop.invoice\.\n/, 'nor while one is protected');
# only by whoever may drop what guards that, too
$session->sql($session->sql("SELECT string_agg(format('DROP EVENT TRIGGER %I', evtname), '; ') FROM pg_event_trigger WHERE evtname LIKE 'reminder%'"));
$session->sql("SET client_min_messages = error; DROP EXTENSION reminder CASCADE; UPDATE shop.invoice SET total = total + 1, rest = rest + 1 WHERE id > 10; INSERT INTO shop.invoice VALUES (31, 2026, 'F31', 2, '2026-02-01', 31, 31)");
is($session->sql($both), 'f', 'without it nothing follows');
$session->sql('CREATE EXTENSION reminder; SELECT reminder.install()');
is($session->sql($both), 't', 'back again, what changed meanwhile has followed');
is($session->sql('SELECT DISTINCT state FROM reminder.attachments'), 'on', 'and the triggers stand');
$session->sql("UPDATE shop.invoice SET total = total + 1, rest = rest + 1 WHERE id = 31");
is($session->sql($both), 't', 'and follow');
is($session->sql('SELECT finding, object FROM reminder.check()'), '', 'nothing to find');

$session->quit;
$node->stop('fast');
done_testing();
