import type { Sql } from '../src/store/database.ts';
import { troubleInput } from './sample.ts';

/**
 * The floor's tables: what a ticket, its event and its outbox row would at least have, with primary keys and no other
 * index.
 */
export async function makeFloorTables(sql: Sql): Promise<void> {
  await sql`
    create table floor_ticket (
      id uuid primary key,
      number bigint generated always as identity,
      state text not null,
      version integer not null,
      title text not null,
      priority smallint not null,
      issuer text not null,
      owner text not null,
      reference text not null,
      fields jsonb not null,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    )`;
  await sql`
    create table floor_event (
      id bigint generated always as identity primary key,
      ticket uuid not null,
      type text not null,
      data jsonb not null,
      at timestamptz not null default now()
    )`;
  await sql`
    create table floor_outbox (
      id bigint generated always as identity primary key,
      ticket uuid not null,
      payload jsonb not null,
      created_at timestamptz not null default now()
    )`;
}

/** Fills the floor's tables with tickets as its own handler would write them. */
export async function fillFloor(sql: Sql, tickets: number): Promise<void> {
  const { mirrorKey: _mirrorKey, troubleDescription, ...fields } = troubleInput('');
  await sql`
    with t as (
      insert into floor_ticket (id, state, version, title, priority, issuer, owner, reference, fields)
      select uuidv7(), 'open', 1, ${troubleDescription}, 2, 'ONV', 'default', 'ONV-' || n,
        ${JSON.stringify(fields)}::text::jsonb
      from generate_series(1, ${tickets}::int) n
      returning id
    ),
    e as (
      insert into floor_event (ticket, type, data)
      select id, 'created', jsonb_build_object('dialog', ${fields.dialog}::text) from t
    )
    insert into floor_outbox (ticket, payload)
    select id, jsonb_build_object('type', 'created', 'ticket', id) from t`;
  await sql`vacuum analyze floor_ticket, floor_event, floor_outbox`;
}

export async function floorIds(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`select id from floor_ticket order by id limit ${limit}`;
  return rows.map(({ id }) => id);
}
