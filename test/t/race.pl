# Eight sessions on the same few invoices, at once (G2, G3, N1): two of them
# run, six book losses, pay, bounce, credit, withdraw, put back, hold, move
# customers and edit rules, under all isolation levels.  No snapshot may show a
# violation, and no error may be any but a refusal of ours or one to retry.
#
# Then the canaries, in databases of their own: the same load without the
# guards, and with one that looks but does not lock, must show violations.
#
# RACE_SECONDS=600 goes on for so long.
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

my $seconds = $ENV{RACE_SECONDS} || 12;
my $canary_seconds = 60;	# at most: each ends with the first violation

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
	# another invoice for the slot; the old one is paid, or runs would judge it for ever
	[ renew => 6, q(
		INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
		VALUES (1, gen_random_uuid()::text, 'c' || slot % 4, today - 20, today - 5, 'SEK', 1000)
		RETURNING invoice_no INTO next;
		UPDATE test.slot s SET invoice_no = next WHERE s.slot = act.slot;
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		SELECT 1, gen_random_uuid()::text, no, today, i.open_amount FROM reminder.invoice i
		WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0) ],
	[ lose => 16, q(
		INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount)
		VALUES (1, no, CASE WHEN random() < 0.5 THEN 'doubtful' ELSE 'confirmed' END, today, 100)), '23R01' ],
	[ reverse => 14, q(
		UPDATE reminder.credit_loss SET reversed_on = greatest(booked_on, today)
		WHERE creditor_id = 1 AND invoice_no = no AND reversed_on IS NULL) ],
	[ unreverse => 2, q(
		UPDATE reminder.credit_loss SET reversed_on = NULL WHERE creditor_id = 1 AND invoice_no = no), '23R01' ],
	[ pay => 10, q(
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		VALUES (1, gen_random_uuid()::text, no, today, (ARRAY[100, 300, 1000, 1060])[1 + trunc(4 * random())::integer])) ],
	[ bounce => 8, q(
		UPDATE reminder.payment SET bounced_on = greatest(paid_on, today)
		WHERE creditor_id = 1 AND bounced_on IS NULL AND payment_no = (
		  SELECT max(p.payment_no) FROM reminder.payment p
		  WHERE p.creditor_id = 1 AND p.invoice_no = no AND p.bounced_on IS NULL)) ],
	[ unpay => 3, q(
		DELETE FROM reminder.payment WHERE creditor_id = 1 AND payment_no = (
		  SELECT min(p.payment_no) FROM reminder.payment p WHERE p.creditor_id = 1 AND p.invoice_no = no)) ],
	[ credit => 8, q(
		INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)
		SELECT 1, gen_random_uuid()::text, no, today, i.open_amount FROM reminder.invoice i
		WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0), '23R01', '22R03' ],
	[ uncredit => 8, q(
		DELETE FROM reminder.credit WHERE creditor_id = 1 AND invoice_no = no), '23R01' ],
	[ withdraw => 8, q(PERFORM reminder.withdraw(1, no, NULL, today)), '55R03', '22R02' ],
	[ put_back => 8, q(PERFORM reminder.put_back(1, no, today)) ],
	[ hold => 4, q(PERFORM reminder.hold(1, no, 'dispute', NULL, today)) ],
	[ release => 4, q(PERFORM reminder.release(1, no, today)), '55R03', '22R02' ],
	[ move => 4, q(
		PERFORM reminder.move_customers(1, ARRAY['c' || slot % 4, 'c' || (slot + 1) % 4],
		  CASE WHEN random() < 0.5 THEN 3 END)) ],
	[ edit => 1, q(UPDATE reminder.rule_step SET fee = 110 - fee WHERE creditor_id = 1 AND rule_no = 1 AND stage = 'reminder') ],);

# A database with the book of creditor 1, and the acts.
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
UPDATE reminder.rule_step SET fee = 50 WHERE stage = 'reminder';
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up) VALUES (1, 3, 'Chosen', 'company', 'creditor', true);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES
  (1, 3, 'reminder', 3, 3, 40), (1, 3, 'notice', 4, 3, NULL), (1, 3, 'demand', 4, 8, 100);
SELECT reminder.activate(1, true);
INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT 1, 'c' || n, 'Customer' FROM generate_series(0, 3) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'i' || n, 'c' || n % 4, '2026-01-01', '2026-01-05', 'SEK', 1000 FROM generate_series(1, 12) n;
CALL reminder.run('2026-01-06', 1);
CREATE TABLE test.slot (slot integer PRIMARY KEY, invoice_no text NOT NULL);
INSERT INTO test.slot SELECT n, 'i' || n FROM generate_series(1, 12) n;
CREATE TABLE test.done (act text, outcome text);
CREATE FUNCTION test.act(act text, slot integer) RETURNS text LANGUAGE plpgsql AS \$\$
DECLARE
  today date := (SELECT max(as_of) FROM reminder.run_log WHERE creditor_id = 1);
  no text := (SELECT s.invoice_no FROM test.slot s WHERE s.slot = act.slot);
  next text;
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
		$found = $monitor->sql(q(BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT * FROM test.violations(1); COMMIT));
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

prepare($_) for 'race', 'unguarded', 'unlocked';

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
cmp_ok($done{$_} || 0, '>', 5, $_) for 'lose done', 'lose refused', 'credit done', 'credit refused', 'withdraw done', 'bounce done', 'move done';
cmp_ok($deadlocks, '<=', 2 + $acts / 1000, 'deadlocks are rare');
$session->quit;

# The canaries.
$node->safe_psql('unguarded', q(
	ALTER EVENT TRIGGER reminder_ddl DISABLE;
	ALTER TABLE reminder.credit_loss DISABLE TRIGGER credit_loss_guard, DISABLE TRIGGER credit_loss_guard_changed;
	ALTER TABLE reminder.credit DISABLE TRIGGER credit_guard));
($found, $checks) = race('unguarded', $canary_seconds, 0.5, 1);
isnt($found, '', 'without the guards there are violations');
note($found);

# Looks, but neither locks nor sees what was committed since.
$node->safe_psql('unlocked', q(
	CREATE FUNCTION test.look() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
	  IF NEW.reversed_on IS NULL AND EXISTS (
	       SELECT FROM reminder.collection_case k
	       WHERE k.creditor_id = NEW.creditor_id AND k.invoice_no = NEW.invoice_no AND k.ended_on IS NULL) THEN
	    RAISE EXCEPTION 'a case is active' USING ERRCODE = '23R01';
	  END IF;
	  PERFORM pg_sleep(0.01);
	  RETURN NULL;
	END
	$$;
	CREATE TRIGGER look AFTER INSERT OR UPDATE ON reminder.credit_loss FOR EACH ROW EXECUTE FUNCTION test.look();
	ALTER EVENT TRIGGER reminder_ddl DISABLE;
	ALTER TABLE reminder.credit_loss DISABLE TRIGGER credit_loss_guard, DISABLE TRIGGER credit_loss_guard_changed));
($found, $checks) = race('unlocked', $canary_seconds, 0.5, 1);
like($found, qr/loss beside an active case/, 'with a guard that only looks there are, too');
note($found);

$node->stop('fast');
done_testing();
