# The server dies in the middle of attach() and of large statements on attached
# tables: what was committed stands on both sides, the rest on neither; the same
# statement goes on from there, and in the end all is as if nothing had happened
# (A1, A3, N6).
use strict;
use warnings;

use Book;
use Reminder;
use Session;
use Shop;
use PostgreSQL::Test::Utils;
use Test::More;
use Time::HiRes qw(sleep time);

use constant ROWS => 6000;
use constant KILLS => 2;	# in each statement, in the middle

my $seed = $ENV{SEED} // time ^ $$;
srand($seed);
note "SEED=$seed";

my $node = Reminder->cluster('main', conf => "restart_after_crash = on\nautovacuum = off\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Shop->tables($session);
Shop->attach($session);
$session->sql('SELECT ' . join ', ', map { "reminder.detach('shop.$_')" } qw(invoice payment));
$session->sql(sprintf q(
INSERT INTO shop.invoice SELECT n, 2025 + n %% 2, 'F' || n, n %% 2 + 1, '2026-01-01', '2026-01-31', 100 + n %% 997 FROM generate_series(21, %d) n;
INSERT INTO shop.payment SELECT n, 'F' || n, '2026-02-01', 10 FROM generate_series(21, %d) n;
VACUUM ANALYZE), ROWS, ROWS);
$session->quit;
$node->safe_psql('postgres', 'CREATE DATABASE control TEMPLATE book');

my $attach_invoices = q(SELECT reminder.attach('invoice', 'shop.invoice', 1, '{"invoice_no": "number", "customer_no": "customer_id", "invoice_date": "issued", "due_date": "due", "amount": "total"}'));
my $attach_payments = q(SELECT reminder.attach('payment', 'shop.payment', 1, '{"payment_no": "id", "invoice_no": "invoice", "paid_on": "day", "amount": "amount", "bounced_on": "undone"}'));
my @work = (
	$attach_invoices, $attach_payments, 'ANALYZE',
	sprintf(q(INSERT INTO shop.invoice SELECT n, 2025 + n %% 2, 'F' || n, n %% 2 + 1, '2026-01-01', '2026-01-31', 100 + n %% 997 FROM generate_series(%d, %d) n), 1 + ROWS, 2 * ROWS),
	q(UPDATE shop.invoice SET total = total + 1, due = due + 1 WHERE id % 20 = 0),
	q(UPDATE shop.payment SET amount = amount + 5 WHERE id % 2 = 0),
	q(UPDATE shop.payment SET undone = '2026-02-03' WHERE id % 2 = 1),
	'ANALYZE',
	q(CALL reminder.run('2026-02-20', 1)),
	q(INSERT INTO shop.payment SELECT 1000000 + id, number, '2026-02-21', total FROM shop.invoice WHERE id % 4 = 0),
	q(DELETE FROM shop.payment WHERE id > 1000000));

# Without trouble, and how long each takes.
my $control = Session->new($node, 'control');
$control->sql('SET client_min_messages = error');
my @takes;
for my $sql (@work)
{
	my $start = time;
	$control->sql($sql);
	push @takes, time - $start;
}
is(Shop->differences($control), '', 'control: both sides are the same');
is($control->sql('SELECT finding, object FROM reminder.check()'), '', 'control: nothing to find');
my $expected = Book->state($control);
note sprintf 'takes %s', join ' ', map { sprintf '%.2f', $_ } @takes;
$control->quit;

# How often the server has come up.
sub started
{
	my @lines = slurp_file($node->logfile) =~ /ready to accept connections/g;
	return scalar @lines;
}

# Both sides, as far as what is attached goes.
sub both
{
	my ($session) = @_;
	my $here = $session->sql("SELECT string_agg(relation || state, ' ' ORDER BY relation) FROM reminder.attachments");
	my $triggers = $session->sql("SELECT count(*) FROM pg_trigger WHERE tgname ~ '^reminder_' AND tgrelid IN ('shop.invoice'::regclass, 'shop.invoice_2025'::regclass, 'shop.payment'::regclass)");
	return "$here $triggers " . join ' ', map { "$_ " . $session->sql("SELECT count(*) || md5(coalesce(string_agg(t::text, '' ORDER BY t::text), '')) FROM $_ t") } qw(shop.invoice shop.payment reminder.invoice reminder.payment);
}

my $kills = 0;
for my $n (0 .. $#work)
{
	my $left = $work[$n] eq 'ANALYZE' ? 0 : KILLS;
	while (1)
	{
		$session = Session->new($node, 'book');
		$session->sql('SET client_min_messages = error');
		my $before = both($session);
		my $up = started();
		$session->send($work[$n]);
		my $struck = $left > 0;
		if ($struck)
		{
			sleep $takes[$n] * (0.1 + rand 0.5);
			kill 'KILL', $session->backend;
		}
		my $state = $session->wait;
		$session->quit;
		# A backend's death takes the server down, if not at once.
		for (my $tries = 0; $struck && started() == $up; $tries++)
		{
			die 'no server' if $tries > 600;
			sleep 0.05;
		}
		# a blow that falls too late ends its part
		last if $state eq '00000';
		die "$work[$n]: $state" if $state ne 'lost';
		$kills++;
		$left--;
		my $after = Session->new($node, 'book');
		# a run commits its parts
		is(both($after), $before, "nothing is left of: $work[$n]") unless $work[$n] =~ /^CALL/;
		is($after->sql('SELECT finding, object FROM reminder.check()'), '', 'and nothing to find');
		$after->quit;
	}
}
$session = Session->new($node, 'book');
is(Shop->differences($session), '', 'in the end both sides are the same');
is($session->sql('SELECT finding, object FROM reminder.check()'), '', 'there is nothing to find');
my $state = Book->state($session);
# which has OIDs and clocks in it
delete $_->{attachment} for $state, $expected;
is_deeply($state, $expected, 'and all is as without trouble');
cmp_ok($kills, '>=', 10, "the server died $kills times");
note "$kills kills";
$session->quit;
$node->stop('fast');
done_testing();
