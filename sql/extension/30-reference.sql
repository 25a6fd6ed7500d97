-- 30-reference.sql: payment references, account and identity numbers (F1).
--
-- No SET search_path: these functions run no SQL, and the clause would cost
-- more (about 1 us a call) than they do.

CREATE FUNCTION reminder.make_reference(format text, base text) RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.make_reference(text, text) IS
'Gives a base with its check digits, without separators. Takes a format (se_ocr, se_ocr_length, se_bankgiro, se_plusgiro, se_identity, fi_viite, rf, no_kid10, no_kid11, dk_fik71 or iban) and a base without check digits and separators. Raises 22R01 for another format or a base the format cannot use.';

CREATE FUNCTION reminder.check_reference(format text, value text) RETURNS boolean
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.check_reference(text, text) IS
'Tells whether a value is written as its format wants and its check digits are right. Takes a format (as make_reference) and any value, with or without the customary separators (single spaces; a hyphen in bankgiro, plusgiro and identity numbers). Raises 22R01 for another format, nothing for any value.';

CREATE FUNCTION reminder.invoice_reference(jurisdiction text, invoice_no text) RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.invoice_reference(text, text) IS
'Gives the payment reference of an invoice, made from its number: in the jurisdiction''s own format (SE: OCR, FI: viite, or RF with letters, NO: KID by modulus 10, DK: FIK 71, DE and EU: RF) if the number fits it, else the number as it is. No two numbers have one reference: one that reads as the reference of another gets a "+" before it. Takes any jurisdiction and any number. Raises nothing.';

CREATE FUNCTION reminder.referenced_invoice(jurisdiction text, reference text) RETURNS text
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.referenced_invoice(text, text) IS
'Gives the number of the invoice that a reference was made from by invoice_reference(), whether there is such an invoice or not; what cannot have been made so is a number itself. Takes any jurisdiction, and any reference, with or without the customary separators and the zeros that fill it up. Raises nothing.';

CREATE FUNCTION reminder.check_identity(country text, value text) RETURNS boolean
AS 'MODULE_PATHNAME'
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

COMMENT ON FUNCTION reminder.check_identity(text, text) IS
'Tells whether a value is written as the identity number of a person or an organisation of a country is, with the right check digits; NULL for a country whose numbers are not known. Takes a country (SE, FI, NO and DK are known) and any value, with or without the customary hyphens and spaces. Raises nothing.';
