/*
 * money.h: exact amounts, as 64-bit öre (hundredths) inside and numeric outside.
 */
#ifndef REMINDER_MONEY_H
#define REMINDER_MONEY_H

#include "utils/numeric.h"

/* The bound that every amount column keeps: below 10^12 in its currency. */
#define ORE_BOUND INT64CONST(100000000000000)

extern int64 OreFromNumeric(Numeric amount);
extern Numeric NumericFromOre(int64 ore);

#endif							/* REMINDER_MONEY_H */
