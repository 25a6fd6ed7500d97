
  /*
   * An application's own tables that ours keep in step with (A1), and those
   * whose bookings are guarded (A2).
   */
  CREATE TABLE reminder.attachment (
    attachment_no integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    action text COLLATE "C",
    relation regclass NOT NULL,
    map regclass NOT NULL,
    creditor_id bigint,
    columns jsonb NOT NULL,
    named text NOT NULL,
    attached_by text NOT NULL,
    attached_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT attachment_pkey PRIMARY KEY (attachment_no),
    CONSTRAINT attachment_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT attachment_kind CHECK (kind IN ('customer', 'invoice', 'payment', 'credit', 'ledger_entry', 'booking')),
    CONSTRAINT "attachment_action: loss, credit, void, offset" CHECK (action IN ('loss', 'credit', 'void', 'offset')),
    CONSTRAINT attachment_action_of_booking CHECK ((kind = 'booking') = (action IS NOT NULL))
  );
  CREATE UNIQUE INDEX attachment_relation_key ON reminder.attachment (relation, kind, coalesce(action, ''));
  COMMENT ON TABLE reminder.attachment IS 'What is attached and protected, kept by attach(), detach(), protect() and unprotect().';
  COMMENT ON COLUMN reminder.attachment.action IS 'of bookings that are protected: what a row is';
  COMMENT ON COLUMN reminder.attachment.map IS 'the view that holds the map''s expressions: with it they survive what is renamed, and nothing they read is dropped';
  COMMENT ON COLUMN reminder.attachment.creditor_id IS 'whose rows they are; NULL: a column of the map says';
  COMMENT ON COLUMN reminder.attachment.named IS 'how the table was called when it was attached';
  COMMENT ON COLUMN reminder.attachment.columns IS 'the map as it was given; what holds is in the view';

  CREATE TABLE reminder.left_with_invoice (
    creditor_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    document_no text COLLATE "C" NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    CONSTRAINT left_with_invoice_pkey PRIMARY KEY (creditor_id, kind, document_no)
  );
  CREATE INDEX left_with_invoice_idx ON reminder.left_with_invoice (creditor_id, invoice_no);
  COMMENT ON TABLE reminder.left_with_invoice IS 'Payments and credits of attached tables that left with their invoice, and come back with it. What goes there meanwhile goes here.';

  CREATE TABLE reminder.unattached (
    creditor_id bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    no text COLLATE "C" NOT NULL,
    CONSTRAINT unattached_pkey PRIMARY KEY (creditor_id, kind, no),
    CONSTRAINT unattached_kind CHECK (kind IN ('customer', 'invoice', 'payment', 'credit'))
  );
  COMMENT ON TABLE reminder.unattached IS 'What is ours alone of a kind whose tables are attached: written here, there before, or left by a table or partition that is attached no more. check() misses none of it there; kept by reminder.';
  COMMENT ON COLUMN reminder.unattached.kind IS 'the table of ours';
  COMMENT ON COLUMN reminder.unattached.no IS 'and the number there';
