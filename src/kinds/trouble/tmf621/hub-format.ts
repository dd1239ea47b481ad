import type { HeardEvent } from '../../../store/heard-events.ts';
import type { Store } from '../../../store/store.ts';
import type { Payload, PayloadFormat } from '../../../webhooks/format.ts';
import { compact, type Document } from './document.ts';
import { EVENT_NAMES } from './event-names.ts';
import { hubSubjects } from './hub-subjects.ts';
import type { Version } from './version.ts';

/** What a hub wants to hear. */
export interface HubFilter {
  /** As the client wrote it. */
  readonly query: string | null;
  /** Absent: of all events. */
  readonly eventTypes?: readonly string[];
}

/** How hubs of a version are told: one payload for each event of the standard, with the resource as it is then. */
export function hubFormat(store: Store, version: Version): PayloadFormat<HubFilter> {
  const subjects = hubSubjects(store, version);
  return {
    name: version.contract,
    payloads: (event, { filter: { eventTypes } }) =>
      subjects
        .flatMap(({ names }) => names(event))
        .filter((name) => !eventTypes || eventTypes.includes(name)),
    async make(name, event) {
      const subject = subjects.find(({ names }) => names(event).includes(name));
      const document = await subject?.document(event);
      if (!subject || !document) return null;
      return toPayload(toWireEvent(version, name, event, { [subject.property]: document }));
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

function toWireEvent(version: Version, name: string, event: HeardEvent, resource: Document): Document {
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
            ...resource,
            ...(asks && { informationRequired: { op: 'add', path: '/note' } }),
          },
          '@type': name,
          '@baseType': 'Event',
        }
      : { timeOcurred: time, ...(asks && { fieldPath: 'note' }), event: resource }),
  });
}

function toPayload(event: Document): Payload {
  return { contentType: 'application/json; charset=utf-8', body: JSON.stringify(event) };
}
