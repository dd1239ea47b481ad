import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { sendJson } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import type { Store } from '../../../store/store.ts';
import { DEPARTMENTS, type DepartmentData, QUEUES, type QueueData } from '../collections.ts';
import { fieldsOf } from '../fields.ts';
import { languageCode } from '../language.ts';
import { searchReasons } from '../reasons/search.ts';
import { reasonTree } from '../reasons/tree.ts';
import { findTicket } from './find.ts';
import { resolutionStatuses } from './map.ts';
import { toWireFound, toWireTree } from './map-reasons.ts';
import type { Place } from './place.ts';
import { languagesOf } from './render.ts';
import {
  searchQuery,
  ticketParams,
  wireDepartments,
  wireQueues,
  wireReasonSearch,
  wireReasons,
  wireResolutionStatuses,
} from './schema.ts';

/** What an agent chooses from: departments, queues, resolutions and contact reasons. */
export function configurationRoutes(app: HallInstance, store: Store, place: Place): void {
  const { base, version, reading, shown } = place;
  if (version === 'v2') {
    app.get(
      `${base}/escalation/departments`,
      {
        config: reading,
        schema: {
          ...shown('configuration'),
          summary: 'The departments that a ticket can be escalated to',
          response: { 200: wireDepartments },
        },
      },
      async ({ actor }, reply) => {
        const catalogue = await store.catalogue(actor.account);
        const departments = catalogue.entries(DEPARTMENTS);
        return sendJson(
          reply,
          200,
          departments.map(({ key, data }) => ({ id: key, label: (data as DepartmentData).label })),
        );
      },
    );
  }

  app.get(
    `${base}/tickets/:ticketID/transfer/queues`,
    {
      config: reading,
      schema: {
        ...shown('configuration'),
        summary: 'The queues that a ticket can be moved to, those of its language first',
        params: ticketParams,
        response: { 200: wireQueues },
      },
    },
    async ({ actor, params }, reply) => {
      const ticket = await findTicket(store, actor.account, params.ticketID);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      const wanted = languageCode(fieldsOf(ticket).language ?? '');
      const queues = (await store.catalogue(actor.account)).entries(QUEUES).map(({ key, data }) => {
        const { name, language } = data as QueueData;
        return { id: key, name, language };
      });
      const speaks = ({ language }: { language: string }) => languageCode(language) === wanted;
      const [first, others] = [queues.filter(speaks), queues.filter((queue) => !speaks(queue))];
      return sendJson(reply, 200, { list: [...first, ...others] });
    },
  );

  app.get(
    `${base}/resolution-statuses`,
    {
      config: reading,
      schema: {
        ...shown('configuration'),
        summary: 'How a ticket can be resolved',
        response: { 200: wireResolutionStatuses },
      },
    },
    async (_request, reply) => sendJson(reply, 200, resolutionStatuses),
  );

  app.get(
    `${base}/ccr`,
    {
      config: reading,
      schema: { ...shown('contact reasons'), summary: 'All contact reasons', response: { 200: wireReasons } },
    },
    async ({ actor }, reply) =>
      sendJson(reply, 200, toWireTree(reasonTree(await store.catalogue(actor.account)))),
  );

  app.get(
    `${base}/ccr/search`,
    {
      config: reading,
      schema: {
        ...shown('contact reasons'),
        summary: 'Find contact reasons by code or by name, the best first',
        description: 'Words count as beginnings; typing errors are forgiven. At most fifty are given.',
        querystring: searchQuery,
        response: { 200: wireReasonSearch },
      },
    },
    async (request, reply) => {
      const { query, language } = request.query;
      const [catalogue, languages] = await Promise.all([
        store.catalogue(request.actor.account),
        languagesOf(store, request),
      ]);
      const wanted = language ? languageCode(language) : null;
      const found = searchReasons(reasonTree(catalogue), query, wanted, languages);
      return sendJson(reply, 200, { list: found.map((reason) => toWireFound(reason, languages)) });
    },
  );
}
