-- Law that is from memory alone is shown and not used, until a creditor takes
-- it for itself (L1): each law table, for the one creditor and for no other,
-- with the table's figure or one of its own.
\set name regress_own_law
\i test/sql/include/ladder.sql
CREATE FUNCTION t.interest(creditor_id bigint, until date) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _total numeric;
BEGIN
  SELECT max(i.total) INTO _total FROM reminder.invoice_interest($1, 'i', $2) i;
  RETURN _total;
EXCEPTION WHEN SQLSTATE '55R05' THEN
  RETURN SQLERRM;
END
$$;
CREATE VIEW t.own AS
SELECT y.creditor_id AS c, y.law, y.what, y.debtor_kind, y.valid_from, y.above, y.figure FROM reminder.creditor_law y;

-- Denmark's rate for 2026-07-01 was not found. 1,000 due on 2026-06-20 at 9.75 %:
-- 10 days, 2.6712, and 31 days at 8 + 2 = 10 %: 8.4932: 11.16. At 8 + 2.15: 11.29.
\echo '# a reference rate that is missing: one''s own'
CALL t.creditor(1, 'DK');
CALL t.creditor(2, 'DK');
CALL t.customer(1, 'C');
CALL t.customer(2, 'C');
CALL t.invoice(1, 'i', 'C', '2026-06-20');
CALL t.invoice(2, 'i', 'C', '2026-06-20');
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{1,2}'::integer[]) c;
SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2026-07-01', 'Nationalbanken, our treasurer', 2.00);
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{2,1,2,1}'::integer[]) c;
SELECT t.try($$SELECT reminder.late_interest('DK', 'company', 1000, '2026-06-20', '2026-07-31')$$) AS everybody;
SELECT reminder.confirm_law(2, 'reference_rate', NULL, NULL, '2026-07-01', 'our bank', 2.15);
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{1,2}'::integer[]) c;
\echo '# the next half-year is missing still'
SELECT c, t.interest(c, '2027-01-01') FROM unnest('{1,2}'::integer[]) c;
\echo '# taken back'
DELETE FROM reminder.creditor_law WHERE creditor_id = 1;
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{1,2}'::integer[]) c;
\echo '# once there is a rate for all, it goes before one''s own'
BEGIN;
INSERT INTO reminder.reference_rate VALUES ('DK', '2026-07-01', 2.00, 'reference', 'sourced', 'read');
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{1,2}'::integer[]) c;
UPDATE reminder.reference_rate SET confidence = 'unconfirmed' WHERE jurisdiction = 'DK' AND valid_from = '2026-07-01';
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{1,2}'::integer[]) c;
ROLLBACK;
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{1,2}'::integer[]) c;
\echo '# Norway''s is the whole interest, one''s own too'
CALL t.creditor(3, 'NO');
CALL t.customer(3, 'C');
CALL t.invoice(3, 'i', 'C', '2026-12-31');
SELECT reminder.confirm_law(3, 'reference_rate', NULL, NULL, '2027-01-01', 'regjeringen.no', 12.00), t.interest(3, '2027-01-30');

-- The EU's margin is from memory; its rate of 2026-07-01, 2.40, is derived.
-- 1,000 for 31 days at 10.40 %: 8.83; with 9 points 11.40 %: 9.68.
\echo '# a margin'
CALL t.creditor(4, 'EU');
CALL t.creditor(5, 'EU');
CALL t.customer(4, 'C');
CALL t.customer(5, 'C');
CALL t.invoice(4, 'i', 'C', '2026-06-30');
CALL t.invoice(5, 'i', 'C', '2026-06-30');
SELECT reminder.confirm_law(4, 'interest_rule', '', 'company', '2013-03-16', 'our lawyer');
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{4,5}'::integer[]) c;
SELECT reminder.confirm_law(4, 'interest_rule', '', 'company', '2013-03-16', 'the contract', 9);
SELECT c, t.interest(c, '2026-07-31') FROM unnest('{4,5}'::integer[]) c;
\echo '# for another kind of debtor it is none'
UPDATE reminder.customer SET kind = 'public' WHERE creditor_id = 4;
SELECT t.interest(4, '2026-07-31');

\echo '# a fee of one''s own'
SELECT reminder.confirm_law(4, 'statutory_fee', 'late_compensation_flat', 'company', '2013-03-16', 'our lawyer', 30);
SELECT above, cap FROM reminder._fee_tiers('EU', 'company', 'late_compensation_flat', '2026-07-31', 4);
SELECT above, cap FROM reminder._fee_tiers('EU', 'company', 'late_compensation_flat', '2026-07-31', 5);
CALL t.creditor(6, 'DE');
SELECT reminder.confirm_law(6, 'statutory_fee', 'reminder', 'any', '1900-01-01', 'our printer''s bill', 1.80);
CALL t.rule(6, 21, 'company', 'creditor', true, 'reminder 5d 10d 1.80');
SELECT reminder.activate(6, true) \g /dev/null
SELECT t.try('UPDATE reminder.rule_step SET fee = 2 WHERE creditor_id = 6 AND rule_no = 21; SET CONSTRAINTS ALL IMMEDIATE');
BEGIN;
UPDATE reminder.rule SET enabled = false WHERE creditor_id = 6;
UPDATE reminder.rule_step SET fee = 2 WHERE creditor_id = 6 AND rule_no = 21;
SELECT severity, code, sentence, paragraph FROM reminder.rule_findings(6, 21);
ROLLBACK;

-- Finland's order is from memory: until it is confirmed the principal is paid first.
\echo '# what a payment settles first'
CALL t.creditor(7, 'FI', 'netvisor');
CALL t.creditor(8, 'FI', 'netvisor');
UPDATE reminder.rule SET catches_up = true WHERE creditor_id IN (7, 8);
CALL t.customer(7, 'C');
CALL t.customer(8, 'C');
CALL t.invoice(7, 'i', 'C', '2026-03-02');
CALL t.invoice(8, 'i', 'C', '2026-03-02');
\set c 7
\set d '\'2026-03-20\''
:run
\set c 8
:run
SELECT reminder.confirm_law(7, 'allocation_rule', NULL, 'any', '1900-01-01', 'our lawyer');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, allocates)
SELECT c, 'p', 'i', '2026-03-25', 100, 'law' FROM unnest('{7,8}'::integer[]) c;
SELECT i.creditor_id AS c, k.fees, k.fees_paid, k.interest, k.interest_paid, i.open_amount
FROM reminder.invoice i JOIN reminder.collection_case k USING (creditor_id, invoice_no) WHERE creditor_id IN (7, 8) ORDER BY 1;

-- Norway's 10 years after a judgment are from memory.
\echo '# limitation'
CALL t.creditor(9, 'NO');
CALL t.creditor(10, 'NO');
CALL t.customer(9, 'C');
CALL t.customer(10, 'C');
CALL t.invoice(9, 'i', 'C', '2026-03-02');
CALL t.invoice(10, 'i', 'C', '2026-03-02');
SELECT reminder.interrupt_limitation(c, 'i', '2026-06-01', 'judgment') FROM unnest('{9,10}'::integer[]) c \g /dev/null
SELECT creditor_id AS c, lapses_on FROM reminder.limitation WHERE creditor_id IN (9, 10) ORDER BY 1;
SELECT reminder.confirm_law(9, 'limitation_rule', 'judgment', 'any', '1900-01-01', 'foreldelsesloven § 21');
SELECT creditor_id AS c, lapses_on FROM reminder.limitation WHERE creditor_id IN (9, 10) ORDER BY 1;
SELECT reminder.confirm_law(9, 'limitation_rule', 'judgment', 'any', '1900-01-01', 'to be safe', 5);
SELECT creditor_id AS c, lapses_on FROM reminder.limitation WHERE creditor_id IN (9, 10) ORDER BY 1;

-- Finland's 10 days to pay a demand are from memory.
\echo '# intervals'
CALL t.rule(7, 21, 'person', 'creditor', true, 'demand 15d 10d');
CALL t.rule(8, 21, 'person', 'creditor', true, 'demand 15d 9d');
SELECT severity, code, sentence, paragraph FROM reminder.rule_findings(8, 21);
SELECT reminder.confirm_law(7, 'interval_rule', 'demand_time_to_pay', 'person', '2013-03-16', 'our lawyer', 12);
SELECT severity, code, sentence, paragraph FROM reminder.rule_findings(7, 21);
SELECT t.try('UPDATE reminder.rule_step SET wait = 16 WHERE creditor_id = 7 AND rule_no = 21; SET CONSTRAINTS ALL IMMEDIATE') AS refused,
       t.try('UPDATE reminder.rule_step SET wait = 16 WHERE creditor_id = 8 AND rule_no = 21; SET CONSTRAINTS ALL IMMEDIATE') AS told;

\echo '# demand content'
INSERT INTO reminder.demand_content VALUES ('FI', 'sender', '2013-03-16', 50, 'payout', 'The number to pay to, again.', 'unconfirmed', 'from memory');
UPDATE reminder.creditor SET bankgiro = NULL, contract_address = 'Street 1' WHERE creditor_id IN (7, 8);
SELECT reminder.confirm_law(7, 'demand_content', 'sender', NULL, '2013-03-16', 'our lawyer');
SELECT c, m.item FROM unnest('{7,8}'::integer[]) c, reminder.demand_missing(c, 'i', '2026-03-25') m WHERE m.item = 'sender';

\echo '# one''s own view of the law'
SELECT topic, debtor_kind, what, above, value, unit, valid_from, confidence, source FROM reminder.law_in_force('FI', '2026-11-22', 7) WHERE confidence IN ('own', 'unconfirmed');
SELECT c, l.what, l.value, l.confidence, l.source FROM unnest('{1,2}'::integer[]) c, reminder.law_in_force('DK', '2026-11-22', c) l WHERE l.what LIKE '%rate%' ORDER BY 1, 2;
SELECT c, l.what, l.value, l.confidence FROM unnest('{4,5}'::integer[]) c, reminder.law_in_force('EU', '2026-11-22', c) l WHERE l.topic LIKE 'late%' ORDER BY 1, 2, 3;
SELECT l.what, l.value, l.confidence FROM reminder.law_in_force('NO', '2027-03-01', 3) l WHERE l.topic = 'late interest';
SELECT l.what, l.value, l.confidence FROM reminder.law_in_force('NO', '2027-03-01', 9) l WHERE l.what LIKE '%rate%' OR l.confidence = 'own';
\echo '# of another country it is nobody''s own; and without a creditor everybody''s'
SELECT count(*) FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22', 7) l WHERE l.confidence = 'own' AND j.jurisdiction <> 'FI';
SELECT count(*) FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l WHERE l.confidence = 'own';
SELECT * FROM t.own ORDER BY 1, 2, 3;
SELECT law, jurisdiction, count(*) FROM reminder.unconfirmed_law GROUP BY 1, 2 ORDER BY 1, 2;

\echo '# what cannot be one''s own'
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'a rate that is known', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2026-01-01', 'why', 3)$$),
  (2, 'a missing one without a figure', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2027-01-01', 'why')$$),
  (3, 'one of another day', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2027-02-01', 'why', 3)$$),
  (4, 'one without end', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, 'infinity', 'why', 3)$$),
  (5, 'one of no day', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, NULL, 'why', 3)$$),
  (6, 'a rate that is none', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2027-01-01', 'why', 'NaN')$$),
  (7, 'a rate too high', $$SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2027-01-01', 'why', 100.01)$$),
  (8, 'a fee below 0', $$SELECT reminder.confirm_law(6, 'statutory_fee', 'reminder', 'any', '1900-01-01', 'why', -1)$$),
  (9, 'a huge one', $$SELECT reminder.confirm_law(6, 'statutory_fee', 'reminder', 'any', '1900-01-01', 'why', 1e15)$$),
  (10, 'infinite years', $$SELECT reminder.confirm_law(9, 'limitation_rule', 'judgment', 'any', '1900-01-01', 'why', 'NaN')$$),
  (11, 'half a year', $$SELECT reminder.confirm_law(9, 'limitation_rule', 'judgment', 'any', '1900-01-01', 'why', 0.5)$$),
  (12, 'an order in a figure', $$SELECT reminder.confirm_law(7, 'allocation_rule', NULL, 'any', '1900-01-01', 'why', 123)$$),
  (13, 'a table of no law', $$SELECT reminder.confirm_law(7, 'jurisdiction', NULL, 'any', '1900-01-01', 'why')$$),
  (14, 'law of an unknown creditor', $$SELECT * FROM reminder.law_in_force('FI', '2026-11-22', 99)$$)) v (n, what, sql)
ORDER BY n;

SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
