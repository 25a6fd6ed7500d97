/*
 * decide_sql.h: a step as it travels through SQL.
 */
#ifndef REMINDER_DECIDE_SQL_H
#define REMINDER_DECIDE_SQL_H

#include "decide.h"

extern void UnpackStep(bytea *packed, Step *step);

#endif							/* REMINDER_DECIDE_SQL_H */
