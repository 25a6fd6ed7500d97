# The demo, as a user sees it: books that fit and books that do not (B2, and
# end to end L2, L6, L7, F2, F3, C3, C5, G1, M1).
use strict;
use warnings;

use Encode qw(encode_utf8);
use FindBin;
use IPC::Run qw(run);
use PostgreSQL::Test::Utils;
use Reminder;
use Test::More;

my $top = "$FindBin::RealBin/../..";
my $node = Reminder->cluster('main');
my $databases = 0;

# demo/run must not start a cluster of its own.
local $ENV{REMINDER_SRC} = $top;
local $ENV{PGHOST} = $node->host;
local $ENV{PGPORT} = $node->port;
local $ENV{PGUSER} = $node->safe_psql('postgres', 'SELECT current_user');
local $ENV{PGDATABASE};
local $ENV{KEEP};

# Runs the demo on a book, or on its own: exit status, output, errors.
sub demo
{
	my ($book) = @_;

	$ENV{PGDATABASE} = 'demo' . ++$databases;
	$node->safe_psql('postgres', "CREATE DATABASE $ENV{PGDATABASE} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'");
	local $ENV{BOOK} = $book // '';
	run(["$top/demo/run"], '>', \my $out, '2>', \my $err);
	return ($? >> 8, $out, $err);
}

sub query
{
	return $node->safe_psql($ENV{PGDATABASE}, shift);
}

# A file with this text.
sub book
{
	my ($text) = @_;
	my $file = PostgreSQL::Test::Utils::tempdir_short() . '/book.csv';

	open my $handle, '>:raw', $file or die $!;
	print $handle $text;
	close $handle;
	return $file;
}

sub fits_a_terminal
{
	my ($out, $what) = @_;
	my @wide = grep { length > 80 } split /\n/, $out;

	is_deeply(\@wide, [], "$what: no line is wider than 80 columns");
	return;
}

# The book in data/book.csv by hand.  All letters are dated by the Swedish
# calendar: 2024-01-14 is a Sunday, so due dates on it count from the 15th.
#
#  A1 due 15 Jan, paid on 20 Jan, the day its reminder would go out: none
#  A2 due 15 Jan, paid on 21 Jan: reminder on 20 Jan, 60; interest of 5 days at
#     12 %, 0.82; pays 500.50 + 60 + 0.82
#  A3 due 14 Jan: reminder on 20 Jan; ten bank days on is 2 Feb; 12 days after
#     the reminder is 1 Feb, but no demand before the day after that deadline:
#     on 3 Feb, 180; ten bank days on is 16 Feb; interest of 6 days 0.39, of 20
#     days 1.32; paid on 5 Feb: 200 + 60 + 180 + 1.32
#  A4 due 15 Jan, disputed: held from then until it is paid on 1 March
#  B1 due 10 Jan, never paid: reminder 15 Jan, deadline 29 Jan, demand 30 Jan
#     (12 days would be 27 Jan), deadline 13 Feb, monitoring from 14 Feb;
#     interest of 5 days 1.23, of 20 days 4.93
#  B2 due 20 Feb, paid that day;  A1 of the other creditor, paid before due
my $letters = <<'END';
A2|reminder|2024-01-20|2024-02-02|60.00|561.32
A3|demand|2024-02-03|2024-02-16|180.00|441.32
A3|reminder|2024-01-20|2024-02-02|60.00|260.39
B1|demand|2024-01-30|2024-02-13|180.00|994.93
B1|reminder|2024-01-15|2024-01-29|60.00|811.23
END
chomp $letters;
my $letter_query = 'SELECT invoice_no, stage, letter_date, deadline, fee, total FROM reminder.letter_list ORDER BY 1, 2';

my $small = "$FindBin::RealBin/data/book.csv";
my ($status, $out, $err) = demo($small);
is($status, 0, 'a small book: the demo ends well');
is($err, '', 'it has nothing to complain of');
like($out, qr/^reminder 3 letters, 180\.00 SEK in fees$/m, 'its reminders, as counted by hand');
like($out, qr/^demand 2 letters, 360\.00 SEK in fees$/m, 'its demands');
like($out, qr/^2024-01          2         2        4 /m, 'a month is told of while it runs');
like($out, qr/^INSERT 0 1$/m, 'the loss goes through when the case is withdrawn');
like($out, qr/^ERROR:  23R01: cannot book a credit loss on invoice "B1" while its collection\n        case is active$/m,
	'and not before');
unlike($out, qr/^(SET|CREATE|ANALYZE|CALL|Time:|INSERT 0 [^1])/m, 'no noise from psql');
fits_a_terminal($out, 'a small book');
is(query($letter_query), $letters, 'its letters');
is(query("SELECT invoice_no, stage, state, opened_on, stage_on, ended_on, outcome, fees_paid FROM reminder.case_status ORDER BY 1"),
	"A2|reminder|ended|2024-01-20|2024-01-20|2024-01-21|paid|60.00\n"
	  . "A3|demand|ended|2024-01-20|2024-02-03|2024-02-05|paid|240.00\n"
	  . "B1|monitoring|active|2024-01-15|2024-02-14|||0.00", 'its cases');
is(query("SELECT creditor_id, invoice_no, paid_on, amount FROM reminder.payment ORDER BY 1, 2"),
	"10|A1|2024-01-20|1000.00\n10|A2|2024-01-21|561.32\n10|A3|2024-02-05|441.32\n10|A4|2024-03-01|300.00\n"
	  . "20|A1|2024-02-01|90.00\n20|B2|2024-02-20|80.00", 'its payments');
is(query("SELECT invoice_no, kind, from_on FROM reminder.hold"), 'A4|dispute|2024-01-15', 'its disputes');
is(query("SELECT count(*), min(as_of), max(as_of) FROM reminder.run_log"), '156|2023-12-15|2024-03-01', 'every day was run');
is(query("SELECT count(*) FROM reminder.letter_list WHERE status <> 'sent'"), '0', 'every letter was confirmed');
is(query("SELECT count(*) FROM reminder.credit_loss"), '0', 'the loss was taken back');
is(query("SELECT creditor_id, customer_no, name, kind, country FROM reminder.customer ORDER BY 1, 2"),
	encode_utf8("10|C1|Berg, Anna|person|\n10|C2|Nordbygg AB|company|SE\n10|C3|Havn AS|company|NO\n"
		  . "20|C1|Bj\x{f6}rn Ek|person|\n20|C2|Polarmark AB|company|"), 'its customers');

# The same book from a spreadsheet in Sweden.
my $swedish = slurp_file($small);
$swedish =~ s/"Berg, Anna"/Berg/g;
$swedish =~ s/paid, /paid /g;
$swedish =~ s/, / /g;
$swedish =~ s/,/;/g;
$swedish =~ s/(\d)\.(\d\d);/$1,$2;/g;
$swedish =~ s/\n/\r\n/g;
($status, $out, $err) = demo(book("\xef\xbb\xbf$swedish;;;;;;;;;;;\r\n"));
is("$status$err", '0', 'semicolons, decimal commas, a byte order mark and carriage returns are taken');
is(query($letter_query), $letters, 'and mean the same');

# Books that do not fit: each is refused whole, in words of our own.
my $header = "customer,invoice,invoice_date,due_date,amount,settled,disputed,kind,country\n";
my $line = "C,1,2024-01-01,2024-01-31,5.00,,,,\n";
my $long = '1' x 65;

sub refused
{
	my ($what, $text, @complaints) = @_;

	($status, $out, $err) = demo(book($text));
	ok($status == 1 && $out eq '' && $err !~ /ERROR|psql:/, "$what: refused") or diag("$status\n$out\n$err");
	like($err, $_, "$what: said") foreach @complaints;
	return;
}

refused('an empty file', '', qr/is empty$/);
refused('empty lines', "\n ,,\n", qr/is empty$/);
refused('Latin-1', "$header\xc5$line", qr/is not text in UTF-8/);
refused('a short line', "$header${line}C,2,2024-01-01\n", qr/line 3: 3 columns, where the header has 9/);
refused('an open quote', "$header\"C,1\n$line", qr/line 2: a quote that is not closed/);
refused('a wrong header', "a,invoice,invoice no\n1,2,3\n",
	qr/^  line 1: there is no column "invoice_date"; the header has "a", "invoice",\n    "invoice no"$/m,
	qr/^  line 1: the columns "invoice" and "invoice no" all stand for "invoice"$/m);
refused('no invoices', $header, qr/line 2: the file has a header and no invoices/);
refused('bad dates', <<"END",
$header

C,1,2/30/2024,2024-03-31,5.00,,,,
C,2,2024-01-01,31/1/2024,5.00,,,,
C,3,2024-01-01,2024-01-31,5.00,soon,,,
C,4,1924-01-01,2024-01-31,5.00,,,,
C,5,2024-01-02,2024-01-01,5.00,,,,
C,6,2024-01-02,2024-01-31,5.00,2024-01-01,,,
C,7,,2024-01-31,5.00,,,,
END
	qr/^  line 4, column "invoice_date": "2\/30\/2024" is not a date; dates are\n    month\/day\/year or year-month-day$/m,
	qr/^  line 5, column "due_date": "31\/1\/2024" is not a date; /m,
	qr/^  line 6, column "settled": "soon" is not a date; /m,
	qr/^  line 7, column "invoice_date": 1924-01-01 is not between 1990-01-01 and\n    2200-12-31$/m,
	qr/^  line 8, column "due_date": 2024-01-01 is before the invoice date, 2024-01-02$/m,
	qr/^  line 9, column "settled": 2024-01-01 is before the invoice date, 2024-01-02$/m,
	qr/^  line 10, column "invoice_date": is empty$/m);
refused('bad amounts', <<"END",
${header}C,1,2024-01-01,2024-01-31,-5.00,,,,
C,2,2024-01-01,2024-01-31,5.005,,,,
C,3,2024-01-01,2024-01-31,NaN,,,,
C,4,2024-01-01,2024-01-31,1000000000000,,,,
C,5,2024-01-01,2024-01-31,"1,000.00",,,,
C,6,2024-01-01,2024-01-31,,,,,
END
	qr/^  line 2, column "amount": -5\.00 is negative; the demo takes invoices only$/m,
	qr/^  line 3, column "amount": 5\.005 has more than two decimals$/m,
	qr/^  line 4, column "amount": "NaN" is not an amount; /m,
	qr/^  line 5, column "amount": 1000000000000 is too much; /m,
	qr/^  line 6, column "amount": "1,000\.00" is not an amount; /m,
	qr/^  line 7, column "amount": is empty$/m);
refused('other bad cells', <<"END" . "$line" x 8,
$header$line$line,2,2024-01-01,2024-01-31,5.00,,,,
C,$long,2024-01-01,2024-01-31,5.00,,,,
C,3,2024-01-01,2024-01-31,5.00,,perhaps,,
C,4,2024-01-01,2024-01-31,5.00,,,dog,
C,5,2024-01-01,2024-01-31,5.00,,,,Sweden
END
	qr/^  line 3, column "invoice": "1" is on line 2 already$/m,
	qr/^  line 4, column "customer": is empty$/m,
	qr/^  line 5, column "invoice": is longer than 64 bytes$/m,
	qr/^  line 6, column "disputed": "perhaps" is neither yes nor no$/m,
	qr/^  line 7, column "kind": "dog" is none of company, person and public$/m,
	qr/^  line 8, column "country": "SWEDEN" is not a country in two letters, /m,
	qr/^  \.\.\. and 4 more$/m);
($status, $out, $err) = demo('/nonexistent/book.csv');
is("$status$err", "1demo: /nonexistent/book.csv: no such file\n", 'no file: said');

# A book on which nothing is ever late.
($status, $out, $err) = demo(book("$header$line" =~ s/5\.00,/0.00,/r));
is("$status$err", '0', 'a book without a letter is lived through too');
like($out, qr/^None: nothing was due for one\.$/m, 'and the report says so');
is(query('SELECT max(as_of) FROM reminder.run_log'), '2024-03-31', 'without a settlement it ends 60 days after the last due date');

# The demo's own book.
($status, $out, $err) = demo();
is("$status$err", '0', 'its own book: the demo ends well');
fits_a_terminal($out, 'its own book');
is(query("SELECT md5(string_agg(b::text, E'\\n' ORDER BY b.creditor_id, b.invoice_no)) FROM demo.book b")
	  . query("SELECT md5(string_agg(h::text, E'\\n' ORDER BY h.creditor_id, h.invoice_no, h.what COLLATE \"C\", h.nth)) FROM demo.happening h"),
	'962a480b413f121b37293e482a9a5c0699f3acb253a9150bad8e1c66097a2830', 'it is the same every time');
like($out, qr/^reminder \d+ letters, \d+\.00 SEK and \d+\.00 EUR in fees$/m, 'fees in two currencies');
like($out, qr/^ Tunturi Tukku Oy   \| foreign: DE EE NO SE \| /m, 'foreign customers are outside automation');
is(query("SELECT count(*) FROM reminder.exception_list"), '0', 'no invoice was left undecided');
is(query(<<'END'), 't|t|t|t|t|t|t|t', 'it has all that a book can have');
SELECT count(*) > 2000, count(DISTINCT c.kind) = 2, bool_or(c.country <> 'SE' AND c.creditor_id = 1),
  EXISTS (SELECT FROM reminder.credit_balance),
  EXISTS (SELECT FROM reminder.hold h WHERE h.kind = 'dispute' AND h.released_on IS NOT NULL),
  EXISTS (SELECT FROM reminder.case_status k WHERE k.state = 'held'),
  bool_or(i.open_amount BETWEEN 0.01 AND i.amount - 0.01),
  bool_or(i.open_amount = i.amount AND i.due_date < '2024-10-01')
FROM reminder.invoice i JOIN reminder.customer c USING (creditor_id, customer_no)
END

# The real one: 2,466 invoices, each paid in the end.
SKIP:
{
	my $real = "$top/../shared/data/accounts-receivable.csv";

	skip 'no ../shared/data/accounts-receivable.csv here: the real book is not tried', 5 unless -e $real;
	($status, $out, $err) = demo($real);
	is("$status$err", '0', 'the real book: the demo ends well');
	like($out, qr/^reminder 255 letters, 13590\.00 SEK in fees$/m, '255 reminders');
	like($out, qr/^demand 12 letters, 1960\.00 SEK in fees$/m, '12 demands');
	is(query("SELECT count(*), sum(fee) FROM reminder.letter_list GROUP BY stage ORDER BY stage"), "12|1960.00\n255|13590.00",
		'which is what there is');
	fits_a_terminal($out, 'the real book');
}

done_testing();
