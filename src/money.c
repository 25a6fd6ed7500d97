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

/* The numeric 100, made once for the life of the backend. */
static Datum
Hundred(void)
{
	static Datum hundred = 0;

	if (hundred == 0)
	{
		MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);

		hundred = DirectFunctionCall1(int4_numeric, Int32GetDatum(100));
		MemoryContextSwitchTo(old);
	}
	return hundred;
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
	Datum		scaled;
	int64		ore;

	if (!NumericIsFinite(amount))
		RefuseAmount(amount);
	scaled = DirectFunctionCall2(numeric_mul, NumericGetDatum(amount), Hundred());
	ore = DatumGetInt64(DirectFunctionCall1(numeric_int8, scaled));
	if (ore <= -ORE_BOUND || ore >= ORE_BOUND ||
		DatumGetInt32(DirectFunctionCall2(numeric_cmp, scaled,
										  DirectFunctionCall1(int8_numeric, Int64GetDatum(ore)))) != 0)
		RefuseAmount(amount);
	return ore;
}

/* Gives the numeric, with two decimals, of an amount in öre. */
Numeric
NumericFromOre(int64 ore)
{
	return OreToNumeric(ore);
}
