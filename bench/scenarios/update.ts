import { floorIds } from '../floor-schema.ts';
import { requestText } from '../http-connection.ts';
import { COUNTER } from '../load-job.ts';
import type { Outcome } from '../outcome.ts';
import { withToken } from '../product.ts';
import { medianOf, medianRatio, runRounds, type Side } from '../rounds.ts';
import type { Server } from '../server.ts';
import { PRESENT, type Stage } from '../stage.ts';
import { partyKeys } from './read.ts';

/** Adds a word to a ticket (TU10): loaded, decided, written with its event. The floor updates one row. */
export async function measureUpdate(stage: Stage): Promise<Outcome> {
  const { server, database } = await stage.product();
  const keys = await partyKeys(database);
  const sides = [
    await floorUpdating(stage),
    changing(
      'product',
      server,
      'PATCH',
      keys.map((key) => `/troubleTicket/${key}`),
      withToken(database.partyToken),
    ),
  ];
  const rounds = await runRounds(stage, sides, stage.options);
  return {
    scenario: 'update',
    title: 'Add a word to a ticket (TU10)',
    targets: [],
    figures: [
      { name: 'update: product / floor', value: medianRatio(rounds, 'product', 'floor'), unit: 'ratio' },
      { name: 'update: p50', value: medianOf(rounds, 'product', 'p50Ms'), unit: 'ms' },
      { name: 'update: p99', value: medianOf(rounds, 'product', 'p99Ms'), unit: 'ms' },
    ],
    rounds: { update: rounds },
  };
}

/** The floor, updating one row after the other. */
export async function floorUpdating(stage: Stage): Promise<Side> {
  const { server, sql } = await stage.floor();
  const paths = (await floorIds(sql, PRESENT)).map((id) => `/tickets/${id}`);
  return changing('floor', server, 'PATCH', paths, {});
}

function changing(
  name: string,
  server: Server,
  method: string,
  paths: readonly string[],
  headers: Readonly<Record<string, string>>,
): Side {
  const body = JSON.stringify({ dialog: `Any news? This is call ${COUNTER} about it.` });
  const texts = paths.map((path) => requestText(method, path, headers, body));
  return { name, server, next: () => ({ requests: { type: 'drawn', texts }, status: 200 }) };
}
