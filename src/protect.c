/*
 * protect.c: the guard over bookings in an application's own tables (A2).
 *
 * It keeps the order that guard.c keeps on our own: it locks the invoices that
 * a statement books on, and only then looks for their cases. Here nothing
 * refers to the invoice, so that one may be booked on before it is there:
 * whoever opens a case waits for such bookings, whatever their invoices are.
 */
#include "postgres.h"

#include "guard.h"
#include "protect.h"

static const BookingAction actions[] = {
	{.name = "loss",.words = "book a credit loss on",.keeps_cases = true},
	{.name = "credit",.words = "credit",.credits = true},
	{.name = "void",.words = "void",.credits = true},
	{.name = "offset",.words = "offset",.credits = true},
};

/* Gives what is booked by its name. */
static const BookingAction *
FindAction(const char *name)
{
	for (int i = 0; i < (int) lengthof(actions); i++)
		if (strcmp(actions[i].name, name) == 0)
			return &actions[i];
	elog(ERROR, "no action \"%s\" of bookings", name);
	return NULL;
}

/*
 * Raises 23R01 if one of these bookings, which a statement made, must not be
 * while the case of its invoice is active (G1). What it looks at it reads
 * whatever the rights of the caller; what it tells follows the rights of the
 * session's role. Sorts the keys.
 */
void
GuardBookings(Relation rel, const char *action, InvoiceKey *key, int n)
{
	GuardKeys(rel, FindAction(action), key, n);
}
