/*
 * Makes a book of the rows of a CSV file, which demo.raw holds as text, each
 * with the number of its line. What does not fit becomes demo.problem, and
 * then there is no book.
 */
CREATE FUNCTION demo.day_of(what text) RETURNS date
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  _parts text[];
BEGIN
  _parts := regexp_match(what, '^(\d{4})-(\d{1,2})-(\d{1,2})$');
  IF _parts IS NULL THEN
    _parts := regexp_match(what, '^(\d{1,2})/(\d{1,2})/(\d{4})$');
    _parts := ARRAY[_parts[3], _parts[1], _parts[2]];
  END IF;
  RETURN make_date(_parts[1]::integer, _parts[2]::integer, _parts[3]::integer);
EXCEPTION WHEN datetime_field_overflow THEN
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION demo.day_of(text) IS 'A date, year-month-day or month/day/year; NULL for anything else.';

-- The columns by their meaning; NULL for what is empty or not there.
SELECT format('CREATE TABLE demo.cell AS SELECT line, %s FROM demo.raw',
              string_agg(CASE WHEN h.in_raw IS NULL THEN 'NULL::text' ELSE format('nullif(btrim(%s), '''')', h.in_raw) END
                         || ' AS ' || m.meaning, ', '))
FROM demo.meaning m LEFT JOIN demo.heading h USING (meaning)
\gexec

CREATE TABLE demo.entry AS
SELECT c.line, coalesce(c.creditor, '1') AS creditor, c.customer, c.customer_name, lower(c.kind) AS kind, upper(c.country) AS country,
       c.invoice, demo.day_of(c.invoice_date) AS invoice_date, demo.day_of(c.due_date) AS due_date,
       CASE WHEN c.amount ~ '^-?\d{1,14}([.,]\d{1,10})?$' THEN replace(c.amount, ',', '.')::numeric END AS amount,
       CASE WHEN lower(c.disputed) IN ('yes', 'y', 'true', 't', '1') THEN true
            WHEN c.disputed IS NULL OR lower(c.disputed) IN ('no', 'n', 'false', 'f', '0') THEN false END AS disputed,
       demo.day_of(c.settled) AS settled
FROM demo.cell c;

INSERT INTO demo.problem (line, place, header, what)
SELECT p.line, h.place, h.name, p.what
FROM (
  SELECT c.line, v.meaning, 'is empty' AS what
  FROM demo.cell c
  CROSS JOIN LATERAL (VALUES ('creditor', c.creditor), ('customer', c.customer), ('invoice', c.invoice),
                             ('invoice_date', c.invoice_date), ('due_date', c.due_date), ('amount', c.amount)) v (meaning, cell)
  WHERE v.cell IS NULL
  UNION ALL
  SELECT c.line, v.meaning, 'is longer than 64 bytes'
  FROM demo.cell c
  CROSS JOIN LATERAL (VALUES ('customer', c.customer), ('invoice', c.invoice)) v (meaning, cell)
  WHERE octet_length(v.cell) > 64
  UNION ALL
  SELECT c.line, v.meaning,
         CASE WHEN v.day IS NULL THEN format('"%s" is not a date; dates are month/day/year or year-month-day', left(v.cell, 30))
              ELSE format('%s is not between 1990-01-01 and 2200-12-31', v.cell) END
  FROM demo.cell c JOIN demo.entry e USING (line)
  CROSS JOIN LATERAL (VALUES ('invoice_date', c.invoice_date, e.invoice_date), ('due_date', c.due_date, e.due_date),
                             ('settled', c.settled, e.settled)) v (meaning, cell, day)
  WHERE v.cell IS NOT NULL AND (v.day BETWEEN '1990-01-01' AND '2200-12-31') IS NOT TRUE
  UNION ALL
  SELECT e.line, v.meaning, format('%s is before the invoice date, %s', v.day, e.invoice_date)
  FROM demo.entry e
  CROSS JOIN LATERAL (VALUES ('due_date', e.due_date), ('settled', e.settled)) v (meaning, day)
  WHERE v.day < e.invoice_date
  UNION ALL
  SELECT c.line, 'amount',
         CASE WHEN e.amount < 0 THEN format('%s is negative; the demo takes invoices only', c.amount)
              WHEN e.amount >= 1000000000000 THEN format('%s is too much; amounts are below 1000000000000', c.amount)
              WHEN e.amount <> round(e.amount, 2) THEN format('%s has more than two decimals', c.amount)
              ELSE format('"%s" is not an amount; amounts are digits with a decimal point', left(c.amount, 30)) END
  FROM demo.cell c JOIN demo.entry e USING (line)
  WHERE c.amount IS NOT NULL AND (e.amount >= 0 AND e.amount < 1000000000000 AND e.amount = round(e.amount, 2)) IS NOT TRUE
  UNION ALL
  SELECT c.line, 'disputed', format('"%s" is neither yes nor no', left(c.disputed, 30))
  FROM demo.cell c JOIN demo.entry e USING (line) WHERE e.disputed IS NULL
  UNION ALL
  SELECT e.line, 'kind', format('"%s" is none of company, person and public', left(e.kind, 30))
  FROM demo.entry e WHERE e.kind NOT IN ('company', 'person', 'public')
  UNION ALL
  SELECT e.line, 'country', format('"%s" is not a country in two letters, such as SE', left(e.country, 30))
  FROM demo.entry e WHERE e.country !~ '^[A-Z]{2}$'
  UNION ALL
  SELECT e.line, 'invoice', format('"%s" is on line %s already', e.invoice, e.first_line)
  FROM (SELECT e.*, first_value(e.line) OVER (PARTITION BY e.creditor, e.invoice ORDER BY e.line) AS first_line FROM demo.entry e) e
  WHERE e.invoice IS NOT NULL AND e.line <> e.first_line) p
JOIN demo.heading h USING (meaning);

INSERT INTO demo.problem (line, what)
SELECT 2, 'the file has a header and no invoices' WHERE NOT EXISTS (SELECT FROM demo.entry);

SELECT EXISTS (SELECT FROM demo.problem) AS unfit \gset
\if :unfit
  \quit
\endif

INSERT INTO demo.span (title, first_day, last_day)
SELECT :'title', min(e.invoice_date), greatest(max(e.invoice_date), coalesce(max(e.settled), max(e.due_date) + 60))
FROM demo.entry e;

-- Numbers stay as they are; any other names are numbered.
CREATE TABLE demo.creditor AS
SELECT c.creditor, CASE WHEN bool_and(c.creditor ~ '^[1-9]\d{0,17}$') OVER () THEN c.creditor ELSE c.nth::text END::bigint AS creditor_id
FROM (SELECT e.creditor, row_number() OVER (ORDER BY e.creditor COLLATE "C") AS nth FROM demo.entry e GROUP BY e.creditor) c;

INSERT INTO reminder.account (account_id, name) VALUES (1, 'Demo');
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, claim_description)
SELECT c.creditor_id, 1, left('Creditor ' || c.creditor, 200), 'SE', '5050-1055', 'Goods and services as invoiced' FROM demo.creditor c;
DO $$
BEGIN
  PERFORM reminder.add_preset(c.creditor_id, 'amili'), reminder.activate(c.creditor_id, confirm => true)
  FROM demo.creditor c;
END
$$;

-- What lines say differently of a customer: the first of them is right.
INSERT INTO reminder.customer (creditor_id, customer_no, name, kind, country)
SELECT c.creditor_id, e.customer,
       left(coalesce((array_agg(e.customer_name ORDER BY e.line) FILTER (WHERE e.customer_name IS NOT NULL))[1], e.customer), 200),
       coalesce((array_agg(e.kind ORDER BY e.line) FILTER (WHERE e.kind IS NOT NULL))[1], 'company'),
       (array_agg(e.country ORDER BY e.line) FILTER (WHERE e.country IS NOT NULL))[1]
FROM demo.entry e JOIN demo.creditor c USING (creditor)
GROUP BY c.creditor_id, e.customer;

INSERT INTO demo.book (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT c.creditor_id, e.invoice, e.customer, e.invoice_date, e.due_date, 'SEK', e.amount
FROM demo.entry e JOIN demo.creditor c USING (creditor);

INSERT INTO demo.happening (day, creditor_id, invoice_no, what)
SELECT e.settled, c.creditor_id, e.invoice, 'payment'
FROM demo.entry e JOIN demo.creditor c USING (creditor) WHERE e.settled IS NOT NULL
UNION ALL
SELECT e.due_date, c.creditor_id, e.invoice, 'dispute'
FROM demo.entry e JOIN demo.creditor c USING (creditor) WHERE e.disputed;
