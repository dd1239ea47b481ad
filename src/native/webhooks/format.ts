import { type HeardEvent, isOfTicket } from '../../store/heard-events.ts';
import type { LoggedEvent } from '../../store/log.ts';
import type { PayloadFormat } from '../../webhooks/format.ts';
import type { Target } from '../../webhooks/target.ts';
import { toCloudEvent } from '../events/cloud-event.ts';

/** The stream that a payload's event is one of. */
const SOURCE = '/api/v1/events';
const CONTENT_TYPE = 'application/cloudevents+json; charset=UTF-8';

export const NATIVE_FORMAT = 'native';

/** What a webhook of the native API wants to hear. An absent list asks for nothing: all values pass. */
export interface NativeFilter {
  /** Such as `tessera.ticket.created`. */
  readonly types?: readonly string[];
  readonly kinds?: readonly string[];
  /** Names of transitions. */
  readonly transitions?: readonly string[];
  /** States that a ticket comes into. */
  readonly states?: readonly string[];
  /** UUIDs or keys. */
  readonly tickets?: readonly string[];
  /** One of them takes part in the ticket. */
  readonly parties?: readonly string[];
  /** Whether a party hears of what it did itself. */
  readonly own?: boolean;
}

/** CloudEvents as `/api/v1/events` gives them, one for each event. */
export const nativeFormat: PayloadFormat<NativeFilter> = {
  name: NATIVE_FORMAT,
  payloads: (event, target) => (wants(event, target) ? [typeOf(event)] : []),
  make: async (_name, event) => ({
    contentType: CONTENT_TYPE,
    body: JSON.stringify(toCloudEvent(event, SOURCE)),
  }),
  makeTest: ({ id }, now) => ({
    contentType: CONTENT_TYPE,
    body: JSON.stringify({
      specversion: '1.0',
      id: `test-${now.getTime()}`,
      source: `/api/v1/webhooks/${id}`,
      type: 'tessera.webhook.test',
      time: now.toISOString(),
      datacontenttype: 'application/json',
      data: { message: 'This is a test. Nothing has happened.' },
    }),
  }),
};

function typeOf({ type }: LoggedEvent): string {
  return `tessera.${type}`;
}

function wants(event: HeardEvent, { party, filter }: Target<NativeFilter>): boolean {
  const { types, kinds, transitions, states, tickets, parties, own = false } = filter;
  if (!isOfTicket(event) || (party !== null && !own && event.actor.party === party)) return false;
  return (
    passes(types, typeOf(event)) &&
    passes(kinds, event.kind) &&
    passes(transitions, event.name) &&
    passes(states, event.to) &&
    passes(tickets, event.ticket, event.key) &&
    passes(parties, event.issuer, event.owner)
  );
}

function passes(wanted: readonly string[] | undefined, ...values: readonly (string | null)[]): boolean {
  return wanted === undefined || values.some((value) => value !== null && wanted.includes(value));
}
