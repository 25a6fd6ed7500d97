-- law-doc.sql - puts the text of doc/law.md into the variable law_doc: for
-- script/law-doc, which writes it, and for test/pgtap/law.sql, which compares.
WITH
  as_of (day) AS (VALUES (date '2026-11-22')),
  jurisdictions (place, jurisdiction, name) AS (
    SELECT p.place, j.jurisdiction, j.name
    FROM reminder.jurisdiction j
    JOIN unnest(ARRAY['SE', 'FI', 'NO', 'DK', 'DE', 'EU']) WITH ORDINALITY p (jurisdiction, place) ON p.jurisdiction = j.jurisdiction COLLATE "C"),
  law AS (
    SELECT j.place, j.jurisdiction, l.*
    FROM jurisdictions j CROSS JOIN as_of CROSS JOIN LATERAL reminder.law_in_force(j.jurisdiction, as_of.day) WITH ORDINALITY l),
  -- a heading for each country, a table for what it says
  country AS (
    SELECT j.place, string_agg(line, E'\n' ORDER BY n) AS text
    FROM jurisdictions j CROSS JOIN as_of CROSS JOIN LATERAL (
      SELECT -1, format(E'\n## %s (%s)\n', j.name, j.jurisdiction)
      UNION ALL
      SELECT 0, E'| | who | what | above | | from | how sure | source | |\n|---|---|---|---:|---:|---|---|---|---|'
      UNION ALL
      SELECT l.ordinality,
             format('| %s | %s | %s | %s | %s | %s | %s | %s | %s |', l.topic,
                    CASE l.debtor_kind WHEN 'any' THEN '' ELSE l.debtor_kind END, l.what, to_char(l.above, 'FM999999990'),
                    concat_ws(' ', CASE WHEN l.unit IN ('years', 'days', 'months', 'letters', 'plans') THEN round(l.value)::text ELSE l.value::text END,
                              CASE WHEN l.value IS NOT NULL THEN l.unit END),
                    nullif(l.valid_from, '1900-01-01'),
                    CASE WHEN l.confidence IN ('unconfirmed', 'missing') THEN '**' || l.confidence || '**' ELSE l.confidence END,
                    replace(l.source, '|', '\|'), replace(l.note, '|', '\|'))
      FROM law l WHERE l.jurisdiction = j.jurisdiction) t (n, line)
    GROUP BY j.place),
  letter AS (
    SELECT k.stage, g.rung, k.collected_by, k.nth,
           string_agg(coalesce(nullif(format('`%s`', x.fee_kind), '``'), ''), ' | ' ORDER BY j.place) AS kinds
    FROM (SELECT DISTINCT stage, collected_by, nth FROM reminder.stage_fee_kind) k
    JOIN reminder.stage g USING (stage)
    CROSS JOIN jurisdictions j
    LEFT JOIN reminder.stage_fee_kind x ON (x.jurisdiction, x.stage, x.collected_by, x.nth) = (j.jurisdiction, k.stage, k.collected_by, k.nth)
    GROUP BY k.stage, g.rung, k.collected_by, k.nth),
  half_year AS (
    SELECT r.valid_from,
           string_agg(coalesce(CASE x.confidence WHEN 'unconfirmed' THEN '(' || x.rate_percent || ')' WHEN 'derived' THEN '*' || x.rate_percent || '*'
                               ELSE x.rate_percent::text END, ''), ' | ' ORDER BY j.place) AS rates
    FROM (SELECT DISTINCT valid_from FROM reminder.reference_rate) r CROSS JOIN jurisdictions j
    LEFT JOIN reminder.reference_rate x ON x.jurisdiction = j.jurisdiction AND x.valid_from = r.valid_from
    GROUP BY r.valid_from)
SELECT
  $doc$# What the law says and where we got it

Written by `script/law-doc` from the tables that `reminder.install()` makes; change those, not this page. It shows $doc$ || (SELECT day FROM as_of) || $doc$; `SELECT * FROM reminder.law_in_force('SE', '$doc$ || (SELECT day FROM as_of) || $doc$')` shows any other day. This is not legal advice.

How sure a row is: **sourced** was read in the source named; **derived** follows from a rule or example that was read; **unconfirmed** is from memory: it is shown, and nothing uses it; **missing** was looked for and not found. Late interest over a half-year whose rate is missing or unconfirmed is an error (55R05): a rate is never carried forward. Who has read the law confirms a row by saying where:

```sql
UPDATE reminder.reference_rate SET confidence = 'sourced', source = 'where you read it'
WHERE jurisdiction = 'DE' AND valid_from = '2016-01-01';
UPDATE reminder.statutory_fee SET confidence = 'sourced', source = 'where you read it'
WHERE jurisdiction = 'EU' AND fee_kind = 'late_compensation_flat';
```

One creditor may rely on law that is not confirmed, for itself alone, with the table's figure or its own; a rate that is missing may be its own, too. `SELECT * FROM reminder.unconfirmed_law` lists what waits to be confirmed:

```sql
SELECT reminder.confirm_law(1, 'statutory_fee', 'reminder', 'any', '1900-01-01', 'who answers for it');
SELECT reminder.confirm_law(1, 'reference_rate', NULL, NULL, '2026-07-01', 'who answers for it', figure => 2.00);
```

New law is a new row with the day it begins, and changes nothing that was decided before:

```sql
INSERT INTO reminder.statutory_fee (jurisdiction, debtor_kind, fee_kind, valid_from, above, fee, currency, confidence, source)
VALUES ('SE', 'any', 'reminder', '2030-01-01', 0, 70, 'SEK', 'sourced', 'where you read it');
```

An amount holds for principals above the figure in "above", up to and with the next one's. A row for a debtor's own kind goes before one for any. No day in "from": where it began was not looked for, or not found. A fee without an amount: no figure is known from that day on.

Worth knowing:

- Sweden's 450 is not added to 60, 180 and 170: what is to be paid is the larger of 450 and their sum. The old förordning 1981:1057 is repealed.
- Norway's letters cost 38 from 2026, not 35. Its rates are the whole late interest. A new inkassolov is adopted and has no day yet.
- Denmark's BEK 719/2024 changes the agencies' table, and its text was not found.
- Germany's BGB § 247 prints 3.62: the rate of 2002, not of today.
- A reminder begins the limitation period anew in Sweden and Finland, not in Norway, Denmark and Germany.
$doc$
  || (SELECT string_agg(text, E'\n' ORDER BY place) FROM country)
  || E'\n\n## Which fee caps which letter\n\nBy stage, who collects, and the how many-eth letter of its stage; the last one stands for all later ones (`reminder.stage_fee_kind`).\n\n'
  || (SELECT '| letter | collected by | nth | ' || string_agg(jurisdiction, ' | ' ORDER BY place) || E' |\n|---|---|---:|' || string_agg('---|', '') FROM jurisdictions)
  || E'\n' || (SELECT string_agg(format('| %s | %s | %s | %s |', stage, collected_by, nth, kinds), E'\n' ORDER BY rung, array_position(ARRAY['creditor', 'service', 'agency'], collected_by), nth) FROM letter)
  || E'\n\n## Rates of each half-year\n\nPercent; Norway''s are the whole late interest, the others bear a margin. *Derived* ones are slanted, (unconfirmed) ones in brackets.\n\n'
  || (SELECT '| from | ' || string_agg(jurisdiction, ' | ' ORDER BY place) || E' |\n|---|' || string_agg('---:|', '') FROM jurisdictions)
  || E'\n' || (SELECT string_agg(format('| %s | %s |', valid_from, rates), E'\n' ORDER BY valid_from DESC) FROM half_year)
  AS law_doc
\gset
