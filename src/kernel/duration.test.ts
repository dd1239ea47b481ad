import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from './duration.ts';

const HOUR = 3_600_000;

describe('parseDuration', () => {
  it.each([
    ['PT72H', 72 * HOUR],
    ['P3D', 72 * HOUR],
    ['PT1H30M', 1.5 * HOUR],
    ['PT0S', 0],
    ['PT0.25S', 250],
    ['P100Y', 100 * 365 * 24 * HOUR],
  ])('reads %s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(['', '72h', 'PT', 'P', 'PT-1H', '-PT1H', 'PT1H and more', 'P300000Y', 'PT99999999999999999999H'])(
    'refuses %j',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );

  it('gives nothing that leaves the range of dates', () => {
    const longest = parseDuration('P100Y') as number;
    expect(new Date(Date.UTC(2100, 0) + longest).toISOString()).toMatch(/^2199-/);
  });
});

describe('formatDuration', () => {
  it('speaks in the largest units that fit', () => {
    expect([72 * HOUR, HOUR * 1.5, 45_000, 0].map(formatDuration)).toEqual([
      '3 days',
      '1 hour, 30 minutes',
      '45 seconds',
      '0 seconds',
    ]);
  });
});
