# Catalogue - messages and their translations (po/), for the tests in test/t.
#
#   my $template = Catalogue->template;      # what the sources say
#   my $swedish = Catalogue->read('po/sv.po');
#   $swedish->{$msgid}                       # its texts: one, or two of a plural
#   Catalogue->conversions($text)            # %s and its like, in order
#   Catalogue->languages                     # of po/LINGUAS
package Catalogue;

use strict;
use warnings;

use PostgreSQL::Test::Utils;

sub languages
{
	return split ' ', slurp_file('po/LINGUAS');
}

sub template
{
	my ($class) = @_;
	my $pot = qx(script/messages);
	die 'script/messages failed' if $?;
	return $class->parse($pot);
}

sub read
{
	my ($class, $file) = @_;
	return $class->parse(slurp_file($file));
}

# Each msgid with its translations; what is fuzzy or obsolete is none.
sub parse
{
	my ($class, $po) = @_;
	my %texts;
	for my $entry (split /\n{2,}/, $po)
	{
		next if $entry =~ /^#,.*\bfuzzy\b/m || $entry =~ /^#~/m;
		my %part;
		my $part;
		for my $line (grep { !/^#/ } split /\n/, $entry)
		{
			($part, $line) = ($1, $2) if $line =~ /^(msg\w+(?:\[\d\])?) (.*)/;
			die "not understood: $line" unless defined $part && $line =~ /^"(.*)"$/;
			$part{$part} .= $1;
		}
		next unless defined $part{msgid};
		s/\\(.)/$1 eq 'n' ? "\n" : $1/ge for values %part;
		next if $part{msgid} eq '';
		$texts{ $part{msgid} } = [ map { $part{$_} } sort grep { /^msgstr/ } keys %part ];
		$texts{ $part{msgid_plural} } = $texts{ $part{msgid} } if defined $part{msgid_plural};
	}
	return \%texts;
}

# In the order of the arguments, which a translation may use in another one.
sub conversions
{
	my ($class, $text) = @_;
	my $n = 0;
	my %conversion;
	while ($text =~ /%(?:(\d+)\$)?([-+ #0]*(?:\d+|\*)?(?:\.(?:\d+|\*))?(?:ll|l|h|z)?[a-zA-Z])|%%/g)
	{
		next unless defined $2;
		$n++;
		$conversion{ $1 // $n } = $2;
	}
	return join ' ', map { $conversion{$_} } sort { $a <=> $b } keys %conversion;
}

1;
