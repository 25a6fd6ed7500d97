  /*
   * Who has what: rights that were granted, and, once walls stand, whose.
   */
  CREATE TABLE reminder.role_grant (
    kind text COLLATE "C" NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    CONSTRAINT role_grant_pkey PRIMARY KEY (kind, role_name),
    CONSTRAINT role_grant_length CHECK (octet_length(role_name) BETWEEN 1 AND 63)
  );
  COMMENT ON TABLE reminder.role_grant IS 'Which kinds of rights grant_role() gave to which roles, to give them again where objects are made anew.';

  CREATE TABLE reminder.creditor_access (
    creditor_id bigint NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    limited boolean NOT NULL DEFAULT false,
    branches text[],
    trading_names text[],
    CONSTRAINT creditor_access_pkey PRIMARY KEY (creditor_id, role_name),
    CONSTRAINT creditor_access_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor ON DELETE CASCADE,
    CONSTRAINT creditor_access_role_length CHECK (octet_length(role_name) BETWEEN 1 AND 63),
    CONSTRAINT creditor_access_limits CHECK (limited OR num_nonnulls(branches, trading_names) = 0)
  );
  COMMENT ON TABLE reminder.creditor_access IS 'Which roles, and the members of them, see a creditor once walls stand.';
  COMMENT ON COLUMN reminder.creditor_access.limited IS 'only to its own invoices: those of these branches, of these trading names, and those in invoice_access';

  CREATE TABLE reminder.invoice_access (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    CONSTRAINT invoice_access_pkey PRIMARY KEY (creditor_id, invoice_no, role_name),
    CONSTRAINT invoice_access_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice ON DELETE CASCADE,
    CONSTRAINT invoice_access_role_length CHECK (octet_length(role_name) BETWEEN 1 AND 63)
  );
  COMMENT ON TABLE reminder.invoice_access IS 'Invoices that are a limited role''s own, such as those that its user has entered.';

  CREATE TABLE reminder.partner_access (
    partner_id bigint NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    CONSTRAINT partner_access_pkey PRIMARY KEY (partner_id, role_name),
    CONSTRAINT partner_access_partner_fkey FOREIGN KEY (partner_id) REFERENCES reminder.partner ON DELETE CASCADE,
    CONSTRAINT partner_access_role_length CHECK (octet_length(role_name) BETWEEN 1 AND 63)
  );
  COMMENT ON TABLE reminder.partner_access IS 'Which roles, and the members of them, see all creditors of a partner once walls stand, and make new ones.';

  CREATE TABLE reminder.service_access (
    role_name text COLLATE "C" NOT NULL,
    CONSTRAINT service_access_pkey PRIMARY KEY (role_name),
    CONSTRAINT service_access_role_length CHECK (octet_length(role_name) BETWEEN 1 AND 63)
  );
  CREATE TABLE reminder.agency_access (
    agency text COLLATE "C" NOT NULL,
    role_name text COLLATE "C" NOT NULL,
    CONSTRAINT agency_access_pkey PRIMARY KEY (agency, role_name),
    CONSTRAINT agency_access_agency_fkey FOREIGN KEY (agency) REFERENCES reminder.agency ON DELETE CASCADE,
    CONSTRAINT agency_access_role_length CHECK (octet_length(role_name) BETWEEN 1 AND 63)
  );
  COMMENT ON TABLE reminder.agency_access IS 'Which agencies a role, and its members, act for once walls stand: these alone, with the creditors it has access to. A role that is not named here is not limited.';

  COMMENT ON TABLE reminder.service_access IS 'Roles of the service, who with their members see every creditor though walls stand.';

