-- Up Migration

set local search_path = tessera, public;

-- A timer may be of something that is no ticket: a subject, named by a text that its kind understands. It has at most one
-- of a name.
alter table timer
  alter column ticket drop not null,
  alter column ticket_version drop not null,
  add column subject text collate "C",
  add constraint timer_of check ((ticket is null) <> (subject is null));
create unique index timer_subject on timer (account, kind, subject, name) where subject is not null;
-- There may be a million of subjects beside some thousand of tickets.
drop index timer_ticket;
create index timer_ticket on timer (account, ticket) where ticket is not null;

-- Work items as their events tell them.
create table work_item (
  account text collate "C" not null references account,
  authorization_number bigint not null,
  facts jsonb not null,
  -- By rule: the newest events that armed, disarmed and settled it, and the arming that has fired.
  rules jsonb not null,
  -- By type of exception: the newest one.
  exceptions jsonb not null,
  -- By rule: when its trigger is due, in milliseconds since the epoch. The timers' rows say the same.
  pending jsonb not null,
  -- The rules and the calendar that the triggers were derived by.
  derived_by text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account, authorization_number)
);

create table work_item_event (
  account text collate "C" not null references account,
  id text collate "C" not null,
  authorization_number bigint not null,
  type text collate "C" not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  -- What it tells beside that.
  body jsonb not null,
  primary key (account, id)
);
create index work_item_event_item on work_item_event (account, authorization_number, occurred_at, id);

-- How far the triggers of an account have been derived anew since its rules or its calendar changed; null: all of them.
create table exception_derivation (
  account text collate "C" not null references account,
  derived_by text collate "C" not null,
  position bigint,
  primary key (account)
);

-- Lists of exceptions, and those of one work item, request type, service provider or help-desk ticket.
create index ticket_exception on ticket (account, number) where kind = 'exception';
create index ticket_exception_item on ticket (account, ((fields->>'authorizationNumber')::bigint), number)
  where kind = 'exception';
create index ticket_exception_request on ticket (account, ((fields->>'requestType')::bigint), number)
  where kind = 'exception' and fields->>'requestType' is not null;
create index ticket_exception_provider on ticket (account, ((fields->>'serviceProviderId')::bigint), number)
  where kind = 'exception' and fields->>'serviceProviderId' is not null;
create index ticket_exception_reference on ticket using gin ((fields->'references') jsonb_path_ops)
  where kind = 'exception';
