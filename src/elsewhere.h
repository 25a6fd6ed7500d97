/*
 * elsewhere.h: numbers that stand in several rows that are attached.
 */
#ifndef REMINDER_ELSEWHERE_H
#define REMINDER_ELSEWHERE_H

#include "attach.h"

extern void RefuseElsewhere(const Attachment *attachment, const MappedRows *now);
extern uint64 RemoveCustomers(Attachment *attachment, const MappedRows *before, const MappedRows *now);

#endif							/* REMINDER_ELSEWHERE_H */
