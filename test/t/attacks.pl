# Every way past a guard that we know of (A3, G1, S1), tried for real as whoever
# could try it, on our own tables and on an application's that are attached and
# protected. Each is refused, or found by check(), or comes to nothing; and
# doc/attacks.md says which. ATTACKS_DOC=file writes that page anew.
use strict;
use warnings;

use Reminder;
use Session;
use Waiter;
use Book;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = Reminder->cluster('main', allows_streaming => 'logical',
	conf => "max_prepared_transactions = 4\nwal_retrieve_retry_interval = 100ms\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
my $monitor = Session->new($node, 'book');
my $postgres_13 = $session->sql("SELECT current_setting('server_version_num')::integer < 140000") eq 't';
my $postgres_14 = $session->sql("SELECT current_setting('server_version_num')::integer < 150000") eq 't';

# The application writes, a keeper owns the tables; only the superuser is one.
# "reminded" has an active case, "free" is not due; the others are due and can
# be reminded at once: each way that needs a new case takes the next of them.
Book->parties($session);
$session->sql(<<'SQL');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, n, 'K1', '2024-01-15', CASE n WHEN 'free' THEN date '2024-06-30' ELSE '2024-02-01' END, 'SEK', 500
FROM unnest(ARRAY['reminded', 'free'] || ARRAY(SELECT 'due' || lpad(n::text, 2, '0') FROM generate_series(1, 40) n)) n;
SELECT count(*) FROM reminder.send_now(1, ARRAY['reminded'], '2024-03-01');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'free', 'F', 'doubtful', '2024-03-01', 1);
CREATE ROLE application LOGIN; CREATE ROLE keeper LOGIN; CREATE ROLE writer LOGIN; GRANT pg_write_all_data TO writer;
SELECT reminder.grant_role('clerk', 'application');
CREATE SCHEMA scratch; GRANT ALL ON SCHEMA scratch TO PUBLIC;
GRANT USAGE ON SCHEMA reminder TO writer;
SQL
Reminder->give($session, 'keeper');

# An application's tables, of creditor 3: invoices that are attached, bookings
# that are protected, and others of these in partitions.
$session->sql(<<'SQL');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, claim_description) VALUES (3, 1, 'Butik', 'SE', '991-2346', 'Varor');
SELECT reminder.add_preset(3, 'amili'), reminder.activate(3, confirm => true, as_of => '2024-01-01');
SELECT reminder.grant_role('administrator', 'keeper');
CREATE SCHEMA app AUTHORIZATION keeper;
SET SESSION AUTHORIZATION keeper;
CREATE TABLE app.customers (customer_no text PRIMARY KEY, name text, note text);
CREATE TABLE app.invoices (invoice_no text PRIMARY KEY, customer_no text, dated date, due date, amount numeric, note text);
CREATE TABLE app.bookings (booking_no bigint PRIMARY KEY, account text, invoice_no text, amount numeric, note text);
CREATE TABLE app.entries (year integer, entry_no bigint, account text, invoice_no text, amount numeric, PRIMARY KEY (year, entry_no)) PARTITION BY LIST (year);
CREATE TABLE app.entries_2023 PARTITION OF app.entries FOR VALUES IN (2023);
CREATE TABLE app.entries_2024 PARTITION OF app.entries FOR VALUES IN (2024);
CREATE INDEX ON app.bookings (invoice_no);
CREATE INDEX ON app.entries (invoice_no);
GRANT USAGE ON SCHEMA app TO application, writer;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA app TO application;
INSERT INTO app.customers VALUES ('K1', 'Kund 1');
INSERT INTO app.invoices SELECT n, 'K1', '2024-01-15', CASE n WHEN 'free' THEN date '2024-06-30' ELSE '2024-02-01' END, 500
FROM unnest(ARRAY['reminded', 'free'] || ARRAY(SELECT 'due' || lpad(n::text, 2, '0') FROM generate_series(1, 40) n)) n;
SELECT reminder.attach('customer', 'app.customers', 3, '{"customer_no": "customer_no", "name": "name"}'),
       reminder.attach('invoice', 'app.invoices', 3, '{"invoice_no": "invoice_no", "customer_no": "customer_no", "invoice_date": "dated", "due_date": "due", "amount": "amount"}'),
       reminder.protect('app.bookings', 'invoice_no', 'loss', 'account = ''1515'' AND amount > 0', 3),
       reminder.protect('app.entries', 'invoice_no', 'loss', 'account = ''1515''', 3);
INSERT INTO app.bookings VALUES (1, '1515', 'free', 1);
INSERT INTO app.entries VALUES (2023, 1, '3001', 'reminded', 1);
RESET SESSION AUTHORIZATION;
SELECT count(*) FROM reminder.send_now(3, ARRAY['reminded'], '2024-03-01');
SQL
is($session->sql('SELECT * FROM reminder.check()'), '', 'nothing to find, before anybody tries anything');

# What is attacked: how its table and guard are called, how a loss is booked on
# an invoice there, and one that stands is moved to another, and how many stand
# on an invoice that is collected.
my %own = (
	name => 'own', creditor => 1, table => 'reminder.credit_loss', bare => 'credit_loss', guard => 'credit_loss_guard', trigger => 'INSERT',
	list => 'creditor_id, invoice_no, loss_no, kind, booked_on, amount',
	row => sub { "1, '$_[0]', 'L', 'confirmed', date '2024-03-02', 1" },
	key => '(creditor_id, invoice_no, loss_no)', invoices => 'reminder.invoice',
	stand => sub { "SELECT count(*) FROM reminder.credit_loss l JOIN reminder.collection_case k USING (creditor_id, invoice_no) WHERE k.ended_on IS NULL AND l.reversed_on IS NULL" });
my %app = (
	name => 'app', creditor => 3, table => 'app.bookings', bare => 'bookings', guard => 'reminder_inserted', trigger => 'INSERT',
	list => 'booking_no, account, invoice_no, amount', row => sub { "(random() * 1e9)::bigint, '1515', '$_[0]', 1" },
	key => '(booking_no)', invoices => 'app.invoices',
	stand => sub { "SELECT count(*) FROM (SELECT invoice_no, account FROM app.bookings UNION ALL SELECT invoice_no, account FROM app.entries) b
		JOIN reminder.collection_case k ON k.creditor_id = 3 AND k.invoice_no = b.invoice_no WHERE k.ended_on IS NULL AND b.account = '1515'" });
my @targets = (\%own, \%app);

# A statement with the target's names in it. {BOOK} books a loss on the invoice
# that is collected, {FREE} on the one that is not, {MOVE} moves that to the former.
sub with_names
{
	my ($target, $sql) = @_;
	my $row = $target->{row};
	my %word = (
		TABLE => $target->{table}, SCHEMA => $target->{table} =~ s/\..*//r, BARE => $target->{bare}, GUARD => $target->{guard}, LIST => $target->{list}, RENAMED => $target->{list} =~ s/invoice_no/other/r, KEY => $target->{key}, INVOICES => $target->{invoices},
		ROW => $row->('reminded'), FREEROW => $row->('free'), CREDITOR => $target->{creditor},
		BOOK => "INSERT INTO $target->{table} ($target->{list}) VALUES (@{[ $row->('reminded') ]})",
		FREE => "INSERT INTO $target->{table} ($target->{list}) VALUES (@{[ $row->('free') ]})",
		MOVE => "UPDATE $target->{table} SET invoice_no = 'reminded' WHERE invoice_no = 'free'");
	$sql =~ s/\{(\w+)\}/$word{$1} \/\/ die "no $1"/ge;
	return $sql;
}

# What comes of statements that a role runs in a transaction, of which nothing
# stays. "S: " before one: the superuser has done that before.
sub comes_to
{
	my ($target, $role, $way) = @_;
	$session->sql('BEGIN' . ($way->{level} ? " ISOLATION LEVEL $way->{level}" : ''));
	for my $statement (@{ $way->{sql} })
	{
		(my $sql = with_names($target, $statement)) =~ s/^S: //;
		$session->sql($statement =~ /^S: / || $role eq 'superuser' ? 'RESET SESSION AUTHORIZATION' : "SET SESSION AUTHORIZATION $role");
		my $state = $session->try($sql);
		next if $state eq '00000';
		$way->{said} = $session->output;
		$session->sql('ROLLBACK; RESET SESSION AUTHORIZATION');
		return "refused $state";
	}
	my $proof = defined $way->{proof} ? $session->sql(with_names($target, $way->{proof})) : 't';
	$session->sql('RESET SESSION AUTHORIZATION; RESET ALL');
	my $found = join ' ', split /\n/, $session->sql('SELECT DISTINCT finding FROM reminder.check() ORDER BY 1');
	my $stand = $found ? 0 : $session->sql($target->{stand}->());
	$session->sql('ROLLBACK; RESET SESSION AUTHORIZATION');
	# what was written into a catalog by hand stays in the session's cache
	$session = Session->new($node, 'book') if grep { /UPDATE pg_trigger/ } @{ $way->{sql} };
	return $found ? "found $found" : $stand eq '0' && $proof eq 't' ? 'nothing' : 'GOT THROUGH';
}

# The next invoice that is due, and the statement that opens its case.
my %due;
sub due { my ($target) = @_; return sprintf 'due%02d', ++$due{ $target->{name} }; }
sub open_case { my ($target, $invoice) = @_; return "SELECT outcome, reason FROM reminder.send_now($target->{creditor}, ARRAY['$invoice'], '2024-03-02')"; }
sub book { my ($target, $invoice) = @_; return "INSERT INTO $target->{table} ($target->{list}) VALUES (@{[ $target->{row}->($invoice) ]})"; }

# Two sessions, one opening a case and one booking: the second is under way when
# the first commits. Gives what came of the second.
sub race
{
	my ($target, %how) = @_;
	my $invoice = due($target);
	my ($first, $second) = $how{book_first} ? (book($target, $invoice), open_case($target, $invoice)) : (open_case($target, $invoice), book($target, $invoice));
	my @waiter = map { Waiter->new($node, 'book') } 1 .. 2;
	my $level = $how{level} // 'READ COMMITTED';
	for my $waiter (@waiter)
	{
		$waiter->send("SET client_min_messages = error; BEGIN ISOLATION LEVEL $level; SELECT count(*) FROM reminder.jurisdiction" . ($how{before} ? "; $how{before}" : ''));
		$waiter->wait;
	}
	$waiter[0]->send($first);
	my $state = $waiter[0]->wait;
	return "the first: $state" if $state ne '00000';
	$waiter[1]->send($second);
	my $waited = !$waiter[1]->done(0.3);
	$waiter[0]->send($how{end} // 'COMMIT');
	$waiter[0]->wait;
	$state = $waiter[1]->wait;
	my $said = $waiter[1]->output;
	$waiter[1]->send('COMMIT');
	my $end = $waiter[1]->wait;
	$_->quit for @waiter;
	my $wrong = $session->sql($target->{stand}->());
	return 'GOT THROUGH' if $wrong ne '0';
	return 'did not wait' unless $waited;
	return "refused $state" if $state ne '00000';
	return "refused $end" if $end ne '00000';
	return $said =~ /loss_booked/ ? 'refused loss_booked' : 'nothing';
}

# Runs a sub on each target that has what it needs.
my @table;
sub way
{
	my ($id, $role, $words, $by, %way) = @_;
	my %was;
	for my $target (@targets)
	{
		my $expected = $way{ $target->{name} } // $way{is};
		if (!defined $expected || $way{skip})
		{
			$was{ $target->{name} } = $expected // '';
			next;
		}
		my $state = $way{code} ? $way{code}->($target) : comes_to($target, $role, \%way);
		is($state, $expected, "$id, $role, $target->{name}: $words") or diag $way{said} // '';
		$was{ $target->{name} } = $expected;
	}
	push @table, [ $id, $words, $role, $by, \%was ];
	return;
}

my ($A, $O, $S) = qw(application keeper superuser);

# Concurrency. test/specs and race.pl try all interleavings; here is one of each.
way('C1', $A, 'check, then act, READ COMMITTED', 'both lock the invoice, and both look', is => 'refused 23R01', code => sub { race($_[0]) });
way('C1', $A, 'the same, the booking first', 'both lock the invoice, and both look', is => 'refused loss_booked', code => sub { race($_[0], book_first => 1) });
way('C2', $A, 'row lock with an old snapshot, REPEATABLE READ', 'a snapshot taken after the lock', is => 'refused 23R01', code => sub { race($_[0], level => 'REPEATABLE READ') });
way('C2', $A, 'the same, the booking first', 'a snapshot taken after the lock', is => 'refused 40001', code => sub { race($_[0], level => 'REPEATABLE READ', book_first => 1) });
way('C3', $A, "a foreign key's lock, which conflicts with nothing", 'the guard locks FOR NO KEY UPDATE: whoever comes second waits', is => 'refused 23R01',
	code => sub { race($_[0], before => "SELECT FROM reminder.invoice WHERE creditor_id = $_[0]{creditor} AND invoice_no = 'free' FOR KEY SHARE") });
way('C4', $A, 'gaps of SERIALIZABLE', 'the guard does not rest on it', is => 'refused 23R01', code => sub { race($_[0], level => 'SERIALIZABLE') });
way('C5', $S, 'two fees on one invoice, even in replica mode', '`decision_charged_key`, a unique index', own => 'refused 23505', sql => [
	'SELECT reminder._keep(true); SET LOCAL session_replication_role = replica',
	"INSERT INTO reminder.decision SELECT (jsonb_populate_record(d, '{\"rung\": 20, \"nth\": 2}')).* FROM reminder.decision d WHERE invoice_no = 'reminded' AND charged_nth IS NOT NULL" ]);
way('C6', $A, 'waits for a winner that rolls back', 'it waits, and then decides itself', is => 'nothing', code => sub {
	my ($target) = @_;
	my $invoice = due($target);
	my @waiter = map { Waiter->new($node, 'book') } 1 .. 2;
	for my $waiter (@waiter) { $waiter->send('BEGIN'); $waiter->wait; }
	$waiter[0]->send(open_case($target, $invoice)); $waiter[0]->wait;
	$waiter[1]->send(open_case($target, $invoice));
	my $waited = !$waiter[1]->done(0.3);
	$waiter[0]->send('ROLLBACK'); $waiter[0]->wait;
	my $state = $waiter[1]->wait;
	$waiter[1]->send('COMMIT'); $waiter[1]->wait;
	my $n = $session->sql("SELECT count(*) FROM reminder.collection_case WHERE creditor_id = $target->{creditor} AND invoice_no = '$invoice'");
	return $waited && $state eq '00000' && $n eq '1' ? 'nothing' : "$waited $state $n";
});
way('C7', $A, 'rows that are locked are skipped by all, and lost', 'what was skipped is there for the next', own => 'nothing', code => sub {
	my $claim = "SELECT count(*) FROM reminder.claim_letters('print', 1, 99, '1 minute')";
	my @waiter = map { Waiter->new($node, 'book') } 1 .. 2;
	$waiter[0]->send('BEGIN'); $waiter[0]->wait;
	$waiter[0]->send($claim); $waiter[0]->wait;
	my $had = $waiter[0]->output;
	$waiter[1]->send("SET lock_timeout = '1s'; $claim"); $waiter[1]->wait;
	$waiter[0]->send('ROLLBACK'); $waiter[0]->wait;
	$waiter[1]->send("BEGIN; $claim"); $waiter[1]->wait;
	my $has = $waiter[1]->output;
	$waiter[1]->send('ROLLBACK'); $waiter[1]->wait;
	return $had > 0 && $has == $had ? 'nothing' : "$had $has";
});
way('C8', $A, 'deadlock of a guard with what locks in another order', 'all lock in the order of the numbers', is => 'nothing', code => sub {
	my ($target) = @_;
	my ($one, $two) = (due($target), due($target));
	my @waiter = map { Waiter->new($node, 'book') } 1 .. 2;
	$waiter[0]->send('BEGIN'); $waiter[0]->wait;
	$waiter[0]->send(book($target, $one)); $waiter[0]->wait;
	$waiter[1]->send("INSERT INTO $target->{table} ($target->{list}) SELECT $target->{list} FROM (VALUES (@{[ $target->{row}->($two) =~ s/'L'/'M'/r ]}), (@{[ $target->{row}->($one) =~ s/'L'/'M'/r ]})) v ($target->{list})");
	my $waited = !$waiter[1]->done(0.3);
	$waiter[0]->send(book($target, $two)); my $first = $waiter[0]->wait;
	$waiter[0]->send('COMMIT'); $waiter[0]->wait;
	my $second = $waiter[1]->wait;
	return $waited && $first eq '00000' && $second eq '00000' ? 'nothing' : "$waited $first $second";
});
way('C9', $A, "an advisory lock of the application's own, taken after the snapshot", 'guards use none', is => 'refused 23R01',
	code => sub { race($_[0], level => 'REPEATABLE READ', before => 'SELECT pg_advisory_xact_lock_shared(1)') });
way('C10', $A, 'constraints deferred until COMMIT', 'guards are not deferrable', is => 'refused 23R01', sql => [ 'SET CONSTRAINTS ALL DEFERRED', '{BOOK}' ]);
way('C11', $A, "the guard's error swallowed", 'the row is gone with the subtransaction', is => 'nothing', sql => [
	'DO $$ BEGIN {BOOK}; EXCEPTION WHEN OTHERS THEN NULL; END $$', 'SAVEPOINT here', '{FREE}', 'ROLLBACK TO here' ]);
way('C12', $A, 'a booking that is prepared, and stays so', 'opening the case waits; `check()` tells of it', is => 'found prepared_transaction', code => sub {
	my ($target) = @_;
	my $invoice = due($target);
	my $other = Session->new($node, 'book');
	$other->sql("BEGIN; @{[ book($target, $invoice) ]}; PREPARE TRANSACTION 'booking'");
	my $state = $session->try("SET lock_timeout = '300ms'; @{[ open_case($target, $invoice) ]}");
	$session->sql('RESET lock_timeout');
	my $found = join ' ', split /\n/, $session->sql('SELECT DISTINCT finding FROM reminder.check() ORDER BY 1');
	$session->sql("ROLLBACK PREPARED 'booking'");
	return $state eq '55P03' ? "found $found" : $state;
});
way('C13', $A, 'runs that go back in time', 'a run is later than those before it', own => 'refused 55R01', sql => [
	"S: CALL reminder.run('2024-03-02', 1)", "S: GRANT EXECUTE ON PROCEDURE reminder.run TO application", "CALL reminder.run('2024-03-01', 1)" ]);
way('C14', $S, 'decisions on a standby', 'they are written, or not made', own => 'refused 25006', sql => [ 'SET TRANSACTION READ ONLY', "CALL reminder.run('2024-03-05', 1)" ]);

# DDL, owners, replica mode.
way('D1', $O, 'DISABLE TRIGGER of the guard', 'event trigger', is => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} DISABLE TRIGGER {GUARD}', '{BOOK}' ]);
way('D1', $O, 'DISABLE TRIGGER USER', 'event trigger', is => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} DISABLE TRIGGER USER', '{BOOK}' ]);
way('D1', $S, 'DISABLE TRIGGER ALL, foreign keys too', 'event trigger', is => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} DISABLE TRIGGER ALL', '{BOOK}' ]);
way('D1', $O, 'ENABLE REPLICA TRIGGER', 'event trigger', is => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} ENABLE REPLICA TRIGGER {GUARD}', '{BOOK}' ]);
way('D1', $O, 'the same in a function of his own', 'event trigger', is => 'refused 42R02', sql => [ 'DO $$ BEGIN EXECUTE \'ALTER TABLE {TABLE} DISABLE TRIGGER {GUARD}\'; END $$', '{BOOK}' ]);
way('D1', $O, 'the same with a snapshot from before the guard', 'event trigger, which looks at what is committed now', is => 'refused 42R02', level => 'REPEATABLE READ',
	sql => [ 'ALTER TABLE {TABLE} DISABLE TRIGGER {GUARD}', '{BOOK}' ]);
way('D1', $O, 'DROP TRIGGER', 'event trigger', is => 'refused 42R02', sql => [ 'DROP TRIGGER {GUARD} ON {TABLE}', '{BOOK}' ]);
way('D1', $O, 'ALTER TRIGGER RENAME', 'event trigger', is => 'refused 42R02', sql => [ 'ALTER TRIGGER {GUARD} ON {TABLE} RENAME TO other', '{BOOK}' ]);
way('D2', $O, 'CREATE OR REPLACE TRIGGER with one that does nothing', 'event trigger', is => 'refused 42R02', skip => $postgres_13, sql => [
	"CREATE FUNCTION scratch.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
	'CREATE OR REPLACE TRIGGER {GUARD} AFTER INSERT ON {TABLE} FOR EACH STATEMENT EXECUTE FUNCTION scratch.nothing()', '{BOOK}' ]);
way('D3', $O, 'ALTER COLUMN TYPE … USING, which writes all rows anew', 'event trigger', own => 'refused 42R02', sql => [
	'ALTER TABLE reminder.invoice ALTER COLUMN fee_by_hand TYPE numeric(20,4) USING 0.0' ]);
way('D3', $O, 'the same of a column that views read', 'what depends on it', is => 'refused 0A000', sql => [ 'ALTER TABLE {TABLE} ALTER COLUMN amount TYPE numeric(20,4) USING 0.0' ]);
way('D4', $O, 'DROP COLUMN of what the guard reads', 'what depends on it', is => 'refused 2BP01', sql => [ 'ALTER TABLE {TABLE} DROP COLUMN invoice_no', '{BOOK}' ]);
way('D4', $O, 'RENAME COLUMN', 'own tables: the guard fails; others: it follows', own => 'refused 42703', app => 'refused 23R01', sql => [
	'ALTER TABLE {TABLE} RENAME COLUMN invoice_no TO other', "INSERT INTO {TABLE} ({RENAMED}) VALUES ({ROW})" ]);
way('D5', $O, 'CREATE RULE … DO INSTEAD', 'event trigger', is => 'refused 42R02', sql => [ 'CREATE RULE away AS ON INSERT TO {TABLE} DO INSTEAD NOTHING' ]);
way('D6', $O, 'a BEFORE trigger that fires later and edits the row', 'the guard is AFTER', is => 'refused 23R01', sql => [
	"CREATE FUNCTION scratch.turn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.invoice_no := ''reminded''; RETURN NEW; END'",
	'CREATE TRIGGER zz BEFORE INSERT ON {TABLE} FOR EACH ROW EXECUTE FUNCTION scratch.turn()', '{FREE}' ]);
way('D7', $O, 'a trigger that changes a column the UPDATE does not name', 'the guard has no column list', is => 'refused 23R01', sql => [
	"CREATE FUNCTION scratch.turn() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.invoice_no := ''reminded''; RETURN NEW; END'",
	'CREATE TRIGGER zz BEFORE UPDATE ON {TABLE} FOR EACH ROW EXECUTE FUNCTION scratch.turn()', "UPDATE {TABLE} SET amount = 2 WHERE invoice_no = 'free'" ]);
way('D8', $O, 'a child by CREATE TABLE … INHERITS', 'event trigger', is => 'refused 42R02', sql => [ 'CREATE TABLE scratch.child () INHERITS ({TABLE})' ]);
way('D8', $O, 'a child within CREATE SCHEMA', 'event trigger', is => 'refused 42R02', sql => [ 'S: GRANT CREATE ON DATABASE book TO keeper', 'CREATE SCHEMA within CREATE TABLE child () INHERITS ({TABLE})' ]);
way('D8', $O, 'a child by ALTER TABLE … INHERIT', 'event trigger', is => 'refused 42R02', sql => [ 'CREATE TABLE scratch.child (LIKE {TABLE} INCLUDING ALL)', 'ALTER TABLE scratch.child INHERIT {TABLE}' ]);
way('D8', $S, 'a foreign table as a child', 'event trigger', is => 'refused 42R02', sql => [
	'CREATE FOREIGN DATA WRAPPER none', 'CREATE SERVER elsewhere FOREIGN DATA WRAPPER none', 'CREATE FOREIGN TABLE scratch.child () INHERITS ({TABLE}) SERVER elsewhere' ]);
way('D8', $O, 'a guarded table as a child of another', 'event trigger', is => 'refused 42R02', sql => [ 'CREATE TABLE scratch.parent (LIKE {TABLE})', 'ALTER TABLE {TABLE} INHERIT scratch.parent' ]);
way('D8', $O, 'a guarded table as a partition of another', 'event trigger', is => 'refused 42R02', sql => [
	'CREATE TABLE scratch.parent (LIKE {TABLE}) PARTITION BY LIST (invoice_no)', 'ALTER TABLE scratch.parent ATTACH PARTITION {TABLE} DEFAULT' ]);
way('D8', $S, 'a foreign table as a partition', 'event trigger', app => 'refused 42R02', sql => [
	'CREATE FOREIGN DATA WRAPPER none', 'CREATE SERVER elsewhere FOREIGN DATA WRAPPER none', 'ALTER TABLE app.entries DROP CONSTRAINT entries_pkey', 'CREATE FOREIGN TABLE scratch.part PARTITION OF app.entries FOR VALUES IN (2030) SERVER elsewhere' ]);
way('D9', $O, 'DETACH PARTITION, edit, ATTACH', 'event trigger: its rows come in as new ones', app => 'refused 23R01', sql => [
	'ALTER TABLE app.entries DETACH PARTITION app.entries_2023', "UPDATE app.entries_2023 SET account = '1515'", 'ALTER TABLE app.entries ATTACH PARTITION app.entries_2023 FOR VALUES IN (2023)' ]);
way('D9', $O, 'DETACH PARTITION of an invoice that is collected', 'event trigger', app => 'refused 42R02', sql => [
	"CREATE TABLE app.bills (no text PRIMARY KEY) PARTITION BY LIST (no); CREATE TABLE app.bills_1 PARTITION OF app.bills FOR VALUES IN ('billed'); INSERT INTO app.bills VALUES ('billed')",
	q(SELECT reminder.attach('invoice', 'app.bills', 3, '{"invoice_no": "no", "customer_no": "''K1''", "invoice_date": "date ''2024-01-15''", "due_date": "date ''2024-02-01''", "amount": 500}')),
	"S: SELECT count(*) FROM reminder.send_now(3, ARRAY['billed'], '2024-03-02')", 'ALTER TABLE app.bills DETACH PARTITION app.bills_1' ]);
my @collected = (
	"CREATE TABLE app.bills (no text PRIMARY KEY) PARTITION BY LIST (no); CREATE TABLE scratch.bills PARTITION OF app.bills FOR VALUES IN ('billed'); INSERT INTO app.bills VALUES ('billed')",
	q(SELECT reminder.attach('invoice', 'app.bills', 3, '{"invoice_no": "no", "customer_no": "''K1''", "invoice_date": "date ''2024-01-15''", "due_date": "date ''2024-02-01''", "amount": 500}')),
	"S: SELECT count(*) FROM reminder.send_now(3, ARRAY['billed'], '2024-03-02')");
way('D9', $O, 'DROP TABLE of such a partition', 'event trigger', app => 'refused 42R02', sql => [ @collected, 'DROP TABLE scratch.bills' ]);
way('D9', $S, 'DROP SCHEMA with such a partition in it', 'event trigger', app => 'refused 42R02', sql => [ @collected, 'DROP SCHEMA scratch CASCADE' ]);
way('D9', $O, 'DROP OWNED BY its owner', 'event trigger', app => 'refused 42R02', sql => [ 'S: CREATE ROLE letter; GRANT letter TO keeper', @collected, 'S: ALTER TABLE scratch.bills OWNER TO letter', 'DROP OWNED BY letter' ]);
way('D9', $S, 'the same where he owns the schema it is in', 'event trigger', app => 'refused 42R02', sql => [ 'CREATE ROLE letter', @collected, 'S: ALTER SCHEMA scratch OWNER TO letter', 'S: DROP OWNED BY letter CASCADE' ]);
way('D9', $S, 'REASSIGN OWNED BY, then DROP OWNED BY the other', 'event trigger', app => 'refused 42R02', sql => [ 'CREATE ROLE letter; CREATE ROLE other', @collected, 'S: ALTER TABLE scratch.bills OWNER TO letter', 'S: REASSIGN OWNED BY letter TO other', 'S: DROP OWNED BY other' ]);
way('D9', $S, 'DROP ROLE of its owner', 'what depends on him', app => 'refused 2BP01', sql => [ 'CREATE ROLE letter', @collected, 'S: ALTER TABLE scratch.bills OWNER TO letter', 'S: DROP ROLE letter' ]);
way('D9', $O, 'DETACH PARTITION … CONCURRENTLY of one', 'event trigger, before the first of its transactions', app => 'refused 42R02', skip => $postgres_13, code => sub {
	my $owner = Session->new($node, 'book');
	$owner->sql("SET client_min_messages = error; SET SESSION AUTHORIZATION keeper; $collected[0]; $collected[1]");
	$session->sql($collected[2] =~ s/^S: //r);
	my $state = $owner->try('ALTER TABLE app.bills DETACH PARTITION scratch.bills CONCURRENTLY');
	my $pending = $session->sql("SELECT inhdetachpending FROM pg_inherits WHERE inhrelid = 'scratch.bills'::regclass");
	# and a second time, now that it may
	$session->sql("SELECT reminder.withdraw(3, 'billed', NULL, '2024-03-02')");
	my $then = $owner->try('ALTER TABLE app.bills DETACH PARTITION scratch.bills CONCURRENTLY');
	my $triggers = $session->sql("SELECT count(*) FROM pg_trigger WHERE tgrelid = 'scratch.bills'::regclass");
	$owner->sql("SET client_min_messages = error; DROP TABLE app.bills CASCADE; DROP TABLE scratch.bills");
	return $pending eq 'f' && $then eq '00000' && $triggers eq '0' ? "refused $state" : "$state $pending $then $triggers";
});
way('D9', $O, 'a new partition, which has no triggers yet', 'event trigger: it gets them', app => 'refused 23R01', sql => [
	'CREATE TABLE app.entries_2025 PARTITION OF app.entries FOR VALUES IN (2025)', "INSERT INTO app.entries_2025 VALUES (2025, 1, '1515', 'reminded', 1)" ]);
way('D9', $O, 'a table with rows attached as a partition', 'event trigger: its rows come in as new ones', app => 'refused 23R01', sql => [
	'CREATE TABLE scratch.entries_2026 (LIKE app.entries INCLUDING ALL)', "INSERT INTO scratch.entries_2026 VALUES (2026, 1, '1515', 'reminded', 1)",
	'ALTER TABLE app.entries ATTACH PARTITION scratch.entries_2026 FOR VALUES IN (2026)' ]);
way('D10', $O, 'DISABLE TRIGGER on one partition', 'event trigger', app => 'refused 42R02', sql => [ 'ALTER TABLE app.entries_2024 DISABLE TRIGGER reminder_inserted' ]);
way('D10', $S, 'the same in pg_trigger', '`check()` looks at every partition', app => 'found trigger_disabled', sql => [
	'SET LOCAL allow_system_table_mods = on', "UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'app.entries_2024'::regclass AND tgname = 'reminder_inserted'" ]);
way('D11', $A, 'an UPDATE that moves the row to another partition', 'the guard of the statement sees it', app => 'refused 23R01', sql => [
	"UPDATE app.entries SET year = 2024, account = '1515' WHERE invoice_no = 'reminded'" ]);
way('D11', $A, 'MERGE that moves it', 'it is refused where its triggers are fired', app => 'refused 0A000', skip => $postgres_14, sql => [
	"MERGE INTO app.entries t USING (VALUES (1)) v ON t.invoice_no = 'reminded' WHEN MATCHED THEN UPDATE SET year = 2024, account = '1515'" ]);
way('D12', $A, 'a partition written itself', 'each partition has the triggers', app => 'refused 23R01', sql => [ "INSERT INTO app.entries_2024 VALUES (2024, 9, '1515', 'reminded', 1)" ]);
way('D13', $A, 'TRUNCATE', 'no such right', is => 'refused 42501', sql => [ 'TRUNCATE {TABLE}' ]);
way('D13', $O, 'TRUNCATE by the owner', 'a BEFORE TRUNCATE trigger', own => 'refused 42R01', app => 'refused 23R04', sql => [ 'TRUNCATE {TABLE}' ]);
way('D13', $O, 'TRUNCATE … CASCADE from a parent', 'a BEFORE TRUNCATE trigger', own => 'refused 42R01', sql => [ 'TRUNCATE reminder.invoice CASCADE' ]);
way('D14', $A, 'session_replication_role = replica', 'no such right', is => 'refused 42501', sql => [ 'SET session_replication_role = replica', '{BOOK}' ]);
way('D14', $A, 'the same, where somebody granted it', 'guards are ENABLE ALWAYS', is => 'refused 23R01', skip => $postgres_14, sql => [
	'S: GRANT SET ON PARAMETER session_replication_role TO application', 'SET session_replication_role = replica', '{BOOK}' ]);
way('D14', $S, 'the same by the superuser', 'guards are ENABLE ALWAYS', is => 'refused 23R01', sql => [ 'SET session_replication_role = replica', '{BOOK}' ]);
way('D14', $S, 'a role that begins in it', '`check()`', is => 'found replica_mode', sql => [ 'ALTER ROLE application SET session_replication_role = replica' ]);
way('D15', $S, 'rows that logical replication applies', 'a row trigger for its worker, ENABLE ALWAYS', is => 'refused 23R01', code => \&replicated);
way('D16', $A, 'COPY', 'the guard sees every row', is => 'refused 23R01', sql => [
	'S: GRANT pg_read_server_files TO application', "S: COPY (SELECT {ROW}) TO '@{[ $node->basedir ]}/copy'", "COPY {TABLE} ({LIST}) FROM '@{[ $node->basedir ]}/copy'" ]);
way('D16', $A, 'MERGE', 'the guard sees every row', is => 'refused 23R01', skip => $postgres_14, sql => [
	"MERGE INTO {TABLE} t USING (VALUES (1)) v ON t.invoice_no = 'none' WHEN NOT MATCHED THEN INSERT ({LIST}) VALUES ({ROW})" ]);
way('D16', $A, 'ON CONFLICT DO UPDATE', 'the guard sees every row', is => 'refused 23R01', sql => [
	"INSERT INTO {TABLE} ({LIST}) SELECT {LIST} FROM {TABLE} WHERE invoice_no = 'free' ON CONFLICT {KEY} DO UPDATE SET invoice_no = 'reminded'" ]);
way('D16', $A, 'a writable CTE', 'the guard sees every row', is => 'refused 23R01', sql => [ 'WITH w AS ({BOOK} RETURNING 1) SELECT * FROM w' ]);
way('D16', $A, 'UPDATE of one that stands on another invoice', 'the guard sees every row', is => 'refused 23R01', sql => [ '{MOVE}' ]);
way('D16', $A, 'an updatable view', "the table's guard fires", is => 'refused 23R01', sql => [
	'CREATE VIEW scratch.bookings AS SELECT * FROM {TABLE}', 'INSERT INTO scratch.bookings ({LIST}) VALUES ({ROW})' ]);
way('D17', $A, 'a view with an INSTEAD OF trigger', "the table's guard fires", is => 'refused 23R01', sql => [
	'CREATE VIEW scratch.bookings AS SELECT 1 AS one',
	'CREATE FUNCTION scratch.instead() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN {BOOK}; RETURN NEW; END $$',
	'CREATE TRIGGER instead INSTEAD OF INSERT ON scratch.bookings FOR EACH ROW EXECUTE FUNCTION scratch.instead()', 'INSERT INTO scratch.bookings VALUES (1)' ]);
way('D18', $O, 'a foreign table attached', 'it cannot be', app => 'refused 22R01', sql => [
	'S: CREATE FOREIGN DATA WRAPPER none; CREATE SERVER elsewhere FOREIGN DATA WRAPPER none; GRANT USAGE ON FOREIGN SERVER elsewhere TO keeper',
	'CREATE FOREIGN TABLE app.far (invoice_no text) SERVER elsewhere', "SELECT reminder.protect('app.far', 'invoice_no', 'loss', NULL, 3)" ]);
way('D19', $A, "UPDATE of the invoice's key", 'the guard of the invoice', is => 'refused 23R01', sql => [ "UPDATE {INVOICES} SET invoice_no = 'moved' WHERE invoice_no = 'reminded'" ]);
way('D20', $A, 'DELETE of the invoice, to insert it again', 'the guard of the invoice', is => 'refused 23R01', sql => [ "DELETE FROM {INVOICES} WHERE invoice_no = 'reminded'" ]);
way('D21', $O, 'another table in its place, by RENAME', '`check()`', own => 'found loss_in_active_case trigger_missing trigger_unknown', app => 'found table_swapped', sql => [
	'ALTER TABLE {TABLE} RENAME TO was', "CREATE TABLE {TABLE} (LIKE {SCHEMA}.was INCLUDING ALL)", '{BOOK}' ]);
way('D21', $O, 'SET SCHEMA', 'own tables: the guard fails; others: it follows', own => 'refused 39P01', app => 'refused 23R01', sql => [
	'ALTER TABLE {TABLE} SET SCHEMA scratch', 'INSERT INTO scratch.{BARE} ({LIST}) VALUES ({ROW})' ]);
way('D22', $S, 'UPDATE of pg_trigger', '`check()`', is => 'found trigger_disabled', sql => [
	'SET LOCAL allow_system_table_mods = on', "UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = '{TABLE}'::regclass AND tgname = '{GUARD}'" ]);
way('D23', $S, 'ALTER EVENT TRIGGER … DISABLE, then the trigger', '`check()`', is => 'found event_trigger_disabled trigger_disabled', sql => [
	'ALTER EVENT TRIGGER reminder_ddl DISABLE', 'ALTER TABLE {TABLE} DISABLE TRIGGER {GUARD}' ]);
way('D23', $S, 'DROP EVENT TRIGGER, then the trigger', '`check()`', is => 'found event_trigger_missing trigger_missing', sql => [
	'DROP EVENT TRIGGER reminder_drop', 'DROP TRIGGER {GUARD} ON {TABLE}' ]);
way('D24', $S, 'DROP EXTENSION', 'event trigger, while anything is attached; else what depends on its functions', is => 'refused 42R02', sql => [ 'DROP EXTENSION reminder' ]);
way('D25', $O, 'SET UNLOGGED, and a crash', 'event trigger', own => 'refused 42R02', app => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} SET UNLOGGED' ]);
way('D25', $O, 'an unlogged table attached', 'it cannot be', app => 'refused 22R01', sql => [
	'CREATE UNLOGGED TABLE app.fast (booking_no bigint PRIMARY KEY, invoice_no text)', "SELECT reminder.protect('app.fast', 'invoice_no', 'loss', NULL, 3)" ]);
way('D25', $O, 'a temporary table attached', 'it cannot be', app => 'refused 22R01', sql => [
	'CREATE TEMP TABLE fast (booking_no bigint PRIMARY KEY, invoice_no text)', "SELECT reminder.protect('pg_temp.fast', 'invoice_no', 'loss', NULL, 3)" ]);
way('D26', $S, 'ENABLE TRIGGER ALL, as after a restore with --disable-triggers', 'event trigger', is => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} ENABLE TRIGGER ALL' ]);
way('D26', $S, 'the same, event triggers switched off', '`check()`, and `repair()` mends it', is => 'found event_trigger_disabled trigger_not_always', sql => [
	'ALTER EVENT TRIGGER reminder_ddl DISABLE', 'ALTER TABLE {TABLE} ENABLE TRIGGER {GUARD}' ]);

# Names, rights, visibility.
way('N1', $A, 'temporary tables of the same names', 'the guard finds its tables by their OIDs', is => 'refused 23R01', sql => [
	'CREATE TEMP TABLE collection_case (LIKE reminder.collection_case); CREATE TEMP TABLE invoice (LIKE reminder.invoice)', 'SET search_path = pg_temp, reminder', '{BOOK}' ]);
way('N2', $A, 'operators of his own before ours in search_path', 'the guard has a search path of its own', is => 'refused 23R01', sql => [
	"CREATE FUNCTION scratch.never(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false'; CREATE FUNCTION scratch.never(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT false'",
	'CREATE OPERATOR scratch.= (FUNCTION = scratch.never, LEFTARG = text, RIGHTARG = text); CREATE OPERATOR scratch.= (FUNCTION = scratch.never, LEFTARG = bigint, RIGHTARG = bigint)',
	'SET search_path = scratch, pg_catalog', '{BOOK}' ]);
way('N3', $A, 'pg_temp before what a SECURITY DEFINER function names', 'pg_temp is last, always', is => 'refused 23R01', sql => [
	'CREATE TEMP TABLE creditor (LIKE reminder.creditor); CREATE TEMP TABLE collection_case (LIKE reminder.collection_case)',
	"SET search_path = pg_temp, pg_catalog", "SELECT reminder.take_out({CREDITOR}, 'reminded', '2024-03-02')" , '{BOOK}' ]);
way('N3', $S, 'a function of ours without its search path', '`check()`', own => 'found function_search_path', sql => [ 'ALTER FUNCTION reminder._last_run(bigint) RESET search_path' ]);
way('N6', $O, 'row-level security that hides the case', 'the guard sets it aside', is => 'refused 23R01', sql => [
	'CREATE POLICY nobody ON reminder.collection_case USING (false)', 'ALTER TABLE reminder.collection_case ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', '{BOOK}' ]);
way('N7', $A, "a plan of another role's", "the guard's plans are the owner's", is => 'refused 23R01', sql => [
	'S: PREPARE once_{BARE} AS {BOOK}', 'S: SAVEPOINT here', 'S: DO $$ BEGIN {BOOK}; EXCEPTION WHEN OTHERS THEN NULL; END $$', 'EXECUTE once_{BARE}' ]);
way('N8', $A, 'a setting that says who he is', 'no right rests on a setting', own => 'nothing', sql => [
	"S: INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (2, 'application')", 'S: SELECT reminder.raise_walls()', "SET app.creditor = '1'", "SET reminder.creditor_id = '1'" ],
	proof => 'SELECT count(*) = 0 FROM reminder.invoice WHERE creditor_id = 1');
way('N9', $A, "settings of ours that there are not", 'no guard asks a setting', is => 'refused 23R01', sql => [ "SET reminder.keeping = on", "SET reminder.event_triggers = off", '{BOOK}' ]);
way('N10', $A, "errors that tell of another's rows", 'walls are asked before guards and keys', own => 'refused 42501', sql => [
	"S: INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (2, 'application')", 'S: SELECT reminder.raise_walls()', '{BOOK}' ]);
way('N11', $A, 'a function in WHERE that sees rows first', 'views are security barriers while walls stand', own => 'nothing', sql => [
	"S: INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (2, 'application')", 'S: SELECT reminder.raise_walls()', 'CREATE TABLE scratch.seen (invoice_no text)',
	"CREATE FUNCTION scratch.sees(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS 'BEGIN INSERT INTO scratch.seen VALUES (\$1); RETURN true; END'",
	'SELECT count(*) FROM reminder.invoice_status WHERE scratch.sees(invoice_no)' ], proof => 'SELECT count(*) = 0 FROM scratch.seen');
way('N13', $A, 'our trigger function on a table of his own', 'no such right', is => 'refused 42501', sql => [
	'CREATE TABLE scratch.mine (creditor_id bigint, invoice_no text)', 'CREATE TRIGGER mine AFTER INSERT ON scratch.mine FOR EACH ROW EXECUTE FUNCTION reminder._guard_loss()' ]);
way('N13', $S, 'the same by the superuser', 'it asks what it is fired for', is => 'refused 39P01', sql => [
	'CREATE TABLE scratch.mine (creditor_id bigint, invoice_no text)', 'CREATE TRIGGER mine AFTER INSERT ON scratch.mine FOR EACH ROW EXECUTE FUNCTION reminder._guard_loss()', 'INSERT INTO scratch.mine VALUES (1, \'reminded\')' ]);
way('N14', $A, 'a call of a trigger function', 'no such right', is => 'refused 42501', sql => [ 'SELECT reminder._guard_losses()' ]);
way('N14', $S, 'the same by the superuser', 'it asks how it is called', is => 'refused 39P01', sql => [ 'SELECT reminder._guard_losses()' ]);
way('N15', 'writer', 'pg_write_all_data', 'guards are for all', is => 'refused 23R01', sql => [ '{BOOK}' ]);

# Personal data in what the guard says.
way('N12', $A, "personal data in errors, and so in the log", 'numbers only', is => 'nothing', code => sub {
	my ($target) = @_;
	my %way = (sql => [ '{BOOK}' ]);
	my $was = comes_to($target, $A, \%way);
	return $was eq 'refused 23R01' && $way{said} !~ /Kund/ ? 'nothing' : "$was: $way{said}";
});

# The install script.
way('N4', 'anybody', 'objects of his own in the schema before CREATE EXTENSION', 'the schema must be empty but for tables', own => 'refused 42P06', code => sub {
	$node->safe_psql('postgres', 'CREATE DATABASE other');
	my $other = Session->new($node, 'other');
	$other->sql('CREATE SCHEMA reminder; CREATE OPERATOR reminder.= (FUNCTION = int8eq, LEFTARG = bigint, RIGHTARG = bigint)');
	return 'refused ' . $other->try('CREATE EXTENSION reminder');
});
way('N5', 'anybody', "\@extschema\@ and \@extowner\@ within quotes", 'the script has none', own => 'nothing', code => sub {
	my ($script) = glob 'reminder--*.sql';
	return slurp_file($script) =~ /\@ext(?:schema|owner)/ ? 'GOT THROUGH' : 'nothing';
});

# The log.
way('L1', $A, 'UPDATE of the log', 'no such right', own => 'refused 42501', sql => [ "UPDATE reminder.decision SET fee = 0 WHERE invoice_no = 'reminded'" ]);
way('L1', $O, 'the same by the owner', 'a BEFORE trigger', own => 'refused 42R01', sql => [ "UPDATE reminder.decision SET fee = 0 WHERE invoice_no = 'reminded'" ]);
way('L2', $S, 'the same past the trigger', 'the seal: `verify()` names the row', own => 'found by verify()', code => sub {
	$session->sql("SELECT reminder.seal(1); BEGIN; SELECT reminder._keep(true); UPDATE reminder.decision SET deadline = deadline + 1 WHERE invoice_no = 'reminded'");
	my $found = $session->sql('SELECT count(*) FROM reminder.verify(1)');
	$session->sql('ROLLBACK');
	return $found > 0 ? 'found by verify()' : 'GOT THROUGH';
});
way('L3', $S, 'the same, and all sealed anew', 'a digest that is kept elsewhere', own => 'found by verify(known_digest)', code => sub {
	my $known = $session->sql('SELECT digest FROM reminder.seal_list WHERE creditor_id = 1 ORDER BY block_no DESC LIMIT 1');
	$session->sql("BEGIN; SELECT reminder._keep(true); UPDATE reminder.decision SET deadline = deadline + 1 WHERE invoice_no = 'reminded';
		DELETE FROM reminder.sealed_row; DELETE FROM reminder.sealed_block; SELECT reminder._keep(false); SELECT reminder.seal(1)");
	my $without = $session->sql('SELECT count(*) FROM reminder.verify(1)');
	my $found = $session->sql("SELECT count(*) FROM reminder.verify(1, '$known')");
	$session->sql('ROLLBACK');
	return $without eq '0' && $found > 0 ? 'found by verify(known_digest)' : "GOT THROUGH: $without $found";
});

# What holds the map, what finds losses, and rows written past all triggers.
my $map = $session->sql("SELECT map FROM reminder.attachments WHERE relation = 'app.bookings'");
way('M1', $S, 'the view that holds the map, replaced', 'event trigger', app => 'refused 42R02', sql => [ "CREATE OR REPLACE VIEW $map AS SELECT NULL::text COLLATE \"C\" AS invoice_no FROM app.bookings" ]);
way('M1', $S, 'the same, dropped', 'event trigger', app => 'refused 42R02', sql => [ "DROP VIEW $map" ]);
way('M1', $S, 'the same, event triggers switched off', '`check()`', app => 'found map_replaced', sql => [ 'ALTER EVENT TRIGGER reminder_drop DISABLE', "DROP VIEW $map", 'ALTER EVENT TRIGGER reminder_drop ENABLE ALWAYS' ]);
way('M2', $O, 'DROP INDEX of what finds losses by their invoice', '`check()`', app => 'found index_missing', sql => [ 'DROP INDEX app.bookings_invoice_no_idx' ]);
way('M3', $S, 'rows of an attached table written past the triggers', '`check()` compares them', app => 'found attached_differs event_trigger_disabled trigger_disabled', sql => [
	'ALTER EVENT TRIGGER reminder_ddl DISABLE', 'ALTER TABLE app.invoices DISABLE TRIGGER reminder_updated',
	"UPDATE app.invoices SET amount = 1000 WHERE invoice_no = 'free'" ]);
way('M3', $S, 'rows of an attached table deleted past the triggers, which stand again', '`check()` misses them there', app => 'found attached_gone', sql => [
	'ALTER EVENT TRIGGER reminder_ddl DISABLE', 'ALTER TABLE app.invoices DISABLE TRIGGER reminder_deleted', "DELETE FROM app.invoices WHERE invoice_no = 'free'",
	'ALTER TABLE app.invoices ENABLE ALWAYS TRIGGER reminder_deleted', 'ALTER EVENT TRIGGER reminder_ddl ENABLE ALWAYS' ]);
way('M4', $S, 'rows of a protected table written past the triggers', '`check()`', app => 'found loss_in_active_case', sql => [
	'ALTER EVENT TRIGGER reminder_ddl DISABLE', 'ALTER TABLE app.bookings DISABLE TRIGGER reminder_inserted', '{BOOK}', 'SELECT reminder.repair()' ]);
way('M5', $O, 'DROP TABLE of what is attached', 'the map depends on it; with CASCADE the attachment goes, too', app => 'nothing', sql => [ 'DROP TABLE app.bookings CASCADE', 'CREATE TABLE app.bookings (invoice_no text, account text)' ],
	proof => "SELECT count(*) = 0 FROM reminder.attachment WHERE relation NOT IN ('app.customers'::regclass, 'app.invoices'::regclass, 'app.entries'::regclass)");
way('M5', $S, 'DROP OWNED BY the owner of what is attached', 'the map depends on it', app => 'refused 2BP01', sql => [ 'CREATE ROLE letter', 'ALTER TABLE {TABLE} OWNER TO letter', 'DROP OWNED BY letter' ]);
way('M5', $S, 'REASSIGN OWNED BY him', 'guards stand whoever owns the table', app => 'refused 23R01', sql => [ 'CREATE ROLE letter; CREATE ROLE other', 'ALTER TABLE {TABLE} OWNER TO letter', 'REASSIGN OWNED BY letter TO other', 'GRANT USAGE ON SCHEMA app TO other', '{BOOK}' ]);
way('M6', $O, 'DROP CONSTRAINT of the primary key by which rows are found again', 'event trigger', app => 'refused 42R02', sql => [ 'ALTER TABLE {TABLE} DROP CONSTRAINT bookings_pkey' ]);
way('M6', $S, 'the same, event triggers switched off', '`check()`', app => 'found event_trigger_disabled key_missing', sql => [
	'ALTER EVENT TRIGGER reminder_drop DISABLE', 'ALTER TABLE {TABLE} DROP CONSTRAINT bookings_pkey' ]);

# A residual that is taken down before its loss is booked, where nobody has committed yet that it was paid.
my @residual = (
	'CREATE TABLE app.balances (no text PRIMARY KEY, rest numeric, moved date)', "INSERT INTO app.balances VALUES ('kept', 500, '2024-01-15'), ('paid', 500, '2024-01-15')",
	q(SELECT reminder.attach('invoice', 'app.balances', 3, '{"invoice_no": "no", "customer_no": "''K1''", "invoice_date": "date ''2024-01-15''", "due_date": "date ''2024-02-01''", "amount": 500, "open_amount": "rest", "paid_on": "moved"}')),
	"S: SELECT count(*) FROM reminder.send_now(3, ARRAY['kept', 'paid'], '2024-03-02')");
my $down = "UPDATE app.balances SET rest = 0, moved = '2024-03-02'";
my $lost = "INSERT INTO app.bookings VALUES (77, '1515', 'kept', 1)";
way('M7', $O, 'a residual taken down, then the loss, in one transaction', 'the guard takes a case that this transaction so ended for active', app => 'refused 23R01', sql => [ @residual, $down, $lost ]);
way('M7', $O, 'the same in a subtransaction', 'the guard takes a case that this transaction so ended for active', app => 'refused 23R01', sql => [ @residual, 'SAVEPOINT here', $down, 'RELEASE here', 'SAVEPOINT there', $lost ]);
way('M7', $O, 'the same in one statement, by a writable CTE', 'the guard takes a case that this transaction so ended for active', app => 'refused 23R01', sql => [ @residual, "WITH down AS ($down RETURNING 1) $lost" ]);
way('M7', $O, 'the same the other way round', 'the guard takes a case that this transaction so ended for active', app => 'refused 23R01', sql => [ @residual, "WITH lost AS ($lost RETURNING 1) $down" ]);
way('M7', $O, 'the loss in our own table', 'the guard takes a case that this transaction so ended for active', own => 'refused 23R01', sql => [
	@residual, $down, "INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (3, 'kept', 'L', 'confirmed', '2024-03-02', 1)" ]);
way('M8', $O, "an invoice's number, deleted in a writable CTE, given to another key", '`check()`', app => 'found attached_differs', sql => [
	'CREATE TABLE app.numbered (id integer PRIMARY KEY, no text)', "INSERT INTO app.numbered VALUES (1, 'numbered')",
	q(SELECT reminder.attach('invoice', 'app.numbered', 3, '{"invoice_no": "no", "customer_no": "''K1''", "invoice_date": "date ''2024-01-15''", "due_date": "date ''2024-02-01''", "amount": 500}')),
	"WITH gone AS (DELETE FROM app.numbered WHERE id = 1) INSERT INTO app.numbered VALUES (2, 'numbered')" ]);

way('D24', $S, 'DROP EXTENSION … CASCADE', 'event trigger, while anything is attached', app => 'refused 42R02', sql => [ 'DROP EXTENSION reminder CASCADE' ]);
way('D24', $S, 'DROP SCHEMA … CASCADE', 'event trigger, while anything is attached', app => 'refused 42R02', sql => [ 'DROP SCHEMA reminder CASCADE' ]);
way('D24', $O, 'the same by the owner of the schema, who is no superuser', 'event trigger, while anything is attached', app => 'refused 42R02', sql => [ 'DROP SCHEMA reminder CASCADE' ]);
way('D24', $O, 'DROP OWNED BY him … CASCADE', 'event trigger, while anything is attached', app => 'refused 42R02', sql => [ 'DROP OWNED BY keeper CASCADE' ]);
way('D24', $S, 'the same by the superuser', 'event trigger, while anything is attached', app => 'refused 42R02', sql => [ 'DROP OWNED BY keeper CASCADE' ]);
way('D24', $S, 'DROP OWNED BY the owner of the extension … CASCADE', 'event trigger, while anything is attached', app => 'refused 42R02', sql => [
	'CREATE ROLE boss SUPERUSER', "UPDATE pg_extension SET extowner = 'boss'::regrole WHERE extname = 'reminder'", "UPDATE pg_proc SET proowner = 'boss'::regrole WHERE pronamespace = 'reminder'::regnamespace", 'DROP OWNED BY boss CASCADE' ]);
way('D24', $O, 'DROP OWNED BY him', 'what depends on the schema', own => 'refused 2BP01', app => 'refused 2BP01', sql => [ 'DROP OWNED BY keeper' ]);
way('D24', $S, 'DROP EXTENSION … CASCADE where nothing is attached', '`check()`, once the extension is back', own => 'found event_trigger_missing trigger_missing', sql => [
	"SELECT reminder.detach('app.customers'), reminder.detach('app.invoices'), reminder.unprotect('app.bookings'), reminder.unprotect('app.entries')",
	'SET client_min_messages = error', 'DROP EXTENSION reminder CASCADE', 'ALTER SCHEMA reminder OWNER TO CURRENT_USER', 'CREATE EXTENSION reminder', 'ALTER SCHEMA reminder OWNER TO keeper' ]);

is($session->sql('SELECT * FROM reminder.check()'), '', 'nothing is left of any of this');

# A row that comes by logical replication: refused, it stops the worker, which says so in the log.
sub replicated
{
	my ($target) = @_;
	my $table = $target->{table};
	(my $schema = $table) =~ s/\..*//;
	my $columns = $session->sql("SELECT string_agg(format('%I %s', attname, format_type(atttypid, atttypmod)), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = '$table'::regclass AND attname = ANY (string_to_array('$target->{list}', ', '))");
	my $ledger = "ledger_$target->{name}";
	$node->safe_psql('postgres', "CREATE DATABASE $ledger");
	$node->safe_psql($ledger, "CREATE SCHEMA $schema; CREATE TABLE $table ($columns); ALTER TABLE $table REPLICA IDENTITY FULL;
		CREATE PUBLICATION bookings FOR TABLE $table; SELECT pg_create_logical_replication_slot('$ledger', 'pgoutput')");
	(my $publisher = $node->connstr($ledger)) =~ s/'/''/g;
	$session->sql("CREATE SUBSCRIPTION $ledger CONNECTION '$publisher' PUBLICATION bookings WITH (create_slot = false, slot_name = '$ledger', copy_data = false)");
	my $begin = -s $node->logfile;
	$node->safe_psql($ledger, book($target, 'reminded'));
	my $refused = '';
	for (1 .. 300)
	{
		last if ($refused) = substr(slurp_file($node->logfile), $begin) =~ /(cannot book a credit loss on invoice "reminded")/;
		select undef, undef, undef, 0.1;
	}
	$session->sql("ALTER SUBSCRIPTION $ledger DISABLE; ALTER SUBSCRIPTION $ledger SET (slot_name = NONE); DROP SUBSCRIPTION $ledger");
	return 'refused 23R01' if $refused && $session->sql($target->{stand}->()) eq '0';
	return 'GOT THROUGH';
}

# The page, from what was tried.
my %who = (application => 'application', keeper => 'owner', superuser => 'superuser');
sub said
{
	my ($was) = @_;
	return '' if $was eq '';
	return 'comes to nothing' if $was eq 'nothing';
	my ($how, @what) = split / /, $was;
	return "$how, " . join ', ', map { $_ =~ /^by$/ ? () : "`$_`" } @what;
}
my $page = slurp_file('doc/attacks.md');
my ($begin) = $page =~ /\A(.*?^\|---.*?\n)/ms;
my $lines = join '', map { "| $_->[0] | $_->[1] | @{[ $who{ $_->[2] } // $_->[2] ]} | @{[ said($_->[4]{own} // '') ]} | @{[ said($_->[4]{app} // '') ]} | $_->[3] |\n" } @table;
my ($end) = $page =~ /^\|[^\n]*\|\n(?!\|)(.*)\z/ms;
append_to_file($ENV{ATTACKS_DOC}, $begin . $lines . $end) if $ENV{ATTACKS_DOC};
is($page, $begin . $lines . $end, 'doc/attacks.md says what came of each (ATTACKS_DOC=file test/t/attacks.pl writes it anew)');

$session->quit;
$monitor->quit;
$node->stop('fast');
done_testing();
