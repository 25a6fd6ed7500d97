/*
 * column.c: the columns of the row a probe stands on, in our own types.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"

#include "column.h"
#include "compat.h"
#include "decide.h"
#include "money.h"

/* Gives a column of the row a probe stands on. */
ColumnValue
Column(const Probe *probe, Columns *columns, int n)
{
	ColumnValue value;

	value.datum = slot_getattr(probe->slot, ColumnNumbers(probe->heap, columns)[n], &value.isnull);
	return value;
}

/* Gives a date column, NO_DATE for NULL. */
int32
DateColumn(const Probe *probe, Columns *columns, int n)
{
	ColumnValue value = Column(probe, columns, n);

	return value.isnull ? NO_DATE : DatumGetDateADT(value.datum);
}

/* Gives an amount column in öre. */
int64
OreColumn(const Probe *probe, Columns *columns, int n)
{
	ColumnValue value = Column(probe, columns, n);

	return value.isnull ? 0 : OreFromNumeric(DatumGetNumeric(value.datum));
}

/* Gives a boolean column, false for NULL. */
bool
BoolColumn(const Probe *probe, Columns *columns, int n)
{
	ColumnValue value = Column(probe, columns, n);

	return !value.isnull && DatumGetBool(value.datum);
}

/* Gives the character of a text column that tells its values apart. */
char
LetterColumn(const Probe *probe, Columns *columns, int n, int at)
{
	ColumnValue value = Column(probe, columns, n);
	text	   *word = value.isnull ? NULL : DatumGetTextPP(value.datum);

	return word != NULL && (int) VARSIZE_ANY_EXHDR(word) > at ? VARDATA_ANY(word)[at] : '\0';
}

/* Tells whether a text column says anything. */
bool
Says(const Probe *probe, Columns *columns, int n)
{
	ColumnValue value = Column(probe, columns, n);
	text	   *word = value.isnull ? NULL : DatumGetTextPP(value.datum);

	for (int i = 0; word != NULL && i < (int) VARSIZE_ANY_EXHDR(word); i++)
		if (strchr(" \t\n\v\f\r", VARDATA_ANY(word)[i]) == NULL)
			return true;
	return false;
}
