-- Up Migration

set local search_path = tessera, public;

-- Lists of one group's, department's or queue's tickets.
create index ticket_queue on ticket (account, kind, queue, id) where queue is not null;

-- Lists of one brand's help-desk tickets.
create index ticket_desk_brand on ticket (account, (fields->>'brand'), id) where kind = 'desk';
