/*
 * What the triggers call. Nobody else may: EXECUTE is taken from PUBLIC, which
 * also keeps others from putting these functions on tables of their own.
 */

CREATE FUNCTION reminder._keep(acts boolean) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_keep';
COMMENT ON FUNCTION reminder._keep(boolean) IS
'Internal: lets a function of ours act as the keeper of our tables, or end it. An error ends it too.';

CREATE FUNCTION reminder._move_on(as_of date) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_move_on';
COMMENT ON FUNCTION reminder._move_on(date) IS
'Internal: says on which day a function of ours moves a payment, or (NULL) that it has. An error ends it too.';

CREATE FUNCTION reminder._moved_on() RETURNS date
LANGUAGE c STABLE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_moved_on';
COMMENT ON FUNCTION reminder._moved_on() IS
'Internal: the day on which a function of ours is moving a payment; NULL: none is.';

CREATE FUNCTION reminder._forget_rules() RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_forget_rules';
COMMENT ON FUNCTION reminder._forget_rules() IS
'Internal: forgets what this transaction has read of classes and general rules.';

CREATE FUNCTION reminder._assigned(
  creditor_id bigint, kind text, country text, class text, own_rule integer, blocked boolean,
  rule_no integer, assigned_by text) RETURNS boolean
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_assigned';
COMMENT ON FUNCTION reminder._assigned(bigint, text, text, text, integer, boolean, integer, text) IS
'Internal: tells whether a customer is under the rule it should be, for the reason it should.';

CREATE FUNCTION reminder._last_run(creditor_id bigint) RETURNS date
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = $1 $$;
COMMENT ON FUNCTION reminder._last_run(bigint) IS
'Internal: the date of the creditor''s latest run: its "today". NULL before the first.';

CREATE FUNCTION reminder._next_event(creditor_id bigint, invoice_no text) RETURNS integer
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT coalesce(max(e.event_no), 0) + 1 FROM reminder.event e WHERE e.creditor_id = $1 AND e.invoice_no = $2 $$;
COMMENT ON FUNCTION reminder._next_event(bigint, text) IS
'Internal: the number of an invoice''s next event, under the lock on the invoice already held.';

CREATE FUNCTION reminder._allocate(
  payment_nos text[], amounts numeric[], allocates text[], ranks smallint[], open numeric[], unit numeric,
  OUT payment_no text, OUT amount numeric, OUT principal numeric, OUT interest numeric, OUT fee numeric, OUT rounded_off numeric) RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  -- principal, interest and fee, by number in this order
  _law integer[] := ARRAY[1, 2, 3];
  _order integer[];
  _part integer;
  _rest numeric;
  _paid numeric[];
BEGIN
  IF ranks[1] IS NOT NULL THEN
    _law := ARRAY[array_position(ranks, 1::smallint), array_position(ranks, 2::smallint), array_position(ranks, 3::smallint)];
  END IF;
  FOR n IN 1 .. cardinality(payment_nos) LOOP
    -- what is not above the principal is meant for it
    _order := CASE WHEN allocates[n] = 'principal' OR (allocates[n] IS NULL AND amounts[n] <= open[1])
                   THEN 1 || array_remove(_law, 1) ELSE _law END;
    -- whoever pays the amount to be paid pays all
    rounded_off := open[1] + open[2] + open[3] - amounts[n];
    IF unit IS NULL OR open[1] + open[2] + open[3] = 0 OR round((amounts[n] + rounded_off) / unit) * unit <> amounts[n] THEN
      rounded_off := 0;
    END IF;
    _rest := amounts[n] + rounded_off;
    _paid := ARRAY[0, 0, 0];
    FOREACH _part IN ARRAY _order LOOP
      _paid[_part] := least(_rest, open[_part]);
      open[_part] := open[_part] - _paid[_part];
      _rest := _rest - _paid[_part];
    END LOOP;
    payment_no := payment_nos[n];
    amount := amounts[n];
    principal := _paid[1];
    interest := _paid[2];
    fee := _paid[3];
    RETURN NEXT;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._allocate(text[], numeric[], text[], smallint[], numeric[], numeric) IS
'Internal: allocates the payments of one invoice, one after the other (L8): ranks is the order of the law for principal, interest and fee (NULL: this order), open what is open of each; unit to what the amount to be paid is rounded (NULL: it is not).';

CREATE FUNCTION reminder._refuse_stale(creditor_id bigint, invoice_no text, payment_no text) RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_refuse_stale';
COMMENT ON FUNCTION reminder._refuse_stale(bigint, text, text) IS
'Internal: refuses to go on by a snapshot in which an invoice (empty: the creditor) or a payment, locked by now, is not as it is. Raises 40001, never under READ COMMITTED.';

CREATE FUNCTION reminder._waits_from(creditor_id bigint, due_date date) RETURNS date
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- The day before the first step could come, if it waited no days.
  RETURN (
    SELECT reminder._step_date(j.calendar, (SELECT array_agg(d.day ORDER BY d.day) FROM reminder.closed_day d WHERE d.creditor_id = c.creditor_id),
                               j.moves_due_date, false, 0, 0, false, $2, $2, NULL) - 1
    FROM reminder.creditor c JOIN reminder.jurisdiction j ON j.jurisdiction = c.jurisdiction
    WHERE c.creditor_id = $1);
END
$$;
COMMENT ON FUNCTION reminder._waits_from(bigint, date) IS
'Internal: the day from which the first step of an invoice waits: its due date, moved where the law moves it (F2).';

CREATE FUNCTION reminder._place(creditor_id bigint, invoice_nos text[]) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_place';
COMMENT ON FUNCTION reminder._place(bigint, text[]) IS
'Internal: puts invoices, locked already, in their places on the ladder, from their own state and their decisions.';

CREATE FUNCTION reminder._allocate_again(creditor_ids bigint[], invoice_nos text[], as_of date) RETURNS void
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_allocate_again';
COMMENT ON FUNCTION reminder._allocate_again(bigint[], text[], date) IS
'Internal: takes the latest payments of invoices, locked already, that paid fees which nobody owes, off them as of a day, and allocates them anew; but none of which was paid back. The place on the ladder is left to the caller.';

-- Not internal by its name: the condition of a trigger is evaluated by whoever writes the table.
CREATE FUNCTION reminder.replicates() RETURNS boolean
LANGUAGE c STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'reminder_replicates';
COMMENT ON FUNCTION reminder.replicates() IS
'Tells whether the session applies what another server replicates; such a session fires no statement triggers. Raises nothing.';

DO $$
DECLARE
  _trigger record;
BEGIN
  FOR _trigger IN
    SELECT * FROM (VALUES
      ('_kept', 'reminder_kept', 'BEFORE STATEMENT on tables that reminder keeps: nobody writes them by hand, nobody truncates them. Raises 42R01.'),
      ('_guard_losses', 'reminder_guard_losses', 'AFTER STATEMENT on credit_loss: no loss while a case is active. Raises 23R01.'),
      ('_guard_loss', 'reminder_guard_loss', 'AFTER ROW on credit_loss, for changes that come by logical replication: no loss while a case is active. Raises 23R01.'),
      ('_guard_credit', 'reminder_guard_credit', 'AFTER ROW on credit: no credit, void or offset while a case is active, unless it goes through the case. Raises 23R01.'),
      ('_guard_invoice', 'reminder_guard_invoice', 'AFTER ROW on invoice: what a case rests on stands still while it is active. Raises 23R01, 42R01.'),
      ('_case_changes', 'reminder_case_changes', 'AFTER ROW on collection_case: only transitions that there are. Raises 23R03.'),
      ('_invoice_before', 'reminder_invoice_before', 'BEFORE ROW on invoice: an open amount left out is the amount.'),
      ('_invoice_placed', 'reminder_invoice_placed', 'AFTER INSERT STATEMENT on invoice: new invoices take their place on the ladder.'),
      ('_payment_made', 'reminder_payment_made', 'AFTER INSERT STATEMENT on payment: what is open goes down, cases end. Warns with 01R01 of an overpayment.'),
      ('_payment_changed', 'reminder_payment_changed', 'AFTER UPDATE STATEMENT on payment: taken back and made anew.'),
      ('_payment_removed', 'reminder_payment_removed', 'AFTER DELETE STATEMENT on payment: what is open goes up, cases reopen.'),
      ('_credit_made', 'reminder_credit_made', 'AFTER INSERT STATEMENT on credit: what is open goes down, cases end. Raises 22R03.'),
      ('_credit_changed', 'reminder_credit_changed', 'AFTER UPDATE STATEMENT on credit: taken back and made anew. Raises 22R03.'),
      ('_credit_removed', 'reminder_credit_removed', 'AFTER DELETE STATEMENT on credit: what is open goes up, cases reopen.'),
      ('_plan_kept', 'reminder_plan_kept', 'AFTER STATEMENT on payment, credit and waiver: payment plans follow what is paid and owed.'),
      ('_hold_changed', 'reminder_hold_changed', 'AFTER UPDATE STATEMENT on hold: keeps until when one stood before.'),
      ('_plan_changed', 'reminder_plan_changed', 'AFTER UPDATE STATEMENT on payment_plan: keeps its state before.'),
      ('_assign', 'reminder_assign', 'BEFORE ROW on customer: assigns its rule.'),
      ('_assigned_many', 'reminder_assigned_many', 'AFTER INSERT STATEMENT on customer: notes the first rule of each.'),
      ('_moved_many', 'reminder_moved_many', 'AFTER UPDATE STATEMENT on customer: notes changed rules and moves open invoices.'),
      ('_rules_changed', 'reminder_rules_changed', 'AFTER STATEMENT on creditor, customer_class and rule: assigns anew the customers whom the change moves.'),
      ('_attached_rows', 'reminder_attached_rows', 'AFTER STATEMENT on an application''s table: what is attached of it keeps in step, its bookings are guarded. Raises 23R01, and what our own tables raise.'),
      ('_attached_row', 'reminder_attached_row', 'AFTER ROW on an application''s table, for changes that come by logical replication. Raises the same.'),
      ('_attached_truncated', 'reminder_attached_truncated', 'BEFORE TRUNCATE on an application''s table: not while it is attached. Raises 23R04.'),
      ('_attachments_changed', 'reminder_attachments_changed', 'AFTER STATEMENT on attachment: tells every session.')
    ) t (name, symbol, comment)
  LOOP
    EXECUTE format('CREATE FUNCTION reminder.%I() RETURNS trigger LANGUAGE c VOLATILE PARALLEL UNSAFE AS ''MODULE_PATHNAME'', %L', _trigger.name, _trigger.symbol);
    EXECUTE format('COMMENT ON FUNCTION reminder.%I() IS %L', _trigger.name, 'Internal: ' || _trigger.comment);
  END LOOP;
END
$$;

CREATE FUNCTION reminder._referenced(creditor_id bigint, reference text) RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _made_from text;
BEGIN
  SELECT reminder.referenced_invoice(c.jurisdiction, $2) INTO _made_from
  FROM reminder.creditor c WHERE c.creditor_id = $1;
  -- By the invoice's own reference; or where it has none by the one its letters carry, by its number, or by one that they would.
  RETURN (
    SELECT i.invoice_no
    FROM reminder.invoice i
    WHERE i.creditor_id = $1
      AND (i.reference = $2 OR (i.reference IS NULL AND i.invoice_no IN ($2, _made_from)))
    ORDER BY i.open_amount > 0 DESC, i.reference IS NULL,
             i.invoice_no = _made_from AND EXISTS (
               SELECT FROM reminder.decision d
               WHERE d.creditor_id = i.creditor_id AND d.invoice_no = i.invoice_no AND d.outcome = 'sent' AND d.taken_back = 0) DESC,
             i.invoice_no = $2 DESC, i.due_date, i.invoice_no
    LIMIT 1);
END
$$;
COMMENT ON FUNCTION reminder._referenced(bigint, text) IS
'Internal: the invoice of a payment''s reference; NULL: of none.';

CREATE FUNCTION reminder._payment_matched() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  NEW.invoice_no := reminder._referenced(NEW.creditor_id, NEW.reference);
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION reminder._payment_matched() IS
'Internal: BEFORE INSERT ROW on payment without an invoice: matches it by reference. One that matches nothing waits without an invoice.';

CREATE FUNCTION reminder._refund_checked() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _overpaid numeric;
BEGIN
  -- Two refunds of one payment take turns on its row.
  PERFORM FROM reminder.payment p
  WHERE p.creditor_id = NEW.creditor_id AND p.payment_no = NEW.payment_no FOR NO KEY UPDATE;
  PERFORM reminder._refuse_stale(NEW.creditor_id, NULL, NEW.payment_no);
  SELECT CASE WHEN p.bounced_on IS NOT NULL THEN 0 WHEN p.invoice_no IS NULL THEN p.amount ELSE coalesce(a.overpaid, 0) END INTO _overpaid
  FROM reminder.payment p LEFT JOIN reminder.allocation a USING (creditor_id, payment_no)
  WHERE p.creditor_id = NEW.creditor_id AND p.payment_no = NEW.payment_no;
  IF (SELECT sum(r.amount) FROM reminder.refund r
      WHERE r.creditor_id = NEW.creditor_id AND r.payment_no = NEW.payment_no) > _overpaid THEN
    RAISE EXCEPTION 'refund of % is more than was overpaid', NEW.amount
      USING ERRCODE = '22R03',
            DETAIL = format('Overpaid by payment "%s" were %s, refunds before this one included.', NEW.payment_no, _overpaid),
            HINT = 'Refund what is left of it.';
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._refund_checked() IS
'Internal: AFTER ROW on refund: no more than was overpaid. Raises 22R03.';

/* Creditors, classes and rules: whom a change of theirs moves is put right at once. */

CREATE FUNCTION reminder._check_payout(kind text, number text) RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- An empty one is none; one too long is for the constraint.
  IF octet_length(number) <= 64 AND number ~ '\S' AND NOT reminder.check_reference(CASE kind WHEN 'iban' THEN kind ELSE 'se_' || kind END, btrim(number)) THEN
    RAISE EXCEPTION '"%" is not a number of the kind %', number, kind
      USING ERRCODE = '22R01',
            DETAIL = CASE kind WHEN 'bankgiro' THEN 'A bankgiro number has 7 or 8 digits, the last of them a check digit.'
                               WHEN 'plusgiro' THEN 'A plusgiro number has 2 to 8 digits, the last of them a check digit.'
                               ELSE 'An IBAN is as long as its country''s are, and has two check digits after the country.' END,
            HINT = 'Write it as the bank does; money paid to a wrong number is lost.';
  END IF;
END
$$;
COMMENT ON FUNCTION reminder._check_payout(text, text) IS
'Internal: checks a payout destination, of the kind bankgiro, plusgiro or iban. Raises 22R01.';

CREATE FUNCTION reminder._creditor_before() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF (NEW.bankgiro, NEW.plusgiro, NEW.iban) IS DISTINCT FROM (OLD.bankgiro, OLD.plusgiro, OLD.iban) THEN
    PERFORM reminder._check_payout('bankgiro', NEW.bankgiro), reminder._check_payout('plusgiro', NEW.plusgiro),
            reminder._check_payout('iban', NEW.iban);
  END IF;
  -- Only a new one: the view reads every file of the time zone database.
  IF NEW.time_zone IS DISTINCT FROM (CASE TG_OP WHEN 'UPDATE' THEN OLD.time_zone END)
     AND NEW.time_zone IS NOT NULL AND NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = NEW.time_zone) THEN
    RAISE EXCEPTION 'unknown time zone "%"', left(NEW.time_zone, 64)
      USING ERRCODE = '22R01', HINT = 'Time zones have names such as Europe/Stockholm.';
  END IF;
  IF TG_OP = 'INSERT' THEN
    SELECT coalesce(NEW.currency, j.currency), coalesce(NEW.time_zone, j.time_zone),
           coalesce(NEW.country, CASE WHEN j.jurisdiction ~ '^[A-Z]{2}$' AND j.jurisdiction <> 'EU' THEN j.jurisdiction END)
    INTO NEW.currency, NEW.time_zone, NEW.country
    FROM reminder.jurisdiction j WHERE j.jurisdiction = NEW.jurisdiction;
  ELSIF NEW.creditor_id <> OLD.creditor_id THEN
    RAISE EXCEPTION USING MESSAGE = reminder._say('creditor_id never changes'),
      ERRCODE = '23R04', HINT = reminder._say('Make another creditor.');
  END IF;
  IF (NEW.automation IS DISTINCT FROM coalesce(OLD.automation, false) OR NEW.automation_from IS DISTINCT FROM OLD.automation_from)
     AND NOT reminder._keeping() THEN
    RAISE EXCEPTION USING MESSAGE = reminder._say('automation is not switched by hand'),
      ERRCODE = '42R01',
      HINT = reminder._say('Call reminder.activate() or reminder.deactivate(): sending costs money.');
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION reminder._creditor_before() IS
'Internal: BEFORE ROW on creditor: what is left out is the jurisdiction''s. Raises 42R01 when automation is switched by hand, 22R01 for an unknown time zone or a payout number whose check digits are wrong.';

CREATE FUNCTION reminder._known_word() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _column CONSTANT text := substr(TG_NAME, length(TG_TABLE_NAME) + 2);
  _word CONSTANT text := to_jsonb(NEW) ->> _column;
BEGIN
  IF _word IS NOT NULL THEN
    PERFORM reminder._word(_word, _column, (
      SELECT array_agg(w.word[1] ORDER BY w.n)
      FROM pg_constraint k CROSS JOIN LATERAL regexp_matches(pg_get_constraintdef(k.oid), '''([^'']*)''', 'g') WITH ORDINALITY w (word, n)
      WHERE k.conrelid = TG_RELID AND k.conname = TG_NAME));
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION reminder._known_word() IS
'Internal: BEFORE ROW where a column has a CHECK with more words than its name can list: the trigger has the name of the CHECK, and says what the words are. Raises 22R01.';

CREATE FUNCTION reminder._keeping() RETURNS boolean
LANGUAGE c VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_keeping';
COMMENT ON FUNCTION reminder._keeping() IS
'Internal: tells whether a function of ours is acting as the keeper.';

CREATE FUNCTION reminder._rule_before() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  -- A run's chunk holds this row: rules change between chunks, never under one.
  PERFORM FROM reminder.creditor c WHERE c.creditor_id = coalesce(NEW.creditor_id, OLD.creditor_id) FOR UPDATE;
  PERFORM reminder._refuse_stale(coalesce(NEW.creditor_id, OLD.creditor_id), '', NULL);
  IF TG_OP = 'DELETE' THEN
    IF OLD.general THEN
      RAISE EXCEPTION USING MESSAGE = format(reminder._say('general rule "%s" cannot be deleted'), OLD.name),
        ERRCODE = '23R04', HINT = reminder._say('Edit it, or switch it off: UPDATE reminder.rule SET enabled = false.');
    END IF;
    PERFORM reminder._forget_rules();
    UPDATE reminder.customer_class k SET rule_no = NULL WHERE k.creditor_id = OLD.creditor_id AND k.rule_no = OLD.rule_no;
    UPDATE reminder.customer c SET own_rule = NULL WHERE c.creditor_id = OLD.creditor_id AND c.own_rule = OLD.rule_no;
    RETURN OLD;
  END IF;
  IF TG_OP = 'INSERT' THEN
    -- Decisions name versions: a number that was used before goes on counting.
    NEW.version := coalesce((SELECT max(v.version) + 1 FROM reminder.rule_version v
                             WHERE v.creditor_id = NEW.creditor_id AND v.rule_no = NEW.rule_no), 1);
  ELSE
    IF (NEW.creditor_id, NEW.rule_no, NEW.kind) IS DISTINCT FROM (OLD.creditor_id, OLD.rule_no, OLD.kind)
       OR OLD.general AND NOT NEW.general THEN
      RAISE EXCEPTION USING MESSAGE = format(reminder._say('number, kind and generality of rule "%s" do not change'), OLD.name),
        ERRCODE = '23R04', HINT = reminder._say('Make another rule and move its customers.');
    END IF;
    IF NEW IS DISTINCT FROM OLD THEN
      NEW.version := OLD.version + 1;
    END IF;
    IF NEW.enabled AND NOT OLD.enabled THEN
      NEW.enabled_after := reminder._last_run(NEW.creditor_id);
    END IF;
  END IF;
  RETURN NEW;
END
$$;
COMMENT ON FUNCTION reminder._rule_before() IS
'Internal: BEFORE ROW on rule: general rules are not deleted, and what customers hang on does not change. Raises 23R04.';

CREATE FUNCTION reminder._rule_edited() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  PERFORM reminder._keep(true);
  INSERT INTO reminder.rule_version (creditor_id, rule_no, version, definition)
  SELECT r.creditor_id, r.rule_no, r.version, reminder._rule_definition(r.creditor_id, r.rule_no)
  FROM reminder.rule r WHERE r.creditor_id = NEW.creditor_id AND r.rule_no = NEW.rule_no
  ON CONFLICT DO NOTHING;
  PERFORM reminder._keep(false);
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._rule_edited() IS
'Internal: AFTER ROW on rule: keeps every version whole.';

CREATE FUNCTION reminder._rule_parts_edited() RETURNS trigger
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  UPDATE reminder.rule r SET version = r.version + 1
  FROM (SELECT DISTINCT t.creditor_id, t.rule_no FROM changed_rows t) t
  WHERE r.creditor_id = t.creditor_id AND r.rule_no = t.rule_no;
  -- What another part of the rule may yet mend waits for _rule_lawful().
  IF TG_TABLE_NAME = 'rule_step' AND TG_OP <> 'DELETE' THEN
    PERFORM reminder._refuse_unlawful(t.creditor_id, t.rule_no, false)
    FROM (SELECT DISTINCT t.creditor_id, t.rule_no FROM changed_rows t) t;
  END IF;
  RETURN NULL;
END
$$;
COMMENT ON FUNCTION reminder._rule_parts_edited() IS
'Internal: AFTER STATEMENT on rule_step and rule_window: a statement that changes a rule''s parts makes one version of it. A step that is against the law by itself is refused at once. Raises 55R06.';
