-- What happened outside, recorded by hand: letters (N7), a book taken over (B8),
-- steps waived (B3).
\set name regress_record
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'netvisor');
CREATE VIEW t.cases AS
SELECT k.creditor_id AS c, k.invoice_no AS invoice, k.case_no, k.state, k.opened_on, k.ended_on, k.fees, k.fees_paid AS paid, k.fees_waived AS waived FROM reminder.collection_case k ORDER BY 1, 2, 3;
CREATE VIEW t.steps AS
SELECT d.invoice_no AS invoice, d.stage, d.taken_back AS back, d.outcome, d.reason, d.step_date, d.as_of, d.deadline, d.fee, d.fees, d.charged_nth AS nth, d.principal FROM reminder.decision d ORDER BY d.creditor_id, 1, d.rung, 3;

\echo '# N7: a reminder sent outside is one, with its date and fee; the demand follows it'
CALL t.customer(1, 'C');
CALL t.invoice(1, 'A1', 'C', '2026-03-02');
SELECT reminder.record_letter(1, 'A1', 'reminder', '2026-03-05', 60, '2026-03-20');
SELECT * FROM t.steps;
SELECT * FROM t.cases;
SELECT invoice_no, status, last_event, last_event_on FROM reminder.invoice_status;
SELECT stage, letter_date, deadline, channel, fee, total, status FROM reminder.letter_list;
SELECT stage, outcome, step_date, fee, interest FROM reminder.explain(1, 'A1', '2026-03-20');
\set c 1
\set d '\'2026-03-20\''
:run
SELECT * FROM t.steps;
SELECT finding, object, detail FROM reminder.check();
\echo '# a demand, too, and it was paid in part since: the principal is that of its date'
CALL t.invoice(1, 'A2', 'C', '2026-03-02');
CALL t.pay(1, 'P1', 'A2', '2026-03-19', 400);
SELECT reminder.record_letter(1, 'A2', 'demand', '2026-03-10', 180, '2026-03-20', '2026-03-24');
SELECT * FROM t.steps WHERE invoice = 'A2';
SELECT stage, outcome, step_date FROM reminder.explain(1, 'A2', '2026-03-20');
\echo '# F4: it counts as the one fee-carrying reminder, and no second is recorded'
CALL t.invoice(1, 'A3', 'C', '2026-03-02');
SELECT reminder.record_letter(1, 'A3', 'reminder', '2026-03-04', 60, '2026-03-20');
SELECT reminder.record_letter(1, 'A3', 'notice', '2026-03-12', 60, '2026-03-20');
SELECT reminder.record_letter(1, 'A3', 'notice', '2026-03-12', NULL, '2026-03-20');
SELECT * FROM t.steps WHERE invoice = 'A3';
SELECT * FROM t.cases WHERE invoice = 'A3';
\echo '# L2: nor is a fee above the law''s on that day'
SELECT reminder.record_letter(1, 'A3', 'demand', '2026-03-19', 180.01, '2026-03-20');
\echo '# taken back as one sent here (B4)'
SELECT reminder.take_back_letter(1, 'A3', 'it was another customer''s', '2026-03-20');
SELECT * FROM t.steps WHERE invoice = 'A3';
SELECT * FROM t.cases WHERE invoice = 'A3';

\echo '# R9: it takes the place of a step that was skipped, with its own date'
CALL t.customer(2, 'C');
CALL t.invoice(2, 'N1', 'C', '2026-03-02');
SELECT reminder.take_out(2, 'N1', '2026-03-03') \g /dev/null
\set c 2
\set d '\'2026-03-12\''
:run
SELECT reminder.put_back(2, 'N1', '2026-03-13') \g /dev/null
SELECT reminder.record_letter(2, 'N1', 'reminder', '2026-03-09', 12, '2026-03-13');
SELECT * FROM t.steps WHERE invoice = 'N1';
SELECT stage, step_date, fee FROM reminder.explain(2, 'N1', '2026-03-13');
\echo '# F3: by own rules the later fee takes the earlier one''s place'
SELECT reminder.record_letter(2, 'N1', 'notice', '2026-03-20', 10, '2026-03-25');
SELECT * FROM t.cases WHERE c = 2;

\echo '# B3: a step waived, with a reason; the next waits from its date, and no stage is jumped'
CALL t.invoice(1, 'B1', 'C', '2026-03-16');
SELECT reminder.waive_step(1, 'B1', 'demand', 'agreed by telephone', '2026-03-20');
SELECT reminder.waive_step(1, 'B1', 'reminder', 'agreed by telephone', '2026-03-21');
SELECT * FROM t.steps WHERE invoice = 'B1';
SELECT invoice_no, event_on, event, stage, detail, recorded_by = session_user AS by_me FROM reminder.event_list WHERE invoice_no = 'B1' ORDER BY recorded_at;
SELECT stage, step_date FROM reminder.explain(1, 'B1', '2026-03-21');
SELECT stage_now, outcome, step_date FROM reminder.plan_now(1, ARRAY['B1'], '2026-03-22', 'demand');
\echo '# after a letter, not before the day after that letter''s deadline all the same'
CALL t.invoice(2, 'N2', 'C', '2026-03-09');
SELECT outcome FROM reminder.send_now(2, ARRAY['N2'], '2026-03-20');
SELECT reminder.waive_step(2, 'N2', NULL, 'straight to the demand', '2026-03-21');
SELECT * FROM t.steps WHERE invoice = 'N2';
SELECT stage, step_date FROM reminder.explain(2, 'N2', '2026-03-21');
SELECT stage_now, outcome, step_date FROM reminder.plan_now(2, ARRAY['N2'], '2026-03-22');
SELECT finding, object, detail FROM reminder.check();

\echo '# B8: a book taken over, with what another system has sent'
CALL t.creditor(3, 'SE', 'amili');
CALL t.customer(3, 'C');
DO $$
BEGIN
  FOR _n IN 1 .. 9 LOOP
    CALL t.invoice(3, 'T' || _n, 'C', '2026-02-02');
  END LOOP;
END
$$;
CALL t.pay(3, 'P2', 'T1', '2026-02-20', 1000);
INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount) VALUES (3, 'K1', 'T2', '2026-02-21', 1000);
UPDATE reminder.invoice SET external_collection = true WHERE (creditor_id, invoice_no) = (3, 'T3');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (3, 'T4', 'L1', 'confirmed', '2026-02-22', 1000);
CREATE TABLE t.old (invoice_no text, stage text, letter_date date, fee numeric);
INSERT INTO t.old VALUES
  ('T1', 'reminder', '2026-02-10', 60), ('T2', 'reminder', '2026-02-10', 60), ('T3', 'demand', '2026-02-20', 180), ('T4', NULL, NULL, NULL),
  ('T5', 'reminder', '2026-02-10', 60), ('T6', 'demand', '2026-03-02', 180), ('T6', 'reminder', '2026-02-12', 60),
  ('T7', 'reminder', '2026-02-10', 75), ('T8', NULL, NULL, NULL), ('T9', 'reminder', '2026-04-01', 60), ('T9', 'letter', '2026-02-12', 60), ('nix', 'reminder', '2026-02-12', 60);
SELECT * FROM reminder.take_over(3, (SELECT jsonb_agg(o) FROM t.old o), '2026-03-09');
SELECT i.* FROM t.steps i WHERE invoice LIKE 'T_';
SELECT * FROM t.cases WHERE c = 3;
\echo '# again: nothing twice'
SELECT invoice_no, stage, outcome, words FROM reminder.take_over(3, (SELECT jsonb_agg(o) FROM t.old o WHERE o.invoice_no IN ('T5', 'T6')), '2026-03-09');
\echo '# the first run: the demand of T5, monitoring of T6, reminders of those that had none; the others are left alone'
\set c 3
\set d '\'2026-03-17\''
:run
SELECT d.invoice, d.stage, d.outcome, d.as_of, d.fee, d.fees FROM t.decision d WHERE c = 3 AND d.as_of = '2026-03-17' ORDER BY 1;
SELECT invoice_no, status, why_not FROM reminder.invoice_status WHERE creditor_id = 3 ORDER BY 1;
SELECT finding, object, detail FROM reminder.check();

\echo '# what is refused'
CREATE TABLE t.refused (no integer GENERATED ALWAYS AS IDENTITY, sql text);
INSERT INTO t.refused (sql) VALUES
  ('SELECT reminder.record_letter(1, ''A1'', ''reminder'', ''2026-03-21'', 60, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''A2'', ''demand'', ''2026-03-09'', 180, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''monitoring'', ''2026-03-21'', NULL, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', NULL, ''2026-03-21'', NULL, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', NULL, NULL, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''infinity'', NULL, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-03-26'', NULL, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-01-26'', NULL, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-03-21'', NULL, ''2026-03-25'', ''2026-03-20'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-03-21'', -1, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-03-21'', ''NaN'', ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-03-21'', 0.001, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(1, ''B1'', ''reminder'', ''2026-03-21'', 1e13, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(2, ''B1'', ''reminder'', ''2026-03-21'', 5, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(3, ''T1'', ''reminder'', ''2026-03-21'', 5, ''2026-03-25'')'),
  ('SELECT reminder.record_letter(3, ''T4'', ''reminder'', ''2026-03-21'', 5, ''2026-03-25'')'),
  ('SELECT reminder.waive_step(1, ''B1'', ''demand'', NULL, ''2026-03-25'')'),
  ('SELECT reminder.waive_step(1, ''B1'', ''demand'', repeat(''x'', 1001), ''2026-03-25'')'),
  ('SELECT reminder.waive_step(1, ''B1'', ''demand'', ''why'', ''2026-03-21'')'),
  ('SELECT reminder.waive_step(3, ''T1'', ''demand'', ''why'', ''2026-03-21'')'),
  ('SELECT reminder.waive_step(1, ''nix'', ''demand'', ''why'', ''2026-03-21'')'),
  ('SELECT reminder.take_over(1, NULL, ''2026-03-21'')'),
  ('SELECT reminder.take_over(1, ''{}'', ''2026-03-21'')'),
  ('SELECT reminder.take_over(1, ''[1]'', ''2026-03-21'')'),
  ('SELECT reminder.take_over(1, ''[{"letter_date": "soon"}]'', ''2026-03-21'')'),
  ('SELECT reminder.take_over(9, ''[]'', ''2026-03-21'')'),
  ('SELECT reminder.take_over(1, ''[]'', NULL)');
SELECT no, t.try(sql) FROM t.refused ORDER BY no;
SELECT invoice_no, outcome, reason FROM reminder.take_over(1, '[{}, {"invoice_no": null, "stage": "reminder"}, {"invoice_no": "T1", "stage": "reminder", "letter_date": "2026-03-21"}]', '2026-03-25');

\i test/sql/include/ladder_end.sql
