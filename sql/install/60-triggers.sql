  END IF;
  /*
   * The triggers: sql/extension/55-trigger-list.sql has the list.
   */
  PERFORM reminder._arm();
