/*
 * failing.c: the row on which an expression fails that an application wrote.
 *
 * One statement maps all rows, and its error knows of no row. So it runs in a
 * subtransaction, which writes nothing and costs next to nothing; when that
 * fails, the rows are halved until one is left.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/sysattr.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

#include "failing.h"
#include "rows.h"
#include "try.h"

/* Tells whether an error is none of a row's: someone or something ended the statement, or has it tried again. */
bool
IsInterruption(const ErrorData *error)
{
	int			category = ERRCODE_TO_CATEGORY(error->sqlerrcode);

	return category == ERRCODE_OPERATOR_INTERVENTION || category == ERRCODE_INSUFFICIENT_RESOURCES ||
		category == ERRCODE_TRANSACTION_ROLLBACK;
}

/* Gives a row's primary key in the words of PostgreSQL, "(id)=(5)". */
char *
WriteKey(Relation rel, HeapTuple row, TupleDesc desc)
{
	Bitmapset  *key = RelationGetIndexAttrBitmap(rel, INDEX_ATTR_BITMAP_PRIMARY_KEY);
	StringInfoData names;
	StringInfoData values;
	int			i = -1;

	initStringInfo(&names);
	initStringInfo(&values);
	while ((i = bms_next_member(key, i)) >= 0)
	{
		char	   *name = get_attname(RelationGetRelid(rel), i + FirstLowInvalidHeapAttributeNumber, false);
		char	   *value = SPI_getvalue(row, desc, SPI_fnumber(desc, name));

		appendStringInfo(&names, "%s%s", names.len == 0 ? "" : ", ", name);
		appendStringInfo(&values, "%s%s", values.len == 0 ? "" : ", ", value == NULL ? "null" : value);
	}
	return psprintf("(%s)=(%s)", names.data, values.data);
}

/* Raises an error, and says of which row it is, if that is known. */
void
RaiseOfRow(ErrorData *error, Relation rel, const char *key)
{
	if (key != NULL)
		error->detail = psprintf("%s%sIt is the row %s of table \"%s\".", error->detail == NULL ? "" : error->detail, error->detail == NULL ? "" : " ",
								 key, RelationGetRelationName(rel));
	ReThrowError(error);
}

/* Rows that are mapped by themselves, for Try(). */
typedef struct Part
{
	void		(*map) (void *, Tuplestorestate *);
	void	   *arg;
	Tuplestorestate *rows;
} Part;

/* Maps them. */
static void
MapRows(void *arg)
{
	Part	   *part = arg;

	part->map(part->arg, part->rows);
}

/* Gives the error of rows that cannot be mapped, NULL if they can. */
static ErrorData *
ErrorOf(Part *part)
{
	ErrorData  *error = Try(MapRows, part, true);

	if (error != NULL && IsInterruption(error))
		ReThrowError(error);
	return error;
}

/* Keeps the next of some rows, so many. */
static Tuplestorestate *
TakeRows(Rows *rows, int64 n)
{
	Tuplestorestate *taken = tuplestore_begin_heap(true, false, work_mem);

	while (n-- > 0 && NextOfRows(rows))
		tuplestore_puttupleslot(taken, rows->slot);
	return taken;
}

/* Keeps of rows that cannot be mapped that half in which the first is. */
static void
Halve(Part *part, TupleDesc desc)
{
	int64		n = tuplestore_tuple_count(part->rows);
	Tuplestorestate *second;
	Rows		rows;

	OpenRows(&rows, part->rows, desc);
	part->rows = TakeRows(&rows, n / 2);
	second = TakeRows(&rows, n - n / 2);
	CloseRows(&rows);
	if (ErrorOf(part) == NULL)
		part->rows = second;
}

/* Gives the key of the only row. */
static char *
KeyOfOnly(Relation rel, Tuplestorestate *store)
{
	Rows		rows;
	char	   *key;

	OpenRows(&rows, store, RelationGetDescr(rel));
	(void) NextOfRows(&rows);
	key = WriteKey(rel, ExecCopySlotHeapTuple(rows.slot), RelationGetDescr(rel));
	CloseRows(&rows);
	return key;
}

/*
 * Raises the error of the first of a relation's rows that cannot be mapped,
 * with its key; returns if all can by themselves.
 */
void
RaiseFirstFailing(Relation rel, Tuplestorestate *rows, void (*map) (void *, Tuplestorestate *), void *arg)
{
	Part		part = {.map = map,.arg = arg,.rows = rows};
	ErrorData  *error;

	if (ErrorOf(&part) == NULL)
		return;
	while (tuplestore_tuple_count(part.rows) > 1)
	{
		CHECK_FOR_INTERRUPTS();
		Halve(&part, RelationGetDescr(rel));
	}
	error = ErrorOf(&part);
	if (error != NULL)
		RaiseOfRow(error, rel, KeyOfOnly(rel, part.rows));
}
