/*
 * identity.c
 *		Identity numbers of persons and organisations, country by country (P7).
 *
 * Nothing here allocates, and nothing depends on a server.
 */
#include "identity.h"

#include <stdbool.h>
#include <string.h>

#include "calendar.h"
#include "reference.h"

/* Longer than any number, and its final NUL. */
#define IDENTITY_SIZE	16

typedef struct IdentityRule
{
	const char *country;
	bool		(*is_right) (const char *value, int len);
} IdentityRule;

/* Gives a capital for a small letter, any other byte as it is. */
static inline char
ToCapital(char c)
{
	return c >= 'a' && c <= 'z' ? (char) (c - 'a' + 'A') : c;
}

/*
 * Copies a number of so many digits, without a hyphen that may stand before
 * the last of them; false if it is anything else.
 */
static bool
CopyDigits(const char *value, int len, int count, int tail, char *digits)
{
	int			n = 0;

	for (int i = 0; i < len; i++)
	{
		if (value[i] == '-' && tail > 0 && i == count - tail && len == count + 1)
			continue;
		if (value[i] < '0' || value[i] > '9' || n == count)
			return false;
		digits[n++] = value[i];
	}
	return n == count;
}

/* Gives the number that two digits write. */
static int
TwoDigits(const char *digits)
{
	return (digits[0] - '0') * 10 + (digits[1] - '0');
}

/* Tells whether a date exists. */
static bool
IsDate(int year, int month, int day)
{
	int			y;
	int			m;
	int			d;

	if (month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	DateOfDay(DayOfDate(year, month, day), &y, &m, &d);
	return m == month && d == day;
}

/* Sums digits, each by its weight, which is a digit too, and gives the rest by 11. */
static int
Modulo11(const char *digits, const char *weights)
{
	int			sum = 0;

	for (int i = 0; weights[i] != '\0'; i++)
		sum += (digits[i] - '0') * (weights[i] - '0');
	return sum % 11;
}

/* Sweden: persons, coordination numbers and organisations. */
static bool
IsSwedish(const char *value, int len)
{
	return CheckReference(REFERENCE_SE_IDENTITY, value, (size_t) len);
}

/* Finland: a person, 131052-308T. The sign tells the century. */
static bool
IsFinnishPerson(const char *value, int len)
{
	static const char checks[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";
	char		digits[IDENTITY_SIZE];
	int			rest = 0;
	int			century;

	if (len != 11 || !CopyDigits(value, 6, 6, 0, digits) || !CopyDigits(value + 7, 3, 3, 0, digits + 6))
		return false;
	if (value[6] == '+')
		century = 1800;
	else if (value[6] != '\0' && strchr("-UVWXY", value[6]) != NULL)
		century = 1900;
	else if (value[6] >= 'A' && value[6] <= 'F')
		century = 2000;
	else
		return false;
	for (int i = 0; i < 9; i++)
		rest = (rest * 10 + (digits[i] - '0')) % 31;
	return IsDate(century + TwoDigits(digits + 4), TwoDigits(digits + 2), TwoDigits(digits)) &&
		memcmp(digits + 6, "002", 3) >= 0 && value[10] == checks[rest];
}

/* Finland: an organisation, 2077474-0. */
static bool
IsFinnishOrganisation(const char *value, int len)
{
	char		digits[IDENTITY_SIZE];
	int			sum;

	if (!CopyDigits(value, len, 8, 1, digits))
		return false;
	/* weights 7, 9, 10, 5, 8, 4, 2 and 1: the third is one more than a digit says */
	sum = Modulo11(digits, "79958421") + (digits[2] - '0');
	return sum % 11 == 0;
}

/* Norway: a person, 151086 95088; 40 is added to the day or the month of some. */
static bool
IsNorwegianPerson(const char *value, int len)
{
	char		digits[IDENTITY_SIZE];
	int			day;
	int			month;

	if (!CopyDigits(value, len, 11, 5, digits))
		return false;
	day = TwoDigits(digits) % 40;
	month = TwoDigits(digits + 2) % 40;
	/* the century is not told: of the years 00 one had a leap day */
	return IsDate(2000 + TwoDigits(digits + 4), month, day) &&
		Modulo11(digits, "3761894521") == 0 && Modulo11(digits, "54327654321") == 0;
}

/* Norway: an organisation, 974 760 673. */
static bool
IsNorwegianOrganisation(const char *value, int len)
{
	char		digits[IDENTITY_SIZE];

	return CopyDigits(value, len, 9, 0, digits) && Modulo11(digits, "327654321") == 0;
}

/* Denmark: a person, 211062-5629. The last digits check nothing since 2007. */
static bool
IsDanishPerson(const char *value, int len)
{
	char		digits[IDENTITY_SIZE];

	return CopyDigits(value, len, 10, 4, digits) &&
		IsDate(2000 + TwoDigits(digits + 4), TwoDigits(digits + 2), TwoDigits(digits));
}

/* Denmark: an organisation, 13585628. */
static bool
IsDanishOrganisation(const char *value, int len)
{
	char		digits[IDENTITY_SIZE];

	return CopyDigits(value, len, 8, 0, digits) && digits[0] != '0' && Modulo11(digits, "27654321") == 0;
}

static const IdentityRule rules[] = {
	{"SE", IsSwedish},
	{"FI", IsFinnishPerson},
	{"FI", IsFinnishOrganisation},
	{"NO", IsNorwegianPerson},
	{"NO", IsNorwegianOrganisation},
	{"DK", IsDanishPerson},
	{"DK", IsDanishOrganisation},
};

/* Copies a value without single spaces inside it, in capitals; its length, 0 if it is no number. */
static int
Compact(const char *value, size_t len, char *compact)
{
	int			count = 0;

	for (size_t i = 0; i < len; i++)
	{
		if (value[i] == ' ')
		{
			if (i == 0 || i + 1 == len || value[i - 1] == ' ')
				return 0;
			continue;
		}
		if (count == IDENTITY_SIZE - 1)
			return 0;
		compact[count++] = ToCapital(value[i]);
	}
	return count;
}

/* Tells whether a value is an identity number of a country. */
IdentityState
CheckIdentity(const char *country, size_t country_len, const char *value, size_t len)
{
	IdentityState state = IDENTITY_NOT_KNOWN;
	char		compact[IDENTITY_SIZE] = "";
	int			count = Compact(value, len, compact);

	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
	{
		if (strlen(rules[i].country) != country_len || memcmp(rules[i].country, country, country_len) != 0)
			continue;
		if (rules[i].is_right(compact, count))
			return IDENTITY_RIGHT;
		state = IDENTITY_WRONG;
	}
	return state;
}
