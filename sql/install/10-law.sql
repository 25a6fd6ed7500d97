  /*
   * Law as data: small global tables that no trigger writes. A new law is an
   * INSERT with its own valid_from; it changes no past decision.
   */
  CREATE TABLE reminder.installation (
    version text NOT NULL,
    installed_at timestamptz NOT NULL DEFAULT now(),
    view_key uuid NOT NULL DEFAULT gen_random_uuid()
  );
  COMMENT ON TABLE reminder.installation IS 'The version that made the tables.';
  COMMENT ON COLUMN reminder.installation.view_key IS 'what our views show to functions that answer to nobody else';

  CREATE TABLE reminder.jurisdiction (
    jurisdiction text COLLATE "C" NOT NULL,
    name text NOT NULL,
    calendar text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    time_zone text NOT NULL,
    language text COLLATE "C" NOT NULL,
    moves_due_date boolean NOT NULL,
    charged_reminders smallint,
    compensation_offsets boolean NOT NULL,
    source text NOT NULL,
    total_fee_kind text COLLATE "C",
    calendar_source text,
    CONSTRAINT jurisdiction_pkey PRIMARY KEY (jurisdiction)
  );
  COMMENT ON TABLE reminder.jurisdiction IS 'Whose law a creditor is under.';
  COMMENT ON COLUMN reminder.jurisdiction.calendar IS 'the bank-day calendar (see is_bank_day)';
  COMMENT ON COLUMN reminder.jurisdiction.language IS 'of letters to customers who have not said another';
  COMMENT ON COLUMN reminder.jurisdiction.moves_due_date IS 'a due date on a bank-closed day counts from the next bank day';
  COMMENT ON COLUMN reminder.jurisdiction.charged_reminders IS 'how many fee-carrying reminders an invoice may ever get, a notice counting as one; NULL: no such limit';
  COMMENT ON COLUMN reminder.jurisdiction.compensation_offsets IS 'compensation for being late and fees are together the larger of the two; else it comes on top';
  COMMENT ON COLUMN reminder.jurisdiction.total_fee_kind IS 'the statutory fee that caps all fees of a claim together; NULL: none does';
  COMMENT ON COLUMN reminder.jurisdiction.calendar_source IS 'where the rules of its bank-closed days were read, which src/calendar.c computes';
  INSERT INTO reminder.jurisdiction VALUES
    ('SE', 'Sweden', 'SE', 'SEK', 'Europe/Stockholm', 'sv', true, 1, true,
     'lag 1930:173 2 §, skuldebrevslag 5 § (due dates); lag 1981:739 2 § in practice (one reminder)', NULL,
     'lag 1989:253, SFS 2004:1320 (6 June); QuantLib sweden.cpp, vacanza/holidays c382fdec'),
    ('FI', 'Finland', 'FI', 'EUR', 'Europe/Helsinki', 'fi', true, NULL, true,
     'velkakirjalaki 5 §', 'total_cost_cap',
     'op.fi; vacanza/holidays c382fdec; QuantLib finland.cpp, but for its Midsummer Eve'),
    ('NO', 'Norway', 'NO', 'NOK', 'Europe/Oslo', 'nb', true, 2, true,
     'gjeldsbrevlova § 5; inkassoforskriften', NULL,
     'Norges Bank settlement days; vacanza/holidays c382fdec; QuantLib norway.cpp, which omits 24 December'),
    ('DK', 'Denmark', 'DK', 'DKK', 'Europe/Copenhagen', 'da', true, 3, false,
     'gældsbrevslov § 5; renteloven § 9 b', NULL,
     'Nationalbanken banklukkedage 2026/27; lov 214/2023 (store bededag to 2023); QuantLib denmark.cpp'),
    ('DE', 'Germany', 'DE', 'EUR', 'Europe/Berlin', 'de', true, NULL, true,
     'BGB § 193', NULL,
     'vacanza/holidays c382fdec: the days of all states; a state''s own go into closed_day'),
    ('EU', 'European Union', 'TARGET', 'EUR', 'Europe/Brussels', 'en', false, NULL, true,
     'directive 2011/7/EU', NULL,
     'vacanza/holidays c382fdec european_central_bank.py; QuantLib target.cpp');

  CREATE TABLE reminder.stage (
    stage text COLLATE "C" NOT NULL,
    rung smallint NOT NULL,
    letter boolean NOT NULL,
    meaning text NOT NULL,
    CONSTRAINT stage_pkey PRIMARY KEY (stage),
    CONSTRAINT stage_rung_key UNIQUE (rung)
  );
  COMMENT ON TABLE reminder.stage IS 'The stages of a claim, lowest first.';
  COMMENT ON COLUMN reminder.stage.rung IS 'place on the ladder; a second letter of the same stage stands one higher';
  INSERT INTO reminder.stage VALUES
    ('reminder', 10, true, 'a payment reminder'),
    ('notice', 20, true, 'a notice: the firmer second letter of an own rule'),
    ('demand', 30, true, 'the debt collection demand'),
    ('monitoring', 40, false, 'long-term monitoring of an unpaid claim'),
    ('enforcement', 50, false, 'handed to the enforcement authority');

  CREATE TABLE reminder.stage_fee_kind (
    jurisdiction text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    collected_by text COLLATE "C" NOT NULL,
    nth smallint NOT NULL DEFAULT 1,
    fee_kind text COLLATE "C" NOT NULL,
    CONSTRAINT stage_fee_kind_pkey PRIMARY KEY (jurisdiction, stage, collected_by, nth),
    CONSTRAINT stage_fee_kind_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT stage_fee_kind_stage_fkey FOREIGN KEY (stage) REFERENCES reminder.stage
  );
  COMMENT ON TABLE reminder.stage_fee_kind IS 'Which statutory fee caps a letter: by stage, who collects, and the how many-eth letter of its stage (the last row stands for all later ones).';
  INSERT INTO reminder.stage_fee_kind
  SELECT j.jurisdiction, s.stage, c.collected_by, 1, 'reminder'
  FROM reminder.jurisdiction j,
       (VALUES ('reminder'), ('notice')) s (stage),
       (VALUES ('creditor'), ('service'), ('agency')) c (collected_by)
  WHERE j.jurisdiction <> 'NO';
  INSERT INTO reminder.stage_fee_kind VALUES
    ('SE', 'demand', 'creditor', 1, 'demand_letter'),
    ('SE', 'demand', 'service', 1, 'demand_letter'),
    ('SE', 'demand', 'agency', 1, 'demand_letter'),
    ('FI', 'demand', 'creditor', 1, 'demand_letter_by_creditor_itself'),
    ('FI', 'demand', 'service', 1, 'demand_letter'),
    ('FI', 'demand', 'service', 2, 'demand_letter_second'),
    ('FI', 'demand', 'agency', 1, 'demand_letter'),
    ('FI', 'demand', 'agency', 2, 'demand_letter_second'),
    ('NO', 'reminder', 'creditor', 1, 'reminder_or_inkassovarsel'),
    ('NO', 'reminder', 'service', 1, 'reminder_or_inkassovarsel'),
    ('NO', 'reminder', 'agency', 1, 'reminder_or_inkassovarsel'),
    ('NO', 'notice', 'creditor', 1, 'reminder_or_inkassovarsel'),
    ('NO', 'notice', 'service', 1, 'reminder_or_inkassovarsel'),
    ('NO', 'notice', 'agency', 1, 'reminder_or_inkassovarsel'),
    ('NO', 'demand', 'creditor', 1, 'betalingsoppfordring_own_collection'),
    ('NO', 'demand', 'service', 1, 'salaer_light'),
    ('NO', 'demand', 'agency', 1, 'salaer_light'),
    -- a creditor's own demand is one more rykker to the law
    ('DK', 'demand', 'creditor', 1, 'reminder'),
    ('DK', 'demand', 'service', 1, 'agency_collection_cost_cap_ex_vat'),
    ('DK', 'demand', 'agency', 1, 'agency_collection_cost_cap_ex_vat'),
    ('DE', 'demand', 'creditor', 1, 'reminder'),
    ('DE', 'demand', 'service', 1, 'agency_collection_cost'),
    ('DE', 'demand', 'agency', 1, 'agency_collection_cost');

  CREATE TABLE reminder.statutory_fee (
    jurisdiction text COLLATE "C" NOT NULL,
    debtor_kind text COLLATE "C" NOT NULL,
    fee_kind text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    above numeric(14,2) NOT NULL DEFAULT 0,
    fee numeric(14,2),
    currency text COLLATE "C" NOT NULL,
    confidence text NOT NULL,
    source text NOT NULL,
    note text,
    must_be_agreed boolean NOT NULL DEFAULT false,
    CONSTRAINT statutory_fee_pkey PRIMARY KEY (jurisdiction, fee_kind, debtor_kind, valid_from, above),
    CONSTRAINT statutory_fee_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT "statutory_fee_debtor_kind: any, person, company, public" CHECK (debtor_kind IN ('any', 'person', 'company', 'public')),
    CONSTRAINT "statutory_fee_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT statutory_fee_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT statutory_fee_above CHECK (above >= 0 AND above < 1000000000000),
    CONSTRAINT statutory_fee_fee CHECK (fee >= 0 AND fee < 1000000000000)
  );
  COMMENT ON TABLE reminder.statutory_fee IS 'The fee caps of the law. In force on a day are the rows of the latest valid_from up to it; a tier reaches from its "above" (not included) to the next one''s (included). So rows can neither overlap nor leave a gap; a cap that is abolished is a row whose fee is NULL.';
  COMMENT ON COLUMN reminder.statutory_fee.note IS 'what else the law says of the fee';
  COMMENT ON COLUMN reminder.statutory_fee.must_be_agreed IS 'may be charged only if it was agreed no later than when the debt arose';
