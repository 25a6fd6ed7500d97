/*
 * check() of an application's tables that are attached or protected (A3):
 * what keeps them guarded, and rows that got past all that.
 */

CREATE FUNCTION reminder._drift(relation regclass, attachment_no integer, query text, part regclass) RETURNS text[]
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_drift';
COMMENT ON FUNCTION reminder._drift(regclass, integer, text, regclass) IS
'Internal: maps all rows of an attached table (part: the table itself), or of a partition that left it, with the rights of its owner, and runs a query over mapped_rows with our own; gives the two columns of its only row.';

CREATE FUNCTION reminder._check_attached(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH here AS (
    SELECT a.*, a.relation::text AS name FROM reminder.attachment a JOIN pg_class c ON c.oid = a.relation),
  guarded AS (
    SELECT DISTINCT c.oid, c.oid::regclass AS name, c.relkind, c.relpersistence, c.relispartition
    FROM here a CROSS JOIN LATERAL reminder._attached_relations(a.relation) r JOIN pg_class c ON c.oid = r)
  SELECT 'attached_missing', format('attachment %s', a.attachment_no), 'Its table has gone.', 'SELECT reminder.repair();'
  FROM reminder.attachment a WHERE NOT EXISTS (SELECT FROM here h WHERE h.attachment_no = a.attachment_no)
  UNION ALL
  SELECT w.wrong, format('%s.%I', g.name, w.name),
         CASE w.wrong WHEN 'trigger_missing' THEN 'The trigger is not there.' WHEN 'trigger_disabled' THEN 'It is disabled.'
                      WHEN 'trigger_not_always' THEN 'It does not fire in replica mode, or only there.' ELSE format('It is: %s', w.standing) END,
         'SELECT reminder.repair();'
  FROM guarded g CROSS JOIN LATERAL reminder._guards_wrong(g.oid) w
  UNION ALL
  SELECT 'table_not_logged', g.name::text, 'A crash empties it.', format('ALTER TABLE %s SET LOGGED;', g.name) FROM guarded g WHERE g.relpersistence = 'u'
  UNION ALL
  SELECT 'table_inherited', g.name::text, format('Rows of %s pass for its own and pass no guard.', i.inhrelid::regclass), format('ALTER TABLE %s NO INHERIT %s;', i.inhrelid::regclass, g.name)
  FROM guarded g JOIN pg_inherits i ON i.inhparent = g.oid WHERE g.relkind = 'r'
  UNION ALL
  SELECT 'table_inherits', g.name::text, format('What is written through %s passes its guards.', i.inhparent::regclass),
         format('ALTER TABLE %s %s;', CASE WHEN p.relkind = 'p' THEN p.oid ELSE g.oid END::regclass, CASE WHEN p.relkind = 'p' THEN 'DETACH PARTITION ' || g.name ELSE 'NO INHERIT ' || p.oid::regclass END)
  FROM guarded g JOIN here a ON a.relation = g.oid JOIN pg_inherits i ON i.inhrelid = g.oid JOIN pg_class p ON p.oid = i.inhparent
  UNION ALL
  SELECT 'rule_on_table', g.name::text, format('Rule %I may turn writes away.', w.rulename), format('DROP RULE %I ON %s;', w.rulename, g.name)
  FROM guarded g JOIN pg_rewrite w ON w.ev_class = g.oid
  UNION ALL
  SELECT 'key_missing', g.name, 'It has no primary key: no row is found again, and none can be written.', format('ALTER TABLE %s ADD PRIMARY KEY ...;', g.name)
  FROM (SELECT DISTINCT h.relation, h.name FROM here h) g WHERE NOT reminder._has_key(g.relation)
  UNION ALL
  SELECT 'map_replaced', a.name, format('The view %s that holds its map has gone, or is one of another table.', a.map), 'Call reminder.detach() or reminder.unprotect(), and attach it anew.'
  FROM here a
  WHERE NOT EXISTS (SELECT FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid
                    WHERE w.ev_class = a.map AND d.refclassid = 'pg_class'::regclass AND d.refobjid = a.relation)
  UNION ALL
  -- names follow a table that is renamed; who did that to put another in its place is not followed
  SELECT 'table_swapped', a.name, format('It was attached as %s, which is another table now.', a.named), 'Attach the table that is written; reminder.detach() or reminder.unprotect() this one.'
  FROM here a CROSS JOIN LATERAL parse_ident(a.named) p (part) WHERE reminder._relation_named(p.part[1], p.part[2]) <> a.relation
  UNION ALL
  SELECT 'index_missing', a.name, 'Whoever opens a case looks for losses by their invoice, and finds no index.', x.index
  FROM here a
  CROSS JOIN LATERAL (SELECT CASE WHEN a.action = 'loss' AND EXISTS (SELECT FROM pg_class c WHERE c.oid = a.map) THEN reminder._loss_index(a.relation, a.map) END) x (index)
  WHERE x.index IS NOT NULL
$$;
COMMENT ON FUNCTION reminder._check_attached() IS
'Internal: findings on tables that are attached or protected: attached_missing, trigger_missing, trigger_disabled, trigger_not_always, trigger_replaced, table_not_logged, table_inherited, table_inherits, rule_on_table, key_missing, map_replaced, table_swapped, index_missing.';

CREATE FUNCTION reminder._check_drift(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _attachment record;
  _found text[];
BEGIN
  FOR _attachment IN
    SELECT a.attachment_no, a.relation, a.kind, CASE a.kind WHEN 'ledger_entry' THEN 'general_ledger_entry' ELSE a.kind END AS ours,
           (SELECT f.field FROM reminder._map_fields() f WHERE f.kind = a.kind ORDER BY f.n LIMIT 1) AS key,
           -- what a field of the map says, or leaves to us; more than paid is nothing to collect
           (SELECT string_agg(CASE WHEN c.attname = 'open_amount' THEN ' AND o.open_amount = greatest(coalesce(m.open_amount, m.amount), 0)'
                                   ELSE format(' AND (m.%1$I IS NULL OR o.%1$I = m.%1$I)', c.attname) END, '' ORDER BY c.attnum)
            FROM pg_attribute c
            WHERE c.attrelid = a.map AND c.attnum > 0 AND NOT c.attisdropped AND NOT (a.kind = 'invoice' AND c.attname = 'paid_on')) AS same,
           EXISTS (SELECT FROM pg_attribute c WHERE c.attrelid = a.map AND c.attname = 'invoice_no' AND a.kind IN ('payment', 'credit')) AS of_invoice
    FROM reminder.attachment a JOIN pg_class c ON c.oid = a.relation JOIN pg_class v ON v.oid = a.map
    WHERE a.kind <> 'booking' AND reminder._has_key(a.relation) ORDER BY 1
  LOOP
    -- whose name was erased has nothing left to compare
    _found := reminder._drift(_attachment.relation, _attachment.attachment_no, format(
      'SELECT count(*), min(m.%1$I) FROM mapped_rows m LEFT JOIN reminder.%2$I o ON o.creditor_id = m.creditor_id AND o.%1$I = m.%1$I
       WHERE (o.creditor_id = m.creditor_id%4$s) IS NOT TRUE AND m.%1$I IS NOT NULL AND m.creditor_id IS NOT NULL%3$s',
      _attachment.key, _attachment.ours,
      CASE WHEN _attachment.kind = 'customer' THEN ' AND o.name IS DISTINCT FROM ''[erased]'''
           -- it left with its invoice
           WHEN _attachment.of_invoice THEN ' AND (m.invoice_no IS NULL OR EXISTS (SELECT FROM reminder.invoice i WHERE i.creditor_id = m.creditor_id AND i.invoice_no = m.invoice_no))' ELSE '' END,
      _attachment.same), _attachment.relation);
    IF _found[1] <> '0' THEN
      finding := 'attached_differs';
      object := _attachment.relation::text;
      detail := format('Of its rows %s are not in reminder.%s as they are there, such as %s "%s".', _found[1], _attachment.ours, _attachment.key, _found[2]);
      hint := 'Find who wrote one of the two past the triggers; what the application has holds: detach it, mend ours, attach it anew.';
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._check_drift() IS
'Internal: findings on rows of attached tables: attached_differs.';

CREATE FUNCTION reminder._check_gone(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
-- of numbers that a function gives nobody knows how many they are
SET enable_nestloop = off
SET jit = off
AS $$
DECLARE
  _kind record;
BEGIN
  FOR _kind IN
    -- where one table cannot be read nothing can be said of its kind
    SELECT a.kind, array_agg(a.creditor_id) AS creditors, bool_or(a.creditor_id IS NULL) AS of_all, string_agg(a.relation::text, ', ' ORDER BY a.attachment_no) AS relations
    FROM reminder.attachment a LEFT JOIN pg_class c ON c.oid = a.relation LEFT JOIN pg_class v ON v.oid = a.map
    WHERE a.kind IN ('customer', 'invoice', 'payment', 'credit')
    GROUP BY a.kind HAVING bool_and(c.oid IS NOT NULL AND v.oid IS NOT NULL AND reminder._has_key(a.relation)) ORDER BY min(a.attachment_no)
  LOOP
    FOR finding, object, detail, hint IN EXECUTE format(
      'SELECT ''attached_gone'', format(''%%s %%s of creditor %%s'', $4, g.no, g.creditor_id), format(''Its row is gone from %%s.'', $1),
              CASE WHEN $4 = ''invoice'' AND EXISTS (SELECT FROM reminder.decision d WHERE d.creditor_id = g.creditor_id AND d.invoice_no = g.no)
                   THEN ''Insert it there again: a step of it was decided.''
                   ELSE CASE $4 WHEN ''invoice'' THEN format(''DELETE FROM reminder.credit WHERE creditor_id = %%1$s AND invoice_no = %%2$L; DELETE FROM reminder.payment WHERE creditor_id = %%1$s AND invoice_no = %%2$L; '', g.creditor_id, g.no) ELSE '''' END
                        || format(''DELETE FROM reminder.%%I WHERE creditor_id = %%s AND %%I = %%L;'', $4, g.creditor_id, $4 || ''_no'', g.no) END
       FROM (SELECT x.creditor_id, x.%2$I AS no FROM reminder.%1$I x
             WHERE ($2 OR x.creditor_id = ANY ($3))
               -- he stays as long as an invoice is his
               AND NOT EXISTS (SELECT FROM reminder.invoice i WHERE $4 = ''customer'' AND i.creditor_id = x.creditor_id AND i.customer_no = x.%2$I)
               AND NOT EXISTS (SELECT FROM reminder._attached_keys($4, NULL) k WHERE k.creditor_id = x.creditor_id AND k.no = x.%2$I)
               AND NOT EXISTS (SELECT FROM reminder.unattached u WHERE u.creditor_id = x.creditor_id AND u.kind = $4 AND u.no = x.%2$I)) g
       ORDER BY g.creditor_id, g.no', _kind.kind, _kind.kind || '_no')
    USING _kind.relations, _kind.of_all, _kind.creditors, _kind.kind
    LOOP
      RETURN NEXT;
    END LOOP;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._check_gone() IS
'Internal: finding on rows that came of attached tables and stand there no more: attached_gone.';
