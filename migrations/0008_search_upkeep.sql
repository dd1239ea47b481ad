-- Up Migration
set local search_path = tessera, public;

-- What new words add to the index waits in a list, and the write that fills the list sorts it in. At the default of 4 MB
-- that write, and all that share its statement, wait for 150 ms; at 256 kB for less than 30 ms, at the same cost.
alter index ticket_search set (gin_pending_list_limit = 256);
