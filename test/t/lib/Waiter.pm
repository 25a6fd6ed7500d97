# Waiter - a Session that may be left waiting for a lock while others go on.
#
#   my $waiter = Waiter->new($node, 'book');
#   $waiter->send('COMMIT');                 # does not wait
#   $waiter->done(0.01);                     # true once it has ended
#   $waiter->busy; $waiter->sqlstate;        # and of what has ended, output too
#   $waiter->waits_for($other, $monitor);    # asked in a third session
package Waiter;

use strict;
use warnings;

use parent 'Session';

use IO::Select;
use Time::HiRes qw(time);

sub send
{
	my ($self, $sql) = @_;

	die "still busy\n" if $self->{busy};
	$self->{busy} = 1;
	$self->{read} = '';
	$self->SUPER::send($sql);
	return;
}

# Waits up to so many seconds; true when nothing is under way.
sub done
{
	my ($self, $seconds) = @_;
	my $until = time + $seconds;

	while ($self->{busy})
	{
		my $left = $until - time;
		return 0 unless IO::Select->new($self->{out})->can_read($left > 0 ? $left : 0);
		sysread($self->{out}, $self->{read}, 65536, length $self->{read})
		  or die "psql has gone: $self->{read}\n";
		next unless $self->{read} =~ s/^\Q$self->{mark}\E (\w+)\n//m;
		$self->{sqlstate} = $1;
		($self->{output} = $self->{read}) =~ s/\n\z//;
		$self->{busy} = 0;
	}
	return 1;
}

sub wait
{
	my ($self) = @_;

	$self->done(60) or die "no answer in 60 s\n";
	return $self->{sqlstate};
}

sub busy { return $_[0]->{busy}; }
sub sqlstate { return $_[0]->{sqlstate}; }

sub waits_for
{
	my ($self, $other, $monitor) = @_;

	return $monitor->sql(sprintf 'SELECT %d = ANY (pg_blocking_pids(%d))', $other->backend, $self->backend) eq 't';
}

1;
