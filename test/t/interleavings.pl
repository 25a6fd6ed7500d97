# What two sessions do at the same time (G2, G3, N1, R3, C4-C6): every pair of
# operations below, in all nine combinations of isolation levels and all
# orders of begin, act and commit.  Judged by what a third session then finds,
# and by the SQLSTATEs: a refusal must be ours, or ask for a retry.
#
# A begin takes the snapshot, so its place matters only beside the other
# session's commit: of the 20 orders of three and three steps, 8 differ.  Two
# of them are one after the other, where levels do not matter.  A session that
# waits takes its next steps when it has what it waited for: then the order in
# which they commit is given, and the other one is not tried again.
#
# INTERLEAVINGS='run loss' (a pattern) takes only the pairs it matches.
use strict;
use warnings;
use Test::More;

use lib 'test/t/lib';
use Invariants;
use Reminder;
use Session;
use Waiter;

my @levels = ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE');
my @serial = map { [ split ] } 'b1 a1 c1 b2 a2 c2', 'b2 a2 c2 b1 a1 c1';
my @orders = map { [ split ] }
  'b1 b2 a1 c1 a2 c2', 'b1 b2 a1 a2 c1 c2', 'b1 b2 a1 a2 c2 c1',
  'b1 b2 a2 c2 a1 c1', 'b1 b2 a2 a1 c2 c1', 'b1 b2 a2 a1 c1 c2';

# To be tried again: a serialization failure, a deadlock.
my $retry = qr/40001|40P01/;

# Customer c of class k has invoice i of 1000, due 2026-01-31.  Every state is
# reached for all creditors of a pair at once: n from :from to :to.
my $day = { new => '2026-02-10', later => '2026-03-20' };
my $reminded = q(SELECT format('CALL reminder.run(''2026-02-10'', %s)', n) FROM generate_series(:from, :to) n \gexec);
my $paid = q(INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
  SELECT n, 'p', 'i', '2026-02-10', %s FROM generate_series(:from, :to) n);
my $demanded = q(SELECT format('CALL reminder.run(''2026-02-25'', %s)', n) FROM generate_series(:from, :to) n \gexec);
my $handed = q(SELECT reminder.hand_to_enforcement(n, 'i', 'U', '2026-02-26') FROM generate_series(:from, :to) n);
my %states = (
	new => [],
	foreign => [q(UPDATE reminder.customer SET country = 'NO' WHERE creditor_id BETWEEN :from AND :to)],
	held => [q(SELECT reminder.hold(n, 'i', 'dispute', NULL, '2026-02-01') FROM generate_series(:from, :to) n)],
	lost => [q(INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount)
	  SELECT n, 'i', 'l', 'confirmed', '2026-02-01', 1000 FROM generate_series(:from, :to) n)],
	paid => [ sprintf($paid, 1000) ],
	overpaid => [ sprintf($paid, 1100) ],
	credited => [q(INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)
	  SELECT n, 'c', 'i', '2026-02-01', 1000 FROM generate_series(:from, :to) n)],
	reminded => [$reminded],
	part_paid => [ $reminded, sprintf($paid, 400) ],
	paid_late => [ $reminded, sprintf($paid, 1000) ],
	# a demand of 02-25, at enforcement the day after
	demanded => [ $reminded, $demanded ],
	handed => [ $reminded, $demanded, $handed ],
	bounces => [ $reminded, $demanded, sprintf($paid, 1000) ],
	bounces_there => [ $reminded, $demanded, $handed, sprintf($paid, 1000) ],
	withdrawn => [ $reminded,
		q(SELECT reminder.withdraw(n, 'i', NULL, '2026-02-11') FROM generate_series(:from, :to) n) ],);
$states{reversed} = [ @{ $states{lost} }, q(UPDATE reminder.credit_loss SET reversed_on = '2026-02-02' WHERE creditor_id BETWEEN :from AND :to) ];

# What a session does: the statement, and the SQLSTATEs with which it may be
# refused.  :n is the creditor, :on the day, :p a payment of its own.
my %acts = (
	run => [ q(CALL reminder.run(:on, :n)), '55R01' ],
	run_alone => [ q(CALL reminder.run(:on, :n)), '55R01' ],
	run_later => [ q(CALL reminder.run(:on::date + 1, :n)) ],
	lose => [ q(INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (:n, 'i', 'confirmed', :on, 1000)), '23R01' ],
	reverse => [ q(UPDATE reminder.credit_loss SET reversed_on = :on WHERE creditor_id = :n) ],
	unreverse => [ q(UPDATE reminder.credit_loss SET reversed_on = NULL WHERE creditor_id = :n), '23R01' ],
	pay => [ q(INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (:n, :p, 'i', :on, 1000)) ],
	pay_part => [ q(INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (:n, :p, 'i', :on, 600)) ],
	pay_costs => [ q(INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (:n, :p, 'i', :on, 1062.74)) ],
	bounce => [ q(UPDATE reminder.payment SET bounced_on = :on WHERE creditor_id = :n AND payment_no = 'p') ],
	unpay => [ q(DELETE FROM reminder.payment WHERE creditor_id = :n AND payment_no = 'p') ],
	credit => [ q(INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (:n, :p, 'i', :on, 1000)), '23R01', '22R03' ],
	refund => [ q(INSERT INTO reminder.refund (creditor_id, payment_no, refunded_on, amount) VALUES (:n, 'p', :on, 60)), '22R03' ],
	uncredit => [ q(DELETE FROM reminder.credit WHERE creditor_id = :n) ],
	withdraw => [ q(SELECT reminder.withdraw(:n, 'i', NULL, :on)), '55R02', '55R03' ],
	hand_over => [ q(SELECT reminder.hand_to_enforcement(:n, 'i', :p, :on)), '23R03', '55R03' ],
	take_home => [ q(SELECT reminder.back_to_monitoring(:n, 'i', :on)), '23R03', '55R03' ],
	add_fee => [ q(SELECT reminder.add_enforcement_fee(:n, 'i', 'representation', NULL, :on)), '22R03', '55R03' ],
	close => [ q(SELECT reminder.close_case(:n, 'i', 'lapsed', :on)), '55R03' ],
	put_back => [ q(SELECT reminder.put_back(:n, 'i', :on)) ],
	take_out => [ q(SELECT reminder.take_out(:n, 'i', :on)) ],
	hold => [ q(SELECT reminder.hold(:n, 'i', 'dispute', NULL, :on)) ],
	release => [ q(SELECT reminder.release(:n, 'i', :on)), '55R03' ],
	edit => [ q(UPDATE reminder.rule_step SET fee = fee - 10 WHERE creditor_id = :n AND rule_no = 1 AND stage <> 'monitoring') ],
	edit_other => [ q(UPDATE reminder.rule_step SET wait = wait + 1 WHERE creditor_id = :n AND rule_no = 1 AND stage = 'monitoring') ],
	drop_step => [ q(DELETE FROM reminder.rule_step WHERE creditor_id = :n AND rule_no = 1 AND stage = 'reminder') ],
	switch_off => [ q(UPDATE reminder.rule SET enabled = false WHERE creditor_id = :n AND rule_no = 1) ],
	move => [ q(SELECT reminder.move_customers(:n, '{c}', 3)) ],
	move_other => [ q(SELECT reminder.move_customers(:n, '{d}', 3)) ],
	block => [ q(SELECT reminder.block_customers(:n, '{c}')) ],
	class_rule => [ q(UPDATE reminder.customer_class SET rule_no = 3 WHERE creditor_id = :n) ],
	class_out => [ q(UPDATE reminder.customer_class SET excluded = true WHERE creditor_id = :n) ],
	block_foreign => [ q(UPDATE reminder.creditor SET foreign_customers = 'blocked' WHERE creditor_id = :n) ],
	new_customer => [ q(INSERT INTO reminder.customer (creditor_id, customer_no, name, class, country) VALUES (:n, 'e', 'E', 'k', 'NO')) ],
	new_invoice => [ q(INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (:n, 'j', 'c', '2026-01-01', '2026-01-31', 'SEK', 1000)) ],
	other_customer => [ q(UPDATE reminder.invoice SET customer_no = 'd' WHERE creditor_id = :n), '23R01' ],
	other_amount => [ q(UPDATE reminder.invoice SET amount = 2000 WHERE creditor_id = :n), '23R01' ],
	# its decisions keep it, says their foreign key
	hand_out => [ q(UPDATE reminder.invoice SET external_collection = true WHERE creditor_id = :n), '23R02' ],
	switch_on => [ q(UPDATE reminder.rule SET enabled = true WHERE creditor_id = :n AND rule_no = 1) ],
	delete => [ q(DELETE FROM reminder.invoice WHERE creditor_id = :n), '23R01', '23503' ],);

# What it commits by itself has no begin and no commit of ours.
my %alone = (run_alone => 1);

my @pairs = (
	# open a case, book a loss
	[ new => 'run', 'lose' ], [ new => 'run_alone', 'lose' ], [ reversed => 'run', 'unreverse' ],
	[ lost => 'run', 'reverse' ], [ paid_late => 'bounce', 'lose' ], [ reminded => 'withdraw', 'lose' ],
	[ new => 'hand_out', 'lose' ], [ new => 'run', 'hand_out' ],
	# pay, remind
	[ new => 'run', 'pay' ], [ new => 'run_alone', 'pay' ], [ reminded => 'run', 'pay' ], [ reminded => 'run', 'pay_part' ],
	[ reminded => 'run', 'pay_costs' ], [ part_paid => 'run', 'bounce' ], [ paid_late => 'run', 'bounce' ],
	# two runs
	[ new => 'run', 'run' ], [ new => 'run', 'run_alone' ], [ new => 'run_alone', 'run_later' ],
	[ reminded => 'run', 'run' ], [ reminded => 'run', 'run_later' ],
	# withdraw, remind
	[ reminded => 'run', 'withdraw' ], [ reminded => 'run_alone', 'withdraw' ], [ reminded => 'run', 'close' ],
	[ withdrawn => 'run', 'put_back' ], [ reminded => 'run', 'take_out' ],
	# credit, open
	[ new => 'run', 'credit' ], [ new => 'run_alone', 'credit' ], [ new => 'lose', 'credit' ],
	# change a rule, run
	[ new => 'run', 'edit' ], [ new => 'run_alone', 'edit' ], [ new => 'run', 'drop_step' ], [ new => 'run', 'switch_off' ],
	[ new => 'edit', 'edit_other' ], [ new => 'edit', 'switch_off' ],
	# move a customer, run
	[ new => 'run', 'move' ], [ new => 'run_alone', 'move' ], [ reminded => 'run', 'move' ], [ new => 'run', 'block' ],
	[ new => 'run', 'class_rule' ], [ foreign => 'run', 'block_foreign' ], [ new => 'run', 'other_customer' ],
	# what moves a customer, and what is hung on him meanwhile
	[ new => 'new_invoice', 'move' ], [ new => 'new_invoice', 'class_rule' ], [ new => 'other_customer', 'move_other' ],
	[ paid => 'bounce', 'move' ], [ paid => 'unpay', 'class_rule' ], [ credited => 'uncredit', 'move' ],
	[ new => 'pay', 'move' ], [ new => 'pay_part', 'move' ],
	# what decides a customer's rule, and a customer meanwhile
	[ new => 'new_customer', 'class_rule' ], [ new => 'new_customer', 'class_out' ],
	[ new => 'new_customer', 'block_foreign' ], [ new => 'move', 'class_rule' ], [ new => 'move', 'block' ],
	# money on the same invoice
	[ new => 'pay', 'pay' ], [ reminded => 'pay_part', 'pay_costs' ], [ part_paid => 'pay_part', 'bounce' ],
	[ part_paid => 'pay', 'withdraw' ], [ reminded => 'pay', 'close' ], [ new => 'pay', 'credit' ],
	[ overpaid => 'refund', 'refund' ], [ overpaid => 'refund', 'bounce' ],
	# pay, bounce, withdraw, hand over, close, lose: each with each, and with itself
	[ demanded => 'pay', 'hand_over' ], [ demanded => 'pay', 'withdraw' ], [ demanded => 'pay', 'lose' ], [ handed => 'pay', 'close' ], [ handed => 'pay_part', 'take_home' ],
	[ bounces => 'bounce', 'bounce' ], [ bounces => 'bounce', 'withdraw' ], [ bounces => 'bounce', 'hand_over' ], [ bounces => 'bounce', 'close' ], [ bounces_there => 'bounce', 'lose' ],
	[ bounces_there => 'bounce', 'close' ], [ bounces => 'bounce', 'pay' ],
	[ demanded => 'withdraw', 'hand_over' ], [ demanded => 'withdraw', 'close' ], [ handed => 'withdraw', 'take_home' ],
	[ demanded => 'hand_over', 'hand_over' ], [ demanded => 'hand_over', 'close' ], [ demanded => 'hand_over', 'lose' ], [ handed => 'take_home', 'close' ],
	[ handed => 'close', 'close' ], [ handed => 'close', 'lose' ], [ reminded => 'close', 'lose' ], [ new => 'lose', 'lose' ], [ demanded => 'run', 'hand_over' ],
	# and the fees that come with it
	[ handed => 'add_fee', 'add_fee' ], [ handed => 'add_fee', 'pay' ], [ handed => 'add_fee', 'take_home' ], [ handed => 'add_fee', 'close' ], [ bounces_there => 'add_fee', 'bounce' ],
	# holds, and what else is noted of an invoice
	[ new => 'run', 'hold' ], [ held => 'run', 'release' ], [ new => 'hold', 'hold' ], [ held => 'hold', 'release' ],
	[ reminded => 'hold', 'withdraw' ], [ reminded => 'withdraw', 'withdraw' ], [ reminded => 'hold', 'pay' ],
	# the invoice itself
	[ new => 'run', 'new_invoice' ], [ new => 'run', 'other_amount' ], [ new => 'run', 'delete' ], [ new => 'pay', 'other_amount' ],);

my $node = Reminder->cluster('main', conf => "deadlock_timeout = 20ms\nclient_min_messages = error\nlog_min_messages = fatal\nautovacuum = off\njit = off\n");
Reminder->install($node, 'book');
Invariants->install($node, 'book');
$node->safe_psql('book', <<'SQL');
INSERT INTO reminder.account VALUES (1, 'Account');
-- so many books of a creditor each, from the next number on
CREATE FUNCTION test.books(first bigint, last bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, foreign_customers, claim_description)
  SELECT n, 1, 'Creditor', '5050-1055', 'general', 'Goods' FROM generate_series(first, last) n;
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, general, collected_by, catches_up, residual_above)
  SELECT n, r.rule_no, r.name, r.kind, r.rule_no < 3, 'service', true, 100
  FROM generate_series(first, last) n,
       (VALUES (1, 'Companies', 'company'), (2, 'Persons', 'person'), (3, 'Chosen companies', 'company')) r (rule_no, name, kind);
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, term_unit, fee)
  SELECT n, s.* FROM generate_series(first, last) n,
       (VALUES (1, 'reminder', 5, 10, 'bank_day', 60), (1, 'demand', 12, 10, 'bank_day', 180), (1, 'monitoring', 0, 0, 'day', NULL),
               (3, 'reminder', 3, 10, 'bank_day', 40), (3, 'demand', 10, 10, 'bank_day', 170)) s (rule_no, stage, wait, term, term_unit, fee);
  SELECT reminder.activate(n, true) FROM generate_series(first, last) n;
  INSERT INTO reminder.customer_class (creditor_id, class) SELECT n, 'k' FROM generate_series(first, last) n;
  INSERT INTO reminder.customer (creditor_id, customer_no, name, class)
  SELECT n, c, 'Customer ' || c, 'k' FROM generate_series(first, last) n, unnest('{c,d}'::text[]) c;
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
  SELECT n, 'i', 'c', '2026-01-01', '2026-01-31', 'SEK', 1000 FROM generate_series(first, last) n;
$$;
SQL

my $monitor = Session->new($node, 'book');
$monitor->sql('SET plan_cache_mode = force_generic_plan; PREPARE violations(bigint) AS SELECT * FROM test.violations($1)');
my @sessions = (undef, map { Waiter->new($node, 'book') } 1, 2);
my $books = 0;
my %met = (permutations => 0, waited => 0, refused => 0, retry => 0);

# The permutations of a pair: the distinct orders, with levels.  Steps that an
# act without them lacks are left out.
sub permutations
{
	my @acts = (undef, @_);
	my %seen;
	my $distinct = sub {
		map { $seen{"@$_"}++ ? () : $_ } map
		{
			[ grep { /a/ || !$alone{ $acts[ substr $_, 1 ] } } @$_ ]
		} @_;
	};
	my @levelled = map { my $first = $_; map { [ $first, $_ ] } @levels } @levels;

	return (
		(map { [ $_, $levelled[0] ] } $distinct->(@serial)),
		(map { my $order = $_; map { [ $order, $_ ] } @levelled } $distinct->(@orders)));
}

# Fills in what a statement says of its book.
sub fill
{
	my ($sql, %value) = @_;

	$sql =~ s/(?<!:):(from|to|on|n|p)\b/$value{$1}/g;
	return $sql;
}

# Takes the steps of one order; gives the SQLSTATE of each session's act, or
# else of its commit, and whether one had to wait.
sub interleave
{
	my ($book, $state, $acts, $levels, $order) = @_;
	my $on = @{ $states{$state} } && $states{$state}[0] eq $reminded ? $day->{later} : $day->{new};
	my @pending = (undef, [], []);
	my @result = (undef, '00000', '00000');
	my @step = (undef, '', '');
	my $waited = 0;

	my $take = sub {
		my ($s) = @_;
		my $step = shift @{ $pending[$s] } or return;
		my $act = $acts->[ $s - 1 ];
		my $sql = $acts{$act}[0];

		$step[$s] = $step;
		$sessions[$s]->send(
			$step eq 'b' ? "BEGIN ISOLATION LEVEL $levels->[$s - 1]; SELECT 1"
			: $step eq 'c' ? 'COMMIT'
			: fill($sql, n => $book, on => "'$on'", p => "'p$s'"));
	};
	# What has ended gives its SQLSTATE, and what then is pending begins.
	my $settle = sub {
		my $waits = 0;

		for (my $round = 0;; $round++)
		{
			my @busy = grep { !$sessions[$_]->done(0.004) } 1, 2;

			for my $s (grep { !$sessions[$_]->busy && $step[$_] } 1, 2)
			{
				my $sqlstate = $sessions[$s]->sqlstate;
				$result[$s] = $sqlstate if $sqlstate ne '00000' && $result[$s] eq '00000';
				$step[$s] = '';
				$take->($s) if @{ $pending[$s] };
			}
			my @now = grep { $sessions[$_]->busy } 1, 2;
			return $waits if @now == 0;
			# Left waiting, if it waits for the other and that one is idle.
			if (@now == 1 && $sessions[ $now[0] ]->waits_for($sessions[ 3 - $now[0] ], $monitor)
				&& !$sessions[ 3 - $now[0] ]->busy)
			{
				return 1;
			}
			die "no end: @$acts, @$levels, @$order\n" if $round > 5000;
		}
	};

	$sessions[$_]->try("SET default_transaction_isolation = '$levels->[$_ - 1]'") for grep { $alone{ $acts->[ $_ - 1 ] } } 1, 2;
	for (@$order)
	{
		my ($step, $s) = split //;
		push @{ $pending[$s] }, $step;
		next if $sessions[$s]->busy;
		$take->($s);
		$waited = 1 if $settle->();
	}
	$settle->();
	$sessions[$_]->busy || @{ $pending[$_] } and die "not ended: @$acts, @$levels, @$order\n" for 1, 2;
	return (@result[ 1, 2 ], $waited);
}

for (@pairs)
{
	my ($state, @acts) = @$_;
	my $name = "$state: @acts";
	next if defined $ENV{INTERLEAVINGS} && $name !~ /$ENV{INTERLEAVINGS}/;

	my @permutations = permutations(@acts);
	my %book = (from => $books + 1, to => $books + @permutations);
	$monitor->sql("SELECT test.books($book{from}, $book{to})");
	$monitor->sql(fill($_, %book)) for @{ $states{$state} };

	my ($tried, @bad, %waited) = (0);
	for (@permutations)
	{
		my ($order, $levels) = @$_;
		my $book = ++$books;
		(my $other = "@$order @$levels") =~ s/(c\d) (c\d)/$2 $1/;
		next if $waited{$other};
		my @result = interleave($book, $state, \@acts, $levels, $order);
		my $waited = pop @result;
		my $violations = $monitor->sql("EXECUTE violations($book)");
		my @unexpected = grep
		{
			my ($sqlstate, @allowed) = ($result[$_], '00000', @{ $acts{ $acts[$_] } }[ 1 .. $#{ $acts{ $acts[$_] } } ]);
			# a run that commits by itself retries by itself
			($sqlstate !~ $retry || $alone{ $acts[$_] }) && !grep { $_ eq $sqlstate } @allowed;
		} 0, 1;

		$tried++;
		$met{permutations}++;
		$met{waited} += $waited{"@$order @$levels"} = $waited;
		for (@result) { $met{ /$retry/ ? 'retry' : 'refused' }++ if $_ ne '00000'; }
		push @bad, sprintf("%s; %s: %s%s\n%s", join(' ', @$order), join(', ', @$levels), join(' ', @result),
			(@unexpected ? ' unexpected' : ''), $violations)
		  if $violations ne '' || @unexpected
		  # somebody gets through
		  || !grep { !/$retry/ } @result;
	}
	is(scalar @bad, 0, "$name, $tried permutations") or diag(join "\n", @bad[ 0 .. ($#bad > 9 ? 9 : $#bad) ]);
}

note(join ', ', map { "$_ $met{$_}" } sort keys %met);
if (!defined $ENV{INTERLEAVINGS})
{
	# Sessions that never meet prove nothing.
	cmp_ok($met{waited}, '>', $met{permutations} / 8, 'many had to wait for each other');
	cmp_ok($met{refused}, '>', 100, 'many were refused');
	cmp_ok($met{retry}, '>', 100, 'many were to be tried again');
}

$_->quit for @sessions[ 1, 2 ], $monitor;
$node->stop('fast');
done_testing();
