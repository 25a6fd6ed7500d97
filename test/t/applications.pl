# Applications of different build on their own tables (A1, A2, G2): a shop that
# stores what is left of each invoice, an ERP whose lines sum to it, and a group
# that sets a flag when an invoice is paid. Each lives through a year with its own
# statements only, and beside it the same book is written straight into reminder's
# own tables. Every month, and at the end, both have the same rows.
use strict;
use warnings;

use Application;
use Book;
use Reminder;
use Session;
use Test::More;
use Year;

my $node = Reminder->cluster('main', conf => "autovacuum = off\njit = off\n");
Reminder->install($node, 'template');
my $days = 3;

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

# What the application shows as owed, and what the book has open.
sub owed
{
	my ($name, $application, $book) = @_;
	my $schema = $name =~ s/_rows//r;
	my %shown = map { split /\|/ } split /\n/, $application->sql(qq(SELECT invoice_no, round(owed, 2) FROM "$schema".owed));
	my %open = map { split /\|/ } split /\n/, $book->sql('SELECT invoice_no, open_amount FROM reminder.invoice');
	return join "\n", map { "$_: " . ($shown{$_} // 'none') . ' shown, ' . ($open{$_} // 'none') . ' open' }
	  grep { ($shown{$_} // '') ne ($open{$_} // '') } sort keys %{ { %shown, %open } };
}

sub play
{
	my ($name) = @_;
	my $books = Application->new($name);
	my $application = database("${name}_app", $books);
	my $book = database("${name}_book", $books);
	my $year = Year->new($name =~ s/_rows//r, books => $books, customers => 300, invoices => 1500);
	my (%happened, %refused, @application, @twins, $differs);

	$application->sql($books->schema);

	# What has gathered on both sides.
	my $flush = sub {
		$application->sql(join "\n", splice @application) if @application;
		$books->learn($application);
		my $sql = join "\n", map { $_->() } splice @twins;
		$book->sql($sql) if $sql =~ /\S/;
	};
	my $attached = 0;
	my $do = sub {
		my ($event) = @_;
		my $invoice = $event->{invoice} // ($event->{payment} && $event->{payment}{invoice});
		my $before = $invoice && $books->shown($invoice);
		$happened{ $event->{what} }++;
		if (my $hand = $books->by_hand($event))
		{
			return unless $attached;
			$flush->();
			$refused{ $event->{what} }++ if $book->try($hand) ne '00000';
			return $year->took($event);
		}
		my $trial = $attached && $books->trial($event);
		if ($trial)
		{
			$flush->();
			my $state = $book->try($trial =~ /^BEGIN/ ? $trial : "BEGIN;${trial}ROLLBACK;");
			if ($state ne '00000')
			{
				$refused{"$event->{what} $state"}++;
				return;
			}
			$application->sql($books->application($event));
			$books->learn($application);
			$book->sql($books->trial($event)) if $trial !~ /^BEGIN/;
			$year->took($event);
		}
		else
		{
			$flush->() if $event->{what} eq 'reconcile';
			my $sql = $books->application($event);
			push @application, $sql if $sql;
			$year->took($event);
		}
		my $twin = $attached ? $books->twin($event, $before) : undef;
		push @twins, $twin if $twin;
	};

	for my $day ($year->days)
	{
		my $date = Year::date($day);
		if ($day == $Year::opens)
		{
			$flush->();
			$book->sql($books->twin_of_all($year));
			$book->sql("SELECT reminder.activate($_->[0], confirm => true, as_of => '$date')") for $books->creditors;
			$attached = 1;
		}
		$application->sql('SELECT "group".open_year(2025)') if $name eq 'group' && $date eq '2024-12-20';
		$year->day($day, $do);
		$flush->();
		next if !$attached || ($day - $Year::opens) % $days;
		$book->sql("CALL reminder.run('$date')");
		my %by_no = map { $books->invoice_no($_) => $_ } grep { $_->{state} eq 'issued' } @{ $year->{invoices} };
		for (split /\n/, $book->sql("SELECT invoice_no, (to_pay * 100)::bigint FROM reminder.letter_list WHERE letter_date = '$date' ORDER BY creditor_id, invoice_no"))
		{
			my ($no, $to_pay) = split /\|/;
			$year->reminded($by_no{$no}, $to_pay, $day);
		}
		$book->sql("SELECT CASE WHEN x.chance < 3 THEN reminder.fail_letter(d.creditor_id, d.invoice_no, d.stage, 'unknown address', '$date')
			ELSE reminder.confirm_letter(d.creditor_id, d.invoice_no, d.stage, '$date') END
			FROM reminder.decision d CROSS JOIN LATERAL (SELECT ('x' || substr(md5(d.customer_no || d.rung), 1, 7))::bit(28)::integer % 100 AS chance) x
			WHERE d.status = 'queued' AND d.as_of = '$date' AND d.taken_back = 0 AND x.chance < 90 ORDER BY d.creditor_id, d.invoice_no, d.rung");
		$differs //= "$date: " . owed($name, $application, $book) if $name ne 'shop_rows' && owed($name, $application, $book);
	}
	is($differs, undef, 'what it shows as owed is what is open');
	is($book->sql('SELECT finding, object FROM reminder.check()'), '', 'check() finds nothing');
	note join ', ', map { "$_ $happened{$_}" } sort keys %happened;
	note 'refused: ' . join ', ', map { "$_ $refused{$_}" } sort keys %refused;
	note $book->sql('SELECT count(*), count(DISTINCT invoice_no) FROM reminder.letter_list');
	$_->quit for $application, $book;
	$node->safe_psql('postgres', "DROP DATABASE $_") for "${name}_app", "${name}_book";
	return;
}

for my $name ($ENV{BOOKS} ? split / /, $ENV{BOOKS} : qw(shop shop_rows erp group))
{
	subtest $name => sub { play($name); };
}

done_testing();
