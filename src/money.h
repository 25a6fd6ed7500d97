/*
 * money.h: exact amounts, as 64-bit öre (hundredths) inside and numeric outside.
 */
#ifndef REMINDER_MONEY_H
#define REMINDER_MONEY_H

#include "utils/numeric.h"

#include "digits.h"

extern int64 OreFromNumeric(Numeric amount);
extern int64 OreFromDatum(Datum amount);
extern Numeric NumericFromOre(int64 ore);

#endif							/* REMINDER_MONEY_H */
