import type { Entry } from '../../core/collection.ts';
import type { Change, ChangeContext, Input } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { parseDuration } from '../../kernel/duration.ts';
import { invalid, type Refusal, refuse } from '../../kernel/errors.ts';
import { findQueue } from './collections.ts';
import { escalate } from './escalate.ts';
import { type CareFields, type CareLink, fieldsOf, ownLanguage, titleOf } from './fields.ts';
import type {
  CloseInput,
  CreateInput,
  EditInput,
  LinkInput,
  OrderInput,
  ReasonInput,
  ReassignInput,
  TransferInput,
} from './inputs.ts';
import { reasonTree } from './reasons/tree.ts';
import { type CareTransition, DEADLINE_SETTING } from './workflow.ts';

export const DEFAULT_DEADLINE = 'PT24H';
/** What a ticket has that came without a priority. */
const USUAL_PRIORITY = 3;
const SMALLINT = { least: -(2 ** 15), most: 2 ** 15 - 1 };
/** Of a content's texts so much is found by a search. */
const SEARCHED_CONTENT = 4000;

type Rule = (ticket: Ticket, input: Input, context: ChangeContext) => Change | Refusal;

const RULES: Readonly<Record<Exclude<CareTransition, 'create'>, Rule>> = {
  escalate,
  close,
  reassign,
  transfer,
  updateReason,
  updateOrder,
  respond: (ticket, _input, { now }) => stampOnce(ticket, 'respondedAt', now),
  pick: (ticket, _input, { now }) => stampOnce(ticket, 'pickedAt', now),
  closeChat: (ticket, _input, { now }) => stampOnce(ticket, 'chatClosedAt', now),
  missDeadline: (ticket, _input, { now }) => stampOnce(ticket, 'missedDeadlineAt', now),
};

/** What a creation, a transition or an edit sets. The input has passed the schema of its command. */
export function changeCare(
  ticket: Ticket | null,
  name: string | null,
  input: Input,
  context: ChangeContext,
): Change | Refusal {
  if (!ticket) return create(input as unknown as CreateInput, context);
  if (name === null) return edit(ticket, input as unknown as EditInput);
  return RULES[name as Exclude<CareTransition, 'create'>](ticket, input, context);
}

function create(input: CreateInput, { actor, now, settings, catalogue }: ChangeContext): Change {
  const {
    title,
    assignee,
    queue,
    priority = USUAL_PRIORITY,
    orderId,
    tags,
    content,
    childrenLinks,
    ...rest
  } = input;
  const customer = input.customer && withFullName(input.customer);
  const fields: CareFields = {
    ...rest,
    ...(customer && { customer }),
    type: rest.type ?? rest.channel,
    channel: rest.channel ?? rest.type,
    content: content ?? {},
    priority,
    statusSince: now.toISOString(),
    deadlineAt: new Date(now.getTime() + deadlineMs(settings)).toISOString(),
    links: (childrenLinks ?? []).map((link) => toLink(link, actor.name, now)),
  };
  const name = title ?? titleOf(fields, catalogue, ownLanguage(settings));
  return {
    ok: true,
    set: {
      title: name,
      priority: nearest(priority),
      assignee: assignee ?? null,
      queue: queue === undefined ? null : (findQueue(catalogue, queue)?.key ?? queue),
      customer: input.customer?.id ?? null,
      tags: tags ?? [],
      externalReference: orderId || null,
      uniqueKey: input.externalId ?? null,
      fields: { ...fields },
    },
    reason: input.statusReason ?? null,
    searchText: [
      input.externalId,
      orderId,
      ...Object.values(customer ?? {}),
      input.vendor?.id,
      input.ccr,
      input.localCcr,
      Object.values(content ?? {})
        .filter((value) => typeof value === 'string')
        .join(' ')
        .slice(0, SEARCHED_CONTENT),
    ]
      .filter((part) => part !== undefined)
      .join(' '),
  };
}

function withFullName(customer: NonNullable<CreateInput['customer']>) {
  const parts = [customer.firstName, customer.lastName].filter((part) => part);
  return customer.name || parts.length === 0 ? customer : { ...customer, name: parts.join(' ') };
}

function toLink({ createdAt, creator, ...link }: LinkInput, actor: string, now: Date): CareLink {
  const at = createdAt === undefined ? now : new Date(createdAt * 1000);
  return { ...link, creator: creator ?? actor, createdAt: at.toISOString() };
}

function deadlineMs(settings: ChangeContext['settings']): number {
  return parseDuration(settings[DEADLINE_SETTING] ?? DEFAULT_DEADLINE) ?? 0;
}

/** The nearest number that the ticket's own column holds. */
function nearest(priority: number): number {
  return Math.min(SMALLINT.most, Math.max(SMALLINT.least, priority));
}

function close(ticket: Ticket, input: Input, { now }: ChangeContext): Change {
  const { statusReason, resolutionStatus, resolutionReason } = input as CloseInput;
  const fields: CareFields = {
    ...fieldsOf(ticket),
    statusReason,
    resolutionStatus,
    resolutionReason,
    statusSince: now.toISOString(),
  };
  return {
    ok: true,
    set: { fields: { ...fields } },
    reason: statusReason ?? null,
    data: { resolutionStatus, resolutionReason },
    searchText: [statusReason, resolutionReason].filter((part) => part !== undefined).join(' '),
  };
}

/** Within ASSIGNED the state stays, and with it the moment and, where no new one is given, the reason. */
function reassign(ticket: Ticket, input: Input, { now }: ChangeContext): Change {
  const { reason, assignee } = input as ReassignInput;
  const before = fieldsOf(ticket);
  const returns = ticket.state !== 'assigned';
  const fields: CareFields = {
    ...before,
    statusReason: reason ?? (returns ? undefined : before.statusReason),
    ...(returns && { statusSince: now.toISOString() }),
  };
  return {
    ok: true,
    set: { assignee, fields: { ...fields } },
    reason: reason ?? null,
    data: { assignee },
  };
}

function transfer(_ticket: Ticket, input: Input, { catalogue }: ChangeContext): Change | Refusal {
  const { queueId } = input as TransferInput;
  const queue: Entry | null = findQueue(catalogue, queueId);
  if (!queue) return invalid([{ pointer: '/queueId', message: 'must be the id of a queue' }]);
  return { ok: true, set: { queue: queue.key, assignee: null }, data: { queue: queue.key } };
}

/** A name of its own in the agent's language goes with the reason that it was given for. */
function updateReason(ticket: Ticket, input: Input, context: ChangeContext): Change | Refusal {
  const { catalogue, settings } = context;
  const { ccr } = input as ReasonInput;
  if (!reasonTree(catalogue).byCode.has(ccr)) {
    return invalid([{ pointer: '/ccr', message: 'must be the code of a contact reason' }]);
  }
  const before = fieldsOf(ticket);
  const language = ownLanguage(settings);
  const fields: CareFields = { ...before, ccr, localCcr: undefined };
  const isOwnTitle = ticket.title !== titleOf(before, catalogue, language);
  return {
    ok: true,
    set: { fields: { ...fields }, ...(!isOwnTitle && { title: titleOf(fields, catalogue, language) }) },
    data: { ccr },
    searchText: ccr,
  };
}

/** An empty order id takes the order away. */
function updateOrder(ticket: Ticket, input: Input): Change {
  const { orderId, geid } = input as OrderInput;
  return {
    ok: true,
    set: { externalReference: orderId || null, fields: { ...ticket.fields, entityId: geid } },
    data: { orderId, geid },
    searchText: orderId,
  };
}

function stampOnce(
  ticket: Ticket,
  field: 'respondedAt' | 'pickedAt' | 'chatClosedAt' | 'missedDeadlineAt',
  now: Date,
): Change | Refusal {
  const before = fieldsOf(ticket)[field];
  if (before !== undefined) return refuse('invalidTransition', `It was noted already, at ${before}.`);
  return { ok: true, set: { fields: { ...ticket.fields, [field]: now.toISOString() } } };
}

function edit(ticket: Ticket, input: EditInput): Change {
  const { priority } = input;
  return {
    ok: true,
    set: {
      ...(priority !== undefined && { priority: nearest(priority) }),
      fields: { ...ticket.fields, ...input },
    },
  };
}
