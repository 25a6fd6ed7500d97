/*
 * elsewhere.h: rows of other attached tables that count for those of a statement.
 */
#ifndef REMINDER_ELSEWHERE_H
#define REMINDER_ELSEWHERE_H

#include "attachment.h"
#include "mapped.h"

extern void RefuseElsewhere(const Attachment *attachment, const MappedRows *now);
extern uint64 MirrorWhole(Attachment *attachment, const MappedRows *now, bool expect_new);
extern uint64 RemoveCustomers(Attachment *attachment, const MappedRows *before, const MappedRows *now);

#endif							/* REMINDER_ELSEWHERE_H */
