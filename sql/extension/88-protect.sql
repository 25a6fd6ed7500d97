/*
 * Bookings in an application's own tables, guarded as ours are (A2). The guard
 * is src/protect.c; what stands there keeps cases from opening by src/losses.c.
 */

CREATE FUNCTION reminder._protected_in_case(creditor_id bigint, OUT invoice_no text, OUT relation regclass) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT k.invoice_no, x.relation
  FROM (SELECT k.invoice_no FROM reminder.collection_case k WHERE k.creditor_id = $1 AND k.ended_on IS NULL
        UNION SELECT i.invoice_no FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.external_collection) k
  CROSS JOIN LATERAL (SELECT reminder._loss_stands($1, k.invoice_no) AS relation OFFSET 0) x
  WHERE x.relation IS NOT NULL
$$;
COMMENT ON FUNCTION reminder._protected_in_case(bigint) IS
'Internal: the invoices of a creditor that are being collected while a loss stands on them in a protected table.';

CREATE FUNCTION reminder._refuse_standing(relation regclass, creditor_id bigint) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_refuse_standing';
COMMENT ON FUNCTION reminder._refuse_standing(regclass, bigint) IS
'Internal: raises 23R01 if a loss stands in a table, protected a moment ago, on an invoice that is being collected, as is committed now.';

CREATE FUNCTION reminder.protect(
  relation regclass, invoice_column text, action text, condition text DEFAULT NULL, creditor_id bigint DEFAULT NULL, creditor_column text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _no integer;
  _index text;
BEGIN
  IF action IS NULL OR action NOT IN ('loss', 'credit', 'void', 'offset') THEN
    RAISE EXCEPTION 'unknown action "%" of bookings', left(coalesce(action, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Take loss, credit, void or offset.';
  ELSIF invoice_column IS NULL THEN
    RAISE EXCEPTION 'no column names the invoice'
      USING ERRCODE = '22R01', HINT = 'Give invoice_column, a column or an expression that is the invoice''s number.';
  ELSIF (creditor_id IS NULL) = (creditor_column IS NULL) THEN
    RAISE EXCEPTION 'bookings are of one creditor'
      USING ERRCODE = '22R01', HINT = 'Give creditor_id; or creditor_column, if a column or an expression says whose invoice it is.';
  END IF;
  _no := reminder._attach_map('booking', action, relation, creditor_id, jsonb_strip_nulls(
    jsonb_build_object('invoice_no', invoice_column, 'where', condition, 'creditor_id', creditor_column)));
  -- Whatever fails on a row that is there would fail a run.
  PERFORM reminder._load_attached(relation, _no);
  IF action <> 'loss' THEN
    RETURN;
  END IF;
  SELECT reminder._loss_index(a.relation, a.map) INTO _index FROM reminder.attachment a WHERE a.attachment_no = _no;
  IF _index IS NOT NULL THEN
    RAISE EXCEPTION 'no index of "%" finds the losses of an invoice', relation
      USING ERRCODE = '55R04', DETAIL = 'Whoever opens a case looks for them.', HINT = _index;
  END IF;
  -- Who is opening a case just now has not heard of this table.
  LOCK TABLE reminder.attachment IN EXCLUSIVE MODE;
  PERFORM reminder._refuse_standing(relation, creditor_id);
END
$$;
COMMENT ON FUNCTION reminder.protect(regclass, text, text, text, bigint, text) IS
'Puts bookings in an application''s own table (relation) under the guard that our own have: while the case of an invoice is active, or it is in external collection, no row may come to be that books a "loss", "credit", "void" or "offset" (action) on it. invoice_column is the column or SQL expression that is the invoice''s number; condition says which rows are such bookings (NULL: all); whose invoice it is says creditor_id, or creditor_column, a column or an expression, which is for those who see all creditors. A loss that stands keeps a case from opening until it is deleted or its row is none any more; its table needs an index on the invoice. Credits, voids and offsets pass where the creditor''s credits_in_case is "apply". Only the owner of the table may. Raises 22R01 for a table, column or condition that cannot be, 22R04 for an unknown creditor, 23R01 when a loss stands on an invoice that is being collected, 42501, 55R04 without the index, and what PostgreSQL says of an expression.';

CREATE FUNCTION reminder.unprotect(relation regclass, action text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF action NOT IN ('loss', 'credit', 'void', 'offset') THEN
    RAISE EXCEPTION 'unknown action "%" of bookings', left(action, 64)
      USING ERRCODE = '22R01', HINT = 'Take loss, credit, void or offset; NULL: all.';
  ELSIF reminder._detach(relation, 'booking', action) = 0 THEN
    RAISE EXCEPTION 'table "%" is not protected', coalesce(relation::text, 'NULL')
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.attachments; lists what is.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.unprotect(regclass, text) IS
'Takes the guard off bookings in an application''s table (relation): those of one action, or (NULL) all. The table is as it was before protect(). Only the owner of the table may. Raises 22R01 for an unknown action, 42501, 55R03 for a table that is not protected.';
