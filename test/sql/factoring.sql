-- Factored invoices (N2): left alone, unless they are sold to a company that is
-- allowed: in a run, by hand, recorded and asked about.
\set name regress_factoring
\i test/sql/include/ladder.sql
SET client_min_messages = warning;

-- Two creditors, due on Monday 2026-03-02, reminder on 03-07; both sell to one
-- company, which leaves the reminders to creditor 1 alone.
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'SE', 'amili');
INSERT INTO reminder.customer (creditor_id, customer_no, name, address) SELECT c, 'C', 'Berg AB', 'Storgatan 1' FROM generate_series(1, 2) c;
INSERT INTO reminder.factoring_company VALUES (1, 'loan', true), (1, 'sale', false), (2, 'loan', false);
CREATE PROCEDURE t.sold(c bigint, i text, company text) LANGUAGE plpgsql AS $$
BEGIN
  CALL t.invoice(c, i, 'C', '2026-03-02');
  UPDATE reminder.invoice SET kind = 'factored' WHERE creditor_id = c AND invoice_no = i;
  IF company IS NOT NULL THEN
    INSERT INTO reminder.factored_invoice VALUES (c, i, company);
  END IF;
END
$$;
CALL t.sold(1, 'loan', 'loan');
CALL t.sold(1, 'sale', 'sale');
CALL t.sold(1, 'none', NULL);
CALL t.sold(2, 'loan', 'loan');
CALL t.sold(1, 'by hand loan', 'loan');
CALL t.sold(1, 'by hand sale', 'sale');
CALL t.sold(1, 'recorded loan', 'loan');
CALL t.sold(1, 'recorded sale', 'sale');

\echo '# N2, N7: asked about, sent by hand, recorded'
SELECT c, i, (SELECT array_agg(r.code) FROM reminder.readiness(c, i, '2026-03-07') r WHERE r.code = 'factored') AS readiness,
       (reminder.explain(c, i, '2026-03-07')).outcome, (reminder.explain(c, i, '2026-03-07')).reason
FROM (VALUES (1, 'loan'), (1, 'sale'), (1, 'none'), (2, 'loan')) v (c, i) ORDER BY 1, 2;
SELECT invoice_no, outcome, reason FROM reminder.send_now(1, ARRAY['by hand loan', 'by hand sale'], '2026-03-04') ORDER BY 1;
SELECT t.try($$SELECT reminder.record_letter(1, 'recorded loan', 'reminder', '2026-03-04', 60, '2026-03-05')$$);
SELECT t.try($$SELECT reminder.record_letter(1, 'recorded sale', 'reminder', '2026-03-04', 60, '2026-03-05')$$);

\echo '# N2: a run; the reason is final'
\set d '\'2026-03-07\''
\set c 1
:run
\set c 2
:run
SELECT creditor_id, invoice_no, stage, as_of, outcome, reason FROM reminder.decision ORDER BY 1, 2;
UPDATE reminder.factoring_company SET allowed = true;
\set d '\'2026-03-08\''
\set c 1
:run
SELECT count(*) FROM reminder.decision;

\echo '# P5: sent out by the service if it is allowed'
SELECT reminder.register_invoice(1, 'sale', 'full', '2026-03-08');
SELECT t.try($$SELECT reminder.register_invoice(1, 'none', 'full', '2026-03-08')$$);

\echo '# nothing else is taken'
SELECT t.try($$INSERT INTO reminder.factoring_company VALUES (1, 'loan')$$);
SELECT t.try($$INSERT INTO reminder.factoring_company VALUES (1, '')$$);
SELECT t.try($$INSERT INTO reminder.factoring_company VALUES (9, 'loan')$$);
SELECT t.try($$INSERT INTO reminder.factoring_company VALUES (1, repeat('x', 65))$$);
SELECT t.try($$INSERT INTO reminder.factoring_company VALUES (1, 'x', NULL)$$);
SELECT t.try($$INSERT INTO reminder.factored_invoice VALUES (1, 'none', 'nobody')$$);
SELECT t.try($$INSERT INTO reminder.factored_invoice VALUES (2, 'none', 'loan')$$);
SELECT t.try($$INSERT INTO reminder.factored_invoice VALUES (2, 'loan', 'sale')$$);
SELECT t.try($$UPDATE reminder.factored_invoice SET company = 'sale' WHERE creditor_id = 2$$);
SELECT t.try($$DELETE FROM reminder.factoring_company$$);
SELECT t.try($$TRUNCATE reminder.factored_invoice$$);
SELECT * FROM reminder.check();
