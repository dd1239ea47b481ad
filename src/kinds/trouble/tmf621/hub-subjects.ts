import { findEntry } from '../../../store/catalogue/find.ts';
import type { HeardEvent } from '../../../store/heard-events.ts';
import type { Store } from '../../../store/store.ts';
import { specifications } from '../collections.ts';
import { troubleKind } from '../kind.ts';
import { hrefOf } from './common-map.ts';
import type { Document } from './document.ts';
import { EVENT_NAMES, eventNames } from './event-names.ts';
import { SPECIFICATION_EVENT_NAMES, specificationEventNames } from './v5/specification/event-names.ts';
import * as specification from './v5/specification/map.ts';
import type { Version } from './version.ts';

/** One sort of resource that hubs hear of. */
export interface HubSubject {
  /** What an event's payload calls it. */
  readonly property: 'troubleTicket' | 'troubleTicketSpecification';
  /** Those that an event of the log is, in the order in which hubs are told; none where it is another subject's. */
  names(event: HeardEvent): readonly string[];
  /** The resource as it is now, of one that is gone which it was; null where there is nothing to be told any more. */
  document(event: HeardEvent): Promise<Document | null>;
}

/** What hubs of a version hear of. */
export function hubSubjects(store: Store, version: Version): HubSubject[] {
  const tickets = ticketSubject(store, version);
  return version.isFifth ? [tickets, specificationSubject(store, version)] : [tickets];
}

/** The names of all events that hubs of a version can hear of. */
export function hubEventNames({ isFifth }: Pick<Version, 'isFifth'>): readonly string[] {
  return isFifth ? [...EVENT_NAMES, ...SPECIFICATION_EVENT_NAMES] : EVENT_NAMES;
}

function ticketSubject(store: Store, { base, isFifth, toWire }: Version): HubSubject {
  return {
    property: 'troubleTicket',
    names: (event) => (event.kind === troubleKind.name ? eventNames(event) : []),
    async document({ account, type, key, ticket: id }) {
      if (type === 'ticket.erased') {
        return { id: key, href: hrefOf(base, key), '@type': isFifth ? 'TroubleTicketRef' : 'TroubleTicket' };
      }
      const ticket = await store.load(account, { id });
      return ticket && toWire(ticket, base);
    },
  };
}

function specificationSubject({ sql }: Store, { base }: Version): HubSubject {
  return {
    property: 'troubleTicketSpecification',
    names: specificationEventNames,
    async document({ account, type, key }) {
      if (type === 'entry.deleted') {
        return { id: key, href: specification.hrefOf(base, key), '@type': 'TroubleTicketSpecificationRef' };
      }
      const entry = await findEntry(sql, account, specifications, key);
      return entry && specification.toWire(entry, base);
    },
  };
}
