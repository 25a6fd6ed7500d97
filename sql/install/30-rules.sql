  /*
   * Rules: who is reminded, and the ladder of what is sent when. A rule's
   * steps are known by their rung (stage and how many-eth), never by a
   * running number: so a step put in between moves nothing.
   */
  CREATE TABLE reminder.rule (
    creditor_id bigint NOT NULL,
    rule_no integer NOT NULL,
    version integer NOT NULL DEFAULT 1,
    name text NOT NULL,
    description text,
    kind text COLLATE "C" NOT NULL,
    general boolean NOT NULL DEFAULT false,
    enabled boolean NOT NULL DEFAULT true,
    enabled_after date,
    collected_by text COLLATE "C" NOT NULL DEFAULT 'creditor',
    agency text COLLATE "C",
    opens text COLLATE "C" NOT NULL DEFAULT 'automatic',
    branches text[],
    trading_names text[],
    import_from date,
    catches_up boolean NOT NULL DEFAULT false,
    waives_deadline boolean NOT NULL DEFAULT false,
    claims_interest boolean NOT NULL DEFAULT true,
    claims_compensation boolean NOT NULL DEFAULT false,
    interest_percent numeric(5,2),
    interest_from text COLLATE "C" NOT NULL DEFAULT 'due_date',
    day_count text COLLATE "C",
    residual_above numeric(14,2) NOT NULL DEFAULT 0,
    CONSTRAINT rule_pkey PRIMARY KEY (creditor_id, rule_no),
    CONSTRAINT rule_kind_key UNIQUE (creditor_id, rule_no, kind),
    CONSTRAINT rule_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT rule_no_positive CHECK (rule_no > 0),
    CONSTRAINT rule_name_length CHECK (octet_length(name) BETWEEN 1 AND 1000),
    CONSTRAINT rule_description_length CHECK (octet_length(description) <= 10000),
    CONSTRAINT "rule_kind: company, person" CHECK (kind IN ('company', 'person')),
    CONSTRAINT "rule_collected_by: creditor, service, agency" CHECK (collected_by IN ('creditor', 'service', 'agency')),
    CONSTRAINT rule_agency CHECK ((collected_by = 'agency') = (agency IS NOT NULL) AND coalesce(octet_length(agency), 0) <= 64),
    CONSTRAINT "rule_opens: automatic, by_hand" CHECK (opens IN ('automatic', 'by_hand')),
    CONSTRAINT rule_import_from CHECK (import_from BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT rule_interest_percent CHECK (interest_percent >= 0 AND interest_percent <= 100),
    CONSTRAINT "rule_interest_from: due_date, invoice, letter" CHECK (interest_from IN ('due_date', 'invoice', 'letter')),
    CONSTRAINT "rule_day_count: actual/365, actual/actual, 30/360" CHECK (day_count IN ('actual/365', 'actual/actual', '30/360')),
    CONSTRAINT rule_residual_above CHECK (residual_above >= 0 AND residual_above < 1000000000000)
  );
  CREATE UNIQUE INDEX rule_general_key ON reminder.rule (creditor_id, kind) WHERE general;
  COMMENT ON TABLE reminder.rule IS 'Rules: who is reminded, and by whom.';
  COMMENT ON COLUMN reminder.rule.version IS 'goes up with every change of the rule, its steps or its windows';
  COMMENT ON COLUMN reminder.rule.general IS 'the creditor''s general rule for this kind of customer: edited, not deleted';
  COMMENT ON COLUMN reminder.rule.enabled_after IS 'the creditor''s latest run when the rule was last switched on';
  COMMENT ON COLUMN reminder.rule.collected_by IS '"creditor" (own rules), "service" (the operator of this database), or "agency", whose fees are its own: the rule adds none';
  COMMENT ON COLUMN reminder.rule.opens IS '"automatic", or "by_hand": a case begins only by hand, the rest of the ladder then runs itself';
  COMMENT ON COLUMN reminder.rule.branches IS 'only invoices of these branches; NULL: all';
  COMMENT ON COLUMN reminder.rule.trading_names IS 'only invoices under these trading names; NULL: all';
  COMMENT ON COLUMN reminder.rule.import_from IS 'only invoices due on or after this date; NULL: all';
  COMMENT ON COLUMN reminder.rule.catches_up IS 'takes a step whose date has passed, however long ago; else only if the customer was under the rule in the first run from that date on';
  COMMENT ON COLUMN reminder.rule.waives_deadline IS 'a letter may go out before the deadline of the one before it';
  COMMENT ON COLUMN reminder.rule.claims_interest IS 'letters claim late interest on the principal';
  COMMENT ON COLUMN reminder.rule.claims_compensation IS 'letters to companies and public bodies claim the law''s compensation for being late';
  COMMENT ON COLUMN reminder.rule.interest_percent IS 'the yearly rate that was agreed; NULL: the law''s, of each day';
  COMMENT ON COLUMN reminder.rule.interest_from IS 'from when interest runs: "due_date", where that was agreed; else "invoice" or "letter": 30 days after the invoice or the first letter, never before the due date';
  COMMENT ON COLUMN reminder.rule.day_count IS '"actual/365", "actual/actual" or "30/360"; NULL: the law''s';
  COMMENT ON COLUMN reminder.rule.residual_above IS 'when the principal is paid, costs above this stay claimed, others are waived and the case ends paid';

  CREATE TABLE reminder.rule_window (
    creditor_id bigint NOT NULL,
    rule_no integer NOT NULL,
    currency text COLLATE "C" NOT NULL,
    lowest numeric(14,2) NOT NULL DEFAULT 0,
    highest numeric(14,2) NOT NULL DEFAULT 999999999999.99,
    CONSTRAINT rule_window_pkey PRIMARY KEY (creditor_id, rule_no, currency),
    CONSTRAINT rule_window_rule_fkey FOREIGN KEY (creditor_id, rule_no) REFERENCES reminder.rule ON DELETE CASCADE,
    CONSTRAINT rule_window_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT rule_window_bounds CHECK (lowest >= 0 AND lowest <= highest AND highest < 1000000000000)
  );
  COMMENT ON TABLE reminder.rule_window IS 'Amount windows of a rule, bounds included, on the invoice amount. No window: every amount in the creditor''s currency.';

  CREATE TABLE reminder.rule_step (
    creditor_id bigint NOT NULL,
    rule_no integer NOT NULL,
    stage text COLLATE "C" NOT NULL,
    nth smallint NOT NULL DEFAULT 1,
    rung smallint GENERATED ALWAYS AS (CASE stage WHEN 'reminder' THEN 9 WHEN 'notice' THEN 19 WHEN 'demand' THEN 29 WHEN 'monitoring' THEN 39 END + nth) STORED,
    wait integer NOT NULL,
    wait_unit text COLLATE "C" NOT NULL DEFAULT 'day',
    term integer NOT NULL DEFAULT 0,
    term_unit text COLLATE "C" NOT NULL DEFAULT 'day',
    channel text COLLATE "C" NOT NULL DEFAULT 'system_default',
    fee numeric(14,2),
    fee_up_to_cap boolean NOT NULL DEFAULT false,
    open_at_least numeric(14,2) NOT NULL DEFAULT 0,
    approval boolean NOT NULL DEFAULT false,
    one_letter boolean NOT NULL DEFAULT false,
    CONSTRAINT rule_step_pkey PRIMARY KEY (creditor_id, rule_no, stage, nth),
    CONSTRAINT rule_step_rule_fkey FOREIGN KEY (creditor_id, rule_no) REFERENCES reminder.rule ON DELETE CASCADE,
    CONSTRAINT rule_step_stage_fkey FOREIGN KEY (stage) REFERENCES reminder.stage,
    CONSTRAINT "rule_step_stage: reminder, notice, demand, monitoring" CHECK (stage IN ('reminder', 'notice', 'demand', 'monitoring')),
    CONSTRAINT rule_step_nth CHECK (nth BETWEEN 1 AND 9),
    CONSTRAINT rule_step_channel_fkey FOREIGN KEY (channel) REFERENCES reminder.channel,
    CONSTRAINT rule_step_wait CHECK (wait BETWEEN 0 AND 3650),
    CONSTRAINT "rule_step_wait_unit: day, bank_day" CHECK (wait_unit IN ('day', 'bank_day')),
    CONSTRAINT rule_step_term CHECK (term BETWEEN 0 AND 3650),
    CONSTRAINT "rule_step_term_unit: day, bank_day" CHECK (term_unit IN ('day', 'bank_day')),
    CONSTRAINT rule_step_fee CHECK (fee > 0 AND fee < 1000000000000),
    CONSTRAINT rule_step_letter CHECK (stage <> 'monitoring' OR (term = 0 AND fee IS NULL AND NOT one_letter)),
    CONSTRAINT rule_step_open_at_least CHECK (open_at_least >= 0 AND open_at_least < 1000000000000)
  );
  COMMENT ON TABLE reminder.rule_step IS 'The ladder of a rule: what is sent when.';
  COMMENT ON COLUMN reminder.rule_step.wait IS 'from the due date for the first step, from the previous letter for the rest; never before the day after that letter''s deadline';
  COMMENT ON COLUMN reminder.rule_step.term IS 'payment term given in the letter';
  COMMENT ON COLUMN reminder.rule_step.channel IS 'one of reminder.channel: among others "einvoice", "email", "print", or "system_default": what the customer has decides';
  COMMENT ON COLUMN reminder.rule_step.fee IS 'NULL: none, and an earlier letter''s fee stands';
  COMMENT ON COLUMN reminder.rule_step.fee_up_to_cap IS 'the fee is the most that is charged: less for principals whose fee the law caps lower. Else a fee is refused that is above the cap for any principal';
  COMMENT ON COLUMN reminder.rule_step.open_at_least IS 'the open principal from which the step is taken, equal passes';
  COMMENT ON COLUMN reminder.rule_step.one_letter IS 'one letter for all invoices of a customer whose step it is in a run, with one fee, on the oldest of them that may carry it; else a letter for each. Recommended for demands in Sweden';

  CREATE TABLE reminder.rule_version (
    creditor_id bigint NOT NULL,
    rule_no integer NOT NULL,
    version integer NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    definition jsonb NOT NULL,
    CONSTRAINT rule_version_pkey PRIMARY KEY (creditor_id, rule_no, version)
  );
  COMMENT ON TABLE reminder.rule_version IS 'Every version a rule has had, whole. Decisions name theirs.';

  CREATE TABLE reminder.creditor_law (
    creditor_id bigint NOT NULL,
    law text COLLATE "C" NOT NULL,
    jurisdiction text COLLATE "C" NOT NULL,
    what text COLLATE "C" NOT NULL DEFAULT '',
    debtor_kind text COLLATE "C" NOT NULL DEFAULT 'any',
    valid_from date NOT NULL,
    above numeric(14,2) NOT NULL DEFAULT 0,
    figure numeric(14,2),
    reason text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by text NOT NULL DEFAULT session_user,
    CONSTRAINT creditor_law_pkey PRIMARY KEY (creditor_id, law, jurisdiction, what, debtor_kind, valid_from, above),
    CONSTRAINT creditor_law_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT creditor_law_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT creditor_law_law CHECK (
      law IN ('statutory_fee', 'reference_rate', 'interest_rule', 'limitation_rule', 'interval_rule', 'demand_content', 'allocation_rule', 'retention_rule')),
    CONSTRAINT creditor_law_what CHECK (
      octet_length(what) <= 64 AND (what = '') = (law IN ('reference_rate', 'interest_rule', 'allocation_rule', 'retention_rule'))),
    CONSTRAINT "creditor_law_debtor_kind: any, person, company, public" CHECK (debtor_kind IN ('any', 'person', 'company', 'public')),
    CONSTRAINT creditor_law_valid_from CHECK (
      valid_from BETWEEN '1900-01-01' AND '2200-12-31'
      AND (law <> 'reference_rate' OR extract(day FROM valid_from) = 1 AND extract(month FROM valid_from) IN (1, 7))),
    CONSTRAINT creditor_law_above CHECK (above >= 0 AND above < 1000000000000),
    CONSTRAINT creditor_law_figure CHECK (
      CASE law
        WHEN 'statutory_fee' THEN figure >= 0 AND figure < 1000000000000
        WHEN 'reference_rate' THEN figure BETWEEN -100 AND 100
        WHEN 'interest_rule' THEN figure BETWEEN 0 AND 100
        WHEN 'limitation_rule' THEN figure BETWEEN 1 AND 100 AND figure = trunc(figure)
        WHEN 'retention_rule' THEN figure BETWEEN 1 AND 100 AND figure = trunc(figure)
        WHEN 'interval_rule' THEN figure BETWEEN 0 AND 3650 AND figure = trunc(figure)
        ELSE figure IS NULL
      END),
    CONSTRAINT creditor_law_reason CHECK (octet_length(reason) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.creditor_law IS 'Rows of the law tables that are not confirmed, and that one creditor relies on: for it they are law, as long as they are not confirmed for all. A row that names none means nothing.';
  COMMENT ON COLUMN reminder.creditor_law.law IS 'the law table';
  COMMENT ON COLUMN reminder.creditor_law.what IS 'its fee_kind, claim_kind, rule or item; '''' where it has none';
  COMMENT ON COLUMN reminder.creditor_law.figure IS 'the creditor''s own fee, rate_percent, margin_points, years or value in place of the table''s; NULL: the table''s. A reference rate that is missing may be one''s own, too';

  ALTER TABLE reminder.customer
    ADD CONSTRAINT customer_own_rule_fkey FOREIGN KEY (creditor_id, own_rule, rule_kind) REFERENCES reminder.rule (creditor_id, rule_no, kind),
    ADD CONSTRAINT customer_rule_fkey FOREIGN KEY (creditor_id, rule_no, rule_kind) REFERENCES reminder.rule (creditor_id, rule_no, kind);
  ALTER TABLE reminder.customer_class
    ADD CONSTRAINT customer_class_rule_fkey FOREIGN KEY (creditor_id, rule_no) REFERENCES reminder.rule;
