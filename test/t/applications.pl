# A shop on its own tables (A1, A2, G2), which stores what is left of each invoice:
# attached by that, and by its payments and credit memos. It lives through a year
# with its own statements only, and beside it the same book is written straight into
# reminder's own tables. Every month, and at the end, both have the same rows; and
# what is refused on one side is refused on the other.
use strict;
use warnings;

use Test::More;
use Twins;

Twins->live($_) for qw(shop shop_rows);

done_testing();
