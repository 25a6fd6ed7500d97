/*
 * What is ours alone of a kind whose tables are attached (A3), so that check()
 * can tell of the rest when its row is gone there: written by src/origin.c as
 * rows come, and here when tables and partitions are attached, and leave.
 */

CREATE FUNCTION reminder._mapped_keys(relation regclass, attachment_no integer, part regclass) RETURNS TABLE (creditor_id bigint, no text)
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE ROWS 100000
AS 'MODULE_PATHNAME', 'reminder_mapped_keys';
COMMENT ON FUNCTION reminder._mapped_keys(regclass, integer, regclass) IS
'Internal: the numbers in all rows of an attached table (part: the table itself), or of a partition of it, mapped with the rights of its owner.';

CREATE FUNCTION reminder._attached_keys(kind text, besides integer) RETURNS TABLE (creditor_id bigint, no text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 100000
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _attachment record;
BEGIN
  FOR _attachment IN
    SELECT a.relation, a.attachment_no FROM reminder.attachment a
    WHERE a.kind = $1 AND a.attachment_no IS DISTINCT FROM $2 ORDER BY a.attachment_no
  LOOP
    RETURN QUERY SELECT k.creditor_id, k.no FROM reminder._mapped_keys(_attachment.relation, _attachment.attachment_no, _attachment.relation) k;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._attached_keys(text, integer) IS
'Internal: the numbers in all tables that are attached as a kind, but for one attachment (NULL: all).';

CREATE FUNCTION reminder._any_here(kind text, of_creditor bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _any boolean;
BEGIN
  IF of_creditor IS NULL THEN
    EXECUTE format('SELECT EXISTS (SELECT FROM reminder.%I)', kind) INTO _any;
  ELSE
    EXECUTE format('SELECT EXISTS (SELECT FROM reminder.%I x WHERE x.creditor_id = $1)', kind) INTO _any USING of_creditor;
  END IF;
  RETURN _any;
END
$$;
COMMENT ON FUNCTION reminder._any_here(text, bigint) IS
'Internal: whether we have rows of a kind of a creditor (NULL: of any).';

/* Of a creditor whose tables of the kind are attached already nothing is noted: what is missing there is for check() to find. */
CREATE FUNCTION reminder._note_ours(attachment_no integer) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  _attachment reminder.attachment;
BEGIN
  SELECT a.* INTO _attachment FROM reminder.attachment a WHERE a.attachment_no = $1;
  PERFORM reminder._keep(true);
  EXECUTE format(
    'INSERT INTO reminder.unattached (creditor_id, kind, no)
     SELECT x.creditor_id, $1, x.%2$I FROM reminder.%1$I x
     WHERE ($2 IS NULL OR x.creditor_id = $2)
       AND NOT EXISTS (SELECT FROM reminder.attachment a WHERE a.kind = $1 AND a.attachment_no <> $3 AND a.creditor_id = x.creditor_id)
       AND NOT EXISTS (SELECT FROM reminder.attachment a WHERE a.kind = $1 AND a.attachment_no <> $3 AND a.creditor_id IS NULL)
       AND NOT EXISTS (SELECT FROM reminder._mapped_keys($4, $3, $4) k WHERE k.creditor_id = x.creditor_id AND k.no = x.%2$I)
     ON CONFLICT DO NOTHING', _attachment.kind, _attachment.kind || '_no')
  USING _attachment.kind, _attachment.creditor_id, $1, _attachment.relation;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._note_ours(integer) IS
'Internal: notes what we had of a kind before the first table of it was attached (attachment_no), and is not there.';

CREATE FUNCTION reminder._note_left(attachment_no integer, part regclass) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET jit = off
AS $$
#variable_conflict use_column
DECLARE
  _attachment reminder.attachment;
BEGIN
  SELECT a.* INTO _attachment FROM reminder.attachment a WHERE a.attachment_no = $1;
  -- with the last table of a kind nothing is compared any more
  IF _attachment.kind NOT IN ('customer', 'invoice', 'payment', 'credit')
     OR $2 = _attachment.relation AND NOT EXISTS (
       SELECT FROM reminder.attachment a
       WHERE a.kind = _attachment.kind AND a.attachment_no <> $1 AND (a.creditor_id = _attachment.creditor_id) IS NOT FALSE) THEN
    RETURN;
  END IF;
  PERFORM reminder._keep(true);
  BEGIN
    EXECUTE format('INSERT INTO reminder.unattached (creditor_id, kind, no)
                    SELECT x.creditor_id, $1, x.%2$I FROM reminder.%1$I x
                    WHERE EXISTS (SELECT FROM reminder._mapped_keys($2, $3, $4) k WHERE k.creditor_id = x.creditor_id AND k.no = x.%2$I)
                    ON CONFLICT DO NOTHING', _attachment.kind, _attachment.kind || '_no')
    USING _attachment.kind, _attachment.relation, $1, $2;
  EXCEPTION WHEN OTHERS THEN
    -- of a table that cannot be mapped any more all may have been its own
    EXECUTE format('INSERT INTO reminder.unattached (creditor_id, kind, no)
                    SELECT x.creditor_id, $1, x.%2$I FROM reminder.%1$I x WHERE $2 IS NULL OR x.creditor_id = $2
                    ON CONFLICT DO NOTHING', _attachment.kind, _attachment.kind || '_no')
    USING _attachment.kind, _attachment.creditor_id;
  END;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder._note_left(integer, regclass) IS
'Internal: notes what stays here of a table that is about to be detached, or of a partition (part) that left its table.';
