/*
 * limitation.c
 *		When a claim lapses, and what has kept it from lapsing (L9).
 *
 * Nothing here allocates, and nothing depends on a server.
 */
#include "limitation.h"

#include <string.h>

static const char *const kind_names[INTERRUPTION_KINDS] = {
	"letter", "payment", "acknowledgement", "legal_step", "legal_step_ended", "judgment"
};

static const char *const start_names[] = {"origin", "due_date", "year_end"};

/* Finds a name in a list; its place, -1 if it is not there. */
static int
FindName(const char *const *names, int n, const char *name, size_t len)
{
	for (int i = 0; i < n; i++)
		if (strlen(names[i]) == len && memcmp(names[i], name, len) == 0)
			return i;
	return -1;
}

/* Finds a kind of interruption by its name, written exactly so; false if there is none. */
bool
InterruptionByName(const char *name, size_t len, InterruptionKind *kind)
{
	int			i = FindName(kind_names, INTERRUPTION_KINDS, name, len);

	if (i >= 0)
		*kind = (InterruptionKind) i;
	return i >= 0;
}

/* Gives the name that InterruptionByName knows a kind by. */
const char *
InterruptionName(InterruptionKind kind)
{
	return kind_names[kind];
}

/* Finds a start by its name, written exactly so; false if there is none. */
bool
LimitationStartByName(const char *name, size_t len, LimitationStart *start)
{
	int			i = FindName(start_names, FROM_YEAR_END + 1, name, len);

	if (i >= 0)
		*start = (LimitationStart) i;
	return i >= 0;
}

/* Gives the same day so many years later; 28 February for a 29 that is not. */
int32_t
AddYears(int32_t day, int years)
{
	int			year;
	int			month;
	int			mday;

	DateOfDay(day, &year, &month, &mday);
	year += years;
	if (month == 2 && mday == 29 && !((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		mday = 28;
	return DayOfDate(year, month, mday);
}

/* Gives the day a period runs from. */
static int32_t
StartDay(LimitationStart runs_from, int32_t invoice_date, int32_t due_date)
{
	int			year;
	int			month;
	int			day;

	if (runs_from == FROM_ORIGIN)
		return invoice_date;
	if (runs_from == FROM_DUE_DATE)
		return due_date;
	DateOfDay(invoice_date, &year, &month, &day);
	return DayOfDate(year, 12, 31);
}

/*
 * Tells whether a bank-closed day counts as open: the banks of Denmark close
 * on the Friday after Ascension Day, which is no holiday. It is the one Friday
 * from 1 May to 4 June that follows a closed Thursday.
 */
static bool
IsOpenFriday(const Calendar *calendar, int32_t day)
{
	int			year;
	int			month;
	int			mday;

	/* day 0 was a Saturday */
	if (calendar->id != CALENDAR_DK || ((day % 7) + 7) % 7 != 6)
		return false;
	DateOfDay(day, &year, &month, &mday);
	return (month == 5 || (month == 6 && mday <= 4)) && !IsBankDay(calendar, day - 1);
}

/* Gives the day itself if it is open, else the next open one; one too far off as it is. */
static int32_t
NextOpenDay(const LimitationLaw *law, int32_t day)
{
	Calendar	calendar = {law->calendar, NULL, 0};
	int32_t		open = day;

	while (open <= CALENDAR_LAST_DAY && !IsBankDay(&calendar, open) && !IsOpenFriday(&calendar, open))
		open++;
	return open <= CALENDAR_LAST_DAY ? open : day;
}

/* Gives the last day of a period that begins on a day. */
static int32_t
LastDay(const LimitationLaw *law, int32_t from, int years)
{
	int32_t		day = AddYears(from, years);

	return law->moves_on ? NextOpenDay(law, day) : day;
}

/* Tells whether what happened makes a period begin anew. */
static bool
BeginsAnew(const LimitationLaw *law, const LimitationPeriod *period, InterruptionKind kind)
{
	switch (kind)
	{
		case BY_LETTER:
			return period->by_letter;
		case BY_PAYMENT:
			return period->by_payment;
		case BY_LEGAL_STEP:
			return !law->suspended_by_step;
		case BY_END_OF_STEP:
			return false;
		default:
			return true;
	}
}

/* Sets the limit that nothing moves, which a judgment may bring nearer. */
static void
SetFinal(Limitation *limitation, int32_t from, int years)
{
	int32_t		day;

	if (years == 0)
		return;
	day = AddYears(from, years);
	if (limitation->final_day == LIMITATION_NEVER || day < limitation->final_day)
		limitation->final_day = day;
}

/*
 * Tells when a claim lapses. Nothing brings the last day nearer: a new period
 * that would end before the old one, as after a payment before the due date,
 * changes nothing.
 */
void
LimitClaim(const LimitationLaw *law, int32_t invoice_date, int32_t due_date,
	  const Interruption *happened, int n, int32_t until, Limitation *limitation)
{
	const LimitationPeriod *period = &law->ordinary;
	int32_t		last_day = LastDay(law, StartDay(law->runs_from, invoice_date, due_date), period->years);
	int32_t		counted_to = 0;

	limitation->final_day = LIMITATION_NEVER;
	limitation->interrupted_by = -1;
	limitation->suspended = false;
	SetFinal(limitation, StartDay(law->final_from, invoice_date, due_date), law->final_years);

	for (int i = 0; i < n && happened[i].day <= until; i++)
	{
		const Interruption *now = &happened[i];
		int32_t		anew;

		if (limitation->suspended)
		{
			last_day += now->day - counted_to;
			counted_to = now->day;
		}
		if (now->day > last_day ||
			(limitation->final_day != LIMITATION_NEVER && now->day > limitation->final_day))
			break;				/* it has lapsed */
		if (now->kind == BY_LEGAL_STEP && law->suspended_by_step && !limitation->suspended)
		{
			limitation->suspended = true;
			limitation->interrupted_by = i;
			counted_to = now->day;
		}
		if (now->kind == BY_END_OF_STEP || now->kind == BY_JUDGMENT)
			limitation->suspended = false;
		if (now->kind == BY_JUDGMENT)
		{
			SetFinal(limitation, now->day, law->title_years);
			if (law->judgment.years > 0)
				period = &law->judgment;
		}
		anew = BeginsAnew(law, period, now->kind) ? LastDay(law, now->day, period->years) : last_day;
		if (anew > last_day)
		{
			last_day = anew;
			limitation->interrupted_by = i;
		}
	}

	if (limitation->suspended)
		last_day += until - counted_to;
	limitation->last_day = last_day;
	if (limitation->final_day != LIMITATION_NEVER && limitation->final_day < last_day)
		limitation->last_day = limitation->final_day;
}
