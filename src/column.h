/*
 * column.h: the columns of the row a probe stands on, in our own types.
 */
#ifndef REMINDER_COLUMN_H
#define REMINDER_COLUMN_H

#include "probe.h"

/* A column of the row that a probe stands on. */
typedef struct ColumnValue
{
	Datum		datum;
	bool		isnull;
} ColumnValue;

extern ColumnValue Column(const Probe *probe, Columns *columns, int n);
extern int32 DateColumn(const Probe *probe, Columns *columns, int n);
extern int64 OreColumn(const Probe *probe, Columns *columns, int n);
extern bool BoolColumn(const Probe *probe, Columns *columns, int n);
extern char LetterColumn(const Probe *probe, Columns *columns, int n, int at);
extern bool Says(const Probe *probe, Columns *columns, int n);

#endif							/* REMINDER_COLUMN_H */
