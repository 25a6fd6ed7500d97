/*
 * resultset.c: the rows that a function of ours gives, all of them at once.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "nodes/execnodes.h"
#include "utils/memutils.h"

#include "errors.h"
#include "resultset.h"

/* Tells whether the caller takes all rows at once. */
bool
TakesResultSet(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;

	return info != NULL && IsA(info, ReturnSetInfo) && (info->allowedModes & SFRM_Materialize) != 0;
}

/* Makes a place for the rows, which lasts as long as the caller reads them; raises an error if he does not take them at once. */
Tuplestorestate *
MakeResultSet(FunctionCallInfo fcinfo)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	Tuplestorestate *rows;
	MemoryContext old;

	if (!TakesResultSet(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("set-valued function called in context that cannot accept a set")));
	old = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);
	rows = tuplestore_begin_heap((info->allowedModes & SFRM_Materialize_Random) != 0, false, work_mem);
	MemoryContextSwitchTo(old);
	return rows;
}

/* Gives the rows to the caller, and of a type that is not kept a copy. */
void
GiveResultSet(FunctionCallInfo fcinfo, Tuplestorestate *rows, TupleDesc desc)
{
	ReturnSetInfo *info = (ReturnSetInfo *) fcinfo->resultinfo;
	MemoryContext old = MemoryContextSwitchTo(info->econtext->ecxt_per_query_memory);

	info->returnMode = SFRM_Materialize;
	info->setResult = rows;
	info->setDesc = desc->tdrefcount > 0 ? desc : CreateTupleDescCopy(desc);
	MemoryContextSwitchTo(old);
}

/* Gives the type of a function's rows, which stays the same as long as the function does. */
TupleDesc
KeptRowType(FunctionCallInfo fcinfo, int natts, TupleDesc *kept, Oid *of)
{
	TupleDesc	desc;
	MemoryContext old;

	if (*kept != NULL && *of == fcinfo->flinfo->fn_oid)
		return *kept;
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != natts)
		elog(ERROR, "return type must be a row type");
	old = MemoryContextSwitchTo(CacheMemoryContext);
	*kept = BlessTupleDesc(CreateTupleDescCopy(desc));
	/* ours: who is given it does not free it */
	(*kept)->tdrefcount = 1;
	MemoryContextSwitchTo(old);
	*of = fcinfo->flinfo->fn_oid;
	return *kept;
}
