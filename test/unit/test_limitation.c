/*
 * test_limitation.c
 *		When claims lapse (L9): by hand, country by country, and random histories
 *		against what holds for all of them.
 *
 * Needs: src/calendar.c
 */
#include "limitation.h"

#include <stdlib.h>

#include "tap.h"

static const LimitationLaw sweden = {
	.runs_from = FROM_ORIGIN,.ordinary = {10, true, true}
};
static const LimitationLaw sweden_person = {
	.runs_from = FROM_ORIGIN,.ordinary = {3, true, true}
};
static const LimitationLaw finland = {
	.runs_from = FROM_DUE_DATE,.ordinary = {3, true, true},.judgment = {5, true, true}
};
static const LimitationLaw finland_person = {
	.runs_from = FROM_DUE_DATE,.ordinary = {3, true, true},.judgment = {5, true, true},
	.final_from = FROM_DUE_DATE,.final_years = 20,.title_years = 15
};
static const LimitationLaw norway = {
	.runs_from = FROM_DUE_DATE,.ordinary = {3, false, true}
};
static const LimitationLaw denmark = {
	.runs_from = FROM_DUE_DATE,.ordinary = {3, false, true},.judgment = {10, false, true},
	.moves_on = true,.calendar = CALENDAR_DK
};
static const LimitationLaw germany = {
	.runs_from = FROM_YEAR_END,.ordinary = {3, false, true},.suspended_by_step = true
};

/* Reads a day from a text such as "2026-11-22". */
static int32_t
Day(const char *text)
{
	return DayOfDate(atoi(text), atoi(text + 5), atoi(text + 8));
}

/* Writes a day into one of four buffers taken in turn; "-" for none. */
static const char *
Text(int32_t day)
{
	static char buffers[4][16];
	static int	turn = 0;
	char	   *buffer = buffers[turn++ % 4];
	int			year;
	int			month;
	int			mday;

	if (day == LIMITATION_NEVER)
		return "-";
	DateOfDay(day, &year, &month, &mday);
	snprintf(buffer, sizeof(buffers[0]), "%04d-%02d-%02d", year, month, mday);
	return buffer;
}

#define MOST 8

/*
 * Checks when a claim lapses that is invoiced on 2024-01-02 and due on
 * 2024-02-01, unless invoiced says otherwise ("2023-12-30 2024-01-29"). What
 * happened is a list of a day and a kind each: "2025-01-10 letter, …". The
 * answer is the last day, with what interrupted it last and when.
 */
static void
Lapses(const LimitationLaw *law, const char *invoiced, const char *history, const char *until,
	   const char *expected, const char *what)
{
	Interruption happened[MOST];
	int			n = 0;
	const char *at = history;
	Limitation	limitation;
	char		got[64];

	while (*at != '\0')
	{
		size_t		len = strcspn(at + 11, ",");

		happened[n].day = Day(at);
		if (!InterruptionByName(at + 11, len, &happened[n].kind))
			Check(false, at);
		n++;
		at += 11 + len + (at[11 + len] == ',' ? 2 : 0);
	}
	if (invoiced == NULL)
		invoiced = "2024-01-02 2024-02-01";
	LimitClaim(law, Day(invoiced), Day(invoiced + 11), happened, n, Day(until), &limitation);
	snprintf(got, sizeof(got), "%s", Text(limitation.last_day));
	if (limitation.interrupted_by >= 0)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), " %s %s",
				 InterruptionName(happened[limitation.interrupted_by].kind),
				 Text(happened[limitation.interrupted_by].day));
	if (limitation.suspended)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), " suspended");
	CheckText(got, expected, what);
}

/* A new year has the same day, or the last of February. */
static void
TestYears(void)
{
	CheckText(Text(AddYears(Day("2024-02-29"), 3)), "2027-02-28", "three years from 29 February");
	CheckText(Text(AddYears(Day("2024-02-29"), 4)), "2028-02-29", "four years from 29 February");
	CheckText(Text(AddYears(Day("2096-02-29"), 4)), "2100-02-28", "to 2100, which has none");
	CheckText(Text(AddYears(Day("2023-02-28"), 1)), "2024-02-28", "from 28 February to a leap year");
	CheckText(Text(AddYears(Day("2023-12-31"), 10)), "2033-12-31", "from the end of a year");
	CheckText(Text(AddYears(Day("2200-12-31"), 100)), "2300-12-31", "the farthest there is");
}

/* Nothing has happened. */
static void
TestStarts(void)
{
	const char *u = "2024-03-01";

	Lapses(&sweden, NULL, "", u, "2034-01-02", "L9: SE from the invoice, 10 years");
	Lapses(&sweden_person, NULL, "", u, "2027-01-02", "L9: SE, a person, 3 years");
	Lapses(&finland, NULL, "", u, "2027-02-01", "L9: FI from the due date, 3 years");
	Lapses(&norway, NULL, "", u, "2027-02-01", "L9: NO from the due date, 3 years");
	Lapses(&denmark, NULL, "", u, "2027-02-01", "L9: DK from the due date, 3 years");
	Lapses(&germany, NULL, "", u, "2027-12-31", "L9: DE from the end of the year, 3 years");
	Lapses(&germany, "2023-12-31 2024-01-30", "", u, "2026-12-31", "L9: DE, invoiced on the last day of a year");
	Lapses(&germany, "2024-01-01 2024-01-30", "", u, "2027-12-31", "L9: DE, on the first");
	Lapses(&finland, "2024-02-01 2024-02-29", "", u, "2027-02-28", "L9: FI, due on 29 February");
}

/* What begins it anew, and where. */
static void
TestInterruptions(void)
{
	const char *u = "2030-01-01";

	Lapses(&sweden_person, NULL, "2024-02-06 letter", u, "2027-02-06 letter 2024-02-06", "L9: SE, a reminder");
	Lapses(&finland, NULL, "2024-02-15 letter", u, "2027-02-15 letter 2024-02-15", "L9: FI, a reminder");
	Lapses(&norway, NULL, "2024-02-15 letter", u, "2027-02-01", "L9: not in NO");
	Lapses(&denmark, NULL, "2024-02-15 letter", u, "2027-02-01", "L9: not in DK");
	Lapses(&germany, NULL, "2025-02-15 letter", u, "2027-12-31", "L9: not in DE");
	Lapses(&norway, NULL, "2024-05-01 payment", u, "2027-05-01 payment 2024-05-01", "L9: NO, a part payment");
	Lapses(&germany, NULL, "2025-05-01 payment", u, "2028-05-01 payment 2025-05-01", "L9: DE, a part payment, from that day and no year's end");
	Lapses(&germany, NULL, "2024-05-01 payment", u, "2027-12-31", "L9: DE, one in the year of the invoice, before time runs");
	Lapses(&finland, NULL, "2024-01-20 payment", u, "2027-02-01", "L9: a payment before the due date brings nothing nearer");
	Lapses(&finland, NULL, "2024-02-01 payment", u, "2027-02-01", "L9: nor one on it");
	Lapses(&norway, NULL, "2026-01-01 acknowledgement", u, "2029-01-01 acknowledgement 2026-01-01", "L9: an acknowledgement");
	Lapses(&norway, NULL, "2026-01-01 legal_step", u, "2029-01-01 legal_step 2026-01-01", "L9: NO, a legal step");
	Lapses(&norway, NULL, "2026-01-01 legal_step, 2026-06-01 legal_step_ended", u, "2029-01-01 legal_step 2026-01-01", "L9: whose end begins nothing");

	/* in time, and too late */
	Lapses(&sweden_person, NULL, "2027-01-02 letter", u, "2030-01-02 letter 2027-01-02", "L9: on the last day");
	Lapses(&sweden_person, NULL, "2027-01-03 letter", u, "2027-01-02", "L9: the day after it has lapsed");
	Lapses(&sweden_person, NULL, "2025-01-10 letter, 2026-05-01 payment, 2029-05-02 letter", u, "2029-05-01 payment 2026-05-01", "L9: the last one in time");
	Lapses(&sweden_person, NULL, "2027-01-03 letter, 2027-02-01 acknowledgement", u, "2027-01-02", "L9: what has lapsed does not come back");
	Lapses(&sweden_person, NULL, "2025-01-10 letter, 2026-05-01 payment", "2026-04-30", "2028-01-10 letter 2025-01-10", "L9: what is yet to come does not count");
	Lapses(&sweden_person, NULL, "2025-01-10 letter, 2026-05-01 payment", "2026-05-01", "2029-05-01 payment 2026-05-01", "L9: what came today does");
}

/* Judgments, and the limit that nothing moves. */
static void
TestJudgments(void)
{
	const char *u = "2060-01-01";

	Lapses(&finland, NULL, "2025-06-01 judgment", u, "2030-06-01 judgment 2025-06-01", "L9: FI, 5 years from a judgment");
	Lapses(&finland, NULL, "2025-06-01 judgment, 2029-01-01 letter", u, "2034-01-01 letter 2029-01-01", "L9: and from a reminder after it");
	Lapses(&sweden_person, NULL, "2025-06-01 judgment", u, "2028-06-01 judgment 2025-06-01", "L9: no period of its own: the ordinary one anew");
	Lapses(&denmark, NULL, "2025-06-02 judgment, 2026-01-01 letter", u, "2035-06-04 judgment 2025-06-02", "L9: DK, 10 years from a judgment");
	Lapses(&finland_person, NULL, "2026-02-01 letter, 2029-01-31 letter, 2032-01-30 letter, 2035-01-29 letter, 2038-01-28 letter, 2041-01-27 letter, 2043-12-31 letter", u,
		   "2044-02-01 letter 2043-12-31", "L9: FI, a person, 20 years from the due date whatever happens");
	Lapses(&finland, NULL, "2026-02-01 letter, 2029-01-31 letter, 2032-01-30 letter, 2035-01-29 letter, 2038-01-28 letter, 2041-01-27 letter, 2043-12-31 letter", u,
		   "2046-12-31 letter 2043-12-31", "L9: not a company");
	Lapses(&finland_person, NULL, "2025-01-01 judgment, 2029-12-31 letter, 2034-12-30 letter, 2039-12-29 letter", u,
		   "2040-01-01 letter 2039-12-29", "L9: FI, a person, 15 years from the judgment");
	Lapses(&finland_person, NULL, "2025-01-01 judgment, 2029-12-31 letter, 2034-12-30 letter, 2039-12-29 letter, 2040-01-02 letter", u,
		   "2040-01-01 letter 2039-12-29", "L9: and nothing after them");
}

/* Denmark: a last day on a closed day moves on (§ 27). */
static void
TestMovesOn(void)
{
	static const struct
	{
		const char *due;
		const char *lapses;
		const char *why;
	}			days[] = {
		{"2022-01-03", "2025-01-03", "a Friday stays"},
		{"2022-01-04", "2025-01-06", "a Saturday"},
		{"2022-01-05", "2025-01-06", "a Sunday"},
		{"2021-12-24", "2024-12-27", "24 December, over Christmas"},
		{"2021-12-31", "2025-01-02", "31 December, over New Year"},
		{"2022-06-05", "2025-06-06", "5 June"},
		{"2022-05-01", "2025-05-01", "1 May is open"},
		{"2022-04-17", "2025-04-22", "Maundy Thursday, over Easter"},
		{"2022-05-29", "2025-05-30", "Ascension Day, to the Friday after it, when only banks close"},
		{"2022-05-30", "2025-05-30", "that Friday stays"},
		{"2022-06-09", "2025-06-10", "Whit Monday"},
		{"2020-05-05", "2023-05-08", "Great Prayer Day, in its last year, over a weekend"},
	};
	Interruption payment = {0, BY_PAYMENT};

	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++)
	{
		char		what[128];
		char		invoiced[32];
		Limitation	limitation;

		snprintf(what, sizeof(what), "L9: DK, %s", days[i].why);
		snprintf(invoiced, sizeof(invoiced), "2020-01-02 %s", days[i].due);
		Lapses(&denmark, invoiced, "", "2022-01-01", days[i].lapses, what);

		/* the same of a period that began anew, and no earlier limit cut it off */
		payment.day = Day(days[i].due);
		LimitClaim(&denmark, Day("2020-01-02"), Day("2020-01-02"), &payment, 1, Day("2024-01-01"), &limitation);
		CheckText(Text(limitation.last_day), days[i].lapses, what);
	}
	/* an interruption on the day it was moved to is in time */
	Lapses(&denmark, "2020-01-02 2022-01-04", "2025-01-06 payment", "2026-01-01", "2028-01-06 payment 2025-01-06", "L9: DK, a payment on the day it moved to");
}

/* Germany: a legal step stops time until it has ended. */
static void
TestSuspension(void)
{
	Lapses(&germany, NULL, "2026-12-01 legal_step", "2026-12-31", "2028-01-30 legal_step 2026-12-01 suspended", "L9: DE, a step stops time");
	Lapses(&germany, NULL, "2026-12-01 legal_step", "2028-12-01", "2029-12-31 legal_step 2026-12-01 suspended", "L9: as long as it goes on");
	Lapses(&germany, NULL, "2026-12-01 legal_step, 2027-01-31 legal_step_ended", "2029-01-01", "2028-03-01 legal_step 2026-12-01", "L9: those days do not count");
	Lapses(&germany, NULL, "2026-12-01 legal_step, 2027-01-31 legal_step_ended, 2028-03-01 payment", "2029-01-01", "2031-03-01 payment 2028-03-01", "L9: then it goes on");
	Lapses(&germany, NULL, "2026-12-01 legal_step, 2027-01-31 legal_step_ended, 2028-03-02 payment", "2029-01-01", "2028-03-01 legal_step 2026-12-01", "L9: to its end");
	Lapses(&germany, NULL, "2026-12-01 legal_step, 2027-12-01 payment, 2028-12-01 legal_step_ended", "2029-01-01", "2031-12-02 payment 2027-12-01", "L9: what begins anew stands still, too");
	Lapses(&germany, NULL, "2026-12-01 legal_step, 2027-12-01 judgment", "2029-01-01", "2030-12-01 judgment 2027-12-01", "L9: a judgment ends it");
	Lapses(&germany, NULL, "2026-12-01 legal_step, 2026-12-11 legal_step, 2026-12-21 legal_step_ended", "2029-01-01", "2028-01-20 legal_step 2026-12-01", "L9: a second step changes nothing");
	Lapses(&germany, NULL, "2028-01-01 legal_step", "2029-01-01", "2027-12-31", "L9: one that comes too late stops nothing");
	Lapses(&germany, NULL, "2026-12-01 legal_step_ended", "2029-01-01", "2027-12-31", "L9: nor the end of none");
}

/* Compares two interruptions by day for qsort. */
static int
CompareDay(const void *a, const void *b)
{
	int32_t		x = ((const Interruption *) a)->day;
	int32_t		y = ((const Interruption *) b)->day;

	return (x > y) - (x < y);
}

/* What holds for any history. */
static void
TestRandom(void)
{
	static const LimitationLaw *const laws[] = {
		&sweden, &sweden_person, &finland, &finland_person, &norway, &denmark, &germany
	};
	int			nearer = 0;
	int			late = 0;
	int			unheld = 0;
	int			other = 0;

	for (int i = 0; i < 200000; i++)
	{
		const LimitationLaw *law = laws[i % 7];
		int32_t		invoiced = (int32_t) RandomBetween(-3652, 73413);
		int32_t		due = invoiced + (int32_t) RandomBetween(0, 90);
		int32_t		until = invoiced + (int32_t) RandomBetween(0, 12000);
		int			n = (int) RandomBetween(0, MOST);
		Interruption happened[MOST];
		Limitation	none;
		Limitation	limitation;
		Limitation	again;

		for (int j = 0; j < n; j++)
		{
			happened[j].day = invoiced + (int32_t) RandomBetween(0, 6000);
			happened[j].kind = (InterruptionKind) RandomBetween(0, INTERRUPTION_KINDS - 1);
		}
		qsort(happened, (size_t) n, sizeof(happened[0]), CompareDay);
		LimitClaim(law, invoiced, due, happened, 0, until, &none);
		LimitClaim(law, invoiced, due, happened, n, until, &limitation);
		/* only a judgment's own limit could bring the end nearer, and its 15 years never do before 3 */
		nearer += limitation.last_day < none.last_day;
		late += limitation.interrupted_by >= 0 && happened[limitation.interrupted_by].day > until;
		unheld += limitation.final_day != LIMITATION_NEVER && limitation.last_day > limitation.final_day;

		/* what came after it had lapsed is as if it had not been */
		while (n > 0 && happened[n - 1].day > limitation.last_day)
			n--;
		LimitClaim(law, invoiced, due, happened, n, until, &again);
		other += again.last_day != limitation.last_day || again.interrupted_by != limitation.interrupted_by;
	}
	CheckInt(nearer, 0, "L9: nothing that happens brings the end nearer");
	CheckInt(late, 0, "L9: nothing to come interrupts");
	CheckInt(unheld, 0, "L9: no claim outlives the final limit");
	CheckInt(other, 0, "L9: what comes too late changes nothing");
}

/* Names are found as they are written, and nothing else is. */
static void
TestNames(void)
{
	InterruptionKind kind;
	LimitationStart start;
	int			good = 0;

	for (int i = 0; i < INTERRUPTION_KINDS; i++)
	{
		const char *name = InterruptionName((InterruptionKind) i);

		good += InterruptionByName(name, strlen(name), &kind) && (int) kind == i;
	}
	CheckInt(good, INTERRUPTION_KINDS, "every kind of interruption is found by its name");
	Check(!InterruptionByName("", 0, &kind) && !InterruptionByName("lette", 5, &kind) && !InterruptionByName("LETTER", 6, &kind),
		  "no other name is a kind");
	Check(LimitationStartByName("origin", 6, &start) && start == FROM_ORIGIN &&
		  LimitationStartByName("due_date", 8, &start) && start == FROM_DUE_DATE &&
		  LimitationStartByName("year_end", 8, &start) && start == FROM_YEAR_END &&
		  !LimitationStartByName("title", 5, &start),
		  "and every start");
}

int
main(void)
{
	TestNames();
	TestYears();
	TestStarts();
	TestInterruptions();
	TestJudgments();
	TestMovesOn();
	TestSuspension();
	TestRandom();
	return DoneTesting();
}
