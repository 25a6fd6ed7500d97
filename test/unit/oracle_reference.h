/*
 * oracle_reference.h
 *		What makes a reference right (F1), by the plain definition of each check
 *		and nothing of reference.c.
 *
 * Values are without separators, in capitals, and shorter than REFERENCE_SIZE.
 */
#ifndef REMINDER_ORACLE_REFERENCE_H
#define REMINDER_ORACLE_REFERENCE_H

#include <stdio.h>
#include <string.h>

#include "reference.h"

/* The plain definition: every second digit from the right doubled, mod 10. */
static bool
LuhnHolds(const char *digits)
{
	static const int doubled[] = {0, 2, 4, 6, 8, 1, 3, 5, 7, 9};
	int			len = (int) strlen(digits);
	int			sum = 0;
	int			i;

	for (i = 0; i < len; i++)
	{
		int			digit = digits[i] - '0';

		sum += (len - i) % 2 == 0 ? doubled[digit] : digit;
	}
	return sum % 10 == 0;
}

/* The plain definition: the number itself, its check digit weighted by 1. */
static bool
WeightsHold(const char *value, const char *weights, int modulus)
{
	int			len = (int) strlen(value);
	int			sum = 0;
	int			i;

	for (i = 0; i < len; i++)
	{
		char		c = value[len - 1 - i];
		int			weight = i == 0 ? 1 :
			weights[(i - 1) % strlen(weights)] - '0';

		sum += (c == '-' ? 10 : c - '0') * weight;
	}
	return sum % modulus == 0;
}

/* The plain definition: written out as one long number and divided by 97. */
static bool
Iso7064Holds(const char *value)
{
	static const char alphabet[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char		turned[2 * REFERENCE_SIZE];
	char		number[4 * REFERENCE_SIZE] = "";
	int			rest = 0;
	char	   *c;

	snprintf(turned, sizeof(turned), "%s%.4s", value + 4, value);
	for (c = turned; *c != '\0'; c++)
		snprintf(number + strlen(number), 3, "%d",
				 (int) (strchr(alphabet, *c) - alphabet));
	for (c = number; *c != '\0'; c++)
		rest = (rest * 10 + (*c - '0')) % 97;
	return rest == 1;
}

/* Tells by the plain definitions whether a reference is right. */
static bool
Holds(ReferenceFormat format, const char *value)
{
	switch (format)
	{
		case REFERENCE_FI_VIITE:
			return WeightsHold(value, "731", 10);
		case REFERENCE_NO_KID11:
			return WeightsHold(value, "234567", 11);
		case REFERENCE_RF:
		case REFERENCE_IBAN:
			return Iso7064Holds(value);
		case REFERENCE_SE_IDENTITY:
			return LuhnHolds(value + strlen(value) - 10);
		default:
			return LuhnHolds(value);
	}
}

#endif							/* REMINDER_ORACLE_REFERENCE_H */
