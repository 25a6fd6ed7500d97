/*
 * fuzz_identity.c
 *		Any bytes as a country, and as an identity number of one (P7).
 *
 * Needs: src/identity.c src/reference.c src/calendar.c
 */
#include "identity.h"

#include <string.h>

#include "fuzz.h"

#define LONGEST		80

static const char *const countries[] = {"SE", "FI", "NO", "DK"};

/* What stands in identity numbers, and beside it. */
static const char likely[] = "0123456789 -+ABCDEFUVWXYabt\xc3";

/* Asks about a value that lies in memory of just its length, as its country does. */
static IdentityState
Ask(const char *country, size_t country_len, const char *value, size_t len)
{
	char	   *where = malloc(country_len > 0 ? country_len : 1);
	char	   *copy = malloc(len > 0 ? len : 1);
	IdentityState state;

	memcpy(where, country, country_len);
	memcpy(copy, value, len);
	state = CheckIdentity(where, country_len, copy, len);
	Require(CheckIdentity(where, country_len, copy, len) == state, "the same question has the same answer");
	Require(memcmp(copy, value, len) == 0, "a value is only read");
	free(where);
	free(copy);
	return state;
}

/* The same about one of the countries that are known. */
static bool
IsRight(const char *country, const char *value, size_t len)
{
	IdentityState state = Ask(country, 2, value, len);

	Require(state != IDENTITY_NOT_KNOWN, "a country whose numbers are known gives an answer");
	return state == IDENTITY_RIGHT;
}

/* Gives a right value without spaces; its length. */
static size_t
Compact(const char *value, size_t len, char *compact)
{
	size_t		count = 0;

	for (size_t i = 0; i < len; i++)
		if (value[i] != ' ')
			compact[count++] = value[i];
	compact[count] = '\0';
	return count;
}

/* Counts digits. */
static size_t
Digits(const char *text, size_t len)
{
	size_t		count = 0;

	for (size_t i = 0; i < len; i++)
		count += text[i] >= '0' && text[i] <= '9';
	return count;
}

/* Tells whether a digit of a right number is one that its check digits check. */
static bool
IsChecked(const char *country, const char *compact, size_t len, size_t at)
{
	/* a Dane's last digits check nothing, and a Swede's century is not checked */
	if (strcmp(country, "DK") == 0)
		return Digits(compact, len) == 8;
	if (strcmp(country, "SE") == 0)
		return Digits(compact + at, len - at) <= 10;
	return true;
}

/* What holds of everything that is called right. */
static void
RequireRight(const char *country, const char *value, size_t len, Bytes *bytes)
{
	char		compact[LONGEST + 1];
	char		other[LONGEST + 4];
	size_t		count = Compact(value, len, compact);
	size_t		at = (size_t) TakeBetween(bytes, 0, (int64_t) count - 1);

	Require(count >= 8 && count <= 13, "a number is 8 to 13 characters long");
	Require(IsRight(country, compact, count), "what is right is so without spaces");
	if (compact[at] >= '0' && compact[at] <= '9' && IsChecked(country, compact, count, at))
	{
		strcpy(other, compact);
		for (other[at] = '0'; other[at] <= '9'; other[at]++)
			Require(other[at] == compact[at] || !IsRight(country, other, count), "one wrong digit is seen");
	}
	sprintf(other, "%s ", compact);
	Require(!IsRight(country, other, count + 1), "a space at the end is wrong");
	if (at == 0)
		return;
	sprintf(other, "%.*s %s", (int) at, compact, compact + at);
	Require(IsRight(country, other, count + 1), "one space may stand anywhere inside");
	sprintf(other, "%.*s  %s", (int) at, compact, compact + at);
	Require(!IsRight(country, other, count + 2), "two may not");
}

/* Asks about a value in a country, with every last digit that it may have. */
static void
AskValue(const char *country, char *text, size_t len, Bytes *bytes)
{
	char		last = len > 0 ? text[len - 1] : 0;
	int			right = 0;

	if (IsRight(country, text, len))
		RequireRight(country, text, len, bytes);
	if (last < '0' || last > '9')
		return;
	for (text[len - 1] = '0'; text[len - 1] <= '9'; text[len - 1]++)
		if (IsRight(country, text, len))
		{
			RequireRight(country, text, len, bytes);
			right++;
		}
	text[len - 1] = last;
	Require(right <= 1 || (strcmp(country, "DK") == 0 && right == 10), "no two numbers differ in their check digit alone");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	const char *country = countries[TakeBetween(&bytes, 0, 3)];
	int			how = (int) TakeBetween(&bytes, 0, 7);
	Bytes		after = bytes;	/* chooses what to change */
	char		text[LONGEST] = "";
	size_t		len = bytes.left < LONGEST ? bytes.left : LONGEST;
	bool		known = false;

	/* mostly of a length that numbers have */
	if (how >= 4)
		len = (size_t) TakeBetween(&bytes, 7, 13);
	for (size_t i = 0; i < len; i++)
	{
		uint64_t	byte = Take(&bytes, 1);

		text[i] = how < 2 ? (char) byte : how < 4 ? likely[byte % (sizeof(likely) - 1)] :
			(char) ('0' + byte % 10);
	}
	/* now and then with a date and a sign where a number has them */
	if (how >= 6 && len >= 11)
		memcpy(text, strcmp(country, "FI") == 0 ? "131052-" : "010170", strcmp(country, "FI") == 0 ? 7 : 6);
	AskValue(country, text, len, &after);
	/* any bytes as the country */
	for (int i = 0; i < 4; i++)
		known |= len >= 2 && memcmp(countries[i], text, 2) == 0;
	if (!known)
		Require(Ask(text, len < 2 ? len : 2, text, len) == IDENTITY_NOT_KNOWN, "of another country nothing is known");
	return 0;
}
