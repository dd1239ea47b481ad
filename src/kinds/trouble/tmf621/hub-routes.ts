import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson, sendWritten } from '../../../http/reply.ts';
import { type Actor, isOwnStaff, may } from '../../../kernel/actor.ts';
import type { Answer } from '../../../kernel/answer.ts';
import { invalid, type Refusal, RefusalError, refuse } from '../../../kernel/errors.ts';
import { writeOnce } from '../../../store/catalogue/write-once.ts';
import { inTransaction, type Sql } from '../../../store/database.ts';
import { recordAnswer } from '../../../store/idempotency.ts';
import type { Store } from '../../../store/store.ts';
import { urlFault } from '../../../webhooks/address.ts';
import { allowsPrivateAddresses } from '../../../webhooks/settings.ts';
import type { Target } from '../../../webhooks/target.ts';
import {
  countTargets,
  deleteTarget,
  findTarget,
  insertTarget,
  lockTarget,
} from '../../../webhooks/targets.ts';
import { scopeOf } from './access.ts';
import type { Document } from './document.ts';
import type { HubFilter } from './hub-format.ts';
import { readHubQuery } from './hub-query.ts';
import { hubEventNames } from './hub-subjects.ts';
import { optional, typed } from './shapes.ts';
import type { Version } from './version.ts';

/** Lets the account's own staff keep hubs, as other webhooks. Another party keeps its own without it. */
const WEBHOOKS_PERMISSION = 'webhooks.write';
/** Hubs and other webhooks that one party may have, and that the account's staff may have. */
const MOST = 100;

const tags = ['hub'];
const hubParams = Type.Object({ id: Type.String({ format: 'uuid' }) });
const hubBody = Type.Object({
  callback: Type.String({ minLength: 1, maxLength: 2000 }),
  query: optional(Type.String({ maxLength: 2000 })),
  ...typed,
});
const wireHub4 = Type.Object({
  id: Type.String(),
  callback: Type.String(),
  query: optional(Type.String()),
});
const wireHub5 = Type.Object({ ...wireHub4.properties, href: Type.String(), '@type': Type.Literal('Hub') });

/** POST /hub and DELETE /hub/{id}; in version 5 GET /hub/{id}. */
export function hubRoutes(app: HallInstance, store: Store, version: Version): void {
  const { base, contract, isFifth } = version;
  const wireHub = isFifth ? wireHub5 : wireHub4;
  const toWire = ({ id, url, filter }: Target<HubFilter>): Document => ({
    id,
    ...(isFifth && { href: `${base}/hub/${id}` }),
    callback: url,
    ...(filter.query !== null && { query: filter.query }),
    ...(isFifth && { '@type': 'Hub' }),
  });

  app.post(
    `${base}/hub`,
    {
      config: { creates: true },
      onRequest: keepersOnly,
      schema: {
        tags,
        summary: 'Register a listener',
        description:
          'From now on, events are POSTed to `callback`, for each resource in their order, and tried again for a day. `query` narrows them: `eventType=TroubleTicketStatusChangeEvent`.',
        body: hubBody,
        response: { 201: wireHub },
      },
    },
    async (request, reply) => {
      const { actor, body } = request;
      const { settings } = await store.directory.account(actor.account);
      const query = readHubQuery(body.query, hubEventNames(version));
      const wrongUrl = urlFault(body.callback, allowsPrivateAddresses(settings));
      const faults = [
        ...(wrongUrl === null ? [] : [{ pointer: '/callback', message: wrongUrl }]),
        ...(query.ok ? [] : (query.errors ?? [])),
      ];
      if (!query.ok || faults.length > 0) return sendRefusal(reply, invalid(faults));
      const { account, id: createdBy } = actor;
      const party = partyOf(actor);
      const { filter } = query;
      return sendOnce(store, request, reply, async (tx, now) => {
        if ((await countTargets(tx, account, party)) >= MOST) {
          throw new RefusalError(refuse('forbidden', `There are ${MOST} listeners already; take one away.`));
        }
        const added = {
          account,
          format: contract,
          party,
          url: body.callback,
          description: null,
          filter,
          createdBy,
        };
        const target = (await insertTarget(tx, added, now)) as Target<HubFilter>;
        const headers = { location: `${base}/hub/${target.id}`, etag: etag(target.version) };
        return { status: 201, headers, body: JSON.stringify(toWire(target)) };
      });
    },
  );

  app.delete(
    `${base}/hub/:id`,
    {
      onRequest: keepersOnly,
      schema: { tags, summary: 'Take a listener away', params: hubParams, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { actor, params, ifMatch } = request;
      return sendOnce(store, request, reply, async (tx) => {
        const target = await lockTarget(tx, actor.account, params.id);
        if (!isOwnHub(target, actor, contract)) throw new RefusalError(noSuchHub(params.id));
        if (ifMatch !== null && ifMatch !== target.version) throw new RefusalError(refuse('versionMismatch'));
        await deleteTarget(tx, actor.account, params.id);
        return { status: 204, headers: {}, body: '' };
      });
    },
  );

  if (!isFifth) return;
  app.get(
    `${base}/hub/:id`,
    {
      onRequest: keepersOnly,
      schema: { tags, summary: 'One listener', params: hubParams, response: { 200: wireHub } },
    },
    async ({ actor, params }, reply) => {
      const target = await findTarget(store.sql, actor.account, params.id);
      if (!isOwnHub(target, actor, contract)) return sendRefusal(reply, noSuchHub(params.id));
      reply.header('etag', etag(target.version));
      return sendJson(reply, 200, toWire(target));
    },
  );
}

/** Refuses those who may keep no listeners, before anything else is looked at. */
async function keepersOnly({ actor }: FastifyRequest): Promise<void> {
  if (isOwnStaff(actor) && !may(actor, WEBHOOKS_PERMISSION)) {
    const message = `To keep listeners your credential needs the permission ${WEBHOOKS_PERMISSION}.`;
    throw new RefusalError(refuse('forbidden', message));
  }
  partyOf(actor);
}

/** What a listener of the caller hears of: the tickets of its party, or all (null). */
function partyOf(actor: Actor): string | null {
  const scope = scopeOf(actor);
  if (!scope.ok) throw new RefusalError(scope);
  return scope.party;
}

/** A listener of another version, or that hears of more than the caller may read, is not there for it. */
function isOwnHub(target: Target | null, actor: Actor, contract: string): target is Target<HubFilter> {
  const party = partyOf(actor);
  return target !== null && target.format === contract && (party === null || target.party === party);
}

function noSuchHub(id: string): Refusal {
  return refuse('entryNotFound', `There is no hub ${id}.`);
}

/** Answers a write whose effects, and the record of whose answer, are one transaction. */
async function sendOnce(
  store: Store,
  { actor, idempotency }: FastifyRequest,
  reply: FastifyReply,
  change: (tx: Sql, now: Date) => Promise<Answer>,
): Promise<FastifyReply> {
  const written = await writeOnce(store, { actor, idempotency }, () =>
    inTransaction(store.sql, async (tx) => {
      const now = store.clock.now();
      const answer = await change(tx, now);
      if (idempotency) await recordAnswer(tx, actor.account, actor.id, idempotency, answer, now);
      return answer;
    }),
  );
  return sendWritten(reply, written);
}
