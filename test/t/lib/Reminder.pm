# Reminder - servers with the extension, for the tests in test/t.
#
#   use Reminder;
#   my $node = Reminder->cluster('main');                        # started
#   my $node = Reminder->cluster('main', conf => "jit = off\n"); # with settings
#   Reminder->install($node);                 # extension and tables in postgres
#   Reminder->install($node, 'book');         # in a database that it makes
#   Reminder->give($session, 'keeper');       # all of it to a role that is there
#
# The servers find the extension through TEMP_CONFIG, which script/check sets
# and PostgreSQL::Test::Cluster adds to each server's settings; without it they
# use what is installed.
package Reminder;

use strict;
use warnings;

use PostgreSQL::Test::Cluster;
use PostgreSQL::Test::Utils;

# The superuser, whoever runs the tests.
$ENV{PGUSER} = 'postgres';

# A started server.  conf: lines for postgresql.conf; what else is given goes
# to PostgreSQL::Test::Cluster's init.
sub cluster
{
	my ($class, $name, %options) = @_;
	my $conf = delete $options{conf};
	my $node = PostgreSQL::Test::Cluster->new($name);

	push @{ $options{extra} }, "--username=$ENV{PGUSER}";
	$node->init(%options);
	$node->append_conf('postgresql.conf', $conf) if defined $conf;
	$node->start;
	return $node;
}

# Creates the extension and its tables in a database, making that if need be.
sub install
{
	my ($class, $node, $database) = @_;
	$database = 'postgres' unless defined $database;

	my $there = $node->safe_psql('postgres',
		"SELECT count(*) FROM pg_database WHERE datname = '$database'");
	$node->safe_psql('postgres', qq(CREATE DATABASE "$database")) unless $there;
	$node->safe_psql($database,
		'CREATE EXTENSION reminder; SELECT reminder.install()');
	return;
}

# Gives the schema, and all in it but the extension's own functions, to a role.
sub give
{
	my ($class, $session, $role) = @_;
	$session->sql(sprintf <<'SQL', ($role) x 3);
DO $do$
DECLARE
  _relation record;
BEGIN
  GRANT EXECUTE ON ALL ROUTINES IN SCHEMA reminder TO %s;
  FOR _relation IN SELECT c.oid::regclass AS name, c.relkind FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'v') LOOP
    EXECUTE format('ALTER %%s %%s OWNER TO %s', CASE _relation.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, _relation.name);
  END LOOP;
  ALTER SCHEMA reminder OWNER TO %s;
END
$do$
SQL
	return;
}

1;
