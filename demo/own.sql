/*
 * A book of the demo's own: a Swedish creditor whose claims the service
 * collects (amili) and a Finnish one with rules of its own (netvisor); the
 * invoices of 2024, and what came of them until February. The same every time:
 * chance is a hash.
 */
CREATE FUNCTION demo.dice(what text, who text, sides integer) RETURNS integer
LANGUAGE sql IMMUTABLE AS $$
  SELECT (('x' || substr(md5(what || '/' || who), 1, 8))::bit(32)::bigint % sides)::integer
$$;
COMMENT ON FUNCTION demo.dice(text, text, integer) IS '0 to sides - 1, always the same for the same what and who.';

CREATE FUNCTION demo.one_of(what text, who text, words text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT (string_to_array(words, ' '))[1 + demo.dice(what, who, cardinality(string_to_array(words, ' ')))]
$$;

INSERT INTO demo.span (title, first_day, last_day)
VALUES ('A book of the demo''s own', '2024-01-01', '2025-02-28');

INSERT INTO reminder.account (account_id, name) VALUES (1, 'Demo');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, iban, sender_address, claim_description) VALUES
  (1, 1, 'Norrsken Kontor AB', 'SE', '5050-1055', NULL, 'Norra Hamngatan 1, 952 31 Kalix', 'Kontorsmateriel'),
  (2, 1, 'Tunturi Tukku Oy', 'FI', NULL, 'FI2112345600000785', 'Rovakatu 1, 96200 Rovaniemi', 'Toimistotarvikkeet');
DO $$
BEGIN
  PERFORM reminder.add_preset(1, 'amili');
  PERFORM reminder.add_preset(2, 'netvisor');
  PERFORM reminder.activate(c.creditor_id, confirm => true, as_of => s.first_day)
  FROM reminder.creditor c, demo.span s;
END
$$;

-- A group's own companies get no reminders.
INSERT INTO reminder.customer_class (creditor_id, class, name, excluded) VALUES
  (1, 'group', 'Companies of the group', true),
  (2, 'group', 'Companies of the group', true);

INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country, class, blocked)
SELECT w.creditor_id, w.customer_no,
       CASE w.kind
         WHEN 'person' THEN
           CASE w.country
             WHEN 'FI' THEN demo.one_of('first', w.who, 'Aino Eero Helmi Ilmari Kaisa Lauri Noora Onni Päivi Sami Tuuli Väinö')
                            || ' ' || demo.one_of('last', w.who, 'Aalto Hakala Järvinen Koivu Lahti Mäkelä Niemi Ranta Salo Virta')
             ELSE demo.one_of('first', w.who, 'Anna Björn Cecilia David Elin Fredrik Greta Håkan Ida Johan Karin Lars')
                  || ' ' || demo.one_of('last', w.who, 'Berg Dahl Ek Forsberg Holm Lind Nyström Sjögren Åberg Öhman')
           END
         ELSE
           demo.one_of('firm', w.who, 'Alm Björk Delta Fjäll Gran Hamn Kust Lövs Nord Polar Sund Tall Vik Ås')
           || demo.one_of('trade', w.who, 'bygg data el frakt kök mark plåt rör sport tryck vård')
           || CASE w.country WHEN 'FI' THEN ' Oy' WHEN 'NO' THEN ' AS' WHEN 'DK' THEN ' ApS' WHEN 'DE' THEN ' GmbH' ELSE ' AB' END
       END,
       w.kind, w.country,
       CASE WHEN w.kind = 'company' AND n % 97 = 5 THEN 'group' END,
       n % 151 = 7
FROM (
  SELECT v.creditor_id, n, v.creditor_id || '/' || n AS who, v.prefix || to_char(n, 'FM0000') AS customer_no,
         CASE WHEN demo.dice('kind', v.creditor_id || '/' || n, 100) < v.persons THEN 'person' ELSE 'company' END AS kind,
         CASE WHEN demo.dice('country', v.creditor_id || '/' || n, 100) < 7
              THEN demo.one_of('abroad', v.creditor_id || '/' || n, v.abroad) ELSE v.home END AS country
  FROM (VALUES (1, 'S', 320, 45, 'SE', 'NO DK FI DE'), (2, 'T', 240, 35, 'FI', 'SE EE DE NO'))
       v (creditor_id, prefix, customers, persons, home, abroad),
       generate_series(1, v.customers) n) w;

-- One foreign customer is put under the Finnish creditor's rule by hand.
DO $$
BEGIN
  PERFORM reminder.move_customers(2, ARRAY[c.customer_no], r.rule_no)
  FROM (SELECT c.customer_no, c.kind FROM reminder.customer c
        WHERE c.creditor_id = 2 AND c.assigned_by = 'foreign' ORDER BY c.customer_no LIMIT 1) c
  JOIN reminder.rule r ON r.creditor_id = 2 AND r.general AND r.kind = c.kind;
END
$$;

INSERT INTO demo.book (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT i.creditor_id, i.invoice_no, i.customer_no, i.invoice_date,
       i.invoice_date + CASE WHEN c.kind = 'person' THEN 14 ELSE 30 END, i.currency,
       -- many small ones, a few large
       round(i.scale * CASE c.kind WHEN 'person' THEN 1 ELSE 4 END
             * (1 + demo.dice('amount', i.invoice_no, 100000)) / 100000.0
             * (1 + power(demo.dice('large', i.invoice_no, 100)::numeric, 3) / 250000), 2) + i.scale / 50
FROM (
  SELECT v.creditor_id, v.currency, v.scale, v.prefix || (24000 + n) AS invoice_no,
         date '2024-01-01' + (n * 365 / v.invoices) AS invoice_date,
         v.customer_prefix || to_char(1 + demo.dice('customer', v.prefix || n, v.customers), 'FM0000') AS customer_no
  FROM (VALUES (1, '1', 'S', 320, 2100, 'SEK', 3000), (2, '2', 'T', 240, 1500, 'EUR', 300))
       v (creditor_id, prefix, customer_prefix, customers, invoices, currency, scale),
       generate_series(1, v.invoices) n) i
JOIN reminder.customer c ON (c.creditor_id, c.customer_no) = (i.creditor_id, i.customer_no);

/*
 * How each invoice fares: slow customers throw worse dice than others. Late
 * ones pay after the due date, three in four with interest and fees.
 */
CREATE TEMP VIEW fate AS
SELECT b.*, demo.dice('late', b.invoice_no, 1000) AS late, demo.dice('fees', b.invoice_no, 4) > 0 AS pays_fees,
       CASE WHEN demo.dice('dispute', b.invoice_no, 100) < 3 THEN 'dispute'
            WHEN f.dice < 15 THEN 'never'
            WHEN f.dice < 25 THEN 'part'
            WHEN f.dice < 45 THEN 'in two parts'
            WHEN f.dice < 60 THEN 'too much'
            WHEN f.dice < 90 THEN 'very late'
            WHEN f.dice < 180 THEN 'late'
            WHEN f.dice < 320 THEN 'some days late'
            WHEN f.dice < 340 THEN 'credited in part'
            ELSE 'in time' END AS fate
FROM demo.book b
CROSS JOIN LATERAL (
  SELECT demo.dice('fate', b.invoice_no, 1000)
         / CASE WHEN demo.dice('slow', b.customer_no, 100) < 8 THEN 3 ELSE 1 END AS dice) f;

INSERT INTO demo.happening (day, creditor_id, invoice_no, what, nth, amount)
SELECT h.day, f.creditor_id, f.invoice_no, h.what, h.nth, h.amount
FROM fate f
CROSS JOIN LATERAL (VALUES
  ('in time',          'payment', 1, f.due_date - f.late % 9, f.amount),
  ('some days late',   'payment', 1, f.due_date + 1 + f.late % 5, f.amount),
  ('late',             'payment', 1, f.due_date + 9 + f.late % 17, CASE WHEN NOT f.pays_fees THEN f.amount END),
  ('very late',        'payment', 1, f.due_date + 35 + f.late % 50, CASE WHEN NOT f.pays_fees THEN f.amount END),
  ('too much',         'payment', 1, f.due_date + f.late % 3, round(f.amount * 1.1, 2)),
  ('part',             'payment', 1, f.due_date + f.late % 3, round(f.amount * 0.6, 2)),
  ('in two parts',     'payment', 1, f.due_date - 1, round(f.amount * 0.5, 2)),
  ('in two parts',     'payment', 2, f.due_date + 12 + f.late % 40, NULL),
  ('credited in part', 'credit',  1, f.due_date - 10, round(f.amount * 0.2, 2)),
  ('credited in part', 'payment', 2, f.due_date - f.late % 4, NULL),
  -- disputed at the due date, or only when a reminder has come; settled, credited or left so
  ('dispute',          'dispute', 1, f.due_date + CASE WHEN f.late % 3 = 0 THEN 16 ELSE 1 END, NULL),
  ('dispute',          CASE f.late % 5 WHEN 0 THEN 'credit' ELSE 'release' END, 1, CASE WHEN f.late % 4 <> 3 AND (f.late % 3 <> 0 OR f.late % 5 <> 0) THEN f.due_date + 30 + f.late % 11 END, NULL),
  ('dispute',          'payment', 2, CASE WHEN f.late % 4 <> 3 THEN f.due_date + 45 + f.late % 23 END, NULL),
  -- some of those who never pay are given up
  ('never',            'write-off', 1, CASE WHEN f.late % 4 = 0 THEN f.due_date + 110 + f.late % 30 END, NULL))
  h (fate, what, nth, day, amount)
JOIN demo.span s ON h.day BETWEEN f.invoice_date AND s.last_day
WHERE h.fate = f.fate;

DROP VIEW fate;
