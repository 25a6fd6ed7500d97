/*
 * fuzz_limitation.c
 *		When a claim lapses (L9), by any law and after any history that the tables
 *		can hold.
 *
 * Needs: src/limitation.c src/calendar.c
 */
#include "limitation.h"

#include <string.h>

#include "fuzz.h"

#define FIRST_DATE	(-3652)		/* 1990-01-01 */
#define LAST_DATE	73413		/* 2200-12-31 */
#define MANY		12

/* Takes a date that columns hold, mostly near another one. */
static int32_t
TakeDate(Bytes *bytes, int32_t near)
{
	int64_t		date = Take(bytes, 1) % 8 == 0 ? TakeBetween(bytes, FIRST_DATE, LAST_DATE) :
		near + TakeBetween(bytes, -40, 4000);

	return (int32_t) (date < FIRST_DATE ? FIRST_DATE : date > LAST_DATE ? LAST_DATE : date);
}

/* Takes a period of the law; now and then there is none. */
static LimitationPeriod
TakePeriod(Bytes *bytes, int least)
{
	LimitationPeriod period = {(int) TakeBetween(bytes, least, Take(bytes, 1) % 8 == 0 ? 100 : 10), TakeBool(bytes), TakeBool(bytes)};

	return period;
}

/* Takes a law. */
static void
TakeLaw(Bytes *bytes, LimitationLaw *law)
{
	memset(law, 0, sizeof(*law));
	law->runs_from = (LimitationStart) TakeBetween(bytes, 0, FROM_YEAR_END);
	law->ordinary = TakePeriod(bytes, 1);
	law->judgment = TakePeriod(bytes, 0);
	law->suspended_by_step = TakeBool(bytes);
	law->moves_on = TakeBool(bytes);
	law->calendar = (CalendarId) TakeBetween(bytes, 0, CALENDAR_COUNT - 1);
	law->final_from = (LimitationStart) TakeBetween(bytes, 0, FROM_YEAR_END);
	law->final_years = TakeBool(bytes) ? 0 : (int) TakeBetween(bytes, 1, 100);
	law->title_years = TakeBool(bytes) ? 0 : (int) TakeBetween(bytes, 1, 100);
}

/* Puts what happened in the order of its days. */
static void
Sort(Interruption *happened, int n)
{
	for (int i = 1; i < n; i++)
		for (int j = i; j > 0 && happened[j - 1].day > happened[j].day; j--)
		{
			Interruption other = happened[j];

			happened[j] = happened[j - 1];
			happened[j - 1] = other;
		}
}

/* Tells when a claim lapses, of a history in memory of just its length. */
static Limitation
Ask(const LimitationLaw *law, int32_t invoice_date, int32_t due_date, const Interruption *happened, int n, int32_t until)
{
	Interruption *copy = malloc(n > 0 ? n * sizeof(Interruption) : 1);
	Limitation	limitation;
	Limitation	again;

	memcpy(copy, happened, n * sizeof(Interruption));
	LimitClaim(law, invoice_date, due_date, copy, n, until, &limitation);
	LimitClaim(law, invoice_date, due_date, copy, n, until, &again);
	Require(limitation.last_day == again.last_day && limitation.final_day == again.final_day &&
			limitation.interrupted_by == again.interrupted_by && limitation.suspended == again.suspended,
			"the same question has the same answer");
	Require(memcmp(copy, happened, n * sizeof(Interruption)) == 0, "a history is only read");
	free(copy);
	return limitation;
}

/* Asks about names. */
static void
AskNames(Bytes *bytes)
{
	char		name[24];
	size_t		len = bytes->left < sizeof(name) ? bytes->left : sizeof(name);
	InterruptionKind kind;
	LimitationStart start;

	for (size_t i = 0; i < len; i++)
		name[i] = (char) Take(bytes, 1);
	if (InterruptionByName(name, len, &kind))
		Require(strlen(InterruptionName(kind)) == len && memcmp(InterruptionName(kind), name, len) == 0, "a kind is found by its own name");
	if (LimitationStartByName(name, len, &start))
		Require(start <= FROM_YEAR_END, "a start that is found is one");
	kind = (InterruptionKind) TakeBetween(bytes, 0, INTERRUPTION_KINDS - 1);
	Require(InterruptionByName(InterruptionName(kind), strlen(InterruptionName(kind)), &kind), "every kind has a name");
}

/* Asks about the same day some years later. */
static void
AskYears(int32_t day, int years)
{
	int32_t		later = AddYears(day, years);
	int			year;
	int			month;
	int			mday;
	int			later_year;
	int			later_month;
	int			later_mday;

	DateOfDay(day, &year, &month, &mday);
	DateOfDay(later, &later_year, &later_month, &later_mday);
	Require(later_year == year + years && later_month == month &&
			(later_mday == mday || (month == 2 && mday == 29 && later_mday == 28)), "years later is the same day of the year");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Bytes		bytes = {data, size};
	LimitationLaw law;
	Interruption happened[MANY];
	int			n = (int) TakeBetween(&bytes, 0, MANY);
	int32_t		invoice_date = TakeDate(&bytes, 8000);
	int32_t		due_date = TakeDate(&bytes, invoice_date);
	int32_t		until;
	int			counted = 0;
	Limitation	plain;
	Limitation	limitation;
	Limitation	now;

	TakeLaw(&bytes, &law);
	due_date = due_date < invoice_date ? invoice_date : due_date;
	for (int i = 0; i < n; i++)
	{
		happened[i].day = TakeDate(&bytes, i == 0 ? invoice_date : happened[i - 1].day);
		happened[i].kind = (InterruptionKind) TakeBetween(&bytes, 0, INTERRUPTION_KINDS - 1);
	}
	Sort(happened, n);
	until = TakeDate(&bytes, n > 0 ? happened[n - 1].day : invoice_date);
	while (counted < n && happened[counted].day <= until)
		counted++;

	plain = Ask(&law, invoice_date, due_date, happened, 0, until);
	limitation = Ask(&law, invoice_date, due_date, happened, n, until);
	now = Ask(&law, invoice_date, due_date, happened, counted, until);
	Require(now.last_day == limitation.last_day && now.interrupted_by == limitation.interrupted_by && now.suspended == limitation.suspended,
			"what comes later changes nothing");
	Require(plain.interrupted_by == -1 && !plain.suspended, "nothing interrupts what nothing happened to");
	Require(plain.last_day >= AddYears(invoice_date, law.final_years > 0 && law.final_years < law.ordinary.years ? law.final_years : law.ordinary.years),
			"no claim lapses sooner than its shortest period after its invoice");
	Require(limitation.final_day == LIMITATION_NEVER || limitation.last_day <= limitation.final_day, "nothing passes the final day");
	Require(limitation.final_day != LIMITATION_NEVER || (law.final_years == 0 && plain.final_day == LIMITATION_NEVER), "a final day does not go away");
	Require(limitation.last_day >= plain.last_day || limitation.last_day == limitation.final_day, "nothing but the final day is nearer");
	Require(limitation.interrupted_by >= -1 && limitation.interrupted_by < counted, "what interrupted it is in the list, and in time");
	if (limitation.interrupted_by >= 0)
	{
		InterruptionKind kind = happened[limitation.interrupted_by].kind;

		Require(kind != BY_END_OF_STEP, "the end of a step interrupts nothing");
		Require(kind != BY_LETTER || law.ordinary.by_letter || law.judgment.by_letter, "a letter interrupts only where the law says so");
		Require(kind != BY_PAYMENT || law.ordinary.by_payment || law.judgment.by_payment, "nor does a payment");
	}
	Require(!limitation.suspended || law.suspended_by_step, "time stands still only where the law says so");
	AskYears(invoice_date, (int) TakeBetween(&bytes, 0, 100));
	AskNames(&bytes);
	return 0;
}
