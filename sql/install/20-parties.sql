  /*
   * Who is who: accounts, partners, creditors, customers. A creditor is one
   * tenant; creditor_id leads every key below and never changes.
   */
  CREATE TABLE reminder.agreement (
    agreement text COLLATE "C" NOT NULL,
    title text NOT NULL,
    CONSTRAINT agreement_pkey PRIMARY KEY (agreement),
    CONSTRAINT agreement_length CHECK (octet_length(agreement) BETWEEN 1 AND 64)
  );
  COMMENT ON TABLE reminder.agreement IS 'Agreements of accounts, and the templates under which partners make creditors.';
  INSERT INTO reminder.agreement VALUES ('standard', 'Standard agreement');

  CREATE TABLE reminder.account (
    account_id bigint NOT NULL,
    name text NOT NULL,
    agreement text COLLATE "C" NOT NULL DEFAULT 'standard',
    CONSTRAINT account_pkey PRIMARY KEY (account_id),
    CONSTRAINT account_name_length CHECK (octet_length(name) BETWEEN 1 AND 1000),
    CONSTRAINT account_agreement_fkey FOREIGN KEY (agreement) REFERENCES reminder.agreement
  );
  COMMENT ON TABLE reminder.account IS 'Who the collection service has its agreement with: many creditors, exactly one agreement in force.';

  CREATE TABLE reminder.partner (
    partner_id bigint NOT NULL,
    name text NOT NULL,
    agreement text COLLATE "C" NOT NULL DEFAULT 'standard',
    CONSTRAINT partner_pkey PRIMARY KEY (partner_id),
    CONSTRAINT partner_name_length CHECK (octet_length(name) BETWEEN 1 AND 1000),
    CONSTRAINT partner_agreement_fkey FOREIGN KEY (agreement) REFERENCES reminder.agreement
  );
  COMMENT ON TABLE reminder.partner IS 'Who resells the collection service to creditors of its own, under one agreement template.';

  CREATE TABLE reminder.creditor (
    creditor_id bigint NOT NULL,
    account_id bigint,
    partner_id bigint,
    name text NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL DEFAULT 'SE',
    country text COLLATE "C",
    currency text COLLATE "C",
    time_zone text,
    bankgiro text,
    plusgiro text,
    iban text,
    sender_address text,
    invoice_address text,
    contract_address text,
    claim_description text,
    case_url text,
    foreign_customers text NOT NULL DEFAULT 'blocked',
    credits_in_case text NOT NULL DEFAULT 'refuse',
    rounds_payments boolean NOT NULL DEFAULT true,
    needs_address boolean NOT NULL DEFAULT false,
    needs_identity boolean NOT NULL DEFAULT false,
    plan_grace_days smallint NOT NULL DEFAULT 0,
    automation boolean NOT NULL DEFAULT false,
    automation_from date,
    CONSTRAINT creditor_pkey PRIMARY KEY (creditor_id),
    CONSTRAINT creditor_account_fkey FOREIGN KEY (account_id) REFERENCES reminder.account,
    CONSTRAINT creditor_partner_fkey FOREIGN KEY (partner_id) REFERENCES reminder.partner,
    CONSTRAINT creditor_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT creditor_belongs_to_one CHECK (num_nonnulls(account_id, partner_id) = 1),
    CONSTRAINT creditor_name_length CHECK (octet_length(name) BETWEEN 1 AND 1000),
    CONSTRAINT creditor_country CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT creditor_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT creditor_text_length CHECK (
      coalesce(octet_length(bankgiro), 0) <= 64 AND coalesce(octet_length(plusgiro), 0) <= 64
      AND coalesce(octet_length(iban), 0) <= 64 AND coalesce(octet_length(sender_address), 0) <= 1000
      AND coalesce(octet_length(invoice_address), 0) <= 1000 AND coalesce(octet_length(contract_address), 0) <= 1000
      AND coalesce(octet_length(claim_description), 0) <= 1000),
    -- nothing that would end a link where it is written
    CONSTRAINT creditor_case_url CHECK (case_url ~ '^https?://[^][:space:][:cntrl:]{}<>"''\\^`|]+[{]case_id[}][^][:space:][:cntrl:]{}<>"''\\^`|]*$' AND octet_length(case_url) <= 1000),
    CONSTRAINT "creditor_foreign_customers: blocked, general" CHECK (foreign_customers IN ('blocked', 'general')),
    CONSTRAINT "creditor_credits_in_case: refuse, apply" CHECK (credits_in_case IN ('refuse', 'apply')),
    CONSTRAINT creditor_plan_grace_days CHECK (plan_grace_days BETWEEN 0 AND 60),
    CONSTRAINT creditor_automation_from CHECK (automation_from BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.creditor IS 'The tenant: issues invoices. Belongs to exactly one of an account and a partner.';
  COMMENT ON COLUMN reminder.creditor.jurisdiction IS 'whose law its claims are under';
  COMMENT ON COLUMN reminder.creditor.country IS 'two letters; customers of another country are foreign. Left out: the jurisdiction''s';
  COMMENT ON COLUMN reminder.creditor.currency IS 'three letters. Left out: the jurisdiction''s';
  COMMENT ON COLUMN reminder.creditor.time_zone IS 'of its business day. Left out: the jurisdiction''s';
  COMMENT ON COLUMN reminder.creditor.bankgiro IS 'payout destination; at least one of bankgiro, plusgiro and iban before automation is switched on';
  COMMENT ON COLUMN reminder.creditor.claim_description IS 'what a claim is for, when the invoice has no text of its own';
  COMMENT ON COLUMN reminder.creditor.case_url IS 'where a case is shown, "https://example.com/{case_id}": case_status makes its link of it, {case_id} being the case''s';
  COMMENT ON COLUMN reminder.creditor.foreign_customers IS '"blocked", or "general": under the general rule';
  COMMENT ON COLUMN reminder.creditor.credits_in_case IS 'a credit on an invoice with an active case: "refuse", or "apply" it through the case';
  COMMENT ON COLUMN reminder.creditor.rounds_payments IS 'what is to be paid is rounded where the law has it; false: otherwise agreed';
  COMMENT ON COLUMN reminder.creditor.needs_address IS 'letters by print wait until the customer has an address; false: they go out, and whoever prints them knows it';
  COMMENT ON COLUMN reminder.creditor.needs_identity IS 'demands wait until the customer has an identity number that holds, as whoever collects may want; where the law wants one they do anyway';
  COMMENT ON COLUMN reminder.creditor.plan_grace_days IS 'days after its due date on which an instalment of a payment plan is still in time, where the plan does not say';
  COMMENT ON COLUMN reminder.creditor.automation IS 'switched by activate() and deactivate() only';
  COMMENT ON COLUMN reminder.creditor.automation_from IS 'no run before this date decides anything; NULL: from the first run';

  CREATE TABLE reminder.closed_day (
    creditor_id bigint NOT NULL,
    day date NOT NULL,
    CONSTRAINT closed_day_pkey PRIMARY KEY (creditor_id, day),
    CONSTRAINT closed_day_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT closed_day_day CHECK (day BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.closed_day IS 'Closed days of a creditor''s own, on top of its calendar''s.';

  CREATE TABLE reminder.customer_class (
    creditor_id bigint NOT NULL,
    class text COLLATE "C" NOT NULL,
    name text,
    rule_no integer,
    excluded boolean NOT NULL DEFAULT false,
    CONSTRAINT customer_class_pkey PRIMARY KEY (creditor_id, class),
    CONSTRAINT customer_class_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT customer_class_length CHECK (octet_length(class) BETWEEN 1 AND 64 AND coalesce(octet_length(name), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.customer_class IS 'Classes of customers, each under a rule of its own if it has one, or excluded whole.';
  COMMENT ON COLUMN reminder.customer_class.rule_no IS 'the rule for its customers of that rule''s kind; the others fall to their general rule';

  CREATE TABLE reminder.customer (
    creditor_id bigint NOT NULL,
    customer_no text COLLATE "C" NOT NULL,
    name text NOT NULL,
    kind text COLLATE "C" NOT NULL DEFAULT 'company',
    country text COLLATE "C",
    class text COLLATE "C",
    own_rule integer,
    blocked boolean NOT NULL DEFAULT false,
    collection_ban boolean NOT NULL DEFAULT false,
    consumer_einvoice boolean NOT NULL DEFAULT false,
    standing text COLLATE "C" NOT NULL DEFAULT 'normal',
    identity_no text,
    email text,
    einvoice_address text,
    address text,
    language text,
    rule_no integer,
    rule_kind text COLLATE "C" GENERATED ALWAYS AS (CASE kind WHEN 'person' THEN 'person' ELSE 'company' END) STORED,
    assigned_by text COLLATE "C" NOT NULL DEFAULT 'no_rule',
    CONSTRAINT customer_pkey PRIMARY KEY (creditor_id, customer_no),
    CONSTRAINT customer_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT customer_class_fkey FOREIGN KEY (creditor_id, class) REFERENCES reminder.customer_class,
    CONSTRAINT customer_no_length CHECK (octet_length(customer_no) BETWEEN 1 AND 64),
    CONSTRAINT customer_name_length CHECK (octet_length(name) BETWEEN 1 AND 1000),
    CONSTRAINT "customer_kind: company, person, public" CHECK (kind IN ('company', 'person', 'public')),
    CONSTRAINT customer_country CHECK (country ~ '^[A-Z]{2}$'),
    CONSTRAINT "customer_standing: normal, bankrupt, estate, minor" CHECK (standing IN ('normal', 'bankrupt', 'estate', 'minor')),
    CONSTRAINT customer_text_length CHECK (
      coalesce(octet_length(class), 0) <= 64 AND coalesce(octet_length(identity_no), 0) <= 64 AND coalesce(octet_length(email), 0) <= 320
      AND coalesce(octet_length(einvoice_address), 0) <= 320 AND coalesce(octet_length(address), 0) <= 1000 AND coalesce(octet_length(language), 0) <= 64)
  );
  CREATE INDEX customer_class_idx ON reminder.customer (creditor_id, class) WHERE class IS NOT NULL;
  CREATE INDEX customer_rule_idx ON reminder.customer (creditor_id, rule_no);
  COMMENT ON TABLE reminder.customer IS 'Customers. What is personal stays in this row; everything else carries its number.';
  COMMENT ON COLUMN reminder.customer.kind IS '"company", "person" or "public"; a public body is under the rules for companies';
  COMMENT ON COLUMN reminder.customer.country IS 'two letters; left out: the creditor''s';
  COMMENT ON COLUMN reminder.customer.own_rule IS 'the customer''s own assignment, before its class and the general rules';
  COMMENT ON COLUMN reminder.customer.blocked IS 'no automation for this customer';
  COMMENT ON COLUMN reminder.customer.collection_ban IS 'must not be collected from at all';
  COMMENT ON COLUMN reminder.customer.consumer_einvoice IS 'has a consumer e-invoice or direct-debit agreement';
  COMMENT ON COLUMN reminder.customer.standing IS '"normal", "bankrupt", "estate" (deceased) or "minor"';
  COMMENT ON COLUMN reminder.customer.einvoice_address IS 'where e-invoices go, as their operator has it; left out: it takes none';
  COMMENT ON COLUMN reminder.customer.rule_no IS 'the resulting rule, kept by trigger; NULL: outside automation';
  COMMENT ON COLUMN reminder.customer.assigned_by IS 'why that rule, or why none: own, class, general, blocked, class_excluded, foreign, no_rule';

  CREATE TABLE reminder.customer_rule_history (
    creditor_id bigint NOT NULL,
    customer_no text COLLATE "C" NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    after_run date,
    rule_no integer,
    assigned_by text COLLATE "C" NOT NULL
  );
  CREATE INDEX customer_rule_history_idx ON reminder.customer_rule_history (creditor_id, customer_no, since);
  COMMENT ON TABLE reminder.customer_rule_history IS 'Every resulting rule a customer has had, the present one last.';
  COMMENT ON COLUMN reminder.customer_rule_history.after_run IS 'the creditor''s latest run when it changed';
