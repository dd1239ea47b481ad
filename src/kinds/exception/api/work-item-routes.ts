import { sendRefusal } from '../../../http/errors.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import { findItem } from '../engine/store.ts';
import { listExceptions } from '../find.ts';
import { findTriggers, triggerToWire } from './find-triggers.ts';
import { exceptionToWire } from './map.ts';
import { PAGE_SIZE } from './page-keys.ts';
import type { Place } from './place.ts';
import { wireWorkItem, workItemParams } from './schema.ts';
import { wireTime } from './wire-time.ts';

/** GET …/workItems/{authorizationNumber}. */
export function workItemRoutes({ app, store, base, access, shown }: Place): void {
  app.get(
    `${base}/:authorizationNumber`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'A work item as its events tell it',
        description: 'With its exceptions, the newest first and at most fifty, and its pending triggers.',
        params: workItemParams,
        response: { 200: wireWorkItem },
      },
    },
    async ({ actor: { account }, params: { authorizationNumber } }, reply) => {
      const [item, exceptions, triggers] = await Promise.all([
        findItem(store.sql, account, authorizationNumber),
        listExceptions(store.listSql, account, { authorizationNumber, withClosed: true }, null, PAGE_SIZE),
        findTriggers(store, account, String(authorizationNumber)),
      ]);
      if (!item) {
        return sendRefusal(
          reply,
          refuse('notFound', `No event has told of work item ${authorizationNumber}.`),
        );
      }
      const facts = Object.entries(item.facts).map(([name, { value, at }]) => [
        name,
        { value, since: wireTime(new Date(at)) },
      ]);
      return sendJson(reply, 200, {
        authorizationNumber: String(authorizationNumber),
        facts: Object.fromEntries(facts),
        ticketExceptions: exceptions.map(exceptionToWire),
        triggers: triggers.map(triggerToWire),
      });
    },
  );
}
