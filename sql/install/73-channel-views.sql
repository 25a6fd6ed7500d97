  /*
   * Channels of each creditor.
   */
  CREATE OR REPLACE VIEW reminder.channel_list AS
  SELECT c.creditor_id, k.channel, k.kind, k.agency, k.title, coalesce(w.active, k.from_start) AS active, w.from_on AS since,
         coalesce(g.material_format, a.material_format) AS material_format
  FROM reminder.creditor c
  CROSS JOIN reminder.channel k
  LEFT JOIN reminder.agency a ON a.agency = k.agency
  LEFT JOIN reminder.agency_setting g ON g.creditor_id = c.creditor_id AND g.agency = k.agency
  LEFT JOIN LATERAL (
    SELECT w.active, w.from_on FROM reminder.channel_switch w
    WHERE w.creditor_id = c.creditor_id AND w.channel = k.channel
      AND w.from_on <= coalesce((SELECT max(r.as_of) FROM reminder.run_log r WHERE r.creditor_id = c.creditor_id), '2200-12-31')
    ORDER BY w.from_on DESC LIMIT 1) w ON true
  WHERE reminder.sees_whole(c.creditor_id);
  COMMENT ON VIEW reminder.channel_list IS 'Which channels are on for a creditor, as of its latest run.';
  COMMENT ON COLUMN reminder.channel_list.since IS 'when it was switched last; NULL: as it was from the start';
  COMMENT ON COLUMN reminder.channel_list.material_format IS 'of the agency: "by_status" or "collection"; NULL: it has no such setting';

