-- The law as data (L1, L2, L3, L4, L5, L9): what the tables hold, what they
-- refuse, and that law_in_force() and doc/law.md show all of it.
\set facts `test -r ../shared/facts/fees.csv && echo true || echo false`
\set law_doc_file `cat doc/law.md`
BEGIN;
SELECT plan(121);

SELECT isnt(obj_description(format('reminder.%I', t)::regclass, 'pg_class'), NULL, format('%s has a comment', t))
FROM unnest(ARRAY['statutory_fee', 'reference_rate', 'interest_rule', 'limitation_rule', 'demand_content', 'interval_rule', 'allocation_rule', 'retention_rule', 'rounding_rule']) t;
SELECT function_returns('reminder', 'law_in_force', ARRAY['text', 'date', 'bigint'], 'setof record');

-- fees, their tiers and their days (the traps of FACTS.md among them)
SELECT is(reminder.fee_cap(j, k, f, p, d), cap, format('L2: %s, %s, %s of %s on %s', j, k, f, p, d))
FROM (VALUES
    ('SE', 'person', 'reminder', 500, date '2013-03-15', 50.00), ('SE', 'person', 'reminder', 500, '2013-03-16', 60),
    ('SE', 'company', 'demand_letter', 500, '2013-03-15', 160), ('SE', 'company', 'demand_letter', 500, '2026-11-22', 180),
    ('SE', 'person', 'payment_plan', 500, '2026-11-22', 170), ('SE', 'company', 'reminder', 500, '1996-11-30', NULL),
    ('FI', 'person', 'reminder', 500, '2026-11-22', 5), ('FI', 'company', 'reminder', 500, '2026-11-22', 12), ('FI', 'company', 'reminder', 500, '2022-04-30', NULL),
    ('FI', 'person', 'demand_letter', 0, '2026-11-22', 14), ('FI', 'person', 'demand_letter', 100, '2026-11-22', 14), ('FI', 'person', 'demand_letter', 100.01, '2026-11-22', 24),
    ('FI', 'person', 'demand_letter', 1000, '2026-11-22', 24), ('FI', 'person', 'demand_letter', 1000.01, '2026-11-22', 50),
    ('FI', 'person', 'demand_letter_second', 2000, '2026-11-22', 25), ('FI', 'person', 'demand_letter_by_creditor_itself', 2000, '2026-11-22', 5),
    ('FI', 'person', 'total_cost_cap', 100, '2026-11-22', 60), ('FI', 'person', 'total_cost_cap', 5000, '2026-11-22', 210),
    ('FI', 'company', 'demand_letter', 500, '2026-11-22', 50), ('FI', 'company', 'demand_letter', 2500, '2026-11-22', 70),
    ('FI', 'company', 'demand_letter', 10000, '2026-11-22', 90), ('FI', 'company', 'demand_letter', 10000.01, '2026-11-22', 110),
    ('FI', 'company', 'demand_letter_second', 10000.01, '2026-11-22', 55), ('FI', 'company', 'tratta', 500, '2026-11-22', 110), ('FI', 'company', 'tratta', 600, '2026-11-22', 110),
    ('NO', 'person', 'reminder_or_inkassovarsel', 500, '2026-01-01', 38), ('NO', 'person', 'reminder_or_inkassovarsel', 500, '2025-12-31', 35),
    ('NO', 'person', 'reminder_or_inkassovarsel', 500, '2020-09-30', 70), ('NO', 'person', 'reminder_or_inkassovarsel', 500, '2009-12-31', 59), ('NO', 'person', 'reminder_or_inkassovarsel', 500, '2012-06-01', NULL),
    ('NO', 'company', 'betalingsoppfordring_own_collection', 500, '2026-11-22', 113), ('NO', 'person', 'salaer_light', 2500, '2026-11-22', 300),
    ('NO', 'company', 'salaer_heavy', 2500.01, '2026-11-22', 1800), ('NO', 'person', 'salaer_light', 300000, '2026-11-22', 5400),
    ('DK', 'person', 'reminder', 500, '2026-11-22', 100), ('DK', 'company', 'agency_collection_cost_cap_ex_vat', 1000, '2026-11-22', 400),
    ('DK', 'company', 'agency_collection_cost_cap_ex_vat', 1000.01, '2026-11-22', 700), ('DK', 'company', 'agency_collection_cost_cap_ex_vat', 1000000, '2026-11-22', 6400),
    ('DK', 'company', 'own_collection_cost_cap_incl_vat', 500, '2009-06-30', 200), ('DK', 'company', 'own_collection_cost_cap_incl_vat', 500, '2009-07-01', NULL),
    ('DE', 'person', 'reminder', 500, '2026-11-22', NULL), ('DE', 'person', 'agency_collection_cost', 50, '2026-11-22', 31.50), ('DE', 'person', 'agency_collection_cost', 500, '2026-11-22', 46.35))
    t (j, k, f, p, d, cap);
SELECT is(reminder.fee_cap(j, k, 'late_compensation_flat', 500, d), cap, format('L4: %s, %s, late compensation on %s', j, k, d))
FROM (VALUES
    ('SE', 'company', date '2026-11-22', 450.00), ('SE', 'public', '2026-11-22', 450), ('SE', 'person', '2026-11-22', NULL), ('SE', 'company', '2013-03-15', NULL),
    ('FI', 'public', '2026-11-22', 40), ('NO', 'company', '2026-06-30', 460), ('NO', 'company', '2026-07-01', 430), ('NO', 'person', '2026-07-01', NULL),
    ('DK', 'company', '2026-11-22', 310), ('DE', 'company', '2026-11-22', 40), ('EU', 'company', '2026-11-22', NULL)) t (j, k, d, cap);

-- every letter of the five countries has its kind of fee
SELECT is_empty(
    $$SELECT j, s, c FROM unnest(ARRAY['SE', 'FI', 'NO', 'DK', 'DE']) j, unnest(ARRAY['reminder', 'notice', 'demand']) s, unnest(ARRAY['creditor', 'service', 'agency']) c
      EXCEPT SELECT jurisdiction, stage, collected_by FROM reminder.stage_fee_kind$$,
    'L2: every letter, whoever sends it, has a kind of fee');
SELECT is_empty(
    $$SELECT jurisdiction, fee_kind FROM reminder.stage_fee_kind WHERE jurisdiction <> 'EU' EXCEPT SELECT jurisdiction, fee_kind FROM reminder.statutory_fee$$,
    'L2: and each kind has its rows');

-- rows can neither overlap nor leave a gap in tiers, and nothing odd gets in
SELECT is_empty(
    $$SELECT jurisdiction, debtor_kind, fee_kind, valid_from FROM reminder.statutory_fee GROUP BY 1, 2, 3, 4 HAVING min(above) <> 0$$,
    'L2: every set of tiers begins at nothing');
SELECT is_empty(
    $$SELECT jurisdiction, fee_kind FROM reminder.statutory_fee GROUP BY 1, 2 HAVING count(DISTINCT currency) > 1$$,
    'L2: in one currency');
SELECT throws_ok(call, state, NULL, call)
FROM (VALUES
    ($$INSERT INTO reminder.statutory_fee VALUES ('SE', 'any', 'reminder', '2013-03-16', 0, 61, 'SEK', 'sourced', 'x')$$, '23505'),
    ($$INSERT INTO reminder.reference_rate VALUES ('SE', '2026-07-01', 2, 'reference', 'sourced', 'x')$$, '23505'),
    ($$INSERT INTO reminder.reference_rate VALUES ('SE', '2027-02-01', 2, 'reference', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.reference_rate VALUES ('SE', 'infinity', 2, 'reference', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.reference_rate VALUES ('SE', '2027-01-01', 'NaN', 'reference', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.reference_rate VALUES ('SE', '2027-01-01', 2, 'reference', 'sure', 'x')$$, '23514'),
    ($$INSERT INTO reminder.reference_rate VALUES ('SE', '2027-01-01', 2, 'reference', 'sourced', '')$$, '23514'),
    ($$INSERT INTO reminder.reference_rate VALUES ('XX', '2027-01-01', 2, 'reference', 'sourced', 'x')$$, '23503'),
    ($$INSERT INTO reminder.interest_rule VALUES ('SE', 'any', '2030-01-01', 'week', 'x', 8, 'actual/365', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.interest_rule VALUES ('SE', 'any', '2030-01-01', 'day', 'x', 8, 'actual/364', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.interest_rule VALUES ('SE', 'any', '2030-01-01', 'day', 'x', -1, 'actual/365', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.limitation_rule (jurisdiction, debtor_kind, years, runs_from, interrupted_by_reminder, interrupted_by_payment, interrupted_by, confidence, source) VALUES ('SE', 'company', 10, 'sometime', true, true, 'x', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.interval_rule VALUES ('SE', 'any', 'x', '1900-01-01', 3, 'weeks', 'x', 'sourced', 'x')$$, '23514'),
    ($$INSERT INTO reminder.demand_content VALUES ('SE', 'x', '1900-01-01', 0, 'nothing', 'x', 'sourced', 'x')$$, '23514')) t (call, state);

-- a reminder interrupts limitation here and not there
SELECT is(
    (SELECT string_agg(DISTINCT jurisdiction, ', ') FROM reminder.limitation_rule WHERE interrupted_by_reminder), 'FI, SE',
    'L9: a reminder interrupts limitation in Finland and Sweden only');
SELECT is(
    (SELECT string_agg(format('%s %s %s %s', jurisdiction, debtor_kind, years, runs_from), ', ' ORDER BY jurisdiction, debtor_kind) FROM reminder.limitation_rule WHERE claim_kind = 'ordinary'),
    'DE any 3 year_end, DK any 3 due_date, FI any 3 due_date, NO any 3 due_date, SE any 10 origin, SE person 3 origin',
    'L9: when an ordinary claim lapses');

-- what rules are held against
SELECT is_empty(
    $$SELECT j.jurisdiction FROM reminder.jurisdiction j
      LEFT JOIN reminder.interval_rule i ON i.jurisdiction = j.jurisdiction AND i.rule = 'charged_reminders'
      WHERE i.value IS DISTINCT FROM j.charged_reminders$$,
    'L3: as many fee-carrying reminders by the list of intervals as by the run');
SELECT is_empty(
    $$SELECT u.rule FROM reminder.interval_use u LEFT JOIN reminder.interval_rule i USING (rule)
      WHERE i.unit IS DISTINCT FROM CASE u.measures WHEN 'letters' THEN 'letters' ELSE 'days' END OR NOT u.stages <@ ARRAY['reminder', 'notice', 'demand']$$,
    'L3: what is measured in ladders is there, in the unit it is measured in');
SELECT is(
    (SELECT string_agg(DISTINCT i.rule, ', ' ORDER BY i.rule) FROM reminder.interval_rule i WHERE NOT EXISTS (SELECT FROM reminder.interval_use u WHERE u.rule = i.rule)),
    'charged_extension, charged_plans, demand_renewed_after, interest_without_due_date, longest_payment_term, tratta_after_reminder, tratta_protest_time, usual_payment_term',
    'L3: and all that is not says nothing of ladders');
SELECT is(
    (SELECT string_agg(DISTINCT f.jurisdiction || ' ' || f.fee_kind, ', ') FROM reminder.statutory_fee f WHERE f.must_be_agreed), 'SE reminder',
    'L2: only Sweden''s reminder must have been agreed');
SELECT is_empty(
    $$SELECT j.jurisdiction FROM reminder.jurisdiction j
      WHERE j.total_fee_kind IS NOT NULL AND NOT EXISTS (SELECT FROM reminder.statutory_fee f WHERE (f.jurisdiction, f.fee_kind) = (j.jurisdiction, j.total_fee_kind))$$,
    'L2: a cap on all fees is a fee of the law');

-- law_in_force: all of it, with its source
SELECT is_empty(
    $$SELECT j.jurisdiction, l.* FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l WHERE coalesce(l.source, '') = '' AND l.confidence <> 'missing'$$,
    'L1: every row has its source');
SELECT is(
    (SELECT string_agg(DISTINCT l.topic, ', ' ORDER BY l.topic) FROM reminder.law_in_force(j, '2026-11-22') l),
    topics, format('L1: what the list of %s speaks of', j))
FROM (VALUES
    ('SE', 'allocation, dates, demand content, fee, interval, late compensation, late interest, limitation, retention, rounding'),
    ('FI', 'allocation, dates, demand content, fee, interval, late compensation, late interest, limitation, retention'),
    ('NO', 'allocation, dates, demand content, fee, interval, late compensation, late interest, limitation, retention'),
    ('DK', 'allocation, dates, demand content, fee, interval, late compensation, late interest, limitation, retention'),
    ('DE', 'allocation, dates, demand content, fee, interval, late compensation, late interest, limitation, retention'),
    ('EU', 'dates, interval, late compensation, late interest')) t (j, topics);
SELECT is(
    (SELECT string_agg(format('%s %s %s', debtor_kind, value, unit), ', ' ORDER BY debtor_kind) FROM reminder.law_in_force(j, '2026-11-22') WHERE what LIKE 'rate of a claim%'),
    rates, format('L1: late interest of %s in force', j))
FROM (VALUES
    ('SE', 'any 10.00 percent'), ('FI', 'company 10.50 percent, person 9.50 percent, public 10.50 percent'), ('NO', 'any 12.25 percent'),
    ('DK', NULL), ('DE', 'company 10.52 percent, person 6.52 percent'), ('EU', NULL)) t (j, rates);
SELECT is((SELECT confidence FROM reminder.law_in_force('DK', '2026-11-22') WHERE what = 'reference rate'), 'missing', 'L1: what was not found is listed as missing');
SELECT is((SELECT string_agg(DISTINCT confidence, ', ') FROM reminder.law_in_force('EU', '2026-11-22') WHERE topic IN ('late compensation', 'interval')), 'unconfirmed', 'L1: what is from memory as unconfirmed');
SELECT is((SELECT value FROM reminder.law_in_force('SE', '2013-03-15') WHERE what = 'reminder'), 50.00, 'L1: the list of an earlier day');
SELECT is((SELECT format('%s %s', value, confidence) FROM reminder.law_in_force('DE', '2016-01-01') WHERE what = 'reference rate'), '-0.83 unconfirmed', 'L1: an unconfirmed rate is shown');
INSERT INTO reminder.statutory_fee VALUES ('SE', 'any', 'reminder', '2030-01-01', 0, 70, 'SEK', 'unconfirmed', 'rumour'), ('SE', 'any', 'reminder', '2031-01-01', 0, 80, 'SEK', 'sourced', 'law');
SELECT is((SELECT string_agg(format('%s %s', value, confidence), ', ') FROM reminder.law_in_force('SE', '2030-01-01') WHERE what = 'reminder'), '60.00 sourced, 70.00 unconfirmed', 'L1: an unconfirmed row stands beside the one that holds');
SELECT is((SELECT string_agg(format('%s %s', value, confidence), ', ') FROM reminder.law_in_force('SE', '2031-01-01') WHERE what = 'reminder'), '80.00 sourced', 'L1: new law is an INSERT');
SELECT throws_ok($$SELECT reminder.law_in_force('XX', '2026-11-22')$$, '22R01', NULL, 'L1: an unknown jurisdiction');
SELECT throws_ok($$SELECT reminder.law_in_force('SE', 'infinity')$$, '22R02', NULL, 'L1: a bad date');
DELETE FROM reminder.statutory_fee WHERE valid_from >= '2030-01-01';

-- every figure of the five countries in force on 2026-11-22, written down from what was read and not from the tables
CREATE TEMP TABLE figure (jurisdiction text, debtor_kind text, what text, above numeric, value numeric) ON COMMIT DROP;
INSERT INTO figure VALUES
    -- fees
    ('SE', 'any', 'reminder', NULL, 60), ('SE', 'any', 'demand_letter', NULL, 180), ('SE', 'any', 'payment_plan', NULL, 170),
    ('SE', 'company', 'late_compensation_flat', NULL, 450), ('SE', 'public', 'late_compensation_flat', NULL, 450),
    ('SE', 'any', 'court_application_fee_payment_order', NULL, 300), ('SE', 'any', 'application_cost_own_or_agent_payment_order', NULL, 380),
    ('SE', 'any', 'application_cost_own_or_agent_handrackning', NULL, 420), ('SE', 'any', 'enforcement_basic_fee_utmatning', NULL, 600), ('SE', 'any', 'eu_payment_order_fee', NULL, 300),
    ('FI', 'person', 'reminder', NULL, 5), ('FI', 'person', 'demand_letter', NULL, 14), ('FI', 'person', 'demand_letter', 100, 24), ('FI', 'person', 'demand_letter', 1000, 50),
    ('FI', 'person', 'demand_letter_second', NULL, 7), ('FI', 'person', 'demand_letter_second', 100, 12), ('FI', 'person', 'demand_letter_second', 1000, 25),
    ('FI', 'person', 'demand_letter_directly_enforceable', NULL, 14), ('FI', 'person', 'demand_letter_second_directly_enforceable', NULL, 7),
    ('FI', 'person', 'demand_letter_by_creditor_itself', NULL, 5), ('FI', 'person', 'payment_extension_on_request', NULL, 5),
    ('FI', 'person', 'payment_plan', NULL, 20), ('FI', 'person', 'payment_plan', 100, 30), ('FI', 'person', 'payment_plan', 1000, 50),
    ('FI', 'person', 'payment_plan_up_to_4_instalments', NULL, 20), ('FI', 'person', 'payment_plan_directly_enforceable', NULL, 20),
    ('FI', 'person', 'total_cost_cap', NULL, 60), ('FI', 'person', 'total_cost_cap', 100, 120), ('FI', 'person', 'total_cost_cap', 1000, 210), ('FI', 'person', 'total_cost_cap_directly_enforceable', NULL, 51),
    ('FI', 'company', 'reminder', NULL, 12), ('FI', 'company', 'demand_letter_by_creditor_itself', NULL, 12),
    ('FI', 'company', 'demand_letter', NULL, 50), ('FI', 'company', 'demand_letter', 500, 70), ('FI', 'company', 'demand_letter', 2500, 90), ('FI', 'company', 'demand_letter', 10000, 110),
    ('FI', 'company', 'demand_letter_second', NULL, 25), ('FI', 'company', 'demand_letter_second', 500, 35), ('FI', 'company', 'demand_letter_second', 2500, 45), ('FI', 'company', 'demand_letter_second', 10000, 55),
    ('FI', 'company', 'demand_letter_directly_enforceable', NULL, 50), ('FI', 'company', 'demand_letter_second_directly_enforceable', NULL, 25),
    ('FI', 'company', 'bankruptcy_threat_demand', NULL, 100), ('FI', 'company', 'tratta', NULL, 110), ('FI', 'company', 'tratta', 500, 125),
    ('FI', 'company', 'late_compensation_flat', NULL, 40), ('FI', 'public', 'late_compensation_flat', NULL, 40),
    ('NO', 'any', 'inkassosats_base', NULL, 750), ('NO', 'any', 'reminder_or_inkassovarsel', NULL, 38), ('NO', 'any', 'betalingsoppfordring_own_collection', NULL, 113),
    ('NO', 'company', 'late_compensation_flat', NULL, 430), ('NO', 'public', 'late_compensation_flat', NULL, 430),
    ('DK', 'any', 'reminder', NULL, 100), ('DK', 'any', 'inkasso_handover_fee', NULL, 100), ('DK', 'company', 'late_compensation_flat', NULL, 310), ('DK', 'public', 'late_compensation_flat', NULL, 310),
    ('DE', 'company', 'late_compensation_flat', NULL, 40), ('DE', 'any', 'agency_collection_cost', NULL, 31.50), ('DE', 'any', 'agency_collection_cost', 50, 46.35),
    -- late interest
    ('SE', 'any', 'reference rate', NULL, 2.00), ('FI', 'any', 'reference rate', NULL, 2.50), ('NO', 'any', 'rate', NULL, 12.25), ('DK', 'any', 'reference rate', NULL, NULL), ('DE', 'any', 'reference rate', NULL, 1.52),
    ('SE', 'any', 'margin on the reference rate', NULL, 8), ('FI', 'person', 'margin on the reference rate', NULL, 7), ('FI', 'company', 'margin on the reference rate', NULL, 8), ('FI', 'public', 'margin on the reference rate', NULL, 8),
    ('NO', 'any', 'margin on the reference rate', NULL, 0), ('DK', 'any', 'margin on the reference rate', NULL, 8), ('DE', 'person', 'margin on the reference rate', NULL, 5), ('DE', 'company', 'margin on the reference rate', NULL, 9),
    -- limitation
    ('SE', 'any', 'ordinary claim, from origin', NULL, 10), ('SE', 'any', 'instrument claim, from origin', NULL, 10), ('SE', 'person', 'ordinary claim, from origin', NULL, 3), ('FI', 'any', 'ordinary claim, from due date', NULL, 3), ('FI', 'any', 'judgment claim, from title', NULL, 5),
    ('FI', 'person', 'final claim, from due date', NULL, 20), ('FI', 'person', 'final_title claim, from title', NULL, 15), ('NO', 'any', 'ordinary claim, from due date', NULL, 3), ('NO', 'any', 'instrument claim, from due date', NULL, 10),
    ('NO', 'any', 'judgment claim, from title', NULL, 10), ('DK', 'any', 'ordinary claim, from due date', NULL, 3), ('DK', 'any', 'instrument claim, from due date', NULL, 10), ('DK', 'any', 'judgment claim, from title', NULL, 10),
    ('DE', 'any', 'ordinary claim, from year end', NULL, 3),
    -- intervals and counts
    ('SE', 'any', 'charged_reminders', NULL, 1), ('SE', 'any', 'demand_time_to_pay', NULL, 8), ('SE', 'any', 'interest_without_due_date', NULL, 30), ('SE', 'company', 'longest_payment_term', NULL, 30),
    ('FI', 'person', 'first_fee_after_due', NULL, 14), ('FI', 'person', 'fee_after_letter', NULL, 14), ('FI', 'person', 'demand_after_reminder', NULL, 14), ('FI', 'person', 'charged_demands', NULL, 2), ('FI', 'person', 'charged_plans', NULL, 2),
    ('FI', 'person', 'charged_extension', NULL, 14), ('FI', 'person', 'demand_time_to_pay', NULL, 10), ('FI', 'company', 'between_fees', NULL, 10), ('FI', 'company', 'tratta_after_reminder', NULL, 10), ('FI', 'company', 'tratta_protest_time', NULL, 14),
    ('FI', 'any', 'interest_without_due_date', NULL, 30), ('NO', 'any', 'first_fee_after_due', NULL, 14), ('NO', 'any', 'charged_reminders', NULL, 2), ('NO', 'any', 'between_fees', NULL, 14), ('NO', 'any', 'notice_time_to_pay', NULL, 14),
    ('NO', 'any', 'demand_time_to_pay', NULL, 14), ('NO', 'any', 'demand_renewed_after', NULL, 6), ('NO', 'any', 'interest_without_due_date', NULL, 30), ('DK', 'any', 'charged_reminders', NULL, 3), ('DK', 'any', 'between_fees', NULL, 10),
    ('DK', 'any', 'demand_time_to_pay', NULL, 10), ('DK', 'any', 'interest_without_due_date', NULL, 30), ('DE', 'any', 'interest_without_due_date', NULL, 30),
    -- how long bookings are kept
    ('SE', 'any', 'bookings are kept from the end of the calendar year in which the fiscal year ended', NULL, 7), ('FI', 'any', 'bookings are kept from the end of the calendar year in which the fiscal year ended', NULL, 6),
    ('NO', 'any', 'bookings are kept from the end of the fiscal year', NULL, 5), ('DK', 'any', 'bookings are kept from the end of the fiscal year', NULL, 5),
    -- rounding of what is to be paid
    ('SE', 'any', 'the amount to be paid, half up', NULL, 1),
    -- bank-closed weekdays of the year
    ('SE', 'any', 'bank-closed days of 2026, beside Saturdays and Sundays', NULL, 10), ('FI', 'any', 'bank-closed days of 2026, beside Saturdays and Sundays', NULL, 9),
    ('NO', 'any', 'bank-closed days of 2026, beside Saturdays and Sundays', NULL, 9), ('DK', 'any', 'bank-closed days of 2026, beside Saturdays and Sundays', NULL, 11), ('DE', 'any', 'bank-closed days of 2026, beside Saturdays and Sundays', NULL, 7);
-- Norway's salær: factors of 750, companies at 1.5, heavy at 2; Denmark's agencies
INSERT INTO figure
SELECT 'NO', k.kind, 'salaer_' || w.weight, t.above, round(750 * t.factor * k.times * w.times, 2)
FROM (VALUES (NULL, 0.25), (500, 0.35), (1000, 0.40), (2500, 0.80), (10000, 1.6), (50000, 3.6), (250000, 7.2)) t (above, factor),
     (VALUES ('person', 1), ('company', 1.5)) k (kind, times), (VALUES ('light', 1), ('heavy', 2)) w (weight, times)
UNION ALL
SELECT 'DK', 'any', 'agency_collection_cost_cap_ex_vat', t.above, t.fee
FROM (VALUES (NULL, 400), (1000, 700), (2500, 1000), (5000, 1300), (10000, 1700), (25000, 2250), (50000, 2850), (100000, 3850), (250000, 6400), (500000, 6400)) t (above, fee);
SELECT is_empty(
    $$SELECT f.jurisdiction, f.debtor_kind, f.what, f.above, f.value FROM figure f
      EXCEPT SELECT j.jurisdiction, l.debtor_kind, l.what, l.above, l.value FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l
      WHERE l.source <> '' OR l.confidence = 'missing'$$,
    'L1: every figure in force is listed with its source');
SELECT is_empty(
    $$SELECT j.jurisdiction, l.debtor_kind, l.what, l.above, l.value FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l
      WHERE j.jurisdiction <> 'EU' AND l.value IS NOT NULL AND l.what NOT LIKE 'rate of a claim%' AND NOT (j.jurisdiction = 'DE' AND l.confidence = 'unconfirmed')
      EXCEPT SELECT f.jurisdiction, f.debtor_kind, f.what, f.above, f.value FROM figure f$$,
    'L1: and no other');
SELECT is(
    (SELECT string_agg(j.jurisdiction || ' ' || l.what, ', ' ORDER BY j.jurisdiction) FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l
     WHERE l.topic = 'late compensation' AND l.what LIKE '%fees%'),
    'DE together with fees the larger of the two, DK on top of fees, EU together with fees the larger of the two, FI together with fees the larger of the two, NO together with fees the larger of the two, SE together with fees the larger of the two',
    'L4: what becomes of fees beside late compensation');
SELECT is(
    (SELECT string_agg(j.jurisdiction || ' ' || l.what, ', ' ORDER BY j.jurisdiction, l.debtor_kind) FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l WHERE l.topic = 'allocation'),
    'DE fees, then interest, then principal, DK fees, then interest, then principal, FI fees, then interest, then principal, FI principal, then interest, then fees, NO fees, then interest, then principal, SE fees, then interest, then principal',
    'L8: what a payment settles first');
SELECT is(
    (SELECT string_agg(jurisdiction || ' ' || n, ', ' ORDER BY jurisdiction) FROM (
       SELECT j.jurisdiction, count(*) AS n FROM reminder.jurisdiction j, reminder.law_in_force(j.jurisdiction, '2026-11-22') l WHERE l.topic = 'demand content' GROUP BY 1) d),
    'DE 7, DK 3, FI 6, NO 6, SE 8', 'L5: what a demand must say');

-- the facts we were given, row by row, where they lie beside the checkout
\if :facts
CREATE TEMP TABLE fee_facts (jurisdiction text, debtor_type text, kind text, amount_from numeric, amount_to numeric, fee numeric, currency text,
    valid_from date, valid_to date, source text, confidence text, note text) ON COMMIT DROP;
\copy fee_facts FROM '../shared/facts/fees.csv' (FORMAT csv, HEADER)
CREATE TEMP TABLE rate_facts (line text) ON COMMIT DROP;
\copy rate_facts FROM '../shared/facts/reference_rates.csv' (FORMAT text, DELIMITER E'\x01')
CREATE TEMP VIEW fee_fact AS
SELECT f.jurisdiction, k.debtor_kind, f.kind AS fee_kind, coalesce(f.valid_from, '1900-01-01') AS valid_from,
       CASE WHEN coalesce(f.amount_from, 0) = 0 THEN 0 WHEN f.amount_from = trunc(f.amount_from) THEN f.amount_from - 1 ELSE f.amount_from - 0.01 END AS above,
       f.fee, f.currency, CASE f.confidence WHEN 'S' THEN 'sourced' WHEN 'I' THEN 'derived' ELSE 'unconfirmed' END AS confidence, f.valid_to
FROM fee_facts f
JOIN (VALUES ('ANY', 'any'), ('B2C', 'person'), ('B2B', 'company'), ('B2B_OR_PUBLIC', 'company'), ('B2B_OR_PUBLIC', 'public')) k (debtor_type, debtor_kind) USING (debtor_type);
SELECT is_empty(
    $$SELECT jurisdiction, debtor_kind, fee_kind, valid_from, above, fee, currency, confidence FROM fee_fact
      EXCEPT SELECT jurisdiction, debtor_kind, fee_kind, valid_from, above, fee, currency, confidence FROM reminder.statutory_fee$$,
    'L2: every fee of the facts is in the table');
SELECT is_empty(
    $$SELECT f.jurisdiction, f.debtor_kind, f.fee_kind, f.valid_to FROM fee_fact f
      WHERE f.valid_to IS NOT NULL AND NOT EXISTS (
        SELECT FROM reminder.statutory_fee s
        WHERE (s.jurisdiction, s.debtor_kind, s.fee_kind, s.valid_from) = (f.jurisdiction, f.debtor_kind, f.fee_kind, f.valid_to + 1))$$,
    'L2: what ended does not hold on');
SELECT is_empty(
    $$SELECT m[1], m[2]::date, m[3]::numeric, CASE m[5] WHEN 'reference' THEN 'reference' ELSE 'total' END, CASE m[6] WHEN 'S' THEN 'sourced' WHEN 'I' THEN 'derived' ELSE 'unconfirmed' END
      FROM rate_facts CROSS JOIN LATERAL regexp_match(line, '^([A-Z]+),([^,]+),([^,]+),(.*),(reference|total[^,]*),([SIM])$') m WHERE line NOT LIKE 'jurisdiction,%'
      EXCEPT SELECT jurisdiction, valid_from, rate_percent, kind, confidence FROM reminder.reference_rate$$,
    'L1: every rate of the facts is in the table');
SELECT is((SELECT count(*) FROM reminder.reference_rate), (SELECT count(*) - 1 FROM rate_facts), 'L1: and no other');
CREATE TEMP TABLE interest_facts (jurisdiction text, debtor_type text, base text, margin_points numeric, valid_from date, valid_to date, source text, note text) ON COMMIT DROP;
\copy interest_facts FROM '../shared/facts/interest_rules.csv' (FORMAT csv, HEADER)
SELECT is_empty(
    $$SELECT f.jurisdiction, k.debtor_kind, f.valid_from, f.margin_points FROM interest_facts f
      JOIN (VALUES ('ANY', 'any'), ('B2C', 'person'), ('B2B', 'company'), ('B2B_OR_PUBLIC', 'company'), ('B2B_OR_PUBLIC', 'public')) k (debtor_type, debtor_kind) USING (debtor_type)
      EXCEPT SELECT jurisdiction, debtor_kind, valid_from, margin_points FROM reminder.interest_rule$$,
    'L1: every margin of the facts is in the table');
\else
SELECT skip('no facts beside the checkout', 5);
\endif

-- the page that is written from the tables
\i script/law-doc.sql
SELECT ok(:'law_doc' = :'law_doc_file', 'doc/law.md says what the tables say (script/law-doc writes it anew)');

SELECT * FROM finish();
ROLLBACK;
