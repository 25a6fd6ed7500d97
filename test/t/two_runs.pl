# Two and more runs for the same date at once: each step once, no error, no
# deadlock, and the result of a single run (N1).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;

use constant DUE => 30000;

my $node = Reminder->cluster('main', conf => "autovacuum = off\ndeadlock_timeout = 100ms\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->due($session, DUE);
$session->sql(<<'SQL');
SELECT count(reminder.hold(creditor_id, invoice_no, 'promise', '2024-03-10', '2024-02-20')) FROM reminder.invoice WHERE invoice_no LIKE 'F1%77';
CALL reminder.run('2024-02-08');
VACUUM ANALYZE;
SQL
$session->quit;

my $run = "CALL reminder.run('2024-03-01')";
my %at_once = (
	control => [$run],
	two => [ $run, $run ],
	three => [ map { "SET default_transaction_isolation = '$_'; $run" } 'read committed', 'repeatable read', 'serializable' ],
	one_and_all => [ $run, "CALL reminder.run('2024-03-01', 1)", "CALL reminder.run('2024-03-01', 2)" ],
	in_a_block => [ "BEGIN; $run; COMMIT", $run ]);
my (%state, %sum);
my $offset = -s $node->logfile;

for my $database ('control', grep { $_ ne 'control' } sort keys %at_once)
{
	$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE book");
	my @sessions = map { Session->new($node, $database) } @{ $at_once{$database} };
	$_->sql('SET client_min_messages = error') for @sessions;
	# All wait for one lock, and so begin together.
	my $gate = Session->new($node, $database);
	$gate->sql('BEGIN; SELECT pg_advisory_xact_lock(1)');
	$sessions[$_]->send("SELECT pg_advisory_lock_shared(1);\n$at_once{$database}[$_]") for 0 .. $#sessions;
	$gate->sql('COMMIT');
	for my $n (0 .. $#sessions)
	{
		is($sessions[$n]->wait, '00000', "$database: $at_once{$database}[$n]") or diag $sessions[$n]->output;
	}
	$state{$database} = Book->state($gate);
	$sum{$database} = $gate->sql(<<'SQL');
SELECT creditor_id, stage, outcome, count(*), sum(fee), sum(principal), min(as_of), max(deadline)
FROM reminder.decision GROUP BY 1, 2, 3
UNION ALL SELECT creditor_id, NULL, 'run', done, due, NULL, as_of, NULL FROM reminder.run_log WHERE ended_at IS NOT NULL
ORDER BY 1, 2, 3, 7
SQL
	is($gate->sql('SELECT * FROM reminder.check()'), '', "$database: nothing to find");
	is($gate->sql('SELECT * FROM reminder.conservation()'), '', "$database: the money adds up");
	next if $database eq 'control';
	is($sum{$database}, $sum{control}, "$database: the sums of a single run");
	is_deeply($state{$database}, $state{control}, "$database: the rows of a single run");
	is($gate->sql($run) . $gate->sql("SELECT creditor_id, stage, outcome, count(*), sum(fee) FROM reminder.decision GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"),
		$gate->sql("SELECT creditor_id, stage, outcome, sum(invoices), nullif(sum(fee), 0) FROM reminder.run_count WHERE outcome <> 'waits' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"),
		"$database: once more changes nothing");
}
my ($letters) = $sum{control} =~ /^1\|reminder\|sent\|(\d+)\|/m;
cmp_ok($letters, '>', 0.8 * DUE, "a single run sends $letters letters");
unlike(PostgreSQL::Test::Utils::slurp_file($node->logfile, $offset), qr/deadlock detected|could not serialize/, 'no deadlock, no retry');

done_testing();
