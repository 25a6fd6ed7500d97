/*
 * facts.c: the facts of an invoice, as the tables have them in a snapshot.
 *
 * Invoice by invoice, each table by its own index, with the snapshot of the
 * statement that asks. A join of seven tables would do the same; but on a
 * table that was filled a moment ago the planner has its own ideas, and at
 * its best it costs twice as much.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/tableam.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "calendar.h"
#include "compat.h"
#include "facts.h"
#include "identity.h"
#include "losses.h"
#include "money.h"
#include "owner.h"
#include "reference.h"
#include "words.h"

enum
{
	P_CREDITOR_ID, P_INVOICE_NO, P_RULE_NO, P_PASSED, P_BASE_DATE, P_LETTER_DATE, P_OUTSIDE_UNTIL, P_CHARGED, P_WAITING_FOR
};
enum
{
	I_CUSTOMER_NO, I_KIND, I_DUE_DATE, I_CURRENCY, I_AMOUNT, I_OPEN_AMOUNT, I_FEE_BY_HAND, I_AUTOMATION, I_EXTERNAL_COLLECTION,
	I_BRANCH, I_TRADING_NAME, I_REFERENCE, I_INVOICE_DATE
};
enum
{
	U_STANDING, U_RULE_NO, U_COLLECTION_BAN, U_CONSUMER_EINVOICE, U_EMAIL, U_KIND, U_EINVOICE_ADDRESS, U_ADDRESS, U_IDENTITY_NO, U_COUNTRY
};
enum
{
	K_CASE_NO, K_STATE, K_ENDED_ON, K_FEES, K_FEES_PAID, K_FEES_WAIVED, K_COMPENSATION, K_INTEREST, K_INTEREST_PAID, K_INTEREST_WAIVED
};
enum
{
	L_REVERSED_ON
};
enum
{
	H_KIND, H_FROM_ON, H_UNTIL_ON, H_RELEASED_ON
};
enum
{
	D_AS_OF, D_TAKEN_BACK, D_CASE_NO, D_RUNG, D_STATUS, D_FEE, D_CHANNEL
};
enum
{
	A_RUNG, A_APPROVED_ON, A_RULE_NO, A_RULE_VERSION
};
enum
{
	W_KIND, W_CASE_NO, W_AMOUNT
};
enum
{
	Z_RUNG, Z_IN_HAND
};
static Columns position_columns = {.names = {
	"creditor_id", "invoice_no", "rule_no", "passed", "base_date", "letter_date", "outside_until", "charged", "waiting_for"
}};
static Columns invoice_columns = {.names = {
	"customer_no", "kind", "due_date", "currency", "amount", "open_amount", "fee_by_hand", "automation", "external_collection",
	"branch", "trading_name", "reference", "invoice_date"
}};
static Columns customer_columns = {.names = {"standing", "rule_no", "collection_ban", "consumer_einvoice", "email", "kind", "einvoice_address", "address", "identity_no", "country"}};
static Columns case_columns = {.names = {
	"case_no", "state", "ended_on", "fees", "fees_paid", "fees_waived", "compensation", "interest", "interest_paid", "interest_waived"
}};
static Columns loss_columns = {.names = {"reversed_on"}};
static Columns hold_columns = {.names = {"kind", "from_on", "until_on", "released_on"}};
static Columns decision_columns = {.names = {"as_of", "taken_back", "case_no", "rung", "status", "fee", "channel"}};

static Columns approval_columns = {.names = {"rung", "approved_on", "rule_no", "rule_version"}};
static Columns waiver_columns = {.names = {"kind", "case_no", "amount"}};
static Columns lease_columns = {.names = {"rung", "in_hand"}};

/* What a decision asks of a customer. */
typedef struct Customer
{
	bool		found;
	char		standing;
	bool		blocked;
	bool		collection_ban;
	bool		consumer_einvoice;
	bool		has_einvoice;
	bool		has_email;
	bool		has_address;	/* asked for when print asks for it */
	bool		has_identity;	/* asked for when the letter asks for it */
	text	   *kind;
} Customer;

/* Tells whether a text is one of a list; every one is of a list that is not there. */
static bool
IsOneOf(ColumnValue value, int n, const Datum *list)
{
	if (n < 0)
		return true;
	if (value.isnull)
		return false;
	for (int i = 0; i < n; i++)
		if (SameText(value.datum, list[i]))
			return true;
	return false;
}

/* Gives the rung of a case's stage. */
static int32
StageRung(char letter)
{
	switch (letter)
	{
		case 'r':
			return RUNG_REMINDER;
		case 'n':
			return RUNG_NOTICE;
		case 'd':
			return RUNG_DEMAND;
		case 'm':
			return RUNG_MONITORING;
		case 'e':
			return RUNG_ENFORCEMENT;
		default:
			return 0;
	}
}

/*
 * Finds where the n-th invoice stands: on the row it stood on, if that is
 * still its own and the last version; else by its number.
 */
static bool
FindPosition(Court *court, int n)
{
	Probe	   *probe = &court->position;
	const Docket *docket = court->docket;

	if (docket->position_place != NULL &&
		table_tuple_fetch_row_version(probe->heap, (ItemPointer) &docket->position_place[n], court->snapshot, probe->slot) &&
		DatumGetInt64(Column(probe, &position_columns, P_CREDITOR_ID).datum) == docket->creditor_id &&
		SameText(Column(probe, &position_columns, P_INVOICE_NO).datum, docket->invoice_no[n]))
		return true;
	return FindRow(probe, court->creditor_id, docket->invoice_no[n]);
}

/* Tells whether a rung is the one that is judged, or one from which the same step is the next, if its letters are put together. */
static bool
StandsThere(const Court *court, int32 passed)
{
	const Terms *terms = court->terms;

	return passed == court->docket->passed ||
		(terms->together && passed >= terms->together_from && passed < terms->step.rung);
}

/* Reads where the n-th invoice stands; false if not on the rung that is judged. */
static bool
ReadPosition(Court *court, int n, Verdict *verdict)
{
	Probe	   *probe = &court->position;
	Facts	   *facts = &verdict->facts;
	char		code[64];

	if (!FindPosition(court, n) ||
		(DatumGetInt32(Column(probe, &position_columns, P_RULE_NO).datum) != court->docket->rule_no && !court->docket->by_hand) ||
		!StandsThere(court, verdict->passed = DatumGetInt16(Column(probe, &position_columns, P_PASSED).datum)))
		return false;
	verdict->place = probe->slot->tts_tid;
	facts->base_date = DateColumn(probe, &position_columns, P_BASE_DATE);
	facts->letter_date = DateColumn(probe, &position_columns, P_LETTER_DATE);
	if (facts->letter_date == NO_DATE)
		facts->letter_date = facts->base_date;
	facts->by_hand = court->docket->by_hand;
	facts->not_before = facts->by_hand ? court->docket->not_before[n] : NO_DATE;
	facts->outside_until = DateColumn(probe, &position_columns, P_OUTSIDE_UNTIL);
	facts->charged = DatumGetInt16(Column(probe, &position_columns, P_CHARGED).datum);
	verdict->waiting_for = Column(probe, &position_columns, P_WAITING_FOR);
	if (!verdict->waiting_for.isnull)
	{
		text_to_cstring_buffer(DatumGetTextPP(verdict->waiting_for.datum), code, sizeof(code));
		facts->examined = reason_info[ReasonByCode(code)].finality == FINALITY_OPERATOR;
	}
	return true;
}

/* Tells of the rule's windows whether they take the invoice, by currency and amount. */
static void
ReadAmountWindow(const Terms *terms, const Verdict *verdict, Facts *facts)
{
	facts->currency_supported = !terms->windows && TextIs(verdict->currency, terms->home_currency);
	for (int i = 0; i < terms->nwindows; i++)
	{
		const AmountWindow *window = &terms->window[i];

		if (!TextIs(verdict->currency, window->currency))
			continue;
		facts->currency_supported = true;
		facts->amount_below = DatumGetBool(DirectFunctionCall2(numeric_lt, verdict->amount, window->lowest));
		facts->amount_above = DatumGetBool(DirectFunctionCall2(numeric_gt, verdict->amount, window->highest));
	}
}

/* Finds the n-th invoice: where it was locked, or by its number. */
static bool
FindInvoice(Court *court, int n)
{
	Probe	   *probe = &court->invoice;
	const Docket *docket = court->docket;

	if (docket->place == NULL)
		return FindRow(probe, court->creditor_id, docket->invoice_no[n]);
	return ItemPointerIsValid(&docket->place[n]) &&
		table_tuple_fetch_row_version(probe->heap, (ItemPointer) &docket->place[n], court->snapshot, probe->slot);
}

/* Gives the payment reference that the creditor's country has, made from the invoice's number (F1). */
static Datum
MadeReference(const Terms *terms, Datum invoice_no)
{
	const text *jurisdiction = terms->interest.jurisdiction;
	const text *number = DatumGetTextPP(invoice_no);
	char		reference[INVOICE_REFERENCE_SIZE];
	int			length = InvoiceReference(VARDATA_ANY(jurisdiction), VARSIZE_ANY_EXHDR(jurisdiction),
										  VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number), reference);

	return PointerGetDatum(cstring_to_text_with_len(reference, length));
}

/* Reads the n-th invoice; false if there is none. */
static bool
ReadInvoice(Court *court, int n, Verdict *verdict)
{
	Probe	   *probe = &court->invoice;
	const Terms *terms = court->terms;
	Facts	   *facts = &verdict->facts;
	ColumnValue reference;

	if (!FindInvoice(court, n))
		return false;
	verdict->customer_no = Column(probe, &invoice_columns, I_CUSTOMER_NO).datum;
	verdict->due_date = Column(probe, &invoice_columns, I_DUE_DATE).datum;
	verdict->currency = Column(probe, &invoice_columns, I_CURRENCY).datum;
	verdict->amount = Column(probe, &invoice_columns, I_AMOUNT).datum;
	verdict->principal = Column(probe, &invoice_columns, I_OPEN_AMOUNT).datum;
	reference = Column(probe, &invoice_columns, I_REFERENCE);
	verdict->reference = reference.isnull ? MadeReference(terms, court->docket->invoice_no[n]) : reference.datum;
	facts->kind = LetterColumn(probe, &invoice_columns, I_KIND, 0);
	/* "interest" is told from "invoice" by the third letter */
	if (facts->kind == 'i' && LetterColumn(probe, &invoice_columns, I_KIND, 2) == 't')
		facts->kind = 'I';
	facts->automation = LetterColumn(probe, &invoice_columns, I_AUTOMATION, 0);
	facts->external_collection = BoolColumn(probe, &invoice_columns, I_EXTERNAL_COLLECTION);
	facts->due_date = DatumGetDateADT(verdict->due_date);
	facts->open = OreFromNumeric(DatumGetNumeric(verdict->principal));
	verdict->bearing.invoice_date = DateColumn(probe, &invoice_columns, I_INVOICE_DATE);
	verdict->bearing.settled_in_part = facts->open != OreFromNumeric(DatumGetNumeric(verdict->amount));
	facts->fee_by_hand = OreColumn(probe, &invoice_columns, I_FEE_BY_HAND);
	facts->other_currency = !TextIs(verdict->currency, terms->law_currency);
	facts->branch_in_rule = IsOneOf(Column(probe, &invoice_columns, I_BRANCH), terms->nbranches, terms->branch);
	verdict->sender = Column(probe, &invoice_columns, I_TRADING_NAME);
	facts->trading_name_in_rule = IsOneOf(verdict->sender, terms->ntrading_names, terms->trading_name);
	facts->below_agency_minimum = facts->open < terms->by.lowest && TextIs(verdict->currency, terms->by.lowest_currency);
	ReadAmountWindow(terms, verdict, facts);
	return true;
}

/* Tells whether the customer has an identity number that holds in its country, or any where none is known. */
static bool
HasIdentity(const Court *court)
{
	const Probe *probe = &court->customer.probe;
	const char *home = court->terms->by.identity_country;
	ColumnValue country = Column(probe, &customer_columns, U_COUNTRY);
	const text *other = country.isnull ? NULL : DatumGetTextPP(country.datum);
	const text *number;

	if (!Says(probe, &customer_columns, U_IDENTITY_NO))
		return false;
	number = DatumGetTextPP(Column(probe, &customer_columns, U_IDENTITY_NO).datum);
	return CheckIdentity(other == NULL ? home : VARDATA_ANY(other), other == NULL ? strlen(home) : VARSIZE_ANY_EXHDR(other),
						 VARDATA_ANY(number), VARSIZE_ANY_EXHDR(number)) != IDENTITY_WRONG;
}

/* Reads the customer that a probe finds. */
static void
ReadCustomer(Court *court, Datum customer_no, Customer *customer)
{
	Walk	   *walk = &court->customer;
	Probe	   *probe = &walk->probe;

	customer->found = FindInTurn(walk, court->creditor_id, customer_no);
	if (!customer->found)
		return;
	customer->standing = LetterColumn(probe, &customer_columns, U_STANDING, 0);
	customer->blocked = Column(probe, &customer_columns, U_RULE_NO).isnull;
	customer->collection_ban = BoolColumn(probe, &customer_columns, U_COLLECTION_BAN);
	customer->consumer_einvoice = BoolColumn(probe, &customer_columns, U_CONSUMER_EINVOICE);
	customer->has_einvoice = Says(probe, &customer_columns, U_EINVOICE_ADDRESS);
	customer->has_email = Says(probe, &customer_columns, U_EMAIL);
	customer->has_address = court->terms->by.asks_address && Says(probe, &customer_columns, U_ADDRESS);
	customer->has_identity = court->terms->by.identity_country != NULL && HasIdentity(court);
	customer->kind = DatumGetTextPCopy(Column(probe, &customer_columns, U_KIND).datum);
}

/* A locked invoice's customer, to be looked up in the order of the numbers. */
typedef struct Sought
{
	text	   *customer_no;
	int			n;
} Sought;

/* Puts customers in the order of their numbers. */
static int
CompareSought(const void *left, const void *right)
{
	return CompareTexts(((const Sought *) left)->customer_no, ((const Sought *) right)->customer_no);
}

/* Reads the customers of locked invoices, ascending: at random each is a wait for memory. */
static void
ReadCustomers(Court *court)
{
	const Docket *docket = court->docket;
	Sought	   *sought = palloc(docket->n * sizeof(Sought));
	int			n = 0;

	court->customers = palloc0(docket->n * sizeof(Customer));
	for (int i = 0; i < docket->n; i++)
		if (ItemPointerIsValid(&docket->place[i]))
		{
			sought[n].customer_no = DatumGetTextPP(docket->customer_no[i]);
			sought[n++].n = i;
		}
	qsort(sought, n, sizeof(Sought), CompareSought);
	for (int i = 0; i < n; i++)
	{
		if (i > 0 && CompareSought(&sought[i - 1], &sought[i]) == 0)
			court->customers[sought[i].n] = court->customers[sought[i - 1].n];
		else
			ReadCustomer(court, PointerGetDatum(sought[i].customer_no), &court->customers[sought[i].n]);
	}
	pfree(sought);
}

/* Chooses the letter's channel: the step's, or by what the customer has (C2). */
static void
ChooseChannel(const Terms *terms, const Customer *customer, Verdict *verdict)
{
	const ChannelTerms *by = &terms->by;
	bool		has_address = customer->has_address || !by->asks_address;

	verdict->channel = terms->channel;
	if (!by->chosen)
	{
		verdict->facts.no_address = (by->einvoice && !customer->has_einvoice) || (by->email && !customer->has_email) || (by->print && !has_address);
		return;
	}
	if (by->einvoice && customer->has_einvoice)
		verdict->channel = CStringGetTextDatum("einvoice");
	else if (by->email && customer->has_email)
		verdict->channel = CStringGetTextDatum("email");
	else
	{
		verdict->channel = CStringGetTextDatum("print");
		verdict->facts.no_address = !by->print || !has_address;
	}
}

/* Tells of the n-th invoice's customer; false if there is none. */
static bool
TellCustomer(Court *court, int n, Verdict *verdict)
{
	Facts	   *facts = &verdict->facts;
	Customer	customer;

	if (court->customers != NULL)
		customer = court->customers[n];
	else
		ReadCustomer(court, verdict->customer_no, &customer);
	if (!customer.found)
		return false;
	facts->standing = customer.standing;
	facts->customer_blocked = customer.blocked;
	facts->collection_ban = customer.collection_ban;
	facts->consumer_einvoice = customer.consumer_einvoice;
	facts->no_identity = court->terms->by.identity_country != NULL && !customer.has_identity;
	verdict->bearing.debtor_kind = customer.kind;
	ChooseChannel(court->terms, &customer, verdict);
	return true;
}

/* Reads the invoice's cases: the active one, or else which number the next has. */
static void
ReadCases(Court *court, Datum invoice_no, Verdict *verdict)
{
	Walk	   *walk = &court->collection_case;
	Probe	   *probe = &walk->probe;
	Facts	   *facts = &verdict->facts;

	verdict->case_no = 1;
	for (bool found = FindInTurn(walk, court->creditor_id, invoice_no); found; found = NextInTurn(walk))
	{
		int16		case_no = DatumGetInt16(Column(probe, &case_columns, K_CASE_NO).datum);

		if (!Column(probe, &case_columns, K_ENDED_ON).isnull)
		{
			verdict->case_no = facts->case_active ? verdict->case_no : Max(verdict->case_no, case_no + 1);
			verdict->interest_paid += OreColumn(probe, &case_columns, K_INTEREST_PAID);
			facts->fees_paid_before += OreColumn(probe, &case_columns, K_FEES_PAID);
			facts->compensation_paid_before += Min(OreColumn(probe, &case_columns, K_FEES_PAID), OreColumn(probe, &case_columns, K_COMPENSATION));
			continue;
		}
		verdict->case_no = case_no;
		facts->case_active = true;
		facts->case_rung = StageRung(LetterColumn(probe, &case_columns, K_STATE, 0));
		facts->fees = OreColumn(probe, &case_columns, K_FEES);
		facts->fees_paid = OreColumn(probe, &case_columns, K_FEES_PAID);
		facts->fees_waived = OreColumn(probe, &case_columns, K_FEES_WAIVED);
		facts->compensation = OreColumn(probe, &case_columns, K_COMPENSATION);
		verdict->interest_claimed = OreColumn(probe, &case_columns, K_INTEREST);
		verdict->interest_settled = OreColumn(probe, &case_columns, K_INTEREST_PAID) + OreColumn(probe, &case_columns, K_INTEREST_WAIVED);
	}
}

/* Reads whether a loss is booked, here or in a table of an application. */
static void
ReadLosses(Court *court, int n, Facts *facts)
{
	Walk	   *walk = &court->loss;
	Probe	   *probe = &walk->probe;
	Datum		invoice_no = court->docket->invoice_no[n];

	for (bool found = FindInTurn(walk, court->creditor_id, invoice_no); found; found = NextInTurn(walk))
		facts->loss_booked |= Column(probe, &loss_columns, L_REVERSED_ON).isnull;
	facts->loss_booked |= court->lost != NULL && OidIsValid(court->lost[n]);
}

/*
 * Reads whether a dispute, a payment plan or another hold stands on the date,
 * and when a plan was broken: the third letter tells their kinds apart. Tells
 * whether there has been a plan.
 */
static bool
ReadHolds(Court *court, Datum invoice_no, Facts *facts)
{
	Walk	   *walk = &court->hold;
	Probe	   *probe = &walk->probe;
	int32		as_of = court->terms->step.as_of;
	bool		plans = false;

	facts->plan_broken_on = NO_DATE;
	for (bool found = FindInTurn(walk, court->creditor_id, invoice_no); found; found = NextInTurn(walk))
	{
		int32		until = DateColumn(probe, &hold_columns, H_UNTIL_ON);
		int32		released = DateColumn(probe, &hold_columns, H_RELEASED_ON);
		char		kind = LetterColumn(probe, &hold_columns, H_KIND, 2);

		plans |= kind == 'y';
		if (kind == 'y' && until != NO_DATE && until < as_of && (released == NO_DATE || released > until))
			facts->plan_broken_on = Max(facts->plan_broken_on, until + 1);
		if (DateColumn(probe, &hold_columns, H_FROM_ON) > as_of ||
			(until != NO_DATE && until < as_of) || (released != NO_DATE && released <= as_of))
			continue;
		if (kind == 's')
			facts->disputed = true;
		else if (kind == 'y')
			facts->on_plan = true;
		else
			facts->on_hold = true;
	}
	return plans;
}

/* Tells whether a factored invoice is sold to a company that leaves the reminders to the creditor. */
static bool
IsSoldToAllowed(const Court *court, Datum invoice_no)
{
	static Statement read = {
		.sql = "SELECT FROM reminder.factored_invoice f JOIN reminder.factoring_company c ON c.creditor_id = f.creditor_id AND c.company = f.company"
		" WHERE f.creditor_id = $1 AND f.invoice_no = $2 AND c.allowed",
		.nargs = 2,.argtypes = {INT8OID, TEXTOID}
	};
	Datum		values[2] = {court->creditor_id, invoice_no};
	bool		allowed;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	allowed = ExecuteSeen(&read, values) > 0;
	SPI_finish();
	return allowed;
}

/* Gives the first column of the first row that a statement gave. */
static ColumnValue
FirstValue(void)
{
	ColumnValue value = {.isnull = true};

	if (SPI_processed > 0)
		value.datum = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &value.isnull);
	return value;
}

/*
 * Reads the fees of the payment plans of the active case, and after a broken
 * one from when on the law allows the step. Hardly any invoice has had a plan.
 */
static void
ReadPlans(const Court *court, Datum invoice_no, Verdict *verdict)
{
	static Statement read = {
		.sql = "SELECT (sum(p.fee) * 100)::bigint FROM reminder.payment_plan p WHERE p.creditor_id = $1 AND p.invoice_no = $2 AND p.case_no = $3",
		.nargs = 3,.argtypes = {INT8OID, TEXTOID, INT2OID}
	};
	static Statement lawful = {
		.sql = "SELECT l.not_before FROM reminder._lawful_from($1, $2, $3, ARRAY[$4], $5) l",
		.nargs = 5,.argtypes = {INT8OID, INT4OID, INT4OID, TEXTOID, DATEOID}
	};
	const Step *step = &court->terms->step;
	Facts	   *facts = &verdict->facts;
	Datum		of_case[3] = {court->creditor_id, invoice_no, Int16GetDatum(verdict->case_no)};
	Datum		of_step[5] = {
		court->creditor_id, Int32GetDatum(court->docket->rule_no), Int32GetDatum(step->rung), invoice_no, DateADTGetDatum(step->as_of)
	};
	ColumnValue value;

	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (facts->case_active)
	{
		(void) ExecuteSeen(&read, of_case);
		value = FirstValue();
		facts->plan_fees = value.isnull ? 0 : DatumGetInt64(value.datum);
	}
	if (!facts->by_hand && AfterBrokenPlan(step, facts))
	{
		(void) ExecuteSeen(&lawful, of_step);
		value = FirstValue();
		facts->not_before = value.isnull ? NO_DATE : DatumGetDateADT(value.datum);
	}
	SPI_finish();
}

/* Reads what a letter that stands means for the next one: its fee, and when interest starts. */
static void
ReadLetter(const Court *court, Verdict *verdict, int32 *last_rung)
{
	const Probe *probe = &court->decision;
	Facts	   *facts = &verdict->facts;
	Bearing    *bearing = &verdict->bearing;
	int64		fee = OreColumn(probe, &decision_columns, D_FEE);
	int32		rung = DatumGetInt16(Column(probe, &decision_columns, D_RUNG).datum);
	ColumnValue case_no = Column(probe, &decision_columns, D_CASE_NO);

	bearing->first_letter = Min(bearing->first_letter, DateColumn(probe, &decision_columns, D_AS_OF));
	if (!facts->case_active || case_no.isnull || DatumGetInt16(case_no.datum) != verdict->case_no || fee == 0)
		return;
	if (court->terms->step.adds_fees)
		facts->letter_fees += fee;
	else if (rung > *last_rung)
		facts->letter_fees = fee;
	*last_rung = Max(*last_rung, rung);
}

/*
 * Reads the earlier decisions where something hangs on them: their last day
 * where the deadline of the letter before does not keep two from falling on
 * one day (B3), the first letter where interest starts by it, and fees where
 * compensation is offset against them; and who sent a reminder whose fee was
 * the last that the law allows: what was recorded as sent outside has no
 * channel. A letter that never went out is none.
 */
static void
ReadDecisions(Court *court, Datum invoice_no, Verdict *verdict)
{
	Probe	   *probe = &court->decision;
	const Terms *terms = court->terms;
	Facts	   *facts = &verdict->facts;
	int32		last_rung = 0;
	bool		too_many = terms->step.adds_fees && facts->charged > 0 && FeeIsTooMany(&terms->step, facts);

	facts->decided_on = NO_DATE;
	facts->letter_fees = facts->fee_by_hand;
	verdict->bearing.first_letter = PG_INT32_MAX;
	if (!terms->waives_deadline && terms->interest.start != START_LETTER && terms->step.compensation == 0 && facts->compensation == 0 && !too_many)
		return;
	for (bool found = FindRow(probe, court->creditor_id, invoice_no); found; found = NextRow(probe))
	{
		char		status = LetterColumn(probe, &decision_columns, D_STATUS, 0);

		if (DatumGetInt16(Column(probe, &decision_columns, D_TAKEN_BACK).datum) != 0)
			continue;
		facts->decided_on = Max(facts->decided_on, DateColumn(probe, &decision_columns, D_AS_OF));
		if (status == 'q' || status == 's')
			ReadLetter(court, verdict, &last_rung);
		facts->charged_elsewhere |= too_many && status == 's' && Column(probe, &decision_columns, D_CHANNEL).isnull &&
			DatumGetInt16(Column(probe, &decision_columns, D_RUNG).datum) < RUNG_DEMAND && OreColumn(probe, &decision_columns, D_FEE) > 0;
	}
}

/* Reads whether the letter was approved by the date, under the rule as it stands (B7). */
static void
ReadApproval(Court *court, Datum invoice_no, Facts *facts)
{
	Probe	   *probe = &court->approval;
	const Terms *terms = court->terms;

	for (bool found = FindRow(probe, court->creditor_id, invoice_no); found; found = NextRow(probe))
		facts->approved |= DatumGetInt16(Column(probe, &approval_columns, A_RUNG).datum) == terms->step.rung &&
			DateColumn(probe, &approval_columns, A_APPROVED_ON) <= terms->step.as_of &&
			DatumGetInt32(Column(probe, &approval_columns, A_RULE_NO).datum) == court->docket->rule_no &&
			Column(probe, &approval_columns, A_RULE_VERSION).datum == terms->rule_version;
}

/* Reads whether a sender has a letter that stands in hand: claimed, and not told of. */
static void
ReadLeases(Court *court, Datum invoice_no, Facts *facts)
{
	Probe	   *probe = &court->lease;

	for (bool found = FindRow(probe, court->creditor_id, invoice_no); found; found = NextRow(probe))
		facts->being_sent |= BoolColumn(probe, &lease_columns, Z_IN_HAND) &&
			DatumGetInt16(Column(probe, &lease_columns, Z_RUNG).datum) <= court->docket->passed;
}

/*
 * Reads what was waived by hand where it would be claimed anew (B4): in earlier
 * cases, as if it had been paid; and compensation in this one.
 */
static void
ReadWaivers(Court *court, Datum invoice_no, Verdict *verdict)
{
	Probe	   *probe = &court->waiver;
	Facts	   *facts = &verdict->facts;
	bool		compensation = court->terms->step.compensation > 0 || facts->compensation > 0;

	if (verdict->case_no == 1 && !(facts->case_active && compensation))
		return;
	for (bool found = FindRow(probe, court->creditor_id, invoice_no); found; found = NextRow(probe))
	{
		bool		is_fee = LetterColumn(probe, &waiver_columns, W_KIND, 0) == 'f';
		bool		here = DatumGetInt16(Column(probe, &waiver_columns, W_CASE_NO).datum) == verdict->case_no;
		int64		amount = OreColumn(probe, &waiver_columns, W_AMOUNT);

		if (is_fee && here)
			facts->fees_waived_by_hand += amount;
		else if (is_fee)
			facts->fees_paid_before += amount;
		else if (!here)
			verdict->interest_paid += amount;
	}
	facts->fees_waived_by_hand = Min(facts->fees_waived_by_hand, facts->fees_waived);
}

/*
 * Tells whether the claim has lapsed (L9): of an invoice that is old enough,
 * which hardly any is, the limitation is asked.
 */
static bool
HasLapsed(const Court *court, Datum invoice_no, const Verdict *verdict)
{
	static Statement read = {
		.sql = "SELECT FROM reminder._limitation($1, $2, ARRAY[$3]) l WHERE l.lapses_on < $2",
		.nargs = 3,.argtypes = {INT8OID, DATEOID, TEXTOID}
	};
	const Terms *terms = court->terms;
	Datum		values[3] = {court->creditor_id, DateADTGetDatum(terms->step.as_of), invoice_no};
	bool		lapsed;

	if (verdict->bearing.invoice_date > terms->lapsed_by || verdict->facts.open == 0)
		return false;
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	lapsed = ExecuteSeen(&read, values) > 0;
	SPI_finish();
	return lapsed;
}

/* Reads the facts of the n-th invoice; false if it is not there, or stands elsewhere. */
bool
ReadFacts(Court *court, int n, Verdict *verdict)
{
	Datum		invoice_no = court->docket->invoice_no[n];

	memset(verdict, 0, sizeof(*verdict));
	verdict->interest_until = NO_DATE;
	if (!ReadPosition(court, n, verdict) ||
		!ReadInvoice(court, n, verdict) ||
		!TellCustomer(court, n, verdict))
		return false;
	/* then it is like any other (N2) */
	if (verdict->facts.kind == 'f' && IsSoldToAllowed(court, invoice_no))
		verdict->facts.kind = 'i';
	ReadCases(court, invoice_no, verdict);
	ReadLosses(court, n, &verdict->facts);
	if (ReadHolds(court, invoice_no, &verdict->facts))
		ReadPlans(court, invoice_no, verdict);
	ReadDecisions(court, invoice_no, verdict);
	verdict->facts.lapsed = HasLapsed(court, invoice_no, verdict);
	ReadWaivers(court, invoice_no, verdict);
	if (court->terms->step.approval)
		ReadApproval(court, invoice_no, &verdict->facts);
	if (court->lease.heap != NULL)
		ReadLeases(court, invoice_no, &verdict->facts);
	verdict->facts.invoice_unsent = court->original.heap != NULL && FindRow(&court->original, court->creditor_id, invoice_no);
	verdict->facts.interest = verdict->interest_claimed;
	return true;
}

/*
 * Computes the interest that a letter claims: all that has been borne, less
 * what was paid or waived by hand of it in earlier cases; never less than what
 * is settled, as it would be after a payment that was booked late. From the day on whose law
 * is not known nothing is claimed, and the letter says so: a debtor is not
 * left unreminded because a central bank's rate is not entered yet.
 */
void
ReadInterest(Court *court, Datum invoice_no, Verdict *verdict)
{
	const Terms *terms = court->terms;
	Facts	   *facts = &verdict->facts;
	Bearing    *bearing = &verdict->bearing;
	Accrual		accrual = {.each = NULL};

	bearing->creditor_id = court->creditor_id;
	bearing->invoice_no = invoice_no;
	bearing->due_date = facts->due_date;
	bearing->open = facts->open;
	if (!AccruedInterest(&terms->interest, &court->payments, bearing, terms->step.as_of, &accrual))
	{
		verdict->interest_until = accrual.gap.day - 1;
		if (!AccruedInterest(&terms->interest, &court->payments, bearing, verdict->interest_until, &accrual))
			elog(ERROR, "late interest has two first gaps");
	}
	facts->interest = Max(accrual.interest - verdict->interest_paid, verdict->interest_settled);
}

/* Opens a table that may be empty: where nobody sends there is nothing to read. */
static void
OpenUnlessEmpty(Probe *probe, const char *table, const char *index, Snapshot snapshot)
{
	OpenProbe(probe, table, index, AccessShareLock, snapshot);
	if (RelationGetNumberOfBlocks(probe->heap) > 0)
		return;
	CloseProbe(probe);
	probe->heap = NULL;
}

/* Opens the tables, and reads the customers of locked invoices. */
void
OpenTables(Court *court)
{
	OpenProbe(&court->position, "position", "position_pkey", AccessShareLock, court->snapshot);
	OpenProbe(&court->invoice, "invoice", "invoice_pkey", AccessShareLock, court->snapshot);
	OpenWalk(&court->customer, "customer", "customer_pkey", AccessShareLock, court->snapshot);
	OpenWalk(&court->collection_case, "collection_case", "collection_case_pkey", AccessShareLock, court->snapshot);
	OpenWalk(&court->loss, "credit_loss", "credit_loss_pkey", AccessShareLock, court->snapshot);
	OpenWalk(&court->hold, "hold", "hold_pkey", AccessShareLock, court->snapshot);
	OpenProbe(&court->decision, "decision", "decision_pkey", AccessShareLock, court->snapshot);
	OpenProbe(&court->approval, "approval", "approval_pkey", AccessShareLock, court->snapshot);
	OpenProbe(&court->waiver, "waiver", "waiver_pkey", AccessShareLock, court->snapshot);
	if (court->docket->passed > 0)
		OpenUnlessEmpty(&court->lease, "letter_lease", "letter_lease_pkey", court->snapshot);
	/* of this index's rows none has been sent */
	OpenUnlessEmpty(&court->original, "invoice_letter", "invoice_letter_unsent_idx", court->snapshot);
	OpenPayments(&court->payments, court->snapshot);
	court->lost = FindLosses(court->docket->creditor_id, court->docket->invoice_no, court->docket->n, court->snapshot);
	if (court->docket->customer_no != NULL)
		ReadCustomers(court);
}

/* Closes them. */
void
CloseTables(Court *court)
{
	CloseProbe(&court->position);
	CloseProbe(&court->invoice);
	CloseWalk(&court->customer);
	CloseWalk(&court->collection_case);
	CloseWalk(&court->loss);
	CloseWalk(&court->hold);
	CloseProbe(&court->decision);
	CloseProbe(&court->waiver);
	CloseProbe(&court->approval);
	if (court->lease.heap != NULL)
		CloseProbe(&court->lease);
	if (court->original.heap != NULL)
		CloseProbe(&court->original);
	ClosePayments(&court->payments);
}
