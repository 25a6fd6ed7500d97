# The view case_status, which reads in C, against the same in plain SQL: for every
# case of a book that has been lived in, with plans, agencies and enforcement, as
# rules, days and creditors change, in whatever transaction and by whatever plan;
# and case_status_as_of() of each invoice against what SQL puts together (V2).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Status;
use Test::More;

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->lived_in($session);
Status->define($session);

sub same
{
	my ($what, $asker) = @_;
	is(($asker || $session)->sql('SELECT * FROM public.status_otherwise() LIMIT 3'), '', $what);
	return;
}

my $type = q{SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), E'\n' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = 'public.status_in_sql'::regclass};
is($session->sql($type =~ s/public\.status_in_sql/reminder.case_status/r), $session->sql($type), 'the same columns');
same('a book with a past');

# What that book has not: plans that stand, that are broken and that are paid, claims
# at an agency, which says this and that of them, fees of enforcement, a link.
$session->sql(<<'SQL');
SET client_min_messages = error;
CREATE FUNCTION pg_temp.tried(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RETURN true;
EXCEPTION WHEN others THEN
  RETURN false;
END
$$;
CREATE TABLE public.active AS
SELECT k.*, row_number() OVER (PARTITION BY k.creditor_id, k.stage ORDER BY k.invoice_no) AS n FROM public.status_in_sql k WHERE k.state = 'active' AND k.principal > 1;
UPDATE reminder.creditor SET case_url = 'https://example.com/cases/{case_id}' WHERE creditor_id = 1;
SELECT pg_temp.tried(format('SELECT reminder.make_payment_plan(%s, %L, %L, instalments => 3, first_due => %L)', k.creditor_id, k.invoice_no, '2024-05-16', '2024-05-20')) FROM public.active k WHERE k.n % 3 = 0;
SELECT pg_temp.tried(format('SELECT reminder.add_enforcement_fee(k.creditor_id, k.invoice_no, %L, %s, %L, %L)', 'other', 10 + k.case_no, '2024-05-16', 'a translation'))
FROM public.active k WHERE k.stage = 'enforcement';
SQL
same('plans, fees of enforcement and links');

# One rule's demands go to an agency, which takes over most of them, and says what
# comes of them; it has what is collected outside, too. Commission is earned.
$session->sql(<<'SQL');
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, 'commission_percent', '2024-01-01', 10), (1, 'commission_at_most', '2024-01-01', 40);
SELECT reminder.activate_channel(2, 'intrum_collection') \g /dev/null
UPDATE reminder.rule_step SET channel = 'intrum_collection' WHERE creditor_id = 2 AND stage = 'demand';
UPDATE reminder.invoice i SET external_collection = true FROM public.active k WHERE (k.creditor_id, k.invoice_no) = (i.creditor_id, i.invoice_no) AND k.creditor_id = 2 AND k.n % 4 = 0;
CALL reminder.run('2024-05-24');
CALL reminder.run('2024-06-20');
SELECT reminder.acknowledge_handovers('intrum', array_agg(h.dedupe_key ORDER BY h.dedupe_key), '2024-06-20', 2, array_agg(CASE WHEN h.invoice_no ~ '[1-5]$' THEN 'I-' || h.invoice_no END ORDER BY h.dedupe_key))
FROM reminder.claim_handovers('intrum', 2, 1000) h WHERE h.invoice_no !~ '7$' \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source)
SELECT k.creditor_id, 'late ' || k.invoice_no, k.invoice_no, '2024-06-21', k.principal / (1 + k.n % 3), 'service' FROM public.active k WHERE k.n % 2 = 0;
SELECT reminder.take_agency_messages(2, 'intrum', jsonb_agg(jsonb_build_object(
         'id', m.kind || m.on_date || k.invoice_no, 'invoice_no', k.invoice_no, 'kind', m.kind, 'date', m.on_date,
         CASE m.kind WHEN 'fee' THEN 'amount' ELSE 'status' END, CASE m.kind WHEN 'fee' THEN to_jsonb(5 + k.n) ELSE to_jsonb('at ' || k.n) END)), '2024-06-22')
FROM public.active k
CROSS JOIN (VALUES ('status', date '2024-06-21'), ('status', '2024-05-17'), ('status', '2024-01-02'), ('fee', '2024-06-21'), ('fee', '2024-06-22')) m (kind, on_date)
WHERE k.creditor_id = 2 AND k.n % 5 < 4 \g /dev/null
SQL
same('agencies, commission and instalments that were missed');

# Holds beside each other: a dispute goes first, then what lasts longest. Runs leave what they hold due.
$session->sql(<<'SQL');
SELECT pg_temp.tried(format('SELECT reminder.hold(%s, %L, %L, %L, %L)', k.creditor_id, k.invoice_no, h.kind, h.until_on, '2024-06-22'))
FROM public.status_in_sql k
CROSS JOIN LATERAL (
  SELECT * FROM (VALUES ('promise', date '2024-06-30'), ('manual', NULL), ('manual', '2024-07-15'), ('dispute', '2024-06-29'), ('promise', '2024-06-23')) h (kind, until_on)
  WHERE pg_temp.chance(k.invoice_no, h.kind, h.until_on::text) < 30) h
WHERE k.state = 'active';
SELECT pg_temp.tried(format('SELECT reminder.release(%s, %L, %L)', k.creditor_id, k.invoice_no, '2024-06-24')) FROM public.status_in_sql k WHERE k.state = 'held' AND pg_temp.chance(k.invoice_no) < 20;
UPDATE reminder.rule SET catches_up = true;
UPDATE reminder.rule_step SET wait_unit = 'bank_day' WHERE creditor_id = 1;
CALL reminder.run('2024-06-25');
CALL reminder.run('2024-07-10');
SQL
same('holds');

is($session->sql(<<'SQL'), '', 'every column is seen with a value');
SELECT k.key FROM public.status_in_sql s CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s)) k GROUP BY 1 HAVING count(*) FILTER (WHERE coalesce(k.value, '0.00') <> '0.00') = 0 ORDER BY 1
SQL

# As of earlier days, of the last ones and of long ago: of one invoice as of all.
is($session->sql(<<'SQL'), '', 'as of an earlier day, of each invoice');
SELECT format('after %s in SQL %s, is %s', day, a, s)
FROM (SELECT r.creditor_id, r.as_of + x AS day, row_number() OVER (PARTITION BY r.creditor_id ORDER BY r.as_of DESC, x DESC) AS n FROM reminder.run_log r, generate_series(0, 1) x) d
CROSS JOIN LATERAL (
  SELECT a, s
  FROM reminder._case_status_then(d.creditor_id, d.day) a
  FULL JOIN (
    SELECT s FROM (SELECT DISTINCT k.creditor_id, k.invoice_no FROM reminder.collection_case k WHERE k.creditor_id = d.creditor_id) k
    CROSS JOIN LATERAL reminder.case_status_as_of(k.creditor_id, d.day, k.invoice_no) s) s ON (s.s).invoice_no = a.invoice_no AND (s.s).case_no = a.case_no
  WHERE a::text IS DISTINCT FROM s.s::text) x
WHERE d.n < 12 OR d.n % 8 = 0
LIMIT 3
SQL

# What a backend keeps of creditors and rules it forgets when somebody changes it,
# or when it did so itself, and takes that back; nothing of an older snapshot is mixed in.
my $other = Session->new($node, 'book');
for (
	[ 'a closed day' => "INSERT INTO reminder.closed_day SELECT s.creditor_id, s.next_on FROM public.status_in_sql s WHERE s.next_on IS NOT NULL ON CONFLICT DO NOTHING" ],
	[ 'no closed day' => 'DELETE FROM reminder.closed_day' ],
	[ 'a wait' => 'UPDATE reminder.rule_step SET wait = wait + 3' ],
	[ 'deadlines waived' => 'UPDATE reminder.rule SET waives_deadline = NOT waives_deadline' ],
	[ 'a step fewer' => "DELETE FROM reminder.rule_step WHERE stage = 'monitoring'" ],
	[ 'another link' => "UPDATE reminder.creditor SET case_url = 'https://example.com/{case_id}'" ])
{
	my ($what, $change) = @$_;
	my $digest = 'SELECT md5(string_agg(s::text, E\'\n\' ORDER BY s::text)) FROM reminder.case_status s';
	my $before = $session->sql($digest);
	$session->sql('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM reminder.case_status');
	$other->sql("SET client_min_messages = error; BEGIN; $change");
	same("$what: before it is committed");
	same("$what: in its own transaction", $other);
	$other->sql('ROLLBACK');
	same("$what: when it was taken back", $other);
	$other->sql($change);
	same("$what: in the session that changed it", $other);
	is($session->sql($digest), $before, "$what: not in a transaction that began before");
	$session->sql('COMMIT');
	same("$what: in another session");
	isnt($session->sql($digest), $before, "$what: to be seen");
}

# By one case and for all, with a plan for each or one for all, in parallel or not.
for my $settings ('plan_cache_mode = force_generic_plan', 'plan_cache_mode = force_custom_plan', 'parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET max_parallel_workers_per_gather = 2')
{
	my $asker = Session->new($node, 'book');
	$asker->sql("SET $settings");
	same("SET $settings", $asker);
	is($asker->sql(<<'SQL'), 'f', "SET $settings: of one case");
PREPARE in_sql (bigint, text) AS SELECT string_agg(s::text, E'\n' ORDER BY s.case_no) FROM public.status_in_sql s WHERE s.creditor_id = $1 AND s.invoice_no = $2;
PREPARE in_c (bigint, text) AS SELECT string_agg(s::text, E'\n' ORDER BY s.case_no) FROM reminder.case_status s WHERE s.creditor_id = $1 AND s.invoice_no = $2;
CREATE FUNCTION pg_temp.otherwise() RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  _case record;
  _in_sql text;
  _in_c text;
BEGIN
  FOR _case IN SELECT DISTINCT k.creditor_id, k.invoice_no FROM reminder.collection_case k LOOP
    EXECUTE format('EXECUTE in_sql (%s, %L)', _case.creditor_id, _case.invoice_no) INTO _in_sql;
    EXECUTE format('EXECUTE in_c (%s, %L)', _case.creditor_id, _case.invoice_no) INTO _in_c;
    IF _in_sql IS DISTINCT FROM _in_c THEN
      RAISE 'in SQL %, is %', _in_sql, _in_c;
    END IF;
  END LOOP;
  RETURN false;
END
$$;
SELECT pg_temp.otherwise();
SQL
	$asker->quit;
}

# Who may read the view reads all of it, or what a view over it gives him, and by
# nothing else what it asks for: that answers to our own view alone.
$session->sql(<<'SQL');
CREATE ROLE reads; CREATE ROLE reads_some; CREATE ROLE reads_nothing;
GRANT USAGE ON SCHEMA reminder TO reads, reads_some, reads_nothing;
GRANT SELECT ON reminder.case_status TO reads;
CREATE VIEW public.some_status AS SELECT invoice_no, hold, agency, commission FROM reminder.case_status WHERE creditor_id = 1;
GRANT SELECT ON public.some_status TO reads_some;
SQL
my $whole = $session->sql('SELECT count(*), count(hold), count(next_on) FROM reminder.case_status');
is($session->sql('SET ROLE reads; SELECT count(*), count(hold), count(next_on) FROM reminder.case_status; RESET ROLE'), $whole, 'who may read the view reads all of it');
isnt($session->sql('SET ROLE reads_some; SELECT count(hold) FROM public.some_status; RESET ROLE'), '0', 'a view over it gives what it says');
for my $role (qw(reads reads_some reads_nothing))
{
	$session->sql("SET ROLE $role");
	for my $key ('NULL', "'00000000-0000-0000-0000-000000000000'", 'gen_random_uuid()')
	{
		is($session->try("SELECT * FROM reminder._case_now($key, 1, 'F1', 1::smallint, '00000000-0000-0000-0000-000000000000', true, '2024-01-01', 'creditor', '2024-01-01')"), '42501', "$role: nothing for the key $key");
	}
	is($session->try('SELECT view_key FROM reminder.installation'), '42501', "$role: nobody gets at the key");
	$session->sql('RESET ROLE');
}

done_testing();
