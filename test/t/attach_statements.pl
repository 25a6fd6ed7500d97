# Whatever statements an application writes its attached and protected tables by,
# the book that comes of it is the same, to the letters of a run (A1, A2): row by
# row, sets of rows, COPY, ON CONFLICT, MERGE, writable CTEs, views, partitions
# written themselves, savepoints and a prepared transaction.
use strict;
use warnings;

use Book;
use Reminder;
use Session;
use Shop;
use Test::More;

my $node = Reminder->cluster('main', conf => "max_prepared_transactions = 2\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
my $postgres_14 = $session->sql("SELECT current_setting('server_version_num')::integer < 150000") eq 't';
Shop->tables($session);
$session->sql(<<'SQL');
INSERT INTO shop.customer VALUES (3, 'Tre');
INSERT INTO shop.payment SELECT n, 'F' || n, '2026-02-01', 10 FROM generate_series(2, 9) n;
INSERT INTO shop.credit SELECT n, 'F' || n, '2026-02-01', 10 FROM generate_series(3, 9) n;
INSERT INTO shop.loss SELECT n, 2025 + n % 2, 'F' || n, CASE WHEN n % 3 = 0 THEN '6351' ELSE '3001' END FROM generate_series(10, 16) n;
CREATE TABLE shop.entry (id integer PRIMARY KEY, voucher text, account text, day date, amount numeric);
ALTER TABLE shop.entry OWNER TO shop;
INSERT INTO shop.entry SELECT n, 'V' || n, '3001', '2026-02-01', n FROM generate_series(1, 9) n;
SQL
Shop->attach($session);
$session->sql(q(SELECT reminder.attach('ledger_entry', 'shop.entry', 1, '{"entry_no": "id", "voucher_no": "voucher", "account": "account", "posted_on": "day", "amount": "amount"}')));

# What each table is to become, done to a copy of it.
my %key = (customer => ['id'], invoice => [ 'year', 'id' ], balance => ['number'], payment => ['id'], credit => ['id'], loss => [ 'year', 'id' ], entry => ['id']);
my @order = qw(customer invoice balance credit payment loss entry);
$session->sql("CREATE TEMP TABLE goal_$_ AS SELECT * FROM shop.$_") for @order;
$session->sql(<<'SQL');
INSERT INTO goal_customer VALUES (5, 'Fem', 'man', 'x'), (6, 'Sex', 'firm', NULL);
UPDATE goal_customer SET name = 'Tvåan', kind = 'firm' WHERE id = 2;
DELETE FROM goal_customer WHERE id = 3;
INSERT INTO goal_invoice VALUES (50, 2025, 'F50', 5, '2026-01-01', '2026-01-31', 500), (51, 2026, 'F51', 6, '2026-01-02', '2026-02-01', 510.50);
UPDATE goal_invoice SET total = total + 1 WHERE id IN (12, 13);
UPDATE goal_invoice SET customer_id = 5, note = 'moved' WHERE id = 14;
UPDATE goal_invoice SET due = '2026-03-31' WHERE id = 15;
UPDATE goal_invoice SET note = 'seen' WHERE id < 5;
DELETE FROM goal_invoice WHERE id IN (16, 17);
INSERT INTO goal_balance VALUES ('B8', 5, '2026-01-01', '2026-01-31', 80, 60, '2026-01-10'), ('B9', 5, '2026-01-01', '2026-01-31', 90, 90, '2026-01-10');
UPDATE goal_balance SET rest = rest - 30, day = '2026-02-02' WHERE number = 'B1';
UPDATE goal_balance SET rest = 0, day = '2026-02-03' WHERE number = 'B2';
UPDATE goal_balance SET rest = -5, total = total + 1, day = '2026-02-03' WHERE number = 'B4';
DELETE FROM goal_balance WHERE number = 'B3';
INSERT INTO goal_credit VALUES (50, 'F50', '2026-02-01', 20), (51, 'F10', '2026-02-01', 1000);
UPDATE goal_credit SET amount = amount + 1 WHERE id = 3;
UPDATE goal_credit SET invoice = 'F11' WHERE id = 4;
DELETE FROM goal_credit WHERE id = 5;
INSERT INTO goal_payment VALUES (50, 'F50', '2026-02-02', 480), (51, 'F51', '2026-02-02', 10), (52, NULL, '2026-02-02', 5);
UPDATE goal_payment SET undone = '2026-02-05' WHERE id = 2;
UPDATE goal_payment SET invoice = 'F12', amount = 12 WHERE id = 3;
DELETE FROM goal_payment WHERE id = 6;
INSERT INTO goal_loss VALUES (50, 2025, 'F18', '6351'), (51, 2026, 'F19', '6351'), (52, 2026, 'F20', '3001');
UPDATE goal_loss SET account = '6351' WHERE id = 10;
UPDATE goal_loss SET account = '3001' WHERE id = 12;
DELETE FROM goal_loss WHERE id = 15;
INSERT INTO goal_entry VALUES (50, 'V50', '1930', '2026-02-03', -1), (51, 'V50', '3001', '2026-02-03', 1);
UPDATE goal_entry SET amount = 7.5 WHERE id = 7;
DELETE FROM goal_entry WHERE id = 9;
SQL

# The parts of statements about a table: its columns, its key, what differs.
sub part
{
	my ($table) = @_;
	my @key = @{ $key{$table} };
	my @column = split /\n/, $session->sql("SELECT attname FROM pg_attribute WHERE attrelid = 'shop.$table'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
	my @other = grep { my $c = $_; !grep { $_ eq $c } @key } @column;
	my $list = join ', ', @column;
	my $same = join ' AND ', map { "t.$_ = g.$_" } @key;
	my $set = join ', ', map { "$_ = g.$_" } @other;
	return {
		list => $list, key => join(', ', @key), same => $same, set => $set,
		excluded => join(', ', map { "$_ = excluded.$_" } @other), values => join(', ', map { "g.$_" } @column),
		new => "SELECT $list FROM goal_$table g WHERE NOT EXISTS (SELECT FROM shop.$table t WHERE $same)",
		other => "EXISTS (SELECT FROM shop.$table t WHERE $same AND t IS DISTINCT FROM g)",
		differs => "t::text IS DISTINCT FROM g::text",
		gone => "NOT EXISTS (SELECT FROM goal_$table g WHERE $same)" };
}

# Each way brings a table to its goal: a sub that gives statements.
my %way = (
	rows => sub {
		my ($table, $p) = @_;
		return (
			map({ "INSERT INTO shop.$table ($p->{list}) VALUES $_" } split /\n/, $session->sql("SELECT format('(%s)', concat_ws(', ', " . join(', ', map { "quote_nullable($_)" } split /, /, $p->{list}) . ")) FROM ($p->{new} ORDER BY $p->{key}) n")),
			map({ "UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND g.ctid = '$_'" }
				split /\n/, $session->sql("SELECT g.ctid FROM goal_$table g JOIN shop.$table t ON $p->{same} WHERE $p->{differs} ORDER BY 1")),
			map({ "DELETE FROM shop.$table t WHERE ($p->{key}) = $_" } split /\n/, $session->sql("SELECT format('(%s)', concat_ws(', ', " . join(', ', map { "quote_literal($_)" } split /, /, $p->{key}) . ")) FROM shop.$table t WHERE $p->{gone} ORDER BY 1")));
	},
	sets => sub {
		my ($table, $p) = @_;
		return ("INSERT INTO shop.$table ($p->{list}) $p->{new}", "UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs}", "DELETE FROM shop.$table t WHERE $p->{gone}");
	},
	'rows that stay as they are, too' => sub {
		my ($table, $p) = @_;
		return ("UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same}", "INSERT INTO shop.$table ($p->{list}) $p->{new}", "DELETE FROM shop.$table t WHERE $p->{gone}");
	},
	COPY => sub {
		my ($table, $p) = @_;
		my $file = $node->basedir . "/$table.copy";
		return ("COPY ($p->{new}) TO '$file'", "COPY shop.$table ($p->{list}) FROM '$file'", "UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs}", "DELETE FROM shop.$table t WHERE $p->{gone}");
	},
	'ON CONFLICT DO UPDATE' => sub {
		my ($table, $p) = @_;
		return ("INSERT INTO shop.$table ($p->{list}) SELECT $p->{list} FROM goal_$table ON CONFLICT ($p->{key}) DO UPDATE SET $p->{excluded}", "DELETE FROM shop.$table t WHERE $p->{gone}");
	},
	'ON CONFLICT DO NOTHING' => sub {
		my ($table, $p) = @_;
		return ("INSERT INTO shop.$table ($p->{list}) SELECT $p->{list} FROM goal_$table ON CONFLICT DO NOTHING", "UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs}", "DELETE FROM shop.$table t WHERE $p->{gone}");
	},
	MERGE => sub {
		my ($table, $p) = @_;
		my $keys = join ', ', map { "coalesce(g.$_, o.$_) AS $_" } @{ $key{$table} };
		my $values = join ', ', map { my $c = $_; (grep { $_ eq $c } @{ $key{$table} }) ? () : "g.$_" } split /, /, $p->{list};
		my $joined = join ' AND ', map { "o.$_ = g.$_" } @{ $key{$table} };
		return "MERGE INTO shop.$table t USING (SELECT $keys, $values, g.$key{$table}[0] IS NULL AS gone FROM goal_$table g FULL JOIN shop.$table o ON $joined) g ON $p->{same}
			WHEN MATCHED AND g.gone THEN DELETE WHEN MATCHED THEN UPDATE SET $p->{set} WHEN NOT MATCHED THEN INSERT ($p->{list}) VALUES ($p->{values})";
	},
	'a writable CTE' => sub {
		my ($table, $p) = @_;
		return "WITH d AS (DELETE FROM shop.$table t WHERE $p->{gone} RETURNING 1), u AS (UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs} RETURNING 1),
			i AS (INSERT INTO shop.$table ($p->{list}) $p->{new} RETURNING 1) SELECT FROM d, u, i";
	},
	'a view' => sub {
		my ($table, $p) = @_;
		return ("CREATE TEMP VIEW over_$table AS SELECT * FROM shop.$table", "INSERT INTO over_$table ($p->{list}) $p->{new}",
			"UPDATE over_$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs}", "DELETE FROM over_$table t WHERE $p->{gone}");
	},
	'each partition' => sub {
		my ($table, $p) = @_;
		return map {
			my $part = $_;
			my $new = $p->{new} . ($part =~ /_(\d+)$/ ? " AND g.year = $1" : '');
			("INSERT INTO $part ($p->{list}) $new", "UPDATE $part t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs}", "DELETE FROM $part t WHERE $p->{gone}")
		} split /\n/, $session->sql("SELECT relid FROM pg_partition_tree('shop.$table') WHERE isleaf UNION SELECT 'shop.$table'::regclass WHERE NOT EXISTS (SELECT FROM pg_partition_tree('shop.$table'))");
	},
	savepoints => sub {
		my ($table, $p) = @_;
		return ("SAVEPOINT one; DELETE FROM shop.$table t WHERE $p->{gone}; ROLLBACK TO one; SAVEPOINT two; INSERT INTO shop.$table ($p->{list}) $p->{new}; RELEASE two",
			"SAVEPOINT three; UPDATE shop.$table t SET $p->{set} FROM goal_$table g WHERE $p->{same} AND $p->{differs}; SAVEPOINT four; DELETE FROM shop.$table t; ROLLBACK TO four; DELETE FROM shop.$table t WHERE $p->{gone}; RELEASE three");
	},);

# What came of a way, and of a run after it; nothing stays.
sub comes_of
{
	my ($name) = @_;
	$session->sql('BEGIN');
	for my $table (@order)
	{
		$session->sql('SET LOCAL client_min_messages = error');
		$session->sql($_) for $way{$name}->($table, part($table));
	}
	for my $table (@order)
	{
		is($session->sql("SELECT * FROM ((TABLE shop.$table EXCEPT ALL TABLE goal_$table) UNION ALL (TABLE goal_$table EXCEPT ALL TABLE shop.$table)) d"), '', "$name: shop.$table is as it should be");
	}
	is(Shop->differences($session), '', "$name: both sides are the same");
	$session->sql("SET LOCAL client_min_messages = error; CALL reminder.run('2026-02-12', 1)");
	my $state = Book->state($session);
	my $found = $session->sql('SELECT finding, object, detail FROM reminder.check()');
	is($found, '', "$name: nothing to find");
	$session->sql('ROLLBACK');
	return $state;
}

my $plain = comes_of('rows');
isnt($session->sql('SELECT count(*) FROM reminder.invoice'), '0', 'there is a book');
for my $name (sort grep { $_ ne 'rows' } keys %way)
{
  SKIP:
	{
		skip 'no MERGE before 15', 1 if $name eq 'MERGE' && $postgres_14;
		is_deeply(comes_of($name), $plain, "$name: the book is the same as row by row");
	}
}

# Prepared, and committed by another session.
my $own = Session->new($node, 'book');
$session->sql("CREATE TABLE shop.goal_$_ AS TABLE goal_$_") for @order;
$own->sql('BEGIN; SET LOCAL client_min_messages = error');
for my $table (@order)
{
	$own->sql($_ =~ s/goal_$table/shop.goal_$table/gr) for $way{sets}->($table, part($table));
}
$own->sql("PREPARE TRANSACTION 'shop'");
$own->quit;
is($session->sql('SELECT count(*) FROM reminder.invoice WHERE invoice_no = \'F50\''), '0', 'prepared, nothing is seen');
is($session->sql('SELECT finding FROM reminder.check()'), 'prepared_transaction', 'but found');
$session->sql("COMMIT PREPARED 'shop'; SET client_min_messages = error; CALL reminder.run('2026-02-12', 1)");
is(Shop->differences($session), '', 'committed, both sides are the same');
is_deeply(Book->state($session), $plain, 'prepared: the book is the same as row by row');
is($session->sql('SELECT finding, object, detail FROM reminder.check()'), '', 'nothing to find');

$session->quit;
$node->stop('fast');
done_testing();
