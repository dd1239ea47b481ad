import { setTimeout as pause } from 'node:timers/promises';
import type { Sql } from '../src/store/database.ts';
import { fill, type Story } from './fill.ts';
import { ACCOUNT, makeProductDatabase, type ProductDatabase, startProduct } from './product.ts';
import type { Server } from './server.ts';
import type { Stage } from './stage.ts';

/** Tickets of the smaller one of two databases. */
export const SMALL = 10_000;

/** A server on a database with many tickets. */
export interface Filled extends ProductDatabase {
  readonly server: Server;
  readonly tickets: number;
}

export interface FilledOptions {
  readonly name: string;
  readonly story: Story;
  readonly tickets: number;
  /** `api`: without timers and readers of the log, which would still follow the filling. `all`: when they have caught up. */
  readonly role: 'api' | 'all';
  readonly prepare?: (sql: Sql) => Promise<void>;
}

/** Fills a database and starts a server on it. */
export async function openFilled(
  stage: Stage,
  { name, story, tickets, role, prepare }: FilledOptions,
): Promise<Filled> {
  const database = await makeProductDatabase(stage.endings, stage.cluster, name);
  await prepare?.(database.sql);
  const begin = performance.now();
  let told = begin;
  await fill(database.sql, story, tickets, (done) => {
    if (performance.now() - told < 10_000) return;
    told = performance.now();
    stage.say(`  ${inWords(done)} of ${inWords(tickets)} tickets`);
  });
  stage.say(`  ${inWords(tickets)} tickets made in ${((performance.now() - begin) / 1000).toFixed(0)} s`);
  const server = await startProduct(stage.endings, { name, database, role });
  if (role === 'all') await readersCaughtUp(database.sql);
  return { ...database, server, tickets };
}

/** Waits until the readers of the log have read all that was written. */
async function readersCaughtUp(sql: Sql): Promise<void> {
  for (;;) {
    const [{ behind }] = await sql<[{ behind: boolean }]>`
      select count(*) = 0 or bool_or(exists (
        select 1 from event e where e.account = p.account and (e.xid, e.seq) > (p.xid, p.seq)
      )) as behind
      from reader_position p where p.account = ${ACCOUNT}`;
    if (!behind) return;
    await pause(500);
  }
}

export function inWords(tickets: number): string {
  return tickets.toLocaleString('en');
}
