# Book - receivables books for the tests in test/t, and what they come to.
#
#   Book->parties($session);                 # two creditors with their customers
#   Book->lived_in($session);                # a book with a past, of all kinds
#   Book->due($session, 30000);              # so many invoices due on 2024-03-01
#   my $rows = Book->rows($session);         # table => number and hash of its rows
#   my $state = Book->state($session);       # the same, without clocks and chance
#   my $rows = Book->steady($session, 'payment');  # a table's rows, without those either
#   my $text = Book->objects($session);      # tables, triggers, rights, comments …
#   Book->differences($text, $text);         # lines that only one of them has
#
# All is deterministic. $session is a Session; the extension is installed.
package Book;

use strict;
use warnings;

# A Swedish creditor whose claims the service collects, and a Finnish one with
# rules of its own; customers of both kinds, of classes, abroad, and blocked.
sub parties
{
	my ($class, $session) = @_;
	$session->sql(<<'SQL');
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Konto');
INSERT INTO reminder.partner (partner_id, name) VALUES (1, 'Kumppani');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, claim_description)
VALUES (1, 1, 'Verkstad', 'SE', '991-2346', 'Reparation');
INSERT INTO reminder.creditor (creditor_id, partner_id, name, jurisdiction, iban, sender_address, claim_description)
VALUES (2, 1, 'Konepaja', 'FI', 'FI21 1234 5600 0007 85', 'Katu 1', 'Korjaus');
SELECT reminder.add_preset(1, 'amili'), reminder.add_preset(2, 'netvisor');
SELECT reminder.activate(c, confirm => true, as_of => '2024-01-01') FROM generate_series(1, 2) c;
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, catches_up)
VALUES (1, 3, 'Large', 'company', true), (2, 3, 'Slow', 'person', false);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee)
VALUES (1, 3, 'reminder', 3, 10, 60), (1, 3, 'demand', 11, 10, 180),
       (2, 3, 'reminder', 20, 14, 5), (2, 3, 'demand', 15, 14, NULL);
UPDATE reminder.rule_step SET one_letter = true WHERE (creditor_id, rule_no) = (1, 3);
INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest) VALUES (1, 3, 'SEK', 100);
INSERT INTO reminder.customer_class (creditor_id, class, rule_no, excluded)
VALUES (1, 'large', 3, false), (1, 'staff', NULL, true), (2, 'slow', 3, false);
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, class, blocked)
SELECT c, 'K' || n, format('Kund %s', n), CASE WHEN n % 3 = 0 THEN 'person' ELSE 'company' END,
       CASE n % 10 WHEN 4 THEN 'NO' WHEN 5 THEN CASE c WHEN 1 THEN 'SE' ELSE 'FI' END END,
       CASE WHEN c = 1 AND n % 8 = 0 THEN 'large' WHEN c = 1 AND n % 13 = 0 THEN 'staff' WHEN c = 2 AND n % 6 = 0 THEN 'slow' END,
       n % 17 = 0
FROM generate_series(1, 2) c, generate_series(1, 60) n;
SQL
	return;
}

# Invoices that are due for a reminder on 2024-03-01, this many of creditor 1
# and a tenth of creditor 2.
sub due
{
	my ($class, $session, $number) = @_;
	$session->sql(<<"SQL");
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT c, 'F' || n, 'K' || 1 + n % 60, '2024-01-15', date '2024-02-01' + (n % 7)::integer,
       CASE c WHEN 1 THEN 'SEK' ELSE 'EUR' END, 50 + n % 997
FROM generate_series(1, 2) c, generate_series(1, $number / CASE c WHEN 1 THEN 1 ELSE 10 END) n;
SQL
	return;
}

# Four months of a book: paid in full and in part, too late and too much,
# bounced, credited, held, withdrawn and put back, closed, written off. Runs are
# on every third day, the last on 2024-05-15.
sub lived_in
{
	my ($class, $session) = @_;
	$session->sql(<<'SQL');
CREATE FUNCTION pg_temp.chance(VARIADIC key text[]) RETURNS integer LANGUAGE sql IMMUTABLE
AS $$ SELECT ('x' || substr(md5(array_to_string(key, '/')), 1, 7))::bit(28)::integer % 100 $$;

INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount, fee_by_hand)
SELECT c, 'F' || n, 'K' || 1 + n % 60, CASE n % 41 WHEN 7 THEN 'credit_note' WHEN 8 THEN 'interest' ELSE 'invoice' END,
       date '2024-01-05' + n * 3 % 130, date '2024-01-20' + n * 3 % 130,
       CASE c WHEN 1 THEN 'SEK' ELSE 'EUR' END, 40 + n * 7 % 900, CASE n % 31 WHEN 3 THEN 5 ELSE 0 END
FROM generate_series(1, 2) c, generate_series(1, 250) n;
-- one that came in partly settled
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, open_amount)
VALUES (1, 'P1', 'K1', '2024-01-05', '2024-01-20', 'SEK', 1000, 400);
INSERT INTO reminder.settlement_terms (creditor_id, valid_from, bank_days, interest_share) SELECT c, '2024-03-01', 3, 30 FROM generate_series(1, 2) c;
INSERT INTO reminder.payout_destination (creditor_id, branch, kind, number) SELECT c, 'north', 'plusgiro', '4-2' FROM generate_series(1, 2) c;

SET client_min_messages = error;
DO $$
DECLARE
  _day date;
  _run integer := 0;
BEGIN
  FOR _day IN SELECT d::date FROM generate_series('2024-01-25', '2024-05-15', interval '3 days') d LOOP
    CALL reminder.run(_day);
    _run := _run + 1;
    PERFORM CASE WHEN pg_temp.chance(d.invoice_no, d.stage) < 3 THEN reminder.fail_letter(d.creditor_id, d.invoice_no, d.stage, 'unknown address', _day)
                 ELSE reminder.confirm_letter(d.creditor_id, d.invoice_no, d.stage, _day) END
    FROM reminder.decision d
    WHERE d.status = 'queued' AND d.taken_back = 0 AND d.as_of = _day AND pg_temp.chance(d.invoice_no, 'letter', d.stage) < 70
      -- a letter for several once, by the invoice that names it
      AND NOT EXISTS (SELECT FROM reminder.letter_line l WHERE (l.creditor_id, l.invoice_no, l.rung, l.taken_back) = (d.creditor_id, d.invoice_no, d.rung, 0) AND l.letter_of <> l.invoice_no);

    INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, reference, paid_on, amount, source)
    SELECT i.creditor_id, format('%s-%s', i.invoice_no, _run), CASE WHEN x.chance <> 1 THEN i.invoice_no END, i.invoice_no, _day,
           CASE x.chance WHEN 2 THEN i.open_amount / 2 WHEN 3 THEN i.open_amount + 500 WHEN 4 THEN i.open_amount + 60 ELSE i.open_amount END,
           CASE x.chance WHEN 5 THEN 'service' ELSE 'creditor' END
    FROM reminder.invoice i CROSS JOIN LATERAL pg_temp.chance(i.invoice_no, _day::text) x (chance)
    WHERE i.open_amount > 1 AND i.due_date < _day AND x.chance < 7;
    UPDATE reminder.payment p SET bounced_on = _day
    WHERE p.paid_on = _day - 6 AND p.bounced_on IS NULL AND pg_temp.chance(p.payment_no) < 15;
    DELETE FROM reminder.payment p
    WHERE p.paid_on = _day - 9 AND pg_temp.chance(p.payment_no, 'never') < 5
      AND NOT EXISTS (SELECT FROM reminder.refund r WHERE r.creditor_id = p.creditor_id AND r.payment_no = p.payment_no);
    INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount)
    SELECT b.creditor_id, b.payment_no, 'R' || _run, _day, b.balance FROM reminder.credit_balance b
    WHERE b.balance > 0 AND pg_temp.chance(b.payment_no, 'refund', _day::text) < 20;

    INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)
    SELECT i.creditor_id, format('C-%s-%s', i.invoice_no, _run), i.invoice_no, _day, i.open_amount
    FROM reminder.invoice i
    WHERE i.open_amount > 0 AND pg_temp.chance(i.invoice_no, 'credit', _day::text) = 1
      AND NOT EXISTS (SELECT FROM reminder.case_status k WHERE k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.state <> 'ended');
    PERFORM reminder.credit_in_case(k.creditor_id, k.invoice_no, CASE WHEN pg_temp.chance(k.invoice_no) < 50 THEN k.principal ELSE 1 END, 'goods returned', _day)
    FROM reminder.case_status k WHERE k.state <> 'ended' AND k.principal > 1 AND pg_temp.chance(k.invoice_no, 'case credit', _day::text) = 1;

    PERFORM reminder.hold(i.creditor_id, i.invoice_no, CASE WHEN pg_temp.chance(i.invoice_no) < 30 THEN 'dispute' ELSE 'promise' END,
                          CASE WHEN pg_temp.chance(i.invoice_no) < 60 THEN _day + 10 END, _day)
    FROM reminder.invoice i WHERE i.open_amount > 0 AND pg_temp.chance(i.invoice_no, 'hold', _day::text) < 2;
    PERFORM reminder.release(h.creditor_id, h.invoice_no, _day)
    FROM reminder.hold h WHERE h.from_on = _day - 12 AND h.until_on IS NULL AND h.released_on IS NULL;

    PERFORM CASE pg_temp.chance(k.invoice_no, 'end', _day::text)
              WHEN 1 THEN reminder.withdraw(k.creditor_id, k.invoice_no, 'agreed', _day)
              WHEN 2 THEN reminder.withdraw(k.creditor_id, k.invoice_no, NULL, _day)
              WHEN 3 THEN reminder.close_case(k.creditor_id, k.invoice_no, 'unknown address', _day) END
    FROM reminder.case_status k WHERE k.state <> 'ended' AND k.stage <> 'enforcement';
    PERFORM reminder.hand_to_enforcement(k.creditor_id, k.invoice_no, 'U-' || k.invoice_no, _day)
    FROM reminder.case_status k WHERE k.state <> 'ended' AND k.stage IN ('demand', 'monitoring') AND pg_temp.chance(k.invoice_no, 'enforce', _day::text) = 2;
    PERFORM reminder.put_back(i.creditor_id, i.invoice_no, _day)
    FROM reminder.invoice i WHERE i.automation = 'withdrawn' AND pg_temp.chance(i.invoice_no, 'back', _day::text) < 5;
    INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount)
    SELECT i.creditor_id, i.invoice_no, 'L' || _run, CASE _run % 2 WHEN 0 THEN 'doubtful' ELSE 'confirmed' END, _day, i.open_amount
    FROM reminder.invoice i
    WHERE i.automation IN ('withdrawn', 'closed') AND i.open_amount > 0 AND pg_temp.chance(i.invoice_no, 'loss', _day::text) < 10;
    UPDATE reminder.credit_loss l SET reversed_on = _day WHERE l.booked_on = _day - 15 AND l.kind = 'doubtful';

    UPDATE reminder.customer u SET kind = CASE u.kind WHEN 'person' THEN 'company' ELSE 'person' END
    WHERE pg_temp.chance(u.customer_no, 'kind', _day::text) = 1;
    PERFORM reminder.move_customers(u.creditor_id, ARRAY[u.customer_no], 3)
    FROM reminder.customer u JOIN reminder.rule r ON r.creditor_id = u.creditor_id AND r.rule_no = 3 AND r.kind = u.rule_kind
    WHERE pg_temp.chance(u.customer_no, 'move', _day::text) = 1;
    PERFORM reminder.settle(c, _day) FROM generate_series(1, 2) c WHERE _run % 9 = 0;
    PERFORM reminder.payout_done(p.creditor_id, p.settlement_no, p.payout_no, _day) FROM reminder.payout p WHERE p.due_on <= _day AND p.paid_on IS NULL;
  END LOOP;
END
$$;
SELECT reminder.interrupt_limitation(i.creditor_id, i.invoice_no, '2024-05-15', 'acknowledgement', 'by phone')
FROM reminder.invoice i WHERE i.open_amount > 0 AND pg_temp.chance(i.invoice_no, 'acknowledged') < 5;
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, content) SELECT 1, 'F' || n, decode(md5(n::text), 'hex') FROM generate_series(1, 9) n;
INSERT INTO reminder.invoice_document (creditor_id, invoice_no, uri) VALUES (2, 'F1', 'https://example.com/F1');
SET client_min_messages = notice;
SQL
	return;
}

my %unsteady = map { $_ => 1 } qw(case_id decided_at recorded_at recorded_by since
  installed_at started_at ended_at seconds due done loss_no refund_no order_no made_at
  undone_at again_at changed_at);

sub tables
{
	my ($class, $session) = @_;
	return split /\n/, $session->sql(<<'SQL');
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' ORDER BY 1
SQL
}

sub hashes
{
	my ($class, $session, $row, @tables) = @_;
	@tables = $class->tables($session) unless @tables;
	my $sql = join "\nUNION ALL ", map {
		"SELECT '$_' || ' ' || count(*) || ' ' || coalesce(md5(string_agg(md5($row), '' ORDER BY md5($row))), '') FROM reminder.$_ t"
	} @tables;
	return { map { split / /, $_, 2 } split /\n/, $session->sql($sql) };
}

sub rows
{
	my ($class, $session) = @_;
	return $class->hashes($session, 't::text');
}

sub state
{
	my ($class, $session, @tables) = @_;
	my $unsteady = join ',', sort keys %unsteady;
	my $hashes = $class->hashes($session, "(to_jsonb(t) - '{$unsteady}'::text[])::text", @tables);
	# A run that was cut off, or shared, goes on in other chunks; check() says of each letter that it is in the outbox.
	delete $hashes->{letter_batch};
	return $hashes;
}

# The rows of a table or a view, or of a query in parentheses, sorted, without clocks and chance.
sub steady
{
	my ($class, $session, $rows) = @_;
	return [ split /\n/, $session->sql($class->steadied($rows) . ' ORDER BY 1') ];
}

# The same of many, a digest each.
sub digests
{
	my ($class, $session, @rows) = @_;
	my @digests = split /\n/, $session->sql(join "\nUNION ALL ",
		map { my $rows = $class->steadied($rows[$_]); "SELECT $_ || '|' || count(*) || ' ' || md5(coalesce(string_agg(r, '' ORDER BY r), '')) FROM ($rows) s (r)" } 0 .. $#rows);
	return { map { my ($n, $digest) = split /\|/; $rows[$n] => $digest } @digests };
}

sub steadied
{
	my ($class, $rows) = @_;
	my $unsteady = join ',', sort keys %unsteady;
	$rows = "reminder.$rows" if $rows !~ /^\(/;
	return "SELECT (to_jsonb(t) - '{$unsteady}'::text[])::text FROM $rows t";
}

# What stands beside the rows, a line each. A restored CHECK has fewer parentheses.
sub objects
{
	my ($class, $session) = @_;
	return $session->sql(<<'SQL');
CREATE OR REPLACE FUNCTION pg_temp.rights(acl aclitem[]) RETURNS text LANGUAGE sql
AS $$ SELECT string_agg(concat_ws('/', a.grantee::regrole, a.privilege_type, a.is_grantable, a.grantor::regrole), ' ' ORDER BY a.grantee, a.privilege_type) FROM aclexplode(acl) a $$;
SELECT concat_ws(' ', c.relkind, c.relname, c.relowner::regrole, pg_temp.rights(coalesce(c.relacl, acldefault('r', c.relowner))), c.reloptions, obj_description(c.oid, 'pg_class'),
         CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) WHEN c.relkind = 'i' THEN pg_get_indexdef(c.oid) END)
FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'column', c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attcollation::regcollation, a.attnotnull, a.attgenerated, pg_temp.rights(a.attacl),
         pg_get_expr(d.adbin, d.adrelid), col_description(c.oid, a.attnum))
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'v')
UNION ALL
SELECT concat_ws(' ', 'constraint', k.conrelid::regclass, k.conname, k.convalidated, translate(pg_get_constraintdef(k.oid), '()', ''))
FROM pg_constraint k WHERE k.connamespace = 'reminder'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'trigger', g.tgenabled, pg_get_triggerdef(g.oid))
FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid AND c.relnamespace = 'reminder'::regnamespace WHERE NOT g.tgisinternal
UNION ALL
SELECT concat_ws(' ', 'event trigger', e.evtenabled, e.evtname, e.evtevent, e.evtfoid::regproc, e.evtowner::regrole, e.evttags) FROM pg_event_trigger e
UNION ALL
SELECT concat_ws(' ', 'function', p.oid::regprocedure,
         (SELECT e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND d.refclassid = 'pg_extension'::regclass
          WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'),
         pg_temp.rights(coalesce(p.proacl, acldefault('f', p.proowner))), obj_description(p.oid, 'pg_proc'), md5(pg_get_functiondef(p.oid)))
FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace
UNION ALL
SELECT concat_ws(' ', 'schema', pg_temp.rights(n.nspacl), obj_description(n.oid, 'pg_namespace')) FROM pg_namespace n WHERE n.nspname = 'reminder'
ORDER BY 1
SQL
}

sub differences
{
	my ($class, $one, $other) = @_;
	my %one = map { $_ => 1 } split /\n/, $one;
	my %other = map { $_ => 1 } split /\n/, $other;
	return join "\n", (map { "- $_" } grep { !$other{$_} } sort keys %one), (map { "+ $_" } grep { !$one{$_} } sort keys %other);
}

1;
