/*
 * calendar_quantlib.cpp - ten bank days in Sweden by calendar.c and by QuantLib, from
 * the same days. Prints a figure for each, the milliseconds of a million calls,
 * and says so if the two come to different days.
 */
#include <chrono>
#include <cstdio>
#include <ql/time/calendars/sweden.hpp>
#include <vector>

extern "C" {
#include "calendar.h"
}

static const int calls = 1000000;
static const int days = 14610; /* the years 2000 to 2039 */
static const int bank_days = 10;

typedef std::chrono::duration<double, std::milli> Milliseconds;

/* Gives the milliseconds that a function takes for days scattered over the years. */
template <typename Day, typename Function>
static double measure(const std::vector<Day> &from, std::vector<Day> &to, Function add)
{
	auto began = std::chrono::steady_clock::now();
	for (long i = 0; i < calls; i++)
		to[i * 48271 % days] = add(from[i * 48271 % days]);
	return Milliseconds(std::chrono::steady_clock::now() - began).count();
}

int main()
{
	const Calendar se = {CALENDAR_SE, nullptr, 0};
	const QuantLib::Sweden sweden;
	const QuantLib::Date first(1, QuantLib::January, 2000);
	std::vector<int32_t> our_from(days), our_to(days);
	std::vector<QuantLib::Date> their_from(days), their_to(days);
	for (int day = 0; day < days; day++) {
		our_from[day] = day;
		their_from[day] = first + day;
	}

	auto ours = [&](int32_t day) { return AddBankDays(&se, day, bank_days); };
	auto theirs = [&](const QuantLib::Date &day) {
		return sweden.advance(day, bank_days, QuantLib::Days);
	};
	/* once for nothing: it makes the calendar's table */
	ours(0);
	std::printf("day_ours|%.3f\n", measure(our_from, our_to, ours));
	std::printf("day_quantlib|%.3f\n", measure(their_from, their_to, theirs));

	int different = 0;
	for (int day = 0; day < days; day++)
		different += our_to[day] != their_to[day] - first;
	if (different > 0)
		std::fprintf(stderr, "from %d of %d days the two come to different ones\n", different, days);
	return 0;
}
