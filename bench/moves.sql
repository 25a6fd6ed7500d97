-- moves.sql: :moved customers put under another rule in one UPDATE, which takes
-- their open invoices to their places under it, against the bare UPDATEs of both:
-- copies of the tables with their indexes, without triggers and foreign keys.
-- There and back, so that each time all are moved.
SET client_min_messages = warning;
SELECT to_regclass('bench.customer') IS NULL AS first, 'K' || lpad(:moved::text, 7, '0') AS last, :n % 2 = 0 AS there \gset
\if :first
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up)
VALUES (1, 11, 'Companies', 'company', 'service', true), (1, 12, 'Persons', 'person', 'service', true);
CREATE TABLE bench.customer (LIKE reminder.customer INCLUDING ALL);
INSERT INTO bench.customer (creditor_id, customer_no, name, kind, rule_no, assigned_by)
SELECT creditor_id, customer_no, name, kind, rule_no, assigned_by FROM reminder.customer WHERE creditor_id = 1;
CREATE TABLE bench.place (LIKE reminder.position INCLUDING ALL);
INSERT INTO bench.place SELECT * FROM reminder.position;
\endif
VACUUM ANALYZE reminder.customer, bench.customer, reminder.position, bench.place, reminder.invoice;
SELECT CASE WHEN :'there' THEN 'CASE kind WHEN ''company'' THEN 11 ELSE 12 END' ELSE 'NULL' END AS own,
       CASE WHEN :'there' THEN 'CASE kind WHEN ''company'' THEN 11 ELSE 12 END' ELSE 'CASE kind WHEN ''company'' THEN 1 ELSE 2 END' END AS rule \gset
SELECT format('moving|%s', bench.ms(format('UPDATE reminder.customer SET own_rule = %s WHERE creditor_id = 1 AND customer_no <= %L', :'own', :'last')));
SELECT format('move_base|%s', bench.ms(format($$
  UPDATE bench.customer SET own_rule = %1$s, rule_no = %2$s WHERE creditor_id = 1 AND customer_no <= %3$L;
  UPDATE bench.place p SET rule_no = c.rule_no, outside_until = '2024-01-01', waiting_for = NULL
  FROM reminder.invoice i JOIN bench.customer c ON c.creditor_id = i.creditor_id AND c.customer_no = i.customer_no
  WHERE i.creditor_id = 1 AND c.customer_no <= %3$L AND p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no $$, :'own', :'rule', :'last')));
