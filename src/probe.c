/*
 * probe.c: our own tables by direct index access, without SPI.
 */
#include "postgres.h"

#include "access/attnum.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"

#include "compat.h"
#include "probe.h"

/* Counts the relation changes this backend has heard of: what was looked up before is stale. */
static uint64 generation = 1;

/* Forgets what was looked up when any relation changes; looks nothing up here. */
static void
ForgetRelations(Datum arg, Oid relid)
{
	generation++;
}

/* Registers for the news that a relation has changed; called once a backend. */
void
InitProbe(void)
{
	CacheRegisterRelcacheCallback(ForgetRelations, (Datum) 0);
}

/* Gives a relation of the schema by name; raises an error if it has gone. */
static Oid
FindRelation(Oid schema, const char *name)
{
	Oid			relid = get_relname_relid(name, schema);

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("relation \"%s\" of reminder has gone", name),
				 errhint("SELECT * FROM reminder.check();")));
	return relid;
}

/* Gives a column of a relation by name; raises an error if it has gone. */
static AttrNumber
FindColumn(Oid relid, const char *name)
{
	AttrNumber	attnum = get_attnum(relid, name);

	if (attnum == InvalidAttrNumber)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("column \"%s\" of \"%s\" has gone", name, get_rel_name(relid))));
	return attnum;
}

/* Gives the numbers of columns of a table of ours, in the order of their names. */
const AttrNumber *
ColumnNumbers(Relation rel, Columns *columns)
{
	if (columns->generation == generation && columns->relid == RelationGetRelid(rel))
		return columns->number;
	for (int i = 0; i < MAX_COLUMNS && columns->names[i] != NULL; i++)
		columns->number[i] = FindColumn(RelationGetRelid(rel), columns->names[i]);
	columns->relid = RelationGetRelid(rel);
	columns->generation = generation;
	return columns->number;
}

/* Gives the tables beside this one, looked up again only when one has changed. */
const Siblings *
GetSiblings(Relation near)
{
	static Siblings siblings;
	static uint64 looked_up = 0;
	Oid			schema = RelationGetNamespace(near);

	if (looked_up == generation && siblings.schema == schema)
		return &siblings;
	siblings.schema = schema;
	siblings.invoice = FindRelation(schema, "invoice");
	siblings.invoice_pkey = FindRelation(schema, "invoice_pkey");
	siblings.collection_case = FindRelation(schema, "collection_case");
	siblings.active_case_key = FindRelation(schema, "collection_case_active_key");
	siblings.external_collection = FindColumn(siblings.invoice, "external_collection");
	siblings.case_no = FindColumn(siblings.collection_case, "case_no");
	siblings.case_state = FindColumn(siblings.collection_case, "state");
	looked_up = generation;
	return &siblings;
}
