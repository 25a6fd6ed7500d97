# What the README prints as a session is what the session printed: every block
# of "The first ten minutes", but those of calls that give nothing back, stands
# in expected/readme.out, which test/sql/readme.sql is compared with.
use strict;
use warnings;
use Test::More;

sub slurp
{
	my ($file) = @_;
	local $/;
	open my $handle, '<:encoding(UTF-8)', $file or die "$file: $!";
	return <$handle>;
}

my $readme = slurp('README.md');
my $session = slurp('expected/readme.out');

my ($minutes) = $readme =~ /^## The first ten minutes\n(.*?)^## /ms
  or die 'README.md has no first ten minutes';
my @blocks = $minutes =~ /^```sql\n(.*?)^```\n/msg;
cmp_ok(scalar @blocks, '>=', 9, 'the first ten minutes are there');

for my $block (@blocks)
{
	my ($title) = split /\n/, $block;
	if ($block =~ /^[^-(]*;\n\z/ || $block !~ /\([0-9]+ rows?\)|^ERROR|^INSERT|^CREATE/m)
	{
		# calls that give nothing back: each statement stands in the session
		ok(index($session, $_) >= 0, "in the session: $_") for split /\n/, $block;
		next;
	}
	ok(index($session, $block) >= 0, "as printed: $title");
}

# An application's own tables: the same, from another test; and how many statements it takes.
$session = slurp('expected/readme_attach.out');
my ($own) = $readme =~ /^## On your own tables\n(.*?)^## /ms or die 'README.md has nothing of own tables';
@blocks = $own =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @blocks, 7, 'own tables are there');
for my $block (@blocks)
{
	ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0])
	  for $block =~ /\([0-9]+ rows?\)|^ERROR/m ? (split /\n\n/, $block) : split /\n/, $block;
}
my ($refused) = grep { $blocks[$_] =~ /^ERROR/m } 0 .. $#blocks;
cmp_ok(scalar(() = join('', grep { !/^SELECT [^(]* FROM/ } map { split /(?<=;)\n/ } @blocks[ 0 .. $refused ]) =~ /;$/mg), '<', 10, 'a loss is refused in under ten statements');

# A clerk's morning: the same, from another test.
$session = slurp('expected/readme_clerk.out');
my ($clerk) = $readme =~ /^### A clerk's morning\n(.*?)^### /ms or die 'README.md has no morning of a clerk';
@blocks = $clerk =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @blocks, 5, "a clerk's morning is there");
for my $block (@blocks)
{
	my ($title) = split /\n/, $block;
	ok(index($session, $_) >= 0, "as printed: $title") for $block =~ /\([0-9]+ rows?\)/ ? ($block) : split /\n/, $block;
}
is(scalar(() = $blocks[0] =~ /;$/mg), 5, 'and a creditor is five statements');

# What the README says of rules and the law, two tests say of creditor 50.
($session = slurp('expected/rule_law.out') . slurp('expected/rule_preview.out')) =~ s/\(50, /(1, /g;
my ($law) = $readme =~ /^### Rules and the law\n(.*?)^### /ms or die 'README.md has no rules and the law';
my @shown = grep { /^ERROR|\([0-9]+ rows?\)/m } $law =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 3, 'rules and the law are there');
ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0]) for @shown;

# What it says of payment plans, another test does.
$session = slurp('expected/readme_payment_plan.out');
my ($plan) = $readme =~ /^### Agree on a payment plan\n(.*?)^### /ms or die 'README.md has no payment plan';
@shown = $plan =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 7, 'a payment plan is there');
for my $block (@shown)
{
	ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0])
	  for $block =~ /\([0-9]+ rows?\)/ ? ($block) : split /\n/, $block;
}

# What it says of settling with a creditor, another test does.
$session = slurp('expected/readme_settlement.out');
my ($settling) = $readme =~ /^### Settle with a creditor\n(.*?)^### /ms or die 'README.md does not say how to settle';
@shown = $settling =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 5, 'settling is there');
for my $block (@shown)
{
	ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0])
	  for $block =~ /\([0-9]+ rows?\)/ ? (split /\n\n/, $block) : split /\n/, $block;
}

# And of reconciling.
$session = slurp('expected/readme_reconciliation.out');
my ($reconciling) = $readme =~ /^### Reconcile with the general ledger\n(.*?)^### /ms or die 'README.md does not reconcile';
@shown = $reconciling =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 3, 'reconciling is there');
for my $block (@shown)
{
	ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0])
	  for $block =~ /\([0-9]+ rows?\)/ ? (split /\n\n/, $block) : $block;
}

# And of what debtors see.
$session = slurp('expected/readme_debtor.out');
my ($debtor) = $readme =~ /^### Let debtors see what they owe\n(.*?)^### /ms or die 'README.md has no debtors';
@shown = $debtor =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 5, 'what debtors see is there');
ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0]) for @shown;

# What it says of agencies, another test does.
$session = slurp('expected/readme_agency.out');
my ($agency) = $readme =~ /^### Hand over to an agency\n(.*?)^### /ms or die 'README.md hands nothing over';
@shown = $agency =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 9, 'handing over to an agency is there');
ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0]) for @shown;

# What it says of things done by hand, another test does.
$session = slurp('expected/readme_by_hand.out');
my ($hand) = $readme =~ /^(### Send letters by hand.*?)^### Money in/ms or die 'README.md has nothing by hand';
@shown = $hand =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 8, 'letters by hand, approval, one letter for several invoices and taking over are there');
for my $block (@shown)
{
	ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0])
	  for $block =~ /\([0-9]+ rows?\)/ ? ($block) : split /\n/, $block;
}

# And of who may do what, with roles that no cluster has.
($session = slurp('expected/walls.out')) =~ s/\bregress_//g;
my ($rights) = $readme =~ /^### Who may do what\n(.*?)^### /ms or die 'README.md has no rights';
@shown = $rights =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 4, 'who may do what is there');
for my $block (@shown)
{
	my @parts = $block =~ /^ERROR|^ *creditor_id \|/m ? split /\n\n/, $block : grep { /^INSERT|raise_walls|^GRANT/ } split /\n/, $block;
	s/\n\z// for @parts;
	ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0]) for @parts;
}

# What it says of sending letters, another does.
$session = slurp('expected/sending.out');
my ($sending) = $readme =~ /^### Send letters\n(.*?)^### /ms or die 'README.md does not say how to send letters';
@shown = grep { /\([0-9]+ rows?\)/ } $sending =~ /^```sql\n(.*?)^```\n/msg;
is(scalar @shown, 3, 'sending letters is there');
ok(index($session, $_) >= 0, 'as printed: ' . (split /\n/)[0]) for @shown;

# Every function of the reference exists by that name in the sources.
my $sources = join '', map { slurp($_) } glob('sql/extension/*.sql sql/install/_head.sql');
my %known = map { $_ => 1 } $sources =~ /^CREATE (?:FUNCTION|PROCEDURE) reminder\.(\w+)\(/mg, $sources =~ /^ *\('(sees\w*)', '/mg;
my ($functions) = $readme =~ /^### Functions\n(.*?)^`\\df/ms;
for my $line (split /\n/, $functions)
{
	my ($first) = $line =~ /^\| (.*?) \| / or next;
	for my $name ($first =~ /(\w+)(?=\(|`)/g)
	{
		ok($known{$name}, "there is a function $name") unless $name =~ /^(?:CALL|creditor_id|true|preset|as_of|function)$/;
	}
}

done_testing();
