import { invalid, type Refusal } from '../../../kernel/errors.ts';
import type { HubFilter } from './hub-format.ts';

/**
 * What a hub's `query` asks for: `eventType=TroubleTicketStatusChangeEvent`, several joined by commas or repeated. Without a
 * query it hears of everything.
 * @param known the events that there are to hear of
 */
export function readHubQuery(
  query: string | undefined,
  known: readonly string[],
): { readonly ok: true; readonly filter: HubFilter } | Refusal {
  const text = query?.trim().replace(/^\?/, '') ?? '';
  if (text === '') return { ok: true, filter: { query: query ?? null } };
  const parameters = new URLSearchParams(text);
  const other = [...parameters.keys()].find((name) => name !== 'eventType');
  if (other !== undefined) return fault(`can ask for eventType only, not for ${other}`);
  const eventTypes = parameters.getAll('eventType').flatMap((list) => list.split(','));
  const unknown = eventTypes.find((name) => !known.includes(name));
  if (unknown !== undefined) return fault(`knows no event ${unknown}; the events are ${known.join(', ')}`);
  return { ok: true, filter: { query: query ?? null, eventTypes } };
}

function fault(message: string): Refusal {
  return invalid([{ pointer: '/query', message }]);
}
