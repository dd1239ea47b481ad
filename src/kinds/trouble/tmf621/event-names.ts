import type { TicketEvent } from '../../../core/event.ts';
import { statusOf } from './statuses.ts';

/** The events of the standard that a ticket has. */
export const EVENT_NAMES = [
  'TroubleTicketCreateEvent',
  'TroubleTicketAttributeValueChangeEvent',
  'TroubleTicketStatusChangeEvent',
  'TroubleTicketDeleteEvent',
  'TroubleTicketResolvedEvent',
  'TroubleTicketInformationRequiredEvent',
] as const;

export type EventName = (typeof EVENT_NAMES)[number];

/**
 * What the standard calls an event of the log, in the order in which hubs are told: a new status, what it means where it has
 * an event of its own, and attributes that changed with it. What is no matter of the ticket's attributes has no name.
 */
export function eventNames({ type, from, to, data }: TicketEvent): EventName[] {
  if (type === 'ticket.created') return ['TroubleTicketCreateEvent'];
  if (type === 'ticket.erased') return ['TroubleTicketDeleteEvent'];
  if (type === 'ticket.edited') return ['TroubleTicketAttributeValueChangeEvent'];
  if (type !== 'ticket.transitioned' || from === null || to === null) return [];
  const moved = statusOf(from) !== statusOf(to);
  const names: EventName[] = [];
  if (moved) names.push('TroubleTicketStatusChangeEvent');
  if (moved && to === 'cleared') names.push('TroubleTicketResolvedEvent');
  if (moved && to === 'awaitingInformation') names.push('TroubleTicketInformationRequiredEvent');
  // What is said is one of the ticket's notes.
  if (!moved || 'dialog' in data || changesAttributes(data))
    names.push('TroubleTicketAttributeValueChangeEvent');
  return names;
}

function changesAttributes({ changed }: TicketEvent['data']): boolean {
  const { attributes } = (changed ?? {}) as { attributes?: object };
  return Object.keys(attributes ?? {}).length > 0;
}
