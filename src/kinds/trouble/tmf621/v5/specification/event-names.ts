import type { TicketEvent } from '../../../../../core/event.ts';
import { specifications } from '../../../collections.ts';

/** The events of the standard that a specification has. */
export const SPECIFICATION_EVENT_NAMES = [
  'TroubleTicketSpecificationCreateEvent',
  'TroubleTicketSpecificationAttributeValueChangeEvent',
  'TroubleTicketSpecificationStatusChangeEvent',
  'TroubleTicketSpecificationDeleteEvent',
] as const;

type SpecificationEventName = (typeof SPECIFICATION_EVENT_NAMES)[number];

/** What the standard calls an event of the log, where it is one of a specification: its lifecycle is its status. */
export function specificationEventNames({ type, data }: TicketEvent): SpecificationEventName[] {
  if (data.collection !== specifications.name) return [];
  if (type === 'entry.created') return ['TroubleTicketSpecificationCreateEvent'];
  if (type === 'entry.deleted') return ['TroubleTicketSpecificationDeleteEvent'];
  if (type !== 'entry.changed') return [];
  const changed = data.changed as readonly string[];
  const names: SpecificationEventName[] = [];
  if (changed.includes('lifecycleStatus')) names.push('TroubleTicketSpecificationStatusChangeEvent');
  if (changed.some((name) => name !== 'lifecycleStatus'))
    names.push('TroubleTicketSpecificationAttributeValueChangeEvent');
  return names;
}
