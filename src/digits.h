/*
 * digits.h: öre straight from the digits of a numeric, without a server.
 */
#ifndef REMINDER_DIGITS_H
#define REMINDER_DIGITS_H

#include <stdbool.h>
#include <stdint.h>

/* The bound that every amount column keeps: below 10^12 in its currency. */
#define ORE_BOUND INT64_C(100000000000000)

/*
 * Gives the öre of a small amount that is not negative; false if it is
 * anything else. The words are the form that numerics have on disk, which
 * pg_upgrade keeps: a header of sign, scale and weight, then ndigits digits of
 * base 10000, of which the last is never zero.
 */
static inline bool
OreOfDigits(const uint16_t *word, int ndigits, int64_t *ore)
{
	int			weight = word[0] & 0x003F;	/* of the first digit */
	int64_t		whole = 0;
	int			fraction;

	/* a short header, positive, and a weight that is not negative */
	if ((word[0] & 0xE040) != 0x8000 || weight > 3 || ndigits > weight + 2)
		return false;
	for (int i = 0; i <= weight; i++)
		whole = whole * 10000 + (i < ndigits ? word[1 + i] : 0);
	fraction = weight + 1 < ndigits ? word[2 + weight] : 0;
	*ore = whole * 100 + fraction / 100;
	return fraction % 100 == 0 && *ore < ORE_BOUND;
}

#endif							/* REMINDER_DIGITS_H */
