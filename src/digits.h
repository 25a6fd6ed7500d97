/*
 * digits.h: öre straight from the digits of a numeric, without a server.
 */
#ifndef REMINDER_DIGITS_H
#define REMINDER_DIGITS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* The bound that every amount column keeps: below 10^12 in its currency. */
#define ORE_BOUND INT64_C(100000000000000)

/* Gives the i-th word of the digits. */
static inline int
DigitsWord(const char *data, int i)
{
	uint16_t	word;

	memcpy(&word, data + i * sizeof(word), sizeof(word));
	return word;
}

/*
 * Gives the öre of a small amount that is not negative; false if it is
 * anything else. The data is the form that numerics have on disk, which
 * pg_upgrade keeps, in rows at any address: words of 16 bits, a header of sign,
 * scale and weight, then digits of base 10000, of which the last is never zero.
 */
static inline bool
OreOfDigits(const char *data, size_t size, int64_t *ore)
{
	int			ndigits = (int) (size / sizeof(uint16_t)) - 1;
	int			header = DigitsWord(data, 0);
	int			weight = header & 0x003F;	/* of the first digit */
	int64_t		whole = 0;
	int			fraction;

	/* a short header, positive, and a weight that is not negative */
	if ((header & 0xE040) != 0x8000 || weight > 3 || ndigits > weight + 2)
		return false;
	for (int i = 0; i <= weight; i++)
		whole = whole * 10000 + (i < ndigits ? DigitsWord(data, 1 + i) : 0);
	fraction = weight + 1 < ndigits ? DigitsWord(data, 2 + weight) : 0;
	*ore = whole * 100 + fraction / 100;
	return fraction % 100 == 0 && *ore < ORE_BOUND;
}

#endif							/* REMINDER_DIGITS_H */
