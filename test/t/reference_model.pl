# Random histories against a model: every decision of every run, with its reason,
# dates, fee and amounts, is what test/t/lib/RuleModel.pm makes of the
# specification; so is each customer's rule, what is open, and what a step
# waits for (P2, R1 to R9, N1 to N3, B3, B5, B6, C6, F2 to F4, L2, L7, L9).
#
# There are 2,000 sequences of 30 operations on two creditors each, two sequences
# at a time, or as many as 20 seconds take. SEED=n repeats them, SEQUENCES=n says
# how many, whatever it takes, and FIRST=n where to begin: each is a seed of its
# own. Of a sequence that goes wrong, operations are left out while it still does;
# what is left is printed.
use strict;
use warnings;

use POSIX ();

use Reminder;
use RuleModel;
use Session;
use Test::More;

my $seed = $ENV{SEED} // (time ^ $$) % 1_000_000;
my $first = $ENV{FIRST} // 1;
my $sequences = $ENV{SEQUENCES} // 2000;
my $seconds = $ENV{SEQUENCES} ? 86400 : 20;
my $operations = 30;
note "SEED=$seed FIRST=$first SEQUENCES=$sequences";

my $node = Reminder->cluster('main', conf => "autovacuum = off\njit = off\n");
Reminder->install($node, 'model');
my $session = Session->new($node, 'model');
$session->sql('SET client_min_messages = error');
# What a run left behind, a line each; fields are told apart by their first letter.
$session->sql(<<'SQL');
CREATE FUNCTION public.found(creditor bigint, day date) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
  RETURN QUERY
  SELECT concat_ws('|', 'd', d.invoice_no, d.rung, d.stage, d.outcome, coalesce(d.reason, '-'), d.step_date, coalesce(d.deadline::text, '-'), coalesce(d.fee::text, '-'),
                   CASE WHEN d.outcome = 'sent' THEN (d.fees - d.fees_settled)::text ELSE '-' END, d.principal, d.rule_no)
  FROM reminder.decision d WHERE d.creditor_id = creditor AND d.as_of = day
  UNION ALL SELECT concat_ws('|', 'w', p.invoice_no, p.waiting_for) FROM reminder.position p WHERE p.creditor_id = creditor AND p.waiting_for IS NOT NULL
  UNION ALL SELECT concat_ws('|', 'c', c.customer_no, coalesce(c.rule_no, 0), c.assigned_by) FROM reminder.customer c WHERE c.creditor_id = creditor
  UNION ALL SELECT concat_ws('|', 'i', i.invoice_no, i.open_amount, k.state, k.fees - k.fees_waived - k.fees_paid)
  FROM reminder.invoice i
  LEFT JOIN LATERAL (SELECT * FROM reminder.collection_case k WHERE k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no ORDER BY k.case_no DESC LIMIT 1) k ON true
  WHERE i.creditor_id = creditor
  UNION ALL SELECT concat_ws('|', 'x', x.invoice_no, x.message) FROM reminder.run_exception x WHERE x.creditor_id = creditor;
END
$$;
SQL

sub one { return $_[ rand @_ ]; }
sub chance { return rand() < $_[0]; }
sub quoted { my ($text) = @_; return defined $text ? "'$text'" : 'NULL'; }
sub truth { return $_[0] ? 'true' : 'false'; }
sub date { my ($day) = @_; return defined $day ? "'" . RuleModel::iso($day) . "'" : 'NULL'; }
sub kronor { my ($amount) = @_; return defined $amount ? sprintf('%.2f', $amount / 100) : 'NULL'; }
sub cents { my ($text) = @_; return sprintf('%.0f', $text * 100); }

# A ladder within Swedish law: a demand gives eight days, fees are within the caps.
my %base = (reminder => 9, notice => 19, demand => 29, monitoring => 39);
sub step
{
	my ($stage) = @_;
	return { stage => $stage, wait => one(0, 5, 10), wait_unit => 'day', term => 0, term_unit => 'day', open_at_least => 0, approval => 0 } if $stage eq 'monitoring';
	my $unit = one('day', 'bank_day');
	return {
		stage => $stage, wait => one(0, 1, 2, 5, 7, 10, 12, 14), wait_unit => one('day', 'day', 'bank_day'),
		term => $stage eq 'demand' ? one(8, 10, 12) : one(0, 3, 5, 8, 10, 14), term_unit => $unit,
		fee => $stage eq 'demand' ? one(undef, 5000, 16000, 17050, 18000) : one(undef, 3000, 5000, 5550, 6000),
		open_at_least => one((0) x 14, 10000, 25050), approval => chance(0.05), one_letter => chance(0.4) };
}

sub ladder
{
	my %steps = map { $base{ $_->{stage} } + $_->{nth} => $_ }
	  map { my ($stage, $count) = @$_; map { { %{ step($stage) }, nth => $_ } } 1 .. $count }
	  [ 'reminder', one(0, 1, 1, 1, 2) ], [ 'notice', one(0, 0, 1, 1, 2) ], [ 'demand', one(0, 1, 1, 1, 2) ], [ 'monitoring', one(0, 1) ];
	$steps{30} = { %{ step('demand') }, nth => 1 } unless %steps;
	return \%steps;
}

my $into_steps = 'INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, wait_unit, term, term_unit, fee, open_at_least, approval, one_letter) VALUES ';
sub step_row
{
	my ($no, $step) = @_;
	return "(:c, $no, '$step->{stage}', $step->{nth}, $step->{wait}, '$step->{wait_unit}', $step->{term}, '$step->{term_unit}', " . kronor($step->{fee}) . ', ' . kronor($step->{open_at_least}) . ', ' . truth($step->{approval}) . ', ' . truth($step->{one_letter}) . ')';
}

# An operation is SQL, :c for its creditor, and what it does to the model, of which
# it may say which SQLSTATE it comes to.  Whatever else was refused was not done.
sub operation { my ($sql, $apply, $expect) = @_; return { sql => $sql, apply => $apply, expect => $expect }; }

# A creditor with its rules and first customers.
sub beginning
{
	my ($today) = @_;
	my %creditor = (foreign => one('blocked', 'general'), credits_in_case => one('refuse', 'refuse', 'apply'));
	my @closed = chance(0.3) ? map { $today + int rand 60 } 1 .. 3 : ();
	$creditor{closed_days} = { map { $_ => 1 } @closed };
	# Of an account of its own, whose terms are nobody else's.
	my @sql = "INSERT INTO reminder.agreement VALUES (':c', 'A')";
	push @sql, "INSERT INTO reminder.account (account_id, name, agreement) VALUES (:c, 'Konto', ':c')";
	push @sql, "INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, sender_address, claim_description, foreign_customers, credits_in_case, rounds_payments)"
	  . " VALUES (:c, :c, 'C', '991-2346', 'Street 1', 'Goods', '$creditor{foreign}', '$creditor{credits_in_case}', false)";
	push @sql, map { 'INSERT INTO reminder.closed_day VALUES (:c, ' . date($_) . ')' } sort keys %{ $creditor{closed_days} };
	my (%rules, @rule, @step, @window);
	for my $no (1, 2, 3)
	{
		my %rule = (
			no => $no, kind => $no == 2 ? 'person' : 'company', general => $no < 3, enabled => 1, version => 1, windows => {}, steps => ladder(),
			collected_by => one('creditor', 'service'), catches_up => chance(0.5), waives_deadline => chance(0.15), opens => one(('automatic') x 14, 'by_hand'),
			residual_above => one(0, 0, 3000, 10000), import_from => chance(0.05) ? $today - 20 : undef,
			branches => chance(0.04) ? ['b'] : undef, trading_names => chance(0.04) ? ['t'] : undef);
		$rules{$no} = \%rule;
		push @rule, "(:c, $no, 'R', '$rule{kind}', " . truth($rule{general}) . ", '$rule{collected_by}', " . truth($rule{catches_up}) . ', ' . truth($rule{waives_deadline}) . ", '$rule{opens}', " . kronor($rule{residual_above})
		  . ', ' . date($rule{import_from}) . ', ' . ($rule{branches} ? "'{b}'" : 'NULL') . ', ' . ($rule{trading_names} ? "'{t}'" : 'NULL') . ', false, false)';
		push @step, map { step_row($no, $rule{steps}{$_}) } sort { $a <=> $b } keys %{ $rule{steps} };
		next unless chance(0.15);
		$rule{windows} = { SEK => [ 10000, 500000 ] };
		push @window, "(:c, $no, 'SEK', 100, 5000)";
		# F5: the service takes the currency of its market alone
		next if $rule{collected_by} eq 'service';
		$rule{windows}{EUR} = [ 1000, 100000 ];
		push @window, "(:c, $no, 'EUR', 10, 1000)";
	}
	push @sql, 'INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, general, collected_by, catches_up, waives_deadline, opens, residual_above, import_from, branches, trading_names, claims_interest, enabled) VALUES ' . join(', ', @rule);
	push @sql, 'INSERT INTO reminder.rule_window VALUES ' . join(', ', @window) if @window;
	push @sql, $into_steps . join(', ', @step);
	# Held against the law once, when they are whole.
	push @sql, 'UPDATE reminder.rule SET enabled = true WHERE creditor_id = :c';
	my %classes = (own => { rule => 3 }, out => { excluded => 1 }, plain => {});
	push @sql, "INSERT INTO reminder.customer_class (creditor_id, class, rule_no, excluded) VALUES (:c, 'own', 3, false), (:c, 'out', NULL, true), (:c, 'plain', NULL, false)";
	push @sql, 'SELECT reminder.activate(:c, confirm => true)';
	return operation(join(" \\;\n", @sql), sub {
			my ($model) = @_;
			# a deep enough copy: a sequence is lived through more than once
			%$model = %{ RuleModel->new(%creditor) };
			$model->{rules} = { map { my $r = $rules{$_}; $_ => { %$r, windows => { %{ $r->{windows} } }, steps => { map { $_ => { %{ $r->{steps}{$_} } } } keys %{ $r->{steps} } } } } keys %rules };
			$model->{classes} = { map { $_ => { %{ $classes{$_} } } } keys %classes };
		}, sub { '00000' });
}

# Much happens to one invoice and its customer, or little would meet.
sub an_invoice
{
	my ($h) = @_;
	$h->{hot} = one(@{ $h->{invoices} }) if !$h->{hot} || chance(0.1);
	return chance(0.5) ? $h->{hot} : one(@{ $h->{invoices} });
}

sub a_customer
{
	my ($h) = @_;
	return $h->{hot} && chance(0.5) ? $h->{customer_of}{ $h->{hot} } : one(@{ $h->{customers} });
}

# What is generated next: $h has the names given so far and today.
my %operations = (
	customer => sub {
		my ($h) = @_;
		my $no = 'K' . ++$h->{n};
		my %c = (kind => one('company', 'company', 'person', 'public'), country => one(undef, undef, 'SE', 'FI'), class => one(undef, undef, undef, 'own', 'out', 'plain'), blocked => chance(0.05), standing => one(('normal') x 60, 'bankrupt', 'estate', 'minor'), ban => 0, consumer_einvoice => 0);
		$c{own_rule} = one(1, 3) if $c{kind} ne 'person' && chance(0.2);
		push @{ $h->{customers} }, $no;
		return operation("INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, class, blocked, standing, own_rule) VALUES (:c, '$no', 'N', '$c{kind}', "
			. quoted($c{country}) . ', ' . quoted($c{class}) . ', ' . truth($c{blocked}) . ", '$c{standing}', " . ($c{own_rule} // 'NULL') . ')',
			sub { $_[0]->add_customer($no, %c) });
	},
	invoice => sub {
		my ($h) = @_;
		my $no = 'F' . ++$h->{n};
		my $due = $h->{today} + int(rand 50) - 38;
		my %i = (
			customer => one(@{ $h->{customers} }), kind => one(('invoice') x 60, 'credit_note', 'interest', 'factored'), due => $due,
			invoice_date => chance(0.05) ? RuleModel::years_later($h->{today}, one(-3, -10)) + int(rand 40) - 5 : $due - 10, currency => one(('SEK') x 14, 'EUR'),
			amount => one(3000, 9999, 10000, 25050, 100000, 100000, 220000, 1200000), fee_by_hand => one((0) x 6, 500), external => chance(0.02), branch => one(undef, 'b', 'x'), trading_name => one(undef, 't', 'x'));
		$i{invoice_date} = $due if $i{invoice_date} > $due;
		push @{ $h->{invoices} }, $no;
		$h->{customer_of}{$no} = $i{customer};
		return operation('INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount, fee_by_hand, external_collection, branch, trading_name) VALUES'
			. " (:c, '$no', '$i{customer}', '$i{kind}', " . date($i{invoice_date}) . ', ' . date($due) . ", '$i{currency}', " . kronor($i{amount}) . ', ' . kronor($i{fee_by_hand}) . ', ' . truth($i{external}) . ', ' . quoted($i{branch}) . ', ' . quoted($i{trading_name}) . ')',
			sub { $_[0]->add_invoice($no, %i) });
	},
	move => sub {
		my ($h) = @_;
		my @nos = map { a_customer($h) } 1 .. one(1, 1, 3);
		my $to = one(1, 2, 3, undef, 'block');
		my $list = join ', ', map { "'$_'" } @nos;
		return operation("SELECT reminder.block_customers(:c, ARRAY[$list])", sub { my ($m) = @_; $m->{customers}{$_}{blocked} = 1 for @nos; $m->reassign; }) if defined $to && $to eq 'block';
		return operation("SELECT reminder.move_customers(:c, ARRAY[$list], " . ($to // 'NULL') . ')',
			sub { my ($m) = @_; @{ $m->{customers}{$_} }{qw(own_rule blocked)} = ($to, 0) for @nos; $m->reassign; },
			sub {
				my ($m) = @_;
				my @wrong = defined $to ? grep { ($m->{customers}{$_}{kind} eq 'person') != ($to == 2) } @nos : ();
				return @wrong ? '22R01' : '00000';
			});
	},
	person => sub {
		my ($h) = @_;
		my $no = a_customer($h);
		my ($column, $field, $value) = @{ one(
			(map { [ 'kind', 'kind', $_ ] } qw(company person public)), (map { [ 'country', 'country', $_ ] } undef, 'NO'), (map { [ 'class', 'class', $_ ] } undef, 'own', 'out', 'plain'),
			(map { [ 'standing', 'standing', $_ ] } qw(normal normal normal bankrupt estate minor)), [ 'collection_ban', 'ban' ], [ 'consumer_einvoice', 'consumer_einvoice' ], [ 'blocked', 'blocked' ]) };
		return operation("UPDATE reminder.customer SET $column = NOT $column WHERE creditor_id = :c AND customer_no = '$no'",
			sub { my ($m) = @_; $m->{customers}{$no}{$field} = !$m->{customers}{$no}{$field}; $m->reassign; }) if $field =~ /^(?:ban|consumer|blocked)/;
		return operation("UPDATE reminder.customer SET $column = " . quoted($value) . " WHERE creditor_id = :c AND customer_no = '$no'",
			sub { my ($m) = @_; $m->{customers}{$no}{$field} = $value; $m->reassign; });
	},
	class => sub {
		my ($class) = one('own', 'plain', 'plain');
		my $rule = one(1, 2, 3, undef);
		return operation("UPDATE reminder.customer_class SET excluded = NOT excluded WHERE creditor_id = :c AND class = '$class'",
			sub { my ($m) = @_; $m->{classes}{$class}{excluded} = !$m->{classes}{$class}{excluded}; $m->reassign; }) if chance(0.3);
		return operation("UPDATE reminder.customer_class SET rule_no = " . ($rule // 'NULL') . " WHERE creditor_id = :c AND class = '$class'",
			sub { my ($m) = @_; $m->{classes}{$class}{rule} = $rule; $m->reassign; });
	},
	foreign => sub {
		my $foreign = one('blocked', 'general');
		return operation("UPDATE reminder.creditor SET foreign_customers = '$foreign' WHERE creditor_id = :c", sub { my ($m) = @_; $m->{foreign} = $foreign; $m->reassign; });
	},
	rule => sub {
		my ($h) = @_;
		my $no = one(1, 2, 3);
		my $flag = one(qw(enabled enabled catches_up catches_up waives_deadline));
		my $day = $h->{today} - one(10, 30);
		my ($by, $opens) = (one('creditor', 'service'), one('automatic', 'by_hand'));
		my ($set, $apply) = @{ one(
			([ "$flag = NOT $flag", sub {
				my ($rule, $m) = @_;
				$rule->{$flag} = !$rule->{$flag};
				$rule->{enabled_after} = $m->{last_run} if $flag eq 'enabled' && $rule->{enabled};
			} ]) x 4,
			[ 'import_from = ' . date($day), sub { $_[0]{import_from} = $day } ], [ 'import_from = NULL', sub { $_[0]{import_from} = undef } ],
			[ "branches = '{b}'", sub { $_[0]{branches} = ['b'] } ], [ 'branches = NULL', sub { $_[0]{branches} = undef } ], [ 'trading_names = NULL', sub { $_[0]{trading_names} = undef } ],
			[ "opens = '$opens'", sub { $_[0]{opens} = $opens } ], [ "collected_by = '$by'", sub { $_[0]{collected_by} = $by } ]) };
		# The description always changes, so that each is a new version.
		return operation("UPDATE reminder.rule SET $set, description = coalesce(description, '') || '.' WHERE creditor_id = :c AND rule_no = $no",
			sub { my ($m) = @_; my $rule = $m->{rules}{$no}; $apply->($rule, $m); $rule->{version}++; });
	},
	window => sub {
		my $no = one(1, 2, 3);
		my $lowest = one(5000, 10000, 30000);
		return operation("DELETE FROM reminder.rule_window WHERE creditor_id = :c AND rule_no = $no RETURNING 1",
			sub { my ($m, @rows) = @_; $m->{rules}{$no}{windows} = {}; $m->{rules}{$no}{version}++ if @rows; }) if chance(0.4);
		return operation("INSERT INTO reminder.rule_window VALUES (:c, $no, 'SEK', " . kronor($lowest) . ', 5000)',
			sub { my ($m) = @_; $m->{rules}{$no}{windows}{SEK} = [ $lowest, 500000 ]; $m->{rules}{$no}{version}++; },
			sub { $_[0]{rules}{$no}{windows}{SEK} ? '23505' : '00000' });
	},
	step => sub {
		my $no = one(1, 2, 3);
		my $stage = one(qw(reminder reminder notice demand demand monitoring));
		my $rung = $base{$stage} + one(1, 1, 1, 2);
		my $step = { %{ step($stage) }, nth => $rung - $base{$stage} };
		my $where = "WHERE creditor_id = :c AND rule_no = $no AND stage = '$stage' AND nth = $step->{nth}";
		return operation("DELETE FROM reminder.rule_step $where RETURNING 1",
			sub { my ($m, @rows) = @_; delete $m->{rules}{$no}{steps}{$rung}; $m->{rules}{$no}{version}++ if @rows; }) if chance(0.25);
		return operation($into_steps . step_row($no, $step), sub { my ($m) = @_; $m->{rules}{$no}{steps}{$rung} = {%$step}; $m->{rules}{$no}{version}++; },
			sub { $_[0]{rules}{$no}{steps}{$rung} ? '23505' : '00000' }) if chance(0.4);
		# wait and term: change terms
		return operation("UPDATE reminder.rule_step SET wait = (wait + 3) % 17, wait_unit = '$step->{wait_unit}', term = $step->{term}, term_unit = '$step->{term_unit}', fee = " . kronor($step->{fee})
			. ', open_at_least = ' . kronor($step->{open_at_least}) . ', approval = ' . truth($step->{approval}) . ', one_letter = ' . truth($step->{one_letter}) . " $where RETURNING wait",
			sub {
				my ($m, $wait) = @_;
				return unless defined $wait;
				$m->{rules}{$no}{steps}{$rung} = { %$step, wait => $wait };
				$m->{rules}{$no}{version}++;
			});
	},
	pay => sub {
		my ($h, $invoice) = @_;
		my $no = 'P' . ++$h->{n};
		my $open = "(SELECT i.open_amount FROM reminder.invoice i WHERE i.creditor_id = :c AND i.invoice_no = '$invoice')";
		my $costs = "coalesce((SELECT k.fees - k.fees_paid - k.fees_waived FROM reminder.collection_case k WHERE k.creditor_id = :c AND k.invoice_no = '$invoice' AND k.ended_on IS NULL), 0)";
		my $amount = one($open, $open, "$open + $costs", "$open + $costs / 2", "$open + $costs + 7", "$open / 2", 25, 50.5, 100);
		my $allocates = one((undef) x 4, 'law', 'principal');
		my $day = $h->{today};
		return operation("INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, reference, paid_on, allocates, amount)"
			. " SELECT :c, '$no', " . (chance(0.2) ? 'NULL' : "'$invoice'") . ", '$invoice', " . date($h->{today}) . ', ' . quoted($allocates) . ", x.amount FROM (SELECT round($amount, 2)) x (amount) WHERE x.amount > 0 RETURNING amount",
			sub { my ($m, $paid) = @_; $m->pay($no, $invoice, $day, cents($paid), $allocates) if defined $paid; });
	},
	bounce => sub {
		my ($h) = @_;
		my $oldest = chance(0.5);
		my $which = "creditor_id = :c AND payment_no = (SELECT p.payment_no FROM reminder.payment p WHERE p.creditor_id = :c AND p.bounced_on IS NULL ORDER BY substr(p.payment_no, 2)::integer " . ($oldest ? 'ASC' : 'DESC') . ' LIMIT 1) RETURNING payment_no';
		return operation((chance(0.5) ? "DELETE FROM reminder.payment WHERE $which" : 'UPDATE reminder.payment SET bounced_on = ' . date($h->{today}) . " WHERE $which"),
			sub { my ($m, $no) = @_; $m->unpay($no) if defined $no; });
	},
	credit => sub {
		my ($h, $invoice) = @_;
		my $no = 'C' . ++$h->{n};
		my $amount = one("(SELECT i.open_amount FROM reminder.invoice i WHERE i.creditor_id = :c AND i.invoice_no = '$invoice')", 25, 100);
		my $kind = one(qw(credit void offset));
		my $tried = one('open', 25, 100);
		my $worth = sub { my ($m) = @_; return $tried eq 'open' ? $m->{invoices}{$invoice}{open} : cents($tried) };
		return operation("INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) SELECT :c, '$no', '$invoice', '$kind', " . date($h->{today}) . ', '
			. ($tried eq 'open' ? "open_amount FROM reminder.invoice WHERE creditor_id = :c AND invoice_no = '$invoice' AND open_amount > 0" : $tried),
			sub { my ($m) = @_; $m->credit($no, $invoice, $worth->($m)) if $worth->($m); },
			sub {
				my ($m) = @_;
				return '00000' unless $worth->($m);
				my $i = $m->{invoices}{$invoice};
				return ['22R03', '23R01'] if $i->{external} || (RuleModel::active($i) && $m->{credits_in_case} ne 'apply');
				return $worth->($m) > $m->{invoices}{$invoice}{open} ? '22R03' : '00000';
			});
	},
	uncredit => sub {
		return operation('DELETE FROM reminder.credit WHERE creditor_id = :c AND credit_no = (SELECT c.credit_no FROM reminder.credit c WHERE c.creditor_id = :c ORDER BY substr(c.credit_no, 2)::integer DESC LIMIT 1) RETURNING credit_no',
			sub { my ($m, $no) = @_; $m->uncredit($no) if defined $no; });
	},
	hold => sub {
		my ($h, $invoice) = @_;
		my ($kind, $until, $from) = (one(qw(dispute promise manual)), one(undef, $h->{today} + one(0, 3, 10)), $h->{today});
		return operation("SELECT reminder.hold(:c, '$invoice', '$kind', " . date($until) . ', ' . date($from) . ')', sub { my ($m) = @_; push @{ $m->{invoices}{$invoice}{holds} }, { kind => $kind, from => $from, until => $until } }, sub { '00000' });
	},
	release => sub {
		my ($h, $invoice) = @_;
		my $day = $h->{today};
		my $stands = sub { my ($m) = @_; return grep { !defined $_->{released} && (!defined $_->{until} || $_->{until} >= $day) } @{ $m->{invoices}{$invoice}{holds} } };
		return operation("SELECT reminder.release(:c, '$invoice', " . date($day) . ')', sub { my ($m) = @_; $_->{released} = $day for $stands->($m) }, sub { $stands->($_[0]) ? '00000' : '55R03' });
	},
	take_out => sub {
		my ($h, $invoice) = @_;
		return operation("SELECT reminder.take_out(:c, '$invoice', " . date($h->{today}) . ')', sub { my ($m) = @_; $m->{invoices}{$invoice}{automation} = 'blocked' }, sub { '00000' });
	},
	put_back => sub {
		my ($h, $invoice) = @_;
		return operation("SELECT reminder.put_back(:c, '$invoice', " . date($h->{today}) . ')', sub { my ($m) = @_; $m->put_back($m->{invoices}{$invoice}) }, sub { '00000' });
	},
	withdraw => sub {
		my ($h, $invoice) = @_;
		my $close = chance(0.3);
		return operation(($close ? 'SELECT reminder.close_case' : 'SELECT reminder.withdraw') . "(:c, '$invoice', 'settled', " . date($h->{today}) . ')',
			sub { my ($m) = @_; $m->end_case($m->{invoices}{$invoice}, $close ? 'closed' : 'withdrawn') },
			sub {
				my ($m) = @_;
				my $case = RuleModel::active($m->{invoices}{$invoice}) or return '55R03';
				return !$close && ($case->{stage} eq 'enforcement' || $m->{customers}{ $m->{invoices}{$invoice}{customer} }{standing} =~ /^(?:bankrupt|estate)$/) ? '55R02' : '00000';
			});
	},
	enforce => sub {
		my ($h, $invoice) = @_;
		my ($back, $day) = (chance(0.3), $h->{today});
		# costs of enforcement have a test of their own
		return operation(($back ? "SELECT reminder.back_to_monitoring(:c, '$invoice', " : "SELECT reminder.hand_to_enforcement(:c, '$invoice', 'U', ") . date($h->{today}) . ($back ? ')' : ', 0)'),
			sub { my ($m) = @_; RuleModel::active($m->{invoices}{$invoice})->{stage} = $back ? 'monitoring' : 'enforcement' },
			sub {
				my ($m) = @_;
				my $case = RuleModel::active($m->{invoices}{$invoice}) or return '55R03';
				# Which of the two is told first is not asked.
				return [ '55R04', '23R03' ] if $m->terms_lacking($day) && $case->{stage} ne 'enforcement';
				return $case->{stage} =~ ($back ? qr/^(?:demand|enforcement)$/ : qr/^(?:demand|monitoring)$/) ? '00000' : '23R03';
			});
	},
	loss => sub {
		my ($h, $invoice) = @_;
		my $no = 'L' . ++$h->{n};
		return operation("INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (:c, '$invoice', '$no', '" . one(qw(doubtful confirmed)) . "', " . date($h->{today}) . ', 10)',
			sub { my ($m) = @_; $m->{invoices}{$invoice}{losses}{$no} = { reversed => 0 } }, sub { RuleModel::in_case($_[0]{invoices}{$invoice}) ? '23R01' : '00000' });
	},
	unlose => sub {
		my ($h, $invoice) = @_;
		return operation('UPDATE reminder.credit_loss SET reversed_on = ' . date($h->{today}) . " WHERE creditor_id = :c AND invoice_no = '$invoice' AND reversed_on IS NULL",
			sub { my ($m) = @_; $_->{reversed} = 1 for values %{ $m->{invoices}{$invoice}{losses} } }, sub { '00000' });
	},
	external => sub {
		my ($h, $invoice) = @_;
		return operation("UPDATE reminder.invoice SET external_collection = NOT external_collection WHERE creditor_id = :c AND invoice_no = '$invoice'",
			sub { my ($m) = @_; $m->{invoices}{$invoice}{external} = !$m->{invoices}{$invoice}{external} },
			sub { my $i = $_[0]{invoices}{$invoice}; return !$i->{external} && RuleModel::loss_booked($i) ? '23R02' : '00000' });
	},
	due => sub {
		my ($h, $invoice) = @_;
		my $days = one(1, 4, 9);
		return operation("UPDATE reminder.invoice SET due_date = due_date + $days WHERE creditor_id = :c AND invoice_no = '$invoice'",
			sub { my ($m) = @_; $m->{invoices}{$invoice}{due} += $days; delete $m->{invoices}{$invoice}{approved}; }, sub { RuleModel::in_case($_[0]{invoices}{$invoice}) ? '23R01' : '00000' });
	},
	amount => sub {
		my ($h, $invoice) = @_;
		return operation("UPDATE reminder.invoice SET amount = amount + 15 WHERE creditor_id = :c AND invoice_no = '$invoice'",
			sub { my ($m) = @_; $m->{invoices}{$invoice}{amount} += 1500; delete $m->{invoices}{$invoice}{approved}; $m->open_more($m->{invoices}{$invoice}, 1500); }, sub { RuleModel::in_case($_[0]{invoices}{$invoice}) ? '23R01' : '00000' });
	},
	branch => sub {
		my ($h, $invoice) = @_;
		return operation("UPDATE reminder.invoice SET branch = 'b', trading_name = 't' WHERE creditor_id = :c AND invoice_no = '$invoice'", sub { my ($m) = @_; @{ $m->{invoices}{$invoice} }{qw(branch trading_name)} = ('b', 't') }, sub { '00000' });
	},
	approve => sub {
		my ($h) = @_;
		my @nos = @{ $h->{invoices} };
		return operation('SELECT a.invoice_no FROM reminder.approve_letters(:c, ARRAY[' . join(', ', map { "'$_'" } @nos) . '], ' . date($h->{today}) . ") a WHERE a.outcome = 'approved' ORDER BY 1", sub {
				my ($m) = @_;
				for my $invoice (map { $m->{invoices}{$_} } @nos)
				{
					next if $invoice->{open} == 0 || !defined $m->{customers}{ $invoice->{customer} }{rule} || $invoice->{passed} == 99;
					my ($rule, $rung) = $m->next_step($invoice);
					$invoice->{approved}{$rung} = [ $rule->{no}, $rule->{version} ] if defined $rung;
				}
			}, sub { '00000' });
	},
	automation => sub {
		my $on = chance(0.75);
		return operation($on ? 'SELECT reminder.activate(:c, confirm => true)' : 'SELECT reminder.deactivate(:c)', sub { $_[0]{automation} = $on },
			sub {
				my ($m) = @_;
				my ($day) = sort { $b <=> $a } grep { defined } $m->{last_run}, map { $_->{accepted} } @{ $m->{terms} };
				return $on && $m->terms_lacking($day // 10**6) ? '55R04' : '00000';
			});
	},
	terms => sub {
		my ($h) = @_;
		my ($no, $day, $from, $needed) = (++$h->{n}, $h->{today}, $h->{today} + one(0, 0, 1, 5), chance(0.6));
		return operation("SELECT reminder.publish_terms(':c', '$no', 'T', " . date($day) . ", 'text', in_force_from => " . date($from) . ', needs_acceptance => ' . truth($needed) . ')',
			sub { push @{ $_[0]{terms} }, { no => $no, from => $from, needed => $needed } },
			sub { my ($m) = @_; return (grep { $_->{from} == $from } @{ $m->{terms} }) ? '23R04' : '00000' });
	},
	# The version in force, or the one that comes last.
	accept => sub {
		my ($h) = @_;
		my $day = $h->{today};
		my $last = chance(0.2);
		return operation("SELECT reminder.accept_terms(v.version, " . date($day) . ", 'Ada', account_id => :c) FROM (SELECT v.version FROM reminder.terms_version v WHERE v.agreement = ':c'"
			. ($last ? '' : ' AND v.in_force_from <= ' . date($day)) . ' ORDER BY v.in_force_from DESC LIMIT 1) v',
			sub {
				my ($m) = @_;
				my ($terms) = sort { $b->{from} <=> $a->{from} } grep { $last || $_->{from} <= $day } @{ $m->{terms} };
				$terms->{accepted} //= $day if $terms;
			}, sub { '00000' });
	},
	# Whoever sends the letters says that they went out.
	confirm => sub {
		my ($h) = @_;
		return operation("SELECT reminder.confirm_letters(coalesce(array_agg(reminder._letter_key(d.creditor_id, d.invoice_no, d.rung, reminder._letter_nth(d.creditor_id, d.invoice_no, d.rung, 0::smallint))), '{}'), " . date($h->{today}) . ", :c) FROM reminder.decision d WHERE d.creditor_id = :c AND d.status = 'queued'",
			sub { my ($m) = @_; $_->{status} eq 'queued' and $_->{status} = 'sent' for map { @{ $_->{letters} } } map { @{ $_->{cases} } } values %{ $m->{invoices} }; }, sub { '00000' });
	},
	# A run for a day before the last one.
	early => sub {
		my ($h) = @_;
		my $day = $h->{today} - 1;
		return operation('CALL reminder.run(' . date($day) . ', :c)', sub { },
			sub { my ($m) = @_; return $m->{automation} && defined $m->{last_run} && $m->{last_run} > $day ? '55R01' : undef })
		  if $h->{ran} && $h->{ran} == $h->{today};
		return;
	},
	run => sub {
		my ($h) = @_;
		$h->{today} += one(0, 1, 1, 1, 2, 3, 5, 8, 12, 15, 20, one(1, 40, 90));
		$h->{ran} = $h->{today};
		my $day = $h->{today};
		return { run => $day, sql => 'CALL reminder.run(' . date($day) . ", :c);\nSELECT * FROM public.found(:c, " . date($day) . ')' };
	});
my @often = ((map { ($_) x 22 } 'run'), (map { ($_) x 2 } 'accept'), (map { ($_) x 5 } qw(invoice move rule step)), (map { ($_) x 3 } qw(pay hold confirm customer)), (map { ($_) x 2 } qw(bounce put_back person approve)), sort keys %operations);

# A sequence: operations, each with the number of its creditor, 0 or 1.
sub sequence
{
	srand($_[0]);
	my $start = one(RuleModel::day(2004, 3, 1) + int(rand 500), RuleModel::day(2013, 1, 15) + int(rand 60), RuleModel::day(2020, 1, 1) + int(rand 2900));
	my (@sequence, @h);
	for my $who (0, 1)
	{
		$h[$who] = { today => $start, n => 0, customers => [], invoices => [] };
		push @sequence, { %{ beginning($start) }, who => $who, needed => 1 };
		push @sequence, map { { %{ $operations{$_}->($h[$who]) }, who => $who } } ('customer') x 3, ('invoice') x 5;
	}
	while (@sequence < 18 + $operations)
	{
		my $who = int rand 2;
		my $operation = $operations{ one(@often) }->($h[$who], an_invoice($h[$who])) or next;
		# Time is the same for both.
		$h[ 1 - $who ]{today} = $h[$who]{today};
		push @sequence, { %$operation, who => $who };
	}
	# What the last of them come to.
	push @sequence, map { { %{ $operations{run}->($h[$_]) }, who => $_ } } 0, 1;
	return \@sequence;
}

# What a run decided against what it should have; the first difference, or nothing.
my %seen;
my $decisions = 0;
sub compare
{
	my ($model, $day, @lines) = @_;
	my $decided = $model->run($day);
	my (%found, %waits, %stands);
	for my $line (@lines)
	{
		my ($what, $no, @rest) = split /\|/, $line;
		return "not decided: $line" if $what eq 'x';
		$found{"$no $rest[0]"} = join '|', @rest if $what eq 'd';
		$waits{$no} = $rest[0] if $what eq 'w';
		if ($what eq 'c')
		{
			my $customer = $model->{customers}{$no};
			my $should = join '|', $customer->{rule} // 0, $customer->{assigned_by};
			return "customer $no is under $rest[0]|$rest[1], should be under $should" if "$rest[0]|$rest[1]" ne $should;
		}
		$stands{$no} = join '|', @rest if $what eq 'i';
	}
	for my $no (sort keys %$decided)
	{
		my $d = $decided->{$no};
		my $key = "$no $d->{rung}";
		$seen{ join ' ', $d->{outcome}, $d->{reason} // () }++;
		$decisions++;
		if ($d->{outcome} eq 'waits')
		{
			return "invoice $no waits for " . ($waits{$no} // 'nothing') . ($found{$key} ? " (decided: $found{$key})" : '') . ", should for $d->{reason} (step date " . date($d->{step_date}) . ')' if ($waits{$no} // '') ne $d->{reason};
			next;
		}
		my $should = join '|', $d->{rung}, $d->{stage}, $d->{outcome}, $d->{reason} // '-', RuleModel::iso($d->{step_date}), defined $d->{deadline} ? RuleModel::iso($d->{deadline}) : '-',
		  defined $d->{fee} ? kronor($d->{fee}) : '-', defined $d->{claimed} ? kronor($d->{claimed}) : '-', kronor($d->{principal}), $d->{rule};
		$found{$key} //= 'no decision' . (defined $waits{$no} ? ", waits for $waits{$no}" : '');
		return "$no on " . RuleModel::iso($day) . ":\n  decided:   $found{$key}\n  should be: $should" if $found{$key} ne $should;
	}
	# And nothing else, but what was decided for that day before.
	$model->{decided}{$day}{"$_ $decided->{$_}{rung}"} = 1 for grep { $decided->{$_}{outcome} ne 'waits' } keys %$decided;
	for my $key (sort keys %found)
	{
		return "$key on " . RuleModel::iso($day) . ":\n  decided:   $found{$key}\n  should be: nothing" unless $model->{decided}{$day}{$key};
	}
	for my $no (sort keys %stands)
	{
		my $invoice = $model->{invoices}{$no};
		my $case = $invoice->{cases}[-1];
		my $should = kronor($invoice->{open});
		$should .= '|' . ($case->{ended} // $case->{stage}) . '|' . kronor(defined $case->{ended} ? 0 : RuleModel::fees($invoice, $case) - $case->{paid}) if $case;
		return "invoice $no is at $stands{$no}, should be at $should" if $stands{$no} ne $should;
	}
	return;
}

# Lives through a sequence with creditors of its own; what went wrong, or nothing.
my $creditor = 0;
my %tally;
sub live
{
	my ($sequence) = @_;
	my @ids = ($creditor + 1, $creditor + 2);
	$creditor += 2;
	my $script = "\\set VERBOSITY sqlstate\n";
	for my $n (0 .. $#$sequence)
	{
		my $sql = $sequence->[$n]{sql};
		$sql =~ s/:c\b/$ids[ $sequence->[$n]{who} ]/g;
		$script .= "$sql;\n\\echo '= $n' :SQLSTATE\n";
	}
	$session->try($script);
	my (@rows, @output, @state);
	for my $line (split /\n/, $session->output)
	{
		if ($line =~ /^= (\d+) (\w+)$/) { $output[$1] = [@rows]; $state[$1] = $2; @rows = (); }
		elsif ($line !~ /^(?:psql:.*)?ERROR:/ && $line ne '') { push @rows, $line; }
	}
	my @model = ({}, {});
	bless $_, 'RuleModel' for @model;
	for my $n (0 .. $#$sequence)
	{
		my ($operation, $state) = ($sequence->[$n], $state[$n] // 'lost');
		my $model = $model[ $operation->{who} ];
		my $expected = $operation->{expect} ? $operation->{expect}->($model) : undef;
		return ($n, "$operation->{sql}\n  comes to $state, should come to " . (ref $expected ? "@$expected" : $expected)) if defined $expected && !grep { $_ eq $state } ref $expected ? @$expected : $expected;
		return ($n, "$operation->{sql}\n  comes to $state") unless $state =~ /^(?:00000|22R0[1-4]|23R0[1-4]|42R01|55R0[1-7]|23503|23505|23514)$/;
		$tally{$state}++;
		if ($operation->{run})
		{
			my $wrong = $state eq '00000' ? compare($model, $operation->{run}, @{ $output[$n] }) : "the run comes to $state";
			return ($n, $wrong) if defined $wrong;
		}
		elsif ($state eq '00000')
		{
			$operation->{apply}->($model, @{ $output[$n] });
		}
	}
	return;
}

# Leaves out of a sequence what it goes wrong without.
sub shape { my ($wrong) = @_; $wrong =~ s/[-0-9.]+/0/g; return $wrong; }
sub shrink
{
	my ($sequence, $n, $wrong) = @_;
	my $who = $sequence->[$n]{who};
	my @left = grep { $_->{who} == $who } @{$sequence}[ 0 .. $n ];
	for (my $i = $#left - 1; $i >= 0; $i--)
	{
		next if $left[$i]{needed};
		my @without = @left[ grep { $_ != $i } 0 .. $#left ];
		# What lacks the customer or invoice that it is about is another thing.
		my ($at, $still) = eval { live(\@without) };
		next unless defined $at && $at == $#without && shape($still) eq shape($wrong);
		@left = @without;
		$wrong = $still;
	}
	return ($wrong, @left);
}

# Two at a time, each with creditors of its own; what came of it as lines for the other end of a pipe.
my $workers = 2;
sub work
{
	my ($worker, $out) = @_;
	my $lived = 0;
	$session = Session->new($node, 'model');
	$session->sql('SET client_min_messages = error');
	$creditor = 1_000_000 * ($worker + 1);
	for (my $n = $first + $worker; $n < $first + $sequences && time - $^T <= $seconds; $n += $workers)
	{
		my $sequence = sequence($seed * 10_000 + $n);
		my ($at, $wrong) = live($sequence);
		if (defined $at)
		{
			($wrong, my @left) = shrink($sequence, $at, $wrong);
			print $out "failed SEED=$seed FIRST=$n SEQUENCES=1\n", map { "failed $_\n" } split /\n/, join "\n", $wrong, map { (my $sql = $_->{sql}) =~ s/:c\b/1/g; $sql =~ s/ \\;/;/g; "$sql;" } @left;
			last;
		}
		$lived++;
	}
	print $out "lived $lived\ndecisions $decisions\n", map({ "seen $_: $seen{$_}\n" } keys %seen), map { "tally $_: $tally{$_}\n" } keys %tally;
	close $out;
	$session->quit;
	return;
}

$session->quit;
my @pipes;
for my $worker (0 .. $workers - 1)
{
	pipe my $in, my $out or die "pipe: $!";
	if (!(my $pid = fork // die "fork: $!"))
	{
		eval { work($worker, $out); 1 } or print $out "failed $@\n";
		close $out;
		POSIX::_exit(0);
	}
	close $out;
	push @pipes, $in;
}
my ($lived, $failed) = (0, '');
(%seen, %tally) = ();
for my $in (@pipes)
{
	while (my $line = <$in>)
	{
		chomp $line;
		my ($what, $rest) = split / /, $line, 2;
		$failed .= "$rest\n" if $what eq 'failed';
		$lived += $rest if $what eq 'lived';
		$decisions += $rest if $what eq 'decisions';
		$seen{$1} += $2 if $what eq 'seen' && $rest =~ /(.*): (\d+)/;
		$tally{$1} += $2 if $what eq 'tally' && $rest =~ /(.*): (\d+)/;
	}
	wait;
}
# Or all this proves little: of the reasons each is met that the operations can bring about.
my %met = map { (split / /)[1] => 1 } grep { / / } keys %seen;
my @unmet = grep { !$met{$_} } qw(credit_note interest_invoice factored already_handled lapsed external_collection withdrawn invoice_blocked rule_disabled outside_automation collection_ban
  bankrupt deceased minor loss_booked disputed on_hold consumer_einvoice due_before_import currency_not_supported amount_below amount_above branch_not_in_rule trading_name_not_in_rule
  open_below_minimum terms_not_accepted opens_by_hand approval_pending);
is("@unmet", '', 'every reason was met') if !$failed && $lived >= 1500;
ok(!$failed, "$lived sequences of $operations operations were decided as they should be") or diag $failed;
note "$decisions decisions; " . join ', ', map { "$_ $seen{$_}" } sort keys %seen;
note join ', ', map { "$_ $tally{$_}" } sort keys %tally;

done_testing();
