import { jsonAnswer } from '../../../http/answer.ts';
import type { HallInstance } from '../../../http/contract.ts';
import { sendRefusal } from '../../../http/errors.ts';
import { etag } from '../../../http/if-match.ts';
import { sendJson, sendWritten } from '../../../http/reply.ts';
import { refuse } from '../../../kernel/errors.ts';
import { readTimeline } from '../../../store/log.ts';
import type { Store } from '../../../store/store.ts';
import { findCustomerElsewhere, linkTo } from '../customers.ts';
import { deskKind } from '../kind.ts';
import { DESK_PERMISSIONS } from '../permissions.ts';
import { commandOf } from '../plan.ts';
import type { CreateInput, EditInput } from '../ticket.ts';
import { BASE, CONTRACT, ITEM, TAG } from './contract-name.ts';
import { toItem, writtenBody } from './map.ts';
import {
  type CreateBody,
  createBody,
  inAnyForm,
  itemQuery,
  ticketParams,
  type UpdateBody,
  updateBody,
  wireOne,
  wireWritten,
} from './schema.ts';
import { readSpellings } from './spellings.ts';
import { toTimelineItem } from './timeline.ts';

/** Far beyond what any ticket has; a timeline is answered whole. */
const MOST_EVENTS = 10_000;
const YES: ReadonlySet<unknown> = new Set([true, 'yes', '1']);

/** POST index, GET item, PUT item. */
export function itemRoutes(app: HallInstance, store: Store): void {
  const kind = deskKind;

  app.post(
    BASE,
    {
      config: { permission: DESK_PERMISSIONS.create, creates: true },
      preValidation: readSpellings,
      schema: {
        tags: [TAG],
        summary: 'Create a ticket',
        description: 'Every field may be left out. Its status is new, its priority medium.',
        body: inAnyForm(createBody),
        response: { 200: wireWritten },
      },
    },
    async ({ actor, idempotency, body }, reply) => {
      const setting = await store.directory.account(actor.account);
      const written = await store.writer.create({
        kind,
        contract: CONTRACT,
        command: { type: 'create', name: 'create', input: toCreation((body ?? {}) as CreateBody) },
        actor,
        idempotency,
        answer: (ticket) =>
          jsonAnswer(200, writtenBody('The ticket was created.', toItem(ticket, setting)), ticket.version),
      });
      return sendWritten(reply, written.ok ? written : inPublishedNames(written));
    },
  );

  app.get(
    ITEM,
    {
      config: { permission: DESK_PERMISSIONS.read },
      schema: {
        tags: [TAG],
        summary: 'One ticket',
        params: ticketParams,
        querystring: itemQuery,
        response: { 200: wireOne },
      },
    },
    async ({ actor, params, query }, reply) => {
      const [ticket, setting] = await Promise.all([
        store.load(actor.account, { kind: kind.name, number: params.ticketID }),
        store.directory.account(actor.account),
      ]);
      if (!ticket) return sendRefusal(reply, refuse('ticketNotFound'));
      const events = YES.has(query.getTicketHistory)
        ? await readTimeline(store.sql, actor.account, ticket.id, 0, MOST_EVENTS)
        : null;
      const timeline = events?.map((event) => toTimelineItem(event, ticket.number, setting.timeZone));
      reply.header('etag', etag(ticket.version));
      return sendJson(reply, 200, { type: 'item', item: toItem(ticket, setting, timeline) });
    },
  );

  app.put(
    ITEM,
    {
      config: { permission: DESK_PERMISSIONS.update },
      preValidation: readSpellings,
      schema: {
        tags: [TAG],
        summary: 'Update a ticket',
        description: 'What is left out, null or empty stays as it is.',
        params: ticketParams,
        body: inAnyForm(updateBody),
        response: { 200: wireWritten },
      },
    },
    async ({ actor, idempotency, ifMatch, params, body }, reply) => {
      const { externalPrimaryID, title, status } = (body ?? {}) as UpdateBody;
      const setting = await store.directory.account(actor.account);
      const edit: EditInput = {
        ...(title !== undefined && { title }),
        ...(externalPrimaryID !== undefined &&
          (await linkElsewhere(store, actor.account, externalPrimaryID))),
      };
      const written = await store.writer.change({
        ref: { kind: kind.name, number: params.ticketID },
        kind: kind.name,
        contract: CONTRACT,
        ifMatch,
        command: (ticket) => commandOf(ticket, { state: status, edit }),
        whenOvertaken: 'decideAgain',
        actor,
        idempotency,
        answer: (ticket) =>
          jsonAnswer(200, writtenBody('The ticket was updated.', toItem(ticket, setting)), ticket.version),
      });
      return sendWritten(reply, written);
    },
  );
}

function toCreation({ brandID, channelID, assignedGroupID, formID, ...rest }: CreateBody): CreateInput {
  const group = Number(assignedGroupID ?? 0);
  return {
    ...rest,
    ...(brandID !== undefined && { brand: Number(brandID) }),
    ...(channelID !== undefined && { channel: Number(channelID) }),
    ...(formID !== undefined && { form: Number(formID) }),
    ...(group !== 0 && { queue: String(group) }),
  };
}

const PUBLISHED: Readonly<Record<string, string>> = {
  '/brand': '/brandID',
  '/channel': '/channelID',
  '/queue': '/assignedGroupID',
  '/form': '/formID',
};

/** The core's faults speak of the kind's own names. */
function inPublishedNames<T extends { readonly errors?: readonly { pointer: string; message: string }[] }>(
  refusal: T,
): T {
  if (!refusal.errors) return refusal;
  const errors = refusal.errors.map(({ pointer, message }) => ({
    pointer: PUBLISHED[pointer] ?? pointer,
    message,
  }));
  return { ...refusal, errors };
}

/** The customer whom another system knows by this id. An id of nobody is kept, for a customer who is yet to come. */
async function linkElsewhere(store: Store, account: string, externalPrimaryID: string): Promise<EditInput> {
  const customer = await findCustomerElsewhere(store, account, externalPrimaryID);
  if (customer) return linkTo(customer);
  return { customer: null, customerName: null, externalReference: externalPrimaryID, externalURL: null };
}
