
  /*
   * The seals of the log (V3).
   */
  CREATE OR REPLACE VIEW reminder.seal_list AS
  SELECT b.creditor_id, b.block_no, b.row_count, b.first_at, b.last_at, b.sealed_at, b.sealed_by, encode(b.digest, 'hex') AS digest
  FROM reminder.sealed_block b WHERE reminder.sees_whole(b.creditor_id);
  COMMENT ON VIEW reminder.seal_list IS 'Blocks of the log with their digests. One kept where nobody who can write here can write is what verify() holds the log against.';
