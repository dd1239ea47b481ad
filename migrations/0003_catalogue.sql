-- Up Migration

set local search_path = tessera, public;

-- A number for each small collection that the account has written, one more with every write: nodes keep those collections
-- in memory and look at these numbers.
alter table account add column catalogue jsonb not null default '{}';

-- Reference data of every kind of ticket: brands, queues, contact reasons, customers.
create table entry (
  account text collate "C" not null references account,
  collection text collate "C" not null,
  key text collate "C" not null,
  -- The key as a number, in collections whose keys are numbers.
  number bigint,
  -- A second name that is unique within the collection.
  alias text collate "C",
  data jsonb not null,
  -- What a search in a large collection finds the entry by: its words, each with a space before and after it.
  words text,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account, collection, key)
);
create unique index entry_number on entry (account, collection, number) where number is not null;
create unique index entry_alias on entry (account, collection, alias) where alias is not null;
create index entry_words on entry using gin (words gin_trgm_ops) where words is not null;
