import { describe, expect, it } from 'vitest';
import { actorOf } from '../../../test/actors.ts';
import { errandKind } from '../../../test/kind.ts';
import { emptyCatalogue } from '../../core/collection.ts';
import type { StoryStep } from '../../core/demo.ts';
import { newId } from '../../kernel/id.ts';
import { live } from './live.ts';
import { openingTimes } from './openings.ts';
import { seededRandom } from './random.ts';

const at = (minutes: number) => new Date(Date.parse('2026-09-01T08:00:00.000Z') + minutes * 60_000);
const guest = actorOf('home', 'guest');
const home = actorOf('home', 'home');
const known = { settings: {}, catalogue: emptyCatalogue };
const birth = { id: newId(at(0)), number: 1, key: 'RED-1' };

const asks: StoryStep = {
  at: at(0),
  actor: guest,
  contract: 'test',
  command: { type: 'create', name: 'ask', input: { title: 'Milk' } },
};

function does(minutes: number, actor: typeof guest, name: string, input = {}): StoryStep {
  return { at: at(minutes), actor, contract: 'test', command: { type: 'transition', name, input } };
}

function told(story: readonly StoryStep[], nowMinutes: number) {
  return live(errandKind, story, birth, known, at(nowMinutes)).map(({ event }) => [
    event.name,
    event.contract,
    event.version,
    event.at,
  ]);
}

const waits = [asks, does(1, home, 'accept'), does(2, home, 'wait', { question: '?' })];

describe('a life', () => {
  it('is decided with the clock standing where each step happened', () => {
    expect(told([...waits, does(10, guest, 'answer')], 500)).toEqual([
      ['ask', 'test', 1, at(0)],
      ['accept', 'test', 2, at(1)],
      ['wait', 'test', 3, at(2)],
      ['answer', 'test', 4, at(10)],
    ]);
  });

  it('has the timers fire in their order when they ran out before the next step', () => {
    expect(told([...waits, does(40, guest, 'answer')], 500)).toEqual([
      ['ask', 'test', 1, at(0)],
      ['accept', 'test', 2, at(1)],
      ['wait', 'test', 3, at(2)],
      ['remind', 'timer', 4, at(32)],
      ['answer', 'test', 5, at(40)],
    ]);
  });

  it('ends where a timer took the ticket another way', () => {
    const names = told([...waits, does(90, home, 'resolve')], 500).map(([name]) => name);
    expect(names).toEqual(['ask', 'accept', 'wait', 'remind', 'giveUp']);
  });

  it('leaves a timer pending that is not due by now', () => {
    const decisions = live(errandKind, waits, birth, known, at(40));
    expect(decisions.map(({ event }) => event.name)).toEqual(['ask', 'accept', 'wait', 'remind']);
    expect(Object.keys(decisions.at(-1)?.ticket.timers ?? {})).toEqual(['patience']);
  });
});

describe('the opening times', () => {
  const now = new Date('2026-11-21T12:00:00.000Z');

  it('go from 90 days ago to now, never backwards', () => {
    const openedAt = openingTimes(now);
    const times = Array.from({ length: 1001 }, (_, index) => openedAt(index / 1000).getTime());
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(times[0]).toBe(now.getTime() - 90 * 86_400_000);
    expect(times.at(-1)).toBe(now.getTime());
  });

  it('are more by day than by night', () => {
    const openedAt = openingTimes(now);
    const hours = Array.from({ length: 10_000 }, (_, index) => openedAt(index / 10_000).getUTCHours());
    const within = (from: number, to: number) => hours.filter((hour) => hour >= from && hour < to).length;
    expect(within(8, 12)).toBeGreaterThan(5 * within(1, 5));
  });
});

describe('the seeded numbers', () => {
  const first = (seed: number, index: number) => {
    const random = seededRandom(seed, index);
    return Array.from({ length: 1000 }, random);
  };

  it('depend on seed and place alone, and lie from 0 up to 1', () => {
    expect(first(1, 7)).toEqual(first(1, 7));
    expect(first(1, 7)).not.toEqual(first(1, 8));
    expect(first(1, 7)).not.toEqual(first(2, 7));
    expect(first(1, 7).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  it('are spread evenly over places, too', () => {
    const numbers = Array.from({ length: 10_000 }, (_, index) => seededRandom(1, index)());
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const count = numbers.filter((number) => Math.floor(number * 10) === tenth).length;
      expect(count).toBeGreaterThan(850);
      expect(count).toBeLessThan(1150);
    }
  });
});
