-- Terms of agreements, version by version, and their acceptance (P1, P2, N2, N4,
-- N7, P7, S1, S2, B2, B10): what is published, who has accepted it, and that
-- nothing is opened or sent until then.
\set name regress_terms
\i test/sql/include/ladder.sql
SET client_min_messages = warning;

INSERT INTO reminder.agreement VALUES ('service', 'Service agreement'), ('resale', 'Template for partners');
INSERT INTO reminder.account (account_id, name, agreement) VALUES (2, 'With terms', 'service'), (3, 'With the same', 'service');
CALL t.creditor(1, 'SE');
CALL t.creditor(2, 'SE');
CALL t.creditor(3, 'SE');
UPDATE reminder.creditor SET account_id = creditor_id WHERE creditor_id IN (2, 3);
SELECT reminder.activate(c, true) FROM generate_series(1, 3) c \g /dev/null
-- A rule that catches up (+) and one that does not (-), and an invoice under each, due for a reminder on Saturday 03-07.
DO $$
BEGIN
  FOR c IN 1 .. 3 LOOP
    CALL t.rule(c, 10, 'company', 'creditor', true, 'reminder 5d 10d', 'demand 12d 10d');
    CALL t.rule(c, 11, 'company', 'creditor', false, 'reminder 5d 10d', 'demand 12d 10d');
    CALL t.customer(c, '+', 'company', 10);
    CALL t.customer(c, '-', 'company', 11);
    CALL t.invoice(c, '+', '+', '2026-03-02');
    CALL t.invoice(c, '-', '-', '2026-03-02');
  END LOOP;
END
$$;
CREATE VIEW t.terms AS SELECT creditor_id AS c, version, in_force_from, accepted_version AS accepted, accepted_on, to_accept, next_version AS next, next_from, accept_by_then FROM reminder.terms_status;
CREATE VIEW t.stands AS
SELECT p.creditor_id AS c, p.invoice_no AS invoice, p.passed, p.waiting_for FROM reminder.position p WHERE p.creditor_id = 2;

\echo '# P2: where no terms are published there is nothing to accept'
SELECT * FROM reminder.terms_in_force(2, '2026-03-01');
TABLE t.terms ORDER BY c;
\set c 2
\set d '\'2026-03-04\''
:run

\echo '# P2: a version, with its text and the SHA-256 of that in UTF-8; it binds whoever is under the agreement'
SELECT encode(reminder.publish_terms('service', '1', 'Terms of service', '2026-03-05', body => 'Villkor för tjänsten'), 'hex')
     = 'f2f587444b4ba8082e190637913567ed643e7e21224213c47eaef98f2d7e98e1' AS as_sha256sum_has_it;
SELECT agreement, version, title, published_on, in_force_from, needs_acceptance, body, uri, accepted, accepted_version FROM reminder.terms_in_force(2, '2026-03-05');
\echo '# not before it is in force; and not for those under another agreement'
SELECT version, accepted FROM reminder.terms_in_force(2, '2026-03-04');
SELECT version, accepted FROM reminder.terms_in_force(1, '2026-03-05');

\echo '# N2, N3, N4: terms_not_accepted leaves the step due under every rule; plan(), upcoming() and explain() say what the run does'
SELECT invoice, words FROM unnest(ARRAY['+', '-']) invoice, reminder.explain(2, invoice, '2026-03-06');
SELECT count(*) FROM reminder.upcoming('2026-03-05', '2026-03-12', 2);
\set d '\'2026-03-07\''
SELECT invoice_no, stage, outcome, reason FROM reminder.plan(:d, :c) ORDER BY 1;
:run
TABLE t.stands ORDER BY 2;
SELECT stage, outcome, reason, invoices FROM reminder.run_count WHERE creditor_id = :c;
SELECT invoice, outcome, reason, words FROM unnest(ARRAY['+', '-']) invoice, reminder.explain(2, invoice, :d);
SELECT count(*) AS decided FROM reminder.decision WHERE creditor_id = 2;
\set c 1
:run
SELECT invoice, stage, outcome FROM t.decision WHERE c = 1 ORDER BY 1;
\set c 2

\echo '# P7: readiness names it'
SELECT * FROM reminder.readiness(2, '+') WHERE code = 'terms_not_accepted';
SELECT * FROM reminder.readiness(2, '+', '2026-03-04') WHERE code = 'terms_not_accepted';
SELECT * FROM reminder.readiness(1, '+') WHERE code = 'terms_not_accepted';

\echo '# P2: accepted by the account, by whom, when, with the reference of a signature; done again, the first stands'
TABLE t.terms ORDER BY c;
SELECT reminder.accept_terms('1', '2026-03-09', 'Ada Lind', 'sign-4711', account_id => 2);
SELECT reminder.accept_terms('1', '2026-03-10', 'Bo Ek', account_id => 2);
SELECT agreement, version, account_id, partner_id, accepted_on, accepted_by, signature FROM reminder.terms_acceptance;
TABLE t.terms ORDER BY c;
\echo '# B2: from its own date on: a day before decides the same as before'
SELECT d::date AS day, p.invoice_no, p.outcome, p.reason FROM generate_series(date '2026-03-07', '2026-03-09', '1 day') d, reminder.plan(d::date, 2) p ORDER BY 1, 2;
SELECT letter_date, invoice_no, stage FROM reminder.upcoming('2026-03-07', '2026-03-12', 2) ORDER BY 2;
\set d '\'2026-03-08\''
:run
\set d '\'2026-03-09\''
:run
SELECT invoice, stage, outcome, step_date, as_of FROM t.decision WHERE c = 2 ORDER BY 1;

\echo '# P2: a version that needs no acceptance binds who accepted the one before it, and nobody else'
SELECT reminder.publish_terms('service', '2', 'Better worded', '2026-03-10', uri => 'https://example.com/terms/2', needs_acceptance => false);
SELECT c, version, accepted, accepted_version, accepted_on FROM generate_series(2, 3) c, reminder.terms_in_force(c, '2026-03-10');
SELECT t.try('SELECT reminder.accept_terms(''1'', ''2026-03-10'', ''Bo'', account_id => 3)');
\echo '# who is new accepts the one in force'
SELECT reminder.accept_terms('2', '2026-03-10', 'Bo', account_id => 3);
SELECT c, version, accepted, accepted_version, accepted_on FROM generate_series(2, 3) c, reminder.terms_in_force(c, '2026-03-10');

\echo '# P2: published on one day, in force from another: it can be accepted in between'
SELECT encode(reminder.publish_terms('service', '3', 'New prices', '2026-03-10', uri => 'https://example.com/terms/3', sha256 => decode(repeat('0a', 32), 'hex'), in_force_from => '2026-03-20'), 'hex') AS sha256;
SELECT reminder.accept_terms('3', '2026-03-12', 'Bo', account_id => 3);
TABLE t.terms ORDER BY c;
SELECT c, d AS day, t.version, t.accepted, t.accepted_version FROM generate_series(2, 3) c, unnest(ARRAY[date '2026-03-11', '2026-03-19', '2026-03-20']) d, reminder.terms_in_force(c, d) t ORDER BY 1, 2;

\echo '# P2: cases that there are stay readable, and go no further: by the run,'
\set d '\'2026-03-21\''
:run
TABLE t.stands ORDER BY 2;
SELECT invoice_no, stage, state, next_stage FROM reminder.case_status WHERE creditor_id = 2 ORDER BY 1;
SELECT invoice_no, stage, letter_date, status FROM reminder.letter_list WHERE creditor_id = 2 ORDER BY 1;
\echo '# by hand,'
CALL t.invoice(2, 'new', '+', '2026-03-02');
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'sent now', 'SELECT reminder.send_now(2, ARRAY[''+''], ''2026-03-21'')'),
  (2, 'planned', 'SELECT reminder.plan_now(2, ARRAY[''+''], ''2026-03-21'')'),
  (3, 'a letter recorded, in a case', 'SELECT reminder.record_letter(2, ''+'', ''demand'', ''2026-03-20'', NULL, ''2026-03-21'')'),
  (4, 'a letter recorded, that would open one', 'SELECT reminder.record_letter(2, ''new'', ''reminder'', ''2026-03-20'', NULL, ''2026-03-21'')'),
  (5, 'a book taken over', 'SELECT reminder.take_over(2, ''[]'', ''2026-03-21'')'),
  (6, 'activated', 'SELECT reminder.activate(2, true)'),
  (7, 'activated from a later day', 'SELECT reminder.activate(2, true, ''2026-04-01'')'),
  (8, 'activated from a day on which it was bound', 'SELECT reminder.activate(2, true, ''2026-03-19'')')) v (n, what, sql)
ORDER BY n;
SELECT reminder.send_now(2, ARRAY['+'], '2026-03-21');
SELECT count(*) FROM reminder.collection_case WHERE creditor_id = 2;
\echo '# and from the outbox; of those who have accepted it does'
SELECT dedupe_key FROM reminder.claim_letters(NULL, 2);
SELECT dedupe_key FROM reminder.claim_letters(NULL, 1) ORDER BY 1;
\echo '# what holds, credits, pays and ends is not asked for terms'
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'held', 'SELECT reminder.hold(2, ''+'', ''promise'', NULL, ''2026-03-21'')'),
  (2, 'released', 'SELECT reminder.release(2, ''+'', ''2026-03-21'')'),
  (3, 'credited', 'SELECT reminder.credit_in_case(2, ''-'', 10, NULL, ''2026-03-21'')'),
  (4, 'paid', 'CALL t.pay(2, ''p'', ''-'', ''2026-03-21'', 10)'),
  (5, 'withdrawn', 'SELECT reminder.withdraw(2, ''-'', NULL, ''2026-03-21'')'),
  (6, 'put back', 'SELECT reminder.put_back(2, ''-'', ''2026-03-21'')'),
  (7, 'deactivated', 'SELECT reminder.deactivate(2)')) v (n, what, sql)
ORDER BY n;
SELECT reminder.accept_terms('3', '2026-03-22', 'Ada Lind', account_id => 2);
SELECT reminder.activate(2, true);
SELECT dedupe_key FROM reminder.claim_letters(NULL, 2);
\set d '\'2026-03-22\''
:run
SELECT dedupe_key FROM reminder.claim_letters(NULL, 2) ORDER BY 1;
SELECT invoice, stage, outcome, as_of FROM t.decision WHERE c = 2 AND invoice IN ('+', 'new') ORDER BY as_of, 1;

\echo '# P2, C1: a demand goes no further by hand either; from the enforcement authority a case comes back'
SELECT reminder.publish_terms('service', '4', 'Enforcement', '2026-03-24', 'More text');
SELECT t.try('SELECT reminder.hand_to_enforcement(2, ''+'', NULL, ''2026-03-24'')') AS handed_over, t.try('SELECT reminder.back_to_monitoring(2, ''+'', ''2026-03-24'')') AS to_monitoring;
SELECT reminder.hand_to_enforcement(2, '+', NULL, '2026-03-23');
SELECT t.try('SELECT reminder.back_to_monitoring(2, ''+'', ''2026-03-24'')') AS back, t.try('SELECT reminder.hand_to_enforcement(2, ''+'', NULL, ''2026-03-24'')') AS handed_over_again;

\echo '# N2, R9: who was outside the rule on the step date is not brought in by waiting for terms'
SELECT reminder.block_customers(3, ARRAY['-']) \g /dev/null
\set c 3
\set d '\'2026-03-24\''
:run
SELECT reminder.move_customers(3, ARRAY['-'], 11) \g /dev/null
\set d '\'2026-03-25\''
:run
SELECT invoice_no, outcome, reason FROM reminder.decision WHERE creditor_id = 3;
SELECT invoice_no, waiting_for FROM reminder.position WHERE creditor_id = 3 ORDER BY 1;

\echo '# B2: nobody has accepted by a day that was decided already'
SELECT reminder.accept_terms('4', '2026-03-24', 'Bo', account_id => 3);

\echo '# P1, P2: a partner makes creditors under its own template, which binds them as far as the partner has accepted it'
SET client_min_messages = error;
INSERT INTO reminder.partner VALUES (1, 'Partner', 'resale'), (2, 'Another', 'resale');
DO $$
BEGIN
  PERFORM FROM reminder.create_roles('regress_terms_');
  CREATE ROLE regress_terms_one IN ROLE regress_terms_partner;
  CREATE ROLE regress_terms_two IN ROLE regress_terms_partner;
  CREATE ROLE regress_terms_boss IN ROLE regress_terms_administrator;
  CREATE ROLE regress_terms_user IN ROLE regress_terms_administrator;
END
$$;
SET client_min_messages = warning;
INSERT INTO reminder.partner_access VALUES (1, 'regress_terms_one'), (2, 'regress_terms_two');
INSERT INTO reminder.service_access VALUES ('regress_terms_boss');
INSERT INTO reminder.creditor_access VALUES (2, 'regress_terms_user');
SELECT reminder.raise_walls();
SELECT reminder.publish_terms('resale', 'A', 'Template', '2026-03-01', 'Text of the template') IS NOT NULL AS published;
SET ROLE regress_terms_one;
SELECT reminder.add_creditor(1, 101, 'One of ours', bankgiro => '991-2346', sender_address => 'Street 1', claim_description => 'Goods');
SELECT reminder.add_creditor(partner_id => 1, creditor_id => 102, name => 'Another of ours', jurisdiction => 'FI', iban => 'FI2112345600000785');
SELECT reminder.add_creditor(2, 103, 'Not ours');
SELECT reminder.add_creditor(99, 103, 'Nobody''s');
SELECT reminder.add_creditor(NULL, 103, 'Nobody''s');
SELECT reminder.add_creditor(1, 103, '');
SELECT reminder.add_creditor(1, 103, 'Of no country', 'XX');
SELECT reminder.add_creditor(1, 103, 'Of a wrong number', bankgiro => '991-2347');
SELECT creditor_id, account_id, partner_id, jurisdiction, currency, automation FROM reminder.creditor ORDER BY 1;
SELECT creditor_id, partner_id, agreement, version, accepted_version, to_accept FROM reminder.terms_status ORDER BY 1;
SELECT version, accepted FROM reminder.terms_in_force(101, '2026-03-01');
SELECT version, accepted FROM reminder.terms_in_force(2, '2026-03-01');
SELECT agreement, version FROM reminder.terms_version ORDER BY 1, 2;
\echo '# S2: it accepts for itself, and for nobody else'
SELECT reminder.accept_terms('A', '2026-03-01', 'Cy', partner_id => 2);
SELECT reminder.accept_terms('A', '2026-03-01', 'Cy', partner_id => 99);
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 2);
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 99);
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 2, partner_id => 1);
SELECT reminder.accept_terms('A', '2026-03-01', 'Cy', partner_id => 1);
SELECT creditor_id, to_accept, accepted_version FROM reminder.terms_status ORDER BY 1;
SELECT reminder.publish_terms('resale', 'B', 'Mine', '2026-04-01', 'Mine');
SET ROLE regress_terms_two;
SELECT count(*) FROM reminder.creditor;
SELECT count(*) FROM reminder.terms_status;
SELECT count(*) FROM reminder.terms_acceptance;
SELECT reminder.add_creditor(2, 104, 'Of the other partner') AS agreement;
SELECT creditor_id, to_accept FROM reminder.terms_status;
SET ROLE regress_terms_user;
SELECT creditor_id, to_accept FROM reminder.terms_status;
SELECT account_id, version FROM reminder.terms_acceptance ORDER BY 2;
SELECT agreement, version FROM reminder.terms_version ORDER BY 1, 2;
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 3);
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy');
SELECT reminder.publish_terms('service', '5', 'Mine', '2026-04-01', 'Mine');
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 2);
\echo '# an account with a creditor that one does not see is not one''s own'
RESET ROLE;
INSERT INTO reminder.creditor (creditor_id, account_id, name) VALUES (5, 2, 'Another''s');
SET ROLE regress_terms_user;
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 2);
SET ROLE regress_terms_boss;
SELECT reminder.accept_terms('4', '2026-03-25', 'Cy', account_id => 3);
SELECT reminder.publish_terms('resale', 'B', 'Template', '2026-04-01', 'Other text', needs_acceptance => false) IS NOT NULL AS published;
RESET ROLE;
SELECT reminder.lower_walls();

\echo '# P1, P2: a creditor that moves is bound by the agreement it comes under, from then on'
SELECT creditor_id, partner_id, account_id, t.agreement, t.version, t.accepted FROM reminder.creditor, reminder.terms_in_force(creditor_id, '2026-03-25') t WHERE creditor_id IN (2, 101) ORDER BY 1;
UPDATE reminder.creditor SET account_id = NULL, partner_id = 2 WHERE creditor_id IN (2, 101);
SELECT creditor_id, partner_id, account_id, t.agreement, t.version, t.accepted FROM reminder.creditor, reminder.terms_in_force(creditor_id, '2026-03-25') t WHERE creditor_id IN (2, 101) ORDER BY 1;
UPDATE reminder.creditor SET account_id = 2, partner_id = NULL WHERE creditor_id = 2;
UPDATE reminder.creditor SET account_id = 1, partner_id = NULL WHERE creditor_id = 101;
SELECT creditor_id, partner_id, account_id, t.agreement, t.version, t.accepted FROM reminder.creditor, reminder.terms_in_force(creditor_id, '2026-03-25') t WHERE creditor_id IN (2, 101) ORDER BY 1;
\echo '# and an account, by the one it changes to'
UPDATE reminder.account SET agreement = 'resale' WHERE account_id = 2;
SELECT t.agreement, t.version, t.accepted FROM reminder.terms_in_force(2, '2026-03-25') t;
UPDATE reminder.account SET agreement = 'service' WHERE account_id = 2;
SELECT creditor_id, event_on, event, detail FROM reminder.event_list WHERE event ~ 'terms|moved' AND creditor_id IN (2, 101) ORDER BY 1, recorded_at;

\echo '# the view says what the function does, of every creditor'
SELECT count(*) AS creditors, count(*) FILTER (WHERE (s.version, s.accepted_version, s.accepted_on, s.to_accept IS NULL) IS DISTINCT FROM (t.version, t.accepted_version, t.accepted_on, t.accepted)) AS differ
FROM reminder.terms_status s CROSS JOIN LATERAL reminder.terms_in_force(s.creditor_id, coalesce(reminder._last_run(s.creditor_id), '2200-12-31')) t;

\echo '# what is not an input is refused, and nothing changes'
CREATE TABLE t.versions AS SELECT * FROM reminder.terms_version;
CREATE TABLE t.acceptances AS SELECT * FROM reminder.terms_acceptance;
SELECT n, what, t.try(sql) AS result
FROM (VALUES
  (1, 'no agreement', 'SELECT reminder.publish_terms(NULL, ''9'', ''T'', ''2026-04-01'', ''x'')'),
  (2, 'an unknown one', 'SELECT reminder.publish_terms(''none'', ''9'', ''T'', ''2026-04-01'', ''x'')'),
  (3, 'no version', 'SELECT reminder.publish_terms(''service'', NULL, ''T'', ''2026-04-01'', ''x'')'),
  (4, 'an empty one', 'SELECT reminder.publish_terms(''service'', '''', ''T'', ''2026-04-01'', ''x'')'),
  (5, 'one of 65 bytes', 'SELECT reminder.publish_terms(''service'', repeat(''9'', 65), ''T'', ''2026-04-01'', ''x'')'),
  (6, 'no title', 'SELECT reminder.publish_terms(''service'', ''9'', NULL, ''2026-04-01'', ''x'')'),
  (7, 'a title of 1001 bytes', 'SELECT reminder.publish_terms(''service'', ''9'', repeat(''t'', 1001), ''2026-04-01'', ''x'')'),
  (8, 'no text', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'')'),
  (9, 'an empty text', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', '''')'),
  (10, 'too much of it', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', repeat(''x'', 10485761))'),
  (11, 'text and URI', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', ''x'', ''https://example.com/'')'),
  (12, 'what is no URI', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', uri => ''terms.pdf'')'),
  (13, 'one that is too long', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', uri => ''https:'' || repeat(''x'', 2000))'),
  (14, 'the SHA-256 of another text', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', ''x'', sha256 => sha256(''y''))'),
  (15, 'what is no SHA-256', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', uri => ''https://example.com/'', sha256 => ''x'')'),
  (16, 'no date', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', NULL, ''x'')'),
  (17, 'an infinite one', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''infinity'', ''x'')'),
  (18, 'one before 1990', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''1989-12-31'', ''x'')'),
  (19, 'in force for ever after', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', ''x'', in_force_from => ''2201-01-01'')'),
  (20, 'in force before it is published', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-02'', ''x'', in_force_from => ''2026-04-01'')'),
  (21, 'neither yes nor no', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-04-01'', ''x'', needs_acceptance => NULL)'),
  (22, 'a version twice', 'SELECT reminder.publish_terms(''service'', ''4'', ''T'', ''2026-04-01'', ''x'')'),
  (23, 'two from one day', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-03-01'', ''x'', in_force_from => ''2026-03-24'')'),
  (24, 'before the latest run', 'SELECT reminder.publish_terms(''service'', ''9'', ''T'', ''2026-03-23'', ''x'', in_force_from => ''2026-03-23'')'),
  (25, 'nobody accepts', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', ''Ada'')'),
  (26, 'both do', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', ''Ada'', account_id => 2, partner_id => 1)'),
  (27, 'an unknown account', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', ''Ada'', account_id => 99)'),
  (28, 'an unknown partner', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', ''Ada'', partner_id => 99)'),
  (29, 'no person', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', NULL, account_id => 2)'),
  (30, 'a blank one', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', '' '', account_id => 2)'),
  (31, 'one of 1001 bytes', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', repeat(''A'', 1001), account_id => 2)'),
  (32, 'a signature of 1001 bytes', 'SELECT reminder.accept_terms(''4'', ''2026-03-25'', ''Ada'', repeat(''s'', 1001), account_id => 2)'),
  (33, 'no version', 'SELECT reminder.accept_terms(NULL, ''2026-03-25'', ''Ada'', account_id => 2)'),
  (34, 'one that is not published', 'SELECT reminder.accept_terms(''5'', ''2026-03-25'', ''Ada'', account_id => 2)'),
  (35, 'one of another agreement', 'SELECT reminder.accept_terms(''A'', ''2026-03-25'', ''Ada'', account_id => 2)'),
  (36, 'where nothing is published', 'SELECT reminder.accept_terms(''1'', ''2026-03-25'', ''Ada'', account_id => 1)'),
  (37, 'no date', 'SELECT reminder.accept_terms(''4'', NULL, ''Ada'', account_id => 2)'),
  (38, 'an infinite one', 'SELECT reminder.accept_terms(''4'', ''-infinity'', ''Ada'', account_id => 2)'),
  (39, 'one before it is published', 'SELECT reminder.accept_terms(''4'', ''2026-03-23'', ''Ada'', account_id => 3)'),
  (40, 'one when another is in force', 'SELECT reminder.accept_terms(''3'', ''2026-03-25'', ''Ada'', account_id => 2)'),
  (41, 'terms of nobody', 'SELECT reminder.terms_in_force(99, ''2026-03-25'')'),
  (42, 'of no day', 'SELECT reminder.terms_in_force(2, NULL)'),
  (43, 'of an infinite one', 'SELECT reminder.terms_in_force(2, ''infinity'')'),
  (44, 'a version by hand', 'INSERT INTO reminder.terms_version (agreement, version, title, body, published_on, in_force_from, needs_acceptance) VALUES (''service'', ''9'', ''T'', ''x'', ''2026-04-01'', ''2026-04-01'', false)'),
  (45, 'edited', 'UPDATE reminder.terms_version SET needs_acceptance = false'),
  (46, 'taken back', 'DELETE FROM reminder.terms_version'),
  (47, 'emptied', 'TRUNCATE reminder.terms_acceptance'),
  (48, 'an acceptance by hand', 'INSERT INTO reminder.terms_acceptance (agreement, version, account_id, accepted_on, accepted_by) VALUES (''service'', ''4'', 2, ''2026-03-25'', ''Ada'')'),
  (49, 'dated back', 'UPDATE reminder.terms_acceptance SET accepted_on = ''2026-03-01'''),
  (50, 'taken back', 'DELETE FROM reminder.terms_acceptance'),
  (51, 'an agreement with terms, deleted', 'DELETE FROM reminder.agreement WHERE agreement = ''service'''),
  (52, 'an account that has accepted, deleted', 'DELETE FROM reminder.account WHERE account_id = 3'),
  (53, 'a partner that has accepted, deleted', 'DELETE FROM reminder.partner WHERE partner_id = 1')) v (n, what, sql)
ORDER BY n;
SELECT count(*) AS changed FROM ((TABLE t.versions EXCEPT TABLE reminder.terms_version) UNION ALL (TABLE reminder.terms_version EXCEPT TABLE t.versions)) x;
SELECT count(*) AS changed FROM ((TABLE t.acceptances EXCEPT TABLE reminder.terms_acceptance) UNION ALL (TABLE reminder.terms_acceptance EXCEPT TABLE t.acceptances)) x;
\echo '# B2: what would hold from after the latest run alone can be of any day'
SELECT reminder.publish_terms('service', '6', 'Later', '2026-03-01', 'Text', in_force_from => '2026-05-01') IS NOT NULL AS published;
SELECT reminder.accept_terms('6', '2026-03-02', 'Bo', account_id => 3);
\echo '# nothing is wrong with the tables'
SELECT * FROM reminder.check();

\set ECHO none
SET client_min_messages = error;
DO $$
DECLARE
  _role text;
BEGIN
  FOR _role IN SELECT rolname FROM pg_roles WHERE rolname LIKE 'regress\_terms\_%' LOOP
    EXECUTE format('DROP OWNED BY %I', _role);
    EXECUTE format('DROP ROLE %I', _role);
  END LOOP;
END
$$;
\i test/sql/include/ladder_end.sql
