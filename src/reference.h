/*
 * reference.h
 *		Payment references, account and identity numbers with check digits (F1).
 */
#ifndef REMINDER_REFERENCE_H
#define REMINDER_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Room for any reference and its final NUL. */
#define REFERENCE_SIZE	40

/* Bytes of the longest invoice number; room for its reference and final NUL. */
#define INVOICE_NUMBER_BYTES	64
#define INVOICE_REFERENCE_SIZE	(INVOICE_NUMBER_BYTES + 2)

typedef enum ReferenceFormat
{
	REFERENCE_SE_OCR,			/* check digit */
	REFERENCE_SE_OCR_LENGTH,	/* length digit, then check digit */
	REFERENCE_SE_BANKGIRO,
	REFERENCE_SE_PLUSGIRO,
	REFERENCE_SE_IDENTITY,		/* person, coordination, organisation */
	REFERENCE_FI_VIITE,
	REFERENCE_RF,				/* ISO 11649 */
	REFERENCE_NO_KID10,
	REFERENCE_NO_KID11,
	REFERENCE_DK_FIK71,
	REFERENCE_IBAN,
	REFERENCE_COUNT
} ReferenceFormat;

extern bool ReferenceFormatByName(const char *name, size_t len,
								  ReferenceFormat *format);
extern const char *ReferenceFormatName(ReferenceFormat format);

/* Says in a few words what MakeReference takes: "1 to 24 digits". */
extern const char *ReferenceBase(ReferenceFormat format);

/*
 * Puts check digits to a base, which has none and no separators either, and
 * stores the whole, without separators and in capitals.  False if the base is
 * not what ReferenceBase says.  Base and value may be any bytes.
 */
extern bool MakeReference(ReferenceFormat format, const char *base, size_t len,
						  char reference[REFERENCE_SIZE]);

/*
 * Tells whether a value is a reference that MakeReference could have made,
 * written with or without the customary separators: single spaces anywhere
 * inside; a hyphen before the last four digits of a bankgiro or identity
 * number (or '+', for a person of 100 years or more), before the last one of
 * a plusgiro number.  Small letters count as capitals.
 */
extern bool CheckReference(ReferenceFormat format, const char *value,
						   size_t len);

/*
 * Stores the payment reference of an invoice, made from its number, and gives
 * its length: the jurisdiction's own if the number fits it, else the number as
 * it is.  No two numbers have one reference: where a number reads as the
 * reference of another, a '+' is put before it.  Numbers over
 * INVOICE_NUMBER_BYTES are cut off there.  Both texts may be any bytes.
 */
extern int	InvoiceReference(const char *jurisdiction, size_t jurisdiction_len,
							 const char *invoice_no, size_t len,
							 char reference[INVOICE_REFERENCE_SIZE]);

/*
 * The other way round: stores the number of the invoice that a reference, with
 * or without the customary separators and padding, was made from, and gives
 * its length; what is no such reference is a number itself.
 */
extern int	ReferencedInvoice(const char *jurisdiction, size_t jurisdiction_len,
							  const char *reference, size_t len,
							  char invoice_no[INVOICE_REFERENCE_SIZE]);

#endif							/* REMINDER_REFERENCE_H */
