import { sendWritten } from '../../../http/reply.ts';
import type { Answer } from '../../../kernel/answer.ts';
import { invalid, RefusalError } from '../../../kernel/errors.ts';
import { writeOnce } from '../../../store/catalogue/write-once.ts';
import { recordAnswer } from '../../../store/idempotency.ts';
import type { Store } from '../../../store/store.ts';
import { type EventResult, takeEvents } from '../engine/take-events.ts';
import { errorsByField } from './errors.ts';
import type { Place } from './place.ts';
import { eventsBody, wireEventResults } from './schema.ts';

/** POST …/workItemEvents. */
export function workItemEventRoutes({ app, store, base, access, shown }: Place): void {
  app.post(
    base,
    {
      ...access,
      config: { takesAttachments: true },
      schema: {
        ...shown,
        summary: 'Take in events of work items',
        description:
          'One event, or a list of up to 1,000. Events may be sent again and in any order. In a list each is good or refused by itself; ' +
          'a single event that is wrong is refused as a request.',
        body: eventsBody,
        response: { 202: wireEventResults },
      },
    },
    async (request, reply) => {
      const { actor, idempotency, body } = request;
      const written = await writeOnce(store, { actor, idempotency }, async () => {
        const answer = await takeIn(store, actor.account, body);
        // Without the record, a request that is sent again is told that its events are known: nothing is done twice.
        if (idempotency) {
          await recordAnswer(store.sql, actor.account, actor.id, idempotency, answer, store.clock.now());
        }
        return answer;
      });
      return sendWritten(reply, written);
    },
  );
}

/** @throws RefusalError where the request is one event, and wrong */
async function takeIn(store: Store, account: string, body: unknown): Promise<Answer> {
  const given = (Array.isArray(body) ? body : [body]).map(withNumber);
  const results = await takeEvents(store, account, given);
  const [only] = results;
  if (!Array.isArray(body) && only?.outcome === 'refused') throw new RefusalError(invalid(only.errors));
  return { status: 202, headers: {}, body: JSON.stringify({ results: results.map(resultToWire) }) };
}

/** The number of a work item may be written as digits, as exceptions show it. */
function withNumber(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || !('authorizationNumber' in event)) return event;
  const { authorizationNumber: given } = event;
  return typeof given === 'string' && /^\d{1,16}$/.test(given)
    ? { ...event, authorizationNumber: Number(given) }
    : event;
}

function resultToWire(result: EventResult) {
  const { id, outcome } = result;
  return outcome === 'refused' ? { id, outcome, errors: errorsByField(result.errors) } : { id, outcome };
}
