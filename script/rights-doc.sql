-- rights-doc.sql - puts the text of doc/rights.md into the variable rights_doc:
-- for script/rights-doc, which writes it, and for test/pgtap/rights.sql, which
-- compares. It asks the catalogs what the roles documented_... may do.
WITH
  kind AS (
    SELECT k.*, 'documented_' || k.kind AS role FROM reminder._kinds() WITH ORDINALITY k (kind, includes, comment, place)),
  relation AS (
    SELECT c.oid, c.relname AS name, c.relkind FROM pg_class c
    WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relname NOT LIKE '\_%'),
  cell AS (
    SELECT r.name, r.relkind, k.place,
           (SELECT coalesce(string_agg(CASE WHEN has_table_privilege(k.role, r.oid, v.verb) THEN v.letter
                                            WHEN v.columns AND has_any_column_privilege(k.role, r.oid, v.verb) THEN lower(v.letter) END, '' ORDER BY v.n), '')
            FROM (VALUES (1, 'SELECT', 'S', true), (2, 'INSERT', 'I', true), (3, 'UPDATE', 'U', true), (4, 'DELETE', 'D', false),
                         (5, 'TRUNCATE', 'T', false), (6, 'REFERENCES', 'R', true), (7, 'TRIGGER', 'G', false)) v (n, verb, letter, columns)) AS text
    FROM relation r CROSS JOIN kind k),
  function AS (
    SELECT p.proname AS name, k.place, CASE WHEN bool_and(has_function_privilege(k.role, p.oid, 'EXECUTE')) THEN 'X' ELSE '' END AS text,
           bool_and(has_function_privilege('public', p.oid, 'EXECUTE')) AS everybody
    FROM pg_proc p CROSS JOIN kind k
    WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname NOT LIKE '\_%'
    GROUP BY p.proname, k.kind, k.place),
  head AS (
    SELECT '| | ' || string_agg(replace(k.kind, '_', ' '), ' | ' ORDER BY k.place) || E' |\n|---|' || string_agg('---', '|' ORDER BY k.place) || E'|\n' AS text FROM kind k),
  -- one line an object
  line AS (
    SELECT 1 AS part, c.relkind::text AS sort, c.name, format('| `%s` | %s |', c.name, string_agg(c.text, ' | ' ORDER BY c.place)) AS text
    FROM cell c GROUP BY c.relkind, c.name
    UNION ALL
    SELECT 2, '', f.name, format('| `%s` | %s |', f.name, string_agg(f.text, ' | ' ORDER BY f.place))
    FROM function f GROUP BY f.name HAVING NOT bool_or(f.everybody))
SELECT
  $doc$# Who may do what

Written by `script/rights-doc` from the catalogs, after `SELECT reminder.create_roles()`; change `_rights()` in `sql/extension/96-roles.sql`, not this page.

$doc$ || (SELECT string_agg(format('- **%s** %s%s', replace(k.kind, '_', ' '), k.comment,
                                  coalesce('; includes ' || nullif(replace(array_to_string(k.includes, ', '), '_', ' '), ''), '')), E'\n' ORDER BY k.place) FROM kind k) || $doc$

Each has USAGE on the schema and nothing else in the database. `S` select, `I` insert, `U` update, `D` delete, `X` execute; a small letter: some columns only. Whose rows these are is another matter: once walls stand, only those of the creditors that a role has access to.

## Tables and views

$doc$ || (SELECT h.text || (SELECT string_agg(l.text, E'\n' ORDER BY l.sort, l.name COLLATE "C") FROM line l WHERE l.part = 1) FROM head h) || $doc$

## Functions

$doc$ || (SELECT h.text || (SELECT string_agg(l.text, E'\n' ORDER BY l.name COLLATE "C") FROM line l WHERE l.part = 2) FROM head h) || $doc$

A line without a mark is the owner's alone. Everybody with USAGE on the schema executes those that only compute, or read with the caller's own rights: $doc$
  || (SELECT string_agg(DISTINCT '`' || f.name || '`', ', ') FROM function f WHERE f.everybody) || '.'
AS rights_doc \gset
