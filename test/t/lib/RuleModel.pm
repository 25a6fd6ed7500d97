# RuleModel - what a run should decide, worked out a second time.
#
# One creditor under Swedish law: rules, customers, invoices, money and runs,
# written from the specification (P2, R1 to R9, N1 to N3, B3, B5, F2 to F4, L2, C6)
# and from the order of reasons in doc/reasons.md, and sharing nothing with the
# extension. Days are numbers, money is in öre. It is slow and simple: every
# state is what is known of it, and nothing is kept that can be worked out.
#
#   my $model = RuleModel->new(foreign => 'blocked', …);
#   $model->customer(…); $model->invoice(…);      # what an application writes
#   my $decided = $model->run($day);              # { sent, skipped, entered, waits }
package RuleModel;

use strict;
use warnings;

use List::Util qw(max min);
use POSIX 'strftime';
use Time::Local 'timegm';

my %rung = (reminder => 10, notice => 20, demand => 30, monitoring => 40, enforcement => 50);

# Days, counted from 1970-01-01, which was a Thursday.
sub day { my ($y, $m, $d) = @_; return timegm(0, 0, 0, $d, $m - 1, $y) / 86400; }
sub iso { my ($n) = @_; return strftime('%Y-%m-%d', gmtime($n * 86400)); }
sub from_iso { my ($text) = @_; return day(split /-/, $text); }
sub year { my ($n) = @_; return (gmtime($n * 86400))[5] + 1900; }
sub weekday { my ($n) = @_; return ($n + 3) % 7; }    # 0 is Monday

# The same day, so many years later; 29 February becomes 1 March.
sub years_later
{
	my ($n, $years) = @_;
	my (undef, undef, undef, $d, $m, $y) = gmtime($n * 86400);
	$y += 1900 + $years;
	return $m == 1 && $d == 29 && ($y % 4 || ($y % 100 == 0 && $y % 400)) ? day($y, 3, 1) : day($y, $m + 1, $d);
}

# Easter Sunday, by the ecclesiastical moon: the Sunday after the full moon of
# the year's golden number.
sub easter
{
	my ($y) = @_;
	my $century = int($y / 100) + 1;
	my $golden = $y % 19 + 1;
	my $epact = (11 * $golden + 20 + int((8 * $century + 5) / 25) - 5 - (int(3 * $century / 4) - 12)) % 30;
	$epact++ if $epact == 24 || ($epact == 25 && $golden > 11);
	my $moon = 44 - $epact;
	$moon += 30 if $moon < 21;
	my $full = day($y, 3, 1) + $moon - 1;
	return $full + 7 - ($full + 4) % 7;
}

# L7: the days on which Swedish banks are closed besides weekends. Lag 1989:253
# with Midsummer's, Christmas and New Year's Eve; 6 June since 2005, before
# which it was Whit Monday.
my %closed_in;
sub closed
{
	my ($n) = @_;
	my $y = year($n);
	if (!$closed_in{$y})
	{
		my $easter = easter($y);
		my ($midsummer) = grep { weekday($_) == 4 } map { day($y, 6, $_) } 19 .. 25;
		$closed_in{$y} = { map { $_ => 1 } day($y, 1, 1), day($y, 1, 6), day($y, 5, 1), day($y, 12, 24), day($y, 12, 25), day($y, 12, 26), day($y, 12, 31),
			$easter - 2, $easter + 1, $easter + 39, $midsummer, $y < 2005 ? $easter + 50 : day($y, 6, 6) };
	}
	return weekday($n) > 4 || $closed_in{$y}{$n};
}

sub new
{
	my ($class, %creditor) = @_;
	return bless { %creditor, automation => 1, last_run => undef, terms => [], classes => {}, rules => {}, customers => {}, invoices => {}, payments => {}, credits => {} }, $class;
}

sub is_bank_day { my ($self, $n) = @_; return !closed($n) && !$self->{closed_days}{$n}; }

sub next_bank_day
{
	my ($self, $n) = @_;
	$n++ until $self->is_bank_day($n);
	return $n;
}

sub later
{
	my ($self, $n, $count, $unit) = @_;
	return $n + $count if $unit eq 'day';
	$n = $self->next_bank_day($n + 1) for 1 .. $count;
	return $n;
}

# R3: the rule of a customer, and why.
sub rule_of
{
	my ($self, $customer) = @_;
	my $kind = $customer->{kind} eq 'person' ? 'person' : 'company';
	my $class = defined $customer->{class} ? $self->{classes}{ $customer->{class} } : undef;
	my $foreign = defined $customer->{country} && $customer->{country} ne 'SE';
	return (undef, 'blocked') if $customer->{blocked};
	return ($customer->{own_rule}, 'own') if defined $customer->{own_rule};
	return (undef, 'class_excluded') if $class && $class->{excluded};
	return ($class->{rule}, 'class') if $class && defined $class->{rule} && $self->{rules}{ $class->{rule} }{kind} eq $kind;
	return (undef, 'foreign') if $foreign && $self->{foreign} eq 'blocked';
	my ($general) = grep { $self->{rules}{$_}{general} && $self->{rules}{$_}{kind} eq $kind } sort keys %{ $self->{rules} };
	return defined $general ? ($general, 'general') : (undef, 'no_rule');
}

# Whoever comes under another rule was outside it until the latest run (R9).
sub reassign
{
	my ($self) = @_;
	for my $no (keys %{ $self->{customers} })
	{
		my $customer = $self->{customers}{$no};
		my $kind = $customer->{kind} eq 'person' ? 'person' : 'company';
		# Its own assignment is to a rule of its kind.
		$customer->{own_rule} = undef if defined $customer->{own_rule} && $self->{rules}{ $customer->{own_rule} }{kind} ne $kind;
		my ($rule, $why) = $self->rule_of($customer);
		if (($rule // 0) != ($customer->{rule} // 0))
		{
			$customer->{moved_after} = $self->{last_run};
			@{$_}{qw(outside_until left_due)} = ($self->{last_run}, 0) for grep { $_->{customer} eq $no } values %{ $self->{invoices} };
		}
		@{$customer}{qw(rule assigned_by)} = ($rule, $why);
	}
	return;
}

sub add_customer
{
	my ($self, $no, %customer) = @_;
	my $customer = $self->{customers}{$no} = {%customer};
	@{$customer}{qw(rule assigned_by)} = $self->rule_of($customer);
	return;
}

sub add_invoice
{
	my ($self, $no, %invoice) = @_;
	$self->{invoices}{$no} = { %invoice, no => $no, open => $invoice{amount}, automation => 'on', passed => 0, charged => 0, holds => [], losses => {}, cases => [] };
	return;
}

sub active { my ($invoice) = @_; my $case = $invoice->{cases}[-1]; return $case && !defined $case->{ended} ? $case : undef; }
sub in_case { my ($invoice) = @_; return active($invoice) || $invoice->{external}; }
sub loss_booked { my ($invoice) = @_; return scalar grep { !$_->{reversed} } values %{ $invoice->{losses} }; }

# F3: the fees that the letters of a case claim: one of an own rule takes the
# place of what was claimed before, one of the service is added. Never less than
# is paid.
sub fees
{
	my ($invoice, $case) = @_;
	my $fees = $invoice->{fee_by_hand};
	for my $letter (grep { defined $_->{fee} && $_->{status} ne 'cancelled' } @{ $case->{letters} })
	{
		$fees = $letter->{fee} + ($letter->{by} eq 'service' ? $fees : 0);
	}
	return max($fees, $case->{paid});
}

# C6, B9: the principal is settled, or the costs that were left are paid.
sub settle
{
	my ($self, $invoice, $how) = @_;
	my $case = active($invoice);
	return if $invoice->{open} > 0 || !$case;
	$_->{status} = 'cancelled' for grep { $_->{status} eq 'queued' } @{ $case->{letters} };
	$case->{ended} = $how if $how eq 'credited' || fees($invoice, $case) - $case->{paid} <= $self->{rules}{ $case->{rule} }{residual_above};
	return;
}

# More is open of an invoice. One that was settled comes to its place anew: of
# whether it was outside the rule, what is known is when its customer was moved.
sub open_more
{
	my ($self, $invoice, $amount) = @_;
	@{$invoice}{qw(outside_until left_due)} = ($self->{customers}{ $invoice->{customer} }{moved_after}, 0) if $invoice->{open} == 0 && $amount > 0;
	$invoice->{open} += $amount;
	return;
}

# B5: it is open again, and its case is where it was. The fee of a letter that
# never went out is owed by nobody, though it was paid.
sub reopen
{
	my ($self, $invoice) = @_;
	my $case = $invoice->{cases}[-1];
	return if !$case || !defined $case->{ended} || $case->{ended} !~ /^(?:paid|credited)$/ || loss_booked($invoice);
	$case->{ended} = undef
	  if $invoice->{open} > 0 || fees($invoice, $case) - $case->{paid} > $self->{rules}{ $case->{rule} }{residual_above};
	return;
}

# L8 in Sweden: what is not more than the open principal is meant for it; else
# costs come first.
sub pay
{
	my ($self, $no, $invoice_no, $day, $amount, $allocates) = @_;
	my $invoice = $self->{invoices}{$invoice_no};
	my $case = active($invoice);
	my $open = $invoice->{open};
	my $costs = $case ? fees($invoice, $case) - $case->{paid} : 0;
	my $principal_first = defined $allocates ? $allocates eq 'principal' : $amount <= $open;
	my $principal = $principal_first ? min($amount, $open) : min($open, $amount - min($amount, $costs));
	my $fee = min($costs, $amount - $principal);
	$invoice->{open} -= $principal;
	$case->{paid} += $fee if $case;
	$self->{payments}{$no} = { invoice => $invoice_no, date => $day, amount => $amount, principal => $principal, fee => $fee, case => $case };
	$self->settle($invoice, 'paid');
	return;
}

sub unpay
{
	my ($self, $no) = @_;
	my $payment = delete $self->{payments}{$no};
	my $invoice = $self->{invoices}{ $payment->{invoice} };
	$self->open_more($invoice, $payment->{principal});
	$payment->{case}{paid} -= $payment->{fee} if $payment->{case};
	$self->reopen($invoice) if $payment->{principal} + $payment->{fee} > 0;
	return;
}

sub credit
{
	my ($self, $no, $invoice_no, $amount) = @_;
	my $invoice = $self->{invoices}{$invoice_no};
	$self->{credits}{$no} = { invoice => $invoice_no, amount => $amount };
	$invoice->{open} -= $amount;
	$self->settle($invoice, 'credited');
	return;
}

sub uncredit
{
	my ($self, $no) = @_;
	my $credit = delete $self->{credits}{$no};
	my $invoice = $self->{invoices}{ $credit->{invoice} };
	$self->open_more($invoice, $credit->{amount});
	$self->reopen($invoice);
	return;
}

# C4: the case ends unpaid, and the invoice is out of automation.
sub end_case
{
	my ($self, $invoice, $how) = @_;
	my $case = active($invoice);
	$_->{status} = 'cancelled' for grep { $_->{status} eq 'queued' } @{ $case->{letters} };
	$case->{ended} = $how;
	$invoice->{automation} = $how;
	return;
}

# R6
sub put_back
{
	my ($self, $invoice) = @_;
	@{$invoice}{qw(outside_until left_due)} = ($self->{last_run}, 0) if $invoice->{automation} ne 'on';
	$invoice->{automation} = 'on';
	return;
}

# P2: the latest terms that need to be accepted wait for that: neither they nor
# later ones are.
sub terms_lacking
{
	my ($self, $as_of) = @_;
	my @known = sort { $a->{from} <=> $b->{from} } grep { $_->{from} <= $as_of } @{ $self->{terms} };
	my ($needed) = grep { $known[$_]{needed} } reverse 0 .. $#known;
	return defined $needed && !grep { defined $_->{accepted} && $_->{accepted} <= $as_of } @known[ $needed .. $#known ];
}

# The step before an invoice, and the day it comes due (R2, R8, R9, B3).
sub next_step
{
	my ($self, $invoice) = @_;
	my $rule = $self->{rules}{ $self->{customers}{ $invoice->{customer} }{rule} };
	my ($rung) = grep { $_ > $invoice->{passed} } sort { $a <=> $b } keys %{ $rule->{steps} };
	return unless defined $rung;
	my $step = $rule->{steps}{$rung};
	my $last = $invoice->{last};
	# A due date on a closed day counts from the next bank day, and nobody is late on it.
	my $due = $self->next_bank_day($invoice->{due});
	return ($rule, $rung, $step, max($due + 1, $self->later($due, $step->{wait}, $step->{wait_unit}))) unless $last;
	my $day = $self->later($last->{date}, $step->{wait}, $step->{wait_unit});
	return ($rule, $rung, $step, max($day, $last->{run} + 1, $rule->{waives_deadline} || !defined $last->{deadline} ? 0 : $last->{deadline} + 1));
}

# L9: ten years from the invoice, three for consumers, and anew from each letter
# that is known to have gone out, and payment, that came in time.
sub lapsed
{
	my ($self, $invoice, $as_of) = @_;
	my $years = $self->{customers}{ $invoice->{customer} }{kind} eq 'person' ? 3 : 10;
	my @payments = grep { $_->{invoice} eq $invoice->{no} } values %{ $self->{payments} };
	my @letters = grep { $_->{status} eq 'sent' } map { @{ $_->{letters} } } @{ $invoice->{cases} };
	my $since = $invoice->{invoice_date};
	for my $day (sort { $a <=> $b } map { $_->{date} } @payments, @letters)
	{
		$since = $day if $day <= years_later($since, $years);
	}
	return $as_of > years_later($since, $years);
}

# N2: why a step is not taken, the first reason of doc/reasons.md that holds.
sub reason
{
	my ($self, $invoice, $rule, $rung, $step, $step_date, $as_of) = @_;
	my $customer = $self->{customers}{ $invoice->{customer} };
	my $case = active($invoice);
	my @holds = grep { $_->{from} <= $as_of && (!defined $_->{until} || $_->{until} >= $as_of) && (!defined $_->{released} || $_->{released} > $as_of) } @{ $invoice->{holds} };
	# What a run left due for the operator's own trouble was not outside its rule.
	my $outside = $invoice->{left_due} ? -1 : max($invoice->{outside_until} // -1, $rule->{enabled_after} // -1);
	my %windows = %{ $rule->{windows} };
	my $window = %windows ? $windows{ $invoice->{currency} } : $invoice->{currency} eq 'SEK' ? [ 0, 10**14 ] : undef;
	return 'credit_note' if $invoice->{kind} eq 'credit_note';
	return 'interest_invoice' if $invoice->{kind} eq 'interest';
	return 'factored' if $invoice->{kind} eq 'factored';
	return 'already_handled' if $case && $rung{ $case->{stage} } >= $rung;
	return 'lapsed' if $self->lapsed($invoice, $as_of);
	return 'external_collection' if $invoice->{external};
	return $invoice->{automation} if $invoice->{automation} =~ /^(?:withdrawn|closed)$/;
	return 'invoice_blocked' if $invoice->{automation} eq 'blocked';
	return 'rule_disabled' if !$rule->{enabled};
	return 'outside_automation' if !$rule->{catches_up} && $step_date <= $outside;
	return 'collection_ban' if $customer->{ban};
	return { bankrupt => 'bankrupt', estate => 'deceased', minor => 'minor' }->{ $customer->{standing} } if $customer->{standing} ne 'normal';
	return 'loss_booked' if loss_booked($invoice);
	return 'disputed' if grep { $_->{kind} eq 'dispute' } @holds;
	return 'on_hold' if @holds;
	return 'consumer_einvoice' if $customer->{consumer_einvoice} && $rung < $rung{monitoring};
	return 'due_before_import' if defined $rule->{import_from} && $invoice->{due} < $rule->{import_from};
	return 'currency_not_supported' if !$window;
	return 'amount_below' if $invoice->{amount} < $window->[0];
	return 'amount_above' if $invoice->{amount} > $window->[1];
	return 'branch_not_in_rule' if $rule->{branches} && !grep { defined $invoice->{branch} && $_ eq $invoice->{branch} } @{ $rule->{branches} };
	return 'trading_name_not_in_rule' if $rule->{trading_names} && !grep { defined $invoice->{trading_name} && $_ eq $invoice->{trading_name} } @{ $rule->{trading_names} };
	return 'open_below_minimum' if $invoice->{open} < $step->{open_at_least};
	return 'terms_not_accepted' if $self->terms_lacking($as_of);
	return 'opens_by_hand' if $rule->{opens} eq 'by_hand' && !$case;
	my $approved = $invoice->{approved}{$rung};
	return 'approval_pending' if $step->{approval} && !($approved && $approved->[0] == $rule->{no} && $approved->[1] == $rule->{version});
	return;
}

# N3: whether a reason closes the step for good.
my %final = map { $_ => 1 } qw(credit_note interest_invoice factored already_handled lapsed outside_automation);
my %own_trouble = map { $_ => 1 } qw(terms_not_accepted opens_by_hand approval_pending);
sub closes { my ($rule, $reason) = @_; return $final{$reason} || (!$rule->{catches_up} && !$own_trouble{$reason}); }

# F4, L2: the fee of a letter: the rule's, no more than the law's of the day;
# one reminder or notice may carry one.
sub fee
{
	my ($self, $invoice, $rung, $step, $as_of) = @_;
	my $early = $as_of < day(2013, 3, 16);
	return unless defined $step->{fee};
	return min($step->{fee}, $early ? 16000 : 18000) if $rung >= $rung{demand};
	return $invoice->{charged} ? undef : min($step->{fee}, $early ? 5000 : 6000);
}

# B6: whether the customer's one letter of a step and day has its fee already, in
# the invoice's currency and from its sender.
sub charged_today
{
	my ($self, $invoice, $rung, $as_of) = @_;
	my $of = sub { return join '|', @{ $_[0] }{qw(customer currency)}, $_[0]{trading_name} // '' };
	return scalar grep { $_->{one_letter} && $_->{rung} == $rung && $_->{date} == $as_of && defined $_->{fee} && $_->{status} =~ /^(?:queued|sent)$/ }
	  map { @{ $_->{letters} } } map { @{ $_->{cases} } } grep { $of->($_) eq $of->($invoice) } values %{ $self->{invoices} };
}

# Takes a step: gives the letter, or the stage entered without one.
sub take
{
	my ($self, $invoice, $rule, $rung, $step, $as_of) = @_;
	my $case = active($invoice);
	push @{ $invoice->{cases} }, $case = { rule => $rule->{no}, letters => [], paid => 0 } unless $case;
	# Under whose rule it is now: what is left of costs is that rule's to pursue (B9).
	@{$case}{qw(stage rule)} = ($step->{stage}, $rule->{no});
	return { outcome => 'entered' } if $step->{stage} eq 'monitoring';
	my $fee = $self->fee($invoice, $rung, $step, $as_of);
	$fee = undef if $step->{one_letter} && $self->charged_today($invoice, $rung, $as_of);
	# F2
	my $deadline = $self->next_bank_day($self->later($as_of, $step->{term}, $step->{term_unit}));
	$invoice->{charged}++ if defined $fee && $rung < $rung{demand};
	push @{ $case->{letters} }, { fee => $fee, by => $rule->{collected_by}, status => 'queued', date => $as_of, rung => $rung, one_letter => $step->{one_letter} };
	return { outcome => 'sent', deadline => $deadline, fee => $fee, claimed => fees($invoice, $case) - $case->{paid} };
}

# N1: what a run decides, by invoice.
sub run
{
	my ($self, $as_of) = @_;
	my %decided;
	return \%decided unless $self->{automation};
	# the oldest first: where a customer gets one letter, the fee is on it (B6)
	for my $no (sort { $self->{invoices}{$a}{due} <=> $self->{invoices}{$b}{due} || $a cmp $b } keys %{ $self->{invoices} })
	{
		my $invoice = $self->{invoices}{$no};
		next if $invoice->{open} == 0 || $invoice->{passed} == 99 || !defined $self->{customers}{ $invoice->{customer} }{rule};
		my ($rule, $rung, $step, $step_date) = $self->next_step($invoice);
		next if !defined $rung || $step_date > $as_of;
		my $reason = $self->reason($invoice, $rule, $rung, $step, $step_date, $as_of);
		my %decision = (stage => $step->{stage}, rung => $rung, step_date => $step_date, reason => $reason, principal => $invoice->{open}, rule => $rule->{no});
		if (!defined $reason)
		{
			%decision = (%decision, %{ $self->take($invoice, $rule, $rung, $step, $as_of) });
			$invoice->{last} = { date => $as_of, run => $as_of, deadline => $decision{deadline} };
		}
		elsif (closes($rule, $reason))
		{
			$decision{outcome} = 'skipped';
			$invoice->{last} = { date => $step_date, run => $as_of };
		}
		else
		{
			$decision{outcome} = 'waits';
		}
		# What is no invoice to be reminded of has no further steps.
		$invoice->{left_due} = $decision{outcome} eq 'waits' && $own_trouble{ $decision{reason} };
		$invoice->{passed} = $invoice->{kind} ne 'invoice' ? 99 : $rung if $decision{outcome} ne 'waits';
		$decided{$no} = \%decision;
	}
	$self->{last_run} = $as_of;
	return \%decided;
}

1;
