/*
 * calendar.c - bank days in C, without a server: is the ten-thousandth as near
 * as the tenth? Prints a figure for each, the milliseconds of a million calls.
 */
#include "calendar.h"

#include <stdio.h>
#include <time.h>

#define CALLS 1000000
#define DAYS 14610				/* the years 2000 to 2039 */

/* Gives the milliseconds of a clock that only goes forward. */
static double
Now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

/* Adds n bank days to days scattered over the years; gives the milliseconds. */
static double
Measure(int32_t n)
{
	const Calendar se = {CALENDAR_SE, NULL, 0};
	static volatile int64_t sum;	/* so that no call is left out */
	double		began = Now();

	for (int64_t i = 0; i < CALLS; i++)
		sum += AddBankDays(&se, (int32_t) (i * 48271 % DAYS), n);
	return Now() - began;
}

int
main(void)
{
	/* once for nothing: it makes the calendar's table */
	Measure(1);
	printf("day_near|%.3f\n", Measure(10));
	printf("day_far|%.3f\n", Measure(10000));
	return 0;
}
