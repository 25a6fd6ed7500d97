  /*
   * What else the law says, as data: when a claim lapses, what a demand must
   * say, how long one must wait and how often one may ask. law_in_force() shows
   * it; rule_findings() holds rules against the last.
   *
   * A start that was not looked for is 1900-01-01. confidence as in
   * statutory_fee.
   */
  CREATE TABLE reminder.limitation_rule (
    jurisdiction text COLLATE "C" NOT NULL,
    debtor_kind text COLLATE "C" NOT NULL,
    claim_kind text COLLATE "C" NOT NULL DEFAULT 'ordinary',
    valid_from date NOT NULL DEFAULT '1900-01-01',
    years smallint NOT NULL,
    runs_from text COLLATE "C" NOT NULL,
    interrupted_by_reminder boolean NOT NULL,
    interrupted_by_payment boolean NOT NULL,
    suspended_by_legal_step boolean NOT NULL DEFAULT false,
    moves_on boolean NOT NULL DEFAULT false,
    interrupted_by text NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    note text,
    CONSTRAINT limitation_rule_pkey PRIMARY KEY (jurisdiction, claim_kind, debtor_kind, valid_from),
    CONSTRAINT limitation_rule_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT "limitation_rule_debtor_kind: any, person, company, public" CHECK (debtor_kind IN ('any', 'person', 'company', 'public')),
    CONSTRAINT limitation_rule_claim_kind CHECK (claim_kind IN ('ordinary', 'instrument', 'judgment', 'final', 'final_title')),
    CONSTRAINT limitation_rule_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT limitation_rule_years CHECK (years BETWEEN 1 AND 100),
    CONSTRAINT "limitation_rule_runs_from: origin, due_date, year_end, title" CHECK (runs_from IN ('origin', 'due_date', 'year_end', 'title')),
    CONSTRAINT limitation_rule_title CHECK ((runs_from = 'title') = (claim_kind IN ('judgment', 'final_title'))),
    CONSTRAINT "limitation_rule_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT limitation_rule_text_length CHECK (
      octet_length(interrupted_by) BETWEEN 1 AND 1000 AND octet_length(source) BETWEEN 1 AND 1000 AND coalesce(octet_length(note), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.limitation_rule IS 'When a claim lapses. In force is the row of the latest valid_from, one for the debtor''s own kind before one for any.';
  COMMENT ON COLUMN reminder.limitation_rule.claim_kind IS '"ordinary"; "instrument", a note or written acknowledgement; "judgment"; "final", whatever interrupts; "final_title", the same for a claim with a title for enforcement';
  COMMENT ON COLUMN reminder.limitation_rule.runs_from IS '"origin" of the claim, its "due_date", the "year_end" after it arose, or the "title" for enforcement';
  COMMENT ON COLUMN reminder.limitation_rule.interrupted_by_reminder IS 'a plain reminder makes the period begin anew';
  COMMENT ON COLUMN reminder.limitation_rule.interrupted_by_payment IS 'so does a part payment, which acknowledges the rest';
  COMMENT ON COLUMN reminder.limitation_rule.suspended_by_legal_step IS 'a step in court or for enforcement stops the time until it has ended; else the period begins anew';
  COMMENT ON COLUMN reminder.limitation_rule.moves_on IS 'a last day on a day that is no working day moves to the next one';
  INSERT INTO reminder.limitation_rule VALUES
    ('SE', 'any', 'ordinary', '1900-01-01', 10, 'origin', true, true, false, false,
     'acknowledgement, payment, a written demand or reminder that reaches the debtor, court, Kronofogden, bankruptcy: a whole new period (6 §)', 'sourced',
     'preskriptionslag 1981:130, 6 §', 'interest lapses with the principal (8 §)'),
    ('SE', 'person', 'ordinary', '1900-01-01', 3, 'origin', true, true, false, false,
     'acknowledgement, payment, a written demand or reminder that reaches the debtor, court, Kronofogden, bankruptcy: a whole new period (6 §)', 'sourced',
     'preskriptionslag 1981:130, 6 §', 'goods and services for private use'),
    ('SE', 'any', 'instrument', '1900-01-01', 10, 'origin', true, true, false, false,
     'acknowledgement, payment, a written demand or reminder that reaches the debtor, court, Kronofogden, bankruptcy: a whole new period (6 §)', 'sourced',
     'preskriptionslag 1981:130, 6 §', 'running promissory notes, a consumer''s too'),
    ('FI', 'any', 'ordinary', '1900-01-01', 3, 'due_date', true, true, false, false,
     'a free-form reminder, acknowledgement, court', 'sourced', 'laki 728/2003', NULL),
    ('FI', 'any', 'judgment', '1900-01-01', 5, 'title', true, true, false, false,
     'a free-form reminder, acknowledgement, court', 'sourced', 'laki 728/2003', NULL),
    ('FI', 'person', 'final', '1900-01-01', 20, 'due_date', false, false, false, false,
     'nothing', 'sourced', 'laki 728/2003', '25 years if the creditor is a natural person'),
    ('FI', 'person', 'final_title', '1900-01-01', 15, 'title', false, false, false, false,
     'nothing', 'sourced', 'laki 728/2003', '20 years if the creditor is a natural person, or after a crime'),
    ('NO', 'any', 'ordinary', '1900-01-01', 3, 'due_date', false, true, false, false,
     'acknowledgement, a legal step, enforcement; not a reminder', 'derived', 'lov 1979-18', 'the years were read; that they run from the due date is derived'),
    ('NO', 'any', 'instrument', '1900-01-01', 10, 'due_date', false, true, false, false,
     'acknowledgement, a legal step, enforcement; not a reminder', 'derived', 'lov 1979-18', 'the years were read; that they run from the due date is derived'),
    ('NO', 'any', 'judgment', '1900-01-01', 10, 'title', false, true, false, false,
     'acknowledgement, a legal step, enforcement; not a reminder', 'unconfirmed', 'lov 1979-18, from memory', NULL),
    ('DK', 'any', 'ordinary', '1900-01-01', 3, 'due_date', false, true, false, true,
     'acknowledgement, a legal step; not a reminder', 'derived', 'forældelsesloven', 'the years were read; that they run from the due date is derived; a last day on a closed day, 24 or 31 December moves on (§ 27)'),
    ('DK', 'any', 'instrument', '1900-01-01', 10, 'due_date', false, true, false, true,
     'acknowledgement, a legal step; not a reminder', 'derived', 'forældelsesloven', 'a note or written acknowledgement'),
    ('DK', 'any', 'judgment', '1900-01-01', 10, 'title', false, true, false, true,
     'acknowledgement, a legal step; not a reminder', 'derived', 'forældelsesloven', NULL),
    ('DE', 'any', 'ordinary', '1900-01-01', 3, 'year_end', false, true, true, false,
     'a claim in court or a Mahnbescheid suspends (§ 204), part payment or acknowledgement begins anew (§ 212); not a reminder', 'sourced',
     'BGB §§ 195, 199, 204, 212', NULL);

  CREATE TABLE reminder.demand_content (
    jurisdiction text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    valid_from date NOT NULL DEFAULT '1900-01-01',
    place smallint NOT NULL,
    needs text COLLATE "C" NOT NULL,
    sentence text NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    CONSTRAINT demand_content_pkey PRIMARY KEY (jurisdiction, item, valid_from),
    CONSTRAINT demand_content_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT demand_content_item CHECK (octet_length(item) BETWEEN 1 AND 64),
    CONSTRAINT demand_content_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT demand_content_place CHECK (place BETWEEN 1 AND 99),
    CONSTRAINT demand_content_needs CHECK (needs IN ('nothing', 'payout', 'sender_address', 'contact_address', 'identity_no')),
    CONSTRAINT "demand_content_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT demand_content_text_length CHECK (octet_length(sentence) BETWEEN 1 AND 1000 AND octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.demand_content IS 'What a debt collection demand must say (L5). In force is an item''s row of the latest valid_from.';
  COMMENT ON COLUMN reminder.demand_content.place IS 'where the item stands in the list';
  COMMENT ON COLUMN reminder.demand_content.needs IS 'what must be known before a letter can say it: "nothing", which every letter says by itself, or which does not apply to what is sent here; "payout" (bankgiro, plusgiro or iban of the creditor); "sender_address"; "contact_address" (contract_address, or else sender_address); "identity_no" of the customer';
  INSERT INTO reminder.demand_content VALUES
    ('SE', 'written', '1900-01-01', 1, 'nothing', 'The demand is in writing.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'creditor_name', '1900-01-01', 2, 'nothing', 'The creditor''s name, clearly.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'ground', '1900-01-01', 3, 'nothing', 'The ground of the claim.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'assignment', '1900-01-01', 4, 'nothing', 'If the claim is assigned or pledged: that paying the assignor does not discharge it.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'how_to_pay', '1900-01-01', 5, 'payout', 'A suitable way to pay.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'amounts_apart', '1900-01-01', 6, 'nothing', 'Principal, interest and costs, each apart.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'interest', '1900-01-01', 7, 'nothing', 'Of interest: the amount so far, the rate, the time, and the capital it runs on.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('SE', 'time_to_pay', '1900-01-01', 8, 'nothing', 'The time to pay or to object.', 'sourced', 'inkassolag 1974:182 5 §'),
    ('FI', 'creditor_name', '1900-01-01', 1, 'sender_address', 'The creditor''s name and address.', 'sourced', 'laki 513/1999 5 a §'),
    ('FI', 'ground', '1900-01-01', 2, 'nothing', 'The ground of the claim.', 'sourced', 'laki 513/1999 5 a §'),
    ('FI', 'amounts_apart', '1900-01-01', 3, 'nothing', 'Principal, interest, late interest and costs, each apart.', 'sourced', 'laki 513/1999 5 a §'),
    ('FI', 'total', '1900-01-01', 4, 'nothing', 'The total that is claimed.', 'sourced', 'laki 513/1999 5 a §'),
    ('FI', 'how_to_pay', '1900-01-01', 5, 'payout', 'To whom, how and by when to pay.', 'sourced', 'laki 513/1999 5 a §'),
    ('FI', 'right_to_object', '1900-01-01', 6, 'contact_address', 'The right to object: to whom, how and by when.', 'sourced', 'laki 513/1999 5 a §'),
    ('NO', 'creditor_name', '1900-01-01', 1, 'nothing', 'The creditor''s name.', 'sourced', 'inkassoloven § 10'),
    ('NO', 'ground', '1900-01-01', 2, 'nothing', 'What the claim is for.', 'sourced', 'inkassoloven § 10'),
    ('NO', 'amounts_apart', '1900-01-01', 3, 'nothing', 'Principal and everything added to it, each apart.', 'sourced', 'inkassoloven § 10'),
    ('NO', 'interest', '1900-01-01', 4, 'nothing', 'The rate of interest, and from when it runs.', 'sourced', 'inkassoloven § 10'),
    ('NO', 'time_to_pay', '1900-01-01', 5, 'nothing', 'The deadline, and what follows when it is missed.', 'sourced', 'inkassoloven § 10'),
    ('NO', 'right_to_complain', '1900-01-01', 6, 'nothing', 'The right to go to the complaints board.', 'sourced', 'inkassoloven § 10'),
    ('DK', 'ground', '1900-01-01', 1, 'nothing', 'All that is needed to judge the claim.', 'sourced', 'inkassoloven § 10'),
    ('DK', 'time_to_pay', '1900-01-01', 2, 'nothing', 'A deadline of at least 10 days.', 'sourced', 'inkassoloven § 10'),
    ('DK', 'costs_to_come', '1900-01-01', 3, 'nothing', 'A warning that more costs follow.', 'sourced', 'inkassoloven § 10'),
    ('DE', 'client', '1900-01-01', 1, 'sender_address', 'The client''s name and address.', 'sourced', 'RDG § 13a'),
    ('DE', 'ground', '1900-01-01', 2, 'nothing', 'The ground of the claim.', 'sourced', 'RDG § 13a'),
    ('DE', 'interest', '1900-01-01', 3, 'nothing', 'How interest was computed.', 'sourced', 'RDG § 13a'),
    ('DE', 'higher_rate', '1900-01-01', 4, 'nothing', 'The reason for a rate above the law''s.', 'sourced', 'RDG § 13a'),
    ('DE', 'costs', '1900-01-01', 5, 'nothing', 'Of costs: their kind, amount and basis.', 'sourced', 'RDG § 13a'),
    ('DE', 'vat', '1900-01-01', 6, 'nothing', 'A statement on value-added tax.', 'sourced', 'RDG § 13a'),
    ('DE', 'address_source', '1900-01-01', 7, 'nothing', 'Where the debtor''s address comes from.', 'sourced', 'RDG § 13a');

  CREATE TABLE reminder.interval_rule (
    jurisdiction text COLLATE "C" NOT NULL,
    debtor_kind text COLLATE "C" NOT NULL,
    rule text COLLATE "C" NOT NULL,
    valid_from date NOT NULL DEFAULT '1900-01-01',
    value smallint NOT NULL,
    unit text COLLATE "C" NOT NULL,
    sentence text NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    CONSTRAINT interval_rule_pkey PRIMARY KEY (jurisdiction, rule, debtor_kind, valid_from),
    CONSTRAINT interval_rule_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT "interval_rule_debtor_kind: any, person, company, public" CHECK (debtor_kind IN ('any', 'person', 'company', 'public')),
    CONSTRAINT interval_rule_rule CHECK (octet_length(rule) BETWEEN 1 AND 64),
    CONSTRAINT interval_rule_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT interval_rule_value CHECK (value BETWEEN 0 AND 3650),
    CONSTRAINT "interval_rule_unit: days, months, letters, plans" CHECK (unit IN ('days', 'months', 'letters', 'plans')),
    CONSTRAINT "interval_rule_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT interval_rule_text_length CHECK (octet_length(sentence) BETWEEN 1 AND 1000 AND octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.interval_rule IS 'How long one must wait and how often one may ask (L3). In force is a rule''s row of the latest valid_from, one for the debtor''s own kind before one for any.';
  COMMENT ON COLUMN reminder.interval_rule.value IS 'at least so many days or months, at most so many letters or plans, as the sentence says';
  INSERT INTO reminder.interval_rule VALUES
    ('SE', 'any', 'charged_reminders', '1900-01-01', 1, 'letters', 'At most one reminder of an invoice carries a fee.', 'sourced', 'bjornlunden.se, practice'),
    ('SE', 'any', 'demand_time_to_pay', '1900-01-01', 8, 'days', 'A demand gives at least 8 days from sending; 8 to 10 are usual.', 'sourced', 'inkassolag 1974:182 5 §; imy.se'),
    ('SE', 'any', 'interest_without_due_date', '1900-01-01', 30, 'days', 'Without an agreed due date, interest runs from 30 days after the invoice was sent; to a person only if it said so.', 'sourced', 'räntelagen 4 §'),
    ('SE', 'company', 'longest_payment_term', '1900-01-01', 30, 'days', 'Between businesses at most 30 days after the demand, unless expressly agreed.', 'sourced', 'räntelagen 2 a §'),
    ('FI', 'person', 'first_fee_after_due', '2013-03-16', 14, 'days', 'A reminder carries a fee 14 days after the due date at the earliest.', 'sourced', 'laki 513/1999; kkv.fi'),
    ('FI', 'person', 'fee_after_letter', '2013-03-16', 14, 'days', 'At least 14 days lie between a reminder or demand and the next that carries a fee.', 'sourced', 'laki 513/1999; kkv.fi'),
    ('FI', 'person', 'demand_after_reminder', '2013-03-16', 14, 'days', 'A demand goes to a consumer at least 14 days after the reminder.', 'sourced', 'laki 513/1999; kkv.fi'),
    ('FI', 'person', 'demand_time_to_pay', '2013-03-16', 10, 'days', 'A demand gives 10 to 14 days.', 'unconfirmed', 'usual, from memory'),
    ('FI', 'person', 'charged_demands', '2013-03-16', 2, 'letters', 'At most two demands carry a fee.', 'sourced', 'laki 513/1999; kkv.fi'),
    ('FI', 'person', 'charged_plans', '2013-03-16', 2, 'plans', 'At most two payment plans carry a fee; one up to 100 EUR, or if directly enforceable.', 'sourced', 'laki 513/1999; kkv.fi'),
    ('FI', 'person', 'charged_extension', '2013-03-16', 14, 'days', 'An extension carries a fee if it was asked for and gives at least 14 days.', 'sourced', 'laki 513/1999; kkv.fi'),
    ('FI', 'company', 'between_fees', '2022-05-01', 10, 'days', 'At least 10 days lie between two letters that carry a fee.', 'sourced', 'laki 299/2022; yrittajat.fi, okperinta.fi, procountor.fi'),
    ('FI', 'company', 'tratta_after_reminder', '2022-05-01', 10, 'days', 'A tratta goes out 10 days after the first reminder at the earliest.', 'sourced', 'laki 299/2022; yrittajat.fi, okperinta.fi, procountor.fi'),
    ('FI', 'company', 'tratta_protest_time', '2022-05-01', 14, 'days', 'A tratta leaves 14 days before it is protested.', 'sourced', 'laki 299/2022; yrittajat.fi, okperinta.fi, procountor.fi'),
    ('FI', 'any', 'interest_without_due_date', '1900-01-01', 30, 'days', 'Without a binding due date, interest runs from 30 days after the invoice; to a consumer only if it said so.', 'sourced', 'korkolaki 633/1982'),
    ('NO', 'any', 'first_fee_after_due', '1900-01-01', 14, 'days', 'A letter carries a fee 14 days after the due date at the earliest.', 'sourced', 'inkassoforskriften; kontohjelp.no, altinn'),
    ('NO', 'any', 'charged_reminders', '1900-01-01', 2, 'letters', 'At most two letters carry a fee: two reminders, or one and an inkassovarsel.', 'sourced', 'inkassoforskriften; kontohjelp.no, altinn'),
    ('NO', 'any', 'between_fees', '1900-01-01', 14, 'days', 'The second fee comes only after the first letter''s deadline of 14 days has run.', 'sourced', 'inkassoforskriften; kontohjelp.no, altinn'),
    ('NO', 'any', 'notice_time_to_pay', '1900-01-01', 14, 'days', 'An inkassovarsel gives at least 14 days from sending.', 'sourced', 'inkassoloven 1988-26'),
    ('NO', 'any', 'demand_time_to_pay', '1900-01-01', 14, 'days', 'A betalingsoppfordring gives at least 14 days more.', 'sourced', 'inkassoloven § 10'),
    ('NO', 'any', 'demand_renewed_after', '1900-01-01', 6, 'months', 'Before a legal step after more than 6 months the demand is renewed.', 'sourced', 'inkassoloven § 11'),
    ('NO', 'any', 'interest_without_due_date', '1900-01-01', 30, 'days', 'Without a fixed due date, interest runs from 30 days after a written demand.', 'sourced', 'forsinkelsesrenteloven 1976-100'),
    ('DK', 'any', 'charged_reminders', '1900-01-01', 3, 'letters', 'At most three reminders of a service carry a fee.', 'sourced', 'renteloven § 9 b'),
    ('DK', 'any', 'between_fees', '1900-01-01', 10, 'days', 'At least 10 days lie between two letters that carry a fee.', 'sourced', 'renteloven § 9 b'),
    ('DK', 'any', 'demand_time_to_pay', '1900-01-01', 10, 'days', 'A påkrav gives at least 10 days from sending.', 'sourced', 'inkassoloven § 10'),
    ('DK', 'any', 'interest_without_due_date', '1900-01-01', 30, 'days', 'Without a fixed due date, interest runs from 30 days after the demand.', 'sourced', 'renteloven'),
    ('DE', 'any', 'interest_without_due_date', '1900-01-01', 30, 'days', 'Without a date by the calendar or a reminder, default comes 30 days after due date and invoice; to a consumer only if the invoice said so.', 'sourced', 'BGB; kmein/gesetze 2026-08'),
    ('EU', 'company', 'usual_payment_term', '2013-03-16', 30, 'days', 'Where no term is agreed, 30 days.', 'unconfirmed', 'directive 2011/7/EU, from memory'),
    ('EU', 'company', 'longest_payment_term', '2013-03-16', 60, 'days', 'At most 60 days, unless expressly agreed and not grossly unfair.', 'unconfirmed', 'directive 2011/7/EU, from memory'),
    ('EU', 'public', 'usual_payment_term', '2013-03-16', 30, 'days', 'Where no term is agreed, 30 days.', 'unconfirmed', 'directive 2011/7/EU, from memory'),
    ('EU', 'public', 'longest_payment_term', '2013-03-16', 60, 'days', 'At most 60 days.', 'unconfirmed', 'directive 2011/7/EU, from memory');

  CREATE TABLE reminder.interval_use (
    rule text COLLATE "C" NOT NULL,
    measures text COLLATE "C" NOT NULL,
    stages text[] COLLATE "C" NOT NULL,
    charged boolean NOT NULL,
    since text COLLATE "C",
    since_stages text[] COLLATE "C",
    since_charged boolean,
    kept_by_run boolean NOT NULL DEFAULT false,
    CONSTRAINT interval_use_pkey PRIMARY KEY (rule),
    CONSTRAINT interval_use_rule CHECK (octet_length(rule) BETWEEN 1 AND 64),
    CONSTRAINT "interval_use_measures: letters, term, wait" CHECK (measures IN ('letters', 'term', 'wait')),
    CONSTRAINT interval_use_since CHECK (
      CASE measures WHEN 'wait' THEN since = 'due_date' AND num_nulls(since_stages, since_charged) = 2 OR since = 'letter' AND num_nulls(since_stages, since_charged) = 0
                    ELSE num_nulls(since, since_stages, since_charged) = 3 END IS TRUE)
  );
  COMMENT ON TABLE reminder.interval_use IS 'What an interval_rule of this name measures in the ladder of a rule. One that is not here says nothing of ladders.';
  COMMENT ON COLUMN reminder.interval_use.measures IS '"letters": at most so many; "term": at least so long to pay; "wait": at least so long since what came before';
  COMMENT ON COLUMN reminder.interval_use.stages IS 'the letters it is about';
  COMMENT ON COLUMN reminder.interval_use.charged IS 'only those that carry a fee';
  COMMENT ON COLUMN reminder.interval_use.since IS 'of a wait: "due_date", or "letter": the latest of since_stages before it';
  COMMENT ON COLUMN reminder.interval_use.since_charged IS 'of those, only one that carries a fee';
  COMMENT ON COLUMN reminder.interval_use.kept_by_run IS 'a run keeps it whatever the rule says';
  INSERT INTO reminder.interval_use VALUES
    ('charged_reminders', 'letters', '{reminder,notice}', true, NULL, NULL, NULL, true),
    ('charged_demands', 'letters', '{demand}', true, NULL, NULL, NULL, false),
    ('first_fee_after_due', 'wait', '{reminder,notice,demand}', true, 'due_date', NULL, NULL, false),
    ('between_fees', 'wait', '{reminder,notice,demand}', true, 'letter', '{reminder,notice,demand}', true, false),
    ('fee_after_letter', 'wait', '{reminder,notice,demand}', true, 'letter', '{reminder,notice,demand}', false, false),
    ('demand_after_reminder', 'wait', '{demand}', false, 'letter', '{reminder,notice}', false, false),
    ('notice_time_to_pay', 'term', '{notice}', false, NULL, NULL, NULL, false),
    ('demand_time_to_pay', 'term', '{demand}', false, NULL, NULL, NULL, false);
