  /*
   * The outbox: letters that wait for a sender, those that one has in hand,
   * and what became of them (V8). A letter's status is its decision's.
   */
  CREATE TABLE reminder.letter_batch (
    creditor_id bigint NOT NULL,
    channel text COLLATE "C" NOT NULL DEFAULT '',
    as_of date NOT NULL,
    rung smallint NOT NULL DEFAULT 0,
    first_no text COLLATE "C" NOT NULL,
    invoice_nos text[] COLLATE "C" NOT NULL,
    claimed integer NOT NULL DEFAULT 0,
    CONSTRAINT letter_batch_pkey PRIMARY KEY (creditor_id, channel, as_of, rung, first_no),
    CONSTRAINT letter_batch_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT letter_batch_claimed CHECK (claimed >= 0 AND claimed < cardinality(invoice_nos))
  );
  -- compressing ten thousand numbers would cost a run more than writing them
  ALTER TABLE reminder.letter_batch ALTER COLUMN invoice_nos SET STORAGE EXTERNAL;
  COMMENT ON TABLE reminder.letter_batch IS 'Letters that no sender has claimed yet. A run leaves the numbers of a chunk''s invoices here, one row for thousands, so that their letters are found without an index on decisions; the first sender to come sorts them. It goes when the last of them is claimed.';
  COMMENT ON COLUMN reminder.letter_batch.channel IS 'empty: not sorted yet, and then not all of the invoices have a letter';
  COMMENT ON COLUMN reminder.letter_batch.rung IS 'the step of the letters; 0: not sorted yet';
  COMMENT ON COLUMN reminder.letter_batch.as_of IS 'the date of the run, and so of the letters';
  COMMENT ON COLUMN reminder.letter_batch.first_no IS 'the lowest of its invoices: tells batches apart';
  COMMENT ON COLUMN reminder.letter_batch.claimed IS 'how many, from the first on, have been claimed';

  CREATE TABLE reminder.letter_lease (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    attempts smallint NOT NULL DEFAULT 1,
    in_hand boolean NOT NULL DEFAULT true,
    leased_until timestamptz NOT NULL,
    reason text,
    claimed_by text NOT NULL DEFAULT session_user,
    CONSTRAINT letter_lease_pkey PRIMARY KEY (creditor_id, invoice_no, rung),
    CONSTRAINT letter_lease_attempts CHECK (attempts >= 0)
  ) WITH (fillfactor = 70);
  CREATE INDEX letter_lease_until_idx ON reminder.letter_lease (creditor_id, channel, leased_until);
  COMMENT ON TABLE reminder.letter_lease IS 'Letters that have been claimed and neither confirmed nor finally failed. A lease is about real time: here alone the clock is right.';
  COMMENT ON COLUMN reminder.letter_lease.attempts IS 'how often it was claimed; a letter that was released does not count that claim';
  COMMENT ON COLUMN reminder.letter_lease.in_hand IS 'a sender has it; false: it was released, or is to be tried again';
  COMMENT ON COLUMN reminder.letter_lease.leased_until IS 'from then on it can be claimed again';
  COMMENT ON COLUMN reminder.letter_lease.reason IS 'why the last attempt failed';

  CREATE TABLE reminder.delivery (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    nth smallint NOT NULL,
    outcome text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    stage text COLLATE "C" NOT NULL,
    case_no smallint NOT NULL,
    attempts smallint NOT NULL,
    reason text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT delivery_pkey PRIMARY KEY (creditor_id, invoice_no, rung, nth, outcome),
    CONSTRAINT delivery_outcome CHECK (outcome IN ('sent', 'sent_anyway', 'failed')),
    CONSTRAINT delivery_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT delivery_attempts CHECK (attempts >= 0),
    CONSTRAINT delivery_reason_length CHECK (octet_length(reason) <= 4000)
  );
  CREATE INDEX delivery_failed_idx ON reminder.delivery (creditor_id, as_of) WHERE outcome = 'failed';
  COMMENT ON TABLE reminder.delivery IS 'What senders said became of letters: append-only.';
  COMMENT ON COLUMN reminder.delivery.nth IS 'the how many-eth letter of its step: one that was taken back can be followed by another';
  COMMENT ON COLUMN reminder.delivery.outcome IS '"sent"; "failed", finally; "sent_anyway": after it had been cancelled, or had failed';
  COMMENT ON COLUMN reminder.delivery.attempts IS 'how often it was claimed; 0: confirmed or failed by hand';

  CREATE TABLE reminder.letter_line (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    taken_back smallint NOT NULL DEFAULT 0,
    customer_no text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    letter_of text COLLATE "C" NOT NULL,
    letter_nth smallint NOT NULL,
    CONSTRAINT letter_line_pkey PRIMARY KEY (creditor_id, invoice_no, rung, taken_back),
    CONSTRAINT letter_line_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31')
  );
  CREATE INDEX letter_line_letter_idx ON reminder.letter_line (creditor_id, customer_no, as_of, rung, letter_of, letter_nth);
  COMMENT ON TABLE reminder.letter_line IS 'Lines of letters of steps that send a customer one for all its invoices: a row for each decision of such a step that sent, for a letter of one line too. Other letters have none.';
  COMMENT ON COLUMN reminder.letter_line.taken_back IS 'that of its decision: the line has left the letter';
  COMMENT ON COLUMN reminder.letter_line.letter_of IS 'the invoice that names the letter: its oldest';
  COMMENT ON COLUMN reminder.letter_line.letter_nth IS 'the how many-eth letter of that invoice''s step it is';
