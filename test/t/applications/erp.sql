/*
 * An ERP in the manner of a move/line ledger: every document is a move with
 * balanced lines, and invoices, receipts, credit notes and write-offs are all
 * lines of one table. What is open of an invoice is the sum of the lines on the
 * receivable account: its own, less those that settle it, whole or in part.
 * Lines carry copies of their move, kept by triggers of the ERP's own; others
 * of its triggers keep partners' balances and see that moves balance.
 */
CREATE SCHEMA erp;

CREATE TABLE erp.partner (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  name text NOT NULL,
  is_company boolean NOT NULL,
  country_code text,
  street text,
  dunning text NOT NULL DEFAULT 'normal' CHECK (dunning IN ('normal', 'stopped')),
  balance numeric NOT NULL DEFAULT 0
);

CREATE TABLE erp.move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('out_invoice', 'out_refund', 'receipt', 'misc')),
  state text NOT NULL DEFAULT 'draft' CHECK (state IN ('draft', 'posted', 'cancelled')),
  partner_id bigint NOT NULL REFERENCES erp.partner,
  day date NOT NULL,
  printed integer NOT NULL DEFAULT 0
);

CREATE TABLE erp.line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  move_id bigint NOT NULL REFERENCES erp.move ON DELETE CASCADE,
  account text NOT NULL,
  partner_id bigint NOT NULL REFERENCES erp.partner,
  debit numeric NOT NULL DEFAULT 0 CHECK (debit >= 0),
  credit numeric NOT NULL DEFAULT 0 CHECK (credit >= 0),
  due_on date,
  settles bigint REFERENCES erp.line,
  reversed_on date,
  memo text,
  move_kind text NOT NULL,
  posted boolean NOT NULL,
  day date NOT NULL,
  CHECK (debit = 0 OR credit = 0)
);
CREATE INDEX ON erp.line (move_id);
CREATE INDEX ON erp.line (settles);

CREATE FUNCTION erp.line_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  SELECT m.kind, m.state = 'posted', m.day INTO NEW.move_kind, NEW.posted, NEW.day FROM erp.move m WHERE m.id = NEW.move_id;
  RETURN NEW;
END
$$;
CREATE TRIGGER line_copies BEFORE INSERT OR UPDATE ON erp.line FOR EACH ROW EXECUTE FUNCTION erp.line_copies();

CREATE FUNCTION erp.move_copies() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- line_copies() does the rest
  UPDATE erp.line SET posted = posted WHERE move_id = NEW.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER move_copies AFTER UPDATE OF state, day, kind ON erp.move FOR EACH ROW EXECUTE FUNCTION erp.move_copies();

CREATE FUNCTION erp.line_balance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'INSERT' AND OLD.account = '1510' AND OLD.posted THEN
    UPDATE erp.partner SET balance = balance - OLD.debit + OLD.credit WHERE id = OLD.partner_id;
  END IF;
  IF TG_OP <> 'DELETE' AND NEW.account = '1510' AND NEW.posted THEN
    UPDATE erp.partner SET balance = balance + NEW.debit - NEW.credit WHERE id = NEW.partner_id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER line_balance AFTER INSERT OR UPDATE OR DELETE ON erp.line FOR EACH ROW EXECUTE FUNCTION erp.line_balance();

CREATE FUNCTION erp.line_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT sum(l.debit) <> sum(l.credit) FROM erp.line l WHERE l.move_id = coalesce(NEW.move_id, OLD.move_id)) THEN
    RAISE EXCEPTION 'move % does not balance', coalesce(NEW.move_id, OLD.move_id);
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER line_balances AFTER INSERT OR UPDATE OR DELETE ON erp.line
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION erp.line_balances();

CREATE FUNCTION erp.save_partner(ref text, name text, is_company boolean, country_code text, street text, dunning text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE erp.partner p
  SET name = $2, is_company = $3, country_code = $4, street = $5, dunning = $6 WHERE p.ref = $1;
  IF NOT FOUND THEN
    INSERT INTO erp.partner (ref, name, is_company, country_code, street, dunning) VALUES ($1, $2, $3, $4, $5, $6);
  END IF;
END
$$;

CREATE FUNCTION erp.partner_id(ref text) RETURNS bigint STABLE LANGUAGE sql AS $$ SELECT p.id FROM erp.partner p WHERE p.ref = $1 $$;

-- The receivable line of an invoice: what it is known by.
CREATE FUNCTION erp.receivable(invoice text) RETURNS erp.line STABLE LANGUAGE sql AS $$
  SELECT l FROM erp.line l JOIN erp.move m ON m.id = l.move_id WHERE m.name = $1 AND l.account = '1510' AND l.debit > 0
$$;

-- A draft of an invoice: 25 % VAT, receivable in full.
CREATE FUNCTION erp.draft_invoice(name text, partner text, amount numeric, day date, due_on date) RETURNS void LANGUAGE sql AS $$
  WITH m AS (
    INSERT INTO erp.move (name, kind, partner_id, day) VALUES ($1, 'out_invoice', erp.partner_id($2), $4) RETURNING *)
  INSERT INTO erp.line (move_id, account, partner_id, debit, credit, due_on)
  SELECT m.id, x.account, m.partner_id, x.debit, x.credit, CASE x.account WHEN '1510' THEN $5 END
  FROM m, (VALUES ('1510', $3, 0), ('3001', 0, $3 - round($3 / 5, 2)), ('2611', 0, round($3 / 5, 2))) x (account, debit, credit)
$$;

CREATE FUNCTION erp.post(moves text[], day date) RETURNS void LANGUAGE sql AS $$
  UPDATE erp.move SET state = 'posted', day = $2 WHERE name = ANY ($1)
$$;

CREATE FUNCTION erp.cancel(name text) RETURNS void LANGUAGE sql AS $$
  UPDATE erp.move m SET state = 'cancelled' WHERE m.name = $1
$$;

CREATE FUNCTION erp.delete_draft(name text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM erp.move m WHERE m.name = $1 AND m.state = 'draft'
$$;

-- Money in: the invoice's part, what was paid of costs, and what is on account, each a line.
CREATE FUNCTION erp.receive(name text, partner text, invoice text, principal numeric, costs numeric, on_account numeric, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  _move bigint;
BEGIN
  INSERT INTO erp.move (name, kind, partner_id, day) VALUES ($1, 'receipt', erp.partner_id($2), $7) RETURNING id INTO _move;
  INSERT INTO erp.line (move_id, account, partner_id, debit, credit, settles, memo)
  SELECT _move, x.account, erp.partner_id($2), x.debit, x.credit, CASE WHEN x.memo IN ('principal', 'costs') THEN (erp.receivable($3)).id END, x.memo
  FROM (VALUES ('1930', principal + costs + on_account, 0, 'bank'), ('1510', 0, principal, 'principal'),
               ('3930', 0, costs, 'costs'), ('1510', 0, on_account, 'on account')) x (account, debit, credit, memo)
  WHERE x.debit + x.credit > 0;
  PERFORM erp.post(ARRAY[$1], $7);
END
$$;

-- What lies on account settles an invoice, in part: the line is split.
CREATE FUNCTION erp.reconcile(receipt text, invoice text, amount numeric) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  _line erp.line := (SELECT l FROM erp.line l JOIN erp.move m ON m.id = l.move_id WHERE m.name = receipt AND l.memo = 'on account' AND l.settles IS NULL);
BEGIN
  UPDATE erp.line l SET credit = amount, settles = (erp.receivable(invoice)).id, memo = 'principal' WHERE l.id = _line.id;
  IF amount < _line.credit THEN
    INSERT INTO erp.line (move_id, account, partner_id, credit, memo)
    VALUES (_line.move_id, '1510', _line.partner_id, _line.credit - amount, 'on account');
  END IF;
END
$$;

-- The bank took it back.
CREATE FUNCTION erp.bounce(receipt text, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  UPDATE erp.line l SET reversed_on = $2 FROM erp.move m WHERE m.id = l.move_id AND m.name = $1;
  INSERT INTO erp.move (name, kind, partner_id, day) SELECT m.name || ' R', 'misc', m.partner_id, $2 FROM erp.move m WHERE m.name = $1;
  INSERT INTO erp.line (move_id, account, partner_id, debit, credit, reversed_on, memo)
  SELECT r.id, l.account, l.partner_id, l.credit, l.debit, $2, 'reversal'
  FROM erp.move m JOIN erp.line l ON l.move_id = m.id JOIN erp.move r ON r.name = m.name || ' R' WHERE m.name = $1;
  PERFORM erp.post(ARRAY[$1 || ' R'], $2);
END
$$;

-- A receipt that was typed in wrong; none left of it: it goes.
CREATE FUNCTION erp.correct_receipt(receipt text, amount numeric) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF amount = 0 THEN
    DELETE FROM erp.move m WHERE m.name = receipt;
  ELSE
    UPDATE erp.line l SET debit = CASE WHEN l.memo = 'bank' THEN amount ELSE 0 END, credit = CASE WHEN l.memo = 'bank' THEN 0 ELSE amount END
    FROM erp.move m WHERE m.id = l.move_id AND m.name = receipt AND l.memo IN ('bank', 'principal');
  END IF;
END
$$;

CREATE FUNCTION erp.credit_note(name text, invoice text, amount numeric, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  _of erp.line := erp.receivable(invoice);
  _move bigint;
BEGIN
  INSERT INTO erp.move (name, kind, state, partner_id, day) VALUES ($1, 'out_refund', 'posted', _of.partner_id, $4) RETURNING id INTO _move;
  INSERT INTO erp.line (move_id, account, partner_id, debit, credit, settles)
  VALUES (_move, '3001', _of.partner_id, amount, 0, NULL), (_move, '1510', _of.partner_id, 0, amount, _of.id);
END
$$;

-- A loss: 1510 is the invoice's no more, 6351 says what for.
CREATE FUNCTION erp.write_off(name text, invoice text, amount numeric, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  _of erp.line := erp.receivable(invoice);
  _move bigint;
BEGIN
  INSERT INTO erp.move (name, kind, partner_id, day) VALUES ($1, 'misc', _of.partner_id, $4) RETURNING id INTO _move;
  INSERT INTO erp.line (move_id, account, partner_id, debit, credit, settles)
  VALUES (_move, '6351', _of.partner_id, amount, 0, _of.id), (_move, '1510', _of.partner_id, 0, amount, _of.id);
  PERFORM erp.post(ARRAY[$1], $4);
END
$$;

CREATE FUNCTION erp.recover(write_off text, day date) RETURNS void LANGUAGE sql AS $$
  UPDATE erp.line l SET reversed_on = $2 FROM erp.move m WHERE m.id = l.move_id AND m.name = $1
$$;

CREATE FUNCTION erp.change_amount(invoice text, amount numeric) RETURNS void LANGUAGE sql AS $$
  UPDATE erp.line l
  SET debit = CASE l.account WHEN '1510' THEN $2 ELSE 0 END,
      credit = CASE l.account WHEN '1510' THEN 0 WHEN '2611' THEN round($2 / 5, 2) ELSE $2 - round($2 / 5, 2) END
  FROM erp.move m WHERE m.id = l.move_id AND m.name = $1
$$;

CREATE FUNCTION erp.postpone(invoice text, due_on date) RETURNS void LANGUAGE sql AS $$
  UPDATE erp.line SET due_on = $2 WHERE id = (erp.receivable($1)).id
$$;

CREATE FUNCTION erp.rebill(invoice text, partner text) RETURNS void LANGUAGE sql AS $$
  UPDATE erp.move SET partner_id = erp.partner_id($2) WHERE name = $1;
  UPDATE erp.line l SET partner_id = erp.partner_id($2) FROM erp.move m WHERE m.id = l.move_id AND m.name = $1
$$;

-- What the ERP thinks is owed: a loss is a loss, and owed all the same.
CREATE VIEW erp.owed AS
SELECT l.id::text AS invoice_no, l.debit - coalesce(s.settled, 0) AS owed
FROM erp.line l
LEFT JOIN LATERAL (
  SELECT sum(s.credit - s.debit) AS settled FROM erp.line s
  WHERE s.settles = l.id AND s.account = '1510' AND s.posted AND s.reversed_on IS NULL AND s.move_kind <> 'misc') s ON true
WHERE l.account = '1510' AND l.move_kind = 'out_invoice' AND l.debit > 0 AND l.posted;
