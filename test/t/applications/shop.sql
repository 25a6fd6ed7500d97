/*
 * A shop, as somebody wrote it who never heard of reminders: uuid keys, amounts
 * in cents, an enum of its own, and on each invoice what is left of it, which
 * the shop works out from payments and credit memos whenever one comes in.
 * What was written off is left no more, and stands beside it.
 */
CREATE SCHEMA shop;
CREATE TYPE shop.status AS ENUM ('draft', 'issued', 'settled', 'void', 'written off');

CREATE TABLE shop.customer (
  id uuid PRIMARY KEY,
  email text NOT NULL UNIQUE,
  full_name varchar(200) NOT NULL,
  vat_number text,
  land char(2) NOT NULL,
  street text,
  never_remind boolean NOT NULL DEFAULT false,
  visits integer NOT NULL DEFAULT 0
);

CREATE TABLE shop.invoice (
  id uuid PRIMARY KEY,
  number text NOT NULL UNIQUE,
  buyer uuid NOT NULL REFERENCES shop.customer,
  status shop.status NOT NULL DEFAULT 'draft',
  issued_on date,
  due_on date,
  currency char(3) NOT NULL DEFAULT 'SEK',
  total_cents bigint NOT NULL CHECK (total_cents > 0),
  residual_cents bigint NOT NULL CHECK (residual_cents >= 0),
  lost_cents bigint NOT NULL DEFAULT 0,
  voided_cents bigint NOT NULL DEFAULT 0,
  moved_on date,
  views integer NOT NULL DEFAULT 0,
  CHECK (status = 'draft' OR (issued_on IS NOT NULL AND due_on IS NOT NULL))
);
CREATE INDEX ON shop.invoice (buyer);

CREATE TABLE shop.payment (
  id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL REFERENCES shop.invoice,
  method text NOT NULL CHECK (method IN ('card', 'transfer', 'collector')),
  cents bigint NOT NULL CHECK (cents > 0),
  received_on date NOT NULL,
  refunded_on date
);
CREATE INDEX ON shop.payment (invoice_id);

CREATE TABLE shop.credit_memo (
  id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL REFERENCES shop.invoice,
  cents bigint NOT NULL CHECK (cents > 0),
  issued_on date NOT NULL,
  why text
);
CREATE INDEX ON shop.credit_memo (invoice_id);

CREATE TABLE shop.write_off (
  id uuid PRIMARY KEY,
  invoice_id uuid NOT NULL REFERENCES shop.invoice,
  cents bigint NOT NULL,
  booked_on date NOT NULL,
  recovered_on date
);
CREATE INDEX ON shop.write_off (invoice_id);

-- Works out what is left of invoices, or of what was lost of them: the same for one and for a day's bank file.
CREATE FUNCTION shop.settle(invoices uuid[], day date) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.invoice i
  SET residual_cents = CASE i.status WHEN 'written off' THEN 0 ELSE r.residual END,
      lost_cents = CASE i.status WHEN 'written off' THEN r.residual ELSE 0 END,
      status = CASE WHEN i.status = 'written off' THEN i.status WHEN r.residual = 0 THEN 'settled' ELSE 'issued' END,
      moved_on = day
  FROM shop.invoice v
  CROSS JOIN LATERAL (
    SELECT greatest(v.total_cents
      - (SELECT coalesce(sum(p.cents), 0) FROM shop.payment p WHERE p.invoice_id = v.id AND p.refunded_on IS NULL)
      - (SELECT coalesce(sum(m.cents), 0) FROM shop.credit_memo m WHERE m.invoice_id = v.id), 0)::bigint AS residual) r
  WHERE v.id = ANY (invoices) AND i.id = v.id AND v.status IN ('issued', 'settled', 'written off')
    AND i.residual_cents + i.lost_cents <> r.residual
$$;

-- Signs a customer up, or takes what it has changed of itself.
CREATE FUNCTION shop.sign_up(id uuid, email text, full_name text, vat_number text, land text, street text, never_remind boolean) RETURNS void LANGUAGE sql AS $$
  INSERT INTO shop.customer (id, email, full_name, vat_number, land, street, never_remind)
  VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (id) DO UPDATE
  SET full_name = excluded.full_name, vat_number = excluded.vat_number, land = excluded.land,
      street = excluded.street, never_remind = excluded.never_remind, visits = customer.visits + 1
$$;

CREATE FUNCTION shop.draft(id uuid, number text, buyer uuid, cents bigint) RETURNS void LANGUAGE sql AS $$
  INSERT INTO shop.invoice (id, number, buyer, total_cents, residual_cents) VALUES ($1, $2, $3, $4, $4)
$$;

CREATE FUNCTION shop.issue(id uuid, day date, due_on date) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.invoice SET status = 'issued', issued_on = $2, due_on = $3 WHERE id = $1 AND status = 'draft'
$$;

CREATE FUNCTION shop.throw_away(id uuid) RETURNS void LANGUAGE sql AS $$
  DELETE FROM shop.invoice WHERE id = $1
$$;

CREATE FUNCTION shop.refund(payment uuid, day date) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.payment SET refunded_on = $2 WHERE id = $1;
  SELECT shop.settle(ARRAY[p.invoice_id], $2) FROM shop.payment p WHERE p.id = $1
$$;

-- A payment that was typed in wrong; none left of it: it goes.
CREATE FUNCTION shop.correct_payment(payment uuid, cents bigint, day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  _invoice uuid := (SELECT p.invoice_id FROM shop.payment p WHERE p.id = payment);
BEGIN
  IF cents = 0 THEN
    DELETE FROM shop.payment p WHERE p.id = payment;
  ELSE
    UPDATE shop.payment p SET cents = correct_payment.cents WHERE p.id = payment;
  END IF;
  PERFORM shop.settle(ARRAY[_invoice], day);
END
$$;

CREATE FUNCTION shop.credit(id uuid, invoice uuid, cents bigint, day date, why text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO shop.credit_memo VALUES (id, invoice, cents, day, why);
  PERFORM shop.settle(ARRAY[invoice], day);
END
$$;

CREATE FUNCTION shop.void(invoice uuid, day date) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.invoice SET status = 'void', voided_cents = residual_cents, residual_cents = 0, moved_on = $2
  WHERE id = $1 AND status = 'issued'
$$;

-- Writes off what is left; in one statement, as a shop does.
CREATE FUNCTION shop.write_off(id uuid, invoice uuid, day date) RETURNS void LANGUAGE sql AS $$
  WITH lost AS (
    INSERT INTO shop.write_off (id, invoice_id, cents, booked_on)
    SELECT $1, i.id, i.residual_cents, $3 FROM shop.invoice i WHERE i.id = $2 AND i.status = 'issued'
    RETURNING *)
  UPDATE shop.invoice i SET status = 'written off', lost_cents = l.cents, residual_cents = 0
  FROM lost l WHERE i.id = l.invoice_id
$$;

CREATE FUNCTION shop.recover(invoice uuid, day date) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.write_off SET recovered_on = $2 WHERE invoice_id = $1 AND recovered_on IS NULL;
  UPDATE shop.invoice SET status = 'issued', residual_cents = lost_cents, lost_cents = 0 WHERE id = $1 AND status = 'written off'
$$;

CREATE FUNCTION shop.change_total(invoice uuid, cents bigint) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.invoice SET total_cents = $2, residual_cents = residual_cents + $2 - total_cents WHERE id = $1
$$;

CREATE FUNCTION shop.postpone(invoice uuid, due_on date) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.invoice SET due_on = $2 WHERE id = $1
$$;

CREATE FUNCTION shop.rebill(invoice uuid, buyer uuid) RETURNS void LANGUAGE sql AS $$
  UPDATE shop.invoice SET buyer = $2 WHERE id = $1
$$;

-- What the shop thinks is owed.
CREATE VIEW shop.owed AS
SELECT i.id::text AS invoice_no, (i.residual_cents + i.lost_cents) / 100.0 AS owed FROM shop.invoice i WHERE i.status <> 'draft';
