/*
 * clip.h: quoting in a message what a caller gave, however long it is.
 */
#ifndef REMINDER_CLIP_H
#define REMINDER_CLIP_H

#define CLIP_BYTES 64

extern char *ClippedText(const text *value);

#endif							/* REMINDER_CLIP_H */
