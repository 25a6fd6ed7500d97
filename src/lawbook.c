/*
 * lawbook.c: the law tables on late interest, as a backend keeps them.
 *
 * They are few rows that hardly ever change, so they are read whole, as
 * catalogs are: with a snapshot of this moment, whatever the transaction's,
 * and whoever calls. (What a REPEATABLE READ transaction had read with its own
 * snapshot would stay behind for the transactions after it.)
 *
 * What was read is kept as long as somebody tells us of changes. The trigger
 * _law_changed does; on a table where it does not stand, ALWAYS, what was read
 * holds only for the statement, and not past a command that wrote.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "access/xact.h"
#include "commands/trigger.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"

#include "clip.h"
#include "compat.h"
#include "errors.h"
#include "lawbook.h"
#include "money.h"
#include "owner.h"
#include "probe.h"
#include "watch.h"

PG_FUNCTION_INFO_V1(reminder_law_changed);

typedef enum DebtorKind
{
	DEBTOR_PERSON,
	DEBTOR_COMPANY,
	DEBTOR_PUBLIC,
	DEBTOR_ANY
} DebtorKind;

/* One jurisdiction's rows. */
typedef struct Chapter
{
	char	   *name;
	size_t		len;
	LawRate    *rates;
	int			nrates;
	LawRule    *rules;
	DebtorKind *kinds;			/* of the rules */
	int			nrules;
} Chapter;

/* What one creditor relies on for itself, of a jurisdiction's law. */
typedef struct OwnLaw
{
	int64		creditor_id;
	const Chapter *chapter;
	bool		rate;			/* or a rule, for a kind of debtor */
	DebtorKind	kind;
	int32		valid_from;
	bool		has_figure;
	int32		figure_bp;
} OwnLaw;

/* A timeline that was asked for before. */
typedef struct Bookmark
{
	const Chapter *chapter;
	DebtorKind	kind;
	const OwnLaw *own;			/* whose it is; NULL: everybody's */
	LawTimeline timeline;
	struct Bookmark *next;
} Bookmark;

enum LawTables
{
	TABLE_JURISDICTION,
	TABLE_RATE,
	TABLE_RULE,
	TABLE_OWN,
	LAW_TABLES
};

static const char *const table_names[LAW_TABLES] = {
	[TABLE_JURISDICTION] = "jurisdiction",
	[TABLE_RATE] = "reference_rate",
	[TABLE_RULE] = "interest_rule",
	[TABLE_OWN] = "creditor_law",
};

/* Everything that was read, in a memory context of its own. */
typedef struct Lawbook
{
	MemoryContext memory;
	Oid			relid[LAW_TABLES];
	uint64		heard;			/* of changes, when it was read */
	bool		watched;		/* we are told of all of them */
	TimestampTz statement;		/* else: what it was read for */
	CommandId	command;
	Chapter    *chapters;
	int			nchapters;
	OwnLaw	   *own;			/* by creditor, then chapter */
	int			nowned;
	Bookmark   *bookmarks;
} Lawbook;

static Columns jurisdiction_columns = {.names = {"jurisdiction"}};
static Columns rate_columns = {.names = {"jurisdiction", "valid_from", "rate_percent", "kind", "confidence"}};
static Columns rule_columns = {.names = {"jurisdiction", "valid_from", "debtor_kind", "holds_by", "margin_points", "day_count", "confidence"}};

static Columns own_columns = {.names = {"creditor_id", "law", "jurisdiction", "debtor_kind", "valid_from", "figure"}};

static Lawbook *book = NULL;

/* How many changes we have heard of that make what was read stale. */
static uint64 changes = 0;

/* Notes that a table of ours, or any, has changed; looks nothing up here. */
static void
ForgetLaw(Datum arg, Oid relid)
{
	bool		ours = book == NULL || relid == InvalidOid;

	for (int i = 0; i < LAW_TABLES && !ours; i++)
		ours = relid == book->relid[i];
	if (ours)
		changes++;
}

/* Of what nobody watches, nothing is kept past the transaction that read it. */
static void
ForgetAtEnd(XactEvent event, void *arg)
{
	if (book != NULL && !book->watched)
		changes++;
}

/* Nor past a subtransaction that may have written it and is undone. */
static void
ForgetAtSubAbort(SubXactEvent event, SubTransactionId subxact, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB && book != NULL && !book->watched)
		changes++;
}

/* Registers the above; once a backend, when law is first asked for. */
static void
InitLawbook(void)
{
	static bool registered = false;

	if (registered)
		return;
	CacheRegisterRelcacheCallback(ForgetLaw, (Datum) 0);
	RegisterXactCallback(ForgetAtEnd, NULL);
	RegisterSubXactCallback(ForgetAtSubAbort, NULL);
	registered = true;
}

/* Tells whether a relation is one of the law tables that are kept here. */
static bool
IsLawTable(Relation rel)
{
	if (RelationGetNamespace(rel) == ReminderSchema())
		for (int i = 0; i < LAW_TABLES; i++)
			if (strcmp(RelationGetRelationName(rel), table_names[i]) == 0)
				return true;
	return false;
}

/* AFTER STATEMENT on the law tables: tells every backend that they changed. */
Datum
reminder_law_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo) || !TRIGGER_FIRED_AFTER(trigger->tg_event) ||
		!TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event) || !IsLawTable(trigger->tg_relation))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("_law_changed must be a trigger AFTER, for each STATEMENT, on a law table")));
	CacheInvalidateRelcache(trigger->tg_relation);
	return PointerGetDatum(NULL);
}

/* Gives a column that must not be null. */
static Datum
Column(HeapTuple tuple, Relation rel, const AttrNumber *number, int n)
{
	bool		isnull;
	Datum		value = heap_getattr(tuple, number[n], RelationGetDescr(rel), &isnull);

	if (isnull)
		elog(ERROR, "null in column %d of \"%s\"", number[n], RelationGetRelationName(rel));
	return value;
}

/* The same for a word. */
static char *
Word(HeapTuple tuple, Relation rel, const AttrNumber *number, int n)
{
	return TextDatumGetCString(Column(tuple, rel, number, n));
}

/* The same for a percentage of two decimals, in hundredths of a point. */
static int32
Points(HeapTuple tuple, Relation rel, const AttrNumber *number, int n)
{
	return (int32) OreFromNumeric(DatumGetNumeric(Column(tuple, rel, number, n)));
}

/* Gives a jurisdiction by its name; NULL if there is none. */
static Chapter *
FindChapter(const Lawbook *law, const char *name, size_t len)
{
	for (int i = 0; i < law->nchapters; i++)
		if (law->chapters[i].len == len && memcmp(law->chapters[i].name, name, len) == 0)
			return &law->chapters[i];
	return NULL;
}

/* Gives room for one more element in an array that doubles as it grows. */
static void *
Grown(void *array, int count, Size element)
{
	if (array == NULL)
		return palloc(element);
	return (count & (count - 1)) == 0 ? repalloc(array, (Size) count * 2 * element) : array;
}

/* Takes in a jurisdiction. */
static void
ReadJurisdiction(Lawbook *law, HeapTuple tuple, Relation rel, const AttrNumber *number)
{
	Chapter    *chapter;

	law->chapters = Grown(law->chapters, law->nchapters, sizeof(Chapter));
	chapter = &law->chapters[law->nchapters++];
	memset(chapter, 0, sizeof(Chapter));
	chapter->name = Word(tuple, rel, number, 0);
	chapter->len = strlen(chapter->name);
}

/* Gives the jurisdiction that a row's foreign key promises. */
static Chapter *
ChapterOf(const Lawbook *law, HeapTuple tuple, Relation rel, const AttrNumber *number, int n)
{
	char	   *name = Word(tuple, rel, number, n);
	Chapter    *chapter = FindChapter(law, name, strlen(name));

	pfree(name);
	return chapter;
}

/* Takes in a reference rate. */
static void
ReadRate(Lawbook *law, HeapTuple tuple, Relation rel, const AttrNumber *number)
{
	Chapter    *chapter = ChapterOf(law, tuple, rel, number, 0);
	LawRate    *rate;

	if (chapter == NULL)
		return;
	chapter->rates = Grown(chapter->rates, chapter->nrates, sizeof(LawRate));
	rate = &chapter->rates[chapter->nrates++];
	rate->valid_from = DatumGetDateADT(Column(tuple, rel, number, 1));
	rate->rate_bp = Points(tuple, rel, number, 2);
	rate->total = strcmp(Word(tuple, rel, number, 3), "total") == 0;
	rate->confirmed = strcmp(Word(tuple, rel, number, 4), "unconfirmed") != 0;
}

/* Gives a kind of debtor by the name that its column has. */
static DebtorKind
KindOfRow(const char *name)
{
	return strcmp(name, "person") == 0 ? DEBTOR_PERSON :
		strcmp(name, "company") == 0 ? DEBTOR_COMPANY :
		strcmp(name, "public") == 0 ? DEBTOR_PUBLIC : DEBTOR_ANY;
}

/* Takes in an interest rule. */
static void
ReadRule(Lawbook *law, HeapTuple tuple, Relation rel, const AttrNumber *number)
{
	Chapter    *chapter = ChapterOf(law, tuple, rel, number, 0);
	LawRule    *rule;
	char	   *day_count;

	if (chapter == NULL)
		return;
	chapter->rules = Grown(chapter->rules, chapter->nrules, sizeof(LawRule));
	chapter->kinds = Grown(chapter->kinds, chapter->nrules, sizeof(DebtorKind));
	chapter->kinds[chapter->nrules] = KindOfRow(Word(tuple, rel, number, 2));
	rule = &chapter->rules[chapter->nrules++];
	memset(rule, 0, sizeof(LawRule));
	rule->valid_from = DatumGetDateADT(Column(tuple, rel, number, 1));
	rule->by_due_date = strcmp(Word(tuple, rel, number, 3), "due_date") == 0;
	rule->margin_bp = Points(tuple, rel, number, 4);
	day_count = Word(tuple, rel, number, 5);
	rule->day_count = strcmp(day_count, "actual/actual") == 0 ? DAY_COUNT_ACT_ACT :
		strcmp(day_count, "30/360") == 0 ? DAY_COUNT_30_360 : DAY_COUNT_ACT_365;
	rule->confirmed = strcmp(Word(tuple, rel, number, 6), "unconfirmed") != 0;
}

/* Takes in what a creditor relies on for itself, if late interest hangs on it. */
static void
ReadOwn(Lawbook *law, HeapTuple tuple, Relation rel, const AttrNumber *number)
{
	const char *table = Word(tuple, rel, number, 1);
	bool		rate = strcmp(table, table_names[TABLE_RATE]) == 0;
	Chapter    *chapter = ChapterOf(law, tuple, rel, number, 2);
	bool		no_figure;
	Datum		figure;
	OwnLaw	   *own;

	if (chapter == NULL || (!rate && strcmp(table, table_names[TABLE_RULE]) != 0))
		return;
	law->own = Grown(law->own, law->nowned, sizeof(OwnLaw));
	own = &law->own[law->nowned++];
	own->creditor_id = DatumGetInt64(Column(tuple, rel, number, 0));
	own->chapter = chapter;
	own->rate = rate;
	own->kind = KindOfRow(Word(tuple, rel, number, 3));
	own->valid_from = DatumGetDateADT(Column(tuple, rel, number, 4));
	figure = heap_getattr(tuple, number[5], RelationGetDescr(rel), &no_figure);
	own->has_figure = !no_figure;
	own->figure_bp = no_figure ? 0 : (int32) OreFromNumeric(DatumGetNumeric(figure));
}

/* Orders what is creditors' own by creditor and jurisdiction. */
static int
CompareOwn(const void *a, const void *b)
{
	const OwnLaw *x = a;
	const OwnLaw *y = b;

	if (x->creditor_id != y->creditor_id)
		return x->creditor_id < y->creditor_id ? -1 : 1;
	return x->chapter < y->chapter ? -1 : x->chapter > y->chapter;
}

/* Gives the first of what a creditor relies on for itself; NULL if there is nothing. */
static const OwnLaw *
FindOwn(const Lawbook *law, int64 creditor_id, const Chapter *chapter)
{
	OwnLaw		key = {.creditor_id = creditor_id,.chapter = chapter};
	int			low = 0;
	int			high = law->nowned;

	while (low < high)
	{
		int			middle = low + (high - low) / 2;

		if (CompareOwn(&law->own[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return creditor_id != NO_CREDITOR && low < law->nowned && CompareOwn(&law->own[low], &key) == 0 ? &law->own[low] : NULL;
}

/* Reads a law table whole. */
static void
ReadTable(Lawbook *law, enum LawTables table, Columns *columns,
		  void (*read_row) (Lawbook *, HeapTuple, Relation, const AttrNumber *))
{
	Relation	rel;
	SysScanDesc scan;
	HeapTuple	tuple;
	const AttrNumber *number;

	law->relid[table] = get_relname_relid(table_names[table], ReminderSchema());
	if (!OidIsValid(law->relid[table]))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("the law table \"%s\" of reminder is not there", table_names[table]),
				 errhint("SELECT reminder.install(); makes the tables.")));
	rel = table_open(law->relid[table], AccessShareLock);
	law->watched = law->watched && IsWatched(rel, "_law_changed");
	number = ColumnNumbers(rel, columns);
	scan = systable_beginscan(rel, InvalidOid, false, NULL, 0, NULL);
	while (HeapTupleIsValid(tuple = systable_getnext(scan)))
		read_row(law, tuple, rel, number);
	systable_endscan(scan);
	/* the lock stays until the end of the transaction, as for any table that is read */
	table_close(rel, NoLock);
}

/* Reads the law tables, and puts them in the place of what was read before. */
static void
ReadLawbook(void)
{
	/* in the caller's memory until it is whole, so that an error leaves nothing behind */
	MemoryContext memory = AllocSetContextCreate(CurrentMemoryContext, "reminder law", ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(memory);
	Lawbook    *law = palloc0(sizeof(Lawbook));

	InitLawbook();
	law->memory = memory;
	law->watched = true;
	law->statement = GetCurrentStatementStartTimestamp();
	law->command = GetCurrentCommandId(false);

	/* now: a change that we hear of while we read makes it stale at once */
	law->heard = changes;
	ReadTable(law, TABLE_JURISDICTION, &jurisdiction_columns, ReadJurisdiction);
	ReadTable(law, TABLE_RATE, &rate_columns, ReadRate);
	ReadTable(law, TABLE_RULE, &rule_columns, ReadRule);
	ReadTable(law, TABLE_OWN, &own_columns, ReadOwn);
	if (law->nowned > 1)
		qsort(law->own, law->nowned, sizeof(OwnLaw), CompareOwn);
	MemoryContextSwitchTo(old);

	MemoryContextSetParent(memory, CacheMemoryContext);
	if (book != NULL)
		MemoryContextDelete(book->memory);
	book = law;
}

/* Tells whether what was read still holds. */
static bool
LawbookHolds(void)
{
	return book != NULL && book->heard == changes &&
		(book->watched || (book->command == GetCurrentCommandId(false) &&
						   book->statement == GetCurrentStatementStartTimestamp()));
}

/* Quotes a name in a message, NULL too. */
static const char *
NameForMessage(const text *name)
{
	return name == NULL ? "NULL" : ClippedText(name);
}

/* Gives a kind of debtor by any of its names. */
static DebtorKind
KindByName(const text *name)
{
	static const struct
	{
		const char *name;
		DebtorKind	kind;
	}			names[] = {
		{"company", DEBTOR_COMPANY}, {"person", DEBTOR_PERSON}, {"public", DEBTOR_PUBLIC},
		{"B2B", DEBTOR_COMPANY}, {"B2C", DEBTOR_PERSON}, {"B2B_OR_PUBLIC", DEBTOR_COMPANY},
	};
	size_t		len = name == NULL ? 0 : VARSIZE_ANY_EXHDR(name);

	for (int i = 0; i < (int) lengthof(names); i++)
		if (strlen(names[i].name) == len && memcmp(names[i].name, VARDATA_ANY(name), len) == 0)
			return names[i].kind;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_INPUT),
			 errmsg("unknown debtor kind \"%s\"", NameForMessage(name)),
			 errhint("Debtor kinds are company, person and public.")));
}

/* Compares two names for the hint. */
static int
CompareNames(const void *a, const void *b)
{
	return strcmp(*(char *const *) a, *(char *const *) b);
}

pg_noreturn static void RefuseJurisdiction(const text *name);

/* Refuses a jurisdiction that is not in the book. */
static void
RefuseJurisdiction(const text *name)
{
	StringInfoData list;
	char	  **names = palloc((book->nchapters + 1) * sizeof(char *));

	for (int i = 0; i < book->nchapters; i++)
		names[i] = book->chapters[i].name;
	qsort(names, book->nchapters, sizeof(char *), CompareNames);
	initStringInfo(&list);
	for (int i = 0; i < book->nchapters; i++)
		appendStringInfo(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_INPUT),
			 errmsg("unknown jurisdiction \"%s\"", NameForMessage(name)),
			 errhint("Jurisdictions are %s.", list.data)));
}

/* Takes a creditor's own rate for law: one that is not confirmed, or missing. */
static void
TakeOwnRate(const OwnLaw *own, LawRate *rates, int *nrates)
{
	bool		total = false;
	int32		latest = PG_INT32_MIN;

	for (int i = 0; i < *nrates; i++)
	{
		LawRate    *rate = &rates[i];

		if (rate->valid_from == own->valid_from)
		{
			if (!rate->confirmed && own->has_figure)
				rate->rate_bp = own->figure_bp;
			rate->confirmed = true;
			return;
		}
		if (latest <= rate->valid_from && rate->valid_from < own->valid_from)
		{
			latest = rate->valid_from;
			total = rate->total;
		}
	}
	if (own->has_figure)
		rates[(*nrates)++] = (LawRate) {own->valid_from, own->figure_bp, total, true};
}

/* The same for a rule that is not confirmed. */
static void
TakeOwnRule(const OwnLaw *own, const Chapter *chapter, LawRule *rules)
{
	for (int i = 0; i < chapter->nrules; i++)
	{
		if (rules[i].confirmed || rules[i].valid_from != own->valid_from || chapter->kinds[i] != own->kind)
			continue;
		if (own->has_figure)
			rules[i].margin_bp = own->figure_bp;
		rules[i].confirmed = true;
	}
}

/* Makes a timeline that was not asked for before. */
static Bookmark *
NewBookmark(const Chapter *chapter, DebtorKind kind, const OwnLaw *own, int32 due_day)
{
	MemoryContext old = MemoryContextSwitchTo(book->memory);
	Bookmark   *mark = palloc(sizeof(Bookmark));
	LawRule    *rules = palloc((chapter->nrules + 1) * sizeof(LawRule));
	LawRate    *rates = palloc((chapter->nrates + book->nowned + 1) * sizeof(LawRate));
	int			nrules = 0;
	int			nrates = chapter->nrates;
	int			room;

	if (nrates > 0)
		memcpy(rates, chapter->rates, nrates * sizeof(LawRate));
	if (chapter->nrules > 0)
		memcpy(rules, chapter->rules, chapter->nrules * sizeof(LawRule));
	for (const OwnLaw *each = own; each != NULL && each < book->own + book->nowned && CompareOwn(each, own) == 0; each++)
		if (each->rate)
			TakeOwnRate(each, rates, &nrates);
		else
			TakeOwnRule(each, chapter, rules);
	for (int i = 0; i < chapter->nrules; i++)
	{
		if (chapter->kinds[i] != kind && chapter->kinds[i] != DEBTOR_ANY)
			continue;
		rules[nrules] = rules[i];
		rules[nrules++].own_kind = chapter->kinds[i] == kind;
	}
	room = LAW_ROOM(nrules, nrates);
	mark->chapter = chapter;
	mark->kind = kind;
	mark->own = own;
	mark->timeline.rates = palloc(room * sizeof(InterestRate));
	mark->timeline.day_counts = palloc(room * sizeof(DayCount));
	mark->timeline.states = palloc(room * sizeof(LawState));
	MakeLawTimeline(rules, nrules, rates, nrates, due_day, &mark->timeline);
	pfree(rules);
	pfree(rates);
	mark->next = book->bookmarks;
	book->bookmarks = mark;
	MemoryContextSwitchTo(old);
	return mark;
}

/* Gives the rates of a claim, as the header says. */
const LawTimeline *
GetLawTimeline(int64 creditor_id, const text *jurisdiction, const text *debtor_kind, int32 due_day)
{
	DebtorKind	kind = KindByName(debtor_kind);
	const Chapter *chapter;
	const OwnLaw *own;
	const Bookmark *mark;

	if (!LawbookHolds())
		ReadLawbook();
	chapter = jurisdiction == NULL ? NULL :
		FindChapter(book, VARDATA_ANY(jurisdiction), VARSIZE_ANY_EXHDR(jurisdiction));
	if (chapter == NULL)
		RefuseJurisdiction(jurisdiction);
	own = FindOwn(book, creditor_id, chapter);
	for (mark = book->bookmarks; mark != NULL; mark = mark->next)
		if (mark->chapter == chapter && mark->kind == kind && mark->own == own &&
			mark->timeline.due_from <= due_day && due_day <= mark->timeline.due_to)
			return &mark->timeline;
	return &NewBookmark(chapter, kind, own, due_day)->timeline;
}

/* Gives a claim its rates, as the header says. */
bool
SetLawRates(InterestClaim *claim, const LawTimeline *law, LawGap *gap)
{
	int			first = LawStretch(law, claim->due_day + 1);
	int			last = first;

	while (last + 1 < law->count && law->rates[last + 1].valid_from <= claim->until)
		last++;
	claim->rates = &law->rates[first];
	claim->nrates = last - first + 1;
	for (int i = first; i <= last; i++)
	{
		gap->state = law->states[i];
		gap->day = Max(law->rates[i].valid_from, claim->due_day + 1);
		if (gap->state != LAW_KNOWN)
			return false;
	}
	return true;
}

/* Refuses to compute with law that is missing or unconfirmed, from a day on. */
void
RefuseGap(const text *jurisdiction, const text *debtor_kind, const LawGap *gap)
{
	char	   *place = ClippedText(jurisdiction);
	char	   *kind = ClippedText(debtor_kind);
	char	   *half_year = DateForMessage(HalfYearStart(gap->day));

	switch (gap->state)
	{
		case LAW_NO_RATE:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("the rate of late interest of %s for the half-year from %s is missing", place, half_year),
					 errdetail("A rate holds for its half-year only and is never carried forward; what is unconfirmed is not used."),
					 errhint("Look it up, and INSERT INTO reminder.reference_rate (jurisdiction, valid_from, rate_percent, kind, confidence, source) VALUES ('%s', '%s', ..., 'reference', 'sourced', '...').", place, half_year)));
			break;
		case LAW_RATE_UNCONFIRMED:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("the rate of late interest of %s for the half-year from %s is unconfirmed", place, half_year),
					 errdetail("A rate holds for its half-year only and is never carried forward; what is unconfirmed is not used."),
					 errhint("Look it up, and UPDATE reminder.reference_rate SET rate_percent = ..., confidence = 'sourced', source = '...' WHERE jurisdiction = '%s' AND valid_from = '%s'.", place, half_year)));
			break;
		case LAW_RULE_UNCONFIRMED:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("the rule of late interest of %s for debtor kind %s on %s is unconfirmed", place, kind, DateForMessage(gap->day)),
					 errdetail("A rate holds for its half-year only and is never carried forward; what is unconfirmed is not used."),
					 errhint("Look it up, and UPDATE reminder.interest_rule SET confidence = 'sourced', source = '...' WHERE jurisdiction = '%s' AND ....", place)));
			break;
		default:
			ereport(ERROR,
					(errcode(ERRCODE_REMINDER_LAW_UNKNOWN),
					 errmsg("there is no rule of late interest of %s for debtor kind %s on %s", place, kind, DateForMessage(gap->day)),
					 errhint("Look it up, and INSERT it INTO reminder.interest_rule.")));
	}
}
