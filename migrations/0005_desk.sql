-- Up Migration

set local search_path = tessera, public;

-- Lists of the help-desk tickets of one group and of one brand.
create index ticket_desk_queue on ticket (account, queue, id) where kind = 'desk' and queue is not null;
create index ticket_desk_brand on ticket (account, (fields->>'brand'), id) where kind = 'desk';
