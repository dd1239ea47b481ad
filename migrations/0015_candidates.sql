-- Up Migration

set local search_path = tessera, public;

-- Service providers that have open exceptions, with how many and since when. A reader of the log keeps it.
create table exception_provider (
  account text collate "C" not null references account,
  provider bigint not null,
  name text,
  open_count integer not null,
  oldest_at timestamptz not null,
  primary key (account, provider)
);
create index exception_provider_open on exception_provider (account, open_count desc, provider);

-- Open exceptions are few among those that are closed: all of an account, and those of one service provider.
create index ticket_exception_open on ticket (account, number) where kind = 'exception' and state = 'open';
create index ticket_exception_open_provider on ticket (account, ((fields->>'serviceProviderId')::bigint), number)
  include (created_at)
  where kind = 'exception' and state = 'open' and fields->>'serviceProviderId' is not null;
