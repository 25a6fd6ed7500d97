-- one.sql: what one asks of a single invoice, of :asked of them all over the
-- book: explain(), and case_status where it has a case, against looking up by
-- key each of the rows that these read of it, or its case alone; and
-- case_status_as_of the day before, of these and of as many on which a krona was
-- paid since. All are prepared statements, one row each, as drivers send them.
SET client_min_messages = warning;
SET jit = off;
SELECT to_regclass('bench.asked') IS NULL AS first \gset
\if :first
-- a case for some, unless other parts have brought them about
SELECT NOT EXISTS (SELECT FROM reminder.collection_case) AS none, bench.day(19) + 5 AS as_of \gset
\if :none
CALL reminder.run(:'as_of', 1);
\endif
-- and one more day, so that the day before is an earlier one
SELECT max(as_of) + 1 AS later FROM reminder.run_log WHERE creditor_id = 1 \gset
CALL reminder.run(:'later', 1);
CREATE TABLE bench.asked AS
SELECT row_number() OVER () AS n, i.invoice_no, i.in_case, i.place > :asked AS changed
FROM (SELECT i.invoice_no, k.invoice_no IS NOT NULL AS in_case,
             row_number() OVER (PARTITION BY k.invoice_no IS NOT NULL ORDER BY md5(i.invoice_no)) AS place
      FROM reminder.invoice i LEFT JOIN reminder.collection_case k USING (creditor_id, invoice_no) WHERE i.creditor_id = 1 AND i.open_amount > 0) i
WHERE i.place <= :asked OR (i.in_case AND i.place <= 2 * :asked);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
SELECT 1, 'since ' || a.invoice_no, a.invoice_no, :'later', 1 FROM bench.asked a WHERE a.changed;
ANALYZE bench.asked;

-- Of the invoice: itself, its customer, its place, case, decisions, payments,
-- losses, holds. Of its rule: the rule, the step, creditor, jurisdiction, stage,
-- channel, the fee's kind and tiers, the rules on interest and limitation.
CREATE TABLE bench.look_up (what text, statement text);
INSERT INTO bench.look_up VALUES
  ('explain', $$SELECT * FROM reminder.invoice WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.customer WHERE creditor_id = 1 AND customer_no = $2$$),
  ('explain', $$SELECT * FROM reminder.position WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.collection_case WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.decision WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.payment WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.credit_loss WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.hold WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('explain', $$SELECT * FROM reminder.creditor WHERE creditor_id = 1$$),
  ('explain', $$SELECT * FROM reminder.jurisdiction WHERE jurisdiction = 'SE'$$),
  ('explain', $$SELECT * FROM reminder.rule WHERE creditor_id = 1 AND rule_no = 1$$),
  ('explain', $$SELECT * FROM reminder.rule_step WHERE creditor_id = 1 AND rule_no = 1 AND stage = 'reminder' AND nth = 1$$),
  ('explain', $$SELECT * FROM reminder.stage WHERE stage = 'reminder'$$),
  ('explain', $$SELECT * FROM reminder.channel WHERE channel = 'system_default'$$),
  ('explain', $$SELECT * FROM reminder.channel_use WHERE channel = 'print' AND stage = 'reminder' AND customer_kind = 'company'$$),
  ('explain', $$SELECT * FROM reminder.stage_fee_kind WHERE jurisdiction = 'SE' AND stage = 'reminder' AND collected_by = 'service'$$),
  ('explain', $$SELECT * FROM reminder.statutory_fee WHERE jurisdiction = 'SE' AND fee_kind = 'reminder'$$),
  ('explain', $$SELECT * FROM reminder.interest_rule WHERE jurisdiction = 'SE'$$),
  ('explain', $$SELECT * FROM reminder.reference_rate WHERE jurisdiction = 'SE' ORDER BY valid_from DESC LIMIT 1$$),
  ('explain', $$SELECT * FROM reminder.limitation_rule WHERE jurisdiction = 'SE'$$),
  ('case_status', $$SELECT * FROM reminder.collection_case WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('case_status', $$SELECT * FROM reminder.invoice WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('case_status', $$SELECT * FROM reminder.position WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('case_status', $$SELECT * FROM reminder.decision WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('case_status', $$SELECT * FROM reminder.hold WHERE creditor_id = 1 AND invoice_no = $1$$),
  ('case_status', $$SELECT * FROM reminder.run_log WHERE creditor_id = 1 ORDER BY as_of DESC LIMIT 1$$),
  ('case_status', $$SELECT * FROM reminder.rule WHERE creditor_id = 1 AND rule_no = 1$$),
  ('case_status', $$SELECT * FROM reminder.rule_step WHERE creditor_id = 1 AND rule_no = 1 AND stage = 'demand' AND nth = 1$$),
  ('case_status', $$SELECT * FROM reminder.creditor WHERE creditor_id = 1$$),
  ('case_status', $$SELECT * FROM reminder.jurisdiction WHERE jurisdiction = 'SE'$$),
  ('case', $$SELECT * FROM reminder.collection_case WHERE creditor_id = 1 AND invoice_no = $1$$);

-- Sends them, for each invoice asked of, one after the other, and gives the milliseconds.
CREATE FUNCTION bench.ask(what text, statements text[], only_cases boolean) RETURNS numeric LANGUAGE plpgsql AS $f$
DECLARE
  _statement text;
  _all text[];
  _began timestamptz;
BEGIN
  FOR n IN 1 .. cardinality(statements) LOOP
    IF NOT EXISTS (SELECT FROM pg_prepared_statements WHERE name = what || n) THEN
      EXECUTE format('PREPARE %I (text, text, date) AS %s', what || n, statements[n]);
    END IF;
  END LOOP;
  _all := (SELECT array_agg(format('EXECUTE %I (%L, %L, %L)', what || s, a.invoice_no, i.customer_no, (SELECT max(as_of) FROM reminder.run_log)) ORDER BY a.n, s)
           FROM bench.asked a JOIN reminder.invoice i ON i.creditor_id = 1 AND i.invoice_no = a.invoice_no
           CROSS JOIN generate_series(1, cardinality(statements)) s WHERE (a.in_case OR NOT only_cases) AND a.changed = (what LIKE '%changed'));
  _began := clock_timestamp();
  FOREACH _statement IN ARRAY _all LOOP
    EXECUTE _statement;
  END LOOP;
  RETURN round(extract(epoch FROM clock_timestamp() - _began) * 1000, 1);
END
$f$;
CREATE FUNCTION bench.one(what text) RETURNS numeric LANGUAGE sql AS $f$
  SELECT bench.ask(what, CASE what
    WHEN 'explain' THEN ARRAY['SELECT * FROM reminder.explain(1, $1, $3)']
    WHEN 'case_status' THEN ARRAY['SELECT * FROM reminder.case_status WHERE creditor_id = 1 AND invoice_no = $1']
    WHEN 'case_status_changed' THEN ARRAY['SELECT * FROM reminder.case_status WHERE creditor_id = 1 AND invoice_no = $1']
    WHEN 'case_as_of' THEN ARRAY['SELECT * FROM reminder.case_status_as_of(1, $3 - 1, $1)']
    WHEN 'case_as_of_changed' THEN ARRAY['SELECT * FROM reminder.case_status_as_of(1, $3 - 1, $1)']
    WHEN 'explain_rows' THEN (SELECT array_agg(l.statement) FROM bench.look_up l WHERE l.what = 'explain')
    WHEN 'case_row' THEN (SELECT array_agg(l.statement) FROM bench.look_up l WHERE l.what = 'case')
    ELSE (SELECT array_agg(l.statement) FROM bench.look_up l WHERE l.what = 'case_status') END, what LIKE 'case%')
$f$;
VACUUM ANALYZE;
\endif
-- met once before, or what is measured is how the kernel maps a large book into a new process
SELECT bench.one(q) FROM unnest(ARRAY['explain', 'explain_rows', 'case_status', 'case_rows', 'case_row', 'case_as_of', 'case_status_changed', 'case_as_of_changed']) q \g /dev/null
SELECT format('%s|%s', q, bench.one(q)) FROM unnest(ARRAY['explain', 'explain_rows', 'case_status', 'case_rows', 'case_row', 'case_as_of', 'case_status_changed', 'case_as_of_changed']) q;
