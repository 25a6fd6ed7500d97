/*
 * Event triggers: nobody takes a guard away in passing (src/veto.c). They are
 * ordinary objects, made last by install(), so that a dump brings them back
 * after everything else; and only by a superuser, as PostgreSQL has it. Where
 * none installed, check() says what is missing and repair() makes it.
 */

CREATE FUNCTION reminder._veto_ddl() RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_veto_ddl';
COMMENT ON FUNCTION reminder._veto_ddl() IS
'Internal: at the end of a command, refuses triggers that are no longer as they were, rules, children and unlogged tables, where tables are guarded. Raises 42R02.';

CREATE FUNCTION reminder._veto_drop() RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_veto_drop';
COMMENT ON FUNCTION reminder._veto_drop() IS
'Internal: when objects have been dropped, refuses it if one was a guard of a table that stays. Raises 42R02.';

CREATE FUNCTION reminder._veto_leave() RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_veto_leave';
COMMENT ON FUNCTION reminder._veto_leave() IS
'Internal: before anything is dropped or detached, refuses to drop our extension or schema while tables of applications are attached or protected, and to let a partition go in which an invoice is collected. Raises 42R02.';

CREATE FUNCTION reminder._veto_rewrite() RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_veto_rewrite';
COMMENT ON FUNCTION reminder._veto_rewrite() IS
'Internal: before a table of ours is rewritten for other types of its columns, refuses that. Raises 42R02.';

CREATE FUNCTION reminder._event_triggers(OUT name text, OUT event text, OUT function text, OUT tags text[]) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  VALUES
    -- CREATE SCHEMA makes tables, too, of which no event of their own tells
    ('reminder_ddl', 'ddl_command_end', 'reminder._veto_ddl()',
     ARRAY['ALTER TABLE', 'ALTER FOREIGN TABLE', 'ALTER TRIGGER', 'CREATE TRIGGER', 'CREATE RULE', 'CREATE TABLE', 'CREATE FOREIGN TABLE', 'CREATE SCHEMA', 'CREATE VIEW']),
    ('reminder_drop', 'sql_drop', 'reminder._veto_drop()', NULL),
    -- DROP EXTENSION ... CASCADE takes the others before they fire; of a partition that has gone no row is left to look at
    ('reminder_leave', 'ddl_command_start', 'reminder._veto_leave()', ARRAY['DROP EXTENSION', 'DROP OWNED', 'DROP SCHEMA', 'DROP TABLE', 'ALTER TABLE']),
    ('reminder_rewrite', 'table_rewrite', 'reminder._veto_rewrite()', NULL)
$$;
COMMENT ON FUNCTION reminder._event_triggers() IS
'Internal: the event triggers that must stand.';

CREATE FUNCTION reminder._event_triggers_wrong(OUT name text, OUT wrong text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.name,
         CASE WHEN e.oid IS NULL THEN 'missing'
              WHEN e.evtevent <> t.event OR e.evtfoid <> to_regprocedure(t.function) OR e.evttags IS DISTINCT FROM t.tags THEN 'replaced'
              WHEN e.evtenabled <> 'A' THEN 'disabled' END
  FROM reminder._event_triggers() t
  LEFT JOIN pg_event_trigger e ON e.evtname = t.name
  WHERE (e.evtevent = t.event AND e.evtfoid = to_regprocedure(t.function) AND e.evttags IS NOT DISTINCT FROM t.tags AND e.evtenabled = 'A') IS NOT TRUE
$$;
COMMENT ON FUNCTION reminder._event_triggers_wrong() IS
'Internal: the event triggers that are not as they must stand, each with what is wrong: missing, replaced or disabled.';

CREATE FUNCTION reminder._arm_events() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _trigger record;
BEGIN
  IF NOT (SELECT r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
    RETURN;
  END IF;
  FOR _trigger IN
    SELECT t.* FROM reminder._event_triggers() t JOIN reminder._event_triggers_wrong() w ON w.name = t.name
  LOOP
    EXECUTE format('DROP EVENT TRIGGER IF EXISTS %I', _trigger.name);
    EXECUTE format('CREATE EVENT TRIGGER %I ON %s %s EXECUTE FUNCTION %s', _trigger.name, _trigger.event,
                   (SELECT 'WHEN TAG IN (' || string_agg(quote_literal(g.tag), ', ' ORDER BY g.n) || ')' FROM unnest(_trigger.tags) WITH ORDINALITY g (tag, n)),
                   _trigger.function);
    EXECUTE format('ALTER EVENT TRIGGER %I ENABLE ALWAYS', _trigger.name);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._arm_events() IS
'Internal: puts every event trigger in its place that is not there as it should be. Does nothing for anyone but a superuser.';

/* What is guarded: our own tables, and those of applications that are attached or protected, with their partitions. */
CREATE FUNCTION reminder._guarded(relation oid) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN EXISTS (SELECT FROM pg_class c WHERE c.oid = $1 AND c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'p')) THEN 'own'
              WHEN EXISTS (SELECT FROM reminder.attachment a WHERE a.relation = coalesce(pg_partition_root($1::regclass), $1::regclass)) THEN 'attached' END
$$;
COMMENT ON FUNCTION reminder._guarded(oid) IS
'Internal: "own" for a table of ours, "attached" for one of an application that is attached or protected, or a partition of such; NULL for any other.';

CREATE FUNCTION reminder._guards_of(relation oid, OUT name text, OUT definition text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.name, t.definition FROM pg_class c JOIN reminder._triggers() t ON t.relation = c.relname
  WHERE c.oid = $1 AND reminder._guarded($1) = 'own'
  UNION ALL
  SELECT t.name, t.definition FROM reminder._attached_triggers($1::regclass) t WHERE reminder._guarded($1) = 'attached'
$$;
COMMENT ON FUNCTION reminder._guards_of(oid) IS
'Internal: the triggers of ours that must stand on a table.';

CREATE FUNCTION reminder._guards_wrong(relation oid, OUT wrong text, OUT name text, OUT standing text, OUT definition text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE WHEN g.oid IS NULL THEN 'trigger_missing' WHEN g.tgenabled = 'D' THEN 'trigger_disabled' WHEN g.tgenabled <> 'A' THEN 'trigger_not_always'
              ELSE 'trigger_replaced' END,
         t.name, pg_get_triggerdef(g.oid), t.definition
  FROM reminder._guards_of($1) t
  LEFT JOIN pg_trigger g ON g.tgrelid = $1 AND g.tgname = t.name
  WHERE (g.tgenabled = 'A' AND pg_get_triggerdef(g.oid) = t.definition) IS NOT TRUE
$$;
COMMENT ON FUNCTION reminder._guards_wrong(oid) IS
'Internal: those of them that do not stand as they should, each with what is wrong, what it is and what it should be.';

/* What a command has done, and what was dropped: asked by src/veto.c, in a snapshot of what is committed now. */
CREATE FUNCTION reminder._weakened(aspect text, OUT kind text, OUT relation text, OUT object text) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF aspect = 'trigger' THEN
    RETURN QUERY
      SELECT g.wrong, d.relid::regclass::text, g.name
      FROM (SELECT DISTINCT coalesce(p.relid, t.relid) AS relid
            FROM (SELECT coalesce(g.tgrelid, d.objid) AS relid
                  FROM pg_event_trigger_ddl_commands() d
                  LEFT JOIN pg_trigger g ON d.classid = 'pg_trigger'::regclass AND g.oid = d.objid
                  WHERE d.classid IN ('pg_class'::regclass, 'pg_trigger'::regclass)) t
            -- what is said of a partitioned table is said of its partitions
            LEFT JOIN LATERAL pg_partition_tree(t.relid) p ON true) d
      CROSS JOIN LATERAL reminder._guards_wrong(d.relid) g
      UNION ALL
      -- foreign keys are triggers, too
      SELECT 'trigger_disabled', c.oid::regclass::text, k.conname::text
      FROM pg_event_trigger_ddl_commands() d
      JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relnamespace = 'reminder'::regnamespace
      JOIN pg_trigger g ON g.tgrelid = c.oid AND g.tgisinternal AND g.tgenabled = 'D'
      JOIN pg_constraint k ON k.oid = g.tgconstraint;
  ELSIF aspect = 'rule' THEN
    RETURN QUERY
      SELECT 'rule', c.oid::regclass::text, w.rulename::text
      FROM pg_event_trigger_ddl_commands() d
      JOIN pg_rewrite w ON d.classid = 'pg_rewrite'::regclass AND w.oid = d.objid
      JOIN pg_class c ON c.oid = w.ev_class AND c.relkind IN ('r', 'p')
      WHERE reminder._guarded(c.oid) IS NOT NULL;
  ELSIF aspect = 'child' THEN
    RETURN QUERY
      -- as a child, or as a partition, it would be written through its parent, whose triggers are its own
      SELECT CASE WHEN c.relkind = 'p' THEN 'partition' WHEN reminder._guarded(c.oid) IS NOT NULL THEN 'child' ELSE 'parent' END,
             CASE WHEN reminder._guarded(c.oid) IS NOT NULL THEN c.oid ELSE i.inhrelid END::regclass::text,
             CASE WHEN reminder._guarded(c.oid) IS NOT NULL THEN i.inhrelid ELSE c.oid END::regclass::text
      FROM pg_event_trigger_ddl_commands() d
      JOIN pg_inherits i ON d.classid = 'pg_class'::regclass AND d.objid IN (i.inhrelid, i.inhparent)
      JOIN pg_class c ON c.oid = i.inhparent
      JOIN pg_class k ON k.oid = i.inhrelid
      WHERE c.relkind = 'r' AND (reminder._guarded(c.oid) IS NOT NULL OR reminder._guarded(k.oid) IS NOT NULL)
         OR c.relkind = 'p' AND (k.relnamespace = 'reminder'::regnamespace OR EXISTS (SELECT FROM reminder.attachment a WHERE a.relation = k.oid)
                                 OR k.relkind = 'f' AND reminder._guarded(c.oid) IS NOT NULL);
  ELSIF aspect = 'map' THEN
    RETURN QUERY
      SELECT 'map', a.map::text, a.relation::text
      FROM pg_event_trigger_ddl_commands() d
      JOIN reminder.attachment a ON d.classid = 'pg_class'::regclass AND a.map = d.objid::regclass;
  ELSE
    RETURN QUERY
      SELECT 'logged', c.oid::regclass::text, NULL
      FROM pg_event_trigger_ddl_commands() d
      JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.relpersistence = 'u' AND reminder._guarded(c.oid) IS NOT NULL;
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._weakened(text) IS
'Internal: of the tables that the command under way touched, those whose guards it has weakened in one respect: trigger, rule, child, map or logged.';

CREATE FUNCTION reminder._take_partition(relation regclass) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_take_partition';
COMMENT ON FUNCTION reminder._take_partition(regclass) IS
'Internal: takes in the rows of a partition that an attached table has got; guards its bookings. Raises what an INSERT of them would.';

CREATE FUNCTION reminder._take_partitions() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _new regclass[];
  _root regclass;
  _relation regclass;
BEGIN
  -- Read whole before our own commands begin. Those that came to a table that is guarded have none of our triggers yet.
  SELECT array_agg(DISTINCT p.relid ORDER BY p.relid) INTO _new
  FROM pg_event_trigger_ddl_commands() d CROSS JOIN LATERAL pg_partition_tree(CASE WHEN d.classid = 'pg_class'::regclass THEN d.objid::regclass END) p
  WHERE reminder._guarded(p.relid) = 'attached' AND NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = p.relid AND g.tgname = 'reminder_inserted');
  FOR _root IN SELECT DISTINCT pg_partition_root(n) FROM unnest(_new) n LOOP
    PERFORM reminder._put_attached_triggers(_root);
  END LOOP;
  FOR _relation IN SELECT n FROM unnest(_new) n JOIN pg_class c ON c.oid = n AND c.relkind = 'r' LOOP
    PERFORM reminder._take_partition(_relation);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._take_partitions() IS
'Internal: puts our triggers on partitions that the command under way made or attached to guarded tables, and takes their rows in. Raises what an INSERT of them would.';

CREATE FUNCTION reminder._collected_in(root regclass, part regclass) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _attachment_no integer;
  _collected text[];
BEGIN
  FOR _attachment_no IN SELECT a.attachment_no FROM reminder.attachment a WHERE a.relation = root AND a.kind = 'invoice' LOOP
    _collected := reminder._drift(root, _attachment_no,
      'SELECT count(*), min(m.invoice_no) FROM mapped_rows m JOIN reminder.collection_case k ON k.creditor_id = m.creditor_id AND k.invoice_no = m.invoice_no AND k.ended_on IS NULL', part);
    IF _collected[1] <> '0' THEN
      RETURN _collected[2];
    END IF;
  END LOOP;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._collected_in(regclass, regclass) IS
'Internal: an invoice in a partition (part) of an attached table (root) whose case is active; NULL: there is none.';

CREATE FUNCTION reminder._leaving(objects oid[], owners oid[], role_id oid, OUT kind text, OUT relation text, OUT object text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _gone record;
  _collected text;
BEGIN
  FOR _gone IN
    WITH going AS (
      SELECT c.oid, c.relowner, n.nspowner FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND (c.oid = ANY ($1) OR n.oid = ANY ($1) OR c.relowner = ANY ($2) OR n.nspowner = ANY ($2)))
    SELECT g.oid::regclass AS part, r.oid::regclass AS root, EXISTS (SELECT FROM going x WHERE x.oid = r.oid) AS whole
    FROM going g JOIN pg_class r ON r.oid = coalesce(pg_partition_root(g.oid), g.oid)
    WHERE reminder._guarded(g.oid) = 'attached'
      -- what this role may not drop is PostgreSQL's to refuse
      AND (pg_has_role($3, g.relowner, 'USAGE') OR pg_has_role($3, g.nspowner, 'USAGE') OR pg_has_role($3, r.relowner, 'USAGE'))
  LOOP
    -- with its table it may go
    IF NOT _gone.whole THEN
      _collected := reminder._collected_in(_gone.root, _gone.part);
      IF _collected IS NOT NULL THEN
        RETURN QUERY SELECT 'leaving', _gone.part::text, _collected;
        RETURN;
      END IF;
    END IF;
    IF NOT _gone.whole OR _gone.part = _gone.root THEN
      PERFORM reminder._note_left(a.attachment_no, _gone.part) FROM reminder.attachment a WHERE a.relation = _gone.root;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._leaving(oid[], oid[], oid) IS
'Internal: of tables and schemas (objects) that a role is about to drop, or that are owned by roles (owners) all of whose objects it drops, and of partitions that it detaches, the first partition of an attached table in which an invoice stands whose case is active. Notes what stays here of the others.';

CREATE FUNCTION reminder._let_partitions_go(OUT kind text, OUT relation text, OUT object text) RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _gone record;
  _collected text;
BEGIN
  FOR _gone IN
    SELECT g.tgrelid::regclass AS part, g.tgname, r.root
    FROM (SELECT DISTINCT coalesce(pg_partition_root(d.objid::regclass), d.objid::regclass) AS root
          FROM pg_event_trigger_ddl_commands() d WHERE d.classid = 'pg_class'::regclass) r
    CROSS JOIN (SELECT g.* FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid AND p.pronamespace = 'reminder'::regnamespace AND p.proname ~ '^_attached_') g
    WHERE reminder._guarded(r.root) = 'attached' AND reminder._guarded(g.tgrelid) IS NULL
  LOOP
    IF _gone.tgname = 'reminder_inserted' THEN
      _collected := reminder._collected_in(_gone.root, _gone.part);
      IF _collected IS NOT NULL THEN
        RETURN QUERY SELECT 'leaving', _gone.part::text, _collected;
        RETURN;
      END IF;
      PERFORM reminder._note_left(a.attachment_no, _gone.part) FROM reminder.attachment a WHERE a.relation = _gone.root;
    END IF;
    EXECUTE format('DROP TRIGGER %I ON %s', _gone.tgname, _gone.part);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._let_partitions_go() IS
'Internal: takes our triggers off partitions that the command under way detached from guarded tables; gives one of whose invoices the case is active, which must stay.';

CREATE FUNCTION reminder._relation_named(schema text, name text) RETURNS regclass
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT c.oid::regclass FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2
$$;
COMMENT ON FUNCTION reminder._relation_named(text, text) IS
'Internal: a relation by its name, also in a schema that we have no rights on, where to_regclass() fails; NULL: there is none.';

CREATE FUNCTION reminder._dropped(OUT kind text, OUT relation text, OUT object text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- What goes with its table is not in the way; names are those of the table when it went.
  SELECT 'trigger_missing', t.relation::text, t.name
  FROM (SELECT reminder._relation_named(d.address_names[1], d.address_names[2]) AS relation, d.address_names[3] AS name
        FROM pg_event_trigger_dropped_objects() d WHERE d.object_type = 'trigger') t
  CROSS JOIN LATERAL reminder._guards_of(t.relation) g
  WHERE g.name = t.name
  UNION ALL
  SELECT 'map', d.object_identity, a.relation::text
  FROM pg_event_trigger_dropped_objects() d
  JOIN reminder.attachment a ON d.object_type = 'view' AND a.map = d.objid::regclass
  WHERE EXISTS (SELECT FROM pg_class c WHERE c.oid = a.relation)
  UNION ALL
  SELECT 'key', a.relation::text, NULL
  FROM pg_event_trigger_dropped_objects() d
  JOIN reminder.attachment a ON d.object_type = 'table constraint' AND a.relation = reminder._relation_named(d.address_names[1], d.address_names[2])
  WHERE NOT reminder._has_key(a.relation)
  UNION ALL
  -- Ours begin with their table's name, or its first word; others may have added some.
  SELECT 'constraint', 'reminder', d.address_names[3]
  FROM pg_event_trigger_dropped_objects() d
  WHERE d.object_type = 'table constraint' AND d.address_names[1] = 'reminder'
    AND starts_with(d.address_names[3], split_part(d.address_names[2], '_', 1))
    AND to_regclass(format('reminder.%I', d.address_names[2])) IS NOT NULL
  UNION ALL
  SELECT 'constraint', 'reminder', d.address_names[2]
  FROM pg_event_trigger_dropped_objects() d
  -- of an index that has gone nobody knows the table but by its name
  WHERE d.object_type = 'index' AND d.address_names[1] = 'reminder' AND d.address_names[2] ~ '_key$'
    AND EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' AND starts_with(d.address_names[2], c.relname))
$$;
COMMENT ON FUNCTION reminder._dropped() IS
'Internal: of what the command under way dropped, the guards of tables that stay.';

CREATE FUNCTION reminder._check_events(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT 'event_trigger_' || w.wrong, w.name,
         CASE w.wrong WHEN 'missing' THEN 'It is not there: whoever owns a guarded table can take its guards away.'
                      WHEN 'disabled' THEN 'It does not always fire: whoever owns a guarded table can take its guards away.'
                      ELSE 'It is not what install() makes.' END,
         'As a superuser: SELECT reminder.repair();'
  FROM reminder._event_triggers_wrong() w
  UNION ALL
  -- from 17 on
  SELECT 'event_trigger_disabled', 'event_triggers', 'The setting is off: no event trigger fires.', 'RESET event_triggers, and look where it is set: ALTER ROLE, ALTER DATABASE, postgresql.conf.'
  WHERE current_setting('event_triggers', true) = 'off'
  UNION ALL
  SELECT 'replica_mode', coalesce(nullif(s.setrole, 0)::regrole::text, d.datname, 'all roles'),
         format('It begins in session_replication_role = %s: there no foreign key holds.', split_part(c.setting, '=', 2)),
         CASE WHEN s.setrole = 0 THEN format('ALTER DATABASE %I RESET session_replication_role;', d.datname)
              ELSE format('ALTER ROLE %s %s RESET session_replication_role;', s.setrole::regrole, 'IN DATABASE ' || quote_ident(d.datname)) END
  FROM pg_db_role_setting s CROSS JOIN LATERAL unnest(s.setconfig) c (setting) LEFT JOIN pg_database d ON d.oid = s.setdatabase
  WHERE c.setting ~ '^session_replication_role=(replica|local)$' AND (s.setdatabase = 0 OR d.datname = current_database())
$$;
COMMENT ON FUNCTION reminder._check_events() IS
'Internal: findings on what keeps guards in place: event_trigger_missing, event_trigger_disabled, event_trigger_replaced, replica_mode.';

CREATE FUNCTION reminder.repair() RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  _wrong record;
  _n integer := 0;
BEGIN
  IF to_regclass('reminder.installation') IS NULL THEN
    RAISE EXCEPTION 'there are no tables of reminder to repair'
      USING ERRCODE = '55R04', HINT = 'SELECT reminder.install(); makes them.';
  END IF;
  IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'reminder'), 'USAGE') THEN
    RAISE EXCEPTION 'permission denied to repair the guards of reminder'
      USING ERRCODE = 'insufficient_privilege',
            HINT = 'Call repair() as the owner of the schema reminder, or as a superuser.';
  END IF;
  PERFORM reminder._keep(true);
  -- What was passed meanwhile stays passed: the log says since when it may have been.
  FOR _wrong IN
    SELECT g.finding, g.object FROM reminder._check_guards() g WHERE g.finding ~ '^trigger_'
    UNION ALL
    SELECT a.finding, a.object FROM reminder._check_attached() a WHERE a.finding ~ '^trigger_'
    UNION ALL
    SELECT e.finding, e.object FROM reminder._check_events() e WHERE e.finding ~ '^event_trigger_'
  LOOP
    RAISE LOG 'reminder.repair() found %: %', _wrong.finding, _wrong.object;
    _n := _n + 1;
  END LOOP;
  FOR _wrong IN
    SELECT DISTINCT g.tgrelid::regclass AS relation
    FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid AND c.relnamespace = 'reminder'::regnamespace
    WHERE g.tgisinternal AND g.tgenabled = 'D'
  LOOP
    EXECUTE format('ALTER TABLE %s ENABLE TRIGGER ALL', _wrong.relation);
  END LOOP;
  PERFORM reminder._arm();
  DELETE FROM reminder.attachment a WHERE NOT EXISTS (SELECT FROM pg_class c WHERE c.oid = a.relation);
  PERFORM reminder._put_attached_triggers(a.relation)
  FROM (SELECT DISTINCT a.relation FROM reminder.attachment a) a JOIN pg_class c ON c.oid = a.relation
  WHERE pg_has_role(c.relowner, 'USAGE')
    AND EXISTS (SELECT FROM reminder._attached_relations(a.relation) r CROSS JOIN LATERAL reminder._guards_wrong(r) w);
  PERFORM reminder._arm_events();
  PERFORM reminder._keep(false);
  RETURN CASE _n WHEN 0 THEN 'nothing to repair' WHEN 1 THEN 'one trigger put back' ELSE format('%s triggers put back', _n) END;
END
$$;
COMMENT ON FUNCTION reminder.repair() IS
'Puts back triggers and event triggers that are missing, disabled, replaced or not ENABLE ALWAYS, as after pg_restore --disable-triggers. Takes nothing; gives a sentence that says how many, and writes which into the server''s log. What was written past them meanwhile check() finds. Event triggers, foreign keys and the tables of applications need a superuser. Raises 55R04 when there are no tables, 42501 for anyone but the owner of the schema.';
REVOKE ALL ON FUNCTION reminder.repair() FROM PUBLIC;
