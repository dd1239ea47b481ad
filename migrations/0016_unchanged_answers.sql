-- Up Migration

set local search_path = tessera, public;

-- An answer to a request that left its ticket as it was. No event leads to it, so it is found by its ticket when that is
-- erased.
alter table idempotency add column unchanged boolean not null default false;
create index idempotency_unchanged on idempotency (account, ticket) where unchanged;
