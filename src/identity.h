/*
 * identity.h
 *		Identity numbers of persons and organisations, country by country (P7).
 */
#ifndef REMINDER_IDENTITY_H
#define REMINDER_IDENTITY_H

#include <stddef.h>

typedef enum IdentityState
{
	IDENTITY_WRONG,
	IDENTITY_RIGHT,
	IDENTITY_NOT_KNOWN			/* the country's numbers are not known here */
} IdentityState;

/*
 * Tells whether a value is written as a person's or an organisation's number
 * of a country (SE, FI, NO or DK) is, with its check digits right and its date
 * one that exists.  Single spaces may stand inside, and the hyphens that are
 * customary.  Country and value may be any bytes.
 */
extern IdentityState CheckIdentity(const char *country, size_t country_len,
								   const char *value, size_t len);

#endif							/* REMINDER_IDENTITY_H */
