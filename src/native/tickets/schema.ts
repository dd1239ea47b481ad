import { type Static, Type } from 'typebox';
import { CATEGORIES } from '../../core/ticket.ts';

export const ticketParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 64, description: 'The UUID or the human key, such as RED-84.' }),
});

const text = Type.String();
const nullable = Type.Union([Type.String(), Type.Null()]);
const moment = Type.String({ format: 'date-time' });
const nullableMoment = Type.Union([moment, Type.Null()]);

/** A ticket of any kind, as it stands in a list. */
export const wireTicket = Type.Object({
  id: Type.String({ format: 'uuid' }),
  key: Type.String({ description: 'What people call it, such as RED-84; it never changes.' }),
  kind: text,
  number: Type.Integer(),
  state: text,
  stateLabel: text,
  category: Type.Enum([...CATEGORIES]),
  title: text,
  priority: Type.Union([Type.Integer(), Type.Null()], { description: '1 is the most urgent.' }),
  assignee: nullable,
  queue: nullable,
  customer: nullable,
  tags: Type.Array(text),
  issuer: Type.Union([text, Type.Null()], { description: 'The party that opened it.' }),
  owner: Type.Union([text, Type.Null()], { description: 'The party that has to resolve it.' }),
  externalReference: nullable,
  fields: Type.Record(Type.String(), Type.Unknown(), { description: "The kind's own fields." }),
  timers: Type.Array(Type.Object({ id: Type.String({ format: 'uuid' }), name: text, dueAt: moment })),
  dueAt: Type.Union([moment, Type.Null()], { description: 'When the next timer is due.' }),
  createdAt: moment,
  updatedAt: moment,
  closedAt: nullableMoment,
  version: Type.Integer({ description: 'One more with every write; the ETag.' }),
});

/** One ticket, with what its reader may do. */
export const wireTicketDetail = Type.Object({
  ...wireTicket.properties,
  available: Type.Array(
    Type.Object({
      name: text,
      label: text,
      to: Type.String({ description: 'The state that it leads to.' }),
      requires: Type.Array(Type.String(), { description: 'Input that must be there.' }),
      allowed: Type.Boolean(),
      why: Type.Union([text, Type.Null()], { description: 'Why it may not be done now.' }),
    }),
    { description: "Every transition of the ticket's kind, and whether you may do it now." },
  ),
});

export type WireTicket = Static<typeof wireTicket>;
export type WireTicketDetail = Static<typeof wireTicketDetail>;
