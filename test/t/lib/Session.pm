# Session - a psql that stays connected, for the tests in test/t.
#
#   my $session = Session->new($node, 'book');
#   my $rows = $session->sql('SELECT …');   # what it printed; dies of an error
#   my $state = $session->try('CALL …');    # SQLSTATE of the last statement
#   $session->send('CALL …');               # and do not wait
#   my $state = $session->wait;             # until that is done
#
# After try() and wait(), output() gives all that was printed, errors and
# notices too, in the order they came. The SQLSTATE is 'lost' when the server
# hung up.
package Session;

use strict;
use warnings;

use IPC::Open3;

my $count = 0;

sub new
{
	my ($class, $node, $database) = @_;
	my $self = bless { output => '', sent => 0 }, $class;
	my @psql = (
		'psql', '-XAtq', '-v', 'VERBOSITY=verbose',
		'-d', $node->connstr(defined $database ? $database : 'postgres'));

	# Both kinds of output in one pipe, as they come.
	$self->{pid} = open3($self->{in}, $self->{out}, undef, @psql);
	$self->{in}->autoflush(1);
	$self->{pid_there} = $self->sql('SELECT pg_backend_pid()');
	return $self;
}

# The process of the server that serves this session.
sub backend
{
	my ($self) = @_;
	return $self->{pid_there};
}

sub send
{
	my ($self, $sql) = @_;
	local $SIG{PIPE} = 'IGNORE';
	$self->{mark} = sprintf('-- done %d --', ++$count);
	$self->{output} = '';
	print { $self->{in} } "$sql\n;\n\\echo '$self->{mark}' :SQLSTATE\n";
	return;
}

sub wait
{
	my ($self) = @_;
	my $mark = $self->{mark};
	my $read = '';
	while ($read !~ /^\Q$mark\E (\w+)$/m)
	{
		my $n = sysread($self->{out}, $read, 65536, length $read);
		last unless $n;
	}
	my $state = $read =~ s/^\Q$mark\E (\w+)\n//m ? $1 : 'lost';
	# :SQLSTATE is of the last statement only.
	$state = $1 if $state eq '00000' && $read =~ /^(?:psql:.*?)?(?:ERROR|FATAL|PANIC):  (\w{5}):/m;
	chomp $read;
	$self->{output} = $read;
	return $state;
}

sub try
{
	my ($self, $sql) = @_;
	$self->send($sql);
	return $self->wait;
}

sub sql
{
	my ($self, $sql) = @_;
	my $state = $self->try($sql);
	die "$sql\n$state: $self->{output}" unless $state eq '00000';
	return $self->{output};
}

sub output
{
	my ($self) = @_;
	return $self->{output};
}

sub quit
{
	my ($self) = @_;
	local $SIG{PIPE} = 'IGNORE';
	local $?;
	return unless $self->{pid};
	close $self->{in};
	close $self->{out};
	waitpid(delete $self->{pid}, 0);
	return;
}

sub DESTROY
{
	my ($self) = @_;
	$self->quit;
	return;
}

1;
