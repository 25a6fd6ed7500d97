  /*
   * How long bookkeeping law keeps what was booked, and with it who the
   * customer was (S3). Nothing is erased by law that nobody has confirmed.
   */
  CREATE TABLE reminder.retention_rule (
    jurisdiction text COLLATE "C" NOT NULL,
    valid_from date NOT NULL DEFAULT '1900-01-01',
    years smallint NOT NULL,
    runs_from text COLLATE "C" NOT NULL,
    confidence text COLLATE "C" NOT NULL,
    source text NOT NULL,
    note text,
    CONSTRAINT retention_rule_pkey PRIMARY KEY (jurisdiction, valid_from),
    CONSTRAINT retention_rule_jurisdiction_fkey FOREIGN KEY (jurisdiction) REFERENCES reminder.jurisdiction,
    CONSTRAINT retention_rule_valid_from CHECK (valid_from BETWEEN '1900-01-01' AND '2200-12-31'),
    CONSTRAINT retention_rule_years CHECK (years BETWEEN 1 AND 100),
    CONSTRAINT "retention_rule_runs_from: fiscal_year, calendar_year" CHECK (runs_from IN ('fiscal_year', 'calendar_year')),
    CONSTRAINT "retention_rule_confidence: sourced, derived, unconfirmed" CHECK (confidence IN ('sourced', 'derived', 'unconfirmed')),
    CONSTRAINT retention_rule_text_length CHECK (octet_length(source) BETWEEN 1 AND 1000 AND coalesce(octet_length(note), 0) <= 1000)
  );
  COMMENT ON TABLE reminder.retention_rule IS 'How many years bookings are kept. In force is the row of the latest valid_from that is confirmed, by all or by the creditor.';
  COMMENT ON COLUMN reminder.retention_rule.runs_from IS '"calendar_year": the end of the calendar year in which the fiscal year of the booking ended; "fiscal_year": the end of that fiscal year itself';
  INSERT INTO reminder.retention_rule (jurisdiction, valid_from, years, runs_from, confidence, source, note) VALUES
    ('SE', '1900-01-01', 7, 'calendar_year', 'unconfirmed', 'bokföringslag 1999:1078 7 kap. 2 §, from memory', NULL),
    ('FI', '1900-01-01', 6, 'calendar_year', 'unconfirmed', 'kirjanpitolaki 1336/1997 2:10, from memory', 'vouchers; the books themselves ten years from the end of the fiscal year'),
    ('NO', '1900-01-01', 5, 'fiscal_year', 'unconfirmed', 'bokføringsloven § 13, from memory', NULL),
    ('DK', '1900-01-01', 5, 'fiscal_year', 'unconfirmed', 'bogføringsloven, from memory', NULL),
    ('DE', '1900-01-01', 10, 'calendar_year', 'unconfirmed', 'AO § 147, HGB § 257, from memory', NULL),
    ('DE', '2025-01-01', 8, 'calendar_year', 'unconfirmed', 'AO § 147, HGB § 257 (BEG IV), from memory', 'vouchers');

