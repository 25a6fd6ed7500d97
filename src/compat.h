/*
 * compat.h: what differs between the PostgreSQL versions we build on (13-18).
 *
 * Every version test of the project stands here. Include after postgres.h.
 */
#ifndef REMINDER_COMPAT_H
#define REMINDER_COMPAT_H

#include "access/genam.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/numeric.h"

#if PG_VERSION_NUM < 130000
#error "reminder needs PostgreSQL 13 or later"
#endif

/* postgres.h brings the macros of variable-length values up to 15. */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/* Who never returns is said before 18 after the name, and before it as well. */
#if PG_VERSION_NUM < 180000
#define pg_noreturn pg_attribute_noreturn()
#endif

/* int64_div_fast_to_numeric() is there from 14 on. */
#if PG_VERSION_NUM >= 140000
#define OreToNumeric(ore) int64_div_fast_to_numeric((ore), 2)
#else
#define OreToNumeric(ore) \
	DatumGetNumeric(DirectFunctionCall2(numeric_mul, \
		DirectFunctionCall1(int8_numeric, Int64GetDatum(ore)), \
		DirectFunctionCall3(numeric_in, CStringGetDatum("0.01"), \
			ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1))))
#endif

/* index_beginscan() takes an instrumentation argument from 18 on. */
#if PG_VERSION_NUM >= 180000
#define BeginIndexScan(heap, index, snapshot, nkeys) \
	index_beginscan((heap), (index), (snapshot), NULL, (nkeys), 0)
#else
#define BeginIndexScan(heap, index, snapshot, nkeys) \
	index_beginscan((heap), (index), (snapshot), (nkeys), 0)
#endif

/* ExecInsertIndexTuples() finds its relation in the state before 14, and has one argument more from 16 on. */
#if PG_VERSION_NUM >= 160000
#define InsertIndexEntries(relation, slot, estate) \
	ExecInsertIndexTuples((relation), (slot), (estate), false, false, NULL, NIL, false)
#elif PG_VERSION_NUM >= 140000
#define InsertIndexEntries(relation, slot, estate) \
	ExecInsertIndexTuples((relation), (slot), (estate), false, false, NULL, NIL)
#else
#define InsertIndexEntries(relation, slot, estate) \
	((estate)->es_result_relation_info = (relation), \
	 ExecInsertIndexTuples((slot), (estate), false, NULL, NIL))
#endif

/* A trigger can be replaced from 14 on. */
#if PG_VERSION_NUM >= 140000
#define ReplacesTrigger(statement) ((statement)->replace)
#else
#define ReplacesTrigger(statement) ((void) (statement), false)
#endif

/* A partition can be detached in several transactions from 14 on. */
#if PG_VERSION_NUM >= 140000
#define HAVE_DETACH_CONCURRENTLY
#define DetachesConcurrently(command) ((command)->concurrent)
#else
#define DetachesConcurrently(command) ((void) (command), false)
#endif

/* What a text is read as, and what that means: with another name or argument from 14 and 15 on. */
#if PG_VERSION_NUM >= 140000
#define RawParser(text) raw_parser((text), RAW_PARSE_DEFAULT)
#else
#define RawParser(text) raw_parser(text)
#endif
#if PG_VERSION_NUM >= 150000
#define ParseAnalyze(raw, text) parse_analyze_fixedparams((raw), (text), NULL, 0, NULL)
#else
#define ParseAnalyze(raw, text) parse_analyze((raw), (text), NULL, 0, NULL)
#endif

/* There is MERGE from 15 on; the rows that it moves to another partition, triggers of statements are not shown. */
#define MERGE_MOVES_UNSEEN (PG_VERSION_NUM >= 150000 && PG_VERSION_NUM < 190000)

/* Who owns what is asked in another way from 16 on. */
#if PG_VERSION_NUM >= 160000
#define OwnsRelation(relid, role) object_ownercheck(RelationRelationId, (relid), (role))
#else
#define OwnsRelation(relid, role) pg_class_ownercheck((relid), (role))
#endif

/* Columns that are computed when they are read are there from 18 on. */
#ifdef ATTRIBUTE_GENERATED_VIRTUAL
#define IsVirtualColumn(attribute) ((attribute)->attgenerated == ATTRIBUTE_GENERATED_VIRTUAL)
#else
#define IsVirtualColumn(attribute) ((void) (attribute), false)
#endif

/* Not every array type has a name before 14. */
#ifndef INT8ARRAYOID
#define INT8ARRAYOID 1016
#endif
#ifndef OIDARRAYOID
#define OIDARRAYOID 1028
#endif
#ifndef DATEARRAYOID
#define DATEARRAYOID 1182
#endif

#endif							/* REMINDER_COMPAT_H */
