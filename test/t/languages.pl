# What guards say, in English, Swedish and Finnish by lc_messages (G4): each
# error of theirs raised in the three languages, by a server of its own whose
# catalogues and locales are in a folder of this test's.
use strict;
use warnings;

use Catalogue;
use File::Path qw(make_path);
use JSON::PP;
use Reminder;
use Session;
use PostgreSQL::Test::Utils;
use Test::More;

my %locale = (sv => 'sv_SE', fi => 'fi_FI');
my %path;
for my $of (qw(bindir pkglibdir sharedir localedir))
{
	chomp($path{$of} = qx($ENV{PG_CONFIG} --$of));
}
plan skip_all => 'PostgreSQL is built without NLS' unless qx($ENV{PG_CONFIG} --configure) =~ /--enable-nls/;

# Locales, as Debian's package "locales" can make them.
my $made = PostgreSQL::Test::Utils::tempdir;
for my $name (values %locale)
{
	plan skip_all => "no locale $name.UTF-8 can be made here: localedef and the package locales are wanted"
	  if system("localedef -i $name -f UTF-8 $made/$name.UTF-8 >/dev/null 2>&1") != 0;
}
$ENV{LOCPATH} = $made;
delete @ENV{qw(LANGUAGE LC_ALL LANG)};

# A server looks for catalogues beside its program. Where the extension is in a
# stage, a tree of links has both; of what asks where it is, a copy.
my $stage = $ENV{REMINDER_STAGE};
if (defined $stage)
{
	plan skip_all => 'no catalogues were built: there is no msgfmt' unless -d "$stage$path{localedir}";
	my $root = PostgreSQL::Test::Utils::tempdir_short;
	for my $dir ($path{bindir}, $path{pkglibdir}, $path{sharedir})
	{
		make_path("$root$dir");
		system_or_bail('cp', '-as', "$dir/.", "$root$dir");
	}
	for my $program (qw(postgres initdb pg_ctl))
	{
		system_or_bail('cp', '--remove-destination', '-L', "$path{bindir}/$program", "$root$path{bindir}/$program");
	}
	# some of it is a link, where the extension is installed as well
	system_or_bail('cp', '-R', '--remove-destination', "$stage/.", $root);
	$ENV{PATH} = "$root$path{bindir}:$ENV{PATH}";
	delete $ENV{TEMP_CONFIG};
}

my $node = Reminder->cluster('languages', extra => [ '--encoding=UTF8', '--locale=C' ]);
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
$session->sql(<<'SQL');
CREATE SCHEMA t;
CREATE FUNCTION t.try(statement text, OUT code text, OUT message text, OUT detail text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  code := '00000';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
END
$$;
INSERT INTO reminder.account VALUES (1, 'Book');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
SELECT c, 1, 'Creditor', 'SE', '5402-9681', 'Gatan 1', 'Varor' FROM generate_series(1, 2) c;
SELECT reminder.add_preset(1, 'amili');
SELECT reminder.activate(1, confirm => true);
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, 'case_fee', '2026-01-01', 1);
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT c, n, n, 'company' FROM generate_series(1, 2) c, unnest('{C,open,balance,kept}'::text[]) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, i.invoice_no, i.customer_no, '2026-01-02', i.due_date, 'SEK', 1000
FROM (VALUES ('A', 'C', date '2026-02-02'), ('B', 'C', '2026-02-16'), ('D', 'C', '2026-02-02'), ('E', 'C', '2026-02-02'), ('X', 'C', '2026-02-02'), ('L', 'C', '2026-02-02'), ('M', 'C', '2026-02-02'),
             ('O', 'open', '2027-02-02'), ('R', 'balance', '2027-02-02'), ('P', 'open', '2027-02-02'), ('K', 'kept', '2027-02-02'), ('S', 'kept', '2027-02-02')) i (invoice_no, customer_no, due_date);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'KA', 'A', '2026-01-03', 10), (1, 'KX', 'X', '2026-01-03', 10);
UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = 'X';
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'L', 'L', 'doubtful', '2026-01-10', 1), (1, 'M', 'M', 'confirmed', '2026-01-10', 1);
CREATE TABLE t.residual (no text PRIMARY KEY, rest numeric);
INSERT INTO t.residual VALUES ('U', 1000);
SELECT reminder.attach('invoice', 't.residual', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-02''", "due_date": "date ''2026-02-02''",
  "amount": 1000, "open_amount": "rest", "paid_on": "date ''2026-02-10''"}');
CALL reminder.run('2026-02-07', 1);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT 1, i, i, '2026-02-10', 2000 FROM unnest('{D,R}'::text[]) i;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT 1, i, i, '2026-02-10', 1000 FROM unnest('{K,S}'::text[]) i;
CALL reminder.run('2026-02-21', 1);
SELECT reminder.hand_to_enforcement(1, 'E', 'KFM', '2026-02-22');
SELECT reminder.settle(1, '2026-02-22');
SELECT reminder.publish_terms('standard', 'languages', 'Terms', '2026-02-23', body => 'Text');
SELECT reminder.take_agency_messages(1, 'intrum', '[{"id": "m", "invoice_no": "A", "kind": "status", "date": "2026-02-22", "status": "x"}]', '2026-02-22');
SELECT reminder.confirm_law(1, 'retention_rule', NULL, 'any', '1900-01-01', 'read by our lawyer');
INSERT INTO reminder.price_list VALUES ('languages', 'A test', 'EUR');
CREATE TABLE t.booking (booking_no integer PRIMARY KEY, invoice text, kind text);
CREATE INDEX ON t.booking (invoice);
CREATE TABLE t.standing (LIKE t.booking INCLUDING ALL);
INSERT INTO t.booking VALUES (1, 'P', 'loss');
INSERT INTO t.standing VALUES (1, 'A', 'loss');
SELECT reminder.protect('t.booking', 'invoice', k, format('kind = %L', k), 1) FROM unnest('{loss,void,offset}'::text[]) k;
SQL

my %statements = (
	'23R01' => [
		(map { my $i = $_; (
			"INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, '$i', 'doubtful', '2026-02-22', 1)",
			"INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'new', '$i', '2026-02-22', 1)",
			"UPDATE reminder.credit SET amount = 1 WHERE invoice_no = '$i'",
			"UPDATE reminder.invoice SET due_date = '2026-02-03' WHERE invoice_no = '$i'",
			"DELETE FROM reminder.invoice WHERE invoice_no = '$i'",
			"INSERT INTO t.booking VALUES (2, '$i', 'void')",
			"INSERT INTO t.booking VALUES (2, '$i', 'offset')") } 'A', 'X'),
		"SELECT reminder.protect('t.standing', 'invoice', 'loss', NULL, 1)",
		"UPDATE t.residual SET rest = 0; INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, 'U', 'doubtful', '2026-02-22', 1)",
		"DELETE FROM reminder.invoice WHERE invoice_no = 'E'",
		"SELECT reminder.erase_customer(1, 'C', '2026-02-22', 'asked')" ],
	'23R02' => [ map { "UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = '$_'" } 'L', 'M', 'P' ],
	'23R03' => [ "SELECT reminder.hand_to_enforcement(1, 'B', 'KFM', '2026-02-22')", "SELECT reminder.hand_to_enforcement(1, 'E', 'KFM', '2026-02-22')" ],
	'23R04' => [
		"DELETE FROM reminder.invoice WHERE invoice_no = 'D'", "UPDATE reminder.invoice SET invoice_no = 'D2' WHERE invoice_no = 'D'",
		"UPDATE reminder.invoice SET creditor_id = 2 WHERE invoice_no = 'O'", 'UPDATE reminder.creditor SET creditor_id = 3 WHERE creditor_id = 1',
		'DELETE FROM reminder.rule WHERE creditor_id = 1 AND general', "UPDATE reminder.rule SET rule_no = rule_no + 100 WHERE creditor_id = 1 AND general",
		"SELECT reminder.publish_terms('standard', 'languages', 'Terms', '2026-02-23', body => 'Text')",
		"SELECT reminder.publish_terms('standard', 'other', 'Terms', '2026-02-23', body => 'Text')",
		"UPDATE reminder.price_list SET currency = 'SEK' WHERE price_list = 'languages'",
		"UPDATE reminder.creditor_price SET price = 2 WHERE item = 'case_fee'",
		"INSERT INTO reminder.settlement_terms (creditor_id, valid_from) VALUES (1, '2026-01-01')",
		'TRUNCATE t.booking',
		map { "SELECT reminder.erase_customer(1, '$_', '2026-02-22', 'asked')" } 'open', 'balance', 'kept' ],
	'23R05' => [ q{SELECT reminder.take_agency_messages(1, 'intrum', '[{"id": "m", "invoice_no": "A", "kind": "status", "date": "2026-02-22", "status": "y"}]', '2026-02-22')} ],
	'23R06' => [ map { "INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount, event, document_no) VALUES (1, '1', 'V1', '1510', '2026-02-22', 1, $_)" }
		'NULL, NULL', "'payment', 'nobody''s'" ],
	'42R01' => [
		"UPDATE reminder.invoice SET open_amount = 1 WHERE invoice_no = 'O'", "UPDATE reminder.invoice SET automation = 'blocked' WHERE invoice_no = 'O'",
		'UPDATE reminder.creditor SET automation = false', 'DELETE FROM reminder.decision', 'TRUNCATE reminder.credit' ],
	'42R02' => [
		'ALTER TABLE reminder.credit_loss DISABLE TRIGGER credit_loss_guard', 'ALTER TABLE reminder.credit_loss ENABLE TRIGGER credit_loss_guard',
		'DROP TRIGGER credit_loss_guard ON reminder.credit_loss', 'ALTER TRIGGER credit_loss_guard ON reminder.credit_loss RENAME TO other',
		'CREATE OR REPLACE TRIGGER credit_loss_guard AFTER INSERT ON reminder.credit_loss FOR EACH STATEMENT EXECUTE FUNCTION reminder._kept()',
		'CREATE RULE other AS ON INSERT TO reminder.credit_loss DO INSTEAD NOTHING', 'CREATE TABLE t.child () INHERITS (reminder.credit_loss)',
		'ALTER TABLE reminder.sealed_row SET UNLOGGED', 'ALTER TABLE reminder.installation ALTER version TYPE varchar(10)', 'ALTER TABLE reminder.credit_loss DROP CONSTRAINT credit_loss_amount',
		'CREATE TABLE t.parent (LIKE t.booking); ALTER TABLE t.booking INHERIT t.parent',
		'CREATE TABLE t.whole (LIKE t.booking) PARTITION BY LIST (kind); ALTER TABLE t.whole ATTACH PARTITION t.booking DEFAULT',
		q{DO $$ BEGIN EXECUTE 'DROP VIEW ' || (SELECT min(a.map) FROM reminder.attachments a WHERE a.relation = 't.booking'); END $$},
		q{CREATE TABLE t.bill (no text PRIMARY KEY) PARTITION BY LIST (no); CREATE TABLE t.bill_a PARTITION OF t.bill FOR VALUES IN ('A'); INSERT INTO t.bill VALUES ('A');
		  SELECT reminder.attach('invoice', 't.bill', 1, '{"invoice_no": "no", "customer_no": "''C''", "invoice_date": "date ''2026-01-02''", "due_date": "date ''2026-02-02''", "amount": 1000}');
		  ALTER TABLE t.bill DETACH PARTITION t.bill_a},
		'DROP EXTENSION reminder CASCADE' ]);

# A text with its blanks filled in, and what fills them.
sub as_pattern
{
	my ($text) = @_;
	my $pattern = '';
	for my $part (split /(%(?:\d\$)?[.*\d]*(?:ll)?[sd])/, $text)
	{
		$pattern .= $part =~ /^%/ ? '(.*?)' : quotemeta $part;
	}
	return qr/^$pattern$/s;
}

# The message of the catalogue that something said is, and its blanks; the one that leaves the least to them.
my $template = Catalogue->template;
my @messages = sort { length $b <=> length $a || $a cmp $b } grep { !/^%/ } keys %$template;
sub message_of
{
	my ($said) = @_;
	for my $message (@messages)
	{
		my @blanks = $said =~ as_pattern($message);
		return ($message, $message =~ /%/ ? @blanks : ()) if @blanks;
	}
	return;
}

sub said
{
	my ($locale, $statement) = @_;
	$session->sql("SET lc_messages = '$locale'");
	my $said = $session->sql("SELECT jsonb_build_array(code, message, coalesce(detail, ''), coalesce(hint, '')) FROM t.try(\$try\$$statement\$try\$)");
	return @{ JSON::PP->new->decode($said) };
}

my %raised;
for my $code (sort keys %statements)
{
	for my $statement (@{ $statements{$code} })
	{
		my ($state, @english) = said('C', $statement);
		is($state, $code, "$code: $statement") or next;
		for my $language (sort keys %locale)
		{
			my $translated = Catalogue->read("po/$language.po");
			my ($also, @foreign) = said("$locale{$language}.UTF-8", $statement);
			is($also, $code, "$language: the same SQLSTATE");
			for my $n (0 .. 2)
			{
				next if $english[$n] eq '' && $foreign[$n] eq '';
				my ($message, @blanks) = message_of($english[$n]);
				ok(defined $message, "a message of the catalogue: $english[$n]") or next;
				$raised{$message} = 1;
				my $text = $translated->{$message}[0];
				my @same = $foreign[$n] =~ as_pattern($text);
				ok(@same > 0, "$language: $foreign[$n]") or diag($text);
				is_deeply([ sort @same ], [ sort @blanks ], "$language: with the same names") if $text =~ /%/;
			}
		}
	}
}

# Every message of the guards was among them, but what only a mistake of ours
# could bring about.
my %of_guards = map { $_ => 1 } map { s/\\"/"/gr } map { slurp_file("src/$_.c") =~ /(?:errmsg|errdetail|errhint|gettext_noop)\("((?:[^"\\]|\\.)*)"/g } qw(guard said);
for my $file (glob 'sql/extension/*.sql')
{
	$of_guards{ $_ =~ s/''/'/gr } = 1 for slurp_file($file) =~ /reminder\._say\('((?:[^']|'')*)'\)/g;
}
for my $message (sort grep { !/^function|^%/ } keys %of_guards)
{
	ok($raised{$message}, "raised: $message");
}

# As an accountant would read it.
my @loss = ($statements{'23R01'}[0], $statements{'23R06'}[0]);
$session->sql('SET client_encoding = UTF8');
is_deeply([ (said('sv_SE.UTF-8', $loss[0]))[ 1 .. 3 ] ],
	[ 'kan inte bokföra en kundförlust på faktura "A" medan dess inkassoärende är aktivt', 'Ärende 1 på fakturan är i steget "demand".', 'Avsluta ärendet först: anropa reminder.withdraw().' ],
	'sv: a loss on an invoice that is being collected');
is_deeply([ (said('fi_FI.UTF-8', $loss[0]))[ 1 .. 3 ] ],
	[ 'laskusta "A" ei voi kirjata luottotappiota, kun sen perintä on kesken', 'Laskun perintäasia 1 on vaiheessa "demand".', 'Päätä perintäasia ensin: kutsu reminder.withdraw().' ],
	'fi: the same');
my ($readme) = slurp_file('README.md') =~ /^(ERROR:  kan inte .*?)^```/ms;
is($readme, sprintf("ERROR:  %s\nDETAIL:  %s\nHINT:  %s\n", (said('sv_SE.UTF-8', $loss[0]))[ 1 .. 3 ]), 'sv: as the README has it');
is((said('sv_SE.UTF-8', $loss[1]))[1], 'kan inte bokföra verifikation "V1" manuellt på kontrollkonto "1510"', 'sv: a booking by hand');
is((said('C', $loss[1]))[1], 'cannot book voucher "V1" on control account "1510" by hand', 'and in English again');

# Warnings, and plurals.
$session->sql("SET lc_messages = 'sv_SE.UTF-8'");
$session->try("INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'more', 'K', '2026-02-22', 5), (1, 'still more', 'K', '2026-02-22', 5)");
like($session->output, qr/01R01: betalning "more" och andra är mer än vad som är obetalt på deras fakturor/, 'sv: a warning of several payments');

# A database in another encoding gets the same letters.
$node->safe_psql('postgres', q(CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0));
Reminder->install($node, 'latin');
my $latin = Session->new($node, 'latin');
$latin->sql("SET client_encoding = UTF8; SET lc_messages = 'fi_FI.UTF-8'");
$latin->try('DELETE FROM reminder.decision');
like($latin->output, qr/42R01: taulua "decision" ylläpitää reminder\n/, 'fi: to a database in LATIN1');

# By role, as users of an application have it.
$node->safe_psql('book', q(CREATE ROLE finn LOGIN SUPERUSER; ALTER ROLE finn SET lc_messages = 'fi_FI.UTF-8'));
my ($status, $stdout, $stderr) = $node->psql('book', 'TRUNCATE reminder.credit', extra_params => [ '-U', 'finn' ]);
like($stderr, qr/reminderin taulua "credit" ei voi tyhjentää/, 'fi: by a setting of the role');

$node->stop;
done_testing();
