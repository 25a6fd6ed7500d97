/*
 * Ready-made rights (S1). What they are stands in one list, _rights(), for
 * roles of any name: create_roles() makes a set of them, grant_role() gives the
 * rights to a role of one's own. doc/rights.md shows what comes of it.
 */

CREATE FUNCTION reminder._kinds(OUT kind text, OUT includes text[], OUT comment text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  VALUES
    ('reader', '{}'::text[], 'sees invoices, cases, letters, money and events, and customers by number alone'),
    ('personal_reader', '{reader}', 'sees personal data too: names, addresses, identity numbers, documents'),
    ('rule_reader', '{reader}', 'sees rules, and who is under which'),
    ('rule_editor', '{rule_reader}', 'adds, edits and removes rules, and moves customers'),
    ('activator', '{reader}', 'switches automation on and off'),
    ('runner', '{reader}', 'runs, and says what became of letters'),
    ('agent', '{}', 'takes over what is handed to an agency, and says what becomes of it; sees nothing else'),
    ('clerk', '{personal_reader, rule_reader}', 'writes customers, invoices and money, holds and withdraws, moves customers'),
    ('partner', '{personal_reader, rule_reader}', 'makes creditors of its own'),
    ('debtor', '{}', 'is the web server that debtors come to with their tokens: calls what asks for one, and sees no table'),
    ('auditor', '{personal_reader, rule_reader}', 'sees who may see what, too, and changes nothing'),
    ('administrator', '{clerk, rule_editor, activator, runner}', 'all that, closes cases, sets up a creditor and says who may see it')
$$;
COMMENT ON FUNCTION reminder._kinds() IS
'Internal: the kinds of rights, what other kinds each includes, and what it is for.';

/*
 * The list. The kinds "owner" (nobody else's) and "everybody" (with USAGE on
 * the schema) are not granted: they say that an object was thought of.
 */
CREATE FUNCTION reminder._rights(OUT kind text, OUT privilege text, OUT columns text, OUT object text) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  SELECT l.kind, p, l.columns, o
  FROM (VALUES
    ('reader', 'SELECT', NULL,
     'invoice_status case_status payment_plan_list instalment_list letter_list event_list exception_list credit_balance unmatched_payments limitation lapse_warnings
      creditor_overview run_progress reason_list terms_status approvals tax_reduction_list posting_list channel_list sending_cost case_prices commission_list outbox
      settlement_list payout_list settlement_statement service_invoice service_account claim_account seal_list control_account_list ledger_entry_list reconciliation reconciliation_detail attachments'),
    ('reader', 'SELECT', NULL,
     'creditor closed_day account partner agreement terms_version invoice position payment allocation payment_currency refund credit credit_loss hold payment_plan instalment interruption
      collection_case decision approval by_hand waiver enforcement_fee tax_reduction tax_reduction_answer payment_undone invoice_vat account_map default_account control_account default_control_account general_ledger_entry
      event run_log run_count run_exception letter_batch letter_lease letter_line delivery distribution invoice_letter handover agency_message agency_withdrawal agency_closing_reason factoring_company factored_invoice vat_rate settled_before settlement_terms payout_destination settlement settlement_line payout sealed_block booking_undone case_version hold_version plan_version payment_version invoice_version'),
    ('reader', 'SELECT', NULL,
     'closing_reason agency channel channel_use invoice_channel channel_switch agency_setting price_list price creditor_price_list creditor_price jurisdiction stage stage_fee_kind enforcement_fee_kind statutory_fee interest_rule reference_rate limitation_rule demand_content interval_rule interval_use
      allocation_rule retention_rule rounding_rule unconfirmed_law creditor_law'),
    ('reader', 'SELECT', 'creditor_id, customer_no, kind, country, class, blocked, collection_ban, consumer_einvoice, standing', 'customer'),
    ('reader', 'EXECUTE', NULL,
     'plan upcoming explain case_status_as_of terms_in_force price_in_force invoice_interest readiness demand_missing claims_near_lapse
      ageing recovery_by_stage days_to_pay payment_behaviour dso earnings case_outcomes'),
    -- what those views and fee_cap(), law_in_force() call on the way, with the caller's rights
    ('reader', 'EXECUTE', NULL,
     '_price _sending_price _last_run _loss_stands _limitation _limitation_law _lapse _near_lapse _creditor _date _jurisdiction _debtor_kind _fee_tiers _own_law _fees_in_force
      _interest_in_force _rate_in_force _other_law_in_force'),
    ('personal_reader', 'SELECT', NULL, 'customer customer_address invoice_document digest_subscriber digest terms_acceptance'),
    ('personal_reader', 'EXECUTE', NULL, 'customer_readiness personal_data'),
    ('rule_reader', 'SELECT', NULL, 'rule rule_step rule_window rule_version customer_class customer_rule_history'),
    ('rule_reader', 'SELECT', 'creditor_id, rule_no, rule, assigned_by, customer_no, kind, country, class, since, after_run', 'rule_customers outside_automation'),
    ('rule_reader', 'EXECUTE', NULL, 'rule_findings describe_rule'),
    ('rule_editor', 'INSERT UPDATE DELETE', NULL, 'rule rule_step rule_window customer_class closed_day'),
    ('rule_editor', 'EXECUTE', NULL, 'add_preset preview_rule move_customers block_customers set_material_format'),
    ('activator', 'EXECUTE', NULL, 'activate deactivate activate_channel deactivate_channel set_registration'),
    ('runner', 'EXECUTE', NULL, 'run run_at seal confirm_letter fail_letter queue_digests queue_digests_at digest_done
      claim_letters confirm_letters fail_letters extend_letters release_letters claim_invoices confirm_invoices fail_invoices extend_invoices release_invoices'),
    ('agent', 'EXECUTE', NULL, 'claim_handovers acknowledge_handovers reject_handovers take_agency_messages withdrawal_requests'),
    ('runner', 'EXECUTE', NULL, 'claim_handovers acknowledge_handovers reject_handovers take_agency_messages retry_agency_messages withdrawal_requests'),
    ('clerk', 'SELECT', NULL, 'rule_customers outside_automation'),
    ('clerk', 'INSERT UPDATE DELETE', NULL, 'customer customer_address invoice factored_invoice invoice_document invoice_vat tax_reduction payment refund credit credit_loss general_ledger_entry'),
    ('clerk', 'EXECUTE', NULL,
     'record_payment match_payment unmatch_payment use_balance hold release register_invoice make_payment_plan preview_payment_plan remove_payment_plan withdraw request_withdrawal take_out put_back credit_in_case hand_to_enforcement add_enforcement_fee confirm_letter fail_letter confirm_letters fail_letters
      plan_now send_now record_letter approve_letters withdraw_approval take_back_letter waive_fee waive_interest waive_step
      tax_reduction_paid tax_reduction_refused interrupt_limitation retract_interruption move_customers block_customers'),
    ('clerk', 'SELECT', 'creditor_id, customer_no, token_no, invoice_no, made_on, valid_until, revoked_on, made_at, made_by', 'debtor_token'),
    ('clerk', 'EXECUTE', NULL, 'debtor_token revoke_debtor_tokens'),
    ('debtor', 'EXECUTE', NULL, 'debtor_view debtor_acknowledge debtor_dispute debtor_ask_for_plan debtor_language'),
    ('partner', 'SELECT', NULL, 'rule_customers outside_automation'),
    ('partner', 'INSERT',
     'creditor_id, partner_id, name, jurisdiction, country, currency, time_zone, bankgiro, plusgiro, iban, sender_address, invoice_address, contract_address, claim_description, case_url, foreign_customers, credits_in_case, needs_address, needs_identity, plan_grace_days',
     'creditor'),
    ('partner', 'EXECUTE', NULL, 'add_creditor accept_terms'),
    ('auditor', 'EXECUTE', NULL, 'conservation'),
    ('auditor', 'EXECUTE', NULL, 'verify'),
    ('auditor', 'SELECT', NULL, 'rule_customers outside_automation creditor_access invoice_access partner_access'),
    ('administrator', 'UPDATE',
     'name, jurisdiction, country, currency, time_zone, bankgiro, plusgiro, iban, sender_address, invoice_address, contract_address, claim_description, case_url, foreign_customers, credits_in_case, needs_address, needs_identity, plan_grace_days',
     'creditor'),
    ('administrator', 'SELECT INSERT UPDATE DELETE', NULL, 'creditor_access invoice_access account_map control_account factoring_company digest_subscriber settlement_terms payout_destination'),
    ('administrator', 'EXECUTE', NULL, 'close_case back_to_monitoring confirm_law take_over publish_terms accept_terms settle payout_done conservation verify erase_customer attach detach'),
    ('administrator', 'EXECUTE', NULL, 'protect unprotect'),
    ('owner', 'SELECT', NULL, 'installation role_grant service_access agency_access sealed_row attachment left_with_invoice unattached'),
    ('owner', 'EXECUTE', NULL, 'install upgrade repair check schedule unschedule raise_walls lower_walls create_roles grant_role revoke_role'),
    ('everybody', 'EXECUTE', NULL,
     'version is_bank_day next_bank_day previous_bank_day add_bank_days bank_days_between make_reference check_reference invoice_reference
      referenced_invoice claim_ground digest_text check_identity late_interest interest_statement law_in_force fee_cap reasons case_transitions replicates
      sees sees_whole sees_invoice sees_customer sees_partner own_invoice own_customer _step_date _case_now _attached_row'))
    l (kind, privileges, columns, objects)
  CROSS JOIN LATERAL regexp_split_to_table(l.privileges, '\s+') p
  CROSS JOIN LATERAL regexp_split_to_table(l.objects, '\s+') o
$$;
COMMENT ON FUNCTION reminder._rights() IS
'Internal: which kind has which privilege on which object; columns: on these alone. Functions by name, whatever their arguments.';

CREATE FUNCTION reminder._rights_of(kind text, OUT privilege text, OUT columns text, OUT object text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  WITH RECURSIVE included AS (
    SELECT k.kind FROM reminder._kinds() k WHERE k.kind = $1
    UNION
    SELECT i FROM included d JOIN reminder._kinds() k ON k.kind = d.kind CROSS JOIN LATERAL unnest(k.includes) i)
  -- as GRANT writes it
  SELECT r.privilege, r.columns, 'ROUTINE ' || p.oid::regprocedure
  FROM reminder._rights() r JOIN included USING (kind)
  JOIN pg_proc p ON p.pronamespace = 'reminder'::regnamespace AND p.proname = r.object
  WHERE r.privilege = 'EXECUTE'
  UNION
  SELECT r.privilege, r.columns, 'TABLE ' || c.oid::regclass
  FROM reminder._rights() r JOIN included USING (kind)
  JOIN pg_class c ON c.relnamespace = 'reminder'::regnamespace AND c.relname = r.object
  WHERE r.privilege <> 'EXECUTE'
$$;
COMMENT ON FUNCTION reminder._rights_of(text) IS
'Internal: what a kind has, that of the kinds it includes too: privileges and objects as GRANT writes them.';

CREATE FUNCTION reminder._kind(kind text) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF kind IS NULL OR NOT EXISTS (SELECT FROM reminder._kinds() k WHERE k.kind = $1) THEN
    RAISE EXCEPTION 'unknown kind of rights "%"', left(coalesce(kind, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = (SELECT 'Kinds are ' || string_agg(k.kind, ', ') || '.' FROM reminder._kinds() k);
  END IF;
  RETURN kind;
END
$$;
COMMENT ON FUNCTION reminder._kind(text) IS 'Internal: checks a kind of rights. Raises 22R01.';

CREATE FUNCTION reminder._give(kind text, role_name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _right record;
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA reminder TO %I', $2);
  FOR _right IN SELECT r.* FROM reminder._rights_of($1) r LOOP
    EXECUTE format('GRANT %s ON %s TO %I', _right.privilege || coalesce(' (' || _right.columns || ')', ''), _right.object, $2);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._give(text, text) IS 'Internal: grants a role what a kind has.';

CREATE FUNCTION reminder._grant_again() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _grant record;
BEGIN
  -- A role that has gone keeps its row; check() names it.
  FOR _grant IN SELECT g.* FROM reminder.role_grant g JOIN pg_roles r ON r.rolname = g.role_name ORDER BY g.kind, g.role_name LOOP
    PERFORM reminder._give(_grant.kind, _grant.role_name);
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder._grant_again() IS 'Internal: grants every role again what grant_role() gave it.';

CREATE FUNCTION reminder.grant_role(kind text, role_name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  PERFORM reminder._as_owner('grant roles');
  PERFORM reminder._kind($1);
  IF $2 IS NULL OR NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $2) THEN
    RAISE EXCEPTION 'unknown role "%"', left(coalesce($2, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Make it first: CREATE ROLE; or SELECT reminder.create_roles(); makes one of each kind.';
  END IF;
  INSERT INTO reminder.role_grant (kind, role_name) VALUES ($1, $2) ON CONFLICT DO NOTHING;
  PERFORM reminder._give($1, $2);
END
$$;
COMMENT ON FUNCTION reminder.grant_role(text, text) IS
'Gives a role of one''s own (role_name, as it is written in pg_roles) the rights of a kind: reader, personal_reader, rule_reader, rule_editor, activator, runner, clerk, partner, debtor, auditor or administrator. Given twice, nothing changes; install() and upgrade() give it again what is made anew. Whose rows it sees is another matter: raise_walls(). Raises 22R01 for an unknown kind or role, 42501 for anyone but the owner of the schema, 55R04 without tables.';

CREATE FUNCTION reminder.revoke_role(kind text, role_name text) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  _right record;
  _kept record;
BEGIN
  PERFORM reminder._as_owner('revoke roles');
  PERFORM reminder._kind($1);
  DELETE FROM reminder.role_grant g WHERE g.kind = $1 AND g.role_name = $2;
  IF NOT FOUND OR NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = $2) THEN
    RETURN;
  END IF;
  FOR _right IN SELECT r.* FROM reminder._rights_of($1) r LOOP
    EXECUTE format('REVOKE %s ON %s FROM %I', _right.privilege || coalesce(' (' || _right.columns || ')', ''), _right.object, $2);
  END LOOP;
  -- What it has by another kind as well it has again.
  FOR _kept IN SELECT g.kind FROM reminder.role_grant g WHERE g.role_name = $2 LOOP
    PERFORM reminder._give(_kept.kind, $2);
  END LOOP;
  IF NOT EXISTS (SELECT FROM reminder.role_grant g WHERE g.role_name = $2) THEN
    EXECUTE format('REVOKE USAGE ON SCHEMA reminder FROM %I', $2);
  END IF;
END
$$;
COMMENT ON FUNCTION reminder.revoke_role(text, text) IS
'Takes the rights of a kind from a role (role_name) that grant_role() or create_roles() gave them to; what it has by another kind it keeps. Where there is nothing to take it does nothing. Raises 22R01 for an unknown kind, 42501 for anyone but the owner of the schema, 55R04 without tables.';

CREATE FUNCTION reminder.create_roles(prefix text DEFAULT 'reminder_') RETURNS SETOF text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE ROWS 11
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
  _role record;
BEGIN
  PERFORM reminder._as_owner('create roles');
  IF $1 IS NULL OR octet_length($1) > 40 OR $1 ~ '^pg_' THEN
    RAISE EXCEPTION 'prefix "%" cannot begin the names of roles', left(coalesce($1, 'NULL'), 64)
      USING ERRCODE = '22R01', HINT = 'Up to 40 bytes, and not pg_.';
  END IF;
  FOR _role IN
    -- those that a dump brought here without them, too
    SELECT k.kind, $1 || k.kind AS name FROM reminder._kinds() k
    UNION
    SELECT g.kind, g.role_name FROM reminder.role_grant g
  LOOP
    IF NOT EXISTS (SELECT FROM pg_roles r WHERE r.rolname = _role.name) THEN
      IF NOT (SELECT r.rolcreaterole OR r.rolsuper FROM pg_roles r WHERE r.rolname = current_user) THEN
        RAISE EXCEPTION 'permission denied to create role "%"', _role.name
          USING ERRCODE = 'insufficient_privilege',
                HINT = format('Have someone with CREATEROLE do it: CREATE ROLE %I NOLOGIN;', _role.name);
      END IF;
      EXECUTE format('CREATE ROLE %I NOLOGIN', _role.name);
    END IF;
    PERFORM reminder.grant_role(_role.kind, _role.name);
    RETURN NEXT _role.name;
  END LOOP;
END
$$;
COMMENT ON FUNCTION reminder.create_roles(text) IS
'Makes a group role of each kind of rights, named by prefix and kind, where it is missing, and gives it its rights: then GRANT reminder_clerk TO somebody. Makes those again, too, that grant_role() was called for and a dump left behind. Roles are the cluster''s: several databases share them, and they stay when reminder goes. Gives the names. Raises 22R01 for a bad prefix, 42501 for anyone but the owner of the schema, or without CREATEROLE, 55R04 without tables.';
