import { type Static, Type } from 'typebox';
import type { Change, ChangeContext } from '../../core/kind.ts';
import type { Ticket } from '../../core/ticket.ts';
import { DEFAULT_PRIORITY } from './priorities.ts';
import { type DeskFields, fieldsOf, wordsOfInput } from './ticket.ts';

const content = Type.String({ minLength: 1, maxLength: 50_000 });

/** A message of the customer or of an agent. */
export const messageInput = Type.Object({ content });

/** What only agents see. */
export const noteInput = Type.Object({
  content,
  pinned: Type.Optional(Type.Boolean({ description: 'Shown above all else.' })),
});

type MessageInput = Static<typeof messageInput>;
type NoteInput = Static<typeof noteInput>;

/** A customer's message on a ticket that is closed; the properties of that ticket go on in a new one. */
export interface FollowUpInput extends MessageInput {
  readonly follows: Pick<
    Ticket,
    'id' | 'key' | 'title' | 'queue' | 'customer' | 'externalReference' | 'priority' | 'fields'
  >;
}

export function customerWrites(ticket: Ticket, { content }: MessageInput, { now }: ChangeContext): Change {
  const fields = { ...ticket.fields, lastUpdateCustomer: now.toISOString() };
  return { ok: true, set: { fields }, data: { content }, searchText: content };
}

export function agentWrites(
  ticket: Ticket,
  { content, ...rest }: MessageInput | NoteInput,
  { now }: ChangeContext,
): Change {
  const fields = { ...ticket.fields, lastUpdateAgent: now.toISOString() };
  return { ok: true, set: { fields }, data: { content, ...rest }, searchText: content };
}

/** The new ticket is from whom the closed one was, about the same, for the same group, and linked to it. */
export function followUp({ follows, content }: FollowUpInput, { now }: ChangeContext): Change {
  const { brand, channel, form, from, fromName, to, customerName, externalURL } = fieldsOf(follows);
  const { title, queue, customer, externalReference, priority } = follows;
  const fields: DeskFields = {
    ...{ brand, channel, form, from, fromName, to, customerName, externalURL },
    direction: 'inbound',
    lastUpdateCustomer: now.toISOString(),
    follows: follows.key,
  };
  return {
    ok: true,
    set: {
      ...{ title, queue, customer, externalReference },
      priority: priority ?? DEFAULT_PRIORITY,
      fields: { ...fields },
    },
    data: { content, follows: follows.key },
    links: [{ relation: 'related', other: follows.id }],
    searchText: `${wordsOfInput({ from, fromName, to, customerName, externalReference })} ${content}`,
  };
}
