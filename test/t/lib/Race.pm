# Race - eight sessions on the same few invoices of one creditor, at once: two
# of them run, six do acts at random, under all isolation levels.
#
#   my $race = Race->new(acts => [[ name => $weight, $sql, @refusals ], …], wrong => 'SELECT …');
#   $race->prepare('race', rules => $sql, book => $sql);    # a database
#   my $seen = $race->clean('race', 12);                    # tests of 12 s
#   my $found = $race->until_found('unguarded');            # of a canary
#
# An act is a statement on the invoice of a slot, no, or on the number that is
# to come there, coming, as of today; refusals are the SQLSTATEs that it must
# reckon with.  wrong gives rows where something is.
package Race;

use strict;
use warnings;

use File::Temp;
use Invariants;
use PostgreSQL::Test::Utils;
use Reminder;
use Session;
use Test::More;
use Time::HiRes qw(time sleep);
use Waiter;

sub new
{
	my ($class, %given) = @_;
	my $self = bless {%given}, $class;

	plan skip_all => 'pgbench before 15 does not try again'
	  if `pgbench --version` =~ /(\d+)/ && $1 < 15;
	$self->{node} = Reminder->cluster('main', conf => <<'CONF');
deadlock_timeout = 20ms
log_min_messages = error
log_line_prefix = '%q%e %d '
client_min_messages = error
jit = off
CONF
	$self->{folder} = File::Temp->newdir;
	$self->write_scripts;
	return $self;
}

sub node { return $_[0]->{node}; }

# One act at random, under each isolation level.
sub write_scripts
{
	my ($self) = @_;
	my $total = 0;
	my $choose = join ' ', map { $total += $_->[1]; "WHEN :draw <= $total THEN '$_->[0]'" } @{ $self->{acts} };

	$self->{scripts} = [
		[ 6, 'rc', '', '' ],
		[ 3, 'rr', "BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT 1;\n", "COMMIT;\n" ],
		[ 1, 'ser', "BEGIN ISOLATION LEVEL SERIALIZABLE;\nSELECT 1;\n", "COMMIT;\n" ],];
	for (@{ $self->{scripts} })
	{
		my ($weight, $name, $before, $after) = @$_;
		open my $script, '>', "$self->{folder}/$name.sql" or die $!;
		print $script "\\set draw random(1, $total)\n\\set slot random(1, 12)\n$before"
		  . "SELECT test.act(CASE $choose END, :slot);\n$after";
		close $script;
	}
	return;
}

# The acts as branches of a function that takes the refusals they must reckon
# with for an answer, and nothing else.
sub branches
{
	my ($self) = @_;

	return join "\n", map
	{
		my ($name, $weight, $sql, @refusals) = @$_;
		my $handler = @refusals
		  ? "EXCEPTION WHEN " . join(' OR ', map { "SQLSTATE '$_'" } @refusals) . " THEN outcome := SQLSTATE; "
		  : '';
		"WHEN '$name' THEN BEGIN $sql; $handler END;";
	} @{ $self->{acts} };
}

# A database with the book of creditor 1, and the acts.  rules: before the
# creditor is activated; book: beside its invoices.
sub prepare
{
	my ($self, $database, %sql) = @_;
	my $branches = $self->branches;
	my $rules = $sql{rules} || '';
	my $book = $sql{book} || '';

	Reminder->install($self->{node}, $database);
	Invariants->install($self->{node}, $database);
	$self->{node}->safe_psql($database, <<SQL);
INSERT INTO reminder.account VALUES (1, 'Account');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) VALUES (1, 1, 'Creditor', '5050-1055', 'Goods');
SELECT reminder.add_preset(1, 'amili');
$rules
SELECT reminder.activate(1, true);
INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT 1, 'c' || n, 'Customer' FROM generate_series(0, 3) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'i' || n, 'c' || n % 4, '2026-01-01', '2026-01-05', 'SEK', 1000 FROM generate_series(1, 12) n;
CALL reminder.run('2026-01-06', 1);
CREATE TABLE test.slot (slot integer PRIMARY KEY, invoice_no text NOT NULL, next_no text NOT NULL DEFAULT gen_random_uuid()::text);
INSERT INTO test.slot SELECT n, 'i' || n FROM generate_series(1, 12) n;
CREATE TABLE test.done (act text, outcome text);
$book
CREATE FUNCTION test.act(act text, slot integer) RETURNS text LANGUAGE plpgsql AS \$\$
DECLARE
  today date := (SELECT max(as_of) FROM reminder.run_log WHERE creditor_id = 1);
  no text;
  coming text;
  outcome text := '00000';
BEGIN
  SELECT s.invoice_no, s.next_no INTO no, coming FROM test.slot s WHERE s.slot = act.slot;
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

# The six sessions, as a process of their own.
sub start_acting
{
	my ($self, $database, $seconds, $log) = @_;
	my $pid = fork;

	die 'fork' unless defined $pid;
	if (!$pid)
	{
		open STDOUT, '>', $log;
		open STDERR, '>&', \*STDOUT;
		exec 'pgbench', '-n', '-c', 6, '-j', 2, '-T', int($seconds + 1), '--max-tries=0', '-M', 'prepared',
		  (map { ('-f', "$self->{folder}/$_->[1].sql\@$_->[0]") } @{ $self->{scripts} }), $self->{node}->connstr($database);
	}
	return $pid;
}

# Lets them loose; checks every so often, and at the end.  Gives what was
# found, how often was looked, the SQLSTATEs of the runs, and how pgbench ended
# and what it said.  Stops early when asked to and something was found.
sub run
{
	my ($self, $database, $seconds, $often, $until_found) = @_;
	my $log = "$self->{folder}/$database.log";
	my $end = time + $seconds;
	my $next_check = time + $often;
	my $monitor = Session->new($self->{node}, $database);
	my @runners = map { Waiter->new($self->{node}, $database) } 1, 2;
	my %seen = (found => '', checks => 0);
	my $pgbench = $self->start_acting($database, $seconds, $log);

	my $check = sub {
		$seen{found} = $monitor->sql("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; $self->{wrong}; COMMIT");
		$seen{checks}++;
	};
	while (time < $end && !($until_found && $seen{found}))
	{
		for my $runner (@runners)
		{
			next unless $runner->done(0.005);
			$seen{runs}{ $runner->sqlstate }++ if defined $runner->sqlstate;
			$runner->send(q(SELECT format('CALL reminder.run(%L, 1)', max(as_of) + (random() < 0.5)::integer) FROM reminder.run_log \gexec));
		}
		next if time < $next_check;
		$check->();
		last if $seen{found};
		$next_check = time + $often;
	}
	kill 'INT', $pgbench if $seen{found};
	waitpid $pgbench, 0;
	$seen{status} = $?;
	for my $runner (@runners)
	{
		$runner->wait;
		$seen{runs}{ $runner->sqlstate }++;
	}
	$check->() unless $seen{found};
	$_->quit for $monitor, @runners;
	$seen{output} = slurp_file($log);
	return \%seen;
}

# What the first race with something wrong finds; '' if none does in a minute.
sub until_found
{
	my ($self, $database) = @_;
	my $found = $self->run($database, 60, 0.5, 1)->{found};

	note($found);
	return $found;
}

# Tests that a race finds nothing, and that whatever was refused outside the
# acts' own handlers, which is in the log, is to be tried again.  Gives how
# often each act was done and refused, how many acts there were, how many cases
# were opened, how many deadlocks there were, and a session.
sub clean
{
	my ($self, $database, $seconds) = @_;
	my $seen = $self->run($database, $seconds, 2, 0);

	is($seen->{found}, '', "no violation, looked for $seen->{checks} times in $seconds s");
	is($seen->{status}, 0, 'no session was ended by an error') or diag($seen->{output});
	is_deeply([ grep { !/^(00000|55R01)$/ } keys %{ $seen->{runs} } ], [], 'no run failed, but for a later one');

	my $errors = slurp_file($self->{node}->logfile);
	my %logged;
	$logged{$1}++ while $errors =~ /^(\w{5}) $database (?:ERROR|FATAL|PANIC)/mg;
	is_deeply([ grep { !/^(40001|40P01|55R01)$/ } sort keys %logged ], [], 'no error that is not to be tried again')
	  or diag(join "\n", grep { /$database ERROR/ && !/^(40001|40P01|55R01)/ } split /\n/, $errors);

	my $session = Session->new($self->{node}, $database);
	my %done = map { split /\|/ } split /\n/,
	  $session->sql(q(SELECT act || ' ' || CASE outcome WHEN '00000' THEN 'done' ELSE 'refused' END, count(*) FROM test.done GROUP BY 1));
	my $opened = $session->sql('SELECT count(*) FROM reminder.collection_case');
	my $deadlocks = $session->sql("SELECT pg_stat_clear_snapshot(); SELECT deadlocks FROM pg_stat_database WHERE datname = '$database'");
	my $acts = 0;

	$deadlocks =~ s/\s//g;
	$acts += $_ for values %done;
	note($seen->{output});
	note(join ', ', map { "$_ $done{$_}" } sort keys %done);
	note("$acts acts, $opened cases opened, $seen->{runs}{'00000'} runs, $deadlocks deadlocks; errors: "
		  . join ', ', map { "$_ $logged{$_}" } sort keys %logged);
	return { done => \%done, acts => $acts, opened => $opened, deadlocks => $deadlocks, session => $session };
}

1;
