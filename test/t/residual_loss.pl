# A loss is not booked behind a residual that the same transaction took down,
# while an agency collects; a residual that was paid is no hindrance (A2).
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
CREATE SCHEMA erp;
CREATE TABLE erp.invoice (id integer PRIMARY KEY, residual numeric, moved date DEFAULT '2024-01-15', state text DEFAULT 'posted');
CREATE TABLE erp.booking (id serial PRIMARY KEY, invoice_id integer, kind text);
CREATE INDEX ON erp.booking (invoice_id);
CREATE TABLE erp.payment (id serial PRIMARY KEY, invoice_id text, amount numeric);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'own', 'K1', '2024-01-15', '2024-02-01', 'SEK', 500);
INSERT INTO erp.invoice SELECT n, 500 FROM generate_series(1, 30) n;
SELECT reminder.attach('invoice', 'erp.invoice', 1, '{"invoice_no": "id", "customer_no": "''K1''", "invoice_date": "date ''2024-01-15''", "due_date": "date ''2024-02-01''", "amount": "500",
  "open_amount": "residual", "paid_on": "moved"}');
SELECT reminder.attach('payment', 'erp.payment', 1, '{"payment_no": "''P'' || id", "invoice_no": "invoice_id", "paid_on": "date ''2024-03-02''", "amount": "amount"}');
SELECT reminder.protect('erp.booking', 'invoice_id', 'loss', $$kind = 'loss'$$, 1), reminder.protect('erp.booking', 'invoice_id', 'credit', $$kind = 'credit'$$, 1),
       reminder.protect('erp.invoice', 'id', 'void', $$state = 'void'$$, 1);
SQL
$session->sql("SELECT count(*) FROM reminder.send_now(1, ARRAY(SELECT n::text FROM generate_series(1, 30) n) || 'own'::text, '2024-03-01')");
is($session->sql("SELECT count(*) FROM reminder.case_status WHERE creditor_id = 1 AND state = 'active'"), '31', 'all are being collected');

sub down { return "UPDATE erp.invoice SET residual = 0, moved = '2024-03-02' WHERE id = $_[0]"; }
sub book { return "INSERT INTO erp.booking (invoice_id, kind) VALUES ($_[0], '$_[1]')"; }

# What a transaction comes to, statement by statement.
sub transaction
{
	my @statements = @_;
	$session->sql('BEGIN');
	for (@statements)
	{
		my $state = $session->try($_);
		next if $state eq '00000';
		my $said = $session->output;
		$session->sql('ROLLBACK');
		return ($state, $said);
	}
	return $session->try('COMMIT');
}

my ($state, $said) = transaction(down(1), book(1, 'loss'));
is($state, '23R01', 'taken down, then lost');
like($said, qr/cannot book a credit loss on invoice "1" while its collection case is active.*Case 1 of the invoice ended in this transaction, in which its residual was taken down\..*withdraw\(\)/s, 'and why not');
is((transaction(book(1, 'loss'), down(1)))[0], '23R01', 'lost, then taken down');
is((transaction(down(1), book(1, 'credit')))[0], '23R01', 'taken down, then credited');
is((transaction(down(1), "UPDATE erp.invoice SET state = 'void' WHERE id = 1"))[0], '23R01', 'taken down, then voided');
is((transaction('SAVEPOINT a', down(1), 'RELEASE a', 'SAVEPOINT b', book(1, 'loss')))[0], '23R01', 'in subtransactions');
is((transaction(down('1'), "UPDATE erp.invoice SET residual = 1 WHERE id = 1", book(1, 'loss')))[0], '23R01', 'taken down and up again');
is((transaction(down('1 OR id = 2'), 'INSERT INTO erp.booking (invoice_id, kind) SELECT n, $$loss$$ FROM generate_series(1, 2) n'))[0], '23R01', 'several at once');
is((transaction("UPDATE reminder.creditor SET credits_in_case = 'apply' WHERE creditor_id = 1", down(1), book(1, 'credit')))[0], '00000', 'credits pass where they are applied in the case');
$session->sql("UPDATE reminder.creditor SET credits_in_case = DEFAULT WHERE creditor_id = 1");

is((transaction(down(3)))[0], '00000', 'a residual that was paid');
is((transaction(book(3, 'loss')))[0], '00000', 'and committed is no hindrance');
is((transaction("UPDATE erp.invoice SET residual = 100, moved = '2024-03-02' WHERE id = 4", book(4, 'loss')))[0], '23R01', 'one that is paid in part leaves the case as it is');
is((transaction("SELECT reminder.withdraw(1, '5', NULL, '2024-03-02')", down(5), book(5, 'loss')))[0], '00000', 'a case withdrawn before is over');
is((transaction(down(6), "SELECT reminder.withdraw(1, '7', NULL, '2024-03-02')", book(7, 'loss')))[0], '00000', 'whatever else is paid there');
is((transaction('SAVEPOINT a', down(8), 'ROLLBACK TO a', "SELECT reminder.withdraw(1, '8', NULL, '2024-03-02')", book(8, 'loss')))[0], '00000', 'and what was rolled back');
is((transaction(down(9), "INSERT INTO erp.payment (invoice_id, amount) VALUES ('own', 1000)", "INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'own', 'L', 'confirmed', '2024-03-02', 1)"))[0],
	'00000', 'a payment that is a row is one');
is($session->sql("SELECT finding, object FROM reminder.check() WHERE finding LIKE '%loss%'"), '', 'nothing to find');

$session->quit;
$node->stop('fast');
done_testing();
