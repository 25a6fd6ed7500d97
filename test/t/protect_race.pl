# Eight sessions on the same few invoices, and on an application's own tables
# under protect() (A2, G2, G3): two of them run, six book losses there by
# INSERT, UPDATE and COPY-like statements, for invoices that have not come yet
# too, void, take back, pay, bounce, withdraw, put back and send by hand, under
# all isolation levels.  No snapshot may show a case beside a loss, and no error
# may be any but a refusal of ours or one to retry.
#
# Then the canary, in a database of its own: the same load with a guard in
# plpgsql that looks and then lets be must show violations.
#
# RACE_SECONDS=60 goes on for so long.
use strict;
use warnings;
use Test::More;

use lib 'test/t/lib';
use Invariants;
use Reminder;
use Session;
use Waiter;

use File::Temp;
use Time::HiRes qw(time sleep);

use PostgreSQL::Test::Utils;

my $seconds = $ENV{RACE_SECONDS} || 10;
my $canary_seconds = 60;	# at most: it ends with the first violation

plan skip_all => 'pgbench before 15 does not try again'
  if `pgbench --version` =~ /(\d+)/ && $1 < 15;

my $node = Reminder->cluster('main', conf => <<'CONF');
deadlock_timeout = 20ms
log_min_messages = error
log_line_prefix = '%q%e %d '
client_min_messages = error
jit = off
CONF

# What a session does to the invoice of a slot, as a function that takes the
# refusals it must reckon with for an answer, and nothing else.
my @acts = (
	# the invoice that the slot was waiting for; the old one is paid, or runs would judge it for ever
	[ renew => 8, q(
		INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
		VALUES (1, coming, 'c' || slot % 4, today - 20, today - 5, 'SEK', 1000);
		UPDATE test.slot s SET invoice_no = s.coming, coming = gen_random_uuid()::text WHERE s.slot = act.slot;
		INSERT INTO app.document (invoice, status) VALUES (coming, 'sent');
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		SELECT 1, gen_random_uuid()::text, no, today, i.open_amount FROM reminder.invoice i
		WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0), '23505' ],
	[ lose => 14, q(INSERT INTO app.entry (invoice, account) VALUES (no, CASE WHEN random() < 0.5 THEN '1515' ELSE '6351' END)), '23R01' ],
	# on the invoice that has not come
	[ lose_early => 6, q(INSERT INTO app.entry (invoice, account) VALUES (coming, '6351')), '23R01' ],
	[ sell => 6, q(INSERT INTO app.entry (invoice, account) VALUES (no, '3001')) ],
	[ make_loss => 6, q(UPDATE app.entry SET account = '6351' WHERE invoice = no AND account = '3001'), '23R01' ],
	[ move_loss => 4, q(
		UPDATE app.entry SET invoice = no WHERE entry_no = (
		  SELECT e.entry_no FROM app.entry e JOIN test.slot s ON s.invoice_no = e.invoice WHERE s.slot = 1 + act.slot % 12 LIMIT 1)), '23R01' ],
	[ lose_by_company => 6, q(INSERT INTO app.line (company, year, invoice) VALUES (1, 2025 + (random() < 0.5)::integer, no)), '23R01' ],
	[ reverse => 14, q(UPDATE app.entry SET account = '3001' WHERE invoice = no AND account <> '3001') ],
	[ unlose => 14, q(DELETE FROM app.entry WHERE invoice = no) ],
	[ unlose_by_company => 14, q(DELETE FROM app.line WHERE invoice = no) ],
	[ void => 6, q(
		UPDATE app.document SET status = CASE status WHEN 'void' THEN 'sent' ELSE 'void' END WHERE invoice = no;
		-- by what is committed now, the lock on the invoice held
		IF current_setting('transaction_isolation') = 'read committed' THEN
		  INSERT INTO test.voided SELECT d.invoice FROM app.document d
		  JOIN reminder.collection_case k ON k.creditor_id = 1 AND k.invoice_no = d.invoice AND k.ended_on IS NULL
		  WHERE d.invoice = no AND d.status = 'void';
		END IF), '23R01' ],
	[ pay => 8, q(
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		VALUES (1, gen_random_uuid()::text, no, today, (ARRAY[100, 300, 1000, 1060])[1 + trunc(4 * random())::integer])) ],
	[ bounce => 8, q(
		UPDATE reminder.payment SET bounced_on = greatest(paid_on, today)
		WHERE creditor_id = 1 AND bounced_on IS NULL AND payment_no = (
		  SELECT max(p.payment_no) FROM reminder.payment p
		  WHERE p.creditor_id = 1 AND p.invoice_no = no AND p.bounced_on IS NULL)) ],
	[ withdraw => 10, q(PERFORM reminder.withdraw(1, no, NULL, today)), '55R03', '22R02' ],
	[ put_back => 10, q(PERFORM reminder.put_back(1, no, today)) ],
	[ send => 6, q(PERFORM reminder.send_now(1, ARRAY[no], today)), '55R01' ],
	[ external => 3, q(UPDATE reminder.invoice SET external_collection = true WHERE creditor_id = 1 AND invoice_no = no), '23R01', '23R02' ],
	[ internal => 4, q(UPDATE reminder.invoice SET external_collection = false WHERE creditor_id = 1 AND invoice_no = no AND external_collection), '23R01' ],);

# A database with the book of creditor 1, the application's tables, and the acts.
sub prepare
{
	my ($database) = @_;
	my $branches = join "\n", map
	{
		my ($name, $weight, $sql, @refusals) = @$_;
		my $handler = @refusals
		  ? "EXCEPTION WHEN " . join(' OR ', map { "SQLSTATE '$_'" } @refusals) . " THEN outcome := SQLSTATE; "
		  : '';
		"WHEN '$name' THEN BEGIN $sql; $handler END;";
	} @acts;

	Reminder->install($node, $database);
	Invariants->install($node, $database);
	$node->safe_psql($database, <<SQL);
INSERT INTO reminder.account VALUES (1, 'Account');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (1, 1, 'Creditor', '5050-1055', 'Goods');
SELECT reminder.add_preset(1, 'amili');
SELECT reminder.activate(1, true);
INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT 1, 'c' || n, 'Customer' FROM generate_series(0, 3) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'i' || n, 'c' || n % 4, '2026-01-01', '2026-01-05', 'SEK', 1000 FROM generate_series(1, 12) n;
CALL reminder.run('2026-01-06', 1);
CREATE SCHEMA app;
CREATE TABLE app.entry (entry_no uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text, account text);
CREATE INDEX ON app.entry (invoice);
CREATE TABLE app.line (line_no uuid DEFAULT gen_random_uuid(), company integer, year integer, invoice text, PRIMARY KEY (line_no, year)) PARTITION BY LIST (year);
CREATE TABLE app.line_2025 PARTITION OF app.line FOR VALUES IN (2025);
CREATE TABLE app.line_2026 PARTITION OF app.line FOR VALUES IN (2026);
CREATE INDEX ON app.line (company, invoice);
CREATE TABLE app.document (document_no uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text UNIQUE, status text);
INSERT INTO app.document (invoice, status) SELECT 'i' || n, 'sent' FROM generate_series(1, 12) n;
SELECT reminder.protect('app.entry', 'invoice', 'loss', 'account IN (''1515'', ''6351'')', 1);
SELECT reminder.protect('app.line', 'invoice', 'loss', NULL, creditor_column => 'company');
SELECT reminder.protect('app.document', 'invoice', 'void', 'status = ''void''', 1);
CREATE TABLE test.slot (slot integer PRIMARY KEY, invoice_no text NOT NULL, coming text NOT NULL);
INSERT INTO test.slot SELECT n, 'i' || n, gen_random_uuid() FROM generate_series(1, 12) n;
CREATE TABLE test.done (act text, outcome text);
CREATE TABLE test.voided (invoice text);
CREATE VIEW test.wrong AS
SELECT 'loss beside a case' AS what, i.invoice_no, l.account
FROM (SELECT e.invoice, e.account FROM app.entry e WHERE e.account <> '3001' UNION ALL SELECT l.invoice, 'line' FROM app.line l) l
JOIN reminder.invoice i ON i.creditor_id = 1 AND i.invoice_no = l.invoice
WHERE i.external_collection OR EXISTS (SELECT FROM reminder.collection_case k WHERE k.creditor_id = 1 AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL)
UNION ALL
SELECT 'voided in a case', v.invoice, NULL FROM test.voided v
UNION ALL
SELECT v.invariant, v.invoice_no, v.found FROM test.violations(1) v
-- which count no letters sent by hand
WHERE v.invariant NOT IN ('run counts', 'decided backdated');
CREATE FUNCTION test.act(act text, slot integer) RETURNS text LANGUAGE plpgsql AS \$\$
DECLARE
  today date := (SELECT max(as_of) FROM reminder.run_log WHERE creditor_id = 1);
  no text := (SELECT s.invoice_no FROM test.slot s WHERE s.slot = act.slot);
  coming text := (SELECT s.coming FROM test.slot s WHERE s.slot = act.slot);
  outcome text := '00000';
BEGIN
  CASE act
$branches
  END CASE;
  INSERT INTO test.done VALUES (act, outcome);
  RETURN outcome;
END
\$\$;
SQL
	return;
}

# One act at random, under each isolation level.
my $scripts = File::Temp->newdir;
my $total = 0;
my $choose = join ' ', map { $total += $_->[1]; "WHEN :draw <= $total THEN '$_->[0]'" } @acts;
my @scripts = (
	[ 6, 'rc', '', '' ],
	[ 3, 'rr', "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT 1;\n", "COMMIT;\n" ],
	[ 1, 'ser', "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\n", "COMMIT;\n" ],);
for (@scripts)
{
	my ($weight, $name, $before, $after) = @$_;
	open my $script, '>', "$scripts/$name.sql" or die $!;
	print $script "\\set draw random(1, $total)\n\\set slot random(1, 12)\n$before"
	  . "SELECT test.act(CASE $choose END, :slot);\n$after";
	close $script;
}

# Lets them loose; checks every so often, and at the end.  Gives what was
# found, and the SQLSTATEs of the runs.  Stops early when asked to and
# something was found.
sub race
{
	my ($database, $seconds, $often, $until_found) = @_;
	my $log = "$scripts/$database.log";
	my $end = time + $seconds;
	my $next_check = time + $often;
	my $monitor = Session->new($node, $database);
	my @runners = map { Waiter->new($node, $database) } 1, 2;
	my (%runs, $found, $checks);

	my $pgbench = fork;
	die 'fork' unless defined $pgbench;
	if (!$pgbench)
	{
		open STDOUT, '>', $log;
		open STDERR, '>&', \*STDOUT;
		exec 'pgbench', '-n', '-c', 6, '-j', 2, '-T', int($seconds + 1), '--max-tries=0', '-M', 'prepared',
		  (map { ('-f', "$scripts/$_->[1].sql\@$_->[0]") } @scripts), $node->connstr($database);
	}

	my $check = sub {
		$found = $monitor->sql(q(BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT * FROM test.wrong; COMMIT));
		$checks++;
	};
	while (time < $end && !($until_found && $found))
	{
		for my $runner (@runners)
		{
			next unless $runner->done(0.005);
			$runs{ $runner->sqlstate }++;
			$runner->send(q(SELECT format('CALL reminder.run(%L, 1)', max(as_of) + (random() < 0.5)::integer) FROM reminder.run_log \gexec));
		}
		next if time < $next_check;
		$check->();
		last if $found && !$until_found;
		$next_check = time + $often;
	}
	kill 'INT', $pgbench if $found;
	waitpid $pgbench, 0;
	my $status = $?;
	for my $runner (@runners)
	{
		$runner->wait;
		$runs{ $runner->sqlstate }++;
	}
	$check->() unless $found;
	$_->quit for $monitor, @runners;
	return ($found, $checks, \%runs, $status, slurp_file($log));
}

prepare($_) for 'race', 'naive';

# The race.
my ($found, $checks, $runs, $status, $output) = race('race', $seconds, 2, 0);
is($found, '', "no violation, looked for $checks times in $seconds s");
is($status, 0, 'no session was ended by an error') or diag($output);
is_deeply([ grep { !/^(00000|55R01)$/ } keys %$runs ], [], 'no run failed, but for a later one');

# Whatever was refused outside the acts' own handlers is in the log.
my $errors = slurp_file($node->logfile);
my %logged;
$logged{$1}++ while $errors =~ /^(\w{5}) race (?:ERROR|FATAL|PANIC)/mg;
is_deeply([ grep { !/^(40001|40P01|55R01)$/ } sort keys %logged ], [], 'no error that is not to be tried again')
  or diag(join "\n", grep { /race ERROR/ && !/^(40001|40P01|55R01)/ } split /\n/, $errors);

my $session = Session->new($node, 'race');
my %done = map { split /\|/ } split /\n/,
  $session->sql(q(SELECT act || ' ' || CASE outcome WHEN '00000' THEN 'done' ELSE 'refused' END, count(*) FROM test.done GROUP BY 1));
my $opened = $session->sql(q(SELECT count(*) FROM reminder.collection_case));
my $waited = $session->sql(q(SELECT count(*) FROM reminder.decision WHERE reason = 'loss_booked'));
my $deadlocks = $session->sql(q(SELECT pg_stat_clear_snapshot(); SELECT deadlocks FROM pg_stat_database WHERE datname = 'race'));
$deadlocks =~ s/\s//g;
my $acts = 0;
$acts += $_ for values %done;
note($output);
note(join ', ', map { "$_ $done{$_}" } sort keys %done);
note("$acts acts, $opened cases opened, $runs->{'00000'} runs, $deadlocks deadlocks; errors: "
	  . join ', ', map { "$_ $logged{$_}" } sort keys %logged);

# Sessions that never meet prove nothing.
cmp_ok($opened, '>', 20, 'cases were opened');
cmp_ok($done{$_} || 0, '>', 5, $_)
  for 'lose done', 'lose refused', 'lose_early done', 'make_loss done', 'lose_by_company done', 'void done', 'void refused', 'withdraw done', 'bounce done';
is($session->sql(q(SELECT count(*) FROM reminder.check() WHERE finding <> 'cases_without_interest')), '0', 'check() finds nothing')
  or diag($session->sql(q(SELECT * FROM reminder.check())));
$session->quit;

# The canary: looks, but neither locks nor sees what was committed since.  Past
# what reminder refuses, in the catalogue itself, before any session looks.
$node->safe_psql('naive', q(
	CREATE FUNCTION test.look() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
	  IF NEW.account <> '3001' AND EXISTS (
	       SELECT FROM reminder.collection_case k WHERE k.creditor_id = 1 AND k.invoice_no = NEW.invoice AND k.ended_on IS NULL) THEN
	    RAISE EXCEPTION 'a case is active' USING ERRCODE = '23R01';
	  END IF;
	  PERFORM pg_sleep(0.01);
	  RETURN NULL;
	END
	$$;
	CREATE TRIGGER look AFTER INSERT OR UPDATE ON app.entry FOR EACH ROW EXECUTE FUNCTION test.look();
	SET allow_system_table_mods = on;
	UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'app.entry'::regclass AND tgname ~ '^reminder_'));
($found, $checks) = race('naive', $canary_seconds, 0.5, 1);
like($found, qr/loss beside a case/, 'with a guard that only looks there are violations');
note($found);

$node->stop('fast');
done_testing();
