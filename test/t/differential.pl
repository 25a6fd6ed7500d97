# Late interest in C against plain SQL on numeric, to the öre (F9, L1).
#
# Random principals, dates, jurisdictions, kinds of debtor and part payments.
# The SQL below shares nothing with the C but the law tables: it cuts a claim
# wherever a half-year, a rule, a year or a payment may change anything, looks
# every piece's rule and rate up, and adds whole numbers up before it divides
# once.  50,000 cases; DIFFERENTIAL_CASES=1000000 for more, DIFFERENTIAL_SEED
# for others.
use strict;
use warnings;

use PostgreSQL::Test::Utils;
use Test::More;

use Reminder;

my $cases = $ENV{DIFFERENTIAL_CASES} || 50_000;
my $seed  = $ENV{DIFFERENTIAL_SEED}  || 20261122;

my $node = Reminder->cluster('differential', conf => "fsync = off\nwork_mem = '64MB'\n");
Reminder->install($node);

# Law for every day: all confirmed, rates for every half-year from 1990 on, and
# two countries more, whose law changes in the middle of half-years.
$node->safe_psql('postgres', <<"END");
SELECT setseed(($seed % 1000003) / 1000003.0);
INSERT INTO reminder.jurisdiction VALUES
  ('XA', 'by day', 'SE', 'SEK', 'UTC', 'en', false, NULL, false, 'test'),
  ('XB', 'by due date', 'SE', 'SEK', 'UTC', 'en', false, NULL, false, 'test');
UPDATE reminder.reference_rate SET confidence = 'sourced' WHERE confidence = 'unconfirmed';
UPDATE reminder.interest_rule SET confidence = 'sourced' WHERE confidence = 'unconfirmed';
UPDATE reminder.interest_rule SET day_count = '30/360' WHERE jurisdiction = 'DK';
UPDATE reminder.interest_rule SET day_count = 'actual/actual' WHERE jurisdiction = 'DE';
INSERT INTO reminder.reference_rate
SELECT j.jurisdiction, h.day, round((random() * 14 - 2)::numeric, 2), CASE j.jurisdiction WHEN 'NO' THEN 'total' ELSE 'reference' END, 'sourced', 'test'
FROM reminder.jurisdiction j,
     (SELECT make_date(y, m, 1) FROM generate_series(1990, 2037) y, (VALUES (1), (7)) m (m)) h (day)
ON CONFLICT DO NOTHING;
UPDATE reminder.reference_rate SET kind = 'total' WHERE jurisdiction IN ('XA', 'XB') AND random() < 0.2;
INSERT INTO reminder.interest_rule
SELECT j.jurisdiction, k.kind, '1990-01-01', 'day', 'test', 6.25, j.day_count, 'sourced', 'test', NULL
FROM (SELECT r.jurisdiction, min(r.day_count) FROM reminder.interest_rule r GROUP BY 1) j (jurisdiction, day_count),
     (VALUES ('person'), ('company'), ('public')) k (kind)
WHERE NOT EXISTS (SELECT FROM reminder.interest_rule r WHERE r.jurisdiction = j.jurisdiction AND r.debtor_kind = 'any')
ON CONFLICT DO NOTHING;
INSERT INTO reminder.interest_rule
SELECT r.jurisdiction, 'any', '1990-01-01', 'day', 'test', 6.25, min(r.day_count), 'sourced', 'test', NULL
FROM reminder.interest_rule r GROUP BY 1;
INSERT INTO reminder.interest_rule
SELECT j.j, k.kind, date '1990-01-01' + d.n * 1187 + 37 * d.n % 97, CASE j.j WHEN 'XA' THEN 'day' ELSE 'due_date' END,
       'test', round((random() * 12)::numeric, 2), 'actual/365', 'sourced', 'test', NULL
FROM (VALUES ('XA'), ('XB')) j (j), (VALUES ('any'), ('person')) k (kind), generate_series(0, 13) d (n);
-- what must not count, however late it begins
INSERT INTO reminder.interest_rule
SELECT r.jurisdiction, r.debtor_kind, r.valid_from + 3, r.holds_by, 'test', 50, r.day_count, 'unconfirmed', 'test', NULL
FROM reminder.interest_rule r WHERE r.jurisdiction IN ('XA', 'XB');
END

# Principals of every size, claims of every length, none to four payments,
# some before the due date, after the end, on one day, or too much.
$node->safe_psql('postgres', <<"END");
SELECT setseed(($seed % 999983) / 999983.0);
CREATE TABLE claim AS
SELECT g AS claim_no, c.jurisdictions[1 + floor(random() * 8)::integer] AS jurisdiction,
       c.kinds[1 + floor(random() * 3)::integer] AS debtor_kind,
       least(round((10 ^ (random() * 13 - 2))::numeric, 2), 999999999999.99) AS principal,
       date '1990-01-01' + floor(random() * 15000)::integer AS due_date,
       floor(10 ^ (random() * 3.3))::integer - 1 AS days, floor(random() * 5)::integer AS payments
FROM (SELECT array_agg(j.jurisdiction) AS jurisdictions, ARRAY['person', 'company', 'public'] AS kinds FROM reminder.jurisdiction j) c,
     generate_series(1, $cases) g;
CREATE TABLE paid AS
SELECT c.claim_no, greatest(date '1990-01-01', c.due_date + floor((random() * 1.3 - 0.1) * (c.days + 1))::integer) AS paid_on,
       CASE WHEN random() < 0.1 THEN 0 ELSE round((c.principal * random()::numeric * 0.7), 2) END AS amount
FROM claim c, generate_series(1, c.payments);
CREATE INDEX ON paid (claim_no);
ANALYZE;
END

# The C: interest as one number, and the sum of the statement's rows.
$node->safe_psql('postgres', <<'END');
CREATE TABLE by_c AS
SELECT c.claim_no,
       CASE WHEN p.paid_on IS NULL THEN reminder.late_interest(c.jurisdiction, c.debtor_kind, c.principal, c.due_date, c.due_date + c.days)
            ELSE reminder.late_interest(c.jurisdiction, c.debtor_kind, c.principal, c.due_date, c.due_date + c.days, p.paid_on, p.amount) END AS interest,
       coalesce(s.amount, 0) AS amount,
       coalesce(sign(s.parts) * div(2 * abs(s.parts) + s.whole, 2 * s.whole) / 100, 0) AS by_hand
FROM claim c
LEFT JOIN (SELECT claim_no, array_agg(paid_on) AS paid_on, array_agg(amount) AS amount FROM paid GROUP BY claim_no) p USING (claim_no)
CROSS JOIN LATERAL (
  SELECT sum(s.amount) AS amount, 360 * 365 * 366::numeric AS whole,
         sum(s.capital * s.rate * s.days * (360 * 365 * 366 / s.year_days)) AS parts
  FROM reminder.interest_statement(c.jurisdiction, c.debtor_kind, c.principal, c.due_date, c.due_date + c.days, p.paid_on, p.amount) s) s;
END

# The SQL.
$node->safe_psql('postgres', <<'END');
CREATE TABLE by_sql AS
WITH cut AS (
  -- the first day of every piece
  SELECT claim_no, due_date + 1 AS day FROM claim
  UNION
  SELECT c.claim_no, h.day
  FROM claim c CROSS JOIN LATERAL (
    SELECT (date_trunc('year', c.due_date::timestamp) + m * interval '6 months')::date
    FROM generate_series(1, (c.days / 180) + 3) m) h (day)
  UNION
  SELECT c.claim_no, r.valid_from FROM claim c JOIN reminder.interest_rule r USING (jurisdiction)
  WHERE r.valid_from BETWEEN c.due_date AND c.due_date + c.days
  UNION
  SELECT claim_no, paid_on + 1 FROM paid),
piece AS (
  SELECT c.*, t.day AS from_day,
         least(lead(t.day) OVER (PARTITION BY c.claim_no ORDER BY t.day) - 1, c.due_date + c.days) AS to_day
  FROM claim c JOIN cut t USING (claim_no)
  WHERE t.day BETWEEN c.due_date + 1 AND c.due_date + c.days),
counted AS (
  SELECT p.claim_no, p.from_day, p.to_day, r.day_count,
         p.principal - coalesce((SELECT sum(x.amount) FROM paid x WHERE x.claim_no = p.claim_no AND x.paid_on < p.from_day), 0) AS capital,
         f.rate_percent + CASE f.kind WHEN 'total' THEN 0 ELSE r.margin_points END AS rate
  FROM piece p
  CROSS JOIN LATERAL (
    SELECT r.* FROM reminder.interest_rule r
    WHERE r.jurisdiction = p.jurisdiction AND r.debtor_kind IN (p.debtor_kind, 'any') AND r.confidence <> 'unconfirmed'
      AND CASE r.holds_by WHEN 'due_date' THEN p.due_date ELSE p.from_day END >= r.valid_from
    ORDER BY r.debtor_kind <> 'any' DESC, r.valid_from DESC LIMIT 1) r
  JOIN reminder.reference_rate f ON f.jurisdiction = p.jurisdiction
    AND f.valid_from = date_trunc('year', p.from_day::timestamp)::date
                       + CASE WHEN extract(month FROM p.from_day) < 7 THEN 0
                              ELSE make_date(extract(year FROM p.from_day)::integer, 7, 1) - make_date(extract(year FROM p.from_day)::integer, 1, 1) END),
share AS (
  -- parts of a year of 360 * 365 * 366 parts
  SELECT claim_no, greatest(capital, 0) * rate
         * CASE day_count
             WHEN '30/360' THEN
               365 * 366 * (360 * (extract(year FROM to_day) - extract(year FROM from_day - 1))
                            + 30 * (extract(month FROM to_day) - extract(month FROM from_day - 1))
                            + least(extract(day FROM to_day), 30) - least(extract(day FROM from_day - 1), 30))::numeric
             WHEN 'actual/actual' THEN
               360 * CASE WHEN extract(day FROM make_date(extract(year FROM from_day)::integer, 3, 1) - 1) = 29 THEN 365 ELSE 366 END
               * (to_day - from_day + 1)::numeric
             ELSE 360 * 366 * (to_day - from_day + 1)::numeric
           END AS part
  FROM counted),
total AS (
  SELECT claim_no, sum(part) * 10000 AS parts, 10000 * 360 * 365 * 366::numeric AS whole FROM share GROUP BY claim_no)
-- öre, half an öre away from zero, in whole numbers throughout
SELECT c.claim_no, coalesce(sign(parts) * div(2 * abs(parts) + whole, 2 * whole) / 100, 0) AS interest
FROM claim c LEFT JOIN total USING (claim_no);
END

# One number for each thing that must not be.
my $count = sub { return $node->safe_psql('postgres', "SELECT count(*) FROM by_c c JOIN by_sql s USING (claim_no) JOIN claim USING (claim_no) WHERE $_[0]") };

is($count->('true'), $cases, "$cases claims were computed both ways");
is($count->('c.interest IS DISTINCT FROM s.interest'), 0, 'F9: C and SQL agree to the öre')
  or diag($node->safe_psql('postgres',
	'SELECT * FROM by_c c JOIN by_sql s USING (claim_no) JOIN claim USING (claim_no) WHERE c.interest IS DISTINCT FROM s.interest ORDER BY claim_no LIMIT 10'));
is($count->('c.amount IS DISTINCT FROM s.interest'), 0, 'F9: the amounts of a statement add up to it');
is($count->('c.by_hand IS DISTINCT FROM s.interest'), 0, 'F9: and so do their days, rates and capitals');

# The claims are what they should be, or all this proves little.
cmp_ok($count->('s.interest <> 0'), '>', $cases * 0.6, 'most claims bear interest');
cmp_ok($count->('s.interest < 0'), '>', 0, 'some at a negative rate');
is($node->safe_psql('postgres', "SELECT count(DISTINCT (jurisdiction, debtor_kind)) FROM claim"), 24,
	'all jurisdictions and kinds of debtor are among them');

$node->stop('fast');
done_testing();
