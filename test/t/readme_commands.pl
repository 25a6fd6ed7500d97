# Every command of the README that prints nothing there, as somebody types it
# from top to bottom: a block at a time, in a book that stands where its numbers
# say. What it prints is compared by readme.pl and the sessions it names.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Reminder;
use Session;
use Test::More;

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
$session->sql(<<'SQL');
CREATE ROLE ada; CREATE ROLE bo; CREATE ROLE nightly;
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Nordic Bikes');
INSERT INTO reminder.partner (partner_id, name) VALUES (1, 'Partner');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles'), (5, 1, 'In Germany', 'DE', NULL, 'Strasse 1', 'Waren');
SELECT reminder.add_preset(1, 'amili'), reminder.activate(1, confirm => true);
INSERT INTO reminder.customer_class (creditor_id, class) VALUES (1, 'STATE');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind)
SELECT 1, 'C' || n, 'Customer ' || n, CASE n WHEN 1 THEN 'person' ELSE 'company' END FROM generate_series(1, 7) n;
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C-17', 'Customer 17');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (1, 'F104', 'C2', '2026-09-20', '2026-10-20', 'SEK', 4300), (1, 'F1', 'C3', '2026-05-01', '2026-05-31', 'SEK', 5000);
SELECT reminder.take_out(1, 'F1', '2026-10-01');
CALL reminder.run('2026-10-25');
SQL

# What must have been for a block, beside that.
my @before = (
	qr/hand_to_enforcement/ => "CALL reminder.run('2026-11-20', 1); CALL reminder.run('2026-12-01', 1)",
	qr/release\(1, 'F104'/ => 'UPDATE reminder.creditor SET credits_in_case = $$apply$$',
	qr/rule_step SET|rule_findings\(1, 10\)|preview_rule\(1, 10/ => "INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, enabled) VALUES (1, 10, 'Ten', 'company', false);"
	  . "INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 10, 'reminder', 10), (1, 10, 'demand', 20)",
	qr/set_registration/ => "SET LOCAL client_min_messages = warning");
# Whole sessions, and what another test runs: cron.pl, readme.pl by the tests it names.
my $elsewhere = qr/^(?:A clerk's morning|Run it every night|Send letters|Hand over to an agency|Agree on a payment plan|Let debtors see|Send letters by hand|Ask before|One letter for all|Take over a book|Settle with|Reconcile with|In Swedish)/;

my $readme = slurp_file('README.md');
my ($tasks) = $readme =~ /^## Tasks\n(.*?)^## Backup/ms or die 'README.md has no tasks';
my ($section, $blocks) = ('', 0);
while ($tasks =~ /^(#{2,3}) ([^\n]*)\n|^```sql\n(.*?)^```\n/msg)
{
	if (defined $2)
	{
		$section = $2;
		next;
	}
	my $block = $3;
	next if $section =~ $elsewhere || $block =~ /^ERROR|\([0-9]+ rows?\)|^-{3,}/m || $block =~ /^SELECT creditor_id, invoice_no, status FROM reminder.invoice_status/;
	$blocks++;
	$session->sql('BEGIN');
	for (my $i = 0; $i < @before; $i += 2)
	{
		$session->sql($before[ $i + 1 ]) if $block =~ $before[$i];
	}
	# a statement ends where a line does, a comment behind it or none
	for my $statement ($block =~ /(.+?;)[ \t]*(?:--[^\n]*)?(?:\n|\z)/gs)
	{
		my ($first) = $statement =~ /^\s*([^\n]*)/;
		is($session->try($statement), '00000', "$section: $first") or diag($session->output);
	}
	$session->sql('ROLLBACK');
}
cmp_ok($blocks, '>=', 15, 'there are commands');

# And the session of the first ten minutes is in the README whole: who types what
# stands there gets what stands there.
my $typed = slurp_file('test/sql/readme.sql');
$typed =~ s/\A.*?^(?=CREATE EXTENSION)//ms;
$typed =~ s/^\\set ECHO none.*//ms;
for my $line (grep { /\S/ && !/^--/ } split /\n/, $typed)
{
	ok(index($readme, "$line\n") >= 0, "the first ten minutes have: $line");
}

# Whatever one may call or look at is told of.
my ($reference) = $readme =~ /^## Reference\n(.*?)^## /ms;
my @public = split /\n/, $session->sql(<<'SQL');
SELECT DISTINCT p.proname FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname !~ '^_' AND p.prorettype <> 'trigger'::regtype AND p.proname <> 'replicates'
UNION SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'v' AND c.relname !~ '^_'
SQL
ok($reference =~ /\b$_\b/, "the reference has $_") for @public;

$session->quit;
$node->stop;
done_testing();
