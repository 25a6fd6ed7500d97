/*
 * token.c: what nobody can guess: the debtor's token (V9), the public ids of
 * cases (C9).
 */
#include "postgres.h"

#include "fmgr.h"
#include "miscadmin.h"
#include "utils/uuid.h"

#include "compat.h"

#define TOKEN_BYTES 32
#define UUIDS_AT_ONCE 256		/* the strong source takes as long for one as for a page of them */

PG_FUNCTION_INFO_V1(reminder_random_token);
PG_FUNCTION_INFO_V1(reminder_random_uuid);

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

/*
 * Gives a UUID of 122 random bits of the server's strong source (version 4, RFC
 * 9562), or raises an error. As gen_random_uuid() does, of which a run would
 * spend a thirtieth of its time in asking for sixteen bytes at a time.
 */
Datum
reminder_random_uuid(PG_FUNCTION_ARGS)
{
	static pg_uuid_t ahead[UUIDS_AT_ONCE];
	static int	left = 0;
	pg_uuid_t  *uuid = palloc(sizeof(pg_uuid_t));

	if (left == 0)
	{
		if (!pg_strong_random(ahead, sizeof(ahead)))
			elog(ERROR, "could not generate random values");
		left = UUIDS_AT_ONCE;
	}
	*uuid = ahead[--left];
	/* what was given is known no longer */
	memset(&ahead[left], 0, sizeof(pg_uuid_t));
	uuid->data[6] = (uuid->data[6] & 0x0f) | 0x40;
	uuid->data[8] = (uuid->data[8] & 0x3f) | 0x80;
	PG_RETURN_UUID_P(uuid);
}
