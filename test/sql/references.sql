-- Payment references (F1, M1): letters carry the creditor's country's own, made
-- from the invoice's number, unless the invoice has one; a payment that gives
-- either, or the number, finds its invoice.
\set name regress_references
\i test/sql/include/ladder.sql
DO $$
DECLARE
  _of record;
BEGIN
  FOR _of IN SELECT n, j FROM unnest(ARRAY['SE', 'FI', 'NO', 'DK', 'DE', 'EU']) WITH ORDINALITY x (j, n) LOOP
    CALL t.creditor(_of.n, _of.j);
    CALL t.rule(_of.n, 11, 'company', 'creditor', true, 'reminder 5d 10d');
    CALL t.customer(_of.n, 'C', 'company', 11);
    CALL t.invoice(_of.n, '100017', 'C', '2026-03-02');
    CALL t.invoice(_of.n, 'F-2026/17', 'C', '2026-03-02');
    CALL t.invoice(_of.n, 'AB17', 'C', '2026-03-02');
    CALL t.invoice(_of.n, 'own', 'C', '2026-03-02');
    UPDATE reminder.invoice SET reference = '5555551' WHERE creditor_id = _of.n AND invoice_no = 'own';
    PERFORM reminder.activate(_of.n, true);
  END LOOP;
END
$$;
CALL reminder.run('2026-03-10');
\echo '# F1: the reference of each letter, and of which format it is'
SELECT c.jurisdiction, l.invoice_no, l.reference,
       (SELECT string_agg(f, ' ' ORDER BY f) FROM unnest(ARRAY['se_ocr', 'fi_viite', 'rf', 'no_kid10', 'dk_fik71']) f WHERE reminder.check_reference(f, l.reference)) AS formats
FROM reminder.letter_list l JOIN reminder.creditor c USING (creditor_id) ORDER BY l.creditor_id, l.invoice_no;

\echo '# M1: a payment finds its invoice by what the letter says, by the number, and by what is written otherwise'
CREATE FUNCTION t.match(creditor_id bigint, reference text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  _invoice_no text;
BEGIN
  INSERT INTO reminder.payment (creditor_id, payment_no, paid_on, amount, reference)
  VALUES ($1, gen_random_uuid()::text, '2026-03-11', 1, $2) RETURNING payment.invoice_no INTO _invoice_no;
  RETURN coalesce(_invoice_no, 'none');
END
$$;
SELECT c.jurisdiction, l.invoice_no,
       t.match(l.creditor_id, l.reference) AS by_reference,
       t.match(l.creditor_id, substr(l.reference, 1, 2) || ' ' || substr(l.reference, 3)) AS with_a_space,
       t.match(l.creditor_id, l.invoice_no) AS by_number
FROM reminder.letter_list l JOIN reminder.creditor c USING (creditor_id) ORDER BY l.creditor_id, l.invoice_no;
SELECT t.match(1, '1000170') AS wrong_check_digit, t.match(1, '') AS empty, t.match(2, '1000173') AS of_another_creditor;

\echo '# one text, two meanings: the invoice that has it for its own reference, then the one whose letter said so, then the number'
CALL t.invoice(1, '42', 'C', '2026-04-01');
SELECT reminder.invoice_reference('SE', '42') AS made \gset
CALL t.invoice(1, :'made', 'C', '2026-04-01');
SELECT reminder.invoice_reference('SE', '42') AS of_42, reminder.invoice_reference('SE', :'made') AS of_the_other, t.match(1, :'made') AS before_letters;
CALL reminder.run('2026-04-10', 1);
SELECT invoice_no, reference FROM reminder.letter_list WHERE creditor_id = 1 AND letter_date = '2026-04-10' ORDER BY 1;
SELECT t.match(1, :'made') AS as_the_letter_said, t.match(1, '+' || :'made') AS the_other;
CALL t.invoice(1, 'mine', 'C', '2026-04-01');
UPDATE reminder.invoice SET reference = :'made' WHERE creditor_id = 1 AND invoice_no = 'mine';
SELECT t.match(1, :'made') AS own_reference_first;
-- what is settled steps back
SELECT open_amount AS all FROM reminder.invoice WHERE creditor_id = 1 AND invoice_no = 'mine' \gset
CALL t.pay(1, 'all', 'mine', '2026-04-11', :all);
SELECT t.match(1, :'made') AS what_is_open;
\i test/sql/include/ladder_end.sql
