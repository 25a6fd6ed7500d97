/*
 * words.h: texts compared byte by byte, as the collation of our keys does.
 */
#ifndef REMINDER_WORDS_H
#define REMINDER_WORDS_H

extern bool TextIs(Datum value, const char *string);
extern bool SameText(Datum left, Datum right);
extern int	CompareTexts(const text *left, const text *right);

#endif							/* REMINDER_WORDS_H */
