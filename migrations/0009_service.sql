-- Up Migration

set local search_path = tessera, public;

-- The few service tickets that a provider has closed.
create index ticket_service_external on ticket (account, id)
  where kind = 'service' and fields->>'externallyProcessed' = 'true';

-- What happens to service tickets, for those who follow it without the other kinds.
create index event_service on event (account, xid, seq) where kind = 'service';
