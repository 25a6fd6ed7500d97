/*
 * origin.h: which rows of ours are of no attached table, though tables of their
 * kind are attached.
 */
#ifndef REMINDER_ORIGIN_H
#define REMINDER_ORIGIN_H

#include "attachment.h"

extern void NoteWritten(FunctionCallInfo fcinfo, AttachKind kind);
extern void NoteRenumbered(Oid owner, Datum creditor_id, Datum invoice_no);
extern void MirrorKind(int kind);
extern int	MirroredKind(void);
extern void AdoptRows(Attachment *attachment, int64 n);

#endif							/* REMINDER_ORIGIN_H */
