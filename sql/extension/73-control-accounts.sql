/*
 * Control accounts (G5): what is booked on them in the application's general
 * ledger is booked of something that stands in ours.
 */

CREATE FUNCTION reminder._direct_posting(creditor_id bigint, account text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- By keys: the view of all control accounts would be made for every creditor.
  SELECT coalesce(
    (SELECT k.direct_posting FROM reminder.control_account k WHERE k.creditor_id = $1 AND k.account = $2),
    (SELECT d.direct_posting FROM reminder.creditor c JOIN reminder.default_control_account d ON d.jurisdiction = c.jurisdiction AND d.account = $2
     WHERE c.creditor_id = $1),
    (SELECT false WHERE EXISTS (
       SELECT FROM reminder.creditor c
       CROSS JOIN (VALUES ('receivable'), ('tax_reduction'), ('doubtful_receivable'), ('loss_allowance')) p (purpose)
       LEFT JOIN reminder.default_account d ON d.jurisdiction = c.jurisdiction AND d.purpose = p.purpose
       LEFT JOIN reminder.account_map m ON m.creditor_id = c.creditor_id AND m.purpose = p.purpose
       WHERE c.creditor_id = $1 AND coalesce(m.account, d.account) = $2)))
$$;
COMMENT ON FUNCTION reminder._direct_posting(bigint, text) IS
'Internal: whether a control account may be booked by hand; NULL: it is no control account.';

CREATE FUNCTION reminder._guard_control_accounts() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
SET jit = off
SET enable_seqscan = off
AS $$
DECLARE
  _entry record;
BEGIN
  WITH guarded AS MATERIALIZED (
    SELECT a.creditor_id, a.account
    FROM (SELECT DISTINCT n.creditor_id, n.account FROM new_rows n) a
    WHERE NOT reminder._direct_posting(a.creditor_id, a.account))
  SELECT n.* INTO _entry
  FROM new_rows n JOIN guarded g ON g.creditor_id = n.creditor_id AND g.account = n.account
  -- Looked up by key, one by one: EXISTS could read a whole table for one entry, once it was planned for many.
  WHERE CASE n.event
    WHEN 'invoice' THEN (SELECT true FROM reminder.invoice i WHERE i.creditor_id = n.creditor_id AND i.invoice_no = n.document_no LIMIT 1)
    WHEN 'settled_before' THEN (SELECT true FROM reminder.settled_before b WHERE b.creditor_id = n.creditor_id AND b.invoice_no = n.document_no LIMIT 1)
    WHEN 'credit' THEN (SELECT true FROM reminder.credit c WHERE c.creditor_id = n.creditor_id AND c.credit_no = n.document_no LIMIT 1)
    WHEN 'tax_reduction' THEN (
      SELECT true FROM reminder.tax_reduction t WHERE t.creditor_id = n.creditor_id AND t.invoice_no = n.invoice_no AND t.kind = n.document_no LIMIT 1)
    WHEN 'payment' THEN (SELECT true FROM reminder.payment p WHERE p.creditor_id = n.creditor_id AND p.payment_no = n.document_no LIMIT 1)
      OR (SELECT true FROM reminder.payment_undone u WHERE u.creditor_id = n.creditor_id AND u.payment_no = n.document_no LIMIT 1)
    WHEN 'payment_taken_back' THEN (SELECT true FROM reminder.payment_undone u WHERE u.creditor_id = n.creditor_id AND u.payment_no = n.document_no LIMIT 1)
    WHEN 'refund' THEN (SELECT true FROM reminder.refund r WHERE r.creditor_id = n.creditor_id AND r.payment_no || ' ' || r.refund_no = n.document_no LIMIT 1)
    WHEN 'doubtful_loss' THEN (
      SELECT true FROM reminder.credit_loss w WHERE w.creditor_id = n.creditor_id AND w.invoice_no = n.invoice_no AND w.loss_no = n.document_no AND w.kind = 'doubtful' LIMIT 1)
    WHEN 'doubtful_loss_reversed' THEN (
      SELECT true FROM reminder.credit_loss w
      WHERE w.creditor_id = n.creditor_id AND w.invoice_no = n.invoice_no AND w.loss_no = n.document_no AND w.kind = 'doubtful' AND w.reversed_on IS NOT NULL LIMIT 1)
    WHEN 'confirmed_loss' THEN (
      SELECT true FROM reminder.credit_loss w WHERE w.creditor_id = n.creditor_id AND w.invoice_no = n.invoice_no AND w.loss_no = n.document_no AND w.kind = 'confirmed' LIMIT 1)
    WHEN 'confirmed_loss_reversed' THEN (
      SELECT true FROM reminder.credit_loss w
      WHERE w.creditor_id = n.creditor_id AND w.invoice_no = n.invoice_no AND w.loss_no = n.document_no AND w.kind = 'confirmed' AND w.reversed_on IS NOT NULL LIMIT 1)
    WHEN 'settlement' THEN (SELECT true FROM reminder.settlement s WHERE s.creditor_id = n.creditor_id AND s.settlement_no || ' ' || s.currency = n.document_no LIMIT 1)
    WHEN 'payout' THEN (
      SELECT true FROM reminder.payout p WHERE p.creditor_id = n.creditor_id AND p.settlement_no || ' ' || p.payout_no = n.document_no AND p.paid_on IS NOT NULL LIMIT 1)
    WHEN 'tax_reduction_paid' THEN (
      SELECT true FROM reminder.tax_reduction_answer t WHERE t.creditor_id = n.creditor_id AND t.invoice_no = n.invoice_no AND t.kind = n.document_no AND t.paid > 0 LIMIT 1)
    WHEN 'tax_reduction_refused' THEN (
      SELECT true FROM reminder.tax_reduction_answer t WHERE t.creditor_id = n.creditor_id AND t.invoice_no = n.invoice_no AND t.kind = n.document_no AND t.refused > 0 LIMIT 1)
    END IS NOT TRUE
  ORDER BY n.creditor_id, n.voucher_no, n.entry_no
  LIMIT 1;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  IF _entry.event IS NULL THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('cannot book voucher "%s" on control account "%s" by hand'), _entry.voucher_no, _entry.account),
      ERRCODE = '23R06', DETAIL = reminder._say('What stands on it follows from invoices, payments, credits and credit losses.'),
      HINT = reminder._say('Name the event and document that it books, as reminder.ledger_entry_list has them; or let the account be booked by hand: direct_posting of reminder.control_account.'),
      TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
  END IF;
  RAISE EXCEPTION USING MESSAGE = format(reminder._say('voucher "%s" books %s "%s", which is not in the ledger'), _entry.voucher_no, _entry.event, _entry.document_no),
    ERRCODE = '23R06', DETAIL = format(reminder._say('Account "%s" is a control account.'), _entry.account),
    HINT = reminder._say('Write what it books first: SELECT * FROM reminder.ledger_entry_list;'),
    TABLE = TG_TABLE_NAME, SCHEMA = TG_TABLE_SCHEMA;
END
$$;
COMMENT ON FUNCTION reminder._guard_control_accounts() IS
'Internal: AFTER STATEMENT on general_ledger_entry: no entry on a control account but of what stands in the ledger, unless the account allows direct posting. Raises 23R06.';

/* Entries that came before the account was one of these, or past the trigger. */
CREATE FUNCTION reminder._check_control_accounts(OUT finding text, OUT object text, OUT detail text, OUT hint text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT 'booked_by_hand', format('voucher %s of creditor %s', g.voucher_no, g.creditor_id),
         format('It books %s on control account %s, which does not allow direct posting.', sum(g.amount), g.account),
         'Reverse it; or let the account be booked by hand: direct_posting of reminder.control_account.'
  FROM reminder.general_ledger_entry g
  JOIN reminder._control_account a ON a.creditor_id = g.creditor_id AND a.account = g.account AND NOT a.direct_posting
  WHERE g.event IS NULL
  GROUP BY g.creditor_id, g.voucher_no, g.account
$$;
COMMENT ON FUNCTION reminder._check_control_accounts() IS
'Internal: finding booked_by_hand.';
