# An agent that is killed between claiming claims for an agency and saying that it
# took them over (C8): every claim reaches the agency, under its dedupe key, however
# often the agent is killed; what was acknowledged is not given again. The agency's
# messages, sent again after a kill, count once.
use strict;
use warnings;

use Reminder;
use Session;
use Test::More;
use Time::HiRes qw(sleep time);

my $node = Reminder->cluster('main');
Reminder->install($node, 'book');
my $session = Session->new($node, 'book');
$session->sql(<<'SQL');
INSERT INTO reminder.account VALUES (1, 'Account');
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, sender_address, claim_description) VALUES (1, 1, 'Creditor', '5402-9681', 'Street 1', 'Goods');
SELECT reminder.add_preset(1, 'netvisor'), reminder.activate(1, confirm => true), reminder.activate_channel(1, 'intrum_collection');
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up) VALUES (1, 10, 'Agency', 'company', 'creditor', true);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, channel) VALUES (1, 10, 'demand', 10, 10, 'intrum_collection');
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule) VALUES (1, 'c', 'Customer', 10);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'F' || n, 'c', '2026-01-01', '2026-02-02', 'SEK', 1000 FROM generate_series(1, 60) n;
SQL
$session->sql("CALL reminder.run('2026-02-20', 1)");

# What the agency has been given, by key.
my %given;

# kill -9 of an agent, and until the server has noticed.
sub kill_agent
{
	my ($agent) = @_;
	kill 'KILL', $agent->{pid};
	waitpid $agent->{pid}, 0;
	sleep 0.1 while $session->sql('SELECT count(*) FROM pg_stat_activity WHERE pid = ' . $agent->backend);
	return 0;
}

# An agent, that is killed at a place. Gives how many claims it handed over.
sub agent
{
	my ($dies) = @_;
	my $agent = Session->new($node, 'book');
	my $die = sub { return kill_agent($agent) };
	$agent->sql('BEGIN') if $dies eq 'before its claim is committed';
	my @keys = split /\n/, $agent->sql("SELECT dedupe_key FROM reminder.claim_handovers('intrum', 1, 10, '1 second')");
	return $die->() if $dies eq 'before its claim is committed' || $dies eq 'when it has claimed';
	$given{$_}++ for @keys;
	return $die->() if $dies eq 'when the agency has them';
	my $list = join ',', @keys;
	$agent->sql('BEGIN') if $dies eq 'while it acknowledges';
	$agent->sql("SELECT count(*) FROM reminder.acknowledge_handovers('intrum', '{$list}', '2026-02-21', 1)");
	return $die->() if $dies eq 'while it acknowledges';
	return scalar @keys;
}

for my $dies ('before its claim is committed', 'when it has claimed', 'when the agency has them', 'while it acknowledges')
{
	agent($dies);
	is($session->sql('SELECT count(*) FROM reminder.handover'), '0', "killed $dies: nothing is acknowledged");
}
my %once = %given;
my $until = time + 60;
while (time < $until && $session->sql("SELECT count(*) FROM reminder.decision WHERE status = 'queued'") > 0)
{
	agent('never') || sleep 0.3;
}
is($session->sql("SELECT count(*) FROM reminder.decision WHERE status = 'sent'"), '60', 'other agents go on: all are acknowledged');
is($session->sql("SELECT count(*) FROM reminder.handover WHERE answer = 'acknowledged'"), '60', 'each once');
is(scalar keys %given, 60, 'and the agency has every one, by its key');
is_deeply([ grep { $given{$_} > 1 && !$once{$_} } sort keys %given ], [], 'only what it had been given before a kill did it get again');
is($session->sql("SELECT count(*) FROM reminder.claim_handovers('intrum', 1, 100)"), '0', 'nothing is left to hand over');

# Its messages: the agent dies before it commits, and sends them again.
my $take = "SELECT string_agg(DISTINCT outcome, ',') FROM reminder.take_agency_messages(1, 'intrum', (SELECT jsonb_agg(jsonb_build_object('id', 'm' || n, 'invoice_no', 'F' || n, 'kind', 'payment', 'date', '2026-02-22', 'amount', 400)) FROM generate_series(1, 60) n), '2026-02-22')";
my $agent = Session->new($node, 'book');
is($agent->sql("BEGIN; $take"), 'taken', 'messages are taken');
kill_agent($agent);
is($session->sql('SELECT count(*) FROM reminder.payment'), '0', 'and when the agent is killed before it commits, none was');
is($session->sql($take), 'taken', 'sent again they are taken');
is($session->sql($take), 'already_taken', 'and again, they say that they were');
is($session->sql('SELECT count(*), sum(amount) FROM reminder.payment'), '60|24000.00', 'what was paid counts once');
is($session->sql('SELECT count(*) FROM reminder.conservation()'), '0', 'and it adds up');
done_testing();
