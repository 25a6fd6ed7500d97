# Eight sessions on the same few invoices, and on an application's own tables
# under protect() (A2, G2, G3): two of them run, six book losses there by
# INSERT, UPDATE and COPY-like statements, for invoices that have not come yet
# too, void, take back, pay, bounce, withdraw, put back and send by hand, under
# all isolation levels.  No snapshot may show a case beside a loss, and no error
# may be any but a refusal of ours or one to retry.
#
# Then the canary, in a database of its own: the same load with a guard in
# plpgsql that looks and then lets be must show violations.
#
# It goes on for a minute; RACE_SECONDS says for how long else.
use strict;
use warnings;
use Test::More;

use lib 'test/t/lib';
use Race;

# What a session does to the invoice of a slot, and which refusals it must reckon with.
my @acts = (
	# the invoice that the slot was waiting for; the old one is paid, or runs would judge it for ever
	[ renew => 8, q(
		INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
		VALUES (1, coming, 'c' || slot % 4, today - 20, today - 5, 'SEK', 1000);
		UPDATE test.slot s SET invoice_no = s.next_no, next_no = gen_random_uuid()::text WHERE s.slot = act.slot;
		INSERT INTO app.document (invoice, status) VALUES (coming, 'sent');
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		SELECT 1, gen_random_uuid()::text, no, today, i.open_amount FROM reminder.invoice i
		WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0), '23505' ],
	[ lose => 14, q(INSERT INTO app.entry (invoice, account) VALUES (no, CASE WHEN random() < 0.5 THEN '1515' ELSE '6351' END)), '23R01' ],
	# on the invoice that has not come
	[ lose_early => 6, q(INSERT INTO app.entry (invoice, account) VALUES (coming, '6351')), '23R01' ],
	[ sell => 6, q(INSERT INTO app.entry (invoice, account) VALUES (no, '3001')) ],
	[ make_loss => 6, q(UPDATE app.entry SET account = '6351' WHERE invoice = no AND account = '3001'), '23R01' ],
	[ move_loss => 4, q(
		UPDATE app.entry SET invoice = no WHERE entry_no = (
		  SELECT e.entry_no FROM app.entry e JOIN test.slot s ON s.invoice_no = e.invoice WHERE s.slot = 1 + act.slot % 12 LIMIT 1)), '23R01' ],
	[ lose_by_company => 6, q(INSERT INTO app.line (company, year, invoice) VALUES (1, 2025 + (random() < 0.5)::integer, no)), '23R01' ],
	[ reverse => 14, q(UPDATE app.entry SET account = '3001' WHERE invoice = no AND account <> '3001') ],
	[ unlose => 14, q(DELETE FROM app.entry WHERE invoice = no) ],
	[ unlose_by_company => 14, q(DELETE FROM app.line WHERE invoice = no) ],
	[ void => 6, q(
		UPDATE app.document SET status = CASE status WHEN 'void' THEN 'sent' ELSE 'void' END WHERE invoice = no;
		-- by what is committed now, the lock on the invoice held
		IF current_setting('transaction_isolation') = 'read committed' THEN
		  INSERT INTO test.voided SELECT d.invoice FROM app.document d
		  JOIN reminder.collection_case k ON k.creditor_id = 1 AND k.invoice_no = d.invoice AND k.ended_on IS NULL
		  WHERE d.invoice = no AND d.status = 'void';
		END IF), '23R01' ],
	[ pay => 8, q(
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		VALUES (1, gen_random_uuid()::text, no, today, (ARRAY[100, 300, 1000, 1060])[1 + trunc(4 * random())::integer])) ],
	[ bounce => 8, q(
		UPDATE reminder.payment SET bounced_on = greatest(paid_on, today)
		WHERE creditor_id = 1 AND bounced_on IS NULL AND payment_no = (
		  SELECT max(p.payment_no) FROM reminder.payment p
		  WHERE p.creditor_id = 1 AND p.invoice_no = no AND p.bounced_on IS NULL)) ],
	[ withdraw => 10, q(PERFORM reminder.withdraw(1, no, NULL, today)), '55R03', '22R02' ],
	[ put_back => 10, q(PERFORM reminder.put_back(1, no, today)) ],
	[ send => 6, q(PERFORM reminder.send_now(1, ARRAY[no], today)), '55R01' ],
	[ external => 3, q(UPDATE reminder.invoice SET external_collection = true WHERE creditor_id = 1 AND invoice_no = no), '23R01', '23R02' ],
	[ internal => 4, q(UPDATE reminder.invoice SET external_collection = false WHERE creditor_id = 1 AND invoice_no = no AND external_collection), '23R01' ],);

my $race = Race->new(acts => \@acts, wrong => 'SELECT * FROM test.wrong');
$race->prepare($_, book => <<'SQL') for 'race', 'naive';
CREATE SCHEMA app;
CREATE TABLE app.entry (entry_no uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text, account text);
CREATE INDEX ON app.entry (invoice);
CREATE TABLE app.line (line_no uuid DEFAULT gen_random_uuid(), company integer, year integer, invoice text, PRIMARY KEY (line_no, year)) PARTITION BY LIST (year);
CREATE TABLE app.line_2025 PARTITION OF app.line FOR VALUES IN (2025);
CREATE TABLE app.line_2026 PARTITION OF app.line FOR VALUES IN (2026);
CREATE INDEX ON app.line (company, invoice);
CREATE TABLE app.document (document_no uuid PRIMARY KEY DEFAULT gen_random_uuid(), invoice text UNIQUE, status text);
INSERT INTO app.document (invoice, status) SELECT 'i' || n, 'sent' FROM generate_series(1, 12) n;
SELECT reminder.protect('app.entry', 'invoice', 'loss', 'account IN (''1515'', ''6351'')', 1);
SELECT reminder.protect('app.line', 'invoice', 'loss', NULL, creditor_column => 'company');
SELECT reminder.protect('app.document', 'invoice', 'void', 'status = ''void''', 1);
CREATE TABLE test.voided (invoice text);
CREATE VIEW test.wrong AS
SELECT 'loss beside a case' AS what, i.invoice_no, l.account
FROM (SELECT e.invoice, e.account FROM app.entry e WHERE e.account <> '3001' UNION ALL SELECT l.invoice, 'line' FROM app.line l) l
JOIN reminder.invoice i ON i.creditor_id = 1 AND i.invoice_no = l.invoice
WHERE i.external_collection OR EXISTS (SELECT FROM reminder.collection_case k WHERE k.creditor_id = 1 AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL)
UNION ALL
SELECT 'voided in a case', v.invoice, NULL FROM test.voided v
UNION ALL
SELECT v.invariant, v.invoice_no, v.found FROM test.violations(1) v
-- which count no letters sent by hand
WHERE v.invariant NOT IN ('run counts', 'decided backdated');
SQL

# The race.  Sessions that never meet prove nothing.
my $seen = $race->clean('race', $ENV{RACE_SECONDS} || 60);
cmp_ok($seen->{opened}, '>', 20, 'cases were opened');
cmp_ok($seen->{done}{$_} || 0, '>', 5, $_)
  for 'lose done', 'lose refused', 'lose_early done', 'make_loss done', 'lose_by_company done', 'void done', 'void refused', 'withdraw done', 'bounce done';
is($seen->{session}->sql(q(SELECT count(*) FROM reminder.check() WHERE finding NOT IN ('cases_without_interest', 'interest_rate_missing'))), '0', 'check() finds nothing')
  or diag($seen->{session}->sql(q(SELECT * FROM reminder.check())));
$seen->{session}->quit;

# The canary: looks, but neither locks nor sees what was committed since.  Past
# what reminder refuses, in the catalogue itself, before any session looks.
$race->node->safe_psql('naive', q(
	CREATE FUNCTION test.look() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
	  IF NEW.account <> '3001' AND EXISTS (
	       SELECT FROM reminder.collection_case k WHERE k.creditor_id = 1 AND k.invoice_no = NEW.invoice AND k.ended_on IS NULL) THEN
	    RAISE EXCEPTION 'a case is active' USING ERRCODE = '23R01';
	  END IF;
	  PERFORM pg_sleep(0.01);
	  RETURN NULL;
	END
	$$;
	CREATE TRIGGER look AFTER INSERT OR UPDATE ON app.entry FOR EACH ROW EXECUTE FUNCTION test.look();
	SET allow_system_table_mods = on;
	UPDATE pg_trigger SET tgenabled = 'D' WHERE tgrelid = 'app.entry'::regclass AND tgname ~ '^reminder_'));
like($race->until_found('naive'), qr/loss beside a case/, 'with a guard that only looks there are violations');

$race->node->stop('fast');
done_testing();
