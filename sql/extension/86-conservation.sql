/*
 * 86-conservation.sql: money neither comes from nowhere nor goes there. What
 * is kept is compared with what it follows from, read anew.
 */

/* Claims: what was invoiced and its costs, and what became of them. */
CREATE FUNCTION reminder._conserved_claims(creditor_id bigint, OUT rule text, OUT creditor bigint, OUT object text, OUT found text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH account AS MATERIALIZED (
    SELECT a.*, a.invoiced + a.fees + a.compensation + a.interest AS claimed,
           a.settled_before + a.paid - a.overpaid + a.rounded_off + a.credited + a.written_off + a.waived + a.open AS accounted_for
    FROM reminder.claim_account a WHERE $1 IS NULL OR a.creditor_id = $1)
  SELECT 'claim', a.creditor_id, 'invoice ' || a.invoice_no,
         format('%s + %s fees + %s compensation + %s interest = %s <> %s = %s settled before + %s paid - %s overpaid + %s rounded off + %s credited + %s written off + %s waived + %s open',
                a.invoiced, a.fees, a.compensation, a.interest, a.claimed, a.accounted_for, a.settled_before, a.paid, a.overpaid, a.rounded_off, a.credited, a.written_off, a.waived, a.open)
  FROM account a WHERE a.claimed <> a.accounted_for OR a.open < 0
  UNION ALL
  -- in sum, from the tables themselves
  SELECT 'claims', c.creditor_id, 'creditor',
         format('%s invoiced + %s costs <> %s settled before + %s paid for them + %s credited + %s waived + %s open', x.invoiced, x.costs, x.before, x.paid, x.credited, x.waived, x.open)
  FROM reminder.creditor c
  CROSS JOIN LATERAL (
    SELECT (SELECT coalesce(sum(i.amount), 0) FROM reminder.invoice i WHERE i.creditor_id = c.creditor_id) AS invoiced,
           (SELECT coalesce(sum(k.fees + k.interest), 0) FROM reminder.collection_case k WHERE k.creditor_id = c.creditor_id) AS costs,
           (SELECT coalesce(sum(b.amount), 0) FROM reminder.settled_before b WHERE b.creditor_id = c.creditor_id) AS before,
           (SELECT coalesce(sum(p.amount), 0) FROM reminder.payment p WHERE p.creditor_id = c.creditor_id AND p.bounced_on IS NULL AND p.invoice_no IS NOT NULL)
           + (SELECT coalesce(sum(a.rounded_off - a.overpaid), 0) FROM reminder.allocation a WHERE a.creditor_id = c.creditor_id) AS paid,
           (SELECT coalesce(sum(d.amount), 0) FROM reminder.credit d WHERE d.creditor_id = c.creditor_id) AS credited,
           (SELECT coalesce(sum(k.fees_waived + k.interest_waived), 0) FROM reminder.collection_case k WHERE k.creditor_id = c.creditor_id) AS waived,
           (SELECT coalesce(sum(i.open_amount), 0) FROM reminder.invoice i WHERE i.creditor_id = c.creditor_id)
           + (SELECT coalesce(sum(k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived), 0)
              FROM reminder.collection_case k WHERE k.creditor_id = c.creditor_id AND k.ended_on IS NULL) AS open) x
  WHERE ($1 IS NULL OR c.creditor_id = $1) AND x.invoiced + x.costs <> x.before + x.paid + x.credited + x.waived + x.open
  UNION ALL
  SELECT 'principal', i.creditor_id, 'invoice ' || i.invoice_no,
         format('%s <> %s settled before + %s paid + %s credited + %s open', i.amount, coalesce(b.amount, 0), p.principal, d.amount, i.open_amount)
  FROM reminder.invoice i
  LEFT JOIN reminder.settled_before b ON b.creditor_id = i.creditor_id AND b.invoice_no = i.invoice_no
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(coalesce(a.principal, p.amount)), 0) AS principal
    FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
    WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no AND p.bounced_on IS NULL) p
  CROSS JOIN LATERAL (SELECT coalesce(sum(d.amount), 0) AS amount FROM reminder.credit d WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no) d
  WHERE ($1 IS NULL OR i.creditor_id = $1) AND i.amount <> coalesce(b.amount, 0) + p.principal + d.amount + i.open_amount
  UNION ALL
  SELECT 'costs', k.creditor_id, format('invoice %s, case %s', k.invoice_no, k.case_no),
         format('paid are %s of fees and %s of interest, by its payments %s and %s; of %s and %s are %s and %s waived, and it is %s',
                k.fees_paid, k.interest_paid, a.fee, a.interest, k.fees, k.interest, k.fees_waived, k.interest_waived, k.state)
  FROM reminder.collection_case k
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.fee), 0) AS fee, coalesce(sum(a.interest), 0) AS interest
    FROM reminder.payment p JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
    WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND a.case_no = k.case_no) a
  WHERE ($1 IS NULL OR k.creditor_id = $1)
    AND (k.fees_paid <> a.fee OR k.interest_paid <> a.interest OR (k.ended_on IS NOT NULL AND (k.fees <> k.fees_paid + k.fees_waived OR k.interest <> k.interest_paid + k.interest_waived)))
  UNION ALL
  SELECT 'payment', a.creditor_id, 'payment ' || a.payment_no,
         format('%s + %s rounded off <> %s + %s interest + %s fees + %s overpaid, of invoice %s, bounced on %s',
                p.amount, a.rounded_off, a.principal, a.interest, a.fee, a.overpaid, coalesce(p.invoice_no, 'none'), coalesce(p.bounced_on::text, 'no day'))
  FROM reminder.allocation a LEFT JOIN reminder.payment p ON p.creditor_id = a.creditor_id AND p.payment_no = a.payment_no
  WHERE ($1 IS NULL OR a.creditor_id = $1)
    AND (p.invoice_no IS NULL OR p.bounced_on IS NOT NULL OR p.amount + a.rounded_off <> a.principal + a.interest + a.fee + a.overpaid)
  UNION ALL
  SELECT 'currency', y.creditor_id, 'payment ' || y.payment_no, format('it was in %s, and invoice %s is in %s', y.currency, i.invoice_no, i.currency)
  FROM reminder.payment_currency y
  JOIN reminder.payment p ON p.creditor_id = y.creditor_id AND p.payment_no = y.payment_no
  JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
  WHERE ($1 IS NULL OR y.creditor_id = $1) AND i.currency <> y.currency
  UNION ALL
  SELECT 'refund', p.creditor_id, 'payment ' || p.payment_no, format('%s paid back, %s left over', r.amount, CASE WHEN p.invoice_no IS NULL THEN p.amount ELSE coalesce(a.overpaid, 0) END)
  FROM (SELECT r.creditor_id, r.payment_no, sum(r.amount) AS amount FROM reminder.refund r GROUP BY r.creditor_id, r.payment_no) r
  JOIN reminder.payment p ON p.creditor_id = r.creditor_id AND p.payment_no = r.payment_no AND p.bounced_on IS NULL
  LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
  WHERE ($1 IS NULL OR r.creditor_id = $1) AND r.amount > CASE WHEN p.invoice_no IS NULL THEN p.amount ELSE coalesce(a.overpaid, 0) END
$$;
COMMENT ON FUNCTION reminder._conserved_claims(bigint) IS
'Internal: rules claim, claims, principal, costs, payment, currency and refund of conservation().';

/* The service: what it collected, and where that is. */
CREATE FUNCTION reminder._conserved_settlements(creditor_id bigint, OUT rule text, OUT creditor bigint, OUT object text, OUT found text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
-- it is for all of a creditor, and a table that passes for empty would be read whole for each row of another
SET enable_nestloop = off
SET jit = off
AS $$
  SELECT 'collected', a.creditor_id, 'account in ' || a.currency,
         format('%s <> %s paid out + %s commission + %s fees + %s interest + %s VAT + %s refunded + %s not paid out',
                a.collected, a.paid_out, a.commission, a.fee, a.interest, a.vat, a.refunded, a.not_paid_out)
  FROM reminder.service_account a
  WHERE ($1 IS NULL OR a.creditor_id = $1) AND a.collected <> a.paid_out + a.commission + a.fee + a.interest + a.vat + a.refunded + a.not_paid_out
  UNION ALL
  SELECT 'settlement', s.creditor_id, format('settlement %s in %s', s.settlement_no, s.currency),
         format('%s carried over, %s before; %s due, %s by its lines; %s paid out, %s by its payouts', s.carried_in, s.carried_before, s.due, l.due, s.paid_out, p.amount)
  FROM (SELECT s.*, coalesce(lag(s.carried_on) OVER (PARTITION BY s.creditor_id, s.currency ORDER BY s.settlement_no), 0) AS carried_before
        FROM reminder.settlement s WHERE $1 IS NULL OR s.creditor_id = $1) s
  LEFT JOIN LATERAL (SELECT coalesce(sum(l.due), 0) AS due FROM reminder.settlement_line l
                     WHERE l.creditor_id = s.creditor_id AND l.settlement_no = s.settlement_no AND l.currency = s.currency) l ON true
  LEFT JOIN LATERAL (SELECT coalesce(sum(p.amount), 0) AS amount FROM reminder.payout p
                     WHERE p.creditor_id = s.creditor_id AND p.settlement_no = s.settlement_no AND p.currency = s.currency) p ON true
  WHERE s.carried_in <> s.carried_before OR s.due <> l.due OR s.paid_out <> p.amount
  UNION ALL
  -- what was settled of a payment is what it was then, whatever became of it
  SELECT 'settled', s.creditor_id, format('payment %s, life %s', s.document_no, s.entry_no),
         format('settled were %s with %s held, %s fees and a share of %s; it is %s with %s over, %s fees and %s interest',
                s.collected, s.held, s.fee, s.interest, l.amount, l.overpaid, l.service_fee, l.service_interest)
  FROM reminder.settlement_line s
  LEFT JOIN reminder._payment_life l ON l.creditor_id = s.creditor_id AND l.payment_no = s.document_no AND l.life = s.entry_no
  WHERE ($1 IS NULL OR s.creditor_id = $1) AND s.kind = 'payment'
    AND (l.source = s.source AND s.collected = CASE l.source WHEN 'service' THEN l.amount ELSE 0 END AND s.held = CASE l.source WHEN 'service' THEN l.overpaid ELSE 0 END
         AND s.fee = l.service_fee AND s.interest <= l.service_interest) IS NOT TRUE
  UNION ALL
  SELECT 'taken back', b.creditor_id, format('payment %s, life %s', b.document_no, b.entry_no), format('%s were settled, and %s taken back', s.due, b.due)
  FROM reminder.settlement_line b
  LEFT JOIN reminder.settlement_line s ON s.creditor_id = b.creditor_id AND s.kind = 'payment' AND s.document_no = b.document_no AND s.entry_no = b.entry_no
  WHERE ($1 IS NULL OR b.creditor_id = $1) AND b.kind = 'taken_back'
    AND (s.due + b.due = 0 AND s.settlement_no < b.settlement_no
         AND EXISTS (SELECT FROM reminder.payment_undone u WHERE u.creditor_id = b.creditor_id AND u.payment_no = b.document_no AND u.undone_no = b.entry_no)) IS NOT TRUE
$$;
COMMENT ON FUNCTION reminder._conserved_settlements(bigint) IS
'Internal: rules collected, settlement, settled and taken back of conservation().';

/* The books, and the cases. */
CREATE FUNCTION reminder._conserved_postings(creditor_id bigint, OUT rule text, OUT creditor bigint, OUT object text, OUT found text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH posting AS MATERIALIZED (
    SELECT p.* FROM reminder.posting_list p WHERE $1 IS NULL OR p.creditor_id = $1)
  SELECT 'posting', p.creditor_id, format('%s %s, entry %s', p.event, p.document_no, p.entry_no), format('%s debited, %s credited', sum(p.debit), sum(p.credit))
  FROM posting p GROUP BY p.creditor_id, p.event, p.document_no, p.entry_no, p.invoice_no, p.currency HAVING sum(p.debit) IS DISTINCT FROM sum(p.credit)
  UNION ALL
  SELECT 'receivable', i.creditor_id, 'invoice ' || i.invoice_no, format('%s posted as paid of the principal, %s paid', coalesce(p.amount, 0), coalesce(a.amount, 0))
  FROM reminder.invoice i
  LEFT JOIN (SELECT p.creditor_id, p.invoice_no, sum(coalesce(p.credit, 0) - coalesce(p.debit, 0)) AS amount FROM posting p
             WHERE p.purpose = 'receivable' AND p.event IN ('payment', 'payment_taken_back') GROUP BY p.creditor_id, p.invoice_no) p ON p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no
  LEFT JOIN (SELECT p.creditor_id, p.invoice_no, sum(coalesce(a.principal, p.amount)) AS amount
             FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
             WHERE p.bounced_on IS NULL GROUP BY p.creditor_id, p.invoice_no) a ON a.creditor_id = i.creditor_id AND a.invoice_no = i.invoice_no
  WHERE ($1 IS NULL OR i.creditor_id = $1) AND coalesce(p.amount, 0) <> coalesce(a.amount, 0)
$$;
COMMENT ON FUNCTION reminder._conserved_postings(bigint) IS
'Internal: rules posting and receivable of conservation().';

CREATE FUNCTION reminder._conserved_states(creditor_id bigint, OUT rule text, OUT creditor bigint, OUT object text, OUT found text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- How it ended, or that it was reopened, is its last such event; its stage is the last letter that stands, or where a hand put it after that.
  SELECT 'state', k.creditor_id, format('invoice %s, case %s', k.invoice_no, k.case_no),
         format('it is %s, from %s; its events make it %s, from %s', k.state, coalesce(k.ended_from, 'none'), coalesce(f.ended, f.stage), CASE WHEN f.ended IS NULL THEN 'none' ELSE f.stage END)
  FROM reminder.collection_case k
  LEFT JOIN LATERAL (
    SELECT nullif(substr(e.kind, 6), 'reopened') AS ended FROM reminder.event e
    WHERE e.creditor_id = k.creditor_id AND e.invoice_no = k.invoice_no AND e.case_no = k.case_no
      AND e.kind IN ('case_paid', 'case_credited', 'case_withdrawn', 'case_closed', 'case_reopened')
    ORDER BY e.event_no DESC LIMIT 1) e ON true
  LEFT JOIN LATERAL (
    SELECT h.kind, h.recorded_at FROM reminder.event h
    WHERE h.creditor_id = k.creditor_id AND h.invoice_no = k.invoice_no AND h.case_no = k.case_no AND h.kind IN ('enforcement', 'monitoring', 'letter_taken_back')
    ORDER BY h.event_no DESC LIMIT 1) h ON true
  LEFT JOIN LATERAL (
    SELECT d.stage, d.decided_at FROM reminder.decision d
    WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.taken_back = 0
    ORDER BY d.rung DESC LIMIT 1) d ON true
  CROSS JOIN LATERAL (
    SELECT e.ended, CASE WHEN h.kind IN ('enforcement', 'monitoring') AND coalesce(h.recorded_at > d.decided_at, true) THEN h.kind ELSE d.stage END AS stage) f
  WHERE ($1 IS NULL OR k.creditor_id = $1)
    -- one whose letters were all taken back has none to tell
    AND f.stage IS NOT NULL
    AND (k.state, k.ended_from) IS DISTINCT FROM (coalesce(f.ended, f.stage), CASE WHEN f.ended IS NOT NULL THEN f.stage END)
$$;
COMMENT ON FUNCTION reminder._conserved_states(bigint) IS
'Internal: rule state of conservation().';

CREATE FUNCTION reminder.conservation(creditor_id bigint DEFAULT NULL, OUT rule text, OUT creditor bigint, OUT object text, OUT found text) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF $1 IS NOT NULL THEN
    PERFORM reminder._creditor($1);
  END IF;
  RETURN QUERY
    SELECT c.* FROM reminder._conserved_claims($1) c
    UNION ALL SELECT c.* FROM reminder._conserved_settlements($1) c
    UNION ALL SELECT c.* FROM reminder._conserved_postings($1) c
    UNION ALL SELECT c.* FROM reminder._conserved_states($1) c
    ORDER BY 2, 1, 3;
END
$$;
COMMENT ON FUNCTION reminder.conservation(bigint) IS
'Tells where money does not add up, of one creditor or, NULL, of all: no row is good. claim: invoiced, fees, compensation and interest are settled before, paid less overpaid, rounded off, credited, written off, waived and open, for each invoice (claims: for the creditor in sum; principal, costs, payment, currency, refund: parts of it). collected: what the service collected is paid out, kept as commission, fees, interest and VAT, refunded and not yet paid out (settlement, settled, taken back: parts of it). posting: every entry balances; receivable: what was posted as paid was. state: every case is where its letters and events put it. found says what differs. Raises 22R04 for an unknown creditor.';
