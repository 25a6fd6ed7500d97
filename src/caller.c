/*
 * caller.c: public functions act for the owner of the tables, but only where
 * their caller may (S2).
 *
 * Inside a SECURITY DEFINER function nobody can tell who called it: the role
 * of the session may be another, that called a SECURITY DEFINER function of
 * the caller's. So what is called is this, with the caller's rights; it looks
 * at the creditor, and the invoice or customer, at the account or partner, at
 * the agency, and at the application's table, that the arguments name, and then calls the function proper, which nobody
 * but the owner may execute.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

#include "access.h"
#include "compat.h"
#include "errors.h"
#include "owner.h"

PG_FUNCTION_INFO_V1(reminder_act);

/* The function proper, and which of its arguments name whom it acts for; -1: none does. */
typedef struct Proper
{
	FmgrInfo	flinfo;
	int			creditor_id;
	int			invoice_no;
	int			invoice_nos;
	int			customer_no;
	int			account_id;
	int			partner_id;
	int			agency;
	int			relation;
	bool		by_token;		/* a debtor's: whoever has it may */
} Proper;

/* Gives the place of an input argument by name and type, -1 if there is none. */
static int
FindArgument(HeapTuple function, const char *name, Oid type)
{
	Oid		   *types;
	char	  **names;
	char	   *modes;
	int			n = get_func_arg_info(function, &types, &names, &modes);
	int			inputs = ((Form_pg_proc) GETSTRUCT(function))->pronargs;

	/* what comes out stands behind what goes in */
	for (int i = 0; i < Min(n, inputs); i++)
		if (names != NULL && strcmp(names[i], name) == 0 && types[i] == type)
			return i;
	return -1;
}

/* Finds the function proper of the one that is called: of the same arguments, its name with a prefix. */
static Proper *
FindProper(FunctionCallInfo fcinfo)
{
	HeapTuple	called = SearchSysCache1(PROCOID, ObjectIdGetDatum(fcinfo->flinfo->fn_oid));
	Proper	   *proper = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(Proper));
	HeapTuple	tuple;
	char	   *name;

	if (!HeapTupleIsValid(called))
		elog(ERROR, "function %u has gone", fcinfo->flinfo->fn_oid);
	name = psprintf("_owner_%s", NameStr(((Form_pg_proc) GETSTRUCT(called))->proname));
	tuple = SearchSysCache3(PROCNAMEARGSNSP, CStringGetDatum(name),
							PointerGetDatum(&((Form_pg_proc) GETSTRUCT(called))->proargtypes),
							ObjectIdGetDatum(ReminderSchema()));
	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("function \"%s\" of reminder has gone", name),
				 errhint("SELECT * FROM reminder.check();")));
	fmgr_info_cxt(((Form_pg_proc) GETSTRUCT(tuple))->oid, &proper->flinfo, fcinfo->flinfo->fn_mcxt);
	proper->flinfo.fn_expr = fcinfo->flinfo->fn_expr;
	proper->creditor_id = FindArgument(called, "creditor_id", INT8OID);
	proper->invoice_no = FindArgument(called, "invoice_no", TEXTOID);
	proper->invoice_nos = FindArgument(called, "invoice_nos", TEXTARRAYOID);
	proper->customer_no = FindArgument(called, "customer_no", TEXTOID);
	proper->account_id = FindArgument(called, "account_id", INT8OID);
	proper->partner_id = FindArgument(called, "partner_id", INT8OID);
	proper->agency = FindArgument(called, "agency", TEXTOID);
	proper->relation = FindArgument(called, "relation", REGCLASSOID);
	proper->by_token = FindArgument(called, "token", TEXTOID) >= 0;
	ReleaseSysCache(tuple);
	ReleaseSysCache(called);
	return proper;
}

/* Tells whether an argument is given. */
static bool
IsGiven(FunctionCallInfo fcinfo, int argument)
{
	return argument >= 0 && !PG_ARGISNULL(argument);
}

/* Raises 22R04 unless the caller sees every invoice of an array; those it names twice, or not, the function is to mind. */
static void
RequireInvoices(Oid caller, int64 creditor_id, ArrayType *invoice_nos)
{
	Datum	   *invoice_no;
	bool	   *isnull;
	int			n;

	deconstruct_array(invoice_nos, TEXTOID, -1, false, TYPALIGN_INT, &invoice_no, &isnull, &n);
	for (int i = 0; i < n; i++)
		if (!isnull[i])
			RequireInvoice(caller, creditor_id, invoice_no[i]);
}

/* Raises 42501 unless a table is the caller's own, or one's whose member it is. */
static void
RequireTableOwner(Oid caller, Oid relid)
{
	char	   *name = get_rel_name(relid);

	if (name == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("there is no relation with OID %u", relid)));
	if (!OwnsRelation(relid, caller))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("must be owner of table %s", name)));
}

/* Raises 22R04 or 42501 unless the caller may act for whom the arguments name. */
static void
RequireCaller(FunctionCallInfo fcinfo, const Proper *proper)
{
	Oid			caller = GetUserId();
	int64		creditor_id;

	if (IsGiven(fcinfo, proper->relation))
		RequireTableOwner(caller, DatumGetObjectId(PG_GETARG_DATUM(proper->relation)));
	/* the function proper looks whose it is */
	if (proper->by_token || SeesAll(caller))
		return;
	if (IsGiven(fcinfo, proper->agency))
		RequireAgency(caller, PG_GETARG_DATUM(proper->agency));
	if (IsGiven(fcinfo, proper->account_id))
		RequireAccount(caller, PG_GETARG_INT64(proper->account_id));
	if (IsGiven(fcinfo, proper->partner_id))
		RequirePartner(caller, PG_GETARG_INT64(proper->partner_id));
	if (proper->creditor_id < 0)
	{
		if (IsGiven(fcinfo, proper->account_id) || IsGiven(fcinfo, proper->partner_id) || IsGiven(fcinfo, proper->relation))
			return;
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied: the function acts for every creditor"),
				 errhint("Ask for service access: reminder.service_access.")));
	}
	/* it may mean all of them */
	if (PG_ARGISNULL(proper->creditor_id))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("creditor %s is unknown or not yours", "NULL"),
				 errhint("SELECT creditor_id, name FROM reminder.creditor; lists the creditors there are.")));
	creditor_id = PG_GETARG_INT64(proper->creditor_id);
	if (IsGiven(fcinfo, proper->invoice_no))
		RequireInvoice(caller, creditor_id, PG_GETARG_DATUM(proper->invoice_no));
	else if (IsGiven(fcinfo, proper->invoice_nos) && !SeesWhole(caller, creditor_id))
	{
		RequireAny(caller, creditor_id);
		RequireInvoices(caller, creditor_id, PG_GETARG_ARRAYTYPE_P(proper->invoice_nos));
	}
	else if (IsGiven(fcinfo, proper->customer_no))
		RequireCustomer(caller, creditor_id, PG_GETARG_DATUM(proper->customer_no));
	else
		RequireCreditor(caller, creditor_id);
}

/* Calls the function proper, with the arguments and for the results of this one, if the caller may. */
Datum
reminder_act(PG_FUNCTION_ARGS)
{
	LOCAL_FCINFO(call, FUNC_MAX_ARGS);
	Proper	   *proper = fcinfo->flinfo->fn_extra;
	Datum		result;

	if (proper == NULL)
		fcinfo->flinfo->fn_extra = proper = FindProper(fcinfo);
	RequireCaller(fcinfo, proper);
	InitFunctionCallInfoData(*call, &proper->flinfo, fcinfo->nargs, fcinfo->fncollation, fcinfo->context, fcinfo->resultinfo);
	memcpy(call->args, fcinfo->args, fcinfo->nargs * sizeof(NullableDatum));
	result = FunctionCallInvoke(call);
	fcinfo->isnull = call->isnull;
	return result;
}
