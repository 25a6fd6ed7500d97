# MoneyModel - what invoices, cases, payments and settlements of one creditor
# come to, worked out from the specification (M1 to M4, B4, B5, B9, C6, L8, C3).
#
#   my $model = MoneyModel->new(service => 1, order => [qw(fee interest principal)], residual => 10000, rounds => 1, share => 30, vat => 25, percent => 10, most => 5000);
#   $model->letter($invoice, fees => 6000, fee => 6000, interest => 411, stage => 'reminder', on => $day);
#   $model->told($invoice, 'reminder', 'failed');
#   $model->pay({ no => 'P1', invoice => 'F1', on => $day, amount => 106411, source => 'service' });
#   my ($paid_out, $carried) = $model->settle;
#
# Amounts are in hundredths, days are numbers. Nothing here looks at what the
# database has.
package MoneyModel;

use strict;
use warnings;

use List::Util qw(max min sum0);

sub new
{
	my ($class, %terms) = @_;
	return bless { %terms, invoices => {}, payments => {}, settled => 0, carried => 0, commission => {}, commission_vat => 0, fees_vat => 0 }, $class;
}

# Half an öre is rounded away from nothing, as PostgreSQL does.
sub rounded { my ($x) = @_; return $x < 0 ? -int(-$x + 0.5 + 1e-9) : int($x + 0.5 + 1e-9); }

sub invoice
{
	my ($self, $no, $amount) = @_;
	$self->{invoices}{$no} = { open => $amount, loss => 0 };
	return;
}

# A letter, or a stage without one: what its case claims from now on.
sub letter
{
	my ($self, $no, %l) = @_;
	my $case = $self->{invoices}{$no}{case} //= { fees => 0, fees_paid => 0, fees_waived => 0, interest => 0, interest_paid => 0, interest_waived => 0, waivers => [], interest_by_hand => 0, letters => [] };
	$case->{active} = 1;
	$case->{fees} = $l{fees};
	$case->{interest} = $l{interest} if $l{stage} ne 'monitoring';
	if ($l{stage} eq 'monitoring') { $case->{monitoring} = $l{on}; }
	else { push @{ $case->{letters} }, { stage => $l{stage}, fee => $l{fee}, interest => $l{interest}, status => 'queued' }; }
	return;
}

# What was told of a letter, the last of its stage: it is "sent", or "failed" and claims nothing (C6).
sub told
{
	my ($self, $no, $stage, $status) = @_;
	my $case = $self->{invoices}{$no}{case};
	my ($letter) = grep { $_->{stage} eq $stage && $_->{status} eq 'queued' } reverse @{ $case->{letters} };
	$letter->{status} = $status;
	return if $status eq 'sent';
	$case->{fees_waived} = max($case->{fees_waived}, min($self->not_owed($case, qr/^(?:failed|cancelled)$/), $case->{fees} - $case->{fees_paid}));
	$case->{interest} = min($case->{interest}, max(last_interest($case, qr/^(?:queued|sent)$/), $case->{interest_paid} + $case->{interest_waived}));
	$self->again($no);
	return;
}

# What was paid of fees that nobody owes is taken back, the latest payments first, and paid anew; but nothing of which was paid back.
sub again
{
	my ($self, $no) = @_;
	my $case = $self->{invoices}{$no}{case};
	my $too_much = $self->not_owed($case, qr/^(?:failed|cancelled)$/) - ($case->{fees} - $case->{fees_paid});
	my @again;
	for my $p (sort { $b->{on} <=> $a->{on} || $b->{no} cmp $a->{no} } grep { $_->{fee} && !defined $_->{refunded} && ($_->{of_case} // 0) == $case } values %{ $self->{payments} })
	{
		last if $too_much <= 0;
		$too_much -= $p->{fee};
		push @again, $p;
	}
	return unless @again;
	$self->undo($no, map { my $part = $_; sum0(map { $_->{$part} } @again) } qw(principal fee interest));
	$self->pay(@again);
	return;
}

# The interest that the last of some letters claims.
sub last_interest { my ($case, $which) = @_; my @all = grep { $_->{status} =~ $which } @{ $case->{letters} }; return @all ? $all[-1]{interest} : 0; }

# What of the fees nobody owes: those of letters that are gone, and what was waived
# of others; by own rules a later fee takes the place of an earlier one (F3).
sub not_owed
{
	my ($self, $case, $gone) = @_;
	my @gone = grep { $_->{status} =~ $gone } @{ $case->{letters} };
	my $waived = sum0(map { $_->{amount} } @{ $case->{waivers} });
	if ($self->{service})
	{
		my $of_gone = sum0(map { $_->{amount} } grep { $_->{letter} && $_->{letter}{status} =~ $gone } @{ $case->{waivers} });
		return max(sum0(map { $_->{fee} } @gone), $of_gone) + $waived - $of_gone;
	}
	my ($last) = reverse grep { $_->{fee} > 0 && $_->{status} !~ $gone } @{ $case->{letters} };
	my $of_last = sum0(map { $_->{amount} } grep { ($_->{letter} // 0) == ($last // 0) } @{ $case->{waivers} });
	my $lost = (grep { $_->{fee} > 0 } @gone) ? max($case->{fees} - ($last ? $last->{fee} : 0), 0) : 0;
	return max($lost + $of_last, $waived);
}

# The principal is settled: letters that wait are cancelled, with what they claim; the case ends unless costs are pursued (B9, C6).
sub settled
{
	my ($self, $case) = @_;
	my ($fee, $interest) = costs($case);
	if (grep { $_->{status} eq 'queued' } @{ $case->{letters} })
	{
		my $fee_gone = min($fee, max($self->not_owed($case, qr/^(?:queued|failed|cancelled)$/) - $case->{fees_waived}, 0));
		my $interest_gone = min($interest, max($case->{interest} - last_interest($case, qr/^sent$/), 0));
		$_->{status} = 'cancelled' for grep { $_->{status} eq 'queued' } @{ $case->{letters} };
		if ($fee - $fee_gone + $interest - $interest_gone > $self->not_pursued)
		{
			$case->{fees_waived} += $fee_gone;
			$case->{interest} -= $interest_gone;
			return;
		}
		return end($case, 'paid');
	}
	end($case, 'paid') if $fee + $interest <= $self->not_pursued;
	return;
}

# What is left of costs.
sub costs { my ($case) = @_; return map { $case->{$_->[0]} - $case->{"$_->[1]_paid"} - $case->{"$_->[1]_waived"} } [ 'fees', 'fees' ], [ 'interest', 'interest' ]; }

sub end
{
	my ($case, $as) = @_;
	my ($fee, $interest) = costs($case);
	$case->{fees_waived} += $fee;
	$case->{interest_waived} += $interest;
	$_->{status} = 'cancelled' for grep { $_->{status} eq 'queued' } @{ $case->{letters} };
	@{$case}{qw(active ended)} = (0, $as);
	return;
}

# Payments of one statement, one after the other, and then what follows of them all (L8, B9).
sub pay
{
	my ($self, @payments) = @_;
	my %of;
	for my $p (@payments)
	{
		$self->{payments}{ $p->{no} } = $p;
		@{$p}{qw(principal fee interest overpaid rounded_off)} = (0) x 5;
		push @{ $of{ $p->{invoice} } }, $p if defined $p->{invoice} && !$p->{bounced};
	}
	for my $no (keys %of)
	{
		my $invoice = $self->{invoices}{$no};
		my $case = $invoice->{case} && $invoice->{case}{active} ? $invoice->{case} : undef;
		my %open = (principal => $invoice->{open}, fee => 0, interest => 0);
		@open{qw(fee interest)} = costs($case) if $case;
		my %paid = (principal => 0, fee => 0, interest => 0);
		# what comes to all that is open of the principal is for it, and nothing is rounded
		my $plain = $invoice->{open} == sum0(map { $_->{amount} } @{ $of{$no} }) && !grep { ($_->{allocates} // '') eq 'law' } @{ $of{$no} };
		for my $p (sort { $a->{on} <=> $b->{on} || $a->{no} cmp $b->{no} } @{ $of{$no} })
		{
			my $total = $open{principal} + $open{fee} + $open{interest};
			my @order = $case ? @{ $self->{order} } : qw(principal interest fee);
			@order = ('principal', grep { $_ ne 'principal' } @order)
			  if ($p->{allocates} // '') eq 'principal' || (!defined $p->{allocates} && $p->{amount} <= $open{principal});
			# whoever pays what is to be paid, in whole kronor, pays all
			$p->{rounded_off} = !$plain && $self->{rounds} && $total > 0 && rounded($total / 100) * 100 == $p->{amount} ? $total - $p->{amount} : 0;
			my $left = $p->{amount} + $p->{rounded_off};
			for my $part (@order)
			{
				$p->{$part} = min($left, $open{$part});
				$open{$part} -= $p->{$part};
				$paid{$part} += $p->{$part};
				$left -= $p->{$part};
			}
			$p->{overpaid} = $left;
			$p->{of_case} = $case if $p->{fee} + $p->{interest} > 0;
		}
		$invoice->{open} -= $paid{principal};
		next unless $case;
		$case->{fees_paid} += $paid{fee};
		$case->{interest_paid} += $paid{interest};
		$self->settled($case) if $invoice->{open} == 0;
	}
	return;
}

# Up to which costs nobody pursues them: what would be rounded to nothing, too.
sub not_pursued { my ($self) = @_; return max($self->{residual}, $self->{rounds} ? 49 : 0); }

# Money, or a credit, is taken back: the case reopens where it was, unless there is nothing to pursue or a loss is booked (B5).
sub undo
{
	my ($self, $no, $principal, $fee, $interest) = @_;
	my $invoice = $self->{invoices}{$no};
	$invoice->{open} += $principal;
	my $case = $invoice->{case} or return;
	my $claimed = max(last_interest($case, qr/^sent$/), $case->{interest_paid});
	$case->{fees_paid} -= $fee;
	$case->{interest_paid} -= $interest;
	my $gone = min($self->not_owed($case, qr/^(?:failed|cancelled)$/), $case->{fees} - $case->{fees_paid});
	if ($case->{active})
	{
		$case->{fees_waived} = max($case->{fees_waived}, $gone);
		return;
	}
	$claimed = min($case->{interest}, max($claimed, $case->{interest_by_hand} + $case->{interest_paid}));
	my $pursued = $case->{fees} - $case->{fees_paid} - $gone + max($claimed - $case->{interest_paid} - $case->{interest_by_hand}, 0);
	if ($case->{ended} =~ /^(?:paid|credited)$/ && $principal + $fee + $interest > 0 && !$invoice->{loss} && ($invoice->{open} > 0 || $pursued > $self->not_pursued))
	{
		@{$case}{qw(active fees_waived interest interest_waived)} = (1, $gone, $claimed, min($case->{interest_by_hand}, $claimed - $case->{interest_paid}));
	}
	else
	{
		$case->{fees_waived} = $case->{fees} - $case->{fees_paid};
		$case->{interest_waived} = $case->{interest} - $case->{interest_paid};
	}
	return;
}

sub unpay
{
	my ($self, $p) = @_;
	delete $self->{payments}{ $p->{no} };
	$self->undo($p->{invoice}, @{$p}{qw(principal fee interest)}) if defined $p->{invoice} && !$p->{bounced};
	return;
}

# A payment changed: it is taken back, and made anew.
sub repay
{
	my ($self, $no, %new) = @_;
	my $p = $self->{payments}{$no};
	$self->unpay($p);
	$self->pay({ (map { $_ => $p->{$_} } qw(no invoice on amount source allocates bounced refunded)), %new });
	return;
}

sub credit
{
	my ($self, $no, $amount) = @_;
	my $invoice = $self->{invoices}{$no};
	$invoice->{open} -= $amount;
	end($invoice->{case}, 'credited') if $invoice->{open} == 0 && $invoice->{case} && $invoice->{case}{active};
	return;
}

# Waived by hand, all that is open or an amount (B4).
sub waive
{
	my ($self, $no, $kind, $amount) = @_;
	my $invoice = $self->{invoices}{$no};
	my $case = $invoice->{case};
	$case->{ $kind eq 'fee' ? 'fees_waived' : 'interest_waived' } += $amount;
	if ($kind eq 'interest') { $case->{interest_by_hand} += $amount; }
	else { push @{ $case->{waivers} }, { amount => $amount, letter => (reverse grep { $_->{fee} > 0 } @{ $case->{letters} })[0] }; }
	end($case, 'paid') if $invoice->{open} == 0 && sum0(costs($case)) <= $self->not_pursued;
	return;
}

sub withdraw
{
	my ($self, $no, $on) = @_;
	my $case = $self->{invoices}{$no}{case};
	end($case, 'withdrawn');
	$case->{left_monitoring} = $on if defined $case->{monitoring};
	return;
}

# What each case has earned the service: of the principal paid in monitoring (C3).
sub commission
{
	my ($self) = @_;
	my %earned;
	return \%earned unless $self->{service} && $self->{percent};
	for my $p (values %{ $self->{payments} })
	{
		next if $p->{bounced} || !defined $p->{invoice};
		my $case = $self->{invoices}{ $p->{invoice} }{case};
		next unless $case && defined $case->{monitoring} && $p->{on} >= $case->{monitoring};
		next if defined $case->{left_monitoring} && $p->{on} > $case->{left_monitoring};
		$earned{ $p->{invoice} } += $p->{principal};
	}
	$_ = min(rounded($_ * $self->{percent} / 100), $self->{most}) for values %earned;
	return \%earned;
}

# All that the service owes the creditor for what it has collected ever, and what it would have of it (M3).
sub owed
{
	my ($self) = @_;
	my $owed = 0;
	for my $p (values %{ $self->{payments} })
	{
		if ($p->{source} eq 'service' && defined $p->{refunded})
		{
			my $held = $p->{bounced} ? 0 : defined $p->{invoice} ? $p->{overpaid} : $p->{amount};
			$owed -= max($p->{refunded} - $held, 0);
		}
		next if $p->{bounced} || !defined $p->{invoice};
		$owed += $p->{amount} - $p->{overpaid} if $p->{source} eq 'service';
		$owed -= $p->{fee} + rounded($p->{fee} * $self->{vat} / 100) + rounded($p->{interest} * $self->{share} / 100) if $self->{service};
	}
	return $owed;
}

# Settles all up to today: what is paid out, and what is carried on.
sub settle
{
	my ($self) = @_;
	my $commission = $self->commission;
	for my $no (sort keys %{ { %$commission, %{ $self->{commission} } } })
	{
		my $more = ($commission->{$no} // 0) - ($self->{commission}{$no} // 0);
		$self->{commission_vat} += rounded($more * $self->{vat} / 100);
	}
	$self->{commission} = $commission;
	my $total = $self->owed - sum0(values %$commission) - $self->{commission_vat};
	my $balance = $self->{carried} + $total - $self->{settled};
	$self->{settled} = $total;
	$self->{carried} = min($balance, 0);
	return (max($balance, 0), $self->{carried});
}

1;
