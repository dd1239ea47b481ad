import { requestText } from './http-connection.ts';
import { COUNTER } from './load-job.ts';
import { withToken } from './product.ts';
import type { Side } from './rounds.ts';
import { CREATE_BODY } from './sample.ts';
import type { Stage } from './stage.ts';

export interface CreatingOptions {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A side that opens tickets; each has a mirrorKey that no other request of the run has. */
export function creating(
  stage: Stage,
  server: Side['server'],
  { name, path, headers }: CreatingOptions,
): Side {
  const text = requestText('POST', path, headers, CREATE_BODY);
  return {
    name,
    server,
    next: () => ({ requests: { type: 'counted', text, first: stage.counter.next }, status: 201 }),
    done: ({ answers }) => {
      // A request that was under way at the end was answered too, so every number sent is counted.
      stage.counter.next += answers;
    },
  };
}

/** The floor and the product, each opening tickets over HTTP. */
export async function creatingSides(stage: Stage) {
  const floor = await stage.floor();
  const product = await stage.product();
  const path = '/troubleTicket';
  const token = withToken(product.database.partyToken);
  return {
    floor: creating(stage, floor.server, { name: 'floor', path: '/tickets', headers: {} }),
    // The number stands in the Idempotency-Key as in the mirrorKey.
    product: creating(stage, product.server, {
      name: 'product',
      path,
      headers: { ...token, 'idempotency-key': `bench-${COUNTER}` },
    }),
    withoutKey: creating(stage, product.server, { name: 'product without key', path, headers: token }),
  };
}
