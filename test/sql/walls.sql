-- Who may do what (S1, S2): the README's session, and what its owner alone does.
-- The cluster's roles are not touched: these have names that nobody has.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_walls
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book
CREATE ROLE regress_ada;
CREATE ROLE regress_bo;
SELECT count(*) AS roles FROM reminder.create_roles('regress_reminder_');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, branch) VALUES
  (1, 'F101', 'P', '2026-09-01', '2026-10-01', 'SEK', 1250, 'north'),
  (1, 'F102', 'C', '2026-09-03', '2026-10-03', 'SEK', 18000, 'south'),
  (2, 'F101', 'C', '2026-09-03', '2026-10-03', 'EUR', 940, 'north');

-- the README's
GRANT regress_reminder_clerk TO regress_ada, regress_bo;
INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (1, 'regress_ada');
INSERT INTO reminder.creditor_access (creditor_id, role_name, limited, branches) VALUES (1, 'regress_bo', true, '{north}');
SELECT reminder.raise_walls();

SET ROLE regress_ada;
SELECT creditor_id, invoice_no, status FROM reminder.invoice_status ORDER BY 1, 2;
SELECT reminder.hold(2, 'F101', 'dispute', NULL, '2026-10-05');
SELECT reminder.activate(1, confirm => true);

SET ROLE regress_bo;
SELECT creditor_id, invoice_no, status FROM reminder.invoice_status ORDER BY 1, 2;
SELECT * FROM reminder.plan('2026-10-10', 1);
RESET ROLE;

-- 22R04: another's is as unknown as what there is not
SET ROLE regress_ada;
SELECT reminder.hold(99, 'F101', 'dispute', NULL, '2026-10-05');
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (2, 'P1', 'F101', '2026-10-01', 1);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (99, 'P1', 'F101', '2026-10-01', 1);
SET ROLE regress_bo;
SELECT reminder.hold(1, 'F102', 'dispute', NULL, '2026-10-05');
SELECT reminder.hold(1, 'F999', 'dispute', NULL, '2026-10-05');
SELECT * FROM reminder.customer_readiness(1, 'C');
RESET ROLE;

-- a view of one's own: a plan that was made for one role, or when there were no walls, is not another's
CREATE TABLE public.note (creditor_id bigint, note text);
INSERT INTO public.note VALUES (1, 'of 1'), (2, 'of 2');
CREATE VIEW public.my_note AS SELECT * FROM public.note WHERE reminder.sees(creditor_id);
GRANT SELECT ON public.my_note TO PUBLIC;
CREATE ROLE regress_eve;
INSERT INTO reminder.creditor_access (creditor_id, role_name) VALUES (2, 'regress_eve');
SELECT reminder.lower_walls();
PREPARE notes AS SELECT note FROM public.my_note;
GRANT USAGE ON SCHEMA reminder TO regress_eve;
SET ROLE regress_eve;
EXECUTE notes;
RESET ROLE;
SELECT reminder.raise_walls();
SET ROLE regress_eve;
EXECUTE notes;
SET ROLE regress_ada;
EXECUTE notes;
RESET ROLE;
DROP TABLE public.note CASCADE;

-- who is limited to its own invoices does not meet another's customer by putting one of them under him
SET ROLE regress_bo;
UPDATE reminder.invoice SET customer_no = 'C' WHERE invoice_no = 'F101';
UPDATE reminder.invoice SET description = 'goods' WHERE invoice_no = 'F101';
SELECT customer_no, name FROM reminder.customer;
RESET ROLE;

-- by parallel workers, too (their names: before 16, and from then on)
SELECT set_config(name, 'on', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \g /dev/null
SET ROLE regress_bo;
SELECT invoice_no FROM reminder.invoice ORDER BY 1;
RESET ROLE;
SELECT set_config(name, 'off', false) FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \g /dev/null

-- the owner's alone
SET ROLE regress_ada;
SELECT reminder.raise_walls();
SELECT reminder.lower_walls();
SELECT reminder.grant_role('reader', 'regress_bo');
SELECT reminder.create_roles();
RESET ROLE;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA reminder TO regress_ada;
SET ROLE regress_ada;
SELECT reminder.raise_walls();
SELECT reminder.lower_walls();
SELECT reminder.grant_role('reader', 'regress_bo');
SELECT reminder.revoke_role('reader', 'regress_bo');
SELECT reminder.create_roles();
RESET ROLE;
SELECT reminder.grant_role('boss', 'regress_bo');
SELECT reminder.grant_role(NULL, 'regress_bo');
SELECT reminder.grant_role('reader', 'nobody there');
SELECT reminder.revoke_role('reader', 'nobody there');
SELECT reminder.create_roles('pg_');
SELECT reminder.create_roles(NULL);
-- constraints
INSERT INTO reminder.creditor_access VALUES (99, 'regress_ada');
INSERT INTO reminder.creditor_access VALUES (1, 'regress_ada');
INSERT INTO reminder.creditor_access VALUES (2, '');
INSERT INTO reminder.creditor_access VALUES (2, 'regress_ada', false, '{north}');
INSERT INTO reminder.invoice_access VALUES (1, 'F999', 'regress_bo');
INSERT INTO reminder.partner_access VALUES (99, 'regress_bo');

\set ECHO none
SET client_min_messages = error;
DO $$
DECLARE
  _role text;
BEGIN
  FOR _role IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'regress\_%' LOOP
    EXECUTE format('DROP OWNED BY %I', _role);
    EXECUTE format('DROP ROLE %I', _role);
  END LOOP;
END
$$;
\i :leave
