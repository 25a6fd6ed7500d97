/*
 * empty.c - what it costs to call a C function at all: one of the arguments of
 * late_interest that does nothing but give its principal back.
 */
#include "postgres.h"

#include "fmgr.h"

PG_MODULE_MAGIC;

PG_FUNCTION_INFO_V1(empty);

/* Gives the third argument. */
Datum
empty(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(PG_GETARG_DATUM(2));
}
