/*
 * clip.h: quoting in a message what a caller gave, however long it is.
 */
#ifndef REMINDER_CLIP_H
#define REMINDER_CLIP_H

#include "utils/date.h"

#define CLIP_BYTES 64

extern char *ClippedText(const text *value);
extern char *DateForMessage(DateADT date);

#endif							/* REMINDER_CLIP_H */
