  /*
   * The weekly digest (V6): who asked for it, and what was queued for them.
   */
  CREATE TABLE reminder.digest_subscriber (
    creditor_id bigint NOT NULL,
    email text COLLATE "C" NOT NULL,
    name text,
    language text COLLATE "C",
    blocks_messages boolean NOT NULL DEFAULT false,
    CONSTRAINT digest_subscriber_pkey PRIMARY KEY (creditor_id, email),
    CONSTRAINT digest_subscriber_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT digest_subscriber_email CHECK (email ~ '^[^@\s]+@[^@\s]+$' AND octet_length(email) <= 320),
    CONSTRAINT digest_subscriber_text_length CHECK (coalesce(octet_length(name), 0) <= 1000 AND coalesce(octet_length(language), 0) <= 64)
  );
  COMMENT ON TABLE reminder.digest_subscriber IS 'Users who asked for the weekly digest of a creditor, at their own address.';
  COMMENT ON COLUMN reminder.digest_subscriber.language IS 'of the digest; left out: the jurisdiction''s';
  COMMENT ON COLUMN reminder.digest_subscriber.blocks_messages IS 'blocks system messages: then nothing is sent';

  CREATE TABLE reminder.digest (
    creditor_id bigint NOT NULL,
    week date NOT NULL,
    email text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    name text,
    language text COLLATE "C" NOT NULL,
    content jsonb NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'queued',
    detail text,
    queued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT digest_pkey PRIMARY KEY (creditor_id, week, email),
    CONSTRAINT digest_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT digest_week CHECK (week BETWEEN '1989-12-25' AND '2200-12-31' AND extract(isodow FROM week) = 1),
    CONSTRAINT digest_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT digest_status CHECK (status IN ('queued', 'sent', 'failed'))
  );
  CREATE INDEX digest_queued_idx ON reminder.digest (creditor_id, week) WHERE status = 'queued';
  COMMENT ON TABLE reminder.digest IS 'Weekly digests, to be sent and sent: one a week and address, ever.';
  COMMENT ON COLUMN reminder.digest.week IS 'the Monday of the week it tells of';
  COMMENT ON COLUMN reminder.digest.as_of IS 'the day it was made on: letters from then on';
  COMMENT ON COLUMN reminder.digest.content IS 'collections: an array of the week''s demands, invoice by invoice; sums: the other letters, by stage and currency';
