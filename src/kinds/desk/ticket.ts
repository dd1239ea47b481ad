import { type Static, Type } from 'typebox';
import type { Catalogue } from '../../core/collection.ts';
import type { TicketChange } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import type { FieldError } from '../../kernel/errors.ts';

const text = (maxLength: number) => Type.String({ maxLength });
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()]));
const key = Type.Integer({ minimum: 1 });

export const MOST_TAGS = 50;
const tag = Type.String({ minLength: 1, maxLength: 100 });

/** What may be set on a ticket at any time, alone or along with a status. Null takes it away. */
export const editInput = Type.Object({
  title: Type.Optional(text(1000)),
  priority: Type.Optional(Type.Integer({ minimum: 1, maximum: 4, description: '1 is urgent, 4 is low.' })),
  brand: orNull(key),
  queue: orNull(Type.String({ minLength: 1, maxLength: 15, description: 'The number of a group.' })),
  assignee: orNull(Type.String({ minLength: 1, maxLength: 255 })),
  tags: Type.Optional(Type.Array(tag, { maxItems: MOST_TAGS })),
  customer: orNull(Type.String({ pattern: '^[1-9][0-9]{0,14}$', description: 'The number of a customer.' })),
  customerName: orNull(Type.String({ maxLength: 1500, description: 'What searches find the customer by.' })),
  externalReference: orNull(Type.String({ minLength: 1, maxLength: 255 })),
  externalURL: orNull(text(1000)),
  grade: orNull(Type.Integer({ minimum: 0, maximum: 10, description: 'Given by the customer.' })),
});

/** What opens a ticket; all of it may be left out. */
export const createInput = Type.Object({
  ...editInput.properties,
  channel: orNull(key),
  form: orNull(key),
  direction: orNull(Type.Enum(['inbound', 'outbound'])),
  from: orNull(text(255)),
  fromName: Type.Optional(text(255)),
  to: orNull(text(255)),
  content: Type.Optional(Type.String({ maxLength: 50_000, description: 'What it is about.' })),
});

export type EditInput = Static<typeof editInput>;
export type CreateInput = Static<typeof createInput>;

/** The fields that only a help-desk ticket has. Moments are UTC with milliseconds. */
export interface DeskFields {
  readonly brand?: number | null;
  readonly channel?: number | null;
  readonly form?: number | null;
  readonly direction?: 'inbound' | 'outbound' | null;
  readonly from?: string | null;
  readonly fromName?: string;
  readonly to?: string | null;
  readonly customerName?: string | null;
  readonly externalURL?: string | null;
  readonly grade?: number | null;
  readonly lastUpdateAgent?: string;
  readonly lastUpdateCustomer?: string;
  /** The key of the closed ticket that this one goes on with. */
  readonly follows?: string;
}

export function fieldsOf(ticket: Pick<Ticket, 'fields'>): DeskFields {
  return ticket.fields as DeskFields;
}

/** The published default of a sender's name. */
export const NO_NAME = ' ';

const OWN_FIELDS = [
  'brand',
  'channel',
  'form',
  'direction',
  'from',
  'fromName',
  'to',
  'customerName',
  'externalURL',
  'grade',
] as const;
const COLUMNS = ['title', 'priority', 'queue', 'assignee', 'tags', 'customer', 'externalReference'] as const;

/** What the input sets, in columns and in the fields; what it does not name stays. */
export function setOf(ticket: Ticket | null, input: CreateInput): TicketChange {
  const columns = Object.fromEntries(
    COLUMNS.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
  const own = Object.fromEntries(
    OWN_FIELDS.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  );
  return { ...columns, fields: { ...ticket?.fields, ...own } };
}

const REFERENCES = [
  ['brand', 'brands', 'brand'],
  ['channel', 'channels', 'channel'],
  ['queue', 'groups', 'group'],
  ['form', 'forms', 'form'],
] as const;

/** A fault for each entry that the input names and the account does not have. */
export function unknownEntries(input: CreateInput, catalogue: Catalogue): FieldError[] {
  const faults: FieldError[] = [];
  for (const [field, collection, one] of REFERENCES) {
    const named = input[field];
    if (named === undefined || named === null) continue;
    if (catalogue.entry(collection, String(named)) === null) {
      faults.push({ pointer: `/${field}`, message: `there is no ${one} ${named}` });
    }
  }
  return faults;
}

/** What a search finds the ticket by because of this input; the core adds the title. */
export function wordsOfInput({
  from,
  fromName,
  to,
  customerName,
  externalReference,
}: Pick<CreateInput, 'from' | 'fromName' | 'to' | 'customerName' | 'externalReference'>): string {
  return [from, fromName, to, customerName, externalReference].filter(Boolean).join(' ');
}
