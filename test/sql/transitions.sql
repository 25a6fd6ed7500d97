-- Nothing but the table of transitions changes a case (C1), and nobody gets past it:
-- no role, no kind of statement, no replica mode. Why a case is closed (C4).
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_transitions
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('A1');
CALL reminder.run('2026-02-07', 1);
SELECT count(*) FROM reminder.create_roles('regress_t_');
CREATE ROLE regress_t_everything;
GRANT USAGE ON SCHEMA t TO PUBLIC;
GRANT USAGE ON SCHEMA reminder TO regress_t_everything;
GRANT ALL ON ALL TABLES IN SCHEMA reminder TO regress_t_everything;
-- The ways in which a statement can write; each tries to put the case where it may not be.
CREATE TABLE t.way (n integer, way text, sql text);
INSERT INTO t.way VALUES
  (1, 'update', 'UPDATE reminder.collection_case SET state = ''enforcement'''),
  (2, 'update to where it may be', 'UPDATE reminder.collection_case SET state = ''demand'''),
  (3, 'end it', 'UPDATE reminder.collection_case SET state = ''paid'', ended_from = ''reminder'', ended_on = ''2026-02-08'''),
  (4, 'update in a WITH', 'WITH u AS (UPDATE reminder.collection_case SET state = ''monitoring'' RETURNING 1) SELECT count(*) FROM u'),
  (5, 'insert', 'INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on) VALUES (1, ''A1'', 2, ''demand'', ''service'', 1, ''2026-02-07'', ''2026-02-07'')'),
  (6, 'upsert', 'INSERT INTO reminder.collection_case AS k (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on) VALUES (1, ''A1'', 1, ''demand'', ''service'', 1, ''2026-02-07'', ''2026-02-07'') ON CONFLICT (creditor_id, invoice_no, case_no) DO UPDATE SET state = ''enforcement'''),
  (7, 'delete', 'DELETE FROM reminder.collection_case'),
  (8, 'truncate', 'TRUNCATE reminder.collection_case CASCADE'),
  (9, 'copy', 'COPY reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on) FROM PROGRAM ''printf "1\tA1\t2\tdemand\tservice\t1\t2026-02-07\t2026-02-07\n"'''),
  (10, 'by a function of one''s own', 'SELECT t.own_function()'),
  (11, 'by a trigger of one''s own', 'INSERT INTO t.own_table VALUES (1)'),
  (12, 'by a view of one''s own', 'UPDATE t.own_view SET state = ''enforcement'''),
  (13, 'no row at all', 'UPDATE reminder.collection_case SET state = ''enforcement'' WHERE false'),
  (14, 'as the keeper', 'SELECT reminder._keep(true)');
CREATE FUNCTION t.own_function() RETURNS void LANGUAGE sql AS $$ UPDATE reminder.collection_case SET state = 'enforcement' $$;
ALTER FUNCTION t.own_function() SECURITY DEFINER;
CREATE TABLE t.own_table (n integer);
CREATE FUNCTION t.own_trigger() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN UPDATE reminder.collection_case SET state = 'enforcement'; RETURN NULL; END $$;
CREATE TRIGGER own_trigger AFTER INSERT ON t.own_table FOR EACH ROW EXECUTE FUNCTION t.own_trigger();
ALTER TABLE t.own_table ENABLE ALWAYS TRIGGER own_trigger;
CREATE VIEW t.own_view AS SELECT * FROM reminder.collection_case;
GRANT ALL ON ALL TABLES IN SCHEMA t TO PUBLIC;
-- Gives the SQLSTATE; what went through all the same is undone.
CREATE FUNCTION t.past(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RAISE SQLSTATE 'ZZZZZ';
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN RETURN 'got through';
  WHEN OTHERS THEN RETURN SQLSTATE;
END
$$;
CREATE FUNCTION t.cases_are() RETURNS text LANGUAGE sql AS $$ SELECT string_agg(k::text, ' ' ORDER BY k::text) FROM reminder.collection_case k $$;
SELECT t.cases_are() AS before \gset
-- The superuser, who owns the tables. He can make himself the keeper, as nobody else can; then the table of transitions still stands: see below.
SELECT way, t.past(sql) FROM t.way ORDER BY n;
-- In replica mode.
SET session_replication_role = replica;
SELECT way, t.past(sql) FROM t.way ORDER BY n;
RESET session_replication_role;
-- Who has every privilege on every table.
SET ROLE regress_t_everything;
SELECT way, t.past(sql) FROM t.way ORDER BY n;
RESET ROLE;
SET ROLE regress_t_administrator;
SELECT way, t.past(sql) FROM t.way ORDER BY n;
RESET ROLE;
SELECT t.cases_are() = :'before' AS unchanged;
-- Every kind of right, every way: by what the owner lent it is refused as it is to him.
CREATE TABLE t.tried (role_name text, way text, result text);
GRANT ALL ON t.tried TO PUBLIC;
SELECT format('SET ROLE %I; INSERT INTO t.tried SELECT %L, way, t.past(sql) FROM t.way; RESET ROLE', rolname, rolname) FROM pg_roles WHERE rolname LIKE 'regress\_t\_%' ORDER BY rolname \gexec
SELECT result, count(DISTINCT role_name) AS roles, count(*) FROM t.tried WHERE way <> 'no row at all' GROUP BY 1 ORDER BY 1;
SELECT t.cases_are() = :'before' AS unchanged;
-- The trigger that obeys the table cannot be taken away by who does not own it, nor by the owner in passing; taken away, it is found.
SET ROLE regress_t_administrator;
SELECT t.past('ALTER TABLE reminder.collection_case DISABLE TRIGGER collection_case_changes'), t.past('DROP TRIGGER collection_case_kept ON reminder.collection_case'),
       t.past('SET session_replication_role = replica'), t.past('SELECT reminder._keep(true)');
RESET ROLE;
SELECT t.past('ALTER TABLE reminder.collection_case DISABLE TRIGGER collection_case_changes'), t.past('DROP TRIGGER collection_case_kept ON reminder.collection_case');
BEGIN;
ALTER EVENT TRIGGER reminder_ddl DISABLE;
ALTER TABLE reminder.collection_case DISABLE TRIGGER collection_case_changes;
SELECT finding, object FROM reminder.check();
ROLLBACK;

-- As the keeper in replica mode, too, exactly what the table has.
CREATE FUNCTION t.go(from_state text, to_state text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _stage CONSTANT text := CASE WHEN from_state IN ('paid', 'withdrawn', 'credited', 'closed') THEN 'demand' ELSE from_state END;
  _result text := 'ok';
BEGIN
  PERFORM reminder._keep(true);
  DELETE FROM reminder.collection_case;
  SET LOCAL session_replication_role = origin;
  INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on) SELECT 1, 'A1', 1, 'demand', 'service', 1, '2026-02-07', '2026-02-07' WHERE from_state IS NOT NULL;
  IF from_state IN ('reminder', 'notice') THEN
    UPDATE reminder.collection_case SET state = from_state;
  ELSIF from_state <> 'demand' THEN
    UPDATE reminder.collection_case SET state = from_state, ended_from = CASE WHEN from_state <> _stage THEN 'demand' END,
           ended_on = CASE WHEN from_state <> _stage THEN date '2026-02-07' END, closing_reason = CASE from_state WHEN 'closed' THEN 'other' END;
  END IF;
  SET LOCAL session_replication_role = replica;
  BEGIN
    IF from_state IS NULL THEN
      INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on, ended_from, ended_on, closing_reason)
      SELECT 1, 'A1', 1, to_state, 'service', 1, '2026-02-07', '2026-02-07', CASE WHEN ends THEN 'demand' END, CASE WHEN ends THEN date '2026-02-07' END, CASE to_state WHEN 'closed' THEN 'other' END
      FROM (SELECT to_state IN ('paid', 'withdrawn', 'credited', 'closed')) e (ends);
    ELSE
      UPDATE reminder.collection_case k SET state = to_state, ended_from = CASE WHEN ends THEN _stage END, ended_on = CASE WHEN ends THEN date '2026-02-07' END,
             closing_reason = CASE to_state WHEN 'closed' THEN 'other' END
      FROM (SELECT to_state IN ('paid', 'withdrawn', 'credited', 'closed')) e (ends);
    END IF;
  EXCEPTION WHEN OTHERS THEN
    _result := SQLSTATE;
  END;
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = _result;
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
  RETURN SQLERRM;
END
$$;
SELECT p.result, x.to_state IS NOT NULL AS allowed, count(*)
FROM unnest(ARRAY['reminder', 'notice', 'demand', 'monitoring', 'enforcement', 'paid', 'withdrawn', 'credited', 'closed', NULL]) f (from_state)
CROSS JOIN unnest(ARRAY['reminder', 'notice', 'demand', 'monitoring', 'enforcement', 'paid', 'withdrawn', 'credited', 'closed']) s (to_state)
CROSS JOIN LATERAL t.go(f.from_state, s.to_state) p (result)
LEFT JOIN reminder.case_transitions() x ON x.from_state IS NOT DISTINCT FROM f.from_state AND x.to_state = s.to_state
WHERE f.from_state IS DISTINCT FROM s.to_state GROUP BY 1, 2 ORDER BY 1, 2;
SELECT t.cases_are() = :'before' AS unchanged;

-- By hand to monitoring or enforcement only where the table lets a hand: from every stage.
CALL t.invoice('B1');
CALL reminder.run('2026-02-07', 1);
SELECT reminder.hand_to_enforcement(1, 'B1', 'KFM', '2026-02-08');
SELECT reminder.back_to_monitoring(1, 'B1', '2026-02-08');
CALL reminder.run('2026-02-21', 1);
SELECT reminder.back_to_monitoring(1, 'B1', '2026-02-21') \g /dev/null
SELECT reminder.back_to_monitoring(1, 'B1', '2026-02-21');
SELECT reminder.hand_to_enforcement(1, 'B1', 'KFM', '2026-02-22') \g /dev/null
SELECT reminder.hand_to_enforcement(1, 'B1', 'KFM', '2026-02-22');
SELECT reminder.back_to_monitoring(1, 'B1', '2026-02-23') \g /dev/null
-- A letter that was sent outside does not take it out of monitoring.
SELECT reminder.record_letter(1, 'B1', 'demand', '2026-02-24', NULL, '2026-02-24');
SELECT invoice_no, state FROM t.cases;

-- C4: why a case is closed: a list, with words of one's own after a colon.
SELECT * FROM reminder.closing_reason ORDER BY 1;
\t
\a
SELECT t.show($$
  SELECT reminder.close_case(1, 'B1', NULL, '2026-02-25')
  SELECT reminder.close_case(1, 'B1', '', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', ' ', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', ':', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', 'because', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', 'bankruptcies', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', 'other', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', 'other: ', '2026-02-25')
  SELECT reminder.close_case(1, 'B1', 'lapsed: ' || repeat('x', 993), '2026-02-25')
  SELECT reminder.close_case(1, 'B1', repeat('x', 100), '2026-02-25')
  INSERT INTO reminder.closing_reason VALUES ('Out of office', 'Nobody is there.')
  INSERT INTO reminder.closing_reason VALUES ('lapsed', 'Again.')
  INSERT INTO reminder.closing_reason VALUES ('empty', '')
$$);
\a
\t
SELECT invoice_no, state FROM t.cases;
CREATE TABLE t.closes (n integer, reason text);
INSERT INTO t.closes VALUES (1, 'bankruptcy'), (2, 'Unknown_address'), (3, 'not-worth-it'), (4, ' no assets : KFM 12-2026'), (5, 'other: he sings'), (6, 'away');
INSERT INTO reminder.closing_reason VALUES ('away', 'Nobody is there.');
SELECT format('CALL t.invoice(%L)', 'C' || n) FROM t.closes ORDER BY n \gexec
CALL reminder.run('2026-02-26', 1);
SELECT reminder.close_case(1, 'C' || n, reason, '2026-02-27') FROM t.closes ORDER BY n \g /dev/null
SELECT invoice_no, outcome, closing_reason FROM reminder.case_status WHERE invoice_no LIKE 'C_' ORDER BY 1;
SELECT invoice_no, kind, detail FROM t.events WHERE kind = 'case_closed';
-- Then the loss can be booked, and a run leaves it alone.
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'C1', 'L1', 'confirmed', '2026-02-27', 1000);
CALL reminder.run('2026-04-01', 1);
SELECT DISTINCT why_not FROM reminder.invoice_status WHERE invoice_no LIKE 'C_';

-- C4: at enforcement and bankrupt at once, the error says both.
SELECT reminder.hand_to_enforcement(1, 'B1', 'KFM', '2026-04-01') \g /dev/null
UPDATE reminder.customer SET standing = 'bankrupt' WHERE creditor_id = 1 AND customer_no = 'C';
SELECT reminder.withdraw(1, 'B1', NULL, '2026-04-02');
SELECT reminder.close_case(1, 'B1', 'bankruptcy', '2026-04-02') \g /dev/null
-- Who hands over does not take back, or he could withdraw after all: the service does.
SELECT kind, string_agg(object, ' ' ORDER BY object) FROM reminder._rights() WHERE object IN ('withdraw', 'close_case', 'hand_to_enforcement', 'back_to_monitoring') GROUP BY 1 ORDER BY 1;
TABLE t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\set ECHO none
SELECT format('DROP OWNED BY %1$I; DROP ROLE %1$I', rolname) FROM pg_roles WHERE rolname LIKE 'regress\_t\_%' ORDER BY rolname \gexec
\i :leave
