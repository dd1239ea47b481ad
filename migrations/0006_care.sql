-- Up Migration

set local search_path = tessera, public;

-- Care tickets are listed by a sort key that has 32 bits, more than the tickets' own column: the first ones, those of a
-- state, of a queue, of an agent.
create index ticket_care on ticket (account, ((fields->>'priority')::integer), id desc) where kind = 'care';
create index ticket_care_state on ticket (account, state, ((fields->>'priority')::integer), id desc)
  where kind = 'care';
create index ticket_care_queue on ticket (account, queue, ((fields->>'priority')::integer), id desc)
  where kind = 'care' and queue is not null;
create index ticket_care_assignee on ticket (account, assignee, ((fields->>'priority')::integer), id desc)
  where kind = 'care' and assignee is not null;
