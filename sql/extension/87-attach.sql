/*
 * An application's own tables (A1-A3): attach() makes a view that holds the
 * map, puts triggers on the table, and takes its rows in. The mirroring itself
 * is src/attach.c and mirror.c.
 */

CREATE FUNCTION reminder._one_expression(field text, expression text) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_one_expression';
COMMENT ON FUNCTION reminder._one_expression(text, text) IS
'Internal: an expression in parentheses, for a field of a map. Raises 22R01 unless it is exactly one, 42601 for one that cannot be read.';

CREATE FUNCTION reminder._nearest(word text, words text[]) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_nearest';
COMMENT ON FUNCTION reminder._nearest(text, text[]) IS
'Internal: the one of some words that a misspelt one is likely meant for; NULL: none.';

CREATE FUNCTION reminder._store_map(view regclass, relation regclass, fields text[], expressions text[], filter text) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_store_map';
COMMENT ON FUNCTION reminder._store_map(regclass, regclass, text[], text[], text) IS
'Internal: puts a map into its view; expressions are read with the rights of the table''s owner. Raises 22R01 for one that is not of one row, or not the same each time, and what PostgreSQL says of one that is wrong.';

CREATE FUNCTION reminder._load_attached(relation regclass, attachment_no integer) RETURNS bigint
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_load_attached';
COMMENT ON FUNCTION reminder._load_attached(regclass, integer) IS
'Internal: takes all rows of an attached table in, which is locked against writing; gives how many.';

/* The fields of each kind, its key first: their types, whether a map must have them, and what stands for NULL. */
CREATE FUNCTION reminder._map_fields(OUT n integer, OUT kind text, OUT field text, OUT type text, OUT needed boolean, OUT fallback text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  VALUES
    (1, 'customer', 'customer_no', 'text', true, NULL),
    (2, 'customer', 'name', 'text', true, NULL),
    (3, 'customer', 'kind', 'text', false, 'company'),
    (4, 'customer', 'country', 'text', false, NULL),
    (5, 'customer', 'class', 'text', false, NULL),
    (6, 'customer', 'blocked', 'boolean', false, 'false'),
    (7, 'customer', 'collection_ban', 'boolean', false, 'false'),
    (8, 'customer', 'consumer_einvoice', 'boolean', false, 'false'),
    (9, 'customer', 'standing', 'text', false, 'normal'),
    (10, 'customer', 'identity_no', 'text', false, NULL),
    (11, 'customer', 'email', 'text', false, NULL),
    (12, 'customer', 'einvoice_address', 'text', false, NULL),
    (13, 'customer', 'address', 'text', false, NULL),
    (14, 'customer', 'language', 'text', false, NULL),
    (1, 'invoice', 'invoice_no', 'text', true, NULL),
    (2, 'invoice', 'customer_no', 'text', true, NULL),
    (3, 'invoice', 'kind', 'text', false, 'invoice'),
    (4, 'invoice', 'invoice_date', 'date', true, NULL),
    (5, 'invoice', 'due_date', 'date', true, NULL),
    (6, 'invoice', 'currency', 'text', false, NULL),
    (7, 'invoice', 'amount', 'numeric(14,2)', true, NULL),
    (8, 'invoice', 'open_amount', 'numeric(14,2)', false, NULL),
    (9, 'invoice', 'paid_on', 'date', false, NULL),
    (10, 'invoice', 'fee_by_hand', 'numeric(14,2)', false, '0'),
    (11, 'invoice', 'external_collection', 'boolean', false, 'false'),
    (12, 'invoice', 'branch', 'text', false, NULL),
    (13, 'invoice', 'trading_name', 'text', false, NULL),
    (14, 'invoice', 'reference', 'text', false, NULL),
    (15, 'invoice', 'description', 'text', false, NULL),
    (1, 'payment', 'payment_no', 'text', true, NULL),
    (2, 'payment', 'invoice_no', 'text', false, NULL),
    (3, 'payment', 'paid_on', 'date', true, NULL),
    (4, 'payment', 'amount', 'numeric(14,2)', true, NULL),
    (5, 'payment', 'source', 'text', false, 'creditor'),
    (6, 'payment', 'reference', 'text', false, NULL),
    (7, 'payment', 'allocates', 'text', false, NULL),
    (8, 'payment', 'bounced_on', 'date', false, NULL),
    (1, 'credit', 'credit_no', 'text', true, NULL),
    (2, 'credit', 'invoice_no', 'text', true, NULL),
    (3, 'credit', 'kind', 'text', false, 'credit'),
    (4, 'credit', 'credited_on', 'date', true, NULL),
    (5, 'credit', 'amount', 'numeric(14,2)', true, NULL),
    (6, 'credit', 'reason', 'text', false, NULL),
    (1, 'ledger_entry', 'entry_no', 'text', true, NULL),
    (2, 'ledger_entry', 'voucher_no', 'text', true, NULL),
    (3, 'ledger_entry', 'account', 'text', true, NULL),
    (4, 'ledger_entry', 'posted_on', 'date', true, NULL),
    (5, 'ledger_entry', 'amount', 'numeric(14,2)', true, NULL),
    (6, 'ledger_entry', 'currency', 'text', false, NULL),
    (7, 'ledger_entry', 'branch', 'text', false, NULL),
    (8, 'ledger_entry', 'event', 'text', false, NULL),
    (9, 'ledger_entry', 'document_no', 'text', false, NULL),
    (10, 'ledger_entry', 'invoice_no', 'text', false, NULL),
    (1, 'booking', 'invoice_no', 'text', true, NULL)
$$;
COMMENT ON FUNCTION reminder._map_fields() IS
'Internal: the fields that maps of each kind have.';

CREATE FUNCTION reminder._map_expression(field text, type text, fallback text, value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _expression text;
BEGIN
  IF jsonb_typeof(value) = 'string' THEN
    _expression := reminder._one_expression(field, value #>> '{}');
  ELSIF jsonb_typeof(value) IN ('number', 'boolean') THEN
    _expression := format('(%s)', value);
  ELSIF jsonb_typeof(value) = 'object' AND jsonb_typeof(value -> 'expression') = 'string'
        AND value - '{expression,values,else}'::text[] = '{}' AND jsonb_typeof(value -> 'values') = 'object' AND value -> 'values' <> '{}' THEN
    -- A value that is not named stays what it is, for the constraints of our tables to judge.
    _expression := reminder._one_expression(field, value ->> 'expression');
    _expression := format('(CASE %s::text%s ELSE %s END)', _expression,
                          (SELECT string_agg(format(' WHEN %L THEN %L', v.key, v.value), '' ORDER BY v.key) FROM jsonb_each_text(value -> 'values') v),
                          CASE WHEN value ? 'else' THEN quote_nullable(value ->> 'else') ELSE _expression || '::text' END);
  ELSE
    RAISE EXCEPTION 'field "%" of the map is not an expression', field
      USING ERRCODE = '22R01', DETAIL = format('It is %s.', left(value::text, 200)),
            HINT = 'Give a column or an expression as a string; or {"expression": "status", "values": {"theirs": "ours"}, "else": "ours"}.';
  END IF;
  -- A filter is to be a condition as it stands.
  IF field = 'where' THEN
    RETURN _expression;
  END IF;
  _expression := format('%s::%s', _expression, type);
  IF fallback IS NOT NULL THEN
    _expression := format('coalesce(%s, %L::%s)', _expression, fallback, type);
  END IF;
  RETURN CASE type WHEN 'text' THEN format('(%s COLLATE "C")', _expression) ELSE _expression END;
END
$$;
COMMENT ON FUNCTION reminder._map_expression(text, text, text, jsonb) IS
'Internal: a field of a map as an SQL expression. Raises 22R01.';

CREATE FUNCTION reminder._check_map(kind text, creditor_id bigint, columns jsonb) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _known text[] := (SELECT array_agg(f.field ORDER BY f.n) FROM reminder._map_fields() f WHERE f.kind = $1) || '{creditor_id,where}'::text[];
  _field text;
  _nearest text;
BEGIN
  IF jsonb_typeof($3) IS DISTINCT FROM 'object' THEN
    RAISE EXCEPTION 'a map is an object of fields'
      USING ERRCODE = '22R01', HINT = 'Such as {"invoice_no": "number", "amount": "net + vat", "where": "state = ''posted''"}.';
  END IF;
  SELECT k INTO _field FROM jsonb_object_keys($3) k WHERE k <> ALL (_known) ORDER BY k LIMIT 1;
  IF FOUND THEN
    _nearest := reminder._nearest(_field, _known);
    RAISE EXCEPTION 'unknown field "%" of a map of kind "%"', left(_field, 64), $1
      USING ERRCODE = '22R01',
            HINT = CASE WHEN _nearest IS NOT NULL THEN format('Perhaps you mean "%s".', _nearest)
                        ELSE format('Fields are %s.', array_to_string(_known, ', ')) END;
  END IF;
  SELECT f.field INTO _field FROM reminder._map_fields() f WHERE f.kind = $1 AND f.needed AND NOT $3 ? f.field ORDER BY f.n LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a map of kind "%" needs field "%"', $1, _field
      USING ERRCODE = '22R01', HINT = 'Give the column or the expression that it is.';
  END IF;
  IF $1 = 'invoice' AND ($3 ? 'open_amount') <> ($3 ? 'paid_on') THEN
    RAISE EXCEPTION 'a map of kind "%" needs field "%"', $1, CASE WHEN $3 ? 'open_amount' THEN 'paid_on' ELSE 'open_amount' END
      USING ERRCODE = '22R01', HINT = 'What is open goes down on a day: give both, or attach the table of payments.';
  END IF;
  IF ($2 IS NULL) <> ($3 ? 'creditor_id') THEN
    RAISE EXCEPTION 'a map needs one creditor'
      USING ERRCODE = '22R01', HINT = 'Give creditor_id as an argument, or as a field of the map.';
  END IF;
  IF $2 IS NOT NULL AND NOT EXISTS (SELECT FROM reminder.creditor c WHERE c.creditor_id = $2) THEN
    RAISE EXCEPTION 'creditor % is unknown or not yours', $2
      USING ERRCODE = '22R04', HINT = 'SELECT creditor_id, name FROM reminder.creditor; lists the creditors there are.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._check_map(text, bigint, jsonb) IS
'Internal: raises 22R01 or 22R04 for a map that has not the fields it should.';

CREATE FUNCTION reminder._attached_relations(relation regclass) RETURNS SETOF regclass
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT $1
  UNION ALL
  SELECT p.relid FROM pg_partition_tree($1) p WHERE p.relid <> $1
$$;
COMMENT ON FUNCTION reminder._attached_relations(regclass) IS
'Internal: a table, and after it its partitions of all levels.';

CREATE FUNCTION reminder._has_key(relation regclass) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1 AND i.indisprimary AND i.indimmediate)
$$;
COMMENT ON FUNCTION reminder._has_key(regclass) IS
'Internal: whether a table has a primary key that holds at every moment: rows are found again by it.';

CREATE FUNCTION reminder._check_attachable(relation regclass) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _table record;
  _why text;
  _what text;
BEGIN
  IF $1 IS NULL THEN
    RAISE EXCEPTION 'there is no table to attach' USING ERRCODE = '22R01', HINT = 'Give it as a regclass: ''schema.table''.';
  END IF;
  FOR _table IN
    SELECT c.*, n.nspname, c.oid::regclass AS name FROM reminder._attached_relations($1) r
    JOIN pg_class c ON c.oid = r JOIN pg_namespace n ON n.oid = c.relnamespace
  LOOP
    SELECT w.why, w.what INTO _why, _what FROM (VALUES
      (_table.relkind NOT IN ('r', 'p'), 'is not a table',
       CASE WHEN _table.relkind IN ('v', 'm') THEN 'Attach the tables it shows.' WHEN _table.relkind = 'f' THEN 'Attach it where its rows are written.' ELSE 'Attach a table.' END),
      (_table.relpersistence = 't', 'is temporary', 'Attach a permanent table.'),
      (_table.relpersistence = 'u', 'is unlogged: a crash empties it', format('ALTER TABLE %s SET LOGGED;', _table.name)),
      (_table.nspname = 'reminder', 'is one of reminder''s own', 'Write it; nothing needs to be attached.'),
      (_table.nspname ~ '^(pg_|information_schema$)', 'is PostgreSQL''s own', 'Attach a table of the application.'),
      (_table.oid = $1 AND _table.relispartition, 'is a partition', format('Attach %s.', (SELECT max(a::text) FROM pg_partition_root($1) a))),
      (_table.relkind = 'r' AND NOT _table.relispartition AND EXISTS (SELECT FROM pg_inherits i WHERE _table.oid IN (i.inhrelid, i.inhparent)),
       'is inherited or inherits', 'Rows of inherited tables pass triggers: make it a partitioned table.'),
      (EXISTS (SELECT FROM pg_rewrite w WHERE w.ev_class = _table.oid AND _table.relkind IN ('r', 'p')), 'has rules', 'Rules turn writes away from triggers: drop them.'),
      (NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = $1 AND i.indisprimary), 'has no primary key', 'Give it one: rows are found again by it.'),
      (NOT reminder._has_key($1), 'has a primary key that is deferrable', 'Give it one that is not: rows are found again by it.')) w (holds, why, what)
    WHERE w.holds LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'cannot attach "%": it %', _table.name, _why USING ERRCODE = '22R01', HINT = _what;
    END IF;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._check_attachable(regclass) IS
'Internal: raises 22R01 for what is no table that triggers can follow.';

/* The one list of triggers on an application's table; reminder.attachments and check() compare. */
CREATE FUNCTION reminder._attached_triggers(relation regclass, OUT name text, OUT definition text) RETURNS SETOF record
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.name, format('CREATE TRIGGER %I %s ON %s %sFOR EACH %s %sEXECUTE FUNCTION reminder.%I()', t.name, t.event, $1,
                        CASE WHEN t.transition <> '' THEN 'REFERENCING ' || t.transition || ' ' ELSE '' END, t.level,
                        CASE WHEN t.condition <> '' THEN 'WHEN (' || t.condition || ') ' ELSE '' END, t.function)
  FROM (VALUES
    ('reminder_inserted', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_attached_rows'),
    ('reminder_updated', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_attached_rows'),
    ('reminder_deleted', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_attached_rows'),
    ('reminder_truncated', 'BEFORE TRUNCATE', 'STATEMENT', '', '', '_attached_truncated'),
    ('reminder_replicated', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', 'reminder.replicates()', '_attached_row'))
    t (name, event, level, transition, condition, function)
$$;
COMMENT ON FUNCTION reminder._attached_triggers(regclass) IS
'Internal: the triggers that must stand on a table that is attached or protected, and on each of its partitions, with their definitions as pg_get_triggerdef() gives them.';

CREATE FUNCTION reminder._put_attached_triggers(relation regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_column
DECLARE
  _trigger record;
BEGIN
  FOR _trigger IN
    SELECT r AS relation, t.name, t.definition FROM reminder._attached_relations($1) r CROSS JOIN LATERAL reminder._attached_triggers(r) t
  LOOP
    -- A partition has a clone of its root's row trigger, which is only to be enabled there.
    IF NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = _trigger.relation AND g.tgname = _trigger.name AND pg_get_triggerdef(g.oid) = _trigger.definition) THEN
      EXECUTE format('DROP TRIGGER IF EXISTS %I ON %s', _trigger.name, _trigger.relation);
      EXECUTE _trigger.definition;
    END IF;
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', _trigger.relation, _trigger.name);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._put_attached_triggers(regclass) IS
'Internal: puts our triggers on a table and its partitions, those that are not there as they should be.';

CREATE FUNCTION reminder._arm_attached() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _table record;
BEGIN
  -- As after DROP EXTENSION ... CASCADE: what came and what changed meanwhile follows now.
  FOR _table IN
    SELECT a.relation, array_agg(a.attachment_no ORDER BY array_position('{customer,invoice,payment,credit}', a.kind)) FILTER (WHERE a.kind <> 'booking') AS attachment_nos
    FROM reminder.attachment a JOIN pg_class c ON c.oid = a.relation
    WHERE EXISTS (SELECT FROM reminder._attached_relations(a.relation) r CROSS JOIN LATERAL reminder._attached_triggers(r) t
                  WHERE NOT EXISTS (SELECT FROM pg_trigger g WHERE g.tgrelid = r AND g.tgname = t.name AND g.tgenabled = 'A' AND pg_get_triggerdef(g.oid) = t.definition))
    GROUP BY a.relation ORDER BY min(array_position('{customer,invoice,payment,credit,booking}', a.kind))
  LOOP
    EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', _table.relation);
    PERFORM reminder._put_attached_triggers(_table.relation);
    PERFORM reminder._load_attached(_table.relation, n) FROM unnest(_table.attachment_nos) n;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._arm_attached() IS
'Internal: puts our triggers back on attached tables that lack one, and takes their rows in again. Rows that were deleted meanwhile stay here.';

CREATE FUNCTION reminder._attach_map(kind text, action text, relation regclass, creditor_id bigint, columns jsonb) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _no integer;
  _map regclass;
  _fields text[];
  _expressions text[];
BEGIN
  PERFORM reminder._check_attachable($3);
  PERFORM reminder._check_map($1, $4, $5);
  -- Nobody writes the table until it is taken in, and two that attach take turns.
  EXECUTE format('LOCK TABLE %s IN SHARE ROW EXCLUSIVE MODE', $3);
  PERFORM reminder._check_attachable($3);
  LOCK TABLE reminder.attachment IN SHARE ROW EXCLUSIVE MODE;
  IF EXISTS (SELECT FROM reminder.attachment a WHERE a.relation = $3 AND a.kind = $1 AND a.action IS NOT DISTINCT FROM $2) THEN
    RAISE EXCEPTION 'table "%" is attached as "%" already', $3, coalesce($2, $1)
      USING ERRCODE = '22R01', HINT = CASE $1 WHEN 'booking' THEN 'Call reminder.unprotect() first; one condition can name several cases.' ELSE 'Call reminder.detach() first.' END;
  END IF;
  SELECT coalesce(max(a.attachment_no), 0) + 1 INTO _no FROM reminder.attachment a;
  SELECT array_agg(f.field ORDER BY f.n), array_agg(reminder._map_expression(f.field, f.type, f.fallback, $5 -> f.field) ORDER BY f.n)
  INTO _fields, _expressions
  FROM (SELECT f.n, f.field, f.type, f.fallback FROM reminder._map_fields() f WHERE f.kind = $1
        UNION ALL SELECT 0, 'creditor_id', 'bigint', NULL) f
  WHERE $5 ? f.field;
  -- Its columns first: what it shows is read by others' rights than those that make it.
  EXECUTE format('CREATE VIEW reminder.attached_%s AS SELECT %s', _no,
                 (SELECT string_agg(format('NULL::%s%s AS %I', f.type, CASE f.type WHEN 'text' THEN ' COLLATE "C"' ELSE '' END, x.field), ', ' ORDER BY x.n)
                  FROM unnest(_fields) WITH ORDINALITY x (field, n)
                  JOIN (SELECT f.field, f.type FROM reminder._map_fields() f WHERE f.kind = $1 UNION ALL SELECT 'creditor_id', 'bigint') f USING (field)));
  EXECUTE format('COMMENT ON VIEW reminder.attached_%s IS %L', _no, 'A map of an attachment. Not for reading: its expressions are what counts.');
  _map := format('reminder.attached_%s', _no)::regclass;
  PERFORM reminder._store_map(_map, $3, _fields, _expressions, CASE WHEN $5 ? 'where' THEN reminder._map_expression('where', 'boolean', NULL, $5 -> 'where') ELSE 'true' END);
  IF NOT pg_has_role((SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'reminder'), 'USAGE')
     OR (SELECT n.nspowner FROM pg_namespace n WHERE n.nspname = 'reminder') <> (SELECT c.relowner FROM pg_class c WHERE c.oid = _map) THEN
    EXECUTE format('ALTER VIEW %s OWNER TO %s', _map, (SELECT n.nspowner::regrole FROM pg_namespace n WHERE n.nspname = 'reminder'));
  END IF;
  PERFORM reminder._keep(true);
  INSERT INTO reminder.attachment (attachment_no, kind, action, relation, map, creditor_id, columns, named, attached_by)
  VALUES (_no, $1, $2, $3, _map, $4, $5, $3::text, session_user);
  PERFORM reminder._keep(false);
  PERFORM reminder._put_attached_triggers($3);
  RETURN _no;
END
$$;
COMMENT ON FUNCTION reminder._attach_map(text, text, regclass, bigint, jsonb) IS
'Internal: attaches a table, or protects its bookings (kind "booking", and an action), without taking its rows in; gives the number of the attachment. The table is locked against writing. Raises 22R01, 22R04, and what PostgreSQL says of an expression that is wrong.';

CREATE FUNCTION reminder.attach(kind text, relation regclass, creditor_id bigint DEFAULT NULL, columns jsonb DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _no integer;
  _any_here boolean;
  _n bigint;
BEGIN
  IF $1 IS NULL OR $1 NOT IN ('customer', 'invoice', 'payment', 'credit', 'ledger_entry') THEN
    RAISE EXCEPTION 'unknown kind of attachment "%"', left(coalesce($1, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Take customer, invoice, payment, credit or ledger_entry; reminder.protect() is for bookings.';
  END IF;
  _no := reminder._attach_map($1, NULL, $2, $3, $4);
  _any_here := $1 <> 'ledger_entry' AND reminder._any_here($1, $3);
  _n := reminder._load_attached($2, _no);
  IF _any_here THEN
    PERFORM reminder._note_ours(_no);
  END IF;
  RETURN _n;
END
$$;
COMMENT ON FUNCTION reminder.attach(text, regclass, bigint, jsonb) IS
'Attaches an application''s own table (relation): its customers, invoices, payments, credits or entries of the general ledger (kind) are taken in at once, and every later change follows in the same transaction. columns: the map, a JSON object of our fields, each a column or an SQL expression over the table as a string, a number, true or false, or {"expression": "status", "values": {"theirs": "ours"}, "else": "ours"}; "where" filters rows. creditor_id: whose they are, else a field of the map says, which is for those who see all creditors. An invoice can have open_amount with paid_on: what goes down is paid on that day. Gives the number of rows taken in. Only the owner of the table may. Raises 22R01 for a table or a map that cannot be, 22R04 for an unknown creditor, 42501, what PostgreSQL says of an expression, and what our own tables raise.';

CREATE FUNCTION reminder._detach(relation regclass, kind text, action text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
#variable_conflict use_column
DECLARE
  _attachment record;
  _trigger record;
  _n integer := 0;
BEGIN
  LOCK TABLE reminder.attachment IN SHARE ROW EXCLUSIVE MODE;
  PERFORM reminder._note_left(a.attachment_no, $1) FROM reminder.attachment a WHERE a.relation = $1 AND a.kind <> 'booking' AND $2 <> 'booking';
  PERFORM reminder._keep(true);
  FOR _attachment IN
    DELETE FROM reminder.attachment a
    WHERE a.relation = $1 AND (a.kind = 'booking') = ($2 = 'booking') AND ($3 IS NULL OR a.action = $3) RETURNING a.map
  LOOP
    -- one that was dropped past all guards is a bare number now
    IF EXISTS (SELECT FROM pg_class c WHERE c.oid = _attachment.map) THEN
      EXECUTE format('DROP VIEW %s', _attachment.map);
    END IF;
    _n := _n + 1;
  END LOOP;
  PERFORM reminder._keep(false);
  IF NOT EXISTS (SELECT FROM reminder.attachment a WHERE a.relation = $1) THEN
    FOR _trigger IN
      SELECT g.tgrelid::regclass AS relation, g.tgname FROM reminder._attached_relations($1) r
      CROSS JOIN LATERAL reminder._attached_triggers(r) t
      JOIN pg_trigger g ON g.tgrelid = r AND g.tgname = t.name
      -- a clone goes with its root's
      WHERE r = $1 OR t.name <> 'reminder_replicated'
    LOOP
      EXECUTE format('DROP TRIGGER %I ON %s', _trigger.tgname, _trigger.relation);
    END LOOP;
  END IF;
  RETURN _n;
END
$$;
COMMENT ON FUNCTION reminder._detach(regclass, text, text) IS
'Internal: takes away what is attached of a table, or (kind "booking") what is protected there, of an action if one is given; and our triggers, when nothing is left. Gives how many.';

CREATE FUNCTION reminder.detach(relation regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF $1 IS NULL OR reminder._detach($1, 'attached', NULL) = 0 THEN
    RAISE EXCEPTION 'table "%" is not attached', coalesce($1::text, 'NULL')
      USING ERRCODE = '55R03', HINT = 'SELECT relation, kind FROM reminder.attachments; lists what is.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.detach(regclass) IS
'Detaches an application''s table (relation): it is as it was before attach(), and nothing follows its changes any more. What was taken in stays in reminder''s tables; what is protected stays protected. Only the owner of the table may. Raises 55R03 for a table that is not attached, 42501.';
