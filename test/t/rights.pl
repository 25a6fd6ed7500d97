# Who may do what, once walls stand (S1, S2, B10): every function and every
# table tried as every kind of role, on its own creditor, on another's and on
# one that there is not; and the ways past a wall.
use strict;
use warnings;

use Reminder;
use Session;
use Book;
use PostgreSQL::Test::Utils;
use Test::More;

my $node = Reminder->cluster('main', conf => "max_prepared_transactions = 2\n");
Reminder->install($node, 'book');
my $owner = Session->new($node, 'book');
Book->parties($owner);
Book->lived_in($owner);

# Someone of each kind in creditor 1, and one who is limited to the invoices of
# a branch; access by name, by membership, and of the whole service.
$owner->sql(<<'SQL');
UPDATE reminder.invoice SET branch = 'north' WHERE right(invoice_no, 1) = '1';
UPDATE reminder.invoice SET trading_name = 'Nord' WHERE right(invoice_no, 1) = '2';
INSERT INTO reminder.payment (creditor_id, payment_no, paid_on, amount, reference) SELECT c, 'lost', '2024-05-15', 7, 'nobody''s' FROM generate_series(1, 2) c;
SELECT reminder.record_payment(c, 'foreign', '2024-05-15', 7, 'USD') FROM generate_series(1, 2) c;
INSERT INTO reminder.closed_day VALUES (1, '2024-06-03'), (2, '2024-06-03');
DO $$
BEGIN
  FOR c IN 1..2 LOOP
    INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)
    SELECT c, 'own', min(i.invoice_no), '2024-05-15', 1 FROM reminder.invoice i
    WHERE i.creditor_id = c AND i.open_amount > 1 AND NOT EXISTS (SELECT FROM reminder.case_status k WHERE k.creditor_id = c AND k.invoice_no = i.invoice_no AND k.state <> 'ended');
    INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount)
    SELECT c, min(b.payment_no), 'own', '2024-05-15', 0.01 FROM reminder.credit_balance b WHERE b.creditor_id = c AND b.balance > 0 HAVING count(*) > 0;
  END LOOP;
END
$$;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'old', 'K1', '2021-08-01', '2021-09-01', 'SEK', 100), (2, 'old', 'K1', '2021-05-01', '2021-06-01', 'EUR', 100);
INSERT INTO reminder.creditor_law (creditor_id, law, jurisdiction, valid_from, figure, reason) SELECT c, 'reference_rate', 'DK', '2027-01-01', 2, 'read' FROM generate_series(1, 2) c;
BEGIN;
SELECT reminder._keep(true);
INSERT INTO reminder.run_exception SELECT c, 'F3', '2024-05-15', 'reminder', 'XX000', 'broken' FROM generate_series(1, 2) c;
INSERT INTO reminder.by_hand (creditor_id, invoice_no, rung, kind) SELECT c, 'F3', 98, 'recorded' FROM generate_series(1, 2) c;
INSERT INTO reminder.handover (creditor_id, invoice_no, rung, nth, case_no, agency, channel, stage, answer, as_of) SELECT c, 'F3', 98, 1, 1, 'intrum', 'intrum_notice', 'reminder', 'rejected', '2024-05-15' FROM generate_series(1, 2) c;
INSERT INTO reminder.agency_message (creditor_id, agency, message_id, invoice_no, kind, on_date, status, problem, as_of) SELECT c, 'intrum', 'm', 'F3', 'status', '2024-05-15', 'x', 'not_at_agency', '2024-05-15' FROM generate_series(1, 2) c;
INSERT INTO reminder.agency_withdrawal (creditor_id, invoice_no, request_no, case_no, agency, requested_on) SELECT c, 'F3', 1, 1, 'intrum', '2024-05-15' FROM generate_series(1, 2) c;
INSERT INTO reminder.waiver (creditor_id, invoice_no, waiver_no, case_no, kind, amount, as_of, reason) SELECT c, 'F3', 1, 1, 'fee', 1, '2024-05-15', 'asked' FROM generate_series(1, 2) c;
INSERT INTO reminder.invoice_version SELECT c, 'F3', 1, 'K7', 'SEK', 1 FROM generate_series(1, 2) c;
INSERT INTO reminder.payment_version SELECT c, 'P', 1, '4711' FROM generate_series(1, 2) c;
INSERT INTO reminder.left_with_invoice SELECT c, 'payment', 'L', 'F3' FROM generate_series(1, 2) c;
INSERT INTO reminder.digest (creditor_id, week, email, as_of, language, content) SELECT c, '2024-05-13', 'a@example.com', '2024-05-13', 'sv', '{}' FROM generate_series(1, 2) c;
COMMIT;
INSERT INTO reminder.digest_subscriber (creditor_id, email) SELECT c, 'a@example.com' FROM generate_series(1, 2) c;
SELECT reminder.activate_channel(c, 'einvoice'), reminder.set_material_format(c, 'intrum', 'collection') FROM generate_series(1, 2) c;
INSERT INTO reminder.tax_reduction (creditor_id, invoice_no, kind, amount) SELECT c, 'F3', 'rot', 5 FROM generate_series(1, 2) c;
INSERT INTO reminder.invoice_vat SELECT c, 'F3', 25, 100, 25 FROM generate_series(1, 2) c;
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) SELECT c, 'case_fee', '2030-01-01', 1 FROM generate_series(1, 2) c;
INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) SELECT c, 'commission_percent', '1990-01-01', 10 FROM generate_series(1, 2) c;
INSERT INTO reminder.creditor_price_list SELECT c, '2030-01-01', 'netvisor' FROM generate_series(1, 2) c;
INSERT INTO reminder.account_map (creditor_id, purpose, account) SELECT c, 'bank', '1930' FROM generate_series(1, 2) c;
INSERT INTO reminder.control_account SELECT c, '1510' FROM generate_series(1, 2) c;
INSERT INTO reminder.general_ledger_entry (creditor_id, entry_no, voucher_no, account, posted_on, amount, event, document_no) SELECT c, '1', 'V1', '1510', '2024-05-15', 1, 'invoice', 'F3' FROM generate_series(1, 2) c;
INSERT INTO reminder.factoring_company VALUES (1, 'bank'), (2, 'bank');
CREATE TABLE public.attached1 (no text PRIMARY KEY);
CREATE TABLE public.attached2 (no text PRIMARY KEY);
SELECT reminder.attach('customer', format('public.attached%s', c)::regclass, c, '{"customer_no": "no", "name": "no"}') FROM generate_series(1, 2) c;
INSERT INTO reminder.factored_invoice VALUES (1, 'old', 'bank'), (2, 'old', 'bank');
INSERT INTO reminder.customer_address (creditor_id, customer_no, channel, address) SELECT c, 'K1', 'peppol', '0007:1' FROM generate_series(1, 2) c;
SELECT reminder.set_registration(c, 'full', '2024-05-15'), reminder.register_invoice(c, 'old', 'full', '2024-05-15') FROM generate_series(1, 2) c;
SELECT reminder.make_payment_plan(c, 'old', '2024-05-15', 2, '2024-06-15') FROM generate_series(1, 2) c;
SELECT reminder.remove_payment_plan(c, 'old', 'asked', '2024-05-15') FROM generate_series(1, 2) c;
SELECT reminder.make_payment_plan(c, 'old', '2024-05-15', 2, '2024-06-15') FROM generate_series(1, 2) c;
SELECT reminder.debtor_token(c, '2024-05-15', '2024-12-31', 'F3') FROM generate_series(1, 2) c;
UPDATE reminder.credit SET amount = 0.5 WHERE credit_no = 'own';
DELETE FROM reminder.credit WHERE credit_no = 'own';
SELECT reminder.seal(c) FROM generate_series(1, 2) c;
SELECT reminder.create_roles();
CREATE ROLE firm_one;
CREATE ROLE one LOGIN; CREATE ROLE two LOGIN; CREATE ROLE outside LOGIN;
CREATE ROLE salesman LOGIN; CREATE ROLE serves LOGIN; CREATE ROLE resells LOGIN;
GRANT firm_one TO one;
GRANT reminder_administrator TO one, two, outside, salesman, serves;
GRANT reminder_partner TO resells;
DO $$
DECLARE
  _kind text;
BEGIN
  FOREACH _kind IN ARRAY (SELECT array_agg(k.kind) FROM reminder._kinds() k) LOOP
    EXECUTE format('CREATE ROLE %I LOGIN IN ROLE firm_one, %I', 'one_' || _kind, 'reminder_' || _kind);
  END LOOP;
END
$$;
INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (1, 'firm_one'), (2, 'two');
INSERT INTO reminder.creditor_access (creditor_id, role_name, limited, branches, trading_names) VALUES (1, 'salesman', true, '{north}', '{Nord}');
INSERT INTO reminder.invoice_access VALUES (1, 'F103', 'salesman'), (2, 'F3', 'two');
INSERT INTO reminder.service_access VALUES ('serves');
INSERT INTO reminder.partner_access VALUES (1, 'resells');
CREATE SCHEMA open; GRANT ALL ON SCHEMA open TO PUBLIC;
SQL
my %kinds = map { $_ => 1 } split /\n/, $owner->sql('SELECT kind FROM reminder._kinds()');

# Before walls are raised rights are all there is.
$owner->sql('SET ROLE outside');
is($owner->sql('SELECT count(DISTINCT creditor_id) FROM reminder.invoice_status'), '2', 'no walls: a right is a right to all');
is($owner->sql("SELECT words <> '' FROM reminder.explain(2, 'F3', '2024-05-16')"), 't', 'no walls: in functions too');
$owner->sql('RESET ROLE');
is($owner->sql('SELECT reminder.raise_walls()'), 'walls stand between creditors', 'walls are raised');
is($owner->sql('SELECT reminder.raise_walls()'), 'walls stand already', 'once');
is($owner->sql('SELECT * FROM reminder.check()'), '', 'and there is nothing to find');
my $theirs = $owner->sql('SELECT string_agg(md5(t::text), $$,$$ ORDER BY t::text) FROM reminder.invoice_status t WHERE creditor_id = 2');

my $session = Session->new($node, 'book');

# What a statement comes to as a role: SQLSTATE, and all that it printed, with
# creditors and invoices by what they are here. Nothing of it stays.
sub outcome
{
	my ($role, $sql, %names) = @_;
	$session->sql("BEGIN; SET LOCAL ROLE $role");
	my $state = $session->try($sql);
	my $said = $session->output;
	$session->sql('ROLLBACK');
	$said =~ s/^LOCATION:.*//mg;
	$said =~ s/\b$_\b/$names{$_}/g for keys %names;
	return ($state, $said);
}

# Every public function, with arguments that are good for creditor N.
my %given = (
	as_of => "'2024-06-20'", on_date => "'2024-06-20'", until => "'2024-06-25'", from_day => "'2024-06-20'", to_day => "'2024-06-25'", valid_from => "'1900-01-01'",
	invoice_no => "'F3'", invoice_nos => "'{F3}'", moment => "'2024-06-20 12:00+00'", customer_no => "'K7'", customer_nos => "'{K7}'", rule_no => '1', confirm => 'true', preset => "'amili'", reason => "'dispute'",
	closing_reason => "'lapsed'", amount => '1', reference => "'R'", stage => "'reminder'", fee_kind => "'reminder'", debtor_kind => "'any'",
	kind => "'acknowledgement'", detail => "'x'", law => "'reference_rate'", what => "''", figure => '2', email => "'a\@example.com'", week => "'2024-05-13'", failed => 'NULL', book => "'[]'", letter_date => "'2024-06-19'", deadline => "'2024-07-19'",
	payment_no => "'lost'", to_invoice => "'F3'", new_payment_no => "'N'", currency => "'SEK'", source => 'NULL', allocates => 'NULL',
	fee => '5', due_date => "'2024-07-20'", new_invoice_no => 'NULL', all_or_nothing => 'false', within_days => '3660', interruption_no => '1',
	channel => "'print'", agency => "'intrum'", item => "'letter'", material_format => "'collection'", n => '3', lease => "'1 minute'", settlement_no => '1', payout_no => '1', paid_on => "'2024-06-20'", dedupe_keys => "'{}'", retry_after => "'1 minute'", attempts => '3',
	agreement => "'standard'", version => "'1'", title => "'Terms'", published_on => "'2024-06-20'", body => "'Text'", uri => 'NULL', sha256 => 'NULL', in_force_from => 'NULL', needs_acceptance => 'true',
	accepted_on => "'2024-06-20'", accepted_by => "'Ada'", signature => 'NULL', account_id => 'NULL', partner_id => 'NULL',
	instalments => '2', first_due => "'2024-07-20'", every_months => '1', due_dates => 'NULL', amounts => 'NULL', with_interest => 'true', with_fees => 'true', grace_days => 'NULL', why => "'asked'",
	application_fee => 'NULL', registration => "'full'", known_digest => 'NULL', customer => "'K7'", fiscal_year_ends => '12', days_late => "'{0,30}'", by_customer => 'true', days => '90', agency_references => 'NULL', messages => "'[]'",
	valid_until => "'2024-12-31'", messages => "'[]'", token_no => '1');
my @functions = map { [ split /\|/, $_, -1 ] } split /\n/, $owner->sql(<<'SQL');
SELECT p.proname, p.prokind, p.oid, array_to_string(p.proargnames[1:p.pronargs], ' ') FROM pg_proc p
WHERE p.pronamespace = 'reminder'::regnamespace AND (p.prosrc = 'reminder_act' OR p.proname IN ('run', 'run_at'))
  -- a token says whose it is, whoever calls: test/sql/debtor.sql
  AND NOT coalesce('token' = ANY (p.proargnames), false)
  -- nor are another's tables anybody's: test/sql/attach.sql
  AND NOT coalesce('relation' = ANY (p.proargnames), false) ORDER BY 1
SQL
cmp_ok(scalar @functions, '>', 30, 'there are functions that act for the owner');
my %unknown_argument;
for my $function (@functions)
{
	my ($name, $prokind, $oid, $args) = @$function;
	my @args = split / /, $args;
	my $call = sub {
		my ($creditor) = @_;
		return ($prokind eq 'p' ? 'CALL' : 'SELECT * FROM') . " reminder.$name("
		  . join(', ', map { "$_ => " . ($_ eq 'creditor_id' ? $creditor : $given{$_} // do { $unknown_argument{"$name $_"} = 1; 'NULL' }) } @args) . ')';
	};
	for my $kind (sort keys %kinds)
	{
		my $granted = $owner->sql("SELECT has_function_privilege('reminder_$kind', $oid, 'EXECUTE')") eq 't';
		my ($own) = outcome("one_$kind", $call->(1));
		my @other = outcome("one_$kind", $call->(2), 2 => 'N');
		my @none = outcome("one_$kind", $call->(99), 99 => 'N');
		is_deeply(\@other, \@none, "B10: $name() as $kind says of another's creditor what it says of none");
		if ($granted && !grep { $_ eq 'creditor_id' } @args)
		{
			is($own, '42501', "$name() as $kind: acts for every creditor, and so not for who sees one");
		}
		elsif ($granted)
		{
			# it may be that there is nothing to release, or no such letter; but he is heard
			unlike($own, qr/^(42501|22R04|lost)$/, "$name() as $kind: heard");
			is($other[0], '22R04', "$name() as $kind: not for another's");
		}
		else
		{
			is($own, '42501', "$name() as $kind: not granted");
			is($other[0], '42501', "$name() as $kind: nor for another's");
		}
	}
	# An invoice that is not the salesman's own is one that there is not; and the creditor whole is not his.
	my @limited = outcome('salesman', $call->(1));
	if (grep { /^invoice_nos?$/ } @args)
	{
		my @none = map { s/no-such/F3/gr } do { local @given{qw(invoice_no invoice_nos)} = ("'no-such'", "'{no-such}'"); outcome('salesman', $call->(1)) };
		is_deeply(\@limited, \@none, "$name() of an invoice not his own: as of none");
		is($limited[0], '22R04', "$name() of an invoice not his own: unknown");
		local @given{qw(invoice_no invoice_nos)} = ("'F21'", "'{F21}'");
		my ($own) = outcome('salesman', $call->(1));
		unlike($own, qr/^(42501|22R04|lost)$/, "$name() of an invoice of his own: heard");
	}
	elsif ($name eq 'customer_readiness')
	{
		my ($theirs) = $owner->sql("SELECT count(*) FROM reminder.invoice WHERE creditor_id = 1 AND customer_no = 'K7' AND (branch = 'north' OR trading_name = 'Nord' OR invoice_no = 'F103')");
		is($limited[0], $theirs > 0 ? '00000' : '22R04', "$name() for the customers of his own invoices");
	}
	else
	{
		is($limited[0], '42501', "$name() is for whole creditors: not for who is limited to his own invoices");
	}
}
is_deeply([ sort keys %unknown_argument ], [], 'every argument has something to try');
is($owner->sql('SELECT string_agg(md5(t::text), $$,$$ ORDER BY t::text) FROM reminder.invoice_status t WHERE creditor_id = 2'), $theirs, 'and nothing came of it all');

# An agency's agent acts for that agency alone, and like all for its creditors alone.
is((outcome('one_agent', "SELECT * FROM reminder.claim_handovers('$_', 1)"))[0], '00000', "an agent that no agency is named for: $_") for qw(intrum amili);
$owner->sql("INSERT INTO reminder.agency_access VALUES ('amili', 'one_agent')");
is((outcome('one_agent', "SELECT * FROM reminder.claim_handovers('amili', 1)"))[0], '00000', 'of an agency: it takes over what is for that');
is((outcome('one_agent', "SELECT * FROM reminder.claim_handovers('amili', 2)"))[0], '22R04', 'but not of another creditor');
for my $call ("claim_handovers('intrum', 1)", "acknowledge_handovers('intrum', '{}', '2024-06-20', 1)", "reject_handovers('intrum', '{}', 'x', '2024-06-20', 1)",
	"take_agency_messages(1, 'intrum', '[]', '2024-06-20')", "withdrawal_requests('intrum', 1)")
{
	my @other = outcome('one_agent', "SELECT * FROM reminder.$call", intrum => 'N');
	my @none = outcome('one_agent', 'SELECT * FROM reminder.' . $call =~ s/intrum/nobody/r, nobody => 'N');
	is_deeply(\@other, \@none, "B10: another agency is as none: $call");
	is($other[0], '22R04', "and neither is its own: $call");
}
$owner->sql('DELETE FROM reminder.agency_access');

# What everybody may call works for whoever may read, and every view without a
# right on what it calls.
my @looks = split /\n/, $owner->sql("SELECT relname FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind IN ('r', 'v') AND relname NOT LIKE '\\_%' ORDER BY 1");
for my $kind (sort keys %kinds)
{
	# an agent reads nothing
	is((outcome("one_$kind", $_))[0], $kind eq 'agent' ? '42501' : '00000', "as $kind: $_")
	  for $kind eq 'debtor' ? () : ("SELECT reminder.fee_cap('SE', 'company', 'reminder', 100, '2024-06-20')", "SELECT count(*) FROM reminder.law_in_force('SE', '2024-06-20', 1)");
	is((outcome("one_$kind", "SELECT count(*) FROM reminder.law_in_force('SE', '2024-06-20', 2)"))[0], $kind eq 'agent' ? '42501' : '22R04', "as $kind: law_in_force() not for another's")
	  unless $kind eq 'debtor';
	for my $look (@looks)
	{
		my $granted = $owner->sql("SELECT has_table_privilege('reminder_$kind', 'reminder.$look', 'SELECT')") eq 't';
		is((outcome("one_$kind", "SELECT * FROM reminder.$look"))[0], $granted ? '00000' : '42501', "$look as $kind");
	}
}
$owner->sql('CREATE ROLE plain IN ROLE firm_one; GRANT USAGE ON SCHEMA reminder TO plain; GRANT SELECT ON reminder.invoice_status, reminder.case_status, reminder.letter_list, reminder.event_list TO plain');
is((outcome('plain', "SELECT count(*) > 0 FROM reminder.$_"))[1], 't', "$_ needs no right but its own") for qw(invoice_status case_status letter_list event_list);

# A run without a creditor is over those one sees.
$session->sql("BEGIN; SET LOCAL ROLE one_runner; CALL reminder.run('2024-06-20'); RESET ROLE");
is($session->sql("SELECT string_agg(creditor_id::text, ',') FROM reminder.run_log WHERE as_of = '2024-06-20'; ROLLBACK"), '1', "run() of all runs one's own");
$session->sql("BEGIN; SET LOCAL ROLE salesman; CALL reminder.run('2024-06-20'); RESET ROLE");
is($session->sql("SELECT count(*) FROM reminder.run_log WHERE as_of = '2024-06-20'; ROLLBACK"), '0', 'and of none for who is limited');

# Every table and view with a creditor, as whoever has most rights.
my @relations = map { [ split /\|/, $_, -1 ] } split /\n/, $owner->sql(<<'SQL');
SELECT c.relname, c.relkind, a.attname
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND (a.attname = 'creditor_id' OR c.relname IN ('partner_access') AND a.attname = 'partner_id')
WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND c.relname NOT LIKE '\_%' ORDER BY 1
SQL
cmp_ok(scalar @relations, '>', 35, 'there are tables and views');
# Right is not what is asked here.
$owner->sql('CREATE ROLE all_rights; GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA reminder TO all_rights; REVOKE ALL ON reminder._event_list, reminder._commission_list FROM all_rights; GRANT all_rights TO one, salesman; GRANT pg_read_server_files TO one');
$session->sql('CREATE FUNCTION open.leak(id bigint) RETURNS boolean LANGUAGE plpgsql COST 0.000001 AS $$ BEGIN RAISE NOTICE $m$leaked %.$m$, id; RETURN true; END $$');
my @empty;
for my $relation (@relations)
{
	my ($name, $relkind, $key) = @$relation;
	my ($all) = $owner->sql("SELECT count(*) FROM reminder.$name WHERE $key = 2");
	my ($own) = $owner->sql("SELECT count(*) FROM reminder.$name WHERE $key = 1");
	push @empty, $name if $own == 0 && $name ne 'partner_access';
	$own = 0 if $name eq 'partner_access';
	is($owner->sql("SET ROLE one; SELECT count(*) FROM reminder.$name"), $own, "$name: one's own, no more and no less ($all)");
	is($owner->sql("SET ROLE outside; SELECT count(*) FROM (SELECT 1 FROM reminder.$name LIMIT 1) x") || 0, '0', "$name: nothing for who has access to nothing")
	  if $owner->sql("RESET ROLE; SELECT has_table_privilege('outside', 'reminder.$name', 'SELECT')") eq 't';
	$owner->sql('SET ROLE one');
	# no index, which would bring him none but his own
	$owner->sql("SET enable_indexscan = off; SET enable_bitmapscan = off; SET enable_indexonlyscan = off; SELECT FROM reminder.$name WHERE open.leak($key)");
	like($owner->output, qr/leaked 1\./, "$name: a cheap function of the caller's sees these") if $own > 0;
	unlike($owner->output, qr/leaked 2\./, "$name: and no more");
	$owner->sql('RESET ROLE; RESET enable_indexscan; RESET enable_bitmapscan; RESET enable_indexonlyscan');
	next if $relkind eq 'v';
	is($owner->sql("SELECT relrowsecurity FROM pg_class WHERE oid = 'reminder.$name'::regclass"), 't', "$name: has a wall");

	# what is not seen is not written, and says the same as what there is not
	for my $verb ("UPDATE reminder.$name SET $key = $key WHERE $key = N", "DELETE FROM reminder.$name WHERE $key = N",
		'INSERT INTO a row like those there are',
		"INSERT INTO reminder.$name ($key) VALUES (N)", "SELECT count(*) FROM reminder.$name WHERE $key = N", "SELECT FROM reminder.$name WHERE $key = N FOR UPDATE")
	{
		# a row as those there are
		my $with = $verb =~ /like those/;
		my $columns = $owner->sql("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'reminder.$name'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''");
		$owner->sql("DROP TABLE IF EXISTS open.row; CREATE TABLE open.row AS SELECT $columns FROM reminder.$name WHERE $key = 2 LIMIT 1; GRANT SELECT ON open.row TO PUBLIC") if $with;
		my $sql = $with ? "INSERT INTO reminder.$name ($columns) SELECT (jsonb_populate_record(r, '{\"$key\": N}')).* FROM open.row r" : $verb;
		my @other = outcome('one', $sql =~ s/\bN\b/2/gr, 2 => 'N');
		my @none = outcome('one', $sql =~ s/\bN\b/99/gr, 99 => 'N');
		s/, column \d+|\(.*\)\.//g for $other[1], $none[1];
		is_deeply(\@other, \@none, "B10: $name: " . ($verb =~ /^(.*?)(?: reminder|$)/)[0] . ', where it is another\'s, as where there is nothing');
	}
	is((outcome('one', "COPY reminder.$name ($key) FROM '/dev/null'"))[0], '0A000', "$name: COPY FROM is refused, as PostgreSQL does");
}

cmp_ok(scalar @empty, '<', 5, "there is something to see nearly everywhere: not in @empty");

# Ways past a wall.
my $one = Session->new($node, 'book');
sub sees
{
	my ($session) = @_;
	return $session->sql("SELECT coalesce(string_agg(DISTINCT creditor_id::text, ',' ORDER BY creditor_id::text), '') FROM reminder.invoice_status") . ' '
	  . $session->sql("SELECT coalesce(string_agg(DISTINCT creditor_id::text, ',' ORDER BY creditor_id::text), '') FROM reminder.invoice");
}

# A plan made for one role serves no other.
my $status = "SELECT string_agg(DISTINCT creditor_id::text, ',' ORDER BY creditor_id::text) FROM reminder.invoice_status";
$one->sql("SET plan_cache_mode = force_generic_plan; PREPARE status AS $status; PREPARE invoice AS " . ($status =~ s/_status//r) . '; PREPARE payment AS ' . ($status =~ s/invoice_status/payment/r));
for my $role (qw(postgres one two one outside serves postgres outside one))
{
	my $expected = { postgres => '1,2', one => '1', two => '2', outside => '', serves => '1,2' }->{$role};
	$one->sql("SET ROLE $role");
	is($one->sql("EXECUTE $_"), $expected, "a prepared statement as $role: $_") for qw(status invoice payment);
}
$one->sql('DEALLOCATE ALL; RESET plan_cache_mode');

# Nothing that a session may set makes it another.
$one->sql('SET SESSION AUTHORIZATION one');
is($one->try('SET ROLE two'), '42501', 'SET ROLE: only to what one is a member of');
is(sees($one), '1 1', 'as oneself');
$one->sql("SET reminder.role = 'two'; SET reminder.creditor_id = 2; SET application_name = 'two'");
is(sees($one), '1 1', 'settings of any name change nothing');
is($one->try('SET row_security = off; SELECT count(*) FROM reminder.invoice'), '42501', 'row_security off: refused');
is($one->sql("SELECT string_agg(DISTINCT creditor_id::text, ',') FROM reminder.invoice_status"), '1', 'and nothing to a view');
$one->sql('RESET row_security');
$one->sql(<<'SQL');
CREATE FUNCTION open.sees_invoice(bigint, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION open.same(bigint, bigint) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR open.= (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = open.same);
CREATE TEMP TABLE creditor_access AS SELECT 2::bigint AS creditor_id, 'one'::text AS role_name, false AS limited;
CREATE TEMP TABLE invoice AS SELECT 2 AS creditor_id;
SET search_path = open, pg_temp, pg_catalog;
SQL
is($one->sql("SELECT pg_catalog.string_agg(DISTINCT creditor_id::text, ',') FROM reminder.invoice_status"), '1', 'search_path: operators and tables of the same names change nothing');
is($one->try("SELECT * FROM reminder.explain(2, 'F3', '2024-06-20')"), '22R04', 'search_path: nor do they for functions');
$one->sql("DROP OPERATOR open.= (bigint, bigint); RESET search_path; DROP TABLE pg_temp.creditor_access, pg_temp.invoice");
is($one->sql("SELECT count(*) FROM reminder.invoice WHERE ctid = ANY (ARRAY(SELECT format('(%s,%s)', p, t)::tid FROM generate_series(0, 40) p, generate_series(1, 100) t)) AND creditor_id <> 1"), '0', 'by their places in the file');
unlike($one->sql('COPY reminder.invoice TO STDOUT'), qr/^2\t/m, 'COPY TO: one\'s own');
is($one->sql('SELECT count(*) FROM reminder.invoice TABLESAMPLE SYSTEM (100) WHERE creditor_id = 2'), '0', 'TABLESAMPLE');
$owner->sql('ANALYZE');
cmp_ok($owner->sql("SELECT count(*) FROM pg_stats WHERE schemaname = 'reminder' AND tablename IN ('invoice', 'customer')"), '>', 10, 'there are statistics');
is($one->sql("SELECT count(*) FROM pg_stats s WHERE schemaname = 'reminder' AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = format('%I.%I', s.schemaname, s.tablename)::regclass AND a.attname = 'creditor_id')"), '0', 'pg_stats: of no table behind a wall');
like($one->sql("EXPLAIN SELECT * FROM reminder.customer WHERE customer_no = 'K7'"), qr/creditor_id = '1'::bigint/, 'EXPLAIN: one\'s own creditor');
unlike($one->output, qr/= '2'|\{.*2/, 'and no other');
is($owner->sql("SELECT count(*) FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'S'"), '0', 'there is no sequence, whose currval() would tell');
is($one->try("SELECT * FROM reminder._owner_explain(2, 'F3', '2024-06-20')"), '42501', 'what acts for the owner is not called directly');
is($one->try("SELECT * FROM reminder.$_"), '42501', "nor is the view without a wall read: $_") for qw(_event_list _commission_list);

# Keys: the number of another's invoice is free, and refers to nothing.
my $insert = "INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES";
$owner->sql("$insert (2, 'secret', 'K1', '2024-05-01', '2024-06-01', 'EUR', 5)");
my @keys = map {
	my ($no) = $_;
	[ map { s/$no/N/gr } outcome('one', "INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, '$no', 'L', 'doubtful', '2024-06-20', 1)"),
	  outcome('one', "INSERT INTO reminder.payment (creditor_id, payment_no, reference, paid_on, amount) VALUES (1, 'R', '$no', '2024-06-20', 1) RETURNING invoice_no") ]
} 'secret', 'absent';
is_deeply($keys[0], $keys[1], 'B10: foreign keys and references tell nothing of another\'s invoice');
is($keys[0][0], '23503', 'but that there is none');
is((outcome('one', "$insert (1, 'secret', 'K1', '2024-05-01', '2024-06-01', 'SEK', 5)"))[0], '00000', 'B10: a number that another has taken is free');
is((outcome('one', "$insert (2, 'secret', 'K1', '2024-05-01', '2024-06-01', 'SEK', 5) ON CONFLICT (creditor_id, invoice_no) DO UPDATE SET amount = 6"))[0], '42501', 'ON CONFLICT does not reach it');
is((outcome('one', "UPDATE reminder.invoice SET creditor_id = 2 WHERE invoice_no = 'F3'"))[0], '42501', 'nothing is moved to another creditor');

# The caller is who calls, not whose session it is.
$owner->sql(<<'SQL');
CREATE FUNCTION open.trap() RETURNS text LANGUAGE sql SECURITY DEFINER AS
  $$ SELECT string_agg(DISTINCT creditor_id::text, ',') || (SELECT words FROM reminder.explain(2, 'F3', '2024-06-20')) FROM reminder.invoice_status $$;
ALTER FUNCTION open.trap() OWNER TO one;
CREATE FUNCTION open.api() RETURNS text LANGUAGE sql SECURITY DEFINER AS
  $$ SELECT string_agg(DISTINCT creditor_id::text, ',') || (SELECT left(words, 0) FROM reminder.explain(2, 'F3', '2024-06-20')) FROM reminder.invoice_status $$;
ALTER FUNCTION open.api() OWNER TO two;
CREATE TABLE open.indexed (n integer); ALTER TABLE open.indexed OWNER TO one;
SQL
is($owner->try('SELECT open.trap()'), '22R04', 'a superuser who calls a function that is another\'s SECURITY DEFINER sees what that other sees');
is((outcome('outside', 'SELECT open.api()'))[1], '2', 'and a function of who has access serves those who have none');
$one->sql(<<'SQL');
CREATE FUNCTION open.spy(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM reminder.explain(n, 'F3', '2024-06-20'); RETURN n; END $$;
INSERT INTO open.indexed VALUES (1);
CREATE INDEX ON open.indexed (open.spy(n));
DROP INDEX open.indexed_spy_idx;
INSERT INTO open.indexed VALUES (2);
CREATE INDEX ON open.indexed (open.spy(n)) WHERE n = 1;
UPDATE open.indexed SET n = n;
ALTER TABLE open.indexed ADD CHECK (n > 0);
SQL
is($one->try('CREATE INDEX ON open.indexed (open.spy(n))'), '22R04', 'an index\'s function is called as the table\'s owner');
is($owner->try('CREATE INDEX ON open.indexed (open.spy(n))'), '22R04', 'though a superuser makes it');

# Who is given or loses access, by row, by membership or with the role, hears of it at once.
$one->sql("SET plan_cache_mode = force_generic_plan; PREPARE status AS $status");
for my $change (
	[ 'GRANT two TO one', '1,2' ], [ 'REVOKE two FROM one', '1' ],
	[ "INSERT INTO reminder.creditor_access VALUES (2, 'firm_one')", '1,2' ], [ "DELETE FROM reminder.creditor_access WHERE role_name = 'firm_one' AND creditor_id = 2", '1' ],
	[ "INSERT INTO reminder.service_access VALUES ('one')", '1,2' ], [ "DELETE FROM reminder.service_access WHERE role_name = 'one'", '1' ],
	[ "INSERT INTO reminder.partner_access VALUES (1, 'one')", '1,2' ], [ "UPDATE reminder.partner_access SET role_name = 'resells' || 2 WHERE role_name = 'one'", '1' ],
	[ 'ALTER ROLE one BYPASSRLS', '1,2' ], [ 'ALTER ROLE one NOBYPASSRLS', '1' ],
	[ 'ALTER ROLE firm_one RENAME TO firm', '' ], [ 'ALTER ROLE firm RENAME TO firm_one', '1' ],
	[ 'REVOKE firm_one FROM one', '' ], [ 'GRANT firm_one TO one', '1' ])
{
	my ($sql, $expected) = @$change;
	$owner->sql($sql);
	is($one->sql('EXECUTE status'), $expected, "heard at once: $sql");
	is($one->sql('SELECT reminder.sees(1), reminder.sees(2)'), join('|', map { $expected =~ /$_/ ? 't' : 'f' } 1, 2), "and by functions: $sql");
}
$owner->sql("DELETE FROM reminder.partner_access WHERE role_name = 'resells2'");
$owner->sql('CREATE ROLE apart NOINHERIT IN ROLE firm_one; GRANT USAGE ON SCHEMA reminder TO apart; GRANT SELECT ON reminder.invoice_status TO apart');
is((outcome('apart', $status))[1], '1', 'a member sees who may become one that does');
$owner->sql('BEGIN; SET LOCAL ROLE one');
is($owner->sql($status), '1', 'in a transaction of its own');
$owner->sql("RESET ROLE; INSERT INTO reminder.creditor_access VALUES (2, 'one'); SET LOCAL ROLE one");
is($owner->sql($status), '1,2', 'what it has changed itself');
$owner->sql('ROLLBACK');
is($one->sql('EXECUTE status'), '1', 'and nobody else');

# A partner makes creditors of its own, and nobody else's.
my $creditor = "INSERT INTO reminder.creditor (creditor_id, partner_id, name, jurisdiction, bankgiro) VALUES";
is((outcome('resells', "$creditor (7, 1, 'Ours', 'SE', '991-2346'); SELECT string_agg(creditor_id::text, ',' ORDER BY creditor_id) FROM reminder.creditor"))[1], '2,7', 'S1: a partner makes a creditor, and sees it');
$owner->sql("INSERT INTO reminder.partner VALUES (2, 'Other')");
is((outcome('resells', "$creditor (7, 2, 'Not ours', 'SE', '991-2346')"))[0], '42501', 'S1: not under another partner');
is((outcome('resells', "$creditor (7, 9, 'Not ours', 'SE', '991-2346')"))[0], '42501', 'S1: nor under none');
is((outcome('resells', 'SELECT partner_id FROM reminder.partner'))[1], '1', 'S1: and sees itself alone');
is((outcome('two', 'SELECT account_id FROM reminder.account'))[1], '', 'accounts: of one\'s own creditors');
is((outcome('one', 'SELECT account_id FROM reminder.account'))[1], '1', 'accounts: of one\'s own creditors');

# An administrator says who else sees a creditor of his.
is((outcome('one', "INSERT INTO reminder.creditor_access VALUES (1, 'outside'); RESET ROLE; SET LOCAL ROLE outside; $status"))[1], '1', 'access given by an administrator');
is((outcome('one', "INSERT INTO reminder.creditor_access VALUES (2, 'one')"))[0], '42501', 'not to another\'s creditor');
is((outcome('one', "UPDATE reminder.creditor_access SET creditor_id = 2"))[0], '42501', 'nor by moving what there is');
is((outcome('salesman', "UPDATE reminder.creditor_access SET limited = false, branches = NULL, trading_names = NULL; SELECT count(*) FROM reminder.creditor_access"))[1], '0', 'who is limited does not lift it');

# Limited to his own invoices.
my $own = "creditor_id = 1 AND (branch = 'north' OR trading_name = 'Nord' OR invoice_no = 'F103')";
for my $view (qw(invoice_status case_status letter_list event_list invoice payment decision collection_case position))
{
	my $query = "SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM reminder.$view t";
	is($owner->sql("SET ROLE salesman; $query"), $owner->sql("RESET ROLE; $query WHERE creditor_id = 1 AND invoice_no IN (SELECT invoice_no FROM reminder.invoice WHERE $own)"), "S1: his own invoices: $view");
}
is($owner->sql('SET ROLE salesman; SELECT count(*) FROM reminder.customer'), $owner->sql("RESET ROLE; SELECT count(DISTINCT customer_no) FROM reminder.invoice WHERE $own"), 'S1: and their customers');
is($owner->sql("SET ROLE salesman; SELECT count(*) FROM reminder.$_; RESET ROLE"), '0', "S1: no rules, though he is an administrator: $_") for qw(rule rule_step rule_version rule_customers outside_automation customer_class);
is((outcome('salesman', "INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 9, 'his', 'company')"))[0], '42501', 'S1: and makes none');
is((outcome('salesman', "INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'his', 'F41', '2024-06-20', 1)"))[0], '00000', 'S1: but books on his own');
is((outcome('salesman', "INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'his', 'F4', '2024-06-20', 1)"))[0], '42501', 'S1: alone');

# Nobody's plan is dearer, and a clerk's finds his rows by index.
my $by_number = "EXPLAIN (COSTS off) SELECT * FROM reminder.invoice_status WHERE creditor_id = 1 AND invoice_no = 'F3'";
$owner->sql('SET enable_seqscan = off');
my $with_walls = $owner->sql($by_number);
my $of_one = $owner->sql("SET ROLE one; $by_number; RESET ROLE");
my $of_invoice = $owner->sql("SET ROLE one; EXPLAIN (COSTS off) SELECT * FROM reminder.invoice WHERE invoice_no > 'F3'; RESET ROLE");
$owner->sql('BEGIN; SELECT reminder.lower_walls()');
is($owner->sql($by_number), $with_walls, 'walls change nothing in the owner\'s plan');
$owner->sql('ROLLBACK');
like($of_one, qr/Index Scan using invoice_pkey on invoice i\n *Index Cond: \(\(creditor_id = '1'::bigint\) AND \(invoice_no = 'F3'::text\)\)\n *->/, 'a clerk\'s finds what it names by the key alone');
unlike($of_one, qr/Seq Scan|sees_|own_/, 'and everything else by an index');
like($of_invoice, qr/Index Cond: \(\(creditor_id = '1'::bigint\) AND \(invoice_no > 'F3'::text\)\)/, 'who names no creditor has his own in the index\'s condition');
$owner->sql('RESET enable_seqscan');

# Under FORCE ROW LEVEL SECURITY, too, our functions see all that they are asked.
$owner->sql("DO \$\$ DECLARE r record; BEGIN FOR r IN SELECT oid::regclass AS t FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relrowsecurity LOOP EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', r.t); END LOOP; END \$\$");
like((outcome('one', "SELECT words FROM reminder.explain(1, 'F3', '2024-06-20'); CALL reminder.run('2024-06-20', 1)"))[1], qr/^\w/, 'under FORCE: functions act');
is($owner->sql("SELECT DISTINCT finding FROM reminder.check()"), 'row_security_forced', 'and check() says so');
$owner->sql("DO \$\$ DECLARE r record; BEGIN FOR r IN SELECT oid::regclass AS t FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relrowsecurity LOOP EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', r.t); END LOOP; END \$\$");

# Whoever loads by COPY needs BYPASSRLS, and then sees all.
$owner->sql('CREATE ROLE loads BYPASSRLS; GRANT reminder_clerk, pg_read_server_files TO loads');
is((outcome('loads', "COPY reminder.invoice (creditor_id) FROM '/dev/null'; SELECT count(DISTINCT creditor_id) FROM reminder.invoice_status"))[1], '2', 'COPY FROM with BYPASSRLS');

# Roles are the cluster's: several databases share them.
Reminder->install($node, 'second');
my $second = Session->new($node, 'second');
is($second->sql('SELECT count(*) FROM reminder.create_roles()'), scalar keys %kinds, 'a second database takes the roles there are');
is($second->sql('SELECT * FROM reminder.check()'), '', 'and is well');

# What was granted and walled, as text.
sub rights
{
	my ($session) = @_;
	return $session->sql(<<'SQL');
SELECT c.relname, c.relrowsecurity, c.reloptions, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(c.relacl, acldefault('r', c.relowner))) a) FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'v')
UNION ALL SELECT p.oid::regprocedure::text, false, NULL, (SELECT string_agg(a::text, ' ' ORDER BY a::text) FROM unnest(coalesce(p.proacl, acldefault('f', p.proowner))) a) FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace
UNION ALL SELECT p.polrelid::regclass::text, true, NULL, pg_get_expr(p.polqual, p.polrelid) || pg_get_expr(p.polwithcheck, p.polrelid) FROM pg_policy p
ORDER BY 1, 4
SQL
}
# Dropped and made again: closed in between, and as before afterwards; but for
# what was granted by hand on views, which go with the functions they call. It is
# refused while tables are attached.
$owner->sql("SELECT reminder.detach(format('public.attached%s', c)::regclass) FROM generate_series(1, 2) c");
$owner->sql('DROP SCHEMA open CASCADE; DROP OWNED BY all_rights, apart, plain');
my $rights = rights($owner);
$owner->sql('DROP EXTENSION reminder CASCADE');
is((outcome('one', 'SELECT count(*) FROM reminder.invoice'))[1], '0', 'without the extension nobody sees behind the walls');
$owner->sql('CREATE EXTENSION reminder; SELECT reminder.install()');
is(Book->differences(rights($owner), $rights), '', 'install() gives back walls and rights');
is($owner->sql('SELECT * FROM reminder.check()'), '', 'and there is nothing to find');
is(sees($one), '1 1', 'and it is seen as before');

# Dumped, and restored beside, and in a cluster that has none of the roles.
my $dir = $node->basedir;
run_command([ 'pg_dump', '-h', $node->host, '-p', $node->port, '-f', "$dir/book.sql", 'book' ]);
$node->safe_psql('postgres', 'CREATE DATABASE beside TEMPLATE template0');
my ($stdout, $stderr) = run_command([ 'psql', '-h', $node->host, '-p', $node->port, '-Xq', '-v', 'ON_ERROR_STOP=1', '-o', '/dev/null', '-f', "$dir/book.sql", 'beside' ]);
unlike($stderr, qr/ERROR/, 'restored beside');
my $beside = Session->new($node, 'beside');
is(Book->differences(rights($beside), $rights), '', 'beside: the same walls and rights');
is($beside->sql('SELECT * FROM reminder.check()'), '', 'beside: nothing to find');
is($beside->sql("SET ROLE one; $status"), '1', 'beside: seen as before');

my $other = Reminder->cluster('other');
$other->safe_psql('postgres', 'CREATE DATABASE book TEMPLATE template0');
run_command([ 'psql', '-h', $other->host, '-p', $other->port, '-Xq', '-o', '/dev/null', '-f', "$dir/book.sql", 'book' ]);
my $elsewhere = Session->new($other, 'book');
like($elsewhere->sql("SELECT string_agg(object, ' ') FROM reminder.check() WHERE finding = 'role_missing'"), qr/firm_one.*reminder_clerk.*salesman/, 'elsewhere: check() names the roles that did not come along');
is($elsewhere->sql('SELECT count(*) FROM reminder.create_roles()'), scalar keys %kinds, 'elsewhere: create_roles() makes them again');
$elsewhere->sql('CREATE ROLE firm_one; CREATE ROLE one; CREATE ROLE two; CREATE ROLE salesman; CREATE ROLE serves; CREATE ROLE resells; GRANT reminder_administrator, firm_one TO one');
is($elsewhere->sql('SELECT finding, object FROM reminder.check()'), '', 'elsewhere: nothing to find then');
is(Book->differences(rights($elsewhere), $rights), '', 'elsewhere: the same walls and rights');
is($elsewhere->sql("SET ROLE one; $status"), '1', 'elsewhere: seen as before');

# And away again.
is($owner->sql('SELECT reminder.lower_walls()'), 'no walls stand between creditors', 'walls are lowered');
is($owner->sql("SELECT count(*) FROM pg_policy") . $owner->sql('SELECT count(*) FROM reminder.check()'), '00', 'and nothing is left of them');
is((outcome('outside', $status))[1], '1,2', 'a right is a right to all again');

done_testing();
