import { Type } from 'typebox';
import { jsonAnswer } from '../../http/answer.ts';
import type { HallInstance } from '../../http/contract.ts';
import { sendRefusal } from '../../http/errors.ts';
import { etag } from '../../http/if-match.ts';
import { cursorFormat } from '../../http/paging.ts';
import { sendJson } from '../../http/reply.ts';
import type { Actor } from '../../kernel/actor.ts';
import { type FieldError, invalid, RefusalError, refuse } from '../../kernel/errors.ts';
import type { Store } from '../../store/store.ts';
import { urlFault } from '../../webhooks/address.ts';
import { allowsPrivateAddresses } from '../../webhooks/settings.ts';
import {
  countTargets,
  deleteTarget,
  findTarget,
  insertTarget,
  listTargets,
  updateTarget,
} from '../../webhooks/targets.ts';
import { cursor, DEFAULT_LIMIT, limitOf } from '../query.ts';
import { keepersOnly, keeps, noSuchWebhook, webhookScope } from './access.ts';
import { NATIVE_FORMAT } from './format.ts';
import { changedFilter } from './patch.ts';
import {
  fromWireFilter,
  type NewWebhook,
  newWebhook,
  toWireWebhook,
  type WebhookPatch,
  webhookPatch,
  wireSecretWebhook,
  wireWebhook,
  wireWebhooks,
} from './schema.ts';
import { sendOnce, sendTargetWork } from './write.ts';

/** Webhooks that one party may have, and that the account's staff may have. */
const MOST_WEBHOOKS = 100;

const cursors = cursorFormat(Type.Object({ after: Type.String({ format: 'uuid' }) }));

export const webhookParams = Type.Object({ id: Type.String({ format: 'uuid' }) });

/** POST and GET /webhooks; GET, PATCH and DELETE /webhooks/{id}. */
export function targetRoutes(app: HallInstance, base: string, store: Store): void {
  const path = `${base}/webhooks`;
  const tags = ['webhooks'];

  app.post(
    path,
    {
      config: { creates: true },
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'Register a webhook',
        description:
          "From now on, events are POSTed to the URL as CloudEvents 1.0, signed as Standard Webhooks says. The account's own staff needs the permission `webhooks.write`; another party hears of its own tickets, of what others did.",
        body: newWebhook,
        response: { 201: wireSecretWebhook },
      },
    },
    async (request, reply) => {
      const { actor, body } = request;
      await refuseFaults(store, actor, body);
      const { party } = webhookScope(actor);
      return sendOnce(store, request, reply, async (tx, now) => {
        if ((await countTargets(tx, actor.account, party)) >= MOST_WEBHOOKS) {
          throw new RefusalError(
            refuse('forbidden', `There are ${MOST_WEBHOOKS} webhooks already; delete one.`),
          );
        }
        const { account, id: createdBy } = actor;
        const { url, description = null } = body;
        const filter = fromWireFilter(body);
        const added = { account, format: NATIVE_FORMAT, party, url, description, filter, createdBy };
        const target = await insertTarget(tx, added, now);
        const wire = { ...toWireWebhook(target, now), secret: target.secrets[0]?.secret };
        return jsonAnswer(201, wire, target.version, `${path}/${target.id}`);
      });
    },
  );

  app.get(
    path,
    {
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'List webhooks',
        description:
          'Oldest first. Staff who read all tickets see those of all parties, and of all contracts.',
        querystring: Type.Object({ limit: limitOf(200, DEFAULT_LIMIT), cursor }),
        response: { 200: wireWebhooks },
      },
    },
    async ({ actor, query }, reply) => {
      const start = query.cursor === undefined ? null : cursors.decode(query.cursor);
      if (start && !start.ok) return sendRefusal(reply, start);
      const { party } = webhookScope(actor);
      const { limit } = query;
      const after = start?.position.after ?? null;
      const found = await listTargets(store.sql, actor.account, { party, after, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return sendJson(reply, 200, {
        items: items.map((target) => toWireWebhook(target, store.clock.now())),
        next: found.length > limit && last ? cursors.encode({ after: last.id }) : null,
      });
    },
  );

  app.get(
    `${path}/:id`,
    {
      onRequest: keepersOnly,
      schema: { tags, summary: 'Read a webhook', params: webhookParams, response: { 200: wireWebhook } },
    },
    async ({ actor, params: { id } }, reply) => {
      const target = await findTarget(store.sql, actor.account, id);
      if (!keeps(actor, target)) throw noSuchWebhook(id);
      reply.header('etag', etag(target.version));
      return sendJson(reply, 200, toWireWebhook(target, store.clock.now()));
    },
  );

  app.patch(
    `${path}/:id`,
    {
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'Change a webhook',
        description:
          'A JSON merge patch (RFC 7396). What waits goes to the new URL at its next attempt; the filter holds for events from then on. What another contract’s webhook wants to hear is changed there.',
        params: webhookParams,
        body: {
          content: {
            'application/merge-patch+json': { schema: webhookPatch },
            'application/json': { schema: webhookPatch },
          },
        },
        response: { 200: wireWebhook },
      },
    },
    async (request, reply) => {
      const body = request.body as WebhookPatch;
      await refuseFaults(store, request.actor, body);
      return sendTargetWork(store, request, reply, async (tx, present, now) => {
        const { url = present.url, description = present.description } = body;
        const change = { url, description, filter: changedFilter(present, body) };
        const target = await updateTarget(tx, present, change, now);
        return jsonAnswer(200, toWireWebhook(target, now), target.version);
      });
    },
  );

  app.delete(
    `${path}/:id`,
    {
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'Delete a webhook',
        description: 'With the list of its deliveries. What is being sent at the moment is still sent.',
        params: webhookParams,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) =>
      sendTargetWork(store, request, reply, async (tx, { account, id }) => {
        await deleteTarget(tx, account, id);
        return { status: 204, headers: {}, body: '' };
      }),
  );
}

/** What the schemas cannot check. */
async function refuseFaults(
  { directory, kinds }: Store,
  { account }: Actor,
  { url, kinds: wanted }: Partial<Pick<NewWebhook, 'url'>> & Pick<WebhookPatch, 'kinds'>,
): Promise<void> {
  const faults: FieldError[] = [];
  if (url !== undefined) {
    const { settings } = await directory.account(account);
    const fault = urlFault(url, allowsPrivateAddresses(settings));
    if (fault !== null) faults.push({ pointer: '/url', message: fault });
  }
  for (const [index, kind] of (wanted ?? []).entries()) {
    if (kinds.has(kind)) continue;
    faults.push({ pointer: `/kinds/${index}`, message: `must be one of ${[...kinds.keys()].join(', ')}` });
  }
  if (faults.length > 0) throw new RefusalError(invalid(faults));
}
