import { invalid, type Refusal } from '../../../kernel/errors.ts';
import { EVENT_NAMES } from './event-names.ts';
import type { HubFilter } from './hub-format.ts';

/** The names that version 5 has and that no hub hears yet. */
const KNOWN: readonly string[] = EVENT_NAMES;

/**
 * What a hub's `query` asks for: `eventType=TroubleTicketStatusChangeEvent`, several joined by commas or repeated. Without a
 * query it hears of everything.
 */
export function readHubQuery(
  query: string | undefined,
): { readonly ok: true; readonly filter: HubFilter } | Refusal {
  const text = query?.trim().replace(/^\?/, '') ?? '';
  if (text === '') return { ok: true, filter: { query: query ?? null } };
  const parameters = new URLSearchParams(text);
  const other = [...parameters.keys()].find((name) => name !== 'eventType');
  if (other !== undefined) return fault(`can ask for eventType only, not for ${other}`);
  const eventTypes = parameters.getAll('eventType').flatMap((list) => list.split(','));
  const unknown = eventTypes.find((name) => !KNOWN.includes(name));
  if (unknown !== undefined) return fault(`knows no event ${unknown}; the events are ${KNOWN.join(', ')}`);
  return { ok: true, filter: { query: query ?? null, eventTypes } };
}

function fault(message: string): Refusal {
  return invalid([{ pointer: '/query', message }]);
}
