import { sendJson } from '../../../http/reply.ts';
import { findTriggers, triggerToWire } from './find-triggers.ts';
import { fireNowRoute } from './fire-now-route.ts';
import type { Place } from './place.ts';
import { pendingTriggersQuery, wireTriggers, workItemParams } from './schema.ts';

/** What operators look at. */
export function diagnosticsRoutes(place: Place): void {
  const { app, store, base, access, shown } = place;

  app.get(
    `${base}/unhandledErrorTest`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Fail, to see that failures are reported',
        description: 'Answers 500 and is reported as any failure is.',
      },
    },
    async () => {
      throw new UnhandledErrorTest('Somebody asked for an unhandled error, to test its reporting.');
    },
  );

  app.get(
    `${base}/pendingTriggers/:authorizationNumber`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'The pending triggers of a work item, soonest first',
        params: workItemParams,
        querystring: pendingTriggersQuery,
        response: { 200: wireTriggers },
      },
    },
    async ({ actor, params, query }, reply) => {
      const part = query.messageTypeContains?.toLowerCase() ?? '';
      const triggers = await findTriggers(store, actor.account, String(params.authorizationNumber));
      const shownOnes = triggers.filter(({ messageType }) => messageType.toLowerCase().includes(part));
      return sendJson(reply, 200, { triggers: shownOnes.map(triggerToWire) });
    },
  );

  fireNowRoute(place);
}

class UnhandledErrorTest extends Error {
  override readonly name = 'UnhandledErrorTest';
}
