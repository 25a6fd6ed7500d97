# doc/errors.md says what every error is: each SQLSTATE and message that the
# sources raise, each constraint that a user can meet; and a regression test
# has seen each of our own codes.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Reminder;
use Test::More;

my $doc = slurp_file('doc/errors.md');
my $section = qr/^### (\w{5}): .*?(?=^##)/ms;

# What stands in the sources.
my (%own, %stock, %message);
my $header = slurp_file('src/errors.h');
my %macro;
while ($header =~ /#define (ERRCODE_REMINDER_\w+)\s+MAKE_SQLSTATE\(([^)]*)\)/g)
{
	my ($name, $letters) = ($1, $2);
	$macro{$name} = join '', $letters =~ /'(.)'/g;
	$own{ $macro{$name} }{'src/errors.h'} = 1;
}
my $errcodes = qx($ENV{PG_CONFIG} --includedir-server);
chomp $errcodes;
my %condition;
for my $line (slurp_file("$errcodes/utils/errcodes.h") =~ /^#define (ERRCODE_\w+ MAKE_SQLSTATE\([^)]*\))/mg)
{
	my ($name) = $line =~ /^(\w+)/;
	$condition{$name} = join '', $line =~ /'(.)'/g;
}

# A message as the document has it: what is filled in is an ellipsis.
sub as_documented
{
	my ($message) = @_;
	$message =~ s/\\"/"/g;
	$message =~ s/" INT64_FORMAT "/%s/g;
	$message =~ s/%\+?[.*\d]*l*[sdu]|%%?/…/g;
	return $message;
}

for my $file (glob 'src/*.c')
{
	my $source = slurp_file($file);
	while ($source =~ /errcode\((ERRCODE_\w+)\),(.*?)\)\s*\);\n/gs)
	{
		my ($name, $rest) = ($1, $2);
		my $code = $macro{$name} // $condition{$name};
		ok(defined $code, "$file: $name is a SQLSTATE") or next;
		($name =~ /REMINDER/ ? \%own : \%stock)->{$code}{$file} = 1;
		next unless $name =~ /REMINDER/;
		while ($rest =~ /errmsg(?:_plural)?\(((?:"(?:[^"\\]|\\.)*"|\s|INT64_FORMAT|,(?=\s*"))+)/g)
		{
			my $text = $1;
			$text =~ s/"\s*INT64_FORMAT\s*"/%s/g;
			$message{ as_documented($_) }{"$file $code"} = 1 for $text =~ /"((?:[^"\\]|\\.)*)"/g;
		}
	}
}
my $raised = qr/RAISE EXCEPTION (?:USING MESSAGE = (?:format\()?reminder\._say\()?/;
for my $file (glob 'sql/*/*.sql')
{
	my $source = slurp_file($file);
	while ($source =~ /$raised'((?:[^']|'')*)'.*?ERRCODE = '(\w+)'/gs)
	{
		my ($message, $code) = ($1, $2);
		$message =~ s/''/'/g;
		if ($code =~ /^..R..$/)
		{
			$own{$code}{$file} = 1;
		}
		else
		{
			my $stock = $condition{ 'ERRCODE_' . uc $code } // $condition{ 'ERRCODE_T_R_' . uc $code };
			ok(defined $stock, "$file: $code is a condition") or next;
			$stock{$stock}{$file} = 1;
			next unless $stock =~ /^42P/;
		}
		$message{ as_documented($message) }{"$file $code"} = 1;
	}
	# What is written in another way would escape the test.
	my $exceptions = () = $source =~ /RAISE EXCEPTION/g;
	my $understood = () = $source =~ /$raised'(?:[^']|'')*'.*?ERRCODE = '\w+'/gs;
	is($understood, $exceptions, "$file: every exception has a message and an ERRCODE") if $exceptions;
	# Guards speak the session's language, in all that they say.
	while ($source =~ /RAISE EXCEPTION ((?:(?!;\s*\n).)*ERRCODE = '(?:23R|42R).*?;)\s*\n/gs)
	{
		my $texts = $1;
		$texts =~ s/reminder\._say\('(?:[^']|'')*'\)//g;
		unlike($texts, qr/'[^']* [^']*'/, "$file: what a guard says goes through _say()");
	}
}
cmp_ok(scalar keys %own, '>=', 14, 'there are codes of our own');
cmp_ok(scalar keys %message, '>=', 40, 'and messages');

# What regression tests have seen.
my $seen = join '', map { slurp_file($_) } glob 'expected/*.out';
my %documented;
$documented{$1} = $& while $doc =~ /$section/g;
for my $code (sort keys %own)
{
	my $where = join ', ', sort keys %{ $own{$code} };
	ok($documented{$code}, "$code ($where) has a section in doc/errors.md");
	ok($seen =~ /\b$code\b/, "$code is seen in expected/*.out");
}
ok($own{$_}, "$_ of doc/errors.md is raised somewhere") for sort keys %documented;
for my $code (sort keys %stock)
{
	ok($doc =~ /^\| $code \|/m, "$code (" . join(', ', sort keys %{ $stock{$code} }) . ') is in doc/errors.md');
}
for my $message (sort keys %message)
{
	ok(index($doc, $message) >= 0, "in doc/errors.md: $message (" . join(', ', sort keys %{ $message{$message} }) . ')');
}

# Constraints: all of what an application writes, and what keeps others from
# deleting it; none that there is not.
my $node = Reminder->cluster('errors');
Reminder->install($node);
my @there = split /\n/, $node->safe_psql('postgres', q{
	WITH kept AS (
	  SELECT g.tgrelid AS oid FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid
	  WHERE c.relnamespace = 'reminder'::regnamespace AND g.tgname = c.relname || '_kept')
	SELECT k.conname FROM pg_constraint k
	WHERE k.connamespace = 'reminder'::regnamespace AND k.contype IN ('c', 'f', 'p', 'u')
	  AND (k.conrelid NOT IN (SELECT oid FROM kept) OR k.contype = 'f' AND k.confrelid NOT IN (SELECT oid FROM kept))
	UNION
	SELECT i.indexrelid::regclass::name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
	WHERE c.relnamespace = 'reminder'::regnamespace AND i.indisunique AND i.indpred IS NOT NULL});
s/^reminder\.//, s/: .*// for @there;
cmp_ok(scalar @there, '>=', 100, 'there are constraints');
my ($list) = $doc =~ /^## Constraints\n(.*)/ms;
ok($list =~ /`$_`/, "$_ is in doc/errors.md") for sort @there;
my %all = map { s/: .*//r => 1 } split /\n/, $node->safe_psql('postgres', q{
	SELECT conname FROM pg_constraint WHERE connamespace = 'reminder'::regnamespace
	UNION SELECT relname FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'i'});
ok($all{$_}, "$_ of doc/errors.md is there") for sort { $a cmp $b } $list =~ /`(\w+_\w+)`/g;

$node->stop;
done_testing();
