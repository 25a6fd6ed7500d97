-- Invoices of which an authority pays a part (F8): only the customer's part is
-- claimed; what the authority pays settles its share alone, and what it refuses
-- becomes the customer's.
\set name regress_tax_reduction
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'SE');
UPDATE reminder.rule SET claims_interest = false;
CALL t.customer(1, 'P', 'person');
CALL t.customer(2, 'P', 'person');
-- Work for 10,000, of which 5,000 are the authority's.
CALL t.invoice(1, 'r', 'P', '2026-03-02', 5000);
CALL t.invoice(1, 'both', 'P', '2026-03-02', 5000);
CALL t.invoice(1, 'plain', 'P', '2026-03-02', 5000);
INSERT INTO reminder.tax_reduction VALUES (1, 'r', 'rot', 5000), (1, 'both', 'rot', 3000), (1, 'both', 'rut', 2000);

\echo '# the customer is asked for its own part, before and after the authority has paid'
\set c 1
\set d '\'2026-03-07\''
:run
SELECT invoice_no, stage, principal, fee, total FROM reminder.letter_list ORDER BY 1;
SELECT reminder.tax_reduction_paid(1, 'r', 2000, '2026-03-10') AS left_over;
SELECT invoice_no, amount, open_amount FROM reminder.invoice WHERE creditor_id = 1 ORDER BY 1;
SELECT reminder.confirm_letter(1, invoice_no, stage, letter_date) FROM reminder.letter_list \g /dev/null
\set d '\'2026-04-10\''
:run
SELECT invoice_no, stage, principal, fees, total FROM reminder.letter_list WHERE stage = 'demand' ORDER BY 1;
\echo '# the customer pays its part, and owes nothing until the authority refuses the rest'
CALL t.pay(1, 'p', 'r', '2026-04-12', 5240);
SELECT k.state, i.open_amount FROM reminder.collection_case k JOIN reminder.invoice i USING (creditor_id, invoice_no) WHERE invoice_no = 'r';
SELECT reminder.tax_reduction_refused(1, 'r', 3000, '2026-06-01', '2026-05-04');
SELECT invoice_no, customer_no, invoice_date, due_date, amount, open_amount FROM reminder.invoice WHERE creditor_id = 1 AND invoice_no LIKE 'r%' ORDER BY 1;
SELECT * FROM reminder.tax_reduction_list ORDER BY invoice_no, kind;
\set d '\'2026-06-08\''
:run
SELECT invoice_no, stage, principal, fee FROM reminder.letter_list WHERE letter_date = '2026-06-08';
\echo '# one kind of two; a number of one''s own'
SELECT reminder.tax_reduction_refused(1, 'both', 500, '2026-06-30', '2026-06-08', 'rut', 'both, rut refused');
SELECT reminder.tax_reduction_paid(1, 'both', 1500, '2026-06-08', 'rut') AS rut, reminder.tax_reduction_paid(1, 'both', 3000, '2026-06-08', 'rot') AS rot;
SELECT * FROM reminder.tax_reduction_list ORDER BY invoice_no, kind;
SELECT invoice_no, event, amount, detail FROM reminder.event_list WHERE event LIKE 'tax%' ORDER BY recorded_at;

\echo '# what cannot be'
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'more than is left', $$SELECT reminder.tax_reduction_paid(1, 'r', 0.01, '2026-06-09')$$),
  (2, 'more refused than is left', $$SELECT reminder.tax_reduction_refused(1, 'r', 0.01, '2026-06-30', '2026-06-09')$$),
  (3, 'nothing', $$SELECT reminder.tax_reduction_paid(1, 'both', 0, '2026-06-09', 'rot')$$),
  (4, 'no number', $$SELECT reminder.tax_reduction_paid(1, 'both', 'NaN', '2026-06-09', 'rot')$$),
  (5, 'half an öre', $$SELECT reminder.tax_reduction_paid(1, 'both', 0.005, '2026-06-09', 'rot')$$),
  (6, 'NULL', $$SELECT reminder.tax_reduction_paid(1, 'both', NULL, '2026-06-09', 'rot')$$),
  (7, 'too much for any', $$SELECT reminder.tax_reduction_paid(1, 'both', 1e13, '2026-06-09', 'rot')$$),
  (8, 'which of two', $$SELECT reminder.tax_reduction_paid(1, 'both', 1, '2026-06-09')$$),
  (9, 'one that it has not', $$SELECT reminder.tax_reduction_paid(1, 'r', 1, '2026-06-09', 'rut')$$),
  (10, 'of an invoice without', $$SELECT reminder.tax_reduction_paid(1, 'plain', 1, '2026-06-09')$$),
  (11, 'of no invoice', $$SELECT reminder.tax_reduction_paid(1, 'none', 1, '2026-06-09')$$),
  (12, 'of another creditor''s', $$SELECT reminder.tax_reduction_paid(2, 'r', 1, '2026-06-09')$$),
  (13, 'for ever', $$SELECT reminder.tax_reduction_paid(1, 'both', 1, 'infinity', 'rot')$$),
  (14, 'before the last answer', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'green_technology', 10); SELECT reminder.tax_reduction_paid(1, 'plain', 1, '2026-06-08'); SELECT reminder.tax_reduction_paid(1, 'plain', 1, '2026-06-07')$$),
  (15, 'before it is due', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'green_technology', 10); SELECT reminder.tax_reduction_refused(1, 'plain', 1, '2026-06-01', '2026-06-09')$$),
  (16, 'never due', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'green_technology', 10); SELECT reminder.tax_reduction_refused(1, 'plain', 1, 'infinity', '2026-06-09')$$),
  (17, 'a number that is taken', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'green_technology', 10); SELECT reminder.tax_reduction_refused(1, 'plain', 1, '2026-06-30', '2026-06-09', NULL, 'r')$$),
  (18, 'an empty number', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'green_technology', 10); SELECT reminder.tax_reduction_refused(1, 'plain', 1, '2026-06-30', '2026-06-09', NULL, '')$$),
  (19, 'another share when it is answered', $$UPDATE reminder.tax_reduction SET amount = 1 WHERE invoice_no = 'r'$$),
  (20, 'the share gone', $$DELETE FROM reminder.tax_reduction WHERE invoice_no = 'r'$$),
  (21, 'the new invoice gone', $$DELETE FROM reminder.invoice WHERE invoice_no = 'both, rut refused'$$),
  (22, 'a share of nothing', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'rot', 0)$$),
  (23, 'of another kind', $$INSERT INTO reminder.tax_reduction VALUES (1, 'plain', 'car', 1)$$),
  (24, 'twice', $$INSERT INTO reminder.tax_reduction VALUES (1, 'r', 'rot', 1)$$),
  (25, 'of an unknown invoice', $$INSERT INTO reminder.tax_reduction VALUES (1, 'none', 'rot', 1)$$),
  (26, 'an answer by hand', $$DELETE FROM reminder.tax_reduction_answer$$)) v (n, what, sql)
ORDER BY n;
SELECT * FROM reminder.tax_reduction_list ORDER BY invoice_no, kind;

SELECT finding, object, detail FROM reminder.check();
\i test/sql/include/ladder_end.sql
