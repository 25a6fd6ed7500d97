/*
 * check(): what is not as it should be, first in the catalogs, then in the
 * rows. Each part gives its findings; check() puts them together.
 */

/* Our tables, and the rights and rules that stand on them. */
CREATE FUNCTION reminder._check_tables(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH schema AS (
    SELECT n.* FROM pg_namespace n WHERE n.nspname = 'reminder'),
  ours AS (
    SELECT c.*, c.oid::regclass AS relation FROM pg_class c JOIN schema n ON c.relnamespace = n.oid
    WHERE c.relkind IN ('r', 'p', 'v'))
  SELECT 'table_missing', 'reminder.' || quote_ident(t.relation), 'The table is not there.', 'Restore it from a dump.'
  FROM reminder._triggers() t
  WHERE to_regclass(format('reminder.%I', t.relation)) IS NULL
  GROUP BY t.relation
  UNION ALL
  SELECT 'table_owner', c.relation::text, format('Its owner %I is not the schema''s owner %I, as whom reminder acts.', c.relowner::regrole, n.nspowner::regrole),
         format('ALTER %s %s OWNER TO %I;', CASE c.relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, c.relation, n.nspowner::regrole)
  FROM ours c JOIN schema n ON NOT pg_has_role(n.nspowner, c.relowner, 'USAGE')
  UNION ALL
  SELECT 'table_not_logged', c.relation::text, 'A crash empties it.', format('ALTER TABLE %s SET LOGGED;', c.relation)
  FROM ours c WHERE c.relpersistence <> 'p'
  UNION ALL
  SELECT 'table_inherited', c.relation::text, format('Rows of %s pass for its own and pass no guard.', i.inhrelid::regclass),
         format('ALTER TABLE %s NO INHERIT %s;', i.inhrelid::regclass, c.relation)
  FROM ours c JOIN pg_inherits i ON i.inhparent = c.oid WHERE c.relkind = 'r'
  UNION ALL
  SELECT 'rule_on_table', c.relation::text, format('Rule %I may turn writes away.', w.rulename), format('DROP RULE %I ON %s;', w.rulename, c.relation)
  FROM ours c JOIN pg_rewrite w ON w.ev_class = c.oid WHERE c.relkind <> 'v' OR w.rulename <> '_RETURN'
  UNION ALL
  SELECT 'row_security_forced', c.relation::text, 'Row-level security hides rows from the owner too, as whom reminder''s functions act.',
         format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY;', c.relation)
  FROM ours c WHERE c.relforcerowsecurity
  UNION ALL
  SELECT 'row_security_off', c.relation::text, 'It has policies, and row-level security is off.', format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY;', c.relation)
  FROM ours c WHERE NOT c.relrowsecurity AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
  UNION ALL
  SELECT 'row_security_empty', c.relation::text, 'Row-level security is on without a policy: nobody but the owner sees a row.',
         format('Make a policy, or ALTER TABLE %s DISABLE ROW LEVEL SECURITY;', c.relation)
  FROM ours c WHERE c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)
  UNION ALL
  SELECT 'granted_to_public', c.relation::text, format('Everybody has %s.', string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)),
         format('REVOKE ALL ON %s FROM PUBLIC;', c.relation)
  FROM ours c CROSS JOIN LATERAL (
    SELECT x.* FROM aclexplode(c.relacl) x
    UNION ALL
    SELECT x.* FROM pg_attribute t CROSS JOIN LATERAL aclexplode(t.attacl) x WHERE t.attrelid = c.oid) a
  WHERE a.grantee = 0
  GROUP BY c.relation
  UNION ALL
  SELECT 'granted_to_public', 'schema reminder', format('Everybody has %s.', a.privilege_type), format('REVOKE %s ON SCHEMA reminder FROM PUBLIC;', a.privilege_type)
  FROM schema n CROSS JOIN LATERAL aclexplode(n.nspacl) a WHERE a.grantee = 0 AND a.privilege_type = 'CREATE'
  UNION ALL
  SELECT 'constraint_not_valid', format('%s.%I', c.relation, k.conname), 'Rows that were there before it may break it.',
         format('ALTER TABLE %s VALIDATE CONSTRAINT %I;', c.relation, k.conname)
  FROM ours c JOIN pg_constraint k ON k.conrelid = c.oid WHERE NOT k.convalidated
  UNION ALL
  SELECT 'index_not_valid', i.indexrelid::regclass::text, 'It does not hold what it should.', format('REINDEX INDEX %s;', i.indexrelid::regclass)
  FROM ours c JOIN pg_index i ON i.indrelid = c.oid WHERE NOT (i.indisvalid AND i.indisready)
$$;
COMMENT ON FUNCTION reminder._check_tables() IS
'Internal: findings on our tables and views: table_missing, table_owner, table_not_logged, table_inherited, rule_on_table, row_security_forced, row_security_off, row_security_empty, granted_to_public, constraint_not_valid, index_not_valid.';

/* The guards, as the list says they should stand; and the functions behind them. */
CREATE FUNCTION reminder._check_guards(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH stands AS (
    SELECT t.relation, t.name, t.definition, format('reminder.%I', t.relation) AS its_table, g.tgenabled, pg_get_triggerdef(g.oid) AS standing
    FROM reminder._triggers() t
    LEFT JOIN pg_trigger g ON g.tgrelid = to_regclass(format('reminder.%I', t.relation)) AND g.tgname = t.name AND NOT g.tgisinternal),
  ours AS (
    SELECT p.*, p.oid::regprocedure AS function,
           EXISTS (SELECT FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'reminder'
                   WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e') AS member
    FROM pg_proc p WHERE p.pronamespace = 'reminder'::regnamespace)
  SELECT 'trigger_missing', format('%s.%I', s.its_table, s.name), 'The trigger is not there.',
         format('%s; ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', s.definition, s.its_table, s.name)
  FROM stands s WHERE s.standing IS NULL AND to_regclass(s.its_table) IS NOT NULL
  UNION ALL
  SELECT 'trigger_replaced', format('%s.%I', s.its_table, s.name), format('It is: %s', s.standing),
         'SELECT reminder.repair();'
  FROM stands s WHERE s.standing <> s.definition
  UNION ALL
  SELECT CASE s.tgenabled WHEN 'D' THEN 'trigger_disabled' ELSE 'trigger_not_always' END, format('%s.%I', s.its_table, s.name),
         CASE s.tgenabled WHEN 'D' THEN 'It is disabled.' WHEN 'R' THEN 'It fires in replica mode only.' ELSE 'Replica mode passes it, as after a restore with --disable-triggers.' END,
         format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I;', s.its_table, s.name)
  FROM stands s WHERE s.tgenabled <> 'A'
  UNION ALL
  SELECT 'trigger_disabled', format('%s.%I', g.tgrelid::regclass, g.tgname), format('A foreign key no longer holds: %s', pg_get_constraintdef(g.tgconstraint)),
         'As a superuser: SELECT reminder.repair();'
  FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid AND c.relnamespace = 'reminder'::regnamespace
  WHERE g.tgisinternal AND g.tgenabled = 'D'
  UNION ALL
  SELECT 'trigger_unknown', format('%s.%I', g.tgrelid::regclass, g.tgname), format('It calls %s and is not of this version.', p.function),
         format('DROP TRIGGER %I ON %s;', g.tgname, g.tgrelid::regclass)
  FROM pg_trigger g JOIN ours p ON p.oid = g.tgfoid
  WHERE NOT g.tgisinternal AND p.member
    AND NOT EXISTS (SELECT FROM stands s WHERE to_regclass(s.its_table) = g.tgrelid AND s.name = g.tgname)
    AND NOT EXISTS (SELECT FROM reminder.attachment a CROSS JOIN LATERAL reminder._attached_relations(a.relation) r CROSS JOIN LATERAL reminder._attached_triggers(r) t
                    WHERE r = g.tgrelid AND t.name = g.tgname)
  UNION ALL
  SELECT 'function_unknown', p.function::text, 'It stands in the schema and is not the extension''s.', format('Move it to a schema of its own: ALTER ROUTINE %s SET SCHEMA ...;', p.function)
  FROM ours p WHERE NOT p.member
  UNION ALL
  SELECT 'function_search_path', p.function::text, 'Its search_path is not fixed: a caller chooses what the names in it mean.',
         format('ALTER ROUTINE %s SET search_path = pg_catalog, pg_temp;', p.function)
  FROM ours p JOIN pg_language l ON l.oid = p.prolang
  WHERE p.member AND (p.prosecdef OR l.lanname <> 'c') AND ('search_path=pg_catalog, pg_temp' = ANY (p.proconfig)) IS NOT TRUE
  UNION ALL
  SELECT 'granted_to_public', p.function::text, 'Everybody may execute it.', format('REVOKE ALL ON ROUTINE %s FROM PUBLIC;', p.function)
  FROM ours p
  WHERE p.member AND (p.provolatile = 'v' OR p.prosecdef OR p.prosrc = 'reminder_act' OR p.proname LIKE '\_%') AND p.proname NOT IN ('_step_date', '_case_now', '_attached_row')
    AND EXISTS (SELECT FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a WHERE a.grantee = 0)
$$;
COMMENT ON FUNCTION reminder._check_guards() IS
'Internal: findings on triggers and functions: trigger_missing, trigger_replaced, trigger_disabled, trigger_not_always, trigger_unknown, function_unknown, function_search_path, granted_to_public.';

/* Transactions that wait for a second phase, and hold rows of ours until then. */
CREATE FUNCTION reminder._check_prepared(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT 'prepared_transaction', x.gid, format('Prepared by %I, it holds %s.', x.owner, string_agg(DISTINCT c.oid::regclass::text, ', ' ORDER BY c.oid::regclass::text)),
         format('COMMIT PREPARED %L; or ROLLBACK PREPARED %L;', x.gid, x.gid)
  FROM pg_prepared_xacts x
  -- its locks belong to no process; one of them is on its own number
  JOIN pg_locks t ON t.locktype = 'transactionid' AND t.transactionid = x.transaction AND t.pid IS NULL
  JOIN pg_locks l ON l.virtualtransaction = t.virtualtransaction AND l.pid IS NULL AND l.locktype = 'relation'
  JOIN pg_class c ON c.oid = l.relation AND c.relkind = 'r' AND c.relnamespace = 'reminder'::regnamespace
  WHERE x.database = current_database() AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
  GROUP BY x.gid, x.owner
$$;
COMMENT ON FUNCTION reminder._check_prepared() IS
'Internal: finding prepared_transaction.';

/* Money: what is open follows from what was paid and credited. */
CREATE FUNCTION reminder._check_money(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH paid AS (
    SELECT p.creditor_id, p.invoice_no, sum(coalesce(a.principal, p.amount)) AS principal, sum(coalesce(a.fee, 0)) AS fee,
           sum(coalesce(a.interest, 0)) AS interest
    FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
    WHERE p.invoice_no IS NOT NULL AND p.bounced_on IS NULL
    GROUP BY p.creditor_id, p.invoice_no),
  credited AS (
    SELECT c.creditor_id, c.invoice_no, sum(c.amount) AS amount FROM reminder.credit c GROUP BY c.creditor_id, c.invoice_no),
  fees AS (
    SELECT k.creditor_id, k.invoice_no, sum(k.fees_paid) AS paid, sum(k.interest_paid) AS interest FROM reminder.collection_case k GROUP BY k.creditor_id, k.invoice_no)
  -- An invoice may come in partly settled: so no more than this can be said.
  SELECT 'open_amount', format('invoice %s of creditor %s', i.invoice_no, i.creditor_id),
         format('Of %s are open %s, though %s were paid and %s credited.', i.amount, i.open_amount, coalesce(p.principal, 0), coalesce(c.amount, 0)),
         'Find who wrote the invoice, its payments or its credits past the triggers.'
  FROM reminder.invoice i
  LEFT JOIN paid p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
  LEFT JOIN credited c ON c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no
  WHERE i.open_amount + coalesce(p.principal, 0) + coalesce(c.amount, 0) > i.amount
  UNION ALL
  SELECT 'allocation', format('payment %s of creditor %s', p.payment_no, p.creditor_id),
         CASE WHEN p.invoice_no IS NULL THEN 'It is allocated and has no invoice.' WHEN p.bounced_on IS NOT NULL THEN 'It is allocated and has bounced.'
              ELSE format('Of %s went %s to principal, %s to fees, %s to interest, %s are left, %s are rounded off.', p.amount, a.principal, a.fee, a.interest, a.overpaid, a.rounded_off) END,
         'Find who wrote the payment past the triggers.'
  FROM reminder.payment p JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE p.invoice_no IS NULL OR p.bounced_on IS NOT NULL OR a.principal + a.fee + a.interest + a.overpaid <> p.amount + a.rounded_off
  UNION ALL
  SELECT 'fees_paid', format('invoice %s of creditor %s', coalesce(f.invoice_no, p.invoice_no), coalesce(f.creditor_id, p.creditor_id)),
         format('Its cases have %s of fees paid, its payments %s.', coalesce(f.paid, 0), coalesce(p.fee, 0)),
         'Find who wrote the case or the allocation past the triggers.'
  FROM fees f FULL JOIN paid p ON p.creditor_id = f.creditor_id AND p.invoice_no = f.invoice_no
  WHERE coalesce(f.paid, 0) <> coalesce(p.fee, 0)
  UNION ALL
  SELECT 'interest_paid', format('invoice %s of creditor %s', coalesce(f.invoice_no, p.invoice_no), coalesce(f.creditor_id, p.creditor_id)),
         format('Its cases have %s of interest paid, its payments %s.', coalesce(f.interest, 0), coalesce(p.interest, 0)),
         'Find who wrote the case or the allocation past the triggers.'
  FROM fees f FULL JOIN paid p ON p.creditor_id = f.creditor_id AND p.invoice_no = f.invoice_no
  WHERE coalesce(f.interest, 0) <> coalesce(p.interest, 0)
$$;
COMMENT ON FUNCTION reminder._check_money() IS
'Internal: findings on money: open_amount, allocation, fees_paid, interest_paid.';

/* Cases, their letters, and what excludes them. */
CREATE FUNCTION reminder._check_cases(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH active AS (
    SELECT k.* FROM reminder.collection_case k WHERE k.ended_on IS NULL),
  letters AS (
    SELECT DISTINCT ON (d.creditor_id, d.invoice_no, d.case_no) d.creditor_id, d.invoice_no, d.case_no, d.stage, d.fees, d.rung
    FROM reminder.decision d WHERE d.case_no IS NOT NULL AND d.taken_back = 0
    ORDER BY d.creditor_id, d.invoice_no, d.case_no, d.rung DESC)
  SELECT 'several_active_cases', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id), format('It has %s active cases.', count(*)),
         'The unique index collection_case_active_key is missing or broken.'
  FROM active k GROUP BY k.creditor_id, k.invoice_no HAVING count(*) > 1
  UNION ALL
  SELECT 'loss_in_active_case', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id),
         format('Its case %s is at the stage %s, and a %s loss of %s is booked.', k.case_no, k.state, l.kind, l.amount), 'Withdraw the case, or reverse the loss.'
  FROM active k JOIN reminder.credit_loss l ON l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no AND l.reversed_on IS NULL
  UNION ALL
  SELECT 'loss_in_active_case', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id),
         format('Its case %s is at the stage %s, and a loss stands in %s.', k.case_no, k.state, l.relation), 'Withdraw the case, or reverse the loss.'
  FROM active k CROSS JOIN LATERAL (SELECT reminder._loss_stands(k.creditor_id, k.invoice_no) AS relation OFFSET 0) l WHERE l.relation IS NOT NULL
  UNION ALL
  SELECT 'paid_but_active', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id), format('Nothing is open, and its case %s is at the stage %s.', k.case_no, k.state),
         'Close the case: reminder.close_case().'
  FROM active k JOIN reminder.invoice i ON i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no
  WHERE i.open_amount = 0 AND k.fees = k.fees_paid + k.fees_waived AND k.interest = k.interest_paid + k.interest_waived
  UNION ALL
  SELECT 'case_without_letter', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id), format('No decision opened its case %s.', k.case_no),
         'Find who wrote cases or decisions past the triggers.'
  FROM reminder.collection_case k
  WHERE NOT EXISTS (SELECT FROM letters d WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no)
    -- one whose letters were all taken back has ended
    AND NOT (k.state = 'withdrawn' AND EXISTS (
      SELECT FROM reminder.decision d WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no))
  UNION ALL
  SELECT 'letter_without_case', format('invoice %s of creditor %s', d.invoice_no, d.creditor_id), format('There is no case %s of its %s.', d.case_no, d.stage),
         'Find who wrote cases or decisions past the triggers.'
  FROM letters d
  WHERE NOT EXISTS (SELECT FROM reminder.collection_case k WHERE k.creditor_id = d.creditor_id AND k.invoice_no = d.invoice_no AND k.case_no = d.case_no)
  UNION ALL
  SELECT 'invoice_missing', format('invoice %s of creditor %s', d.invoice_no, d.creditor_id), format('It is not there, and its step %s of %s was decided.', d.stage, d.as_of),
         'Restore it from a dump; find who deleted it past the triggers.'
  FROM reminder.decision d
  WHERE NOT EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = d.creditor_id AND i.invoice_no = d.invoice_no)
  UNION ALL
  SELECT 'case_fees', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id),
         format('Its case %s claims %s of fees, its last letter and enforcement %s.', k.case_no, k.fees, d.fees + coalesce(e.fees, 0)), 'Find who wrote the case past the triggers.'
  FROM reminder.collection_case k JOIN letters d ON d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no
  LEFT JOIN (
    SELECT e.creditor_id, e.invoice_no, e.case_no, sum(e.amount) AS fees FROM reminder.enforcement_fee e GROUP BY 1, 2, 3) e
    ON e.creditor_id = k.creditor_id AND e.invoice_no = k.invoice_no AND e.case_no = k.case_no
  -- and payment plans made since
  WHERE k.fees <> d.fees + coalesce(e.fees, 0) AND k.fees <> d.fees + coalesce(e.fees, 0) + coalesce((
    SELECT sum(p.fee_added) FROM reminder.payment_plan p
    WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.case_no = k.case_no AND p.rung >= d.rung), 0)
  UNION ALL
  SELECT 'case_interest', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id),
         format('Its case %s claims %s of interest, its last letter %s.', k.case_no, k.interest, d.interest), 'Find who wrote the case past the triggers.'
  FROM reminder.collection_case k CROSS JOIN LATERAL (
    -- a letter that never went out takes its interest with it, but what was paid of it
    SELECT coalesce((array_agg(d.interest ORDER BY d.rung DESC) FILTER (WHERE d.status IN ('queued', 'sent')))[1], 0) AS interest,
           max(d.interest) AS most, count(*) FILTER (WHERE d.status IN ('cancelled', 'failed')) AS gone
    FROM reminder.decision d
    WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.taken_back = 0 AND d.outcome = 'sent') d
  CROSS JOIN LATERAL (
    SELECT max(p.interest_claimed) AS interest FROM reminder.payment_plan p
    WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.case_no = k.case_no) p
  -- and what was waived by hand stays claimed as waived
  WHERE d.most IS NOT NULL AND (k.interest > greatest(d.most, p.interest, k.interest_paid + k.interest_waived)
     OR (d.gone = 0 AND k.interest <> greatest(d.interest, k.interest_paid + k.interest_waived) AND k.interest IS DISTINCT FROM p.interest))
  UNION ALL
  SELECT 'case_stage', format('invoice %s of creditor %s', k.invoice_no, k.creditor_id),
         format('Its case %s is at the stage %s, its last letter is a %s.', k.case_no, k.state, d.stage), 'Find who wrote the case past the triggers.'
  FROM active k JOIN letters d ON d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no
  WHERE k.state <> d.stage AND k.state NOT IN ('monitoring', 'enforcement')
  UNION ALL
  SELECT 'letter_queued', format('invoice %s of creditor %s', d.invoice_no, d.creditor_id), format('Its %s waits to be sent, and its case has ended.', d.stage),
         'Do not send it: reminder.fail_letter().'
  FROM reminder.decision d JOIN reminder.collection_case k ON k.creditor_id = d.creditor_id AND k.invoice_no = d.invoice_no AND k.case_no = d.case_no
  WHERE d.status = 'queued' AND d.taken_back = 0 AND k.ended_on IS NOT NULL
  UNION ALL
  SELECT 'fee_above_cap', format('invoice %s of creditor %s', d.invoice_no, d.creditor_id),
         CASE WHEN d.fee > d.fee_cap THEN format('Its %s of %s charges %s; the law allows %s.', d.stage, d.as_of, d.fee, d.fee_cap)
              ELSE format('Its %s of %s is the fee-carrying reminder %s; the law allows %s.', d.stage, d.as_of, d.charged_nth, d.charged_cap) END,
         'A CHECK of reminder.decision is missing.'
  FROM reminder.decision d WHERE d.fee > d.fee_cap OR d.charged_nth > d.charged_cap
$$;
COMMENT ON FUNCTION reminder._check_cases() IS
'Internal: findings on cases: several_active_cases, loss_in_active_case, paid_but_active, case_without_letter, letter_without_case, invoice_missing, case_fees, case_interest, case_stage, letter_queued, fee_above_cap.';

/* The outbox: every letter that waits is where a sender finds it. */
CREATE FUNCTION reminder._check_outbox(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
-- On tables that were filled a moment ago every letter would be looked for in every batch.
SET enable_nestloop = off
SET jit = off
AS $$
  SELECT 'letter_not_in_outbox', format('invoice %s of creditor %s', d.invoice_no, d.creditor_id), format('Its %s of %s waits to be sent, and no sender finds it.', d.stage, d.as_of),
         format('As the owner: BEGIN; SELECT reminder._keep(true); SELECT reminder._queue_letters(%s, %L, %L, %s, ARRAY[%L]); COMMIT;',
                d.creditor_id, d.channel, d.as_of, d.rung, d.invoice_no)
  FROM reminder.decision d
  WHERE d.status = 'queued' AND d.taken_back = 0
    AND NOT EXISTS (SELECT FROM (SELECT b.creditor_id, b.as_of, b.rung, unnest(b.invoice_nos[b.claimed + 1 :]) AS invoice_no FROM reminder.letter_batch b) b
                    WHERE b.creditor_id = d.creditor_id AND b.invoice_no = d.invoice_no AND CASE b.rung WHEN 0 THEN b.as_of = d.as_of ELSE b.rung = d.rung END)
    AND NOT EXISTS (SELECT FROM reminder.letter_lease l WHERE l.creditor_id = d.creditor_id AND l.invoice_no = d.invoice_no AND l.rung = d.rung)
  UNION ALL
  SELECT 'letter_fees', format('customer %s of creditor %s', l.customer_no, l.creditor_id),
         format('Its %s of %s has a fee on each of %s.', min(d.stage), l.as_of, string_agg(l.invoice_no, ', ' ORDER BY l.invoice_no)), 'Find who wrote them past the triggers.'
  FROM reminder.letter_line l
  JOIN reminder.decision d ON d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = l.taken_back
  WHERE l.taken_back = 0 AND d.fee > 0 AND d.status IN ('queued', 'sent')
  GROUP BY l.creditor_id, l.customer_no, l.as_of, l.rung, l.letter_of, l.letter_nth HAVING count(*) > 1
$$;
COMMENT ON FUNCTION reminder._check_outbox() IS
'Internal: findings letter_not_in_outbox, letter_fees.';

/* The ladder: who is under which rule, and where each open invoice stands. */
CREATE FUNCTION reminder._check_ladder(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH place AS (
    -- what _place() would write
    SELECT i.creditor_id, i.invoice_no, i.open_amount > 0 AS open, coalesce(c.rule_no, 0) AS rule_no,
           CASE WHEN d.reason IN ('credit_note', 'interest_invoice', 'factored') AND i.kind <> 'invoice' THEN 99 ELSE coalesce(d.rung, 0) END AS passed,
           CASE WHEN d.status = 'failed' THEN greatest(w.deadline, w.as_of, d.as_of) ELSE coalesce(d.deadline, d.as_of, i.due_date) END AS base_date,
           CASE WHEN d.status = 'failed' THEN coalesce(w.letter_date, reminder._waits_from(i.creditor_id, i.due_date))
                WHEN d.outcome = 'skipped' THEN d.step_date ELSE d.as_of END AS letter_date,
           coalesce(n.charged, 0) AS charged
    FROM reminder.invoice i
    JOIN reminder.customer c ON c.creditor_id = i.creditor_id AND c.customer_no = i.customer_no
    LEFT JOIN (
      SELECT DISTINCT ON (d.creditor_id, d.invoice_no) d.* FROM reminder.decision d WHERE d.taken_back = 0
      ORDER BY d.creditor_id, d.invoice_no, d.rung DESC) d ON d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no
    LEFT JOIN LATERAL (
      SELECT w.deadline, w.as_of, CASE w.outcome WHEN 'skipped' THEN w.step_date ELSE w.as_of END AS letter_date
      FROM reminder.decision w
      WHERE d.status = 'failed' AND w.creditor_id = i.creditor_id AND w.invoice_no = i.invoice_no AND w.taken_back = 0
        AND w.rung < d.rung AND w.status IS DISTINCT FROM 'failed' ORDER BY w.rung DESC LIMIT 1) w ON true
    LEFT JOIN (
      SELECT x.creditor_id, x.invoice_no, count(*) AS charged FROM reminder.decision x WHERE x.charged_nth IS NOT NULL AND x.taken_back = 0
      GROUP BY x.creditor_id, x.invoice_no) n ON n.creditor_id = i.creditor_id AND n.invoice_no = i.invoice_no)
  SELECT CASE WHEN p.invoice_no IS NULL THEN 'position_missing' WHEN l.open IS NOT TRUE THEN 'position_too_many' ELSE 'position_wrong' END,
         format('invoice %s of creditor %s', coalesce(p.invoice_no, l.invoice_no), coalesce(p.creditor_id, l.creditor_id)),
         CASE WHEN p.invoice_no IS NULL THEN 'It is open and stands nowhere: no run sees it.' WHEN l.open IS NOT TRUE THEN 'It is settled, or gone, and still stands on the ladder.'
              ELSE format('It stands at rule %s, passed %s, from %s, letter %s, charged %s; its decisions put it at rule %s, passed %s, from %s, letter %s, charged %s.',
                          p.rule_no, p.passed, p.base_date, p.letter_date, p.charged, l.rule_no, l.passed, l.base_date, l.letter_date, l.charged) END,
         format('As the owner: BEGIN; SELECT reminder._keep(true); SELECT reminder._place(%s, ARRAY[%L]); COMMIT;', coalesce(p.creditor_id, l.creditor_id), coalesce(p.invoice_no, l.invoice_no))
  FROM place l FULL JOIN reminder.position p ON p.creditor_id = l.creditor_id AND p.invoice_no = l.invoice_no
  WHERE (p.invoice_no IS NOT NULL) <> (l.open IS TRUE)
     OR l.open AND (p.rule_no, p.passed, p.base_date, p.letter_date, p.charged) IS DISTINCT FROM (l.rule_no, l.passed, l.base_date, l.letter_date, l.charged)
$$;
COMMENT ON FUNCTION reminder._check_ladder() IS
'Internal: findings on the ladder: position_missing, position_too_many, position_wrong.';

/* Runs and events: what happened, in order and whole. */
CREATE FUNCTION reminder._check_runs(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT 'run_order', format('run of creditor %s for %s', r.creditor_id, r.as_of), format('It began after the run for %s, a later date.', r.later),
         'Find who wrote reminder.run_log past the triggers; the clock may have been set back, too.'
  FROM (SELECT r.creditor_id, r.as_of, r.started_at, lead(r.as_of) OVER w AS later, lead(r.started_at) OVER w AS later_at
        FROM reminder.run_log r WINDOW w AS (PARTITION BY r.creditor_id ORDER BY r.as_of)) r
  WHERE r.later_at < r.started_at
  UNION ALL
  SELECT 'run_missing', format('creditor %s', d.creditor_id), format('%s decisions are for %s, for which there is no run.', count(*), d.as_of),
         'Find who wrote decisions or runs past the triggers.'
  FROM reminder.decision d LEFT JOIN reminder.by_hand b USING (creditor_id, invoice_no, rung, taken_back)
  WHERE b.kind IS NULL AND NOT EXISTS (SELECT FROM reminder.run_log r WHERE r.creditor_id = d.creditor_id AND r.as_of = d.as_of)
  GROUP BY d.creditor_id, d.as_of
  UNION ALL
  SELECT 'run_count', format('run of creditor %s for %s', coalesce(c.creditor_id, d.creditor_id), coalesce(c.as_of, d.as_of)),
         format('It counted %s decisions at the stage %s (%s); there are %s.', coalesce(c.invoices, 0), coalesce(c.stage, d.stage), coalesce(c.outcome, d.outcome), coalesce(d.decisions, 0)),
         'Find who wrote decisions or counts past the triggers.'
  FROM (SELECT c.creditor_id, c.as_of, c.stage, c.outcome, sum(c.invoices) AS invoices FROM reminder.run_count c WHERE c.outcome <> 'waits' GROUP BY 1, 2, 3, 4) c
  FULL JOIN (SELECT d.creditor_id, d.as_of, d.stage, d.outcome, count(*) AS decisions
             FROM reminder.decision d LEFT JOIN reminder.by_hand b USING (creditor_id, invoice_no, rung, taken_back) WHERE b.kind IS NULL GROUP BY 1, 2, 3, 4) d
    ON d.creditor_id = c.creditor_id AND d.as_of = c.as_of AND d.stage = c.stage AND d.outcome = c.outcome
  WHERE coalesce(c.invoices, 0) <> coalesce(d.decisions, 0)
  UNION ALL
  SELECT 'event_missing', CASE WHEN e.invoice_no = '' THEN format('creditor %s', e.creditor_id) ELSE format('invoice %s of creditor %s', e.invoice_no, e.creditor_id) END,
         format('Of its %s events %s are there.', max(e.event_no), count(*)), 'Find who deleted events past the triggers.'
  FROM reminder.event e GROUP BY e.creditor_id, e.invoice_no HAVING max(e.event_no) <> count(*)
  UNION ALL
  SELECT 'interest_rate_missing', format('creditor %s', c.creditor_id),
         format('The rate of late interest of %s for the half-year from %s is %s: letters claim interest up to the day before.',
                c.jurisdiction, f.valid_from, CASE f.confidence WHEN 'missing' THEN f.confidence ELSE 'unconfirmed' END),
         format('Look it up, and put it into reminder.reference_rate: SELECT * FROM reminder.law_in_force(%L, %L);', c.jurisdiction, f.valid_from)
  FROM reminder.creditor c
  CROSS JOIN LATERAL reminder._rate_in_force(c.jurisdiction, reminder._last_run(c.creditor_id), c.creditor_id) f
  WHERE c.automation AND f.valid_from IS NOT NULL AND f.confidence IN ('missing', 'unconfirmed')
    AND EXISTS (SELECT FROM reminder.rule r WHERE r.creditor_id = c.creditor_id AND r.enabled AND r.claims_interest AND r.interest_percent IS NULL)
$$;
COMMENT ON FUNCTION reminder._check_runs() IS
'Internal: findings on runs and events, and on the law that the last run would have needed: run_order, run_missing, run_count, event_missing, interest_rate_missing.';

CREATE FUNCTION reminder.check() RETURNS TABLE (finding text, object text, detail text, hint text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
  _unreadable boolean := false;
BEGIN
  IF to_regclass('reminder.installation') IS NULL THEN
    RETURN QUERY SELECT 'not_installed', 'schema reminder', 'There are no tables of reminder.', 'SELECT reminder.install(); makes them.';
    RETURN;
  END IF;
  RETURN QUERY
    SELECT 'version', 'reminder.installation', format('The tables are of version %s, the extension of %s.', i.version, reminder.version()),
           'ALTER EXTENSION reminder UPDATE; and then SELECT reminder.upgrade();'
    FROM reminder.installation i WHERE i.version <> reminder.version();
  FOR finding, object, detail, hint IN SELECT * FROM reminder._check_tables() LOOP
    _unreadable := _unreadable OR finding IN ('table_missing', 'table_owner');
    RETURN NEXT;
  END LOOP;
  RETURN QUERY SELECT * FROM reminder._check_guards();
  FOR finding, object, detail, hint IN SELECT * FROM reminder._check_attached() LOOP
    -- what nobody can map cannot be looked at
    _unreadable := _unreadable OR finding = 'map_replaced';
    RETURN NEXT;
  END LOOP;
  RETURN QUERY SELECT * FROM reminder._check_events();
  RETURN QUERY SELECT * FROM reminder._check_prepared();
  -- Where a table is missing, or not the owner's to read, its rows cannot be looked at.
  IF _unreadable THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT * FROM reminder._check_walls();
  RETURN QUERY SELECT * FROM reminder._check_money();
  RETURN QUERY SELECT * FROM reminder._check_cases();
  RETURN QUERY SELECT * FROM reminder._check_ladder();
  RETURN QUERY SELECT * FROM reminder._check_outbox();
  RETURN QUERY SELECT * FROM reminder._check_runs();
  RETURN QUERY SELECT * FROM reminder._check_control_accounts();
  RETURN QUERY SELECT * FROM reminder._check_drift();
  RETURN QUERY SELECT * FROM reminder._check_gone();
  -- The assignment is the trigger's own, and that takes locks: not where nothing may be written.
  IF current_setting('transaction_read_only')::boolean THEN
    RETURN;
  END IF;
  -- No rule or class changes between reading the customers and asking.
  PERFORM FROM reminder.creditor c ORDER BY c.creditor_id FOR KEY SHARE;
  RETURN QUERY
    SELECT 'customer_rule', format('customer %s of creditor %s', c.customer_no, c.creditor_id),
           format('It is under rule %s (%s), which is not the one it should be under.', coalesce(c.rule_no::text, 'none'), c.assigned_by),
           format('UPDATE reminder.customer SET name = name WHERE creditor_id = %s AND customer_no = %L;', c.creditor_id, c.customer_no)
    FROM reminder.customer c
    WHERE NOT reminder._assigned(c.creditor_id, c.kind, c.country, c.class, c.own_rule, c.blocked, c.rule_no, c.assigned_by);
END
$$;
COMMENT ON FUNCTION reminder.check() IS
'Looks for what is not as it should be: guards missing, disabled, replaced or not ENABLE ALWAYS, rules and rights on our tables, functions without a fixed search path, prepared transactions, and rows that contradict each other. Each row is a finding: what, where, in words, and what to do; no row is good. It reads every table whole. In a read-only transaction it does not look at the rules of customers. Raises 42501 for anyone without rights on the tables.';
