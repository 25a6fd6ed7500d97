  /*
   * Prices: what sending costs the creditor, and what the service takes of a
   * case (F10). A price holds from its day until the next one of the same key
   * begins, so that no two can overlap; NULL ends it.
   */
  CREATE TABLE reminder.price_list (
    price_list text COLLATE "C" NOT NULL,
    title text NOT NULL,
    currency text COLLATE "C" NOT NULL,
    CONSTRAINT price_list_pkey PRIMARY KEY (price_list),
    CONSTRAINT price_list_length CHECK (octet_length(price_list) BETWEEN 1 AND 64 AND octet_length(title) BETWEEN 1 AND 1000),
    CONSTRAINT price_list_currency CHECK (currency ~ '^[A-Z]{3}$')
  );
  COMMENT ON TABLE reminder.price_list IS 'Lists of prices that creditors can be on, each in one currency.';

  CREATE TABLE reminder.price (
    price_list text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL DEFAULT '',
    stage text COLLATE "C" NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    price numeric(14,4),
    source text,
    CONSTRAINT price_pkey PRIMARY KEY (price_list, item, channel, stage, valid_from),
    CONSTRAINT price_price_list_fkey FOREIGN KEY (price_list) REFERENCES reminder.price_list,
    CONSTRAINT price_item CHECK (item IN ('letter', 'channel', 'case_fee', 'commission_percent', 'commission_at_least', 'commission_at_most', 'vat_percent')),
    CONSTRAINT "price_stage: invoice, reminder, notice, demand" CHECK (stage IN ('', 'invoice', 'reminder', 'notice', 'demand')),
    CONSTRAINT price_key CHECK (octet_length(channel) <= 64 AND octet_length(stage) <= 64 AND (item IN ('letter', 'channel') OR (channel, stage) = ('', ''))),
    CONSTRAINT price_valid_from CHECK (valid_from BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT price_price CHECK (price >= 0 AND price < 1000000000 AND (item NOT LIKE '%_percent' OR price <= 100)),
    CONSTRAINT price_source_length CHECK (octet_length(source) <= 1000)
  );
  COMMENT ON TABLE reminder.price IS 'The prices of a list, without VAT: each from its day on, until the next one of the same item, channel and stage.';
  COMMENT ON COLUMN reminder.price.item IS '"letter": each letter; "channel": the channel''s own, on top of it; "case_fee": each case, for the service; "commission_percent" of the principal paid while in monitoring, "commission_at_least" of a case of which any was paid so, "commission_at_most" of a case; "vat_percent" on what the service charges';
  COMMENT ON COLUMN reminder.price.channel IS 'letters by it alone; empty: all that have no price of their own';
  COMMENT ON COLUMN reminder.price.stage IS 'the same by stage; a price for the channel goes before one for the stage';
  COMMENT ON COLUMN reminder.price.price IS 'NULL: no price any more from this day on';

  CREATE TABLE reminder.creditor_price_list (
    creditor_id bigint NOT NULL,
    valid_from date NOT NULL,
    price_list text COLLATE "C",
    CONSTRAINT creditor_price_list_pkey PRIMARY KEY (creditor_id, valid_from),
    CONSTRAINT creditor_price_list_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT creditor_price_list_price_list_fkey FOREIGN KEY (price_list) REFERENCES reminder.price_list,
    CONSTRAINT creditor_price_list_valid_from CHECK (valid_from BETWEEN '1990-01-01' AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.creditor_price_list IS 'Which price list a creditor is on, from a day until the next one; NULL: none.';

  CREATE TABLE reminder.creditor_price (
    creditor_id bigint NOT NULL,
    item text COLLATE "C" NOT NULL,
    channel text COLLATE "C" NOT NULL DEFAULT '',
    stage text COLLATE "C" NOT NULL DEFAULT '',
    valid_from date NOT NULL,
    price numeric(14,4),
    source text,
    CONSTRAINT creditor_price_pkey PRIMARY KEY (creditor_id, item, channel, stage, valid_from),
    CONSTRAINT creditor_price_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT creditor_price_item CHECK (item IN ('letter', 'channel', 'case_fee', 'commission_percent', 'commission_at_least', 'commission_at_most', 'vat_percent')),
    CONSTRAINT "creditor_price_stage: invoice, reminder, notice, demand" CHECK (stage IN ('', 'invoice', 'reminder', 'notice', 'demand')),
    CONSTRAINT creditor_price_key CHECK (octet_length(channel) <= 64 AND octet_length(stage) <= 64 AND (item IN ('letter', 'channel') OR (channel, stage) = ('', ''))),
    CONSTRAINT creditor_price_valid_from CHECK (valid_from BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT creditor_price_price CHECK (price >= 0 AND price < 1000000000 AND (item NOT LIKE '%_percent' OR price <= 100)),
    CONSTRAINT creditor_price_source_length CHECK (octet_length(source) <= 1000)
  );
  COMMENT ON TABLE reminder.creditor_price IS 'A creditor''s own prices: they go before those of its list. In the currency of its list, or in its own where it is on none.';
  COMMENT ON COLUMN reminder.creditor_price.price IS 'NULL: that of the list again from this day on';

  INSERT INTO reminder.price_list VALUES
    ('netvisor', 'Netvisor, automatic reminders', 'EUR'),
    ('amili', 'Visma Amili, reminders and collection', 'SEK');
  INSERT INTO reminder.price (price_list, item, stage, valid_from, price, source) VALUES
    ('netvisor', 'letter', 'reminder', '1990-01-01', 0.25, 'Netvisor: 0,25 EUR (VAT 0 %) for each reminder, notice and demand, on top of the usual price of sending'),
    ('netvisor', 'letter', 'notice', '1990-01-01', 0.25, 'the same'),
    ('netvisor', 'letter', 'demand', '1990-01-01', 0.25, 'the same'),
    ('amili', 'letter', '', '1990-01-01', 0, 'Amili Autocollect: reminders and demands are sent without cost to the creditor'),
    ('amili', 'channel', 'reminder', '1990-01-01', 0, 'the same'),
    ('amili', 'channel', 'notice', '1990-01-01', 0, 'the same'),
    ('amili', 'channel', 'demand', '1990-01-01', 0, 'the same'),
    ('amili', 'vat_percent', '', '1990-01-01', 25, 'Amili''s invoice: VAT on the fees that customers paid');
  INSERT INTO reminder.price (price_list, item, channel, stage, valid_from, price, source) VALUES
    ('amili', 'channel', 'bank', 'invoice', '1990-01-01', 3.50, 'AutoInvoice: 3,50 SEK for each e-invoice to an internet bank'),
    ('amili', 'channel', 'kivra', 'invoice', '1990-01-01', 3.50, 'AutoInvoice: 3,50 SEK for each e-invoice by Kivra until 30 September 2023'),
    ('amili', 'channel', 'kivra', 'invoice', '2023-10-01', 5.50, 'AutoInvoice: 5,50 SEK for each e-invoice by Kivra from 1 October 2023 on');

