\set ECHO none
/*
 * A database of its own, named :name, for a test of rules and runs: tools in
 * the schema t, and no creditor yet. `:run` runs creditor :c for the date :d
 * between two looks: what plan() and explain() say before it and what the run
 * then does must be the same (B1), and a difference is a warning.
 */
\set QUIET on
SET client_min_messages = error;
\set home :DBNAME
DROP DATABASE IF EXISTS :name;
CREATE DATABASE :name TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C';
\c :name
SET client_min_messages = error;
\o /dev/null
CREATE EXTENSION reminder;
SELECT reminder.install();
CREATE SCHEMA t;

INSERT INTO reminder.account (account_id, name) VALUES (1, 'Account');

-- Runs a statement; gives what became of it, in one line.
CREATE FUNCTION t.try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _message text;
  _constraint text;
BEGIN
  EXECUTE statement;
  RETURN 'ok';
EXCEPTION WHEN OTHERS THEN
  GET STACKED DIAGNOSTICS _message = MESSAGE_TEXT, _constraint = CONSTRAINT_NAME;
  RETURN SQLSTATE || ' ' || CASE WHEN _constraint <> '' THEN _constraint ELSE _message END;
END
$$;

-- A creditor that may run at once, with the two general rules of a preset, if one is named.
CREATE PROCEDURE t.creditor(creditor_id bigint, jurisdiction text, preset text DEFAULT NULL) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
  VALUES (creditor_id, 1, 'Creditor ' || creditor_id, jurisdiction, '5402-9681', 'Street 1', 'Goods');
  IF preset IS NOT NULL THEN
    PERFORM reminder.add_preset(creditor_id, preset);
    PERFORM reminder.activate(creditor_id, confirm => true);
  END IF;
END
$$;

-- A rule of one's own. Steps are 'stage wait term fee', with d or b (bank days) after wait and term.
CREATE PROCEDURE t.rule(creditor_id bigint, rule_no integer, kind text, collected_by text, catches_up boolean, VARIADIC steps text[]) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up)
  VALUES (creditor_id, rule_no, 'Rule ' || rule_no, kind, collected_by, catches_up);
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, wait_unit, term, term_unit, fee)
  SELECT $1, $2, p[1], row_number() OVER (PARTITION BY p[1] ORDER BY n),
         rtrim(p[2], 'db')::integer, CASE right(p[2], 1) WHEN 'b' THEN 'bank_day' ELSE 'day' END,
         rtrim(p[3], 'db')::integer, CASE right(p[3], 1) WHEN 'b' THEN 'bank_day' ELSE 'day' END,
         p[4]::numeric
  FROM unnest(steps) WITH ORDINALITY s (step, n), string_to_array(step, ' ') p;
END
$$;

-- Rules made when the law of a country was not known yet; then it is.
CREATE PROCEDURE t.before_law(country text, VARIADIC calls text[]) LANGUAGE plpgsql AS $$
DECLARE
  _call text;
BEGIN
  CREATE TEMP TABLE fees AS SELECT * FROM reminder.statutory_fee f WHERE f.jurisdiction = country;
  CREATE TEMP TABLE intervals AS SELECT * FROM reminder.interval_rule i WHERE i.jurisdiction = country;
  DELETE FROM reminder.statutory_fee f WHERE f.jurisdiction = country;
  DELETE FROM reminder.interval_rule i WHERE i.jurisdiction = country;
  FOREACH _call IN ARRAY calls LOOP
    EXECUTE _call;
  END LOOP;
  SET CONSTRAINTS ALL IMMEDIATE;
  INSERT INTO reminder.statutory_fee SELECT * FROM fees;
  INSERT INTO reminder.interval_rule SELECT * FROM intervals;
  DROP TABLE fees, intervals;
END
$$;

-- A customer; under a rule of its own, if one is named.
CREATE PROCEDURE t.customer(creditor_id bigint, customer_no text, kind text DEFAULT 'company', own_rule integer DEFAULT NULL) LANGUAGE sql AS $$
  INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, own_rule) VALUES ($1, $2, 'Customer ' || $2, $3, $4)
$$;

-- An invoice of 1000 in the creditor's currency, dated 30 days before it is due.
CREATE PROCEDURE t.invoice(creditor_id bigint, invoice_no text, customer_no text, due_date date, amount numeric DEFAULT 1000, currency text DEFAULT NULL, kind text DEFAULT 'invoice') LANGUAGE sql AS $$
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount)
  SELECT $1, $2, $3, $7, $4 - 30, $4, coalesce($6, c.currency), $5 FROM reminder.creditor c WHERE c.creditor_id = $1
$$;

-- A payment.
CREATE PROCEDURE t.pay(creditor_id bigint, payment_no text, invoice_no text, paid_on date, amount numeric) LANGUAGE sql AS $$
  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES ($1, $2, $3, $4, $5)
$$;

-- What was decided, in the order in which it was decided.
CREATE VIEW t.decision AS
SELECT d.creditor_id AS c, d.invoice_no AS invoice, d.stage, d.outcome, d.reason, d.step_date, d.as_of, d.deadline, d.fee, d.fees
FROM reminder.decision d;

-- Customers and their rules.
CREATE VIEW t.customer AS
SELECT c.creditor_id AS c, c.customer_no AS customer, c.kind, c.country, c.class, c.own_rule AS own, c.rule_no AS rule, c.assigned_by
FROM reminder.customer c;

-- R3 in SQL, to compare the trigger with: customers who are not under the rule they should be. None is good.
CREATE VIEW t.misplaced AS
SELECT c.creditor_id, c.customer_no, c.rule_no, c.assigned_by, s.rule_no AS should_be, s.why
FROM reminder.customer c
JOIN reminder.creditor b USING (creditor_id)
LEFT JOIN reminder.customer_class k ON k.creditor_id = c.creditor_id AND k.class = c.class
LEFT JOIN reminder.rule kr ON kr.creditor_id = k.creditor_id AND kr.rule_no = k.rule_no AND kr.kind = CASE c.kind WHEN 'person' THEN 'person' ELSE 'company' END
LEFT JOIN reminder.rule g ON g.creditor_id = c.creditor_id AND g.general AND g.kind = CASE c.kind WHEN 'person' THEN 'person' ELSE 'company' END
CROSS JOIN LATERAL (
  SELECT CASE WHEN c.blocked THEN NULL WHEN c.own_rule IS NOT NULL THEN c.own_rule WHEN k.excluded THEN NULL
              WHEN kr.rule_no IS NOT NULL THEN kr.rule_no
              WHEN b.foreign_customers = 'blocked' AND c.country <> coalesce(b.country, b.jurisdiction) THEN NULL
              ELSE g.rule_no END,
         CASE WHEN c.blocked THEN 'blocked' WHEN c.own_rule IS NOT NULL THEN 'own' WHEN k.excluded THEN 'class_excluded'
              WHEN kr.rule_no IS NOT NULL THEN 'class'
              WHEN b.foreign_customers = 'blocked' AND c.country <> coalesce(b.country, b.jurisdiction) THEN 'foreign'
              WHEN g.rule_no IS NULL THEN 'no_rule' ELSE 'general' END) s (rule_no, why)
LEFT JOIN LATERAL (
  SELECT h.rule_no, h.assigned_by FROM reminder.customer_rule_history h
  WHERE h.creditor_id = c.creditor_id AND h.customer_no = c.customer_no ORDER BY h.since DESC LIMIT 1) h ON true
WHERE (c.rule_no, c.assigned_by) IS DISTINCT FROM (s.rule_no, s.why)
   OR (c.rule_no, c.assigned_by) IS DISTINCT FROM (h.rule_no, h.assigned_by)
   OR EXISTS (SELECT FROM reminder.invoice i JOIN reminder.position p USING (creditor_id, invoice_no)
              WHERE i.creditor_id = c.creditor_id AND i.customer_no = c.customer_no AND p.rule_no <> coalesce(s.rule_no, 0));

-- What plan() and explain() say before a run.
CREATE TABLE t.planned AS SELECT * FROM reminder.plan('2026-01-01', 0) WITH NO DATA;
CREATE TABLE t.explained AS SELECT ''::text AS invoice_no, e.* FROM reminder.explain(0, '', '2026-01-01') e WITH NO DATA;
CREATE TABLE t.stood AS SELECT * FROM reminder.position WITH NO DATA;

CREATE PROCEDURE t.before(creditor_id bigint, as_of date) LANGUAGE sql AS $$
  DELETE FROM t.planned;
  DELETE FROM t.explained;
  DELETE FROM t.stood;
  INSERT INTO t.planned SELECT * FROM reminder.plan($2, $1);
  INSERT INTO t.explained SELECT i.invoice_no, e.*
  FROM reminder.invoice i CROSS JOIN LATERAL reminder.explain(i.creditor_id, i.invoice_no, $2) e WHERE i.creditor_id = $1;
  INSERT INTO t.stood SELECT * FROM reminder.position p WHERE p.creditor_id = $1;
$$;

-- And what the run did. Where a run leaves no trace (automation off), plan() still says what waits.
CREATE PROCEDURE t.after(creditor_id bigint, as_of date) LANGUAGE plpgsql AS $$
DECLARE
  _odd record;
BEGIN
  FOR _odd IN
    WITH did AS (
      SELECT d.invoice_no, d.stage, d.outcome, d.reason, d.step_date, d.deadline, d.currency, d.principal, d.fee, d.principal + d.interest - d.interest_settled + d.fees - d.fees_settled AS total, d.rule_no
      FROM reminder.decision d LEFT JOIN t.stood s USING (creditor_id, invoice_no)
      WHERE d.creditor_id = $1 AND d.as_of = $2 AND d.rung > coalesce(s.passed, 0) AND d.taken_back = 0
      UNION ALL
      SELECT p.invoice_no, l.stage, 'waits', p.waiting_for, l.step_date, NULL, l.currency, l.principal, NULL, NULL, p.rule_no
      FROM reminder.position p JOIN t.planned l USING (invoice_no)
      WHERE p.creditor_id = $1 AND p.waiting_for IS NOT NULL AND l.outcome = 'waits'),
    planned AS (
      SELECT l.invoice_no, l.stage, l.outcome, l.reason, l.step_date, l.deadline, l.currency, l.principal, l.fee,
             CASE WHEN l.outcome = 'sent' THEN l.total END AS total, l.rule_no
      FROM t.planned l
      WHERE EXISTS (SELECT FROM reminder.run_log r WHERE r.creditor_id = $1 AND r.as_of = $2)),
    explained AS (
      SELECT e.invoice_no, e.stage, e.outcome, e.reason, e.step_date, e.deadline, e.currency, e.principal, e.fee, e.total, e.rule_no
      FROM t.explained e WHERE e.outcome NOT IN ('not_due', 'done') AND e.rule_no IS NOT NULL),
    ran AS (
      SELECT invoice_no, stage, outcome, reason, step_date, deadline, currency, principal, fee,
             CASE WHEN outcome = 'sent' THEN total END AS total, rule_no FROM did)
    SELECT 'planned, not run' AS what, x.* FROM (SELECT * FROM planned EXCEPT SELECT * FROM ran) x
    UNION ALL SELECT 'run, not planned', x.* FROM (SELECT * FROM ran EXCEPT SELECT * FROM planned) x
    UNION ALL SELECT 'planned, not explained', x.* FROM (SELECT * FROM planned EXCEPT SELECT * FROM explained) x
    UNION ALL SELECT 'explained, not planned', x.*
    FROM (SELECT * FROM explained EXCEPT SELECT l.invoice_no, l.stage, l.outcome, l.reason, l.step_date, l.deadline, l.currency, l.principal, l.fee,
                                                CASE WHEN l.outcome = 'sent' THEN l.total END, l.rule_no FROM t.planned l) x
    UNION ALL SELECT 'exception: ' || x.message, x.invoice_no, x.stage, x.sqlstate, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM reminder.run_exception x WHERE x.creditor_id = $1 AND x.as_of = $2
    ORDER BY 2, 1
  LOOP
    RAISE WARNING '%', _odd;
  END LOOP;
END
$$;

\set run 'CALL t.before(:c, :d); CALL reminder.run(:d, :c); CALL t.after(:c, :d);'
\o
\pset null '-'
\pset footer off
\set VERBOSITY default
\set SHOW_CONTEXT never
SET client_min_messages = notice;
\set ECHO all
