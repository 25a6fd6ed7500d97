/*
 * termbook.h: terms, as a backend keeps them.
 */
#ifndef REMINDER_TERMBOOK_H
#define REMINDER_TERMBOOK_H

#include "terms.h"

extern uint64 TermsHeard(void);
extern Terms *GetTerms(int64 creditor_id, int32 as_of, int32 rule_no, int32 passed);

#endif							/* REMINDER_TERMBOOK_H */
