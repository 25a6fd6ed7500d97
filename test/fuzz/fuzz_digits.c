/*
 * fuzz_digits.c
 *		Amounts from the digits that numerics have on disk: every amount there
 *		is, and any words.
 */
#include "digits.h"

#include <string.h>

#include "fuzz.h"

#define MANY		12
#define SHORT		0x8000
#define NEGATIVE	0x2000

/* Reads words that lie in memory of just their length. */
static bool
Read(const uint16_t *words, int ndigits, int64_t *ore)
{
	size_t		size = (size_t) (ndigits + 1) * sizeof(uint16_t);
	uint16_t   *copy = malloc(size);
	bool		read;

	memcpy(copy, words, size);
	read = OreOfDigits((const char *) copy, size, ore);
	free(copy);
	return read;
}

/* Writes an amount as the server does: no zero digit first or last. */
static int
Write(int64_t ore, int scale, uint16_t *words)
{
	uint16_t	digits[6];
	int			weight = 4;
	int			first = 0;
	int			last = 5;
	int64_t		whole = ore / 100;

	digits[5] = (uint16_t) (ore % 100 * 100);
	for (int i = 4; i >= 0; i--, whole /= 10000)
		digits[i] = (uint16_t) (whole % 10000);
	while (first <= last && digits[first] == 0)
		first++;
	while (last >= first && digits[last] == 0)
		last--;
	weight -= first;
	if (first > last)
		weight = 0;
	words[0] = (uint16_t) (SHORT | scale << 7 | (weight < 0 ? 0x40 : 0) | (weight & 0x3F));
	for (int i = first; i <= last; i++)
		words[1 + i - first] = digits[i];
	return last - first + 1;
}

/* An amount is read as it is; what is negative, below 1, or too large, is left to the server. */
static void
AskAmount(Bytes *bytes)
{
	int64_t		ore = TakeBetween(bytes, 0, TakeBool(bytes) ? 2 * ORE_BOUND : 2000000);
	uint16_t	words[MANY];
	int			ndigits = Write(ore, (int) TakeBetween(bytes, 0, 63), words);
	int64_t		read = -1;

	if (ore < ORE_BOUND && (ore >= 100 || ore == 0))
		Require(Read(words, ndigits, &read) && read == ore, "an amount is read as it was written");
	else
		Require(!Read(words, ndigits, &read), "what is below 1, or too large, is left to the server");
	words[0] |= NEGATIVE;
	Require(!Read(words, ndigits, &read), "so is what is negative");
	words[0] |= 0x4000;
	Require(!Read(words, ndigits, &read), "and what is no number");
}

/* Of any words, digits as the server writes them: what is read is what they mean. */
static void
AskWords(Bytes *bytes)
{
	uint16_t	words[MANY];
	int			ndigits = (int) TakeBetween(bytes, 0, MANY - 1);
	int			weight;
	long double meant = 0;
	int64_t		ore;

	words[0] = (uint16_t) Take(bytes, 2);
	if (TakeBool(bytes))
		words[0] = (uint16_t) (SHORT | (words[0] & 0x1FC3));
	for (int i = 1; i <= ndigits; i++)
		words[i] = (uint16_t) TakeBetween(bytes, i == ndigits ? 1 : 0, 9999);
	if (!Read(words, ndigits, &ore))
		return;
	Require(ore >= 0 && ore < ORE_BOUND, "an amount is within its bound");
	weight = (words[0] & 0x3F) - (words[0] & 0x40);
	for (int i = 0; i < ndigits; i++)
	{
		long double digit = words[1 + i];

		for (int power = weight - i; power != 0; power += power > 0 ? -1 : 1)
			digit = power > 0 ? digit * 10000 : digit / 10000;
		meant += digit;
	}
	Require(meant * 100 - ore < 0.001L && ore - meant * 100 < 0.001L, "an amount is what its digits mean");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};

	if (TakeBool(&bytes))
		AskAmount(&bytes);
	else
		AskWords(&bytes);
	return 0;
}
