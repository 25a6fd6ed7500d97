# Whatever is cut short, by a timeout or by another session, has happened whole
# or not at all, and the same call then completes it. And one invoice that
# cannot be decided stops nothing (N6).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;
use Time::HiRes qw(sleep time);

my $seed = $ENV{SEED} // time ^ $$;
srand($seed);
note "SEED=$seed";

use constant TOUCHED =>
  qw(invoice position payment allocation refund credit collection_case decision event hold customer customer_rule_history);

my $node = Reminder->cluster('main', conf => "autovacuum = off\n");

# --- Timeouts: every day of a month is lived with each statement cut short.
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
$session->sql(<<'SQL');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'F' || n, 'K' || 1 + n % 60, '2024-01-15', date '2024-02-01' + n % 30, 'SEK', 50 + n % 997 FROM generate_series(1, 3600) n;
VACUUM ANALYZE;
SQL
$session->quit;
$node->safe_psql('postgres', 'CREATE DATABASE calm TEMPLATE book');

# What is done on a day: the invoices of its number.
sub statements
{
	my ($n) = @_;
	my $day = sprintf "'2024-03-%02d'", $n;
	my $mine = "i.creditor_id = 1 AND substr(i.invoice_no, 2)::integer % 30 = $n % 30";
	return (
		[ run => "CALL reminder.run($day)" ],
		[ payments => "INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)"
			. " SELECT 1, i.invoice_no, i.invoice_no, $day, i.amount * 1.2 FROM reminder.invoice i WHERE $mine AND i.invoice_no LIKE '%3'" ],
		[ bounces => "UPDATE reminder.payment i SET bounced_on = $day WHERE $mine AND i.invoice_no LIKE '%13' AND bounced_on IS NULL" ],
		[ deletes => "DELETE FROM reminder.payment i WHERE $mine AND i.invoice_no LIKE '%23'" ],
		[ withdrawals => "SELECT count(reminder.withdraw(1, i.invoice_no, 'agreed', $day)) FROM reminder.collection_case i WHERE $mine AND i.invoice_no LIKE '%5' AND i.ended_on IS NULL" ],
		[ closings => "SELECT count(reminder.close_case(1, i.invoice_no, 'lapsed', $day)) FROM reminder.collection_case i WHERE $mine AND i.invoice_no LIKE '%6' AND i.ended_on IS NULL" ],
		[ credits => "INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)"
			. " SELECT 1, i.invoice_no, i.invoice_no, $day, i.open_amount FROM reminder.invoice i WHERE $mine AND i.invoice_no LIKE '%55' AND i.open_amount > 0 AND i.automation = 'withdrawn'" ],
		[ holds => "SELECT count(reminder.hold(1, i.invoice_no, 'promise', NULL, $day)) FROM reminder.invoice i WHERE $mine AND i.invoice_no LIKE '%7'" ],
		[ moves => "UPDATE reminder.customer SET blocked = NOT blocked WHERE customer_no LIKE '%4'" ]);
}

my @timeouts = (1 .. 6, 8, 10, 13, 16, 20, 25, 31, 39, 48, 60, 75, 95, 120, 150, 200);
my $calm = Session->new($node, 'calm');
for my $n (1 .. @timeouts)
{
	$calm->sql($_->[1]) for statements($n);
}

$session = Session->new($node, 'book');
$session->sql('SET client_min_messages = error');
# Cheaper than Book's, for it is taken at every step.
my $rows = join ', ', map { "(SELECT concat(count(*), '/', sum(hashtextextended(t::text, 0))) FROM reminder.$_ t)" } TOUCHED;
my (%cut, %wrong);
my $before = $session->sql("SELECT $rows");
for my $n (1 .. @timeouts)
{
	for my $statement (statements($n))
	{
		my ($what, $sql) = @$statement;
		$session->sql("SET statement_timeout = $timeouts[$n - 1]");
		my $state = $session->try($sql);
		my $said = $session->output;
		# which may itself be cut short
		1 until $session->try('SET statement_timeout = 0') eq '00000';
		$wrong{"$what: $state $said"}++ unless $state =~ /^(?:00000|57014)$/;
		if ($state eq '57014')
		{
			$cut{$what}++;
			my $found = $session->sql('SELECT finding, object FROM reminder.check()');
			$wrong{"$what after $timeouts[$n - 1] ms: $found"}++ if $found ne '';
			# A run is many transactions, all others are one.
			if ($what ne 'run')
			{
				$wrong{"$what after $timeouts[$n - 1] ms: half done"}++ if $session->sql("SELECT $rows") ne $before;
			}
			$session->sql($sql);
		}
		$before = $session->sql("SELECT $rows");
	}
}
note 'cut short: ', join ', ', map { "$_ $cut{$_}" } sort keys %cut;
is(join("\n", sort keys %wrong), '', 'timeouts: whole or not at all');
cmp_ok($cut{run}, '>', 2, 'timeouts: runs were cut short');
cmp_ok(scalar(keys %cut), '>', 4, 'timeouts: and most other statements');
is_deeply(Book->state($session), Book->state($calm), 'timeouts: and in the end all is as without');
$_->quit for $session, $calm;

# --- Cancelled by another session, at any moment of a long run and a long INSERT.
Reminder->install($node, 'long');
$session = Session->new($node, 'long');
Book->parties($session);
Book->due($session, 12000);
$session->sql('VACUUM ANALYZE');
$session->quit;
$node->safe_psql('postgres', 'CREATE DATABASE longcalm TEMPLATE long');
my @long = (
	"CALL reminder.run('2024-03-01')",
	"INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT creditor_id, invoice_no, invoice_no, '2024-03-05', amount FROM reminder.invoice WHERE invoice_no LIKE '%2'",
	"CALL reminder.run('2024-04-01')");
$calm = Session->new($node, 'longcalm');
my %takes;
for my $sql (@long)
{
	my $start = time;
	$calm->sql($sql);
	$takes{$sql} = time - $start;
}
$session = Session->new($node, 'long');
my $other = Session->new($node, 'postgres');
my ($cancels, $cancelled) = (0, 0);
for my $sql (@long)
{
	for (1 .. 9)
	{
		$session->send($sql);
		sleep(rand(0.6) * $takes{$sql});
		$other->sql('SELECT pg_cancel_backend(' . $session->backend . ')');
		$cancels++;
		my $state = $session->wait;
		last if $state eq '00000';
		is($state, '57014', 'cancelled') or diag $session->output;
		$cancelled++;
	}
	my $found = $session->sql('SELECT * FROM reminder.check()');
	is($found, '', 'cancelled: nothing to find');
	my $state = $session->try($sql);
	# An INSERT that had gone through before the blow fell is there already.
	ok($state eq '00000' || $state eq '23505', 'cancelled: the same session goes on') or diag $session->output;
}
# A storm: every one to three milliseconds, for as long as it takes.
$session->sql("INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)"
	. " SELECT 1, 'S' || n, 'K1', '2024-03-01', '2024-04-01', 'SEK', 100 FROM generate_series(1, 3000) n");
$calm->sql("INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)"
	. " SELECT 1, 'S' || n, 'K1', '2024-03-01', '2024-04-01', 'SEK', 100 FROM generate_series(1, 3000) n");
my $pid = $session->backend;
$other->send("SELECT count(*) FROM (SELECT pg_cancel_backend($pid), pg_sleep(0.001 + random() * 0.002) FROM generate_series(1, 1500)) x");
my $end = time + 3;
while (time < $end)
{
	my $state = $session->try("CALL reminder.run('2024-05-01')");
	$cancels++;
	$cancelled++ if $state eq '57014';
	last if $state ne '57014' && $state ne '00000';
}
is($other->wait, '00000', 'the storm is over');
is($session->try("CALL reminder.run('2024-05-01')"), '00000', 'storm: the same session goes on') or diag $session->output;
note "$cancelled of $cancels cancelled";
cmp_ok($cancelled, '>', 25, 'often enough');
$calm->sql("CALL reminder.run('2024-05-01')");
is($session->sql('SELECT * FROM reminder.check()'), '', 'cancelled: nothing to find');
is_deeply(Book->state($session), Book->state($calm), 'cancelled: and in the end all is as without');
$_->quit for $session, $calm, $other;

# --- An invoice that cannot be decided.
Reminder->install($node, 'trouble');
$session = Session->new($node, 'trouble');
Book->parties($session);
Book->due($session, 3000);
$session->sql(<<'SQL');
CREATE FUNCTION public.trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.invoice_no = 'F1313' THEN
    RAISE EXCEPTION 'no letters on a Friday' USING ERRCODE = 'ZZ013', DETAIL = 'The thirteenth.';
  ELSIF NEW.invoice_no = 'F2000' THEN
    NEW.fee := 1 / 0;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER a_users_own BEFORE INSERT ON reminder.decision FOR EACH ROW EXECUTE FUNCTION public.trouble();
ALTER TABLE reminder.decision ADD CONSTRAINT a_users_own CHECK (invoice_no <> 'F77');
CREATE FUNCTION public.later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.invoice_no = 'F1001' THEN
    RAISE EXCEPTION 'too late' USING ERRCODE = 'ZZ999';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER a_users_own_later AFTER INSERT ON reminder.decision DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION public.later();
SQL
my $due = $session->sql("SELECT count(*) FROM reminder.plan('2024-03-01', 1) WHERE outcome = 'sent'");
is($session->try("CALL reminder.run('2024-03-01', 1)"), '00000', 'trouble: the run ends normally') or diag $session->output;
is($session->sql("SELECT count(*) FROM reminder.decision"), $due - 4, 'trouble: all others are decided');
is($session->sql("SELECT invoice_no, as_of, stage, sqlstate, message, left(detail, 22) FROM reminder.exception_list ORDER BY 1"), <<'END' =~ s/\n\z//r, 'trouble: and it is told');
F1001|2024-03-01|reminder|ZZ999|too late|
F1313|2024-03-01|reminder|ZZ013|no letters on a Friday|The thirteenth.
F2000|2024-03-01|reminder|22012|division by zero|
F77|2024-03-01|reminder|23514|new row for relation "decision" violates check constraint "a_users_own"|Failing row contains (
END
is($session->sql("SELECT ended_at IS NOT NULL FROM reminder.run_progress WHERE creditor_id = 1"), 't', 'trouble: the run is logged as ended');
is($session->sql('SELECT * FROM reminder.check()'), '', 'trouble: nothing to find');
is($session->try("CALL reminder.run('2024-03-01', 1)"), '00000', 'trouble: again for the same date');
is($session->sql("SELECT count(*) FROM reminder.exception_list"), 4, 'trouble: is not told twice');
is($session->try("BEGIN; CALL reminder.run('2024-03-02', 1); COMMIT"), 'ZZ999', 'trouble: what is deferred in a transaction block is the caller\'s');
$session->sql('ROLLBACK; DROP TRIGGER a_users_own_later ON reminder.decision');
is($session->try("BEGIN; CALL reminder.run('2024-03-02', 1); COMMIT"), '00000', 'trouble: in a transaction block, too') or diag $session->output;
is($session->sql("SELECT count(*) FROM reminder.exception_list WHERE as_of = '2024-03-02'"), 3, 'trouble: the next day tries again');
$session->sql('DROP TRIGGER a_users_own ON reminder.decision; ALTER TABLE reminder.decision DROP CONSTRAINT a_users_own');
$session->sql("CALL reminder.run('2024-03-03', 1)");
is($session->sql("SELECT string_agg(invoice_no, ' ' ORDER BY invoice_no) FROM reminder.letter_list WHERE letter_date = '2024-03-03'"),
	'F1313 F2000 F77', 'trouble: once it is over they get their letters, dated that day');
is($session->sql("SELECT letter_date FROM reminder.letter_list WHERE creditor_id = 1 AND invoice_no = 'F1001'"), '2024-03-02', 'trouble: and one had it the day before');
is($session->sql('SELECT * FROM reminder.check()'), '', 'trouble: nothing to find');

done_testing();
