/*
 * expression.h: SQL expressions that others write over a table of theirs.
 */
#ifndef REMINDER_EXPRESSION_H
#define REMINDER_EXPRESSION_H

#include "nodes/bitmapset.h"
#include "nodes/nodes.h"

extern Bitmapset *FindColumns(Node *expression, int varno);

#endif							/* REMINDER_EXPRESSION_H */
