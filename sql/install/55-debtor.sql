
  /*
   * Debtors' tokens (V9): with one of them a debtor sees what it owes. What
   * stands here opens nothing: the token itself is shown once, and not kept.
   */
  CREATE TABLE reminder.debtor_token (
    creditor_id bigint NOT NULL,
    customer_no text COLLATE "C" NOT NULL,
    token_no integer NOT NULL,
    token_hash bytea NOT NULL,
    invoice_no text COLLATE "C" NOT NULL DEFAULT '',
    made_on date NOT NULL,
    valid_until date NOT NULL,
    revoked_on date,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    made_by text NOT NULL DEFAULT session_user,
    CONSTRAINT debtor_token_pkey PRIMARY KEY (creditor_id, customer_no, token_no),
    CONSTRAINT debtor_token_hash_key UNIQUE (creditor_id, token_hash),
    CONSTRAINT debtor_token_customer_fkey FOREIGN KEY (creditor_id, customer_no) REFERENCES reminder.customer ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT debtor_token_hash_length CHECK (octet_length(token_hash) = 32),
    CONSTRAINT debtor_token_invoice_length CHECK (octet_length(invoice_no) <= 64),
    CONSTRAINT debtor_token_made_on CHECK (made_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT debtor_token_valid_until CHECK (valid_until BETWEEN made_on AND '2200-12-31'),
    CONSTRAINT debtor_token_revoked_on CHECK (revoked_on BETWEEN made_on AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.debtor_token IS 'Tokens by which debtors see what they owe: debtor_token() makes them. They go with their customer.';
  COMMENT ON COLUMN reminder.debtor_token.token_hash IS 'SHA-256 of the token''s 256 random bits';
  COMMENT ON COLUMN reminder.debtor_token.invoice_no IS 'the one invoice that it is for; empty: all of the customer''s';
  COMMENT ON COLUMN reminder.debtor_token.valid_until IS 'the last day it opens anything';
