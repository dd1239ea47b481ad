import type { FastifyRequest } from 'fastify';
import type { Written } from '../../../kernel/answer.ts';
import type { Refusal } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { deskKind } from '../kind.ts';
import { CONTRACT } from './contract-name.ts';
import { tellRefusal } from './errors.ts';
import { manyAnswer, resultAnswer } from './many.ts';

const ofDesk = { kind: deskKind.name, contract: CONTRACT, admits: () => true } as const;

/** Takes one ticket away, with all that it held. */
export function eraseOne(
  { writer }: Store,
  { actor, idempotency, ifMatch }: FastifyRequest,
  number: number,
): Promise<Written | Refusal> {
  return writer.erase({
    ...ofDesk,
    ref: { kind: deskKind.name, number },
    ifMatch,
    actor,
    idempotency,
    answer: ({ number: id }) => resultAnswer({ message: 'The ticket was deleted.', id }),
  });
}

/** The same to many; a ticket that is not there keeps no other from being deleted. `If-Match` counts for one alone. */
export function eraseMany(
  { writer }: Store,
  { actor, idempotency, ifMatch }: FastifyRequest,
  numbers: readonly number[],
): Promise<Written | Refusal> {
  return writer.eraseMany({
    ...ofDesk,
    refs: numbers.map((number) => ({ kind: deskKind.name, number })),
    ifMatch: numbers.length === 1 ? ifMatch : null,
    actor,
    idempotency,
    answer: (results) =>
      manyAnswer(
        results.map((result, place) => {
          const id = numbers[place] ?? 0;
          return result.ok ? { id, result: 'done' } : { id, result: 'refused', message: tellRefusal(result) };
        }),
      ),
  });
}
