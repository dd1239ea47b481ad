-- Up Migration

set local search_path = tessera, public;

-- Who is told what happens: an address, with what it wants to hear. A wing's own sort of subscription is one as well.
create table webhook (
  account text collate "C" not null references account,
  id uuid not null,
  -- How its payloads look.
  format text collate "C" not null,
  -- Hears of the tickets in which this party takes part; null: of all.
  party text collate "C",
  url text not null,
  description text,
  -- What it wants to hear, in the format's own terms.
  filter jsonb not null,
  -- [{ secret, validUntil }], the newest first; null: it has no end.
  secrets jsonb not null,
  status text collate "C" not null check (status in ('active', 'paused', 'off')),
  status_reason text,
  version integer not null,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- How far the log has been read for it.
  xid xid8 not null,
  seq bigint not null,
  -- What was committed before it was registered is not told.
  since pg_snapshot not null,
  -- Nor is what is older than this, after a replay.
  not_before timestamptz,
  primary key (account, id)
);

-- One payload for one webhook. The payload itself is made from the event when it is sent.
create table webhook_delivery (
  account text collate "C" not null,
  id uuid not null,
  webhook uuid not null,
  -- The order in which a ticket's deliveries are made.
  ord bigint generated always as identity,
  ticket uuid not null,
  ticket_key text collate "C" not null,
  -- The event.
  xid xid8 not null,
  seq bigint not null,
  -- Which of the payloads that the event has for the webhook.
  payload text collate "C" not null,
  status text collate "C" not null check (status in ('waiting', 'delivered', 'failed', 'dropped')),
  attempts integer not null default 0,
  created_at timestamptz not null,
  first_attempt_at timestamptz,
  last_attempt_at timestamptz,
  next_attempt_at timestamptz,
  response_status smallint,
  response_body text,
  duration_ms integer,
  error text,
  primary key (account, id)
);
create index webhook_delivery_list on webhook_delivery (account, webhook, ord);
create index webhook_delivery_status on webhook_delivery (account, webhook, status, ord);
create index webhook_delivery_line on webhook_delivery (account, webhook, ticket, ord) where status = 'waiting';
create index webhook_delivery_ticket on webhook_delivery (account, ticket);
-- Rows come in the order of time.
create index webhook_delivery_age on webhook_delivery using brin (created_at);
