# The sender of examples/sender against a real SMTP server (V8): every letter
# arrives, under its dedupe key, however often the sender is killed; what was
# confirmed does not arrive again.
use strict;
use warnings;

use File::Temp qw(tempdir);
use MIME::QuotedPrint qw(decode_qp);
use Reminder;
use Session;
use Test::More;
use Time::HiRes qw(sleep time);

my ($python) = grep { -x && !system($_, '-c', 'import psycopg, aiosmtpd') } '/usr/bin/python3', map { "$_/python3" } split /:/, $ENV{PATH};
plan(skip_all => 'Python has no psycopg or no aiosmtpd: install python3-psycopg and python3-aiosmtpd') unless $python;

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
my $dsn = $node->connstr('book');
my $inbox = tempdir(CLEANUP => 1);
$ENV{PYTHONDONTWRITEBYTECODE} = 1;

my $smtpd = open my $port_line, '-|', $python, 'test/t/lib/smtpd.py', $inbox or die "no SMTP server: $!";
chomp(our $port = <$port_line>);
# Who dies waits for it, and it for ever.
END { kill 'KILL', $smtpd if $smtpd }

# A creditor with a letter to each of some customers: every third by print, the
# others by email, in Swedish, Finnish and English by turns.
my $creditor = 0;
sub book
{
	my ($n, $email) = @_;
	$creditor++;
	$email //= "'k' || n || '\@example.com'";
	$session->sql(<<"SQL");
INSERT INTO reminder.account VALUES ($creditor, 'Account');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, sender_address, claim_description) VALUES ($creditor, $creditor, 'Nordic <Bikes>, AB', '5402-9681', 'Gatan 1', 'Bicycles');
SELECT reminder.add_preset($creditor, 'amili'), reminder.activate($creditor, confirm => true);
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, email, address, language)
SELECT $creditor, 'K' || n, 'Åsa & Co ' || n, 'person', CASE n % 3 WHEN 0 THEN NULL ELSE $email END, 'Storgatan ' || n, (ARRAY['sv', 'fi', 'en'])[n / 3 % 3 + 1]
FROM generate_series(1, $n) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT $creditor, 'F/' || n, 'K' || n, '2026-01-31', '2026-03-02', 'SEK', 1000 + n FROM generate_series(1, $n) n;
SQL
	$session->sql("CALL reminder.run('2026-03-07', $creditor)");
	return tempdir(CLEANUP => 1);
}

# Starts a sender for the creditor.
sub start
{
	my ($folder, @more) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	open STDERR, '>>', "$folder/.log" or die $!;
	exec $python, 'examples/sender/sender.py', '--dsn', $dsn, '--folder', $folder, '--smtp', "127.0.0.1:$port", '--from', 'kund@example.org',
	  '--creditor', $creditor, '--as-of', '2026-03-08', '--lease', 2, '--poll', 1, '--retry', 1, '--attempts', 99, @more;
}

sub ended
{
	my ($pid) = @_;
	waitpid $pid, 0;
	return $? & 127 ? 'signal ' . ($? & 127) : $? >> 8;
}

sub sends_once { return ended(start(@_, '--once')) }

# What has arrived of the creditor's letters: how often, by dedupe key.
sub arrived
{
	my ($folder) = @_;
	my %times = map { s/.*\///r =~ s/\.html$//r => 1 } glob("$folder/*.html");
	for my $file (glob("$inbox/*.eml"))
	{
		my $mail = slurp($file);
		my ($key) = $mail =~ /^Message-ID: <(.*)\@example\.org>\r?$/m or die "no Message-ID in $file";
		$times{$key}++ if $key =~ /^$creditor-/;
	}
	return \%times;
}

sub slurp
{
	my ($file) = @_;
	local $/;
	open my $handle, '<:raw', $file or die "$file: $!";
	return <$handle>;
}

sub keys_of
{
	my ($status) = @_;
	return split /\n/, $session->sql("SELECT reminder._letter_key(creditor_id, invoice_no, rung, 1::smallint) FROM reminder.decision WHERE creditor_id = $creditor AND status = '$status' ORDER BY 1");
}

# Sends until nothing waits any more; leases of killed senders run out meanwhile.
sub finish
{
	my ($folder) = @_;
	my $until = time + 60;
	while (time < $until)
	{
		sends_once($folder) == 0 or return 0;
		return 1 unless $session->sql("SELECT 1 FROM reminder.outbox WHERE creditor_id = $creditor");
		sleep 0.5;
	}
	return 0;
}

# Says that all letters arrived and were confirmed, and none again that was confirmed at some time before.
sub all_arrived
{
	my ($folder, $what, @seen) = @_;
	my $times = arrived($folder);
	my @sent = keys_of('sent');
	ok(!(grep { !$times->{$_} } @sent) && @sent == keys %$times, "$what: every letter has arrived, and is confirmed");
	is($session->sql("SELECT count(*) FROM reminder.decision WHERE creditor_id = $creditor AND status <> 'sent'"), 0, "$what: none is left");
	for my $seen (@seen)
	{
		my @again = grep { $times->{$_} > $seen->{times}{$_} } @{ $seen->{confirmed} };
		is("@again", '', "$what: none that was confirmed by then arrived again (" . @{ $seen->{confirmed} } . ')');
	}
}

sub look
{
	my ($folder) = @_;
	return { confirmed => [ keys_of('sent') ], times => arrived($folder) };
}

# as the README of the sender shows it
my $readme = slurp('examples/sender/README.md');
my ($book) = $readme =~ /^```sql\n(.*?)^```/ms;
my ($shell) = $readme =~ /^```sh\n(.*?)^```/ms;
my ($text) = $readme =~ /^The email says.*?^```\n(.*?)^```/ms;
$session->sql($_) for split /;\n/, $book;
$creditor = 1;
my $folder = tempdir(CLEANUP => 1);
my ($command, $said, $listed) = $shell =~ /^\$ \.\/(\S+ --folder letters .*)\n((?:sender: .*\n)+)\$ ls letters\n((?:.*\n)*)/;
$command =~ s/letters/'$folder'/;
is(qx($python examples/sender/$command --dsn "$dsn" 2>&1), $said, 'README: the sender says so');
is(join('', map { s/.*\///r . "\n" } sort glob("$folder/*")), $listed, 'README: and leaves these files');
my ($plain) = slurp("$folder/1-101-10-1.eml") =~ /text\/plain.*?\r\n\r\n(.*?)\r\n--=/s;
is(decode_qp($plain) =~ s/\r//gr =~ s/\xc2\xa0/ /gr =~ s/\s+\z/\n/r, $text, 'README: and this letter');

# original invoices (P5), by email with their document and printed
sub originals
{
	my $folder = book(0);
	$session->sql($_) for split /;\n/, <<"SQL";
SELECT reminder.set_registration($creditor, 'full', '2026-01-01');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, email, address, language) VALUES ($creditor, 'E', 'Åsa', 'person', 'asa\@example.com', 'Storgatan 1', 'sv'), ($creditor, 'P', 'Bo', 'person', NULL, 'Storgatan 2', 'fi'), ($creditor, 'N', 'Cia', 'person', 'none', 'Storgatan 3', 'en');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) SELECT $creditor, 'O' || c, c, '2026-03-01', '2026-03-31', 'SEK', 1000 FROM unnest(ARRAY['E', 'P', 'N']) c;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES ($creditor, 'OD', 'P', '2026-03-01', '2026-03-31', 'SEK', 1000);
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) SELECT $creditor, i, 'the document' FROM unnest(ARRAY['OE', 'OD']) i
SQL
	return $folder;
}

sub originals_stand
{
	return $session->sql("SELECT string_agg(invoice_no || ' ' || status || ' ' || channel, ', ' ORDER BY invoice_no COLLATE \"C\") FROM reminder.invoice_letter WHERE creditor_id = $creditor");
}
my $all_out = 'OD sent print, OE sent email, ON sent print, OP sent print';

# Original invoices that have arrived, each with how often; what is printed as it came too.
sub originals_arrived
{
	my ($folder) = @_;
	my %times = (%{ arrived($folder) }, map { s/.*\///r =~ s/\.pdf$//r => 1 } glob("$folder/*.pdf"));
	return join ' ', map { "$_=$times{$_}" } sort keys %times;
}

$folder = originals();
is(sends_once($folder), 0, 'originals: a sender sends and ends');
is(originals_stand(), $all_out, 'originals: each went out, by print where its email address is none');
my $once = join ' ', map { "$creditor-$_=1" } qw(OD-0-1 OE-0-1 ON-0-2 OP-0-1);
is(originals_arrived($folder), $once, 'originals: each arrived once');
is(slurp("$folder/$creditor-OD-0-1.pdf"), 'the document', 'originals: the document is what is printed');
like(slurp("$folder/$creditor-OP-0-1.html"), qr/<title>Lasku.*1\xc2\xa0000,00\xc2\xa0SEK.*2026-03-31/s, 'originals: a page says in Finnish what it must');
my ($original) = grep { /<$creditor-OE-0-1\@/ } map { slurp($_) } glob("$inbox/*.eml");
like($original, qr/^Subject: Faktura OE\r?\n.*filename="OE\.pdf"/ms, 'originals: an email has its document');
is(sends_once($folder), 0, 'originals: another time');
is(originals_arrived($folder), $once, 'originals: and sends nothing');

# and killed at each place
for my $place ('claimed', 'rendered', 'written', 'handed over', 'confirmed')
{
	$folder = originals();
	{
		local $ENV{SENDER_CRASH} = $place;
		is(sends_once($folder), 'signal 9', "originals, killed when $place");
	}
	my @confirmed = split /\n/, $session->sql("SELECT invoice_no FROM reminder.invoice_letter WHERE creditor_id = $creditor AND status = 'sent'");
	my %before = map { split /=/ } split / /, originals_arrived($folder);
	my $until = time + 30;
	while (time < $until && originals_stand() ne $all_out)
	{
		sends_once($folder);
		sleep 0.5;
	}
	is(originals_stand(), $all_out, "originals, killed when $place: another sender goes on");
	my %after = map { split /=/ } split / /, originals_arrived($folder);
	is(join(' ', sort keys %after), join(' ', map { "$creditor-$_" } qw(OD-0-1 OE-0-1 ON-0-2 OP-0-1)), "originals, killed when $place: every invoice has arrived");
	my %again = map { s/^\d+-(\w+)-.*/$1/r => 1 } grep { $after{$_} > ($before{$_} // 1) } keys %after;
	cmp_ok(scalar(keys %again), '<=', 1, "originals, killed when $place: one of them twice at most");
	is(join(' ', grep { $again{$_} } @confirmed), '', "originals, killed when $place: and none that was confirmed (" . @confirmed . ')');
}

# as it should go
$folder = book(18);
is(sends_once($folder), 0, 'a sender sends and ends');
all_arrived($folder, 'plain');
is((grep { $_ != 1 } values %{ arrived($folder) }), 0, 'plain: each arrived once');
is(sends_once($folder), 0, 'plain: another time');
is((grep { $_ != 1 } values %{ arrived($folder) }), 0, 'plain: and sends nothing');
is(scalar(glob("$folder/.*.part") // ''), '', 'plain: no half file is left');
my ($page) = map { slurp($_) } "$folder/$creditor-=462f33-10-1.html";
like($page, qr/<html lang="fi">.*<title>Maksumuistutus.*Nordic &lt;Bikes&gt;, AB.*Åsa &amp; Co 3\nStorgatan 3.*-0,37\xc2\xa0SEK.*1\xc2\xa0064,00\xc2\xa0SEK.*2026-03-20/s, 'plain: a page says in Finnish what it must');
my ($mail) = grep { /<$creditor-=462f31-10-1\@/ } map { slurp($_) } glob("$inbox/*.eml");
like($mail, qr/^From: "Nordic <Bikes>, AB" <kund\@example\.org>\r?$/m, 'plain: an email has its sender');
like($mail, qr/^To: .*<k1\@example\.com>\r?$/m, 'plain: and who gets it');
like($mail, qr/^Subject: =\?utf-8\?q\?Betalningsp=C3=A5minnelse\?= F\/1\r?$/m, 'plain: and its subject, in Swedish');
is($session->sql("SELECT count(*) FROM reminder.event_list WHERE creditor_id = $creditor AND event = 'letter_sent' AND event_on = '2026-03-08'"), 18, 'plain: and the events are there');

# one letter for all invoices of a customer (B6)
$folder = book(3);
sends_once($folder);
$session->sql(<<"SQL");
UPDATE reminder.rule_step SET one_letter = true WHERE creditor_id = $creditor AND stage = 'reminder';
UPDATE reminder.customer SET language = 'en' WHERE creditor_id = $creditor AND customer_no = 'K1';
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT $creditor, 'G' || n, CASE WHEN n < 3 THEN 'K1' ELSE 'K3' END, '2026-02-01', '2026-03-03', 'SEK', n * 100.4 FROM generate_series(1, 4) n;
SQL
$session->sql("CALL reminder.run('2026-03-08', $creditor)");
is(sends_once($folder), 0, 'one letter: it is sent');
($mail) = grep { /<$creditor-G1-10-1\@/ } map { slurp($_) } glob("$inbox/*.eml");
like($mail, qr/^Subject: Payment reminder G1, G2\r?$/m, 'one letter: it names its invoices');
($plain) = $mail =~ /text\/plain.*?\n\r?\n(.*?)\r?\n--=/s;
is(decode_qp($plain) =~ s/\r//gr =~ s/\xc2\xa0/ /gr =~ s/\s+\z/\n/r, <<'END', 'one letter: it says what each comes to, and all');
Dear Åsa & Co 1,

According to our records the invoices below have not been paid. If you have paid them already, please ignore this letter. Please pay each invoice by itself, with its reference.

Date                     2026-03-08
Creditor                 Nordic <Bikes>, AB
Invoice                  G1
Invoice date             2026-02-01
Due date                 2026-03-03
For                      Bicycles
Principal                100.40 SEK
Late interest            0.14 SEK
                         2026-03-04 – 2026-03-08: 10.00 % on 100.40 SEK
Fees                     60.00 SEK
Rounding                 0.46 SEK
To pay for it            161.00 SEK
Reference                G1
Invoice                  G2
Invoice date             2026-02-01
Due date                 2026-03-03
For                      Bicycles
Principal                200.80 SEK
Late interest            0.28 SEK
                         2026-03-04 – 2026-03-08: 10.00 % on 200.80 SEK
Rounding                 -0.08 SEK
To pay for it            201.00 SEK
Reference                G2
To pay                   362.00 SEK
Pay by                   2026-03-20
Bankgiro                 5402-9681
Contact                  Gatan 1

Nordic <Bikes>, AB
END
($page) = map { slurp($_) } "$folder/$creditor-G3-10-1.html";
like($page, qr/G3.*G4.*class="total"/s, 'one letter: so does a page');
is((grep { /-G/ } keys %{ arrived($folder) }), 2, 'one letter: there are two of them');
is($session->sql("SELECT count(*) FROM reminder.decision WHERE creditor_id = $creditor AND status = 'sent' AND invoice_no LIKE 'G%'"), 4, 'one letter: and all four invoices are reminded');

# killed at each place
for my $place ('claimed', 'rendered', 'written', 'handed over', 'confirmed')
{
	$folder = book(9);
	{
		local $ENV{SENDER_CRASH} = $place;
		is(sends_once($folder), 'signal 9', "killed when $place");
	}
	my $seen = look($folder);
	ok(finish($folder), "killed when $place: another sender goes on");
	all_arrived($folder, "killed when $place", $seen);
}

# killed anywhere, again and again
$folder = book(240);
my @seen;
for my $n (1 .. 10)
{
	my $pid = start($folder);
	sleep(0.35 + rand 0.4);
	kill 'KILL', $pid;
	is(ended($pid), 'signal 9', "kill $n");
	push @seen, look($folder);
}
ok((grep { @{ $_->{confirmed} } > 0 && @{ $_->{confirmed} } < 240 } @seen), 'some kills came in the middle');
ok(finish($folder), 'killed anywhere: at last it is done');
all_arrived($folder, 'killed anywhere', @seen);
cmp_ok((grep { $_ > 1 } values %{ arrived($folder) }), '<=', 10, 'killed anywhere: a kill repeats one letter at most');

# two at once
$folder = book(60);
my @pids = map { start($folder, '--once', '--batch', 5) } 1 .. 2;
is(ended($_), 0, 'two at once: one ends') for @pids;
all_arrived($folder, 'two at once');
is((grep { $_ != 1 } values %{ arrived($folder) }), 0, 'two at once: each arrived once');

# what cannot be delivered, at present or ever
$folder = book(6, "(ARRAY['gone\@example.com', 'full\@example.com', NULL, 'nonsense', E'k5\@example.com'])[n]");
finish($folder);
is($session->sql("SELECT invoice_no, outcome, attempts, reason FROM reminder.delivery WHERE creditor_id = $creditor ORDER BY 1"), <<'END' =~ s/\n\z//r, 'what cannot be delivered: is tried again, or fails');
F/1|failed|1|550 no such mailbox
F/2|sent|2|
F/3|sent|1|
F/4|failed|1|it cannot be written: nonsense is no email address
F/5|sent|1|
F/6|sent|1|
END
is($session->sql("SELECT invoice_no, message, detail FROM reminder.exception_list WHERE creditor_id = $creditor ORDER BY 1"), <<'END' =~ s/\n\z//r, 'what cannot be delivered: is an exception');
F/1|the letter could not be sent|550 no such mailbox
F/4|the letter could not be sent|it cannot be written: nonsense is no email address
END

# no server
$folder = book(6);
{
	local $port = 1;
	is(sends_once($folder), 1, 'no server: it says so');
}
is($session->sql("SELECT channel, waiting, in_hand, to_retry FROM reminder.outbox WHERE creditor_id = $creditor ORDER BY 1"), "email|0|0|4\nprint|2|0|0", 'no server: the letters are given back');
is($session->sql("SELECT max(attempts) FROM reminder.letter_lease WHERE creditor_id = $creditor"), 0, 'no server: and that was no attempt');

# woken by a run, and told to end
my $pid = start($folder, '--poll', 600);
sub sent_within
{
	my ($n, $until) = ($_[0], time + 20);
	while (time < $until)
	{
		return 1 if keys_of('sent') >= $n;
		sleep 0.1;
	}
	return 0;
}
ok(sent_within(6), 'woken: sends what waits');
sleep 1;
$session->sql("INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES ($creditor, 'late', 'K1', '2026-01-31', '2026-03-04', 'SEK', 10)");
$session->sql("CALL reminder.run('2026-03-20', $creditor)");
ok(sent_within(7), 'woken: a run wakes it');
kill 'TERM', $pid;
is(ended($pid), 0, 'it ends when it is told to');

is($session->sql('SELECT * FROM reminder.check()'), '', 'and nothing is amiss');
$session->quit;
kill 'KILL', $smtpd;
close $port_line;
$node->stop;
done_testing();
