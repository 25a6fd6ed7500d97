# By itself (N8, V6): a real pg_cron runs every night and queues the digest,
# each creditor for its own date, after one call of schedule().
use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;
use Reminder;
use Test::More;
use Time::HiRes qw(sleep time);

my $library = `pg_config --pkglibdir`;
chomp $library;
plan skip_all => 'pg_cron is not installed' unless -e "$library/pg_cron.so";

my $node = PostgreSQL::Test::Cluster->new('main');
$node->init(extra => ["--username=$ENV{PGUSER}"]);
# it connects to the server as anybody would
my $socket = $node->host;
$node->append_conf('postgresql.conf', <<"CONF");
shared_preload_libraries = 'pg_cron'
cron.database_name = 'book'
cron.host = '$socket'
cron.log_run = on
CONF
$node->start;
Reminder->install($node, 'book');
sub sql { return $node->safe_psql('book', join ' ', @_) }

my ($status, $out, $err) = $node->psql('book', 'SELECT reminder.schedule()', extra_params => ['-v', 'VERBOSITY=verbose']);
like($err, qr/ERROR:  55R04: pg_cron is not in this database\nHINT:  .*CREATE EXTENSION pg_cron/, 'without pg_cron it says what to do');
sql('CREATE EXTENSION pg_cron');

sql(q(
	INSERT INTO reminder.account (account_id, name) VALUES (1, 'Account');
	INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, time_zone) VALUES
	  (1, 1, 'Sweden', 'SE', '5402-9681', NULL), (2, 1, 'Far east', 'SE', '5402-9681', 'Pacific/Kiritimati'), (3, 1, 'Far west', 'SE', '5402-9681', 'Pacific/Pago_Pago');
	SELECT reminder.add_preset(c, 'amili'), reminder.activate(c, confirm => true) FROM generate_series(1, 3) c;
	INSERT INTO reminder.digest_subscriber (creditor_id, email) VALUES (1, 'anna@example.com');
	INSERT INTO reminder.customer (creditor_id, customer_no, name) SELECT c, 'C', 'Customer' FROM generate_series(1, 3) c;
	INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
	SELECT c, 'late', 'C', current_date - 60, current_date - 30, 'SEK', 1000 FROM generate_series(1, 3) c));

is(sql("SELECT string_agg(job || ': ' || at || ': ' || command, E'\\n' ORDER BY job) FROM reminder.schedule('02:30', '07:05')"),
	"reminder digest: 5 7 * * 1: SELECT reminder.queue_digests_at(now())\nreminder run: 30 2 * * *: CALL reminder.run_at(now())", 'the jobs it tells of');
is(sql("SELECT string_agg(jobname || ': ' || schedule || ': ' || command || ' in ' || database, E'\\n' ORDER BY jobname) FROM cron.job WHERE active"),
	"reminder digest: 5 7 * * 1: SELECT reminder.queue_digests_at(now()) in book\nreminder run: 30 2 * * *: CALL reminder.run_at(now()) in book", 'are those that pg_cron has');

# Of the same two jobs, in the next minute: pg_cron starts a job at the full one.
my ($minute, $hour, $weekday) = split /\|/, sql(
	q(SELECT extract(minute FROM at), extract(hour FROM at), extract(dow FROM at) FROM (
	  SELECT (now() AT TIME ZONE 'UTC') + CASE WHEN extract(second FROM now()) > 50 THEN interval '2 minutes' ELSE interval '1 minute' END AS at) x));
sql("SELECT count(*) FROM reminder.schedule('$hour:$minute', '$hour:$minute')");
is(sql('SELECT count(*) FROM cron.job'), '2', 'called again it changes the times, and makes no more of them');
sql("SELECT cron.schedule('reminder digest', '$minute $hour * * $weekday', 'SELECT reminder.queue_digests_at(now())')");

my $before = sql("SELECT string_agg((now() AT TIME ZONE c.time_zone)::date::text, ' ' ORDER BY c.creditor_id) FROM reminder.creditor c");
my $until = time + 150;
sleep 1 while time < $until && sql("SELECT count(*) FROM cron.job_run_details WHERE status IN ('succeeded', 'failed')") < 2;
my $after = sql("SELECT string_agg((now() AT TIME ZONE c.time_zone)::date::text, ' ' ORDER BY c.creditor_id) FROM reminder.creditor c");
is(sql("SELECT string_agg(split_part(command, '(', 1) || ' ' || status, ', ' ORDER BY command) FROM cron.job_run_details"),
	'CALL reminder.run_at succeeded, SELECT reminder.queue_digests_at succeeded', 'pg_cron ran both')
  or diag sql('SELECT * FROM cron.job_run_details');
my $ran = sql("SELECT string_agg(as_of::text, ' ' ORDER BY creditor_id) FROM reminder.run_log WHERE ended_at IS NOT NULL");
ok($ran eq $before || $ran eq $after, 'each creditor for its own date') or diag "$ran; before $before, after $after";
is(sql("SELECT string_agg(invoice_no || ' ' || stage || ' ' || (letter_date = (SELECT max(as_of) FROM reminder.run_log r WHERE r.creditor_id = l.creditor_id)), ', ' ORDER BY creditor_id) FROM reminder.letter_list l"),
	join(', ', ('late reminder true') x 3), 'letters are made, dated that day');
is(sql("SELECT email || ' ' || status FROM reminder.digest"), 'anna@example.com queued', 'and the digest is queued');

is(sql('SELECT reminder.unschedule()'), '2', 'unscheduled');
is(sql('SELECT count(*) FROM cron.job'), '0', 'pg_cron has no more to do');

$node->stop('fast');
done_testing();
