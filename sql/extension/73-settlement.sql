/*
 * 73-settlement.sql: the service settles with a creditor (M3). What is to be
 * settled follows from the payments: each life of a payment (payment_undone
 * counts them) is settled once, and taken back once when it is undone. Nothing
 * is kept when a payment is made, and nothing that was settled ever changes.
 */

CREATE FUNCTION reminder._unknown_vat(jurisdiction text, on_date date) RETURNS numeric
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  RAISE EXCEPTION 'the VAT of % on % is not known', jurisdiction, on_date
    USING ERRCODE = '55R05', HINT = 'Insert into reminder.vat_rate what the law says, or vat_percent into reminder.creditor_price.';
END
$$;
COMMENT ON FUNCTION reminder._unknown_vat(text, date) IS 'Internal: raises 55R05.';

CREATE FUNCTION reminder._settlement_terms(
  creditor_id bigint, OUT from_day date, OUT until_day date, OUT interest_share numeric, OUT vat_percent numeric) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE ROWS 3
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT f.day, lead(f.day, 1, 'infinity') OVER (ORDER BY f.day),
         coalesce((SELECT t.interest_share FROM reminder.settlement_terms t WHERE t.creditor_id = $1 AND t.valid_from <= f.day ORDER BY t.valid_from DESC LIMIT 1), 0),
         -- the creditor's price goes before the law
         coalesce((SELECT p.price FROM reminder._price($1, 'vat_percent', '', '', f.day) p),
                  (SELECT v.rate_percent FROM reminder.creditor c JOIN reminder.vat_rate v ON v.jurisdiction = c.jurisdiction AND v.confidence <> 'unconfirmed'
                   WHERE c.creditor_id = $1 AND v.valid_from <= f.day ORDER BY v.valid_from DESC LIMIT 1))
  FROM (
    -- the days on which anything of it may change
    SELECT date '1900-01-01' AS day
    UNION SELECT t.valid_from FROM reminder.settlement_terms t WHERE t.creditor_id = $1
    UNION SELECT v.valid_from FROM reminder.creditor c JOIN reminder.vat_rate v ON v.jurisdiction = c.jurisdiction WHERE c.creditor_id = $1
    UNION SELECT o.valid_from FROM reminder.creditor_price o WHERE o.creditor_id = $1 AND o.item = 'vat_percent'
    UNION SELECT l.valid_from FROM reminder.creditor_price_list l WHERE l.creditor_id = $1
    UNION SELECT p.valid_from FROM reminder.creditor_price_list l JOIN reminder.price p ON p.price_list = l.price_list AND p.item = 'vat_percent' WHERE l.creditor_id = $1) f
$$;
COMMENT ON FUNCTION reminder._settlement_terms(bigint) IS
'Internal: the service''s share of late interest, and the VAT on what it charges (NULL: not known), from day to day: the last day is not included.';

CREATE FUNCTION reminder._guard_settlement_terms() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _last date;
BEGIN
  SELECT max(s.as_of) INTO _last FROM reminder.settlement s WHERE s.creditor_id = coalesce(NEW.creditor_id, OLD.creditor_id);
  IF least(NEW.valid_from, OLD.valid_from) <= _last AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('terms that were settled by do not change: these are from %s, and the latest settlement was of %s'), least(NEW.valid_from, OLD.valid_from), _last),
      ERRCODE = '23R04', HINT = format(reminder._say('Add a row that is valid from %s on, or later.'), _last + 1);
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._guard_settlement_terms() IS
'Internal: AFTER ROW on settlement_terms: what was in force by the latest settlement stays. Raises 23R04.';

CREATE FUNCTION reminder._guard_payout_destination() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._check_payout(NEW.kind, NEW.number);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._guard_payout_destination() IS
'Internal: AFTER ROW on payout_destination: its number has the right check digits. Raises 22R01.';

CREATE FUNCTION reminder._payout_day(creditor_id bigint, as_of date) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- The so many-eth bank day after that day; with none, the day itself or the next one.
  SELECT d.day
  FROM reminder.creditor c
  JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
  CROSS JOIN LATERAL (
    SELECT coalesce((SELECT t.bank_days FROM reminder.settlement_terms t WHERE t.creditor_id = c.creditor_id AND t.valid_from <= $2 ORDER BY t.valid_from DESC LIMIT 1), 5) AS n) w
  CROSS JOIN LATERAL (
    SELECT $2 + x AS day FROM generate_series(least(w.n, 1), 500) x
    WHERE reminder.is_bank_day(j.calendar, $2 + x) AND NOT EXISTS (SELECT FROM reminder.closed_day h WHERE h.creditor_id = $1 AND h.day = $2 + x)
    ORDER BY x LIMIT 1 OFFSET greatest(w.n - 1, 0)) d
  WHERE c.creditor_id = $1
$$;
COMMENT ON FUNCTION reminder._payout_day(bigint, date) IS
'Internal: the day by which a settlement is to be paid out.';

CREATE FUNCTION reminder._settle_payments(creditor_id bigint, settlement_no integer, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
-- a table that passes for empty, as that of lines at first, would be read whole for each payment, and it grows
SET enable_nestloop = off
SET jit = off
AS $$
  -- Most payments are of principal alone: of these nothing is the service's, and no terms are looked up.
  WITH terms AS MATERIALIZED (
    SELECT array_agg(t.from_day ORDER BY t.from_day) AS days, array_agg(t.vat_percent ORDER BY t.from_day) AS vat_percents, array_agg(t.interest_share ORDER BY t.from_day) AS interest_shares
    FROM reminder._settlement_terms($1) t)
  INSERT INTO reminder.settlement_line (
    creditor_id, kind, document_no, entry_no, settlement_no, currency, destination, invoice_no, case_no, source, booked_on,
    collected, held, fee, fee_vat, interest, vat_percent, due)
  SELECT $1, 'payment', l.payment_no, l.life, $2, l.currency, coalesce(d.branch, ''), l.invoice_no, l.case_no, l.source, l.paid_on,
         x.collected, x.held, x.fee, x.fee_vat, x.interest, x.vat_percent,
         CASE WHEN l.terms IS NULL AND l.overpaid = 0 THEN x.collected ELSE (x.collected - x.held - x.fee - x.fee_vat - x.interest)::numeric(14,2) END
  FROM (
    SELECT l.payment_no, l.life, l.invoice_no, l.case_no, l.source, l.paid_on, i.currency, i.branch, l.amount, l.overpaid, l.fee, l.interest,
           CASE WHEN l.payee = 'service' THEN width_bucket(l.paid_on, (SELECT t.days FROM terms t)) END AS terms
    FROM reminder._payment_life l
    LEFT JOIN reminder.settlement_line s ON s.creditor_id = l.creditor_id AND s.kind = 'payment' AND s.document_no = l.payment_no AND s.entry_no = l.life
    JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = l.invoice_no
    WHERE l.creditor_id = $1 AND l.stands AND l.paid_on <= $3 AND s.creditor_id IS NULL AND (l.source = 'service' OR l.case_no IS NOT NULL)
    -- whose letter it was is asked once
    OFFSET 0) l
  LEFT JOIN reminder.payout_destination d ON d.creditor_id = $1 AND d.branch = l.branch
  -- of the columns' own type, or each value would be made so anew
  CROSS JOIN LATERAL (
    SELECT CASE l.source WHEN 'service' THEN l.amount ELSE 0::numeric(14,2) END AS collected,
           CASE WHEN l.source = 'service' AND l.overpaid > 0 THEN l.overpaid::numeric(14,2) ELSE 0::numeric(14,2) END AS held,
           CASE WHEN l.terms IS NULL THEN 0::numeric(14,2) ELSE l.fee::numeric(14,2) END AS fee,
           CASE WHEN l.terms IS NULL OR l.fee = 0 THEN 0::numeric(14,2)
                ELSE round(l.fee * coalesce((SELECT t.vat_percents FROM terms t)[l.terms],
                                            reminder._unknown_vat((SELECT c.jurisdiction FROM reminder.creditor c WHERE c.creditor_id = $1), l.paid_on)) / 100, 2)::numeric(14,2) END AS fee_vat,
           CASE WHEN l.terms IS NULL OR l.interest = 0 THEN 0::numeric(14,2)
                ELSE round(l.interest * (SELECT t.interest_shares FROM terms t)[l.terms] / 100, 2)::numeric(14,2) END AS interest,
           CASE WHEN l.terms IS NULL OR l.fee = 0 THEN NULL::numeric(14,2) ELSE (SELECT t.vat_percents FROM terms t)[l.terms]::numeric(14,2) END AS vat_percent) x
  WHERE l.source = 'service' OR x.fee > 0 OR x.interest > 0;

  -- Whatever went back since, on whichever day: it is known by now.
  INSERT INTO reminder.settlement_line (
    creditor_id, kind, document_no, entry_no, settlement_no, currency, destination, invoice_no, case_no, source, booked_on,
    collected, held, fee, fee_vat, interest, vat_percent, due)
  SELECT s.creditor_id, 'taken_back', s.document_no, s.entry_no, $2, s.currency, s.destination, s.invoice_no, s.case_no, s.source, u.undone_on,
         -s.collected, -s.held, -s.fee, -s.fee_vat, -s.interest, s.vat_percent, -s.due
  FROM reminder.payment_undone u
  JOIN reminder.settlement_line s ON s.creditor_id = u.creditor_id AND s.kind = 'payment' AND s.document_no = u.payment_no AND s.entry_no = u.undone_no
  WHERE u.creditor_id = $1
    AND NOT EXISTS (SELECT FROM reminder.settlement_line b WHERE b.creditor_id = s.creditor_id AND b.kind = 'taken_back' AND b.document_no = s.document_no AND b.entry_no = s.entry_no);

  -- A balance was paid back, and then its payment went back: that is the creditor's loss.
  INSERT INTO reminder.settlement_line (creditor_id, kind, document_no, entry_no, settlement_no, currency, invoice_no, source, booked_on, refunded, due)
  SELECT $1, 'refund', coalesce(r.payment_no, b.document_no), coalesce(b.lines, 0) + 1, $2, coalesce(r.currency, b.currency), coalesce(r.invoice_no, b.invoice_no), 'service', $3,
         coalesce(r.missing, 0) - coalesce(b.refunded, 0), coalesce(b.refunded, 0) - coalesce(r.missing, 0)
  FROM (
    SELECT p.payment_no, p.invoice_no, m.currency, greatest(r.amount - m.held, 0) AS missing
    FROM (SELECT r.payment_no, sum(r.amount) AS amount FROM reminder.refund r WHERE r.creditor_id = $1 GROUP BY r.payment_no) r
    JOIN reminder.payment p ON p.creditor_id = $1 AND p.payment_no = r.payment_no AND p.source = 'service'
    JOIN reminder.creditor c ON c.creditor_id = p.creditor_id
    LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
    LEFT JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
    LEFT JOIN reminder.payment_currency y ON y.creditor_id = p.creditor_id AND y.payment_no = p.payment_no
    CROSS JOIN LATERAL (
      SELECT CASE WHEN p.bounced_on IS NOT NULL THEN 0 WHEN p.invoice_no IS NULL THEN p.amount ELSE coalesce(a.overpaid, 0) END AS held, coalesce(i.currency, y.currency, c.currency) AS currency) m) r
  FULL JOIN (
    SELECT b.document_no, min(b.currency) AS currency, min(b.invoice_no) AS invoice_no, count(*) AS lines, sum(b.refunded) AS refunded
    FROM reminder.settlement_line b WHERE b.creditor_id = $1 AND b.kind = 'refund' GROUP BY b.document_no) b ON b.document_no = r.payment_no
  WHERE coalesce(r.missing, 0) <> coalesce(b.refunded, 0);
$$;
COMMENT ON FUNCTION reminder._settle_payments(bigint, integer, date) IS
'Internal: writes the lines of a settlement for payments: those up to as_of that were not settled yet, those that went back since, and refunds of what is not there any more. Raises 55R05.';

CREATE FUNCTION reminder._settle_commission(creditor_id bigint, settlement_no integer, as_of date) RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- By case: a payment of an earlier day that comes in late moves what each earned, but not the sum.
  INSERT INTO reminder.settlement_line (creditor_id, kind, document_no, entry_no, settlement_no, currency, destination, invoice_no, case_no, booked_on, commission, commission_vat, vat_percent, due)
  SELECT $1, 'commission', x.invoice_no, x.lines + row_number() OVER (PARTITION BY x.invoice_no ORDER BY x.case_no), $2, x.currency, coalesce(d.branch, ''), x.invoice_no, x.case_no, $3,
         x.commission, v.vat, t.vat_percent, -x.commission - v.vat
  FROM (
    SELECT coalesce(c.invoice_no, b.invoice_no) AS invoice_no, coalesce(c.case_no, b.case_no) AS case_no, coalesce(c.currency, b.currency) AS currency,
           coalesce(c.commission, 0) - coalesce(b.commission, 0) AS commission,
           (SELECT count(*) FROM reminder.settlement_line n WHERE n.creditor_id = $1 AND n.kind = 'commission' AND n.document_no = coalesce(c.invoice_no, b.invoice_no)) AS lines
    FROM (SELECT c.invoice_no, c.case_no, min(c.currency) AS currency, sum(c.commission) AS commission
          FROM reminder.commission_list c WHERE c.creditor_id = $1 AND c.on_date <= $3 GROUP BY c.invoice_no, c.case_no) c
    FULL JOIN (
      SELECT b.invoice_no, b.case_no, min(b.currency) AS currency, sum(b.commission) AS commission
      FROM reminder.settlement_line b WHERE b.creditor_id = $1 AND b.kind = 'commission' GROUP BY b.invoice_no, b.case_no) b
      ON b.invoice_no = c.invoice_no AND b.case_no = c.case_no) x
  LEFT JOIN reminder.invoice i ON i.creditor_id = $1 AND i.invoice_no = x.invoice_no
  LEFT JOIN reminder.payout_destination d ON d.creditor_id = i.creditor_id AND d.branch = i.branch
  JOIN reminder._settlement_terms($1) t ON $3 >= t.from_day AND $3 < t.until_day
  CROSS JOIN LATERAL (
    SELECT round(x.commission * coalesce(t.vat_percent, reminder._unknown_vat((SELECT c.jurisdiction FROM reminder.creditor c WHERE c.creditor_id = $1), $3)) / 100, 2) AS vat) v
  WHERE x.commission <> 0
$$;
COMMENT ON FUNCTION reminder._settle_commission(bigint, integer, date) IS
'Internal: writes the lines of a settlement for commission: what each case earned up to as_of, less what was settled of it. Raises 55R05.';

CREATE FUNCTION reminder._payout_number(creditor_id bigint, destination text, currency text, OUT kind text, OUT number text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  SELECT n.kind, btrim(n.number) INTO kind, number
  FROM (
    SELECT 0 AS n, d.kind, d.number FROM reminder.payout_destination d WHERE d.creditor_id = $1 AND d.branch = $2
    UNION ALL
    -- giro numbers are for kronor
    SELECT x.n, x.kind, x.number
    FROM reminder.creditor c
    CROSS JOIN LATERAL (VALUES (CASE $3 WHEN 'SEK' THEN 1 ELSE 4 END, 'bankgiro', c.bankgiro), (CASE $3 WHEN 'SEK' THEN 2 ELSE 5 END, 'plusgiro', c.plusgiro), (3, 'iban', c.iban)) x (n, kind, number)
    WHERE c.creditor_id = $1) n
  WHERE n.number ~ '\S' ORDER BY n.n LIMIT 1;
  IF number IS NULL THEN
    RAISE EXCEPTION 'creditor % has no payout destination', $1
      USING ERRCODE = '55R04', HINT = 'Set a bankgiro, plusgiro or IBAN in reminder.creditor.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._payout_number(bigint, text, text) IS
'Internal: the number that a payout goes to. Raises 55R04 if there is none.';

CREATE FUNCTION reminder.settle(creditor_id bigint, as_of date) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
-- compiling its statements takes as long as running them
SET jit = off
-- new lines pass for one until the table is analyzed, and sorting what is to be summed takes longer than summing it
SET enable_sort = off
AS $$
#variable_conflict use_column
DECLARE
  _settlement_no integer;
  _last record;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($2, 'as_of');
  -- It closes all days before it, for good: a slip of the pen must not close the next century.
  IF $2 > reminder._last_run($1) + 366 AND $2 > (SELECT max(p.paid_on) FROM reminder.payment p WHERE p.creditor_id = $1) + 366 THEN
    RAISE EXCEPTION 'as_of % is more than a year after the latest run and payment of creditor %', $2, $1
      USING ERRCODE = '22R02', HINT = 'A settlement closes all days before it; give the day up to which money is to be settled.';
  END IF;
  -- Settlements of a creditor take turns; payments go on.
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR NO KEY UPDATE;
  SELECT s.settlement_no INTO _settlement_no FROM reminder.settlement s WHERE s.creditor_id = $1 AND s.as_of = $2 LIMIT 1;
  IF FOUND THEN
    RETURN _settlement_no;
  END IF;
  SELECT s.settlement_no, s.as_of INTO _last FROM reminder.settlement s WHERE s.creditor_id = $1 ORDER BY s.settlement_no DESC LIMIT 1;
  IF $2 < _last.as_of THEN
    RAISE EXCEPTION 'as_of % is before the settlement of creditor % as of %', $2, $1, _last.as_of
      USING ERRCODE = '55R01', HINT = 'What was missed is in the next one: take a later day.';
  END IF;
  _settlement_no := coalesce(_last.settlement_no, 0) + 1;
  PERFORM reminder._keep(true);
  -- Two by snapshots from before each other meet here: 40001, and never twice.
  INSERT INTO reminder.settlement (creditor_id, settlement_no, currency, as_of)
  SELECT c.creditor_id, _settlement_no, c.currency, $2 FROM reminder.creditor c WHERE c.creditor_id = $1
  ON CONFLICT DO NOTHING;
  PERFORM reminder._settle_payments($1, _settlement_no, $2);
  PERFORM reminder._settle_commission($1, _settlement_no, $2);
  -- What is below zero, of one destination or carried over, is taken from the others, one after the other.
  WITH part AS MATERIALIZED (
    SELECT l.currency, l.destination, sum(l.due) AS due
    FROM reminder.settlement_line l WHERE l.creditor_id = $1 AND l.settlement_no = _settlement_no GROUP BY l.currency, l.destination),
  total AS MATERIALIZED (
    SELECT x.currency, sum(x.carried) AS carried, sum(x.due) AS due
    FROM (
      SELECT p.currency, 0::numeric AS carried, p.due FROM part p
      UNION ALL
      SELECT o.currency, o.carried_on, 0
      FROM (SELECT DISTINCT ON (o.currency) o.currency, o.carried_on FROM reminder.settlement o
            WHERE o.creditor_id = $1 AND o.settlement_no < _settlement_no ORDER BY o.currency, o.settlement_no DESC) o
      WHERE o.carried_on <> 0) x
    GROUP BY x.currency),
  summed AS (
    INSERT INTO reminder.settlement AS s (creditor_id, settlement_no, currency, as_of, carried_in, due, paid_out, carried_on)
    SELECT $1, _settlement_no, t.currency, $2, t.carried, t.due, greatest(t.carried + t.due, 0), least(t.carried + t.due, 0) FROM total t
    ON CONFLICT (creditor_id, settlement_no, currency) DO UPDATE
    SET carried_in = excluded.carried_in, due = excluded.due, paid_out = excluded.paid_out, carried_on = excluded.carried_on)
  INSERT INTO reminder.payout (creditor_id, settlement_no, payout_no, currency, destination, kind, number, amount, due_on)
  SELECT $1, _settlement_no, row_number() OVER (ORDER BY p.currency, p.destination), p.currency, p.destination, n.kind, n.number, p.amount, reminder._payout_day($1, $2)
  FROM (
    SELECT d.currency, d.destination, least(d.plus, d.plus_so_far + d.minus + t.carried) AS amount
    FROM (SELECT p.currency, p.destination, greatest(p.due, 0) AS plus, sum(greatest(p.due, 0)) OVER (PARTITION BY p.currency ORDER BY p.destination) AS plus_so_far,
                 sum(least(p.due, 0)) OVER (PARTITION BY p.currency) AS minus
          FROM part p) d
    JOIN total t ON t.currency = d.currency) p
  CROSS JOIN LATERAL reminder._payout_number($1, p.destination, p.currency) n
  WHERE p.amount > 0;
  PERFORM reminder._note($1, '', 'settled', $2, detail => format('settlement %s', _settlement_no));
  PERFORM reminder._keep(false);
  RETURN _settlement_no;
END
$$;
COMMENT ON FUNCTION reminder.settle(bigint, date) IS
'Settles with a creditor what the service has collected for it up to as_of and had not settled yet (M3): less customers'' credit balances, fees, the service''s share of late interest, commission, and VAT on what it charges, all of these netted too where the creditor took the money in itself. What bounced since the last settlement, was corrected or deleted, is taken back. Makes payouts, one for each destination and currency, due within the bank days of settlement_terms; what comes to less than nothing is carried to the next one. Gives the settlement''s number: of the one that there is, if as_of has been settled, and nothing changes then. Raises 22R02 for a bad date or one more than a year after the latest run and payment, 22R04 for an unknown creditor, 55R01 before a later settlement, 55R04 without a payout destination, 55R05 where the VAT is not known.';

CREATE FUNCTION reminder.payout_done(creditor_id bigint, settlement_no integer, payout_no integer, paid_on date) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _payout record;
BEGIN
  PERFORM reminder._creditor($1);
  PERFORM reminder._date($4, 'paid_on');
  PERFORM reminder._keep(true);
  SELECT p.amount, p.paid_on, s.as_of INTO _payout
  FROM reminder.payout p JOIN reminder.settlement s ON s.creditor_id = p.creditor_id AND s.settlement_no = p.settlement_no AND s.currency = p.currency
  WHERE p.creditor_id = $1 AND p.settlement_no = $2 AND p.payout_no = $3
  FOR NO KEY UPDATE OF p;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'settlement % of creditor % has no payout %', coalesce($2::text, 'NULL'), $1, coalesce($3::text, 'NULL')
      USING ERRCODE = '55R03', HINT = 'SELECT * FROM reminder.payout_list; shows them.';
  ELSIF _payout.paid_on IS NOT NULL AND _payout.paid_on <> $4 THEN
    RAISE EXCEPTION 'payout % of settlement % was paid on %', $3, $2, _payout.paid_on
      USING ERRCODE = '55R03', HINT = 'A payout is paid once.';
  ELSIF $4 < _payout.as_of THEN
    RAISE EXCEPTION 'paid_on % is before the settlement of creditor % as of %', $4, $1, _payout.as_of
      USING ERRCODE = '22R02', HINT = 'It was paid afterwards.';
  END IF;
  UPDATE reminder.payout p SET paid_on = $4 WHERE p.creditor_id = $1 AND p.settlement_no = $2 AND p.payout_no = $3 AND p.paid_on IS NULL;
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.payout_done(bigint, integer, integer, date) IS
'Says that a payout (payout_no of settlement_no) was paid on paid_on, and so is booked. Said twice, nothing changes. Raises 22R02 for a bad date or one before its settlement, 22R04 for an unknown creditor, 55R03 if there is no such payout, or it was paid on another day.';
