/*
 * ledger.c: what is open, kept from what the application writes.
 *
 * Payments and credits change what is open, end cases, cancel letters not yet
 * confirmed as sent, and when they are taken back reopen cases where they were
 * (C6, B5, B9, M1, M2). All are statement triggers: one set of statements for
 * a row or for a million.
 *
 * Each first locks the invoices, in ascending order, and only then reads
 * what others committed, under a fresh snapshot: see guard.c.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

#include "compat.h"
#include "errors.h"
#include "fired.h"
#include "ledger.h"
#include "lock.h"
#include "money.h"
#include "origin.h"
#include "owner.h"
#include "probe.h"
#include "rows.h"

PG_FUNCTION_INFO_V1(reminder_invoice_before);
PG_FUNCTION_INFO_V1(reminder_payment_made);
PG_FUNCTION_INFO_V1(reminder_payment_changed);
PG_FUNCTION_INFO_V1(reminder_payment_removed);
PG_FUNCTION_INFO_V1(reminder_allocate_again);
PG_FUNCTION_INFO_V1(reminder_credit_made);
PG_FUNCTION_INFO_V1(reminder_credit_changed);
PG_FUNCTION_INFO_V1(reminder_credit_removed);

/*
 * The rows a trigger is about: after an INSERT the new ones, after a DELETE
 * the old ones, after an UPDATE those whose money changed.
 */
#define MADE(columns) "SELECT " columns " FROM new_rows r"
#define REMOVED(columns) "SELECT " columns " FROM old_rows r"
#define CHANGED(columns, rows, others, key, money) \
	"SELECT " columns " FROM " rows " r WHERE NOT EXISTS (SELECT FROM " others " o" \
	" WHERE o.creditor_id = r.creditor_id AND o." key " = r." key " AND " money ")"

#define PAYMENT_COLUMNS_TO(undone_on) "r.creditor_id, r.payment_no AS no, r.invoice_no, r.amount, r.paid_on AS made_on, " undone_on " AS undone_on, r.bounced_on IS NULL AS counts, r.allocates, r.source, r.recorded_at"
#define PAYMENT_COLUMNS PAYMENT_COLUMNS_TO("coalesce(r.bounced_on, r.paid_on)")
/* One that did not bounce is posted back on the day that it is moved on, else on that of the creditor's latest run: nothing that was known before changes. */
#define UNTIL_TODAY "greatest(r.paid_on, coalesce(reminder._moved_on(), (SELECT max(l.as_of) FROM reminder.run_log l WHERE l.creditor_id = r.creditor_id)))"
#define PAYMENT_SAME "o.amount = r.amount AND o.invoice_no IS NOT DISTINCT FROM r.invoice_no AND o.paid_on = r.paid_on AND o.bounced_on IS NOT DISTINCT FROM r.bounced_on AND o.allocates IS NOT DISTINCT FROM r.allocates"
#define PAYMENTS_AFTER CHANGED(PAYMENT_COLUMNS, "new_rows", "old_rows", "payment_no", PAYMENT_SAME)
#define PAYMENTS_BEFORE \
	"SELECT " PAYMENT_COLUMNS_TO("greatest(r.paid_on, coalesce(o.bounced_on, " UNTIL_TODAY "))") \
	" FROM old_rows r LEFT JOIN new_rows o ON o.creditor_id = r.creditor_id AND o.payment_no = r.payment_no" \
	" WHERE (" PAYMENT_SAME ") IS NOT TRUE"
#define PAYMENTS_REMOVED "SELECT " PAYMENT_COLUMNS_TO("coalesce(r.bounced_on, " UNTIL_TODAY ")") " FROM old_rows r"
/* Those that somebody else took in after all: nothing is settled otherwise, but it was posted. */
#define PAYMENTS_OF_OTHERS \
	"SELECT " PAYMENT_COLUMNS_TO(UNTIL_TODAY) " FROM old_rows r JOIN new_rows o ON o.creditor_id = r.creditor_id AND o.payment_no = r.payment_no" \
	" WHERE " PAYMENT_SAME " AND o.source <> r.source"

#define CREDIT_COLUMNS "r.creditor_id, r.credit_no AS no, r.invoice_no, r.amount, r.credited_on AS made_on, r.credited_on AS undone_on, true AS counts, NULL::text AS allocates, NULL::text AS source, r.recorded_at"
#define CREDIT_SAME "o.amount = r.amount AND o.invoice_no = r.invoice_no AND o.credited_on = r.credited_on"
#define CREDITS_AFTER CHANGED(CREDIT_COLUMNS, "new_rows", "old_rows", "credit_no", CREDIT_SAME)
#define CREDITS_BEFORE CHANGED(CREDIT_COLUMNS, "old_rows", "new_rows", "credit_no", CREDIT_SAME)

/* Locks the invoices of the rows, ascending. */
#define LOCK(rows) \
	"SELECT count(*) FROM (" \
	" SELECT FROM reminder.invoice i" \
	" WHERE (i.creditor_id, i.invoice_no) IN (SELECT m.creditor_id, m.invoice_no FROM (" rows ") m WHERE m.invoice_no IS NOT NULL)" \
	" ORDER BY i.creditor_id, i.invoice_no FOR NO KEY UPDATE) locked"

/* The fees of a case's payment plans, which stand beside those of its letters, and the interest claimed when one was made (C5). */
#define PLAN_FEES \
	"coalesce((SELECT sum(p.fee) FROM reminder.payment_plan p WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.case_no = k.case_no), 0)"
#define PLAN_INTEREST \
	"coalesce((SELECT max(p.interest_claimed) FROM reminder.payment_plan p WHERE p.creditor_id = k.creditor_id AND p.invoice_no = k.invoice_no AND p.case_no = k.case_no), 0)"

/* A fee set by hand; and the fee that stands by own rules, whose later fee takes the place of an earlier one (F3). */
#define FEE_BY_HAND \
	"coalesce((SELECT i.fee_by_hand FROM reminder.invoice i WHERE i.creditor_id = k.creditor_id AND i.invoice_no = k.invoice_no), 0)"
#define LAST_FEE(stands) \
	PLAN_FEES " + coalesce((array_agg(d.fee ORDER BY d.rung DESC) FILTER (WHERE d.fee IS NOT NULL AND " stands "))[1], " FEE_BY_HAND ")"

/* The fees of enforcement that "k", the case, bears (C7). */
#define ENFORCEMENT_FEES \
	"coalesce((SELECT sum(e.amount) FROM reminder.enforcement_fee e" \
	"  WHERE e.creditor_id = k.creditor_id AND e.invoice_no = k.invoice_no AND e.case_no = k.case_no), 0)"

/*
 * What a case's fees lose with its letters that never went out: their own
 * fees, and compensation if no letter claims it that stands (L4). With the
 * service fees add up; by own rules the fee of the last letter that stands
 * does so again, or the one set by hand (F3).
 *
 * Reads "k", the case, over "d", its decisions.
 */
#define FEES_GONE(gone, stands) \
	"CASE WHEN bool_or(d.compensation > 0) AND bool_or(" gone ") THEN greatest(k.fees - " ENFORCEMENT_FEES " - greatest(" \
	"   CASE WHEN k.collected_by = 'creditor' THEN " LAST_FEE(stands) " ELSE " PLAN_FEES " + " FEE_BY_HAND " + coalesce(sum(d.fee) FILTER (WHERE " stands "), 0) END" \
	"    + coalesce(max(d.compensation) FILTER (WHERE " stands " AND d.fees_at_least = 0), 0)," \
	"   max(d.fees_at_least) FILTER (WHERE " stands ")), 0)" \
	" WHEN k.collected_by <> 'creditor' THEN coalesce(sum(d.fee) FILTER (WHERE " gone "), 0)" \
	" WHEN bool_or(d.fee IS NOT NULL AND " gone ") THEN greatest(k.fees - " ENFORCEMENT_FEES " - (" LAST_FEE(stands) "), 0)" \
	" ELSE 0 END AS fee, coalesce(bool_or(d.compensation > 0), false) AS compensation," \
	" (array_agg(d.rung ORDER BY d.rung DESC) FILTER (WHERE d.fee IS NOT NULL AND " stands "))[1] AS last_rung"

/* The interest that the last letter of a case claims that went out, or a payment plan since. Reads "k" and "d". */
#define INTEREST_SENT "greatest(coalesce((array_agg(d.interest ORDER BY d.rung DESC) FILTER (WHERE d.status = 'sent'))[1], 0), " PLAN_INTEREST ")"

/*
 * What was waived by hand (B4) of "k", the case: of its fees, of those on
 * letters that are gone and on the last that stands ("g" has both), and of
 * interest. A letter that was decided anew since is not the one waived of.
 */
#define WAIVED_BY_HAND(gone, holds) \
	"SELECT coalesce(sum(w.amount) FILTER (WHERE w.kind = 'fee'), 0) AS fee," \
	" coalesce(sum(w.amount) FILTER (WHERE w.kind = 'fee' AND EXISTS (SELECT FROM reminder.decision d WHERE d.creditor_id = w.creditor_id" \
	"   AND d.invoice_no = w.invoice_no AND d.rung = w.rung AND d.taken_back = 0 AND d.decided_at <= w.recorded_at AND " gone ")), 0) AS fee_gone," \
	" coalesce(sum(w.amount) FILTER (WHERE w.kind = 'fee' AND w.rung IS NOT DISTINCT FROM g.last_rung), 0) AS fee_last," \
	" coalesce(sum(w.amount) FILTER (WHERE w.kind = 'interest'), 0) AS interest" \
	" FROM reminder.waiver w WHERE " holds " AND w.creditor_id = k.creditor_id AND w.invoice_no = k.invoice_no AND w.case_no = k.case_no"

/*
 * What of a case's fees nobody owes: those of letters that never went out,
 * and what was waived by hand; by own rules only of the last that stands, for
 * an earlier one is claimed no more. _standing() has the same. Reads "k", "h"
 * and what the letters lose.
 */
#define NOT_OWED(lost) \
	"CASE WHEN k.collected_by = 'creditor' AND NOT " lost ".compensation THEN greatest(" lost ".fee + h.fee_last, h.fee)" \
	" ELSE greatest(" lost ".fee, h.fee_gone) + h.fee - h.fee_gone END"

/* Tells whether a letter, "d", that was cancelled or had failed went out all the same: then what is waived of it stays so, and what was paid of it was owed. */
#define WENT_OUT \
	"d.status IN ('cancelled', 'failed') AND EXISTS (SELECT FROM reminder.delivery y WHERE y.creditor_id = d.creditor_id AND y.invoice_no = d.invoice_no" \
	" AND y.rung = d.rung AND y.outcome = 'sent_anyway' AND y.nth = 1 + (SELECT max(x.taken_back) FROM reminder.decision x" \
	"  WHERE x.creditor_id = d.creditor_id AND x.invoice_no = d.invoice_no AND x.rung = d.rung))"

/*
 * What "k", the case, loses with its letters that were cancelled or failed:
 * "g", and "n" without those that went out all the same; "h" is what was
 * waived of it by hand.
 */
#define NEVER_WENT_OUT \
	"  CROSS JOIN LATERAL (SELECT " FEES_GONE("d.status IN ('cancelled', 'failed')", "d.status IN ('queued', 'sent')") ", " INTEREST_SENT " AS interest_sent FROM reminder.decision d" \
	"   WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.taken_back = 0) g" \
	"  CROSS JOIN LATERAL (SELECT " FEES_GONE("d.status IN ('cancelled', 'failed') AND NOT d.went_out", "(d.status IN ('queued', 'sent') OR d.went_out)") \
	"   FROM (SELECT d.*, " WENT_OUT " AS went_out FROM reminder.decision d" \
	"    WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.taken_back = 0) d) n" \
	"  CROSS JOIN LATERAL (" WAIVED_BY_HAND("d.status IN ('cancelled', 'failed')", "true") ") h"

/* The number of the n-th of the events in "h", under the lock on their invoice. _next_event() would be a call for each. */
#define EVENT_NO \
	"coalesce((SELECT max(e.event_no) FROM reminder.event e WHERE e.creditor_id = h.creditor_id AND e.invoice_no = h.invoice_no), 0)" \
	" + (row_number() OVER (PARTITION BY h.creditor_id, h.invoice_no ORDER BY h.n))::integer"

/* What the rule of "k", the case, pursues; a rule that is deleted since still says so, in its last version. */
#define RESIDUAL_ABOVE \
	"coalesce((SELECT r.residual_above FROM reminder.rule r WHERE r.creditor_id = k.creditor_id AND r.rule_no = k.rule_no)," \
	" (SELECT (v.definition ->> 'residual_above')::numeric FROM reminder.rule_version v" \
	"  WHERE v.creditor_id = k.creditor_id AND v.rule_no = k.rule_no ORDER BY v.version DESC LIMIT 1), 0)"

/*
 * Up to which costs a rule does not pursue them: nor what would be rounded to
 * nothing, where the principal is paid to the öre and so no payment is rounded.
 * Reads "c", the claim.
 */
#define NOT_PURSUED(left, on_day) \
	"CASE WHEN " left " BETWEEN 0.01 AND 0.49 THEN greatest(c.residual_above, (" \
	"  SELECT r.unit / 2 - 0.01 FROM reminder.invoice i" \
	"  JOIN reminder.creditor y ON y.creditor_id = i.creditor_id AND y.rounds_payments" \
	"  JOIN reminder.rounding_rule r ON r.jurisdiction = y.jurisdiction AND r.currency = i.currency AND r.valid_from <= " on_day " AND r.confidence <> 'unconfirmed'" \
	"  WHERE i.creditor_id = c.creditor_id AND i.invoice_no = c.invoice_no ORDER BY r.valid_from DESC LIMIT 1)) ELSE c.residual_above END"

/*
 * What follows when the principal of an invoice is settled: its place on the
 * ladder goes; letters not confirmed as sent are cancelled, their fee and
 * interest too; what is left of costs is waived and the case ends if the rule
 * does not pursue it, never silently (B9).
 *
 * Reads "settled": creditor_id, invoice_no, made_on, principal settled now,
 * open before, interest and fee paid now; and the state in which its case ends.
 */
#define SETTLE(ended_as, pursued) \
	" moved AS (UPDATE reminder.invoice i SET open_amount = i.open_amount - s.principal FROM settled s" \
	"  WHERE i.creditor_id = s.creditor_id AND i.invoice_no = s.invoice_no AND s.principal > 0)," \
	" off_ladder AS (DELETE FROM reminder.position p USING settled s" \
	"  WHERE p.creditor_id = s.creditor_id AND p.invoice_no = s.invoice_no AND s.principal = s.open_before)," \
	" claim AS MATERIALIZED (SELECT k.creditor_id, k.invoice_no, k.case_no, k.opened_on, k.state_on, s.made_on, s.fee, s.interest," \
	"   s.principal = s.open_before AS principal_settled, l.fee AS fee_left, l.interest AS interest_left," \
	"   least(q.fee, l.fee) AS fee_cancelled, least(q.interest, l.interest) AS interest_cancelled, " RESIDUAL_ABOVE " AS residual_above" \
	"  FROM settled s" \
	"  JOIN reminder.collection_case k ON k.creditor_id = s.creditor_id AND k.invoice_no = s.invoice_no AND k.ended_on IS NULL" \
	"  CROSS JOIN LATERAL (SELECT k.fees - k.fees_paid - k.fees_waived - s.fee AS fee, k.interest - k.interest_paid - k.interest_waived - s.interest AS interest) l" \
	"  CROSS JOIN LATERAL (SELECT " FEES_GONE("d.status IN ('queued', 'cancelled', 'failed')", "d.status = 'sent'") "," \
	"    coalesce(bool_or(d.status = 'queued'), false) AS waits," \
	"    CASE WHEN bool_or(d.status = 'queued') THEN greatest(k.interest - " INTEREST_SENT ", 0) ELSE 0 END AS interest" \
	"   FROM reminder.decision d" \
	"   WHERE d.creditor_id = k.creditor_id AND d.invoice_no = k.invoice_no AND d.case_no = k.case_no AND d.taken_back = 0) g" \
	"  CROSS JOIN LATERAL (" WAIVED_BY_HAND("d.status IN ('queued', 'cancelled', 'failed')", "g.waits AND k.fees_waived > 0") ") h" \
	"  CROSS JOIN LATERAL (SELECT CASE WHEN g.waits THEN greatest(" NOT_OWED("g") " - k.fees_waived, 0) ELSE 0 END AS fee, g.interest) q" \
	"  WHERE s.principal = s.open_before OR s.fee > 0 OR s.interest > 0)," \
	" outcome AS MATERIALIZED (SELECT c.*, c.principal_settled AND (" pursued ") AS ends," \
	"   CASE WHEN NOT c.principal_settled THEN 0 WHEN " pursued " THEN c.fee_left ELSE c.fee_cancelled END AS waived," \
	"   CASE WHEN NOT c.principal_settled THEN 0 WHEN " pursued " THEN c.interest_left ELSE c.interest_cancelled END AS interest_waived" \
	"  FROM claim c)," \
	" changed AS (UPDATE reminder.collection_case k SET" \
	"   fees_paid = k.fees_paid + o.fee, fees_waived = k.fees_waived + o.waived," \
	"   interest_paid = k.interest_paid + o.interest," \
	"   interest = CASE WHEN o.ends THEN k.interest ELSE k.interest - o.interest_waived END," \
	"   interest_waived = CASE WHEN o.ends THEN k.interest_waived + o.interest_waived ELSE k.interest_waived END," \
	"   state = CASE WHEN o.ends THEN '" ended_as "' ELSE k.state END," \
	"   ended_from = CASE WHEN o.ends THEN k.state END," \
	"   ended_on = CASE WHEN o.ends THEN greatest(o.made_on, o.state_on) END" \
	"  FROM outcome o WHERE k.creditor_id = o.creditor_id AND k.invoice_no = o.invoice_no AND k.case_no = o.case_no)," \
	" cancelled AS (UPDATE reminder.decision d SET status = 'cancelled' FROM outcome o" \
	"  WHERE d.creditor_id = o.creditor_id AND d.invoice_no = o.invoice_no AND d.case_no = o.case_no AND d.status = 'queued' AND d.taken_back = 0 AND o.principal_settled)," \
	" happened AS (SELECT o.creditor_id, o.invoice_no, o.case_no, o.made_on, e.kind, e.amount, e.n" \
	"  FROM outcome o CROSS JOIN LATERAL (VALUES" \
	"   (1, 'fee_waived', o.waived, o.waived > 0)," \
	"   (2, 'interest_waived', o.interest_waived, o.interest_waived > 0)," \
	"   (3, 'case_" ended_as "', NULL::numeric, o.ends)) e (n, kind, amount, holds) WHERE e.holds)," \
	" noted AS (INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, case_no, amount)" \
	"  SELECT h.creditor_id, h.invoice_no, " EVENT_NO "," \
	"    h.kind, h.made_on, h.case_no, h.amount FROM happened h)"

/* What is left of costs when the principal is paid. */
#define COSTS_LEFT "c.fee_left - c.fee_cancelled + c.interest_left - c.interest_cancelled"

/* Costs that a payment plan is of are to be paid as agreed, however small. Reads "c", the claim. */
#define ON_PLAN \
	"EXISTS (SELECT FROM reminder.payment_plan p WHERE p.creditor_id = c.creditor_id AND p.invoice_no = c.invoice_no AND p.state = 'active')"

/* What is wholly for the principal: not more than is open of it, nor all of it but for a rounding. */
#define PLAIN "p.amount <= i.open_amount AND p.by_law = 0 AND i.open_amount - p.amount NOT BETWEEN 0.01 AND 0.49"

/* To what the amount to be paid of the invoice of "p" is rounded. */
#define ROUNDING_UNIT \
	"(SELECT r.unit FROM reminder.creditor c" \
	"  JOIN reminder.invoice i ON i.creditor_id = c.creditor_id AND i.invoice_no = p.invoice_no" \
	"  JOIN reminder.rounding_rule r ON r.jurisdiction = c.jurisdiction AND r.currency = i.currency AND r.valid_from <= p.made_on AND r.confidence <> 'unconfirmed'" \
	"  WHERE c.creditor_id = p.creditor_id AND c.rounds_payments ORDER BY r.valid_from DESC LIMIT 1)"

/*
 * Allocates payments, one after the other as they were made (L8): one that is
 * not above the open principal pays that, as the debtor means it; others pay
 * in the order of the law; unless the payment itself says which. The rest is
 * overpaid. Invoices ascending: what hangs on them is found in the order in
 * which it lies. Cases are looked for only where more than the principal may
 * be paid.
 */
#define PAY(rows) PAY_IN_ORDER(rows, "m.made_on, m.no")
#define PAY_IN_ORDER(rows, order) \
	"WITH made AS MATERIALIZED (SELECT m.* FROM (" rows ") m WHERE m.invoice_no IS NOT NULL AND m.counts)," \
	" paid AS (SELECT m.creditor_id, m.invoice_no, sum(m.amount) AS amount, max(m.made_on) AS made_on, count(m.allocates = 'law' OR NULL) AS by_law" \
	"  FROM made m GROUP BY 1, 2 ORDER BY 1, 2)," \
	" owed AS MATERIALIZED (SELECT p.*, i.open_amount AS open, k.case_no, k.fee, k.interest, k.ranks, " PLAIN " AS plain" \
	"  FROM paid p JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no" \
	"  LEFT JOIN LATERAL (" \
	"   SELECT k.case_no, k.fees - k.fees_paid - k.fees_waived AS fee, k.interest - k.interest_paid - k.interest_waived AS interest," \
	"    ARRAY[a.principal, a.interest, a.fee] AS ranks" \
	"   FROM reminder.collection_case k" \
	"   JOIN reminder.creditor c ON c.creditor_id = k.creditor_id" \
	"   JOIN reminder.customer u ON u.creditor_id = k.creditor_id AND u.customer_no = i.customer_no" \
	"   LEFT JOIN LATERAL (SELECT a.* FROM reminder.allocation_rule a" \
	"    WHERE a.jurisdiction = c.jurisdiction AND a.debtor_kind IN (u.kind, 'any') AND a.valid_from <= p.made_on" \
	"     AND (a.confidence <> 'unconfirmed' OR EXISTS (SELECT FROM reminder.creditor_law y" \
	"      WHERE y.creditor_id = p.creditor_id AND y.law = 'allocation_rule' AND y.jurisdiction = a.jurisdiction AND y.what = ''" \
	"       AND y.debtor_kind = a.debtor_kind AND y.valid_from = a.valid_from))" \
	"    ORDER BY a.debtor_kind = 'any', a.valid_from DESC LIMIT 1) a ON true" \
	"   WHERE k.creditor_id = p.creditor_id AND k.invoice_no = p.invoice_no AND k.ended_on IS NULL" \
	"    AND NOT (" PLAIN ") OFFSET 0) k ON true)," \
	" split AS MATERIALIZED (SELECT p.creditor_id, p.invoice_no, p.made_on, p.open[1] AS open_before, p.case_no, x.payment_no AS no, x.amount, x.principal, x.interest, x.fee, x.rounded_off" \
	"  FROM (SELECT p.creditor_id, p.invoice_no, p.made_on, p.case_no, p.ranks, ARRAY[p.open, coalesce(p.interest, 0), coalesce(p.fee, 0)] AS open," \
	"    array_agg(m.no ORDER BY " order ") AS nos, array_agg(m.amount ORDER BY " order ") AS amounts," \
	"    array_agg(m.allocates ORDER BY " order ") AS allocates" \
	"   FROM owed p JOIN made m ON m.creditor_id = p.creditor_id AND m.invoice_no = p.invoice_no" \
	"   WHERE NOT p.plain GROUP BY 1, 2, 3, 4, 5, 6) p" \
	"  CROSS JOIN LATERAL reminder._allocate(p.nos, p.amounts, p.allocates, p.ranks, p.open, " ROUNDING_UNIT ") x)," \
	" settled AS MATERIALIZED (SELECT p.creditor_id, p.invoice_no, p.made_on, p.open AS open_before, p.amount AS principal, 0::numeric AS interest, 0::numeric AS fee" \
	"  FROM owed p WHERE p.plain" \
	"  UNION ALL" \
	"  SELECT s.creditor_id, s.invoice_no, s.made_on, s.open_before, sum(s.principal), sum(s.interest), sum(s.fee) FROM split s GROUP BY 1, 2, 3, 4)," \
	SETTLE("paid", COSTS_LEFT " <= CASE WHEN " ON_PLAN " THEN 0 ELSE " NOT_PURSUED(COSTS_LEFT, "c.made_on") " END") "," \
	" allocated AS (INSERT INTO reminder.allocation (creditor_id, payment_no, principal, fee, interest, case_no, overpaid, rounded_off)" \
	"  SELECT s.creditor_id, s.no, s.principal, s.fee, s.interest," \
	"   CASE WHEN s.fee + s.interest > 0 THEN s.case_no END," \
	"   s.amount + s.rounded_off - s.principal - s.fee - s.interest, s.rounded_off FROM split s WHERE s.principal <> s.amount OR s.rounded_off <> 0" \
	"  RETURNING payment_no, overpaid)" \
	" SELECT count(*), min(payment_no), sum(overpaid) FROM allocated WHERE overpaid > 0"

/*
 * Money never changes its currency: finds a payment moved to an invoice of
 * another one. One moved to no invoice keeps that of the invoice it leaves.
 */
#define CURRENCIES \
	"WITH moved AS MATERIALIZED (SELECT n.creditor_id, n.payment_no, n.invoice_no, c.currency AS own," \
	"   coalesce(b.currency, y.currency, c.currency) AS was, i.currency" \
	"  FROM old_rows o" \
	"  JOIN new_rows n ON n.creditor_id = o.creditor_id AND n.payment_no = o.payment_no AND n.invoice_no IS DISTINCT FROM o.invoice_no" \
	"  JOIN reminder.creditor c ON c.creditor_id = n.creditor_id" \
	"  LEFT JOIN reminder.payment_currency y ON y.creditor_id = n.creditor_id AND y.payment_no = n.payment_no" \
	"  LEFT JOIN reminder.invoice b ON b.creditor_id = o.creditor_id AND b.invoice_no = o.invoice_no" \
	"  LEFT JOIN reminder.invoice i ON i.creditor_id = n.creditor_id AND i.invoice_no = n.invoice_no)," \
	" held AS (INSERT INTO reminder.payment_currency (creditor_id, payment_no, currency)" \
	"  SELECT m.creditor_id, m.payment_no, m.was FROM moved m WHERE m.invoice_no IS NULL AND m.was <> m.own ON CONFLICT DO NOTHING)" \
	" SELECT m.payment_no, m.was, m.invoice_no, m.currency FROM moved m WHERE m.currency <> m.was ORDER BY m.payment_no LIMIT 1"

/* Keeps what was posted of payments, to be posted back (F7). */
#define REMEMBER(rows) \
	"INSERT INTO reminder.payment_undone (creditor_id, payment_no, undone_no, invoice_no, source, paid_on, undone_on, amount, principal, fee, interest, overpaid, rounded_off, case_no, made_at)" \
	"  SELECT m.creditor_id, m.no, coalesce(l.undone_no, 0) + 1," \
	"   m.invoice_no, m.source, m.made_on, greatest(m.undone_on, l.undone_on), m.amount, coalesce(a.principal, CASE WHEN m.invoice_no IS NULL THEN 0 ELSE m.amount END)," \
	"   coalesce(a.fee, 0), coalesce(a.interest, 0), coalesce(a.overpaid, 0), coalesce(a.rounded_off, 0), a.case_no," \
	"   greatest(m.recorded_at, coalesce(l.again_at, l.undone_at))" \
	"  FROM (" rows ") m LEFT JOIN reminder.allocation a ON a.creditor_id = m.creditor_id AND a.payment_no = m.no" \
	"  LEFT JOIN LATERAL (SELECT u.undone_no, u.undone_on, u.undone_at, u.again_at FROM reminder.payment_undone u" \
	"   WHERE u.creditor_id = m.creditor_id AND u.payment_no = m.no ORDER BY u.undone_no DESC LIMIT 1) l ON true" \
	"  WHERE m.counts"

/* Notes when payments came to count again that had bounced. */
#define COUNT_AGAIN \
	"UPDATE reminder.payment_undone u SET again_at = clock_timestamp()" \
	" FROM old_rows r JOIN new_rows o ON o.creditor_id = r.creditor_id AND o.payment_no = r.payment_no" \
	" WHERE r.bounced_on IS NOT NULL AND o.bounced_on IS NULL AND u.creditor_id = r.creditor_id AND u.payment_no = r.payment_no" \
	"  AND u.undone_no = (SELECT max(x.undone_no) FROM reminder.payment_undone x WHERE x.creditor_id = r.creditor_id AND x.payment_no = r.payment_no)"

/* Keeps what references payments had, and when they had bounced, before either changed or they were deleted: payment_undone does not tell. */
#define KEEP_DETAILS(others, changed) \
	"INSERT INTO reminder.payment_version (creditor_id, payment_no, version_no, reference, bounced_on)" \
	"  SELECT r.creditor_id, r.payment_no, coalesce((SELECT max(v.version_no) FROM reminder.payment_version v WHERE v.creditor_id = r.creditor_id AND v.payment_no = r.payment_no), 0) + 1," \
	"   r.reference, r.bounced_on" \
	"  FROM old_rows r " others " WHERE num_nonnulls(r.reference, r.bounced_on) > 0" changed

/* What of costs would be claimed again. */
#define COSTS_AGAIN "c.fees - c.paid - c.gone + greatest(c.interest_sent - c.interest_paid - c.interest_by_hand, 0)"

/*
 * What follows when money is taken back: the principal is open again and the
 * invoice stands on the ladder where it stood, so no letter is repeated. A
 * case that money ended, this or other, is reopened there (B5), unless a loss
 * was booked since, or nothing is open but costs that the rule does not
 * pursue (B9). What was waived then is claimed again, except fees and interest
 * of letters that never went out, and what was waived by hand; the fee of such
 * a letter is claimed no more though it was paid, of a case that goes on, too.
 * A case that stays ended has no costs.
 */
#define TAKE_BACK(rows, ended_as, principal, fee, interest) TAKE_BACK_AS(ended_as "_taken_back", rows, ended_as, principal, fee, interest)
#define TAKE_BACK_AS(event, rows, ended_as, principal, fee, interest) \
	"WITH taken AS MATERIALIZED (SELECT m.creditor_id, m.invoice_no, m.undone_on, a.case_no, " principal " AS principal, " fee " AS fee, " interest " AS interest" \
	"  FROM (" rows ") m LEFT JOIN reminder.allocation a ON a.creditor_id = m.creditor_id AND a.payment_no = m.no AND '" ended_as "' = 'paid'" \
	"  WHERE m.invoice_no IS NOT NULL AND m.counts)," \
	" undone AS MATERIALIZED (SELECT t.creditor_id, t.invoice_no, max(t.undone_on) AS undone_on, sum(t.principal) AS principal, sum(t.fee) AS fee, sum(t.interest) AS interest," \
	"   array_agg(t.case_no) AS case_nos, array_agg(t.fee) AS fees, array_agg(t.interest) AS interests," \
	"   (SELECT max(k.case_no) FROM reminder.collection_case k WHERE k.creditor_id = t.creditor_id AND k.invoice_no = t.invoice_no) AS latest" \
	"  FROM taken t GROUP BY t.creditor_id, t.invoice_no)," \
	" moved AS (UPDATE reminder.invoice i SET open_amount = i.open_amount + u.principal FROM undone u" \
	"  WHERE i.creditor_id = u.creditor_id AND i.invoice_no = u.invoice_no)," \
	" claim AS MATERIALIZED (SELECT k.creditor_id, k.invoice_no, k.case_no, u.undone_on, k.fees, k.fees_waived, f.paid," \
	"   k.interest_waived, f.interest_paid," \
	"   k.case_no = u.latest AS latest, k.ended_on IS NOT NULL AS ended, i.open_amount + u.principal AS open," \
	"   k.case_no = u.latest AND k.state IN ('paid', 'credited') AND u.principal + u.fee + u.interest > 0" \
	"    AND NOT EXISTS (SELECT FROM reminder.credit_loss l WHERE l.creditor_id = k.creditor_id AND l.invoice_no = k.invoice_no AND l.reversed_on IS NULL)" \
	"    AND reminder._lock_losses(k.creditor_id, ARRAY[k.invoice_no]) = '{}' AS may_reopen," \
	"   least(greatest(least(" NOT_OWED("g") ", k.fees - k.fees_paid), " NOT_OWED("n") "), k.fees - f.paid) AS gone," \
	"   k.interest, least(k.interest, greatest(g.interest_sent, k.interest_paid, h.interest + f.interest_paid)) AS interest_sent, h.interest AS interest_by_hand," \
	"   " RESIDUAL_ABOVE " AS residual_above" \
	"  FROM undone u" \
	"  JOIN reminder.invoice i ON i.creditor_id = u.creditor_id AND i.invoice_no = u.invoice_no" \
	"  JOIN reminder.collection_case k ON k.creditor_id = u.creditor_id AND k.invoice_no = u.invoice_no" \
	"  CROSS JOIN LATERAL (SELECT coalesce(sum(t.fee), 0) AS fee, k.fees_paid - coalesce(sum(t.fee), 0) AS paid," \
	"    coalesce(sum(t.interest), 0) AS interest, k.interest_paid - coalesce(sum(t.interest), 0) AS interest_paid" \
	"   FROM unnest(u.case_nos, u.fees, u.interests) t (case_no, fee, interest) WHERE t.case_no = k.case_no) f" \
	NEVER_WENT_OUT \
	"  WHERE k.case_no = u.latest OR f.fee > 0 OR f.interest > 0)," \
	" outcome AS MATERIALIZED (SELECT c.*, CASE WHEN c.reopens THEN c.gone WHEN c.ended THEN c.fees - c.paid ELSE greatest(c.fees_waived, c.gone) END AS waived," \
	"   CASE WHEN c.reopens THEN c.interest_sent ELSE c.interest END AS interest_now," \
	"   CASE WHEN c.reopens THEN least(c.interest_by_hand, c.interest_sent - c.interest_paid) WHEN c.ended THEN c.interest - c.interest_paid ELSE c.interest_waived END AS interest_waived_now" \
	"  FROM (SELECT c.*, c.may_reopen AND (c.open > 0 OR " COSTS_AGAIN " > " NOT_PURSUED(COSTS_AGAIN, "c.undone_on") ") AS reopens" \
	"   FROM claim c) c)," \
	" changed AS (UPDATE reminder.collection_case k SET fees_paid = o.paid, fees_waived = o.waived," \
	"   interest = o.interest_now, interest_paid = o.interest_paid, interest_waived = o.interest_waived_now," \
	"   state = CASE WHEN o.reopens THEN k.ended_from ELSE k.state END," \
	"   ended_from = CASE WHEN o.reopens THEN NULL ELSE k.ended_from END," \
	"   ended_on = CASE WHEN o.reopens THEN NULL ELSE k.ended_on END" \
	"  FROM outcome o WHERE k.creditor_id = o.creditor_id AND k.invoice_no = o.invoice_no AND k.case_no = o.case_no RETURNING k.*)," \
	" happened AS (SELECT u.creditor_id, u.invoice_no, o.case_no, u.undone_on, 0 AS n, u.principal + u.fee + u.interest AS amount," \
	"   CASE WHEN o.reopens THEN 'case_reopened' ELSE '" event "' END AS kind" \
	"  FROM undone u LEFT JOIN outcome o ON o.creditor_id = u.creditor_id AND o.invoice_no = u.invoice_no AND o.latest WHERE u.principal + u.fee + u.interest > 0" \
	"  UNION ALL" \
	"  SELECT o.creditor_id, o.invoice_no, o.case_no, o.undone_on, e.n, e.amount, e.kind" \
	"  FROM outcome o CROSS JOIN LATERAL (VALUES" \
	"   (2 * o.case_no, 'fee_waived', o.waived - o.fees_waived)," \
	"   (2 * o.case_no + 1, 'interest_waived', o.interest_waived_now - o.interest_waived)) e (n, kind, amount)" \
	"  WHERE NOT o.reopens AND e.amount > 0)," \
	" versions AS (INSERT INTO reminder.case_version (creditor_id, invoice_no, case_no, version_no, event_no, state, ended_from, collected_by, rule_no, state_on, ended_on," \
	"    fees, fees_waived, compensation, interest, interest_waived, reference, sent_on, deadline)" \
	"  SELECT k.creditor_id, k.invoice_no, k.case_no, v.version_no, v.event_no + coalesce(h.events, 0), k.state, k.ended_from, k.collected_by, k.rule_no, k.state_on, k.ended_on," \
	"    k.fees, k.fees_waived, k.compensation, k.interest, k.interest_waived, k.reference, v.sent_on, v.deadline" \
	"  FROM changed k CROSS JOIN LATERAL reminder._next_version(k.creditor_id, k.invoice_no, k.case_no) v" \
	"  LEFT JOIN (SELECT h.creditor_id, h.invoice_no, count(*)::integer AS events FROM happened h GROUP BY 1, 2) h ON h.creditor_id = k.creditor_id AND h.invoice_no = k.invoice_no)," \
	" noted AS (INSERT INTO reminder.event (creditor_id, invoice_no, event_no, kind, as_of, case_no, amount)" \
	"  SELECT h.creditor_id, h.invoice_no, " EVENT_NO "," \
	"    h.kind, h.undone_on, h.case_no, h.amount FROM happened h)," \
	" remembered AS (" REMEMBER(rows) " AND '" ended_as "' = 'paid')," \
	" unallocated AS (DELETE FROM reminder.allocation a USING (" rows ") m" \
	"  WHERE a.creditor_id = m.creditor_id AND a.payment_no = m.no AND '" ended_as "' = 'paid')" \
	" SELECT count(*) FROM undone"

/* Puts the invoices of the rows in their place on the ladder again. */
#define PLACE(rows) \
	"SELECT reminder._place(m.creditor_id, array_agg(DISTINCT m.invoice_no)) FROM (" rows ") m" \
	" WHERE m.invoice_no IS NOT NULL GROUP BY m.creditor_id"

/*
 * Finds the payments, the latest first, that paid fees of the cases $1, $2
 * that nobody owes. One of which was paid back stays as it is: more might be
 * left over of it than now.
 */
#define PAID_FOR_NOTHING \
	"WITH claim AS MATERIALIZED (SELECT k.creditor_id, k.invoice_no, k.case_no, " NOT_OWED("n") " - (k.fees - k.fees_paid) AS too_much" \
	"  FROM reminder.collection_case k" \
	NEVER_WENT_OUT \
	"  WHERE (k.creditor_id, k.invoice_no) IN (SELECT x.* FROM unnest($1, $2) x) AND k.ended_on IS NULL AND k.fees_paid > 0)" \
	" SELECT array_agg(x.creditor_id), array_agg(x.payment_no)" \
	" FROM (SELECT p.creditor_id, p.payment_no, c.too_much," \
	"   sum(a.fee) OVER (PARTITION BY p.creditor_id, p.invoice_no ORDER BY p.paid_on DESC, p.payment_no DESC) - a.fee AS of_later" \
	"  FROM claim c JOIN reminder.payment p ON p.creditor_id = c.creditor_id AND p.invoice_no = c.invoice_no" \
	"  JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no AND a.case_no = c.case_no AND a.fee > 0" \
	"  WHERE c.too_much > 0 AND NOT EXISTS (SELECT FROM reminder.refund r WHERE r.creditor_id = p.creditor_id AND r.payment_no = p.payment_no)) x" \
	" WHERE x.of_later < x.too_much"

/* The payments $1, $2, which go elsewhere on $3, or (NULL) on the day of the latest run: what follows, follows on that day. */
#define PAYMENTS_AGAIN(columns) \
	"SELECT " columns " FROM unnest($1, $2) x (creditor_id, payment_no)" \
	" JOIN reminder.payment r ON r.creditor_id = x.creditor_id AND r.payment_no = x.payment_no"
#define ON_THAT_DAY "greatest(r.paid_on, coalesce($3, (SELECT max(l.as_of) FROM reminder.run_log l WHERE l.creditor_id = r.creditor_id)))"
#define PAYMENTS_AGAIN_BEFORE PAYMENTS_AGAIN(PAYMENT_COLUMNS_TO(ON_THAT_DAY))
#define PAYMENTS_AGAIN_AFTER \
	PAYMENTS_AGAIN("r.creditor_id, r.payment_no AS no, r.invoice_no, r.amount, " ON_THAT_DAY " AS made_on, true AS counts, r.allocates, r.paid_on")

/* Finds a payment of which more was paid back than is left over now. */
#define REFUNDED_TOO_MUCH(rows) \
	"SELECT m.no, r.refunded, CASE WHEN m.invoice_no IS NULL THEN m.amount ELSE coalesce(a.overpaid, 0) END AS overpaid" \
	" FROM (" rows ") m LEFT JOIN reminder.allocation a ON a.creditor_id = m.creditor_id AND a.payment_no = m.no" \
	" CROSS JOIN LATERAL (SELECT sum(r.amount) AS refunded FROM reminder.refund r WHERE r.creditor_id = m.creditor_id AND r.payment_no = m.no) r" \
	" WHERE m.counts AND r.refunded > CASE WHEN m.invoice_no IS NULL THEN m.amount ELSE coalesce(a.overpaid, 0) END" \
	" ORDER BY m.no LIMIT 1"

/* Finds a credit of more than is open. */
#define CREDIT_TOO_LARGE(rows) \
	"SELECT m.invoice_no, m.amount, i.open_amount" \
	" FROM (SELECT m.creditor_id, m.invoice_no, sum(m.amount) AS amount FROM (" rows ") m GROUP BY 1, 2) m" \
	" JOIN reminder.invoice i ON i.creditor_id = m.creditor_id AND i.invoice_no = m.invoice_no" \
	" WHERE m.amount > i.open_amount LIMIT 1"

/* Credits: what is open goes down; an invoice credited in full ends its case, its costs waived. */
#define CREDIT(rows) \
	"WITH settled AS MATERIALIZED (SELECT m.creditor_id, m.invoice_no, max(m.made_on) AS made_on, sum(m.amount) AS principal," \
	"   min(i.open_amount) AS open_before, 0::numeric AS fee, 0::numeric AS interest" \
	"  FROM (" rows ") m JOIN reminder.invoice i ON i.creditor_id = m.creditor_id AND i.invoice_no = m.invoice_no GROUP BY 1, 2)," \
	SETTLE("credited", "true") \
	" SELECT count(*) FROM settled"

/*
 * Begins a statement trigger's work: checks how it was fired, takes the
 * owner's rights, and names the transition tables. False: there is no row.
 */
static bool
BeginLedger(FunctionCallInfo fcinfo, const char *name, const char *table, OwnerScope *scope)
{
	TriggerData *trigdata = (TriggerData *) fcinfo->context;

	CheckTrigger(fcinfo, name, table, TRIGGER_EVENT_AFTER, false);
	if (RowCount(trigdata) == 0)
		return false;
	EnterOwner(scope, trigdata->tg_relation->rd_rel->relowner);
	/* a table that passes for empty, as that of events at first, would be read whole for each row */
	SwitchOff("enable_seqscan");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	if (SPI_register_trigger_data(trigdata) != SPI_OK_TD_REGISTER)
		elog(ERROR, "SPI_register_trigger_data failed");
	return true;
}

/* Locks the invoices that the rows of an INSERT or a DELETE name. */
static void
LockInvoicesOfRows(FunctionCallInfo fcinfo)
{
	static Columns columns = {.names = {"creditor_id", "invoice_no"}};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const AttrNumber *number = ColumnNumbers(trigdata->tg_relation, &columns);
	InvoiceKey *key = palloc_extended(RowCount(trigdata) * sizeof(InvoiceKey), MCXT_ALLOC_HUGE);
	int			n = 0;
	Rows		rows;

	OpenRows(&rows, trigdata->tg_newtable ? trigdata->tg_newtable : trigdata->tg_oldtable, RelationGetDescr(trigdata->tg_relation));
	while (NextOfRows(&rows))
	{
		bool		isnull;
		Datum		invoice_no = slot_getattr(rows.slot, number[1], &isnull);

		if (isnull)
			continue;
		key[n].invoice_no = DatumGetTextPCopy(invoice_no);
		key[n++].creditor_id = DatumGetInt64(slot_getattr(rows.slot, number[0], &isnull));
	}
	CloseRows(&rows);
	LockKeys(key, n);
}

/* Ends it. */
static Datum
EndLedger(const OwnerScope *scope)
{
	SPI_finish();
	LeaveOwner(scope);
	return PointerGetDatum(NULL);
}

/*
 * BEFORE INSERT OR UPDATE ROW on invoice: an open amount left out is the
 * amount; one that is not named when the amount changes moves with it.
 */
Datum
reminder_invoice_before(PG_FUNCTION_ARGS)
{
	static Columns columns = {.names = {"amount", "open_amount"}};
	TriggerData *trigdata = (TriggerData *) fcinfo->context;
	const AttrNumber *number;
	TupleDesc	desc;
	HeapTuple	row;
	Datum		amount;
	Datum		open;
	int			open_column;
	bool		isnull;

	CheckTrigger(fcinfo, "_invoice_before", "invoice", TRIGGER_EVENT_BEFORE, true);
	number = ColumnNumbers(trigdata->tg_relation, &columns);
	desc = RelationGetDescr(trigdata->tg_relation);
	row = TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event) ? trigdata->tg_newtuple : trigdata->tg_trigtuple;
	amount = heap_getattr(row, number[0], desc, &isnull);
	if (isnull)
		return PointerGetDatum(row);
	open = heap_getattr(row, number[1], desc, &isnull);
	if (isnull)
		open = amount;
	else if (TRIGGER_FIRED_BY_UPDATE(trigdata->tg_event))
	{
		bool		old_null;
		Datum		old_amount = heap_getattr(trigdata->tg_trigtuple, number[0], desc, &old_null);
		Datum		old_open = heap_getattr(trigdata->tg_trigtuple, number[1], desc, &old_null);

		if (DatumGetBool(DirectFunctionCall2(numeric_eq, amount, old_amount)) ||
			DatumGetBool(DirectFunctionCall2(numeric_ne, open, old_open)))
			return PointerGetDatum(row);
		open = DirectFunctionCall2(numeric_add, open, DirectFunctionCall2(numeric_sub, amount, old_amount));
	}
	else
		return PointerGetDatum(row);
	open_column = number[1];
	isnull = false;
	return PointerGetDatum(heap_modify_tuple_by_cols(row, desc, 1, &open_column, &open, &isnull));
}

/* Warns of what was paid beyond what is owed; it is kept as a credit balance (M1). */
static void
WarnOfOverpayment(void)
{
	HeapTuple	row = SPI_tuptable->vals[0];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	bool		isnull;
	int64		payments = DatumGetInt64(SPI_getbinval(row, desc, 1, &isnull));

	if (payments == 0)
		return;
	ereport(WARNING,
			(errcode(ERRCODE_REMINDER_OVERPAID),
			 errmsg_plural("payment \"%s\" is more than is owed on its invoice",
						   "payment \"%s\" and others are more than is owed on their invoices",
						   payments, SPI_getvalue(row, desc, 2)),
			 errdetail("%s is kept as the customer's credit balance.", SPI_getvalue(row, desc, 3)),
			 errhint("Pay it back and insert into reminder.refund.")));
}

/* AFTER INSERT STATEMENT on payment. */
Datum
reminder_payment_made(PG_FUNCTION_ARGS)
{
	static Statement pay = {.sql = PAY(MADE(PAYMENT_COLUMNS))};
	OwnerScope	scope;

	if (!BeginLedger(fcinfo, "_payment_made", "payment", &scope))
		return PointerGetDatum(NULL);
	LockInvoicesOfRows(fcinfo);
	ForRows(fcinfo, &pay, SPI_OK_SELECT);
	WarnOfOverpayment();
	NoteWritten(fcinfo, ATTACH_PAYMENT);
	return EndLedger(&scope);
}

/* AFTER DELETE STATEMENT on payment: it never was. */
Datum
reminder_payment_removed(PG_FUNCTION_ARGS)
{
	static Statement take_back = {
		.sql = TAKE_BACK(PAYMENTS_REMOVED, "paid", "coalesce(a.principal, m.amount)", "coalesce(a.fee, 0)", "coalesce(a.interest, 0)")
	};
	static Statement place = {.sql = PLACE(REMOVED(PAYMENT_COLUMNS))};
	static Statement details = {.sql = KEEP_DETAILS("", "")};
	OwnerScope	scope;

	if (!BeginLedger(fcinfo, "_payment_removed", "payment", &scope))
		return PointerGetDatum(NULL);
	LockInvoicesOfRows(fcinfo);
	ForRows(fcinfo, &take_back, SPI_OK_SELECT);
	ForRows(fcinfo, &place, SPI_OK_SELECT);
	ForRows(fcinfo, &details, SPI_OK_INSERT);
	return EndLedger(&scope);
}

/* Raises 22R03 for a payment that was paid back and now is to pay something else. */
static void
RefuseRefunded(void)
{
	HeapTuple	row;
	TupleDesc	desc;

	if (SPI_processed == 0)
		return;
	row = SPI_tuptable->vals[0];
	desc = SPI_tuptable->tupdesc;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_AMOUNT),
			 errmsg("of payment \"%s\" more was paid back than would be left over", SPI_getvalue(row, desc, 1)),
			 errdetail("Paid back were %s, left over would be %s.", SPI_getvalue(row, desc, 2), SPI_getvalue(row, desc, 3)),
			 errhint("Correct the rows of reminder.refund first.")));
}

/* Raises 22R01 for a payment that is to pay an invoice of another currency. */
static void
RefuseCurrency(void)
{
	HeapTuple	row;
	TupleDesc	desc;

	if (SPI_processed == 0)
		return;
	row = SPI_tuptable->vals[0];
	desc = SPI_tuptable->tupdesc;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_INPUT),
			 errmsg("payment \"%s\" is in %s, and invoice \"%s\" in %s",
					SPI_getvalue(row, desc, 1), SPI_getvalue(row, desc, 2), SPI_getvalue(row, desc, 3), SPI_getvalue(row, desc, 4)),
			 errhint("Exchange it, and record what came of it as a payment of its own.")));
}

/* AFTER UPDATE STATEMENT on payment: bounced, moved or corrected, it is taken back and made anew. */
Datum
reminder_payment_changed(PG_FUNCTION_ARGS)
{
	static Statement lock_before = {.sql = LOCK(PAYMENTS_BEFORE " UNION ALL " PAYMENTS_AFTER)};
	static Statement currencies = {.sql = CURRENCIES};
	static Statement take_back = {
		.sql = TAKE_BACK(PAYMENTS_BEFORE, "paid", "coalesce(a.principal, m.amount)", "coalesce(a.fee, 0)", "coalesce(a.interest, 0)")
	};
	static Statement place = {.sql = PLACE(PAYMENTS_BEFORE)};
	static Statement repost = {.sql = REMEMBER(PAYMENTS_OF_OTHERS)};
	static Statement pay = {.sql = PAY(PAYMENTS_AFTER)};
	static Statement again = {.sql = COUNT_AGAIN};
	static Statement refunded = {.sql = REFUNDED_TOO_MUCH(PAYMENTS_AFTER)};
	static Statement details = {
		.sql = KEEP_DETAILS("LEFT JOIN new_rows o ON o.creditor_id = r.creditor_id AND o.payment_no = r.payment_no",
							" AND (o.payment_no IS NULL OR (o.reference, o.bounced_on) IS DISTINCT FROM (r.reference, r.bounced_on))")
	};
	OwnerScope	scope;

	if (!BeginLedger(fcinfo, "_payment_changed", "payment", &scope))
		return PointerGetDatum(NULL);
	ForRows(fcinfo, &lock_before, SPI_OK_SELECT);
	ForRows(fcinfo, &currencies, SPI_OK_SELECT);
	RefuseCurrency();
	ForRows(fcinfo, &take_back, SPI_OK_SELECT);
	ForRows(fcinfo, &place, SPI_OK_SELECT);
	ForRows(fcinfo, &repost, SPI_OK_INSERT);
	ForRows(fcinfo, &again, SPI_OK_UPDATE);
	ForRows(fcinfo, &pay, SPI_OK_SELECT);
	WarnOfOverpayment();
	ForRows(fcinfo, &refunded, SPI_OK_SELECT);
	RefuseRefunded();
	ForRows(fcinfo, &details, SPI_OK_INSERT);
	NoteWritten(fcinfo, ATTACH_PAYMENT);
	return EndLedger(&scope);
}

/*
 * Takes payments off their invoices, which are locked, within SPI and the
 * owner's scope: they are to be allocated again by PayAgain(). The invoices
 * take their places afterwards.
 */
void
TakePaymentsBack(const PaymentsAgain *payments)
{
	static Statement take_back = {
		.sql = TAKE_BACK_AS("payment_allocated_again", PAYMENTS_AGAIN_BEFORE, "paid", "coalesce(a.principal, m.amount)", "coalesce(a.fee, 0)", "coalesce(a.interest, 0)"),
		.nargs = 3,.argtypes = {INT8ARRAYOID, TEXTARRAYOID, DATEOID}
	};

	SwitchOff("enable_seqscan");
	ExecuteFresh(&take_back, (Datum *) payments->values, payments->nulls, SPI_OK_SELECT);
}

/* Allocates payments that were taken back, in the order in which they were made. */
void
PayAgain(const PaymentsAgain *payments)
{
	static Statement pay = {
		.sql = PAY_IN_ORDER(PAYMENTS_AGAIN_AFTER, "m.paid_on, m.no"),
		.nargs = 3,.argtypes = {INT8ARRAYOID, TEXTARRAYOID, DATEOID}
	};

	SwitchOff("enable_seqscan");
	ExecuteFresh(&pay, (Datum *) payments->values, payments->nulls, SPI_OK_SELECT);
	WarnOfOverpayment();
}

/* Reads the payments that the statement before found, as two arrays; false if there are none. They are the caller's memory's. */
bool
ReadPaymentsAgain(PaymentsAgain *payments, MemoryContext memory)
{
	MemoryContext old = MemoryContextSwitchTo(memory);
	bool		none = true;

	for (int i = 0; i < 2; i++)
	{
		Datum		array = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, i + 1, &none);

		if (!none)
			payments->values[i] = PointerGetDatum(PG_DETOAST_DATUM_COPY(array));
	}
	MemoryContextSwitchTo(old);
	return !none;
}

/*
 * Allocates payments again that paid fees of invoices which nobody owes any
 * more, on a day: see _allocate_again() in sql/extension/50-triggers.sql. The
 * invoices are locked, and take their places afterwards.
 */
Datum
reminder_allocate_again(PG_FUNCTION_ARGS)
{
	static Statement find = {.sql = PAID_FOR_NOTHING,.nargs = 2,.argtypes = {INT8ARRAYOID, TEXTARRAYOID}};
	Datum		values[2] = {PG_GETARG_DATUM(0), PG_GETARG_DATUM(1)};
	PaymentsAgain payments = {.values = {0, 0, PG_GETARG_DATUM(2)},.nulls = "   "};
	OwnerScope	scope;

	EnterOwner(&scope, ReminderOwner());
	SwitchOff("enable_seqscan");
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	ExecuteFresh(&find, values, NULL, SPI_OK_SELECT);
	if (ReadPaymentsAgain(&payments, CurrentMemoryContext))
	{
		TakePaymentsBack(&payments);
		PayAgain(&payments);
	}
	SPI_finish();
	LeaveOwner(&scope);
	PG_RETURN_VOID();
}

/* Raises 22R03 for a credit of more than is open. */
static void
RefuseCreditAboveOpen(void)
{
	HeapTuple	row;
	TupleDesc	desc;

	if (SPI_processed == 0)
		return;
	row = SPI_tuptable->vals[0];
	desc = SPI_tuptable->tupdesc;
	ereport(ERROR,
			(errcode(ERRCODE_REMINDER_AMOUNT),
			 errmsg("credit of %s is more than is open on invoice \"%s\"",
					SPI_getvalue(row, desc, 2), SPI_getvalue(row, desc, 1)),
			 errdetail("Open are %s.", SPI_getvalue(row, desc, 3)),
			 errhint("Credit what is open; pay back what was paid as a refund.")));
}

/* AFTER INSERT STATEMENT on credit. */
Datum
reminder_credit_made(PG_FUNCTION_ARGS)
{
	static Statement too_large = {.sql = CREDIT_TOO_LARGE(MADE(CREDIT_COLUMNS))};
	static Statement credit = {.sql = CREDIT(MADE(CREDIT_COLUMNS))};
	OwnerScope	scope;

	if (!BeginLedger(fcinfo, "_credit_made", "credit", &scope))
		return PointerGetDatum(NULL);
	LockInvoicesOfRows(fcinfo);
	ForRows(fcinfo, &too_large, SPI_OK_SELECT);
	RefuseCreditAboveOpen();
	ForRows(fcinfo, &credit, SPI_OK_SELECT);
	NoteWritten(fcinfo, ATTACH_CREDIT);
	return EndLedger(&scope);
}

/* AFTER DELETE STATEMENT on credit. */
Datum
reminder_credit_removed(PG_FUNCTION_ARGS)
{
	static Statement take_back = {.sql = TAKE_BACK(REMOVED(CREDIT_COLUMNS), "credited", "m.amount", "0", "0")};
	static Statement place = {.sql = PLACE(REMOVED(CREDIT_COLUMNS))};
	OwnerScope	scope;

	if (!BeginLedger(fcinfo, "_credit_removed", "credit", &scope))
		return PointerGetDatum(NULL);
	LockInvoicesOfRows(fcinfo);
	ForRows(fcinfo, &take_back, SPI_OK_SELECT);
	ForRows(fcinfo, &place, SPI_OK_SELECT);
	return EndLedger(&scope);
}

/* AFTER UPDATE STATEMENT on credit: taken back and made anew. */
Datum
reminder_credit_changed(PG_FUNCTION_ARGS)
{
	static Statement lock = {.sql = LOCK(CREDITS_BEFORE " UNION ALL " CREDITS_AFTER)};
	static Statement take_back = {.sql = TAKE_BACK(CREDITS_BEFORE, "credited", "m.amount", "0", "0")};
	static Statement place = {.sql = PLACE(CREDITS_BEFORE)};
	static Statement too_large = {.sql = CREDIT_TOO_LARGE(CREDITS_AFTER)};
	static Statement credit = {.sql = CREDIT(CREDITS_AFTER)};
	OwnerScope	scope;

	if (!BeginLedger(fcinfo, "_credit_changed", "credit", &scope))
		return PointerGetDatum(NULL);
	ForRows(fcinfo, &lock, SPI_OK_SELECT);
	ForRows(fcinfo, &take_back, SPI_OK_SELECT);
	ForRows(fcinfo, &place, SPI_OK_SELECT);
	ForRows(fcinfo, &too_large, SPI_OK_SELECT);
	RefuseCreditAboveOpen();
	ForRows(fcinfo, &credit, SPI_OK_SELECT);
	NoteWritten(fcinfo, ATTACH_CREDIT);
	return EndLedger(&scope);
}
