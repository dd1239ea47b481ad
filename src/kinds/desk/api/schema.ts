import { type Static, type TSchema, Type } from 'typebox';
import { PRIORITIES } from '../priorities.ts';
import { DESK_STATES } from '../workflow.ts';

/** Tickets that one call may name. */
export const MOST_TICKETS = 10_000;
/** How far down a list may be read by offset. */
const FARTHEST = 1_000_000;

const FORMS = ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'] as const;

/** One schema for each way to write a body. Where it is not `needed`, a request without one leaves all of it out. */
export function inAnyForm(schema: TSchema, needed?: 'needed') {
  const used = needed ? schema : Type.Optional(schema);
  return { content: Object.fromEntries(FORMS.map((type) => [type, { schema: used }])) };
}

const LARGEST = 999_999_999_999_999;
const numeric = (minimum: number, pattern: string) => (description: string) =>
  Type.Union([Type.Integer({ minimum, maximum: LARGEST }), Type.String({ pattern })], { description });
const digits = numeric(0, '^[0-9]{1,15}$');
const digitsOrNone = numeric(0, '^[0-9]{0,15}$');
/** The number of an entry: none has 0. */
const key = numeric(1, '^(?!0+$)[0-9]{1,15}$');
const orNull = (schema: TSchema) => Type.Union([schema, Type.Null()]);
const status = Type.Enum([...DESK_STATES]);
const priority = Type.Enum([...PRIORITIES]);
const text = (maxLength: number) => Type.String({ maxLength });

export const ticketParams = Type.Object({
  ticketID: Type.Integer({ minimum: 0, maximum: LARGEST }),
});

export const itemQuery = Type.Object({
  getTicketHistory: Type.Optional(
    Type.Union([Type.Boolean(), Type.Enum(['yes', 'no', '1', '0', ''])], {
      description: 'Adds the timeline.',
    }),
  ),
});

export const listQuery = Type.Object({
  applyView: Type.Optional(
    Type.String({ pattern: '^[0-9a-zA-Z\\-_]+$', maxLength: 100, description: 'The key of a saved view.' }),
  ),
  query: Type.Optional(
    Type.String({
      maxLength: 500,
      description:
        'Words, looked for in title, from, to, customer and messages, earlier ones as well, and terms, each of which narrows the list further: `status:open`, `priority:high`, `brand:1`, `channel:1`, `group:1`, `form:1`, `user:…`, `customer:1`, `tag:…`, `external:…`, `from:…`, `to:…`, `direction:inbound`, `id:1`; values with spaces in quotes.',
    }),
  ),
  itemStart: Type.Integer({ minimum: 0, maximum: FARTHEST, default: 0 }),
  itemLimit: Type.Integer({ minimum: 1, maximum: 9999, default: 15 }),
  searchArchived: Type.Optional(Type.Enum(['yes', 'no'], { description: '`no` leaves closed tickets out.' })),
  status: Type.Optional(
    Type.String({ maxLength: 100, description: 'One status, or several separated by commas.' }),
  ),
});

/** The ids of a call, whichever way they were written. */
const ids = (options: { readonly minItems?: number }) =>
  Type.Array(digits('The number of a ticket.'), {
    ...options,
    maxItems: MOST_TICKETS,
    description:
      'Also as `ticketIDs[]`, `ticketID` or `TicketIDs`, repeated, or as one text with commas and spaces.',
  });

export const idsBody = Type.Object({ ticketIDs: ids({ minItems: 1 }) });
export const optionalIdsBody = Type.Object({ ticketIDs: Type.Optional(ids({})) });

export const createBody = Type.Object({
  brandID: Type.Optional(key('A brand.')),
  channelID: Type.Optional(key('A channel.')),
  direction: Type.Optional(Type.Enum(['inbound', 'outbound'])),
  from: Type.Optional(text(255)),
  fromName: Type.Optional(text(255)),
  to: Type.Optional(text(255)),
  title: Type.Optional(text(1000)),
  assignedGroupID: Type.Optional(digits('A group; 0 is none.')),
  formID: Type.Optional(key('A form.')),
});

export const updateBody = Type.Object({
  externalPrimaryID: Type.Optional(
    Type.String({ minLength: 1, maxLength: 255, description: 'The id of its customer elsewhere.' }),
  ),
  title: Type.Optional(text(1000)),
  status: Type.Optional(Type.Enum(['solved', 'closed'])),
});

export const statusBody = Type.Object({ status, ...idsBody.properties });
export const priorityBody = Type.Object({ priority, ...idsBody.properties });

/** A text, which JSON may give as a number or as true. */
const anyText = (options: { readonly minLength?: number; readonly maxLength: number }) =>
  Type.Union([Type.String(options), Type.Number(), Type.Boolean()]);

const actionOf = <Name extends string, Value extends TSchema>(name: Name, value: Value) =>
  Type.Object({ actionType: Type.Literal(name), value });

/** Those without a value take any, and do not read it. */
const action = Type.Union([
  actionOf('setStatus', status),
  actionOf('setPriority', priority),
  actionOf('assignGroup', digitsOrNone('A group; 0 or empty is none.')),
  actionOf('assignUser', anyText({ maxLength: 255 })),
  actionOf('addTag', anyText({ minLength: 1, maxLength: 100 })),
  actionOf('removeTag', anyText({ minLength: 1, maxLength: 100 })),
  actionOf('setTitle', anyText({ minLength: 1, maxLength: 1000 })),
  actionOf('setBrand', key('A brand.')),
  actionOf('linkCustomer', key('A customer.')),
  Type.Object({ actionType: Type.Literal('unlinkCustomer') }),
  Type.Object({ actionType: Type.Literal('delete') }),
]);

export const batchBody = Type.Object({
  ...idsBody.properties,
  actions: Type.Array(action, {
    minItems: 1,
    maxItems: 50,
    description: 'Also as `actions[0][actionType]` and `actions[0][value]`.',
  }),
});

export const solveBody = Type.Object({
  ...optionalIdsBody.properties,
  brandID: Type.Optional(digits('Only tickets of this brand.')),
  channelID: Type.Optional(digits('Only tickets of this channel.')),
  assignedGroupID: Type.Optional(digits('Only tickets of this group; 0: of none.')),
});

export const messageBody = Type.Object({
  type: Type.Enum(['customer', 'agent', 'note'], { description: 'Who writes; a note is for agents alone.' }),
  content: Type.String({ minLength: 1, maxLength: 50_000 }),
  pinned: Type.Optional(Type.Union([Type.Boolean(), Type.Enum(['true', 'false', '1', '0'])])),
});

const moment = Type.String({ description: 'YYYY-MM-DD HH:MM:SS in the account’s time zone.' });
const number = Type.Integer();

const wireEvent = Type.Object({
  type: Type.Literal('event'),
  id: number,
  ticket_id: number,
  item_type: Type.String(),
  item_type_id: number,
  description: Type.String(),
  initiated_by: Type.String(),
  created_at: moment,
});

const wireNote = Type.Object({
  type: Type.Literal('note'),
  id: number,
  ticket_id: number,
  status_new: orNull(status),
  user_id: Type.String(),
  content: Type.String(),
  pinned: Type.Integer({ minimum: 0, maximum: 1 }),
  created_at: moment,
});

const wireItem = Type.Object({
  id: number,
  title: Type.String(),
  status,
  priority,
  brand_id: orNull(number),
  brand_name: orNull(Type.String()),
  channel_id: orNull(number),
  channel_name: orNull(Type.String()),
  channel_icon: orNull(Type.String()),
  channel_account_id: orNull(Type.String()),
  direction: orNull(Type.Enum(['inbound', 'outbound'])),
  from: orNull(Type.String()),
  from_name: Type.String(),
  to: orNull(Type.String()),
  to_name: orNull(Type.String()),
  assigned_group_id: number,
  assigned_user_id: orNull(Type.String()),
  form_id: orNull(number),
  customer_id: orNull(number),
  external_id: orNull(Type.String()),
  external_gui_url: orNull(Type.String()),
  grade_by_customer: orNull(number),
  created_at: moment,
  closed_at: orNull(moment),
  last_update: moment,
  last_update_agent: orNull(moment),
  last_update_customer: orNull(moment),
  sla_policy_id: orNull(number),
  sla_next_breach: orNull(moment),
  sla_next_breach_current_status: orNull(Type.String()),
  snooze_time: orNull(moment),
  show_timeline: Type.Integer({ minimum: 0, maximum: 1 }),
  tags: Type.Array(Type.String()),
  timeline: Type.Optional(Type.Array(Type.Union([wireEvent, wireNote]))),
});

export const wireOne = Type.Object({ type: Type.Literal('item'), item: wireItem });

export const wireList = Type.Object({
  type: Type.Literal('list'),
  items: Type.Array(wireItem),
  itemStart: number,
  itemLimit: number,
  total: Type.Integer({ description: 'Exact where only the status narrows the list.' }),
});

const result = Type.Literal('result');
const message = Type.String();

/** What was done to one ticket. */
export const wireWritten = Type.Object({ type: result, message, id: number, item: wireItem });

export const wireDeleted = Type.Object({ type: result, message, id: number });

const wireOutcome = Type.Object({
  id: number,
  result: Type.Enum(['done', 'unchanged', 'refused']),
  message: Type.Optional(Type.String({ description: 'Why it was refused.' })),
});

/** What was done to many, one by one. */
export const wireMany = Type.Object({
  type: result,
  message,
  done: number,
  unchanged: number,
  refused: number,
  results: Type.Array(wireOutcome),
});

export const wireSolved = Type.Object({ type: result, message, solved: number });

export const wireError = Type.Object({
  type: Type.Literal('error'),
  status: Type.Literal('error'),
  message: Type.String(),
  errors: Type.Array(Type.Object({ field: Type.String(), message: Type.String() })),
});

export type IdsBody = Static<typeof idsBody>;
export type OptionalIdsBody = Static<typeof optionalIdsBody>;
export type CreateBody = Static<typeof createBody>;
export type UpdateBody = Static<typeof updateBody>;
export type StatusBody = Static<typeof statusBody>;
export type PriorityBody = Static<typeof priorityBody>;
export type BatchBody = Static<typeof batchBody>;
export type SolveBody = Static<typeof solveBody>;
export type MessageBody = Static<typeof messageBody>;
export type ListQuery = Static<typeof listQuery>;
export type WireItem = Static<typeof wireItem>;
export type WireTimelineItem = Static<typeof wireEvent> | Static<typeof wireNote>;
export type WireOutcome = Static<typeof wireOutcome>;
