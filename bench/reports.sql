-- reports.sql: reports over :invoices invoices of a creditor of its own, four
-- fifths of them paid, an eighth of these in two parts, against what anybody would
-- have to read: one plain scan of the invoices, and of the payments with what each
-- settled; and, where it takes the payments of each invoice, these summed and
-- joined. One process each, ours and theirs.
SET client_min_messages = warning;
SET jit = off;
SET max_parallel_workers_per_gather = 0;
SELECT NOT EXISTS (SELECT FROM reminder.creditor WHERE creditor_id = 980) AS first \gset
\if :first
INSERT INTO reminder.creditor (creditor_id, account_id, name, bankgiro, claim_description) SELECT 980, min(account_id), 'Reported', '5050-1055', 'Goods' FROM reminder.account;
INSERT INTO reminder.customer (creditor_id, customer_no, name, blocked) SELECT 980, 'K' || n, 'Customer ' || n, true FROM generate_series(1, :customers) n;
INSERT INTO reminder.invoice (creditor_id, invoice_no, customer_no, invoice_date, due_date, currency, amount)
SELECT 980, 'R' || lpad(n::text, 8, '0'), 'K' || 1 + n::bigint * 104729 % :customers, d, d + 30, 'SEK', 100 + n % 9973
FROM (SELECT n, date '2024-01-01' + n % 700 AS d FROM generate_series(1, :invoices) n) n;
INSERT INTO reminder.payment (creditor_id, payment_no, invoice_no, paid_on, amount)
SELECT 980, i.invoice_no || p.part, i.invoice_no, i.due_date + (p.part - 1) * 20 + n % 40 - 10, CASE WHEN n % 10 <> 1 THEN i.amount WHEN p.part = 1 THEN 60 ELSE i.amount - 60 END
FROM (SELECT i.*, substr(i.invoice_no, 2)::integer AS n FROM reminder.invoice i WHERE i.creditor_id = 980) i
CROSS JOIN generate_series(1, 2) p (part) WHERE n % 5 > 0 AND (p.part = 1 OR n % 10 = 1) ORDER BY 3;
VACUUM ANALYZE reminder.invoice, reminder.payment, reminder.allocation, reminder.position;
\endif
SELECT format('report_scan|%s', bench.ms($$
  SELECT (SELECT (count(*), sum(i.amount), sum(i.open_amount)) FROM reminder.invoice i WHERE i.creditor_id = 980)::text,
         (SELECT (count(*), sum(coalesce(a.principal, p.amount)), max(p.paid_on)) FROM reminder.payment p
          LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no WHERE p.creditor_id = 980)::text $$));
SELECT format('report_join|%s', bench.ms($$
  SELECT count(*), sum(i.amount), sum(p.principal), max(p.paid_on) FROM reminder.invoice i
  LEFT JOIN (SELECT p.invoice_no, sum(coalesce(a.principal, p.amount)) AS principal, max(p.paid_on) AS paid_on
             FROM reminder.payment p LEFT JOIN reminder.allocation a ON a.creditor_id = p.creditor_id AND a.payment_no = p.payment_no
             WHERE p.creditor_id = 980 GROUP BY p.invoice_no) p ON p.invoice_no = i.invoice_no
  WHERE i.creditor_id = 980 $$));
SELECT format('report_%s|%s', r, bench.ms(format($$ SELECT count(*) FROM reminder.%s(980, '2025-12-31') $$, r)))
FROM unnest(ARRAY['ageing', 'days_to_pay', 'payment_behaviour', 'dso']) r;
