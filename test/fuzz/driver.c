/*
 * driver.c
 *		Asks a fuzz target so many questions of pseudo-random bytes, the same for
 *		the same seed, with any compiler: `target RUNS SEED`; or the bytes of
 *		files: `target FILE...`.  When one fails, its bytes are printed.
 */
#include <signal.h>
#include <string.h>
#include <sanitizer/common_interface_defs.h>

#include "fuzz.h"

#define LONGEST		256

/* The question that is being asked. */
static const uint8_t *asked;
static size_t asked_size;
static long run;

/* Tells the bytes, as printf understands them. */
static void
TellBytes(void)
{
	size_t		i;

	fprintf(stderr, "run %ld; its bytes: ", run);
	for (i = 0; i < asked_size; i++)
		fprintf(stderr, "\\%03o", asked[i]);
	fprintf(stderr, "\n");
}

/* The same when a property did not hold. */
static void
Aborted(int signal_number)
{
	(void) signal_number;
	TellBytes();
	_Exit(1);
}

/* Asks; the bytes end where their memory does, so that ASan sees overruns. */
static void
Ask(const uint8_t *bytes, size_t size)
{
	uint8_t    *copy = malloc(size > 0 ? size : 1);

	memcpy(copy, bytes, size);
	asked = copy;
	asked_size = size;
	run++;
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

/* Gives the next number of the series (splitmix64). */
static uint64_t
Next(uint64_t *state)
{
	uint64_t	z = (*state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/*
 * Fills in random bytes.  Some questions have many small bytes, or many of the
 * smallest and largest: where a byte chooses, these choose the ends.
 */
static void
Fill(uint8_t *bytes, size_t size, uint64_t *state)
{
	static const uint8_t ends[] = {0x00, 0x01, 0x7f, 0x80, 0xfe, 0xff};
	unsigned	taste = (unsigned) (Next(state) % 4);
	size_t		i;

	for (i = 0; i < size; i++)
	{
		uint64_t	random = Next(state);

		if (taste == 0 || random % 4 == 0)
			bytes[i] = (uint8_t) (random >> 8);
		else if (taste == 1)
			bytes[i] = (uint8_t) (random >> 8) % 16;
		else
			bytes[i] = taste == 2 ? ends[(random >> 8) % sizeof(ends)] : 0;
	}
}

/* Asks so many questions. */
static void
AskRandom(long runs, uint64_t seed)
{
	uint8_t		bytes[LONGEST];

	while (run < runs)
	{
		size_t		size = (size_t) (Next(&seed) % (LONGEST + 1));

		Fill(bytes, size, &seed);
		Ask(bytes, size);
	}
}

/* Asks what a file holds; false if it cannot be read. */
static bool
AskFile(const char *name)
{
	static uint8_t bytes[1 << 20];
	FILE	   *file = fopen(name, "rb");

	if (file == NULL)
		return false;
	Ask(bytes, fread(bytes, 1, sizeof(bytes), file));
	fclose(file);
	return true;
}

int
main(int argc, char **argv)
{
	char	   *end = argv[0];
	long		runs = argc == 3 ? strtol(argv[1], &end, 10) : 0;
	int			i;

	signal(SIGABRT, Aborted);
	__sanitizer_set_death_callback(TellBytes);
	if (argc == 3 && *end == '\0')
	{
		AskRandom(runs, strtoull(argv[2], NULL, 10));
		return 0;
	}
	for (i = 1; i < argc; i++)
	{
		if (!AskFile(argv[i]))
		{
			fprintf(stderr, "%s cannot be read\n", argv[i]);
			return 2;
		}
	}
	return argc < 2 ? 2 : 0;
}
