  /*
   * Channels: how a letter goes out, agencies with their services among them
   * (C2). What each may carry is rows; so is what a creditor has switched.
   */
  CREATE TABLE reminder.agency (
    agency text COLLATE "C" NOT NULL,
    title text NOT NULL,
    material_format text COLLATE "C",
    lowest numeric(14,2) NOT NULL DEFAULT 0,
    currency text COLLATE "C",
    CONSTRAINT agency_pkey PRIMARY KEY (agency),
    CONSTRAINT agency_length CHECK (octet_length(agency) BETWEEN 1 AND 64 AND octet_length(title) BETWEEN 1 AND 1000),
    CONSTRAINT "agency_material_format: by_status, collection" CHECK (material_format IN ('by_status', 'collection')),
    CONSTRAINT agency_lowest CHECK (lowest >= 0 AND lowest < 1000000000000 AND (lowest > 0) = (currency IS NOT NULL)),
    CONSTRAINT agency_currency CHECK (currency ~ '^[A-Z]{3}$')
  );
  COMMENT ON TABLE reminder.agency IS 'Collection agencies that letters can go out through.';
  COMMENT ON COLUMN reminder.agency.material_format IS 'what a creditor begins with: "by_status", the service of the letter''s stage, or "collection", always the collection service; NULL: there is no choice';
  COMMENT ON COLUMN reminder.agency.lowest IS 'the open principal, in currency, below which it takes no claim; 0: it takes any, as it does in other currencies';
  INSERT INTO reminder.agency VALUES
    ('amili', 'Visma Amili', NULL, 0, NULL),
    ('intrum', 'Intrum', 'by_status', 5, 'EUR');

  CREATE TABLE reminder.channel (
    channel text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL,
    agency text COLLATE "C",
    title text NOT NULL,
    from_start boolean NOT NULL DEFAULT false,
    CONSTRAINT channel_pkey PRIMARY KEY (channel),
    CONSTRAINT channel_agency_fkey FOREIGN KEY (agency) REFERENCES reminder.agency,
    CONSTRAINT "channel_kind: choice, letter, agency, invoice" CHECK (kind IN ('choice', 'letter', 'agency', 'invoice')),
    CONSTRAINT channel_agency CHECK ((kind = 'agency') = (agency IS NOT NULL)),
    CONSTRAINT channel_length CHECK (octet_length(channel) BETWEEN 1 AND 64 AND octet_length(title) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.channel IS 'Channels that letters go out by.';
  COMMENT ON COLUMN reminder.channel.kind IS '"letter", "agency": a service of an agency, "invoice": original invoices alone, or "choice": what the customer has decides';
  COMMENT ON COLUMN reminder.channel.title IS 'how it is called in a sentence: "by email"';
  COMMENT ON COLUMN reminder.channel.from_start IS 'on for every creditor until it switches it off; false: off until activate_channel()';
  INSERT INTO reminder.channel VALUES
    ('system_default', 'choice', NULL, 'by what the customer has', true),
    ('einvoice', 'letter', NULL, 'as an e-invoice', false),
    ('email', 'letter', NULL, 'by email', true),
    ('print', 'letter', NULL, 'by print', true),
    ('amili_notice', 'agency', 'amili', 'through the notice service of Visma Amili', false),
    ('amili_collection', 'agency', 'amili', 'through the collection service of Visma Amili', false),
    ('intrum_notice', 'agency', 'intrum', 'through the notice service of Intrum', false),
    ('intrum_collection', 'agency', 'intrum', 'through the collection service of Intrum', false),
    ('network', 'invoice', NULL, 'within the service''s own network', false),
    ('peppol', 'invoice', NULL, 'by Peppol', false),
    ('operator', 'invoice', NULL, 'by an e-invoice operator', false),
    ('bank', 'invoice', NULL, 'to the internet bank', false),
    ('kivra', 'invoice', NULL, 'by Kivra', false);

  CREATE TABLE reminder.channel_use (
    channel text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    customer_kind text COLLATE "C" NOT NULL,
    material_format text COLLATE "C" NOT NULL DEFAULT 'any',
    CONSTRAINT channel_use_pkey PRIMARY KEY (channel, stage, customer_kind, material_format),
    CONSTRAINT channel_use_channel_fkey FOREIGN KEY (channel) REFERENCES reminder.channel,
    CONSTRAINT channel_use_stage_fkey FOREIGN KEY (stage) REFERENCES reminder.stage,
    CONSTRAINT "channel_use_customer_kind: company, person" CHECK (customer_kind IN ('company', 'person')),
    CONSTRAINT "channel_use_material_format: any, by_status, collection" CHECK (material_format IN ('any', 'by_status', 'collection'))
  );
  COMMENT ON TABLE reminder.channel_use IS 'Which stages a channel carries, to which kind of customer. No row: it never does.';
  COMMENT ON COLUMN reminder.channel_use.customer_kind IS 'as rules have it: "person", or "company", public bodies included';
  COMMENT ON COLUMN reminder.channel_use.material_format IS 'under which material format of the agency; "any": whatever it is';
  INSERT INTO reminder.channel_use (channel, stage, customer_kind, material_format)
  SELECT u.channel, s.stage, k.kind, u.material_format
  FROM (VALUES
    ('einvoice', ARRAY['reminder', 'notice', 'demand'], ARRAY['company'], 'any'),
    ('email', ARRAY['reminder', 'notice'], ARRAY['company', 'person'], 'any'),
    ('print', ARRAY['reminder', 'notice', 'demand'], ARRAY['company', 'person'], 'any'),
    ('amili_notice', ARRAY['reminder', 'notice'], ARRAY['company', 'person'], 'any'),
    ('amili_collection', ARRAY['demand'], ARRAY['company', 'person'], 'any'),
    ('intrum_notice', ARRAY['reminder', 'notice'], ARRAY['company', 'person'], 'by_status'),
    ('intrum_collection', ARRAY['demand'], ARRAY['company', 'person'], 'any'),
    ('intrum_collection', ARRAY['reminder', 'notice'], ARRAY['company', 'person'], 'collection'))
    u (channel, stages, kinds, material_format)
  CROSS JOIN LATERAL unnest(u.stages) s (stage) CROSS JOIN LATERAL unnest(u.kinds) k (kind);

  CREATE TABLE reminder.channel_switch (
    creditor_id bigint NOT NULL,
    channel text COLLATE "C" NOT NULL,
    from_on date NOT NULL,
    active boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT channel_switch_pkey PRIMARY KEY (creditor_id, channel, from_on),
    CONSTRAINT channel_switch_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT channel_switch_channel_fkey FOREIGN KEY (channel) REFERENCES reminder.channel,
    CONSTRAINT channel_switch_from_on CHECK (from_on BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.channel_switch IS 'Channels that a creditor switched on or off, from which business date on: activate_channel(), deactivate_channel().';

  CREATE TABLE reminder.agency_setting (
    creditor_id bigint NOT NULL,
    agency text COLLATE "C" NOT NULL,
    material_format text COLLATE "C" NOT NULL,
    CONSTRAINT agency_setting_pkey PRIMARY KEY (creditor_id, agency),
    CONSTRAINT agency_setting_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT agency_setting_agency_fkey FOREIGN KEY (agency) REFERENCES reminder.agency,
    CONSTRAINT agency_setting_material_format CHECK (material_format IN ('by_status', 'collection'))
  );
  COMMENT ON TABLE reminder.agency_setting IS 'The material format that a creditor has set for an agency: set_material_format().';

