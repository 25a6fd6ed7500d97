  /*
   * What a payment settles first (L8), where the debtor has not said: the
   * lower number before the higher one. Where no confirmed row is in force,
   * the principal, which is best for the debtor.
   */
  CREATE TABLE reminder.allocation_rule (
    jurisdiction text COLLATE "C" NOT NULL,
    debtor_kind text COLLATE "C" NOT NULL,
    valid_from date NOT NULL DEFAULT '1900-01-01',
    principal smallint NOT NULL,
    interest smallint NOT NULL,
    fee smallint NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    note text,
    CONSTRAINT allocation_rule_pkey PRIMARY KEY (jurisdiction, debtor_kind, valid_from),
    CONSTRAINT allocation_rule_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT "allocation_rule_debtor_kind: any, person, company, public" CHECK (debtor_kind IN ('any', 'person', 'company', 'public')),
    CONSTRAINT allocation_rule_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT allocation_rule_order CHECK (
      principal BETWEEN 1 AND 3 AND interest BETWEEN 1 AND 3 AND fee BETWEEN 1 AND 3
      AND principal <> interest AND interest <> fee AND fee <> principal),
    CONSTRAINT "allocation_rule_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT allocation_rule_text_length CHECK (octet_length(source) BETWEEN 1 AND 1000 AND coalesce(octet_length(note), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.allocation_rule IS 'What a payment settles first, 1 to 3. In force is the row of the latest valid_from, one for the debtor''s own kind before one for any.';
  INSERT INTO reminder.allocation_rule (jurisdiction, debtor_kind, valid_from, principal, interest, fee, confidence, source, note) VALUES
    ('SE', 'any', '1900-01-01', 3, 2, 1, 'sourced', 'handelsbalken 9:5; practice',
     'the debtor may designate; what is not designated goes to the debt with the clearly heavier consequence (NJA 2013 s. 1190)'),
    ('FI', 'person', '2013-03-16', 1, 2, 3, 'unconfirmed', 'laki 513/1999 11 a § (31/2013), its order from memory', 'unless the debtor directs otherwise'),
    ('FI', 'any', '1900-01-01', 3, 2, 1, 'unconfirmed', 'from memory', 'the debtor may designate'),
    ('NO', 'any', '1900-01-01', 3, 2, 1, 'unconfirmed', 'from memory', 'the debtor may designate'),
    ('DK', 'any', '1900-01-01', 3, 2, 1, 'unconfirmed', 'from memory', 'the debtor may designate'),
    ('DE', 'any', '1900-01-01', 3, 2, 1, 'sourced', 'BGB § 367', 'a consumer loan: enforcement costs, principal, interest (§ 497 (3))');

  /*
   * To what the amount to be paid is rounded, half a unit up, where the law has
   * it. Nothing is rounded inside: what a payment lacks, or is too much, by
   * this alone is rounded off when it is made.
   */
  CREATE TABLE reminder.rounding_rule (
    jurisdiction text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    valid_from date NOT NULL DEFAULT '1900-01-01',
    unit numeric(14,2) NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    note text,
    CONSTRAINT rounding_rule_pkey PRIMARY KEY (jurisdiction, currency, valid_from),
    CONSTRAINT rounding_rule_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT rounding_rule_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT rounding_rule_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT rounding_rule_unit CHECK (unit > 0 AND unit <= 1),
    CONSTRAINT "rounding_rule_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT rounding_rule_text_length CHECK (octet_length(source) BETWEEN 1 AND 1000 AND coalesce(octet_length(note), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.rounding_rule IS 'To what the amount to be paid is rounded. In force is the row of the latest valid_from; where there is none, nothing is.';
  COMMENT ON COLUMN reminder.rounding_rule.unit IS '1: to whole kronor; 0.01: from then on nothing is rounded';
  INSERT INTO reminder.rounding_rule (jurisdiction, currency, valid_from, unit, confidence, source, note) VALUES
    ('SE', 'SEK', '1900-01-01', 1, 'sourced', 'lag 1970:1029', 'the amount to be paid, to the nearest krona, 50 öre up, unless agreed otherwise (creditor.rounds_payments)');
