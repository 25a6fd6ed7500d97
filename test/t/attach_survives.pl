# What attached and protected tables of an application live through: DDL that is
# everyday work, and what takes a row's key away; an owner of reminder who has no
# rights on the application's schema; runs beside its statements, under every
# isolation level; attach() that is prepared (A3, N1).
use strict;
use warnings;

use Book;
use Reminder;
use Session;
use Shop;
use Waiter;
use Test::More;

my $node = Reminder->cluster('main', conf => "max_prepared_transactions = 2\n");

# A database with the application in it, attached, and its letters of 2026-02-10.
sub shop
{
	my ($database) = @_;
	Reminder->install($node, $database);
	my $session = Session->new($node, $database);
	Shop->tables($session);
	Shop->attach($session);
	$session->sql("CALL reminder.run('2026-02-10', 1)");
	return $session;
}

# Statements of the application's owner, each in a transaction of its own.
sub passes
{
	my ($session, @statements) = @_;
	for my $statement (@statements)
	{
		my $state = $session->try("SET SESSION AUTHORIZATION shop; $statement");
		is($state, '00000', $statement) or diag $session->output;
	}
	$session->sql('RESET SESSION AUTHORIZATION');
	return;
}

sub refused
{
	my ($session, $state, $like, $statement) = @_;
	is($session->try("SET SESSION AUTHORIZATION shop; $statement"), $state, $statement);
	like($session->output, $like, 'and says why');
	$session->sql('RESET SESSION AUTHORIZATION');
	return;
}

# Guards, mirror and check() are as they were.
sub lives
{
	my ($session, $what) = @_;
	is($session->sql('SELECT finding, object, detail FROM reminder.check()'), '', "$what: nothing to find");
	is(Shop->differences($session), '', "$what: both sides are the same");
	is($session->sql(q(SELECT DISTINCT state FROM reminder.attachments)), 'on', "$what: all triggers stand");
	is($session->try("BEGIN; INSERT INTO shop.loss (id, year, invoice, account) VALUES (99, 2025, 'F3', '6351')"), '23R01', "$what: a loss is refused");
	is($session->try("ROLLBACK; BEGIN; UPDATE shop.invoice SET total = total + 1 WHERE number = 'F3'"), '23R01', "$what: an invoice that is collected stays as it is");
	$session->sql(<<'SQL');
ROLLBACK;
BEGIN;
INSERT INTO shop.invoice (id, year, number, customer_id, issued, due, total) VALUES (91, 2026, 'F91', 2, '2026-02-01', '2026-03-01', 91);
INSERT INTO shop.payment (id, invoice, day, amount) VALUES (91, 'F91', '2026-02-02', 1);
UPDATE shop.balance SET rest = rest - 1, day = '2026-02-11' WHERE number = 'B1';
UPDATE shop.customer SET name = 'Tre' WHERE id = 2;
SQL
	is(Shop->differences($session), '', "$what: and stay so");
	is($session->sql("SELECT open_amount FROM reminder.invoice WHERE invoice_no IN ('F91', 'B1') ORDER BY 1"), "90.00\n99.00", "$what: with what is open");
	$session->sql('ROLLBACK');
	return;
}

# Everyday work of an owner.
{
	my $session = shop('book');
	lives($session, 'attached');
	passes($session, split /\n/, <<'SQL');
VACUUM FULL shop.invoice
VACUUM FULL shop.customer
VACUUM (ANALYZE) shop.loss
CLUSTER shop.customer USING customer_pkey
CLUSTER shop.invoice_2025 USING invoice_2025_pkey
REINDEX TABLE shop.invoice
REINDEX TABLE CONCURRENTLY shop.customer
REINDEX SCHEMA CONCURRENTLY shop
CREATE INDEX numbers ON shop.invoice (number)
CREATE INDEX CONCURRENTLY names ON shop.customer (name)
DROP INDEX CONCURRENTLY shop.names
DROP INDEX shop.numbers
ALTER TABLE shop.invoice ADD COLUMN luck double precision DEFAULT random()
ALTER TABLE shop.customer ADD COLUMN luck double precision DEFAULT random(), ADD COLUMN serial bigserial
ALTER TABLE shop.invoice ALTER COLUMN note TYPE varchar(10)
ALTER TABLE shop.invoice ALTER COLUMN luck TYPE numeric USING 1
ALTER TABLE shop.loss ALTER COLUMN id TYPE bigint
ALTER TABLE shop.invoice DROP COLUMN luck
ALTER TABLE shop.customer SET LOGGED
ALTER TABLE shop.customer SET TABLESPACE pg_default
ALTER TABLE shop.invoice SET TABLESPACE pg_default
ALTER TABLE shop.customer SET (fillfactor = 70)
ALTER TABLE shop.customer ADD CHECK (id > 0) NOT VALID
ALTER TABLE shop.customer ENABLE ROW LEVEL SECURITY
ALTER TABLE shop.customer DISABLE ROW LEVEL SECURITY
ALTER TABLE shop.payment REPLICA IDENTITY FULL
ALTER TABLE shop.payment DROP CONSTRAINT payment_pkey, ADD PRIMARY KEY (invoice, id)
ANALYZE
COMMENT ON TABLE shop.invoice IS 'of all years'
COMMENT ON COLUMN shop.invoice.total IS 'with VAT'
CREATE TRIGGER own BEFORE UPDATE ON shop.payment FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()
ALTER TABLE shop.payment DISABLE TRIGGER own
DROP TRIGGER own ON shop.payment
CREATE STATISTICS shop.both ON id, invoice FROM shop.payment
CREATE VIEW shop.payments AS SELECT * FROM shop.payment
CREATE MATERIALIZED VIEW shop.paid AS SELECT * FROM shop.payment
CREATE TABLE shop.copy (LIKE shop.payment INCLUDING ALL)
DROP TABLE shop.copy
SQL
	lives($session, 'after everyday work');

	# What a map reads, and the key, stay.
	refused($session, '0A000', qr/attached_\d+ depends on column/, 'ALTER TABLE shop.payment ALTER COLUMN amount TYPE double precision');
	refused($session, '2BP01', qr/attached_\d+ depends on column/, 'ALTER TABLE shop.invoice DROP COLUMN due');
	refused($session, '42R02', qr/keeps a primary key/, 'ALTER TABLE shop.payment DROP CONSTRAINT payment_pkey');
	refused($session, '42R02', qr/keeps a primary key/, 'ALTER TABLE shop.loss DROP COLUMN id');
	$session->sql('ALTER EVENT TRIGGER reminder_drop DISABLE; ALTER TABLE shop.payment DROP CONSTRAINT payment_pkey; ALTER EVENT TRIGGER reminder_drop ENABLE ALWAYS');
	is($session->sql('SELECT finding, object FROM reminder.check()'), 'key_missing|shop.payment', 'a key that went past the event trigger is found');
	refused($session, '55R04', qr/has no primary key any more/, "INSERT INTO shop.payment VALUES (90, 'F5', '2026-02-11', 1)");
	passes($session, 'ALTER TABLE shop.payment ADD PRIMARY KEY (id)', "INSERT INTO shop.payment VALUES (90, 'F5', '2026-02-11', 1)",
		'CREATE TABLE shop.deferred (id integer PRIMARY KEY DEFERRABLE, name text)');
	refused($session, '22R01', qr/primary key that is deferrable/, q(SELECT reminder.attach('customer', 'shop.deferred', 1, '{"customer_no": "id", "name": "name"}')));

	# More than paid is nothing to collect, and no difference.
	passes($session, "UPDATE shop.balance SET rest = -5, day = '2026-02-11' WHERE number = 'B2'");
	lives($session, 'with the key back');
	$session->quit;
}

# Partitions: what is collected in one keeps it where it is.
{
	my $session = shop('partitions');
	my $stays = qr/partition "shop.invoice_2026" cannot leave its table while one of its invoices is collected/;
	refused($session, '42R02', $stays, $_)
	  for 'ALTER TABLE shop.invoice DETACH PARTITION shop.invoice_2026', 'DROP TABLE shop.invoice_2026', 'DROP TABLE IF EXISTS shop.nothing, shop.invoice_2026 CASCADE';
  SKIP:
	{
		skip 'no DETACH ... CONCURRENTLY before 14', 1 if $session->sql("SELECT current_setting('server_version_num')::integer < 140000") eq 't';
		refused($session, '42R02', $stays, 'ALTER TABLE shop.invoice DETACH PARTITION shop.invoice_2026 CONCURRENTLY');
		is($session->sql('SELECT count(*) FROM pg_inherits WHERE inhdetachpending'), '0', 'nothing is half done');
		passes($session, 'CREATE TABLE shop.invoice_2027 PARTITION OF shop.invoice FOR VALUES IN (2027)',
			"INSERT INTO shop.invoice VALUES (50, 2027, 'F50', 1, '2027-01-01', '2027-01-31', 50)", 'ALTER TABLE shop.invoice DETACH PARTITION shop.invoice_2027 CONCURRENTLY');
		is($session->sql("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'shop.invoice_2027'::regclass"), '0', 'our triggers are gone with it');
		passes($session, "UPDATE shop.invoice_2027 SET total = 60", 'ALTER TABLE shop.invoice ATTACH PARTITION shop.invoice_2027 FOR VALUES IN (2027)');
		is($session->sql("SELECT amount FROM reminder.invoice WHERE invoice_no = 'F50'"), '60.00', 'back again, what changed has followed');

		# Cut off between its two transactions, it is finished by hand.
		my $reader = Session->new($node, 'partitions');
		$reader->sql('BEGIN; SELECT count(*) FROM shop.invoice');
		my $owner = Session->new($node, 'partitions');
		$owner->sql("SET SESSION AUTHORIZATION shop; SET lock_timeout = '200ms'");
		is($owner->try('ALTER TABLE shop.invoice DETACH PARTITION shop.invoice_2027 CONCURRENTLY'), '55P03', 'detaching that waits for a reader is cut off');
		$reader->sql('COMMIT');
		$reader->quit;
		$owner->quit;
		passes($session, 'ALTER TABLE shop.invoice DETACH PARTITION shop.invoice_2027 FINALIZE');
		is($session->sql("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'shop.invoice_2027'::regclass"), '0', 'finished, our triggers are gone with it');
		passes($session, 'ALTER TABLE shop.invoice ATTACH PARTITION shop.invoice_2027 FOR VALUES IN (2027)');
	}

	# Rows move by their key; a partition that has nothing collected goes, and its rows stay here.
	passes($session, "UPDATE shop.invoice SET year = 2025 WHERE number = 'F1'", "UPDATE shop.invoice SET year = 2026, due = '2027-02-28' WHERE number = 'F50'",
		"UPDATE shop.invoice SET year = 2027, note = 'x' WHERE number = 'F50'", "UPDATE shop.invoice SET year = 2027 WHERE number = 'F1'");
	lives($session, 'with rows moved');
	$stays = qr/partition "shop.invoice_2027" cannot leave/;
	refused($session, '42R02', $stays, 'DROP TABLE shop.invoice_2027');
	passes($session, "UPDATE shop.invoice SET year = 2026 WHERE number = 'F1'", 'DROP TABLE shop.invoice_2027', 'DROP TABLE shop.loss_2025');
	is(Shop->differences($session), 'invoice|F50||60.00', 'the rows of a partition that was dropped stay here');
	is($session->sql('SELECT finding FROM reminder.check()'), '', 'nothing to find');
	passes($session, 'SET client_min_messages = error; DROP TABLE shop.invoice, shop.invoice_2026 CASCADE');
	is($session->sql("SELECT count(*) FROM reminder.attachments WHERE relation = 'shop.invoice'"), '0', 'with a whole table goes its attachment');
	is($session->sql('SELECT finding FROM reminder.check()'), '', 'nothing to find');
	$session->quit;
}

# An owner of reminder who is no superuser, and has no rights on the application's schema.
{
	my $session = shop('private');
	$session->sql('CREATE ROLE keeper');
	Reminder->give($session, 'keeper');
	lives($session, 'a private schema');
	is($session->sql('SET SESSION AUTHORIZATION keeper; SELECT finding, object, detail FROM reminder.check()'), '', 'check() by the owner');
	refused($session, '42R02', qr/is a guard and stays/, $_)
	  for 'DROP TRIGGER reminder_inserted ON shop.payment', 'ALTER TABLE shop.payment DISABLE TRIGGER reminder_inserted';
	refused($session, '42R02', qr/cannot leave/, 'DROP TABLE shop.invoice_2026');
	passes($session, 'CREATE TABLE shop.other (id integer PRIMARY KEY, text text UNIQUE)', 'ALTER TABLE shop.other DROP CONSTRAINT other_text_key', 'ALTER TABLE shop.other DROP CONSTRAINT other_pkey', 'DROP TABLE shop.other',
		"SELECT reminder.detach('shop.payment')", "SELECT reminder.unprotect('shop.loss')",
		'CREATE TABLE shop.invoice_2027 PARTITION OF shop.invoice FOR VALUES IN (2027)', "INSERT INTO shop.invoice VALUES (50, 2027, 'F50', 1, '2027-01-01', '2027-01-31', 50)",
		'ALTER TABLE shop.invoice DETACH PARTITION shop.invoice_2027', 'SET client_min_messages = error; DROP TABLE shop.credit CASCADE');
	is($session->sql('SELECT relation FROM reminder.attachments ORDER BY 1'), "shop.balance\nshop.customer\nshop.invoice", 'what is left is attached');
	is($session->sql('SELECT finding, object FROM reminder.check()'), '', 'nothing to find');
	$session->quit;
}

# Values that no book can have: the row is named, nothing is changed, and the session goes on.
{
	my $session = shop('values');
	my $row = qr/Failing row contains|is not present in table/;
	my $field = qr/numeric field overflow.*mapping rows of table/s;
	my $before = Book->rows($session);
	for my $value (
		(map { [ "INSERT INTO shop.invoice VALUES (61, 2026, 'F61', 1, '2026-01-01', '2026-01-31', $_->[0])", @$_[ 1, 2 ] ] }
			[ "'NaN'", '23514', $row ], [ "'infinity'", '22003', $field ], [ "'-infinity'", '22003', $field ], [ '1e30', '22003', $field ], [ '-1', '23514', $row ], [ 'NULL', '23502', $row ]),
		(map { [ "INSERT INTO shop.invoice VALUES (61, 2026, 'F61', 1, $_->[0], 1)", $_->[1], $row ] }
			[ "'infinity', 'infinity'", '23514' ], [ "'-infinity', '2026-01-31'", '23514' ], [ "'2026-01-01', '5874897-12-31'", '23514' ], [ "'4000-01-01 BC', '2026-01-31'", '23514' ], [ "NULL, '2026-01-31'", '23502' ], [ "'2026-01-01', NULL", '23502' ]),
		(map { [ "INSERT INTO shop.invoice VALUES (61, 2026, $_->[0], '2026-01-01', '2026-01-31', 1)", $_->[1], $row ] }
			[ "'', 1", '23514' ], [ "repeat('x', 10000), 1", '23514' ], [ "repeat(md5('x'), 10000), 1", '23514' ], [ "'F61', NULL", '23502' ], [ "'F61', 77", '23503' ]),
		[ "INSERT INTO shop.invoice VALUES (61, 2026, 'F61', 1, '2026-01-01', '2026-01-31', 1), (62, 2025, 'F62', 1, '2026-01-01', '2026-01-31', 'NaN')", '23514', $row ],
		[ "UPDATE shop.invoice SET total = 'NaN' WHERE number = 'F3'", '23514', $row ],
		[ "UPDATE shop.invoice SET total = 1e30", '22003', $field ],
		[ "UPDATE shop.invoice SET number = NULL WHERE number = 'F3'", '23502', $row ],
		[ "UPDATE shop.balance SET rest = 'NaN' WHERE number = 'B1'", '22R03', qr/NaN are open of invoice "B1"/ ],
		[ "UPDATE shop.balance SET rest = 'infinity'", '22003', $field ],
		[ "UPDATE shop.balance SET rest = total + 1, day = '2026-02-11' WHERE number = 'B1'", '22R03', qr/101.00 are open of invoice "B1"/ ],
		(map { [ "UPDATE shop.balance SET rest = 1, day = $_->[0] WHERE number = 'B2'", @$_[ 1, 2 ] ] }
			[ "'infinity'", '23514', $row ], [ "'-infinity'", '23514', $row ], [ "'5874897-12-31'", '23514', $row ], [ 'NULL', '22R02', qr/invoice "B2" is paid in its attached table, on no day/ ]),
		(map { [ "INSERT INTO shop.payment VALUES (61, $_->[0])", @$_[ 1, 2 ] ] }
			[ "'F5', '2026-02-01', 'NaN'", '23514', $row ], [ "'F5', '2026-02-01', 1e30", '22003', $field ], [ "'F5', '2026-02-01', NULL", '23502', $row ], [ "'F5', '2026-02-01', 0.001", '23514', $row ],
			[ "'F5', 'infinity', 1", '23514', $row ], [ "'F5', NULL, 1", '23502', $row ], [ "'F5', '2026-02-01', 1, 'infinity'", '23514', $row ], [ "'nobody', '2026-02-01', 1", '23503', $row ], [ "'', '2026-02-01', 1", '23503', $row ]),
		(map { [ "INSERT INTO shop.credit VALUES (61, $_->[0])", $_->[1], $row ] }
			[ "'B3', '2026-02-01', 'NaN'", '23514' ], [ "'B3', 'infinity', 1", '23514' ], [ "NULL, '2026-02-01', 1", '23502' ]),
		(map { [ "INSERT INTO shop.customer VALUES (61, $_)", '23514', $row ] } "''", "repeat('x', 100000)"),)
	{
		my ($sql, $state, $like) = @$value;
		refused($session, $state, $like, $sql);
	}
	is_deeply(Book->rows($session), $before, 'nothing of ours has changed');
	passes($session, "INSERT INTO shop.loss VALUES (61, 2026, NULL, '6351'), (62, 2026, repeat('x', 100000), '6351'), (63, 2026, '', '6351')",
		"INSERT INTO shop.customer VALUES (-2147483648, 'Sist')", "INSERT INTO shop.payment VALUES (62, NULL, '2026-02-11', 1)");
	lives($session, 'after values');
	$session->quit;
}

# A run beside a statement of the application's, each coming first in turn: who
# comes second waits, and knows then what the first has done, or is to try again.
{
	my $session = shop('beside');
	my $n = 0;
	my @acts = (
		[ 'a payment', 'invoice', "INSERT INTO shop.payment VALUES (%1\$d, '%2\$s', '2026-02-10', 500)" ],
		[ 'a credit', 'invoice', "INSERT INTO shop.credit VALUES (%1\$d, '%2\$s', '2026-02-10', 500)" ],
		[ 'another amount', 'invoice', "UPDATE shop.invoice SET total = 600 WHERE number = '%2\$s'" ],
		[ 'another due date', 'invoice', "UPDATE shop.invoice SET due = '2026-03-31' WHERE number = '%2\$s'" ],
		[ 'no invoice', 'invoice', "DELETE FROM shop.invoice WHERE number = '%2\$s'" ],
		[ 'a residual', 'balance', "UPDATE shop.balance SET rest = 0, day = '2026-02-10' WHERE number = '%2\$s'" ],
		[ 'a loss', 'invoice', "INSERT INTO shop.loss VALUES (%1\$d, 2026, '%2\$s', '6351')" ]);
	my %outcome;
	for my $level ('READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE')
	{
		for my $act (@acts)
		{
			for my $first (qw(application run))
			{
				my ($what, $table, $sql) = @$act;
				my $no = sprintf 'R%d', ++$n;
				$sql = sprintf $sql, 1000 + $n, $no;
				$session->sql($table eq 'invoice' ? "INSERT INTO shop.invoice VALUES (1000 + $n, 2026, '$no', 1, '2026-01-01', '2026-01-31', 500)"
					: "INSERT INTO shop.balance VALUES ('$no', 1, '2026-01-01', '2026-01-31', 500, 500, '2026-01-01')");
				my %waiter = map { $_ => Waiter->new($node, 'beside') } qw(application run);
				my %does = (application => $sql, run => "CALL reminder.run('2026-02-10', 1)");
				$waiter{application}->send("SET client_min_messages = error; BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM shop.customer"); $waiter{application}->wait;
				$waiter{run}->send('SET client_min_messages = error; BEGIN'); $waiter{run}->wait;
				my $second = $first eq 'run' ? 'application' : 'run';
				$waiter{$first}->send($does{$first}); $waiter{$first}->wait;
				$waiter{$second}->send($does{$second});
				my $waited = !$waiter{$second}->done(0.3);
				$waiter{$first}->send('COMMIT'); $waiter{$first}->wait;
				my $state = $waiter{$second}->wait;
				$waiter{$second}->send('COMMIT'); $waiter{$second}->wait;
				$_->quit for values %waiter;
				my $label = "$level, $what, $first first";
				ok($waited, "$label: the second waits");
				is($session->sql(q(SELECT finding, object, detail FROM reminder.check())) . Shop->differences($session)
					  . $session->sql(q(SELECT k.invoice_no FROM reminder.collection_case k JOIN reminder.invoice i USING (creditor_id, invoice_no) WHERE k.ended_on IS NULL AND i.open_amount = 0)), '', "$label: nothing is wrong");
				my $case = $session->sql("SELECT coalesce(max(CASE WHEN ended_on IS NULL THEN 'active' ELSE 'ended' END), 'none') FROM reminder.collection_case WHERE invoice_no = '$no'");
				push @{ $outcome{"$what, $first first"} }, "$state $case";
			}
		}
	}
	# the same under each level
	my %expected = map { my ($first, @acts_then) = @$_; my $comes = pop @acts_then; map { ("$_, $first first" => [ ($comes) x 3 ]) } @acts_then }
	  ([ 'application', 'a payment', 'a credit', 'another due date', 'no invoice', 'a residual', 'a loss', '00000 none' ],
		[ 'application', 'another amount', '00000 active' ],
		[ 'run', 'a payment', 'a residual', '00000 ended' ],
		[ 'run', 'a credit', 'another amount', 'another due date', 'no invoice', 'a loss', '23R01 active' ]);
	is_deeply(\%outcome, \%expected, 'what comes of each') or diag explain \%outcome;
	$session->quit;
}

# attach() and protect() that are prepared hold the table until they are committed.
{
	my $session = shop('prepared');
	$session->sql("SELECT reminder.detach('shop.payment'), reminder.unprotect('shop.loss');
		INSERT INTO shop.invoice VALUES (95, 2026, 'F95', 1, '2026-01-01', '2026-01-31', 95)");
	my $other = Session->new($node, 'prepared');
	$other->sql(q(SET SESSION AUTHORIZATION shop; SET client_min_messages = error; BEGIN; INSERT INTO shop.payment VALUES (5, 'F5', '2026-02-10', 1);
		SELECT reminder.attach('payment', 'shop.payment', 1, '{"payment_no": "id", "invoice_no": "invoice", "paid_on": "day", "amount": "amount", "bounced_on": "undone"}');
		SELECT reminder.protect('shop.loss', 'invoice', 'loss', 'account = ''6351''', 1); PREPARE TRANSACTION 'attached'));
	$other->quit;
	is($session->try("SET lock_timeout = '300ms'; $_"), '55P03', "prepared, it waits: $_")
	  for "INSERT INTO shop.payment VALUES (6, 'F6', '2026-02-10', 1)", "INSERT INTO shop.loss VALUES (6, 2026, 'F6', '6351')";
	my $run = Waiter->new($node, 'prepared');
	$run->send("CALL reminder.run('2026-02-11', 1)");
	ok(!$run->done(0.3), 'prepared, a run waits that would open a case');
	$session->sql("RESET lock_timeout; COMMIT PREPARED 'attached'; INSERT INTO shop.payment VALUES (6, 'F6', '2026-02-10', 1)");
	is($run->wait, '00000', 'and goes on');
	$run->quit;
	is($session->sql("SELECT stage FROM reminder.case_status WHERE invoice_no = 'F95'"), 'reminder', 'to remind of the invoice');
	lives($session, 'prepared and committed');
	$session->quit;
}

$node->stop('fast');
done_testing();
