/*
 * ledger.h: payments that are taken back, and allocated again.
 */
#ifndef REMINDER_LEDGER_H
#define REMINDER_LEDGER_H

/* Some payments, as arrays of creditors and of numbers, and the day on which they go elsewhere (null: that of the latest run). */
typedef struct PaymentsAgain
{
	Datum		values[3];
	char		nulls[4];
} PaymentsAgain;

extern bool ReadPaymentsAgain(PaymentsAgain *payments, MemoryContext memory);
extern void TakePaymentsBack(const PaymentsAgain *payments);
extern void PayAgain(const PaymentsAgain *payments);

#endif							/* REMINDER_LEDGER_H */
