-- due.sql: one run that meets :due invoices, in a book of any size.
SET client_min_messages = warning;
SELECT bench.day(:day) + 5 AS as_of, clock_timestamp() AS began \gset
CALL reminder.run(:'as_of', 1);
SELECT format('%s|%s', :'name', round(extract(epoch FROM clock_timestamp() - :'began') * 1000, 1));
