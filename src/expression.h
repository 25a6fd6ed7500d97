/*
 * expression.h: SQL expressions that others write over a table of theirs.
 */
#ifndef REMINDER_EXPRESSION_H
#define REMINDER_EXPRESSION_H

#include "nodes/bitmapset.h"
#include "nodes/parsenodes.h"
#include "utils/rel.h"

extern Query *QueryOfMap(Relation view);
extern Bitmapset *FindColumns(Node *expression, int varno);

#endif							/* REMINDER_EXPRESSION_H */
