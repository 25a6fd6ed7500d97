/*
 * returns.h: payments and credits that come back with their invoice.
 */
#ifndef REMINDER_RETURNS_H
#define REMINDER_RETURNS_H

#include "attachment.h"
#include "mapped.h"

extern void BringSettlements(Attachment *attachment, const MappedRows *now);

#endif							/* REMINDER_RETURNS_H */
