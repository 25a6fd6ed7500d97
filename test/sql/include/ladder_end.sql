\set ECHO none
-- The database of a test goes with it.
\c :home
DROP DATABASE :name;
