  /*
   * What the application writes: invoices, payments, credits, losses. What is
   * open, and where an invoice stands on its ladder, is kept by trigger.
   */
  CREATE TABLE reminder.invoice (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    customer_no text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL DEFAULT 'invoice',
    invoice_date date NOT NULL,
    due_date date NOT NULL,
    currency text COLLATE "C" NOT NULL,
    amount numeric(14,2) NOT NULL,
    open_amount numeric(14,2) NOT NULL,
    fee_by_hand numeric(14,2) NOT NULL DEFAULT 0,
    automation text COLLATE "C" NOT NULL DEFAULT 'on',
    external_collection boolean NOT NULL DEFAULT false,
    branch text COLLATE "C",
    trading_name text COLLATE "C",
    reference text COLLATE "C",
    description text,
    CONSTRAINT invoice_pkey PRIMARY KEY (creditor_id, invoice_no),
    CONSTRAINT invoice_customer_fkey FOREIGN KEY (creditor_id, customer_no) REFERENCES reminder.customer,
    CONSTRAINT invoice_no_length CHECK (octet_length(invoice_no) BETWEEN 1 AND 64),
    CONSTRAINT "invoice_kind: invoice, credit_note, interest, factored" CHECK (kind IN ('invoice', 'credit_note', 'interest', 'factored')),
    CONSTRAINT invoice_date_range CHECK (invoice_date BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT invoice_due_date_range CHECK (due_date BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT invoice_due_after_date CHECK (due_date >= invoice_date),
    CONSTRAINT invoice_currency CHECK (currency ~ '^[A-Z]{3}$'),
    CONSTRAINT invoice_amount CHECK (amount >= 0 AND amount < 1000000000000),
    CONSTRAINT invoice_open_amount CHECK (open_amount >= 0 AND open_amount <= amount),
    CONSTRAINT invoice_fee_by_hand CHECK (fee_by_hand >= 0 AND fee_by_hand < 1000000000000),
    CONSTRAINT "invoice_automation: on, blocked, withdrawn, closed" CHECK (automation IN ('on', 'blocked', 'withdrawn', 'closed')),
    CONSTRAINT invoice_text_length CHECK (
      octet_length(customer_no) <= 64 AND coalesce(octet_length(branch), 0) <= 64 AND coalesce(octet_length(trading_name), 0) <= 1000
      AND coalesce(octet_length(reference), 0) <= 64 AND coalesce(octet_length(description), 0) <= 10000)
  ) WITH (fillfactor = 85);
  CREATE INDEX invoice_customer_idx ON reminder.invoice (creditor_id, customer_no);
  CREATE INDEX invoice_reference_idx ON reminder.invoice (creditor_id, reference) WHERE reference IS NOT NULL;
  COMMENT ON TABLE reminder.invoice IS 'Invoices; also credit notes, interest invoices and factored invoices, by kind. No index names a column that a payment changes, so a payment''s update is HOT.';
  COMMENT ON COLUMN reminder.invoice.open_amount IS 'open principal, kept by payments and credits. On INSERT: left out it is the amount; less, and the rest was settled before';
  COMMENT ON COLUMN reminder.invoice.fee_by_hand IS 'a fee the creditor has set on the invoice; a rule''s fee takes its place';
  COMMENT ON COLUMN reminder.invoice.automation IS '"on", or taken out of automation: "blocked", "withdrawn" (its case was withdrawn), "closed" (its case was closed)';
  COMMENT ON COLUMN reminder.invoice.external_collection IS 'being collected outside, which counts as an active case';
  COMMENT ON COLUMN reminder.invoice.reference IS 'payment reference; left out: the invoice number';

  CREATE TABLE reminder.settled_before (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    amount numeric(14,2) NOT NULL,
    CONSTRAINT settled_before_pkey PRIMARY KEY (creditor_id, invoice_no),
    CONSTRAINT settled_before_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice ON UPDATE CASCADE ON DELETE CASCADE,
    CONSTRAINT settled_before_amount CHECK (amount > 0 AND amount < 1000000000000)
  );
  COMMENT ON TABLE reminder.settled_before IS 'What was settled of invoices before they came in; kept by trigger. It goes with its invoice.';

  CREATE TABLE reminder.position (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    rule_no integer NOT NULL,
    passed smallint NOT NULL,
    base_date date NOT NULL,
    letter_date date,
    outside_until date,
    charged smallint NOT NULL DEFAULT 0,
    waiting_for text COLLATE "C",
    CONSTRAINT position_pkey PRIMARY KEY (creditor_id, invoice_no)
  ) WITH (fillfactor = 85);
  CREATE INDEX position_due_idx ON reminder.position (creditor_id, rule_no, passed, base_date);
  COMMENT ON TABLE reminder.position IS 'Where an open invoice stands on its ladder; kept by trigger. The run reads a range of its index, not the invoices.';
  COMMENT ON COLUMN reminder.position.rule_no IS 'the customer''s rule; 0: none';
  COMMENT ON COLUMN reminder.position.passed IS 'the rung passed last, 0 at the start, 99 when none can follow; the next step is the rule''s lowest above it';
  COMMENT ON COLUMN reminder.position.base_date IS 'the due date at first, then the deadline of the last letter (or the date of the step that was skipped)';
  COMMENT ON COLUMN reminder.position.letter_date IS 'the date of the last letter, or of the step that was skipped';
  COMMENT ON COLUMN reminder.position.outside_until IS 'the latest run before the customer came under this rule: steps due by then were outside automation';
  COMMENT ON COLUMN reminder.position.charged IS 'fee-carrying reminders so far, wherever sent';
  COMMENT ON COLUMN reminder.position.waiting_for IS 'why the last run that looked left the step due';

  CREATE TABLE reminder.payment (
    creditor_id bigint NOT NULL,
    payment_no text COLLATE "C" NOT NULL,
    invoice_no text COLLATE "C",
    paid_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    source text COLLATE "C" NOT NULL DEFAULT 'creditor',
    reference text COLLATE "C",
    allocates text COLLATE "C",
    bounced_on date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT payment_pkey PRIMARY KEY (creditor_id, payment_no),
    CONSTRAINT payment_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT payment_creditor_fkey FOREIGN KEY (creditor_id) REFERENCES reminder.creditor,
    CONSTRAINT payment_no_length CHECK (octet_length(payment_no) BETWEEN 1 AND 64 AND coalesce(octet_length(invoice_no), 0) <= 64),
    CONSTRAINT payment_paid_on CHECK (paid_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT payment_amount CHECK (amount > 0 AND amount < 1000000000000),
    CONSTRAINT "payment_source: creditor, service, agency" CHECK (source IN ('creditor', 'service', 'agency')),
    CONSTRAINT payment_reference_length CHECK (octet_length(reference) <= 64),
    CONSTRAINT "payment_allocates: principal, law" CHECK (allocates IN ('principal', 'law')),
    CONSTRAINT payment_bounced_on CHECK (bounced_on BETWEEN paid_on AND '2200-12-31')
  );
  CREATE INDEX payment_invoice_idx ON reminder.payment (creditor_id, invoice_no);
  COMMENT ON TABLE reminder.payment IS 'Payments, from the creditor''s side or collected by the service or an agency. By invoice number, or matched by reference; unmatched ones wait with no invoice.';
  COMMENT ON COLUMN reminder.payment.allocates IS 'what it pays first: "principal", as the debtor said, or what the "law" says; NULL: principal if it is not more than what is open of it, else by law';
  COMMENT ON COLUMN reminder.payment.bounced_on IS 'set when the money went back: the payment then counts no more';

  CREATE TABLE reminder.allocation (
    creditor_id bigint NOT NULL,
    payment_no text COLLATE "C" NOT NULL,
    principal numeric(14,2) NOT NULL,
    fee numeric(14,2) NOT NULL,
    interest numeric(14,2) NOT NULL DEFAULT 0,
    overpaid numeric(14,2) NOT NULL,
    rounded_off numeric(14,2) NOT NULL DEFAULT 0,
    case_no smallint,
    CONSTRAINT allocation_pkey PRIMARY KEY (creditor_id, payment_no),
    CONSTRAINT allocation_case CHECK ((fee + interest > 0) = (case_no IS NOT NULL)),
    CONSTRAINT allocation_parts CHECK (
      principal >= 0 AND fee >= 0 AND interest >= 0 AND overpaid >= 0 AND principal + fee + interest + overpaid < 1000000000000),
    CONSTRAINT allocation_rounded_off CHECK (rounded_off BETWEEN -0.50 AND 0.49 AND (rounded_off = 0 OR overpaid = 0))
  );
  COMMENT ON TABLE reminder.allocation IS 'Where a payment went, when not wholly to principal: a matched payment without a row here paid principal alone. No foreign key: the triggers of payment keep it, and read it after the payment has gone.';
  COMMENT ON COLUMN reminder.allocation.rounded_off IS 'what rounding the amount to be paid took off the claim, below zero: put to it (rounding_rule)';
  COMMENT ON COLUMN reminder.allocation.case_no IS 'the case whose fees or interest it paid';

  CREATE TABLE reminder.payment_currency (
    creditor_id bigint NOT NULL,
    payment_no text COLLATE "C" NOT NULL,
    currency text COLLATE "C" NOT NULL,
    CONSTRAINT payment_currency_pkey PRIMARY KEY (creditor_id, payment_no),
    CONSTRAINT payment_currency_payment_fkey FOREIGN KEY (creditor_id, payment_no) REFERENCES reminder.payment,
    CONSTRAINT payment_currency_currency CHECK (currency ~ '^[A-Z]{3}$')
  );
  COMMENT ON TABLE reminder.payment_currency IS 'The currency of money that is or was of no invoice, where it is not the creditor''s. A payment never changes its currency: on an invoice it is the invoice''s.';

  CREATE TABLE reminder.refund (
    creditor_id bigint NOT NULL,
    payment_no text COLLATE "C" NOT NULL,
    refund_no text COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text,
    refunded_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    CONSTRAINT refund_pkey PRIMARY KEY (creditor_id, payment_no, refund_no),
    CONSTRAINT refund_payment_fkey FOREIGN KEY (creditor_id, payment_no) REFERENCES reminder.payment,
    CONSTRAINT refund_no_length CHECK (octet_length(refund_no) BETWEEN 1 AND 64 AND octet_length(payment_no) <= 64),
    CONSTRAINT refund_refunded_on CHECK (refunded_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT refund_amount CHECK (amount > 0 AND amount < 1000000000000)
  );
  COMMENT ON TABLE reminder.refund IS 'What was paid back of an overpayment.';

  CREATE TABLE reminder.credit (
    creditor_id bigint NOT NULL,
    credit_no text COLLATE "C" NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    kind text COLLATE "C" NOT NULL DEFAULT 'credit',
    credited_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    reason text,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT credit_pkey PRIMARY KEY (creditor_id, credit_no),
    CONSTRAINT credit_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT credit_no_length CHECK (octet_length(credit_no) BETWEEN 1 AND 64 AND octet_length(invoice_no) <= 64),
    CONSTRAINT "credit_kind: credit, void, offset" CHECK (kind IN ('credit', 'void', 'offset')),
    CONSTRAINT credit_credited_on CHECK (credited_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT credit_amount CHECK (amount > 0 AND amount < 1000000000000),
    CONSTRAINT credit_reason_length CHECK (octet_length(reason) <= 1000)
  );
  CREATE INDEX credit_invoice_idx ON reminder.credit (creditor_id, invoice_no);
  COMMENT ON TABLE reminder.credit IS 'Credits, voids and offsets of invoices.';

  CREATE TABLE reminder.credit_loss (
    creditor_id bigint NOT NULL,
    invoice_no text COLLATE "C" NOT NULL,
    loss_no text COLLATE "C" NOT NULL DEFAULT gen_random_uuid()::text,
    kind text COLLATE "C" NOT NULL,
    booked_on date NOT NULL,
    amount numeric(14,2) NOT NULL,
    reversed_on date,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT credit_loss_pkey PRIMARY KEY (creditor_id, invoice_no, loss_no),
    CONSTRAINT credit_loss_invoice_fkey FOREIGN KEY (creditor_id, invoice_no) REFERENCES reminder.invoice,
    CONSTRAINT credit_loss_no_length CHECK (octet_length(loss_no) BETWEEN 1 AND 64 AND octet_length(invoice_no) <= 64),
    CONSTRAINT "credit_loss_kind: doubtful, confirmed" CHECK (kind IN ('doubtful', 'confirmed')),
    CONSTRAINT credit_loss_booked_on CHECK (booked_on BETWEEN '1990-01-01' AND '2200-12-31'),
    CONSTRAINT credit_loss_amount CHECK (amount > 0 AND amount < 1000000000000),
    CONSTRAINT credit_loss_reversed_on CHECK (reversed_on BETWEEN booked_on AND '2200-12-31')
  );
  COMMENT ON TABLE reminder.credit_loss IS 'Booked credit losses, doubtful or confirmed. A loss that is not reversed keeps a case from opening; an active case keeps a loss from being booked.';
