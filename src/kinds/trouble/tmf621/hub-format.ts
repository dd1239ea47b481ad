import type { HeardEvent } from '../../../store/heard-events.ts';
import type { Store } from '../../../store/store.ts';
import type { Payload, PayloadFormat } from '../../../webhooks/format.ts';
import { troubleKind } from '../kind.ts';
import { hrefOf } from './common-map.ts';
import { compact, type Document } from './document.ts';
import { EVENT_NAMES, type EventName, eventNames } from './event-names.ts';
import type { Version } from './version.ts';

/** What a hub wants to hear. */
export interface HubFilter {
  /** As the client wrote it. */
  readonly query: string | null;
  /** Absent: of all events. */
  readonly eventTypes?: readonly string[];
}

/** How hubs of a version are told: one payload for each event of the standard, with the ticket as it is then. */
export function hubFormat(store: Store, version: Version): PayloadFormat<HubFilter> {
  return {
    name: version.contract,
    payloads: (event, { filter: { eventTypes } }) =>
      event.kind === troubleKind.name
        ? eventNames(event).filter((name) => !eventTypes || eventTypes.includes(name))
        : [],
    async make(name, event) {
      const ticket = await documentOf(store, version, event);
      return ticket && toPayload(toWireEvent(version, name as EventName, event, ticket));
    },
    makeTest: ({ id }, now) =>
      toPayload({
        eventId: `test-${now.getTime()}`,
        eventTime: now.toISOString(),
        eventType: EVENT_NAMES[1],
        title: `A test of the hub ${id}: nothing has happened`,
        event: {},
        ...(version.isFifth && { '@type': EVENT_NAMES[1] }),
      }),
  };
}

/** The ticket; of one that was erased all that is left is which it was. */
async function documentOf(store: Store, version: Version, event: HeardEvent): Promise<Document | null> {
  if (event.type === 'ticket.erased') {
    const type = version.isFifth ? 'TroubleTicketRef' : 'TroubleTicket';
    return { id: event.key, href: hrefOf(version.base, event.key), '@type': type };
  }
  const ticket = await store.load(event.account, { id: event.ticket });
  return ticket && version.toWire(ticket, version.base);
}

function toWireEvent(version: Version, name: EventName, event: HeardEvent, ticket: Document): Document {
  const { position, at, actor } = event;
  const cause = `${position.xid}-${position.seq}`;
  const time = at.toISOString();
  // The answer is a note.
  const asks = name === 'TroubleTicketInformationRequiredEvent';
  return compact({
    eventId: `${cause}-${name}`,
    eventTime: time,
    eventType: name,
    // The events that have one cause have this in common.
    correlationId: cause,
    title: `${name} by ${actor.name}`,
    domain: 'troubleTicket',
    ...(version.isFifth
      ? {
          timeOccurred: time,
          event: {
            troubleTicket: ticket,
            ...(asks && { informationRequired: { op: 'add', path: '/note' } }),
          },
          '@type': name,
          '@baseType': 'Event',
        }
      : { timeOcurred: time, ...(asks && { fieldPath: 'note' }), event: { troubleTicket: ticket } }),
  });
}

function toPayload(event: Document): Payload {
  return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(event) };
}
