-- The database of a test goes with it.
\set ECHO none
\c :home
DROP DATABASE :name;
