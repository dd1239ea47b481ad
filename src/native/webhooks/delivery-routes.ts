import { Type } from 'typebox';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { cursorFormat } from '../../http/paging.ts';
import { sendJson } from '../../http/reply.ts';
import { RefusalError, refuse } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import { findDelivery, listDeliveries } from '../../webhooks/deliveries.ts';
import { findTarget } from '../../webhooks/targets.ts';
import type { Webhooks } from '../../webhooks/webhooks.ts';
import { cursor, DEFAULT_LIMIT, foreignCursor, limitOf, listMark } from '../query.ts';
import { keepersOnly, keeps, noSuchWebhook } from './access.ts';
import { toWireDelivery, toWireWebhook, wireDeliveries, wireDelivery, wireWebhook } from './schema.ts';
import { webhookParams } from './target-routes.ts';
import { sendTargetWork } from './write.ts';

const deliveriesQuery = Type.Object({
  status: Type.Optional(Type.Enum(['waiting', 'delivered', 'failed', 'dropped'])),
  ticket: Type.Optional(Type.String({ format: 'uuid', description: 'Only deliveries of this ticket.' })),
  limit: limitOf(200, DEFAULT_LIMIT),
  cursor,
});

const cursors = cursorFormat(Type.Object({ list: Type.String(), before: Type.Integer() }));

const deliveryParams = Type.Object({
  ...webhookParams.properties,
  delivery: Type.String({ format: 'uuid' }),
});

/** GET /webhooks/{id}/deliveries; POST /webhooks/{id}/deliveries/{delivery}/replay and /webhooks/{id}/replay. */
export function deliveryRoutes(app: HallInstance, base: string, store: Store, webhooks: Webhooks): void {
  const path = `${base}/webhooks/:id`;
  const tags = ['webhooks'];

  app.get(
    `${path}/deliveries`,
    {
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'List the deliveries of a webhook',
        description: 'Newest first. What was delivered is listed for 30 days, what failed for 90.',
        params: webhookParams,
        querystring: deliveriesQuery,
        response: { 200: wireDeliveries },
      },
    },
    async ({ actor, params: { id }, query }, reply) => {
      const target = await findTarget(store.sql, actor.account, id);
      if (!keeps(actor, target)) throw noSuchWebhook(id);
      const { limit, cursor: start, status, ticket } = query;
      const list = listMark({ id, status, ticket });
      const decoded = start === undefined ? null : cursors.decode(start);
      if (decoded && !decoded.ok) return sendRefusal(reply, decoded);
      if (decoded && decoded.position.list !== list) return sendRefusal(reply, foreignCursor());
      const before = decoded?.position.before ?? null;
      const wanted = { status, ticket, before, limit: limit + 1 };
      const found = await listDeliveries(store.listSql, actor.account, id, wanted);
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return sendJson(reply, 200, {
        items: items.map(({ delivery }) => toWireDelivery(delivery)),
        next: found.length > limit && last ? cursors.encode({ list, before: last.ord }) : null,
      });
    },
  );

  app.post(
    `${path}/deliveries/:delivery/replay`,
    {
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'Send one delivery again',
        description:
          'As a delivery of its own at the end of its ticket’s line, with the same `webhook-id`. One that waits is tried at once instead, where no other of its ticket waits before it.',
        params: deliveryParams,
        response: { 202: wireDelivery },
      },
    },
    async (request, reply) => {
      const { account } = request.actor;
      const { id, delivery } = request.params;
      const sent = await sendTargetWork(store, request, reply, async (tx, target) => {
        const present = await findDelivery(tx, account, id, delivery);
        if (!present) throw new RefusalError(refuse('entryNotFound', `There is no delivery ${delivery}.`));
        const { status, ticket } = present;
        if (status === 'waiting') await webhooks.hurry(tx, target, [ticket]);
        const next = status === 'waiting' ? present : await webhooks.replay(tx, target, present);
        if (!next) throw new RefusalError(refuse('ticketNotFound', 'What it told of has been erased since.'));
        return { status: 202, headers: {}, body: JSON.stringify(toWireDelivery(next)) };
      });
      webhooks.wake();
      return sent;
    },
  );

  app.post(
    `${path}/replay`,
    {
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'Send all that happened since a moment again',
        description:
          'In the order of the log and as the webhook’s filter is now, also what happened before it was registered. New events wait behind.',
        params: webhookParams,
        body: Type.Object({ since: Type.String({ format: 'date-time' }) }),
        response: { 202: wireWebhook },
      },
    },
    async (request, reply) => {
      const since = new Date(request.body.since);
      const sent = await sendTargetWork(store, request, reply, async (tx, target, now) => {
        await webhooks.replaySince(tx, target, since);
        return jsonAnswer(202, toWireWebhook(target, now), target.version);
      });
      webhooks.wake();
      return sent;
    },
  );
}
