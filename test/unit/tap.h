/*
 * tap.h
 *		Prints test results as TAP, for unit tests in plain C.
 *
 * A test file includes this once, calls Check and its kin, and ends with
 * `return DoneTesting();`.  Checks inside a long loop are gathered first
 * (`bad += …`) and told in one line, so that the output stays readable.
 */
#ifndef REMINDER_TAP_H
#define REMINDER_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static int	tap_count = 0;
static int	tap_failed = 0;

/* Prints a line that explains what is tested or what went wrong. */
static inline void
__attribute__((format(printf, 1, 2)))
Diag(const char *format,...)
{
	va_list		args;

	fflush(stdout);
	fputs("# ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* Prints one test result and passes it on. */
static inline bool
Check(bool passed, const char *name)
{
	printf("%sok %d - %s\n", passed ? "" : "not ", ++tap_count, name);
	if (!passed)
		tap_failed++;
	return passed;
}

/* Checks that two whole numbers are equal. */
static inline bool
CheckInt(int64_t got, int64_t expected, const char *name)
{
	if (Check(got == expected, name))
		return true;
	Diag("%s: got %" PRId64 ", expected %" PRId64, name, got, expected);
	return false;
}

/* Checks that two strings are equal. */
static inline bool
CheckText(const char *got, const char *expected, const char *name)
{
	if (Check(strcmp(got, expected) == 0, name))
		return true;
	Diag("%s: got \"%s\", expected \"%s\"", name, got, expected);
	return false;
}

/* Reports a test that cannot run here, and says why. */
static inline void
Skip(const char *reason)
{
	printf("ok %d # SKIP %s\n", ++tap_count, reason);
}

/* Prints the plan; the result is the test program's exit status. */
static inline int
DoneTesting(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}

/* Gives the next number of a fixed pseudo-random series (splitmix64). */
static inline uint64_t
Random(void)
{
	static uint64_t state = 20261122;
	uint64_t	z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Gives a random whole number from low up to and with high. */
static inline int64_t
RandomBetween(int64_t low, int64_t high)
{
	return low + (int64_t) (Random() % (uint64_t) (high - low + 1));
}

#endif							/* REMINDER_TAP_H */
