-- Conservation (M1 to M4): money neither comes from nowhere nor goes there, and
-- conservation() says where it does, rule by rule, when somebody wrote past us.
\set name regress_conservation
\i test/sql/include/ladder.sql
CALL t.creditor(1, 'SE');
CALL t.rule(1, 11, 'company', 'service', true, 'reminder 5d 10d 60', 'demand 12d 10d 180');
CALL t.creditor(2, 'SE', 'amili');
SELECT reminder.activate(1, true) \g /dev/null
CALL t.customer(1, 'c', 'company', 11);
DO $$ BEGIN FOR n IN 1 .. 8 LOOP CALL t.invoice(1, 'i' || n, 'c', '2026-03-02'); END LOOP; END $$;
-- taken over with a part of it settled before
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount, open_amount) VALUES
  (1, 'before', 'c', '2026-02-01', '2026-05-02', 'SEK', 1000, 400), (1, 'long ago', 'c', '2026-02-01', '2026-05-02', 'SEK', 1000, 0), (1, 'brief', 'c', '2026-02-01', '2026-05-02', 'SEK', 1000, 1);
DELETE FROM reminder.invoice WHERE invoice_no = 'brief';
UPDATE reminder.invoice SET amount = 1100 WHERE invoice_no = 'before';
SELECT invoice_no, amount FROM reminder.settled_before ORDER BY 1;
\set c 1
\set d '\'2026-03-17\''
:run
SELECT reminder.confirm_letter(1, 'i1', 'reminder', :d) \g /dev/null
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount, source) VALUES
  (1, 'p1', 'i1', '2026-03-20', 1064.11, 'service'), (1, 'p2', 'i2', '2026-03-20', 1200, 'service'), (1, 'p3', 'i3', '2026-03-20', 500, 'creditor'), (1, 'p4', 'before', '2026-03-20', 100, 'creditor'),
  (1, 'p5', 'i5', '2026-03-20', 1064, 'creditor'), (1, 'p6', NULL, '2026-03-20', 70, 'service'), (1, 'p7', 'i7', '2026-03-20', 1064.11, 'service');
INSERT INTO reminder.refund (creditor_id, payment_no, refund_no, refunded_on, amount) VALUES (1, 'p2', 'r', '2026-03-21', 100);
SELECT reminder.credit_in_case(1, 'i4', 250, 'r', '2026-03-20') IS NOT NULL AS credited;
SELECT reminder.waive_fee(1, 'i3', 20, 'r', '2026-03-20');
SELECT reminder.settle(1, '2026-03-23');
SELECT reminder.withdraw(1, 'i6', 'r', '2026-03-24');
INSERT INTO reminder.credit_loss (creditor_id, invoice_no, loss_no, kind, booked_on, amount) VALUES (1, 'i6', 'l', 'confirmed', '2026-03-24', 1200);
UPDATE reminder.payment SET bounced_on = '2026-03-25' WHERE payment_no = 'p1';
SELECT reminder.settle(1, '2026-03-26');
SELECT invoice_no, invoiced, fees, interest, settled_before AS before, paid, overpaid, rounded_off, credited, written_off, waived, open FROM reminder.claim_account ORDER BY 1;
SELECT * FROM reminder.service_account;
SELECT * FROM reminder.conservation();
SELECT * FROM reminder.conservation(2);
SELECT t.try('SELECT * FROM reminder.conservation(99)');

\echo '# each rule sees what breaks it'
CREATE FUNCTION t.found(statement text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  _found text[];
  _table regclass;
BEGIN
  BEGIN
    -- as one who writes past everything
    PERFORM reminder._keep(true);
    FOR _table IN SELECT c.oid FROM pg_class c WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r' LOOP
      EXECUTE format('ALTER TABLE %s DISABLE TRIGGER ALL', _table);
    END LOOP;
    PERFORM reminder._keep(false);
    EXECUTE statement;
    _found := ARRAY(SELECT concat_ws(' | ', c.rule, c.creditor, c.object, c.found) FROM reminder.conservation(1) c);
    RAISE EXCEPTION 'and back';
  EXCEPTION WHEN raise_exception THEN
  END;
  RETURN NEXT statement;
  RETURN QUERY SELECT '    ' || f FROM unnest(_found) f;
END
$$;
\t
\a
SELECT t.found(s) FROM (VALUES
  (1, $$UPDATE reminder.invoice SET open_amount = open_amount - 1 WHERE invoice_no = 'i8'$$),
  (2, $$UPDATE reminder.invoice SET amount = amount + 1 WHERE invoice_no = 'before'$$),
  (3, $$DELETE FROM reminder.settled_before WHERE invoice_no = 'before'$$),
  (4, $$DELETE FROM reminder.credit$$),
  (5, $$UPDATE reminder.collection_case SET fees_paid = fees_paid - 1 WHERE invoice_no = 'i5'$$),
  (6, $$UPDATE reminder.collection_case SET interest_waived = interest_waived - 1 WHERE invoice_no = 'i6'$$),
  (7, $$UPDATE reminder.payment SET amount = amount + 1 WHERE payment_no = 'p5'$$),
  (8, $$UPDATE reminder.allocation SET overpaid = overpaid - 1, fee = fee + 1 WHERE payment_no = 'p2'$$),
  (9, $$UPDATE reminder.refund SET amount = 200$$),
  (10, $$DELETE FROM reminder.payment WHERE payment_no = 'p7'$$),
  (11, $$DELETE FROM reminder.settlement_line WHERE kind = 'payment' AND document_no = 'p7'$$),
  (12, $$DELETE FROM reminder.settlement_line WHERE kind = 'taken_back'$$),
  (13, $$UPDATE reminder.settlement_line SET collected = collected + 1, due = due + 1 WHERE document_no = 'p7'$$),
  (14, $$DELETE FROM reminder.payout$$),
  (15, $$UPDATE reminder.payout SET amount = amount + 1$$),
  (16, $$UPDATE reminder.settlement SET carried_in = 0, carried_on = 0, due = 0 WHERE settlement_no = 2$$),
  (17, $$DELETE FROM reminder.payment_undone$$),
  (18, $$UPDATE reminder.payment SET source = 'creditor' WHERE payment_no = 'p7'$$),
  (19, $$UPDATE reminder.collection_case SET state = 'demand' WHERE invoice_no = 'i8'$$),
  (20, $$DELETE FROM reminder.event WHERE kind = 'case_reopened'$$),
  (21, $$UPDATE reminder.collection_case SET ended_from = 'notice' WHERE invoice_no = 'i6'$$)) s (n, s) ORDER BY n;
\a
\t
SELECT * FROM reminder.conservation();
\i test/sql/include/ladder_end.sql
