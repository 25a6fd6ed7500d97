# Ledgers of lines on their own tables, as the shop of applications.pl (A1, A2, G2):
# an ERP, in which what is open is a sum of lines, with triggers of its own; and a
# group of companies, partitioned by year, that sets a flag on what is paid.
use strict;
use warnings;

use Test::More;
use Twins;

Twins->live($_) for qw(erp group);

done_testing();
