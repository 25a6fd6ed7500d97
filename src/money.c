/*
 * money.c: exact amounts, as 64-bit öre (hundredths) inside and numeric outside.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "money.h"

/* Numbers that are made once for the life of the backend. */
typedef struct Constants
{
	Datum		hundred;
	Datum		bound;
	Datum		minus_bound;
} Constants;

/* Gives them, as numeric. */
static const Constants *
GetConstants(void)
{
	static Constants constants;
	static bool made = false;

	if (!made)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		constants.hundred = DirectFunctionCall1(int8_numeric, Int64GetDatum(100));
		constants.bound = DirectFunctionCall1(int8_numeric, Int64GetDatum(ORE_BOUND / 100));
		constants.minus_bound = DirectFunctionCall1(int8_numeric, Int64GetDatum(-ORE_BOUND / 100));
		MemoryContextSwitchTo(old);
		made = true;
	}
	return &constants;
}

/* Compares two numerics; NaN is above everything. */
static int
Compare(Datum a, Datum b)
{
	return DatumGetInt32(DirectFunctionCall2(numeric_cmp, a, b));
}

/* Raises 22R03 for an amount that no column of ours can hold. */
static void
RefuseAmount(Numeric amount)
{
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_AMOUNT),
			 errmsg("amount is out of range"),
			 errdetail("The amount is %.64s.", numeric_normalize(amount)),
			 errhint("Amounts have two decimals and are below 1000000000000.")));
}

/*
 * Gives an amount in öre; raises 22R03 if it is not a number, not whole öre
 * or out of the bound, so that nothing is ever rounded silently.
 */
int64
OreFromNumeric(Numeric amount)
{
	const Constants *constants = GetConstants();
	Datum		scaled;
	int64		ore;

	if (OreOfDigits(VARDATA(amount), VARSIZE(amount) - VARHDRSZ, &ore))
		return ore;
	/* NaN and infinities lie outside, too */
	if (Compare(NumericGetDatum(amount), constants->bound) >= 0 ||
		Compare(NumericGetDatum(amount), constants->minus_bound) <= 0)
		RefuseAmount(amount);
	scaled = DirectFunctionCall2(numeric_mul, NumericGetDatum(amount), constants->hundred);
	ore = DatumGetInt64(DirectFunctionCall1(numeric_int8, scaled));
	if (Compare(scaled, DirectFunctionCall1(int8_numeric, Int64GetDatum(ore))) != 0)
		RefuseAmount(amount);
	return ore;
}

/* The same of an amount as it lies in a row, of which a small one is not copied. */
int64
OreFromDatum(Datum amount)
{
	const struct varlena *packed = (const struct varlena *) DatumGetPointer(amount);
	int64		ore;

	if (!VARATT_IS_EXTERNAL(packed) && !VARATT_IS_COMPRESSED(packed) &&
		OreOfDigits(VARDATA_ANY(packed), VARSIZE_ANY_EXHDR(packed), &ore))
		return ore;
	return OreFromNumeric(DatumGetNumeric(amount));
}

/* Gives the numeric, with two decimals, of an amount in öre. */
Numeric
NumericFromOre(int64 ore)
{
	return OreToNumeric(ore);
}
