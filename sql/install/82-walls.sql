  /*
   * Walls between creditors, where they were asked for; and what roles were
   * granted. DROP EXTENSION ... CASCADE took the policies and left row-level
   * security on: nobody saw a row meanwhile.
   */
  PERFORM reminder._put_walls();
  PERFORM reminder._grant_again();

