-- Cases as they stood after any earlier day (V2): sixty days of everything are
-- noted as they go, and when they are over every day is asked for.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_as_of
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 1, 'A' || n, CASE WHEN n % 3 = 0 THEN 'P' ELSE 'C' END, '2026-01-02', date '2026-02-02' + n / 2, 'SEK', 1000 FROM generate_series(10, 41) n;

INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, 'commission_percent', '1990-01-01', 7.5), (1, 'commission_at_most', '1990-01-01', 60);

-- What is done to an invoice, by number, on a day.
CREATE FUNCTION t.deed(n integer, invoice text, day date, OUT what text, OUT statement text) LANGUAGE sql AS $$
  SELECT w.what, replace(replace(replace(replace(w.statement, '$4', quote_literal(invoice)), '$1', format('1, %L', invoice)), '$2', quote_literal(day)), '$3', format('creditor_id = 1 AND invoice_no = %L', invoice))
  FROM (VALUES
    (0, 'pay some', 'INSERT INTO reminder.payment (creditor_id, invoice_no, payment_no, paid_on, amount) VALUES ($1, gen_random_uuid(), $2, 200)'),
    (1, 'pay all', 'INSERT INTO reminder.payment (creditor_id, invoice_no, payment_no, paid_on, amount) SELECT creditor_id, invoice_no, gen_random_uuid(), $2, open FROM reminder.case_status WHERE $3 AND open > 0'),
    (2, 'pay the principal', 'INSERT INTO reminder.payment (creditor_id, invoice_no, payment_no, paid_on, amount) SELECT creditor_id, invoice_no, gen_random_uuid(), $2, open_amount FROM reminder.invoice WHERE $3 AND open_amount > 0'),
    (3, 'bounce', 'UPDATE reminder.payment SET bounced_on = $2 WHERE $3 AND bounced_on IS NULL'),
    (4, 'not bounced after all', 'UPDATE reminder.payment SET bounced_on = NULL WHERE $3 AND bounced_on IS NOT NULL'),
    (5, 'correct', 'UPDATE reminder.payment SET amount = amount + 70 WHERE $3 AND bounced_on IS NULL'),
    (6, 'delete', 'DELETE FROM reminder.payment WHERE $3'),
    (7, 'credit', 'SELECT reminder.credit_in_case($1, 150, ''r'', $2)'),
    (8, 'credit no more', 'DELETE FROM reminder.credit WHERE $3'),
    (9, 'withdraw', 'SELECT reminder.withdraw($1, ''r'', $2)'),
    (10, 'put back', 'SELECT reminder.put_back($1, $2)'),
    (11, 'take back', 'SELECT reminder.take_back_letter($1, ''r'', $2)'),
    (12, 'waive fees', 'SELECT reminder.waive_fee($1, 25, ''r'', $2)'),
    (13, 'waive interest', 'SELECT reminder.waive_interest($1, NULL, ''r'', $2)'),
    (14, 'plan', 'SELECT reminder.make_payment_plan($1, $2, 3, $2::date + 4, 1)'),
    (15, 'no plan', 'SELECT reminder.remove_payment_plan($1, ''r'', $2)'),
    (16, 'hold', 'SELECT reminder.hold($1, ''dispute'', $2::date + 3, $2)'),
    (17, 'promise', 'SELECT reminder.hold($1, ''promise'', $2::date + 2, $2)'),
    (18, 'release', 'SELECT reminder.release($1, $2)'),
    (19, 'enforce', 'SELECT reminder.hand_to_enforcement($1, ''U 1'', $2)'),
    (20, 'fee of enforcement', 'SELECT reminder.add_enforcement_fee($1, ''enforcement'', NULL, $2)'),
    (21, 'back', 'SELECT reminder.back_to_monitoring($1, $2)'),
    (22, 'confirm', 'SELECT reminder.confirm_letter(creditor_id, invoice_no, stage, $2) FROM reminder.letter_list WHERE $3 AND status = ''queued'''),
    (23, 'fail', 'SELECT reminder.fail_letter(creditor_id, invoice_no, stage, ''r'', $2) FROM reminder.letter_list WHERE $3 AND status = ''queued'''),
    (24, 'record', 'SELECT reminder.record_letter($1, ''demand'', $2, 100, $2)'),
    (25, 'close', 'SELECT reminder.close_case($1, ''unknown address'', $2)'),
    (26, 'lose', 'INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount) VALUES ($1, ''doubtful'', $2, 100)'),
    (27, 'lose no more', 'UPDATE reminder.credit_loss SET reversed_on = $2 WHERE $3'),
    (28, 'send', 'SELECT reminder.send_now(1, ARRAY[$4], $2)'),
    (29, 'bill more', 'UPDATE reminder.invoice SET amount = amount + 5 WHERE $3')) w (n, what, statement)
  WHERE w.n = $1
$$;
CREATE TABLE t.was (day date, state jsonb);
CREATE TABLE t.done (what text, outcome text);
-- of what is overpaid, by payments that have no number here
SET client_min_messages = error;
DO $$
DECLARE
  _day date;
  _deed record;
  _outcome text;
BEGIN
  FOR _n IN 0..59 LOOP
    _day := date '2026-02-07' + _n;
    CALL reminder.run(_day, 1);
    FOR _i IN 1..24 LOOP
      -- chance, but always the same
      _deed := t.deed(('x' || substr(md5(format('deed %s %s', _n, _i)), 1, 6))::bit(24)::integer % 30,
                      'A' || 10 + ('x' || substr(md5(format('invoice %s %s', _n, _i)), 1, 6))::bit(24)::integer % 32, _day);
      _outcome := t.try(_deed.statement);
      INSERT INTO t.done VALUES (_deed.what, left(_outcome, 5));
    END LOOP;
    INSERT INTO t.was SELECT _day, to_jsonb(s) FROM reminder.case_status s WHERE s.creditor_id = 1;
  END LOOP;
END
$$;
-- Everything was done at some time.
SELECT count(*) FILTER (WHERE (state ->> 'commission')::numeric > 0) > 0 AS commissions, count(*) FILTER (WHERE (state ->> 'instalments_missed')::numeric > 0) > 0 AS missed,
       count(*) FILTER (WHERE state ->> 'next_instalment' IS NOT NULL) > 10 AS instalments, count(DISTINCT state ->> 'next_stage') FILTER (WHERE day = (SELECT max(day) FROM t.was)) AS steps FROM t.was;
SELECT string_agg(DISTINCT what, ', ') AS never FROM t.done d WHERE NOT EXISTS (SELECT FROM t.done o WHERE o.what = d.what AND o.outcome = 'ok');
SELECT count(DISTINCT day) AS days, count(*) > 1000 AS cases, count(DISTINCT state ->> 'state') AS states, count(DISTINCT state ->> 'outcome') AS outcomes,
       count(DISTINCT state ->> 'stage') AS stages, count(DISTINCT state ->> 'plan') AS plans,
       count(DISTINCT state ->> 'hold') AS holds FROM t.was;

CREATE VIEW t.otherwise AS
SELECT coalesce(w.day, a.day) AS day, coalesce(w.state, a.state) ->> 'invoice_no' AS invoice_no, k.key, w.state ->> k.key AS was, a.state ->> k.key AS given
FROM t.was w
FULL JOIN (SELECT d.day, to_jsonb(s) AS state FROM (SELECT DISTINCT day FROM t.was) d CROSS JOIN LATERAL reminder.case_status_as_of(1, d.day) s) a
  ON a.day = w.day AND a.state -> 'case_id' = w.state -> 'case_id'
CROSS JOIN LATERAL (SELECT k.key FROM jsonb_object_keys(coalesce(w.state, a.state)) k (key)) k
WHERE w.state -> k.key IS DISTINCT FROM a.state -> k.key
  -- of now alone
  AND NOT (k.key IN ('next_stage', 'next_on', 'why_not') AND coalesce(w.day, a.day) < (SELECT max(x.day) FROM t.was x));
\set ECHO all
\pset null '-'
-- Every day is as it was, and every case what the log makes of it.
SELECT * FROM t.otherwise ORDER BY 1, 2, 3 LIMIT 20;
SELECT finding, object, detail FROM reminder.verify(1);
-- Whatever happens since: all that is paid goes back, and all is closed.
DO $$
BEGIN
  UPDATE reminder.payment SET bounced_on = '2026-04-08' WHERE bounced_on IS NULL;
  PERFORM t.try(format('SELECT reminder.close_case(1, %L, ''lapsed'', ''2026-04-08'')', i.invoice_no)) FROM reminder.invoice i ORDER BY 1;
END
$$;
CALL reminder.run('2026-04-08', 1);
SELECT count(*) FROM t.otherwise WHERE day < '2026-04-07';
SELECT finding, object, detail FROM reminder.verify(1);
-- Of one invoice, the same.
SELECT count(*) > 0 AS there, count(*) FILTER (WHERE to_jsonb(s) <> to_jsonb(o)) AS otherwise
FROM reminder.case_status_as_of(1, '2026-03-20') s JOIN LATERAL reminder.case_status_as_of(1, '2026-03-20', s.invoice_no) o ON o.case_id = s.case_id;
-- Before the first run there is nothing; nor of one who has had none.
SELECT count(*) FROM reminder.case_status_as_of(1, '2026-02-06');
SELECT count(*) FROM reminder.case_status_as_of(2, '2026-03-20');
\set ECHO none
\t
\a
SELECT t.show('SELECT * FROM reminder.case_status_as_of(1, NULL)
SELECT * FROM reminder.case_status_as_of(1, ''infinity'')
SELECT * FROM reminder.case_status_as_of(99, ''2026-03-20'')
SELECT * FROM reminder.case_status_as_of(NULL, ''2026-03-20'')
SELECT * FROM reminder.case_status_as_of(1, ''2026-03-20'', ''no'')');
\a
\t
\i :leave
