/*
 * A group of companies in one ledger: every line has its company, and lies in
 * the partition of its year. An invoice is a line on 1510; it is paid when its
 * flag says so, which is set when the lines of its document come to nothing.
 * The schema has a name that must be quoted, as they do.
 */
CREATE SCHEMA "group";

CREATE TABLE "group".company (
  code integer PRIMARY KEY,
  name text NOT NULL
);

CREATE TABLE "group".party (
  company integer NOT NULL REFERENCES "group".company,
  "no" text NOT NULL,
  name text NOT NULL,
  type char(1) NOT NULL CHECK (type IN ('B', 'C', 'G')),
  land text,
  street text,
  stopped boolean NOT NULL DEFAULT false,
  rating smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (company, "no")
);

CREATE TABLE "group".line (
  company integer NOT NULL,
  year integer NOT NULL,
  voucher integer NOT NULL,
  pos smallint NOT NULL,
  account text NOT NULL,
  party text NOT NULL,
  doc text NOT NULL,
  posted_on date NOT NULL,
  due_on date,
  currency text NOT NULL,
  amount numeric(12,2) NOT NULL CHECK (amount <> 0),
  cleared boolean NOT NULL DEFAULT false,
  cleared_on date,
  storno_on date,
  memo text,
  PRIMARY KEY (company, year, voucher, pos),
  FOREIGN KEY (company, party) REFERENCES "group".party
) PARTITION BY LIST (year);
CREATE INDEX ON "group".line (doc);
CREATE TABLE "group".line_2024 PARTITION OF "group".line FOR VALUES IN (2024);

-- A year is opened before it begins.
CREATE FUNCTION "group".open_year(year integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TABLE "group".%I PARTITION OF "group".line FOR VALUES IN (%s)', 'line_' || year, year);
END
$$;

CREATE FUNCTION "group".save_party(company integer, "no" text, name text, type text, land text, street text, stopped boolean) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "group".party AS p VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (company, "no") DO UPDATE
  SET name = excluded.name, type = excluded.type, land = excluded.land, street = excluded.street, stopped = excluded.stopped, rating = p.rating + 1
$$;

-- Books a voucher: two lines, of the document and against another account.
CREATE FUNCTION "group".book(company integer, account text, against text, party text, doc text, day date, due_on date, amount numeric, memo text) RETURNS void LANGUAGE sql AS $$
  WITH v AS (
    SELECT coalesce(max(l.voucher), 0) + 1 AS voucher FROM "group".line l WHERE l.company = $1 AND l.year = extract(year FROM $6))
  INSERT INTO "group".line (company, year, voucher, pos, account, party, doc, posted_on, due_on, currency, amount, memo)
  SELECT $1, extract(year FROM $6)::integer, v.voucher, x.pos, x.account, $4, $5, $6, CASE x.pos WHEN 1 THEN $7 END,
         CASE $1 WHEN 20 THEN 'EUR' WHEN 30 THEN 'NOK' ELSE 'SEK' END, x.amount, $9
  FROM v, (VALUES (1, $2, $8), (2, $3, -$8)) x (pos, account, amount)
$$;

-- Sets the flag of documents that come to nothing, and takes it from those that do no more.
CREATE FUNCTION "group".clear(docs text[], day date) RETURNS void LANGUAGE sql AS $$
  UPDATE "group".line l SET cleared = x.cleared, cleared_on = $2
  FROM (SELECT s.company, s.doc, sum(s.amount) <= 0 AS cleared FROM "group".line s
        WHERE s.doc = ANY ($1) AND s.account = '1510' AND s.storno_on IS NULL AND s.memo IS DISTINCT FROM 'loss' GROUP BY s.company, s.doc) x
  WHERE l.company = x.company AND l.doc = x.doc AND l.account = '1510' AND l.cleared <> x.cleared
$$;

CREATE FUNCTION "group".invoice(company integer, party text, doc text, day date, due_on date, amount numeric) RETURNS void LANGUAGE sql AS $$
  SELECT "group".book($1, '1510', '3001', $2, $3, $4, $5, $6, 'invoice')
$$;

-- Money in, of a document: its name is the memo's.
CREATE FUNCTION "group".receive(company integer, party text, doc text, day date, amount numeric, name text) RETURNS void LANGUAGE sql AS $$
  SELECT "group".book($1, '1510', '1930', $2, $3, $4, NULL, -$5, $6);
  SELECT "group".clear(ARRAY[$3], $4)
$$;

CREATE FUNCTION "group".storno(doc text, name text, day date) RETURNS void LANGUAGE sql AS $$
  UPDATE "group".line SET storno_on = $3 WHERE doc = $1 AND memo = $2;
  SELECT "group".clear(ARRAY[$1], $3)
$$;

CREATE FUNCTION "group".correct(doc text, name text, amount numeric, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF amount = 0 THEN
    DELETE FROM "group".line l WHERE l.doc = $1 AND l.memo = $2;
  ELSE
    UPDATE "group".line l SET amount = CASE l.account WHEN '1510' THEN -$3 ELSE $3 END WHERE l.doc = $1 AND l.memo = $2;
  END IF;
  PERFORM "group".clear(ARRAY[$1], $4);
END
$$;

CREATE FUNCTION "group".credit(company integer, party text, doc text, day date, amount numeric, name text) RETURNS void LANGUAGE sql AS $$
  SELECT "group".book($1, '1510', '3001', $2, $3, $4, NULL, -$5, $6);
  SELECT "group".clear(ARRAY[$3], $4)
$$;

-- A loss leaves 1510, and the document's flag as it is.
CREATE FUNCTION "group".write_off(company integer, party text, doc text, day date, amount numeric) RETURNS void LANGUAGE sql AS $$
  SELECT "group".book($1, '6351', '1510', $2, $3, $4, NULL, $5, 'loss')
$$;

CREATE FUNCTION "group".recover(doc text, day date) RETURNS void LANGUAGE sql AS $$
  UPDATE "group".line SET storno_on = $2 WHERE doc = $1 AND memo = 'loss' AND storno_on IS NULL
$$;

CREATE FUNCTION "group".change_amount(doc text, amount numeric) RETURNS void LANGUAGE sql AS $$
  UPDATE "group".line SET amount = sign(line.amount) * $2 WHERE doc = $1 AND memo = 'invoice'
$$;

CREATE FUNCTION "group".postpone(doc text, due_on date) RETURNS void LANGUAGE sql AS $$
  UPDATE "group".line SET due_on = $2 WHERE doc = $1 AND memo = 'invoice' AND account = '1510'
$$;

CREATE FUNCTION "group".rebill(doc text, party text) RETURNS void LANGUAGE sql AS $$
  UPDATE "group".line SET party = $2 WHERE doc = $1
$$;

CREATE FUNCTION "group".remove(doc text) RETURNS void LANGUAGE sql AS $$
  DELETE FROM "group".line l WHERE l.doc = $1
$$;

-- What the group thinks is owed, by the flag.
CREATE VIEW "group".owed AS
SELECT l.company, l.doc AS invoice_no, CASE WHEN l.cleared THEN 0 ELSE l.amount END AS owed
FROM "group".line l WHERE l.account = '1510' AND l.memo = 'invoice';
