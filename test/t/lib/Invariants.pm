# Invariants - what must hold of the tables at every moment, in any snapshot.
#
#   use Invariants;
#   Invariants->install($node, 'book');
#   SELECT * FROM test.violations(creditor_id);    -- no row is good
#
# Written from the rules and not from the code: nothing here calls a function
# of the extension.
package Invariants;

use strict;
use warnings;

my $sql = <<'SQL';
CREATE SCHEMA test;
CREATE FUNCTION test.violations(
  creditor_id bigint, OUT invariant text, OUT creditor bigint, OUT invoice_no text, OUT found text)
RETURNS SETOF record
LANGUAGE sql STABLE
AS $$
-- G1, G3: a case and a loss exclude each other
SELECT 'loss beside an active case' AS invariant, k.creditor_id AS creditor, k.invoice_no, l.kind AS found
FROM reminder.collection_case k
JOIN reminder.credit_loss l ON l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no
WHERE k.creditor_id = $1 AND k.ended_on IS NULL AND l.reversed_on IS NULL
UNION ALL
SELECT 'loss in external collection', i.creditor_id, i.invoice_no, l.kind
FROM reminder.invoice i
JOIN reminder.credit_loss l ON l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no
WHERE i.creditor_id = $1 AND i.external_collection AND l.reversed_on IS NULL
UNION ALL
-- G1: the creditors of these tests refuse credits in a case
SELECT 'credited while a case was active', k.creditor_id, k.invoice_no, k.case_no::text
FROM reminder.collection_case k
WHERE k.creditor_id = $1 AND k.state = 'credited'
UNION ALL
SELECT 'two active cases', k.creditor_id, k.invoice_no, count(*)::text
FROM reminder.collection_case k
WHERE k.creditor_id = $1 AND k.ended_on IS NULL
GROUP BY 2, 3 HAVING count(*) > 1
UNION ALL
-- C6, B9: what is settled is not collected, but for costs that the rule pursues
SELECT 'active case, nothing to collect', k.creditor_id, k.invoice_no, k.state
FROM reminder.collection_case k
JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
JOIN reminder.rule r ON r.creditor_id = k.creditor_id AND r.rule_no = k.rule_no
WHERE k.creditor_id = $1 AND k.ended_on IS NULL AND i.open_amount = 0
  AND k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived <= r.residual_above
UNION ALL
-- M1, M2
SELECT 'open amount', i.creditor_id, i.invoice_no,
       format('%s of %s, paid %s, credited %s', i.open_amount, i.amount, p.principal, c.amount)
FROM reminder.invoice i
CROSS JOIN LATERAL (
  SELECT coalesce(sum(coalesce(a.principal, p.amount)), 0) AS principal
  FROM reminder.payment p
  LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.bounced_on IS NULL) p
CROSS JOIN LATERAL (
  SELECT coalesce(sum(c.amount), 0) AS amount
  FROM reminder.credit c WHERE c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no) c
WHERE i.creditor_id = $1 AND i.open_amount <> i.amount - p.principal - c.amount
UNION ALL
SELECT 'allocated', p.creditor_id, p.invoice_no, format('%s of %s', a.principal + a.interest + a.fee + a.overpaid, p.amount)
FROM reminder.allocation a
JOIN reminder.payment p ON p.creditor_id = a.creditor_id AND p.payment_no = a.payment_no
WHERE a.creditor_id = $1
  AND (a.principal + a.interest + a.fee + a.overpaid <> p.amount + a.rounded_off OR p.bounced_on IS NOT NULL)
UNION ALL
-- F9: interest is paid by payments, and none is left in a case that has ended
SELECT 'interest of a case', k.creditor_id, k.invoice_no, format('%s paid, %s by payments, %s waived of %s', k.interest_paid, a.interest, k.interest_waived, k.interest)
FROM reminder.collection_case k
CROSS JOIN LATERAL (
  SELECT coalesce(sum(a.interest), 0) AS interest
  FROM reminder.payment p
  JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND a.case_no = k.case_no) a
WHERE k.creditor_id = $1
  AND (k.interest_paid <> a.interest OR (k.ended_on IS NOT NULL AND k.interest <> k.interest_paid + k.interest_waived))
UNION ALL
SELECT 'refunded', p.creditor_id, p.invoice_no, format('%s of %s', r.amount, coalesce(a.overpaid, 0))
FROM (SELECT r.creditor_id, r.payment_no, sum(r.amount) AS amount FROM reminder.refund r
      WHERE r.creditor_id = $1 GROUP BY 1, 2) r
JOIN reminder.payment p ON p.creditor_id = r.creditor_id AND p.payment_no = r.payment_no
LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
-- what bounces when it has been paid back is the creditor's loss
WHERE p.bounced_on IS NULL AND r.amount > coalesce(a.overpaid, 0)
UNION ALL
-- N1: one decision per step; B3: never two stages on one day
SELECT 'decided twice', d.creditor_id, d.invoice_no, d.rung::text
FROM reminder.decision d
WHERE d.creditor_id = $1 AND d.taken_back = 0
GROUP BY 2, 3, d.rung HAVING count(*) > 1
UNION ALL
SELECT 'two letters on one day', d.creditor_id, d.invoice_no, d.as_of::text
FROM reminder.decision d
WHERE d.creditor_id = $1 AND d.taken_back = 0 AND d.outcome = 'sent'
GROUP BY 2, 3, d.as_of HAVING count(*) > 1
UNION ALL
-- N1, N6: two runs share the work, and count it once
SELECT 'run counts', coalesce(d.creditor_id, c.creditor_id), NULL,
       format('%s %s %s: %s counted, %s decided', coalesce(d.as_of, c.as_of), coalesce(d.stage, c.stage),
              coalesce(d.outcome, c.outcome), c.n, d.n)
FROM (SELECT d.creditor_id, d.as_of, d.stage, d.outcome, count(*) AS n FROM reminder.decision d
      WHERE d.creditor_id = $1 GROUP BY 1, 2, 3, 4) d
FULL JOIN (SELECT c.creditor_id, c.as_of, c.stage, c.outcome, sum(c.invoices) AS n FROM reminder.run_count c
           WHERE c.creditor_id = $1 AND c.outcome <> 'waits' GROUP BY 1, 2, 3, 4) c
  ON (c.creditor_id, c.as_of, c.stage, c.outcome) = (d.creditor_id, d.as_of, d.stage, d.outcome)
WHERE d.n IS DISTINCT FROM c.n
UNION ALL
-- N1: nothing is decided for a date when a later run has begun
SELECT 'decided backdated', d.creditor_id, d.invoice_no, format('%s for %s', d.stage, d.as_of)
FROM reminder.decision d
JOIN reminder.run_log r ON r.creditor_id = d.creditor_id AND r.as_of > d.as_of AND r.started_at < d.decided_at
WHERE d.creditor_id = $1
UNION ALL
-- every run decides what it meets
SELECT 'exception in a run', x.creditor_id, x.invoice_no, x.sqlstate || ' ' || x.message
FROM reminder.run_exception x
WHERE x.creditor_id = $1
UNION ALL
-- a case stands where its last letter or stage put it
SELECT 'case behind its decisions', k.creditor_id, k.invoice_no, format('%s, decided %s', k.state, d.stage)
FROM reminder.collection_case k
LEFT JOIN LATERAL (
  SELECT d.stage FROM reminder.decision d
  WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.taken_back = 0
  ORDER BY d.rung DESC LIMIT 1) d ON true
WHERE k.creditor_id = $1 AND coalesce(k.ended_from, k.state) IS DISTINCT FROM d.stage
  AND coalesce(k.ended_from, k.state) NOT IN ('monitoring', 'enforcement')
UNION ALL
-- C6: letters not confirmed as sent are cancelled with their case
SELECT 'letter of an ended case', d.creditor_id, d.invoice_no, d.stage
FROM reminder.decision d
JOIN reminder.collection_case k ON k.creditor_id = d.creditor_id AND k.invoice_no = d.invoice_no AND k.case_no = d.case_no
WHERE d.creditor_id = $1 AND d.status = 'queued' AND k.ended_on IS NOT NULL
UNION ALL
-- R8: each decision was made under the version it names
SELECT 'decided under another version', d.creditor_id, d.invoice_no,
       format('%s of rule %s version %s', d.stage, d.rule_no, d.rule_version)
FROM reminder.decision d
LEFT JOIN reminder.rule_version v
  ON v.creditor_id = d.creditor_id AND v.rule_no = d.rule_no AND v.version = d.rule_version
LEFT JOIN LATERAL (
  SELECT s FROM jsonb_array_elements(v.definition -> 'steps') s
  WHERE (s ->> 'rung')::integer = d.rung) s ON true
WHERE d.creditor_id = $1
  AND (s IS NULL OR NOT (v.definition ->> 'enabled')::boolean
       OR coalesce(d.fee_of_rule, d.fee) IS DISTINCT FROM (s ->> 'fee')::numeric)
  AND d.outcome = 'sent'
UNION ALL
-- a place on the ladder is of what is open
SELECT 'place on the ladder', i.creditor_id, i.invoice_no, format('open %s, passed %s', i.open_amount, p.passed)
FROM reminder.invoice i
LEFT JOIN reminder.position p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
WHERE i.creditor_id = $1 AND (i.open_amount > 0) <> (p.invoice_no IS NOT NULL)
UNION ALL
SELECT 'place of no invoice', p.creditor_id, p.invoice_no, NULL
FROM reminder.position p
WHERE p.creditor_id = $1
  AND NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no)
UNION ALL
-- B5: and after the last decision, so that no letter is repeated
SELECT 'place and decisions', p.creditor_id, p.invoice_no, format('passed %s, decided %s', p.passed, d.rung)
FROM reminder.position p
LEFT JOIN LATERAL (
  SELECT max(d.rung) AS rung FROM reminder.decision d
  WHERE d.creditor_id = p.creditor_id AND d.invoice_no = p.invoice_no AND d.taken_back = 0) d ON true
WHERE p.creditor_id = $1 AND p.passed NOT IN (coalesce(d.rung, 0), 99)
UNION ALL
SELECT 'place under another rule', p.creditor_id, p.invoice_no, format('rule %s, customer''s %s', p.rule_no, u.rule_no)
FROM reminder.position p
JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
JOIN reminder.customer u ON u.creditor_id = i.creditor_id AND u.customer_no = i.customer_no
WHERE p.creditor_id = $1 AND p.rule_no <> coalesce(u.rule_no, 0)
UNION ALL
-- R3
SELECT 'customer under another rule', u.creditor_id, u.customer_no,
       format('rule %s, should be %s', u.rule_no, a.rule_no)
FROM reminder.customer u
JOIN reminder.creditor c ON c.creditor_id = u.creditor_id
LEFT JOIN reminder.customer_class k ON k.creditor_id = u.creditor_id AND k.class = u.class
LEFT JOIN reminder.rule kr ON kr.creditor_id = k.creditor_id AND kr.rule_no = k.rule_no AND kr.kind = u.rule_kind
LEFT JOIN reminder.rule g ON g.creditor_id = u.creditor_id AND g.general AND g.kind = u.rule_kind
CROSS JOIN LATERAL (
  SELECT CASE WHEN u.blocked THEN NULL
              WHEN u.own_rule IS NOT NULL THEN u.own_rule
              WHEN k.excluded THEN NULL
              WHEN kr.rule_no IS NOT NULL THEN kr.rule_no
              WHEN c.foreign_customers = 'blocked' AND coalesce(u.country, c.country) <> c.country THEN NULL
              ELSE g.rule_no END AS rule_no) a
WHERE u.creditor_id = $1 AND u.rule_no IS DISTINCT FROM a.rule_no
UNION ALL
-- R10
SELECT 'rule history', u.creditor_id, u.customer_no, format('rule %s, noted %s', u.rule_no, h.rule_no)
FROM reminder.customer u
LEFT JOIN LATERAL (
  SELECT h.rule_no, true AS noted FROM reminder.customer_rule_history h
  WHERE h.creditor_id = u.creditor_id AND h.customer_no = u.customer_no
  ORDER BY h.since DESC LIMIT 1) h ON true
WHERE u.creditor_id = $1 AND (u.rule_no IS DISTINCT FROM h.rule_no OR h.noted IS NULL)
$$;
SQL

# Creates test.violations() in a database that has the tables.
sub install
{
	my ($class, $node, $database) = @_;

	$node->safe_psql($database, $sql);
	return;
}

1;
