/*
 * fuzz_reference.c
 *		Any bytes as the value, and as the base, of a reference (F1).
 *
 * Needs: src/reference.c
 */
#include "reference.h"

#include <string.h>

#include "fuzz.h"
#include "oracle_reference.h"

#define LONGEST		600

/* What stands in references, and beside it. */
static const char likely[] = "0123456789 -+ASERFNODKIGBMTiban\xc3";

/* How many characters of a format are check digits, and from where. */
static const struct
{
	int			count;
	bool		after_country;
}			checks[REFERENCE_COUNT] = {
	[REFERENCE_SE_OCR] = {1, false},
	[REFERENCE_SE_OCR_LENGTH] = {2, false},
	[REFERENCE_SE_BANKGIRO] = {1, false},
	[REFERENCE_SE_PLUSGIRO] = {1, false},
	[REFERENCE_SE_IDENTITY] = {1, false},
	[REFERENCE_FI_VIITE] = {1, false},
	[REFERENCE_RF] = {2, true},
	[REFERENCE_NO_KID10] = {1, false},
	[REFERENCE_NO_KID11] = {1, false},
	[REFERENCE_DK_FIK71] = {1, false},
	[REFERENCE_IBAN] = {2, true},
};

/* Checks a value that lies in memory of just its length. */
static bool
IsRight(ReferenceFormat format, const char *value, size_t len)
{
	char	   *copy = malloc(len > 0 ? len : 1);
	bool		right;

	memcpy(copy, value, len);
	right = CheckReference(format, copy, len);
	Require(CheckReference(format, copy, len) == right, "the same question has the same answer");
	Require(memcmp(copy, value, len) == 0, "a value is only read");
	free(copy);
	return right;
}

/* Takes the separators out of a value that is right, and writes it in capitals. */
static void
Compact(const char *value, size_t len, ReferenceFormat format, char *compact)
{
	size_t		count = 0;
	size_t		i;

	for (i = 0; i < len; i++)
	{
		char		c = value[i];

		/* modulus 11's last one is a check digit */
		if (c == ' ' || c == '+' || (c == '-' && format != REFERENCE_NO_KID11))
			continue;
		Require(count < REFERENCE_SIZE - 1, "what is right is short");
		compact[count++] = c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
	}
	compact[count] = '\0';
}

/* Cuts the check digits out of a reference. */
static void
Base(ReferenceFormat format, const char *compact, char *base)
{
	size_t		len = strlen(compact);
	size_t		keep = checks[format].after_country ? 2 : len - checks[format].count;

	if (format == REFERENCE_RF)
		keep = 0;
	memcpy(base, compact, keep);
	base[keep] = '\0';
	if (checks[format].after_country)
		strcpy(base + keep, compact + 4);
}

/* What holds of everything that is called right. */
static void
RequireRight(ReferenceFormat format, const char *compact, Bytes *bytes)
{
	char		base[REFERENCE_SIZE];
	char		again[REFERENCE_SIZE];
	char		other[2 * REFERENCE_SIZE];
	size_t		len = strlen(compact);
	size_t		at = (size_t) TakeBetween(bytes, 0, (int64_t) len - 1);
	char		digit = (char) TakeBetween(bytes, '0', '9');
	size_t		i;

	Require(IsRight(format, compact, len), "what is right is so without separators and in capitals");
	Require(Holds(format, compact), "what is right is so by the plain definition");
	Base(format, compact, base);
	Require(MakeReference(format, base, strlen(base), again) && strcmp(again, compact) == 0,
			"what is right is what its base makes");

	/* the century is no part of what an identity number's digit checks */
	strcpy(other, compact);
	if (other[at] >= '0' && other[at] <= '9' && other[at] != digit &&
		!(format == REFERENCE_SE_IDENTITY && at + 10 < len))
	{
		other[at] = digit;
		Require(!IsRight(format, other, len), "one wrong digit is seen");
	}

	strcpy(other, compact);
	for (i = 0; i < len; i++)
		if (other[i] >= 'A' && other[i] <= 'Z')
			other[i] = (char) (other[i] - 'A' + 'a');
	Require(IsRight(format, other, len), "small letters count as capitals");
	if (at == 0)
		return;
	sprintf(other, "%.*s %s", (int) at, compact, compact + at);
	Require(IsRight(format, other, len + 1), "one space may stand anywhere inside");
	sprintf(other, "%.*s  %s", (int) at, compact, compact + at);
	Require(!IsRight(format, other, len + 2), "two may not");
	sprintf(other, "%s ", compact);
	Require(!IsRight(format, other, len + 1), "nor may one at the end");
}

/* Asks about a text as a value. */
static void
AskValue(ReferenceFormat format, const char *text, size_t len, Bytes *bytes)
{
	char		compact[REFERENCE_SIZE];

	if (!IsRight(format, text, len))
		return;
	Compact(text, len, format, compact);
	RequireRight(format, compact, bytes);
}

/* Asks about a text as a base. */
static void
AskBase(ReferenceFormat format, const char *text, size_t len, Bytes *bytes)
{
	char	   *base = malloc(len > 0 ? len : 1);
	char		reference[REFERENCE_SIZE];
	char		again[REFERENCE_SIZE];
	bool		made;

	memcpy(base, text, len);
	memset(reference, 'x', sizeof(reference));
	made = MakeReference(format, base, len, reference);
	Require(MakeReference(format, base, len, again) == made, "the same base has the same answer");
	free(base);
	if (!made)
		return;
	Require(memchr(reference, '\0', sizeof(reference)) != NULL, "a reference ends within its room");
	Require(strcmp(reference, again) == 0, "the same base makes the same reference");
	Require(strspn(reference, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(reference),
			"a reference is digits and capitals");
	Require(strlen(reference) >= len, "a reference is no shorter than its base");
	Require(IsRight(format, reference, strlen(reference)), "what was made is right");
	RequireRight(format, reference, bytes);
}

/* Asks about a text as a name. */
static void
AskName(const char *text, size_t len)
{
	ReferenceFormat format = REFERENCE_COUNT;

	if (!ReferenceFormatByName(text, len, &format))
		return;
	Require(format < REFERENCE_COUNT, "a format that is found is one");
	Require(strlen(ReferenceFormatName(format)) == len &&
			memcmp(ReferenceFormatName(format), text, len) == 0, "a format is found by its own name");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	ReferenceFormat format = (ReferenceFormat) TakeBetween(&bytes, 0, REFERENCE_COUNT - 1);
	int			how = (int) TakeBetween(&bytes, 0, 7);
	Bytes		after = bytes;	/* chooses what to change */
	char		text[LONGEST] = "";
	size_t		len = 0;

	/* now and then a base as the format likes it, so that much is right */
	if (how >= 5)
		len = (size_t) TakeBetween(&bytes, 0, format == REFERENCE_IBAN ? 20 : 24);
	else
		len = bytes.left < LONGEST ? bytes.left : LONGEST;
	for (size_t i = 0; i < len; i++)
	{
		uint64_t	byte = Take(&bytes, 1);

		text[i] = how < 2 ? (char) byte : how < 5 ? likely[byte % (sizeof(likely) - 1)] :
			(char) ('0' + byte % 10);
	}
	if (how >= 6 && format == REFERENCE_IBAN && len > 2)
		memcpy(text, how == 6 ? "SE" : "NO", 2);
	AskValue(format, text, len, &after);
	AskBase(format, text, len, &after);
	AskName(text, len);
	return 0;
}
