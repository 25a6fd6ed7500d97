/*
 * words.c: texts compared byte by byte, as the collation of our keys does.
 */
#include "postgres.h"

#include "compat.h"
#include "words.h"

/* Tells whether a text is the same as a C string. */
bool
TextIs(Datum value, const char *string)
{
	text	   *word = DatumGetTextPP(value);
	Size		len = strlen(string);

	return VARSIZE_ANY_EXHDR(word) == len && memcmp(VARDATA_ANY(word), string, len) == 0;
}

/* Puts texts in the order in which our indexes have them. */
int
CompareTexts(const text *left, const text *right)
{
	int			a = (int) VARSIZE_ANY_EXHDR(left);
	int			b = (int) VARSIZE_ANY_EXHDR(right);
	int			order = memcmp(VARDATA_ANY(left), VARDATA_ANY(right), Min(a, b));

	return order != 0 ? order : a - b;
}

/* Tells whether two texts are the same. */
bool
SameText(Datum left, Datum right)
{
	return CompareTexts(DatumGetTextPP(left), DatumGetTextPP(right)) == 0;
}
