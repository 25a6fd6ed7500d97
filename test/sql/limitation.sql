-- When claims lapse (L9): by whose law, what interrupts it, and the warning
-- before they do. The arithmetic is tested in test/unit/test_limitation.c.
\set srcdir `echo "$PG_ABS_SRCDIR"`
\set name reminder_limitation
\set book :srcdir '/sql/include/book.sql'
\set leave :srcdir '/sql/include/book_end.sql'
\set ECHO none
\i :book

-- Beside Sweden and Finland (creditors 1 and 2): Norway, Denmark, Germany, the EU.
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, iban, sender_address, claim_description) VALUES
  (3, 1, 'Norge', 'NO', 'NO9386011117947', 'Gate 1', 'Varer'), (4, 1, 'Danmark', 'DK', 'DK5000400440116243', 'Gade 1', 'Varer'),
  (5, 1, 'Deutschland', 'DE', 'DE89370400440532013000', 'Weg 1', 'Waren'), (6, 1, 'Europa', 'EU', 'FI2112345600000785', 'Road 1', 'Goods');
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind)
SELECT c, k.* FROM generate_series(3, 6) c, (VALUES ('C', 'Company', 'company'), ('P', 'Person', 'person')) k;
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind) SELECT c, 'B', 'Body', 'public' FROM generate_series(1, 6) c;
CREATE PROCEDURE t.claim(creditor_id bigint, invoice_no text, customer_no text, invoice_date date DEFAULT '2023-01-10', due_date date DEFAULT '2023-02-09') LANGUAGE sql AS $$
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
  SELECT $1, $2, $3, $4, $5, c.currency, 1000 FROM reminder.creditor c WHERE c.creditor_id = $1
$$;
-- What a claim comes to, in the creditor's latest run.
CREATE VIEW t.lapse AS
SELECT l.creditor_id AS c, l.invoice_no AS invoice, l.interrupted_by, l.interrupted_on, l.suspended, l.final_on, l.lapses_on, l.days_left
FROM reminder.limitation l ORDER BY 1, 2;

-- Nothing has happened: from the invoice, the due date or the year's end, by kind of customer.
DO $$
BEGIN
  FOR c IN 1..6 LOOP
    CALL t.claim(c, 'C1', 'C');
    CALL t.claim(c, 'P1', 'P');
    CALL t.claim(c, 'B1', 'B');
  END LOOP;
END
$$;
SELECT creditor_id AS c, invoice_no, years, runs_from, lapses_on, final_on, as_of, days_left FROM reminder.limitation ORDER BY 1, 2;
-- Not what is paid, and no credit note.
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount) VALUES (1, 'paid', 'B1', '2023-03-01', 1000);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, kind, invoice_date, due_date, currency, amount)
VALUES (1, 'N1', 'C', 'credit_note', '2023-01-10', '2023-02-09', 'SEK', 10);
SELECT count(*) FROM reminder.limitation WHERE creditor_id = 1 AND invoice_no IN ('B1', 'N1');

-- A letter interrupts in Sweden and Finland, once it is confirmed as sent, and not in Norway, Denmark and Germany.
SELECT reminder.add_preset(c, 'netvisor'), reminder.activate(c, confirm => true) FROM generate_series(3, 5) c \g /dev/null
UPDATE reminder.rule SET catches_up = true;
CALL reminder.run('2024-05-06');
SELECT creditor_id AS c, invoice_no, stage, status FROM reminder.letter_list WHERE invoice_no = 'P1' ORDER BY 1;
SELECT * FROM t.lapse WHERE invoice = 'P1' AND c < 6;
SELECT reminder.confirm_letter(creditor_id, invoice_no, stage, '2024-05-07') FROM reminder.letter_list WHERE invoice_no IN ('C1', 'P1') \g /dev/null
SELECT * FROM t.lapse WHERE invoice <> 'B1' AND c < 6;
-- One that failed does not.
SELECT reminder.fail_letter(2, 'B1', 'reminder', 'moved', '2024-05-08') \g /dev/null
SELECT * FROM t.lapse WHERE invoice = 'B1' AND c = 2;

-- A part payment acknowledges the rest everywhere; one that bounced never was.
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
SELECT c, 'part', 'P1', '2025-08-15', 100 FROM generate_series(1, 5) c;
SELECT * FROM t.lapse WHERE invoice = 'P1' AND c < 6;
CALL reminder.run('2025-08-20');
SELECT * FROM t.lapse WHERE invoice = 'P1' AND c < 6;
UPDATE reminder.payment SET bounced_on = '2025-08-25' WHERE payment_no = 'part';
-- as things stood before that day it counts
SELECT * FROM t.lapse WHERE invoice = 'P1' AND c IN (3, 4);
CALL reminder.run('2025-08-25');
SELECT * FROM t.lapse WHERE invoice = 'P1' AND c IN (3, 4);

-- By hand: acknowledgements and legal steps, which in Germany stop time until they end.
SELECT reminder.interrupt_limitation(3, 'C1', '2025-12-01', 'acknowledgement', 'by letter');
SELECT reminder.interrupt_limitation(4, 'C1', '2025-12-01', 'judgment');
SELECT reminder.interrupt_limitation(5, 'C1', '2025-12-01', 'legal_step', 'Mahnbescheid');
SELECT reminder.interrupt_limitation(3, 'C1', '2025-12-24', 'legal_step');
CALL reminder.run('2025-12-31');
SELECT * FROM t.lapse WHERE invoice = 'C1' AND c BETWEEN 3 AND 5;
SELECT reminder.interrupt_limitation(5, 'C1', '2026-01-10', 'legal_step_ended');
CALL reminder.run('2026-01-31');
SELECT * FROM t.lapse WHERE invoice = 'C1' AND c BETWEEN 3 AND 5;
-- Recorded by mistake, and taken back.
SELECT reminder.retract_interruption(3, 'C1', 2, '2026-02-01');
SELECT * FROM t.lapse WHERE invoice = 'C1' AND c = 3;
SELECT creditor_id AS c, invoice_no, interruption_no AS no, kind, on_date, detail, retracted_on FROM reminder.interruption ORDER BY 1, 2, 3;
SELECT creditor_id AS c, event_on, event, detail FROM reminder.event_list WHERE event LIKE 'limitation%' ORDER BY 1, recorded_at;
-- Too late: what has lapsed does not come back.
CALL t.claim(3, 'L1', 'C');
SELECT reminder.interrupt_limitation(3, 'L1', '2026-02-10', 'acknowledgement');
CALL reminder.run('2026-02-15', 3);
SELECT * FROM t.lapse WHERE invoice = 'L1';

-- Handed to the enforcement authority: a legal step.
CALL t.claim(3, 'E1', 'C', '2024-01-10', '2024-02-09');
CALL reminder.run('2026-02-20', 3);
DO $$
BEGIN
  CALL reminder.run('2026-03-10', 3);
  CALL reminder.run('2026-03-30', 3);
END
$$;
SELECT reminder.hand_to_enforcement(3, 'E1', 'N-1', '2026-04-01');
CALL reminder.run('2026-04-02', 3);
SELECT * FROM t.lapse WHERE invoice = 'E1';

-- Finland, a person: 20 years from the due date whatever happens, 15 from a judgment.
CALL t.claim(2, 'F1', 'P', '2005-01-10', '2005-02-09');
CALL t.claim(2, 'F2', 'P', '2005-01-10', '2005-02-09');
CALL t.claim(2, 'F3', 'C', '2005-01-10', '2005-02-09');
SELECT reminder.interrupt_limitation(2, i, ('2004-02-09'::date + make_interval(years => 3 * n))::date, 'acknowledgement')
FROM unnest(ARRAY['F1', 'F2', 'F3']) i, generate_series(1, 7) n \g /dev/null
SELECT reminder.interrupt_limitation(2, 'F2', '2008-01-01', 'judgment') \g /dev/null
SELECT * FROM t.lapse WHERE invoice ~ '^F';

-- 29 February, and a Danish last day on 24 December.
CALL t.claim(2, 'S1', 'C', '2024-02-01', '2024-02-29');
CALL t.claim(4, 'S2', 'C', '2021-12-01', '2021-12-24');
CALL t.claim(5, 'S3', 'C', '2021-12-31', '2022-01-30');
SELECT invoice, lapses_on FROM t.lapse WHERE invoice ~ '^S';

-- The warning before: to the day.
CALL t.claim(1, 'W1', 'P', '2023-07-30', '2023-08-29');
CALL t.claim(1, 'W2', 'P', '2023-07-31', '2023-08-30');
CALL t.claim(1, 'W3', 'P', '2023-02-01', '2023-03-03');
CALL t.claim(1, 'W4', 'P', '2023-01-31', '2023-03-02');
CALL t.claim(1, 'W5', 'P', '2023-02-10', '2023-03-10');
SELECT reminder.interrupt_limitation(1, 'W5', '2024-02-10', 'acknowledgement') \g /dev/null
SELECT invoice_no, customer_no, currency, open_amount, lapses_on, days_left, interrupted_by FROM reminder.claims_near_lapse(1, '2026-01-31', 180);
SELECT invoice_no, lapses_on, days_left FROM reminder.claims_near_lapse(1, '2026-01-31', 0);
SELECT invoice_no, lapses_on, days_left FROM reminder.claims_near_lapse(1, '2026-01-31', 181);
SELECT creditor_id AS c, invoice_no, lapses_on, days_left FROM reminder.lapse_warnings WHERE creditor_id IN (1, 4, 5) ORDER BY 1, 2;
-- The function and the view are one: of every claim, at every distance.
SELECT count(*) FROM reminder.creditor c CROSS JOIN LATERAL (
  SELECT invoice_no, lapses_on FROM reminder.claims_near_lapse(c.creditor_id, '2026-04-02', 3660)
  EXCEPT SELECT invoice_no, lapses_on FROM reminder.limitation l WHERE l.creditor_id = c.creditor_id) x;
-- 29 February: neither a day too soon nor missed.
CALL t.claim(2, 'W6', 'P', '2024-02-29', '2024-02-29');
SELECT invoice_no, lapses_on, days_left FROM reminder.claims_near_lapse(2, '2027-02-28', 0);
SELECT invoice_no, lapses_on, days_left FROM reminder.claims_near_lapse(2, '2027-03-01', 0);

-- Law that is not confirmed is not used; new law is a row, from its day on.
SELECT reminder.interrupt_limitation(3, 'P1', '2025-12-01', 'judgment') \g /dev/null
SELECT * FROM t.lapse WHERE c = 3 AND invoice = 'P1';
UPDATE reminder.limitation_rule SET confidence = 'sourced' WHERE jurisdiction = 'NO' AND claim_kind = 'judgment';
SELECT * FROM t.lapse WHERE c = 3 AND invoice = 'P1';
INSERT INTO reminder.limitation_rule (jurisdiction, debtor_kind, valid_from, years, runs_from, interrupted_by_reminder, interrupted_by_payment, interrupted_by, confidence, source)
VALUES ('EU', 'any', '2026-05-01', 4, 'due_date', false, false, 'court', 'sourced', 'a new directive');
SELECT invoice_no, lapses_on FROM reminder.claims_near_lapse(6, '2026-04-30', 3660);
SELECT invoice_no, lapses_on, source FROM reminder.claims_near_lapse(6, '2026-05-01', 3660);
UPDATE reminder.limitation_rule SET confidence = 'unconfirmed' WHERE jurisdiction = 'EU';
SELECT invoice_no, lapses_on FROM reminder.claims_near_lapse(6, '2026-05-01', 3660);

-- What is no input.
\set ECHO none
\pset format unaligned
\pset tuples_only on
SELECT t.show($t$
SELECT reminder.interrupt_limitation(1, 'C1', '2026-01-01', 'reminder')
SELECT reminder.interrupt_limitation(1, 'C1', '2026-01-01', NULL)
SELECT reminder.interrupt_limitation(1, 'C1', '2026-01-01', 'judgment', repeat('x', 1001))
SELECT reminder.interrupt_limitation(1, 'C1', '2023-01-09', 'judgment')
SELECT reminder.interrupt_limitation(1, 'C1', NULL, 'judgment')
SELECT reminder.interrupt_limitation(1, 'C1', 'infinity', 'judgment')
SELECT reminder.interrupt_limitation(1, 'X1', '2026-01-01', 'judgment')
SELECT reminder.interrupt_limitation(NULL, 'C1', '2026-01-01', 'judgment')
SELECT reminder.retract_interruption(3, 'C1', 2, '2026-02-01')
SELECT reminder.retract_interruption(3, 'C1', 7, '2026-02-01')
SELECT reminder.retract_interruption(3, 'C1', NULL, '2026-02-01')
SELECT reminder.retract_interruption(3, 'C1', 1, '-infinity')
SELECT * FROM reminder.claims_near_lapse(7, '2026-01-01', 30)
SELECT * FROM reminder.claims_near_lapse(1, NULL, 30)
SELECT * FROM reminder.claims_near_lapse(1, '2026-01-01', -1)
SELECT * FROM reminder.claims_near_lapse(1, '2026-01-01', 3661)
SELECT * FROM reminder.claims_near_lapse(1, '2026-01-01', NULL)
SELECT * FROM reminder.claims_near_lapse(1, '2200-12-31', 3660)
INSERT INTO reminder.limitation_rule (jurisdiction, debtor_kind, years, runs_from, interrupted_by_reminder, interrupted_by_payment, interrupted_by, confidence, source) VALUES ('EU', 'public', 4, 'title', false, false, 'court', 'sourced', 'x')
DELETE FROM reminder.invoice WHERE (creditor_id, invoice_no) = (1, 'W5')
SELECT reminder._lapse('2026-01-01', '2026-01-01', 'infinity', 'origin', 3, true, true, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
SELECT reminder._lapse('2026-01-01', '2026-01-01', '2026-01-01', 'title', 3, true, true, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
SELECT reminder._lapse('2026-01-01', '2026-01-01', '2026-01-01', 'origin', 3, true, true, false, 'MARS', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
SELECT reminder._lapse('2026-01-01', '2026-01-01', '2026-01-01', 'origin', 3, true, true, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ARRAY['2026-01-02'::date], NULL)
SELECT reminder._lapse('2026-01-01', '2026-01-01', '2026-01-01', 'origin', 3, true, true, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ARRAY['2026-01-02'::date], ARRAY['storm'])
SELECT reminder._lapse('2026-01-01', '2026-01-01', '2026-01-01', 'origin', 3, true, true, false, NULL, NULL, NULL, NULL, NULL, NULL, NULL, ARRAY[NULL::date], ARRAY['letter'])
SELECT reminder._lapse('2026-01-01', '2026-01-01', '2200-12-31', 'origin', 2147483647, true, true, true, 'DK', -5, NULL, NULL, 'due_date', 2147483647, 2147483647, ARRAY['2200-12-31'::date], ARRAY['judgment'])
$t$);
\pset tuples_only off
\pset format aligned
\set ECHO all
-- A claim that has lapsed gets no letter (N2): on its last day it still does, and on the next one if something interrupted it.
CALL t.claim(1, 'Z1', 'P', '2037-01-10', '2037-02-09');
CALL t.claim(1, 'Z2', 'P', '2037-01-10', '2037-02-09');
CALL t.claim(1, 'Z3', 'C', '2037-01-10', '2037-02-09');
CALL t.claim(3, 'Z4', 'P', '2037-01-10', '2037-02-09');
SELECT reminder.interrupt_limitation(1, 'Z2', '2039-12-31', 'acknowledgement') \g /dev/null
SELECT i.creditor_id AS c, i.invoice_no AS invoice, d.day, e.outcome, e.reason
FROM reminder.invoice i, unnest(ARRAY[date '2040-01-10', '2040-01-11', '2040-02-09', '2040-02-10']) d (day), reminder.explain(i.creditor_id, i.invoice_no, d.day) e
WHERE i.invoice_no ~ '^Z[1-4]$' ORDER BY 1, 2, 3;
SELECT r.code, r.sentence FROM reminder.readiness(1, 'Z1', '2040-01-11') r WHERE r.code = 'lapsed';
CALL reminder.run('2040-01-11', 1);
SELECT invoice_no, outcome, reason FROM reminder.decision WHERE creditor_id = 1 AND invoice_no ~ '^Z[1-4]$' ORDER BY 1;
TABLE t.wrong;
SELECT finding, object FROM reminder.check();

\i :leave
