import type { Catalogue, Entry } from '../../../core/collection.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson } from '../../../http/reply.ts';
import type { Actor } from '../../../kernel/actor.ts';
import { type Refusal, refuse } from '../../../kernel/errors.ts';
import { RULES, type RuleData, TYPES } from '../rules/rule.ts';
import { collectionOf, givenOf, writeEntry, writtenAnswer } from './entries.ts';
import { PAGE_SIZE, ruleKeys } from './page-keys.ts';
import type { Place } from './place.ts';
import {
  NO_CONTENT,
  ruleParams,
  rulesQuery,
  ruleUpdate,
  type WireRule,
  wireRule,
  wireRules,
} from './schema.ts';

/** The rules that open exceptions. */
export function ruleRoutes({ app, store, base, access, shown }: Place): void {
  const collection = collectionOf(store, RULES);

  app.get(
    base,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'List rules',
        description:
          'In the order of their ids. Rules that are switched off are left out unless they are asked for.',
        querystring: rulesQuery,
        response: { 200: wireRules },
      },
    },
    async ({ actor, query }, reply) => {
      const start = query.pageKey === undefined ? null : ruleKeys.decode(query.pageKey);
      if (start && !start.ok) return sendRefusal(reply, start);
      const after = start?.position.afterRule ?? 0;
      const catalogue = await store.catalogue(actor.account);
      const rest = catalogue
        .entries(RULES)
        .filter(({ key, data }) => Number(key) > after && (query.includeInactive || data.isActive === true));
      const page = rest.slice(0, PAGE_SIZE);
      const last = rest.length > PAGE_SIZE ? page.at(-1) : undefined;
      return sendJson(reply, 200, {
        ticketExceptionRules: page.map((entry) => ruleToWire(entry, catalogue)),
        pageKey: last ? ruleKeys.encode({ afterRule: Number(last.key) }) : null,
      });
    },
  );

  app.get(
    `${base}/:ruleId`,
    { ...access, schema: { ...shown, summary: 'One rule', params: ruleParams, response: { 200: wireRule } } },
    async ({ actor, params }, reply) => {
      const catalogue = await store.catalogue(actor.account);
      const entry = catalogue.entry(RULES, String(params.ruleId));
      if (!entry) return sendRefusal(reply, missing(params.ruleId));
      reply.header('etag', etag(entry.version));
      return sendJson(reply, 200, ruleToWire(entry, catalogue));
    },
  );

  app.patch(
    `${base}/:ruleId`,
    {
      ...access,
      schema: {
        ...shown,
        summary: 'Switch a rule on or off, or describe it',
        description: 'What is left out stays. The rule keeps who changed it last.',
        params: ruleParams,
        body: ruleUpdate,
        response: { 204: NO_CONTENT },
      },
    },
    async (request, reply) => {
      const { ruleId } = request.params;
      const given = givenOf(request.body);
      return writeEntry(store, request, reply, {
        collection,
        key: String(ruleId),
        change: (present) => (present ? changed(present, given, request.actor) : missing(ruleId)),
        answer: writtenAnswer(base, () => ({})),
      });
    },
  );
}

export function ruleToWire({ key, data }: Entry, catalogue: Catalogue): WireRule {
  const { isActive, exceptionType, description } = data as unknown as RuleData;
  const type = catalogue.entry(TYPES, exceptionType);
  return {
    id: Number(key),
    isActive,
    exceptionTypeId: Number(exceptionType),
    exceptionTypeName: String(type?.data.identifier ?? ''),
    description,
  };
}

/** What changes nothing leaves the rule's last author as well. */
function changed({ data }: Entry, given: Partial<Pick<RuleData, 'isActive' | 'description'>>, actor: Actor) {
  const isSame = Object.entries(given).every(([name, value]) => data[name] === value);
  return isSame ? data : { ...data, ...given, changedBy: authorOf(actor) };
}

/** Who changes a rule, by the claims PersonId and DisplayName. */
export function authorOf({ id, name }: Actor): { personId: string; displayName: string } {
  return { personId: id, displayName: name };
}

function missing(ruleId: number): Refusal {
  return refuse('entryNotFound', `There is no rule ${ruleId}.`);
}
