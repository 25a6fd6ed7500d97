/*
 * attachbook.h: what is attached of a table, as a backend keeps it.
 */
#ifndef REMINDER_ATTACHBOOK_H
#define REMINDER_ATTACHBOOK_H

#include "attachment.h"

extern Attached *GetAttached(Relation rel);
extern Attachment *FindAttachment(Attached *attached, int32 attachment_no);
extern void HoldAttached(void);
extern void ReleaseAttached(void);
extern void InitAttachbook(void);

#endif							/* REMINDER_ATTACHBOOK_H */
