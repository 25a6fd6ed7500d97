# Every message that the sources can say is translated into every language of
# po/LINGUAS, with the same conversions (G4).
use strict;
use warnings;

use Catalogue;
use PostgreSQL::Test::Utils;
use Test::More;

plan skip_all => 'no gettext to read the sources with'
  if grep { system("command -v $_ >/dev/null") != 0 } qw(xgettext msgfmt);

# What a template cannot hold: a message in parts of the preprocessor's.
for my $file (glob 'src/*.c')
{
	my $source = slurp_file($file);
	unlike($source, qr/err(?:msg|detail|hint)\w*\((?:"(?:[^"\\]|\\.)*"\s*)+[A-Z]\w+/, "$file: messages are whole: %lld, not INT64_FORMAT") if $source =~ /ereport/;
	like($source, qr/#include "errors\.h"/, "$file: says which catalogue its messages are in") if $source =~ /\bereport\(/;
}

my $template = Catalogue->template;
cmp_ok(scalar keys %$template, '>', 180, 'there are messages');
for my $message ('cannot book a credit loss on invoice "%s" while its collection case is active', 'general rule "%s" cannot be deleted', 'credit of %s is more than is open on invoice "%s"')
{
	ok($template->{$message}, "among them: $message");
}
is(join(' ', Catalogue->languages), join(' ', map { m{po/(\w+)\.po} } glob 'po/*.po'), 'po/LINGUAS has the languages that there are');

for my $language (Catalogue->languages)
{
	my $file = "po/$language.po";
	my $said = qx(msgfmt --check -o /dev/null $file 2>&1);
	is($said, '', "$file: msgfmt finds nothing");
	my $translated = Catalogue->read($file);
	for my $message (sort keys %$template)
	{
		my $texts = $translated->{$message};
		ok($texts && !grep({ $_ eq '' } @$texts), "$file: $message") or next;
		is(scalar @$texts, scalar @{ $template->{$message} }, "$file: as many forms");
		for my $text (@$texts)
		{
			is(Catalogue->conversions($text), Catalogue->conversions($message), "$file: the same conversions: $message");
			ok($message =~ /^SELECT \* FROM reminder\.check\(\);$/ || $text ne $message, "$file: in its own words: $message");
			# as PostgreSQL writes them: a sentence ends, a message does not
			is(($text =~ /[.;]$/ ? 1 : 0), ($message =~ /[.;]$/ ? 1 : 0), "$file: as much of a sentence: $message");
			my @names = $message =~ /(reminder\.\w+|\b[a-z]+_\w+)/g;
			is_deeply([ grep { index($text, $_) < 0 } @names ], [], "$file: the same names: $message") if @names;
		}
	}
}

done_testing();
