-- What the README says of handing claims over to an agency (C8): test/t/readme.pl compares.
\set name regress_readme_agency
\set ECHO none
\i test/sql/include/ladder.sql
\set ECHO none
INSERT INTO reminder.creditor (creditor_id, account_id, name, jurisdiction, bankgiro, sender_address, claim_description)
VALUES (1, 1, 'Nordic Bikes AB', 'SE', '5402-9681', 'Street 1', 'Bicycles and repairs');
SELECT reminder.add_preset(1, 'netvisor') \g /dev/null
SELECT reminder.activate(1, confirm => true), reminder.activate_channel(1, 'intrum_collection') \g /dev/null
INSERT INTO reminder.rule (creditor_id, rule_no, name, kind, collected_by, catches_up) VALUES (1, 10, 'To Intrum', 'company', 'creditor', true);
INSERT INTO reminder.rule_step (creditor_id, rule_no, stage, wait, term, channel) VALUES (1, 10, 'demand', 10, 10, 'intrum_collection');
INSERT INTO reminder.customer (creditor_id, customer_no, name, own_rule) VALUES (1, 'C1', 'Berg & Co AB', 10);
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
VALUES (1, 'F401', 'C1', '2026-09-01', '2026-10-01', 'SEK', 3000), (1, 'F402', 'C1', '2026-09-01', '2026-10-01', 'SEK', 500);
CALL reminder.run('2026-10-12', 1);
SET search_path = t;
\pset footer on
\pset null ''
\set ECHO all
SELECT dedupe_key, invoice_no, stage, principal, currency, customer_name FROM reminder.claim_handovers('intrum', 1, n => 100, lease => '10 minutes');
SELECT dedupe_key, outcome FROM reminder.acknowledge_handovers('intrum', '{1-F401-30-1,1-F402-30-1}', '2026-10-13', 1, agency_references => '{IN-771,IN-772}');
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[
  {"id": "m-1", "invoice_no": "F401", "kind": "status",  "date": "2026-10-14", "status": "demand sent"},
  {"id": "m-2", "invoice_no": "F401", "kind": "payment", "date": "2026-10-20", "amount": 1000},
  {"id": "m-3", "invoice_no": "F999", "kind": "payment", "date": "2026-10-20", "amount": 70}]', '2026-10-21');
SELECT invoice_no, agency, agency_reference, agency_status, principal, paid FROM reminder.case_status ORDER BY 1;
SELECT invoice_no, message, detail FROM reminder.exception_list;
SELECT reminder.withdraw(1, 'F402', 'settled by phone', '2026-10-21');
SELECT reminder.request_withdrawal(1, 'F402', 'settled by phone', '2026-10-21');
SELECT * FROM reminder.take_agency_messages(1, 'intrum', '[{"id": "m-4", "invoice_no": "F402", "kind": "withdrawn", "date": "2026-10-22"}]', '2026-10-22');
SELECT invoice_no, state, outcome FROM reminder.case_status ORDER BY 1;
\set ECHO none
\i test/sql/include/ladder_end.sql
