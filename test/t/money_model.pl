# Random histories of money: whatever is paid, bounced, moved, refunded, credited,
# waived, written off and settled, in whatever order, invoices, cases, payments and
# settlements come to what test/t/lib/MoneyModel.pm makes of the specification, and
# conservation() finds nothing after any step (M1 to M4, B4, B5, B9, C3, C6, L8).
#
# There are 2,000 histories of 40 operations over five creditors, or as many as 20
# seconds take. SEED=n repeats them, HISTORIES and STEPS say how many, whatever it
# takes, and FIRST=n where to begin: each is a seed of its own. What fails is printed
# with all statements that led to it.
use strict;
use warnings;

use List::Util 'min';
use MoneyModel;
use POSIX 'strftime';
use Reminder;
use Session;
use Test::More;
use Time::Local 'timegm';

my $seed = $ENV{SEED} // (time ^ $$) % 1_000_000;
my $first = $ENV{FIRST} // 1;
my $histories = $ENV{HISTORIES} // 2000;
my $seconds = $ENV{HISTORIES} ? 86400 : 20;
my $steps = $ENV{STEPS} // 40;
note "SEED=$seed FIRST=$first HISTORIES=$histories STEPS=$steps";

my $node = Reminder->cluster('main', conf => "autovacuum = off\njit = off\n");
Reminder->install($node, 'money');
my $begin = timegm(0, 0, 0, 1, 0, 2026) / 86400;
sub day { my ($day) = @_; return "'" . strftime('%Y-%m-%d', gmtime(86400 * ($begin + $day))) . "'"; }
sub kronor { my ($amount) = @_; return sprintf '%.2f', $amount / 100; }
sub quoted { my ($text) = @_; return defined $text ? "'$text'" : 'NULL'; }
sub one { return $_[ rand @_ ]; }
sub chance { return rand() < $_[0]; }

# The service on its usual terms; own rules; with commission and a share of late
# interest; without rounding; and in Finland, where principal is paid first.
my @law = qw(fee interest principal);
my %terms = (
	1 => { service => 1, order => \@law, residual => 10000, rounds => 1, share => 0, vat => 25, percent => 0, most => 0 },
	2 => { service => 0, order => \@law, residual => 0, rounds => 1, share => 0, vat => 25, percent => 0, most => 0 },
	3 => { service => 1, order => \@law, residual => 10000, rounds => 1, share => 30, vat => 25, percent => 10, most => 5000 },
	4 => { service => 1, order => \@law, residual => 10000, rounds => 0, share => 50, vat => 12.5, percent => 7.5, most => 100000 },
	5 => { service => 1, order => [qw(principal interest fee)], residual => 0, rounds => 0, share => 100, vat => 25.5, percent => 0, most => 0 });
my $template = Session->new($node, 'money');
$template->sql(<<'SQL');
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Konto');
-- What there is of a creditor, a line each.
CREATE FUNCTION public.found(creditor bigint) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
  SELECT format('invoice %s: open %s', i.invoice_no, i.open_amount) FROM reminder.invoice i WHERE i.creditor_id = creditor
  UNION ALL
  SELECT format('case of %s: fees %s, paid %s, waived %s, interest %s, paid %s, waived %s, %s', k.invoice_no, k.fees, k.fees_paid, k.fees_waived, k.interest, k.interest_paid, k.interest_waived,
                CASE WHEN k.ended_on IS NULL THEN 'active' ELSE k.state END)
  FROM reminder.collection_case k WHERE k.creditor_id = creditor
  UNION ALL
  SELECT format('payment %s: principal %s, fee %s, interest %s, over %s', p.payment_no, coalesce(a.principal, p.amount), coalesce(a.fee, 0), coalesce(a.interest, 0), coalesce(a.overpaid, 0))
  FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE p.creditor_id = creditor AND p.invoice_no IS NOT NULL AND p.bounced_on IS NULL
  UNION ALL
  SELECT format('%s: %s %s', c.rule, c.object, c.found) FROM reminder.conservation(creditor) c;
END
$$;
SQL

my ($session, %model, %h, $failed, @done, %tally, %settled);

# Five creditors with a customer each, and a model of each.
sub begin
{
	my ($base) = @_;
	%h = (base => $base, today => 30, n => 0);
	(@done, %model, %settled) = ();
	for my $n (sort keys %terms)
	{
		my $c = $base + $n;
		my %t = %{ $terms{$n} };
		$model{$c} = MoneyModel->new(%t);
		$session->sql("INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, iban, sender_address, claim_description, rounds_payments)"
			. " VALUES ($c, 1, 'C', '" . ($n == 5 ? 'FI' : 'SE') . "', '5402-9681', NULL, 'Gatan 1', 'Varor', " . ($t{rounds} ? 'true' : 'false') . ')');
		$session->sql("INSERT INTO reminder.settlement_terms (creditor_id, valid_from, interest_share) VALUES ($c, '1990-01-01', $t{share})") if $t{share};
		$session->sql("INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES ($c, 'vat_percent', '1990-01-01', $t{vat})");
		$session->sql("INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES ($c, 'commission_percent', '1990-01-01', $t{percent}), ($c, 'commission_at_most', '1990-01-01', " . kronor($t{most}) . ')')
		  if $t{percent};
		if ($n == 5)
		{
			$session->sql("INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, general, collected_by, catches_up) VALUES ($c, 1, 'R', 'company', true, 'service', true)");
			$session->sql("INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES ($c, 1, 'reminder', 14, 14, 5), ($c, 1, 'demand', 15, 14, 12), ($c, 1, 'monitoring', 0, 0, NULL)");
		}
		else
		{
			$session->sql("SELECT reminder.add_preset($c, '" . ($n == 2 ? 'netvisor' : 'amili') . "')");
		}
		$session->sql("SELECT reminder.activate($c, confirm => true)");
		$session->sql("INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES ($c, 'K', 'N')");
	}
	return;
}

sub broken { my ($why) = @_; $failed //= "$why\n" . join "\n", map { "$_;" } @done; return; }

# Does one thing; true if it was done, anything but a refusal that is documented fails.
sub do_it
{
	my ($what, $sql) = @_;
	push @done, $sql;
	my $state = $session->try($sql);
	$tally{$what}{$state}++;
	broken("$state: " . $session->output) if $state !~ /^(?:00000|22R0[13]|23R01|23503|55R03)$/;
	pop @done if $state ne '00000' && !$failed;
	return $state eq '00000';
}

# What the model has, a line each, as found() has it.
sub expected
{
	my ($m) = @_;
	my @lines;
	for my $no (keys %{ $m->{invoices} })
	{
		my $invoice = $m->{invoices}{$no};
		push @lines, "invoice $no: open " . kronor($invoice->{open});
		my $k = $invoice->{case} or next;
		push @lines, sprintf 'case of %s: fees %s, paid %s, waived %s, interest %s, paid %s, waived %s, %s', $no, map({ kronor($k->{$_}) } qw(fees fees_paid fees_waived interest interest_paid interest_waived)), $k->{active} ? 'active' : $k->{ended};
	}
	push @lines, map { my $p = $_; sprintf 'payment %s: principal %s, fee %s, interest %s, over %s', $p->{no}, map { kronor($p->{$_}) } qw(principal fee interest overpaid) }
	  grep { defined $_->{invoice} && !$_->{bounced} } values %{ $m->{payments} };
	return sort @lines;
}

sub compare
{
	my ($c) = @_;
	# an amount of nothing may have no decimals
	my %found = map { s/ 0(?=[,\s]|$)/ 0.00/gr => 1 } split /\n/, $session->sql("SELECT * FROM public.found($c)");
	my %expected = map { $_ => 1 } expected($model{$c});
	my @wrong = ((map { "has: $_" } grep { !$expected{$_} } sort keys %found), map { "should: $_" } grep { !$found{$_} } sort keys %expected);
	broken(join "\n", "creditor $c:", @wrong) if @wrong;
	return;
}

# One of the latest, or rather one that is collected, or whose letter may fail yet.
sub an_invoice
{
	my ($c) = @_;
	my @all = sort keys %{ $model{$c}{invoices} };
	my @collected = grep { ($model{$c}{invoices}{$_}{case} // {})->{active} } @all;
	my @waiting = grep { waits($model{$c}{invoices}{$_}) } @collected;
	return @waiting && chance(0.5) ? one(@waiting) : @collected && chance(0.5) ? one(@collected) : @all ? one(@all[ -min(4, scalar @all) .. -1 ]) : undef;
}
sub a_payment { my ($c, $which) = @_; my @all = sort { $a->{n} <=> $b->{n} } grep { $which->($_) } values %{ $model{$c}{payments} }; return @all ? one(@all) : undef; }

# The letters of an invoice of which nobody has said yet what became of them.
sub waits { my ($invoice) = @_; return grep { $_->{status} eq 'queued' } @{ ($invoice->{case} // {})->{letters} // [] }; }

# A payment of an invoice, of an amount that means something.
sub new_payment
{
	my ($c, $no) = @_;
	my $invoice = $model{$c}{invoices}{$no};
	my $costs = $invoice->{case} && $invoice->{case}{active} ? (MoneyModel::costs($invoice->{case}))[0] + (MoneyModel::costs($invoice->{case}))[1] : 0;
	my $all = $invoice->{open} + $costs;
	my $amount = one($invoice->{open}, $all, $all, MoneyModel::rounded($all / 100) * 100, $all + 12345, int($invoice->{open} / 3), $invoice->{open} + int($costs / 2), int($all * rand), 5000, 6000);
	return { no => sprintf('P%03d', ++$h{n}), n => $h{n}, invoice => chance(0.07) ? undef : $no, on => $h{today} - one(0, 0, 0, 1, 4), amount => $amount > 0 ? $amount : 100,
		source => one('service', 'service', 'creditor'), allocates => one((undef) x 4, ('law') x (waits($invoice) ? 4 : 1), 'principal'), bounced => 0 };
}

sub pay
{
	my ($c, @p) = @_;
	return unless do_it(@p > 1 ? 'pay_many' : 'pay', 'INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, allocates) VALUES '
		. join ', ', map { "($c, '$_->{no}', " . quoted($_->{invoice}) . ', ' . day($_->{on}) . ', ' . kronor($_->{amount}) . ", '$_->{source}', " . quoted($_->{allocates}) . ')' } @p);
	$model{$c}->pay(@p);
	return;
}

# Says what became of a letter.
sub say_of
{
	my ($c, $no, $stage, $what) = @_;
	my $today = day($h{today});
	return unless do_it($what => $what eq 'fail' ? "SELECT reminder.fail_letter($c, '$no', '$stage', 'returned', $today)" : "SELECT reminder.confirm_letter($c, '$no', '$stage', $today)");
	$model{$c}->told($no, $stage, $what eq 'fail' ? 'failed' : 'sent');
	return 1;
}

my %operations = (
	invoice => sub {
		my ($c) = @_;
		my $no = sprintf 'F%03d', ++$h{n};
		my $amount = one(3000, 10000, 100000, 123456, 77777, 1500000);
		my $due = $h{today} - int rand 25;
		$model{$c}->invoice($no, $amount) if do_it(invoice => "INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) SELECT $c, '$no', 'K', "
			. day($due - 10) . ', ' . day($due) . ", currency, " . kronor($amount) . " FROM reminder.creditor WHERE creditor_id = $c");
	},
	run => sub {
		my ($c) = @_;
		$h{today} += one(1, 3, 6, 9, 13, 20);
		my $today = day($h{today});
		return unless do_it(run => "CALL reminder.run($today, $c)");
		for my $row (split /\n/, $session->sql("SELECT d.invoice_no, d.stage, (d.fees * 100)::bigint, (d.interest * 100)::bigint, (coalesce(d.fee, 0) * 100)::bigint FROM reminder.decision d WHERE d.creditor_id = $c AND d.as_of = $today AND d.case_no IS NOT NULL ORDER BY d.rung"))
		{
			my ($no, $stage, $fees, $interest, $fee) = split /\|/, $row;
			$model{$c}->letter($no, stage => $stage, fees => $fees, fee => $fee, interest => $interest, on => $h{today});
		}
		# most go out, some fail, some wait
		for my $row (split /\n/, $session->sql("SELECT d.invoice_no, d.stage FROM reminder.decision d WHERE d.creditor_id = $c AND d.status = 'queued' AND d.taken_back = 0 ORDER BY d.invoice_no, d.rung"))
		{
			my ($no, $stage) = split /\|/, $row;
			my $what = one('confirm', 'confirm', 'confirm', 'confirm', 'fail', ('wait') x 3);
			return unless $what eq 'wait' || say_of($c, $no, $stage, $what);
		}
	},
	# what waited goes out, or fails: its fee may be paid by now
	tell => sub {
		my ($c) = @_;
		my $invoices = $model{$c}{invoices};
		my @nos = grep { waits($invoices->{$_}) } sort keys %$invoices;
		my @paid = grep { $invoices->{$_}{case}{fees_paid} } @nos;
		my @waiting = map { my $no = $_; map { [ $no, $_->{stage} ] } waits($invoices->{$no}) } @paid ? @paid : @nos;
		say_of($c, @{ one(@waiting) }, one('confirm', 'fail', 'fail')) if @waiting;
	},
	pay => sub { my ($c) = @_; my $no = an_invoice($c) or return; pay($c, new_payment($c, $no)); },
	pay_many => sub { my ($c) = @_; my @nos = map { an_invoice($c) // () } 1 .. 2; pay($c, map { new_payment($c, $_) } @nos, $nos[0]) if @nos; },
	bounce => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { !$_[0]{bounced} }) or return;
		$model{$c}->repay($p->{no}, n => $p->{n}, bounced => 1) if do_it(bounce => 'UPDATE reminder.payment SET bounced_on = ' . day($h{today}) . " WHERE creditor_id = $c AND payment_no = '$p->{no}'");
	},
	unbounce => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { $_[0]{bounced} }) or return;
		$model{$c}->repay($p->{no}, n => $p->{n}, bounced => 0) if do_it(unbounce => "UPDATE reminder.payment SET bounced_on = NULL WHERE creditor_id = $c AND payment_no = '$p->{no}'");
	},
	correct => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { 1 }) or return;
		my $amount = one($p->{amount} + 1000, int($p->{amount} / 2) + 1);
		$model{$c}->repay($p->{no}, n => $p->{n}, amount => $amount) if do_it(correct => 'UPDATE reminder.payment SET amount = ' . kronor($amount) . " WHERE creditor_id = $c AND payment_no = '$p->{no}'");
	},
	move => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { 1 }) or return;
		my $no = chance(0.2) ? undef : an_invoice($c);
		return if ($no // '') eq ($p->{invoice} // '');
		my $how = chance(0.5) ? 'UPDATE' : defined $no ? 'match' : 'unmatch';
		my $on = $p->{bounced} || $p->{on} > $h{today} ? undef : day($h{today});
		return if $how ne 'UPDATE' && !defined $on;
		$model{$c}->repay($p->{no}, n => $p->{n}, invoice => $no) if do_it($how eq 'UPDATE' ? 'move' : $how, $how eq 'match' ? "SELECT reminder.match_payment($c, '$p->{no}', '$no', $on)"
			: $how eq 'unmatch' ? "SELECT reminder.unmatch_payment($c, '$p->{no}', $on)" : 'UPDATE reminder.payment SET invoice_no = ' . quoted($no) . " WHERE creditor_id = $c AND payment_no = '$p->{no}'");
	},
	other => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { 1 }) or return;
		my $source = $p->{source} eq 'service' ? 'creditor' : 'service';
		$p->{source} = $source if do_it(other => "UPDATE reminder.payment SET source = '$source' WHERE creditor_id = $c AND payment_no = '$p->{no}'");
	},
	unpay => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { 1 }) or return;
		$model{$c}->unpay($p) if do_it(unpay => "DELETE FROM reminder.payment WHERE creditor_id = $c AND payment_no = '$p->{no}'");
	},
	refund => sub {
		my ($c) = @_;
		my $left = sub { my ($p) = @_; return (defined $p->{invoice} ? $p->{overpaid} : $p->{amount}) - ($p->{refunded} // 0); };
		my $p = a_payment($c, sub { !$_[0]{bounced} && $left->($_[0]) > 0 }) or return;
		my $amount = one($left->($p), int($left->($p) / 2) || 1);
		$p->{refunded} = ($p->{refunded} // 0) + $amount if do_it(refund => "INSERT INTO reminder.refund (creditor_id, payment_no, refunded_on, amount) VALUES ($c, '$p->{no}', " . day($h{today}) . ', ' . kronor($amount) . ')');
	},
	balance => sub {
		my ($c) = @_;
		my $p = a_payment($c, sub { !$_[0]{bounced} && defined $_[0]{invoice} && $_[0]{on} <= $h{today} && $_[0]{overpaid} > ($_[0]{refunded} // 0) }) or return;
		my $no = an_invoice($c);
		my $left = $p->{overpaid} - ($p->{refunded} // 0);
		my $amount = one($left, int($left / 2) || 1);
		my $new = { no => sprintf('P%03d', ++$h{n}), n => $h{n}, invoice => $no, on => $h{today}, amount => $amount, source => $p->{source}, bounced => 0 };
		return unless do_it(balance => "SELECT reminder.use_balance($c, '$p->{no}', '$no', " . kronor($amount) . ', ' . day($h{today}) . ", '$new->{no}')");
		$p->{refunded} = ($p->{refunded} // 0) + $amount;
		$model{$c}->pay($new);
	},
	credit => sub {
		my ($c) = @_;
		my $no = an_invoice($c) or return;
		my $invoice = $model{$c}{invoices}{$no};
		my $amount = one($invoice->{open}, int($invoice->{open} / 4), 2500) || 1;
		my $credit = 'C' . ++$h{n};
		return unless do_it(credit => $invoice->{case} && $invoice->{case}{active} ? "SELECT reminder.credit_in_case($c, '$no', " . kronor($amount) . ", 'r', " . day($h{today}) . ')'
			: "INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES ($c, '$credit', '$no', " . day($h{today}) . ', ' . kronor($amount) . ')');
		$model{$c}->credit($no, $amount);
		$h{credits}{"$c $credit"} = [ $c, $credit, $no, $amount ] unless $invoice->{case};
	},
	uncredit => sub {
		my ($c) = @_;
		my ($key) = grep { $h{credits}{$_}[0] == $c } sort keys %{ $h{credits} // {} };
		return unless defined $key;
		my (undef, $credit, $no, $amount) = @{ $h{credits}{$key} };
		return unless do_it(uncredit => "DELETE FROM reminder.credit WHERE creditor_id = $c AND credit_no = '$credit'");
		delete $h{credits}{$key};
		$model{$c}->undo($no, $amount, 0, 0);
	},
	waive => sub {
		my ($c) = @_;
		my ($no) = grep { $model{$c}{invoices}{$_}{case} && $model{$c}{invoices}{$_}{case}{active} } sort keys %{ $model{$c}{invoices} };
		return unless defined $no;
		my $kind = one('fee', 'interest');
		my %open;
		@open{qw(fee interest)} = MoneyModel::costs($model{$c}{invoices}{$no}{case});
		my $amount = chance(0.5) ? $open{$kind} : int($open{$kind} / 3) || 1;
		$model{$c}->waive($no, $kind, $amount) if do_it(waive => "SELECT reminder.waive_$kind($c, '$no', " . kronor($amount || 1) . ", 'r', " . day($h{today}) . ')');
	},
	withdraw => sub {
		my ($c) = @_;
		my ($no) = reverse grep { $model{$c}{invoices}{$_}{case} && $model{$c}{invoices}{$_}{case}{active} } sort keys %{ $model{$c}{invoices} };
		return unless defined $no;
		$model{$c}->withdraw($no, $h{today}) if do_it(withdraw => "SELECT reminder.withdraw($c, '$no', 'r', " . day($h{today}) . ')');
	},
	loss => sub {
		my ($c) = @_;
		my ($no) = grep { ($model{$c}{invoices}{$_}{case}{ended} // '') eq 'withdrawn' } grep { $model{$c}{invoices}{$_}{case} } sort keys %{ $model{$c}{invoices} };
		$model{$c}{invoices}{$no}{loss} = 1 if defined $no && do_it(loss => "INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES ($c, '$no', '" . one('doubtful', 'confirmed') . "', " . day($h{today}) . ', 10)');
	},
	settle => sub {
		my ($c) = @_;
		my $before = $session->sql("SELECT count(*) FROM reminder.settlement WHERE creditor_id = $c");
		return unless do_it(settle => "SELECT reminder.settle($c, " . day($h{today}) . ')');
		if (($settled{$c} // -1) == $h{today})
		{
			broken("creditor $c: settled twice in a day") if $before != $session->sql("SELECT count(*) FROM reminder.settlement WHERE creditor_id = $c");
			return;
		}
		$settled{$c} = $h{today};
		my ($paid_out, $carried) = $model{$c}->settle;
		my $is = $session->sql("SELECT paid_out || ' paid out, ' || carried_on || ' carried on' FROM reminder.settlement WHERE creditor_id = $c ORDER BY settlement_no DESC LIMIT 1");
		my $should = kronor($paid_out) . ' paid out, ' . kronor($carried) . ' carried on';
		broken("creditor $c: $is, should be $should") if $is ne $should;
		broken("creditor $c: payouts are not what was settled")
		  if $session->sql("SELECT coalesce(sum(amount), 0) = (SELECT sum(paid_out) FROM reminder.settlement s WHERE s.creditor_id = $c) FROM reminder.payout WHERE creditor_id = $c") ne 't';
	},
	payout => sub { my ($c) = @_; do_it(payout => "SELECT reminder.payout_done(p.creditor_id, p.settlement_no, p.payout_no, " . day($h{today}) . ") FROM reminder.payout p WHERE p.creditor_id = $c AND p.paid_on IS NULL"); });

my @often = ((map { ($_) x 5 } qw(run pay settle)), (map { ($_) x 2 } qw(invoice bounce bounce pay_many move other refund tell)), sort keys %operations);

my ($lived, $done, %lines) = (0, 0);
for my $history ($first .. $first + $histories - 1)
{
	if (!$session || $history % 10 == 0)
	{
		$session->quit if $session;
		my $database = "money$history";
		$template->quit if $template;
		$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE money");
		$session = Session->new($node, $database);
		$session->sql('SET client_min_messages = error');
	}
	srand($seed * 10_000 + $history);
	begin($history * 10);
	my $hot = one(1, 2, 3, 3, 3, 4, 4, 5);
	for (1 .. $steps)
	{
		# much happens to one, or little would meet
		my $c = $h{base} + (chance(0.8) ? $hot : one(1 .. 5));
		# each begins with something to pay
		my $what = keys %{ $model{$c}{invoices} } ? one(@often) : 'invoice';
		$operations{$what}->($c);
		$done++;
		compare($c) unless $failed;
		last if $failed;
	}
	$lines{$_}++ for split /\n/, $session->sql("SELECT kind FROM reminder.settlement_line WHERE creditor_id / 10 = $history");
	last if $failed || time - $^T > $seconds;
	$lived++;
}
ok(!$failed, "$done operations in $lived histories") or diag "SEED=$seed\n$failed";
for my $what (sort keys %tally)
{
	note sprintf '%-10s %s', $what, join ' ', map { "$_:$tally{$what}{$_}" } sort keys %{ $tally{$what} };
}
note join ', ', map { "$_ $lines{$_}" } sort keys %lines;
my @never = grep { !$tally{$_}{'00000'} } grep { $_ ne 'tell' } sort keys %operations;
is("@never", '', 'every operation went through at some time') unless $failed || $lived < 30;

done_testing();
