# Rows that go from attached tables past our triggers are found by check(), and
# its hint brings both in step again; what stays here by right is not (A3).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
$session->sql(<<'SQL');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, claim_description) VALUES (3, 1, 'Butik', 'SE', '991-2346', 'Varor');
SELECT reminder.add_preset(3, 'amili'), reminder.activate(3, confirm => true, as_of => '2024-01-01');
CREATE SCHEMA erp;
CREATE TABLE erp.partner (id integer PRIMARY KEY, name text);
CREATE TABLE erp.move (id integer PRIMARY KEY, partner_id integer, total numeric, state text DEFAULT 'posted');
CREATE TABLE erp.old_move (id integer PRIMARY KEY, partner_id integer, total numeric);
CREATE TABLE erp.receipt (id integer PRIMARY KEY, move_id integer, amount numeric);
CREATE TABLE erp.note (id integer PRIMARY KEY, move_id integer, amount numeric);
CREATE TABLE erp.ledger (year integer, id integer, partner_id integer, total numeric, residual numeric, moved date DEFAULT '2024-01-20', PRIMARY KEY (year, id)) PARTITION BY LIST (year);
CREATE TABLE erp.ledger_2022 PARTITION OF erp.ledger FOR VALUES IN (2022);
CREATE TABLE erp.ledger_2023 PARTITION OF erp.ledger FOR VALUES IN (2023);
CREATE TABLE erp.ledger_2024 PARTITION OF erp.ledger FOR VALUES IN (2024);
INSERT INTO erp.partner SELECT n, 'Kund ' || n FROM generate_series(1, 9) n;
INSERT INTO erp.move SELECT n, 1 + n % 5, 100 FROM generate_series(1, 20) n;
INSERT INTO erp.old_move SELECT n, 1 + n % 5, 100 FROM generate_series(101, 110) n;
INSERT INTO erp.receipt SELECT n, n, 40 FROM generate_series(1, 10) n;
INSERT INTO erp.note SELECT n, 10 + n, 30 FROM generate_series(1, 5) n;
INSERT INTO erp.ledger SELECT 2022 + n % 3, 200 + n, 1 + n % 5, 100, CASE WHEN n % 4 = 0 THEN 0 ELSE 60 END FROM generate_series(1, 12) n;
-- of before anything was attached
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (3, 'before', 'B'), (3, '1', 'Kund 1');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (3, 'before', '1', '2024-01-10', '2024-02-01', 'SEK', 100), (3, '1', '1', '2024-01-10', '2024-02-01', 'SEK', 100);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (3, 'before', 'before', '2024-01-12', 10);
SQL
my $dates = q("invoice_date": "date '2024-01-10'", "due_date": "date '2024-02-01'");
my %map = (
	partner => [ 'customer', '{"customer_no": "id", "name": "name"}' ],
	move => [ 'invoice', qq({"invoice_no": "id", "customer_no": "partner_id", $dates, "amount": "total", "where": "state = 'posted'"}) ],
	old_move => [ 'invoice', qq({"invoice_no": "id", "customer_no": "partner_id", $dates, "amount": "total"}) ],
	ledger => [ 'invoice', qq({"creditor_id": "3", "invoice_no": "id", "customer_no": "partner_id", $dates, "amount": "total", "open_amount": "residual", "paid_on": "moved"}) ],
	receipt => [ 'payment', q({"payment_no": "id", "invoice_no": "move_id", "paid_on": "date '2024-01-15'", "amount": "amount"}) ],
	note => [ 'credit', q({"credit_no": "id", "invoice_no": "move_id", "credited_on": "date '2024-01-15'", "amount": "amount"}) ]);
sub attach
{
	my ($table) = @_;
	my ($kind, $columns) = @{ $map{$table} };
	my $creditor = $columns =~ /creditor_id/ ? 'NULL' : 3;
	return "SELECT reminder.attach('$kind', 'erp.$table', $creditor, \$\$$columns\$\$)";
}
$session->sql(attach($_)) for qw(partner move old_move ledger receipt note);

sub gone { return join ', ', split /\n/, $session->sql("SELECT object FROM reminder.check() WHERE finding = 'attached_gone'"); }
sub all { return join ', ', split /\n/, $session->sql('SELECT finding, object FROM reminder.check()'); }
sub in_step { return is(all(), '', $_[0]); }

# Something done past the triggers of a table, which stand again afterwards.
my @triggers = map { "reminder_$_" } qw(inserted updated deleted truncated replicated);
sub past
{
	my ($table, $sql) = @_;
	my @tables = $table eq 'ledger' ? qw(erp.ledger erp.ledger_2022 erp.ledger_2024) : ("erp.$table");
	return join '; ', 'SELECT reminder._keep(true)', (map { "ALTER TABLE $_ DISABLE TRIGGER USER" } @tables), $sql,
	  (map { my $table = $_; map { "ALTER TABLE $table ENABLE ALWAYS TRIGGER $_" } @triggers } @tables), 'SELECT reminder._keep(false)';
}

# What stays here by right.
in_step('what was here before is nobody\'s loss');
$session->sql(<<'SQL');
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (3, 'here', 'H');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (3, 'here', 'here', '2024-01-10', '2024-02-01', 'SEK', 100);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (3, 'here', '2', '2024-01-12', 10);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (3, 'here', '2', '2024-01-12', 10);
SQL
in_step('nor what is written here');
$session->sql("UPDATE reminder.invoice SET invoice_no = 'there' WHERE invoice_no = 'here'; UPDATE reminder.payment SET payment_no = 'there' WHERE payment_no = 'here';
	UPDATE reminder.credit SET credit_no = 'there' WHERE credit_no = 'here'; UPDATE reminder.invoice SET customer_no = '1' WHERE invoice_no = 'there'; UPDATE reminder.customer SET customer_no = 'there' WHERE customer_no = 'here'");
in_step('under whatever number');
$session->sql("UPDATE erp.ledger SET residual = residual - 10, moved = '2024-01-25' WHERE residual > 0; UPDATE erp.ledger SET residual = residual + 20 WHERE residual > 0");
in_step('nor payments of a residual');
$session->sql("DELETE FROM erp.partner WHERE id = 5; DELETE FROM erp.partner WHERE id = 9; DELETE FROM erp.note WHERE id = 5; UPDATE erp.move SET state = 'draft' WHERE id = 20");
in_step('nor a customer who has invoices');
$session->sql("DELETE FROM erp.ledger WHERE partner_id = 5; DELETE FROM erp.old_move WHERE partner_id = 5; DELETE FROM erp.move WHERE partner_id = 5;
	DELETE FROM erp.receipt WHERE move_id NOT IN (SELECT id FROM erp.move); DELETE FROM erp.note WHERE move_id NOT IN (SELECT id FROM erp.move)");
in_step('or had some');
$session->sql("ALTER TABLE erp.ledger DETACH PARTITION erp.ledger_2022; DROP TABLE erp.ledger_2023");
in_step('nor what was in a partition that left');
is($session->sql("SELECT count(*) > 4 FROM reminder.unattached WHERE kind = 'invoice'"), 't', 'which is noted');
$session->sql("ALTER TABLE erp.ledger ATTACH PARTITION erp.ledger_2022 FOR VALUES IN (2022)");
in_step('or came back');
is($session->sql("SELECT count(*) FROM reminder.unattached u JOIN erp.ledger l ON l.id::text = u.no"), '0', 'and then is no more');
$session->sql("SELECT reminder.detach('erp.old_move')");
in_step('nor of a table that was detached');
$session->sql(attach('old_move') . "; SET client_min_messages = error; DROP TABLE erp.old_move CASCADE");
in_step('or dropped');

# Rows of every kind that go past the triggers; and what brings both in step.
$session->sql("SELECT count(*) FROM reminder.send_now(3, ARRAY['18'], '2024-03-01')");
is($session->sql("SELECT count(*) FROM reminder.case_status WHERE creditor_id = 3 AND state = 'active'"), '1', 'one invoice is being collected');
in_step('with nothing to find');
my @gone = (
	[ 'receipt', 'DELETE FROM erp.receipt WHERE id = 3', 'payment 3 of creditor 3' ],
	[ 'note', 'DELETE FROM erp.note WHERE id = 1', 'credit 1 of creditor 3' ],
	[ 'move', 'DELETE FROM erp.move WHERE id IN (16, 17)', 'invoice 16 of creditor 3, invoice 17 of creditor 3' ],
	[ 'move', "UPDATE erp.move SET state = 'draft' WHERE id = 16", 'invoice 16 of creditor 3' ],
	[ 'move', 'TRUNCATE erp.move', undef ],
	[ 'ledger', 'DELETE FROM erp.ledger_2022 WHERE id = 206', 'invoice 206 of creditor 3' ],
	[ 'ledger', 'DELETE FROM erp.ledger_2024 WHERE id = 202', 'invoice 202 of creditor 3' ],
	[ 'partner', 'DELETE FROM erp.partner WHERE id IN (1, 8)', 'customer 8 of creditor 3' ]);
for (@gone)
{
	my ($table, $sql, $what) = @$_;
	$session->sql('BEGIN');
	$session->sql(past($table, $sql));
	my $found = gone();
	defined $what ? is($found, $what, "$sql: found") : like($found, qr/invoice 1 of creditor 3, invoice 10 .*invoice 18 /, "$sql: found");
	if (defined $what)
	{
		$session->sql($_) for split /\n/, $session->sql("SELECT hint FROM reminder.check() WHERE finding = 'attached_gone'");
		in_step("$sql: and brought into step by its hint");
	}
	$session->sql('ROLLBACK');
}
in_step('and nothing was done');

# What is otherwise there is brought into step by attaching the table again.
$session->sql('BEGIN');
$session->sql(past('move', 'UPDATE erp.move SET total = 200 WHERE id = 16; INSERT INTO erp.move VALUES (21, 1, 100); UPDATE erp.move SET id = 22 WHERE id = 17'));
is(all(), 'attached_differs|erp.move, attached_gone|invoice 17 of creditor 3', 'rows changed, inserted and renumbered past the triggers are found');
$session->sql("SELECT reminder.detach('erp.move'); " . attach('move'));
is(all(), 'attached_gone|invoice 17 of creditor 3', 'all but the number that is gone follows when the table is attached again');
$session->sql('ROLLBACK');

# A number that a writable CTE deletes and gives to another key is missing here, and follows when the table is attached again.
$session->sql('BEGIN; WITH gone AS (DELETE FROM erp.ledger WHERE id = 206) INSERT INTO erp.ledger VALUES (2024, 206, 1, 100, 60)');
is(all(), 'attached_differs|erp.ledger', 'a number that a writable CTE gives to another key is found');
$session->sql("SELECT reminder.detach('erp.ledger'); " . attach('ledger'));
in_step('and is here when the table is attached again');
$session->sql('ROLLBACK');

# Every field that a map has is compared.
for ([ 'receipt', 'payment', 'paid_on = paid_on + 1' ], [ 'receipt', 'payment', "invoice_no = '2'" ], [ 'note', 'credit', "reason = 'r'", '' ], [ 'move', 'invoice', 'due_date = due_date + 1' ],
	[ 'partner', 'customer', "name = 'N'" ], [ 'ledger', 'invoice', 'open_amount = 1' ])
{
	my ($table, $ours, $set, $found) = @$_;
	my $no = $ours eq 'invoice' && $table eq 'ledger' ? '206' : $ours eq 'invoice' ? '16' : '1';
	$session->sql("BEGIN; SELECT reminder._keep(true); ALTER TABLE reminder.$ours DISABLE TRIGGER USER; UPDATE reminder.$ours SET $set WHERE creditor_id = 3 AND ${ours}_no = '$no'; SELECT reminder._arm(); SELECT reminder._keep(false)");
	is($session->sql("SELECT object FROM reminder.check() WHERE finding = 'attached_differs'"), $found // "erp.$table", "$ours with another " . ($set =~ /(\w+)/)[0] . (defined $found ? ' is as the map leaves it to us' : ' is found'));
	$session->sql('ROLLBACK');
}

# One on which a step was decided is not deleted: it comes back, or is taken for ours.
$session->sql('BEGIN');
$session->sql(past('move', 'CREATE TEMP TABLE kept AS SELECT * FROM erp.move WHERE id = 18; DELETE FROM erp.move WHERE id = 18'));
is($session->sql("SELECT object, hint FROM reminder.check() WHERE finding = 'attached_gone'"), 'invoice 18 of creditor 3|Insert it there again: a step of it was decided.', 'an invoice that is being collected');
$session->sql('SAVEPOINT here; INSERT INTO erp.move SELECT * FROM kept');
in_step('is inserted again');
is($session->sql("SELECT count(*) FROM reminder.case_status WHERE creditor_id = 3 AND state = 'active'"), '1', 'and is being collected as before');
$session->sql("ROLLBACK TO here; SELECT reminder.detach('erp.move'); " . attach('move'));
is(gone(), 'invoice 18 of creditor 3', 'it is not taken for ours while another table of its kind is attached');
$session->sql("SELECT reminder.detach('erp.move'), reminder.detach('erp.ledger'); " . attach('move'));
in_step('but is with the first');
$session->sql('ROLLBACK');

# Where a table cannot be read nothing is said of its kind; detached, all of it may have been there.
$session->sql('BEGIN');
$session->sql(past('receipt', 'DELETE FROM erp.receipt WHERE id = 3'));
$session->sql("SELECT reminder._keep(true); DROP VIEW @{[ $session->sql(q{SELECT map FROM reminder.attachments WHERE relation = 'erp.receipt'}) ]}; SELECT reminder._keep(false)");
like(all(), qr/^map_replaced\|erp.receipt$/, 'a map that was dropped is all there is to find');
$session->sql("SELECT reminder.detach('erp.receipt'); " . attach('receipt'));
in_step('attached anew it is in step');
$session->sql('ROLLBACK');

$session->quit;
$node->stop('fast');
done_testing();
