/*
 * terms.c: a step of a rule with the law of a date, and what the rule takes,
 * read once for all the invoices that are judged by it.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datum.h"
#include "utils/memutils.h"

#include "compat.h"
#include "decide_sql.h"
#include "money.h"
#include "owner.h"
#include "terms.h"
#include "words.h"

/* Gives a column of the first row a query gave, copied to where the caller's memory is. */
static Datum
ResultColumn(int column, bool byval, MemoryContext memory, bool *isnull)
{
	MemoryContext old = MemoryContextSwitchTo(memory);
	Datum		value = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column, isnull);

	if (!*isnull && !byval)
		value = PointerGetDatum(PG_DETOAST_DATUM_COPY(value));
	MemoryContextSwitchTo(old);
	return value;
}

/* Reads a list of texts, -1 for none at all. */
static int
ReadList(int column, Datum **list, MemoryContext memory)
{
	bool		isnull;
	Datum		value = ResultColumn(column, false, memory, &isnull);
	MemoryContext old;
	int			n;

	if (isnull)
		return -1;
	old = MemoryContextSwitchTo(memory);
	deconstruct_array(DatumGetArrayTypeP(value), TEXTOID, -1, false, TYPALIGN_INT, list, NULL, &n);
	MemoryContextSwitchTo(old);
	return n;
}

/* Reads the windows of the rule. */
static void
ReadWindows(Datum *values, Terms *terms, MemoryContext memory)
{
	static Statement read = {
		.sql = "SELECT w.currency, w.lowest, w.highest FROM reminder.rule_window w WHERE w.creditor_id = $1 AND w.rule_no = $3",
		.nargs = 4,.argtypes = {INT8OID, DATEOID, INT4OID, INT4OID}
	};
	MemoryContext old;
	bool		isnull;

	terms->nwindows = (int) ExecuteSeen(&read, values);
	old = MemoryContextSwitchTo(memory);
	terms->window = palloc(Max(terms->nwindows, 1) * sizeof(AmountWindow));
	for (int i = 0; i < terms->nwindows; i++)
	{
		HeapTuple	row = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;

		terms->window[i].currency = SPI_getvalue(row, desc, 1);
		terms->window[i].lowest = datumCopy(SPI_getbinval(row, desc, 2, &isnull), false, -1);
		terms->window[i].highest = datumCopy(SPI_getbinval(row, desc, 3, &isnull), false, -1);
	}
	MemoryContextSwitchTo(old);
}

/* Reads what interest the rule claims, from the columns that follow. */
static void
ReadInterestTerms(int column, Terms *terms, MemoryContext memory)
{
	InterestTerms *interest = &terms->interest;
	bool		no_rate;
	bool		no_count;
	bool		isnull;
	Datum		agreed;
	Datum		count;

	terms->claims_interest = DatumGetBool(ResultColumn(column, true, memory, &isnull));
	interest->jurisdiction = DatumGetTextPP(ResultColumn(column + 1, false, memory, &isnull));
	agreed = ResultColumn(column + 2, true, memory, &no_rate);
	interest->agreed_bp = no_rate ? BY_LAW : DatumGetInt32(agreed);
	count = ResultColumn(column + 3, true, memory, &no_count);
	interest->day_count = no_count ? BY_LAW : DatumGetInt32(count);
	interest->start = (InterestStart) DatumGetInt32(ResultColumn(column + 4, true, memory, &isnull));
}

/* Reads by which channels its letter may go out, from the columns that follow. */
static void
ReadChannelTerms(int column, Terms *terms, MemoryContext memory)
{
	ChannelTerms *by = &terms->by;
	bool		isnull;
	Datum		lowest;

	terms->channel = ResultColumn(column, false, memory, &isnull);
	by->chosen = TextIs(terms->channel, "system_default");
	by->einvoice = DatumGetBool(ResultColumn(column + 1, true, memory, &isnull));
	by->email = DatumGetBool(ResultColumn(column + 2, true, memory, &isnull));
	by->print = DatumGetBool(ResultColumn(column + 3, true, memory, &isnull));
	by->asks_address = DatumGetBool(ResultColumn(column + 4, true, memory, &isnull));
	(void) ResultColumn(column + 7, false, memory, &isnull);
	if (!isnull)
		by->identity_country = MemoryContextStrdup(memory, SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column + 7));
	lowest = ResultColumn(column + 5, false, memory, &isnull);
	if (isnull)
		return;
	by->lowest = OreFromNumeric(DatumGetNumeric(lowest));
	by->lowest_currency = MemoryContextStrdup(memory, SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, column + 6));
}

/* Reads the step from a rung of a rule, and what the rule takes; NULL if there is none. */
Terms *
ReadTerms(int64 creditor_id, int32 as_of, int32 rule_no, int32 passed)
{
	static Statement read = {
		.sql = "SELECT t.step, t.stage, t.rule_version, t.collected_by, t.charged_cap, t.home_currency, t.windows,"
		" t.branches, t.trading_names, t.waives_deadline,"
		" t.claims_interest, t.jurisdiction, t.agreed_bp, t.day_count, t.interest_start, t.law_currency, t.lapsed_by,"
		" t.channel, t.by_einvoice, t.by_email, t.by_print, t.asks_address, t.lowest, t.lowest_currency, t.identity_country, t.together_from FROM reminder._terms($1, $2, $3, $4) t LIMIT 1",
		.nargs = 4,.argtypes = {INT8OID, DATEOID, INT4OID, INT4OID}
	};
	MemoryContext memory = CurrentMemoryContext;
	Terms	   *terms = palloc0(sizeof(Terms));
	Datum		values[4] = {
		Int64GetDatum(creditor_id), DateADTGetDatum(as_of), Int32GetDatum(rule_no), Int32GetDatum(passed)
	};
	Datum		value;
	bool		isnull;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (ExecuteSeen(&read, values) == 0)
	{
		SPI_finish();
		return NULL;
	}
	UnpackStep(DatumGetByteaPP(ResultColumn(1, false, memory, &isnull)), &terms->step);
	terms->stage = ResultColumn(2, false, memory, &isnull);
	terms->rule_version = ResultColumn(3, true, memory, &isnull);
	terms->collected_by = ResultColumn(4, false, memory, &isnull);
	terms->charged_cap = ResultColumn(5, true, memory, &terms->no_charged_cap);
	terms->home_currency = MemoryContextStrdup(memory, SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 6));
	terms->windows = DatumGetBool(ResultColumn(7, true, memory, &isnull));
	terms->nbranches = ReadList(8, &terms->branch, memory);
	terms->ntrading_names = ReadList(9, &terms->trading_name, memory);
	terms->waives_deadline = DatumGetBool(ResultColumn(10, true, memory, &isnull));
	ReadInterestTerms(11, terms, memory);
	terms->law_currency = MemoryContextStrdup(memory, SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 16));
	value = ResultColumn(17, true, memory, &isnull);
	terms->lapsed_by = isnull ? NO_DATE : DatumGetDateADT(value);
	ReadChannelTerms(18, terms, memory);
	terms->together_from = DatumGetInt32(ResultColumn(26, true, memory, &isnull));
	terms->together = !isnull;
	if (terms->windows)
		ReadWindows(values, terms, memory);
	SPI_finish();
	return terms;
}
