import { GUARANTEE_MS } from './cast.ts';
import type { EventRow, Snapshot, TicketRow, TimerRow } from './snapshot.ts';

/** What must hold at every moment, whatever has happened; each breach is a sentence. */
export function findBreaches(snapshot: Snapshot): string[] {
  const histories = Map.groupBy(snapshot.events, ({ ticket }) => ticket);
  const timers = Map.groupBy(snapshot.timers, ({ ticket }) => ticket);
  const known = new Set(snapshot.tickets.map(({ id }) => id));
  return [
    ...snapshot.tickets.flatMap((ticket) => [
      ...historyBreaches(ticket, histories.get(ticket.id) ?? []),
      ...timerBreaches(ticket, timers.get(ticket.id) ?? []),
    ]),
    ...snapshot.events
      .filter(({ ticket }) => !known.has(ticket))
      .map(({ ticket }) => `an event of ${ticket}, which is not there`),
    ...snapshot.timers
      .filter(({ ticket }) => !known.has(ticket))
      .map(({ ticket }) => `a timer of ${ticket}, which is not there`),
    ...repeated(snapshot.tickets.map(({ mirrorKey }) => mirrorKey)).map(
      (key) => `two tickets for the mirror key ${key}`,
    ),
    ...recordBreaches(snapshot),
  ];
}

function historyBreaches({ key, state, version }: TicketRow, events: readonly EventRow[]): string[] {
  const breaches: string[] = [];
  let present: string | null = null;
  let clearedAt = Number.NaN;
  events.forEach((event, index) => {
    const what = `${key}, event ${index + 1} (${event.name})`;
    if (event.version !== index + 1) breaches.push(`${what} has the version ${event.version}`);
    if (event.from !== present)
      breaches.push(`${what} begins at ${event.from}, but the ticket was ${present}`);
    if ((event.name === 'TU01') !== (index === 0)) breaches.push(`${what} is not where a creation belongs`);
    const byTimer = event.contract === 'timer';
    if (byTimer && (event.name !== 'TO12' || present !== 'cleared'))
      breaches.push(`${what} was fired by a timer`);
    if (byTimer && event.at.getTime() < clearedAt + GUARANTEE_MS)
      breaches.push(`${what} was fired too early`);
    if (event.name === 'TO07') clearedAt = event.at.getTime();
    present = event.to;
  });
  if (events.length !== version)
    breaches.push(`${key} is at version ${version} after ${events.length} events`);
  if (present !== state) breaches.push(`${key} is ${state}, but its events lead to ${present}`);
  if (events.filter(({ name }) => name === 'TO12').length > 1)
    breaches.push(`${key} was closed twice by a timer`);
  return breaches;
}

/** A cleared ticket has its one timer, as a row and in its own column alike; any other ticket has none. */
function timerBreaches({ key, state, timers }: TicketRow, rows: readonly TimerRow[]): string[] {
  const column = Object.entries(timers).map(
    ([name, { id, dueAt }]) => `${name} ${id} ${new Date(dueAt).getTime()}`,
  );
  const stored = rows.map(({ name, id, dueAt }) => `${name} ${id} ${dueAt.getTime()}`);
  const breaches: string[] = [];
  if (column.sort().join() !== stored.sort().join()) {
    breaches.push(`${key} (${state}) names the timers [${column}], and the rows are [${stored}]`);
  }
  if (rows.length !== (state === 'cleared' ? 1 : 0))
    breaches.push(`${key} is ${state} with ${rows.length} timers`);
  return breaches;
}

/** Each idempotency record belongs to one event, and each event that a client made to one record. */
function recordBreaches({ events, records }: Snapshot): string[] {
  const recorded = new Set(records.map(({ key }) => key));
  const made = events.filter(({ contract }) => contract !== 'timer').map(({ dialog }) => dialog ?? '');
  const told = new Set(made);
  return [
    ...repeated(made).map((key) => `two events of the one request ${key}`),
    ...[...told]
      .filter((key) => !recorded.has(key))
      .map((key) => `an event of the request ${key} without its record`),
    ...[...recorded]
      .filter((key) => !told.has(key))
      .map((key) => `a record of the request ${key} without its event`),
  ];
}

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}
