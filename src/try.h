/*
 * try.h: something done in a subtransaction.
 */
#ifndef REMINDER_TRY_H
#define REMINDER_TRY_H

extern ErrorData *Try(void (*what) (void *), void *arg, bool keep);

#endif							/* REMINDER_TRY_H */
