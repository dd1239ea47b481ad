import { floorIds } from '../floor-schema.ts';
import { requestText } from '../http-connection.ts';
import type { Outcome } from '../outcome.ts';
import { type ProductDatabase, withToken } from '../product.ts';
import { medianOf, medianRatio, runRounds, type Side } from '../rounds.ts';
import { ISSUER } from '../sample.ts';
import type { Server } from '../server.ts';
import { PRESENT, type Stage } from '../stage.ts';

/** Reads one ticket by its key. The floor sends one row by its primary key. */
export async function measureRead(stage: Stage): Promise<Outcome> {
  const { floor, product, native } = await readingSides(stage);
  const rounds = await runRounds(stage, [floor, product, native], stage.options);
  return {
    scenario: 'read',
    title: 'Read one ticket',
    targets: [
      {
        name: 'read one: product / floor',
        measured: medianRatio(rounds, product.name, floor.name),
        unit: 'ratio',
        least: 0.7,
      },
    ],
    figures: [
      {
        name: 'read one by /api/v1: product / floor',
        value: medianRatio(rounds, native.name, floor.name),
        unit: 'ratio',
      },
      { name: 'read one: p50', value: medianOf(rounds, product.name, 'p50Ms'), unit: 'ms' },
      { name: 'read one: p99', value: medianOf(rounds, product.name, 'p99Ms'), unit: 'ms' },
    ],
    rounds: { read: rounds },
  };
}

export async function readingSides(stage: Stage) {
  const floor = await stage.floor();
  const { server, database } = await stage.product();
  const floorPaths = (await floorIds(floor.sql, PRESENT)).map((id) => `/tickets/${id}`);
  const keys = await partyKeys(database);
  const { partyToken, staffToken } = database;
  return {
    floor: reading('floor', floor.server, floorPaths, {}),
    product: reading('product', server, toPaths('/troubleTicket', keys), withToken(partyToken)),
    native: reading('product by /api/v1', server, toPaths('/api/v1/tickets', keys), withToken(staffToken)),
  };
}

/** A side that asks for one of these paths after the other, at random. */
export function reading(
  name: string,
  server: Server,
  paths: readonly string[],
  headers: Readonly<Record<string, string>>,
): Side {
  const texts = paths.map((path) => requestText('GET', path, headers));
  return { name, server, next: () => ({ requests: { type: 'drawn', texts }, status: 200 }) };
}

/** Keys of tickets that the issuing party takes part in. */
export async function partyKeys({ sql }: ProductDatabase): Promise<string[]> {
  const rows = await sql<{ key: string }[]>`
    select key from ticket where issuer = ${ISSUER} and category <> 'final' order by id limit ${PRESENT}`;
  return rows.map(({ key }) => key);
}

function toPaths(base: string, keys: readonly string[]): string[] {
  return keys.map((key) => `${base}/${key}`);
}
