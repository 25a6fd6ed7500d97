/*
 * status.h: what there is beside a case and its invoice.
 */
#ifndef REMINDER_STATUS_H
#define REMINDER_STATUS_H

#include "datatype/timestamp.h"
#include "utils/date.h"

#include "column.h"
#include "statusbook.h"

/* What is given, in this order. */
enum
{
	NEXT_STAGE, NEXT_ON, WHY_NOT, SENT_ON, DEADLINE, HOLD, HOLD_UNTIL, PAID, COMMISSION, LINK,
	PLAN, NEXT_INSTALMENT_ON, NEXT_INSTALMENT, INSTALMENTS_MISSED, ENFORCEMENT_FEES,
	AGENCY, AGENCY_REFERENCE, AGENCY_STATUS, AGENCY_STATUS_ON, AGENCY_FEES, ANSWERS
};

/* What one statement has read. */
typedef struct StatementCache
{
	StatusBook	book;			/* where nothing may be kept for longer */
	bool		has_today;
	int64		creditor_id;	/* whose today it is */
	DateADT		today;			/* of the latest run; NO_DATE: there was none */
} StatementCache;

/* The case that is asked of. */
typedef struct Asked
{
	Datum		creditor_id;
	Datum		invoice_no;
	int16		case_no;
	Datum		case_id;
	bool		active;
	DateADT		opened_on;
	Datum		collected_by;
	DateADT		due_date;
	Snapshot	snapshot;
	TimestampTz until;			/* before which it was recorded; DT_NOEND: now */
	bool		unclear;		/* what it was then is not known here */
	StatementCache *cache;
	StatusBook *book;			/* the same for all of it, so that what it gives stays */
	Datum		value[ANSWERS];
	bool		isnull[ANSWERS];
} Asked;

extern bool IsOfCase(const Asked *asked, const Probe *probe, IndexedTable *table, int n);
extern bool WasThen(const Asked *asked, const Probe *probe, IndexedTable *table, int n);
extern bool OpenOfInvoice(const Asked *asked, Probe *probe, IndexedTable *table);
extern StatementCache *OpenStatementCache(FunctionCallInfo fcinfo);
extern void AnswerAll(Asked *asked);

#endif							/* REMINDER_STATUS_H */
