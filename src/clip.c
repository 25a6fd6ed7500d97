/*
 * clip.c: quoting in a message what a caller gave, however long it is.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"

#include "clip.h"

/* Gives the first CLIP_BYTES of a text as a C string, in whole characters. */
char *
ClippedText(const text *value)
{
	const char *data = VARDATA_ANY(value);
	int			len = VARSIZE_ANY_EXHDR(value);

	return pnstrdup(data, pg_mbcliplen(data, len, CLIP_BYTES));
}
