
  /*
   * What is attached (A3).
   */
  CREATE OR REPLACE VIEW reminder.attachments AS
  SELECT a.attachment_no, a.kind, a.action, a.relation::text AS relation, a.creditor_id, a.columns, a.map::text AS map, a.attached_by, a.attached_at,
         CASE WHEN c.oid IS NULL THEN 'table missing' WHEN t.standing < 5 * t.relations THEN 'trigger missing' WHEN NOT t.always THEN 'trigger disabled' ELSE 'on' END AS state
  FROM reminder.attachment a
  LEFT JOIN pg_catalog.pg_class c ON c.oid = a.relation
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT r.relid) AS relations, count(p.oid) AS standing, bool_and(g.tgenabled = 'A') AS always
    FROM (SELECT a.relation AS relid UNION SELECT x.relid FROM pg_catalog.pg_partition_tree(a.relation) x) r
    LEFT JOIN pg_catalog.pg_trigger g ON g.tgrelid = r.relid AND g.tgname IN ('reminder_inserted', 'reminder_updated', 'reminder_deleted', 'reminder_truncated', 'reminder_replicated')
    LEFT JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid AND p.proname LIKE '\_attached%' AND p.pronamespace = 'reminder'::pg_catalog.regnamespace) t
  WHERE CASE WHEN a.creditor_id IS NULL THEN NOT EXISTS (SELECT FROM reminder.creditor c WHERE NOT reminder.sees_whole(c.creditor_id)) ELSE reminder.sees_whole(a.creditor_id) END;
  COMMENT ON VIEW reminder.attachments IS 'An application''s own tables that are attached, and those that are protected.';
  COMMENT ON COLUMN reminder.attachments.attachment_no IS 'its number, which its map''s view has in its name';
  COMMENT ON COLUMN reminder.attachments.kind IS '"customer", "invoice", "payment", "credit", or "booking" of a table that is protected';
  COMMENT ON COLUMN reminder.attachments.action IS 'of a booking: "loss", "credit", "void" or "offset"';
  COMMENT ON COLUMN reminder.attachments.relation IS 'the application''s table';
  COMMENT ON COLUMN reminder.attachments.creditor_id IS 'whose rows they are; NULL: a column of the map says';
  COMMENT ON COLUMN reminder.attachments.columns IS 'the map as it was given';
  COMMENT ON COLUMN reminder.attachments.map IS 'the view that holds it, with the names of now';
  COMMENT ON COLUMN reminder.attachments.attached_by IS 'the role of the session that did';
  COMMENT ON COLUMN reminder.attachments.attached_at IS 'and when';
  COMMENT ON COLUMN reminder.attachments.state IS '"on"; or what is wrong: "table missing", "trigger missing", "trigger disabled"';
