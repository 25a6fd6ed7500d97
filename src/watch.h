/*
 * watch.h: whether a backend is told when a table of ours changes, and so may
 * keep what it read there.
 */
#ifndef REMINDER_WATCH_H
#define REMINDER_WATCH_H

#include "utils/rel.h"

extern bool IsWatched(Relation rel, const char *function);

#endif							/* REMINDER_WATCH_H */
