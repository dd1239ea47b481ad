import { type Static, Type } from 'typebox';
import type { EventType } from '../../core/event.ts';
import type { LoggedEvent } from '../../store/log.ts';

const nullable = Type.Union([Type.String(), Type.Null()]);

/** What happened to a ticket. */
export const eventProperties = {
  name: Type.Union([Type.String(), Type.Null()], { description: "The transition's name, where it was one." }),
  from: Type.Union([Type.String(), Type.Null()], { description: 'The state before; null for a creation.' }),
  to: nullable,
  version: Type.Integer({ description: "The ticket's version after the event." }),
  actor: Type.Object({
    id: Type.String(),
    name: Type.String(),
    type: Type.Enum(['person', 'client', 'system']),
    party: nullable,
    role: nullable,
  }),
  contract: Type.String({ description: 'The API that it came through; `timer` for a timer.' }),
  reason: nullable,
  data: Type.Record(Type.String(), Type.Unknown(), {
    description: 'What the event tells: `changed` of an edit, `body` and `visibility` of a comment.',
  }),
};

const happening = Type.Object(eventProperties);

export function toHappening(event: LoggedEvent): Static<typeof happening> {
  const { name, from, to, version, actor, contract, reason, data } = event;
  const { id, name: actorName, type, party, role } = actor;
  return {
    name,
    from,
    to,
    version,
    actor: { id, name: actorName, type, party, role },
    contract,
    reason,
    data,
  };
}

export const eventType = Type.Enum([
  'ticket.created',
  'ticket.transitioned',
  'ticket.edited',
  'ticket.commented',
  'ticket.linked',
  'ticket.unlinked',
  'ticket.erased',
] satisfies EventType[]);
