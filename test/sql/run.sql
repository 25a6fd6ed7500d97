-- The run: one decision per invoice and step, ever (N1, N3, N5, N6, B2, B3, B5).
\set name regress_run
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.customer(1, 'A');
CALL t.invoice(1, 'a', 'A', '2026-03-02');
-- All that stands in reminder's tables, but the clock in run_log.
CREATE FUNCTION t.state() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _table text;
  _rows text;
  _all text := '';
BEGIN
  FOR _table IN SELECT relname FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'r' ORDER BY 1 LOOP
    EXECUTE format('SELECT md5(string_agg(x, '','' ORDER BY x)) FROM (SELECT (to_jsonb(r) - ''{%s}''::text[])::text AS x FROM reminder.%I r) r',
                   CASE _table WHEN 'run_log' THEN 'started_at,ended_at,seconds' ELSE '' END, _table) INTO _rows;
    _all := _all || _table || coalesce(_rows, '');
  END LOOP;
  RETURN md5(_all);
END
$$;

\echo '# N1: bad input'
CALL reminder.run(NULL);
CALL reminder.run('infinity');
CALL reminder.run('-infinity', 1);
CALL reminder.run('1989-12-31', 1);
CALL reminder.run('2201-01-01', 1);
CALL reminder.run('2026-03-07', 9);
CALL reminder.run('not a day', 1);
SELECT count(*) AS runs FROM reminder.run_log;

\echo '# N1: in a transaction block the run is one transaction, and says so'
BEGIN;
CALL reminder.run('2026-03-07', 1);
SELECT invoice, stage, outcome FROM t.decision;
ROLLBACK;
SELECT (SELECT count(*) FROM reminder.run_log) AS runs, (SELECT count(*) FROM reminder.decision) AS decisions;
\echo '# from a function, which cannot commit, it is refused'
CREATE FUNCTION t.run_it(as_of date) RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL reminder.run(as_of, 1); END $$;
SELECT t.run_it('2026-03-07');
SELECT (SELECT count(*) FROM reminder.run_log) AS runs, (SELECT count(*) FROM reminder.decision) AS decisions;
\echo '# a function within a block is in the block'
BEGIN;
SELECT t.run_it('2026-03-07');
SELECT invoice, stage, outcome FROM t.decision;
ROLLBACK;
\echo '# from DO and from a procedure it commits as at top level'
DO $$ BEGIN CALL reminder.run('2026-03-06', 1); END $$;
CREATE PROCEDURE t.nightly(as_of date) LANGUAGE plpgsql AS $$ BEGIN CALL reminder.run(as_of); END $$;
CALL t.nightly('2026-03-07');
SELECT as_of, due, done, ended_at IS NOT NULL AS ended FROM reminder.run_log ORDER BY 1;
SELECT invoice, stage, outcome, as_of FROM t.decision;
\echo '# whatever the session''s own isolation level; in a read-only one not at all'
SET default_transaction_isolation = 'serializable';
CALL reminder.run('2026-03-08', 1);
SET default_transaction_isolation = 'repeatable read';
CALL reminder.run('2026-03-09', 1);
RESET default_transaction_isolation;
SET default_transaction_read_only = on;
CALL reminder.run('2026-03-10', 1);
RESET default_transaction_read_only;
SELECT max(as_of) AS last_run FROM reminder.run_log;

\echo '# N1: a run before the last one is refused, the same date again changes nothing'
CALL reminder.run('2026-03-08', 1);
CALL reminder.run('2026-03-08');
CALL t.invoice(1, 'b', 'A', '2026-03-04');
CALL t.invoice(1, 'c', 'A', '2026-03-04', 100, NULL, 'interest');
CALL t.invoice(1, 'd', 'A', '2026-03-04');
SELECT reminder.hold(1, 'd', 'dispute', NULL, '2026-03-04');
CALL reminder.run('2026-03-09', 1);
SELECT invoice, stage, outcome, reason, step_date, as_of FROM t.decision ORDER BY as_of, 1;
SELECT t.state() AS state \gset
CALL reminder.run('2026-03-09', 1);
CALL reminder.run('2026-03-09');
SELECT t.state() = :'state' AS unchanged;

\echo '# N6: logged: per reason and stage how many, and amounts'
SELECT as_of, due, done, ended_at >= started_at AS ended, seconds >= 0 AS took FROM reminder.run_log ORDER BY 1;
SELECT as_of, stage, outcome, reason, currency, invoices, principal, fee FROM reminder.run_count ORDER BY 1, 2, 3, 4;
SELECT as_of, done, due, seconds_left FROM reminder.run_progress ORDER BY 1;

\echo '# N1: all creditors at once; one whose automation is off is passed by'
CALL t.creditor(2, 'FI', 'netvisor');
CALL t.creditor(3, 'SE', 'amili');
SELECT reminder.deactivate(3);
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (2, 'A', 'A'), (3, 'A', 'A');
CALL t.invoice(2, 'a', 'A', '2026-03-02');
CALL t.invoice(3, 'a', 'A', '2026-03-02');
CALL reminder.run('2026-03-21');
SELECT c, invoice, stage, outcome FROM t.decision WHERE as_of = '2026-03-21' ORDER BY 1, 2;
SELECT creditor_id, as_of FROM reminder.run_log WHERE as_of = '2026-03-21' ORDER BY 1;

\echo '# N6, V5: an invoice that cannot be decided is an exception; the others are'
CALL t.creditor(4, 'SE', 'amili');
CALL t.customer(4, 'A');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 4, 'i' || n, 'A', '2026-02-02', '2026-03-02', 'SEK', 100 + n FROM generate_series(1, 300) n;
CREATE FUNCTION t.trouble() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.invoice_no IN ('i7', 'i131', 'i132') THEN
    RAISE EXCEPTION 'trouble with "%"', NEW.invoice_no USING ERRCODE = 'P0001', DETAIL = 'Somebody else''s trigger.';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER trouble BEFORE INSERT ON reminder.decision FOR EACH ROW EXECUTE FUNCTION t.trouble();
CALL reminder.run('2026-03-07', 4);
SELECT outcome, count(*), sum(fee) FROM t.decision WHERE c = 4 GROUP BY 1;
SELECT invoice_no, as_of, stage, sqlstate, message, detail FROM reminder.exception_list ORDER BY 1;
SELECT due, done, ended_at IS NOT NULL AS ended FROM reminder.run_log WHERE creditor_id = 4;
\echo '# the same date again tries again, and says no more'
CALL reminder.run('2026-03-07', 4);
SELECT count(*) FROM reminder.exception_list;
\echo '# the next run decides it, when the trouble is gone'
DROP TRIGGER trouble ON reminder.decision;
CALL reminder.run('2026-03-08', 4);
SELECT invoice, outcome, step_date, as_of FROM t.decision WHERE c = 4 AND as_of = '2026-03-08' ORDER BY 1;
SELECT stage, outcome, invoices, principal, fee FROM reminder.run_count WHERE creditor_id = 4 ORDER BY as_of, 1;
SELECT count(*) AS kept FROM reminder.exception_list;

\echo '# N5: 10 due of 20,000 cost what 10 due of 2,000 cost'
CALL t.creditor(5, 'SE', 'amili');
CALL t.creditor(6, 'SE', 'amili');
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (5, 'A', 'A'), (6, 'A', 'A');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT c, 'i' || n, 'A', '2026-02-02', CASE WHEN n <= 10 THEN date '2026-03-02' ELSE '2026-06-01' END, 'SEK', n FROM (VALUES (5, 2000), (6, 20000)) v (c, size), generate_series(1, size) n;
VACUUM ANALYZE reminder.invoice, reminder.position, reminder.customer;
-- before 15 they are sent twice a second at most
CREATE PROCEDURE t.flush_statistics() LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('server_version_num')::integer >= 150000 THEN
    PERFORM pg_stat_force_next_flush();
  ELSE
    PERFORM pg_sleep(1);
  END IF;
END $$;
CREATE TABLE t.cost (n serial, table_name name, seq_scan bigint, rows_read bigint);
CREATE VIEW t.cost_now AS
SELECT s.relname AS table_name, s.seq_scan, s.seq_tup_read + s.idx_tup_fetch + (SELECT sum(i.idx_tup_read) FROM pg_stat_user_indexes i WHERE i.relid = s.relid) AS rows_read
FROM pg_stat_user_tables s WHERE s.schemaname = 'reminder' AND s.relname IN ('invoice', 'position');
CALL t.flush_statistics();
INSERT INTO t.cost (table_name, seq_scan, rows_read) SELECT * FROM t.cost_now ORDER BY 1;
CALL reminder.run('2026-03-07', 5);
CALL t.flush_statistics();
INSERT INTO t.cost (table_name, seq_scan, rows_read) SELECT * FROM t.cost_now ORDER BY 1;
CALL reminder.run('2026-03-07', 6);
CALL t.flush_statistics();
INSERT INTO t.cost (table_name, seq_scan, rows_read) SELECT * FROM t.cost_now ORDER BY 1;
SELECT creditor_id, due, done FROM reminder.run_log WHERE creditor_id IN (5, 6) ORDER BY 1;
SELECT table_name, max(seq_scan) = min(seq_scan) AS never_scanned, small > 0 AS read, large <= small + 20 AS as_little
FROM (SELECT *, nth_value(rows_read, 2) OVER w - first_value(rows_read) OVER w AS small, last_value(rows_read) OVER w - nth_value(rows_read, 2) OVER w AS large
      FROM t.cost WINDOW w AS (PARTITION BY table_name ORDER BY n ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)) x
GROUP BY 1, small, large ORDER BY 1;

-- B5: due Monday 2026-03-02, reminder on 03-07, to be paid by 03-20, demand on
-- 03-21. Paid on 03-10, it comes back on 03-25.
\echo '# B5: a payment that bounces, or is deleted, reopens the case where it was; no letter is repeated'
CALL t.creditor(7, 'SE', 'amili');
CALL t.customer(7, 'A');
CALL t.invoice(7, 'bounced', 'A', '2026-03-02');
CALL t.invoice(7, 'deleted', 'A', '2026-03-02');
CALL t.invoice(7, 'in demand', 'A', '2026-03-02');
CALL t.invoice(7, 'before', 'A', '2026-03-02');
CALL t.pay(7, 'p0', 'before', '2026-03-05', 1000);
\set c 7
\set d '\'2026-03-07\''
:run
SELECT reminder.confirm_letter(7, i, 'reminder', '2026-03-07') FROM unnest(ARRAY['bounced', 'deleted', 'in demand']) i \g /dev/null
CALL t.pay(7, 'p1', 'bounced', '2026-03-10', 1000);
CALL t.pay(7, 'p2', 'deleted', '2026-03-10', 1000);
\set d '\'2026-03-21\''
:run
SELECT reminder.confirm_letter(7, 'in demand', 'demand', '2026-03-21');
CALL t.pay(7, 'p3', 'in demand', '2026-03-23', 1000);
SELECT invoice_no, stage, state, outcome, fees, fees_waived, open FROM reminder.case_status WHERE creditor_id = 7 ORDER BY 1;
UPDATE reminder.payment SET bounced_on = '2026-03-25' WHERE creditor_id = 7 AND payment_no IN ('p0', 'p1', 'p3');
DELETE FROM reminder.payment WHERE creditor_id = 7 AND payment_no = 'p2';
SELECT invoice_no, stage, state, outcome, fees, fees_waived, open, next_stage, next_on FROM reminder.case_status WHERE creditor_id = 7 ORDER BY 1;
\set d '\'2026-03-25\''
:run
:run
\set d '\'2026-04-30\''
:run
SELECT invoice, string_agg(stage || ' ' || outcome || ' ' || as_of, ', ' ORDER BY as_of) AS story FROM t.decision WHERE c = 7 GROUP BY 1 ORDER BY 1;

\echo '# B2: a history replayed gives the same letters, whatever clock, time zone and session'
CREATE TABLE t.history AS
SELECT n, 'i' || n AS invoice, 'c' || n % 9 AS customer, date '2026-01-05' + n * 7 % 83 AS due, (100 + n * 37 % 900)::numeric AS amount,
       CASE WHEN n % 3 = 0 THEN date '2026-01-05' + n * 7 % 83 + n * 11 % 60 END AS paid_on, CASE n % 5 WHEN 0 THEN 0.4 WHEN 1 THEN 1.5 ELSE 1 END AS part,
       CASE WHEN n % 11 = 0 THEN date '2026-01-05' + n * 7 % 83 + 3 END AS held_on, CASE WHEN n % 13 = 0 THEN date '2026-01-05' + n * 7 % 83 + 20 END AS credited_on
FROM generate_series(1, 120) n;
CREATE PROCEDURE t.replay(c bigint) LANGUAGE plpgsql AS $$
DECLARE
  _day date;
BEGIN
  FOR _n IN 0..150 LOOP
    _day := date '2026-01-01' + _n;
    IF _n = 0 THEN
      INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country)
      SELECT DISTINCT c, customer, customer, CASE WHEN right(customer, 1)::integer < 4 THEN 'person' ELSE 'company' END, CASE WHEN customer = 'c8' THEN 'DE' END FROM t.history;
    END IF;
    INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
    SELECT c, invoice, customer, _day, due, (SELECT currency FROM reminder.creditor WHERE creditor_id = c), amount FROM t.history WHERE due - 4 = _day ORDER BY random();
    INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
    SELECT c, 'p' || n, invoice, _day, round(amount * part, 2) FROM t.history WHERE paid_on = _day ORDER BY random();
    PERFORM reminder.hold(c, invoice, 'manual', _day + 15, _day) FROM t.history WHERE held_on = _day;
    PERFORM reminder.credit_in_case(c, invoice, 50, 'agreed', _day) FROM t.history h
    WHERE credited_on = _day AND EXISTS (SELECT FROM reminder.collection_case k WHERE k.creditor_id = c AND k.invoice_no = h.invoice AND k.ended_on IS NULL);
    IF _n = 60 THEN
      PERFORM reminder.block_customers(c, ARRAY['c5']);
    ELSIF _n = 90 THEN
      PERFORM reminder.move_customers(c, ARRAY['c5'], NULL);
    END IF;
    COMMIT;
    CALL reminder.run(_day, c);
  END LOOP;
END
$$;
CALL t.creditor(11, 'SE', 'amili');
CALL t.creditor(12, 'SE', 'amili');
CALL t.creditor(21, 'FI', 'netvisor');
CALL t.creditor(22, 'FI', 'netvisor');
SET client_min_messages = error;
CALL t.replay(11);
CALL t.replay(21);
SET timezone = 'Pacific/Kiritimati';
SET datestyle = 'German';
SET default_transaction_isolation = 'serializable';
SET enable_indexscan = off;
SET lc_numeric = 'C';
SET search_path = t;
CALL replay(12);
CALL replay(22);
RESET ALL;
SET client_min_messages = notice;
CREATE VIEW t.letters AS
SELECT creditor_id, invoice_no, rung, stage, outcome, reason, as_of, step_date, rule_no, case_no, customer_no, principal, fee, fee_cap, charged_nth, fees, fees_settled, deadline, channel, reference, status FROM reminder.decision;
SELECT a.c AS one, b.c AS other,
       (SELECT count(*) FROM ((SELECT to_jsonb(l) - 'creditor_id' FROM t.letters l WHERE creditor_id = a.c EXCEPT SELECT to_jsonb(l) - 'creditor_id' FROM t.letters l WHERE creditor_id = b.c)
        UNION ALL (SELECT to_jsonb(l) - 'creditor_id' FROM t.letters l WHERE creditor_id = b.c EXCEPT SELECT to_jsonb(l) - 'creditor_id' FROM t.letters l WHERE creditor_id = a.c)) x) AS letters_differ,
       (SELECT count(*) FROM ((SELECT to_jsonb(k) - '{creditor_id,case_id}'::text[] FROM reminder.case_status k WHERE creditor_id = a.c EXCEPT SELECT to_jsonb(k) - '{creditor_id,case_id}'::text[] FROM reminder.case_status k WHERE creditor_id = b.c)) x) AS cases_differ
FROM (VALUES (11, 12), (21, 22)) v (a, b), LATERAL (SELECT v.a) a (c), LATERAL (SELECT v.b) b (c) ORDER BY 1;
SELECT creditor_id, stage, outcome, reason, count(*), min(as_of), max(as_of), sum(fee) AS fee FROM t.letters WHERE creditor_id IN (11, 21) GROUP BY 1, 2, 3, 4 ORDER BY 1, min(rung), 3, 4;

\echo '# N1, B3: over all that was decided in this test: none twice, none early, no two on one day, none jumped'
SELECT count(*) AS decisions,
       count(*) FILTER (WHERE d.step_date > d.as_of) AS early,
       count(*) FILTER (WHERE d.as_of = b.as_of) AS two_on_one_day,
       count(*) FILTER (WHERE d.as_of <= b.deadline) AS before_the_deadline,
       count(*) FILTER (WHERE b.invoice_no IS NULL AND d.stage <> 'reminder' OR b.stage = 'reminder' AND d.stage = 'monitoring') AS jumped,
       count(*) FILTER (WHERE d.deadline <> reminder.next_bank_day(j.calendar, d.deadline)) AS deadline_on_a_closed_day
FROM reminder.decision d
JOIN reminder.creditor c USING (creditor_id) JOIN reminder.jurisdiction j USING (jurisdiction)
LEFT JOIN LATERAL (SELECT * FROM reminder.decision b WHERE (b.creditor_id, b.invoice_no) = (d.creditor_id, d.invoice_no) AND b.rung < d.rung ORDER BY b.rung DESC LIMIT 1) b ON true;
SELECT count(*) AS exceptions FROM reminder.exception_list WHERE creditor_id <> 4;


\echo '# without a grant nobody sees or does anything: 42501 everywhere'
CREATE ROLE regress_reminder_nobody;
CREATE VIEW t.attempt AS
SELECT 1 AS n, format('TABLE reminder.%I', relname) AS what, format('SELECT FROM reminder.%I', relname) AS sql FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind IN ('r', 'v')
UNION ALL
SELECT 2, format('INSERT %I', relname), format('INSERT INTO reminder.%I DEFAULT VALUES', relname) FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'r'
UNION ALL
SELECT 3, format('DELETE %I', relname), format('DELETE FROM reminder.%I', relname) FROM pg_class WHERE relnamespace = 'reminder'::regnamespace AND relkind = 'r'
UNION ALL
SELECT 4, p.oid::regprocedure::text, format('%s reminder.%I(%s)', CASE p.prokind WHEN 'p' THEN 'CALL' ELSE 'SELECT' END, p.proname,
       (SELECT string_agg(CASE WHEN a = ANY ('{int2,int4,int8,numeric,text,oid}'::regtype[]) THEN '''1''' WHEN a = 'bool'::regtype THEN 'true' WHEN a IN ('date'::regtype, 'date[]'::regtype) THEN CASE a WHEN 'date'::regtype THEN '''2026-06-06''' ELSE '''{2026-06-06}''' END WHEN a = 'timestamptz'::regtype THEN '''2026-06-06''' WHEN a = 'time'::regtype THEN '''03:00''' WHEN a = 'jsonb'::regtype THEN '''{}''' WHEN a = 'bytea'::regtype THEN '''\x01''' WHEN a = 'regclass'::regtype THEN '''pg_class''' WHEN a = 'uuid'::regtype THEN '''00000000-0000-0000-0000-000000000000''' ELSE '''{1}''' END || '::' || format_type(a, NULL), ', ' ORDER BY n)
        FROM unnest(p.proargtypes) WITH ORDINALITY u (a, n)))
FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND p.prorettype NOT IN ('trigger'::regtype, 'internal'::regtype);
GRANT USAGE ON SCHEMA t TO regress_reminder_nobody;
GRANT SELECT ON t.attempt TO regress_reminder_nobody;
SET ROLE regress_reminder_nobody;
SELECT left(t.try(sql), 5) AS sqlstate, count(*) > 20 AS many FROM t.attempt GROUP BY 1 ORDER BY 1;
RESET ROLE;
\echo '# allowed into the schema, one can compute, and nothing else'
GRANT USAGE ON SCHEMA reminder TO regress_reminder_nobody;
SET ROLE regress_reminder_nobody;
SELECT left(t.try(sql), 5) AS sqlstate, count(*) > 20 AS many FROM t.attempt WHERE n < 4 GROUP BY 1 ORDER BY 1;
SELECT p.what FROM t.attempt p WHERE n = 4 AND left(t.try(sql), 5) <> '42501' ORDER BY p.what COLLATE "C";
RESET ROLE;
\echo '# the right to run is the right to run, and the run acts as the owner of the tables; to plan is another'
GRANT EXECUTE ON PROCEDURE reminder.run(date, bigint) TO regress_reminder_nobody;
CALL t.invoice(7, 'granted', 'A', '2026-06-01');
SET ROLE regress_reminder_nobody;
CALL reminder.run('2026-06-06', 7);
SELECT t.try('SELECT reminder.plan(''2026-06-07'', 7)');
SELECT t.try('SELECT FROM reminder.decision');
SELECT current_user, current_setting('search_path');
RESET ROLE;
SELECT invoice, stage, outcome, as_of FROM t.decision WHERE c = 7 AND invoice = 'granted';
\echo '# and an application may write invoices without seeing where they stand'
GRANT INSERT ON reminder.customer, reminder.invoice, reminder.payment TO regress_reminder_nobody;
SET ROLE regress_reminder_nobody;
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (7, 'N', 'N');
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (7, 'n', 'N', '2026-05-01', '2026-06-01', 'SEK', 10);
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (7, 'n', 'n', '2026-06-01', 4);
SELECT t.try('SELECT FROM reminder.position');
RESET ROLE;
SELECT c.rule_no, c.assigned_by, i.open_amount, p.rule_no AS place FROM reminder.customer c JOIN reminder.invoice i USING (creditor_id, customer_no) JOIN reminder.position p USING (creditor_id, invoice_no) WHERE c.customer_no = 'N';
DROP OWNED BY regress_reminder_nobody;
DROP ROLE regress_reminder_nobody;

\i test/sql/include/ladder_end.sql
