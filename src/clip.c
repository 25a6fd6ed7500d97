/*
 * clip.c: quoting in a message what a caller gave, however long it is.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/datetime.h"

#include "clip.h"
#include "compat.h"

/* Gives the first CLIP_BYTES of a text as a C string, in whole characters. */
char *
ClippedText(const text *value)
{
	const char *data = VARDATA_ANY(value);
	int			len = VARSIZE_ANY_EXHDR(value);

	return pnstrdup(data, pg_mbcliplen(data, len, CLIP_BYTES));
}

/* Gives a date for a message, the ISO way whatever the session's DateStyle. */
char *
DateForMessage(DateADT date)
{
	char		buffer[MAXDATELEN + 1];
	struct pg_tm tm;

	if (DATE_NOT_FINITE(date))
		EncodeSpecialDate(date, buffer);
	else
	{
		j2date(date + POSTGRES_EPOCH_JDATE,
			   &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
		EncodeDateOnly(&tm, USE_ISO_DATES, buffer);
	}
	return pstrdup(buffer);
}
