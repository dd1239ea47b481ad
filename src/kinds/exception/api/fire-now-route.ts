import type { FastifyRequest } from 'fastify';
import { sendRefusal } from '../../../http/errors.ts';
import { sendWritten } from '../../../http/reply.ts';
import type { Answer, Written } from '../../../kernel/answer.ts';
import { type Refusal, RefusalError, refuse } from '../../../kernel/errors.ts';
import { writeOnce } from '../../../store/catalogue/write-once.ts';
import { findEcho } from '../../../store/idempotency.ts';
import type { Store } from '../../../store/store.ts';
import type { SubjectTimer } from '../../../store/subject-timers.ts';
import { fireTriggers } from '../engine/fire.ts';
import { isProduction } from '../environment.ts';
import { CONTRACT } from './contract-name.ts';
import { findTriggers } from './find-triggers.ts';
import type { Place } from './place.ts';
import { fireNowQuery, NO_CONTENT } from './schema.ts';
import { workItemOf } from './trigger-names.ts';

const FIRED: Answer = { status: 204, headers: {}, body: '' };

/** POST …/pendingTriggers/commands/fireNow. */
export function fireNowRoute({ app, store, base, access, shown }: Place): void {
  app.post(
    `${base}/pendingTriggers/commands/fireNow`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Fire a trigger now',
        description:
          'Does what the trigger would do when it is due: the condition of its rule is looked at again. Refused where the setting `exception.environment` of the account is `production`.',
        querystring: fireNowQuery,
        response: { 204: NO_CONTENT },
      },
    },
    async (request, reply) => {
      const { settings } = await store.directory.account(request.actor.account);
      if (isProduction(settings)) {
        const message = 'Triggers are not fired by hand in production.';
        return sendRefusal(reply, refuse('forbidden', message));
      }
      return sendWritten(reply, await fire(store, request, request.query.triggerName));
    },
  );
}

async function fire(
  store: Store,
  { actor, idempotency }: FastifyRequest,
  triggerName: string,
): Promise<Written | Refusal> {
  const gone = refuse('timerNotFound', `There is no pending trigger ${triggerName}.`);
  const written = await writeOnce(store, { actor, idempotency }, async () => {
    const timers = await timersCalled(store, actor.account, triggerName);
    if (timers.length === 0) throw new RefusalError(gone);
    const { taken, decisions, faults } = await fireTriggers(store, {
      account: actor.account,
      timers,
      actor,
      contract: CONTRACT,
      byHand: true,
      idempotency,
      answer: () => FIRED,
    });
    for (const decision of decisions) store.committed(decision);
    if (faults[0]) throw faults[0].fault;
    if (taken.length === 0) throw new RefusalError(gone);
    return FIRED;
  });
  if (written.ok || written.code !== gone.code) return written;
  // It may have been fired by this very request, sent to another node at the same moment.
  return (await findEcho(store.sql, { actor, idempotency })) ?? written;
}

async function timersCalled(store: Store, account: string, triggerName: string): Promise<SubjectTimer[]> {
  const workItem = workItemOf(triggerName);
  const triggers = workItem === null ? [] : await findTriggers(store, account, workItem);
  return triggers.filter((trigger) => trigger.triggerName === triggerName).map(({ timer }) => timer);
}
