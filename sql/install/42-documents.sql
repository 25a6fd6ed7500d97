  /*
   * What an invoice looked like, as it was sent (P6).
   */
  CREATE TABLE reminder.invoice_document (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL DEFAULT 'application/pdf',
    content bytea,
    sha256 bytea GENERATED ALWAYS AS (sha256(content)) STORED,
    uri text,
    CONSTRAINT invoice_document_pkey PRIMARY KEY (creditor_id, invoice_no),
    CONSTRAINT invoice_document_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice ON DELETE CASCADE,
    CONSTRAINT invoice_document_one CHECK (num_nonnulls(content, uri) = 1),
    CONSTRAINT invoice_document_media_type CHECK (octet_length(media_type) <= 255 AND media_type ~ '^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$'),
    CONSTRAINT invoice_document_content CHECK (octet_length(content) BETWEEN 1 AND 67108864),
    CONSTRAINT invoice_document_uri CHECK (octet_length(uri) <= 2000 AND uri ~ '^[A-Za-z][A-Za-z0-9+.-]*:[^[:space:]]+$')
  );
  COMMENT ON TABLE reminder.invoice_document IS 'The original document of an invoice: its bytes, or where it is.';
  COMMENT ON COLUMN reminder.invoice_document.media_type IS 'such as application/pdf, in small letters';
  COMMENT ON COLUMN reminder.invoice_document.sha256 IS 'of the bytes, to compare with what was sent';

