  /*
   * Original invoices that the service sends out itself (P5): of which
   * creditors, by which channels, and what became of each. They are no letters
   * of a case, and carry no fee.
   */
  CREATE TABLE reminder.invoice_channel (
    customer_kind text COLLATE "C" NOT NULL,
    place smallint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    CONSTRAINT invoice_channel_pkey PRIMARY KEY (customer_kind, place),
    CONSTRAINT invoice_channel_once UNIQUE (customer_kind, channel),
    CONSTRAINT invoice_channel_channel_fkey FOREIGN KEY (channel) REFERENCES reminder.channel,
    CONSTRAINT "invoice_channel_customer_kind: company, person" CHECK (customer_kind IN ('company', 'person')),
    CONSTRAINT invoice_channel_place CHECK (place BETWEEN 1 AND 99)
  );
  COMMENT ON TABLE reminder.invoice_channel IS 'The chain of channels for an original invoice (C2): it goes out by the first that is on and that the customer has an address for, and where that fails by the next.';
  COMMENT ON COLUMN reminder.invoice_channel.customer_kind IS 'as rules have it: "person", or "company", public bodies included';
  INSERT INTO reminder.invoice_channel (customer_kind, place, channel)
  SELECT k.kind, h.place, h.channel
  FROM (VALUES
    (10, 'network', ARRAY['company', 'person']),
    (20, 'peppol', ARRAY['company', 'person']),
    (30, 'operator', ARRAY['company', 'person']),
    (40, 'bank', ARRAY['person']),
    (50, 'kivra', ARRAY['person']),
    (60, 'email', ARRAY['company', 'person']),
    (70, 'print', ARRAY['company', 'person'])) h (place, channel, kinds)
  CROSS JOIN LATERAL unnest(h.kinds) k (kind);

  CREATE TABLE reminder.customer_address (
    creditor_id bigint NOT NULL,
    customer_no text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL,
    address text NOT NULL,
    CONSTRAINT customer_address_pkey PRIMARY KEY (creditor_id, customer_no, channel),
    CONSTRAINT customer_address_customer_fkey FOREIGN KEY (creditor_id, customer_no) REFERENCES reminder.customer ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT "customer_channel: network, peppol, operator, bank, kivra" CHECK (channel IN ('network', 'peppol', 'operator', 'bank', 'kivra')),
    CONSTRAINT customer_address_length CHECK (octet_length(address) <= 320 AND octet_length(customer_no) <= 64 AND address ~ '\S')
  );
  COMMENT ON TABLE reminder.customer_address IS 'Where customers take original invoices, by channel. Email and postal address are the customer''s own; an operator''s is customer.einvoice_address where there is none here. It goes with its customer.';

  CREATE TABLE reminder.distribution (
    creditor_id bigint NOT NULL,
    from_on date NOT NULL,
    CONSTRAINT distribution_pkey PRIMARY KEY (creditor_id),
    CONSTRAINT distribution_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT distribution_from_on CHECK (from_on BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.distribution IS 'Creditors whose invoices the service sends out itself ("full"); those of the others are registered for collection only. Kept by set_registration().';
  COMMENT ON COLUMN reminder.distribution.from_on IS 'invoices dated from that day on';

  CREATE TABLE reminder.invoice_letter (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    as_of date NOT NULL,
    status text COLLATE "C" NOT NULL DEFAULT 'queued',
    place smallint,
    channel text COLLATE "C",
    tried text[] COLLATE "C" NOT NULL DEFAULT '{}',
    attempts smallint NOT NULL DEFAULT 0,
    in_hand boolean NOT NULL DEFAULT false,
    leased_until timestamptz,
    told_on date,
    reason text,
    claimed_by text,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT invoice_letter_pkey PRIMARY KEY (creditor_id, invoice_no),
    CONSTRAINT invoice_letter_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT "invoice_letter_status: queued, sent, failed, cancelled" CHECK (status IN ('queued', 'sent', 'failed', 'cancelled')),
    CONSTRAINT invoice_letter_channel CHECK (channel IS NOT NULL OR status <> 'queued'),
    CONSTRAINT invoice_letter_attempts CHECK (attempts >= 0),
    CONSTRAINT invoice_letter_as_of CHECK (as_of BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT invoice_letter_told_on CHECK (told_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT invoice_letter_reason_length CHECK (octet_length(reason) <= 4000)
  ) WITH (fillfactor = 70);
  -- a run asks it of invoices, and senders for what waits: so that what was sent is in neither
  CREATE INDEX invoice_letter_unsent_idx ON reminder.invoice_letter (creditor_id, invoice_no) WHERE status IN ('queued', 'failed');
  CREATE INDEX invoice_letter_waiting_idx ON reminder.invoice_letter (creditor_id, channel) WHERE status = 'queued';
  COMMENT ON TABLE reminder.invoice_letter IS 'Original invoices that the service sends out: to be sent, and sent. claim_invoices() gives them to a sender. Of an invoice there is one.';
  COMMENT ON COLUMN reminder.invoice_letter.as_of IS 'the date for which it was queued: the invoice''s, or that of register_invoice()';
  COMMENT ON COLUMN reminder.invoice_letter.status IS '"queued", "sent", "failed" by every channel of the chain, or "cancelled": credited before it went out, or left to the creditor after all';
  COMMENT ON COLUMN reminder.invoice_letter.place IS 'of its channel in the chain';
  COMMENT ON COLUMN reminder.invoice_letter.channel IS 'by which it goes, or went; NULL: none reaches the customer';
  COMMENT ON COLUMN reminder.invoice_letter.tried IS 'the channels before, in turn: each had a dedupe key of its own';
  COMMENT ON COLUMN reminder.invoice_letter.attempts IS 'how often it was claimed for this channel';
  COMMENT ON COLUMN reminder.invoice_letter.in_hand IS 'a sender has it';
  COMMENT ON COLUMN reminder.invoice_letter.leased_until IS 'from then on it can be claimed again; NULL: nobody has claimed it. Here alone the clock is right';
  COMMENT ON COLUMN reminder.invoice_letter.told_on IS 'the business date on which it was sent, failed or was cancelled';
  COMMENT ON COLUMN reminder.invoice_letter.reason IS 'why the last attempt failed';
