-- cases-doc.sql - puts the text of doc/cases.md into the variable cases_doc: for
-- script/cases-doc, which writes it, and for test/pgtap/cases.sql, which compares.
WITH
  transition AS (
    SELECT t.n, t.from_state, t.to_state, t.by, f.rung AS from_rung, g.rung AS to_rung
    FROM reminder.case_transitions() WITH ORDINALITY t (from_state, to_state, by, n)
    LEFT JOIN reminder.stage f ON f.stage = t.from_state
    LEFT JOIN reminder.stage g ON g.stage = t.to_state),
  -- what leads out of every stage, or back into it, is one arrow of the box around them
  arrow AS (
    SELECT min(t.n) AS n, t.by,
           CASE WHEN count(*) = (SELECT count(*) FROM reminder.stage) AND t.to_rung IS NULL THEN 'collected' ELSE string_agg(coalesce(t.from_state, 'opened'), ' & ' ORDER BY t.from_rung) END AS tail,
           t.to_state AS head
    FROM transition t WHERE t.from_rung IS NOT NULL OR t.from_state IS NULL
    GROUP BY t.by, t.to_state, t.to_rung, CASE WHEN t.to_rung IS NOT NULL THEN t.n END
    UNION ALL
    SELECT min(t.n), t.by, t.from_state, CASE count(*) WHEN (SELECT count(*) FROM reminder.stage) THEN 'collected' ELSE string_agg(t.to_state, ' & ' ORDER BY t.to_rung) END
    FROM transition t WHERE t.from_rung IS NULL AND t.from_state IS NOT NULL
    GROUP BY t.by, t.from_state)
SELECT
  $doc$# The states of a case

Written by `script/cases-doc` from `reminder.case_transitions()`, the table in `src/cases.c` that every change of a case obeys, whoever makes it; change that, not this page. What is not in it is refused (23R03), and at most one case of an invoice is active, by a unique index. `reminder.case_status` shows where each case stands.

```mermaid
flowchart LR
  opened(( ))
  subgraph collected [an active case]
$doc$ || (SELECT string_agg(format('    %s', s.stage), E'\n' ORDER BY s.rung) FROM reminder.stage s)
  || E'\n  end\n' || (SELECT string_agg(format('  %s -->|"%s"| %s', a.tail, a.by, a.head), E'\n' ORDER BY a.n) FROM arrow a)
  || $doc$
```

A letter that is taken back leads to the stage before it. What ended a case as paid or credited may be taken back, and the case is where it was (B5); one that was withdrawn or closed stays so, and the invoice is out of automation until `put_back()`: then another case may open, at its next step.

| from | to | by |
|---|---|---|
$doc$ || (SELECT string_agg(format('| %s | %s | %s |', coalesce(t.from_state, ''), t.to_state, t.by), E'\n' ORDER BY t.n) FROM transition t)
  || $doc$

## Why a case is closed

`close_case()` takes these (`reminder.closing_reason`), more words after a colon: "no assets: KFM 12-2026". Reasons of one's own are more rows of that table.

| closing reason | |
|---|---|
$doc$ || (SELECT string_agg(format('| %s | %s |', r.closing_reason, r.sentence), E'\n' ORDER BY r.closing_reason) FROM reminder.closing_reason r)
  || $doc$

## What enforcement adds

Fees that `hand_to_enforcement()` (the application's) and `add_enforcement_fee()` add to the case's; the law's of the day, and never more (`reminder.enforcement_fee_kind`, [law](law.md)). Anything else is "other", with a reason.

| | item | fee of the law |
|---|---|---|
$doc$ || (SELECT string_agg(format('| %s | %s | `%s` |', k.jurisdiction, k.item, k.fee_kind), E'\n' ORDER BY k.jurisdiction, k.item) FROM reminder.enforcement_fee_kind k)
  AS cases_doc
\gset
