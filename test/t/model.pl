# Random histories: whatever is done in whatever order, check() and conservation()
# find nothing after any step, and a run decides exactly what plan() said before it, and
# explain() of each invoice (B1), and claims the interest that plain SQL adds up
# (F9); case_status shows what plain SQL does. When a history is over,
# case_status_as_of() still has what was after each of its days (V2).
#
# There are 200 of 30 steps, or as many as 45 seconds take. SEED=n repeats them,
# HISTORIES and STEPS say how many, whatever it takes. What fails is printed with
# all statements that led to it.
use strict;
use warnings;

use Reminder;
use Session;
use Status;
use Test::More;
use Time::Local 'timegm';
use POSIX 'strftime';

my $seed = $ENV{SEED} // (time ^ $$) % 1_000_000;
my $histories = $ENV{HISTORIES} // 200;
my $seconds = $ENV{HISTORIES} ? 86400 : 45;
my $steps = $ENV{STEPS} // 30;
srand($seed);
note "SEED=$seed HISTORIES=$histories STEPS=$steps";

my $node = Reminder->cluster('main', conf => "autovacuum = off\n");
Reminder->install($node, 'model');
my $template = Session->new($node, 'model');
Status->define($template);
$template->sql(<<'SQL');
INSERT INTO reminder.account (account_id, name) VALUES (1, 'Konto');

-- The late interest that an invoice has borne when a letter goes out, in plain
-- SQL: added up day by day, rounded once. Nothing here calls the extension.
CREATE FUNCTION public.borne(creditor_id bigint, invoice_no text, until date) RETURNS numeric
LANGUAGE sql STABLE AS $$
  SELECT coalesce(round(sum(d.parts) / (100 * 360 * 365), 2), 0)
  FROM (
    SELECT i.*, c.jurisdiction, u.kind AS debtor, r.interest_percent, r.day_count,
           greatest(i.due_date, CASE r.interest_from WHEN 'invoice' THEN i.invoice_date + 30 WHEN 'letter' THEN coalesce(f.first + 30, $3) END) AS start
    FROM reminder.invoice i
    JOIN reminder.creditor c ON c.creditor_id = i.creditor_id
    JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
    JOIN reminder.rule r ON r.creditor_id = i.creditor_id AND r.rule_no = u.rule_no
    CROSS JOIN LATERAL (
      SELECT min(d.as_of) AS first FROM reminder.decision d
      WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no AND d.as_of < $3 AND d.status IN ('queued', 'sent') AND d.taken_back = 0) f
    WHERE i.creditor_id = $1 AND i.invoice_no = $2) i
  CROSS JOIN LATERAL (
    SELECT x.day,
           (i.open_amount
            + coalesce((SELECT sum(coalesce(a.principal, p.amount)) FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
                        WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.bounced_on IS NULL AND p.paid_on >= x.day), 0)
            + coalesce((SELECT sum(c.amount) FROM reminder.credit c
                        WHERE c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no AND c.credited_on >= x.day), 0))
           * coalesce(i.interest_percent, (
               SELECT f.rate_percent + l.margin_points
               FROM reminder.reference_rate f
               JOIN reminder.interest_rule l ON l.jurisdiction = f.jurisdiction AND l.debtor_kind IN (i.debtor, 'any') AND l.confidence <> 'unconfirmed'
                AND l.valid_from <= CASE l.holds_by WHEN 'due_date' THEN i.due_date ELSE x.day END
               WHERE f.jurisdiction = i.jurisdiction AND f.valid_from <= x.day
               ORDER BY f.valid_from DESC, l.debtor_kind = 'any', l.valid_from DESC LIMIT 1))
           * CASE i.day_count
               WHEN '30/360' THEN 365 * (30 * (extract(month FROM x.day) - extract(month FROM x.day - 1) + 12 * (extract(year FROM x.day) - extract(year FROM x.day - 1)))
                                         + least(extract(day FROM x.day), 30) - least(extract(day FROM x.day - 1), 30))::numeric
               ELSE 360 END AS parts
    FROM (SELECT i.start + n AS day FROM generate_series(1, $3 - i.start) n) x) d
$$;

-- Runs a creditor and gives what it decided otherwise than planned, a line each.
CREATE PROCEDURE public.run_as_planned(as_of date, creditor_id bigint, INOUT differences text DEFAULT NULL)
LANGUAGE plpgsql AS $$
DECLARE
  _before timestamptz := clock_timestamp();
BEGIN
  DROP TABLE IF EXISTS planned;
  CREATE TEMP TABLE planned AS SELECT * FROM reminder.plan($1, $2);
  differences := (
    SELECT string_agg(format('explain %s, plan %s', e, p), E'\n')
    FROM planned p CROSS JOIN LATERAL reminder.explain($2, p.invoice_no, $1) e
    WHERE (e.stage, e.outcome, e.reason, e.step_date, e.deadline, e.interest, e.fee, e.total, e.rule_no)
          IS DISTINCT FROM (p.stage, p.outcome, p.reason, p.step_date, p.deadline, p.interest, p.fee, p.total, p.rule_no));
  CALL reminder.run($1, $2);
  differences := concat_ws(E'\n', differences, (
    SELECT string_agg(format('plan %s, decision %s', p, d), E'\n')
    FROM (SELECT * FROM planned p WHERE p.outcome <> 'waits') p
    FULL JOIN (SELECT * FROM reminder.decision d WHERE d.creditor_id = $2 AND d.decided_at > _before) d ON d.invoice_no = p.invoice_no
    WHERE (p.stage, p.outcome, p.reason, p.step_date, p.deadline, CASE WHEN p.outcome = 'sent' THEN p.channel END, p.currency, p.principal, p.fee, p.total, p.rule_no)
          IS DISTINCT FROM (d.stage, d.outcome, d.reason, d.step_date, d.deadline, d.channel, d.currency, d.principal, d.fee,
                            CASE WHEN d.outcome = 'sent' THEN d.principal + d.interest - d.interest_settled + d.fees - d.fees_settled END, d.rule_no)),
    (SELECT string_agg(format('interest: claimed %s, in plain SQL %s', d, public.borne($2, d.invoice_no, d.as_of)), E'\n')
     FROM reminder.decision d JOIN reminder.rule r ON r.creditor_id = d.creditor_id AND r.rule_no = d.rule_no AND r.claims_interest
     WHERE d.creditor_id = $2 AND d.decided_at > _before AND d.outcome = 'sent'
       AND d.interest <> greatest(d.interest_settled, public.borne($2, d.invoice_no, d.as_of)
           - coalesce((SELECT sum(k.interest_paid) FROM reminder.collection_case k
                       WHERE k.creditor_id = $2 AND k.invoice_no = d.invoice_no AND k.case_no < d.case_no), 0)
           - coalesce((SELECT sum(w.amount) FROM reminder.waiver w
                       WHERE w.creditor_id = $2 AND w.invoice_no = d.invoice_no AND w.case_no < d.case_no AND w.kind = 'interest'), 0))),
    (SELECT string_agg(format('plan %s, waits for %s', p, w.waiting_for), E'\n')
     FROM (SELECT * FROM planned p WHERE p.outcome = 'waits') p
     LEFT JOIN reminder.position w ON w.creditor_id = $2 AND w.invoice_no = p.invoice_no
     WHERE w.waiting_for IS DISTINCT FROM p.reason
       AND EXISTS (SELECT FROM reminder.creditor c WHERE c.creditor_id = $2 AND c.automation)),
    (SELECT string_agg(format('not decided: %s', x), E'\n') FROM reminder.run_exception x WHERE x.creditor_id = $2));
  IF differences = '' THEN
    differences := NULL;
  END IF;
END
$$;

-- The cases of a creditor after each of its days, and what case_status_as_of() has otherwise (V2).
CREATE TABLE public.was (creditor_id bigint, day date, invoice_no text, case_no smallint, row jsonb);
CREATE FUNCTION public.note_day(creditor bigint, next_day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  _last date := (SELECT max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = creditor);
BEGIN
  DELETE FROM public.was w WHERE w.creditor_id = creditor AND w.day >= _last;
  INSERT INTO public.was
  SELECT creditor, d.day, s.invoice_no, s.case_no, to_jsonb(s)
  FROM (SELECT _last AS day UNION SELECT next_day - 1) d CROSS JOIN reminder.case_status s
  WHERE s.creditor_id = creditor AND d.day >= _last AND d.day < next_day;
END
$$;
-- What case_status_as_of() has otherwise of one invoice than of all.
CREATE FUNCTION public.one_otherwise(creditor bigint) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('after %s of all %s, of one %s', d.day, a, s.s)
  FROM (SELECT DISTINCT w.day FROM public.was w WHERE w.creditor_id = creditor) d
  CROSS JOIN LATERAL (
    SELECT a, s
    FROM reminder.case_status_as_of(creditor, d.day) a
    FULL JOIN (
      SELECT s FROM (SELECT DISTINCT k.invoice_no FROM reminder.collection_case k WHERE k.creditor_id = creditor) k
      CROSS JOIN LATERAL reminder.case_status_as_of(creditor, d.day, k.invoice_no) s) s ON (s.s).invoice_no = a.invoice_no AND (s.s).case_no = a.case_no
    WHERE a::text IS DISTINCT FROM s.s::text) s
$$;
CREATE FUNCTION public.was_otherwise(creditor bigint) RETURNS SETOF text LANGUAGE sql AS $$
  SELECT format('after %s case %s of %s is to be %s, is %s', coalesce(w.day, a.day), coalesce(w.case_no, a.case_no), coalesce(w.invoice_no, a.invoice_no),
                coalesce(d.was, w.row::text), coalesce(d.now, a.row::text))
  FROM public.was w
  FULL JOIN (
    SELECT d.day, s.invoice_no, s.case_no, to_jsonb(s) AS row
    FROM (SELECT DISTINCT w.day FROM public.was w WHERE w.creditor_id = creditor) d CROSS JOIN LATERAL reminder.case_status_as_of(creditor, d.day) s) a
    ON w.creditor_id = creditor AND w.day = a.day AND w.invoice_no = a.invoice_no AND w.case_no = a.case_no
  LEFT JOIN LATERAL (
    SELECT string_agg(k.key || ' ' || coalesce(w.row ->> k.key, '-'), ', ') AS was, string_agg(k.key || ' ' || coalesce(k.value, '-'), ', ') AS now
    FROM jsonb_each_text(a.row) k WHERE w.row -> k.key IS DISTINCT FROM a.row -> k.key
      -- known of now alone
      AND NOT (k.key IN ('next_stage', 'next_on', 'why_not') AND k.value IS NULL)) d ON true
  WHERE (w.creditor_id = creditor OR w.creditor_id IS NULL) AND (w.row IS NULL OR a.row IS NULL OR d.now IS NOT NULL)
$$;
SQL
$template->quit;

sub day { my ($n) = @_; return strftime('%Y-%m-%d', gmtime(timegm(0, 0, 0, 1, 0, 2024) + 86400 * $n)); }
sub one { return $_[ rand @_ ]; }
sub chance { return rand() < $_[0]; }
sub quoted { my ($text) = @_; return defined $text ? "'$text'" : 'NULL'; }

# A history has a creditor of its own; what the server refused is not in it.
my ($session, %h);

sub fresh
{
	my ($creditor) = @_;
	my $se = chance(0.6);
	%h = (c => $creditor, today => 40, se => $se, currency => $se ? 'SEK' : 'EUR', n => 0, customers => [], invoices => [], payments => [], credits => [], losses => [], done => []);
	my $preset = one('amili', 'netvisor');
	do_it(start => "INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description, credits_in_case) VALUES ($creditor, 1, 'C', '"
		. ($se ? 'SE' : 'FI') . "', '991-2346', 'Street 1', 'Goods', '" . one('refuse', 'refuse', 'apply') . "')");
	do_it(start => "SELECT reminder.add_preset($creditor, '$preset'); SELECT reminder.activate($creditor, confirm => true)");
	my ($catches_up, $by, $residual) = (one('true', 'false'), one('creditor', 'service'), one(0, 20, 100));
	# what its country's law allows
	my ($wait, @fee) = $se ? (6, 30, 10, 180) : (10, 12, 10, $by eq 'service' ? 50 : 12);
	do_it(start => "INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, catches_up, collected_by, residual_above, claims_interest, claims_compensation, interest_percent, interest_from, day_count) VALUES"
		. " ($creditor, 3, 'Own', 'company', $catches_up, '$by', $residual, " . one('true', 'true', 'false') . ', ' . one('true', 'false')
		. ', ' . one('NULL', 12.5) . ", '" . one(qw(due_date invoice letter)) . "', " . one('NULL', "'30/360'") . ');'
		. " INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, wait_unit, term, fee) VALUES"
		. " ($creditor, 3, 'reminder', 1, 2, 'bank_day', 5, $fee[0]), ($creditor, 3, 'reminder', 2, $wait, 'day', 5, $fee[1]), ($creditor, 3, 'demand', 1, $wait, 'day', 8, $fee[2]), ($creditor, 3, 'monitoring', 1, 0, 'day', 0, NULL);"
		. " INSERT INTO reminder.customer_class (creditor_id, class, rule_no, excluded) VALUES ($creditor, 'own', 3, false), ($creditor, 'out', NULL, true), ($creditor, 'plain', NULL, false)");
	for (1 .. 3) { operation('customer'); operation('invoice'); }
	return;
}

my (%tally, $failed);

# Does one thing. True if it was done; anything but a documented refusal fails.
sub do_it
{
	my ($what, $sql) = @_;
	push @{ $h{done} }, $sql;
	my $state = $session->try($sql);
	my $said = $session->output;
	$tally{$what}{$state}++;
	broken("$state: $said") if $state !~ /^(?:00000|22R0[1-4]|23R0[1-4]|42R01|55R0[1-467]|23502|23503|23514|23505)$/;
	$session->try('ROLLBACK') if $state ne '00000' && $sql =~ /BEGIN/;
	pop @{ $h{done} } if $state ne '00000' && !$failed;
	return $state eq '00000';
}

sub broken
{
	my ($why) = @_;
	return if $failed;
	$failed = "$why\n" . join("\n", map { "$_;" } @{ $h{done} });
	return;
}

my $open = '(SELECT open_amount FROM reminder.invoice i WHERE i.creditor_id = %1$s AND i.invoice_no = %2$s)';
my $fees = 'coalesce((SELECT fees - fees_paid - fees_waived + interest - interest_paid - interest_waived FROM reminder.collection_case k WHERE k.creditor_id = %1$s AND k.invoice_no = %2$s AND ended_on IS NULL), 0)';

my %operations = (
	customer => sub {
		my $no = 'K' . ++$h{n};
		push @{ $h{customers} }, $no if do_it(customer => "INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, class, blocked) VALUES ($h{c}, '$no', 'N', '"
			. one('company', 'company', 'person', 'public') . "', " . quoted(one(undef, undef, 'SE', 'FI')) . ', ' . quoted(one(undef, undef, undef, 'own', 'out', 'plain')) . ', ' . (chance(0.05) ? 'true' : 'false') . ')');
	},
	invoice => sub {
		my $no = 'F' . ++$h{n};
		my $due = $h{today} + int(rand 50) - 38;
		my $amount = one(30, 99.99, 100, 250.5, 1000, 12000);
		push @{ $h{invoices} }, $no if do_it(invoice => "INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount, open_amount, fee_by_hand, external_collection) VALUES"
			. " ($h{c}, '$no', '" . one(@{ $h{customers} }) . "', '" . one(('invoice') x 12, 'credit_note', 'interest', 'factored') . "', '" . day($due - 20) . "', '" . day($due) . "', '"
			. one(($h{currency}) x 9, 'NOK') . "', $amount, " . (chance(0.1) ? $amount / 2 : 'NULL') . ', ' . one((0) x 5, 5) . ', ' . (chance(0.03) ? 'true' : 'false') . ')');
	},
	pay => sub {
		my ($invoice) = @_;
		my $no = 'P' . ++$h{n};
		my $amount = one($open, $open, "$open + $fees", "$open + $fees", "round($open / 2, 2)", "$open + $fees / 2", "$open + $fees + 100", '50');
		push @{ $h{payments} }, $no if do_it(pay => sprintf("INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, reference, paid_on, allocates, amount) SELECT \%1\$s, '$no', "
			. (chance(0.1) ? 'NULL' : '%2$s') . ", \%2\$s, '" . day($h{today} - one(0, 0, 0, 9)) . "', " . quoted(one(undef, undef, undef, 'law', 'principal')) . ", greatest($amount, 0.01)", $h{c}, $invoice));
	},
	pay_many => sub {
		do_it(pay_many => "INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) SELECT $h{c}, 'M" . ++$h{n} . "' || n || invoice_no, invoice_no, '"
			. day($h{today}) . "', 40 * n FROM reminder.invoice, generate_series(1, 3) n WHERE creditor_id = $h{c} AND right(invoice_no, 1) = '" . int(rand 10) . "'");
	},
	bounce => sub { return unless @{ $h{payments} }; do_it(bounce => "UPDATE reminder.payment SET bounced_on = '" . day($h{today}) . "' WHERE creditor_id = $h{c} AND payment_no = '" . one(@{ $h{payments} }) . "'"); },
	unbounce => sub { do_it(unbounce => "UPDATE reminder.payment SET bounced_on = NULL WHERE creditor_id = $h{c} AND bounced_on IS NOT NULL"); },
	unpay => sub { return unless @{ $h{payments} }; do_it(unpay => "DELETE FROM reminder.payment WHERE creditor_id = $h{c} AND payment_no = '" . one(@{ $h{payments} }) . "'"); },
	repay => sub {
		my ($invoice) = @_;
		return unless @{ $h{payments} };
		do_it(repay => "UPDATE reminder.payment SET " . one("amount = amount + 10", "amount = amount / 2 + 1", "invoice_no = $invoice", "invoice_no = NULL") . " WHERE creditor_id = $h{c} AND payment_no = '" . one(@{ $h{payments} }) . "'");
	},
	refund => sub { do_it(refund => "INSERT INTO reminder.refund (creditor_id, payment_no, refunded_on, amount) SELECT creditor_id, payment_no, '" . day($h{today}) . "', balance FROM reminder.credit_balance WHERE creditor_id = $h{c} AND balance > 0 LIMIT 1"); },
	credit => sub {
		my ($invoice) = @_;
		my $no = 'C' . ++$h{n};
		push @{ $h{credits} }, $no if do_it(credit => sprintf("INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, kind, credited_on, amount) SELECT \%1\$s, '$no', \%2\$s, '"
			. one(qw(credit void offset)) . "', '" . day($h{today}) . "', greatest(" . one($open, "round($open / 3, 2)", '25') . ', 0.01)', $h{c}, $invoice));
	},
	recredit => sub {
		return unless @{ $h{credits} };
		do_it(recredit => one("DELETE FROM reminder.credit", "UPDATE reminder.credit SET amount = amount / 2 + 1") . " WHERE creditor_id = $h{c} AND credit_no = '" . one(@{ $h{credits} }) . "'");
	},
	credit_in_case => sub { my ($invoice) = @_; do_it(credit_in_case => sprintf("SELECT reminder.credit_in_case(\%1\$s, \%2\$s, " . one($open, "round($open / 2, 2)") . ", 'r', '" . day($h{today}) . "')", $h{c}, $invoice)); },
	hold => sub { my ($invoice) = @_; do_it(hold => "SELECT reminder.hold($h{c}, $invoice, '" . one(qw(dispute promise manual)) . "', " . one('NULL', "'" . day($h{today} + 7) . "'") . ", '" . day($h{today}) . "')"); },
	release => sub { my ($invoice) = @_; do_it(release => "SELECT reminder.release($h{c}, $invoice, '" . day($h{today}) . "')"); },
	withdraw => sub { my ($invoice) = @_; do_it(withdraw => "SELECT reminder.withdraw($h{c}, $invoice, 'r', '" . day($h{today}) . "')"); },
	put_back => sub { my ($invoice) = @_; do_it(put_back => "SELECT reminder.put_back($h{c}, $invoice, '" . day($h{today}) . "')"); },
	take_back => sub { my ($invoice) = @_; do_it(take_back => "SELECT reminder.take_back_letter($h{c}, $invoice, 'r', '" . day($h{today}) . "')"); },
	waive => sub {
		my ($invoice) = @_;
		do_it(waive => "SELECT reminder." . one('waive_fee', 'waive_interest') . "($h{c}, " . one($invoice, "(SELECT k.invoice_no FROM reminder.collection_case k WHERE k.creditor_id = $h{c} AND k.ended_on IS NULL ORDER BY random() LIMIT 1)")
			. ', ' . one('NULL', 1, 5, 20) . ", 'r', '" . day($h{today}) . "')");
	},
	send_now => sub {
		my ($invoice) = @_;
		do_it(send_now => "SELECT reminder.send_now($h{c}, ARRAY[$invoice, '" . (@{ $h{invoices} } ? one(@{ $h{invoices} }) : 'nix') . "'], '" . day($h{today}) . "', "
			. one('NULL', 'NULL', "'reminder'", "'notice'", "'demand'") . ', ' . one('false', 'false', 'true') . ')');
	},
	record_letter => sub {
		my ($invoice) = @_;
		do_it(record_letter => "SELECT reminder.record_letter($h{c}, $invoice, '" . one(qw(reminder notice demand)) . "', '" . day($h{today} - one(0, 1, 5, 20)) . "', "
			. one('NULL', 5, 10, 12) . ", '" . day($h{today}) . "', " . one('NULL', "'" . day($h{today} + 10) . "'") . ')');
	},
	waive_step => sub { my ($invoice) = @_; do_it(waive_step => "SELECT reminder.waive_step($h{c}, $invoice, NULL, 'r', '" . day($h{today}) . "')"); },
	approve => sub { my ($invoice) = @_; do_it(approve => "SELECT reminder." . one('approve_letters', 'approve_letters', 'withdraw_approval') . "($h{c}, ARRAY[$invoice], '" . day($h{today}) . "')"); },
	take_out => sub { my ($invoice) = @_; do_it(take_out => "SELECT reminder.take_out($h{c}, $invoice, '" . day($h{today}) . "')"); },
	close_case => sub { my ($invoice) = @_; do_it(close_case => "SELECT reminder.close_case($h{c}, $invoice, 'lapsed', '" . day($h{today}) . "')"); },
	enforce => sub { my ($invoice) = @_; do_it(enforce => "SELECT reminder." . one("hand_to_enforcement($h{c}, $invoice, 'U', ", "back_to_monitoring($h{c}, $invoice, ") . "'" . day($h{today}) . "')"); },
	letter => sub { my ($invoice) = @_; do_it(letter => "SELECT reminder." . one('confirm_letter(d.creditor_id, d.invoice_no, d.stage, ', "fail_letter(d.creditor_id, d.invoice_no, d.stage, 'x', ") . "'" . day($h{today}) . "') FROM reminder.decision d WHERE d.creditor_id = $h{c} AND d.status = 'queued' AND d.taken_back = 0 AND random() < 0.5"); },
	loss => sub {
		my ($invoice) = @_;
		my $no = 'L' . ++$h{n};
		push @{ $h{losses} }, $no if do_it(loss => "INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES ($h{c}, $invoice, '$no', '" . one(qw(doubtful confirmed)) . "', '" . day($h{today}) . "', 10)");
	},
	unlose => sub {
		return unless @{ $h{losses} };
		do_it(unlose => one("UPDATE reminder.credit_loss SET reversed_on = '" . day($h{today}) . "'", "UPDATE reminder.credit_loss SET reversed_on = NULL", 'DELETE FROM reminder.credit_loss') . " WHERE creditor_id = $h{c} AND loss_no = '" . one(@{ $h{losses} }) . "'");
	},
	kind => sub { do_it(kind => "UPDATE reminder.customer SET kind = '" . one(qw(company person public)) . "' WHERE creditor_id = $h{c} AND customer_no = '" . one(@{ $h{customers} }) . "'"); },
	class => sub { do_it(class => "UPDATE reminder.customer SET " . one("class = 'own'", "class = 'out'", 'class = NULL', "country = 'NO'", 'country = NULL', 'blocked = NOT blocked', 'collection_ban = NOT collection_ban', "standing = 'bankrupt'", "standing = 'normal'", 'consumer_einvoice = NOT consumer_einvoice')
		. " WHERE creditor_id = $h{c} AND customer_no = '" . one(@{ $h{customers} }) . "'"); },
	move => sub { do_it(move => "SELECT reminder." . one("move_customers($h{c}, ARRAY['" . one(@{ $h{customers} }) . "'], " . one(1, 2, 3, 'NULL') . ')', "block_customers($h{c}, ARRAY['" . one(@{ $h{customers} }) . "'])")); },
	rule => sub {
		do_it(rule => one(
			"UPDATE reminder.rule SET enabled = NOT enabled WHERE creditor_id = $h{c} AND rule_no = " . one(1, 2, 3),
			"UPDATE reminder.rule SET " . one("catches_up = NOT catches_up", "claims_interest = NOT claims_interest", "claims_compensation = NOT claims_compensation", "interest_percent = 20", "interest_percent = NULL") . " WHERE creditor_id = $h{c} AND rule_no = 3",
			"UPDATE reminder.rule_step SET wait = wait + " . one(1, 3) . ", fee = " . one('fee', 'NULL', $h{se} ? '15' : '5') . " WHERE creditor_id = $h{c} AND rule_no = " . one(1, 2, 3) . " AND stage <> 'monitoring'",
			"DELETE FROM reminder.rule_step WHERE creditor_id = $h{c} AND rule_no = 3 AND stage = 'reminder' AND nth = 2",
			"INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, fee) VALUES ($h{c}, 3, 'notice', " . ($h{se} ? '3, 4, 20' : '10, 4, 12') . ")",
			"UPDATE reminder.rule_step SET approval = NOT approval WHERE creditor_id = $h{c} AND stage = '" . one(qw(reminder demand)) . "' AND rule_no = " . one(1, 2, 3),
			"INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest) VALUES ($h{c}, 3, '$h{currency}', 100)",
			"DELETE FROM reminder.rule_window WHERE creditor_id = $h{c}",
			"UPDATE reminder.customer_class SET excluded = NOT excluded WHERE creditor_id = $h{c} AND class = 'plain'",
			"UPDATE reminder.customer_class SET rule_no = " . one(1, 2, 3, 'NULL') . " WHERE creditor_id = $h{c} AND class = 'plain'",
			"UPDATE reminder.creditor SET foreign_customers = '" . one('blocked', 'general') . "' WHERE creditor_id = $h{c}",
			"DELETE FROM reminder.rule WHERE creditor_id = $h{c} AND rule_no = 3 AND random() < 0.1"));
	},
	automation => sub { do_it(automation => one("SELECT reminder.deactivate($h{c})", ("SELECT reminder.activate($h{c}, confirm => true)") x 3)); },
	terms => sub {
		my ($invoice) = @_;
		do_it(terms => one("UPDATE reminder.invoice SET due_date = due_date + 5", "UPDATE reminder.invoice SET amount = amount + 10", "UPDATE reminder.invoice SET kind = 'credit_note'", "UPDATE reminder.invoice SET kind = 'invoice'",
			"UPDATE reminder.invoice SET customer_no = '" . one(@{ $h{customers} }) . "'", "UPDATE reminder.invoice SET external_collection = NOT external_collection", "UPDATE reminder.invoice SET branch = 'b'", "DELETE FROM reminder.invoice")
			. " WHERE creditor_id = $h{c} AND invoice_no = $invoice");
	},
	forget => sub { do_it(forget => "DELETE FROM reminder.customer WHERE creditor_id = $h{c} AND customer_no = '" . one(@{ $h{customers} }) . "'"); },
	# Done and undone.
	undone => sub {
		my ($invoice) = @_;
		do_it(undone => "BEGIN; SAVEPOINT s; INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES ($h{c}, 'undone', $invoice, '" . day($h{today}) . "', 70); ROLLBACK TO s;"
			. " SELECT reminder.hold($h{c}, $invoice, 'manual', NULL, '" . day($h{today}) . "'); " . one('COMMIT', 'ROLLBACK'));
	},
	run => sub {
		# Now and then for the same date again.
		$h{today} += one(0, 1, 1, 2, 3, 5, 8, 12, 15, 20);
		return unless do_it(day => "SELECT public.note_day($h{c}, '" . day($h{today}) . "')") && do_it(run => "CALL public.run_as_planned('" . day($h{today}) . "', $h{c})");
		my $differences = $session->output;
		broken("the run differs from its plan: $differences") if $differences ne '';
	},
	run_in_block => sub {
		$h{today} += one(0, 1, 4);
		do_it(day => "SELECT public.note_day($h{c}, '" . day($h{today}) . "')");
		do_it(run_in_block => "SET client_min_messages = error; BEGIN; CALL reminder.run('" . day($h{today}) . "', $h{c}); " . one('COMMIT', 'COMMIT', 'ROLLBACK'));
	});

sub operation
{
	my ($what) = @_;
	my $invoice = @{ $h{invoices} } ? "'" . one(@{ $h{invoices} }) . "'" : 'NULL';
	$operations{$what}->($invoice);
	return;
}

# Often what moves a history, now and then the rest.
my @often = ((map { ($_) x 12 } 'run'), (map { ($_) x 3 } qw(invoice pay)), (map { ($_) x 2 } qw(bounce unpay withdraw put_back credit_in_case loss letter rule take_back waive send_now)),
	sort keys %operations);

# The part of check() that reads rows; the rest once a history.
my $look = join ' UNION ALL ', (map { "SELECT * FROM reminder._check_$_()" } qw(money cases ladder runs)), 'SELECT rule, object, creditor::text, found FROM reminder.conservation()',
	q{SELECT 'case_status', NULL, NULL, o FROM public.status_otherwise() o};
sub looked
{
	my $found = $session->sql($_[0]);
	broken("check() finds: $found") if $found ne '';
	return;
}

my ($lived, $done, $decided) = (0, 0, 0);

# Ends the work in a database.
sub leave
{
	return unless $session;
	$decided += $session->sql('SELECT count(*) FROM reminder.decision');
	$session->quit;
	return;
}

for my $history (1 .. $histories)
{
	# A few creditors a database, so that check() stays quick.
	if ($history % 25 == 1)
	{
		leave();
		my $database = 'model' . $history;
		$node->safe_psql('postgres', "CREATE DATABASE $database TEMPLATE model");
		$session = Session->new($node, $database);
		$session->sql('SET client_min_messages = error');
	}
	# Each history can be had alone: SEED=… of its own.
	srand($seed + $history);
	fresh($history);
	for (1 .. $steps)
	{
		last if $failed;
		operation(one(@often));
		$done++;
		last if $failed;
		looked($look);
	}
	looked('SELECT * FROM reminder.check()') unless $failed;
	do_it(day => "SELECT public.note_day($h{c}, '" . day($h{today} + 1) . "')") unless $failed;
	looked("SELECT * FROM public.was_otherwise($h{c})") unless $failed;
	looked("SELECT * FROM public.one_otherwise($h{c})") unless $failed;
	last if $failed || time - $^T > $seconds;
	$lived++;
}
ok(!$failed, "$done steps in $lived histories") or diag "SEED=$seed\n$failed";
for my $what (sort keys %tally)
{
	note sprintf '%-14s %s', $what, join ' ', map { "$_:$tally{$what}{$_}" } sort keys %{ $tally{$what} };
}
my @never = grep { !$tally{$_}{'00000'} } sort keys %operations;
cmp_ok(scalar @never, '<=', 2, "nearly all operations went through at some time, not @never") unless $failed || $lived < 50;
leave();
cmp_ok($decided, '>', 0, 'there are decisions');

done_testing();
