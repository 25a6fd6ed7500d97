  /*
   * The terms of agreements, version by version, and who has accepted which
   * (P2). Rows are only added, so that what holds on a day stays what it was.
   */
  CREATE TABLE reminder.terms_version (
    agreement text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    title text NOT NULL,
    body text,
    uri text,
    sha256 bytea,
    published_on date NOT NULL,
    in_force_from date NOT NULL,
    needs_acceptance boolean NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT terms_version_pkey PRIMARY KEY (agreement, version),
    CONSTRAINT terms_version_in_force_key UNIQUE (agreement, in_force_from),
    CONSTRAINT terms_version_agreement_fkey FOREIGN KEY (agreement) REFERENCES reminder.agreement,
    CONSTRAINT terms_version_length CHECK (octet_length(version) BETWEEN 1 AND 64 AND octet_length(title) BETWEEN 1 AND 1000),
    CONSTRAINT terms_version_one CHECK (num_nonnulls(body, uri) = 1),
    CONSTRAINT terms_version_body CHECK (octet_length(body) BETWEEN 1 AND 10485760),
    CONSTRAINT terms_version_uri CHECK (octet_length(uri) <= 2000 AND uri ~ '^[A-Za-z][A-Za-z0-9+.-]*:[^[:space:]]+$'),
    CONSTRAINT terms_version_sha256 CHECK (octet_length(sha256) = 32 AND coalesce(sha256 = sha256(convert_to(body, 'UTF8')), body IS NULL)),
    CONSTRAINT terms_version_dates CHECK (published_on >= '1990-01-01' AND in_force_from BETWEEN published_on AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.terms_version IS 'Versions of the terms of an agreement: publish_terms().';
  COMMENT ON COLUMN reminder.terms_version.sha256 IS 'of the body in UTF-8; of what is at the URI, if whoever published it said so';
  COMMENT ON COLUMN reminder.terms_version.published_on IS 'from then on it can be accepted';
  COMMENT ON COLUMN reminder.terms_version.in_force_from IS 'until the next one is; no two from the same day';
  COMMENT ON COLUMN reminder.terms_version.needs_acceptance IS 'anew; false: it binds whoever accepted the one before it';

  CREATE TABLE reminder.terms_acceptance (
    acceptance_id uuid NOT NULL DEFAULT gen_random_uuid(),
    agreement text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    account_id bigint,
    partner_id bigint,
    accepted_on date NOT NULL,
    accepted_by text NOT NULL,
    signature text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT terms_acceptance_pkey PRIMARY KEY (acceptance_id),
    CONSTRAINT terms_acceptance_account_key UNIQUE (account_id, agreement, version),
    CONSTRAINT terms_acceptance_partner_key UNIQUE (partner_id, agreement, version),
    CONSTRAINT terms_acceptance_version_fkey FOREIGN KEY (agreement, version) REFERENCES reminder.terms_version,
    CONSTRAINT terms_acceptance_account_fkey FOREIGN KEY (account_id) REFERENCES reminder.account,
    CONSTRAINT terms_acceptance_partner_fkey FOREIGN KEY (partner_id) REFERENCES reminder.partner,
    CONSTRAINT terms_acceptance_by_one CHECK (num_nonnulls(account_id, partner_id) = 1),
    CONSTRAINT terms_acceptance_accepted_on CHECK (accepted_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT terms_acceptance_length CHECK (octet_length(accepted_by) BETWEEN 1 AND 1000 AND coalesce(octet_length(signature), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.terms_acceptance IS 'Which versions an account, or a partner for its template, has accepted: accept_terms(). Never taken back.';
  COMMENT ON COLUMN reminder.terms_acceptance.accepted_by IS 'the person who accepted it for them';
  COMMENT ON COLUMN reminder.terms_acceptance.signature IS 'where the signature is: the reference of a signing service, or of a paper';

