-- The weekly digest (V6): on Mondays, of what the coming week will bring.
\set name regress_digest
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE', 'amili');
CALL t.creditor(2, 'FI', 'amili');
CALL t.creditor(3, 'SE', 'amili');
DO $$ BEGIN FOR c IN 1 .. 3 LOOP CALL t.customer(c, 'C'); END LOOP; END $$;
INSERT INTO reminder.digest_subscriber (creditor_id, email, language, blocks_messages) VALUES
  (1, 'anna@example.com', NULL, false), (1, 'bo@example.com', 'en', false), (1, 'cia@example.com', NULL, true), (2, 'dan@example.com', NULL, false);
-- Monday is 03-16. One had its reminder on 03-06, to be paid by 03-20: its demand comes due in the week.
DO $$
BEGIN
  FOR n IN 1 .. 9 LOOP CALL t.invoice(1, 'i' || n, 'C', '2026-03-08'::date + n, 100 * n); END LOOP;
  CALL t.invoice(1, 'demanded', 'C', '2026-02-27', 5000);
  CALL t.invoice(2, 'f1', 'C', '2026-03-12', 70);
  CALL t.invoice(3, 'x', 'C', '2026-03-12', 70);
END
$$;
CALL reminder.run('2026-03-06');
CALL reminder.run('2026-03-15');
\echo '# what the week will send, and what the digest says of it: the same, demands one by one'
SELECT * FROM reminder.upcoming('2026-03-16', '2026-03-22', 1);
SELECT reminder.queue_digests('2026-03-16');
SELECT creditor_id, week, email, language, as_of, status, jsonb_pretty(content) FROM reminder.digest ORDER BY 1, 3;
SELECT reminder.digest_text(language, week, content) FROM reminder.digest ORDER BY creditor_id, email;
\echo '# once a week, whoever calls again; who asks later gets it when it is called again'
SELECT reminder.queue_digests('2026-03-16'), reminder.queue_digests('2026-03-17', 1);
INSERT INTO reminder.digest_subscriber (creditor_id, email) VALUES (1, 'late@example.com');
SELECT reminder.queue_digests('2026-03-20', 1);
SELECT email, as_of, content -> 'sums' AS sums FROM reminder.digest WHERE email = 'late@example.com';
\echo '# it tells of what the runs then do'
CALL reminder.run('2026-03-16', 1);
CALL reminder.run('2026-03-17', 1);
CALL reminder.run('2026-03-18', 1);
CALL reminder.run('2026-03-19', 1);
CALL reminder.run('2026-03-20', 1);
CALL reminder.run('2026-03-21', 1);
CALL reminder.run('2026-03-22', 1);
SELECT stage, count(*), sum(total), min(letter_date), max(letter_date) FROM reminder.letter_list WHERE creditor_id = 1 AND letter_date >= '2026-03-16' GROUP BY 1 ORDER BY 1 DESC;
\echo '# a week with nothing, after a run beyond it, and of a creditor whose automation is off'
SELECT reminder.deactivate(2) \g /dev/null
SELECT reminder.queue_digests('2026-03-16', 3), reminder.queue_digests('2026-03-23', 2);
CALL reminder.run('2026-04-30', 1);
SELECT reminder.queue_digests('2026-04-20', 1);
SELECT DISTINCT reminder.digest_text(l, week, content) FROM reminder.digest, unnest(ARRAY['sv', 'fi', 'en']) l WHERE week = '2026-04-20' ORDER BY 1;
\echo '# sent, failed, and what is not there to be'
SELECT reminder.digest_done(1, '2026-03-16', 'anna@example.com'), reminder.digest_done(1, '2026-03-16', 'bo@example.com', 'mailbox full');
SELECT email, status, detail FROM reminder.digest WHERE creditor_id = 1 AND week = '2026-03-16' ORDER BY 1;
\echo '# N8: each creditor by its own clock: at 23:30 on Sunday in Stockholm it is Monday in Helsinki'
SELECT reminder.activate(2, true) \g /dev/null
SELECT reminder.queue_digests_at('2026-05-10 21:30+00');
SELECT creditor_id, week, as_of, count(*) FROM reminder.digest WHERE week >= '2026-05-01' GROUP BY 1, 2, 3 ORDER BY 1;
CALL reminder.run_at('2026-05-10 21:30+00');
SELECT creditor_id, max(as_of) FROM reminder.run_log GROUP BY 1 ORDER BY 1;
\echo '# one that has had a later run does not keep the others from theirs'
CALL reminder.run('2026-06-01', 1);
CALL reminder.run_at('2026-05-20 12:00+00');
CALL reminder.run('2026-05-21');
SELECT creditor_id, max(as_of) FROM reminder.run_log GROUP BY 1 ORDER BY 1;
\echo '# bad input'
SELECT s AS statement, t.try(s) AS result FROM unnest(ARRAY[
  'SELECT reminder.queue_digests(NULL)', 'SELECT reminder.queue_digests(''infinity'')', 'SELECT reminder.queue_digests(''2026-03-16'', 9)',
  'SELECT reminder.queue_digests_at(NULL)', 'SELECT reminder.queue_digests_at(''infinity'')', 'SELECT reminder.queue_digests_at(''4000-01-01'')',
  'CALL reminder.run_at(NULL)', 'CALL reminder.run_at(''infinity'')', 'CALL reminder.run_at(''2026-06-02 12:00+00'', 9)',
  'SELECT reminder.digest_done(1, ''2026-03-16'', ''anna@example.com'')', 'SELECT reminder.digest_done(9, ''2026-03-16'', ''anna@example.com'')',
  'SELECT reminder.digest_done(1, NULL, NULL)', 'SELECT reminder.schedule()', 'SELECT reminder.schedule(NULL)', 'SELECT reminder.unschedule()',
  'INSERT INTO reminder.digest_subscriber VALUES (1, ''no address'')', 'INSERT INTO reminder.digest_subscriber VALUES (9, ''a@b'')',
  'DELETE FROM reminder.digest', 'UPDATE reminder.digest SET status = ''queued''']) s;
\i test/sql/include/ladder_end.sql
