import { expect, it } from 'vitest';
import { GUARANTEE_MS } from './cast.ts';
import { findBreaches } from './consistency.ts';
import type { EventRow, Snapshot } from './snapshot.ts';

const start = Date.parse('2026-03-02T09:00:00Z');
const event = (version: number, name: string, from: string | null, to: string, ticket = 'a'): EventRow => ({
  ticket,
  version,
  name,
  from,
  to,
  contract: name === 'TO12' ? 'timer' : 'trouble',
  dialog: name === 'TO12' ? null : `${ticket}${version}`,
  at: new Date(start + version * GUARANTEE_MS),
});
const dueAt = new Date(start + 3 * GUARANTEE_MS);
const timer = { id: 't', ticket: 'b', name: 'guarantee', dueAt };

/** `a` was closed by its timer, `b` waits for its own. */
const sound: Snapshot = {
  tickets: [
    { id: 'a', key: 'RED-1', state: 'closed', version: 3, mirrorKey: 'A', timers: {} },
    {
      id: 'b',
      key: 'RED-2',
      state: 'cleared',
      version: 2,
      mirrorKey: 'B',
      timers: { guarantee: { id: 't', dueAt: dueAt.toISOString() } },
    },
  ],
  events: [
    event(1, 'TU01', null, 'openActive'),
    event(2, 'TO07', 'openActive', 'cleared'),
    event(3, 'TO12', 'cleared', 'closed'),
    event(1, 'TU01', null, 'openActive', 'b'),
    event(2, 'TO07', 'openActive', 'cleared', 'b'),
  ],
  timers: [timer],
  records: ['a1', 'a2', 'b1', 'b2'].map((key) => ({ key, status: 200, body: '{}' })),
};
const [closed, cleared] = sound.tickets as [Snapshot['tickets'][0], Snapshot['tickets'][0]];
const without = (index: number) => sound.events.filter((_, place) => place !== index);

it('finds nothing wrong with what is right', () => {
  expect(findBreaches(sound)).toEqual([]);
});

it.each<[string, Partial<Snapshot>]>([
  ['a lost event', { events: without(1) }],
  [
    'an event that is there twice',
    { events: [...sound.events, event(2, 'TO07', 'openActive', 'cleared', 'b')] },
  ],
  [
    'a second closing by a timer',
    { events: [...sound.events.slice(0, 3), event(4, 'TO12', 'closed', 'closed'), ...sound.events.slice(3)] },
  ],
  ['a timer that fired too early', { events: sound.events.map((one) => ({ ...one, at: new Date(start) })) }],
  ['a lost timer', { timers: [] }],
  ['a timer that is there twice', { timers: [timer, { ...timer, id: 'u' }] }],
  ['a timer of a closed ticket', { timers: [timer, { ...timer, id: 'u', ticket: 'a' }] }],
  ['a timer of a ticket that is not there', { timers: [timer, { ...timer, id: 'u', ticket: 'c' }] }],
  [
    'a timer that is due at another moment than its ticket says',
    { timers: [{ ...timer, dueAt: new Date(start) }] },
  ],
  ['a state that no event leads to', { tickets: [{ ...closed, state: 'canceled' }, cleared] }],
  ['a version without its event', { tickets: [{ ...closed, version: 4 }, cleared] }],
  ['a lost ticket', { tickets: [cleared] }],
  ['a mirror key of two tickets', { tickets: [closed, { ...cleared, mirrorKey: 'A' }] }],
  ['an event without its record', { records: sound.records.slice(1) }],
  ['a record without its event', { records: [...sound.records, { key: 'c1', status: 200, body: '{}' }] }],
])('finds %s', (_, change) => {
  expect(findBreaches({ ...sound, ...change })).not.toEqual([]);
});
