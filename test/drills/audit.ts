import { until } from '../until.ts';
import { GUARANTEE_MS, ISSUER, type Tokens } from './cast.ts';
import { findBreaches } from './consistency.ts';
import { exchange } from './exchange.ts';
import type { Journal } from './journal.ts';
import type { Place } from './place.ts';
import { countUnfinished, type Snapshot, takeSnapshot } from './snapshot.ts';

const UNDONE_AT_MOST_MS = GUARANTEE_MS + 15_000;
const READ_BY_API = 100;

export interface Audit {
  readonly faults: string[];
  readonly figures: Record<string, number>;
}

/** Holds what the clients saw against the database, once all timers have fired and all events are read. The load has ended. */
export async function auditAll(place: Place, url: string, tokens: Tokens, journal: Journal): Promise<Audit> {
  const faults = [...journal.faults];
  await until(async () => (await countUnfinished(place)) === 0, {
    withinMs: UNDONE_AT_MOST_MS,
    everyMs: 100,
  }).catch(() => faults.push(`timers or events are left undone ${UNDONE_AT_MOST_MS} ms after the load`));
  const snapshot = await takeSnapshot(place);
  faults.push(...findBreaches(snapshot), ...findLosses(snapshot, journal));
  for (const { key, state } of snapshot.tickets) {
    if (state === 'cleared') faults.push(`${key} is still cleared`);
  }
  faults.push(...(await compareByApi(url, tokens, snapshot)));
  return {
    faults,
    figures: {
      tickets: snapshot.tickets.length,
      events: snapshot.events.length,
      'timers fired': snapshot.events.filter(({ contract }) => contract === 'timer').length,
    },
  };
}

/** Answered writes that are not there as answered, refused ones that are, and writes that nobody made. */
function findLosses({ tickets, events, records }: Snapshot, { done, refused, open }: Journal): string[] {
  const keys = new Map(tickets.map(({ id, key }) => [id, key]));
  const made = new Map(events.map((event) => [event.dialog, event]));
  const recorded = new Map(records.map((record) => [record.key, record]));
  const losses: string[] = [];
  for (const [key, { status, text, ticketId, version }] of done) {
    const event = made.get(key);
    const record = recorded.get(key);
    if (!event || !record) losses.push(`the answered write ${key} (${ticketId}, version ${version}) is lost`);
    else if (event.version !== version || keys.get(event.ticket) !== ticketId) {
      losses.push(
        `${key} was answered as ${ticketId} ${version}, and is ${keys.get(event.ticket)} ${event.version}`,
      );
    } else if (record.status !== status || record.body !== text) {
      losses.push(`${key} was answered otherwise than it is recorded`);
    }
  }
  for (const key of recorded.keys()) {
    if (refused.has(key)) losses.push(`${key} was refused (${refused.get(key)}) and is written`);
    else if (!done.has(key) && !open.has(key)) losses.push(`nobody knows of the write ${key}`);
  }
  return losses;
}

/** What the API tells of some of the tickets is what the database holds. */
async function compareByApi(url: string, tokens: Tokens, { tickets, events }: Snapshot): Promise<string[]> {
  const headers = { authorization: `Bearer ${tokens[ISSUER]}` };
  const faults: string[] = [];
  const step = Math.max(1, Math.floor(tickets.length / READ_BY_API));
  for (const { id, key, version } of tickets.filter((_, index) => index % step === 0)) {
    const path = `${url}/troubleTicket/${key}`;
    const [ticket, history] = await Promise.all(
      [path, `${path}/history`].map(async (address) => {
        const answer = await exchange({ url: address, method: 'GET', headers });
        return answer.type === 'answer' && answer.status === 200 ? JSON.parse(answer.text) : answer;
      }),
    );
    const codes = history.history?.map(({ code }: { code: string }) => code).join();
    const expected = events
      .filter(({ ticket: of }) => of === id)
      .map(({ name }) => name)
      .join();
    if (ticket.version !== version)
      faults.push(`${key} is at ${version}, and the API says ${JSON.stringify(ticket)}`);
    if (codes !== expected) faults.push(`${key} went through ${expected}, and the API says ${codes}`);
  }
  return faults;
}
