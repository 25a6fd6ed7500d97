# A loss that comes by logical replication, whose worker fires no statement
# triggers: it is refused beside an active case too, and let in without (G1).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;

my $node = Reminder->cluster('main', allows_streaming => 'logical', conf => "wal_retrieve_retry_interval = 100ms\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->due($session, 10);
$session->sql("CALL reminder.run('2024-03-01')");
my $reminded = $session->sql('SELECT min(invoice_no) FROM reminder.collection_case WHERE creditor_id = 1 AND ended_on IS NULL');
my $free = 'free';
$session->sql("INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
	SELECT creditor_id, '$free', customer_no, '2024-03-01', '2024-03-31', 'SEK', 100 FROM reminder.invoice WHERE invoice_no = '$reminded' AND creditor_id = 1");

# The losses are booked in another database, whose table has no guard.
$node->safe_psql('postgres', 'CREATE DATABASE ledger');
$node->safe_psql('ledger', <<'SQL');
CREATE SCHEMA reminder;
CREATE TABLE reminder.credit_loss (creditor_id bigint, invoice_no text, loss_no text, kind text, booked_on date, amount numeric(14,2), reversed_on date,
  PRIMARY KEY (creditor_id, invoice_no, loss_no));
CREATE PUBLICATION losses FOR TABLE reminder.credit_loss;
SELECT pg_create_logical_replication_slot('losses', 'pgoutput');
SQL
my $publisher = $node->connstr('ledger');
$publisher =~ s/'/''/g;
$node->safe_psql('book', "CREATE SUBSCRIPTION losses CONNECTION '$publisher' PUBLICATION losses
	WITH (create_slot = false, slot_name = 'losses', copy_data = false)");

my $book = sub { $node->safe_psql('ledger', "INSERT INTO reminder.credit_loss VALUES (1, '$_[0]', 'L1', 'confirmed', '2024-03-02', 1)") };
my $booked = sub { "SELECT count(*) = $_[1] FROM reminder.credit_loss WHERE creditor_id = 1 AND invoice_no = '$_[0]'" };

$book->($free);
ok($node->poll_query_until('book', $booked->($free, 1)), 'a loss without a case comes through');
$book->($reminded);
my $refused = 0;
for (1 .. 300)
{
	last if $refused = PostgreSQL::Test::Utils::slurp_file($node->logfile) =~ /cannot book a credit loss on invoice "\Q$reminded\E"/;
	select undef, undef, undef, 0.1;
}
ok($refused, 'one beside an active case is refused');
is($node->safe_psql('book', $booked->($reminded, 0)), 't', 'and is not booked');
is($session->sql('SELECT finding FROM reminder.check()'), '', 'nothing to find');

# Withdrawn, the worker's next try goes through.
$session->sql("SELECT reminder.withdraw(1, '$reminded', 'booked as a loss', '2024-03-02')");
ok($node->poll_query_until('book', $booked->($reminded, 1)), 'once the case is withdrawn it comes through');

$session->quit;
$node->safe_psql('book', 'ALTER SUBSCRIPTION losses DISABLE; ALTER SUBSCRIPTION losses SET (slot_name = NONE); DROP SUBSCRIPTION losses');
$node->stop('fast');
done_testing();
