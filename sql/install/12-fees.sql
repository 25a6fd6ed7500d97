  /*
   * The fees of the law: every row with where it was read. What holds of a row
   * beyond its number stands in its note.
   *
   * confidence: "sourced" was read in its source, "derived" follows from a
   * sourced rule, "unconfirmed" is from memory: shown, and not used. Whoever
   * has read the law confirms a row by saying where:
   *
   *   UPDATE reminder.statutory_fee SET confidence = 'sourced', source = '...'
   *   WHERE ...;
   *
   * A start that was not found is 1900-01-01, and its note says so. Kinds of
   * debtor: "any", or one of its own, which then goes before "any".
   */

  /*
   * Sweden. The förordning is repealed: the caps are in 4 § of the law. The 450
   * is not added to the others: what is to be paid is the larger of 450 and their
   * sum.
   */
  INSERT INTO reminder.statutory_fee
    (jurisdiction, debtor_kind, fee_kind, valid_from, above, fee, currency, confidence, source, note) VALUES
    ('SE', 'any', 'reminder', '1996-12-01', 0, 50, 'SEK', 'sourced',
     'förordning 1981:1057 (1996:938), repealed by 2013:59; se-lex/sfs 1981/sfs-1981-1057.md, karnovgroup', '2 §: only if agreed no later than when the debt arose; one fee per invoice'),
    ('SE', 'any', 'reminder', '2013-03-16', 0, 60, 'SEK', 'sourced',
     'lag 1981:739 2, 4 §§ (Lag 2013:56); swedish-law-mcp data/seed/1981_739.json, riksdagen.se', '2 §: only if agreed no later than when the debt arose; one fee per invoice'),
    ('SE', 'any', 'demand_letter', '1996-12-01', 0, 160, 'SEK', 'sourced',
     'förordning 1981:1057 (1996:938), repealed by 2013:59; se-lex/sfs 1981/sfs-1981-1057.md, karnovgroup', '3 § 1: letter must meet inkassolagen 5 §; no prior agreement needed'),
    ('SE', 'any', 'demand_letter', '2013-03-16', 0, 180, 'SEK', 'sourced',
     'lag 1981:739 3 § 1, 4 § (Lag 2013:56); swedish-law-mcp data/seed/1981_739.json, riksdagen.se', '3 § 1: letter must meet inkassolagen 5 §; no prior agreement needed'),
    ('SE', 'any', 'payment_plan', '1996-12-01', 0, 150, 'SEK', 'sourced',
     'förordning 1981:1057 (1996:938), repealed by 2013:59; se-lex/sfs 1981/sfs-1981-1057.md, karnovgroup', '3 § 2: full written plan made in consultation with debtor'),
    ('SE', 'any', 'payment_plan', '2013-03-16', 0, 170, 'SEK', 'sourced',
     'lag 1981:739 3 § 2, 4 § (Lag 2013:56); swedish-law-mcp data/seed/1981_739.json, riksdagen.se', '3 § 2: full written plan made in consultation with debtor'),
    ('SE', 'company', 'late_compensation_flat', '2013-03-16', 0, 450, 'SEK', 'sourced',
     'lag 1981:739 4 a, 5 §§ (Lag 2013:56); swedish-law-mcp data/seed/1981_739.json, riksdagen.se', 'claims falling due after 2013-03-16; total payable = max(450, sum of 60/180/170 items)'),
    ('SE', 'public', 'late_compensation_flat', '2013-03-16', 0, 450, 'SEK', 'sourced',
     'lag 1981:739 4 a, 5 §§ (Lag 2013:56); swedish-law-mcp data/seed/1981_739.json, riksdagen.se', 'claims falling due after 2013-03-16; total payable = max(450, sum of 60/180/170 items)'),
    ('SE', 'any', 'court_application_fee_payment_order', '2008-12-01', 0, 300, 'SEK', 'sourced',
     'förordning 1992:1094 1 § (2008:893); kronofogden.se', 'in-force day of 2008:893 not checked'),
    ('SE', 'any', 'application_cost_own_or_agent_payment_order', '2014-01-01', 0, 380, 'SEK', 'sourced',
     'BfL 1990:746 48 § (Lag 2013:1062)', 'cap unless special reasons; 420 for handräckning'),
    ('SE', 'any', 'enforcement_basic_fee_utmatning', '1900-01-01', 0, 600, 'SEK', 'sourced',
     'förordning 1992:1094 6 §; kronofogden.se', 'per title, new each year unless remaining debt < 100 SEK; start not found'),
    ('SE', 'any', 'eu_payment_order_fee', '1900-01-01', 0, 300, 'SEK', 'sourced',
     'förordning 1992:1094', 'start not found');

  /*
   * Finland.
   */
  INSERT INTO reminder.statutory_fee
    (jurisdiction, debtor_kind, fee_kind, valid_from, above, fee, currency, confidence, source, note) VALUES
    ('FI', 'person', 'reminder', '2005-05-01', 0, 5, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', '>=14 days after due date and >=14 days between; 2005 start via 28/2005 + decree (from memory)'),
    ('FI', 'company', 'reminder', '2022-05-01', 0, 12, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', '>=10 days since previous reminder/demand'),
    ('FI', 'person', 'demand_letter', '2013-03-16', 0, 14, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'professional collector; second demand half'),
    ('FI', 'person', 'demand_letter', '2013-03-16', 100, 24, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'professional collector; second demand half'),
    ('FI', 'person', 'demand_letter', '2013-03-16', 1000, 50, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'professional collector; second demand half'),
    ('FI', 'company', 'demand_letter', '2022-05-01', 0, 50, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', 'professional collector'),
    ('FI', 'company', 'demand_letter', '2022-05-01', 500, 70, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', 'professional collector'),
    ('FI', 'company', 'demand_letter', '2022-05-01', 2500, 90, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', 'professional collector'),
    ('FI', 'company', 'demand_letter', '2022-05-01', 10000, 110, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', 'professional collector'),
    ('FI', 'person', 'demand_letter_second', '2013-03-16', 0, 7, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'max two charged demands'),
    ('FI', 'person', 'demand_letter_second', '2013-03-16', 100, 12, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'max two charged demands'),
    ('FI', 'person', 'demand_letter_second', '2013-03-16', 1000, 25, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'max two charged demands'),
    ('FI', 'company', 'demand_letter_second', '2022-05-01', 0, 25, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'company', 'demand_letter_second', '2022-05-01', 500, 35, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'company', 'demand_letter_second', '2022-05-01', 2500, 45, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'company', 'demand_letter_second', '2022-05-01', 10000, 55, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'person', 'demand_letter_directly_enforceable', '2013-03-16', 0, 14, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'second 7'),
    ('FI', 'company', 'demand_letter_directly_enforceable', '2022-05-01', 0, 50, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'person', 'demand_letter_by_creditor_itself', '2013-03-16', 0, 5, 'EUR', 'sourced',
     'yrittajat.fi; kkv.fi', NULL),
    ('FI', 'company', 'demand_letter_by_creditor_itself', '2022-05-01', 0, 12, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'person', 'payment_extension_on_request', '2013-03-16', 0, 5, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'extension at least 14 days'),
    ('FI', 'person', 'payment_plan', '2013-03-16', 0, 20, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'also <=4 instalments at any principal, or directly enforceable'),
    ('FI', 'person', 'payment_plan', '2013-03-16', 100, 30, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'more than 4 instalments'),
    ('FI', 'person', 'payment_plan', '2013-03-16', 1000, 50, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', 'more than 4 instalments'),
    ('FI', 'person', 'total_cost_cap', '2013-03-16', 0, 60, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', NULL),
    ('FI', 'person', 'total_cost_cap', '2013-03-16', 100, 120, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', NULL),
    ('FI', 'person', 'total_cost_cap', '2013-03-16', 1000, 210, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', NULL),
    ('FI', 'person', 'total_cost_cap_directly_enforceable', '2013-03-16', 0, 51, 'EUR', 'sourced',
     'laki 513/1999 10 a-10 d § (31/2013); kkv.fi, intrum.fi, minilex.fi, takuusaatio.fi', NULL),
    ('FI', 'company', 'bankruptcy_threat_demand', '2022-05-01', 0, 100, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', NULL),
    ('FI', 'company', 'tratta', '2022-05-01', 0, 110, 'EUR', 'sourced',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', 'also directly enforceable; next tier 125, higher tiers not found'),
    ('FI', 'company', 'tratta', '2022-05-01', 500, 125, 'EUR', 'unconfirmed',
     'laki 299/2022 (10 g-10 j §); yrittajat.fi, okperinta.fi, procountor.fi, intrum.fi', 'the next tier; where it ends, and those above, were not found: until then 110 is the cap above 500 too'),
    ('FI', 'company', 'late_compensation_flat', '2013-03-16', 0, 40, 'EUR', 'sourced',
     'laki 513/1999 10 e §', 'per invoice; counts towards recovery costs, not on top of them (from memory)'),
    ('FI', 'public', 'late_compensation_flat', '2013-03-16', 0, 40, 'EUR', 'sourced',
     'laki 513/1999 10 e §', 'per invoice; counts towards recovery costs, not on top of them (from memory)');

  /*
   * European Union.
   */
  INSERT INTO reminder.statutory_fee
    (jurisdiction, debtor_kind, fee_kind, valid_from, above, fee, currency, confidence, source, note) VALUES
    ('EU', 'company', 'late_compensation_flat', '2013-03-16', 0, 40, 'EUR', 'unconfirmed',
     'directive 2011/7/EU art 6', 'minimum'),
    ('EU', 'public', 'late_compensation_flat', '2013-03-16', 0, 40, 'EUR', 'unconfirmed',
     'directive 2011/7/EU art 6', 'minimum');
