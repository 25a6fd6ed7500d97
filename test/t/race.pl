# Eight sessions on the same few invoices, at once (G2, G3, N1): two of them
# run, six book losses, pay, bounce, credit, withdraw, put back, hold, move
# customers and edit rules, under all isolation levels.  No snapshot may show a
# violation, and no error may be any but a refusal of ours or one to retry.
#
# Then the canaries, in databases of their own: the same load without the
# guards, and with one that looks but does not lock, must show violations.
#
# RACE_SECONDS=600 goes on for so long.
use strict;
use warnings;
use Test::More;

use lib 'test/t/lib';
use Race;

# What a session does to the invoice of a slot, and which refusals it must reckon with.
my @acts = (
	# another invoice for the slot; the old one is paid, or runs would judge it for ever
	[ renew => 6, q(
		INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
		VALUES (1, gen_random_uuid()::text, 'c' || slot % 4, today - 20, today - 5, 'SEK', 1000)
		RETURNING invoice_no INTO coming;
		UPDATE test.slot s SET invoice_no = coming WHERE s.slot = act.slot;
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		SELECT 1, gen_random_uuid()::text, no, today, i.open_amount FROM reminder.invoice i
		WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0) ],
	[ lose => 16, q(
		INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount)
		VALUES (1, no, CASE WHEN random() < 0.5 THEN 'doubtful' ELSE 'confirmed' END, today, 100)), '23R01' ],
	[ reverse => 14, q(
		UPDATE reminder.credit_loss SET reversed_on = greatest(booked_on, today)
		WHERE creditor_id = 1 AND invoice_no = no AND reversed_on IS NULL) ],
	[ unreverse => 2, q(
		UPDATE reminder.credit_loss SET reversed_on = NULL WHERE creditor_id = 1 AND invoice_no = no), '23R01' ],
	[ pay => 10, q(
		INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
		VALUES (1, gen_random_uuid()::text, no, today, (ARRAY[100, 300, 1000, 1060])[1 + trunc(4 * random())::integer])) ],
	[ bounce => 8, q(
		UPDATE reminder.payment SET bounced_on = greatest(paid_on, today)
		WHERE creditor_id = 1 AND bounced_on IS NULL AND payment_no = (
		  SELECT max(p.payment_no) FROM reminder.payment p
		  WHERE p.creditor_id = 1 AND p.invoice_no = no AND p.bounced_on IS NULL)) ],
	[ unpay => 3, q(
		DELETE FROM reminder.payment WHERE creditor_id = 1 AND payment_no = (
		  SELECT min(p.payment_no) FROM reminder.payment p WHERE p.creditor_id = 1 AND p.invoice_no = no)) ],
	[ credit => 8, q(
		INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)
		SELECT 1, gen_random_uuid()::text, no, today, i.open_amount FROM reminder.invoice i
		WHERE i.creditor_id = 1 AND i.invoice_no = no AND i.open_amount > 0), '23R01', '22R03' ],
	[ uncredit => 8, q(
		DELETE FROM reminder.credit WHERE creditor_id = 1 AND invoice_no = no), '23R01' ],
	[ withdraw => 8, q(PERFORM reminder.withdraw(1, no, NULL, today)), '55R03', '22R02' ],
	[ put_back => 8, q(PERFORM reminder.put_back(1, no, today)) ],
	[ hold => 4, q(PERFORM reminder.hold(1, no, 'dispute', NULL, today)) ],
	[ release => 4, q(PERFORM reminder.release(1, no, today)), '55R03', '22R02' ],
	[ move => 4, q(
		PERFORM reminder.move_customers(1, ARRAY['c' || slot % 4, 'c' || (slot + 1) % 4],
		  CASE WHEN random() < 0.5 THEN 3 END)) ],
	[ edit => 1, q(UPDATE reminder.rule_step SET fee = 110 - fee WHERE creditor_id = 1 AND rule_no = 1 AND stage = 'reminder') ],);

my $race = Race->new(acts => \@acts, wrong => 'SELECT * FROM test.violations(1)');
$race->prepare($_, rules => <<'SQL') for 'race', 'unguarded', 'unlocked';
UPDATE reminder.rule_step SET fee = 50 WHERE stage = 'reminder';
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up) VALUES (1, 3, 'Chosen', 'company', 'creditor', true);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES
  (1, 3, 'reminder', 3, 3, 40), (1, 3, 'notice', 4, 3, NULL), (1, 3, 'demand', 4, 8, 100);
SQL

# The race.  Sessions that never meet prove nothing.
my $seen = $race->clean('race', $ENV{RACE_SECONDS} || 12);
cmp_ok($seen->{opened}, '>', 20, 'cases were opened');
cmp_ok($seen->{done}{$_} || 0, '>', 5, $_)
  for 'lose done', 'lose refused', 'credit done', 'credit refused', 'withdraw done', 'bounce done', 'move done';
cmp_ok($seen->{deadlocks}, '<=', 2 + $seen->{acts} / 1000, 'deadlocks are rare');
$seen->{session}->quit;

# The canaries.
$race->node->safe_psql('unguarded', q(
	ALTER EVENT TRIGGER reminder_ddl DISABLE;
	ALTER TABLE reminder.credit_loss DISABLE TRIGGER credit_loss_guard, DISABLE TRIGGER credit_loss_guard_changed;
	ALTER TABLE reminder.credit DISABLE TRIGGER credit_guard));
isnt($race->until_found('unguarded'), '', 'without the guards there are violations');

# Looks, but neither locks nor sees what was committed since.
$race->node->safe_psql('unlocked', q(
	CREATE FUNCTION test.look() RETURNS trigger LANGUAGE plpgsql AS $$
	BEGIN
	  IF NEW.reversed_on IS NULL AND EXISTS (
	       SELECT FROM reminder.collection_case k
	       WHERE k.creditor_id = NEW.creditor_id AND k.invoice_no = NEW.invoice_no AND k.ended_on IS NULL) THEN
	    RAISE EXCEPTION 'a case is active' USING ERRCODE = '23R01';
	  END IF;
	  PERFORM pg_sleep(0.01);
	  RETURN NULL;
	END
	$$;
	CREATE TRIGGER look AFTER INSERT OR UPDATE ON reminder.credit_loss FOR EACH ROW EXECUTE FUNCTION test.look();
	ALTER EVENT TRIGGER reminder_ddl DISABLE;
	ALTER TABLE reminder.credit_loss DISABLE TRIGGER credit_loss_guard, DISABLE TRIGGER credit_loss_guard_changed));
like($race->until_found('unlocked'), qr/loss beside an active case/, 'with a guard that only looks there are, too');

$race->node->stop('fast');
done_testing();
