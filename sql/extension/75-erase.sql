/*
 * 75-erase.sql: what is kept about a customer, and erasing it (S3). What is
 * personal is in the customer's row, the documents and descriptions of its
 * invoices, and the words that people wrote about them; everything else
 * carries a number, and stays.
 */

CREATE FUNCTION reminder._kept_until(creditor_id bigint, booked_on date, as_of date, fiscal_year_ends integer) RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT CASE r.runs_from
           WHEN 'calendar_year' THEN make_date(extract(year FROM f.ended)::integer + r.years, 12, 31)
           ELSE (f.ended + make_interval(years => r.years))::date END
  FROM reminder.creditor c
  -- the last day of the fiscal year that the booking is in
  CROSS JOIN LATERAL (
    SELECT (make_date(extract(year FROM $2)::integer + CASE WHEN extract(month FROM $2) > $4 THEN 1 ELSE 0 END, $4, 1) + interval '1 month')::date - 1 AS ended) f
  JOIN LATERAL (
    SELECT coalesce(y.figure, r.years)::integer AS years, r.runs_from
    FROM reminder.retention_rule r
    LEFT JOIN reminder.creditor_law y ON y.creditor_id = $1 AND y.law = 'retention_rule' AND y.jurisdiction = r.jurisdiction AND y.valid_from = r.valid_from AND r.confidence = 'unconfirmed'
    WHERE r.jurisdiction = c.jurisdiction AND r.valid_from <= $3 AND (r.confidence <> 'unconfirmed' OR y.law IS NOT NULL)
    ORDER BY r.valid_from DESC LIMIT 1) r ON true
  WHERE c.creditor_id = $1
$$;
COMMENT ON FUNCTION reminder._kept_until(bigint, date, date, integer) IS
'Internal: the day until which bookkeeping law keeps a booking of a creditor, by the law of as_of and the month its fiscal year ends with. NULL: no law is confirmed.';

CREATE FUNCTION reminder._refuse_kept_customer(creditor_id bigint, customer_no text, as_of date, fiscal_year_ends integer) RETURNS void
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _invoice record;
  _last date;
  _until date;
BEGIN
  SELECT i.invoice_no, i.open_amount, i.external_collection, k.state INTO _invoice
  FROM reminder.invoice i
  LEFT JOIN reminder.collection_case k ON k.creditor_id = i.creditor_id AND k.invoice_no = i.invoice_no AND k.ended_on IS NULL
  WHERE i.creditor_id = $1 AND i.customer_no = $2 AND (i.open_amount > 0 OR i.external_collection OR k.state IS NOT NULL)
  ORDER BY k.state IS NULL AND NOT i.external_collection, i.invoice_no LIMIT 1;
  IF _invoice.state IS NOT NULL OR _invoice.external_collection THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('customer "%s" cannot be erased while invoice "%s" is being collected'), customer_no, _invoice.invoice_no),
      ERRCODE = '23R01', HINT = reminder._say('Wait until its case has ended, or withdraw it: reminder.withdraw().');
  ELSIF FOUND THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('customer "%s" cannot be erased: invoice "%s" is open'), customer_no, _invoice.invoice_no),
      ERRCODE = '23R04', DETAIL = format(reminder._say('Open are %s.'), _invoice.open_amount), HINT = reminder._say('Wait until it is paid, or credit it.');
  END IF;
  IF EXISTS (SELECT FROM reminder.allocation a
             JOIN reminder.payment p ON p.creditor_id = a.creditor_id AND p.payment_no = a.payment_no AND p.bounced_on IS NULL
             JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
             WHERE a.creditor_id = $1 AND i.customer_no = $2
               AND a.overpaid > (SELECT coalesce(sum(r.amount), 0) FROM reminder.refund r WHERE r.creditor_id = a.creditor_id AND r.payment_no = a.payment_no)) THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('customer "%s" cannot be erased: it has a credit balance'), customer_no),
      ERRCODE = '23R04', HINT = reminder._say('Pay it back and insert into reminder.refund.');
  END IF;
  SELECT max(greatest(i.invoice_date, p.last, c.last, l.last)) INTO _last
  FROM reminder.invoice i
  CROSS JOIN LATERAL (SELECT greatest(max(p.paid_on), max(p.bounced_on), max(r.refunded_on)) AS last FROM reminder.payment p
                      LEFT JOIN reminder.refund r ON r.creditor_id = p.creditor_id AND r.payment_no = p.payment_no
                      WHERE p.creditor_id = i.creditor_id AND p.invoice_no = i.invoice_no) p
  CROSS JOIN LATERAL (SELECT max(c.credited_on) AS last FROM reminder.credit c WHERE c.creditor_id = i.creditor_id AND c.invoice_no = i.invoice_no) c
  CROSS JOIN LATERAL (SELECT greatest(max(l.booked_on), max(l.reversed_on)) AS last FROM reminder.credit_loss l WHERE l.creditor_id = i.creditor_id AND l.invoice_no = i.invoice_no) l
  WHERE i.creditor_id = $1 AND i.customer_no = $2;
  IF _last IS NULL THEN
    RETURN;
  END IF;
  _until := reminder._kept_until(creditor_id, _last, as_of, fiscal_year_ends);
  IF _until IS NULL THEN
    RAISE EXCEPTION 'how long bookkeeping law keeps customer "%" is not known', customer_no
      USING ERRCODE = '55R05', HINT = 'Nothing in reminder.retention_rule is confirmed for the creditor: reminder.confirm_law().';
  ELSIF as_of <= _until THEN
    RAISE EXCEPTION USING MESSAGE = format(reminder._say('customer "%s" cannot be erased: bookkeeping law keeps it until %s'), customer_no, _until),
      ERRCODE = '23R04', DETAIL = format(reminder._say('Its last booking is of %s.'), _last), HINT = reminder._say('Erase it after that day.');
  -- What is erased is gone for good: a slip of the pen must not end its time.
  ELSIF as_of > coalesce(reminder._last_run(creditor_id), _last) + 366 THEN
    RAISE EXCEPTION 'as_of % is more than a year after the latest run of creditor %', as_of, creditor_id
      USING ERRCODE = '22R02', HINT = 'A run tells that the day has come: CALL reminder.run().';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._refuse_kept_customer(bigint, text, date, integer) IS
'Internal: refuses to erase a customer that is being collected from (23R01), owes, is owed or is kept by bookkeeping law (23R04), or of whom nobody knows how long it keeps him (55R05); or as of a day that is far ahead (22R02).';

-- The digest of a text stays where its salt is erased with it: the log still verifies.
CREATE FUNCTION reminder._forget_notes(creditor_id bigint, invoice_nos text[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _source record;
BEGIN
  FOR _source IN SELECT l.* FROM reminder._log_sources() l WHERE l.note <> 'NULL::text' LOOP
    EXECUTE format($query$
      UPDATE reminder.sealed_row s SET note_digest = sha256(uuid_send(s.salt) || convert_to(l.note, 'UTF8')), salt = NULL
      FROM (SELECT json_build_array(%s)::text AS key, %s AS note FROM %s WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2)) l
      WHERE s.creditor_id = $1 AND s.source = %L AND s.key = l.key AND s.salt IS NOT NULL AND l.note IS NOT NULL$query$,
      _source.key, _source.note, _source.relation, _source.source) USING $1, $2;
  END LOOP;
  UPDATE reminder.event r SET detail = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.detail IS NOT NULL;
  UPDATE reminder.delivery r SET reason = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.invoice_letter r SET reason = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.handover r SET reason = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.agency_message r SET detail = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.detail IS NOT NULL;
  UPDATE reminder.agency_withdrawal r SET reason = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.letter_lease r SET reason = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.interruption r SET detail = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.detail IS NOT NULL;
  UPDATE reminder.by_hand r SET reason = reminder._erased() WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.waiver r SET reason = reminder._erased() WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2);
  UPDATE reminder.hold r SET reason = reminder._erased() WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2);
  UPDATE reminder.payment_plan r SET why = reminder._erased() WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.why IS NOT NULL;
  UPDATE reminder.enforcement_fee r SET reason = reminder._erased() WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.credit r SET reason = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reason IS NOT NULL;
  UPDATE reminder.booking_undone r SET note = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.note IS NOT NULL;
  -- not sealed: it says again what an event says
  UPDATE reminder.collection_case r
  SET closing_reason = CASE r.state WHEN 'closed' THEN split_part(r.closing_reason, ':', 1) END, reference = NULL
  WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2);
  UPDATE reminder.case_version r SET reference = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2) AND r.reference IS NOT NULL;
  UPDATE reminder.run_exception r SET message = reminder._erased(), detail = NULL WHERE r.creditor_id = $1 AND r.invoice_no = ANY ($2);
END
$$;
COMMENT ON FUNCTION reminder._forget_notes(bigint, text[]) IS
'Internal: erases what people wrote about invoices, and keeps the salted digests that the log is verified by.';

CREATE FUNCTION reminder.erase_customer(creditor_id bigint, customer text, as_of date, reason text, fiscal_year_ends integer DEFAULT 12) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _invoice_nos text[];
BEGIN
  PERFORM reminder._creditor(creditor_id);
  PERFORM reminder._date(as_of, 'as_of');
  PERFORM reminder._reason(reason, 'erasing a customer',
    'Say why, in up to 1000 bytes, without naming him.');
  IF (fiscal_year_ends BETWEEN 1 AND 12) IS NOT TRUE THEN
    RAISE EXCEPTION 'fiscal_year_ends is no month: %', coalesce(fiscal_year_ends::text, 'NULL')
      USING ERRCODE = '22R01', HINT = 'Give the month, 1 to 12, with whose last day the creditor''s fiscal year ends.';
  END IF;
  -- A seal that began before would have read what is erased now, and a snapshot from before would not see it.
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'customers are erased under READ COMMITTED only'
      USING ERRCODE = 'feature_not_supported', HINT = 'BEGIN ISOLATION LEVEL READ COMMITTED;';
  END IF;
  LOCK TABLE reminder.sealed_block IN SHARE ROW EXCLUSIVE MODE;
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = $1 FOR NO KEY UPDATE;
  PERFORM FROM reminder.customer c WHERE c.creditor_id = $1 AND c.customer_no = $2 FOR UPDATE;
  IF NOT FOUND THEN
    PERFORM reminder._unknown_customer(customer);
  END IF;
  PERFORM FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.customer_no = $2 ORDER BY i.invoice_no FOR NO KEY UPDATE;
  PERFORM reminder._refuse_kept_customer(creditor_id, customer, as_of, fiscal_year_ends);
  PERFORM reminder._keep(true);
  SELECT coalesce(array_agg(i.invoice_no), '{}') INTO _invoice_nos FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.customer_no = $2;
  PERFORM reminder._forget_notes(creditor_id, _invoice_nos);
  DELETE FROM reminder.debtor_token t WHERE t.creditor_id = $1 AND t.customer_no = $2;
  DELETE FROM reminder.invoice_document d WHERE d.creditor_id = $1 AND d.invoice_no = ANY (_invoice_nos);
  UPDATE reminder.invoice i SET description = NULL WHERE i.creditor_id = $1 AND i.invoice_no = ANY (_invoice_nos) AND i.description IS NOT NULL;
  DELETE FROM reminder.customer_address a WHERE a.creditor_id = $1 AND a.customer_no = $2;
  UPDATE reminder.customer c
  SET name = reminder._erased(), address = NULL, email = NULL, identity_no = NULL, einvoice_address = NULL, language = NULL, standing = 'normal'
  WHERE c.creditor_id = $1 AND c.customer_no = $2;
  PERFORM reminder._note(creditor_id, '', 'customer_erased', as_of, detail => format('%s: %s', customer, reason));
  PERFORM reminder._keep(false);
END
$$;
COMMENT ON FUNCTION reminder.erase_customer(bigint, text, date, text, integer) IS
'Erases what is personal of a customer, by its customer_no: name (replaced by [erased]), address, email, identity number, e-invoice address and those of other channels, language and standing, the documents and descriptions of its invoices, what people wrote about them, and the tokens by which it saw what it owes. Numbers, dates and amounts stay, and the sealed log still verifies. reason is a text of up to 1000 bytes, which stays; fiscal_year_ends is the month in which the creditor''s fiscal year ends. Old versions of the rows go with the next VACUUM, and with old backups. Raises 23R01 while an invoice of it is being collected, 23R04 while one is open, a credit balance stands, or bookkeeping law keeps it on as_of, 55R05 when that law is not confirmed, 22R01 without a reason or month, 22R02 for a bad date or one more than a year after the creditor''s latest run, 22R04 for an unknown customer, 0A000 but under READ COMMITTED.';

-- The argument is no customer_no by name: who is limited to his own invoices would see the customer's others.
CREATE FUNCTION reminder.personal_data(creditor_id bigint, customer text, OUT relation text, OUT data jsonb) RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _table record;
  _invoice_nos text[];
  _payment_nos text[];
BEGIN
  PERFORM reminder._creditor(creditor_id);
  IF NOT EXISTS (SELECT FROM reminder.customer c WHERE c.creditor_id = $1 AND c.customer_no = $2) THEN
    PERFORM reminder._unknown_customer(customer);
  END IF;
  SELECT coalesce(array_agg(i.invoice_no), '{}') INTO _invoice_nos FROM reminder.invoice i WHERE i.creditor_id = $1 AND i.customer_no = $2;
  SELECT coalesce(array_agg(p.payment_no), '{}') INTO _payment_nos FROM reminder.payment p WHERE p.creditor_id = $1 AND p.invoice_no = ANY (_invoice_nos);
  -- Every table that names a customer, an invoice or a payment, so that a new one is shown without a thought.
  FOR _table IN
    SELECT c.relname, bool_or(a.attname = 'customer_no') AS of_customer, bool_or(a.attname = 'invoice_no') AS of_invoice
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('customer_no', 'invoice_no', 'payment_no')
    WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('invoice_access')
    GROUP BY c.relname ORDER BY NOT bool_or(a.attname = 'customer_no'), c.relname
  LOOP
    relation := _table.relname;
    FOR data IN EXECUTE format('SELECT to_jsonb(r) - ''creditor_id'' FROM reminder.%I r WHERE r.creditor_id = $1 AND %s ORDER BY 1',
      _table.relname, CASE WHEN _table.of_customer THEN 'r.customer_no = $2' WHEN _table.of_invoice THEN 'r.invoice_no = ANY ($3)' ELSE 'r.payment_no = ANY ($4)' END)
      USING $1, $2, _invoice_nos, _payment_nos
    LOOP
      RETURN NEXT;
    END LOOP;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder.personal_data(bigint, text) IS
'Gives all that is kept about a customer, by its customer_no, for who asks what that is: each row as JSON, by table. COPY (SELECT * FROM reminder.personal_data(...)) TO STDOUT takes it out. Raises 22R04 for an unknown customer.';
