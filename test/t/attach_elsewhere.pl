# Attached and protected tables of an application in other servers: a standby,
# and what it is when promoted; a cluster that pg_upgrade made; logical
# replication out of such tables and into them (A3).
use strict;
use warnings;

use Reminder;
use Session;
use Shop;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = Reminder->cluster('main', allows_streaming => 'logical', conf => "wal_retrieve_retry_interval = 100ms\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Shop->tables($session);
Shop->attach($session);
$session->sql("CALL reminder.run('2026-02-10', 1)");

# It is a book like any other: guards refuse, rows follow, a run goes on.
sub lives
{
	my ($session, $what) = @_;
	is($session->sql('SELECT finding, object, detail FROM reminder.check()'), '', "$what: nothing to find");
	is(Shop->differences($session), '', "$what: both sides are the same");
	is($session->sql(q(SELECT DISTINCT state FROM reminder.attachments)), 'on', "$what: all triggers stand");
	is($session->try("SET ROLE shop; INSERT INTO shop.loss (id, year, invoice, account) VALUES (99, 2025, 'F3', '6351')"), '23R01', "$what: a loss is refused");
	is($session->try("UPDATE shop.invoice SET total = total + 1 WHERE number = 'F3'"), '23R01', "$what: an invoice that is collected stays as it is");
	is($session->try('ALTER TABLE shop.loss DISABLE TRIGGER reminder_inserted'), '42R02', "$what: triggers stay");
	is($session->try('DROP TABLE shop.invoice_2026'), '42R02', "$what: partitions stay");
	$session->sql(<<'SQL');
INSERT INTO shop.invoice (id, year, number, customer_id, issued, due, total) VALUES (91, 2026, 'F91', 2, '2026-02-01', '2026-02-05', 91);
INSERT INTO shop.payment (id, invoice, day, amount) VALUES (91, 'F91', '2026-02-02', 1);
UPDATE shop.balance SET rest = rest - 1, day = '2026-02-11' WHERE number = 'B1';
UPDATE shop.customer SET name = 'Tre' WHERE id = 2;
RESET ROLE;
CALL reminder.run('2026-02-20', 1);
SQL
	is(Shop->differences($session), '', "$what: rows follow");
	is($session->sql("SELECT stage, principal FROM reminder.case_status WHERE invoice_no = 'F91'"), 'reminder|90.00', "$what: and a run reminds of them");
	is($session->sql('SELECT finding, object, detail FROM reminder.check()'), '', "$what: nothing to find then");
	return;
}

# A standby reads all there is to read, and writes nothing.
{
	$node->backup('standby');
	my $standby = PostgreSQL::Test::Cluster->new('standby');
	$standby->init_from_backup($node, 'standby', has_streaming => 1);
	$standby->start;
	$node->wait_for_catchup($standby, 'replay', $node->lsn('insert'));
	my $there = Session->new($standby, 'book');
	my $rows = 'SELECT count(*), md5(coalesce(string_agg(t::text, \'\' ORDER BY t::text COLLATE "C"), \'\')) FROM';
	for my $relation (split /\n/, $session->sql("SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('v', 'r') ORDER BY 1"))
	{
		my $state = $there->try("$rows $relation t");
		my $output = $there->output;
		is($state, '00000', "standby: $relation is read") or diag $output;
		is($output, $session->sql("$rows $relation t"), "standby: as it is on the primary");
	}
	for my $read (split /\n/, <<'SQL')
SELECT * FROM reminder.check()
SELECT * FROM reminder.conservation(1)
SELECT * FROM reminder.verify(1)
SELECT * FROM reminder.plan('2026-03-10', 1) p ORDER BY p::text
SELECT * FROM reminder.upcoming('2026-03-01', '2026-03-31', 1) u ORDER BY u::text
SELECT * FROM reminder.explain(1, 'F3', '2026-03-10')
SELECT * FROM reminder.case_status_as_of(1, '2026-02-10') c ORDER BY c::text
SELECT * FROM reminder.readiness(1, 'F3', '2026-03-10') r ORDER BY r::text
SELECT * FROM reminder.invoice_interest(1, 'F3', '2026-03-10')
SELECT * FROM reminder.ageing(1, '2026-03-10') a ORDER BY a::text
SELECT reminder.dso(1, '2026-03-10', 30)
SELECT * FROM reminder.personal_data(1, '1') p ORDER BY p::text
SELECT * FROM reminder.describe_rule(1, 1) r ORDER BY r::text
SELECT * FROM reminder.rule_findings(1, 1, '2026-03-10') r ORDER BY r::text
SELECT reminder._loss_stands(1, 'F3')
SQL
	{
		my $state = $there->try($read);
		my $output = $there->output;
		is($state, '00000', "standby: $read") or diag $output;
		is($output, $session->sql($read), 'as on the primary');
	}
	is($there->try($_), '25006', "standby: $_")
	  for "CALL reminder.run('2026-02-20', 1)", "INSERT INTO shop.payment VALUES (91, 'F5', '2026-02-11', 1)", "SELECT reminder.detach('shop.payment')";
	$there->quit;
	$standby->promote;
	$there = Session->new($standby, 'book');
	lives($there, 'promoted');
	$there->quit;
	$standby->stop('fast');
}

# Out: the application's tables go to a subscriber that knows nothing of reminder.
sub subscribe
{
	my ($name, $from, $to, $what, $options) = @_;
	$node->safe_psql($from, "CREATE PUBLICATION $name FOR $what; SELECT pg_create_logical_replication_slot('$name', 'pgoutput')");
	(my $publisher = $node->connstr($from)) =~ s/'/''/g;
	$node->safe_psql($to, "CREATE SUBSCRIPTION $name CONNECTION '$publisher' PUBLICATION $name WITH (create_slot = false, slot_name = '$name', $options)");
	return;
}

sub unsubscribe
{
	my ($name, $to) = @_;
	$node->safe_psql($to, "ALTER SUBSCRIPTION $name DISABLE; ALTER SUBSCRIPTION $name SET (slot_name = NONE); DROP SUBSCRIPTION $name");
	# its worker may be a moment in going
	$node->poll_query_until('postgres', "SELECT NOT active FROM pg_replication_slots WHERE slot_name = '$name'");
	$node->safe_psql('postgres', "SELECT pg_drop_replication_slot('$name')");
	return;
}

my @tables = qw(customer invoice balance credit payment loss);
my $published = 'TABLE ' . join ', ', map { "shop.$_" } @tables;

# All rows of the application's, in one line.
sub rows
{
	my ($database) = @_;
	return $node->safe_psql($database, 'SELECT md5(string_agg(r, \'\' ORDER BY r COLLATE "C")) FROM (' . join(' UNION ALL ', map { "SELECT t::text FROM shop.$_ t" } @tables) . ') t (r)');
}

sub is_copied
{
	my ($from, $to, $what) = @_;
	my $rows = rows($from);
	for (1 .. 300)
	{
		last if rows($to) eq $rows;
		select undef, undef, undef, 0.1;
	}
	is(rows($to), $rows, $what);
	return;
}

my $changes = <<'SQL';
INSERT INTO shop.customer VALUES (8, 'Åtta', 'man');
INSERT INTO shop.invoice VALUES (81, 2025, 'F81', 8, '2026-02-01', '2026-02-05', 810), (82, 2026, 'F82', 8, '2026-02-01', '2026-02-05', 820), (83, 2026, 'F83', 8, '2026-02-01', '2026-02-05', 830);
INSERT INTO shop.payment VALUES (81, 'F81', '2026-02-02', 10), (82, 'F82', '2026-02-02', 10), (83, 'F82', '2026-02-02', 10);
INSERT INTO shop.credit VALUES (81, 'F81', '2026-02-02', 10);
INSERT INTO shop.loss VALUES (81, 2025, 'F81', '6351');
UPDATE shop.invoice SET total = total + 1 WHERE id IN (82, 83);
UPDATE shop.invoice SET year = 2025, note = 'moved' WHERE id = 82;
UPDATE shop.payment SET undone = '2026-02-04' WHERE id = 82;
UPDATE shop.balance SET rest = rest - 30, day = '2026-02-03' WHERE number IN ('B1', 'B2');
UPDATE shop.balance SET rest = rest + 10, day = '2026-02-04' WHERE number = 'B2';
UPDATE shop.customer SET name = 'Ettan' WHERE id = 1;
DELETE FROM shop.payment WHERE id = 83;
DELETE FROM shop.invoice WHERE id = 83;
SQL
{
	$node->safe_psql('postgres', 'CREATE DATABASE plain');
	my $plain = Session->new($node, 'plain');
	Shop->tables($plain);
	$plain->sql("TRUNCATE " . join ', ', map { "shop.$_" } @tables);
	subscribe('away', 'book', 'plain', $published, 'copy_data = true');
	is_copied('book', 'plain', 'replicated: attached tables are copied');
	$session->sql("SET client_min_messages = error; BEGIN; $changes COMMIT");
	is_copied('book', 'plain', 'replicated: and followed');
	is(Shop->differences($session), '', 'replicated: both sides of the publisher are the same');
	unsubscribe('away', 'plain');
	$plain->quit;
}

# In: tables that are attached where they arrive, row by row; copied first.
{
	$node->safe_psql('postgres', "CREATE DATABASE $_") for qw(erp collector);
	my $erp = Session->new($node, 'erp');
	Shop->tables($erp);
	Reminder->install($node, 'collector');
	my $collector = Session->new($node, 'collector');
	Shop->tables($collector);
	$collector->sql('TRUNCATE ' . join ', ', map { "shop.$_" } @tables);
	Shop->attach($collector);
	# tables are copied side by side, and a payment cannot come before its invoice
	for my $table (@tables)
	{
		subscribe("from_$table", 'erp', 'collector', "TABLE shop.$table", 'copy_data = true');
		$node->poll_query_until('collector', "SELECT bool_and(srsubstate = 'r') FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid WHERE s.subname = 'from_$table'");
		unsubscribe("from_$table", 'collector');
	}
	is_copied('erp', 'collector', 'arrived: tables are copied');
	is(Shop->differences($collector), '', 'arrived: and what is copied is taken in');
	subscribe('all_of_it', 'erp', 'collector', $published, 'copy_data = false');
	$collector->sql("CALL reminder.run('2026-02-04', 1)");
	$erp->sql("BEGIN; $changes COMMIT");
	is_copied('erp', 'collector', 'arrived: changes follow');
	is(Shop->differences($collector), '', 'arrived: and are taken in');
	is($collector->sql("SELECT open_amount FROM reminder.invoice WHERE invoice_no IN ('F81', 'F82', 'B1', 'B2') ORDER BY invoice_no"), "70.00\n180.00\n790.00\n821.00", 'arrived: with what is open');
	$collector->sql("CALL reminder.run('2026-02-20', 1)");
	is($collector->sql("SELECT 'F81', e.reason FROM reminder.explain(1, 'F81', '2026-02-20') e UNION ALL SELECT invoice_no, stage FROM reminder.case_status WHERE invoice_no = 'F82'"), "F81|loss_booked\nF82|reminder", 'arrived: a loss keeps a case from opening');
	is($collector->sql('SELECT finding, object, detail FROM reminder.check()'), '', 'arrived: nothing to find');

	# What reminder refuses stops the worker until it may be.
	for my $refusal (
		[ "INSERT INTO shop.loss VALUES (82, 2026, 'F82', '6351')", qr/cannot book a credit loss on invoice "F82"/, "SELECT reminder.withdraw(1, 'F82', NULL, '2026-02-20')" ],
		[ 'TRUNCATE shop.credit', qr/cannot truncate table "credit", which is attached to reminder/, "SELECT reminder.detach('shop.credit')" ])
	{
		my ($sql, $like, $then) = @$refusal;
		my $begin = -s $node->logfile;
		$erp->sql($sql);
		my $said = 0;
		for (1 .. 300)
		{
			last if $said = substr(slurp_file($node->logfile), $begin) =~ $like;
			select undef, undef, undef, 0.1;
		}
		ok($said, "arrived: refused: $sql");
		$collector->sql($then);
		is_copied('erp', 'collector', "arrived: once it may be, it comes");
	}
	unsubscribe('all_of_it', 'collector');
	$erp->quit;
	$collector->quit;
}

# A cluster that pg_upgrade made of this one.
SKIP:
{
	my $bindir = $node->config_data('--bindir');
	skip 'no pg_upgrade here', 1 unless -x "$bindir/pg_upgrade";
	my $before = $session->sql('SELECT relation, kind, action, creditor_id, state FROM reminder.attachments ORDER BY 1, 2');
	$session->quit;
	$node->stop('fast');
	my $new = PostgreSQL::Test::Cluster->new('new');
	$new->init(extra => ["--username=$ENV{PGUSER}"]);
	chdir $node->basedir or die $!;
	command_ok([ "$bindir/pg_upgrade", '-d', $node->data_dir, '-D', $new->data_dir, '-b', $bindir, '-B', $bindir, '-s', $new->host, '-p', $node->port, '-P', $new->port ], 'pg_upgrade');
	$new->start;
	my $there = Session->new($new, 'book');
	is($there->sql('SELECT relation, kind, action, creditor_id, state FROM reminder.attachments ORDER BY 1, 2'), $before, 'upgraded: what was attached is');
	lives($there, 'upgraded');
	$there->sql("SELECT reminder.detach('shop.payment'); SELECT reminder.attach('payment', 'shop.payment', 1, '{\"payment_no\": \"id\", \"invoice_no\": \"invoice\", \"paid_on\": \"day\", \"amount\": \"amount\", \"bounced_on\": \"undone\"}')");
	is($there->sql('SELECT finding, object, detail FROM reminder.check()'), '', 'upgraded: detached and attached again, nothing to find');
	$there->quit;
	$new->stop('fast');
}
done_testing();
