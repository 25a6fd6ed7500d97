# Twins - an application on its own tables, and the same book in reminder's own,
# through the same year: see Application and Year.
#
#   Twins->live('shop');     # a subtest: whatever differs fails
#
# BOOKS=name lives through no other.
package Twins;

use strict;
use warnings;

use Application;
use Book;
use Reminder;
use Session;
use Test::More;
use Year;

my $node;
my $days = 4;

sub live
{
	my ($class, $name) = @_;
	return if $ENV{BOOKS} && $ENV{BOOKS} ne $name;
	if (!$node)
	{
		$node = Reminder->cluster('main', conf => "autovacuum = off\njit = off\n");
		Reminder->install($node, 'template');
		$node->safe_psql('postgres', 'CREATE ROLE application');
	}
	subtest $name => sub { play($name); };
	return;
}

# The creditors of an application, in a database of their own.
sub database
{
	my ($name, $books) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template");
	my $session = Session->new($node, $name);
	$session->sql("SET client_min_messages = error; INSERT INTO reminder.account (account_id, name) VALUES (1, 'Account');");
	for ($books->creditors)
	{
		my ($creditor, $jurisdiction, $preset, $currency) = @$_;
		$session->sql("INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, currency, iban, sender_address, claim_description)
			VALUES ($creditor, 1, 'Creditor $creditor', '$jurisdiction', '$currency', 'FI21 1234 5600 0007 85', 'Street 1', 'Goods');
			SELECT reminder.add_preset($creditor, '$preset');");
	}
	return $session;
}

# What is looked at in both: all our tables, but for what only one side has, and what people see.
# A loss that the application books is a row of its own; in the book one of credit_loss.
sub looked_at
{
	my ($book) = @_;
	my %other = map { $_ => 1 } qw(attachment unattached booking_undone credit_loss installation letter_batch);
	return ((grep { !$other{$_} } Book->tables($book)), qw(letter_list case_status limitation),
		"(SELECT * FROM reminder.event_list e WHERE e.event !~ 'loss')",
		q{(SELECT to_jsonb(s) - CASE WHEN (s.creditor_id, s.invoice_no) IN (SELECT l.creditor_id, l.invoice_no FROM public.lost l) THEN '{last_event,last_event_on,last_event_stage}'::text[] ELSE '{}' END AS status FROM reminder.invoice_status s)},
		"(SELECT * FROM reminder.booking_undone b WHERE b.source <> 'loss')");
}

# The first row that only one side has, and the other's beside it; '' if there is none.
sub difference
{
	my ($application, $book, @looked_at) = @_;
	my ($is, $should) = map { Book->digests($_, @looked_at) } $application, $book;
	my ($rows) = grep { $is->{$_} ne $should->{$_} } @looked_at or return '';
	($is, $should) = map { Book->steady($_, $rows) } $application, $book;
	my $n = 0;
	$n++ while $n < @$is && $n < @$should && $is->[$n] eq $should->[$n];
	return "$rows, row $n of " . @$is . ' and ' . @$should . ":\n  is     " . ($is->[$n] // 'none') . "\n  should " . ($should->[$n] // 'none');
}

sub play
{
	my ($name) = @_;
	my $books = Application->new($name);
	my $application = database("${name}_app", $books);
	my $book = database("${name}_book", $books);
	my $year = Year->new($name =~ s/_rows//r, books => $books, customers => 300, invoices => 1500);
	my (%happened, %refused, @application, @twins, $differs, $attached);

	# The application's people own its tables, and have no right in reminder once they are attached.
	my $people = Session->new($node, "${name}_app");
	$application->sql("GRANT CREATE ON DATABASE ${name}_app TO application; SELECT reminder.grant_role('administrator', 'application')");
	$people->sql('SET ROLE application');
	$people->sql($books->schema);
	$_->sql('CREATE TABLE public.lost (creditor_id bigint, invoice_no text)') for $application, $book;

	# What has gathered on both sides.
	my $flush = sub {
		$people->sql(join "\n", splice @application) if @application;
		$books->learn($application);
		my $sql = join "\n", map { $_->() } splice @twins;
		$book->sql($sql) if $sql =~ /\S/;
	};
	# What may be refused: by both, for the same reason.
	my $try = sub {
		my ($who, $event, $mine, $theirs) = @_;
		my $state = $who->try($mine);
		# which may want a number that the application has given
		$theirs = $theirs->() if ref $theirs;
		my $should = $book->try($theirs);
		$differs //= "$event->{what} on " . Year::date($event->{day}) . ": $state, in the book $should\n$mine\n$theirs\n" . $who->output . "\n" . $book->output if $state ne $should;
		$refused{"$event->{what} $state"}++ if $state ne '00000';
		return $state eq '00000' && $should eq '00000';
	};
	my $do = sub {
		my ($event) = @_;
		my $invoice = $event->{invoice} // ($event->{payment} && $event->{payment}{invoice});
		my $before = $invoice && $books->shown($invoice);
		my $hand = $books->by_hand($event);
		return if $hand && !$attached;
		$happened{ $event->{what} }++;
		if ($hand)
		{
			$flush->();
			$year->took($event) if $try->($application, $event, $hand, $hand);
			return;
		}
		my $sql = $books->application($event);
		if ($attached && $books->may_fail($event))
		{
			$flush->();
			my $key = $event->{what} eq 'write_off' && $books->key($invoice);
			return unless $try->($people, $event, $sql, sub { $books->trial($event, $application) });
			$_->sql("INSERT INTO public.lost VALUES ($key)") for $key ? ($application, $book) : ();
		}
		else
		{
			$flush->() if $event->{what} eq 'reconcile';
			push @application, $sql if $sql;
		}
		$year->took($event);
		push @twins, $attached ? $books->twin($event, $before) : ();
	};

	for my $day ($year->days)
	{
		my $date = Year::date($day);
		if ($day == $Year::opens)
		{
			$flush->();
			$people->sql($_) for $books->attach, $books->protect;
			$application->sql("SELECT reminder.revoke_role('administrator', 'application')");
			$book->sql($books->twin_of_all($year));
			for my $session ($application, $book)
			{
				$session->sql("INSERT INTO public.lost VALUES (" . $books->key($_) . ')') for grep { @{ $_->{losses} } } @{ $year->{invoices} };
				$session->sql("SELECT reminder.activate($_->[0], confirm => true, as_of => '$date')") for $books->creditors;
			}
			$attached = 1;
			$differs = difference($application, $book, qw(customer invoice payment credit position)) || undef;
			is($differs, undef, 'what is there is taken in');
		}
		$people->sql('SELECT "group".open_year(2025)') if $name eq 'group' && $date eq '2024-12-20';
		$year->day($day, $do);
		$flush->();
		next if !$attached || ($day - $Year::opens) % $days;
		$_->sql("CALL reminder.run('$date')") for $application, $book;
		my %by_no = map { $books->invoice_no($_) => $_ } grep { $_->{state} eq 'issued' } @{ $year->{invoices} };
		for (split /\n/, $book->sql("SELECT invoice_no, (to_pay * 100)::bigint FROM reminder.letter_list WHERE letter_date = '$date' ORDER BY creditor_id, invoice_no"))
		{
			my ($no, $to_pay) = split /\|/;
			$year->reminded($by_no{$no}, $to_pay, $day);
		}
		$_->sql("SELECT CASE WHEN x.chance < 3 THEN reminder.fail_letter(d.creditor_id, d.invoice_no, d.stage, 'unknown address', '$date')
			ELSE reminder.confirm_letter(d.creditor_id, d.invoice_no, d.stage, '$date') END
			FROM reminder.decision d CROSS JOIN LATERAL (SELECT ('x' || substr(md5(d.customer_no || d.rung), 1, 7))::bit(28)::integer % 100 AS chance) x
			WHERE d.status = 'queued' AND d.as_of = '$date' AND d.taken_back = 0 AND x.chance < 90 ORDER BY d.creditor_id, d.invoice_no, d.rung") for $application, $book;
		# By month; and once something differs, all that follows does.
		next if ($day - $Year::opens) % 28;
		$differs //= difference($application, $book, looked_at($book)) || undef;
		$differs = "$date: $differs" if $differs && $differs !~ /^\d/;
		last if $differs;
	}
	is($differs, undef, 'the same rows, month by month');
	is(difference($application, $book, looked_at($book)), '', 'and at the end') unless $differs;
	is(owed($name, $application, $book), '', 'what it shows as owed is what is open') if $name ne 'shop_rows';
	is($_->sql('SELECT finding, object FROM reminder.check()'), '', 'check() finds nothing') for $application, $book;
	cmp_ok($refused{$_} // 0, '>=', 5, "refused on both sides: $_") for 'write_off 23R01', 'credit 23R01', 'change 23R01', 'rebill 23R01', 'remove 23R01';
	note join ', ', map { "$_ $happened{$_}" } sort keys %happened;
	note 'refused: ' . join ', ', map { "$_ $refused{$_}" } sort keys %refused;
	note $book->sql('SELECT count(*), count(DISTINCT invoice_no) FROM reminder.letter_list');
	$_->quit for $application, $people, $book;
	$node->safe_psql('postgres', "DROP DATABASE $_") for "${name}_app", "${name}_book";
	return;
}

# What the application shows as owed, and what the book has open. (A shop whose payments are
# attached shows nothing owed where reminder has paid costs first.)
sub owed
{
	my ($name, $application, $book) = @_;
	my $schema = $name =~ s/_rows//r;
	my %shown = map { split /\|/ } split /\n/, $application->sql(qq(SELECT invoice_no, round(owed, 2) FROM "$schema".owed));
	my %open = map { split /\|/ } split /\n/, $book->sql('SELECT invoice_no, open_amount FROM reminder.invoice');
	return join "\n", map { "$_: " . ($shown{$_} // 'none') . ' shown, ' . ($open{$_} // 'none') . ' open' }
	  grep { ($shown{$_} // '') ne ($open{$_} // '') } sort keys %{ { %shown, %open } };
}

1;
