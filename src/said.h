/*
 * said.h: what we say, in the language of the session.
 */
#ifndef REMINDER_SAID_H
#define REMINDER_SAID_H

extern const char *InWords(const char *message);
extern int	SayInCase(const char *what, const char *invoice, bool outside);

#endif							/* REMINDER_SAID_H */
