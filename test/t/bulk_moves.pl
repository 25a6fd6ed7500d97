# A thousand customers moved, blocked or put into another class in one statement
# cost as many statements as one customer does (R3, R5, R10): counted by
# pg_stat_statements, what PostgreSQL's own foreign keys ask row by row left out.
use strict;
use warnings;

use Reminder;
use Session;
use Test::More;

my $node = Reminder->cluster('main', conf => "shared_preload_libraries = 'pg_stat_statements'\npg_stat_statements.track = all\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
$session->sql(<<'SQL');
CREATE EXTENSION pg_stat_statements;
SET client_min_messages = error;
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Account');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro) VALUES (1, 1, 'Creditor', 'SE', '5402-9681');
SELECT reminder.add_preset(1, 'netvisor'), reminder.activate(1, true);
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 11, 'Own', 'company');
INSERT INTO reminder.customer_class (creditor_id, class, rule_no) VALUES (1, 'one', NULL), (1, 'many', NULL), (1, 'ruled', 11);
INSERT INTO reminder.customer (creditor_id, customer_no, name, class) SELECT 1, 'm' || n, 'M', 'many' FROM generate_series(1, 1000) n;
INSERT INTO reminder.customer (creditor_id, customer_no, name, class) VALUES (1, 'o1', 'O', 'one');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, customer_no || '/' || n, customer_no, '2026-02-01', '2026-03-02', 'SEK', 1000 FROM reminder.customer, generate_series(1, 3) n;
CALL reminder.run('2026-02-02', 1);
SQL

# How often each statement ran, and the rows that the history of rules gained.
sub cost
{
	my ($statement) = @_;
	my $before = $session->sql('SELECT count(*) FROM reminder.customer_rule_history');
	$session->sql('SELECT pg_stat_statements_reset()');
	$session->sql($statement);
	my $calls = $session->sql(q{SELECT sum(calls) FROM pg_stat_statements WHERE query !~ 'pg_stat_statements|FOR KEY SHARE OF x|customer_rule_history'});
	return ($calls, $session->sql('SELECT count(*) FROM reminder.customer_rule_history') - $before);
}

for (
	[ 'moved by the function', "SELECT reminder.move_customers(1, (SELECT array_agg(customer_no) FROM reminder.customer WHERE customer_no LIKE '%s%%'), 11)" ],
	[ 'blocked', "SELECT reminder.block_customers(1, (SELECT array_agg(customer_no) FROM reminder.customer WHERE customer_no LIKE '%s%%'))" ],
	[ 'given back', "SELECT reminder.move_customers(1, (SELECT array_agg(customer_no) FROM reminder.customer WHERE customer_no LIKE '%s%%'), NULL)" ],
	[ 'moved by UPDATE', "UPDATE reminder.customer SET own_rule = 11 WHERE customer_no LIKE '%s%%'" ],
	[ 'moved back by UPDATE', "UPDATE reminder.customer SET own_rule = NULL WHERE customer_no LIKE '%s%%'" ],
	[ 'excluded with their class', "UPDATE reminder.customer_class SET excluded = true WHERE class = (SELECT min(class) FROM reminder.customer WHERE customer_no LIKE '%s%%')" ],
	[ 'of another class', "UPDATE reminder.customer SET class = 'ruled' WHERE customer_no LIKE '%s%%'" ],
	[ 'of another kind', "UPDATE reminder.customer SET kind = 'person' WHERE customer_no LIKE '%s%%'" ])
{
	my ($what, $statement) = @{$_};
	my ($one) = cost(sprintf $statement, 'o');
	my ($many, $moved) = cost(sprintf $statement, 'm');
	is($moved, 1000, "$what: a thousand came under another rule");
	is($many, $one, "$what: and it took no more statements");
}
is($session->sql('SELECT count(*) FROM reminder.position p JOIN reminder.invoice i USING (creditor_id, invoice_no) JOIN reminder.customer c USING (creditor_id, customer_no) WHERE p.rule_no IS DISTINCT FROM c.rule_no'),
	'0', 'their invoices stand under it');
is($session->sql('SELECT finding, object FROM reminder.check()'), '', 'check() finds nothing');

done_testing();
