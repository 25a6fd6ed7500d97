/*
 * access.h: who may act for which creditor, once walls stand between them.
 */
#ifndef REMINDER_ACCESS_H
#define REMINDER_ACCESS_H

extern bool SeesWhole(Oid role, int64 creditor_id);
extern bool SeesAll(Oid role);
extern bool SeesInvoice(Oid role, int64 creditor_id, Datum invoice_no);
extern void RequireAny(Oid role, int64 creditor_id);
extern void RequireCreditor(Oid role, int64 creditor_id);
extern void RequireInvoice(Oid role, int64 creditor_id, Datum invoice_no);
extern void RequireCustomer(Oid role, int64 creditor_id, Datum customer_no);
extern void RequireAgency(Oid role, Datum agency);
extern void RequireAccount(Oid role, int64 account_id);
extern void RequirePartner(Oid role, int64 partner_id);
extern void InitAccess(void);

#endif							/* REMINDER_ACCESS_H */
