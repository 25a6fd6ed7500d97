/*
 * test_identity.c
 *		Identity numbers (P7): published ones, right and wrong, and how they are
 *		written.
 *
 * Needs: src/calendar.c src/reference.c
 */
#include "identity.h"

#include <stdlib.h>

#include "tap.h"

typedef struct Vector
{
	const char *country;
	const char *value;
	bool		right;
} Vector;

static const Vector vectors[] = {
	{"SE", "880320-0016", true},
	{"SE", "19880320-0016", true},
	{"SE", "880320-0018", false},
	{"SE", "556036-0793", true},
	{"SE", "701063-2391", true},
	{"FI", "131052-308T", true},
	{"FI", "131052-308U", false},
	{"FI", "131052a308t", true},
	{"FI", "131052B308T", true},
	{"FI", "131052Y308T", true},
	{"FI", "131052+308T", true},
	{"FI", "131052G308T", false},
	{"FI", "131052308T", false},
	{"FI", "310252-308Y", false},
	{"FI", "131352-3080", false},
	{"FI", "131052-001L", false},
	{"FI", "2077474-0", true},
	{"FI", "2077474-1", false},
	{"FI", "20774740", true},
	{"FI", "0112038-9", true},
	{"FI", "207747-40", false},
	{"FI", "2077474--0", false},
	{"FI", "-20774740", false},
	{"NO", "15108695088", true},
	{"NO", "151086 95088", true},
	{"NO", "151086-95088", true},
	{"NO", "15108695077", false},
	{"NO", "15108695089", false},
	{"NO", "974760673", true},
	{"NO", "974 760 673", true},
	{"NO", "974  760673", false},
	{"NO", "974760674", false},
	{"NO", "974760-673", false},
	{"DK", "211062-5629", true},
	{"DK", "2110625629", true},
	{"DK", "310262-5629", false},
	{"DK", "290200-5629", true},
	{"DK", "13585628", true},
	{"DK", "13585627", false},
	{"DK", "00000000", false},
	{"DK", "", false},
	{"DK", " ", false},
	{"DK", " 13585628", false},
	{"DK", "13585628 ", false},
	{"DK", "1358562\xc3\xa5", false},
	{"FI", "131052-308T131052-308T", false},
};

/* Checks a number of a country, of C strings. */
static IdentityState
State(const char *country, const char *value)
{
	return CheckIdentity(country, strlen(country), value, strlen(value));
}

/* Checks every number of the list above. */
static void
TestVectors(void)
{
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++)
	{
		const Vector *v = &vectors[i];
		char		what[128];

		snprintf(what, sizeof(what), "P7: %s \"%.60s\" is %s", v->country, v->value, v->right ? "right" : "wrong");
		CheckInt(State(v->country, v->value), v->right ? IDENTITY_RIGHT : IDENTITY_WRONG, what);
	}
	CheckInt(State("DE", "12345678911"), IDENTITY_NOT_KNOWN, "P7: of Germany no number is known");
	CheckInt(State("", "13585628"), IDENTITY_NOT_KNOWN, "P7: nor of no country");
	CheckInt(State("DKK", "13585628"), IDENTITY_NOT_KNOWN, "P7: nor of one that begins like another");
}

/* Of numbers that differ in their last digit alone, no more than one is right. */
static void
TestCheckDigits(void)
{
	static const struct
	{
		const char *country;
		const char *format;
		int			highest;
		int			right;		/* a tenth or eleventh of these have no check digit */
	}			kinds[] = {
		{"FI", "%07d", 9999999, 9091},
		{"NO", "%08d", 99999999, 9091},
		{"DK", "%07d", 9999999, 8181},
	};

	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
	{
		int			several = 0;
		int			right = 0;
		char		what[64];

		for (int i = 0; i < 10000; i++)
		{
			char		value[16];
			int			found = 0;
			size_t		len;

			snprintf(value, sizeof(value), kinds[k].format, (int) RandomBetween(0, kinds[k].highest));
			len = strlen(value);
			value[len + 1] = '\0';
			for (char c = '0'; c <= '9'; c++)
			{
				value[len] = c;
				found += State(kinds[k].country, value) == IDENTITY_RIGHT;
			}
			several += found > 1;
			right += found == 1;
		}
		snprintf(what, sizeof(what), "P7: %s, one check digit at most", kinds[k].country);
		CheckInt(several, 0, what);
		snprintf(what, sizeof(what), "P7: %s, and mostly one", kinds[k].country);
		if (!Check(abs(right - kinds[k].right) < 200, what))
			Diag("%d of 10000", right);
	}
}

/* Any bytes and any length are answered, never with an overrun. */
static void
TestAnything(void)
{
	static const char likely[] = "0123456789 -+AaT";
	static const char *const countries[] = {"SE", "FI", "NO", "DK", "XX"};
	int			right = 0;

	for (int i = 0; i < 100000; i++)
	{
		size_t		len = (size_t) RandomBetween(0, 20);
		char	   *value = malloc(len + 1);

		for (size_t at = 0; at < len; at++)
			value[at] = likely[Random() % (sizeof(likely) - 1)];
		right += CheckIdentity(countries[i % 5], 2, value, len) == IDENTITY_RIGHT;
		free(value);
	}
	Check(right < 1000, "P7: of 100,000 odd texts hardly one is a number");
}

int
main(void)
{
	TestVectors();
	TestCheckDigits();
	TestAnything();
	return DoneTesting();
}
