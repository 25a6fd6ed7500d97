# check() finds nothing in a book with a past, and finds each thing that can be
# wrong once it is made so (A3).
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use Test::More;

my $node = Reminder->cluster('main', conf => "max_prepared_transactions = 2\n");
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
Book->parties($session);
Book->lived_in($session);

is($session->sql('SELECT * FROM reminder.check()'), '', 'a book with a past is healthy');
is($session->sql('BEGIN READ ONLY; SELECT * FROM reminder.check(); COMMIT'),
	'', 'and so it is when nothing may be written');

# Writes past the triggers of some tables, which stand again afterwards.
sub past
{
	my ($sql, @tables) = @_;
	return join ';', 'SELECT reminder._keep(true)', (map { "ALTER TABLE reminder.$_ DISABLE TRIGGER USER" } @tables),
	  $sql, 'SELECT reminder._arm()', 'SELECT reminder._keep(false)';
}

# An invoice with an active case at the demand, one whose case has ended, and one whose letter waits to be sent.
my ($active) = split /\n/, $session->sql(<<'SQL');
SELECT invoice_no FROM reminder.case_status WHERE creditor_id = 1 AND state = 'active' AND stage = 'demand' AND principal > 0 ORDER BY 1
SQL
my ($ended) = split /\n/, $session->sql(<<'SQL');
SELECT k.invoice_no FROM reminder.case_status k JOIN reminder.decision d USING (creditor_id, invoice_no, case_no)
WHERE k.creditor_id = 1 AND k.outcome = 'paid' AND d.status = 'sent' AND d.fee IS NOT NULL ORDER BY 1
SQL
my ($queued) = split /\n/, $session->sql(<<'SQL');
SELECT d.invoice_no FROM reminder.letter_batch b
JOIN reminder.decision d ON d.creditor_id = b.creditor_id AND d.invoice_no = b.invoice_nos[2] AND d.as_of = b.as_of AND d.status = 'queued'
WHERE b.creditor_id = 1 ORDER BY 1
SQL
my $of_active = "WHERE creditor_id = 1 AND invoice_no = '$active'";
my $of_ended = "WHERE creditor_id = 1 AND invoice_no = '$ended'";
my $the_active = "invoice $active of creditor 1";
my $the_ended = "invoice $ended of creditor 1";

# an application's table whose bookings are protected
my $attached = "CREATE TABLE public.booking (no integer PRIMARY KEY, invoice text); CREATE INDEX booking_invoice_idx ON public.booking (invoice); SELECT reminder.protect('public.booking', 'invoice', 'loss', NULL, 1);";

# what is found, where, how it is made, what else that brings; and whether the
# hint, taken at its word, mends it
my @cases = (
	[ 'table_missing', 'reminder.run_exception', 'DROP TABLE reminder.run_exception CASCADE' ],
	[ 'table_owner', 'reminder.invoice', 'CREATE ROLE somebody; ALTER TABLE reminder.invoice OWNER TO somebody;
		ALTER SCHEMA reminder OWNER TO keeper' ],
	[ 'table_not_logged', 'reminder.run_exception', 'ALTER TABLE reminder.run_exception SET UNLOGGED', mends => 1 ],
	[ 'table_inherited', 'reminder.invoice', 'CREATE TABLE other () INHERITS (reminder.invoice)', mends => 1 ],
	[ 'rule_on_table', 'reminder.credit_loss', 'CREATE RULE away AS ON INSERT TO reminder.credit_loss DO INSTEAD NOTHING', mends => 1 ],
	[ 'row_security_forced', 'reminder.decision',
		'CREATE POLICY p ON reminder.decision USING (true); ALTER TABLE reminder.decision ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', mends => 1 ],
	[ 'row_security_off', 'reminder.decision', 'CREATE POLICY p ON reminder.decision USING (true)', mends => 1 ],
	[ 'row_security_empty', 'reminder.decision', 'ALTER TABLE reminder.decision ENABLE ROW LEVEL SECURITY' ],
	[ 'granted_to_public', 'reminder.customer', 'GRANT SELECT, UPDATE ON reminder.customer TO PUBLIC', mends => 1 ],
	[ 'granted_to_public', 'reminder.customer', 'GRANT SELECT (email) ON reminder.customer TO PUBLIC', mends => 1 ],
	[ 'granted_to_public', 'reminder.case_status', 'GRANT SELECT ON reminder.case_status TO PUBLIC', mends => 1 ],
	[ 'granted_to_public', 'schema reminder', 'GRANT CREATE ON SCHEMA reminder TO PUBLIC', mends => 1 ],
	[ 'granted_to_public', 'reminder.withdraw(bigint,text,text,date)',
		'GRANT EXECUTE ON FUNCTION reminder.withdraw(bigint, text, text, date) TO PUBLIC', mends => 1 ],
	[ 'constraint_not_valid', 'reminder.decision.decision_fee_within_cap',
		'ALTER TABLE reminder.decision DROP CONSTRAINT decision_fee_within_cap,
		 ADD CONSTRAINT decision_fee_within_cap CHECK (fee > 0) NOT VALID', mends => 1 ],
	[ 'index_not_valid', 'reminder.collection_case_active_key',
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'reminder.collection_case_active_key'::regclass", mends => 1 ],
	[ 'trigger_missing', 'reminder.credit_loss.credit_loss_guard', 'DROP TRIGGER credit_loss_guard ON reminder.credit_loss', mends => 1 ],
	[ 'trigger_replaced', 'reminder.credit_loss.credit_loss_guard',
		'CREATE OR REPLACE TRIGGER credit_loss_guard AFTER INSERT ON reminder.credit_loss FOR EACH STATEMENT EXECUTE FUNCTION reminder._kept();
		 ALTER TABLE reminder.credit_loss ENABLE ALWAYS TRIGGER credit_loss_guard', mends => 1 ],
	[ 'trigger_replaced', 'reminder.credit.credit_guard',
		'CREATE OR REPLACE TRIGGER credit_guard AFTER INSERT OR DELETE OR UPDATE OF amount ON reminder.credit FOR EACH ROW EXECUTE FUNCTION reminder._guard_credit();
		 ALTER TABLE reminder.credit ENABLE ALWAYS TRIGGER credit_guard', mends => 1 ],
	[ 'trigger_replaced', 'reminder.credit.credit_guard',
		"CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
		 CREATE OR REPLACE TRIGGER credit_guard AFTER INSERT OR UPDATE OR DELETE ON reminder.credit FOR EACH ROW EXECUTE FUNCTION nothing();
		 ALTER TABLE reminder.credit ENABLE ALWAYS TRIGGER credit_guard", mends => 1 ],
	[ 'trigger_disabled', 'reminder.credit.credit_guard', 'ALTER TABLE reminder.credit DISABLE TRIGGER credit_guard', mends => 1 ],
	[ 'trigger_disabled', 'reminder.credit.credit_guard', 'ALTER TABLE reminder.credit ENABLE REPLICA TRIGGER credit_guard',
		instead => 'trigger_not_always', mends => 1 ],
	[ 'trigger_not_always', 'reminder.invoice.invoice_truncate', 'ALTER TABLE reminder.invoice ENABLE TRIGGER invoice_truncate', mends => 1 ],
	[ 'trigger_unknown', 'reminder.payment.twice',
		'CREATE TRIGGER twice AFTER INSERT ON reminder.payment REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION reminder._payment_made()', mends => 1 ],
	[ 'function_unknown', 'reminder.other()', "CREATE FUNCTION reminder.other() RETURNS integer LANGUAGE sql SET search_path = pg_catalog, pg_temp AS 'SELECT 1'" ],
	[ 'function_search_path', 'reminder._owner_withdraw(bigint,text,text,date)',
		'ALTER FUNCTION reminder._owner_withdraw(bigint, text, text, date) RESET search_path', mends => 1 ],
	[ 'function_search_path', 'reminder._last_run(bigint)',
		"ALTER FUNCTION reminder._last_run(bigint) SET search_path = pg_temp, pg_catalog", mends => 1 ],
	[ 'wall_missing', 'reminder.payment', 'SELECT reminder.raise_walls(); ALTER TABLE reminder.payment DISABLE ROW LEVEL SECURITY', also => 'row_security_off', mends => 1 ],
	[ 'wall_missing', 'reminder.payment', 'SELECT reminder.raise_walls(); DROP POLICY walls ON reminder.payment', also => 'row_security_empty', mends => 1 ],
	[ 'wall_missing', 'reminder.payment', 'SELECT reminder.raise_walls(); ALTER POLICY walls ON reminder.payment USING (true)', mends => 1 ],
	[ 'wall_missing', 'reminder.payment', 'SELECT reminder.raise_walls(); DROP POLICY walls ON reminder.payment; CREATE POLICY walls ON reminder.payment FOR SELECT USING (reminder.sees_invoice(creditor_id, invoice_no))', mends => 1 ],
	[ 'wall_missing', 'reminder.case_status', 'SELECT reminder.raise_walls(); ALTER VIEW reminder.case_status RESET (security_barrier)', mends => 1 ],
	[ 'wall_missing', 'reminder.payment', 'SELECT reminder.raise_walls(); ALTER TABLE reminder.creditor DISABLE ROW LEVEL SECURITY', also => 'row_security_off', mends => 1 ],
	[ 'wall_open', 'reminder.payment', 'SELECT reminder.raise_walls(); CREATE POLICY everybody ON reminder.payment USING (true)' ],
	[ 'role_missing', 'regress_gone', "INSERT INTO reminder.creditor_access VALUES (1, 'regress_gone')" ],
	[ 'event_trigger_missing', 'reminder_ddl', 'DROP EVENT TRIGGER reminder_ddl', mends => 1 ],
	[ 'event_trigger_disabled', 'reminder_drop', 'ALTER EVENT TRIGGER reminder_drop DISABLE', mends => 1 ],
	[ 'event_trigger_disabled', 'reminder_rewrite', 'ALTER EVENT TRIGGER reminder_rewrite ENABLE', mends => 1 ],
	[ 'event_trigger_replaced', 'reminder_ddl',
		'DROP EVENT TRIGGER reminder_ddl; CREATE EVENT TRIGGER reminder_ddl ON ddl_command_end EXECUTE FUNCTION reminder._veto_ddl(); ALTER EVENT TRIGGER reminder_ddl ENABLE ALWAYS', mends => 1 ],
	[ 'replica_mode', 'keeper', 'ALTER ROLE keeper SET session_replication_role = replica', mends => 1 ],
	[ 'replica_mode', 'keeper', 'ALTER ROLE keeper IN DATABASE book SET session_replication_role = replica', mends => 1 ],
	[ 'replica_mode', 'book', 'ALTER DATABASE book SET session_replication_role = replica', mends => 1 ],
	[ 'attached_missing', 'attachment 1', "$attached ALTER EVENT TRIGGER reminder_drop DISABLE; DROP TABLE public.booking CASCADE; ALTER EVENT TRIGGER reminder_drop ENABLE ALWAYS", mends => 1 ],
	[ 'trigger_missing', 'public.booking.reminder_updated', "$attached DROP TRIGGER reminder_updated ON public.booking", mends => 1 ],
	[ 'trigger_not_always', 'public.booking.reminder_inserted', "$attached ALTER TABLE public.booking ENABLE TRIGGER reminder_inserted", mends => 1 ],
	[ 'table_inherited', 'public.booking', "$attached CREATE TABLE public.child () INHERITS (public.booking)", mends => 1 ],
	[ 'table_inherits', 'public.booking', "$attached CREATE TABLE public.parent (LIKE public.booking); ALTER TABLE public.booking INHERIT public.parent", mends => 1 ],
	[ 'rule_on_table', 'public.booking', "$attached CREATE RULE away AS ON INSERT TO public.booking DO INSTEAD NOTHING", mends => 1 ],
	[ 'table_not_logged', 'public.booking', "$attached ALTER TABLE public.booking SET UNLOGGED", mends => 1 ],
	[ 'map_replaced', 'public.booking', "$attached DROP VIEW reminder.attached_1" ],
	[ 'table_swapped', 'public.was', "$attached ALTER TABLE public.booking RENAME TO was; CREATE TABLE public.booking ()" ],
	[ 'key_missing', 'public.booking', "$attached ALTER EVENT TRIGGER reminder_drop DISABLE; ALTER TABLE public.booking DROP CONSTRAINT booking_pkey; ALTER EVENT TRIGGER reminder_drop ENABLE ALWAYS" ],
	[ 'index_missing', 'public.booking', "$attached DROP INDEX public.booking_invoice_idx", mends => 1 ],
	[ 'attached_differs', 'public.client', "CREATE TABLE public.client (no text PRIMARY KEY, name text); INSERT INTO public.client VALUES ('T', 'A'); SELECT reminder.attach('customer', 'public.client', 1, '{\"customer_no\": \"no\", \"name\": \"name\"}');
		ALTER TABLE public.client DISABLE TRIGGER USER; UPDATE public.client SET name = 'B'", also => 'trigger_disabled' ],
	[ 'attached_gone', 'customer T of creditor 1', "CREATE TABLE public.client (no text PRIMARY KEY, name text); INSERT INTO public.client VALUES ('T', 'A'); SELECT reminder.attach('customer', 'public.client', 1, '{\"customer_no\": \"no\", \"name\": \"name\"}');
		ALTER TABLE public.client DISABLE TRIGGER reminder_deleted; DELETE FROM public.client; ALTER TABLE public.client ENABLE ALWAYS TRIGGER reminder_deleted", mends => 1 ],
	[ 'version', 'reminder.installation', "UPDATE reminder.installation SET version = '0.9.0'", ],
	[ 'not_installed', 'schema reminder', 'DROP TABLE reminder.installation CASCADE' ],

	[ 'open_amount', $the_active, past("UPDATE reminder.invoice SET amount = open_amount, open_amount = open_amount $of_active;
		INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (1, 'past', '$active', '2024-05-15', 1)", 'invoice', 'credit') ],
	[ 'allocation', 'payment ', past('UPDATE reminder.allocation SET overpaid = overpaid + 1 WHERE payment_no = (SELECT min(payment_no) FROM reminder.allocation) AND creditor_id = 1', 'allocation') ],
	[ 'allocation', 'payment ', past("UPDATE reminder.payment p SET bounced_on = paid_on WHERE bounced_on IS NULL
		AND (creditor_id, payment_no) = (SELECT creditor_id, payment_no FROM reminder.allocation WHERE fee = 0 ORDER BY 1, 2 LIMIT 1)", 'payment') ],
	[ 'interest_paid', $the_active, past("UPDATE reminder.collection_case SET interest_paid = 0.01 $of_active AND ended_on IS NULL", 'collection_case') ],
	[ 'fees_paid', $the_active, past("UPDATE reminder.collection_case SET fees_paid = 1 $of_active AND ended_on IS NULL", 'collection_case') ],
	[ 'several_active_cases', $the_active, 'DROP INDEX reminder.collection_case_active_key;'
		. past("INSERT INTO reminder.collection_case SELECT (jsonb_populate_record(k, '{\"case_no\": 99}')).* FROM reminder.collection_case k $of_active AND ended_on IS NULL", 'collection_case'),
		also => 'case_without_letter' ],
	[ 'loss_in_active_case', $the_active, past("INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES (1, '$active', 'confirmed', '2024-05-15', 1)", 'credit_loss') ],
	[ 'paid_but_active', $the_active,
		past("UPDATE reminder.invoice SET open_amount = 0 $of_active; DELETE FROM reminder.position $of_active;
		  UPDATE reminder.collection_case SET fees_waived = fees - fees_paid, interest_waived = interest - interest_paid $of_active AND ended_on IS NULL", 'invoice') ],
	[ 'case_without_letter', $the_active, past("UPDATE reminder.decision SET case_no = 9 $of_active AND case_no IS NOT NULL", 'decision'), also => 'letter_without_case' ],
	[ 'letter_without_case', $the_active, past("DELETE FROM reminder.collection_case $of_active"), ],
	[ 'invoice_missing', $the_active, past("DELETE FROM reminder.position $of_active; DELETE FROM reminder.hold $of_active; DELETE FROM reminder.invoice $of_active", 'invoice') ],
	[ 'case_fees', $the_active, past("UPDATE reminder.collection_case SET fees = fees + 1 $of_active AND ended_on IS NULL") ],
	[ 'case_interest', $the_active, past("UPDATE reminder.collection_case SET interest = interest + 1 $of_active AND ended_on IS NULL") ],
	[ 'case_stage', $the_active, past("UPDATE reminder.collection_case SET state = 'notice' $of_active AND ended_on IS NULL", 'collection_case') ],
	[ 'letter_queued', $the_ended, past("UPDATE reminder.decision SET status = 'queued' $of_ended AND status = 'sent'"), also => 'letter_not_in_outbox' ],
	[ 'fee_above_cap', $the_active, 'ALTER TABLE reminder.decision DROP CONSTRAINT decision_fee_within_cap;'
		. past("UPDATE reminder.decision SET fee = fee_cap + 1 $of_active AND stage = 'demand'") ],
	[ 'fee_above_cap', $the_active, 'ALTER TABLE reminder.decision DROP CONSTRAINT decision_charged_within_cap;'
		. past("UPDATE reminder.decision SET charged_cap = 0 $of_active AND stage = 'reminder'") ],
	[ 'letter_not_in_outbox', "invoice $queued of creditor 1",
		past("UPDATE reminder.letter_batch SET invoice_nos = array_remove(invoice_nos, '$queued') WHERE creditor_id = 1 AND '$queued' = invoice_nos[2]"), mends => 1 ],
	[ 'letter_fees', 'customer x of creditor 1',
		past("INSERT INTO reminder.letter_line (creditor_id, invoice_no, rung, customer_no, as_of, letter_of, letter_nth)
		  SELECT d.creditor_id, d.invoice_no, d.rung, 'x', '2024-05-15', 'y', 1 FROM reminder.decision d
		  WHERE d.creditor_id = 1 AND d.rung = 10 AND d.fee > 0 AND d.status = 'sent' AND d.taken_back = 0 ORDER BY d.invoice_no LIMIT 2") ],
	[ 'position_missing', $the_active, past("DELETE FROM reminder.position $of_active"), mends => 1 ],
	[ 'position_too_many', $the_ended, past("INSERT INTO reminder.position (creditor_id, invoice_no, rule_no, passed, base_date) VALUES (1, '$ended', 1, 0, '2024-01-01')"), mends => 1 ],
	[ 'position_wrong', $the_active, past("UPDATE reminder.position SET passed = 10 $of_active"), mends => 1 ],
	[ 'position_wrong', $the_active, past("UPDATE reminder.position SET rule_no = 77 $of_active"), mends => 1 ],
	[ 'position_wrong', $the_active, past("UPDATE reminder.position SET base_date = base_date + 1 $of_active"), mends => 1 ],
	[ 'position_wrong', $the_active, past("UPDATE reminder.position SET charged = charged + 1 $of_active"), mends => 1 ],
	[ 'run_order', 'run of creditor 1 for 2024-05-15', past("UPDATE reminder.run_log SET started_at = '2000-01-01' WHERE creditor_id = 1 AND as_of = '2024-05-15'"),
		object => 'run of creditor 1 for 2024-05-12' ],
	[ 'run_missing', 'creditor 1', past("ALTER TABLE reminder.run_count DROP CONSTRAINT run_count_run_fkey; DELETE FROM reminder.run_log WHERE creditor_id = 1 AND as_of = (SELECT max(as_of) FROM reminder.decision WHERE creditor_id = 1)") ],
	[ 'run_count', 'run of creditor 1 for ', past("DELETE FROM reminder.decision d $of_active AND rung = 10"), also => 'position_wrong' ],
	[ 'run_count', 'run of creditor 1 for 2024-05-15', past("INSERT INTO reminder.run_count VALUES (1, '2024-05-15', 'reminder', 'sent', 'x', 'SEK', 1, 1, 1)") ],
	[ 'interest_rate_missing', 'creditor 1', "DELETE FROM reminder.reference_rate WHERE jurisdiction = 'SE' AND valid_from = '2024-01-01'" ],
	[ 'event_missing', "invoice ", past("DELETE FROM reminder.event WHERE creditor_id = 1 AND event_no = 1 AND invoice_no = (SELECT min(invoice_no) FROM reminder.event WHERE creditor_id = 1 AND invoice_no <> '' AND event_no = 2)") ],
	[ 'booked_by_hand', 'voucher V of creditor 1', "INSERT INTO reminder.control_account VALUES (1, '1510', true);
		INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount) VALUES (1, '1', 'V', '1510', '2024-05-15', 1);
		DELETE FROM reminder.control_account" ],
	[ 'customer_rule', 'customer K7 of creditor 1', past("UPDATE reminder.customer SET assigned_by = 'own' WHERE creditor_id = 1 AND customer_no = 'K7'", 'customer'), mends => 1 ],
	[ 'customer_rule', 'customer K7 of creditor 1', past("UPDATE reminder.customer SET blocked = NOT blocked WHERE creditor_id = 1 AND customer_no = 'K7'", 'customer'), mends => 1 ]);

my %seen;
$session->sql('CREATE ROLE keeper');
for my $case (@cases)
{
	my ($finding, $object, $breaks, %more) = @$case;
	my $found = $more{instead} // $finding;
	my $where = $more{object} // $object;
	$seen{$found}++;
	my $what = "$found at " . ($where =~ /invoice F/ ? 'an invoice' : $where);
	$session->sql('BEGIN');
	my $broken = $session->try("SET LOCAL allow_system_table_mods = on; SELECT reminder._keep(true); $breaks; SELECT reminder._keep(false)");
	is($broken, '00000', "$what: made") or diag $session->output;
	my @rows = map { [ split /\|/, $_, 3 ] } split /\n/,
	  $session->sql('SELECT finding, object, replace(hint, chr(10), chr(32)) FROM reminder.check()');
	my @ours = grep { $_->[0] eq $found && index($_->[1], $where) == 0 } @rows;
	my %others = map { $_->[0] => 1 } grep { $_->[0] ne $found && $_->[0] ne ($more{also} // '') } @rows;
	ok(@ours > 0, "$what: found");
	is(join(' ', sort keys %others), '', "$what: and nothing else");
	if ($more{mends})
	{
		(my $hint = $ours[0][2] // 'SELECT 1/0') =~ s{^As the owner: BEGIN;(.*) COMMIT;$|^As a superuser: (.*)$}{$1 // $2}e;
		my $state = $session->try($hint);
		is($state, '00000', "$what: its hint can be run") or diag $hint, $session->output;
		is($session->sql("SELECT count(*) FROM reminder.check()"), '0', "$what: and mends it");
	}
	$session->sql('ROLLBACK');
}

# A foreign key's own trigger, disabled.
$session->sql('BEGIN; SELECT reminder._keep(true); ALTER TABLE reminder.payment DISABLE TRIGGER ALL; ALTER TABLE reminder.payment ENABLE TRIGGER USER; SELECT reminder._arm(); COMMIT');
like($session->sql("SELECT DISTINCT finding, detail FROM reminder.check() WHERE detail LIKE '%payment_invoice_fkey%' OR detail LIKE '%FOREIGN KEY (creditor_id, invoice_no)%'"),
	qr/^trigger_disabled\|A foreign key no longer holds/, 'a foreign key switched off');
like($session->sql('SELECT reminder.repair()'), qr/triggers put back/, 'and on again');
is($session->sql('SELECT count(*) FROM reminder.check()'), '0', 'with nothing left to find');
is($session->sql('SELECT reminder.repair()'), 'nothing to repair', 'nor to repair');

# A transaction that waits for its second phase.
$session->sql(<<"SQL");
BEGIN;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'prepared', '$active', '2024-05-15', 1);
PREPARE TRANSACTION 'a payment';
SQL
$seen{prepared_transaction}++;
like($session->sql('SELECT finding, object, detail FROM reminder.check()'),
	qr/^prepared_transaction\|a payment\|Prepared by \w+, it holds .*reminder\.payment/, 'prepared_transaction: found');
$session->sql("ROLLBACK PREPARED 'a payment'");
is($session->sql('SELECT * FROM reminder.check()'), '', 'prepared_transaction: gone');

# Everything that check() says it can find has been seen here.
my $documented = $session->sql(<<'SQL');
SELECT string_agg(word, ' ' ORDER BY word) FROM (
  SELECT DISTINCT regexp_split_to_table(substring(obj_description(p.oid) FROM '([a-z_]+(, [a-z_]+)*)\.$'), ', ') AS word
  FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname LIKE '\_check\_%' AND 'finding' = ANY (p.proargnames)) x
SQL
my @undocumented = qw(customer_rule not_installed version);
is(join(' ', sort keys %seen), join(' ', sort split(/ /, $documented), @undocumented), 'each finding has been made and seen');

my ($code) = $session->try('CREATE ROLE nobody; SET ROLE nobody; SELECT * FROM reminder.check()');
is($code, '42501', 'not for everybody');

done_testing();
