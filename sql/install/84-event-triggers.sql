  /*
   * Last of all, for they refuse what weakens a guard: sql/extension/56-veto.sql.
   */
  PERFORM reminder._arm_events();
