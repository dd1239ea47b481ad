-- Up Migration

set local search_path = tessera, public;

-- `parent`: the other ticket is the parent of this one. `duplicate` and `related` hold both ways.
create table ticket_link (
  account text collate "C" not null,
  ticket uuid not null,
  relation text collate "C" not null,
  other uuid not null,
  created_at timestamptz not null,
  primary key (account, ticket, relation, other)
);
create index ticket_link_other on ticket_link (account, other, relation, ticket);

-- The ticket that the answer speaks of, where it is one: the answer goes when the ticket is erased.
alter table idempotency add column ticket uuid;

-- What is left of tickets that were erased: the only events whose ticket cannot be asked for.
create index event_erased on event (account, xid, seq) where type = 'ticket.erased';

-- How many tickets of a kind stand in which state, as of where the reader `counts` stands in the log.
create table ticket_count (
  account text collate "C" not null,
  kind text collate "C" not null,
  state text collate "C" not null,
  n bigint not null,
  primary key (account, kind, state)
);

-- The tickets that are there already need not be read from the log. The reader begins at the oldest running
-- transaction, so what its snapshot shows of later ones is taken off again: it will come by the log.
with horizon as (
  select pg_snapshot_xmin(pg_current_snapshot()) as xid
),
placed as (
  insert into reader_position (account, reader, xid, seq)
  select account, 'counts', horizon.xid, 0 from account, horizon
),
later as (
  select e.account, e.kind, e.from_state, e.to_state
  from horizon, event e where e.xid >= horizon.xid and e.from_state is distinct from e.to_state
)
insert into ticket_count (account, kind, state, n)
select account, kind, state, sum(n) from (
  select account, kind, state, count(*) as n from ticket group by account, kind, state
  union all select account, kind, to_state, -1 from later where to_state is not null
  union all select account, kind, from_state, 1 from later where from_state is not null
) counted
group by account, kind, state
having sum(n) <> 0;
