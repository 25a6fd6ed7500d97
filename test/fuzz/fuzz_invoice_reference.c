/*
 * fuzz_invoice_reference.c
 *		Any bytes as an invoice number, and as the reference of one (F1): every
 *		number has a reference, no two have the same, and each leads back.
 *
 * Needs: src/reference.c
 */
#include "reference.h"

#include <string.h>

#include "fuzz.h"

#define LONGEST		100
#define ROOM		(INVOICE_REFERENCE_SIZE + 8)

static const char *const jurisdictions[] = {"SE", "FI", "NO", "DK", "DE", "EU", "", "se"};

/* What stands in numbers and references, and beside it. */
static const char likely[] = "0123456789+- RFA0000";

/* A text of any bytes. */
typedef struct Text
{
	char		bytes[ROOM + LONGEST];
	size_t		len;
} Text;

/* Asks one of the two functions about a text in memory of just its length. */
static Text
Ask(bool back, const char *jurisdiction, const Text *question)
{
	char	   *copy = malloc(question->len > 0 ? question->len : 1);
	char	   *room = malloc(INVOICE_REFERENCE_SIZE);
	Text		answer;

	memcpy(copy, question->bytes, question->len);
	memset(room, 'x', INVOICE_REFERENCE_SIZE);
	answer.len = (size_t) (back ? ReferencedInvoice(jurisdiction, strlen(jurisdiction), copy, question->len, room) :
						   InvoiceReference(jurisdiction, strlen(jurisdiction), copy, question->len, room));
	Require(answer.len < INVOICE_REFERENCE_SIZE && room[answer.len] == '\0', "an answer ends within its room");
	Require(memcmp(copy, question->bytes, question->len) == 0, "a text is only read");
	memcpy(answer.bytes, room, answer.len + 1);
	free(copy);
	free(room);
	return answer;
}

/* Tells whether two texts are the same. */
static bool
Same(const Text *a, const Text *b)
{
	return a->len == b->len && memcmp(a->bytes, b->bytes, a->len) == 0;
}

/* Takes a text. */
static void
TakeText(Bytes *bytes, int how, Text *text)
{
	text->len = how >= 4 ? (size_t) TakeBetween(bytes, 0, 26) : bytes->left < LONGEST ? bytes->left : LONGEST;
	for (size_t i = 0; i < text->len; i++)
	{
		uint64_t	byte = Take(bytes, 1);

		text->bytes[i] = how < 2 ? (char) byte : how < 4 ? likely[byte % (sizeof(likely) - 1)] : (char) ('0' + byte % 10);
	}
}

/* Makes another number of one: what may be mistaken for it. */
static void
Mistake(Bytes *bytes, const char *jurisdiction, const Text *number, Text *other)
{
	size_t		at = (size_t) TakeBetween(bytes, 0, (int64_t) number->len);

	switch (Take(bytes, 1) % 5)
	{
		case 0:					/* the reference itself as a number */
			*other = Ask(false, jurisdiction, number);
			return;
		case 1:					/* the number that it reads as */
			*other = Ask(true, jurisdiction, number);
			return;
		case 2:					/* one character more */
			other->len = number->len + 1;
			memcpy(other->bytes, number->bytes, at);
			other->bytes[at] = "0+ -1"[Take(bytes, 1) % 5];
			memcpy(other->bytes + at + 1, number->bytes + at, number->len - at);
			return;
		case 3:					/* one less */
			*other = *number;
			if (at == number->len)
				return;
			memmove(other->bytes + at, other->bytes + at + 1, other->len - at - 1);
			other->len--;
			return;
		default:				/* another one */
			*other = *number;
			if (at < number->len)
				other->bytes[at] = "0123456789+ "[Take(bytes, 1) % 12];
			return;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	const char *jurisdiction = jurisdictions[TakeBetween(&bytes, 0, 7)];
	int			how = (int) TakeBetween(&bytes, 0, 7);
	Bytes		after = bytes;	/* chooses what to mistake it for */
	Text		number;
	Text		other;
	Text		reference;
	Text		back;

	TakeText(&bytes, how, &number);
	reference = Ask(false, jurisdiction, &number);
	back = Ask(true, jurisdiction, &reference);
	/* whatever it is, it reads as some number */
	(void) Ask(true, jurisdiction, &number);
	if (number.len > INVOICE_NUMBER_BYTES)
		return 0;
	Require(Same(&back, &number), "a reference leads back to its invoice");
	Mistake(&after, jurisdiction, &number, &other);
	if (other.len > INVOICE_NUMBER_BYTES || Same(&other, &number))
		return 0;
	back = Ask(false, jurisdiction, &other);
	Require(!Same(&back, &reference), "no two invoices have one reference");
	return 0;
}
