/*
 * merge.h: rows that MERGE moves to another partition.
 */
#ifndef REMINDER_MERGE_H
#define REMINDER_MERGE_H

extern void InitMerge(void);

#endif							/* REMINDER_MERGE_H */
