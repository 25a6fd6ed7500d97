/*
 * attachment.h: what is attached of an application's own tables, and the statements that follow it.
 */
#ifndef REMINDER_ATTACHMENT_H
#define REMINDER_ATTACHMENT_H

#include "nodes/bitmapset.h"
#include "utils/rel.h"

#include "owner.h"

/* In the order in which what a statement changes goes into our tables. */
typedef enum AttachKind
{
	ATTACH_CUSTOMER, ATTACH_INVOICE, ATTACH_PAYMENT, ATTACH_CREDIT, ATTACH_LEDGER_ENTRY, ATTACH_BOOKING
} AttachKind;

/* A column of a map: the field, and the expression over the table as "t". */
typedef struct MapField
{
	char	   *name;
	char	   *expression;
} MapField;

/* One row of reminder.attachment, as a backend keeps it. */
typedef struct Attachment
{
	int32		attachment_no;
	AttachKind	kind;
	char	   *action;			/* of a booking */
	char	   *creditor;		/* the creditor, as an expression */
	int			nfields;
	MapField   *field;			/* without creditor_id; the key is the first */
	char	   *filter;
	Bitmapset  *columns;		/* that the map reads: places in Attached.column */
	bool		once;			/* the key is a column that is unique in the table */
	char	   *found_by;		/* the key as the table's indexes have it, and "n"'s as that; NULL: as what it is it cannot be looked up */
	char	   *find;			/* of asked_rows those that stand in the table, as rows in the form of ours */

	/* with the rights of the table's owner: rows in the form of ours */
	Statement	load;			/* of the whole table */
	Statement	each;			/* of new_rows as they stand there */
	Statement	now;			/* those that new_rows names, as they are now */
	Statement	changed;		/* those that either names; of a partitioned table */
	Statement	still;			/* those that old_rows names, as they are now */
	Statement	before;			/* the keys of old_rows */
	Statement	booked;			/* a booking: new_rows that are one */
	Statement	rebooked;		/* and were not, or another, in old_rows */
	Statement	places;			/* a payment or credit: where rows stand that settle returned_rows */
	Statement	settles;		/* those rows */

	/* with our own: what they are in our table */
	Statement	insert;			/* but those whose customer or invoice we lack */
	Statement	insert_rest;	/* those, too */
	Statement	lacking;		/* the customers or invoices that we lack; no text: rows of the kind are of none */
	Statement	update;
	Statement	adopt;			/* rows that were of no attached table until now */
	Statement	hold;			/* customers that are to stay */
	Statement	count;			/* how many they are */
	Statement	hold_gone;		/* customers of whom a row has gone */
	Statement	leave;			/* those that may be removed */
	Statement	hold_leaving;
	Statement	outlive;		/* customers that stay, though no row is theirs */
	Statement	remove;
	Statement	remove_payments;	/* of an invoice */
	Statement	remove_credits;
	Statement	note;			/* what is removed with an invoice */
	Statement	forget;			/* what has gone, though it was not here */
	Statement	returned;		/* what was noted of invoices that are here again */
	Statement	newcomers;
	bool		follows_open;	/* an invoice's open amount: by payments */
	Statement	reopen;
	Statement	unsettle;
	Statement	place;
	Statement	pay;
	Statement	differ;
} Attachment;

/* A table with what is attached there, for the relation whose trigger is fired: it or one of its partitions. */
typedef struct Attached
{
	Oid			relid;			/* the relation; it is what this is looked up by */
	bool		valid;
	uint64		changes;		/* of names, when it was read */
	MemoryContext memory;
	Oid			root;
	Oid			owner;
	int			ncolumns;
	AttrNumber *column;			/* those that matter, in the relation */
	AttrNumber	last;			/* the last of them */
	int			n;
	Attachment *attachment;		/* in the order of their kinds */
} Attached;

#endif							/* REMINDER_ATTACHMENT_H */
