  /*
   * The triggers, all ENABLE ALWAYS: replica mode does not pass them. Guards
   * are AFTER ROW with no column list, so that they see the row as it is.
   */
  DECLARE
    _table text;
    _trigger record;
  BEGIN
    FOR _trigger IN
      SELECT * FROM (VALUES
        ('creditor', 'creditor_before', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_creditor_before'),
        ('creditor', 'creditor_rules', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
        ('customer_class', 'class_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
        ('customer_class', 'class_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
        ('rule', 'rule_before', 'BEFORE INSERT OR UPDATE OR DELETE', 'ROW', '', '', '_rule_before'),
        ('rule', 'rule_edited', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_rule_edited'),
        ('rule', 'rule_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
        ('rule', 'rule_changed', 'AFTER UPDATE', 'STATEMENT', 'NEW TABLE AS changed_rows', '', '_rules_changed'),
        ('rule_step', 'rule_edited', 'AFTER INSERT OR UPDATE OR DELETE', 'ROW', '', '', '_rule_edited'),
        ('rule_window', 'rule_edited', 'AFTER INSERT OR UPDATE OR DELETE', 'ROW', '', '', '_rule_edited'),
        ('customer', 'customer_assigned', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_assign'),
        ('customer', 'customer_assigned_many', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_assigned_many'),
        ('customer', 'customer_moved_many', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_moved_many'),
        ('invoice', 'invoice_before', 'BEFORE INSERT OR UPDATE', 'ROW', '', '', '_invoice_before'),
        ('invoice', 'invoice_guard', 'AFTER UPDATE OR DELETE', 'ROW', '', '', '_guard_invoice'),
        ('invoice', 'invoice_placed', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_invoice_placed'),
        ('payment', 'payment_matched', 'BEFORE INSERT', 'ROW', '', 'WHEN (NEW.invoice_no IS NULL AND NEW.reference IS NOT NULL)', '_payment_matched'),
        ('payment', 'payment_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_payment_made'),
        ('payment', 'payment_changed', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_payment_changed'),
        ('payment', 'payment_removed', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_payment_removed'),
        ('refund', 'refund_checked', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_refund_checked'),
        ('credit', 'credit_guard', 'AFTER INSERT OR UPDATE OR DELETE', 'ROW', '', '', '_guard_credit'),
        ('credit', 'credit_made', 'AFTER INSERT', 'STATEMENT', 'NEW TABLE AS new_rows', '', '_credit_made'),
        ('credit', 'credit_changed', 'AFTER UPDATE', 'STATEMENT', 'OLD TABLE AS old_rows NEW TABLE AS new_rows', '', '_credit_changed'),
        ('credit', 'credit_removed', 'AFTER DELETE', 'STATEMENT', 'OLD TABLE AS old_rows', '', '_credit_removed'),
        ('credit_loss', 'credit_loss_guard', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_guard_loss'),
        ('collection_case', 'collection_case_changes', 'AFTER INSERT OR UPDATE', 'ROW', '', '', '_case_changes')
      ) t (tbl, name, event, level, transition, condition, function)
    LOOP
      EXECUTE format('CREATE TRIGGER %I %s ON reminder.%I %s FOR EACH %s %s EXECUTE FUNCTION reminder.%I()',
                     _trigger.name, _trigger.event, _trigger.tbl,
                     CASE WHEN _trigger.transition <> '' THEN 'REFERENCING ' || _trigger.transition ELSE '' END,
                     _trigger.level, _trigger.condition, _trigger.function);
      EXECUTE format('ALTER TABLE reminder.%I ENABLE ALWAYS TRIGGER %I', _trigger.tbl, _trigger.name);
    END LOOP;

    -- Kept by reminder: nobody writes them by hand.
    FOREACH _table IN ARRAY ARRAY[
        'position', 'allocation', 'hold', 'collection_case', 'decision', 'event',
        'customer_rule_history', 'run_log', 'run_count', 'run_exception'] LOOP
      EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OR DELETE ON reminder.%I FOR EACH STATEMENT EXECUTE FUNCTION reminder._kept()', _table || '_kept', _table);
      EXECUTE format('ALTER TABLE reminder.%I ENABLE ALWAYS TRIGGER %I', _table, _table || '_kept');
    END LOOP;

    -- And no table is emptied behind the row triggers' back.
    FOR _table IN
      SELECT c.relname FROM pg_catalog.pg_class c
      WHERE c.relnamespace = 'reminder'::regnamespace AND c.relkind = 'r'
        AND c.relname NOT IN ('installation', 'jurisdiction', 'stage', 'stage_fee_kind', 'statutory_fee')
    LOOP
      EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON reminder.%I FOR EACH STATEMENT EXECUTE FUNCTION reminder._kept()', _table || '_truncate', _table);
      EXECUTE format('ALTER TABLE reminder.%I ENABLE ALWAYS TRIGGER %I', _table, _table || '_truncate');
    END LOOP;
  END;
