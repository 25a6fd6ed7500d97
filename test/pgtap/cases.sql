-- The states of a case (C1): doc/cases.md, diagram and all, is what the table says
-- that the C code obeys; and the table is what C1 says of it.
\set cases_doc_file `cat doc/cases.md`
BEGIN;
SELECT plan(12);

\i script/cases-doc.sql
SELECT ok(:'cases_doc' = :'cases_doc_file', 'doc/cases.md says what the table says (script/cases-doc writes it anew)');

CREATE TEMP VIEW transition AS
SELECT t.from_state, t.to_state, t.by, f.rung AS from_rung, g.rung AS to_rung
FROM reminder.case_transitions() t LEFT JOIN reminder.stage f ON f.stage = t.from_state LEFT JOIN reminder.stage g ON g.stage = t.to_state;
SELECT is_empty('SELECT from_state, to_state FROM transition GROUP BY 1, 2 HAVING count(*) > 1', 'each transition stands once');
SELECT is_empty($$SELECT * FROM transition WHERE by IS NULL OR by !~ '\S'$$, 'and says what brings it about');
-- the states are those of the column's CHECK
SELECT set_eq(
    'SELECT from_state FROM transition WHERE from_state IS NOT NULL UNION SELECT to_state FROM transition',
    $$SELECT m[1] FROM pg_constraint c CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(c.oid), '''(\w+)''', 'g') m WHERE c.conname = 'collection_case_state'$$,
    'every state is reached, and there is no other');
-- every arrow of the diagram is one of the table's, and the other way round
CREATE TEMP VIEW arrow AS
SELECT nullif(f, 'opened') AS from_state, g AS to_state, a.m[2] AS by
FROM regexp_matches(:'cases_doc_file', '^  ([a-z &]+) -->\|"([^"]+)"\| ([a-z]+)$', 'gn') a (m)
CROSS JOIN LATERAL unnest(CASE a.m[1] WHEN 'collected' THEN (SELECT array_agg(stage) FROM reminder.stage) ELSE string_to_array(a.m[1], ' & ') END) f
CROSS JOIN LATERAL unnest(CASE a.m[3] WHEN 'collected' THEN (SELECT array_agg(stage) FROM reminder.stage) ELSE ARRAY[a.m[3]] END) g;
SELECT set_eq('SELECT from_state, to_state, by FROM arrow', 'SELECT from_state, to_state, by FROM transition', 'the diagram draws them all, and no other');

-- C1
SELECT is_empty(
    $$SELECT * FROM transition WHERE from_rung > to_rung AND by NOT IN ('take_back_letter()', 'back_to_monitoring()')$$,
    'reminder, notice and demand come in that order, but for letters that are taken back');
SELECT results_eq(
    $$SELECT from_state FROM transition WHERE to_state = 'enforcement' AND from_rung IS NOT NULL ORDER BY from_rung$$,
    ARRAY['demand', 'monitoring'], 'enforcement comes from demand or monitoring');
SELECT results_eq(
    $$SELECT to_state FROM transition WHERE from_state = 'enforcement' ORDER BY to_rung, to_state$$,
    ARRAY['monitoring', 'closed', 'credited', 'paid'], 'C7: from enforcement back to monitoring, or to an end: never withdrawn');
SELECT is_empty(
    $$SELECT * FROM transition WHERE from_state IN ('withdrawn', 'closed')$$, 'what is withdrawn or closed stays so');
SELECT is_empty(
    $$SELECT * FROM transition WHERE from_rung IS NULL AND from_state IS NOT NULL AND to_rung IS NULL$$, 'and no end leads to another');

-- C4: the closing reasons that the specification names, each with its sentence
SELECT is_empty(
    $$SELECT r FROM unnest('{bankruptcy,deceased,minor,unknown address,lapsed}'::text[]) r WHERE r NOT IN (SELECT closing_reason FROM reminder.closing_reason)$$,
    'the closing reasons are there');
SELECT is_empty($$SELECT * FROM reminder.closing_reason WHERE sentence !~ '^[A-Z].*\.$'$$, 'each is a sentence');

SELECT * FROM finish();
ROLLBACK;
