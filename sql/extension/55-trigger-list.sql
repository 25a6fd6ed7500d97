/*
 * The one list of triggers: install() and upgrade() put them in place, check()
 * compares. Guards are AFTER ROW with no column list, so that they see the row
 * as it is; that of losses sees a statement's rows at once (src/guard.c). All are ENABLE ALWAYS: replica mode does not pass them.
 */

CREATE FUNCTION reminder._triggers(OUT relation text, OUT name text, OUT definition text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
  -- Events in the order of pg_get_triggerdef(): INSERT, DELETE, UPDATE. Conditions as it writes them, too.
  SELECT t.relation, t.name,
         format('CREATE %sTRIGGER %I %s ON reminder.%I %sFOR EACH %s %sEXECUTE FUNCTION reminder.%I()',
                CASE WHEN t.transition = 'DEFERRED' THEN 'CONSTRAINT ' ELSE '' END, t.name, t.event, t.relation,
                CASE WHEN t.transition = 'DEFERRED' THEN 'DEFERRABLE INITIALLY DEFERRED ' WHEN t.transition <> '' THEN 'REFERENCING ' || t.transition || ' ' ELSE '' END, t.level,
                CASE WHEN t.condition <> '' THEN 'WHEN (' || t.condition || ') ' ELSE '' END, t.function)
  FROM (
    VALUES
      ('creditor', 'creditor_before', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_creditor_before'),
      ('creditor', 'creditor_rules', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
      -- Rule, steps and windows come in statements of their own: the law looks at the whole, when the transaction is done.
      ('creditor', 'creditor_lawful', 'AFTER UPDATE', 'ROW', 'DEFERRED', '(old.jurisdiction IS DISTINCT FROM new.jurisdiction)', '_rules_lawful'),
      ('creditor', 'creditor_moved', 'AFTER UPDATE', 'ROW', '', '((old.account_id IS DISTINCT FROM new.account_id) OR (old.partner_id IS DISTINCT FROM new.partner_id))', '_creditor_moved'),
      ('rule', 'rule_lawful', 'AFTER INSERT OR UPDATE', 'ROW', 'DEFERRED', '', '_rule_lawful'),
      ('customer_class', 'class_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
      ('customer_class', 'class_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
      ('rule', 'rule_before', 'BEFORE INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_rule_before'),
      ('rule', 'rule_edited', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_rule_edited'),
      ('rule', 'rule_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
      ('rule', 'rule_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
      ('rule_step', 'part_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rule_parts_edited'),
      ('rule_step', 'part_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rule_parts_edited'),
      ('rule_step', 'part_removed', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS changed_rows', '', '_rule_parts_edited'),
      ('rule_window', 'part_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rule_parts_edited'),
      ('rule_window', 'part_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rule_parts_edited'),
      ('rule_window', 'part_removed', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS changed_rows', '', '_rule_parts_edited'),
      ('customer', 'customer_assigned', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_assign'),
      ('customer', 'customer_assigned_many', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_assigned_many'),
      ('customer', 'customer_moved_many', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_moved_many'),
      ('invoice', 'invoice_before', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_invoice_before'),
      -- The capital letter puts it before the foreign keys' own triggers (RI_...), whose words say nothing of the case.
      ('invoice', 'Invoice_guard', 'AFTER DELETE OR UPDATE', 'ROW', '', '', '_guard_invoice'),
      ('invoice', 'invoice_placed', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_invoice_placed'),
      ('payment', 'payment_matched', 'BEFORE INSERT', 'ROW', '', '((new.invoice_no IS NULL) AND (new.reference IS NOT NULL))', '_payment_matched'),
      ('payment', 'payment_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_payment_made'),
      ('payment', 'payment_changed', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_payment_changed'),
      ('payment', 'payment_removed', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_payment_removed'),
      ('refund', 'refund_checked', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_refund_checked'),
      ('credit', 'credit_guard', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_guard_credit'),
      ('credit', 'credit_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_credit_made'),
      ('credit', 'credit_changed', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_credit_changed'),
      ('credit', 'credit_removed', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_credit_removed'),
      ('credit_loss', 'credit_loss_guard', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_guard_losses'),
      ('credit_loss', 'credit_loss_guard_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_guard_losses'),
      ('credit_loss', 'credit_loss_guard_replicated', 'AFTER INSERT OR UPDATE', 'ROW', '', 'reminder.replicates()', '_guard_loss'),
      ('credit_loss', 'credit_loss_deleted', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_losses_deleted'),
      -- The name puts them after what payments and credits do: a plan is kept by what is open then.
      ('payment', 'plan_paid', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_plan_kept'),
      ('payment', 'plan_paid_otherwise', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_plan_kept'),
      ('payment', 'plan_unpaid', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_plan_kept'),
      ('credit', 'plan_credited', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_plan_kept'),
      ('credit', 'plan_credited_otherwise', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_plan_kept'),
      ('credit', 'plan_uncredited', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_plan_kept'),
      ('waiver', 'plan_waived', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_plan_kept'),
      -- and what is credited before it went out is not sent
      ('credit', 'invoice_letter_credited', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_invoice_letter_credited'),
      ('credit', 'credit_undone', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_booking_undone'),
      ('credit', 'credit_undone_whole', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_booking_undone'),
      ('credit_loss', 'credit_loss_undone', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_booking_undone'),
      ('credit_loss', 'credit_loss_undone_whole', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_booking_undone'),
      ('hold', 'hold_changed', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_hold_changed'),
      ('payment_plan', 'plan_changed', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_plan_changed'),
      ('refund', 'refund_undone', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_booking_undone'),
      ('refund', 'refund_undone_whole', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_booking_undone'),
      ('price_list', 'price_list_guard', 'AFTER UPDATE', 'ROW', '', '(old.currency IS DISTINCT FROM new.currency)', '_guard_price_list'),
      ('price', 'price_guard', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_guard_price'),
      ('limitation_rule', 'limitation_rule_claim_kind', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      ('demand_content', 'demand_content_needs', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      ('creditor_law', 'creditor_law_law', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      ('price', 'price_item', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      ('creditor_price', 'creditor_price_item', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      -- many rows come, and few of them with a word that is none
      ('general_ledger_entry', 'general_ledger_entry_event', 'BEFORE INSERT OR UPDATE', 'ROW', '', '(new.event <> ALL (ARRAY[''invoice''::text, ''settled_before''::text, ''credit''::text, ''tax_reduction''::text, ''payment''::text, ''payment_taken_back''::text, ''refund''::text, ''doubtful_loss''::text, ''doubtful_loss_reversed''::text, ''confirmed_loss''::text, ''confirmed_loss_reversed''::text, ''settlement''::text, ''payout''::text, ''tax_reduction_paid''::text, ''tax_reduction_refused''::text]))', '_known_word'),
      ('account_map', 'account_map_purpose', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      ('default_account', 'default_account_purpose', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_known_word'),
      ('creditor_price_list', 'creditor_price_list_guard', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_guard_price'),
      ('creditor_price', 'creditor_price_guard', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_guard_price'),
      ('settlement_terms', 'settlement_terms_guard', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_guard_settlement_terms'),
      ('general_ledger_entry', 'general_ledger_guard', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_guard_control_accounts'),
      ('general_ledger_entry', 'general_ledger_guard_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_guard_control_accounts'),
      ('payout_destination', 'payout_destination_guard', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_guard_payout_destination'),
      ('attachment', 'attachments_changed', 'AFTER INSERT OR DELETE OR UPDATE', 'STATEMENT', '', '', '_attachments_changed'),
      ('collection_case', 'collection_case_changes', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_case_changes')
    UNION ALL
    -- Kept by reminder: nobody writes them by hand.
    SELECT k.relation, k.relation || '_kept', 'BEFORE INSERT OR DELETE OR UPDATE', 'STATEMENT', '', '', '_kept'
    FROM (VALUES
      ('position'), ('allocation'), ('payment_currency'), ('hold'), ('payment_plan'), ('instalment'), ('interruption'), ('collection_case'), ('decision'), ('event'), ('by_hand'), ('waiver'), ('enforcement_fee'), ('approval'), ('channel_switch'), ('agency_setting'), ('payment_undone'), ('tax_reduction_answer'), ('digest'), ('terms_version'), ('terms_acceptance'),
      ('customer_rule_history'), ('rule_version'), ('run_log'), ('run_count'), ('run_exception'),
      ('handover'), ('agency_message'), ('agency_withdrawal'),
      ('letter_batch'), ('letter_lease'), ('letter_line'), ('delivery'), ('distribution'), ('invoice_letter'), ('settlement'), ('settlement_line'), ('payout'),
      ('attachment'), ('left_with_invoice'), ('unattached'), ('sealed_block'), ('sealed_row'), ('booking_undone'), ('case_version'), ('hold_version'), ('plan_version'), ('payment_version'), ('invoice_version')) k (relation)
    UNION ALL
    -- Sessions keep what they read of these, and hear when they change.
    SELECT k.relation, 'law_changed', 'AFTER INSERT OR DELETE OR UPDATE', 'STATEMENT', '', '', '_law_changed'
    FROM (VALUES ('jurisdiction'), ('reference_rate'), ('interest_rule'), ('creditor_law')) k (relation)
    UNION ALL
    -- What _terms() reads of: by row, so that it is told of what replication applies, too.
    SELECT k.relation, 'terms_changed', 'AFTER INSERT OR DELETE OR UPDATE', 'ROW', '', '', '_terms_changed'
    FROM (VALUES
      ('account'), ('agency'), ('agency_setting'), ('channel'), ('channel_switch'), ('channel_use'), ('closed_day'), ('creditor'),
      ('creditor_law'), ('demand_content'), ('jurisdiction'), ('limitation_rule'), ('partner'), ('rule'), ('rule_step'), ('rule_window'),
      ('stage'), ('stage_fee_kind'), ('statutory_fee'), ('terms_acceptance'), ('terms_version')) k (relation)
    UNION ALL
    -- Nor do they ask again who may see which creditor until they hear that it changed.
    SELECT k.relation, 'access_changed', 'AFTER INSERT OR DELETE OR UPDATE', 'STATEMENT', '', '', '_access_changed'
    FROM (VALUES ('creditor'), ('creditor_access'), ('partner_access'), ('service_access')) k (relation)
    UNION ALL
    -- And no table is emptied behind the row triggers' back; law is only data.
    SELECT c.relname, c.relname || '_truncate', 'BEFORE TRUNCATE', 'STATEMENT', '', '', '_kept'
    FROM pg_class c
    WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r'
      AND c.relname NOT IN ('installation', 'jurisdiction', 'stage', 'stage_fee_kind', 'statutory_fee'))
    t (relation, name, event, level, transition, condition, function)
$$;
COMMENT ON FUNCTION reminder._triggers() IS
'Internal: the triggers that must stand, each with its definition as pg_get_triggerdef() gives it.';

CREATE FUNCTION reminder._arm() RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
  _trigger record;
BEGIN
  FOR _trigger IN
    SELECT g.tgname, g.tgrelid::regclass AS relation
    FROM pg_trigger g
    JOIN pg_class c ON c.oid = g.tgrelid AND c.relnamespace = 'reminder'::regnamespace
    JOIN pg_proc p ON p.oid = g.tgfoid AND p.pronamespace = 'reminder'::regnamespace
    WHERE NOT g.tgisinternal
      AND NOT EXISTS (SELECT FROM reminder._triggers() t WHERE t.relation = c.relname AND t.name = g.tgname)
  LOOP
    EXECUTE format('DROP TRIGGER %I ON %s', _trigger.tgname, _trigger.relation);
  END LOOP;
  FOR _trigger IN
    SELECT t.* FROM reminder._triggers() t
    LEFT JOIN pg_trigger g ON g.tgrelid = to_regclass(format('reminder.%I', t.relation)) AND g.tgname = t.name
    WHERE (pg_get_triggerdef(g.oid) = t.definition AND g.tgenabled = 'A') IS NOT TRUE
  LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON reminder.%I', _trigger.name, _trigger.relation);
    EXECUTE _trigger.definition;
    EXECUTE format('ALTER TABLE reminder.%I ENABLE ALWAYS TRIGGER %I', _trigger.relation, _trigger.name);
  END LOOP;
  PERFORM reminder._arm_attached();
END
$$;
COMMENT ON FUNCTION reminder._arm() IS
'Internal: puts every trigger in its place that is not there as it should be, and takes away ours that should not be; on attached tables, too.';
