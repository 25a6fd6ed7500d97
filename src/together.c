/*
 * together.c: which invoices share a letter, and which carries its fee (B6).
 *
 * A letter is to one customer, in one currency, by one channel and from one
 * sender; stage, date, deadline and payee are the same anyway, as all its
 * invoices are on one step of one rule. It is named by the oldest of them, by
 * due date and then number, and its fee is on the oldest that may carry one.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "compat.h"
#include "owner.h"
#include "together.h"
#include "words.h"

/* Puts texts that may be missing in some order. */
static int
CompareValues(ColumnValue left, ColumnValue right)
{
	if (left.isnull || right.isnull)
		return (int) right.isnull - (int) left.isnull;
	return CompareTexts(DatumGetTextPP(left.datum), DatumGetTextPP(right.datum));
}

/* Puts lines in the order of whom the letter is to, what is claimed in it and who sends it. */
static int
CompareClaims(const Line *left, const Line *right)
{
	int			order = CompareTexts(DatumGetTextPP(left->customer_no), DatumGetTextPP(right->customer_no));

	if (order == 0)
		order = CompareTexts(DatumGetTextPP(left->currency), DatumGetTextPP(right->currency));
	if (order == 0)
		order = CompareValues(left->sender, right->sender);
	return order;
}

/* Puts lines in the order of their letters, the oldest of each first. */
static int
CompareLines(const void *left, const void *right)
{
	const Line *a = left;
	const Line *b = right;
	int			order = CompareClaims(a, b);

	if (order == 0)
		order = CompareTexts(DatumGetTextPP(a->channel), DatumGetTextPP(b->channel));
	if (order == 0 && a->due_date != b->due_date)
		order = a->due_date < b->due_date ? -1 : 1;
	if (order == 0)
		order = CompareTexts(DatumGetTextPP(a->invoice_no), DatumGetTextPP(b->invoice_no));
	return order;
}

/* Gives an array of texts, some of which may be missing. */
static Datum
Texts(Datum *value, bool *isnull, int n)
{
	int			low = 1;

	return PointerGetDatum(construct_md_array(value, isnull, 1, &n, &low, TEXTOID, -1, false, TYPALIGN_INT));
}

/*
 * Tells of which customers a letter of the step and the date has a fee
 * already: one that was decided before, by the same run or another. What it
 * was charged for may be the same letter, for all the customer can tell, so
 * that it is asked once a day. A fee that fell away with its letter was none.
 */
static void
FindCharged(int64 creditor_id, int32 as_of, int32 rung, Line *line, const int *first, int n, bool *charged)
{
	static Statement read = {
		.sql = "SELECT g.n::integer FROM unnest($4, $5, $6) WITH ORDINALITY g (customer_no, currency, sender, n)"
		" CROSS JOIN LATERAL (SELECT FROM reminder.letter_line l"
		"  JOIN reminder.decision d ON d.creditor_id = l.creditor_id AND d.invoice_no = l.invoice_no AND d.rung = l.rung AND d.taken_back = 0"
		"  JOIN reminder.invoice i ON i.creditor_id = l.creditor_id AND i.invoice_no = l.invoice_no"
		"  WHERE l.creditor_id = $1 AND l.customer_no = g.customer_no AND l.as_of = $2 AND l.rung = $3 AND l.taken_back = 0"
		"   AND d.fee > 0 AND d.status IN ('queued', 'sent') AND d.currency = g.currency AND i.trading_name IS NOT DISTINCT FROM g.sender LIMIT 1) x",
		.nargs = 6,.argtypes = {INT8OID, DATEOID, INT4OID, TEXTARRAYOID, TEXTARRAYOID, TEXTARRAYOID}
	};
	Datum	   *customer_no = palloc(n * sizeof(Datum));
	Datum	   *currency = palloc(n * sizeof(Datum));
	Datum	   *sender = palloc(n * sizeof(Datum));
	bool	   *no_sender = palloc(n * sizeof(bool));
	Datum		values[6];

	for (int i = 0; i < n; i++)
	{
		customer_no[i] = line[first[i]].customer_no;
		currency[i] = line[first[i]].currency;
		sender[i] = line[first[i]].sender.datum;
		no_sender[i] = line[first[i]].sender.isnull;
	}
	values[0] = Int64GetDatum(creditor_id);
	values[1] = DateADTGetDatum(as_of);
	values[2] = Int32GetDatum(rung);
	values[3] = Texts(customer_no, NULL, n);
	values[4] = Texts(currency, NULL, n);
	values[5] = Texts(sender, no_sender, n);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	(void) ExecuteSeen(&read, values);
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		bool		isnull;

		charged[DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)) - 1] = true;
	}
	SPI_finish();
}

/*
 * Puts invoices that get a letter of one step on one date together, and tells
 * which of them the fee is on. Sorts them. Asks the snapshot that is active.
 */
void
PutTogether(int64 creditor_id, int32 as_of, int32 rung, Line *line, int n)
{
	int		   *first = palloc(Max(n, 1) * sizeof(int));
	bool	   *charged;
	int			claims = 0;
	int			claim = -1;

	qsort(line, n, sizeof(Line), CompareLines);
	for (int i = 0; i < n; i++)
		if (i == 0 || CompareClaims(&line[i - 1], &line[i]) != 0)
			first[claims++] = i;
	charged = palloc0(Max(claims, 1) * sizeof(bool));
	if (claims > 0)
		FindCharged(creditor_id, as_of, rung, line, first, claims, charged);
	for (int i = 0; i < n; i++)
	{
		bool		begins = claim + 1 < claims && first[claim + 1] == i;
		bool		same = !begins && SameText(line[i - 1].channel, line[i].channel);

		claim += begins;
		line[i].letter_of = same ? line[i - 1].letter_of : line[i].invoice_no;
		line[i].fee_elsewhere = charged[claim];
		charged[claim] |= line[i].has_fee;
	}
}
