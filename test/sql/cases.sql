-- A case from its first letter to its end: what may follow what (C1), the
-- ladder as far as monitoring (C3), withdrawing and closing (C4), putting back.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_cases
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- C1: every pair of states is tried by the keeper himself, and goes through
-- exactly if the table has it.
CREATE FUNCTION t.go(from_state text, to_state text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  -- a stage in which the case was before, or from which the ended one ended
  _before CONSTANT text := CASE WHEN from_state IN ('reminder', 'notice') THEN from_state ELSE 'demand' END;
  _state text;
  _result text;
BEGIN
  CALL t.invoice('X');
  PERFORM reminder._keep(true);
  FOREACH _state IN ARRAY CASE WHEN from_state IS NULL THEN ARRAY[to_state] WHEN from_state = _before THEN ARRAY[_before, to_state] ELSE ARRAY[_before, from_state, to_state] END LOOP
    BEGIN
      INSERT INTO reminder.collection_case AS k (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on, ended_on, ended_from, closing_reason)
      SELECT 1, 'X', 1, _state, 'service', 1, '2026-02-07', '2026-02-07', e.ended_on, e.ended_from, CASE _state WHEN 'closed' THEN 'tried' END
      FROM (SELECT CASE WHEN _state IN ('paid', 'withdrawn', 'credited', 'closed') THEN date '2026-02-07' END,
                   CASE WHEN _state IN ('paid', 'withdrawn', 'credited', 'closed') THEN _before END) e (ended_on, ended_from)
      ON CONFLICT ON CONSTRAINT collection_case_pkey DO UPDATE
      SET state = excluded.state, ended_on = excluded.ended_on, ended_from = excluded.ended_from, closing_reason = excluded.closing_reason;
      _result := 'ok';
    EXCEPTION WHEN OTHERS THEN
      _result := SQLSTATE;
      EXIT;
    END;
  END LOOP;
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ', MESSAGE = _result;
EXCEPTION WHEN SQLSTATE 'ZZZZZ' THEN
  RETURN SQLERRM;
END
$$;
CREATE VIEW t.pair AS
SELECT f.from_state, s.to_state, t.go(f.from_state, s.to_state) AS result,
       EXISTS (SELECT FROM reminder.case_transitions() x WHERE x.from_state IS NOT DISTINCT FROM f.from_state AND x.to_state = s.to_state) AS allowed
FROM unnest(ARRAY['reminder', 'notice', 'demand', 'monitoring', 'enforcement', 'paid', 'withdrawn', 'credited', 'closed', NULL]) f (from_state)
CROSS JOIN unnest(ARRAY['reminder', 'notice', 'demand', 'monitoring', 'enforcement', 'paid', 'withdrawn', 'credited', 'closed']) s (to_state)
WHERE f.from_state IS DISTINCT FROM s.to_state;
SELECT result, allowed, count(*) FROM t.pair GROUP BY 1, 2 ORDER BY 1, 2;
SELECT from_state, string_agg(to_state, ' ' ORDER BY to_state) AS to_states FROM t.pair WHERE result = 'ok' GROUP BY 1 ORDER BY 1 NULLS FIRST;
SELECT * FROM reminder.case_transitions();
-- The words of a refusal.
CALL t.invoice('A1');
CALL reminder.run('2026-02-07', 1);
BEGIN;
SELECT reminder._keep(true) \g /dev/null
UPDATE reminder.collection_case SET state = 'enforcement';
ROLLBACK;
BEGIN;
CALL t.invoice('A2');
SELECT reminder._keep(true) \g /dev/null
INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on) VALUES (1, 'A2', 1, 'enforcement', 'service', 1, '2026-02-07', '2026-02-07');
ROLLBACK;
-- At most one active case per invoice, whatever acts.
BEGIN;
SELECT reminder._keep(true) \g /dev/null
SET LOCAL session_replication_role = replica;
INSERT INTO reminder.collection_case (creditor_id, invoice_no, case_no, state, collected_by, rule_no, opened_on, state_on) VALUES (1, 'A1', 2, 'demand', 'service', 1, '2026-02-07', '2026-02-07');
ROLLBACK;
-- Nothing else can change a case, and no role skips that.
UPDATE reminder.collection_case SET state = 'demand';
DELETE FROM reminder.collection_case;

-- C3: reminder, demand, monitoring, each on its day, without anybody doing
-- anything: every day is run.
\set ECHO none
SELECT format('CALL reminder.run(%L, 1)', date '2026-02-01' + day) FROM generate_series(7, 40) day \gexec
\set ECHO all
TABLE t.letters;
TABLE t.cases;
SELECT stage, state, opened_on, stage_on, next_stage, next_on, sent_on, deadline, fees, open FROM reminder.case_status;
-- By own rules there is a notice in between, and no monitoring.
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'N1', 'P', '2026-01-02', '2026-02-02', 'EUR', 80);
\set ECHO none
SELECT format('CALL reminder.run(%L, 2)', date '2026-02-01' + day) FROM generate_series(7, 90) day \gexec
\set ECHO all
SELECT * FROM t.letters WHERE invoice_no = 'N1';
SELECT * FROM t.cases WHERE invoice_no = 'N1';

-- C4: withdrawing ends the case; its letter not confirmed as sent is cancelled
-- and its costs waived; a loss can be booked, and runs leave it alone.
CALL t.invoice('B1');
CALL reminder.run('2026-03-14', 1);
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'B1', 'L1', 'confirmed', '2026-03-15', 1000);
BEGIN;
SELECT reminder.withdraw(1, 'B1', 'we settled it', '2026-03-15') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'B1', 'L1', 'confirmed', '2026-03-15', 1000);
COMMIT;
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';
SELECT * FROM t.open WHERE invoice_no = 'B1';
SELECT reminder.withdraw(1, 'B1', NULL, '2026-03-16');
CALL reminder.run('2026-04-01', 1);
SELECT why_not FROM reminder.invoice_status WHERE invoice_no = 'B1';
-- Put back, the booked loss still keeps it (G1); reversed, the ladder goes on
-- where it stood, in a case of its own: the demand, and no second reminder.
SELECT reminder.put_back(1, 'B1', '2026-04-02') \g /dev/null
CALL reminder.run('2026-04-02', 1);
SELECT why_not FROM reminder.invoice_status WHERE invoice_no = 'B1';
UPDATE reminder.credit_loss SET reversed_on = '2026-04-03';
CALL reminder.run('2026-04-03', 1);
SELECT * FROM t.letters WHERE invoice_no = 'B1';
SELECT * FROM t.cases WHERE invoice_no = 'B1';
-- Withdrawn once more, at demand, and put back: monitoring comes by itself.
SELECT reminder.withdraw(1, 'B1', NULL, '2026-04-04') \g /dev/null
SELECT reminder.put_back(1, 'B1', '2026-04-04') \g /dev/null
CALL reminder.run('2026-05-04', 1);
SELECT * FROM t.cases WHERE invoice_no = 'B1';
-- And at monitoring.
SELECT reminder.withdraw(1, 'B1', NULL, '2026-05-05') \g /dev/null
SELECT * FROM t.cases WHERE invoice_no = 'B1';
SELECT * FROM t.events WHERE invoice_no = 'B1';
SELECT * FROM reminder.exception_list;
TABLE t.wrong;

-- Under a rule that does not catch up, what came due while the invoice was out
-- is outside automation, never sent afterwards, and the next step waits from there (R9).
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES (2, 'N2', 'P', '2026-04-02', '2026-05-04', 'EUR', 80);
CALL reminder.run('2026-05-18', 2);
SELECT reminder.withdraw(2, 'N2', NULL, '2026-05-19') \g /dev/null
CALL reminder.run('2026-06-10', 2);
SELECT reminder.put_back(2, 'N2', '2026-06-11') \g /dev/null
CALL reminder.run('2026-06-11', 2);
CALL reminder.run('2026-06-30', 2);
SELECT * FROM t.letters WHERE invoice_no = 'N2';
SELECT * FROM t.cases WHERE invoice_no = 'N2';

-- Not possible for the creditor when the customer is bankrupt or an estate; the
-- service closes it with its reason, and then the loss can be booked.
CALL t.invoice('D1', 1000, 'P');
CALL t.invoice('D2', 1000, 'C');
CALL reminder.run('2026-05-10', 1);
UPDATE reminder.customer SET standing = 'estate' WHERE creditor_id = 1 AND customer_no = 'P';
UPDATE reminder.customer SET standing = 'bankrupt' WHERE creditor_id = 1 AND customer_no = 'C';
SELECT reminder.withdraw(1, 'D1', NULL, '2026-05-11');
SELECT reminder.withdraw(1, 'D2', NULL, '2026-05-11');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'D2', 'L1', 'confirmed', '2026-05-11', 1000);
SELECT reminder.close_case(1, 'D1', 'deceased', '2026-05-11') \g /dev/null
SELECT reminder.close_case(1, 'D2', 'bankruptcy', '2026-05-11') \g /dev/null
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'D2', 'L1', 'confirmed', '2026-05-11', 1000);
SELECT * FROM t.cases WHERE invoice_no LIKE 'D_';
SELECT invoice_no, stage, state, outcome, closing_reason FROM reminder.case_status WHERE invoice_no LIKE 'D_' ORDER BY 1;
SELECT * FROM t.events WHERE invoice_no LIKE 'D_';
-- A minor's case the creditor may withdraw himself.
UPDATE reminder.customer SET standing = 'minor' WHERE creditor_id = 1 AND customer_no = 'P';
SELECT reminder.put_back(1, 'D1', '2026-05-12') \g /dev/null
CALL reminder.run('2026-06-01', 1);
SELECT why_not FROM reminder.invoice_status WHERE invoice_no = 'D1';
TABLE t.wrong;

-- Letters, confirmed and failed (C6): only one that waits can be either.
UPDATE reminder.customer SET standing = 'normal' WHERE creditor_id = 1;
CALL t.invoice('E1');
CALL reminder.run('2026-06-02', 1);
SELECT reminder.confirm_letter(1, 'E1', 'demand', '2026-06-02');
SELECT reminder.confirm_letter(1, 'E1', 'reminder', '2026-06-02') \g /dev/null
SELECT reminder.confirm_letter(1, 'E1', 'reminder', '2026-06-02');
SELECT reminder.fail_letter(1, 'E1', 'reminder', 'returned', '2026-06-03');
CALL t.invoice('E2');
CALL reminder.run('2026-06-03', 1);
SELECT reminder.fail_letter(1, 'E2', 'reminder', 'returned', '2026-06-03') \g /dev/null
SELECT reminder.fail_letter(1, 'E2', 'reminder', 'returned', '2026-06-03');
SELECT * FROM t.letters WHERE invoice_no LIKE 'E_';
SELECT * FROM t.cases WHERE invoice_no LIKE 'E_';
SELECT * FROM t.events WHERE invoice_no LIKE 'E_';
TABLE t.wrong;

-- What each of these refuses: 22R01, 22R02, 22R04, 55R03.
\t
\a
SELECT t.show($$
  SELECT reminder.withdraw(1, 'E1', repeat('x', 1001), '2026-06-04')
  SELECT reminder.withdraw(1, 'E1', NULL, '2026-06-01')
  SELECT reminder.withdraw(1, 'E1', NULL, NULL)
  SELECT reminder.withdraw(1, 'E1', NULL, 'infinity')
  SELECT reminder.withdraw(1, 'none', NULL, '2026-06-04')
  SELECT reminder.withdraw(2, 'E1', NULL, '2026-06-04')
  SELECT reminder.close_case(1, 'E1', NULL, '2026-06-04')
  SELECT reminder.close_case(1, 'E1', '', '2026-06-04')
  SELECT reminder.close_case(1, 'E1', repeat('x', 1001), '2026-06-04')
  SELECT reminder.close_case(1, 'B1', 'lapsed', '2026-06-04')
  SELECT reminder.put_back(1, 'none', '2026-06-04')
  SELECT reminder.put_back(1, 'E1', '1989-12-31')
  SELECT reminder.take_out(1, NULL, '2026-06-04')
  SELECT reminder.confirm_letter(1, 'E1', NULL, '2026-06-04')
  SELECT reminder.confirm_letter(1, 'E1', 'gentle nudge', '2026-06-04')
  SELECT reminder.fail_letter(1, 'none', 'reminder', NULL, '2026-06-04')
$$);
SELECT count(*) || ' wrong' FROM t.wrong;
-- And reminder itself finds nothing amiss.
SELECT finding, object, detail FROM reminder.check();
\i :leave
