  /*
   * The log, sealed (V3): blocks of rows, each with the digest of the one
   * before it; and what bookings were before they were changed, so that a
   * change by those who may is not taken for one by those who may not.
   */
  CREATE TABLE reminder.sealed_block (
    creditor_id bigint NOT NULL,
    block_no integer NOT NULL,
    row_count bigint NOT NULL,
    first_at timestamptz,
    last_at timestamptz,
    sealed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    sealed_by text NOT NULL DEFAULT session_user,
    digest bytea NOT NULL,
    CONSTRAINT sealed_block_pkey PRIMARY KEY (creditor_id, block_no),
    CONSTRAINT sealed_block_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT sealed_block_counts CHECK (block_no > 0 AND row_count > 0),
    CONSTRAINT sealed_block_digest CHECK (octet_length(digest) = 32)
  );
  COMMENT ON TABLE reminder.sealed_block IS 'Blocks of the log, sealed: a chain for each creditor, by SHA-256.';
  COMMENT ON COLUMN reminder.sealed_block.first_at IS 'when the earliest of its rows was written; a row whose transaction was open when a block was sealed is in the next one';
  COMMENT ON COLUMN reminder.sealed_block.digest IS 'of the digests of its rows, this row''s other columns and the digest of the block before it';

  CREATE TABLE reminder.sealed_row (
    creditor_id bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    block_no integer NOT NULL,
    digest bytea NOT NULL,
    salt uuid,
    note_digest bytea,
    CONSTRAINT sealed_row_pkey PRIMARY KEY (creditor_id, source, key),
    CONSTRAINT sealed_row_note CHECK (salt IS NULL OR note_digest IS NULL)
  );
  -- random bytes: nothing to compress
  ALTER TABLE reminder.sealed_row ALTER COLUMN digest SET STORAGE PLAIN;
  COMMENT ON TABLE reminder.sealed_row IS 'Which rows a block holds, and the digest of each: so that what differs can be named, and a row that was written late is in the next block. No foreign key: a row that has gone is what it is there to tell.';
  COMMENT ON COLUMN reminder.sealed_row.source IS 'see _log_sources()';
  COMMENT ON COLUMN reminder.sealed_row.key IS 'the row''s own, after creditor_id, as a JSON array';
  COMMENT ON COLUMN reminder.sealed_row.salt IS 'of its free text: without it nobody can find out by trying what the text was';
  COMMENT ON COLUMN reminder.sealed_row.note_digest IS 'of its free text, when that is erased: the salt is erased with it';

  CREATE TABLE reminder.booking_undone (
    creditor_id bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    document_no text COLLATE "C" NOT NULL,
    part_no text COLLATE "C" NOT NULL DEFAULT '',
    undone_no smallint NOT NULL,
    invoice_no text COLLATE "C",
    kind text COLLATE "C",
    booked_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    reversed_on date,
    note text,
    made_at timestamptz,
    undone_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT booking_undone_pkey PRIMARY KEY (creditor_id, source, document_no, part_no, undone_no),
    CONSTRAINT booking_undone_source CHECK (source IN ('credit', 'loss', 'refund')),
    CONSTRAINT booking_undone_booked_on CHECK (booked_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT booking_undone_amount CHECK (amount > 0 AND amount < 1000000000000),
    CONSTRAINT booking_undone_reversed_on CHECK (reversed_on BETWEEN booked_on AND '2200-12-31')
  );
  CREATE INDEX booking_undone_invoice_idx ON reminder.booking_undone (creditor_id, invoice_no) WHERE invoice_no IS NOT NULL;
  COMMENT ON TABLE reminder.booking_undone IS 'What credits, losses and refunds were before they were changed or deleted; for payments see payment_undone. No foreign keys: it tells of what is no more.';
  COMMENT ON COLUMN reminder.booking_undone.document_no IS 'the credit''s number; the loss''s invoice, and part_no its number; the refund''s payment, and part_no its number';
  COMMENT ON COLUMN reminder.booking_undone.made_at IS 'when that came to be; NULL: not known, or in undone_at of the one before';
