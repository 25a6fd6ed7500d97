/*
 * 62-status.sql: what the view case_status shows of a case.
 */

CREATE FUNCTION reminder._case_now(
  view_key uuid, creditor_id bigint, invoice_no text, case_no smallint, case_id uuid, active boolean, opened_on date, collected_by text, due_date date,
  OUT next_stage text, OUT next_on date, OUT why_not text, OUT sent_on date, OUT deadline date, OUT hold text, OUT hold_until date,
  OUT principal_paid numeric, OUT commission numeric, OUT link text,
  OUT plan text, OUT next_instalment_on date, OUT next_instalment numeric, OUT instalments_missed numeric, OUT enforcement_fees numeric,
  OUT agency text, OUT agency_reference text, OUT agency_status text, OUT agency_status_on date, OUT agency_fees numeric)
RETURNS SETOF record
LANGUAGE c STABLE PARALLEL SAFE COST 100 ROWS 1
AS 'MODULE_PATHNAME', 'reminder_case_now';
COMMENT ON FUNCTION reminder._case_now(uuid, bigint, text, smallint, uuid, boolean, date, text, date) IS
'Internal: what case_status shows of a case beside the case itself and its invoice. Whoever reads the view calls it, and it looks at no rights: the view does. So it asks for the key that only the owner of the tables can read. Raises 42501 for another.';
