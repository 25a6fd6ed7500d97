/*
 * accrual.c: the late interest on an invoice (F9): on its principal alone, by
 * the day, as it was on each day by the payments and credits that count.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"

#include "accrual.h"
#include "calendar.h"
#include "column.h"
#include "compat.h"
#include "lawbook.h"
#include "money.h"

#define DAYS_WITHOUT_DUE_DATE 30	/* räntelagen 4 §, and alike in FI, NO, DK, DE */

enum
{
	P_PAYMENT_NO, P_PAID_ON, P_AMOUNT, P_BOUNCED_ON
};
static Columns payment_columns = {.names = {"payment_no", "paid_on", "amount", "bounced_on"}};
static Columns allocation_columns = {.names = {"principal"}};
enum
{
	C_CREDITED_ON, C_AMOUNT
};
static Columns credit_columns = {.names = {"credited_on", "amount"}};

/* What the capital was, and how it changed. */
typedef struct Capital
{
	int			n;
	int			room;
	CapitalChange *change;		/* the first one is the capital at the start */
} Capital;

/* Opens the tables. */
void
OpenPayments(Payments *payments, Snapshot snapshot)
{
	OpenProbe(&payments->payment, "payment", "payment_invoice_idx", AccessShareLock, snapshot);
	OpenProbe(&payments->allocation, "allocation", "allocation_pkey", AccessShareLock, snapshot);
	OpenProbe(&payments->credit, "credit", "credit_invoice_idx", AccessShareLock, snapshot);
}

/* Closes them. */
void
ClosePayments(Payments *payments)
{
	CloseProbe(&payments->payment);
	CloseProbe(&payments->allocation);
	CloseProbe(&payments->credit);
}

/* Notes that the capital became less: it was more before. */
static void
AddChange(Capital *capital, int32 day, int64 amount)
{
	if (capital->n == capital->room)
	{
		capital->room *= 2;
		capital->change = repalloc(capital->change, capital->room * sizeof(CapitalChange));
	}
	capital->change[0].change += amount;
	capital->change[capital->n].day = day;
	capital->change[capital->n++].change = -amount;
}

/* Notes the principal that payments settled; one that bounced never did. */
static void
ReadPayments(Payments *payments, const Bearing *bearing, Capital *capital)
{
	Probe	   *probe = &payments->payment;

	for (bool found = FindRow(probe, bearing->creditor_id, bearing->invoice_no); found; found = NextRow(probe))
	{
		int64		amount = OreColumn(probe, &payment_columns, P_AMOUNT);

		if (!Column(probe, &payment_columns, P_BOUNCED_ON).isnull)
			continue;
		if (FindRow(&payments->allocation, bearing->creditor_id, Column(probe, &payment_columns, P_PAYMENT_NO).datum))
			amount = OreColumn(&payments->allocation, &allocation_columns, 0);
		AddChange(capital, DateColumn(probe, &payment_columns, P_PAID_ON), amount);
	}
}

/* Notes the principal that was credited. */
static void
ReadCredits(Payments *payments, const Bearing *bearing, Capital *capital)
{
	Probe	   *probe = &payments->credit;

	for (bool found = FindRow(probe, bearing->creditor_id, bearing->invoice_no); found; found = NextRow(probe))
		AddChange(capital, DateColumn(probe, &credit_columns, C_CREDITED_ON), OreColumn(probe, &credit_columns, C_AMOUNT));
}

/* Orders changes by day. */
static int
CompareChanges(const void *a, const void *b)
{
	int32		day_a = ((const CapitalChange *) a)->day;
	int32		day_b = ((const CapitalChange *) b)->day;

	return day_a < day_b ? -1 : day_a > day_b;
}

/* Reads the capital of each day. */
static void
ReadCapital(Payments *payments, const Bearing *bearing, Capital *capital)
{
	capital->room = 8;
	capital->change = palloc(capital->room * sizeof(CapitalChange));
	capital->n = 1;
	capital->change[0].day = CALENDAR_FIRST_DAY;
	capital->change[0].change = bearing->open;
	if (!bearing->settled_in_part)
		return;
	ReadPayments(payments, bearing, capital);
	ReadCredits(payments, bearing, capital);
	qsort(capital->change + 1, capital->n - 1, sizeof(CapitalChange), CompareChanges);
}

/* Gives the day after which interest runs. */
static int32
StartDay(const InterestTerms *terms, const Bearing *bearing)
{
	int32		from = bearing->due_date;

	if (terms->start == START_INVOICE)
		from = bearing->invoice_date + DAYS_WITHOUT_DUE_DATE;
	else if (terms->start == START_LETTER)
		from = bearing->first_letter == PG_INT32_MAX ? PG_INT32_MAX : bearing->first_letter + DAYS_WITHOUT_DUE_DATE;
	return Max(from, bearing->due_date);
}

/* Lets a claim that is paid end on the day it was, after which it needs no rates. */
static void
EndWhenPaid(const Bearing *bearing, const Capital *capital, InterestClaim *claim)
{
	if (bearing->open == 0)
		claim->until = Min(claim->until, capital->change[capital->n - 1].day);
}

/*
 * Computes the interest that an invoice has borne up to a day, paid or not;
 * false if the law of one of the days is missing or unconfirmed.
 */
bool
AccruedInterest(const InterestTerms *terms, Payments *payments, const Bearing *bearing, int32 until, Accrual *accrual)
{
	const LawTimeline *law = GetLawTimeline(DatumGetInt64(bearing->creditor_id), terms->jurisdiction, bearing->debtor_kind, bearing->due_date);
	InterestRate agreed = {CALENDAR_FIRST_DAY, terms->agreed_bp};
	InterestClaim claim = {
		.due_day = StartDay(terms, bearing),.until = until,.rates = &agreed,.nrates = 1,
		.each = accrual->each,.context = accrual->context
	};
	Capital		capital;

	accrual->interest = 0;
	if (claim.due_day >= until)
		return true;
	ReadCapital(payments, bearing, &capital);
	EndWhenPaid(bearing, &capital, &claim);
	if (claim.due_day >= claim.until)
		return true;
	claim.changes = capital.change;
	claim.nchanges = capital.n;
	claim.day_count = terms->day_count == BY_LAW ? law->day_counts[LawStretch(law, claim.due_day + 1)] : (DayCount) terms->day_count;
	accrual->day_count = claim.day_count;
	if (terms->agreed_bp == BY_LAW && !SetLawRates(&claim, law, &accrual->gap))
		return false;
	if (LateInterest(&claim, &accrual->interest) != INTEREST_OK)
		elog(ERROR, "late interest is out of range");
	return true;
}
