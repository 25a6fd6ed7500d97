/*
 * assignment.c: which rule a customer is under, and why (R3).
 *
 * Precedence: blocked; the customer's own rule; its class's (or the class
 * excluded); foreign customers blocked, if the creditor says so; the general
 * rule of its kind. Assigned by row trigger the moment a customer is written.
 *
 * A creditor's classes and general rules are read once a transaction, after
 * its row was locked FOR KEY SHARE. Whoever changes them takes that row FOR
 * UPDATE and then puts right whom the change moves: so no customer written
 * meanwhile can keep a rule that was read before the change.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "origin.h"
#include "owner.h"
#include "probe.h"
#include "rows.h"

PG_FUNCTION_INFO_V1(reminder_assign);
PG_FUNCTION_INFO_V1(reminder_assigned);
PG_FUNCTION_INFO_V1(reminder_assigned_many);
PG_FUNCTION_INFO_V1(reminder_moved_many);
PG_FUNCTION_INFO_V1(reminder_forget_rules);
PG_FUNCTION_INFO_V1(reminder_rules_changed);

#define ID_BYTES 65

typedef struct ClassRule
{
	char		name[ID_BYTES];
	char		kind;			/* of its rule: c or p; 0: no rule */
	bool		excluded;
	int32		rule_no;
} ClassRule;

/* What decides the rules of one creditor's customers. */
typedef struct CreditorRules
{
	int64		creditor_id;
	char		country[3];
	bool		foreign_blocked;
	int32		general_company;	/* 0: there is none yet */
	int32		general_person;
	int			nclasses;
	ClassRule  *classes;		/* by name */
} CreditorRules;

typedef struct Customer
{
	int64		creditor_id;
	char		kind;			/* c, or p for persons */
	bool		blocked;
	int32		own_rule;
	const char *country;		/* NULL: the creditor's */
	const char *class_name;
} Customer;

typedef struct Assignment
{
	int32		rule_no;		/* 0: none */
	const char *why;
} Assignment;

/* The creditors read in this transaction; goes with its memory. */
static HTAB *known_creditors = NULL;
static bool forget_registered = false;

/* Forgets what was read: it may not hold after a rollback, or in another transaction. */
static void
ForgetCreditors(XactEvent event, void *arg)
{
	known_creditors = NULL;
}

/* The same when a subtransaction is rolled back, whose changes we may have read. */
static void
ForgetCreditorsAtSubAbort(SubXactEvent event, SubTransactionId subxact, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		known_creditors = NULL;
}

/* Makes the table of creditors for this transaction. */
static void
InitKnownCreditors(void)
{
	HASHCTL		control = {0};

	if (!forget_registered)
	{
		RegisterXactCallback(ForgetCreditors, NULL);
		RegisterSubXactCallback(ForgetCreditorsAtSubAbort, NULL);
		forget_registered = true;
	}
	control.keysize = sizeof(int64);
	control.entrysize = sizeof(CreditorRules);
	control.hcxt = TopTransactionContext;
	known_creditors = hash_create("reminder creditors", 16, &control, HASH_ELEM | HASH_BLOBS | HASH_CONTEXT);
}

/* Gives a column of the row a query gave, as text; NULL for NULL. */
static char *
ResultText(uint64 row, int column)
{
	return SPI_getvalue(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, column);
}

/* Gives a column of the row a query gave, as a number; 0 for NULL. */
static int32
ResultNumber(uint64 row, int column)
{
	char	   *value = ResultText(row, column);

	return value == NULL ? 0 : pg_strtoint32(value);
}

/* Reads country, foreign setting and general rules, under a lock on the creditor. */
static void
ReadCreditor(Datum creditor_id, CreditorRules *rules)
{
	static Statement read = {
		.sql = "SELECT coalesce(c.country, c.jurisdiction), c.foreign_customers = 'blocked',"
		" (SELECT r.rule_no FROM reminder.rule r WHERE r.creditor_id = $1 AND r.general AND r.kind = 'company'),"
		" (SELECT r.rule_no FROM reminder.rule r WHERE r.creditor_id = $1 AND r.general AND r.kind = 'person')"
		" FROM reminder.creditor c WHERE c.creditor_id = $1",
		.nargs = 1,.argtypes = {INT8OID}
	};
	static Statement lock = {
		.sql = "SELECT FROM reminder.creditor c WHERE c.creditor_id = $1 FOR KEY SHARE",
		.nargs = 1,.argtypes = {INT8OID}
	};

	ExecuteFresh(&lock, &creditor_id, NULL, SPI_OK_SELECT);
	/* an unknown creditor is for the foreign key to refuse */
	if (ExecuteFresh(&read, &creditor_id, NULL, SPI_OK_SELECT) == 0)
		return;
	strlcpy(rules->country, ResultText(0, 1), sizeof(rules->country));
	rules->foreign_blocked = ResultText(0, 2)[0] == 't';
	rules->general_company = ResultNumber(0, 3);
	rules->general_person = ResultNumber(0, 4);
}

/* Reads the creditor's classes into memory that lives as long as the transaction. */
static void
ReadClasses(Datum creditor_id, CreditorRules *rules)
{
	static Statement read = {
		.sql = "SELECT k.class, k.excluded, r.rule_no, r.kind FROM reminder.customer_class k"
		" LEFT JOIN reminder.rule r ON r.creditor_id = k.creditor_id AND r.rule_no = k.rule_no"
		" WHERE k.creditor_id = $1 ORDER BY k.class",
		.nargs = 1,.argtypes = {INT8OID}
	};
	uint64		n = ExecuteFresh(&read, &creditor_id, NULL, SPI_OK_SELECT);

	rules->classes = MemoryContextAllocZero(TopTransactionContext, Max(n, 1) * sizeof(ClassRule));
	rules->nclasses = (int) n;
	for (uint64 i = 0; i < n; i++)
	{
		char	   *kind = ResultText(i, 4);

		strlcpy(rules->classes[i].name, ResultText(i, 1), ID_BYTES);
		rules->classes[i].excluded = ResultText(i, 2)[0] == 't';
		rules->classes[i].rule_no = ResultNumber(i, 3);
		rules->classes[i].kind = kind == NULL ? '\0' : kind[0];
	}
}

/* Gives what decides the rules of a creditor's customers, read once a transaction. */
static const CreditorRules *
GetCreditorRules(int64 creditor_id)
{
	CreditorRules *rules;
	CreditorRules read = {.creditor_id = creditor_id};
	OwnerScope	scope;

	if (known_creditors == NULL)
		InitKnownCreditors();
	rules = hash_search(known_creditors, &creditor_id, HASH_FIND, NULL);
	if (rules != NULL)
		return rules;

	EnterOwner(&scope, ReminderOwner());
	SPI_connect();
	ReadCreditor(Int64GetDatum(creditor_id), &read);
	ReadClasses(Int64GetDatum(creditor_id), &read);
	SPI_finish();
	LeaveOwner(&scope);

	/* published only when whole; a query of ours may have made us forget the table */
	if (known_creditors == NULL)
		InitKnownCreditors();
	rules = hash_search(known_creditors, &creditor_id, HASH_ENTER, NULL);
	*rules = read;
	return rules;
}

/* Gives the class of a name, NULL if there is none. */
static const ClassRule *
FindClass(const CreditorRules *rules, const char *name)
{
	int			low = 0;
	int			high = rules->nclasses;

	while (low < high)
	{
		int			middle = (low + high) / 2;
		int			order = strcmp(name, rules->classes[middle].name);

		if (order == 0)
			return &rules->classes[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Assigns by the general rule of the customer's kind. */
static Assignment
AssignGeneral(const CreditorRules *rules, const Customer *customer)
{
	Assignment	assignment;

	assignment.rule_no = customer->kind == 'p' ? rules->general_person : rules->general_company;
	assignment.why = assignment.rule_no != 0 ? "general" : "no_rule";
	return assignment;
}

/* Gives the rule a customer is under, and why: the precedence of R3. */
static Assignment
Assign(const CreditorRules *rules, const Customer *customer)
{
	const ClassRule *class_rule = customer->class_name == NULL ? NULL : FindClass(rules, customer->class_name);

	if (customer->blocked)
		return (Assignment) {0, "blocked"};
	if (customer->own_rule != 0)
		return (Assignment) {customer->own_rule, "own"};
	if (class_rule != NULL && class_rule->excluded)
		return (Assignment) {0, "class_excluded"};
	if (class_rule != NULL && class_rule->kind == customer->kind)
		return (Assignment) {class_rule->rule_no, "class"};
	if (rules->foreign_blocked && customer->country != NULL && strcmp(customer->country, rules->country) != 0)
		return (Assignment) {0, "foreign"};
	return AssignGeneral(rules, customer);
}

static Columns customer_columns = {.names = {
	"creditor_id", "kind", "country", "class", "own_rule", "blocked", "rule_no", "assigned_by"
}};
enum
{
	CREDITOR_ID, KIND, COUNTRY, CLASS, OWN_RULE, BLOCKED, RULE_NO, ASSIGNED_BY
};

/* Gives a text column of a row, NULL for NULL. */
static char *
TextColumn(HeapTuple row, AttrNumber attnum, TupleDesc desc)
{
	bool		isnull;
	Datum		value = heap_getattr(row, attnum, desc, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* Gives a customer's kind of rule: c or p. */
static char
RuleKind(const char *kind)
{
	return kind != NULL && strcmp(kind, "person") == 0 ? 'p' : 'c';
}

/* Reads what decides the rule out of a customer row. */
static Customer
ReadCustomer(HeapTuple row, const AttrNumber *number, TupleDesc desc)
{
	Customer	customer;
	bool		isnull;
	Datum		value;

	customer.creditor_id = DatumGetInt64(heap_getattr(row, number[CREDITOR_ID], desc, &isnull));
	customer.kind = RuleKind(TextColumn(row, number[KIND], desc));
	customer.country = TextColumn(row, number[COUNTRY], desc);
	customer.class_name = TextColumn(row, number[CLASS], desc);
	value = heap_getattr(row, number[OWN_RULE], desc, &isnull);
	customer.own_rule = isnull ? 0 : DatumGetInt32(value);
	value = heap_getattr(row, number[BLOCKED], desc, &isnull);
	customer.blocked = !isnull && DatumGetBool(value);
	return customer;
}

/* Gives the row with own rule, resulting rule and reason set. */
static HeapTuple
SetAssignment(HeapTuple row, const AttrNumber *number, TupleDesc desc, int32 own_rule, const Assignment *assignment)
{
	int			columns[3] = {number[OWN_RULE], number[RULE_NO], number[ASSIGNED_BY]};
	Datum		values[3] = {Int32GetDatum(own_rule), Int32GetDatum(assignment->rule_no), CStringGetTextDatum(assignment->why)};
	bool		nulls[3] = {own_rule == 0, assignment->rule_no == 0, false};

	return heap_modify_tuple_by_cols(row, desc, 3, columns, values, nulls);
}

/*
 * BEFORE INSERT OR UPDATE ROW on customer: assigns its rule. A customer whose
 * kind changes loses a rule of its own that it was not given anew, and so
 * falls back to the general one.
 */
Datum
reminder_assign(PG_FUNCTION_ARGS)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const AttrNumber *number;
	TupleDesc	desc;
	HeapTuple	row;
	Customer	customer;
	Assignment	assignment;
	bool		isnull;

	CheckTrigger(fcinfo, "_assign", "customer", TRIGGER_EVENT_BEFORE, true);
	number = ColumnNumbers(trigdata->tg_relation, &customer_columns);
	desc = RelationGetDescr(trigdata->tg_relation);
	row = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ? trigdata->tg_newtuple : trigdata->tg_trigtuple;
	(void) heap_getattr(row, number[CREDITOR_ID], desc, &isnull);
	if (isnull)
		return PointerGetDatum(row);	/* NOT NULL refuses it */
	customer = ReadCustomer(row, number, desc);
	if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
	{
		Customer	before = ReadCustomer(trigdata->tg_trigtuple, number, desc);

		if (before.kind != customer.kind && before.own_rule == customer.own_rule)
			customer.own_rule = 0;
	}
	assignment = Assign(GetCreditorRules(customer.creditor_id), &customer);
	return PointerGetDatum(SetAssignment(row, number, desc, customer.own_rule, &assignment));
}

/*
 * Tells whether a customer is under the rule it should be, for the reason it
 * should: what a changed class, rule or setting asks of every customer, and
 * what check() asks.
 */
Datum
reminder_assigned(PG_FUNCTION_ARGS)
{
	Customer	customer;
	Assignment	assignment;
	int32		rule_no = PG_ARGISNULL(6) ? 0 : PG_GETARG_INT32(6);

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(5) || PG_ARGISNULL(7))
		PG_RETURN_NULL();
	customer.creditor_id = PG_GETARG_INT64(0);
	customer.kind = RuleKind(text_to_cstring(PG_GETARG_TEXT_PP(1)));
	customer.country = PG_ARGISNULL(2) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(2));
	customer.class_name = PG_ARGISNULL(3) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(3));
	customer.own_rule = PG_ARGISNULL(4) ? 0 : PG_GETARG_INT32(4);
	customer.blocked = PG_GETARG_BOOL(5);
	assignment = Assign(GetCreditorRules(customer.creditor_id), &customer);
	PG_RETURN_BOOL(assignment.rule_no == rule_no &&
				   strcmp(assignment.why, text_to_cstring(PG_GETARG_TEXT_PP(7))) == 0);
}

/* Forgets what was read of the creditors: their classes, rules or settings have changed. */
Datum
reminder_forget_rules(PG_FUNCTION_ARGS)
{
	known_creditors = NULL;
	PG_RETURN_VOID();
}

/* AFTER INSERT STATEMENT on customer: notes the first rule of each. */
Datum
reminder_assigned_many(PG_FUNCTION_ARGS)
{
	static Statement note = {
		.sql = "WITH last AS MATERIALIZED (SELECT k.creditor_id, reminder._last_run(k.creditor_id) AS after_run FROM (SELECT DISTINCT n.creditor_id FROM new_rows n) k)"
		" INSERT INTO reminder.customer_rule_history (creditor_id, customer_no, after_run, rule_no, assigned_by)"
		" SELECT n.creditor_id, n.customer_no, l.after_run, n.rule_no, n.assigned_by FROM new_rows n JOIN last l ON l.creditor_id = n.creditor_id"
	};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;

	CheckTrigger(fcinfo, "_assigned_many", "customer", TRIGGER_EVENT_AFTER, false);
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	SPI_connect();
	SPI_register_trigger_data(trigdata);
	ForRows(fcinfo, &note, SPI_OK_INSERT);
	SPI_finish();
	LeaveOwner(&scope);
	NoteWritten(fcinfo, ATTACH_CUSTOMER);
	return PointerGetDatum(NULL);
}

/*
 * AFTER UPDATE STATEMENT on customer: where the rule changed, notes it and
 * moves the open invoices to their places under the new one. For all of them
 * the latest run lies before it: what came due by then was outside (R9).
 * Places are taken in ascending order, as a run takes its invoices: hence a
 * statement of its own, which can but go by the order it is given.
 */
Datum
reminder_moved_many(PG_FUNCTION_ARGS)
{
	static Statement note = {
		.sql = "WITH last AS MATERIALIZED (SELECT k.creditor_id, reminder._last_run(k.creditor_id) AS after_run FROM (SELECT DISTINCT n.creditor_id FROM new_rows n) k),"
		" moved AS MATERIALIZED (SELECT n.creditor_id, n.customer_no, n.rule_no, n.assigned_by, l.after_run,"
		"   n.rule_no IS DISTINCT FROM o.rule_no AS other_rule"
		"  FROM new_rows n JOIN old_rows o ON o.creditor_id = n.creditor_id AND o.customer_no = n.customer_no"
		"  JOIN last l ON l.creditor_id = n.creditor_id"
		"  WHERE n.rule_no IS DISTINCT FROM o.rule_no OR n.assigned_by IS DISTINCT FROM o.assigned_by),"
		" noted AS (INSERT INTO reminder.customer_rule_history (creditor_id, customer_no, after_run, rule_no, assigned_by)"
		"  SELECT m.creditor_id, m.customer_no, m.after_run, m.rule_no, m.assigned_by FROM moved m)"
		" SELECT array_agg(l.creditor_id), array_agg(l.invoice_no), array_agg(l.rule_no), array_agg(l.after_run)"
		" FROM (SELECT m.creditor_id, i.invoice_no, coalesce(m.rule_no, 0) AS rule_no, m.after_run"
		"  FROM moved m JOIN reminder.invoice i ON i.creditor_id = m.creditor_id AND i.customer_no = m.customer_no"
		"  WHERE m.other_rule AND i.open_amount > 0 ORDER BY m.creditor_id, i.invoice_no) l"
	};
	static Statement move = {
		.sql = "UPDATE reminder.position p SET rule_no = l.rule_no, outside_until = l.after_run, waiting_for = NULL"
		" FROM unnest($1, $2, $3, $4) l (creditor_id, invoice_no, rule_no, after_run)"
		" WHERE p.creditor_id = l.creditor_id AND p.invoice_no = l.invoice_no",
		.nargs = 4,.argtypes = {INT8ARRAYOID, TEXTARRAYOID, INT4ARRAYOID, DATEARRAYOID}
	};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;
	Datum		places[4];
	bool		none = true;

	CheckTrigger(fcinfo, "_moved_many", "customer", TRIGGER_EVENT_AFTER, false);
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	SPI_connect();
	SPI_register_trigger_data(trigdata);
	ForRows(fcinfo, &note, SPI_OK_SELECT);
	for (int i = 0; i < (int) lengthof(places); i++)
	{
		places[i] = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &none);
		if (!none)
			places[i] = PointerGetDatum(PG_DETOAST_DATUM_COPY(places[i]));
	}
	if (!none)
	{
		SwitchOff("enable_seqscan");
		SwitchOff("enable_hashjoin");
		SwitchOff("enable_mergejoin");
		ExecuteFresh(&move, places, NULL, SPI_OK_UPDATE);
	}
	SPI_finish();
	LeaveOwner(&scope);
	NoteWritten(fcinfo, ATTACH_CUSTOMER);
	return PointerGetDatum(NULL);
}

/*
 * AFTER STATEMENT on creditor, customer_class and rule: assigns anew the
 * customers whom the change moves. Whoever writes a customer holds the
 * creditor's row KEY SHARE: we wait for him, and then see his customers too,
 * whatever snapshot our transaction began with.
 */
Datum
reminder_rules_changed(PG_FUNCTION_ARGS)
{
	/* planned for each call: the transition table is of one of three tables */
	Statement	lock = {
		.sql = "SELECT count(*) FROM (SELECT FROM reminder.creditor c"
		" WHERE c.creditor_id IN (SELECT r.creditor_id FROM changed_rows r) ORDER BY c.creditor_id FOR UPDATE) locked"
	};
	Statement	assign = {
		.sql = "UPDATE reminder.customer c SET assigned_by = ''"
		" WHERE c.creditor_id IN (SELECT r.creditor_id FROM changed_rows r)"
		" AND NOT reminder._assigned(c.creditor_id, c.kind, c.country, c.class, c.own_rule, c.blocked, c.rule_no, c.assigned_by)"
	};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	OwnerScope	scope;

	CheckTrigger(fcinfo, "_rules_changed", NULL, TRIGGER_EVENT_AFTER, false);
	known_creditors = NULL;
	EnterOwner(&scope, trigdata->tg_relation->rd_rel->relowner);
	SPI_connect();
	SPI_register_trigger_data(trigdata);
	ExecuteFresh(&lock, NULL, NULL, SPI_OK_SELECT);
	ExecuteFresh(&assign, NULL, NULL, SPI_OK_UPDATE);
	SPI_freeplan(lock.plan);
	SPI_freeplan(assign.plan);
	SPI_finish();
	LeaveOwner(&scope);
	return PointerGetDatum(NULL);
}
