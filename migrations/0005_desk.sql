-- Up Migration

set local search_path = tessera, public;

-- Lists of the help-desk tickets of one group and of one brand. Each is for those alone who ask for a group or a brand: a
-- planner without statistics would take it for any list of the kind.
create index ticket_desk_queue on ticket (account, queue, id) where kind = 'desk' and queue is not null;
create index ticket_desk_brand on ticket (account, (fields->>'brand'), id)
  where kind = 'desk' and fields->>'brand' is not null;
