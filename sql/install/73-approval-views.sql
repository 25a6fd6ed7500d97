  /*
   * What waits for somebody's yes, and what has it and has not gone out yet.
   */
  CREATE OR REPLACE VIEW reminder.approvals AS
  SELECT p.creditor_id, p.invoice_no, i.customer_no, s.stage, s.nth, p.rule_no, CASE WHEN a.approved_on IS NULL THEN 'waits' ELSE 'approved' END AS status,
         i.due_date, i.currency, i.open_amount, s.fee AS fee_of_rule, a.approved_on, a.approved_by
  FROM reminder.rule_step s
  JOIN reminder.rule r ON r.creditor_id = s.creditor_id AND r.rule_no = s.rule_no
  JOIN reminder.position p ON p.creditor_id = s.creditor_id AND p.rule_no = s.rule_no AND p.passed < s.rung
  JOIN reminder.invoice i ON i.creditor_id = p.creditor_id AND i.invoice_no = p.invoice_no
  LEFT JOIN reminder.approval a ON a.creditor_id = p.creditor_id AND a.invoice_no = p.invoice_no AND a.rung = s.rung
    AND a.rule_no = r.rule_no AND a.rule_version = r.version
  WHERE s.approval AND (p.waiting_for = 'approval_pending' OR a.approved_on IS NOT NULL)
    AND NOT EXISTS (SELECT FROM reminder.rule_step b WHERE b.creditor_id = s.creditor_id AND b.rule_no = s.rule_no AND b.rung > p.passed AND b.rung < s.rung)
    AND reminder.sees_invoice(p.creditor_id, p.invoice_no);
  COMMENT ON VIEW reminder.approvals IS 'Letters that wait for approval, as of the creditor''s latest run, and those that have it and have not gone out yet.';
  COMMENT ON COLUMN reminder.approvals.status IS '"waits", or "approved": the next run sends it, if it is still due';
  COMMENT ON COLUMN reminder.approvals.fee_of_rule IS 'the fee of the step; the law may allow less';
  COMMENT ON COLUMN reminder.approvals.approved_on IS 'an approval holds for the rule as it stood: one that was given before the rule changed is none';

