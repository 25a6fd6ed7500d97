# Application - the applications of test/t/applications, and the same book
# written into reminder's own tables.
#
#   my $books = Application->new('shop');          # shop_rows, erp, group
#   $session->sql($books->schema);
#   my $sql = $books->application($event);         # what happens, in the application's own words
#   my $twin = $books->twin($event);               # and in reminder's: called when it has happened
#   my $sql = $twin->();                           # once learn() knows the keys it was given
#   $session->sql($books->attach);
#
# The shop is attached in two ways: by what is left of each invoice ("shop"), and
# by its payments and credit memos ("shop_rows"). Of what an application keeps as
# a residual or a flag the mirror has payments of the difference.
package Application;

use strict;
use warnings;

use Digest::MD5 'md5_hex';
use FindBin;
use JSON::PP 'encode_json';
use List::Util qw(max min sum0);
use Year;

sub new
{
	my ($class, $name) = @_;
	my $kind = 'Application::' . { shop => 'Shop', shop_rows => 'Shop', erp => 'Erp', group => 'Group' }->{$name};
	return bless { name => $name, rows => $name eq 'shop_rows' || $name eq 'erp', id => {} }, $kind;
}

sub q { my ($text) = @_; return 'NULL' unless defined $text; $text =~ s/'/''/g; return "'$text'"; }
sub kronor { my ($amount) = @_; return sprintf '%.2f', $amount / 100; }
sub date { my ($day) = @_; return defined $day ? "'" . Year::date($day) . "'" : 'NULL'; }
sub bool { my ($value) = @_; return $value ? 'true' : 'false'; }

sub schema
{
	my ($self) = @_;
	(my $file = $self->{name}) =~ s/_rows//;
	local $/;
	open my $handle, '<', "$FindBin::RealBin/applications/$file.sql" or die "$file: $!";
	return scalar(<$handle>) . $self->opening;
}

sub opening { return ''; }
sub learn { return; }
sub credit_reason { return; }
sub has_public { return 0; }
sub can_void { return 0; }
sub can_reconcile { return 0; }

# What a residual had settled before it was attached is nobody's payment.
sub can_take_back { my ($self, $payment) = @_; return $self->{rows} || $payment->{day} >= $Year::opens; }

# What was paid and credited of an invoice, as the application counts.
sub settled
{
	my ($self, $invoice) = @_;
	return sum0(map { $self->counts($_) } grep { !$_->{bounced} && !$_->{gone} } @{ $invoice->{payments} }) + sum0(map { $_->{amount} } @{ $invoice->{credits} });
}

sub counts { my ($self, $payment) = @_; return $payment->{amount}; }

# What the application shows as owed. What it lost is owed all the same.
sub owed
{
	my ($self, $invoice) = @_;
	return $invoice->{state} eq 'void' ? 0 : max(0, $invoice->{total} - $self->settled($invoice));
}

# The creditors, with law, preset and currency.
sub creditors
{
	my ($self) = @_;
	my %laws = (SE => [qw(amili SEK)], FI => [qw(netvisor EUR)], NO => [qw(lawful NOK)]);
	return map { [ @$_, @{ $laws{ $_->[1] } } ] } $self->under;
}

sub country { my ($self, $creditor) = @_; return (map { $_->[1] } grep { $_->[0] == $creditor } $self->under)[0]; }
sub currency { my ($self, $invoice) = @_; return (map { $_->[3] } grep { $_->[0] == $invoice->{customer}{creditor} } $self->creditors)[0]; }

sub key
{
	my ($self, $invoice) = @_;
	return sprintf '%d, %s', $invoice->{customer}{creditor}, Application::q($self->invoice_no($invoice));
}

sub where { my ($self, $invoice) = @_; return '(creditor_id, invoice_no) = (' . $self->key($invoice) . ')'; }

# A call of attach() or protect().
sub call
{
	my ($function, @arguments) = @_;
	return "SELECT reminder.$function(" . join(', ', map { !defined $_ ? 'NULL' : ref $_ ? Application::q(encode_json($_)) : Application::q($_) } @arguments) . ');';
}

# The statements that attach all, in order.
sub attach
{
	my ($self) = @_;
	return map { call('attach', $_->[0], $_->[1], $self->one, $_->[2]) } $self->attached;
}

sub protect
{
	my ($self) = @_;
	return map { call('protect', @$_, $self->one // ()) } $self->protected;
}

# The creditor, of an application that has one; else a column says.
sub one { my ($self) = @_; my @under = $self->under; return @under > 1 ? undef : $under[0][0]; }

### The same in reminder's own tables.

sub twin_customer
{
	my ($self, $customer) = @_;
	my $no = Application::q($self->customer_no($customer));
	return ("INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, address, blocked) VALUES ($customer->{creditor}, $no, "
		  . join(', ', Application::q($customer->{name}), "'$customer->{kind}'", Application::q($customer->{country}), Application::q($customer->{street}), bool($customer->{stopped})) . ');',
		"UPDATE reminder.customer SET name = " . Application::q($customer->{name}) . ", kind = '$customer->{kind}', country = " . Application::q($customer->{country})
		  . ', address = ' . Application::q($customer->{street}) . ', blocked = ' . bool($customer->{stopped}) . " WHERE (creditor_id, customer_no) = ($customer->{creditor}, $no);");
}

sub twin_invoice
{
	my ($self, $invoice) = @_;
	my $open = $self->{rows} ? $invoice->{total} : $self->shown($invoice);
	return 'INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, open_amount) VALUES ('
	  . join(', ', $self->key($invoice), Application::q($self->customer_no($invoice->{customer})), date($invoice->{issued}), date($invoice->{due}),
		"'" . $self->currency($invoice) . "'", kronor($invoice->{total}), kronor($open)) . ');';
}

# Payments, each of [number, invoice, amount, source].
sub insert_payments
{
	my ($self, $customer, $paid_on, $bounced_on, $allocates, @payments) = @_;
	return '' unless @payments;
	return 'INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source, bounced_on, allocates) VALUES ' . join(', ', map {
			my ($no, $invoice, $amount, $source) = @$_;
			sprintf "(%d, %s, %s, %s, %s, '%s', %s, %s)", $customer->{creditor}, Application::q($no), $invoice ? Application::q($self->invoice_no($invoice)) : 'NULL',
			  date($paid_on), kronor($amount), $source // 'creditor', date($bounced_on), Application::q($allocates)
		} @payments) . ';';
}

sub twin_credit
{
	my ($self, $invoice, $credit) = @_;
	return 'INSERT INTO reminder.credit (creditor_id, invoice_no, credit_no, kind, credited_on, amount, reason) VALUES ('
	  . join(', ', $self->key($invoice), Application::q($self->credit_no($invoice, $credit)), Application::q($credit->{kind} // 'credit'), date($credit->{day}), kronor($credit->{amount}),
		Application::q(scalar $self->credit_reason($credit))) . ');';
}

sub twin_loss
{
	my ($self, $invoice, $loss) = @_;
	return 'INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount, reversed_on) VALUES ('
	  . join(', ', $self->key($invoice), "'$loss->{key}'", "'confirmed'", date($loss->{day}), kronor($loss->{amount}), date($loss->{recovered})) . ');';
}

# Of a residual or a flag: a payment of the difference; or the latest such are taken back, and what is too much of one is paid anew, on its day.
sub moved
{
	my ($self, $invoice, $by, $day) = @_;
	my $sql = '';
	my $pay = sub {
		my ($amount, $on) = @_;
		my $no = $self->invoice_no($invoice) . '~' . ++$invoice->{derived_count};
		push @{ $invoice->{derived} }, { no => $no, amount => $amount, day => $on };
		$sql .= $self->insert_payments($invoice->{customer}, $on, undef, 'principal', [ $no, $invoice, $amount ]);
	};
	$pay->(-$by, $day) if $by < 0;
	while ($by > 0)
	{
		my $last = pop @{ $invoice->{derived} } or die "nothing to take back of $invoice->{number}";
		$sql .= "UPDATE reminder.payment SET bounced_on = " . date($day) . " WHERE (creditor_id, payment_no) = ($invoice->{customer}{creditor}, '$last->{no}');";
		$by -= $last->{amount};
		$pay->(-$by, $last->{day}) if $by < 0;
	}
	return $sql;
}

# What an event comes to, as statements to be made when the application's keys are known.
# Called after the year took it; $before is what was owed.
sub twin
{
	my ($self, $event, $before) = @_;
	my ($invoice, $payment, $day, $what) = @$event{qw(invoice payment day what)};
	return sub { my ($insert, $update) = $self->twin_customer($event->{customer}); return $event->{of} ? $update : $insert; } if $what eq 'customer';
	if ($what eq 'issue')
	{
		my %as_issued = %$invoice;
		return sub { $self->twin_invoice(\%as_issued) };
	}
	if (!$self->{rows} && $what =~ /^(?:pay|bounce|correct_payment|credit|void)$/)
	{
		$invoice //= $payment->{invoice};
		my $by = $self->shown($invoice) - $before;
		return sub { $self->moved($invoice, $by, $day) };
	}
	my $paid = $payment && {%$payment};
	return sub { $self->insert_payments($paid->{customer}, $day, undef, undef, $self->lines($paid)) } if $what eq 'pay';
	if ($what =~ /^(?:bounce|correct_payment)$/)
	{
		my $numbers = sub { join ', ', map { Application::q($_->[0]) } $self->lines($paid) };
		my $of = sub { "WHERE creditor_id = $paid->{customer}{creditor} AND payment_no IN (" . $numbers->() . ');' };
		return sub { 'UPDATE reminder.payment SET bounced_on = ' . date($day) . ' ' . $of->() } if $what eq 'bounce';
		return sub { $event->{amount} ? 'UPDATE reminder.payment SET amount = ' . kronor($event->{amount}) . ' ' . $of->() : 'DELETE FROM reminder.payment ' . $of->() };
	}
	return sub { '' };
}

# Whether something may be refused, because of what else has happened to the invoice.
sub may_fail { my ($self, $event) = @_; return $event->{what} =~ /^(?:credit|void|write_off|recover|change|postpone|rebill|remove)$/; }

# The same in reminder's own tables, once the application has tried it and given it its number.
sub trial
{
	my ($self, $event, $application) = @_;
	my ($invoice, $day, $what) = @$event{qw(invoice day what)};
	my $where = ' WHERE ' . $self->where($invoice);
	$self->learn($application);
	return 'UPDATE reminder.credit_loss SET reversed_on = ' . date($day) . "$where AND reversed_on IS NULL;" if $what eq 'recover';
	return 'UPDATE reminder.invoice SET amount = ' . kronor($event->{amount}) . "$where;" if $what eq 'change';
	return 'UPDATE reminder.invoice SET due_date = ' . date($event->{due}) . "$where;" if $what eq 'postpone';
	return 'UPDATE reminder.invoice SET customer_no = ' . Application::q($self->customer_no($event->{customer})) . "$where;" if $what eq 'rebill';
	return "DELETE FROM reminder.invoice$where;" if $what eq 'remove';
	return $self->twin_loss($invoice, { key => $event->{key}, day => $day, amount => $self->owed($invoice) }) if $what eq 'write_off';
	my $credit = $what eq 'void'
	  ? $self->twin_credit($invoice, { key => 'void', kind => 'void', day => $day, amount => $self->owed($invoice) })
	  : $self->twin_credit($invoice, { key => $event->{key}, day => $day, amount => $event->{amount} });
	# A residual goes down by itself: whether the credit may be is tried, and not kept.
	return $self->{rows} ? $credit : "BEGIN;${credit}ROLLBACK;";
}

# What people do with reminder itself, the same on both sides.
sub by_hand
{
	my ($self, $event) = @_;
	my $invoice = $event->{invoice};
	my ($what, $day) = @$event{qw(what day)};
	return unless $what =~ /^(?:hold|release|withdraw)$/;
	my $key = $self->key($invoice);
	return "SELECT reminder.hold($key, 'dispute', " . date($event->{until}) . ', ' . date($day) . ');' if $what eq 'hold';
	return "SELECT reminder.release($key, " . date($day) . ');' if $what eq 'release';
	return "SELECT reminder.withdraw($key, 'agreed', " . date($day) . ');';
}

# All that stands when reminder comes, table by table.
sub twin_of_all
{
	my ($self, $year) = @_;
	my @invoices = grep { $_->{state} =~ /^(?:issued|void)$/ } @{ $year->{invoices} };
	my $sql = join "\n", map({ ($self->twin_customer($_))[0] } @{ $year->{customers} }), map { $self->twin_invoice($_) } @invoices;
	for my $invoice (@invoices)
	{
		$sql .= join "\n", '', map { $self->twin_loss($invoice, $_) } @{ $invoice->{losses} };
		next unless $self->{rows};
		# Credits first: what was paid too much stays too much.
		$sql .= join "\n", '', map { $self->twin_credit($invoice, $_) } @{ $invoice->{credits} };
		$sql .= $self->twin_credit($invoice, { key => 'void', kind => 'void', day => $invoice->{voided_on}, amount => $invoice->{voided} }) if $invoice->{state} eq 'void';
		$sql .= join "\n", '', map { $self->insert_payments($_->{customer}, $_->{day}, $_->{bounced}, undef, $self->lines($_)) } grep { !$_->{gone} && !$_->{reconciled} } @{ $invoice->{payments} };
	}
	return $sql;
}

package Application::Shop;

use strict;
use warnings;

our @ISA = ('Application');

sub id { my ($what) = @_; my $hex = Digest::MD5::md5_hex("shop/$what"); return join '-', unpack 'A8A4A4A4A12', $hex; }

sub under { return ([ 1, 'SE' ]); }
sub creditor { return 1; }
sub can_void { return 1; }
sub shown { my ($self, $invoice) = @_; return $self->owed($invoice); }
sub customer_no { my ($self, $customer) = @_; return id("customer $customer->{n}"); }
sub invoice_no { my ($self, $invoice) = @_; return id("invoice $invoice->{n}"); }
sub credit_no { my ($self, $invoice, $credit) = @_; return $credit->{key} eq 'void' ? $self->invoice_no($invoice) : id($credit->{key}); }
sub credit_reason { my ($self, $credit) = @_; return $credit->{kind} ? undef : 'returned'; }
sub lines { my ($self, $payment) = @_; return [ id("payment $payment->{n}"), $payment->{invoice}, $payment->{amount}, $payment->{by} eq 'collector' ? 'service' : 'creditor' ]; }

sub attached
{
	my ($self) = @_;
	my %invoice = (invoice_no => 'id', customer_no => 'buyer', invoice_date => 'issued_on', due_date => 'due_on', currency => 'currency', amount => 'total_cents / 100.0', where => "status <> 'draft'");
	my @customers = [ 'customer', 'shop.customer', { customer_no => 'id', name => 'full_name', kind => "CASE WHEN vat_number IS NULL THEN 'person' ELSE 'company' END",
			country => 'land', address => 'street', blocked => 'never_remind' } ];
	# what was lost is owed all the same
	return (@customers, [ 'invoice', 'shop.invoice', { %invoice, open_amount => '(residual_cents + lost_cents) / 100.0', paid_on => 'coalesce(moved_on, issued_on)' } ]) unless $self->{rows};
	return (@customers, [ 'invoice', 'shop.invoice', \%invoice ],
		[ 'credit', 'shop.credit_memo', { credit_no => 'id', invoice_no => 'invoice_id', credited_on => 'issued_on', amount => 'cents / 100.0', reason => 'why' } ],
		[ 'credit', 'shop.invoice', { credit_no => 'id', invoice_no => 'id', kind => "'void'", credited_on => 'moved_on', amount => 'voided_cents / 100.0', where => "status = 'void'" } ],
		[ 'payment', 'shop.payment', { payment_no => 'id', invoice_no => 'invoice_id', paid_on => 'received_on', amount => 'cents / 100.0', bounced_on => 'refunded_on',
				source => { expression => 'method', values => { collector => 'service' }, else => 'creditor' } } ]);
}

sub protected
{
	my ($self) = @_;
	my @losses = [ 'shop.write_off', 'invoice_id', 'loss', 'recovered_on IS NULL' ];
	return @losses if $self->{rows};
	return (@losses, [ 'shop.credit_memo', 'invoice_id', 'credit', 'true' ], [ 'shop.invoice', 'id', 'void', "status = 'void'" ]);
}

sub application
{
	my ($self, $event) = @_;
	my ($customer, $invoice, $payment, $amount, $what) = @$event{qw(customer invoice payment amount what)};
	my $day = Application::date($event->{day});
	my $no = $invoice && "'" . $self->invoice_no($invoice) . "'";
	my $paid = $payment && "'" . id("payment $payment->{n}") . "'";
	return 'SELECT shop.sign_up(' . join(', ', "'" . $self->customer_no($customer) . "'", "'c$customer->{n}\@example.com'", Application::q($customer->{name}),
		$customer->{kind} eq 'person' ? 'NULL' : "'SE55$customer->{n}01'", "'$customer->{country}'", Application::q($customer->{street}), Application::bool($customer->{stopped})) . ');' if $what eq 'customer';
	return "SELECT shop.draft($no, '$invoice->{number}', '" . $self->customer_no($invoice->{customer}) . "', $invoice->{total});" if $what eq 'draft';
	return "SELECT shop.issue($no, $day, date $day + $invoice->{term});" if $what eq 'issue';
	return "SELECT shop.throw_away($no);" if $what =~ /^(?:discard|remove)$/;
	if ($what eq 'pay')
	{
		# from the bank's file, or typed in
		my @row = (id("payment $payment->{n}"), $self->invoice_no($invoice), $payment->{by}, $payment->{amount}, Year::date($event->{day}));
		return ($payment->{n} % 3
			? "INSERT INTO shop.payment VALUES ('" . join("', '", @row) . "');"
			: "COPY shop.payment (id, invoice_id, method, cents, received_on) FROM stdin;\n" . join("\t", @row) . "\n\\.\n") . "SELECT shop.settle(ARRAY[$no]::uuid[], $day);";
	}
	return "SELECT shop.refund($paid, $day);" if $what eq 'bounce';
	return "SELECT shop.correct_payment($paid, $amount, $day);" if $what eq 'correct_payment';
	return "SELECT shop.credit('" . id($event->{key}) . "', $no, $amount, $day, 'returned');" if $what eq 'credit';
	return "SELECT shop.void($no, $day);" if $what eq 'void';
	return "SELECT shop.write_off('" . id($event->{key}) . "', $no, $day);" if $what eq 'write_off';
	return "SELECT shop.recover($no, $day);" if $what eq 'recover';
	return "SELECT shop.change_total($no, $amount);" if $what eq 'change';
	return "SELECT shop.postpone($no, " . Application::date($event->{due}) . ');' if $what eq 'postpone';
	return "SELECT shop.rebill($no, '" . $self->customer_no($customer) . "');" if $what eq 'rebill';
	return "UPDATE shop.invoice SET views = views + 1 WHERE id = $no;" if $what eq 'look';
	return;
}

package Application::Erp;

use strict;
use warnings;

our @ISA = ('Application');

sub under { return ([ 2, 'FI' ]); }
sub creditor { return 2; }
sub can_reconcile { return 1; }
sub counts { my ($self, $payment) = @_; return $payment->{principal}; }
sub shown { return 0; }
sub customer_no { my ($self, $customer) = @_; return $self->{id}{"P$customer->{n}"}; }
sub invoice_no { my ($self, $invoice) = @_; return $self->{id}{"$invoice->{number}/receivable"}; }
sub credit_no { my ($self, $invoice, $credit) = @_; return $self->{id}{"$credit->{key}/receivable"} // $credit->{key}; }

# The lines of a receipt that are anything to reminder.
sub lines
{
	my ($self, $payment) = @_;
	my $id = sub { $self->{id}{"$payment->{key}/$_[0]"} };
	return grep { $_->[2] > 0 } [ $id->('principal'), $payment->{invoice}, $payment->{principal} ], [ $id->('costs'), $payment->{invoice}, $payment->{costs} ], [ $id->('on account'), undef, $payment->{over} ];
}

# The ERP gives the numbers.
sub learn
{
	my ($self, $session) = @_;
	my $from = $self->{learnt} // 0;
	for (split /\n/, $session->sql(<<"SQL"))
SELECT p.ref || '|' || p.id FROM erp.partner p
UNION ALL
SELECT m.name || '/' || coalesce(l.memo, 'receivable') || '|' || l.id FROM erp.line l JOIN erp.move m ON m.id = l.move_id
WHERE l.id > $from AND (l.account = '1510' OR l.memo = 'costs') AND (l.memo IS NULL OR l.memo IN ('principal', 'costs', 'on account'))
SQL
	{
		my ($name, $id) = split /\|/;
		$self->{id}{$name} = $id;
		$self->{learnt} = $id if $name =~ m{/} && $id > ($self->{learnt} // 0);
	}
	return;
}

sub attached
{
	return ([ 'customer', 'erp.partner', { customer_no => 'id', name => 'name', kind => { expression => 'is_company', values => { true => 'company', false => 'person' } },
				country => 'country_code', address => 'street', blocked => { expression => 'dunning', values => { stopped => 'true' }, else => 'false' } } ],
		[ 'invoice', 'erp.line', { invoice_no => 'id', customer_no => 'partner_id', invoice_date => 'day', due_date => 'due_on', currency => "'EUR'", amount => 'debit',
				where => "account = '1510' AND move_kind = 'out_invoice' AND debit > 0 AND posted" } ],
		[ 'credit', 'erp.line', { credit_no => 'id', invoice_no => 'settles', credited_on => 'day', amount => 'credit',
				where => "account = '1510' AND move_kind = 'out_refund' AND credit > 0 AND posted" } ],
		[ 'payment', 'erp.line', { payment_no => 'id', invoice_no => 'settles', paid_on => 'day', amount => 'credit', bounced_on => 'reversed_on',
				where => "account IN ('1510', '3930') AND move_kind = 'receipt' AND credit > 0 AND posted" } ]);
}

sub protected { return ([ 'erp.line', 'settles', 'loss', "account IN ('1515', '6351') AND debit > 0 AND posted AND reversed_on IS NULL" ]); }

sub twin
{
	my ($self, $event, $before) = @_;
	return $self->SUPER::twin($event, $before) if $event->{what} ne 'reconcile';
	my ($invoice, $payment, $amount) = @$event{qw(invoice payment amount)};
	my $line = $self->{id}{"$payment->{key}/on account"};
	my $rest = $payment->{over};
	return sub {
		"UPDATE reminder.payment SET amount = " . Application::kronor($amount) . ', invoice_no = ' . Application::q($self->invoice_no($invoice)) . " WHERE (creditor_id, payment_no) = (2, '$line');"
		  . ($rest ? $self->insert_payments($payment->{customer}, $payment->{day}, undef, undef, [ $self->{id}{"$payment->{key}/on account"}, undef, $rest ]) : '');
	};
}

sub application
{
	my ($self, $event) = @_;
	my ($customer, $invoice, $payment, $amount, $what) = @$event{qw(customer invoice payment amount what)};
	my $day = Application::date($event->{day});
	my $no = $invoice && "'$invoice->{number}'";
	my $sum = defined $amount && Application::kronor($amount);
	return 'SELECT erp.save_partner(' . join(', ', "'P$customer->{n}'", Application::q($customer->{name}), Application::bool($customer->{kind} ne 'person'), "'$customer->{country}'",
		Application::q($customer->{street}), $customer->{stopped} ? "'stopped'" : "'normal'") . ');' if $what eq 'customer';
	return "SELECT erp.draft_invoice($no, 'P$invoice->{customer}{n}', " . Application::kronor($invoice->{total}) . ", $day, date $day + $invoice->{term});" if $what eq 'draft';
	# the due day was set on the draft
	return "SELECT erp.postpone($no, date $day + $invoice->{term});SELECT erp.post(ARRAY[$no], $day);" if $what eq 'issue';
	return "SELECT erp.delete_draft($no);" if $what eq 'discard';
	return "SELECT erp.cancel($no);" if $what eq 'remove';
	return "SELECT erp.receive('$payment->{key}', 'P$payment->{customer}{n}', $no, " . join(', ', map { Application::kronor($payment->{$_}) } qw(principal costs over)) . ", $day);" if $what eq 'pay';
	return "SELECT erp.reconcile('$payment->{key}', $no, $sum);" if $what eq 'reconcile';
	return "SELECT erp.bounce('$payment->{key}', $day);" if $what eq 'bounce';
	return "SELECT erp.correct_receipt('$payment->{key}', $sum);" if $what eq 'correct_payment';
	return "SELECT erp.credit_note('$event->{key}', $no, $sum, $day);" if $what eq 'credit';
	return "SELECT erp.write_off('$event->{key}', $no, " . Application::kronor($self->owed($invoice)) . ", $day);" if $what eq 'write_off';
	return "SELECT erp.recover('$invoice->{losses}[-1]{key}', $day);" if $what eq 'recover';
	return "SELECT erp.change_amount($no, $sum);" if $what eq 'change';
	return "SELECT erp.postpone($no, " . Application::date($event->{due}) . ');' if $what eq 'postpone';
	return "SELECT erp.rebill($no, 'P$customer->{n}');" if $what eq 'rebill';
	return "UPDATE erp.move SET printed = printed + 1 WHERE name = $no;" if $what eq 'look';
	return;
}

package Application::Group;

use strict;
use warnings;

our @ISA = ('Application');

sub under { return ([ 10, 'SE' ], [ 20, 'FI' ], [ 30, 'NO' ]); }
sub creditor { my ($self, $n) = @_; return (10, 20, 30)[ $n % 3 ]; }
sub has_public { return 1; }
sub opening { return q{INSERT INTO "group".company VALUES (10, 'Sverige AB'), (20, 'Suomi Oy'), (30, 'Norge AS');}; }

# By the flag: all or nothing.
sub shown { my ($self, $invoice) = @_; return $self->owed($invoice) ? $invoice->{total} : 0; }

sub attached
{
	return ([ 'customer', '"group".party', { creditor_id => 'company', customer_no => '"no"', name => 'name', kind => { expression => 'type', values => { B => 'company', C => 'person', G => 'public' } },
				country => 'land', address => 'street', blocked => 'stopped' } ],
		[ 'invoice', '"group".line', { creditor_id => 'company', invoice_no => 'doc', customer_no => 'party', invoice_date => 'posted_on', due_date => 'due_on', currency => 'currency',
				amount => 'amount', open_amount => 'CASE WHEN cleared THEN 0 ELSE amount END', paid_on => 'coalesce(cleared_on, posted_on)', where => "account = '1510' AND memo = 'invoice'" } ]);
}

sub protected
{
	return ([ '"group".line', 'doc', 'loss', "account IN ('1515', '6351') AND amount > 0 AND storno_on IS NULL", undef, 'company' ],
		[ '"group".line', 'doc', 'credit', "account = '1510' AND memo LIKE 'C%' AND storno_on IS NULL", undef, 'company' ]);
}

sub customer_no { my ($self, $customer) = @_; return "K$customer->{n}"; }
sub invoice_no { my ($self, $invoice) = @_; return $invoice->{number}; }
sub credit_no { my ($self, $invoice, $credit) = @_; return $credit->{key}; }
sub lines { return; }

sub application
{
	my ($self, $event) = @_;
	my ($customer, $invoice, $payment, $amount, $what) = @$event{qw(customer invoice payment amount what)};
	my $day = Application::date($event->{day});
	$invoice //= $payment && $payment->{invoice};
	my $doc = $invoice && "'$invoice->{number}'";
	my $of = $invoice && "$invoice->{customer}{creditor}, '" . $self->customer_no($invoice->{customer}) . "', $doc, $day";
	my $sum = defined $amount && Application::kronor($amount);
	return 'SELECT "group".save_party(' . join(', ', $customer->{creditor}, "'" . $self->customer_no($customer) . "'", Application::q($customer->{name}),
		"'" . { company => 'B', person => 'C', public => 'G' }->{ $customer->{kind} } . "'", "'$customer->{country}'", Application::q($customer->{street}), Application::bool($customer->{stopped})) . ');' if $what eq 'customer';
	# no drafts here: an invoice is a line from the day it is issued on
	return '' if $what =~ /^(?:draft|discard)$/;
	return "SELECT \"group\".invoice($of, date $day + $invoice->{term}, " . Application::kronor($invoice->{total}) . ');' if $what eq 'issue';
	return "SELECT \"group\".remove($doc);" if $what eq 'remove';
	return "SELECT \"group\".receive($of, " . Application::kronor($payment->{amount}) . ", '$payment->{key}');" if $what eq 'pay';
	return "SELECT \"group\".storno($doc, '$payment->{key}', $day);" if $what eq 'bounce';
	return "SELECT \"group\".correct($doc, '$payment->{key}', $sum, $day);" if $what eq 'correct_payment';
	return "SELECT \"group\".credit($of, $sum, '$event->{key}');" if $what eq 'credit';
	return "SELECT \"group\".write_off($of, " . Application::kronor($self->owed($invoice)) . ');' if $what eq 'write_off';
	return "SELECT \"group\".recover($doc, $day);" if $what eq 'recover';
	return "SELECT \"group\".change_amount($doc, $sum);" if $what eq 'change';
	return "SELECT \"group\".postpone($doc, " . Application::date($event->{due}) . ');' if $what eq 'postpone';
	return "SELECT \"group\".rebill($doc, '" . $self->customer_no($customer) . "');" if $what eq 'rebill';
	return "UPDATE \"group\".line SET memo = memo WHERE doc = $doc;" if $what eq 'look';
	return;
}

1;
