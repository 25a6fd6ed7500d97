# Year - a year of business, in words of no application.
#
#   my $year = Year->new('shop', customers => 300, invoices => 1500);
#   for my $day ($year->days) {
#     for my $event ($year->day($day)) {      # { what => 'issue', invoice => … }
#       $year->took($event);                  # it was not refused
#     }
#     $year->reminded($invoice, $to_pay, $day);
#   }
#
# The same name gives the same year. Amounts are in hundredths, days count from
# 1970. What is paid of an invoice, and whether that is all, is the application's
# to say: see Application, which gives $year->{books}.
package Year;

use strict;
use warnings;

use Digest::MD5 'md5_hex';
use List::Util qw(max min sum0);
use POSIX 'strftime';
use Time::Local 'timegm';

our $first = timegm(0, 0, 0, 1, 4, 2024) / 86400;
our $opens = timegm(0, 0, 0, 1, 6, 2024) / 86400;
our $last = timegm(0, 0, 0, 30, 5, 2025) / 86400;

sub date { my ($day) = @_; return strftime('%Y-%m-%d', gmtime(86400 * $day)); }

# A number below $below that follows from what it is for.
sub chance
{
	my ($self, $below, @what) = @_;
	return hex(substr md5_hex(join '/', $self->{name}, @what), 0, 7) % $below;
}

sub new
{
	my ($class, $name, %options) = @_;
	my $self = bless { name => $name, books => $options{books}, customers => [], invoices => [], agenda => {}, count => 0 }, $class;
	my $span = $last - $first - 20;
	push @{ $self->{agenda}{ $first + ($_ > $options{customers} * 0.8 ? int($span * $self->chance(1000, 'signs up', $_) / 1000) : 0) } }, { what => 'customer', n => $_ }
	  for 1 .. $options{customers};
	for my $n (1 .. $options{invoices})
	{
		push @{ $self->{agenda}{ $first + 1 + int($span * $n / $options{invoices}) } }, { what => 'draft', n => $n };
	}
	return $self;
}

sub days { return $first .. $last; }

sub later { my ($self, $day, $event) = @_; push @{ $self->{agenda}{$day} }, $event if $day <= $last; return; }

# What happens on a day, in order; each is to be taken or refused before the next is asked for.
sub day
{
	my ($self, $day, $do) = @_;
	# what is on the agenda may put something more on it
	while (my $event = shift @{ $self->{agenda}{$day} // [] })
	{
		$event->{day} = $day;
		$self->happens($event, $do);
	}
	for my $event ($self->by_chance($day))
	{
		$event->{day} = $day;
		$self->happens($event, $do);
	}
	return;
}

sub happens
{
	my ($self, $event, $do) = @_;
	my $prepare = $self->can("prepare_$event->{what}");
	$do->($event) if !$prepare || $self->$prepare($event);
	return;
}

my @names = ('Berg & Söner', "O'Neill", 'Virtanen', 'Dahl', 'Nordbygg', 'Hansen', 'Åkesson', 'Korhonen', 'Lund');

# One that signs up; or "of", which has changed.
sub prepare_customer
{
	my ($self, $event) = @_;
	my $books = $self->{books};
	my $old = $event->{of};
	my $n = $old ? $old->{n} : $event->{n};
	my $creditor = $books->creditor($n);
	if (!$old)
	{
		my $kind = $self->chance(10, 'kind', $n);
		$event->{customer} = { n => $n, creditor => $creditor, street => "Street $n", stopped => 0,
			kind => $kind < 5 ? 'company' : $kind == 9 && $books->has_public ? 'public' : 'person',
			name => "$names[ $self->chance(9, 'name', $n) ] $n",
			country => $self->chance(12, 'land', $n) ? $books->country($creditor) : 'DE' };
		return 1;
	}
	my $what = $self->chance(10, 'changes what', $n, $event->{day});
	my %to = %$old;
	$to{street} = "Avenue $event->{day}" if $what < 3;
	$to{name} = "$names[ $self->chance(9, 'new name', $n, $event->{day}) ] $n" if $what == 3 || $what == 4;
	$to{kind} = $old->{kind} eq 'person' ? 'company' : 'person' if $what == 5 || $what == 6;
	$to{country} = $old->{country} eq 'DE' ? $books->country($creditor) : 'DE' if $what == 7;
	$to{stopped} = 1 - $old->{stopped} if $what > 7;
	$event->{customer} = \%to;
	return 1;
}

sub prepare_draft
{
	my ($self, $event) = @_;
	my $n = $event->{n};
	my @there = grep { !$_->{stopped} || $self->chance(2, 'still buys', $n) } @{ $self->{customers} };
	my $customer = $there[ $self->chance(scalar @there, 'buyer', $n) ];
	my $size = $self->chance(100, 'size', $n);
	$event->{invoice} = { n => $n, number => sprintf('%s%05d', uc substr($self->{name}, 0, 1), $n), customer => $customer, state => 'new',
		total => 1000 + $self->chance($size < 20 ? 30_000 : $size < 90 ? 800_000 : 9_000_000, 'amount', $n),
		term => (10, 20, 30, 30)[ $self->chance(4, 'term', $n) ], payments => [], credits => [], losses => [] };
	return 1;
}

sub prepare_issue { my ($self, $event) = @_; return $event->{invoice}{state} eq 'draft'; }
sub prepare_discard { my ($self, $event) = @_; return $event->{invoice}{state} eq 'draft'; }

# What is owed of an invoice that can be paid.
sub owed
{
	my ($self, $invoice) = @_;
	return 0 if $invoice->{state} ne 'issued' || grep { !$_->{recovered} } @{ $invoice->{losses} };
	return max(0, $invoice->{total} - $self->{books}->settled($invoice));
}

sub prepare_pay
{
	my ($self, $event) = @_;
	my $invoice = $event->{invoice};
	my $owed = $self->owed($invoice);
	return 0 unless $owed || ($event->{twice} && $invoice->{state} eq 'issued');
	my $amount = $event->{part} ? max(1, int($owed * $event->{part} / 100)) : $event->{to_pay} // $owed + ($event->{over} // 0);
	$amount = $invoice->{total} if $event->{twice};
	my %payment = (n => ++$self->{count}, invoice => $invoice, customer => $invoice->{customer}, day => $event->{day}, amount => $amount, by => $self->chance(20, 'by', $self->{count}) ? 'transfer' : 'collector');
	$payment{principal} = min($amount, $owed);
	$payment{costs} = $event->{to_pay} ? $amount - $payment{principal} : 0;
	$payment{over} = $amount - $payment{principal} - $payment{costs};
	$payment{key} = "R$payment{n}";
	$event->{payment} = \%payment;
	$self->later($event->{day} + 3 + $self->chance(15, 'goes back', $payment{n}), { what => 'bounce', payment => \%payment }) if $self->chance(100, 'bounces', $payment{n}) < 4;
	$self->later($event->{day} + 1 + $self->chance(4, 'typo', $payment{n}), { what => 'correct_payment', payment => \%payment, amount => $self->chance(3, 'never', $payment{n}) ? 1 + int($amount / 10) : 0 })
	  if !$event->{to_pay} && !$payment{over} && $self->chance(100, 'typed', $payment{n}) < 3;
	return 1;
}

# Nothing but principal is corrected, and nothing twice.
sub prepare_correct_payment
{
	my ($self, $event) = @_;
	my $payment = $event->{payment};
	return $payment->{taken} && !$payment->{bounced} && !$payment->{gone} && $payment->{amount} > $event->{amount} && $self->{books}->can_take_back($payment);
}

sub prepare_bounce
{
	my ($self, $event) = @_;
	my $payment = $event->{payment};
	return $payment->{taken} && !$payment->{bounced} && !$payment->{gone} && !$payment->{reconciled} && $self->{books}->can_take_back($payment);
}

sub prepare_reconcile
{
	my ($self, $event) = @_;
	my $owed = $self->owed($event->{invoice});
	my $payment = $event->{payment};
	return 0 unless $owed && $payment->{taken} && $payment->{over} && !$payment->{bounced} && !$payment->{gone} && $event->{invoice}{customer} == $payment->{customer};
	$event->{amount} = min($owed, $payment->{over});
	return 1;
}

# When an invoice is issued its customer knows when to pay it, and whether.
sub will_pay
{
	my ($self, $invoice) = @_;
	my $n = $invoice->{n};
	my $due = $invoice->{due};
	my $way = $self->chance(100, 'way', $n);
	my $pay = sub { my ($day, @how) = @_; $self->later(max($day, $invoice->{issued} + 1), { what => 'pay', invoice => $invoice, @how }); };
	if ($way < 48) { $pay->($due - $self->chance(8, 'early', $n)); }
	elsif ($way < 65) { $pay->($due + 1 + $self->chance(30, 'late', $n)); }
	elsif ($way < 74)
	{
		$pay->($due - 3 + $self->chance(15, 'first part', $n), part => 20 + $self->chance(60, 'part', $n));
		$pay->($due + 12 + $self->chance(30, 'second part', $n)) if $way < 72;
	}
	elsif ($way < 85) { $invoice->{pays_letters} = 1 + $self->chance(2, 'which letter', $n); }
	elsif ($way < 88) { $pay->($due, over => 100 + $self->chance(20_000, 'over', $n)); }
	elsif ($way < 90) { $pay->($due - 2); $pay->($due + 4, twice => 1); }
	return;
}

# A letter has reached the customer.
sub reminded
{
	my ($self, $invoice, $to_pay, $day) = @_;
	return unless $invoice->{pays_letters} && ++$invoice->{letters} == $invoice->{pays_letters};
	$self->later($day + 2 + $self->chance(12, 'by letter', $invoice->{n}), { what => 'pay', invoice => $invoice, to_pay => $to_pay });
	return;
}

# What nobody had planned.
sub by_chance
{
	my ($self, $day) = @_;
	my @events;
	my $customers = $self->{customers};
	push @events, { what => 'customer', of => $customers->[ $self->chance(scalar @$customers, 'who', $day) ] } if @$customers && !$self->chance(2, 'changes', $day);
	for my $invoice (grep { $_->{state} eq 'issued' } @{ $self->{invoices} })
	{
		my $n = $invoice->{n};
		my $lost = grep { !$_->{recovered} } @{ $invoice->{losses} };
		my $owed = $self->owed($invoice);
		next unless $owed || $lost;
		my $what = $self->chance(10_000, 'what', $n, $day);
		if ($lost)
		{
			push @events, { what => 'recover', invoice => $invoice } if $what < 60;
			next;
		}
		my $untouched = $owed == $invoice->{total} && !@{ $invoice->{payments} } && !@{ $invoice->{credits} } && !@{ $invoice->{losses} };
		push @events, { what => 'credit', invoice => $invoice, amount => $what < 6 ? $owed : 1 + int($owed / 3), key => "C$n-$day" } if $what < 18;
		push @events, { what => 'void', invoice => $invoice } if $what >= 18 && $what < 24 && $self->{books}->can_void;
		push @events, { what => 'change', invoice => $invoice, amount => $invoice->{total} + 100 + $self->chance(10_000, 'new total', $n) } if $untouched && $what >= 24 && $what < 34;
		push @events, { what => 'postpone', invoice => $invoice, due => $invoice->{due} + 10 } if $what >= 34 && $what < 42;
		push @events, { what => 'rebill', invoice => $invoice, customer => $self->another($invoice, $day) } if $untouched && $what >= 42 && $what < 54;
		push @events, { what => 'remove', invoice => $invoice } if $untouched && $what >= 54 && $what < 66;
		push @events, { what => 'look', invoice => $invoice } if $what >= 66 && $what < 106;
		push @events, { what => 'hold', invoice => $invoice, until => $self->chance(2, 'until', $n, $day) ? $day + 20 : undef } if $what >= 166 && $what < 176;
		push @events, { what => 'release', invoice => $invoice } if $invoice->{held} && $what >= 176 && $what < 576;
		push @events, { what => 'write_off', invoice => $invoice, key => "L$n-$day" } if $day > $invoice->{due} + 20 && $what >= 600 && $what < 660;
		push @events, { what => 'withdraw', invoice => $invoice } if $day > $invoice->{due} + 30 && $what >= 660 && $what < 720;
		next unless $what >= 720 && $what < 1500 && $day > $opens && $self->{books}->can_reconcile;
		push @events, { what => 'reconcile', invoice => $invoice, payment => $_ } for @{ $invoice->{customer}{on_account} // [] };
	}
	return @events;
}

# Another customer of the same creditor.
sub another
{
	my ($self, $invoice, $day) = @_;
	my @others = grep { $_->{creditor} == $invoice->{customer}{creditor} && $_ != $invoice->{customer} } @{ $self->{customers} };
	return $others[ $self->chance(scalar @others, 'rebilled', $invoice->{n}, $day) ];
}

# An event that was not refused: what it makes of the year.
sub took
{
	my ($self, $event) = @_;
	my $invoice = $event->{invoice};
	my $payment = $event->{payment};
	my $day = $event->{day};
	my %does = (
		customer => sub {
			my $to = $event->{customer};
			if ($event->{of}) { $event->{of}{$_} = $to->{$_} for qw(name kind country street stopped); }
			else { push @{ $self->{customers} }, $to; }
		},
		draft => sub {
			$invoice->{state} = 'draft';
			push @{ $self->{invoices} }, $invoice;
			my $wait = $self->chance(10, 'waits', $invoice->{n});
			my $what = $self->chance(60, 'discarded', $invoice->{n}) ? 'issue' : 'discard';
			$self->later($day + ($wait < 7 ? 0 : $wait - 6), { what => $what, invoice => $invoice });
		},
		issue => sub {
			@$invoice{qw(state issued due)} = ('issued', $day, $day + $invoice->{term});
			$self->will_pay($invoice);
		},
		discard => sub { $invoice->{state} = 'discarded' },
		remove => sub { $invoice->{state} = 'removed' },
		pay => sub {
			$payment->{taken} = 1;
			push @{ $invoice->{payments} }, $payment;
			push @{ $payment->{customer}{on_account} }, $payment if $payment->{over};
		},
		reconcile => sub {
			push @{ $invoice->{payments} }, { %$payment, n => ++$self->{count}, invoice => $invoice, principal => $event->{amount}, costs => 0, over => 0, amount => 0, reconciled => 1 };
			$payment->{over} -= $event->{amount};
			$payment->{reconciled} = 1;
		},
		bounce => sub { $payment->{bounced} = $day },
		correct_payment => sub {
			if ($event->{amount}) { @$payment{qw(amount principal)} = ($event->{amount}) x 2; }
			else { $payment->{gone} = 1; }
		},
		credit => sub { push @{ $invoice->{credits} }, { key => $event->{key}, amount => $event->{amount}, day => $day } },
		void => sub { $invoice->{voided} = $self->owed($invoice); @$invoice{qw(state voided_on)} = ('void', $day) },
		write_off => sub { push @{ $invoice->{losses} }, { key => $event->{key}, amount => $self->owed($invoice), day => $day } },
		recover => sub { $_->{recovered} //= $day for @{ $invoice->{losses} } },
		change => sub { $invoice->{total} = $event->{amount} },
		postpone => sub { $invoice->{due} = $event->{due} },
		rebill => sub { $invoice->{customer} = $event->{customer} },
		hold => sub { $invoice->{held} = 1 },
		release => sub { $invoice->{held} = 0 });
	my $does = $does{ $event->{what} };
	$does->() if $does;
	return;
}

1;
