  /*
   * What sending costs, month by month, and what a case was opened under.
   */
  CREATE OR REPLACE VIEW reminder.sending_cost AS
  SELECT d.creditor_id, d.month, d.channel, d.stage, p.currency, sum(d.letters)::bigint AS letters, sum(d.waiting)::bigint AS waiting,
         sum(d.letters * p.for_letter) AS for_letters, sum(d.letters * p.for_channel) AS for_channel, sum(d.letters * p.cost) AS cost,
         coalesce(sum(d.letters) FILTER (WHERE p.cost IS NULL), 0)::bigint AS without_price
  FROM (
    -- day by day, so that a price is looked up for many at once
    SELECT d.creditor_id, date_trunc('month', d.as_of::timestamp)::date AS month, d.as_of, d.channel, d.stage,
           count(*) FILTER (WHERE l.rung IS NULL) + count(DISTINCT (l.rung, l.letter_of, l.letter_nth)) FILTER (WHERE l.rung IS NOT NULL) AS letters,
           count(*) FILTER (WHERE d.status = 'queued' AND l.rung IS NULL)
             + count(DISTINCT (l.rung, l.letter_of, l.letter_nth)) FILTER (WHERE d.status = 'queued' AND l.rung IS NOT NULL) AS waiting
    FROM reminder.decision d
    LEFT JOIN reminder.letter_line l ON l.creditor_id = d.creditor_id AND l.invoice_no = d.invoice_no AND l.rung = d.rung AND l.taken_back = d.taken_back
    WHERE d.outcome = 'sent' AND d.status IN ('queued', 'sent') AND d.channel IS NOT NULL AND reminder.sees_whole(d.creditor_id)
      AND NOT EXISTS (SELECT FROM reminder.by_hand b WHERE b.creditor_id = d.creditor_id AND b.invoice_no = d.invoice_no AND b.rung = d.rung
                        AND b.taken_back = d.taken_back AND b.kind = 'recorded')
    GROUP BY d.creditor_id, d.as_of, d.channel, d.stage
    UNION ALL
    SELECT o.creditor_id, date_trunc('month', o.as_of::timestamp)::date, o.as_of, o.channel, 'invoice' AS stage, count(*), count(*) FILTER (WHERE o.status = 'queued')
    FROM reminder.invoice_letter o
    WHERE o.status IN ('queued', 'sent') AND reminder.sees_whole(o.creditor_id)
    GROUP BY o.creditor_id, o.as_of, o.channel) d
  CROSS JOIN LATERAL reminder._sending_price(d.creditor_id, d.channel, d.stage, d.as_of) p
  GROUP BY d.creditor_id, d.month, d.channel, d.stage, p.currency;
  COMMENT ON VIEW reminder.sending_cost IS 'What sending letters, and original invoices (stage "invoice"), costs a creditor, without VAT, by month, channel and stage, at the prices of the letters'' dates. Letters that were cancelled or finally failed cost nothing, those that were recorded by hand were sent by others; one for several invoices is one letter.';
  COMMENT ON COLUMN reminder.sending_cost.month IS 'its first day';
  COMMENT ON COLUMN reminder.sending_cost.currency IS 'of the prices';
  COMMENT ON COLUMN reminder.sending_cost.waiting IS 'of the letters, queued and not yet confirmed as sent';
  COMMENT ON COLUMN reminder.sending_cost.for_letters IS 'for the letters as such; NULL: no such price';
  COMMENT ON COLUMN reminder.sending_cost.for_channel IS 'the channel''s own, on top of it; NULL: no such price';
  COMMENT ON COLUMN reminder.sending_cost.without_price IS 'of the letters, those that had no price at all';

  CREATE OR REPLACE VIEW reminder.case_prices AS
  SELECT k.creditor_id, k.invoice_no, k.case_no, k.case_id, k.opened_on, p.currency,
         p.price AS case_fee, c.price AS commission_percent, m.price AS commission_at_most, v.price AS vat_percent, l.price AS commission_at_least
  FROM reminder.collection_case k
  CROSS JOIN LATERAL reminder._price(k.creditor_id, 'case_fee', '', '', k.opened_on) p
  CROSS JOIN LATERAL reminder._price(k.creditor_id, 'commission_percent', '', '', k.opened_on) c
  CROSS JOIN LATERAL reminder._price(k.creditor_id, 'commission_at_most', '', '', k.opened_on) m
  CROSS JOIN LATERAL reminder._price(k.creditor_id, 'commission_at_least', '', '', k.opened_on) l
  CROSS JOIN LATERAL reminder._price(k.creditor_id, 'vat_percent', '', '', k.opened_on) v
  WHERE reminder.sees_whole(k.creditor_id);
  COMMENT ON VIEW reminder.case_prices IS 'The prices that each case keeps: those in force on the day it was opened. NULL: none was.';
  COMMENT ON COLUMN reminder.case_prices.case_fee IS 'what the service takes for the case';
  COMMENT ON COLUMN reminder.case_prices.commission_percent IS 'of the principal paid while in monitoring';
  COMMENT ON COLUMN reminder.case_prices.commission_at_most IS 'the most commission of the case';
  COMMENT ON COLUMN reminder.case_prices.commission_at_least IS 'the least commission of the case, if any principal is paid so';
  COMMENT ON COLUMN reminder.case_prices.vat_percent IS 'on what the service charges';

