# A long run tells how far it is: to other sessions in run_progress, to its
# caller in notices, and afterwards what it did, by stage and reason (N6).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;
use Time::HiRes 'sleep';

my $node = Reminder->cluster('main', conf => "autovacuum = off\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->due($session, 30000);
# Long by the clock, easy on the machine: each chunk of letters takes its time.
$session->sql(<<'SQL');
SELECT count(reminder.hold(creditor_id, invoice_no, 'promise', NULL, '2024-02-20')) FROM reminder.invoice WHERE invoice_no LIKE '%77';
CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(1.4); RETURN NULL; END $$;
CREATE TRIGGER slow AFTER INSERT ON reminder.decision FOR EACH STATEMENT EXECUTE FUNCTION public.slow();
VACUUM ANALYZE;
SQL

my $watcher = Session->new($node, 'book');
my $look = "SELECT ended_at IS NOT NULL, done, due, per_second, seconds_left FROM reminder.run_progress WHERE creditor_id = 1 AND as_of = '2024-03-01'";
$session->send("CALL reminder.run('2024-03-01', 1)");
my (@seen, %seen);
for (1 .. 600)
{
	my $row = $watcher->sql($look);
	push @seen, [ split /\|/, $row, -1 ] if $row ne '' && !$seen{$row}++;
	last if @seen && $seen[-1][0] eq 't';
	sleep 0.05;
}
is($session->wait, '00000', 'the run ends') or diag $session->output;
my $notices = $session->output;
note $notices;
note join "\n", map { join '|', @$_ } @seen;

my @during = grep { $_->[0] eq 'f' && $_->[1] > 0 } @seen;
cmp_ok(scalar @during, '>=', 3, 'another session sees it move');
my ($grows, $falls, $sane) = (1, 1, 1);
for my $n (0 .. $#during)
{
	$grows &&= $n == 0 || $during[$n][1] > $during[ $n - 1 ][1];
	# at the speed so far, rounded
	my ($done, $due, $per_second, $left) = @{ $during[$n] }[ 1 .. 4 ];
	$sane &&= $done <= $due && $per_second > 0 && abs($left - ($due - $done) / $per_second) <= 1.5;
}
ok($grows, 'done grows');
ok($sane, 'the time left is what is left at the speed so far');
my $expected = $watcher->sql("SELECT count(*) FROM reminder.invoice i JOIN reminder.customer c USING (creditor_id, customer_no) WHERE i.creditor_id = 1 AND c.rule_no IS NOT NULL");
is((grep { $_ != $expected } map { $_->[2] } @during), 0, 'due is what is due');
is(join('|', @{ $seen[-1] }[ 0, 1, 2, 4 ]), "t|$expected|$expected|0", 'in the end all is done and no time left');

my @notices = $notices =~ /^NOTICE: .*run for creditor 1: (\d+) of (\d+) invoices, \d+ a second, \d+ s left/mg;
cmp_ok(@notices / 2, '>=', 1, 'the caller is told');
is($notices[1], $expected, 'of all that is due');
cmp_ok($notices[0], '>', 0, 'how much is done');

is($watcher->sql("SELECT stage, outcome, reason, currency, invoices, principal, fee FROM reminder.run_count WHERE creditor_id = 1 AND outcome <> 'waits' ORDER BY 1, 2, 3"),
	$watcher->sql("SELECT stage, outcome, coalesce(reason, ''), currency, count(*), sum(principal), coalesce(sum(fee), 0) FROM reminder.decision WHERE creditor_id = 1 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3"),
	'the counts add up to the decisions');
is($watcher->sql("SELECT reason, invoices FROM reminder.run_count WHERE creditor_id = 1 AND outcome = 'waits' ORDER BY 1"),
	$watcher->sql("SELECT waiting_for, count(*) FROM reminder.position WHERE creditor_id = 1 AND waiting_for IS NOT NULL GROUP BY 1 ORDER BY 1"),
	'and to what waits');
is($watcher->sql("SELECT sum(c.invoices) = r.done FROM reminder.run_count c JOIN reminder.run_log r USING (creditor_id, as_of) WHERE creditor_id = 1 GROUP BY r.done"), 't', 'and together to what was done');
cmp_ok($watcher->sql("SELECT count(DISTINCT reason) FROM reminder.run_count WHERE creditor_id = 1 AND outcome = 'waits'"), '>=', 2, 'for several reasons');

# A run that is cut short stays open in the log, and says how far it came.
$session->send("CALL reminder.run('2024-04-20', 1)");
for (1 .. 200)
{
	last if ($watcher->sql("SELECT done FROM reminder.run_progress WHERE creditor_id = 1 AND as_of = '2024-04-20'") || 0) > 0;
	sleep 0.05;
}
$watcher->sql('SELECT pg_cancel_backend(' . $session->backend . ')');
is($session->wait, '57014', 'a run is cancelled');
like($watcher->sql("SELECT ended_at IS NULL, done > 0, done < due, seconds_left > 0 FROM reminder.run_progress WHERE creditor_id = 1 AND as_of = '2024-04-20'"),
	qr/^t\|t\|t\|t$/, 'it is not ended, and says how far it came');
$session->sql("DROP TRIGGER slow ON reminder.decision; CALL reminder.run('2024-04-20', 1)");
is($watcher->sql("SELECT ended_at IS NULL, done = due, seconds_left FROM reminder.run_progress WHERE creditor_id = 1 AND as_of = '2024-04-20'"), 'f|t|0', 'the next call ends it');
is($watcher->sql('SELECT * FROM reminder.check()'), '', 'nothing to find');

done_testing();
