# upgrade() brings the tables of an older version up. There is none yet, so a
# next version is made here from a copy of the source: what upgrade() makes of
# old tables is what its install() makes anew, and no row is lost.
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use PostgreSQL::Test::Utils;
use Test::More;

my $pg_config = $ENV{PG_CONFIG} || 'pg_config';
plan skip_all => 'the server cannot be told where to find another version' unless $ENV{REMINDER_STAGE} && $ENV{TEMP_CONFIG};

my $src = $ENV{REMINDER_SRC};
my $next = PostgreSQL::Test::Utils::tempdir();
my $stage = PostgreSQL::Test::Utils::tempdir();
system_or_bail('sh', '-c', "tar -C '$src' --exclude=./tmp_check --exclude=./.git -cf - . | tar -C '$next' -xf -");
chomp(my $share = `$pg_config --sharedir`);
my ($here) = slurp_file("$src/reminder.control") =~ /^default_version = '(.*)'/m;
my @version = split /\./, $here;
my $there = join '.', @version[ 0, 1 ], $version[2] + 1;
my $step = '_upgrade_to_' . $there =~ tr/./_/r;
note "from $here to $there";

# Changes a file of the copy, or fails.
sub change
{
	my ($file, $from, $to) = @_;
	my $text = slurp_file("$next/$file");
	my $at = index($text, $from);
	die "$file has no \"$from\"" if $at < 0;
	substr($text, $at, length $from) = $to;
	write_file($file, $text);
	return;
}

sub write_file
{
	my ($file, $text) = @_;
	open my $out, '>', "$next/$file" or die "$file: $!";
	print $out $text;
	close $out;
	return;
}

# The next version: a column with a constraint, a table, an index, a view with
# one column more, and one trigger by another name.
change('reminder.control', "'$here'", "'$there'");
change('sql/install/40-ledger.sql', "    description text,\n    CONSTRAINT invoice_pkey", <<'SQL' . '    CONSTRAINT invoice_pkey');
    description text,
    note text NOT NULL DEFAULT 'none',
    CONSTRAINT invoice_note CHECK (octet_length(note) <= 100),
SQL
change('sql/install/40-ledger.sql', "  COMMENT ON TABLE reminder.refund", <<'SQL' . '  COMMENT ON TABLE reminder.refund');
  COMMENT ON COLUMN reminder.invoice.note IS 'what one should know';
  CREATE TABLE reminder.memo (
    creditor_id bigint NOT NULL,
    memo_no integer NOT NULL,
    CONSTRAINT memo_pkey PRIMARY KEY (creditor_id, memo_no),
    CONSTRAINT memo_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor
  );
  COMMENT ON TABLE reminder.memo IS 'What one should remember.';
  CREATE INDEX invoice_note_idx ON reminder.invoice (creditor_id, note);
SQL
my ($view) = slurp_file("$next/sql/install/70-views.sql") =~ /^(  CREATE VIEW reminder\.exception_list AS\n.*?;\n)/ms;
change('sql/install/70-views.sql', $view, (my $new_view = $view =~ s/\n  FROM/, 1 AS one\n  FROM/r));
change('sql/extension/55-trigger-list.sql', "'refund_checked'", "'refund_seen'");
change('Makefile', "\tsql/extension/80-upgrade.sql \\\n", "\tsql/extension/80-upgrade.sql \\\n\tsql/extension/81-next.sql \\\n");
write_file('sql/extension/81-next.sql', <<"SQL");
CREATE FUNCTION reminder.$step() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS \$\$
BEGIN
  ALTER TABLE reminder.invoice ADD COLUMN note text NOT NULL DEFAULT 'none',
    ADD CONSTRAINT invoice_note CHECK (octet_length(note) <= 100);
  COMMENT ON COLUMN reminder.invoice.note IS 'what one should know';
  CREATE TABLE reminder.memo (
    creditor_id bigint NOT NULL,
    memo_no integer NOT NULL,
    CONSTRAINT memo_pkey PRIMARY KEY (creditor_id, memo_no),
    CONSTRAINT memo_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor
  );
  COMMENT ON TABLE reminder.memo IS 'What one should remember.';
  REVOKE ALL ON reminder.memo FROM PUBLIC;
  CREATE INDEX invoice_note_idx ON reminder.invoice (creditor_id, note);
@{[ $new_view =~ s/CREATE VIEW/CREATE OR REPLACE VIEW/r ]}
  -- what reminder keeps, nobody but its own functions may write
  UPDATE reminder.position SET waiting_for = waiting_for;
END
\$\$;
COMMENT ON FUNCTION reminder.$step() IS 'Internal: the step to $there.';
SQL

# A make of its own, not a part of the one that may have called us.
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS DESTDIR)};
system_or_bail('make', '-s', '-C', $next, "PG_CONFIG=$pg_config", 'all');

# The update script has what is new or changed of the whole script.
my $script = slurp_file("$next/reminder--$there.sql");
my $update = "\\echo Use \"ALTER EXTENSION reminder UPDATE\" to load this file. \\quit\nSET LOCAL check_function_bodies = off;\n";
for my $function ('version', '_triggers', 'install', $step)
{
	my ($text) = $script =~ /^(CREATE FUNCTION reminder\.$function\(.*?^\$(?:install)?\$;\n)/ms;
	($text) = $script =~ /^(CREATE FUNCTION reminder\.$function\(.*?\$\$;\n)/ms if $function eq 'version';
	die "no $function" unless $text;
	$update .= $text =~ s/^CREATE FUNCTION/CREATE OR REPLACE FUNCTION/r;
}
$update .= ($script =~ /^(COMMENT ON FUNCTION reminder\.$step.*\n)/m)[0];
$update .= "REVOKE ALL ON FUNCTION reminder.$step() FROM PUBLIC;\n";
mkdir "$next/sql/update";
write_file("sql/update/reminder--$here--$there.sql", $update);
system_or_bail('make', '-s', '-C', $next, "PG_CONFIG=$pg_config", "DESTDIR=$stage", 'install');
system_or_bail('cp', "$ENV{REMINDER_STAGE}$share/extension/reminder--$here.sql", "$stage$share/extension/");
ok(-e "$stage$share/extension/reminder--$here--$there.sql", 'make install brings update scripts');

my $conf = slurp_file($ENV{TEMP_CONFIG});
$conf =~ s/\Q$ENV{REMINDER_STAGE}\E/$stage/g;
my $node = Reminder->cluster('main', conf => $conf);

# Two books of the older version with the same past, and a new one of the next.
sub older
{
	my ($database) = @_;
	$node->safe_psql('postgres', "CREATE DATABASE $database");
	my $session = Session->new($node, $database);
	$session->sql("SET client_min_messages = warning; CREATE EXTENSION reminder VERSION '$here'");
	return $session;
}

my $session = older('book');
is($session->try('SELECT reminder.upgrade()'), '55R04', 'there is nothing to upgrade before install()');
is($session->sql('SELECT reminder.install()'), "reminder $here installed", "tables of $here");
Book->parties($session);
Book->due($session, 400);
$session->sql(<<'SQL');
CALL reminder.run('2024-03-01');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
SELECT creditor_id, invoice_no, invoice_no, '2024-03-05', amount + 80 FROM reminder.invoice WHERE invoice_no LIKE '%3';
SELECT count(reminder.withdraw(creditor_id, invoice_no, NULL, '2024-03-06')) FROM reminder.collection_case WHERE ended_on IS NULL AND invoice_no LIKE '%4';
CALL reminder.run('2024-03-28');
GRANT SELECT ON reminder.invoice TO PUBLIC;
REVOKE SELECT ON reminder.invoice FROM PUBLIC;
SQL
my $mark = 'SELECT xmin, ctid, * FROM reminder.installation';
my $stands = $session->sql($mark);
my $objects_before = Book->objects($session);
is($session->sql('SELECT reminder.upgrade()'), "reminder $here stands already", 'the same version: it says so');
is($session->sql($mark), $stands, 'the same version: and changes nothing');
is(Book->differences($objects_before, Book->objects($session)), '', 'the same version: nor any object');
my $rows = Book->rows($session);
$session->quit;
$node->safe_psql('postgres', "CREATE DATABASE $_ TEMPLATE book") for qw(stays fails twice);

Reminder->install($node, 'fresh');
my $fresh = Session->new($node, 'fresh');
is($fresh->sql('SELECT version FROM reminder.installation'), $there, "a new database has $there");
is($fresh->sql('SELECT * FROM reminder.check()'), '', 'fresh: nothing to find');
my $objects = Book->objects($fresh);
like(Book->differences($objects_before, $objects), qr/^\+ column invoice \d+ note .*^\+ function reminder\.$step.*^\+ trigger A CREATE TRIGGER refund_seen/ms, 'the two versions differ');

# The upgraded tables are those of a new database, and the old rows are in them.
sub upgraded
{
	my ($session, $what) = @_;
	is(Book->differences($objects, Book->objects($session)), '', "$what: columns, constraints, triggers, functions, comments of a new database");
	is($session->sql('SELECT * FROM reminder.check()'), '', "$what: nothing to find");
	is($session->sql("SELECT DISTINCT note FROM reminder.invoice"), 'none', "$what: the new column is filled");
	$session->sql('BEGIN; SELECT reminder._keep(true); ALTER TABLE reminder.invoice DROP COLUMN note CASCADE');
	my $now = Book->rows($session);
	is_deeply({ map { $_ => $now->{$_} } grep { $_ ne 'installation' } keys %$rows },
		{ map { $_ => $rows->{$_} } grep { $_ ne 'installation' } keys %$rows }, "$what: the rows are as they were");
	$session->sql('ROLLBACK');
	$session->sql("CALL reminder.run('2024-05-01')");
	return;
}

$session = Session->new($node, 'book');
$session->sql('ALTER EXTENSION reminder UPDATE');
is($session->sql('SELECT finding, detail FROM reminder.check()') =~ s/\n.*//sr, "version|The tables are of version $here, the extension of $there.", 'check() says that the tables are older');
like($session->sql('SELECT reminder.install()'), qr{^reminder \Q$here\E is installed; .*upgrade\(\)}, 'install() leaves them alone and says what to do');
$session->sql('CREATE ROLE nobody');
is($session->try('SET ROLE nobody; SELECT reminder.upgrade()'), '42501', 'nobody but the owner upgrades');
$session->sql('RESET ROLE');
is($session->sql('SELECT reminder.upgrade()'), "reminder $here upgraded to $there", 'upgrade()');
upgraded($session, 'upgraded');
is($session->sql('SELECT reminder.upgrade()'), "reminder $there stands already", 'once more changes nothing');
is($session->try("UPDATE reminder.position SET passed = 0"), '42R01', 'what is kept is kept again');

# What a database does that stays as it is, the upgraded one does too.
my $stays = Session->new($node, 'stays');
$stays->sql("CALL reminder.run('2024-05-01')");
my @letters = map { $_->sql("SELECT creditor_id, invoice_no, stage, outcome, fee, deadline FROM reminder.decision ORDER BY 1, 2, 3") } $stays, $session;
is($letters[1], $letters[0], 'the next letters are the same');
cmp_ok(scalar(() = $letters[0] =~ /\|entered\|/g), '>', 50, 'and there are some');

# A dump of the older version, restored where only the next one is known.
my $dir = $node->basedir;
$stays->quit;
$node->command_ok([ 'pg_dump', '-h', $node->host, '-p', $node->port, '-Fc', '-f', "$dir/old.dump", 'twice' ], 'dumped from the older version');
$node->safe_psql('postgres', 'CREATE DATABASE restored TEMPLATE template0');
$node->command_ok([ 'pg_restore', '-h', $node->host, '-p', $node->port, '-d', 'restored', "$dir/old.dump" ], 'restored into the next');
my $restored = Session->new($node, 'restored');
is($restored->sql('SELECT reminder.upgrade()'), "reminder $here upgraded to $there", 'restored: upgrade()');
upgraded($restored, 'restored');

# A step that cannot be taken leaves nothing behind.
my $fails = Session->new($node, 'fails');
$fails->sql('ALTER EXTENSION reminder UPDATE; CREATE TABLE reminder.memo (a_users_own integer)');
my $before = Book->objects($fails);
is($fails->try('SELECT reminder.upgrade()'), '42P07', 'a step fails');
is(Book->differences($before, Book->objects($fails)), '', 'and all is as before');
is($fails->sql('SELECT version FROM reminder.installation'), $here, 'its version too');
is($fails->try("UPDATE reminder.position SET passed = 0"), '42R01', 'and what is kept is kept');
$fails->sql('DROP TABLE reminder.memo');
is($fails->sql('SELECT reminder.upgrade()'), "reminder $here upgraded to $there", 'once the trouble is gone it goes through');

# Two at once.
my ($one, $two) = map { Session->new($node, 'twice') } 1, 2;
$one->sql("ALTER EXTENSION reminder UPDATE; BEGIN; SELECT reminder.upgrade()");
$two->send('SELECT reminder.upgrade()');
$node->poll_query_until('twice', "SELECT count(*) = 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'");
$one->sql('COMMIT');
is($two->wait . ' ' . $two->output, "00000 reminder $there stands already", 'two at once take turns');

# Tables that are newer than the extension.
my $newer = older('newer');
$newer->sql("SELECT reminder.install(); UPDATE reminder.installation SET version = '$there'");
is($newer->try('SELECT reminder.upgrade()'), '55R04', 'newer tables: upgrade() refuses');
like($newer->output, qr/tables of reminder \Q$there\E are newer than the extension \Q$here\E/, 'and says why');
is($newer->try('SELECT reminder.install()'), '55R04', 'newer tables: install() refuses');
like($newer->sql('SELECT finding FROM reminder.check()'), qr/^version$/m, 'newer tables: check() finds it');

done_testing();
