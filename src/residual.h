/*
 * residual.h: cases that this very transaction ended by taking a residual down.
 */
#ifndef REMINDER_RESIDUAL_H
#define REMINDER_RESIDUAL_H

#include "lock.h"

extern void NoteResidualPaid(void);
extern bool ResidualPaid(void);
extern int	CaseEndedHere(const InvoiceKey *key);

#endif							/* REMINDER_RESIDUAL_H */
