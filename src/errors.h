/*
 * errors.h: one SQLSTATE for each rule that a caller may want to branch on.
 *
 * The subclass starts with R, which SQL leaves to implementations; the class
 * stays a standard one, so that drivers still know what kind of error it is.
 * doc/errors.md lists them with what raises them and what to do.
 */
#ifndef REMINDER_ERRORS_H
#define REMINDER_ERRORS_H

/* The catalogue that ereport() looks messages up in: po/ */
#undef TEXTDOMAIN
#define TEXTDOMAIN PG_TEXTDOMAIN("reminder")

/* 01: warnings */
#define ERRCODE_REMINDER_OVERPAID		MAKE_SQLSTATE('0', '1', 'R', '0', '1')
#define ERRCODE_REMINDER_HELD			MAKE_SQLSTATE('0', '1', 'R', '0', '2')

/* 22: the input is wrong */
#define ERRCODE_REMINDER_INPUT			MAKE_SQLSTATE('2', '2', 'R', '0', '1')
#define ERRCODE_REMINDER_DATE			MAKE_SQLSTATE('2', '2', 'R', '0', '2')
#define ERRCODE_REMINDER_AMOUNT			MAKE_SQLSTATE('2', '2', 'R', '0', '3')
#define ERRCODE_REMINDER_UNKNOWN		MAKE_SQLSTATE('2', '2', 'R', '0', '4')

/* 23: a rule about what may stand beside what */
#define ERRCODE_REMINDER_CASE_ACTIVE	MAKE_SQLSTATE('2', '3', 'R', '0', '1')
#define ERRCODE_REMINDER_LOSS_BOOKED	MAKE_SQLSTATE('2', '3', 'R', '0', '2')
#define ERRCODE_REMINDER_TRANSITION		MAKE_SQLSTATE('2', '3', 'R', '0', '3')
#define ERRCODE_REMINDER_KEPT			MAKE_SQLSTATE('2', '3', 'R', '0', '4')
#define ERRCODE_REMINDER_OTHER_CONTENT	MAKE_SQLSTATE('2', '3', 'R', '0', '5')
#define ERRCODE_REMINDER_CONTROL_ACCOUNT MAKE_SQLSTATE('2', '3', 'R', '0', '6')

/* 42: this object is not written that way */
#define ERRCODE_REMINDER_DERIVED		MAKE_SQLSTATE('4', '2', 'R', '0', '1')
#define ERRCODE_REMINDER_WEAKENED		MAKE_SQLSTATE('4', '2', 'R', '0', '2')

/* 55: not now */
#define ERRCODE_REMINDER_RUN_ORDER		MAKE_SQLSTATE('5', '5', 'R', '0', '1')
#define ERRCODE_REMINDER_NOT_WITHDRAWABLE MAKE_SQLSTATE('5', '5', 'R', '0', '2')
#define ERRCODE_REMINDER_NO_CASE		MAKE_SQLSTATE('5', '5', 'R', '0', '3')
#define ERRCODE_REMINDER_NOT_READY		MAKE_SQLSTATE('5', '5', 'R', '0', '4')
#define ERRCODE_REMINDER_LAW_UNKNOWN	MAKE_SQLSTATE('5', '5', 'R', '0', '5')
#define ERRCODE_REMINDER_RULE_REFUSED	MAKE_SQLSTATE('5', '5', 'R', '0', '6')
#define ERRCODE_REMINDER_LETTER			MAKE_SQLSTATE('5', '5', 'R', '0', '7')
#define ERRCODE_REMINDER_PLAN_STANDS	MAKE_SQLSTATE('5', '5', 'R', '0', '8')

#endif							/* REMINDER_ERRORS_H */
