# A database in use, dumped and restored: the same rows, triggers, rights and
# comments, and the same behaviour afterwards (DESIGN 1).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->lived_in($session);
$session->sql(<<'SQL');
CREATE ROLE application; CREATE ROLE clerk;
GRANT USAGE ON SCHEMA reminder TO application, clerk;
GRANT SELECT, INSERT, UPDATE ON reminder.invoice, reminder.payment TO application;
GRANT SELECT (creditor_id, customer_no, kind) ON reminder.customer TO clerk;
GRANT SELECT ON reminder.case_status TO clerk WITH GRANT OPTION;
GRANT EXECUTE ON FUNCTION reminder.withdraw(bigint, text, text, date) TO clerk;
COMMENT ON TABLE reminder.refund IS 'a comment of the user''s own';
CREATE VIEW public.overdue AS SELECT * FROM reminder.invoice_status WHERE status = 'overdue';
SQL
my $known = $session->sql('SELECT max(digest) FROM reminder.seal(1)');

my $rows = Book->rows($session);
my $objects = Book->objects($session);
my $dir = $node->basedir;

# Runs a command of PostgreSQL's; any word on stderr is a failure.
sub silently
{
	my ($what, @command) = @_;
	my ($stdout, $stderr) = run_command([ $command[0], '-h', $node->host, '-p', $node->port, @command[ 1 .. $#command ] ]);
	# said by CREATE EXTENSION, when there is no table yet
	$stderr =~ s/^.*INFO:  the extension brings functions only\n.*HINT:  .*\n?//mg;
	is($stderr, '', $what);
	return;
}

# The restored database is as the one it was made from.
sub same
{
	my ($database) = @_;
	my $copy = Session->new($node, $database);
	is_deeply(Book->rows($copy), $rows, "$database: the same rows in every table");
	is(Book->differences($objects, Book->objects($copy)), '', "$database: the same tables, triggers, rights and comments");
	is($copy->sql("SELECT count(*) FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid"
		. " WHERE c.relnamespace = 'reminder'::regnamespace AND NOT g.tgisinternal AND g.tgenabled <> 'A'"), '0', "$database: all triggers ENABLE ALWAYS");
	is($copy->sql('SELECT * FROM reminder.check()'), '', "$database: nothing to find");
	is($copy->sql("SELECT * FROM reminder.verify(1, '$known')"), '', "$database: the log is as it was sealed");
	is($copy->sql('SELECT reminder.install()'), 'reminder ' . $copy->sql('SELECT reminder.version()') . ' is installed already', "$database: install() changes nothing");
	return;
}

sub database
{
	my ($name) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $name TEMPLATE template0");
	return;
}

silently('pg_dump, plain', 'pg_dump', '-f', "$dir/plain.sql", 'book');
silently('pg_dump, custom', 'pg_dump', '-Fc', '-f', "$dir/custom.dump", 'book');
silently('pg_dump, directory', 'pg_dump', '-Fd', '-j2', '-f', "$dir/directory", 'book');
silently('pg_dump, inserts, to replace what is there', 'pg_dump', '--clean', '--if-exists', '--rows-per-insert=50', '-f', "$dir/clean.sql", 'book');

database($_) for qw(plain custom directory used);
silently('psql', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/plain.sql", 'plain');
same('plain');
silently('pg_restore', 'pg_restore', '-d', 'custom', "$dir/custom.dump");
same('custom');
silently('pg_restore -j2', 'pg_restore', '-j2', '-d', 'directory', "$dir/directory");
same('directory');

# Over a database in use.
Reminder->install($node, 'used');
my $used = Session->new($node, 'used');
Book->parties($used);
Book->due($used, 50);
$used->sql("CALL reminder.run('2024-03-01')");
$used->quit;
silently('psql, over a book in use', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/clean.sql", 'used');
same('used');
silently('pg_restore --clean, once more', 'pg_restore', '--clean', '--if-exists', '-d', 'used', "$dir/custom.dump");
same('used');

# The schema alone is an empty book that works.
silently('pg_dump --schema-only', 'pg_dump', '--schema-only', '-f', "$dir/schema.sql", 'book');
database('empty');
silently('psql, the schema alone', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/schema.sql", 'empty');
my $empty = Session->new($node, 'empty');
is(Book->differences($objects, Book->objects($empty)), '', 'empty: the same tables, triggers, rights and comments');

# Rows alone are not restored where the tables keep themselves ...
silently('pg_dump --data-only', 'pg_dump', '--data-only', '-f', "$dir/data.sql", 'book');
my ($stdout, $stderr) = run_command([ 'psql', '-h', $node->host, '-p', $node->port, '-Xq1', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/data.sql", 'empty' ]);
like($stderr, qr/ERROR: .* is (?:kept by reminder|not switched by hand)/, 'data only: refused');
is($empty->sql('SELECT count(*) FROM reminder.invoice'), '0', 'data only: and nothing left of it');
# ... nor is that a healthy database where its triggers were taken away meanwhile.
silently('pg_dump --data-only --disable-triggers', 'pg_dump', '--data-only', '--disable-triggers', '-f', "$dir/disabled.sql", 'book');
($stdout, $stderr) = run_command([ 'psql', '-h', $node->host, '-p', $node->port, '-Xq1', '-v', 'ON_ERROR_STOP=1', '-f', "$dir/disabled.sql", 'empty' ]);
like($stderr, qr/ERROR: .* is a guard and stays as it is/, 'data only, triggers disabled: refused');
$empty->sql('ALTER EVENT TRIGGER reminder_ddl DISABLE');
silently('psql, rows alone, triggers disabled', 'psql', '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/disabled.sql", 'empty');
is($empty->sql('SELECT DISTINCT finding FROM reminder.check() ORDER BY 1'), "event_trigger_disabled\ntrigger_not_always", 'data only, triggers disabled: check() finds what that left');
is($empty->sql("SELECT count(*) = (SELECT count(*) FROM reminder._triggers()) FROM reminder.check() WHERE finding = 'trigger_not_always'"), 't', 'data only, triggers disabled: of every trigger');
$empty->sql($empty->sql("SELECT string_agg(hint, chr(10)) FROM reminder.check() WHERE finding = 'trigger_not_always'"));
is($empty->sql('SELECT reminder.repair()'), 'one trigger put back', 'data only, triggers disabled: the hints mend it, but for the event trigger');
is($empty->sql('SELECT * FROM reminder.check()'), '', 'data only, triggers disabled: and repair() that');
is_deeply(Book->rows($empty), $rows, 'data only, triggers disabled: and the rows are the same');

# From here on original and copies go the same way.
my ($active) = split /\n/, $session->sql(<<'SQL');
SELECT invoice_no FROM reminder.case_status WHERE creditor_id = 1 AND state = 'active' AND stage = 'demand' ORDER BY 1
SQL
my $loss = "INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, '$active', 'confirmed', '2024-05-16', 1)";
my (%state, %next);
for my $database (qw(book plain custom directory used empty))
{
	my $copy = Session->new($node, $database);
	is($copy->try($loss), '23R01', "$database: the guard refuses a loss");
	is($copy->try("SET session_replication_role = replica; $loss"), '23R01', "$database: in replica mode too");
	is($copy->try("RESET session_replication_role; DELETE FROM reminder.decision WHERE creditor_id = 1"), '42R01', "$database: decisions are kept");
	$copy->sql("INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)"
		. " SELECT creditor_id, 'after ' || invoice_no, invoice_no, '2024-05-16', open_amount FROM reminder.invoice"
		. " WHERE open_amount > 0 AND right(invoice_no, 1) = '3'");
	$copy->sql("CALL reminder.run('2024-05-16'); CALL reminder.run('2024-06-20')");
	$next{$database} = $copy->sql("SELECT creditor_id, invoice_no, stage, outcome, fee, deadline FROM reminder.decision WHERE as_of > '2024-05-15' ORDER BY 1, 2, 3");
	$state{$database} = Book->state($copy);
	is($copy->sql('SELECT * FROM reminder.check()'), '', "$database: nothing to find afterwards");
}
cmp_ok(scalar(() = $next{book} =~ /\|sent\|/g), '>', 20, 'the next runs send letters');
for my $database (qw(plain custom directory used empty))
{
	is($next{$database}, $next{book}, "$database: the next runs decide the same");
	is_deeply($state{$database}, $state{book}, "$database: and everything goes the same way");
}

done_testing();
