-- What sending costs the creditor (F10): dated price lists, its own prices, the
-- preview and the activation, the costs of a month, and what a case keeps.
\set name regress_prices
\i test/sql/include/ladder.sql
SET client_min_messages = warning;

\echo '# F10: the lists that there are'
SELECT price_list, currency, item, channel, stage, price FROM reminder.price JOIN reminder.price_list USING (price_list) ORDER BY 1, 3, 5;

\echo '# F10: before activation: without confirm it says what sending costs, by the channels that are on'
CALL t.creditor(1, 'FI');
CALL t.creditor(2, 'SE');
CALL t.creditor(3, 'NO');
SELECT reminder.activate(1);
SELECT reminder.activate(2, false);
SELECT reminder.activate(3, NULL);
\echo '# the channel''s own comes on top; a price of one''s own goes before the list''s'
INSERT INTO reminder.creditor_price_list VALUES (1, '2026-01-01', 'netvisor');
INSERT INTO reminder.creditor_price (creditor_id, item, channel, stage, valid_from, price) VALUES
  (1, 'channel', 'print', '', '2026-01-01', 0.8), (1, 'channel', 'print', '', '2026-04-01', 0.95), (1, 'channel', 'email', '', '2026-01-01', 0), (1, 'letter', '', 'demand', '2026-01-01', 0.2);
SELECT reminder.activate(1, as_of => '2026-03-31');
SELECT reminder.activate(1, as_of => '2026-04-01');
SELECT reminder.activate(1, true), reminder.activate(2, true), reminder.activate(3, true) \g /dev/null
SELECT * FROM reminder.creditor_price_list ORDER BY 1;
CREATE FUNCTION t.price(c bigint, item text, day date, channel text DEFAULT '', stage text DEFAULT '') RETURNS text LANGUAGE sql AS $$
  SELECT concat_ws(' ', coalesce(trim_scale(p.price)::text, 'none'), p.currency) FROM reminder.price_in_force(c, item, day, channel, stage) p $$;

\echo '# F10: in force is the latest of the closest: the channel''s before the stage''s, one''s own before all of the list'
INSERT INTO reminder.price_list VALUES ('test', 'A test', 'EUR');
INSERT INTO reminder.price (price_list, item, channel, stage, valid_from, price) VALUES
  ('test', 'letter', '', '', '2026-01-01', 1), ('test', 'letter', '', '', '2026-02-01', 2), ('test', 'letter', '', 'demand', '2026-01-15', 3), ('test', 'letter', '', 'demand', '2026-03-01', NULL),
  ('test', 'letter', 'print', '', '2026-02-15', 4), ('test', 'letter', 'print', 'demand', '2026-02-20', 5), ('test', 'commission_percent', '', '', '2026-01-01', 10), ('test', 'commission_at_most', '', '', '2026-02-01', 500);
INSERT INTO reminder.creditor_price_list VALUES (3, '2026-01-01', 'test'), (3, '2026-05-01', NULL);
INSERT INTO reminder.creditor_price (creditor_id, item, channel, stage, valid_from, price) VALUES (3, 'letter', '', 'notice', '2026-04-01', 0), (3, 'letter', '', 'notice', '2026-04-10', NULL);
SELECT d.day, t.price(3, 'letter', d.day) AS any, t.price(3, 'letter', d.day, 'email', 'demand') AS demand_by_email, t.price(3, 'letter', d.day, 'print', 'notice') AS notice_by_print,
       t.price(3, 'letter', d.day, 'print', 'demand') AS demand_by_print, t.price(3, 'letter', d.day, 'email', 'notice') AS notice_by_email
FROM unnest('{2025-12-31,2026-01-01,2026-01-14,2026-01-15,2026-01-31,2026-02-01,2026-02-15,2026-02-19,2026-02-20,2026-02-28,2026-03-01,2026-04-01,2026-04-09,2026-04-10,2026-04-30,2026-05-01}'::date[]) d (day) ORDER BY 1;
SELECT t.price(3, 'commission_percent', '2026-01-31'), t.price(3, 'commission_at_most', '2026-01-31'), t.price(3, 'commission_at_most', '2026-02-01'), t.price(3, 'case_fee', '2026-02-01'), t.price(1, 'vat_percent', '2026-02-01'), t.price(2, 'vat_percent', '2026-02-01');

\echo '# R7, F10: the preview says what each letter costs'
UPDATE reminder.rule SET claims_interest = false;
INSERT INTO reminder.customer (creditor_id, customer_no, name, email) VALUES (1, 'P', 'By print', NULL), (1, 'E', 'By email', 'e@example.com');
CALL t.invoice(1, 'p1', 'P', '2026-03-02');
CALL t.invoice(1, 'e1', 'E', '2026-03-02');
CALL t.invoice(1, 'p2', 'P', '2026-03-25');
SELECT letter_date, invoice_no, stage, channel, fee, cost, cost_currency FROM reminder.preview_rule(1, 1, '2026-03-01', '2026-04-30');

\echo '# F10: counted by month at the prices of the letters'' dates'
CREATE PROCEDURE t.days(c bigint, from_day date, to_day date) LANGUAGE plpgsql AS $$
BEGIN
  FOR n IN 0 .. to_day - from_day LOOP CALL reminder.run(from_day + n, c); END LOOP;
END
$$;
CALL t.days(1, '2026-03-01', '2026-04-30');
SELECT invoice_no, stage, letter_date, channel, status FROM reminder.letter_list WHERE creditor_id = 1 ORDER BY letter_date, 1;
SELECT * FROM reminder.sending_cost ORDER BY 1, 2, 3, 4;
\echo '# by hand, letter by letter, it comes to the same'
SELECT d.creditor_id, date_trunc('month', d.as_of::timestamp)::date AS month, p.currency, count(*) AS letters, sum(p.price) + sum(o.price) AS cost
FROM reminder.decision d
CROSS JOIN LATERAL reminder.price_in_force(d.creditor_id, 'letter', d.as_of, d.channel, d.stage) p
CROSS JOIN LATERAL reminder.price_in_force(d.creditor_id, 'channel', d.as_of, d.channel, d.stage) o
WHERE d.outcome = 'sent' GROUP BY 1, 2, 3 ORDER BY 1, 2;
SELECT creditor_id, month, currency, sum(letters) AS letters, sum(cost) AS cost FROM reminder.sending_cost GROUP BY 1, 2, 3 ORDER BY 1, 2;
\echo '# what was confirmed is no longer waiting; what was cancelled, failed or recorded costs nothing; taken back after it was sent it costs'
SELECT count(*) FROM reminder.claim_letters(creditor_id => 1);
SELECT outcome FROM reminder.confirm_letters(ARRAY['1-p1-10-1', '1-e1-10-1', '1-p2-10-1', '1-p2-20-1'], '2026-04-30');
SELECT outcome FROM reminder.fail_letters(ARRAY['1-e1-20-1'], 'no such mailbox', '2026-04-30');
SELECT reminder.take_back_letter(1, 'p2', 'a mistake', '2026-04-30');
CALL t.pay(1, 'x', 'p1', '2026-04-30', 1000);
CALL t.invoice(1, 'r1', 'P', '2026-04-02');
SELECT reminder.record_letter(1, 'r1', 'reminder', '2026-04-20', NULL, '2026-04-30') \g /dev/null
SELECT invoice_no, rung, taken_back, status FROM reminder.decision WHERE creditor_id = 1 ORDER BY 1, 2, 3;
SELECT creditor_id, month, channel, stage, letters, waiting, cost, without_price FROM reminder.sending_cost ORDER BY 1, 2, 3, 4;

\echo '# without a price it is counted, and no cost is made up; the service''s letters cost nothing'
INSERT INTO reminder.customer (creditor_id, customer_no, name) VALUES (2, 'A', 'A'), (3, 'A', 'A');
CALL t.invoice(2, 's', 'A', '2026-06-01');
CALL t.invoice(3, 'n', 'A', '2026-06-01');
CALL t.days(2, '2026-06-30', '2026-06-30');
CALL t.days(3, '2026-06-30', '2026-06-30');
SELECT * FROM reminder.sending_cost WHERE creditor_id > 1;

\echo '# F10: a case keeps what was in force when it was opened'
INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES ('amili', 'commission_percent', '2026-06-01', 12), ('amili', 'commission_at_most', '2026-07-01', 1000), ('amili', 'case_fee', '2026-07-01', 5);
SELECT creditor_id, invoice_no, case_no, opened_on, currency, case_fee, commission_percent, commission_at_most, vat_percent FROM reminder.case_prices ORDER BY 1, 2, 3;
INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES ('amili', 'commission_percent', '2026-07-01', 15);
CALL t.invoice(2, 's2', 'A', '2026-07-01');
CALL t.days(2, '2026-07-20', '2026-07-20');
SELECT creditor_id, invoice_no, case_no, opened_on, currency, case_fee, commission_percent, commission_at_most, vat_percent FROM reminder.case_prices WHERE creditor_id = 2 ORDER BY 1, 2, 3;

\echo '# F10: what was in force does not change; what had no price may get one; nothing overlaps'
CREATE VIEW t.prices AS SELECT md5(string_agg(x, ' ' ORDER BY x)) AS rows FROM (SELECT p::text FROM reminder.price p UNION ALL SELECT o::text FROM reminder.creditor_price o UNION ALL SELECT l::text FROM reminder.creditor_price_list l UNION ALL SELECT l::text FROM reminder.price_list l) y (x);
SELECT rows AS before FROM t.prices \gset
CREATE FUNCTION t.undo(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  BEGIN
    EXECUTE statement;
    RAISE SQLSTATE '55R00';
  EXCEPTION WHEN SQLSTATE '55R00' THEN RETURN 'ok';
  END;
EXCEPTION WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
SELECT what, t.undo(sql) AS result
FROM (VALUES
  (1, 'another price from now on', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''amili'', ''letter'', ''2026-07-21'', 1)'),
  (2, 'from the latest run', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''amili'', ''letter'', ''2026-07-20'', 1)'),
  (3, 'a closer one', 'INSERT INTO reminder.price (price_list, item, channel, valid_from, price) VALUES (''amili'', ''letter'', ''print'', ''2026-07-01'', 1)'),
  (4, 'one that was not there', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''netvisor'', ''channel'', ''2026-01-01'', 1)'),
  (5, 'one that others go before', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''netvisor'', ''letter'', ''2026-01-01'', 1)'),
  (6, 'raised', 'UPDATE reminder.price SET price = 1 WHERE price_list = ''amili'' AND item = ''letter'''),
  (6.5, 'said where it is from', 'UPDATE reminder.price SET source = ''the contract'' WHERE price_list = ''amili'' AND item = ''case_fee'''),
  (7, 'deleted', 'DELETE FROM reminder.price WHERE price_list = ''netvisor'''),
  (8, 'moved out of the past', 'UPDATE reminder.creditor_price SET valid_from = ''2027-01-01'' WHERE creditor_id = 1 AND channel = ''email'''),
  (9, 'one''s own, over the list''s', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (2, ''letter'', ''2026-07-20'', 1)'),
  (10, 'one''s own, from now on', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (2, ''letter'', ''2026-07-21'', 1)'),
  (10.5, 'one''s own, where there was none', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, ''case_fee'', ''2026-03-01'', 1)'),
  (11, 'one''s own, where the list''s came later', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (2, ''case_fee'', ''2026-06-01'', 1)'),
  (12, 'another list', 'INSERT INTO reminder.creditor_price_list VALUES (2, ''2026-07-20'', ''netvisor'')'),
  (13, 'another list, from now on', 'INSERT INTO reminder.creditor_price_list VALUES (2, ''2026-07-21'', ''netvisor'')'),
  (14, 'off the list', 'DELETE FROM reminder.creditor_price_list WHERE creditor_id = 2'),
  (15, 'the list''s currency', 'UPDATE reminder.price_list SET currency = ''NOK'' WHERE price_list = ''test'''),
  (16, 'the list''s title', 'UPDATE reminder.price_list SET title = ''x'' WHERE price_list = ''test'''),
  (17, 'a list that nobody is on', 'INSERT INTO reminder.price_list VALUES (''new'', ''x'', ''EUR''); INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''new'', ''letter'', ''2020-01-01'', 1); UPDATE reminder.price SET price = 2 WHERE price_list = ''new'''),
  (18, 'one that overlaps', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''test'', ''letter'', ''2027-01-01'', 1), (''test'', ''letter'', ''2027-01-01'', 2)'),
  (19, 'NaN', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''test'', ''letter'', ''2027-01-01'', ''NaN'')'),
  (20, 'infinity', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''test'', ''letter'', ''infinity'', 1)'),
  (21, 'below nothing', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, ''letter'', ''2027-01-01'', -1)'),
  (22, 'all and more', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, ''vat_percent'', ''2027-01-01'', 100.01)'),
  (23, 'too much', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, ''letter'', ''2027-01-01'', 1000000000)'),
  (24, 'of what', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (1, ''air'', ''2027-01-01'', 1)'),
  (25, 'a commission by email', 'INSERT INTO reminder.creditor_price (creditor_id, item, channel, valid_from, price) VALUES (1, ''commission_percent'', ''email'', ''2027-01-01'', 1)'),
  (26, 'of no list', 'INSERT INTO reminder.price (price_list, item, valid_from, price) VALUES (''none'', ''letter'', ''2027-01-01'', 1)'),
  (27, 'of nobody', 'INSERT INTO reminder.creditor_price (creditor_id, item, valid_from, price) VALUES (99, ''letter'', ''2027-01-01'', 1)'),
  (28, 'on no list', 'INSERT INTO reminder.creditor_price_list VALUES (1, ''2027-01-01'', ''none'')'),
  (29, 'asked of nobody', 'SELECT reminder.price_in_force(99, ''letter'', ''2026-01-01'')'),
  (30, 'asked of nothing', 'SELECT reminder.price_in_force(1, NULL, ''2026-01-01'')'),
  (31, 'asked for no day', 'SELECT reminder.price_in_force(1, ''letter'', NULL)')) v (n, what, sql)
ORDER BY n;
SELECT rows = :'before' AS as_it_was FROM t.prices;
DELETE FROM reminder.price WHERE price_list = 'netvisor' AND stage = 'notice';

\i test/sql/include/ladder_end.sql
