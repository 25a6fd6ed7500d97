/*
 * reference_sql.c: references, identity numbers and check digits for SQL, by
 * reference.c and identity.c.
 */
#include "postgres.h"

#include "fmgr.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"

#include "clip.h"
#include "compat.h"
#include "errors.h"
#include "identity.h"
#include "reference.h"
#include "said.h"

PG_FUNCTION_INFO_V1(make_reference);
PG_FUNCTION_INFO_V1(check_reference);
PG_FUNCTION_INFO_V1(check_identity);
PG_FUNCTION_INFO_V1(invoice_reference);
PG_FUNCTION_INFO_V1(referenced_invoice);

/* Lists the names of all formats for a hint. */
static char *
FormatNames(void)
{
	StringInfoData names;
	int			i;

	initStringInfo(&names);
	for (i = 0; i < REFERENCE_COUNT; i++)
		appendStringInfo(&names, "%s%s",
						 i == 0 ? "" : i == REFERENCE_COUNT - 1 ? InWords(gettext_noop(" and ")) : ", ",
						 ReferenceFormatName((ReferenceFormat) i));
	return names.data;
}

/* Gives a format by its name; an error if none is named so. */
static ReferenceFormat
GetFormat(const text *name)
{
	ReferenceFormat format = REFERENCE_COUNT;

	if (!ReferenceFormatByName(VARDATA_ANY(name), VARSIZE_ANY_EXHDR(name),
							   &format))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("unknown reference format \"%s\"", ClippedText(name)),
				 errhint("Reference formats are %s.", FormatNames())));
	return format;
}

/* Puts check digits to a base. */
Datum
make_reference(PG_FUNCTION_ARGS)
{
	ReferenceFormat format = GetFormat(PG_GETARG_TEXT_PP(0));
	text	   *base = PG_GETARG_TEXT_PP(1);
	char		reference[REFERENCE_SIZE];

	if (!MakeReference(format, VARDATA_ANY(base), VARSIZE_ANY_EXHDR(base),
					   reference))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_INPUT),
				 errmsg("cannot make a reference of format %s from \"%s\"",
						ReferenceFormatName(format), ClippedText(base)),
				 errdetail("A base for %s is %s.",
						   ReferenceFormatName(format), InWords(ReferenceBase(format))),
				 errhint("Give the base without check digits and without separators.")));
	PG_RETURN_TEXT_P(cstring_to_text(reference));
}

/* Tells whether a value is a reference of a format. */
Datum
check_reference(PG_FUNCTION_ARGS)
{
	ReferenceFormat format = GetFormat(PG_GETARG_TEXT_PP(0));
	text	   *value = PG_GETARG_TEXT_PP(1);

	PG_RETURN_BOOL(CheckReference(format, VARDATA_ANY(value),
								  VARSIZE_ANY_EXHDR(value)));
}

/* Makes the payment reference of an invoice from its number. */
Datum
invoice_reference(PG_FUNCTION_ARGS)
{
	text	   *jurisdiction = PG_GETARG_TEXT_PP(0);
	text	   *invoice_no = PG_GETARG_TEXT_PP(1);
	char		reference[INVOICE_REFERENCE_SIZE];

	/* no invoice has such a number, so it is nobody's reference */
	if (VARSIZE_ANY_EXHDR(invoice_no) > INVOICE_NUMBER_BYTES)
		PG_RETURN_TEXT_P(invoice_no);
	InvoiceReference(VARDATA_ANY(jurisdiction), VARSIZE_ANY_EXHDR(jurisdiction),
					 VARDATA_ANY(invoice_no), VARSIZE_ANY_EXHDR(invoice_no),
					 reference);
	PG_RETURN_TEXT_P(cstring_to_text(reference));
}

/* Finds the number of the invoice that a reference was made from. */
Datum
referenced_invoice(PG_FUNCTION_ARGS)
{
	text	   *jurisdiction = PG_GETARG_TEXT_PP(0);
	text	   *reference = PG_GETARG_TEXT_PP(1);
	char		invoice_no[INVOICE_REFERENCE_SIZE];

	if (VARSIZE_ANY_EXHDR(reference) >= INVOICE_REFERENCE_SIZE)
		PG_RETURN_TEXT_P(reference);
	ReferencedInvoice(VARDATA_ANY(jurisdiction), VARSIZE_ANY_EXHDR(jurisdiction),
					  VARDATA_ANY(reference), VARSIZE_ANY_EXHDR(reference),
					  invoice_no);
	PG_RETURN_TEXT_P(cstring_to_text(invoice_no));
}

/* Tells whether a value is an identity number of a country; NULL where none is known. */
Datum
check_identity(PG_FUNCTION_ARGS)
{
	text	   *country = PG_GETARG_TEXT_PP(0);
	text	   *value = PG_GETARG_TEXT_PP(1);
	IdentityState state = CheckIdentity(VARDATA_ANY(country), VARSIZE_ANY_EXHDR(country),
										VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value));

	if (state == IDENTITY_NOT_KNOWN)
		PG_RETURN_NULL();
	PG_RETURN_BOOL(state == IDENTITY_RIGHT);
}
