-- Bad input: each its SQLSTATE, message and hint (doc/errors.md); nothing is
-- changed, and the session lives.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_bad_input
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

CALL t.invoice('A');
CALL t.invoice('free');
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (2, 'only of 2', 'Yksi');
SELECT reminder.hold(1, 'free', 'dispute', NULL, '2026-01-05') \g /dev/null
CALL reminder.run('2026-02-07', 1);
CALL reminder.run('2026-02-21', 1);
SELECT t.state() AS before \gset
\t
\a

-- Who is who: unknown, empty, 1 MB, invalid, NULL.
SELECT t.show($$
  INSERT INTO reminder.account (account_id, name) VALUES (1, 'twice')
  INSERT INTO reminder.account (account_id, name) VALUES (5, '')
  INSERT INTO reminder.account (account_id, name) VALUES (5, repeat('x', 1048576))
  INSERT INTO reminder.account (account_id, name, agreement) VALUES (5, 'X', 'unheard of')
  INSERT INTO reminder.partner (partner_id, name) VALUES (5, NULL)
  INSERT INTO reminder.creditor (creditor_id, name) VALUES (5, 'nobody''s')
  INSERT INTO reminder.creditor (creditor_id, account_id, partner_id, name) VALUES (5, 1, 1, 'two masters')
  INSERT INTO reminder.creditor (creditor_id, account_id, name) VALUES (5, 99, 'X')
  INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction) VALUES (5, 1, 'X', 'XX')
  INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction) VALUES (5, 1, 'X', NULL)
  INSERT INTO reminder.creditor (creditor_id, account_id, name, currency) VALUES (5, 1, 'X', 'kr')
  INSERT INTO reminder.creditor (creditor_id, account_id, name, country) VALUES (5, 1, 'X', 'Sweden')
  INSERT INTO reminder.creditor (creditor_id, account_id, name, time_zone) VALUES (5, 1, 'X', 'Mars/Olympus')
  INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro) VALUES (5, 1, 'X', repeat('9', 1048576))
  UPDATE reminder.creditor SET foreign_customers = 'eaten'
  UPDATE reminder.creditor SET credits_in_case = 'maybe'
  INSERT INTO reminder.closed_day VALUES (1, 'infinity')
  INSERT INTO reminder.closed_day VALUES (9, '2026-05-02')
  INSERT INTO reminder.customer_class (creditor_id, class) VALUES (1, '')
  INSERT INTO reminder.customer_class (creditor_id, class, rule_no) VALUES (1, 'gold', 99)
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (9, 'X', 'X')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (NULL, 'X', 'X')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'C', 'twice')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, '', 'X')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, repeat('x', 65), 'X')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, repeat('x', 1048576), 'X')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'X', '')
  INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (1, 'X', repeat('x', 1048576))
  INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES (1, 'X', 'X', 'robot')
  INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) VALUES (1, 'X', 'X', NULL)
  INSERT INTO reminder.customer (creditor_id, customer_no, name, country) VALUES (1, 'X', 'X', 'se')
  INSERT INTO reminder.customer (creditor_id, customer_no, name, class) VALUES (1, 'X', 'X', 'platinum')
  INSERT INTO reminder.customer (creditor_id, customer_no, name, class) VALUES (1, 'X', 'X', repeat('x', 1048576))
  INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule) VALUES (1, 'X', 'X', 99)
  INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule) VALUES (1, 'X', 'X', 2)
  INSERT INTO reminder.customer (creditor_id, customer_no, name, standing) VALUES (1, 'X', 'X', 'asleep')
  INSERT INTO reminder.customer (creditor_id, customer_no, name, address) VALUES (1, 'X', 'X', repeat('x', 1048576))
  DELETE FROM reminder.customer WHERE customer_no = 'C'
  UPDATE reminder.customer SET customer_no = 'Z' WHERE creditor_id = 1 AND customer_no = 'C'
  DELETE FROM reminder.creditor
  DELETE FROM reminder.account
$$);
-- Invoices.
SELECT t.show($$
  INSERT INTO reminder.invoice VALUES (9, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'nobody', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'only of 2', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', repeat('x', 1048576), 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'A', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, '', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, repeat('x', 1048576), 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, NULL, 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'letter', '2026-01-02', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-02-03', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '1989-12-31', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2201-01-01', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', 'infinity', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '-infinity', '2026-02-02', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', NULL, 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-30', 'SEK', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'kronor', 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', NULL, 1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', NULL)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', -0.01)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 'NaN')
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 'Infinity')
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', '-Infinity')
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1000000000000)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 999999999999.995)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1e5000)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1, 2)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1, -1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1, 'NaN')
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1, 1, -1)
  INSERT INTO reminder.invoice VALUES (1, 'X', 'C', 'invoice', '2026-01-02', '2026-02-02', 'SEK', 1, 1, 0, 'auto')
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, description) VALUES (1, 'X', 'C', '2026-01-02', '2026-02-02', 'SEK', 1, repeat('x', 1048576))
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, reference) VALUES (1, 'X', 'C', '2026-01-02', '2026-02-02', 'SEK', 1, repeat('x', 65))
  DELETE FROM reminder.invoice WHERE invoice_no = 'A'
  DELETE FROM reminder.invoice WHERE invoice_no = 'free'
  UPDATE reminder.invoice SET amount = 0 WHERE invoice_no = 'free' RETURNING 1 / open_amount
  UPDATE reminder.invoice SET creditor_id = 2, customer_no = 'only of 2' WHERE invoice_no = 'free'
$$);
-- Bookings.
SELECT t.show($$
  INSERT INTO reminder.payment VALUES (1, repeat('x', 1048576), 'A', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (1, 'X', repeat('x', 1048576), '2026-02-28', 1)
  INSERT INTO reminder.payment (creditor_id, payment_no, paid_on, amount, reference) VALUES (1, 'X', '2026-02-28', 1, repeat('x', 1048576))
  INSERT INTO reminder.payment VALUES (1, NULL, 'A', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (NULL, 'X', 'A', '2026-02-28', 1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'A', NULL, 1)
  INSERT INTO reminder.payment VALUES (1, 'X', 'A', '2026-02-28', NULL)
  INSERT INTO reminder.credit VALUES (1, 'X', repeat('x', 1048576), 'credit', '2026-02-28', 1)
  INSERT INTO reminder.credit VALUES (1, 'X', NULL, 'credit', '2026-02-28', 1)
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'L', 'possible', '2026-02-28', 1)
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'L', NULL, '2026-02-28', 1)
  INSERT INTO reminder.credit_loss VALUES (1, 'free', '', 'doubtful', '2026-02-28', 1)
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'L', 'doubtful', '2026-02-28', -1)
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'L', 'doubtful', '2026-02-28', 'NaN')
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'L', 'doubtful', 'infinity', 1)
  INSERT INTO reminder.credit_loss VALUES (1, 'free', 'L', 'doubtful', '2026-02-28', 1, '2026-02-27')
  INSERT INTO reminder.credit_loss VALUES (1, 'none', 'L', 'doubtful', '2026-02-28', 1)
  INSERT INTO reminder.credit_loss VALUES (2, 'free', 'L', 'doubtful', '2026-02-28', 1)
  INSERT INTO reminder.credit_loss VALUES (1, repeat('x', 1048576), 'L', 'doubtful', '2026-02-28', 1)
  INSERT INTO reminder.refund VALUES (1, repeat('x', 1048576), 'R', '2026-02-28', 1)
$$);
-- Rules, steps and windows: unknown stage, channel and kind.
SELECT t.show($$
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 5, 'X', 'public')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (9, 5, 'X', 'person')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 0, 'X', 'person')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 1, 'X', 'person')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind) VALUES (1, 5, '', 'person')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, general) VALUES (1, 5, 'X', 'person', true)
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by) VALUES (1, 5, 'X', 'person', 'agency')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by) VALUES (1, 5, 'X', 'person', 'mafia')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, opens) VALUES (1, 5, 'X', 'person', 'never')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, import_from) VALUES (1, 5, 'X', 'person', '-infinity')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, residual_above) VALUES (1, 5, 'X', 'person', 'NaN')
  INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, description) VALUES (1, 5, 'X', 'person', repeat('x', 1048576))
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 1, 'threat', 5)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 1, 'enforcement', 5)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 1, 'notice', -1)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 1, 'notice', 2147483647)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, wait_unit) VALUES (1, 1, 'notice', 5, 'week')
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term) VALUES (1, 1, 'notice', 5, 99999)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term_unit) VALUES (1, 1, 'notice', 5, 'week')
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, channel) VALUES (1, 1, 'notice', 5, 'pigeon')
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait) VALUES (1, 1, 'notice', 10, 5)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, fee) VALUES (1, 1, 'notice', 5, 0)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, fee) VALUES (1, 1, 'notice', 5, 'NaN')
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, nth, wait, fee) VALUES (1, 1, 'monitoring', 2, 5, 10)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, open_at_least) VALUES (1, 1, 'notice', 5, -1)
  INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait) VALUES (1, 99, 'notice', 5)
  INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest, highest) VALUES (1, 1, 'SEK', 100, 50)
  INSERT INTO reminder.rule_window (creditor_id, rule_no, currency, lowest) VALUES (1, 1, 'SEK', 'NaN')
  INSERT INTO reminder.rule_window (creditor_id, rule_no, currency) VALUES (1, 1, 'sek')
$$);
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END;

-- More decimals than two are rounded as PostgreSQL rounds; functions of ours refuse them.
BEGIN;
INSERT INTO reminder.payment VALUES (1, 'X', 'A', '2026-02-28', 1.005), (1, 'Y', 'A', '2026-02-28', 1.0049);
SELECT payment_no, amount FROM reminder.payment ORDER BY 1;
ROLLBACK;

-- Runs: before the last one, bad dates, unknown creditors; not inside a function.
CALL reminder.run('2026-02-20', 1);
\echo :SQLSTATE
CALL reminder.run(NULL, 1);
\echo :SQLSTATE
CALL reminder.run('infinity', 1);
\echo :SQLSTATE
CALL reminder.run('-infinity');
\echo :SQLSTATE
CALL reminder.run('1989-12-31', 1);
\echo :SQLSTATE
CALL reminder.run('2201-01-01', 1);
\echo :SQLSTATE
CALL reminder.run('5874897-12-31', 1);
\echo :SQLSTATE
CALL reminder.run('2026-02-21', 99);
\echo :SQLSTATE
CALL reminder.run('2026-02-21', -9223372036854775808);
\echo :SQLSTATE
CREATE PROCEDURE t.run() LANGUAGE plpgsql SET work_mem = '4MB' AS $$ BEGIN CALL reminder.run('2026-02-21', 1); END $$;
CALL t.run();
\echo :SQLSTATE
CREATE FUNCTION t.run_it() RETURNS void LANGUAGE plpgsql AS $$ BEGIN CALL reminder.run('2026-02-21', 1); END $$;
SELECT t.run_it();
\echo :SQLSTATE
SELECT t.show($$ SELECT * FROM reminder.plan('2026-02-20', 1) $$);
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END;

-- Every function that others may call, every argument in turn: NULL, empty,
-- negative, huge, not a number, without end, 1 MB. Whatever is raised must be
-- said in the function's comment, ours with a hint; nothing ends a session.
CREATE TABLE t.good (name text, type regtype, value text);
INSERT INTO t.good VALUES
  ('creditor_id', 'bigint', '1'), ('invoice_no', 'text', 'A'), ('customer_nos', 'text[]', '{C}'), ('rule_no', 'integer', '1'), ('preset', 'text', 'amili'),
  ('confirm', 'boolean', 'true'), ('as_of', 'date', '2026-02-28'), ('until', 'date', '2026-03-20'), ('from_day', 'date', '2026-02-28'), ('to_day', 'date', '2026-03-05'),
  ('amount', 'numeric', '1'), ('stage', 'text', 'demand'), ('calendar', 'text', 'SE'), ('day', 'date', '2026-02-28'), ('n', 'integer', '5'),
  ('format', 'text', 'se_ocr'), ('base', 'text', '123'), ('value', 'text', '1230'), ('jurisdiction', 'text', 'SE'), ('debtor_kind', 'text', 'person'),
  ('fee_kind', 'text', 'reminder'), ('principal', 'numeric', '100'), ('on_date', 'date', '2026-02-28'), ('due_date', 'date', '2026-02-02'),
  ('reason', 'text', 'because'), ('closing_reason', 'text', 'lapsed'), ('reference', 'text', 'KFM 1'),
  ('kind', 'text', 'judgment'), ('interruption_no', 'integer', '1'), ('within_days', 'integer', '30'), ('customer_no', 'text', 'C'), ('country', 'text', 'SE'),
  ('paid_on', 'date[]', '{2026-02-10}'), ('paid', 'numeric[]', '{10}'), ('agreed_percent', 'numeric', '8'), ('day_count', 'text', 'actual/365'),
  ('law', 'text', 'reference_rate'), ('valid_from', 'date', '2200-07-01'), ('figure', 'numeric', '2'), ('new_invoice_no', 'text', 'N'), ('language', 'text', 'sv'), ('invoice_date', 'date', '2026-01-02');
CREATE TABLE t.bad (type regtype, value text);
INSERT INTO t.bad
SELECT 'bigint'::regtype, unnest(ARRAY[NULL, '-1', '0', '9223372036854775807', '-9223372036854775808'])
UNION ALL SELECT 'integer', unnest(ARRAY[NULL, '-1', '0', '2147483647', '-2147483648'])
UNION ALL SELECT 'smallint', unnest(ARRAY[NULL, '-1', '0', '32767', '-32768'])
UNION ALL SELECT 'date', unnest(ARRAY[NULL, 'infinity', '-infinity', '4713-01-01 BC', '5874897-12-31', '1989-12-31', '2201-01-01', '1990-01-01', '2200-12-31'])
UNION ALL SELECT 'timestamptz', unnest(ARRAY[NULL, 'infinity', '-infinity', '4713-01-01 BC', '1989-12-30', '2201-01-02'])
UNION ALL SELECT 'time', unnest(ARRAY[NULL, '00:00', '24:00'])
UNION ALL SELECT 'numeric', unnest(ARRAY[NULL, 'NaN', 'Infinity', '-Infinity', '-1', '0', '0.001', '1000000000000', '1e5000', '1e-5000'])
UNION ALL SELECT 'text', unnest(ARRAY[NULL, '', ' ', E'\n', 'å', repeat('x', 1048576), repeat('9', 1048576)])
UNION ALL SELECT 'text[]', unnest(ARRAY[NULL, '{}', '{NULL}', '{{C},{P}}', '{""}', '[-5:-5]={C}'])
UNION ALL SELECT 'date[]', unnest(ARRAY[NULL, '{}', '{NULL}', '{infinity}', '{-infinity}', '{4713-01-01 BC}', '{20000-01-01}', '{{2026-02-10}}', '{2026-02-10,2026-02-11}', '[-5:-5]={2026-02-10}'])
UNION ALL SELECT 'numeric[]', unnest(ARRAY[NULL, '{}', '{NULL}', '{NaN}', '{-1}', '{0.001}', '{1e13}', '{{10}}', '{10,10}', '[-5:-5]={10}'])
UNION ALL SELECT 'boolean', unnest(ARRAY[NULL, 'false', 'true']);
CREATE VIEW t.function AS
SELECT p.oid, p.proname AS name, obj_description(p.oid, 'pg_proc') AS comment, a.n, a.name AS argument, a.type::regtype AS type, p.pronargs,
       (SELECT array_agg(x.type::regtype ORDER BY x.n) FROM unnest(p.proargtypes) WITH ORDINALITY x (type, n)) AS types,
       p.proargnames[1:p.pronargs] AS names
FROM pg_proc p CROSS JOIN LATERAL unnest(p.proargtypes, p.proargnames[1:p.pronargs]) WITH ORDINALITY a (type, name, n)
WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname NOT LIKE '\_%' AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype;
-- Calls it, undoes it; gives what became of it.
CREATE FUNCTION t.call(statement text, OUT state text, OUT message text, OUT hint text) LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE statement;
  RAISE EXCEPTION USING ERRCODE = 'ZZZZZ';
EXCEPTION
  WHEN SQLSTATE 'ZZZZZ' THEN
    state := 'ok';
  WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
END
$$;
CREATE TABLE t.called AS
SELECT f.name, f.argument, b.value, f.comment, c.*
FROM t.function f
JOIN t.bad b ON b.type = f.type
CROSS JOIN LATERAL (
  SELECT string_agg(CASE WHEN x.n = f.n THEN format('%L::%s', b.value, x.type)
                         ELSE format('%L::%s', (SELECT g.value FROM t.good g WHERE g.name = x.name AND g.type = x.type), x.type) END, ', ' ORDER BY x.n) AS arguments
  FROM unnest(f.names, f.types) WITH ORDINALITY x (name, type, n)) a
CROSS JOIN LATERAL t.call(format('SELECT * FROM reminder.%I(%s)', f.name, a.arguments)) c;
SELECT count(*) > 500 FROM t.called;
SELECT DISTINCT name, argument, left(value, 20), state, left(message, 100) FROM t.called
WHERE state <> 'ok' AND (position(state IN comment) = 0 OR state ~ '^..R' AND hint = '' OR state LIKE 'XX%')
ORDER BY 1, 2, 3;
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END;
-- Bank days, references, caps and law, which take no row.
SELECT t.show($$
  SELECT reminder.is_bank_day('XX', '2026-02-02')
  SELECT reminder.next_bank_day(repeat('SE', 524288), '2026-02-02')
  SELECT reminder.add_bank_days('SE', '-infinity', 1)
  SELECT reminder.add_bank_days('SE', '0044-03-15 BC', 1)
  SELECT reminder.add_bank_days('SE', '20000-01-01', -1)
  SELECT reminder.add_bank_days('SE', '2026-02-02', 2147483647)
  SELECT reminder.bank_days_between('SE', '2026-02-02', 'infinity')
  SELECT reminder.make_reference('se_orc', '123')
  SELECT reminder.check_reference('', '1230')
  SELECT reminder.make_reference('se_ocr', '12.3')
  SELECT reminder.make_reference('se_ocr', repeat('1', 1048576))
  SELECT reminder.make_reference('se_ocr', E'12\xff')
  SELECT reminder.check_reference('se_ocr', E'\xc3\x28')
  SELECT reminder.fee_cap('XX', 'company', 'reminder', 100, '2026-02-02')
  SELECT reminder.fee_cap('SE', 'robot', 'reminder', 100, '2026-02-02')
  SELECT reminder.fee_cap('SE', 'company', 'bribe', 100, '2026-02-02')
  SELECT reminder.fee_cap('SE', 'company', 'reminder', 'NaN', '2026-02-02')
  SELECT reminder.fee_cap('SE', 'company', 'reminder', -1, '2026-02-02')
  SELECT reminder.fee_cap('SE', 'company', 'reminder', 1e13, '2026-02-02')
  SELECT reminder.fee_cap('SE', 'company', 'reminder', 100, 'infinity')
  SELECT reminder.fee_cap('SE', 'company', 'reminder', 100, '0044-03-15 BC')
  SELECT reminder.fee_cap('SE', 'company', 'reminder', 100, '20000-01-01')
  SELECT reminder.law_in_force('XX', '2026-02-02')
  SELECT reminder.law_in_force('SE', '20000-01-01')
  SELECT reminder.law_in_force('SE', '0044-03-15 BC')
  SELECT reminder.law_in_force(E'S\xc3', '2026-02-02')
  SELECT reminder.law_in_force('SE', '2026-02-02', 99)
$$);
-- Late interest, in its three ways.
SELECT t.show($$
  SELECT reminder.late_interest('XX', 'company', 100, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest(repeat('SE', 524288), 'company', 100, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest(E'S\xc3', 'company', 100, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest('SE', 'robot', 100, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest('SE', 'company', 'NaN', '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest('SE', 'company', -1, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest('SE', 'company', 1e13, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest('SE', 'company', 0.001, '2026-02-02', '2026-03-02')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-02-01')
  SELECT reminder.late_interest('SE', 'company', 100, '0044-03-15 BC', '2026-02-01')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', 'infinity')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '20000-01-01')
  SELECT reminder.late_interest('SE', 'company', 100, NULL, '2026-03-02')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2027-01-01')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-03-02', '{2026-02-10}', '{1,2}')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-03-02', '{2026-02-10}', '{-1}')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-03-02', '{infinity}', '{1}')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-03-02', NULL, NULL, 'NaN')
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-03-02', NULL, NULL, 100.01)
  SELECT reminder.late_interest('SE', 'company', 100, '2026-02-02', '2026-03-02', NULL, NULL, 8, 'actual/364')
  SELECT reminder.interest_statement('XX', 'company', 100, '2026-02-02', '2026-03-02')
  SELECT reminder.interest_statement('SE', 'company', 'NaN', '2026-02-02', '2026-03-02')
  SELECT reminder.interest_statement('SE', 'company', 100, '2026-02-02', '2026-02-01')
  SELECT reminder.interest_statement('SE', 'company', 100, '2026-02-02', '20000-01-01')
  SELECT reminder.invoice_interest(1, 'A', 'infinity')
  SELECT reminder.invoice_interest(1, 'A', '0044-03-15 BC')
  SELECT reminder.invoice_interest(1, repeat('x', 1048576), '2026-02-28')
  SELECT reminder.invoice_interest(2, 'A', '2026-02-28')
  SELECT reminder.invoice_interest(99, 'A', '2026-02-28')
$$);
-- Identity numbers and invoices' references are any text; limitation and demands.
SELECT t.show($$
  SELECT reminder.check_identity('XX', '880320-0016')
  SELECT reminder.check_identity('SE', repeat('8', 1048576))
  SELECT reminder.check_identity('SE', E'\xc3\x28')
  SELECT length(reminder.invoice_reference('SE', repeat('8', 1048576)))
  SELECT reminder.invoice_reference('XX', '123')
  SELECT reminder.invoice_reference('SE', E'\xc3\x28')
  SELECT length(reminder.referenced_invoice('SE', repeat('8', 1048576)))
  SELECT reminder.referenced_invoice('SE', E'\xc3\x28')
  SELECT reminder.claims_near_lapse(1, '20000-01-01', 30)
  SELECT reminder.claims_near_lapse(1, '2026-02-02', -1)
  SELECT reminder.claims_near_lapse(99, '2026-02-02', 30)
  SELECT reminder.interrupt_limitation(1, 'A', '0044-03-15 BC', 'judgment')
  SELECT reminder.interrupt_limitation(1, 'A', '2026-02-28', 'storm')
  SELECT reminder.interrupt_limitation(1, 'A', '2026-02-28', E'\xc3\x28')
  SELECT reminder.interrupt_limitation(1, 'A', '2026-02-28', 'judgment', repeat('x', 1048576))
  SELECT reminder.interrupt_limitation(2, 'A', '2026-02-28', 'judgment')
  SELECT reminder.retract_interruption(1, 'A', 32768, '2026-02-28')
  SELECT reminder.demand_missing(1, 'A', '-infinity')
  SELECT reminder.demand_missing(1, repeat('x', 1048576), '2026-02-28')
  SELECT reminder.demand_missing(2, 'A', '2026-02-28')
$$);
-- Bad as they look, these are taken; and what the rest raise.
SELECT format('%s(%s) takes %s', name, argument, string_agg(CASE WHEN value IS NULL THEN 'NULL' ELSE quote_literal(left(value, 12)) || CASE WHEN length(value) > 99 THEN '...' ELSE '' END END, ', ' ORDER BY value))
FROM t.called
WHERE state = 'ok' AND name IN ('activate', 'block_customers', 'close_case', 'confirm_letter', 'credit_in_case', 'explain', 'fail_letter', 'fee_cap', 'hold', 'interrupt_limitation', 'move_customers', 'plan', 'put_back', 'release', 'retract_interruption', 'take_out', 'upcoming', 'withdraw')
GROUP BY name, argument ORDER BY 1;
SELECT format('%s raises %s', name, string_agg(DISTINCT state, ' ' ORDER BY state))
FROM t.called
WHERE state <> 'ok' AND name IN ('activate', 'add_preset', 'back_to_monitoring', 'block_customers', 'close_case', 'confirm_letter', 'credit_in_case', 'deactivate', 'explain', 'fail_letter', 'claims_near_lapse', 'fee_cap', 'hand_to_enforcement', 'hold', 'interrupt_limitation', 'move_customers', 'plan', 'put_back', 'release', 'retract_interruption', 'take_out', 'upcoming', 'withdraw')
GROUP BY name ORDER BY 1;

-- Internal functions in C, as superuser: no bytes, array or NULL that they are
-- given ends a session.
CREATE FUNCTION t.step(VARIADIC changes text[] DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
  SELECT 'reminder._step(' || string_agg(coalesce((SELECT substr(c, position('=' IN c) + 1) FROM unnest(changes) c WHERE split_part(c, '=', 1) = d.name), d.value), ', ' ORDER BY d.n) || ')'
  FROM (VALUES
    (1, 'as_of', '''2026-02-21''::date'), (2, 'calendar', '''SE'''), (3, 'closed', 'NULL'), (4, 'moves', 'true'), (5, 'passed', '10'), (6, 'rung', '30'), (7, 'letter', 'true'),
    (8, 'wait', '12'), (9, 'bank', 'false'), (10, 'term', '10'), (11, 'tbank', 'true'), (12, 'fee', '180'), (13, 'least', '0'), (14, 'adds', 'true'), (15, 'catches', 'true'),
    (16, 'waives', 'false'), (17, 'hand', 'false'), (18, 'enabled', 'true'), (19, 'after', 'NULL'), (20, 'import', 'NULL'), (21, 'auto', 'true'), (22, 'from', 'NULL'),
    (23, 'cap', '1'), (24, 'above', '''{0,100}'''), (25, 'caps', '''{180,NULL}''')) d (n, name, value) $$;
-- Whatever unpacks a step.
CREATE FUNCTION t.unpack(step text) RETURNS text LANGUAGE sql AS $$
  SELECT format('SELECT reminder._latest_base(x.step), reminder._deadline(x.step) FROM (SELECT (%s)::bytea AS step) x', step) $$;
SELECT t.try(t.unpack(t.step()));
SELECT DISTINCT t.try(t.unpack(s.step)) FROM (VALUES
  ('NULL'), ('''''::bytea'), ('''\x00''::bytea'), ('decode(repeat(''00'', 1000), ''hex'')'), ('decode(repeat(''ff'', 20000), ''hex'')'),
  ('substr(' || t.step() || ', 1, 100)'), ('substr(' || t.step() || ', 2)'), (t.step() || ' || ''\x00''::bytea'), (t.step() || ' || ' || t.step())) s (step) ORDER BY 1;
-- Every byte of a step turned, two ways each.
DO $$
DECLARE
  _step bytea;
  _turned bytea;
  _made bigint := 0;
  _refused bigint := 0;
BEGIN
  EXECUTE 'SELECT ' || t.step('closed=''{2026-02-23,2026-02-24}''') INTO _step;
  FOR n IN 0 .. length(_step) - 1 LOOP
    FOREACH _turned IN ARRAY ARRAY[set_byte(_step, n, 255), set_byte(_step, n, get_byte(_step, n) # 128)] LOOP
      BEGIN
        EXECUTE t.unpack('$1') USING _turned;
        _made := _made + 1;
      EXCEPTION WHEN SQLSTATE '22R01' THEN
        _refused := _refused + 1;
      END;
    END LOOP;
  END LOOP;
  RAISE WARNING 'some are refused: %, the others unpacked: %', _refused > 20, _made > 20;
END
$$;
-- Steps from odd arguments.
SELECT n, t.try(t.unpack(t.step(n))) FROM unnest(ARRAY[
  'as_of=NULL', 'calendar=NULL', 'passed=NULL', 'rung=NULL', 'wait=NULL', 'term=NULL', 'letter=NULL', 'cap=NULL', 'above=NULL', 'caps=NULL', 'calendar=''XX''', 'calendar=repeat(''x'', 1048576)',
  'as_of=''infinity''', 'as_of=''-infinity''', 'as_of=''1990-01-01''', 'as_of=''2200-12-31''', 'wait=-1', 'wait=2147483647', 'term=-1', 'term=2147483647', 'passed=-1', 'rung=-2147483648', 'cap=-1',
  'fee=''NaN''', 'fee=''Infinity''', 'fee=-1', 'fee=1e12', 'fee=1e300', 'fee=0.001', 'least=''-Infinity''',
  'closed=''{}''', 'closed=''{NULL}''', 'closed=''{{2026-02-23},{2026-02-24}}''', 'closed=''{infinity}''', 'closed=''{2026-02-24,2026-02-23}''', 'closed=''[5:6]={2026-02-23,2026-02-24}''', 'closed=array_fill(date ''2026-02-23'', ARRAY[4096])', 'closed=array_fill(date ''2026-02-23'', ARRAY[4097])',
  'above=''{}''', 'above=''{NULL,NULL}''', 'above=''{{0},{100}}''', 'caps=''{NaN,0}''', 'caps=''{1}''', 'caps=array_fill(1::numeric, ARRAY[17])', 'above=''[7:8]={0,100}''',
  'after=''infinity''', 'import=''infinity''', 'from=''infinity''', 'waives=NULL']) n;
-- Whatever else is internal: all NULL, and each argument alone NULL or odd.
CREATE TABLE t.internal AS
SELECT p.proname AS name, c.* FROM pg_proc p
CROSS JOIN LATERAL (
  SELECT format('SELECT * FROM reminder.%I(%s)', p.proname, string_agg('NULL::' || format_type(a.type, NULL), ', ' ORDER BY a.n)) AS call
  FROM unnest(p.proargtypes) WITH ORDINALITY a (type, n)
  UNION ALL
  SELECT format('SELECT * FROM reminder.%I(%s)', p.proname, string_agg(format('%s::%s', CASE WHEN a.n = o.n THEN quote_nullable(b.value) ELSE
    CASE format_type(a.type, NULL) WHEN 'date' THEN '''2026-02-21''' WHEN 'text' THEN '''A''' WHEN 'boolean' THEN 'false' WHEN 'date[]' THEN '''{}''' WHEN 'text[]' THEN '''{A}''' WHEN 'numeric[]' THEN '''{0}''' WHEN 'bytea' THEN '''''' ELSE '''1''' END END, format_type(a.type, NULL)), ', ' ORDER BY a.n))
  FROM unnest(p.proargtypes) WITH ORDINALITY o (type, n)
  JOIN t.bad b ON b.type = o.type
  CROSS JOIN unnest(p.proargtypes) WITH ORDINALITY a (type, n)
  GROUP BY o.n, b.value) q
CROSS JOIN LATERAL t.call(q.call) c
WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname LIKE '\_%' AND p.prorettype <> 'trigger'::regtype AND p.prokind = 'f' AND p.pronargs > 0 AND p.proname NOT LIKE '\_upgrade%';
SELECT count(*) > 500 FROM t.internal;
SELECT DISTINCT name, state, left(message, 100) FROM t.internal WHERE state LIKE 'XX%' ORDER BY 1, 2, 3;
SELECT CASE WHEN t.state() = :'before' THEN 'nothing has changed' ELSE 'CHANGED' END;
-- The first day and the last one there is, for which no rate of interest is known.
\a
\t
UPDATE reminder.rule SET claims_interest = false WHERE creditor_id = 2;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount) VALUES
  (2, 'first', 'C', '1990-01-01', '1990-01-01', 'EUR', 999999999999.99), (2, 'last', 'C', '2200-11-25', '2200-12-01', 'EUR', 0.01);
CALL reminder.run('1990-01-01', 2);
CALL reminder.run('1990-01-12', 2);
SELECT * FROM reminder.upcoming('2200-12-01', '2200-12-31', 2);
CALL reminder.run('2200-12-31', 2);
SELECT invoice_no, stage, letter_date, deadline, principal, fee, total FROM reminder.letter_list WHERE creditor_id = 2 ORDER BY invoice_no;
SELECT stage, next_stage, next_on FROM reminder.case_status WHERE creditor_id = 2 ORDER BY invoice_no;
SELECT outcome, words FROM reminder.explain(2, 'last', '2200-12-31');
SELECT * FROM reminder.exception_list;
TABLE t.wrong;
\i :leave
