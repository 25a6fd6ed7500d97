-- Who is who, and automation on and off (P1, P3, P4).
\set name regress_parties
\i test/sql/include/ladder.sql

-- P1: a creditor belongs to exactly one of an account and a partner.
INSERT INTO reminder.partner (partner_id, name) VALUES (1, 'Partner');
SELECT what, t.try(format('INSERT INTO reminder.creditor (creditor_id, account_id, partner_id, name) VALUES (%s)', row)) AS result
FROM (VALUES
  (1, 'of an account', '1, 1, NULL, ''A'''),
  (2, 'of a partner', '2, NULL, 1, ''B'''),
  (3, 'another of the same account', '3, 1, NULL, ''C'''),
  (4, 'of both', '4, 1, 1, ''D'''),
  (5, 'of none', '5, NULL, NULL, ''E'''),
  (6, 'of an unknown account', '6, 7, NULL, ''F'''),
  (7, 'of an unknown partner', '7, NULL, 7, ''G''')) v (n, what, row)
ORDER BY n;
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'taken over by the partner', 'UPDATE reminder.creditor SET account_id = NULL, partner_id = 1 WHERE creditor_id = 3'),
  (2, 'shared with the account', 'UPDATE reminder.creditor SET account_id = 1 WHERE creditor_id = 3'),
  (3, 'cut off', 'UPDATE reminder.creditor SET partner_id = NULL WHERE creditor_id = 3'),
  (4, 'another number', 'UPDATE reminder.creditor SET creditor_id = 30 WHERE creditor_id = 3'),
  (5, 'its account goes', 'DELETE FROM reminder.account WHERE account_id = 1')) v (n, what, sql)
ORDER BY n;

-- P1: an account has exactly one agreement in force, a partner one template.
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'account without', 'INSERT INTO reminder.account (account_id, name, agreement) VALUES (9, ''I'', NULL)'),
  (2, 'account with an unknown one', 'INSERT INTO reminder.account (account_id, name, agreement) VALUES (9, ''I'', ''none'')'),
  (3, 'partner without', 'UPDATE reminder.partner SET agreement = NULL')) v (n, what, sql)
ORDER BY n;
INSERT INTO reminder.agreement (agreement, title) VALUES ('partners', 'For partners');
UPDATE reminder.partner SET agreement = 'partners';
SELECT creditor_id, account_id, partner_id, coalesce(a.agreement, p.agreement) AS agreement
FROM reminder.creditor LEFT JOIN reminder.account a USING (account_id) LEFT JOIN reminder.partner p USING (partner_id)
ORDER BY 1;

-- P3: what is left out is the jurisdiction's.
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction)
SELECT 100 + n, 1, 'In ' || j, j FROM unnest(ARRAY['SE', 'FI', 'NO', 'DK', 'DE', 'EU']) WITH ORDINALITY j (j, n);
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, country, currency, time_zone)
VALUES (107, 1, 'A Norwegian under Swedish law', 'SE', 'NO', 'EUR', 'Europe/Oslo');
SELECT creditor_id, jurisdiction, country, currency, time_zone, foreign_customers, credits_in_case, automation, automation_from
FROM reminder.creditor WHERE creditor_id > 100 ORDER BY 1;
SELECT what, t.try(format('UPDATE reminder.creditor SET %s WHERE creditor_id = 1', what)) AS result
FROM (VALUES
  (1, 'jurisdiction = ''XX'''), (2, 'currency = ''kronor'''), (3, 'country = ''se'''), (4, 'time_zone = ''Mars/Olympus'''),
  (5, 'name = '''''), (6, 'iban = repeat(''0'', 65)'), (7, 'sender_address = repeat(''x'', 1001)'),
  (8, 'claim_description = repeat(''å'', 501)'), (9, 'foreign_customers = ''maybe'''), (10, 'credits_in_case = ''maybe'''),
  (11, 'sender_address = ''Gatan 1'', invoice_address = ''Box 1'', contract_address = ''Torget 1'', claim_description = ''Goods'', time_zone = ''Europe/Helsinki'''))
  v (n, what)
ORDER BY n;

-- P3: a payout destination before automation can be switched on; each kind will do, an empty one will not.
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, plusgiro, iban) VALUES
  (201, 1, 'none', NULL, NULL, NULL), (202, 1, 'empty', '', ' ', NULL), (203, 1, 'bankgiro', '5402-9681', NULL, NULL),
  (204, 1, 'plusgiro', NULL, '28 65 43-4', NULL), (205, 1, 'iban', NULL, NULL, 'SE45 5000 0000 0583 9825 7466');
SELECT creditor_id, name, t.try(format('SELECT reminder.activate(%s, true)', creditor_id)) AS result, automation
FROM reminder.creditor WHERE creditor_id > 200 ORDER BY 1;
SELECT creditor_id, automation FROM reminder.creditor WHERE creditor_id > 200 ORDER BY 1;

-- P3: and its check digits are right, whenever it is written.
SELECT what, t.try(format('UPDATE reminder.creditor SET %s WHERE creditor_id = 203', what)) AS result
FROM (VALUES
  (1, 'bankgiro = ''5402-9682'''), (2, 'bankgiro = ''54029681'''), (3, 'bankgiro = '' 902-0033 '''), (4, 'bankgiro = ''54-029681'''),
  (5, 'plusgiro = ''28 65 43-5'''), (6, 'plusgiro = ''2865434'''), (7, 'iban = ''SE4550000000058398257467'''),
  (8, 'iban = ''DE89370400440532013000'''), (9, 'iban = ''no9386011117947'''), (10, 'iban = ''US123'''),
  (11, 'bankgiro = NULL, plusgiro = NULL, iban = ''GB29NWBK60161331926818'''), (12, 'name = ''unchanged numbers'''),
  (13, 'plusgiro = ''''')) v (n, what)
ORDER BY n;
SELECT bankgiro, plusgiro, iban FROM reminder.creditor WHERE creditor_id = 203;
SELECT t.try('INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro) VALUES (206, 1, ''wrong'', ''5050-1050'')') AS result;
UPDATE reminder.creditor SET iban = 'SE4550000000058398257467' WHERE creditor_id = 203;

-- P4: off at start, on only with a confirmation, and by nobody's hand.
SELECT what, t.try(sql) AS result
FROM (VALUES
  (1, 'made with automation on', 'INSERT INTO reminder.creditor (creditor_id, account_id, name, automation) VALUES (9, 1, ''I'', true)'),
  (2, 'switched on by hand', 'UPDATE reminder.creditor SET automation = true WHERE creditor_id = 1'),
  (3, 'switched off by hand', 'UPDATE reminder.creditor SET automation = false WHERE creditor_id = 203'),
  (4, 'begun earlier by hand', 'UPDATE reminder.creditor SET automation_from = ''2020-01-01'' WHERE creditor_id = 203'),
  (5, 'unconfirmed', 'SELECT reminder.activate(203)'),
  (6, 'confirmed by NULL', 'SELECT reminder.activate(203, NULL)'),
  (7, 'declined', 'SELECT reminder.activate(203, false)'),
  (8, 'unknown creditor', 'SELECT reminder.activate(999, true)'),
  (9, 'no creditor', 'SELECT reminder.activate(NULL, true)'),
  (10, 'no date', 'SELECT reminder.activate(203, true, ''infinity'')'),
  (11, 'before the calendar', 'SELECT reminder.activate(203, true, ''1989-12-31'')'),
  (12, 'unknown creditor off', 'SELECT reminder.deactivate(999)'),
  (13, 'no creditor off', 'SELECT reminder.deactivate(NULL)')) v (n, what, sql)
ORDER BY n;

-- P4: it takes an as-of date, and both are events. Due on Friday 2026-05-08,
-- so the reminder of the preset amili comes due five days later, on 05-13.
CALL t.creditor(300, 'SE');
SELECT reminder.activate(300, confirm => true, as_of => '2026-06-01');
CALL t.customer(300, 'C');
CALL t.invoice(300, 'F', 'C', '2026-05-08');
\set c 300
\echo '# before that date a run decides nothing and leaves no trace; plan() and explain() say why'
\set d '\'2026-05-31\''
SELECT invoice_no, stage, outcome, reason, step_date FROM reminder.plan(:d, :c);
SELECT outcome, reason, words FROM reminder.explain(:c, 'F', :d);
:run
SELECT * FROM reminder.run_log WHERE creditor_id = :c;
\echo '# from it on they do'
\set d '\'2026-06-01\''
:run
SELECT invoice, stage, outcome, step_date, as_of FROM t.decision WHERE c = :c;
\echo '# switched off: the case stays as it is, the demand of 06-16 is not sent, and a run leaves no trace'
SELECT reminder.deactivate(300);
\set d '\'2026-07-15\''
SELECT invoice_no, stage, outcome, reason, step_date FROM reminder.plan(:d, :c);
SELECT outcome, reason, words FROM reminder.explain(:c, 'F', :d);
:run
SELECT as_of FROM reminder.run_log WHERE creditor_id = :c ORDER BY 1;
SELECT invoice_no, stage, state FROM reminder.case_status WHERE creditor_id = :c;
\echo '# and on again: dated the day the run decides, not the day that was missed (N1)'
SELECT reminder.activate(300, confirm => true);
:run
SELECT invoice, stage, outcome, step_date, as_of FROM t.decision WHERE c = :c ORDER BY as_of;
SELECT event_on, event, stage, detail FROM reminder.event_list WHERE creditor_id = :c ORDER BY event_on, recorded_at;

-- P3: what the claim is for: the invoice's own text, or else the creditor's.
UPDATE reminder.creditor SET claim_description = 'Services' WHERE creditor_id = :c;
CALL t.invoice(300, 'G', 'C', '2026-05-08');
UPDATE reminder.invoice SET description = 'One bicycle' WHERE creditor_id = :c AND invoice_no = 'G';
:run
SELECT invoice_no, stage, claim_description FROM reminder.letter_list WHERE creditor_id = :c AND stage = 'reminder' ORDER BY 1;

\i test/sql/include/ladder_end.sql
