-- Up Migration

-- The first column of every key is the account: nobody sees another's rows, and the tables can be distributed by it.
create schema tessera;
set local search_path = tessera, public;

create extension if not exists pg_trgm;

create table account (
  account text collate "C" primary key,
  name text not null,
  ticket_prefix text not null default 'RED',
  time_zone text not null default 'UTC',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);

create table party (
  account text collate "C" not null references account,
  key text collate "C" not null,
  name text not null,
  created_at timestamptz not null default now(),
  primary key (account, key)
);

-- The next number that nobody has reserved, per kind of ticket.
create table number_block (
  account text collate "C" not null references account,
  kind text collate "C" not null,
  next bigint not null,
  primary key (account, kind)
);

create table ticket (
  account text collate "C" not null,
  id uuid not null,
  kind text collate "C" not null,
  number bigint not null,
  key text collate "C" not null,
  state text collate "C" not null,
  category text collate "C" not null,
  version integer not null,
  title text not null,
  priority smallint,
  assignee text collate "C",
  queue text collate "C",
  customer text collate "C",
  tags text[] not null,
  issuer text collate "C",
  owner text collate "C",
  external_reference text collate "C",
  unique_key text collate "C",
  fields jsonb not null,
  timers jsonb not null,
  due_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  closed_at timestamptz,
  -- Words as they stand, in lower case and without accents: no stemming, since an account's tickets come in several
  -- languages.
  search tsvector not null,
  primary key (account, id)
);
create unique index ticket_number on ticket (account, number, kind);
create unique index ticket_unique_key on ticket (account, kind, unique_key) where unique_key is not null;
create index ticket_state on ticket (account, kind, state, id);
create index ticket_updated on ticket (account, updated_at, id);
create index ticket_issuer on ticket (account, issuer, id) where issuer is not null;
create index ticket_owner on ticket (account, owner, id) where owner is not null;
create index ticket_assignee on ticket (account, assignee, id) where assignee is not null;
create index ticket_customer on ticket (account, customer, id) where customer is not null;
create index ticket_external_reference on ticket (account, external_reference) where external_reference is not null;
create index ticket_due on ticket (account, due_at, id) where due_at is not null;
create index ticket_search on ticket using gin (search);

-- History, audit and outbox in one. Readers follow (xid, seq) below the oldest running transaction.
create table event (
  account text collate "C" not null,
  xid xid8 not null default pg_current_xact_id(),
  seq bigint generated always as identity,
  ticket uuid not null,
  kind text collate "C" not null,
  type text collate "C" not null,
  name text collate "C",
  from_state text collate "C",
  to_state text collate "C",
  version integer not null,
  actor jsonb not null,
  contract text collate "C" not null,
  reason text,
  data jsonb not null,
  at timestamptz not null,
  primary key (account, xid, seq)
);
create index event_ticket on event (account, ticket, seq);

create table timer (
  account text collate "C" not null,
  id uuid not null,
  ticket uuid not null,
  kind text collate "C" not null,
  name text collate "C" not null,
  due_at timestamptz not null,
  ticket_version integer not null,
  attempts integer not null default 0,
  last_error text,
  created_at timestamptz not null,
  primary key (account, id)
);
create index timer_due on timer (account, due_at, id);
create index timer_ticket on timer (account, ticket);

-- Files are written with the ticket that they come with, by the same statement.
create table attachment (
  account text collate "C" not null,
  id uuid not null,
  ticket uuid not null,
  name text not null,
  mime_type text not null,
  size integer not null,
  content bytea not null,
  created_at timestamptz not null,
  primary key (account, id)
);
create index attachment_ticket on attachment (account, ticket, id);

create table idempotency (
  account text collate "C" not null,
  actor text collate "C" not null,
  key text collate "C" not null,
  fingerprint text collate "C" not null,
  status smallint not null,
  headers jsonb not null,
  body text not null,
  created_at timestamptz not null,
  primary key (account, actor, key)
) with (toast_tuple_target = 8160); -- Written once and hardly ever read: not worth compressing.
-- Rows come in the order of time, so a block range index of a few pages finds the expired ones.
create index idempotency_age on idempotency using brin (created_at);

-- How far each reader of the log has come.
create table reader_position (
  account text collate "C" not null references account,
  reader text collate "C" not null,
  xid xid8 not null,
  seq bigint not null,
  primary key (account, reader)
);

-- Every word that a ticket can be found by; a search for a word that is not here asks for its neighbours.
create table word (
  account text collate "C" not null,
  word text collate "C" not null,
  primary key (account, word)
);
create index word_trigrams on word using gin (word gin_trgm_ops);
