/*
 * What the demo itself needs, beside reminder: a book (who owes what, and
 * what happens on which day), and the days of its history.
 */
CREATE SCHEMA demo;

CREATE TABLE demo.book (
  creditor_id bigint NOT NULL,
  invoice_no text COLLATE "C" NOT NULL,
  customer_no text COLLATE "C" NOT NULL,
  invoice_date date NOT NULL,
  due_date date NOT NULL,
  currency text NOT NULL,
  amount numeric(14,2) NOT NULL,
  PRIMARY KEY (creditor_id, invoice_no)
);
CREATE INDEX ON demo.book (invoice_date);
COMMENT ON TABLE demo.book IS 'The invoices, each of which is written on its invoice date.';

CREATE TABLE demo.happening (
  day date NOT NULL,
  creditor_id bigint NOT NULL,
  invoice_no text COLLATE "C" NOT NULL,
  what text NOT NULL CHECK (what IN ('payment', 'credit', 'dispute', 'release', 'write-off')),
  nth integer NOT NULL DEFAULT 1,
  amount numeric(14,2),
  FOREIGN KEY (creditor_id, invoice_no) REFERENCES demo.book
);
CREATE INDEX ON demo.happening (day);
COMMENT ON TABLE demo.happening IS 'What else happens to invoices, and when.';
COMMENT ON COLUMN demo.happening.amount IS 'of a payment or credit; NULL: all that is owed that day, interest and fees included';

CREATE TABLE demo.span (
  title text NOT NULL,
  first_day date NOT NULL,
  last_day date NOT NULL,
  started_at timestamptz,
  month_started_at timestamptz,
  month_days integer,
  ended_at timestamptz
);
COMMENT ON TABLE demo.span IS 'The days that are lived through, and how long that took.';

CREATE TABLE demo.rehearsal (
  day date NOT NULL,
  rung smallint NOT NULL,
  creditor_id bigint NOT NULL,
  invoice_no text NOT NULL,
  explained text NOT NULL,
  book_loss text NOT NULL,
  sqlstate text NOT NULL,
  message text NOT NULL,
  detail text NOT NULL,
  hint text NOT NULL,
  withdraw text NOT NULL,
  booked bigint NOT NULL,
  status text NOT NULL
);
COMMENT ON TABLE demo.rehearsal IS 'A loss booking that was refused, and what withdrawing the case made of it. All of it was rolled back.';

/* The statements of the applications on one day, before the run. */
CREATE FUNCTION demo.morning(today date) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
  SELECT b.creditor_id, b.invoice_no, b.customer_no, b.invoice_date, b.due_date, b.currency, b.amount
  FROM demo.book b WHERE b.invoice_date = today;

  INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
  SELECT h.creditor_id, h.invoice_no || '-' || h.nth, h.invoice_no, h.day,
         coalesce(h.amount, i.open_amount + coalesce(k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived, 0))
  FROM demo.happening h
  JOIN reminder.invoice i USING (creditor_id, invoice_no)
  LEFT JOIN reminder.collection_case k ON (k.creditor_id, k.invoice_no) = (h.creditor_id, h.invoice_no) AND k.ended_on IS NULL
  WHERE h.day = today AND h.what = 'payment'
    AND coalesce(h.amount, i.open_amount + coalesce(k.fees - k.fees_paid - k.fees_waived + k.interest - k.interest_paid - k.interest_waived, 0)) > 0;

  INSERT INTO reminder.credit (creditor_id, credit_no, invoice_no, credited_on, amount)
  SELECT h.creditor_id, h.invoice_no || '-C' || h.nth, h.invoice_no, h.day, coalesce(h.amount, i.open_amount)
  FROM demo.happening h
  JOIN reminder.invoice i USING (creditor_id, invoice_no)
  WHERE h.day = today AND h.what = 'credit' AND i.open_amount > 0;

  PERFORM reminder.hold(h.creditor_id, h.invoice_no, 'dispute', NULL, today)
  FROM demo.happening h
  JOIN reminder.invoice i USING (creditor_id, invoice_no)
  WHERE h.day = today AND h.what = 'dispute' AND i.open_amount > 0;

  PERFORM reminder.release(h.creditor_id, h.invoice_no, today)
  FROM demo.happening h
  JOIN reminder.hold o USING (creditor_id, invoice_no)
  WHERE h.day = today AND h.what = 'release' AND o.released_on IS NULL;

  -- Given up: the case is withdrawn, then the loss booked.
  PERFORM reminder.withdraw(h.creditor_id, h.invoice_no, 'written off', today)
  FROM demo.happening h
  JOIN reminder.collection_case k USING (creditor_id, invoice_no)
  WHERE h.day = today AND h.what = 'write-off' AND k.ended_on IS NULL;
  INSERT INTO reminder.credit_loss (creditor_id, invoice_no, kind, booked_on, amount)
  SELECT h.creditor_id, h.invoice_no, 'confirmed', today, i.open_amount
  FROM demo.happening h
  JOIN reminder.invoice i USING (creditor_id, invoice_no)
  WHERE h.day = today AND h.what = 'write-off' AND i.open_amount > 0;
END
$$;

/*
 * Tries, on an evening when a letter of the highest stage so far went out, to
 * book a loss on its claim; then withdraws the case and tries again; and takes
 * it all back, so that the history stays the book's. What was said is kept,
 * the latest of it; at one stage not oftener than every four weeks.
 */
CREATE FUNCTION demo.rehearse(today date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  _claim record;
  _now demo.rehearsal;
BEGIN
  SELECT l.creditor_id, l.invoice_no, l.rung, l.principal INTO _claim
  FROM reminder.letter_list l
  WHERE l.letter_date = today
    AND NOT EXISTS (SELECT FROM demo.rehearsal r WHERE r.rung > l.rung OR r.rung = l.rung AND r.day > today - 28)
  ORDER BY l.rung DESC, l.principal DESC, l.creditor_id, l.invoice_no LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  _now.day := today;
  _now.rung := _claim.rung;
  _now.creditor_id := _claim.creditor_id;
  _now.invoice_no := _claim.invoice_no;
  _now.explained := (SELECT e.words FROM reminder.explain(_claim.creditor_id, _claim.invoice_no, today) e);
  _now.book_loss := format(
    E'INSERT INTO reminder.credit_loss\n  (creditor_id, invoice_no, kind, booked_on, amount)\nVALUES (%s, %L, ''confirmed'', %L, %s);',
    _claim.creditor_id, _claim.invoice_no, today, _claim.principal);
  _now.withdraw := format(
    'SELECT reminder.withdraw(%s, %L, ''written off'', %L);', _claim.creditor_id, _claim.invoice_no, today);

  BEGIN
    EXECUTE _now.book_loss;
    RAISE EXCEPTION 'a loss was booked on invoice "%", whose case is active', _claim.invoice_no USING ERRCODE = 'DEMO2';
  EXCEPTION
    WHEN SQLSTATE 'DEMO2' THEN RAISE;
    WHEN OTHERS THEN
      GET STACKED DIAGNOSTICS _now.sqlstate = RETURNED_SQLSTATE, _now.message = MESSAGE_TEXT,
        _now.detail = PG_EXCEPTION_DETAIL, _now.hint = PG_EXCEPTION_HINT;
  END;

  BEGIN
    EXECUTE _now.withdraw;
    EXECUTE _now.book_loss;
    GET DIAGNOSTICS _now.booked = ROW_COUNT;
    _now.status := (SELECT s.status FROM reminder.invoice_status s
                    WHERE s.creditor_id = _claim.creditor_id AND s.invoice_no = _claim.invoice_no);
    RAISE EXCEPTION USING ERRCODE = 'DEMO1', MESSAGE = 'taken back';
  EXCEPTION
    WHEN SQLSTATE 'DEMO1' THEN NULL;
  END;
  DELETE FROM demo.rehearsal;
  INSERT INTO demo.rehearsal VALUES (_now.*);
END
$$;

/* One line on a month that is over. */
CREATE FUNCTION demo.month_line(today date) RETURNS text
LANGUAGE sql AS $$
  SELECT format('%s  %9s %9s %8s %7s', to_char(today, 'YYYY-MM'),
                (SELECT count(*) FROM reminder.invoice i WHERE i.invoice_date BETWEEN m.first_day AND today),
                (SELECT count(*) FROM reminder.payment p WHERE p.paid_on BETWEEN m.first_day AND today),
                (SELECT count(*) FROM reminder.letter_list l WHERE l.letter_date BETWEEN m.first_day AND today),
                round(s.month_days / greatest(extract(epoch FROM clock_timestamp() - s.month_started_at), 0.001)))
  FROM demo.span s, (SELECT date_trunc('month', today)::date AS first_day) m
$$;

/* After the run: the print service confirms the day's letters. Tells of each month that is over. */
CREATE FUNCTION demo.evening(today date) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
  _month_is_over boolean := date_trunc('month', today) <> date_trunc('month', today + 1);
BEGIN
  PERFORM reminder.confirm_letter(l.creditor_id, l.invoice_no, l.stage, today)
  FROM reminder.letter_list l WHERE l.status = 'queued';
  PERFORM demo.rehearse(today);

  UPDATE demo.span SET month_days = month_days + 1;
  IF _month_is_over OR today = (SELECT s.last_day FROM demo.span s) THEN
    RETURN NEXT demo.month_line(today);
    UPDATE demo.span SET month_started_at = clock_timestamp(), month_days = 0;
  END IF;
END
$$;

CREATE FUNCTION demo.count_of(n bigint, what text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT n || ' ' || what || CASE WHEN n = 1 THEN '' ELSE 's' END $$;

/* Text in lines of a width that fit a terminal, each after an indent. */
CREATE FUNCTION demo.wrap(what text, first_indent text DEFAULT '', indent text DEFAULT '', width integer DEFAULT 79) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  _line text := first_indent;
  _lines text[];
  _word text;
  _bare boolean := true;
BEGIN
  FOREACH _word IN ARRAY string_to_array(what, ' ') LOOP
    IF NOT _bare AND length(_line) + 1 + length(_word) > width THEN
      _lines := _lines || _line;
      _line := indent;
      _bare := true;
    END IF;
    _line := _line || CASE WHEN _bare THEN '' ELSE ' ' END || _word;
    _bare := false;
  END LOOP;
  RETURN array_to_string(_lines || _line, E'\n');
END
$$;
