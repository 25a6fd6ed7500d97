/*
 * The header of a CSV file, as the variable "header" (split at "delimiter"):
 * which column means what, and a table demo.raw for the rows as they are. What
 * does not fit becomes demo.problem.
 */
CREATE TABLE demo.problem (
  line integer NOT NULL,
  place integer NOT NULL DEFAULT 0,
  header text,
  what text NOT NULL
);

/* The names by which columns are known, in small letters and digits only. */
CREATE TABLE demo.meaning AS
SELECT * FROM (VALUES
  ('creditor', false, 'creditor creditorid creditorno countrycode companycode'),
  ('customer', true, 'customer customerid customerno customernumber'),
  ('customer_name', false, 'customername name'),
  ('kind', false, 'kind customerkind'),
  ('country', false, 'country customercountry'),
  ('invoice', true, 'invoice invoiceid invoiceno invoicenumber'),
  ('invoice_date', true, 'invoicedate'),
  ('due_date', true, 'duedate'),
  ('amount', true, 'amount invoiceamount'),
  ('disputed', false, 'disputed'),
  ('settled', false, 'settled settledon settleddate'))
  m (meaning, needed, names);

CREATE TABLE demo.heading AS
SELECT h.place::integer, h.name, m.meaning, quote_ident('column ' || h.place) AS in_raw
FROM (SELECT place, btrim(name, E' \t"') AS name
      FROM string_to_table(:'header', :'delimiter') WITH ORDINALITY t (name, place)) h
LEFT JOIN demo.meaning m
  ON regexp_replace(lower(h.name), '[^a-z0-9]', '', 'g') = ANY (string_to_array(m.names, ' '));

INSERT INTO demo.problem (line, header, what)
SELECT 1, NULL, format('there is no column "%s"; the header has %s', m.meaning,
                 (SELECT string_agg(format('"%s"', left(h.name, 40)), ', ' ORDER BY h.place) FROM demo.heading h))
FROM demo.meaning m
WHERE m.needed AND NOT EXISTS (SELECT FROM demo.heading h WHERE h.meaning = m.meaning)
UNION ALL
SELECT 1, NULL, format('the columns %s all stand for "%s"', string_agg(format('"%s"', left(h.name, 40)), ' and ' ORDER BY h.place), h.meaning)
FROM demo.heading h WHERE h.meaning IS NOT NULL GROUP BY h.meaning HAVING count(*) > 1;

SELECT format('CREATE TABLE demo.raw (line integer, %s)', string_agg(h.in_raw || ' text', ', ' ORDER BY h.place))
FROM demo.heading h
\gexec
