
  /*
   * What is from memory alone, and waits for somebody to confirm it.
   */
  CREATE OR REPLACE VIEW reminder.unconfirmed_law AS
  SELECT 'statutory_fee'::text AS law, f.jurisdiction, f.fee_kind AS what, f.debtor_kind, f.valid_from, f.above, f.fee AS figure, f.source
  FROM reminder.statutory_fee f WHERE f.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'reference_rate', r.jurisdiction, '', 'any', r.valid_from, 0, r.rate_percent, r.source
  FROM reminder.reference_rate r WHERE r.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'interest_rule', r.jurisdiction, '', r.debtor_kind, r.valid_from, 0, r.margin_points, r.source
  FROM reminder.interest_rule r WHERE r.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'limitation_rule', l.jurisdiction, l.claim_kind, l.debtor_kind, l.valid_from, 0, l.years, l.source
  FROM reminder.limitation_rule l WHERE l.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'interval_rule', i.jurisdiction, i.rule, i.debtor_kind, i.valid_from, 0, i.value, i.source
  FROM reminder.interval_rule i WHERE i.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'demand_content', d.jurisdiction, d.item, 'any', d.valid_from, 0, NULL, d.source
  FROM reminder.demand_content d WHERE d.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'allocation_rule', a.jurisdiction, '', a.debtor_kind, a.valid_from, 0, NULL, a.source
  FROM reminder.allocation_rule a WHERE a.confidence = 'unconfirmed'
  UNION ALL
  SELECT 'retention_rule', t.jurisdiction, '', 'any', t.valid_from, 0, t.years, t.source
  FROM reminder.retention_rule t WHERE t.confidence = 'unconfirmed';
  COMMENT ON VIEW reminder.unconfirmed_law IS 'What the law tables have that is not confirmed, and that nobody is held to who has not confirmed it for himself.';
  COMMENT ON COLUMN reminder.unconfirmed_law.law IS 'the law table';
  COMMENT ON COLUMN reminder.unconfirmed_law.what IS 'its fee_kind, claim_kind, rule or item';
  COMMENT ON COLUMN reminder.unconfirmed_law.figure IS 'its fee, rate_percent, margin_points, years or value';
