/*
 * fuzz.h
 *		What fuzz targets share: reading a question from random bytes, and saying
 *		which property did not hold.
 *
 * A target asks its file one question per call of LLVMFuzzerTestOneInput, which
 * libFuzzer calls, or driver.c.  Whatever the bytes, there is an answer.
 */
#ifndef REMINDER_FUZZ_H
#define REMINDER_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

extern int	LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is left of the bytes; behind their end are zeros. */
typedef struct Bytes
{
	const uint8_t *at;
	size_t		left;
} Bytes;

/* Ends the program, which keeps the bytes, unless a property holds. */
static inline void
Require(bool holds, const char *property)
{
	if (holds)
		return;
	fprintf(stderr, "does not hold: %s\n", property);
	abort();
}

/* Takes a number of up to 8 bytes. */
static inline uint64_t
Take(Bytes *bytes, int size)
{
	uint64_t	number = 0;

	for (; size > 0; size--)
	{
		number <<= 8;
		if (bytes->left == 0)
			continue;
		number |= *bytes->at++;
		bytes->left--;
	}
	return number;
}

/* Takes a yes or no. */
static inline bool
TakeBool(Bytes *bytes)
{
	return (Take(bytes, 1) & 1) == 1;
}

/* Takes a whole number from low up to and with high. */
static inline int64_t
TakeBetween(Bytes *bytes, int64_t low, int64_t high)
{
	uint64_t	span = (uint64_t) high - (uint64_t) low;
	int			size = span < 0x100 ? 1 : span < 0x10000 ? 2 :
		span < UINT64_C(0x100000000) ? 4 : 8;
	uint64_t	number = Take(bytes, size);

	if (span < UINT64_MAX)
		number %= span + 1;
	return (int64_t) ((uint64_t) low + number);
}

#endif							/* REMINDER_FUZZ_H */
