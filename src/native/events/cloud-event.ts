import { type Static, Type } from 'typebox';
import type { LoggedEvent } from '../../store/log.ts';
import { toCursor } from './cursor.ts';
import { eventProperties, toHappening } from './schema.ts';

/** An event as CloudEvents 1.0 JSON: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md */
export const wireCloudEvent = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Type.String({
    description: 'Unique within the source, and the cursor that continues after this event.',
  }),
  source: Type.String(),
  type: Type.String({ description: 'Such as `tessera.ticket.created`.' }),
  subject: Type.String({ description: "The ticket's human key." }),
  time: Type.String({ format: 'date-time' }),
  datacontenttype: Type.Literal('application/json'),
  data: Type.Object({
    ticket: Type.Object({ id: Type.String({ format: 'uuid' }), key: Type.String(), kind: Type.String() }),
    ...eventProperties,
  }),
});

export type WireCloudEvent = Static<typeof wireCloudEvent>;

/** @param source the path that names the stream of events, such as `/api/v1/events` */
export function toCloudEvent(event: LoggedEvent, source: string): WireCloudEvent {
  return {
    specversion: '1.0',
    id: toCursor(event.position),
    source,
    type: `tessera.${event.type}`,
    subject: event.key,
    time: event.at.toISOString(),
    datacontenttype: 'application/json',
    data: { ticket: { id: event.ticket, key: event.key, kind: event.kind }, ...toHappening(event) },
  };
}
