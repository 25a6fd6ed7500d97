  /*
   * By which terms each creditor is bound, and what waits to be accepted.
   */
  CREATE OR REPLACE VIEW reminder.terms_status AS
  SELECT c.creditor_id, c.account_id, c.partner_id, c.agreement, f.version, f.title, f.in_force_from, x.version AS accepted_version, x.accepted_on,
         CASE WHEN n.in_force_from > coalesce(x.in_force_from, '-infinity') THEN f.version END AS to_accept,
         l.version AS next_version, l.in_force_from AS next_from, l.needs_acceptance AND l.accepted_on IS NULL AS accept_by_then
  FROM (
    SELECT c.creditor_id, c.account_id, c.partner_id, coalesce(a.agreement, p.agreement) AS agreement,
           coalesce((SELECT max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = c.creditor_id), '2200-12-31') AS today
    FROM reminder.creditor c
    LEFT JOIN reminder.account a ON a.account_id = c.account_id
    LEFT JOIN reminder.partner p ON p.partner_id = c.partner_id) c
  LEFT JOIN LATERAL (
    SELECT v.* FROM reminder.terms_version v
    WHERE v.agreement = c.agreement AND v.in_force_from <= c.today ORDER BY v.in_force_from DESC LIMIT 1) f ON true
  LEFT JOIN LATERAL (
    SELECT v.in_force_from FROM reminder.terms_version v
    WHERE v.agreement = c.agreement AND v.in_force_from <= c.today AND v.needs_acceptance ORDER BY v.in_force_from DESC LIMIT 1) n ON true
  LEFT JOIN LATERAL (
    SELECT v.version, v.in_force_from, x.accepted_on
    FROM reminder.terms_acceptance x JOIN reminder.terms_version v ON v.agreement = x.agreement AND v.version = x.version
    WHERE x.agreement = c.agreement AND (x.account_id = c.account_id OR x.partner_id = c.partner_id)
      AND x.accepted_on <= c.today AND v.in_force_from <= c.today
    ORDER BY v.in_force_from DESC LIMIT 1) x ON true
  LEFT JOIN LATERAL (
    SELECT v.version, v.in_force_from, v.needs_acceptance, x.accepted_on
    FROM reminder.terms_version v
    LEFT JOIN reminder.terms_acceptance x ON x.agreement = v.agreement AND x.version = v.version AND (x.account_id = c.account_id OR x.partner_id = c.partner_id)
    WHERE v.agreement = c.agreement AND v.in_force_from > c.today ORDER BY v.in_force_from LIMIT 1) l ON true
  WHERE reminder.sees_whole(c.creditor_id);
  COMMENT ON VIEW reminder.terms_status IS 'The terms that bind each creditor, as of its latest run; before the first, when all that is published has come into force.';
  COMMENT ON COLUMN reminder.terms_status.version IS 'the version in force; NULL: none is, and there is nothing to accept';
  COMMENT ON COLUMN reminder.terms_status.accepted_version IS 'the latest that its account, or its partner, has accepted';
  COMMENT ON COLUMN reminder.terms_status.to_accept IS 'the version that waits to be accepted; until then nothing is opened or sent';
  COMMENT ON COLUMN reminder.terms_status.next_version IS 'the one that comes into force next';
  COMMENT ON COLUMN reminder.terms_status.accept_by_then IS 'whether it is to be accepted by then';

