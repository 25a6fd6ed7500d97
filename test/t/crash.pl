# The server dies in the middle of runs and of payments, again and again. What
# was committed stands, the rest never was; the same call goes on from there,
# and in the end all is as if nothing had happened (N1, N6).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;
use Time::HiRes qw(sleep time);

use constant DUE => 22000;
use constant TOUCHED => qw(invoice position payment allocation collection_case decision event);
use constant KILLS => { run => 6, payments => 2, withdraw => 2 };

my $seed = $ENV{SEED} // time ^ $$;
srand($seed);
note "SEED=$seed";

my $node = Reminder->cluster('main', conf => "restart_after_crash = on\nautovacuum = off\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->due($session, DUE);
# A tenth is on hold at first, so that something waits and is looked at twice.
$session->sql(<<'SQL');
SELECT count(reminder.hold(creditor_id, invoice_no, 'promise', '2024-03-10', '2024-02-20')) FROM reminder.invoice WHERE invoice_no LIKE 'F1%7';
VACUUM ANALYZE;
SQL
$session->quit;
$node->safe_psql('postgres', 'CREATE DATABASE control TEMPLATE book');

# What the day brings: each part is one statement that may be cut short.
my @work = (
	[ "CALL reminder.run('2024-03-01')", 'run' ],
	[ "INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)"
	  . " SELECT creditor_id, invoice_no, invoice_no, '2024-03-05', amount * 0.7 + 60 FROM reminder.invoice WHERE invoice_no LIKE '%5'", 'payments' ],
	[ "CALL reminder.run('2024-04-02')", 'run' ],
	[ "SELECT count(reminder.withdraw(creditor_id, invoice_no, 'agreed', '2024-04-03')) FROM reminder.collection_case WHERE ended_on IS NULL AND invoice_no LIKE '%9'", 'withdraw' ],
	[ "CALL reminder.run('2024-05-20')", 'run' ]);

# Without trouble, and how long each part takes.
my $control = Session->new($node, 'control');
my @takes;
for my $part (@work)
{
	my $start = time;
	$control->sql($part->[0]);
	push @takes, time - $start;
}
is($control->sql('SELECT * FROM reminder.check()'), '', 'control: nothing to find');
is($control->sql('SELECT * FROM reminder.conservation()'), '', 'control: the money adds up');
my $expected = Book->state($control);
my $decided = $control->sql('SELECT count(*) FROM reminder.decision');
cmp_ok($decided, '>', 2 * DUE, 'control: letters');
note sprintf 'takes %s', join ' ', map { sprintf '%.2f', $_ } @takes;
$control->quit;

# How often the server has come up.
sub started
{
	my @lines = PostgreSQL::Test::Utils::slurp_file($node->logfile) =~ /ready to accept connections/g;
	return scalar @lines;
}

my ($kills, $hits, $rounds) = (0, 0, 0);
for my $n (0 .. $#work)
{
	my ($sql, $what) = @{ $work[$n] };
	my $kills_here = 0;
	while (1)
	{
		my $before = $what eq 'run' ? undef : Book->state(Session->new($node, 'book'), TOUCHED);
		my $victim = Session->new($node, 'book');
		my $last = $kills_here >= KILLS->{$what};
		$victim->send($sql);
		my $how = 'left alone';
		my $started = started();
		if (!$last)
		{
			sleep($takes[$n] * (0.02 + rand($what eq 'run' ? 0.45 : 0.8)));
			$kills_here++;
			$kills++;
			if ($kills % 2)
			{
				$how = 'kill -9';
				kill 'KILL', $victim->backend;
			}
			else
			{
				$how = 'immediate stop';
				$node->stop('immediate');
				$node->start;
			}
		}
		my $state = $victim->wait;
		$rounds++;
		if ($last || $state eq '00000')
		{
			is($state, '00000', "$what $n goes through in the end") or diag $victim->output;
			last if $state eq '00000' && $last;
			# it was faster than the blow, which may still fall
		}
		else
		{
			$hits++;
		}
		# A backend's death takes the server down, if not at once.
		for (my $tries = 0; !$last && started() == $started; $tries++)
		{
			die "no server after $how" if $tries > 600;
			sleep 0.1;
		}
		$node->poll_query_until('book', 'SELECT true') or die "no server after $how";
		last if $state eq '00000';
		my $here = Session->new($node, 'book');
		is($here->sql('SELECT * FROM reminder.check()'), '', "$what $n, $how: nothing to find") if $hits % 5 == 0;
		is($here->sql('SELECT * FROM reminder.conservation()'), '', "$what $n, $how: the money adds up") if $hits % 5 == 0;
		next if $what eq 'run';
		is_deeply(Book->state($here, TOUCHED), $before, "$what $n, $how: all or nothing");
	}
}
note "$kills kills, $hits in the middle of something, $rounds rounds";
# A blow that falls too late ends its part: on a busy machine some do.
cmp_ok($hits, '>=', 8, 'often enough in the middle');

my $here = Session->new($node, 'book');
is($here->sql('SELECT * FROM reminder.check()'), '', 'nothing to find');
is($here->sql('SELECT * FROM reminder.conservation()'), '', 'the money adds up');
is($here->sql('SELECT count(*) FROM reminder.decision'), $decided, 'nothing twice, nothing missed');
is_deeply(Book->state($here), $expected, 'all as if nothing had happened');
is($here->sql('SELECT count(*) FROM reminder.run_progress WHERE ended_at IS NULL OR done <> due'), '0', 'all runs ended');

done_testing();
