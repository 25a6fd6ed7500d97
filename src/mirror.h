/*
 * mirror.h: what rows of an application's tables are in ours.
 */
#ifndef REMINDER_MIRROR_H
#define REMINDER_MIRROR_H

#include "attachment.h"
#include "ledger.h"
#include "mapped.h"

extern void PrepareMirror(Attachment *attachment);
extern uint64 MirrorRows(Attachment *attachment, const MappedRows *now, bool expect_new);
extern uint64 MirrorRest(Attachment *attachment, const MappedRows *now);
extern void FindLacking(Attachment *attachment, const MappedRows *now, MappedRows *lacking);
extern bool MakeRoom(const MappedRows *credits, PaymentsAgain *payments);
extern void TakeRoom(const PaymentsAgain *payments);
extern void FindLeaving(Attachment *attachment, const MappedRows *before, const MappedRows *now, MappedRows *leaving);
extern uint64 RemoveRows(Attachment *attachment, const MappedRows *before, const MappedRows *now);

#endif							/* REMINDER_MIRROR_H */
