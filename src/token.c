/*
 * token.c: what nobody can guess (V9).
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"

#include "compat.h"

#define TOKEN_BYTES 32

PG_FUNCTION_INFO_V1(reminder_random_token);

/* Gives 256 random bits of the server's strong source, or raises an error: never bits that can be guessed. */
Datum
reminder_random_token(PG_FUNCTION_ARGS)
{
	bytea	   *token = palloc(VARHDRSZ + TOKEN_BYTES);

	SET_VARSIZE(token, VARHDRSZ + TOKEN_BYTES);
	if (!pg_strong_random(VARDATA(token), TOKEN_BYTES))
		elog(ERROR, "could not generate random values");
	PG_RETURN_BYTEA_P(token);
}
