-- S1: ready-made rights are those that doc/rights.md shows, and every object
-- was thought of.
\set rights_doc_file `cat doc/rights.md`
BEGIN;
SELECT plan(22);

-- the names of roles are as good as any
SELECT is(array_agg(r ORDER BY r), (SELECT array_agg('documented_' || k.kind ORDER BY k.kind) FROM reminder._kinds() k), 'create_roles() makes one of each kind')
FROM reminder.create_roles('documented_') r;
SELECT set_eq(
    'SELECT kind FROM reminder._kinds()',
    ARRAY['administrator', 'agent', 'clerk', 'runner', 'reader', 'personal_reader', 'partner', 'debtor', 'auditor', 'activator', 'rule_editor', 'rule_reader'],
    'S1: those that there should be; activating, editing rules and seeing rules are rights of their own');
SELECT is_empty(
    $$SELECT rolname FROM pg_roles WHERE rolname LIKE 'documented\_%' AND (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls OR rolreplication)$$,
    'that nobody logs in as, and that have nothing else');
\i script/rights-doc.sql
SELECT ok(:'rights_doc' = :'rights_doc_file', 'doc/rights.md says what the catalogs say (script/rights-doc writes it anew)');

-- the list thinks of everything
CREATE TEMP VIEW object AS
SELECT DISTINCT p.proname::text AS name, true AS executes FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace
UNION ALL
SELECT c.relname::text, false FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S');
SELECT is_empty(
    $$SELECT o.name FROM object o WHERE o.name NOT LIKE '\_%' AND NOT EXISTS (SELECT FROM reminder._rights() r WHERE r.object = o.name AND (r.privilege = 'EXECUTE') = o.executes)$$,
    'every table, view and function was thought of: each stands in _rights(), though it be as the owner''s alone');
SELECT is_empty(
    $$SELECT r.object FROM reminder._rights() r WHERE NOT EXISTS (SELECT FROM object o WHERE o.name = r.object AND o.executes = (r.privilege = 'EXECUTE'))$$,
    'and nothing stands there that there is not');
SELECT is_empty(
    $$SELECT r.kind FROM reminder._rights() r WHERE r.kind NOT IN ('owner', 'everybody') AND r.kind NOT IN (SELECT kind FROM reminder._kinds())$$,
    'nor a kind that there is not');
SELECT is_empty(
    $$SELECT r.object FROM reminder._rights() r JOIN object o ON o.name = r.object JOIN pg_proc p ON p.proname = r.object AND p.pronamespace = 'reminder'::regnamespace
      WHERE r.kind = 'everybody' AND NOT has_function_privilege('public', p.oid, 'EXECUTE')$$,
    'what is everybody''s is everybody''s');
SELECT is_empty(
    $$SELECT r.object FROM reminder._rights() r JOIN pg_class c ON c.relname = r.object AND c.relnamespace = 'reminder'::regnamespace
      WHERE r.kind = 'owner' AND EXISTS (SELECT FROM aclexplode(c.relacl) a WHERE a.grantee <> c.relowner)$$,
    'and what is the owner''s is the owner''s alone');

-- what is apart stays apart
CREATE FUNCTION pg_temp.may(kind text, name text) RETURNS boolean LANGUAGE sql AS $$
  SELECT bool_or(has_function_privilege('documented_' || kind, p.oid, 'EXECUTE')) FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace AND p.proname = name $$;
SELECT is(array_agg(k.kind ORDER BY k.kind), ARRAY['activator', 'administrator'], 'S1: who activates') FROM reminder._kinds() k WHERE pg_temp.may(k.kind, 'activate');
SELECT is(array_agg(k.kind ORDER BY k.kind), ARRAY['administrator', 'rule_editor'], 'S1: who edits rules') FROM reminder._kinds() k WHERE has_table_privilege('documented_' || k.kind, 'reminder.rule', 'UPDATE');
SELECT is(array_agg(k.kind ORDER BY k.kind), ARRAY['administrator', 'auditor', 'clerk', 'partner', 'rule_editor', 'rule_reader'], 'S1: who sees rules')
FROM reminder._kinds() k WHERE has_table_privilege('documented_' || k.kind, 'reminder.rule', 'SELECT');
SELECT is(array_agg(k.kind ORDER BY k.kind), ARRAY['administrator', 'runner'], 'S1: who runs') FROM reminder._kinds() k WHERE pg_temp.may(k.kind, 'run');
SELECT is(array_agg(k.kind ORDER BY k.kind), ARRAY['administrator', 'auditor', 'clerk', 'partner', 'personal_reader'], 'S1: who sees names')
FROM reminder._kinds() k WHERE has_column_privilege('documented_' || k.kind, 'reminder.customer', 'name', 'SELECT');
SELECT is(array_agg(k.kind ORDER BY k.kind), ARRAY['administrator'], 'C4: who closes a case') FROM reminder._kinds() k WHERE pg_temp.may(k.kind, 'close_case');
SELECT is_empty(
    $$SELECT c.relname, a.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.relnamespace = 'reminder'::regnamespace
      AND a.grantee IN ('documented_auditor'::regrole, 'documented_reader'::regrole, 'documented_personal_reader'::regrole, 'documented_rule_reader'::regrole) AND a.privilege_type <> 'SELECT'$$,
    'S1: who only reads writes nothing');
SELECT is_empty(
    $$SELECT c.oid::regclass, a.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.relnamespace = 'reminder'::regnamespace
      AND a.grantee::regrole::text LIKE 'documented\_%' AND (a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') OR a.is_grantable)$$,
    'nobody truncates, hangs triggers on tables, or passes rights on');

-- given and taken
CREATE ROLE documented_mine;
SELECT reminder.grant_role('reader', 'documented_mine'), reminder.grant_role('runner', 'documented_mine'), reminder.grant_role('reader', 'documented_mine') \g /dev/null
SELECT reminder.revoke_role('runner', 'documented_mine') \g /dev/null
SELECT ok(has_table_privilege('documented_mine', 'reminder.invoice_status', 'SELECT') AND NOT has_function_privilege('documented_mine', 'reminder.run(date, bigint)', 'EXECUTE'),
    'what a role has by another kind as well it keeps');
SELECT reminder.revoke_role('reader', 'documented_mine') \g /dev/null
SELECT lives_ok('DROP ROLE documented_mine', 'and when it has nothing any more it can be dropped');
SELECT throws_ok($$SELECT reminder.grant_role('boss', 'documented_reader')$$, '22R01', 'unknown kind of rights "boss"');
SELECT throws_ok($$SELECT reminder.grant_role('reader', 'documented_mine')$$, '22R01', 'unknown role "documented_mine"');
SELECT throws_ok($$SELECT reminder.create_roles('pg_')$$, '22R01', 'prefix "pg_" cannot begin the names of roles');

SELECT * FROM finish();
ROLLBACK;
