-- Up Migration

set local search_path = tessera, public;

-- A ticket that had the word was erased: it has to be seen whether another one has it.
alter table word add column doubted boolean not null default false;
create index word_doubted on word (account) where doubted;
