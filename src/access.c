/*
 * access.c: who may act for which creditor (S2).
 *
 * Walls stand when row-level security is on for reminder.creditor. Then a role
 * sees the creditors that creditor_access, partner_access or service_access
 * give to it or to a role that it is a member of; some of them only in part.
 * The owner of the tables, superusers and roles with BYPASSRLS see all.
 *
 * Policies and views ask sees() and its kin. The planner asks for them, and
 * gets plain comparisons with the creditors of the role: nothing at all for
 * who sees all, an index condition for the others. Such a plan holds for one
 * role, which it says of itself; and as long as nobody's access changes, which
 * we hear of: the callbacks below throw every plan away.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "access/xact.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "commands/trigger.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "nodes/makefuncs.h"
#include "nodes/pathnodes.h"
#include "nodes/supportnodes.h"
#include "parser/parse_func.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"
#include "utils/hsearch.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/plancache.h"
#include "utils/snapmgr.h"
#include "utils/syscache.h"

#include "access.h"
#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "owner.h"
#include "probe.h"
#include "words.h"

PG_FUNCTION_INFO_V1(reminder_sees);
PG_FUNCTION_INFO_V1(reminder_sees_whole);
PG_FUNCTION_INFO_V1(reminder_sees_invoice);
PG_FUNCTION_INFO_V1(reminder_sees_customer);
PG_FUNCTION_INFO_V1(reminder_sees_partner);
PG_FUNCTION_INFO_V1(reminder_sees_support);
PG_FUNCTION_INFO_V1(reminder_access_changed);

/* bigint = bigint, which has no symbol */
#define INT8_EQUAL_OPERATOR 410

/* A set of numbers, growing. */
typedef struct Numbers
{
	int			n;
	int			room;
	int64	   *number;
} Numbers;

/* Which invoices of a creditor a role is limited to; NULL: none by that. */
typedef struct Part
{
	int64		creditor_id;
	ArrayType  *branches;
	ArrayType  *trading_names;
} Part;

/* What a role sees. */
typedef struct Access
{
	Oid			role;			/* the key of the hash */
	bool		all;
	Numbers		whole;
	Numbers		any;			/* these, and those of the limits */
	Numbers		partners;
	int			nlimits;
	Part	   *limit;
} Access;

/* What roles see, by role; in its memory. NULL: nothing is known. */
static HTAB *known = NULL;
static MemoryContext known_memory = NULL;
static bool stale = true;

/* The tables it was read from. */
enum
{
	CREDITOR, CREDITOR_ACCESS, PARTNER_ACCESS, SERVICE_ACCESS, ACCESS_TABLES
};
static const char *const access_table[] = {"creditor", "creditor_access", "partner_access", "service_access"};
static Oid	watched[ACCESS_TABLES];

/* Forgets what is known, and every plan that was made by it; looks nothing up here. */
static void
ForgetAccess(void)
{
	if (stale)
		return;
	stale = true;
	ResetPlanCache();
}

/* A relation has changed: one of ours, or perhaps any. */
static void
ForgetAccessByRelation(Datum arg, Oid relid)
{
	for (int i = 0; i < ACCESS_TABLES; i++)
		if (!OidIsValid(relid) || relid == watched[i])
		{
			ForgetAccess();
			return;
		}
}

/* A role or a membership has changed. */
static void
ForgetAccessByRole(Datum arg, int cacheid, uint32 hashvalue)
{
	ForgetAccess();
}

/* Registers for the news of changes; called once a backend. */
void
InitAccess(void)
{
	CacheRegisterRelcacheCallback(ForgetAccessByRelation, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHOID, ForgetAccessByRole, (Datum) 0);
	CacheRegisterSyscacheCallback(AUTHMEMROLEMEM, ForgetAccessByRole, (Datum) 0);
}

/*
 * AFTER STATEMENT on the tables of access and on creditor: tells every
 * backend that somebody's access may have changed.
 */
Datum
reminder_access_changed(PG_FUNCTION_ARGS)
{
	Relation	rel;
	bool		ours = false;

	CheckTrigger(fcinfo, "_access_changed", NULL, TRIGGER_EVENT_AFTER, false);
	rel = ((TriggerData *) fcinfo->context)->tg_relation;
	for (int i = 0; i < ACCESS_TABLES; i++)
		ours = ours || strcmp(RelationGetRelationName(rel), access_table[i]) == 0;
	if (!ours)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" is fired for the wrong table", "_access_changed")));
	CacheInvalidateRelcache(rel);
	return PointerGetDatum(NULL);
}

/* Tells whether walls stand between creditors. */
static bool
WallsStand(void)
{
	Oid			relid = get_relname_relid("creditor", ReminderSchema());
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(relid));
	bool		stand;

	if (!HeapTupleIsValid(tuple))
		return true;
	stand = ((Form_pg_class) GETSTRUCT(tuple))->relrowsecurity;
	ReleaseSysCache(tuple);
	return stand;
}

/* Adds a number to a set. */
static void
AddNumber(Numbers *set, int64 number)
{
	if (set->n == set->room)
	{
		set->room = 2 * set->room + 8;
		set->number = set->number == NULL
			? MemoryContextAlloc(known_memory, set->room * sizeof(int64))
			: repalloc(set->number, set->room * sizeof(int64));
	}
	set->number[set->n++] = number;
}

/* Puts numbers in order. */
static int
CompareNumbers(const void *left, const void *right)
{
	int64		a = *(const int64 *) left;
	int64		b = *(const int64 *) right;

	return a < b ? -1 : a > b;
}

/* Puts a set in ascending order, each number once. */
static void
SortNumbers(Numbers *set)
{
	int			left = 0;

	if (set->n == 0)
		return;
	qsort(set->number, set->n, sizeof(int64), CompareNumbers);
	for (int i = 0; i < set->n; i++)
		if (i == 0 || set->number[left - 1] != set->number[i])
			set->number[left++] = set->number[i];
	set->n = left;
}

/* Tells whether a sorted set has a number. */
static bool
HasNumber(const Numbers *set, int64 number)
{
	return set->n > 0 && bsearch(&number, set->number, set->n, sizeof(int64), CompareNumbers) != NULL;
}

/* Tells whether a role is one that a row names, or a member of it. A name that no role has gives nothing. */
static bool
IsNamed(Oid role, Datum role_name)
{
	char	   *name = TextDatumGetCString(role_name);
	Oid			named = get_role_oid(name, true);

	pfree(name);
	return OidIsValid(named) && is_member_of_role(role, named);
}

/* Copies an array to stay; NULL for a null. */
static ArrayType *
KeepArray(TupleTableSlot *slot, AttrNumber attnum)
{
	bool		isnull;
	Datum		value = slot_getattr(slot, attnum, &isnull);
	MemoryContext old;
	ArrayType  *kept;

	if (isnull)
		return NULL;
	old = MemoryContextSwitchTo(known_memory);
	kept = DatumGetArrayTypePCopy(value);
	MemoryContextSwitchTo(old);
	return kept;
}

/* Reads one row of a table of access into what a role sees. */
static void
ReadAccessRow(Access *access, int table, Relation rel, TupleTableSlot *slot)
{
	static Columns columns[ACCESS_TABLES] = {
		{.names = {"creditor_id", "partner_id"}},
		{.names = {"role_name", "creditor_id", "limited", "branches", "trading_names"}},
		{.names = {"role_name", "partner_id"}},
		{.names = {"role_name"}}
	};
	const AttrNumber *number = ColumnNumbers(rel, &columns[table]);
	bool		isnull;
	Datum		first = slot_getattr(slot, number[0], &isnull);
	int64		id;

	if (table == CREDITOR)
	{
		int64		partner_id = DatumGetInt64(slot_getattr(slot, number[1], &isnull));

		if (!isnull && HasNumber(&access->partners, partner_id))
		{
			AddNumber(&access->whole, DatumGetInt64(first));
			AddNumber(&access->any, DatumGetInt64(first));
		}
		return;
	}
	if (!IsNamed(access->role, first))
		return;
	if (table == SERVICE_ACCESS)
	{
		access->all = true;
		return;
	}
	id = DatumGetInt64(slot_getattr(slot, number[1], &isnull));
	if (table == PARTNER_ACCESS)
	{
		AddNumber(&access->partners, id);
		return;
	}
	AddNumber(&access->any, id);
	if (!DatumGetBool(slot_getattr(slot, number[2], &isnull)))
		AddNumber(&access->whole, id);
	else
	{
		Size		size = (access->nlimits + 1) * sizeof(Part);

		access->limit = access->limit == NULL ? MemoryContextAlloc(known_memory, size) : repalloc(access->limit, size);
		access->limit[access->nlimits].creditor_id = id;
		access->limit[access->nlimits].branches = KeepArray(slot, number[3]);
		access->limit[access->nlimits].trading_names = KeepArray(slot, number[4]);
		access->nlimits++;
	}
}

/*
 * Reads one table of access, as committed now, our own changes included; a
 * parallel query reads what it began with. Not through SPI: the planner asks.
 */
static void
ReadAccessTable(Access *access, int table)
{
	Relation	rel = OpenOurs(access_table[table], AccessShareLock);
	Snapshot	snapshot = RegisterSnapshot(IsInParallelMode() ? GetActiveSnapshot() : GetLatestSnapshot());
	TableScanDesc scan = table_beginscan(rel, snapshot, 0, NULL);
	TupleTableSlot *slot = table_slot_create(rel, NULL);

	watched[table] = RelationGetRelid(rel);
	while (table_scan_getnextslot(scan, ForwardScanDirection, slot))
		ReadAccessRow(access, table, rel, slot);
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, AccessShareLock);
}

/* Reads what a role sees. */
static void
ReadAccess(Access *access)
{
	access->all = has_bypassrls_privilege(access->role) || has_privs_of_role(access->role, ReminderOwner());
	if (!access->all)
		ReadAccessTable(access, SERVICE_ACCESS);
	if (access->all)
		return;
	ReadAccessTable(access, PARTNER_ACCESS);
	SortNumbers(&access->partners);
	ReadAccessTable(access, CREDITOR_ACCESS);
	if (access->partners.n > 0)
		ReadAccessTable(access, CREDITOR);
	SortNumbers(&access->whole);
	SortNumbers(&access->any);
}

/* Gives a place to remember what roles see, an empty one if what was known is stale. */
static void
OpenKnown(void)
{
	HASHCTL		control = {.keysize = sizeof(Oid),.entrysize = sizeof(Access)};

	if (known != NULL && !stale)
		return;
	if (known_memory == NULL)
		known_memory = AllocSetContextCreate(CacheMemoryContext, "reminder access", ALLOCSET_DEFAULT_SIZES);
	known = NULL;
	MemoryContextReset(known_memory);
	control.hcxt = known_memory;
	known = hash_create("reminder access", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
	for (int i = 0; i < ACCESS_TABLES; i++)
		watched[i] = get_relname_relid(access_table[i], ReminderSchema());
	stale = false;
}

/* Gives what a role sees. What is read while something changes is read again. */
#define READ_TRIES 5
static const Access *
AccessOf(Oid role)
{
	Access	   *access;
	bool		found;

	/* what another session has committed since */
	AcceptInvalidationMessages();
	for (int tries = 1;; tries++)
	{
		OpenKnown();
		access = hash_search(known, &role, HASH_ENTER, &found);
		if (found)
			return access;
		memset((char *) access + sizeof(Oid), 0, sizeof(Access) - sizeof(Oid));
		PG_TRY();
		{
			ReadAccess(access);
		}
		PG_CATCH();
		{
			stale = true;
			PG_RE_THROW();
		}
		PG_END_TRY();
		/* where every access to a relation passes for a change, as in debugging, it ends all the same */
		if (!stale || tries == READ_TRIES)
			break;
	}
	stale = false;
	return access;
}

/* Tells whether a role sees every creditor. */
bool
SeesAll(Oid role)
{
	return !WallsStand() || AccessOf(role)->all;
}

/* Tells whether a role sees all of a creditor. */
bool
SeesWhole(Oid role, int64 creditor_id)
{
	const Access *access;

	if (!WallsStand())
		return true;
	access = AccessOf(role);
	return access->all || HasNumber(&access->whole, creditor_id);
}

/* Tells whether a role sees anything of a creditor. */
static bool
SeesAny(Oid role, int64 creditor_id)
{
	return SeesAll(role) || HasNumber(&AccessOf(role)->any, creditor_id);
}

/* Tells whether an array of texts, or NULL, has the one in a column. */
static bool
HasText(ArrayType *array, TupleTableSlot *slot, AttrNumber attnum)
{
	Datum	   *element;
	bool	   *isnull;
	bool		missing;
	bool		has = false;
	Datum		text = slot_getattr(slot, attnum, &missing);
	int			n;

	if (array == NULL || missing)
		return false;
	deconstruct_array(array, TEXTOID, -1, false, TYPALIGN_INT, &element, &isnull, &n);
	for (int i = 0; i < n && !has; i++)
		has = !isnull[i] && SameText(element[i], text);
	return has;
}

/* Tells whether an invoice is listed as one of the role's own. */
static bool
IsListed(Oid role, Datum creditor_id, Datum invoice_no)
{
	static Columns columns = {.names = {"role_name"}};
	Probe		probe;
	bool		listed = false;
	bool		isnull;

	OpenProbe(&probe, "invoice_access", "invoice_access_pkey", AccessShareLock, GetActiveSnapshot());
	for (bool found = FindRow(&probe, creditor_id, invoice_no); found && !listed; found = NextRow(&probe))
		listed = IsNamed(role, slot_getattr(probe.slot, ColumnNumbers(probe.heap, &columns)[0], &isnull));
	CloseProbe(&probe);
	return listed;
}

/* Tells whether the invoice a probe stands on is one of those that a role is limited to. */
static bool
IsOwn(const Access *access, Probe *invoice)
{
	static Columns columns = {.names = {"creditor_id", "invoice_no", "branch", "trading_name"}};
	const AttrNumber *number = ColumnNumbers(invoice->heap, &columns);
	bool		isnull;
	Datum		creditor_id = slot_getattr(invoice->slot, number[0], &isnull);

	for (int i = 0; i < access->nlimits; i++)
		if (access->limit[i].creditor_id == DatumGetInt64(creditor_id) &&
			(HasText(access->limit[i].branches, invoice->slot, number[2]) ||
			 HasText(access->limit[i].trading_names, invoice->slot, number[3])))
			return true;
	return IsListed(access->role, creditor_id, slot_getattr(invoice->slot, number[1], &isnull));
}

/* Tells whether a role that is limited in a creditor has an invoice, found by an index of its table, as its own. */
static bool
HasOwn(Oid role, const char *index, Datum creditor_id, Datum no)
{
	const Access *access = AccessOf(role);
	Probe		probe;
	bool		own = false;

	if (!HasNumber(&access->any, DatumGetInt64(creditor_id)))
		return false;
	OpenProbe(&probe, "invoice", index, AccessShareLock, GetActiveSnapshot());
	for (bool found = FindRow(&probe, creditor_id, no); found && !own; found = NextRow(&probe))
		own = IsOwn(access, &probe);
	CloseProbe(&probe);
	return own;
}

/* Tells whether a role sees an invoice, which need not be there if it sees all of the creditor. */
bool
SeesInvoice(Oid role, int64 creditor_id, Datum invoice_no)
{
	return SeesWhole(role, creditor_id) || HasOwn(role, "invoice_pkey", Int64GetDatum(creditor_id), invoice_no);
}

/* Raises 22R04 if a role sees nothing of a creditor: the same answer as for one that there is not. */
void
RequireAny(Oid role, int64 creditor_id)
{
	if (!SeesAny(role, creditor_id))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("creditor %lld is unknown or not yours", (long long) creditor_id),
				 errhint("SELECT creditor_id, name FROM reminder.creditor; lists the creditors there are.")));
}

/* Raises 22R04, or 42501 if the role is limited to its own invoices, unless it sees all of a creditor. */
void
RequireCreditor(Oid role, int64 creditor_id)
{
	RequireAny(role, creditor_id);
	if (!SeesWhole(role, creditor_id))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied: role \"%s\" is limited to its own invoices", GetUserNameFromId(role, false)),
				 errhint("Call a function that names one of them, or ask for access to the whole creditor.")));
}

/* Raises 22R04 unless a role sees an invoice. */
void
RequireInvoice(Oid role, int64 creditor_id, Datum invoice_no)
{
	RequireAny(role, creditor_id);
	if (!SeesInvoice(role, creditor_id, invoice_no))
	{
		char	   *no = TextDatumGetCString(invoice_no);

		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("invoice \"%.*s\" is unknown or not yours", pg_mbcliplen(no, strlen(no), 64), no),
				 errhint("SELECT creditor_id, invoice_no FROM reminder.invoice_status; lists the invoices there are.")));
	}
}

/* Raises 22R04 unless a role sees a customer. */
void
RequireCustomer(Oid role, int64 creditor_id, Datum customer_no)
{
	RequireAny(role, creditor_id);
	if (!SeesWhole(role, creditor_id) && !HasOwn(role, "invoice_customer_idx", Int64GetDatum(creditor_id), customer_no))
	{
		char	   *no = TextDatumGetCString(customer_no);

		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("customer \"%.*s\" is unknown or not yours", pg_mbcliplen(no, strlen(no), 64), no),
				 errhint("SELECT creditor_id, customer_no FROM reminder.rule_customers; lists the customers there are.")));
	}
}

/* Tells whether a role sees a partner with all its creditors. */
static bool
SeesPartner(Oid role, int64 partner_id)
{
	return SeesAll(role) || HasNumber(&AccessOf(role)->partners, partner_id);
}

/* Raises 22R04 unless a role sees a partner with all its creditors. */
void
RequirePartner(Oid role, int64 partner_id)
{
	if (!SeesPartner(role, partner_id))
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("partner %lld is unknown or not yours", (long long) partner_id),
				 errhint("SELECT * FROM reminder.partner; lists those there are.")));
}

/*
 * Raises 22R04 where agency_access names a role, itself or one that it is a
 * member of, for other agencies than this one. Read anew each time: it is asked
 * once for many claims.
 */
void
RequireAgency(Oid role, Datum agency)
{
	static Columns columns = {.names = {"role_name", "agency"}};
	Relation	rel = OpenOurs("agency_access", AccessShareLock);
	const AttrNumber *number = ColumnNumbers(rel, &columns);
	Snapshot	snapshot = RegisterSnapshot(GetLatestSnapshot());
	TableScanDesc scan = table_beginscan(rel, snapshot, 0, NULL);
	TupleTableSlot *slot = table_slot_create(rel, NULL);
	char	   *name = TextDatumGetCString(agency);
	bool		limited = false;
	bool		allowed = false;
	bool		isnull;

	while (!allowed && table_scan_getnextslot(scan, ForwardScanDirection, slot))
	{
		if (!IsNamed(role, slot_getattr(slot, number[0], &isnull)))
			continue;
		limited = true;
		allowed = strcmp(TextDatumGetCString(slot_getattr(slot, number[1], &isnull)), name) == 0;
	}
	ExecDropSingleTupleTableSlot(slot);
	table_endscan(scan);
	UnregisterSnapshot(snapshot);
	table_close(rel, AccessShareLock);
	if (limited && !allowed)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("agency \"%.*s\" is unknown or not yours", pg_mbcliplen(name, strlen(name), 64), name),
				 errhint("SELECT agency, title FROM reminder.agency; lists the agencies there are.")));
}

/* Raises 22R04 unless a role sees all of every creditor of an account, which has some. */
void
RequireAccount(Oid role, int64 account_id)
{
	static Statement read = {
		.sql = "SELECT c.creditor_id FROM reminder.creditor c WHERE c.account_id = $1",
		.nargs = 1,.argtypes = {INT8OID}
	};
	Datum		values[1] = {Int64GetDatum(account_id)};
	OwnerScope	scope;
	uint64		n;
	uint64		seen = 0;
	bool		isnull;

	EnterOwner(&scope, ReminderOwner());
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	n = ExecuteFresh(&read, values, NULL, SPI_OK_SELECT);
	for (uint64 i = 0; i < n; i++)
		seen += SeesWhole(role, DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)));
	SPI_finish();
	LeaveOwner(&scope);
	if (n == 0 || seen < n)
		ereport(ERROR,
				(errcode(ERRCODE_REMINDER_UNKNOWN),
				 errmsg("account %lld is unknown or not yours", (long long) account_id),
				 errhint("SELECT * FROM reminder.account; lists those there are.")));
}

/* Tells whether the caller sees anything of a creditor. */
Datum
reminder_sees(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SeesAny(GetUserId(), PG_GETARG_INT64(0)));
}

/* Tells whether the caller sees all of a creditor. */
Datum
reminder_sees_whole(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SeesWhole(GetUserId(), PG_GETARG_INT64(0)));
}

/* Tells whether the caller sees an invoice. */
Datum
reminder_sees_invoice(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SeesInvoice(GetUserId(), PG_GETARG_INT64(0), PG_GETARG_DATUM(1)));
}

/* Tells whether the caller sees a customer. */
Datum
reminder_sees_customer(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SeesWhole(GetUserId(), PG_GETARG_INT64(0)) ||
				   HasOwn(GetUserId(), "invoice_customer_idx", PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)));
}

/* Tells whether the caller sees a partner. */
Datum
reminder_sees_partner(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(SeesPartner(GetUserId(), PG_GETARG_INT64(0)));
}

/* Makes "number is one of the set". */
static Node *
MakeIsOneOf(Node *number, const Numbers *set)
{
	ScalarArrayOpExpr *any;
	Datum	   *datum;
	ArrayType  *array;

	if (set->n == 0)
		return makeBoolConst(false, false);
	if (set->n == 1)
	{
		Expr	   *equal = make_opclause(INT8_EQUAL_OPERATOR, BOOLOID, false, (Expr *) copyObject(number),
										  (Expr *) makeConst(INT8OID, -1, InvalidOid, sizeof(int64), Int64GetDatum(set->number[0]), false, FLOAT8PASSBYVAL),
										  InvalidOid, InvalidOid);

		((OpExpr *) equal)->opfuncid = F_INT8EQ;
		return (Node *) equal;
	}
	datum = palloc(set->n * sizeof(Datum));
	for (int i = 0; i < set->n; i++)
		datum[i] = Int64GetDatum(set->number[i]);
	array = construct_array(datum, set->n, INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE);
	any = makeNode(ScalarArrayOpExpr);
	any->opno = INT8_EQUAL_OPERATOR;
	any->opfuncid = F_INT8EQ;
	any->useOr = true;
	any->args = list_make2(copyObject(number),
						   makeConst(INT8ARRAYOID, -1, InvalidOid, -1, PointerGetDatum(array), false, false));
	any->location = -1;
	return (Node *) any;
}

/*
 * Makes what sees_invoice() and sees_customer() come to: plain comparisons,
 * and only within the creditors in which the role is limited the call itself,
 * by the name under which it is not asked for again.
 */
static Node *
MakeSeesPart(const FuncExpr *call, const Access *access, const char *own_name)
{
	static const Oid own_args[] = {INT8OID, TEXTOID};
	Node	   *creditor_id = linitial(call->args);
	Node	   *whole = MakeIsOneOf(creditor_id, &access->whole);
	FuncExpr   *own;

	if (access->any.n == access->whole.n)
		return whole;
	own = copyObject(unconstify(FuncExpr *, call));
	own->funcid = LookupFuncName(list_make2(makeString("reminder"), makeString(unconstify(char *, own_name))), 2, own_args, false);
	return (Node *) makeBoolExpr(AND_EXPR,
								 list_make2(MakeIsOneOf(creditor_id, &access->any),
											makeBoolExpr(OR_EXPR, list_make2(whole, own), -1)),
								 -1);
}

/* Makes what a call of sees() or its kin comes to for the present role; NULL for a function that is not of them. */
static Node *
MakeSees(const FuncExpr *call)
{
	char	   *name = get_func_name(call->funcid);
	const Access *access;

	/* the plan stands on there being no walls, too */
	OpenKnown();
	if (SeesAll(GetUserId()))
		return makeBoolConst(true, false);
	access = AccessOf(GetUserId());
	if (strcmp(name, "sees") == 0)
		return MakeIsOneOf(linitial(call->args), &access->any);
	if (strcmp(name, "sees_whole") == 0)
		return MakeIsOneOf(linitial(call->args), &access->whole);
	if (strcmp(name, "sees_partner") == 0)
		return MakeIsOneOf(linitial(call->args), &access->partners);
	if (strcmp(name, "sees_invoice") == 0)
		return MakeSeesPart(call, access, "own_invoice");
	if (strcmp(name, "sees_customer") == 0)
		return MakeSeesPart(call, access, "own_customer");
	return NULL;
}

/*
 * Support function of sees() and its kin: tells the planner what a call comes
 * to. Where no table of the query has row-level security, as in a view of
 * one's own, the plan itself must say that it is one role's.
 */
Datum
reminder_sees_support(PG_FUNCTION_ARGS)
{
	Node	   *request = (Node *) PG_GETARG_POINTER(0);
	PlannerInfo *root;

	if (!IsA(request, SupportRequestSimplify))
		PG_RETURN_POINTER(NULL);
	root = ((SupportRequestSimplify *) request)->root;
	if (root == NULL)
		PG_RETURN_POINTER(NULL);
	root->glob->dependsOnRole = true;
	PG_RETURN_POINTER(MakeSees(((SupportRequestSimplify *) request)->fcall));
}
