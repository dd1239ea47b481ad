import type { TSchema } from 'typebox';
import { compileSchema, type SchemaCheck } from '../../../http/schema-compile.ts';
import type { FieldError } from '../../../kernel/errors.ts';
import { findUnstorable } from '../../../kernel/text.ts';
import { EVENT_DATA, type EventType, eventEnvelope, type WorkItemEvent } from '../events.ts';

const envelope = compileSchema(eventEnvelope);
const dataOf = Object.fromEntries(
  Object.entries(EVENT_DATA).map(([type, schema]) => [type, compileSchema(schema as TSchema)]),
) as Readonly<Record<EventType, SchemaCheck<TSchema>>>;

/** Reads an event as it came, or says what is wrong with it, with pointers into it. Unknown properties are left out. */
export function readEvent(
  given: unknown,
):
  | { readonly ok: true; readonly event: WorkItemEvent }
  | { readonly ok: false; readonly errors: readonly FieldError[] } {
  const checked = envelope.check(given);
  if (!checked.ok) return checked;
  const { data, type, occurredAt, ...rest } = checked.value;
  const details = dataOf[type].check(data ?? {}, '/data');
  if (!details.ok) return details;
  const unstorable = findUnstorable({ ...rest, data: details.value });
  if (unstorable !== null) {
    return { ok: false, errors: [{ pointer: unstorable, message: 'has characters that cannot be stored' }] };
  }
  const told = details.value as Record<string, unknown>;
  const etaAt = typeof told.etaAt === 'string' ? { etaAt: new Date(told.etaAt).toISOString() } : {};
  const event = { ...rest, type, occurredAt: Date.parse(occurredAt), data: { ...told, ...etaAt } };
  return { ok: true, event: event as WorkItemEvent };
}
