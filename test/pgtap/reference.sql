-- References and check digits as SQL sees them (F1). The rules themselves are
-- tested in test/unit/test_reference.c.
BEGIN;
SELECT plan(137);

-- what an application may rely on
SELECT function_returns('reminder', 'make_reference', ARRAY['text', 'text'], 'text');
SELECT function_returns('reminder', 'check_reference', ARRAY['text', 'text'], 'boolean');

SELECT is(
    format('%s %s %s', provolatile, proisstrict, proparallel), 'i t s',
    format('%s is immutable, strict and parallel safe', proname))
FROM pg_proc
WHERE pronamespace = 'reminder'::regnamespace AND proname IN ('make_reference', 'check_reference', 'invoice_reference', 'referenced_invoice')
ORDER BY proname;

SELECT isnt(obj_description(oid, 'pg_proc'), NULL, format('%s has a comment', proname))
FROM pg_proc
WHERE pronamespace = 'reminder'::regnamespace AND proname IN ('make_reference', 'check_reference', 'invoice_reference', 'referenced_invoice')
ORDER BY proname;

-- every format makes and checks
CREATE TEMP TABLE example (format text, base text, value text, wrong text) ON COMMIT DROP;
INSERT INTO example VALUES
    ('se_ocr', '123', '1230', '123451'),
    ('se_ocr_length', '2026001', '202600193', '20260014'),
    ('se_bankgiro', '5402968', '5402-9681', '5402-9682'),
    ('se_plusgiro', '286543', '28 65 43-4', '28 65 43-5'),
    ('se_identity', '880320001', '880320-0016', '880320-0018'),
    ('fi_viite', '123456', '1234561', '1234560'),
    ('rf', '539007547034', 'RF18 5390 0754 7034', 'RF17 5390 0754 7034'),
    ('no_kid10', '004455525', '0044555258', '0044555251'),
    ('no_kid11', '1234567890', '12345678903', '12345678904'),
    ('dk_fik71', '123', '000000000001230', '000000000001231'),
    ('iban', 'SE50000000058398257466', 'SE45 5000 0000 0583 9825 7466', 'SE46 5000 0000 0583 9825 7466');

SELECT is(reminder.make_reference(format, base), translate(value, ' -', ''),
    format('F1: %s of %s', format, base))
FROM example;
SELECT ok(reminder.check_reference(format, value), format('F1: %s %s is right', format, value))
FROM example;
SELECT ok(NOT reminder.check_reference(format, wrong), format('F1: %s %s is wrong', format, wrong))
FROM example;

-- published numbers, right and wrong (FACTS.md 7)
SELECT is(reminder.check_reference(format, value), expected, format('F1: %s %s is %s', format, value, CASE WHEN expected THEN 'right' ELSE 'wrong' END))
FROM (VALUES
    ('se_ocr', true, ARRAY['1230', '12351', '123067', '20260014', '202600193', '123455']),
    ('se_ocr', false, ARRAY['123451']),
    ('se_ocr_length', true, ARRAY['12351', '123067', '202600193']),
    ('se_ocr_length', false, ARRAY['1230', '20260014', '123451']),
    ('se_bankgiro', true, ARRAY['5402-9681', '902-0033', '5050-1055', '5805-6201']),
    ('se_bankgiro', false, ARRAY['5402-9682']),
    ('se_plusgiro', true, ARRAY['28 65 43-4']),
    ('se_plusgiro', false, ARRAY['28 65 43-5']),
    ('se_identity', true, ARRAY['880320-0016', '811228-9841', '890102-3286', '640823-3234', '556036-0793', '202100-5489']),
    ('se_identity', false, ARRAY['880320-0018', '1234567891']),
    ('fi_viite', true, ARRAY['1234561', '1234567123456784', '1009', '123453']),
    ('fi_viite', false, ARRAY['1234560']),
    ('rf', true, ARRAY['RF18539007547034', 'RF185390075470Y', 'RF471234567890', 'RF341234561']),
    ('rf', false, ARRAY['RF17539007547034']),
    ('no_kid10', true, ARRAY['12344', '2345676', '23456767', '0044555258']),
    ('no_kid11', true, ARRAY['12343', '12345678903', '0365327']),
    ('no_kid10', false, ARRAY['2345674', '0044555251']),
    ('no_kid11', false, ARRAY['2345674', '0044555251']),
    ('dk_fik71', true, ARRAY['004040400000669', '000000000001230']),
    ('dk_fik71', false, ARRAY['004040400000660'])) AS f (format, expected, numbers),
    unnest(numbers) AS value;
SELECT is(reminder.make_reference('dk_fik71', base), lpad(value, 15, '0'), format('F1: dk_fik71 of %s ends with %s', base, value))
FROM (VALUES ('1', '18'), ('2', '26')) AS f (base, value);

SELECT ok(NOT reminder.check_reference('se_ocr', repeat('1', 1000000)), 'a megabyte of digits is wrong');
SELECT ok(NOT reminder.check_reference('iban', 'SE45 ünïcödé €'), 'letters of other alphabets are wrong');
SELECT is(reminder.check_reference('se_ocr', NULL), NULL, 'NULL in, NULL out');

-- F1: what an invoice gets, and back
CREATE TEMP TABLE invoice (jurisdiction text, invoice_no text, reference text) ON COMMIT DROP;
INSERT INTO invoice VALUES
    ('SE', '123', '1230'), ('SE', 'F101', 'F101'), ('FI', '123456', '1234561'), ('FI', '5390075470Y', 'RF185390075470Y'),
    ('NO', '1234', '12344'), ('DK', '123', '000000000001230'), ('DK', '0123', '0123'), ('DK', '000000000001230', '+000000000001230'),
    ('DE', '539007547034', 'RF18539007547034'), ('EU', 'RE 1', 'RE 1'), ('??', '123', '123'), ('SE', '', '');
SELECT is(reminder.invoice_reference(jurisdiction, invoice_no), reference, format('F1: %s %s', jurisdiction, invoice_no)) FROM invoice;
SELECT is(reminder.referenced_invoice(jurisdiction, reference), invoice_no, format('F1: and back from %s', reference)) FROM invoice;
SELECT is_empty(
    $$SELECT jurisdiction, reminder.invoice_reference(jurisdiction, invoice_no)
      FROM unnest(ARRAY['SE', 'FI', 'NO', 'DK', 'DE']) jurisdiction,
           (SELECT lpad(n::text, l, '0') FROM generate_series(0, 2000) n, generate_series(1, 6) l WHERE length(n::text) <= l) i (invoice_no)
      GROUP BY 1, 2 HAVING count(*) > 1$$,
    'F1: no two numbers have one reference, whatever zeros they begin with');
SELECT is(reminder.invoice_reference('SE', repeat('å', 32)), repeat('å', 32), 'a number of 64 bytes is its own reference');
SELECT is(reminder.invoice_reference('SE', repeat('å', 500000)), repeat('å', 500000), 'and a megabyte');
SELECT is(reminder.referenced_invoice('SE', repeat('å', 500000)), repeat('å', 500000), 'and back');
SELECT is(reminder.invoice_reference(repeat('SE', 500000), '1'), '1', 'a megabyte of jurisdiction has none of its own');
SELECT is(reminder.invoice_reference('SE', NULL), NULL, 'no number, no reference');

-- errors
SELECT throws_ok(sql, '22R01', message, format('22R01: %s', sql))
FROM (VALUES
    ($$SELECT reminder.make_reference('ocr', '123')$$, 'unknown reference format "ocr"'),
    ($$SELECT reminder.check_reference('SE_OCR', '1230')$$, 'unknown reference format "SE_OCR"'),
    ($$SELECT reminder.make_reference('se_ocr', '12a')$$,
        'cannot make a reference of format se_ocr from "12a"'),
    ($$SELECT reminder.make_reference('se_ocr', repeat('å', 500000))$$,
        format('cannot make a reference of format se_ocr from "%s"', repeat('å', 32))),
    ($$SELECT reminder.make_reference('iban', 'SE5000000005839825746')$$,
        'cannot make a reference of format iban from "SE5000000005839825746"')
) AS t (sql, message);

-- throws_ok sees no detail and no hint
CREATE FUNCTION pg_temp.detail_and_hint(sql text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    detail text;
    hint text;
BEGIN
    EXECUTE sql;
    RETURN NULL;
EXCEPTION WHEN SQLSTATE '22R01' THEN
    GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', nullif(detail, ''), nullif(hint, ''));
END
$$;

SELECT is(pg_temp.detail_and_hint($$SELECT reminder.check_reference('ocr', '123')$$),
    'Reference formats are se_ocr, se_ocr_length, se_bankgiro, se_plusgiro, se_identity, '
    'fi_viite, rf, no_kid10, no_kid11, dk_fik71 and iban.',
    'the hint lists the formats');
SELECT is(pg_temp.detail_and_hint($$SELECT reminder.make_reference('fi_viite', '12')$$),
    'A base for fi_viite is 3 to 19 digits. | '
    'Give the base without check digits and without separators.',
    'the detail says what a base is');

SELECT * FROM finish();
ROLLBACK;
