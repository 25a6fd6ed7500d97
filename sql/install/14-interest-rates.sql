  /*
   * Late interest: a reference rate for each half-year, and rules that put a
   * margin on it.
   *
   * A rate holds for its own half-year and no longer: the next one is missing
   * until somebody has put it in, and late interest over a half-year without a
   * rate is an error. Rules hold until the next one.
   *
   * confidence as in statutory_fee: an unconfirmed row is shown and not used.
   * Whoever has read it confirms it by saying where, and puts in the next one:
   *
   *   UPDATE reminder.reference_rate SET confidence = 'sourced', source = '...'
   *   WHERE jurisdiction = '..' AND valid_from = '....-..-..';
   *   INSERT INTO reminder.reference_rate
   *   VALUES ('..', '....-..-..', ..., 'reference', 'sourced', '...');
   */
  CREATE TABLE reminder.reference_rate (
    jurisdiction text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    rate_percent numeric(5,2) NOT NULL,
    kind text COLLATE "C" NOT NULL DEFAULT 'reference',
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    CONSTRAINT reference_rate_pkey PRIMARY KEY (jurisdiction, valid_from),
    CONSTRAINT reference_rate_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT reference_rate_valid_from CHECK (valid_from BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT reference_rate_half_year CHECK (extract(day FROM valid_from) = 1 AND extract(month FROM valid_from) IN (1, 7)),
    CONSTRAINT reference_rate_rate_percent CHECK (rate_percent BETWEEN -100 AND 100),
    CONSTRAINT "reference_rate_kind: reference, total" CHECK (kind IN ('reference', 'total')),
    CONSTRAINT "reference_rate_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT reference_rate_source_length CHECK (octet_length(source) BETWEEN 1 AND 1000)
  );
  COMMENT ON TABLE reminder.reference_rate IS 'The rate that late interest follows, for each half-year. A row holds for its half-year only; one that is missing or unconfirmed is an error for whoever needs it, never carried forward.';
  COMMENT ON COLUMN reminder.reference_rate.valid_from IS 'first day of the half-year';
  COMMENT ON COLUMN reminder.reference_rate.kind IS '"reference": a rule''s margin is added; "total": the whole late interest, nothing is added';
  COMMENT ON COLUMN reminder.reference_rate.confidence IS '"sourced", "derived", or "unconfirmed": shown, and not used';

  CREATE TABLE reminder.interest_rule (
    jurisdiction text COLLATE "C" NOT NULL,
    debtor_kind text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    holds_by text COLLATE "C" NOT NULL DEFAULT 'day',
    base text NOT NULL,
    margin_points numeric(5,2) NOT NULL,
    day_count text COLLATE "C" NOT NULL DEFAULT 'actual/365',
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    note text,
    CONSTRAINT interest_rule_pkey PRIMARY KEY (jurisdiction, debtor_kind, valid_from),
    CONSTRAINT interest_rule_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT "interest_rule_debtor_kind: any, person, company, public" CHECK (debtor_kind IN ('any', 'person', 'company', 'public')),
    CONSTRAINT interest_rule_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT "interest_rule_holds_by: day, due_date" CHECK (holds_by IN ('day', 'due_date')),
    CONSTRAINT interest_rule_margin_points CHECK (margin_points BETWEEN 0 AND 100),
    CONSTRAINT "interest_rule_day_count: actual/365, actual/actual, 30/360" CHECK (day_count IN ('actual/365', 'actual/actual', '30/360')),
    CONSTRAINT "interest_rule_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT interest_rule_text_length CHECK (
      octet_length(base) BETWEEN 1 AND 1000 AND octet_length(source) BETWEEN 1 AND 1000 AND coalesce(octet_length(note), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.interest_rule IS 'How late interest follows from the reference rate. In force is the row of the latest valid_from, one for the debtor''s own kind before one for any: so rows can neither overlap nor leave a gap.';
  COMMENT ON COLUMN reminder.interest_rule.holds_by IS 'what valid_from is compared with: "day", each day of interest; "due_date", the claim''s due date, so that an older claim keeps the older rule';
  COMMENT ON COLUMN reminder.interest_rule.base IS 'what the reference rate is, in words';
  COMMENT ON COLUMN reminder.interest_rule.margin_points IS 'percentage points on top of a reference rate; a total rate gets none';
  COMMENT ON COLUMN reminder.interest_rule.day_count IS 'a claim keeps that of the rule in force on its first day of interest';

  /*
   * No statute counts the days, except by practice: actual/365, in Norway a
   * 366th in leap years. 30/360 is seen too (Denmark, and Finland's landlords):
   * UPDATE day_count where that is agreed or usual.
   */
  INSERT INTO reminder.interest_rule VALUES
    ('SE', 'any', '2002-07-01', 'day', 'Riksbank reference rate', 8, 'actual/365', 'sourced',
     'räntelagen 6 §', 'rate of the day, split at half-years; contract interest continues, but not below this (7 §)'),
    ('FI', 'person', '2002-07-01', 'day', 'ECB main refinancing rate, rounded up to the next 0.5', 7, 'actual/365', 'sourced',
     'korkolaki 4 §', 'rate of the day, split at half-years'),
    ('FI', 'company', '2013-03-16', 'day', 'ECB main refinancing rate, rounded up to the next 0.5', 8, 'actual/365', 'sourced',
     'korkolaki 4 a §', NULL),
    ('FI', 'public', '2013-03-16', 'day', 'ECB main refinancing rate, rounded up to the next 0.5', 8, 'actual/365', 'sourced',
     'korkolaki 4 a §', NULL),
    ('NO', 'any', '2013-07-01', 'day', 'total set by regulation for each half-year', 0, 'actual/actual', 'sourced',
     'forsinkelsesrenteloven 3 §', 'the rate is the whole late interest; forsinkelsesrente.no cites the ministry on 366 days'),
    ('DK', 'any', '2002-08-01', 'due_date', 'Nationalbanken lending rate', 7, 'actual/365', 'sourced',
     'renteloven 5 §', 'claims due before 2013-03-01 keep 7; where 7 began was not looked for'),
    ('DK', 'any', '2013-03-01', 'due_date', 'Nationalbanken lending rate', 8, 'actual/365', 'sourced',
     'renteloven 5 §', '30/360 and actual/365 are both seen'),
    ('DE', 'person', '2002-01-01', 'day', 'Basiszinssatz', 5, 'actual/365', 'sourced',
     'BGB § 288 (1)', NULL),
    ('DE', 'company', '2002-01-01', 'due_date', 'Basiszinssatz', 8, 'actual/365', 'sourced',
     'BGB § 288 (2) as it was', 'only payment for goods and services'),
    ('DE', 'company', '2014-07-29', 'due_date', 'Basiszinssatz', 9, 'actual/365', 'sourced',
     'BGB § 288 (2)', 'only payment for goods and services; for contracts made from 2014-07-29 (from memory): the due date stands for the contract here, so a claim that falls due later under an older contract bears 8'),
    ('EU', 'company', '2013-03-16', 'day', 'ECB main refinancing rate on the first day of the half-year', 8, 'actual/365', 'unconfirmed',
     'directive 2011/7/EU, from memory', 'the least that a member state may set'),
    ('EU', 'public', '2013-03-16', 'day', 'ECB main refinancing rate on the first day of the half-year', 8, 'actual/365', 'unconfirmed',
     'directive 2011/7/EU, from memory', 'the least that a member state may set');

  /*
   * Sweden: the Riksbank's reference rate.
   */
  INSERT INTO reminder.reference_rate VALUES
    ('SE', '2002-07-01', 4.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2003-01-01', 4.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2003-07-01', 3.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2004-01-01', 3.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2004-07-01', 2.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2005-01-01', 2.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2005-07-01', 1.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2006-01-01', 1.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2006-07-01', 2.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2007-01-01', 3.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2007-07-01', 3.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2008-01-01', 4.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2008-07-01', 4.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2009-01-01', 2.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2009-07-01', 0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2010-01-01', 0.50, 'reference', 'sourced', 'SFS 2010:1 notisum.se'),
    ('SE', '2010-07-01', 0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2011-01-01', 1.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2011-07-01', 2.00, 'reference', 'sourced', 'SFS 2011:941 lagen.nu'),
    ('SE', '2012-01-01', 2.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2012-07-01', 1.50, 'reference', 'sourced', 'SFS 2012:533 klevringsjuridik.se / archive.riksbank.se (corrected decision)'),
    ('SE', '2013-01-01', 1.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2013-07-01', 1.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2014-01-01', 1.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2014-07-01', 1.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2015-01-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2015-07-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2016-01-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2016-07-01', -0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2017-01-01', -0.50, 'reference', 'sourced', 'SFS 2017:1 lagen.se'),
    ('SE', '2017-07-01', -0.50, 'reference', 'sourced', 'SFS 2017:843 riksdagen.se'),
    ('SE', '2018-01-01', -0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2018-07-01', -0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2019-01-01', -0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2019-07-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2020-01-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2020-07-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2021-01-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2021-07-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2022-01-01', 0.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2022-07-01', 0.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2023-01-01', 2.50, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2023-07-01', 3.50, 'reference', 'sourced', 'riksbank.se news 2023'),
    ('SE', '2024-01-01', 4.00, 'reference', 'sourced', 'capway.se 2024-01-02'),
    ('SE', '2024-07-01', 4.00, 'reference', 'sourced', 'riksbank.se referensräntan pages / SFS notices'),
    ('SE', '2025-01-01', 3.00, 'reference', 'sourced', 'SFS 2024:1373 (se-lex/sfs)'),
    ('SE', '2025-07-01', 2.00, 'reference', 'sourced', 'SFS 2025:809 (se-lex/sfs)'),
    ('SE', '2026-01-01', 2.00, 'reference', 'sourced', 'secondary source'),
    ('SE', '2026-07-01', 2.00, 'reference', 'sourced', 'secondary source (states verified at riksbank.se 2026-09-18)');

  /*
   * Finland: the reference rate of korkolaki 12 §.
   */
  INSERT INTO reminder.reference_rate VALUES
    ('FI', '2002-07-01', 3.50, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2003-01-01', 3.00, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2009-01-01', 2.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2009-07-01', 1.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2010-01-01', 1.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2010-07-01', 1.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2011-01-01', 1.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2011-07-01', 1.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2012-01-01', 1.00, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2012-07-01', 1.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2013-01-01', 1.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2013-07-01', 0.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2014-01-01', 0.50, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2014-07-01', 0.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2015-01-01', 0.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2015-07-01', 0.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2016-01-01', 0.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2016-07-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2017-01-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2017-07-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2018-01-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2018-07-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2019-01-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2019-07-01', 0.00, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2020-01-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2020-07-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2021-01-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2021-07-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2022-01-01', 0.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2022-07-01', 0.00, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2023-01-01', 2.50, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2023-07-01', 4.00, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2024-01-01', 4.50, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2024-07-01', 4.50, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2025-01-01', 3.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2025-07-01', 2.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5'),
    ('FI', '2026-01-01', 2.50, 'reference', 'sourced', 'Suomen Pankki announcement pages (sttinfo etc.)'),
    ('FI', '2026-07-01', 2.50, 'reference', 'derived', 'inferred: korkolaki 12 § = ECB MRO before the half-year rounded up to next 0.5');

  /*
   * Norway: the whole late interest, not a reference to which a margin is added.
   */
  INSERT INTO reminder.reference_rate VALUES
    ('NO', '2006-07-01', 9.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2007-01-01', 10.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2007-07-01', 11.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2008-01-01', 12.25, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2008-07-01', 12.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2009-01-01', 10.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2009-07-01', 8.25, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2010-01-01', 8.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2010-07-01', 9.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2011-01-01', 9.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2011-07-01', 9.25, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2012-01-01', 8.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2012-07-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2013-01-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 7'),
    ('NO', '2013-07-01', 9.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2014-01-01', 9.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2014-07-01', 9.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2015-01-01', 9.25, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2015-07-01', 9.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2016-01-01', 8.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2016-07-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2017-01-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2017-07-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2018-01-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2018-07-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2019-01-01', 8.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2019-07-01', 9.25, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2020-01-01', 9.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2020-07-01', 8.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2021-01-01', 8.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2021-07-01', 8.00, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2022-01-01', 8.50, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2022-07-01', 9.25, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2023-01-01', 10.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2023-07-01', 11.75, 'total', 'sourced', 'forsinkelsesrenteloven footnotes (Norwegian-law-mcp) / regjeringen.no; policy rate + at least 8'),
    ('NO', '2024-01-01', 12.50, 'total', 'sourced', 'FOR-2023-12-14-2043 (secondary source); policy rate + at least 8'),
    ('NO', '2024-07-01', 12.50, 'total', 'sourced', 'FOR-2024-06-26-1320 (secondary source); policy rate + at least 8'),
    ('NO', '2025-01-01', 12.50, 'total', 'sourced', 'FOR-2024-12-19-3279 (secondary source); policy rate + at least 8'),
    ('NO', '2025-07-01', 12.25, 'total', 'sourced', 'FOR-2025-06-23-1321 (secondary source); policy rate + at least 8'),
    ('NO', '2026-01-01', 12.00, 'total', 'sourced', 'FOR-2025-12-18-2658 (secondary source); policy rate + at least 8'),
    ('NO', '2026-07-01', 12.25, 'total', 'sourced', 'FOR-2026-06-25-1372 (secondary source); policy rate + at least 8');

  /*
   * Denmark: Nationalbanken's lending rate. That of 2026-07-01 was not found.
   */
  INSERT INTO reminder.reference_rate VALUES
    ('DK', '2005-01-01', 2.15, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2005-07-01', 2.15, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2006-01-01', 2.40, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2006-07-01', 3.00, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2007-01-01', 3.75, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2007-07-01', 4.25, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2008-01-01', 4.25, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2008-07-01', 4.35, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2009-01-01', 3.75, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2009-07-01', 1.55, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2010-01-01', 1.20, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2010-07-01', 1.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2011-01-01', 1.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2011-07-01', 1.30, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2012-01-01', 0.70, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2012-07-01', 0.45, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2013-01-01', 0.20, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2013-07-01', 0.20, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2014-01-01', 0.20, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2014-07-01', 0.20, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2015-01-01', 0.20, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2015-07-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2016-01-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2016-07-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2017-01-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2017-07-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2018-01-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2018-07-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2019-01-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2019-07-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2020-01-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2020-07-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2021-01-01', 0.05, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2021-07-01', -0.35, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2022-01-01', -0.45, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2022-07-01', -0.45, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2023-01-01', 1.90, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2023-07-01', 3.25, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2024-01-01', 3.75, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2024-07-01', 3.50, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2025-01-01', 2.75, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2025-07-01', 1.75, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)'),
    ('DK', '2026-01-01', 1.75, 'reference', 'sourced', 'Nationalbanken reference rate (secondary sources)');

  /*
   * Germany: the Basiszinssatz. BGB § 247 prints 3.62, the value of 2002-01-01: not
   * the rate in force.
   */
  INSERT INTO reminder.reference_rate VALUES
    ('DE', '2002-01-01', 2.57, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2002-07-01', 2.47, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2003-01-01', 1.97, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2003-07-01', 1.22, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2004-01-01', 1.14, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2004-07-01', 1.13, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2005-01-01', 1.21, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2005-07-01', 1.17, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2006-01-01', 1.37, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2006-07-01', 1.95, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2007-01-01', 2.70, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2007-07-01', 3.19, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2008-01-01', 3.32, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2008-07-01', 3.19, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2009-01-01', 1.62, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2009-07-01', 0.12, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2010-01-01', 0.12, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2010-07-01', 0.12, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2011-01-01', 0.12, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2011-07-01', 0.37, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2012-01-01', 0.12, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2012-07-01', 0.12, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2013-01-01', -0.13, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2013-07-01', -0.38, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2014-01-01', -0.63, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2014-07-01', -0.73, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2015-01-01', -0.83, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2015-07-01', -0.83, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2016-01-01', -0.83, 'reference', 'unconfirmed', 'Bundesbank Basiszinssatz from memory; equals ECB MRO minus 0.88 from 2009'),
    ('DE', '2016-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2017-01-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2017-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2018-01-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2018-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2019-01-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2019-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2020-01-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2020-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2021-01-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2021-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2022-01-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2022-07-01', -0.88, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2023-01-01', 1.62, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2023-07-01', 3.12, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2024-01-01', 3.62, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2024-07-01', 3.37, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2025-01-01', 2.27, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2025-07-01', 1.27, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2026-01-01', 1.27, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)'),
    ('DE', '2026-07-01', 1.52, 'reference', 'sourced', 'Bundesbank Basiszinssatz (as of 2026-09-21, secondary source)');

  /*
   * European Union: the ECB's main refinancing rate on the first day of the
   * half-year.
   */
  INSERT INTO reminder.reference_rate VALUES
    ('EU', '2009-01-01', 2.50, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2009-07-01', 1.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2010-01-01', 1.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2010-07-01', 1.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2011-01-01', 1.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2011-07-01', 1.25, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2012-01-01', 1.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2012-07-01', 1.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2013-01-01', 0.75, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2013-07-01', 0.50, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2014-01-01', 0.25, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2014-07-01', 0.15, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2015-01-01', 0.05, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2015-07-01', 0.05, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2016-01-01', 0.05, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2016-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2017-01-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2017-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2018-01-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2018-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2019-01-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2019-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2020-01-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2020-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2021-01-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2021-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2022-01-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2022-07-01', 0.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2023-01-01', 2.50, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2023-07-01', 4.00, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2024-01-01', 4.50, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2024-07-01', 4.25, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2025-01-01', 3.15, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2025-07-01', 2.15, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2026-01-01', 2.15, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88'),
    ('EU', '2026-07-01', 2.40, 'reference', 'derived', 'ECB main refinancing rate on first day of half-year, derived as Basiszinssatz + 0.88');
