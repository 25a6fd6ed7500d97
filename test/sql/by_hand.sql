-- Letters by hand (N7): chosen invoices now, whatever stands in automation's way
-- and nothing that stands in the law's.
\set name regress_by_hand
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'netvisor');
CALL t.rule(1, 10, 'company', 'service', true, 'reminder 5d 10b 60', 'demand 12d 10b 180', 'monitoring 0d 0d');
\set pick 'SELECT invoice_no AS invoice, stage_now AS stage, outcome, reason, step_date, fee, total FROM reminder.send_now'
CREATE VIEW t.cases AS
SELECT k.invoice_no AS invoice, k.case_no, k.state, k.opened_on, k.ended_on, k.fees FROM reminder.collection_case k ORDER BY 1, 2;

\echo '# N7: before its date, one or a list; all that cannot be sent, with their reasons, at once'
CALL t.customer(1, 'C');
CALL t.invoice(1, 'A1', 'C', '2026-03-02');
CALL t.invoice(1, 'A2', 'C', '2026-03-02');
CALL t.invoice(1, 'A3', 'C', '2026-03-05');
CALL t.invoice(1, 'A4', 'C', '2026-03-02');
CALL t.pay(1, 'P1', 'A4', '2026-03-02', 1000);
SELECT reminder.hold(1, 'A2', 'dispute', NULL, '2026-03-02') \g /dev/null
SELECT invoice_no, stage_now, outcome, reason, step_date, words FROM reminder.plan_now(1, ARRAY['A4', 'A1', 'A2', 'A3', 'A1', 'nix', NULL], '2026-03-03');
SELECT count(*) FROM reminder.decision;
:pick(1, ARRAY['A4', 'A1', 'A2', 'A3', 'A1', 'nix', NULL], '2026-03-03');
SELECT * FROM t.decision;
SELECT invoice_no, event_on, event, stage, detail FROM reminder.event_list WHERE invoice_no = 'A1';
SELECT * FROM t.cases;
\echo '# or nothing at all'
:pick(1, ARRAY['A2', 'A3', 'A4'], '2026-03-06', all_or_nothing => true);
SELECT count(*) FROM reminder.decision;
:pick(1, ARRAY['A3'], '2026-03-06', all_or_nothing => true);
\echo '# N1: the run decides nothing twice, and goes on from there: 03-03 + 12 and the deadline 03-17'
\set c 1
\set d '\'2026-03-10\''
:run
SELECT * FROM t.decision WHERE invoice = 'A1';
\set d '\'2026-03-18\''
:run
SELECT * FROM t.decision WHERE invoice = 'A1' ORDER BY as_of;
\echo '# B3: never before the day after the deadline of the letter before, nor two on one day'
:pick(1, ARRAY['A1', 'A3'], '2026-03-19');
CALL t.invoice(1, 'A5', 'C', '2026-03-02');
:pick(1, ARRAY['A5'], '2026-03-19');
:pick(1, ARRAY['A5'], '2026-03-19');
\echo '# unless the rule waives it'
UPDATE reminder.rule SET waives_deadline = true WHERE creditor_id = 1 AND rule_no = 1;
:pick(1, ARRAY['A5'], '2026-03-19');
:pick(1, ARRAY['A5'], '2026-03-20');
:pick(1, ARRAY['A5'], '2026-03-21');
UPDATE reminder.rule SET waives_deadline = false WHERE creditor_id = 1 AND rule_no = 1;
\echo '# no letter is dated before the latest run'
:pick(1, ARRAY['A3'], '2026-03-17');
\echo '# no stage is jumped, or sent twice'
CALL t.invoice(1, 'A6', 'C', '2026-03-16');
SELECT invoice_no, stage_now, outcome, reason, words FROM reminder.send_now(1, ARRAY['A6', 'A1'], '2026-03-20', 'demand');
SELECT invoice_no, stage_now, outcome, reason, words FROM reminder.send_now(1, ARRAY['A1'], '2026-03-20', 'reminder');
SELECT invoice_no, stage_now, outcome, reason FROM reminder.send_now(1, ARRAY['A6'], '2026-03-20', 'reminder');

\echo '# N7: each reason, and whether a hand overrides it'
CREATE TABLE t.setup (reason text, set text);
INSERT INTO t.setup VALUES
  ('credit_note', 'UPDATE reminder.invoice SET kind = ''credit_note'' WHERE invoice_no = :i'),
  ('interest_invoice', 'UPDATE reminder.invoice SET kind = ''interest'' WHERE invoice_no = :i'),
  ('factored', 'UPDATE reminder.invoice SET kind = ''factored'' WHERE invoice_no = :i'),
  ('principal_paid', 'CALL t.pay(1, :i, :i, ''2026-03-20'', 1000)'),
  ('external_collection', 'UPDATE reminder.invoice SET external_collection = true WHERE invoice_no = :i'),
  ('withdrawn', 'SELECT reminder.withdraw(1, :i, ''why'', ''2026-03-20'')'),
  ('closed', 'SELECT reminder.close_case(1, :i, ''settled'', ''2026-03-20'')'),
  ('invoice_blocked', 'SELECT reminder.take_out(1, :i, ''2026-03-20'')'),
  ('customer_blocked', 'SELECT reminder.block_customers(1, ARRAY[:i])'),
  ('rule_disabled', 'UPDATE reminder.rule SET enabled = false WHERE name = :i'),
  ('outside_automation', 'UPDATE reminder.rule SET catches_up = false WHERE name = :i'),
  ('collection_ban', 'UPDATE reminder.customer SET collection_ban = true WHERE customer_no = :i'),
  ('bankrupt', 'UPDATE reminder.customer SET standing = ''bankrupt'' WHERE customer_no = :i'),
  ('deceased', 'UPDATE reminder.customer SET standing = ''estate'' WHERE customer_no = :i'),
  ('minor', 'UPDATE reminder.customer SET standing = ''minor'' WHERE customer_no = :i'),
  ('loss_booked', 'INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, :i, ''L'', ''doubtful'', ''2026-03-20'', 10)'),
  ('disputed', 'SELECT reminder.hold(1, :i, ''dispute'', NULL, ''2026-03-20'')'),
  ('payment_plan', 'SELECT reminder.make_payment_plan(1, :i, ''2026-03-20'', due_dates => ''{2026-04-20}'')'),
  ('on_hold', 'SELECT reminder.hold(1, :i, ''promise'', NULL, ''2026-03-20'')'),
  ('consumer_einvoice', 'UPDATE reminder.customer SET consumer_einvoice = true WHERE customer_no = :i'),
  ('due_before_import', 'UPDATE reminder.rule SET import_from = ''2026-03-20'' WHERE name = :i'),
  ('currency_not_supported', 'UPDATE reminder.invoice SET currency = ''EUR'' WHERE invoice_no = :i'),
  ('amount_below', 'INSERT INTO reminder.rule_window SELECT 1, rule_no, ''SEK'', 1000.01 FROM reminder.rule WHERE name = :i'),
  ('amount_above', 'INSERT INTO reminder.rule_window SELECT 1, rule_no, ''SEK'', 0, 999.99 FROM reminder.rule WHERE name = :i'),
  ('branch_not_in_rule', 'UPDATE reminder.rule SET branches = ''{north}'' WHERE name = :i'),
  ('trading_name_not_in_rule', 'UPDATE reminder.rule SET trading_names = ''{Bikes}'' WHERE name = :i'),
  ('open_below_minimum', 'UPDATE reminder.rule_step SET open_at_least = 1000.01 FROM reminder.rule r WHERE r.name = :i AND r.creditor_id = rule_step.creditor_id AND r.rule_no = rule_step.rule_no'),
  ('opens_by_hand', 'UPDATE reminder.rule SET opens = ''by_hand'' WHERE name = :i'),
  ('already_handled', 'SELECT reminder.hand_to_enforcement(1, :i, NULL, ''2026-03-20'')');
DO $$
DECLARE
  _case record;
BEGIN
  FOR _case IN SELECT s.*, 100 + row_number() OVER (ORDER BY s.reason) AS n FROM t.setup s LOOP
    IF _case.reason = 'already_handled' THEN
      CALL t.rule(1, _case.n::integer, 'company', 'service', true, 'demand 5d 8d 60', 'demand 11d 10d 60');
    ELSE
      CALL t.rule(1, _case.n::integer, 'company', 'service', true, 'reminder 5d 8d', 'demand 11d 10d 60');
    END IF;
    UPDATE reminder.rule SET name = _case.reason WHERE creditor_id = 1 AND rule_no = _case.n;
    CALL t.customer(1, _case.reason, 'company', _case.n::integer);
    CALL t.invoice(1, _case.reason, _case.reason, CASE WHEN _case.reason IN ('withdrawn', 'closed', 'already_handled') THEN date '2026-02-20' ELSE '2026-03-16' END);
  END LOOP;
END
$$;
\set d '\'2026-03-20\''
:run
DO $$
DECLARE
  _case record;
BEGIN
  FOR _case IN SELECT replace(s.set, ':i', quote_literal(s.reason)) AS sql FROM t.setup s ORDER BY s.reason LOOP
    EXECUTE _case.sql;
  END LOOP;
END
$$;
CALL reminder.run('2026-03-20', 1);
SELECT s.invoice_no, s.stage_now AS stage, s.outcome, s.reason, r.by_hand, CASE WHEN r.by_hand THEN 'sent' ELSE 'refused' END <> s.outcome AS wrong
FROM reminder.send_now(1, (SELECT array_agg(reason) FROM t.setup), '2026-04-20') s
JOIN reminder.reasons() WITH ORDINALITY r ON r.reason = s.invoice_no ORDER BY r.ordinality;
\echo '# under the general rule, whom none takes; and from there on blocked as before'
SELECT d.rule_no, d.stage, d.outcome, d.fee, p.rule_no AS stands_at FROM reminder.decision d JOIN reminder.position p USING (creditor_id, invoice_no) WHERE d.invoice_no = 'customer_blocked';
\echo '# a case that a hand has opened goes on by itself'
\set d '\'2026-05-02\''
:run
SELECT * FROM t.decision WHERE invoice IN ('opens_by_hand', 'customer_blocked', 'amount_below') ORDER BY 2, as_of;
\echo '# automation off: a hand sends all the same'
SELECT reminder.deactivate(1) \g /dev/null
CALL t.invoice(1, 'B1', 'C', '2026-05-04');
:pick(1, ARRAY['B1'], '2026-05-06');
SELECT reminder.activate(1, confirm => true) \g /dev/null

\echo '# R9: a step that was skipped, outside automation, is sent by hand after all; those skipped after it are decided anew'
CALL t.customer(2, 'C');
CALL t.invoice(2, 'N1', 'C', '2026-03-02');
CALL t.invoice(2, 'N2', 'C', '2026-03-02');
SELECT reminder.take_out(2, i, '2026-03-03') FROM unnest(ARRAY['N1', 'N2']) i \g /dev/null
\set c 2
\set d '\'2026-03-12\''
:run
\set d '\'2026-03-23\''
:run
SELECT reminder.put_back(2, i, '2026-03-24') FROM unnest(ARRAY['N1', 'N2']) i \g /dev/null
SELECT reminder.hold(2, 'N2', 'promise', NULL, '2026-03-24') \g /dev/null
SELECT * FROM t.decision WHERE c = 2 ORDER BY 2, as_of;
:pick(2, ARRAY['N1', 'N2'], '2026-03-24', 'reminder');
SELECT d.invoice_no, d.stage, d.taken_back, d.outcome, d.reason, d.as_of, d.fee FROM reminder.decision d WHERE d.creditor_id = 2 ORDER BY 1, d.rung, 3;
\set d '\'2026-04-08\''
:run
SELECT * FROM t.decision WHERE c = 2 AND as_of > '2026-03-24';

\echo '# L3: Finland has 14 days, for fees of persons, from the due date and from the letter before; 10 for companies'
CALL t.customer(2, 'P', 'person');
CALL t.invoice(2, 'N3', 'P', '2026-04-06');
CALL t.invoice(2, 'N4', 'C', '2026-04-06');
SELECT invoice_no, outcome, step_date, words FROM reminder.send_now(2, ARRAY['N3', 'N4'], '2026-04-08');
:pick(2, ARRAY['N3', 'N4'], '2026-04-20');
UPDATE reminder.rule SET waives_deadline = true WHERE creditor_id = 2 AND kind = 'person';
:pick(2, ARRAY['N3'], '2026-04-25');
\echo '# F4: by hand too no more fee-carrying reminders than the law allows'
SELECT invoice_no, charged_nth, charged_cap, fee FROM reminder.decision WHERE creditor_id = 1 AND invoice_no = 'A1' ORDER BY rung;

\echo '# what is refused'
SELECT t.try($$SELECT reminder.send_now(1, NULL, '2026-05-10')$$);
SELECT t.try($$SELECT reminder.send_now(1, '{}', '2026-05-10')$$);
SELECT t.try($$SELECT reminder.send_now(1, '{A1}', NULL)$$);
SELECT t.try($$SELECT reminder.send_now(1, '{A1}', 'infinity')$$);
SELECT t.try($$SELECT reminder.send_now(1, '{A1}', '2026-05-10', 'monitoring')$$);
SELECT t.try($$SELECT reminder.send_now(1, '{A1}', '2026-05-10', '')$$);
SELECT t.try($$SELECT reminder.send_now(3, '{A1}', '2026-05-10')$$);
SELECT t.try($$SELECT reminder.send_now(NULL, '{A1}', '2026-05-10')$$);
SELECT t.try($$SELECT reminder.send_now(1, '{A2}', '2026-05-10', all_or_nothing => true)$$);
\echo '# another creditor''s invoice is unknown'
:pick(1, ARRAY['N1'], '2026-05-10');
SELECT finding, object, detail FROM reminder.check();

\i test/sql/include/ladder_end.sql
