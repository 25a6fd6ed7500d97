/*
 * Losses that stand in tables of an application, put under protect() (A2):
 * src/losses.c. Conditions of the application are run, which it may have made
 * of functions that no parallel query bears: so that none of these is safe
 * there, nor what calls them.
 */

CREATE FUNCTION reminder._loss_stands(creditor_id bigint, invoice_no text) RETURNS regclass
LANGUAGE c STABLE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_loss_stands';
COMMENT ON FUNCTION reminder._loss_stands(bigint, text) IS
'Internal: the protected table of an application in which a loss stands on an invoice that the caller sees; NULL: none.';

CREATE FUNCTION reminder._lock_losses(creditor_id bigint, invoice_nos text[]) RETURNS text[]
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'reminder_lock_losses';
COMMENT ON FUNCTION reminder._lock_losses(bigint, text[]) IS
'Internal: those of a creditor''s invoices, locked already, on which a loss stands in a protected table of an application, as is committed now; on the others none comes until the end of the transaction.';

CREATE FUNCTION reminder._loss_index(relation regclass, map regclass) RETURNS text
LANGUAGE c STABLE STRICT PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'reminder_loss_index';
COMMENT ON FUNCTION reminder._loss_index(regclass, regclass) IS
'Internal: the index that a table lacks for its losses to be found by their invoices, as a statement; NULL if it has one.';
